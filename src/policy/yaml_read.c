/* policy/yaml - the typed readers over a file's tree: a mistake is noted, a harmless value comes back. */
#include "policy/yaml.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static const struct aw_yaml_node none = { .kind = AW_YAML_NONE };

static const struct aw_yaml_node *
find(const struct aw_yaml_node *map, const char *key)
{
	if (map == NULL || map->kind != AW_YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->keys[i], key) == 0) {
			map->used[i] = true;
			return map->items[i];
		}
	return NULL;
}

const struct aw_yaml_node *
aw_yaml_get(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key)
{
	const struct aw_yaml_node *node = find(map, key);

	(void)yaml;
	return node == NULL || node->kind == AW_YAML_NULL ? NULL : node;
}

/* The value, of the wanted kind; NULL when absent (noted if required) or of another kind. */
static const struct aw_yaml_node *
get_kind(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key,
	enum aw_yaml_kind kind, bool required)
{
	static const char *const names[] = { "nothing", "null", "a text", "a list",
		"keys and values" };
	const struct aw_yaml_node *node = aw_yaml_get(yaml, map, key);

	if (node == NULL) {
		/* an absent map was noted where it should have been */
		if (required && map != NULL && map->kind == AW_YAML_MAP)
			aw_yaml_mistake(yaml, map, "\"%s\" is missing", key);
		return NULL;
	}
	if (node->kind == kind)
		return node;
	aw_yaml_mistake(
		yaml, node, "\"%s\" must be %s, not %s", key, names[kind], names[node->kind]);
	return NULL;
}

const struct aw_yaml_node *
aw_yaml_map(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, bool required)
{
	const struct aw_yaml_node *node = get_kind(yaml, map, key, AW_YAML_MAP, required);

	return node != NULL ? node : &none;
}

const struct aw_yaml_node *
aw_yaml_list(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, bool required)
{
	const struct aw_yaml_node *node = get_kind(yaml, map, key, AW_YAML_LIST, required);

	return node != NULL ? node : &none;
}

const struct aw_yaml_node *
aw_yaml_item(struct aw_yaml *yaml, const struct aw_yaml_node *list, size_t i)
{
	const struct aw_yaml_node *node;

	if (list->kind != AW_YAML_LIST || i >= list->count)
		return &none;
	node = list->items[i];
	if (node->kind == AW_YAML_MAP)
		return node;
	aw_yaml_mistake(yaml, node, "each item of this list must have keys and values");
	return &none;
}

const char *
aw_yaml_text(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, bool required)
{
	const struct aw_yaml_node *node = get_kind(yaml, map, key, AW_YAML_TEXT, required);

	return node != NULL ? node->text : NULL;
}

static bool
code_char(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (!first && (c == '_' || c == '.' || c == '-'));
}

const char *
aw_yaml_code(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key)
{
	const struct aw_yaml_node *node = get_kind(yaml, map, key, AW_YAML_TEXT, true);
	size_t len = node != NULL ? strlen(node->text) : 0;
	bool good = len > 0 && len <= 64;

	if (node == NULL)
		return "";
	for (size_t i = 0; i < len && good; i++)
		good = code_char(node->text[i], i == 0);
	if (!good)
		aw_yaml_mistake(yaml, node,
			"\"%s\" must be a code of letters, digits, _ . -, at most 64 long", key);
	return good ? node->text : "";
}

const char *const *
aw_yaml_texts(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, bool required,
	size_t *ret_count)
{
	const struct aw_yaml_node *node = aw_yaml_get(yaml, map, key);
	const char **texts;
	size_t count = 0;

	*ret_count = 0;
	if (node != NULL && node->kind == AW_YAML_TEXT) {
		texts = AW_NEW(yaml->arena, const char *);
		texts[0] = node->text;
		*ret_count = 1;
		return texts;
	}
	node = get_kind(yaml, map, key, AW_YAML_LIST, required);
	if (node == NULL)
		return NULL;
	texts = AW_NEW_ARRAY(yaml->arena, const char *, node->count);
	for (size_t i = 0; i < node->count; i++) {
		if (node->items[i]->kind == AW_YAML_TEXT)
			texts[count++] = node->items[i]->text;
		else
			aw_yaml_mistake(
				yaml, node->items[i], "each item of \"%s\" must be a text", key);
	}
	*ret_count = count;
	return texts;
}

