/**
 * guard/access - who may see which class of field of whom.
 * Layer: guard.  Threads: an act's thread; aw_access_decide and aw_shield are pure.
 * Example: tests/guard/test_access.c, tests/property/test_respondent.c
 *
 * Access is (viewer, person, side). roles.yaml grants classes to role x relation and caps them by
 * purpose (policy/policy.h: struct aw_role, enum aw_relation, struct aw_purpose); the relation
 * ledger (guard/relation.h) says what the viewer is to the person. Over both stand rules that no
 * role can lift:
 *
 *   1. Whoever serves a respondent gets nothing of class ADDRESS, CONTACT, NARRATIVE, PLAN,
 *      PLACEMENT, REPORTER or REPORTER_NAME of anybody that aw_shield() names for that respondent,
 *      and no existence of records about them.
 *   2. REPORTER and REPORTER_NAME go to screeners and to the unit that serves as lead on the
 *      protected or neutral side. Never to co-units, nor to a respondent's worker.
 *   3. An account that is nobody's (the public) gets nothing.
 *
 * Some classes wait besides until the viewer has proved anew who it is (policy: struct aw_step_up).
 *
 * Hidden things give one of three reasons, and a shielded person's always the first, so that the
 * reason itself tells nothing: "confidential" 保密; "request" 依法保密，申請調閱 (the role would
 * allow it for another purpose that the viewer may state); "verify" 請再驗證身分 (it opens once
 * the viewer has given password or code anew).
 *
 * How a use case asks:
 *   aw_access_to(act, person, &access, err)        once a person and act; remembered in the act
 *   if (!aw_access_may(&access, AW_CLASS_EXISTENCE)) return aw_fail(err, AW_NOT_FOUND, ...)
 *   aw_access_may(&access, AW_CLASS_ADDRESS) ? aw_view_text(...) : aw_view_hide(view, "address",
 *       aw_access_reason(&access, AW_CLASS_ADDRESS));
 *   aw_act_looked(act, person, classes shown)
 * Counts, flags and drawings are made from rows that passed aw_access_lists() alone.
 */
#ifndef AW_GUARD_ACCESS_H
#define AW_GUARD_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct aw_act;
struct aw_policy;
struct aw_viewer;

/* Field classes, as bit numbers. Decided from reference data on what each register and step holds
 * (policy roles.yaml names the same codes in lower case). */
enum aw_field_class {
	AW_CLASS_OPEN = 0,	/* needs no right: codes, numbers, clocks */
	AW_CLASS_EXISTENCE,	/* that a record exists at all */
	AW_CLASS_IDENTITY,	/* name, sex, age, birth date */
	AW_CLASS_NUMBER,	/* national id and other identity numbers */
	AW_CLASS_ADDRESS,	/* residence, registered address, whereabouts */
	AW_CLASS_CONTACT,	/* phones, safe-call window, contact times */
	AW_CLASS_NARRATIVE,	/* what was reported and found */
	AW_CLASS_REPORTER,	/* reporter's agency and post */
	AW_CLASS_REPORTER_NAME, /* reporter's name and phone */
	AW_CLASS_RISK,		/* levels, instruments, decision */
	AW_CLASS_PLAN,		/* goals, visits planned and made, notes of visits */
	AW_CLASS_PLACEMENT,	/* where a child or victim was brought */
	AW_CLASS_HEALTH,  /* mental health, suicide, drugs: existence and unit at most in hits */
	AW_CLASS_SEXUAL,  /* anything of sexual assault and exploitation */
	AW_CLASS_WELFARE, /* entitlements */
	AW_CLASS_COUNT
};
#define AW_CLASS_BIT(class) (UINT32_C(1) << (class))

