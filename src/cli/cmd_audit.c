/* anwang audit: verifies and exports the log. */
#include "base/file.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/options.h"

struct audit {
	const char *url, *witness, *key, *from, *most;
};

static int
run(const struct audit *audit, const struct aw_operands *operands)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_form_value values[5];
	const char *const pairs[][2] = { { "verb", operands->at[0] },
		{ "witness", audit->witness == NULL ? NULL : "1" }, { "key", audit->key },
		{ "from", audit->from }, { "most", audit->most } };
	struct aw_client_work work = { .command = "audit", .url = audit->url, .values = values };

	for (size_t i = 0; i < AW_COUNT(pairs); i++)
		if (pairs[i][1] != NULL)
			values[work.value_count++] =
				(struct aw_form_value){ pairs[i][0], pairs[i][1] };
	/* read here: the server may not be allowed to */
	if (audit->witness != NULL && aw_file_read(&arena, audit->witness, AW_CONSOLE_BODY_MOST,
					      &work.body, &err) != AW_OK)
		return aw_command_failed("audit", &err);
	return aw_client_run(&work);
}

int
aw_cmd_audit(int argc, char **argv)
{
	struct audit audit = { 0 };
	const struct aw_option options[] = {
		{ "db", "URL", "the database: sqlite:PATH or postgres://...", &audit.url, NULL,
			true },
		{ "witness", "FILE",
			"verify: checkpoints kept outside the database by serve --witness",
			&audit.witness, NULL, false },
		{ "key", "KEY",
			"verify: the log's key (name+hash+key), kept elsewhere; without it, the "
			"one "
			"in the\ndatabase",
			&audit.key, NULL, false },
		{ "from", "LEAF", "export: begin with this entry", &audit.from, NULL, false },
		{ "most", "N", "export: at most so many entries; 100000 when not given",
			&audit.most, NULL, false },
	};
	const struct aw_usage usage = {
		.command = "audit",
		.operands = "verify | export",
		.summary =
			"verify recomputes every entry and every signed checkpoint and names the "
			"first entry\nthat is not what was written (exit 1). export writes the "
			"log as JSON lines, people under\ntheir public numbers.",
		.options = options,
		.option_count = AW_COUNT(options),
		.least_operands = 1,
		.most_operands = 1,
	};
	struct aw_operands operands;
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	return run(&audit, &operands);
}
