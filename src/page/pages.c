/* page/render - loading templates, messages and assets from the binary or from a folder. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "page/embed.h"
#include "page/render.h"

#define FILE_LIMIT (2U << 20U)

struct source_file {
	const char *path; /* "templates/x.mustache" */
	struct aw_str data;
	const char *hash;
};

static const struct {
	const char *suffix;
	const char *type;
} types[] = {
	{ ".css", "text/css; charset=utf-8" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".svg", "image/svg+xml" },
	{ ".txt", "text/plain; charset=utf-8" },
};

static enum aw_status
add_folder(struct aw_arena *arena, const char *folder, const char *part, struct source_file **files,
	size_t *count, struct aw_error *err)
{
	const char *const *paths;
	size_t path_count, room = *count, skip = strlen(folder) + 1;

	if (aw_file_list(arena, aw_arena_printf(arena, "%s/%s", folder, part), "", &paths,
		    &path_count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < path_count; i++) {
		struct source_file *file = AW_PUSH(arena, *files, *count, room);

		file->path = paths[i] + skip;
		file->hash = "dev";
		if (aw_file_read(arena, paths[i], FILE_LIMIT, &file->data, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static enum aw_status
list_files(struct aw_arena *arena, const char *folder, struct source_file **ret_files,
	size_t *ret_count, struct aw_error *err)
{
	struct source_file *files = NULL;
	size_t count = 0;

	if (folder == NULL) {
		files = AW_NEW_ARRAY(arena, struct source_file, aw_embedded_count);
		for (; count < aw_embedded_count; count++) {
			const struct aw_embedded_file *from = &aw_embedded_files[count];

			files[count] = (struct source_file){ from->path, { from->data, from->len },
				from->hash };
		}
	} else if (add_folder(arena, folder, "templates", &files, &count, err) != AW_OK ||
		   add_folder(arena, folder, "messages", &files, &count, err) != AW_OK ||
		   add_folder(arena, folder, "assets", &files, &count, err) != AW_OK) {
		return err->status;
	}
	*ret_files = files;
	*ret_count = count;
	return AW_OK;
}

/* "templates/dispatch/board.mustache" -> "dispatch/board" */
static const char *
bare_name(struct aw_arena *arena, const char *path, const char *prefix, const char *suffix)
{
	return aw_arena_strndup(
		arena, path + strlen(prefix), strlen(path) - strlen(prefix) - strlen(suffix));
}

static enum aw_status
add_template(struct aw_pages *pages, const struct source_file *file, struct aw_error *err)
{
	const char *name = bare_name(&pages->arena, file->path, "templates/", ".mustache");

	return aw_mustache_compile(
		&pages->arena, name, file->data, &pages->templates[pages->template_count++], err);
}

static enum aw_status
add_catalog(struct aw_pages *pages, const struct source_file *file, struct aw_error *err)
{
	const char *language = bare_name(&pages->arena, file->path, "messages/", ".json");
	struct aw_catalog catalog;

	if (pages->catalog_count == AW_MAX_LANGUAGES)
		return aw_fail(err, AW_TOO_LARGE, "more than %d languages", AW_MAX_LANGUAGES);
	if (aw_catalog_load(&pages->arena, language, file->data, &catalog, err) != AW_OK)
		return err->status;
	/* Chinese first: it is the one to fall back to. */
	if (strcmp(language, "zh-Hant-TW") == 0 && pages->catalog_count > 0) {
		pages->catalogs[pages->catalog_count++] = pages->catalogs[0];
		pages->catalogs[0] = catalog;
	} else {
		pages->catalogs[pages->catalog_count++] = catalog;
	}
	return AW_OK;
}

static void
add_asset(struct aw_pages *pages, const struct source_file *file)
{
	struct aw_asset *asset = &pages->assets[pages->asset_count];
	const char *dot = strrchr(file->path, '.');

	for (size_t i = 0; dot != NULL && i < AW_COUNT(types); i++) {
		if (strcmp(dot, types[i].suffix) != 0)
			continue;
		asset->path = aw_arena_printf(&pages->arena, "/%.*s.%s%s", (int)(dot - file->path),
			file->path, file->hash, dot);
		asset->type = types[i].type;
		asset->data = file->data;
		pages->asset_count++;
		return;
	}
}

static int
by_name(const void *a, const void *b)
{
	const struct aw_mustache_template *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* A part that is named must be there: the renderer would print nothing for it. */
static enum aw_status
check_parts(const struct aw_pages *pages, const char *name, const struct aw_mustache_node *node,
	struct aw_error *err)
{
	for (; node != NULL; node = node->next) {
		if ((node->kind == AW_NODE_PARTIAL || node->kind == AW_NODE_PARENT) &&
			aw_pages_template(pages, node->text) == NULL)
			return aw_fail_at(err, name, node->line, 0, "there is no template \"%.*s\"",
				(int)node->text.len, node->text.at);
		if (node->child != NULL && check_parts(pages, name, node->child, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static enum aw_status
fill(struct aw_pages *pages, const char *folder, struct aw_error *err)
{
	struct source_file *files;
	size_t count;

	if (list_files(&pages->arena, folder, &files, &count, err) != AW_OK)
		return err->status;
	pages->templates = AW_NEW_ARRAY(&pages->arena, struct aw_mustache_template *, count);
	pages->assets = AW_NEW_ARRAY(&pages->arena, struct aw_asset, count);
	for (size_t i = 0; i < count; i++) {
		struct aw_str path = aw_str(files[i].path);
		enum aw_status status = AW_OK;

		if (aw_str_starts(path, "templates/") && aw_str_ends(path, ".mustache"))
			status = add_template(pages, &files[i], err);
		else if (aw_str_starts(path, "messages/") && aw_str_ends(path, ".json"))
			status = add_catalog(pages, &files[i], err);
		else if (aw_str_starts(path, "assets/"))
			add_asset(pages, &files[i]);
		if (status != AW_OK)
			return status;
	}
	qsort(pages->templates, pages->template_count, sizeof(struct aw_mustache_template *),
		by_name);
	if (pages->catalog_count == 0)
		return aw_fail(err, AW_INVALID, "no message catalog was found");
	for (size_t i = 0; i < pages->template_count; i++) {
		if (check_parts(pages, pages->templates[i]->name, pages->templates[i]->nodes,
			    err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_pages_load(const char *folder, struct aw_pages *ret_pages, struct aw_error *err)
{
	struct aw_pages pages = { 0 };

	if (fill(&pages, folder, err) != AW_OK) {
		aw_pages_done(&pages);
		return err->status;
	}
	*ret_pages = pages;
	return AW_OK;
}

void
aw_pages_done(struct aw_pages *pages)
{
	for (size_t i = 0; i < pages->catalog_count; i++)
		aw_catalog_done(&pages->catalogs[i]);
	aw_arena_done(&pages->arena);
	*pages = (struct aw_pages){ 0 };
}

const struct aw_catalog *
aw_pages_catalog(const struct aw_pages *pages, const char *language)
{
	for (size_t i = 0; i < pages->catalog_count; i++) {
		if (aw_text_eq(pages->catalogs[i].language, language))
			return &pages->catalogs[i];
	}
	return &pages->catalogs[0];
}

const struct aw_catalog *
aw_pages_accept(const struct aw_pages *pages, const char *header)
{
	struct aw_str rest = aw_str(header);

	/* The order written is the order wished; q values only repeat it in every browser. */
	while (rest.at != NULL && rest.len > 0) {
		struct aw_str range = aw_str_trim(aw_str_cut(rest, ',', &rest)), weight;
		struct aw_str primary, tail;

		range = aw_str_cut(range, ';', &weight);
		primary = aw_str_cut(range, '-', &tail);
		for (size_t i = 0; i < pages->catalog_count; i++) {
			struct aw_str have =
				aw_str_cut(aw_str(pages->catalogs[i].language), '-', &tail);

			if (aw_str_eq(have, primary))
				return &pages->catalogs[i];
		}
	}
	return &pages->catalogs[0];
}

const struct aw_asset *
aw_pages_asset(const struct aw_pages *pages, const char *path)
{
	for (size_t i = 0; i < pages->asset_count; i++) {
		if (strcmp(pages->assets[i].path, path) == 0)
			return &pages->assets[i];
	}
	return NULL;
}

const struct aw_mustache_template *
aw_pages_template(const struct aw_pages *pages, struct aw_str name)
{
	size_t low = 0, high = pages->template_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *at = pages->templates[middle]->name;
		int order = strncmp(at, name.at, name.len);

		if (order == 0 && at[name.len] == '\0')
			return pages->templates[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
