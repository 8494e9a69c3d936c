/* A city served: starting, ending, and what needs no thread of the pool. */
#include "net/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "net/console_serve.h"
#include "net/csp.h"
#include "net/events.h"
#include "net/http.h"
#include "net/life.h"
#include "net/pool.h"
#include "net/worker.h"

#define POOL_THREADS 8
#define POOL_QUEUE 512
#define BODY_MOST ((size_t)1 << 20)
#define HASHES_AT_ONCE 2
/* what the public sends past these is kept, and held back (city/intake/held.h) */
#define REPORTS_A_MINUTE 10
#define FLOOD_A_MINUTE 120
#define SEARCHES_A_MINUTE 30

void
aw_server_answer(struct aw_server *server, struct aw_request *request, struct aw_reply *reply)
{
	if (request->console != NULL)
		aw_console_serve(server->house, request, reply);
	else
		aw_life_run(server, request, reply);
}

static void
answer(void *arg, struct aw_request *request, struct aw_reply *reply)
{
	aw_server_answer(arg, request, reply);
}

static bool
show_asset(struct aw_server *server, struct aw_request *request, struct aw_reply *reply)
{
	const struct aw_asset *asset = aw_pages_asset(&server->pages,
		aw_arena_strndup(request->arena, request->path.at, request->path.len));

	if (asset == NULL)
		return false;
	reply->status = 200;
	reply->content_type = asset->type;
	reply->body = asset->data;
	reply->immutable = true;
	return true;
}

static bool
check(void *arg, struct aw_request *request, size_t *ret_limit, struct aw_reply *reply)
{
	struct aw_server *server = arg;
	bool is_post = strcmp(request->method, "POST") == 0;

	if (request->console != NULL) {
		*ret_limit = AW_CONSOLE_BODY_MOST;
		return true;
	}
	if (!is_post && aw_str_starts(request->path, "/assets/") &&
		show_asset(server, request, reply))
		return false;
	*ret_limit = is_post ? BODY_MOST : 0;
	return true;
}

static void
tell(void *arg, const char *words)
{
	AW_SCOPE(aw_arena) arena = { 0 };

	(void)arg;
	fprintf(stderr, "anwang: %s %s\n", aw_instant_iso(&arena, aw_real_ms()), words);
}

/* Anybody may ask for it as often as they like, so it costs nothing to answer. */
static void
make_openapi(struct aw_server *server)
{
	AW_SCOPED(json, json_t *) json = aw_openapi(server->routes, server->route_count);

	server->openapi = aw_str(aw_json_text(&server->arena, json));
}

enum aw_status
aw_server_start(const struct aw_server_options *options, struct aw_server **ret_server,
	struct aw_error *err)
{
	struct aw_server *server = calloc(1, sizeof(*server));
	struct aw_http_options http = {
		.listen = options->listen,
		.socket_path = options->socket_path,
		.behind_proxy = options->behind_proxy,
		.threads = POOL_THREADS,
		.queue_limit = POOL_QUEUE,
		.check = check,
		.answer = answer,
		.arg = server,
		.tell = tell,
		.beat_ms = options->beat_ms,
	};
	struct aw_events_options events = {
		.house = options->house,
		.most = options->streams_most,
		.beat_ms = options->beat_ms,
	};
	struct aw_workers_options workers = {
		.house = options->house,
		.witness = options->witness,
	};

	if (server == NULL)
		aw_die("out of memory");
	server->house = options->house;
	server->routes = options->routes;
	server->route_count = options->route_count;
	if (server->routes == NULL)
		server->routes = aw_routes(&server->route_count);
	make_openapi(server);
	server->login_limit = aw_limit_new(20, 20);
	server->public_limit = aw_limit_new(30, 30);
	server->report_limit = aw_limit_new(REPORTS_A_MINUTE, REPORTS_A_MINUTE);
	server->search_limit = aw_limit_new(SEARCHES_A_MINUTE, SEARCHES_A_MINUTE);
	server->flood_limit = aw_limit_new(FLOOD_A_MINUTE, FLOOD_A_MINUTE);
	server->csp = aw_csp_new();
	aw_db_on_wait(options->house->db, aw_pool_waits);
	(void)sem_init(&server->hashing, 0, HASHES_AT_ONCE);
	if (aw_pages_load(options->pages_dir, &server->pages, err) != AW_OK ||
		aw_events_start(&events, &server->events, err) != AW_OK ||
		aw_workers_start(&workers, &server->workers, err) != AW_OK) {
		aw_server_end(server);
		return err->status;
	}
	http.stirred = aw_events_stirred(server->events);
	if (aw_http_start(&http, &server->http, err) != AW_OK) {
		aw_server_end(server);
		return err->status;
	}
	*ret_server = server;
	return AW_OK;
}

uint16_t
aw_server_port(const struct aw_server *server)
{
	return aw_http_port(server->http);
}

void
aw_server_end(struct aw_server *server)
{
	if (server == NULL)
		return;
	aw_http_end(server->http);
	aw_events_end(server->events);
	aw_workers_end(server->workers);
	aw_pages_done(&server->pages);
	aw_limit_free(server->login_limit);
	aw_limit_free(server->public_limit);
	aw_limit_free(server->report_limit);
	aw_limit_free(server->search_limit);
	aw_limit_free(server->flood_limit);
	aw_csp_free(server->csp);
	(void)sem_destroy(&server->hashing);
	aw_arena_done(&server->arena);
	free(server);
}
