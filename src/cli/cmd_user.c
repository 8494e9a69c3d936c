/* anwang user: accounts. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/options.h"

struct user {
	const char *url, *policy_dir;
	const char *name, *title, *unit, *roles, *extension, *password_file, *until, *format;
};

static int
run(const struct user *user, const struct aw_operands *operands)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_form_value values[10];
	const char *const pairs[][2] = { { "verb", operands->at[0] },
		{ "login", operands->count > 1 ? operands->at[1] : NULL }, { "name", user->name },
		{ "title", user->title }, { "unit", user->unit }, { "roles", user->roles },
		{ "extension", user->extension }, { "until", user->until },
		{ "format", user->format } };
	struct aw_client_work work = { .command = "user",
		.url = user->url,
		.policy_dir = user->policy_dir,
		.values = values };

	for (size_t i = 0; i < AW_COUNT(pairs); i++)
		if (pairs[i][1] != NULL)
			values[work.value_count++] =
				(struct aw_form_value){ pairs[i][0], pairs[i][1] };
	if (user->password_file != NULL &&
		aw_file_read(&arena, user->password_file, 1024, &work.body, &err) != AW_OK)
		return aw_command_failed("user", &err);
	return aw_client_run(&work);
}

int
aw_cmd_user(int argc, char **argv)
{
	struct user user = { .title = "" };
	const struct aw_option options[] = {
		{ "db", "URL", "the database: sqlite:PATH or postgres://...", &user.url, NULL,
			true },
		{ "policy", "DIR", "the city's folder; without it, what is released counts",
			&user.policy_dir, NULL, false },
		{ "name", "NAME", "add: as shown to colleagues", &user.name, NULL, false },
		{ "title", "TITLE", "add: as shown behind the name", &user.title, NULL, false },
		{ "unit", "CODE", "add, token: unit of units.yaml; list: this unit alone",
			&user.unit, NULL, false },
		{ "roles", "CODES", "add: roles of roles.yaml, separated by spaces", &user.roles,
			NULL, false },
		{ "extension", "NUMBER", "add: telephone extension", &user.extension, NULL, false },
		{ "password-file", "FILE",
			"add, reset: take the password from here (- = standard input): its "
			"holder's own.\nWithout it the program makes one and prints it once, good "
			"for "
			"72 hours\nand for setting another",
			&user.password_file, NULL, false },
		{ "until", "DAY",
			"add, until: the account's last day: 111-03-31, 2022-03-31; from the "
			"day\nafter nobody comes in with it. until: none takes it away",
			&user.until, NULL, false },
		{ "format", "table|json", "list: lines for people, or a JSON object a line",
			&user.format, NULL, false },
	};
	const struct aw_usage usage = {
		.command = "user",
		.operands = "add LOGIN | list | disable LOGIN | enable LOGIN | reset LOGIN |\n"
			    "       until LOGIN | token SYSTEM | token-end SYSTEM",
		.summary = "Adds, lists, disables, enables accounts, sets new passwords, and "
			   "until when an account\nis good. token lets a system of another "
			   "agency (--unit) send reports and prints its "
			   "token\nonce. What it changes is logged as console:<user>.",
		.options = options,
		.option_count = AW_COUNT(options),
		.least_operands = 1,
		.most_operands = 2,
	};
	struct aw_operands operands;
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	return run(&user, &operands);
}
