/* rule/model - loading: namespaces, item definitions, items of the graph and what they require. */
#include "rule/model.h"

#include <stdlib.h>
#include <string.h>

#include "rule/model_read.h"

/* -- names ------------------------------------------------------------------------------------- */

static bool
declares_name(const xmlNode *element)
{
	static const char *const kinds[] = { "inputData", "decision", "businessKnowledgeModel",
		"decisionService", "variable", "itemComponent", "formalParameter", "parameter",
		"column", "output", "import" };

	for (size_t i = 0; i < AW_COUNT(kinds); i++) {
		if (aw_xml_is(element, kinds[i]))
			return true;
	}
	return false;
}

void
aw_model_names(struct aw_model_reader *r, const xmlNode *element)
{
	for (const xmlNode *kid = element->children; kid != NULL; kid = kid->next) {
		if (kid->type != XML_ELEMENT_NODE)
			continue;
		const char *name =
			declares_name(kid) ? aw_xml_attribute(r->arena, kid, "name") : NULL;
		const char *iterator = aw_xml_attribute(r->arena, kid, "iteratorVariable");

		if (name != NULL)
			aw_names_add(&r->model->names, aw_str(name));
		if (iterator != NULL)
			aw_names_add(&r->model->names, aw_str(iterator));
		aw_model_names(r, kid);
	}
}

/* -- item definitions -------------------------------------------------------------------------- */

static struct aw_type *read_item_definition(struct aw_model_reader *r, const xmlNode *element);

static void
read_components(struct aw_model_reader *r, struct aw_type *type, const xmlNode *element)
{
	for (const xmlNode *kid = element->children; kid != NULL; kid = kid->next) {
		if (!aw_xml_is(kid, "itemComponent"))
			continue;
		struct aw_type_field *field =
			AW_PUSH(r->arena, type->fields, type->field_count, type->field_room);

		field->type = read_item_definition(r, kid);
		field->name = field->type->name;
	}
}

static void
read_function_item(struct aw_model_reader *r, struct aw_type *type, const xmlNode *item)
{
	const char *result = aw_xml_attribute(r->arena, item, "outputTypeRef");

	type->kind = AW_TYPE_FUNCTION;
	type->of = aw_model_type_ref(r, result);
	for (const xmlNode *kid = item->children; kid != NULL; kid = kid->next) {
		if (!aw_xml_is(kid, "parameters"))
			continue;
		struct aw_type_field *field =
			AW_PUSH(r->arena, type->fields, type->field_count, type->field_room);

		field->name = aw_str(aw_xml_attribute(r->arena, kid, "name"));
		field->type = aw_model_type_ref(r, aw_xml_attribute(r->arena, kid, "typeRef"));
	}
}

static void
read_allowed(struct aw_model_reader *r, struct aw_type *type, const xmlNode *element)
{
	const xmlNode *values = aw_xml_child(element, "allowedValues");
	const xmlNode *constraint = aw_xml_child(element, "typeConstraint");

	if (values == NULL && constraint == NULL)
		return;
	struct aw_cell_text cell = aw_model_cell(r, constraint != NULL ? constraint : values, true);

	type->allowed = cell.node;
	type->allowed_text = cell.text.at;
	type->allowed_whole = constraint != NULL;
}

static struct aw_type *
read_item_definition(struct aw_model_reader *r, const xmlNode *element)
{
	struct aw_type *type = AW_NEW(r->arena, struct aw_type);
	const char *collection = aw_xml_attribute(r->arena, element, "isCollection");
	const xmlNode *ref = aw_xml_child(element, "typeRef");
	const xmlNode *function = aw_xml_child(element, "functionItem");
	struct aw_str name =
		aw_name_trim(r->arena, aw_str(aw_xml_attribute(r->arena, element, "name")));

	type->name = name;
	if (function != NULL) {
		read_function_item(r, type, function);
	} else if (ref != NULL) {
		type->kind = AW_TYPE_NAMED;
		type->of = aw_model_type_ref(r, aw_str_trim(aw_xml_text(r->arena, ref)).len == 0
							? NULL
							: aw_xml_text(r->arena, ref).at);
	} else {
		type->kind = AW_TYPE_CONTEXT;
		read_components(r, type, element);
	}
	if (type->kind == AW_TYPE_NAMED && type->of == NULL)
		type->of = &aw_type_any;
	if (collection == NULL || strcmp(collection, "true") != 0) {
		read_allowed(r, type, element);
		return type;
	}
	struct aw_type *list = AW_NEW(r->arena, struct aw_type);

	list->kind = AW_TYPE_LIST;
	list->name = name;
	list->of = type;
	type->name = (struct aw_str){ 0 };
	read_allowed(r, list, element);
	return list;
}

