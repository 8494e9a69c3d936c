/* What a register's records say to triage. */
#include "city/person/facts.h"

#include <string.h>

#include "base/clock.h"

void
aw_fact_put(struct aw_fact_list *facts, const struct aw_person_fact *fact)
{
	*AW_PUSH(facts->arena, facts->at, facts->count, facts->room) = *fact;
}

static bool
day_test(const struct aw_map_condition *condition, int32_t day, int32_t today)
{
	switch (condition->test) {
	case AW_MAP_NOT_PAST:
		return day >= today;
	case AW_MAP_WITHIN:
		return day <= today && (int64_t)today - day <= condition->n;
	case AW_MAP_MONTHS:
		return aw_add_months(day, (int32_t)condition->n) <= today;
	case AW_MAP_IS:
	case AW_MAP_ABOVE:
	default:
		return false;
	}
}

static bool
is_one_of(const struct aw_map_condition *condition, const json_t *value)
{
	const char *text = json_is_string(value)  ? json_string_value(value)
			   : json_is_true(value)  ? "true"
			   : json_is_false(value) ? "false"
						  : NULL;

	for (size_t i = 0; text != NULL && i < condition->word_count; i++)
		if (strcmp(text, condition->words[i]) == 0)
			return true;
	return false;
}

/* not_past holds for a day that nobody knows: an entitlement without an end goes on. But a day that is
 * the very matter (order_until alone) must be there. */
static bool
holds(const struct aw_map_fact *fact, const struct aw_map_condition *condition, const json_t *row,
	int32_t today)
{
	const json_t *value = json_object_get(row, condition->field);
	int32_t day;

	if (condition->test == AW_MAP_IS)
		return is_one_of(condition, value);
	if (condition->test == AW_MAP_ABOVE)
		return json_is_integer(value) && json_integer_value(value) > condition->n;
	if (!json_is_string(value) || !aw_day_parse_iso(aw_str(json_string_value(value)), &day))
		return condition->test == AW_MAP_NOT_PAST && value == NULL && fact->when_count > 1;
	return day_test(condition, day, today);
}

static bool
answers(const struct aw_map_fact *fact, const json_t *row, int32_t today)
{
	for (size_t i = 0; i < fact->when_count; i++)
		if (!holds(fact, &fact->when[i], row, today))
			return false;
	return true;
}

static void
take(struct aw_fact_list *facts, const struct aw_map_fact *fact, const json_t *row,
	struct aw_person_fact *made)
{
	const json_t *value = json_object_get(row, fact->take);
	int32_t day;

	if (json_is_integer(value)) {
		made->kind = AW_PERSON_FACT_NUMBER;
		made->number = json_integer_value(value);
	} else if (json_is_boolean(value)) {
		made->number = json_is_true(value) ? 1 : 0;
	} else if (json_is_string(value)) {
		made->kind = AW_PERSON_FACT_TEXT;
		made->text = aw_arena_strdup(facts->arena, json_string_value(value));
		if (aw_day_parse_iso(aw_str(made->text), &day)) {
			made->kind = AW_PERSON_FACT_DAY;
			made->number = day;
		}
	} else {
		return;
	}
	aw_fact_put(facts, made);
}

static void
evaluate(struct aw_fact_list *facts, const struct aw_map_fact *fact,
	const struct aw_fact_record *records, size_t count, int32_t today,
	struct aw_person_fact *made)
{
	const json_t *first = NULL;
	int64_t confirmed = 0, proposed = 0;

	for (size_t i = 0; i < count; i++) {
		if (!answers(fact, records[i].row, today))
			continue;
		confirmed += records[i].confirmed ? 1 : 0;
		proposed += records[i].confirmed ? 0 : 1;
		if (records[i].confirmed && first == NULL)
			first = records[i].row;
	}
	if (fact->take != NULL) {
		if (first != NULL)
			take(facts, fact, first, made);
		return;
	}
	if (proposed > 0 && (confirmed == 0 || fact->count))
		return;
	made->kind = fact->count ? AW_PERSON_FACT_NUMBER : AW_PERSON_FACT_FLAG;
	made->number = fact->count ? confirmed : confirmed > 0;
	aw_fact_put(facts, made);
}

void
aw_facts_of_register(struct aw_fact_list *facts, const struct aw_register_map *map,
	const struct aw_fact_record *records, size_t count, int32_t extract_day, int32_t today)
{
	for (size_t i = 0; i < map->fact_count; i++) {
		struct aw_person_fact made = { .name = map->facts[i].fact,
			.kind = AW_PERSON_FACT_FLAG,
			.source = map->code,
			.as_of_day = AW_KNOWN(extract_day) };

		evaluate(facts, &map->facts[i], records, count, today, &made);
	}
}
