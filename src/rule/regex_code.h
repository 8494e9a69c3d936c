/**
 * rule/regex_code - the program of a regular expression; for regex.c and regex_run.c alone.
 * Layer: rule.
 */
#ifndef AW_RULE_REGEX_CODE_H
#define AW_RULE_REGEX_CODE_H

#include "rule/regex.h"

enum aw_regex_op {
	AW_REGEX_CHAR, /* a: code point */
	AW_REGEX_DOT,
	AW_REGEX_SET,
	AW_REGEX_SPLIT, /* try a, then b */
	AW_REGEX_JUMP,	/* a */
	AW_REGEX_SAVE,	/* slot a */
	AW_REGEX_MARK,	/* remember the place in mark a */
	AW_REGEX_MOVED, /* fails unless the place has moved since mark a: no endless empty loops */
	AW_REGEX_START,
	AW_REGEX_END,
	AW_REGEX_BACK, /* group a again */
	AW_REGEX_MATCH,
};

struct aw_regex_range {
	uint32_t low, high;
};

/* A class that has a name: "d", "Lu", "IsGreek". Ends with a range whose high end is 0. */
struct aw_regex_named {
	const char *name;
	struct aw_regex_range ranges[10];
};
/** NULL if there is none of that name. */
const struct aw_regex_named *aw_regex_named(const char *name);

struct aw_regex_set {
	struct aw_regex_range *at;
	size_t count, room;
	bool inverted;
	const struct aw_regex_set *without;
};

struct aw_regex_step {
	enum aw_regex_op op;
	uint32_t a, b;
	const struct aw_regex_set *set;
};

struct aw_regex {
	struct aw_regex_step *code;
	size_t count, room;
	size_t groups, marks;
	bool closed[AW_REGEX_GROUPS];
	bool dot_all, lines, fold, extended, literal;
};

#endif
