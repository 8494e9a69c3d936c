/* demo/fill - people, staff, history, registers, the last days; in this order. */
#include "demo/fill.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "demo/load.h"
#include "demo/play.h"
#include "guard/log.h"

static const struct aw_viewer operator= {
	.login = "demo", .name = "demo", .title = "", .roles = "", .purpose = "administration"
};

static struct aw_act
operator_act(const struct aw_demo_env *env, struct aw_tx *tx, struct aw_arena *arena, int64_t at)
{
	return (struct aw_act){ .tx = tx,
		.arena = arena,
		.viewer = &operator,
		.policy = env->policy,
		.keyring = env->keyring,
		.ids = env->ids,
		.people = env->people,
		.now_ms = at,
		.real_ms = env->real_ms,
		.demo = true,
		.action = "demo.fill" };
}

/* -- staff ---------------------------------------------------------------------------------------- */

struct hiring {
	const struct aw_demo_env *env;
	struct aw_demo_filled *filled;
};

static enum aw_status
hire(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct hiring *hiring = arg;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_act act = operator_act(hiring->env, tx, &arena,
		aw_taipei_day_start_ms(aw_day_of_date((struct aw_date){ 2018, 1, 1 })));

	return aw_demo_staff_make(&act, &hiring->filled->staff, &hiring->filled->passwords, err);
}

/* -- registers -------------------------------------------------------------------------------------- */

/* Extracts arrive in the evening before the demo's first day. */
static int64_t
import_ms(void)
{
	return aw_taipei_day_start_ms(aw_demo_today() - 1) + 20 * AW_HOUR_MS;
}

static enum aw_status
load_extract(const struct aw_demo_env *env, struct aw_arena *arena, const char *path,
	enum aw_demo_register code, struct aw_demo_filled *filled, struct aw_error *err)
{
	struct aw_import_options options = { .db = env->db,
		.keyring = env->keyring,
		.ids = env->ids,
		.people = env->people,
		.policy = env->policy,
		.viewer = &operator,
		.now_ms = import_ms(),
		.real_ms = env->real_ms,
		.demo = true,
		.register_code = aw_demo_register_code(code),
		.file_name = strrchr(path, '/') + 1 };
	struct aw_str table;

	if (aw_file_read(arena, path, (size_t)256 << 20, &table, err) != AW_OK ||
		aw_register_import(&options, table, &filled->imports[code], err) != AW_OK)
		return aw_wrap(err, "register %s", options.register_code);
	return AW_OK;
}

/* Written for this user alone, loaded, and removed unless they shall be kept. */
static enum aw_status
load_registers(const struct aw_demo_env *env, struct aw_arena *arena,
	const struct aw_demo_plan *plan, const struct aw_demo_options *options, const char *dir,
	struct aw_demo_filled *filled, struct aw_error *err)
{
	enum aw_status status = AW_OK;

	for (int i = 0; i < AW_DEMO_REGISTERS && status == AW_OK; i++) {
		enum aw_demo_register code = (enum aw_demo_register)i;
		char *path = aw_arena_printf(arena, "%s/%s.csv", dir, aw_demo_register_code(code));
		if (env->progress != NULL)
			env->progress(env->progress_arg, "registers", (size_t)i, AW_DEMO_REGISTERS);
		aw_demo_extract(arena, plan, options->seed, code, &filled->extracts[i]);
		status = aw_file_write(path, filled->extracts[i].csv, 0600, err);
		if (status == AW_OK)
			status = load_extract(env, arena, path, code, filled, err);
		if (options->extracts_dir == NULL && unlink(path) != 0 && errno != ENOENT &&
			status == AW_OK)
			status = aw_fail(err, AW_IO, "cannot remove %s: %s", path, strerror(errno));
	}
	return status;
}

