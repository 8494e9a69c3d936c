/* city/desk/policy_decisions - the decision tables in force, row by row, in the policy's words. */
#include <string.h>

#include "city/desk/policy_tables.h"
#include "city/triage/triage_view.h"
#include "rule/model.h"
#include "rule/table.h"

static const char *
text_of(struct aw_call *call, struct aw_str text)
{
	return aw_arena_strndup(call->act.arena, text.at == NULL ? "" : text.at, text.len);
}

/* A cell that only names another item of the model is that item's label. */
static const char *
item_label(const struct aw_dmn_model *model, struct aw_str text)
{
	for (size_t i = 0; i < model->item_count; i++) {
		if (aw_str_eq(model->items[i]->name, text))
			return model->items[i]->label;
	}
	return NULL;
}

const char *
aw_policy_column(struct aw_call *call, const struct aw_dmn_item *item, size_t column)
{
	const struct aw_table *table = item->box->table;

	if (column < table->input_count)
		return table->inputs[column].label != NULL
			       ? table->inputs[column].label
			       : aw_policy_input_name(call, table, column);
	column -= table->input_count;
	if (table->outputs[column].label != NULL)
		return table->outputs[column].label;
	return table->outputs[column].name.len != 0 ? text_of(call, table->outputs[column].name)
						    : item->label;
}

static void
add_heads(struct aw_call *call, const struct aw_dmn_item *item, struct aw_view *view)
{
	const struct aw_table *table = item->box->table;

	for (size_t i = 0; i < table->input_count + table->output_count; i++)
		aw_policy_head(view, aw_policy_column(call, item, i));
}

/* "未確認" in the source of a row marks it for the page. */
static bool
unverified(const char *source)
{
	return source != NULL && strstr(source, "未確認") != NULL;
}

struct aw_policy_entry
aw_policy_entry(
	struct aw_call *call, const struct aw_dmn_item *item, const char *name, struct aw_str entry)
{
	const char *text = text_of(call, entry), *label = item_label(item->model, entry);

	if (text[0] == '\0' || strcmp(text, "-") == 0)
		return (struct aw_policy_entry){ .word = "any" };
	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		return (struct aw_policy_entry){ .word = text[0] == 't' ? "yes" : "no" };
	if (label == NULL)
		label = aw_triage_words(
			call->act.arena, call->act.policy, name, text, call->language);
	return (struct aw_policy_entry){ .text = label };
}

const char *
aw_policy_input_name(struct aw_call *call, const struct aw_table *table, size_t input)
{
	return text_of(call, table->inputs[input].expression.text);
}

const char *
aw_policy_output_name(struct aw_call *call, const struct aw_dmn_item *item, size_t output)
{
	const struct aw_table_output *at = &item->box->table->outputs[output];

	return at->name.len != 0 ? text_of(call, at->name) : item->id;
}

static void
add_cell(struct aw_call *call, const struct aw_dmn_item *item, const char *name,
	struct aw_str entry, struct aw_view *row)
{
	struct aw_policy_entry shown = aw_policy_entry(call, item, name, entry);

	if (shown.word != NULL)
		aw_policy_cell_word(row, shown.word);
	else
		aw_policy_cell(row, shown.text);
}

static void
add_rule(struct aw_call *call, const struct aw_dmn_item *item, size_t r, struct aw_view *view)
{
	const struct aw_table *table = item->box->table;
	const struct aw_table_rule *rule = &table->rules[r];
	struct aw_view *row = aw_policy_row(view, NULL);

	for (size_t i = 0; i < table->input_count; i++)
		add_cell(
			call, item, aw_policy_input_name(call, table, i), rule->tests[i].text, row);
	for (size_t i = 0; i < table->output_count; i++)
		add_cell(call, item, aw_policy_output_name(call, item, i), rule->outputs[i].text,
			row);
	if (table->note_count == 0)
		return;
	aw_view_text(row, "source", rule->notes[table->note_count - 1]);
	for (size_t i = 0; i < table->note_count; i++) {
		if (unverified(rule->notes[i]))
			aw_view_flag(row, "unverified", true);
	}
}

enum aw_status
aw_policy_decisions(struct aw_call *call, struct aw_error *err)
{
	const struct aw_triage *triage =
		aw_policy_triage(call->act.policy, aw_taipei_day(call->act.now_ms));

	if (triage == NULL)
		return aw_fail(err, AW_NOT_FOUND, "no decision model is in force today");
	for (size_t i = 0; i < triage->model->item_count; i++) {
		const struct aw_dmn_item *item = triage->model->items[i];
		struct aw_view *view;
		if (item->kind != AW_DMN_DECISION || item->box == NULL ||
			item->box->kind != AW_BOX_TABLE)
			continue;
		view = aw_policy_table(call, "decision", item->label, triage->path);
		aw_view_text(view, "hit_policy", aw_hit_letter(item->box->table->hit));
		aw_view_flag(view, "decision", true);
		add_heads(call, item, view);
		for (size_t r = 0; r < item->box->table->rule_count; r++)
			add_rule(call, item, r, view);
	}
	return AW_OK;
}
