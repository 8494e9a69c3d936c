/* A backup's records, made and read. */
#include "db/backup_row.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/schema.h"

#define ROW_MOST                                                                                   \
	((size_t)256 << 20) /* bytes of a row's texts: a release is the largest, a few MB */
#define NAME_MOST 64

/* -- writing ------------------------------------------------------------------------------------ */

static void
put_number(struct aw_buf *buf, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		aw_buf_char(buf, (char)(uint8_t)(number | 0x80));
	aw_buf_char(buf, (char)(uint8_t)number);
}

static void
put_signed(struct aw_buf *buf, int64_t number)
{
	uint64_t bits = (uint64_t)number;

	put_number(buf, bits << 1 ^ (number < 0 ? UINT64_MAX : 0));
}

static void
put_bytes(struct aw_buf *buf, const void *at, size_t len)
{
	put_number(buf, len);
	if (len > 0)
		aw_buf_add(buf, at, len);
}

void
aw_record_begin(struct aw_buf *buf, int64_t log_size, const char *note)
{
	aw_buf_char(buf, 'B');
	put_signed(buf, log_size);
	put_bytes(buf, note, strlen(note));
}

void
aw_record_table(struct aw_buf *buf, const struct aw_table *table)
{
	aw_buf_char(buf, 'T');
	put_bytes(buf, table->name, strlen(table->name));
	put_number(buf, table->column_count);
	for (uint32_t i = 0; i < table->column_count; i++) {
		const struct aw_sql_field *column = &table->columns[i];

		put_bytes(buf, column->name, strlen(column->name));
		aw_buf_char(buf, (char)column->type);
		aw_buf_char(buf, column->nullable ? 1 : 0);
	}
}

static enum aw_cell_kind
kind_of(enum aw_sql_type type)
{
	if (type == AW_SQL_TEXT)
		return AW_CELL_TEXT;
	return type == AW_SQL_BYTES ? AW_CELL_BYTES : AW_CELL_INT;
}

enum aw_status
aw_record_row(struct aw_buf *buf, const struct aw_table *table, const struct aw_cell *cells,
	struct aw_error *err)
{
	uint8_t nulls[AW_SQL_FIELDS_MAX / 8] = { 0 };

	aw_buf_char(buf, 'R');
	for (uint32_t i = 0; i < table->column_count; i++) {
		const struct aw_sql_field *column = &table->columns[i];
		bool null = cells[i].kind == AW_CELL_NULL;

		if (null ? !column->nullable : cells[i].kind != kind_of(column->type))
			return aw_fail(err, AW_CORRUPT,
				"%s.%s holds what the schema does not allow", table->name,
				column->name);
		if (null)
			nulls[i / 8] = (uint8_t)(nulls[i / 8] | 1u << i % 8);
	}
	aw_buf_add(buf, (const char *)nulls, (table->column_count + 7) / 8);
	for (uint32_t i = 0; i < table->column_count; i++) {
		if (cells[i].kind == AW_CELL_INT)
			put_signed(buf, cells[i].number);
		else if (cells[i].kind != AW_CELL_NULL)
			put_bytes(buf, cells[i].at, cells[i].len);
	}
	return AW_OK;
}

void
aw_record_table_end(struct aw_buf *buf, int64_t rows)
{
	aw_buf_char(buf, 'E');
	put_signed(buf, rows);
}

void
aw_record_end(struct aw_buf *buf, int64_t tables, int64_t rows)
{
	aw_buf_char(buf, 'Z');
	put_signed(buf, tables);
	put_signed(buf, rows);
}

/* -- reading ------------------------------------------------------------------------------------ */

void
aw_backup_reader_done(struct aw_backup_reader *reader)
{
	free(reader->scratch);
	reader->scratch = NULL;
	sodium_memzero(&reader->in, sizeof(reader->in));
}

static enum aw_status
bad(struct aw_error *err, const char *what)
{
	return aw_fail(err, AW_CORRUPT, "the backup is not of the form it names: %s", what);
}

static enum aw_status
take_byte(struct aw_backup_reader *reader, uint8_t *ret_byte, struct aw_error *err)
{
	return aw_seal_in_take(&reader->in, ret_byte, 1, err);
}

static enum aw_status
take_number(struct aw_backup_reader *reader, uint64_t *ret_number, struct aw_error *err)
{
	uint64_t number = 0;
	uint8_t byte = 0x80;

	for (unsigned shift = 0; (byte & 0x80) != 0; shift += 7) {
		if (take_byte(reader, &byte, err) != AW_OK)
			return err->status;
		if (shift > 63 || (shift == 63 && byte > 1))
			return bad(err, "a number is too large");
		number |= (uint64_t)(byte & 0x7f) << shift;
	}
	*ret_number = number;
	return AW_OK;
}

