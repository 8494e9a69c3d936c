/* The spec of `anwang link` read from YAML. */
#include "cli/link_spec.h"

#include <math.h>
#include <string.h>

#include "policy/yaml.h"
#include "text/csv.h"

enum { BLOCK_LIMIT_MOST = 100000, WINDOW_MOST = 1000, CLUSTER_MOST = 10000 };

/* -- fields and blocks --------------------------------------------------------------------------- */

static size_t
field_named(const struct aw_link_spec *spec, const char *name)
{
	size_t f = 0;

	while (f < spec->field_count && strcmp(spec->fields[f].column, name) != 0)
		f++;
	return f;
}

static void
read_field(struct aw_yaml *yaml, const struct aw_yaml_node *node, struct aw_link_spec *spec)
{
	const char *column = aw_yaml_text(yaml, node, "column", true);
	const char *type = aw_yaml_text(yaml, node, "type", true);
	struct aw_spec_field field = { .column = column };

	aw_yaml_end(yaml, node);
	if (column == NULL || type == NULL)
		return;
	field.type = aw_field_type_of(type);
	if (field.type == AW_TYPES) {
		aw_yaml_mistake(yaml, node,
			"\"type\" must be one of: text, name, latin_name, national_id, date, "
			"code, phone, tw_address, postcode");
		return;
	}
	if (spec->field_count == AW_SPEC_FIELDS) {
		aw_yaml_mistake(yaml, node, "at most %d fields are compared", AW_SPEC_FIELDS);
		return;
	}
	if (field_named(spec, column) < spec->field_count)
		aw_yaml_mistake(yaml, node, "the field \"%.60s\" stands twice", column);
	spec->fields[spec->field_count++] = field;
}

static void
read_part(struct aw_yaml *yaml, const struct aw_yaml_node *node, struct aw_spec_block *block)
{
	struct aw_error err = { 0 };

	if (node->kind != AW_YAML_TEXT) {
		aw_yaml_mistake(yaml, node, "a block is a list of columns");
		return;
	}
	if (block->count == AW_SPEC_PARTS) {
		aw_yaml_mistake(yaml, node, "a block has at most %d parts", AW_SPEC_PARTS);
		return;
	}
	if (aw_spec_part_read(yaml->arena, node->text, &block->parts[block->count], &err) != AW_OK)
		aw_yaml_mistake(yaml, node, "%s", err.text);
	else
		block->count++;
}

static void
read_blocks(struct aw_yaml *yaml, struct aw_link_spec *spec)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "blocks", true);

	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *node = list->items[i];
		struct aw_spec_block block = { 0 };

		if (spec->block_count == AW_SPEC_BLOCKS) {
			aw_yaml_mistake(yaml, node, "at most %d blocks", AW_SPEC_BLOCKS);
			return;
		}
		if (node->kind == AW_YAML_LIST)
			for (size_t p = 0; p < node->count; p++)
				read_part(yaml, node->items[p], &block);
		else
			read_part(yaml, node, &block);
		spec->blocks[spec->block_count++] = block;
	}
}

static void
read_levels(struct aw_yaml *yaml, struct aw_link_spec *spec)
{
	const struct aw_yaml_node *map = aw_yaml_map(yaml, yaml->root, "levels", false);

	for (size_t f = 0; f < spec->field_count; f++)
		spec->fields[f].levels = aw_yaml_texts(
			yaml, map, spec->fields[f].column, false, &spec->fields[f].level_count);
	aw_yaml_end(yaml, map);
}

/* own: [{number: slip}, {name: swapped, birth: near or missing}] */
static void
read_owns(struct aw_yaml *yaml, struct aw_link_spec *spec)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "own", false);

	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *map = aw_yaml_item(yaml, list, i);
		struct aw_spec_own own = { 0 };

		for (size_t f = 0; f < spec->field_count; f++)
			own.levels[f] = aw_yaml_text(yaml, map, spec->fields[f].column, false);
		aw_yaml_end(yaml, map);
		if (spec->own_count == AW_SPEC_OWNS) {
			aw_yaml_mistake(
				yaml, list, "at most %d ways to be one's own", AW_SPEC_OWNS);
			return;
		}
		spec->owns[spec->own_count++] = own;
	}
}

/* Bit f for each field that the list names. */
static uint64_t
read_fields_named(struct aw_yaml *yaml, const struct aw_link_spec *spec, const char *key)
{
	size_t count;
	const char *const *names = aw_yaml_texts(yaml, yaml->root, key, false, &count);
	uint64_t bits = 0;

	for (size_t i = 0; i < count; i++) {
		size_t f = field_named(spec, names[i]);

		if (f == spec->field_count)
			aw_yaml_mistake(yaml, yaml->root,
				"\"%s\" names \"%.60s\", which is no field", key, names[i]);
		else
			bits |= UINT64_C(1) << f;
	}
	return bits;
}

/* -- the rest ------------------------------------------------------------------------------------ */

static int32_t
read_ppm(struct aw_yaml *yaml, const char *key, int32_t otherwise)
{
	double p = aw_yaml_number(yaml, yaml->root, key, (double)otherwise / 1e6);

	if (p < 0.0 || p > 1.0) {
		aw_yaml_mistake(yaml, yaml->root, "\"%s\" is a probability, from 0 to 1", key);
		return otherwise;
	}
	return (int32_t)lround(p * 1e6);
}

