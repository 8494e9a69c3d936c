/* anwang policy export and import: a decision table as a sheet, and an edited sheet into its model. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/policy_folder.h"
#include "policy/draft.h"
#include "policy/sheet.h"

enum { SHEET_MOST = 16 << 20 };

/* A folder's policy, and the model in force when it begins. */
struct opened {
	struct aw_arena arena;
	struct aw_policy *policy;
	const struct aw_triage *triage;
};

static int
folder_open(struct opened *o, const char *typed, const char *dir)
{
	struct aw_mistakes mistakes = { .arena = &o->arena };
	struct aw_error err = { 0 };
	int code = aw_policy_folder_load(dir, &mistakes, &o->policy);

	if (code != 0)
		return code;
	o->triage = aw_policy_triage(o->policy, o->policy->effective_day);
	if (o->triage != NULL)
		return 0;
	(void)aw_fail(&err, AW_NOT_FOUND, "%s has no decision model in force", dir);
	return aw_command_failed(typed, &err);
}

static void
folder_close(struct opened *o)
{
	aw_policy_free(o->policy);
	aw_arena_done(&o->arena);
}

/* -- export -------------------------------------------------------------------------------------- */

static enum aw_status
put_sheet(struct opened *o, const char *table, bool ods, struct aw_str *ret_bytes,
	struct aw_error *err)
{
	struct aw_grid grid = { .arena = &o->arena };
	struct aw_buf csv = { .arena = &o->arena };
	struct aw_bytes bytes;

	if (aw_sheet_put(o->triage->model, o->triage->text, table, NULL, &grid, err) != AW_OK)
		return err->status;
	if (!ods) {
		aw_grid_csv(&grid, &csv);
		*ret_bytes = (struct aw_str){ aw_buf_z(&csv), csv.len };
		return AW_OK;
	}
	if (aw_grid_ods(&grid, table, AW_SHEET_HEADS, &bytes, err) != AW_OK)
		return err->status;
	*ret_bytes = (struct aw_str){ (const char *)bytes.at, bytes.len };
	return AW_OK;
}

static int export(const char *dir, const char *table, const char *format, const char *out)
{
	static const char typed[] = "policy export";
	struct opened o = { 0 };
	struct aw_error err = { 0 };
	struct aw_str bytes = { 0 };
	bool ods = aw_text_eq(format, "ods");
	int code;

	if (!ods && format != NULL && strcmp(format, "csv") != 0) {
		(void)aw_fail(&err, AW_INVALID, "--format is csv or ods");
		return aw_command_failed(typed, &err);
	}
	code = folder_open(&o, typed, dir);
	if (code == 0 && (put_sheet(&o, table, ods, &bytes, &err) != AW_OK ||
				 (out != NULL && aw_file_write(out, bytes, 0644, &err) != AW_OK)))
		code = aw_command_failed(typed, &err);
	else if (code == 0 && out == NULL)
		(void)fwrite(bytes.at, 1, bytes.len, stdout);
	folder_close(&o);
	return code != 0 ? code : aw_command_done(typed);
}

/* -- import -------------------------------------------------------------------------------------- */

static void
print_change(const struct aw_sheet_change *c)
{
	static const char *const words[] = { "added", "removed", "changed", "moved" };

	printf("%s\t%s", words[c->what], c->rule[0] != '\0' ? c->rule : "-");
	if (c->row > 0)
		printf("\trow %zu", c->row);
	if (c->what == AW_SHEET_CHANGED)
		printf("\t%s\t%s\t%s", c->column, c->was, c->is);
	putchar('\n');
}

static int
print_mistakes(struct aw_arena *arena, const char *file, const struct aw_sheet_mistakes *mistakes)
{
	for (size_t i = 0; i < mistakes->count; i++) {
		const struct aw_sheet_mistake *m = &mistakes->at[i];

		fprintf(stderr, "%s:", file);
		if (m->row > 0)
			fprintf(stderr, "%zu:", m->row);
		if (m->column > 0)
			fprintf(stderr, "%s:", aw_grid_column(arena, m->column - 1));
		fprintf(stderr, " %s\n", aw_sheet_mistake_text(arena, m));
	}
	fprintf(stderr, "anwang policy import: %zu mistakes in %s\n", mistakes->count, file);
	return 2;
}

