/* The commands user, audit and key, as a command or the server runs them. */
#include <sqlite3.h>

#include "consolebench.h"
#include "guard/account.h"
#include "guard/log_proof.h"
#include "net/console_guard.h"
#include "text/roc.h"

#define RUN(fn, body, ...)                                                                         \
	console_bench_run(&b, fn, body, (const char *const[]){ __VA_ARGS__, NULL }, &console, &err)

static json_t *
answer(struct console_bench *b, const struct aw_console *console)
{
	struct aw_error err = { 0 };
	json_t *json = NULL;

	(void)b;
	assert_ok(aw_json_parse(aw_str(aw_buf_z(&console->out)), NULL, &json, &err));
	return json;
}

static void
an_account_is_added_with_a_made_password_listed_disabled_and_enabled(void **state)
{
	struct console_bench b;
	struct aw_console console;
	struct aw_error err = { 0 };
	struct aw_account account;
	struct aw_act act;
	const char *password, *unit;

	(void)state;
	console_bench_open(&b, AW_HOUSE_KEYS | AW_HOUSE_POLICY);
	unit = aw_house_policy(&b.house)->units[0].code;
	assert_ok(RUN(aw_console_user, "", "verb", "add", "login", "hsu", "name", "許示涵", "title",
		"社工", "unit", unit, "roles", "worker"));
	{
		AW_SCOPED(json, json_t *) json = answer(&b, &console);

		assert_string_equal(aw_json_string(json, "login"), "hsu");
		password = aw_arena_strdup(&b.arena, aw_json_string(json, "password"));
		assert_non_null(aw_json_string(json, "until"));
	}
	act = aw_house_act(&b.house, &b.arena, &b.viewer, "login");
	assert_ok(aw_account_check_password(b.house.db, &act, "hsu", password, &account, &err));
	/* one that the program made is to be changed within three days */
	assert_true(account.password_until.known);
	assert_in_range(account.password_until.v - act.real_ms, AW_PASSWORD_FIRST_MS - AW_MINUTE_MS,
		AW_PASSWORD_FIRST_MS);
	assert_ok(RUN(aw_console_user, "", "verb", "list"));
	assert_non_null(strstr(aw_buf_z(&console.out), "hsu"));
	assert_non_null(strstr(aw_buf_z(&console.out), "active"));
	assert_null(strstr(aw_buf_z(&console.out), password));
	assert_ok(RUN(aw_console_user, "", "verb", "disable", "login", "hsu"));
	assert_int_equal(
		aw_account_check_password(b.house.db, &act, "hsu", password, &account, &err),
		AW_DENIED);
	assert_ok(RUN(aw_console_user, "", "verb", "list", "format", "json"));
	{
		AW_SCOPED(json, json_t *) json = answer(&b, &console);

		assert_string_equal(aw_json_string(json, "state"), "disabled");
	}
	assert_ok(RUN(aw_console_user, "", "verb", "enable", "login", "hsu"));
	assert_ok(RUN(aw_console_user, "a password of my own\n", "verb", "reset", "login", "hsu"));
	assert_null(strstr(aw_buf_z(&console.out), "password"));
	assert_ok(aw_account_check_password(
		b.house.db, &act, "hsu", "a password of my own", &account, &err));
	assert_false(account.password_until.known);
	console_bench_close(&b);
}

static void
an_accounts_last_day_is_set_in_any_written_form_and_taken_away(void **state)
{
	struct console_bench b;
	struct aw_console console;
	struct aw_error err = { 0 };
	const char *unit, *last, *written;
	int32_t day;

	(void)state;
	console_bench_open(&b, AW_HOUSE_KEYS | AW_HOUSE_POLICY);
	unit = aw_house_policy(&b.house)->units[0].code;
	day = aw_taipei_day(aw_real_ms()) + 40;
	last = aw_day_iso(&b.arena, day);
	assert_ok(RUN(aw_console_user, "", "verb", "add", "login", "hsu", "name", "許示涵", "title",
		"社工", "unit", unit, "roles", "worker", "until", last));
	assert_ok(RUN(aw_console_user, "", "verb", "list", "format", "json"));
	{
		AW_SCOPED(json, json_t *) json = answer(&b, &console);

		assert_string_equal(aw_json_string(json, "until"), last);
		assert_string_equal(aw_json_string(json, "state"), "active");
	}
	written = aw_roc_day(&b.arena, day + 1);
	assert_ok(RUN(aw_console_user, "", "verb", "until", "login", "hsu", "until", written));
	assert_ok(RUN(aw_console_user, "", "verb", "list", "format", "json"));
	{
		AW_SCOPED(json, json_t *) json = answer(&b, &console);

		assert_string_equal(aw_json_string(json, "until"), aw_day_iso(&b.arena, day + 1));
	}
	assert_ok(RUN(aw_console_audit, "", "verb", "export"));
	assert_non_null(strstr(aw_buf_z(&console.out), "\"action\":\"user.until\""));
	assert_non_null(strstr(aw_buf_z(&console.out), aw_day_iso(&b.arena, day + 1)));
	assert_ok(RUN(aw_console_user, "", "verb", "until", "login", "hsu", "until", "none"));
	assert_ok(RUN(aw_console_user, "", "verb", "list", "format", "json"));
	assert_null(strstr(aw_buf_z(&console.out), "until"));
	assert_fails(
		RUN(aw_console_user, "", "verb", "until", "login", "hsu"), AW_INVALID, "--until");
	assert_fails(
		RUN(aw_console_user, "", "verb", "until", "login", "hsu", "until", "111-03-31"),
		AW_INVALID, "over already");
	assert_fails(RUN(aw_console_user, "", "verb", "until", "login", "hsu", "until", "soon"),
		AW_INVALID, "--until");
	assert_fails(RUN(aw_console_user, "", "verb", "enable", "login", "hsu", "until", last),
		AW_INVALID, "user until");
	console_bench_close(&b);
}

