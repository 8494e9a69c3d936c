/**
 * db/keyring - changing and checking keys; the daily use of keys is db/seal.h.
 * Layer: db.  Threads: any, while others seal and open.  Example: tests/db/test_keyring.c
 */
#ifndef AW_DB_KEYRING_H
#define AW_DB_KEYRING_H

#include "db/seal.h"

/** As aw_keyring_open inside a reading: nothing is made. AW_NOT_FOUND also when the database has no
 *  keys yet. */
AW_MUST_CHECK enum aw_status aw_keyring_open_in(struct aw_tx *tx, const char *root_key_path,
	struct aw_keyring **ret_keyring, struct aw_error *err);

/** AW_OK if the file holds a root key that may be used: see aw_keyring_open for the rest. */
AW_MUST_CHECK enum aw_status aw_root_key_check(const char *path, struct aw_error *err);

struct aw_keyring_report {
	int64_t epochs;	       /* epoch keys in the database */
	int64_t current_epoch; /* under which new data keys are wrapped */
	int64_t keys;	       /* data keys */
	int64_t keys_current;  /* of these under the current epoch */
	int64_t keys_broken;   /* that do not open: the database was changed from outside */
};

/* A rotation under way. */
struct aw_rotation {
	int64_t epoch;	   /* under which keys are wrapped anew */
	int64_t after;	   /* keys up to this id are done in this pass */
	int64_t rewrapped; /* by this run */
	int64_t left;	   /* about */
	bool done;
};

/**
 * Begins a new epoch, or goes on with one whose rotation was interrupted (the setting key.rotating
 * remembers it, through any crash). A unit of work each for the beginning and for every 500 keys, so
 * that whoever writes meanwhile waits for one unit at most. Cells are not touched.
 */
AW_MUST_CHECK enum aw_status aw_keyring_rotate_begin(struct aw_db *db, struct aw_keyring *keyring,
	struct aw_rotation *ret_rotation, struct aw_error *err);
/** Wraps the next keys anew. After an error rotation is as before. */
AW_MUST_CHECK enum aw_status aw_keyring_rotate_step(struct aw_db *db, struct aw_keyring *keyring,
	struct aw_rotation *rotation, struct aw_error *err);

/** Both, to the end. */
AW_MUST_CHECK enum aw_status aw_keyring_rotate(
	struct aw_db *db, struct aw_keyring *keyring, int64_t *ret_rewrapped, struct aw_error *err);

/**
 * Destroys epoch keys made before an instant under which no data key stands: what was erased in
 * their time is gone from every backup of their time too. Call it when those backups have expired.
 */
AW_MUST_CHECK enum aw_status aw_keyring_retire(struct aw_db *db, struct aw_keyring *keyring,
	int64_t before_ms, int64_t *ret_destroyed, struct aw_error *err);

/** Opens every data key and counts. Broken keys are counted, not an error. */
AW_MUST_CHECK enum aw_status aw_keyring_check(struct aw_db *db, struct aw_keyring *keyring,
	struct aw_keyring_report *ret_report, struct aw_error *err);

/** Wraps all epoch keys under another root key, in one unit of work, and clears the old wrappings
 *  from the database's files (aw_db_scrub): the old file opens nothing of it after that.
 *  new_root_path: made by aw_root_key_make. AW_BUSY: another change is under way, or a long reading
 *  keeps the old wrappings in the write-ahead log; asking again finishes it. */
AW_MUST_CHECK enum aw_status aw_keyring_change_root(struct aw_db *db, struct aw_keyring *keyring,
	const char *new_root_path, struct aw_error *err);

/** For now and then, where several servers are: AW_OK when the root key in force is this server's. A
 *  server that hears of another's change of root takes the new one from its key file, or from PATH.new
 *  beside it. AW_NOT_FOUND: it is in neither; the server goes on with the epochs it holds.
 *  AW_BUSY: and another epoch has begun since, which it cannot open. */
AW_MUST_CHECK enum aw_status
aw_keyring_find_root(struct aw_db *db, struct aw_keyring *keyring, struct aw_error *err);

#endif
