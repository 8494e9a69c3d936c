/* fuzz/request - any bytes as a request to the whole house, answered by its own routes: who sends
 * it and how, the target, a header a line, an empty line, the body. Nothing may be a 500. */
#include <stdlib.h>

#include "../tests/net/city.h"
#include "net/life.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define WHO_MOST 16

/* One city for all inputs, with a session for each role: what one input writes, the next may find. */
static struct {
	struct city city;
	struct aw_arena arena;
	const char *cookies[WHO_MOST], *csrf[WHO_MOST];
	size_t count;
} world;

static void
end_world(void)
{
	city_close(&world.city);
	aw_arena_done(&world.arena);
}

static void
make_world(void)
{
	const struct aw_policy *policy;

	city_open(&world.city, NULL, 0);
	policy = aw_house_policy(&world.city.house);
	for (size_t i = 0; i < policy->role_count && world.count < WHO_MOST; i++) {
		const char *cookie = city_login(&world.city, &world.arena, policy->roles[i].code);

		world.cookies[world.count] = cookie;
		world.csrf[world.count++] = city_csrf(&world.city, &world.arena, cookie);
	}
	(void)atexit(end_world);
}

static void
take_header(struct aw_request *request, struct aw_arena *arena, struct aw_str line)
{
	const struct {
		const char *name;
		const char **to;
	} known[] = {
		{ "Host", &request->host },
		{ "Origin", &request->origin },
		{ "Sec-Fetch-Site", &request->sec_fetch_site },
		{ "Cookie", &request->cookie },
		{ "Authorization", &request->authorization },
		{ "Accept", &request->accept },
		{ "Accept-Language", &request->accept_language },
		{ "Content-Type", &request->content_type },
		{ "Idempotency-Key", &request->idempotency_key },
		{ "X-CSRF-Token", &request->csrf },
	};
	struct aw_str value, name = aw_str_cut(line, ':', &value);

	for (size_t i = 0; i < AW_COUNT(known); i++) {
		if (aw_str_is(name, known[i].name))
			*known[i].to = aw_arena_strndup(arena, value.at != NULL ? value.at : "",
				value.at != NULL ? value.len : 0);
	}
}

/* The first byte: 'a' + n is the n-th role with its form token, anything else the public. An upper
 * case letter posts. */
static void
set_out(struct aw_request *request, struct aw_arena *arena, uint8_t first)
{
	static unsigned turn;
	unsigned who = (unsigned)(first | 0x20) - 'a';

	*request = city_request(arena, (first & 0x20) == 0 ? "POST" : "GET", "/");
	/* the public is slowed down an address at a time */
	request->address = aw_arena_printf(
		arena, "10.%u.%u.%u", turn / 65536 % 256, turn / 256 % 256, turn % 256);
	turn++;
	if (who >= world.count)
		return;
	request->cookie = world.cookies[who];
	request->csrf = world.csrf[who];
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_request request;
	struct aw_reply reply = { 0 };
	struct aw_str rest, line;

	if (world.count == 0)
		make_world();
	if (size < 2 || size > 16384)
		return 0;
	set_out(&request, &arena, data[0]);
	line = aw_str_cut((struct aw_str){ (const char *)data + 1, size - 1 }, '\n', &rest);
	request.path = aw_str_cut(line, '?', &request.query);
	while (rest.at != NULL) {
		line = aw_str_cut(rest, '\n', &rest);
		if (line.len == 0)
			break;
		take_header(&request, &arena, line);
	}
	request.body = rest;
	/* a password costs 64 MiB and a core on purpose: that is no place for a million tries */
	if (aw_str_starts(request.path, "/login") && strcmp(request.method, "POST") == 0)
		return 0;
	aw_server_answer(world.city.server, &request, &reply);
	if (reply.status < 200 || reply.status >= 500)
		abort();
	return 0;
}
