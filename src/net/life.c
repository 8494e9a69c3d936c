/* The life of one request: route, values, who, may they, unit of work, log, reply. */
#include "net/life.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "db/change.h"
#include "guard/access.h"
#include "guard/log.h"
#include "net/events.h"
#include "policy/policy.h"

enum { TICK_US = 25000 }; /* longer than finding out what may not be known takes */

struct aw_act
aw_life_act(struct aw_life *life, const char *action)
{
	struct aw_act act = aw_house_act(life->server->house, life->arena, &life->viewer, action);

	act.session = life->has_session ? &life->session : NULL;
	return act;
}

const char *
aw_life_value(const struct aw_life *life, const char *name)
{
	for (size_t i = 0; i < life->form.count; i++) {
		if (strcmp(life->form.values[i].name, name) == 0)
			return life->form.values[i].value[0] != '\0' ? life->form.values[i].value
								     : NULL;
	}
	return NULL;
}

/* -- route and values ---------------------------------------------------------------------------- */

static enum aw_status
find_route(struct aw_life *life, struct aw_error *err)
{
	struct aw_server *server = life->server;
	struct aw_request *request = life->request;

	switch (aw_route_find(server->routes, server->route_count, life->arena, request->method,
		request->path, &life->matched)) {
	case AW_ROUTED_FOUND:
		life->route = life->matched.route;
		life->wants_json =
			life->wants_json || life->matched.json ||
			life->route->own == aw_own_events ||
			(life->route->view != NULL && life->route->view->shown_by == NULL);
		return AW_OK;
	case AW_ROUTED_METHOD:
		aw_reply_header(life->arena, life->reply, "Allow", life->matched.allow);
		life->status = 405;
		return aw_fail(err, AW_NOT_FOUND, "this path does not take %s", request->method);
	case AW_ROUTED_NONE:
		break;
	}
	return aw_fail(err, AW_NOT_FOUND, "there is no such page");
}

static enum aw_status
read_json(struct aw_life *life, struct aw_error *err)
{
	enum aw_json_fault fault;

	life->wants_json = true; /* who speaks JSON is answered in it, errors too */
	if (aw_json_read(life->request->body, "body", &life->json, &fault, err) != AW_OK) {
		life->problem = fault == AW_JSON_SYNTAX ? AW_PROBLEM_SYNTAX : AW_PROBLEM_CONTENT;
		return err->status;
	}
	life->problem = AW_PROBLEM_CONTENT;
	if (json_is_object(life->json) &&
		aw_form_json(life->arena, life->json, &life->form, err) != AW_OK)
		return aw_wrap(err, "body");
	return AW_OK;
}

static enum aw_status
read_body(struct aw_life *life, struct aw_error *err)
{
	struct aw_request *request = life->request;

	if (request->body.len == 0)
		return AW_OK;
	if (aw_media_type_is(request->content_type, "application/json"))
		return read_json(life, err);
	if (!aw_media_type_is(request->content_type, "application/x-www-form-urlencoded")) {
		life->status = 415;
		return aw_fail(err, AW_INVALID,
			"a body is application/x-www-form-urlencoded or application/json");
	}
	life->problem = AW_PROBLEM_SYNTAX;
	if (aw_form_read(life->arena, request->body, &life->form, err) != AW_OK)
		return aw_wrap(err, "form");
	life->problem = AW_PROBLEM_CONTENT;
	return AW_OK;
}

static enum aw_status
read_values(struct aw_life *life, struct aw_error *err)
{
	struct aw_request *request = life->request;

	if (aw_form_read(life->arena, request->query, &life->form, err) != AW_OK)
		return aw_wrap(err, "query");
	if (read_body(life, err) != AW_OK)
		return err->status;
	return aw_form_idempotency(life->arena, request->idempotency_key, &life->form, err);
}

/* -- the unit of work ------------------------------------------------------------------------------ */

