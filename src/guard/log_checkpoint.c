/* Signs what the log is at a moment, and tells a file outside the database. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guard/guard.sql.h"
#include "guard/log.h"
#include "guard/note.h"

enum { TAIL = 1024 }; /* bytes: some notes */

struct signing {
	const struct aw_log_key *key;
	struct aw_arena *arena;
	struct aw_note told; /* the last note of the witness file */
	bool was_told;
	struct aw_tree tree;
	struct aw_checkpoint checkpoint;
};

static enum aw_status
take_hash(const struct sql_guard_log_hashes *row, void *arg, struct aw_error *err)
{
	struct signing *s = arg;
	struct aw_hash hash;

	if (row->leaf != (int64_t)s->tree.size || row->hash.len != AW_HASH_BYTES)
		return aw_fail(err, AW_CORRUPT,
			"the log has a gap or a bad hash at leaf %lld: run anwang audit verify",
			(long long)s->tree.size);
	memcpy(hash.at, row->hash.at, AW_HASH_BYTES);
	aw_tree_add(&s->tree, &hash);
	return AW_OK;
}

/* Goes on from the last checkpoint, whose peaks are all that is needed of what came before. */
static enum aw_status
begin(struct aw_tx *tx, struct signing *s, struct aw_error *err)
{
	struct sql_guard_checkpoint_last row = { 0 };
	bool found = false;
	size_t peaks;

	s->tree.size = 0;
	s->checkpoint = (struct aw_checkpoint){ 0 };
	if (sql_guard_checkpoint_last(tx, s->arena, &row, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return AW_OK;
	peaks = row.size < 0 ? 0 : aw_tree_peaks((uint64_t)row.size);
	if (row.size < 0 || row.peaks.len != peaks * AW_HASH_BYTES)
		return aw_fail(err, AW_CORRUPT,
			"the last checkpoint of the log is damaged: run anwang audit verify");
	s->tree.size = (uint64_t)row.size;
	memcpy(s->tree.peaks, row.peaks.at, row.peaks.len);
	s->checkpoint = (struct aw_checkpoint){
		.size = row.size, .root = aw_tree_root(&s->tree), .at = row.at, .note = row.note
	};
	return AW_OK;
}

/* A log that the witness knows to have been another must not be signed: it was put back from an
 * older copy, or it is not this log's witness. */
static enum aw_status
check_told(struct aw_tx *tx, struct signing *s, struct aw_error *err)
{
	struct sql_guard_checkpoint_last row = { 0 };
	bool found = false;

	if (!s->was_told)
		return AW_OK;
	if (sql_guard_checkpoint_get(tx,
		    &(struct sql_guard_checkpoint_get_in){ .size = (int64_t)s->told.size },
		    s->arena, &row, &found, err) != AW_OK)
		return err->status;
	if (found && row.root.len == AW_HASH_BYTES &&
		memcmp(row.root.at, s->told.root.at, AW_HASH_BYTES) == 0)
		return AW_OK;
	return aw_fail(err, AW_CONFLICT,
		"the witness file holds a checkpoint over %llu entries that this database never "
		"signed, so nothing more is signed: run anwang audit verify",
		(unsigned long long)s->told.size);
}

static enum aw_status
sign(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct signing *s = arg;

	if (begin(tx, s, err) != AW_OK || check_told(tx, s, err) != AW_OK)
		return err->status;
	if (sql_guard_log_hashes(tx,
		    &(struct sql_guard_log_hashes_in){
			    .from_leaf = (int64_t)s->tree.size, .to_leaf = INT64_MAX },
		    take_hash, s, err) != AW_OK)
		return err->status;
	if ((int64_t)s->tree.size == s->checkpoint.size)
		return AW_OK;
	s->checkpoint = (struct aw_checkpoint){
		.size = (int64_t)s->tree.size,
		.root = aw_tree_root(&s->tree),
		.at = aw_real_ms(),
	};
	s->checkpoint.note = aw_note_sign(s->arena, s->key, s->tree.size, &s->checkpoint.root);
	return sql_guard_checkpoint_add(tx,
		&(struct sql_guard_checkpoint_add_in){ .size = s->checkpoint.size,
			.root = { s->checkpoint.root.at, AW_HASH_BYTES },
			.peaks = { s->tree.peaks[0].at,
				aw_tree_peaks(s->tree.size) * AW_HASH_BYTES },
			.at = s->checkpoint.at,
			.note = s->checkpoint.note },
		err);
}

/* The last whole note of the witness file, if there is one. */
static enum aw_status
read_told(const char *path, struct signing *s, struct aw_error *err)
{
	struct aw_note_key key;
	char *tail = aw_arena_alloc(s->arena, TAIL);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct aw_str rest = { .at = tail };
	off_t size;
	ssize_t got;

	if (fd < 0 && errno == ENOENT)
		return AW_OK;
	size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	got = size < 0 ? -1 : pread(fd, tail, TAIL, size > TAIL ? size - TAIL : 0);
	if (fd >= 0)
		(void)close(fd);
	if (got < 0)
		return aw_fail(err, AW_IO, "the witness file %s cannot be read: %s", path,
			strerror(errno));
	rest.len = (size_t)got;
	if (!aw_note_key_read(s->key->verifier, &key))
		return aw_fail(err, AW_CORRUPT, "the log's key is damaged");
	while (rest.len > 0) {
		struct aw_note note;

		if (!aw_note_next(&rest, &key, &note))
			continue;
		s->told = note;
		s->was_told = true;
	}
	return AW_OK;
}

/* Adds a note, unless it is there already: then it may only not be on the disk yet. */
static enum aw_status
tell(const char *path, struct aw_arena *arena, const char *text, bool told, struct aw_error *err)
{
	const char *both = told ? "" : aw_arena_printf(arena, "%s\n", text);
	size_t len = strlen(both);
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	struct stat about;
	bool good = false;
	int why;

	if (fd < 0)
		return aw_fail(err, AW_IO, "the witness file %s cannot be opened: %s", path,
			strerror(errno));
	if (fstat(fd, &about) == 0)
		good = write(fd, both, len) == (ssize_t)len && fsync(fd) == 0;
	why = errno;
	/* half a note, or one that may not be on the disk: written anew the next time */
	if (!good && ftruncate(fd, about.st_size) != 0)
		why = errno;
	if (close(fd) != 0 || !good)
		return aw_fail(err, AW_IO, "the witness file %s cannot be written: %s", path,
			strerror(why));
	return AW_OK;
}

enum aw_status
aw_log_checkpoint(struct aw_db *db, const struct aw_log_key *key, const char *witness,
	struct aw_arena *arena, struct aw_checkpoint *ret_checkpoint, struct aw_error *err)
{
	struct signing s = { .key = key, .arena = arena };

	if ((witness != NULL && read_told(witness, &s, err) != AW_OK) ||
		aw_db_write(db, sign, &s, err) != AW_OK)
		return err->status;
	if (witness != NULL && s.checkpoint.size > 0 &&
		tell(witness, arena, s.checkpoint.note,
			s.was_told && (int64_t)s.told.size == s.checkpoint.size, err) != AW_OK)
		return err->status;
	if (ret_checkpoint != NULL)
		*ret_checkpoint = s.checkpoint;
	return AW_OK;
}
