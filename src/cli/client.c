/* A command's work, done here or by the server that holds the database. */
#include "cli/client.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/options.h"
#include "net/console_serve.h"
#include "net/worker.h"

/* -- here ---------------------------------------------------------------------------------------- */

const char *
aw_client_user(struct aw_arena *arena)
{
	const struct passwd *entry = getpwuid(getuid());

	return entry != NULL ? aw_arena_strdup(arena, entry->pw_name)
			     : aw_arena_printf(arena, "%u", (unsigned)getuid());
}

static enum aw_status
run_here(const struct aw_client_work *work, const struct aw_console_command *command,
	struct aw_arena *arena, struct aw_buf *out, bool *ret_failed, struct aw_error *err)
{
	AW_SCOPE(aw_house) house = { 0 };
	struct aw_viewer viewer = aw_console_viewer(arena, aw_client_user(arena));
	struct aw_console console = {
		.house = &house,
		.arena = arena,
		.viewer = &viewer,
		.values = work->values,
		.value_count = work->value_count,
		.body = work->body,
		.out = *out,
	};

	if (aw_house_open(&(struct aw_house_options){ .url = work->url,
				  .policy_dir = work->policy_dir,
				  .parts = command->parts },
		    &house, err) != AW_OK ||
		command->run(&console, err) != AW_OK)
		return err->status;
	/* what the work made due (screening) is done before the command ends */
	if ((command->parts & AW_HOUSE_ALL) == AW_HOUSE_ALL &&
		aw_workers_run_due(&house, NULL, err) != AW_OK)
		return err->status;
	*out = console.out;
	*ret_failed = console.failed;
	return AW_OK;
}

/* -- by the server --------------------------------------------------------------------------------- */

static int
connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

static void
put_escaped(struct aw_buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			c == '-' || c == '_' || c == '.')
			aw_buf_char(out, (char)c);
		else
			aw_buf_printf(out, "%%%02X", c);
	}
}

static bool
send_all(int fd, struct aw_str data)
{
	while (data.len > 0) {
		ssize_t sent = send(fd, data.at, data.len, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		data.at += sent;
		data.len -= (size_t)sent;
	}
	return true;
}

/* The value of a header among the lines before the body; empty if it is not there. */
static struct aw_str
header_of(struct aw_str head, const char *name)
{
	struct aw_str rest = head;

	while (rest.at != NULL) {
		struct aw_str value = { 0 };
		struct aw_str line = aw_str_trim(aw_str_cut(rest, '\n', &rest));
		struct aw_str key = aw_str_cut(line, ':', &value);

		if (key.len == strlen(name) && strncasecmp(key.at, name, key.len) == 0)
			return aw_str_trim(value);
	}
	return (struct aw_str){ 0 };
}

static enum aw_status
take_error(struct aw_str body, struct aw_error *err)
{
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_error ignored = { 0 };
	int64_t status = 0, line = 0, column = 0;

	if (aw_json_parse(body, NULL, &json, &ignored) != AW_OK || !json_is_object(json) ||
		!aw_json_int(json, "status", &status) || status <= AW_OK || status > AW_INTERNAL)
		return aw_fail(err, AW_IO, "the server's answer was not understood");
	(void)aw_json_int(json, "line", &line);
	(void)aw_json_int(json, "column", &column);
	(void)aw_fail(err, (enum aw_status)status, "%s",
		aw_json_string(json, "text") != NULL ? aw_json_string(json, "text") : "");
	err->line = (uint32_t)line;
	err->column = (uint32_t)column;
	(void)snprintf(err->file, sizeof(err->file), "%s",
		aw_json_string(json, "file") != NULL ? aw_json_string(json, "file") : "");
	return err->status;
}

static enum aw_status
read_reply(
	int fd, struct aw_arena *arena, struct aw_buf *out, bool *ret_failed, struct aw_error *err)
{
	struct aw_buf all = { .arena = arena };
	struct aw_str head, body;
	char piece[65536];
	const char *split;
	ssize_t got;

	while ((got = recv(fd, piece, sizeof(piece), 0)) > 0)
		aw_buf_add(&all, piece, (size_t)got);
	split = all.len > 0 ? memmem(all.at, all.len, "\r\n\r\n", 4) : NULL;
	if (got < 0 || split == NULL || all.len < 12 || memcmp(all.at, "HTTP/1.1 ", 9) != 0)
		return aw_fail(err, AW_IO, "the server hung up before it had answered");
	head = (struct aw_str){ all.at, (size_t)(split - all.at) };
	body = (struct aw_str){ split + 4, all.len - head.len - 4 };
	if (memcmp(all.at + 9, "200", 3) != 0)
		return take_error(body, err);
	aw_buf_str(out, body);
	*ret_failed = aw_str_is(header_of(head, "Anwang-Exit"), "1");
	return AW_OK;
}

static enum aw_status
run_there(int fd, const struct aw_client_work *work, struct aw_arena *arena, struct aw_buf *out,
	bool *ret_failed, struct aw_error *err)
{
	struct aw_buf head = { .arena = arena };

	aw_buf_printf(&head, "POST /console/%s", work->command);
	for (size_t i = 0; i < work->value_count; i++) {
		aw_buf_char(&head, i == 0 ? '?' : '&');
		put_escaped(&head, work->values[i].name);
		aw_buf_char(&head, '=');
		put_escaped(&head, work->values[i].value);
	}
	aw_buf_printf(&head,
		" HTTP/1.1\r\nHost: console\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n",
		work->body.len);
	if (!send_all(fd, (struct aw_str){ head.at, head.len }) || !send_all(fd, work->body))
		return aw_fail(err, AW_IO, "the server does not take the work");
	return read_reply(fd, arena, out, ret_failed, err);
}

/* -- either ---------------------------------------------------------------------------------------- */

enum aw_status
aw_client_ask(const struct aw_client_work *work, struct aw_arena *arena, struct aw_buf *out,
	bool *ret_failed, struct aw_error *err)
{
	const struct aw_console_command *command = aw_console_find(work->command);
	int fd = -1;
	enum aw_status status;

	if (command == NULL)
		return aw_fail(err, AW_INTERNAL, "net/console does not list %s", work->command);
	if (strncmp(work->url, "sqlite:", 7) == 0)
		fd = connect_to(aw_arena_printf(arena, "%s.sock", work->url + 7));
	if (fd < 0)
		return run_here(work, command, arena, out, ret_failed, err);
	status = run_there(fd, work, arena, out, ret_failed, err);
	(void)close(fd);
	return status;
}

int
aw_client_run(const struct aw_client_work *work)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_buf out = { .arena = &arena };
	struct aw_error err = { 0 };
	const char *typed = work->typed != NULL ? work->typed : work->command;
	bool failed = false;
	int code;

	if (aw_client_ask(work, &arena, &out, &failed, &err) != AW_OK)
		return aw_command_failed(typed, &err);
	if (out.len > 0)
		(void)fwrite(out.at, 1, out.len, stdout);
	code = aw_command_done(typed);
	return code != 0 ? code : failed ? 1 : 0;
}

size_t
aw_client_given(struct aw_form_value *values, size_t count)
{
	size_t given = 0;

	for (size_t i = 0; i < count; i++)
		if (values[i].value != NULL)
			values[given++] = values[i];
	return given;
}
