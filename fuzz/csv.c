/* fuzz/csv - any bytes as a table: decoded, unpacked, read row by row, skipping what is bad. */
#include <stdlib.h>

#include "text/csv.h"
#include "text/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the reader of plain rows reads is what the other one does. */
static void
check_plain(const struct aw_csv *before, const struct aw_csv *after, const struct aw_csv_row *row)
{
	struct aw_str fields[AW_CSV_FIELD_LIMIT];
	struct aw_csv csv = *before;
	struct aw_csv_row plain;

	if (!aw_csv_plain(&csv, fields, &plain))
		return;
	if (row == NULL || csv.at != after->at || csv.line != after->line || plain.blank ||
		plain.line != row->line || plain.count != row->count ||
		!aw_str_eq(plain.whole, row->whole))
		abort();
	for (size_t i = 0; i < plain.count; i++)
		if (!aw_str_eq(plain.fields[i], row->fields[i]))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_str bytes = { (const char *)data, size }, table, text;
	struct aw_error err = { 0 };
	struct aw_csv csv = { 0 };
	const char *encoding;
	bool more = true;

	if (aw_table_text(&arena, bytes, "x", &table, &err) != AW_OK ||
		aw_text_decode(&arena, table, &text, &encoding, &err) != AW_OK)
		return 0;
	csv.text = text;
	for (size_t rows = 0; more; rows++) {
		struct aw_csv_row row;
		struct aw_csv before = csv;

		if (rows > size * 8 + 16)
			abort(); /* no end */
		if (aw_csv_next(&csv, &arena, &row, &more, &err) == AW_OK) {
			check_plain(&before, &csv, more ? &row : NULL);
			continue;
		}
		check_plain(&before, &csv, NULL);
		(void)aw_csv_skip(&csv);
		if (csv.at <= before.at && before.at < csv.text.len)
			abort(); /* stands still */
	}
	return 0;
}
