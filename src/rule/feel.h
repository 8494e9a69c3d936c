/**
 * rule/feel - the expression language of DMN: text to tree.
 * Layer: rule.  Threads: a tree never changes once made.  Example: tests/rule/test_feel.c
 *
 * FEEL's names may hold spaces and operators ("Loan - Amount", "date and time"), so the reader has
 * to know the names in scope: at each name it takes the longest that fits. Precedence, lowest
 * first: or, and, comparison (= != < <= > >= between in), + -, * /, ** (left), unary minus,
 * instance of, and . [] () behind a primary.
 */
#ifndef AW_RULE_FEEL_H
#define AW_RULE_FEEL_H

#include "rule/value.h"

enum aw_op {
	AW_OP_LITERAL, /* value */
	AW_OP_NAME,    /* text; "?" is a name; value: the built-in of that name, else null */
	AW_OP_OR,      /* kids 0 1, as for all down to POW */
	AW_OP_AND,
	AW_OP_EQ,
	AW_OP_NE,
	AW_OP_LT,
	AW_OP_LE,
	AW_OP_GT,
	AW_OP_GE,
	AW_OP_ADD,
	AW_OP_SUB,
	AW_OP_MUL,
	AW_OP_DIV,
	AW_OP_POW,
	AW_OP_NEG,	/* kid 0 */
	AW_OP_BETWEEN,	/* value, low, high */
	AW_OP_IN,	/* value, tests */
	AW_OP_INSTANCE, /* kid 0, type */
	AW_OP_PATH,	/* kid 0, text */
	AW_OP_FILTER,	/* list, condition */
	AW_OP_CALL,	/* callee, arguments; names when they are named */
	AW_OP_FUNCTION, /* body; names and types of parameters */
	AW_OP_IF,	/* condition, then, else */
	AW_OP_FOR,	/* domains, then body; names of iterators */
	AW_OP_SOME,	/* as FOR */
	AW_OP_EVERY,
	AW_OP_SPAN, /* a..b as a domain of iteration */
	AW_OP_LIST,
	AW_OP_CONTEXT, /* names */
	AW_OP_RANGE,   /* low, high; low_closed, high_closed */
	AW_OP_COMPARE, /* a comparison without a left side: (< 5), as a test or a range; `compare` */
	AW_OP_TESTS,   /* unary tests; negated */
	AW_OP_ANY,     /* - */
};

struct aw_type; /* rule/type.h */

struct aw_node {
	enum aw_op op;
	enum aw_op compare;
	uint32_t at; /* byte in the text */
	bool low_closed, high_closed, negated;
	bool asks; /* holds a "?" */
	struct aw_str text;
	struct aw_value value;
	struct aw_node **kids;
	size_t count, room;
	struct aw_str *names; /* NULL: none */
	const struct aw_type **types;
	size_t name_count, name_room;
};

/* Names that may stand in expressions. Plain identifiers need not be here. */
struct aw_names {
	struct aw_arena *arena;
	struct aw_str *at;	  /* as they are called */
	struct aw_str *canonical; /* without spaces around operators */
	size_t count, room, canonical_room;
};

/** Adds a name; plain identifiers are passed over. */
void aw_names_add(struct aw_names *names, struct aw_str name);
/** Adds the names of FEEL's own functions and properties. */
void aw_names_add_builtin(struct aw_names *names);
/** White space at the ends off, runs of it inside made one space. */
struct aw_str aw_name_trim(struct aw_arena *arena, struct aw_str name);

/**
 * Parses an expression, or the unary tests of an input entry ("-", "< 5, [7..9]", "not(...)").
 * names may grow (keys of contexts in the text). Errors: AW_INVALID with line and column in the
 * text and what was expected; AW_TOO_LARGE for text nested deeper than 200.
 */
AW_MUST_CHECK enum aw_status aw_feel_parse(struct aw_arena *arena, struct aw_str text,
	struct aw_names *names, struct aw_node **ret_node, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_feel_parse_tests(struct aw_arena *arena, struct aw_str text,
	struct aw_names *names, struct aw_node **ret_node, struct aw_error *err);

#endif
