/**
 * rule/type - FEEL's types and a model's item definitions: does a value conform, and coercion.
 * Layer: rule.  Threads: types never change once a model is loaded.  Example: tests/rule/test_type.c
 */
#ifndef AW_RULE_TYPE_H
#define AW_RULE_TYPE_H

#include "rule/value.h"

struct aw_node;

enum aw_type_kind {
	AW_TYPE_ANY,
	AW_TYPE_BASIC, /* of `basic` */
	AW_TYPE_LIST,  /* of `of` */
	AW_TYPE_CONTEXT,
	AW_TYPE_RANGE,
	AW_TYPE_FUNCTION,
	AW_TYPE_NAMED, /* an item definition, found by name when it is used */
};

struct aw_type_field {
	struct aw_str name;
	const struct aw_type *type;
};

struct aw_type {
	enum aw_type_kind kind;
	enum aw_value_kind basic;
	bool days_or_months; /* the type "duration" */
	struct aw_str name;
	const struct aw_type *of;     /* LIST, RANGE; FUNCTION: result */
	struct aw_type_field *fields; /* CONTEXT; FUNCTION: parameters */
	size_t field_count, field_room;
	const struct aw_node *allowed; /* unary tests, NULL: none */
	bool allowed_whole;	       /* typeConstraint: of the list as a whole */
	const char *allowed_text;
};

extern const struct aw_type aw_type_any;

/** A built-in type by name ("number", "date and time"); NULL if it is none. */
const struct aw_type *aw_type_builtin(struct aw_str name);

/* Where names of types are found. */
struct aw_types {
	struct aw_arena *arena;
	struct aw_type **at;
	size_t count, room;
	const struct aw_types *parent;
};

/** The type that a name stands for: built in or defined; ANY for an unknown one. */
const struct aw_type *aw_type_find(const struct aw_types *types, struct aw_str name);
const struct aw_type *aw_type_resolve(const struct aw_types *types, const struct aw_type *type);

struct aw_run; /* rule/eval.h: allowed values are expressions */

/** Does v conform? null conforms to every type (but not in `instance of`). */
bool aw_type_has(struct aw_run *run, const struct aw_types *types, const struct aw_type *type,
	struct aw_value v);
/** v, or the element of a one-element list, or a one-element list of v, whichever conforms;
 *  null when none does (*ret_ok false). Dates in text are not converted. */
struct aw_value aw_type_coerce(struct aw_run *run, const struct aw_types *types,
	const struct aw_type *type, struct aw_value v, bool *ret_ok);
/** Turns texts of an outside input (JSON) into dates, times and durations where the type says so. */
struct aw_value aw_type_read(struct aw_arena *arena, const struct aw_types *types,
	const struct aw_type *type, struct aw_value v);

#endif
