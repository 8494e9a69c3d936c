/**
 * cli/options - long options of a command, its help, and how a command ends.
 * Layer: cli.  Threads: the main one.  Example: tests/cli/test_options.c
 *
 * A command describes itself once, as a constant struct aw_usage with a table of options; from it
 * come the parsing, `anwang COMMAND --help` and the messages about bad usage (exit 2).
 */
#ifndef AW_CLI_OPTIONS_H
#define AW_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* One option `--name VALUE`, or `--name` alone when value is NULL. */
struct aw_option {
	const char *name;      /* "db", without dashes */
	const char *value;     /* what stands for the value in the help, "URL"; NULL: a flag */
	const char *help;      /* one line, without a full stop */
	const char **ret_text; /* set when the option is given; untouched otherwise */
	bool *ret_flag;	       /* of a flag */
	bool required;
};

struct aw_usage {
	const char *command;  /* "report" */
	const char *operands; /* "FILE|-"; "" = none */
	const char *summary;  /* one or more sentences */
	const struct aw_option *options;
	size_t option_count;
	size_t least_operands;
	size_t most_operands;
};

struct aw_operands {
	char **at; /* a part of argv, in the order given */
	size_t count;
};

/**
 * Reads argv (argv[0] is the command's name). Options and operands may be mixed; `--` ends the
 * options; `--name=value` is the same as `--name value`; the last one of a repeated option counts.
 * argv is reordered so that the operands stand together.
 * Returns true when the command shall go on. Returns false when it shall return *ret_exit at once:
 * after --help (0, help on standard output) or bad usage (2, one message on standard error).
 */
bool aw_options_read(const struct aw_usage *usage, int argc, char **argv,
	struct aw_operands *ret_operands, int *ret_exit);

/** A whole number in [least, most] out of an option's text. text NULL (not given): AW_OK and
 *  *ret_value untouched. Errors: AW_INVALID, naming the option. */
AW_MUST_CHECK enum aw_status aw_option_int(const char *name, const char *text, int64_t least,
	int64_t most, int64_t *ret_value, struct aw_error *err);

/** Prints "anwang COMMAND: file:line: text" once on standard error; returns the exit code. */
int aw_command_failed(const char *command, const struct aw_error *err);

/** Flushes standard output; returns 0, or prints and returns 3 when it could not be written. */
int aw_command_done(const char *command);

#endif
