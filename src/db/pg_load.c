/* Filling a PostgreSQL table from a backup: COPY in its binary form, rows without waiting for each. */
#include <endian.h>
#include <string.h>

#include "db/pg_conn.h"

/* "PGCOPY", flags, length of the extension: the form's own beginning (PostgreSQL's manual, COPY). */
static const char signature[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";

static enum aw_status
fail(struct pg_conn *conn, struct aw_error *err)
{
	return aw_fail(err, AW_IO, "cannot load rows: %s",
		PQstatus(conn->handle) == CONNECTION_OK ? "the database takes none"
							: "the connection was lost");
}

static enum aw_status
put(struct pg_conn *conn, const void *data, size_t len, struct aw_error *err)
{
	if (len > INT32_MAX)
		return aw_fail(err, AW_TOO_LARGE, "a value over 2 GB");
	return PQputCopyData(conn->handle, data, (int)len) == 1 ? AW_OK : fail(conn, err);
}

enum aw_status
aw_pg_load_begin(struct aw_conn *head, const char *copy, struct aw_error *err)
{
	AW_SCOPED(result, PGresult *) result = NULL;
	struct pg_conn *conn = aw_pg_own(head);

	conn->wrote = true;
	if (aw_pg_plain(conn, err) != AW_OK)
		return err->status;
	result = PQexec(conn->handle, copy);
	if (PQresultStatus(result) == PGRES_COPY_IN)
		return put(conn, signature, sizeof(signature), err);
	(void)aw_pg_fail(conn, result, &(struct pg_sent){ .what = "cannot load rows" }, err);
	aw_pg_pipeline(conn);
	return err->status;
}

static enum aw_status
put_cell(struct pg_conn *conn, const struct aw_cell *cell, struct aw_error *err)
{
	bool number = cell->kind == AW_CELL_INT;
	uint64_t value = htobe64((uint64_t)cell->number);
	uint32_t len = htobe32(number ? 8 : (uint32_t)cell->len);

	if (cell->kind == AW_CELL_NULL) {
		len = UINT32_MAX; /* -1 */
		return put(conn, &len, sizeof(len), err);
	}
	if (put(conn, &len, sizeof(len), err) != AW_OK)
		return err->status;
	return number ? put(conn, &value, sizeof(value), err) : put(conn, cell->at, cell->len, err);
}

enum aw_status
aw_pg_load_row(
	struct aw_conn *head, const struct aw_cell *cells, uint32_t count, struct aw_error *err)
{
	struct pg_conn *conn = aw_pg_own(head);
	uint16_t fields = htobe16((uint16_t)count);

	if (put(conn, &fields, sizeof(fields), err) != AW_OK)
		return err->status;
	for (uint32_t i = 0; i < count; i++) {
		if (put_cell(conn, &cells[i], err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_pg_load_end(struct aw_conn *head, struct aw_error *err)
{
	static const char end[2] = "\377\377";
	struct pg_conn *conn = aw_pg_own(head);
	enum aw_status status = put(conn, end, sizeof(end), err);
	PGresult *result;

	if (status == AW_OK && PQputCopyEnd(conn->handle, NULL) != 1)
		status = fail(conn, err);
	while ((result = PQgetResult(conn->handle)) != NULL) {
		if (status == AW_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
			status = aw_pg_fail(
				conn, result, &(struct pg_sent){ .what = "cannot load rows" }, err);
		PQclear(result);
	}
	aw_pg_pipeline(conn);
	return status;
}
