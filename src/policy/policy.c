/* policy/policy - a folder or a bundle into a policy, and a policy into a bundle. */
#include "policy/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "policy/place.h"
#include "policy/read.h"
#include "rule/model.h"

#define MAGIC "anwang policy bundle 1\n"

/* -- packing ---------------------------------------------------------------------------------- */

static struct aw_bytes
pack(struct aw_arena *arena, const struct aw_policy_file *files, size_t count)
{
	struct aw_buf buf = { .arena = arena };

	aw_buf_text(&buf, MAGIC);
	for (size_t i = 0; i < count; i++) {
		aw_buf_printf(&buf, "%zu %s\n", files[i].text.len, files[i].path);
		aw_buf_str(&buf, files[i].text);
		aw_buf_char(&buf, '\n');
	}
	return (struct aw_bytes){ (const uint8_t *)aw_buf_z(&buf), buf.len };
}

struct aw_bytes
aw_policy_pack(struct aw_arena *arena, const struct aw_policy *policy)
{
	return pack(arena, policy->files, policy->file_count);
}

/* One entry "<length> <path>\n<bytes>\n"; false when the rest does not begin with one. */
static bool
unpack_one(struct aw_arena *arena, struct aw_str *rest, struct aw_policy_file *file)
{
	const char *newline = memchr(rest->at, '\n', rest->len);
	struct aw_str head, path, number;
	int64_t len;

	if (newline == NULL)
		return false;
	head = (struct aw_str){ rest->at, (size_t)(newline - rest->at) };
	number = aw_str_cut(head, ' ', &path);
	if (path.at == NULL || path.len == 0 || memchr(path.at, '\0', path.len) != NULL ||
		!aw_str_int64(number, &len) || len < 0 ||
		(size_t)len + 1 > rest->len - head.len - 1)
		return false;
	file->path = file->from = aw_arena_strndup(arena, path.at, path.len);
	file->text.at = aw_arena_strndup(arena, newline + 1, (size_t)len);
	file->text.len = (size_t)len;
	if (newline[1 + len] != '\n')
		return false;
	rest->at = newline + 1 + len + 1;
	rest->len -= head.len + 1 + (size_t)len + 1;
	return true;
}

static enum aw_status
unpack(struct aw_arena *arena, struct aw_bytes bundle, struct aw_policy_files *ret_files,
	struct aw_error *err)
{
	struct aw_str rest = { (const char *)bundle.at, bundle.len };
	struct aw_policy_files files = { 0 };
	size_t room = 0;

	if (bundle.len > AW_POLICY_BYTES_MOST || !aw_str_starts(rest, MAGIC))
		return aw_fail(err, AW_CORRUPT, "these bytes are not a policy bundle");
	rest.at += strlen(MAGIC);
	rest.len -= strlen(MAGIC);
	while (rest.len > 0) {
		struct aw_policy_file *file = AW_PUSH(arena, files.at, files.count, room);
		if (files.count > AW_POLICY_FILES_MOST || !unpack_one(arena, &rest, file) ||
			!aw_policy_is_part(aw_str(file->path)) ||
			(files.count > 1 &&
				strcmp(files.at[files.count - 2].path, file->path) >= 0))
			return aw_fail(err, AW_CORRUPT, "the policy bundle breaks at its entry %zu",
				files.count);
	}
	*ret_files = files;
	return AW_OK;
}

/* -- reading ---------------------------------------------------------------------------------- */

typedef void reader_fn(struct aw_loader *loader, struct aw_yaml *yaml);

static void
read_one(struct aw_loader *loader, const struct aw_policy_file *file, reader_fn *fn)
{
	struct aw_yaml yaml;

	if (aw_yaml_parse(loader->arena, file->from, file->text, loader->mistakes, &yaml))
		fn(loader, &yaml);
}

static void
read_named(struct aw_loader *loader, const char *path, reader_fn *fn)
{
	const struct aw_policy_file *file = aw_policy_file(loader->policy, path);

	if (file != NULL)
		read_one(loader, file, fn);
	else
		aw_mistake(loader->mistakes, path, 0, 0, "this file is missing");
}

/* Every YAML file of a folder but `except`. */
static void
read_folder(struct aw_loader *loader, const char *folder, const char *except, reader_fn *fn)
{
	const struct aw_policy *policy = loader->policy;

	for (size_t i = 0; i < policy->file_count; i++) {
		struct aw_str path = aw_str(policy->files[i].path);
		if (aw_str_starts(path, folder) && aw_str_ends(path, ".yaml") &&
			!aw_text_eq(path.at, except))
			read_one(loader, &policy->files[i], fn);
	}
}

/* triage.dmn is in force from the beginning, triage-2021-07-01.dmn from that day. */
static bool
triage_day(const char *path, int32_t *ret_day)
{
	struct aw_str name = aw_str(path);

	if (strcmp(path, "triage.dmn") == 0) {
		*ret_day = INT32_MIN;
		return true;
	}
	if (!aw_str_starts(name, "triage-") || name.len != strlen("triage-2021-07-01.dmn"))
		return false;
	return aw_day_parse_iso((struct aw_str){ path + strlen("triage-"), 10 }, ret_day);
}

