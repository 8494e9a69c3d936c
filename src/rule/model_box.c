/* rule/model - boxed expressions and decision tables out of their elements. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rule/model_read.h"

void
aw_model_problem(struct aw_model_reader *r, uint32_t line, uint32_t column, const char *text)
{
	if (r->options->strict) {
		if (!aw_model_failed(r))
			aw_fail_at(r->err, r->options->file, line, column, "%s", text);
		return;
	}
	struct aw_dmn_problem *problem = AW_NEW(r->arena, struct aw_dmn_problem);

	problem->line = line;
	problem->column = column;
	problem->text = aw_arena_strdup(r->arena, text);
	*r->last_problem = problem;
	r->last_problem = &problem->next;
}

void
aw_model_mistake(struct aw_model_reader *r, uint32_t line, const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (r->options->lint)
		aw_model_problem(r, line, 0, text);
	else if (!aw_model_failed(r))
		aw_fail_at(r->err, r->options->file, line, 0, "%s", text);
}

struct aw_cell_text
aw_model_cell(struct aw_model_reader *r, const xmlNode *element, bool tests)
{
	const xmlNode *text = aw_xml_child(element, "text");
	struct aw_cell_text cell = { .line = aw_xml_line(text == NULL ? element : text) };
	struct aw_node *node = NULL;
	struct aw_error err = { 0 };

	if (text == NULL)
		return cell;
	cell.text = aw_xml_text(r->arena, text);
	if (aw_str_trim(cell.text).len == 0)
		return cell;
	enum aw_status status =
		tests ? aw_feel_parse_tests(r->arena, cell.text, &r->model->names, &node, &err)
		      : aw_feel_parse(r->arena, cell.text, &r->model->names, &node, &err);

	if (status == AW_OK) {
		cell.node = node;
		return cell;
	}
	cell.problem = aw_arena_printf(r->arena, "this does not parse: %s", err.text);
	aw_model_problem(r, cell.line + (err.line > 0 ? err.line - 1 : 0), err.column, err.text);
	return cell;
}

const struct aw_type *
aw_model_type_ref(struct aw_model_reader *r, const char *type_ref)
{
	if (type_ref == NULL || type_ref[0] == '\0')
		return NULL;
	const char *colon = strchr(type_ref, ':'); /* a qualified name of DMN 1.1 */
	struct aw_str name = aw_str(colon == NULL ? type_ref : colon + 1);
	const struct aw_type *builtin = aw_type_builtin(name);

	if (builtin != NULL)
		return builtin;
	struct aw_type *type = AW_NEW(r->arena, struct aw_type);

	type->kind = AW_TYPE_NAMED;
	type->name = name;
	return type;
}

void
aw_model_box_name(struct aw_model_reader *r, struct aw_box *box, struct aw_str name)
{
	*AW_PUSH(r->arena, box->names, box->name_count, box->name_room) = name;
}

void
aw_model_box_type(struct aw_model_reader *r, struct aw_box *box, const struct aw_type *type)
{
	*AW_PUSH(r->arena, box->types, box->type_count, box->type_room) = type;
}

static void
box_add(struct aw_model_reader *r, struct aw_box *box, struct aw_box *kid)
{
	*AW_PUSH(r->arena, box->kids, box->count, box->room) = kid;
}

static struct aw_str
name_of(struct aw_model_reader *r, const xmlNode *element)
{
	const char *name = aw_xml_attribute(r->arena, element, "name");

	return aw_name_trim(r->arena, aw_str(name));
}

/* -- tables ------------------------------------------------------------------------------------ */

static const char *
label_of(struct aw_model_reader *r, const xmlNode *element)
{
	const char *label = aw_xml_attribute(r->arena, element, "label");

	return label != NULL && label[0] != '\0' ? label : NULL;
}