static void
make_call(struct aw_life *life, struct aw_tx *tx)
{
	life->call = (struct aw_call){
		.act = aw_life_act(life, life->route->action),
		.method = life->route->method,
		.path = life->call.path,
		.path_values = life->matched.path_values,
		.path_count = life->matched.path_count,
		.values = life->form.values,
		.value_count = life->form.count,
		.json = life->json,
		.language = life->catalog->language,
		.crowd = life->crowd,
		.ready = life->call.ready,
		.view = life->route->view != NULL ? aw_view_new(life->arena, life->route->view)
						  : NULL,
	};
	life->call.act.tx = tx;
}

static enum aw_status
look(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct aw_life *life = arg;

	make_call(life, tx);
	life->number = aw_tx_number(tx);
	if (aw_routes_gate(life->route, &life->call, err) != AW_OK ||
		life->route->handler(&life->call, err) != AW_OK)
		return err->status;
	if (aw_life_has_menu(life))
		return aw_life_surround(life, &life->call.act, err);
	return AW_OK;
}

/* The public leaves an entry only when something about a person or a thing was found or done. */
static bool
leaves_entry(const struct aw_life *life)
{
	return life->has_session || life->by_token || life->call.act.looked != NULL ||
	       life->call.act.object != NULL;
}

/* What was wrong with a form rolls its unit back like an error, but is not one. */
static enum aw_status
change(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct aw_life *life = arg;

	make_call(life, tx);
	if (aw_routes_gate(life->route, &life->call, err) != AW_OK ||
		life->route->handler(&life->call, err) != AW_OK)
		return err->status;
	if (life->call.problems != NULL)
		return aw_fail(err, AW_INVALID, "the form is not right");
	if (strncmp(life->route->action, "family.", strlen("family.")) == 0 &&
		aw_change_note(tx, AW_UNIT_CHANGE, life->viewer.account, err) != AW_OK)
		return err->status;
	if (leaves_entry(life) &&
		aw_log_append(&life->call.act, "ok", life->call.act.detail, err) != AW_OK)
		return err->status;
	if (life->has_session)
		return aw_session_touch(tx, &life->session, life->call.act.real_ms, err);
	return AW_OK;
}

/* An entry for a look, or for a change that did not happen. */
static enum aw_status
record(struct aw_life *life, enum aw_status outcome, struct aw_error *err)
{
	/* a page that fetches itself is no sign that anybody is there: the idle limit goes on */
	bool used = life->has_session && life->request->refresh == NULL;
	const struct aw_session *session = used ? &life->session : NULL;
	struct aw_act *act = &life->call.act;

	if (!leaves_entry(life))
		return AW_OK;
	if (aw_log_reads(life->server->house->db, act, session,
		    outcome == AW_OK ? "ok" : aw_status_name(outcome), err) != AW_OK)
		return aw_wrap(err, "the log cannot be written, so nothing is shown");
	life->recorded = act->looked != NULL;
	return AW_OK;
}

/* Is this a form that its own page shows again? Then the act and the look are one entry. */
static bool
shown_again(const struct aw_life *life, enum aw_status status)
{
	return status == AW_INVALID && life->call.problems != NULL && !life->wants_json &&
	       life->route->form != NULL;
}

static enum aw_status
run_handler(struct aw_life *life, struct aw_error *err)
{
	struct aw_db *db = life->server->house->db;
	struct aw_error log_err = { 0 };
	enum aw_status status;

	switch (life->route->unit) {
	case AW_ROUTE_NONE: /* has an own life */
		return aw_fail(err, AW_INTERNAL, "%s has no unit of work", life->route->path);
	case AW_ROUTE_READ:
		status = aw_db_read(db, look, life, err);
		if (record(life, status, &log_err) != AW_OK) {
			*err = log_err;
			return err->status;
		}
		return status;
	case AW_ROUTE_WRITE:
		break;
	}
	make_call(life, NULL);
	status = aw_routes_ready(life->route, &life->call, err);
	if (status == AW_OK)
		status = aw_db_write(db, change, life, err);
	/* of what may have happened nothing is said that may be false */
	if (status != AW_OK && status != AW_UNSURE && !shown_again(life, status) &&
		record(life, status, &log_err) != AW_OK) {
		*err = log_err;
		return err->status;
	}
	return status;
}

static enum aw_status
read_nav(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct aw_life *life = arg;
	struct aw_act act = aw_life_act(life, "nav");

	act.tx = tx;
	return aw_life_surround(life, &act, err);
}