static void
mistakes_of_the_user_command_say_what_to_do(void **state)
{
	struct console_bench b;
	struct aw_console console;
	struct aw_error err = { 0 };

	(void)state;
	console_bench_open(&b, AW_HOUSE_KEYS | AW_HOUSE_POLICY);
	assert_fails(RUN(aw_console_user, "", "verb", "conquer"), AW_INVALID, "add, list");
	assert_fails(RUN(aw_console_user, "", "verb", "disable"), AW_INVALID, "login");
	assert_fails(RUN(aw_console_user, "", "verb", "disable", "login", "nobody"), AW_NOT_FOUND,
		"no account");
	assert_fails(RUN(aw_console_user, "short", "verb", "add", "login", "hsu"), AW_INVALID,
		"at least 12");
	assert_fails(RUN(aw_console_user, "", "verb", "add", "login", "hsu", "name", "n", "title",
			     "t", "unit", "atlantis", "roles", "worker"),
		AW_INVALID, "atlantis");
	assert_fails(RUN(aw_console_user, "", "verb", "token-end", "login", "x"), AW_NOT_FOUND,
		"no token");
	console_bench_close(&b);
}

static void
what_commands_change_is_in_the_log_and_goes_out_under_public_names(void **state)
{
	struct console_bench b;
	struct aw_console console;
	struct aw_error err = { 0 };
	const char *unit;

	(void)state;
	console_bench_open(&b, AW_HOUSE_KEYS | AW_HOUSE_POLICY);
	unit = aw_house_policy(&b.house)->units[0].code;
	assert_ok(
		RUN(aw_console_user, "", "verb", "token", "login", "school-system", "unit", unit));
	{
		AW_SCOPED(json, json_t *) json = answer(&b, &console);

		assert_int_equal(strlen(aw_json_string(json, "token")), 64);
	}
	assert_ok(RUN(aw_console_user, "", "verb", "token-end", "login", "school-system"));
	assert_ok(RUN(aw_console_audit, "", "verb", "export"));
	assert_non_null(strstr(aw_buf_z(&console.out), "\"action\":\"user.token\""));
	assert_non_null(strstr(aw_buf_z(&console.out), "\"actor\":\"console:root\""));
	assert_non_null(strstr(aw_buf_z(&console.out), "\"object\":\"school-system\""));
	assert_ok(RUN(aw_console_audit, "", "verb", "export", "from", "2", "most", "1"));
	{ /* the export before it is itself an entry */
		AW_SCOPED(json, json_t *) json = answer(&b, &console);

		assert_string_equal(aw_json_string(json, "action"), "audit.export");
	}
	assert_fails(
		RUN(aw_console_audit, "", "verb", "export", "from", "first"), AW_INVALID, "--from");
	assert_fails(RUN(aw_console_audit, "", "verb", "export", "most", "1000001"), AW_TOO_LARGE,
		"--from");
	console_bench_close(&b);
}

