/* city/desk/log_pages - 調閱紀錄: who saw whom, when, for what purpose; and whether the log is
 * what was written. */
#include "city/desk/log_pages.h"

#include <string.h>

#include "city/desk/notice_pages.h"
#include "city/person/person.h"
#include "guard/access.h"
#include "guard/account.h"
#include "guard/log.h"
#include "policy/policy.h"

enum { ROWS = 50, RECENT_DAYS = 30, SUBJECTS_UNFOLDED = 6 };

static const AW_VIEW_TYPE(class_view, "LogClass", NULL, AW_FIELD_CODE("code", OPEN, "class"));

static const AW_VIEW_TYPE(subject_view, "LogSubject", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("link", LINK, OPEN), AW_FIELD_OF("classes", LIST, OPEN, &class_view));

static const AW_VIEW_TYPE(entry_view, "LogEntry", NULL, AW_FIELD("leaf", NUMBER, OPEN),
	AW_FIELD("at", INSTANT, OPEN), AW_FIELD("actor", TEXT, OPEN), AW_FIELD("name", TEXT, OPEN),
	AW_FIELD("title", TEXT, OPEN), AW_FIELD("link", LINK, OPEN), AW_FIELD("unit", TEXT, OPEN),
	AW_FIELD("purpose", TEXT, OPEN), AW_FIELD_CODE("action", OPEN, "action"),
	AW_FIELD("object", TEXT, OPEN), AW_FIELD("object_link", LINK, OPEN),
	AW_FIELD_CODE("outcome", OPEN, "log.outcome"), AW_FIELD("refused", FLAG, OPEN),
	AW_FIELD_OF("subjects", LIST, OPEN, &subject_view), AW_FIELD("many", FLAG, OPEN),
	AW_FIELD("sound", FLAG, OPEN), AW_FIELD("hash", TEXT, OPEN));

static const AW_VIEW_TYPE(checked_view, "LogChecked", NULL, AW_FIELD("sound", FLAG, OPEN),
	AW_FIELD_CODE("result", OPEN, "log.result"), AW_FIELD("entries", NUMBER, OPEN),
	AW_FIELD("checkpoints", NUMBER, OPEN), AW_FIELD("bad_leaf", NUMBER, OPEN));

/* What actions begin with, to choose from. */
static const AW_VIEW_TYPE(group_view, "LogGroup", NULL, AW_FIELD("value", TEXT, OPEN),
	AW_FIELD_CODE("label", OPEN, "log.group"), AW_FIELD("chosen", FLAG, OPEN));

/* The person or the account that was asked about. */
static const AW_VIEW_TYPE(about_view, "LogAbout", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("name", TEXT, IDENTITY), AW_FIELD("looks", NUMBER, OPEN),
	AW_FIELD("accounts", NUMBER, OPEN), AW_FIELD("days", NUMBER, OPEN));

static const AW_VIEW_TYPE(who_view, "LogAccount", NULL, AW_FIELD("login", TEXT, OPEN),
	AW_FIELD("name", TEXT, OPEN), AW_FIELD("title", TEXT, OPEN), AW_FIELD("unit", TEXT, OPEN),
	AW_FIELD("entries", NUMBER, OPEN), AW_FIELD("people", NUMBER, OPEN),
	AW_FIELD("days", NUMBER, OPEN));

