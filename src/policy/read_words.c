/* policy/read - what every reader needs: labels, validity, lists of codes; and words.yaml. */
#include <string.h>

#include "policy/read.h"

struct aw_label
aw_read_label(struct aw_yaml *yaml, const struct aw_yaml_node *map)
{
	struct aw_label label = {
		.zh = aw_yaml_text(yaml, map, "zh", true),
		.en = aw_yaml_text(yaml, map, "en", true),
	};

	if (label.zh == NULL)
		label.zh = "";
	if (label.en == NULL)
		label.en = "";
	return label;
}

static struct aw_valid
read_valid_over(
	struct aw_yaml *yaml, const struct aw_yaml_node *map, const struct aw_valid *fallback)
{
	struct aw_valid valid = *fallback;
	const char *source = aw_yaml_text(yaml, map, "source", false);

	valid.from_day = aw_yaml_day(yaml, map, "effective_from", fallback->from_day);
	valid.to_day = aw_yaml_day(yaml, map, "effective_to", fallback->to_day);
	valid.unverified = aw_yaml_flag(yaml, map, "unverified", fallback->unverified);
	if (source != NULL)
		valid.source = source;
	valid.file = yaml->file;
	valid.line = map->line;
	if (valid.from_day > valid.to_day)
		aw_yaml_mistake(yaml, map, "effective_from is later than effective_to");
	return valid;
}

void
aw_read_fallback(struct aw_loader *loader, struct aw_yaml *yaml)
{
	struct aw_valid open = { .from_day = INT32_MIN, .to_day = AW_DAY_EVER };

	loader->fallback = read_valid_over(yaml, yaml->root, &open);
}

struct aw_valid
aw_read_valid(struct aw_loader *loader, struct aw_yaml *yaml, const struct aw_yaml_node *map)
{
	struct aw_valid valid = read_valid_over(yaml, map, &loader->fallback);

	if (valid.source == NULL && !valid.unverified && map->kind == AW_YAML_MAP)
		aw_yaml_mistake(yaml, map, "a rule needs a source, or unverified: true");
	if (valid.from_day == INT32_MIN && map->kind == AW_YAML_MAP)
		aw_yaml_mistake(yaml, map, "a rule needs effective_from, here or for the file");
	return valid;
}

const struct aw_named *
aw_named_find(const struct aw_named *list, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].code, code) == 0)
			return &list[i];
	return NULL;
}

const struct aw_named *
aw_read_named(struct aw_loader *loader, struct aw_yaml *yaml, const struct aw_yaml_node *map,
	const char *key, size_t *ret_count)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, map, key, true);
	struct aw_named *named = AW_NEW_ARRAY(loader->arena, struct aw_named, list->count);

	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		named[i].code = aw_yaml_code(yaml, item, "code");
		named[i].label = aw_read_label(yaml, item);
		if (named[i].code[0] != '\0' && aw_named_find(named, i, named[i].code) != NULL)
			aw_yaml_mistake(yaml, item, "the code \"%s\" stands twice in \"%s\"",
				named[i].code, key);
		aw_yaml_end(yaml, item);
	}
	*ret_count = list->count;
	return named;
}

const struct aw_yaml_node *
aw_text_node(const struct aw_yaml_node *map, const char *key, size_t i)
{
	for (size_t k = 0; map->kind == AW_YAML_MAP && k < map->count; k++) {
		const struct aw_yaml_node *value = map->items[k];
		if (strcmp(map->keys[k], key) != 0)
			continue;
		return value->kind == AW_YAML_LIST && i < value->count ? value->items[i] : value;
	}
	return map;
}

/* words.yaml: codes that have a name and no rule of their own. */
void
aw_read_words(struct aw_loader *loader, struct aw_yaml *yaml)
{
	struct aw_policy *policy = loader->policy;
	const struct aw_yaml_node *root = yaml->root;

	aw_read_fallback(loader, yaml);
	policy->channels = aw_read_named(loader, yaml, root, "channels", &policy->channel_count);
	policy->reporter_roles =
		aw_read_named(loader, yaml, root, "reporter_roles", &policy->reporter_role_count);
	policy->relations = aw_read_named(loader, yaml, root, "relations", &policy->relation_count);
	loader->facts = aw_read_named(loader, yaml, root, "facts", &loader->fact_count);
	aw_yaml_end(yaml, root);
}
