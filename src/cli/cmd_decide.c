/* anwang decide: evaluates a decision of a DMN file, with its reasons. */
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "rule/model.h"

enum { INPUT_LIMIT = 1 << 20 };

struct decide {
	struct aw_arena arena;
	const struct aw_dmn_model *model;
	const struct aw_dmn_item *decision;
	const char *hash; /* of the model's file */
	struct aw_dmn_input *inputs;
	size_t input_count;
};

static enum aw_status
load(struct decide *d, const char *path, const char *name, struct aw_error *err)
{
	struct aw_dmn_options options = { .file = path, .strict = true };
	struct aw_str text;

	if (aw_file_read(&d->arena, path, AW_DMN_SIZE_LIMIT, &text, err) != AW_OK ||
		aw_dmn_load(&d->arena, text, &options, &d->model, err) != AW_OK)
		return err->status;
	d->hash = aw_sha256_hex(&d->arena, text.at, text.len);
	d->decision = aw_dmn_find(d->model, AW_DMN_DECISION, name);
	if (d->decision == NULL)
		return aw_fail(
			err, AW_NOT_FOUND, "%s has no decision called \"%.80s\"", path, name);
	return AW_OK;
}

/* An object of inputs by name; null and absent are unknown. */
static enum aw_status
read_inputs(struct decide *d, const char *path, struct aw_error *err)
{
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_str text;
	const char *name;
	json_t *value;

	if (path == NULL)
		return AW_OK;
	if (aw_file_read(&d->arena, path, INPUT_LIMIT, &text, err) != AW_OK ||
		aw_json_parse(text, path, &json, err) != AW_OK)
		return err->status;
	if (!json_is_object(json))
		return aw_fail_at(
			err, path, 1, 0, "the input is one JSON object: {\"name\": value}");
	d->inputs = AW_NEW_ARRAY(&d->arena, struct aw_dmn_input, json_object_size(json) + 1);
	json_object_foreach(json, name, value)
	{
		struct aw_dmn_input *input = &d->inputs[d->input_count++];

		input->name = aw_arena_strdup(&d->arena, name);
		input->value = aw_value_of_json(&d->arena, value);
	}
	return AW_OK;
}

/* Inputs that the model does not know are no error (a case may hold more), but they are told. */
static void
add_strangers(const struct decide *d, json_t *diagnostics)
{
	for (size_t i = 0; i < d->input_count; i++) {
		json_t *item;

		if (aw_dmn_find(d->model, AW_DMN_INPUT, d->inputs[i].name) != NULL)
			continue;
		item = json_object();
		aw_json_put_text(item, "place", "input");
		aw_json_put_text(item, "input", d->inputs[i].name);
		aw_json_put_text(item, "text", "the model has no input of this name");
		aw_json_push(diagnostics, item);
	}
}

static json_t *
fired_json(const struct aw_explain *explain)
{
	json_t *fired = json_array();

	for (size_t i = 0; i < explain->decision_count; i++) {
		const struct aw_explain_decision *d = &explain->decisions[i];

		for (size_t r = 0; r < d->row_count; r++) {
			json_t *rule;

			if (!d->rows[r].fired)
				continue;
			rule = json_object();
			aw_json_put_text(rule, "decision", d->id);
			aw_json_put_int(rule, "n", d->rows[r].number);
			aw_json_put_text(rule, "id", d->rows[r].id);
			aw_json_put(rule, "used", json_boolean(d->rows[r].used));
			aw_json_put_text(
				rule, "basis", d->note_count > 0 ? d->rows[r].notes[0] : NULL);
			aw_json_push(fired, rule);
		}
	}
	return fired;
}

static enum aw_status
print_decision(struct decide *d, struct aw_value result, const struct aw_explain *explain,
	struct aw_error *err)
{
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_buf text = { .arena = &d->arena };

	aw_explain_write(explain, d->hash, &text);
	if (aw_json_parse((struct aw_str){ text.at, text.len }, "explanation", &json, err) != AW_OK)
		return err->status;
	aw_json_put_text(json, "decision", d->decision->name.at);
	aw_json_put(json, "result", aw_value_json(&d->arena, result));
	aw_json_put(json, "fired", fired_json(explain));
	add_strangers(d, json_object_get(json, "diagnostics"));
	puts(aw_json_pretty(&d->arena, json));
	return AW_OK;
}

int
aw_cmd_decide(int argc, char **argv)
{
	const char *model = NULL, *name = NULL, *input = NULL;
	const struct aw_option options[] = {
		{ "model", "FILE.dmn", "the decision model", &model, NULL, true },
		{ "decision", "NAME", "name or id of the decision", &name, NULL, true },
		{ "input", "FILE", "a JSON object of inputs; - is standard input", &input, NULL,
			false },
	};
	const struct aw_usage usage = {
		.command = "decide",
		.operands = "",
		.summary =
			"Evaluates a decision and prints result, fired rules, what unknown inputs\n"
			"could change, and diagnostics as JSON. An input that is null or absent "
			"is\n"
			"unknown.",
		.options = options,
		.option_count = AW_COUNT(options),
	};
	struct decide d = { 0 };
	struct aw_operands operands;
	struct aw_explain explain = { 0 };
	struct aw_error err = { 0 };
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	if (load(&d, model, name, &err) != AW_OK || read_inputs(&d, input, &err) != AW_OK) {
		code = aw_command_failed("decide", &err);
	} else {
		struct aw_dmn_case the_case = { d.inputs, d.input_count, aw_real_ms() };

		struct aw_value v = aw_dmn_decide(&d.arena, d.decision, &the_case, &explain);

		code = print_decision(&d, v, &explain, &err) == AW_OK
			       ? aw_command_done("decide")
			       : aw_command_failed("decide", &err);
	}
	aw_arena_done(&d.arena);
	return code;
}
