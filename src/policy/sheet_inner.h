/**
 * policy/sheet_inner - what the files of policy/sheet share.
 * Layer: policy; for sheet*.c alone.
 */
#ifndef AW_POLICY_SHEET_INNER_H
#define AW_POLICY_SHEET_INNER_H

#include "policy/sheet.h"
#include "rule/xml.h"

enum {
	SHEET_NUMBER = 1,
	SHEET_FIRST = 2
}; /* columns, from 0: number of a rule, first of a table's */

/* A table with its element. Columns: inputs, outputs, annotations. */
struct sheet_table {
	const struct aw_dmn_model *model;
	const struct aw_dmn_item *item;
	const struct aw_table *table;
	xmlNode *element; /* decisionTable */
	size_t column_count;
};

/** A rule as the sheet has it. */
struct sheet_rule {
	size_t row;	    /* of the grid, from 0 */
	size_t old;	    /* rule of the table; SIZE_MAX: new */
	const char *id;	    /* as written; of a new one "" when it has none of its own */
	const char **cells; /* by column of the table */
};

/** The table of a decision in a parsed model. AW_NOT_FOUND. */
AW_MUST_CHECK enum aw_status sheet_table_of(const struct aw_dmn_model *model, xmlDoc *doc,
	const char *decision, struct sheet_table *ret_table, struct aw_error *err);
/** Words of a head: "#hit". */
const char *sheet_head_code(size_t head);
/** What a head says of a column of the table, as it is written. */
struct aw_str sheet_head_text(struct aw_arena *arena, const struct sheet_table *t,
	enum aw_sheet_head head, size_t column);
/** A cell of the table as it stands in the model, without blanks at the ends. */
struct aw_str sheet_cell(const struct sheet_table *t, size_t rule, size_t column);
/** What a column is called. */
const char *sheet_column_name(struct aw_arena *arena, const struct sheet_table *t, size_t column);
/** What a rule without an id is called. */
const char *sheet_rule_id(struct aw_arena *arena, const struct sheet_table *t, size_t rule);
bool sheet_is_note(const struct sheet_table *t, size_t column);
/** Do two cells of a column say the same? An empty test is "-". */
bool sheet_same(const struct sheet_table *t, size_t column, struct aw_str a, struct aw_str b);

/** Puts the rules in place of the table's, and gives ids to new ones. */
void sheet_write(struct aw_arena *arena, struct sheet_table *t, const struct sheet_rule *rules,
	size_t count);

#endif
