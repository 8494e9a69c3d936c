/* city/triage/run - facts into the policy's model, and its decision "triage" back out. */
#include <string.h>

#include "city/triage/outcome.h"

/* Texts of the record live in the arena; those of the model live as long as the policy, which a
 * decision may outlive. */
static struct aw_triage_facts
copy_facts(struct aw_arena *arena, const struct aw_triage_facts *facts)
{
	struct aw_triage_facts copy = { .arena = arena };

	for (size_t i = 0; i < facts->count; i++) {
		const struct aw_fact *fact = &facts->at[i];

		if (fact->kind == AW_FACT_UNKNOWN)
			aw_fact_unknown(&copy, fact->name, fact->source);
		else if (fact->kind == AW_FACT_TEXT)
			aw_fact_text(&copy, fact->name, fact->text, fact->source);
		else if (fact->kind == AW_FACT_FLAG)
			aw_fact_flag(&copy, fact->name, fact->flag, fact->source);
		else if (fact->kind == AW_FACT_NUMBER)
			aw_fact_between(&copy, fact->name, fact->number, fact->most, fact->source);
		for (size_t k = 0; fact->kind == AW_FACT_LIST && k < fact->list_count; k++)
			aw_fact_add(&copy, fact->name, fact->list[k], fact->source);
	}
	return copy;
}

/* -- values to the decision -------------------------------------------------------------------- */

struct reading {
	struct aw_arena *arena;
	const struct aw_context *result;
	const struct aw_explain *explain;
	struct aw_decision *d;
};

static struct aw_span
span(struct aw_arena *arena, const struct aw_context *context)
{
	struct aw_value amount = aw_triage_entry(context, "amount");
	const char *unit = aw_triage_code(arena, context, "unit");
	struct aw_span s = { 0 };

	if (unit == NULL || amount.kind != AW_VALUE_NUMBER ||
		!aw_num_int64(amount.u.number, &s.amount) || s.amount < 0 || s.amount > 100000)
		return (struct aw_span){ 0 };
	if (strcmp(unit, "hours") == 0)
		s.unit = AW_SPAN_HOURS;
	else if (strcmp(unit, "working_days") == 0)
		s.unit = AW_SPAN_WORKING_DAYS;
	else if (strcmp(unit, "days") == 0)
		s.unit = AW_SPAN_DAYS;
	return s;
}

/* The i-th row that a table's result comes from; NULL when there are not so many. */
static const struct aw_explain_row *
used_row(const struct aw_explain *explain, const char *table, size_t i)
{
	const struct aw_explain_decision *d = aw_explain_find(explain, table);

	for (size_t r = 0; d != NULL && r < d->row_count; r++) {
		if (d->rows[r].used && i-- == 0)
			return &d->rows[r];
	}
	return NULL;
}

/* The annotation of a row: 0 the source, 1 the half sentence. */
static const char *
note(const struct reading *r, const char *table, const struct aw_explain_row *row, size_t n)
{
	const struct aw_explain_decision *d = aw_explain_find(r->explain, table);

	if (row == NULL || d == NULL || n >= d->note_count || row->notes[n] == NULL)
		return NULL;
	return aw_arena_strdup(r->arena, row->notes[n]);
}

static bool
unverified(const char *source)
{
	return source == NULL || strstr(source, "未確認") != NULL;
}

static void
read_unit(const struct reading *r, const struct aw_context *context, const char *table, size_t i,
	struct aw_proposed_unit *unit)
{
	const struct aw_explain_row *row = used_row(r->explain, table, i);

	unit->type = aw_triage_code(r->arena, context, "type");
	unit->side = aw_triage_code(r->arena, context, "side");
	unit->task = aw_triage_code(r->arena, context, "task");
	unit->table = aw_arena_strdup(r->arena, table);
	unit->row = row == NULL ? 0 : row->number;
	unit->source = note(r, table, row, 0);
	unit->unverified = unverified(unit->source);
	unit->first_contact = span(r->arena, context);
	*AW_PUSH(r->arena, unit->parts, unit->part_count, unit->part_room) =
		(struct aw_proposed_part){ unit->table, unit->row, unit->task,
			unit->first_contact };
}

