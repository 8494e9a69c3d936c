/* The work of commands in the server, over the socket beside the database. */
#include "cli/client.h"

#include <sys/wait.h>

#include "city.h"

/* A server with its socket, as serve starts it. */
static void
open_served(struct city *city)
{
	struct aw_error err = { 0 };
	char path[120];

	city_open(city, NULL, 0);
	aw_server_end(city->server);
	(void)snprintf(path, sizeof(path), "%s.sock", city->db.url + strlen("sqlite:"));
	assert_ok(aw_server_start(
		&(struct aw_server_options){
			.house = &city->house, .socket_path = path, .pages_dir = source_dir() },
		&city->server, &err));
}

/* Runs a command as a process of its own would, with standard output in a file; its exit code. */
static int
run(struct aw_arena *arena, const struct aw_client_work *work, const char **ret_text)
{
	char path[] = "/tmp/anwang-console-XXXXXX";
	int fd = mkstemp(path), status;
	char *text = aw_arena_alloc(arena, 65536);
	ssize_t got;
	pid_t child;

	assert_true(fd >= 0);
	(void)fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (dup2(fd, STDOUT_FILENO) < 0 || dup2(fd, STDERR_FILENO) < 0)
			_exit(99);
		_exit(aw_client_run(work));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	got = pread(fd, text, 65535, 0);
	assert_true(got >= 0);
	text[got] = '\0';
	(void)close(fd);
	(void)unlink(path);
	*ret_text = text;
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
a_command_is_done_by_the_server_and_logged_as_its_user(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	const struct aw_form_value list[] = { { "verb", "list" }, { "format", "json" } };
	const struct aw_form_value disable[] = { { "verb", "disable" }, { "login", "planner" } };
	struct aw_client_work work = { .command = "user" };
	const char *text;

	(void)state;
	open_served(&city);
	work.url = city.db.url;
	work.values = list;
	work.value_count = AW_COUNT(list);
	assert_int_equal(run(&arena, &work, &text), 0);
	assert_non_null(strstr(text, "\"dispatch_reviewer\""));
	work.values = disable;
	work.value_count = AW_COUNT(disable);
	assert_int_equal(run(&arena, &work, &text), 0);
	assert_int_equal(strncmp(city_last_entry(&city, &arena)->actor, "console:", 8), 0);
	assert_string_equal(city_last_entry(&city, &arena)->outcome, "ok");
	work.values = list;
	work.value_count = AW_COUNT(list);
	assert_int_equal(run(&arena, &work, &text), 0);
	assert_non_null(strstr(text, "\"disabled\""));
	city_close(&city);
}

static void
errors_of_the_server_come_back_with_their_exit_code(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	const struct aw_form_value disable[] = { { "verb", "disable" }, { "login", "nobodyx" } };
	const struct aw_form_value odd[] = { { "verb", "f\xC3\xB6o & = % +" } };
	struct aw_client_work work = { .command = "user" };
	const char *text;

	(void)state;
	open_served(&city);
	work.url = city.db.url;
	work.values = disable;
	work.value_count = AW_COUNT(disable);
	assert_int_equal(run(&arena, &work, &text), 2);
	assert_non_null(strstr(text, "anwang user: "));
	work.values = odd;
	work.value_count = AW_COUNT(odd);
	assert_int_equal(run(&arena, &work, &text), 2);
	city_close(&city);
}

static void
without_a_server_the_command_is_the_server(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	const struct aw_form_value list[] = { { "verb", "list" }, { "format", "json" } };
	struct aw_client_work work = {
		.command = "user", .values = list, .value_count = AW_COUNT(list)
	};
	const char *text;

	(void)state;
	city_open(&city, NULL, 0);
	work.url = city.db.url;
	/* the database is held, but nobody listens */
	assert_int_equal(run(&arena, &work, &text), 3);
	aw_server_end(city.server);
	city.server = NULL;
	aw_house_done(&city.house);
	assert_int_equal(run(&arena, &work, &text), 0);
	assert_non_null(strstr(text, "\"auditor\""));
	city_close(&city);
}

static void
nobody_reaches_a_command_over_the_web(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	struct aw_request request = city_request(&arena, "POST", "/console/user?verb=list");
	struct aw_reply reply;

	(void)state;
	city_open(&city, NULL, 0);
	reply = city_ask(&city, &request);
	assert_int_equal(reply.status, 404);
	city_close(&city);
}

AW_TESTS(cmocka_unit_test(a_command_is_done_by_the_server_and_logged_as_its_user),
	cmocka_unit_test(errors_of_the_server_come_back_with_their_exit_code),
	cmocka_unit_test(without_a_server_the_command_is_the_server),
	cmocka_unit_test(nobody_reaches_a_command_over_the_web))