/* What rule 1 takes away, and what rule 2 is about. */
#define AW_CLASSES_SHIELDED                                                                        \
	(AW_CLASS_BIT(AW_CLASS_ADDRESS) | AW_CLASS_BIT(AW_CLASS_CONTACT) |                         \
		AW_CLASS_BIT(AW_CLASS_NARRATIVE) | AW_CLASS_BIT(AW_CLASS_PLAN) |                   \
		AW_CLASS_BIT(AW_CLASS_PLACEMENT) | AW_CLASS_BIT(AW_CLASS_REPORTER) |               \
		AW_CLASS_BIT(AW_CLASS_REPORTER_NAME))
#define AW_CLASSES_REPORTER (AW_CLASS_BIT(AW_CLASS_REPORTER) | AW_CLASS_BIT(AW_CLASS_REPORTER_NAME))

/* What a viewer may see of a person, or of a matter (aw_access_of_matter). */
struct aw_access {
	int64_t person;	     /* 0: of a matter */
	uint32_t shown;	     /* bits of classes */
	uint32_t on_request; /* not shown, but a purpose of the viewer's roles would open them */
	uint32_t on_verify;  /* not shown, but a fresh proof of who the viewer is would open them */
	bool serves;	     /* the viewer serves the person themself, as lead or co */
	bool leads;	     /* ... as lead */
	bool screens;	     /* the viewer's unit screens it */
	bool as_respondent;  /* the viewer serves the person (or one of them) as respondent */
	bool shielded;	     /* rule 1 holds */
	bool opened;	     /* ... for an emergency, by the viewer (guard/glass.h) */
	const char *unit;    /* the viewer's; borrowed from the act */
};

/** What the act's viewer may see of a person. Cost: the first call of an act reads the viewer's own
 *  ties; each new person one indexed statement. */
AW_MUST_CHECK enum aw_status aw_access_to(
	struct aw_act *act, int64_t person, struct aw_access *ret_access, struct aw_error *err);

/* An open tie, as the viewer's or their unit's (guard/relation.h). */
struct aw_tie_seen {
	const char *unit;
	int64_t account; /* 0: nobody yet */
	const char *side;
	const char *kind; /* lead, co, context, screening */
};

/**
 * Of a matter, such as a report: its people, and the units that have to do with it. What any of
 * these gives the viewer, less what rule 1 takes if one of the people is shielded or the viewer
 * works in the matter for the respondent (also where no victim was recognised). REPORTER and
 * REPORTER_NAME come from the matter's own ties alone: who leads in another matter of the same
 * people does not learn who reported this one. Ties of other units are passed over.
 */
AW_MUST_CHECK enum aw_status aw_access_of_matter(struct aw_act *act, const int64_t *persons,
	size_t count, const struct aw_tie_seen *ties, size_t tie_count,
	struct aw_access *ret_access, struct aw_error *err);

/** May fields of this class be shown? */
bool aw_access_may(const struct aw_access *access, enum aw_field_class field_class);

/** May it be told that a record of this class exists that `unit` made (a row of a list, of a
 *  timeline, of "who is serving", a bar in a drawing, one in a count)? unit NULL: no unit's own.
 *  Only to whom fields of that class are shown.
 *  A shielded person's records are told of only where the viewer's own unit made them and rule 1
 *  does not take their class. */
bool
aw_access_lists(const struct aw_access *access, enum aw_field_class field_class, const char *unit);

/** May it be told that a case or report of this kind goes on, or that this unit serves? Each may say by its name
 *  alone what is of the class health or sexual (policy: aw_policy_told_classes); the viewer's own unit is always
 *  told. Either may be NULL. Beside aw_access_lists(), which asks of the record itself. */
bool aw_access_tells(const struct aw_policy *policy, const struct aw_access *access,
	const char *kind, const char *unit);

/** Why a class is hidden: "confidential", "request" or "verify"; NULL when it is shown. */
const char *aw_access_reason(const struct aw_access *access, enum aw_field_class field_class);

/** For lists and searches: sets ret_may[i] to whether persons[i] may be listed with this class
 *  (existence and the class itself). ret_may has count items. */
