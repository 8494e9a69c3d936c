/* city/intake - the JSON of one report, read with every mistake named, and written for sealing. */
#include <string.h>

#include "city/intake/inside.h"
#include "text/roc.h"

enum {
	PROBLEMS_MOST = 50,
	NARRATIVE = AW_REPORT_TEXT_MOST,
	FIELD = AW_REPORT_FIELD_MOST,
	NOTE = 2000
};

/* -- problems --------------------------------------------------------------------------------- */

void
aw_report_remark(struct aw_arena *arena, struct aw_report_problems *problems, const char *field,
	const char *message, const char *detail)
{
	struct aw_report_remark *remark;

	if (problems->count >= PROBLEMS_MOST)
		return;
	remark = AW_PUSH(arena, problems->at, problems->count, problems->room);
	remark->field = aw_arena_strdup(arena, field);
	remark->message = message;
	remark->detail = aw_arena_strdup(arena, detail);
}

enum aw_status
aw_report_refuse(const struct aw_report_problems *problems, struct aw_error *err)
{
	const struct aw_report_remark *first = problems->at;

	if (problems->count == 0)
		return AW_OK;
	return aw_fail(err, AW_INVALID, "%s%s%s%s%s%s", first->field,
		first->field[0] != '\0' ? ": " : "", aw_report_words(first->message),
		first->detail != NULL ? " (" : "", first->detail != NULL ? first->detail : "",
		first->detail != NULL ? ")" : "");
}

/* -- reading ---------------------------------------------------------------------------------- */

struct reader {
	struct aw_arena *arena;
	struct aw_report_problems *problems; /* NULL: what was stored is right */
};

static void
problem(struct reader *r, const char *path, const char *key, const char *message,
	const char *detail)
{
	if (r->problems == NULL)
		return;
	aw_report_remark(r->arena, r->problems,
		path[0] == '\0' ? key : aw_arena_printf(r->arena, "%s.%s", path, key), message,
		detail);
}

/* Text of a member, trimmed; NULL when absent, null or empty. A number is taken as its digits:
 * senders write phones and numbers so. */
static const char *
text(struct reader *r, const json_t *map, const char *path, const char *key, size_t most)
{
	const json_t *value = json_object_get(map, key);
	struct aw_str s;

	if (value == NULL || json_is_null(value))
		return NULL;
	if (json_is_integer(value))
		return aw_arena_printf(r->arena, "%lld", (long long)json_integer_value(value));
	if (!json_is_string(value)) {
		problem(r, path, key, "report.want_text", NULL);
		return NULL;
	}
	s = aw_str_trim((struct aw_str){ json_string_value(value), json_string_length(value) });
	if (s.len == 0)
		return NULL;
	if (aw_utf8_count(s) > most) {
		problem(r, path, key, "report.too_long", aw_arena_printf(r->arena, "%zu", most));
		return NULL;
	}
	return aw_arena_strndup(r->arena, s.at, s.len);
}

static bool
flag(struct reader *r, const json_t *map, const char *path, const char *key)
{
	const json_t *value = json_object_get(map, key);

	if (value == NULL || json_is_null(value))
		return false;
	if (!json_is_boolean(value))
		problem(r, path, key, "report.want_flag", NULL);
	return json_is_true(value);
}

/* A map member; NULL when absent or of another kind. */
static const json_t *
map_of(struct reader *r, const json_t *map, const char *path, const char *key)
{
	const json_t *value = json_object_get(map, key);

	if (value == NULL || json_is_null(value))
		return NULL;
	if (json_is_object(value))
		return value;
	problem(r, path, key, "report.want_object", NULL);
	return NULL;
}

/* Keys that mean nothing are refused: a misspelt one would lose what it holds. */
static void
only(struct reader *r, const json_t *map, const char *path, const char *const *known)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)map, key, value)
	{
		bool found = false;
		for (size_t i = 0; known[i] != NULL && !found; i++)
			found = strcmp(known[i], key) == 0;
		if (!found)
			problem(r, path, strlen(key) <= 40 ? key : "", "report.field_unknown",
				NULL);
	}
}

static void
read_phones(
	struct reader *r, const json_t *map, const char *path, struct aw_report_person_in *person)
{
	const json_t *list = json_object_get(map, "phones");
	const char *single = text(r, map, path, "phone", FIELD);

	if (single != NULL)
		person->phones[person->phone_count++] = single;
	if (list == NULL || json_is_null(list))
		return;
	if (!json_is_array(list)) {
		problem(r, path, "phones", "report.want_list", NULL);
		return;
	}
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *value = json_array_get(list, i);
		struct aw_str s = { json_string_value(value), json_string_length(value) };
		if (json_is_null(value))
			continue;
		if (!json_is_string(value) || aw_utf8_count(s) > FIELD)
			problem(r, path, "phones", "report.want_text", NULL);
		else if (person->phone_count == AW_REPORT_PHONES_MOST)
			problem(r, path, "phones", "report.too_many", "5");
		else if (aw_str_trim(s).len > 0) {
			s = aw_str_trim(s);
			person->phones[person->phone_count++] =
				aw_arena_strndup(r->arena, s.at, s.len);
		}
	}
}

