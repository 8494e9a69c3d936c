/* policy/read - city.yaml (districts), calendar.yaml (or "calendar" in city.yaml), and units.yaml
 * (agencies, unit types, units). */
#include <stdlib.h>
#include <string.h>

#include "policy/read.h"

static const struct aw_district *
read_districts(struct aw_loader *loader, struct aw_yaml *yaml, size_t *ret_count)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "districts", true);
	struct aw_district *at = AW_NEW_ARRAY(loader->arena, struct aw_district, list->count);

	if (list->kind == AW_YAML_LIST && list->count == 0)
		aw_yaml_mistake(yaml, list, "a city has at least one district");
	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		at[i].code = aw_yaml_code(yaml, item, "code");
		at[i].label = aw_read_label(yaml, item);
		at[i].postcode = aw_yaml_text(yaml, item, "postcode", false);
		at[i].order = (int32_t)i + 1;
		at[i].villages = aw_yaml_texts(yaml, item, "villages", false, &at[i].village_count);
		AW_READ_ONCE(yaml, item, at, i, "district");
		aw_yaml_end(yaml, item);
	}
	*ret_count = list->count;
	return at;
}

static int
by_day(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return x < y ? -1 : x > y;
}

/* Days of a list, sorted; each must be (weekend) or must not be (else) a Saturday or Sunday. */
static const int32_t *
read_days(struct aw_loader *loader, struct aw_yaml *yaml, const struct aw_yaml_node *calendar,
	const char *key, bool weekend, size_t *ret_count)
{
	const char *const *texts = aw_yaml_texts(yaml, calendar, key, true, ret_count);
	int32_t *days = AW_NEW_ARRAY(loader->arena, int32_t, *ret_count);
	const struct aw_city *city = &loader->policy->city;
	size_t count = 0;

	for (size_t i = 0; i < *ret_count; i++) {
		const struct aw_yaml_node *node = aw_text_node(calendar, key, i);
		int32_t day;
		if (!aw_day_parse_iso(aw_str(texts[i]), &day))
			aw_yaml_mistake(
				yaml, node, "\"%s\" holds a day that is not like 2021-12-06", key);
		else if (day < city->calendar_from || day > city->calendar_to)
			aw_yaml_mistake(
				yaml, node, "the day lies outside the calendar's from and to");
		else if ((aw_weekday(day) >= 5) != weekend)
			aw_yaml_mistake(yaml, node,
				weekend ? "a working weekend day must be a Saturday or Sunday"
					: "a holiday must be a Monday to Friday");
		else
			days[count++] = day;
	}
	qsort(days, count, sizeof(*days), by_day);
	*ret_count = count;
	return days;
}

static void
read_calendar(struct aw_loader *loader, struct aw_yaml *yaml, const struct aw_yaml_node *map)
{
	struct aw_city *city = &loader->policy->city;
	struct aw_valid valid;

	loader->has_calendar = true;
	city->calendar_from = aw_yaml_day(yaml, map, "from", INT32_MIN);
	city->calendar_to = aw_yaml_day(yaml, map, "to", AW_DAY_EVER);
	if (city->calendar_from == INT32_MIN)
		aw_yaml_mistake(yaml, map, "\"from\" is missing");
	if (city->calendar_to == AW_DAY_EVER)
		aw_yaml_mistake(yaml, map, "\"to\" is missing");
	valid = aw_read_valid(loader, yaml, map);
	city->calendar_unverified = valid.unverified;
	city->holidays = read_days(loader, yaml, map, "holidays", false, &city->holiday_count);
	city->working_weekends = read_days(
		loader, yaml, map, "working_weekends", true, &city->working_weekend_count);
	aw_yaml_end(yaml, map);
}

void
aw_read_calendar(struct aw_loader *loader, struct aw_yaml *yaml)
{
	aw_read_fallback(loader, yaml);
	read_calendar(loader, yaml, yaml->root);
}

void
aw_read_city(struct aw_loader *loader, struct aw_yaml *yaml)
{
	struct aw_policy *policy = loader->policy;
	struct aw_city *city = &policy->city;
	const struct aw_yaml_node *root = yaml->root, *calendar;
	const char *letter, *version;

	aw_read_fallback(loader, yaml);
	city->code = aw_yaml_code(yaml, root, "code");
	(void)aw_yaml_get(yaml, root, "base"); /* folder.c has read it */
	city->label = aw_read_label(yaml, root);
	city->centre = aw_yaml_label(yaml, root, "centre", true);
	city->county = aw_yaml_code(yaml, root, "county");
	letter = aw_yaml_text(yaml, root, "letter", true);
	if (letter != NULL && (strlen(letter) != 1 || letter[0] < 'A' || letter[0] > 'Z'))
		aw_yaml_mistake(yaml, aw_text_node(root, "letter", 0),
			"\"letter\" must be one letter A to Z");
	city->letter = letter != NULL ? letter : "";
	policy->effective_day = aw_yaml_day(yaml, root, "effective_day", INT32_MIN);
	if (policy->effective_day == INT32_MIN)
		aw_yaml_mistake(yaml, root, "\"effective_day\" is missing");
	version = aw_yaml_text(yaml, root, "version", true);
	policy->label = aw_arena_printf(
		loader->arena, "%s %s", city->label.zh, version != NULL ? version : "");
	city->districts = read_districts(loader, yaml, &city->district_count);
	calendar = aw_yaml_map(yaml, root, "calendar", false);
	if (calendar->kind == AW_YAML_MAP)
		read_calendar(loader, yaml, calendar);
	aw_yaml_end(yaml, root);
}