const AW_VIEW_TYPE(aw_log_view, "AccessLog", "desk/log", AW_FIELD("entries", NUMBER, OPEN),
	AW_FIELD("signed_entries", NUMBER, OPEN), AW_FIELD("signed_at", INSTANT, OPEN),
	AW_FIELD("signed_root", TEXT, OPEN), AW_FIELD("note", TEXT, OPEN),
	AW_FIELD_OF("checked", OBJECT, OPEN, &checked_view), AW_FIELD("check_link", LINK, OPEN),
	AW_FIELD_OF("person", OBJECT, OPEN, &about_view),
	AW_FIELD_OF("account", OBJECT, OPEN, &who_view), AW_FIELD("asked_person", TEXT, OPEN),
	AW_FIELD("asked_login", TEXT, OPEN), AW_FIELD("asked_object", TEXT, OPEN),
	AW_FIELD("asked_action", TEXT, OPEN), AW_FIELD_OF("groups", LIST, OPEN, &group_view),
	AW_FIELD_CODE("asked_outcome", OPEN, NULL), AW_FIELD("asked_from", TEXT, OPEN),
	AW_FIELD("asked_to", TEXT, OPEN), AW_FIELD("filtered", FLAG, OPEN),
	AW_FIELD("unknown_person", FLAG, OPEN), AW_FIELD("unknown_login", FLAG, OPEN),
	AW_FIELD_OF("notices", LIST, OPEN, &aw_notice_view),
	AW_FIELD_OF("rows", LIST, OPEN, &entry_view), AW_FIELD("older", LINK, OPEN),
	AW_FIELD("newest", LINK, OPEN));

/* -- what was asked ----------------------------------------------------------------------------- */

static const char *const filters[] = { "person", "login", "object", "action", "outcome", "from",
	"to" };

/* The page's own path with its filters, ready for one more parameter. */
static const char *
own_path(const struct aw_call *call)
{
	struct aw_buf path = { .arena = call->act.arena };

	aw_buf_text(&path, "/log?");
	for (size_t i = 0; i < AW_COUNT(filters); i++) {
		const char *value = aw_call_value(call, filters[i]);

		if (value == NULL)
			continue;
		aw_buf_printf(&path, "%s=", filters[i]);
		for (const uint8_t *at = (const uint8_t *)value; *at != '\0'; at++) {
			bool plain = (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'z') ||
				     (*at >= 'A' && *at <= 'Z') || *at == '-' || *at == '.' ||
				     *at == '_';

			if (plain)
				aw_buf_char(&path, (char)*at);
			else
				aw_buf_printf(&path, "%%%02X", *at);
		}
		aw_buf_char(&path, '&');
	}
	return aw_buf_z(&path);
}

/* A day of the form as the instant it begins, or (end) the one it is over. */
static int64_t
day_of(struct aw_call *call, const char *name, bool end)
{
	const char *text = aw_call_value(call, name);
	int32_t day;

	if (text == NULL)
		return 0;
	if (!aw_day_parse_iso(aw_str(text), &day)) {
		aw_call_problem(call, name, "problem.day", NULL);
		return 0;
	}
	return aw_taipei_day_start_ms(end ? day + 1 : day);
}

/* Sets query->person; false when there is none of that number. */
static enum aw_status
ask_person(struct aw_call *call, struct aw_log_query *query, bool *ret_known, struct aw_error *err)
{
	const char *number = aw_call_value(call, "person");
	struct aw_person person;
	struct aw_access access;
	struct aw_view *about;
	int64_t looks, accounts;

	*ret_known = number == NULL;
	if (number == NULL)
		return AW_OK;
	if (aw_person_by_number(&call->act, number, &person, err) != AW_OK)
		return err->status == AW_NOT_FOUND ? AW_OK : err->status;
	if (aw_access_to(&call->act, person.id, &access, err) != AW_OK ||
		aw_log_looks(call->act.tx, person.id, call->act.real_ms - RECENT_DAYS * AW_DAY_MS,
			&looks, &accounts, err) != AW_OK)
		return err->status;
	if (!aw_access_may(&access, AW_CLASS_EXISTENCE))
		return AW_OK; /* as if there were none */
	*ret_known = true;
	query->person = person.id;
	about = aw_view_object(call->view, "person");
	aw_view_text(about, "number", person.number);
	if (aw_access_may(&access, AW_CLASS_IDENTITY))
		aw_view_text(about, "name", aw_identity_name(&person.identity));
	else
		aw_view_hide(about, "name", aw_access_reason(&access, AW_CLASS_IDENTITY));
	aw_view_int(about, "looks", looks);
	aw_view_int(about, "accounts", accounts);
	aw_view_int(about, "days", RECENT_DAYS);
	aw_act_looked(&call->act, person.id,
		access.shown &
			(AW_CLASS_BIT(AW_CLASS_EXISTENCE) | AW_CLASS_BIT(AW_CLASS_IDENTITY)));
	call->act.object = person.number;
	return AW_OK;
}