static enum aw_status
take_signed(struct aw_backup_reader *reader, int64_t *ret_number, struct aw_error *err)
{
	uint64_t bits = 0;

	if (take_number(reader, &bits, err) != AW_OK)
		return err->status;
	*ret_number = (int64_t)(bits >> 1 ^ ((bits & 1) != 0 ? UINT64_MAX : 0));
	return AW_OK;
}

/* Room for more of the row. It grows with what comes, not with what a length claims. */
static uint8_t *
make_room(struct aw_backup_reader *reader, size_t more)
{
	if (reader->room - reader->used < more) {
		size_t room = reader->room == 0 ? 4096 : reader->room;

		while (room - reader->used < more)
			room *= 2;
		reader->scratch = realloc(reader->scratch, room);
		if (reader->scratch == NULL)
			aw_die("no memory left for a row of the backup");
		reader->room = room;
	}
	return reader->scratch + reader->used;
}

/* A text or bytes into the scratch, with a zero byte behind; its place is an offset, for the scratch
 * may still move. */
static enum aw_status
take_bytes(struct aw_backup_reader *reader, size_t most, size_t *ret_at, size_t *ret_len,
	struct aw_error *err)
{
	uint64_t len = 0;
	size_t at = reader->used;

	if (take_number(reader, &len, err) != AW_OK)
		return err->status;
	if (len > most || reader->used > ROW_MOST)
		return bad(err, "a value is too long");
	for (size_t left = (size_t)len, piece; left > 0; left -= piece) {
		piece = left < AW_BACKUP_CHUNK ? left : AW_BACKUP_CHUNK;
		if (aw_seal_in_take(&reader->in, make_room(reader, piece), piece, err) != AW_OK)
			return err->status;
		reader->used += piece;
	}
	*make_room(reader, 1) = 0;
	reader->used++;
	*ret_at = at;
	*ret_len = (size_t)len;
	return AW_OK;
}

/* A name of the program's own must follow. */
static enum aw_status
expect_name(struct aw_backup_reader *reader, const char *name, struct aw_error *err)
{
	size_t at = 0, len = 0;

	reader->used = 0;
	if (take_bytes(reader, NAME_MOST, &at, &len, err) != AW_OK)
		return err->status;
	if (len != strlen(name) || memcmp(reader->scratch + at, name, len) != 0)
		return aw_fail(err, AW_CORRUPT,
			"the backup is not of the form it names: \"%s\" is missing", name);
	return AW_OK;
}

static enum aw_status
expect_byte(struct aw_backup_reader *reader, uint8_t expected, struct aw_error *err)
{
	uint8_t byte = 0;

	if (take_byte(reader, &byte, err) != AW_OK)
		return err->status;
	return byte == expected ? AW_OK : bad(err, "a column is of another type");
}

static void
skip_to_table(struct aw_backup_reader *reader)
{
	while (reader->next < aw_table_count &&
		!aw_table_in(&aw_tables[reader->next], reader->info.schema))
		reader->next++;
}

static enum aw_status
read_table(struct aw_backup_reader *reader, struct aw_error *err)
{
	const struct aw_table *table = &aw_tables[reader->next];
	struct aw_backup_table *counted;
	uint64_t count = 0;

	if (reader->next == aw_table_count)
		return bad(err, "there are more tables than the schema has");
	if (expect_name(reader, table->name, err) != AW_OK ||
		take_number(reader, &count, err) != AW_OK)
		return err->status;
	if (count != table->column_count)
		return bad(err, "a table has another number of columns");
	for (uint32_t i = 0; i < table->column_count; i++) {
		if (expect_name(reader, table->columns[i].name, err) != AW_OK ||
			expect_byte(reader, (uint8_t)table->columns[i].type, err) != AW_OK ||
			expect_byte(reader, table->columns[i].nullable ? 1 : 0, err) != AW_OK)
			return err->status;
	}
	counted = &reader->info.tables[reader->info.table_count++];
	counted->name = table->name;
	reader->table = table;
	reader->next++;
	skip_to_table(reader);
	return AW_OK;
}

static enum aw_status
read_cell(struct aw_backup_reader *reader, const struct aw_sql_field *column, struct aw_cell *cell,
	size_t *ret_at, struct aw_error *err)
{
	cell->kind = kind_of(column->type);
	if (cell->kind == AW_CELL_INT)
		return take_signed(reader, &cell->number, err);
	if (take_bytes(reader, ROW_MOST, ret_at, &cell->len, err) != AW_OK)
		return err->status;
	if (cell->kind == AW_CELL_TEXT) {
		struct aw_str text = { (const char *)reader->scratch + *ret_at, cell->len };

		if (!aw_utf8_valid(text) || memchr(text.at, 0, text.len) != NULL)
			return bad(err, "a text is not UTF-8");
	}
	return AW_OK;
}

