/* anwang key: makes, rotates and checks keys. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* Asks again until every key is wrapped anew; each turn is about a second of the server's. */
static enum aw_status
rotate(struct aw_client_work *work, struct aw_error *err)
{
	bool done = false, failed = false, root_changed = false;
	int64_t total = 0, epoch = 0, some = 0, left = 0;

	while (!done) {
		AW_SCOPE(aw_arena) arena = { 0 };
		AW_SCOPED(json, json_t *) json = NULL;
		struct aw_buf out = { .arena = &arena };

		if (aw_client_ask(work, &arena, &out, &failed, err) != AW_OK ||
			aw_json_parse((struct aw_str){ aw_buf_z(&out), out.len }, NULL, &json,
				err) != AW_OK)
			return err->status;
		if (!aw_json_int(json, "rewrapped", &some) || !aw_json_int(json, "left", &left) ||
			!aw_json_int(json, "epoch", &epoch))
			return aw_fail(err, AW_IO, "the server's answer was not understood");
		done = aw_json_bool(json, "done", false);
		root_changed = aw_json_bool(json, "root_changed", false);
		total += some;
		if (isatty(STDERR_FILENO) != 0)
			fprintf(stderr, "\rRotating  %" PRId64 " keys, %" PRId64 " left  %s", total,
				left, done ? "\n" : "");
	}
	printf("{\"epoch\":%" PRId64 ",\"rewrapped\":%" PRId64 ",\"root_changed\":%s}\n", epoch,
		total, root_changed ? "true" : "false");
	if (root_changed)
		fprintf(stderr,
			"The old root key opens nothing of this database any more. Put the new "
			"file where ANWANG_KEY_FILE\npoints before the next start. The old one "
			"still opens the backups of its time: destroy it with them.\n");
	return AW_OK;
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
	if (strcmp(verb, "rotate") != 0)
		return aw_client_run(&work);
	return rotate(&work, &err) == AW_OK ? aw_command_done("key")
					    : aw_command_failed("key", &err);
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
			   "anew, while the server\nserves; ended, it goes on when it is asked "
			   "again. check opens every key (exit 1 when one\nis broken).",
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
