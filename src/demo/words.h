/**
 * demo/words - what the reporters of the made-up city write, and what workers note.
 * Layer: demo.  Threads: pure over its arguments.  Example: tests/demo/test_words.c
 *
 * Everything is drawn from the report's own seed, so that the same plan gives the same words.
 * People are named as a reporter knows them: often without number, sometimes mistyped.
 */
#ifndef AW_DEMO_WORDS_H
#define AW_DEMO_WORDS_H

#include "city/intake/report.h"
#include "demo/plan.h"

enum { AW_DEMO_PERSONS_MOST = 12 };

struct aw_demo_words {
	struct aw_report_in in; /* borrows persons below, and answers */
	struct aw_report_person_in persons[AW_DEMO_PERSONS_MOST];
	uint32_t who[AW_DEMO_PERSONS_MOST]; /* the truth: person of the city, or AW_DEMO_NOBODY */
	json_t *answers;		    /* the caller's: json_decref */
};

/** Writes the report: persons in the order subjects, respondent, others of the household. Text is
 *  in the arena. Questions that the kind's form does not ask are left out. */
void aw_demo_words_report(struct aw_arena *arena, const struct aw_demo_plan *plan,
	const struct aw_policy *policy, uint32_t report, struct aw_demo_words *ret);

enum aw_demo_note {
	AW_NOTE_SUBMIT, /* the screener's to the reviewer */
	AW_NOTE_REVIEW,
	AW_NOTE_RETURN, /* a unit's */
	AW_NOTE_DISPUTE,
	AW_NOTE_INVALID, /* why an issue is not valid */
	AW_NOTE_ASSESSMENT,
	AW_NOTE_CONTACT,
	AW_NOTE_GOAL,
	AW_NOTE_STEP,
	AW_NOTES
};
/** A note of that sort, for a kind of report; static text chosen by n. */
const char *aw_demo_note(enum aw_demo_note note, enum aw_demo_kind kind, uint32_t n);

#endif
