/**
 * db/backup_row - what stands inside a backup's frames: records.
 * Layer: db, inside it alone.  Threads: a reader belongs to one.  Example: tests/db/test_backup.c
 *
 *   'B' size of the log, its newest note                     once, first
 *   'T' name, number of columns, each column's name, type, may-be-NULL
 *   'R' a bit a column (1 = NULL), then the other cells: numbers zigzag, texts and bytes with length
 *   'E' number of rows since 'T'
 *   'Z' number of tables, of rows                             once, last
 *
 * Numbers are LEB128. Every table of the schema stands in it, in the order of db/tables.h, with the
 * columns that it has there: anything else is AW_CORRUPT.
 */
#ifndef AW_DB_BACKUP_ROW_H
#define AW_DB_BACKUP_ROW_H

#include "db/backup_stream.h"
#include "db/engine.h"
#include "db/tables.h"

enum aw_record { AW_RECORD_TABLE, AW_RECORD_ROW, AW_RECORD_TABLE_END, AW_RECORD_END };

/** A record's bytes, at the end of buf. */
void aw_record_begin(struct aw_buf *buf, int64_t log_size, const char *note);
void aw_record_table(struct aw_buf *buf, const struct aw_table *table);
/** AW_CORRUPT when a cell is not of its column's type. */
AW_MUST_CHECK enum aw_status aw_record_row(struct aw_buf *buf, const struct aw_table *table,
	const struct aw_cell *cells, struct aw_error *err);
void aw_record_table_end(struct aw_buf *buf, int64_t rows);
void aw_record_end(struct aw_buf *buf, int64_t tables, int64_t rows);

struct aw_backup_reader {
	struct aw_seal_in in;
	struct aw_arena *arena; /* of info */
	struct aw_backup_info info;
	const struct aw_table *table; /* that the records are about */
	size_t next;		      /* position in aw_tables */
	struct aw_cell cells[AW_SQL_FIELDS_MAX];
	uint8_t *scratch; /* of the row's texts and bytes */
	size_t used, room;
};
void aw_backup_reader_done(struct aw_backup_reader *reader);

/** Opens a stream and reads its first record. root: 32 bytes. */
AW_MUST_CHECK enum aw_status
aw_backup_reader_begin(struct aw_backup_reader *reader, const struct aw_backup_source *source,
	const uint8_t *root, struct aw_arena *arena, struct aw_error *err);
/** The next record; a row is in reader->cells until the next call. AW_RECORD_END comes behind the
 *  proved end of the stream, with info whole. */
AW_MUST_CHECK enum aw_status aw_backup_reader_next(
	struct aw_backup_reader *reader, enum aw_record *ret_record, struct aw_error *err);

#endif
