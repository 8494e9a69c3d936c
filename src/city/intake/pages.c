/* city/intake - receipts, status, the list, the JSON door, supplements. */
#include "city/intake/pages.h"

#include <string.h>

#include "city/intake/form.h"
#include "guard/access.h"
#include "page/parts.h"

const AW_VIEW_TYPE(aw_missing_fact_view, "MissingFact", NULL, AW_FIELD("code", TEXT, OPEN),
	AW_FIELD("label", TEXT, OPEN), AW_FIELD_CODE("why", OPEN, "report.why"));

static const AW_VIEW_TYPE(warning_view, "ReportWarning", NULL, AW_FIELD("field", TEXT, OPEN),
	AW_FIELD_CODE("message", OPEN, ""));

const AW_VIEW_TYPE(aw_receipt_view, "Receipt", "intake/receipt", AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("code", TEXT, OPEN), AW_FIELD("received_at", INSTANT, OPEN),
	AW_FIELD("repeated", FLAG, OPEN), AW_FIELD("wanted", NUMBER, OPEN),
	AW_FIELD("held", NUMBER, OPEN), AW_FIELD("can_dispatch", FLAG, OPEN),
	AW_FIELD_OF("missing", LIST, OPEN, &aw_missing_fact_view),
	AW_FIELD_OF("warnings", LIST, OPEN, &warning_view));

const AW_VIEW_TYPE(aw_report_status_view, "ReportStatus", "intake/status",
	AW_FIELD("asked", FLAG, OPEN), AW_FIELD("known", FLAG, OPEN),
	AW_FIELD_CODE("state", OPEN, "report.status"));

static const AW_VIEW_TYPE(row_view, "ReportLine", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("path", LINK, OPEN), AW_FIELD("kind", TEXT, OPEN),
	AW_FIELD("kind_name", TEXT, OPEN), AW_FIELD("district_name", TEXT, OPEN),
	AW_FIELD("channel_name", TEXT, OPEN), AW_FIELD("reporter_role_name", TEXT, OPEN),
	AW_FIELD("received_at", INSTANT, OPEN), AW_FIELD("urgent", FLAG, OPEN),
	AW_FIELD("complete", PERCENT, OPEN), AW_FIELD("issue_count", NUMBER, OPEN),
	AW_FIELD("person_count", NUMBER, OPEN), AW_FIELD_OF("state", OBJECT, OPEN, &aw_pill_view));

static const AW_VIEW_TYPE(state_view, "ReportStateChoice", NULL,
	AW_FIELD_CODE("state", OPEN, "report.state"), AW_FIELD("link", LINK, OPEN),
	AW_FIELD("current", FLAG, OPEN));

const AW_VIEW_TYPE(aw_report_list_view, "ReportList", "intake/list",
	AW_FIELD("total", NUMBER, OPEN), AW_FIELD("total_more", FLAG, OPEN),
	AW_FIELD_OF("states", LIST, OPEN, &state_view),
	AW_FIELD_OF("kinds", OBJECT, OPEN, &aw_filter_view),
	AW_FIELD_OF("districts", OBJECT, OPEN, &aw_filter_view),
	AW_FIELD_OF("channels", OBJECT, OPEN, &aw_filter_view), AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("from", TEXT, OPEN), AW_FIELD("to", TEXT, OPEN), AW_FIELD("filtered", FLAG, OPEN),
	AW_FIELD_CODE("state", OPEN, "report.state"), AW_FIELD("state_code", TEXT, OPEN),
	AW_FIELD("kind_code", TEXT, OPEN), AW_FIELD("district_code", TEXT, OPEN),
	AW_FIELD("channel_code", TEXT, OPEN), AW_FIELD_OF("rows", LIST, OPEN, &row_view),
	AW_FIELD("older", LINK, OPEN), AW_FIELD("newest", LINK, OPEN));

