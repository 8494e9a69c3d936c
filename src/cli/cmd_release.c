/* anwang policy propose, confirm, refuse, withdraw, proposals: a change of policy by two persons. */
#include <string.h>

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/policy_folder.h"

/* Packs the folder that is proposed, with every mistake told here. */
static int
pack_folder(const char *dir, struct aw_arena *arena, struct aw_str *ret_body)
{
	struct aw_mistakes mistakes = { .arena = arena };
	struct aw_policy *policy = NULL;
	struct aw_bytes bundle;
	int code = aw_policy_folder_load(dir, &mistakes, &policy);

	if (code != 0)
		return code;
	bundle = aw_policy_pack(arena, policy);
	aw_policy_free(policy);
	*ret_body = (struct aw_str){ (const char *)bundle.at, bundle.len };
	return 0;
}

int
aw_cmd_release(int argc, char **argv)
{
	const char *url = NULL, *dir = NULL, *with = NULL;
	struct aw_form_value values[] = { { "from", NULL }, { "words", NULL }, { "number", NULL },
		{ "verb", argv[0] } };
	const struct aw_option options[] = {
		{ "db", "URL", "the database: sqlite:PATH or postgres://...", &url, NULL, true },
		{ "policy", "DIR", "the city's folder", &dir, NULL, true },
		{ "with", "DIR", "propose: the folder that is proposed; default: the city's", &with,
			NULL, false },
		{ "from", "DAY", "propose: the first day it is to count; default: today",
			&values[0].value, NULL, false },
		{ "words", "TEXT", "propose: what changes and why; refuse: why it is refused",
			&values[1].value, NULL, false },
	};
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *typed = aw_arena_printf(&arena, "policy %s", argv[0]);
	bool propose = strcmp(argv[0], "propose") == 0;
	bool answers = !propose && strcmp(argv[0], "proposals") != 0;
	const struct aw_usage usage = {
		.command = typed,
		.operands = answers ? "NUMBER" : "",
		.summary = "Proposes a folder's policy to be in force from a day on; answers a "
			   "proposal; lists proposals.\nOne person proposes, another confirms, and "
			   "one of "
			   "the two does it on the policy page with an account.",
		.options = options,
		.option_count = AW_COUNT(options),
		.least_operands = answers ? 1 : 0,
		.most_operands = answers ? 1 : 0,
	};
	struct aw_client_work work = { .command = "release", .typed = typed };
	struct aw_operands operands;
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	if (answers)
		values[2].value = operands.at[0];
	if (propose) {
		code = pack_folder(with != NULL ? with : dir, &arena, &work.body);
		if (code != 0)
			return code;
	}
	work.value_count = aw_client_given(values, AW_COUNT(values));
	work.url = url;
	work.policy_dir = dir;
	work.values = values;
	return aw_client_run(&work);
}
