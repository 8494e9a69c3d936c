/* rule/plan - running a plan. */
#include <stdlib.h>
#include <string.h>

#include "rule/drg.h"
#include "rule/plan_inner.h"

enum {
	MEMO_ENTRIES = 256,	 /* of each expression */
	NEEDS_MOST = 32,	 /* an expression with more is not kept */
	TRIES = 256,		 /* after these it is seen whether keeping an expression helps */
	CASE_BYTES = 64 << 10,	 /* then the case's memory is given back */
	MEMO_BYTES = 16 << 20,	 /* then all that was kept is forgotten */
	SLOW_SYMBOL = INT32_MAX, /* the value is not among the slot's kinds */
	USED_FIRED = INT32_MAX,
	USED_NONE = INT32_MAX - 1,
};

/* What an expression was worth for values that hash alike. Kept when they come the second time: most
 * never do, and copying costs more than working out again. */
struct memo {
	uint64_t hash;		       /* 0: empty */
	const struct aw_value *values; /* NULL: they came once */
	struct aw_value result;
};

/* An expression's memos, and whether they are of use. */
struct memos {
	struct memo *at;
	uint32_t tries, hits;
	bool useless;
};

struct aw_plan_run {
	const struct aw_plan *plan;
	struct aw_arena own;  /* as long as the run */
	struct aw_arena kept; /* of memos */
	struct aw_arena a_case;
	struct aw_run run;
	struct aw_value *values; /* one a slot, as are the others */
	uint64_t *hashes;	 /* 0: not worked out, or not kept */
	uint32_t *symbols;
	const struct aw_scope **scopes;
	uint64_t **fired;
	uint32_t *used; /* the rule that counts; USED_FIRED: all that fired */
	struct memos *memos;
};

/* -- values ------------------------------------------------------------------------------------ */

static uint64_t
mix(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xD6E8FEB86659FD93);
	return h ^ (h >> 32);
}

/* Equal numbers may be written with other exponents, so that whole ones are hashed as integers and
 * others as doubles: what is equal hashes alike. */
static uint64_t
hash_number(struct aw_num number)
{
	int64_t whole;
	uint64_t bits;
	double real;

	if (aw_num_int64(number, &whole))
		return mix((uint64_t)whole + 3);
	real = aw_num_double(number);
	memcpy(&bits, &real, sizeof(bits));
	return mix(bits + 5);
}

static uint64_t
hash_list(const struct aw_list *list)
{
	uint64_t h = 11;

	for (size_t i = 0; i < list->count; i++) {
		uint64_t each = plan_hash(list->at[i]);

		if (each == 0)
			return 0;
		h = mix(h * 31 + each);
	}
	return h | 1;
}

static uint64_t
hash_context(const struct aw_context *context)
{
	uint64_t h = 19;

	for (size_t i = 0; i < context->count; i++) {
		uint64_t each = plan_hash(context->at[i].value);

		if (each == 0)
			return 0;
		h = mix(h * 37 + each + aw_symbols_hash(context->at[i].name));
	}
	return h | 1;
}

uint64_t
plan_hash(struct aw_value v)
{
	if (v.kind == AW_VALUE_NULL)
		return 7;
	if (v.kind == AW_VALUE_FLAG)
		return v.u.flag ? 13 : 17;
	if (v.kind == AW_VALUE_NUMBER)
		return hash_number(v.u.number) | 1;
	if (v.kind == AW_VALUE_TEXT)
		return aw_symbols_hash(v.u.text) | 1;
	if (v.kind == AW_VALUE_LIST)
		return hash_list(v.u.list);
	return v.kind == AW_VALUE_CONTEXT ? hash_context(v.u.context) : 0;
}

static struct aw_value
copy(struct aw_arena *arena, struct aw_value v)
{
	if (v.kind == AW_VALUE_TEXT)
		return aw_value_text((struct aw_str){
			aw_arena_strndup(arena, v.u.text.at, v.u.text.len), v.u.text.len });
	if (v.kind == AW_VALUE_LIST) {
		struct aw_list *list = AW_NEW(arena, struct aw_list);

		for (size_t i = 0; i < v.u.list->count; i++)
			aw_list_add(arena, list, copy(arena, v.u.list->at[i]));
		return aw_value_list(list);
	}
	if (v.kind == AW_VALUE_CONTEXT) {
		struct aw_context *context = AW_NEW(arena, struct aw_context);

		for (size_t i = 0; i < v.u.context->count; i++) {
			struct aw_str name = v.u.context->at[i].name;

			name.at = aw_arena_strndup(arena, name.at, name.len);
			aw_context_put(arena, context, name, copy(arena, v.u.context->at[i].value));
		}
		return aw_value_context(context);
	}
	return v; /* null, flags and numbers: nothing else is kept */
}

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
}

