/**
 * policy/policy - a city's rules: one folder of files, loaded, checked, packed and hashed whole.
 * Layer: policy.  Threads: a loaded policy never changes and may be shared.
 * Example: tests/policy/test_policy.c
 *
 * A city's folder may name another in city.yaml, `base: ../taiwan`, whose files it shares: a file of
 * its own stands in place of the base's of the same name. What is packed and hashed is all of it, as
 * the city sees it; a mistake names the file where it is written.
 * policy/<city>/ holds city.yaml, calendar.yaml, words.yaml, units.yaml, roles.yaml, deadlines.yaml,
 * reasons.yaml, places.yaml, scales.yaml, questions.yaml (and more in questions/), reports/<kind>.yaml, instruments/<code>.yaml, mappings/<code>.yaml, triage.dmn
 * (and triage-YYYY-MM-DD.dmn: in force from that day), registers/, indicators/, scenarios/. What
 * decided a case is named by the hash of the whole bundle. Codes are ASCII; what people read
 * stands in the files in two languages, never in messages/ and never in code.
 * Every rule carries a struct aw_valid: in force from/to, source, and whether it is unverified
 * (shown as 未確認).
 */
#ifndef AW_POLICY_POLICY_H
#define AW_POLICY_POLICY_H

#include "base/clock.h"
#include "policy/yaml.h"
#include "text/address.h"

struct aw_dmn_model; /* rule/model.h */

#define AW_DAY_EVER INT32_MAX /* in force without an end */

struct aw_valid {
	int32_t from_day; /* first day in force */
	int32_t to_day;	  /* last day in force; AW_DAY_EVER */
	const char *source;
	bool unverified;  /* 未確認 */
	const char *file; /* where it is written */
	uint32_t line;
};

/* -- city.yaml, calendar.yaml -------------------------------------------------------------------------------- */

struct aw_district {
	const char *code; /* 10017010 */
	struct aw_label label;
	const char *postcode;
	int32_t order;		     /* as the city lists them */
	const char *const *villages; /* names; may be none */
	size_t village_count;
};

struct aw_city {
	const char *code;   /* keelung */
	const char *letter; /* in public numbers: C */
	const char *county; /* 10017 */
	struct aw_label label;
	struct aw_label centre; /* 集中篩派案中心 as the public page names it */
	const struct aw_district *districts;
	size_t district_count;
	int32_t calendar_from, calendar_to; /* days the calendar knows */
	bool calendar_unverified;
	const int32_t *holidays; /* sorted days off that are Monday to Friday */
	size_t holiday_count;
	const int32_t *working_weekends; /* sorted: days worked that are Saturday or Sunday */
	size_t working_weekend_count;
};

/* -- units.yaml ------------------------------------------------------------------------------- */

enum aw_unit_choice {
	AW_UNIT_SINGLE,	  /* the one unit of its type */
	AW_UNIT_DISTRICT, /* the one that serves the district */
	AW_UNIT_NAMED,	  /* a person chooses: schools, hospitals */
};

struct aw_unit_type {
	const char *code; /* what triage.dmn names: family_centre */
	struct aw_label label;
	enum aw_unit_choice choice;
	const char *const *address_order; /* residence, contact, incident, registered */
	size_t address_order_count;
	uint32_t
		class_bit; /* what its name says of whom it serves: health; open where the file says none */
	struct aw_valid valid;
};

struct aw_unit {
	const char *code;
	struct aw_label label;
	const char *short_zh; /* 正義館 */
	const char *short_en;
	const char *type;
	const char *agency;	      /* code of an agency */
	const char *parent;	      /* unit code; NULL = top */
	const char *const *districts; /* codes; none = the whole city */
	size_t district_count;
	const char *extension; /* may be NULL */
	bool settles;	       /* decides disputes between units */
	bool screens;	       /* its people screen and review */
	struct aw_valid valid;
};

/* A code with its two names, where nothing more is known of it (agencies, channels, ...). */
struct aw_named {
	const char *code;
	struct aw_label label;
};

/* -- reports/<kind>.yaml ---------------------------------------------------------------------- */