/* Runs the GET route whose page holds the posted form, and the one it may lead to (a case leads to
 * its family). */
static enum aw_status
run_form_page(struct aw_life *life, const char *pattern, struct aw_error *err)
{
	struct aw_server *server = life->server;
	struct aw_matched next;

	life->route = aw_route_of(server->routes, server->route_count, "GET", pattern);
	life->form = (struct aw_form){ 0 }; /* what was typed is no query of that page */
	if (aw_db_read(server->house->db, look, life, err) != AW_OK)
		return err->status;
	if (life->call.answer != AW_ANSWER_REDIRECT)
		return AW_OK;
	if (aw_route_find(server->routes, server->route_count, life->arena, "GET",
		    aw_str(life->call.location), &next) != AW_ROUTED_FOUND)
		return aw_fail(err, AW_INTERNAL, "%s leads nowhere", pattern);
	life->matched = next;
	life->route = next.route;
	return aw_db_read(server->house->db, look, life, err);
}

/* The page again, and one entry: the act that came to nothing, with everybody whom the page shows. */
static enum aw_status
look_again(struct aw_life *life, struct aw_view **ret_view, struct aw_error *err)
{
	const struct aw_life posted = *life;
	struct aw_error log_err = { 0 };
	enum aw_status status = run_form_page(life, posted.route->form, err);
	const struct aw_act page = life->call.act;

	*ret_view = life->call.view;
	life->call = posted.call;
	life->route = posted.route;
	if (life->call.act.detail == NULL)
		life->call.act.detail = page.detail; /* what was opened in an emergency */
	for (const struct aw_looked *looked = page.looked; looked != NULL; looked = looked->next)
		aw_act_looked(&life->call.act, looked->person, looked->classes);
	if (record(life, AW_INVALID, &log_err) != AW_OK) {
		*err = log_err;
		return err->status;
	}
	return status;
}

/* The page that holds the form, again: with what was typed and what is wrong. */
static enum aw_status
show_form_again(struct aw_life *life, struct aw_error *err)
{
	struct aw_view *view = life->call.view;

	if (life->wants_json)
		return aw_show_view(life, NULL, 422, err);
	if (life->route->form != NULL) {
		if (look_again(life, &view, err) != AW_OK)
			return err->status;
		/* what is shown has no address of its own to be fetched from again */
		life->number = 0;
	} else if (aw_life_has_menu(life) &&
		   aw_db_read(life->server->house->db, read_nav, life, err) != AW_OK) {
		return err->status;
	}
	return aw_show_view(life, view, 422, err);
}

static enum aw_status
answer_call(struct aw_life *life, struct aw_error *err)
{
	struct aw_call *call = &life->call;
	enum aw_status status = run_handler(life, err);

	if (status == AW_INVALID && call->problems != NULL) {
		aw_error_clear(err);
		return show_form_again(life, err);
	}
	if (status != AW_OK)
		return status;
	if (call->answer == AW_ANSWER_REDIRECT) {
		aw_show_redirect(life, call->location, call->notice);
		return AW_OK;
	}
	if (call->answer == AW_ANSWER_FILE) {
		aw_show_file(life, &call->file);
		return AW_OK;
	}
	if (call->view == NULL)
		return aw_fail(err, AW_INTERNAL, "%s answered nothing", life->route->path);
	if (life->route->unit == AW_ROUTE_WRITE && aw_life_has_menu(life) &&
		aw_db_read(life->server->house->db, read_nav, life, err) != AW_OK)
		return err->status;
	return aw_show_view(life, call->view, call->problems != NULL ? 422 : 200, err);
}

/* What is refused before a handler runs is in the log too, when it is known who asked. */
static enum aw_status
refuse(struct aw_life *life, struct aw_error *err)
{
	struct aw_error log_err = { 0 };

	life->call.act = aw_life_act(life, life->route->action);
	if (record(life, err->status, &log_err) != AW_OK)
		*err = log_err;
	return err->status;
}

/* What a stranger may send. A report is never refused for being one too many: it is held back. The
 * steps of its form are free, or nobody behind a full address would come to its end. */
