/**
 * rule/tck - running the cases of the DMN Technology Compatibility Kit.
 * Layer: rule.  Threads: plain data in one arena.  Example: tests/rule/test_tck.c
 *
 * A test is a folder with models (*.dmn) and files of cases (*.xml). A case passes when each of its
 * results equals what is expected: numbers by value with a difference of at most 1e-8 (as the
 * kit's own runners have it), everything else exactly. Many cases of level 3 expect only null, so
 * cases with something else to expect are counted apart.
 */
#ifndef AW_RULE_TCK_H
#define AW_RULE_TCK_H

#include "base/arena.h"
#include "base/error.h"

struct aw_tck_count {
	int64_t passed, total;
};

struct aw_tck_failure {
	const char *test; /* folder */
	const char *id;	  /* of the case */
	const char *expected;
	const char *got; /* with the first diagnostic, when there is one */
};

struct aw_tck_test {
	const char *name; /* folder */
	struct aw_tck_count cases;
};

struct aw_tck_result {
	struct aw_tck_count cases, nonnull, tests;
	struct aw_tck_test *at; /* by name */
	size_t count, room;
	struct aw_tck_failure *failed;
	size_t failed_count, failed_room;
};

/** Called before each test folder, for a progress bar; may be NULL. */
typedef void aw_tck_progress_fn(void *arg, size_t done, size_t of, const char *test);

/**
 * Runs every case below dir. A model that does not load fails all its cases. Errors: AW_NOT_FOUND
 * when dir holds no case at all; AW_INVALID, with file and line, for a file of cases that cannot be read;
 * AW_IO.
 */
AW_MUST_CHECK enum aw_status
aw_tck_run(struct aw_arena *arena, const char *dir, aw_tck_progress_fn *progress, void *arg,
	struct aw_tck_result *ret_result, struct aw_error *err);

#endif
