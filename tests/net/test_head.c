/* The bytes of a request: what is read, and what is refused because it could be read in two ways. */
#include "net/head.h"

#include "../testing.h"

#define G "GET / HTTP/1.1\r\n"
#define P "POST / HTTP/1.1\r\n"
#define H "Host: h\r\n"

static const struct {
	const char *what;
	const char *text;
	size_t len; /* 0: strlen */
	int status; /* 0: read */
} cases[] = {
	{ "the least request", G H "\r\n", 0, 0 },
	{ "a value with spaces around it", G "Host:  h \t\r\n\r\n", 0, 0 },
	{ "an empty value", G H "X-A:\r\n\r\n", 0, 0 },
	{ "bytes above ASCII in a value", G H "X-A: \xe5\xae\x89\r\n\r\n", 0, 0 },
	{ "a length", P H "Content-Length: 5\r\n\r\n", 0, 0 },
	{ "chunked", P H "Transfer-Encoding: Chunked\r\n\r\n", 0, 0 },
	{ "what is refused later: a method", "BREW / HTTP/1.1\r\n" H "\r\n", 0, 0 },

	{ "length and coding", P H "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 0,
		400 },
	{ "two lengths", P H "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 0, 400 },
	{ "two equal lengths", P H "Content-Length: 5\r\ncontent-length: 5\r\n\r\n", 0, 400 },
	{ "a list of lengths", P H "Content-Length: 5, 5\r\n\r\n", 0, 400 },
	{ "a signed length", P H "Content-Length: +5\r\n\r\n", 0, 400 },
	{ "a hexadecimal length", P H "Content-Length: 0x5\r\n\r\n", 0, 400 },
	{ "no number", P H "Content-Length:\r\n\r\n", 0, 400 },
	{ "a length past 64 bits", P H "Content-Length: 18446744073709551621\r\n\r\n", 0, 400 },
	{ "two codings", P H "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 0,
		400 },
	{ "another coding first", P H "Transfer-Encoding: gzip, chunked\r\n\r\n", 0, 501 },
	{ "identity", P H "Transfer-Encoding: identity\r\n\r\n", 0, 501 },
	{ "nearly chunked", P H "Transfer-Encoding: xchunked\r\n\r\n", 0, 501 },
	{ "a coding in HTTP/1.0", "POST / HTTP/1.0\r\n" H "Transfer-Encoding: chunked\r\n\r\n", 0,
		400 },
	{ "two hosts", G H "Host: i\r\n\r\n", 0, 400 },
	{ "two equal hosts", G H H "\r\n", 0, 400 },
	{ "no host", G "\r\n", 0, 400 },
	{ "no host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 0, 400 },
	{ "an empty host", G "Host:\r\n\r\n", 0, 400 },
	{ "a host with a path", G "Host: h/x\r\n\r\n", 0, 400 },
	{ "two hosts in one", G "Host: h, i\r\n\r\n", 0, 400 },
	{ "two authorizations", G H "Authorization: a\r\nAuthorization: b\r\n\r\n", 0, 400 },
	{ "two cookies", G H "Cookie: a=1\r\nCookie: a=2\r\n\r\n", 0, 400 },
	{ "two types", P H "Content-Type: a/b\r\nContent-Type: c/d\r\n\r\n", 0, 400 },
	{ "a folded line", G H "X-A: b\r\n c\r\n\r\n", 0, 400 },
	{ "a line folded with a tab", G H "X-A: b\r\n\tc: d\r\n\r\n", 0, 400 },
	{ "a first line that is folded", G " X-A: b\r\n" H "\r\n", 0, 400 },
	{ "bare line feeds", "GET / HTTP/1.1\nHost: h\n\n", 0, 400 },
	{ "one bare line feed", G "Host: h\nX-A: b\r\n\r\n", 0, 400 },
	{ "a bare line feed at the end", G "Host: h\r\n\n", 0, 400 },
	{ "a bare carriage return", G "Host: h\rX-A: b\r\n\r\n", 0, 400 },
	{ "a carriage return before the line's end", G "Host: h\r\r\n\r\n", 0, 400 },
	{ "NUL in a value", G H "X-A: a\0b\r\n\r\n", sizeof(G H "X-A: a\0b\r\n\r\n") - 1, 400 },
	{ "NUL in a name", G H "X\0A: a\r\n\r\n", sizeof(G H "X\0A: a\r\n\r\n") - 1, 400 },
	{ "NUL in the path", "GET /\0a HTTP/1.1\r\n" H "\r\n",
		sizeof("GET /\0a HTTP/1.1\r\n" H "\r\n") - 1, 400 },
	{ "a control character", G H "X-A: a\x01\r\n\r\n", 0, 400 },
	{ "DEL", G H "X-A: a\x7f\r\n\r\n", 0, 400 },
	{ "a space before the colon", G "Host : h\r\n\r\n", 0, 400 },
	{ "a name with a space", G H "X A: b\r\n\r\n", 0, 400 },
	{ "a line without a colon", G H "XA\r\n\r\n", 0, 400 },
	{ "no name", G H ": b\r\n\r\n", 0, 400 },
	{ "two spaces", "GET  / HTTP/1.1\r\n" H "\r\n", 0, 400 },
	{ "a space in the path", "GET /a b HTTP/1.1\r\n" H "\r\n", 0, 400 },
	{ "a tab for a space", "GET\t/ HTTP/1.1\r\n" H "\r\n", 0, 400 },
	{ "a fragment", "GET /a#b HTTP/1.1\r\n" H "\r\n", 0, 400 },
	{ "bytes above ASCII in the path", "GET /\xe5 HTTP/1.1\r\n" H "\r\n", 0, 400 },
	{ "a whole URL", "GET http://h/ HTTP/1.1\r\n" H "\r\n", 0, 400 },
	{ "a star", "OPTIONS * HTTP/1.1\r\n" H "\r\n", 0, 400 },
	{ "a method in small letters", "get / HTTP/1.1\r\n" H "\r\n", 0, 400 },
	{ "an empty line first", "\r\n" G H "\r\n", 0, 400 },
	{ "no version", "GET /\r\n" H "\r\n", 0, 400 },
	{ "a version of the future", "GET / HTTP/2.0\r\n" H "\r\n", 0, 505 },
	{ "a longer version", "GET / HTTP/1.10\r\n" H "\r\n", 0, 400 },
	{ "an expectation", P H "Expect: 200-ok\r\n\r\n", 0, 417 },
	{ "TLS", "\x16\x03\x01\x02", 0, 400 },
};

static enum aw_head_state
read_text(struct aw_arena *arena, struct aw_str text, struct aw_head *ret_head, size_t *ret_used,
	int *ret_status)
{
	struct aw_refusal why = { 0 };
	enum aw_head_state state = aw_head_read(arena, text, true, ret_head, ret_used, &why);

	*ret_status = why.status;
	return state;
}

static void
each_request_is_read_in_one_way_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		size_t len = cases[i].len > 0 ? cases[i].len : strlen(cases[i].text), used = 0;
		/* a buffer of exactly that size, so that reading past it is seen */
		char *exact = aw_arena_memdup(&arena, cases[i].text, len);
		struct aw_head head;
		int status;
		enum aw_head_state got =
			read_text(&arena, (struct aw_str){ exact, len }, &head, &used, &status);

		if (got != (cases[i].status == 0 ? AW_HEAD_WHOLE : AW_HEAD_BAD) ||
			status != cases[i].status)
			fail_msg("%s: %d instead of %d", cases[i].what, status, cases[i].status);
		if (got == AW_HEAD_WHOLE)
			assert_int_equal(used, len);
	}
}

