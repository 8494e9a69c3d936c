/* rule/explain - looking into a record, and the record as JSON and back. */
#include "rule/explain.h"

#include <string.h>

const struct aw_explain_decision *
aw_explain_find(const struct aw_explain *explain, const char *decision_id)
{
	for (size_t i = 0; i < explain->decision_count; i++) {
		if (strcmp(explain->decisions[i].id, decision_id) == 0)
			return &explain->decisions[i];
	}
	return NULL;
}

const struct aw_explain_row *
aw_explain_used(const struct aw_explain_decision *decision)
{
	for (size_t i = 0; i < decision->row_count; i++) {
		if (decision->rows[i].used)
			return &decision->rows[i];
	}
	return NULL;
}

/* -- writing ----------------------------------------------------------------------------------- */

static json_t *
texts_json(const char *const *at, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		aw_json_push(array, at[i] == NULL ? json_null() : json_string(at[i]));
	return array;
}

static json_t *
input_json(const struct aw_explain_input *in)
{
	json_t *json = json_object();

	aw_json_put_text(json, "label", in->label);
	aw_json_put_text(json, "expression", in->expression);
	aw_json_put_text(json, "value", in->value);
	aw_json_put_text(json, "source", in->source);
	aw_json_put(json, "unknown", json_boolean(in->unknown));
	return json;
}

static json_t *
row_json(const struct aw_explain_decision *d, const struct aw_explain_row *row)
{
	static const char *const words[] = { "any", "true", "false", "unknown" };
	json_t *json = json_object(), *cells = json_array();

	for (size_t i = 0; i < d->input_count; i++)
		aw_json_push(cells, json_string(words[row->cells[i]]));
	aw_json_put_int(json, "n", row->number);
	aw_json_put_text(json, "id", row->id);
	aw_json_put(json, "cells", cells);
	aw_json_put(json, "entries", texts_json(row->entries, d->input_count));
	aw_json_put(json, "outputs", texts_json(row->outputs, d->output_count));
	aw_json_put(json, "notes", texts_json(row->notes, d->note_count));
	aw_json_put(json, "fired", json_boolean(row->fired));
	aw_json_put(json, "used", json_boolean(row->used));
	aw_json_put(json, "couldFire", json_boolean(row->could_fire));
	return json;
}

static json_t *
decision_json(const struct aw_explain_decision *d)
{
	json_t *json = json_object(), *inputs = json_array(), *rules = json_array();

	for (size_t i = 0; i < d->input_count; i++)
		aw_json_push(inputs, input_json(&d->inputs[i]));
	for (size_t i = 0; i < d->row_count; i++)
		aw_json_push(rules, row_json(d, &d->rows[i]));
	aw_json_put_text(json, "id", d->id);
	aw_json_put_text(json, "name", d->name);
	aw_json_put_text(json, "label", d->label);
	aw_json_put_text(json, "hitPolicy", d->hit_policy);
	aw_json_put(json, "inputs", inputs);
	aw_json_put(json, "outputNames", texts_json(d->output_names, d->output_count));
	aw_json_put(json, "outputLabels", texts_json(d->output_labels, d->output_count));
	aw_json_put(json, "noteNames", texts_json(d->note_names, d->note_count));
	aw_json_put(json, "rules", rules);
	aw_json_put_text(json, "result", d->result);
	aw_json_put(json, "possible", texts_json(d->possible, d->possible_count));
	aw_json_put(json, "anything", json_boolean(d->anything));
	return json;
}

static json_t *
unknown_json(const struct aw_explain_unknown *u)
{
	json_t *json = json_object();

	aw_json_put_text(json, "input", u->input);
	aw_json_put_text(json, "decision", u->decision);
	if (u->decision != NULL) {
		aw_json_put_int(json, "rule", u->row);
		aw_json_put_text(json, "needs", u->needs);
		aw_json_put_text(json, "outcome", u->outcome);
	}
	return json;
}

