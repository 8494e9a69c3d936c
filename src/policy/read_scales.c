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

static void
read_items(struct aw_loader *loader, struct aw_yaml *yaml, struct aw_instrument *instrument)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "items", true);
	struct aw_instrument_item *at =
		AW_NEW_ARRAY(loader->arena, struct aw_instrument_item, list->count);

	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		at[i].code = aw_yaml_code(yaml, item, "code");
		at[i].label = aw_read_label(yaml, item);
		at[i].least = aw_yaml_int(yaml, item, "least", 0, 100, 0);
		at[i].most = aw_yaml_int(yaml, item, "most", at[i].least, 100, at[i].least + 1);
		at[i].counted = aw_yaml_flag(yaml, item, "counted", true);
		at[i].may_not_apply = aw_yaml_flag(yaml, item, "may_not_apply", false);
		AW_READ_ONCE(yaml, item, at, i, "item");
		aw_yaml_end(yaml, item);
	}
	instrument->items = at;
	instrument->item_count = list->count;
}

void
aw_read_instrument(struct aw_loader *loader, struct aw_yaml *yaml)
{
	struct aw_instrument *instrument = AW_PUSH(loader->arena, loader->instruments,
		loader->instrument_count, loader->instrument_room);
	const struct aw_yaml_node *root = yaml->root, *list;
	int64_t sum = 0;

	aw_read_fallback(loader, yaml);
	instrument->code = aw_yaml_code(yaml, root, "code");
	instrument->label = aw_read_label(yaml, root);
	instrument->note = aw_yaml_label(yaml, root, "note", false);
	instrument->valid = aw_read_valid(loader, yaml, root);
	read_items(loader, yaml, instrument);
	list = aw_yaml_list(yaml, root, "bands", true);
	instrument->bands = read_bands(loader, yaml, list, true);
	instrument->band_count = list->count;
	for (size_t i = 0; i < instrument->item_count; i++)
		sum += instrument->items[i].counted ? instrument->items[i].most : 0;
	if (list->count > 0 &&
		(instrument->bands[0].most != sum || instrument->bands[list->count - 1].least != 0))
		aw_yaml_mistake(yaml, list, "the bands must cover 0 to %lld, the sum of the items",
			(long long)sum);
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
