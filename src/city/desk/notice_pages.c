/* city/desk/notice_pages - unusual looks that wait for an auditor's answer. */
#include "city/desk/notice_pages.h"

#include "guard/access.h"
#include "guard/account.h"
#include "guard/unusual.h"
#include "policy/policy.h"

enum { SHOWN = 20 };

AW_VIEW_TYPE(aw_notice_view, "Notice", NULL, AW_FIELD("number", NUMBER, OPEN),
	AW_FIELD("rule", TEXT, OPEN), AW_FIELD_CODE("counts", OPEN, NULL),
	AW_FIELD("counted", NUMBER, OPEN), AW_FIELD("looks", NUMBER, OPEN),
	AW_FIELD("first_at", INSTANT, OPEN), AW_FIELD("last_at", INSTANT, OPEN),
	AW_FIELD("name", TEXT, OPEN), AW_FIELD("title", TEXT, OPEN), AW_FIELD("unit", TEXT, OPEN),
	AW_FIELD("person", TEXT, OPEN), AW_FIELD("link", LINK, OPEN), AW_FIELD("path", LINK, OPEN));

static const char *const counts_codes[] = { "people", "days", "accounts", "refusals" };

static enum aw_status
show_account(struct aw_call *call, struct aw_view *item, const struct aw_notice *notice,
	const char **ret_login, struct aw_error *err)
{
	struct aw_account account;

	*ret_login = NULL;
	if (!notice->account.known)
		return AW_OK;
	if (aw_account_get(call->act.tx, call->act.arena, notice->account.v, &account, err) !=
		AW_OK)
		return err->status;
	aw_view_text(item, "name", account.name);
	aw_view_text(item, "title", account.title);
	aw_view_text(item, "unit", aw_call_label(call, "unit_short", account.unit));
	*ret_login = account.login;
	return AW_OK;
}

/* The entries of the log that a notice is about. */
static const char *
log_link(struct aw_arena *arena, const struct aw_notice *notice, const char *login)
{
	struct aw_buf link = { .arena = arena };

	aw_buf_printf(&link, "/log?before=%lld", (long long)notice->last_leaf + 1);
	if (login != NULL)
		aw_buf_printf(&link, "&login=%s", login);
	if (notice->person_number != NULL)
		aw_buf_printf(&link, "&person=%s", notice->person_number);
	return aw_buf_z(&link);
}

/* Whom it is about, and the way to the entries, for whoever may know of them. */
static enum aw_status
show_person(struct aw_call *call, struct aw_view *item, const struct aw_notice *notice,
	const char *login, struct aw_error *err)
{
	struct aw_access access;

	if (notice->person_number != NULL) {
		if (aw_access_to(&call->act, notice->person.v, &access, err) != AW_OK)
			return err->status;
		if (!aw_access_may(&access, AW_CLASS_EXISTENCE)) {
			aw_view_hide(item, "person", aw_access_reason(&access, AW_CLASS_EXISTENCE));
			return AW_OK;
		}
		aw_view_text(item, "person", notice->person_number);
		aw_act_looked(&call->act, notice->person.v, AW_CLASS_BIT(AW_CLASS_EXISTENCE));
	}
	aw_view_text(item, "link", log_link(call->act.arena, notice, login));
	return AW_OK;
}

static enum aw_status
show_notice(struct aw_call *call, const struct aw_notice *notice, struct aw_error *err)
{
	struct aw_view *item = aw_view_item(call->view, "notices");
	const struct aw_unusual *rule = aw_policy_unusual(call->act.policy, notice->rule);
	const char *login;

	if (show_account(call, item, notice, &login, err) != AW_OK)
		return err->status;
	aw_view_int(item, "number", notice->number);
	aw_view_text(item, "rule",
		rule == NULL ? notice->rule : aw_label_text(rule->label, call->language));
	if (rule != NULL)
		aw_view_text(item, "counts", counts_codes[rule->counts]);
	aw_view_int(item, "counted", notice->counted);
	aw_view_int(item, "looks", notice->looks);
	aw_view_int(item, "first_at", notice->first_at);
	aw_view_int(item, "last_at", notice->last_at);
	aw_view_text(item, "path",
		aw_arena_printf(call->act.arena, "/log/notices/%lld", (long long)notice->number));
	return show_person(call, item, notice, login, err);
}

enum aw_status
aw_notices_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_notice *notices = NULL;
	size_t count = 0;

	if (aw_notices(call->act.tx, call->act.arena, false, SHOWN, &notices, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (show_notice(call, &notices[i], err) != AW_OK)
			return err->status;
	return AW_OK;
}

/* POST /log/notices/{number} */
enum aw_status
aw_notice_post(struct aw_call *call, struct aw_error *err)
{
	const char *text = aw_call_path(call, "number");
	const char *finding = aw_call_value(call, "finding");
	int64_t number = 0;

	if (text == NULL || !aw_str_int64(aw_str(text), &number))
		return aw_fail(err, AW_NOT_FOUND, "there is no such notice");
	if (aw_notice_answer(&call->act, number, finding, err) != AW_OK)
		return err->status;
	aw_call_redirect(call, "notice.answered", "/log");
	return AW_OK;
}
