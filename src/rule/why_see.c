/* rule/why - what cells say of all that is possible, and what is possible further down. */
#include <string.h>

#include "rule/why_inner.h"

/* -- what something may be --------------------------------------------------------------------- */

static struct why_maybe *
maybe_new(const struct why_case *c, size_t room)
{
	struct why_maybe *m = AW_NEW(c->arena, struct why_maybe);

	m->at = AW_NEW_ARRAY(c->arena, struct why_value, room < OTHERS_MOST ? room : OTHERS_MOST);
	m->causes = AW_NEW_ARRAY(c->arena, uint64_t, c->why->input_words);
	return m;
}

/* Once; too many become "anything". */
static void
add(struct why_maybe *m, struct why_value v)
{
	for (size_t i = 0; i < m->count; i++) {
		if (aw_value_equal(m->at[i].value, v.value) == AW_TRUE)
			return;
	}
	if (m->count == OTHERS_MOST)
		m->anything = true;
	else
		m->at[m->count++] = v;
}

static void
add_causes(const struct why_case *c, struct why_maybe *m, const struct why_maybe *from)
{
	for (size_t i = 0; i < c->why->input_words; i++)
		m->causes[i] |= from->causes[i];
}

/* It stays, if it is more than one thing. */
static void
keep(struct why_case *c, size_t at, struct why_maybe *m)
{
	c->maybes[at] = m->anything || m->count != 1 ? m : NULL;
}

/* The value that the slot has, of which nobody asks what it is written like. */
static struct why_value
present(const struct why_case *c, size_t at)
{
	uint32_t symbol = c->run->symbols[at];

	return (struct why_value){ .value = c->run->values[at],
		.symbol = symbol == SLOW_SYMBOL ? SIZE_MAX : symbol };
}

static struct why_value
valued(const struct why_case *c, size_t at, struct aw_value v)
{
	return (struct why_value){ v, aw_symbols_find(&c->run->plan->slots[at].symbols, v),
		why_json(c->arena, v) };
}

void
why_see_input(struct why_case *c, size_t at)
{
	const struct why_slot *slot = &c->why->slots[at];
	const struct aw_dmn_input *given = &c->run->given[at];
	struct why_maybe *m;

	if (given->other_count == 0 && c->run->values[at].kind != AW_VALUE_NULL)
		return;
	if (given->other_count == 0) {
		m = maybe_new(c, 1);
		m->at = slot->domain.at;
		m->count = slot->domain.count;
		m->anything = slot->domain.anything;
	} else {
		m = maybe_new(c, given->other_count + 1);
		for (size_t i = 0; i < given->other_count; i++)
			add(m, valued(c, at, given->others[i]));
		if (c->run->values[at].kind != AW_VALUE_NULL)
			add(m, valued(c, at, c->run->values[at]));
	}
	m->causes[slot->number / 64] |= UINT64_C(1) << (slot->number % 64);
	keep(c, at, m);
}

/* -- cells ------------------------------------------------------------------------------------- */

/* The cells of a column over what is certain. */
static void
see_certain(struct why_case *c, const struct plan_table *plan, const struct plan_column *column,
	const uint64_t *tested, uint64_t *missed)
{
	uint32_t symbol = c->run->symbols[column->slot];

	if (symbol == SLOW_SYMBOL) {
		c->lost = true;
		return;
	}
	for (size_t w = 0; w < plan->words; w++)
		missed[w] = tested[w] & ~column->rows[symbol * plan->words + w];
}

/* The same over all that may be: true for each, false for each, or unknown. */
static void
see_uncertain(struct why_case *c, const struct plan_table *plan, const struct plan_column *column,
	const uint64_t *tested, uint64_t *missed, uint64_t *unsure)
{
	const struct why_maybe *m = c->maybes[column->slot];

	for (size_t w = 0; w < plan->words; w++) {
		uint64_t some = 0, all = ~UINT64_C(0);

		for (size_t i = 0; i < m->count && !m->anything; i++) {
			uint64_t rows;

			if (m->at[i].symbol == SIZE_MAX) {
				c->lost = true;
				return;
			}
			rows = column->rows[m->at[i].symbol * plan->words + w];
			some |= rows;
			all &= rows;
		}
		missed[w] = m->anything ? 0 : tested[w] & ~some;
		unsure[w] = m->anything ? tested[w] : tested[w] & some & ~all;
	}
}

/* True when a cell is unknown. */
static bool
see_cells(struct why_case *c, size_t at)
{
	const struct plan_table *plan = c->run->plan->slots[at].table;
	const struct why_table *t = c->why->slots[at].table;
	bool any = false;

	memset(c->unsure, 0, plan->column_count * plan->words * sizeof(*c->unsure));
	for (size_t i = 0; i < plan->column_count; i++) {
		const struct plan_column *column = &plan->columns[i];
		size_t from = i * plan->words;

		if (c->maybes[column->slot] == NULL) {
			see_certain(c, plan, column, t->tested + from, c->missed + from);
			continue;
		}
		any = true;
		see_uncertain(
			c, plan, column, t->tested + from, c->missed + from, c->unsure + from);
	}
	return any;
}

