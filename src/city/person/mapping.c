/* Reads registers/<code>.yaml. */
#include "city/person/mapping.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *field;
	enum aw_map_field place;
	bool base; /* of the base alone */
} places[] = { { "source_id", AW_MAP_SOURCE_ID, false },
	{ "extract_day", AW_MAP_EXTRACT_DAY, false }, { "name", AW_MAP_NAME, false },
	{ "alias", AW_MAP_ALIAS, false }, { "number", AW_MAP_NUMBER, false },
	{ "old_number", AW_MAP_OLD_NUMBER, false }, { "birth", AW_MAP_BIRTH, false },
	{ "sex", AW_MAP_SEX, false }, { "registered_address", AW_MAP_REGISTERED_ADDRESS, false },
	{ "residence", AW_MAP_RESIDENCE, false }, { "phone", AW_MAP_PHONE, false },
	{ "status", AW_MAP_STATUS, false }, { "from_day", AW_MAP_FROM_DAY, false },
	{ "to_day", AW_MAP_TO_DAY, false }, { "unit", AW_MAP_UNIT, false },
	{ "extension", AW_MAP_EXTENSION, false }, { "household_no", AW_MAP_HOUSEHOLD_NO, true },
	{ "role", AW_MAP_ROLE, true }, { "village", AW_MAP_VILLAGE, true } };

struct reader {
	struct aw_yaml *yaml;
	struct aw_arena *arena;
	struct aw_register_map *map;
};

static struct aw_map_value *
read_values(struct reader *r, const struct aw_yaml_node *map, const char *key, size_t *ret_count)
{
	const struct aw_yaml_node *values = aw_yaml_map(r->yaml, map, key, false);
	struct aw_map_value *at = AW_NEW_ARRAY(r->arena, struct aw_map_value, values->count + 1);

	for (size_t i = 0; i < values->count; i++) {
		at[i].written = values->keys[i];
		at[i].code = aw_yaml_text(r->yaml, values, values->keys[i], true);
		if (at[i].code == NULL)
			at[i].code = "";
	}
	*ret_count = values->count;
	return at;
}

static void
set_place(struct reader *r, const struct aw_yaml_node *item, struct aw_map_column *column)
{
	for (size_t i = 0; i < AW_COUNT(places); i++)
		if (strcmp(column->field, places[i].field) == 0 &&
			(!places[i].base || r->map->base))
			column->place = places[i].place;
	if (column->place == AW_MAP_FROM_DAY || column->place == AW_MAP_TO_DAY ||
		column->place == AW_MAP_EXTRACT_DAY)
		column->kind = AW_MAP_DAY;
	if (column->kind == AW_MAP_CODE && column->value_count == 0)
		aw_yaml_mistake(r->yaml, item, "kind code needs `values`");
	if (column->kind != AW_MAP_CODE && column->value_count > 0)
		aw_yaml_mistake(r->yaml, item, "`values` belong to kind code");
}

static void
read_column(struct reader *r, const struct aw_yaml_node *item, struct aw_map_column *column)
{
	static const char *const kinds[] = { "text", "day", "flag", "number", "code" };

	column->column = aw_yaml_text(r->yaml, item, "column", true);
	if (column->column == NULL)
		column->column = "";
	column->also = aw_yaml_texts(r->yaml, item, "also", false, &column->also_count);
	column->field = aw_yaml_code(r->yaml, item, "field");
	column->kind = (enum aw_map_kind)aw_yaml_choice(
		r->yaml, item, "kind", kinds, AW_COUNT(kinds), AW_MAP_TEXT);
	column->values = read_values(r, item, "values", &column->value_count);
	column->required = aw_yaml_flag(r->yaml, item, "required", false);
	column->shown = aw_yaml_flag(r->yaml, item, "shown", false);
	column->label.zh = aw_yaml_text(r->yaml, item, "zh", false);
	column->label.en = aw_yaml_text(r->yaml, item, "en", false);
	set_place(r, item, column);
	if (column->place == AW_MAP_OWN && (column->label.zh == NULL || column->label.en == NULL))
		aw_yaml_mistake(r->yaml, item, "a field of its own needs zh and en");
	if (column->shown && !r->map->detail)
		aw_yaml_mistake(r->yaml, item, "screener: existence shows no column");
	aw_yaml_end(r->yaml, item);
}

static const struct aw_map_column *
column_of(const struct aw_register_map *map, const char *field)
{
	for (size_t i = 0; i < map->column_count; i++)
		if (strcmp(map->columns[i].field, field) == 0)
			return &map->columns[i];
	return NULL;
}

