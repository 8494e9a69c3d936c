/* A spreadsheet's first sheet as CSV text. */
#include "text/table.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "text/csv.h"
#include "text/sheet.h"

/* 100,000 rows of a register unpack to about 100 MiB; of what may give `most` bytes of text, the marks
 * around it are no more than so many times as long. */
enum { PART_LIMIT = 192 << 20, MARKS = 16 };

AW_SCOPE_HANDLE(zip, zip_t *, zip_discard)
AW_SCOPE_HANDLE(zip_file, zip_file_t *, (void)zip_fclose)

/* One member whole; *ret_found false when there is none of the name. */
static enum aw_status
read_part(struct aw_arena *arena, zip_t *zip, size_t most, const char *name, struct aw_str *ret,
	bool *ret_found, struct aw_error *err)
{
	AW_SCOPED(zip_file, zip_file_t *) file = NULL;
	zip_stat_t stat;
	zip_int64_t got;
	char *text;

	*ret_found = false;
	zip_stat_init(&stat);
	if (zip_stat(zip, name, 0, &stat) != 0 || (stat.valid & ZIP_STAT_SIZE) == 0)
		return AW_OK;
	if (stat.size > PART_LIMIT || stat.size / MARKS > most)
		return aw_fail(err, AW_TOO_LARGE,
			"the sheet is larger than %zu MiB unpacked: save it as CSV",
			most < PART_LIMIT / MARKS ? most * MARKS >> 20 : (size_t)PART_LIMIT >> 20);
	file = zip_fopen(zip, name, 0);
	if (file == NULL)
		return aw_fail(err, AW_INVALID,
			"a part of the spreadsheet does not open: is it "
			"protected by a password?");
	text = aw_arena_alloc(arena, (size_t)stat.size + 1);
	got = zip_fread(file, text, stat.size);
	if (got < 0 || (zip_uint64_t)got != stat.size)
		return aw_fail(err, AW_INVALID, "a part of the spreadsheet is damaged");
	*ret = (struct aw_str){ text, (size_t)stat.size };
	*ret_found = true;
	return AW_OK;
}

static enum aw_status
read_sheet(
	struct aw_arena *arena, zip_t *zip, size_t most, struct aw_buf *csv, struct aw_error *err)
{
	struct aw_str content, shared = { 0 }, styles = { 0 };
	bool found, has_shared, has_styles;

	if (read_part(arena, zip, most, "content.xml", &content, &found, err) != AW_OK)
		return err->status;
	if (found)
		return aw_sheet_ods(arena, content, most, csv, err);
	if (read_part(arena, zip, most, "xl/worksheets/sheet1.xml", &content, &found, err) !=
			AW_OK ||
		read_part(arena, zip, most, "xl/sharedStrings.xml", &shared, &has_shared, err) !=
			AW_OK ||
		read_part(arena, zip, most, "xl/styles.xml", &styles, &has_styles, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_INVALID, "this is a ZIP file, but neither ODS nor XLSX");
	return aw_sheet_xlsx(arena, content, shared, styles, most, csv, err);
}

enum aw_status
aw_table_text(struct aw_arena *arena, struct aw_str bytes, const char *file, struct aw_str *ret_csv,
	struct aw_error *err)
{
	return aw_table_text_most(arena, bytes, file, SIZE_MAX, ret_csv, err);
}

enum aw_status
aw_table_text_most(struct aw_arena *arena, struct aw_str bytes, const char *file, size_t most,
	struct aw_str *ret_csv, struct aw_error *err)
{
	AW_SCOPED(zip, zip_t *) zip = NULL;
	struct aw_buf csv = { .arena = arena };
	zip_source_t *source;
	zip_error_t error;

	if (!aw_str_starts(bytes, "PK\003\004")) {
		*ret_csv = bytes;
		return AW_OK;
	}
	zip_error_init(&error);
	source = zip_source_buffer_create(bytes.at, bytes.len, 0, &error);
	if (source != NULL)
		zip = zip_open_from_source(source, ZIP_RDONLY, &error);
	if (zip == NULL) {
		if (source != NULL)
			zip_source_free(source);
		zip_error_fini(&error);
		return aw_fail(err, AW_INVALID, "%s: the spreadsheet is damaged", file);
	}
	zip_error_fini(&error);
	if (read_sheet(arena, zip, most, &csv, err) != AW_OK)
		return aw_wrap(err, "%s", file);
	*ret_csv = (struct aw_str){ aw_buf_z(&csv), csv.len };
	return AW_OK;
}
