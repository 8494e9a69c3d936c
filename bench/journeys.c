/* What it brings that statements which need no answer wait for none (db/pg_conn.h): reports are received
 * and screened on PostgreSQL as the program does it, and the same with a journey for each statement, in
 * turns. bench_journeys URL POLICY-DIR [REPORTS [JOURNEY-US]]
 * JOURNEY-US: so much longer each journey takes, as over a network. Every unit is rolled back: the disk
 * has no part in it. Prints one JSON object. */
#include <stdio.h>
#include <stdlib.h>

#include "again.h"
#include "base/clock.h"
#include "city/dispatch/dispatch.h"
#include "each.h"
#include "net/house.h"

enum { REPORTS = 200, WARM_UP = 20, PAGE = 200 };

/* -- reports ----------------------------------------------------------------------------------------- */

struct bench {
	struct aw_house house;
	struct aw_arena arena; /* of what is read */
	struct aw_report_line *lines;
	size_t line_count, at;
	bool each;
};

static enum aw_status
list(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct bench *bench = arg;
	struct aw_act act = aw_house_act(&bench->house, &bench->arena, &bench_viewer, "bench");
	int64_t total;

	act.tx = tx;
	return aw_report_list(&act, &(struct aw_report_filter){ .limit = PAGE }, &bench->lines,
		&bench->line_count, &total, err);
}

static enum aw_status
receive(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct bench *bench = arg;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_act act = aw_house_act(&bench->house, &arena, &bench_viewer, "bench");
	struct aw_report_problems problems = { 0 };
	struct aw_receipt receipt;
	struct aw_report_in in;

	bench_each(tx, bench->each);
	act.tx = tx;
	if (again(&act, bench->lines[bench->at].id, &in, err) != AW_OK ||
		aw_report_receive(&act, &in, &receipt, &problems, err) != AW_OK ||
		aw_dispatch_screen(&act, receipt.report, err) != AW_OK ||
		bench_arrive(tx, err) != AW_OK)
		return err->status;
	return aw_fail(err, AW_CONFLICT, "rolled back");
}

struct measured {
	int64_t us;
	size_t journeys;
};

static enum aw_status
run(struct bench *bench, size_t reports, struct measured measured[2], struct aw_error *err)
{
	if (aw_db_read(bench->house.db, list, bench, err) != AW_OK)
		return err->status;
	if (bench->line_count == 0)
		return aw_fail(err, AW_NOT_FOUND, "the database holds no report");
	for (size_t i = 0; i < 2 * (reports + WARM_UP); i++) {
		size_t journeys = bench_journeys;
		int64_t start_us = aw_monotonic_us();

		bench->each = i % 2 != 0;
		bench->at = i / 2 % bench->line_count;
		if (aw_db_write(bench->house.db, receive, bench, err) != AW_CONFLICT)
			return err->status;
		aw_error_clear(err);
		if (i < 2 * WARM_UP)
			continue;
		measured[i % 2].us += aw_monotonic_us() - start_us;
		measured[i % 2].journeys += bench_journeys - journeys;
	}
	return AW_OK;
}

int
main(int argc, char **argv)
{
	size_t reports = argc > 3 ? strtoul(argv[3], NULL, 10) : REPORTS;
	struct bench bench = { 0 };
	struct measured measured[2] = { 0 };
	struct aw_error err = { 0 };
	double count = (double)reports;

	if (argc < 3 || reports == 0) {
		(void)fputs(
			"usage: bench_journeys URL POLICY-DIR [REPORTS [JOURNEY-US]]\n", stderr);
		return 2;
	}
	bench_journey_us = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 0;
	if (aw_house_open(
		    &(struct aw_house_options){
			    .url = argv[1], .policy_dir = argv[2], .parts = AW_HOUSE_ALL },
		    &bench.house, &err) != AW_OK ||
		run(&bench, reports, measured, &err) != AW_OK) {
		fprintf(stderr, "bench_journeys: %s\n", err.text);
		aw_house_done(&bench.house);
		return 3;
	}
	printf("{\"reports\": %zu, \"journey_us\": %u, \"pipelined_ms\": %.3f, "
	       "\"pipelined_journeys\": %.1f, \"each_ms\": %.3f, \"each_journeys\": %.1f}\n",
		reports, bench_journey_us, (double)measured[0].us / 1000 / count,
		(double)measured[0].journeys / count, (double)measured[1].us / 1000 / count,
		(double)measured[1].journeys / count);
	aw_arena_done(&bench.arena);
	aw_house_done(&bench.house);
	return 0;
}
