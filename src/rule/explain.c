/* rule/explain - looking into an explanation, and the explanation as JSON. */
#include "rule/explain.h"

#include <string.h>

#include "rule/value.h"

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

/* -- as JSON ----------------------------------------------------------------------------------- */

static void
put_comma(struct aw_buf *out, bool *first)
{
	if (!*first)
		aw_buf_char(out, ',');
	*first = false;
}

static void
put_values(struct aw_buf *out, const struct aw_value *at, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		aw_buf_text(out, i == 0 ? "" : ",");
		aw_value_write(out, at[i]);
	}
}

/* ["weapon","answer"]: unknown; ["tipvda","answer",5,[6,7]]: 5, or one of the others. */
static void
put_given(struct aw_buf *out, const struct aw_explain_given *given)
{
	aw_buf_char(out, '[');
	aw_buf_json(out, given->name);
	aw_buf_char(out, ',');
	aw_buf_json(out, given->source);
	if (given->value->kind != AW_VALUE_NULL || given->other_count > 0) {
		aw_buf_char(out, ',');
		aw_value_write(out, *given->value);
	}
	if (given->other_count > 0) {
		aw_buf_text(out, ",[");
		put_values(out, given->others, given->other_count);
		aw_buf_char(out, ']');
	}
	aw_buf_char(out, ']');
}

/* Cells of a row of one kind, or of two, as ["weapon","true"] pairs. */
static void
put_cells(struct aw_buf *out, const struct aw_explain_decision *d, const struct aw_explain_row *row,
	bool all, enum aw_cell kind)
{
	bool first = true;

	for (size_t i = 0; i < d->input_count; i++) {
		if (row->cells[i] == AW_CELL_ANY || (!all && row->cells[i] != kind))
			continue;
		put_comma(out, &first);
		aw_buf_char(out, '[');
		aw_buf_json(out, d->inputs[i].expression);
		aw_buf_char(out, ',');
		aw_buf_json(out, row->entries[i]);
		aw_buf_char(out, ']');
	}
}

static void
put_row_name(struct aw_buf *out, const struct aw_explain_row *row)
{
	aw_buf_printf(out, "{\"n\":%lld", (long long)row->number);
	if (row->id != NULL) {
		aw_buf_text(out, ",\"id\":");
		aw_buf_json(out, row->id);
	}
}

static void
put_fired(struct aw_buf *out, const struct aw_explain_decision *d, const struct aw_explain_row *row)
{
	put_row_name(out, row);
	aw_buf_text(out, ",\"tests\":[");
	put_cells(out, d, row, true, AW_CELL_TRUE);
	aw_buf_text(out, "],\"notes\":[");
	for (size_t i = 0; i < d->note_count; i++) {
		aw_buf_text(out, i == 0 ? "" : ",");
		aw_buf_json(out, row->notes[i]);
	}
	aw_buf_text(out, row->used ? "],\"used\":true}" : "],\"used\":false}");
}

static void
put_open(struct aw_buf *out, const struct aw_explain_decision *d, const struct aw_explain_row *row)
{
	put_row_name(out, row);
	aw_buf_text(out, ",\"needs\":[");
	put_cells(out, d, row, false, AW_CELL_UNKNOWN);
	aw_buf_char(out, ']');
	if (row->outcome != NULL) {
		aw_buf_text(out, ",\"outcome\":");
		aw_value_write(out, *row->outcome);
	}
	aw_buf_char(out, '}');
}

static void
put_near(struct aw_buf *out, const struct aw_explain_decision *d, const struct aw_explain_row *row)
{
	aw_buf_printf(out, "{\"n\":%lld,\"misses\":", (long long)row->number);
	put_cells(out, d, row, false, AW_CELL_FALSE);
	aw_buf_char(out, '}');
}

static bool
is_fired(const struct aw_explain_row *row)
{
	return row->fired;
}

static bool
is_open(const struct aw_explain_row *row)
{
	return row->open;
}

static bool
is_near(const struct aw_explain_row *row)
{
	return row->near;
}

/* ,"near":[...], or nothing when there are none. */
static void
put_rows(struct aw_buf *out, const struct aw_explain_decision *d, const char *name,
	bool (*is)(const struct aw_explain_row *),
	void (*put)(
		struct aw_buf *, const struct aw_explain_decision *, const struct aw_explain_row *))
{
	bool first = true;

	for (size_t i = 0; i < d->row_count; i++) {
		if (!is(&d->rows[i]))
			continue;
		if (first)
			aw_buf_printf(out, ",\"%s\":[", name);
		put_comma(out, &first);
		put(out, d, &d->rows[i]);
	}
	if (!first)
		aw_buf_char(out, ']');
}

