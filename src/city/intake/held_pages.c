/* city/intake - the page of what is held back: released one by one or all, refused with a reason. */
#include <string.h>

#include "city/intake/held.h"
#include "guard/access.h"
#include "page/parts.h"

enum { ROWS = 100, AT_ONCE = 500 };

static const AW_VIEW_TYPE(row_view, "HeldReport", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("kind_name", TEXT, OPEN), AW_FIELD("district_name", TEXT, OPEN),
	AW_FIELD("received_at", INSTANT, OPEN), AW_FIELD("urgent", FLAG, OPEN),
	AW_FIELD("complete", PERCENT, OPEN), AW_FIELD("source", TEXT, OPEN),
	AW_FIELD("people", TEXT, IDENTITY), AW_FIELD("place", TEXT, ADDRESS),
	AW_FIELD("narrative", TEXT, NARRATIVE), AW_FIELD("ended_at", INSTANT, OPEN),
	AW_FIELD("reason", TEXT, OPEN), AW_FIELD("name", TEXT, OPEN));

const AW_VIEW_TYPE(aw_held_view, "HeldReports", "intake/held", AW_FIELD("count", NUMBER, OPEN),
	AW_FIELD("urgent", NUMBER, OPEN), AW_FIELD_OF("rows", LIST, OPEN, &row_view),
	AW_FIELD_OF("refused", LIST, OPEN, &row_view),
	AW_FIELD_OF("reasons", LIST, OPEN, &aw_choice_view));

/* What the viewer's unit may see of a report of which nobody is recognised yet. */
static enum aw_status
find_access(struct aw_call *call, struct aw_access *ret, struct aw_error *err)
{
	const struct aw_policy *policy = call->act.policy;
	struct aw_tie_seen *ties = NULL;
	size_t count = 0, room = 0;

	for (size_t i = 0; i < policy->unit_count; i++)
		if (policy->units[i].screens)
			*AW_PUSH(call->act.arena, ties, count, room) =
				(struct aw_tie_seen){ .unit = policy->units[i].code,
					.side = "neutral",
					.kind = "screening" };
	return aw_access_of_matter(&call->act, NULL, 0, ties, count, ret, err);
}

static void
show_text(struct aw_view *row, const char *field, const struct aw_access *access,
	enum aw_field_class class, const char *text)
{
	if (aw_access_may(access, class))
		aw_view_text(row, field, text);
	else
		aw_view_hide(row, field, aw_access_reason(access, class));
}

