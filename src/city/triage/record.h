/**
 * city/triage/record - what is sealed with a decision, as JSON, and back.
 * Layer: city, inside room triage.  Example: tests/city/triage/test_record.c
 *
 * A decision follows from its facts, the release that decided and the time it was decided for, so the
 * record holds the facts with their sources: the rest is worked out again by the release that its hash
 * names. It also holds which rules fired, so that an engine that would decide otherwise today is seen.
 * Level, class, priority and lead stand in plain columns beside it. About 2 KB.
 *
 *	{"facts": [["kind", "issue", "suicide"], ["tipvda", "answer", [5, 7]], ["weapon", "answer"]],
 *	 "fired": {"lead_kind": [3]}, "note": "..."}
 *
 * A fact without a value is unknown; [5, 7] is a number between; a list of texts is in a list.
 */
#ifndef AW_CITY_TRIAGE_RECORD_H
#define AW_CITY_TRIAGE_RECORD_H

#include "base/json.h"
#include "city/triage/triage.h"

/* The rules of a table that fired: a bit each, the first rule's the lowest. */
struct aw_fired {
	const char *decision; /* id */
	const uint64_t *rules;
	size_t words;
};

/** Adds the record's text; a table of which no rule fired is left out. note: of an override; may be
 *  NULL. Cost: 3 us. */
void aw_record_write(struct aw_buf *out, const struct aw_triage_facts *facts,
	const struct aw_fired *fired, size_t count, const char *note);
/** The same of a decision with its explanation, in the arena. */
struct aw_str
aw_decision_record(struct aw_arena *arena, const struct aw_decision *decision, const char *note);

/** The facts of a record; texts live in the arena. AW_CORRUPT when it is not one. Also reads the records
 *  of schema 1 to 8, whose facts are objects. */
AW_MUST_CHECK enum aw_status aw_decision_read_facts(struct aw_arena *arena, const json_t *record,
	struct aw_triage_facts *ret_facts, struct aw_error *err);

/** The same from the text, without a tree where it is as aw_record_write() writes it: a tenth of the time. */
AW_MUST_CHECK enum aw_status aw_record_facts(struct aw_arena *arena, struct aw_str text,
	struct aw_triage_facts *ret_facts, struct aw_error *err);

/** Did the rules that fired then also fire in `explain`, and no others? True for a record that does not
 *  say which fired. */
bool aw_decision_fired_same(const json_t *record, const struct aw_explain *explain);

#endif
