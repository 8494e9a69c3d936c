/**
 * demo/population - the people and households of the made-up Keelung.
 * Layer: demo.  Threads: pure; the same seed and scale give the same bytes.
 * Example: tests/demo/test_population.c
 *
 * At scale 1: 364,766 people in seven districts, 66,533 of them 65 or older (18.24 %), the other
 * welfare groups at the shares that the plan of 107 prints for 106. Nobody is real: the second
 * character of every national id is 5 or 6, every phone is 09000xxxxx. People of one household
 * stand side by side.
 */
#ifndef AW_DEMO_POPULATION_H
#define AW_DEMO_POPULATION_H

#include "base/arena.h"
#include "base/clock.h"
#include "demo/names.h"
#include "demo/streets.h"

#define AW_DEMO_NOBODY UINT32_MAX

/* The household registration of the demo is of 110-12-05; the clock starts on the morning after. */
static inline int32_t
aw_demo_today(void)
{
	return aw_day_of_date((struct aw_date){ 2021, 12, 6 });
}

/* Printed counts and shares (population.csv of the source documents); indigenous people are not
 * printed: assumed. Scaled by the size of the city. */
struct aw_demo_shares {
	uint32_t people;	    /* 110: 364,766 */
	uint32_t elders;	    /* 110: 18.24 % = 66,533 */
	uint32_t children;	    /* under 12, at 106's 33,229 / 371,458 */
	uint32_t disabled;	    /* at 106's 21,086 / 371,458 */
	uint32_t low_income_people; /* at 106's 6,056 / 371,458 */
	uint32_t low_income_homes;  /* at 106's 2,574 for 6,056 people */
	uint32_t immigrants;	    /* at 106's 10,009 / 371,458 */
	uint32_t indigenous;	    /* assumed 2.55 % */
};
struct aw_demo_shares aw_demo_shares(double scale);

enum aw_demo_role {
	AW_DEMO_HEAD,
	AW_DEMO_SPOUSE,
	AW_DEMO_CHILD,
	AW_DEMO_PARENT,
	AW_DEMO_SIBLING,
	AW_DEMO_GRANDCHILD,
	AW_DEMO_OTHER,
};
const char *aw_demo_role_code(enum aw_demo_role role); /* "head", ... as in memberships */

enum aw_demo_trait {
	AW_TRAIT_DISABLED = 1U << 0,
	AW_TRAIT_LOW_INCOME = 1U << 1,
	AW_TRAIT_IMMIGRANT = 1U << 2,
	AW_TRAIT_INDIGENOUS = 1U << 3,
	AW_TRAIT_TWIN = 1U << 4,
	AW_TRAIT_MARRIED_NAME = 1U << 5, /* 冠夫姓; alias holds the name before */
};

struct aw_demo_person {
	char name[AW_DEMO_NAME_SIZE];
	char alias[AW_DEMO_NAME_SIZE]; /* Latin, traditional or former name; "" = none */
	char national_id[11];
	char sex; /* 'M', 'F' */
	uint8_t role;
	uint8_t origin; /* enum aw_demo_origin; of immigrants */
	uint32_t traits;
	int32_t birth_day;
	uint32_t household;
	uint32_t father, mother, spouse, twin; /* in the same household, or AW_DEMO_NOBODY */
};

struct aw_demo_household {
	uint32_t first, count;
	uint32_t district, village;
	char phone[11]; /* "" = none known; used by every member */
	char address[AW_DEMO_ADDRESS_SIZE];
};

struct aw_demo_city {
	struct aw_demo_person *people;
	uint32_t people_count;
	struct aw_demo_household *households;
	uint32_t household_count;
	int32_t as_of_day;
	struct aw_demo_shares shares;
};

/** Makes the city. scale in (0, 12]: 12 is New Taipei and more, with 100,000 telephones as at 1, the
 *  demo's range. Cost: about a second at scale 1. */
struct aw_demo_city *aw_demo_city_make(struct aw_arena *arena, uint64_t seed, double scale);

/** Completed years of a person on a day; negative before birth. */
int32_t aw_demo_age(const struct aw_demo_city *city, uint32_t person, int32_t day);

/** The check digit of a number's first nine characters ("C5" and seven digits). */
char aw_demo_id_check(const char *nine);

#endif