/* Everything that is wrong with a model that does not load: each expression, or what breaks it whole. */
static void
tell_model(
	struct aw_loader *loader, const struct aw_policy_file *file, const struct aw_error *first)
{
	const struct aw_dmn_options options = { .file = file->from, .lint = true };
	AW_SCOPE(aw_arena) scratch = { 0 };
	const struct aw_dmn_model *model;
	struct aw_error own = { 0 };

	if (aw_dmn_load(&scratch, file->text, &options, &model, &own) != AW_OK ||
		model->problems == NULL) {
		aw_mistake(loader->mistakes, file->from, first->line, first->column, "%s",
			first->text);
		return;
	}
	for (const struct aw_dmn_problem *p = model->problems; p != NULL; p = p->next) {
		struct aw_model_place place = aw_model_place_of(model, p->line);

		aw_mistake(loader->mistakes, file->from, p->line, p->column, "%s", p->text);
		aw_mistake_where(loader->mistakes, aw_model_place_text(&scratch, &place));
	}
}

static void
read_triages(struct aw_loader *loader)
{
	struct aw_policy *policy = loader->policy;
	struct aw_triage *at = AW_NEW_ARRAY(loader->arena, struct aw_triage, policy->file_count);
	size_t count = 0;

	for (size_t i = 0; i < policy->file_count; i++) {
		const struct aw_policy_file *file = &policy->files[i];
		const struct aw_dmn_options options = { .file = file->from, .strict = true };
		const struct aw_dmn_model *model;
		struct aw_triage triage = { .path = file->path, .text = file->text };
		struct aw_error own = { 0 };
		size_t to = count;
		if (!aw_str_ends(aw_str(file->path), ".dmn"))
			continue;
		if (!triage_day(file->path, &triage.from_day)) {
			aw_mistake(loader->mistakes, file->from, 0, 0,
				"a decision model is triage.dmn, or triage-YYYY-MM-DD.dmn");
			continue;
		}
		if (aw_dmn_load(loader->arena, file->text, &options, &model, &own) != AW_OK) {
			tell_model(loader, file, &own);
			continue;
		}
		triage.model = model;
		for (; to > 0 && at[to - 1].from_day > triage.from_day; to--)
			at[to] = at[to - 1];
		at[to] = triage;
		count++;
	}
	if (aw_policy_file(policy, "triage.dmn") == NULL)
		aw_mistake(loader->mistakes, "triage.dmn", 0, 0, "this file is missing");
	policy->triages = at;
	policy->triage_count = count;
}

/* Files that rooms read by themselves: parsed here, so that bad YAML is found here. */
static void
read_docs(struct aw_loader *loader)
{
	static const char *const folders[] = { "registers/", "indicators/", "scenarios/",
		"mappings/", "programmes/" };
	struct aw_policy *policy = loader->policy;
	struct aw_policy_doc *docs = NULL;
	size_t count = 0, room = 0;

	for (size_t i = 0; i < policy->file_count; i++) {
		struct aw_str path = aw_str(policy->files[i].path);
		struct aw_yaml yaml;
		bool ours = false;
		for (size_t f = 0; f < AW_COUNT(folders); f++)
			ours |= aw_str_starts(path, folders[f]);
		if (!ours || !aw_str_ends(path, ".yaml") ||
			!aw_yaml_parse(loader->arena, policy->files[i].from, policy->files[i].text,
				loader->mistakes, &yaml))
			continue;
		*AW_PUSH(loader->arena, docs, count, room) =
			(struct aw_policy_doc){ path.at, yaml.root };
	}
	policy->docs = docs;
	policy->doc_count = count;
}

/* A YAML file that nothing reads is a slip in its name. */
static void
check_names(struct aw_loader *loader)
{
	static const char *const known[] = { "city.yaml", "calendar.yaml", "units.yaml",
		"words.yaml", "questions.yaml", "scales.yaml", "roles.yaml", "deadlines.yaml",
		"reasons.yaml", "places.yaml", "staffing.yaml" };
	static const char *const folders[] = { "questions/", "deadlines/", "reports/",
		"instruments/", "registers/", "indicators/", "scenarios/", "mappings/",
		"programmes/", "triage" };
	const struct aw_policy *policy = loader->policy;

	for (size_t i = 0; i < policy->file_count; i++) {
		struct aw_str path = aw_str(policy->files[i].path);
		bool found = false;
		for (size_t k = 0; k < AW_COUNT(known); k++)
			found |= aw_str_is(path, known[k]);
		for (size_t k = 0; k < AW_COUNT(folders); k++)
			found |= aw_str_starts(path, folders[k]);
		if (!found)
			aw_mistake(loader->mistakes, policy->files[i].from, 0, 0,
				"no part of a policy has this name");
	}
}

