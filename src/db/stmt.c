/* Turns structs into cells and cells into structs, with every type checked. */
#include "db/stmt.h"

#include <inttypes.h>
#include <string.h>

#include "db/engine.h"

static enum aw_status
fail_field(const struct aw_sql *sql, const struct aw_sql_field *field, enum aw_status status,
	const char *what, struct aw_error *err)
{
	return aw_fail(
		err, status, "statement %s (%s): %s %s", sql->name, sql->place, field->name, what);
}

static void
cell_of_number(const struct aw_sql_field *field, const unsigned char *at, struct aw_cell *cell)
{
	struct aw_maybe maybe;
	int32_t day;
	bool flag;

	cell->kind = AW_CELL_INT;
	if (field->nullable) {
		memcpy(&maybe, at, sizeof(maybe));
		cell->kind = maybe.known ? AW_CELL_INT : AW_CELL_NULL;
		cell->number = maybe.v;
	} else if (field->type == AW_SQL_DAY) {
		memcpy(&day, at, sizeof(day));
		cell->number = day;
	} else if (field->type == AW_SQL_FLAG) {
		memcpy(&flag, at, sizeof(flag));
		cell->number = flag ? 1 : 0;
	} else {
		memcpy(&cell->number, at, sizeof(cell->number));
	}
}

static void
cell_of_memory(const struct aw_sql_field *field, const unsigned char *at, struct aw_cell *cell)
{
	if (field->type == AW_SQL_TEXT) {
		const char *text;

		memcpy(&text, at, sizeof(text));
		cell->at = text;
		cell->len = text == NULL ? 0 : strlen(text);
		cell->kind = AW_CELL_TEXT;
	} else {
		struct aw_bytes bytes;

		memcpy(&bytes, at, sizeof(bytes));
		cell->at = bytes.at;
		cell->len = bytes.len;
		cell->kind = AW_CELL_BYTES;
	}
	if (cell->at == NULL)
		cell->kind = AW_CELL_NULL;
}

static enum aw_status
cells_of_struct(
	const struct aw_sql *sql, const void *in, struct aw_cell *cells, struct aw_error *err)
{
	for (uint32_t i = 0; i < sql->in_count; i++) {
		const struct aw_sql_field *field = &sql->ins[i];
		const unsigned char *at = (const unsigned char *)in + field->offset;

		cells[i] = (struct aw_cell){ 0 };
		if (field->type == AW_SQL_TEXT || field->type == AW_SQL_BYTES)
			cell_of_memory(field, at, &cells[i]);
		else
			cell_of_number(field, at, &cells[i]);
		if (cells[i].kind == AW_CELL_NULL && !field->nullable)
			return fail_field(sql, field, AW_INTERNAL, "must not be NULL", err);
	}
	return AW_OK;
}

static enum aw_status
number_of_cell(const struct aw_sql *sql, const struct aw_sql_field *field,
	const struct aw_cell *cell, unsigned char *at, struct aw_error *err)
{
	bool null = cell->kind == AW_CELL_NULL;
	int64_t v = null ? 0 : cell->number;

	if (!null && cell->kind != AW_CELL_INT)
		return fail_field(sql, field, AW_CORRUPT, "is not a whole number", err);
	if (field->type == AW_SQL_FLAG && v != 0 && v != 1)
		return fail_field(sql, field, AW_CORRUPT, "is neither 0 nor 1", err);
	if (field->type == AW_SQL_DAY && (v < INT32_MIN || v > INT32_MAX))
		return fail_field(sql, field, AW_CORRUPT, "is not a day", err);
	if (field->nullable) {
		struct aw_maybe maybe = { .v = v, .known = !null };
		memcpy(at, &maybe, sizeof(maybe));
	} else if (field->type == AW_SQL_DAY) {
		int32_t day = (int32_t)v;
		memcpy(at, &day, sizeof(day));
	} else if (field->type == AW_SQL_FLAG) {
		bool flag = v == 1;
		memcpy(at, &flag, sizeof(flag));
	} else {
		memcpy(at, &v, sizeof(v));
	}
	return AW_OK;
}

/* arena NULL: the value is borrowed from the cell. */
static enum aw_status
memory_of_cell(const struct aw_sql *sql, const struct aw_sql_field *field,
	const struct aw_cell *cell, struct aw_arena *arena, unsigned char *at, struct aw_error *err)
{
	bool null = cell->kind == AW_CELL_NULL;

	if (field->type == AW_SQL_TEXT) {
		const char *text = null ? NULL : cell->at;

		if (!null && cell->kind != AW_CELL_TEXT)
			return fail_field(sql, field, AW_CORRUPT, "is not text", err);
		if (!null && memchr(text, '\0', cell->len) != NULL)
			return fail_field(sql, field, AW_CORRUPT, "holds a zero byte", err);
		if (!null && arena != NULL)
			text = aw_arena_strndup(arena, text, cell->len);
		memcpy(at, &text, sizeof(text));
	} else {
		struct aw_bytes bytes = { .at = null ? NULL : cell->at,
			.len = null ? 0 : cell->len };

		if (!null && cell->kind != AW_CELL_BYTES)
			return fail_field(sql, field, AW_CORRUPT, "is not bytes", err);
		if (!null && arena != NULL)
			bytes.at = aw_arena_memdup(arena, cell->at, cell->len);
		memcpy(at, &bytes, sizeof(bytes));
	}
	return AW_OK;
}

