/* anwang import: an extract of a register, loaded, recognised and logged. */
#include "net/console_import.h"

#include <string.h>

#include "base/file.h"
#include "city/person/register.h"
#include "guard/log.h"
#include "text/roc.h"
#include "text/table.h"

struct done {
	struct aw_act act;
	struct aw_import_counts counts;
	const char *code;
	struct aw_buf rejected;
};

/* The entry in the log, and what was put aside, in one unit. */
static enum aw_status
finish(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct done *done = arg;
	struct aw_act *act = &done->act;

	act->tx = tx;
	done->rejected = (struct aw_buf){ .arena = act->arena };
	if (done->counts.extract != 0 && done->counts.quarantined > 0 &&
		aw_register_rejected(act, done->counts.extract, &done->rejected, err) != AW_OK)
		return err->status;
	return aw_log_append(act, "ok",
		aw_arena_printf(act->arena,
			"{\"register\":\"%s\",\"rows\":%ld,\"new\":%ld,\"changed\":%ld,\"same\":%"
			"ld,"
			"\"quarantined\":%ld}",
			done->code, (long)done->counts.rows, (long)done->counts.fresh,
			(long)done->counts.changed, (long)done->counts.same,
			(long)done->counts.quarantined),
		err);
}

/* piece: more of the file comes, so what it has to bring along is told too. */
static void
put_counts(struct aw_console *console, const char *code, const struct aw_import_counts *counts,
	bool piece)
{
	AW_SCOPED(json, json_t *) json = json_object();

	aw_json_put_text(json, "register", code);
	aw_json_put_int(json, "rows", counts->rows);
	aw_json_put_int(json, "new", counts->fresh);
	aw_json_put_int(json, "changed", counts->changed);
	aw_json_put_int(json, "same", counts->same);
	aw_json_put_int(json, "quarantined", counts->quarantined);
	aw_json_put_int(json, "linked", counts->linked);
	aw_json_put_int(json, "proposed", counts->proposed);
	aw_json_put_int(json, "created", counts->created);
	if (piece) {
		aw_json_put_int(json, "extract", counts->extract);
		aw_json_put_text(json, "carry", counts->carry);
	}
	aw_buf_printf(&console->out, "%s\n", aw_json_text(console->arena, json));
}

/* extract, line, carry and sha256 of a file that comes in pieces. */
static enum aw_status
read_piece(
	const struct aw_console *console, struct aw_import_options *options, struct aw_error *err)
{
	const char *extract = aw_console_value(console, "extract");
	const char *line_text = aw_console_value(console, "line");
	int64_t line = 0;

	options->carry = aw_console_value(console, "carry");
	options->sha256 = aw_console_value(console, "sha256");
	if (options->sha256 != NULL && strlen(options->sha256) != 64)
		return aw_fail(err, AW_INVALID, "sha256 has 64 digits");
	if (extract == NULL)
		return AW_OK;
	if (line_text == NULL || !aw_str_int64(aw_str(extract), &options->extract) ||
		!aw_str_int64(aw_str(line_text), &line) || options->extract <= 0 || line < 2 ||
		line > UINT32_MAX)
		return aw_fail(err, AW_INVALID, "a piece says which extract and line it goes on");
	options->first_line = (uint32_t)line;
	return AW_OK;
}

enum aw_status
aw_console_import(struct aw_console *console, struct aw_error *err)
{
	const char *code = aw_console_value(console, "register");
	const char *file = aw_console_value(console, "file");
	const char *rejected = aw_console_value(console, "rejected");
	const char *day_text = aw_console_value(console, "day");
	struct aw_house *house = console->house;
	struct done done = { .act = aw_house_act(
				     house, console->arena, console->viewer, "register.import"),
		.code = code };
	struct aw_import_options options = { .db = house->db,
		.keyring = house->keyring,
		.ids = &house->ids,
		.people = house->people,
		.policy = aw_house_policy(house),
		.viewer = console->viewer,
		.now_ms = done.act.now_ms,
		.real_ms = done.act.real_ms,
		.demo = house->demo,
		.register_code = code,
		.file_name = file == NULL ? "standard input" : file };
	struct aw_str table;
	int32_t day;

	if (code == NULL)
		return aw_fail(err, AW_INVALID, "name the register: --register CODE");
	if (day_text != NULL) {
		if (aw_roc_read_day(aw_str(day_text), &day, err) != AW_OK)
			return aw_wrap(err, "--day");
		options.extract_day = AW_KNOWN(day);
	}
	if (read_piece(console, &options, err) != AW_OK)
		return err->status;
	if (aw_table_text(console->arena, console->body, options.file_name, &table, err) != AW_OK ||
		aw_register_import(&options, table, &done.counts, err) != AW_OK ||
		aw_db_write(house->db, finish, &done, err) != AW_OK)
		return err->status;
	if (rejected != NULL && done.rejected.len > 0 &&
		aw_file_write(rejected, (struct aw_str){ done.rejected.at, done.rejected.len },
			0600, err) != AW_OK)
		return aw_wrap(
			err, "everything is loaded, but the rows put aside were not written");
	put_counts(console, code, &done.counts, aw_console_value(console, "piece") != NULL);
	return AW_OK;
}
