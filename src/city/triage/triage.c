/* city/triage/triage - decide by the policy in force, keep why, let a person decide otherwise. */
#include "city/triage/triage.h"

#include <string.h>

#include "city/intake/report.h"
#include "city/triage/gather.h"
#include "city/triage/record.h"
#include "city/triage/triage.sql.h"
#include "policy/policy.h"
#include "policy/release.h"

/* Supersedes what stands and stores the decision, its record sealed under the report's key. */
static enum aw_status
store(struct aw_act *act, int64_t report_key, struct aw_decision *d, const char *note,
	const char *model, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	struct aw_bytes cell;

	d->id = aw_act_id(act);
	if (sql_decision_supersede(act->tx,
		    &(struct sql_decision_supersede_in){
			    .report = d->report, .issue = d->issue, .superseded_at = act->now_ms },
		    err) != AW_OK ||
		aw_key_get(act->tx, act->keyring, report_key, &key, err) != AW_OK)
		return err->status;
	cell = aw_seal(act->arena, act->keyring, &key,
		(struct aw_place){ "decision", "sealed", d->id, 1 },
		aw_decision_record(act->arena, d, note));
	return sql_decision_insert(act->tx,
		&(struct sql_decision_insert_in){ .id = d->id,
			.report = d->report,
			.issue = { .v = d->issue, .known = d->issue != 0 },
			.release = d->release,
			.model = model,
			.kind = d->kind,
			.scale = d->scale,
			.level = d->level,
			.child_class = d->child_class,
			.priority = d->priority,
			.immediate = d->immediate,
			.lead_type = d->lead.type,
			.sealed = cell,
			.made_at = d->made_at,
			.made_by = { .v = d->made_by, .known = d->made_by != 0 },
			.reason = d->override_reason },
		err);
}

enum aw_status
aw_triage_decide(struct aw_act *act, int64_t report_id, int64_t issue_id,
	struct aw_decision *ret_decision, struct aw_error *err)
{
	struct aw_triage_facts facts = { .arena = act->arena };
	const struct aw_triage *triage;
	struct aw_decision d = { 0 };
	struct aw_report report;

	if (aw_triage_gather(act, report_id, issue_id, &facts, &report, err) != AW_OK)
		return err->status;
	triage = aw_policy_triage(act->policy, report.received_day);
	if (triage == NULL)
		return aw_fail(
			err, AW_INVALID, "no decision model is in force on the report's day");
	if (aw_triage_run(act->arena, triage->model, &facts, report.received_at, &d, err) != AW_OK)
		return aw_wrap(err, "%s", triage->path);
	d.report = report_id;
	d.issue = issue_id;
	d.facts = facts;
	d.release = act->policy->hash;
	d.made_at = act->now_ms;
	d.reclassified = !aw_text_eq(d.kind, report.kind);
	if (store(act, report.key, &d, NULL, triage->path, err) != AW_OK)
		return err->status;
	*ret_decision = d;
	return AW_OK;
}

/* ret_record: NULL when it was erased with its report; then the plain columns are left. The caller owns
 * it. */
static enum aw_status
open_record(struct aw_act *act, int64_t report_key, const struct sql_decision_in_force *row,
	json_t **ret_record, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	struct aw_str text;
	enum aw_status status = aw_key_get(act->tx, act->keyring, report_key, &key, err);

	*ret_record = NULL;
	if (status == AW_NOT_FOUND) {
		aw_error_clear(err);
		return AW_OK;
	}
	if (status != AW_OK || aw_unseal(act->arena, act->keyring, &key,
				       (struct aw_place){ "decision", "sealed", row->id, 1 },
				       row->sealed, &text, err) != AW_OK)
		return err->status;
	return aw_json_parse(text, "decision", ret_record, err);
}

/* The policy that decided: the one in force, or an older release, kept with the city or loaded for the act. */
static enum aw_status
policy_of(struct aw_act *act, const char *release, const struct aw_policy **ret_policy,
	struct aw_error *err)
{
	struct aw_policy *old = NULL;

	*ret_policy = act->policy;
	if (aw_text_eq(release, act->policy->hash))
		return AW_OK;
	if (act->releases != NULL)
		return aw_releases_get(act->releases, act->tx, release, ret_policy, err);
	if (aw_release_read(act->tx, release, &old, err) != AW_OK)
		return err->status;
	aw_policy_free_with(old, act->arena);
	*ret_policy = old;
	return AW_OK;
}

/* Works a decision out again, from the facts of its record by the release that made it. */
static enum aw_status
decide_again(struct aw_act *act, const struct aw_report *report, const char *release,
	const json_t *record, struct aw_decision *d, struct aw_error *err)
{
	struct aw_triage_facts facts;
	const struct aw_policy *policy;
	const struct aw_triage *triage;

	if (aw_decision_read_facts(act->arena, record, &facts, err) != AW_OK ||
		policy_of(act, release, &policy, err) != AW_OK)
		return err->status;
	triage = aw_policy_triage(policy, report->received_day);
	if (triage == NULL)
		return aw_fail(err, AW_CORRUPT, "the release that decided has no decision model");
	if (aw_triage_run(act->arena, triage->model, &facts, report->received_at, d, err) != AW_OK)
		return aw_wrap(err, "%s", triage->path);
	d->otherwise = !aw_decision_fired_same(record, &d->explain);
	return AW_OK;
}

