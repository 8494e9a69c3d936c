/**
 * city/person/person - who is it: people, households, relationships, and what is known of them.
 * Layer: city, room person.  Threads: a use case runs in the unit of work of its act.
 * Example: tests/city/person/test_person.c
 *
 * Nothing here decides who may see what, nor notes a look in the log: a handler asks guard for the
 * classes it may show and calls aw_act_looked() for those it shows. Writers note what they wrote.
 */
#ifndef AW_CITY_PERSON_PERSON_H
#define AW_CITY_PERSON_PERSON_H

#include "city/person/identity.h"
#include "guard/act.h"

struct aw_person {
	int64_t id;
	const char *number; /* public: PC1101206-0001-3 */
	struct aw_identity identity;
	const char *district; /* of residence: code in city.yaml; NULL unknown */
	const char *source;
	int64_t version;
	int64_t recorded_at;
	bool erased; /* by aw_person_known alone: the identity is empty */
};

/** Makes a person; source is "household_registration", "report" or a register's code. Found by
 *  recognition after the commit. Errors: AW_INVALID when nothing identifies (no name, number or
 *  birth). */
AW_MUST_CHECK enum aw_status
aw_person_create(struct aw_act *act, const struct aw_identity *identity, const char *source,
	int64_t *ret_person, const char **ret_number, struct aw_error *err);

/** AW_NOT_FOUND: no such person, or erased. Cost: one row, one cell. */
AW_MUST_CHECK enum aw_status aw_person_get(
	struct aw_act *act, int64_t person, struct aw_person *ret_person, struct aw_error *err);
/** As aw_person_get; an erased person is AW_OK too, with the columns that stand in plain: for pages
 *  and rules about what the person was part of. */