static void
read_age(struct reader *r, const json_t *map, const char *path, struct aw_report_person_in *person)
{
	const json_t *value = json_object_get(map, "age");
	int64_t age;

	if (value == NULL || json_is_null(value))
		return;
	if (json_is_integer(value))
		person->age = AW_KNOWN(json_integer_value(value));
	else if (json_is_string(value) &&
		 aw_str_int64(aw_str_trim(aw_str(json_string_value(value))), &age))
		person->age = AW_KNOWN(age);
	else
		problem(r, path, "age", "report.want_number", NULL);
}

static void
read_person(
	struct reader *r, const json_t *map, const char *path, struct aw_report_person_in *person)
{
	static const char *const known[] = { "role", "name", "alias", "national_id", "birth_date",
		"age", "sex", "phone", "phones", "address", "registered_address", "relation",
		"lives_with", "school", "nationality", "safe_call", "note", "position", NULL };
	const json_t *lives;

	only(r, map, path, known);
	person->role = text(r, map, path, "role", FIELD);
	person->name = text(r, map, path, "name", FIELD);
	person->alias = text(r, map, path, "alias", FIELD);
	person->national_id = text(r, map, path, "national_id", FIELD);
	person->birth_date = text(r, map, path, "birth_date", FIELD);
	person->sex = text(r, map, path, "sex", FIELD);
	person->address = text(r, map, path, "address", FIELD);
	person->registered_address = text(r, map, path, "registered_address", FIELD);
	person->relation = text(r, map, path, "relation", FIELD);
	person->school = text(r, map, path, "school", FIELD);
	person->nationality = text(r, map, path, "nationality", FIELD);
	person->safe_call = text(r, map, path, "safe_call", FIELD);
	person->note = text(r, map, path, "note", NOTE);
	read_phones(r, map, path, person);
	read_age(r, map, path, person);
	lives = json_object_get(map, "lives_with");
	if (json_is_boolean(lives))
		person->lives_with = json_is_true(lives) ? AW_TRI_YES : AW_TRI_NO;
	else if (lives != NULL && !json_is_null(lives))
		problem(r, path, "lives_with", "report.want_flag", NULL);
}

static void
read_persons(struct reader *r, const json_t *map, struct aw_report_in *in)
{
	const json_t *list = json_object_get(map, "persons");
	struct aw_report_person_in *persons;

	if (list == NULL || json_is_null(list))
		return;
	if (!json_is_array(list)) {
		problem(r, "", "persons", "report.want_list", NULL);
		return;
	}
	if (json_array_size(list) > AW_REPORT_PERSONS_MOST) {
		problem(r, "", "persons", "report.too_many", "30");
		return;
	}
	persons = AW_NEW_ARRAY(r->arena, struct aw_report_person_in, json_array_size(list));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		const char *path = aw_arena_printf(r->arena, "persons.%zu", i);
		if (json_is_object(item))
			read_person(r, item, path, &persons[i]);
		else
			aw_report_remark(r->arena, r->problems, path, "report.want_object", NULL);
	}
	in->persons = persons;
	in->person_count = json_array_size(list);
}

static void
read_top(struct reader *r, const json_t *map, struct aw_report_in *in)
{
	static const char *const known[] = { "kind", "channel", "received_at", "urgent", "reporter",
		"incident", "persons", "answers", "centre_only", "outreach_unit", "idempotency_key",
		NULL };
	const char *received = text(r, map, "", "received_at", FIELD);
	struct aw_error own = { 0 };

	only(r, map, "", known);
	in->kind = text(r, map, "", "kind", FIELD);
	in->channel = text(r, map, "", "channel", FIELD);
	in->urgent = flag(r, map, "", "urgent");
	in->centre_only = text(r, map, "", "centre_only", NARRATIVE);
	in->outreach_unit = text(r, map, "", "outreach_unit", FIELD);
	in->idempotency_key = text(r, map, "", "idempotency_key", FIELD);
	if (received != NULL &&
		aw_roc_read_instant(aw_str(received), &in->received_at, &own) != AW_OK)
		problem(r, "", "received_at", "report.time_unreadable", NULL);
	in->answers = map_of(r, map, "", "answers");
}

static void
read_reporter(struct reader *r, const json_t *map, struct aw_report_in *in)
{
	static const char *const known[] = { "role", "unit", "name", "phone", NULL };

	if (map == NULL)
		return;
	only(r, map, "reporter", known);
	in->reporter.role = text(r, map, "reporter", "role", FIELD);
	in->reporter.unit = text(r, map, "reporter", "unit", FIELD);
	in->reporter.name = text(r, map, "reporter", "name", FIELD);
	in->reporter.phone = text(r, map, "reporter", "phone", FIELD);
}

