/* city/intake - whether a report can be taken in: refused, accepted with a warning, or right. */
#include <string.h>

#include "city/intake/inside.h"
#include "text/address.h"
#include "text/idno.h"
#include "text/phone.h"
#include "text/roc.h"

struct check {
	const struct aw_policy *policy;
	const struct aw_kind *kind;
	struct aw_arena *arena;
	int64_t now_ms;
	bool demo;
	struct aw_report_problems *problems, *warnings;
};

static void
refuse(struct check *c, const char *field, const char *message, const char *detail)
{
	aw_report_remark(c->arena, c->problems, field, message, detail);
}

static void
warn(struct check *c, const char *field, const char *message, const char *detail)
{
	aw_report_remark(c->arena, c->warnings, field, message, detail);
}

static bool
named(const struct aw_named *list, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].code, code) == 0)
			return true;
	return false;
}

/* -- dates ------------------------------------------------------------------------------------ */

bool
aw_report_birth_read(struct aw_report_person_in *person)
{
	struct aw_roc_date date;
	struct aw_error own = { 0 };

	if (person->birth_date == NULL)
		return true;
	if (aw_roc_read(aw_str(person->birth_date), &date, &own) != AW_OK)
		return false;
	if (date.precision == AW_PRECISION_DAY)
		person->birth_day = AW_KNOWN(date.from_day);
	return true;
}

bool
aw_report_incident_read(struct aw_report_in *in)
{
	struct aw_str text = aw_str(in->incident.at_text);
	struct aw_roc_date date;
	struct aw_error own = { 0 };
	int64_t at;

	if (in->incident.at_text == NULL)
		return true;
	in->incident.at_day_only = false;
	/* "about" is kept as written; the time is read without it */
	if (aw_str_ends(text, "（約）"))
		text.len -= strlen("（約）");
	if (aw_roc_read_instant(text, &at, &own) == AW_OK) {
		in->incident.at = AW_KNOWN(at);
		return true;
	}
	if (aw_roc_read(text, &date, &own) != AW_OK)
		return false;
	in->incident.at_day_only = true;
	if (date.precision == AW_PRECISION_DAY)
		in->incident.at = AW_KNOWN(aw_taipei_day_start_ms(date.from_day));
	return true;
}

/* -- persons ---------------------------------------------------------------------------------- */

static const char *
normal_sex(const char *sex)
{
	static const char *const men[] = { "M", "m", "男", "male", "1" };
	static const char *const women[] = { "F", "f", "女", "female", "2" };
	static const char *const others[] = { "X", "x", "其他" };

	for (size_t i = 0; i < AW_COUNT(men); i++)
		if (strcmp(sex, men[i]) == 0)
			return "M";
	for (size_t i = 0; i < AW_COUNT(women); i++)
		if (strcmp(sex, women[i]) == 0)
			return "F";
	for (size_t i = 0; i < AW_COUNT(others); i++)
		if (strcmp(sex, others[i]) == 0)
			return "X";
	return NULL;
}

static void
check_number(struct check *c, const char *path, const struct aw_report_person_in *person)
{
	struct aw_idno number;
	const char *field = aw_arena_printf(c->arena, "%s.national_id", path);

	if (person->national_id == NULL)
		return;
	if (!aw_idno_read(aw_str(person->national_id), &number)) {
		warn(c, field, "report.id_form", NULL);
		return;
	}
	if (number.kind == AW_IDNO_DEMO && !c->demo)
		refuse(c, field, "report.id_made_up", NULL);
	if (!number.check_ok)
		warn(c, field, "report.check_digit", NULL);
	if (number.sex != 0 && person->sex != NULL && person->sex[0] != number.sex)
		warn(c, field, "report.id_other_sex", NULL);
}

static void
check_birth(struct check *c, const char *path, struct aw_report_person_in *person)
{
	const char *field = aw_arena_printf(c->arena, "%s.birth_date", path);
	struct aw_roc_date date;
	struct aw_error own = { 0 };
	int32_t today = aw_taipei_day(c->now_ms);

	if (person->age.known && (person->age.v < 0 || person->age.v > 125)) {
		refuse(c, aw_arena_printf(c->arena, "%s.age", path), "report.age_range", NULL);
		person->age = AW_UNKNOWN;
	}
	if (person->birth_date == NULL)
		return;
	if (!aw_report_birth_read(person) ||
		aw_roc_read(aw_str(person->birth_date), &date, &own) != AW_OK) {
		refuse(c, field, "report.date_unreadable", NULL);
		return;
	}
	if (date.from_day > today)
		refuse(c, field, "report.date_future", NULL);
	else if (aw_years_between(date.to_day, today) > 125)
		refuse(c, field, "report.date_long_ago", NULL);
}

