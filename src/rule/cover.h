/**
 * rule/cover - what a decision table leaves out, decides twice, or can never say.
 * Layer: rule.  Threads: pure; models are constant.  Example: tests/rule/test_cover.c
 *
 * Each column is cut into classes: sets of values that no cell of the column tells apart. Rules that
 * fire are then a set for each combination of classes; combinations are walked column by column, and
 * what is left of the rules after some columns is looked at once, however it was reached. So the answer
 * is exact for unary tests of constants (S-FEEL), and the walk is short although combinations are many.
 * A cell that computes (it names other inputs, or uses "?") is a yes or no of its own, independent of
 * all others: gaps and overlaps that rest on it are possible, not certain, and are not reported.
 * An input may be unknown (null) unless it is said to be certain; a decision may be null when its
 * table has a gap, or gives what may be null, or when it has no table.
 */
#ifndef AW_RULE_COVER_H
#define AW_RULE_COVER_H

#include "rule/model.h"

enum aw_cover_kind {
	AW_COVER_GAP,	  /* no rule fires, there is no default, and the hit policy needs one */
	AW_COVER_OVERLAP, /* two rules fire whose outputs the hit policy does not let both stand */
	AW_COVER_NEVER,	  /* nothing makes the rule fire, or an earlier one always comes first */
	AW_COVER_UNTOLD,  /* too many combinations: the table was not looked at whole */
};

struct aw_cover_finding {
	enum aw_cover_kind kind;
	const struct aw_dmn_item *item; /* decision or knowledge model */
	uint32_t line;
	size_t rule, other; /* from 1; 0: none */
	const char *text;   /* all of it in one sentence: rules and the values that lead there */
};

struct aw_cover {
	struct aw_cover_finding *at;
	size_t count, room;
	size_t left_out; /* more than AW_COVER_MOST of a table */
	size_t tables;
};

enum { AW_COVER_MOST = 50 };

/**
 * Looks at every decision table of a model. certain: names of the inputs that are never unknown.
 * *ret_cover lives in the arena and borrows from the model. Cost: at most about a second a table; past
 * 200,000 sets of rules a table is UNTOLD.
 */
void aw_dmn_cover(struct aw_arena *arena, const struct aw_dmn_model *model,
	const char *const *certain, size_t certain_count, struct aw_cover *ret_cover);

#endif