/* -- scopes and expressions ------------------------------------------------------------------------ */

static const struct aw_scope *
scope_of(struct aw_plan_run *r, size_t at)
{
	const struct plan_slot *slot = &r->plan->slots[at];
	struct aw_context *names;
	struct aw_scope *scope;

	if (r->scopes[at] != NULL)
		return r->scopes[at];
	names = AW_NEW(&r->a_case, struct aw_context);
	scope = AW_NEW(&r->a_case, struct aw_scope);
	names->at = AW_NEW_ARRAY(&r->a_case, struct aw_entry, slot->need_count + 1);
	names->room = slot->need_count + 1;
	for (size_t i = 0; i < slot->need_count; i++)
		names->at[names->count++] =
			(struct aw_entry){ r->plan->slots[slot->needs[i]].item->name,
				r->values[slot->needs[i]] };
	scope->names = names;
	r->scopes[at] = scope;
	return scope;
}

static void
enter(struct aw_plan_run *r, const struct plan_slot *slot)
{
	r->run.decision = slot->item->name.at;
	r->run.types = &slot->item->model->types;
	r->run.place = NULL;
	r->run.line = slot->item->line;
}

static struct aw_value
typed(struct aw_plan_run *r, const struct plan_slot *slot, struct aw_value v)
{
	bool ok;

	return aw_type_coerce(&r->run, &slot->item->model->types, slot->item->type, v, &ok);
}

static struct aw_value
evaluate(struct aw_plan_run *r, size_t at)
{
	const struct plan_slot *slot = &r->plan->slots[at];

	enter(r, slot);
	return typed(r, slot, aw_box_eval(&r->run, scope_of(r, at), slot->item->box));
}

/* 0: this case is not to be kept. */
static uint64_t
hash_needs(struct aw_plan_run *r, const struct plan_slot *slot)
{
	uint64_t h = 1;

	if (slot->volatile_too || slot->need_count > NEEDS_MOST)
		return 0;
	for (size_t i = 0; i < slot->need_count; i++) {
		size_t need = slot->needs[i];

		if (r->hashes[need] == 0)
			r->hashes[need] = plan_hash(r->values[need]);
		if (r->hashes[need] == 0)
			return 0;
		h = mix(h * 31 + r->hashes[need]);
	}
	return h | 1;
}

static bool
remembers(const struct aw_plan_run *r, const struct plan_slot *slot, const struct memo *memo)
{
	for (size_t i = 0; i < slot->need_count; i++) {
		if (!plan_same(memo->values[i], r->values[slot->needs[i]]))
			return false;
	}
	return true;
}

static void
forget(struct aw_plan_run *r)
{
	for (size_t i = 0; i < r->plan->count; i++) {
		if (r->memos[i].at != NULL)
			memset(r->memos[i].at, 0, MEMO_ENTRIES * sizeof(struct memo));
	}
	aw_arena_again(&r->kept);
}

/* Lists and contexts are as quickly made again as copied. */
static bool
is_plain(struct aw_value v)
{
	return v.kind == AW_VALUE_NULL || v.kind == AW_VALUE_FLAG || v.kind == AW_VALUE_NUMBER ||
	       v.kind == AW_VALUE_TEXT;
}

static struct aw_value
remember(struct aw_plan_run *r, const struct plan_slot *slot, struct memo *memo, uint64_t hash,
	struct aw_value result)
{
	struct aw_value *values;

	if (!is_plain(result))
		return result;
	if (memo->hash != hash) {
		*memo = (struct memo){ .hash = hash };
		return result;
	}
	values = AW_NEW_ARRAY(&r->kept, struct aw_value, slot->need_count + 1);
	for (size_t i = 0; i < slot->need_count; i++)
		values[i] = copy(&r->kept, r->values[slot->needs[i]]);
	*memo = (struct memo){ hash, values, copy(&r->kept, result) };
	return memo->result;
}

static void
run_expression(struct aw_plan_run *r, size_t at)
{
	const struct plan_slot *slot = &r->plan->slots[at];
	struct memos *memos = &r->memos[at];
	uint64_t hash = memos->useless ? 0 : hash_needs(r, slot);
	struct memo *memo = &memos->at[hash % MEMO_ENTRIES];
	struct aw_value v;

	memos->tries++;
	if (hash != 0 && memo->hash == hash && memo->values != NULL && remembers(r, slot, memo)) {
		v = memo->result;
		memos->hits++;
	} else {
		v = evaluate(r, at);
		if (hash != 0)
			v = remember(r, slot, memo, hash, v);
	}
	if (memos->tries == TRIES)
		memos->useless = memos->hits < TRIES / 4;
	put(r, at, v, aw_symbols_find(&slot->symbols, v));
}

