/**
 * policy/sheet - a decision table as a sheet for a spreadsheet, and back into its model.
 * Layer: policy.  Threads: any.  Example: tests/policy/test_sheet.c
 *
 *            A            B         C                     D            ...
 *     1      #table       words     id of the decision    its label    hash of the model
 *     2      #hit         words     FIRST
 *     3      #kind        words     in                    out          note
 *     4      #label       words     what people call the column
 *     5      #expression  words     input expression      name         name
 *     6      #type        words     string
 *     7      #values      words     allowed values
 *     8      #default     words                           what holds when no rule does
 *     9 ...  id of rule   1, 2 ...  FEEL                  FEEL         text
 *
 * Column A is what is read; B is for people. What is edited are rules: a cell, a new row (column A empty, or
 * copied from another: the second of an id is new), a row gone, another order. Heads are compared and not
 * taken over: columns, hit policy and allowed values are changed in the editor. Columns may stand in any
 * order. A rule is known by its id, so that what differs is told rule by rule.
 *
 * What spreadsheets do to FEEL is undone: typographic quotes around texts, TRUE for true, blanks at the
 * ends. An empty test is "-".
 */
#ifndef AW_POLICY_SHEET_H
#define AW_POLICY_SHEET_H

#include "rule/model.h"
#include "text/grid.h"

enum aw_sheet_head {
	AW_SHEET_TABLE,
	AW_SHEET_HIT,
	AW_SHEET_KIND,
	AW_SHEET_LABEL,
	AW_SHEET_EXPRESSION,
	AW_SHEET_TYPE,
	AW_SHEET_VALUES,
	AW_SHEET_DEFAULT,
	AW_SHEET_HEADS, /* how many there are */
};

/** Heads and rules of a decision's table into an empty grid. text: the model's XML. words: what stands
 *  beside each head, NULL for none. AW_NOT_FOUND: no decision of this id is a table. */
AW_MUST_CHECK enum aw_status
aw_sheet_put(const struct aw_dmn_model *model, struct aw_str text, const char *decision,
	const char *const words[AW_SHEET_HEADS], struct aw_grid *grid, struct aw_error *err);

/* Something that keeps a sheet from being taken over. */
struct aw_sheet_mistake {
	const char *code;   /* "output_empty"; a page says it by "sheet.wrong.<code>" */
	const char *detail; /* what it is about; may be "" */
	size_t row, column; /* of the sheet, from 1; 0: of the sheet as a whole */
};

struct aw_sheet_mistakes {
	struct aw_sheet_mistake *at;
	size_t count, room;
};

/** A mistake in English, in the arena. */
const char *aw_sheet_mistake_text(struct aw_arena *arena, const struct aw_sheet_mistake *mistake);

enum aw_sheet_what { AW_SHEET_ADDED, AW_SHEET_REMOVED, AW_SHEET_CHANGED, AW_SHEET_MOVED };

struct aw_sheet_change {
	enum aw_sheet_what what;
	const char *rule;     /* id */
	size_t row;	      /* of the sheet, from 1; 0: REMOVED */
	const char *column;   /* CHANGED: what it is called */
	const char *was, *is; /* CHANGED */
};

struct aw_sheet_applied {
	const struct aw_dmn_item *item; /* the decision, in the model that was given */
	struct aw_str model;		/* XML: as it was given when nothing differs */
	bool stale;			/* the sheet was made from another state of the model */
	struct aw_sheet_change *changes;
	size_t change_count, change_room;
	/* where in the sheet, from 1: rules of the new table, and its columns, inputs first */
	const size_t *rows, *columns;
	size_t row_count, column_count;
};

/**
 * The model with a sheet's rules in place of its table's. Every mistake is noted, all at once; cells are
 * parsed and their names looked up as the model's are. model and text stay as they are. Errors: AW_INVALID
 * when there is a mistake; AW_TOO_LARGE.
 */
AW_MUST_CHECK enum aw_status aw_sheet_apply(const struct aw_dmn_model *model, struct aw_str text,
	const struct aw_grid *grid, struct aw_sheet_mistakes *mistakes,
	struct aw_sheet_applied *ret_applied, struct aw_error *err);

#endif
