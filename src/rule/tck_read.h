/**
 * rule/tck_read - files of the kit's cases; for tck.c and tck_read.c alone.
 * Layer: rule.
 */
#ifndef AW_RULE_TCK_READ_H
#define AW_RULE_TCK_READ_H

#include "rule/model.h"

struct aw_tck_node {
	const char *name;
	struct aw_value value;
};

struct aw_tck_case {
	const char *id;
	const char *model;     /* file name */
	const char *invocable; /* NULL: results are decisions */
	struct aw_tck_node *inputs, *results;
	size_t input_count, input_room, result_count, result_room;
};

struct aw_tck_cases {
	struct aw_tck_case *at;
	size_t count, room;
};

/** Adds the cases of a file. A file that is XML but holds no cases adds none. */
AW_MUST_CHECK enum aw_status aw_tck_read(
	struct aw_arena *arena, const char *path, struct aw_tck_cases *cases, struct aw_error *err);

#endif