static void
table_input(struct aw_model_reader *r, struct aw_table *table, const xmlNode *element)
{
	struct aw_table_input *in =
		AW_PUSH(r->arena, table->inputs, table->input_count, table->input_room);
	const xmlNode *expression = aw_xml_child(element, "inputExpression");
	const xmlNode *values = aw_xml_child(element, "inputValues");

	if (expression != NULL) {
		in->expression = aw_model_cell(r, expression, false);
		in->type = aw_model_type_ref(r, aw_xml_attribute(r->arena, expression, "typeRef"));
	}
	if (values != NULL)
		in->values = aw_model_cell(r, values, true);
	in->label = label_of(r, element);
	if (in->label == NULL)
		in->label =
			aw_arena_strndup(r->arena, in->expression.text.at, in->expression.text.len);
}

static void
table_output(struct aw_model_reader *r, struct aw_table *table, const xmlNode *element)
{
	struct aw_table_output *out =
		AW_PUSH(r->arena, table->outputs, table->output_count, table->output_room);
	const xmlNode *values = aw_xml_child(element, "outputValues");
	const xmlNode *otherwise = aw_xml_child(element, "defaultOutputEntry");

	out->name = name_of(r, element);
	out->label = label_of(r, element);
	out->type = aw_model_type_ref(r, aw_xml_attribute(r->arena, element, "typeRef"));
	if (values != NULL)
		out->values = aw_model_cell(r, values, true);
	if (otherwise != NULL)
		out->otherwise = aw_model_cell(r, otherwise, false);
}

static void
table_rule(struct aw_model_reader *r, struct aw_table *table, const xmlNode *element)
{
	struct aw_table_rule *rule =
		AW_PUSH(r->arena, table->rules, table->rule_count, table->rule_room);
	size_t tests = 0, outputs = 0, notes = 0;

	rule->line = aw_xml_line(element);
	rule->id = aw_xml_attribute(r->arena, element, "id");
	rule->tests = AW_NEW_ARRAY(r->arena, struct aw_cell_text, table->input_count + 1);
	rule->outputs = AW_NEW_ARRAY(r->arena, struct aw_cell_text, table->output_count + 1);
	rule->notes = AW_NEW_ARRAY(r->arena, const char *, table->note_count + 1);
	for (const xmlNode *kid = element->children; kid != NULL; kid = kid->next) {
		if (aw_xml_is(kid, "inputEntry") && tests++ < table->input_count)
			rule->tests[tests - 1] = aw_model_cell(r, kid, true);
		if (aw_xml_is(kid, "outputEntry") && outputs++ < table->output_count)
			rule->outputs[outputs - 1] = aw_model_cell(r, kid, false);
		if (aw_xml_is(kid, "annotationEntry") && notes++ < table->note_count) {
			const xmlNode *text = aw_xml_child(kid, "text");

			if (text != NULL)
				rule->notes[notes - 1] = aw_xml_text(r->arena, text).at;
		}
	}
	if (tests != table->input_count || outputs != table->output_count)
		aw_model_mistake(r, rule->line,
			"this rule has %zu input and %zu output entries where the table has %zu "
			"and %zu",
			tests, outputs, table->input_count, table->output_count);
}

static void
table_hit(struct aw_model_reader *r, struct aw_table *table, const xmlNode *element)
{
	static const char *const policies[] = { "UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER",
		"OUTPUT ORDER", "COLLECT" };
	static const char *const folds[] = { "SUM", "MIN", "MAX", "COUNT" };
	const char *policy = aw_xml_attribute(r->arena, element, "hitPolicy");
	const char *fold = aw_xml_attribute(r->arena, element, "aggregation");
	bool known = policy == NULL;

	for (size_t i = 0; policy != NULL && i < AW_COUNT(policies); i++) {
		if (strcmp(policy, policies[i]) == 0) {
			table->hit = (enum aw_hit)i;
			known = true;
		}
	}
	for (size_t i = 0; table->hit == AW_HIT_COLLECT && fold != NULL && i < AW_COUNT(folds);
		i++) {
		if (strcmp(fold, folds[i]) == 0)
			table->hit = (enum aw_hit)(AW_HIT_SUM + i);
	}
	if (!known)
		aw_model_mistake(r, table->line, "\"%.40s\" is not a hit policy", policy);
}

