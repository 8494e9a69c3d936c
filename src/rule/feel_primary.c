/* rule/feel - primaries: literals, names, lists, contexts, ranges, calls, if, for, functions, types. */
#include <string.h>

#include "rule/eval.h"
#include "rule/feel_read.h"
#include "rule/temporal.h"

static struct aw_node *
literal(struct aw_reader *r, size_t at, struct aw_value value)
{
	struct aw_node *node = aw_node_new(r, AW_OP_LITERAL, at);

	node->value = value;
	aw_reader_step(r);
	return node;
}

static struct aw_node *
read_at_literal(struct aw_reader *r)
{
	size_t at = r->start;

	aw_reader_step(r);
	if (r->token != AW_TOKEN_TEXT) {
		aw_reader_fail(r, at, "expected a text behind @");
		return NULL;
	}
	struct aw_value value = aw_temporal_parse(r->arena, r->word);

	return literal(r, at, value);
}

/* Names of iterators and parameters are in scope only inside: what was added is taken off again. */
static void
forget_names(struct aw_reader *r, size_t count)
{
	r->names->count = count;
}

/* -- lists, ranges, contexts ------------------------------------------------------------------- */

/* low..high and the closing bracket; the low end was read. */
static struct aw_node *
read_range_rest(struct aw_reader *r, size_t at, bool low_closed, struct aw_node *low)
{
	struct aw_node *node = aw_node_new(r, AW_OP_RANGE, at);

	aw_reader_step(r);
	node->low_closed = low_closed;
	aw_node_add(r, node, low);
	bool outer = r->at_end;

	r->at_end = true;
	aw_node_add(r, node, aw_read_sum(r));
	r->at_end = outer;
	node->high_closed = aw_reader_at_sign(r, ']');
	if (!aw_reader_take_sign(r, ']') && !aw_reader_take_sign(r, ')') &&
		!aw_reader_take_sign(r, '['))
		aw_reader_fail(r, r->start, "expected the end of the range: ] or )");
	return node;
}

static struct aw_node *
read_list(struct aw_reader *r)
{
	size_t at = r->start;
	struct aw_node *list = aw_node_new(r, AW_OP_LIST, at);

	aw_reader_step(r);
	if (aw_reader_take_sign(r, ']'))
		return list;
	struct aw_node *first = aw_read_test(r);

	if (aw_reader_at_sign(r, AW_SIGN2('.', '.')))
		return read_range_rest(r, at, true, first);
	aw_node_add(r, list, first);
	while (aw_reader_take_sign(r, ','))
		aw_node_add(r, list, aw_read_test(r));
	aw_reader_need_sign(r, ']');
	return list;
}

static struct aw_node *
read_parenthesis(struct aw_reader *r)
{
	size_t at = r->start;

	aw_reader_step(r);
	struct aw_node *inner = aw_read_test(r);

	if (aw_reader_at_sign(r, AW_SIGN2('.', '.')))
		return read_range_rest(r, at, false, inner);
	aw_reader_need_sign(r, ')');
	return inner;
}

static struct aw_node *
read_open_range(struct aw_reader *r)
{
	size_t at = r->start;

	aw_reader_step(r);
	struct aw_node *low = aw_read_sum(r);

	if (!aw_reader_at_sign(r, AW_SIGN2('.', '.')))
		aw_reader_fail(r, r->start, "expected '..' of a range");
	return read_range_rest(r, at, false, low);
}

static struct aw_node *
read_context(struct aw_reader *r)
{
	struct aw_node *node = aw_node_new(r, AW_OP_CONTEXT, r->start);
	struct aw_str name;

	aw_reader_step(r);
	if (aw_reader_take_sign(r, '}'))
		return node;
	do {
		if (r->token == AW_TOKEN_TEXT) {
			name = r->word;
			aw_reader_step(r);
		} else if (!aw_reader_raw_name(r, ":", NULL, &name)) {
			aw_reader_fail(r, r->start, "expected the name of an entry, then ':'");
			return NULL;
		}
		aw_reader_need_sign(r, ':');
		aw_node_add(r, node, aw_read_expression(r));
		aw_node_name(r, node, name);
		if (name.len > 0)
			aw_names_add(r->names, name);
		/* the names grew: what was read ahead may be part of one, but not behind , or } */
	} while (aw_reader_take_sign(r, ','));
	aw_reader_need_sign(r, '}');
	return node;
}

