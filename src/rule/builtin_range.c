/* rule/builtin - relations of points and ranges (Allen's), and range(). */
#include <string.h>

#include "rule/builtin.h"

/* A point is a range whose ends are the same and closed. */
struct span {
	struct aw_value low, high;
	bool low_in, high_in, point;
};

static bool
span_of(struct aw_value v, struct span *ret)
{
	if (v.kind == AW_VALUE_NULL || v.kind == AW_VALUE_LIST || v.kind == AW_VALUE_CONTEXT ||
		v.kind == AW_VALUE_FLAG || v.kind == AW_VALUE_FUNCTION)
		return false;
	if (v.kind == AW_VALUE_RANGE)
		*ret = (struct span){ v.u.range->low, v.u.range->high, v.u.range->low_closed,
			v.u.range->high_closed, false };
	else
		*ret = (struct span){ v, v, true, true, true };
	return true;
}

/* Compares two ends; sets *bad when they cannot be compared. */
static int
order_of(struct aw_value a, struct aw_value b, bool *bad)
{
	int order = 0;

	if (!aw_value_compare(a, b, &order))
		*bad = true;
	return order;
}

static bool
before(const struct span *a, const struct span *b, bool *bad)
{
	int order = order_of(a->high, b->low, bad);

	return order < 0 || (order == 0 && (!a->high_in || !b->low_in));
}

static bool
meets(const struct span *a, const struct span *b, bool *bad)
{
	return order_of(a->high, b->low, bad) == 0 && a->high_in && b->low_in;
}

/* Does a begin no later than b; and end no earlier? */
static bool
begins_by(const struct span *a, const struct span *b, bool *bad)
{
	int order = order_of(a->low, b->low, bad);

	return order < 0 || (order == 0 && (a->low_in || !b->low_in));
}

static bool
ends_by(const struct span *a, const struct span *b, bool *bad)
{
	int order = order_of(a->high, b->high, bad);

	return order < 0 || (order == 0 && (b->high_in || !a->high_in));
}

static bool
same_low(const struct span *a, const struct span *b, bool *bad)
{
	return order_of(a->low, b->low, bad) == 0 && a->low_in == b->low_in;
}

static bool
same_high(const struct span *a, const struct span *b, bool *bad)
{
	return order_of(a->high, b->high, bad) == 0 && a->high_in == b->high_in;
}

static bool
includes(const struct span *a, const struct span *b, bool *bad)
{
	return begins_by(a, b, bad) && ends_by(b, a, bad);
}

static bool
overlaps(const struct span *a, const struct span *b, bool *bad)
{
	return !before(a, b, bad) && !before(b, a, bad);
}

/* a begins first and they share something, and b goes on behind a. */
static bool
overlaps_before(const struct span *a, const struct span *b, bool *bad)
{
	int low = order_of(a->low, b->low, bad), high = order_of(a->high, b->high, bad);
	bool first = low < 0 || (low == 0 && a->low_in && !b->low_in);
	bool within = high < 0 || (high == 0 && (!a->high_in || b->high_in));

	return first && within && !before(a, b, bad);
}

static bool
overlaps_after(const struct span *a, const struct span *b, bool *bad)
{
	int low = order_of(a->low, b->low, bad), high = order_of(a->high, b->high, bad);
	bool last = high > 0 || (high == 0 && (a->high_in || !b->high_in));
	bool within = low > 0 || (low == 0 && !a->low_in && b->low_in);

	return last && within && !before(b, a, bad);
}

static bool
starts(const struct span *a, const struct span *b, bool *bad)
{
	if (a->point)
		return order_of(a->low, b->low, bad) == 0 && b->low_in;
	return same_low(a, b, bad) && ends_by(a, b, bad);
}

static bool
finishes(const struct span *a, const struct span *b, bool *bad)
{
	if (a->point)
		return order_of(a->high, b->high, bad) == 0 && b->high_in;
	return same_high(a, b, bad) && begins_by(b, a, bad);
}

static bool
coincides(const struct span *a, const struct span *b, bool *bad)
{
	return same_low(a, b, bad) && same_high(a, b, bad);
}

typedef bool relation_fn(const struct span *a, const struct span *b, bool *bad);

