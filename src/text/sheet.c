/* The XML of a sheet as CSV: one pass by libxml2's reader, without entities or network. */
#include "text/sheet.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/xmlreader.h>

#include "base/clock.h"
#include "text/csv.h"

enum { COLUMN_LIMIT = AW_CSV_FIELD_LIMIT, ROW_LIMIT = 1048576, EMPTY_RUN_LIMIT = 1000 };

AW_SCOPE_HANDLE(reader, xmlTextReaderPtr, xmlFreeTextReader)

static xmlTextReaderPtr
open_xml(struct aw_str text)
{
	if (text.len > INT32_MAX)
		return NULL;
	return xmlReaderForMemory(text.at, (int)text.len, NULL, "UTF-8",
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
}

static bool
is_at(xmlTextReaderPtr reader, int type, const char *name)
{
	const xmlChar *local = xmlTextReaderConstLocalName(reader);

	return xmlTextReaderNodeType(reader) == type && local != NULL &&
	       strcmp((const char *)local, name) == 0;
}

/* An attribute of any prefix, in the arena; NULL when absent. */
static const char *
attribute(struct aw_arena *arena, xmlTextReaderPtr reader, const char *name)
{
	const char *value = NULL;

	if (xmlTextReaderMoveToFirstAttribute(reader) == 1) {
		do {
			const xmlChar *local = xmlTextReaderConstLocalName(reader);

			if (local != NULL && strcmp((const char *)local, name) == 0) {
				value = aw_arena_strdup(
					arena, (const char *)xmlTextReaderConstValue(reader));
				break;
			}
		} while (xmlTextReaderMoveToNextAttribute(reader) == 1);
		(void)xmlTextReaderMoveToElement(reader);
	}
	return value;
}

static int64_t
count_attribute(struct aw_arena *arena, xmlTextReaderPtr reader, const char *name)
{
	const char *text = attribute(arena, reader, name);
	int64_t n = 1;

	return text != NULL && aw_str_int64(aw_str(text), &n) && n > 0 ? n : 1;
}

/* Rows are written when something stands in them: empty ones before, none behind the last. */
struct writer {
	struct aw_arena *arena;
	struct aw_buf *csv;
	const char *cells[COLUMN_LIMIT];
	size_t count;  /* cells up to the last that holds something */
	int64_t empty; /* rows waiting */
	int64_t rows;
	size_t most; /* bytes of CSV */
};

static bool
end_row(struct writer *w, int64_t repeated)
{
	if (w->count == 0) {
		w->empty += repeated;
		return true;
	}
	/* a sheet formatted to its end has a million empty rows, not a gap of that size */
	if (w->empty > EMPTY_RUN_LIMIT || w->rows + w->empty + repeated > ROW_LIMIT)
		return false;
	for (; w->empty > 0; w->empty--, w->rows++)
		aw_buf_char(w->csv, '\n');
	for (; repeated > 0; repeated--, w->rows++) {
		if (w->csv->len > w->most)
			return false;
		for (size_t i = 0; i < w->count; i++)
			aw_csv_put(w->csv, w->cells[i], i == 0);
		aw_buf_char(w->csv, '\n');
	}
	memset(w->cells, 0, sizeof(w->cells));
	w->count = 0;
	return true;
}

static bool
put_cell(struct writer *w, size_t column, const char *text, int64_t repeated)
{
	if (text == NULL || text[0] == '\0')
		return true;
	if (column + (uint64_t)repeated > COLUMN_LIMIT)
		return false;
	for (int64_t i = 0; i < repeated; i++)
		w->cells[column + (size_t)i] = text;
	w->count = column + (size_t)repeated > w->count ? column + (size_t)repeated : w->count;
	return true;
}

static enum aw_status
too_wide(struct aw_error *err)
{
	return aw_fail(err, AW_TOO_LARGE,
		"the sheet has more than %d columns, a gap of %d rows, or is too large",
		COLUMN_LIMIT, EMPTY_RUN_LIMIT);
}

/* Text inside the element the reader stands at; paragraphs are lines. Leaves the reader at its end. */
static const char *
inner_text(struct aw_arena *arena, xmlTextReaderPtr reader, const char *skip)
{
	struct aw_buf buf = { .arena = arena };
	int depth = xmlTextReaderDepth(reader);
	bool paragraph = false;
	int skipping = -1;

	if (xmlTextReaderIsEmptyElement(reader) == 1)
		return NULL;
	while (xmlTextReaderRead(reader) == 1 && xmlTextReaderDepth(reader) > depth) {
		int type = xmlTextReaderNodeType(reader);

		if (skipping >= 0 && xmlTextReaderDepth(reader) > skipping)
			continue;
		skipping = -1;
		if (skip != NULL && is_at(reader, XML_READER_TYPE_ELEMENT, skip)) {
			if (xmlTextReaderIsEmptyElement(reader) != 1)
				skipping = xmlTextReaderDepth(reader);
			continue;
		}
		if (is_at(reader, XML_READER_TYPE_ELEMENT, "p")) {
			if (paragraph)
				aw_buf_char(&buf, '\n');
			paragraph = true;
		} else if (is_at(reader, XML_READER_TYPE_ELEMENT, "s")) {
			for (int64_t n = count_attribute(arena, reader, "c");
				n > 0 && buf.len < AW_CSV_VALUE_LIMIT; n--)
				aw_buf_char(&buf, ' ');
		} else if (is_at(reader, XML_READER_TYPE_ELEMENT, "tab")) {
			aw_buf_char(&buf, '\t');
		} else if (is_at(reader, XML_READER_TYPE_ELEMENT, "line-break")) {
			aw_buf_char(&buf, '\n');
		} else if (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
			   type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE) {
			aw_buf_text(&buf, (const char *)xmlTextReaderConstValue(reader));
		}
	}
	return buf.len == 0 ? NULL : buf.at;
}

/* -- ODF ----------------------------------------------------------------------------------------------- */

static enum aw_status
ods_row(struct writer *w, xmlTextReaderPtr reader, struct aw_error *err)
{
	int64_t repeated = count_attribute(w->arena, reader, "number-rows-repeated");
	int depth = xmlTextReaderDepth(reader);
	size_t column = 0;

	if (xmlTextReaderIsEmptyElement(reader) != 1) {
		while (xmlTextReaderRead(reader) == 1 && xmlTextReaderDepth(reader) > depth) {
			int64_t cells;
			const char *day;
			const char *text;

			if (!is_at(reader, XML_READER_TYPE_ELEMENT, "table-cell") &&
				!is_at(reader, XML_READER_TYPE_ELEMENT, "covered-table-cell"))
				continue;
			cells = count_attribute(w->arena, reader, "number-columns-repeated");
			day = attribute(w->arena, reader, "date-value");
			text = inner_text(w->arena, reader, "annotation");
			if (!put_cell(w, column, day != NULL ? day : text, cells))
				return too_wide(err);
			column += (size_t)cells;
		}
	}
	return end_row(w, repeated) ? AW_OK : too_wide(err);
}

enum aw_status
aw_sheet_ods(struct aw_arena *arena, struct aw_str content, size_t most, struct aw_buf *csv,
	struct aw_error *err)
{
	AW_SCOPED(reader, xmlTextReaderPtr) reader = open_xml(content);
	struct writer w = { .arena = arena, .csv = csv, .most = most };
	bool in_table = false;
	int got = reader == NULL ? -1 : 1;

	while (got == 1 && (got = xmlTextReaderRead(reader)) == 1) {
		if (is_at(reader, XML_READER_TYPE_ELEMENT, "table"))
			in_table = true;
		else if (in_table && is_at(reader, XML_READER_TYPE_END_ELEMENT, "table"))
			return AW_OK;
		else if (in_table && is_at(reader, XML_READER_TYPE_ELEMENT, "table-row") &&
			 ods_row(&w, reader, err) != AW_OK)
			return err->status;
	}
	return aw_fail(
		err, AW_INVALID, got < 0 ? "the sheet's XML is damaged" : "the file has no table");
}

/* -- SpreadsheetML --------------------------------------------------------------------------------------- */

struct xlsx {
	struct writer w;
	const char **shared;
	size_t shared_count, shared_room;
	bool *dates; /* by style: cellXfs index */
	size_t date_count, date_room;
};

static bool
is_date_format(int64_t id, const char *code)
{
	if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58))
		return true;
	return id >= 164 && code != NULL && strpbrk(code, "ymdeg") != NULL &&
	       strstr(code, "General") == NULL;
}

