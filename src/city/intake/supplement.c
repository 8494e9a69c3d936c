/* city/intake - 補件: facts asked back, and answered into the same report. */
#include <string.h>

#include "city/intake/inside.h"
#include "city/intake/intake.sql.h"
#include "db/change.h"

static struct aw_maybe
account_of(const struct aw_act *act)
{
	return act->viewer->account != 0 ? AW_KNOWN(act->viewer->account) : AW_UNKNOWN;
}

static enum aw_status
note_event(struct aw_act *act, int64_t report, const char *kind, struct aw_error *err)
{
	if (sql_report_event_insert(act->tx,
		    &(struct sql_report_event_insert_in){
			    .id = aw_act_id(act),
			    .report = report,
			    .kind = kind,
			    .at = act->now_ms,
			    .account = account_of(act),
			    .unit = act->viewer->unit,
		    },
		    err) != AW_OK)
		return err->status;
	return aw_change_note(act->tx, AW_REPORT_CHANGE, report, err);
}

/* A code that a form of any kind could want: a report may have become another kind. */
static bool
is_wanted(const struct aw_policy *policy, const char *code)
{
	for (size_t k = 0; k < policy->kind_count; k++)
		for (size_t i = 0; i < policy->kinds[k].need_count; i++)
			if (strcmp(policy->kinds[k].needs[i].code, code) == 0)
				return true;
	return false;
}

enum aw_status
aw_supplement_ask(struct aw_act *act, int64_t report, const char *const *items, size_t item_count,
	int64_t *ret_request, struct aw_error *err)
{
	struct aw_buf codes = { .arena = act->arena };
	const struct aw_deadline *clock;
	struct aw_report row;
	int64_t id = aw_act_id(act);

	if (aw_report_get(act, report, AW_REPORT_PLAIN, &row, err) != AW_OK)
		return err->status;
	if (act->viewer->account == 0)
		return aw_fail(err, AW_DENIED, "somebody with an account asks for facts");
	if (strcmp(row.state, "closed") == 0)
		return aw_fail(err, AW_CONFLICT, "the report is closed");
	if (item_count == 0)
		return aw_fail(err, AW_INVALID, "say which facts are asked for");
	for (size_t i = 0; i < item_count; i++) {
		if (!is_wanted(act->policy, items[i]))
			return aw_fail(err, AW_INVALID, "no form asks for one of these facts");
		aw_buf_printf(&codes, "%s%s", i > 0 ? " " : "", items[i]);
	}
	clock = aw_policy_clock(
		act->policy, "supplement", row.kind, NULL, aw_taipei_day(act->now_ms));
	if (clock == NULL)
		return aw_fail(err, AW_CORRUPT, "the policy has no clock for supplements");
	if (sql_supplement_request_insert(act->tx,
		    &(struct sql_supplement_request_insert_in){
			    .id = id,
			    .report = report,
			    .items = aw_buf_z(&codes),
			    .asked_at = act->now_ms,
			    .asked_by = act->viewer->account,
			    .due_at = aw_policy_due(act->policy, clock, act->now_ms),
		    },
		    err) != AW_OK ||
		note_event(act, report, "supplement_asked", err) != AW_OK)
		return err->status;
	*ret_request = id;
	return AW_OK;
}

/* -- the answer ------------------------------------------------------------------------------- */

/* The facts must be right by themselves: read as a report of the same kind. */
static enum aw_status
check_facts(struct aw_act *act, const struct aw_report *report, const json_t *facts,
	struct aw_report_in *ret_in, struct aw_error *err)
{
	struct aw_report_problems problems = { 0 }, warnings = { 0 };

	if (aw_report_from_json(act->arena, facts, ret_in, &problems, err) != AW_OK)
		return err->status;
	if (ret_in->kind != NULL || ret_in->channel != NULL || ret_in->reporter.role != NULL ||
		ret_in->centre_only != NULL)
		return aw_fail(
			err, AW_INVALID, "a supplement holds incident, answers and persons alone");
	ret_in->kind = report->kind;
	aw_report_check(
		act->policy, act->arena, act->now_ms, act->demo, ret_in, &problems, &warnings);
	return aw_report_refuse(&problems, err);
}

