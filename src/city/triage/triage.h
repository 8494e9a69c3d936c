/**
 * triage/triage - how grave a report is and who should go: facts in, a decision with its reasons out.
 * Layer: city, third room (calls person and intake).  Threads: a use case runs in one unit of work.
 * Example: tests/city/triage/test_triage.c
 *
 * The rules are the city's (policy/<city>/triage.dmn), not ours: this room gathers the facts, runs
 * the policy in force, and keeps what was asked, what was known, which rows fired and what could
 * still change. It decides nothing by itself and a person may always decide otherwise, with reason.
 * A fact that is not known is given as unknown, never as "no".
 */
#ifndef AW_CITY_TRIAGE_TRIAGE_H
#define AW_CITY_TRIAGE_TRIAGE_H

#include "guard/act.h"
#include "rule/explain.h"

/* -- facts --------------------------------------------------------------------------------------
 * Names and types are listed in docs/facts.md; answers of a report carry the code of its question.
 */
enum aw_fact_kind {
	AW_FACT_UNKNOWN,
	AW_FACT_TEXT,
	AW_FACT_NUMBER,
	AW_FACT_FLAG,
	AW_FACT_LIST,
};

struct aw_fact {
	const char *name;
	enum aw_fact_kind kind;
	const char *text; /* TEXT */
	int64_t number;	  /* NUMBER: what is known at least */
	int64_t most;	  /* NUMBER: what it may be at most; = number when it is certain */
	bool flag;	  /* FLAG */
	const char *const *list;
	size_t list_count;
	const char *source; /* code: answer, person, reports, household, register.<name>, issue */
};

struct aw_triage_facts {
	struct aw_arena *arena;
	struct aw_fact *at;
	size_t count, room;
};

/* Setters copy name, value and source. A fact that is set again: known beats unknown, else the
 * later one stands. */
void aw_fact_unknown(struct aw_triage_facts *facts, const char *name, const char *source);
void
aw_fact_text(struct aw_triage_facts *facts, const char *name, const char *text, const char *source);
void
aw_fact_number(struct aw_triage_facts *facts, const char *name, int64_t number, const char *source);
/** A score of which some items are unknown: at least `least`, at most `most`. */
void aw_fact_between(struct aw_triage_facts *facts, const char *name, int64_t least, int64_t most,
	const char *source);
void aw_fact_flag(struct aw_triage_facts *facts, const char *name, bool flag, const char *source);
/** Adds one value to a list fact (and makes the list). */
void
aw_fact_add(struct aw_triage_facts *facts, const char *name, const char *text, const char *source);
/** NULL if it was never set. */
const struct aw_fact *aw_fact_find(const struct aw_triage_facts *facts, const char *name);

/* -- the decision --------------------------------------------------------------------------------- */

enum aw_span_unit { AW_SPAN_NONE, AW_SPAN_HOURS, AW_SPAN_WORKING_DAYS, AW_SPAN_DAYS };

/* A length of time set by the policy. amount 0 with HOURS = at once. */
struct aw_span {
	enum aw_span_unit unit;
	int64_t amount;
};

/* A row that asks a unit to act. */
struct aw_proposed_part {
	const char *table; /* decision id */
	int64_t row;	   /* from 1 */
	const char *task;
	struct aw_span first_contact;
};

/* A unit that should act: the lead, or one of the co-units. */
struct aw_proposed_unit {
	const char *type;   /* unit type in units.yaml: dv_child, family_centre, ... */
	const char *side;   /* whom it serves: protected, respondent, neutral; NULL = protected */
	const char *task;   /* what it is asked to do, in the policy's words */
	const char *table;  /* decision id it comes from */
	int64_t row;	    /* row of that table, from 1 */
	const char *source; /* the row's 依據 */
	struct aw_span first_contact; /* NONE: no clock of its own */
	bool unverified;	      /* 未確認 */
	struct aw_proposed_part
		*parts; /* every row that asks for it, in their order; the first is above */
	size_t part_count, part_room;
};

/** Joins what a part asks to a task and the time of first contact: tasks once each, the earlier time. */
void aw_proposed_join(struct aw_arena *arena, const struct aw_proposed_part *part,
	const char **task, struct aw_span *first_contact);

