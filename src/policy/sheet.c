/* A decision table as a sheet. */
#include <string.h>

#include "base/hash.h"
#include "policy/place.h"
#include "policy/sheet_inner.h"

static const char *const heads[AW_SHEET_HEADS] = { "#table", "#hit", "#kind", "#label",
	"#expression", "#type", "#values", "#default" };

const char *
sheet_head_code(size_t head)
{
	return heads[head];
}

static xmlNode *
find_decision(struct aw_arena *arena, xmlDoc *doc, const struct aw_dmn_item *item)
{
	for (xmlNode *kid = xmlDocGetRootElement(doc)->children; kid != NULL; kid = kid->next) {
		if (!aw_xml_is(kid, "decision"))
			continue;
		if (item->id != NULL ? aw_text_eq(aw_xml_attribute(arena, kid, "id"), item->id)
				     : aw_str_is(item->name, aw_xml_attribute(arena, kid, "name")))
			return kid;
	}
	return NULL;
}

enum aw_status
sheet_table_of(const struct aw_dmn_model *model, xmlDoc *doc, const char *decision,
	struct sheet_table *ret_table, struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	const struct aw_dmn_item *item = aw_dmn_find(model, AW_DMN_DECISION, decision);
	struct sheet_table t = {
		.model = model, .item = item, .table = item == NULL ? NULL : aw_model_table(item)
	};
	xmlNode *element = t.table == NULL ? NULL : find_decision(&scratch, doc, item);

	for (xmlNode *kid = element == NULL ? NULL : element->children; kid != NULL;
		kid = kid->next)
		if (aw_xml_is(kid, "decisionTable"))
			t.element = kid;
	if (t.element == NULL)
		return aw_fail(err, AW_NOT_FOUND, "no decision \"%s\" is a table", decision);
	t.column_count = t.table->input_count + t.table->output_count + t.table->note_count;
	*ret_table = t;
	return AW_OK;
}

bool
sheet_is_note(const struct sheet_table *t, size_t column)
{
	return column >= t->table->input_count + t->table->output_count;
}

struct aw_str
sheet_cell(const struct sheet_table *t, size_t rule, size_t column)
{
	const struct aw_table_rule *r = &t->table->rules[rule];

	if (sheet_is_note(t, column))
		return aw_str_trim(
			aw_str(r->notes[column - t->table->input_count - t->table->output_count]));
	return aw_str_trim(column < t->table->input_count
				   ? r->tests[column].text
				   : r->outputs[column - t->table->input_count].text);
}

bool
sheet_same(const struct sheet_table *t, size_t column, struct aw_str a, struct aw_str b)
{
	if (column < t->table->input_count) {
		a = a.len == 0 ? AW_STR_LIT("-") : a;
		b = b.len == 0 ? AW_STR_LIT("-") : b;
	}
	return aw_str_eq(a, b);
}

const char *
sheet_rule_id(struct aw_arena *arena, const struct sheet_table *t, size_t rule)
{
	const char *id = t->table->rules[rule].id;

	return id != NULL && id[0] != '\0' ? id : aw_arena_printf(arena, "row %zu", rule + 1);
}

/* -- heads --------------------------------------------------------------------------------------- */

/* The element of a column: the n-th input, output or annotation. */
static const xmlNode *
column_element(const struct sheet_table *t, size_t column)
{
	const struct aw_table *table = t->table;
	size_t outputs = table->input_count, notes = outputs + table->output_count;
	const char *name = column < outputs ? "input" : column < notes ? "output" : "annotation";
	size_t n = column - (column < outputs ? 0 : column < notes ? outputs : notes);

	for (const xmlNode *kid = t->element->children; kid != NULL; kid = kid->next)
		if (aw_xml_is(kid, name) && n-- == 0)
			return kid;
	return NULL;
}

static struct aw_str
type_text(struct aw_arena *arena, const struct sheet_table *t, size_t column)
{
	const xmlNode *element = column_element(t, column);

	if (element != NULL && column < t->table->input_count)
		element = aw_xml_child(element, "inputExpression");
	return element == NULL ? (struct aw_str){ 0 }
			       : aw_str(aw_xml_attribute(arena, element, "typeRef"));
}

/* Allowed values of the column, else of its type, else of the item that its expression names. */
static struct aw_str
values_text(const struct sheet_table *t, size_t column)
{
	const struct aw_table *table = t->table;
	bool is_input = column < table->input_count;
	const struct aw_table_output *out =
		is_input ? NULL : &table->outputs[column - table->input_count];
	struct aw_str own =
		aw_str_trim(is_input ? table->inputs[column].values.text : out->values.text);
	const struct aw_type *type = is_input ? table->inputs[column].type : out->type;

	if (own.len > 0)
		return own;
	for (size_t i = 0; is_input && i < t->model->item_count; i++)
		if ((type == NULL || type->kind != AW_TYPE_NAMED) &&
			aw_str_eq(t->model->items[i]->name,
				aw_str_trim(table->inputs[column].expression.text)))
			type = t->model->items[i]->type;
	if (type == NULL || type->kind != AW_TYPE_NAMED)
		return own;
	return aw_str(aw_type_find(&t->model->types, type->name)->allowed_text);
}

