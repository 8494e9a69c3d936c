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
	const struct aw_policy *policy;
	bool is_new;
	bool differs; /* another policy is in force */
};

static enum aw_status
put_in_force(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct init *init = arg;
	const char *demo, *city;
	enum aw_status status;

	if (aw_setting_get(tx, &init->arena, "demo", &demo, err) != AW_OK ||
		aw_setting_get(tx, &init->arena, "city", &city, err) != AW_OK)
		return err->status;
	if (city != NULL && !aw_text_eq(city, init->policy->city.code))
		return aw_fail(err, AW_CONFLICT, "the database is of the city %s, the policy of %s",
			city, init->policy->city.code);
	if (city == NULL && aw_setting_put(tx, "city", init->policy->city.code, err) != AW_OK)
		return err->status;
	status = aw_release_load(
		tx, init->policy, aw_text_eq(demo, "1"), aw_real_ms(), &init->is_new, err);
	if (status == AW_CONFLICT) {
		init->differs = true;
		aw_error_clear(err);
		return AW_OK;
	}
	return status;
}

static enum aw_status
run(const char *url, const struct aw_policy *policy, struct aw_error *err)
{
	struct aw_db *db = NULL;
	struct init init = { .policy = policy };
	int64_t before = 0, after = 0;
	enum aw_status status;

	if (aw_db_open(&(struct aw_db_options){ .url = url, .create = true }, &db, err) != AW_OK)
		return err->status;
	status = aw_db_migrate(db, &before, &after, err);
	if (status == AW_OK)
		status = aw_db_write(db, put_in_force, &init, err);
	aw_db_close(db);
	aw_arena_done(&init.arena);
	if (status != AW_OK)
		return status;
	if (before == after)
		fprintf(stderr, "The database is of this version (%lld).\n", (long long)after);
	else
		fprintf(stderr, "The database went from version %lld to %lld.\n", (long long)before,
			(long long)after);
	if (init.differs)
		fprintf(stderr, "Another policy than this folder's stays in force: a new one is "
				"released by "
				"two persons.\n");
	else
		fprintf(stderr, "Policy %.12s (%s) is %s in force.\n", policy->hash, policy->label,
			init.is_new ? "now" : "already");
	return AW_OK;
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
	struct aw_policy *policy = NULL;
	struct aw_error err = { 0 };
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	if (aw_policy_load_dir(dir, NULL, &policy, &err) != AW_OK ||
		run(url, policy, &err) != AW_OK)
		code = aw_command_failed("init", &err);
	aw_policy_free(policy);
	return code != 0 ? code : aw_command_done("init");
}
