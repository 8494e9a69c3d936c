/* Sockets: what comes in, what goes out, and what is refused. */
#include "net/http.h"

#include <errno.h>
#include <pwd.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "wire.h"

#define BIG (32 << 20)

/* A reply that goes on with a kilobyte each time it is asked, 3 MB in all. */
struct talk {
	struct aw_stream stream;
	size_t left;
};

static atomic_bool stirred;
static atomic_int talks;

static struct aw_str
say_more(struct aw_stream *stream, bool beat)
{
	static const char words[1024] = { 'w' };
	struct talk *talk = (struct talk *)(void *)stream;
	size_t len = talk->left < sizeof(words) ? talk->left : sizeof(words);

	if (!beat)
		return (struct aw_str){ words, 0 };
	talk->left -= len;
	return (struct aw_str){ len == 0 ? NULL : words, len };
}

static void
talk_over(struct aw_stream *stream)
{
	free(stream);
	atomic_fetch_sub(&talks, 1);
}

static void
begin_talk(struct aw_reply *reply, size_t bytes)
{
	struct talk *talk = calloc(1, sizeof(*talk));

	assert_non_null(talk);
	*talk = (struct talk){ { say_more, talk_over }, bytes };
	reply->stream = &talk->stream;
	atomic_fetch_add(&talks, 1);
}

/* Answers with what it was asked; /slow waits, /big is 32 MB. */
static bool
check(void *arg, struct aw_request *request, size_t *ret_limit, struct aw_reply *reply)
{
	(void)arg;
	if (aw_str_is(request->path, "/none")) {
		aw_reply_plain(request->arena, reply, 404, "nothing");
		return false;
	}
	*ret_limit = 1000;
	return true;
}

static void
answer(void *arg, struct aw_request *request, struct aw_reply *reply)
{
	(void)arg;
	if (aw_str_is(request->path, "/slow"))
		(void)usleep(400 * 1000);
	reply->status = aw_str_starts(request->path, "/as/") ? atoi(request->path.at + 4) : 200;
	reply->content_type = "text/plain; charset=utf-8";
	reply->body = aw_str(aw_arena_printf(request->arena, "%s %.*s?%.*s [%.*s] from %s %s",
		request->method, (int)request->path.len, request->path.at, (int)request->query.len,
		request->query.len > 0 ? request->query.at : "", (int)request->body.len,
		request->body.len > 0 ? request->body.at : "", request->address,
		request->console != NULL ? request->console : "-"));
	if (aw_str_is(request->path, "/talk"))
		begin_talk(reply, 3 << 20);
	if (aw_str_is(request->path, "/short"))
		begin_talk(reply, 5 * 1024);
	if (aw_str_is(request->path, "/big")) {
		char *big = aw_arena_alloc(request->arena, BIG);

		memset(big, 'x', BIG);
		reply->body = (struct aw_str){ big, BIG };
	}
}

static struct aw_http *
start_with(struct aw_http_options options)
{
	struct aw_http *http = NULL;
	struct aw_error err = { 0 };

	options.listen = options.listen != NULL ? options.listen : "127.0.0.1:0";
	options.threads = options.threads > 0 ? options.threads : 2;
	options.queue_limit = options.queue_limit > 0 ? options.queue_limit : 8;
	options.check = check;
	options.answer = answer;
	assert_ok(aw_http_start(&options, &http, &err));
	assert_true(aw_http_port(http) != 0);
	return http;
}

static int
talks_soon(int count, int64_t most_ms)
{
	int64_t end_us = aw_monotonic_us() + most_ms * 1000;

	while (atomic_load(&talks) != count && aw_monotonic_us() < end_us)
		(void)usleep(10 * 1000);
	return atomic_load(&talks);
}