static struct aw_str
expression_text(const struct sheet_table *t, size_t column)
{
	const struct aw_table *table = t->table;

	if (column < table->input_count)
		return table->inputs[column].expression.text;
	return sheet_is_note(t, column)
		       ? aw_str(table->notes[column - table->input_count - table->output_count])
		       : table->outputs[column - table->input_count].name;
}

struct aw_str
sheet_head_text(
	struct aw_arena *arena, const struct sheet_table *t, enum aw_sheet_head head, size_t column)
{
	const struct aw_table *table = t->table;
	bool is_input = column < table->input_count, is_note = sheet_is_note(t, column);
	const xmlNode *element = column_element(t, column);

	switch (head) {
	case AW_SHEET_TABLE:
	case AW_SHEET_HIT:
	case AW_SHEET_HEADS:
		break;
	case AW_SHEET_KIND:
		return aw_str(is_note ? "note" : is_input ? "in" : "out");
	case AW_SHEET_LABEL:
		if (!is_note && element != NULL)
			return aw_str_trim(aw_str(aw_xml_attribute(arena, element, "label")));
		break;
	case AW_SHEET_EXPRESSION:
		return aw_str_trim(expression_text(t, column));
	case AW_SHEET_TYPE:
		if (!is_note)
			return aw_str_trim(type_text(arena, t, column));
		break;
	case AW_SHEET_VALUES:
		if (!is_note)
			return aw_str_trim(values_text(t, column));
		break;
	case AW_SHEET_DEFAULT:
		if (!is_note && !is_input)
			return aw_str_trim(
				table->outputs[column - table->input_count].otherwise.text);
		break;
	}
	return (struct aw_str){ 0 };
}

const char *
sheet_column_name(struct aw_arena *arena, const struct sheet_table *t, size_t column)
{
	struct aw_str name = sheet_head_text(arena, t, AW_SHEET_LABEL, column);

	if (name.len == 0)
		name = sheet_head_text(arena, t, AW_SHEET_EXPRESSION, column);
	return name.len == 0 ? t->item->label : aw_arena_strndup(arena, name.at, name.len);
}

static const char *
hit_text(struct aw_arena *arena, const struct sheet_table *t)
{
	const char *policy = aw_xml_attribute(arena, t->element, "hitPolicy");
	const char *fold = aw_xml_attribute(arena, t->element, "aggregation");

	policy = policy == NULL ? "UNIQUE" : policy;
	return fold == NULL ? policy : aw_arena_printf(arena, "%s %s", policy, fold);
}

static void
put_head(struct aw_arena *arena, const struct sheet_table *t, enum aw_sheet_head head,
	struct aw_str text, struct aw_grid *grid)
{
	if (head == AW_SHEET_TABLE) {
		aw_grid_put(grid, aw_str(t->item->id != NULL ? t->item->id : ""));
		aw_grid_put(grid, aw_str(t->item->label));
		aw_grid_put(grid, (struct aw_str){ aw_sha256_hex(arena, text.at, text.len), 12 });
	} else if (head == AW_SHEET_HIT) {
		aw_grid_put(grid, aw_str(hit_text(arena, t)));
	} else {
		for (size_t c = 0; c < t->column_count; c++)
			aw_grid_put(grid, sheet_head_text(arena, t, head, c));
	}
}

enum aw_status
aw_sheet_put(const struct aw_dmn_model *model, struct aw_str text, const char *decision,
	const char *const words[AW_SHEET_HEADS], struct aw_grid *grid, struct aw_error *err)
{
	AW_SCOPED(xml, xmlDoc *) doc = NULL;
	struct sheet_table t;

	if (aw_xml_parse(text, model->file, &doc, err) != AW_OK ||
		sheet_table_of(model, doc, decision, &t, err) != AW_OK)
		return err->status;
	for (enum aw_sheet_head head = 0; head < AW_SHEET_HEADS; head++) {
		aw_grid_row(grid);
		aw_grid_put(grid, aw_str(heads[head]));
		aw_grid_put(grid, aw_str(words == NULL ? NULL : words[head]));
		put_head(grid->arena, &t, head, text, grid);
	}
	for (size_t r = 0; r < t.table->rule_count; r++) {
		aw_grid_row(grid);
		aw_grid_put(grid, aw_str(sheet_rule_id(grid->arena, &t, r)));
		aw_grid_put(grid, aw_str(aw_arena_printf(grid->arena, "%zu", r + 1)));
		for (size_t c = 0; c < t.column_count; c++)
			aw_grid_put(grid, sheet_cell(&t, r, c));
	}
	return AW_OK;
}
