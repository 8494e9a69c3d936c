/* city/triage/record - a decision as the JSON that is sealed with it, and back. */
#include "city/triage/record.h"

#include <string.h>

/* -- writing -------------------------------------------------------------------------------- */

/* A record is some two hundred short pieces: they are put together here and added a kilobyte at a time. */
struct pen {
	struct aw_buf *out;
	size_t used;
	char at[1024];
};

static void
flush(struct pen *p)
{
	aw_buf_add(p->out, p->at, p->used);
	p->used = 0;
}

static inline void
put(struct pen *p, const char *piece, size_t len)
{
	if (p->used + len > sizeof(p->at))
		flush(p);
	memcpy(p->at + p->used, piece, len);
	p->used += len;
}

#define PUT(p, literal) put(p, literal, sizeof(literal) - 1)

static void
put_int(struct pen *p, int64_t number)
{
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

	do
		digits[--at] = (char)('0' + rest % 10);
	while ((rest /= 10) != 0);
	if (number < 0)
		digits[--at] = '-';
	put(p, digits + at, sizeof(digits) - at);
}

/* Is there anything to escape among eight bytes: below a space, a quote, a backslash? */
static inline bool
needs_escape(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');

	return ((((word - ones * ' ') & ~word) | ((quote - ones) & ~quote) |
			((slash - ones) & ~slash)) &
		       tops) != 0;
}

