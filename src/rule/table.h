/**
 * rule/table - decision tables and their hit policies.
 * Layer: rule.  Threads: a table is constant.  Example: tests/rule/test_table.c
 */
#ifndef AW_RULE_TABLE_H
#define AW_RULE_TABLE_H

#include "rule/eval.h"

enum aw_hit {
	AW_HIT_UNIQUE,
	AW_HIT_ANY,
	AW_HIT_PRIORITY,
	AW_HIT_FIRST,
	AW_HIT_RULE_ORDER,
	AW_HIT_OUTPUT_ORDER,
	AW_HIT_COLLECT,
	AW_HIT_SUM,
	AW_HIT_MIN,
	AW_HIT_MAX,
	AW_HIT_COUNT,
};

/* An expression of a table with its place in the file. */
struct aw_cell_text {
	struct aw_str text;
	uint32_t line;
	const struct aw_node *node; /* NULL: empty, or it does not parse */
	const char *problem;
};

struct aw_table_input {
	const char *label;
	struct aw_cell_text expression;
	const struct aw_type *type;
	struct aw_cell_text values; /* inputValues: unary tests */
};

struct aw_table_output {
	struct aw_str name; /* empty when there is one output without a name */
	const char *label;
	const struct aw_type *type;
	struct aw_cell_text values; /* outputValues: the order of priority */
	struct aw_cell_text otherwise;
};

struct aw_table_rule {
	const char *id;
	uint32_t line;
	struct aw_cell_text *tests;   /* one an input */
	struct aw_cell_text *outputs; /* one an output */
	const char **notes;	      /* one an annotation column */
};

struct aw_table {
	enum aw_hit hit;
	uint32_t line;
	struct aw_table_input *inputs;
	size_t input_count, input_room;
	struct aw_table_output *outputs;
	size_t output_count, output_room;
	struct aw_table_rule *rules;
	size_t rule_count, rule_room;
	const char **notes; /* names of the annotation columns */
	size_t note_count, note_room;
};

/** "U" "A" "P" "F" "R" "O" "C" "C+" "C<" "C>" "C#" */
const char *aw_hit_letter(enum aw_hit hit);

/** The table's value. */
struct aw_value
aw_table_eval(struct aw_run *run, const struct aw_scope *scope, const struct aw_table *table);

/** What one rule gives; rule = rule_count: the table's default outputs. */
struct aw_value aw_table_rule_value(struct aw_run *run, const struct aw_scope *scope,
	const struct aw_table *table, size_t rule);
/** Does rule a come before rule b by the priority of its outputs, first output first? */
bool aw_table_comes_before(struct aw_run *run, const struct aw_scope *scope,
	const struct aw_table *table, size_t a, size_t b);

/* -- for explanations ---------------------------------------------------------------------------- */

/** What a column sees, coerced; its inputValues do not restrict it here. */
struct aw_value aw_table_input_eval(struct aw_run *run, const struct aw_scope *scope,
	const struct aw_table *table, size_t input);
/** Does v meet the test of a rule? */
enum aw_truth aw_table_test(struct aw_run *run, const struct aw_scope *scope,
	const struct aw_table *table, size_t rule, size_t input, struct aw_value v);
/** What a set of fired rules gives by the hit policy. used: set for the rules the result comes from;
 *  may be NULL. */
struct aw_value aw_table_result(struct aw_run *run, const struct aw_scope *scope,
	const struct aw_table *table, const bool *fired, bool *used);

#endif
