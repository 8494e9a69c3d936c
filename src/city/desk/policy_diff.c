/* city/desk/policy_diff - two policies side by side: rules added, gone, changed. */
#include "city/desk/policy_diff.h"

#include <string.h>

#include "city/desk/policy_tables.h"
#include "rule/model.h"

#define NONE SIZE_MAX

static const AW_VIEW_TYPE(cell_view, "PolicyDiffCell", NULL, AW_FIELD("text", TEXT, OPEN),
	AW_FIELD_CODE("word", OPEN, "policy.word"), AW_FIELD("changed", FLAG, OPEN),
	AW_FIELD("old_text", TEXT, OPEN), AW_FIELD_CODE("old_word", OPEN, "policy.word"));

static const AW_VIEW_TYPE(row_view, "PolicyDiffRow", NULL,
	AW_FIELD_CODE("state", OPEN, "policy.diff"), AW_FIELD("number", NUMBER, OPEN),
	AW_FIELD("old_number", NUMBER, OPEN), AW_FIELD_OF("cells", LIST, OPEN, &cell_view),
	AW_FIELD("source", TEXT, OPEN), AW_FIELD("source_changed", FLAG, OPEN),
	AW_FIELD("old_source", TEXT, OPEN));

static const AW_VIEW_TYPE(head_view, "PolicyDiffHead", NULL, AW_FIELD("text", TEXT, OPEN),
	AW_FIELD("out", FLAG, OPEN));

static const AW_VIEW_TYPE(table_view, "PolicyDiffTable", NULL, AW_FIELD("title", TEXT, OPEN),
	AW_FIELD_CODE("state", OPEN, "policy.diff"), AW_FIELD("added", NUMBER, OPEN),
	AW_FIELD("removed", NUMBER, OPEN), AW_FIELD("changed", NUMBER, OPEN),
	AW_FIELD("old_hit", TEXT, OPEN), AW_FIELD("hit", TEXT, OPEN),
	AW_FIELD_OF("heads", LIST, OPEN, &head_view), AW_FIELD_OF("rows", LIST, OPEN, &row_view));

static const AW_VIEW_TYPE(file_view, "PolicyDiffFile", NULL, AW_FIELD("path", TEXT, OPEN),
	AW_FIELD_CODE("state", OPEN, "policy.diff"));

const AW_VIEW_TYPE(aw_policy_diff_view, "PolicyDiff", "desk/policy_diff",
	AW_FIELD_OF("tables", LIST, OPEN, &table_view),
	AW_FIELD_OF("files", LIST, OPEN, &file_view), AW_FIELD("same", FLAG, OPEN));

/* A decision in both models, and which column and rule of now was which before. */
struct pair {
	struct aw_call *call;
	const struct aw_dmn_item *before, *now;
	const struct aw_table *old, *new;
	size_t *columns; /* of before, by column of now; NONE: there was none */
	size_t *rules;	 /* likewise; the rule itself is compared apart */
	bool *met;	 /* by rule of before: it is one of now's */
	struct aw_view *view;
};

static const struct aw_table *
table_of(const struct aw_dmn_item *item)
{
	return item == NULL || item->kind != AW_DMN_DECISION || item->box == NULL ||
			       item->box->kind != AW_BOX_TABLE
		       ? NULL
		       : item->box->table;
}

/* -- what was what ------------------------------------------------------------------------------- */

static size_t
column_count(const struct aw_table *table)
{
	return table->input_count + table->output_count;
}

/* What a column is known by: the expression of an input, the name of an output. */
static struct aw_str
column_key(const struct aw_table *table, size_t column)
{
	return column < table->input_count ? table->inputs[column].expression.text
					   : table->outputs[column - table->input_count].name;
}

static struct aw_str
entry_of(const struct aw_table *table, size_t rule, size_t column)
{
	return column < table->input_count
		       ? table->rules[rule].tests[column].text
		       : table->rules[rule].outputs[column - table->input_count].text;
}

static bool
is_input(const struct aw_table *table, size_t column)
{
	return column < table->input_count;
}

static void
match_columns(struct pair *p)
{
	for (size_t i = 0; i < column_count(p->new); i++) {
		p->columns[i] = NONE;
		for (size_t k = 0; k < column_count(p->old) && p->columns[i] == NONE; k++)
			if (is_input(p->old, k) == is_input(p->new, i) &&
				aw_str_eq(column_key(p->old, k), column_key(p->new, i)))
				p->columns[i] = k;
	}
}

/* An empty cell and "-" look at nothing alike. */
static bool
same_entry(struct aw_str a, struct aw_str b)
{
	return aw_str_eq(
		aw_str_is(a, "-") ? AW_STR_LIT("") : a, aw_str_is(b, "-") ? AW_STR_LIT("") : b);
}

static const char *
source_of(const struct aw_table *table, size_t rule)
{
	const char *note =
		table->note_count == 0 ? NULL : table->rules[rule].notes[table->note_count - 1];

	return note == NULL ? "" : note;
}