/* -- imports ----------------------------------------------------------------------------------- */

static void
read_import(struct aw_model_reader *r, const xmlNode *element)
{
	const char *type = aw_xml_attribute(r->arena, element, "importType");
	const char *target = aw_xml_attribute(r->arena, element, "namespace");
	struct aw_dmn_import import = { .target = target };

	if (type == NULL || strstr(type, "/MODEL") == NULL || target == NULL)
		return; /* another kind of document: whatever uses it is null */
	for (size_t i = 0; i < r->options->other_count; i++) {
		if (strcmp(r->options->others[i]->target, target) == 0)
			import.model = r->options->others[i];
	}
	if (import.model == NULL) {
		if (!aw_model_failed(r))
			aw_fail_at(r->err, r->options->file, aw_xml_line(element), 0,
				"no model of the namespace \"%.120s\" was loaded before", target);
		r->err->status = AW_NOT_FOUND;
		return;
	}
	import.name = aw_name_trim(r->arena, aw_str(aw_xml_attribute(r->arena, element, "name")));
	*AW_PUSH(r->arena, r->model->imports, r->model->import_count, r->model->import_room) =
		import;
	const struct aw_dmn_model *other = import.model;

	for (size_t i = 0; i < other->names.count; i++)
		aw_names_add(&r->model->names, other->names.at[i]);
	for (size_t i = 0; i < other->types.count; i++) {
		/* an imported type is called prefix.name */
		struct aw_type *type_copy = AW_NEW(r->arena, struct aw_type);
		const char *prefixed =
			import.name.len == 0
				? aw_arena_strndup(r->arena, other->types.at[i]->name.at,
					  other->types.at[i]->name.len)
				: aw_arena_printf(r->arena, "%.*s.%.*s", (int)import.name.len,
					  import.name.at, (int)other->types.at[i]->name.len,
					  other->types.at[i]->name.at);

		*type_copy = *other->types.at[i];
		type_copy->name = aw_str(prefixed);
		*AW_PUSH(r->arena, r->model->types.at, r->model->types.count,
			r->model->types.room) = type_copy;
	}
}

/* -- items ------------------------------------------------------------------------------------- */

static bool
item_kind(const xmlNode *element, enum aw_dmn_kind *ret)
{
	static const char *const kinds[] = {
		[AW_DMN_INPUT] = "inputData",
		[AW_DMN_DECISION] = "decision",
		[AW_DMN_KNOWLEDGE] = "businessKnowledgeModel",
		[AW_DMN_SERVICE] = "decisionService",
	};

	for (size_t i = 0; i < AW_COUNT(kinds); i++) {
		if (aw_xml_is(element, kinds[i])) {
			*ret = (enum aw_dmn_kind)i;
			return true;
		}
	}
	return false;
}

static void
declare_item(struct aw_model_reader *r, const xmlNode *element, enum aw_dmn_kind kind)
{
	struct aw_dmn_item *item = AW_NEW(r->arena, struct aw_dmn_item);
	const xmlNode *variable = aw_xml_child(element, "variable");
	const char *name = aw_xml_attribute(r->arena, element, "name");
	const char *label = aw_xml_attribute(r->arena, element, "label");

	item->kind = kind;
	item->model = r->model;
	item->line = aw_xml_line(element);
	item->at = r->model->item_count;
	item->id = aw_xml_attribute(r->arena, element, "id");
	item->name = aw_name_trim(r->arena, aw_str(name));
	item->label = label != NULL && label[0] != '\0' ? label : item->name.at;
	if (variable != NULL)
		item->type = aw_model_type_ref(r, aw_xml_attribute(r->arena, variable, "typeRef"));
	if (item->name.len == 0)
		aw_model_mistake(r, item->line, "this needs a name");
	*AW_PUSH(r->arena, r->model->items, r->model->item_count, r->model->item_room) = item;
}

static int
by_id(const void *a, const void *b)
{
	const struct aw_dmn_item *one = *(struct aw_dmn_item *const *)a;
	const struct aw_dmn_item *other = *(struct aw_dmn_item *const *)b;
	int order = strcmp(one->id, other->id);

	return order != 0 ? order : (one->at > other->at) - (one->at < other->at);
}

static void
sort_by_id(struct aw_dmn_model *model)
{
	model->by_id = AW_NEW_ARRAY(model->arena, struct aw_dmn_item *, model->item_count + 1);
	for (size_t i = 0; i < model->item_count; i++) {
		if (model->items[i]->id != NULL)
			model->by_id[model->by_id_count++] = model->items[i];
	}
	qsort(model->by_id, model->by_id_count, sizeof(*model->by_id), by_id);
}

