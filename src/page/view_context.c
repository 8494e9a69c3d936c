/* page/view_context - what the names of a template mean inside a view. */
#include "page/view_context.h"

#include <string.h>

#include "base/clock.h"
#include "page/display.h"
#include "page/view_inner.h"

#define HIDDEN_PART "part/hidden"

static const struct aw_mustache_source view_source, slot_source, hidden_source, is_source;

static const struct aw_reader *
reader_of(const struct aw_mustache *m)
{
	return m->user;
}

static void
give_flag(struct aw_mustache_value *ret, bool value)
{
	*ret = (struct aw_mustache_value){ .kind = value ? AW_MUSTACHE_VALUE : AW_MUSTACHE_NOTHING,
		.text = { "", 0 } };
}

static void
give_text(struct aw_mustache_value *ret, const char *text)
{
	*ret = (struct aw_mustache_value){ .text = aw_str(text) };
	ret->kind = text == NULL || text[0] == '\0' ? AW_MUSTACHE_NOTHING : AW_MUSTACHE_VALUE;
}

static void
give_number(struct aw_mustache *m, struct aw_mustache_value *ret, const char *text, int64_t number)
{
	give_text(ret,
		text == NULL ? aw_arena_printf(m->out.arena, "%lld", (long long)number) : text);
	ret->numeric = true;
	ret->number = number;
}

/* ---- hidden ---- */

/* Hidden from this reader, or gone for everybody. */
static void
give_word(struct aw_mustache *m, struct aw_mustache_value *ret, const struct aw_view_slot *slot)
{
	const char *key = slot->text != NULL && strcmp(slot->text, "erased") == 0 ? "hidden.erased"
										  : "hidden.word";

	give_text(ret, aw_message(m->out.arena, reader_of(m)->catalog, key, NULL, 0));
}

static void
give_hidden(struct aw_mustache *m, struct aw_mustache_value *ret, const struct aw_view_slot *slot)
{
	give_word(m, ret, slot);
	ret->part = HIDDEN_PART;
	ret->source = &hidden_source;
	ret->self = slot;
}

static void
give_reason(struct aw_mustache *m, struct aw_mustache_value *ret, const struct aw_view_slot *slot)
{
	const char *key = aw_arena_printf(
		m->out.arena, "hidden.%s", slot->text == NULL ? "word" : slot->text);

	give_text(ret, aw_message(m->out.arena, reader_of(m)->catalog, key, NULL, 0));
}

/* What {{x.short}} and its like ask of a field that is set. */
static bool
is_variant(struct aw_str name)
{
	static const char *const names[] = { "code", "value", "one", "count", "number", "iso",
		"full", "plain", "short", "near", "date", "day", "time" };

	for (size_t i = 0; i < AW_COUNT(names); i++) {
		if (aw_str_is(name, names[i]))
			return true;
	}
	return false;
}

static bool
hidden_lookup(
	struct aw_mustache *m, const void *self, struct aw_str name, struct aw_mustache_value *ret)
{
	const struct aw_view_slot *slot = self;

	if (is_variant(name) || (slot->field->of != NULL &&
					aw_view_field(slot->field->of, name.at, name.len) != NULL))
		give_hidden(m, ret, slot);
	else if (aw_str_is(name, "hidden"))
		give_flag(ret, true);
	else if (aw_str_is(name, "known") || aw_str_is(name, "any") || aw_str_is(name, "is"))
		give_flag(ret, false);
	else if (aw_str_is(name, "reason"))
		give_reason(m, ret, slot);
	else if (aw_str_is(name, "text"))
		give_word(m, ret, slot);
	else
		return false;
	return true;
}

static void
hidden_item(struct aw_mustache *m, const void *self, size_t i, struct aw_mustache_value *ret)
{
	(void)i;
	give_hidden(m, ret, self);
}

static const struct aw_mustache_source hidden_source = { .lookup = hidden_lookup,
	.item = hidden_item };

/* ---- codes ---- */

static const char *
code_text(struct aw_mustache *m, const struct aw_view_slot *slot)
{
	const char *key;

	if (slot->field->codes == NULL)
		return slot->text;
	key = slot->field->codes[0] == '\0'
		      ? slot->text
		      : aw_arena_printf(m->out.arena, "%s.%s", slot->field->codes, slot->text);
	return aw_message(m->out.arena, reader_of(m)->catalog, key, NULL, 0);
}

