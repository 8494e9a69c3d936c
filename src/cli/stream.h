/**
 * cli/stream - a backup's file: written beside its place and moved there whole, and read.
 * Layer: cli.  Threads: the main one.
 */
#ifndef AW_CLI_STREAM_H
#define AW_CLI_STREAM_H

#include "db/backup.h"

struct aw_stream_out {
	int fd;		       /* -1 = none */
	const char *path;      /* "-": standard output */
	const char *temporary; /* NULL: standard output, or it is in its place already */
	struct aw_backup_sink sink;
};

/** Opens PATH.new, mode 0600; the sink is ready. AW_INVALID: standard output is a terminal. */
AW_MUST_CHECK enum aw_status aw_stream_out_open(struct aw_arena *arena, const char *path,
	struct aw_stream_out *ret_out, struct aw_error *err);
/** Syncs it and moves it to its place, replacing what is there. */
AW_MUST_CHECK enum aw_status aw_stream_out_keep(struct aw_stream_out *out, struct aw_error *err);
/** Closes; what was not kept is deleted. */
void aw_stream_out_done(struct aw_stream_out *out);

struct aw_stream_in {
	int fd; /* -1 = none */
	const char *path;
	struct aw_backup_source source;
};

/** AW_NOT_FOUND, AW_IO. A file only: a restore reads it from its beginning more than once. */
AW_MUST_CHECK enum aw_status
aw_stream_in_open(const char *path, struct aw_stream_in *ret_in, struct aw_error *err);
void aw_stream_in_done(struct aw_stream_in *in);

/** Shows on a terminal how far it is; arg: a text, "Backing up". An aw_backup_progress_fn. */
void aw_stream_progress(void *arg, const char *table, int64_t rows, int64_t bytes);
void aw_stream_progress_end(void);

/** Prints what a stream holds as one line of JSON on standard output. file: its name. */
void aw_stream_tell(struct aw_arena *arena, const char *file, const struct aw_backup_info *info,
	int64_t took_us);

#endif
