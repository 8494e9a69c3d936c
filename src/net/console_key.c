/* anwang key: rotates the keys of a database, and checks that all of them open. */
#include "base/clock.h"
#include "db/keyring.h"
#include "guard/log.h"
#include "net/console_guard.h"

enum { TURN_US = 1000000 };

struct done {
	struct aw_console *console;
	const char *action;
};

static enum aw_status
log_done(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct done *done = arg;
	struct aw_console *console = done->console;
	struct aw_act act =
		aw_house_act(console->house, console->arena, console->viewer, done->action);

	act.tx = tx;
	return aw_log_append(&act, "ok", NULL, err);
}

/* Wraps keys anew for about a second: the caller asks again until it is done, sees how far it is,
 * and loses nothing when it is ended. */
static enum aw_status
rotate_some(struct aw_house *house, struct aw_rotation *ret_rotation, struct aw_error *err)
{
	int64_t until_us = aw_monotonic_us() + TURN_US;

	if (aw_keyring_rotate_begin(house->db, house->keyring, ret_rotation, err) != AW_OK)
		return err->status;
	do {
		if (aw_keyring_rotate_step(house->db, house->keyring, ret_rotation, err) != AW_OK)
			return err->status;
	} while (!ret_rotation->done && aw_monotonic_us() < until_us);
	return AW_OK;
}

static enum aw_status
rotate(struct aw_console *console, struct aw_error *err)
{
	struct aw_house *house = console->house;
	const char *root = aw_console_value(console, "root");
	AW_SCOPED(json, json_t *) json = json_object();
	struct aw_rotation rotation = { 0 };

	/* a mistake in the new root key shows before the long work, not behind it */
	if ((root != NULL && aw_root_key_check(root, err) != AW_OK) ||
		rotate_some(house, &rotation, err) != AW_OK)
		return err->status;
	if (rotation.done && root != NULL &&
		aw_keyring_change_root(house->db, house->keyring, root, err) != AW_OK)
		return aw_wrap(
			err, "the keys were rotated, the change of the root key did not end");
	if (rotation.done && aw_db_write(house->db, log_done,
				     &(struct done){ console, "key.rotate" }, err) != AW_OK)
		return err->status;
	aw_json_put_int(json, "epoch", rotation.epoch);
	aw_json_put_int(json, "rewrapped", rotation.rewrapped);
	aw_json_put_int(json, "left", rotation.left);
	aw_json_put(json, "done", json_boolean(rotation.done));
	aw_json_put(json, "root_changed", json_boolean(rotation.done && root != NULL));
	aw_buf_printf(&console->out, "%s\n", aw_json_text(console->arena, json));
	return AW_OK;
}

static enum aw_status
check(struct aw_console *console, struct aw_error *err)
{
	struct aw_house *house = console->house;
	AW_SCOPED(json, json_t *) json = json_object();
	struct aw_keyring_report report;

	if (aw_keyring_check(house->db, house->keyring, &report, err) != AW_OK)
		return err->status;
	aw_json_put_int(json, "epochs", report.epochs);
	aw_json_put_int(json, "current_epoch", report.current_epoch);
	aw_json_put_int(json, "keys", report.keys);
	aw_json_put_int(json, "keys_current", report.keys_current);
	aw_json_put_int(json, "keys_broken", report.keys_broken);
	aw_buf_printf(&console->out, "%s\n", aw_json_text(console->arena, json));
	console->failed = report.keys_broken > 0;
	return AW_OK;
}

enum aw_status
aw_console_key(struct aw_console *console, struct aw_error *err)
{
	const char *verb = aw_console_value(console, "verb");

	if (aw_text_eq(verb, "rotate"))
		return rotate(console, err);
	if (aw_text_eq(verb, "check"))
		return check(console, err);
	return aw_fail(err, AW_INVALID, "key does not know \"%.40s\": new, rotate, check",
		verb == NULL ? "" : verb);
}
