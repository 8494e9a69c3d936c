/**
 * guard/log - the log that proves who looked at what and who did what.
 * Layer: guard.  Threads: appending inside a unit of work, so one at a time; reading anywhere.
 * Example: tests/guard/test_log.c
 *
 * Entries are leaves of an RFC 6962 tree (guard/tree.h), numbered from 0 without gaps. A leaf is
 * the hash of the whole row with its subjects: every column as a 4-byte big-endian length and its
 * bytes (numbers as 8 bytes big-endian; NULL as length 0xffffffff), in the order of the schema,
 * then the number of subjects and each subject's person and classes by person. A detail holds no
 * personal data.
 *
 * Checkpoints are C2SP signed notes (tlog-checkpoint, Ed25519): origin, size, root. They stand in
 * the database and are appended to a witness file outside it. Without a witness the newest entries
 * could be cut off, or the whole database rolled back, and nothing in it would show; verify says
 * so.
 *
 * No unlogged look: net/ runs a GET in a read snapshot, then aw_log_reads() before the reply
 * leaves. If that fails, the reply is 503 and holds no data.
 */
#ifndef AW_GUARD_LOG_H
#define AW_GUARD_LOG_H

#include "guard/act.h"
#include "guard/tree.h"

/* -- writing ------------------------------------------------------------------------------------ */

/**
 * Appends one entry about the act, inside its unit of work: viewer, purpose, act->action,
 * act->object, and act->looked as its subjects. outcome: "ok", or aw_status_name() of what came
 * of it. detail: JSON without personal data, or NULL. Errors: AW_BUSY when the log cannot be
 * written, whatever the cause.
 */
AW_MUST_CHECK enum aw_status
aw_log_append(struct aw_act *act, const char *outcome, const char *detail, struct aw_error *err);

/** As aw_log_append in a unit of work of its own, for an act that only read: waits until the entry
 *  is durable. act->tx is not used. Also moves the session on (session may be NULL). Errors:
 *  AW_BUSY, then nothing may be shown. */
struct aw_session;
AW_MUST_CHECK enum aw_status aw_log_reads(struct aw_db *db, struct aw_act *act,
	const struct aw_session *session, const char *outcome, struct aw_error *err);

/* -- checkpoints -------------------------------------------------------------------------------- */

/* The log's own key. The secret stands sealed in the database; the public half is for everybody. */
struct aw_log_key {
	char origin[96];    /* anwang/<deployment>: the log's name, and the key's */
	char verifier[192]; /* C2SP: name+hash+key, to be printed and kept elsewhere */
	uint8_t public_key[32];
	uint8_t secret[64]; /* wiped by aw_log_key_done */
};
void aw_log_key_done(struct aw_log_key *key);

/** Reads the log's key, and makes it in a fresh database. */
AW_MUST_CHECK enum aw_status aw_log_key_open(struct aw_db *db, struct aw_keyring *keyring,
	struct aw_ids *ids, struct aw_log_key *ret_key, struct aw_error *err);

struct aw_checkpoint {
	int64_t size;
	struct aw_hash root;
	int64_t at; /* real time */
	const char *note;
};

/**
 * Signs a checkpoint over all entries, stores it, and appends it to the witness file (NULL: none)
 * after the commit. Nothing happens when no entry came since the last one, but that a witness file
 * which lacks the last note gets it. Errors: AW_CONFLICT, and nothing is signed, when the witness
 * file ends in a checkpoint that this database never made: it is an older copy that was put back. Cost: the entries since the last checkpoint. To be called
 * every 60 s, every 256 entries and at the end. ret_checkpoint may be NULL; its note is in arena.
 */
AW_MUST_CHECK enum aw_status
aw_log_checkpoint(struct aw_db *db, const struct aw_log_key *key, const char *witness,
	struct aw_arena *arena, struct aw_checkpoint *ret_checkpoint, struct aw_error *err);

/** The newest checkpoint and the number of entries now. size 0: there is none yet. */
AW_MUST_CHECK enum aw_status aw_log_state(struct aw_tx *tx, struct aw_arena *arena,
	struct aw_checkpoint *ret_checkpoint, int64_t *ret_size, struct aw_error *err);

/* -- verifying ---------------------------------------------------------------------------------- */

enum aw_log_fault {
	AW_LOG_SOUND,
	AW_LOG_GAP,	  /* a leaf is missing, or stands twice */
	AW_LOG_CHANGED,	  /* a row is not what its leaf hashes */
	AW_LOG_ROOT,	  /* rows and leaves agree, but not with a checkpoint */
	AW_LOG_SIGNATURE, /* a checkpoint is not signed by the log's key, or not one */
	AW_LOG_SHORT,	  /* fewer entries than a checkpoint covers */
	AW_LOG_NO_KEY,	  /* there are checkpoints but no key to check them by */
};
const char *aw_log_fault_name(enum aw_log_fault fault);

