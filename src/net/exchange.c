/* One request and its reply between the library and the pool. */
#include "net/exchange.h"

#include <netinet/in.h>
#include <arpa/inet.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/id.h"

#define HEADERS_MOST 100

enum stage {
	STAGE_HEADERS,
	STAGE_BODY,
	STAGE_POOL,
	STAGE_REPLY,
};

struct exchange {
	struct aw_arena arena;
	struct aw_listener *listener;
	struct MHD_Connection *connection;
	struct aw_deadline *deadline;
	struct aw_request request;
	struct aw_reply reply;
	struct aw_buf body;
	size_t limit;
	bool too_large;
	enum stage stage;
};

/* On every reply, whatever it is. HSTS is heard over TLS alone. */
static const struct aw_header security_headers[] = {
	{ "Content-Security-Policy",
		"default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
		"connect-src 'self'; "
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Strict-Transport-Security", "max-age=63072000; includeSubDomains" },
};

static int64_t
limit_ms(int64_t chosen, int64_t usual)
{
	return chosen > 0 ? chosen : usual;
}

/* What many bytes may take beyond the fixed time. */
static int64_t
more_ms(const struct aw_http_options *options, size_t bytes)
{
	return (int64_t)bytes / limit_ms(options->least_bytes_per_ms, 100);
}

static void
set_deadline(struct exchange *x, int64_t in_ms)
{
	if (x->deadline != NULL)
		aw_deadline_set(x->listener->front->deadlines, x->deadline, in_ms);
}

void
aw_exchange_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
	enum MHD_ConnectionNotificationCode code)
{
	struct aw_listener *listener = cls;
	const struct aw_http_options *options = &listener->front->options;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *info =
			MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

		*socket_context =
			info == NULL ? NULL
				     : aw_deadline_new(listener->front->deadlines, info->connect_fd,
					       limit_ms(options->header_ms, 10000));
	} else if (*socket_context != NULL) {
		aw_deadline_end(listener->front->deadlines, *socket_context);
		*socket_context = NULL;
	}
}

static struct aw_deadline *
deadline_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info == NULL ? NULL : info->socket_context;
}

void *
aw_exchange_begin(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct aw_listener *listener = cls;
	struct exchange *x = calloc(1, sizeof(*x));
	uint8_t random[5];
	struct aw_str rest;

	if (x == NULL)
		aw_die("out of memory");
	atomic_fetch_add(&listener->front->under_way, 1);
	x->listener = listener;
	x->connection = connection;
	x->deadline = deadline_of(connection);
	x->body.arena = &x->arena;
	set_deadline(x, limit_ms(listener->front->options.header_ms, 10000));
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		memset(random, 0, sizeof(random));
	x->request.arena = &x->arena;
	x->request.number = aw_code32(&x->arena, random, 40);
	x->request.path = aw_str_cut(aw_str(aw_arena_strdup(&x->arena, uri)), '?', &rest);
	x->request.query = rest;
	return x;
}

/* What the headers held, while they are walked. */
struct heads {
	struct exchange *x;
	size_t count, hosts, lengths, encodings;
	const char *length;
	const char *forwarded;
};

static enum MHD_Result
take_header(void *cls, enum MHD_ValueKind kind, const char *key, const char *value)
{
	struct heads *heads = cls;
	struct aw_request *r = &heads->x->request;
	const struct {
		const char *name;
		const char **to;
		size_t *seen;
	} known[] = {
		{ "Host", &r->host, &heads->hosts },
		{ "Content-Length", &heads->length, &heads->lengths },
		{ "Transfer-Encoding", NULL, &heads->encodings },
		{ "Origin", &r->origin, NULL },
		{ "Sec-Fetch-Site", &r->sec_fetch_site, NULL },
		{ "Cookie", &r->cookie, NULL },
		{ "Authorization", &r->authorization, NULL },
		{ "Accept", &r->accept, NULL },
		{ "Accept-Language", &r->accept_language, NULL },
		{ "Content-Type", &r->content_type, NULL },
		{ "Idempotency-Key", &r->idempotency_key, NULL },
		{ "X-CSRF-Token", &r->csrf, NULL },
		{ "If-None-Match", &r->if_none_match, NULL },
		{ "X-Forwarded-For", &heads->forwarded, NULL },
	};

	(void)kind;
	heads->count++;
	for (size_t i = 0; i < AW_COUNT(known); i++) {
		if (strcasecmp(key, known[i].name) != 0)
			continue;
		if (known[i].seen != NULL)
			++*known[i].seen;
		if (known[i].to != NULL)
			*known[i].to =
				aw_arena_strdup(&heads->x->arena, value != NULL ? value : "");
	}
	return MHD_YES;
}