/* The rules of a word. */
static inline uint64_t
rules_of(const struct plan_table *plan, size_t word)
{
	size_t over = plan->table->rule_count % 64;

	return word + 1 == plan->words && over != 0 ? ~UINT64_C(0) >> (64 - over) : ~UINT64_C(0);
}

static void
see_rows(struct why_case *c, size_t at)
{
	const struct plan_table *plan = c->run->plan->slots[at].table;
	const uint64_t *fired = c->run->fired[at];

	for (size_t w = 0; w < plan->words; w++) {
		uint64_t once = 0, twice = 0, unsure = 0, all = rules_of(plan, w);

		for (size_t i = 0; i < plan->column_count; i++) {
			uint64_t missed = c->missed[i * plan->words + w];

			twice |= once & missed;
			once |= missed;
			unsure |= c->unsure[i * plan->words + w];
		}
		c->near[w] = once & ~twice & ~unsure & ~fired[w];
		c->open[w] = all & ~once & unsure;
		c->sure[w] = all & ~once & ~unsure;
		c->changing[w] = 0;
	}
}

/* Columns that every row misses: what misses by one of them alone is not near. */
static void
see_closed(struct why_case *c, size_t at)
{
	const struct plan_table *plan = c->run->plan->slots[at].table;

	c->any_closed = false;
	for (size_t i = 0; i < plan->column_count; i++) {
		bool closed = plan->words > 0;

		for (size_t w = 0; w < plan->words && closed; w++)
			closed = c->missed[i * plan->words + w] == rules_of(plan, w);
		c->closed[i] = closed;
		c->any_closed = c->any_closed || closed;
	}
	if (c->any_closed)
		memset(c->near, 0, plan->words * sizeof(*c->near));
}

/* -- outcomes ---------------------------------------------------------------------------------- */

uint32_t
why_actual(const struct why_case *c, size_t at)
{
	uint32_t rules = (uint32_t)c->run->plan->slots[at].table->table->rule_count;

	return c->run->used[at] < rules ? c->run->used[at] : rules;
}

static void
change(struct why_case *c, size_t rule, uint32_t outcome)
{
	c->changing[rule / 64] |= UINT64_C(1) << (rule % 64);
	c->outcomes[rule] = outcome;
}

/* The rule that counts if `rule` fires too. */
static uint32_t
with(const struct why_case *c, const struct plan_table *plan, size_t rule)
{
	uint64_t *fired = AW_NEW_ARRAY(c->arena, uint64_t, plan->words);
	enum aw_hit hit = plan->table->hit;

	if (hit != AW_HIT_UNIQUE && hit != AW_HIT_ANY)
		memcpy(fired, c->sure, plan->words * sizeof(*fired));
	fired[rule / 64] |= UINT64_C(1) << (rule % 64);
	return (uint32_t)plan_pick(plan, fired);
}

static bool
has_any(const uint64_t *bits, size_t words)
{
	uint64_t any = 0;

	for (size_t i = 0; i < words; i++)
		any |= bits[i];
	return any != 0;
}

static void
see_outcomes(struct why_case *c, size_t at, struct why_maybe *m)
{
	const struct plan_table *plan = c->run->plan->slots[at].table;
	uint32_t actual = why_actual(c, at), without = actual, outcome;

	if (c->why->slots[at].table->has_default || has_any(c->sure, plan->words))
		without = (uint32_t)plan_pick(plan, c->sure);
	for (size_t w = 0; w < plan->words; w++) {
		for (uint64_t word = c->open[w]; word != 0; word &= word - 1) {
			size_t rule = w * 64 + (size_t)__builtin_ctzll(word);

			outcome = with(c, plan, rule);
			if (c->same[outcome] == c->same[actual] &&
				(c->run->fired[at][w] >> (rule % 64) & 1) != 0)
				outcome = without;
			if (c->same[outcome] == c->same[actual])
				continue;
			add(m, c->results[outcome]);
			change(c, rule, outcome);
		}
	}
	add(m, c->results[without]);
}

/* Each open rule may add to a list. */
static void
see_lists(struct why_case *c, size_t words, struct why_maybe *m)
{
	for (size_t w = 0; w < words; w++) {
		for (uint64_t word = c->open[w]; word != 0; word &= word - 1) {
			size_t rule = w * 64 + (size_t)__builtin_ctzll(word);

			m->anything = true;
			change(c, rule, (uint32_t)rule);
		}
	}
}

/* Whom to ask: the unknown inputs behind the unknown cells of rows that change something. */
static void
see_causes(struct why_case *c, size_t at, struct why_maybe *m)
{
	const struct plan_table *plan = c->run->plan->slots[at].table;
	const struct aw_why_texts *why = c->why;

	c->moved[at] = AW_NEW_ARRAY(c->arena, uint64_t, why->input_count * plan->words);
	for (size_t i = 0; i < plan->column_count; i++) {
		const struct why_maybe *behind = c->maybes[plan->columns[i].slot];

		for (size_t w = 0; behind != NULL && w < plan->words; w++) {
			uint64_t rows = c->unsure[i * plan->words + w] & c->changing[w];

			if (rows == 0)
				continue;
			add_causes(c, m, behind);
			for (size_t k = 0; k < why->input_count; k++) {
				if ((behind->causes[k / 64] >> (k % 64) & 1) != 0)
					c->moved[at][k * plan->words + w] |= rows;
			}
		}
	}
}