struct aw_log_report {
	enum aw_log_fault fault;
	int64_t bad_leaf; /* the first leaf that is bad; -1: none, or no leaf can be named */
	int64_t sound_to; /* with AW_LOG_ROOT: the leaves before this one agree with a checkpoint */
	int64_t signed_size; /* with AW_LOG_SHORT: as many entries were signed */
	int64_t entries;
	int64_t checkpoints;
	int64_t bytes;		/* that the leaves hash */
	int64_t witnessed;	/* notes in the witness file */
	int64_t witnessed_size; /* leaves covered by its newest; 0: no witness, or an empty one */
	struct aw_hash root;
	char verifier[192]; /* the key it was checked by; "" = there is none */
	char text[256];	    /* one sentence: what was found, or what was checked */
};

/**
 * Recomputes every leaf and every root, and compares with the checkpoints stored and those in the
 * text of a witness file (NULL: none given). verifier: C2SP key as printed by an earlier run, NULL =
 * the one in the database. An unsound log is a value in ret_report, not an error. Errors: the
 * database cannot be read; AW_INVALID: verifier is not a key. Cost: one scan, on a second thread
 * that hashes while this one reads.
 */
AW_MUST_CHECK enum aw_status aw_log_verify(struct aw_db *db, const struct aw_str *witness,
	const char *verifier, struct aw_log_report *ret_report, struct aw_error *err);

/** The same inside a reading, for a page. witness may be NULL. */
AW_MUST_CHECK enum aw_status
aw_log_verify_in(struct aw_tx *tx, struct aw_arena *arena, const struct aw_str *witness,
	const char *verifier, struct aw_log_report *ret_report, struct aw_error *err);

struct aw_log_entry;
/** True if an entry with its subjects is what its leaf hash says. */
bool aw_log_entry_sound(struct aw_arena *arena, const struct aw_log_entry *entry);

/* -- asking ------------------------------------------------------------------------------------- */

struct aw_log_subject {
	int64_t person;
	const char *number;  /* public; NULL: there is no such person any more */
	const char *classes; /* codes joined by commas */
};

struct aw_log_entry {
	int64_t leaf;
	int64_t at;
	int64_t account; /* 0: the public or the program */
	const char *actor;
	const char *unit; /* may be NULL, as the next two */
	const char *purpose;
	const char *object;
	const char *action;
	const char *outcome;
	const char *detail; /* may be NULL */
	const struct aw_log_subject *subjects;
	size_t subject_count;
	struct aw_hash hash;
};

/* Which entries, newest first. Zero and NULL mean any. */
struct aw_log_query {
	int64_t person;	    /* who saw this person */
	int64_t account;    /* whom did this account see */
	const char *object; /* public number */
	const char *action; /* exact, or a beginning that ends in '.': "report." */
	const char *outcome;
	int64_t from_at, to_at; /* half-open; to_at 0 = open */
	int64_t before;		/* leaves below this one; 0 = from the newest: the next page */
	int64_t limit;		/* 1 to 500 */
};

/** One page of entries with their subjects, in the arena. ret_more: there are older ones. */
AW_MUST_CHECK enum aw_status
aw_log_find(struct aw_tx *tx, struct aw_arena *arena, const struct aw_log_query *query,
	struct aw_log_entry **ret_entries, size_t *ret_count, bool *ret_more, struct aw_error *err);

/** How often and by how many accounts a person was looked at since an instant: the line under
 *  every person's page. */
AW_MUST_CHECK enum aw_status aw_log_looks(struct aw_tx *tx, int64_t person, int64_t since,
	int64_t *ret_looks, int64_t *ret_accounts, struct aw_error *err);

/** How many entries an account made since an instant, and how many people they were about. Both
 *  counts go by the log's clock; entries signed before `since` are not looked at. */
AW_MUST_CHECK enum aw_status aw_log_seen(struct aw_tx *tx, int64_t account, int64_t since,
	int64_t *ret_entries, int64_t *ret_people, struct aw_error *err);

/** Calls fn for every entry from leaf `from` on, in order. The entry lives as long as the call. */
typedef enum aw_status aw_log_fn(const struct aw_log_entry *entry, void *arg, struct aw_error *err);
AW_MUST_CHECK enum aw_status
aw_log_each(struct aw_tx *tx, int64_t from, aw_log_fn *fn, void *arg, struct aw_error *err);

#endif
