/* city/desk/draft_pages - where in the tables a mistake is: decision, row and column. */
#include <string.h>

#include "city/desk/draft_pages.h"
#include "city/desk/policy_tables.h"
#include "policy/policy.h"

const AW_VIEW_TYPE(aw_draft_mistake_view, "PolicyMistake", NULL, AW_FIELD("text", TEXT, OPEN),
	AW_FIELD("file", TEXT, OPEN), AW_FIELD("line", NUMBER, OPEN),
	AW_FIELD("decision", TEXT, OPEN), AW_FIELD("decision_id", TEXT, OPEN),
	AW_FIELD("row", NUMBER, OPEN), AW_FIELD("column", TEXT, OPEN));

struct place {
	const struct aw_dmn_item *item; /* NULL: nowhere in a table */
	size_t row;			/* from 1; 0: in no row */
	size_t column;			/* SIZE_MAX: in none */
};

static const struct aw_table *
table_of(const struct aw_dmn_item *item)
{
	return item->box != NULL && item->box->kind == AW_BOX_TABLE ? item->box->table : NULL;
}

static bool
find_in_row(const struct aw_table *table, size_t r, uint32_t line, struct place *place)
{
	const struct aw_table_rule *rule = &table->rules[r];

	for (size_t i = 0; i < table->input_count + table->output_count; i++) {
		const struct aw_cell_text *cell = i < table->input_count
							  ? &rule->tests[i]
							  : &rule->outputs[i - table->input_count];
		if (cell->line != line)
			continue;
		place->row = r + 1;
		place->column = i;
		return true;
	}
	place->row = r + 1;
	return rule->line == line;
}

/* The last that begins at or before the line, when no cell stands on it. */
static bool
find_in_table(const struct aw_table *table, uint32_t line, struct place *place)
{
	for (size_t r = 0; r < table->rule_count; r++) {
		place->column = SIZE_MAX;
		if (find_in_row(table, r, line, place))
			return true;
	}
	for (size_t i = 0; i < table->input_count; i++)
		if (table->inputs[i].expression.line == line) {
			place->row = 0;
			place->column = i;
			return true;
		}
	place->row = 0;
	return table->line == line;
}

static struct place
place_of(const struct aw_dmn_model *model, uint32_t line)
{
	struct place place = { .column = SIZE_MAX };

	for (size_t i = 0; model != NULL && line > 0 && i < model->item_count; i++) {
		const struct aw_dmn_item *item = model->items[i];

		if (table_of(item) != NULL ? find_in_table(table_of(item), line, &place)
					   : item->line == line) {
			place.item = item;
			return place;
		}
	}
	return (struct place){ .column = SIZE_MAX };
}

void
aw_draft_mistakes(struct aw_call *call, const struct aw_draft *draft, struct aw_str model,
	const struct aw_mistakes *mistakes)
{
	const struct aw_dmn_options options = { .file = draft->path, .lint = true };
	const struct aw_dmn_model *read = NULL;
	struct aw_error own = { 0 };

	/* as far as it can be read; what cannot be has its line alone */
	if (mistakes->count > 0 &&
		aw_dmn_load(call->act.arena, model, &options, &read, &own) != AW_OK)
		read = NULL;
	for (size_t i = 0; i < mistakes->count; i++) {
		const struct aw_mistake *m = &mistakes->at[i];
		struct aw_view *item = aw_view_item(call->view, "mistakes");
		struct place place = { .column = SIZE_MAX };

		if (strcmp(m->file, draft->path) == 0)
			place = place_of(read, m->line);
		aw_view_text(item, "text", m->text);
		aw_view_text(item, "file", m->file);
		if (m->line > 0)
			aw_view_int(item, "line", m->line);
		if (place.item == NULL)
			continue;
		aw_view_text(item, "decision", place.item->label);
		aw_view_text(item, "decision_id", place.item->id);
		if (place.row > 0)
			aw_view_int(item, "row", (int64_t)place.row);
		if (place.column != SIZE_MAX)
			aw_view_text(
				item, "column", aw_policy_column(call, place.item, place.column));
	}
}
