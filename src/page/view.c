/* page/view - filling views; their JSON and their schema. */
#include "page/view.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "page/view_inner.h"

const struct aw_view_field *
aw_view_field(const struct aw_view_type *type, const char *name, size_t len)
{
	for (size_t i = 0; i < type->count; i++) {
		const char *at = type->fields[i].name;

		if (strncmp(at, name, len) == 0 && at[len] == '\0')
			return &type->fields[i];
	}
	return NULL;
}

struct aw_view *
aw_view_new(struct aw_arena *arena, const struct aw_view_type *type)
{
	struct aw_view *view =
		aw_arena_alloc(arena, sizeof(*view) + type->count * sizeof(struct aw_view_slot));

	view->arena = arena;
	view->type = type;
	view->allowed = UINT32_MAX;
	for (size_t i = 0; i < type->count; i++)
		view->slots[i].field = &type->fields[i];
	return view;
}

struct aw_arena *
aw_view_arena(struct aw_view *view)
{
	return view->arena;
}

static bool
is_one_of(enum aw_view_kind kind, uint32_t kinds)
{
	return (UINT32_C(1) << kind & kinds) != 0;
}

#define KIND(name) (UINT32_C(1) << AW_VIEW_##name)
#define TEXT_KINDS (KIND(TEXT) | KIND(CODE) | KIND(LINK) | KIND(RAW))
#define NUMBER_KINDS (KIND(NUMBER) | KIND(PERCENT) | KIND(INSTANT) | KIND(DAY) | KIND(DURATION))

/* The slot to set, NULL when it is or becomes hidden. */
static struct aw_view_slot *
open_slot(struct aw_view *view, const char *name, uint32_t kinds)
{
	const struct aw_view_field *field = aw_view_field(view->type, name, strlen(name));
	struct aw_view_slot *slot;

	assert(field != NULL && "the view type has no such field");
	assert(is_one_of(field->kind, kinds) && "the field is of another kind");
	slot = &view->slots[field - view->type->fields];
	if (slot->state == AW_SLOT_HIDDEN)
		return NULL;
	if (field->class != AW_CLASS_OPEN && (view->allowed & AW_CLASS_BIT(field->class)) == 0) {
		slot->state = AW_SLOT_HIDDEN;
		slot->text = (view->on_verify & AW_CLASS_BIT(field->class)) != 0 ? "verify"
										 : view->denied;
		slot->count = 0;
		return NULL;
	}
	return slot;
}

void
aw_view_text(struct aw_view *view, const char *name, const char *text)
{
	struct aw_view_slot *slot = open_slot(view, name, TEXT_KINDS);

	if (slot == NULL)
		return;
	slot->state = text == NULL ? AW_SLOT_EMPTY : AW_SLOT_SET;
	slot->text = text;
}

void
aw_view_int(struct aw_view *view, const char *name, int64_t value)
{
	struct aw_view_slot *slot = open_slot(view, name, NUMBER_KINDS);

	if (slot == NULL)
		return;
	slot->state = AW_SLOT_SET;
	slot->number = value;
}

void
aw_view_flag(struct aw_view *view, const char *name, bool value)
{
	struct aw_view_slot *slot = open_slot(view, name, KIND(FLAG));

	if (slot == NULL)
		return;
	slot->state = AW_SLOT_SET;
	slot->number = value;
}

void
aw_view_hide(struct aw_view *view, const char *name, const char *reason)
{
	struct aw_view_slot *slot = open_slot(view, name, UINT32_MAX);

	if (slot == NULL)
		return;
	slot->state = AW_SLOT_HIDDEN;
	slot->text = reason;
	slot->count = 0;
}

void
aw_view_allow(struct aw_view *view, uint32_t classes, const char *reason)
{
	view->allowed = classes;
	view->denied = reason;
	view->on_verify = 0;
}

