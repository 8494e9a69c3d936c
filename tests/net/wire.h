/**
 * tests/net/wire - raw bytes to a server and back, as a hostile client sends them.
 */
#ifndef AW_TESTS_NET_WIRE_H
#define AW_TESTS_NET_WIRE_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../testing.h"
#include "base/clock.h"

static inline int
wire_open(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static inline void
wire_send(int fd, const char *text)
{
	size_t len = strlen(text);

	assert_int_equal(send(fd, text, len, MSG_NOSIGNAL), (ssize_t)len);
}

/* Everything until the peer closes, or for at most that long; NUL-terminated. */
static inline char *
wire_read(struct aw_arena *arena, int fd, int64_t most_ms)
{
	struct aw_buf buf = { .arena = arena };
	int64_t end_us = aw_monotonic_us() + most_ms * 1000;
	char piece[4096];

	aw_buf_text(&buf, "");
	while (aw_monotonic_us() < end_us) {
		struct pollfd one = { .fd = fd, .events = POLLIN };
		ssize_t got;

		if (poll(&one, 1, 50) == 0)
			continue;
		got = recv(fd, piece, sizeof(piece), 0);
		if (got <= 0)
			break;
		aw_buf_add(&buf, piece, (size_t)got);
	}
	return aw_arena_strdup(arena, aw_buf_z(&buf));
}

/* One request on a connection of its own, closed by us behind it. */
static inline char *
wire_ask(struct aw_arena *arena, uint16_t port, const char *text)
{
	int fd = wire_open(port);
	char *reply;

	wire_send(fd, text);
	(void)shutdown(fd, SHUT_WR);
	reply = wire_read(arena, fd, 5000);
	(void)close(fd);
	return reply;
}

static inline int
wire_status(const char *reply)
{
	return strncmp(reply, "HTTP/1.1 ", 9) == 0 ? atoi(reply + 9) : 0;
}

/* Which of the headers that every reply has this one lacks; NULL: none. A reply that may be kept is
 * lacking, too. */
static inline const char *
wire_lacks_header(const char *reply)
{
	static const char *const headers[] = { "Content-Security-Policy: default-src 'none';",
		"frame-ancestors 'none'", "; report-uri /csp-report; report-to csp",
		"Reporting-Endpoints: csp=\"/csp-report\"", "X-Content-Type-Options: nosniff",
		"Referrer-Policy: no-referrer", "Cross-Origin-Opener-Policy: same-origin",
		"Cross-Origin-Resource-Policy: same-origin",
		"Strict-Transport-Security: max-age=63072000; includeSubDomains",
		"Cache-Control: no-store", "Date: " };

	for (size_t i = 0; i < AW_COUNT(headers); i++)
		if (strstr(reply, headers[i]) == NULL)
			return headers[i];
	if (strstr(reply, "\r\nServer:") != NULL || strstr(reply, "X-Powered-By") != NULL)
		return "no banner";
	return NULL;
}

#endif
