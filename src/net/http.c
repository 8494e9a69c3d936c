/* Sockets: listening, starting and ending. */
#include "net/http.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "net/loop.h"

#define BACKLOG 4096 /* what the kernel drops of it waits a second to ask again */
#define LAST_REPLIES_MS 2000

struct aw_http {
	struct aw_pool *pool;
	struct aw_loop *loop;
	uint16_t port;
	char socket_path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

static enum aw_status
listen_failed(struct aw_error *err, int fd, const char *where)
{
	int code = errno;

	if (fd >= 0)
		(void)close(fd);
	return aw_fail(err,
		code == EADDRINUSE ? AW_CONFLICT
		: code == EACCES   ? AW_DENIED
				   : AW_IO,
		"cannot listen on %s: %s", where, strerror(code));
}

/* "HOST:PORT" or "[HOST]:PORT" to a listening socket. */
static enum aw_status
listen_tcp(const char *listen_on, int *ret_fd, uint16_t *ret_port, struct aw_error *err)
{
	const char *colon = strrchr(listen_on, ':');
	struct addrinfo hints = { .ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE };
	struct addrinfo *found = NULL;
	struct sockaddr_storage bound;
	socklen_t len = sizeof(bound);
	char host[128], port[NI_MAXSERV];
	int on = 1, fd;

	if (colon == NULL || (size_t)(colon - listen_on) >= sizeof(host))
		return aw_fail(err, AW_INVALID, "\"%s\" is not HOST:PORT", listen_on);
	(void)snprintf(host, sizeof(host), "%.*s", (int)(colon - listen_on), listen_on);
	if (host[0] == '[' && host[strlen(host) - 1] == ']') {
		host[strlen(host) - 1] = '\0';
		memmove(host, host + 1, strlen(host));
	}
	if (getaddrinfo(strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, colon + 1, &hints,
		    &found) != 0)
		return aw_fail(err, AW_INVALID,
			"\"%s\" is not a numeric HOST:PORT, like 127.0.0.1:8080", listen_on);
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
		bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0 ||
		getsockname(fd, (struct sockaddr *)&bound, &len) != 0) {
		freeaddrinfo(found);
		return listen_failed(err, fd, listen_on);
	}
	freeaddrinfo(found);
	if (getnameinfo((struct sockaddr *)&bound, len, NULL, 0, port, sizeof(port),
		    NI_NUMERICSERV) != 0)
		return listen_failed(err, fd, listen_on);
	*ret_port = (uint16_t)strtoul(port, NULL, 10);
	*ret_fd = fd;
	return AW_OK;
}

/* The socket beside the database; one that nobody answers on is left over and taken away. */
static enum aw_status
listen_unix(const char *path, int *ret_fd, struct aw_error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	mode_t before;
	int fd, bound;

	if (strlen(path) >= sizeof(address.sun_path))
		return aw_fail(err, AW_INVALID,
			"the path of the database is too long for a socket beside it");
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return listen_failed(err, fd, path);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0) {
		errno = EADDRINUSE;
		return listen_failed(err, fd, path);
	}
	(void)unlink(path);
	before = umask(0177);
	bound = bind(fd, (struct sockaddr *)&address, sizeof(address));
	(void)umask(before);
	if (bound != 0 || listen(fd, BACKLOG) != 0)
		return listen_failed(err, fd, path);
	*ret_fd = fd;
	return AW_OK;
}

static void
raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= AW_CONNECTIONS_MOST + 200)
		return;
	limit.rlim_cur = limit.rlim_max < AW_CONNECTIONS_MOST + 200 ? limit.rlim_max
								    : AW_CONNECTIONS_MOST + 200;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

enum aw_status
aw_http_start(
	const struct aw_http_options *options, struct aw_http **ret_http, struct aw_error *err)
{
	struct aw_loop_sockets sockets = { .tcp = -1, .console = -1 };
	struct aw_http *http = calloc(1, sizeof(*http));

	if (http == NULL)
		aw_die("out of memory");
	raise_descriptor_limit();
	if (aw_pool_start(options->threads, options->queue_limit, &http->pool, err) != AW_OK)
		goto failed;
	if (options->listen != NULL &&
		listen_tcp(options->listen, &sockets.tcp, &http->port, err) != AW_OK)
		goto failed;
	if (options->socket_path != NULL) {
		if (listen_unix(options->socket_path, &sockets.console, err) != AW_OK) {
			if (sockets.tcp >= 0)
				(void)close(sockets.tcp);
			goto failed;
		}
		(void)snprintf(
			http->socket_path, sizeof(http->socket_path), "%s", options->socket_path);
	}
	if (aw_loop_start(options, sockets, http->pool, &http->loop, err) != AW_OK)
		goto failed;
	*ret_http = http;
	return AW_OK;
failed:
	aw_http_end(http);
	return err->status;
}

uint16_t
aw_http_port(const struct aw_http *http)
{
	return http->port;
}

void
aw_http_end(struct aw_http *http)
{
	if (http == NULL)
		return;
	if (http->socket_path[0] != '\0')
		(void)unlink(http->socket_path);
	if (http->loop != NULL)
		aw_loop_shut(http->loop);
	/* Every job is answered when the pool has run dry; later ones get 503. */
	if (http->pool != NULL)
		aw_pool_drain(http->pool);
	if (http->loop != NULL)
		aw_loop_wait(http->loop, LAST_REPLIES_MS);
	aw_loop_end(http->loop);
	aw_pool_end(http->pool);
	free(http);
}
