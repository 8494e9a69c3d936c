/* rule/plan - what expressions are worth: compiled, or by the interpreter and remembered. */
#include <string.h>

#include "rule/drg.h"
#include "rule/plan_inner.h"

enum {
	MEMO_ENTRIES = 256,    /* of each expression */
	NEEDS_MOST = 32,       /* an expression with more is not kept */
	TRIES = 256,	       /* after these it is seen whether keeping an expression helps */
	MEMO_BYTES = 16 << 20, /* then all that was kept is forgotten */
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

/* -- scopes and expressions ------------------------------------------------------------------------ */

const struct aw_scope *
plan_scope(struct aw_plan_run *r, size_t at)
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

void
plan_enter(struct aw_plan_run *r, const struct plan_slot *slot)
{
	r->run.decision = slot->item->name.at;
	r->run.types = &slot->item->model->types;
	r->run.place = NULL;
	r->run.line = slot->item->line;
}

struct aw_value
plan_typed(struct aw_plan_run *r, const struct plan_slot *slot, struct aw_value v)
{
	bool ok;

	v = aw_type_coerce(&r->run, &slot->item->model->types, slot->item->type, v, &ok);
	r->noted = r->noted || !ok;
	return v;
}

static struct aw_value
evaluate(struct aw_plan_run *r, size_t at)
{
	const struct plan_slot *slot = &r->plan->slots[at];

	plan_enter(r, slot);
	return plan_typed(r, slot, aw_box_eval(&r->run, plan_scope(r, at), slot->item->box));
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

void
plan_forget(struct aw_plan_run *r)
{
	if (r->kept.used_bytes <= MEMO_BYTES)
		return;
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

/* By the interpreter, if it was not asked the same lately. What has something to note is not kept. */
static struct aw_value
interpreted(struct aw_plan_run *r, size_t at)
{
	const struct plan_slot *slot = &r->plan->slots[at];
	struct memos *memos = &r->memos[at];
	uint64_t hash = 0;
	size_t notes = r->run.diagnostic_count;
	struct memo *memo;
	struct aw_value v;
	bool noted;

	if (memos->at == NULL)
		memos->at = AW_NEW_ARRAY(&r->own, struct memo, MEMO_ENTRIES);
	if (!memos->useless)
		hash = hash_needs(r, slot);
	memo = &memos->at[hash % MEMO_ENTRIES];
	memos->tries++;
	if (memos->tries == TRIES)
		memos->useless = memos->hits < TRIES / 4;
	if (hash != 0 && memo->hash == hash && memo->values != NULL && remembers(r, slot, memo)) {
		memos->hits++;
		return memo->result;
	}
	noted = r->noted;
	r->noted = false;
	v = evaluate(r, at);
	if (hash != 0 && !r->noted && r->run.diagnostic_count == notes)
		v = remember(r, slot, memo, hash, v);
	r->noted = r->noted || noted;
	return v;
}

/* False: the interpreter would note something, so that it has to be asked. */
static bool
compiled(struct aw_plan_run *r, const struct plan_slot *slot, struct aw_value *ret)
{
	const struct aw_types *types = &slot->item->model->types;
	struct aw_value v;
	bool box_ok, ok;

	if (!plan_node_value(slot->node, r->values, &r->a_case, &v))
		return false;
	v = aw_type_coerce(&r->run, types, slot->item->box->type, v, &box_ok);
	*ret = aw_type_coerce(&r->run, types, slot->item->type, v, &ok);
	return box_ok && ok;
}

struct aw_value
plan_express(struct aw_plan_run *r, size_t at)
{
	const struct plan_slot *slot = &r->plan->slots[at];
	struct aw_value v;

	return slot->node != NULL && compiled(r, slot, &v) ? v : interpreted(r, at);
}
