/**
 * net/life - the life of one request, from its route to its reply.
 * Layer: net, private.  Threads: one request, one thread of the pool.
 */
#ifndef AW_NET_LIFE_H
#define AW_NET_LIFE_H

#include <semaphore.h>

#include "guard/account.h"
#include "guard/signin.h"
#include "net/form.h"
#include "net/limit.h"
#include "net/server.h"
#include "page/render.h"

#define AW_SESSION_COOKIE "__Host-anwang"
#define AW_NOTICE_COOKIE "__Host-notice"

/* What a problem in JSON is about (RFC 9457): the body is no JSON or form at all, or what it says
 * is not right. */
#define AW_PROBLEM_SYNTAX "urn:anwang:problem:syntax"
#define AW_PROBLEM_CONTENT "urn:anwang:problem:content"

struct aw_csp;
struct aw_events;
struct aw_http;
struct aw_workers;

struct aw_server {
	struct aw_house *house;
	struct aw_pages pages;
	const struct aw_route *routes;
	size_t route_count;
	struct aw_str openapi;	       /* the document, made once */
	struct aw_arena arena;	       /* ... in here */
	struct aw_limit *login_limit;  /* per address */
	struct aw_limit *public_limit; /* per address: what the public asks for and adds */
	struct aw_limit
		*report_limit; /* per address: reports of the public; past it they are held */
	struct aw_limit *search_limit; /* per account: searches for people */
	struct aw_limit *flood_limit;  /* reports of the public from everywhere together */
	struct aw_csp *csp;	       /* what browsers kept out of pages */
	sem_t hashing;		       /* passwords hashed at once: 64 MiB and a core each */
	struct aw_events *events;
	struct aw_http *http;
	struct aw_workers *workers;
};

struct aw_life {
	struct aw_server *server;
	struct aw_request *request;
	struct aw_reply *reply;
	struct aw_arena *arena; /* the request's */
	struct aw_matched matched;
	const struct aw_route *route;
	const struct aw_catalog *catalog; /* of the reader's language */
	struct aw_form form;
	json_t *json; /* body; owned */
	bool wants_json;
	bool by_token;
	struct aw_session session; /* when has_session */
	bool has_session;
	enum aw_session_state state; /* of the cookie's session, good enough for the route or not */
	struct aw_viewer viewer;
	struct aw_nav_item nav[24];
	size_t nav_count;
	struct aw_shell_open *open; /* emergency access of the viewer */
	size_t open_count;
	bool recorded;	     /* this look is in the log */
	uint64_t number;     /* of the change up to which the page was read (db/change.h) */
	const char *crowd;   /* see page/call.h */
	int status;	     /* HTTP status that the error's own would not give; 0 = that one */
	const char *problem; /* type of the problem in JSON; NULL: about:blank */
	struct aw_call call; /* of the handler, for the form that is shown again */
};

/** Answers a request; the reply is always filled. */
void aw_life_run(struct aw_server *server, struct aw_request *request, struct aw_reply *reply);

/** An act of the request's viewer at this moment, without a unit of work. */
struct aw_act aw_life_act(struct aw_life *life, const char *action);

/* Who has neither session nor token. */
#define AW_LIFE_NOBODY                                                                             \
	(struct aw_viewer)                                                                         \
	{                                                                                          \
		.login = "public", .name = "", .title = "", .roles = ""                            \
	}

/* -- net/who.c -- */

/** Finds session or token. A session that is not good enough for the route counts as none. */
AW_MUST_CHECK enum aw_status aw_life_identify(struct aw_life *life, struct aw_error *err);
/** May whoever asks use the route? ret_login: a page that leads to the login instead. */
AW_MUST_CHECK enum aw_status
aw_life_permit(struct aw_life *life, bool *ret_login, struct aw_error *err);
/** Was it sent from a page of this server, of this session? */
AW_MUST_CHECK enum aw_status aw_life_check_origin(struct aw_life *life, struct aw_error *err);
/** Where one has to go first, with the path to come back to when it was only looked at. */
const char *aw_life_login_path(struct aw_life *life);
/** Does the page have the left menu? */
bool aw_life_has_menu(const struct aw_life *life);

/** The value of a form field, NULL if it is absent or empty. */
const char *aw_life_value(const struct aw_life *life, const char *name);

/* -- net/show.c: replies -- */

/** Fills what stands around a page: the menu, and emergency access that is open. */
AW_MUST_CHECK enum aw_status
aw_life_surround(struct aw_life *life, struct aw_act *act, struct aw_error *err);