static void
read_columns(struct reader *r)
{
	const struct aw_yaml_node *list = aw_yaml_list(r->yaml, r->yaml->root, "columns", true);

	r->map->columns = AW_NEW_ARRAY(r->arena, struct aw_map_column, list->count + 1);
	for (size_t i = 0; i < list->count; i++) {
		struct aw_map_column *column = &r->map->columns[r->map->column_count];

		read_column(r, aw_yaml_item(r->yaml, list, i), column);
		if (column_of(r->map, column->field) != NULL)
			aw_yaml_mistake(
				r->yaml, list->items[i], "field %s stands twice", column->field);
		r->map->column_count++;
	}
	if (column_of(r->map, r->map->base ? "household_no" : "source_id") == NULL)
		aw_yaml_mistake(r->yaml, list, "a column for %s is needed",
			r->map->base ? "household_no" : "source_id");
	if (!r->map->base && column_of(r->map, "status") == NULL)
		aw_yaml_mistake(r->yaml, list, "a column for status is needed");
}

/* "within 90", "months 3", "above 0". */
static bool
counted_test(const char *text, struct aw_map_condition *condition)
{
	static const struct {
		const char *word;
		enum aw_map_test test;
	} tests[] = { { "within ", AW_MAP_WITHIN }, { "months ", AW_MAP_MONTHS },
		{ "above ", AW_MAP_ABOVE } };

	if (strcmp(text, "not_past") == 0) {
		condition->test = AW_MAP_NOT_PAST;
		return true;
	}
	for (size_t i = 0; i < AW_COUNT(tests); i++) {
		size_t len = strlen(tests[i].word);

		if (strncmp(text, tests[i].word, len) == 0 &&
			aw_str_int64(aw_str(text + len), &condition->n) && condition->n >= 0 &&
			condition->n < 100000) {
			condition->test = tests[i].test;
			return true;
		}
	}
	return false;
}

static void
read_condition(struct reader *r, const struct aw_yaml_node *when, size_t i,
	struct aw_map_condition *condition)
{
	const struct aw_map_column *column;

	condition->field = when->keys[i];
	condition->words =
		aw_yaml_texts(r->yaml, when, when->keys[i], true, &condition->word_count);
	column = column_of(r->map, condition->field);
	if (column == NULL) {
		aw_yaml_mistake(
			r->yaml, when->items[i], "there is no column for %s", condition->field);
		return;
	}
	if (condition->word_count != 1 || !counted_test(condition->words[0], condition))
		return;
	if ((condition->test == AW_MAP_ABOVE) != (column->kind == AW_MAP_COUNT) ||
		(condition->test != AW_MAP_ABOVE && column->kind != AW_MAP_DAY))
		aw_yaml_mistake(r->yaml, when->items[i],
			"%s is not of the kind that this condition tests", condition->field);
}

static void
read_facts(struct reader *r)
{
	const struct aw_yaml_node *list = aw_yaml_list(r->yaml, r->yaml->root, "facts", false);

	r->map->facts = AW_NEW_ARRAY(r->arena, struct aw_map_fact, list->count + 1);
	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(r->yaml, list, i), *when;
		struct aw_map_fact *fact = &r->map->facts[r->map->fact_count++];

		fact->fact = aw_yaml_code(r->yaml, item, "fact");
		fact->take = aw_yaml_text(r->yaml, item, "take", false);
		fact->count = aw_yaml_flag(r->yaml, item, "count", false);
		if (fact->take != NULL && column_of(r->map, fact->take) == NULL)
			aw_yaml_mistake(r->yaml, item, "there is no column for %s", fact->take);
		if (fact->take != NULL && fact->count)
			aw_yaml_mistake(r->yaml, item, "a fact either takes or counts");
		when = aw_yaml_map(r->yaml, item, "when", true);
		fact->when = AW_NEW_ARRAY(r->arena, struct aw_map_condition, when->count + 1);
		fact->when_count = when->count;
		for (size_t k = 0; k < when->count; k++)
			read_condition(r, when, k, &fact->when[k]);
		aw_yaml_end(r->yaml, item);
	}
}

static void
read_class(struct reader *r)
{
	const char *code = aw_yaml_code(r->yaml, r->yaml->root, "class");

	if (!aw_policy_class_find(code, &r->map->class_bit))
		aw_yaml_mistake(
			r->yaml, r->yaml->root, "class: there is no field class of that name");
}

