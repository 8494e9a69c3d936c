/* anwang person: erases a person, and lists who was erased. */
#include <stdio.h>
#include <string.h>

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/erased.h"
#include "cli/options.h"
#include "db/setting.h"

struct person {
	const char *url, *reason;
	bool open_too;
};

static enum aw_status
ask(const char *url, const struct aw_form_value *values, size_t count, struct aw_arena *arena,
	struct aw_str *ret_text, struct aw_error *err)
{
	struct aw_client_work work = {
		.command = "person", .url = url, .values = values, .value_count = count
	};
	struct aw_buf out = { .arena = arena };
	bool failed = false;

	if (aw_client_ask(&work, arena, &out, &failed, err) != AW_OK)
		return err->status;
	*ret_text = (struct aw_str){ aw_buf_z(&out), out.len };
	return AW_OK;
}

/* Where the list stands: beside the key, which a demo has beside its database. */
static enum aw_status
find_list(const char *url, struct aw_arena *arena, const char **ret_path, struct aw_error *err)
{
	const char *key_path = NULL;

	if (aw_house_key_path(arena, url, true, &key_path, err) != AW_OK)
		return err->status;
	*ret_path = aw_erased_path(arena, key_path);
	return AW_OK;
}

/* Everybody whom the log says to be erased goes onto the list, if they are not on it. */
static enum aw_status
keep_list(const char *url, struct aw_arena *arena, const char *path, struct aw_str *ret_lines,
	struct aw_error *err)
{
	const struct aw_form_value values[] = { { "verb", "erased" } };

	if (ask(url, values, AW_COUNT(values), arena, ret_lines, err) != AW_OK)
		return err->status;
	return aw_erased_add(arena, path, *ret_lines, err);
}

static enum aw_status
erase(const struct person *person, const char *number, struct aw_arena *arena, struct aw_error *err)
{
	const struct aw_form_value values[] = { { "verb", "erase" }, { "number", number },
		{ "reason", person->reason == NULL ? "" : person->reason },
		{ "open_too", person->open_too ? "1" : "0" } };
	struct aw_str said, lines;
	const char *path = NULL;

	if (find_list(person->url, arena, &path, err) != AW_OK ||
		aw_erased_writable(arena, path, err) != AW_OK ||
		ask(person->url, values, AW_COUNT(values), arena, &said, err) != AW_OK)
		return err->status;
	(void)fwrite(said.at, 1, said.len, stdout);
	if (keep_list(person->url, arena, path, &lines, err) != AW_OK)
		return err->status;
	fprintf(stderr,
		"Erased. Backups made before this still hold the key: a restore erases again by %s "
		"(keep a copy of\nit with the root key's). Past the next anwang key rotate --root "
		"and with the old root key destroyed,\nthose backups open no more.\n",
		path);
	return AW_OK;
}

static enum aw_status
run(const struct person *person, const struct aw_operands *operands, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_str lines;
	const char *path = NULL;

	if (strcmp(operands->at[0], "erase") == 0)
		return operands->count == 2
			       ? erase(person, operands->at[1], &arena, err)
			       : aw_fail(err, AW_INVALID, "person erase needs the person's number");
	if (strcmp(operands->at[0], "erased") != 0)
		return aw_fail(err, AW_INVALID, "person does not know \"%.40s\": erase, erased",
			operands->at[0]);
	if (find_list(person->url, &arena, &path, err) != AW_OK ||
		keep_list(person->url, &arena, path, &lines, err) != AW_OK)
		return err->status;
	(void)fwrite(lines.at, 1, lines.len, stdout);
	return AW_OK;
}

int
aw_cmd_person(int argc, char **argv)
{
	struct person person = { 0 };
	const struct aw_option options[] = {
		{ "db", "URL", "the database: sqlite:PATH or postgres://...", &person.url, NULL,
			true },
		{ "reason", "TEXT", "erase: why, without naming anybody; it stands in the log",
			&person.reason, NULL, false },
		{ "open-too", NULL, "erase: although a case of the person is open", NULL,
			&person.open_too, false },
	};
	const struct aw_usage usage = {
		.command = "person",
		.operands = "erase NUMBER | erased",
		.summary =
			"erase destroys the keys of a person: nothing sealed of them opens again. "
			"Rows and counts stay.\nerased lists who was erased, and completes the "
			"list beside the root key that a restore reads.",
		.options = options,
		.option_count = AW_COUNT(options),
		.least_operands = 1,
		.most_operands = 2,
	};
	struct aw_operands operands;
	struct aw_error err = { 0 };
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	return run(&person, &operands, &err) == AW_OK ? aw_command_done("person")
						      : aw_command_failed("person", &err);
}
