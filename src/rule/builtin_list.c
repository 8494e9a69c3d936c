/* rule/builtin - lists, counting and logic over them. */
#include <string.h>

#include "rule/builtin.h"

/* Position from 1, negative from the end, to an index; false when there is no such element. */
static bool
index_of_position(const struct aw_list *list, int64_t position, size_t *ret)
{
	int64_t count = (int64_t)list->count;

	if (position == 0 || position > count || -position > count)
		return false;
	*ret = (size_t)(position > 0 ? position - 1 : count + position);
	return true;
}

static bool
same(struct aw_value a, struct aw_value b)
{
	return aw_value_equal(a, b) == AW_TRUE;
}

static struct aw_value
call_contains(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;

	(void)c;
	if (!aw_arg_list(run, args, count, 0, &list))
		return aw_null;
	for (size_t i = 0; i < list->count; i++) {
		if (same(list->at[i], args[1]))
			return aw_value_flag(true);
	}
	return aw_value_flag(false);
}

static struct aw_value
call_count(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;

	(void)c;
	return aw_arg_list(run, args, count, 0, &list) ? aw_value_int((int64_t)list->count)
						       : aw_null;
}

static struct aw_value
call_min_max(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	bool least = strcmp(c->name, "min") == 0;
	int order;

	if (!aw_arg_list(run, args, count, 0, &list) || list->count == 0)
		return aw_null;
	struct aw_value best = list->at[0];

	for (size_t i = 0; i < list->count; i++) {
		if (!aw_value_compare(list->at[i], best, &order)) {
			aw_run_note(run, NULL, "the elements of the list cannot be compared");
			return aw_null;
		}
		if (least ? order < 0 : order > 0)
			best = list->at[i];
	}
	return best;
}

/* All numbers of a list; false, with a note, when one is not. */
static bool
all_numbers(
	struct aw_run *run, const struct aw_value *args, size_t count, const struct aw_list **ret)
{
	if (!aw_arg_list(run, args, count, 0, ret) || (*ret)->count == 0)
		return false;
	for (size_t i = 0; i < (*ret)->count; i++) {
		if ((*ret)->at[i].kind != AW_VALUE_NUMBER) {
			aw_run_note(run, NULL, "element %zu of the list is not a number", i + 1);
			return false;
		}
	}
	return true;
}

static bool
add_all(const struct aw_list *list, struct aw_num *total)
{
	*total = aw_num_int(0);
	for (size_t i = 0; i < list->count; i++) {
		if (!aw_num_add(*total, list->at[i].u.number, total))
			return false;
	}
	return true;
}

static bool
mean_of(const struct aw_list *list, struct aw_num *mean)
{
	return add_all(list, mean) && aw_num_div(*mean, aw_num_int((int64_t)list->count), mean);
}

static struct aw_value
call_sum(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	struct aw_num n;

	if (!all_numbers(run, args, count, &list))
		return aw_null;
	bool ok = strcmp(c->name, "sum") == 0 ? add_all(list, &n) : mean_of(list, &n);

	return ok ? aw_value_number(n) : aw_null;
}

static struct aw_value
call_product(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	struct aw_num n = aw_num_int(1);

	(void)c;
	if (!all_numbers(run, args, count, &list))
		return aw_null;
	for (size_t i = 0; i < list->count; i++) {
		if (!aw_num_mul(n, list->at[i].u.number, &n))
			return aw_null;
	}
	return aw_value_number(n);
}

static struct aw_value
call_stddev(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	struct aw_num mean, sum = aw_num_int(0), d;

	(void)c;
	if (!all_numbers(run, args, count, &list) || list->count < 2 || !mean_of(list, &mean))
		return aw_null;
	for (size_t i = 0; i < list->count; i++) {
		if (!aw_num_sub(list->at[i].u.number, mean, &d) || !aw_num_mul(d, d, &d) ||
			!aw_num_add(sum, d, &sum))
			return aw_null;
	}
	if (!aw_num_div(sum, aw_num_int((int64_t)list->count - 1), &sum) || !aw_num_sqrt(sum, &sum))
		return aw_null;
	return aw_value_number(sum);
}

