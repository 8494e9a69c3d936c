/* Puts a connection under limits for the length of one statement. */
#include "db/published.h"

#include "db/engine.h"

bool
aw_published_function(const char *name)
{
	static const char *const functions[] = { "count", "sum", "min", "max", "coalesce", "nullif",
		"abs", "row_number", "rank", "dense_rank", "lag", "lead", "first_value",
		"last_value" };

	return aw_text_in(name, functions, AW_COUNT(functions));
}

enum aw_status
aw_published_many(struct aw_tx *tx, const struct aw_published *asked, struct aw_arena *arena,
	void **ret_rows, size_t *ret_count, struct aw_error *err)
{
	struct aw_conn *conn = tx->conn;
	struct aw_limits limits = asked->limits;
	enum aw_status status;

	if (limits.steps == 0)
		limits.steps = 200000000;
	if (limits.ms == 0)
		limits.ms = 10000;
	conn->limits = &limits;
	status = aw_sql_many(tx, asked->sql, asked->in, arena, ret_rows, ret_count, err);
	conn->limits = NULL;
	return status;
}
