/* rule/symbols - classes of values. */
#include "rule/symbols.h"

#include <string.h>

/* -- constants --------------------------------------------------------------------------------- */

bool
aw_symbols_computes(const struct aw_node *node)
{
	if (node->op == AW_OP_NAME)
		return true;
	for (size_t i = node->op == AW_OP_CALL ? 1 : 0; i < node->count; i++) {
		if (node->kids[i] != NULL && aw_symbols_computes(node->kids[i]))
			return true;
	}
	return node->asks || node->op == AW_OP_FOR || node->op == AW_OP_SOME ||
	       node->op == AW_OP_EVERY || node->op == AW_OP_FUNCTION;
}

void
aw_symbols_add_value(struct aw_symbols *s, struct aw_value v)
{
	if (v.kind == AW_VALUE_LIST) {
		for (size_t i = 0; i < v.u.list->count; i++)
			aw_symbols_add_value(s, v.u.list->at[i]);
		return;
	}
	if (v.kind == AW_VALUE_RANGE) {
		s->mixed = s->mixed || v.u.range->low.kind == AW_VALUE_TEXT ||
			   v.u.range->high.kind == AW_VALUE_TEXT;
		aw_symbols_add_value(s, v.u.range->low);
		aw_symbols_add_value(s, v.u.range->high);
		return;
	}
	if (v.kind == AW_VALUE_NULL)
		return;
	for (size_t i = 0; i < s->end_count; i++) {
		if (s->ends[i].kind == v.kind && aw_value_equal(s->ends[i], v) == AW_TRUE)
			return;
	}
	s->mixed = s->mixed || (s->end_count > 0 && s->ends[0].kind != v.kind);
	*AW_PUSH(s->arena, s->ends, s->end_count, s->end_room) = v;
}

void
aw_symbols_add(struct aw_symbols *s, struct aw_run *run, const struct aw_node *tests)
{
	size_t before = s->end_count;

	if (tests == NULL || tests->op == AW_OP_ANY || aw_symbols_computes(tests))
		return;
	if (tests->op != AW_OP_TESTS && tests->op != AW_OP_COMPARE && tests->op != AW_OP_RANGE) {
		aw_symbols_add_value(s, aw_eval(run, NULL, tests));
		return;
	}
	for (size_t i = 0; i < tests->count; i++)
		aw_symbols_add(s, run, tests->kids[i]);
	/* "< b" and "[a..c]" put texts in order: then a class is more than its constants */
	if (tests->op != AW_OP_TESTS)
		for (size_t i = before; i < s->end_count; i++)
			s->mixed = s->mixed || s->ends[i].kind == AW_VALUE_TEXT;
}

/* -- classes ----------------------------------------------------------------------------------- */

static void
add_symbol(struct aw_symbols *s, struct aw_value v, const char *text)
{
	*AW_PUSH(s->arena, s->at, s->count, s->room) = (struct aw_symbol){ .value = v,
		.text = text == NULL ? aw_value_string(s->arena, v) : text,
		.single = text == NULL };
}

static void
sort_ends(struct aw_symbols *s)
{
	for (size_t i = 1; i < s->end_count; i++) {
		struct aw_value v = s->ends[i];
		size_t k = i;
		int order;

		for (; k > 0 && aw_value_compare(v, s->ends[k - 1], &order) && order < 0; k--)
			s->ends[k] = s->ends[k - 1];
		s->ends[k] = v;
	}
}

/* Below all, then each constant and what lies behind it: symbol 1 + 2 k is below constant k. */
static void
close_numbers(struct aw_symbols *s)
{
	struct aw_arena *arena = s->arena;
	struct aw_num one = aw_num_int(1), two = aw_num_int(2), x;
	bool all_whole = true;

	sort_ends(s);
	if (s->end_count == 0) {
		add_symbol(s, aw_value_int(0), "any number");
		return;
	}
	s->whole = AW_NEW_ARRAY(arena, int64_t, s->end_count);
	for (size_t i = 0; i < s->end_count; i++) {
		struct aw_num at = s->ends[i].u.number;
		const char *text = aw_value_string(arena, s->ends[i]);

		all_whole = all_whole && aw_num_int64(at, &s->whole[i]);
		if (i == 0) {
			x = aw_num_sub(at, one, &x) ? x : at;
			add_symbol(s, aw_value_number(x), aw_arena_printf(arena, "< %s", text));
		}
		add_symbol(s, s->ends[i], NULL);
		if (i + 1 < s->end_count) {
			if (!aw_num_add(at, s->ends[i + 1].u.number, &x) || !aw_num_div(x, two, &x))
				x = at;
			add_symbol(s, aw_value_number(x),
				aw_arena_printf(arena, "(%s..%s)", text,
					aw_value_string(arena, s->ends[i + 1])));
		} else {
			x = aw_num_add(at, one, &x) ? x : at;
			add_symbol(s, aw_value_number(x), aw_arena_printf(arena, "> %s", text));
		}
	}
	if (!all_whole)
		s->whole = NULL;
}

