/**
 * city/triage/outcome - facts into the policy's model, and what it decides without the reasons.
 * Layer: city, inside room triage.  Threads: an aw_outcomes belongs to one thread.
 * Example: tests/city/triage/test_replay.c
 *
 * aw_triage_run() tells why and costs 0.4 ms; this tells what, for case after case, at about a fortieth.
 */
#ifndef AW_CITY_TRIAGE_OUTCOME_H
#define AW_CITY_TRIAGE_OUTCOME_H

#include "city/triage/triage.h"
#include "rule/model.h"

/** Facts as inputs, values and sources borrowed from them; what nobody knows is null. A report always
 *  says which other kinds it holds: none is known, not unknown. */
struct aw_dmn_input *
aw_triage_inputs(struct aw_arena *arena, const struct aw_triage_facts *facts, size_t *ret_count);

/** An entry of a context; null when context is NULL or has none. */
struct aw_value aw_triage_entry(const struct aw_context *context, const char *name);
/** A text of it, copied; NULL for null and for the code "none". */
const char *
aw_triage_code(struct aw_arena *arena, const struct aw_context *context, const char *name);

enum { AW_OUTCOME_CO_MOST = 24 };

/* What a case comes to. Codes are copied into the arena that was given. */
struct aw_outcome {
	const char *kind, *scale, *level, *child_class, *priority,
		*lead; /* level, class: may be NULL */
	bool immediate;
	const char *co[AW_OUTCOME_CO_MOST]; /* types of the co-units, each once, without the lead */
	size_t co_count;
};

struct aw_outcomes; /* opaque */

/** The model must outlive it. AW_INVALID when it has no decision "triage". The caller owns it. */
AW_MUST_CHECK enum aw_status aw_outcomes_new(
	const struct aw_dmn_model *model, struct aw_outcomes **ret_outcomes, struct aw_error *err);
void aw_outcomes_free(struct aw_outcomes *outcomes); /* NULL is fine */

/** AW_INVALID when the model gives no kind, priority or lead for these facts. */
AW_MUST_CHECK enum aw_status aw_outcomes_decide(struct aw_outcomes *outcomes,
	struct aw_arena *arena, const struct aw_triage_facts *facts, int64_t now_ms,
	struct aw_outcome *ret_outcome, struct aw_error *err);

/** Adds the record (record.h) of the case that was decided last, from its facts: what is sealed with a
 *  decision, byte for byte. False: there is no plan for the model, ask aw_triage_run(). */
bool aw_outcomes_record(const struct aw_outcomes *outcomes, const struct aw_triage_facts *facts,
	struct aw_buf *out);

/** Of the case that was decided last: a decision's value, and whether a table's value comes from this
 *  rule (from 0). Null and false where there is no plan for the model. */
struct aw_value
aw_outcomes_value(const struct aw_outcomes *outcomes, const struct aw_dmn_item *decision);
bool aw_outcomes_used(
	const struct aw_outcomes *outcomes, const struct aw_dmn_item *decision, size_t rule);

#endif
