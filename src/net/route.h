/**
 * net/route - the route table: one line a route, and what is made from it.
 * Layer: net.  Threads: the table is constant.  Example: tests/net/test_routes.c
 *
 * net/routes.c holds the one list. From it come the router, the OpenAPI 3.1 document
 * (net/openapi), the permission tests and docs/routes.md: a route that is not in the list does
 * not exist, and one that is in it is documented and tested.
 *
 * A path is made of literal segments and {parts}; a literal wins over a part. ".json" behind any
 * path asks for the same view as JSON.
 */
#ifndef AW_NET_ROUTE_H
#define AW_NET_ROUTE_H

#include "page/call.h"

/* What a handler runs in. */
enum aw_route_unit {
	AW_ROUTE_NONE,	/* no database: constant pages */
	AW_ROUTE_READ,	/* one read snapshot; GET */
	AW_ROUTE_WRITE, /* one unit of work in the writer; POST */
};

enum aw_input_type {
	AW_INPUT_TEXT,
	AW_INPUT_NUMBER,
	AW_INPUT_DAY,	  /* in any written form; ISO in JSON */
	AW_INPUT_FLAG,	  /* check box; true or false in JSON */
	AW_INPUT_LIST,	  /* may be repeated; a list of texts in JSON */
	AW_INPUT_OBJECT,  /* JSON alone; a handler reads call->json */
	AW_INPUT_OBJECTS, /* ... a list of objects */
};

/* One field of a form or a query. */
struct aw_input {
	const char *name;
	enum aw_input_type type;
	bool required;
};

/* Permissions that are not codes of roles.yaml. */
#define AW_PERMIT_PUBLIC "public"	/* no session */
#define AW_PERMIT_SIGNED_IN "signed-in" /* any account with a session */
/* ... also with one that a required second factor is still to be made for */
#define AW_PERMIT_OWN_ACCOUNT "own-account"
/* ... also with one whose second factor was not given yet */
#define AW_PERMIT_PASSWORD "password"

struct aw_life; /* net/life.h */

struct aw_route {
	const char *method;	/* GET (HEAD goes with it) or POST */
	const char *path;	/* "/reports/{number}" */
	const char *permission; /* code of roles.yaml, or one of the above */
	const char *action;	/* what the log calls it: "report.view" */
	enum aw_route_unit unit;
	aw_handler_fn *handler;
	/* instead of handler, for the few that need more than a call: log in and out */
	enum aw_status (*own)(struct aw_life *life, struct aw_error *err);
	const struct aw_view_type *view; /* shown_by names its page, NULL there: JSON alone; NULL
					    here: nothing but a redirect comes back */
	const struct aw_input *inputs;
	size_t input_count;
	const char *summary; /* a sentence for the documents */
	/* path of the GET route whose page holds this form, with the same {parts}: it is shown
	 * again when something was wrong. NULL: the handler fills its own view then. */
	const char *form;
};

/* The list, in net/routes.c. */
const struct aw_route *aw_routes(size_t *ret_count);

enum aw_routed {
	AW_ROUTED_FOUND,
	AW_ROUTED_METHOD, /* the path exists, the method does not */
	AW_ROUTED_NONE,
};

struct aw_matched {
	const struct aw_route *route;
	struct aw_form_value *path_values; /* decoded, in the arena */
	size_t path_count;
	bool json;	   /* the path ended in .json */
	const char *allow; /* AW_ROUTED_METHOD: "GET, HEAD" */
};

/**
 * Finds the route of a raw path (undecoded, without the query). HEAD finds GET's. A part that
 * does not decode, is empty or holds a slash matches nothing.
 */
enum aw_routed aw_route_find(const struct aw_route *routes, size_t count, struct aw_arena *arena,
	const char *method, struct aw_str path, struct aw_matched *ret_matched);

/** The route of exactly that method and pattern; there must be one (assert). */
const struct aw_route *
aw_route_of(const struct aw_route *routes, size_t count, const char *method, const char *pattern);

/** A pattern with the values of a matched path in its {parts}, in the arena. */
const char *
aw_route_path(struct aw_arena *arena, const char *pattern, const struct aw_matched *matched);

/** The OpenAPI 3.1 document of a list; the caller owns it. */
json_t *aw_openapi(const struct aw_route *routes, size_t count);

/** The list as a table in Markdown, as docs/routes.md holds it; in the arena. */
const char *aw_routes_markdown(struct aw_arena *arena, const struct aw_route *routes, size_t count);

#endif
