/* rule/feel - tokens, and names that hold spaces and operators. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rule/feel_read.h"

static const char *const builtin_names[] = { "date and time", "years and months duration",
	"days and time duration", "string length", "upper case", "lower case", "substring before",
	"substring after", "starts with", "ends with", "string join", "list contains",
	"insert before", "index of", "distinct values", "list replace", "get value", "get entries",
	"context put", "context merge", "day of year", "day of week", "month of year",
	"week of year", "met by", "overlapped by", "overlaps before", "overlaps after",
	"finished by", "started by", "round up", "round down", "round half up", "round half down",
	"time offset", "start included", "end included" };

void
aw_reader_fail(struct aw_reader *r, size_t at, const char *fmt, ...)
{
	uint32_t line = 1, column = 1;
	char text[300];
	va_list args;

	if (aw_reader_failed(r))
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	for (size_t i = 0; i < at && i < r->text.len; i++) {
		column++;
		if (r->text.at[i] == '\n') {
			line++;
			column = 1;
		}
	}
	aw_fail_at(r->err, NULL, line, column, "%s", text);
	r->token = AW_TOKEN_END;
	r->next = r->text.len;
}

static bool
is_space(uint32_t c)
{
	return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
	       c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

static bool
is_name_start(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '?' ||
	       (c >= 0xB7 && !is_space(c) && c != 0xD7 && c != 0xF7 && c != 0xFFFD);
}

static bool
is_name_part(uint32_t c)
{
	return is_name_start(c) || (c >= '0' && c <= '9');
}

static bool
is_name_sign(char c)
{
	return c != '\0' && strchr("./-'+*", c) != NULL;
}

/* The code point at i and the place behind it. */
static uint32_t
look(struct aw_str text, size_t i, size_t *next)
{
	*next = i;
	return i < text.len ? aw_utf8_next(text, next) : 0;
}

static size_t
skip_space(struct aw_str text, size_t i)
{
	for (size_t next; i < text.len; i = next) {
		uint32_t c = look(text, i, &next);

		if (c == '/' && next < text.len && text.at[next] == '/') {
			while (next < text.len && text.at[next] != '\n')
				next++;
		} else if (c == '/' && next < text.len && text.at[next] == '*') {
			const char *end = memmem(text.at + next, text.len - next, "*/", 2);

			next = end == NULL ? text.len : (size_t)(end - text.at) + 2;
		} else if (!is_space(c)) {
			break;
		}
	}
	return i;
}

static size_t
skip_blank(struct aw_str text, size_t i)
{
	for (size_t next; i < text.len && is_space(look(text, i, &next));)
		i = next;
	return i;
}

/* -- names ------------------------------------------------------------------------------------- */

struct aw_str
aw_name_trim(struct aw_arena *arena, struct aw_str name)
{
	struct aw_buf buf = { .arena = arena };
	size_t i = skip_blank(name, 0);

	while (i < name.len) {
		size_t next, behind = skip_blank(name, i);

		if (behind > i) {
			if (behind < name.len)
				aw_buf_char(&buf, ' ');
			i = behind;
			continue;
		}
		(void)look(name, i, &next);
		aw_buf_add(&buf, name.at + i, next - i);
		i = next;
	}
	return (struct aw_str){ aw_arena_strndup(arena, aw_buf_z(&buf), buf.len), buf.len };
}

static bool
is_plain(struct aw_str name)
{
	size_t next;

	for (size_t i = 0; i < name.len; i = next) {
		uint32_t c = look(name, i, &next);

		if (!(i == 0 ? is_name_start(c) : is_name_part(c)))
			return false;
	}
	return true;
}

void
aw_names_add(struct aw_names *names, struct aw_str name)
{
	struct aw_str trimmed = aw_name_trim(names->arena, name);
	struct aw_buf buf = { .arena = names->arena };

	if (trimmed.len == 0 || is_plain(trimmed))
		return;
	for (size_t i = 0; i < trimmed.len; i++) {
		bool near_sign =
			trimmed.at[i] == ' ' && (is_name_sign(trimmed.at[i + 1]) ||
							(i > 0 && is_name_sign(trimmed.at[i - 1])));

		if (!near_sign)
			aw_buf_char(&buf, trimmed.at[i]);
	}
	size_t n = names->count;

	*AW_PUSH(names->arena, names->at, n, names->room) = trimmed;
	*AW_PUSH(names->arena, names->canonical, names->count, names->canonical_room) =
		(struct aw_str){ aw_arena_strndup(names->arena, aw_buf_z(&buf), buf.len), buf.len };
}

