/* city/intake - reports that are held back: listed, released, refused. */
#include "city/intake/held.h"

#include <string.h>

#include "city/intake/intake.sql.h"
#include "db/change.h"
#include "db/work.h"

enum aw_status
aw_held_list(const struct aw_act *act, const char *state, int64_t at_most, struct aw_held **ret,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_report_hold_list *rows;
	struct aw_held *list;
	size_t count;

	if (sql_report_hold_list(act->tx,
		    &(struct sql_report_hold_list_in){ .state = state, .at_most = at_most },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(act->arena, struct aw_held, count);
	for (size_t i = 0; i < count; i++)
		list[i] = (struct aw_held){
			.report = rows[i].report,
			.number = rows[i].number,
			.kind = rows[i].kind,
			.district = rows[i].district,
			.received_at = rows[i].received_at,
			.urgent = rows[i].urgent,
			.complete_permille = rows[i].complete_permille,
			.source = rows[i].source,
			.ended_at = rows[i].ended_at,
			.reason = rows[i].reason,
			.name = rows[i].name,
		};
	*ret = list;
	*ret_count = count;
	return AW_OK;
}

enum aw_status
aw_held_count(const struct aw_act *act, struct aw_held_counts *ret, struct aw_error *err)
{
	struct sql_report_hold_count row = { 0 };
	bool found;

	if (sql_report_hold_count(act->tx, act->arena, &row, &found, err) != AW_OK)
		return err->status;
	*ret = (struct aw_held_counts){ .held = row.held, .urgent = row.urgent };
	return AW_OK;
}

/* Moves a report from a state to another and says so of its hold; AW_CONFLICT when it is not there. */
static enum aw_status
move_on(struct aw_act *act, int64_t report, const char *from, const char *to, const char *hold,
	const char *reason, struct aw_error *err)
{
	int64_t moved = 0, ended = 0;

	if (sql_report_state_set(act->tx,
		    &(struct sql_report_state_set_in){
			    .id = report, .state = to, .from_state = from },
		    &moved, err) != AW_OK ||
		sql_report_hold_end(act->tx,
			&(struct sql_report_hold_end_in){ .report = report,
				.state = hold,
				.ended_at = act->now_ms,
				.ended_by = act->viewer->account != 0
						    ? AW_KNOWN(act->viewer->account)
						    : AW_UNKNOWN,
				.reason = reason },
			&ended, err) != AW_OK)
		return err->status;
	if (moved != 1 || ended != 1)
		return aw_fail(err, AW_CONFLICT, "the report is not held back");
	return aw_change_note(act->tx, AW_REPORT_CHANGE, report, err);
}

enum aw_status
aw_held_release(struct aw_act *act, int64_t report, struct aw_error *err)
{
	struct aw_report row;

	if (aw_report_get(act, report, AW_REPORT_PLAIN, &row, err) != AW_OK)
		return err->status;
	if (strcmp(row.state, "held") != 0 && strcmp(row.state, "refused") != 0)
		return aw_fail(err, AW_CONFLICT, "report %s is not held back", row.number);
	if (move_on(act, report, row.state, "received", "released", NULL, err) != AW_OK)
		return err->status;
	return aw_work_enqueue(act->tx, aw_act_id(act), "screen_report", report, act->now_ms, err);
}

enum aw_status
aw_held_refuse(struct aw_act *act, int64_t report, const char *reason, struct aw_error *err)
{
	if (reason == NULL || aw_policy_reason(act->policy, AW_REASONS_HELD, reason) == NULL)
		return aw_fail(err, AW_INVALID, "reasons.yaml has no reason \"%.40s\" to refuse by",
			reason != NULL ? reason : "");
	return move_on(act, report, "held", "refused", "refused", reason, err);
}
