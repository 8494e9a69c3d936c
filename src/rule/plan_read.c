/* rule/plan - a case from JSON. */
#include <string.h>

#include "base/json.h"
#include "rule/plan_inner.h"

enum { STRANGERS_MOST = 8 };

/* What stands in front of the reader. Whatever it does not know (escapes, other letters than ASCII,
 * fractions, objects, many names that nobody asked for) it leaves to the parser, with all that is wrong. */
struct reader {
	const char *at, *end;
	struct aw_plan_run *run;
	int slot; /* of the member before: the next one is mostly behind it */
	struct aw_str strangers[STRANGERS_MOST]; /* members that are no inputs */
	size_t stranger_count;
};

static inline char
peek(struct reader *r)
{
	while (r->at < r->end &&
		(*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
		r->at++;
	return r->at < r->end ? *r->at : '\0';
}

static inline bool
take(struct reader *r, char c)
{
	if (peek(r) != c)
		return false;
	r->at++;
	return true;
}

static bool
take_word(struct reader *r, struct aw_str word)
{
	if ((size_t)(r->end - r->at) < word.len || memcmp(r->at, word.at, word.len) != 0)
		return false;
	r->at += word.len;
	return true;
}

static bool
read_text(struct reader *r, struct aw_str *ret)
{
	const char *from;

	if (!take(r, '"'))
		return false;
	for (from = r->at; r->at < r->end; r->at++) {
		unsigned char c = (unsigned char)*r->at;

		if (c == '"') {
			*ret = (struct aw_str){ from, (size_t)(r->at++ - from) };
			return true;
		}
		if (c < 0x20 || c >= 0x80 || c == '\\')
			return false;
	}
	return false;
}

static bool
read_whole(struct reader *r, struct aw_value *ret)
{
	bool negative = take(r, '-');
	const char *from = r->at;
	int64_t number = 0;

	while (r->at < r->end && *r->at >= '0' && *r->at <= '9' && r->at - from < 18)
		number = number * 10 + (*r->at++ - '0');
	if (r->at == from || (*from == '0' && r->at - from > 1))
		return false;
	*ret = aw_value_int(negative ? -number : number);
	return r->at < r->end &&
	       (*r->at == ',' || *r->at == '}' || *r->at == ']' || *r->at == ' ' || *r->at == '\n');
}

static bool
read_single(struct reader *r, struct aw_value *ret)
{
	struct aw_str text;

	switch (peek(r)) {
	case '"':
		if (!read_text(r, &text))
			return false;
		*ret = aw_value_text(text);
		return true;
	case 't':
		*ret = aw_value_flag(true);
		return take_word(r, AW_STR_LIT("true"));
	case 'f':
		*ret = aw_value_flag(false);
		return take_word(r, AW_STR_LIT("false"));
	case 'n':
		*ret = aw_null;
		return take_word(r, AW_STR_LIT("null"));
	default:
		return read_whole(r, ret);
	}
}

static bool
read_value(struct reader *r, struct aw_value *ret)
{
	struct aw_arena *arena = &r->run->a_case;
	struct aw_list *list;
	struct aw_value v;

	if (!take(r, '['))
		return read_single(r, ret);
	list = AW_NEW(arena, struct aw_list);
	while (!take(r, ']')) {
		if ((list->count > 0 && !take(r, ',')) || !read_single(r, &v))
			return false;
		aw_list_add(arena, list, v);
	}
	*ret = aw_value_list(list);
	return true;
}

/* A member that is no input: false when it came before, or too many did. */
static bool
is_new(struct reader *r, struct aw_str name)
{
	for (size_t i = 0; i < r->stranger_count; i++) {
		if (aw_str_eq(r->strangers[i], name))
			return false;
	}
	if (r->stranger_count == STRANGERS_MOST)
		return false;
	r->strangers[r->stranger_count++] = name;
	return true;
}

/* Gives it to the input of that name. False: it was given before, which is for the parser to say. */
static bool
give(struct reader *r, struct aw_str name, struct aw_value v)
{
	const struct aw_plan *plan = r->run->plan;
	const struct aw_dmn_item *next = aw_plan_item(plan, r->slot + 1);
	int slot = r->slot + 1;

	if (next == NULL || next->kind != AW_DMN_INPUT || !aw_str_eq(next->name, name))
		slot = aw_plan_input(plan, name);
	if (slot == AW_PLAN_NONE)
		return is_new(r, name);
	r->slot = slot;
	if (r->run->given[slot].name != NULL)
		return false;
	aw_plan_give(r->run, slot,
		&(struct aw_dmn_input){ .name = plan->slots[slot].item->name.at, .value = v });
	return true;
}

static bool
read_case(struct reader *r)
{
	struct aw_str name;
	struct aw_value v;

	if (!take(r, '{'))
		return false;
	for (bool first = true; !take(r, '}'); first = false) {
		if ((!first && !take(r, ',')) || !read_text(r, &name) || !take(r, ':') ||
			!read_value(r, &v) || !give(r, name, v))
			return false;
	}
	return peek(r) == '\0' && r->at == r->end;
}

static enum aw_status
parse_case(struct aw_plan_run *run, struct aw_str text, struct aw_error *err)
{
	json_t *json = NULL, *value;
	const char *name;

	if (aw_json_parse(text, "case", &json, err) != AW_OK)
		return err->status;
	aw_json_keep(&run->a_case, json);
	if (!json_is_object(json))
		return aw_fail(err, AW_INVALID, "a case is one JSON object: {\"name\": value}");
	json_object_foreach(json, name, value)
	{
		aw_plan_give(run, aw_plan_input(run->plan, aw_str(name)),
			&(struct aw_dmn_input){
				.name = name, .value = aw_value_of_json(&run->a_case, value) });
	}
	return AW_OK;
}

enum aw_status
aw_plan_read(struct aw_plan_run *run, int64_t now_ms, struct aw_str text, struct aw_error *err)
{
	struct reader r = { text.at, text.at + text.len, run, AW_PLAN_NONE, { { 0 } }, 0 };

	aw_plan_start(run, now_ms);
	if (text.at != NULL && read_case(&r))
		return AW_OK;
	aw_plan_start(run, now_ms);
	return parse_case(run, text, err);
}
