/* Slow sockets by the thousand, kept up from one process that costs next to nothing: the siege of door.py.
 *
 * Usage: slow PORT KIND[,KIND...] COUNT EVERY_MS. Kinds: head and body send a byte every so often behind
 * a beginning, reader asks for much and takes a byte as often. One that is cut is opened again. Prints
 * "full" once all are open; ends when its input does, with one line of JSON: the longest life of each
 * kind, how many were cut, and the ages of those still open. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { KINDS = 3, READER = 2, OPEN_AT_ONCE = 100, TURN_MS = 50, LOOK_MS = 1000 };

static const char *const names[KINDS] = { "head", "body", "reader" };
static char beginnings[KINDS][8192] = {
	"GET / HTTP/1.1\r\nHost: h\r\nX-A: ",
	"POST /report HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	"Content-Length: 5000\r\n\r\na=",
};

struct slow {
	int fd, kind; /* fd -1: to be opened */
	uint16_t port;
	bool begun;
	int64_t born_ms, next_ms;
};

struct siege {
	uint16_t port;
	int epoll;
	int64_t now_ms, every_ms, looked_ms;
	int kinds[KINDS];
	size_t kind_count, count, open, cut;
	struct slow *slow;
	int64_t lives_ms[KINDS];
};

static int64_t
clock_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
drop(struct siege *siege, struct slow *one)
{
	(void)close(one->fd);
	one->fd = -1;
	siege->open--;
	siege->cut++;
}

static void
age(struct siege *siege, const struct slow *one)
{
	if (siege->now_ms - one->born_ms > siege->lives_ms[one->kind])
		siege->lives_ms[one->kind] = siege->now_ms - one->born_ms;
}

