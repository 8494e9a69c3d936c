/* city/intake - a form's values as the JSON of a report. */
#include "city/intake/form.h"

#include <stdlib.h>
#include <string.h>

const struct aw_form_time aw_form_times[AW_FORM_TIMES] = { { "dawn", "05:00" },
	{ "morning", "09:00" }, { "noon", "12:00" }, { "afternoon", "15:00" },
	{ "evening", "20:00" }, { "night", "23:00" }, { "midnight", "01:00" } };

static const char *
value(const struct aw_call *call, const char *name)
{
	return aw_call_value(call, name);
}

static void
put(json_t *map, const char *key, const char *text)
{
	if (text != NULL)
		aw_json_put_text(map, key, text);
}

/* yes, no; anything else is unknown. */
static void
put_flag(json_t *map, const char *key, const char *text)
{
	if (aw_text_eq(text, "yes"))
		aw_json_put(map, key, json_true());
	else if (aw_text_eq(text, "no"))
		aw_json_put(map, key, json_false());
}

/* -- the incident ----------------------------------------------------------------------------- */

/* 110年12月4日 20:00（約）: the hour of a word of the day is never exact, and says so. */
static const char *
when(const struct aw_call *call)
{
	const char *year = value(call, "at_year"), *month = value(call, "at_month");
	const char *day = value(call, "at_day"), *time = value(call, "at_time");
	struct aw_buf buf = { .arena = call->act.arena };

	if (year == NULL && month == NULL && day == NULL)
		return value(call, "incident.at");
	if (year != NULL)
		aw_buf_printf(&buf, "%s年", year);
	if (month != NULL)
		aw_buf_printf(&buf, "%s月", month);
	if (day != NULL)
		aw_buf_printf(&buf, "%s日", day);
	for (size_t i = 0; time != NULL && day != NULL && i < AW_FORM_TIMES; i++)
		if (strcmp(aw_form_times[i].code, time) == 0)
			aw_buf_printf(&buf, " %s（約）", aw_form_times[i].hour);
	return aw_buf_z(&buf);
}

static json_t *
incident(const struct aw_call *call)
{
	json_t *map = json_object();

	put(map, "at", when(call));
	put(map, "narrative", value(call, "incident.narrative"));
	if (value(call, "place_unknown") == NULL) {
		put(map, "district", value(call, "incident.district"));
		put(map, "address", value(call, "incident.address"));
	}
	return map;
}

/* -- persons ---------------------------------------------------------------------------------- */

/* "9", "9歲" is an age; anything else is a birth date. */
static void
put_born(json_t *person, const char *born)
{
	struct aw_str digits = aw_str(born);
	int64_t age;

	if (born == NULL)
		return;
	if (aw_str_ends(digits, "歲"))
		digits.len -= strlen("歲");
	digits = aw_str_trim(digits);
	if (aw_str_int64(digits, &age) && age >= 0 && age <= 125)
		aw_json_put_int(person, "age", age);
	else
		put(person, "birth_date", born);
}

static json_t *
person_at(const struct aw_call *call, size_t i)
{
	static const char *const texts[] = { "role", "name", "alias", "national_id", "birth_date",
		"sex", "phone", "address", "registered_address", "relation", "school",
		"nationality", "safe_call", "note" };
	struct aw_arena *arena = call->act.arena;
	json_t *person = json_object();

	for (size_t k = 0; k < AW_COUNT(texts); k++)
		put(person, texts[k],
			value(call, aw_arena_printf(arena, "persons.%zu.%s", i, texts[k])));
	put_born(person, value(call, aw_arena_printf(arena, "persons.%zu.born", i)));
	put_flag(person, "lives_with",
		value(call, aw_arena_printf(arena, "persons.%zu.lives_with", i)));
	return person;
}

/* One more than the highest number of a person card in the form. */
static size_t
count_cards(const struct aw_call *call)
{
	size_t most = 0;

	for (size_t i = 0; i < call->value_count; i++) {
		const char *name = call->values[i].name;
		char *end = NULL;
		unsigned long at;
		if (strncmp(name, "persons.", 8) != 0 || name[8] < '0' || name[8] > '9')
			continue;
		at = strtoul(name + 8, &end, 10);
		if (*end == '.' && at < AW_REPORT_PERSONS_MOST && at + 1 > most)
			most = at + 1;
	}
	return most;
}

static json_t *
persons(const struct aw_call *call, const struct aw_kind *kind)
{
	json_t *list = json_array();
	size_t count = count_cards(call);
	const char *removed = value(call, "remove");
	int64_t out = -1;

	if (removed != NULL)
		(void)aw_str_int64(aw_str(removed), &out);
	for (size_t i = 0; i < count; i++)
		if ((int64_t)i + 1 != out)
			aw_json_push(list, person_at(call, i));
	/* a form just opened shows a card for each role the kind should name */
	for (size_t i = 0; count == 0 && kind != NULL && i < kind->role_count; i++)
		if (kind->roles[i].needed) {
			json_t *person = json_object();
			aw_json_put_text(person, "role", kind->roles[i].code);
			aw_json_push(list, person);
		}
	if (aw_text_eq(value(call, "go"), "add") && json_array_size(list) < AW_REPORT_PERSONS_MOST)
		aw_json_push(list, json_object());
	return list;
}