static json_t *
diagnostic_json(const struct aw_diagnostic *d)
{
	json_t *json = json_object();

	aw_json_put_text(json, "decision", d->decision);
	aw_json_put_text(json, "place", d->place);
	aw_json_put_int(json, "line", d->line);
	aw_json_put_int(json, "column", d->column);
	aw_json_put_text(json, "text", d->text);
	return json;
}

json_t *
aw_explain_json(const struct aw_explain *explain)
{
	json_t *json = json_object(), *decisions = json_array(), *unknowns = json_array();
	json_t *diagnostics = json_array();

	for (size_t i = 0; i < explain->decision_count; i++)
		aw_json_push(decisions, decision_json(&explain->decisions[i]));
	for (size_t i = 0; i < explain->unknown_count; i++)
		aw_json_push(unknowns, unknown_json(&explain->unknowns[i]));
	for (const struct aw_diagnostic *d = explain->diagnostics; d != NULL; d = d->next)
		aw_json_push(diagnostics, diagnostic_json(d));
	aw_json_put(json, "decisions", decisions);
	aw_json_put(json, "unknowns", unknowns);
	aw_json_put(json, "diagnostics", diagnostics);
	return json;
}

/* -- reading ----------------------------------------------------------------------------------- */

static const char *
copy_text(struct aw_arena *arena, const json_t *json, const char *key)
{
	return aw_arena_strdup(arena, aw_json_string(json, key));
}

static const char *const *
read_texts(struct aw_arena *arena, const json_t *array, size_t count)
{
	const char **at = AW_NEW_ARRAY(arena, const char *, count + 1);

	for (size_t i = 0; i < count; i++)
		at[i] = aw_arena_strdup(arena, json_string_value(json_array_get(array, i)));
	return at;
}

static enum aw_cell
read_cell(const char *word)
{
	if (word == NULL || strcmp(word, "unknown") == 0)
		return AW_CELL_UNKNOWN;
	if (strcmp(word, "any") == 0)
		return AW_CELL_ANY;
	return strcmp(word, "true") == 0 ? AW_CELL_TRUE : AW_CELL_FALSE;
}

static void
read_row(struct aw_arena *arena, const json_t *json, const struct aw_explain_decision *d,
	struct aw_explain_row *row)
{
	const json_t *cells = json_object_get(json, "cells");

	(void)aw_json_int(json, "n", &row->number);
	row->id = copy_text(arena, json, "id");
	row->cells = AW_NEW_ARRAY(arena, enum aw_cell, d->input_count + 1);
	for (size_t i = 0; i < d->input_count; i++)
		row->cells[i] = read_cell(json_string_value(json_array_get(cells, i)));
	row->entries = read_texts(arena, json_object_get(json, "entries"), d->input_count);
	row->outputs = read_texts(arena, json_object_get(json, "outputs"), d->output_count);
	row->notes = read_texts(arena, json_object_get(json, "notes"), d->note_count);
	row->fired = aw_json_bool(json, "fired", false);
	row->used = aw_json_bool(json, "used", false);
	row->could_fire = aw_json_bool(json, "couldFire", false);
}

static void
read_input(struct aw_arena *arena, const json_t *json, struct aw_explain_input *in)
{
	in->label = copy_text(arena, json, "label");
	in->expression = copy_text(arena, json, "expression");
	in->value = copy_text(arena, json, "value");
	in->source = copy_text(arena, json, "source");
	in->unknown = aw_json_bool(json, "unknown", true);
}

