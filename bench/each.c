/* A journey for each statement; and libpq's end of what is sent, counted and made longer. */
#include "each.h"

#include <dlfcn.h>
#include <unistd.h>

#include "db/pg_conn.h"

unsigned bench_journey_us;
size_t bench_journeys;

/* In front of libpq's own: what ends what is sent, and is waited for. */
int
PQpipelineSync(PGconn *conn)
{
	static int (*real)(PGconn *);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "PQpipelineSync");
	if (real == NULL)
		aw_die("there is no PQpipelineSync");
	bench_journeys++;
	if (bench_journey_us > 0)
		(void)usleep(bench_journey_us);
	return real(conn);
}

static enum aw_status
arrive(struct aw_conn *head, struct aw_error *err)
{
	struct pg_conn *conn = aw_pg_own(head);

	return conn->sent_count == 0 ? AW_OK : aw_pg_collect(conn, NULL, err);
}

static enum aw_status
run_each(struct aw_conn *conn, const struct aw_sql *sql, const struct aw_cell *ins, aw_cells_fn *fn,
	void *arg, int64_t *ret_changed, struct aw_error *err)
{
	if (aw_engine_pg.run(conn, sql, ins, fn, arg, ret_changed, err) != AW_OK)
		return err->status;
	return arrive(conn, err);
}

void
bench_each(struct aw_tx *tx, bool each)
{
	static struct aw_engine slow;

	slow = aw_engine_pg;
	slow.run = run_each;
	tx->conn->engine = each ? &slow : &aw_engine_pg;
}

enum aw_status
bench_arrive(struct aw_tx *tx, struct aw_error *err)
{
	return arrive(tx->conn, err);
}