static int
open_slow(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0), room = 2304;

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void
a_stream_ends_when_its_end_is_said_or_nobody_takes_it(void **state)
{
	static const char talk[] = "GET /talk HTTP/1.1\r\nHost: h\r\n\r\n";
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http = start_with(
		(struct aw_http_options){ .beat_ms = 100, .write_ms = 1000, .stirred = &stirred });
	uint16_t port = aw_http_port(http);
	int slow = open_slow(port), honest = wire_open(port), gone = wire_open(port);
	int64_t end_us = aw_monotonic_us() + 6000000;
	char piece[4096];
	const char *reply;

	(void)state;
	reply = wire_ask(&arena, port, "GET /short HTTP/1.1\r\nHost: h\r\n\r\n");
	assert_int_equal(wire_status(reply), 200);
	assert_null(strstr(reply, "Content-Length"));
	assert_non_null(strstr(reply, "Connection: close\r\n"));
	assert_int_equal(talks_soon(0, 1000), 0); /* our end of it was closed at once */
	wire_send(slow, talk);
	wire_send(honest, talk);
	wire_send(gone, talk);
	assert_int_equal(talks_soon(3, 2000), 3);
	(void)close(gone);
	assert_int_equal(talks_soon(2, 2000), 2);
	/* the one who reads goes on hearing, the one who does not is cut */
	while (atomic_load(&talks) > 1 && aw_monotonic_us() < end_us)
		(void)recv(honest, piece, sizeof(piece), MSG_DONTWAIT);
	assert_int_equal(atomic_load(&talks), 1);
	while (recv(honest, piece, sizeof(piece), MSG_DONTWAIT) > 0)
		continue;
	assert_true(recv(honest, piece, sizeof(piece), 0) > 0);
	/* a listener who talks is none */
	for (int i = 0; i < 20 && atomic_load(&talks) > 0; i++) {
		(void)send(honest, piece, 1024, MSG_NOSIGNAL);
		(void)usleep(50 * 1000);
	}
	assert_int_equal(talks_soon(0, 1000), 0);
	(void)close(slow);
	(void)close(honest);
	/* and the end of the server is the end of its streams */
	honest = wire_open(port);
	wire_send(honest, talk);
	assert_int_equal(talks_soon(1, 2000), 1);
	aw_http_end(http);
	assert_int_equal(atomic_load(&talks), 0);
	(void)close(honest);
}

static void
requests_come_in_whole_and_undecoded(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http = start_with((struct aw_http_options){ 0 });
	uint16_t port = aw_http_port(http);
	const char *reply;

	(void)state;
	reply = wire_ask(&arena, port, "GET /a%2Fb?x=%20+ HTTP/1.1\r\nHost: h\r\n\r\n");
	assert_int_equal(wire_status(reply), 200);
	assert_non_null(strstr(reply, "GET /a%2Fb?x=%20+ [] from 127.0.0.1 -"));
	reply = wire_ask(&arena, port,
		"POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
		"GET /second HTTP/1.1\r\nHost: h\r\n\r\n");
	assert_non_null(strstr(reply, "POST /p? [hello]"));
	assert_non_null(strstr(reply, "GET /second? []"));
	reply = wire_ask(&arena, port,
		"POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
		"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
	assert_non_null(strstr(reply, "POST /c? [abcde]"));
	reply = wire_ask(&arena, port, "HEAD /h HTTP/1.1\r\nHost: h\r\n\r\n");
	assert_int_equal(wire_status(reply), 200);
	assert_null(strstr(reply, "HEAD /h"));
	aw_http_end(http);
}

static void
the_clients_address_is_the_proxys_word_and_nobody_elses(void **state)
{
	static const char forged[] = "GET /f HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 192.0.2.1\r\n"
				     "X-Forwarded-For: 192.0.2.2, 203.0.113.9\r\n\r\n";
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http = start_with((struct aw_http_options){ .behind_proxy = true });

	(void)state;
	assert_non_null(strstr(
		wire_ask(&arena, aw_http_port(http), forged), "GET /f? [] from 203.0.113.9 -"));
	assert_non_null(
		strstr(wire_ask(&arena, aw_http_port(http), "GET /f HTTP/1.1\r\nHost: h\r\n\r\n"),
			"GET /f? [] from 127.0.0.1 -"));
	aw_http_end(http);
	http = start_with((struct aw_http_options){ 0 });
	assert_non_null(strstr(
		wire_ask(&arena, aw_http_port(http), forged), "GET /f? [] from 127.0.0.1 -"));
	aw_http_end(http);
}

static void
requests_with_two_meanings_are_refused_and_the_connection_ends(void **state)
{
	static const char *const bad[] = {
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: "
		"chunked\r\n\r\n"
		"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
		"GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
		"GET / HTTP/1.0\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +3\r\n\r\nabc",
	};
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http = start_with((struct aw_http_options){ 0 });

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		const char *reply = wire_ask(&arena, aw_http_port(http), bad[i]);

		if (wire_status(reply) != 400)
			fail_msg("request %zu: %s", i, reply);
		assert_null(strstr(reply, "smuggled"));
	}
	aw_http_end(http);
}