void
aw_names_add_builtin(struct aw_names *names)
{
	for (size_t i = 0; i < AW_COUNT(builtin_names); i++)
		aw_names_add(names, aw_str(builtin_names[i]));
}

/* Does a canonical name stand at i? Returns the place behind it, 0 if not. */
static size_t
match_name(struct aw_str text, size_t i, struct aw_str name)
{
	size_t next;

	for (size_t k = 0; k < name.len; k++) {
		char c = name.at[k];

		if (c == ' ') {
			next = skip_blank(text, i);
			if (next == i)
				return 0;
			i = next;
			continue;
		}
		if (is_name_sign(c) || (k > 0 && is_name_sign(name.at[k - 1])))
			i = skip_blank(text, i);
		if (i >= text.len || text.at[i] != c)
			return 0;
		i++;
	}
	if (i < text.len && is_name_part(look(text, i, &next)) &&
		!is_name_sign(name.at[name.len - 1]))
		return 0;
	return i;
}

static void
lex_name(struct aw_reader *r)
{
	size_t i = r->start, next, best = 0;

	if (r->text.at[i] == '?')
		i++;
	else
		for (; i < r->text.len && is_name_part(look(r->text, i, &next)) &&
			r->text.at[i] != '?';)
			i = next;
	r->word = (struct aw_str){ r->text.at + r->start, i - r->start };
	for (size_t k = 0; k < r->names->count; k++) {
		size_t end = match_name(r->text, r->start, r->names->canonical[k]);

		if (end > i && end > best) {
			best = end;
			r->word = r->names->at[k];
		}
	}
	r->token = AW_TOKEN_NAME;
	r->next = best > i ? best : i;
}

/* -- texts and numbers ------------------------------------------------------------------------- */

static bool
hex_digits(struct aw_reader *r, size_t at, size_t count, uint32_t *ret)
{
	uint32_t v = 0;

	if (at + count > r->text.len)
		return false;
	for (size_t i = 0; i < count; i++) {
		int d = aw_hex_digit(r->text.at[at + i]);

		if (d < 0)
			return false;
		v = v << 4 | (uint32_t)d;
	}
	*ret = v;
	return true;
}

/* An escape; i is behind the backslash. Returns the place behind it. */
static size_t
lex_escape(struct aw_reader *r, struct aw_buf *buf, size_t i)
{
	char c = i < r->text.len ? r->text.at[i] : '\0';
	uint32_t code, low;
	static const char from[] = "nrt\"'\\", to[] = "\n\r\t\"'\\";
	const char *found = c == '\0' ? NULL : strchr(from, c);

	if (found != NULL) {
		aw_buf_char(buf, to[found - from]);
		return i + 1;
	}
	if (c == 'u' && hex_digits(r, i + 1, 4, &code)) {
		i += 5;
		if (code >= 0xD800 && code < 0xDC00 && i + 1 < r->text.len &&
			r->text.at[i] == '\\' && r->text.at[i + 1] == 'u' &&
			hex_digits(r, i + 2, 4, &low) && low >= 0xDC00 && low < 0xE000) {
			code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
			i += 6;
		}
		aw_buf_utf8(buf, code);
		return i;
	}
	if (c == 'U' && hex_digits(r, i + 1, 6, &code) && code <= 0x10FFFF) {
		aw_buf_utf8(buf, code);
		return i + 7;
	}
	aw_buf_char(buf, '\\');
	return i;
}

static void
lex_text(struct aw_reader *r)
{
	struct aw_buf buf = { .arena = r->arena };
	size_t i = r->start + 1;

	while (i < r->text.len && r->text.at[i] != '"') {
		if (r->text.at[i] == '\\')
			i = lex_escape(r, &buf, i + 1);
		else
			aw_buf_char(&buf, r->text.at[i++]);
	}
	if (i >= r->text.len) {
		aw_reader_fail(r, r->start, "this text has no closing quotation mark");
		return;
	}
	r->word = (struct aw_str){ aw_arena_strndup(r->arena, aw_buf_z(&buf), buf.len), buf.len };
	r->token = AW_TOKEN_TEXT;
	r->next = i + 1;
}

static bool
digit_at(struct aw_str text, size_t i)
{
	return i < text.len && text.at[i] >= '0' && text.at[i] <= '9';
}

