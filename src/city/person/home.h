/**
 * city/person/home - who may live together: what addresses and kinship propose, and what a person says of it.
 * Layer: city, room person.  Threads: a use case runs in the unit of work of its act.
 * Example: tests/city/person/test_home.c
 *
 * Household registration says who is registered together, not who lives together. Proposed is whoever has
 * the person's door and is of another registered household or none: with the floor, or with kinship that
 * somebody recorded, or with the surname, for the door of a tower alone says nothing. What is written down
 * is an answer, never the proposal. Nobody is proposed by an address of the policy's places.yaml, nor by
 * one that is protected, nor who has a protected one at all: they live elsewhere, and nobody says where.
 * Where more than AW_HOME_CROWD people live (a dormitory, an institution that no list names) only kin are.
 *
 * Nothing here decides who may see what: a proposal tells that two addresses are one, so a page shows it
 * to whoever may see both (page_home.h).
 */
#ifndef AW_CITY_PERSON_HOME_H
#define AW_CITY_PERSON_HOME_H

#include "city/person/person.h"

enum { AW_HOME_CROWD = 12 };

/* Somebody who may live with the person asked about, or of whom it was said. */
struct aw_home_mate {
	int64_t person;
	const char *state;   /* proposed, together, apart */
	const char *place;   /* what is the same, or was when it was decided: floor, door */
	const char *kin;     /* what they are to the person as recorded; NULL: nothing is */
	bool surname;	     /* the same one */
	const char *reason;  /* of a decision: code of AW_REASONS_LINK; NULL: none */
	const char *decider; /* name of who decided; NULL: not known any more */
	int64_t decision;    /* its id; 0: proposed */
	int64_t decided_at;
};

/** Decisions that stand, newest first, then proposals: kin first, then who shares the floor. In the arena.
 *  Cost: a key of the index in memory, and a cell for each person at the door or its floor (64 at most; with more there are no proposals). */
AW_MUST_CHECK enum aw_status aw_home_mates(struct aw_act *act, const struct aw_person *person,
	struct aw_home_mate **ret_at, size_t *ret_count, struct aw_error *err);

/** Somebody says that the two live together, or do not. together: a relationship "housemate" from the
 *  act's day on, so that guard's shield covers them both. AW_INVALID: no reason, or one that needs words;
 *  AW_CONFLICT: it is not proposed (any more). */
AW_MUST_CHECK enum aw_status aw_home_decide(struct aw_act *act, const struct aw_person *person,
	int64_t other, bool together, const char *reason, struct aw_error *err);
/** Takes the standing decision about the two back: the relationship ends, and it may be proposed again.
 *  AW_CONFLICT: none stands. */
AW_MUST_CHECK enum aw_status aw_home_undo(
	struct aw_act *act, const struct aw_person *person, int64_t other, struct aw_error *err);

#endif
