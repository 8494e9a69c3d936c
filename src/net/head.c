/* The bytes of an HTTP/1.1 request, read strictly. */
#include "net/head.h"

#include <string.h>
#include <strings.h>

#define CHUNK_DIGITS_MOST 8
#define LENGTH_DIGITS_MOST 15

static enum aw_head_state
bad(struct aw_refusal *ret_why, int status, const char *why)
{
	*ret_why = (struct aw_refusal){ .status = status, .why = why };
	return AW_HEAD_BAD;
}

/* tchar of RFC 9110, section 5.6.2 */
static bool
is_token(struct aw_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			    (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL)))
			return false;
	}
	return text.len > 0;
}

static bool
is_named(struct aw_str text, const char *name)
{
	return text.len == strlen(name) && strncasecmp(text.at, name, text.len) == 0;
}

/* Cuts a line at CRLF; false when either of the two stands alone or nothing ends it. */
static bool
cut_line(struct aw_str *rest, struct aw_str *ret_line)
{
	const char *end = memchr(rest->at, '\r', rest->len);
	size_t len;

	if (end == NULL)
		return false;
	len = (size_t)(end - rest->at);
	if (len + 1 >= rest->len || end[1] != '\n' || memchr(rest->at, '\n', len) != NULL)
		return false;
	*ret_line = (struct aw_str){ rest->at, len };
	rest->at += len + 2;
	rest->len -= len + 2;
	return true;
}

static enum aw_head_state
read_request_line(struct aw_str line, struct aw_head *head, struct aw_refusal *ret_why)
{
	struct aw_str rest, version = { 0 };

	head->method = aw_str_cut(line, ' ', &rest);
	if (rest.at != NULL)
		head->target = aw_str_cut(rest, ' ', &version);
	if (version.at == NULL || head->method.len == 0 || head->method.len > 20)
		return bad(ret_why, 400, "A request begins with METHOD /path HTTP/1.1.");
	for (size_t i = 0; i < head->method.len; i++)
		if (head->method.at[i] < 'A' || head->method.at[i] > 'Z')
			return bad(ret_why, 400, "A request begins with METHOD /path HTTP/1.1.");
	if (aw_str_is(version, "HTTP/1.0"))
		head->old = true;
	else if (!aw_str_is(version, "HTTP/1.1"))
		return bad(ret_why, version.len == 8 && aw_str_starts(version, "HTTP/") ? 505 : 400,
			"This server speaks HTTP/1.1.");
	if (head->target.len == 0 || head->target.at[0] != '/')
		return bad(ret_why, 400, "The target of a request is a path.");
	for (size_t i = 0; i < head->target.len; i++)
		if (head->target.at[i] <= ' ' || head->target.at[i] >= 0x7f ||
			head->target.at[i] == '#')
			return bad(ret_why, 400, "The path holds a character that no URL has.");
	return AW_HEAD_WHOLE;
}

static enum aw_head_state
read_field(struct aw_str line, struct aw_head_field *field, struct aw_refusal *ret_why)
{
	struct aw_str value = { 0 };
	struct aw_str name = aw_str_cut(line, ':', &value);

	if (line.len > 0 && (line.at[0] == ' ' || line.at[0] == '\t'))
		return bad(ret_why, 400, "A header is folded over two lines.");
	if (value.at == NULL || !is_token(name))
		return bad(ret_why, 400, "A header is not \"Name: value\".");
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.at[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return bad(ret_why, 400, "A header holds a control character.");
	}
	while (value.len > 0 && (value.at[0] == ' ' || value.at[0] == '\t'))
		value.at++, value.len--;
	while (value.len > 0 && (value.at[value.len - 1] == ' ' || value.at[value.len - 1] == '\t'))
		value.len--;
	*field = (struct aw_head_field){ .name = name, .value = value };
	return AW_HEAD_WHOLE;
}

struct aw_str
aw_head_field(const struct aw_head *head, const char *name)
{
	for (size_t i = 0; i < head->field_count; i++)
		if (is_named(head->fields[i].name, name))
			return head->fields[i].value;
	return (struct aw_str){ 0 };
}

static size_t
count_of(const struct aw_head *head, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < head->field_count; i++)
		count += is_named(head->fields[i].name, name);
	return count;
}