/** The view as JSON or as a page. Errors: AW_INTERNAL when there is no such template. */
AW_MUST_CHECK enum aw_status
aw_show_view(struct aw_life *life, const struct aw_view *view, int status, struct aw_error *err);
/** 303 to a path inside the server, with a toast there (notice: message key, may be NULL). */
void aw_show_file(struct aw_life *life, const struct aw_call_file *file);
void aw_show_redirect(struct aw_life *life, const char *location, const char *notice);
/** An error as a page or as a problem in JSON; printed once when it is the server's fault. */
void aw_show_error(struct aw_life *life, const struct aw_error *err);
void aw_show_json(struct aw_life *life, const json_t *json, int status, const char *content_type);

/* -- net/session.c: routes with a life of their own -- */

/** Where to go on: the form's "next" when it is a path inside the server, else where the viewer's
 *  work begins. */
const char *aw_life_next(const struct aw_life *life, const struct aw_viewer *viewer);
/** Starts a session and sends its cookie, in place of the one that `ends` is (may be NULL). */
AW_MUST_CHECK enum aw_status
aw_life_start_session(struct aw_life *life, const struct aw_account *account, const char *purpose,
	bool factor_given, const struct aw_session *ends, struct aw_error *err);
/** Where who has just signed in goes: to *next, or first to what they should know (guard/signin.h). */
AW_MUST_CHECK enum aw_status aw_life_tell_first(struct aw_life *life,
	const struct aw_account *account, const char **next, struct aw_error *err);
/** Where the request comes from, as a sign-in keeps it. */
struct aw_signin_from aw_life_from(const struct aw_life *life);
/** AW_BUSY with 429 when the address has tried too often. */
AW_MUST_CHECK enum aw_status aw_life_limit_tries(struct aw_life *life, struct aw_error *err);

enum aw_status aw_own_login_form(struct aw_life *life, struct aw_error *err);
enum aw_status aw_own_login(struct aw_life *life, struct aw_error *err);
enum aw_status aw_own_logout(struct aw_life *life, struct aw_error *err);
enum aw_status aw_own_purposes(struct aw_life *life, struct aw_error *err);
enum aw_status aw_own_purpose(struct aw_life *life, struct aw_error *err);
enum aw_status aw_own_home(struct aw_life *life, struct aw_error *err);
enum aw_status aw_own_csp_report(struct aw_life *life, struct aw_error *err);
enum aw_status aw_own_health(struct aw_life *life, struct aw_error *err);
enum aw_status aw_own_openapi(struct aw_life *life, struct aw_error *err);
/* -- net/prove.c: the second factor at the login, and a fresh proof -- */
enum aw_status aw_own_factor_form(struct aw_life *life, struct aw_error *err);
enum aw_status aw_own_factor(struct aw_life *life, struct aw_error *err);
enum aw_status aw_own_verify_form(struct aw_life *life, struct aw_error *err);
enum aw_status aw_own_verify(struct aw_life *life, struct aw_error *err);
/* -- net/password.c -- */
enum aw_status aw_own_password_form(struct aw_life *life, struct aw_error *err);
enum aw_status aw_own_password(struct aw_life *life, struct aw_error *err);
extern const struct aw_view_type aw_password_view;
/* -- net/events.c -- */
enum aw_status aw_own_events(struct aw_life *life, struct aw_error *err);
/* -- net/search.c: POST /people/search -- */
enum aw_status aw_own_search(struct aw_life *life, struct aw_error *err);
enum aw_status aw_own_search_links(struct aw_life *life, struct aw_error *err);
extern const struct aw_view_type aw_login_view;
extern const struct aw_view_type aw_prove_view;
extern const struct aw_view_type aw_purpose_view;

/* -- net/routes.c -- */

/** The first page of the menu that the viewer may use: where a login leads. */
const char *aw_routes_home(const struct aw_policy *policy, const struct aw_viewer *viewer);

/** AW_NOT_FOUND when the route acts on something that the viewer may not know of. */
AW_MUST_CHECK enum aw_status
aw_routes_gate(const struct aw_route *route, const struct aw_call *call, struct aw_error *err);

/** What a change does before its unit of work, on the request's own thread: parsing, checking and sealing,
 *  so that the one writer need not. The call has no unit of work; what it made is in call->ready. */
AW_MUST_CHECK enum aw_status
aw_routes_ready(const struct aw_route *route, struct aw_call *call, struct aw_error *err);

/** The menu entries of this viewer, with their counts; inside a read. */
AW_MUST_CHECK enum aw_status aw_routes_nav(struct aw_act *act, struct aw_nav_item *items,
	size_t most, size_t *ret_count, struct aw_error *err);

#endif