static struct aw_str
old_entry(const struct pair *p, size_t rule, size_t column)
{
	return p->columns[column] == NONE ? AW_STR_LIT("")
					  : entry_of(p->old, rule, p->columns[column]);
}

static bool
same_rule(const struct pair *p, size_t old_rule, size_t new_rule)
{
	for (size_t i = 0; i < column_count(p->new); i++)
		if (!same_entry(old_entry(p, old_rule, i), entry_of(p->new, new_rule, i)))
			return false;
	return strcmp(source_of(p->old, old_rule), source_of(p->new, new_rule)) == 0;
}

/* First by id, then those that say the same. */
static void
match_rules(struct pair *p)
{
	for (size_t i = 0; i < p->new->rule_count; i++) {
		p->rules[i] = NONE;
		for (size_t k = 0; k < p->old->rule_count && p->rules[i] == NONE; k++)
			if (!p->met[k] && aw_text_eq(p->old->rules[k].id, p->new->rules[i].id))
				p->rules[i] = k;
		if (p->rules[i] != NONE)
			p->met[p->rules[i]] = true;
	}
	for (size_t i = 0; i < p->new->rule_count; i++) {
		for (size_t k = 0; k < p->old->rule_count && p->rules[i] == NONE; k++)
			if (!p->met[k] && same_rule(p, k, i))
				p->rules[i] = k;
		if (p->rules[i] != NONE)
			p->met[p->rules[i]] = true;
	}
}

/* -- shown --------------------------------------------------------------------------------------- */

/* The view of the pair's table, made when the first difference is found. */
static struct aw_view *
table_shown(struct pair *p, struct aw_view *diff)
{
	if (p->view != NULL)
		return p->view;
	p->view = aw_view_item(diff, "tables");
	aw_view_text(p->view, "title", p->now->label);
	for (size_t i = 0; i < column_count(p->new); i++) {
		struct aw_view *head = aw_view_item(p->view, "heads");

		aw_view_text(head, "text", aw_policy_column(p->call, p->now, i));
		aw_view_flag(head, "out", !is_input(p->new, i));
	}
	return p->view;
}

static const char *
name_of(struct pair *p, size_t column)
{
	return is_input(p->new, column)
		       ? aw_policy_input_name(p->call, p->new, column)
		       : aw_policy_output_name(p->call, p->now, column - p->new->input_count);
}

static void
put_entry(struct aw_view *cell, const struct aw_policy_entry *entry, bool old)
{
	aw_view_text(cell, old ? "old_word" : "word", entry->word);
	aw_view_text(cell, old ? "old_text" : "text", entry->text);
}

/* One rule: old_rule NONE: added, new_rule NONE: gone. */
static void
put_rule(struct pair *p, struct aw_view *row, size_t old_rule, size_t new_rule)
{
	bool gone = new_rule == NONE;

	if (!gone)
		aw_view_int(row, "number", (int64_t)new_rule + 1);
	if (old_rule != NONE)
		aw_view_int(row, "old_number", (int64_t)old_rule + 1);
	for (size_t i = 0; i < column_count(p->new); i++) {
		struct aw_view *cell = aw_view_item(row, "cells");
		struct aw_str was = old_rule == NONE ? AW_STR_LIT("") : old_entry(p, old_rule, i);
		struct aw_str is = gone ? was : entry_of(p->new, new_rule, i);
		struct aw_policy_entry entry = aw_policy_entry(p->call, p->now, name_of(p, i), is);

		put_entry(cell, &entry, false);
		if (gone || old_rule == NONE || same_entry(was, is))
			continue;
		entry = aw_policy_entry(p->call, p->before, name_of(p, i), was);
		aw_view_flag(cell, "changed", true);
		put_entry(cell, &entry, true);
	}
	aw_view_text(
		row, "source", gone ? source_of(p->old, old_rule) : source_of(p->new, new_rule));
	if (gone || old_rule == NONE ||
		strcmp(source_of(p->old, old_rule), source_of(p->new, new_rule)) == 0)
		return;
	aw_view_flag(row, "source_changed", true);
	aw_view_text(row, "old_source", source_of(p->old, old_rule));
}

static void
compare_rules(struct pair *p, struct aw_view *diff)
{
	int64_t added = 0, removed = 0, changed = 0;
	struct aw_view *row;

	for (size_t i = 0; i < p->new->rule_count; i++) {
		if (p->rules[i] != NONE && same_rule(p, p->rules[i], i))
			continue;
		row = aw_view_item(table_shown(p, diff), "rows");
		aw_view_text(row, "state", p->rules[i] == NONE ? "added" : "changed");
		added += p->rules[i] == NONE;
		changed += p->rules[i] != NONE;
		put_rule(p, row, p->rules[i], i);
	}
	for (size_t k = 0; k < p->old->rule_count; k++) {
		if (p->met[k])
			continue;
		row = aw_view_item(table_shown(p, diff), "rows");
		aw_view_text(row, "state", "removed");
		removed++;
		put_rule(p, row, k, NONE);
	}
	if (p->view == NULL)
		return;
	aw_view_int(p->view, "added", added);
	aw_view_int(p->view, "removed", removed);
	aw_view_int(p->view, "changed", changed);
}

