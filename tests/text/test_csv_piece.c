/* Long CSV cut at the ends of rows: put together again, the rows are those of the whole. */
#include "text/csv_piece.h"

#include "../testing.h"

/* Every row of a text as "line:fields|..." so that two readings can be compared. */
static void
read_rows(struct aw_arena *arena, struct aw_str text, uint32_t line, struct aw_buf *out)
{
	struct aw_csv csv = { .text = text, .line = line };
	struct aw_csv_row row;
	struct aw_error err = { 0 };
	bool more = true;

	while (more) {
		uint32_t at = csv.line == 0 ? 1 : csv.line;

		if (aw_csv_next(&csv, arena, &row, &more, &err) != AW_OK) {
			aw_buf_printf(out, "%u: bad\n", at);
			(void)aw_csv_skip(&csv);
			continue;
		}
		if (!more || row.blank)
			continue;
		aw_buf_printf(out, "%u:", row.line);
		for (size_t i = 0; i < row.count; i++)
			aw_buf_printf(out, "%.*s|", (int)row.fields[i].len, row.fields[i].at);
		aw_buf_char(out, '\n');
	}
}

static const char *
by_pieces(struct aw_arena *arena, struct aw_str text, size_t most)
{
	struct aw_buf out = { .arena = arena };
	uint32_t line = 1, lines;

	for (size_t at = 0; at < text.len;) {
		struct aw_str rest = { text.at + at, text.len - at };
		size_t len = aw_csv_piece(rest, most, true, &lines);

		assert_int_not_equal(len, 0);
		read_rows(arena, (struct aw_str){ rest.at, len }, line, &out);
		at += len;
		line += lines;
	}
	return aw_buf_z(&out);
}

static void
pieces_hold_the_rows_of_the_whole(void **state)
{
	static const char *const texts[] = {
		"a,b\n1,2\n3,4\n5,6",
		"a,b\r\n\"x\ny\",2\r\n\"he said \"\"no\"\"\n,\",4\r\n\r\n5,6\r\n",
		"a,b\n1,in\"side\n2,\"ok\"\n3,\"un\nclosed\",x\n",
		"\xB0\xF2\xB6\xA9,\xA4\xA4\n\xB0\xF2\xB6\xA9,\"\xA4\xA4\n\"\n1,2\n",
		"only a header",
		"\n\n\na\n",
	};

	(void)state;
	for (size_t i = 0; i < AW_COUNT(texts); i++) {
		AW_SCOPE(aw_arena) a = { 0 };
		struct aw_buf whole = { .arena = &a };

		read_rows(&a, aw_str(texts[i]), 1, &whole);
		for (size_t most = 1; most < 40; most++)
			assert_string_equal(
				by_pieces(&a, aw_str(texts[i]), most), aw_buf_z(&whole));
	}
}

static void
a_row_that_goes_on_is_waited_for(void **state)
{
	uint32_t lines;

	(void)state;
	assert_int_equal(aw_csv_piece(aw_str("a,b\n1,\"2\n"), 100, false, &lines), 4);
	assert_int_equal(lines, 1);
	assert_int_equal(aw_csv_piece(aw_str("1,\"2\n"), 100, false, &lines), 0);
	assert_int_equal(aw_csv_first_row(aw_str("a,b"), false), 0);
	assert_int_equal(aw_csv_first_row(aw_str("a,b"), true), 3);
	assert_int_equal(aw_csv_first_row(aw_str("a,\"b\nc\"\n1"), false), 8);
}

static void
a_quote_that_is_never_closed_costs_its_line_alone(void **state)
{
	AW_SCOPE(aw_arena) a = { 0 };
	struct aw_buf text = { .arena = &a };
	uint32_t lines;

	(void)state;
	aw_buf_text(&text, "1,\"open\n");
	for (int i = 0; i < 20000; i++)
		aw_buf_text(&text, "22,33\n");
	assert_int_equal(aw_csv_first_row((struct aw_str){ text.at, text.len }, false),
		strlen("1,\"open\n"));
	assert_int_equal(
		aw_csv_piece((struct aw_str){ text.at, text.len }, SIZE_MAX, false, &lines),
		text.len);
	assert_int_equal(lines, 20001);
}

AW_TESTS(cmocka_unit_test(pieces_hold_the_rows_of_the_whole),
	cmocka_unit_test(a_row_that_goes_on_is_waited_for),
	cmocka_unit_test(a_quote_that_is_never_closed_costs_its_line_alone))
