/* One request and its reply, without sockets. */
#include "net/exchange.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/id.h"

#define ONE_PIECE 4096 /* a body as long as this is copied behind its head */

/* On every reply, whatever it is. HSTS is heard over TLS alone. */
static const struct aw_header security_headers[] = {
	{ "Content-Security-Policy",
		"default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
		"connect-src 'self'; font-src data:; "
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
		"report-uri /csp-report; report-to csp" },
	{ "Reporting-Endpoints", "csp=\"/csp-report\"" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Strict-Transport-Security", "max-age=63072000; includeSubDomains" },
};

struct aw_exchange *
aw_exchange_new(void)
{
	struct aw_exchange *x = calloc(1, sizeof(*x));
	uint8_t random[5];

	if (x == NULL)
		aw_die("out of memory");
	x->body.arena = x->out.arena = x->request.arena = &x->arena;
	aw_random_bytes(random, sizeof(random));
	x->request.number = aw_code32(&x->arena, random, 40);
	return x;
}

void
aw_exchange_free(struct aw_exchange *x)
{
	if (x == NULL)
		return;
	if (x->reply.stream != NULL)
		x->reply.stream->gone(x->reply.stream);
	aw_arena_done(&x->arena);
	free(x);
}

/* -- the request ------------------------------------------------------------------------------------ */

static const char *
keep(struct aw_exchange *x, struct aw_str text)
{
	return aw_arena_strndup(&x->arena, text.at, text.len);
}

/* The address of the client: the socket's, or what a proxy on this machine says. Of several
 * fields, and of several addresses in one, the last is what the proxy itself added. */
static const char *
address_of(struct aw_exchange *x, const struct aw_http_options *options, const struct aw_head *head,
	const struct aw_peer *peer)
{
	const char *address = aw_arena_strdup(&x->arena, peer->address);

	if (!options->behind_proxy || !peer->loopback)
		return address;
	for (size_t i = 0; i < head->field_count; i++) {
		struct aw_str name = head->fields[i].name, rest = head->fields[i].value, last;

		if (name.len != strlen("X-Forwarded-For") ||
			strncasecmp(name.at, "X-Forwarded-For", name.len) != 0)
			continue;
		do
			last = aw_str_trim(aw_str_cut(rest, ',', &rest));
		while (rest.at != NULL);
		if (last.len > 0 && last.len < INET6_ADDRSTRLEN)
			address = keep(x, last);
	}
	return address;
}

static void
take_fields(struct aw_exchange *x, const struct aw_head *head)
{
	struct aw_request *r = &x->request;
	const struct {
		const char *name;
		const char **to;
	} known[] = {
		{ "Host", &r->host },
		{ "Origin", &r->origin },
		{ "Sec-Fetch-Site", &r->sec_fetch_site },
		{ "Cookie", &r->cookie },
		{ "Authorization", &r->authorization },
		{ "Accept", &r->accept },
		{ "Accept-Language", &r->accept_language },
		{ "User-Agent", &r->agent },
		{ "Content-Type", &r->content_type },
		{ "Idempotency-Key", &r->idempotency_key },
		{ "X-CSRF-Token", &r->csrf },
		{ "If-None-Match", &r->if_none_match },
		{ "Last-Event-ID", &r->last_event_id },
		{ "X-Refresh", &r->refresh },
	};

	for (size_t i = 0; i < AW_COUNT(known); i++) {
		struct aw_str value = aw_head_field(head, known[i].name);

		if (value.at != NULL)
			*known[i].to = keep(x, value);
	}
}

static bool
is_known_method(const char *method)
{
	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
	       strcmp(method, "POST") == 0;
}

bool
aw_exchange_open(struct aw_exchange *x, const struct aw_http_options *options,
	const struct aw_head *head, const struct aw_peer *peer)
{
	struct aw_request *request = &x->request;
	bool has_body = head->chunked || head->length > 0;
	struct aw_str rest;

	x->close = head->close;
	request->method = keep(x, head->method);
	request->path = aw_str_cut(aw_str(keep(x, head->target)), '?', &rest);
	request->query = rest;
	request->address = address_of(x, options, head, peer);
	request->console = peer->console ? aw_arena_strdup(&x->arena, peer->user) : NULL;
	take_fields(x, head);
	if (!is_known_method(request->method)) {
		aw_reply_header(&x->arena, &x->reply, "Allow", "GET, HEAD, POST");
		aw_exchange_refuse(x, 405, "This method is not known here.");
		return false;
	}
	if (!options->check(options->arg, request, &x->limit, &x->reply)) {
		x->close = x->close || x->reply.close || has_body;
		return false;
	}
	if (head->length > x->limit) {
		aw_exchange_refuse(x, 413, "The body is too large.");
		return false;
	}
	return true;
}

/* -- the reply -------------------------------------------------------------------------------------- */

void
aw_exchange_refuse(struct aw_exchange *x, int status, const char *text)
{
	aw_reply_plain(&x->arena, &x->reply, status, text);
	x->close = true;
}

static const char *
reason_of(int status)
{
	static const struct {
		int status;
		const char *text;
	} reasons[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 204, "No Content" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 409, "Conflict" },
		{ 413, "Content Too Large" },
		{ 414, "URI Too Long" },
		{ 415, "Unsupported Media Type" },
		{ 417, "Expectation Failed" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
		{ 507, "Insufficient Storage" },
	};

	for (size_t i = 0; i < AW_COUNT(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].text;
	return "Answer";
}

/* "Wed, 25 Nov 2026 17:00:00 GMT", without a locale. */
static void
write_date(struct aw_buf *out, int64_t real_ms)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	int32_t day = (int32_t)(real_ms / AW_DAY_MS);
	int64_t second = real_ms % AW_DAY_MS / 1000;
	struct aw_date date = aw_date_of_day(day);

	aw_buf_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n", days[aw_weekday(day)],
		date.day, months[date.month - 1], date.year, (int)(second / 3600),
		(int)(second / 60 % 60), (int)(second % 60));
}

