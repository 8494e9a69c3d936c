/* Replies: a view as a page or as JSON, a redirect, an error. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "guard/glass.h"
#include "net/life.h"
#include "policy/policy.h"

void
aw_show_json(struct aw_life *life, const json_t *json, int status, const char *content_type)
{
	life->reply->status = status;
	life->reply->content_type = content_type;
	life->reply->body = aw_str(aw_json_text(life->arena, json));
}

void
aw_show_file(struct aw_life *life, const struct aw_call_file *file)
{
	aw_reply_header(life->arena, life->reply, "Content-Disposition",
		aw_arena_printf(life->arena, "attachment; filename=\"%s\"", file->name));
	life->reply->status = 200;
	life->reply->content_type = file->content_type;
	life->reply->body = file->bytes;
}

/* The toast that the last redirect left: a message key, shown once. */
static const char *
take_notice(struct aw_life *life)
{
	struct aw_str key = aw_cookie_find(aw_str(life->request->cookie), AW_NOTICE_COOKIE);
	const char *notice;

	if (key.len == 0 || key.len > 100)
		return NULL;
	aw_reply_header(life->arena, life->reply, "Set-Cookie",
		AW_NOTICE_COOKIE "=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict");
	notice = aw_arena_strndup(life->arena, key.at, key.len);
	return aw_catalog_has(life->catalog, notice) ? notice : NULL;
}

enum aw_status
aw_life_surround(struct aw_life *life, struct aw_act *act, struct aw_error *err)
{
	struct aw_glass_now *now = NULL;
	size_t count = 0;

	if (aw_routes_nav(act, life->nav, AW_COUNT(life->nav), &life->nav_count, err) != AW_OK ||
		(aw_glass_may(act) && aw_glass_now(act, &now, &count, err) != AW_OK))
		return err->status;
	life->open = AW_NEW_ARRAY(life->arena, struct aw_shell_open, count);
	for (size_t i = 0; i < count; i++)
		life->open[i] = (struct aw_shell_open){ now[i].number, now[i].person_number,
			now[i].until_at };
	life->open_count = count;
	return AW_OK;
}

static void
fill_shell(struct aw_life *life, struct aw_shell *shell)
{
	struct aw_house *house = life->server->house;
	const char *language = life->catalog->language;

	*shell = (struct aw_shell){
		.city = aw_label_text(aw_house_policy(house)->city.label, language),
		.centre = aw_label_text(aw_house_policy(house)->city.centre, language),
		.signed_in = life->has_session,
		.path = life->call.path,
		.unread = -1,
		.demo = house->demo,
		.policy_stale = house->policy_stale,
		.recorded = life->recorded,
		.notice = take_notice(life),
		.now_ms = aw_business_ms(&house->clock),
		.nav = life->nav,
		.nav_count = life->nav_count,
		.open = life->open,
		.open_count = life->open_count,
		.change = life->number,
	};
	if (!life->has_session)
		return;
	shell->name = life->viewer.name;
	shell->title = life->viewer.title;
	shell->unit = aw_policy_text(aw_house_policy(house), "unit", life->viewer.unit, language);
	shell->purpose =
		aw_policy_text(aw_house_policy(house), "purpose", life->viewer.purpose, language);
	shell->csrf = life->session.csrf;
}

static enum aw_status
show_page(struct aw_life *life, const struct aw_view *view, int status, struct aw_error *err)
{
	struct aw_shell shell;
	struct aw_page page = {
		.language = life->catalog->language,
		.view = view,
		.shell = &shell,
		.call = &life->call,
	};

	fill_shell(life, &shell);
	shell.verify = aw_view_hides(view, "verify");
	if (aw_page_render(&life->server->pages, life->arena, &page, &life->reply->body, err) !=
		AW_OK)
		return err->status;
	life->reply->status = status;
	life->reply->content_type = "text/html; charset=utf-8";
	return AW_OK;
}