enum aw_question_type {
	AW_QUESTION_FLAG,    /* true, false; unknown always allowed */
	AW_QUESTION_CHOICE,  /* one of choices */
	AW_QUESTION_CHOICES, /* any of choices */
	AW_QUESTION_NUMBER,  /* whole number in [least, most] */
	AW_QUESTION_TEXT,
	AW_QUESTION_INSTRUMENT, /* object of item answers: instruments/<code>.yaml */
};

enum aw_why {		 /* why a fact matters, in the order it is asked for */
	AW_WHY_DISPATCH, /* 派案必要 */
	AW_WHY_URGENCY,	 /* 影響急迫程度 */
	AW_WHY_CALL,	 /* 可少一通追問電話 */
};

/* A decision that tells one part of an answer, with the class of that part. */
struct aw_part_class {
	const char *decision;
	uint32_t class_bit;
};

struct aw_question {
	const char *code; /* the fact's code, as triage.dmn reads it: docs/facts.md */
	struct aw_label label;
	struct aw_label hint; /* zh NULL = none */
	enum aw_question_type type;
	bool is_public; /* on the public form; else on the agency form alone */
	const struct aw_named *choices;
	size_t choice_count;
	bool of_factors; /* choices are the factors: those in force on the day are offered */
	int64_t least, most;
	const char *instrument; /* code */
	uint32_t
		class_bit; /* of the answer where a decision is explained; risk where the file says none */
	const struct aw_part_class *parts;
	size_t part_count;
	struct aw_valid valid;
};

/* A fact that a report of this kind should hold. code is a question's code or one of: incident_at,
 * incident_place, narrative, subject_name, subject_birth (day or age), subject_identity (number or
 * birth day), subject_sex, subject_address, subject_contact, respondent_name,
 * respondent_relation, respondent_lives_with, reporter_contact. */
struct aw_need {
	const char *code;
	struct aw_label label;
	enum aw_why why;
	uint32_t line;
};

struct aw_person_role {
	const char *code; /* victim, respondent, child, subject, caregiver, member, witness */
	struct aw_label label;
	const char *side; /* protected, respondent, neutral */
	bool is_subject;  /* an issue is made for each of them */
	bool needed;	  /* a report of this kind should name one */
};

struct aw_kind {
	const char *code;
	struct aw_label label;	      /* 成人保護－親密關係暴力 */
	struct aw_label short_label;  /* 親密關係暴力 */
	struct aw_label public_label; /* in a reporter's words; zh NULL = not on the public form */
	struct aw_label public_hint;
	const char *group;    /* adult, child, sexual, vulnerable, suicide */
	const char *scale;    /* code in scales.yaml; NULL = none */
	bool protective;      /* P of the indicator definitions */
	bool sealed_in_lists; /* lists show 保密 in place of people (sexual kinds) */
	uint32_t class_bit; /* what the kind itself tells: health; open where the file says none */
	int32_t order;
	const struct aw_person_role *roles;
	size_t role_count;
	const struct aw_question *questions;
	size_t question_count;
	const struct aw_need *needs;
	size_t need_count;
	struct aw_valid valid;
};

/* -- instruments/<code>.yaml, scales.yaml ----------------------------------------------------- */

struct aw_instrument_item {
	const char *code; /* "1"; BSRS-5: sleep, tense, ... */
	struct aw_label label;
	const char *part;    /* code of one of the instrument's parts; NULL: it has none */
	int64_t least, most; /* 0 and 1: yes or no */
	bool counted;	     /* adds to the sum */
	bool may_not_apply;  /* "na" is an answer and counts 0 */
	int64_t alone_from;  /* this much refers by itself, whatever the sum; 0: nothing does */
	const struct aw_named *choices; /* the answer is one of these, and counts nothing */
	size_t choice_count;
	bool concludes; /* its choice is what the instrument comes to */
	struct aw_valid valid;
};

struct aw_band {
	const char *code;
	struct aw_label label;
	int64_t least, most;
	const char *weight; /* high, middle, low: the risk ladder of the pages */
};

