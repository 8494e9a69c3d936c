/**
 * rule/model - a DMN file, read and ready to decide with.
 * Layer: rule.  Threads: a model never changes once loaded and may be shared.
 * Example: tests/rule/test_model.c
 *
 * Reads DMN 1.2 to 1.5, told apart by the namespace of the outermost element (OMG DMN 1.2 to 1.5, machine
 * readable files): what is read here means the same in each. A file that mixes two of them is refused, for
 * what stands in the other one would be passed over without a word. The XML may hold no document type
 * and no entities; nothing is fetched.
 */
#ifndef AW_RULE_MODEL_H
#define AW_RULE_MODEL_H

#include "rule/eval.h"
#include "rule/table.h"

#define AW_DMN_SIZE_LIMIT ((size_t)8 << 20)

enum aw_box_kind {
	AW_BOX_LITERAL,
	AW_BOX_TABLE,
	AW_BOX_INVOCATION, /* kids: callee, then one a name */
	AW_BOX_CONTEXT,	   /* kids and names; a last one without a name is the result */
	AW_BOX_RELATION,   /* names: columns; kids row by row */
	AW_BOX_LIST,
	AW_BOX_FUNCTION,    /* names, types: parameters; kid 0 */
	AW_BOX_CONDITIONAL, /* if, then, else */
	AW_BOX_FILTER,	    /* in, match */
	AW_BOX_FOR,	    /* in, return; name 0 */
	AW_BOX_SOME,
	AW_BOX_EVERY,
};

/* A boxed expression. */
struct aw_box {
	enum aw_box_kind kind;
	uint32_t line;
	struct aw_str text;
	const struct aw_node *node; /* LITERAL; NULL: it does not parse, see problem */
	const char *problem;
	const struct aw_type *type; /* NULL: any */
	const struct aw_table *table;
	struct aw_box **kids;
	size_t count, room;
	struct aw_str *names;
	const struct aw_type **types;
	size_t name_count, name_room, type_count, type_room;
	bool external; /* a function in another language */
};

enum aw_dmn_kind { AW_DMN_INPUT, AW_DMN_DECISION, AW_DMN_KNOWLEDGE, AW_DMN_SERVICE };

struct aw_dmn_item;

/* A requirement: of an item, perhaps of an imported model (then by the import's name). */
struct aw_dmn_need {
	const struct aw_dmn_item *item;
	struct aw_str import; /* empty: of this model, or imported without a name */
};

struct aw_dmn_needs {
	struct aw_dmn_need *at;
	size_t count, room;
};

/* Input data, a decision, a business knowledge model or a decision service. */
struct aw_dmn_item {
	enum aw_dmn_kind kind;
	const struct aw_dmn_model *model;
	const char *id;
	struct aw_str name;
	const char *label; /* what people call it; name where the file says nothing */
	const struct aw_type *type;
	uint32_t line;
	size_t at; /* its place among the model's items */
	struct aw_dmn_needs needs;
	struct aw_dmn_needs outputs; /* SERVICE: output decisions; inputs are in needs */
	struct aw_box *box;	     /* DECISION, KNOWLEDGE; NULL: without logic */
};

struct aw_dmn_import {
	struct aw_str name;
	const char *target; /* namespace */
	const struct aw_dmn_model *model;
};

/* What is wrong with an expression of the model (it is worth null), or with the model (lint). */
struct aw_dmn_problem {
	struct aw_dmn_problem *next;
	uint32_t line, column;
	const char *text;
};

struct aw_dmn_model {
	struct aw_arena *arena;
	const char *file;
	const char *target; /* namespace */
	const char *name;
	struct aw_types types;
	struct aw_names names;
	struct aw_dmn_item **items;
	size_t item_count, item_room;
	struct aw_dmn_item **by_id; /* those that have one, sorted; the first of equal ones first */
	size_t by_id_count;
	struct aw_dmn_import *imports;
	size_t import_count, import_room;
	struct aw_dmn_problem *problems; /* by line */
};

struct aw_dmn_options {
	const char *file; /* names the input in errors */
	const struct aw_dmn_model *const
		*others; /* models that may be imported, all loaded before */
	size_t other_count;
	/* An expression that does not parse is an error, not a problem; so are, in tables and literal
	 * expressions, a name that nothing in scope has, two items of one id or one name, and a
	 * decision that requires itself. */
	bool strict;
	bool lint; /* ... all of these, and what else breaks a model, are problems: to be told at once */
};

/**
 * Loads a model into the arena, which must outlive it. Errors: AW_INVALID with file, line (and column
 * where it is an expression) for XML that is not well-formed or not DMN, a reference to nothing, a
 * table whose rules do not fit its columns; AW_NOT_FOUND for an import that is not among the others;
 * AW_TOO_LARGE.
 */
AW_MUST_CHECK enum aw_status
aw_dmn_load(struct aw_arena *arena, struct aw_str xml, const struct aw_dmn_options *options,
	const struct aw_dmn_model **ret_model, struct aw_error *err);

/** By id, else by name; NULL if there is none of the kind. */
const struct aw_dmn_item *
aw_dmn_find(const struct aw_dmn_model *model, enum aw_dmn_kind kind, const char *id_or_name);

/* A value for an input. */
struct aw_dmn_input {
	const char *name;
	struct aw_value value;
	const struct aw_value *others; /* what else it may be, when it is not certain */
	size_t other_count;
	const char *source; /* for the explanation; may be NULL */
};

struct aw_dmn_case {
	const struct aw_dmn_input *inputs; /* an input that is not here, or null, is unknown */
	size_t input_count;
	int64_t now_ms;
};

/**
 * Decides: the value of a decision with all that it requires. Never fails: nulls are noted in the
 * explanation's diagnostics. explain may be NULL; with it, the record of every table is made, which
 * costs about as much again as deciding.
 */
struct aw_value aw_dmn_decide(struct aw_arena *arena, const struct aw_dmn_item *decision,
	const struct aw_dmn_case *the_case, struct aw_explain *explain);

/** Calls a decision service or knowledge model with inputs by parameter name. */
struct aw_value aw_dmn_invoke(struct aw_arena *arena, const struct aw_dmn_item *item,
	const struct aw_dmn_case *the_case, struct aw_explain *explain);

#endif
