/* anwang import: loads an extract of a register. */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/options.h"

struct import {
	const char *url, *policy, *code, *day, *rejected;
};

/* The server may have another working directory. */
static const char *
full_path(struct aw_arena *arena, const char *path)
{
	char here[4096];

	if (path == NULL || path[0] == '/' || getcwd(here, sizeof(here)) == NULL)
		return path;
	return aw_arena_printf(arena, "%s/%s", here, path);
}

static int
load_file(const struct import *import, const char *file)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_form_value values[4];
	struct aw_client_work work = { .command = "import",
		.url = import->url,
		.policy_dir = import->policy,
		.values = values };

	/* read here: the server may not be allowed to */
	if (aw_file_read(&arena, file, AW_CONSOLE_BODY_MOST, &work.body, &err) != AW_OK)
		return aw_command_failed("import", &err);
	values[work.value_count++] =
		(struct aw_form_value){ "file", strcmp(file, "-") == 0 ? "standard input" : file };
	values[work.value_count++] = (struct aw_form_value){ "register", import->code };
	if (import->day != NULL)
		values[work.value_count++] = (struct aw_form_value){ "day", import->day };
	if (import->rejected != NULL)
		values[work.value_count++] =
			(struct aw_form_value){ "rejected", full_path(&arena, import->rejected) };
	return aw_client_run(&work);
}

int
aw_cmd_import(int argc, char **argv)
{
	struct import import = { 0 };
	const struct aw_option options[] = {
		{ "db", "URL", "the database: sqlite:PATH or postgres://...", &import.url, NULL,
			true },
		{ "policy", "DIR", "the city's folder", &import.policy, NULL, true },
		{ "register", "NAME", "code of the register: registers/NAME.yaml", &import.code,
			NULL, true },
		{ "day", "DAY", "day of the extract, when the file does not say: 110/12/05",
			&import.day, NULL, false },
		{ "rejected", "FILE", "write the rows that were put aside there, mode 0600",
			&import.rejected, NULL, false },
	};
	const struct aw_usage usage = {
		.command = "import",
		.operands = "FILE...",
		.summary =
			"Loads extracts of a register: CSV (UTF-8 or Big5), ODS or XLSX, its first "
			"sheet. One JSON\nline a file: rows, new, changed, same, quarantined (kept "
			"sealed), linked, proposed, created.",
		.options = options,
		.option_count = AW_COUNT(options),
		.least_operands = 1,
		.most_operands = 64,
	};
	struct aw_operands operands;
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	for (size_t i = 0; i < operands.count && code == 0; i++)
		code = load_file(&import, operands.at[i]);
	return code;
}