static void
read_styles(struct xlsx *x, struct aw_str styles)
{
	AW_SCOPED(reader, xmlTextReaderPtr) reader = styles.len == 0 ? NULL : open_xml(styles);
	struct {
		int64_t id;
		const char *code;
	} formats[512];
	size_t count = 0;
	bool in_cells = false;

	while (reader != NULL && xmlTextReaderRead(reader) == 1) {
		if (is_at(reader, XML_READER_TYPE_ELEMENT, "numFmt") && count < AW_COUNT(formats)) {
			formats[count].id = count_attribute(x->w.arena, reader, "numFmtId");
			formats[count++].code = attribute(x->w.arena, reader, "formatCode");
		} else if (is_at(reader, XML_READER_TYPE_ELEMENT, "cellXfs")) {
			in_cells = true;
		} else if (is_at(reader, XML_READER_TYPE_END_ELEMENT, "cellXfs")) {
			in_cells = false;
		} else if (in_cells && is_at(reader, XML_READER_TYPE_ELEMENT, "xf")) {
			const char *text = attribute(x->w.arena, reader, "numFmtId"), *code = NULL;
			int64_t id = 0;

			(void)(text != NULL && aw_str_int64(aw_str(text), &id));
			for (size_t i = 0; i < count; i++)
				if (formats[i].id == id)
					code = formats[i].code;
			*AW_PUSH(x->w.arena, x->dates, x->date_count, x->date_room) =
				is_date_format(id, code);
		}
	}
}

