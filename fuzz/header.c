/* fuzz/header - a path and a header's value, a line each, as everything in net/ that reads them. */
#include <stdlib.h>
#include <string.h>

#include "net/form.h"
#include "net/limit.h"
#include "net/request.h"
#include "net/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct aw_route routes[] = {
	{ .method = "GET", .path = "/" },
	{ .method = "GET", .path = "/openapi.json" },
	{ .method = "GET", .path = "/reports/{number}" },
	{ .method = "POST", .path = "/reports/new" },
	{ .method = "POST", .path = "/reports/{number}/units/{unit}/accept" },
};

static void
read_path(struct aw_arena *arena, const char *method, struct aw_str path)
{
	struct aw_matched matched = { 0 };

	if (aw_route_find(routes, AW_COUNT(routes), arena, method, path, &matched) !=
		AW_ROUTED_FOUND)
		return;
	for (size_t i = 0; i < matched.path_count; i++) {
		const char *value = matched.path_values[i].value;

		if (value[0] == '\0' || strpbrk(value, "/\\\r\n") != NULL)
			abort(); /* it would step out of its segment */
	}
	if (aw_route_path(arena, matched.route->path, &matched)[0] != '/')
		abort();
}

static void
read_header(struct aw_arena *arena, struct aw_str line)
{
	const char *text = aw_arena_strndup(arena, line.at, line.len);
	struct aw_str cookie = aw_cookie_find(line, "__Host-anwang");
	struct aw_form form = { 0 };
	struct aw_reply reply = { 0 };
	struct aw_error err = { 0 };

	if (cookie.at != NULL &&
		(cookie.at < line.at || cookie.at + cookie.len > line.at + line.len))
		abort();
	(void)aw_accepts_json(text);
	(void)aw_media_type_is(text, "application/json");
	if (aw_form_idempotency(arena, text, &form, &err) == AW_OK &&
		(form.count != 1 || strpbrk(form.values[0].value, "\r\n\t\x01\x7f") != NULL))
		abort();
	aw_reply_header(arena, &reply, "Location", text);
	if (reply.header_count > 0 && strpbrk(reply.headers[0].value, "\r\n") != NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct aw_limit *limit;
	static int64_t now_us;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_str rest, path;

	if (size > 4096)
		return 0;
	path = aw_str_cut((struct aw_str){ (const char *)data, size }, '\n', &rest);
	if (limit == NULL)
		limit = aw_limit_new(30, 30);
	read_path(&arena, "GET", path);
	read_path(&arena, "POST", path);
	(void)aw_limit_take(limit, aw_arena_strndup(&arena, path.at, path.len), now_us += 1000);
	read_header(&arena, rest);
	return 0;
}
