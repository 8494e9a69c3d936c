/* fuzz/case - any bytes as a case in JSON: read without a tree and with one alike, decided, and explained as
 * the interpreter explains it, in JSON. */
#include <stdlib.h>
#include <string.h>

#include "rule/why.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char model_text[] =
	"<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" namespace=\"urn:f\" "
	"name=\"f\">"
	"<inputData id=\"a\" name=\"a\"><variable name=\"a\" typeRef=\"string\"/></inputData>"
	"<inputData id=\"b\" name=\"b\"><variable name=\"b\" typeRef=\"boolean\"/></inputData>"
	"<inputData id=\"n\" name=\"n\"><variable name=\"n\" typeRef=\"number\"/></inputData>"
	"<inputData id=\"l\" name=\"l\"><variable name=\"l\"/></inputData>"
	"<decision id=\"t\" name=\"t\"><variable name=\"t\" typeRef=\"string\"/>"
	"<informationRequirement><requiredInput href=\"#a\"/></informationRequirement>"
	"<informationRequirement><requiredInput href=\"#b\"/></informationRequirement>"
	"<informationRequirement><requiredInput href=\"#n\"/></informationRequirement>"
	"<decisionTable hitPolicy=\"FIRST\">"
	"<input><inputExpression><text>a</text></inputExpression></input>"
	"<input><inputExpression><text>b</text></inputExpression></input>"
	"<input><inputExpression><text>n</text></inputExpression></input>"
	"<output><outputValues><text>\"x\",\"y\",\"z\"</text></outputValues></output>"
	"<rule "
	"id=\"r1\"><inputEntry><text>\"x\"</text></inputEntry><inputEntry><text>true</text></"
	"inputEntry>"
	"<inputEntry><text>-</text></inputEntry><outputEntry><text>a</text></outputEntry></rule>"
	"<rule "
	"id=\"r2\"><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>"
	"<inputEntry><text>[2..7]</text></inputEntry><outputEntry><text>\"y\"</text></"
	"outputEntry></rule>"
	"<rule "
	"id=\"r3\"><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>"
	"<inputEntry><text>-</text></inputEntry><outputEntry><text>\"z\"</text></outputEntry></"
	"rule>"
	"</decisionTable></decision>"
	"<decision id=\"d\" name=\"d\"><variable name=\"d\"/>"
	"<informationRequirement><requiredDecision href=\"#t\"/></informationRequirement>"
	"<informationRequirement><requiredInput href=\"#l\"/></informationRequirement>"
	"<literalExpression><text>{t: t, l: [l, t = "
	"\"y\"]}</text></literalExpression></decision></definitions>";

struct made {
	struct aw_arena arena;
	const struct aw_dmn_item *decision;
	const struct aw_plan *plan;
	const struct aw_why_texts *why;
	struct aw_plan_run *run;
};

static void
make(struct made *m)
{
	const struct aw_dmn_model *model = NULL;
	struct aw_dmn_options options = { .file = "fuzz.dmn", .strict = true };
	struct aw_error err = { 0 };

	if (aw_dmn_load(&m->arena, aw_str(model_text), &options, &model, &err) != AW_OK)
		abort();
	m->decision = aw_dmn_find(model, AW_DMN_DECISION, "d");
	m->plan = aw_plan_make(&m->arena, &m->decision, 1);
	m->why = aw_why_make(&m->arena, m->plan, NULL);
	m->run = aw_plan_run_new(m->plan);
}

/* NULL: the text is no case. */
static const char *
by_plan(const struct made *m, struct aw_arena *arena, struct aw_str text)
{
	struct aw_buf out = { .arena = arena };
	struct aw_error err = { 0 };

	if (aw_plan_read(m->run, 1, text, &err) != AW_OK)
		return NULL;
	aw_plan_decide(m->run);
	(void)aw_why_write(m->why, m->run, &out);
	return aw_buf_z(&out);
}

static const char *
by_interpreter(const struct made *m, struct aw_arena *arena, struct aw_str text)
{
	struct aw_buf out = { .arena = arena };
	struct aw_explain explain = { 0 };
	struct aw_dmn_case the_case = { .now_ms = 1 };
	struct aw_dmn_input *inputs;
	struct aw_error err = { 0 };
	json_t *json = NULL, *value;
	const char *name;

	if (aw_json_parse(text, "case", &json, &err) != AW_OK)
		return NULL;
	aw_json_keep(arena, json);
	if (!json_is_object(json))
		return NULL;
	inputs = AW_NEW_ARRAY(arena, struct aw_dmn_input, json_object_size(json) + 1);
	json_object_foreach(json, name, value)
	{
		if (strlen(name) == 1) /* "x.a" would be taken for a */
			inputs[the_case.input_count++] = (struct aw_dmn_input){ .name = name,
				.value = aw_value_of_json(arena, value) };
	}
	the_case.inputs = inputs;
	(void)aw_dmn_decide(arena, m->decision, &the_case, &explain);
	aw_explain_write(&explain, NULL, &out);
	return aw_buf_z(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct made made;
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_str text = { (const char *)data, size };
	const char *quick, *slow;
	struct aw_error err = { 0 };

	if (size > 4096)
		return 0;
	if (made.run == NULL)
		make(&made);
	quick = by_plan(&made, &arena, text);
	slow = by_interpreter(&made, &arena, text);
	if ((quick == NULL) != (slow == NULL) || (quick != NULL && strcmp(quick, slow) != 0))
		abort();
	if (quick != NULL && aw_json_parse(aw_str(quick), "explanation", &json, &err) != AW_OK &&
		strstr(err.text, "deep") == NULL)
		abort();
	return 0;
}
