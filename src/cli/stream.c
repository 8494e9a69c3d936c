/* A backup's file, and what is told of one. */
#include "cli/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"

/* -- out ------------------------------------------------------------------------------------------ */

static enum aw_status
write_out(void *arg, const void *data, size_t len, struct aw_error *err)
{
	const struct aw_stream_out *out = arg;
	const char *at = data;

	while (len > 0) {
		ssize_t n = write(out->fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return aw_fail(err, AW_IO, "cannot write %s: %s", out->path,
				n < 0 ? strerror(errno) : "nothing was taken");
		at += n;
		len -= (size_t)n;
	}
	return AW_OK;
}

enum aw_status
aw_stream_out_open(struct aw_arena *arena, const char *path, struct aw_stream_out *ret_out,
	struct aw_error *err)
{
	*ret_out = (struct aw_stream_out){ .fd = STDOUT_FILENO, .path = path };
	ret_out->sink = (struct aw_backup_sink){ .write = write_out, .arg = ret_out };
	if (strcmp(path, "-") == 0)
		return isatty(STDOUT_FILENO) == 0
			       ? AW_OK
			       : aw_fail(err, AW_INVALID,
					 "standard output is a terminal: name a file, or send it "
					 "on");
	ret_out->temporary = aw_arena_printf(arena, "%s.new", path);
	ret_out->fd = open(
		ret_out->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (ret_out->fd < 0) {
		(void)aw_fail(
			err, AW_IO, "cannot write %s: %s", ret_out->temporary, strerror(errno));
		ret_out->temporary = NULL;
		return err->status;
	}
	/* left behind by an attempt that was ended, it may be readable by others */
	if (fchmod(ret_out->fd, 0600) != 0)
		return aw_fail(err, AW_IO, "cannot keep %s for its owner alone: %s",
			ret_out->temporary, strerror(errno));
	return AW_OK;
}

enum aw_status
aw_stream_out_keep(struct aw_stream_out *out, struct aw_error *err)
{
	if (out->temporary == NULL)
		return AW_OK;
	if (fsync(out->fd) != 0 || rename(out->temporary, out->path) != 0)
		return aw_fail(err, AW_IO, "cannot write %s: %s", out->path, strerror(errno));
	out->temporary = NULL;
	return aw_file_sync_folder(out->path, err);
}

void
aw_stream_out_done(struct aw_stream_out *out)
{
	if (out->fd > STDERR_FILENO)
		(void)close(out->fd);
	if (out->temporary != NULL)
		(void)unlink(out->temporary);
	*out = (struct aw_stream_out){ .fd = -1 };
}

/* -- in ------------------------------------------------------------------------------------------- */

static enum aw_status
read_in(void *arg, void *data, size_t len, size_t *ret_got, struct aw_error *err)
{
	const struct aw_stream_in *in = arg;
	ssize_t n;

	do
		n = read(in->fd, data, len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return aw_fail(err, AW_IO, "cannot read %s: %s", in->path, strerror(errno));
	*ret_got = (size_t)n;
	return AW_OK;
}

static enum aw_status
rewind_in(void *arg, struct aw_error *err)
{
	const struct aw_stream_in *in = arg;

	return lseek(in->fd, 0, SEEK_SET) == 0
		       ? AW_OK
		       : aw_fail(err, AW_INVALID, "%s is not a file: keep the backup in one first",
				 in->path);
}

enum aw_status
aw_stream_in_open(const char *path, struct aw_stream_in *ret_in, struct aw_error *err)
{
	*ret_in = (struct aw_stream_in){ .fd = open(path, O_RDONLY | O_CLOEXEC), .path = path };
	ret_in->source =
		(struct aw_backup_source){ .read = read_in, .rewind = rewind_in, .arg = ret_in };
	if (ret_in->fd < 0)
		return aw_fail(err, errno == ENOENT ? AW_NOT_FOUND : AW_IO, "cannot read %s: %s",
			path, strerror(errno));
	return AW_OK;
}

void
aw_stream_in_done(struct aw_stream_in *in)
{
	if (in->fd > STDERR_FILENO)
		(void)close(in->fd);
	*in = (struct aw_stream_in){ .fd = -1 };
}

/* -- telling -------------------------------------------------------------------------------------- */

void
aw_stream_progress(void *arg, const char *table, int64_t rows, int64_t bytes)
{
	if (isatty(STDERR_FILENO) != 0)
		fprintf(stderr, "\r%s  %" PRId64 " rows  %" PRId64 " MB  %-20s", (const char *)arg,
			rows, bytes / 1000000, table);
}

void
aw_stream_progress_end(void)
{
	if (isatty(STDERR_FILENO) != 0)
		fprintf(stderr, "\r%78s\r", "");
}

void
aw_stream_tell(struct aw_arena *arena, const char *file, const struct aw_backup_info *info,
	int64_t took_us)
{
	AW_SCOPED(json, json_t *) json = json_object();
	json_t *tables = json_object();

	aw_json_put_text(json, "file", file);
	aw_json_put_text(json, "made_at", aw_instant_iso(arena, info->made_at));
	aw_json_put_text(json, "deployment", info->deployment);
	aw_json_put_int(json, "schema", info->schema);
	aw_json_put(json, "demo", json_boolean(info->demo));
	aw_json_put_int(json, "log_entries", info->log_size);
	aw_json_put_text(json, "log_note", info->note[0] == '\0' ? NULL : info->note);
	aw_json_put_int(json, "rows", info->rows);
	aw_json_put_int(json, "bytes", info->bytes);
	aw_json_put_int(json, "milliseconds", took_us / 1000);
	for (size_t i = 0; i < info->table_count; i++)
		aw_json_put_int(tables, info->tables[i].name, info->tables[i].rows);
	aw_json_put(json, "tables", tables);
	printf("%s\n", aw_json_text(arena, json));
}