static const struct aw_table *
read_table(struct aw_model_reader *r, const xmlNode *element)
{
	struct aw_table *table = AW_NEW(r->arena, struct aw_table);

	table->line = aw_xml_line(element);
	table_hit(r, table, element);
	for (const xmlNode *kid = element->children; kid != NULL; kid = kid->next) {
		if (aw_xml_is(kid, "input"))
			table_input(r, table, kid);
		if (aw_xml_is(kid, "output"))
			table_output(r, table, kid);
		if (aw_xml_is(kid, "annotation"))
			*AW_PUSH(r->arena, table->notes, table->note_count, table->note_room) =
				name_of(r, kid).at;
	}
	for (const xmlNode *kid = element->children; kid != NULL; kid = kid->next) {
		if (aw_xml_is(kid, "rule"))
			table_rule(r, table, kid);
	}
	if (table->output_count == 0)
		aw_model_mistake(r, table->line, "a table needs an output");
	return table;
}

/* -- the other boxes --------------------------------------------------------------------------- */

static void
read_literal(struct aw_model_reader *r, struct aw_box *box, const xmlNode *element)
{
	struct aw_cell_text cell = aw_model_cell(r, element, false);

	box->text = cell.text;
	box->line = cell.line;
	box->node = cell.node;
	box->problem = cell.problem;
}

static void
read_context(struct aw_model_reader *r, struct aw_box *box, const xmlNode *element)
{
	for (const xmlNode *kid = element->children; kid != NULL; kid = kid->next) {
		if (!aw_xml_is(kid, "contextEntry"))
			continue;
		const xmlNode *variable = aw_xml_child(kid, "variable");

		aw_model_box_name(
			r, box, variable == NULL ? (struct aw_str){ 0 } : name_of(r, variable));
		aw_model_box_type(r, box,
			variable == NULL ? NULL
					 : aw_model_type_ref(r, aw_xml_attribute(r->arena, variable,
									"typeRef")));
		box_add(r, box, aw_model_box_in(r, kid));
	}
}

static void
read_function(struct aw_model_reader *r, struct aw_box *box, const xmlNode *element)
{
	const char *kind = aw_xml_attribute(r->arena, element, "kind");

	for (const xmlNode *kid = element->children; kid != NULL; kid = kid->next) {
		if (aw_xml_is(kid, "formalParameter")) {
			aw_model_box_name(r, box, name_of(r, kid));
			aw_model_box_type(r, box,
				aw_model_type_ref(r, aw_xml_attribute(r->arena, kid, "typeRef")));
		}
	}
	box->external = kind != NULL && strcmp(kind, "FEEL") != 0;
	box_add(r, box, aw_model_box_in(r, element));
}

static void
read_invocation(struct aw_model_reader *r, struct aw_box *box, const xmlNode *element)
{
	box_add(r, box, aw_model_box_in(r, element));
	for (const xmlNode *kid = element->children; kid != NULL; kid = kid->next) {
		const xmlNode *parameter =
			aw_xml_is(kid, "binding") ? aw_xml_child(kid, "parameter") : NULL;

		if (parameter != NULL) {
			aw_model_box_name(r, box, name_of(r, parameter));
			box_add(r, box, aw_model_box_in(r, kid));
		}
	}
}

static void
read_relation(struct aw_model_reader *r, struct aw_box *box, const xmlNode *element)
{
	for (const xmlNode *kid = element->children; kid != NULL; kid = kid->next) {
		if (aw_xml_is(kid, "column"))
			aw_model_box_name(r, box, name_of(r, kid));
		for (const xmlNode *cell = aw_xml_is(kid, "row") ? kid->children : NULL;
			cell != NULL; cell = cell->next) {
			struct aw_box *value = aw_model_box(r, cell);

			if (value != NULL)
				box_add(r, box, value);
		}
	}
	if (!aw_model_failed(r) && (box->name_count == 0 || box->count % box->name_count != 0))
		aw_fail_at(r->err, r->options->file, box->line, 0,
			"a row of this relation does not fit its columns");
}

