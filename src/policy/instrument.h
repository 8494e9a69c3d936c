/**
 * policy/instrument - what answers to an instrument's items come to: a range, never a guess.
 * Layer: policy.  Threads: pure.  Example: tests/policy/test_instrument.c
 *
 * Answers are an object by item code, as a report keeps them: true and false, a number, the code of a
 * choice, "na" where an item may not apply (it counts 0), null or nothing for unknown. An item without
 * an answer may still be anything, so a sum has a least and a most, and lies in one band or in several.
 */
#ifndef AW_POLICY_INSTRUMENT_H
#define AW_POLICY_INSTRUMENT_H

#include "base/json.h"
#include "policy/policy.h"

/* What one item adds: between least and most. */
struct aw_item_score {
	int64_t least, most;
	bool answered;
};

struct aw_score {
	int64_t least, most;			  /* of the items that count */
	const struct aw_band *lightest, *gravest; /* the bands of least and most; NULL: no bands */
	size_t answered, items;			  /* "na" is an answer */
	bool alone;	/* an item reaches what refers by itself, whatever the sum */
	bool may_alone; /* one without an answer could */
	const struct aw_named *conclusion; /* the choice of the item that concludes; NULL: none */
};

struct aw_item_score
aw_instrument_item_score(const struct aw_instrument_item *item, const json_t *answer);

/** answers: the object, or the sum alone as a whole number (bands only). False when nothing was
 *  answered; *ret is then of all items unknown. */
bool aw_instrument_score(
	const struct aw_instrument *instrument, const json_t *answers, struct aw_score *ret);

/* Was the instrument made for these two people; sexes "F", "M" or NULL for unknown. */
enum aw_applies { AW_APPLIES_UNKNOWN, AW_APPLIES_YES, AW_APPLIES_NO };
enum aw_applies aw_instrument_applies(const struct aw_instrument *instrument,
	const char *subject_sex, const char *respondent_sex);

#endif
