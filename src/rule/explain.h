/**
 * rule/explain - why a decision came out as it did, and what unknown inputs could still change.
 * Layer: rule.  Threads: plain data in one arena.  Example: tests/rule/test_explain.c
 *
 * An input that nobody knows is never "no". A cell over an unknown input is neither true nor false;
 * a row of which no cell is false "could fire". An outcome that such a row would bring is listed
 * with the inputs that would have to be known to rule it out. Decisions further down see the whole
 * set of values an uncertain decision may have, so the list is an upper bound: nothing that could
 * happen is missing from it.
 */
#ifndef AW_RULE_EXPLAIN_H
#define AW_RULE_EXPLAIN_H

#include "base/json.h"

struct aw_value; /* rule/value.h */

enum aw_cell {
	AW_CELL_ANY, /* "-": not looked at */
	AW_CELL_TRUE,
	AW_CELL_FALSE,
	AW_CELL_UNKNOWN,
};

/* A column: what it looks at and what it saw. */
struct aw_explain_input {
	const char *label;	/* in officers' words */
	const char *expression; /* usually the name of a fact or of a decision */
	const char *value;	/* FEEL text: "third", 9, true; NULL: unknown */
	const char *source;	/* where the fact came from; NULL: a decision, or not said */
	bool unknown;
	bool closed;	      /* no row passes it: the table is not for such cases */
	const size_t *causes; /* unknown inputs behind it, as places in aw_explain.given */
	size_t cause_count;
};

struct aw_explain_row {
	int64_t number; /* from 1 */
	const char *id;
	enum aw_cell *cells;	    /* one an input */
	const char *const *entries; /* the tests as written, one an input */
	const char *const *outputs; /* as written, one an output */
	const char *const *notes;   /* annotation entries, one an annotation column */
	bool fired;		    /* every cell true */
	bool used;		    /* the result comes from it */
	bool could_fire;	    /* none false, some unknown; it did not fire */
	bool open;		    /* the same, whether it fired or not */
	/* one cell alone is false, none unknown, in a column that is not closed: it missed by that one */
	bool near;
	/* open, and what it does changes the result to this; of a list: adds it. NULL: it changes nothing */
	const struct aw_value *outcome;
};

/* One decision that was evaluated, in order of evaluation. */
struct aw_explain_decision {
	const char *id;
	const char *name;
	const char *label;	/* what the table is called on a page; name where none is given */
	const char *hit_policy; /* U A P F R O C C+ C< C> C#; NULL: not a table */
	struct aw_explain_input *inputs;
	size_t input_count;
	const char *const *output_names;  /* the decision's id for one without a name */
	const char *const *output_labels; /* in officers' words */
	size_t output_count;
	const char *const *note_names;
	size_t note_count;
	struct aw_explain_row *rows;
	size_t row_count;
	const struct aw_value *value;
	const char *result;	       /* FEEL text */
	const struct aw_value *others; /* as are the texts in possible */
	const char *const *possible;   /* other results that unknown inputs leave open */
	size_t possible_count;
	bool anything; /* nothing can be said about other results */
};

/* An input that is unknown, and what it could change. */
struct aw_explain_unknown {
	const char *input;    /* name of the input data */
	const char *decision; /* id of the decision it could change; NULL: it changes nothing */
	int64_t row;	      /* the row that would fire */
	const char *needs;    /* the test it would have to meet, as written */
	const char *outcome;  /* what that row says, FEEL text */
};

/* A null that FEEL gave silently, and where. */
struct aw_diagnostic {
	struct aw_diagnostic *next;
	const char *decision; /* name of the decision or knowledge model */
	const char *place;    /* "rule 3, input 2", "literal expression", ... */
	uint32_t line;	      /* of the model file; 0 = not known */
	uint32_t column;      /* in the expression, from 1 */
	const char *text;
};

/* An input that the decisions require, as it was given. */
struct aw_explain_given {
	const char *name;
	const char *source;
	const struct aw_value *value;  /* as its type has it; null: unknown */
	const struct aw_value *others; /* what else it may be, as was said */
	size_t other_count;
	bool unknown; /* it may be more than one thing */
};

struct aw_explain {
	const char *model; /* its name */
	struct aw_explain_given *given;
	size_t given_count;
	struct aw_explain_decision *decisions;
	size_t decision_count;
	struct aw_explain_unknown *unknowns;
	size_t unknown_count;
	struct aw_diagnostic *diagnostics; /* in order of evaluation */
};

/**
 * The explanation as JSON (docs/decisions.md): a few KB, for rows that neither fired nor nearly did are not
 * in it, and the tables are said by name and hash. hash: of the policy; NULL: not said.
 */
void aw_explain_write(const struct aw_explain *explain, const char *hash, struct aw_buf *out);

/** Its diagnostics, between the brackets. */
void aw_explain_write_notes(const struct aw_diagnostic *notes, struct aw_buf *out);
/** Its beginning: as far as the first input. */
void aw_explain_write_head(const char *model, const char *hash, struct aw_buf *out);

/** The decision of that id, NULL if it was not evaluated. */
const struct aw_explain_decision *
aw_explain_find(const struct aw_explain *explain, const char *decision_id);
/** The first row that the result comes from; NULL if there is none. */
const struct aw_explain_row *aw_explain_used(const struct aw_explain_decision *decision);

#endif
