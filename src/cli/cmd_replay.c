/* anwang policy replay: a period's reports under a draft of the policy. */
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/policy_folder.h"

int
aw_cmd_replay(int argc, char **argv)
{
	const char *url = NULL, *dir = NULL, *with = NULL;
	struct aw_form_value values[3] = { { "period", NULL }, { "format", NULL },
		{ "rows", NULL } };
	bool rows = false;
	const struct aw_option options[] = {
		{ "db", "URL", "the database: sqlite:PATH or postgres://...", &url, NULL, true },
		{ "policy", "DIR", "the city's folder", &dir, NULL, true },
		{ "with", "DIR", "the draft to decide with", &with, NULL, true },
		{ "period", "P", "109, 110H1, 110-01..110-06; default: the last 365 days",
			&values[0].value, NULL, false },
		{ "format", "FORMAT", "table or json; default: table", &values[1].value, NULL,
			false },
		{ "rows", NULL, "each report that changes, by its number", NULL, &rows, false },
	};
	const struct aw_usage usage = {
		.command = "policy replay",
		.operands = "",
		.summary =
			"Decides a period's reports again under a draft, and tells what would be "
			"another level, priority\nor unit. Nothing is changed.",
		.options = options,
		.option_count = AW_COUNT(options),
	};
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_client_work work = { .command = "replay", .typed = "policy replay" };
	struct aw_mistakes mistakes = { .arena = &arena };
	struct aw_policy *draft = NULL;
	struct aw_operands operands;
	struct aw_bytes bundle;
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	code = aw_policy_folder_load(with, &mistakes, &draft);
	if (code != 0)
		return code;
	bundle = aw_policy_pack(&arena, draft);
	aw_policy_free(draft);
	values[2].value = rows ? "1" : NULL;
	work.value_count = aw_client_given(values, AW_COUNT(values));
	work.url = url;
	work.policy_dir = dir;
	work.values = values;
	work.body = (struct aw_str){ (const char *)bundle.at, bundle.len };
	return aw_client_run(&work);
}
