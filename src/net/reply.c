/* The reply to a request. */
#include "net/request.h"

#include <string.h>

void
aw_reply_header(struct aw_arena *arena, struct aw_reply *reply, const char *name, const char *value)
{
	if (strpbrk(value, "\r\n") != NULL)
		return;
	*AW_PUSH(arena, reply->headers, reply->header_count, reply->header_room) =
		(struct aw_header){ .name = name, .value = value };
}

void
aw_reply_plain(struct aw_arena *arena, struct aw_reply *reply, int status, const char *text)
{
	reply->status = status;
	reply->content_type = "text/plain; charset=utf-8";
	reply->body = aw_str(aw_arena_printf(arena, "%d %s\n", status, text));
}