static enum aw_status
struct_of_cells(const struct aw_sql *sql, const struct aw_cell *cells, struct aw_arena *arena,
	void *row, struct aw_error *err)
{
	for (uint32_t i = 0; i < sql->out_count; i++) {
		const struct aw_sql_field *field = &sql->outs[i];
		unsigned char *at = (unsigned char *)row + field->offset;
		enum aw_status status;

		if (cells[i].kind == AW_CELL_NULL && !field->nullable)
			return fail_field(sql, field, AW_CORRUPT, "is NULL", err);
		if (field->type == AW_SQL_TEXT || field->type == AW_SQL_BYTES)
			status = memory_of_cell(sql, field, &cells[i], arena, at, err);
		else
			status = number_of_cell(sql, field, &cells[i], at, err);
		if (status != AW_OK)
			return status;
	}
	return AW_OK;
}

/* Where rows go. Exactly one of the three forms is used: one row, an array, a callback. */
struct sink {
	const struct aw_sql *sql;
	struct aw_arena *arena;
	void *row; /* one, each */
	bool found;
	unsigned char *rows; /* many */
	size_t count, room;
	enum aw_status (*fn)(const void *row, void *arg, struct aw_error *err); /* each */
	void *arg;
};

static enum aw_status
take_none(const struct aw_cell *cells, uint32_t count, void *arg, struct aw_error *err)
{
	const struct sink *sink = arg;

	(void)cells, (void)count;
	return aw_fail(err, AW_INTERNAL, "statement %s (%s) gives rows and declares none",
		sink->sql->name, sink->sql->place);
}

static enum aw_status
take_one(const struct aw_cell *cells, uint32_t count, void *arg, struct aw_error *err)
{
	struct sink *sink = arg;

	(void)count;
	if (sink->found)
		return aw_fail(err, AW_INTERNAL, "statement %s (%s) gives more than one row",
			sink->sql->name, sink->sql->place);
	sink->found = true;
	return struct_of_cells(sink->sql, cells, sink->arena, sink->row, err);
}

static enum aw_status
take_many(const struct aw_cell *cells, uint32_t count, void *arg, struct aw_error *err)
{
	struct sink *sink = arg;
	size_t size = sink->sql->row_size;

	(void)count;
	if (sink->count == sink->room)
		sink->rows = aw_arena_grow(sink->arena, sink->rows, sink->count, &sink->room, size);
	if (struct_of_cells(sink->sql, cells, sink->arena, sink->rows + sink->count * size, err) !=
		AW_OK)
		return err->status;
	sink->count++;
	return AW_OK;
}

static enum aw_status
take_each(const struct aw_cell *cells, uint32_t count, void *arg, struct aw_error *err)
{
	struct sink *sink = arg;

	(void)count;
	if (struct_of_cells(sink->sql, cells, NULL, sink->row, err) != AW_OK)
		return err->status;
	return sink->fn(sink->row, sink->arg, err);
}

static enum aw_status
run(struct aw_tx *tx, const void *in, aw_cells_fn *fn, struct sink *sink, int64_t *ret_changed,
	struct aw_error *err)
{
	struct aw_cell ins[AW_SQL_FIELDS_MAX];

	if (cells_of_struct(sink->sql, in, ins, err) != AW_OK)
		return err->status;
	return tx->conn->engine->run(tx->conn, sink->sql, ins, fn, sink, ret_changed, err);
}

enum aw_status
aw_sql_exec(struct aw_tx *tx, const struct aw_sql *sql, const void *in, int64_t *ret_changed,
	struct aw_error *err)
{
	struct sink sink = { .sql = sql };

	return run(tx, in, take_none, &sink, ret_changed, err);
}

enum aw_status
aw_sql_one(struct aw_tx *tx, const struct aw_sql *sql, const void *in, struct aw_arena *arena,
	void *ret_row, bool *ret_found, struct aw_error *err)
{
	struct sink sink = { .sql = sql, .arena = arena };

	sink.row = aw_arena_alloc(arena, sql->row_size);
	if (run(tx, in, take_one, &sink, NULL, err) != AW_OK)
		return err->status;
	if (sink.found)
		memcpy(ret_row, sink.row, sql->row_size);
	*ret_found = sink.found;
	return AW_OK;
}

enum aw_status
aw_sql_many(struct aw_tx *tx, const struct aw_sql *sql, const void *in, struct aw_arena *arena,
	void **ret_rows, size_t *ret_count, struct aw_error *err)
{
	struct sink sink = { .sql = sql, .arena = arena };

	if (run(tx, in, take_many, &sink, NULL, err) != AW_OK)
		return err->status;
	*ret_rows = sink.rows;
	*ret_count = sink.count;
	return AW_OK;
}

enum aw_status
aw_sql_each(struct aw_tx *tx, const struct aw_sql *sql, const void *in, void *row,
	enum aw_status (*fn)(const void *row, void *arg, struct aw_error *err), void *arg,
	struct aw_error *err)
{
	struct sink sink = { .sql = sql, .row = row, .fn = fn, .arg = arg };

	return run(tx, in, take_each, &sink, NULL, err);
}
