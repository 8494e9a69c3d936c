/**
 * city/intake/inside - inside the room: a report's sealed parts as JSON, and reading them back.
 * Layer: city, room intake, for intake alone.  Threads: plain data.
 *
 * A report is sealed in the shape it is sent in (docs/cli.md): report.sealed holds incident,
 * answers and centre_only; report.reporter_sealed the reporter's name and phone; each
 * report_person.sealed one person; report_supplement.sealed any of incident, answers, persons.
 */
#ifndef AW_CITY_INTAKE_INSIDE_H
#define AW_CITY_INTAKE_INSIDE_H

#include "base/hash.h"
#include "city/intake/report.h"

/* -- problems -- */
void aw_report_remark(struct aw_arena *arena, struct aw_report_problems *problems,
	const char *field, const char *message, const char *detail);
/** The first problem as an error: "persons.0.birth_date: report.date_unreadable". */
enum aw_status aw_report_refuse(const struct aw_report_problems *problems, struct aw_error *err);

/* -- a report's parts as JSON; the caller owns what comes back -- */
json_t *aw_report_content_json(const struct aw_report_in *in);
json_t *aw_report_reporter_json(const struct aw_report_in *in);
json_t *aw_report_person_json(const struct aw_report_person_in *person);

/** Reads a person as it was stored. */
void
aw_report_person_read(struct aw_arena *arena, const json_t *json, struct aw_report_person_in *ret);
/** Reads the date fields of a person and the incident that are text only so far. False in *ret_ok
 *  when a date is written that cannot be read. */
bool aw_report_birth_read(struct aw_report_person_in *person);
bool aw_report_incident_read(struct aw_report_in *in);

/** Lays the facts of a supplement over a report's content and persons (both changed in place). */
void aw_supplement_lay(json_t *content, json_t *persons, const json_t *facts);

/* Stands alone, true, in the JSON of a person who was erased. */
#define AW_REPORT_ERASED "erased"

/** The role that is the form's subject. */
const char *aw_kind_subject_role(const struct aw_kind *kind);
/** The person is a subject of this kind. */
bool aw_report_is_subject(const struct aw_kind *kind, const char *role);
/** The person stands on the other side. */
bool aw_report_is_respondent(const struct aw_kind *kind, const char *role);

/* -- sealing -- */
struct aw_bytes aw_report_seal(struct aw_act *act, const struct aw_key *key, const char *table,
	const char *column, int64_t row, const json_t *json);
/** The sealed JSON of a cell, kept in the act's arena. */
AW_MUST_CHECK enum aw_status aw_report_unseal(const struct aw_act *act, const struct aw_key *key,
	struct aw_place place, struct aw_bytes cell, json_t **ret_json, struct aw_error *err);

/* Where a person of a report is put. */
struct aw_report_seat {
	int64_t report, position, received_at;
	const char *default_role;
};

/* A person of a report, sealed and not stored yet. */
struct aw_ready_person {
	const struct aw_report_person_in *in;
	int64_t id;
	const char *text; /* what is sealed */
	struct aw_bytes sealed;
};

/** Gives a person an id and seals them. */
void aw_report_person_ready(struct aw_act *act, const struct aw_key *key,
	const struct aw_report_person_in *person, struct aw_ready_person *ret);

/** Stores a person of a report; issues are the caller's. */
AW_MUST_CHECK enum aw_status aw_report_person_store(struct aw_act *act, const struct aw_key *key,
	const struct aw_report_seat *seat, const struct aw_report_person_in *person,
	int64_t *ret_id, struct aw_error *err);

/* -- a report before its unit of work -- */
struct aw_report_ready {
	const struct aw_report_in *in;
	const struct aw_kind *kind;
	struct aw_receipt receipt; /* all of it but the number, which the unit of work gives */
	int64_t now_ms;		   /* the act's when it was made ready */
	struct aw_key_row key, reporter_key;
	const char *content_text, *reporter_text; /* what is sealed */
	struct aw_bytes content, reporter;
	struct aw_ready_person *persons; /* those of `in`, or `nobody` too */
	size_t person_count;
	struct aw_report_person_in nobody;
	uint8_t body_hash[AW_SHA256_BYTES]; /* with an idempotency key alone, as the next */
	struct aw_bytes receipt_cell;
	int64_t receipt_epoch;
};

/** Seals the receipt, for whoever sends the same again. */
AW_MUST_CHECK enum aw_status
aw_again_ready(struct aw_act *act, struct aw_report_ready *ready, struct aw_error *err);
/** Keeps it in the unit of work. */
AW_MUST_CHECK enum aw_status
aw_again_keep(const struct aw_act *act, const struct aw_report_ready *ready, struct aw_error *err);
/** The receipt of an earlier sending with the same key, unless the unit dares (aw_tx_dares): then
 *  aw_again_keep finds the key taken. One that is older than a day is forgotten.
 *  AW_CONFLICT: the key was used for another report. */
AW_MUST_CHECK enum aw_status aw_again_find(struct aw_act *act, const struct aw_report_ready *ready,
	struct aw_receipt *ret, bool *ret_found, struct aw_error *err);

/** A new lookup code. */
const char *aw_lookup_code(struct aw_arena *arena);
/** What is kept of it. */
void aw_lookup_hash(struct aw_arena *arena, const char *number, const char *code,
	uint8_t ret_hash[AW_SHA256_BYTES]);

#endif