static inline uint64_t
eight(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* Ends overlap, so that every piece has a length known beforehand. */
static inline bool
is_plain(const char *at, size_t len)
{
	uint64_t word = UINT64_C(0x2020202020202020);
	bool plain = true;

	if (len >= 8) {
		for (size_t i = 0; i + 8 < len; i += 8)
			plain = plain && !needs_escape(eight(at + i));
		return plain && !needs_escape(eight(at + len - 8));
	}
	if (len >= 4) {
		memcpy(&word, at, 4);
		memcpy((char *)&word + 4, at + len - 4, 4);
	} else if (len > 0) {
		((char *)&word)[0] = at[0];
		((char *)&word)[1] = at[len / 2];
		((char *)&word)[2] = at[len - 1];
	}
	return !needs_escape(word);
}

/* A code: nothing in it to escape, and short. What is neither goes the long way. */
static void
put_text(struct pen *p, const char *text)
{
	size_t len = text == NULL ? 0 : strlen(text);

	if (text == NULL) {
		PUT(p, "null");
		return;
	}
	if (len > 128 || !is_plain(text, len)) {
		flush(p);
		aw_buf_json(p->out, text);
		return;
	}
	if (p->used + len + 2 > sizeof(p->at))
		flush(p);
	p->at[p->used] = '"';
	memcpy(p->at + p->used + 1, text, len);
	p->at[p->used + len + 1] = '"';
	p->used += len + 2;
}

static void
put_list(struct pen *p, const struct aw_fact *fact)
{
	PUT(p, ",[[");
	for (size_t i = 0; i < fact->list_count; i++) {
		put(p, ",", i == 0 ? 0 : 1);
		put_text(p, fact->list[i]);
	}
	PUT(p, "]]");
}

static void
put_number(struct pen *p, const struct aw_fact *fact)
{
	PUT(p, ",");
	put(p, "[", fact->most == fact->number ? 0 : 1);
	put_int(p, fact->number);
	if (fact->most == fact->number)
		return;
	PUT(p, ",");
	put_int(p, fact->most);
	PUT(p, "]");
}

static void
put_fact(struct pen *p, const struct aw_fact *fact)
{
	PUT(p, "[");
	put_text(p, fact->name);
	PUT(p, ",");
	put_text(p, fact->source);
	if (fact->kind == AW_FACT_TEXT) {
		PUT(p, ",");
		put_text(p, fact->text);
	} else if (fact->kind == AW_FACT_FLAG && fact->flag) {
		PUT(p, ",true");
	} else if (fact->kind == AW_FACT_FLAG) {
		PUT(p, ",false");
	} else if (fact->kind == AW_FACT_NUMBER) {
		put_number(p, fact);
	} else if (fact->kind == AW_FACT_LIST) {
		put_list(p, fact);
	}
	PUT(p, "]");
}

/* "level":[2,5], or nothing when none fired. */
static bool
put_fired(struct pen *p, const struct aw_fired *fired, bool first)
{
	bool any = false;

	for (size_t w = 0; w < fired->words; w++) {
		for (uint64_t word = fired->rules[w]; word != 0; word &= word - 1) {
			if (any) {
				PUT(p, ",");
			} else {
				put(p, ",", first ? 0 : 1);
				put_text(p, fired->decision);
				PUT(p, ":[");
			}
			put_int(p, (int64_t)w * 64 + __builtin_ctzll(word) + 1);
			any = true;
		}
	}
	put(p, "]", any ? 1 : 0);
	return any;
}

void
aw_record_write(struct aw_buf *out, const struct aw_triage_facts *facts,
	const struct aw_fired *fired, size_t count, const char *note)
{
	struct pen p;
	bool first = true;

	p.out = out;
	p.used = 0;
	PUT(&p, "{\"facts\":[");
	for (size_t i = 0; i < facts->count; i++) {
		put(&p, ",", i == 0 ? 0 : 1);
		put_fact(&p, &facts->at[i]);
	}
	PUT(&p, "],\"fired\":{");
	for (size_t i = 0; i < count; i++)
		first = !put_fired(&p, &fired[i], first) && first;
	PUT(&p, "},\"note\":");
	put_text(&p, note);
	PUT(&p, "}");
	flush(&p);
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

/* -- reading without a tree ------------------------------------------------------------------------ */

/* A copy of the text, in which the end of each string becomes its NUL. Whatever is not as it is written above
 * ends it: then the text is read as any JSON. */
struct eye {
	char *at;
	bool lost;
};

static bool
see(struct eye *e, char c)
{
	if (e->lost || *e->at != c)
		return false;
	e->at++;
	return true;
}

static void
need(struct eye *e, const char *word)
{
	size_t len = strlen(word);

	e->lost = e->lost || strncmp(e->at, word, len) != 0;
	e->at += e->lost ? 0 : len;
}

/* NULL for null. */
static const char *
see_text(struct eye *e)
{
	char *from = e->at + 1;

	if (!see(e, '"')) {
		need(e, "null");
		return NULL;
	}
	e->at = from + strcspn(from, "\"\\");
	if (*e->at != '"') {
		e->lost = true;
		return NULL;
	}
	*e->at++ = '\0';
	return from;
}

static int64_t
see_int(struct eye *e)
{
	bool negative = see(e, '-');
	const char *from = e->at;
	int64_t number = 0;

	while (*e->at >= '0' && *e->at <= '9' && e->at - from < 18)
		number = number * 10 + (*e->at++ - '0');
	e->lost = e->lost || e->at == from;
	return negative ? -number : number;
}

static void
see_list(struct eye *e, struct aw_arena *arena, struct aw_fact *fact)
{
	const char **list = NULL;
	size_t room = 0;

	fact->kind = AW_FACT_LIST;
	while (!e->lost && !see(e, ']')) {
		if (fact->list_count > 0)
			need(e, ",");
		*AW_PUSH(arena, list, fact->list_count, room) = see_text(e);
		e->lost = e->lost || list[fact->list_count - 1] == NULL;
	}
	fact->list = list;
	e->lost = e->lost || fact->list_count == 0;
	need(e, "]");
}

static void
see_value(struct eye *e, struct aw_arena *arena, struct aw_fact *fact)
{
	if (*e->at == '"') {
		fact->kind = AW_FACT_TEXT;
		fact->text = see_text(e);
		e->lost = e->lost || fact->text == NULL || fact->text[0] == '\0';
	} else if (*e->at == 't' || *e->at == 'f') {
		fact->kind = AW_FACT_FLAG;
		fact->flag = *e->at == 't';
		need(e, fact->flag ? "true" : "false");
	} else if (strncmp(e->at, "[[", 2) == 0) {
		e->at += 2;
		see_list(e, arena, fact);
	} else {
		bool between = see(e, '[');

		fact->kind = AW_FACT_NUMBER;
		fact->number = fact->most = see_int(e);
		if (between) {
			need(e, ",");
			fact->most = see_int(e);
			need(e, "]");
		}
	}
}

static void
see_facts(struct eye *e, struct aw_triage_facts *facts)
{
	need(e, "{\"facts\":[");
	while (!e->lost && !see(e, ']')) {
		struct aw_fact *fact;

		if (facts->count > 0)
			need(e, ",");
		fact = AW_PUSH(facts->arena, facts->at, facts->count, facts->room);
		need(e, "[");
		fact->name = see_text(e);
		e->lost = e->lost || fact->name == NULL;
		need(e, ",");
		fact->source = see_text(e);
		if (see(e, ','))
			see_value(e, facts->arena, fact);
		need(e, "]");
	}
	need(e, ",\"fired\":{");
}

enum aw_status
aw_record_facts(struct aw_arena *arena, struct aw_str text, struct aw_triage_facts *ret_facts,
	struct aw_error *err)
{
	AW_SCOPED(json, json_t *) record = NULL;
	struct aw_triage_facts facts = { .arena = arena, .room = 64 };
	struct eye e = { .at = aw_arena_strndup(arena, text.at, text.len) };

	facts.at = AW_NEW_ARRAY(arena, struct aw_fact, facts.room);
	see_facts(&e, &facts);
	if (!e.lost) {
		*ret_facts = facts;
		return AW_OK;
	}
	if (aw_json_parse(text, "decision", &record, err) != AW_OK)
		return err->status;
	return aw_decision_read_facts(arena, record, ret_facts, err);
}

/* -- what fired, compared ------------------------------------------------------------------------------ */

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
