/* Times what the program does with one report between its receipt and its proposal: its people
 * recognised among the whole city, the policy run, units proposed; without the commit, which is the
 * disk's. bench_screen URL POLICY-DIR [REPORTS]
 * Reports of the demo are received anew, screened, and rolled back. Prints one JSON object. */
#include <stdio.h>
#include <stdlib.h>

#include "again.h"
#include "base/clock.h"
#include "city/dispatch/dispatch.h"
#include "city/person/people.h"
#include "net/house.h"

enum { REPORTS = 500, WARM_UP = 20, PAGE = 200 };

struct bench {
	struct aw_house house;
	struct aw_arena arena; /* of what is read */
	struct aw_report_line *lines;
	size_t line_count;
	size_t at; /* of lines: the one under way */
	double *times_ms;
	size_t count, persons;
};

static enum aw_status
list(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct bench *bench = arg;
	struct aw_act act = aw_house_act(&bench->house, &bench->arena, &bench_viewer, "bench");
	struct aw_report_filter filter = { .limit = PAGE };
	int64_t total;

	act.tx = tx;
	return aw_report_list(&act, &filter, &bench->lines, &bench->line_count, &total, err);
}

/* Receives, screens under the watch, and rolls back. */
static enum aw_status
screen(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct bench *bench = arg;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_act act = aw_house_act(&bench->house, &arena, &bench_viewer, "bench");
	struct aw_report_problems problems = { 0 };
	struct aw_receipt receipt;
	struct aw_report_in in;
	int64_t start_us;

	act.tx = tx;
	if (again(&act, bench->lines[bench->at].id, &in, err) != AW_OK ||
		aw_report_receive(&act, &in, &receipt, &problems, err) != AW_OK)
		return err->status;
	start_us = aw_monotonic_us();
	if (aw_dispatch_screen(&act, receipt.report, err) != AW_OK)
		return err->status;
	bench->times_ms[bench->count++] = (double)(aw_monotonic_us() - start_us) / 1000;
	bench->persons += in.person_count;
	return aw_fail(err, AW_CONFLICT, "rolled back");
}

static int
by_size(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static enum aw_status
run(struct bench *bench, size_t reports, struct aw_error *err)
{
	if (aw_db_read(bench->house.db, list, bench, err) != AW_OK)
		return err->status;
	if (bench->line_count == 0)
		return aw_fail(err, AW_NOT_FOUND, "the database holds no report");
	for (size_t i = 0; i < reports + WARM_UP; i++) {
		if (i == WARM_UP)
			bench->count = bench->persons = 0;
		bench->at = i % bench->line_count;
		if (aw_db_write(bench->house.db, screen, bench, err) != AW_CONFLICT)
			return err->status;
		aw_error_clear(err);
	}
	return AW_OK;
}

int
main(int argc, char **argv)
{
	size_t reports = argc > 3 ? strtoul(argv[3], NULL, 10) : REPORTS;
	struct bench bench = { 0 };
	struct aw_error err = { 0 };
	double sum = 0;

	if (argc < 3 || reports == 0) {
		(void)fputs("usage: bench_screen URL POLICY-DIR [REPORTS]\n", stderr);
		return 2;
	}
	bench.times_ms = calloc(reports + WARM_UP, sizeof(*bench.times_ms));
	if (bench.times_ms == NULL)
		aw_die("out of memory");
	if (aw_house_open(
		    &(struct aw_house_options){
			    .url = argv[1], .policy_dir = argv[2], .parts = AW_HOUSE_ALL },
		    &bench.house, &err) != AW_OK ||
		run(&bench, reports, &err) != AW_OK) {
		fprintf(stderr, "bench_screen: %s\n", err.text);
		aw_house_done(&bench.house);
		free(bench.times_ms);
		return 3;
	}
	qsort(bench.times_ms, bench.count, sizeof(*bench.times_ms), by_size);
	for (size_t i = 0; i < bench.count; i++)
		sum += bench.times_ms[i];
	printf("{\"people\": %zu, \"reports\": %zu, \"persons\": %zu, \"mean_ms\": %.3f, "
	       "\"p50_ms\": %.3f, \"p95_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f}\n",
		aw_people_count(bench.house.people), bench.count, bench.persons,
		sum / (double)bench.count, bench.times_ms[bench.count / 2],
		bench.times_ms[bench.count * 95 / 100], bench.times_ms[bench.count * 99 / 100],
		bench.times_ms[bench.count - 1]);
	aw_arena_done(&bench.arena);
	aw_house_done(&bench.house);
	free(bench.times_ms);
	return 0;
}