static void
check_person(struct check *c, size_t i, struct aw_report_person_in *person)
{
	const char *path = aw_arena_printf(c->arena, "persons.%zu", i);
	struct aw_phone phone;

	if (person->role == NULL)
		person->role = aw_kind_subject_role(c->kind);
	else if (aw_kind_role(c->kind, person->role) == NULL)
		refuse(c, aw_arena_printf(c->arena, "%s.role", path), "report.role_unknown", NULL);
	if (person->sex != NULL) {
		const char *sex = normal_sex(person->sex);
		if (sex == NULL)
			refuse(c, aw_arena_printf(c->arena, "%s.sex", path), "report.code_unknown",
				"M F X");
		person->sex = sex;
	}
	check_number(c, path, person);
	check_birth(c, path, person);
	for (size_t k = 0; k < person->phone_count; k++)
		if (!aw_phone_read(aw_str(person->phones[k]), &phone))
			warn(c, aw_arena_printf(c->arena, "%s.phones", path), "report.phone_form",
				NULL);
}

/* -- answers ---------------------------------------------------------------------------------- */

/* The question of the kind's form; else of any form, since a report may hold more than its kind asks. */
static const struct aw_question *
find_question(const struct check *c, const char *code)
{
	const struct aw_question *question = aw_kind_question(c->kind, code);

	for (size_t i = 0; question == NULL && i < c->policy->kind_count; i++)
		question = aw_kind_question(&c->policy->kinds[i], code);
	return question;
}

static const char *
check_instrument(const struct check *c, const struct aw_question *question, const json_t *value)
{
	const struct aw_instrument *instrument =
		aw_policy_instrument(c->policy, question->instrument, aw_taipei_day(c->now_ms));
	const char *key;
	json_t *answer;

	if (instrument == NULL)
		return "report.answer_unknown";
	if (json_is_integer(value)) /* the sum alone */
		return instrument->band_count == 0 || json_integer_value(value) < 0 ||
				       json_integer_value(value) > instrument->bands[0].most
			       ? "report.number_range"
			       : NULL;
	if (!json_is_object(value))
		return "report.want_object";
	json_object_foreach((json_t *)(uintptr_t)value, key, answer)
	{
		const struct aw_instrument_item *item = NULL;
		for (size_t i = 0; i < instrument->item_count; i++)
			if (strcmp(instrument->items[i].code, key) == 0)
				item = &instrument->items[i];
		if (item == NULL)
			return "report.item_unknown";
		if (item->choice_count > 0 && !json_is_null(answer)) {
			if (!json_is_string(answer) || !named(item->choices, item->choice_count,
							       json_string_value(answer)))
				return "report.choice_unknown";
			continue;
		}
		if (json_is_null(answer) ||
			(item->least == 0 && item->most == 1 && json_is_boolean(answer)) ||
			(item->may_not_apply && json_is_string(answer) &&
				strcmp(json_string_value(answer), "na") == 0))
			continue;
		if (!json_is_integer(answer) || json_integer_value(answer) < item->least ||
			json_integer_value(answer) > item->most)
			return "report.number_range";
	}
	return NULL;
}

static const char *
check_choices(const struct aw_question *question, const json_t *value)
{
	if (!json_is_array(value))
		return "report.want_list";
	for (size_t i = 0; i < json_array_size(value); i++) {
		const char *code = json_string_value(json_array_get(value, i));
		if (code == NULL || !named(question->choices, question->choice_count, code))
			return "report.choice_unknown";
	}
	return NULL;
}

/* NULL when right; else a message key. */
static const char *
check_answer(const struct check *c, const struct aw_question *question, const json_t *value)
{
	if (json_is_null(value))
		return NULL;
	switch (question->type) {
	case AW_QUESTION_FLAG:
		return json_is_boolean(value) ? NULL : "report.want_flag";
	case AW_QUESTION_CHOICE:
		return json_is_string(value) && named(question->choices, question->choice_count,
							json_string_value(value))
			       ? NULL
			       : "report.choice_unknown";
	case AW_QUESTION_CHOICES:
		return check_choices(question, value);
	case AW_QUESTION_NUMBER:
		return json_is_integer(value) && json_integer_value(value) >= question->least &&
				       json_integer_value(value) <= question->most
			       ? NULL
			       : "report.number_range";
	case AW_QUESTION_TEXT:
		return json_is_string(value) && aw_utf8_count(aw_str(json_string_value(value))) <=
							AW_REPORT_FIELD_MOST
			       ? NULL
			       : "report.want_text";
	case AW_QUESTION_INSTRUMENT:
		break;
	}
	return check_instrument(c, question, value);
}

static void
check_answers(struct check *c, const json_t *answers)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)answers, key, value)
	{
		const struct aw_question *question = find_question(c, key);
		const char *message = question == NULL ? "report.answer_unknown"
						       : check_answer(c, question, value);
		if (message != NULL)
			refuse(c,
				aw_arena_printf(
					c->arena, "answers.%s", strlen(key) <= 40 ? key : ""),
				message, NULL);
	}
}