AW_MUST_CHECK enum aw_status aw_access_filter(struct aw_act *act, const int64_t *persons,
	size_t count, enum aw_field_class field_class, bool *ret_may, struct aw_error *err);

/** True when the act's session proved who it is too long ago for what waits for a fresh proof. Acts
 *  without a session (programs, commands, tokens) never are. */
bool aw_access_stale(const struct aw_act *act);

/** May the viewer use what needs this permission (a route, a button)? NULL permission: anybody. */
bool aw_access_may_do(
	const struct aw_policy *policy, const struct aw_viewer *viewer, const char *permission);

/** May the viewer act for this purpose (one of their roles allows it)? */
bool aw_access_may_purpose(
	const struct aw_policy *policy, const struct aw_viewer *viewer, const char *purpose);

/** The classes as codes joined by commas, for the log; "" for none. In the arena. */
char *aw_classes_text(struct aw_arena *arena, uint32_t classes);
/** The bits of such a text; codes that are unknown are passed over. */
uint32_t aw_classes_of_text(const char *text);

/* -- the decision, pure ------------------------------------------------------------------------ */

/* What a viewer is to a person. */
struct aw_standing {
	const char *roles;   /* codes separated by spaces */
	const char *purpose; /* NULL or "": none stated */
	const char *unit;
	bool anonymous;	  /* rule 3 */
	bool screening;	  /* the person is in a report that the viewer's unit screens */
	bool unit_serves; /* a colleague, or the unit before anybody was assigned; or context */
	bool serves;	  /* the viewer themself, lead or co, on any side */
	bool leads;	  /* ... as lead */
	bool unit_leads; /* the viewer's unit serves as lead, on another side than the respondent's */
	bool on_protected;  /* ... on the protected side */
	bool on_respondent; /* the viewer (or the unit they supervise), as the respondent's worker */
	bool shielded;	    /* aw_shield names the person for somebody the viewer serves */
	bool opened;	    /* the viewer opened the person in an emergency (guard/glass.h) */
	bool stale;	    /* the viewer's last proof of who it is is too old */
	bool is_protected;  /* the person is protected from somebody; read when stale */
};

/** Adds what a tie to the person makes of the viewer. supervises: they assign their unit's work, and
 *  so count as serving whom it serves on the respondent side. */
void aw_standing_add(struct aw_standing *standing, const struct aw_viewer *viewer, bool supervises,
	const struct aw_tie_seen *tie);

/** The whole rule. ret_access->person stays 0. */
void aw_access_decide(const struct aw_policy *policy, const struct aw_standing *standing,
	struct aw_access *ret_access);

/** What aw_access_of_matter() makes of what was said of the matter and of each of its people. */
void aw_access_join(const struct aw_access *matter, const struct aw_access *each, size_t count,
	struct aw_access *ret_access);

struct aw_pair {
	int64_t a, b;
};

/* Facts around the respondents whom a viewer serves. */
struct aw_shield_facts {
	const int64_t *respondents; /* whom the viewer serves on the respondent side */
	size_t respondent_count;
	const struct aw_pair *oppositions; /* a is protected from b */
	size_t opposition_count;
	const struct aw_pair *relatives; /* a and b are related, in any way and either order */
	size_t relative_count;
	const struct aw_pair
		*homes; /* person a belongs to household b now, or to family frame -b */
	size_t home_count;
};

/**
 * Whom rule 1 covers: for each respondent X the viewer serves, everybody who is protected from X,
 * their relatives and whoever stands in their family's frame (where they may have fled to), and
 * whoever shares a household with any of these; but not X, nor another respondent of the same
 * protected person who is registered with X, where neither is protected from anybody themself (both
 * parents of a child: what the one knows the other knows). Ids sorted, without repeats, in the
 * arena. It errs on the side of hiding. */
void aw_shield(struct aw_arena *arena, const struct aw_shield_facts *facts, int64_t **ret_persons,
	size_t *ret_count);

#endif
