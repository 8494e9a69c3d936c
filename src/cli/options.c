/* Long options of a command, its help, and how a command ends. */
#include "cli/options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

static void
print_help(const struct aw_usage *usage)
{
	size_t width = 0;

	printf("Usage: anwang %s%s%s%s\n\n%s\n", usage->command,
		usage->option_count > 0 ? " [OPTIONS]" : "", usage->operands[0] != '\0' ? " " : "",
		usage->operands, usage->summary);
	if (usage->option_count > 0)
		puts("\nOptions:");
	for (size_t i = 0; i < usage->option_count; i++) {
		const struct aw_option *option = &usage->options[i];
		size_t len = strlen(option->name) +
			     (option->value != NULL ? strlen(option->value) + 1 : 0);

		if (len > width)
			width = len;
	}
	for (size_t i = 0; i < usage->option_count; i++) {
		const struct aw_option *option = &usage->options[i];
		int len = printf("  --%s%s%s", option->name, option->value != NULL ? " " : "",
			option->value != NULL ? option->value : "");
		int pad = (int)width + 6 - len;

		printf("%*s%s%s\n", pad > 0 ? pad : 1, "", option->help,
			option->required ? " (required)" : "");
	}
}

static bool
refuse(const struct aw_usage *usage, int *ret_exit, const char *what, const char *name)
{
	fprintf(stderr, "anwang %s: %s%s. See: anwang %s --help\n", usage->command, what, name,
		usage->command);
	*ret_exit = 2;
	return false;
}

static const struct aw_option *
find(const struct aw_usage *usage, const char *name, size_t len)
{
	for (size_t i = 0; i < usage->option_count; i++) {
		if (strlen(usage->options[i].name) == len &&
			memcmp(usage->options[i].name, name, len) == 0)
			return &usage->options[i];
	}
	return NULL;
}

/* Takes the option at argv[*i] (and its value behind it). */
static bool
take(const struct aw_usage *usage, int argc, char **argv, int *i, bool *given, int *ret_exit)
{
	const char *name = argv[*i] + 2;
	const char *equals = strchr(name, '=');
	size_t len = equals != NULL ? (size_t)(equals - name) : strlen(name);
	const struct aw_option *option = find(usage, name, len);

	if (option == NULL)
		return refuse(usage, ret_exit, "there is no option ", argv[*i]);
	given[option - usage->options] = true;
	if (option->value == NULL) {
		if (equals != NULL)
			return refuse(usage, ret_exit, "this option takes no value: ", argv[*i]);
		*option->ret_flag = true;
		return true;
	}
	if (equals != NULL) {
		*option->ret_text = equals + 1;
		return true;
	}
	if (*i + 1 >= argc)
		return refuse(usage, ret_exit, "a value is missing behind ", argv[*i]);
	*option->ret_text = argv[++*i];
	return true;
}

bool
aw_options_read(const struct aw_usage *usage, int argc, char **argv,
	struct aw_operands *ret_operands, int *ret_exit)
{
	bool given[32] = { false };
	bool only_operands = false;
	size_t count = 0;

	if (usage->option_count > AW_COUNT(given))
		aw_die("a command has more options than the parser has room for");
	for (int i = 1; i < argc; i++) {
		char *word = argv[i];

		if (only_operands || word[0] != '-' || word[1] == '\0') {
			argv[1 + count++] = word;
		} else if (strcmp(word, "--") == 0) {
			only_operands = true;
		} else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
			print_help(usage);
			*ret_exit = aw_command_done(usage->command);
			return false;
		} else if (word[1] != '-') {
			return refuse(
				usage, ret_exit, "options are written with two dashes: ", word);
		} else if (!take(usage, argc, argv, &i, given, ret_exit)) {
			return false;
		}
	}
	for (size_t i = 0; i < usage->option_count; i++) {
		if (usage->options[i].required && !given[i])
			return refuse(usage, ret_exit, "this option is required: --",
				usage->options[i].name);
	}
	if (count < usage->least_operands)
		return refuse(usage, ret_exit, "an operand is missing: ", usage->operands);
	if (count > usage->most_operands)
		return refuse(usage, ret_exit,
			"this is one operand too many: ", argv[1 + usage->most_operands]);
	*ret_operands = (struct aw_operands){ .at = argv + 1, .count = count };
	return true;
}

enum aw_status
aw_option_int(const char *name, const char *text, int64_t least, int64_t most, int64_t *ret_value,
	struct aw_error *err)
{
	int64_t value;

	if (text == NULL)
		return AW_OK;
	if (!aw_str_int64(aw_str(text), &value) || value < least || value > most)
		return aw_fail(err, AW_INVALID, "--%s takes a whole number from %lld to %lld", name,
			(long long)least, (long long)most);
	*ret_value = value;
	return AW_OK;
}

int
aw_command_failed(const char *command, const struct aw_error *err)
{
	char text[640];

	(void)fflush(stdout);
	aw_error_format(err, text, sizeof(text));
	fprintf(stderr, "anwang %s: %s\n", command, text);
	return aw_status_exit(err->status);
}

int
aw_command_done(const char *command)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	fprintf(stderr, "anwang %s: standard output cannot be written: %s\n", command,
		strerror(errno));
	return 3;
}