static void
every_reply_carries_the_security_headers(void **state)
{
	static char long_path[12000] = "GET /", long_header[20000] = "GET / HTTP/1.1\r\nX-A: ";
	const struct {
		const char *request;
		int status;
	} cases[] = {
		{ "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200 },
		{ "GET /none HTTP/1.1\r\nHost: h\r\n\r\n", 404 },
		{ "DELETE / HTTP/1.1\r\nHost: h\r\n\r\n", 405 },
		{ "BREW / HTTP/1.1\r\nHost: h\r\n\r\n", 405 },
		{ "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", 400 },
		{ "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n", 413 },
		{ "\x16\x03\x01\x02 no HTTP at all", 400 },
		{ "GET / HTTP/1.1\nHost: h\n\n", 400 },
		{ "GET / HTTP/1.1\r\nHost: h\r\nX-A: b\r\n c\r\n\r\n", 400 },
		{ "POST / HTTP/1.1\r\nHost: h\r\nExpect: x\r\n\r\n", 417 },
		{ "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 501 },
		{ "GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505 },
		{ long_path, 414 },
		{ long_header, 431 },
	};
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http = start_with((struct aw_http_options){ 0 });

	(void)state;
	memset(long_path + strlen(long_path), 'a', sizeof(long_path) - strlen(long_path) - 1);
	memset(long_header + strlen(long_header), 'a',
		sizeof(long_header) - strlen(long_header) - 1);
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		const char *reply = wire_ask(&arena, aw_http_port(http), cases[i].request);

		if (wire_status(reply) != cases[i].status)
			fail_msg("%.60s: %.60s", cases[i].request, reply);
		if (wire_lacks_header(reply) != NULL)
			fail_msg("%s lacks %s", cases[i].request, wire_lacks_header(reply));
		if (cases[i].status != 200 && cases[i].status != 404)
			assert_non_null(strstr(reply, "Connection: close\r\n"));
	}
	aw_http_end(http);
}

/* Whatever a handler answers with. */
static void
every_status_carries_the_security_headers(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http = start_with((struct aw_http_options){ 0 });

	(void)state;
	for (int status = 200; status < 600; status++) {
		const char *reply = wire_ask(&arena, aw_http_port(http),
			aw_arena_printf(&arena, "GET /as/%d HTTP/1.1\r\nHost: h\r\n\r\n", status));

		assert_int_equal(wire_status(reply), status);
		if (wire_lacks_header(reply) != NULL)
			fail_msg("%d lacks %s", status, wire_lacks_header(reply));
	}
	aw_http_end(http);
}

static void
a_body_over_its_limit_is_refused_however_it_is_sent(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http = start_with((struct aw_http_options){ 0 });
	struct aw_buf text = { .arena = &arena };

	(void)state;
	aw_buf_text(&text, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
	for (int i = 0; i < 101; i++)
		aw_buf_text(&text, "a\r\n0123456789\r\n");
	aw_buf_text(&text, "0\r\n\r\n");
	assert_int_equal(wire_status(wire_ask(&arena, aw_http_port(http), aw_buf_z(&text))), 413);
	aw_http_end(http);
}

static void
a_client_may_wait_for_100_continue(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http = start_with((struct aw_http_options){ 0 });
	int fd = wire_open(aw_http_port(http));
	const char *reply;

	(void)state;
	wire_send(fd, "POST /e HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
		      "Connection: close\r\nContent-Length: 3\r\n\r\n");
	(void)usleep(100 * 1000);
	wire_send(fd, "abc");
	reply = wire_read(&arena, fd, 5000);
	assert_int_equal(strncmp(reply, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n", 42), 0);
	assert_non_null(strstr(reply, "POST /e? [abc]"));
	(void)close(fd);
	/* what would be refused is refused without its body */
	reply = wire_ask(&arena, aw_http_port(http),
		"POST /e HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
		"Content-Length: 3000\r\n\r\n");
	assert_int_equal(wire_status(reply), 413);
	aw_http_end(http);
}

/* A client that asks for much and reads none of it gets no more than one reply ahead. */
static void
requests_in_a_row_are_answered_in_their_order(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http = start_with((struct aw_http_options){ 0 });
	struct aw_buf text = { .arena = &arena };
	const char *at;

	(void)state;
	for (int i = 0; i < 200; i++)
		aw_buf_printf(&text, "GET /n%03d%s HTTP/1.1\r\nHost: h\r\n\r\n", i,
			i % 3 == 0 ? "/none" : "");
	at = wire_ask(&arena, aw_http_port(http), aw_buf_z(&text));
	for (int i = 0; i < 200; i++) {
		at = strstr(at, aw_arena_printf(&arena, "GET /n%03d", i));
		if (at == NULL)
			fail_msg("request %d was not answered in its place", i);
	}
	aw_http_end(http);
}

static size_t
count_of(const char *text, const char *piece)
{
	size_t count = 0;

	for (const char *at = text; (at = strstr(at, piece)) != NULL; at += strlen(piece))
		count++;
	return count;
}

/* Also what needs no thread of the pool, on a connection that stays open. */
static void
each_request_is_answered_once(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http = start_with((struct aw_http_options){ .idle_ms = 300 });
	int fd = wire_open(aw_http_port(http));
	const char *reply;

	(void)state;
	wire_send(fd, "GET /none HTTP/1.1\r\nHost: h\r\n\r\nGET /one HTTP/1.1\r\nHost: h\r\n\r\n"
		      "GET /none HTTP/1.1\r\nHost: h\r\n\r\n");
	reply = wire_read(&arena, fd, 5000);
	assert_int_equal(count_of(reply, "HTTP/1.1 "), 3);
	assert_int_equal(count_of(reply, "HTTP/1.1 404"), 2);
	(void)close(fd);
	aw_http_end(http);
}

/* More connections than may be: those who send nothing make room, an honest one is answered. */
static void
too_many_connections_make_room_for_one_that_asks(void **state)
{
	enum { MANY = 4100 };
	static int fds[MANY];
	AW_SCOPE(aw_arena) arena = { 0 };
	struct rlimit limit = { 0 };
	struct aw_http *http;
	size_t open_count = 0;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	if (limit.rlim_max < 2 * MANY + 200)
		skip();
	limit.rlim_cur = limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	http = start_with((struct aw_http_options){ .header_ms = 60000 });
	for (size_t i = 0; i < MANY; i++) {
		fds[i] = wire_open(aw_http_port(http));
		(void)send(fds[i], "GET /", 5, MSG_NOSIGNAL);
	}
	assert_int_equal(wire_status(wire_ask(&arena, aw_http_port(http),
				 "GET /honest HTTP/1.1\r\nHost: h\r\n\r\n")),
		200);
	for (size_t i = 0; i < MANY; i++) {
		char byte;

		open_count += recv(fds[i], &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN;
		(void)close(fds[i]);
	}
	assert_in_range(open_count, 3000, 4000);
	aw_http_end(http);
}

/* Sends a byte every 50 ms behind a beginning; returns after how many ms the peer hung up. */
static int64_t
trickle(uint16_t port, const char *beginning)
{
	int64_t start_us = aw_monotonic_us();
	int fd = wire_open(port);

	wire_send(fd, beginning);
	while (aw_monotonic_us() - start_us < 5000000) {
		struct pollfd one = { .fd = fd, .events = POLLIN };
		char piece[512];

		if (poll(&one, 1, 50) == 1 && recv(fd, piece, sizeof(piece), 0) <= 0)
			break;
		if (send(fd, "a", 1, MSG_NOSIGNAL) != 1)
			break;
	}
	(void)close(fd);
	return (aw_monotonic_us() - start_us) / 1000;
}

static void
slow_senders_are_cut(void **state)
{
	struct aw_http *http = start_with((struct aw_http_options){
		.header_ms = 400, .body_ms = 400, .write_ms = 400, .idle_ms = 400 });
	uint16_t port = aw_http_port(http);

	(void)state;
	assert_in_range(trickle(port, "GET / HTTP/1.1\r\nHost: h\r\nX-A: "), 300, 2500);
	assert_in_range(trickle(port, "GET /"), 300, 2500);
	assert_in_range(trickle(port, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n"),
		300, 2500);
	aw_http_end(http);
}

/* Waits for what comes back to a request that never ends. */
static const char *
unfinished(struct aw_arena *arena, uint16_t port, const char *beginning)
{
	int fd = wire_open(port);
	const char *reply;

	wire_send(fd, beginning);
	reply = wire_read(arena, fd, 5000);
	(void)close(fd);
	return reply;
}

static void
a_slow_sender_is_told_and_who_said_nothing_is_not(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http = start_with((struct aw_http_options){
		.header_ms = 300, .body_ms = 300, .write_ms = 300, .idle_ms = 300 });
	uint16_t port = aw_http_port(http);
	const char *reply;

	(void)state;
	reply = unfinished(&arena, port, "GET / HTTP/1.1\r\nHost: h\r\nX-A: ");
	assert_int_equal(wire_status(reply), 408);
	assert_null(wire_lacks_header(reply));
	assert_non_null(strstr(reply, "Connection: close"));
	reply = unfinished(&arena, port, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n");
	assert_int_equal(wire_status(reply), 408);
	assert_null(wire_lacks_header(reply));
	assert_string_equal(unfinished(&arena, port, ""), "");
	aw_http_end(http);
}

/* What the loop told, one line behind the other. */
static char told[1000];
static atomic_int tellings;

static void
note_told(void *arg, const char *words)
{
	size_t len = strlen(told);

	(void)arg;
	(void)snprintf(told + len, sizeof(told) - len, "%s\n", words);
	atomic_fetch_add(&tellings, 1);
}

static void
refusals_are_counted_and_nobody_is_named(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http = start_with(
		(struct aw_http_options){ .tell = note_told, .tell_ms = 60000, .header_ms = 200 });
	uint16_t port = aw_http_port(http);

	(void)state;
	told[0] = '\0';
	(void)wire_ask(&arena, port, "GET /fine HTTP/1.1\r\nHost: h\r\n\r\n");
	for (int i = 0; i < 3; i++)
		(void)wire_ask(
			&arena, port, "GET /wang-xiaoming HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n");
	(void)wire_ask(&arena, port, "GET /none HTTP/1.1\r\nHost: h\r\n\r\n");
	(void)unfinished(&arena, port, "GET /wang-xiaoming");
	aw_http_end(http); /* tells the rest */
	assert_non_null(strstr(told, "refused at the door"));
	assert_non_null(strstr(told, " 400: 3,"));
	assert_non_null(strstr(told, " 404: 1,"));
	assert_non_null(strstr(told, " 408: 1,"));
	assert_null(strstr(told, "wang"));
	assert_null(strstr(told, "127.0.0.1"));
}

static void
they_are_told_in_each_period_in_which_something_was(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http =
		start_with((struct aw_http_options){ .tell = note_told, .tell_ms = 200 });

	(void)state;
	told[0] = '\0';
	atomic_store(&tellings, 0);
	(void)wire_ask(&arena, aw_http_port(http), "GET /fine HTTP/1.1\r\nHost: h\r\n\r\n");
	(void)usleep(500 * 1000);
	assert_int_equal(atomic_load(&tellings), 0);
	(void)wire_ask(&arena, aw_http_port(http), "BREW / HTTP/1.1\r\nHost: h\r\n\r\n");
	for (int i = 0; i < 100 && atomic_load(&tellings) == 0; i++)
		(void)usleep(50 * 1000);
	assert_int_equal(atomic_load(&tellings), 1);
	aw_http_end(http);
	assert_int_equal(atomic_load(&tellings), 1);
	assert_non_null(strstr(told, " 405: 1,"));
}

static void
a_reader_who_does_not_read_is_cut(void **state)
{
	struct aw_http *http = start_with(
		(struct aw_http_options){ .write_ms = 400, .least_bytes_per_ms = 1 << 20 });
	int fd = wire_open(aw_http_port(http)), small = 2048;
	static char piece[1 << 16];
	size_t total = 0;
	ssize_t got;

	(void)state;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	wire_send(fd, "GET /big HTTP/1.1\r\nHost: h\r\n\r\n");
	(void)usleep(1500 * 1000);
	while ((got = recv(fd, piece, sizeof(piece), 0)) > 0)
		total += (size_t)got;
	assert_true(total < BIG);
	(void)close(fd);
	aw_http_end(http);
}

static void
an_idle_connection_is_closed(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http = start_with((struct aw_http_options){ .idle_ms = 300 });
	int64_t start_us = aw_monotonic_us();
	int fd = wire_open(aw_http_port(http));
	const char *reply;

	(void)state;
	wire_send(fd, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	reply = wire_read(&arena, fd, 5000);
	assert_int_equal(wire_status(reply), 200);
	assert_in_range((aw_monotonic_us() - start_us) / 1000, 200, 2500);
	(void)close(fd);
	aw_http_end(http);
}

static void
a_full_queue_answers_503_and_loses_nobody(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http =
		start_with((struct aw_http_options){ .threads = 1, .queue_limit = 1 });
	int fds[6], ok = 0, busy = 0;

	(void)state;
	for (size_t i = 0; i < AW_COUNT(fds); i++) {
		fds[i] = wire_open(aw_http_port(http));
		wire_send(fds[i], "GET /slow HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
		(void)usleep(20 * 1000);
	}
	for (size_t i = 0; i < AW_COUNT(fds); i++) {
		const char *reply = wire_read(&arena, fds[i], 5000);

		ok += wire_status(reply) == 200;
		busy += wire_status(reply) == 503 && strstr(reply, "Retry-After: ") != NULL;
		(void)close(fds[i]);
	}
	assert_int_equal(ok + busy, 6);
	assert_in_range(ok, 2, 3);
	aw_http_end(http);
}

static void
what_is_under_way_is_answered_before_the_end(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_http *http = start_with((struct aw_http_options){ 0 });
	int fd = wire_open(aw_http_port(http));

	(void)state;
	wire_send(fd, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
	(void)usleep(100 * 1000);
	aw_http_end(http);
	assert_int_equal(wire_status(wire_read(&arena, fd, 1000)), 200);
	(void)close(fd);
}

static void
the_console_socket_knows_its_user_and_is_private(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	char dir[] = "/tmp/anwang-http-XXXXXX";
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = aw_arena_printf(&arena, "%s/x.sock", mkdtemp(dir));
	struct aw_http *http = start_with((struct aw_http_options){ .socket_path = path });
	struct aw_http_options again = { .listen = NULL,
		.socket_path = path,
		.threads = 1,
		.queue_limit = 1,
		.check = check,
		.answer = answer };
	struct aw_http *second = NULL;
	struct aw_error err = { 0 };
	struct stat info;
	const char *reply;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	wire_send(fd, "GET /c HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
	reply = wire_read(&arena, fd, 5000);
	assert_non_null(strstr(
		reply, aw_arena_printf(&arena, "from console %s", getpwuid(getuid())->pw_name)));
	(void)close(fd);
	assert_fails(aw_http_start(&again, &second, &err), AW_CONFLICT, "x.sock");
	aw_http_end(http);
	assert_int_not_equal(stat(path, &info), 0);
	/* one left over by a crash is taken away */
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	(void)close(fd);
	assert_ok(aw_http_start(&again, &second, &err));
	aw_http_end(second);
	(void)rmdir(dir);
}

static void
a_bad_address_is_told(void **state)
{
	static const char *const bad[] = { "", "8080", "example:80", "127.0.0.1:x", "[::1" };
	struct aw_error err = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		struct aw_http_options options = { .listen = bad[i],
			.threads = 1,
			.queue_limit = 1,
			.check = check,
			.answer = answer };
		struct aw_http *http = NULL;

		assert_int_equal(aw_http_start(&options, &http, &err), AW_INVALID);
		assert_null(http);
	}
}

AW_TESTS(cmocka_unit_test(requests_come_in_whole_and_undecoded),
	cmocka_unit_test(a_stream_ends_when_its_end_is_said_or_nobody_takes_it),
	cmocka_unit_test(the_clients_address_is_the_proxys_word_and_nobody_elses),
	cmocka_unit_test(requests_with_two_meanings_are_refused_and_the_connection_ends),
	cmocka_unit_test(every_reply_carries_the_security_headers),
	cmocka_unit_test(every_status_carries_the_security_headers),
	cmocka_unit_test(a_body_over_its_limit_is_refused_however_it_is_sent),
	cmocka_unit_test(a_client_may_wait_for_100_continue),
	cmocka_unit_test(requests_in_a_row_are_answered_in_their_order),
	cmocka_unit_test(each_request_is_answered_once),
	cmocka_unit_test(too_many_connections_make_room_for_one_that_asks),
	cmocka_unit_test(slow_senders_are_cut),
	cmocka_unit_test(a_slow_sender_is_told_and_who_said_nothing_is_not),
	cmocka_unit_test(refusals_are_counted_and_nobody_is_named),
	cmocka_unit_test(they_are_told_in_each_period_in_which_something_was),
	cmocka_unit_test(a_reader_who_does_not_read_is_cut),
	cmocka_unit_test(an_idle_connection_is_closed),
	cmocka_unit_test(a_full_queue_answers_503_and_loses_nobody),
	cmocka_unit_test(what_is_under_way_is_answered_before_the_end),
	cmocka_unit_test(the_console_socket_knows_its_user_and_is_private),
	cmocka_unit_test(a_bad_address_is_told))
