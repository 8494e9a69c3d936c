/* anwang import: loads an extract of a register; a long CSV in pieces, so that memory stays bounded. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "text/csv_piece.h"

struct import {
	const char *url, *policy, *code, *day, *rejected;
};

/* The server may have another working directory. */
static const char *
full_path(struct aw_arena *arena, const char *path)
{
	char here[4096];

	if (path == NULL || path[0] == '/' || getcwd(here, sizeof(here)) == NULL)
		return path;
	return aw_arena_printf(arena, "%s/%s", here, path);
}

enum { PIECE_BYTES = 16 << 20, SLACK_BYTES = 1 << 20, VALUES_MOST = 10 };

static void
put_value(struct aw_client_work *work, struct aw_form_value *values, const char *name,
	const char *value)
{
	if (value != NULL)
		values[work->value_count++] = (struct aw_form_value){ name, value };
}

static struct aw_client_work
work_of(struct aw_arena *arena, const struct import *import, const char *file, bool last,
	struct aw_form_value values[VALUES_MOST])
{
	struct aw_client_work work = { .command = "import",
		.url = import->url,
		.policy_dir = import->policy,
		.values = values };

	put_value(&work, values, "file", strcmp(file, "-") == 0 ? "standard input" : file);
	put_value(&work, values, "register", import->code);
	put_value(&work, values, "day", import->day);
	if (last)
		put_value(&work, values, "rejected", full_path(arena, import->rejected));
	return work;
}

/* -- a long file, in pieces ----------------------------------------------------------------------- */

static const char *const counted[] = { "rows", "new", "changed", "same", "quarantined", "linked",
	"proposed", "created" };

/* A CSV read from its beginning on; what does not fit is not read yet. */
struct pieces {
	const char *file;
	int fd;
	struct aw_arena arena; /* of the buffer */
	char *buffer;
	size_t len;
	bool is_end;
	size_t header; /* bytes of the header, which stay at the front of the buffer */
	uint32_t line; /* of the row behind what was sent */
	int64_t sent;  /* bytes, for the progress */
	int64_t extract;
	char carry[64];
	int64_t sums[AW_COUNT(counted)];
};

