/* The things an indicator counted: numbers, days and kinds, without names. */
#include <string.h>

#include "city/indicator/ask.h"
#include "city/indicator/indicator.sql.h"
#include "city/indicator/pages.h"
#include "guard/access.h"

#define ROWS_A_PAGE 25

static AW_VIEW_TYPE(row_view, "IndicatorRow", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("link", LINK, OPEN), AW_FIELD("position", NUMBER, OPEN),
	AW_FIELD("day", DAY, OPEN), AW_FIELD("at", INSTANT, OPEN), AW_FIELD("kind", TEXT, OPEN),
	AW_FIELD("kind_code", TEXT, OPEN), AW_FIELD("district", TEXT, OPEN),
	AW_FIELD("unit", TEXT, OPEN), AW_FIELD("age", NUMBER, OPEN),
	AW_FIELD("numerator", FLAG, OPEN), AW_FIELD("prior", TEXT, OPEN),
	AW_FIELD("days", NUMBER, OPEN), AW_FIELD("took", DURATION, OPEN));

AW_VIEW_TYPE(aw_indicator_rows_view, "IndicatorRows", "indicator/rows",
	AW_FIELD("code", TEXT, OPEN), AW_FIELD("name", TEXT, OPEN), AW_FIELD("period", TEXT, OPEN),
	AW_FIELD("version", TEXT, OPEN), AW_FIELD("back", LINK, OPEN),
	AW_FIELD("part_name", TEXT, OPEN), AW_FIELD("part_unit", TEXT, OPEN),
	AW_FIELD("numerator_only", FLAG, OPEN), AW_FIELD("group", TEXT, OPEN),
	AW_FIELD("cases", FLAG, OPEN), AW_FIELD("value_name", TEXT, OPEN),
	AW_FIELD("prior_name", TEXT, OPEN), AW_FIELD("first", NUMBER, OPEN),
	AW_FIELD("last", NUMBER, OPEN), AW_FIELD("total", NUMBER, OPEN),
	AW_FIELD("previous", LINK, OPEN), AW_FIELD("next", LINK, OPEN),
	AW_FIELD_OF("rows", LIST, OPEN, &row_view));

/* What is asked of the rows. */
struct wanted {
	struct aw_indicator_asked asked;
	const char *group; /* NULL: all */
	bool numerator;
	int64_t from;
};

static bool
is_wanted(struct aw_arena *arena, const struct wanted *wanted, const struct aw_indicator_row *row)
{
	const char *key;

	if (wanted->numerator && !row->numerator)
		return false;
	if (wanted->group == NULL)
		return true;
	key = aw_indicator_row_key(arena, row, wanted->asked.by);
	if (wanted->numerator && wanted->asked.by == AW_BY_KIND && row->numerator_kind != NULL)
		key = row->numerator_kind;
	return strcmp(key, wanted->group) == 0;
}

/* A service case's number begins with S, a report's with R. */
static bool
is_case(const char *number)
{
	return number[0] == 'S';
}

static enum aw_status
people_of(const struct aw_act *act, const char *number, int64_t **ret_people, size_t *ret_count,
	struct aw_error *err)
{
	struct sql_indicator_people_of_report *of_report = NULL;
	struct sql_indicator_people_of_case *of_case = NULL;
	enum aw_status status;
	int64_t *people;
	bool by_case = is_case(number);
	size_t count = 0;

	if (by_case)
		status = sql_indicator_people_of_case(act->tx,
			&(struct sql_indicator_people_of_case_in){ .number = number }, act->arena,
			&of_case, &count, err);
	else
		status = sql_indicator_people_of_report(act->tx,
			&(struct sql_indicator_people_of_report_in){ .number = number }, act->arena,
			&of_report, &count, err);
	if (status != AW_OK)
		return status;
	people = AW_NEW_ARRAY(act->arena, int64_t, count);
	for (size_t i = 0; i < count; i++)
		people[i] = by_case ? of_case[i].person : of_report[i].person;
	*ret_people = people;
	*ret_count = count;
	return AW_OK;
}

