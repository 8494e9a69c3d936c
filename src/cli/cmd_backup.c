/* anwang backup: the whole database as one sealed file, while the server serves; and checking one. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/stream.h"

struct backup {
	const char *url, *out, *check;
};

static enum aw_status
describe_log(struct aw_tx *tx, struct aw_arena *arena, int64_t *ret_size, const char **ret_note,
	struct aw_error *err)
{
	struct aw_checkpoint checkpoint = { 0 };

	if (aw_log_state(tx, arena, &checkpoint, ret_size, err) != AW_OK)
		return err->status;
	*ret_note = checkpoint.size > 0 ? checkpoint.note : "";
	return AW_OK;
}

/* Asks whoever holds the database to note it in the log, and learns whether it is a demo's. */
static enum aw_status
announce(const char *url, struct aw_arena *arena, bool *ret_demo, struct aw_error *err)
{
	struct aw_client_work work = { .command = "backup", .url = url };
	struct aw_buf out = { .arena = arena };
	AW_SCOPED(json, json_t *) json = NULL;
	bool failed = false;

	if (aw_client_ask(&work, arena, &out, &failed, err) != AW_OK ||
		aw_json_parse((struct aw_str){ aw_buf_z(&out), out.len }, NULL, &json, err) !=
			AW_OK)
		return err->status;
	*ret_demo = aw_json_bool(json, "demo", false);
	return AW_OK;
}

static enum aw_status
make(const struct backup *backup, struct aw_arena *arena, struct aw_error *err)
{
	char what[] = "Backing up";
	struct aw_backup_options options = {
		.describe_log = describe_log, .progress = aw_stream_progress, .progress_arg = what
	};
	AW_SCOPE(aw_stream_out) out = { .fd = -1 };
	struct aw_backup_info info = { 0 };
	int64_t start_us = aw_monotonic_us();
	enum aw_status status;
	bool demo = false;

	if (aw_stream_out_open(arena, backup->out, &out, err) != AW_OK ||
		announce(backup->url, arena, &demo, err) != AW_OK ||
		aw_house_key_path(arena, backup->url, demo, &options.root_key_path, err) != AW_OK)
		return err->status;
	status = aw_backup_write(backup->url, &options, &out.sink, arena, &info, err);
	aw_stream_progress_end();
	if (status != AW_OK || aw_stream_out_keep(&out, err) != AW_OK)
		return err->status;
	if (strcmp(backup->out, "-") != 0)
		aw_stream_tell(arena, backup->out, &info, aw_monotonic_us() - start_us);
	return AW_OK;
}

static enum aw_status
check(const struct backup *backup, struct aw_arena *arena, struct aw_error *err)
{
	char what[] = "Checking";
	struct aw_backup_options options = { .progress = aw_stream_progress, .progress_arg = what };
	AW_SCOPE(aw_stream_in) in = { .fd = -1 };
	struct aw_backup_info info = { 0 };
	int64_t start_us = aw_monotonic_us();
	enum aw_status status;

	if (aw_stream_in_open(backup->check, &in, err) != AW_OK ||
		aw_backup_peek(&in.source, &info, err) != AW_OK ||
		aw_house_key_path(arena, backup->url == NULL ? "" : backup->url, info.demo,
			&options.root_key_path, err) != AW_OK)
		return err->status;
	status = aw_backup_check(&in.source, &options, arena, &info, err);
	aw_stream_progress_end();
	if (status != AW_OK)
		return status;
	aw_stream_tell(arena, backup->check, &info, aw_monotonic_us() - start_us);
	return AW_OK;
}

static int
run(const struct backup *backup)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	enum aw_status status;

	if (backup->check != NULL)
		status = check(backup, &arena, &err);
	else if (backup->url == NULL || backup->out == NULL)
		status = aw_fail(
			&err, AW_INVALID, "backup needs --db URL and --out FILE, or --check FILE");
	else
		status = make(backup, &arena, &err);
	return status == AW_OK ? aw_command_done("backup") : aw_command_failed("backup", &err);
}

int
aw_cmd_backup(int argc, char **argv)
{
	struct backup backup = { 0 };
	const struct aw_option options[] = {
		{ "db", "URL", "the database: sqlite:PATH or postgres://...", &backup.url, NULL,
			false },
		{ "out", "FILE", "the file to write, mode 0600; - for standard output", &backup.out,
			NULL, false },
		{ "check", "FILE",
			"read a backup from end to end instead: whole, unchanged, and opened by "
			"the root key",
			&backup.check, NULL, false },
	};
	const struct aw_usage usage = {
		.command = "backup",
		.operands = "[FILE|-]",
		.summary = "Writes the whole database as one sealed file, of one moment, while "
			   "the server serves. The\nsame form for both engines. It opens with the "
			   "root key alone, which is not in it.",
		.options = options,
		.option_count = AW_COUNT(options),
		.most_operands = 1,
	};
	struct aw_operands operands;
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	if (operands.count == 1 && backup.out == NULL)
		backup.out = operands.at[0];
	return run(&backup);
}
