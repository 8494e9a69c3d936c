/* policy/read - a city's folder and the one it shares files of, as one list of files. */
#include <string.h>

#include "base/file.h"
#include "policy/read.h"

enum { FILE_BYTES_MOST = 4 * 1024 * 1024 };
#define CITY "city.yaml"

bool
aw_policy_is_part(struct aw_str path)
{
	return aw_str_ends(path, ".yaml") || aw_str_ends(path, ".dmn") || aw_str_ends(path, ".sql");
}

static const char *
without_slashes(struct aw_arena *arena, const char *dir)
{
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/')
		len--;
	return aw_arena_strndup(arena, dir, len);
}

/* The files of one folder; `from` stands before the name of each. Names and a text beside them may be
 * in the folder; anything else is probably a slip. */
static enum aw_status
read_one(struct aw_arena *arena, const char *dir, const char *from, struct aw_mistakes *mistakes,
	struct aw_policy_files *ret_files, struct aw_error *err)
{
	const char *const *paths;
	size_t count, kept = 0, bytes = 0;
	struct aw_policy_file *at;

	if (aw_file_list(arena, dir, "", &paths, &count, err) != AW_OK)
		return err->status;
	if (count > AW_POLICY_FILES_MOST)
		return aw_fail(err, AW_TOO_LARGE, "%s holds more than %d files", dir,
			AW_POLICY_FILES_MOST);
	at = AW_NEW_ARRAY(arena, struct aw_policy_file, count);
	for (size_t i = 0; i < count; i++) {
		const char *path = paths[i] + strlen(dir) + 1;
		const char *written = aw_arena_printf(arena, "%s%s", from, path);

		if (!aw_policy_is_part(aw_str(path))) {
			if (!aw_str_ends(aw_str(path), ".md"))
				aw_mistake(mistakes, written, 0, 0,
					"not part of a policy: files end in .yaml, .dmn, .sql "
					"(or .md)");
			continue;
		}
		at[kept] = (struct aw_policy_file){ .path = path, .from = written };
		if (aw_file_read(arena, paths[i], FILE_BYTES_MOST, &at[kept].text, err) != AW_OK)
			return err->status;
		bytes += at[kept++].text.len;
		if (bytes > AW_POLICY_BYTES_MOST)
			return aw_fail(err, AW_TOO_LARGE, "%s holds more than 32 MiB", dir);
	}
	*ret_files = (struct aw_policy_files){ at, kept };
	return AW_OK;
}

/* -- the base --------------------------------------------------------------------------------- */

/* "../taiwan": a folder beside the city's, and nothing else. */
static bool
is_beside(const char *base)
{
	const char *name = base + strlen("../");

	if (strncmp(base, "../", strlen("../")) != 0 || name[0] == '\0' || name[0] == '.')
		return false;
	for (; *name != '\0'; name++)
		if ((*name < 'a' || *name > 'z') && (*name < '0' || *name > '9') && *name != '-')
			return false;
	return true;
}

/* What city.yaml says under "base"; NULL: nothing, or nothing that can be one (a mistake). */
static const char *
base_of(struct aw_arena *arena, struct aw_str city, struct aw_mistakes *mistakes,
	uint32_t *ret_line)
{
	struct aw_mistakes unheard = { .arena = arena }; /* the reader of city.yaml tells them */
	struct aw_yaml yaml;
	const struct aw_yaml_node *node;

	if (!aw_yaml_parse(arena, CITY, city, &unheard, &yaml))
		return NULL;
	node = aw_yaml_get(&yaml, yaml.root, "base");
	if (node == NULL)
		return NULL;
	*ret_line = node->line;
	if (node->kind == AW_YAML_TEXT && is_beside(node->text))
		return node->text;
	aw_mistake(mistakes, CITY, node->line, node->column,
		"\"base\" is a folder beside this one, as ../taiwan");
	return NULL;
}

/* Two lists by path into one; where both have a file, the city's stands. */
static struct aw_policy_files
merge(struct aw_arena *arena, const struct aw_policy_files *city,
	const struct aw_policy_files *base)
{
	struct aw_policy_files all = {
		AW_NEW_ARRAY(arena, struct aw_policy_file, city->count + base->count), 0
	};
	size_t c = 0, b = 0;

	while (c < city->count || b < base->count) {
		int order = c == city->count   ? 1
			    : b == base->count ? -1
					       : strcmp(city->at[c].path, base->at[b].path);

		all.at[all.count++] = order <= 0 ? city->at[c++] : base->at[b];
		b += order >= 0 ? 1 : 0;
	}
	return all;
}

static enum aw_status
add_base(struct aw_arena *arena, const char *dir, struct aw_mistakes *mistakes,
	struct aw_policy_files *files, struct aw_error *err)
{
	struct aw_policy_files base;
	struct aw_error own = { 0 };
	const char *name = NULL;
	uint32_t line = 0;

	for (size_t i = 0; i < files->count; i++)
		if (strcmp(files->at[i].path, CITY) == 0)
			name = base_of(arena, files->at[i].text, mistakes, &line);
	if (name == NULL)
		return AW_OK;
	if (read_one(arena, aw_arena_printf(arena, "%s/%s", dir, name),
		    aw_arena_printf(arena, "%s/", name), mistakes, &base, &own) != AW_OK) {
		if (own.status != AW_NOT_FOUND) {
			*err = own;
			return own.status;
		}
		aw_mistake(mistakes, CITY, line, 0, "there is no folder %s", name);
		return AW_OK;
	}
	for (size_t i = 0; i < base.count; i++)
		if (strcmp(base.at[i].path, CITY) == 0)
			aw_mistake(mistakes, base.at[i].from, 0, 0,
				"a folder that cities share is none itself");
	*files = merge(arena, files, &base);
	return AW_OK;
}

enum aw_status
aw_policy_read_folder(struct aw_arena *arena, const char *dir, struct aw_mistakes *mistakes,
	struct aw_policy_files *ret_files, struct aw_error *err)
{
	dir = without_slashes(arena, dir);
	if (read_one(arena, dir, "", mistakes, ret_files, err) != AW_OK)
		return err->status;
	return add_base(arena, dir, mistakes, ret_files, err);
}

const char *
aw_policy_base_dir(struct aw_arena *arena, const char *dir)
{
	struct aw_mistakes unheard = { .arena = arena };
	struct aw_error err = { 0 };
	struct aw_str text;
	const char *name;
	uint32_t line;

	if (dir == NULL)
		return NULL;
	dir = without_slashes(arena, dir);
	if (aw_file_read(arena, aw_arena_printf(arena, "%s/%s", dir, CITY), FILE_BYTES_MOST, &text,
		    &err) != AW_OK)
		return NULL;
	name = base_of(arena, text, &unheard, &line);
	return name == NULL ? NULL : aw_arena_printf(arena, "%s/%s", dir, name);
}
