/* Replaying a period's reports under a draft from the command line. */
#include "net/console_policy.h"

#include <inttypes.h>

#include "city/triage/replay.h"
#include "guard/log.h"
#include "policy/policy.h"

struct replaying {
	struct aw_act *act;
	const struct aw_policy *draft;
	struct aw_period period;
	struct aw_replay replay;
};

static enum aw_status
replay_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct replaying *replaying = arg;
	enum aw_status status;

	replaying->act->tx = tx;
	status = aw_triage_replay(
		replaying->act, replaying->draft, replaying->period, &replaying->replay, err);
	replaying->act->tx = NULL;
	return status;
}

static enum aw_status
run(struct aw_console *console, struct replaying *replaying, bool json, bool rows,
	struct aw_error *err)
{
	struct aw_act *act = replaying->act;

	if (aw_db_read(console->house->db, replay_in, replaying, err) != AW_OK)
		return err->status;
	act->detail =
		aw_arena_printf(act->arena, "{\"decisions\":%" PRId64 ",\"changed\":%" PRId64 "}",
			replaying->replay.decisions, replaying->replay.changed);
	if (aw_log_reads(console->house->db, act, NULL, "ok", err) != AW_OK)
		return err->status;
	if (json)
		aw_replay_json(&replaying->replay, rows, &console->out);
	else
		aw_replay_print(
			act->policy, replaying->draft, &replaying->replay, rows, &console->out);
	return AW_OK;
}

enum aw_status
aw_console_replay(struct aw_console *console, struct aw_error *err)
{
	const char *period = aw_console_value(console, "period");
	const char *format = aw_console_value(console, "format");
	bool json = aw_text_eq(format, "json");
	struct aw_act act =
		aw_house_act(console->house, console->arena, console->viewer, "policy.replay");
	struct replaying replaying = { .act = &act };
	struct aw_policy *draft = NULL;
	enum aw_status status;

	if (format != NULL && !json && !aw_text_eq(format, "table"))
		return aw_fail(err, AW_INVALID, "--format is table or json");
	replaying.period.to_day = aw_taipei_day(act.now_ms);
	replaying.period.from_day = replaying.period.to_day - 364;
	if (period != NULL && aw_period_read(aw_str(period), &replaying.period, err) != AW_OK)
		return err->status;
	if (aw_policy_load_bundle(
		    (struct aw_bytes){ (const uint8_t *)console->body.at, console->body.len }, NULL,
		    &draft, err) != AW_OK)
		return aw_wrap(err, "the draft");
	act.object = aw_arena_strndup(act.arena, draft->hash, 12);
	replaying.draft = draft;
	status = run(console, &replaying, json, aw_console_value(console, "rows") != NULL, err);
	aw_policy_free(draft);
	return status;
}
