/* rule/regex - pattern to program. */
#include <string.h>

#include "rule/fold.h"
#include "rule/regex_code.h"

enum { CODE_MOST = 20000, NESTED_MOST = 50, REPEAT_MOST = 1000 };

struct reader {
	struct aw_arena *arena;
	struct aw_regex *re;
	const uint32_t *at;
	size_t count, pos;
	size_t open_groups[NESTED_MOST];
	size_t closed_groups; /* groups that a back-reference may name */
	int depth;
	bool failed;
};

static size_t
emit(struct reader *r, enum aw_regex_op op, uint32_t a, uint32_t b)
{
	if (r->re->count >= CODE_MOST) {
		r->failed = true;
		return 0;
	}
	struct aw_regex_step *step = AW_PUSH(r->arena, r->re->code, r->re->count, r->re->room);

	*step = (struct aw_regex_step){ .op = op, .a = a, .b = b };
	return r->re->count - 1;
}

static uint32_t
peek(const struct reader *r)
{
	return r->pos < r->count ? r->at[r->pos] : 0;
}

static void
skip_blank(struct reader *r)
{
	while (r->re->extended && r->pos < r->count &&
		(peek(r) == ' ' || (peek(r) >= 9 && peek(r) <= 13)))
		r->pos++;
}

/* -- classes ----------------------------------------------------------------------------------- */

static void
set_range(struct reader *r, struct aw_regex_set *set, uint32_t low, uint32_t high)
{
	struct aw_regex_range *range = AW_PUSH(r->arena, set->at, set->count, set->room);

	*range = (struct aw_regex_range){ low, high };
}

static void
set_invert(struct reader *r, struct aw_regex_set *into, const struct aw_regex_set *from)
{
	uint32_t next = 0;

	/* ranges of the classes below are sorted */
	for (size_t i = 0; i < from->count; i++) {
		if (from->at[i].low > next)
			set_range(r, into, next, from->at[i].low - 1);
		next = from->at[i].high + 1;
	}
	if (next <= 0x10FFFF)
		set_range(r, into, next, 0x10FFFF);
}

static bool
set_named(struct reader *r, struct aw_regex_set *set, const char *name, bool inverted)
{
	struct aw_regex_set plain = { 0 };

	const struct aw_regex_named *named = aw_regex_named(name);

	if (named == NULL)
		return false;
	for (size_t k = 0; k < AW_COUNT(named->ranges) && named->ranges[k].high != 0; k++)
		set_range(r, &plain, named->ranges[k].low, named->ranges[k].high);
	if (inverted)
		set_invert(r, set, &plain);
	for (size_t k = 0; !inverted && k < plain.count; k++)
		set_range(r, set, plain.at[k].low, plain.at[k].high);
	return true;
}

/* \p{...} or \P{...}; the letter is behind us. */
static bool
read_property(struct reader *r, struct aw_regex_set *set, bool inverted)
{
	char name[40];
	size_t n = 0;

	if (peek(r) != '{')
		return false;
	r->pos++;
	while (r->pos < r->count && peek(r) != '}') {
		uint32_t c = r->at[r->pos++];

		if (r->re->extended && (c == ' ' || c == '\t'))
			continue;
		if (n + 1 >= sizeof(name) || c > 0x7F)
			return false;
		name[n++] = (char)c;
	}
	name[n] = '\0';
	if (peek(r) != '}')
		return false;
	r->pos++;
	return set_named(r, set, name, inverted);
}