static bool
sooner(struct aw_span a, struct aw_span b)
{
	static const int64_t hours[] = { [AW_SPAN_NONE] = INT32_MAX,
		[AW_SPAN_HOURS] = 1,
		[AW_SPAN_WORKING_DAYS] = 24,
		[AW_SPAN_DAYS] = 24 };

	if (a.unit == AW_SPAN_NONE || b.unit == AW_SPAN_NONE)
		return a.unit != AW_SPAN_NONE;
	return a.amount * hours[a.unit] < b.amount * hours[b.unit];
}

void
aw_proposed_join(struct aw_arena *arena, const struct aw_proposed_part *part, const char **task,
	struct aw_span *first_contact)
{
	if (*task == NULL)
		*task = part->task;
	else if (part->task != NULL && strstr(*task, part->task) == NULL)
		*task = aw_arena_printf(arena, "%s、%s", *task, part->task);
	if (sooner(part->first_contact, *first_contact))
		*first_contact = part->first_contact;
}

/* One unit is asked once: tasks are joined, the earlier time counts; the lead is no co-unit. */
static void
add_co_unit(const struct reading *r, const struct aw_proposed_unit *unit, size_t *room)
{
	struct aw_decision *d = r->d;

	if (unit->type == NULL || aw_text_eq(unit->type, d->lead.type))
		return;
	for (size_t i = 0; i < d->co_count; i++) {
		struct aw_proposed_unit *there = &d->co_units[i];

		if (!aw_text_eq(there->type, unit->type) || !aw_text_eq(there->side, unit->side))
			continue;
		aw_proposed_join(r->arena, unit->parts, &there->task, &there->first_contact);
		*AW_PUSH(r->arena, there->parts, there->part_count, there->part_room) =
			unit->parts[0];
		there->unverified = there->unverified && unit->unverified;
		return;
	}
	*AW_PUSH(r->arena, d->co_units, d->co_count, *room) = *unit;
}

static void
read_co_units(const struct reading *r)
{
	struct aw_value tables = aw_triage_entry(r->result, "co units");
	size_t room = 0;

	for (size_t t = 0; tables.kind == AW_VALUE_LIST && t < tables.u.list->count; t++) {
		struct aw_value part = tables.u.list->at[t];

		if (part.kind != AW_VALUE_CONTEXT)
			continue;
		const char *table = aw_triage_code(r->arena, part.u.context, "table");
		struct aw_value units = aw_triage_entry(part.u.context, "units");

		for (size_t i = 0;
			table != NULL && units.kind == AW_VALUE_LIST && i < units.u.list->count;
			i++) {
			struct aw_proposed_unit unit = { 0 };

			if (units.u.list->at[i].kind != AW_VALUE_CONTEXT)
				continue;
			read_unit(r, units.u.list->at[i].u.context, table, i, &unit);
			add_co_unit(r, &unit, &room);
		}
	}
}

static void
add_clock(const struct reading *r, const struct aw_context *context, const char *clock_code,
	const char *table, size_t i, size_t *room)
{
	struct aw_proposed_clock clock = { .code = clock_code };

	clock.from = aw_triage_code(r->arena, context, "from");
	clock.span = span(r->arena, context);
	clock.source = note(r, table, used_row(r->explain, table, i), 0);
	clock.unverified = unverified(clock.source);
	if (clock.code != NULL && clock.from != NULL && clock.span.unit != AW_SPAN_NONE)
		*AW_PUSH(r->arena, r->d->clocks, r->d->clock_count, *room) = clock;
}

static void
read_clocks(const struct reading *r)
{
	struct aw_value first = aw_triage_entry(r->result, "first contact");
	struct aw_value others = aw_triage_entry(r->result, "clocks");
	size_t room = 0;

	if (first.kind == AW_VALUE_CONTEXT) {
		add_clock(r, first.u.context, "first_contact", "first_contact", 0, &room);
		r->d->lead.first_contact = span(r->arena, first.u.context);
	}
	for (size_t i = 0; others.kind == AW_VALUE_LIST && i < others.u.list->count; i++) {
		struct aw_value v = others.u.list->at[i];

		if (v.kind == AW_VALUE_CONTEXT)
			add_clock(r, v.u.context, aw_triage_code(r->arena, v.u.context, "code"),
				"clocks", i, &room);
	}
}

/* -- why --------------------------------------------------------------------------------------- */

static void
add_reason(const struct reading *r, const char *table, const char *decision, const char *outcome,
	size_t *room)
{
	const char *words = note(r, table, used_row(r->explain, table, 0), 1);

	if (words == NULL || outcome == NULL)
		return;
	*AW_PUSH(r->arena, r->d->reasons, r->d->reason_count, *room) =
		(struct aw_because){ aw_arena_strdup(r->arena, decision), words, outcome };
}