/* Behind the program's back. */
static void
edit(struct console_bench *b, const char *sql)
{
	sqlite3 *raw = NULL;

	assert_int_equal(sqlite3_open(b->db.url + strlen("sqlite:"), &raw), SQLITE_OK);
	(void)sqlite3_busy_timeout(raw, 5000);
	assert_int_equal(sqlite3_exec(raw, sql, NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_close(raw);
}

static void
verify_passes_and_fails_after_an_edited_row(void **state)
{
	struct console_bench b;
	struct aw_console console;
	struct aw_error err = { 0 };
	struct aw_checkpoint checkpoint;
	const char *unit;
	int64_t leaf = -1;

	(void)state;
	console_bench_open(&b, AW_HOUSE_KEYS | AW_HOUSE_POLICY);
	unit = aw_house_policy(&b.house)->units[0].code;
	for (int i = 0; i < 3; i++)
		assert_ok(RUN(aw_console_user, "", "verb", "token", "login", "school-system",
			"unit", unit));
	assert_ok(
		aw_log_checkpoint(b.house.db, &b.house.log_key, NULL, &b.arena, &checkpoint, &err));
	assert_ok(RUN(aw_console_audit, checkpoint.note, "verb", "verify", "witness", "1"));
	assert_false(console.failed);
	{
		AW_SCOPED(json, json_t *) json = answer(&b, &console);

		assert_string_equal(aw_json_string(json, "result"), "sound");
		assert_string_equal(aw_json_string(json, "key"), b.house.log_key.verifier);
		assert_true(aw_json_int(json, "witnessed_entries", &leaf));
		assert_int_equal(leaf, 3);
	}
	edit(&b, "UPDATE audit_entry SET purpose = 'casework' WHERE leaf = 1");
	assert_ok(RUN(aw_console_audit, "", "verb", "verify"));
	assert_true(console.failed);
	{
		AW_SCOPED(json, json_t *) json = answer(&b, &console);

		assert_string_equal(aw_json_string(json, "result"), "changed");
		assert_true(aw_json_int(json, "bad_leaf", &leaf));
		assert_int_equal(leaf, 1);
	}
	console_bench_close(&b);
}

static void
proofs_are_written_and_hold_by_the_key_that_verify_prints(void **state)
{
	struct console_bench b;
	struct aw_console console;
	struct aw_error err = { 0 };
	struct aw_checkpoint first, second;
	struct aw_log_proven proven;
	static const char *const asked[] = { "leaf", "old" };

	(void)state;
	console_bench_open(&b, AW_HOUSE_KEYS | AW_HOUSE_POLICY);
	for (int i = 0; i < 2; i++) {
		assert_ok(RUN(aw_console_user, "", "verb", "token", "login", "school-system",
			"unit", aw_house_policy(&b.house)->units[0].code));
		assert_ok(aw_log_checkpoint(b.house.db, &b.house.log_key, NULL, &b.arena,
			i == 0 ? &first : &second, &err));
	}
	for (size_t i = 0; i < AW_COUNT(asked); i++) {
		AW_SCOPED(json, json_t *) json = NULL;

		assert_ok(RUN(aw_console_audit, "", "verb", "prove", asked[i], "1"));
		json = answer(&b, &console);
		assert_ok(aw_log_proof_check(
			json, b.house.log_key.verifier, aw_str(first.note), &proven, &err));
		assert_true(proven.good);
		assert_int_equal(proven.kept, i == 1);
		assert_int_equal(proven.size, second.size);
	}
	assert_fails(RUN(aw_console_audit, "", "verb", "prove"), AW_INVALID, "--leaf");
	assert_fails(RUN(aw_console_audit, "", "verb", "prove", "leaf", "1", "old", "1"),
		AW_INVALID, "--leaf");
	assert_fails(RUN(aw_console_audit, "", "verb", "prove", "leaf", "2"), AW_NOT_FOUND,
		"not leaf 2");
	console_bench_close(&b);
}

static void
keys_are_rotated_and_all_open_afterwards(void **state)
{
	struct console_bench b;
	struct aw_console console;
	struct aw_error err = { 0 };
	int64_t count = 0, current = 0;

	(void)state;
	console_bench_open(&b, AW_HOUSE_KEYS | AW_HOUSE_POLICY);
	assert_ok(RUN(aw_console_key, "", "verb", "rotate"));
	assert_ok(RUN(aw_console_key, "", "verb", "check"));
	assert_false(console.failed);
	{
		AW_SCOPED(json, json_t *) json = answer(&b, &console);

		assert_true(aw_json_int(json, "keys", &count));
		assert_true(aw_json_int(json, "keys_current", &current));
		assert_true(count > 0); /* the log's own */
		assert_int_equal(count, current);
	}
	assert_fails(RUN(aw_console_key, "", "verb", "lose"), AW_INVALID, "rotate");
	console_bench_close(&b);
}

AW_TESTS(cmocka_unit_test(an_account_is_added_with_a_made_password_listed_disabled_and_enabled),
	cmocka_unit_test(an_accounts_last_day_is_set_in_any_written_form_and_taken_away),
	cmocka_unit_test(mistakes_of_the_user_command_say_what_to_do),
	cmocka_unit_test(what_commands_change_is_in_the_log_and_goes_out_under_public_names),
	cmocka_unit_test(verify_passes_and_fails_after_an_edited_row),
	cmocka_unit_test(proofs_are_written_and_hold_by_the_key_that_verify_prints),
	cmocka_unit_test(keys_are_rotated_and_all_open_afterwards))