/* What was said, so that nobody refuses what they have not read. */
static enum aw_status
show_content(struct aw_call *call, struct aw_view *row, const struct aw_held *held,
	const struct aw_access *access, struct aw_error *err)
{
	const struct aw_kind *kind = aw_policy_kind(call->act.policy, held->kind);
	struct aw_buf people = { .arena = call->act.arena };
	struct aw_access own = *access;
	struct aw_report_person *persons;
	struct aw_report report;
	size_t count;

	if (kind != NULL && kind->sealed_in_lists && !aw_access_may(&own, AW_CLASS_SEXUAL))
		own.shown &= ~(uint32_t)(AW_CLASS_BIT(AW_CLASS_NARRATIVE) |
					 AW_CLASS_BIT(AW_CLASS_IDENTITY));
	if (aw_report_get(&call->act, held->report, AW_REPORT_CONTENT, &report, err) != AW_OK ||
		aw_report_persons(&call->act, held->report, AW_REPORT_CONTENT, &persons, &count,
			err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (persons[i].as_reported.name != NULL)
			aw_buf_printf(&people, "%s%s", people.len > 0 ? ", " : "",
				persons[i].as_reported.name);
	show_text(
		row, "people", &own, AW_CLASS_IDENTITY, people.len > 0 ? aw_buf_z(&people) : NULL);
	show_text(row, "place", &own, AW_CLASS_ADDRESS, report.address);
	show_text(row, "narrative", &own, AW_CLASS_NARRATIVE, report.narrative);
	return AW_OK;
}

static struct aw_view *
show_row(struct aw_call *call, const char *list, const struct aw_held *held)
{
	const struct aw_policy *policy = call->act.policy;
	struct aw_view *row = aw_view_item(call->view, list);
	const char *lang = call->language;

	aw_view_text(row, "number", held->number);
	aw_view_text(row, "kind_name", aw_policy_text(policy, "kind_short", held->kind, lang));
	aw_view_text(
		row, "district_name", aw_policy_text(policy, "district", held->district, lang));
	aw_view_int(row, "received_at", held->received_at);
	aw_view_flag(row, "urgent", held->urgent);
	aw_view_int(row, "complete", held->complete_permille * 10);
	aw_view_text(row, "source", held->source);
	if (held->ended_at.known)
		aw_view_int(row, "ended_at", held->ended_at.v);
	aw_view_text(row, "reason", aw_policy_text(policy, "held", held->reason, lang));
	aw_view_text(row, "name", held->name);
	return row;
}

static enum aw_status
show_list(struct aw_call *call, const char *state, const char *list, struct aw_error *err)
{
	struct aw_access access;
	struct aw_held *held;
	size_t count;

	if (aw_held_list(&call->act, state, ROWS, &held, &count, err) != AW_OK ||
		find_access(call, &access, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (show_content(call, show_row(call, list, &held[i]), &held[i], &access, err) !=
			AW_OK)
			return err->status;
	return AW_OK;
}

enum aw_status
aw_held_show(struct aw_call *call, struct aw_error *err)
{
	const struct aw_policy *policy = call->act.policy;
	struct aw_held_counts counts;

	if (aw_held_count(&call->act, &counts, err) != AW_OK ||
		show_list(call, "held", "rows", err) != AW_OK ||
		show_list(call, "refused", "refused", err) != AW_OK)
		return err->status;
	aw_view_int(call->view, "count", counts.held);
	aw_view_int(call->view, "urgent", counts.urgent);
	for (size_t i = 0; i < policy->reason_count[AW_REASONS_HELD]; i++) {
		const struct aw_reason_code *reason = &policy->reasons[AW_REASONS_HELD][i];

		aw_choice_add(call->view, "reasons", reason->code,
			aw_label_text(reason->label, call->language), false);
	}
	return AW_OK;
}

/* What the log says it was about: the number of one, how many of more. */
static void
name_object(struct aw_call *call, const char *number, size_t count)
{
	call->act.object =
		count == 1 ? number : aw_arena_printf(call->act.arena, "%zu reports", count);
}

static enum aw_status
none_chosen(struct aw_call *call, struct aw_error *err)
{
	aw_call_problem(call, "numbers", "held.choose", NULL);
	return aw_fail(err, AW_INVALID, "no report was chosen");
}

static enum aw_status
release_all(struct aw_call *call, size_t *ret_count, const char **ret_number, struct aw_error *err)
{
	struct aw_held *held;

	if (aw_held_list(&call->act, "held", AT_ONCE, &held, ret_count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < *ret_count; i++)
		if (aw_held_release(&call->act, held[i].report, err) != AW_OK)
			return err->status;
	*ret_number = *ret_count > 0 ? held[0].number : NULL;
	return AW_OK;
}

enum aw_status
aw_held_release_post(struct aw_call *call, struct aw_error *err)
{
	const char *number, *first = NULL;
	struct aw_report report;
	size_t count = 0;

	if (aw_call_value(call, "all") != NULL) {
		if (release_all(call, &count, &first, err) != AW_OK)
			return err->status;
	} else {
		for (; (number = aw_call_value_at(call, "numbers", count)) != NULL; count++) {
			if (aw_report_by_number(
				    &call->act, number, AW_REPORT_PLAIN, &report, err) != AW_OK ||
				aw_held_release(&call->act, report.id, err) != AW_OK)
				return err->status;
			first = report.number;
		}
	}
	if (count == 0)
		return none_chosen(call, err);
	name_object(call, first, count);
	aw_call_redirect(call, "notice.held_released", "/held");
	return AW_OK;
}

enum aw_status
aw_held_refuse_post(struct aw_call *call, struct aw_error *err)
{
	const char *number, *first = NULL, *reason = aw_call_value(call, "reason");
	struct aw_report report;
	size_t count = 0;

	if (reason == NULL || aw_policy_reason(call->act.policy, AW_REASONS_HELD, reason) == NULL) {
		aw_call_problem(call, "reason", "held.reason_missing", NULL);
		return aw_fail(err, AW_INVALID, "a refusal has a reason");
	}
	for (; (number = aw_call_value_at(call, "numbers", count)) != NULL; count++) {
		if (aw_report_by_number(&call->act, number, AW_REPORT_PLAIN, &report, err) !=
				AW_OK ||
			aw_held_refuse(&call->act, report.id, reason, err) != AW_OK)
			return err->status;
		first = report.number;
	}
	if (count == 0)
		return none_chosen(call, err);
	name_object(call, first, count);
	aw_call_redirect(call, "notice.held_refused", "/held");
	return AW_OK;
}