uint64_t
aw_symbols_hash(struct aw_str text)
{
	uint64_t h = UINT64_C(0xCBF29CE484222325);

	for (size_t i = 0; i < text.len; i++)
		h = (h ^ (uint8_t)text.at[i]) * UINT64_C(0x100000001B3);
	return h ^ (h >> 29);
}

/* Symbol 1 + k is constant k; the last one is every other text. */
static void
close_texts(struct aw_symbols *s)
{
	static const char other[] = "\xEF\xBF\xBD"; /* nobody's value */
	size_t room = 8;

	while (room < s->end_count * 2 + 2)
		room *= 2;
	s->slots = AW_NEW_ARRAY(s->arena, uint32_t, room);
	s->slot_count = room;
	for (size_t i = 0; i < s->end_count; i++) {
		size_t at = aw_symbols_hash(s->ends[i].u.text) & (room - 1);

		while (s->slots[at] != 0)
			at = (at + 1) & (room - 1);
		s->slots[at] = (uint32_t)s->count + 1;
		add_symbol(s, s->ends[i], NULL);
	}
	add_symbol(s, aw_value_text(aw_str(other)), "any other");
}

void
aw_symbols_close(struct aw_symbols *s, enum aw_value_kind kind)
{
	s->kind = kind != AW_VALUE_NULL ? kind : s->end_count > 0 ? s->ends[0].kind : AW_VALUE_NULL;
	s->count = 0;
	add_symbol(s, aw_null, "unknown");
	if (s->mixed || (s->end_count > 0 && s->ends[0].kind != s->kind)) {
		s->mixed = true;
		for (size_t i = 0; i < s->end_count; i++)
			add_symbol(s, s->ends[i], NULL);
	} else if (s->kind == AW_VALUE_FLAG) {
		add_symbol(s, aw_value_flag(false), NULL);
		add_symbol(s, aw_value_flag(true), NULL);
	} else if (s->kind == AW_VALUE_NUMBER) {
		close_numbers(s);
	} else if (s->kind == AW_VALUE_TEXT) {
		close_texts(s);
	} else {
		for (size_t i = 0; i < s->end_count; i++)
			add_symbol(s, s->ends[i], NULL);
		s->mixed = s->end_count > 0;
	}
}

/* -- finding ----------------------------------------------------------------------------------- */

/* 2 k + 1 for below constant k, 2 k + 2 for the constant itself. */
static size_t
find_number(const struct aw_symbols *s, struct aw_num number)
{
	size_t low = 0, high = s->end_count;
	int64_t whole;
	bool fast = s->whole != NULL && aw_num_int64(number, &whole);

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = fast ? (whole > s->whole[middle]) - (whole < s->whole[middle])
				 : aw_num_compare(number, s->ends[middle].u.number);

		if (order == 0)
			return 2 * middle + 2;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return 2 * low + 1;
}

static size_t
find_text(const struct aw_symbols *s, struct aw_str text)
{
	size_t at = aw_symbols_hash(text) & (s->slot_count - 1);

	for (; s->slots[at] != 0; at = (at + 1) & (s->slot_count - 1)) {
		if (aw_str_eq(s->at[s->slots[at] - 1].value.u.text, text))
			return s->slots[at] - 1;
	}
	return s->count - 1;
}

size_t
aw_symbols_find(const struct aw_symbols *s, struct aw_value v)
{
	if (v.kind == AW_VALUE_NULL)
		return AW_SYMBOL_NULL;
	if (s->mixed || v.kind != s->kind)
		return SIZE_MAX;
	if (v.kind == AW_VALUE_FLAG)
		return v.u.flag ? 2 : 1;
	if (v.kind == AW_VALUE_NUMBER)
		return s->end_count == 0 ? 1 : find_number(s, v.u.number);
	return v.kind == AW_VALUE_TEXT ? find_text(s, v.u.text) : SIZE_MAX;
}