static void
begin(struct siege *siege, struct slow *one)
{
	const char *text = beginnings[one->kind];

	one->begun = true;
	if (send(one->fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		drop(siege, one);
}

static void
open_one(struct siege *siege, size_t i)
{
	struct slow *one = &siege->slow[i];
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(siege->port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP,
		.data.u64 = i };
	struct sockaddr_in here;
	socklen_t len = sizeof(here);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), small = 2048;

	if (fd < 0)
		return;
	one->kind = siege->kinds[i % siege->kind_count];
	if (one->kind == READER) {
		event.events &= ~(uint32_t)EPOLLIN; /* it looks at what it takes alone */
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	}
	if ((connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0 && errno != EINPROGRESS) ||
		getsockname(fd, (struct sockaddr *)&here, &len) != 0 ||
		epoll_ctl(siege->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
		(void)close(fd);
		return;
	}
	one->fd = fd;
	one->port = ntohs(here.sin_port);
	one->begun = false;
	one->born_ms = siege->now_ms;
	one->next_ms = siege->now_ms + siege->every_ms;
	siege->open++;
}

static void
handle(struct siege *siege, struct slow *one, uint32_t events)
{
	char piece[4096];
	ssize_t got;

	if (one->fd < 0)
		return;
	age(siege, one);
	if ((events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP)) != 0) {
		drop(siege, one);
		return;
	}
	if (!one->begun && (events & EPOLLOUT) != 0) {
		begin(siege, one);
		return;
	}
	while ((events & EPOLLIN) != 0 && (got = recv(one->fd, piece, sizeof(piece), 0)) != -1) {
		if (got == 0) {
			drop(siege, one);
			return;
		}
	}
}

/* The byte that is due. */
static void
step(struct siege *siege, struct slow *one)
{
	char byte = 'a';
	ssize_t did;

	age(siege, one);
	if (siege->now_ms < one->next_ms || !one->begun)
		return;
	one->next_ms = siege->now_ms + siege->every_ms;
	did = one->kind == READER ? recv(one->fd, &byte, 1, 0)
				  : send(one->fd, &byte, 1, MSG_NOSIGNAL);
	if (did == 0 || (did < 0 && errno != EAGAIN && errno != EINTR))
		drop(siege, one);
}

/* A reader that does not read never hears of its reset: only the other end knows. Those that are not
 * in the table of connections any more are gone. */
static void
look_for_readers(struct siege *siege)
{
	static bool held[UINT16_MAX + 1];
	FILE *table = fopen("/proc/net/tcp", "r");
	char line[512];

	siege->looked_ms = siege->now_ms;
	if (table == NULL)
		return;
	memset(held, 0, sizeof(held));
	while (fgets(line, sizeof(line), table) != NULL) {
		unsigned local, remote, state;

		if (sscanf(line, " %*d: %*x:%x %*x:%x %x", &local, &remote, &state) == 3 &&
			local == siege->port && (state == 1 || state == 8))
			held[remote & UINT16_MAX] = true;
	}
	(void)fclose(table);
	for (size_t i = 0; i < siege->count; i++) {
		struct slow *one = &siege->slow[i];

		if (one->fd >= 0 && one->kind == READER && one->begun && !held[one->port] &&
			siege->now_ms - one->born_ms > LOOK_MS)
			drop(siege, one);
	}
}

static bool
is_over(void)
{
	struct pollfd input = { .fd = 0, .events = POLLIN };
	char piece[64];

	return poll(&input, 1, 0) == 1 && read(0, piece, sizeof(piece)) <= 0;
}

static void
keep_up(struct siege *siege)
{
	struct epoll_event events[256];
	bool told = false, readers = false;
	int64_t turn_ms = 0;

	for (size_t i = 0; i < siege->kind_count; i++)
		readers = readers || siege->kinds[i] == READER;
	while (!is_over()) {
		int ready = epoll_wait(siege->epoll, events, 256, TURN_MS);
		size_t opened = 0;

		siege->now_ms = clock_ms();
		for (int i = 0; i < ready; i++)
			handle(siege, &siege->slow[events[i].data.u64], events[i].events);
		if (siege->now_ms - turn_ms < TURN_MS)
			continue;
		turn_ms = siege->now_ms;
		if (readers && siege->now_ms - siege->looked_ms > LOOK_MS)
			look_for_readers(siege);
		for (size_t i = 0; i < siege->count; i++) {
			if (siege->slow[i].fd >= 0)
				step(siege, &siege->slow[i]);
			else if (opened++ < OPEN_AT_ONCE)
				open_one(siege, i);
		}
		if (siege->open >= siege->count && !told) {
			told = true;
			printf("full\n");
			(void)fflush(stdout);
		}
	}
}

int
main(int argc, char **argv)
{
	struct siege siege = { 0 };
	struct rlimit limit;

	if (argc != 5)
		return 2;
	siege.port = (uint16_t)atoi(argv[1]);
	siege.count = (size_t)atoi(argv[3]);
	siege.every_ms = atoi(argv[4]);
	for (char *kind = strtok(argv[2], ","); kind != NULL && siege.kind_count < KINDS;
		kind = strtok(NULL, ","))
		for (int i = 0; i < KINDS; i++)
			if (strcmp(kind, names[i]) == 0)
				siege.kinds[siege.kind_count++] = i;
	for (int i = 0; i < 60; i++)
		strcat(beginnings[READER], "GET /openapi.json HTTP/1.1\r\nHost: h\r\n\r\n");
	(void)getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	siege.slow = calloc(siege.count, sizeof(*siege.slow));
	siege.epoll = epoll_create1(0);
	if (siege.slow == NULL || siege.epoll < 0 || siege.kind_count == 0)
		return 1;
	for (size_t i = 0; i < siege.count; i++)
		siege.slow[i].fd = -1;
	keep_up(&siege);
	printf("{\"cut\": %zu, \"lives\": {", siege.cut);
	for (size_t i = 0; i < siege.kind_count; i++)
		printf("%s\"%s\": %.3f", i > 0 ? ", " : "", names[siege.kinds[i]],
			(double)siege.lives_ms[siege.kinds[i]] / 1000);
	printf("}, \"ages\": [");
	for (size_t i = 0, told = 0; i < siege.count; i++)
		if (siege.slow[i].fd >= 0)
			printf("%s%.3f", told++ > 0 ? ", " : "",
				(double)(siege.now_ms - siege.slow[i].born_ms) / 1000);
	printf("]}\n");
	free(siege.slow);
	return 0;
}
