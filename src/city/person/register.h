/**
 * city/person/register - the agencies' registers: extracts loaded, rows linked to people.
 * Layer: city, room person.  Threads: a use case runs in the unit of work of its act; an import is
 * many units.  Example: tests/city/person/test_register.c
 *
 * A row is kept as imported and linked to a person, never merged into one; a link is proposed or
 * confirmed by the program, confirmed, rejected or undone by a person. Undoing loses nothing. The base,
 * household_registration, is loaded into people, households and memberships themselves.
 */
#ifndef AW_CITY_PERSON_REGISTER_H
#define AW_CITY_PERSON_REGISTER_H

#include "base/json.h"
#include "city/person/person.h"
#include "guard/access.h"
#include "policy/policy.h"

/* What an import needs from its caller: acts are made a chunk at a time, because a file is far more
 * than one unit of work. */
struct aw_import_options {
	struct aw_db *db;
	struct aw_keyring *keyring;
	struct aw_ids *ids;
	struct aw_people *people;
	const struct aw_policy *policy;
	const struct aw_viewer *viewer;
	int64_t now_ms;
	int64_t real_ms;
	bool demo;
	const char *register_code; /* names registers/<code>.yaml */
	const char *file_name;	   /* shown and kept */
	struct aw_maybe
		extract_day; /* unknown: the mapping's own column, else Taipei's day of now_ms */
	/* A file that comes in pieces, each with the header before it: what the piece before answered,
	 * and the line its first row has in the file. extract 0: the first piece, or the whole. */
	int64_t extract;
	uint32_t first_line;
	const char *carry;  /* NULL: none */
	const char *sha256; /* of the whole file; NULL: of the table given */
	void (*progress)(void *arg, size_t done, size_t total); /* may be NULL */
	void *progress_arg;
};
struct aw_import_counts {
	int64_t rows, fresh, changed, same, quarantined;
	int64_t linked;	  /* confirmed by the program */
	int64_t proposed; /* for a person to look at */
	int64_t created;  /* people made: household_registration alone */
	int64_t extract;  /* id; 0 when nothing was stored */
	char carry[64];	  /* for the next piece of the file */
};

/** Loads one table, or a piece of one (CSV text in UTF-8 or Big5). Rows that cannot be read are kept sealed with line
 *  and reason; a file that cannot be read as a whole (no header, unknown columns missing, unknown
 *  encoding) is AW_INVALID with its place and changes nothing. Loading the same file twice
 *  counts every row as same. */
AW_MUST_CHECK enum aw_status aw_register_import(const struct aw_import_options *options,
	struct aw_str table, struct aw_import_counts *ret_counts, struct aw_error *err);

/** The quarantined rows of an extract as CSV (line, reason, then the row as read). */
AW_MUST_CHECK enum aw_status
aw_register_rejected(struct aw_act *act, int64_t extract, struct aw_buf *out, struct aw_error *err);

/** Who a record is about, as it was imported, and what stands beside it. */
struct aw_register_about {
	const char *register_code;
	struct aw_identity identity;
	const char *status; /* open, past */
	const char *unit;   /* NULL: none */
	int32_t extract_day;
};
AW_MUST_CHECK enum aw_status aw_register_record_about(struct aw_act *act, int64_t record,
	struct aw_register_about *ret_about, struct aw_error *err);

/** A record as JSON by our column names; what may be shown of it is decided by its register's
 *  mapping (`screener: yes | existence | never`) and by guard. The caller owns *ret_row. */
AW_MUST_CHECK enum aw_status aw_register_record_get(struct aw_act *act, int64_t record,
	const char **ret_register, json_t **ret_row, struct aw_error *err);

/** What a register is called on a match card, in "en" or zh-TW; the code itself when the policy has
 *  none of it. Borrowed from the index of people. */
const char *aw_register_name(const struct aw_act *act, const char *code, const char *language);

/** The class that a register's answer about a person has: the mapping's; for whoever screens the person
 *  their existence is enough, but of health and entitlements (`screener` of the mapping). */
enum aw_field_class
aw_register_class(const struct aw_act *act, const char *code, const struct aw_access *access);

/* -- links --------------------------------------------------------------------------------------- */

