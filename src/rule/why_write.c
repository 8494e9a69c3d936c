/* rule/why - the explanation of a case as JSON text. */
#include <string.h>

#include "rule/why_inner.h"

enum { USUAL_BYTES = 14000 }; /* of an explanation */

/* What was made beforehand is copied; the buffer ends in NUL at the end. */
static inline void
put(struct aw_buf *out, struct aw_str text)
{
	if (out->room - out->len <= text.len) {
		aw_buf_add(out, text.at, text.len);
		return;
	}
	memcpy(out->at + out->len, text.at, text.len);
	out->len += text.len;
}

#define PUT(out, literal) put((out), AW_STR_LIT(literal))

static void
put_number(struct aw_buf *out, size_t number)
{
	char digits[24];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + number % 10);
	while ((number /= 10) != 0);
	put(out, (struct aw_str){ digits + at, sizeof(digits) - at });
}

/* Each bit of rows, the lowest first. */
#define EACH_ROW(rows, words, rule)                                                                \
	for (size_t rule = next_row((rows), (words), 0); (rule) < (words)*64;                      \
		(rule) = next_row((rows), (words), (rule) + 1))

static inline size_t
next_row(const uint64_t *rows, size_t words, size_t from)
{
	for (size_t w = from / 64; w < words; w++) {
		uint64_t word =
			rows[w] & (w == from / 64 ? ~UINT64_C(0) << (from % 64) : ~UINT64_C(0));

		if (word != 0)
			return w * 64 + (size_t)__builtin_ctzll(word);
	}
	return words * 64;
}

static inline bool
has(const uint64_t *rows, size_t rule)
{
	return (rows[rule / 64] >> (rule % 64) & 1) != 0;
}

/* -- inputs ------------------------------------------------------------------------------------ */

static void
put_value(struct why_case *c, size_t at)
{
	uint32_t symbol = c->run->symbols[at];
	struct aw_value v = c->run->values[at];

	if (v.kind == AW_VALUE_TEXT && symbol != SLOW_SYMBOL &&
		c->why->slots[at].symbols[symbol].at != NULL)
		put(c->out, c->why->slots[at].symbols[symbol]);
	else
		aw_value_write(c->out, v);
}

static void
put_input(struct why_case *c, size_t at)
{
	const struct aw_dmn_input *given = &c->run->given[at];

	put(c->out, c->why->slots[at].head);
	if (given->source == NULL)
		PUT(c->out, "null");
	else
		aw_buf_json(c->out, given->source);
	if (c->run->values[at].kind != AW_VALUE_NULL || given->other_count > 0) {
		PUT(c->out, ",");
		put_value(c, at);
	}
	for (size_t i = 0; i < given->other_count; i++) {
		put(c->out, i == 0 ? AW_STR_LIT(",[") : AW_STR_LIT(","));
		aw_value_write(c->out, given->others[i]);
	}
	put(c->out, given->other_count > 0 ? AW_STR_LIT("]]") : AW_STR_LIT("]"));
}

static void
put_inputs(struct why_case *c)
{
	bool first = true;

	for (size_t i = 0; i < c->run->plan->count; i++) {
		if (c->run->plan->slots[i].kind != PLAN_INPUT)
			continue;
		put(c->out, first ? AW_STR_LIT("") : AW_STR_LIT(","));
		put_input(c, i);
		first = false;
	}
}

/* -- results ----------------------------------------------------------------------------------- */