static void
read_head(struct reader *r)
{
	static const char *const shows[] = { "existence", "detail" };
	struct aw_register_map *map = r->map;
	const struct aw_yaml_node *root = r->yaml->root, *statuses;

	map->code = aw_yaml_code(r->yaml, root, "code");
	map->label.zh = aw_yaml_text(r->yaml, root, "zh", true);
	map->label.en = aw_yaml_text(r->yaml, root, "en", true);
	map->short_label = aw_yaml_label(r->yaml, root, "short", true);
	map->owner = aw_yaml_label(r->yaml, root, "owner", true);
	map->order = (int32_t)aw_yaml_need_int(r->yaml, root, "order", 0, 1000);
	map->base = aw_yaml_flag(r->yaml, root, "base", false);
	map->enabled = aw_yaml_flag(r->yaml, root, "enabled", true);
	map->legal_basis = aw_yaml_text(r->yaml, root, "legal_basis", true);
	map->valid = (struct aw_valid){ .from_day = aw_yaml_day(
						r->yaml, root, "effective_from", INT32_MIN),
		.to_day = aw_yaml_day(r->yaml, root, "effective_to", AW_DAY_EVER),
		.source = aw_yaml_text(r->yaml, root, "source", true),
		.unverified = aw_yaml_flag(r->yaml, root, "unverified", false),
		.file = r->yaml->file,
		.line = 1 };
	map->detail = aw_yaml_choice(r->yaml, root, "screener", shows, 2, -1) == 1;
	read_class(r);
	statuses = aw_yaml_map(r->yaml, root, "statuses", !map->base);
	map->open_words = aw_yaml_texts(r->yaml, statuses, "open", !map->base, &map->open_count);
	map->past_words = aw_yaml_texts(r->yaml, statuses, "past", false, &map->past_count);
	if (statuses->kind == AW_YAML_MAP)
		aw_yaml_end(r->yaml, statuses);
	map->units = read_values(r, root, "units", &map->unit_count);
	if (map->enabled && map->legal_basis != NULL && strstr(map->legal_basis, "待補") != NULL)
		aw_yaml_mistake(r->yaml, root,
			"a register whose legal basis is still to be supplied must not be enabled");
}

static int
by_order(const void *left, const void *right)
{
	const struct aw_register_map *a = left, *b = right;

	return a->order != b->order ? (a->order < b->order ? -1 : 1) : strcmp(a->code, b->code);
}

void
aw_registers_read(const struct aw_policy *policy, struct aw_arena *arena,
	struct aw_mistakes *mistakes, struct aw_registers *ret_registers)
{
	struct aw_registers made = { 0 };

	made.at = AW_NEW_ARRAY(arena, struct aw_register_map, policy->doc_count + 1);
	for (size_t i = 0; i < policy->doc_count; i++) {
		const char *path = aw_arena_strdup(arena, policy->docs[i].path);
		struct aw_yaml yaml = { 0 };
		struct reader r = { &yaml, arena, &made.at[made.count] };

		if (strncmp(path, "registers/", 10) != 0 ||
			!aw_yaml_parse(
				arena, path, aw_policy_file(policy, path)->text, mistakes, &yaml))
			continue;
		read_head(&r);
		read_columns(&r);
		read_facts(&r);
		aw_yaml_end(&yaml, yaml.root);
		if (strlen(path) < 15 || strncmp(path + 10, r.map->code, strlen(path) - 15) != 0 ||
			strlen(r.map->code) != strlen(path) - 15)
			aw_yaml_mistake(&yaml, yaml.root, "the code is not the file's name");
		made.count++;
	}
	qsort(made.at, made.count, sizeof(*made.at), by_order);
	*ret_registers = made;
}

const struct aw_register_map *
aw_registers_find(const struct aw_registers *registers, const char *code)
{
	for (size_t i = 0; i < registers->count; i++)
		if (strcmp(registers->at[i].code, code) == 0)
			return &registers->at[i];
	return NULL;
}

bool
aw_register_told(const struct aw_act *act, const struct aw_access *access,
	const struct aw_register_map *map, const char *unit)
{
	return aw_access_lists(access, aw_register_class(act, map->code, access), unit);
}

const struct aw_registers *
aw_registers_of(const struct aw_act *act)
{
	struct aw_registers *made;

	if (act->people != NULL)
		return aw_people_registers(act->people, act->policy);
	made = AW_NEW(act->arena, struct aw_registers);
	aw_registers_read(
		act->policy, act->arena, &(struct aw_mistakes){ .arena = act->arena }, made);
	return made;
}

enum aw_field_class
aw_register_class(const struct aw_act *act, const char *code, const struct aw_access *access)
{
	const struct aw_register_map *map = aw_registers_find(aw_registers_of(act), code);

	if (map == NULL)
		return AW_CLASS_HEALTH; /* a register that the policy no longer has: the gravest */
	if (access->screens && map->class_bit != AW_CLASS_HEALTH &&
		map->class_bit != AW_CLASS_WELFARE)
		return AW_CLASS_EXISTENCE;
	return (enum aw_field_class)map->class_bit;
}

const char *
aw_register_name(const struct aw_act *act, const char *code, const char *language)
{
	const struct aw_register_map *map = aw_registers_find(aw_registers_of(act), code);

	if (map == NULL)
		return code;
	return aw_label_text(map->short_label, language);
}