static const char *
unit_name(const struct aw_call *call, const char *unit)
{
	const char *text = aw_policy_text(
		call->act.policy, "unit_short", unit == NULL ? "" : unit, call->language);

	return text == NULL ? unit : text;
}

static enum aw_status
ask_login(struct aw_call *call, struct aw_log_query *query, bool *ret_known, struct aw_error *err)
{
	const char *login = aw_call_value(call, "login");
	struct aw_account account;
	struct aw_view *who;
	int64_t entries, people;

	*ret_known = login == NULL;
	if (login == NULL)
		return AW_OK;
	if (aw_account_by_login(call->act.tx, call->act.arena, login, &account, err) != AW_OK)
		return err->status == AW_NOT_FOUND ? AW_OK : err->status;
	*ret_known = true;
	query->account = account.id;
	who = aw_view_object(call->view, "account");
	aw_view_text(who, "login", account.login);
	aw_view_text(who, "name", account.name);
	aw_view_text(who, "title", account.title);
	aw_view_text(who, "unit", unit_name(call, account.unit));
	if (aw_log_seen(call->act.tx, account.id, call->act.real_ms - RECENT_DAYS * AW_DAY_MS,
		    &entries, &people, err) != AW_OK)
		return err->status;
	aw_view_int(who, "entries", entries);
	aw_view_int(who, "people", people);
	aw_view_int(who, "days", RECENT_DAYS);
	return AW_OK;
}

static void
show_groups(struct aw_call *call)
{
	static const char *const groups[] = { "login", "factor", "glass", "session", "desk",
		"report", "dispatch", "person", "family", "indicator", "policy", "audit", "account",
		"user", "key", "operator" };
	const char *asked = aw_call_value(call, "action");

	for (size_t i = 0; i < AW_COUNT(groups); i++) {
		struct aw_view *item = aw_view_item(call->view, "groups");
		const char *value = aw_arena_printf(call->act.arena, "%s.", groups[i]);

		aw_view_text(item, "value", value);
		aw_view_text(item, "label", groups[i]);
		aw_view_flag(item, "chosen", aw_text_eq(asked, value));
	}
}

static void
show_asked(struct aw_call *call)
{
	bool any = false;

	show_groups(call);

	for (size_t i = 0; i < AW_COUNT(filters); i++) {
		const char *value = aw_call_value(call, filters[i]);

		any |= value != NULL;
		aw_view_text(call->view, aw_arena_printf(call->act.arena, "asked_%s", filters[i]),
			value);
	}
	aw_view_flag(call->view, "filtered", any);
}

/* -- rows --------------------------------------------------------------------------------------- */

/* What else was done about the same thing. */
static const char *
object_link(struct aw_arena *arena, const char *object)
{
	if (object == NULL || !aw_public_number_valid(object, ""))
		return NULL;
	return aw_arena_printf(arena, "/log?%s=%s", object[0] == 'P' ? "person" : "object", object);
}