static enum aw_status
fill(struct pieces *p, struct aw_error *err)
{
	while (!p->is_end && p->len < PIECE_BYTES + SLACK_BYTES) {
		ssize_t n = read(p->fd, p->buffer + p->len, PIECE_BYTES + SLACK_BYTES - p->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return aw_fail(err, AW_IO, "cannot read %s: %s", p->file, strerror(errno));
		p->is_end = n == 0;
		p->len += (size_t)n;
	}
	return AW_OK;
}

/* A spreadsheet, or UTF-16: neither can be cut. */
static bool
is_whole_only(const struct pieces *p)
{
	return p->len >= 2 &&
	       (memcmp(p->buffer, "PK", 2) == 0 || memcmp(p->buffer, "\xFF\xFE", 2) == 0 ||
		       memcmp(p->buffer, "\xFE\xFF", 2) == 0);
}

static enum aw_status
add_up(struct pieces *p, struct aw_str answer, struct aw_error *err)
{
	AW_SCOPED(json, json_t *) json = NULL;
	const char *carry;

	if (aw_json_parse(answer, "answer", &json, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < AW_COUNT(counted); i++) {
		int64_t n = 0;

		(void)aw_json_int(json, counted[i], &n);
		p->sums[i] += n;
	}
	carry = aw_json_string(json, "carry");
	if (!aw_json_int(json, "extract", &p->extract) || carry == NULL)
		return aw_fail(err, AW_IO, "the server's answer was not understood");
	(void)snprintf(p->carry, sizeof(p->carry), "%s", carry);
	return AW_OK;
}

/* The next rows, with the header before them when they are not the first. */
static enum aw_status
send_piece(const struct import *import, struct pieces *p, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_form_value values[VALUES_MOST];
	struct aw_str rest = { p->buffer + p->header, p->len - p->header };
	struct aw_buf out = { .arena = &arena };
	bool failed = false, first = p->extract == 0;
	uint32_t lines = 0;
	size_t len = aw_csv_piece(rest, PIECE_BYTES, p->is_end, &lines);
	struct aw_client_work work =
		work_of(&arena, import, p->file, p->is_end && len == rest.len, values);

	if (len == 0)
		return aw_fail_at(
			err, p->file, p->line, 0, "a row is longer than %d MB", SLACK_BYTES >> 20);
	put_value(&work, values, "piece", "1");
	if (!first) {
		put_value(&work, values, "extract",
			aw_arena_printf(&arena, "%lld", (long long)p->extract));
		put_value(&work, values, "line", aw_arena_printf(&arena, "%u", p->line));
		put_value(&work, values, "carry", p->carry);
	}
	work.body = (struct aw_str){ p->buffer, p->header + len };
	if (aw_client_ask(&work, &arena, &out, &failed, err) != AW_OK ||
		add_up(p, aw_str(aw_buf_z(&out)), err) != AW_OK)
		return err->status;
	p->line += lines;
	p->sent += (int64_t)len;
	p->len -= len;
	memmove(p->buffer + p->header, p->buffer + p->header + len, p->len - p->header);
	if (isatty(STDERR_FILENO) == 1)
		fprintf(stderr, "\r%s: %lld MB, %lld rows ", p->file, (long long)(p->sent >> 20),
			(long long)p->sums[0]);
	return AW_OK;
}

static enum aw_status
send_pieces(const struct import *import, struct pieces *p, struct aw_error *err)
{
	struct aw_str all = { p->buffer, p->len };

	p->header = aw_csv_first_row(all, p->is_end);
	p->line = 1;
	for (size_t i = 0; i < p->header; i++)
		p->line += p->buffer[i] == '\n';
	while (p->len > p->header) {
		if (send_piece(import, p, err) != AW_OK || fill(p, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static void
print_sums(struct aw_arena *arena, const struct import *import, const struct pieces *p)
{
	AW_SCOPED(json, json_t *) json = json_object();

	aw_json_put_text(json, "register", import->code);
	for (size_t i = 0; i < AW_COUNT(counted); i++)
		aw_json_put_int(json, counted[i], p->sums[i]);
	printf("%s\n", aw_json_text(arena, json));
}

static int
load_pieces(const struct import *import, struct pieces *p, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	enum aw_status status = send_pieces(import, p, err);

	if (isatty(STDERR_FILENO) == 1)
		fputs("\r\033[K", stderr);
	if (status != AW_OK && p->sums[0] > 0)
		(void)aw_wrap(err, "%lld rows are loaded; loading the file again goes on",
			(long long)p->sums[0]);
	if (status != AW_OK)
		return aw_command_failed("import", err);
	print_sums(&arena, import, p);
	return aw_command_done("import");
}

/* -- a file ---------------------------------------------------------------------------------------- */

/* What fits into one piece, and what cannot be cut, goes at once. */
static int
load_whole(const struct import *import, struct pieces *p, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_form_value values[VALUES_MOST];
	struct aw_client_work work = work_of(&arena, import, p->file, true, values);
	struct aw_buf body = { .arena = &arena };

	aw_buf_add(&body, p->buffer, p->len);
	while (!p->is_end) {
		p->len = 0;
		if (fill(p, err) != AW_OK)
			return aw_command_failed("import", err);
		if (body.len + p->len > AW_CONSOLE_BODY_MOST) {
			(void)aw_fail(err, AW_TOO_LARGE, "%s is larger than %zu MB: save it as CSV",
				p->file, AW_CONSOLE_BODY_MOST >> 20);
			return aw_command_failed("import", err);
		}
		aw_buf_add(&body, p->buffer, p->len);
	}
	work.body = (struct aw_str){ aw_buf_z(&body), body.len };
	return aw_client_run(&work);
}

static int
load_file(const struct import *import, const char *file)
{
	struct aw_error err = { 0 };
	struct pieces p = { .file = file };
	int code;

	/* read here: the server may not be allowed to */
	p.fd = strcmp(file, "-") == 0 ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	if (p.fd < 0) {
		(void)aw_fail(&err, errno == ENOENT ? AW_NOT_FOUND : AW_IO, "cannot read %s: %s",
			file, strerror(errno));
		return aw_command_failed("import", &err);
	}
	p.buffer = aw_arena_alloc(&p.arena, PIECE_BYTES + SLACK_BYTES);
	if (fill(&p, &err) != AW_OK)
		code = aw_command_failed("import", &err);
	else if (p.is_end || is_whole_only(&p))
		code = load_whole(import, &p, &err);
	else
		code = load_pieces(import, &p, &err);
	aw_arena_done(&p.arena);
	if (p.fd > STDERR_FILENO)
		(void)close(p.fd);
	return code;
}

int
aw_cmd_import(int argc, char **argv)
{
	struct import import = { 0 };
	const struct aw_option options[] = {
		{ "db", "URL", "the database: sqlite:PATH or postgres://...", &import.url, NULL,
			true },
		{ "policy", "DIR", "the city's folder", &import.policy, NULL, true },
		{ "register", "NAME", "code of the register: registers/NAME.yaml", &import.code,
			NULL, true },
		{ "day", "DAY", "day of the extract, when the file does not say: 110/12/05",
			&import.day, NULL, false },
		{ "rejected", "FILE", "write the rows that were put aside there, mode 0600",
			&import.rejected, NULL, false },
	};
	const struct aw_usage usage = {
		.command = "import",
		.operands = "FILE...",
		.summary =
			"Loads extracts of a register: CSV (UTF-8 or Big5), ODS or XLSX, its first "
			"sheet. One JSON\nline a file: rows, new, changed, same, quarantined (kept "
			"sealed), linked, proposed, created.",
		.options = options,
		.option_count = AW_COUNT(options),
		.least_operands = 1,
		.most_operands = 64,
	};
	struct aw_operands operands;
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	for (size_t i = 0; i < operands.count && code == 0; i++)
		code = load_file(&import, operands.at[i]);
	return code;
}