/* Persons without a position are new ones. */
static enum aw_status
add_persons(struct aw_act *act, const struct aw_report *report, const struct aw_key *key,
	const json_t *facts, const struct aw_report_in *in, struct aw_error *err)
{
	const struct aw_kind *kind = aw_policy_kind(act->policy, report->kind);
	struct aw_report_seat seat = { .report = report->id,
		.received_at = report->received_at,
		.default_role = aw_kind_subject_role(kind) };
	const json_t *list = json_object_get(facts, "persons");
	struct aw_report_person *known;
	size_t count;

	if (aw_report_persons(act, report->id, AW_REPORT_PLAIN, &known, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < in->person_count; i++) {
		int64_t position, id, issue;
		if (aw_json_int(json_array_get(list, i), "position", &position)) {
			if (position < 1 || position > (int64_t)count)
				return aw_fail(err, AW_INVALID,
					"persons.%zu.position: no such person in the report", i);
			continue;
		}
		if (count++ >= AW_REPORT_PERSONS_MOST)
			return aw_fail(err, AW_INVALID, "persons: report.too_many (30)");
		seat.position = (int64_t)count;
		if (aw_report_person_store(act, key, &seat, &in->persons[i], &id, err) != AW_OK)
			return err->status;
		if (aw_report_is_subject(kind, in->persons[i].role) &&
			aw_issue_add(act, id, report->kind, &issue, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static enum aw_status
keep_facts(struct aw_act *act, const struct aw_report *report, int64_t request, const json_t *facts,
	const struct aw_report_in *in, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	int64_t id = aw_act_id(act), changed;

	if (aw_key_get(act->tx, act->keyring, report->key, &key, err) != AW_OK ||
		add_persons(act, report, &key, facts, in, err) != AW_OK)
		return err->status;
	if (request != 0) {
		if (sql_supplement_request_answered(act->tx,
			    &(struct sql_supplement_request_answered_in){ .id = request,
				    .report = report->id,
				    .answered_at = act->now_ms },
			    &changed, err) != AW_OK)
			return err->status;
		if (changed != 1)
			return aw_fail(err, AW_CONFLICT,
				"this request was answered already, or is not of this report");
	}
	return sql_report_supplement_insert(act->tx,
		&(struct sql_report_supplement_insert_in){
			.id = id,
			.report = report->id,
			.request = request != 0 ? AW_KNOWN(request) : AW_UNKNOWN,
			.sealed =
				aw_report_seal(act, &key, "report_supplement", "sealed", id, facts),
			.received_at = act->now_ms,
			.recorded_by = account_of(act),
		},
		err);
}

/* Completeness over everything that is known by now. */
static enum aw_status
complete_again(struct aw_act *act, int64_t id, struct aw_completeness *ret, struct aw_error *err)
{
	struct aw_report_person *persons;
	struct aw_report_person_in *list;
	struct aw_report_in in = { 0 };
	struct aw_buf codes = { .arena = act->arena };
	struct aw_report report;
	size_t count;

	if (aw_report_get(act, id, AW_REPORT_CONTENT, &report, err) != AW_OK ||
		aw_report_persons(act, id, AW_REPORT_CONTENT, &persons, &count, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(act->arena, struct aw_report_person_in, count);
	for (size_t i = 0; i < count; i++) {
		list[i] = persons[i].as_reported;
		list[i].role = persons[i].role;
	}
	in.kind = report.kind;
	in.incident.at_text = report.incident_text;
	in.incident.at = report.incident_at;
	in.incident.district = report.district;
	in.incident.address = report.address;
	in.incident.narrative = report.narrative;
	in.persons = list;
	in.person_count = count;
	in.answers = report.answers;
	aw_report_completeness(act->policy, act->arena, &in, ret);
	for (size_t i = 0; i < ret->missing_count; i++)
		aw_buf_printf(&codes, "%s%s", i > 0 ? " " : "", ret->missing[i].need->code);
	return sql_report_complete_set(act->tx,
		&(struct sql_report_complete_set_in){
			.id = id, .complete_permille = ret->permille, .missing = aw_buf_z(&codes) },
		err);
}

enum aw_status
aw_supplement_answer(struct aw_act *act, int64_t report, int64_t request, const json_t *facts,
	struct aw_completeness *ret, struct aw_error *err)
{
	struct aw_completeness complete;
	struct aw_report_in in = { 0 };
	struct aw_report row;

	if (aw_report_get(act, report, AW_REPORT_PLAIN, &row, err) != AW_OK ||
		check_facts(act, &row, facts, &in, err) != AW_OK ||
		keep_facts(act, &row, request, facts, &in, err) != AW_OK ||
		note_event(act, report, "supplement_answered", err) != AW_OK ||
		complete_again(act, report, &complete, err) != AW_OK)
		return err->status;
	*ret = complete;
	return AW_OK;
}

/* -- reading ---------------------------------------------------------------------------------- */

static enum aw_status
open_answer(const struct aw_act *act, const struct aw_key *key,
	const struct sql_report_supplement_list *row, const char **ret_answer, struct aw_error *err)
{
	json_t *facts;

	if (aw_report_unseal(act, key,
		    (struct aw_place){ "report_supplement", "sealed", row->id, 1 }, row->sealed,
		    &facts, err) != AW_OK)
		return err->status;
	*ret_answer = aw_json_text(act->arena, facts);
	return AW_OK;
}

enum aw_status
aw_supplements(const struct aw_act *act, int64_t report, int parts, struct aw_supplement **ret,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_supplement_request_list *asked;
	struct sql_report_supplement_list *answers;
	struct aw_supplement *list;
	struct aw_report row;
	AW_SCOPE(aw_key) key = { 0 };
	size_t asked_count, answer_count, count = 0;
	bool open = (parts & AW_REPORT_CONTENT) != 0;
	enum aw_status status;

	if (aw_report_get(act, report, AW_REPORT_PLAIN, &row, err) != AW_OK)
		return err->status;
	status = open ? aw_key_get(act->tx, act->keyring, row.key, &key, err) : AW_OK;
	if (status == AW_NOT_FOUND) { /* erased */
		aw_error_clear(err);
		open = false;
		status = AW_OK;
	}
	if (status != AW_OK ||
		sql_supplement_request_list(act->tx,
			&(struct sql_supplement_request_list_in){ .report = report }, act->arena,
			&asked, &asked_count, err) != AW_OK ||
		sql_report_supplement_list(act->tx,
			&(struct sql_report_supplement_list_in){ .report = report }, act->arena,
			&answers, &answer_count, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(act->arena, struct aw_supplement, asked_count + answer_count);
	for (size_t i = 0; i < asked_count; i++)
		list[count++] = (struct aw_supplement){ .request = asked[i].id,
			.items = asked[i].items,
			.asked_at = AW_KNOWN(asked[i].asked_at),
			.due_at = AW_KNOWN(asked[i].due_at),
			.answered_at = asked[i].answered_at };
	for (size_t i = 0; i < answer_count; i++) {
		struct aw_supplement *at = NULL;
		for (size_t k = 0; k < asked_count && answers[i].request.known; k++)
			if (list[k].request == answers[i].request.v)
				at = &list[k];
		if (at == NULL) {
			at = &list[count++];
			at->answered_at = AW_KNOWN(answers[i].received_at);
		}
		if (open && open_answer(act, &key, &answers[i], &at->answer, err) != AW_OK)
			return err->status;
	}
	*ret = list;
	*ret_count = count;
	return AW_OK;
}