static json_t *
problems_json(struct aw_life *life)
{
	json_t *list = json_array();

	for (const struct aw_form_problem *p = life->call.problems; p != NULL; p = p->next) {
		const struct aw_message_arg detail = AW_ARG_TEXT("detail", p->detail);
		json_t *one = json_object();

		aw_json_put_text(one, "field", p->field);
		aw_json_put_text(one, "message", p->message);
		aw_json_put_text(one, "text",
			aw_message(life->arena, life->catalog, p->message, &detail,
				p->detail != NULL ? 1 : 0));
		aw_json_push(list, one);
	}
	return list;
}

static void
show_problem(struct aw_life *life, int status, enum aw_status code, const char *detail)
{
	AW_SCOPED(json, json_t *) problem = json_object();

	aw_json_put_text(problem, "type",
		life->problem != NULL && (status == 400 || status == 422) ? life->problem
									  : "about:blank");
	aw_json_put_text(problem, "title", aw_status_name(code));
	aw_json_put_int(problem, "status", status);
	aw_json_put_text(problem, "code", aw_status_name(code));
	if (detail != NULL)
		aw_json_put_text(problem, "detail", detail);
	aw_json_put_text(problem, "number", life->request->number);
	if (life->call.problems != NULL)
		aw_json_put(problem, "problems", problems_json(life));
	aw_show_json(life, problem, status, "application/problem+json");
}

enum aw_status
aw_show_view(struct aw_life *life, const struct aw_view *view, int status, struct aw_error *err)
{
	if (life->wants_json && status == 422) {
		show_problem(life, status, AW_INVALID, "the input is not right");
		return AW_OK;
	}
	if (!life->wants_json)
		return show_page(life, view, status, err);
	AW_SCOPED(json, json_t *) json = aw_view_json(view);
	aw_show_json(life, json, status, "application/json");
	return AW_OK;
}

void
aw_show_redirect(struct aw_life *life, const char *location, const char *notice)
{
	bool inside =
		location != NULL && location[0] == '/' && location[1] != '/' && location[1] != '\\';
	const char *to = inside ? location : "/";

	if (life->wants_json) {
		AW_SCOPED(json, json_t *) json = json_object();

		aw_json_put_text(json, "location", to);
		if (notice != NULL)
			aw_json_put_text(json, "notice", notice);
		aw_show_json(life, json, 200, "application/json");
		return;
	}
	life->reply->status = 303;
	aw_reply_header(life->arena, life->reply, "Location", to);
	if (notice != NULL)
		aw_reply_header(life->arena, life->reply, "Set-Cookie",
			aw_arena_printf(life->arena,
				AW_NOTICE_COOKIE
				"=%s; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Strict",
				notice));
}

/* Where the error page leads back to: the page of the form, one's work, or home. */
static const char *
back_of(struct aw_life *life)
{
	if (life->route != NULL && life->route->form != NULL)
		return aw_route_path(life->arena, life->route->form, &life->matched);
	return life->has_session
		       ? aw_routes_home(aw_house_policy(life->server->house), &life->viewer)
		       : "/";
}

void
aw_show_error(struct aw_life *life, const struct aw_error *err)
{
	int status = life->status != 0 ? life->status : aw_status_http(err->status);
	bool ours = status >= 500;
	struct aw_error page_err = { 0 };
	char text[640];

	aw_error_format(err, text, sizeof(text));
	if (ours)
		fprintf(stderr, "anwang: %s %s %s: %d %s: %s\n",
			aw_instant_iso(life->arena, aw_real_ms()), life->request->number,
			life->route != NULL ? life->route->path : "-", status,
			aw_status_name(err->status), text);
	if (status == 503 && life->status == 0)
		aw_reply_header(life->arena, life->reply, "Retry-After", "2");
	if (status == 401)
		aw_reply_header(life->arena, life->reply, "WWW-Authenticate", "Bearer");
	/* what was put into the page before it failed is not part of the error */
	life->call.problems = NULL;
	life->recorded = false;
	if (life->wants_json) {
		show_problem(
			life, status, err->status, ours && err->status != AW_UNSURE ? NULL : text);
		return;
	}
	if (show_page(life,
		    aw_error_page(life->arena, err->status, life->request->number, back_of(life)),
		    status, &page_err) != AW_OK)
		aw_reply_plain(life->arena, life->reply, status,
			aw_arena_printf(life->arena, "%s. Please quote %s.",
				aw_status_name(err->status), life->request->number));
}
