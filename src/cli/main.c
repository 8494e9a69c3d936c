/* The command line: finds the command and hands over to it. */
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/hash.h"
#include "cli/commands.h"
#include "cli/options.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
};

/* Commands that work; one line each, in the order in which a new city meets them. */
static const struct command commands[] = {
	{ "init", aw_cmd_init, "create a database, or bring it to this version" },
	{ "demo", aw_cmd_demo, "fill an empty database with the made-up city" },
	{ "serve", aw_cmd_serve, "the web server" },
	{ "report", aw_cmd_report, "take in reports from a file" },
	{ "import", aw_cmd_import, "load an extract of a register" },
	{ "indicator", aw_cmd_indicator, "count an indicator, down to its rows" },
	{ "policy", aw_cmd_policy,
		"check and show a policy folder, replay a period under a draft" },
	{ "user", aw_cmd_user, "accounts" },
	{ "key", aw_cmd_key, "make, rotate and check the root key" },
	{ "audit", aw_cmd_audit, "verify and export the log" },
	{ "person", aw_cmd_person, "erase a person, list who was erased" },
	{ "backup", aw_cmd_backup, "write the whole database as one sealed file" },
	{ "restore", aw_cmd_restore, "fill an empty database from a backup" },
	{ "link", aw_cmd_link, "link the rows of two tables, or of one" },
	{ "decide", aw_cmd_decide, "evaluate a decision of a DMN file" },
	{ "tck", aw_cmd_tck, "run the DMN conformance kit" },
	{ NULL, NULL, NULL },
};

static int
print_help(void)
{
	puts("Usage: anwang COMMAND [OPTIONS] [OPERANDS]\n\n"
	     "Runs a city's strengthened social safety net: reports come in, people are\n"
	     "recognised, policy grades and routes, units accept, families are served, and\n"
	     "every step is counted.\n\n"
	     "Commands:");
	for (const struct command *c = commands; c->name != NULL; c++)
		printf("  %-10s %s\n", c->name, c->summary);
	puts("\nanwang COMMAND --help describes a command. URL is sqlite:PATH or postgres://...\n"
	     "Keys come from the file that ANWANG_KEY_FILE names.\n\n"
	     "Exit: 0 done; 1 the work found a failure; 2 bad usage or input; 3 the surroundings\n"
	     "(no database, disk full, no permission).");
	return aw_command_done("--help");
}

/* Names and keys stand in memory: no core of it is written, and no other process of the same user
 * reads it. The leak checker of a sanitized build has to read it, from a process of its own. */
static void
keep_memory_private(void)
{
	const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

int
main(int argc, char **argv)
{
	keep_memory_private();
	aw_random_in_process();
	if (argc < 2) {
		(void)fputs("anwang: a command is missing. See: anwang --help\n", stderr);
		return 2;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
		strcmp(argv[1], "help") == 0)
		return print_help();
	for (const struct command *c = commands; c->name != NULL; c++) {
		if (strcmp(argv[1], c->name) == 0)
			return c->run(argc - 1, argv + 1);
	}
	fprintf(stderr, "anwang: there is no command %s. See: anwang --help\n", argv[1]);
	return 2;
}
