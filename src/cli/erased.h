/**
 * cli/erased - the list of erasures, kept outside the database.
 * Layer: cli.  Threads: the main one.
 *
 * A backup holds the keys of whoever was erased after it was made. So each erasure is also written
 * to a list beside the root key (KEYFILE.erased, or the file that ANWANG_ERASED_FILE names), and a
 * restore erases everybody on it again before anybody can look. One line a person: public number,
 * instant, reason, with tabs between. The log holds the same, so a list that was lost is made again
 * from a living database by the next erasure or by `anwang person erased`.
 */
#ifndef AW_CLI_ERASED_H
#define AW_CLI_ERASED_H

#include "base/arena.h"
#include "base/str.h"

/** Where the list stands for a root key file. In the arena. */
const char *aw_erased_path(struct aw_arena *arena, const char *key_path);

/** Reads it; empty if there is none and it was not named. AW_NOT_FOUND: it was named. */
AW_MUST_CHECK enum aw_status aw_erased_read(struct aw_arena *arena, const char *path, bool named,
	struct aw_str *ret_lines, struct aw_error *err);

/** Adds the lines that it lacks. Errors: AW_IO, with what to do. */
AW_MUST_CHECK enum aw_status
aw_erased_add(struct aw_arena *arena, const char *path, struct aw_str lines, struct aw_error *err);

/** AW_OK if the list can be written: asked before anybody is erased. */
AW_MUST_CHECK enum aw_status
aw_erased_writable(struct aw_arena *arena, const char *path, struct aw_error *err);

#endif
