/* 改定率: the rules of the tables in force, and the decisions of theirs that people changed. */
#include "city/desk/override_pages.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "city/indicator/ask.h"
#include "city/indicator/pages.h"
#include "city/triage/override.h"
#include "city/triage/triage_view.h"

enum { LAST_DAYS = 365, CASES_MOST = 200 };

static AW_VIEW_TYPE(rule_view, "OverrideRule", NULL, AW_FIELD("rule", NUMBER, OPEN),
	AW_FIELD("words", TEXT, OPEN), AW_FIELD("outcome", TEXT, OPEN),
	AW_FIELD("source", TEXT, OPEN), AW_FIELD("decided", NUMBER, OPEN),
	AW_FIELD("changed", NUMBER, OPEN), AW_FIELD("rate", PERCENT, OPEN),
	AW_FIELD("link", LINK, OPEN));

static AW_VIEW_TYPE(table_view, "OverrideTable", NULL, AW_FIELD("name", TEXT, OPEN),
	AW_FIELD_CODE("aspect", OPEN, "override.aspect"),
	AW_FIELD_OF("rules", LIST, OPEN, &rule_view));

AW_VIEW_TYPE(aw_overrides_view, "Overrides", "desk/overrides", AW_FIELD("period", TEXT, OPEN),
	AW_FIELD("asked_period", TEXT, OPEN), AW_FIELD("decisions", NUMBER, OPEN),
	AW_FIELD("changed", NUMBER, OPEN), AW_FIELD("rate", PERCENT, OPEN),
	AW_FIELD("otherwise", NUMBER, OPEN), AW_FIELD("may_cases", FLAG, OPEN),
	AW_FIELD_OF("tables", LIST, OPEN, &table_view));

static AW_VIEW_TYPE(case_view, "OverrideCase", NULL, AW_FIELD("number", TEXT, EXISTENCE),
	AW_FIELD("link", LINK, OPEN), AW_FIELD("day", DAY, OPEN), AW_FIELD("kind", TEXT, EXISTENCE),
	AW_FIELD("district", TEXT, OPEN), AW_FIELD("before", TEXT, OPEN),
	AW_FIELD("now", TEXT, OPEN), AW_FIELD("reason", TEXT, OPEN));

AW_VIEW_TYPE(aw_override_cases_view, "OverrideCases", "desk/override_cases",
	AW_FIELD("period", TEXT, OPEN), AW_FIELD("back", LINK, OPEN), AW_FIELD("name", TEXT, OPEN),
	AW_FIELD("rule", NUMBER, OPEN), AW_FIELD("words", TEXT, OPEN),
	AW_FIELD("decided", NUMBER, OPEN), AW_FIELD("changed", NUMBER, OPEN),
	AW_FIELD_OF("cases", LIST, OPEN, &case_view), AW_FIELD("more", NUMBER, OPEN));

/* -- what is asked for ------------------------------------------------------------------------------- */

static enum aw_status
read_period(struct aw_call *call, struct aw_period *ret_period, struct aw_error *err)
{
	const char *text = aw_call_value(call, "period");

	ret_period->to_day = aw_taipei_day(call->act.now_ms);
	ret_period->from_day = ret_period->to_day - LAST_DAYS + 1;
	if (text == NULL || aw_period_read(aw_str(text), ret_period, err) == AW_OK)
		return AW_OK;
	aw_call_problem(call, "period", "problem.period", NULL);
	return err->status;
}

static void
put_rate(struct aw_view *view, int64_t changed, int64_t decided)
{
	aw_view_int(view, "changed", changed);
	if (decided > 0)
		aw_view_int(view, "rate", (changed * 20000 / decided + 1) / 2);
}

/* -- the rules ------------------------------------------------------------------------------------------- */

static void
put_rule(struct aw_call *call, const struct aw_rule_tally *t, struct aw_period period,
	struct aw_view *table)
{
	struct aw_view *item = aw_view_item(table, "rules");

	aw_view_int(item, "rule", t->rule);
	aw_view_text(item, "words", t->words);
	if (t->outcome != NULL)
		aw_view_text(item, "outcome",
			aw_triage_words(call->act.arena, call->act.policy,
				t->aspect == AW_ASPECT_LEAD	  ? "type"
				: t->aspect == AW_ASPECT_PRIORITY ? "priority"
								  : t->table,
				t->outcome, call->language));
	aw_view_text(item, "source", t->source);
	aw_view_int(item, "decided", t->decided);
	put_rate(item, t->changed, t->decided);
	if (t->changed > 0)
		aw_view_text(item, "link",
			aw_arena_printf(call->act.arena,
				"/policy/overrides/cases?table=%s&rule=%" PRId64 "&period=%s",
				t->table, t->rule, aw_period_name(call->act.arena, period)));
}

