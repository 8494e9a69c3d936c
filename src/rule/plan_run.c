/* rule/plan - running a plan. */
#include <stdlib.h>
#include <string.h>

#include "rule/drg.h"
#include "rule/plan_inner.h"

enum { CASE_BYTES = 64 << 10 }; /* then the case's memory is given back */

static void
put(struct aw_plan_run *r, size_t at, struct aw_value v, size_t symbol)
{
	r->values[at] = v;
	r->hashes[at] = symbol == SIZE_MAX ? 0 : r->plan->slots[at].hashes[symbol];
	r->symbols[at] = symbol == SIZE_MAX ? SLOW_SYMBOL : (uint32_t)symbol;
}

static void
put_result(struct aw_plan_run *r, size_t at, const struct plan_result *result)
{
	put(r, at, result->value, result->symbol);
	r->hashes[at] = result->hash;
	r->noted = r->noted || result->noted;
}

/* -- tables ------------------------------------------------------------------------------------ */

/* A column that is not indexed: the value is worked out, and each rule that is left is asked. False:
 * inputValues do not allow the value. Rules fire or not all the same. */
static bool
slow_column(struct aw_plan_run *r, size_t at, const struct plan_column *column, uint64_t *fired)
{
	const struct plan_table *t = r->plan->slots[at].table;
	const struct aw_table_input *in = &t->table->inputs[column->input];
	const struct aw_scope *scope = plan_scope(r, at);
	struct aw_value v = aw_table_input_eval(&r->run, scope, t->table, column->input);
	bool ok, allowed;

	v = aw_type_coerce(&r->run, r->run.types, in->type, v, &ok);
	r->noted = r->noted || !ok;
	allowed = v.kind == AW_VALUE_NULL || in->values.node == NULL ||
		  aw_eval_tests(&r->run, scope, in->values.node, v) != AW_FALSE;
	for (size_t rule = 0; rule < t->table->rule_count; rule++) {
		uint64_t bit = UINT64_C(1) << (rule % 64);

		if ((fired[rule / 64] & bit) != 0 &&
			aw_table_test(&r->run, scope, t->table, rule, column->input, v) != AW_TRUE)
			fired[rule / 64] &= ~bit;
	}
	return allowed;
}

/* Which rules fire. False: the table is null, whatever fires. */
static bool
find_fired(struct aw_plan_run *r, size_t at, uint64_t *fired)
{
	const struct plan_table *t = r->plan->slots[at].table;
	bool slow = false, allowed;
	unsigned odd = 0;

	memset(fired, 0xFF, t->words * sizeof(*fired));
	if (t->table->rule_count % 64 != 0)
		fired[t->words - 1] >>= 64 - t->table->rule_count % 64;
	for (size_t i = 0; i < t->column_count; i++) {
		const struct plan_column *column = &t->columns[i];
		uint32_t symbol = column->rows == NULL ? SLOW_SYMBOL : r->symbols[column->slot];
		const uint64_t *row;

		if (symbol == SLOW_SYMBOL) {
			slow = true;
			continue;
		}
		row = column->rows + symbol * t->words;
		for (size_t k = 0; k < t->words; k++)
			fired[k] &= row[k];
		odd |= column->odd[symbol];
	}
	r->noted = r->noted || odd != 0;
	allowed = (odd & PLAN_POISON) == 0;
	for (size_t i = 0; i < t->column_count && slow; i++) {
		const struct plan_column *column = &t->columns[i];

		if (column->rows == NULL || r->symbols[column->slot] == SLOW_SYMBOL)
			allowed = slow_column(r, at, column, fired) && allowed;
	}
	return allowed;
}

static size_t
next_rule(const struct plan_table *t, const uint64_t *fired, size_t from)
{
	for (size_t k = from / 64; k < t->words; k++) {
		uint64_t word = fired[k];

		if (k == from / 64)
			word &= ~UINT64_C(0) << (from % 64);
		if (word != 0)
			return k * 64 + (size_t)__builtin_ctzll(word);
	}
	return t->table->rule_count;
}

size_t
plan_pick(const struct plan_table *t, const uint64_t *fired)
{
	size_t first = next_rule(t, fired, 0), none = t->table->rule_count + 1;

	if (t->table->hit == AW_HIT_FIRST)
		return first;
	for (size_t rule = first; rule < t->table->rule_count;) {
		rule = next_rule(t, fired, rule + 1);
		if (rule >= t->table->rule_count)
			break;
		if (t->table->hit == AW_HIT_UNIQUE ||
			(t->table->hit == AW_HIT_ANY && t->same[rule] != t->same[first]))
			return none;
		if (t->table->hit == AW_HIT_PRIORITY && t->rank[rule] < t->rank[first])
			first = rule;
	}
	return first;
}

static struct aw_value
collect(struct aw_plan_run *r, const struct plan_table *t, const uint64_t *fired)
{
	struct aw_list *list = AW_NEW(&r->a_case, struct aw_list);

	for (size_t rule = next_rule(t, fired, 0); rule < t->table->rule_count;
		rule = next_rule(t, fired, rule + 1)) {
		aw_list_add(&r->a_case, list, t->results[rule].value);
		r->noted = r->noted || t->results[rule].noted;
	}
	return aw_value_list(list);
}