static enum aw_status
ties_of(const struct aw_act *act, const char *number, struct aw_tie_seen **ret_ties,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_indicator_ties_of_report *of_report = NULL;
	struct sql_indicator_ties_of_case *of_case = NULL;
	struct aw_tie_seen *ties;
	enum aw_status status;
	bool by_case = is_case(number);
	size_t count = 0;

	if (by_case)
		status = sql_indicator_ties_of_case(act->tx,
			&(struct sql_indicator_ties_of_case_in){ .number = number }, act->arena,
			&of_case, &count, err);
	else
		status = sql_indicator_ties_of_report(act->tx,
			&(struct sql_indicator_ties_of_report_in){ .number = number }, act->arena,
			&of_report, &count, err);
	if (status != AW_OK)
		return status;
	ties = AW_NEW_ARRAY(act->arena, struct aw_tie_seen, count);
	for (size_t i = 0; i < count; i++) {
		if (by_case)
			ties[i] = (struct aw_tie_seen){ of_case[i].unit, of_case[i].worker,
				of_case[i].side, "lead" };
		else
			ties[i] = (struct aw_tie_seen){ of_report[i].unit, of_report[i].worker.v,
				of_report[i].side, of_report[i].role };
	}
	*ret_ties = ties;
	*ret_count = count;
	return AW_OK;
}

enum aw_status
aw_indicator_may_tell(struct aw_act *act, const struct aw_indicator_thing *thing, bool *ret_may,
	struct aw_error *err)
{
	const struct aw_kind *kind = aw_policy_kind(act->policy, thing->kind);
	struct aw_tie_seen *ties = NULL;
	struct aw_access access;
	int64_t *people = NULL;
	size_t count = 0, tie_count = 0;

	*ret_may = false;
	if (kind == NULL || kind->sealed_in_lists)
		return AW_OK;
	if (people_of(act, thing->number, &people, &count, err) != AW_OK ||
		ties_of(act, thing->number, &ties, &tie_count, err) != AW_OK ||
		aw_access_of_matter(act, people, count, ties, tie_count, &access, err) != AW_OK)
		return err->status;
	*ret_may = !access.shielded && !access.as_respondent &&
		   aw_access_lists(&access, AW_CLASS_EXISTENCE, thing->unit) &&
		   (!thing->risk || aw_access_may(&access, AW_CLASS_RISK));
	for (size_t i = 0; *ret_may && i < count; i++)
		aw_act_looked(act, people[i],
			AW_CLASS_BIT(AW_CLASS_EXISTENCE) |
				(thing->risk ? AW_CLASS_BIT(AW_CLASS_RISK) : 0));
	return AW_OK;
}

static void
put_open_fields(struct aw_call *call, const struct wanted *wanted,
	const struct aw_indicator_row *row, struct aw_view *item)
{
	const struct aw_policy *policy = call->act.policy;

	aw_view_int(item, "day", row->day);
	aw_view_int(item, "at", row->at);
	aw_view_text(item, "district",
		aw_policy_text(policy, "district", row->district, call->language));
	if (row->unit != NULL)
		aw_view_text(item, "unit",
			aw_policy_text(policy, "unit_short", row->unit, call->language));
	aw_view_flag(item, "numerator", row->numerator);
	if (row->value.known && wanted->asked.indicator->row_value_kind == AW_INDICATOR_DAYS)
		aw_view_int(item, "days", row->value.v);
	if (row->value.known && wanted->asked.indicator->row_value_kind == AW_INDICATOR_DURATION)
		aw_view_int(item, "took", row->value.v);
}

static enum aw_status
put_row(struct aw_call *call, const struct wanted *wanted, const struct aw_indicator_row *row,
	struct aw_error *err)
{
	static const char *const telling[] = { "number", "position", "kind", "kind_code", "age",
		"prior" };
	struct aw_view *item = aw_view_item(call->view, "rows");
	const char *kind =
		wanted->numerator && row->numerator_kind != NULL ? row->numerator_kind : row->kind;
	const struct aw_indicator_thing thing = { .number = row->number,
		.kind = row->numerator_kind != NULL ? row->numerator_kind : row->kind,
		.unit = row->unit };
	bool may = false;

