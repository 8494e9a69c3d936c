/* anwang serve: the web server, until a signal ends it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "city/person/people.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/sandbox.h"
#include "net/server.h"
#include "policy/policy.h"

struct serve {
	const char *url;
	const char *policy_dir;
	const char *listen;
	const char *witness;
	const char *pages_dir;
	bool behind_proxy;
	bool require_sandbox;
};

/* A database that may lose a receipt is the operator's to mend; what was asked of it is served. */
static void
say_doubts(struct aw_db *db, struct aw_arena *arena)
{
	struct aw_error err = { 0 };
	const char *text = NULL;

	if (aw_db_doubts(db, arena, &text, &err) != AW_OK)
		fprintf(stderr, "The database's settings could not be looked at: %s\n", err.text);
	else if (text != NULL)
		fprintf(stderr, "NOT SAFE AS IT IS SET:\n%s", text);
}

static void
say_ready(const struct serve *serve, const struct aw_house *house, struct aw_server *server,
	int64_t start_us)
{
	const char *colon = strrchr(serve->listen, ':');

	if (house->policy_stale)
		fprintf(stderr,
			"The policy folder has a mistake; what was released stays in force:\n%s\n",
			house->policy_mistake);
	if (!serve->require_sandbox)
		fprintf(stderr,
			"NO SANDBOX (--require-sandbox): a hole in this program is a hole in "
			"this machine.\n");
	if (serve->witness == NULL)
		fprintf(stderr, "No --witness: a log that is cut short or rolled back as a whole "
				"would not be noticed.\n");
	fprintf(stderr, "Anwang serves http://%.*s:%u%s, ready in %.1f s with %zu people.\n",
		(int)(colon - serve->listen), serve->listen, (unsigned)aw_server_port(server),
		house->demo ? " (demo: everybody in it is made up)" : "",
		(double)(aw_monotonic_us() - start_us) / 1e6, aw_people_count(house->people));
}

/* Before anything is opened: the database, its lock and socket beside it, the witness, the keys, the
 * city's folder and the one it shares, and what PostgreSQL's library looks for. */
static enum aw_status
give_up_files(const struct serve *serve, struct aw_arena *arena, struct aw_error *err)
{
	const char *database = strncmp(serve->url, "sqlite:", 7) == 0 ? serve->url + 7 : NULL;
	struct aw_sandbox sandbox = { 0 };

	aw_sandbox_write_beside(&sandbox, arena, database);
	aw_sandbox_write_beside(&sandbox, arena, serve->witness);
	aw_sandbox_read(&sandbox, serve->policy_dir);
	aw_sandbox_read(&sandbox, aw_policy_base_dir(arena, serve->policy_dir));
	aw_sandbox_read(&sandbox, serve->pages_dir);
	/* the folder: a new root key is read when keys are rotated */
	aw_sandbox_read_beside(&sandbox, arena, getenv("ANWANG_KEY_FILE"));
	aw_sandbox_read(&sandbox, getenv("CREDENTIALS_DIRECTORY"));
	if (database == NULL) {
		aw_sandbox_read(&sandbox, getenv("PGPASSFILE"));
		aw_sandbox_read(&sandbox, getenv("PGSSLROOTCERT"));
		aw_sandbox_read(&sandbox, getenv("PGSSLCERT"));
		aw_sandbox_read(&sandbox, getenv("PGSSLKEY"));
		aw_sandbox_read(&sandbox, "/run/postgresql");
	}
	/* SQLite's temporary files go where it may write, too */
	if (database != NULL && sandbox.write_count > 0)
		(void)setenv("SQLITE_TMPDIR", sandbox.writes[0], 1);
	return aw_sandbox_files(&sandbox, err);
}

static enum aw_status
run(const struct serve *serve, struct aw_error *err)
{
	AW_SCOPE(aw_house) house = { 0 };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_server *server = NULL;
	struct aw_server_options options = {
		.house = &house,
		.listen = serve->listen,
		.witness = serve->witness,
		.pages_dir = serve->pages_dir,
		.behind_proxy = serve->behind_proxy,
	};
	int64_t start_us = aw_monotonic_us();
	sigset_t ends;
	int signal_number;

	/* before any thread starts, so that all of them inherit it */
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	if (serve->require_sandbox && give_up_files(serve, &arena, err) != AW_OK)
		return aw_wrap(err, "--require-sandbox");
	if (aw_house_open(&(struct aw_house_options){ .url = serve->url,
				  .policy_dir = serve->policy_dir,
				  .parts = AW_HOUSE_ALL },
		    &house, err) != AW_OK)
		return err->status;
	if (strncmp(serve->url, "sqlite:", 7) == 0)
		options.socket_path = aw_arena_printf(&arena, "%s.sock", serve->url + 7);
	if (aw_server_start(&options, &server, err) != AW_OK)
		return err->status;
	if (serve->require_sandbox && aw_sandbox_calls(err) != AW_OK) {
		aw_server_end(server);
		return aw_wrap(err, "--require-sandbox");
	}
	say_doubts(house.db, &arena);
	say_ready(serve, &house, server, start_us);
	while (sigwait(&ends, &signal_number) != 0)
		continue;
	fprintf(stderr, "Anwang ends (signal %d).\n", signal_number);
	aw_server_end(server);
	return AW_OK;
}

int
aw_cmd_serve(int argc, char **argv)
{
	struct serve serve = { .listen = "127.0.0.1:8080" };
	const struct aw_option options[] = {
		{ "db", "URL", "the database: sqlite:PATH or postgres://...", &serve.url, NULL,
			true },
		{ "policy", "DIR", "the city's folder", &serve.policy_dir, NULL, true },
		{ "listen", "HOST:PORT", "where to listen; 127.0.0.1:8080 when not given",
			&serve.listen, NULL, false },
		{ "witness", "FILE", "where checkpoints of the log are kept outside the database",
			&serve.witness, NULL, false },
		{ "pages", "DIR", "templates, messages and assets from DIR, not from the program",
			&serve.pages_dir, NULL, false },
		{ "behind-proxy", NULL,
			"believe X-Forwarded-For of a proxy on this machine, for rate limits", NULL,
			&serve.behind_proxy, false },
		{ "require-sandbox", NULL,
			"give up every file and call that serving does not need, or do not serve",
			NULL, &serve.require_sandbox, false },
	};
	const struct aw_usage usage = {
		.command = "serve",
		.operands = "",
		.summary =
			"Serves the city until it is told to end (SIGINT, SIGTERM). Commands reach "
			"it over the\nsocket beside the database.",
		.options = options,
		.option_count = AW_COUNT(options),
	};
	struct aw_operands operands;
	struct aw_error err = { 0 };
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	if (run(&serve, &err) != AW_OK)
		return aw_command_failed("serve", &err);
	return aw_command_done("serve");
}