void
aw_view_allow_as(struct aw_view *view, const struct aw_access *access)
{
	uint32_t shown = access == NULL ? 0 : access->shown;

	aw_view_allow(view, shown | AW_CLASS_BIT(AW_CLASS_OPEN), "confidential");
	view->on_verify = access == NULL ? 0 : access->on_verify;
}

bool
aw_view_hides(const struct aw_view *view, const char *reason)
{
	for (size_t i = 0; i < view->type->count; i++) {
		const struct aw_view_slot *slot = &view->slots[i];

		if (slot->state == AW_SLOT_HIDDEN && aw_text_eq(slot->text, reason))
			return true;
		for (size_t k = 0; slot->state == AW_SLOT_SET && k < slot->count; k++)
			if (aw_view_hides(slot->at[k], reason))
				return true;
	}
	return false;
}

/* A new view inside; not kept when the slot is hidden, so that a handler need not ask. */
static struct aw_view *
add_inner(struct aw_view *view, const char *name, uint32_t kind)
{
	const struct aw_view_field *field = aw_view_field(view->type, name, strlen(name));
	struct aw_view_slot *slot = open_slot(view, name, kind);
	struct aw_view *inner = aw_view_new(view->arena, field->of);

	inner->allowed = view->allowed;
	inner->denied = view->denied;
	inner->on_verify = view->on_verify;
	if (slot == NULL)
		return inner;
	if (kind == KIND(OBJECT))
		slot->count = 0;
	slot->state = AW_SLOT_SET;
	*AW_PUSH(view->arena, slot->at, slot->count, slot->room) = inner;
	if (kind == KIND(LIST)) {
		inner->index = slot->count;
		inner->last = true;
		if (slot->count > 1)
			slot->at[slot->count - 2]->last = false;
	}
	return inner;
}

struct aw_view *
aw_view_object(struct aw_view *view, const char *name)
{
	return add_inner(view, name, KIND(OBJECT));
}

struct aw_view *
aw_view_item(struct aw_view *view, const char *name)
{
	return add_inner(view, name, KIND(LIST));
}

static json_t *
list_json(const struct aw_view_slot *slot)
{
	json_t *list = json_array();

	for (size_t i = 0; i < slot->count; i++)
		aw_json_push(list, aw_view_json(slot->at[i]));
	return list;
}

static json_t *
slot_json(const struct aw_view *view, const struct aw_view_slot *slot)
{
	json_t *hidden;

	if (slot->state == AW_SLOT_HIDDEN) {
		hidden = json_object();
		aw_json_put_text(hidden, "hidden", slot->text);
		return hidden;
	}
	if (slot->field->kind == AW_VIEW_LIST)
		return list_json(slot);
	if (slot->state == AW_SLOT_EMPTY)
		return json_null();
	switch (slot->field->kind) {
	case AW_VIEW_TEXT:
	case AW_VIEW_CODE:
	case AW_VIEW_LINK:
		return json_string(slot->text);
	case AW_VIEW_NUMBER:
	case AW_VIEW_PERCENT:
	case AW_VIEW_DURATION:
		return json_integer(slot->number);
	case AW_VIEW_INSTANT:
		return json_string(aw_instant_iso(view->arena, slot->number));
	case AW_VIEW_DAY:
		return json_string(aw_day_iso(view->arena, (int32_t)slot->number));
	case AW_VIEW_FLAG:
		return json_boolean(slot->number != 0);
	case AW_VIEW_OBJECT:
		return aw_view_json(slot->at[0]);
	case AW_VIEW_LIST:
	case AW_VIEW_RAW:
		break;
	}
	return json_null();
}

json_t *
aw_view_json(const struct aw_view *view)
{
	json_t *object = json_object();

	for (size_t i = 0; i < view->type->count; i++) {
		const struct aw_view_slot *slot = &view->slots[i];

		if (slot->field->kind != AW_VIEW_RAW)
			aw_json_put(object, slot->field->name, slot_json(view, slot));
	}
	return object;
}

/* ---- schema ---- */

