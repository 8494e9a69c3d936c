/* city/dispatch/sweep - clocks that passed 75 % or 100 %, told once each. */
#include <string.h>

#include "city/dispatch/clocks.h"
#include "city/dispatch/way.h"

static enum aw_status
escalate(struct aw_act *act, struct aw_way *way, const struct aw_dispatch *d,
	const struct aw_clock_face *face, int64_t percent, int64_t *counted, struct aw_error *err)
{
	const char *code = aw_arena_printf(act->arena, "%s:%lld", face->code, (long long)percent);
	struct sql_dispatch_escalated there;
	bool found;

	if (aw_clock_used(face, act->now_ms) < percent || face->stopped_at.known)
		return AW_OK;
	if (sql_dispatch_escalated(act->tx,
		    &(struct sql_dispatch_escalated_in){ .report = way->report.id,
			    .dispatch = d == NULL ? 0 : d->id,
			    .code = code },
		    act->arena, &there, &found, err) != AW_OK)
		return err->status;
	if (found && there.there != 0)
		return AW_OK;
	(*counted)++;
	return aw_way_event(act, way, d == NULL ? 0 : d->id, "escalated", code, NULL, err);
}

static enum aw_status
sweep_face(struct aw_act *act, struct aw_way *way, const struct aw_dispatch *d,
	struct aw_clock_face face, int64_t *counted, struct aw_error *err)
{
	if (escalate(act, way, d, &face, 75, counted, err) != AW_OK ||
		escalate(act, way, d, &face, 100, counted, err) != AW_OK)
		return err->status;
	return AW_OK;
}

static enum aw_status
sweep_report(struct aw_act *act, int64_t report, int64_t *counted, struct aw_error *err)
{
	struct aw_clock_facts facts;
	struct aw_way way;

	if (aw_way_load(act, report, AW_REPORT_PLAIN, &way, err) != AW_OK)
		return err->status;
	facts = (struct aw_clock_facts){ .kind = way.report.kind,
		.received_at = way.report.received_at,
		.dispatched_at = way.s.dispatched_at,
		.urgent_at = way.s.urgent_at,
		.review_due_at = way.s.review_due_at,
		.reviewed_at = way.s.reviewed_at };
	if (sweep_face(act, &way, NULL, aw_clock_dispatch(act->policy, &facts), counted, err) !=
			AW_OK ||
		sweep_face(act, &way, NULL, aw_clock_post_review(act->policy, &facts), counted,
			err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < way.dispatch_count; i++) {
		const struct aw_dispatch *d = &way.dispatches[i];
		if (strcmp(d->state, "dispatched") == 0 &&
			sweep_face(act, &way, d, aw_clock_accept(act->policy, d), counted, err) !=
				AW_OK)
			return err->status;
		if (strcmp(d->state, "accepted") == 0 &&
			sweep_face(act, &way, d, aw_clock_assign(act->policy, d), counted, err) !=
				AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_dispatch_sweep(struct aw_act *act, int64_t *ret_escalated, struct aw_error *err)
{
	struct sql_board_reports *rows;
	int64_t counted = 0;
	size_t count;

	if (sql_board_reports(act->tx, act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (sweep_report(act, rows[i].report, &counted, err) != AW_OK)
			return err->status;
	}
	act->object = NULL;
	*ret_escalated = counted;
	return AW_OK;
}