struct aw_instrument {
	const char *code; /* tipvda, bsrs5, child_safety */
	struct aw_label label;
	const char *version;  /* as its owner calls it; NULL: none */
	struct aw_label note; /* for whom it holds, what else counts */
	/* whom it was made for; NULL: anybody. For others its sum is for reference */
	const char *subject_sex, *respondent_sex;
	const struct aw_named *parts;
	size_t part_count;
	const struct aw_instrument_item *items;
	size_t item_count;
	const struct aw_band *bands; /* none when nothing is summed */
	size_t band_count;
	struct aw_valid valid; /* several files of one code: by date */
};

/* 脆弱家庭: six dimensions, their factors, each factor's degree by date. */
struct aw_factor {
	const char *code; /* VF1-1 */
	const char *dimension;
	struct aw_label label;
	const char *degree; /* high, middle, low */
	struct aw_valid valid;
};

struct aw_scale { /* child_level, child_class, tipvda, vulnerability, suicide, priority */
	const char *code;
	struct aw_label label;
	const struct aw_band *levels; /* least and most unused; from grave to light */
	size_t level_count;
	struct aw_valid valid;
};

/* -- roles.yaml ------------------------------------------------------------------------------- */

/* Field classes, by the codes of roles.yaml; the bits are those of guard/access.h. */
#define AW_POLICY_CLASS_COUNT 15
const char *aw_policy_class_code(size_t bit); /* "open", "existence", ...; NULL beyond the last */
bool aw_policy_class_find(const char *code, uint32_t *ret_bit); /* its bit; false: there is none */

enum aw_relation { /* what the viewer is to the person looked at */
	AW_RELATION_NONE,
	AW_RELATION_SCREENING,	      /* the person is in a report that waits to be dispatched */
	AW_RELATION_UNIT,	      /* a colleague of the unit serves the person */
	AW_RELATION_SERVES_PROTECTED, /* the viewer serves the person, on the protected side */
	AW_RELATION_SERVES_NEUTRAL,
	AW_RELATION_SERVES_RESPONDENT, /* the viewer serves the respondent of a matter in which
					  the person is on the protected side */
	AW_RELATION_BREAK_GLASS,       /* none, but the viewer opened the person in an emergency */
	AW_RELATION_COUNT
};
const char *aw_relation_code(enum aw_relation relation); /* "none", "screening", ... */

struct aw_role {
	const char *code;
	struct aw_label label;
	uint32_t classes[AW_RELATION_COUNT]; /* bits granted, by relation */
	const char *const *may; /* permissions: codes of struct aw_policy.permissions */
	size_t may_count;
	const char *const *purposes; /* purposes it may act for */
	size_t purpose_count;
	bool second_factor; /* may not do without one */
	struct aw_valid valid;
};

/* Classes that wait until the viewer has proved anew who it is. */
struct aw_step_up {
	int64_t minutes;	    /* how long a proof holds; 0: nothing waits */
	uint32_t classes;	    /* of anybody */
	uint32_t protected_classes; /* of whoever is protected from somebody */
};

/* Emergency access without a tie: what it opens stands in sees.break_glass of each role. */
struct aw_break_glass {
	int64_t minutes;     /* how long it lasts; 0: there is none */
	int64_t review_days; /* calendar days within which somebody else looks at it */
};

/* Accounts that nobody uses for so long are disabled. */
struct aw_idle {
	int64_t days; /* 0: none is */
	struct aw_valid valid;
};

struct aw_purpose {
	const char *code; /* screening, casework, ... */
	struct aw_label label;
	uint32_t classes; /* what the purpose can open at most */
	struct aw_valid valid;
};

/* What is unusual in the log of looks: a rule counts one thing within a time. A look at a stranger is
 * the page of a person opened by somebody who, like their whole unit, has no tie to them. */
enum aw_unusual_counts {
	AW_UNUSUAL_PEOPLE,   /* strangers whose pages one account opened */
	AW_UNUSUAL_DAYS,     /* days on which one account opened the same stranger's */
	AW_UNUSUAL_ACCOUNTS, /* accounts that opened the same person's, strangers to all of them */
	AW_UNUSUAL_REFUSALS, /* times that one account was refused something */
};

struct aw_unusual {
	const char *code;
	struct aw_label label;
	enum aw_unusual_counts counts;
	int64_t at_least;
	int64_t within_ms;
	bool off_hours; /* only looks outside the office hours */
	struct aw_valid valid;
};

