/* Reads the definition files of a policy. */
#include <stdlib.h>
#include <string.h>

#include "city/indicator/fairness.h"
#include "city/indicator/indicator.h"

#define FOLDER "indicators/"
#define MAP FOLDER "map.yaml"

/* Percent as written ("96.86", at most two decimals) in hundredths. */
static int64_t
read_percent(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key)
{
	const char *text = aw_yaml_text(yaml, map, key, true);
	struct aw_str whole, part = { 0 };
	int64_t number = 0, decimals = 0;

	if (text == NULL)
		return 0;
	whole = aw_str_cut(aw_str(text), '.', &part);
	if (!aw_str_int64(whole, &number) || number < 0 || number > 1000000 || part.len > 2 ||
		(part.at != NULL && (!aw_str_int64(part, &decimals) || decimals < 0))) {
		aw_yaml_mistake(yaml, map, "\"%s\" is a percentage with at most two decimals", key);
		return 0;
	}
	return number * 100 + (part.len == 1 ? decimals * 10 : decimals);
}

static void
read_targets(struct aw_yaml *yaml, struct aw_indicator *indicator)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "targets", true);
	struct aw_indicator_target *targets =
		AW_NEW_ARRAY(yaml->arena, struct aw_indicator_target, list->count);

	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);

		targets[i].from_day = aw_yaml_day(yaml, item, "from", 0);
		targets[i].to_day = aw_yaml_day(yaml, item, "to", AW_DAY_EVER);
		targets[i].value = read_percent(yaml, item, "value");
		targets[i].strict = aw_yaml_flag(yaml, item, "strict", false);
		targets[i].printed = aw_yaml_label(yaml, item, "printed", true);
		aw_yaml_end(yaml, item);
	}
	indicator->targets = targets;
	indicator->target_count = list->count;
}

static void
read_printed(struct aw_yaml *yaml, struct aw_indicator *indicator)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "printed", false);
	struct aw_indicator_printed *printed =
		AW_NEW_ARRAY(yaml->arena, struct aw_indicator_printed, list->count);

	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		const char *period = aw_yaml_text(yaml, item, "period", true);
		struct aw_error err = { 0 };

		if (period != NULL &&
			aw_period_read(aw_str(period), &printed[i].period, &err) != AW_OK)
			aw_yaml_mistake(yaml, item, "%s", err.text);
		printed[i].numerator = aw_yaml_need_int(yaml, item, "numerator", 0, 100000000);
		printed[i].denominator = aw_yaml_need_int(yaml, item, "denominator", 1, 100000000);
		printed[i].value = read_percent(yaml, item, "value");
		printed[i].agrees = aw_yaml_flag(yaml, item, "agrees", true);
		printed[i].note = aw_yaml_label(yaml, item, "note", false);
		if (!printed[i].agrees && printed[i].note.zh == NULL)
			aw_yaml_mistake(
				yaml, item, "a printed figure that does not agree needs a note");
		aw_yaml_end(yaml, item);
	}
	indicator->printed = printed;
	indicator->printed_count = list->count;
}

static void
read_notes(struct aw_yaml *yaml, struct aw_indicator *indicator)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "notes", false);
	struct aw_indicator_note *notes =
		AW_NEW_ARRAY(yaml->arena, struct aw_indicator_note, list->count);

	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);

		notes[i].code = aw_yaml_code(yaml, item, "code");
		notes[i].text.zh = aw_yaml_text(yaml, item, "zh", true);
		notes[i].text.en = aw_yaml_text(yaml, item, "en", true);
		aw_yaml_end(yaml, item);
	}
	indicator->notes = notes;
	indicator->note_count = list->count;
}

static void
read_sql(const struct aw_policy *policy, struct aw_yaml *yaml, struct aw_indicator *indicator)
{
	const char *name = aw_yaml_text(yaml, yaml->root, "sql", true);
	const struct aw_policy_file *file;

	indicator->sql_path = "";
	indicator->sql = "";
	if (name == NULL)
		return;
	indicator->sql_path = aw_arena_printf(yaml->arena, FOLDER "%s", name);
	file = aw_policy_file(policy, indicator->sql_path);
	if (file == NULL)
		aw_yaml_mistake(yaml, aw_yaml_get(yaml, yaml->root, "sql"),
			"the policy has no file %s", indicator->sql_path);
	else
		indicator->sql = aw_arena_strndup(yaml->arena, file->text.at, file->text.len);
}

static void
read_valid(struct aw_yaml *yaml, struct aw_indicator *indicator)
{
	struct aw_valid *valid = &indicator->valid;

	valid->from_day = aw_yaml_day(yaml, yaml->root, "effective_from", 0);
	valid->to_day = aw_yaml_day(yaml, yaml->root, "effective_to", AW_DAY_EVER);
	valid->source = aw_yaml_text(yaml, yaml->root, "source", true);
	valid->unverified = aw_yaml_flag(yaml, yaml->root, "unverified", false);
	valid->file = yaml->file;
	valid->line = 1;
	if (valid->from_day > valid->to_day)
		aw_yaml_mistake(yaml, yaml->root, "effective_to is before effective_from");
}

