/**
 * net/console - the work of commands, wherever it runs: in the command's own process, or in the
 * server that holds the database, asked over the socket beside it.
 * Layer: net.  Threads: a function runs on one thread with its own units of work.
 * Example: tests/net/test_console.c
 *
 * A command's use case is one function here, listed in net/console.c. cli/ hands it arguments and
 * input (cli/client.h: aw_client_run) and prints what it wrote; it is the same text either way.
 */
#ifndef AW_NET_CONSOLE_H
#define AW_NET_CONSOLE_H

#include "net/house.h"
#include "page/call.h"

#define AW_CONSOLE_BODY_MOST ((size_t)64 << 20)

struct aw_console {
	struct aw_house *house;
	struct aw_arena *arena;
	const struct aw_viewer *viewer;	    /* "console:root", for the purpose "operation" */
	const struct aw_form_value *values; /* options by name; a repeated one stands repeated */
	size_t value_count;
	struct aw_str body; /* input; empty if there is none */
	struct aw_buf out;  /* what goes to standard output */
	bool failed;	    /* the work itself found a failure: exit 1 */
};

typedef enum aw_status aw_console_fn(struct aw_console *console, struct aw_error *err);

/** The option's value, NULL if it was not given. */
const char *aw_console_value(const struct aw_console *console, const char *name);

struct aw_console_command {
	const char *name; /* "report" */
	aw_console_fn *run;
	unsigned parts; /* of the house */
};

/** The command of that name, NULL if there is none. */
const struct aw_console_command *aw_console_find(const char *name);

#endif
