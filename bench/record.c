/* An engine in front of the engine: it passes everything on and keeps what changes something. */
#include "record.h"

#include "change.h"

static const struct aw_engine *real;
static struct aw_engine taped;
static struct aw_arena *memory;
static struct bench_change *first, **end = &first;

static void
keep(const struct aw_sql *sql, const struct aw_cell *ins)
{
	struct bench_change *change = AW_NEW(memory, struct bench_change);

	change->sql = sql;
	change->cells = AW_NEW_ARRAY(memory, struct aw_cell, sql->in_count);
	for (uint32_t i = 0; i < sql->in_count; i++) {
		change->cells[i] = ins[i];
		if (ins[i].at != NULL)
			change->cells[i].at =
				ins[i].kind == AW_CELL_TEXT
					? aw_arena_strndup(memory, ins[i].at, ins[i].len)
					: aw_arena_memdup(memory, ins[i].at, ins[i].len);
	}
	*end = change;
	end = &change->next;
}

static enum aw_status
run(struct aw_conn *conn, const struct aw_sql *sql, const struct aw_cell *ins, aw_cells_fn *fn,
	void *arg, int64_t *ret_changed, struct aw_error *err)
{
	if (sql->writes != NULL)
		keep(sql, ins);
	return real->run(conn, sql, ins, fn, arg, ret_changed, err);
}

void
bench_record_begin(struct aw_tx *tx, struct aw_arena *arena)
{
	real = tx->conn->engine;
	taped = *real;
	taped.run = run;
	memory = arena;
	tx->conn->engine = &taped;
}

struct bench_unit
bench_record_cut(void)
{
	struct bench_unit unit = { .first = first };

	first = NULL;
	end = &first;
	return unit;
}

void
bench_record_end(struct aw_tx *tx)
{
	tx->conn->engine = real;
}
