/* city/desk/draft_pages - where in the tables a mistake is: decision, row and column. */
#include <string.h>

#include "city/desk/draft_pages.h"
#include "city/desk/policy_tables.h"
#include "policy/place.h"
#include "policy/policy.h"

const AW_VIEW_TYPE(aw_draft_mistake_view, "PolicyMistake", NULL, AW_FIELD("text", TEXT, OPEN),
	AW_FIELD("file", TEXT, OPEN), AW_FIELD("line", NUMBER, OPEN),
	AW_FIELD("decision", TEXT, OPEN), AW_FIELD("decision_id", TEXT, OPEN),
	AW_FIELD("row", NUMBER, OPEN), AW_FIELD("column", TEXT, OPEN));

void
aw_draft_mistakes(struct aw_call *call, const struct aw_draft *draft, struct aw_str model,
	const struct aw_mistakes *mistakes)
{
	const struct aw_dmn_options options = { .file = draft->path, .lint = true };
	const struct aw_dmn_model *read = NULL;
	struct aw_error own = { 0 };

	/* as far as it can be read; what cannot be has its line alone */
	if (mistakes->count > 0 &&
		aw_dmn_load(call->act.arena, model, &options, &read, &own) != AW_OK)
		read = NULL;
	for (size_t i = 0; i < mistakes->count; i++) {
		const struct aw_mistake *m = &mistakes->at[i];
		struct aw_view *item = aw_view_item(call->view, "mistakes");
		struct aw_model_place place = { .column = SIZE_MAX };

		if (strcmp(m->file, draft->path) == 0)
			place = aw_model_place_of(read, m->line);
		aw_view_text(item, "text", m->text);
		aw_view_text(item, "file", m->file);
		if (m->line > 0)
			aw_view_int(item, "line", m->line);
		if (place.item == NULL)
			continue;
		aw_view_text(item, "decision", place.item->label);
		aw_view_text(item, "decision_id", place.item->id);
		if (place.row > 0)
			aw_view_int(item, "row", (int64_t)place.row);
		if (place.column != SIZE_MAX)
			aw_view_text(
				item, "column", aw_policy_column(call, place.item, place.column));
	}
}
