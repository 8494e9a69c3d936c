/* anwang backup: that it is made stands in the log before a byte of it is written. */
#include "guard/log.h"
#include "net/console_guard.h"

static enum aw_status
log_backup(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct aw_console *console = arg;
	struct aw_act act =
		aw_house_act(console->house, console->arena, console->viewer, "backup.make");

	act.tx = tx;
	return aw_log_append(&act, "ok", NULL, err);
}

enum aw_status
aw_console_backup(struct aw_console *console, struct aw_error *err)
{
	AW_SCOPED(json, json_t *) json = json_object();

	if (aw_db_write(console->house->db, log_backup, console, err) != AW_OK)
		return err->status;
	aw_json_put(json, "demo", json_boolean(console->house->demo));
	aw_buf_printf(&console->out, "%s\n", aw_json_text(console->arena, json));
	return AW_OK;
}
