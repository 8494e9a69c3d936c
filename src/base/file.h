/**
 * base/file - whole files, and listings in a fixed order.
 * Layer: base.  Threads: any.
 */
#ifndef AW_BASE_FILE_H
#define AW_BASE_FILE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

/** Reads a file (or standard input when path is "-") of at most limit bytes into the arena,
 *  NUL-terminated behind its last byte. Errors: AW_NOT_FOUND, AW_TOO_LARGE, AW_IO. */
AW_MUST_CHECK enum aw_status aw_file_read(struct aw_arena *arena, const char *path, size_t limit,
	struct aw_str *ret_text, struct aw_error *err);

/** Writes a file whole through a temporary beside it, synced, then renamed; mode as given. */
AW_MUST_CHECK enum aw_status
aw_file_write(const char *path, struct aw_str text, unsigned mode, struct aw_error *err);

/** Makes the names in the folder that holds path durable: a file that was made, renamed or deleted is
 *  that after a power cut only when its folder was synced too. */
AW_MUST_CHECK enum aw_status aw_file_sync_folder(const char *path, struct aw_error *err);

/** Paths of the regular files below dir (recursively) whose names end in suffix, sorted by bytes;
 *  hidden names are left out. */
AW_MUST_CHECK enum aw_status aw_file_list(struct aw_arena *arena, const char *dir,
	const char *suffix, const char *const **ret_paths, size_t *ret_count, struct aw_error *err);

/* A file that is looked at in place: nothing of it is copied. Start with { 0 }. */
struct aw_mapped {
	struct aw_str text; /* as long as it is mapped */
};

/** Maps a regular file for reading. Whoever shortens it meanwhile ends the process. Errors:
 *  AW_NOT_FOUND, AW_INVALID (no regular file), AW_IO. */
AW_MUST_CHECK enum aw_status
aw_file_map(const char *path, struct aw_mapped *ret_mapped, struct aw_error *err);
void aw_mapped_done(struct aw_mapped *mapped);

#endif