static enum aw_status
limit_public(struct aw_life *life, struct aw_error *err)
{
	struct aw_server *server = life->server;
	const char *address = life->request->address;
	int64_t now_us = aw_monotonic_us();

	if (life->has_session || life->by_token)
		return AW_OK;
	if (strcmp(life->route->action, "report.send") == 0) {
		bool sends = aw_text_eq(aw_life_value(life, "go"), "send");

		if (sends && (!aw_limit_take(server->report_limit, address, now_us) ||
				     !aw_limit_take(server->flood_limit, "everybody", now_us)))
			life->crowd = aw_limit_source(server->report_limit, life->arena, address);
		return AW_OK;
	}
	if (aw_limit_take(server->public_limit, address, now_us))
		return AW_OK;
	life->status = 429;
	aw_reply_header(life->arena, life->reply, "Retry-After", "60");
	return aw_fail(err, AW_BUSY, "too many requests from this address");
}

/* Nobody who works with people searches for one every two seconds. */
static enum aw_status
limit_search(struct aw_life *life, struct aw_error *err)
{
	if (strcmp(life->route->action, "person.search") != 0 ||
		aw_life_value(life, "search") == NULL ||
		aw_limit_take(life->server->search_limit, life->viewer.login, aw_monotonic_us()))
		return AW_OK;
	life->status = 429;
	aw_reply_header(life->arena, life->reply, "Retry-After", "60");
	return aw_fail(err, AW_BUSY, "too many searches by this account");
}

static enum aw_status
live(struct aw_life *life, struct aw_error *err)
{
	bool login;

	if (find_route(life, err) != AW_OK) {
		struct aw_error session_err = { 0 };

		/* the error page has the menu of whoever asked */
		if (aw_life_identify(life, &session_err) != AW_OK)
			life->has_session = false;
		return err->status;
	}
	/* a browser sends it beside the page and with its cookie: nobody is asked who it was */
	if (life->route->own == aw_own_csp_report)
		return aw_own_csp_report(life, err);
	if (read_values(life, err) != AW_OK || aw_life_identify(life, err) != AW_OK)
		return err->status;
	if (aw_life_permit(life, &login, err) != AW_OK) {
		if (!login)
			return refuse(life, err);
		aw_show_redirect(life, aw_life_login_path(life), NULL);
		return AW_OK;
	}
	if (limit_search(life, err) != AW_OK)
		return refuse(life, err);
	if (strcmp(life->route->method, "POST") == 0) {
		if (aw_life_check_origin(life, err) != AW_OK)
			return refuse(life, err);
		if (limit_public(life, err) != AW_OK)
			return err->status;
	}
	if (life->route->own != NULL) {
		if (aw_life_has_menu(life) &&
			aw_db_read(life->server->house->db, read_nav, life, err) != AW_OK)
			return err->status;
		return life->route->own(life, err);
	}
	return answer_call(life, err);
}

/* What does not exist and what may not be known of take different ways to the same answer; it goes out
 * at the next whole tick, so that the time does not tell which it was. */
static void
wait_for_tick(int64_t start_us)
{
	int64_t left_us = TICK_US - (aw_monotonic_us() - start_us) % TICK_US;
	struct timespec left = { .tv_nsec = left_us * 1000 };

	(void)nanosleep(&left, NULL);
}

void
aw_life_run(struct aw_server *server, struct aw_request *request, struct aw_reply *reply)
{
	int64_t start_us = aw_monotonic_us();
	struct aw_error err = { 0 };
	struct aw_life life = {
		.server = server,
		.request = request,
		.reply = reply,
		.arena = request->arena,
		.catalog = aw_pages_accept(&server->pages, request->accept_language),
		.wants_json = aw_accepts_json(request->accept),
		.viewer = AW_LIFE_NOBODY,
	};

	life.call.path = aw_arena_strndup(life.arena, request->path.at, request->path.len);
	if (live(&life, &err) != AW_OK) {
		aw_show_error(&life, &err);
		if (err.status == AW_NOT_FOUND && life.route != NULL &&
			strchr(life.route->path, '{') != NULL)
			wait_for_tick(start_us);
	}
	if (life.json != NULL)
		json_decref(life.json);
}
