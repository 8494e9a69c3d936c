/* city/triage/override - rules and what people made of them. */
#include "city/triage/override.h"

#include <string.h>

#include "city/triage/made.h"
#include "city/triage/outcome.h"
#include "policy/policy.h"
#include "rule/model.h"

enum { TABLES_MOST = 64, DEPTH_MOST = 16 };

/* A table that an aspect's value comes from without another table in between. */
struct source {
	enum aw_aspect aspect;
	const struct aw_dmn_item *item;
};

struct counting {
	struct aw_act *act;
	struct aw_overrides *o;
	const char *table; /* whose cases are wanted */
	int64_t rule;
	const struct aw_triage *triage; /* of the day that was last asked for */
	struct aw_outcomes *outcomes;
	struct source sources[TABLES_MOST];
	size_t source_count;
};

const char *
aw_aspect_code(enum aw_aspect aspect)
{
	static const char *const codes[] = { "level", "child_class", "priority", "lead" };

	return codes[aspect];
}

/* -- the tables of a model ------------------------------------------------------------------------- */

static void
add_sources(struct counting *c, enum aw_aspect aspect, const struct aw_dmn_item *item, int depth)
{
	if (item == NULL || item->kind != AW_DMN_DECISION || depth > DEPTH_MOST)
		return;
	for (size_t i = 0; i < c->source_count; i++) {
		if (c->sources[i].aspect == aspect && c->sources[i].item == item)
			return;
	}
	if (item->box != NULL && item->box->kind == AW_BOX_TABLE) {
		if (c->source_count < TABLES_MOST)
			c->sources[c->source_count++] = (struct source){ aspect, item };
		return;
	}
	for (size_t i = 0; i < item->needs.count; i++)
		add_sources(c, aspect, item->needs.at[i].item, depth + 1);
}

static enum aw_status
use_day(struct counting *c, int32_t day, struct aw_error *err)
{
	const struct aw_triage *triage = aw_policy_triage(c->act->policy, day);

	if (triage != NULL && triage == c->triage)
		return AW_OK;
	if (triage == NULL)
		return aw_fail(err, AW_INVALID, "no decision model is in force on a day of it");
	aw_outcomes_free(c->outcomes);
	c->outcomes = NULL;
	c->triage = NULL;
	if (aw_outcomes_new(triage->model, &c->outcomes, err) != AW_OK)
		return aw_wrap(err, "%s", triage->path);
	c->triage = triage;
	c->source_count = 0;
	for (int a = 0; a < AW_ASPECTS; a++)
		add_sources(c, (enum aw_aspect)a,
			aw_dmn_find(
				triage->model, AW_DMN_DECISION, aw_aspect_code((enum aw_aspect)a)),
			0);
	return AW_OK;
}

/* -- a decision -------------------------------------------------------------------------------------- */

/* What was decided of an aspect, and what stands now; NULL: nothing. */
static void
values_of(const struct counting *c, const struct aw_made *made, enum aw_aspect aspect,
	const char **ret_before, const char **ret_now)
{
	const struct aw_unit *unit =
		made->lead_unit == NULL ? NULL : aw_policy_unit(c->act->policy, made->lead_unit);

	switch (aspect) {
	case AW_ASPECT_LEVEL:
		*ret_before = made->level;
		*ret_now = made->changed ? made->level_now : made->level;
		return;
	case AW_ASPECT_CLASS:
		*ret_before = made->child_class;
		*ret_now = made->changed ? made->class_now : made->child_class;
		return;
	case AW_ASPECT_PRIORITY:
		*ret_before = made->priority;
		*ret_now = made->changed ? made->priority_now : made->priority;
		return;
	case AW_ASPECT_LEAD:
		break;
	}
	*ret_before = made->lead_type;
	*ret_now = unit == NULL ? made->lead_type : unit->type;
}

/* Does the table say this? A unit's table says more than its type. */
static bool
says(const struct counting *c, const struct source *source, const char *value)
{
	struct aw_value v = aw_outcomes_value(c->outcomes, source->item);

	if (v.kind == AW_VALUE_CONTEXT)
		v = aw_triage_entry(v.u.context, "type");
	return v.kind == AW_VALUE_TEXT && aw_str_is(v.u.text, value);
}

static const char *
keep(const struct counting *c, const char *text)
{
	return aw_arena_strdup(c->act->arena, text);
}

