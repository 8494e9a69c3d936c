/* The OpenAPI 3.1 document and the table of routes, made from the list. */
#include "net/route.h"

#include <string.h>

#include "base/json.h"
#include "net/life.h"

static json_t *
text_object(const char *key, const char *value)
{
	json_t *object = json_object();

	aw_json_put_text(object, key, value);
	return object;
}

static json_t *
input_schema(const struct aw_input *input)
{
	json_t *schema = json_object();

	switch (input->type) {
	case AW_INPUT_TEXT:
		aw_json_put_text(schema, "type", "string");
		break;
	case AW_INPUT_NUMBER:
		aw_json_put_text(schema, "type", "integer");
		break;
	case AW_INPUT_DAY:
		aw_json_put_text(schema, "type", "string");
		aw_json_put_text(schema, "format", "date");
		break;
	case AW_INPUT_FLAG:
		aw_json_put_text(schema, "type", "boolean");
		break;
	case AW_INPUT_LIST:
		aw_json_put_text(schema, "type", "array");
		aw_json_put(schema, "items", text_object("type", "string"));
		break;
	case AW_INPUT_OBJECT:
		aw_json_put_text(schema, "type", "object");
		break;
	case AW_INPUT_OBJECTS:
		aw_json_put_text(schema, "type", "array");
		aw_json_put(schema, "items", text_object("type", "object"));
		break;
	}
	return schema;
}

/* Every input as the properties of one body. */
static json_t *
body_schema(const struct aw_route *route, bool with_objects)
{
	json_t *schema = text_object("type", "object");
	json_t *properties = json_object();
	json_t *required = json_array();

	for (size_t i = 0; i < route->input_count; i++) {
		const struct aw_input *input = &route->inputs[i];

		if ((input->type == AW_INPUT_OBJECT || input->type == AW_INPUT_OBJECTS) &&
			!with_objects)
			continue;
		aw_json_put(properties, input->name, input_schema(input));
		if (input->required)
			aw_json_push(required, json_string(input->name));
	}
	aw_json_put(schema, "properties", properties);
	if (json_array_size(required) > 0)
		aw_json_put(schema, "required", required);
	else
		json_decref(required);
	return schema;
}

static void
put_parameter(json_t *list, const char *name, const char *in, bool required, json_t *schema)
{
	json_t *parameter = text_object("name", name);

	aw_json_put_text(parameter, "in", in);
	aw_json_put(parameter, "required", json_boolean(required));
	aw_json_put(parameter, "schema", schema);
	aw_json_push(list, parameter);
}

static json_t *
parameters(const struct aw_route *route)
{
	json_t *list = json_array();
	struct aw_str rest = aw_str(route->path);

	while (rest.at != NULL) {
		struct aw_str part = aw_str_cut(rest, '/', &rest);
		char name[64];

		if (part.len < 3 || part.len > sizeof(name) || part.at[0] != '{')
			continue;
		memcpy(name, part.at + 1, part.len - 2);
		name[part.len - 2] = '\0';
		put_parameter(list, name, "path", true, text_object("type", "string"));
	}
	for (size_t i = 0; strcmp(route->method, "GET") == 0 && i < route->input_count; i++)
		put_parameter(list, route->inputs[i].name, "query", route->inputs[i].required,
			input_schema(&route->inputs[i]));
	return list;
}

static json_t *
content_of(const char *media_type, json_t *schema)
{
	json_t *content = json_object();
	json_t *media = json_object();

	aw_json_put(media, "schema", schema);
	aw_json_put(content, media_type, media);
	return content;
}

static json_t *
problem_response(const char *description)
{
	json_t *response = text_object("description", description);

	aw_json_put(response, "content",
		content_of("application/problem+json",
			text_object("$ref", "#/components/schemas/Problem")));
	return response;
}

static json_t *
responses(struct aw_arena *arena, const struct aw_route *route)
{
	json_t *all = json_object();
	bool is_post = strcmp(route->method, "POST") == 0;

	if (route->view != NULL) {
		json_t *response = text_object("description", "The view, as JSON or as a page");
		json_t *content = content_of("application/json",
			text_object("$ref", aw_arena_printf(arena, "#/components/schemas/%s",
						    route->view->name)));

		if (route->view->shown_by != NULL)
			aw_json_put(content, "text/html", json_object());
		aw_json_put(response, "content", content);
		aw_json_put(all, "200", response);
	}
	if (is_post) {
		aw_json_put(all, "303", text_object("description", "Done; see the other page"));
		aw_json_put(
			all, "422", problem_response("The input is not right; says which field"));
	}
	if (route->own == aw_own_events) {
		json_t *response =
			text_object("description", "Events board, work and report, each with the "
						   "number of a change as its id");

		aw_json_put(response, "content",
			content_of("text/event-stream", text_object("type", "string")));
		aw_json_put(all, "200", response);
	} else if (!is_post && route->view == NULL) {
		aw_json_put(all, "200", text_object("description", "The document"));
	}
	if (strcmp(route->permission, AW_PERMIT_PUBLIC) != 0) {
		aw_json_put(all, "401", problem_response("Not signed in"));
		aw_json_put(all, "403", problem_response("Not allowed"));
	}
	aw_json_put(all, "default", problem_response("Anything else"));
	return all;
}