/* *ret_known: whether the viewer may know of them. */
static enum aw_status
show_subject(struct aw_call *call, struct aw_view *row, const struct aw_log_subject *subject,
	bool *ret_known, struct aw_error *err)
{
	struct aw_view *item = aw_view_item(row, "subjects");
	struct aw_str rest = aw_str(subject->classes);
	struct aw_arena *arena = call->act.arena;
	struct aw_access access;

	if (aw_access_to(&call->act, subject->person, &access, err) != AW_OK)
		return err->status;
	*ret_known = aw_access_may(&access, AW_CLASS_EXISTENCE);
	if (!*ret_known) {
		aw_view_hide(item, "number", aw_access_reason(&access, AW_CLASS_EXISTENCE));
		return AW_OK;
	}
	aw_view_text(item, "number", subject->number);
	if (subject->number != NULL)
		aw_view_text(
			item, "link", aw_arena_printf(arena, "/log?person=%s", subject->number));
	while (rest.at != NULL) {
		struct aw_str code = aw_str_cut(rest, ',', &rest);

		if (code.len > 0)
			aw_view_text(aw_view_item(item, "classes"), "code",
				aw_arena_strndup(arena, code.at, code.len));
	}
	return AW_OK;
}

/* Of a person whom an entry names without having shown them. */
static enum aw_status
may_know(struct aw_call *call, const char *number, bool *ret_may, struct aw_error *err)
{
	struct aw_access access;
	struct aw_person person;
	enum aw_status status = aw_person_by_number(&call->act, number, &person, err);

	if (status == AW_NOT_FOUND) {
		aw_error_clear(err);
		return AW_OK;
	}
	if (status != AW_OK || aw_access_to(&call->act, person.id, &access, err) != AW_OK)
		return err->status;
	*ret_may = aw_access_may(&access, AW_CLASS_EXISTENCE);
	return AW_OK;
}

/* The people of an entry, and what it was about: told to whom all of them may be known, and who may know
 * of matters at all for the purpose stated. */
static enum aw_status
show_about(struct aw_call *call, struct aw_view *row, const struct aw_log_entry *entry,
	struct aw_error *err)
{
	struct aw_access access;
	bool told, known;

	if (aw_access_of_matter(&call->act, NULL, 0, NULL, 0, &access, err) != AW_OK)
		return err->status;
	told = aw_access_may(&access, AW_CLASS_EXISTENCE);
	aw_view_flag(row, "many", entry->subject_count > SUBJECTS_UNFOLDED);
	for (size_t i = 0; i < entry->subject_count; i++) {
		if (show_subject(call, row, &entry->subjects[i], &known, err) != AW_OK)
			return err->status;
		told = told && known;
	}
	if (told && entry->object != NULL && aw_public_number_valid(entry->object, "P") &&
		may_know(call, entry->object, &told, err) != AW_OK)
		return err->status;
	if (!told && entry->object != NULL && aw_public_number_valid(entry->object, "")) {
		aw_view_hide(row, "object", "confidential");
		return AW_OK;
	}
	aw_view_text(row, "object", entry->object);
	aw_view_text(row, "object_link", object_link(call->act.arena, entry->object));
	return AW_OK;
}

static enum aw_status
show_actor(struct aw_call *call, struct aw_view *row, const struct aw_log_entry *entry,
	struct aw_error *err)
{
	struct aw_account account;

	aw_view_text(row, "actor", entry->actor);
	aw_view_text(row, "unit", unit_name(call, entry->unit));
	if (entry->account == 0)
		return AW_OK;
	if (aw_account_get(call->act.tx, call->act.arena, entry->account, &account, err) != AW_OK)
		return err->status;
	aw_view_text(row, "name", account.name);
	aw_view_text(row, "title", account.title);
	aw_view_text(row, "link", aw_arena_printf(call->act.arena, "/log?login=%s", account.login));
	return AW_OK;
}

