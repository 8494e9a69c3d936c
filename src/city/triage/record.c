/* city/triage/record - a decision as the JSON that is sealed with it, and back. */
#include "city/triage/record.h"

#include <string.h>

/* -- writing -------------------------------------------------------------------------------- */

static json_t *
fact_json(const struct aw_fact *fact)
{
	json_t *json = json_object();

	aw_json_put_text(json, "name", fact->name);
	aw_json_put_text(json, "source", fact->source);
	switch (fact->kind) {
	case AW_FACT_TEXT:
		aw_json_put_text(json, "text", fact->text);
		break;
	case AW_FACT_NUMBER:
		aw_json_put_int(json, "least", fact->number);
		aw_json_put_int(json, "most", fact->most);
		break;
	case AW_FACT_FLAG:
		aw_json_put(json, "flag", json_boolean(fact->flag));
		break;
	case AW_FACT_LIST: {
		json_t *list = json_array();
		for (size_t i = 0; i < fact->list_count; i++)
			aw_json_push(list, json_string(fact->list[i]));
		aw_json_put(json, "list", list);
		break;
	}
	case AW_FACT_UNKNOWN:
	default:
		break;
	}
	return json;
}

static json_t *
span_json(struct aw_span span)
{
	json_t *json = json_object();

	aw_json_put_int(json, "unit", (int64_t)span.unit);
	aw_json_put_int(json, "amount", span.amount);
	return json;
}

static json_t *
unit_json(const struct aw_proposed_unit *unit)
{
	json_t *json = json_object();

	aw_json_put_text(json, "type", unit->type);
	aw_json_put_text(json, "side", unit->side);
	aw_json_put_text(json, "task", unit->task);
	aw_json_put_text(json, "table", unit->table);
	aw_json_put_int(json, "row", unit->row);
	aw_json_put_text(json, "source", unit->source);
	aw_json_put(json, "first_contact", span_json(unit->first_contact));
	aw_json_put(json, "unverified", json_boolean(unit->unverified));
	return json;
}

static json_t *
clock_json(const struct aw_proposed_clock *clock)
{
	json_t *json = json_object();

	aw_json_put_text(json, "code", clock->code);
	aw_json_put_text(json, "from", clock->from);
	aw_json_put(json, "span", span_json(clock->span));
	aw_json_put_text(json, "source", clock->source);
	aw_json_put(json, "unverified", json_boolean(clock->unverified));
	return json;
}

/* The explanation without what the release says again at any time: tables in which no row fired, and in
 * the others the rows that did not. What unknown inputs could change stands in its own list. */
static struct aw_explain
what_decided(struct aw_arena *arena, const struct aw_explain *whole)
{
	struct aw_explain kept = *whole;

	kept.decisions = AW_NEW_ARRAY(arena, struct aw_explain_decision, whole->decision_count);
	kept.decision_count = 0;
	for (size_t i = 0; i < whole->decision_count; i++) {
		struct aw_explain_decision d = whole->decisions[i];
		struct aw_explain_row *rows =
			AW_NEW_ARRAY(arena, struct aw_explain_row, d.row_count);
		size_t count = 0;
		for (size_t k = 0; k < d.row_count; k++) {
			if (d.rows[k].fired || d.rows[k].used)
				rows[count++] = d.rows[k];
		}
		if (count == 0 && d.row_count != 0)
			continue;
		d.rows = rows;
		d.row_count = count;
		kept.decisions[kept.decision_count++] = d;
	}
	return kept;
}

static bool
same_row(const struct aw_explain_unknown *a, const struct aw_explain_unknown *b)
{
	return aw_text_eq(a->decision, b->decision) && a->row == b->row &&
	       aw_text_eq(a->outcome, b->outcome);
}

static json_t *
string_or_null(const char *text)
{
	return text == NULL ? json_null() : json_string(text);
}

/* [decision, row, outcome, input, needs, input, needs, ...] for neighbours in one row: a report of
 * which little is known has hundreds of them, and each would repeat the row's words. */
