/* anwang demo: fills an empty database with the made-up Keelung. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "city/person/people.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "db/migrate.h"
#include "db/setting.h"
#include "demo/fill.h"
#include "guard/account.h"
#include "guard/log.h"
#include "policy/release.h"

struct demo {
	const char *url;
	const char *policy_dir;
	struct aw_demo_options options;
	struct aw_arena arena;
	struct aw_db *db;
	struct aw_keyring *keyring;
	struct aw_log_key log_key;
	struct aw_policy *policy;
	struct aw_people *people;
	struct aw_random random;
	struct aw_ids ids;
	struct aw_demo_filled filled;
	const char *path;     /* of the SQLite file; NULL: another engine */
	const char *key_path; /* of the root key */
	bool made_file, made_key;
	size_t shown_percent;
};

/* -- progress on a terminal ----------------------------------------------------------------------- */

static void
show_progress(void *arg, const char *what, size_t done, size_t total)
{
	struct demo *demo = arg;
	size_t percent = total == 0 ? 100 : done * 100 / total;
	char bar[41];

	if (!isatty(STDERR_FILENO) || percent == demo->shown_percent)
		return;
	demo->shown_percent = percent;
	for (size_t i = 0; i < sizeof(bar) - 1; i++)
		bar[i] = i * 100 < percent * (sizeof(bar) - 1) ? '#' : '.';
	bar[sizeof(bar) - 1] = '\0';
	fprintf(stderr, "\r%-10s [%s] %3zu %%", what, bar, percent);
}

static void
end_progress(void)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%60s\r", "");
}

/* -- the empty database ------------------------------------------------------------------------------ */

static enum aw_status
check_empty(struct aw_tx *tx, struct demo *demo, struct aw_error *err)
{
	struct aw_account *accounts;
	const char *made;
	size_t count;

	if (aw_setting_get(tx, &demo->arena, "demo", &made, err) != AW_OK ||
		aw_account_list(tx, &demo->arena, NULL, &accounts, &count, err) != AW_OK)
		return err->status;
	if (made != NULL)
		return aw_fail(err, AW_CONFLICT,
			"%s holds a demo city already, or half of one: remove it to make another",
			demo->url);
	if (count != 0)
		return aw_fail(err, AW_CONFLICT,
			"%s holds a city with accounts: a demo is made in an empty database",
			demo->url);
	return AW_OK;
}

static enum aw_status
prepare(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct demo *demo = arg;
	const char *city;

	if (check_empty(tx, demo, err) != AW_OK ||
		aw_setting_get(tx, &demo->arena, "city", &city, err) != AW_OK)
		return err->status;
	if (city != NULL && strcmp(city, demo->policy->city.code) != 0)
		return aw_fail(err, AW_CONFLICT, "the database is of the city %s, the policy of %s",
			city, demo->policy->city.code);
	if (aw_setting_put(tx, "demo", "1", err) != AW_OK ||
		aw_setting_put(tx, "city", demo->policy->city.code, err) != AW_OK)
		return err->status;
	return aw_release_by_loading(tx, demo->policy, true, aw_demo_now_ms(), err);
}

static enum aw_status
set_clock(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct demo *demo = arg;

	return aw_setting_put(tx, "clock_offset_ms",
		aw_arena_printf(&demo->arena, "%" PRId64, aw_demo_now_ms() - aw_real_ms()), err);
}

/* The root key: the file that ANWANG_KEY_FILE names, else one beside the database; asked for before
 * anything is written. */
static enum aw_status
place_of_key(struct demo *demo, struct aw_error *err)
{
	const char *named = getenv("ANWANG_KEY_FILE");

	if (named != NULL && named[0] != '\0')
		demo->key_path = named;
	else if (demo->path != NULL)
		demo->key_path = aw_arena_printf(&demo->arena, "%s.key", demo->path);
	else
		return aw_fail(err, AW_NOT_FOUND,
			"no place for the root key: name a file in ANWANG_KEY_FILE");
	return AW_OK;
}