/* Into the folder, when the whole policy loads with it. */
static int
keep_model(struct opened *o, const char *dir, struct aw_str model)
{
	const struct aw_draft draft = { .name = "import", .path = o->triage->path };
	struct aw_mistakes mistakes = { .arena = &o->arena };
	struct aw_policy *policy = NULL;
	struct aw_error err = { 0 };

	if (aw_draft_policy(&draft, o->policy, model, &mistakes, &policy, &err) != AW_OK)
		return mistakes.count > 0 ? aw_policy_folder_fail(dir, &mistakes)
					  : aw_command_failed("policy import", &err);
	aw_policy_free(policy);
	if (aw_file_write(aw_arena_printf(&o->arena, "%s/%s", dir, o->triage->path), model, 0644,
		    &err) != AW_OK)
		return aw_command_failed("policy import", &err);
	return 0;
}

static int
take_sheet(struct opened *o, const char *dir, const char *file, bool write)
{
	struct aw_grid grid = { .arena = &o->arena };
	struct aw_sheet_mistakes mistakes = { 0 };
	struct aw_sheet_applied applied;
	struct aw_error err = { 0 };
	struct aw_str bytes;

	if (aw_file_read(&o->arena, file, SHEET_MOST, &bytes, &err) != AW_OK ||
		aw_grid_read(bytes, file, &grid, &err) != AW_OK)
		return aw_command_failed("policy import", &err);
	if (aw_sheet_apply(o->triage->model, o->triage->text, &grid, &mistakes, &applied, &err) !=
		AW_OK)
		return mistakes.count > 0 ? print_mistakes(&o->arena, file, &mistakes)
					  : aw_command_failed("policy import", &err);
	if (applied.stale)
		fprintf(stderr,
			"%s was made from another state of the model: what was changed since is "
			"undone by it\n",
			file);
	for (size_t i = 0; i < applied.change_count; i++)
		print_change(&applied.changes[i]);
	return write && applied.change_count > 0 ? keep_model(o, dir, applied.model) : 0;
}

static int
import(const char *dir, const char *file, bool write)
{
	struct opened o = { 0 };
	int code = folder_open(&o, "policy import", dir);

	if (code == 0)
		code = take_sheet(&o, dir, file, write);
	folder_close(&o);
	return code != 0 ? code : aw_command_done("policy import");
}

int
aw_cmd_policy_sheet(int argc, char **argv)
{
	const char *format = NULL, *out = NULL;
	bool is_export = strcmp(argv[0], "export") == 0, write = false;
	const struct aw_option of_export[] = {
		{ "format", "FORMAT", "csv or ods; default: csv", &format, NULL, false },
		{ "out", "FILE", "where to; default: standard output", &out, NULL, false },
	};
	const struct aw_option of_import[] = {
		{ "write", NULL, "puts it into the folder's model", NULL, &write, false },
	};
	const struct aw_usage usage = {
		.command = is_export ? "policy export" : "policy import",
		.operands = is_export ? "DIR TABLE" : "DIR FILE",
		.summary = is_export
				   ? "Writes a decision table of a city's folder, named by the "
				     "id of its decision, as a sheet to be\nedited in a "
				     "spreadsheet: a row a rule, FEEL in its cells."
				   : "Compares an edited sheet (.csv, .ods, .xlsx) with its table "
				     "and prints what differs, rule by rule.\nEvery cell that "
				     "cannot be read is named with row and column; nothing is "
				     "changed without --write.",
		.options = is_export ? of_export : of_import,
		.option_count = is_export ? AW_COUNT(of_export) : AW_COUNT(of_import),
		.least_operands = 2,
		.most_operands = 2,
	};
	struct aw_operands operands;
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	return is_export ? export(operands.at[0], operands.at[1], format, out)
			 : import(operands.at[0], operands.at[1], write);
}
