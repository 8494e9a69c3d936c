/**
 * page/view_inner - how a view is kept, for page/view and page/view_context alone.
 * Layer: page (private to it).
 */
#ifndef AW_PAGE_VIEW_INNER_H
#define AW_PAGE_VIEW_INNER_H

#include "page/view.h"

enum aw_view_state { AW_SLOT_EMPTY, AW_SLOT_SET, AW_SLOT_HIDDEN };

/* One field's value. */
struct aw_view_slot {
	const struct aw_view_field *field;
	enum aw_view_state state;
	const char *text;    /* TEXT CODE LINK RAW; hidden: the reason's code */
	int64_t number;	     /* the numbers; a flag's 0 or 1 */
	struct aw_view **at; /* OBJECT: one; LIST: its items */
	size_t count;
	size_t room;
};

struct aw_view {
	struct aw_arena *arena;
	const struct aw_view_type *type;
	uint32_t allowed;
	const char *denied; /* reason of what is not allowed */
	uint32_t on_verify; /* classes whose reason is that the viewer has to prove who it is */
	size_t index;	    /* from 1 in a list; 0: not an item */
	bool last;
	struct aw_view_slot slots[];
};

/** The field of that name, NULL if the type has none. */
const struct aw_view_field *
aw_view_field(const struct aw_view_type *type, const char *name, size_t len);

#endif