static enum aw_status
play_registers(const struct aw_demo_env *env, struct aw_arena *arena,
	const struct aw_demo_plan *plan, const struct aw_demo_options *options,
	struct aw_demo_filled *filled, struct aw_error *err)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = aw_arena_printf(
		arena, "%s/anwang-extracts-XXXXXX", tmp == NULL || tmp[0] == '\0' ? "/tmp" : tmp);
	enum aw_status status;

	if (options->extracts_dir != NULL) {
		if (mkdir(options->extracts_dir, 0700) != 0 && errno != EEXIST)
			return aw_fail(err, AW_IO, "cannot make the folder %s: %s",
				options->extracts_dir, strerror(errno));
		return load_registers(
			env, arena, plan, options, options->extracts_dir, filled, err);
	}
	if (mkdtemp(dir) == NULL)
		return aw_fail(err, AW_IO, "cannot make a temporary folder: %s", strerror(errno));
	status = load_registers(env, arena, plan, options, dir, filled, err);
	if (rmdir(dir) != 0 && status == AW_OK)
		return aw_fail(err, AW_IO, "cannot remove %s: %s", dir, strerror(errno));
	return status;
}

/* -- the whole --------------------------------------------------------------------------------------- */

struct noting {
	const struct aw_demo_env *env;
	const struct aw_demo_filled *filled;
};

/* One entry of the log for all of it: the acts are made up, and nobody looked at anybody. */
static enum aw_status
note_filling(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct noting *noting = arg;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_act act = operator_act(noting->env, tx, &arena, aw_demo_now_ms());
	const struct aw_demo_filled *f = noting->filled;

	return aw_log_append(&act, "ok",
		aw_arena_printf(&arena, "{\"acts\":%zu,\"cases\":%u,\"people\":%u,\"reports\":%u}",
			f->acts, f->cases, f->people, f->reports),
		err);
}

/* As many times the published reports, as many times the people who work on them. */
static uint32_t
times(const struct aw_demo_options *options)
{
	double whole = options->scale * options->reports + 0.5;

	return whole < 1 ? 1 : (uint32_t)whole;
}

static size_t
steps_before(const struct aw_demo_schedule *schedule, int64_t at)
{
	size_t count = 0;

	while (count < schedule->count && schedule->steps[count].at < at)
		count++;
	return count;
}

enum aw_status
aw_demo_fill(const struct aw_demo_env *env, struct aw_arena *arena,
	const struct aw_demo_options *options, struct aw_demo_filled *ret, struct aw_error *err)
{
	struct aw_demo_city *city = aw_demo_city_make(arena, options->seed, options->scale);
	struct aw_demo_plan_options planned = { options->seed, options->scale, options->reports };
	struct aw_demo_plan *plan = aw_demo_plan_make(arena, city, &planned);
	int64_t *people = AW_NEW_ARRAY(arena, int64_t, city->people_count);
	struct aw_demo_schedule schedule;
	struct aw_demo_player *player;
	struct hiring hiring = { env, ret };
	struct noting noting = { env, ret };
	size_t evening;

	memset(ret, 0, sizeof(*ret));
	aw_demo_staff(arena, times(options), &ret->staff);
	ret->people = city->people_count;
	ret->households = city->household_count;
	ret->reports = plan->report_count;
	ret->issues = plan->issue_count;
	aw_demo_schedule(arena, plan, &schedule);
	ret->acts = schedule.count;
	for (uint32_t i = 0; i < plan->case_count; i++)
		ret->cases += plan->cases[i].opened_at <= plan->now_ms;
	evening = steps_before(&schedule, import_ms());
	if (aw_demo_passwords(arena, options->seed, &ret->passwords, err) != AW_OK ||
		aw_demo_load(env, city, people, err) != AW_OK ||
		aw_db_write(env->db, hire, &hiring, err) != AW_OK)
		return err->status;
	player = aw_demo_player_make(arena, env, plan, &ret->staff, people);
	if (aw_demo_play(player, &schedule, 0, evening, err) != AW_OK ||
		play_registers(env, arena, plan, options, ret, err) != AW_OK ||
		aw_demo_play(player, &schedule, evening, schedule.count, err) != AW_OK)
		return err->status;
	return aw_db_write(env->db, note_filling, &noting, err);
}
