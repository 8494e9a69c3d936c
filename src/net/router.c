/* Finds the route of a path. */
#include "net/route.h"

#include <string.h>

#include "net/form.h"

/* One value of a part; false when it is empty, broken or would step out of its segment. */
static bool
take_part(struct aw_arena *arena, struct aw_str part, struct aw_str raw, struct aw_form_value *ret)
{
	struct aw_error ignored = { 0 };
	const char *value;

	if (raw.len == 0 || aw_form_decode(arena, raw, false, &value, &ignored) != AW_OK ||
		value[0] == '\0' || strpbrk(value, "/\\\r\n\t") != NULL)
		return false;
	*ret = (struct aw_form_value){
		.name = aw_arena_strndup(arena, part.at + 1, part.len - 2),
		.value = value,
	};
	return true;
}

/* True when path fits the route's pattern. *ret_literals counts literal segments: more is better. */
static bool
fits(struct aw_arena *arena, const struct aw_route *route, struct aw_str path,
	struct aw_matched *ret, size_t *ret_literals)
{
	struct aw_str pattern_rest = aw_str(route->path);
	struct aw_str path_rest = path;
	size_t room = 0;

	ret->path_values = NULL;
	ret->path_count = 0;
	*ret_literals = 0;
	while (pattern_rest.at != NULL && path_rest.at != NULL) {
		struct aw_str part = aw_str_cut(pattern_rest, '/', &pattern_rest);
		struct aw_str segment = aw_str_cut(path_rest, '/', &path_rest);
		struct aw_form_value value;

		if (part.len > 2 && part.at[0] == '{') {
			if (!take_part(arena, part, segment, &value))
				return false;
			*AW_PUSH(arena, ret->path_values, ret->path_count, room) = value;
		} else if (aw_str_eq(part, segment)) {
			++*ret_literals;
		} else {
			return false;
		}
	}
	return pattern_rest.at == NULL && path_rest.at == NULL;
}

static bool
method_fits(const struct aw_route *route, const char *method)
{
	return strcmp(route->method, method) == 0 ||
	       (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

static enum aw_routed
find(const struct aw_route *routes, size_t count, struct aw_arena *arena, const char *method,
	struct aw_str path, struct aw_matched *ret)
{
	size_t best = 0;
	bool get = false, post = false;

	ret->route = NULL;
	for (size_t i = 0; i < count; i++) {
		struct aw_matched try = { 0 };
		size_t literals;

		if (!fits(arena, &routes[i], path, &try, &literals))
			continue;
		if (strcmp(routes[i].method, "GET") == 0)
			get = true;
		else
			post = true;
		if (!method_fits(&routes[i], method) || (ret->route != NULL && literals <= best))
			continue;
		best = literals;
		ret->route = &routes[i];
		ret->path_values = try.path_values;
		ret->path_count = try.path_count;
	}
	if (ret->route != NULL)
		return AW_ROUTED_FOUND;
	if (!get && !post)
		return AW_ROUTED_NONE;
	ret->allow = !post ? "GET, HEAD" : !get ? "POST" : "GET, HEAD, POST";
	return AW_ROUTED_METHOD;
}

enum aw_routed
aw_route_find(const struct aw_route *routes, size_t count, struct aw_arena *arena,
	const char *method, struct aw_str path, struct aw_matched *ret_matched)
{
	struct aw_matched as_is = { 0 }, cut = { 0 };
	enum aw_routed match;

	if (path.len == 0 || path.at[0] != '/')
		return AW_ROUTED_NONE;
	/* A literal path that ends in .json (/openapi.json) goes before the suffix, and the suffix
	 * before a {part} that would swallow it. */
	match = find(routes, count, arena, method, path, &as_is);
	if (aw_str_ends(path, ".json") && (match != AW_ROUTED_FOUND || as_is.path_count > 0)) {
		struct aw_str shorter = { path.at, path.len - strlen(".json") };
		enum aw_routed other = find(routes, count, arena, method, shorter, &cut);

		if (other == AW_ROUTED_FOUND || match == AW_ROUTED_NONE) {
			match = other;
			as_is = cut;
			as_is.json = true;
		}
	}
	if (match != AW_ROUTED_NONE)
		*ret_matched = as_is;
	return match;
}

const struct aw_route *
aw_route_of(const struct aw_route *routes, size_t count, const char *method, const char *pattern)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(routes[i].method, method) == 0 && strcmp(routes[i].path, pattern) == 0)
			return &routes[i];
	}
	aw_die("a route is asked for that the list does not have");
}

static const char *
value_of(const struct aw_matched *matched, struct aw_str part)
{
	for (size_t i = 0; i < matched->path_count; i++) {
		const char *name = matched->path_values[i].name;

		if (strlen(name) == part.len - 2 && memcmp(name, part.at + 1, part.len - 2) == 0)
			return matched->path_values[i].value;
	}
	return "";
}

const char *
aw_route_path(struct aw_arena *arena, const char *pattern, const struct aw_matched *matched)
{
	struct aw_buf out = { .arena = arena };
	struct aw_str rest = aw_str(pattern + 1);

	while (rest.at != NULL) {
		struct aw_str part = aw_str_cut(rest, '/', &rest);

		aw_buf_char(&out, '/');
		if (part.len > 2 && part.at[0] == '{')
			aw_buf_text(&out, value_of(matched, part));
		else
			aw_buf_str(&out, part);
	}
	return aw_buf_z(&out);
}