static json_t *
reference(const char *name)
{
	json_t *schema = json_object();
	char path[128];
	int len = snprintf(path, sizeof(path), "#/components/schemas/%s", name);

	assert(len > 0 && (size_t)len < sizeof(path));
	(void)len;
	aw_json_put_text(schema, "$ref", path);
	return schema;
}

static json_t *
typed(const char *type, const char *format, const char *description)
{
	json_t *schema = json_object(), *types = json_array();

	aw_json_push(types, json_string(type));
	aw_json_push(types, json_string("null"));
	aw_json_put(schema, "type", types);
	if (format != NULL)
		aw_json_put_text(schema, "format", format);
	if (description != NULL)
		aw_json_put_text(schema, "description", description);
	return schema;
}

static json_t *
one_of(json_t *first, json_t *second)
{
	json_t *schema = json_object(), *choices = json_array();

	aw_json_push(choices, first);
	aw_json_push(choices, second);
	aw_json_put(schema, "oneOf", choices);
	return schema;
}

static json_t *
field_schema(const struct aw_view_field *field)
{
	json_t *schema, *null;

	switch (field->kind) {
	case AW_VIEW_TEXT:
		return typed("string", NULL, NULL);
	case AW_VIEW_CODE:
		return typed("string", NULL, "code");
	case AW_VIEW_LINK:
		return typed("string", "uri-reference", NULL);
	case AW_VIEW_NUMBER:
		return typed("integer", "int64", NULL);
	case AW_VIEW_PERCENT:
		return typed("integer", "int64", "hundredths of a percent");
	case AW_VIEW_DURATION:
		return typed("integer", "int64", "milliseconds");
	case AW_VIEW_INSTANT:
		return typed("string", "date-time", NULL);
	case AW_VIEW_DAY:
		return typed("string", "date", NULL);
	case AW_VIEW_FLAG:
		return typed("boolean", NULL, NULL);
	case AW_VIEW_OBJECT:
		null = json_object();
		aw_json_put_text(null, "type", "null");
		return one_of(reference(field->of->name), null);
	case AW_VIEW_LIST:
		schema = json_object();
		aw_json_put_text(schema, "type", "array");
		aw_json_put(schema, "items", reference(field->of->name));
		return schema;
	case AW_VIEW_RAW:
		break;
	}
	return json_object();
}

json_t *
aw_view_schema(const struct aw_view_type *type)
{
	json_t *schema = json_object(), *properties = json_object();

	for (size_t i = 0; i < type->count; i++) {
		const struct aw_view_field *field = &type->fields[i];
		json_t *plain;

		if (field->kind == AW_VIEW_RAW)
			continue;
		plain = field_schema(field);
		aw_json_put(properties, field->name,
			field->class == AW_CLASS_OPEN ? plain : one_of(plain, reference("Hidden")));
	}
	aw_json_put_text(schema, "type", "object");
	aw_json_put(schema, "properties", properties);
	return schema;
}

static json_t *
hidden_schema(void)
{
	json_t *schema = json_object(), *properties = json_object(), *required = json_array();

	aw_json_put_text(schema, "type", "object");
	aw_json_put_text(schema, "description", "a field that this viewer may not see, and why");
	aw_json_put(properties, "hidden", typed("string", NULL, "code of the reason"));
	aw_json_put(schema, "properties", properties);
	aw_json_push(required, json_string("hidden"));
	aw_json_put(schema, "required", required);
	return schema;
}

void
aw_view_schemas(const struct aw_view_type *type, json_t *schemas)
{
	if (json_object_get(schemas, "Hidden") == NULL)
		aw_json_put(schemas, "Hidden", hidden_schema());
	if (json_object_get(schemas, type->name) != NULL)
		return;
	aw_json_put(schemas, type->name, aw_view_schema(type));
	for (size_t i = 0; i < type->count; i++) {
		if (type->fields[i].of != NULL)
			aw_view_schemas(type->fields[i].of, schemas);
	}
}