struct aw_identity_link {
	int64_t id;
	int64_t record;
	const char *register_code;
	int64_t person;
	const char *state; /* proposed, confirmed, rejected */
	int64_t probability_ppm;
	const char *levels;
	int64_t decided_at;
	struct aw_maybe decided_by; /* unknown: the program */
	struct aw_maybe undone_at;  /* unknown: it stands */
};
/** Links of a person that stand (not rejected, not undone). */
AW_MUST_CHECK enum aw_status aw_identity_links_of(struct aw_act *act, int64_t person,
	struct aw_identity_link **ret_at, size_t *ret_count, struct aw_error *err);
/** Proposed links that wait for somebody, least certain first. */
AW_MUST_CHECK enum aw_status aw_identity_links_waiting(struct aw_act *act, size_t limit,
	struct aw_identity_link **ret_at, size_t *ret_count, struct aw_error *err);
/** One link, whatever became of it. AW_NOT_FOUND. */
AW_MUST_CHECK enum aw_status aw_identity_link_get(
	struct aw_act *act, int64_t link, struct aw_identity_link *ret_link, struct aw_error *err);

/* One row of what was ever said of a record and a person. */
struct aw_link_event {
	struct aw_identity_link link;
	const char *decider; /* name; NULL: the program */
	const char *reason;  /* code of the policy's reasons "link"; NULL: none was asked */
	const char *words;   /* NULL: none */
	const char *undoer;  /* NULL: stands, or the program */
	bool restored;	     /* stands again after a decision was taken back */
};
/** All of a person's, undone and rejected ones too: by register and record, newest first. */
AW_MUST_CHECK enum aw_status aw_identity_link_history(struct aw_act *act, int64_t person,
	struct aw_link_event **ret_at, size_t *ret_count, struct aw_error *err);

/* Why somebody decided: a code of the policy's reasons "link" (a policy without the list asks for none),
 * and words where they have any. */
struct aw_link_why {
	const char *reason;
	const char *words; /* NULL: none; sealed under the person's key */
};
enum { AW_LINK_WORDS_MOST = 500 /* characters */ };

/** A person decides: same or not the same. Takes the place of what stood between the two, and of what
 *  links the record to others when it is the same; all of it is kept as undone. The program never
 *  changes it. Also un-links (same = false of a confirmed one) and links again (same = true of a rejected
 *  one). *ret_decision (may be NULL): the new row. AW_CONFLICT when the link was undone meanwhile;
 *  AW_INVALID for a reason that the policy does not have, or that needs words. */
AW_MUST_CHECK enum aw_status aw_identity_link_decide(struct aw_act *act, int64_t link, bool same,
	const struct aw_link_why *why, int64_t *ret_decision, struct aw_error *err);
/** Takes a person's decision back: what it took the place of stands again as it was, in new rows that
 *  say whose place they have. AW_CONFLICT when it was undone already, when somebody decided about the
 *  record since, or when the program made it: that is answered by a decision. */
AW_MUST_CHECK enum aw_status
aw_identity_link_undo(struct aw_act *act, int64_t link, struct aw_error *err);
/** Links a record to a person by hand. */
AW_MUST_CHECK enum aw_status aw_identity_link_add(struct aw_act *act, int64_t record,
	int64_t person, const struct aw_link_why *why, int64_t *ret_link, struct aw_error *err);

/* Somebody looked at a proposed link and could not tell. */
struct aw_link_doubt {
	const char *name; /* of the account */
	int64_t at;
	const char *words; /* what is to be found out; NULL: not said */
};
/** Says so: the link stays proposed, behind those that nobody doubted. AW_CONFLICT when it is not
 *  proposed any more. */
AW_MUST_CHECK enum aw_status
aw_identity_link_doubt(struct aw_act *act, int64_t link, const char *words, struct aw_error *err);
/** Newest first. */
AW_MUST_CHECK enum aw_status aw_identity_link_doubts(struct aw_act *act, int64_t link,
	struct aw_link_doubt **ret_at, size_t *ret_count, struct aw_error *err);
/** What the viewer decided last, within a day, and nobody undid; *ret_found false when there is none. */
AW_MUST_CHECK enum aw_status aw_identity_link_last(struct aw_act *act,
	struct aw_identity_link *ret_link, bool *ret_found, struct aw_error *err);

#endif
