/* rule/regex - running the program by backtracking over an explicit stack. */
#include <string.h>

#include "rule/fold.h"
#include "rule/regex_code.h"

enum { STEPS_MOST = 1000000 };

/* A choice not taken yet, or (slot used) a slot's value to restore on the way back. */
struct pending {
	size_t pc, pos;
	size_t slot, old;
	bool restores;
};

struct machine {
	struct aw_arena *arena;
	const struct aw_regex *re;
	struct aw_str text;
	size_t *slots; /* two a group, then one a mark */
	struct pending *stack;
	size_t count, room;
	uint64_t steps;
};

static void
set_slot(struct machine *m, size_t slot, size_t value)
{
	struct pending *p = AW_PUSH(m->arena, m->stack, m->count, m->room);

	*p = (struct pending){ .slot = slot, .old = m->slots[slot], .restores = true };
	m->slots[slot] = value;
}

static bool
in_ranges(const struct aw_regex_set *set, uint32_t c)
{
	for (size_t i = 0; i < set->count; i++) {
		if (c >= set->at[i].low && c <= set->at[i].high)
			return true;
	}
	return false;
}

static bool
in_set(const struct aw_regex *re, const struct aw_regex_set *set, uint32_t c)
{
	bool in = in_ranges(set, c) ||
		  (re->fold && (in_ranges(set, aw_lower(c)) || in_ranges(set, aw_upper(c))));

	if (set->inverted)
		in = !in;
	return in && (set->without == NULL || !in_set(re, set->without, c));
}

static bool
same_char(const struct aw_regex *re, uint32_t a, uint32_t b)
{
	return a == b || (re->fold && aw_lower(a) == aw_lower(b));
}

/* One character against a step; moves *pos when it fits. */
static bool
take(struct machine *m, const struct aw_regex_step *step, size_t *pos)
{
	size_t next = *pos;

	if (*pos >= m->text.len)
		return false;
	uint32_t c = aw_utf8_next(m->text, &next);
	bool fits = step->op == AW_REGEX_CHAR  ? same_char(m->re, c, step->a)
		    : step->op == AW_REGEX_DOT ? m->re->dot_all || (c != '\n' && c != '\r')
					       : in_set(m->re, step->set, c);

	if (fits)
		*pos = next;
	return fits;
}

static bool
take_back(struct machine *m, size_t group, size_t *pos)
{
	size_t from = m->slots[group * 2], to = m->slots[group * 2 + 1], at = *pos;

	if (from == SIZE_MAX || to == SIZE_MAX)
		return true;
	while (from < to) {
		if (at >= m->text.len ||
			!same_char(m->re, aw_utf8_next(m->text, &from), aw_utf8_next(m->text, &at)))
			return false;
	}
	*pos = at;
	return true;
}

static bool
at_edge(const struct machine *m, enum aw_regex_op op, size_t pos)
{
	if (op == AW_REGEX_START)
		return pos == 0 ||
		       (m->re->lines && m->text.at[pos - 1] == '\n' && pos < m->text.len);
	return pos == m->text.len || (m->re->lines && m->text.at[pos] == '\n');
}

/* Steps that stay or fail. Returns false to go back. */
static bool
hold(struct machine *m, const struct aw_regex_step *step, size_t *pos)
{
	size_t marks = 2 * AW_REGEX_GROUPS;

	switch (step->op) {
	case AW_REGEX_CHAR:
	case AW_REGEX_DOT:
	case AW_REGEX_SET:
		return take(m, step, pos);
	case AW_REGEX_SAVE:
		set_slot(m, step->a, *pos);
		return true;
	case AW_REGEX_MARK:
		set_slot(m, marks + step->a, *pos);
		return true;
	case AW_REGEX_MOVED:
		return m->slots[marks + step->a] != *pos;
	case AW_REGEX_START:
	case AW_REGEX_END:
		return at_edge(m, step->op, *pos);
	case AW_REGEX_BACK:
		return take_back(m, step->a, pos);
	case AW_REGEX_SPLIT:
	case AW_REGEX_JUMP:
	case AW_REGEX_MATCH:
		break;
	}
	return true;
}

/* Undoes until a choice is found; false when there is none left. */
static bool
go_back(struct machine *m, size_t *pc, size_t *pos)
{
	while (m->count > 0) {
		struct pending p = m->stack[--m->count];

		if (!p.restores) {
			*pc = p.pc;
			*pos = p.pos;
			return true;
		}
		m->slots[p.slot] = p.old;
	}
	return false;
}

static enum aw_regex_answer
run_at(struct machine *m, size_t start)
{
	size_t pc = 0, pos = start;

	m->count = 0;
	for (;;) {
		const struct aw_regex_step *step = &m->re->code[pc];

		if (++m->steps > STEPS_MOST)
			return AW_REGEX_GAVE_UP;
		if (step->op == AW_REGEX_MATCH) {
			m->slots[0] = start;
			m->slots[1] = pos;
			return AW_REGEX_YES;
		}
		if (step->op == AW_REGEX_SPLIT) {
			struct pending *p = AW_PUSH(m->arena, m->stack, m->count, m->room);

			*p = (struct pending){ .pc = step->b, .pos = pos };
			pc = step->a;
		} else if (step->op == AW_REGEX_JUMP) {
			pc = step->a;
		} else if (hold(m, step, &pos)) {
			pc++;
		} else if (!go_back(m, &pc, &pos)) {
			return AW_REGEX_NO;
		}
	}
}

enum aw_regex_answer
aw_regex_find(struct aw_arena *arena, const struct aw_regex *regex, struct aw_str text,
	size_t start, struct aw_regex_match *ret_match)
{
	size_t slots = 2 * AW_REGEX_GROUPS + regex->marks + 1;
	struct machine m = { .arena = arena, .re = regex, .text = text };

	m.slots = AW_NEW_ARRAY(arena, size_t, slots);
	for (size_t at = start; at <= text.len; at++) {
		if (at < text.len && ((uint8_t)text.at[at] & 0xC0) == 0x80)
			continue; /* inside a character */
		for (size_t i = 0; i < slots; i++)
			m.slots[i] = SIZE_MAX;
		enum aw_regex_answer answer = run_at(&m, at);

		if (answer == AW_REGEX_NO)
			continue;
		for (size_t g = 0; answer == AW_REGEX_YES && g < AW_REGEX_GROUPS; g++) {
			ret_match->from[g] = m.slots[2 * g];
			ret_match->to[g] = m.slots[2 * g + 1];
		}
		return answer;
	}
	return AW_REGEX_NO;
}
