/* anwang import: an extract of a register, loaded, recognised and logged. */
#include "net/console_import.h"

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

static void
put_counts(struct aw_console *console, const char *code, const struct aw_import_counts *counts)
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
	aw_buf_printf(&console->out, "%s\n", aw_json_text(console->arena, json));
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
		.policy = house->policy,
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
	if (aw_table_text(console->arena, console->body, options.file_name, &table, err) != AW_OK ||
		aw_register_import(&options, table, &done.counts, err) != AW_OK ||
		aw_db_write(house->db, finish, &done, err) != AW_OK)
		return err->status;
	if (rejected != NULL && done.rejected.len > 0 &&
		aw_file_write(rejected, (struct aw_str){ done.rejected.at, done.rejected.len },
			0600, err) != AW_OK)
		return aw_wrap(
			err, "everything is loaded, but the rows put aside were not written");
	put_counts(console, code, &done.counts);
	return AW_OK;
}
