/* rule/plan - the expressions that are not worth asking the interpreter for: names, constants, lists and
 * contexts of them, equality, conditions. */
#include "rule/eval.h"
#include "rule/plan_inner.h"

/* -- values ------------------------------------------------------------------------------------ */

static inline bool
value_of(const struct plan_node *node, const struct aw_value *values, struct aw_arena *arena,
	struct aw_value *ret)
{
	return node->value_of(node, values, arena, ret);
}

static bool
take_literal(const struct plan_node *node, const struct aw_value *values, struct aw_arena *arena,
	struct aw_value *ret)
{
	(void)values;
	(void)arena;
	*ret = node->value;
	return true;
}

static bool
take_slot(const struct plan_node *node, const struct aw_value *values, struct aw_arena *arena,
	struct aw_value *ret)
{
	(void)arena;
	*ret = values[node->slot];
	return true;
}

static bool
make_list(const struct plan_node *node, const struct aw_value *values, struct aw_arena *arena,
	struct aw_value *ret)
{
	struct aw_list *list = AW_NEW(arena, struct aw_list);

	list->at = AW_NEW_ARRAY(arena, struct aw_value, node->count);
	list->room = node->count;
	for (; list->count < node->count; list->count++) {
		if (!value_of(node->kids[list->count], values, arena, &list->at[list->count]))
			return false;
	}
	*ret = aw_value_list(list);
	return true;
}

static bool
make_context(const struct plan_node *node, const struct aw_value *values, struct aw_arena *arena,
	struct aw_value *ret)
{
	struct aw_context *context = AW_NEW(arena, struct aw_context);

	context->at = AW_NEW_ARRAY(arena, struct aw_entry, node->count);
	context->room = node->count;
	for (; context->count < node->count; context->count++) {
		struct aw_entry *entry = &context->at[context->count];

		entry->name = node->names[context->count];
		if (!value_of(node->kids[context->count], values, arena, &entry->value))
			return false;
	}
	*ret = aw_value_context(context);
	return true;
}

static bool
compare(const struct plan_node *node, const struct aw_value *values, struct aw_arena *arena,
	struct aw_value *ret)
{
	struct aw_value a, b;
	enum aw_truth equal;

	if (!value_of(node->kids[0], values, arena, &a) ||
		!value_of(node->kids[1], values, arena, &b))
		return false;
	equal = aw_value_equal(a, b);
	*ret = aw_value_flag((equal == AW_TRUE) == (node->op == AW_OP_EQ));
	return equal != AW_NULL;
}

/* "and" and "or" of flags; of anything else the interpreter knows more. */
static bool
combine(const struct plan_node *node, const struct aw_value *values, struct aw_arena *arena,
	struct aw_value *ret)
{
	if (!value_of(node->kids[0], values, arena, ret) || ret->kind != AW_VALUE_FLAG)
		return false;
	if (ret->u.flag == (node->op == AW_OP_OR))
		return true;
	return value_of(node->kids[1], values, arena, ret) && ret->kind == AW_VALUE_FLAG;
}

static bool
choose(const struct plan_node *node, const struct aw_value *values, struct aw_arena *arena,
	struct aw_value *ret)
{
	return value_of(node->kids[0], values, arena, ret) &&
	       value_of(node->kids[aw_value_true(*ret) ? 1 : 2], values, arena, ret);
}

/* not() */
static bool
negate(const struct plan_node *node, const struct aw_value *values, struct aw_arena *arena,
	struct aw_value *ret)
{
	if (!value_of(node->kids[0], values, arena, ret) || ret->kind != AW_VALUE_FLAG)
		return false;
	ret->u.flag = !ret->u.flag;
	return true;
}

bool
plan_node_value(const struct plan_node *node, const struct aw_value *values, struct aw_arena *arena,
	struct aw_value *ret)
{
	return value_of(node, values, arena, ret);
}