/* -- control ----------------------------------------------------------------------------------- */

static struct aw_node *
read_if(struct aw_reader *r, size_t at)
{
	struct aw_node *node = aw_node_new(r, AW_OP_IF, at);

	aw_node_add(r, node, aw_read_expression(r));
	aw_reader_need_word(r, "then");
	aw_node_add(r, node, aw_read_expression(r));
	aw_reader_need_word(r, "else");
	aw_node_add(r, node, aw_read_expression(r));
	return node;
}

static struct aw_node *
read_domain(struct aw_reader *r)
{
	size_t at = r->start;
	struct aw_node *low = aw_read_expression(r);

	if (!aw_reader_take_sign(r, AW_SIGN2('.', '.')))
		return low;
	struct aw_node *span = aw_node_new(r, AW_OP_SPAN, at);

	aw_node_add(r, span, low);
	aw_node_add(r, span, aw_read_expression(r));
	return span;
}

static struct aw_node *
read_iteration(struct aw_reader *r, enum aw_op op, size_t at)
{
	struct aw_node *node = aw_node_new(r, op, at);
	size_t outer = r->names->count;
	struct aw_str name;

	do {
		if (!aw_reader_raw_name(r, "", "in", &name)) {
			aw_reader_fail(
				r, r->start, "expected the name of an iterator, then \"in\"");
			return NULL;
		}
		aw_reader_need_word(r, "in");
		aw_node_add(r, node, read_domain(r));
		aw_node_name(r, node, name);
		aw_names_add(r->names, name);
	} while (aw_reader_take_sign(r, ','));
	aw_reader_need_word(r, op == AW_OP_FOR ? "return" : "satisfies");
	aw_node_add(r, node, aw_read_expression(r));
	forget_names(r, outer);
	return node;
}

static struct aw_node *
read_function(struct aw_reader *r, size_t at)
{
	struct aw_node *node = aw_node_new(r, AW_OP_FUNCTION, at);
	size_t outer = r->names->count, room = 0, types = 0;
	struct aw_str name;

	aw_reader_need_sign(r, '(');
	while (!aw_reader_failed(r) && !aw_reader_at_sign(r, ')')) {
		if (!aw_reader_raw_name(r, ":,)", NULL, &name)) {
			aw_reader_fail(r, r->start, "expected the name of a parameter");
			return NULL;
		}
		aw_node_name(r, node, name);
		const struct aw_type **type = AW_PUSH(r->arena, node->types, types, room);

		*type = aw_reader_take_sign(r, ':') ? aw_read_type(r) : &aw_type_any;
		aw_names_add(r->names, name);
		if (!aw_reader_take_sign(r, ','))
			break;
	}
	aw_reader_need_sign(r, ')');
	if (aw_reader_take_word(r, "external")) {
		aw_read_expression(
			r); /* code of another language never runs here: calling it is null */
		aw_node_add(r, node, aw_node_new(r, AW_OP_LITERAL, at));
		node->negated = true;
	} else {
		aw_node_add(r, node, aw_read_expression(r));
	}
	forget_names(r, outer);
	return node;
}

/* -- types ------------------------------------------------------------------------------------- */

static struct aw_type *
type_new(struct aw_reader *r, enum aw_type_kind kind)
{
	struct aw_type *type = AW_NEW(r->arena, struct aw_type);

	type->kind = kind;
	return type;
}

