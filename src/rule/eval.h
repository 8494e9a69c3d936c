/**
 * rule/eval - what a FEEL tree is worth in a scope.
 * Layer: rule.  Threads: a run belongs to one thread; trees and types are shared and constant.
 * Example: tests/rule/test_feel.c
 *
 * Nothing here fails: where FEEL says null for a mistake (a text times a number, a name that nobody
 * knows) the value is null and a diagnostic with its place is kept in the run. A run stops at its
 * step limit: everything is null from then on, and says so.
 */
#ifndef AW_RULE_EVAL_H
#define AW_RULE_EVAL_H

#include "rule/explain.h"
#include "rule/feel.h"
#include "rule/type.h"

#define AW_RUN_STEPS UINT64_C(1000000)

/* One evaluation: of an expression, or of a decision with all that it requires. */
struct aw_run {
	struct aw_arena *arena;
	const struct aw_types *types;
	int64_t now_ms; /* the case's own time: now() and today() */
	uint64_t steps;
	int depth;
	bool exhausted;
	/* where we are, for diagnostics */
	const char *decision;
	const char *place;
	uint32_t line;
	struct aw_str text;
	struct aw_diagnostic *diagnostics, *last;
	size_t diagnostic_count;
};

/* Names in scope, innermost first. */
struct aw_scope {
	const struct aw_scope *parent;
	const struct aw_context *names;
};

struct aw_closure;
typedef struct aw_value aw_call_fn(struct aw_run *run, const struct aw_closure *closure,
	const struct aw_value *args, size_t count);

/* A function as a value: written in FEEL, built in, or of the model. */
struct aw_closure {
	aw_call_fn *call;
	const char *name; /* NULL: without a name */
	const struct aw_str *params;
	const struct aw_type *const *types; /* NULL: any */
	size_t param_count, least_count;
	bool variadic; /* built in: several arguments count as one list */
	const struct aw_type *result;
	const struct aw_types *type_scope;
	const struct aw_node *body; /* FEEL */
	const struct aw_scope *scope;
	const void *self; /* the model's */
};

/** The value of an expression. */
struct aw_value
aw_eval(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node);
/** Does v meet the unary tests? null where FEEL cannot say. */
enum aw_truth aw_eval_tests(struct aw_run *run, const struct aw_scope *scope,
	const struct aw_node *tests, struct aw_value v);
/** Is v "in" what a value stands for: a range, a list, an equal value? */
enum aw_truth aw_value_in(struct aw_value v, struct aw_value set);

/** Calls a function value with coerced arguments. */
struct aw_value aw_call(struct aw_run *run, const struct aw_closure *closure,
	const struct aw_value *args, size_t count);
/** The first built-in of that name, NULL if there is none. */
const struct aw_closure *aw_builtin_find(struct aw_str name);
/** The next one of the same name, for other parameters. */
const struct aw_closure *aw_builtin_next(const struct aw_closure *closure);

/** NULL if no such name is in scope. */
const struct aw_value *aw_scope_find(const struct aw_scope *scope, struct aw_str name);

/** Notes a null that FEEL gives silently. node may be NULL. */
void
aw_run_note(struct aw_run *run, const struct aw_node *node, const char *fmt, ...) AW_PRINTF(3, 4);

/* The parts of aw_eval that stand in files of their own. */
struct aw_value aw_eval_for(struct aw_run *, const struct aw_scope *, const struct aw_node *);
struct aw_value
aw_eval_quantified(struct aw_run *, const struct aw_scope *, const struct aw_node *);
struct aw_value aw_eval_filter(struct aw_run *, const struct aw_scope *, const struct aw_node *);
struct aw_value aw_eval_path(struct aw_run *, const struct aw_scope *, const struct aw_node *);
struct aw_value aw_eval_call(struct aw_run *, const struct aw_scope *, const struct aw_node *);
struct aw_value aw_eval_function(struct aw_run *, const struct aw_scope *, const struct aw_node *);

/** base.name for contexts, temporal values, ranges, and lists of them. */
struct aw_value aw_value_path(
	struct aw_run *run, const struct aw_node *node, struct aw_value base, struct aw_str name);
/** The elements of a value as a list: itself, its days or whole numbers, or [v]; null is empty. */
const struct aw_list *aw_value_elements(struct aw_run *run, struct aw_value v);

#endif
