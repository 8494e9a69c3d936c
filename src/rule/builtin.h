/**
 * rule/builtin - FEEL's own functions, by file; for builtin*.c alone.
 * Layer: rule.
 *
 * An argument is taken as it is or, where the function wants another kind, out of a list of one.
 */
#ifndef AW_RULE_BUILTIN_H
#define AW_RULE_BUILTIN_H

#include "rule/eval.h"

struct aw_builtin_table {
	const struct aw_closure *at;
	size_t count;
};

extern const struct aw_builtin_table aw_builtin_numbers, aw_builtin_texts, aw_builtin_lists,
	aw_builtin_contexts, aw_builtin_times, aw_builtin_ranges;

#define AW_BUILTIN(fn, title, least, ...)                                                          \
	{                                                                                          \
		.call = (fn), .name = (title), .least_count = (least),                             \
		.params = (const struct aw_str[]){ __VA_ARGS__ },                                  \
		.param_count =                                                                     \
			sizeof((const struct aw_str[]){ __VA_ARGS__ }) / sizeof(struct aw_str)     \
	}
#define AW_PARAM(text)                                                                             \
	{                                                                                          \
		(text), sizeof(text) - 1                                                           \
	}

/** Takes a list of one apart unless a list is wanted. */
struct aw_value
aw_arg(const struct aw_value *args, size_t count, size_t i, enum aw_value_kind kind);
/** Reads an argument; false, with a note, when it is not of the kind. */
bool aw_arg_number(struct aw_run *run, const struct aw_value *args, size_t count, size_t i,
	struct aw_num *ret);
bool
aw_arg_int(struct aw_run *run, const struct aw_value *args, size_t count, size_t i, int64_t *ret);
bool aw_arg_text(struct aw_run *run, const struct aw_value *args, size_t count, size_t i,
	struct aw_str *ret);
/** A list, or one element as a list of one; false for null. */
bool aw_arg_list(struct aw_run *run, const struct aw_value *args, size_t count, size_t i,
	const struct aw_list **ret);

#endif