struct aw_watch {
	int64_t tie_lasts_ms;	  /* so long after its end a tie still explains a look */
	int32_t from_min, to_min; /* office hours of a working day, minutes of the day */
	const struct aw_unusual *rules;
	size_t rule_count;
};

/* -- deadlines/, deadlines.yaml --------------------------------------------------------------------------- */

enum aw_time_unit { AW_TIME_HOURS, AW_TIME_WORKING_DAYS, AW_TIME_CALENDAR_DAYS };

struct aw_deadline {
	const char *code;  /* first_contact_24h */
	const char *clock; /* dispatch, accept, assign, post_review, first_contact, assessment,
			      supplement, close_approval */
	struct aw_label label;
	const char *from;  /* event that starts it */
	const char *until; /* event that ends it */
	enum aw_time_unit unit;
	int64_t amount;
	const char *const *kinds; /* none = every kind */
	size_t kind_count;
	const char *const *levels; /* level codes; none = every level */
	size_t level_count;
	struct aw_valid valid;
};

/* -- reasons.yaml ----------------------------------------------------------------------------- */

enum aw_reason_list {
	AW_REASONS_SCREEN,	 /* screen results: valid, duplicate, ... */
	AW_REASONS_RETURN,	 /* a unit returns a dispatch */
	AW_REASONS_EDIT,	 /* a screener changes a proposal */
	AW_REASONS_SEND_BACK,	 /* a reviewer sends a proposal back */
	AW_REASONS_SETTLE,	 /* a dispute is decided */
	AW_REASONS_OPEN,	 /* after assessment: outcome Y, N, S, M */
	AW_REASONS_CLOSE,	 /* a service case closes */
	AW_REASONS_NO_CONTACT,	 /* a contact did not take place: outcomes of a visit */
	AW_REASONS_FACTOR_RESET, /* an administrator takes somebody's second factor away; this and
				    what follows may be absent */
	AW_REASONS_BREAK_GLASS,	 /* emergency access */
	AW_REASONS_HELD,	 /* a report that was held back is refused */
	AW_REASONS_LINK,	 /* whose a record is, and who lives with whom */
	AW_REASONS_COUNT
};
const char *aw_reason_list_code(enum aw_reason_list list); /* "screen", "return", ... */

struct aw_reason_code {
	const char *code;
	struct aw_label label;
	const char *outcome;	  /* OPEN: Y N S M; else NULL */
	const char *const *kinds; /* none = every kind */
	size_t kind_count;
	bool not_protective; /* refused for protective kinds */
	bool lead_only;	     /* for the lead unit's answer alone */
	bool needs_note, needs_unit, needs_report, needs_approval;
	struct aw_valid valid;
};

/* -- places.yaml ------------------------------------------------------------------------------- */

/* An address that says nothing of who somebody is or lives with: an institution, a hospital, an office
 * where people without a home are registered. */
struct aw_place_rule {
	const char *code;
	struct aw_label label;
	const char *kind; /* institution, shelter, hospital, correction, office, lodging */
	const char *address;
	struct aw_address parts;
	struct aw_valid valid;
};

/* -- the whole -------------------------------------------------------------------------------- */

struct aw_policy_file {
	const char *path; /* relative, with '/' */
	const char *from; /* where it is written, from the city's folder: path, or ../taiwan/path */
	struct aw_str text;
};

/* A YAML file that a room reads by itself (registers/, indicators/, scenarios/, mappings/). Reading
 * marks the nodes, so a shared policy's are for looking alone: aw_policy_yaml() gives a reading of
 * one's own. */
struct aw_policy_doc {
	const char *path;
	const struct aw_yaml_node *root;
};

struct aw_triage {
	const char *path;
	int32_t from_day;
	struct aw_str text;
	const struct aw_dmn_model *model; /* never changes after loading */
};

