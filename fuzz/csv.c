/* fuzz/csv - any bytes as a table: decoded, unpacked, read row by row, skipping what is bad. */
#include <stdlib.h>

#include "text/csv.h"
#include "text/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
		size_t before = csv.at;

		if (rows > size * 8 + 16)
			abort(); /* no end */
		if (aw_csv_next(&csv, &arena, &row, &more, &err) == AW_OK)
			continue;
		(void)aw_csv_skip(&csv);
		if (csv.at <= before && before < csv.text.len)
			abort(); /* stands still */
	}
	return 0;
}
