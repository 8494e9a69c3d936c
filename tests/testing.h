/**
 * tests/testing - cmocka with the headers it needs, and a main() per module.
 *
 * A module's test file ends in AW_TESTS(cmocka_unit_test(a_sentence), ...). A test that is not
 * listed is an unused static function, which the warnings refuse.
 */
#ifndef AW_TESTS_TESTING_H
#define AW_TESTS_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

#define AW_TESTS(...)                                                                              \
	int main(void)                                                                             \
	{                                                                                          \
		const struct CMUnitTest tests[] = { __VA_ARGS__ };                                 \
		cmocka_set_message_output(CM_OUTPUT_TAP);                                          \
		return cmocka_run_group_tests(tests, NULL, NULL);                                  \
	}

/* Fails the test with the error's own words when call is not AW_OK. err must be in scope. */
#define assert_ok(call)                                                                            \
	do {                                                                                       \
		if ((call) != AW_OK) {                                                             \
			char aw_text_[640];                                                        \
			aw_error_format(&err, aw_text_, sizeof(aw_text_));                         \
			fail_msg("%s: %s", #call, aw_text_);                                       \
		}                                                                                  \
	} while (0)

/* Fails the test unless call gives that status, with a text that holds `words`. */
#define assert_fails(call, expected_status, words)                                                 \
	do {                                                                                       \
		assert_int_equal((call), (expected_status));                                       \
		if (strstr(err.text, (words)) == NULL)                                             \
			fail_msg("the error says \"%s\", not \"%s\"", err.text, (words));          \
	} while (0)

/* The test data folder, and the project's own; the test fails where it is absent. */
static inline const char *
testdata_dir(void)
{
	const char *dir = getenv("ANWANG_TESTDATA");

	if (dir == NULL || dir[0] == '\0')
		fail_msg("ANWANG_TESTDATA is not set");
	return dir;
}

static inline const char *
source_dir(void)
{
	const char *dir = getenv("ANWANG_SOURCE");

	if (dir == NULL || dir[0] == '\0')
		fail_msg("ANWANG_SOURCE is not set");
	return dir;
}

#endif
