/* rule/builtin - numbers, not() and is(). */
#include <string.h>

#include "rule/builtin.h"
#include "rule/temporal.h"

typedef bool num_fn(struct aw_num a, struct aw_num *ret);

static struct aw_value
result(struct aw_run *run, bool ok, struct aw_num n)
{
	if (ok)
		return aw_value_number(n);
	aw_run_note(run, NULL, "this function has no result for this number");
	return aw_null;
}

static struct aw_value
by_num(struct aw_run *run, const struct aw_value *args, size_t count, num_fn *fn)
{
	struct aw_num n;

	return aw_arg_number(run, args, count, 0, &n) ? result(run, fn(n, &n), n) : aw_null;
}

static struct aw_value
call_sqrt(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	(void)c;
	return by_num(run, args, count, aw_num_sqrt);
}

static struct aw_value
call_exp(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	(void)c;
	return by_num(run, args, count, aw_num_exp);
}

static struct aw_value
call_log(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	(void)c;
	return by_num(run, args, count, aw_num_log);
}

/* decimal, floor, ceiling and the four round functions: by the name. */
static struct aw_value
call_round(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	static const struct {
		const char *name;
		enum aw_rounding rounding;
	} kinds[] = { { "decimal", AW_ROUND_HALF_EVEN }, { "floor", AW_ROUND_FLOOR },
		{ "ceiling", AW_ROUND_CEILING }, { "round up", AW_ROUND_UP },
		{ "round down", AW_ROUND_DOWN }, { "round half up", AW_ROUND_HALF_UP },
		{ "round half down", AW_ROUND_HALF_DOWN } };
	enum aw_rounding rounding = AW_ROUND_HALF_EVEN;
	struct aw_num n;
	int64_t scale = 0;

	for (size_t i = 0; i < AW_COUNT(kinds); i++) {
		if (strcmp(c->name, kinds[i].name) == 0)
			rounding = kinds[i].rounding;
	}
	if (!aw_arg_number(run, args, count, 0, &n) ||
		(count > 1 && !aw_arg_int(run, args, count, 1, &scale)))
		return aw_null;
	return result(run, aw_num_round(n, scale, rounding, &n), n);
}

static struct aw_value
call_abs(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_value v = aw_arg(args, count, 0, AW_VALUE_NUMBER);

	(void)c;
	if (v.kind == AW_VALUE_MONTHS)
		return v.u.months < 0 ? aw_duration_negate(v) : v;
	if (v.kind == AW_VALUE_LAPSE)
		return v.u.lapse.seconds < 0 || v.u.lapse.nanos < 0 ? aw_duration_negate(v) : v;
	struct aw_num n;

	if (!aw_arg_number(run, args, count, 0, &n))
		return aw_null;
	return aw_value_number(aw_num_sign(n) < 0 ? aw_num_negate(n) : n);
}

static struct aw_value
call_modulo(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_num a, b;

	(void)c;
	if (!aw_arg_number(run, args, count, 0, &a) || !aw_arg_number(run, args, count, 1, &b))
		return aw_null;
	return result(run, aw_num_modulo(a, b, &a), a);
}

static struct aw_value
call_odd_even(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_num n, rest;
	bool even = c->name[0] == 'e';

	if (!aw_arg_number(run, args, count, 0, &n) || !aw_num_modulo(n, aw_num_int(2), &rest))
		return aw_null;
	return aw_value_flag(aw_num_compare(rest, aw_num_int(even ? 0 : 1)) == 0);
}

static struct aw_value
call_not(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_value v = aw_arg(args, count, 0, AW_VALUE_FLAG);

	(void)c;
	if (v.kind == AW_VALUE_FLAG)
		return aw_value_flag(!v.u.flag);
	aw_run_note(run, NULL, "not() of something that is neither true nor false");
	return aw_null;
}

/* is(): the same value of the same kind, zones included. */
static struct aw_value
call_is(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	(void)run;
	(void)c;
	(void)count;
	if (args[0].kind != args[1].kind)
		return aw_value_flag(false);
	if (args[0].kind == AW_VALUE_TIME || args[0].kind == AW_VALUE_DATE_TIME) {
		const struct aw_when *a = args[0].u.when, *b = args[1].u.when;

		if ((a->zone == AW_ZONE_NONE) != (b->zone == AW_ZONE_NONE) ||
			a->offset != b->offset || a->second != b->second)
			return aw_value_flag(false);
	}
	return aw_value_flag(aw_value_equal(args[0], args[1]) == AW_TRUE);
}

#define P AW_PARAM
static const struct aw_closure functions[] = {
	AW_BUILTIN(call_sqrt, "sqrt", 1, P("number")),
	AW_BUILTIN(call_exp, "exp", 1, P("number")),
	AW_BUILTIN(call_log, "log", 1, P("number")),
	AW_BUILTIN(call_round, "decimal", 2, P("n"), P("scale")),
	AW_BUILTIN(call_round, "floor", 1, P("n"), P("scale")),
	AW_BUILTIN(call_round, "ceiling", 1, P("n"), P("scale")),
	AW_BUILTIN(call_round, "round up", 2, P("n"), P("scale")),
	AW_BUILTIN(call_round, "round down", 2, P("n"), P("scale")),
	AW_BUILTIN(call_round, "round half up", 2, P("n"), P("scale")),
	AW_BUILTIN(call_round, "round half down", 2, P("n"), P("scale")),
	AW_BUILTIN(call_abs, "abs", 1, P("n")),
	AW_BUILTIN(call_modulo, "modulo", 2, P("dividend"), P("divisor")),
	AW_BUILTIN(call_odd_even, "odd", 1, P("number")),
	AW_BUILTIN(call_odd_even, "even", 1, P("number")),
	AW_BUILTIN(call_not, "not", 1, P("negand")),
	AW_BUILTIN(call_is, "is", 2, P("value1"), P("value2")),
};
const struct aw_builtin_table aw_builtin_numbers = { functions, AW_COUNT(functions) };