struct aw_policy {
	struct aw_arena arena; /* owns everything below */
	char hash[65];
	const char *label; /* 基隆市 110-12-06 */
	int32_t effective_day;
	struct aw_city city;
	const struct aw_named *agencies;
	size_t agency_count;
	const struct aw_unit_type *unit_types;
	size_t unit_type_count;
	const struct aw_unit *units;
	size_t unit_count;
	const struct aw_kind *kinds; /* by order */
	size_t kind_count;
	const struct aw_named *channels; /* of reports: public, agency, api, ... */
	size_t channel_count;
	const struct aw_named *reporter_roles; /* police, teacher, ... */
	size_t reporter_role_count;
	const struct aw_named *relations; /* father, spouse, ...: of people in a report */
	size_t relation_count;
	const struct aw_instrument *instruments;
	size_t instrument_count;
	const struct aw_named *dimensions; /* vf1 ... vf6 */
	size_t dimension_count;
	const struct aw_factor *factors;
	size_t factor_count;
	const struct aw_scale *scales;
	size_t scale_count;
	const struct aw_role *roles;
	size_t role_count;
	const struct aw_named *permissions;
	size_t permission_count;
	const struct aw_purpose *purposes;
	size_t purpose_count;
	struct aw_step_up step_up;
	struct aw_break_glass break_glass;
	struct aw_idle idle;
	struct aw_watch watch;
	const struct aw_deadline *deadlines;
	size_t deadline_count;
	const struct aw_reason_code *reasons[AW_REASONS_COUNT];
	size_t reason_count[AW_REASONS_COUNT];
	const struct aw_place_rule *places; /* none without places.yaml */
	size_t place_count;
	const struct aw_triage *triages; /* by from_day */
	size_t triage_count;
	const struct aw_policy_doc *docs; /* by path */
	size_t doc_count;
	const struct aw_policy_file *files; /* every file, by path */
	size_t file_count;
};

/** The folder that a city's folder shares files of, as `dir/../name`; NULL: none, or it cannot be told
 *  (loading then says why). Lives in the arena. */
const char *aw_policy_base_dir(struct aw_arena *arena, const char *dir);

/**
 * Loads and checks a policy folder. Every mistake goes to mistakes (may be NULL); with any,
 * AW_INVALID comes back with the first mistake's place, and *ret_policy is untouched. The caller
 * owns *ret_policy: aw_policy_free(). Errors: AW_NOT_FOUND (no folder), AW_INVALID, AW_TOO_LARGE.
 */
AW_MUST_CHECK enum aw_status aw_policy_load_dir(const char *dir, struct aw_mistakes *mistakes,
	struct aw_policy **ret_policy, struct aw_error *err);

/** The same from a packed bundle, as a release keeps it. AW_CORRUPT when it is not a bundle. */
AW_MUST_CHECK enum aw_status aw_policy_load_bundle(struct aw_bytes bundle,
	struct aw_mistakes *mistakes, struct aw_policy **ret_policy, struct aw_error *err);

/** The whole folder as bytes: the same files give the same bytes, whose SHA-256 is policy->hash. */
struct aw_bytes aw_policy_pack(struct aw_arena *arena, const struct aw_policy *policy);

/** NULL is fine. */
void aw_policy_free(struct aw_policy *policy);
/** Leaves it to an arena: freed when that ends. */
void aw_policy_free_with(struct aw_policy *policy, struct aw_arena *arena);

/* Lookups by code: NULL if there is none. */
const struct aw_kind *aw_policy_kind(const struct aw_policy *policy, const char *code);
const struct aw_unit *aw_policy_unit(const struct aw_policy *policy, const char *code);
const struct aw_unit_type *aw_policy_unit_type(const struct aw_policy *policy, const char *code);
/** Bits of the classes that a case of this kind, served by this unit, tells by its name alone. Either may
 *  be NULL. 0: nothing but that somebody is served. */