static void
type_field(struct aw_reader *r, struct aw_type *type, struct aw_str name)
{
	struct aw_type_field field = { name, aw_read_type(r) };

	*AW_PUSH(r->arena, type->fields, type->field_count, type->field_room) = field;
}

static const struct aw_type *
read_context_type(struct aw_reader *r)
{
	struct aw_type *type = type_new(r, AW_TYPE_CONTEXT);
	struct aw_str name;

	do {
		if (!aw_reader_raw_name(r, ":", NULL, &name)) {
			aw_reader_fail(r, r->start, "expected the name of an entry, then ':'");
			return type;
		}
		aw_reader_need_sign(r, ':');
		type_field(r, type, name);
	} while (aw_reader_take_sign(r, ','));
	aw_reader_need_sign(r, '>');
	return type;
}

static const struct aw_type *
read_function_type(struct aw_reader *r)
{
	struct aw_type *type = type_new(r, AW_TYPE_FUNCTION);

	while (!aw_reader_failed(r) && !aw_reader_at_sign(r, '>')) {
		type_field(r, type, (struct aw_str){ 0 });
		if (!aw_reader_take_sign(r, ','))
			break;
	}
	aw_reader_need_sign(r, '>');
	aw_reader_need_sign(r, AW_SIGN2('-', '>'));
	type->of = aw_read_type(r);
	return type;
}

/* A name with dots and spaces, whole: "a.b", "years and months duration", "tLoan". */
static struct aw_str
read_type_name(struct aw_reader *r)
{
	struct aw_buf buf = { .arena = r->arena };

	aw_buf_str(&buf, r->word);
	aw_reader_step(r);
	while (aw_reader_at_sign(r, '.')) {
		aw_reader_step(r);
		aw_buf_char(&buf, '.');
		aw_buf_str(&buf, r->word);
		aw_reader_step(r);
	}
	return (struct aw_str){ aw_arena_strndup(r->arena, aw_buf_z(&buf), buf.len), buf.len };
}

const struct aw_type *
aw_read_type(struct aw_reader *r)
{
	if (aw_reader_failed(r))
		return &aw_type_any;
	if (r->token != AW_TOKEN_NAME || ++r->depth > 200) {
		aw_reader_fail(r, r->start, "expected the name of a type");
		return &aw_type_any;
	}
	struct aw_str name = read_type_name(r);
	const struct aw_type *result;

	if (aw_reader_at_sign(r, '<') &&
		(aw_str_is(name, "list") || aw_str_is(name, "range") ||
			aw_str_is(name, "context") || aw_str_is(name, "function"))) {
		aw_reader_step(r);
		if (name.at[0] == 'c') {
			result = read_context_type(r);
		} else if (name.at[0] == 'f') {
			result = read_function_type(r);
		} else {
			struct aw_type *type =
				type_new(r, name.at[0] == 'l' ? AW_TYPE_LIST : AW_TYPE_RANGE);

			type->of = aw_read_type(r);
			aw_reader_need_sign(r, '>');
			result = type;
		}
	} else {
		result = aw_type_builtin(name);
		if (result == NULL) {
			struct aw_type *type = type_new(r, AW_TYPE_NAMED);

			type->name = name;
			result = type;
		}
	}
	r->depth--;
	return result;
}

/* -- primaries and what hangs behind them ------------------------------------------------------- */

static struct aw_node *
read_call(struct aw_reader *r, struct aw_node *callee)
{
	struct aw_node *node = aw_node_new(r, AW_OP_CALL, r->start);
	struct aw_str name;

	aw_node_add(r, node, callee);
	aw_reader_step(r);
	while (!aw_reader_failed(r) && !aw_reader_at_sign(r, ')')) {
		bool named = aw_reader_raw_name(r, ":", NULL, &name);

		if (named)
			aw_reader_need_sign(r, ':');
		if (node->count > 1 && named != (node->name_count > 0)) {
			aw_reader_fail(r, r->start, "name all arguments or none");
			return NULL;
		}
		if (named)
			aw_node_name(r, node, name);
		aw_node_add(r, node, aw_read_test(r));
		if (!aw_reader_take_sign(r, ','))
			break;
	}
	aw_reader_need_sign(r, ')');
	return node;
}

