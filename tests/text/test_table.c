/* Sheets of ODS and XLSX as CSV. */
#include "text/table.h"

#include <unistd.h>
#include <zip.h>

#include "../testing.h"
#include "base/file.h"

struct part {
	const char *name, *text;
};

/* A ZIP of these parts, whole in the arena. */
static struct aw_str
pack(struct aw_arena *arena, const struct part *parts, size_t count)
{
	char path[] = "/tmp/anwang-table-XXXXXX";
	int fd = mkstemp(path), code = 0;
	struct aw_error err = { 0 };
	struct aw_str bytes = { 0 };
	zip_t *zip;

	assert_true(fd >= 0);
	close(fd);
	zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
	assert_non_null(zip);
	for (size_t i = 0; i < count; i++)
		assert_true(zip_file_add(zip, parts[i].name,
				    zip_source_buffer(zip, parts[i].text, strlen(parts[i].text), 0),
				    0) >= 0);
	assert_int_equal(zip_close(zip), 0);
	assert_ok(aw_file_read(arena, path, 1 << 20, &bytes, &err));
	unlink(path);
	return bytes;
}

static void
an_ods_sheet_comes_as_csv(void **state)
{
	static const struct part parts[] = { { "content.xml",
		"<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" "
		"xmlns:table=\"t\" "
		"xmlns:text=\"x\"><office:body><office:spreadsheet><table:table>"
		"<table:table-row><table:table-cell><text:p>姓名</text:p></table:table-cell>"
		"<table:table-cell><text:p>生日</text:p></table:table-cell><table:table-cell "
		"table:number-columns-repeated=\"1000\"/></table:table-row>"
		"<table:table-row "
		"table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>"
		"<table:table-row><table:table-cell><text:p>陳,怡君</text:p><text:p>CHEN</text:p>"
		"</table:table-cell><table:table-cell "
		"office:date-value=\"1990-01-05\"><text:p>79/1/5"
		"</text:p></table:table-cell></table:table-row>"
		"<table:table-row><table:table-cell table:number-columns-repeated=\"2\"><text:p>x"
		"<text:s/>y</text:p><office:annotation><text:p>note</text:p></office:annotation>"
		"</table:table-cell></table:table-row>"
		"<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell/>"
		"</table:table-row></table:table><table:table><table:table-row><table:table-cell>"
		"<text:p>second</text:p></table:table-cell></table:table-row></table:table>"
		"</office:spreadsheet></office:body></office:document-content>" } };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_str csv = { 0 };

	(void)state;
	assert_ok(aw_table_text(&arena, pack(&arena, parts, 1), "x.ods", &csv, &err));
	assert_string_equal(csv.at, "姓名,生日\n\n\n\"陳,怡君\nCHEN\",1990-01-05\nx y,x y\n");
}

static void
an_xlsx_sheet_comes_as_csv_with_its_dates(void **state)
{
	static const struct part parts[] = {
		{ "xl/sharedStrings.xml", "<sst "
					  "xmlns=\"s\"><si><t>姓名</t></si><si><r><t>陳</t></"
					  "r><r><t>怡君</t></r><rPh "
					  "sb=\"0\" eb=\"1\"><t>phonetic</t></rPh></si></sst>" },
		{ "xl/styles.xml",
			"<styleSheet xmlns=\"s\"><numFmts count=\"1\"><numFmt numFmtId=\"170\" "
			"formatCode=\"[$-404]e/mm/dd\"/></numFmts><cellStyleXfs><xf "
			"numFmtId=\"14\"/>"
			"</cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf "
			"numFmtId=\"170\"/></cellXfs></styleSheet>" },
		{ "xl/worksheets/sheet1.xml",
			"<worksheet xmlns=\"s\"><sheetData><row r=\"1\"><c r=\"A1\" "
			"t=\"s\"><v>0</v></c><c "
			"r=\"C1\" t=\"inlineStr\"><is><t>生日</t></is></c></row><row r=\"3\"><c "
			"r=\"A3\" "
			"t=\"s\"><v>1</v></c><c r=\"B3\"><v>42</v></c><c r=\"C3\" "
			"s=\"1\"><v>32878</v></c><c "
			"r=\"D3\" s=\"2\"><v>44536</v></c></row></sheetData></worksheet>" },
	};
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_str csv = { 0 };

	(void)state;
	assert_ok(aw_table_text(&arena, pack(&arena, parts, 3), "x.xlsx", &csv, &err));
	assert_string_equal(csv.at, "姓名,,生日\n\n陳怡君,42,1990-01-05,2021-12-06\n");
}

static void
what_is_no_spreadsheet_is_left_alone_or_refused(void **state)
{
	static const struct part other[] = { { "readme.txt", "hello" } };
	static const struct part broken[] = { { "content.xml", "<a><b></a>" } };
	static const struct part wide[] = { { "xl/worksheets/sheet1.xml",
		"<worksheet><sheetData><row r=\"1\"><c r=\"ZZ1\"><v>1</v></c></row></sheetData>"
		"</worksheet>" } };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_str csv = { 0 };

	(void)state;
	assert_ok(aw_table_text(&arena, AW_STR_LIT("a,b\n"), "x.csv", &csv, &err));
	assert_true(aw_str_is(csv, "a,b\n"));
	assert_fails(aw_table_text(&arena, pack(&arena, other, 1), "x.zip", &csv, &err), AW_INVALID,
		"neither ODS nor XLSX");
	assert_fails(aw_table_text(&arena, pack(&arena, broken, 1), "x.ods", &csv, &err),
		AW_INVALID, "damaged");
	assert_fails(aw_table_text(&arena, pack(&arena, wide, 1), "x.xlsx", &csv, &err),
		AW_TOO_LARGE, "columns");
	assert_fails(
		aw_table_text(&arena, AW_STR_LIT("PK\003\004 not really"), "x.ods", &csv, &err),
		AW_INVALID, "damaged");
}

AW_TESTS(cmocka_unit_test(an_ods_sheet_comes_as_csv),
	cmocka_unit_test(an_xlsx_sheet_comes_as_csv_with_its_dates),
	cmocka_unit_test(what_is_no_spreadsheet_is_left_alone_or_refused))