/* A path as the spec means it. */
static const char *
read_path(struct aw_yaml *yaml, const char *key)
{
	const char *path = aw_yaml_text(yaml, yaml->root, key, false);
	const char *slash = strrchr(yaml->file, '/');

	if (path == NULL || path[0] == '/' || slash == NULL)
		return path;
	return aw_arena_printf(yaml->arena, "%.*s/%s", (int)(slash - yaml->file), yaml->file, path);
}

static void
read_rest(struct aw_yaml *yaml, bool two_tables, struct aw_link_spec *spec)
{
	static const char *const modes[] = { "dedupe", "link", "both" };
	uint64_t rare = read_fields_named(yaml, spec, "term_frequency");

	for (size_t f = 0; f < spec->field_count; f++)
		spec->fields[f].term_frequency = (rare >> f & 1) != 0;
	spec->conflicts = read_fields_named(yaml, spec, "conflicts");
	spec->mode = (enum aw_link_mode)aw_yaml_choice(yaml, yaml->root, "link_type", modes,
		AW_COUNT(modes), two_tables ? AW_MODE_LINK : AW_MODE_DEDUPE);
	spec->threshold_ppm = read_ppm(yaml, "threshold", spec->threshold_ppm);
	spec->review_ppm = read_ppm(yaml, "review",
		spec->review_ppm < spec->threshold_ppm ? spec->review_ppm : spec->threshold_ppm);
	spec->bridge_ppm = read_ppm(yaml, "bridge", spec->bridge_ppm);
	spec->block_limit = (uint32_t)aw_yaml_int(
		yaml, yaml->root, "block_limit", 2, BLOCK_LIMIT_MOST, spec->block_limit);
	spec->window =
		(uint32_t)aw_yaml_int(yaml, yaml->root, "window", 0, WINDOW_MOST, spec->window);
	spec->cluster_limit = (uint32_t)aw_yaml_int(
		yaml, yaml->root, "cluster_limit", 2, CLUSTER_MOST, spec->cluster_limit);
	spec->source = aw_yaml_text(yaml, yaml->root, "source", false);
	spec->one_per_source = aw_yaml_flag(yaml, yaml->root, "one_per_source", false);
}

enum aw_status
aw_link_spec_read(struct aw_arena *arena, const char *file, struct aw_str text, bool two_tables,
	struct aw_link_spec *ret_spec, struct aw_link_paths *ret_paths, struct aw_error *err)
{
	struct aw_mistakes mistakes = { .arena = arena };
	struct aw_yaml yaml = { 0 };
	struct aw_link_spec spec;
	struct aw_link_paths paths;
	const struct aw_yaml_node *fields;

	aw_link_spec_default(&spec);
	if (!aw_yaml_parse(arena, file, text, &mistakes, &yaml))
		return aw_mistakes_error(&mistakes, err);
	spec.id = aw_yaml_text(&yaml, yaml.root, "id", true);
	fields = aw_yaml_list(&yaml, yaml.root, "fields", true);
	for (size_t i = 0; i < fields->count; i++)
		read_field(&yaml, aw_yaml_item(&yaml, fields, i), &spec);
	read_blocks(&yaml, &spec);
	read_levels(&yaml, &spec);
	read_owns(&yaml, &spec);
	read_rest(&yaml, two_tables, &spec);
	paths.model = read_path(&yaml, "model");
	paths.decisions = read_path(&yaml, "decisions");
	aw_yaml_end(&yaml, yaml.root);
	if (aw_mistakes_error(&mistakes, err) != AW_OK)
		return err->status;
	*ret_spec = spec;
	*ret_paths = paths;
	return AW_OK;
}

/* -- decisions ----------------------------------------------------------------------------------- */

static enum aw_status
read_decision(const char *file, const struct aw_csv_row *row, struct aw_spec_decision *ret,
	struct aw_error *err)
{
	struct aw_str verdict;

	if (row->count != 3)
		return aw_fail_at(err, file, row->line, 0, "a decision is left,right,verdict");
	ret->left = aw_str_trim(row->fields[0]);
	ret->right = aw_str_trim(row->fields[1]);
	verdict = aw_str_trim(row->fields[2]);
	ret->same = aw_str_is(verdict, "same");
	if (!ret->same && !aw_str_is(verdict, "not_same"))
		return aw_fail_at(err, file, row->line, 0, "a verdict is same or not_same");
	return AW_OK;
}

enum aw_status
aw_link_decisions_read(struct aw_arena *arena, const char *file, struct aw_str text,
	struct aw_link_spec *spec, struct aw_error *err)
{
	struct aw_csv csv = { .text = text, .file = file };
	struct aw_spec_decision *at = NULL;
	size_t count = 0, room = 0;
	bool more = true, header = true;

	while (more) {
		struct aw_csv_row row;
		struct aw_spec_decision one;

		if (aw_csv_next(&csv, arena, &row, &more, err) != AW_OK)
			return err->status;
		if (!more || row.blank)
			continue;
		if (header) {
			header = false;
			if (row.count != 3 || !aw_str_is(row.fields[2], "verdict"))
				return aw_fail_at(err, file, row.line, 0,
					"the first line must be left,right,verdict");
			continue;
		}
		if (read_decision(file, &row, &one, err) != AW_OK)
			return err->status;
		*AW_PUSH(arena, at, count, room) = one;
	}
	spec->decisions = at;
	spec->decision_count = count;
	return AW_OK;
}
