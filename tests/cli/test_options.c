/* Long options of a command. */
#include "cli/options.h"

#include "../testing.h"

static const char *db, *seed;
static bool rows;
static const struct aw_option options[] = {
	{ "db", "URL", "the database", &db, NULL, true },
	{ "seed", "N", "seed of the random numbers", &seed, NULL, false },
	{ "rows", NULL, "print the rows", NULL, &rows, false },
};
static const struct aw_usage usage = {
	.command = "try",
	.operands = "FILE...",
	.summary = "Tries.",
	.options = options,
	.option_count = AW_COUNT(options),
	.least_operands = 1,
	.most_operands = 2,
};

/* Reads a list of words; returns -1 when the command goes on, else its exit code. */
static int
read_words(const char *const *words, struct aw_operands *ret_operands)
{
	static char copies[8][32];
	static char *argv[9];
	int argc = 0, code = -2;

	db = seed = NULL;
	rows = false;
	for (; words[argc] != NULL; argc++) {
		(void)snprintf(copies[argc], sizeof(copies[argc]), "%s", words[argc]);
		argv[argc] = copies[argc];
	}
	argv[argc] = NULL;
	return aw_options_read(&usage, argc, argv, ret_operands, &code) ? -1 : code;
}

static void
options_and_operands_may_be_mixed(void **state)
{
	struct aw_operands operands = { 0 };

	(void)state;
	assert_int_equal(read_words((const char *const[]){ "try", "one", "--db", "sqlite:x",
					    "--rows", "--seed=7", "two", NULL },
				 &operands),
		-1);
	assert_string_equal(db, "sqlite:x");
	assert_string_equal(seed, "7");
	assert_true(rows);
	assert_int_equal(operands.count, 2);
	assert_string_equal(operands.at[0], "one");
	assert_string_equal(operands.at[1], "two");
}

static void
two_dashes_end_the_options_and_one_dash_is_an_operand(void **state)
{
	struct aw_operands operands = { 0 };

	(void)state;
	assert_int_equal(
		read_words((const char *const[]){ "try", "--db", "u", "-", "--", "--rows", NULL },
			&operands),
		-1);
	assert_false(rows);
	assert_int_equal(operands.count, 2);
	assert_string_equal(operands.at[0], "-");
	assert_string_equal(operands.at[1], "--rows");
}

static void
bad_usage_ends_with_2(void **state)
{
	static const char *const bad[][6] = {
		{ "try", "one", NULL },			      /* required option */
		{ "try", "--db", "u", NULL },		      /* operand missing */
		{ "try", "--db", "u", "--wrong", "f", NULL }, /* unknown option */
		{ "try", "--dbx=u", "f", NULL },	      /* name cut short */
		{ "try", "--db=u", "f", "--rows=1", NULL },   /* flag with a value */
		{ "try", "f", "--db", NULL },		      /* value missing */
		{ "try", "-d", "u", "f", NULL },	      /* one dash */
		{ "try", "--db=u", "a", "b", "c", NULL },     /* too many */
	};
	struct aw_operands operands = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++)
		assert_int_equal(read_words(bad[i], &operands), 2);
}

static void
help_ends_with_0_before_anything_is_required(void **state)
{
	struct aw_operands operands = { 0 };

	(void)state;
	assert_int_equal(read_words((const char *const[]){ "try", "--help", NULL }, &operands), 0);
}

static void
numbers_are_whole_and_within_their_bounds(void **state)
{
	struct aw_error err = { 0 };
	int64_t value = 5;

	(void)state;
	assert_ok(aw_option_int("seed", NULL, 0, 9, &value, &err));
	assert_int_equal(value, 5);
	assert_ok(aw_option_int("seed", "9", 0, 9, &value, &err));
	assert_int_equal(value, 9);
	assert_fails(aw_option_int("seed", "10", 0, 9, &value, &err), AW_INVALID, "--seed");
	assert_fails(aw_option_int("seed", "1x", 0, 9, &value, &err), AW_INVALID, "--seed");
	assert_int_equal(value, 9);
}

AW_TESTS(cmocka_unit_test(options_and_operands_may_be_mixed),
	cmocka_unit_test(two_dashes_end_the_options_and_one_dash_is_an_operand),
	cmocka_unit_test(bad_usage_ends_with_2),
	cmocka_unit_test(help_ends_with_0_before_anything_is_required),
	cmocka_unit_test(numbers_are_whole_and_within_their_bounds))