/* x.is.waiting */
static bool
is_lookup(
	struct aw_mustache *m, const void *self, struct aw_str name, struct aw_mustache_value *ret)
{
	const struct aw_view_slot *slot = self;

	(void)m;
	give_flag(ret, slot->state == AW_SLOT_SET && aw_str_is(name, slot->text));
	return true;
}

static const struct aw_mustache_source is_source = { .lookup = is_lookup };

/* ---- one field ---- */

static const char *
instant_text(struct aw_mustache *m, const struct aw_view_slot *slot, enum aw_display form)
{
	const struct aw_reader *reader = reader_of(m);

	if (slot->field->kind == AW_VIEW_DAY)
		return aw_display_day(
			m->out.arena, reader->catalog, form, (int32_t)slot->number, reader->now_ms);
	return aw_display_instant(
		m->out.arena, reader->catalog, form, slot->number, reader->now_ms);
}

/* The text of a set field. */
static const char *
slot_text(struct aw_mustache *m, const struct aw_view_slot *slot)
{
	switch (slot->field->kind) {
	case AW_VIEW_TEXT:
	case AW_VIEW_LINK:
	case AW_VIEW_RAW:
		return slot->text;
	case AW_VIEW_CODE:
		return code_text(m, slot);
	case AW_VIEW_NUMBER:
		return aw_display_number(m->out.arena, slot->number);
	case AW_VIEW_PERCENT:
		return aw_display_percent(m->out.arena, slot->number);
	case AW_VIEW_INSTANT:
		return instant_text(m, slot, AW_DISPLAY_FULL);
	case AW_VIEW_DAY:
		return instant_text(m, slot, AW_DISPLAY_PLAIN);
	case AW_VIEW_DURATION:
		return aw_display_duration(m->out.arena, reader_of(m)->catalog, slot->number);
	case AW_VIEW_FLAG:
	case AW_VIEW_OBJECT:
	case AW_VIEW_LIST:
		break;
	}
	return NULL;
}

static void
give_slot(struct aw_mustache *m, struct aw_mustache_value *ret, const struct aw_view_slot *slot)
{
	const struct aw_view_field *field = slot->field;

	*ret = (struct aw_mustache_value){ .source = &slot_source, .self = slot };
	if (slot->state == AW_SLOT_HIDDEN && field->kind == AW_VIEW_FLAG)
		return;
	if (slot->state == AW_SLOT_HIDDEN) {
		give_hidden(m, ret, slot);
		ret->kind = field->kind == AW_VIEW_LIST ? AW_MUSTACHE_LIST : AW_MUSTACHE_VALUE;
		ret->count = 1;
	} else if (field->kind == AW_VIEW_LIST) {
		ret->kind = AW_MUSTACHE_LIST;
		ret->count = slot->count;
	} else if (slot->state == AW_SLOT_EMPTY) {
		return;
	} else if (field->kind == AW_VIEW_FLAG) {
		ret->kind = slot->number != 0 ? AW_MUSTACHE_VALUE : AW_MUSTACHE_NOTHING;
	} else if (field->kind == AW_VIEW_OBJECT) {
		ret->kind = AW_MUSTACHE_VALUE;
		ret->part = field->of->shown_by;
	} else {
		ret->text = aw_str(slot_text(m, slot));
		ret->kind = ret->text.len == 0 ? AW_MUSTACHE_NOTHING : AW_MUSTACHE_VALUE;
		ret->numeric = field->kind == AW_VIEW_NUMBER;
		ret->number = slot->number;
	}
}

static const struct {
	const char *name;
	enum aw_display form;
} time_forms[] = {
	{ "full", AW_DISPLAY_FULL },
	{ "plain", AW_DISPLAY_PLAIN },
	{ "short", AW_DISPLAY_SHORT },
	{ "near", AW_DISPLAY_NEAR },
	{ "date", AW_DISPLAY_DATE },
	{ "day", AW_DISPLAY_DAY },
	{ "time", AW_DISPLAY_TIME },
};

static bool
time_variant(struct aw_mustache *m, const struct aw_view_slot *slot, struct aw_str name,
	struct aw_mustache_value *ret)
{
	bool is_day = slot->field->kind == AW_VIEW_DAY;

	if (aw_str_is(name, "iso")) {
		give_text(ret, is_day ? aw_day_iso(m->out.arena, (int32_t)slot->number)
				      : aw_instant_iso(m->out.arena, slot->number));
		return true;
	}
	for (size_t i = 0; i < AW_COUNT(time_forms); i++) {
		if (aw_str_is(name, time_forms[i].name)) {
			give_text(ret, instant_text(m, slot, time_forms[i].form));
			return true;
		}
	}
	return false;
}