/* What stands behind a backslash: a set (true in *ret_set) or one character. */
static bool
read_escape(struct reader *r, struct aw_regex_set *set, uint32_t *ret_char, bool *ret_set)
{
	uint32_t c = r->pos < r->count ? r->at[r->pos++] : 0;
	char name[2] = { (char)(c < 0x80 ? c : 0), '\0' };

	*ret_set = false;
	if (c == 'n' || c == 'r' || c == 't') {
		*ret_char = c == 'n' ? '\n' : c == 'r' ? '\r' : '\t';
		return true;
	}
	if (c != 0 && c < 0x80 && strchr("\\|.?*+(){}[]-^$", (int)c) != NULL) {
		*ret_char = c;
		return true;
	}
	*ret_set = true;
	if (c == 'p' || c == 'P')
		return read_property(r, set, c == 'P');
	if (c != 0 && c < 0x80 && strchr("dswic", (int)c) != NULL)
		return set_named(r, set, name, false);
	if (c != 0 && c < 0x80 && strchr("DSWIC", (int)c) != NULL) {
		name[0] = (char)(c + 32);
		return set_named(r, set, name, true);
	}
	return false;
}

static bool
read_class_item(struct reader *r, struct aw_regex_set *set)
{
	uint32_t low = r->at[r->pos++], high;
	bool is_set = false;

	if (low == '\\') {
		if (!read_escape(r, set, &low, &is_set))
			return false;
		if (is_set)
			return true;
	} else if (low == '[') {
		return false;
	}
	high = low;
	if (peek(r) == '-' && r->pos + 1 < r->count && r->at[r->pos + 1] != ']' &&
		r->at[r->pos + 1] != '[') {
		r->pos++;
		high = r->at[r->pos++];
		if (high == '\\' && (!read_escape(r, set, &high, &is_set) || is_set))
			return false;
		if (high < low)
			return false;
	}
	set_range(r, set, low, high);
	return true;
}

/* [...]: the opening bracket is behind us. */
static struct aw_regex_set *
read_class(struct reader *r)
{
	struct aw_regex_set *set = AW_NEW(r->arena, struct aw_regex_set);
	bool first = true;

	if (++r->depth > NESTED_MOST)
		return NULL;
	if (peek(r) == '^') {
		set->inverted = true;
		r->pos++;
	}
	for (; r->pos < r->count; first = false) {
		if (peek(r) == ']' && !first) {
			r->pos++;
			r->depth--;
			return set;
		}
		if (peek(r) == '-' && r->pos + 1 < r->count && r->at[r->pos + 1] == '[') {
			r->pos += 2;
			set->without = read_class(r);
			if (set->without == NULL || peek(r) != ']')
				return NULL;
			continue;
		}
		if (!read_class_item(r, set))
			return NULL;
	}
	return NULL;
}

static void
emit_set(struct reader *r, struct aw_regex_set *set)
{
	size_t at = emit(r, AW_REGEX_SET, 0, 0);

	if (!r->failed)
		r->re->code[at].set = set;
}

/* -- structure --------------------------------------------------------------------------------- */

static void read_choice(struct reader *r);

static void
read_group(struct reader *r)
{
	bool captures = true;
	uint32_t group = 0;

	if (peek(r) == '?') {
		if (r->pos + 1 >= r->count || r->at[r->pos + 1] != ':') {
			r->failed = true;
			return;
		}
		r->pos += 2;
		captures = false;
	}
	if (captures) {
		group = (uint32_t)++r->re->groups;
		if (group >= AW_REGEX_GROUPS) {
			r->failed = true;
			return;
		}
		emit(r, AW_REGEX_SAVE, group * 2, 0);
	}
	read_choice(r);
	if (peek(r) != ')' || r->pos >= r->count) {
		r->failed = true;
		return;
	}
	r->pos++;
	if (captures) {
		emit(r, AW_REGEX_SAVE, group * 2 + 1, 0);
		r->re->closed[group] = true;
	}
}

static void
read_back_reference(struct reader *r)
{
	uint32_t n = r->at[r->pos++] - '0';

	while (r->pos < r->count && peek(r) >= '0' && peek(r) <= '9' &&
		n * 10 + (peek(r) - '0') <= r->re->groups)
		n = n * 10 + (r->at[r->pos++] - '0');
	if (n >= AW_REGEX_GROUPS || !r->re->closed[n])
		r->failed = true;
	else
		emit(r, AW_REGEX_BACK, n, 0);
}