static void
read_reasons(const struct reading *r)
{
	static const char *const orders[] = { "priority_child", "priority_adult",
		"priority_other" };
	struct aw_decision *d = r->d;
	size_t room = 0;

	if (!aw_text_eq(d->scale, "none"))
		add_reason(r, d->scale, d->scale, d->level, &room);
	else
		add_reason(r, "lead", "unit_type", d->lead.type, &room);
	add_reason(r, "child_class", "child_class", d->child_class, &room);
	for (size_t i = 0; i < AW_COUNT(orders); i++)
		add_reason(r, orders[i], "priority", d->priority, &room);
	d->reason_key = "triage.because";
}

/* Could an unknown fact make it graver, or urgent, or fit to be sent out before the review? */
static bool
may_rise(const struct reading *r)
{
	for (size_t i = 0; i < r->explain->unknown_count; i++) {
		const struct aw_explain_unknown *u = &r->explain->unknowns[i];

		if (u->decision == NULL || u->outcome == NULL)
			continue;
		if (aw_text_eq(u->decision, r->d->scale) ||
			strncmp(u->decision, "priority", strlen("priority")) == 0 ||
			(strcmp(u->decision, "immediate") == 0 && strcmp(u->outcome, "true") == 0))
			return true;
	}
	return false;
}

/* -- all ----------------------------------------------------------------------------------------- */

static enum aw_status
read_result(const struct reading *r, struct aw_error *err)
{
	struct aw_decision *d = r->d;
	struct aw_value lead = aw_triage_entry(r->result, "lead");
	const char *scale = aw_triage_code(r->arena, r->result, "scale");

	d->kind = aw_triage_code(r->arena, r->result, "kind");
	d->scale = scale == NULL ? "none" : scale;
	d->level = aw_triage_code(r->arena, r->result, "level");
	d->child_class = aw_triage_code(r->arena, r->result, "child class");
	d->priority = aw_triage_code(r->arena, r->result, "priority");
	d->immediate = aw_value_true(aw_triage_entry(r->result, "immediate"));
	d->reference_only = aw_value_true(aw_triage_entry(r->result, "reference only"));
	if (lead.kind == AW_VALUE_CONTEXT)
		read_unit(r, lead.u.context, "lead", 0, &d->lead);
	if (d->kind == NULL || d->priority == NULL || d->lead.type == NULL)
		return aw_fail(err, AW_INVALID, "the decision \"triage\" came out without %s",
			d->kind == NULL	      ? "a kind"
			: d->priority == NULL ? "a priority"
					      : "a lead unit");
	if (d->lead.side == NULL)
		d->lead.side = "protected";
	read_clocks(r);
	read_co_units(r);
	read_reasons(r);
	d->may_rise = may_rise(r);
	return AW_OK;
}

enum aw_status
aw_triage_run(struct aw_arena *arena, const struct aw_dmn_model *model,
	const struct aw_triage_facts *facts, int64_t now_ms, struct aw_decision *ret_decision,
	struct aw_error *err)
{
	const struct aw_dmn_item *item =
		model == NULL ? NULL : aw_dmn_find(model, AW_DMN_DECISION, "triage");
	const struct aw_fact *kind = aw_fact_find(facts, "kind");
	struct aw_decision d = { 0 };
	struct aw_dmn_case the_case = { .now_ms = now_ms };
	struct reading reading = { .arena = arena, .explain = &d.explain, .d = &d };
	struct aw_value v;

	if (item == NULL)
		return aw_fail(err, AW_INVALID, "the model has no decision called \"triage\"");
	the_case.inputs = aw_triage_inputs(arena, facts, &the_case.input_count);
	v = aw_dmn_decide(arena, item, &the_case, &d.explain);
	if (v.kind != AW_VALUE_CONTEXT)
		return aw_fail(err, AW_INVALID, "the decision \"triage\" is not a context%s%.150s",
			d.explain.diagnostics == NULL ? "" : ": ",
			d.explain.diagnostics == NULL ? "" : d.explain.diagnostics->text);
	reading.result = v.u.context;
	if (read_result(&reading, err) != AW_OK)
		return err->status;
	d.reclassified = kind != NULL && !aw_text_eq(kind->text, d.kind);
	d.facts = copy_facts(arena, facts);
	*ret_decision = d;
	return AW_OK;
}