/* Columns that no row passes, or nothing. */
static void
put_closed(struct aw_buf *out, const struct aw_explain_decision *d)
{
	bool first = true;

	for (size_t i = 0; i < d->input_count; i++) {
		if (!d->inputs[i].closed)
			continue;
		aw_buf_text(out, first ? ",\"closed\":[" : ",");
		aw_buf_json(out, d->inputs[i].expression);
		first = false;
	}
	aw_buf_text(out, first ? "" : "]");
}

static void
put_decision(struct aw_buf *out, const struct aw_explain_decision *d)
{
	aw_buf_text(out, "{\"id\":");
	aw_buf_json(out, d->id);
	if (d->hit_policy != NULL)
		aw_buf_printf(out, ",\"hit\":\"%s\"", d->hit_policy);
	aw_buf_text(out, ",\"result\":");
	aw_value_write(out, *d->value);
	put_rows(out, d, "fired", is_fired, put_fired);
	put_rows(out, d, "open", is_open, put_open);
	put_rows(out, d, "near", is_near, put_near);
	put_closed(out, d);
	if (d->possible_count > 0) {
		aw_buf_text(out, ",\"possible\":[");
		put_values(out, d->others, d->possible_count);
		aw_buf_char(out, ']');
	}
	aw_buf_text(out, d->anything ? ",\"anything\":true}" : "}");
}

/* Would knowing the input tell whether the row fires, and so change the result? */
static bool
decides_row(const struct aw_explain_decision *d, const struct aw_explain_row *row, size_t given)
{
	for (size_t i = 0; row->outcome != NULL && i < d->input_count; i++) {
		const struct aw_explain_input *in = &d->inputs[i];

		for (size_t k = 0; row->cells[i] == AW_CELL_UNKNOWN && k < in->cause_count; k++) {
			if (in->causes[k] == given)
				return true;
		}
	}
	return false;
}

static void
put_unknown(struct aw_buf *out, const struct aw_explain *explain, size_t given)
{
	bool first_decision = true;

	aw_buf_text(out, "{\"input\":");
	aw_buf_json(out, explain->given[given].name);
	aw_buf_text(out, ",\"decisions\":{");
	for (size_t i = 0; i < explain->decision_count; i++) {
		const struct aw_explain_decision *d = &explain->decisions[i];
		bool first = true;

		for (size_t r = 0; r < d->row_count; r++) {
			if (!decides_row(d, &d->rows[r], given))
				continue;
			if (first) {
				put_comma(out, &first_decision);
				aw_buf_json(out, d->id);
				aw_buf_text(out, ":[");
			}
			put_comma(out, &first);
			aw_buf_printf(out, "%lld", (long long)d->rows[r].number);
		}
		aw_buf_text(out, first ? "" : "]");
	}
	aw_buf_text(out, "}}");
}

static void
put_diagnostic(struct aw_buf *out, const struct aw_diagnostic *d)
{
	aw_buf_text(out, "{\"decision\":");
	aw_buf_json(out, d->decision);
	aw_buf_text(out, ",\"place\":");
	aw_buf_json(out, d->place);
	aw_buf_printf(out, ",\"line\":%u,\"column\":%u,\"text\":", d->line, d->column);
	aw_buf_json(out, d->text);
	aw_buf_char(out, '}');
}

void
aw_explain_write_notes(const struct aw_diagnostic *notes, struct aw_buf *out)
{
	for (const struct aw_diagnostic *d = notes; d != NULL; d = d->next) {
		put_diagnostic(out, d);
		aw_buf_text(out, d->next == NULL ? "" : ",");
	}
}

void
aw_explain_write_head(const char *model, const char *hash, struct aw_buf *out)
{
	aw_buf_text(out, "{\"policy\":{\"name\":");
	aw_buf_json(out, model);
	if (hash != NULL) {
		aw_buf_text(out, ",\"hash\":");
		aw_buf_json(out, hash);
	}
	aw_buf_text(out, "},\"inputs\":[");
}

void
aw_explain_write(const struct aw_explain *explain, const char *hash, struct aw_buf *out)
{
	bool first = true;

	aw_explain_write_head(explain->model, hash, out);
	for (size_t i = 0; i < explain->given_count; i++) {
		aw_buf_text(out, i == 0 ? "" : ",");
		put_given(out, &explain->given[i]);
	}
	aw_buf_text(out, "],\"decisions\":[");
	for (size_t i = 0; i < explain->decision_count; i++) {
		aw_buf_text(out, i == 0 ? "" : ",");
		put_decision(out, &explain->decisions[i]);
	}
	aw_buf_text(out, "],\"unknowns\":[");
	for (size_t i = 0; i < explain->given_count; i++) {
		if (!explain->given[i].unknown)
			continue;
		put_comma(out, &first);
		put_unknown(out, explain, i);
	}
	aw_buf_text(out, "],\"diagnostics\":[");
	aw_explain_write_notes(explain->diagnostics, out);
	aw_buf_text(out, "]}");
}