static const struct {
	const char *name;
	relation_fn *holds;
	bool swapped; /* the relation of b to a */
	bool ranges;  /* not for a point on the first (or, swapped, second) side... */
	bool both_ranges;
} relations[] = {
	{ "before", before, false, false, false },
	{ "after", before, true, false, false },
	{ "meets", meets, false, true, true },
	{ "met by", meets, true, true, true },
	{ "overlaps", overlaps, false, true, true },
	{ "overlaps before", overlaps_before, false, true, true },
	{ "overlaps after", overlaps_after, false, true, true },
	{ "finishes", finishes, false, true, false },
	{ "finished by", finishes, true, true, false },
	{ "includes", includes, false, true, false },
	{ "during", includes, true, true, false },
	{ "starts", starts, false, true, false },
	{ "started by", starts, true, true, false },
	{ "coincides", coincides, false, false, false },
};

static struct aw_value
call_relation(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct span a, b;
	bool bad = false;

	(void)count;
	if (!span_of(args[0], &a) || !span_of(args[1], &b)) {
		aw_run_note(run, NULL, "%s needs points or ranges", c->name);
		return aw_null;
	}
	for (size_t i = 0; i < AW_COUNT(relations); i++) {
		if (strcmp(relations[i].name, c->name) != 0)
			continue;
		const struct span *x = relations[i].swapped ? &b : &a;
		const struct span *y = relations[i].swapped ? &a : &b;
		/* the larger side has to be a range: the first of includes, the second of the others */
		const struct span *larger = relations[i].holds == includes ? x : y;

		if ((relations[i].ranges && larger->point) ||
			(relations[i].both_ranges && (x->point || y->point)) ||
			(relations[i].holds == coincides && x->point != y->point))
			break;
		bool holds = relations[i].holds(x, y, &bad);

		if (!bad)
			return aw_value_flag(holds);
	}
	aw_run_note(run, NULL, "these cannot be related by %s", c->name);
	return aw_null;
}

/* An end of range("..."): a literal, or a call of a date function on a literal. */
static bool
is_plain_end(const struct aw_node *node)
{
	if (node->op == AW_OP_LITERAL)
		return true;
	if (node->op == AW_OP_NEG)
		return is_plain_end(node->kids[0]);
	if (node->op != AW_OP_CALL || node->count != 2 || node->kids[1]->op != AW_OP_LITERAL)
		return false;
	const struct aw_node *callee = node->kids[0];

	return callee->op == AW_OP_NAME &&
	       (aw_str_is(callee->text, "date") || aw_str_is(callee->text, "time") ||
		       aw_str_is(callee->text, "date and time") ||
		       aw_str_is(callee->text, "duration"));
}

static struct aw_value
call_range(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_names names = { .arena = run->arena };
	struct aw_node *node;
	struct aw_error err = { 0 };
	struct aw_str text;

	(void)c;
	if (!aw_arg_text(run, args, count, 0, &text) || text.len == 0)
		return aw_null;
	aw_names_add_builtin(&names);
	if (aw_feel_parse(run->arena, text, &names, &node, &err) != AW_OK ||
		node->op != AW_OP_RANGE || !is_plain_end(node->kids[0]) ||
		!is_plain_end(node->kids[1])) {
		aw_run_note(run, NULL, "this text is not a range of literal values");
		return aw_null;
	}
	struct aw_value v = aw_eval(run, NULL, node);

	if (v.kind == AW_VALUE_RANGE && v.u.range->low.kind == AW_VALUE_NULL &&
		v.u.range->high.kind == AW_VALUE_NULL)
		return aw_null;
	return v;
}

#define P AW_PARAM
#define RELATION(title)                                                                            \
	AW_BUILTIN(call_relation, title, 2, P("point1"), P("point2")),                             \
		AW_BUILTIN(call_relation, title, 2, P("range1"), P("range2")),                     \
		AW_BUILTIN(call_relation, title, 2, P("point"), P("range")),                       \
		AW_BUILTIN(call_relation, title, 2, P("range"), P("point"))
static const struct aw_closure functions[] = {
	RELATION("before"),
	RELATION("after"),
	RELATION("meets"),
	RELATION("met by"),
	RELATION("overlaps"),
	RELATION("overlaps before"),
	RELATION("overlaps after"),
	RELATION("finishes"),
	RELATION("finished by"),
	RELATION("includes"),
	RELATION("during"),
	RELATION("starts"),
	RELATION("started by"),
	RELATION("coincides"),
	AW_BUILTIN(call_range, "range", 1, P("from")),
};
const struct aw_builtin_table aw_builtin_ranges = { functions, AW_COUNT(functions) };