/* A clock that starts with the report. */
struct aw_proposed_clock {
	const char *code; /* dispatch, first_contact, investigation, visit, ... */
	const char *from; /* received, classified, dispatched */
	struct aw_span span;
	const char *source;
	bool unverified;
};

/* Half a sentence: because of `words` the outcome is `outcome`. */
struct aw_because {
	const char *decision; /* id: child_level, child_class, priority, ... */
	const char *words;    /* of the used row, in the policy's words */
	const char *outcome;  /* code of the result */
};

struct aw_decision {
	int64_t id; /* 0: not stored (aw_triage_run) */
	int64_t report;
	int64_t issue;		 /* 0: the report's leading issue */
	const char *kind;	 /* as the policy leads it; may differ from what was reported */
	const char *scale;	 /* child_level, tipvda, vulnerability, suicide, city, none */
	const char *level;	 /* NULL: no grade on this scale */
	const char *child_class; /* first, second, third; NULL: not a child case */
	const char *priority;	 /* urgent 優先, ordinary 一般 */
	bool immediate;		 /* 緊急先派 is open to it */
	bool reference_only;	 /* 僅供參考: the instrument was not made for this victim */
	bool reclassified;	 /* kind differs from the kind reported */
	struct aw_proposed_unit lead;
	struct aw_proposed_unit *co_units;
	size_t co_count;
	struct aw_proposed_clock *clocks;
	size_t clock_count;
	struct aw_because *reasons; /* in the order of the sentence */
	size_t reason_count;
	const char *reason_key; /* message whose arguments are the reasons' words: {0} {1} {2} */
	struct aw_explain explain;
	struct aw_triage_facts facts; /* as they were: value and source */
	bool may_rise;	/* unknown inputs leave a graver level or an urgent priority open */
	bool otherwise; /* worked out again, other rules fired than then: the engine has changed */
	const char *release; /* hash of the policy */
	int64_t made_at;
	int64_t made_by;	     /* account; 0: the program */
	const char *override_reason; /* code; NULL: as the policy says */
};

struct aw_dmn_model; /* rule/model.h */

/**
 * The pure part: runs the triage policy over facts. Everything returned lives in the arena (and
 * borrows nothing from facts). now_ms is the case's own time: FEEL's now() and today().
 * Errors: AW_INVALID when the model lacks a decision that triage needs, or the decision named
 * `triage` came out null (the text says which).
 */
AW_MUST_CHECK enum aw_status aw_triage_run(struct aw_arena *arena, const struct aw_dmn_model *model,
	const struct aw_triage_facts *facts, int64_t now_ms, struct aw_decision *ret_decision,
	struct aw_error *err);

/**
 * Gathers the facts of a report (answers, persons' ages and relation, earlier reports of person and
 * household, open cases and registers' answers, children in the household, district), runs the
 * policy in force and stores the decision; an earlier one of the same issue is superseded. issue_id
 * 0 = the report's leading issue. In a write unit. Errors: AW_NOT_FOUND, AW_INVALID (the policy).
 */
AW_MUST_CHECK enum aw_status aw_triage_decide(struct aw_act *act, int64_t report_id,
	int64_t issue_id, struct aw_decision *ret_decision, struct aw_error *err);

/** The decision in force of a report (its leading issue's), with its explanation: worked out again from
 *  its facts by the release that made it, which costs about 0.5 ms, and 60 ms when that is not the one
 *  in force. *ret_found false: none yet. */
AW_MUST_CHECK enum aw_status aw_triage_get(struct aw_act *act, int64_t report_id,
	struct aw_decision *ret_decision, bool *ret_found, struct aw_error *err);

/* What a person changes; NULL = as it was. */
struct aw_triage_change {
	const char *level;
	const char *child_class;
	const char *priority;
	const char *lead_type;
};

/**
 * A person decides otherwise: stores a new decision that keeps the old one's facts and explanation,
 * with what was changed, by whom and why; the old one is superseded. reason is a code of the
 * policy; note may be NULL (sealed). Errors: AW_NOT_FOUND; AW_CONFLICT when the decision is no longer in
 * force; AW_INVALID for an unknown value or an empty reason.
 */
AW_MUST_CHECK enum aw_status aw_triage_override(struct aw_act *act, int64_t decision_id,
	const struct aw_triage_change *change, const char *reason, const char *note,
	struct aw_decision *ret_decision, struct aw_error *err);

#endif
