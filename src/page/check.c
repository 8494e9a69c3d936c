/* page/check - walking a template with view types instead of views. */
#include "page/check.h"

#include <string.h>

#include "page/view_inner.h"

/* What a name leads to. */
enum thing_kind {
	THING_NONE,  /* means nothing */
	THING_PLAIN, /* a text or flag: no names inside */
	THING_ANY,   /* whatever is asked for: typed.x, problem.x, state.is.x */
	THING_FIELD, /* a field: its variants, its type's fields */
	THING_VIEW,  /* a view: its fields */
};

struct thing {
	enum thing_kind kind;
	const struct aw_view_field *field;
	const struct aw_view_type *type;
};

struct walk {
	const struct aw_pages *pages;
	struct thing stack[AW_MUSTACHE_DEPTH];
	size_t depth;
	size_t nested;
	const char *template;
};

static const struct aw_view_type problem_type = { .name = "Problem",
	.fields = (const struct aw_view_field[]){ AW_FIELD("field", TEXT, OPEN),
		AW_FIELD("text", TEXT, OPEN) },
	.count = 2 };
static const struct aw_view_field problems_field =
	AW_FIELD_OF("problems", LIST, OPEN, &problem_type);

static const struct thing nothing = { THING_NONE, NULL, NULL };
static const struct thing plain = { THING_PLAIN, NULL, NULL };
static const struct thing anything = { THING_ANY, NULL, NULL };

static bool
is_among(struct aw_str name, const char *words)
{
	struct aw_str rest = aw_str(words);

	while (rest.len > 0) {
		if (aw_str_eq(name, aw_str_cut(rest, ' ', &rest)))
			return true;
	}
	return false;
}

static const char *
variants_of(enum aw_view_kind kind)
{
	switch (kind) {
	case AW_VIEW_CODE:
		return "code";
	case AW_VIEW_NUMBER:
		return "value any one";
	case AW_VIEW_PERCENT:
		return "value any number";
	case AW_VIEW_INSTANT:
		return "iso full plain short near date day time value";
	case AW_VIEW_DAY:
		return "iso full plain short near value";
	case AW_VIEW_DURATION:
		return "value any";
	case AW_VIEW_LIST:
		return "any one count";
	case AW_VIEW_FLAG:
		return "not";
	case AW_VIEW_TEXT:
	case AW_VIEW_OBJECT:
	case AW_VIEW_LINK:
	case AW_VIEW_RAW:
		break;
	}
	return "";
}

static struct thing
thing_of_field(const struct aw_view_field *field)
{
	return (struct thing){ THING_FIELD, field, NULL };
}

static struct thing
inside_view(const struct aw_view_type *type, struct aw_str name)
{
	const struct aw_view_field *field = aw_view_field(type, name.at, name.len);

	if (field != NULL)
		return thing_of_field(field);
	return is_among(name, "index first last") ? plain : nothing;
}

static struct thing
inside_field(const struct aw_view_field *field, struct aw_str name)
{
	if (field->kind == AW_VIEW_OBJECT) {
		struct thing found = inside_view(field->of, name);

		if (found.kind != THING_NONE)
			return found;
	}
	if (field->kind == AW_VIEW_CODE && aw_str_is(name, "is"))
		return anything;
	return is_among(name, "hidden known text reason") ||
			       is_among(name, variants_of(field->kind))
		       ? plain
		       : nothing;
}

static struct thing
inside(const struct thing *thing, struct aw_str name)
{
	switch (thing->kind) {
	case THING_FIELD:
		return inside_field(thing->field, name);
	case THING_VIEW:
		return inside_view(thing->type, name);
	case THING_ANY:
		return anything;
	case THING_PLAIN:
	case THING_NONE:
		break;
	}
	return nothing;
}

static struct thing
house_name(struct aw_str name)
{
	if (aw_str_is(name, "shell"))
		return (struct thing){ THING_VIEW, NULL, &aw_shell_view };
	if (aw_str_is(name, "problems"))
		return thing_of_field(&problems_field);
	if (is_among(name, "typed picked problem asset"))
		return anything;
	return is_among(name, "t icon icon_s wrong language") ? plain : nothing;
}

