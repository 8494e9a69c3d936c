/* policy/read - instruments/<code>.yaml, instruments/vulnerability.yaml and scales.yaml. */
#include <string.h>

#include "policy/read.h"

static const char *const weights[] = { "high", "middle", "low" };

/* Bands of an instrument (with least and most) or levels of a scale (without). */
static const struct aw_band *
read_bands(struct aw_loader *loader, struct aw_yaml *yaml, const struct aw_yaml_node *list,
	bool scored)
{
	struct aw_band *at = AW_NEW_ARRAY(loader->arena, struct aw_band, list->count);

	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		at[i].code = aw_yaml_code(yaml, item, "code");
		at[i].label = aw_read_label(yaml, item);
		at[i].weight = weights[aw_yaml_choice(
			yaml, item, "weight", weights, AW_COUNT(weights), -1)];
		if (scored) {
			at[i].least = aw_yaml_need_int(yaml, item, "least", 0, 10000);
			at[i].most = aw_yaml_need_int(yaml, item, "most", at[i].least, 10000);
			if (i > 0 && at[i].most != at[i - 1].least - 1)
				aw_yaml_mistake(yaml, item,
					"bands go from grave to light without gap or overlap: "
					"\"most\" must be %lld",
					(long long)at[i - 1].least - 1);
		}
		AW_READ_ONCE(yaml, item, at, i, "code");
		aw_yaml_end(yaml, item);
	}
	return at;
}

/* An item is a choice of its own, or a number in [least, most]; 0 and 1 are yes and no. */
static void
read_item(struct aw_loader *loader, struct aw_yaml *yaml, const struct aw_yaml_node *node,
	const struct aw_instrument *instrument, struct aw_instrument_item *item)
{
	item->code = aw_yaml_code(yaml, node, "code");
	item->label = aw_read_label(yaml, node);
	item->part = aw_yaml_text(yaml, node, "part", false);
	if (item->part == NULL ? instrument->part_count > 0
			       : aw_named_find(instrument->parts, instrument->part_count,
					 item->part) == NULL)
		aw_yaml_mistake(yaml, node, "\"part\" must be one of the instrument's parts");
	if (aw_yaml_get(yaml, node, "choices") != NULL) {
		item->choices = aw_read_named(loader, yaml, node, "choices", &item->choice_count);
		item->concludes = aw_yaml_flag(yaml, node, "concludes", false);
	} else {
		item->least = aw_yaml_int(yaml, node, "least", 0, 100, 0);
		item->most = aw_yaml_int(yaml, node, "most", item->least, 100, item->least + 1);
		item->counted = aw_yaml_flag(yaml, node, "counted", instrument->part_count == 0);
		item->may_not_apply = aw_yaml_flag(yaml, node, "may_not_apply", false);
		item->alone_from = aw_yaml_int(yaml, node, "alone_from", 1, item->most, 0);
	}
	item->valid = aw_read_valid(loader, yaml, node);
	aw_yaml_end(yaml, node);
}

static void
read_items(struct aw_loader *loader, struct aw_yaml *yaml, struct aw_instrument *instrument)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "items", true);
	struct aw_instrument_item *at =
		AW_NEW_ARRAY(loader->arena, struct aw_instrument_item, list->count);

	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *node = aw_yaml_item(yaml, list, i);
		read_item(loader, yaml, node, instrument, &at[i]);
		AW_READ_ONCE(yaml, node, at, i, "item");
	}
	instrument->items = at;
	instrument->item_count = list->count;
}

/* applies: {subject_sex: F, respondent_sex: M} */
static void
read_applies(struct aw_yaml *yaml, struct aw_instrument *instrument)
{
	static const char *const sexes[] = { "F", "M", NULL };
	const struct aw_yaml_node *map = aw_yaml_map(yaml, yaml->root, "applies", false);

	if (map->kind != AW_YAML_MAP)
		return;
	instrument->subject_sex = sexes[aw_yaml_choice(yaml, map, "subject_sex", sexes, 2, 2)];
	instrument->respondent_sex =
		sexes[aw_yaml_choice(yaml, map, "respondent_sex", sexes, 2, 2)];
	aw_yaml_end(yaml, map);
}

