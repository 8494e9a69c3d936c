/* rule/tck - running cases folder by folder, comparing and counting. */
#include "rule/tck.h"

#include <string.h>

#include "base/file.h"
#include "rule/tck_read.h"

/* The models of a folder; those that do not load are NULL. */
struct folder {
	struct aw_arena *arena;
	const char *path;
	const char *const *files;
	size_t count;
	const struct aw_dmn_model **models;
	const char *problem; /* why the last one did not load */
};

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static struct aw_str
dir_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return (struct aw_str){ path, slash == NULL ? 0 : (size_t)(slash - path) };
}

static bool
load_one(struct folder *folder, size_t i)
{
	struct aw_error err = { 0 };
	struct aw_str text;
	const struct aw_dmn_model **others =
		AW_NEW_ARRAY(folder->arena, const struct aw_dmn_model *, folder->count + 1);
	struct aw_dmn_options options = { .file = folder->files[i], .others = others };

	for (size_t k = 0; k < folder->count; k++) {
		if (folder->models[k] != NULL)
			others[options.other_count++] = folder->models[k];
	}
	if (aw_file_read(folder->arena, folder->files[i], AW_DMN_SIZE_LIMIT, &text, &err) ==
			AW_OK &&
		aw_dmn_load(folder->arena, text, &options, &folder->models[i], &err) == AW_OK)
		return true;
	folder->models[i] = NULL;
	folder->problem = aw_arena_strdup(folder->arena, err.text);
	return false;
}

/* Imports name models of the same folder: load whatever can be, until nothing more can. */
static void
load_folder(struct folder *folder)
{
	bool more = true;

	folder->models =
		AW_NEW_ARRAY(folder->arena, const struct aw_dmn_model *, folder->count + 1);
	while (more) {
		more = false;
		for (size_t i = 0; i < folder->count; i++) {
			if (folder->models[i] == NULL && load_one(folder, i))
				more = true;
		}
	}
}

/* -- comparing --------------------------------------------------------------------------------- */

static bool
numbers_match(struct aw_num a, struct aw_num b)
{
	struct aw_num d, most;

	if (!aw_num_sub(a, b, &d) || !aw_num_parse(AW_STR_LIT("1e-8"), &most))
		return false;
	if (aw_num_sign(d) < 0)
		d = aw_num_negate(d);
	return aw_num_compare(d, most) <= 0;
}

static bool
matches(struct aw_value expected, struct aw_value got)
{
	if (expected.kind != got.kind)
		return false;
	if (expected.kind == AW_VALUE_NUMBER)
		return numbers_match(expected.u.number, got.u.number);
	if (expected.kind == AW_VALUE_LIST) {
		bool same = expected.u.list->count == got.u.list->count;

		for (size_t i = 0; same && i < expected.u.list->count; i++)
			same = matches(expected.u.list->at[i], got.u.list->at[i]);
		return same;
	}
	if (expected.kind == AW_VALUE_CONTEXT) {
		bool same = expected.u.context->count == got.u.context->count;

		for (size_t i = 0; same && i < expected.u.context->count; i++) {
			const struct aw_value *v =
				aw_context_get(got.u.context, expected.u.context->at[i].name);

			same = v != NULL && matches(expected.u.context->at[i].value, *v);
		}
		return same;
	}
	return aw_value_equal(expected, got) == AW_TRUE;
}

/* -- cases ------------------------------------------------------------------------------------- */

static const struct aw_dmn_model *
model_of(const struct folder *folder, const char *name)
{
	for (size_t i = 0; i < folder->count; i++) {
		if (strcmp(base_name(folder->files[i]), name) == 0)
			return folder->models[i];
	}
	return NULL;
}

static struct aw_value
run_result(struct aw_arena *arena, const struct aw_dmn_model *model, const struct aw_tck_case *c,
	const char *name, struct aw_explain *explain)
{
	struct aw_dmn_input *inputs = AW_NEW_ARRAY(arena, struct aw_dmn_input, c->input_count + 1);
	struct aw_dmn_case the_case = { inputs, c->input_count, 0 };
	const struct aw_dmn_item *item;

	for (size_t i = 0; i < c->input_count; i++)
		inputs[i] = (struct aw_dmn_input){ .name = c->inputs[i].name,
			.value = c->inputs[i].value };
	if (c->invocable != NULL) {
		item = aw_dmn_find(model, AW_DMN_SERVICE, c->invocable);
		if (item == NULL)
			item = aw_dmn_find(model, AW_DMN_KNOWLEDGE, c->invocable);
		if (item == NULL)
			return aw_null;
		struct aw_value v = aw_dmn_invoke(arena, item, &the_case, explain);
		const struct aw_value *part = v.kind != AW_VALUE_CONTEXT
						      ? NULL
						      : aw_context_get(v.u.context, aw_str(name));

		return part != NULL && item->outputs.count > 1 ? *part : v;
	}
	item = aw_dmn_find(model, AW_DMN_DECISION, name);
	if (item == NULL)
		return aw_null;
	return aw_dmn_decide(arena, item, &the_case, explain);
}