const AW_VIEW_TYPE(aw_supplement_view, "Supplement", "intake/supplement",
	AW_FIELD("number", TEXT, OPEN), AW_FIELD("code", TEXT, OPEN),
	AW_FIELD("narrative", TEXT, OPEN), AW_FIELD("address", TEXT, OPEN),
	AW_FIELD("phone", TEXT, OPEN), AW_FIELD("sent", FLAG, OPEN),
	AW_FIELD("unknown", FLAG, OPEN));

/* -- receipts --------------------------------------------------------------------------------- */

const char *
aw_why_code(enum aw_why why)
{
	static const char *const codes[] = { "dispatch", "urgency", "call" };

	return codes[why];
}

void
aw_missing_fill(struct aw_call *call, struct aw_view *view, const char *field,
	const struct aw_completeness *complete)
{
	for (size_t i = 0; i < complete->missing_count; i++) {
		const struct aw_need *need = complete->missing[i].need;
		struct aw_view *row = aw_view_item(view, field);
		aw_view_text(row, "code", need->code);
		aw_view_text(row, "label", aw_label_text(need->label, call->language));
		aw_view_text(row, "why", aw_why_code(need->why));
	}
}

void
aw_receipt_fill(struct aw_call *call, struct aw_view *view, const struct aw_receipt *receipt)
{
	aw_view_text(view, "number", receipt->number);
	aw_view_text(view, "code", receipt->code);
	aw_view_int(view, "received_at", receipt->received_at);
	aw_view_flag(view, "repeated", receipt->repeated);
	aw_view_int(view, "wanted", (int64_t)receipt->complete.wanted);
	aw_view_int(view, "held", (int64_t)receipt->complete.held);
	aw_view_flag(view, "can_dispatch", receipt->complete.can_dispatch);
	aw_missing_fill(call, view, "missing", &receipt->complete);
	for (size_t i = 0; i < receipt->warning_count; i++) {
		struct aw_view *row = aw_view_item(view, "warnings");
		aw_view_text(row, "field", receipt->warnings[i].field);
		aw_view_text(row, "message", receipt->warnings[i].message);
	}
}

static void
note_problems(struct aw_call *call, const struct aw_report_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++)
		aw_call_problem(call, problems->at[i].field, problems->at[i].message,
			problems->at[i].detail);
}

/* What a report says by who sends it. */
static void
take_sender(struct aw_call *call, struct aw_report_in *in)
{
	const struct aw_viewer *viewer = call->act.viewer;

	if (in->channel == NULL)
		in->channel = viewer->account != 0 ? "agency" : "api";
	in->sender = viewer->login;
	in->idempotency_key = aw_call_value(call, "idempotency_key");
	in->outreach_unit = NULL;
	if (strcmp(in->channel, "outreach") == 0)
		in->outreach_unit = viewer->unit;
	if (in->reporter.unit == NULL && viewer->unit != NULL) {
		const struct aw_unit *unit = aw_policy_unit(call->act.policy, viewer->unit);
		in->reporter.unit = unit != NULL ? unit->label.zh : viewer->name;
	}
	in->received_at = 0; /* the clock starts here, whatever the sender's says */
}

enum aw_status
aw_reports_ready(struct aw_call *call, struct aw_error *err)
{
	struct aw_report_problems problems = { 0 };
	struct aw_report_in *in = AW_NEW(call->act.arena, struct aw_report_in);
	struct aw_report_ready *ready;

	if (call->json == NULL)
		return aw_fail(err, AW_INVALID,
			"send one report as application/json; forms go to /report");
	if (aw_report_from_json(call->act.arena, call->json, in, &problems, err) == AW_OK) {
		take_sender(call, in);
		if (aw_report_make_ready(&call->act, in, &ready, &problems, err) == AW_OK) {
			call->ready = ready;
			return AW_OK;
		}
	}
	note_problems(call, &problems);
	return err->status;
}