static json_t *
operation(struct aw_arena *arena, const struct aw_route *route)
{
	json_t *object = text_object("summary", route->summary);
	json_t *list = parameters(route);
	char *id = aw_arena_strdup(arena, route->action);

	aw_json_put_text(object, "operationId",
		aw_arena_printf(
			arena, "%s.%s", strcmp(route->method, "GET") == 0 ? "get" : "post", id));
	aw_json_put_text(object, "x-permission", route->permission);
	if (json_array_size(list) > 0)
		aw_json_put(object, "parameters", list);
	else
		json_decref(list);
	if (strcmp(route->method, "POST") == 0) {
		json_t *body = json_object();
		json_t *content =
			content_of("application/x-www-form-urlencoded", body_schema(route, false));
		json_t *media = json_object();

		aw_json_put(media, "schema", body_schema(route, true));
		aw_json_put(content, "application/json", media);
		aw_json_put(body, "content", content);
		aw_json_put(object, "requestBody", body);
	}
	if (strcmp(route->permission, AW_PERMIT_PUBLIC) == 0) {
		aw_json_put(object, "security", json_array());
	}
	aw_json_put(object, "responses", responses(arena, route));
	return object;
}

/* The schema of a type and of every type it is made of, each once. */
static void
put_schemas(json_t *schemas, const struct aw_view_type *type)
{
	if (type == NULL || json_object_get(schemas, type->name) != NULL)
		return;
	aw_json_put(schemas, type->name, aw_view_schema(type));
	for (size_t i = 0; i < type->count; i++)
		put_schemas(schemas, type->fields[i].of);
}

static json_t *
problem_schema(void)
{
	static const char *const texts[] = { "type", "title", "code", "detail", "number" };
	json_t *schema = text_object("type", "object");
	json_t *properties = json_object();
	json_t *field = text_object("type", "object");
	json_t *field_properties = json_object();
	json_t *problems = text_object("type", "array");

	for (size_t i = 0; i < AW_COUNT(texts); i++)
		aw_json_put(properties, texts[i], text_object("type", "string"));
	aw_json_put(properties, "status", text_object("type", "integer"));
	aw_json_put(field_properties, "field", text_object("type", "string"));
	aw_json_put(field_properties, "message", text_object("type", "string"));
	aw_json_put(field_properties, "text", text_object("type", "string"));
	aw_json_put(field, "properties", field_properties);
	aw_json_put(problems, "items", field);
	aw_json_put(properties, "problems", problems);
	aw_json_put(schema, "properties", properties);
	return schema;
}

/* What stands for a field that the viewer may not see. */
static json_t *
hidden_schema(void)
{
	json_t *schema = text_object("type", "object");
	json_t *properties = json_object();
	json_t *required = json_array();

	aw_json_put(properties, "hidden", text_object("type", "string"));
	aw_json_push(required, json_string("hidden"));
	aw_json_put(schema, "properties", properties);
	aw_json_put(schema, "required", required);
	return schema;
}

static json_t *
components(const struct aw_route *routes, size_t count)
{
	json_t *object = json_object();
	json_t *schemas = json_object();
	json_t *security = json_object();
	json_t *cookie = text_object("type", "apiKey");
	json_t *bearer = text_object("type", "http");

	aw_json_put(schemas, "Problem", problem_schema());
	aw_json_put(schemas, "Hidden", hidden_schema());
	for (size_t i = 0; i < count; i++)
		put_schemas(schemas, routes[i].view);
	aw_json_put_text(cookie, "in", "cookie");
	aw_json_put_text(cookie, "name", "__Host-anwang");
	aw_json_put_text(bearer, "scheme", "bearer");
	aw_json_put(security, "session", cookie);
	aw_json_put(security, "token", bearer);
	aw_json_put(object, "schemas", schemas);
	aw_json_put(object, "securitySchemes", security);
	return object;
}

json_t *
aw_openapi(const struct aw_route *routes, size_t count)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	json_t *document = text_object("openapi", "3.1.0");
	json_t *info = text_object("title", "Anwang");
	json_t *paths = json_object();
	json_t *security = json_array();
	json_t *one = json_object();

	aw_json_put_text(info, "version", "1");
	aw_json_put_text(info, "description",
		"One view, two forms: JSON with Accept: application/json or .json behind the path, "
		"a page otherwise. A hidden field is {\"hidden\": reason}.");
	aw_json_put(document, "info", info);
	for (size_t i = 0; i < count; i++) {
		json_t *path = json_object_get(paths, routes[i].path);

		if (path == NULL) {
			path = json_object();
			aw_json_put(paths, routes[i].path, path);
		}
		aw_json_put(path, strcmp(routes[i].method, "GET") == 0 ? "get" : "post",
			operation(&arena, &routes[i]));
	}
	aw_json_put(document, "paths", paths);
	aw_json_put(document, "components", components(routes, count));
	aw_json_put(one, "session", json_array());
	aw_json_push(security, one);
	one = json_object();
	aw_json_put(one, "token", json_array());
	aw_json_push(security, one);
	aw_json_put(document, "security", security);
	return document;
}

static const char *
unit_name(enum aw_route_unit unit)
{
	switch (unit) {
	case AW_ROUTE_NONE:
		return "none";
	case AW_ROUTE_READ:
		return "read";
	case AW_ROUTE_WRITE:
		break;
	}
	return "write";
}

const char *
aw_routes_markdown(struct aw_arena *arena, const struct aw_route *routes, size_t count)
{
	struct aw_buf out = { .arena = arena };

	aw_buf_text(&out,
		"# Routes\n\nMade from `src/net/routes.c`; a test compares. GET answers HEAD too. "
		"`.json` behind a path, or `Accept: application/json`, gives the view as JSON.\n\n"
		"| method | path | permission | unit | view | in the log | what it is |\n"
		"|---|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < count; i++)
		aw_buf_printf(&out, "| %s | `%s` | %s | %s | %s | %s | %s |\n", routes[i].method,
			routes[i].path, routes[i].permission, unit_name(routes[i].unit),
			routes[i].view != NULL ? routes[i].view->name : "",
			routes[i].action != NULL ? routes[i].action : "", routes[i].summary);
	return aw_buf_z(&out);
}
