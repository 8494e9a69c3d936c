/* anwang tck: runs the cases of the DMN conformance kit. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "rule/tck.h"

static void
show_progress(void *arg, size_t done, size_t of, const char *test)
{
	(void)arg;
	fprintf(stderr, "\r\033[K%3zu/%zu %.60s", done, of, test);
}

static json_t *
count_json(struct aw_tck_count count)
{
	json_t *json = json_object();

	aw_json_put_int(json, "passed", count.passed);
	aw_json_put_int(json, "total", count.total);
	return json;
}

static void
print_json(struct aw_arena *arena, const struct aw_tck_result *result)
{
	AW_SCOPED(json, json_t *) json = json_object();
	json_t *failed = json_array(), *folders = json_array();

	for (size_t i = 0; i < result->failed_count; i++) {
		json_t *item = json_object();

		aw_json_put_text(item, "test", result->failed[i].test);
		aw_json_put_text(item, "case", result->failed[i].id);
		aw_json_put_text(item, "expected", result->failed[i].expected);
		aw_json_put_text(item, "got", result->failed[i].got);
		aw_json_push(failed, item);
	}
	for (size_t i = 0; i < result->count; i++) {
		json_t *item = count_json(result->at[i].cases);

		aw_json_put_text(item, "test", result->at[i].name);
		aw_json_push(folders, item);
	}
	aw_json_put(json, "cases", count_json(result->cases));
	aw_json_put(json, "nonnull", count_json(result->nonnull));
	aw_json_put(json, "tests", count_json(result->tests));
	aw_json_put(json, "failed", failed);
	aw_json_put(json, "folders", folders);
	puts(aw_json_pretty(arena, json));
}

static void
print_text(const struct aw_tck_result *result)
{
	for (size_t i = 0; i < result->count; i++)
		printf("%-48s %lld/%lld\n", result->at[i].name,
			(long long)result->at[i].cases.passed,
			(long long)result->at[i].cases.total);
	for (size_t i = 0; i < result->failed_count; i++)
		printf("failed %s %s: expected %s, got %s\n", result->failed[i].test,
			result->failed[i].id, result->failed[i].expected, result->failed[i].got);
	printf("cases %lld/%lld, non-null %lld/%lld, tests %lld/%lld\n",
		(long long)result->cases.passed, (long long)result->cases.total,
		(long long)result->nonnull.passed, (long long)result->nonnull.total,
		(long long)result->tests.passed, (long long)result->tests.total);
}

int
aw_cmd_tck(int argc, char **argv)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *format = "text";
	const struct aw_option options[] = {
		{ "format", "FORMAT", "text or json; default: text", &format, NULL, false },
	};
	const struct aw_usage usage = {
		.command = "tck",
		.operands = "DIR",
		.summary = "Runs every case of the DMN conformance kit below DIR.",
		.options = options,
		.option_count = AW_COUNT(options),
		.least_operands = 1,
		.most_operands = 1,
	};
	struct aw_operands operands;
	struct aw_tck_result result;
	struct aw_error err = { 0 };
	bool terminal = isatty(STDERR_FILENO) == 1;
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0) {
		(void)aw_fail(&err, AW_INVALID, "--format is text or json");
		return aw_command_failed("tck", &err);
	}
	enum aw_status status = aw_tck_run(
		&arena, operands.at[0], terminal ? show_progress : NULL, NULL, &result, &err);

	if (terminal)
		fputs("\r\033[K", stderr);
	if (status != AW_OK)
		return aw_command_failed("tck", &err);
	if (strcmp(format, "json") == 0)
		print_json(&arena, &result);
	else
		print_text(&result);
	code = aw_command_done("tck");
	return code != 0 ? code : result.cases.passed < result.cases.total;
}