/* A sorted copy (merge sort: stable). before(a, b) says that a comes first. */
typedef bool
before_fn(struct aw_run *run, const struct aw_closure *fn, struct aw_value a, struct aw_value b);

static void
merge(struct aw_run *run, before_fn *before, const struct aw_closure *fn, struct aw_value *at,
	struct aw_value *spare, size_t count)
{
	size_t half = count / 2, i = 0, k = half, n = 0;

	if (count < 2)
		return;
	merge(run, before, fn, at, spare, half);
	merge(run, before, fn, at + half, spare, count - half);
	while (i < half || k < count) {
		bool right = i == half || (k < count && before(run, fn, at[k], at[i]));

		spare[n++] = right ? at[k++] : at[i++];
	}
	memcpy(at, spare, count * sizeof(*at));
}

static struct aw_list *
sorted(struct aw_run *run, const struct aw_list *list, before_fn *before,
	const struct aw_closure *fn)
{
	struct aw_list *copy = AW_NEW(run->arena, struct aw_list);
	struct aw_value *spare = AW_NEW_ARRAY(run->arena, struct aw_value, list->count + 1);

	for (size_t i = 0; i < list->count; i++)
		aw_list_add(run->arena, copy, list->at[i]);
	if (copy->count > 1)
		merge(run, before, fn, copy->at, spare, copy->count);
	return copy;
}

static bool
before_by_value(
	struct aw_run *run, const struct aw_closure *fn, struct aw_value a, struct aw_value b)
{
	int order;

	(void)run;
	(void)fn;
	return aw_value_compare(a, b, &order) && order < 0;
}

static bool
before_by_function(
	struct aw_run *run, const struct aw_closure *fn, struct aw_value a, struct aw_value b)
{
	struct aw_value args[] = { a, b };

	return aw_value_true(aw_call(run, fn, args, 2));
}

static struct aw_value
call_sort(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;

	(void)c;
	if (!aw_arg_list(run, args, count, 0, &list))
		return aw_null;
	if (count < 2 || args[1].kind == AW_VALUE_NULL)
		return aw_value_list(sorted(run, list, before_by_value, NULL));
	if (args[1].kind != AW_VALUE_FUNCTION) {
		aw_run_note(run, NULL, "sort() needs a function of two elements");
		return aw_null;
	}
	return aw_value_list(sorted(run, list, before_by_function, args[1].u.function));
}

static struct aw_value
call_median(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	struct aw_num sum;

	(void)c;
	if (!all_numbers(run, args, count, &list))
		return aw_null;
	const struct aw_list *copy = sorted(run, list, before_by_value, NULL);
	size_t n = copy->count;

	if (n % 2 == 1)
		return copy->at[n / 2];
	if (!aw_num_add(copy->at[n / 2 - 1].u.number, copy->at[n / 2].u.number, &sum) ||
		!aw_num_div(sum, aw_num_int(2), &sum))
		return aw_null;
	return aw_value_number(sum);
}

static struct aw_value
call_mode(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	struct aw_list *best = AW_NEW(run->arena, struct aw_list);
	size_t most = 0;

	(void)c;
	if (!aw_arg_list(run, args, count, 0, &list))
		return aw_null;
	if (list->count > 0 && !all_numbers(run, args, count, &list))
		return aw_null;
	const struct aw_list *copy = sorted(run, list, before_by_value, NULL);

	for (size_t i = 0, k; i < copy->count; i = k) {
		for (k = i; k < copy->count && same(copy->at[k], copy->at[i]);)
			k++;
		if (k - i > most) {
			most = k - i;
			best->count = 0;
		}
		if (k - i == most)
			aw_list_add(run->arena, best, copy->at[i]);
	}
	return aw_value_list(best);
}

/* all(), any(): three-valued over a list. */
static struct aw_value
call_all_any(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	bool decides = strcmp(c->name, "any") == 0;
	struct aw_value v = aw_value_flag(!decides);

	if (!aw_arg_list(run, args, count, 0, &list))
		return aw_null;
	for (size_t i = 0; i < list->count; i++) {
		if (list->at[i].kind != AW_VALUE_FLAG)
			v = aw_null;
		else if (list->at[i].u.flag == decides)
			return list->at[i];
	}
	return v;
}