static json_t *
unknowns_json(const struct aw_explain *explain)
{
	json_t *rows = json_array(), *row = NULL;

	for (size_t i = 0; i < explain->unknown_count; i++) {
		const struct aw_explain_unknown *u = &explain->unknowns[i];
		if (row == NULL || !same_row(u, u - 1)) {
			row = json_array();
			aw_json_push(row, string_or_null(u->decision));
			aw_json_push(row, json_integer(u->row));
			aw_json_push(row, string_or_null(u->outcome));
			aw_json_push(rows, row);
		}
		aw_json_push(row, string_or_null(u->input));
		aw_json_push(row, string_or_null(u->needs));
	}
	return rows;
}

json_t *
aw_decision_record(struct aw_arena *arena, const struct aw_decision *d, const char *note)
{
	struct aw_explain kept = what_decided(arena, &d->explain);
	json_t *json = json_object(), *facts = json_array(), *co = json_array();
	json_t *clocks = json_array(), *reasons = json_array();

	for (size_t i = 0; i < d->facts.count; i++)
		aw_json_push(facts, fact_json(&d->facts.at[i]));
	for (size_t i = 0; i < d->co_count; i++)
		aw_json_push(co, unit_json(&d->co_units[i]));
	for (size_t i = 0; i < d->clock_count; i++)
		aw_json_push(clocks, clock_json(&d->clocks[i]));
	for (size_t i = 0; i < d->reason_count; i++) {
		json_t *reason = json_object();
		aw_json_put_text(reason, "decision", d->reasons[i].decision);
		aw_json_put_text(reason, "words", d->reasons[i].words);
		aw_json_put_text(reason, "outcome", d->reasons[i].outcome);
		aw_json_push(reasons, reason);
	}
	aw_json_put(json, "facts", facts);
	aw_json_put(json, "lead", unit_json(&d->lead));
	aw_json_put(json, "co_units", co);
	aw_json_put(json, "clocks", clocks);
	aw_json_put(json, "reasons", reasons);
	aw_json_put_text(json, "reason_key", d->reason_key);
	aw_json_put(json, "reference_only", json_boolean(d->reference_only));
	aw_json_put(json, "reclassified", json_boolean(d->reclassified));
	aw_json_put(json, "may_rise", json_boolean(d->may_rise));
	aw_json_put(json, "unknowns", unknowns_json(&kept));
	kept.unknown_count = 0;
	aw_json_put(json, "explain", aw_explain_json(&kept));
	aw_json_put_text(json, "note", note);
	return json;
}

/* -- reading -------------------------------------------------------------------------------- */

static const char *
text(struct aw_arena *arena, const json_t *json, const char *key)
{
	return aw_arena_strdup(arena, aw_json_string(json, key));
}

static void
read_fact(const json_t *json, struct aw_triage_facts *facts)
{
	const char *name = aw_json_string(json, "name"), *source = aw_json_string(json, "source");
	const json_t *list = json_object_get(json, "list"), *flag = json_object_get(json, "flag");
	int64_t least, most;
	const json_t *item;
	size_t i;

	if (name == NULL)
		return;
	if (aw_json_string(json, "text") != NULL)
		aw_fact_text(facts, name, aw_json_string(json, "text"), source);
	else if (aw_json_int(json, "least", &least) && aw_json_int(json, "most", &most))
		aw_fact_between(facts, name, least, most, source);
	else if (json_is_boolean(flag))
		aw_fact_flag(facts, name, json_is_true(flag), source);
	else if (json_is_array(list))
		json_array_foreach((json_t *)(uintptr_t)list, i, item)
		{
			if (json_is_string(item))
				aw_fact_add(facts, name, json_string_value(item), source);
		}
	else
		aw_fact_unknown(facts, name, source);
}

static struct aw_span
read_span(const json_t *json)
{
	struct aw_span span = { AW_SPAN_NONE, 0 };
	int64_t unit = 0;

	if (aw_json_int(json, "unit", &unit) && unit >= AW_SPAN_NONE && unit <= AW_SPAN_DAYS)
		span.unit = (enum aw_span_unit)unit;
	(void)aw_json_int(json, "amount", &span.amount);
	return span;
}