static void
read_decision(struct aw_arena *arena, const json_t *json, struct aw_explain_decision *d)
{
	const json_t *inputs = json_object_get(json, "inputs");
	const json_t *rules = json_object_get(json, "rules");
	const json_t *outputs = json_object_get(json, "outputNames");
	const json_t *notes = json_object_get(json, "noteNames");
	const json_t *possible = json_object_get(json, "possible");

	d->id = copy_text(arena, json, "id");
	d->name = copy_text(arena, json, "name");
	d->label = copy_text(arena, json, "label");
	d->hit_policy = copy_text(arena, json, "hitPolicy");
	d->result = copy_text(arena, json, "result");
	d->anything = aw_json_bool(json, "anything", true);
	d->input_count = json_array_size(inputs);
	d->inputs = AW_NEW_ARRAY(arena, struct aw_explain_input, d->input_count + 1);
	for (size_t i = 0; i < d->input_count; i++)
		read_input(arena, json_array_get(inputs, i), &d->inputs[i]);
	d->output_count = json_array_size(outputs);
	d->output_names = read_texts(arena, outputs, d->output_count);
	d->output_labels =
		read_texts(arena, json_object_get(json, "outputLabels"), d->output_count);
	d->note_count = json_array_size(notes);
	d->note_names = read_texts(arena, notes, d->note_count);
	d->possible_count = json_array_size(possible);
	d->possible = read_texts(arena, possible, d->possible_count);
	d->row_count = json_array_size(rules);
	d->rows = AW_NEW_ARRAY(arena, struct aw_explain_row, d->row_count + 1);
	for (size_t i = 0; i < d->row_count; i++)
		read_row(arena, json_array_get(rules, i), d, &d->rows[i]);
}

static void
read_unknown(struct aw_arena *arena, const json_t *json, struct aw_explain_unknown *u)
{
	u->input = copy_text(arena, json, "input");
	u->decision = copy_text(arena, json, "decision");
	(void)aw_json_int(json, "rule", &u->row);
	u->needs = copy_text(arena, json, "needs");
	u->outcome = copy_text(arena, json, "outcome");
}

static void
read_diagnostics(struct aw_arena *arena, const json_t *array, struct aw_explain *explain)
{
	struct aw_diagnostic **next = &explain->diagnostics;

	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *json = json_array_get(array, i);
		struct aw_diagnostic *d = AW_NEW(arena, struct aw_diagnostic);
		int64_t n = 0;

		d->decision = copy_text(arena, json, "decision");
		d->place = copy_text(arena, json, "place");
		d->text = copy_text(arena, json, "text");
		if (aw_json_int(json, "line", &n))
			d->line = (uint32_t)n;
		if (aw_json_int(json, "column", &n))
			d->column = (uint32_t)n;
		*next = d;
		next = &d->next;
	}
}

enum aw_status
aw_explain_read(struct aw_arena *arena, const json_t *json, struct aw_explain *ret_explain,
	struct aw_error *err)
{
	const json_t *decisions = json_object_get(json, "decisions");
	const json_t *unknowns = json_object_get(json, "unknowns");
	struct aw_explain explain = { 0 };

	if (!json_is_array(decisions) || !json_is_array(unknowns))
		return aw_fail(err, AW_CORRUPT, "this is not the record of a decision");
	explain.decision_count = json_array_size(decisions);
	explain.decisions =
		AW_NEW_ARRAY(arena, struct aw_explain_decision, explain.decision_count + 1);
	for (size_t i = 0; i < explain.decision_count; i++) {
		read_decision(arena, json_array_get(decisions, i), &explain.decisions[i]);
		if (explain.decisions[i].id == NULL)
			return aw_fail(err, AW_CORRUPT, "a decision of this record has no id");
	}
	explain.unknown_count = json_array_size(unknowns);
	explain.unknowns =
		AW_NEW_ARRAY(arena, struct aw_explain_unknown, explain.unknown_count + 1);
	for (size_t i = 0; i < explain.unknown_count; i++)
		read_unknown(arena, json_array_get(unknowns, i), &explain.unknowns[i]);
	read_diagnostics(arena, json_object_get(json, "diagnostics"), &explain);
	*ret_explain = explain;
	return AW_OK;
}
