/**
 * city/intake/report - what is said: reports are received, kept as written, and added to.
 * Layer: city, room intake.  Threads: each call runs in its act's unit of work.
 * Example: tests/city/intake/test_report.c
 *
 * A report is never changed: what comes later is a supplement or an event. Unknown is absent and
 * never "no". Incomplete reports are accepted; what is missing is said and may be asked back.
 * Whoever sends from outside gets a receipt and what is missing, never hits or decisions.
 */
#ifndef AW_CITY_INTAKE_REPORT_H
#define AW_CITY_INTAKE_REPORT_H

#include "base/json.h"
#include "guard/act.h"
#include "policy/policy.h"

/* The kind that is noted with each event of a report's way (db/change.h). */
#define AW_REPORT_CHANGE "report"

/* Limits at the door. */
#define AW_REPORT_PERSONS_MOST 30
#define AW_REPORT_PHONES_MOST 5
#define AW_REPORT_TEXT_MOST 8000   /* characters of a narrative */
#define AW_REPORT_FIELD_MOST 300   /* characters of a short field */
#define AW_REPORT_BODY_MOST 262144 /* bytes of one report as JSON */

enum aw_tri { AW_TRI_UNKNOWN = 0, AW_TRI_YES, AW_TRI_NO };

/* -- what comes in ---------------------------------------------------------------------------- */

/* A person as the reporter wrote it. All text as written, NULL = unknown. */
struct aw_report_person_in {
	const char *role; /* code of the form's roles; NULL = the form's subject */
	const char *name;
	const char *alias;
	const char *national_id;
	const char *birth_date;	   /* as written: 0790101, 79年1月1日, 1990-01-01 */
	struct aw_maybe birth_day; /* read from birth_date; unknown when it cannot be */
	struct aw_maybe age;	   /* in years, when that is all that is known */
	const char *sex;	   /* M, F, X */
	const char *phones[AW_REPORT_PHONES_MOST];
	size_t phone_count;
	const char *address;		/* where the person lives */
	const char *registered_address; /* 戶籍 */
	const char *relation;		/* to the subject: code of policy's relations, or words */
	enum aw_tri lives_with;		/* with the subject */
	const char *school;		/* school or work place */
	const char *nationality;
	const char *safe_call; /* when and how to call safely */
	const char *note;
};

struct aw_report_in {
	const char *kind;
	const char *channel;	     /* code of policy's channels */
	const char *sender;	     /* account, token or "" = the public; for idempotency */
	const char *idempotency_key; /* NULL = none */
	int64_t received_at;	     /* 0 = the act's now */
	const char *held_source; /* code of where too many came from: kept, but held back until a
				    screener releases it (held.h); NULL: not held */
	bool urgent;
	struct {
		const char *role; /* code of policy's reporter_roles */
		const char *unit; /* agency and post, in words */
		const char *name;
		const char *phone;
	} reporter;
	struct {
		const char *at_text; /* as written */
		struct aw_maybe at;  /* instant */
		bool at_day_only;
		const char *district; /* code; NULL = from the address, or unknown */
		const char *address;
		const char *narrative;
	} incident;
	const char *centre_only; /* 只給中心看: the box for the centre alone */
	const struct aw_report_person_in *persons;
	size_t person_count;
	const json_t *answers;	   /* object: fact code -> value; borrowed; may be NULL */
	const char *outreach_unit; /* 主動發掘: unit that found it; NULL otherwise */
};

/* Something accepted but odd, or refused: a field and a message key. */
struct aw_report_remark {
	const char *field;   /* persons.0.national_id */
	const char *message; /* message key: report.check_digit */
	const char *detail;  /* argument; never personal data; may be NULL */
};

/* A fact the kind wants and the report lacks. */
struct aw_missing {
	const struct aw_need *need; /* in the policy */
	const char *field;	    /* form field to link to */
};

struct aw_completeness {
	size_t wanted, held;
	int64_t permille;
	struct aw_missing *missing; /* most important first */
	size_t missing_count;
	bool can_dispatch; /* nothing that is AW_WHY_DISPATCH is missing */
};

struct aw_receipt {
	int64_t report;
	const char *number;
	const char *code; /* lookup code, shown once */
	int64_t received_at;
	bool repeated; /* the same idempotency key: the receipt as given before */
	struct aw_completeness complete;
	struct aw_report_remark *warnings;
	size_t warning_count;
	const char *missing_codes; /* separated by spaces */
};

/** A remark's message in English, for programs and the command line; pages use messages/. */
const char *aw_report_words(const char *message);

/* What was wrong with a report that is refused: every field, not the first alone. */
struct aw_report_problems {
	struct aw_report_remark *at;
	size_t count, room;
};