static void
read_unit(struct aw_arena *arena, const json_t *json, struct aw_proposed_unit *unit)
{
	unit->type = text(arena, json, "type");
	unit->side = text(arena, json, "side");
	unit->task = text(arena, json, "task");
	unit->table = text(arena, json, "table");
	(void)aw_json_int(json, "row", &unit->row);
	unit->source = text(arena, json, "source");
	unit->first_contact = read_span(json_object_get(json, "first_contact"));
	unit->unverified = aw_json_bool(json, "unverified", false);
}

static void
read_clock(struct aw_arena *arena, const json_t *json, struct aw_proposed_clock *clock)
{
	clock->code = text(arena, json, "code");
	clock->from = text(arena, json, "from");
	clock->span = read_span(json_object_get(json, "span"));
	clock->source = text(arena, json, "source");
	clock->unverified = aw_json_bool(json, "unverified", false);
}

static const char *
item(struct aw_arena *arena, const json_t *row, size_t i)
{
	return aw_arena_strdup(arena, json_string_value(json_array_get(row, i)));
}

static void
read_unknowns(struct aw_arena *arena, const json_t *rows, struct aw_explain *explain)
{
	size_t room = 0;

	explain->unknowns = NULL;
	explain->unknown_count = 0;
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		for (size_t k = 3; k + 1 < json_array_size(row); k += 2)
			*AW_PUSH(arena, explain->unknowns, explain->unknown_count, room) =
				(struct aw_explain_unknown){ .decision = item(arena, row, 0),
					.row = json_integer_value(json_array_get(row, 1)),
					.outcome = item(arena, row, 2),
					.input = item(arena, row, k),
					.needs = item(arena, row, k + 1) };
	}
}

enum aw_status
aw_decision_read(
	struct aw_arena *arena, const json_t *record, struct aw_decision *d, struct aw_error *err)
{
	const json_t *facts = json_object_get(record, "facts"),
		     *co = json_object_get(record, "co_units");
	const json_t *clocks = json_object_get(record, "clocks");
	const json_t *reasons = json_object_get(record, "reasons");
	const json_t *unknowns = json_object_get(record, "unknowns");
	const json_t *explain = json_object_get(record, "explain");

	if (!json_is_array(facts) || !json_is_array(co) || !json_is_array(clocks) ||
		!json_is_array(reasons) || !json_is_array(unknowns) || explain == NULL)
		return aw_fail(err, AW_CORRUPT, "a decision's record lacks a part");
	d->facts = (struct aw_triage_facts){ .arena = arena };
	for (size_t i = 0; i < json_array_size(facts); i++)
		read_fact(json_array_get(facts, i), &d->facts);
	read_unit(arena, json_object_get(record, "lead"), &d->lead);
	d->co_count = json_array_size(co);
	d->co_units = AW_NEW_ARRAY(arena, struct aw_proposed_unit, d->co_count);
	for (size_t i = 0; i < d->co_count; i++)
		read_unit(arena, json_array_get(co, i), &d->co_units[i]);
	d->clock_count = json_array_size(clocks);
	d->clocks = AW_NEW_ARRAY(arena, struct aw_proposed_clock, d->clock_count);
	for (size_t i = 0; i < d->clock_count; i++)
		read_clock(arena, json_array_get(clocks, i), &d->clocks[i]);
	d->reason_count = json_array_size(reasons);
	d->reasons = AW_NEW_ARRAY(arena, struct aw_because, d->reason_count);
	for (size_t i = 0; i < d->reason_count; i++) {
		const json_t *reason = json_array_get(reasons, i);
		d->reasons[i] = (struct aw_because){ .decision = text(arena, reason, "decision"),
			.words = text(arena, reason, "words"),
			.outcome = text(arena, reason, "outcome") };
	}
	d->reason_key = text(arena, record, "reason_key");
	d->reference_only = aw_json_bool(record, "reference_only", false);
	d->reclassified = aw_json_bool(record, "reclassified", false);
	d->may_rise = aw_json_bool(record, "may_rise", false);
	if (aw_explain_read(arena, explain, &d->explain, err) != AW_OK)
		return err->status;
	read_unknowns(arena, unknowns, &d->explain);
	return AW_OK;
}
