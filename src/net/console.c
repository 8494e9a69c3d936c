/* The work of commands, wherever it runs. */
#include "net/console.h"

#include <string.h>

#include "net/console_guard.h"
#include "net/console_import.h"
#include "net/console_indicator.h"
#include "net/console_policy.h"
#include "net/console_report.h"
#include "net/console_serve.h"
#include "net/form.h"

static const struct aw_console_command console_commands[] = {
	{ "user", aw_console_user, AW_HOUSE_POLICY },
	{ "audit", aw_console_audit, 0 },
	{ "backup", aw_console_backup, 0 },
	{ "person", aw_console_person, AW_HOUSE_KEYS },
	{ "key", aw_console_key, AW_HOUSE_KEYS },
	{ "import", aw_console_import, AW_HOUSE_ALL },
	{ "indicator", aw_console_indicator, AW_HOUSE_POLICY },
	{ "report", aw_console_report, AW_HOUSE_ALL },
	{ "replay", aw_console_replay, AW_HOUSE_KEYS | AW_HOUSE_POLICY },
	{ "release", aw_console_release, AW_HOUSE_KEYS | AW_HOUSE_POLICY },
	{ NULL, NULL, 0 },
};

const char *
aw_console_value(const struct aw_console *console, const char *name)
{
	for (size_t i = 0; i < console->value_count; i++) {
		if (strcmp(console->values[i].name, name) == 0)
			return console->values[i].value;
	}
	return NULL;
}

const struct aw_console_command *
aw_console_find(const char *name)
{
	for (const struct aw_console_command *c = console_commands; c->name != NULL; c++) {
		if (strcmp(c->name, name) == 0)
			return c;
	}
	return NULL;
}

struct aw_viewer
aw_console_viewer(struct aw_arena *arena, const char *user)
{
	return (struct aw_viewer){
		.login = aw_arena_printf(arena, "console:%s", user),
		.name = user,
		.title = "",
		.roles = "console",
		.purpose = "administration",
	};
}

static void
show_error(struct aw_request *request, struct aw_reply *reply, const struct aw_error *err)
{
	AW_SCOPED(json, json_t *) json = json_object();

	aw_json_put_int(json, "status", err->status);
	aw_json_put_text(json, "text", err->text);
	aw_json_put_text(json, "file", err->file);
	aw_json_put_int(json, "line", err->line);
	aw_json_put_int(json, "column", err->column);
	reply->status = aw_status_http(err->status);
	reply->content_type = "application/json";
	reply->body = aw_str(aw_json_text(request->arena, json));
}

void
aw_console_serve(struct aw_house *house, struct aw_request *request, struct aw_reply *reply)
{
	static const char prefix[] = "/console/";
	struct aw_viewer viewer = aw_console_viewer(request->arena, request->console);
	struct aw_form form = { 0 };
	struct aw_error err = { 0 };
	const struct aw_console_command *command = NULL;
	enum aw_status status;
	struct aw_console console = {
		.house = house,
		.arena = request->arena,
		.viewer = &viewer,
		.body = request->body,
		.out = { .arena = request->arena },
	};

	if (aw_str_starts(request->path, prefix) && strcmp(request->method, "POST") == 0)
		command = aw_console_find(aw_arena_strndup(request->arena,
			request->path.at + strlen(prefix), request->path.len - strlen(prefix)));
	if (command == NULL)
		status = aw_fail(&err, AW_NOT_FOUND, "the server does not know this command");
	else
		status = aw_form_read(request->arena, request->query, &form, &err);
	if (status == AW_OK) {
		console.values = form.values;
		console.value_count = form.count;
		status = command->run(&console, &err);
	}
	if (status != AW_OK) {
		show_error(request, reply, &err);
		return;
	}
	reply->status = 200;
	reply->content_type = "text/plain; charset=utf-8";
	reply->body = (struct aw_str){ aw_buf_z(&console.out), console.out.len };
	aw_reply_header(request->arena, reply, "Anwang-Exit", console.failed ? "1" : "0");
}
