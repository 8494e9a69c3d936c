/* CSV as RFC 4180 and as agencies really send it. */
#include "text/csv.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { CHUNK = 16 };

/* Where a row is being read. */
struct reader {
	struct aw_csv *csv;
	struct aw_arena *arena;
	size_t at, line_start;
	uint32_t line;
};

static enum aw_status
fail_here(const struct reader *r, const char *what, struct aw_error *err)
{
	struct aw_str before = { r->csv->text.at + r->line_start, r->at - r->line_start };

	return aw_fail_at(
		err, r->csv->file, r->line, (uint32_t)aw_utf8_count(before) + 1, "%s", what);
}

static bool
ends_row(struct aw_str text, size_t at)
{
	return at >= text.len || text.at[at] == '\n' ||
	       (text.at[at] == '\r' && (at + 1 >= text.len || text.at[at + 1] == '\n'));
}

static enum aw_status
read_quoted(struct reader *r, struct aw_str *ret, struct aw_error *err)
{
	struct aw_str text = r->csv->text;
	struct reader open = *r;
	size_t from = ++r->at;
	struct aw_buf copy = { .arena = r->arena };
	bool doubled = false;

	for (;; r->at++) {
		if (r->at >= text.len)
			return fail_here(&open, "this quote is never closed", err);
		if (r->at - from > AW_CSV_VALUE_LIMIT)
			return aw_fail(err, AW_TOO_LARGE,
				"line %u: a value is longer than %d bytes", open.line,
				AW_CSV_VALUE_LIMIT);
		if (text.at[r->at] == '\n') {
			r->line++;
			r->line_start = r->at + 1;
		}
		if (text.at[r->at] != '"')
			continue;
		if (r->at + 1 >= text.len || text.at[r->at + 1] != '"')
			break;
		doubled = true;
		aw_buf_add(&copy, text.at + from, r->at + 1 - from);
		r->at++;
		from = r->at + 1;
	}
	if (doubled) {
		aw_buf_add(&copy, text.at + from, r->at - from);
		*ret = (struct aw_str){ aw_buf_z(&copy), copy.len };
	} else {
		*ret = (struct aw_str){ text.at + from, r->at - from };
	}
	r->at++;
	return AW_OK;
}

#if defined(__SSE2__)
/* Which of the sixteen bytes could end a plain value, or do not belong in one. */
static inline uint32_t
marks_at(const char *at, char separator)
{
	const __m128i ends[] = { _mm_set1_epi8(separator), _mm_set1_epi8('"'), _mm_set1_epi8('\n'),
		_mm_set1_epi8('\r') };
	__m128i chunk = _mm_loadu_si128((const __m128i *)(const void *)at);

	return (uint32_t)_mm_movemask_epi8(_mm_or_si128(
		_mm_or_si128(_mm_cmpeq_epi8(chunk, ends[0]), _mm_cmpeq_epi8(chunk, ends[1])),
		_mm_or_si128(_mm_cmpeq_epi8(chunk, ends[2]), _mm_cmpeq_epi8(chunk, ends[3]))));
}
#else
static inline uint32_t
marks_at(const char *at, char separator)
{
	uint32_t marks = 0;

	for (uint32_t i = 0; i < CHUNK; i++)
		if (at[i] == separator || at[i] == '"' || at[i] == '\n' || at[i] == '\r')
			marks |= UINT32_C(1) << i;
	return marks;
}
#endif

/* Where the first byte from `at` on stands that could end a plain value, or does not belong in it. */
static size_t
skip_plain(struct aw_str text, size_t at, char separator)
{
	for (; at + CHUNK <= text.len; at += CHUNK) {
		uint32_t marks = marks_at(text.at + at, separator);

		if (marks != 0)
			return at + (size_t)__builtin_ctz(marks);
	}
	while (at < text.len && text.at[at] != separator && text.at[at] != '"' &&
		text.at[at] != '\n' && text.at[at] != '\r')
		at++;
	return at;
}

static enum aw_status
read_field(struct reader *r, char separator, struct aw_str *ret, struct aw_error *err)
{
	struct aw_str text = r->csv->text;
	size_t from = r->at;

	if (r->at < text.len && text.at[r->at] == '"') {
		if (read_quoted(r, ret, err) != AW_OK)
			return err->status;
		if (!ends_row(text, r->at) && text.at[r->at] != separator)
			return fail_here(r, "there is something behind a closing quote", err);
		return AW_OK;
	}
	for (;; r->at++) { /* a return that ends no row belongs to the value */
		r->at = skip_plain(text, r->at, separator);
		if (r->at - from > AW_CSV_VALUE_LIMIT)
			return aw_fail(err, AW_TOO_LARGE,
				"line %u: a value is longer than %d bytes", r->line,
				AW_CSV_VALUE_LIMIT);
		if (ends_row(text, r->at) || text.at[r->at] == separator)
			break;
		if (text.at[r->at] == '"')
			return fail_here(r, "a quote inside a value: quote the whole value", err);
	}
	*ret = (struct aw_str){ text.at + from, r->at - from };
	return AW_OK;
}

