/* rule/drg - decisions with all that they require. */
#include "rule/drg.h"

#include <string.h>

static struct aw_memo *
memo_of(struct aw_drg *drg, const struct aw_dmn_item *item)
{
	for (size_t i = 0; i < drg->count; i++) {
		if (drg->memos[i].item == item)
			return &drg->memos[i];
	}
	return NULL;
}

/* Inputs of an imported model are also found as prefix.name. */
static bool
names_input(const struct aw_dmn_item *item, const char *name)
{
	const char *dot = strrchr(name, '.');

	return aw_str_is(item->name, name) || (dot != NULL && aw_str_is(item->name, dot + 1));
}

static const struct aw_dmn_input *
find_input(const struct aw_drg *drg, const struct aw_dmn_item *item)
{
	for (size_t i = 0; i < drg->the_case->input_count; i++) {
		if (aw_str_is(item->name, drg->the_case->inputs[i].name))
			return &drg->the_case->inputs[i];
	}
	for (size_t i = 0; i < drg->the_case->input_count; i++) {
		if (names_input(item, drg->the_case->inputs[i].name))
			return &drg->the_case->inputs[i];
	}
	return NULL;
}

void
aw_drg_note_unfit(struct aw_drg *drg, const struct aw_dmn_item *item)
{
	drg->run.decision = item->name.at;
	drg->run.place = "variable";
	drg->run.line = item->line;
	aw_run_note(&drg->run, NULL, "the value is not of the type that is declared");
}

static struct aw_value
typed(struct aw_drg *drg, const struct aw_dmn_item *item, struct aw_value v)
{
	bool ok;

	v = aw_type_coerce(&drg->run, &item->model->types, item->type, v, &ok);
	if (!ok)
		aw_drg_note_unfit(drg, item);
	return v;
}

static struct aw_value
decide(struct aw_drg *drg, const struct aw_dmn_item *item, const struct aw_scope **ret_scope)
{
	const struct aw_scope *scope = aw_drg_scope(drg, item, NULL);

	drg->run.decision = item->name.at;
	drg->run.types = &item->model->types;
	drg->run.place = NULL;
	drg->run.line = item->line;
	*ret_scope = scope;
	return typed(drg, item, aw_box_eval(&drg->run, scope, item->box));
}

/* -- services ---------------------------------------------------------------------------------- */

static struct aw_value
service_result(struct aw_drg *drg, const struct aw_dmn_item *service)
{
	struct aw_context *context = AW_NEW(drg->run.arena, struct aw_context);

	if (service->outputs.count == 1)
		return aw_drg_value(drg, service->outputs.at[0].item);
	for (size_t i = 0; i < service->outputs.count; i++) {
		const struct aw_dmn_item *output = service->outputs.at[i].item;

		aw_context_put(drg->run.arena, context, output->name, aw_drg_value(drg, output));
	}
	return aw_value_context(context);
}

struct service_call {
	const struct aw_dmn_item *service;
	const struct aw_dmn_case *the_case;
};

static struct aw_value
call_service(struct aw_run *run, const struct aw_closure *closure, const struct aw_value *args,
	size_t count)
{
	const struct service_call *call = closure->self;
	struct aw_drg inner = { .run = *run, .the_case = call->the_case };

	for (size_t i = 0; i < count; i++) {
		struct aw_memo memo = { .item = call->service->needs.at[i].item,
			.state = AW_MEMO_DONE,
			.value = args[i] };

		*AW_PUSH(run->arena, inner.memos, inner.count, inner.room) = memo;
	}
	struct aw_value v = service_result(&inner, call->service);

	run->steps = inner.run.steps;
	run->exhausted = inner.run.exhausted;
	run->diagnostics = inner.run.diagnostics;
	run->last = inner.run.last;
	run->diagnostic_count = inner.run.diagnostic_count;
	return v;
}

static struct aw_value
service_function(struct aw_drg *drg, const struct aw_dmn_item *item)
{
	struct aw_arena *arena = drg->run.arena;
	struct aw_closure *closure = AW_NEW(arena, struct aw_closure);
	struct service_call *call = AW_NEW(arena, struct service_call);
	struct aw_str *names = AW_NEW_ARRAY(arena, struct aw_str, item->needs.count + 1);
	const struct aw_type **types =
		AW_NEW_ARRAY(arena, const struct aw_type *, item->needs.count + 1);

	for (size_t i = 0; i < item->needs.count; i++) {
		names[i] = item->needs.at[i].item->name;
		types[i] = item->needs.at[i].item->type;
	}
	*call = (struct service_call){ item, drg->the_case };
	closure->call = call_service;
	closure->name = item->name.at;
	closure->params = names;
	closure->types = types;
	closure->param_count = item->needs.count;
	closure->least_count = item->needs.count;
	closure->result = item->type;
	closure->type_scope = &item->model->types;
	closure->self = call;
	return (struct aw_value){ .kind = AW_VALUE_FUNCTION, .u.function = closure };
}

static struct aw_value
knowledge_function(struct aw_drg *drg, const struct aw_dmn_item *item)
{
	const struct aw_scope *scope;
	const struct aw_types *types = drg->run.types;

	if (item->box == NULL)
		return aw_null;
	scope = aw_drg_scope(drg, item, NULL);
	drg->run.types = &item->model->types;
	struct aw_value v = aw_box_function(&drg->run, scope, item->box, item->name.at);

	drg->run.types = types;
	return v;
}