static void
read_atom(struct reader *r)
{
	uint32_t c = r->at[r->pos++];
	struct aw_regex_set *set;
	bool is_set;

	if (c == '(') {
		if (++r->depth > NESTED_MOST)
			r->failed = true;
		else
			read_group(r);
		r->depth--;
	} else if (c == '[') {
		set = read_class(r);
		r->failed = r->failed || set == NULL;
		if (set != NULL)
			emit_set(r, set);
	} else if (c == '.') {
		emit(r, AW_REGEX_DOT, 0, 0);
	} else if (c == '^' || c == '$') {
		emit(r, c == '^' ? AW_REGEX_START : AW_REGEX_END, 0, 0);
	} else if (c == '\\') {
		skip_blank(r);
		if (peek(r) >= '1' && peek(r) <= '9') {
			read_back_reference(r);
			return;
		}
		set = AW_NEW(r->arena, struct aw_regex_set);
		if (!read_escape(r, set, &c, &is_set))
			r->failed = true;
		else if (is_set)
			emit_set(r, set);
		else
			emit(r, AW_REGEX_CHAR, c, 0);
	} else if (c < 0x80 && strchr("?*+{}])", (int)c) != NULL) {
		r->failed = true;
	} else {
		emit(r, AW_REGEX_CHAR, c, 0);
	}
}

static bool
read_count(struct reader *r, uint32_t *ret)
{
	size_t start = r->pos;

	*ret = 0;
	while (r->pos < r->count && peek(r) >= '0' && peek(r) <= '9' && *ret <= REPEAT_MOST)
		*ret = *ret * 10 + (r->at[r->pos++] - '0');
	return r->pos > start && *ret <= REPEAT_MOST;
}

/* Copies the program of an atom once more at the end. */
static void
copy_atom(struct reader *r, size_t from, size_t to)
{
	for (size_t i = from; i < to && !r->failed; i++) {
		struct aw_regex_step step = r->re->code[i];
		size_t shift = r->re->count - i;
		size_t at = emit(r, step.op, step.a, step.b);

		if (r->failed)
			return;
		r->re->code[at].set = step.set;
		if (step.op == AW_REGEX_SPLIT || step.op == AW_REGEX_JUMP) {
			r->re->code[at].a += (uint32_t)shift;
			r->re->code[at].b += (uint32_t)shift;
		}
	}
}

/* least copies, then either a loop or (most - least) optional copies. */
static void
emit_repeat(struct reader *r, size_t from, uint32_t least, uint32_t most, bool lazy)
{
	size_t to = r->re->count;
	struct aw_regex_step *saved = AW_NEW_ARRAY(r->arena, struct aw_regex_step, to - from + 1);

	if (to > from)
		memcpy(saved, r->re->code + from, (to - from) * sizeof(*saved));
	for (uint32_t i = 1; i < least; i++)
		copy_atom(r, from, to);
	if (least == 0)
		r->re->count = from; /* taken back: it stands behind a split below */
	bool loop = most == UINT32_MAX;
	uint32_t optional = loop ? 1 : most - least;

	for (uint32_t i = 0; i < optional && !r->failed; i++) {
		size_t split = emit(r, AW_REGEX_SPLIT, 0, 0);
		size_t mark = emit(r, AW_REGEX_MARK, (uint32_t)r->re->marks++, 0);
		size_t body = r->re->count;

		for (size_t k = 0; k < to - from && !r->failed; k++) {
			size_t at = emit(r, saved[k].op, saved[k].a, saved[k].b);

			if (r->failed)
				return;
			r->re->code[at].set = saved[k].set;
			if (saved[k].op == AW_REGEX_SPLIT || saved[k].op == AW_REGEX_JUMP) {
				r->re->code[at].a += (uint32_t)(body - from);
				r->re->code[at].b += (uint32_t)(body - from);
			}
		}
		if (r->failed)
			return;
		emit(r, AW_REGEX_MOVED, r->re->code[mark].a, 0);
		if (loop)
			emit(r, AW_REGEX_JUMP, (uint32_t)split, 0);
		uint32_t in = (uint32_t)mark, out = (uint32_t)r->re->count;

		r->re->code[split].a = lazy ? out : in;
		r->re->code[split].b = lazy ? in : out;
	}
}

