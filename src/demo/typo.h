/**
 * demo/typo - the mistakes that people make when they type somebody into a register or a report.
 * Layer: demo.  Threads: pure over the caller's random.  Example: tests/demo/test_typo.c
 *
 * Each register has its own habits: police forms the wrong sex and swapped month and day, child
 * placement the carer's name, mental health an earlier number, suicide prevention the romanised
 * name, drug cases an alias without number, welfare the household head's phone; everywhere
 * variant characters and ROC years one off. Rates are parts of 1,000 rows.
 */
#ifndef AW_DEMO_TYPO_H
#define AW_DEMO_TYPO_H

#include "demo/population.h"

enum aw_demo_typo {
	AW_TYPO_SEX,	    /* the other sex */
	AW_TYPO_DAY_MONTH,  /* month and day swapped */
	AW_TYPO_YEAR,	    /* ROC year one off */
	AW_TYPO_NUMBER,	    /* one digit of the number, or two neighbours swapped */
	AW_TYPO_NO_NUMBER,  /* left empty */
	AW_TYPO_OLD_NUMBER, /* an earlier number of the same person */
	AW_TYPO_CARER_NAME, /* a parent's name in the child's field */
	AW_TYPO_LATIN_NAME, /* the romanised name */
	AW_TYPO_ALIAS,	    /* how people call them */
	AW_TYPO_VARIANT,    /* another form of a character: 峯, 台, 于 */
	AW_TYPO_LIKE_SOUND, /* another character of the same sound */
	AW_TYPO_HEAD_PHONE, /* the household head's phone, on every member */
	AW_TYPO_NO_BIRTH,
	AW_TYPO_OLD_ADDRESS, /* where they do not live any more */
	AW_TYPO_KINDS
};
const char *aw_demo_typo_code(enum aw_demo_typo typo); /* "sex", "day_month", ... */

struct aw_demo_habits {
	uint16_t permille[AW_TYPO_KINDS];
};

/* A person as typed. Empty text = not given. */
struct aw_demo_typed {
	char name[AW_DEMO_NAME_SIZE];
	char alias[AW_DEMO_NAME_SIZE];
	char national_id[11];
	char sex; /* 0 = not given */
	bool birth_known;
	struct aw_date birth; /* may be no real date after a swap is avoided: always a real one */
	char phone[11];
	char address[AW_DEMO_ADDRESS_SIZE];
	uint32_t mistakes; /* bits of enum aw_demo_typo */
};

/** Types a person of the city with the mistakes of these habits. */
void aw_demo_type(const struct aw_demo_city *city, uint32_t person, struct aw_random *random,
	const struct aw_demo_habits *habits, struct aw_demo_typed *ret);

/** Replaces the first character that has a variant form (峰 峯, 臺 台, 於 于, 温 溫 ...) by it; false if
 *  there is none. out holds size bytes. */
bool aw_demo_variant(const char *text, char *out, size_t size_bytes);

/** Romanises a Han name well enough for a passport; characters without a reading become "X". */
void aw_demo_romanise(const char *name, char *out, size_t size_bytes);

#endif
