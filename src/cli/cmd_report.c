/* anwang report: takes in reports from a file or standard input. */
#include <string.h>

#include "base/file.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/options.h"

struct report {
	const char *url, *policy, *at, *mapping, *file;
};

/* Is it a file, and not the code of one of the policy's mappings? */
static bool
is_path(const char *mapping)
{
	return strchr(mapping, '/') != NULL || aw_str_ends(aw_str(mapping), ".yaml");
}

static int
run(const struct report *report)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_form_value values[4];
	struct aw_client_work work = { .command = "report",
		.url = report->url,
		.policy_dir = report->policy,
		.values = values };
	struct aw_buf body = { .arena = &arena };
	struct aw_str input, mapping;

	/* read here: the server may not be allowed to */
	if (aw_file_read(&arena, report->file, AW_CONSOLE_BODY_MOST, &input, &err) != AW_OK)
		return aw_command_failed("report", &err);
	values[work.value_count++] = (struct aw_form_value){ "file",
		strcmp(report->file, "-") == 0 ? "standard input" : report->file };
	if (report->at != NULL)
		values[work.value_count++] = (struct aw_form_value){ "at", report->at };
	if (report->mapping != NULL)
		values[work.value_count++] = (struct aw_form_value){ "mapping", report->mapping };
	if (report->mapping != NULL && is_path(report->mapping)) {
		if (aw_file_read(&arena, report->mapping, (size_t)1 << 20, &mapping, &err) != AW_OK)
			return aw_command_failed("report", &err);
		values[work.value_count++] = (struct aw_form_value){ "mapping_bytes",
			aw_arena_printf(&arena, "%zu", mapping.len) };
		aw_buf_str(&body, mapping);
	}
	aw_buf_str(&body, input);
	work.body = (struct aw_str){ aw_buf_z(&body), body.len };
	return aw_client_run(&work);
}

int
aw_cmd_report(int argc, char **argv)
{
	struct report report = { 0 };
	const struct aw_option options[] = {
		{ "db", "URL", "the database: sqlite:PATH or postgres://...", &report.url, NULL,
			true },
		{ "policy", "DIR", "the city's folder", &report.policy, NULL, true },
		{ "at", "TIME", "as if it were then: 2021-05-03T09:12:00+08:00, 110/5/3 9:12",
			&report.at, NULL, false },
		{ "mapping", "FILE",
			"the input is CSV, with columns by this file or this code of the policy's "
			"mappings",
			&report.mapping, NULL, false },
	};
	const struct aw_usage usage = {
		.command = "report",
		.operands = "FILE|-",
		.summary = "Takes in one JSON report, JSON lines, or CSV, and screens each. One "
			   "JSON line a report:\nreceipt, recognised persons, decision with the "
			   "rows that fired, proposal. People stand under\ntheir numbers.",
		.options = options,
		.option_count = AW_COUNT(options),
		.least_operands = 1,
		.most_operands = 1,
	};
	struct aw_operands operands;
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	report.file = operands.at[0];
	return run(&report);
}