static void
put_table_result(struct why_case *c, size_t at)
{
	const struct plan_table *plan = c->run->plan->slots[at].table;
	const struct why_table *t = c->why->slots[at].table;
	struct aw_value v = c->run->values[at];
	size_t rules = plan->table->rule_count, count = 0;

	if (!t->lists) {
		put(c->out, c->results[why_actual(c, at)].json);
		return;
	}
	EACH_ROW(c->run->fired[at], plan->words, rule)
	count++;
	if (count == 0) {
		put(c->out, c->results[rules].json);
		return;
	}
	/* in another order, or made something else by its type */
	if (plan->table->hit == AW_HIT_OUTPUT_ORDER || v.kind != AW_VALUE_LIST ||
		v.u.list->count != count) {
		aw_value_write(c->out, v);
		return;
	}
	count = 0;
	EACH_ROW(c->run->fired[at], plan->words, rule)
	{
		put(c->out, count++ == 0 ? AW_STR_LIT("[") : AW_STR_LIT(","));
		put(c->out, c->results[rule].json);
	}
	PUT(c->out, "]");
}

/* An expression that puts others' results together is written by putting together what was written. */
static void
put_node(struct why_case *c, const struct plan_node *node)
{
	struct aw_value v = aw_null;

	if (node->op == AW_OP_CONTEXT || node->op == AW_OP_LIST) {
		put(c->out, node->op == AW_OP_LIST ? AW_STR_LIT("[") : AW_STR_LIT("{"));
		for (size_t i = 0; i < node->count; i++) {
			put(c->out, i == 0 ? AW_STR_LIT("") : AW_STR_LIT(","));
			if (node->op == AW_OP_CONTEXT) {
				aw_buf_json_str(c->out, node->names[i]);
				PUT(c->out, ":");
			}
			put_node(c, node->kids[i]);
		}
		put(c->out, node->op == AW_OP_LIST ? AW_STR_LIT("]") : AW_STR_LIT("}"));
	} else if (node->op == AW_OP_NAME && c->json_len[node->slot] > 0) {
		put(c->out, (struct aw_str){
				    c->out->at + c->json[node->slot], c->json_len[node->slot] });
	} else if (plan_node_value(node, c->run->values, c->arena, &v)) {
		aw_value_write(c->out, v);
	} else {
		c->lost = true;
	}
}

static void
put_result(struct why_case *c, size_t at)
{
	const struct plan_slot *slot = &c->run->plan->slots[at];
	struct aw_value v = c->run->values[at];

	c->json[at] = c->out->len;
	if (slot->kind == PLAN_TABLE)
		put_table_result(c, at);
	else if (slot->node != NULL && slot->node->op == AW_OP_CONTEXT &&
		 v.kind == AW_VALUE_CONTEXT)
		put_node(c, slot->node);
	else
		aw_value_write(c->out, v);
	c->json_len[at] = c->out->len - c->json[at];
}

/* -- rows -------------------------------------------------------------------------------------- */

static void
put_fired(struct why_case *c, size_t at)
{
	const struct why_table *t = c->why->slots[at].table;
	size_t words = c->run->plan->slots[at].table->words;
	bool first = true;

	EACH_ROW(c->run->fired[at], words, rule)
	{
		put(c->out, first ? AW_STR_LIT(",\"fired\":[") : AW_STR_LIT(","));
		put(c->out, t->rows[rule]);
		put(c->out, t->texts[rule]);
		put(c->out, aw_plan_used(c->run, (int)at, rule) ? AW_STR_LIT("true}")
								: AW_STR_LIT("false}"));
		first = false;
	}
	put(c->out, first ? AW_STR_LIT("") : AW_STR_LIT("]"));
}

static void
put_open(struct why_case *c, size_t at)
{
	const struct plan_table *plan = c->run->plan->slots[at].table;
	const struct why_table *t = c->why->slots[at].table;
	bool first = true;

	EACH_ROW(c->open, plan->words, rule)
	{
		bool first_need = true;

		put(c->out, first ? AW_STR_LIT(",\"open\":[") : AW_STR_LIT(","));
		put(c->out, t->rows[rule]);
		PUT(c->out, ",\"needs\":[");
		for (size_t i = 0; i < plan->column_count; i++) {
			if (!has(c->unsure + i * plan->words, rule))
				continue;
			put(c->out, first_need ? AW_STR_LIT("") : AW_STR_LIT(","));
			put(c->out, t->pairs[rule * plan->column_count + i]);
			first_need = false;
		}
		PUT(c->out, "]");
		if (has(c->changing, rule)) {
			PUT(c->out, ",\"outcome\":");
			put(c->out, c->results[c->outcomes[rule]].json);
		}
		PUT(c->out, "}");
		first = false;
	}
	put(c->out, first ? AW_STR_LIT("") : AW_STR_LIT("]"));
}

