/* Cells to PostgreSQL's binary parameters and back. */
#include <endian.h>

#include "db/pg_conn.h"

/* Object ids of pg_type, fixed by PostgreSQL for ever. */
enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_NAME = 19,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_VARCHAR = 1043,
};

static Oid
oid_of(enum aw_sql_type type)
{
	if (type == AW_SQL_TEXT)
		return OID_TEXT;
	return type == AW_SQL_BYTES ? OID_BYTEA : OID_INT8;
}

static int64_t
big_endian(const unsigned char *at, size_t len)
{
	/* sign-extended from its first byte */
	uint64_t v = len != 0 && (at[0] & 0x80) != 0 ? UINT64_MAX : 0;

	for (size_t i = 0; i < len; i++)
		v = v << 8 | at[i];
	return (int64_t)v;
}

static struct aw_cell
column(const PGresult *result, int row, int at)
{
	struct aw_cell cell = { .kind = AW_CELL_OTHER };

	if (PQgetisnull(result, row, at) != 0) {
		cell.kind = AW_CELL_NULL;
		return cell;
	}
	cell.at = PQgetvalue(result, row, at);
	cell.len = (size_t)PQgetlength(result, row, at);
	switch (PQftype(result, at)) {
	case OID_BOOL:
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
		cell.kind = AW_CELL_INT;
		cell.number = big_endian(cell.at, cell.len);
		break;
	case OID_TEXT:
	case OID_VARCHAR:
	case OID_NAME:
		cell.kind = AW_CELL_TEXT;
		break;
	case OID_BYTEA:
		cell.kind = AW_CELL_BYTES;
		break;
	default:
		break;
	}
	return cell;
}

enum aw_status
aw_pg_rows(const struct aw_sql *sql, const PGresult *result, aw_cells_fn *fn, void *arg,
	struct aw_error *err)
{
	struct aw_cell cells[AW_SQL_FIELDS_MAX];

	for (int row = 0; row < PQntuples(result); row++) {
		for (uint32_t i = 0; i < sql->out_count; i++)
			cells[i] = column(result, row, (int)i);
		if (fn(cells, sql->out_count, arg, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_pg_values(const struct aw_sql *sql, const struct aw_cell *ins, struct pg_values *ret_values,
	struct aw_error *err)
{
	struct pg_values *v = ret_values;

	for (uint32_t i = 0; i < sql->in_count; i++) {
		bool number = ins[i].kind == AW_CELL_INT;
		if (ins[i].len > INT32_MAX)
			return aw_fail(
				err, AW_TOO_LARGE, "statement %s: a value over 2 GB", sql->name);
		v->types[i] = oid_of(sql->ins[i].type);
		v->numbers[i] = htobe64((uint64_t)ins[i].number);
		v->at[i] = number ? (const char *)&v->numbers[i] : ins[i].at;
		v->lengths[i] = number ? 8 : (int)ins[i].len;
		v->formats[i] = 1;
		if (ins[i].kind == AW_CELL_NULL)
			v->at[i] = NULL;
	}
	return AW_OK;
}
