/* demo/play - runs a schedule chunk by chunk. */
#include "demo/play.h"

#include <string.h>

enum { CHUNK = 250 };

static uint32_t *
nobodies(struct aw_arena *arena, size_t count)
{
	uint32_t *list = AW_NEW_ARRAY(arena, uint32_t, count + 1);

	for (size_t i = 0; i <= count; i++)
		list[i] = AW_DEMO_NOBODY;
	return list;
}

struct aw_demo_player *
aw_demo_player_make(struct aw_arena *arena, const struct aw_demo_env *env,
	const struct aw_demo_plan *plan, const struct aw_demo_staff *staff, const int64_t *people)
{
	struct aw_demo_player *player = AW_NEW(arena, struct aw_demo_player);

	player->env = env;
	player->plan = plan;
	player->staff = staff;
	player->people = people;
	player->reports = AW_NEW_ARRAY(arena, int64_t, plan->report_count + 1);
	player->leads = AW_NEW_ARRAY(arena, int64_t, plan->report_count + 1);
	player->workers = nobodies(arena, plan->report_count);
	player->issues = AW_NEW_ARRAY(arena, int64_t, plan->issue_count + 1);
	player->decisions = AW_NEW_ARRAY(arena, int64_t, plan->issue_count + 1);
	player->cases = AW_NEW_ARRAY(arena, int64_t, plan->case_count + 1);
	player->case_workers = nobodies(arena, plan->case_count);
	return player;
}

/* A unit may be the parent of those that have people: the prevention centre of its groups. */
static bool
related(const struct aw_policy *policy, const char *a, const char *b)
{
	const struct aw_unit *unit = aw_policy_unit(policy, a);

	return unit != NULL && unit->parent != NULL && strcmp(unit->parent, b) == 0;
}

size_t
aw_demo_of_unit(const struct aw_demo_player *player, const char *unit, const char *role, uint32_t n)
{
	size_t found = aw_demo_staff_find(player->staff, unit, role, n);

	for (size_t i = 0; found == SIZE_MAX && i < player->staff->own; i++) {
		const struct aw_demo_account *a = &player->staff->accounts[i];
		if (strcmp(a->role, role) == 0 && related(player->env->policy, a->unit, unit))
			found = aw_demo_staff_colleague(player->staff, i, n);
	}
	return found;
}

size_t
aw_demo_head_of(const struct aw_demo_player *player, const char *unit, uint32_t n)
{
	size_t head = aw_demo_of_unit(player, unit, "supervisor", n);

	return head != SIZE_MAX ? head : aw_demo_of_unit(player, unit, "partner", n);
}

struct chunk {
	struct aw_demo_player *player;
	const struct aw_demo_step *steps;
	size_t count;
	struct aw_arena arena; /* lives until the commit, as what the index is told does */
};

static enum aw_status
play_chunk(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct chunk *chunk = arg;
	const struct aw_demo_env *env = chunk->player->env;

	for (size_t i = 0; i < chunk->count; i++) {
		const struct aw_demo_step *step = &chunk->steps[i];
		struct aw_act act = { .tx = tx,
			.arena = &chunk->arena,
			.policy = env->policy,
			.keyring = env->keyring,
			.ids = env->ids,
			.people = env->people,
			.now_ms = step->at,
			.real_ms = env->real_ms,
			.demo = true,
			.action = "demo.play" };
		enum aw_status status =
			step->act < AW_ACT_DECIDE
				? aw_demo_play_report(chunk->player, &act, step, err)
				: aw_demo_play_case(chunk->player, &act, step, err);
		if (status != AW_OK)
			return aw_wrap(err, "%s of plan item %u",
				aw_demo_act_name((enum aw_demo_act)step->act), step->ref);
	}
	return AW_OK;
}

enum aw_status
aw_demo_play(struct aw_demo_player *player, const struct aw_demo_schedule *schedule, size_t from,
	size_t to, struct aw_error *err)
{
	const struct aw_demo_env *env = player->env;

	for (size_t at = from; at < to; at += CHUNK) {
		struct chunk chunk = { player, &schedule->steps[at],
			to - at < CHUNK ? to - at : CHUNK, { 0 } };
		enum aw_status status = aw_db_write(env->db, play_chunk, &chunk, err);
		aw_arena_done(&chunk.arena);
		if (status != AW_OK)
			return status;
		if (env->progress != NULL)
			env->progress(
				env->progress_arg, "history", at + chunk.count, schedule->count);
	}
	return AW_OK;
}
