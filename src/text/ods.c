/* A grid as an ODF spreadsheet: three parts in a ZIP that is made in memory. */
#include <string.h>
#include <zip.h>

#include "text/grid.h"
#include "text/markup.h"

#define MIMETYPE "application/vnd.oasis.opendocument.spreadsheet"

/* ZIP's earliest: the same grid gives the same bytes */
enum { MADE = 315619200 };

AW_SCOPE_HANDLE(zip, zip_t *, zip_discard)
AW_SCOPE_HANDLE(source, zip_source_t *, zip_source_free)

static const char manifest[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<manifest:manifest "
	"xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" "
	"manifest:version=\"1.2\">"
	"<manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.2\" "
	"manifest:media-type=\"" MIMETYPE "\"/>"
	"<manifest:file-entry manifest:full-path=\"content.xml\" "
	"manifest:media-type=\"text/xml\"/></manifest:manifest>\n";

/* Text styles: what is typed into such a cell is text, whatever it begins with. */
static const char head[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<office:document-content "
	"xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "
	"xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" "
	"xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" "
	"xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" "
	"xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" "
	"xmlns:number=\"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0\" "
	"office:version=\"1.2\"><office:automatic-styles>"
	"<number:text-style style:name=\"n\"><number:text-content/></number:text-style>"
	"<style:style style:name=\"w\" style:family=\"table-column\">"
	"<style:table-column-properties style:column-width=\"4.6cm\"/></style:style>"
	"<style:style style:name=\"c\" style:family=\"table-cell\" style:data-style-name=\"n\">"
	"<style:table-cell-properties fo:wrap-option=\"wrap\" style:vertical-align=\"top\"/>"
	"</style:style>"
	"<style:style style:name=\"h\" style:family=\"table-cell\" style:data-style-name=\"n\">"
	"<style:table-cell-properties fo:wrap-option=\"wrap\" style:vertical-align=\"top\" "
	"fo:background-color=\"#e4eeec\"/><style:text-properties fo:font-weight=\"bold\"/>"
	"</style:style></office:automatic-styles><office:body><office:spreadsheet>";

/* Spaces that XML would fold are elements of their own. */
static void
put_text(struct aw_buf *out, const char *text)
{
	char before = ' ';

	for (; *text != '\0'; before = *text++) {
		const char *entity = aw_markup_entity(*text);

		if (entity != NULL)
			aw_buf_text(out, entity);
		else if (*text == '\n')
			aw_buf_text(out, "</text:p><text:p>");
		else if (*text == '\t')
			aw_buf_text(out, "<text:tab/>");
		else if (*text == ' ' &&
			 (strchr(" \n\t", before) != NULL || text[1] == '\0' || text[1] == '\n'))
			aw_buf_text(out, "<text:s/>");
		else
			aw_buf_char(out, *text);
	}
}

/* As in CSV, or reading would take an apostrophe away that is the value's. */
static bool
needs_apostrophe(const char *cell)
{
	return cell[0] == '\'' && cell[1] != '\0' && strchr("'=+-@\t\r", cell[1]) != NULL;
}

static void
put_cell(struct aw_buf *out, const char *cell, bool is_head)
{
	if (cell[0] == '\0') {
		aw_buf_printf(
			out, "<table:table-cell table:style-name=\"%s\"/>", is_head ? "h" : "c");
		return;
	}
	aw_buf_printf(out,
		"<table:table-cell table:style-name=\"%s\" office:value-type=\"string\"><text:p>%s",
		is_head ? "h" : "c", needs_apostrophe(cell) ? "'" : "");
	put_text(out, cell);
	aw_buf_text(out, "</text:p></table:table-cell>");
}

static struct aw_str
content_of(const struct aw_grid *grid, const char *name, size_t head_rows)
{
	struct aw_buf out = { .arena = grid->arena };
	size_t columns = 1;

	for (size_t r = 0; r < grid->count; r++)
		columns = grid->rows[r].count > columns ? grid->rows[r].count : columns;
	aw_buf_text(&out, head);
	aw_buf_text(&out, "<table:table table:name=\"");
	put_text(&out, name);
	aw_buf_printf(&out,
		"\"><table:table-column table:style-name=\"w\" "
		"table:default-cell-style-name=\"c\" table:number-columns-repeated=\"%zu\"/>",
		columns);
	for (size_t r = 0; r < grid->count; r++) {
		aw_buf_text(&out, "<table:table-row>");
		for (size_t c = 0; c < columns; c++)
			put_cell(&out, aw_grid_at(grid, r, c), r < head_rows);
		aw_buf_text(&out, "</table:table-row>\n");
	}
	aw_buf_text(&out, "</table:table></office:spreadsheet></office:body>"
			  "</office:document-content>\n");
	return (struct aw_str){ aw_buf_z(&out), out.len };
}

static bool
add_part(zip_t *zip, const char *name, struct aw_str text, bool stored)
{
	zip_source_t *source = zip_source_buffer(zip, text.at, text.len, 0);
	zip_int64_t at;

	if (source == NULL)
		return false;
	at = zip_file_add(zip, name, source, 0);
	if (at < 0) {
		zip_source_free(source);
		return false;
	}
	return zip_set_file_compression(
		       zip, (zip_uint64_t)at, stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0) == 0 &&
	       zip_file_set_mtime(zip, (zip_uint64_t)at, MADE, 0) == 0;
}

static bool
read_whole(zip_source_t *source, struct aw_arena *arena, struct aw_bytes *ret_bytes)
{
	zip_stat_t stat;
	uint8_t *bytes;
	zip_int64_t got;

	zip_stat_init(&stat);
	if (zip_source_stat(source, &stat) != 0 || (stat.valid & ZIP_STAT_SIZE) == 0 ||
		zip_source_open(source) != 0)
		return false;
	bytes = aw_arena_alloc(arena, stat.size);
	got = zip_source_read(source, bytes, stat.size);
	(void)zip_source_close(source);
	if (got < 0 || (zip_uint64_t)got != stat.size)
		return false;
	*ret_bytes = (struct aw_bytes){ bytes, stat.size };
	return true;
}

enum aw_status
aw_grid_ods(const struct aw_grid *grid, const char *name, size_t head_rows,
	struct aw_bytes *ret_bytes, struct aw_error *err)
{
	AW_SCOPED(source, zip_source_t *) whole = zip_source_buffer_create(NULL, 0, 0, NULL);
	AW_SCOPED(zip, zip_t *)
	zip = whole == NULL ? NULL : zip_open_from_source(whole, ZIP_TRUNCATE, NULL);

	if (zip == NULL)
		return aw_fail(err, AW_INTERNAL, "a spreadsheet cannot be begun");
	zip_source_keep(whole); /* closing the archive lets go of it */
	if (!add_part(zip, "mimetype", AW_STR_LIT(MIMETYPE), true) ||
		!add_part(zip, "META-INF/manifest.xml", AW_STR_LIT(manifest), false) ||
		!add_part(zip, "content.xml", content_of(grid, name, head_rows), false) ||
		zip_close(zip) != 0)
		return aw_fail(err, AW_INTERNAL, "a spreadsheet cannot be packed");
	zip = NULL;
	return read_whole(whole, grid->arena, ret_bytes)
		       ? AW_OK
		       : aw_fail(err, AW_INTERNAL, "a packed spreadsheet cannot be read");
}