/* Made when it is not there. */
static enum aw_status
open_keys(struct demo *demo, struct aw_error *err)
{
	if (access(demo->key_path, F_OK) != 0) {
		if (aw_root_key_make(demo->key_path, err) != AW_OK)
			return err->status;
		demo->made_key = true;
	}
	if (aw_keyring_open(demo->db, demo->key_path, &demo->keyring, err) != AW_OK)
		return err->status;
	return aw_log_key_open(demo->db, demo->keyring, &demo->ids, &demo->log_key, err);
}

static enum aw_status
open_all(struct demo *demo, struct aw_error *err)
{
	struct aw_db_options options = { .url = demo->url, .create = true, .bulk = true };

	if (strncmp(demo->url, "sqlite:", 7) == 0) {
		demo->path = demo->url + 7;
		demo->made_file = access(demo->path, F_OK) != 0;
	}
	aw_random_seed(&demo->random, demo->options.seed ^ UINT64_C(0x696473));
	aw_ids_init(&demo->ids, &demo->random);
	demo->people = aw_people_new();
	if (place_of_key(demo, err) != AW_OK ||
		aw_policy_load_dir(demo->policy_dir, NULL, &demo->policy, err) != AW_OK ||
		aw_db_open(&options, &demo->db, err) != AW_OK ||
		aw_db_migrate(demo->db, NULL, NULL, err) != AW_OK ||
		aw_db_write(demo->db, prepare, demo, err) != AW_OK)
		return err->status;
	return open_keys(demo, err);
}

static void
close_all(struct demo *demo, bool failed)
{
	aw_people_close(demo->people);
	aw_policy_free(demo->policy);
	if (demo->keyring != NULL)
		aw_keyring_close(demo->keyring);
	aw_log_key_done(&demo->log_key);
	aw_db_close(demo->db);
	/* What this command made and could not finish is of no use to anybody. */
	if (failed && demo->made_file && demo->db != NULL) {
		static const char *const parts[] = { "", "-wal", "-shm" };
		for (size_t i = 0; i < AW_COUNT(parts); i++)
			(void)unlink(aw_arena_printf(&demo->arena, "%s%s", demo->path, parts[i]));
	}
	if (failed && demo->made_key)
		(void)unlink(demo->key_path);
	aw_arena_done(&demo->arena);
}

static enum aw_status
run(struct demo *demo, struct aw_error *err)
{
	struct aw_demo_env env = { .ids = &demo->ids,
		.people = demo->people,
		.real_ms = aw_real_ms(),
		.progress = show_progress,
		.progress_arg = demo };

	if (open_all(demo, err) != AW_OK)
		return err->status;
	env.db = demo->db;
	env.keyring = demo->keyring;
	env.people = demo->people;
	env.policy = demo->policy;
	if (aw_demo_fill(&env, &demo->arena, &demo->options, &demo->filled, err) != AW_OK ||
		aw_db_write(demo->db, set_clock, demo, err) != AW_OK)
		return err->status;
	return aw_log_checkpoint(demo->db, &demo->log_key, NULL, &demo->arena, NULL, err);
}

/* -- what was made ------------------------------------------------------------------------------------- */

static void
tell_registers(const struct aw_demo_filled *f)
{
	puts("\nRegisters' extracts of 110-12-05, typed with errors (of 1,000 rows):");
	for (int i = 0; i < AW_DEMO_REGISTERS; i++) {
		const struct aw_demo_extract *e = &f->extracts[i];
		const struct aw_import_counts *c = &f->imports[i];
		printf("  %-12s %6" PRIu32 " rows, %" PRId64 " linked, %" PRId64
		       " to look at, %" PRId64 " not read;",
			aw_demo_register_code((enum aw_demo_register)i), e->rows, c->linked,
			c->proposed, c->quarantined);
		for (int k = 0; k < AW_TYPO_KINDS; k++) {
			if (e->mistakes[k] != 0)
				printf(" %s %.1f", aw_demo_typo_code((enum aw_demo_typo)k),
					e->mistakes[k] * 1000.0 / e->rows);
		}
		putchar('\n');
	}
}