static struct aw_value
call_sublist(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	struct aw_list *part = AW_NEW(run->arena, struct aw_list);
	int64_t start, length = INT64_MAX;
	size_t i;

	(void)c;
	if (!aw_arg_list(run, args, count, 0, &list) || !aw_arg_int(run, args, count, 1, &start) ||
		(count > 2 && !aw_arg_int(run, args, count, 2, &length)))
		return aw_null;
	if (!index_of_position(list, start, &i) || length < 1 ||
		(count > 2 && length > (int64_t)(list->count - i))) {
		aw_run_note(run, NULL, "the list has no such part");
		return aw_null;
	}
	for (; i < list->count && length > 0; i++, length--)
		aw_list_add(run->arena, part, list->at[i]);
	return aw_value_list(part);
}

/* append(list, item...), concatenate(list...), union(list...): all take what is given as one list. */
static struct aw_value
call_join(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_list *joined = AW_NEW(run->arena, struct aw_list);
	const struct aw_list *all = args[0].kind == AW_VALUE_LIST ? args[0].u.list : NULL;
	bool append = strcmp(c->name, "append") == 0, once = strcmp(c->name, "union") == 0;

	(void)count;
	for (size_t i = 0; all != NULL && i < all->count; i++) {
		struct aw_value part = all->at[i];
		bool whole = append && i > 0;

		if (part.kind == AW_VALUE_NULL && !whole) {
			aw_run_note(
				run, NULL, "argument %zu is null where a list is needed", i + 1);
			return aw_null;
		}
		size_t n = part.kind == AW_VALUE_LIST && !whole ? part.u.list->count : 1;

		for (size_t k = 0; k < n; k++) {
			struct aw_value v = n == 1 && (part.kind != AW_VALUE_LIST || whole)
						    ? part
						    : part.u.list->at[k];
			bool there = false;

			for (size_t j = 0; once && j < joined->count && !there; j++)
				there = same(joined->at[j], v);
			if (!there)
				aw_list_add(run->arena, joined, v);
		}
	}
	return aw_value_list(joined);
}

/* insert before, remove, list replace by position. */
static struct aw_value
call_edit(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	struct aw_list *edited = AW_NEW(run->arena, struct aw_list);
	int64_t position;
	size_t at;
	bool insert = c->name[0] == 'i', remove = c->name[0] == 'r';

	if (!aw_arg_list(run, args, count, 0, &list) || !aw_arg_int(run, args, count, 1, &position))
		return aw_null;
	if (!index_of_position(list, position, &at)) {
		if (!insert || position != (int64_t)list->count + 1) {
			aw_run_note(run, NULL, "the list has no element of that number");
			return aw_null;
		}
		at = list->count;
	}
	for (size_t i = 0; i <= list->count; i++) {
		if (i == at && !remove)
			aw_list_add(run->arena, edited, args[2]);
		if (i < list->count && (i != at || insert))
			aw_list_add(run->arena, edited, list->at[i]);
	}
	return aw_value_list(edited);
}

/* list replace(list, match, newItem): wherever match(item, newItem) holds. */
static struct aw_value
call_replace(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	struct aw_list *edited = AW_NEW(run->arena, struct aw_list);
	struct aw_value match = aw_arg(args, count, 1, AW_VALUE_FUNCTION);

	if (match.kind != AW_VALUE_FUNCTION)
		return call_edit(run, c, args, count);
	if (!aw_arg_list(run, args, count, 0, &list))
		return aw_null;
	for (size_t i = 0; i < list->count; i++) {
		struct aw_value pair[] = { list->at[i], args[2] };
		struct aw_value v = aw_call(run, match.u.function, pair, 2);

		if (v.kind != AW_VALUE_FLAG)
			return aw_null;
		aw_list_add(run->arena, edited, v.u.flag ? args[2] : list->at[i]);
	}
	return aw_value_list(edited);
}

