/**
 * bench/taiwan - a made-up Taiwan to measure recognition on: people, their records, and what goes wrong.
 * Threads: pure; the same seed and serial give the same household, on any machine, in any order.
 *
 * Nobody is real: national ids have 5 or 6 as second character (text/idno.h), residence numbers and
 * phones are made from a counter. Households, ages, relations and twins are composed as for the demo
 * city (demo/household.h); surnames and a fifth of the given names come from its tables, the others
 * from wider ones, so that namesakes are about as many as is published: bench_synth shares tells 陳,
 * 淑芬, 陳怡君 and others beside the figures of the Ministry of the Interior; most are within a third, 家豪
 * and 志明 too frequent. Compound surnames, 冠夫姓 (women born before 1950), given names of one
 * character, names of indigenous people, marriage immigrants and foreign workers with Han and passport
 * names, old residence numbers.
 * Places: 22 counties by population, 191 of their districts, apartment buildings of six households.
 *
 * Planted on purpose, with the truth beside:
 *   twins      2 % of births; the same birth day and household, mostly the first character of the given
 *              name in common, and numbers that follow each other when the sex is the same
 *   namesakes  the head of one household in 250 has name, sex and birth day of another head, who lives
 *              elsewhere under another number; the many natural ones come on top
 *
 * Truth: an entity is a person (id); records carry it. Tune on households whose half is 0, report on
 * those whose half is 1: twins stay together, and no household is in both.
 *
 * The error model, of records (parts of 1,000, each drawn by itself) and one at a time in queries:
 *   name      sounds the same 15, looks alike 10, variant form 15, another character 8, characters
 *             swapped 3, new given name 8, another surname 4, the carer's name in a child's place 10, the
 *             other name (Latin, former, traditional) 100 of those who have one
 *   number    left out 80, a digit wrong 12, neighbours swapped 6, letter wrong 2, a valid one that the
 *             person had before 3, an old residence number 300 of those who have one
 *   birth     left out 25, month and day swapped 8, a digit wrong 8, a year off 6, ROC year taken for
 *             the last digits of the CE year (11 off) 3, first of January 5, another day altogether 2
 *   sex       left out 30, wrong 6
 *   phone     left out 350, another one 60
 *   address   left out 80, moved elsewhere 60, moved within the district 40, door number wrong 10, floor
 *             left out 60
 * The weights of link/model.c know none of these numbers: bench_train reads pairs and truth alone.
 */
#ifndef AW_BENCH_TAIWAN_H
#define AW_BENCH_TAIWAN_H

#include "base/id.h"
#include "demo/names.h"
#include "link/form.h"

enum { TW_MEMBERS = 12, TW_NUMBER = 11, TW_PHONE = 16 };

struct tw_place {
	const char *county, *district, *village, *road;
	char lane[8], alley[8]; /* "" = none */
	int32_t neighbourhood, number, number_sub, floor;
};

/* Somebody as registered. */
struct tw_person {
	int64_t id; /* grows from household to household, and within */
	char name[AW_DEMO_NAME_SIZE];
	char other_name[AW_DEMO_NAME_SIZE]; /* Latin, former or traditional; "" = none */
	char number[TW_NUMBER];
	char old_number[TW_NUMBER]; /* "" = none */
	char phones[2][TW_PHONE];   /* own and of the home; "" = none */
	int32_t birth_day;
	char sex;
	int8_t twin;   /* place in the household, -1 none */
	bool namesake; /* has name, sex and birth day of the head of another household */
};

struct tw_household {
	uint64_t serial;
	int half; /* 0: tune on it, 1: report on it */
	struct tw_place place;
	struct tw_person members[TW_MEMBERS];
	size_t count;
};

/** Call once before anything else: the table of characters that sound alike. */
void tw_begin(void);
void tw_household_make(uint64_t seed, uint64_t serial, struct tw_household *ret);
/** The household whose head the namesake in this one takes after. */
uint64_t tw_namesake_of(uint64_t serial);
/** Which household an id is of, and which place in it. */
uint64_t tw_household_of(int64_t id);
size_t tw_member_of(int64_t id);

/* What a record or a query says of somebody; "" and false = does not say. */
struct tw_known {
	char name[AW_DEMO_NAME_SIZE];
	char number[TW_NUMBER];
	char phone[TW_PHONE];
	int32_t birth_day;
	bool birth_known, has_place;
	char sex; /* 0 unknown */
	bool number_is_old, name_is_other;
	struct tw_place place;
};
void tw_known_make(
	const struct tw_household *home, const struct tw_person *person, struct tw_known *ret);

enum tw_slip {
	TW_NAME_SOUND,
	TW_NAME_SHAPE,
	TW_NAME_VARIANT,
	TW_NAME_CHARACTER,
	TW_NAME_SWAPPED,
	TW_NAME_NEW,
	TW_NAME_SURNAME,
	TW_NAME_CARER,
	TW_NAME_OTHER,
	TW_NUMBER_NONE,
	TW_NUMBER_DIGIT,
	TW_NUMBER_SWAPPED,
	TW_NUMBER_LETTER,
	TW_NUMBER_EARLIER,
	TW_NUMBER_OLD,
	TW_BIRTH_NONE,
	TW_BIRTH_SWAPPED,
	TW_BIRTH_DIGIT,
	TW_BIRTH_YEAR,
	TW_BIRTH_ERA,
	TW_BIRTH_FIRST,
	TW_BIRTH_ANOTHER,
	TW_SEX_NONE,
	TW_SEX_WRONG,
	TW_PHONE_NONE,
	TW_PHONE_ANOTHER,
	TW_PLACE_NONE,
	TW_PLACE_ELSEWHERE,
	TW_PLACE_NEAR,
	TW_PLACE_DOOR,
	TW_PLACE_FLOOR,
	TW_SLIPS
};
const char *tw_slip_code(enum tw_slip slip); /* "name_sound", ... */

/** Makes one slip; false, and nothing changed, when it cannot be made of this person. */
bool tw_slip(struct aw_random *random, const struct tw_household *home,
	const struct tw_person *person, enum tw_slip slip, struct tw_known *known);
/** A record of somebody with slips as the model says; returns them as bits. */
uint32_t tw_record(struct aw_random *random, const struct tw_household *home,
	const struct tw_person *person, struct tw_known *ret);

/** One field of name, number, birth, sex and address wrong, all alike often; without a number: it is taken
 *  away, and one of the others is wrong. Returns the slip. */
enum tw_slip tw_corrupt(struct aw_random *random, const struct tw_household *home,
	const struct tw_person *person, bool with_number, struct tw_known *known);

/** The forms an index files somebody under, at most four; others[i] in the arena. */
enum { TW_FORMS = 4 };
size_t
tw_forms(struct aw_arena *arena, const struct tw_household *home, const struct tw_person *person,
	struct aw_link_form forms[TW_FORMS], struct aw_str others[TW_FORMS]);
void tw_known_form(struct aw_arena *arena, const struct tw_known *known, struct aw_link_form *form,
	struct aw_str *other);
/** In one line; NULL when the record says no place. */
char *tw_known_address(struct aw_arena *arena, const struct tw_known *known);

#endif