/* The bands cover what the items can come to; what nothing is summed of has none, and concludes. */
static void
read_sum(struct aw_loader *loader, struct aw_yaml *yaml, struct aw_instrument *instrument)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "bands", false);
	size_t conclusions = 0;
	int64_t sum = 0;

	instrument->bands = read_bands(loader, yaml, list, true);
	instrument->band_count = list->count;
	for (size_t i = 0; i < instrument->item_count; i++) {
		sum += instrument->items[i].counted ? instrument->items[i].most : 0;
		conclusions += instrument->items[i].concludes;
	}
	if (list->count == 0 && (sum > 0 || conclusions != 1))
		aw_yaml_mistake(yaml, yaml->root,
			"an instrument has bands for its sum, or one item that concludes");
	if (list->count > 0 &&
		(instrument->bands[0].most != sum || instrument->bands[list->count - 1].least != 0))
		aw_yaml_mistake(yaml, list, "the bands must cover 0 to %lld, the sum of the items",
			(long long)sum);
}

void
aw_read_instrument(struct aw_loader *loader, struct aw_yaml *yaml)
{
	struct aw_instrument *instrument = AW_PUSH(loader->arena, loader->instruments,
		loader->instrument_count, loader->instrument_room);
	const struct aw_yaml_node *root = yaml->root;

	aw_read_fallback(loader, yaml);
	instrument->code = aw_yaml_code(yaml, root, "code");
	instrument->label = aw_read_label(yaml, root);
	instrument->version = aw_yaml_text(yaml, root, "version", false);
	instrument->note = aw_yaml_label(yaml, root, "note", false);
	instrument->valid = aw_read_valid(loader, yaml, root);
	if (aw_yaml_get(yaml, root, "parts") != NULL)
		instrument->parts =
			aw_read_named(loader, yaml, root, "parts", &instrument->part_count);
	read_applies(yaml, instrument);
	read_items(loader, yaml, instrument);
	read_sum(loader, yaml, instrument);
	aw_yaml_end(yaml, root);
}

/* instruments/vulnerability.yaml: dimensions, and factors whose degree depends on the day. */
void
aw_read_factors(struct aw_loader *loader, struct aw_yaml *yaml)
{
	struct aw_policy *policy = loader->policy;
	const struct aw_yaml_node *list;
	struct aw_factor *at;

	aw_read_fallback(loader, yaml);
	policy->dimensions =
		aw_read_named(loader, yaml, yaml->root, "dimensions", &policy->dimension_count);
	list = aw_yaml_list(yaml, yaml->root, "factors", true);
	at = AW_NEW_ARRAY(loader->arena, struct aw_factor, list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		at[i].code = aw_yaml_code(yaml, item, "code");
		at[i].dimension = aw_yaml_code(yaml, item, "dimension");
		at[i].label = aw_read_label(yaml, item);
		at[i].degree = weights[aw_yaml_choice(
			yaml, item, "degree", weights, AW_COUNT(weights), -1)];
		at[i].valid = aw_read_valid(loader, yaml, item);
		if (item->kind == AW_YAML_MAP &&
			aw_named_find(policy->dimensions, policy->dimension_count,
				at[i].dimension) == NULL)
			aw_yaml_mistake(yaml, aw_text_node(item, "dimension", 0),
				"there is no dimension \"%s\"", at[i].dimension);
		for (size_t k = 0; k < i; k++)
			if (strcmp(at[k].code, at[i].code) == 0 &&
				at[k].valid.from_day <= at[i].valid.to_day &&
				at[i].valid.from_day <= at[k].valid.to_day)
				aw_yaml_mistake(yaml, item,
					"the factor \"%s\" is in force twice on some day (line %u)",
					at[i].code, at[k].valid.line);
		aw_yaml_end(yaml, item);
	}
	policy->factors = at;
	policy->factor_count = list->count;
	aw_yaml_end(yaml, yaml->root);
}

void
aw_read_scales(struct aw_loader *loader, struct aw_yaml *yaml)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "scales", true);
	struct aw_scale *at = AW_NEW_ARRAY(loader->arena, struct aw_scale, list->count);

	aw_read_fallback(loader, yaml);
	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i), *levels;
		at[i].code = aw_yaml_code(yaml, item, "code");
		at[i].label = aw_read_label(yaml, item);
		levels = aw_yaml_list(yaml, item, "levels", true);
		at[i].levels = read_bands(loader, yaml, levels, false);
		at[i].level_count = levels->count;
		at[i].valid = aw_read_valid(loader, yaml, item);
		AW_READ_ONCE(yaml, item, at, i, "scale");
		aw_yaml_end(yaml, item);
	}
	loader->policy->scales = at;
	loader->policy->scale_count = list->count;
	aw_yaml_end(yaml, yaml->root);
}