/**
 * Checks a report against its kind's form, without storing: fills problems (refusals) and
 * warnings (accepted). Reads birth dates and the incident's time and district into `in`.
 */
void aw_report_check(const struct aw_policy *policy, struct aw_arena *arena, int64_t now_ms,
	bool demo, struct aw_report_in *in, struct aw_report_problems *problems,
	struct aw_report_problems *warnings);

/** How complete a report is for its kind. */
void aw_report_completeness(const struct aw_policy *policy, struct aw_arena *arena,
	const struct aw_report_in *in, struct aw_completeness *ret);

/**
 * Receives a report: checks, seals, stores report, persons, issues (one a subject), the work item
 * "screen_report" and the event `received` in the act's unit of work; gives the receipt.
 * Errors: AW_INVALID (problems are filled, err names the first field), AW_CONFLICT (the sender's
 * idempotency key was used within 24 hours for another body).
 */
AW_MUST_CHECK enum aw_status aw_report_receive(struct aw_act *act, struct aw_report_in *in,
	struct aw_receipt *ret, struct aw_report_problems *problems, struct aw_error *err);

/**
 * The same in two steps, for a door under load: everything that needs no unit of work (checks, keys,
 * sealing, ids) is done first, on the caller's own thread, and the writer binds ready bytes. What was
 * made ready belongs to the act's arena, borrows `in`, holds no secret but what `in` itself holds, and
 * may be received again when its unit is run again. act->tx is not used.
 */
