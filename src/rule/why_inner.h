/**
 * rule/why_inner - the inside of a compiled explanation, for why*.c.
 * Layer: rule.
 */
#ifndef AW_RULE_WHY_INNER_H
#define AW_RULE_WHY_INNER_H

#include "rule/explain_prospect.h"
#include "rule/plan_inner.h"
#include "rule/why.h"

/* A value that a slot may have, as the columns see it and as it is written. */
struct why_value {
	struct aw_value value;
	size_t symbol; /* SIZE_MAX: none */
	struct aw_str json;
};

/* All that a slot may be. */
struct why_maybe {
	struct why_value *at;
	size_t count;
	bool anything;
	uint64_t *causes; /* unknown inputs behind it, by their number */
};

struct why_table {
	struct aw_str *rows;	   /* one a rule: {"n":1,"id":"r1" */
	struct aw_str *texts;	   /* one a rule: ,"tests":[...],"notes":[...],"used": */
	struct aw_str *pairs;	   /* of each rule one a column: ["weapon","true"] */
	struct aw_str *names;	   /* of each column */
	uint64_t *tested;	   /* of each column, `words`: rules whose cell is not "-" */
	struct why_value *results; /* one a rule, "no rule", and null */
	uint32_t *same;		   /* of each of them, the first that is equal */
	bool lists, has_default;
};

struct why_slot {
	struct aw_str head;	/* input: ["weapon",  decision: {"id":"level","hit":"P","result": */
	struct aw_str name;	/* input: {"input":"weapon","decisions":{  decision: "level":[ */
	struct aw_str *symbols; /* INPUT: of each symbol of one value its JSON */
	size_t number;		/* INPUT: which it is */
	struct aw_str unfit;	/* INPUT: the note that a value is not of its type */
	struct why_maybe domain; /* INPUT: what it may be when it is unknown */
	struct why_table *table; /* TABLE; NULL: not compiled */
	size_t *named;		 /* EXPRESSION: slots that it names, or all it needs */
	size_t named_count;
	bool is_tried; /* EXPRESSION: of one literal expression */
};

struct aw_why_texts {
	const struct aw_plan *plan;
	const struct aw_dmn_item *decision;
	const char *hash;
	struct aw_str head;
	struct why_slot *slots;
	size_t input_count, input_words;
	size_t mask_words; /* of the table that needs most: of all its columns */
};

/* A case being explained. */
struct why_case {
	const struct aw_why_texts *why;
	struct aw_plan_run *run;
	struct aw_arena *arena;
	struct aw_buf *out;
	struct why_maybe **maybes; /* one a slot; NULL: certain */
	uint64_t **moved; /* TABLE: of each input, `words`: rows that it could decide; NULL: none */
	size_t *json, *json_len; /* where the results stand in what was written */
	/* of the table that is looked at */
	uint64_t *missed, *unsure; /* of each column: cells that are false, that are unknown */
	uint64_t *sure, *open, *near, *changing; /* rows */
	const struct why_value *results;	 /* as of why_table, or of this case */
	const uint32_t *same;
	uint32_t *outcomes; /* of each row that is changing: among the results */
	bool *closed;	    /* of each column: no row passes it */
	bool any_closed;
	bool lost; /* it takes the interpreter */
};

/** What an input may be. */
void why_see_input(struct why_case *c, size_t at);
/** What the cells of a table say, and what it may be. */
void why_see_table(struct why_case *c, size_t at);
/** What an expression may be. */
void why_see_expression(struct why_case *c, size_t at);
/** The result that a table has in this case, among its results. */
uint32_t why_actual(const struct why_case *c, size_t at);

static inline struct aw_str
why_json(struct aw_arena *arena, struct aw_value v)
{
	struct aw_buf out = { .arena = arena };

	aw_value_write(&out, v);
	return (struct aw_str){ out.at, out.len };
}

#endif
