/**
 * city/person/row - one row of an extract, read by its register's mapping.
 * Layer: city, inner to the room person.  Threads: plain data.  Example: tests/city/person/test_register.c
 */
#ifndef AW_CITY_PERSON_ROW_H
#define AW_CITY_PERSON_ROW_H

#include "city/person/mapping.h"
#include "text/csv.h"

/* Which column of the file is which column of the mapping. */
struct aw_row_header {
	const struct aw_register_map *map;
	const struct aw_map_column *columns[AW_CSV_FIELD_LIMIT]; /* NULL: not ours, passed over */
	size_t count;
};

/** Reads the header. Errors: AW_INVALID names the columns that are missing or stand twice. */
AW_MUST_CHECK enum aw_status aw_row_header_read(const struct aw_register_map *map, const char *file,
	const struct aw_csv_row *row, struct aw_row_header *ret_header, struct aw_error *err);

struct aw_register_row {
	struct aw_identity identity;
	const char *source_id;
	const char *status; /* open, past; NULL for the base */
	const char *unit;   /* code where it is known, else as written; NULL */
	struct aw_maybe from_day, to_day, extract_day;
	const char *household_no, *role, *village; /* of the base */
	const char *text; /* every field by our name, JSON with sorted keys: what is sealed */
};

/** Reads one row into the arena. False when it cannot be taken: *ret_reason then names the field and
 *  what is wrong with it, without what stood there. */
bool aw_register_row_read(struct aw_arena *arena, const struct aw_policy *policy,
	const struct aw_row_header *header, const struct aw_csv_row *row,
	struct aw_register_row *ret_row, const char **ret_reason);

/** Who a row is about, from the JSON it was kept as. Columns that the mapping has not any more are
 *  passed over. */
void aw_register_row_identity(struct aw_arena *arena, const struct aw_register_map *map,
	const json_t *row, struct aw_identity *ret_identity);

#endif
