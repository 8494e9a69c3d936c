/* rule/feel - expressions by precedence, unary tests, and the two doors. */
#include <string.h>

#include "rule/feel_read.h"

enum { DEPTH_MOST = 200 };

struct aw_node *
aw_node_new(struct aw_reader *r, enum aw_op op, size_t at)
{
	struct aw_node *node = AW_NEW(r->arena, struct aw_node);

	node->op = op;
	node->at = (uint32_t)at;
	return node;
}

void
aw_node_add(struct aw_reader *r, struct aw_node *node, struct aw_node *kid)
{
	*AW_PUSH(r->arena, node->kids, node->count, node->room) = kid;
	if (kid != NULL)
		node->asks = node->asks || kid->asks;
}

void
aw_node_name(struct aw_reader *r, struct aw_node *node, struct aw_str name)
{
	*AW_PUSH(r->arena, node->names, node->name_count, node->name_room) = name;
}

static struct aw_node *
pair(struct aw_reader *r, enum aw_op op, size_t at, struct aw_node *left, struct aw_node *right)
{
	struct aw_node *node = aw_node_new(r, op, at);

	aw_node_add(r, node, left);
	aw_node_add(r, node, right);
	return node;
}

static struct aw_node *
read_unary(struct aw_reader *r)
{
	size_t at = r->start;

	if (!aw_reader_take_sign(r, '-')) {
		struct aw_node *node = aw_read_primary(r);

		while (aw_reader_at_word(r, "instance")) {
			at = r->start;
			aw_reader_step(r);
			aw_reader_need_word(r, "of");
			struct aw_node *of = aw_node_new(r, AW_OP_INSTANCE, at);

			aw_node_add(r, of, node);
			of->types = AW_NEW(r->arena, const struct aw_type *);
			of->types[0] = aw_read_type(r);
			node = of;
		}
		return node;
	}
	if (++r->depth > DEPTH_MOST) {
		aw_reader_fail(r, at, "nested deeper than %d", DEPTH_MOST);
		return NULL;
	}
	struct aw_node *node = aw_node_new(r, AW_OP_NEG, at);

	aw_node_add(r, node, read_unary(r));
	r->depth--;
	return node;
}

static struct aw_node *
read_power(struct aw_reader *r)
{
	struct aw_node *left = read_unary(r);

	while (aw_reader_at_sign(r, AW_SIGN2('*', '*'))) {
		size_t at = r->start;

		aw_reader_step(r);
		left = pair(r, AW_OP_POW, at, left, read_unary(r));
	}
	return left;
}

static struct aw_node *
read_product(struct aw_reader *r)
{
	struct aw_node *left = read_power(r);

	while (aw_reader_at_sign(r, '*') || aw_reader_at_sign(r, '/')) {
		enum aw_op op = r->sign == '*' ? AW_OP_MUL : AW_OP_DIV;
		size_t at = r->start;

		aw_reader_step(r);
		left = pair(r, op, at, left, read_power(r));
	}
	return left;
}

struct aw_node *
aw_read_sum(struct aw_reader *r)
{
	struct aw_node *left = read_product(r);

	while (aw_reader_at_sign(r, '+') || aw_reader_at_sign(r, '-')) {
		enum aw_op op = r->sign == '+' ? AW_OP_ADD : AW_OP_SUB;
		size_t at = r->start;

		aw_reader_step(r);
		left = pair(r, op, at, left, read_product(r));
	}
	return left;
}

enum aw_op
aw_read_compare_op(const struct aw_reader *r)
{
	static const struct {
		uint32_t sign;
		enum aw_op op;
	} signs[] = { { '=', AW_OP_EQ }, { AW_SIGN2('!', '='), AW_OP_NE }, { '<', AW_OP_LT },
		{ AW_SIGN2('<', '='), AW_OP_LE }, { '>', AW_OP_GT },
		{ AW_SIGN2('>', '='), AW_OP_GE } };

	for (size_t i = 0; i < AW_COUNT(signs); i++) {
		if (aw_reader_at_sign(r, signs[i].sign))
			return signs[i].op;
	}
	return AW_OP_LITERAL;
}

static struct aw_node *
read_between(struct aw_reader *r, struct aw_node *value, size_t at)
{
	struct aw_node *node = aw_node_new(r, AW_OP_BETWEEN, at);

	aw_reader_step(r);
	aw_node_add(r, node, value);
	aw_node_add(r, node, aw_read_sum(r));
	aw_reader_need_word(r, "and");
	aw_node_add(r, node, aw_read_sum(r));
	return node;
}

static struct aw_node *
read_comparison(struct aw_reader *r)
{
	struct aw_node *left = aw_read_sum(r);

	while (!aw_reader_failed(r)) {
		enum aw_op op = aw_read_compare_op(r);
		size_t at = r->start;

		if (op != AW_OP_LITERAL) {
			aw_reader_step(r);
			left = pair(r, op, at, left, aw_read_sum(r));
		} else if (aw_reader_at_word(r, "between")) {
			left = read_between(r, left, at);
		} else if (aw_reader_take_word(r, "in")) {
			left = pair(r, AW_OP_IN, at, left, aw_read_in(r));
		} else {
			break;
		}
	}
	return left;
}

