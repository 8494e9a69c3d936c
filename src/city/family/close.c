/* city/family/close - service cases read, handed on and closed. */
#include <string.h>

#include "city/family/cell.h"
#include "city/person/person.h"
#include "guard/access.h"
#include "guard/relation.h"
#include "policy/policy.h"

static struct aw_service_case
service_case_of(const struct sql_service_case_get *row)
{
	return (struct aw_service_case){
		.id = row->id,
		.family_case = row->family_case,
		.number = row->number,
		.family_number = row->family_number,
		.unit = row->unit,
		.kind = row->kind,
		.side = row->side,
		.level = row->level,
		.subject = row->subject,
		.worker = row->worker,
		.opened_at = row->opened_at,
		.issue = row->issue,
		.closed_at = row->closed_at,
		.close_reason = row->close_reason,
		.close_asked_at = row->close_asked_at,
		.close_asked_by = row->close_asked_by,
	};
}

enum aw_status
aw_service_case_get(
	const struct aw_act *act, int64_t id, struct aw_service_case *ret, struct aw_error *err)
{
	struct sql_service_case_get row;
	bool found;

	if (sql_service_case_get(act->tx, &(struct sql_service_case_get_in){ .id = id }, act->arena,
		    &row, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "no such case");
	*ret = service_case_of(&row);
	return AW_OK;
}

enum aw_status
aw_service_case_by_number(const struct aw_act *act, const char *number, struct aw_service_case *ret,
	struct aw_error *err)
{
	struct sql_service_case_by_number row;
	bool found;

	if (sql_service_case_by_number(act->tx,
		    &(struct sql_service_case_by_number_in){ .number = number }, act->arena, &row,
		    &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "no such case");
	return aw_service_case_get(act, row.id, ret, err);
}

enum aw_status
aw_service_cases_open_of(const struct aw_act *act, int64_t person,
	struct aw_service_case **ret_list, size_t *ret_count, struct aw_error *err)
{
	struct sql_service_case_get *rows;
	struct aw_service_case *list;
	size_t count;

	if (sql_service_cases_open_of(act->tx,
		    &(struct sql_service_cases_open_of_in){ .person = person }, act->arena, &rows,
		    &count, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(act->arena, struct aw_service_case, count);
	for (size_t i = 0; i < count; i++)
		list[i] = service_case_of(&rows[i]);
	*ret_list = list;
	*ret_count = count;
	return AW_OK;
}

static enum aw_status
load_open(
	struct aw_act *act, int64_t service_case, struct aw_service_case *ret, struct aw_error *err)
{
	if (aw_service_case_get(act, service_case, ret, err) != AW_OK ||
		aw_family_of_unit(act, ret->unit, err) != AW_OK)
		return err->status;
	act->object = ret->number;
	aw_act_looked(act, ret->subject, AW_CLASS_BIT(AW_CLASS_PLAN));
	if (ret->closed_at.known)
		return aw_fail(err, AW_CONFLICT, "case %s is closed", ret->number);
	return AW_OK;
}

static enum aw_status
put_ask(struct aw_act *act, int64_t service_case, const char *reason, struct aw_maybe at,
	struct aw_maybe by, struct aw_error *err)
{
	int64_t changed;

	if (sql_service_case_close_ask(act->tx,
		    &(struct sql_service_case_close_ask_in){ .id = service_case,
			    .close_reason = reason,
			    .close_asked_at = at,
			    .close_asked_by = by },
		    &changed, err) != AW_OK)
		return err->status;
	if (changed != 1)
		return aw_fail(err, AW_CONFLICT, "the case was closed meanwhile");
	return AW_OK;
}

enum aw_status
aw_family_close_ask(
	struct aw_act *act, int64_t service_case, const char *reason, struct aw_error *err)
{
	const struct aw_kind *kind;
	const struct aw_reason_code *code;
	struct aw_service_case found;

	if (load_open(act, service_case, &found, err) != AW_OK)
		return err->status;
	if (found.close_asked_at.known)
		return aw_fail(
			err, AW_CONFLICT, "closing case %s was asked for already", found.number);
	kind = aw_policy_kind(act->policy, found.kind);
	code = reason == NULL ? NULL : aw_policy_reason(act->policy, AW_REASONS_CLOSE, reason);
	if (code == NULL || kind == NULL || !aw_reason_allowed(code, kind, true))
		return aw_fail(
			err, AW_INVALID, "choose a reason for closing that this kind allows");
	return put_ask(act, service_case, reason, AW_KNOWN(act->now_ms),
		AW_KNOWN(act->viewer->account), err);
}

enum aw_status
aw_family_close_answer(struct aw_act *act, int64_t service_case, bool approve, const char *note,
	struct aw_error *err)
{
	struct aw_service_case found;
	int64_t changed;

	if (load_open(act, service_case, &found, err) != AW_OK)
		return err->status;
	if (!found.close_asked_at.known)
		return aw_fail(err, AW_CONFLICT, "nobody asked to close case %s", found.number);
	if (found.close_asked_by.known && found.close_asked_by.v == act->viewer->account)
		return aw_fail(err, AW_DENIED, "closing is approved by another person");
	if (!approve) {
		if (note == NULL || note[0] == '\0')
			return aw_fail(err, AW_INVALID, "say what is still to be done");
		return put_ask(act, service_case, NULL, AW_UNKNOWN, AW_UNKNOWN, err);
	}
	if (sql_service_case_close(act->tx,
		    &(struct sql_service_case_close_in){ .id = service_case,
			    .closed_at = act->now_ms,
			    .closed_day = aw_taipei_day(act->now_ms),
			    .close_approved_by = act->viewer->account },
		    &changed, err) != AW_OK)
		return err->status;
	if (changed != 1)
		return aw_fail(err, AW_CONFLICT, "the case was closed meanwhile");
	if (aw_relation_end(act, service_case, err) != AW_OK)
		return err->status;
	return aw_involvement_end(act, service_case, 0, act->now_ms, err);
}

enum aw_status
aw_family_assign(struct aw_act *act, int64_t service_case, int64_t worker, struct aw_error *err)
{
	struct aw_service_case found;
	int64_t changed;

	if (load_open(act, service_case, &found, err) != AW_OK)
		return err->status;
	if (sql_service_case_worker(act->tx,
		    &(struct sql_service_case_worker_in){ .id = service_case, .worker = worker },
		    &changed, err) != AW_OK ||
		aw_relation_assign(act, service_case, worker, err) != AW_OK)
		return err->status;
	return aw_involvement_assign(act, service_case, found.unit, worker, err);
}