static enum aw_status
read_row(struct aw_backup_reader *reader, struct aw_error *err)
{
	const struct aw_table *table = reader->table;
	uint8_t nulls[AW_SQL_FIELDS_MAX / 8];
	size_t at[AW_SQL_FIELDS_MAX] = { 0 };

	if (table == NULL)
		return bad(err, "a row stands outside a table");
	if (aw_seal_in_take(&reader->in, nulls, (table->column_count + 7) / 8, err) != AW_OK)
		return err->status;
	reader->used = 0;
	for (uint32_t i = 0; i < table->column_count; i++) {
		struct aw_cell *cell = &reader->cells[i];

		*cell = (struct aw_cell){ .kind = AW_CELL_NULL };
		if ((nulls[i / 8] >> i % 8 & 1) == 0) {
			if (read_cell(reader, &table->columns[i], cell, &at[i], err) != AW_OK)
				return err->status;
		} else if (!table->columns[i].nullable)
			return bad(err, "a value is missing");
	}
	for (uint32_t i = 0; i < table->column_count; i++) {
		if (reader->cells[i].kind == AW_CELL_TEXT || reader->cells[i].kind == AW_CELL_BYTES)
			reader->cells[i].at = reader->scratch + at[i];
	}
	reader->info.tables[reader->info.table_count - 1].rows++;
	reader->info.rows++;
	return AW_OK;
}

static enum aw_status
read_table_end(struct aw_backup_reader *reader, struct aw_error *err)
{
	int64_t rows = 0;

	if (reader->table == NULL)
		return bad(err, "a table ends that did not begin");
	if (take_signed(reader, &rows, err) != AW_OK)
		return err->status;
	if (rows != reader->info.tables[reader->info.table_count - 1].rows)
		return bad(err, "a table has another number of rows");
	return AW_OK;
}

static enum aw_status
read_end(struct aw_backup_reader *reader, struct aw_error *err)
{
	int64_t tables = 0, rows = 0;

	if (take_signed(reader, &tables, err) != AW_OK || take_signed(reader, &rows, err) != AW_OK)
		return err->status;
	if (reader->next != aw_table_count || tables != (int64_t)reader->info.table_count ||
		rows != reader->info.rows)
		return bad(err, "a table is missing");
	if (aw_seal_in_end(&reader->in, err) != AW_OK)
		return err->status;
	reader->info.bytes = reader->in.bytes;
	return AW_OK;
}

enum aw_status
aw_backup_reader_begin(struct aw_backup_reader *reader, const struct aw_backup_source *source,
	const uint8_t *root, struct aw_arena *arena, struct aw_error *err)
{
	struct aw_preamble preamble;
	size_t at = 0, len = 0;
	uint8_t kind = 0;

	*reader = (struct aw_backup_reader){ .arena = arena };
	if (aw_seal_in_begin(&reader->in, source, root, &preamble, err) != AW_OK)
		return err->status;
	if (preamble.schema < 1 || preamble.schema > (int64_t)aw_migration_count)
		return aw_fail(err, AW_CONFLICT,
			"this backup has schema %" PRId64
			" and this program knows %zu: use a newer program",
			preamble.schema, aw_migration_count);
	reader->info.demo = preamble.demo;
	reader->info.schema = preamble.schema;
	reader->info.made_at = preamble.made_at;
	memcpy(reader->info.deployment, preamble.deployment, sizeof(preamble.deployment));
	reader->info.tables = aw_arena_array(arena, aw_table_count, sizeof(*reader->info.tables));
	skip_to_table(reader);
	if (take_byte(reader, &kind, err) != AW_OK)
		return err->status;
	if (kind != 'B')
		return bad(err, "its first record is another one");
	if (take_signed(reader, &reader->info.log_size, err) != AW_OK ||
		take_bytes(reader, AW_BACKUP_CHUNK, &at, &len, err) != AW_OK)
		return err->status;
	reader->info.note = aw_arena_strndup(arena, (const char *)reader->scratch + at, len);
	return AW_OK;
}

enum aw_status
aw_backup_reader_next(
	struct aw_backup_reader *reader, enum aw_record *ret_record, struct aw_error *err)
{
	uint8_t kind = 0;
	enum aw_status status;

	if (take_byte(reader, &kind, err) != AW_OK)
		return err->status;
	if (kind == 'R') {
		status = read_row(reader, err);
		*ret_record = AW_RECORD_ROW;
	} else if (kind == 'T' && reader->table == NULL) {
		status = read_table(reader, err);
		*ret_record = AW_RECORD_TABLE;
	} else if (kind == 'E') {
		status = read_table_end(reader, err);
		reader->table = NULL;
		*ret_record = AW_RECORD_TABLE_END;
	} else if (kind == 'Z' && reader->table == NULL) {
		status = read_end(reader, err);
		*ret_record = AW_RECORD_END;
	} else {
		status = bad(err, "a record is of no known kind");
	}
	return status;
}