/* The JSON door. Whoever sends learns the receipt and what is missing, never a hit or decision. */
enum aw_status
aw_reports_post(struct aw_call *call, struct aw_error *err)
{
	struct aw_receipt receipt;

	if (call->ready == NULL && aw_reports_ready(call, err) != AW_OK)
		return err->status;
	if (aw_report_receive_ready(&call->act, call->ready, &receipt, err) != AW_OK)
		return err->status;
	aw_receipt_fill(call, call->view, &receipt);
	return AW_OK;
}

/* -- status ----------------------------------------------------------------------------------- */

enum aw_status
aw_report_status_form(struct aw_call *call, struct aw_error *err)
{
	(void)err;
	aw_view_flag(call->view, "asked", false);
	aw_view_flag(call->view, "known", false);
	return AW_OK;
}

/* Wrong, unknown and absent give the same page to the byte: nothing typed comes back. */
enum aw_status
aw_report_status_show(struct aw_call *call, struct aw_error *err)
{
	const char *state;

	if (aw_report_status(&call->act, aw_call_value(call, "number"), aw_call_value(call, "code"),
		    &state, err) != AW_OK)
		return err->status;
	aw_view_flag(call->view, "asked", true);
	aw_view_flag(call->view, "known", state != NULL);
	aw_view_text(call->view, "state", state);
	return AW_OK;
}

/* -- the list --------------------------------------------------------------------------------- */

enum { ROWS = 50 };

static const char *const states[] = { "held", "received", "screened", "dispatched", "closed",
	"refused" };

struct list_query {
	const char *state, *kind, *district, *channel, *number, *from, *to;
};