/* -- making ------------------------------------------------------------------------------------ */

/* Keys of the contexts around a node: what is called so is not a slot. */
struct keys {
	const struct keys *outer;
	const struct aw_str *at;
	size_t count;
};

static bool
is_key(const struct keys *keys, struct aw_str name)
{
	for (; keys != NULL; keys = keys->outer) {
		for (size_t i = 0; i < keys->count; i++) {
			if (aw_str_eq(keys->at[i], name))
				return true;
		}
	}
	return false;
}

static bool
find_slot(const struct aw_plan *plan, const struct plan_slot *slot, struct aw_str name,
	size_t *ret_slot)
{
	for (size_t i = 0; i < slot->need_count; i++) {
		const struct plan_slot *need = &plan->slots[slot->needs[i]];

		if (!aw_str_eq(need->item->name, name))
			continue;
		*ret_slot = slot->needs[i];
		return need->kind != PLAN_FUNCTION;
	}
	return false;
}

static bool
is_not(const struct aw_node *node)
{
	return node->count == 2 && node->name_count == 0 && node->kids[0]->op == AW_OP_NAME &&
	       aw_str_is(node->kids[0]->text, "not");
}

static struct plan_node *make(const struct aw_plan *plan, const struct plan_slot *slot,
	const struct keys *keys, const struct aw_node *node);

static bool
make_kids(const struct aw_plan *plan, const struct plan_slot *slot, const struct keys *keys,
	const struct aw_node *node, struct plan_node *made)
{
	size_t skipped = node->op == AW_OP_CALL ? 1 : 0, not_a_slot;

	if (skipped == 1 && (is_key(keys, node->kids[0]->text) ||
				    find_slot(plan, slot, node->kids[0]->text, &not_a_slot)))
		return false;
	made->count = node->count - skipped;
	made->kids = AW_NEW_ARRAY(plan->arena, struct plan_node *, made->count + 1);
	for (size_t i = 0; i < made->count; i++) {
		struct keys inner = { keys, node->names, i };

		made->kids[i] = make(plan, slot, node->op == AW_OP_CONTEXT ? &inner : keys,
			node->kids[i + skipped]);
		if (made->kids[i] == NULL)
			return false;
		for (size_t k = 0; node->op == AW_OP_CONTEXT && k < i; k++) {
			if (aw_str_eq(node->names[k], node->names[i]))
				return false;
		}
	}
	return true;
}

static struct plan_node *
make(const struct aw_plan *plan, const struct plan_slot *slot, const struct keys *keys,
	const struct aw_node *node)
{
	static plan_node_fn *const by_op[AW_OP_ANY + 1] = {
		[AW_OP_LITERAL] = take_literal,
		[AW_OP_NAME] = take_slot,
		[AW_OP_OR] = combine,
		[AW_OP_AND] = combine,
		[AW_OP_EQ] = compare,
		[AW_OP_NE] = compare,
		[AW_OP_CALL] = negate,
		[AW_OP_IF] = choose,
		[AW_OP_LIST] = make_list,
		[AW_OP_CONTEXT] = make_context,
	};
	struct plan_node *made;

	if (by_op[node->op] == NULL || (node->op == AW_OP_CALL && !is_not(node)))
		return NULL;
	made = AW_NEW(plan->arena, struct plan_node);
	made->op = node->op;
	made->value_of = by_op[node->op];
	if (node->op == AW_OP_LITERAL) {
		made->value = node->value;
		return made;
	}
	if (node->op == AW_OP_NAME)
		return !is_key(keys, node->text) && find_slot(plan, slot, node->text, &made->slot)
			       ? made
			       : NULL;
	made->names = node->names;
	return make_kids(plan, slot, keys, node, made) ? made : NULL;
}

struct plan_node *
plan_node_make(const struct aw_plan *plan, const struct plan_slot *slot, const struct aw_node *node)
{
	return make(plan, slot, NULL, node);
}
