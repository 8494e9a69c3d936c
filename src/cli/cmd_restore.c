/* anwang restore: a backup into an empty database, and everything in it looked at. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "city/intake/report.h"
#include "city/person/people.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/erased.h"
#include "cli/options.h"
#include "cli/stream.h"
#include "db/keyring.h"
#include "net/console_guard.h"
#include "net/console_serve.h"
#include "net/house.h"

enum { SAMPLE = 200 }; /* reports that are opened */

struct restore {
	const char *url, *file;
	const char *erased_path; /* of the list of erasures; named: the caller gave it */
	bool erased_named;
	bool erased_none; /* there is no list, or nobody on it */
	size_t erased;	  /* who was erased again */
	struct aw_arena arena;
	struct aw_backup_info info;
	const char *made_path; /* of a SQLite file that was not there before */
};

/* -- filling ------------------------------------------------------------------------------------ */

/* A half-filled file is of no use to anybody. */
static void
remove_made(const struct restore *restore)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", ".filling", ".lock" };

	for (size_t i = 0; restore->made_path != NULL && i < AW_COUNT(suffixes); i++) {
		char path[4200];

		if ((size_t)snprintf(path, sizeof(path), "%s%s", restore->made_path, suffixes[i]) <
			sizeof(path))
			(void)unlink(path);
	}
}

static enum aw_status
fill(struct restore *restore, struct aw_error *err)
{
	char what[] = "Restoring";
	struct aw_backup_options options = { .progress = aw_stream_progress, .progress_arg = what };
	AW_SCOPE(aw_stream_in) in = { .fd = -1 };
	struct aw_db *db = NULL;
	enum aw_status status;

	if (aw_stream_in_open(restore->file, &in, err) != AW_OK ||
		aw_backup_peek(&in.source, &restore->info, err) != AW_OK ||
		aw_house_key_path(&restore->arena, restore->url, restore->info.demo,
			&options.root_key_path, err) != AW_OK)
		return err->status;
	restore->erased_named = restore->erased_path != NULL;
	if (!restore->erased_named)
		restore->erased_path = aw_erased_path(&restore->arena, options.root_key_path);
	if (strncmp(restore->url, "sqlite:", 7) == 0 && access(restore->url + 7, F_OK) != 0)
		restore->made_path = restore->url + 7;
	status = aw_db_open(
		&(struct aw_db_options){ .url = restore->url, .create = true, .bulk = true }, &db,
		err);
	if (status == AW_OK)
		status = aw_restore(db, &in.source, &options, &restore->arena, &restore->info, err);
	aw_db_close(db);
	aw_stream_progress_end();
	if (status != AW_OK)
		remove_made(restore);
	return status;
}

/* -- looking at what was filled --------------------------------------------------------------------- */

struct looking {
	struct restore *restore;
	struct aw_house *house;
	struct aw_act act;
	size_t reports; /* opened */
};

static enum aw_status
compare_log(struct aw_house *house, const struct restore *restore, struct aw_error *err)
{
	const struct aw_str witness = aw_str(restore->info.note);
	struct aw_log_report report;

	if (aw_log_verify(house->db, &witness, NULL, &report, err) != AW_OK)
		return err->status;
	if (report.fault != AW_LOG_SOUND)
		return aw_fail(
			err, AW_CORRUPT, "the restored log does not verify: %s", report.text);
	if (report.entries != restore->info.log_size)
		return aw_fail(err, AW_CORRUPT,
			"the restored log has %" PRId64 " entries and the backup %" PRId64,
			report.entries, restore->info.log_size);
	return AW_OK;
}