static int64_t
read_int(struct aw_yaml *yaml, const struct aw_yaml_node *node, const char *key, int64_t least,
	int64_t most, int64_t otherwise)
{
	int64_t value = 0;

	if (node == NULL)
		return otherwise;
	if (node->quoted || !aw_str_int64(aw_str(node->text), &value) || value < least ||
		value > most) {
		aw_yaml_mistake(yaml, node, "\"%s\" must be a whole number from %lld to %lld", key,
			(long long)least, (long long)most);
		return otherwise;
	}
	return value;
}

int64_t
aw_yaml_int(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, int64_t least,
	int64_t most, int64_t otherwise)
{
	return read_int(
		yaml, get_kind(yaml, map, key, AW_YAML_TEXT, false), key, least, most, otherwise);
}

int64_t
aw_yaml_need_int(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key,
	int64_t least, int64_t most)
{
	return read_int(
		yaml, get_kind(yaml, map, key, AW_YAML_TEXT, true), key, least, most, least);
}

double
aw_yaml_number(
	struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, double otherwise)
{
	const struct aw_yaml_node *node = get_kind(yaml, map, key, AW_YAML_TEXT, false);
	char *end = NULL;
	double value;

	if (node == NULL)
		return otherwise;
	errno = 0;
	value = strtod(node->text, &end);
	if (node->quoted || end == node->text || *end != '\0' || errno != 0 || !isfinite(value) ||
		strpbrk(node->text, "xXpP") != NULL) {
		aw_yaml_mistake(yaml, node, "\"%s\" must be a number", key);
		return otherwise;
	}
	return value;
}

bool
aw_yaml_flag(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, bool otherwise)
{
	const struct aw_yaml_node *node = get_kind(yaml, map, key, AW_YAML_TEXT, false);

	if (node == NULL)
		return otherwise;
	if (!node->quoted && strcmp(node->text, "true") == 0)
		return true;
	if (!node->quoted && strcmp(node->text, "false") == 0)
		return false;
	aw_yaml_mistake(yaml, node, "\"%s\" must be true or false", key);
	return otherwise;
}

int32_t
aw_yaml_day(
	struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, int32_t otherwise)
{
	const struct aw_yaml_node *node = get_kind(yaml, map, key, AW_YAML_TEXT, false);
	int32_t day = otherwise;

	if (node != NULL && !aw_day_parse_iso(aw_str(node->text), &day))
		aw_yaml_mistake(yaml, node, "\"%s\" must be a day like 2021-12-06", key);
	return day;
}

int
aw_yaml_choice(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key,
	const char *const *names, size_t name_count, int otherwise)
{
	const struct aw_yaml_node *node = get_kind(yaml, map, key, AW_YAML_TEXT, otherwise == -1);
	struct aw_buf list = { .arena = yaml->arena };

	if (node == NULL)
		return otherwise == -1 ? 0 : otherwise;
	for (size_t i = 0; i < name_count; i++) {
		if (strcmp(node->text, names[i]) == 0)
			return (int)i;
		aw_buf_printf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
	}
	aw_yaml_mistake(yaml, node, "\"%s\" must be one of: %s", key, aw_buf_z(&list));
	return otherwise == -1 ? 0 : otherwise;
}

struct aw_label
aw_yaml_label(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, bool required)
{
	const struct aw_yaml_node *node = aw_yaml_map(yaml, map, key, required);
	struct aw_label label = { 0 };

	if (node->kind != AW_YAML_MAP)
		return required ? (struct aw_label){ "", "" } : label;
	label.zh = aw_yaml_text(yaml, node, "zh", true);
	label.en = aw_yaml_text(yaml, node, "en", true);
	if (label.zh == NULL)
		label.zh = "";
	if (label.en == NULL)
		label.en = "";
	aw_yaml_end(yaml, node);
	return label;
}

void
aw_yaml_end(struct aw_yaml *yaml, const struct aw_yaml_node *map)
{
	if (map == NULL || map->kind != AW_YAML_MAP)
		return;
	for (size_t i = 0; i < map->count; i++)
		if (!map->used[i])
			aw_mistake(yaml->mistakes, yaml->file, map->key_lines[i], 0,
				"the key \"%.80s\" means nothing here", map->keys[i]);
}