static bool
host_is_right(struct aw_str host)
{
	for (size_t i = 0; i < host.len; i++) {
		char c = host.at[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			    (c != '\0' && strchr("-._~%[]:", c) != NULL)))
			return false;
	}
	return host.len > 0 && host.len <= 255;
}

/* How long the body is, in exactly one way. */
static enum aw_head_state
read_framing(struct aw_head *head, struct aw_refusal *ret_why)
{
	struct aw_str coding = aw_head_field(head, "Transfer-Encoding");
	struct aw_str length = aw_head_field(head, "Content-Length");
	size_t codings = count_of(head, "Transfer-Encoding");
	size_t lengths = count_of(head, "Content-Length");

	if (lengths > 1 || codings > 1 || (lengths > 0 && codings > 0))
		return bad(ret_why, 400, "The length of the body is given in two ways.");
	if (codings == 1) {
		if (head->old)
			return bad(ret_why, 400, "HTTP/1.0 knows no Transfer-Encoding.");
		if (!is_named(coding, "chunked"))
			return bad(ret_why, 501, "The only Transfer-Encoding here is chunked.");
		head->chunked = true;
	}
	if (lengths == 0)
		return AW_HEAD_WHOLE;
	if (length.len == 0 || length.len > LENGTH_DIGITS_MOST)
		return bad(ret_why, 400, "Content-Length is not a number.");
	for (size_t i = 0; i < length.len; i++) {
		if (length.at[i] < '0' || length.at[i] > '9')
			return bad(ret_why, 400, "Content-Length is not a number.");
		head->length = head->length * 10 + (uint64_t)(length.at[i] - '0');
	}
	return AW_HEAD_WHOLE;
}

/* True when the Connection field names this option. */
static bool
connection_says(const struct aw_head *head, const char *option)
{
	struct aw_str rest = aw_head_field(head, "Connection");

	while (rest.at != NULL && rest.len > 0)
		if (is_named(aw_str_trim(aw_str_cut(rest, ',', &rest)), option))
			return true;
	return false;
}

static enum aw_head_state
read_meaning(struct aw_head *head, bool need_host, struct aw_refusal *ret_why)
{
	/* each means one thing: two of them are two requests in one */
	static const char *const single[] = { "Authorization", "Cookie", "Content-Type", "Origin",
		"Sec-Fetch-Site", "Idempotency-Key", "X-CSRF-Token", "Connection", "Expect" };
	struct aw_str expect = aw_head_field(head, "Expect");
	size_t hosts = count_of(head, "Host");

	if (hosts > 1 || (need_host && hosts == 0))
		return bad(ret_why, 400, "A request has exactly one Host.");
	if (hosts == 1 && !host_is_right(aw_head_field(head, "Host")))
		return bad(ret_why, 400, "The Host is not a name with a port.");
	for (size_t i = 0; i < AW_COUNT(single); i++)
		if (count_of(head, single[i]) > 1)
			return bad(ret_why, 400, "A header that may stand once stands twice.");
	if (expect.at != NULL && !is_named(expect, "100-continue"))
		return bad(ret_why, 417, "Only 100-continue can be expected.");
	head->expects = expect.at != NULL && !head->old;
	head->close = head->old || connection_says(head, "close");
	return read_framing(head, ret_why);
}

static enum aw_head_state
read_fields(struct aw_arena *arena, struct aw_str rest, struct aw_head *head,
	struct aw_refusal *ret_why)
{
	size_t room = 0;

	while (rest.len > 0) {
		struct aw_str line;

		if (!cut_line(&rest, &line))
			return bad(ret_why, 400, "A line does not end in CR LF.");
		if (line.len == 0)
			break;
		if (head->field_count == AW_HEADERS_MOST)
			return bad(ret_why, 431, "There are too many headers.");
		if (read_field(line, AW_PUSH(arena, head->fields, head->field_count, room),
			    ret_why) != AW_HEAD_WHOLE)
			return AW_HEAD_BAD;
	}
	return AW_HEAD_WHOLE;
}

