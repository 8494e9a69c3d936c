/**
 * db/backup - a whole database as one sealed stream, the same for both engines, and back.
 * Layer: db.  Threads: one a call; writing beside a server that writes.  Example: tests/db/test_backup.c
 *
 * The stream holds every row of every table (db/tables.h) as the schema types them, table after
 * table by primary key, so that a SQLite database goes into PostgreSQL and back. It is sealed from
 * its first row to its last under a key that the root key alone opens (db/backup_stream.h): a reader
 * without it learns the deployment's number, the schema and the time, and nothing else. Cells are in
 * it as they are in the database, sealed again under their own keys; so are the wrapped keys. What is
 * erased later is therefore still in an earlier backup.
 */
#ifndef AW_DB_BACKUP_H
#define AW_DB_BACKUP_H

#include "db/db.h"

/* Where a stream goes, and where one comes from. */
struct aw_backup_sink {
	enum aw_status (*write)(void *arg, const void *data, size_t len, struct aw_error *err);
	void *arg;
};
struct aw_backup_source {
	/* at most len bytes; *ret_got 0 at the end */
	enum aw_status (*read)(
		void *arg, void *data, size_t len, size_t *ret_got, struct aw_error *err);
	/* to the beginning again */
	enum aw_status (*rewind)(void *arg, struct aw_error *err);
	void *arg;
};

struct aw_backup_table {
	const char *name; /* constant */
	int64_t rows;
};

struct aw_backup_info {
	bool demo;
	int64_t schema;
	int64_t made_at; /* real time of the snapshot */
	char deployment[33];
	int64_t log_size; /* entries in the log */
	const char *note; /* its newest checkpoint; "" = none */
	struct aw_backup_table *tables;
	size_t table_count;
	int64_t rows;
	int64_t bytes; /* of the stream */
};

/* Called now and then with what is done so far. */
typedef void aw_backup_progress_fn(void *arg, const char *table, int64_t rows, int64_t bytes);

struct aw_backup_options {
	const char *root_key_path;
	/* How far the log goes in the snapshot: its size, and its newest note in the arena. */
	enum aw_status (*describe_log)(struct aw_tx *tx, struct aw_arena *arena, int64_t *ret_size,
		const char **ret_note, struct aw_error *err);
	aw_backup_progress_fn *progress; /* NULL: none */
	void *progress_arg;
};

/**
 * Writes the database at url in one read snapshot, on a reader of its own: whoever writes goes on.
 * Memory: a page of rows. On SQLite the write-ahead log cannot be shortened meanwhile.
 * Errors: AW_NOT_FOUND (no database, no keys in it, no key file), AW_DENIED, AW_CORRUPT (the root
 * key does not open this database, a row is not what the schema says), AW_CONFLICT (another
 * schema), AW_IO, the sink's own. What went to the sink before an error has no end, and is refused.
 */
AW_MUST_CHECK enum aw_status aw_backup_write(const char *url,
	const struct aw_backup_options *options, const struct aw_backup_sink *sink,
	struct aw_arena *arena, struct aw_backup_info *ret_info, struct aw_error *err);

/** What stands in plain at a stream's beginning, unproved: for finding the key. AW_INVALID. */
AW_MUST_CHECK enum aw_status aw_backup_peek(const struct aw_backup_source *source,
	struct aw_backup_info *ret_info, struct aw_error *err);

/**
 * Reads a stream to its end without keeping anything: authentic, whole, every row of a shape that
 * the schema knows. Errors: AW_DENIED (the root key does not open it), AW_CORRUPT (changed, cut,
 * reordered), AW_INVALID (no backup), AW_CONFLICT (made by a newer program).
 */
AW_MUST_CHECK enum aw_status
aw_backup_check(const struct aw_backup_source *source, const struct aw_backup_options *options,
	struct aw_arena *arena, struct aw_backup_info *ret_info, struct aw_error *err);

/**
 * Fills an empty database from a stream, in one unit of work that is committed only behind the
 * stream's proved end and when every table has the rows that the stream counts; then brings it from
 * the backup's schema to this program's. Errors: as aw_backup_check; AW_CONFLICT when the database
 * holds anything. After one the database holds a schema at most, and no row of the backup.
 */
AW_MUST_CHECK enum aw_status aw_restore(struct aw_db *db, const struct aw_backup_source *source,
	const struct aw_backup_options *options, struct aw_arena *arena,
	struct aw_backup_info *ret_info, struct aw_error *err);

#endif