static int
by_order(const void *a, const void *b)
{
	const struct aw_kind *x = a, *y = b;

	return x->order != y->order ? (x->order < y->order ? -1 : 1) : strcmp(x->code, y->code);
}

static void
read_all(struct aw_loader *loader)
{
	struct aw_policy *policy = loader->policy;

	read_named(loader, "city.yaml", aw_read_city);
	if (!loader->has_calendar)
		read_named(loader, "calendar.yaml", aw_read_calendar);
	read_named(loader, "words.yaml", aw_read_words);
	read_named(loader, "units.yaml", aw_read_units);
	read_named(loader, "instruments/vulnerability.yaml", aw_read_factors);
	read_folder(loader, "instruments/", "instruments/vulnerability.yaml", aw_read_instrument);
	policy->instruments = loader->instruments;
	policy->instrument_count = loader->instrument_count;
	read_named(loader, "scales.yaml", aw_read_scales);
	read_named(loader, "questions.yaml", aw_read_questions);
	read_folder(loader, "questions/", NULL, aw_read_questions);
	read_folder(loader, "reports/", NULL, aw_read_kind);
	if (loader->kind_count > 0)
		qsort(loader->kinds, loader->kind_count, sizeof(*loader->kinds), by_order);
	policy->kinds = loader->kinds;
	policy->kind_count = loader->kind_count;
	read_named(loader, "roles.yaml", aw_read_roles);
	/* a city's own first: of equals the first one counts */
	read_folder(loader, "deadlines/", NULL, aw_read_deadlines);
	read_named(loader, "deadlines.yaml", aw_read_deadlines);
	read_named(loader, "reasons.yaml", aw_read_reasons);
	if (aw_policy_file(policy, "places.yaml") != NULL)
		read_named(loader, "places.yaml", aw_read_places);
	read_triages(loader);
	read_docs(loader);
	check_names(loader);
}

/* Reads policy->files; on success *policy is complete. */
static enum aw_status
load(struct aw_policy *policy, struct aw_mistakes *mistakes, struct aw_error *err)
{
	struct aw_loader loader = {
		.policy = policy,
		.arena = &policy->arena,
		.mistakes = mistakes,
	};
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct aw_bytes bundle = pack(&scratch, policy->files, policy->file_count);

	memcpy(policy->hash, aw_sha256_hex(&scratch, bundle.at, bundle.len), sizeof(policy->hash));
	read_all(&loader);
	aw_check_across(&loader);
	return aw_mistakes_error(mistakes, err);
}

/* A policy under construction, freed unless it is handed on. */
static void
drop(struct aw_policy **policy)
{
	aw_policy_free(*policy);
}

static struct aw_policy *
new_policy(void)
{
	struct aw_policy *policy = calloc(1, sizeof(*policy));

	if (policy == NULL)
		aw_die("out of memory");
	return policy;
}

enum aw_status
aw_policy_load_dir(const char *dir, struct aw_mistakes *mistakes, struct aw_policy **ret_policy,
	struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct aw_mistakes own = { .arena = &scratch };
	__attribute__((cleanup(drop))) struct aw_policy *policy = new_policy();
	struct aw_policy_files files;

	if (mistakes == NULL)
		mistakes = &own;
	if (aw_policy_read_folder(&policy->arena, dir, mistakes, &files, err) != AW_OK)
		return err->status;
	if (files.count == 0)
		return aw_fail(err, AW_INVALID, "%s holds no policy file", dir);
	policy->files = files.at;
	policy->file_count = files.count;
	if (load(policy, mistakes, err) != AW_OK)
		return err->status;
	*ret_policy = policy;
	policy = NULL;
	return AW_OK;
}

enum aw_status
aw_policy_load_bundle(struct aw_bytes bundle, struct aw_mistakes *mistakes,
	struct aw_policy **ret_policy, struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct aw_mistakes own = { .arena = &scratch };
	__attribute__((cleanup(drop))) struct aw_policy *policy = new_policy();
	struct aw_policy_files files;

	if (mistakes == NULL)
		mistakes = &own;
	if (unpack(&policy->arena, bundle, &files, err) != AW_OK)
		return err->status; /* NOLINT(clang-analyzer-unix.Malloc): drop() frees it */
	policy->files = files.at;
	policy->file_count = files.count;
	if (load(policy, mistakes, err) != AW_OK)
		return err->status;
	*ret_policy = policy;
	policy = NULL;
	return AW_OK;
}

void
aw_policy_free(struct aw_policy *policy)
{
	if (policy == NULL)
		return;
	aw_arena_done(&policy->arena);
	free(policy);
}

static void
free_at_end(void *policy)
{
	aw_policy_free(policy);
}

void
aw_policy_free_with(struct aw_policy *policy, struct aw_arena *arena)
{
	aw_arena_at_end(arena, free_at_end, policy);
}