/* By the interpreter: outputs that compute, and hit policies that sum or sort. */
static struct aw_value
slow_result(struct aw_plan_run *r, size_t at, const uint64_t *fired)
{
	const struct aw_table *table = r->plan->slots[at].table->table;
	bool *flags = AW_NEW_ARRAY(&r->a_case, bool, table->rule_count + 1);
	bool *used = AW_NEW_ARRAY(&r->a_case, bool, table->rule_count + 1);
	struct aw_value v;

	for (size_t rule = 0; rule < table->rule_count; rule++)
		flags[rule] = (fired[rule / 64] >> (rule % 64) & 1) != 0;
	v = aw_table_result(&r->run, plan_scope(r, at), table, flags, used);
	for (uint32_t rule = 0; rule < table->rule_count && table->hit < AW_HIT_RULE_ORDER; rule++)
		r->used[at] = used[rule] ? rule : r->used[at];
	return v;
}

bool
plan_rule_value(struct aw_plan_run *r, size_t at, size_t rule, struct aw_value *ret)
{
	const struct plan_slot *slot = &r->plan->slots[at];
	const struct aw_table_output *out = &slot->table->table->outputs[0];
	const struct aw_types *types = &slot->item->model->types;
	struct aw_value v;
	bool ok, item_ok;

	if (!plan_node_value(slot->table->results[rule].node, r->values, &r->a_case, &v))
		return false;
	v = aw_type_coerce(&r->run, types, out->type, v, &ok);
	if (v.kind != AW_VALUE_NULL && out->values.node != NULL &&
		aw_eval_tests(&r->run, NULL, out->values.node, v) == AW_FALSE)
		return false;
	*ret = aw_type_coerce(&r->run, types, slot->item->type, v, &item_ok);
	return ok && item_ok;
}

/* The result of the rule that counts. */
static void
put_rule(struct aw_plan_run *r, size_t at, size_t rule)
{
	const struct plan_slot *slot = &r->plan->slots[at];
	struct aw_value v;

	if (slot->table->results[rule].node == NULL) {
		put_result(r, at, &slot->table->results[rule]);
		return;
	}
	if (!plan_rule_value(r, at, rule, &v))
		v = plan_typed(r, slot, slow_result(r, at, r->fired[at]));
	put(r, at, v, aw_symbols_find(&slot->symbols, v));
}

static void
run_table(struct aw_plan_run *r, size_t at)
{
	const struct plan_slot *slot = &r->plan->slots[at];
	const struct plan_table *t = slot->table;
	uint64_t *fired = r->fired[at];
	size_t rules = t->table->rule_count, rule;
	struct aw_value v = aw_null;

	plan_enter(r, slot);
	r->used[at] = USED_NONE;
	if (!find_fired(r, at, fired)) {
		put(r, at, aw_null, AW_SYMBOL_NULL);
		r->noted = true;
		return;
	}
	r->used[at] = t->table->hit < AW_HIT_RULE_ORDER ? USED_NONE : USED_FIRED;
	if (t->results != NULL && t->table->hit < AW_HIT_RULE_ORDER) {
		rule = plan_pick(t, fired);
		r->used[at] = rule < rules ? (uint32_t)rule : USED_NONE;
		if (rule <= rules)
			put_rule(r, at, rule);
		else
			put(r, at, aw_null, AW_SYMBOL_NULL);
		r->noted = r->noted || rule > rules;
		return;
	}
	if (t->results != NULL && next_rule(t, fired, 0) == rules) {
		put_result(r, at, &t->results[rules]);
		return;
	}
	if (t->results != NULL &&
		(t->table->hit == AW_HIT_COLLECT || t->table->hit == AW_HIT_RULE_ORDER))
		v = plan_typed(r, slot, collect(r, t, fired));
	else
		v = plan_typed(r, slot, slow_result(r, at, fired));
	put(r, at, v, aw_symbols_find(&slot->symbols, v));
}

/* -- cases ------------------------------------------------------------------------------------- */

/* Knowledge models are the same for every case. */
static void
make_functions(struct aw_plan_run *r)
{
	static const struct aw_dmn_case nothing = { 0 };

	for (size_t i = 0; i < r->plan->count; i++) {
		struct aw_drg *drg;

		if (r->plan->slots[i].kind != PLAN_FUNCTION)
			continue;
		drg = AW_NEW(&r->own, struct aw_drg);
		drg->run.arena = &r->own;
		drg->run.types = &r->plan->model->types;
		drg->the_case = &nothing;
		r->values[i] = aw_drg_value(drg, r->plan->slots[i].item);
		r->symbols[i] = SLOW_SYMBOL;
	}
}

