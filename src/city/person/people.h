/**
 * city/person/people - the index in memory over all people: who could this be?
 * Layer: city, room person.  Threads: shared; searches run side by side, changes wait for them.
 * Example: tests/city/person/test_person.c
 *
 * Built at start from the sealed people, kept current by aw_tx_after_commit(): a person made in a
 * unit of work is found after its commit, not before. Holds names, numbers, birth days, hashed
 * phones and doors; nothing is written to disk. About 0.13 KB a person. After aw_people_open a thread
 * merges what changed into the base of the index (link/index.h) while others search.
 * Probability: Fellegi-Sunter weights over the levels of link/compare.h, prior 1 / people, and at
 * most one candidate can be the person: so twins and namesakes share what speaks for both of them.
 */
#ifndef AW_CITY_PERSON_PEOPLE_H
#define AW_CITY_PERSON_PEOPLE_H

#include "city/person/identity.h"
#include "db/db.h"
#include "db/seal.h"

struct aw_people; /* opaque */
struct aw_policy; /* policy/policy.h */
#define AW_PEOPLE_CHANGE "person"

/** Reads every person and opens every cell. Cost: about 4 us a person.
 *  Errors: AW_CORRUPT, AW_IO. The database is not kept; the keyring must live as long, for people
 *  whom another server changed are opened again (db/change.h, the kind AW_PEOPLE_CHANGE). */
AW_MUST_CHECK enum aw_status aw_people_open(struct aw_db *db, struct aw_keyring *keyring,
	struct aw_people **ret_people, struct aw_error *err);
/** An empty index, for tests and for filling a demo. */
struct aw_people *aw_people_new(void) __attribute__((returns_nonnull));
void aw_people_close(struct aw_people *people); /* NULL is fine */

/** Adds or replaces a person. Use cases do this by themselves after their commit. */
void aw_people_put(struct aw_people *people, int64_t person, const struct aw_identity *identity);
void aw_people_remove(struct aw_people *people, int64_t person);
size_t aw_people_count(struct aw_people *people);
size_t aw_people_bytes(struct aw_people *people); /* memory held */

/* What is known of somebody. */
struct aw_person_query {
	const struct aw_identity *identity;
	int32_t age;	/* completed years, -1 unknown; used when the birth is unknown */
	int32_t on_day; /* the day the age holds on */
	const struct aw_policy
		*policy; /* its places.yaml are no addresses of anybody; NULL: none are */
};

/* Millionths: links itself above the one, asks nobody below the other. */
enum { AW_MATCH_LINK_PPM = 990000, AW_MATCH_REVIEW_PPM = 200000 };

enum aw_match {
	AW_MATCH_LINK,	 /* above the link threshold and nothing contradicts */
	AW_MATCH_REVIEW, /* a person must look */
	AW_MATCH_NO,	 /* below the review threshold; shown only when asked */
};

/* One field of a comparison: "name", "variant", +8.52 bits. Codes are stable: pages show the
 * messages "link.field.<field>" and "link.level.<level>". */
struct aw_candidate_field {
	const char *field;    /* national_id, name, birth_date, sex, phone, address */
	const char *level;    /* "missing" when it could not be compared */
	int32_t weight_mbits; /* thousandths of a bit; for the person when positive */
};
enum { AW_CANDIDATE_FIELDS = 6 };

struct aw_candidate {
	int64_t person;
	enum aw_match match;
	int32_t probability_ppm;
	int32_t weight_mbits; /* sum of the fields */
	int32_t prior_mbits;
	uint32_t conflicts; /* bits of enum aw_conflict (link/score.h); 0 = nothing contradicts */
	const char *levels; /* "national_id=same|name=variant|...", as kept in the database */
	struct aw_candidate_field fields[AW_CANDIDATE_FIELDS];
};

struct aw_candidates {
	struct aw_candidate *at; /* best first; in the arena */
	size_t count;
	size_t compared; /* how many of their forms were looked at, once for each key */
};

/** Finds at most `limit` candidates at or above the review threshold. Nothing known = none. */
void aw_people_find(struct aw_people *people, struct aw_arena *arena,
	const struct aw_person_query *query, size_t limit, struct aw_candidates *ret_candidates);

/** Compares one person with a query, whatever the probability; false if the index has no such
 *  person. */
bool aw_people_compare(struct aw_people *people, struct aw_arena *arena,
	const struct aw_person_query *query, int64_t person, struct aw_candidate *ret_candidate);

/** Whoever has an address at this door and is not known to be on another floor of it (aw_link_form.door
 *  and .floor; door 0: nobody's), each once, in no order; stops behind the first over `most`, so a count
 *  above it says that there are more. */
size_t aw_people_at_door(struct aw_people *people, struct aw_arena *arena, uint32_t door,
	uint16_t floor, size_t most, int64_t **ret_persons);

/* The search box: name whole or in part (variant forms are the same), number of the state (one slip
 * allowed), phone, birth date, or several of these with spaces between. */
enum aw_search_how {
	AW_SEARCH_NOTHING, /* the text is empty or has one character only */
	AW_SEARCH_NAME,
	AW_SEARCH_NAME_NEAR, /* nobody has this name: same sound, one character off, swapped */
	AW_SEARCH_NUMBER,
	AW_SEARCH_NUMBER_NEAR, /* nobody has this number: one slip away */
	AW_SEARCH_PHONE,
	AW_SEARCH_MIXED, /* several, all must agree */
};
struct aw_search_hits {
	enum aw_search_how how;
	int64_t *persons; /* exact before variant before partial, then by birth day, then by id */
	size_t count;
	bool more; /* there were more than the limit */
};
/** Public numbers of persons are looked up in the database by aw_person_by_number, not here. */
void aw_people_search(struct aw_people *people, struct aw_arena *arena, const char *typed,
	size_t limit, struct aw_search_hits *ret_hits);
/** The same as if nobody had exactly this name or number: for a viewer who may know of none of those
 *  who have, so that the answer is the one to a name that nobody has. */
void aw_people_search_near(struct aw_people *people, struct aw_arena *arena, const char *typed,
	size_t limit, struct aw_search_hits *ret_hits);

#endif