/* The list's address with one filter changed (name NULL: none). */
static const char *
link_with(struct aw_call *call, const struct list_query *q, const char *name, const char *code)
{
	const char *const names[] = { "state", "kind", "district", "channel", "number", "from",
		"to" };
	const char *const values[] = { q->state, q->kind, q->district, q->channel, q->number,
		q->from, q->to };
	struct aw_buf buf = { .arena = call->act.arena };
	char separator = '?';

	aw_buf_text(&buf, "/reports");
	for (size_t i = 0; i < AW_COUNT(names); i++) {
		const char *text = name != NULL && strcmp(names[i], name) == 0 ? code : values[i];
		if (text == NULL || text[0] == '\0')
			continue;
		aw_buf_printf(&buf, "%c%s=", separator, names[i]);
		separator = '&';
		for (const char *c = text; *c != '\0'; c++) {
			bool plain = (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') ||
				     (*c >= 'a' && *c <= 'z') || strchr("-._", *c) != NULL;
			if (plain)
				aw_buf_char(&buf, *c);
			else
				aw_buf_printf(&buf, "%%%02X", (unsigned)(unsigned char)*c);
		}
	}
	return aw_buf_z(&buf);
}

static void
show_filters(struct aw_call *call, const struct list_query *q)
{
	const struct aw_policy *p = call->act.policy;
	const char *lang = call->language;
	struct aw_view *filter;

	for (size_t i = 0; i < AW_COUNT(states); i++) {
		struct aw_view *state = aw_view_item(call->view, "states");
		aw_view_text(state, "state", states[i]);
		aw_view_text(state, "link", link_with(call, q, "state", states[i]));
		aw_view_flag(state, "current", aw_text_eq(q->state, states[i]));
	}
	filter = aw_filter_put(call->view, "kinds", "report.filter.kind",
		aw_policy_text(p, "kind_short", q->kind, lang));
	for (size_t i = 0; i < p->kind_count; i++)
		aw_filter_choice(filter, aw_policy_text(p, "kind_short", p->kinds[i].code, lang),
			link_with(call, q, "kind", p->kinds[i].code),
			aw_text_eq(q->kind, p->kinds[i].code));
	filter = aw_filter_put(call->view, "districts", "report.filter.district",
		aw_policy_text(p, "district", q->district, lang));
	for (size_t i = 0; i < p->city.district_count; i++)
		aw_filter_choice(filter,
			aw_policy_text(p, "district", p->city.districts[i].code, lang),
			link_with(call, q, "district", p->city.districts[i].code),
			aw_text_eq(q->district, p->city.districts[i].code));
	filter = aw_filter_put(call->view, "channels", "report.filter.channel",
		aw_policy_text(p, "channel", q->channel, lang));
	for (size_t i = 0; i < p->channel_count; i++)
		aw_filter_choice(filter, aw_policy_text(p, "channel", p->channels[i].code, lang),
			link_with(call, q, "channel", p->channels[i].code),
			aw_text_eq(q->channel, p->channels[i].code));
}

static enum aw_tone
tone_of(const char *state)
{
	if (strcmp(state, "received") == 0 || strcmp(state, "held") == 0)
		return AW_TONE_WAIT;
	if (strcmp(state, "screened") == 0)
		return AW_TONE_ON;
	return strcmp(state, "dispatched") == 0 ? AW_TONE_SENT : AW_TONE_END;
}

/* The centre and whoever settles see every report, others those that were sent to their unit. */
static bool
sees_all(const struct aw_call *call)
{
	const struct aw_policy *policy = call->act.policy;
	const struct aw_viewer *viewer = call->act.viewer;

	return aw_access_may_do(policy, viewer, "dispatch.screen") ||
	       aw_access_may_do(policy, viewer, "dispatch.review") ||
	       aw_access_may_do(policy, viewer, "dispatch.settle");
}

static void
show_row(struct aw_call *call, const struct aw_report_line *line)
{
	const struct aw_policy *p = call->act.policy;
	struct aw_view *row = aw_view_item(call->view, "rows");
	struct aw_arena *arena = call->act.arena;
	const char *lang = call->language;

	aw_view_text(row, "number", line->number);
	aw_view_text(row, "path", aw_arena_printf(arena, "/reports/%s", line->number));
	aw_view_text(row, "kind", line->kind);
	aw_view_text(row, "kind_name", aw_policy_text(p, "kind_short", line->kind, lang));
	aw_view_text(row, "district_name", aw_policy_text(p, "district", line->district, lang));
	aw_view_text(row, "channel_name", aw_policy_text(p, "channel", line->channel, lang));
	if (sees_all(call))
		aw_view_text(row, "reporter_role_name",
			aw_policy_text(p, "reporter_role", line->reporter_role, lang));
	else
		aw_view_hide(row, "reporter_role_name", "confidential");
	aw_view_int(row, "received_at", line->received_at);
	aw_view_flag(row, "urgent", line->urgent);
	/* whole per cents: a share of some ten questions */
	aw_view_int(row, "complete", (line->complete_permille + 5) / 10 * 100);
	aw_view_int(row, "issue_count", line->issue_count);
	aw_view_int(row, "person_count", line->person_count);
	aw_pill_put(row, "state", aw_arena_printf(arena, "report.state.%s", line->state),
		tone_of(line->state));
}

/* A day of a filter in any written form; a problem is noted when it cannot be read. */
static struct aw_maybe
day_of(struct aw_call *call, const char *name)
{
	const char *text = aw_call_value(call, name);
	struct aw_report_person_in reading = { .birth_date = text };

	if (text == NULL)
		return AW_UNKNOWN;
	if (!aw_report_birth_read(&reading) || !reading.birth_day.known)
		aw_call_problem(call, name, "report.date_unreadable", NULL);
	return reading.birth_day;
}

/* What the list was asked for, in the form's fields and the links of its filters. */
static void
show_query(struct aw_call *call, const struct list_query *q, int64_t total)
{
	aw_view_int(
		call->view, "total", total > AW_REPORT_COUNT_MOST ? AW_REPORT_COUNT_MOST : total);
	aw_view_flag(call->view, "total_more", total > AW_REPORT_COUNT_MOST);
	aw_view_text(call->view, "number", q->number);
	aw_view_text(call->view, "from", q->from);
	aw_view_text(call->view, "to", q->to);
	aw_view_text(call->view, "state", q->state);
	aw_view_text(call->view, "state_code", q->state);
	aw_view_text(call->view, "kind_code", q->kind);
	aw_view_text(call->view, "district_code", q->district);
	aw_view_text(call->view, "channel_code", q->channel);
	aw_view_flag(call->view, "filtered",
		q->state != NULL || q->kind != NULL || q->district != NULL || q->channel != NULL ||
			q->number != NULL || q->from != NULL || q->to != NULL);
	show_filters(call, q);
}

/* Who may know of no report for the purpose stated has no list of them. */
static enum aw_status
may_list(struct aw_call *call, struct aw_error *err)
{
	const struct aw_tie_seen own = {
		.unit = call->act.viewer->unit, .side = "neutral", .kind = "context"
	};
	struct aw_access access;

	if (aw_access_of_matter(&call->act, NULL, 0, &own, 1, &access, err) != AW_OK)
		return err->status;
	if (!aw_access_may(&access, AW_CLASS_EXISTENCE))
		return aw_fail(err, AW_DENIED, "this purpose opens no reports");
	return AW_OK;
}

enum aw_status
aw_report_list_show(struct aw_call *call, struct aw_error *err)
{
	struct list_query q = { aw_call_value(call, "state"), aw_call_value(call, "kind"),
		aw_call_value(call, "district"), aw_call_value(call, "channel"),
		aw_call_value(call, "number"), aw_call_value(call, "from"),
		aw_call_value(call, "to") };
	struct aw_report_filter filter = {
		.state = q.state,
		.kind = q.kind,
		.district = q.district,
		.channel = q.channel,
		.number = q.number,
		.from_day = day_of(call, "from"),
		.to_day = day_of(call, "to"),
		.unit = sees_all(call) ? NULL : call->act.viewer->unit,
		.limit = ROWS,
	};
	const char *after = aw_call_value(call, "after");
	struct aw_report_line *lines;
	struct aw_report last;
	size_t count;
	int64_t total;

	if (may_list(call, err) != AW_OK)
		return err->status;
	for (size_t i = 0; q.state != NULL && i <= AW_COUNT(states); i++) {
		if (i == AW_COUNT(states))
			q.state = filter.state = NULL; /* no such state: as if not asked for */
		else if (strcmp(q.state, states[i]) == 0)
			break;
	}
	/* pages go by the number of the last row: internal ids never leave */
	if (after != NULL) {
		if (aw_report_by_number(&call->act, after, AW_REPORT_PLAIN, &last, err) != AW_OK)
			return err->status;
		filter.before_at = last.received_at;
		filter.before_id = last.id;
	}
	if (aw_report_list(&call->act, &filter, &lines, &count, &total, err) != AW_OK)
		return err->status;
	show_query(call, &q, total);
	for (size_t i = 0; i < count; i++)
		show_row(call, &lines[i]);
	if (after != NULL)
		aw_view_text(call->view, "newest", link_with(call, &q, NULL, NULL));
	if (count == ROWS) {
		const char *link = link_with(call, &q, NULL, NULL);
		aw_view_text(call->view, "older",
			aw_arena_printf(call->act.arena, "%s%cafter=%s", link,
				strchr(link, '?') != NULL ? '&' : '?', lines[count - 1].number));
	}
	return AW_OK;
}

/* -- supplements ------------------------------------------------------------------------------ */

enum aw_status
aw_supplement_form(struct aw_call *call, struct aw_error *err)
{
	(void)err;
	aw_view_flag(call->view, "sent", false);
	return AW_OK;
}

/* What the reporter adds, as facts of a supplement; kept in the act's arena. */
static json_t *
added_facts(struct aw_call *call)
{
	json_t *facts = aw_json_keep(call->act.arena, json_object()), *incident = json_object();
	const char *narrative = aw_call_value(call, "narrative");
	const char *address = aw_call_value(call, "address"), *phone = aw_call_value(call, "phone");

	if (narrative != NULL)
		aw_json_put_text(incident, "narrative", narrative);
	if (address != NULL)
		aw_json_put_text(incident, "address", address);
	if (json_object_size(incident) > 0)
		aw_json_put(facts, "incident", json_incref(incident));
	json_decref(incident);
	if (phone != NULL) {
		json_t *persons = json_array(), *subject = json_object();
		aw_json_put_int(subject, "position", 1);
		aw_json_put_text(subject, "phone", phone);
		aw_json_push(persons, subject);
		aw_json_put(facts, "persons", persons);
	}
	return facts;
}

static void
keep_typed(struct aw_call *call)
{
	static const char *const names[] = { "number", "code", "narrative", "address", "phone" };

	for (size_t i = 0; i < AW_COUNT(names); i++)
		aw_view_text(call->view, names[i], aw_call_value(call, names[i]));
}

/* The oldest request of a report that waits for an answer; 0 = none. */
static enum aw_status
waiting_request(struct aw_call *call, int64_t report, int64_t *ret_request, struct aw_error *err)
{
	struct aw_supplement *list;
	size_t count;

	*ret_request = 0;
	if (aw_supplements(&call->act, report, AW_REPORT_PLAIN, &list, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count && *ret_request == 0; i++)
		if (list[i].request != 0 && !list[i].answered_at.known)
			*ret_request = list[i].request;
	return AW_OK;
}

static enum aw_status
add_facts(struct aw_call *call, const struct aw_report *report, struct aw_error *err)
{
	struct aw_completeness complete;
	json_t *facts = added_facts(call);
	int64_t request;

	if (json_object_size(facts) == 0) {
		aw_call_problem(call, "narrative", "report.empty", NULL);
		return aw_fail(err, AW_INVALID, "nothing was added");
	}
	if (waiting_request(call, report->id, &request, err) != AW_OK)
		return err->status;
	call->act.object = report->number;
	if (aw_supplement_answer(&call->act, report->id, request, facts, &complete, err) != AW_OK) {
		if (err->status == AW_INVALID)
			aw_call_problem(call, "narrative", "report.supplement_wrong", NULL);
		return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_supplement_send(struct aw_call *call, struct aw_error *err)
{
	const char *number = aw_call_value(call, "number"), *state;
	struct aw_report report;

	if (aw_report_status(&call->act, number, aw_call_value(call, "code"), &state, err) != AW_OK)
		return err->status;
	if (state == NULL) {
		keep_typed(call);
		aw_view_flag(call->view, "unknown", true);
		return AW_OK;
	}
	if (aw_report_by_number(&call->act, number, AW_REPORT_PLAIN, &report, err) != AW_OK)
		return err->status;
	if (add_facts(call, &report, err) != AW_OK) {
		keep_typed(call);
		return err->status;
	}
	aw_view_flag(call->view, "sent", true);
	return AW_OK;
}

enum aw_status
aw_report_ask(struct aw_call *call, struct aw_error *err)
{
	const char *number = aw_call_path(call, "number"), *item;
	const char *items[32];
	struct aw_report report;
	size_t count = 0;
	int64_t request;

	while (count < AW_COUNT(items) && (item = aw_call_value_at(call, "items", count)) != NULL &&
		item[0] != '\0')
		items[count++] = item;
	if (count == 0) {
		aw_call_problem(call, "items", "report.ask_what", NULL);
		return aw_fail(err, AW_INVALID, "say which facts are asked for");
	}
	if (aw_report_by_number(&call->act, number, AW_REPORT_PLAIN, &report, err) != AW_OK)
		return err->status;
	call->act.object = report.number;
	if (aw_supplement_ask(&call->act, report.id, items, count, &request, err) != AW_OK)
		return err->status;
	aw_call_redirect(call, "report.asked", "/reports/%s", report.number);
	return AW_OK;
}

enum aw_status
aw_report_add(struct aw_call *call, struct aw_error *err)
{
	struct aw_report report;

	if (aw_report_by_number(&call->act, aw_call_path(call, "number"), AW_REPORT_PLAIN, &report,
		    err) != AW_OK ||
		add_facts(call, &report, err) != AW_OK)
		return err->status;
	aw_call_redirect(call, "report.added", "/reports/%s", report.number);
	return AW_OK;
}