static void
put_near(struct why_case *c, size_t at)
{
	const struct plan_table *plan = c->run->plan->slots[at].table;
	const struct why_table *t = c->why->slots[at].table;
	bool first = true;

	EACH_ROW(c->near, plan->words, rule)
	{
		size_t column = 0;

		while (!has(c->missed + column * plan->words, rule))
			column++;
		put(c->out, first ? AW_STR_LIT(",\"near\":[{\"n\":") : AW_STR_LIT(",{\"n\":"));
		put_number(c->out, rule + 1);
		PUT(c->out, ",\"misses\":");
		put(c->out, t->pairs[rule * plan->column_count + column]);
		PUT(c->out, "}");
		first = false;
	}
	put(c->out, first ? AW_STR_LIT("") : AW_STR_LIT("]"));
}

static void
put_closed(struct why_case *c, size_t at)
{
	bool first = true;

	for (size_t i = 0; c->any_closed && i < c->run->plan->slots[at].table->column_count; i++) {
		if (!c->closed[i])
			continue;
		put(c->out, first ? AW_STR_LIT(",\"closed\":[") : AW_STR_LIT(","));
		put(c->out, c->why->slots[at].table->names[i]);
		first = false;
	}
	put(c->out, first ? AW_STR_LIT("") : AW_STR_LIT("]"));
}

/* -- all --------------------------------------------------------------------------------------- */

static void
put_decision(struct why_case *c, size_t at)
{
	const struct why_maybe *m;

	if (c->run->plan->slots[at].kind == PLAN_TABLE)
		why_see_table(c, at);
	else
		why_see_expression(c, at);
	if (c->lost)
		return;
	put(c->out, c->why->slots[at].head);
	put_result(c, at);
	if (c->run->plan->slots[at].kind == PLAN_TABLE) {
		put_fired(c, at);
		put_open(c, at);
		put_near(c, at);
		put_closed(c, at);
	}
	m = c->maybes[at];
	for (size_t i = 1; m != NULL && i < m->count; i++) {
		put(c->out, i == 1 ? AW_STR_LIT(",\"possible\":[") : AW_STR_LIT(","));
		put(c->out, m->at[i].json);
	}
	put(c->out, m != NULL && m->count > 1 ? AW_STR_LIT("]") : AW_STR_LIT(""));
	put(c->out, m != NULL && m->anything ? AW_STR_LIT(",\"anything\":true}") : AW_STR_LIT("}"));
}

static void
put_unknown(struct why_case *c, size_t at)
{
	const struct aw_plan *plan = c->run->plan;
	size_t number = c->why->slots[at].number;
	bool first_decision = true;

	put(c->out, c->why->slots[at].name);
	for (size_t i = 0; i < plan->count; i++) {
		const uint64_t *rows = c->moved[i];
		size_t words = 0;
		bool first = true;

		if (rows != NULL) {
			words = plan->slots[i].table->words;
			rows += number * words;
		}
		EACH_ROW(rows, words, rule)
		{
			if (first && !first_decision)
				PUT(c->out, ",");
			put(c->out, first ? c->why->slots[i].name : AW_STR_LIT(","));
			put_number(c->out, rule + 1);
			first = first_decision = false;
		}
		put(c->out, first ? AW_STR_LIT("") : AW_STR_LIT("]"));
	}
	PUT(c->out, "}}");
}

static void
put_unknowns(struct why_case *c)
{
	bool first = true;

	for (size_t i = 0; i < c->run->plan->count; i++) {
		if (c->run->plan->slots[i].kind != PLAN_INPUT || c->maybes[i] == NULL)
			continue;
		put(c->out, first ? AW_STR_LIT("") : AW_STR_LIT(","));
		put_unknown(c, i);
		first = false;
	}
}