static void
lex_number(struct aw_reader *r)
{
	size_t i = r->start;

	while (digit_at(r->text, i))
		i++;
	if (i < r->text.len && r->text.at[i] == '.' && digit_at(r->text, i + 1)) {
		for (i++; digit_at(r->text, i);)
			i++;
	}
	if (i < r->text.len && (r->text.at[i] == 'e' || r->text.at[i] == 'E')) {
		size_t k = i + 1;

		if (k < r->text.len && (r->text.at[k] == '+' || r->text.at[k] == '-'))
			k++;
		if (digit_at(r->text, k)) {
			for (i = k; digit_at(r->text, i);)
				i++;
		}
	}
	r->word = (struct aw_str){ r->text.at + r->start, i - r->start };
	r->token = AW_TOKEN_NUMBER;
	r->next = i;
}

void
aw_reader_step(struct aw_reader *r)
{
	static const char *const twos[] = { "**", "<=", ">=", "!=", "..", "->" };
	size_t next;

	if (aw_reader_failed(r))
		return;
	r->start = skip_space(r->text, r->next);
	if (r->start >= r->text.len) {
		r->token = AW_TOKEN_END;
		r->next = r->start;
		return;
	}
	uint32_t c = look(r->text, r->start, &next);
	struct aw_str rest = { r->text.at + r->start, r->text.len - r->start };

	if (c == '"') {
		lex_text(r);
	} else if (digit_at(r->text, r->start) || (c == '.' && digit_at(r->text, r->start + 1))) {
		lex_number(r);
	} else if (is_name_start(c)) {
		lex_name(r);
	} else {
		r->token = AW_TOKEN_SIGN;
		r->sign = c;
		r->next = next;
		for (size_t i = 0; i < AW_COUNT(twos); i++) {
			if (aw_str_starts(rest, twos[i])) {
				r->sign = AW_SIGN2(twos[i][0], twos[i][1]);
				r->next = r->start + 2;
			}
		}
	}
}

void
aw_reader_back(struct aw_reader *r, size_t start)
{
	r->next = start;
	aw_reader_step(r);
}

bool
aw_reader_at_word(const struct aw_reader *r, const char *word)
{
	return r->token == AW_TOKEN_NAME && aw_str_is(r->word, word);
}

bool
aw_reader_take_sign(struct aw_reader *r, uint32_t sign)
{
	if (!aw_reader_at_sign(r, sign))
		return false;
	aw_reader_step(r);
	return true;
}

bool
aw_reader_take_word(struct aw_reader *r, const char *word)
{
	if (!aw_reader_at_word(r, word))
		return false;
	aw_reader_step(r);
	return true;
}

void
aw_reader_need_sign(struct aw_reader *r, uint32_t sign)
{
	if (!aw_reader_take_sign(r, sign))
		aw_reader_fail(r, r->start, "expected '%c%c'", (int)(sign & 0x7F),
			sign >> 8 != 0 ? (int)(sign >> 8 & 0x7F) : ' ');
}

void
aw_reader_need_word(struct aw_reader *r, const char *word)
{
	if (!aw_reader_take_word(r, word))
		aw_reader_fail(r, r->start, "expected \"%s\"", word);
}

bool
aw_reader_raw_name(
	struct aw_reader *r, const char *stops, const char *word, struct aw_str *ret_name)
{
	size_t i = r->start, next;
	size_t word_len = word == NULL ? 0 : strlen(word);

	if (i >= r->text.len || !is_name_start(look(r->text, i, &next)))
		return false;
	for (; i < r->text.len; i = next) {
		uint32_t c = look(r->text, i, &next);
		bool blank = i > r->start && is_space(look(r->text, i - 1, &(size_t){ 0 }));

		if (c < 0x80 && strchr(stops, (int)c) != NULL && word == NULL)
			break;
		if (word != NULL && blank && r->text.len - i > word_len &&
			memcmp(r->text.at + i, word, word_len) == 0 &&
			!is_name_part((uint8_t)r->text.at[i + word_len]))
			break;
		if (!is_name_part(c) && !is_space(c) &&
			!(c < 0x80 && is_name_sign((char)(c & 0x7F))))
			return false;
	}
	if (i >= r->text.len)
		return false;
	*ret_name = aw_name_trim(r->arena, (struct aw_str){ r->text.at + r->start, i - r->start });
	aw_reader_back(r, i);
	return true;
}