/* -- items ------------------------------------------------------------------------------------- */

static struct aw_value
evaluate(struct aw_drg *drg, const struct aw_dmn_item *item, const struct aw_scope **ret_scope)
{
	const struct aw_dmn_input *input;

	if (item->kind == AW_DMN_DECISION)
		return decide(drg, item, ret_scope);
	if (item->kind == AW_DMN_KNOWLEDGE)
		return knowledge_function(drg, item);
	if (item->kind == AW_DMN_SERVICE)
		return service_function(drg, item);
	input = find_input(drg, item);
	if (input == NULL)
		return aw_null;
	return typed(drg, item,
		aw_type_read(drg->run.arena, &item->model->types, item->type, input->value));
}

struct aw_value
aw_drg_value(struct aw_drg *drg, const struct aw_dmn_item *item)
{
	struct aw_memo *memo = memo_of(drg, item);
	const struct aw_scope *scope = NULL;

	if (memo != NULL && memo->state == AW_MEMO_DONE)
		return memo->value;
	if (memo != NULL) {
		aw_run_note(&drg->run, NULL, "\"%s\" requires itself", item->name.at);
		return aw_null;
	}
	size_t at = drg->count;

	*AW_PUSH(drg->run.arena, drg->memos, drg->count, drg->room) =
		(struct aw_memo){ .item = item, .state = AW_MEMO_VISITING };
	struct aw_run place = drg->run;
	struct aw_value v = evaluate(drg, item, &scope);

	drg->run.decision = place.decision; /* back to whoever asked */
	drg->run.types = place.types;
	drg->run.place = place.place;
	drg->run.line = place.line;
	drg->run.text = place.text;
	drg->memos[at].value = v;
	drg->memos[at].scope = scope;
	drg->memos[at].state = AW_MEMO_DONE;
	*AW_PUSH(drg->run.arena, drg->done, drg->done_count, drg->done_room) = drg->memos[at];
	return v;
}

/* Items of an imported model are entries of a context that has the import's name. */
static void
put_imported(struct aw_drg *drg, struct aw_context *names, const struct aw_dmn_need *need,
	struct aw_value v)
{
	const struct aw_value *there = aw_context_get(names, need->import);
	struct aw_context *context = AW_NEW(drg->run.arena, struct aw_context);

	for (size_t i = 0; there != NULL && i < there->u.context->count; i++)
		aw_context_put(drg->run.arena, context, there->u.context->at[i].name,
			there->u.context->at[i].value);
	aw_context_put(drg->run.arena, context, need->item->name, v);
	aw_context_put(drg->run.arena, names, need->import, aw_value_context(context));
}

const struct aw_scope *
aw_drg_scope(struct aw_drg *drg, const struct aw_dmn_item *item, const struct aw_scope *outer)
{
	struct aw_context *names = AW_NEW(drg->run.arena, struct aw_context);
	struct aw_scope *scope = AW_NEW(drg->run.arena, struct aw_scope);

	*scope = (struct aw_scope){ outer, names };
	for (size_t i = 0; i < item->needs.count; i++) {
		const struct aw_dmn_need *need = &item->needs.at[i];
		struct aw_value v = aw_drg_value(drg, need->item);

		if (need->import.len > 0)
			put_imported(drg, names, need, v);
		else
			aw_context_put(drg->run.arena, names, need->item->name, v);
	}
	return scope;
}

struct aw_value
aw_dmn_decide(struct aw_arena *arena, const struct aw_dmn_item *decision,
	const struct aw_dmn_case *the_case, struct aw_explain *explain)
{
	struct aw_drg drg = { .run = { .arena = arena,
				      .now_ms = the_case->now_ms,
				      .types = &decision->model->types },
		.the_case = the_case };
	struct aw_value v = aw_drg_value(&drg, decision);

	if (explain != NULL) {
		explain->diagnostics = drg.run.diagnostics;
		aw_explain_make(&drg, explain);
	}
	return v;
}

struct aw_value
aw_dmn_invoke(struct aw_arena *arena, const struct aw_dmn_item *item,
	const struct aw_dmn_case *the_case, struct aw_explain *explain)
{
	struct aw_drg drg = {
		.run = { .arena = arena, .now_ms = the_case->now_ms, .types = &item->model->types },
		.the_case = the_case
	};
	struct aw_value f = aw_drg_value(&drg, item);
	struct aw_value args[64] = { { 0 } };

	if (f.kind != AW_VALUE_FUNCTION || f.u.function->param_count > AW_COUNT(args))
		return aw_null;
	for (size_t i = 0; i < f.u.function->param_count; i++) {
		for (size_t k = 0; k < the_case->input_count; k++) {
			if (aw_str_is(f.u.function->params[i], the_case->inputs[k].name))
				args[i] = the_case->inputs[k].value;
		}
	}
	struct aw_value v = aw_call(&drg.run, f.u.function, args, f.u.function->param_count);

	if (explain != NULL)
		explain->diagnostics = drg.run.diagnostics;
	return v;
}