static void
put_decisions(struct why_case *c)
{
	bool first = true;

	for (size_t i = 0; i < c->run->plan->count && !c->lost; i++) {
		enum plan_kind kind = c->run->plan->slots[i].kind;

		if (kind != PLAN_TABLE && kind != PLAN_EXPRESSION)
			continue;
		put(c->out, first ? AW_STR_LIT("") : AW_STR_LIT(","));
		put_decision(c, i);
		first = false;
	}
}

/* The only notes that the interpreter is not asked for. */
static void
put_unfit(struct why_case *c)
{
	bool first = true;

	for (size_t i = 0; i < c->run->plan->count; i++) {
		if (!c->run->unfit[i])
			continue;
		put(c->out, first ? AW_STR_LIT("") : AW_STR_LIT(","));
		put(c->out, c->why->slots[i].unfit);
		first = false;
	}
}

static struct why_case
begin(const struct aw_why_texts *why, struct aw_plan_run *run, struct aw_buf *out)
{
	struct aw_arena *arena = &run->a_case;
	struct why_case c = { .why = why, .run = run, .arena = arena, .out = out };
	size_t count = why->plan->count;
	uint64_t *masks = AW_NEW_ARRAY(arena, uint64_t, why->mask_words * 6);

	c.maybes = AW_NEW_ARRAY(arena, struct why_maybe *, count);
	c.moved = AW_NEW_ARRAY(arena, uint64_t *, count);
	c.json = AW_NEW_ARRAY(arena, size_t, count * 2);
	c.json_len = c.json + count;
	c.missed = masks;
	c.unsure = masks + why->mask_words;
	c.sure = masks + why->mask_words * 2;
	c.open = masks + why->mask_words * 3;
	c.near = masks + why->mask_words * 4;
	c.changing = masks + why->mask_words * 5;
	c.closed = AW_NEW_ARRAY(arena, bool, why->mask_words);
	c.outcomes = AW_NEW_ARRAY(arena, uint32_t, why->mask_words * 64);
	return c;
}

/* From the same inputs once more. */
static void
interpret(const struct aw_why_texts *why, struct aw_plan_run *run, struct aw_buf *out)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_explain explain = { 0 };
	struct aw_dmn_case the_case = { .now_ms = run->run.now_ms };
	struct aw_dmn_input *inputs =
		AW_NEW_ARRAY(&arena, struct aw_dmn_input, why->input_count + 1);

	for (size_t i = 0; i < run->plan->count; i++) {
		if (run->given[i].name != NULL)
			inputs[the_case.input_count++] = run->given[i];
	}
	the_case.inputs = inputs;
	(void)aw_dmn_decide(&arena, why->decision, &the_case, &explain);
	aw_explain_write(&explain, why->hash, out);
}

bool
aw_why_write(const struct aw_why_texts *why, struct aw_plan_run *run, struct aw_buf *out)
{
	size_t start = out->len;
	struct why_case c;

	aw_buf_reserve(out, USUAL_BYTES);
	if (run->noted) {
		interpret(why, run, out);
		return false;
	}
	c = begin(why, run, out);
	for (size_t i = 0; i < run->plan->count; i++) {
		if (run->plan->slots[i].kind == PLAN_INPUT)
			why_see_input(&c, i);
	}
	put(out, why->head);
	put_inputs(&c);
	PUT(out, "],\"decisions\":[");
	put_decisions(&c);
	if (c.lost) {
		out->len = start;
		interpret(why, run, out);
		return false;
	}
	PUT(out, "],\"unknowns\":[");
	put_unknowns(&c);
	PUT(out, "],\"diagnostics\":[");
	put_unfit(&c);
	PUT(out, "]}");
	aw_buf_add(out, "", 0);
	return true;
}