/* Whatever is whole in the end is never refused or taken for whole before. */
static void
a_head_in_pieces_waits_for_its_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		size_t len = cases[i].len > 0 ? cases[i].len : strlen(cases[i].text);

		for (size_t part = 0; part < len; part++) {
			char *exact = aw_arena_memdup(&arena, cases[i].text, part);
			struct aw_head head;
			size_t used;
			int status;
			enum aw_head_state got = read_text(
				&arena, (struct aw_str){ exact, part }, &head, &used, &status);

			if (got == AW_HEAD_WHOLE || (got == AW_HEAD_BAD && cases[i].status == 0))
				fail_msg("%s: decided after %zu bytes", cases[i].what, part);
		}
	}
}

static void
a_head_says_what_it_means(void **state)
{
	static const char text[] = "POST /a%2Fb?c=d HTTP/1.1\r\nhOST: h:1\r\nX-A:  b c \r\n"
				   "Content-Length: 12\r\nConnection: x, Close\r\n"
				   "Expect: 100-continue\r\n\r\nbody and more";
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_head head;
	size_t used;
	int status;

	(void)state;
	assert_int_equal(read_text(&arena, aw_str(text), &head, &used, &status), AW_HEAD_WHOLE);
	assert_int_equal(used, strlen(text) - strlen("body and more"));
	assert_true(aw_str_is(head.method, "POST"));
	assert_true(aw_str_is(head.target, "/a%2Fb?c=d"));
	assert_true(aw_str_is(aw_head_field(&head, "Host"), "h:1"));
	assert_true(aw_str_is(aw_head_field(&head, "x-a"), "b c"));
	assert_null(aw_head_field(&head, "X-B").at);
	assert_int_equal(head.length, 12);
	assert_true(head.close && head.expects && !head.chunked && !head.old);
}