static bool
is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in four;

		memcpy(&four, address, sizeof(four));
		return ntohl(four.sin_addr.s_addr) >> 24 == 127;
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 six;

		memcpy(&six, address, sizeof(six));
		return IN6_IS_ADDR_LOOPBACK(&six.sin6_addr);
	}
	return false;
}

static const char *
address_text(struct aw_arena *arena, const struct sockaddr *address)
{
	char text[INET6_ADDRSTRLEN] = "";

	if (address->sa_family == AF_INET) {
		struct sockaddr_in four;

		memcpy(&four, address, sizeof(four));
		(void)inet_ntop(AF_INET, &four.sin_addr, text, sizeof(text));
	} else if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 six;

		memcpy(&six, address, sizeof(six));
		(void)inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof(text));
	}
	return aw_arena_strdup(arena, text);
}

/* Who is at the other end: an address, or the user of a process on this machine. */
static void
take_peer(struct exchange *x, const char *forwarded)
{
	const union MHD_ConnectionInfo *info;

	if (x->listener->console) {
		struct ucred peer;
		socklen_t len = sizeof(peer);
		struct passwd entry, *found = NULL;
		char room[1024];

		x->request.address = "console";
		info = MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
		if (info != NULL &&
			getsockopt(info->connect_fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
			getpwuid_r(peer.uid, &entry, room, sizeof(room), &found) == 0 &&
			found != NULL)
			x->request.console = aw_arena_strdup(&x->arena, found->pw_name);
		else
			x->request.console = "unknown";
		return;
	}
	info = MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	x->request.address = info == NULL ? "" : address_text(&x->arena, info->client_addr);
	if (x->listener->front->options.behind_proxy && forwarded != NULL && info != NULL &&
		is_loopback(info->client_addr)) {
		const char *comma = strrchr(forwarded, ',');
		struct aw_str last = aw_str_trim(aw_str(comma != NULL ? comma + 1 : forwarded));

		if (last.len > 0 && last.len < INET6_ADDRSTRLEN)
			x->request.address = aw_arena_strndup(&x->arena, last.at, last.len);
	}
}

static void
add_header(struct MHD_Response *response, const char *name, const char *value)
{
	if (MHD_add_response_header(response, name, value) == MHD_NO)
		aw_die("a header of a reply was not accepted");
}

static enum MHD_Result
send_reply(struct exchange *x)
{
	const struct aw_http_options *options = &x->listener->front->options;
	struct aw_reply *reply = &x->reply;
	/* The library does not write to a persistent buffer, whatever its signature says. */
	struct MHD_Response *response = MHD_create_response_from_buffer(
		reply->body.len, (void *)(uintptr_t)reply->body.at, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result result;

	if (response == NULL)
		aw_die("out of memory");
	for (size_t i = 0; i < AW_COUNT(security_headers); i++)
		add_header(response, security_headers[i].name, security_headers[i].value);
	add_header(response, "Cache-Control",
		reply->immutable ? "public, max-age=31536000, immutable" : "no-store");
	add_header(response, "Vary", "Accept, Accept-Language, Cookie");
	if (reply->content_type != NULL)
		add_header(response, "Content-Type", reply->content_type);
	for (size_t i = 0; i < reply->header_count; i++)
		add_header(response, reply->headers[i].name, reply->headers[i].value);
	if (reply->close)
		add_header(response, "Connection", "close");
	x->stage = STAGE_REPLY;
	set_deadline(x, limit_ms(options->write_ms, 12000) + more_ms(options, reply->body.len));
	result = MHD_queue_response(x->connection, (unsigned)reply->status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result
refuse(struct exchange *x, int status, const char *text)
{
	aw_reply_plain(&x->arena, &x->reply, status, text);
	x->reply.close = true;
	return send_reply(x);
}

static enum MHD_Result
take_headers(struct exchange *x, const char *method)
{
	struct aw_front *front = x->listener->front;
	struct heads heads = { .x = x };
	int64_t length = 0;

	x->request.method = aw_arena_strdup(&x->arena, method);
	MHD_get_connection_values(x->connection, MHD_HEADER_KIND, take_header, &heads);
	if (heads.count > HEADERS_MOST)
		return refuse(x, 431, "There are too many headers.");
	if (heads.hosts != 1 && !x->listener->console)
		return refuse(x, 400, "A request has exactly one Host.");
	if (heads.lengths > 1 || (heads.lengths > 0 && heads.encodings > 0) || heads.encodings > 1)
		return refuse(x, 400, "The length of the body is given in two ways.");
	if (heads.length != NULL && (!aw_str_int64(aw_str(heads.length), &length) || length < 0))
		return refuse(x, 400, "Content-Length is not a number.");
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0 &&
		strcmp(method, "POST") != 0) {
		aw_reply_header(&x->arena, &x->reply, "Allow", "GET, HEAD, POST");
		return refuse(x, 405, "This method is not known here.");
	}
	take_peer(x, heads.forwarded);
	if (!front->options.check(front->options.arg, &x->request, &x->limit, &x->reply)) {
		x->reply.close = x->reply.close || length > 0 || heads.encodings > 0;
		return send_reply(x);
	}
	if ((uint64_t)length > x->limit)
		return refuse(x, 413, "The body is too large.");
	x->stage = STAGE_BODY;
	set_deadline(x,
		limit_ms(front->options.body_ms, 10000) + more_ms(&front->options, (size_t)length));
	return MHD_YES;
}

static void
run_in_pool(void *job)
{
	struct exchange *x = job;
	struct aw_front *front = x->listener->front;

	front->options.answer(front->options.arg, &x->request, &x->reply);
	MHD_resume_connection(x->connection); /* x is the polling thread's again */
}

static enum MHD_Result
hand_over(struct exchange *x)
{
	if (x->too_large)
		return refuse(x, 413, "The body is too large.");
	x->request.body = (struct aw_str){ x->body.at, x->body.len };
	set_deadline(x, AW_DEADLINE_NEVER);
	x->stage = STAGE_POOL;
	MHD_suspend_connection(x->connection);
	if (!aw_pool_push(x->listener->front->pool, run_in_pool, x)) {
		aw_reply_plain(&x->arena, &x->reply, 503,
			"The server is busy. Please try again in a moment.");
		aw_reply_header(&x->arena, &x->reply, "Retry-After", "2");
		MHD_resume_connection(x->connection);
	}
	return MHD_YES;
}

enum MHD_Result
aw_exchange_step(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *data, size_t *data_size, void **request)
{
	struct exchange *x = *request;

	(void)cls, (void)connection, (void)url, (void)version;
	switch (x->stage) {
	case STAGE_HEADERS:
		return take_headers(x, method);
	case STAGE_BODY:
		if (*data_size == 0)
			return hand_over(x);
		if (x->body.len + *data_size > x->limit)
			x->too_large = true; /* the rest runs dry within the deadline */
		else
			aw_buf_add(&x->body, data, *data_size);
		*data_size = 0;
		return MHD_YES;
	case STAGE_POOL:
		return send_reply(x);
	case STAGE_REPLY:
		break;
	}
	return MHD_NO;
}

void
aw_exchange_end(void *cls, struct MHD_Connection *connection, void **request,
	enum MHD_RequestTerminationCode code)
{
	struct aw_listener *listener = cls;
	struct exchange *x = *request;

	(void)connection, (void)code;
	if (x == NULL)
		return;
	*request = NULL;
	set_deadline(x, limit_ms(listener->front->options.idle_ms, 15000));
	aw_arena_done(&x->arena);
	free(x);
	atomic_fetch_sub(&listener->front->under_way, 1);
}