/* What shows before the head is whole, so that nonsense need not be waited for. */
static enum aw_head_state
look_ahead(struct aw_str bytes, struct aw_refusal *ret_why)
{
	const char *line = memchr(bytes.at, '\n', bytes.len);

	if (bytes.at[0] < 'A' || bytes.at[0] > 'Z')
		return bad(ret_why, 400, "A request begins with METHOD /path HTTP/1.1.");
	if (line == NULL && bytes.len > AW_HEAD_LINE_MOST)
		return bad(ret_why, 414, "The path is too long.");
	for (; line != NULL;
		line = memchr(line + 1, '\n', bytes.len - (size_t)(line + 1 - bytes.at)))
		if (line[-1] != '\r')
			return bad(ret_why, 400, "A line does not end in CR LF.");
	if (bytes.len > AW_HEAD_MOST)
		return bad(ret_why, 431, "The headers are too large.");
	return AW_HEAD_MORE;
}

enum aw_head_state
aw_head_read(struct aw_arena *arena, struct aw_str bytes, bool need_host, struct aw_head *ret_head,
	size_t *ret_used, struct aw_refusal *ret_why)
{
	const char *end = bytes.len > 0 ? memmem(bytes.at, bytes.len, "\r\n\r\n", 4) : NULL;
	struct aw_head head = { 0 };
	struct aw_str rest, line;
	size_t used;

	if (bytes.len == 0)
		return AW_HEAD_MORE;
	if (end == NULL)
		return look_ahead(bytes, ret_why);
	used = (size_t)(end - bytes.at) + 4;
	rest = (struct aw_str){ bytes.at, used };
	if (!cut_line(&rest, &line))
		return bad(ret_why, 400, "A line does not end in CR LF.");
	if (line.len > AW_HEAD_LINE_MOST)
		return bad(ret_why, 414, "The path is too long.");
	if (used > AW_HEAD_MOST)
		return bad(ret_why, 431, "The headers are too large.");
	if (read_request_line(line, &head, ret_why) != AW_HEAD_WHOLE ||
		read_fields(arena, rest, &head, ret_why) != AW_HEAD_WHOLE ||
		read_meaning(&head, need_host, ret_why) != AW_HEAD_WHOLE)
		return AW_HEAD_BAD;
	*ret_head = head;
	*ret_used = used;
	return AW_HEAD_WHOLE;
}

/* -- chunks ---------------------------------------------------------------------------------------- */

/* "1f" CR LF; no extension. */
static enum aw_head_state
read_size(
	struct aw_chunks *chunks, struct aw_str bytes, size_t *ret_used, struct aw_refusal *ret_why)
{
	uint64_t size = 0;
	size_t i = 0;

	for (; i < bytes.len && aw_hex_digit(bytes.at[i]) >= 0; i++) {
		if (i == CHUNK_DIGITS_MOST)
			return bad(ret_why, 413, "A chunk is too large.");
		size = size * 16 + (uint64_t)aw_hex_digit(bytes.at[i]);
	}
	if (i == bytes.len || (i > 0 && bytes.at[i] == '\r' && i + 1 == bytes.len))
		return AW_HEAD_MORE;
	if (i == 0 || bytes.at[i] != '\r' || bytes.at[i + 1] != '\n')
		return bad(ret_why, 400, "The size of a chunk is not a number and CR LF.");
	*ret_used = i + 2;
	chunks->left = size;
	chunks->behind = size == 0;
	chunks->ended = size == 0;
	return AW_HEAD_MORE;
}

enum aw_head_state
aw_chunks_read(struct aw_chunks *chunks, struct aw_str bytes, struct aw_str *ret_data,
	size_t *ret_used, struct aw_refusal *ret_why)
{
	*ret_data = (struct aw_str){ bytes.at, 0 };
	*ret_used = 0;
	if (bytes.len == 0)
		return AW_HEAD_MORE;
	if (chunks->left > 0) {
		ret_data->len = chunks->left < bytes.len ? (size_t)chunks->left : bytes.len;
		*ret_used = ret_data->len;
		chunks->left -= ret_data->len;
		chunks->behind = chunks->left == 0;
		return AW_HEAD_MORE;
	}
	if (!chunks->behind)
		return read_size(chunks, bytes, ret_used, ret_why);
	/* behind the data, or behind the last chunk where a trailer would stand */
	if (bytes.at[0] != '\r' || (bytes.len > 1 && bytes.at[1] != '\n'))
		return bad(ret_why, 400,
			chunks->ended ? "A body may not have trailers."
				      : "A chunk is longer than its size.");
	if (bytes.len == 1)
		return AW_HEAD_MORE;
	*ret_used = 2;
	chunks->behind = false;
	return chunks->ended ? AW_HEAD_WHOLE : AW_HEAD_MORE;
}