struct aw_report_ready;
AW_MUST_CHECK enum aw_status aw_report_make_ready(struct aw_act *act, struct aw_report_in *in,
	struct aw_report_ready **ret, struct aw_report_problems *problems, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_report_receive_ready(struct aw_act *act,
	const struct aw_report_ready *ready, struct aw_receipt *ret, struct aw_error *err);

/** Forgets some receipts older than a day, the oldest first, with the lookup codes in them: from then on
 *  their keys are free. *ret_count of AW_RECEIPTS_AT_ONCE: there may be more. */
#define AW_RECEIPTS_AT_ONCE 500
AW_MUST_CHECK enum aw_status
aw_receipts_forget(const struct aw_act *act, size_t *ret_count, struct aw_error *err);

/* -- doors: JSON, CSV ------------------------------------------------------------------------- */

/** Reads the JSON of one report (docs: cli.md's least form; unknown keys are problems). Borrows
 *  from json, which must outlive `ret`. Structural mistakes are problems, AW_INVALID. */
AW_MUST_CHECK enum aw_status aw_report_from_json(struct aw_arena *arena, const json_t *json,
	struct aw_report_in *ret, struct aw_report_problems *problems, struct aw_error *err);

/* How a sender's columns become reports: policy's mappings/<code>.yaml. */
struct aw_report_mapping;

/** Reads a mapping from a file outside the policy, or from the policy by code. */
AW_MUST_CHECK enum aw_status aw_report_mapping_read(struct aw_arena *arena, const char *path,
	const struct aw_policy *policy, struct aw_report_mapping **ret, struct aw_error *err);

/** The same from text that was read already; file names it in errors. */
AW_MUST_CHECK enum aw_status
aw_report_mapping_text(struct aw_arena *arena, const char *file, struct aw_str text,
	const struct aw_policy *policy, struct aw_report_mapping **ret, struct aw_error *err);

/* One row that could not be read, or one report out of it. */
struct aw_report_row {
	uint32_t line; /* of the file */
	struct aw_report_in in;
	struct aw_report_problems problems; /* count > 0: the row is not a report */
};

/** Reads a CSV (UTF-8 with or without BOM, or Big5: recognised). Errors name line and column. */
AW_MUST_CHECK enum aw_status aw_report_from_csv(struct aw_arena *arena,
	const struct aw_report_mapping *mapping, struct aw_str text, const char *file,
	struct aw_report_row **ret_rows, size_t *ret_count, struct aw_error *err);

/* -- reading ---------------------------------------------------------------------------------- */

/* Which sealed parts to open; what was opened the caller notes with aw_act_looked(). */
enum aw_report_part {
	AW_REPORT_PLAIN = 0,
	AW_REPORT_CONTENT = 1,	/* narrative, place, answers */
	AW_REPORT_CENTRE = 2,	/* the box for the centre alone */
	AW_REPORT_REPORTER = 4, /* name and phone */
};

struct aw_report {
	int64_t id;
	const char *number;
	const char *kind; /* as reported */
	const char *channel;
	const char *reporter_role;
	const char *reporter_unit;
	const char *sender;
	int64_t received_at;
	int32_t received_day;
	struct aw_maybe incident_at;
	const char *district;
	bool urgent;
	int64_t complete_permille;
	const char *missing; /* codes separated by spaces; supplements counted in */
	const char *state;   /* held, refused, received, screened, dispatched, closed */
	int64_t key;	     /* data key of the report: decision, events and notes use it too */
	bool erased;	     /* with any part: its content was erased, and nothing of it is set */
	/* AW_REPORT_CONTENT */
	const char *incident_text; /* when, as written */
	const char *address;
	const char *narrative;
	json_t *answers; /* merged with supplements, latest wins; owned by the act's arena */
	/* AW_REPORT_CENTRE */
	const char *centre_only;
	/* AW_REPORT_REPORTER */
	const char *reporter_name;
	const char *reporter_phone;
};

struct aw_report_person {
	int64_t id;
	int64_t report;
	int64_t position; /* from 1 */
	const char *role;
	const char *sex;
	struct aw_maybe age;
	struct aw_maybe person; /* recognised as */
	const char *link_state; /* none, proposed, confirmed, rejected, created */
	struct aw_maybe probability_ppm;
	const char *levels;
	struct aw_maybe recognised_at;
	bool erased; /* with AW_REPORT_CONTENT: nothing of what was reported is left */
	/* only with AW_REPORT_CONTENT: as the reporter wrote it, and the same as the JSON of a
	 * report's person, for aw_identity_from_json(); owned by the act's arena */
	struct aw_report_person_in as_reported;
	const json_t *json;
};

struct aw_issue {
	int64_t id;
	int64_t report;
	int64_t report_person;	   /* the subject */
	const char *kind;	   /* after screening */
	const char *screen_result; /* NULL = not screened yet */
	struct aw_maybe screened_at;
	struct aw_maybe screened_by;
	struct aw_maybe duplicate_of; /* report */
};

/** AW_NOT_FOUND when there is none. number: public number. */
AW_MUST_CHECK enum aw_status aw_report_get(const struct aw_act *act, int64_t id, int parts,
	struct aw_report *ret, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_report_by_number(const struct aw_act *act, const char *number,
	int parts, struct aw_report *ret, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_report_persons(const struct aw_act *act, int64_t report, int parts,
	struct aw_report_person **ret, size_t *ret_count, struct aw_error *err);

/* What an erasure did to reports. */
struct aw_report_erasure {
	int64_t whole;	/* reports about nobody else: their keys are destroyed */
	int64_t shared; /* reports about others too: the person's own row is blanked */
};
/**
 * Erases what reports hold of a person whom a person confirmed in them (or who was made for them):
 * content, persons, supplements, decisions and notes of a report about nobody else who is known or
 * may become so; of any other the person's own row, and what supplements said of it. A narrative
 * stays with those whom it is also about. The person's own key must be destroyed already. Rows,
 * their codes and days stay, for statistics.
 */
AW_MUST_CHECK enum aw_status aw_report_erase_person(struct aw_act *act, int64_t person,
	struct aw_report_erasure *ret_erasure, struct aw_error *err);

AW_MUST_CHECK enum aw_status aw_report_issues(const struct aw_act *act, int64_t report,
	struct aw_issue **ret, size_t *ret_count, struct aw_error *err);
AW_MUST_CHECK enum aw_status
aw_issue_get(const struct aw_act *act, int64_t issue, struct aw_issue *ret, struct aw_error *err);

/* One line of the list. */
struct aw_report_line {
	int64_t id;
	const char *number, *kind, *channel, *district, *state, *reporter_role;
	int64_t received_at;
	bool urgent;
	int64_t complete_permille;
	int64_t issue_count, person_count;
};

struct aw_report_filter {
	const char *state, *kind, *district, *channel; /* NULL = any */
	struct aw_maybe from_day, to_day;	       /* received, both counted in */
	const char *number;			       /* begins with; NULL = any */
	const char *unit;	      /* sent to this unit (by table dispatch); NULL = any */
	int64_t before_at, before_id; /* paging: after this line; 0 = from the newest */
	int64_t limit;		      /* 1 to 200 */
};
#define AW_REPORT_COUNT_MOST 5000
/** Newest first. *ret_total counts without paging, up to AW_REPORT_COUNT_MOST + 1. */
AW_MUST_CHECK enum aw_status
aw_report_list(const struct aw_act *act, const struct aw_report_filter *filter,
	struct aw_report_line **ret, size_t *ret_count, int64_t *ret_total, struct aw_error *err);

/* A report that may be about the same incident. */
struct aw_repeat {
	int64_t report;
	const char *number, *kind, *state;
	int64_t received_at;
	int64_t shared_persons; /* recognised people in both */
	bool same_day;		/* incident on the same day */
};
/** Reports of the last `days` before it that share a recognised person; likeliest first. Only
 *  after recognition. */
AW_MUST_CHECK enum aw_status aw_report_repeats(const struct aw_act *act, int64_t report,
	int64_t days, struct aw_repeat **ret, size_t *ret_count, struct aw_error *err);

/* -- told by rooms to the right --------------------------------------------------------------- */

/** Who a report's person is. state: proposed, confirmed, rejected, created, none; person 0 = nobody.
 *  by_account 0 = the program. */
struct aw_report_link {
	int64_t report_person;
	int64_t person;
	const char *state;
	int64_t probability_ppm;
	const char *levels;
	int64_t by_account;
};
AW_MUST_CHECK enum aw_status aw_report_person_set_link(
	struct aw_act *act, const struct aw_report_link *link, struct aw_error *err);

struct aw_report_candidate {
	int64_t person;
	int64_t probability_ppm;
	const char *levels; /* field=level joined by | */
};
/** Keeps the candidates that were shown, best first; replaces earlier ones. */
AW_MUST_CHECK enum aw_status aw_report_candidates_put(struct aw_act *act, int64_t report_person,
	const struct aw_report_candidate *candidates, size_t count, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_report_candidates(const struct aw_act *act, int64_t report_person,
	struct aw_report_candidate **ret, size_t *ret_count, struct aw_error *err);

struct aw_register_said {
	const char *register_code;
	int32_t extract_day;
	const char *answer;  /* none, past, open */
	int64_t record;	     /* 0 = none */
	int64_t answered_at; /* filled when read */
};
/** Keeps what each register said of a report's person; replaces earlier answers. */
AW_MUST_CHECK enum aw_status aw_register_answers_put(struct aw_act *act, int64_t report_person,
	const struct aw_register_said *answers, size_t count, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_register_answers(const struct aw_act *act, int64_t report_person,
	struct aw_register_said **ret, size_t *ret_count, struct aw_error *err);

/** Sets the screen result of an issue (code of policy's screen results). duplicate needs the
 *  report it repeats. For `reclassified` call aw_issue_reclassify. AW_INVALID for a wrong code. */
AW_MUST_CHECK enum aw_status aw_issue_screen(struct aw_act *act, int64_t issue, const char *result,
	int64_t duplicate_of, struct aw_error *err);
/** Ends the issue as `reclassified` and makes one of the new kind for the same subject. */
AW_MUST_CHECK enum aw_status aw_issue_reclassify(struct aw_act *act, int64_t issue,
	const char *kind, int64_t *ret_issue, struct aw_error *err);
/** A further issue of the report: another subject, or another kind for the same one. */
AW_MUST_CHECK enum aw_status aw_issue_add(struct aw_act *act, int64_t report_person,
	const char *kind, int64_t *ret_issue, struct aw_error *err);

/** 補件: asks facts back (codes of needs). The due time is policy's clock `supplement`. */
AW_MUST_CHECK enum aw_status aw_supplement_ask(struct aw_act *act, int64_t report,
	const char *const *items, size_t item_count, int64_t *ret_request, struct aw_error *err);
/** An answer to a request (or unasked: request 0): facts as an object, like a report's answers
 *  with incident and persons as in the JSON of a report. Completeness is computed anew. */
AW_MUST_CHECK enum aw_status aw_supplement_answer(struct aw_act *act, int64_t report,
	int64_t request, const json_t *facts, struct aw_completeness *ret, struct aw_error *err);

struct aw_supplement {	 /* a request with its answer, oldest first */
	int64_t request; /* 0 = unasked answer */
	const char *items;
	struct aw_maybe asked_at, due_at, answered_at;
	const char *answer; /* JSON text; only with AW_REPORT_CONTENT */
};
AW_MUST_CHECK enum aw_status aw_supplements(const struct aw_act *act, int64_t report, int parts,
	struct aw_supplement **ret, size_t *ret_count, struct aw_error *err);

/** received -> screened -> dispatched -> closed. Any of them may be set again to itself; back only
 *  from dispatched to screened (returned). AW_CONFLICT otherwise. */
AW_MUST_CHECK enum aw_status
aw_report_state_set(struct aw_act *act, int64_t report, const char *state, struct aw_error *err);

/* -- the public status page ------------------------------------------------------------------- */

/** "received" 受理中, "working" 處理中, "closed" 已結束, or NULL: wrong, unknown and absent alike
 *  (the same work is done for each). */
AW_MUST_CHECK enum aw_status aw_report_status(const struct aw_act *act, const char *number,
	const char *code, const char **ret_status, struct aw_error *err);

#endif
