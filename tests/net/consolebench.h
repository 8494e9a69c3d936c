/* A city of its own behind the commands of the console: opened, asked as the console asks, closed. */
#ifndef AW_TESTS_CONSOLEBENCH_H
#define AW_TESTS_CONSOLEBENCH_H

#include "../testdb.h"
#include "net/console_serve.h"
#include "policy/policy.h"

struct console_bench {
	struct testdb db;
	struct aw_house house;
	struct aw_arena arena;
	struct aw_viewer viewer;
	char policy[512];
};

/* Opens a house over a database of the same keys. */
static inline void
console_bench_house(struct console_bench *b, const char *url, unsigned parts)
{
	struct aw_error err = { 0 };

	assert_ok(aw_house_open(
		&(struct aw_house_options){ .url = url, .policy_dir = b->policy, .parts = parts },
		&b->house, &err));
}

/* parts: of the house, see net/house.h. */
static inline void
console_bench_open(struct console_bench *b, unsigned parts)
{
	*b = (struct console_bench){ 0 };
	testdb_open(&b->db);
	testdb_shut(&b->db);
	(void)snprintf(b->policy, sizeof(b->policy), "%s/policy/keelung", source_dir());
	(void)setenv("ANWANG_KEY_FILE", b->db.key_path, 1);
	console_bench_house(b, b->db.url, parts);
	b->viewer = aw_console_viewer(&b->arena, "root");
}

static inline void
console_bench_close(struct console_bench *b)
{
	aw_house_done(&b->house);
	(void)unsetenv("ANWANG_KEY_FILE");
	testdb_reopen(&b->db);
	testdb_close(&b->db);
	aw_arena_done(&b->arena);
}

/* For tests that need the whole house and nothing more. */
static inline int
console_bench_setup(void **state)
{
	struct console_bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	console_bench_open(b, AW_HOUSE_ALL);
	*state = b;
	return 0;
}

static inline int
console_bench_teardown(void **state)
{
	console_bench_close(*state);
	free(*state);
	return 0;
}

#define CONSOLE_TEST(test)                                                                         \
	cmocka_unit_test_setup_teardown(test, console_bench_setup, console_bench_teardown)

/* Runs a command given as name, value, ..., NULL; what it wrote is in console->out. */
static inline enum aw_status
console_bench_run(struct console_bench *b, aw_console_fn *fn, const char *body,
	const char *const *pairs, struct aw_console *console, struct aw_error *err)
{
	struct aw_form_value *values = AW_NEW_ARRAY(&b->arena, struct aw_form_value, 10);

	*console = (struct aw_console){ .house = &b->house,
		.arena = &b->arena,
		.viewer = &b->viewer,
		.values = values,
		.body = aw_str(body),
		.out = { .arena = &b->arena } };
	for (; *pairs != NULL; pairs += 2)
		values[console->value_count++] = (struct aw_form_value){ pairs[0], pairs[1] };
	return fn(console, err);
}

#endif