/* -- tables ------------------------------------------------------------------------------------ */

/* A column that is not indexed: the value is worked out, and each rule that is left is asked. False:
 * inputValues do not allow the value. Rules fire or not all the same. */
static bool
slow_column(struct aw_plan_run *r, size_t at, const struct plan_column *column, uint64_t *fired)
{
	const struct plan_table *t = r->plan->slots[at].table;
	const struct aw_table_input *in = &t->table->inputs[column->input];
	const struct aw_scope *scope = scope_of(r, at);
	struct aw_value v = aw_table_input_eval(&r->run, scope, t->table, column->input);
	bool ok, allowed;

	v = aw_type_coerce(&r->run, r->run.types, in->type, v, &ok);
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
	bool slow = false, allowed = true;

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
		allowed = allowed && !column->poison[symbol];
	}
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

/* The one rule that counts; rule_count + 1: none may. */
static size_t
pick(const struct plan_table *t, const uint64_t *fired)
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
		rule = next_rule(t, fired, rule + 1))
		aw_list_add(&r->a_case, list, t->results[rule].value);
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
	v = aw_table_result(&r->run, scope_of(r, at), table, flags, used);
	for (uint32_t rule = 0; rule < table->rule_count && table->hit < AW_HIT_RULE_ORDER; rule++)
		r->used[at] = used[rule] ? rule : r->used[at];
	return v;
}

static void
run_table(struct aw_plan_run *r, size_t at)
{
	const struct plan_slot *slot = &r->plan->slots[at];
	const struct plan_table *t = slot->table;
	uint64_t *fired = r->fired[at];
	size_t rules = t->table->rule_count, rule;
	struct aw_value v = aw_null;

	enter(r, slot);
	r->used[at] = USED_NONE;
	if (!find_fired(r, at, fired)) {
		put(r, at, aw_null, AW_SYMBOL_NULL);
		return;
	}
	r->used[at] = t->table->hit < AW_HIT_RULE_ORDER ? USED_NONE : USED_FIRED;
	if (t->results != NULL && t->table->hit < AW_HIT_RULE_ORDER) {
		rule = pick(t, fired);
		r->used[at] = rule < rules ? (uint32_t)rule : USED_NONE;
		if (rule <= rules)
			put_result(r, at, &t->results[rule]);
		else
			put(r, at, aw_null, AW_SYMBOL_NULL);
		return;
	}
	if (t->results != NULL && next_rule(t, fired, 0) == rules)
		v = t->results[rules].value;
	else if (t->results != NULL &&
		 (t->table->hit == AW_HIT_COLLECT || t->table->hit == AW_HIT_RULE_ORDER))
		v = typed(r, slot, collect(r, t, fired));
	else
		v = typed(r, slot, slow_result(r, at, fired));
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
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->slots[i].table != NULL)
			r->fired[i] = AW_NEW_ARRAY(&own, uint64_t, plan->slots[i].table->words + 1);
		if (plan->slots[i].kind == PLAN_EXPRESSION)
			r->memos[i].at = AW_NEW_ARRAY(&own, struct memo, MEMO_ENTRIES);
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
	if (r->kept.used_bytes > MEMO_BYTES)
		forget(r);
	r->run = (struct aw_run){ .arena = &r->a_case, .now_ms = now_ms };
	for (size_t i = 0; i < r->plan->count; i++) {
		if (r->plan->slots[i].kind == PLAN_FUNCTION)
			continue;
		put(r, i, aw_null, AW_SYMBOL_NULL);
		r->scopes[i] = NULL;
	}
}

void
aw_plan_set(struct aw_plan_run *r, int at, struct aw_value v)
{
	const struct plan_slot *slot;
	size_t symbol;

	if (at < 0 || (size_t)at >= r->plan->count || r->plan->slots[at].kind != PLAN_INPUT)
		return;
	slot = &r->plan->slots[at];
	symbol = aw_symbols_find(&slot->symbols, v);
	if (symbol == SIZE_MAX) {
		r->run.types = &slot->item->model->types;
		v = typed(r, slot,
			aw_type_read(&r->a_case, &slot->item->model->types, slot->item->type, v));
		symbol = aw_symbols_find(&slot->symbols, v);
	} else if (!slot->allowed[symbol]) {
		v = aw_null;
		symbol = AW_SYMBOL_NULL;
	}
	put(r, (size_t)at, v, symbol);
}

void
aw_plan_decide(struct aw_plan_run *r)
{
	for (size_t i = 0; i < r->plan->count; i++) {
		if (r->plan->slots[i].kind == PLAN_TABLE)
			run_table(r, i);
		else if (r->plan->slots[i].kind == PLAN_EXPRESSION)
			run_expression(r, i);
	}
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