static void
note_failure(struct aw_arena *arena, struct aw_tck_result *result, const char *test,
	const struct aw_tck_case *c, struct aw_value expected, const char *got)
{
	struct aw_tck_failure *f =
		AW_PUSH(arena, result->failed, result->failed_count, result->failed_room);

	f->test = aw_arena_strdup(arena, test);
	f->id = aw_arena_strdup(arena, c->id);
	f->expected = aw_value_print(arena, expected);
	f->got = aw_arena_strdup(arena, got);
}

static bool
run_case(struct aw_arena *arena, const struct folder *folder, const struct aw_tck_case *c,
	struct aw_tck_result *result)
{
	const struct aw_dmn_model *model = model_of(folder, c->model);
	const char *test = base_name(folder->path);

	for (size_t i = 0; i < c->result_count; i++) {
		struct aw_arena scratch = { 0 };
		struct aw_explain explain = { 0 };
		struct aw_value got = aw_null;

		if (model != NULL)
			got = run_result(&scratch, model, c, c->results[i].name, &explain);
		bool same = model != NULL && matches(c->results[i].value, got);

		if (!same) {
			const char *why = model == NULL			? folder->problem
					  : explain.diagnostics == NULL ? NULL
									: explain.diagnostics->text;

			note_failure(arena, result, test, c, c->results[i].value,
				aw_arena_printf(&scratch, "%s%s%s%s", aw_value_print(&scratch, got),
					why == NULL ? "" : " (", why == NULL ? "" : why,
					why == NULL ? "" : ")"));
		}
		aw_arena_done(&scratch);
		if (!same)
			return false;
	}
	return true;
}

static bool
expects_something(const struct aw_tck_case *c)
{
	for (size_t i = 0; i < c->result_count; i++) {
		if (c->results[i].value.kind != AW_VALUE_NULL)
			return true;
	}
	return false;
}

static enum aw_status
run_folder(struct aw_arena *arena, struct folder *folder, const char *const *case_files,
	size_t file_count, struct aw_tck_result *result, struct aw_error *err)
{
	struct aw_tck_cases cases = { 0 };
	struct aw_tck_test test = { .name = aw_arena_strdup(arena, base_name(folder->path)) };

	for (size_t i = 0; i < file_count; i++) {
		if (aw_tck_read(folder->arena, case_files[i], &cases, err) != AW_OK)
			return err->status;
	}
	if (cases.count == 0)
		return AW_OK;
	load_folder(folder);
	for (size_t i = 0; i < cases.count; i++) {
		bool passed = run_case(arena, folder, &cases.at[i], result);

		test.cases.total++;
		test.cases.passed += passed;
		if (expects_something(&cases.at[i])) {
			result->nonnull.total++;
			result->nonnull.passed += passed;
		}
	}
	result->cases.total += test.cases.total;
	result->cases.passed += test.cases.passed;
	result->tests.total++;
	result->tests.passed += test.cases.passed == test.cases.total;
	*AW_PUSH(arena, result->at, result->count, result->room) = test;
	return AW_OK;
}

/* The files of one folder among sorted paths: from i on; returns the place behind them. */
static size_t
same_folder(const char *const *paths, size_t count, size_t i)
{
	struct aw_str dir = dir_of(paths[i]);

	while (i < count && aw_str_eq(dir_of(paths[i]), dir))
		i++;
	return i;
}

static void
models_of_folder(struct folder *folder, struct aw_str dir, const char *const *paths, size_t count)
{
	const char **files = AW_NEW_ARRAY(folder->arena, const char *, count + 1);

	for (size_t i = 0; i < count; i++) {
		if (aw_str_eq(dir_of(paths[i]), dir))
			files[folder->count++] = paths[i];
	}
	folder->files = files;
}

enum aw_status
aw_tck_run(struct aw_arena *arena, const char *dir, aw_tck_progress_fn *progress, void *arg,
	struct aw_tck_result *ret_result, struct aw_error *err)
{
	const char *const *files, *const *models;
	size_t file_count, model_count;
	struct aw_tck_result result = { 0 };

	if (aw_file_list(arena, dir, ".xml", &files, &file_count, err) != AW_OK ||
		aw_file_list(arena, dir, ".dmn", &models, &model_count, err) != AW_OK)
		return err->status;
	for (size_t i = 0, next; i < file_count; i = next) {
		struct aw_arena scratch = { 0 };
		struct aw_str path = dir_of(files[i]);
		struct folder folder = { .arena = &scratch };

		next = same_folder(files, file_count, i);
		folder.path = aw_arena_strndup(arena, path.at, path.len);
		if (progress != NULL)
			progress(arg, i, file_count, base_name(folder.path));
		models_of_folder(&folder, path, models, model_count);
		enum aw_status status =
			run_folder(arena, &folder, files + i, next - i, &result, err);

		aw_arena_done(&scratch);
		if (status != AW_OK)
			return status;
	}
	if (result.cases.total == 0)
		return aw_fail(err, AW_NOT_FOUND, "%.200s: no test case below this folder", dir);
	*ret_result = result;
	return AW_OK;
}