static void
tell_accounts(const struct aw_demo_filled *f)
{
	puts("\nAccounts (made up; one password a role; printed this once):");
	for (size_t i = 0; i < f->passwords.count; i++) {
		const struct aw_demo_password *password = &f->passwords.at[i];
		printf("  %-18s %-24s", password->role, password->text);
		for (size_t k = 0; k < f->staff.own; k++) {
			if (strcmp(f->staff.accounts[k].role, password->role) == 0)
				printf(" %s", f->staff.accounts[k].login);
		}
		putchar('\n');
	}
	if (f->staff.times > 1)
		printf("Those whose work grows with the reports have colleagues: LOGIN.2 to "
		       "LOGIN.%" PRIu32 ".\n",
			f->staff.times);
}

static void
tell(const struct demo *demo)
{
	const struct aw_demo_filled *f = &demo->filled;

	printf("A made-up Keelung, nobody in it is real: %" PRIu32 " people in %" PRIu32
	       " households,\n%" PRIu32 " reports with %" PRIu32 " issues, %" PRIu32
	       " cases, %zu acts; its clock starts at 110-12-06 08:30.\n",
		f->people, f->households, f->reports, f->issues, f->cases, f->acts);
	if (demo->made_key)
		printf("Root key: %s, made for this demo.\n", demo->key_path);
	tell_registers(f);
	tell_accounts(f);
}

/* A number with a fraction, in (least, most]. */
static enum aw_status
read_factor(const char *name, const char *text, double least, double most, double *ret,
	struct aw_error *err)
{
	char *end;
	double value;

	if (text == NULL)
		return AW_OK;
	value = strtod(text, &end);
	if (end == text || *end != '\0' || !isfinite(value) || value < least || value > most)
		return aw_fail(
			err, AW_INVALID, "--%s wants a number from %g to %g", name, least, most);
	*ret = value;
	return AW_OK;
}

int
aw_cmd_demo(int argc, char **argv)
{
	struct demo demo = { .options = { .seed = 20211206, .scale = 1, .reports = 1 } };
	const char *seed = NULL, *scale = NULL, *reports = NULL;
	const struct aw_option options[] = {
		{ "db", "URL", "the database to fill: sqlite:PATH or postgres://...", &demo.url,
			NULL, true },
		{ "policy", "DIR", "the city's folder", &demo.policy_dir, NULL, true },
		{ "seed", "N", "another seed gives other people and the same counts", &seed, NULL,
			false },
		{ "scale", "F", "a smaller or larger city: 0.01 to 12; published counts hold at 1",
			&scale, NULL, false },
		{ "reports", "F",
			"1 to 100 times as many reports, after the published ones; staff too",
			&reports, NULL, false },
		{ "extracts", "DIR", "keep the registers' extracts there",
			&demo.options.extracts_dir, NULL, false },
	};
	const struct aw_usage usage = {
		.command = "demo",
		.operands = "",
		.summary = "Fills an empty database with a made-up Keelung: people, registers, "
			   "staff, and four years of\nreports whose counts are the published ones. "
			   "Prints the demo accounts once.",
		.options = options,
		.option_count = AW_COUNT(options),
	};
	struct aw_operands operands;
	struct aw_error err = { 0 };
	int64_t number = (int64_t)demo.options.seed;
	enum aw_status status;
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	if (aw_option_int("seed", seed, 0, INT64_MAX, &number, &err) != AW_OK ||
		read_factor("scale", scale, 0.01, 12, &demo.options.scale, &err) != AW_OK ||
		read_factor("reports", reports, 1, 100, &demo.options.reports, &err) != AW_OK)
		return aw_command_failed("demo", &err);
	demo.options.seed = (uint64_t)number;
	status = run(&demo, &err);
	end_progress();
	if (status == AW_OK)
		tell(&demo);
	close_all(&demo, status != AW_OK);
	return status != AW_OK ? aw_command_failed("demo", &err) : aw_command_done("demo");
}