enum aw_status
aw_overrides_show(struct aw_call *call, struct aw_error *err)
{
	const struct aw_rule_tally *before = NULL;
	struct aw_view *table = NULL;
	struct aw_overrides o;
	struct aw_period period;

	if (read_period(call, &period, err) != AW_OK ||
		aw_triage_overrides(&call->act, period, NULL, 0, &o, err) != AW_OK)
		return err->status;
	aw_view_text(call->view, "period", aw_indicator_period_word(call, period));
	if (aw_call_value(call, "period") != NULL)
		aw_view_text(call->view, "asked_period", aw_period_name(call->act.arena, period));
	aw_view_int(call->view, "decisions", o.decisions);
	put_rate(call->view, o.changed, o.decisions);
	aw_view_int(call->view, "otherwise", o.otherwise);
	aw_view_flag(call->view, "may_cases",
		aw_access_may_do(call->act.policy, call->act.viewer, "indicator.rows"));
	for (size_t i = 0; i < o.rule_count; i++) {
		const struct aw_rule_tally *t = &o.rules[i];

		if (before == NULL || before->aspect != t->aspect ||
			strcmp(before->table, t->table) != 0) {
			table = aw_view_item(call->view, "tables");
			aw_view_text(table, "name", t->label);
			aw_view_text(table, "aspect", aw_aspect_code(t->aspect));
		}
		put_rule(call, t, period, table);
		before = t;
	}
	return AW_OK;
}

/* -- the cases --------------------------------------------------------------------------------------------- */

/* A level of its scale, a class, a priority, or a type of unit, in the reader's words. */
static const char *
value_word(struct aw_call *call, const struct aw_rule_tally *t, const struct aw_override_case *c,
	const char *value)
{
	const char *list = t->aspect == AW_ASPECT_LEAD	  ? "unit_type"
			   : t->aspect == AW_ASPECT_LEVEL ? c->scale
							  : aw_aspect_code(t->aspect);
	const char *text = list == NULL ? NULL : aw_call_label(call, list, value);

	return text != NULL ? text : value;
}

static enum aw_status
put_case(struct aw_call *call, const struct aw_rule_tally *t, const struct aw_override_case *c,
	struct aw_error *err)
{
	static const char *const telling[] = { "number", "kind", "before", "now" };
	struct aw_view *item = aw_view_item(call->view, "cases");
	struct aw_indicator_thing thing = { .number = c->number, .kind = c->kind, .risk = true };
	bool may = false;

	aw_view_int(item, "day", c->day);
	aw_view_text(item, "district", aw_call_label(call, "district", c->district));
	aw_view_text(item, "reason", aw_call_label(call, "edit", c->reason));
	if (aw_indicator_may_tell(&call->act, &thing, &may, err) != AW_OK)
		return err->status;
	for (size_t i = 0; !may && i < AW_COUNT(telling); i++)
		aw_view_hide(item, telling[i], "confidential");
	if (!may)
		return AW_OK;
	aw_view_text(item, "before", value_word(call, t, c, c->before));
	aw_view_text(item, "now", value_word(call, t, c, c->now));
	aw_view_text(item, "number", c->number);
	aw_view_text(item, "link", aw_arena_printf(call->act.arena, "/reports/%s", c->number));
	aw_view_text(item, "kind", aw_call_label(call, "kind_short", c->kind));
	return AW_OK;
}

static const struct aw_rule_tally *
find(const struct aw_overrides *o, const char *table, int64_t rule)
{
	for (size_t i = 0; i < o->rule_count; i++) {
		if (strcmp(o->rules[i].table, table) == 0 && o->rules[i].rule == rule)
			return &o->rules[i];
	}
	return NULL;
}

enum aw_status
aw_override_cases_show(struct aw_call *call, struct aw_error *err)
{
	const char *table = aw_call_value(call, "table"); /* none: no rule, no case */
	int64_t rule = aw_call_int(call, "rule", 1, 100000, 1);
	const struct aw_rule_tally *t;
	struct aw_overrides o;
	struct aw_period period;

	if (read_period(call, &period, err) != AW_OK ||
		aw_triage_overrides(&call->act, period, table, rule, &o, err) != AW_OK)
		return err->status;
	t = table == NULL ? NULL : find(&o, table, rule);
	aw_view_text(call->view, "period", aw_indicator_period_word(call, period));
	aw_view_text(call->view, "back",
		aw_arena_printf(call->act.arena, "/policy/overrides?period=%s",
			aw_period_name(call->act.arena, period)));
	aw_view_int(call->view, "rule", rule);
	aw_view_text(call->view, "name", t == NULL ? NULL : t->label);
	aw_view_text(call->view, "words", t == NULL ? NULL : t->words);
	aw_view_int(call->view, "decided", t == NULL ? 0 : t->decided);
	aw_view_int(call->view, "changed", t == NULL ? 0 : t->changed);
	for (size_t i = 0; t != NULL && i < o.case_count && i < CASES_MOST; i++) {
		if (put_case(call, t, &o.cases[i], err) != AW_OK)
			return err->status;
	}
	if (o.case_count > CASES_MOST)
		aw_view_int(call->view, "more", (int64_t)o.case_count - CASES_MOST);
	return AW_OK;
}