static void
skip_mark(struct aw_csv *csv)
{
	if (csv->at == 0) {
		csv->line = csv->line == 0 ? 1 : csv->line;
		if (aw_str_starts(csv->text, "\xEF\xBB\xBF"))
			csv->at = 3;
	}
}

enum aw_status
aw_csv_next(struct aw_csv *csv, struct aw_arena *arena, struct aw_csv_row *ret_row, bool *ret_more,
	struct aw_error *err)
{
	char separator = csv->separator == 0 ? ',' : csv->separator;
	struct aw_csv_row row = { 0 };
	struct reader r;
	size_t room = 0, start;

	skip_mark(csv);
	if (csv->at >= csv->text.len) {
		*ret_more = false;
		return AW_OK;
	}
	start = csv->at;
	r = (struct reader){ csv, arena, start, start, csv->line };
	row.line = csv->line;
	for (;;) {
		struct aw_str *field;

		if (row.count == AW_CSV_FIELD_LIMIT)
			return aw_fail_at(err, csv->file, r.line, 0,
				"a row has more than %d values", AW_CSV_FIELD_LIMIT);
		field = AW_PUSH(arena, row.fields, row.count, room);
		if (read_field(&r, separator, field, err) != AW_OK)
			return err->status;
		if (ends_row(csv->text, r.at))
			break;
		r.at++;
	}
	row.whole = (struct aw_str){ csv->text.at + start, r.at - start };
	row.blank = row.whole.len == 0;
	if (r.at < csv->text.len && csv->text.at[r.at] == '\r')
		r.at++;
	csv->at = r.at < csv->text.len ? r.at + 1 : r.at;
	csv->line = r.line + 1;
	*ret_row = row;
	*ret_more = true;
	return AW_OK;
}

bool
aw_csv_plain(struct aw_csv *csv, struct aw_str *fields, struct aw_csv_row *ret_row)
{
	char separator = csv->separator == 0 ? ',' : csv->separator;
	struct aw_str text = csv->text;
	size_t start = csv->at, from = start, count = 0, at = start;

	/* a return is looked at with what stands behind it */
	for (; start > 0 && at + CHUNK < text.len; at += CHUNK) {
		uint32_t marks = marks_at(text.at + at, separator);

		for (; marks != 0; marks &= marks - 1) {
			size_t end = at + (size_t)__builtin_ctz(marks), next = end + 1;

			if (text.at[end] == '"' || end - from > AW_CSV_VALUE_LIMIT ||
				count == AW_CSV_FIELD_LIMIT)
				return false;
			if (text.at[end] == '\r' && text.at[next++] != '\n')
				continue;
			fields[count++] = (struct aw_str){ text.at + from, end - from };
			from = next;
			if (text.at[end] == separator)
				continue;
			if (end == start)
				return false;
			*ret_row = (struct aw_csv_row){ fields, count, csv->line++,
				{ text.at + start, end - start }, false };
			csv->at = next;
			return true;
		}
	}
	return false;
}

struct aw_str
aw_csv_skip(struct aw_csv *csv)
{
	struct aw_str rest = { csv->text.at + csv->at, csv->text.len - csv->at };
	const char *end = rest.len == 0 ? NULL : memchr(rest.at, '\n', rest.len);
	struct aw_str row = rest;

	if (end != NULL)
		row.len = (size_t)(end - rest.at);
	csv->at += end != NULL ? row.len + 1 : row.len;
	csv->line++;
	if (row.len > 0 && row.at[row.len - 1] == '\r')
		row.len--;
	return row;
}

void
aw_csv_put(struct aw_buf *buf, const char *value, bool first)
{
	bool quote;

	if (!first)
		aw_buf_char(buf, ',');
	if (value == NULL)
		return;
	/* a tab too: who reads may take a bare one for the separator */
	quote = strpbrk(value, "\",\t\r\n") != NULL;
	if (quote)
		aw_buf_char(buf, '"');
	if (value[0] != '\0' && strchr("=+-@\t\r", value[0]) != NULL)
		aw_buf_char(buf, '\'');
	for (const char *at = value; *at != '\0'; at++) {
		if (*at == '"')
			aw_buf_char(buf, '"');
		aw_buf_char(buf, *at);
	}
	if (quote)
		aw_buf_char(buf, '"');
}