/* Columns, hit policy, or the order of rules where it counts. */
static const char *
frame_state(const struct pair *p)
{
	size_t last = 0;

	if (column_count(p->old) != column_count(p->new))
		return "columns";
	for (size_t i = 0; i < column_count(p->new); i++)
		if (p->columns[i] == NONE)
			return "columns";
	for (size_t i = 0; i < p->new->rule_count; i++) {
		if (p->rules[i] == NONE)
			continue;
		if (p->rules[i] < last)
			return "order";
		last = p->rules[i];
	}
	return NULL;
}

static void
compare_table(struct aw_call *call, struct aw_view *diff, const struct aw_dmn_item *before,
	const struct aw_dmn_item *now)
{
	struct pair p = { .call = call,
		.before = before,
		.now = now,
		.old = table_of(before),
		.new = table_of(now) };
	const char *state;

	p.columns = AW_NEW_ARRAY(call->act.arena, size_t, column_count(p.new));
	p.rules = AW_NEW_ARRAY(call->act.arena, size_t, p.new->rule_count);
	p.met = AW_NEW_ARRAY(call->act.arena, bool, p.old->rule_count);
	match_columns(&p);
	match_rules(&p);
	compare_rules(&p, diff);
	state = frame_state(&p);
	if (state != NULL)
		aw_view_text(table_shown(&p, diff), "state", state);
	if (p.old->hit != p.new->hit) {
		aw_view_text(table_shown(&p, diff), "old_hit", aw_hit_letter(p.old->hit));
		aw_view_text(p.view, "hit", aw_hit_letter(p.new->hit));
	}
}

/* A decision that one of the two has alone, or that is a table in one alone. */
static void
put_whole(struct aw_view *diff, const struct aw_dmn_item *item, const char *state)
{
	struct aw_view *table = aw_view_item(diff, "tables");

	aw_view_text(table, "title", item->label);
	aw_view_text(table, "state", state);
}

/* A literal expression that reads otherwise. */
static bool
same_literal(const struct aw_dmn_item *a, const struct aw_dmn_item *b)
{
	if ((a->box == NULL) != (b->box == NULL))
		return false;
	return a->box == NULL ||
	       (a->box->kind == b->box->kind && aw_str_eq(a->box->text, b->box->text));
}

static void
compare_models(struct aw_call *call, struct aw_view *diff, const struct aw_dmn_model *before,
	const struct aw_dmn_model *now)
{
	for (size_t i = 0; i < now->item_count; i++) {
		const struct aw_dmn_item *item = now->items[i], *was;

		if (item->kind == AW_DMN_INPUT)
			continue;
		was = aw_dmn_find(before, item->kind, item->id);
		if (was == NULL)
			put_whole(diff, item, "added");
		else if (table_of(was) != NULL && table_of(item) != NULL)
			compare_table(call, diff, was, item);
		else if (table_of(was) != table_of(item) || !same_literal(was, item))
			put_whole(diff, item, "changed");
	}
	for (size_t i = 0; i < before->item_count; i++) {
		const struct aw_dmn_item *item = before->items[i];

		if (item->kind != AW_DMN_INPUT && aw_dmn_find(now, item->kind, item->id) == NULL)
			put_whole(diff, item, "removed");
	}
}

static void
put_file(struct aw_view *diff, const char *path, const char *state)
{
	struct aw_view *file = aw_view_item(diff, "files");

	aw_view_text(file, "path", path);
	aw_view_text(file, "state", state);
}

/* Every file; the models of both were compared rule by rule. */
static bool
compare_files(struct aw_view *diff, const struct aw_policy *before, const struct aw_policy *now)
{
	bool same = true;

	for (size_t i = 0; i < now->file_count; i++) {
		const struct aw_policy_file *file = &now->files[i];
		const struct aw_policy_file *was = aw_policy_file(before, file->path);

		if (was != NULL && aw_str_eq(was->text, file->text))
			continue;
		same = false;
		put_file(diff, file->path, was == NULL ? "added" : "changed");
	}
	for (size_t i = 0; i < before->file_count; i++) {
		if (aw_policy_file(now, before->files[i].path) != NULL)
			continue;
		same = false;
		put_file(diff, before->files[i].path, "removed");
	}
	return same;
}

void
aw_policy_diff(struct aw_call *call, struct aw_view *view, const struct aw_policy *before,
	const struct aw_policy *now, int32_t day)
{
	const struct aw_triage *was = aw_policy_triage(before, day);
	const struct aw_triage *is = aw_policy_triage(now, day);

	if (was != NULL && is != NULL)
		compare_models(call, view, was->model, is->model);
	aw_view_flag(view, "same", compare_files(view, before, now));
}
