/* city/triage/record - a decision as the JSON that is sealed with it, and back. */
#include "city/triage/record.h"

#include <inttypes.h>
#include <string.h>

/* -- writing -------------------------------------------------------------------------------- */

static void
write_list(struct aw_buf *out, const struct aw_fact *fact)
{
	aw_buf_text(out, ",[[");
	for (size_t i = 0; i < fact->list_count; i++) {
		aw_buf_text(out, i == 0 ? "" : ",");
		aw_buf_json(out, fact->list[i]);
	}
	aw_buf_text(out, "]]");
}

static void
write_fact(struct aw_buf *out, const struct aw_fact *fact)
{
	aw_buf_char(out, '[');
	aw_buf_json(out, fact->name);
	aw_buf_char(out, ',');
	aw_buf_json(out, fact->source);
	if (fact->kind == AW_FACT_TEXT) {
		aw_buf_char(out, ',');
		aw_buf_json(out, fact->text);
	}
	if (fact->kind == AW_FACT_FLAG)
		aw_buf_text(out, fact->flag ? ",true" : ",false");
	if (fact->kind == AW_FACT_NUMBER && fact->most == fact->number)
		aw_buf_printf(out, ",%" PRId64, fact->number);
	if (fact->kind == AW_FACT_NUMBER && fact->most != fact->number)
		aw_buf_printf(out, ",[%" PRId64 ",%" PRId64 "]", fact->number, fact->most);
	if (fact->kind == AW_FACT_LIST)
		write_list(out, fact);
	aw_buf_char(out, ']');
}

/* "level":[2,5], or nothing when none fired. */
static bool
write_fired(struct aw_buf *out, const struct aw_fired *fired, bool first)
{
	bool any = false;

	for (size_t w = 0; w < fired->words; w++) {
		for (uint64_t word = fired->rules[w]; word != 0; word &= word - 1) {
			size_t rule = w * 64 + (size_t)__builtin_ctzll(word) + 1;

			if (!any) {
				aw_buf_text(out, first ? "" : ",");
				aw_buf_json(out, fired->decision);
				aw_buf_text(out, ":[");
			}
			aw_buf_printf(out, any ? ",%zu" : "%zu", rule);
			any = true;
		}
	}
	if (any)
		aw_buf_char(out, ']');
	return any;
}

void
aw_record_write(struct aw_buf *out, const struct aw_triage_facts *facts,
	const struct aw_fired *fired, size_t count, const char *note)
{
	bool first = true;

	aw_buf_text(out, "{\"facts\":[");
	for (size_t i = 0; i < facts->count; i++) {
		aw_buf_text(out, i == 0 ? "" : ",");
		write_fact(out, &facts->at[i]);
	}
	aw_buf_text(out, "],\"fired\":{");
	for (size_t i = 0; i < count; i++)
		first = !write_fired(out, &fired[i], first) && first;
	aw_buf_text(out, "},\"note\":");
	aw_buf_json(out, note);
	aw_buf_char(out, '}');
}

static struct aw_fired
fired_of(struct aw_arena *arena, const struct aw_explain_decision *decision)
{
	size_t words = decision->row_count / 64 + 1;
	uint64_t *rules = AW_NEW_ARRAY(arena, uint64_t, words);

	for (size_t i = 0; i < decision->row_count; i++) {
		if (decision->rows[i].fired)
			rules[i / 64] |= UINT64_C(1) << (i % 64);
	}
	return (struct aw_fired){ decision->id, rules, words };
}

struct aw_str
aw_decision_record(struct aw_arena *arena, const struct aw_decision *d, const char *note)
{
	struct aw_buf out = { .arena = arena };
	size_t count = d->explain.decision_count;
	struct aw_fired *fired = AW_NEW_ARRAY(arena, struct aw_fired, count + 1);

	for (size_t i = 0; i < count; i++)
		fired[i] = fired_of(arena, &d->explain.decisions[i]);
	aw_record_write(&out, &d->facts, fired, count, note);
	return aw_str(aw_buf_z(&out));
}

/* -- reading -------------------------------------------------------------------------------- */

static void
read_list(struct aw_triage_facts *facts, const char *name, const char *source, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (text != NULL)
			aw_fact_add(facts, name, text, source);
	}
}

static bool
read_fact(struct aw_triage_facts *facts, const json_t *json)
{
	const char *name = json_string_value(json_array_get(json, 0));
	const char *source = json_string_value(json_array_get(json, 1));
	const json_t *v = json_array_get(json, 2), *first = json_array_get(v, 0);

	if (name == NULL)
		return false;
	if (v == NULL)
		aw_fact_unknown(facts, name, source);
	else if (json_is_string(v))
		aw_fact_text(facts, name, json_string_value(v), source);
	else if (json_is_boolean(v))
		aw_fact_flag(facts, name, json_is_true(v), source);
	else if (json_is_integer(v))
		aw_fact_number(facts, name, json_integer_value(v), source);
	else if (json_is_integer(first))
		aw_fact_between(facts, name, json_integer_value(first),
			json_integer_value(json_array_get(v, 1)), source);
	else if (json_is_array(first))
		read_list(facts, name, source, first);
	else
		return false;
	return true;
}

/* Of schema 1 to 8: an object a fact. */
static bool
read_old_fact(struct aw_triage_facts *facts, const json_t *json)
{
	const char *name = aw_json_string(json, "name"), *source = aw_json_string(json, "source");
	const json_t *list = json_object_get(json, "list"), *flag = json_object_get(json, "flag");
	int64_t least, most;

	if (name == NULL)
		return false;
	if (aw_json_string(json, "text") != NULL)
		aw_fact_text(facts, name, aw_json_string(json, "text"), source);
	else if (aw_json_int(json, "least", &least) && aw_json_int(json, "most", &most))
		aw_fact_between(facts, name, least, most, source);
	else if (json_is_boolean(flag))
		aw_fact_flag(facts, name, json_is_true(flag), source);
	else if (json_is_array(list))
		read_list(facts, name, source, list);
	else
		aw_fact_unknown(facts, name, source);
	return true;
}

enum aw_status
aw_decision_read_facts(struct aw_arena *arena, const json_t *record,
	struct aw_triage_facts *ret_facts, struct aw_error *err)
{
	const json_t *list = json_object_get(record, "facts");
	struct aw_triage_facts facts = { .arena = arena };

	if (!json_is_array(list))
		return aw_fail(err, AW_CORRUPT, "a decision's record has no facts");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *json = json_array_get(list, i);

		if (json_is_array(json) ? !read_fact(&facts, json) : !read_old_fact(&facts, json))
			return aw_fail(
				err, AW_CORRUPT, "fact %zu of a decision's record is none", i + 1);
	}
	*ret_facts = facts;
	return AW_OK;
}

static json_t *
fired_json(const struct aw_explain_decision *decision)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < decision->row_count; i++) {
		if (decision->rows[i].fired)
			aw_json_push(rows, json_integer(decision->rows[i].number));
	}
	return rows;
}

bool
aw_decision_fired_same(const json_t *record, const struct aw_explain *explain)
{
	const json_t *fired = json_object_get(record, "fired");
	size_t tables = 0;

	if (!json_is_object(fired))
		return true;
	for (size_t i = 0; i < explain->decision_count; i++) {
		json_t *now = fired_json(&explain->decisions[i]);
		const json_t *then = json_object_get(fired, explain->decisions[i].id);
		bool same = then == NULL ? json_array_size(now) == 0 : json_equal(then, now) != 0;

		json_decref(now);
		if (!same)
			return false;
		tables += then != NULL;
	}
	return tables == json_object_size(fired);
}
