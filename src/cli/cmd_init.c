/* anwang init: creates a database, or brings it to this version, and puts the policy in force. */
#include <stdio.h>

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "db/migrate.h"
#include "db/setting.h"
#include "policy/release.h"

struct init {
	struct aw_arena arena;
	const char *dir;
	struct aw_policy_open found;
};

static enum aw_status
put_in_force(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct init *init = arg;
	const char *demo, *city;
	int64_t now_ms = aw_real_ms();

	aw_policy_free(init->found.policy); /* of an attempt before */
	init->found = (struct aw_policy_open){ 0 };
	if (aw_setting_get(tx, &init->arena, "demo", &demo, err) != AW_OK ||
		aw_setting_get(tx, &init->arena, "city", &city, err) != AW_OK ||
		aw_policy_open(tx, init->dir, aw_text_eq(demo, "1"), aw_taipei_day(now_ms), now_ms,
			&init->found, err) != AW_OK)
		return err->status;
	if (city != NULL && !aw_text_eq(city, init->found.policy->city.code))
		return aw_fail(err, AW_CONFLICT, "the database is of the city %s, the policy of %s",
			city, init->found.policy->city.code);
	return city != NULL ? AW_OK
			    : aw_setting_put(tx, "city", init->found.policy->city.code, err);
}

static void
tell(const struct init *init, int64_t before, int64_t after)
{
	if (before == after)
		fprintf(stderr, "The database is of this version (%lld).\n", (long long)after);
	else
		fprintf(stderr, "The database went from version %lld to %lld.\n", (long long)before,
			(long long)after);
	fprintf(stderr, "In force: policy %.12s (%s).\n", init->found.policy->hash,
		init->found.policy->label);
	if (init->found.folder_bad)
		fprintf(stderr, "The folder has a mistake and was left aside: %s\n",
			init->found.mistake);
	else if (init->found.folder_differs)
		fprintf(stderr,
			"The folder holds another policy: a new one is released by two persons.\n");
}

static enum aw_status
run(const char *url, const char *dir, struct aw_error *err)
{
	struct aw_db *db = NULL;
	struct init init = { .dir = dir };
	int64_t before = 0, after = 0;

	if (aw_db_open(&(struct aw_db_options){ .url = url, .create = true }, &db, err) == AW_OK &&
		aw_db_migrate(db, &before, &after, err) == AW_OK &&
		aw_db_write(db, put_in_force, &init, err) == AW_OK)
		tell(&init, before, after);
	aw_db_close(db);
	aw_policy_free(init.found.policy);
	aw_arena_done(&init.arena);
	return err->status;
}

int
aw_cmd_init(int argc, char **argv)
{
	const char *url = NULL, *dir = NULL;
	const struct aw_option options[] = {
		{ "db", "URL", "the database: sqlite:PATH or postgres://...", &url, NULL, true },
		{ "policy", "DIR", "the city's folder", &dir, NULL, true },
	};
	const struct aw_usage usage = {
		.command = "init",
		.operands = "",
		.summary = "Creates the database, or brings it to this version without losing "
			   "anything, and puts\nthe policy in force when none is yet.",
		.options = options,
		.option_count = AW_COUNT(options),
	};
	struct aw_operands operands;
	struct aw_error err = { 0 };
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	if (run(url, dir, &err) != AW_OK)
		return aw_command_failed("init", &err);
	return aw_command_done("init");
}
