/**
 * link/table - a table read by stream: each value normalised by its type and known by a number.
 * Layer: link.  Threads: plain data once it is read; reading uses several (base/parallel.h).
 * Example: tests/link/test_batch.c
 *
 * A value's number (0 = missing) is the same in every row that holds it, left or right, so equality is
 * equality of numbers, how often it occurs is known for nothing, and what is worked out for a value
 * (its Han name, its day, its parts of an address) is worked out once. Rows keep the numbers of their
 * fields beside each other. The text as it came is given up after reading; ids are kept.
 */
#ifndef AW_LINK_TABLE_H
#define AW_LINK_TABLE_H

#include "link/dict.h"
#include "link/form.h"
#include "link/kernel.h"
#include "link/spec.h"

struct aw_column {
	const char *name;
	enum aw_field_type type;
	uint32_t count; /* distinct values; their numbers are 1 to count */
	/* Normalised texts: offset << 16 | wide << 15 | units */
	uint64_t *at;
	char *store;
	uint32_t *frequency;	    /* rows that hold the value; [0]: rows without */
	struct aw_link_form *forms; /* by number, for types that have parts; else NULL */
	uint32_t *numbers;	    /* of each row, until aw_table_keep_fields() */
};

struct aw_input {
	struct aw_str text; /* CSV with a header; UTF-8. Borrowed while reading */
	const char *file;   /* for errors */
};

struct aw_table {
	size_t rows, left_rows;	   /* right rows stand behind the left ones */
	struct aw_column *columns; /* the spec's fields first, in its order */
	size_t column_count, field_count;
	uint32_t *cells;       /* rows x field_count */
	struct aw_dict ids[2]; /* row r of a side has number r + 1 */
	uint32_t *sources;     /* number of the source's value in `source`; NULL = the side */
	size_t uneven_rows;    /* rows with more or fewer values than the header */
	uint32_t uneven_line;  /* the first of them, and */
	int uneven_side;       /* where */
};

static inline struct aw_units
aw_column_units(const struct aw_column *column, uint32_t value)
{
	uint64_t at = column->at[value];

	return (struct aw_units){ column->store + (at >> 16), (uint32_t)(at & 0x7fff),
		(at & 0x8000) != 0 };
}

static inline const uint32_t *
aw_table_row(const struct aw_table *table, size_t row)
{
	return table->cells + row * table->field_count;
}

/** Reads one or two inputs (right.text.at NULL: none). Columns: the spec's fields, then what only its
 *  blocks name. Errors: AW_INVALID with file and line: no header, no rows, a column that is not
 *  there or there twice, an id that is empty or there twice, a text that is no CSV; AW_TOO_LARGE. */
AW_MUST_CHECK enum aw_status aw_table_read(const struct aw_link_spec *spec, struct aw_input left,
	struct aw_input right, size_t threads, struct aw_table *ret_table, struct aw_error *err);
/** Gives up each column's own numbers, when keys have been made of them; `cells` stay. */
void aw_table_keep_fields(struct aw_table *table);
void aw_table_done(struct aw_table *table);

/** Id of a row, as it came (blanks around it cut off). Borrowed. */
struct aw_str aw_table_id(const struct aw_table *table, size_t row);
/** Column of that name, or NULL. */
const struct aw_column *aw_table_column(const struct aw_table *table, const char *name);
/** A value's normalised text. In the arena. */
struct aw_str
aw_column_text(const struct aw_column *column, uint32_t value, struct aw_arena *arena);

/** Rows of two ids that people decided about; false when one of them is in no table. The ids' dictionaries
 *  must have been indexed. */
bool aw_table_decided(const struct aw_table *table, const struct aw_spec_decision *decision,
	uint32_t *ret_left, uint32_t *ret_right);

#endif
