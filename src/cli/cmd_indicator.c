/* anwang indicator: counts indicators of a period, as a table, CSV or JSON. */
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/options.h"

int
aw_cmd_indicator(int argc, char **argv)
{
	const char *url = NULL, *dir = NULL;
	struct aw_form_value values[7] = { { "id", NULL }, { "definition", NULL },
		{ "period", NULL }, { "by", NULL }, { "as-of", NULL }, { "format", NULL },
		{ "rows", NULL } };
	bool rows = false;
	const struct aw_option options[] = {
		{ "db", "URL", "the database: sqlite:PATH or postgres://...", &url, NULL, true },
		{ "policy", "DIR", "the city's folder", &dir, NULL, true },
		{ "id", "CODE", "one indicator, such as P1-S2-1; default: all in force",
			&values[0].value, NULL, false },
		{ "definition", "VERSION", "this version; default: the one in force",
			&values[1].value, NULL, false },
		{ "period", "P", "109, 110H1, 110Q2, 110-01..110-06, 2021-01-01..2021-06-30",
			&values[2].value, NULL, true },
		{ "by", "WHAT", "district, unit, month or kind", &values[3].value, NULL, false },
		{ "as-of", "DAY", "what happened later does not count; default: 31 days after",
			&values[4].value, NULL, false },
		{ "format", "FORMAT", "table, csv or json; default: table", &values[5].value, NULL,
			false },
		{ "rows", NULL, "each thing counted, by its number and without names", NULL, &rows,
			false },
	};
	const struct aw_usage usage = {
		.command = "indicator",
		.operands = "",
		.summary = "Counts indicators by the policy's definition files. Every number opens "
			   "to its rows.",
		.options = options,
		.option_count = AW_COUNT(options),
	};
	struct aw_client_work work = { .command = "indicator" };
	struct aw_operands operands;
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	values[6].value = rows ? "1" : NULL;
	work.value_count = aw_client_given(values, AW_COUNT(values));
	work.url = url;
	work.policy_dir = dir;
	work.values = values;
	return aw_client_run(&work);
}