/* -- the whole -------------------------------------------------------------------------------- */

/* The district: as said; else from the address of the incident; else from where the subject lives. */
static void
settle_district(struct check *c, struct aw_report_in *in)
{
	const struct aw_district *district = NULL;
	struct aw_address address;

	if (in->incident.district != NULL) {
		district = aw_policy_district(c->policy, in->incident.district);
		if (district == NULL)
			refuse(c, "incident.district", "report.district_unknown", NULL);
	}
	if (district == NULL && in->incident.address != NULL) {
		aw_address_read(c->arena, aw_str(in->incident.address), &address);
		if (address.county == NULL || strcmp(address.county, c->policy->city.label.zh) == 0)
			district = aw_policy_district(c->policy, address.district);
	}
	for (size_t i = 0; district == NULL && in->incident.address == NULL && i < in->person_count;
		i++) {
		if (in->persons[i].address == NULL ||
			!aw_report_is_subject(c->kind, in->persons[i].role))
			continue;
		aw_address_read(c->arena, aw_str(in->persons[i].address), &address);
		district = aw_policy_district(c->policy, address.district);
	}
	in->incident.district = district != NULL ? district->code : NULL;
}

static void
check_times(struct check *c, struct aw_report_in *in)
{
	int64_t received = in->received_at != 0 ? in->received_at : c->now_ms;

	if (received > c->now_ms + 5 * AW_MINUTE_MS)
		refuse(c, "received_at", "report.date_future", NULL);
	if (!aw_report_incident_read(in))
		refuse(c, "incident.at", "report.date_unreadable", NULL);
	else if (in->incident.at.known && in->incident.at.v > received + 5 * AW_MINUTE_MS)
		refuse(c, "incident.at", "report.date_future", NULL);
	else if (in->incident.at.known && in->incident.at.v < received - 100 * 366 * AW_DAY_MS)
		refuse(c, "incident.at", "report.date_long_ago", NULL);
}

static void
check_head(struct check *c, struct aw_report_in *in)
{
	const struct aw_policy *p = c->policy;
	struct aw_phone phone;

	if (in->channel == NULL)
		in->channel = "api";
	if (!named(p->channels, p->channel_count, in->channel))
		refuse(c, "channel", "report.code_unknown", NULL);
	if (in->reporter.role == NULL)
		in->reporter.role = strcmp(in->channel, "public") == 0 ? "public" : "other";
	if (!named(p->reporter_roles, p->reporter_role_count, in->reporter.role))
		refuse(c, "reporter.role", "report.code_unknown", NULL);
	if (in->reporter.phone != NULL && !aw_phone_read(aw_str(in->reporter.phone), &phone))
		warn(c, "reporter.phone", "report.phone_form", NULL);
	if (in->outreach_unit != NULL && aw_policy_unit(p, in->outreach_unit) == NULL)
		refuse(c, "outreach_unit", "report.code_unknown", NULL);
	if (in->idempotency_key != NULL && strlen(in->idempotency_key) > 200)
		refuse(c, "idempotency_key", "report.too_long", "200");
	if (in->incident.narrative == NULL && in->incident.address == NULL &&
		in->incident.at_text == NULL && in->incident.district == NULL &&
		in->person_count == 0 && json_object_size(in->answers) == 0 &&
		in->centre_only == NULL)
		refuse(c, "incident.narrative", "report.empty", NULL);
}

void
aw_report_check(const struct aw_policy *policy, struct aw_arena *arena, int64_t now_ms, bool demo,
	struct aw_report_in *in, struct aw_report_problems *problems,
	struct aw_report_problems *warnings)
{
	struct check c = {
		.policy = policy,
		.arena = arena,
		.now_ms = now_ms,
		.demo = demo,
		.problems = problems,
		.warnings = warnings,
	};
	struct aw_report_person_in *persons;

	if (in->kind == NULL) {
		refuse(&c, "kind", "report.kind_missing", NULL);
		return;
	}
	c.kind = aw_policy_kind(policy, in->kind);
	if (c.kind == NULL || !aw_valid_on(&c.kind->valid, aw_taipei_day(now_ms))) {
		refuse(&c, "kind", "report.kind_unknown", NULL);
		return;
	}
	in->kind = c.kind->code;
	check_head(&c, in);
	if (in->person_count > AW_REPORT_PERSONS_MOST) {
		refuse(&c, "persons", "report.too_many", "30");
		return;
	}
	persons = aw_arena_memdup(arena, in->persons, in->person_count * sizeof(*persons));
	for (size_t i = 0; i < in->person_count; i++)
		check_person(&c, i, &persons[i]);
	in->persons = persons;
	if (in->answers != NULL)
		check_answers(&c, in->answers);
	check_times(&c, in);
	settle_district(&c, in);
}