static struct thing
resolve(const struct walk *walk, struct aw_str name)
{
	struct aw_str rest, first = aw_str_cut(name, '.', &rest);
	struct thing found = nothing;

	if (aw_str_is(name, "."))
		return walk->stack[walk->depth - 1];
	for (size_t i = walk->depth; i-- > 0 && found.kind == THING_NONE;) {
		if (walk->stack[i].kind != THING_ANY)
			found = inside(&walk->stack[i], first);
	}
	if (found.kind == THING_NONE)
		found = house_name(first);
	while (found.kind != THING_NONE && rest.at != NULL) {
		first = aw_str_cut(rest, '.', &rest);
		found = inside(&found, first);
	}
	return found;
}

static enum aw_status
fail_name(const struct walk *walk, const struct aw_mustache_node *node, struct aw_str name,
	struct aw_error *err)
{
	return aw_fail_at(err, walk->template, node->line, 0, "\"%.*s\" means nothing here",
		(int)name.len, name.at);
}

static enum aw_status
walk_nodes(struct walk *walk, const struct aw_mustache_node *node, struct aw_error *err);

static enum aw_status
walk_template(struct walk *walk, struct aw_str name, struct aw_error *err)
{
	const struct aw_mustache_template *template = aw_pages_template(walk->pages, name);
	const char *outer = walk->template;
	enum aw_status status;

	if (template == NULL)
		return aw_fail(err, AW_INVALID, "%s: there is no template \"%.*s\"", outer,
			(int)name.len, name.at);
	if (walk->nested == AW_MUSTACHE_DEPTH) /* a template that shows itself was walked */
		return AW_OK;
	walk->nested++;
	walk->template = template->name;
	status = walk_nodes(walk, template->nodes, err);
	walk->template = outer;
	walk->nested--;
	return status;
}

static enum aw_status
walk_in(struct walk *walk, struct thing thing, const struct aw_mustache_node *nodes,
	struct aw_str part, struct aw_error *err)
{
	enum aw_status status;

	if (walk->depth == AW_MUSTACHE_DEPTH)
		return AW_OK;
	if (thing.kind == THING_FIELD && thing.field->of != NULL)
		thing = (struct thing){ THING_VIEW, NULL, thing.field->of };
	walk->stack[walk->depth++] = thing;
	status = part.at != NULL ? walk_template(walk, part, err) : walk_nodes(walk, nodes, err);
	walk->depth--;
	return status;
}

/* ---- messages ---- */

struct argument_walk {
	const struct walk *walk;
	struct aw_str pairs;
	struct aw_str missing;
};

static struct aw_str
word_of(struct aw_str *rest)
{
	struct aw_str text = aw_str_trim(*rest);
	size_t len = 0;

	while (len < text.len && strchr(" \t\r\n", text.at[len]) == NULL)
		len++;
	*rest = (struct aw_str){ text.at + len, text.len - len };
	return (struct aw_str){ text.at, len };
}

static void
check_argument(void *user, struct aw_str name)
{
	struct argument_walk *arguments = user;
	struct aw_str rest = arguments->pairs, path = name;

	for (struct aw_str pair = word_of(&rest); pair.len > 0; pair = word_of(&rest)) {
		struct aw_str target, word = aw_str_cut(pair, '=', &target);

		if (target.at != NULL && aw_str_eq(word, name))
			path = target;
	}
	if (resolve(arguments->walk, path).kind == THING_NONE)
		arguments->missing = path;
}

static enum aw_status
walk_message(struct walk *walk, const struct aw_mustache_node *node, struct aw_error *err)
{
	struct argument_walk arguments = { .walk = walk, .pairs = node->inner };
	struct aw_str key = word_of(&arguments.pairs);

	for (size_t i = 0; i < walk->pages->catalog_count; i++) {
		if (!aw_message_arguments(
			    &walk->pages->catalogs[i], key, check_argument, &arguments))
			return fail_name(walk, node, key, err);
		if (arguments.missing.len > 0)
			return fail_name(walk, node, arguments.missing, err);
	}
	return AW_OK;
}