static void
write_header(struct aw_buf *out, const char *name, const char *value)
{
	aw_buf_text(out, name);
	aw_buf_text(out, ": ");
	aw_buf_text(out, value);
	aw_buf_text(out, "\r\n");
}

struct aw_str
aw_exchange_write(struct aw_exchange *x, int64_t real_ms)
{
	const struct aw_reply *reply = &x->reply;
	struct aw_buf *out = &x->out;
	struct aw_str body = reply->body;
	bool bare = reply->status == 204 || reply->status == 304;

	/* a stream ends with its connection */
	x->close = x->close || reply->close || reply->stream != NULL;
	aw_buf_printf(out, "HTTP/1.1 %d %s\r\n", reply->status, reason_of(reply->status));
	write_date(out, real_ms);
	if (x->close)
		write_header(out, "Connection", "close");
	if (!bare && reply->stream == NULL)
		aw_buf_printf(out, "Content-Length: %zu\r\n", body.len);
	for (size_t i = 0; i < AW_COUNT(security_headers); i++)
		write_header(out, security_headers[i].name, security_headers[i].value);
	write_header(out, "Cache-Control",
		reply->immutable ? "public, max-age=31536000, immutable" : "no-store");
	write_header(out, "Vary", "Accept, Accept-Language, Cookie");
	if (reply->content_type != NULL)
		write_header(out, "Content-Type", reply->content_type);
	for (size_t i = 0; i < reply->header_count; i++)
		write_header(out, reply->headers[i].name, reply->headers[i].value);
	aw_buf_text(out, "\r\n");
	if (bare || (x->request.method != NULL && strcmp(x->request.method, "HEAD") == 0))
		return (struct aw_str){ 0 };
	if (body.len > ONE_PIECE)
		return body;
	aw_buf_str(out, body);
	return (struct aw_str){ 0 };
}
