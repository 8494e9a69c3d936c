/* Where in a model's decision tables a line of its file is. */
#include "policy/place.h"

const struct aw_table *
aw_model_table(const struct aw_dmn_item *item)
{
	return item->box != NULL && item->box->kind == AW_BOX_TABLE ? item->box->table : NULL;
}

/* A cell of several lines stands on each. */
static bool
stands_on(const struct aw_cell_text *cell, uint32_t line)
{
	uint32_t last = cell->line;

	for (size_t i = 0; i < cell->text.len; i++)
		last += cell->text.at[i] == '\n';
	return line >= cell->line && line <= last;
}

static bool
find_in_row(const struct aw_table *table, size_t r, uint32_t line, struct aw_model_place *place)
{
	const struct aw_table_rule *rule = &table->rules[r];

	for (size_t i = 0; i < table->input_count + table->output_count; i++) {
		const struct aw_cell_text *cell = i < table->input_count
							  ? &rule->tests[i]
							  : &rule->outputs[i - table->input_count];
		if (!stands_on(cell, line))
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
find_in_table(const struct aw_table *table, uint32_t line, struct aw_model_place *place)
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

struct aw_model_place
aw_model_place_of(const struct aw_dmn_model *model, uint32_t line)
{
	struct aw_model_place place = { .column = SIZE_MAX };

	for (size_t i = 0; model != NULL && line > 0 && i < model->item_count; i++) {
		const struct aw_dmn_item *item = model->items[i];

		if (aw_model_table(item) != NULL ? find_in_table(aw_model_table(item), line, &place)
						 : item->line == line) {
			place.item = item;
			return place;
		}
	}
	return (struct aw_model_place){ .column = SIZE_MAX };
}

const char *
aw_model_place_text(struct aw_arena *arena, const struct aw_model_place *place)
{
	const struct aw_table *table = place->item == NULL ? NULL : aw_model_table(place->item);
	struct aw_buf buf = { .arena = arena };
	struct aw_str column = { 0 };

	if (table == NULL)
		return NULL;
	aw_buf_text(&buf, place->item->id == NULL ? place->item->name.at : place->item->id);
	if (place->row > 0)
		aw_buf_printf(&buf, ", row %zu", place->row);
	if (place->column < table->input_count)
		column = table->inputs[place->column].expression.text;
	else if (place->column - table->input_count < table->output_count)
		column = table->outputs[place->column - table->input_count].name;
	if (place->column != SIZE_MAX && column.len > 0)
		aw_buf_printf(&buf, ", %.*s", (int)(column.len > 80 ? 80 : column.len), column.at);
	return aw_buf_z(&buf);
}
