/**
 * rule/regex - the regular expressions of XPath that FEEL's matches, replace and split use.
 * Layer: rule.  Threads: plain data in an arena.  Example: tests/rule/test_regex.c
 *
 * A backtracking machine with a step limit: an expression that would run for ever gives up, which
 * FEEL sees as null. Letters beyond ASCII count as \w and \p{L}; case is folded for Latin, Greek
 * and Cyrillic letters (rule/fold.h).
 */
#ifndef AW_RULE_REGEX_H
#define AW_RULE_REGEX_H

#include "base/str.h"

enum { AW_REGEX_GROUPS = 32 };

struct aw_regex; /* compiled */

struct aw_regex_match {
	size_t from[AW_REGEX_GROUPS], to[AW_REGEX_GROUPS]; /* bytes; SIZE_MAX: did not take part */
};

/** flags: of "smixq". NULL when the expression or a flag is not valid. */
const struct aw_regex *
aw_regex_compile(struct aw_arena *arena, struct aw_str pattern, struct aw_str flags);
size_t aw_regex_group_count(const struct aw_regex *regex);

enum aw_regex_answer { AW_REGEX_NO, AW_REGEX_YES, AW_REGEX_GAVE_UP };

/** The first match that begins at or behind `start`. */
enum aw_regex_answer aw_regex_find(struct aw_arena *arena, const struct aw_regex *regex,
	struct aw_str text, size_t start, struct aw_regex_match *ret_match);

#endif