/* Variants of a field that is set and is neither hidden nor an object. */
static bool
set_variant(struct aw_mustache *m, const struct aw_view_slot *slot, struct aw_str name,
	struct aw_mustache_value *ret)
{
	enum aw_view_kind kind = slot->field->kind;

	if (aw_str_is(name, "text"))
		give_text(ret, slot_text(m, slot));
	else if (aw_str_is(name, "code") && kind == AW_VIEW_CODE)
		give_text(ret, slot->text);
	else if (aw_str_is(name, "value") && kind != AW_VIEW_LIST && kind != AW_VIEW_OBJECT)
		give_number(m, ret, NULL, slot->number);
	else if (aw_str_is(name, "any"))
		give_flag(ret, kind == AW_VIEW_LIST ? slot->count > 0 : slot->number != 0);
	else if (aw_str_is(name, "one"))
		give_flag(ret, (kind == AW_VIEW_LIST ? (int64_t)slot->count : slot->number) == 1);
	else if (aw_str_is(name, "count") && kind == AW_VIEW_LIST)
		give_number(m, ret, aw_display_number(m->out.arena, (int64_t)slot->count),
			(int64_t)slot->count);
	else if (aw_str_is(name, "number") && kind == AW_VIEW_PERCENT) {
		give_text(ret, aw_display_percent(m->out.arena, slot->number));
		ret->text.len--;
	} else
		return (kind == AW_VIEW_INSTANT || kind == AW_VIEW_DAY) &&
		       time_variant(m, slot, name, ret);
	return true;
}

static bool
slot_lookup(
	struct aw_mustache *m, const void *self, struct aw_str name, struct aw_mustache_value *ret)
{
	const struct aw_view_slot *slot = self;

	if (slot->state == AW_SLOT_HIDDEN && slot->field->kind != AW_VIEW_FLAG)
		return hidden_lookup(m, self, name, ret);
	if (slot->field->kind == AW_VIEW_OBJECT && slot->count == 1) {
		struct aw_mustache_value inner = aw_view_context(slot->at[0]);

		if (inner.source->lookup(m, inner.self, name, ret))
			return true;
	}
	if (aw_str_is(name, "is") && slot->field->kind == AW_VIEW_CODE)
		*ret = (struct aw_mustache_value){ .source = &is_source, .self = slot };
	else if (aw_str_is(name, "hidden"))
		give_flag(ret, slot->state == AW_SLOT_HIDDEN);
	else if (aw_str_is(name, "known"))
		give_flag(ret, slot->state == AW_SLOT_SET);
	else if (aw_str_is(name, "not") && slot->field->kind == AW_VIEW_FLAG)
		give_flag(ret, slot->state == AW_SLOT_SET && slot->number == 0);
	else if (slot->state == AW_SLOT_SET || slot->field->kind == AW_VIEW_LIST)
		return set_variant(m, slot, name, ret);
	else
		return false;
	return true;
}

static void
slot_item(struct aw_mustache *m, const void *self, size_t i, struct aw_mustache_value *ret)
{
	const struct aw_view_slot *slot = self;

	(void)m;
	*ret = aw_view_context(slot->at[i]);
}

static const struct aw_mustache_source slot_source = { .lookup = slot_lookup, .item = slot_item };

/* ---- a view ---- */

static bool
view_lookup(
	struct aw_mustache *m, const void *self, struct aw_str name, struct aw_mustache_value *ret)
{
	const struct aw_view *view = self;
	const struct aw_view_field *field = aw_view_field(view->type, name.at, name.len);

	if (field != NULL)
		give_slot(m, ret, &view->slots[field - view->type->fields]);
	else if (view->index > 0 && aw_str_is(name, "index"))
		give_number(m, ret, NULL, (int64_t)view->index);
	else if (view->index > 0 && aw_str_is(name, "first"))
		give_flag(ret, view->index == 1);
	else if (view->index > 0 && aw_str_is(name, "last"))
		give_flag(ret, view->last);
	else
		return false;
	return true;
}

static const struct aw_mustache_source view_source = { .lookup = view_lookup };

struct aw_mustache_value
aw_view_context(const struct aw_view *view)
{
	return (struct aw_mustache_value){ .kind = AW_MUSTACHE_VALUE,
		.text = { "", 0 },
		.part = view->type->shown_by,
		.source = &view_source,
		.self = view };
}