static void
read_one(const struct aw_policy *policy, struct aw_yaml *yaml, struct aw_indicator *indicator)
{
	static const char *const directions[] = { "higher", "lower" };
	static const char *const kinds[] = { "none", "days", "duration" };
	const struct aw_yaml_node *root = yaml->root, *value;
	int choice;

	indicator->code = aw_yaml_code(yaml, root, "id");
	indicator->version = aw_yaml_code(yaml, root, "version");
	indicator->draft = aw_yaml_flag(yaml, root, "draft", false);
	indicator->label.zh = aw_yaml_text(yaml, root, "zh", true);
	indicator->label.en = aw_yaml_text(yaml, root, "en", true);
	indicator->strategy = aw_yaml_label(yaml, root, "strategy", true);
	indicator->owner = aw_yaml_label(yaml, root, "owner", true);
	value = aw_yaml_map(yaml, root, "continues", false);
	if (value->count != 0) {
		indicator->continues = aw_yaml_code(yaml, value, "id");
		indicator->continues_note.zh = aw_yaml_text(yaml, value, "zh", true);
		indicator->continues_note.en = aw_yaml_text(yaml, value, "en", true);
		aw_yaml_end(yaml, value);
	}
	indicator->numerator = aw_yaml_label(yaml, root, "numerator", true);
	indicator->numerator_unit = aw_yaml_label(yaml, root, "numerator_unit", true);
	indicator->denominator = aw_yaml_label(yaml, root, "denominator", true);
	indicator->denominator_unit = aw_yaml_label(yaml, root, "denominator_unit", true);
	choice = aw_yaml_choice(yaml, root, "direction", directions, AW_COUNT(directions), -1);
	indicator->direction = choice == 1 ? AW_INDICATOR_LOWER : AW_INDICATOR_HIGHER;
	indicator->rule = aw_yaml_label(yaml, root, "rule", true);
	indicator->scope = aw_yaml_label(yaml, root, "scope", true);
	value = aw_yaml_map(yaml, root, "row_value", false);
	if (value->count != 0) {
		indicator->row_value.zh = aw_yaml_text(yaml, value, "zh", true);
		indicator->row_value.en = aw_yaml_text(yaml, value, "en", true);
		choice = aw_yaml_choice(yaml, value, "kind", kinds, AW_COUNT(kinds), -1);
		indicator->row_value_kind = choice == 2	  ? AW_INDICATOR_DURATION
					    : choice == 1 ? AW_INDICATOR_DAYS
							  : AW_INDICATOR_NO_VALUE;
		aw_yaml_end(yaml, value);
	}
	indicator->prior = aw_yaml_label(yaml, root, "prior", false);
	indicator->as_of_days = (int32_t)aw_yaml_int(yaml, root, "as_of_days", 0, 3660, 31);
	read_targets(yaml, indicator);
	read_printed(yaml, indicator);
	read_notes(yaml, indicator);
	read_valid(yaml, indicator);
	read_sql(policy, yaml, indicator);
	aw_yaml_end(yaml, root);
}

static int
by_code_then_date(const void *a, const void *b)
{
	const struct aw_indicator *x = a, *y = b;
	int order = strcmp(x->code, y->code);

	if (order != 0)
		return order;
	if (x->draft != y->draft)
		return x->draft ? 1 : -1;
	if (x->valid.from_day != y->valid.from_day)
		return x->valid.from_day < y->valid.from_day ? -1 : 1;
	return strcmp(x->version, y->version);
}

static void
read_all(const struct aw_policy *policy, struct aw_arena *arena, struct aw_mistakes *mistakes,
	struct aw_indicator **ret_list, size_t *ret_count)
{
	struct aw_indicator *list = NULL;
	size_t count = 0, room = 0;

	for (size_t i = 0; i < policy->doc_count; i++) {
		struct aw_yaml yaml;

		if (!aw_str_starts(aw_str(policy->docs[i].path), FOLDER) ||
			strcmp(policy->docs[i].path, MAP) == 0 ||
			strcmp(policy->docs[i].path, AW_FAIRNESS_FILE) == 0 ||
			!aw_policy_yaml(policy, policy->docs[i].path, arena, mistakes, &yaml))
			continue;
		read_one(policy, &yaml, AW_PUSH(arena, list, count, room));
	}
	if (count > 1)
		qsort(list, count, sizeof(*list), by_code_then_date);
	for (size_t i = 0; i < count; i++) {
		if (list[i].continues != NULL &&
			aw_indicator_find(list, count, list[i].continues, NULL, 0) == NULL)
			aw_mistake(mistakes, list[i].valid.file, 1, 1,
				"continues %s, which there is not", list[i].continues);
	}
	for (size_t i = 1; i < count; i++) {
		if (strcmp(list[i].code, list[i - 1].code) == 0 &&
			strcmp(list[i].version, list[i - 1].version) == 0)
			aw_mistake(mistakes, list[i].valid.file, 1, 1,
				"version %s of %s is also in %s", list[i].version, list[i].code,
				list[i - 1].valid.file);
	}
	*ret_list = list;
	*ret_count = count;
}

