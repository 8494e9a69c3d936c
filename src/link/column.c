/* A column's texts become values. */
#include "link/column.h"

#include <string.h>

#include "link/room.h"
#include "link/value.h"

enum { NORMAL_BATCH = 1024 };

/* The dictionary's texts as units: its own bytes where all are ASCII. */
static void
make_units(struct aw_column *column, struct aw_dict *dict)
{
	size_t size = 0, room = 0;

	column->at = aw_room_new((size_t)dict->count + 1, sizeof(*column->at));
	for (uint32_t v = 1; v <= dict->count; v++) {
		struct aw_str text = aw_dict_text(dict, v);
		size_t points = aw_utf8_count(text);
		bool wide = points != text.len;
		uint64_t count = points < AW_UNITS_LIMIT ? points : AW_UNITS_LIMIT;

		size = wide ? (size + 3) / 4 * 4 : size;
		column->at[v] = (uint64_t)size << 16 | (wide ? 0x8000u : 0) | count;
		column->store = aw_room(
			column->store, size + count * sizeof(uint32_t) + AW_UNITS_PAD, &room, 1);
		if (wide) {
			for (size_t pos = 0, i = 0; i < count; i++, size += sizeof(uint32_t)) {
				uint32_t c = aw_utf8_next(text, &pos);

				memcpy(column->store + size, &c, sizeof(c));
			}
		} else {
			memcpy(column->store + size, text.at, count);
			size += count;
		}
	}
	if (column->store == NULL)
		column->store = aw_room(NULL, AW_UNITS_PAD, &room, 1);
	memset(column->store + size, 0, AW_UNITS_PAD);
	column->count = dict->count;
}

/* Normalises raw text n: its text, and its form where the type has one. */
static struct aw_str
read_value(struct aw_column *column, const struct aw_dict *raw, uint32_t n, struct aw_arena *arena,
	struct aw_link_form *ret_form)
{
	struct aw_str text;

	if (n % NORMAL_BATCH == 0)
		aw_arena_done(arena);
	aw_value_read(arena, column->type, aw_dict_text(raw, n), &text, ret_form);
	return text;
}

/* Are all texts normal as they came? Then their dictionary is the values' own. */
static bool
all_normal(struct aw_column *column, const struct aw_dict *raw)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_link_form form;

	for (uint32_t n = 1; n <= raw->count && !aw_value_has_form(column->type); n++)
		if (!aw_str_eq(read_value(column, raw, n, &arena, &form), aw_dict_text(raw, n)))
			return false;
	return !aw_value_has_form(column->type);
}

/* Number of the normalised value of each raw text. */
static uint32_t *
normalise(struct aw_column *column, const struct aw_dict *raw, struct aw_dict *values)
{
	uint32_t *map = aw_room_new((size_t)raw->count + 1, sizeof(*map));
	bool has_form = aw_value_has_form(column->type);
	struct aw_arena arena = { 0 };
	size_t form_count = 1, form_room = 0;

	if (has_form) {
		column->forms = aw_room(NULL, 1, &form_room, sizeof(*column->forms));
		column->forms[0] = (struct aw_link_form){ .birth_day = AW_BIRTH_UNKNOWN };
	}
	for (uint32_t n = 1; n <= raw->count; n++) {
		struct aw_link_form form;
		struct aw_str text = read_value(column, raw, n, &arena, &form);
		bool is_new;

		map[n] = aw_dict_put(values, text, aw_dict_hash(text), &is_new);
		if (is_new && has_form)
			*AW_ROOM_PUSH(column->forms, form_count, form_room) = form;
	}
	aw_arena_done(&arena);
	return map;
}

void
aw_column_make(struct aw_column *column, struct aw_dict *raw, size_t rows)
{
	struct aw_dict values = { 0 };
	uint32_t *map = NULL;

	if (all_normal(column, raw)) {
		values = *raw;
		*raw = (struct aw_dict){ 0 };
	} else {
		map = normalise(column, raw, &values);
		aw_dict_done(raw);
	}
	make_units(column, &values);
	aw_dict_done(&values);
	column->frequency = aw_room_new((size_t)column->count + 1, sizeof(uint32_t));
	for (size_t r = 0; map != NULL && r < rows; r++)
		column->numbers[r] = map[column->numbers[r]];
	for (size_t r = 0; r < rows; r++)
		column->frequency[column->numbers[r]]++;
	free(map);
}

struct aw_str
aw_column_text(const struct aw_column *column, uint32_t value, struct aw_arena *arena)
{
	struct aw_buf buf = { .arena = arena };
	struct aw_units units = { "", 0, false };

	if (value != 0)
		units = aw_column_units(column, value);
	for (uint32_t i = 0; i < units.count; i++)
		aw_buf_utf8(&buf, aw_unit_at(units, i));
	return (struct aw_str){ aw_buf_z(&buf), buf.len };
}
