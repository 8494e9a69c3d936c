/* rule/tck - reading files of cases. */
#include "rule/tck_read.h"

#include <string.h>

#include "base/file.h"
#include "rule/temporal.h"
#include "rule/xml.h"

static const char *
foreign_attribute(struct aw_arena *arena, const xmlNode *node, const char *name)
{
	for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
		if (a->ns != NULL && strcmp((const char *)a->name, name) == 0 &&
			a->children != NULL && a->children->content != NULL)
			return aw_arena_strdup(arena, (const char *)a->children->content);
	}
	return NULL;
}

static struct aw_value
read_simple(struct aw_arena *arena, const xmlNode *element)
{
	const char *type = foreign_attribute(arena, element, "type");
	const char *nil = foreign_attribute(arena, element, "nil");
	struct aw_str text = aw_xml_text(arena, element);
	struct aw_num number;

	if (nil != NULL && strcmp(nil, "true") == 0)
		return aw_null;
	const char *colon = type == NULL ? NULL : strchr(type, ':');

	type = colon != NULL ? colon + 1 : type;
	if (type == NULL || strcmp(type, "string") == 0)
		return aw_value_text(text);
	text = aw_str_trim(text);
	if (strcmp(type, "boolean") == 0)
		return aw_value_flag(aw_str_is(text, "true") || aw_str_is(text, "1"));
	if (strcmp(type, "date") == 0)
		return aw_date_parse(arena, text);
	if (strcmp(type, "time") == 0)
		return aw_time_parse(arena, text);
	if (strcmp(type, "dateTime") == 0)
		return aw_date_time_parse(arena, text);
	if (strcmp(type, "duration") == 0)
		return aw_duration_parse(text);
	return aw_num_parse(text, &number) ? aw_value_number(number) : aw_value_text(text);
}

/* value, list with items, or components; nothing is null. */
static struct aw_value
read_value(struct aw_arena *arena, const xmlNode *element, int depth)
{
	struct aw_context *context = NULL;

	for (const xmlNode *kid = element->children; kid != NULL && depth < 60; kid = kid->next) {
		if (aw_xml_is(kid, "value"))
			return read_simple(arena, kid);
		if (aw_xml_is(kid, "list")) {
			struct aw_list *list = AW_NEW(arena, struct aw_list);

			for (const xmlNode *item = kid->children; item != NULL; item = item->next) {
				if (aw_xml_is(item, "item"))
					aw_list_add(
						arena, list, read_value(arena, item, depth + 1));
			}
			const char *nil = foreign_attribute(arena, kid, "nil");

			return nil != NULL && strcmp(nil, "true") == 0 ? aw_null
								       : aw_value_list(list);
		}
		if (aw_xml_is(kid, "component")) {
			if (context == NULL)
				context = AW_NEW(arena, struct aw_context);
			aw_context_put(arena, context, aw_str(aw_xml_attribute(arena, kid, "name")),
				read_value(arena, kid, depth + 1));
		}
	}
	return context == NULL ? aw_null : aw_value_context(context);
}

static void
read_case(struct aw_arena *arena, const xmlNode *element, const char *model, struct aw_tck_case *c)
{
	const char *type = aw_xml_attribute(arena, element, "type");

	c->id = aw_xml_attribute(arena, element, "id");
	c->id = c->id == NULL ? "" : c->id;
	c->model = model;
	if (type != NULL && strcmp(type, "decision") != 0)
		c->invocable = aw_xml_attribute(arena, element, "invocableName");
	for (const xmlNode *kid = element->children; kid != NULL; kid = kid->next) {
		struct aw_tck_node node = { .value = aw_null };

		if (aw_xml_is(kid, "inputNode")) {
			node.name = aw_xml_attribute(arena, kid, "name");
			node.value = read_value(arena, kid, 0);
			if (node.name != NULL)
				*AW_PUSH(arena, c->inputs, c->input_count, c->input_room) = node;
		} else if (aw_xml_is(kid, "resultNode")) {
			const xmlNode *expected = aw_xml_child(kid, "expected");

			node.name = aw_xml_attribute(arena, kid, "name");
			node.value = read_value(arena, expected != NULL ? expected : kid, 0);
			if (node.name != NULL)
				*AW_PUSH(arena, c->results, c->result_count, c->result_room) = node;
		}
	}
}

enum aw_status
aw_tck_read(
	struct aw_arena *arena, const char *path, struct aw_tck_cases *cases, struct aw_error *err)
{
	AW_SCOPED(xml, xmlDoc *) doc = NULL;
	struct aw_str text;

	if (aw_file_read(arena, path, AW_DMN_SIZE_LIMIT, &text, err) != AW_OK ||
		aw_xml_parse(text, path, &doc, err) != AW_OK)
		return err->status;
	const xmlNode *root = xmlDocGetRootElement(doc);

	if (root == NULL || !aw_xml_is(root, "testCases"))
		return AW_OK;
	const xmlNode *model_name = aw_xml_child(root, "modelName");
	const char *model = model_name == NULL ? "" : aw_xml_text(arena, model_name).at;

	for (const xmlNode *kid = root->children; kid != NULL; kid = kid->next) {
		if (aw_xml_is(kid, "testCase"))
			read_case(arena, kid, model,
				AW_PUSH(arena, cases->at, cases->count, cases->room));
	}
	return AW_OK;
}
