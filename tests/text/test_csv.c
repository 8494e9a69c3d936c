/* CSV and encodings. */
#include "text/csv.h"

#include "../testing.h"
#include "base/id.h"

/* Rows as "a|b;c|d;", for short expectations. */
static const char *
rows(struct aw_arena *arena, const char *text, struct aw_error *err)
{
	struct aw_csv csv = { .text = aw_str(text), .file = "x.csv" };
	struct aw_buf out = { .arena = arena };
	bool more;

	for (;;) {
		struct aw_csv_row row;

		more = true;
		if (aw_csv_next(&csv, arena, &row, &more, err) != AW_OK)
			return NULL;
		if (!more)
			break;
		for (size_t i = 0; i < row.count; i++) {
			aw_buf_str(&out, row.fields[i]);
			aw_buf_char(&out, i + 1 < row.count ? '|' : ';');
		}
	}
	return aw_buf_z(&out);
}

static void
rows_are_read_as_rfc_4180_says(void **state)
{
	static const struct {
		const char *text, *rows;
	} good[] = {
		{ "a,b\r\nc,d\r\n", "a|b;c|d;" },
		{ "a,b\nc,d", "a|b;c|d;" },
		{ "\xEF\xBB\xBF"
		  "a,b\n",
			"a|b;" },
		{ "\"a,1\",\"b\"\"c\"\n", "a,1|b\"c;" },
		{ "\"a\r\nb\",c\r\nd,e\n", "a\r\nb|c;d|e;" },
		{ ",,\n", "||;" },
		{ "\"\",\"\"\n", "|;" },
		{ "", "" },
		{ "a\n\nb\n", "a;;b;" },
		{ "\"\"\"\"\n", "\";" },
		{ "基隆,臺\n", "基隆|臺;" },
		{ "a\rb,c\n", "a\rb|c;" },
	};
	struct aw_error err = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(good); i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		const char *got = rows(&arena, good[i].text, &err);

		if (got == NULL)
			fail_msg("case %zu: %s", i, err.text);
		assert_string_equal(got, good[i].rows);
	}
}

static void
a_bad_row_is_named_by_line_and_column_and_can_be_left(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_csv csv = { .text = AW_STR_LIT("a,\"b\nc\"\n陳,x\"y\nlast,1\n"),
		.file = "x.csv" };
	struct aw_csv_row row;
	struct aw_error err = { 0 };
	struct aw_str left;
	bool more = false;

	(void)state;
	assert_ok(aw_csv_next(&csv, &arena, &row, &more, &err));
	assert_fails(aw_csv_next(&csv, &arena, &row, &more, &err), AW_INVALID, "quote inside");
	assert_int_equal(err.line, 3);
	assert_int_equal(err.column, 4);
	assert_string_equal(err.file, "x.csv");
	left = aw_csv_skip(&csv);
	assert_true(aw_str_is(left, "陳,x\"y"));
	assert_ok(aw_csv_next(&csv, &arena, &row, &more, &err));
	assert_int_equal(row.line, 4);
	assert_true(aw_str_is(row.fields[0], "last"));
}

static void
an_open_quote_is_named_where_it_opens(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };

	(void)state;
	assert_null(rows(&arena, "a,b\nc,\"open\nand on\n", &err));
	assert_int_equal(err.status, AW_INVALID);
	assert_int_equal(err.line, 2);
	assert_int_equal(err.column, 3);
	assert_null(rows(&arena, "\"a\"b\n", &err));
	assert_int_equal(err.column, 4);
}