	put_open_fields(call, wanted, row, item);
	if (aw_indicator_may_tell(&call->act, &thing, &may, err) != AW_OK)
		return err->status;
	if (!may) {
		for (size_t i = 0; i < AW_COUNT(telling); i++)
			aw_view_hide(item, telling[i], "confidential");
		return AW_OK;
	}
	aw_view_text(item, "number", row->number);
	aw_view_text(item, "link",
		aw_arena_printf(call->act.arena, is_case(row->number) ? "/cases/%s" : "/reports/%s",
			row->number));
	if (row->position.known)
		aw_view_int(item, "position", row->position.v);
	aw_view_text(item, "kind_code", kind);
	aw_view_text(item, "kind", aw_call_label(call, "kind_short", kind));
	if (row->age.known)
		aw_view_int(item, "age", row->age.v);
	aw_view_text(item, "prior", row->prior);
	return AW_OK;
}

static void
put_head(struct aw_call *call, const struct wanted *wanted)
{
	const struct aw_indicator *indicator = wanted->asked.indicator;
	struct aw_view *view = call->view;
	struct aw_arena *arena = call->act.arena;

	aw_view_text(view, "code", indicator->code);
	aw_view_text(view, "name", aw_indicator_word(call, indicator->label));
	aw_view_text(view, "version", indicator->version);
	aw_view_text(view, "period", aw_indicator_period_word(call, wanted->asked.period));
	aw_view_text(view, "back",
		aw_indicator_link(arena, &(struct aw_indicator_link){ .page = "",
						 .indicator = indicator,
						 .period = wanted->asked.period,
						 .by = wanted->asked.by }));
	aw_view_flag(view, "numerator_only", wanted->numerator);
	aw_view_text(view, "part_name",
		aw_indicator_word(
			call, wanted->numerator ? indicator->numerator : indicator->denominator));
	aw_view_text(view, "part_unit",
		aw_indicator_word(call, wanted->numerator ? indicator->numerator_unit
							  : indicator->denominator_unit));
	if (wanted->group != NULL)
		aw_view_text(view, "group",
			aw_indicator_word(call, aw_indicator_group_label(call->act.policy, arena,
							wanted->asked.by, wanted->group)));
	aw_view_text(view, "value_name", aw_indicator_word(call, indicator->row_value));
	aw_view_text(view, "prior_name", aw_indicator_word(call, indicator->prior));
}

static void
put_pager(struct aw_call *call, const struct wanted *wanted, int64_t shown, int64_t total)
{
	struct aw_indicator_link link = { .page = "/rows",
		.indicator = wanted->asked.indicator,
		.period = wanted->asked.period,
		.by = wanted->asked.by,
		.group = wanted->group,
		.numerator = wanted->numerator };

	aw_view_int(call->view, "total", total);
	if (shown != 0) {
		aw_view_int(call->view, "first", wanted->from);
		aw_view_int(call->view, "last", wanted->from + shown - 1);
	}
	if (wanted->from > 1) {
		link.from = wanted->from > ROWS_A_PAGE ? wanted->from - ROWS_A_PAGE : 1;
		aw_view_text(call->view, "previous", aw_indicator_link(call->act.arena, &link));
	}
	if (wanted->from + shown <= total) {
		link.from = wanted->from + shown;
		aw_view_text(call->view, "next", aw_indicator_link(call->act.arena, &link));
	}
}

enum aw_status
aw_indicator_rows_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_indicator_result result;
	struct wanted wanted = { 0 };
	int64_t total = 0, shown = 0;

	if (aw_indicator_asked(call, &wanted.asked, err) != AW_OK)
		return err->status;
	wanted.group = aw_call_value(call, "group");
	if (aw_text_eq(wanted.group, "-"))
		wanted.group = "";
	wanted.numerator = aw_text_eq(aw_call_value(call, "part"), "numerator");
	wanted.from = aw_call_int(call, "from", 1, 100000000, 1);
	if (aw_indicator_count(
		    &call->act, wanted.asked.indicator, wanted.asked.period, &result, err) != AW_OK)
		return err->status;
	put_head(call, &wanted);
	if (result.row_count != 0)
		aw_view_flag(call->view, "cases", is_case(result.rows[0].number));
	for (size_t i = 0; i < result.row_count; i++) {
		if (!is_wanted(call->act.arena, &wanted, &result.rows[i]))
			continue;
		total++;
		if (total < wanted.from || shown == ROWS_A_PAGE)
			continue;
		if (put_row(call, &wanted, &result.rows[i], err) != AW_OK)
			return err->status;
		shown++;
	}
	put_pager(call, &wanted, shown, total);
	return AW_OK;
}