static void
read_piece(struct reader *r)
{
	size_t from = r->re->count;
	uint32_t least = 1, most = 1;

	read_atom(r);
	skip_blank(r);
	if (r->failed || r->pos >= r->count)
		return;
	uint32_t c = peek(r);

	if (c == '*' || c == '+' || c == '?') {
		least = c == '+';
		most = c == '?' ? 1 : UINT32_MAX;
		r->pos++;
	} else if (c == '{') {
		r->pos++;
		r->failed = !read_count(r, &least);
		most = least;
		if (peek(r) == ',') {
			r->pos++;
			if (peek(r) == '}')
				most = UINT32_MAX;
			else
				r->failed = r->failed || !read_count(r, &most) || most < least;
		}
		r->failed = r->failed || peek(r) != '}';
		r->pos++;
	} else {
		return;
	}
	bool lazy = peek(r) == '?' && r->pos < r->count;

	r->pos += lazy;
	if (!r->failed)
		emit_repeat(r, from, least, most, lazy);
}

static void
read_sequence(struct reader *r)
{
	for (skip_blank(r); !r->failed && r->pos < r->count && peek(r) != '|' && peek(r) != ')';
		skip_blank(r))
		read_piece(r);
}

static void
read_choice(struct reader *r)
{
	size_t start = r->re->count;

	read_sequence(r);
	while (!r->failed && r->pos < r->count && peek(r) == '|') {
		size_t len = r->re->count - start;
		struct aw_regex_step *first = AW_NEW_ARRAY(r->arena, struct aw_regex_step, len + 1);

		if (len > 0)
			memcpy(first, r->re->code + start, len * sizeof(*first));
		r->pos++;
		r->re->count = start;
		emit(r, AW_REGEX_SPLIT, (uint32_t)start + 1, (uint32_t)(start + len + 2));
		for (size_t i = 0; i < len && !r->failed; i++) {
			size_t at = emit(r, first[i].op, first[i].a, first[i].b);

			if (r->failed)
				return;
			r->re->code[at].set = first[i].set;
			if (first[i].op == AW_REGEX_SPLIT || first[i].op == AW_REGEX_JUMP) {
				r->re->code[at].a++;
				r->re->code[at].b++;
			}
		}
		size_t jump = emit(r, AW_REGEX_JUMP, 0, 0);

		if (r->failed)
			return;
		/* the rest of the choice stands behind; what it is, it reads itself */
		read_choice(r);
		r->re->code[jump].a = (uint32_t)r->re->count;
		return;
	}
}

const struct aw_regex *
aw_regex_compile(struct aw_arena *arena, struct aw_str pattern, struct aw_str flags)
{
	struct aw_regex *re = AW_NEW(arena, struct aw_regex);
	uint32_t *points = AW_NEW_ARRAY(arena, uint32_t, pattern.len + 1);
	struct reader r = { .arena = arena, .re = re, .at = points };

	for (size_t i = 0; i < flags.len; i++) {
		char c = flags.at[i];

		if (strchr("smixq", c) == NULL)
			return NULL;
		re->dot_all = re->dot_all || c == 's';
		re->lines = re->lines || c == 'm';
		re->fold = re->fold || c == 'i';
		re->extended = re->extended || c == 'x';
		re->literal = re->literal || c == 'q';
	}
	for (size_t i = 0; i < pattern.len;)
		points[r.count++] = aw_utf8_next(pattern, &i);
	if (re->literal) {
		re->extended = false;
		for (size_t i = 0; i < r.count; i++)
			emit(&r, AW_REGEX_CHAR, points[i], 0);
	} else {
		read_choice(&r);
	}
	if (r.failed || (!re->literal && r.pos != r.count))
		return NULL;
	emit(&r, AW_REGEX_MATCH, 0, 0);
	return r.failed ? NULL : re;
}

size_t
aw_regex_group_count(const struct aw_regex *regex)
{
	return regex->groups;
}