/* ---- nodes ---- */

static enum aw_status
walk_section(struct walk *walk, const struct aw_mustache_node *node, struct aw_error *err)
{
	struct aw_str no_part = { NULL, 0 };
	struct thing thing;

	if (aw_str_is(node->text, "t"))
		return walk_message(walk, node, err);
	thing = resolve(walk, node->text);
	if (thing.kind == THING_NONE)
		return fail_name(walk, node, node->text, err);
	if (aw_str_is(node->text, "wrong"))
		return walk_nodes(walk, node->child, err);
	if (aw_str_is(node->text, "icon") || aw_str_is(node->text, "icon_s"))
		return node->child != NULL && node->child->next == NULL
			       ? walk_nodes(walk, node->child, err)
			       : AW_OK;
	return walk_in(walk, thing.kind == THING_ANY ? plain : thing, node->child, no_part, err);
}

static enum aw_status
walk_value(struct walk *walk, const struct aw_mustache_node *node, struct aw_error *err)
{
	struct thing thing = resolve(walk, node->text);

	if (thing.kind == THING_NONE)
		return fail_name(walk, node, node->text, err);
	if (thing.kind != THING_FIELD || thing.field == NULL || thing.field->of == NULL)
		return AW_OK;
	if (thing.field->of->shown_by == NULL)
		return aw_fail_at(err, walk->template, node->line, 0,
			"\"%.*s\" has no part of its own", (int)node->text.len, node->text.at);
	return walk_in(walk, thing, NULL, aw_str(thing.field->of->shown_by), err);
}

static enum aw_status
walk_node(struct walk *walk, const struct aw_mustache_node *node, struct aw_error *err)
{
	switch (node->kind) {
	case AW_NODE_TEXT:
		return AW_OK;
	case AW_NODE_ESCAPED:
	case AW_NODE_RAW:
		return walk_value(walk, node, err);
	case AW_NODE_SECTION:
		return walk_section(walk, node, err);
	case AW_NODE_INVERTED:
		if (resolve(walk, node->text).kind == THING_NONE)
			return fail_name(walk, node, node->text, err);
		return walk_nodes(walk, node->child, err);
	case AW_NODE_PARTIAL:
		return walk_template(walk, node->text, err);
	case AW_NODE_PARENT:
		if (walk_template(walk, node->text, err) != AW_OK)
			return err->status;
		return walk_nodes(walk, node->child, err);
	case AW_NODE_BLOCK:
		return walk_nodes(walk, node->child, err);
	}
	return AW_OK;
}

static enum aw_status
walk_nodes(struct walk *walk, const struct aw_mustache_node *node, struct aw_error *err)
{
	for (; node != NULL; node = node->next) {
		if (walk_node(walk, node, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

/* A field named like a name of the house would hide it: {{#icon}} would show the field. */
static enum aw_status
check_names(const struct aw_view_type *type, int depth, struct aw_error *err)
{
	for (size_t i = 0; i < type->count; i++) {
		const struct aw_view_field *field = &type->fields[i];

		if (house_name(aw_str(field->name)).kind != THING_NONE)
			return aw_fail(err, AW_INVALID, "%s: \"%s\" is a name of the house",
				type->name, field->name);
		if (field->of != NULL && depth < 8 &&
			check_names(field->of, depth + 1, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_page_check(const struct aw_pages *pages, const struct aw_view_type *type, struct aw_error *err)
{
	struct walk walk = { .pages = pages, .template = type->name };

	if (type->shown_by == NULL)
		return AW_OK;
	if (check_names(type, 0, err) != AW_OK)
		return err->status;
	return walk_in(
		&walk, (struct thing){ THING_VIEW, NULL, type }, NULL, aw_str(type->shown_by), err);
}
