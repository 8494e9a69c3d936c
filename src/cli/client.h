/**
 * cli/client - a command's work, done here or by the server that holds the database.
 * Layer: cli.  Threads: the main one.
 *
 * When a server holds the database, the work is sent to it over the socket beside the database
 * (PATH.sock, mode 0600); otherwise this process is the server for as long as it runs. The
 * function is the same (net/console.h), so is what comes back.
 */
#ifndef AW_CLI_CLIENT_H
#define AW_CLI_CLIENT_H

#include "net/console.h"

struct aw_client_work {
	const char *command; /* name in net/console */
	const char *typed;   /* what the user typed, for errors: "policy confirm"; NULL: the same */
	const char *url;
	const char *policy_dir; /* may be NULL */
	const struct aw_form_value *values;
	size_t value_count;
	struct aw_str body;
};

/** Name of whoever runs this process, in the arena. */
const char *aw_client_user(struct aw_arena *arena);

/** Runs it; what it wrote is at the end of out, whose arena is given. ret_failed: exit 1. */
AW_MUST_CHECK enum aw_status aw_client_ask(const struct aw_client_work *work,
	struct aw_arena *arena, struct aw_buf *out, bool *ret_failed, struct aw_error *err);

/** Runs it, prints what it wrote on standard output, and returns the exit code. */
int aw_client_run(const struct aw_client_work *work);

/** Moves the values that were given (not NULL) to the front; returns how many. */
size_t aw_client_given(struct aw_form_value *values, size_t count);

#endif