struct aw_plan_run *
aw_plan_run_new(const struct aw_plan *plan)
{
	struct aw_arena own = { 0 };
	struct aw_plan_run *r = AW_NEW(&own, struct aw_plan_run);

	r->plan = plan;
	r->run.arena = &r->a_case;
	r->values = AW_NEW_ARRAY(&own, struct aw_value, plan->count);
	r->hashes = AW_NEW_ARRAY(&own, uint64_t, plan->count);
	r->symbols = AW_NEW_ARRAY(&own, uint32_t, plan->count);
	r->scopes = AW_NEW_ARRAY(&own, const struct aw_scope *, plan->count);
	r->fired = AW_NEW_ARRAY(&own, uint64_t *, plan->count);
	r->used = AW_NEW_ARRAY(&own, uint32_t, plan->count);
	r->memos = AW_NEW_ARRAY(&own, struct memos, plan->count);
	r->unfit = AW_NEW_ARRAY(&own, bool, plan->count);
	r->given = AW_NEW_ARRAY(&own, struct aw_dmn_input, plan->count);
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->slots[i].table != NULL)
			r->fired[i] = AW_NEW_ARRAY(&own, uint64_t, plan->slots[i].table->words + 1);
	}
	r->own = own;
	make_functions(r);
	return r;
}

void
aw_plan_run_free(struct aw_plan_run *r)
{
	struct aw_arena own;

	if (r == NULL)
		return;
	aw_arena_done(&r->kept);
	aw_arena_done(&r->a_case);
	own = r->own;
	aw_arena_done(&own);
}

struct aw_arena *
aw_plan_arena(struct aw_plan_run *r)
{
	return &r->a_case;
}

void
aw_plan_start(struct aw_plan_run *r, int64_t now_ms)
{
	if (r->a_case.used_bytes > CASE_BYTES)
		aw_arena_again(&r->a_case);
	plan_forget(r);
	r->run = (struct aw_run){ .arena = &r->a_case, .now_ms = now_ms };
	for (size_t i = 0; i < r->plan->count; i++) {
		if (r->plan->slots[i].kind == PLAN_FUNCTION)
			continue;
		put(r, i, aw_null, AW_SYMBOL_NULL);
		r->scopes[i] = NULL;
	}
	r->noted = false;
	memset(r->unfit, 0, r->plan->count * sizeof(*r->unfit));
	if (r->gave)
		memset(r->given, 0, r->plan->count * sizeof(*r->given));
	r->gave = false;
}

void
aw_plan_set(struct aw_plan_run *r, int at, struct aw_value v)
{
	const struct plan_slot *slot;
	const struct aw_types *types;
	size_t symbol;
	bool ok = true;

	if (at < 0 || (size_t)at >= r->plan->count || r->plan->slots[at].kind != PLAN_INPUT)
		return;
	slot = &r->plan->slots[at];
	types = &slot->item->model->types;
	symbol = aw_symbols_find(&slot->symbols, v);
	if (symbol == SIZE_MAX) {
		r->run.types = types;
		v = aw_type_read(&r->a_case, types, slot->item->type, v);
		v = aw_type_coerce(&r->run, types, slot->item->type, v, &ok);
		symbol = aw_symbols_find(&slot->symbols, v);
	} else {
		ok = slot->allowed[symbol];
		r->noted = r->noted || slot->noted[symbol];
		v = ok ? v : aw_null;
		symbol = ok ? symbol : AW_SYMBOL_NULL;
	}
	r->unfit[at] = !ok;
	put(r, (size_t)at, v, symbol);
}

void
aw_plan_give(struct aw_plan_run *r, int at, const struct aw_dmn_input *input)
{
	if (at < 0 || (size_t)at >= r->plan->count || r->plan->slots[at].kind != PLAN_INPUT)
		return;
	aw_plan_set(r, at, input->value);
	r->given[at] = *input;
	r->gave = true;
}

void
aw_plan_decide(struct aw_plan_run *r)
{
	for (size_t i = 0; i < r->plan->count; i++) {
		const struct plan_slot *slot = &r->plan->slots[i];
		struct aw_value v;

		if (slot->kind == PLAN_TABLE) {
			run_table(r, i);
		} else if (slot->kind == PLAN_EXPRESSION) {
			v = plan_express(r, i);
			put(r, i, v, aw_symbols_find(&slot->symbols, v));
		}
	}
	r->noted = r->noted || r->run.diagnostic_count > 0;
}

struct aw_value
aw_plan_value(const struct aw_plan_run *r, int at)
{
	return at < 0 || (size_t)at >= r->plan->count ? aw_null : r->values[at];
}

const uint64_t *
aw_plan_fired(const struct aw_plan_run *r, int at, size_t *ret_words)
{
	if (at < 0 || (size_t)at >= r->plan->count || r->plan->slots[at].table == NULL)
		return NULL;
	*ret_words = r->plan->slots[at].table->words;
	return r->fired[at];
}

bool
aw_plan_used(const struct aw_plan_run *r, int at, size_t rule)
{
	size_t words;
	const uint64_t *fired = aw_plan_fired(r, at, &words);

	if (fired == NULL || rule / 64 >= words)
		return false;
	return r->used[at] == USED_FIRED ? (fired[rule / 64] >> (rule % 64) & 1) != 0
					 : r->used[at] == rule;
}

const struct aw_dmn_item *
aw_plan_item(const struct aw_plan *plan, int at)
{
	return at < 0 || (size_t)at >= plan->count ? NULL : plan->slots[at].item;
}
