/* fuzz/backup - any bytes as a backup's file, and, sealed truly, as the records inside one. */
#include <stdlib.h>
#include <string.h>

#include "db/backup_row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t root[AW_CRYPT_KEY] = { 4, 7, 0, 1 };

/* 200 KB each: not made anew for every input */
static struct aw_backup_reader reader;
static struct aw_seal_out out;
static volatile size_t seen; /* so that no look at a cell is left out */

struct memory {
	uint8_t *at;
	size_t len, room, pos;
};

static enum aw_status
put(void *arg, const void *data, size_t len, struct aw_error *err)
{
	struct memory *m = arg;

	(void)err;
	if (m->len + len > m->room) {
		m->room = (m->len + len) * 2;
		m->at = realloc(m->at, m->room);
		if (m->at == NULL)
			abort();
	}
	memcpy(m->at + m->len, data, len);
	m->len += len;
	return AW_OK;
}

static enum aw_status
get(void *arg, void *data, size_t len, size_t *ret_got, struct aw_error *err)
{
	struct memory *m = arg;

	(void)err;
	*ret_got = m->len - m->pos < len ? m->len - m->pos : len;
	if (*ret_got > 0)
		memcpy(data, m->at + m->pos, *ret_got);
	m->pos += *ret_got;
	return AW_OK;
}

static enum aw_status
to_start(void *arg, struct aw_error *err)
{
	(void)err;
	((struct memory *)arg)->pos = 0;
	return AW_OK;
}

/* Reads as far as it goes; every cell that comes out is looked at. */
static bool
read_all(struct memory *m)
{
	struct aw_backup_source source = { get, to_start, m };
	struct aw_arena arena = { 0 };
	struct aw_error err = { 0 };
	enum aw_record record = AW_RECORD_TABLE;
	enum aw_status status;

	status = aw_backup_reader_begin(&reader, &source, root, &arena, &err);
	while (status == AW_OK && record != AW_RECORD_END) {
		status = aw_backup_reader_next(&reader, &record, &err);
		for (uint32_t i = 0; status == AW_OK && record == AW_RECORD_ROW &&
				     i < reader.table->column_count;
			i++) {
			const struct aw_cell *cell = &reader.cells[i];

			if (cell->kind == AW_CELL_TEXT)
				seen += strlen(cell->at);
			else if (cell->kind == AW_CELL_BYTES && cell->len > 0)
				seen += ((const uint8_t *)cell->at)[cell->len - 1];
		}
	}
	aw_backup_reader_done(&reader);
	aw_arena_done(&arena);
	return status == AW_OK;
}

/* A stream of that schema around the records. */
static void
seal_records(struct memory *m, int64_t schema, const void *data, size_t size)
{
	struct aw_preamble preamble = { .schema = schema, .made_at = 1 };
	struct aw_backup_sink sink = { put, m };
	struct aw_error err = { 0 };

	m->len = m->pos = 0;
	memset(preamble.deployment, 'f', 32);
	if (aw_seal_out_begin(&out, &sink, &preamble, root, &err) != AW_OK ||
		aw_seal_out_put(&out, data, size, &err) != AW_OK ||
		aw_seal_out_end(&out, &err) != AW_OK)
		abort();
}

/* The records of a whole backup of the first schema, with a row in every table. */
static void
make_sound(struct aw_buf *buf)
{
	struct aw_cell cells[AW_SQL_FIELDS_MAX];
	struct aw_error err = { 0 };
	int64_t tables = 0;

	aw_record_begin(buf, 3, "a note\n");
	for (size_t i = 0; i < aw_table_count; i++) {
		const struct aw_table *table = &aw_tables[i];

		if (!aw_table_in(table, 1))
			continue;
		aw_record_table(buf, table);
		for (uint32_t k = 0; k < table->column_count; k++) {
			cells[k] = (struct aw_cell){ .kind = AW_CELL_INT, .number = -300 };
			if (table->columns[k].nullable)
				cells[k].kind = AW_CELL_NULL;
			else if (table->columns[k].type == AW_SQL_TEXT)
				cells[k] = (struct aw_cell){
					.kind = AW_CELL_TEXT, .at = "x", .len = 1
				};
			else if (table->columns[k].type == AW_SQL_BYTES)
				cells[k] = (struct aw_cell){
					.kind = AW_CELL_BYTES, .at = "", .len = 0
				};
		}
		if (aw_record_row(buf, table, cells, &err) != AW_OK)
			abort();
		aw_record_table_end(buf, 1);
		tables++;
	}
	aw_record_end(buf, tables, tables);
}

/* Bytes at places, three input bytes each. */
static void
edit(uint8_t *at, size_t len, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i + 2 < size && i < 24; i += 3)
		at[((size_t)data[i] << 8 | data[i + 1]) % len] ^= data[i + 2];
}

/* As it is it reads; edited inside it may not harm; with a bit of its file changed it must not read. */
static void
edit_a_sound_one(struct memory *m, const uint8_t *data, size_t size)
{
	struct aw_arena arena = { 0 };
	struct aw_buf buf = { .arena = &arena };
	uint8_t *records;

	make_sound(&buf);
	seal_records(m, 1, buf.at, buf.len);
	if (!read_all(m))
		abort();
	m->pos = 0;
	m->at[((size_t)data[0] << 8 | data[1]) % m->len] ^= (uint8_t)(1u << data[2] % 8);
	if (read_all(m))
		abort();
	records = aw_arena_memdup(&arena, buf.at, buf.len);
	edit(records, buf.len, data, size);
	seal_records(m, 1 + data[0] % 3, records, buf.len);
	(void)read_all(m);
	aw_arena_done(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory m = { 0 };
	struct aw_error err = { 0 };

	if (size < 4 || sodium_init() < 0)
		return 0;
	if (data[0] % 4 == 0) {
		(void)put(&m, data + 1, size - 1, &err);
		(void)read_all(&m);
	} else if (data[0] % 4 == 1) {
		seal_records(&m, data[1] % 8, data + 2, size - 2);
		(void)read_all(&m);
	} else {
		edit_a_sound_one(&m, data + 1, size - 1);
	}
	free(m.at);
	return 0;
}