static void
read_incident(struct reader *r, const json_t *map, struct aw_report_in *in)
{
	static const char *const known[] = { "at", "district", "address", "narrative", NULL };

	if (map == NULL)
		return;
	only(r, map, "incident", known);
	in->incident.at_text = text(r, map, "incident", "at", FIELD);
	in->incident.district = text(r, map, "incident", "district", FIELD);
	in->incident.address = text(r, map, "incident", "address", FIELD);
	in->incident.narrative = text(r, map, "incident", "narrative", NARRATIVE);
}

enum aw_status
aw_report_from_json(struct aw_arena *arena, const json_t *json, struct aw_report_in *ret,
	struct aw_report_problems *problems, struct aw_error *err)
{
	struct reader r = { .arena = arena, .problems = problems };
	struct aw_report_in in = { 0 };

	if (!json_is_object(json)) {
		aw_report_remark(arena, problems, "", "report.want_object", NULL);
		return aw_report_refuse(problems, err);
	}
	read_top(&r, json, &in);
	read_reporter(&r, map_of(&r, json, "", "reporter"), &in);
	read_incident(&r, map_of(&r, json, "", "incident"), &in);
	read_persons(&r, json, &in);
	if (problems->count > 0)
		return aw_report_refuse(problems, err);
	*ret = in;
	return AW_OK;
}

void
aw_report_person_read(struct aw_arena *arena, const json_t *json, struct aw_report_person_in *ret)
{
	struct reader r = { .arena = arena };

	*ret = (struct aw_report_person_in){ 0 };
	read_person(&r, json, "", ret);
	(void)aw_report_birth_read(ret);
}

/* -- writing ---------------------------------------------------------------------------------- */

/* Unknown is absent. */
static void
put(json_t *map, const char *key, const char *value)
{
	if (value != NULL)
		aw_json_put_text(map, key, value);
}

json_t *
aw_report_content_json(const struct aw_report_in *in)
{
	json_t *content = json_object(), *incident = json_object();

	put(incident, "at", in->incident.at_text);
	put(incident, "district", in->incident.district);
	put(incident, "address", in->incident.address);
	put(incident, "narrative", in->incident.narrative);
	aw_json_put(content, "incident", incident);
	if (in->answers != NULL)
		aw_json_put(content, "answers", json_deep_copy(in->answers));
	put(content, "centre_only", in->centre_only);
	return content;
}

json_t *
aw_report_reporter_json(const struct aw_report_in *in)
{
	json_t *reporter = json_object();

	put(reporter, "name", in->reporter.name);
	put(reporter, "phone", in->reporter.phone);
	return reporter;
}

json_t *
aw_report_person_json(const struct aw_report_person_in *person)
{
	json_t *map = json_object();

	put(map, "role", person->role);
	put(map, "name", person->name);
	put(map, "alias", person->alias);
	put(map, "national_id", person->national_id);
	put(map, "birth_date", person->birth_date);
	put(map, "sex", person->sex);
	put(map, "address", person->address);
	put(map, "registered_address", person->registered_address);
	put(map, "relation", person->relation);
	put(map, "school", person->school);
	put(map, "nationality", person->nationality);
	put(map, "safe_call", person->safe_call);
	put(map, "note", person->note);
	if (person->age.known)
		aw_json_put_int(map, "age", person->age.v);
	if (person->lives_with != AW_TRI_UNKNOWN)
		aw_json_put(map, "lives_with", json_boolean(person->lives_with == AW_TRI_YES));
	if (person->phone_count > 0) {
		json_t *phones = json_array();
		for (size_t i = 0; i < person->phone_count; i++)
			aw_json_push(phones, json_string(person->phones[i]));
		aw_json_put(map, "phones", phones);
	}
	return map;
}

/* -- supplements ------------------------------------------------------------------------------ */

/* Every known member of `from` over `into`. A narrative is kept: what is said later stands beside
 * it, not in its place. */
static void
lay(json_t *into, const json_t *from)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)from, key, value)
	{
		if (json_is_null(value) || strcmp(key, "position") == 0 ||
			(strcmp(key, "narrative") == 0 && json_object_get(into, key) != NULL))
			continue;
		aw_json_put(into, key, json_deep_copy(value));
	}
}

static json_t *
member_map(json_t *map, const char *key)
{
	json_t *value = json_object_get(map, key);

	if (json_is_object(value))
		return value;
	value = json_object();
	aw_json_put(map, key, value);
	return value;
}

void
aw_supplement_lay(json_t *content, json_t *persons, const json_t *facts)
{
	const json_t *incident = json_object_get(facts, "incident");
	const json_t *answers = json_object_get(facts, "answers");
	const json_t *list = json_object_get(facts, "persons");

	if (json_is_object(incident))
		lay(member_map(content, "incident"), incident);
	if (json_is_object(answers))
		lay(member_map(content, "answers"), answers);
	for (size_t i = 0; json_is_array(list) && i < json_array_size(list); i++) {
		const json_t *person = json_array_get(list, i);
		int64_t position;
		json_t *into;
		if (!aw_json_int(person, "position", &position) || position < 1)
			continue; /* a further person has a row of its own */
		into = json_array_get(persons, (size_t)position - 1);
		if (json_is_object(into))
			lay(into, person);
	}
}
