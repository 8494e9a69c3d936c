/* base/str - byte slices, UTF-8, and a growable text buffer in an arena. */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
aw_put_be(uint8_t *out, size_t bytes, uint64_t number)
{
	for (size_t i = 0; i < bytes; i++)
		out[i] = (uint8_t)(number >> (8 * (bytes - 1 - i)));
}

uint64_t
aw_get_be(const uint8_t *in, size_t bytes)
{
	uint64_t number = 0;

	for (size_t i = 0; i < bytes; i++)
		number = number << 8 | in[i];
	return number;
}

struct aw_str
aw_str(const char *text)
{
	return (struct aw_str){ text, text == NULL ? 0 : strlen(text) };
}

bool
aw_str_eq(struct aw_str a, struct aw_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool
aw_str_is(struct aw_str a, const char *text)
{
	return aw_str_eq(a, aw_str(text));
}

bool
aw_str_starts(struct aw_str a, const char *prefix)
{
	size_t len = strlen(prefix);

	return a.len >= len && (len == 0 || memcmp(a.at, prefix, len) == 0);
}

bool
aw_str_ends(struct aw_str a, const char *suffix)
{
	size_t len = strlen(suffix);

	return a.len >= len && (len == 0 || memcmp(a.at + a.len - len, suffix, len) == 0);
}

static size_t
space_at(const char *at, size_t len)
{
	if (len > 0 && (*at == ' ' || (*at >= '\t' && *at <= '\r')))
		return 1;
	return len >= 3 && memcmp(at, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

struct aw_str
aw_str_trim(struct aw_str a)
{
	size_t n;

	while ((n = space_at(a.at, a.len)) != 0) {
		a.at += n;
		a.len -= n;
	}
	for (;;) {
		if (a.len >= 1 && space_at(a.at + a.len - 1, 1) == 1)
			a.len -= 1;
		else if (a.len >= 3 && space_at(a.at + a.len - 3, 3) == 3)
			a.len -= 3;
		else
			return a;
	}
}

bool
aw_text_eq(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool
aw_text_in(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (text != NULL && strcmp(text, words[i]) == 0)
			return true;
	}
	return false;
}

struct aw_str
aw_str_cut(struct aw_str a, char separator, struct aw_str *rest)
{
	const char *found = a.len == 0 ? NULL : memchr(a.at, separator, a.len);

	if (found == NULL) {
		*rest = (struct aw_str){ 0 };
		return a;
	}
	*rest = (struct aw_str){ found + 1, a.len - (size_t)(found - a.at) - 1 };
	return (struct aw_str){ a.at, (size_t)(found - a.at) };
}

bool
aw_str_int64(struct aw_str a, int64_t *ret)
{
	bool negative = a.len > 0 && a.at[0] == '-';
	int64_t value = 0;

	if (a.len == (negative ? 1U : 0U))
		return false;
	for (size_t i = negative ? 1 : 0; i < a.len; i++) {
		int digit = a.at[i] - '0';
		if (digit < 0 || digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
			__builtin_sub_overflow(value, digit, &value))
			return false;
	}
	if (!negative && __builtin_sub_overflow(0, value, &value))
		return false;
	*ret = value;
	return true;
}

/* Length of the well-formed sequence at `at`, 0 if it is not one (Unicode 15, table 3-7). */
static size_t
utf8_length(const unsigned char *at, size_t len, uint32_t *ret_code)
{
	uint32_t code, least;
	size_t n;

	if (len == 0)
		return 0;
	if (at[0] < 0x80) {
		*ret_code = at[0];
		return 1;
	}
	if (at[0] >= 0xc2 && at[0] <= 0xdf)
		n = 2, code = at[0] & 0x1fU, least = 0x80;
	else if ((at[0] & 0xf0U) == 0xe0)
		n = 3, code = at[0] & 0x0fU, least = 0x800;
	else if (at[0] >= 0xf0 && at[0] <= 0xf4)
		n = 4, code = at[0] & 0x07U, least = 0x10000;
	else
		return 0;
	if (len < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((at[i] & 0xc0U) != 0x80)
			return 0;
		code = code << 6 | (at[i] & 0x3fU);
	}
	if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	*ret_code = code;
	return n;
}

/* Where the next byte from pos on stands that is not ASCII, or that is among the last seven: most text
 * is ASCII, and is passed eight bytes at a time. */
static size_t
skip_ascii(struct aw_str a, size_t pos)
{
	uint64_t word;

	for (; pos + sizeof(word) <= a.len; pos += sizeof(word)) {
		memcpy(&word, a.at + pos, sizeof(word));
		if ((word & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	return pos;
}

bool
aw_utf8_valid(struct aw_str a)
{
	uint32_t code;
	size_t n;

	for (size_t pos = skip_ascii(a, 0); pos < a.len; pos = skip_ascii(a, pos + n)) {
		n = utf8_length((const unsigned char *)a.at + pos, a.len - pos, &code);
		if (n == 0)
			return false;
	}
	return true;
}

uint32_t
aw_utf8_next(struct aw_str a, size_t *pos)
{
	uint32_t code = 0xfffd;
	size_t n = utf8_length((const unsigned char *)a.at + *pos, a.len - *pos, &code);

	*pos += n == 0 ? 1 : n;
	return n == 0 ? 0xfffd : code;
}

size_t
aw_utf8_count(struct aw_str a)
{
	size_t count = 0;

	for (size_t pos = 0; pos < a.len; count++)
		(void)aw_utf8_next(a, &pos);
	return count;
}

static void
make_room(struct aw_buf *buf, size_t more)
{
	size_t want = buf->room == 0 ? 64 : buf->room;
	char *grown;

	if (more > SIZE_MAX / 4 || buf->len > SIZE_MAX / 4)
		aw_die("a text is too large");
	while (want < buf->len + more + 1)
		want *= 2;
	if (want == buf->room)
		return;
	grown = aw_arena_alloc(buf->arena, want);
	if (buf->len != 0)
		memcpy(grown, buf->at, buf->len);
	buf->at = grown;
	buf->room = want;
}

void
aw_buf_add(struct aw_buf *buf, const void *data, size_t len)
{
	make_room(buf, len);
	if (len != 0)
		memcpy(buf->at + buf->len, data, len);
	buf->len += len;
	buf->at[buf->len] = '\0';
}

void
aw_buf_reserve(struct aw_buf *buf, size_t more)
{
	aw_buf_add(buf, "", 0);
	make_room(buf, more);
}

void
aw_buf_text(struct aw_buf *buf, const char *text)
{
	if (text != NULL)
		aw_buf_add(buf, text, strlen(text));
}

void
aw_buf_str(struct aw_buf *buf, struct aw_str text)
{
	aw_buf_add(buf, text.at, text.len);
}

void
aw_buf_char(struct aw_buf *buf, char c)
{
	aw_buf_add(buf, &c, 1);
}

void
aw_buf_utf8(struct aw_buf *buf, uint32_t c)
{
	unsigned char out[4];
	size_t n;

	if (c < 0x80) {
		out[0] = (unsigned char)c, n = 1;
	} else if (c < 0x800) {
		out[0] = (unsigned char)(0xc0 | c >> 6), n = 2;
	} else if (c < 0x10000) {
		out[0] = (unsigned char)(0xe0 | c >> 12), n = 3;
	} else {
		out[0] = (unsigned char)(0xf0 | (c >> 18 & 0x07U)), n = 4;
	}
	for (size_t i = 1; i < n; i++)
		out[i] = (unsigned char)(0x80 | (c >> (6 * (n - 1 - i)) & 0x3fU));
	aw_buf_add(buf, out, n);
}

void
aw_buf_printf(struct aw_buf *buf, const char *fmt, ...)
{
	va_list ap, again;
	int len;

	va_start(ap, fmt);
	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		aw_die("a text could not be formatted");
	make_room(buf, (size_t)len);
	(void)vsnprintf(buf->at + buf->len, (size_t)len + 1, fmt, again);
	va_end(again);
	buf->len += (size_t)len;
}

const char *
aw_buf_z(const struct aw_buf *buf)
{
	return buf->at == NULL ? "" : buf->at;
}

char *
aw_hex(struct aw_arena *arena, const void *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *at = data;
	char *text = aw_arena_array(arena, len + 1, 2);

	for (size_t i = 0; i < len; i++) {
		text[2 * i] = digits[at[i] >> 4];
		text[2 * i + 1] = digits[at[i] & 0x0fU];
	}
	return text;
}

int
aw_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
aw_unhex(const char *text, void *ret, size_t len)
{
	unsigned char *out = ret;

	if (strlen(text) != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		int high = aw_hex_digit(text[2 * i]), low = aw_hex_digit(text[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}
