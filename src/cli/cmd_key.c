/* anwang key: makes, rotates and checks keys. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "db/seal.h"

/* The server changes directories for nobody: it gets whole paths. */
static const char *
whole_path(struct aw_arena *arena, const char *path)
{
	char *real = realpath(path, NULL);
	const char *copy = real == NULL ? path : aw_arena_strdup(arena, real);

	free(real);
	return copy;
}

static int
make(const struct aw_operands *operands)
{
	struct aw_error err = { 0 };

	if (operands->count < 2) {
		(void)aw_fail(&err, AW_INVALID, "key new needs the file to make");
		return aw_command_failed("key", &err);
	}
	if (aw_root_key_make(operands->at[1], &err) != AW_OK)
		return aw_command_failed("key", &err);
	fprintf(stderr,
		"Made %s. Keep a copy apart from the database and from its backups: without "
		"it nothing\nthat is sealed opens again.\n",
		operands->at[1]);
	return aw_command_done("key");
}

static int
ask(const char *verb, const char *url, const char *root)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_form_value values[2] = { { "verb", verb } };
	struct aw_client_work work = {
		.command = "key", .url = url, .values = values, .value_count = 1
	};

	if (url == NULL) {
		(void)aw_fail(&err, AW_INVALID, "key %s needs --db URL", verb);
		return aw_command_failed("key", &err);
	}
	if (root != NULL)
		values[work.value_count++] =
			(struct aw_form_value){ "root", whole_path(&arena, root) };
	return aw_client_run(&work);
}

int
aw_cmd_key(int argc, char **argv)
{
	const char *url = NULL, *root = NULL;
	const struct aw_option options[] = {
		{ "db", "URL", "rotate, check: the database, sqlite:PATH or postgres://...", &url,
			NULL, false },
		{ "root", "FILE", "rotate: from now on this root key, made by key new, opens it",
			&root, NULL, false },
	};
	const struct aw_usage usage = {
		.command = "key",
		.operands = "new FILE | rotate | check",
		.summary = "new makes a root key. rotate begins a new epoch and wraps every key "
			   "anew. check opens every\nkey (exit 1 when one is broken).",
		.options = options,
		.option_count = AW_COUNT(options),
		.least_operands = 1,
		.most_operands = 2,
	};
	struct aw_operands operands;
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	if (strcmp(operands.at[0], "new") == 0)
		return make(&operands);
	return ask(operands.at[0], url, root);
}
