/* city/desk/operator_page - 系統: work items that wait, are done, or were given up. */
#include <string.h>

#include "city/desk/desk.h"
#include "db/work.h"

static const AW_VIEW_TYPE(item_view, "WorkItem", NULL, AW_FIELD("index", NUMBER, OPEN),
	AW_FIELD_CODE("kind", OPEN, "work"), AW_FIELD_CODE("state", OPEN, "work.state"),
	AW_FIELD("created_at", INSTANT, OPEN), AW_FIELD("due_at", INSTANT, OPEN),
	AW_FIELD("finished_at", INSTANT, OPEN), AW_FIELD("attempts", NUMBER, OPEN),
	AW_FIELD("last_error", TEXT, OPEN), AW_FIELD("may_retry", FLAG, OPEN));

const AW_VIEW_TYPE(aw_operator_view, "Operator", "desk/operator", AW_FIELD("now", INSTANT, OPEN),
	AW_FIELD("waiting", NUMBER, OPEN), AW_FIELD("done", NUMBER, OPEN),
	AW_FIELD("failed", NUMBER, OPEN), AW_FIELD_CODE("state", OPEN, "work.state"),
	AW_FIELD_CODE("chosen", OPEN, NULL), AW_FIELD_OF("items", LIST, OPEN, &item_view));

enum { ITEMS_SHOWN = 100 };

static const char *
chosen_state(const struct aw_call *call)
{
	const char *state = aw_call_value(call, "state");

	if (aw_text_eq(state, "done") || aw_text_eq(state, "failed"))
		return state;
	return "waiting";
}

/* GET /operator */
enum aw_status
aw_operator_show(struct aw_call *call, struct aw_error *err)
{
	const char *state = chosen_state(call);
	struct aw_work_counts counts;
	struct aw_work_item *items;
	size_t count;

	if (aw_work_counts(call->act.tx, &counts, err) != AW_OK ||
		aw_work_list(call->act.tx, call->act.arena, state, ITEMS_SHOWN, &items, &count,
			err) != AW_OK)
		return err->status;
	aw_view_int(call->view, "now", call->act.now_ms);
	aw_view_int(call->view, "waiting", counts.waiting);
	aw_view_int(call->view, "done", counts.done);
	aw_view_int(call->view, "failed", counts.failed);
	aw_view_text(call->view, "state", state);
	aw_view_text(call->view, "chosen", state);
	for (size_t i = 0; i < count; i++) {
		struct aw_view *item = aw_view_item(call->view, "items");
		aw_view_int(item, "index", (int64_t)i + 1);
		aw_view_text(item, "kind", items[i].kind);
		aw_view_text(item, "state", items[i].state);
		aw_view_int(item, "created_at", items[i].created_at);
		aw_view_int(item, "due_at", items[i].due_at);
		if (items[i].finished_at.known)
			aw_view_int(item, "finished_at", items[i].finished_at.v);
		aw_view_int(item, "attempts", items[i].attempts);
		aw_view_text(item, "last_error", items[i].last_error);
		aw_view_flag(item, "may_retry", strcmp(items[i].state, "failed") == 0);
	}
	return AW_OK;
}

/* POST /operator/retry: every item that was given up waits again. */
enum aw_status
aw_operator_retry(struct aw_call *call, struct aw_error *err)
{
	struct aw_work_item *items;
	size_t count;

	if (aw_work_list(call->act.tx, call->act.arena, "failed", ITEMS_SHOWN, &items, &count,
		    err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (aw_work_retry(call->act.tx, items[i].id, call->act.now_ms, err) != AW_OK)
			return err->status;
	}
	aw_call_redirect(call, "notice.retried", "/operator");
	return AW_OK;
}