static const struct aw_dmn_item *
item_by_id(const struct aw_dmn_model *model, const char *id)
{
	size_t low = 0, high = model->by_id_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(model->by_id[middle]->id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < model->by_id_count && strcmp(model->by_id[low]->id, id) == 0
		       ? model->by_id[low]
		       : NULL;
}

/* "#id" or "namespace#id". */
static void
add_need(struct aw_model_reader *r, struct aw_dmn_needs *needs, const xmlNode *element)
{
	const char *href = aw_xml_attribute(r->arena, element, "href");
	const char *hash = href == NULL ? NULL : strchr(href, '#');
	struct aw_dmn_need need = { 0 };

	if (hash == NULL) {
		aw_model_mistake(
			r, aw_xml_line(element), "a reference is \"#id\" or \"namespace#id\"");
		return;
	}
	size_t prefix = (size_t)(hash - href);

	need.item = prefix == 0 || strncmp(href, r->model->target, prefix) == 0
			    ? item_by_id(r->model, hash + 1)
			    : NULL;
	for (size_t i = 0; need.item == NULL && i < r->model->import_count; i++) {
		const struct aw_dmn_import *import = &r->model->imports[i];

		if (prefix == 0 || strncmp(href, import->target, prefix) == 0) {
			need.item = item_by_id(import->model, hash + 1);
			need.import = import->name;
		}
	}
	if (need.item == NULL) {
		aw_model_mistake(r, aw_xml_line(element), "there is nothing with the id \"%.80s\"",
			hash + 1);
		return;
	}
	*AW_PUSH(r->arena, needs->at, needs->count, needs->room) = need;
}

static void
read_needs(struct aw_model_reader *r, struct aw_dmn_item *item, const xmlNode *element)
{
	static const char *const needs[] = { "requiredInput", "requiredDecision",
		"requiredKnowledge" };

	for (const xmlNode *kid = element->children; kid != NULL; kid = kid->next) {
		if (aw_xml_is(kid, "informationRequirement") ||
			aw_xml_is(kid, "knowledgeRequirement")) {
			for (size_t i = 0; i < AW_COUNT(needs); i++) {
				const xmlNode *need = aw_xml_child(kid, needs[i]);

				if (need != NULL)
					add_need(r, &item->needs, need);
			}
		}
		if (item->kind == AW_DMN_SERVICE &&
			(aw_xml_is(kid, "inputDecision") || aw_xml_is(kid, "inputData")))
			add_need(r, &item->needs, kid);
		if (item->kind == AW_DMN_SERVICE && aw_xml_is(kid, "outputDecision"))
			add_need(r, &item->outputs, kid);
	}
}

static void
read_item(struct aw_model_reader *r, struct aw_dmn_item *item, const xmlNode *element)
{
	read_needs(r, item, element);
	if (item->kind == AW_DMN_DECISION)
		item->box = aw_model_box_in(r, element);
	if (item->kind != AW_DMN_KNOWLEDGE)
		return;
	const xmlNode *logic = aw_xml_child(element, "encapsulatedLogic");

	if (logic == NULL)
		return;
	item->box = AW_NEW(r->arena, struct aw_box);
	item->box->kind = AW_BOX_FUNCTION;
	item->box->line = aw_xml_line(logic);
	for (const xmlNode *kid = logic->children; kid != NULL; kid = kid->next) {
		if (!aw_xml_is(kid, "formalParameter"))
			continue;
		const char *name = aw_xml_attribute(r->arena, kid, "name");

		aw_model_box_name(r, item->box, aw_name_trim(r->arena, aw_str(name)));
		aw_model_box_type(r, item->box,
			aw_model_type_ref(r, aw_xml_attribute(r->arena, kid, "typeRef")));
	}
	const char *kind = aw_xml_attribute(r->arena, logic, "kind");

	item->box->external = kind != NULL && strcmp(kind, "FEEL") != 0;
	*AW_PUSH(r->arena, item->box->kids, item->box->count, item->box->room) =
		aw_model_box_in(r, logic);
	item->box->type = aw_model_type_ref(r, aw_xml_attribute(r->arena, logic, "typeRef"));
}

static void
read_definitions(struct aw_model_reader *r, const xmlNode *root)
{
	enum aw_dmn_kind kind;
	size_t n = 0;

	aw_names_add_builtin(&r->model->names);
	aw_model_names(r, root);
	for (const xmlNode *kid = root->children; kid != NULL; kid = kid->next) {
		if (aw_xml_is(kid, "import"))
			read_import(r, kid);
	}
	for (const xmlNode *kid = root->children; kid != NULL; kid = kid->next) {
		if (aw_xml_is(kid, "itemDefinition")) {
			struct aw_type *type = read_item_definition(r, kid);

			*AW_PUSH(r->arena, r->model->types.at, r->model->types.count,
				r->model->types.room) = type;
		}
		if (item_kind(kid, &kind))
			declare_item(r, kid, kind);
	}
	sort_by_id(r->model);
	for (const xmlNode *kid = root->children; kid != NULL && !aw_model_failed(r);
		kid = kid->next) {
		if (item_kind(kid, &kind))
			read_item(r, r->model->items[n++], kid);
	}
}

/* -- the version of DMN -------------------------------------------------------------------------- */

static const struct {
	const char *ns, *version;
} versions[] = { { "http://www.omg.org/spec/DMN/20180521/MODEL/", "1.2" },
	{ "https://www.omg.org/spec/DMN/20191111/MODEL/", "1.3" },
	{ "https://www.omg.org/spec/DMN/20211108/MODEL/", "1.4" },
	{ "https://www.omg.org/spec/DMN/20230324/MODEL/", "1.5" } };

/* The version whose namespace an element stands in; NULL: none of DMN's. */
static const char *
version_of(const xmlNode *element)
{
	const char *ns = element->ns == NULL ? "" : (const char *)element->ns->href;

	for (size_t i = 0; i < AW_COUNT(versions); i++) {
		if (strcmp(ns, versions[i].ns) == 0)
			return versions[i].version;
	}
	return NULL;
}

/* The first element of another version than the outermost one. */
static const xmlNode *
find_mixed(const xmlNode *element, const char *version)
{
	const char *own = version_of(element);

	if (own != NULL && own != version)
		return element;
	for (const xmlNode *kid = element->children; kid != NULL; kid = kid->next) {
		const xmlNode *found =
			kid->type == XML_ELEMENT_NODE ? find_mixed(kid, version) : NULL;

		if (found != NULL)
			return found;
	}
	return NULL;
}

static enum aw_status
check_root(const xmlNode *root, const char *file, struct aw_error *err)
{
	const char *version =
		root == NULL || !aw_xml_is(root, "definitions") ? NULL : version_of(root);
	const xmlNode *mixed;

	if (version == NULL)
		return aw_fail_at(err, file, root == NULL ? 1 : aw_xml_line(root), 0,
			"this is not DMN 1.2 to 1.5: the outermost element has to be definitions "
			"of "
			"https://www.omg.org/spec/DMN/20191111/MODEL/ or another of their "
			"namespaces");
	mixed = find_mixed(root, version);
	if (mixed != NULL)
		return aw_fail_at(err, file, aw_xml_line(mixed), 0,
			"%.60s is an element of DMN %s in a file of DMN %s: two namespaces are "
			"mixed",
			(const char *)mixed->name, version_of(mixed), version);
	return AW_OK;
}

enum aw_status
aw_dmn_load(struct aw_arena *arena, struct aw_str xml, const struct aw_dmn_options *options,
	const struct aw_dmn_model **ret_model, struct aw_error *err)
{
	AW_SCOPED(xml, xmlDoc *) doc = NULL;
	struct aw_dmn_model *model = AW_NEW(arena, struct aw_dmn_model);
	struct aw_model_reader r = {
		.arena = arena, .model = model, .options = options, .err = err
	};

	aw_error_clear(err);
	if (aw_xml_parse(xml, options->file, &doc, err) != AW_OK)
		return err->status;
	const xmlNode *root = xmlDocGetRootElement(doc);

	if (check_root(root, options->file, err) != AW_OK)
		return err->status;
	r.last_problem = &model->problems;
	model->arena = arena;
	model->file = options->file == NULL ? "" : aw_arena_strdup(arena, options->file);
	model->target = aw_xml_attribute(arena, root, "namespace");
	model->target = model->target == NULL ? "" : model->target;
	model->name = aw_xml_attribute(arena, root, "name");
	model->types.arena = arena;
	model->names.arena = arena;
	read_definitions(&r, root);
	if (options->strict || options->lint)
		aw_model_lint(&r);
	if (aw_model_failed(&r))
		return err->status;
	*ret_model = model;
	return AW_OK;
}

const struct aw_dmn_item *
aw_dmn_find(const struct aw_dmn_model *model, enum aw_dmn_kind kind, const char *id_or_name)
{
	const struct aw_dmn_item *named = item_by_id(model, id_or_name);

	if (named != NULL && named->kind == kind)
		return named;
	for (size_t i = 0; i < model->item_count; i++) {
		if (model->items[i]->kind == kind && aw_str_is(model->items[i]->name, id_or_name))
			return model->items[i];
	}
	return NULL;
}