static void
a_head_has_its_limits(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_buf lines = { .arena = &arena }, wide = { .arena = &arena },
		      path = { .arena = &arena };
	struct aw_head head;
	size_t used;
	int status;

	(void)state;
	aw_buf_text(&lines, G H);
	for (int i = 1; i < AW_HEADERS_MOST; i++)
		aw_buf_printf(&lines, "X-%d: 1\r\n", i);
	assert_int_equal(read_text(&arena, aw_str(aw_arena_printf(&arena, "%s\r\n", lines.at)),
				 &head, &used, &status),
		AW_HEAD_WHOLE);
	aw_buf_text(&lines, "X-More: 1\r\n\r\n");
	(void)read_text(&arena, aw_str(aw_buf_z(&lines)), &head, &used, &status);
	assert_int_equal(status, 431);
	/* neither waits for an end that may never come */
	aw_buf_text(&wide, G H "X-A: ");
	aw_buf_text(&path, "GET /");
	for (int i = 0; i < AW_HEAD_MOST; i++) {
		aw_buf_char(&wide, 'a');
		aw_buf_char(&path, 'a');
	}
	(void)read_text(&arena, aw_str(aw_buf_z(&wide)), &head, &used, &status);
	assert_int_equal(status, 431);
	(void)read_text(&arena, aw_str(aw_buf_z(&path)), &head, &used, &status);
	assert_int_equal(status, 414);
	aw_buf_text(&wide, "\r\n\r\n");
	(void)read_text(&arena, aw_str(aw_buf_z(&wide)), &head, &used, &status);
	assert_int_equal(status, 431);
}

/* -- chunks ---------------------------------------------------------------------------------------- */

/* Feeds a body in pieces of a size: its data in the arena, or the status it is refused with. */
static const char *
feed(struct aw_arena *arena, const char *text, size_t piece, int *ret_status)
{
	struct aw_buf data = { .arena = arena }, in = { .arena = arena };
	struct aw_chunks chunks = { 0 };
	struct aw_refusal why = { 0 };
	size_t len = strlen(text), fed = 0, taken = 0;

	*ret_status = 0;
	aw_buf_text(&data, "");
	while (true) {
		struct aw_str some;
		size_t used;
		char *exact = aw_arena_memdup(arena, in.at + taken, in.len - taken);
		enum aw_head_state state = aw_chunks_read(
			&chunks, (struct aw_str){ exact, in.len - taken }, &some, &used, &why);

		if (state == AW_HEAD_BAD) {
			*ret_status = why.status;
			return NULL;
		}
		aw_buf_str(&data, some);
		taken += used;
		if (state == AW_HEAD_WHOLE)
			return aw_buf_z(&data);
		if (used > 0)
			continue;
		if (fed == len)
			return NULL; /* it did not end */
		aw_buf_add(&in, text + fed, piece < len - fed ? piece : len - fed);
		fed += piece < len - fed ? piece : len - fed;
	}
}

static void
chunks_are_read_in_pieces_of_any_size(void **state)
{
	static const struct {
		const char *text, *data;
		int status;
	} bodies[] = {
		{ "0\r\n\r\n", "", 0 },
		{ "3\r\nabc\r\n0\r\n\r\n", "abc", 0 },
		{ "3\r\nabc\r\nA\r\n0123456789\r\n00\r\n\r\nGET /", "abc0123456789", 0 },
		{ "2\r\n\r\n\r\n0\r\n\r\n", "\r\n", 0 },
		{ "3\r\nabc\r\n", NULL, 0 },
		{ "3;a=b\r\nabc\r\n0\r\n\r\n", NULL, 400 },
		{ "3 \r\nabc\r\n0\r\n\r\n", NULL, 400 },
		{ "3\nabc\n0\n\n", NULL, 400 },
		{ "3\rabc", NULL, 400 },
		{ "\r\n3\r\nabc", NULL, 400 },
		{ "-3\r\nabc", NULL, 400 },
		{ "0x3\r\nabc", NULL, 400 },
		{ "g\r\n", NULL, 400 },
		{ "3\r\nabcd\r\n0\r\n\r\n", NULL, 400 },
		{ "3\r\nabc\n0\r\n\r\n", NULL, 400 },
		{ "0\r\nX-A: b\r\n\r\n", NULL, 400 },
		{ "0\r\n\rx", NULL, 400 },
		{ "fffffffff\r\n", NULL, 413 },
	};

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bodies); i++) {
		for (size_t piece = 1; piece < 40; piece += piece == 1 ? 1 : 7) {
			AW_SCOPE(aw_arena) arena = { 0 };
			int status;
			const char *data = feed(&arena, bodies[i].text, piece, &status);

			if (status != bodies[i].status || !aw_text_eq(data, bodies[i].data))
				fail_msg("body %zu in pieces of %zu: %d, %s", i, piece, status,
					data != NULL ? data : "nothing");
		}
	}
}

AW_TESTS(cmocka_unit_test(each_request_is_read_in_one_way_or_refused),
	cmocka_unit_test(a_head_in_pieces_waits_for_its_end),
	cmocka_unit_test(a_head_says_what_it_means), cmocka_unit_test(a_head_has_its_limits),
	cmocka_unit_test(chunks_are_read_in_pieces_of_any_size))
