/**
 * page/view - what a handler fills and a page shows: one truth for JSON, HTML and the schema.
 * Layer: page.  Threads: a view belongs to one request; view types are constant.  Example:
 * tests/page/test_view.c
 *
 * A room describes each of its views once, as a constant table of fields (name, kind, class). A
 * handler makes a view and sets its fields by name: a name or kind that the table does not have is
 * our bug (assert). From a view come
 *   - JSON: codes, ISO dates, numbers; a hidden field is {"hidden": "<reason code>"};
 *   - the template's context: display text in the reader's language (ROC dates, 剩3時40分, the
 *     message behind a code), escaped by Mustache; a hidden field prints the 保密 chip (in an
 *     attribute its word), and {{#x.hidden}} is true, so that no page can leave it blank by
 *     accident; page/view_context.h lists the variants ({{x.iso}}, {{x.short}}, ...);
 *   - the schema in the OpenAPI document.
 */
#ifndef AW_PAGE_VIEW_H
#define AW_PAGE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"
#include "guard/access.h"

enum aw_view_kind {
	AW_VIEW_TEXT,	  /* as it is */
	AW_VIEW_CODE,	  /* JSON: the code; page: message "<codes>.<code>", see field->codes */
	AW_VIEW_NUMBER,	  /* whole number; page: with thousands separators */
	AW_VIEW_PERCENT,  /* hundredths of a percent: 692 -> 6.92% */
	AW_VIEW_INSTANT,  /* UTC ms; page: 110年12月6日（一）14:05 */
	AW_VIEW_DAY,	  /* days since 1970; page: 110年12月6日 */
	AW_VIEW_DURATION, /* ms; page: 3時40分, 1日4時 */
	AW_VIEW_FLAG,	  /* true or false; a section in the template */
	AW_VIEW_OBJECT,	  /* another view type */
	AW_VIEW_LIST,	  /* of another view type */
	AW_VIEW_LINK,	  /* a path inside the server */
	AW_VIEW_RAW,	  /* markup made by page/svg or page/markup alone; left out of JSON */
};

struct aw_view_field {
	const char *name;
	enum aw_view_kind kind;
	enum aw_field_class class; /* guard's; AW_CLASS_OPEN needs no right */
	const char *codes; /* AW_VIEW_CODE: message prefix; "" = the code is a whole key; NULL = the
			    * code decides markup alone and is never shown */
	const struct aw_view_type *of; /* OBJECT, LIST */
};

struct aw_view_type {
	const char *name; /* in the schema: "Report" */
	const struct aw_view_field *fields;
	size_t count;
	/* templates/<shown_by>.mustache: the page of a route's type, or the part that stands for
	 * {{x}} where x is an object or a list of this type. NULL: written out by the page. */
	const char *shown_by;
};

/* Tables in one line a field:
 *
 *     static AW_VIEW_TYPE(card_view, "Card", "dispatch/card",
 *             AW_FIELD("number", TEXT, OPEN),
 *             AW_FIELD("name", TEXT, IDENTITY),
 *             AW_FIELD_CODE("state", OPEN, "dispatch.state"),
 *             AW_FIELD_OF("clock", OBJECT, OPEN, &aw_clock_view));
 */
#define AW_FIELD(name_, kind_, class_)                                                             \
	{                                                                                          \
		.name = (name_), .kind = AW_VIEW_##kind_, .class = AW_CLASS_##class_               \
	}
#define AW_FIELD_CODE(name_, class_, codes_)                                                       \
	{                                                                                          \
		.name = (name_), .kind = AW_VIEW_CODE, .class = AW_CLASS_##class_,                 \
		.codes = (codes_)                                                                  \
	}
#define AW_FIELD_OF(name_, kind_, class_, type_)                                                   \
	{                                                                                          \
		.name = (name_), .kind = AW_VIEW_##kind_, .class = AW_CLASS_##class_,              \
		.of = (type_)                                                                      \
	}
/* May follow `static`; constant either way. */
#define AW_VIEW_TYPE(variable, schema_name, shown_by_, ...)                                        \
	__typeof__(const struct aw_view_type) variable = { .name = (schema_name),                  \
		.fields = (const struct aw_view_field[]){ __VA_ARGS__ },                           \
		.count = sizeof((const struct aw_view_field[]){ __VA_ARGS__ }) /                   \
			 sizeof(struct aw_view_field),                                             \
		.shown_by = (shown_by_) }

struct aw_view; /* opaque, in the arena it was made in */

struct aw_view *aw_view_new(struct aw_arena *arena, const struct aw_view_type *type)
	__attribute__((returns_nonnull));

/* Setters copy nothing: values live in the same arena or longer. NULL text = unknown: JSON null,
 * an empty section in the template. */
void
aw_view_text(struct aw_view *view, const char *name, const char *text); /* TEXT CODE LINK RAW */
void aw_view_int(struct aw_view *view, const char *name,
	int64_t value); /* NUMBER PERCENT INSTANT DAY DURATION */
void aw_view_flag(struct aw_view *view, const char *name, bool value);
void aw_view_hide(struct aw_view *view, const char *name, const char *reason); /* any kind */
/** From here on, a field whose class is not among these bits (AW_CLASS_BIT) hides whatever is set:
 *  the one place to apply guard's answer about a person. New views allow everything; an object or
 *  item made by this view begins with what this view allows. */
void aw_view_allow(struct aw_view *view, uint32_t classes, const char *reason);
/** The same by what guard says of a person or a matter. */
void aw_view_allow_as(struct aw_view *view, const struct aw_access *access);
/** True if a field in it, however deep, hides for this reason. */
bool aw_view_hides(const struct aw_view *view, const char *reason);
struct aw_view *aw_view_object(struct aw_view *view, const char *name); /* makes and sets it */
struct aw_view *aw_view_item(struct aw_view *view, const char *name);	/* appends to a list */

/** The arena that a view lives in, for text made for it. */
struct aw_arena *aw_view_arena(struct aw_view *view);

/** The view as JSON; the caller owns it. */
json_t *aw_view_json(const struct aw_view *view);
/** JSON Schema of a type, for OpenAPI's components; other types stand as references to
 *  "#/components/schemas/<name>". The caller owns it. */
json_t *aw_view_schema(const struct aw_view_type *type);
/** Puts the schemas of a type and of every type it names into `schemas`, by name. */
void aw_view_schemas(const struct aw_view_type *type, json_t *schemas);

#endif