static enum aw_status
in_force(struct aw_act *act, const struct aw_report *report, int64_t issue,
	struct aw_decision *ret_decision, bool *ret_found, struct aw_error *err)
{
	struct sql_decision_in_force row;
	AW_SCOPED(json, json_t *) record = NULL;
	struct aw_decision d = { .facts = { .arena = act->arena } };

	if (sql_decision_in_force(act->tx,
		    &(struct sql_decision_in_force_in){ .report = report->id, .issue = issue },
		    act->arena, &row, ret_found, err) != AW_OK)
		return err->status;
	if (!*ret_found)
		return AW_OK;
	if (open_record(act, report->key, &row, &record, err) != AW_OK ||
		(record != NULL &&
			decide_again(act, report, row.release, record, &d, err) != AW_OK))
		return err->status;
	d.id = row.id;
	d.report = row.report;
	d.issue = row.issue.known ? row.issue.v : 0;
	d.kind = row.kind;
	d.scale = row.scale;
	d.level = row.level;
	d.child_class = row.child_class;
	d.priority = row.priority;
	d.immediate = row.immediate;
	d.lead.type = row.lead_type;
	d.release = row.release;
	d.made_at = row.made_at;
	d.made_by = row.made_by.known ? row.made_by.v : 0;
	d.override_reason = row.reason;
	d.reclassified = !aw_text_eq(d.kind, report->kind);
	*ret_decision = d;
	return AW_OK;
}

enum aw_status
aw_triage_get(struct aw_act *act, int64_t report_id, struct aw_decision *ret_decision,
	bool *ret_found, struct aw_error *err)
{
	struct aw_report report;

	if (aw_report_get(act, report_id, AW_REPORT_PLAIN, &report, err) != AW_OK)
		return err->status;
	return in_force(act, &report, 0, ret_decision, ret_found, err);
}

/* -- a person decides otherwise ------------------------------------------------------------- */

static bool
level_of(const struct aw_policy *policy, const char *scale_code, const char *level)
{
	const struct aw_scale *scale =
		scale_code == NULL ? NULL : aw_policy_scale(policy, scale_code);

	for (size_t i = 0; scale != NULL && i < scale->level_count; i++) {
		if (aw_text_eq(scale->levels[i].code, level))
			return true;
	}
	return false;
}

static enum aw_status
apply(const struct aw_policy *policy, const struct aw_triage_change *change, struct aw_decision *d,
	struct aw_error *err)
{
	if (change->level != NULL) {
		if (!level_of(policy, d->scale, change->level))
			return aw_fail(err, AW_INVALID, "the scale has no such level");
		d->level = change->level;
	}
	if (change->child_class != NULL) {
		if (d->child_class == NULL || !level_of(policy, "child_class", change->child_class))
			return aw_fail(err, AW_INVALID, "there is no such class");
		d->child_class = change->child_class;
	}
	if (change->priority != NULL) {
		if (!level_of(policy, "priority", change->priority))
			return aw_fail(err, AW_INVALID, "there is no such priority");
		d->priority = change->priority;
	}
	if (change->lead_type != NULL) {
		if (aw_policy_unit_type(policy, change->lead_type) == NULL)
			return aw_fail(err, AW_INVALID, "there is no such type of unit");
		d->lead.type = change->lead_type;
	}
	return AW_OK;
}

enum aw_status
aw_triage_override(struct aw_act *act, int64_t decision_id, const struct aw_triage_change *change,
	const char *reason, const char *note, struct aw_decision *ret_decision,
	struct aw_error *err)
{
	const struct aw_reason_code *code =
		reason == NULL ? NULL : aw_policy_reason(act->policy, AW_REASONS_EDIT, reason);
	struct sql_decision_get row;
	struct aw_report report;
	struct aw_decision d;
	bool found;

	if (code == NULL)
		return aw_fail(err, AW_INVALID, "say why: choose a reason for the change");
	if (code->needs_note && (note == NULL || note[0] == '\0'))
		return aw_fail(err, AW_INVALID, "say more about the reason");
	if (sql_decision_get(act->tx, &(struct sql_decision_get_in){ .id = decision_id },
		    act->arena, &row, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "no such decision");
	if (row.superseded_at.known)
		return aw_fail(
			err, AW_CONFLICT, "the decision was replaced meanwhile: reload the page");
	if (aw_report_get(act, row.report, AW_REPORT_PLAIN, &report, err) != AW_OK ||
		in_force(act, &report, row.issue.known ? row.issue.v : 0, &d, &found, err) != AW_OK)
		return err->status;
	if (!found || d.id != decision_id)
		return aw_fail(
			err, AW_CONFLICT, "the decision was replaced meanwhile: reload the page");
	if (apply(act->policy, change, &d, err) != AW_OK)
		return err->status;
	act->object = report.number;
	d.made_at = act->now_ms;
	d.made_by = act->viewer->account;
	d.override_reason = reason;
	if (store(act, report.key, &d, note, "override", err) != AW_OK)
		return err->status;
	*ret_decision = d;
	return AW_OK;
}