static struct aw_value
call_reverse(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	struct aw_list *reversed = AW_NEW(run->arena, struct aw_list);

	(void)c;
	if (!aw_arg_list(run, args, count, 0, &list))
		return aw_null;
	for (size_t i = list->count; i > 0; i--)
		aw_list_add(run->arena, reversed, list->at[i - 1]);
	return aw_value_list(reversed);
}

static struct aw_value
call_index_of(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	struct aw_list *found = AW_NEW(run->arena, struct aw_list);

	(void)c;
	if (!aw_arg_list(run, args, count, 0, &list))
		return aw_null;
	for (size_t i = 0; i < list->count; i++) {
		if (same(list->at[i], args[1]))
			aw_list_add(run->arena, found, aw_value_int((int64_t)i + 1));
	}
	return aw_value_list(found);
}

static struct aw_value
call_distinct(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	struct aw_list *kept = AW_NEW(run->arena, struct aw_list);

	(void)c;
	if (!aw_arg_list(run, args, count, 0, &list))
		return aw_null;
	for (size_t i = 0; i < list->count; i++) {
		bool there = false;

		for (size_t k = 0; k < kept->count && !there; k++)
			there = same(kept->at[k], list->at[i]);
		if (!there)
			aw_list_add(run->arena, kept, list->at[i]);
	}
	return aw_value_list(kept);
}

static void
flatten(struct aw_run *run, struct aw_list *flat, const struct aw_list *list, int depth)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->at[i].kind == AW_VALUE_LIST && depth < 200)
			flatten(run, flat, list->at[i].u.list, depth + 1);
		else
			aw_list_add(run->arena, flat, list->at[i]);
	}
}

static struct aw_value
call_flatten(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	struct aw_list *flat = AW_NEW(run->arena, struct aw_list);

	(void)c;
	if (!aw_arg_list(run, args, count, 0, &list))
		return aw_null;
	flatten(run, flat, list, 0);
	return aw_value_list(flat);
}

#define P AW_PARAM
#define MANY(fn, title, param)                                                                     \
	{                                                                                          \
		.call = (fn), .name = (title), .least_count = 1, .param_count = 1,                 \
		.params = (const struct aw_str[]){ AW_PARAM(param) }, .variadic = true             \
	}
static const struct aw_closure functions[] = {
	AW_BUILTIN(call_contains, "list contains", 2, P("list"), P("element")),
	AW_BUILTIN(call_count, "count", 1, P("list")),
	MANY(call_min_max, "min", "list"),
	MANY(call_min_max, "max", "list"),
	MANY(call_sum, "sum", "list"),
	MANY(call_sum, "mean", "list"),
	MANY(call_product, "product", "list"),
	MANY(call_stddev, "stddev", "list"),
	MANY(call_median, "median", "list"),
	MANY(call_mode, "mode", "list"),
	MANY(call_all_any, "all", "list"),
	MANY(call_all_any, "any", "list"),
	AW_BUILTIN(call_sort, "sort", 1, P("list"), P("precedes")),
	AW_BUILTIN(call_sublist, "sublist", 2, P("list"), P("start position"), P("length")),
	MANY(call_join, "append", "list"),
	MANY(call_join, "concatenate", "list"),
	MANY(call_join, "union", "list"),
	AW_BUILTIN(call_edit, "insert before", 3, P("list"), P("position"), P("newItem")),
	AW_BUILTIN(call_edit, "remove", 2, P("list"), P("position")),
	AW_BUILTIN(call_replace, "list replace", 3, P("list"), P("position"), P("newItem")),
	AW_BUILTIN(call_replace, "list replace", 3, P("list"), P("match"), P("newItem")),
	AW_BUILTIN(call_reverse, "reverse", 1, P("list")),
	AW_BUILTIN(call_index_of, "index of", 2, P("list"), P("match")),
	AW_BUILTIN(call_distinct, "distinct values", 1, P("list")),
	AW_BUILTIN(call_flatten, "flatten", 1, P("list")),
};
const struct aw_builtin_table aw_builtin_lists = { functions, AW_COUNT(functions) };
