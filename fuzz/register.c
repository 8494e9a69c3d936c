/* fuzz/register - any bytes as an agency's extract: the first byte names the register, the next says
 * whether the header is the file's own or the mapping's. */
#include <string.h>

#include "city/person/row.h"
#include "keelung.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct aw_registers *
registers(void)
{
	static struct aw_arena arena;
	static struct aw_registers all;
	struct aw_mistakes mistakes = { .arena = &arena };

	if (all.count == 0)
		aw_registers_read(keelung(), &arena, &mistakes, &all);
	if (all.count == 0 || mistakes.count > 0)
		abort();
	return &all;
}

static struct aw_str
with_header(struct aw_arena *arena, const struct aw_register_map *map, struct aw_str rows)
{
	struct aw_buf buf = { .arena = arena };

	for (size_t i = 0; i < map->column_count; i++)
		aw_csv_put(&buf, map->columns[i].column, i == 0);
	aw_buf_char(&buf, '\n');
	aw_buf_str(&buf, rows);
	return (struct aw_str){ buf.at, buf.len };
}

static void
read_row(struct aw_arena *arena, const struct aw_row_header *header, const struct aw_csv_row *row)
{
	struct aw_register_row read;
	struct aw_error err = { 0 };
	AW_SCOPED(json, json_t *) text = NULL;
	const char *reason = NULL;

	if (!aw_register_row_read(arena, keelung(), header, row, &read, &reason)) {
		if (reason == NULL)
			abort();
		return;
	}
	if (aw_json_parse(aw_str(read.text), NULL, &text, &err) != AW_OK)
		abort();
	(void)aw_identity_pack(arena, &read.identity);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct aw_registers *all = registers();
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_register_map *map;
	struct aw_row_header header;
	struct aw_csv csv = { 0 };
	struct aw_error err = { 0 };
	struct aw_csv_row row;
	bool more = true;

	if (size < 2 || size > 8192)
		return 0;
	map = &all->at[data[0] % all->count];
	csv.text = (struct aw_str){ (const char *)data + 2, size - 2 };
	if (data[1] % 2 == 0)
		csv.text = with_header(&arena, map, csv.text);
	if (!aw_utf8_valid(csv.text) || aw_csv_next(&csv, &arena, &row, &more, &err) != AW_OK ||
		!more || aw_row_header_read(map, "fuzz", &row, &header, &err) != AW_OK)
		return 0;
	while (more) {
		if (aw_csv_next(&csv, &arena, &row, &more, &err) != AW_OK)
			(void)aw_csv_skip(&csv);
		else if (more && !row.blank)
			read_row(&arena, &header, &row);
	}
	return 0;
}