static void
read_map(const struct aw_policy *policy, struct aw_arena *arena, struct aw_mistakes *mistakes,
	struct aw_indicator_tile **ret_tiles, size_t *ret_count)
{
	struct aw_indicator_tile *tiles;
	const struct aw_yaml_node *list;
	struct aw_yaml yaml;

	*ret_count = 0;
	if (aw_policy_file(policy, MAP) == NULL ||
		!aw_policy_yaml(policy, MAP, arena, mistakes, &yaml))
		return;
	list = aw_yaml_list(&yaml, yaml.root, "tiles", true);
	tiles = AW_NEW_ARRAY(arena, struct aw_indicator_tile, list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(&yaml, list, i);

		tiles[i].district = aw_yaml_code(&yaml, item, "district");
		tiles[i].label.zh = aw_yaml_text(&yaml, item, "zh", true);
		tiles[i].label.en = aw_yaml_text(&yaml, item, "en", true);
		tiles[i].column_half = (int32_t)aw_yaml_need_int(&yaml, item, "column", 0, 40);
		tiles[i].row = (int32_t)aw_yaml_need_int(&yaml, item, "row", 0, 40);
		if (aw_policy_district(policy, tiles[i].district) == NULL)
			aw_yaml_mistake(
				&yaml, item, "there is no district \"%s\"", tiles[i].district);
		aw_yaml_end(&yaml, item);
	}
	aw_yaml_end(&yaml, yaml.root);
	*ret_tiles = tiles;
	*ret_count = list->count;
}

enum aw_status
aw_indicator_map(const struct aw_policy *policy, struct aw_arena *arena,
	struct aw_indicator_tile **ret_tiles, size_t *ret_count, struct aw_error *err)
{
	struct aw_mistakes mistakes = { .arena = arena };
	struct aw_indicator_tile *tiles = NULL;
	size_t count = 0;

	read_map(policy, arena, &mistakes, &tiles, &count);
	if (aw_mistakes_error(&mistakes, err) != AW_OK)
		return err->status;
	*ret_tiles = tiles;
	*ret_count = count;
	return AW_OK;
}

void
aw_indicator_check(
	const struct aw_policy *policy, struct aw_arena *arena, struct aw_mistakes *mistakes)
{
	struct aw_indicator_tile *tiles = NULL;
	struct aw_indicator *list = NULL;
	size_t count = 0;

	read_all(policy, arena, mistakes, &list, &count);
	read_map(policy, arena, mistakes, &tiles, &count);
	aw_fairness_check(policy, arena, mistakes);
}

enum aw_status
aw_indicator_list(const struct aw_policy *policy, struct aw_arena *arena,
	struct aw_indicator **ret_list, size_t *ret_count, struct aw_error *err)
{
	struct aw_mistakes mistakes = { .arena = arena };
	struct aw_indicator *list = NULL;
	size_t count = 0;

	read_all(policy, arena, &mistakes, &list, &count);
	if (aw_mistakes_error(&mistakes, err) != AW_OK)
		return err->status;
	*ret_list = list;
	*ret_count = count;
	return AW_OK;
}

const struct aw_indicator *
aw_indicator_find(const struct aw_indicator *list, size_t count, const char *code,
	const char *version, int32_t day)
{
	const struct aw_indicator *nearest = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!aw_text_eq(list[i].code, code))
			continue;
		if (version != NULL) {
			if (aw_text_eq(list[i].version, version))
				return &list[i];
			continue;
		}
		if (list[i].draft)
			continue;
		if (aw_valid_on(&list[i].valid, day))
			return &list[i];
		/* by date: the last one that began before the day, else the first */
		if (nearest == NULL || list[i].valid.from_day <= day)
			nearest = &list[i];
	}
	return nearest;
}

const struct aw_indicator_target *
aw_indicator_target(const struct aw_indicator *indicator, struct aw_period period)
{
	for (size_t i = 0; i < indicator->target_count; i++) {
		if (indicator->targets[i].from_day <= period.to_day &&
			period.to_day <= indicator->targets[i].to_day)
			return &indicator->targets[i];
	}
	return NULL;
}