static void
read_shared(struct xlsx *x, struct aw_str shared)
{
	AW_SCOPED(reader, xmlTextReaderPtr) reader = shared.len == 0 ? NULL : open_xml(shared);

	while (reader != NULL && xmlTextReaderRead(reader) == 1)
		if (is_at(reader, XML_READER_TYPE_ELEMENT, "si"))
			*AW_PUSH(x->w.arena, x->shared, x->shared_count, x->shared_room) =
				inner_text(x->w.arena, reader, "rPh");
}

/* "BC12" -> 54; SIZE_MAX when it is no reference. */
static size_t
column_of(const char *reference)
{
	size_t column = 0;

	for (; *reference >= 'A' && *reference <= 'Z' && column < 100000; reference++)
		column = column * 26 + (size_t)(*reference - 'A' + 1);
	return column == 0 ? SIZE_MAX : column - 1;
}

/* Days since 1899-12-30, as every spreadsheet counts from March 1900 on. */
static const char *
iso_day(struct aw_arena *arena, const char *serial)
{
	char *end;
	double days = strtod(serial, &end);

	if (*end != '\0' || days < 61.0 || days > 100000.0)
		return serial;
	return aw_day_iso(arena, (int32_t)days - 25569);
}

static const char *
cell_text(struct xlsx *x, xmlTextReaderPtr reader, const char *type, size_t style)
{
	int depth = xmlTextReaderDepth(reader);
	const char *value = NULL;
	int64_t index;

	if (xmlTextReaderIsEmptyElement(reader) == 1)
		return NULL;
	while (xmlTextReaderRead(reader) == 1 && xmlTextReaderDepth(reader) > depth) {
		if (is_at(reader, XML_READER_TYPE_ELEMENT, "v") ||
			is_at(reader, XML_READER_TYPE_ELEMENT, "is"))
			value = inner_text(x->w.arena, reader, "rPh");
	}
	if (value == NULL)
		return NULL;
	if (type != NULL && strcmp(type, "s") == 0)
		return aw_str_int64(aw_str(value), &index) && index >= 0 &&
				       (uint64_t)index < x->shared_count
			       ? x->shared[index]
			       : NULL;
	if (type == NULL && style < x->date_count && x->dates[style])
		return iso_day(x->w.arena, value);
	return value;
}

static enum aw_status
xlsx_row(struct xlsx *x, xmlTextReaderPtr reader, struct aw_error *err)
{
	int depth = xmlTextReaderDepth(reader);
	const char *number = attribute(x->w.arena, reader, "r");
	size_t next = 0;
	int64_t row;

	if (number != NULL && aw_str_int64(aw_str(number), &row) && row > x->w.rows &&
		row <= ROW_LIMIT)
		x->w.empty = row - 1 - x->w.rows;
	if (xmlTextReaderIsEmptyElement(reader) != 1) {
		while (xmlTextReaderRead(reader) == 1 && xmlTextReaderDepth(reader) > depth) {
			const char *reference, *type, *style_text;
			int64_t style = 0;
			size_t column;

			if (!is_at(reader, XML_READER_TYPE_ELEMENT, "c"))
				continue;
			reference = attribute(x->w.arena, reader, "r");
			type = attribute(x->w.arena, reader, "t");
			style_text = attribute(x->w.arena, reader, "s");
			(void)(style_text != NULL && aw_str_int64(aw_str(style_text), &style));
			column = reference == NULL ? next : column_of(reference);
			if (column == SIZE_MAX || column >= COLUMN_LIMIT)
				return too_wide(err);
			if (!put_cell(&x->w, column,
				    cell_text(x, reader, type, style < 0 ? 0 : (size_t)style), 1))
				return too_wide(err);
			next = column + 1;
		}
	}
	return end_row(&x->w, 1) ? AW_OK : too_wide(err);
}

enum aw_status
aw_sheet_xlsx(struct aw_arena *arena, struct aw_str sheet, struct aw_str shared,
	struct aw_str styles, size_t most, struct aw_buf *csv, struct aw_error *err)
{
	AW_SCOPED(reader, xmlTextReaderPtr) reader = open_xml(sheet);
	struct xlsx x = { .w = { .arena = arena, .csv = csv, .most = most } };
	int got = reader == NULL ? -1 : 1;

	read_shared(&x, shared);
	read_styles(&x, styles);
	while (got == 1 && (got = xmlTextReaderRead(reader)) == 1)
		if (is_at(reader, XML_READER_TYPE_ELEMENT, "row") &&
			xlsx_row(&x, reader, err) != AW_OK)
			return err->status;
	return got < 0 ? aw_fail(err, AW_INVALID, "the sheet's XML is damaged") : AW_OK;
}