/* -- answers ---------------------------------------------------------------------------------- */

static void
put_instrument(const struct aw_call *call, const struct aw_question *question, json_t *answers)
{
	const struct aw_instrument *instrument = aw_policy_instrument(
		call->act.policy, question->instrument, aw_taipei_day(call->act.now_ms));
	const char *name = aw_arena_printf(call->act.arena, "answers.%s", question->code);
	const char *sum = value(call, name);
	json_t *items = json_object();
	int64_t number;

	for (size_t i = 0; instrument != NULL && i < instrument->item_count; i++) {
		const struct aw_instrument_item *item = &instrument->items[i];
		const char *text =
			value(call, aw_arena_printf(call->act.arena, "%s.%s", name, item->code));
		if (text == NULL)
			continue;
		if (item->choice_count > 0)
			put(items, item->code, text);
		else if (aw_str_int64(aw_str(text), &number))
			aw_json_put_int(items, item->code, number);
		else if (item->may_not_apply && strcmp(text, "na") == 0)
			aw_json_put_text(items, item->code, "na");
		else
			put_flag(items, item->code, text);
	}
	if (json_object_size(items) > 0)
		aw_json_put(answers, question->code, json_incref(items));
	else if (sum != NULL && aw_str_int64(aw_str(sum), &number))
		aw_json_put_int(answers, question->code, number);
	json_decref(items);
}

static void
put_answer(const struct aw_call *call, const struct aw_question *question, json_t *answers)
{
	const char *name = aw_arena_printf(call->act.arena, "answers.%s", question->code);
	const char *text = value(call, name);
	int64_t number;

	if (question->type == AW_QUESTION_INSTRUMENT) {
		put_instrument(call, question, answers);
	} else if (question->type == AW_QUESTION_CHOICES) {
		json_t *list = json_array();
		const char *each;
		for (size_t i = 0; (each = aw_call_value_at(call, name, i)) != NULL; i++)
			if (each[0] != '\0')
				aw_json_push(list, json_string(each));
		if (json_array_size(list) > 0)
			aw_json_put(answers, question->code, json_incref(list));
		json_decref(list);
	} else if (question->type == AW_QUESTION_FLAG) {
		put_flag(answers, question->code, text);
	} else if (question->type == AW_QUESTION_NUMBER && text != NULL &&
		   aw_str_int64(aw_str(text), &number)) {
		aw_json_put_int(answers, question->code, number);
	} else {
		put(answers, question->code, text);
	}
}

/* -- the whole -------------------------------------------------------------------------------- */

json_t *
aw_form_report(const struct aw_call *call, const struct aw_kind *kind)
{
	json_t *report = aw_json_keep(call->act.arena, json_object());
	json_t *reporter = json_object(), *answers = json_object();

	if (kind != NULL)
		aw_json_put_text(report, "kind", kind->code);
	aw_json_put(report, "incident", incident(call));
	aw_json_put(report, "persons", persons(call, kind));
	for (size_t i = 0; kind != NULL && i < kind->question_count; i++)
		put_answer(call, &kind->questions[i], answers);
	aw_json_put(report, "answers", answers);
	put(reporter, "role", value(call, "reporter.role"));
	put(reporter, "unit", value(call, "reporter.unit"));
	put(reporter, "name", value(call, "reporter.name"));
	put(reporter, "phone", value(call, "reporter.phone"));
	aw_json_put(report, "reporter", reporter);
	put(report, "centre_only", value(call, "centre_only"));
	put(report, "channel", value(call, "channel"));
	if (value(call, "urgent") != NULL)
		aw_json_put(report, "urgent", json_true());
	return report;
}

json_t *
aw_form_without_blanks(struct aw_arena *arena, const json_t *report)
{
	json_t *copy = aw_json_keep(arena, json_copy((json_t *)(uintptr_t)report));
	const json_t *list = json_object_get(report, "persons");
	json_t *kept = json_array();

	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *person = json_array_get(list, i);
		size_t said = json_object_size(person) -
			      (json_object_get(person, "role") != NULL ? 1 : 0);
		if (said > 0)
			aw_json_push(kept, json_incref(person));
	}
	aw_json_put(copy, "persons", kept);
	return copy;
}

void
aw_form_problems(struct aw_call *call, const struct aw_report_problems *problems)
{
	static const char *const moved[][2] = { { "incident.at", "at_year" },
		{ "birth_date", "born" }, { "age", "born" }, { "phones", "phone" } };
	struct aw_arena *arena = call->act.arena;

	for (size_t i = 0; i < problems->count; i++) {
		const char *field = problems->at[i].field;
		const char *last = strrchr(field, '.');
		for (size_t k = 0; k < AW_COUNT(moved); k++) {
			if (strcmp(field, moved[k][0]) == 0)
				field = moved[k][1];
			else if (aw_str_starts(aw_str(field), "persons.") && last != NULL &&
				 strcmp(last + 1, moved[k][0]) == 0)
				field = aw_arena_printf(arena, "%.*s.%s",
					(int)(last - problems->at[i].field), problems->at[i].field,
					moved[k][1]);
		}
		aw_call_problem(call, field, problems->at[i].message, problems->at[i].detail);
	}
}