AW_MUST_CHECK enum aw_status aw_person_known(
	struct aw_act *act, int64_t person, struct aw_person *ret_person, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_person_by_number(
	struct aw_act *act, const char *number, struct aw_person *ret_person, struct aw_error *err);

/** Replaces what is known; the old cell is kept. AW_CONFLICT when version is not the current one. */
AW_MUST_CHECK enum aw_status aw_person_correct(struct aw_act *act, int64_t person, int64_t version,
	const struct aw_identity *identity, struct aw_error *err);
/** Adds a name (another kind than CURRENT keeps the current one) or a number the person also goes
 *  by; known ones are left alone. */
AW_MUST_CHECK enum aw_status aw_person_alias_add(struct aw_act *act, int64_t person,
	enum aw_name_kind kind, const char *name, const char *number, struct aw_error *err);

/* What an erasure destroyed beside the person's own key. */
struct aw_person_erasure {
	int64_t records; /* register records that were confirmed to be about the person */
};
/** Destroys the person's key, and those of the register records that are about them: nothing sealed
 *  under them opens again (identities, assessments, contacts, goals). Rows and counts stay. Found no
 *  more after the commit. AW_NOT_FOUND: no such person, or erased already. */
AW_MUST_CHECK enum aw_status aw_person_erase(struct aw_act *act, int64_t person,
	struct aw_person_erasure *ret_erasure, struct aw_error *err);

/* -- households and relationships ----------------------------------------------------------- */

struct aw_member {
	int64_t person;
	const char *role; /* head, spouse, child, parent, sibling, grandchild, other */
	struct aw_maybe from_day;
	struct aw_maybe to_day;
};
struct aw_household {
	int64_t id;	    /* 0: the person belongs to none */
	const char *number; /* HC0990101-0001-5 */
	const char *district;
	const char *village;
	struct aw_member *members; /* on that day; the person asked about among them */
	size_t member_count;
};

AW_MUST_CHECK enum aw_status aw_household_create(struct aw_act *act, const char *district,
	const char *village, int64_t *ret_household, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_membership_add(struct aw_act *act, int64_t household,
	int64_t person, const char *role, struct aw_maybe from_day, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_membership_end(struct aw_act *act, int64_t household,
	int64_t person, int32_t to_day, struct aw_error *err);
/** The household a person belongs to on a day. */
AW_MUST_CHECK enum aw_status aw_household_of(struct aw_act *act, int64_t person, int32_t day,
	struct aw_household *ret_household, struct aw_error *err);

struct aw_relationship {
	int64_t other; /* `other` is the <kind> of the person asked about */
	const char *
		kind; /* parent, child, spouse, partner, former_spouse, sibling, guardian, carer, ... */
	const char *source;
	struct aw_maybe from_day;
	struct aw_maybe to_day;
};
/** Records: person is the <kind> of other. The other way round is answered too (parent <-> child). */
AW_MUST_CHECK enum aw_status aw_relationship_add(struct aw_act *act, int64_t person, int64_t other,
	const char *kind, const char *source, struct aw_maybe from_day, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_relationships_of(struct aw_act *act, int64_t person,
	struct aw_relationship **ret_at, size_t *ret_count, struct aw_error *err);

/* Somebody known only by their place in the family of somebody recognised: 妹妹 4歲. */
struct aw_kin_query {
	const char *role; /* sibling, child, parent, spouse, grandparent, grandchild; NULL = any */
	char sex;	  /* 0 unknown */
	int32_t age;	  /* -1 unknown; one year off is accepted */
	const char *name; /* whole or in part, NULL unknown */
};
struct aw_kin {
	int64_t person;
	const char *role; /* towards the person asked about, from memberships and relationships */
	int32_t probability_ppm;
	const char *levels; /* "household=same|role=same|age=same|sex=same" */
};
/** Who of the household and the relatives of a recognised person it could be, best first. */
AW_MUST_CHECK enum aw_status
aw_household_infer(struct aw_act *act, int64_t person, const struct aw_kin_query *query,
	struct aw_kin **ret_at, size_t *ret_count, struct aw_error *err);

/* -- the involvement ledger: rooms to the right tell, in their own transaction ------------------- */

struct aw_involvement {
	int64_t person;
	const char *kind;   /* report, dispatch, service_case, flag */
	const char *detail; /* kind of report or case; code of the flag */
	const char *role;   /* victim, respondent, subject, member, ... */
	const char *unit;   /* NULL: none */
	int64_t account;    /* worker; 0 none */
	int64_t reference;  /* row it refers to */
	const char *number; /* public number of what it refers to */
	int64_t from_at;
	struct aw_maybe to_at; /* unknown: still open; = from_at for events such as a report */
};
AW_MUST_CHECK enum aw_status aw_involvement_add(
	struct aw_act *act, const struct aw_involvement *involvement, struct aw_error *err);
/** Ends every open entry of a reference (and of a person, unless person is 0). */
AW_MUST_CHECK enum aw_status aw_involvement_end(
	struct aw_act *act, int64_t reference, int64_t person, int64_t at, struct aw_error *err);
/** Names the worker (and unit) of the open entries of a reference: after 指派. */
AW_MUST_CHECK enum aw_status aw_involvement_assign(struct aw_act *act, int64_t reference,
	const char *unit, int64_t account, struct aw_error *err);
/** Entries of a person that began at or after since_at or are still open, newest first. */
AW_MUST_CHECK enum aw_status aw_involvement_of(struct aw_act *act, int64_t person, int64_t since_at,
	struct aw_involvement **ret_at, size_t *ret_count, struct aw_error *err);

/* -- what triage and the report's page need ------------------------------------------------------ */

/* What a register says of a person: "no hit as of DATE" is an answer too. */
struct aw_register_answer {
	const char *register_code;
	const char *answer;	     /* none, past, open */
	struct aw_maybe extract_day; /* unknown: never loaded */
	int64_t record;		     /* 0 = none */
	int64_t link;		     /* identity_link; 0 = none */
	const char *link_state;	     /* proposed, confirmed; NULL = none */
	const char *unit;
	struct aw_maybe from_day;
	struct aw_maybe to_day;
};

/* A fact for the rules, with where it comes from. Absent from the list = unknown, never "no". */
enum aw_person_fact_kind {
	AW_PERSON_FACT_FLAG,
	AW_PERSON_FACT_NUMBER,
	AW_PERSON_FACT_TEXT,
	AW_PERSON_FACT_DAY,
};
struct aw_person_fact {
	const char *
		name; /* prior_90, open_protection, mental_open, ... (registers/<code>.yaml `facts`) */
	enum aw_person_fact_kind kind;
	int64_t number;	    /* flag 0/1, count, day */
	const char *text;   /* AW_PERSON_FACT_TEXT */
	const char *source; /* "ledger", or a register's code */
	struct aw_maybe as_of_day;
};

/* An earlier report or an open case of the person or of somebody in the household. */
struct aw_prior {
	struct aw_involvement involvement;
	bool own;	  /* of the person; else of another member of the household */
	bool sealed_kind; /* sexual assault or exploitation: 「有保護紀錄（密）」 */
};

struct aw_person_context {
	struct aw_household household;
	struct aw_prior *reports; /* of the last 365 days, newest first */
	size_t report_count;
	struct aw_prior *cases; /* open service cases and open dispatches */
	size_t case_count;
	struct aw_prior *flags; /* in force */
	size_t flag_count;
	int32_t own_90, own_365;	     /* reports of the person */
	int32_t household_90, household_365; /* distinct reports of anybody in the household */
	struct aw_register_answer
		*answers; /* one a register that is switched on, in policy order */
	size_t answer_count;
	struct aw_person_fact *facts;
	size_t fact_count;
};

/** Everything known of a person at a moment; the report that is being screened is left out by its id
 *  (except_reference; 0 = none). Cost: a few indexed statements a member of the household. */
AW_MUST_CHECK enum aw_status aw_person_context(struct aw_act *act, int64_t person,
	int64_t except_reference, struct aw_person_context *ret_context, struct aw_error *err);

/** A fact by name, NULL when unknown. */
const struct aw_person_fact *
aw_person_fact(const struct aw_person_context *context, const char *name);

#endif