/* -- units.yaml ------------------------------------------------------------------------------- */

static void
read_unit_types(struct aw_loader *loader, struct aw_yaml *yaml)
{
	static const char *const choices[] = { "single", "district", "named" };
	static const char *const places[] = { "residence", "contact", "incident", "registered" };
	struct aw_policy *policy = loader->policy;
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "unit_types", true);
	struct aw_unit_type *at = AW_NEW_ARRAY(loader->arena, struct aw_unit_type, list->count);

	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		at[i].code = aw_yaml_code(yaml, item, "code");
		at[i].label = aw_read_label(yaml, item);
		at[i].choice = (enum aw_unit_choice)aw_yaml_choice(
			yaml, item, "choice", choices, AW_COUNT(choices), -1);
		at[i].address_order = aw_yaml_texts(yaml, item, "address_order",
			at[i].choice == AW_UNIT_DISTRICT, &at[i].address_order_count);
		for (size_t k = 0; k < at[i].address_order_count; k++) {
			bool known = false;
			for (size_t p = 0; p < AW_COUNT(places); p++)
				known |= strcmp(at[i].address_order[k], places[p]) == 0;
			if (!known)
				aw_yaml_mistake(yaml, aw_text_node(item, "address_order", k),
					"an address is residence, contact, incident or registered");
		}
		at[i].class_bit = aw_read_class(yaml, item, "class", "open");
		at[i].valid = aw_read_valid(loader, yaml, item);
		aw_yaml_end(yaml, item);
	}
	policy->unit_types = at;
	policy->unit_type_count = list->count;
}

static void
read_unit(struct aw_loader *loader, struct aw_yaml *yaml, const struct aw_yaml_node *item,
	struct aw_unit *unit)
{
	struct aw_label brief;

	unit->code = aw_yaml_code(yaml, item, "code");
	unit->label = aw_read_label(yaml, item);
	brief = aw_yaml_label(yaml, item, "short", false);
	unit->short_zh = brief.zh != NULL ? brief.zh : unit->label.zh;
	unit->short_en = brief.en != NULL ? brief.en : unit->label.en;
	unit->type = aw_yaml_code(yaml, item, "type");
	unit->agency = aw_yaml_code(yaml, item, "agency");
	unit->parent = aw_yaml_text(yaml, item, "parent", false);
	unit->districts = aw_yaml_texts(yaml, item, "districts", false, &unit->district_count);
	unit->extension = aw_yaml_text(yaml, item, "extension", false);
	unit->settles = aw_yaml_flag(yaml, item, "settles", false);
	unit->screens = aw_yaml_flag(yaml, item, "screens", false);
	unit->valid = aw_read_valid(loader, yaml, item);
	if (item->kind == AW_YAML_MAP && aw_policy_unit_type(loader->policy, unit->type) == NULL)
		aw_yaml_mistake(yaml, aw_text_node(item, "type", 0), "there is no unit type \"%s\"",
			unit->type);
	if (item->kind == AW_YAML_MAP &&
		aw_named_find(loader->policy->agencies, loader->policy->agency_count,
			unit->agency) == NULL)
		aw_yaml_mistake(yaml, aw_text_node(item, "agency", 0), "there is no agency \"%s\"",
			unit->agency);
	aw_yaml_end(yaml, item);
}

void
aw_read_units(struct aw_loader *loader, struct aw_yaml *yaml)
{
	struct aw_policy *policy = loader->policy;
	const struct aw_yaml_node *list;
	struct aw_unit *at;

	aw_read_fallback(loader, yaml);
	policy->agencies =
		aw_read_named(loader, yaml, yaml->root, "agencies", &policy->agency_count);
	read_unit_types(loader, yaml);
	list = aw_yaml_list(yaml, yaml->root, "units", true);
	at = AW_NEW_ARRAY(loader->arena, struct aw_unit, list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		read_unit(loader, yaml, item, &at[i]);
		AW_READ_ONCE(yaml, item, at, i, "unit");
	}
	policy->units = at;
	policy->unit_count = list->count;
	aw_yaml_end(yaml, yaml->root);
}