/* Results that depend on the case, of a table that has such. */
static void
see_results(struct why_case *c, size_t at)
{
	const struct plan_table *plan = c->run->plan->slots[at].table;
	const struct why_table *t = c->why->slots[at].table;
	size_t count = plan->table->rule_count + 2;
	struct why_value *results;
	struct aw_value v;
	uint32_t *same;

	c->results = t->results;
	c->same = t->same;
	if (!plan->computes)
		return;
	results = AW_NEW_ARRAY(c->arena, struct why_value, count);
	same = AW_NEW_ARRAY(c->arena, uint32_t, count);
	memcpy(results, t->results, count * sizeof(*results));
	for (size_t r = 0; r < count; r++) {
		if (r < plan->table->rule_count && plan->results[r].node != NULL) {
			c->lost = c->lost || !plan_rule_value(c->run, at, r, &v);
			results[r] = c->lost ? results[r] : valued(c, at, v);
		}
		while (same[r] < r && !plan_same(results[same[r]].value, results[r].value))
			same[r]++;
	}
	c->results = results;
	c->same = same;
}

void
why_see_table(struct why_case *c, size_t at)
{
	const struct plan_table *plan = c->run->plan->slots[at].table;
	const struct why_table *t = c->why->slots[at].table;
	struct why_maybe *m;
	bool unsure;

	if (t == NULL) {
		c->lost = true;
		return;
	}
	see_results(c, at);
	unsure = see_cells(c, at);
	if (c->lost)
		return;
	see_rows(c, at);
	see_closed(c, at);
	if (!unsure || !has_any(c->open, plan->words))
		return;
	m = maybe_new(c, plan->table->rule_count + 2);
	if (t->lists)
		add(m, present(c, at));
	else
		add(m, c->results[why_actual(c, at)]);
	if (t->lists)
		see_lists(c, plan->words, m);
	else
		see_outcomes(c, at, m);
	if (has_any(c->changing, plan->words))
		see_causes(c, at, m);
	keep(c, at, m);
}

/* -- expressions ------------------------------------------------------------------------------- */

/* The value for each combination of what the roots may be. */
static void
try_ways(struct why_case *c, size_t at, const size_t *roots, size_t count, struct why_maybe *m)
{
	struct aw_plan_run *r = c->run;
	struct aw_run plain = r->run;
	struct aw_value *values = AW_NEW_ARRAY(c->arena, struct aw_value, count);
	struct aw_value v;
	size_t ways = 1;
	bool noted = r->noted;

	for (size_t i = 0; i < count; i++) {
		ways *= c->maybes[roots[i]]->count;
		m->anything = m->anything || ways > WAYS_MOST;
		values[i] = r->values[roots[i]];
	}
	for (size_t w = 0; w < ways && w < WAYS_MOST; w++) {
		size_t rest = w;

		for (size_t i = 0; i < count; i++) {
			const struct why_maybe *root = c->maybes[roots[i]];

			r->values[roots[i]] = root->at[rest % root->count].value;
			r->hashes[roots[i]] = 0;
			rest /= root->count;
		}
		r->scopes[at] = NULL;
		v = plan_express(r, at);
		c->lost = c->lost || v.kind == AW_VALUE_FUNCTION; /* which knows its own scope */
		add(m, valued(c, at, v));
	}
	for (size_t i = 0; i < count; i++) {
		r->values[roots[i]] = values[i];
		r->hashes[roots[i]] = 0;
	}
	r->scopes[at] = NULL;
	r->noted = noted;
	r->run = plain; /* what was noted on the way is not of this case */
}

void
why_see_expression(struct why_case *c, size_t at)
{
	const struct why_slot *slot = &c->why->slots[at];
	struct aw_value v = c->run->values[at];
	bool together = v.kind == AW_VALUE_LIST || v.kind == AW_VALUE_CONTEXT;
	size_t roots[ROOTS_MOST], count = 0;
	struct why_maybe *m = NULL;
	bool more = false;

	for (size_t i = 0; i < slot->named_count; i++) {
		const struct why_maybe *root = c->maybes[slot->named[i]];

		if (root == NULL)
			continue;
		if (m == NULL) {
			m = maybe_new(c, WAYS_MOST);
			add(m, present(c, at));
		}
		more = more || (slot->is_tried && count == ROOTS_MOST);
		if (slot->is_tried && count == ROOTS_MOST)
			continue;
		m->anything = m->anything || root->anything || together || !slot->is_tried;
		add_causes(c, m, root);
		if (slot->is_tried)
			roots[count++] = slot->named[i];
	}
	if (m == NULL)
		return;
	if (!m->anything) {
		m->anything = more;
		try_ways(c, at, roots, count, m);
	}
	keep(c, at, m);
}