static struct aw_node *
read_and(struct aw_reader *r)
{
	struct aw_node *left = read_comparison(r);

	while (aw_reader_at_word(r, "and")) {
		size_t at = r->start;

		aw_reader_step(r);
		left = pair(r, AW_OP_AND, at, left, read_comparison(r));
	}
	return left;
}

struct aw_node *
aw_read_expression(struct aw_reader *r)
{
	if (++r->depth > DEPTH_MOST) {
		aw_reader_fail(r, r->start, "nested deeper than %d", DEPTH_MOST);
		return NULL;
	}
	bool at_end = r->at_end;

	r->at_end = false;
	struct aw_node *left = read_and(r);

	while (aw_reader_at_word(r, "or")) {
		size_t at = r->start;

		aw_reader_step(r);
		left = pair(r, AW_OP_OR, at, left, read_and(r));
	}
	r->depth--;
	r->at_end = at_end;
	return aw_reader_failed(r) ? NULL : left;
}

/* -- tests ------------------------------------------------------------------------------------- */

struct aw_node *
aw_read_test(struct aw_reader *r)
{
	enum aw_op op = aw_read_compare_op(r);

	if (op == AW_OP_LITERAL)
		return aw_read_expression(r);
	struct aw_node *node = aw_node_new(r, AW_OP_COMPARE, r->start);

	aw_reader_step(r);
	node->compare = op;
	aw_node_add(r, node, aw_read_sum(r));
	return aw_reader_failed(r) ? NULL : node;
}

/* Tests up to the closing bracket (or the end); the opening one is behind us. */
static struct aw_node *
read_tests(struct aw_reader *r)
{
	struct aw_node *node = aw_node_new(r, AW_OP_TESTS, r->start);

	do
		aw_node_add(r, node, aw_read_test(r));
	while (aw_reader_take_sign(r, ','));
	return node;
}

struct aw_node *
aw_read_in(struct aw_reader *r)
{
	size_t at = r->start;

	if (!aw_reader_at_sign(r, '('))
		return aw_read_compare_op(r) != AW_OP_LITERAL ? aw_read_test(r) : aw_read_sum(r);
	aw_reader_step(r);
	if (aw_reader_take_word(r, "not") && aw_reader_take_sign(r, '(')) {
		struct aw_node *tests = read_tests(r);

		tests->negated = true;
		aw_reader_need_sign(r, ')');
		if (aw_reader_take_sign(r, ')'))
			return tests;
	}
	aw_reader_back(r, at);
	aw_reader_step(r);
	struct aw_node *tests = read_tests(r);

	if (!aw_reader_failed(r) && aw_reader_at_sign(r, AW_SIGN2('.', '.')) && tests->count == 1) {
		aw_reader_back(r, at); /* an open range: (1..5] */
		return aw_read_primary(r);
	}
	aw_reader_need_sign(r, ')');
	return tests;
}

/* -- doors ------------------------------------------------------------------------------------- */

static enum aw_status
finish(struct aw_reader *r, struct aw_node *node, struct aw_node **ret_node)
{
	if (!aw_reader_failed(r) && r->token != AW_TOKEN_END) {
		size_t rest = r->text.len - r->start;

		aw_reader_fail(r, r->start, "did not expect \"%.*s\"", (int)(rest > 20 ? 20 : rest),
			r->text.at + r->start);
	}
	if (aw_reader_failed(r))
		return r->err->status;
	*ret_node = node;
	return AW_OK;
}

enum aw_status
aw_feel_parse(struct aw_arena *arena, struct aw_str text, struct aw_names *names,
	struct aw_node **ret_node, struct aw_error *err)
{
	struct aw_reader r = { .arena = arena, .text = text, .names = names, .err = err };

	aw_error_clear(err);
	if (!aw_utf8_valid(text))
		return aw_fail_at(err, NULL, 1, 1, "the expression is not UTF-8");
	aw_reader_step(&r);
	return finish(&r, aw_read_expression(&r), ret_node);
}

enum aw_status
aw_feel_parse_tests(struct aw_arena *arena, struct aw_str text, struct aw_names *names,
	struct aw_node **ret_node, struct aw_error *err)
{
	struct aw_reader r = { .arena = arena, .text = text, .names = names, .err = err };
	struct aw_node *node;

	aw_error_clear(err);
	if (!aw_utf8_valid(text))
		return aw_fail_at(err, NULL, 1, 1, "the test is not UTF-8");
	aw_reader_step(&r);
	if (aw_str_is(aw_str_trim(text), "-")) {
		*ret_node = aw_node_new(&r, AW_OP_ANY, 0);
		return AW_OK;
	}
	if (aw_reader_take_word(&r, "not") && aw_reader_take_sign(&r, '(')) {
		node = read_tests(&r);
		node->negated = true;
		aw_reader_need_sign(&r, ')');
		if (r.token == AW_TOKEN_END)
			return finish(&r, node, ret_node);
		aw_error_clear(err); /* not(a) and ...: an expression after all */
	}
	aw_reader_back(&r, 0);
	node = read_tests(&r);
	return finish(&r, node, ret_node);
}