static enum aw_status
show_entry(struct aw_call *call, const struct aw_log_entry *entry, struct aw_error *err)
{
	struct aw_view *row = aw_view_item(call->view, "rows");
	struct aw_arena *arena = call->act.arena;

	if (show_actor(call, row, entry, err) != AW_OK)
		return err->status;
	aw_view_int(row, "leaf", entry->leaf);
	aw_view_int(row, "at", entry->at);
	if (entry->purpose != NULL)
		aw_view_text(row, "purpose",
			aw_policy_text(
				call->act.policy, "purpose", entry->purpose, call->language));
	aw_view_text(row, "action", entry->action);
	aw_view_text(row, "outcome", entry->outcome);
	aw_view_flag(row, "refused", strcmp(entry->outcome, "ok") != 0);
	aw_view_flag(row, "sound", aw_log_entry_sound(arena, entry));
	aw_view_text(row, "hash", aw_hex(arena, entry->hash.at, 8));
	return show_about(call, row, entry, err);
}

static enum aw_status
show_rows(struct aw_call *call, struct aw_log_query *query, struct aw_error *err)
{
	struct aw_log_entry *entries = NULL;
	size_t count = 0;
	bool more = false;

	if (aw_log_find(call->act.tx, call->act.arena, query, &entries, &count, &more, err) !=
		AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (show_entry(call, &entries[i], err) != AW_OK)
			return err->status;
	if (more)
		aw_view_text(call->view, "older",
			aw_arena_printf(call->act.arena, "%sbefore=%lld", own_path(call),
				(long long)entries[count - 1].leaf));
	if (query->before != 0)
		aw_view_text(call->view, "newest", own_path(call));
	return AW_OK;
}

/* -- is it what was written? -------------------------------------------------------------------- */

static enum aw_status
show_state(struct aw_call *call, struct aw_error *err)
{
	struct aw_checkpoint checkpoint;
	struct aw_log_report report;
	struct aw_view *checked;
	int64_t size;

	if (aw_log_state(call->act.tx, call->act.arena, &checkpoint, &size, err) != AW_OK)
		return err->status;
	aw_view_int(call->view, "entries", size);
	aw_view_int(call->view, "signed_entries", checkpoint.size);
	if (checkpoint.size > 0) {
		aw_view_int(call->view, "signed_at", checkpoint.at);
		aw_view_text(call->view, "signed_root",
			aw_hex(call->act.arena, checkpoint.root.at, AW_HASH_BYTES));
		aw_view_text(call->view, "note", checkpoint.note);
	}
	aw_view_text(call->view, "check_link",
		aw_arena_printf(call->act.arena, "%scheck=all", own_path(call)));
	if (!aw_text_eq(aw_call_value(call, "check"), "all"))
		return AW_OK;
	if (aw_log_verify_in(call->act.tx, call->act.arena, NULL, NULL, &report, err) != AW_OK)
		return err->status;
	checked = aw_view_object(call->view, "checked");
	aw_view_flag(checked, "sound", report.fault == AW_LOG_SOUND);
	aw_view_text(checked, "result", aw_log_fault_name(report.fault));
	aw_view_int(checked, "entries", report.entries);
	aw_view_int(checked, "checkpoints", report.checkpoints);
	if (report.bad_leaf >= 0)
		aw_view_int(checked, "bad_leaf", report.bad_leaf);
	return AW_OK;
}

/* GET /log */
enum aw_status
aw_log_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_log_query query = { .object = aw_call_value(call, "object"),
		.action = aw_call_value(call, "action"),
		.outcome = aw_call_value(call, "outcome"),
		.from_at = day_of(call, "from", false),
		.to_at = day_of(call, "to", true),
		.before = aw_call_int(call, "before", 0, INT64_MAX, 0),
		.limit = ROWS };
	bool known_person = false, known_login = false;

	show_asked(call);
	if (show_state(call, err) != AW_OK || aw_notices_show(call, err) != AW_OK ||
		ask_person(call, &query, &known_person, err) != AW_OK ||
		ask_login(call, &query, &known_login, err) != AW_OK)
		return err->status;
	aw_view_flag(call->view, "unknown_person", !known_person);
	aw_view_flag(call->view, "unknown_login", !known_login);
	if (!known_person || !known_login || call->problems != NULL)
		return AW_OK;
	return show_rows(call, &query, err);
}