uint32_t aw_policy_told_classes(const struct aw_policy *policy, const char *kind, const char *unit);
const struct aw_role *aw_policy_role(const struct aw_policy *policy, const char *code);
const struct aw_purpose *aw_policy_purpose(const struct aw_policy *policy, const char *code);
const struct aw_scale *aw_policy_scale(const struct aw_policy *policy, const char *code);
const struct aw_reason_code *
aw_policy_reason(const struct aw_policy *policy, enum aw_reason_list list, const char *code);
const struct aw_deadline *aw_policy_deadline(const struct aw_policy *policy, const char *code);
const struct aw_unusual *aw_policy_unusual(const struct aw_policy *policy, const char *code);
/** By code or by name (中正, 中正區, 10017010). */
const struct aw_district *aw_policy_district(const struct aw_policy *policy, const char *text);
const struct aw_policy_doc *aw_policy_doc(const struct aw_policy *policy, const char *path);
const struct aw_policy_file *aw_policy_file(const struct aw_policy *policy, const char *path);
/** Parses a file of the policy anew, into the caller's arena; false (noted) when there is none. */
bool aw_policy_yaml(const struct aw_policy *policy, const char *path, struct aw_arena *arena,
	struct aw_mistakes *mistakes, struct aw_yaml *ret_yaml);
/** The place of places.yaml at an address, NULL for any other address. Cost: one pass over the list. */
const struct aw_place_rule *
aw_policy_place_at(const struct aw_policy *policy, const struct aw_address *address);
const struct aw_question *aw_kind_question(const struct aw_kind *kind, const char *code);
const struct aw_person_role *aw_kind_role(const struct aw_kind *kind, const char *code);

/* What is in force on a day. */
bool aw_valid_on(const struct aw_valid *valid, int32_t day);
const struct aw_instrument *
aw_policy_instrument(const struct aw_policy *policy, const char *code, int32_t day);
const struct aw_factor *
aw_policy_factor(const struct aw_policy *policy, const char *code, int32_t day);
const struct aw_triage *aw_policy_triage(const struct aw_policy *policy, int32_t day);
/** The deadline of a clock for a kind and level on a day: the most specific one; NULL = no clock.
 *  level may be NULL. */
const struct aw_deadline *aw_policy_clock(const struct aw_policy *policy, const char *clock,
	const char *kind, const char *level, int32_t day);

/** The instant a deadline ends that starts at from_ms. Hours run through weekends; a working-day
 *  deadline ends with the last working day (24:00), the day of from_ms not counted. */
int64_t
aw_policy_due(const struct aw_policy *policy, const struct aw_deadline *deadline, int64_t from_ms);
bool aw_policy_working_day(const struct aw_policy *policy, int32_t day);
/** The n-th working day after day (n >= 1). */
int32_t aw_policy_add_working_days(const struct aw_policy *policy, int32_t day, int64_t n);

/** The unit of a type for a district code (NULL = unknown): NULL when none or a person must
 *  choose. For AW_UNIT_DISTRICT without a district: NULL. */
const struct aw_unit *aw_policy_unit_for(
	const struct aw_policy *policy, const char *type, const char *district, int32_t day);

/** May a return (or any) reason be given for a kind; lead = the lead unit's answer. */
bool aw_reason_allowed(const struct aw_reason_code *reason, const struct aw_kind *kind, bool lead);

/** Classes that any of the roles (codes separated by spaces) grants at a relation. */
uint32_t
aw_policy_classes(const struct aw_policy *policy, const char *roles, enum aw_relation relation);
/** True if any of the roles holds the permission. */
bool aw_policy_may(const struct aw_policy *policy, const char *roles, const char *permission);

/**
 * What a code is called. list: kind, kind_short, kind_public, unit, unit_short, unit_type, agency,
 * district, role, purpose, permission, channel, reporter_role, relation, dimension, factor,
 * instrument, deadline, unusual, why, screen, return, edit, send_back, settle, open, close, no_contact,
 * factor_reset, break_glass, held, link; a
 * scale's code gives its levels; "<kind>.role", "<kind>.need", "<kind>.question" and
 * "<kind>.<question>" (its choices) a form's.
 * language: "en", anything else is zh-TW. NULL when the code is unknown. The text is borrowed
 * from the policy.
 */
const char *aw_policy_text(
	const struct aw_policy *policy, const char *list, const char *code, const char *language);
/** The same for a choice of a kind's question; NULL when either is unknown. */
const char *aw_policy_choice(
	const struct aw_kind *kind, const char *question, const char *code, const char *language);
/** A label in a language: "en", anything else (and NULL) is zh-TW. Borrowed like the label. */
const char *aw_label_text(struct aw_label label, const char *language);

#endif
