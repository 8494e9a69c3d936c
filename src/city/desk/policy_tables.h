/**
 * city/desk/policy_tables - how the policy page builds its tables.
 * Layer: city, inside room desk.
 */
#ifndef AW_CITY_DESK_POLICY_TABLES_H
#define AW_CITY_DESK_POLICY_TABLES_H

#include "page/parts.h"
#include "page/call.h"
#include "rule/model.h"

/** A table of the page: title_code is a message "policy.table.<code>", title stands beside it. */
struct aw_view *
aw_policy_table(struct aw_call *call, const char *title_code, const char *title, const char *note);
void aw_policy_head(struct aw_view *table, const char *text);
/** The head is the message "policy.word.<code>". */
void aw_policy_head_code(struct aw_view *table, const char *code);
/** A row with the source of its rule; valid may be NULL. */
struct aw_view *aw_policy_row(struct aw_view *table, const struct aw_valid *valid);
void aw_policy_cell(struct aw_view *row, const char *text);
/** A cell that holds a word of the house: message "policy.word.<word>". */
void aw_policy_cell_word(struct aw_view *row, const char *word);

/** The instruments with their items and bands, and the dimensions of vulnerability with their factors. */
void aw_policy_instruments(struct aw_call *call);

/** The decision tables of the triage model in force, row by row. */
AW_MUST_CHECK enum aw_status aw_policy_decisions(struct aw_call *call, struct aw_error *err);

/* An entry of a decision table in the reader's words: a word of the house, or a text. */
struct aw_policy_entry {
	const char *word; /* message "policy.word.<word>": any, yes, no; NULL: text */
	const char *text;
};

/** name: what the column looks at, or the decision for an output. In the act's arena, or borrowed. */
struct aw_policy_entry aw_policy_entry(struct aw_call *call, const struct aw_dmn_item *item,
	const char *name, struct aw_str entry);
const char *aw_policy_input_name(struct aw_call *call, const struct aw_table *table, size_t input);
const char *
aw_policy_output_name(struct aw_call *call, const struct aw_dmn_item *item, size_t output);
/** What stands above a column, inputs first. */
const char *aw_policy_column(struct aw_call *call, const struct aw_dmn_item *item, size_t column);

#endif