/* Random rows of what a row is made of: the reader of plain ones agrees with the other, or leaves it be. */
static void
a_plain_row_is_read_alike_without_memory(void **state)
{
	static const char signs[] = "ab,,;\n\r\"x\xE5\x9F\xBA 7";
	struct aw_str fields[AW_CSV_FIELD_LIMIT];
	struct aw_random random;
	size_t plain = 0, not_plain = 0;

	(void)state;
	aw_random_seed(&random, 5);
	for (size_t turn = 0; turn < 4000; turn++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		char text[200];
		struct aw_csv csv = { .text = { text, sizeof(text) } };
		struct aw_error err = { 0 };
		bool more = true;

		for (size_t i = 0; i < sizeof(text); i++)
			text[i] = signs[aw_random_below(
				&random, turn % 3 == 0 ? sizeof(signs) - 1 : 7)];
		while (more) {
			struct aw_csv other = csv;
			bool is_plain;
			struct aw_csv_row row, same;

			is_plain = aw_csv_plain(&other, fields, &same);
			if (aw_csv_next(&csv, &arena, &row, &more, &err) != AW_OK) {
				assert_false(is_plain);
				(void)aw_csv_skip(&csv);
				continue;
			}
			not_plain += is_plain ? 0 : 1;
			if (!is_plain)
				continue;
			plain++;
			assert_true(more && other.at == csv.at && other.line == csv.line);
			assert_true(same.line == row.line && same.count == row.count);
			assert_true(aw_str_eq(same.whole, row.whole) && !row.blank);
			for (size_t i = 0; i < row.count; i++)
				assert_true(aw_str_eq(same.fields[i], row.fields[i]));
		}
	}
	assert_true(plain > 10000);
	assert_true(not_plain > 4000);
}

static void
limits_hold(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	char *wide = AW_NEW_ARRAY(&arena, char, AW_CSV_VALUE_LIMIT + 100);
	char *many = AW_NEW_ARRAY(&arena, char, AW_CSV_FIELD_LIMIT * 2);

	(void)state;
	memset(wide, 'x', AW_CSV_VALUE_LIMIT + 50);
	assert_null(rows(&arena, wide, &err));
	assert_int_equal(err.status, AW_TOO_LARGE);
	memset(many, ',', AW_CSV_FIELD_LIMIT + 5);
	assert_null(rows(&arena, many, &err));
	assert_int_equal(err.status, AW_INVALID);
}

static void
written_values_read_back_and_no_value_is_a_formula(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_buf buf = { .arena = &arena };
	struct aw_error err = { 0 };

	(void)state;
	aw_csv_put(&buf, "a\"b", true);
	aw_csv_put(&buf, "c,d\ne", false);
	aw_csv_put(&buf, "=1+1", false);
	aw_csv_put(&buf, "\t=1", false);
	aw_csv_put(&buf, NULL, false);
	aw_buf_char(&buf, '\n');
	assert_string_equal(rows(&arena, aw_buf_z(&buf), &err), "a\"b|c,d\ne|'=1+1|'\t=1|;");
}

static void
encodings_are_recognised(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	const char *encoding = NULL;
	struct aw_str text = { 0 };

	(void)state;
	/* 基隆市,許功蓋 in Big5, whose second bytes hold ASCII letters and a backslash */
	assert_ok(aw_text_decode(&arena,
		AW_STR_LIT("\xB0\xF2\xB6\xA9\xA5\xAB,\xB3\x5C\xA5\x5C\xBB\x5C"), &text, &encoding,
		&err));
	assert_string_equal(encoding, "big5");
	assert_true(aw_str_is(text, "基隆市,許功蓋"));
	assert_ok(aw_text_decode(&arena, AW_STR_LIT("\xEF\xBB\xBF基隆"), &text, &encoding, &err));
	assert_string_equal(encoding, "utf-8");
	assert_true(aw_str_is(text, "基隆"));
	assert_ok(
		aw_text_decode(&arena, AW_STR_LIT("\xFF\xFE\xFA\x57,\0"), &text, &encoding, &err));
	assert_string_equal(encoding, "utf-16");
	assert_true(aw_str_is(text, "基,"));
	assert_fails(aw_text_decode(&arena, AW_STR_LIT("ab\xFF\xFF\x80"), &text, &encoding, &err),
		AW_INVALID, "byte 3");
	assert_ok(aw_text_decode(&arena, (struct aw_str){ NULL, 0 }, &text, &encoding, &err));
	assert_int_equal(text.len, 0);
}

AW_TESTS(cmocka_unit_test(rows_are_read_as_rfc_4180_says),
	cmocka_unit_test(a_bad_row_is_named_by_line_and_column_and_can_be_left),
	cmocka_unit_test(an_open_quote_is_named_where_it_opens),
	cmocka_unit_test(a_plain_row_is_read_alike_without_memory), cmocka_unit_test(limits_hold),
	cmocka_unit_test(written_values_read_back_and_no_value_is_a_formula),
	cmocka_unit_test(encodings_are_recognised))