static void
read_elements(struct aw_model_reader *r, struct aw_box *box, const xmlNode *element)
{
	for (const xmlNode *kid = element->children; kid != NULL; kid = kid->next) {
		struct aw_box *value = aw_model_box(r, kid);

		if (value != NULL)
			box_add(r, box, value);
	}
}

/* if/then/else, in/match, in/return, in/satisfies: each holds one boxed expression. */
static void
read_parts(struct aw_model_reader *r, struct aw_box *box, const xmlNode *element)
{
	const char *iterator = aw_xml_attribute(r->arena, element, "iteratorVariable");

	if (iterator != NULL)
		aw_model_box_name(r, box, aw_str(iterator));
	for (const xmlNode *kid = element->children; kid != NULL; kid = kid->next) {
		struct aw_box *part =
			kid->type == XML_ELEMENT_NODE ? aw_model_box_in(r, kid) : NULL;

		if (part != NULL)
			box_add(r, box, part);
	}
	size_t wanted = box->kind == AW_BOX_CONDITIONAL ? 3 : 2;
	bool iterates =
		box->kind == AW_BOX_FOR || box->kind == AW_BOX_SOME || box->kind == AW_BOX_EVERY;

	if (iterates && box->name_count == 0 && !aw_model_failed(r))
		aw_fail_at(r->err, r->options->file, box->line, 0,
			"this expression needs an iteratorVariable");

	if (box->count != wanted && !aw_model_failed(r))
		aw_fail_at(r->err, r->options->file, box->line, 0,
			"this expression has %zu parts where it needs %zu", box->count, wanted);
}

static void
read_table_box(struct aw_model_reader *r, struct aw_box *box, const xmlNode *element)
{
	box->table = read_table(r, element);
}

struct aw_box *
aw_model_box(struct aw_model_reader *r, const xmlNode *element)
{
	static const struct {
		const char *name;
		void (*read)(struct aw_model_reader *, struct aw_box *, const xmlNode *);
	} kinds[] = {
		[AW_BOX_LITERAL] = { "literalExpression", read_literal },
		[AW_BOX_TABLE] = { "decisionTable", read_table_box },
		[AW_BOX_INVOCATION] = { "invocation", read_invocation },
		[AW_BOX_CONTEXT] = { "context", read_context },
		[AW_BOX_RELATION] = { "relation", read_relation },
		[AW_BOX_LIST] = { "list", read_elements },
		[AW_BOX_FUNCTION] = { "functionDefinition", read_function },
		[AW_BOX_CONDITIONAL] = { "conditional", read_parts },
		[AW_BOX_FILTER] = { "filter", read_parts },
		[AW_BOX_FOR] = { "for", read_parts },
		[AW_BOX_SOME] = { "some", read_parts },
		[AW_BOX_EVERY] = { "every", read_parts },
	};

	for (size_t i = 0; i < AW_COUNT(kinds); i++) {
		if (aw_model_failed(r) || !aw_xml_is(element, kinds[i].name))
			continue;
		struct aw_box *box = AW_NEW(r->arena, struct aw_box);

		box->kind = (enum aw_box_kind)i;
		box->line = aw_xml_line(element);
		box->type = aw_model_type_ref(r, aw_xml_attribute(r->arena, element, "typeRef"));
		kinds[i].read(r, box, element);
		return box;
	}
	return NULL;
}

struct aw_box *
aw_model_box_in(struct aw_model_reader *r, const xmlNode *element)
{
	for (const xmlNode *kid = element->children; kid != NULL; kid = kid->next) {
		struct aw_box *box = aw_model_box(r, kid);

		if (box != NULL)
			return box;
	}
	return NULL;
}