static struct aw_rule_tally *
tally_of(struct counting *c, const struct source *source, size_t rule)
{
	const struct aw_table *table = source->item->box->table;
	struct aw_overrides *o = c->o;
	struct aw_rule_tally *t;

	for (size_t i = 0; i < o->rule_count; i++) {
		t = &o->rules[i];
		if (t->aspect == source->aspect && t->rule == (int64_t)rule + 1 &&
			strcmp(t->table, source->item->id) == 0)
			return t;
	}
	t = AW_PUSH(c->act->arena, o->rules, o->rule_count, o->rule_room);
	*t = (struct aw_rule_tally){ .aspect = source->aspect,
		.table = source->item->id,
		.label = source->item->label == NULL ? source->item->name.at : source->item->label,
		.rule = (int64_t)rule + 1,
		.source = table->note_count > 0 ? table->rules[rule].notes[0] : NULL,
		.words = table->note_count > 1 ? table->rules[rule].notes[1] : NULL,
		.outcome = table->output_count > 0 ? table->rules[rule].outputs[0].text.at : NULL };
	return t;
}

static void
add_case(struct counting *c, const struct aw_made *made, enum aw_aspect aspect, const char *before,
	const char *now)
{
	*AW_PUSH(c->act->arena, c->o->cases, c->o->case_count,
		c->o->case_room) = (struct aw_override_case){ .number = keep(c, made->number),
		.district = keep(c, made->district),
		.kind = keep(c, made->kind),
		.day = made->received_day,
		.scale = keep(c, made->scale),
		.before = keep(c, before),
		.now = keep(c, now),
		.reason = keep(c, aspect == AW_ASPECT_LEAD ? made->lead_reason : made->reason) };
}

static void
count_source(struct counting *c, const struct aw_made *made, const struct source *source,
	const char *before, const char *now)
{
	const struct aw_table *table = source->item->box->table;
	bool changed = !aw_text_eq(before, now);

	for (size_t rule = 0; rule < table->rule_count; rule++) {
		struct aw_rule_tally *t;

		if (!aw_outcomes_used(c->outcomes, source->item, rule))
			continue;
		t = tally_of(c, source, rule);
		t->decided++;
		t->changed += changed;
		if (changed && c->table != NULL && strcmp(t->table, c->table) == 0 &&
			t->rule == c->rule)
			add_case(c, made, source->aspect, before, now);
	}
}

/* Is it what the tables in force decide too? */
static bool
as_then(const struct aw_made *made, const struct aw_outcome *now)
{
	return aw_text_eq(made->kind, now->kind) && aw_text_eq(made->level, now->level) &&
	       aw_text_eq(made->child_class, now->child_class) &&
	       aw_text_eq(made->priority, now->priority) && aw_text_eq(made->lead_type, now->lead);
}

static enum aw_status
count(const struct aw_made *made, struct aw_arena *scratch, void *arg, struct aw_error *err)
{
	struct counting *c = arg;
	struct aw_outcome now;
	const char *before, *after;
	bool changed = false;

	if (use_day(c, made->received_day, err) != AW_OK)
		return err->status;
	for (int a = 0; a < AW_ASPECTS; a++) {
		values_of(c, made, (enum aw_aspect)a, &before, &after);
		changed = changed || !aw_text_eq(before, after);
	}
	c->o->decisions++;
	c->o->changed += changed;
	if (aw_outcomes_decide(c->outcomes, scratch, &made->facts, made->received_at, &now, err) !=
			AW_OK ||
		!as_then(made, &now)) {
		aw_error_clear(err);
		c->o->otherwise++;
		return AW_OK;
	}
	for (size_t i = 0; i < c->source_count; i++) {
		values_of(c, made, c->sources[i].aspect, &before, &after);
		if (before != NULL && says(c, &c->sources[i], before))
			count_source(c, made, &c->sources[i], before, after);
	}
	return AW_OK;
}

/* -- order ---------------------------------------------------------------------------------------------- */

static size_t
place_of(const struct counting *c, const struct aw_rule_tally *t)
{
	size_t at = 0;

	while (at < c->source_count && (c->sources[at].aspect != t->aspect ||
					       strcmp(c->sources[at].item->id, t->table) != 0))
		at++;
	return at * 1000 + (size_t)t->rule;
}

/* Insertion sort: there are tens of them. */
static void
sort_rules(const struct counting *c)
{
	struct aw_rule_tally *rules = c->o->rules;

	for (size_t i = 1; i < c->o->rule_count; i++) {
		struct aw_rule_tally tally = rules[i];
		size_t k = i, place = place_of(c, &tally);

		for (; k > 0 && place < place_of(c, &rules[k - 1]); k--)
			rules[k] = rules[k - 1];
		rules[k] = tally;
	}
}

enum aw_status
aw_triage_overrides(struct aw_act *act, struct aw_period period, const char *table, int64_t rule,
	struct aw_overrides *ret_overrides, struct aw_error *err)
{
	struct aw_overrides overrides = { .period = period };
	struct counting c = { .act = act, .o = &overrides, .table = table, .rule = rule };
	enum aw_status status = aw_made_each(act, period, count, &c, err);

	if (status == AW_OK)
		sort_rules(&c);
	aw_outcomes_free(c.outcomes);
	if (status != AW_OK)
		return status;
	*ret_overrides = overrides;
	return AW_OK;
}
