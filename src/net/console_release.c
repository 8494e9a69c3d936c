/* A change of policy by two persons from the command line: proposed, answered, listed. */
#include <inttypes.h>

#include "city/desk/policy_check.h"
#include "guard/log.h"
#include "net/console_policy.h"
#include "policy/proposal.h"
#include "text/roc.h"

enum { LISTED = 100 };

struct releasing {
	struct aw_console *console;
	const char *verb;
	const struct aw_policy *policy; /* proposed; NULL: the verb is an answer */
	int64_t number;
};

static const char *
action_of(const char *verb)
{
	static const char *const actions[][2] = { { "propose", "policy.propose" },
		{ "confirm", "policy.confirm" }, { "refuse", "policy.refuse" },
		{ "withdraw", "policy.withdraw" } };

	for (size_t i = 0; i < AW_COUNT(actions); i++)
		if (aw_text_eq(actions[i][0], verb))
			return actions[i][1];
	return NULL;
}

static enum aw_status
propose(struct releasing *r, struct aw_act *act, const struct aw_proposal_by *by,
	struct aw_error *err)
{
	const char *from = aw_console_value(r->console, "from");
	struct aw_mistakes mistakes = { .arena = act->arena };
	struct aw_proposal_in in = { .policy = r->policy,
		.from_day = aw_taipei_day(act->now_ms),
		.words = aw_console_value(r->console, "words"),
		.by = *by };
	struct aw_policy_checked checked;

	if (from != NULL && aw_roc_read_day(aw_str(from), &in.from_day, err) != AW_OK)
		return aw_wrap(err, "--from");
	aw_policy_check(in.policy, in.from_day, &mistakes, &checked);
	if (aw_mistakes_error(&mistakes, err) != AW_OK)
		return err->status;
	return aw_proposal_make(act->tx, &in, act->now_ms, &r->number, err);
}

static enum aw_status
answer(struct releasing *r, struct aw_act *act, const struct aw_proposal_by *by,
	struct aw_error *err)
{
	if (aw_text_eq(r->verb, "confirm"))
		return aw_proposal_confirm(
			act->tx, act->releases, r->number, by, NULL, act->now_ms, err);
	if (aw_text_eq(r->verb, "refuse"))
		return aw_proposal_refuse(act->tx, r->number, by,
			aw_console_value(r->console, "words"), act->now_ms, err);
	return aw_proposal_withdraw(act->tx, r->number, by, act->now_ms, err);
}

static enum aw_status
release_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct releasing *r = arg;
	struct aw_act act = aw_house_act(
		r->console->house, r->console->arena, r->console->viewer, action_of(r->verb));
	struct aw_proposal_by by = { 0, r->console->viewer->login };
	struct aw_proposal p;

	act.tx = tx;
	if ((r->policy != NULL ? propose(r, &act, &by, err) : answer(r, &act, &by, err)) != AW_OK ||
		aw_proposal_get(tx, act.arena, r->number, act.now_ms, &p, err) != AW_OK)
		return err->status;
	act.object = aw_arena_strndup(act.arena, p.hash, 12);
	return aw_log_append(&act, "ok",
		aw_arena_printf(act.arena, "{\"proposal\":%" PRId64 "}", r->number), err);
}

/* One line a proposal: number, state, first day, hash, who, words. */
static enum aw_status
list_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct aw_console *console = arg;
	struct aw_act act =
		aw_house_act(console->house, console->arena, console->viewer, "policy.proposal");
	struct aw_proposal *list;
	size_t count;

	if (aw_proposal_list(tx, act.arena, LISTED, act.now_ms, &list, &count, err) != AW_OK)
		return err->status;
	console->out.len = 0;
	for (size_t i = 0; i < count; i++)
		aw_buf_printf(&console->out, "%" PRId64 "\t%s\t%s\t%.12s\t%s\t%s\n", list[i].number,
			list[i].answer != NULL ? list[i].answer
			: list[i].stale	       ? "stale"
					       : "waits",
			aw_roc_day_slash(act.arena, list[i].from_day), list[i].hash,
			list[i].proposer, list[i].words);
	return AW_OK;
}

enum aw_status
aw_console_release(struct aw_console *console, struct aw_error *err)
{
	const char *number = aw_console_value(console, "number");
	struct releasing r = { .console = console, .verb = aw_console_value(console, "verb") };
	struct aw_policy *policy = NULL;
	enum aw_status status;

	if (aw_text_eq(r.verb, "proposals"))
		return aw_db_read(console->house->db, list_in, console, err);
	if (action_of(r.verb) == NULL)
		return aw_fail(err, AW_INVALID,
			"policy does not know this: propose, confirm, refuse, withdraw, proposals");
	if (aw_text_eq(r.verb, "propose")) {
		if (aw_policy_load_bundle((struct aw_bytes){ (const uint8_t *)console->body.at,
						  console->body.len },
			    NULL, &policy, err) != AW_OK)
			return aw_wrap(err, "the proposed policy");
		r.policy = policy;
	} else if (number == NULL || !aw_str_int64(aw_str(number), &r.number)) {
		return aw_fail(err, AW_INVALID, "policy %s needs the number of a proposal", r.verb);
	}
	status = aw_db_write(console->house->db, release_in, &r, err);
	aw_policy_free(policy);
	if (status != AW_OK)
		return status;
	aw_buf_printf(&console->out, "%" PRId64 "\n", r.number);
	return AW_OK;
}