/* Reports are in nobody's index: a sample of their cells is opened. */
static enum aw_status
open_reports(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct looking *looking = arg;
	struct aw_report_line *lines = NULL;
	size_t count = 0;
	int64_t total = 0;

	looking->act.tx = tx;
	looking->reports = 0;
	if (aw_report_list(&looking->act, &(struct aw_report_filter){ .limit = SAMPLE }, &lines,
		    &count, &total, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		struct aw_report report;
		enum aw_status status =
			aw_report_get(&looking->act, lines[i].id, AW_REPORT_CONTENT, &report, err);

		if (status == AW_OK)
			looking->reports++;
		else if (status != AW_NOT_FOUND) /* erased */
			return aw_wrap(err, "a restored report");
	}
	return AW_OK;
}

/* Everybody who was erased after the backup was made is erased again. */
static enum aw_status
erase_again(struct looking *looking, struct aw_error *err)
{
	struct restore *restore = looking->restore;
	struct aw_console console = { .house = looking->house,
		.arena = &restore->arena,
		.viewer = looking->act.viewer,
		.out = { .arena = &restore->arena } };
	struct aw_str lines;

	if (aw_erased_read(&restore->arena, restore->erased_path, restore->erased_named, &lines,
		    err) != AW_OK)
		return err->status;
	restore->erased_none = lines.len == 0;
	while (lines.len > 0) {
		struct aw_str rest, line = aw_str_cut(lines, '\n', &lines);
		struct aw_str number = aw_str_cut(line, '\t', &rest);
		struct aw_str at = aw_str_cut(rest, '\t', &rest);
		bool erased = false;

		if (number.len == 0 || at.len == 0 || rest.len == 0)
			return aw_fail(err, AW_INVALID, "%s has a line that names no erasure",
				restore->erased_path);
		if (aw_console_erase_again(&console,
			    aw_arena_strndup(&restore->arena, number.at, number.len),
			    aw_arena_strndup(&restore->arena, rest.at, rest.len), &erased,
			    err) != AW_OK)
			return err->status;
		restore->erased += erased ? 1 : 0;
	}
	return restore->erased > 0 ? aw_db_scrub(looking->house->db, err) : AW_OK;
}

static enum aw_status
log_restore(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct looking *looking = arg;

	looking->act.tx = tx;
	return aw_log_append(&looking->act, "ok",
		aw_arena_printf(looking->act.arena,
			"{\"made_at\":%" PRId64 ",\"entries\":%" PRId64 "}",
			looking->restore->info.made_at, looking->restore->info.log_size),
		err);
}

static enum aw_status
look(struct restore *restore, struct aw_error *err)
{
	AW_SCOPE(aw_house) house = { 0 };
	struct aw_viewer viewer =
		aw_console_viewer(&restore->arena, aw_client_user(&restore->arena));
	struct looking looking = { .restore = restore, .house = &house };
	struct aw_keyring_report keys;

	/* opening reads every person's cell */
	if (aw_house_open(&(struct aw_house_options){ .url = restore->url,
				  .parts = AW_HOUSE_KEYS | AW_HOUSE_PEOPLE },
		    &house, err) != AW_OK ||
		compare_log(&house, restore, err) != AW_OK ||
		aw_keyring_check(house.db, house.keyring, &keys, err) != AW_OK)
		return err->status;
	if (keys.keys_broken > 0)
		return aw_fail(err, AW_CORRUPT, "%" PRId64 " of %" PRId64 " keys do not open",
			keys.keys_broken, keys.keys);
	looking.act = aw_house_act(&house, &restore->arena, &viewer, "backup.restore");
	if (aw_db_read(house.db, open_reports, &looking, err) != AW_OK ||
		erase_again(&looking, err) != AW_OK ||
		aw_db_write(house.db, log_restore, &looking, err) != AW_OK)
		return err->status;
	fprintf(stderr,
		"Restored and looked at: the rows of %zu tables as counted in the backup, a log of "
		"%" PRId64 " entries that verifies,\n%" PRId64 " keys, %zu people and a sample of "
		"%zu reports that open.\n",
		restore->info.table_count, restore->info.log_size, keys.keys,
		aw_people_count(house.people), looking.reports);
	if (restore->erased_none)
		fprintf(stderr,
			"No list of erasures at %s: whoever was erased after %s is in this "
			"database "
			"again.\nIf anybody was, begin anew with --erased FILE.\n",
			restore->erased_path,
			aw_instant_iso(&restore->arena, restore->info.made_at));
	if (restore->erased > 0)
		fprintf(stderr, "Erased again by the list %s: %zu.\n", restore->erased_path,
			restore->erased);
	return AW_OK;
}

static int
run(struct restore *restore)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct aw_error err = { 0 };
	int64_t start_us = aw_monotonic_us();
	enum aw_status status = fill(restore, &err);

	if (status == AW_OK) {
		status = look(restore, &err);
		if (status != AW_OK)
			(void)aw_wrap(&err, "the rows are restored, but do not use this database");
	}
	if (status == AW_OK)
		aw_stream_tell(
			&scratch, restore->file, &restore->info, aw_monotonic_us() - start_us);
	aw_arena_done(&restore->arena);
	return status == AW_OK ? aw_command_done("restore") : aw_command_failed("restore", &err);
}

int
aw_cmd_restore(int argc, char **argv)
{
	struct restore restore = { 0 };
	const struct aw_option options[] = {
		{ "db", "URL", "an empty database, of either engine: sqlite:PATH or postgres://...",
			&restore.url, NULL, true },
		{ "erased", "FILE",
			"the list of erasures; the one beside the root key when not given",
			&restore.erased_path, NULL, false },
	};
	const struct aw_usage usage = {
		.command = "restore",
		.operands = "FILE",
		.summary = "Fills an empty database from a backup, all of it or nothing, and "
			   "looks at what it filled:\ncounts, the log, every key, every person, "
			   "a sample of reports.",
		.options = options,
		.option_count = AW_COUNT(options),
		.least_operands = 1,
		.most_operands = 1,
	};
	struct aw_operands operands;
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	restore.file = operands.at[0];
	return run(&restore);
}