static struct aw_node *
read_behind(struct aw_reader *r, struct aw_node *node)
{
	while (!aw_reader_failed(r)) {
		size_t at = r->start;
		struct aw_node *outer;

		if (aw_reader_take_sign(r, '.')) {
			if (r->token != AW_TOKEN_NAME) {
				aw_reader_fail(r, r->start, "expected a name behind '.'");
				return NULL;
			}
			outer = aw_node_new(r, AW_OP_PATH, at);
			outer->text = r->word;
			aw_node_add(r, outer, node);
			aw_reader_step(r);
		} else if (!r->at_end && aw_reader_take_sign(r, '[')) {
			outer = aw_node_new(r, AW_OP_FILTER, at);
			aw_node_add(r, outer, node);
			aw_node_add(r, outer, aw_read_expression(r));
			aw_reader_need_sign(r, ']');
		} else if (aw_reader_at_sign(r, '(')) {
			outer = read_call(r, node);
		} else {
			break;
		}
		node = outer;
	}
	return node;
}

static struct aw_node *
read_name(struct aw_reader *r)
{
	size_t at = r->start;
	struct aw_str name = r->word;

	if (aw_str_is(name, "true") || aw_str_is(name, "false"))
		return literal(r, at, aw_value_flag(name.at[0] == 't'));
	if (aw_str_is(name, "null"))
		return literal(r, at, aw_null);
	struct aw_node *node = aw_node_new(r, AW_OP_NAME, at);

	const struct aw_closure *builtin = aw_builtin_find(name);

	node->text = name;
	node->asks = aw_str_is(name, "?");
	if (builtin != NULL)
		node->value = (struct aw_value){ .kind = AW_VALUE_FUNCTION, .u.function = builtin };
	aw_reader_step(r);
	return node;
}

static struct aw_node *
read_word(struct aw_reader *r)
{
	size_t at = r->start;

	if (aw_reader_take_word(r, "if"))
		return read_if(r, at);
	if (aw_reader_take_word(r, "for"))
		return read_iteration(r, AW_OP_FOR, at);
	if (aw_reader_take_word(r, "some"))
		return read_iteration(r, AW_OP_SOME, at);
	if (aw_reader_take_word(r, "every"))
		return read_iteration(r, AW_OP_EVERY, at);
	if (aw_reader_take_word(r, "function"))
		return read_function(r, at);
	return read_behind(r, read_name(r));
}

struct aw_node *
aw_read_primary(struct aw_reader *r)
{
	struct aw_num number;
	struct aw_node *node = NULL;

	if (aw_reader_failed(r))
		return NULL;
	if (r->token == AW_TOKEN_NAME)
		return read_word(r);
	if (r->token == AW_TOKEN_NUMBER) {
		if (!aw_num_parse(r->word, &number))
			aw_reader_fail(r, r->start, "this number is out of range");
		else
			node = literal(r, r->start, aw_value_number(number));
	} else if (r->token == AW_TOKEN_TEXT) {
		node = literal(r, r->start, aw_value_text(r->word));
	} else if (aw_reader_at_sign(r, '@')) {
		node = read_at_literal(r);
	} else if (aw_reader_at_sign(r, '[')) {
		node = read_list(r);
	} else if (aw_reader_at_sign(r, '(')) {
		node = read_parenthesis(r);
	} else if (aw_reader_at_sign(r, ']')) {
		node = read_open_range(r);
	} else if (aw_reader_at_sign(r, '{')) {
		node = read_context(r);
	} else {
		aw_reader_fail(r, r->start, "expected an expression");
	}
	return aw_reader_failed(r) ? NULL : read_behind(r, node);
}
