/* tests/base/error - an error says where, wraps outward, and maps to one code each. */
#include "../testing.h"

static void
an_error_says_where(void **state)
{
	struct aw_error err;
	char text[640];

	(void)state;
	assert_int_equal(
		aw_fail_at(&err, "units.yaml", 12, 3, "unknown district %s", "中東"), AW_INVALID);
	aw_error_format(&err, text, sizeof(text));
	assert_string_equal(text, "units.yaml:12:3: unknown district 中東");
}

static void
wrapping_puts_the_context_first(void **state)
{
	struct aw_error err;

	(void)state;
	(void)aw_fail(&err, AW_CONFLICT, "already accepted");
	assert_int_equal(aw_wrap(&err, "accept dispatch %d", 7), AW_CONFLICT);
	assert_string_equal(err.text, "accept dispatch 7: already accepted");
}

static void
each_status_has_a_name_and_codes(void **state)
{
	(void)state;
	for (int s = AW_OK; s <= AW_INTERNAL; s++) {
		assert_non_null(aw_status_name((enum aw_status)s));
		assert_in_range(aw_status_http((enum aw_status)s), 200, 599);
		assert_in_range(aw_status_exit((enum aw_status)s), 0, 3);
	}
}

static void
a_long_text_is_cut_not_overrun(void **state)
{
	struct aw_error err;
	char words[2000];

	(void)state;
	memset(words, 'x', sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	(void)aw_fail(&err, AW_IO, "%s", words);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	(void)aw_wrap(&err, "%s", words);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

AW_TESTS(cmocka_unit_test(an_error_says_where), cmocka_unit_test(wrapping_puts_the_context_first),
	cmocka_unit_test(each_status_has_a_name_and_codes),
	cmocka_unit_test(a_long_text_is_cut_not_overrun))
