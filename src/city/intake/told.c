/* city/intake - what rooms to the right tell of a report: who is in it, what came of each issue. */
#include <string.h>

#include "city/intake/inside.h"
#include "city/intake/intake.sql.h"

static struct aw_maybe
known_id(int64_t id)
{
	return id != 0 ? AW_KNOWN(id) : AW_UNKNOWN;
}

static bool
one_of(const char *text, const char *const *list, size_t count)
{
	for (size_t i = 0; text != NULL && i < count; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return false;
}

enum aw_status
aw_report_person_set_link(
	struct aw_act *act, const struct aw_report_link *link, struct aw_error *err)
{
	static const char *const states[] = { "none", "proposed", "confirmed", "rejected",
		"created" };
	bool somebody = link->person != 0;
	int64_t changed;

	if (!one_of(link->state, states, AW_COUNT(states)))
		return aw_fail(err, AW_INVALID,
			"a link is none, proposed, confirmed, rejected or "
			"created");
	if (somebody && strcmp(link->state, "none") == 0)
		return aw_fail(err, AW_INVALID, "a link to somebody has a state");
	if (sql_report_person_link(act->tx,
		    &(struct sql_report_person_link_in){
			    .id = link->report_person,
			    .person = known_id(link->person),
			    .link_state = link->state,
			    .probability_ppm =
				    somebody ? AW_KNOWN(link->probability_ppm) : AW_UNKNOWN,
			    .levels = link->levels,
			    .recognised_at = act->now_ms,
			    .decided_by = known_id(link->by_account),
		    },
		    &changed, err) != AW_OK)
		return err->status;
	return changed == 1 ? AW_OK
			    : aw_fail(err, AW_NOT_FOUND, "there is no such person in a report");
}

/* -- candidates, register answers ------------------------------------------------------------- */

enum aw_status
aw_report_candidates_put(struct aw_act *act, int64_t report_person,
	const struct aw_report_candidate *candidates, size_t count, struct aw_error *err)
{
	if (sql_report_candidate_clear(act->tx,
		    &(struct sql_report_candidate_clear_in){ .report_person = report_person },
		    err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (sql_report_candidate_insert(act->tx,
			    &(struct sql_report_candidate_insert_in){
				    .report_person = report_person,
				    .rank = (int64_t)i + 1,
				    .person = candidates[i].person,
				    .probability_ppm = candidates[i].probability_ppm,
				    .levels = candidates[i].levels,
			    },
			    err) != AW_OK)
			return err->status;
	return AW_OK;
}

enum aw_status
aw_report_candidates(const struct aw_act *act, int64_t report_person,
	struct aw_report_candidate **ret, size_t *ret_count, struct aw_error *err)
{
	struct sql_report_candidate_list *rows;
	struct aw_report_candidate *list;
	size_t count;

	if (sql_report_candidate_list(act->tx,
		    &(struct sql_report_candidate_list_in){ .report_person = report_person },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(act->arena, struct aw_report_candidate, count);
	for (size_t i = 0; i < count; i++)
		list[i] = (struct aw_report_candidate){ rows[i].person, rows[i].probability_ppm,
			rows[i].levels };
	*ret = list;
	*ret_count = count;
	return AW_OK;
}

enum aw_status
aw_register_answers_put(struct aw_act *act, int64_t report_person,
	const struct aw_register_said *answers, size_t count, struct aw_error *err)
{
	static const char *const said[] = { "none", "past", "open" };

	if (sql_register_answer_clear(act->tx,
		    &(struct sql_register_answer_clear_in){ .report_person = report_person },
		    err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (!one_of(answers[i].answer, said, AW_COUNT(said)))
			return aw_fail(
				err, AW_INVALID, "a register's answer is none, past or open");
		if (sql_register_answer_insert(act->tx,
			    &(struct sql_register_answer_insert_in){
				    .report_person = report_person,
				    .register_ = answers[i].register_code,
				    .extract_day = answers[i].extract_day,
				    .answer = answers[i].answer,
				    .record = known_id(answers[i].record),
				    .answered_at = act->now_ms,
			    },
			    err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_register_answers(const struct aw_act *act, int64_t report_person, struct aw_register_said **ret,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_register_answer_list *rows;
	struct aw_register_said *list;
	size_t count;

	if (sql_register_answer_list(act->tx,
		    &(struct sql_register_answer_list_in){ .report_person = report_person },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(act->arena, struct aw_register_said, count);
	for (size_t i = 0; i < count; i++)
		list[i] = (struct aw_register_said){
			.register_code = rows[i].register_code,
			.extract_day = rows[i].extract_day,
			.answer = rows[i].answer,
			.record = rows[i].record.known ? rows[i].record.v : 0,
			.answered_at = rows[i].answered_at,
		};
	*ret = list;
	*ret_count = count;
	return AW_OK;
}

/* -- issues ----------------------------------------------------------------------------------- */

static enum aw_status
set_result(struct aw_act *act, int64_t issue, const char *result, int64_t duplicate_of,
	struct aw_error *err)
{
	int64_t changed;

	if (sql_issue_screen_set(act->tx,
		    &(struct sql_issue_screen_set_in){
			    .id = issue,
			    .screen_result = result,
			    .screened_at = act->now_ms,
			    .screened_by = known_id(act->viewer->account),
			    .duplicate_of = known_id(duplicate_of),
		    },
		    &changed, err) != AW_OK)
		return err->status;
	return changed == 1 ? AW_OK : aw_fail(err, AW_NOT_FOUND, "there is no such issue");
}

enum aw_status
aw_issue_screen(struct aw_act *act, int64_t issue, const char *result, int64_t duplicate_of,
	struct aw_error *err)
{
	const struct aw_reason_code *code =
		aw_policy_reason(act->policy, AW_REASONS_SCREEN, result);
	struct aw_report other;
	struct aw_issue row;

	if (code == NULL)
		return aw_fail(err, AW_INVALID, "the policy has no such screen result");
	if (strcmp(result, "reclassified") == 0)
		return aw_fail(err, AW_INVALID, "an issue is reclassified with its new kind");
	if (aw_issue_get(act, issue, &row, err) != AW_OK)
		return err->status;
	if (aw_text_eq(row.screen_result, "reclassified"))
		return aw_fail(err, AW_CONFLICT, "this issue was reclassified");
	if (code->needs_report != (duplicate_of != 0))
		return aw_fail(err, AW_INVALID,
			code->needs_report ? "say which report it repeats"
					   : "this result names no other report");
	if (duplicate_of == row.report && duplicate_of != 0)
		return aw_fail(err, AW_INVALID, "a report does not repeat itself");
	if (duplicate_of != 0 &&
		aw_report_get(act, duplicate_of, AW_REPORT_PLAIN, &other, err) != AW_OK)
		return err->status;
	return set_result(act, issue, result, duplicate_of, err);
}

enum aw_status
aw_issue_add(struct aw_act *act, int64_t report_person, const char *kind, int64_t *ret_issue,
	struct aw_error *err)
{
	struct sql_report_person_report person;
	struct sql_issue_same same;
	int64_t id = aw_act_id(act);
	bool found;

	if (kind == NULL || aw_policy_kind(act->policy, kind) == NULL)
		return aw_fail(err, AW_INVALID, "the policy has no such kind of report");
	if (sql_report_person_report(act->tx,
		    &(struct sql_report_person_report_in){ .id = report_person }, act->arena,
		    &person, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no such person in a report");
	if (sql_issue_same(act->tx,
		    &(struct sql_issue_same_in){ .report_person = report_person, .kind = kind },
		    act->arena, &same, &found, err) != AW_OK)
		return err->status;
	if (found)
		return aw_fail(err, AW_CONFLICT, "the report has this issue already");
	if (sql_issue_insert(act->tx,
		    &(struct sql_issue_insert_in){
			    .id = id,
			    .report = person.report,
			    .report_person = report_person,
			    .kind = kind,
			    .recorded_at = act->now_ms,
		    },
		    err) != AW_OK)
		return err->status;
	*ret_issue = id;
	return AW_OK;
}

enum aw_status
aw_issue_reclassify(struct aw_act *act, int64_t issue, const char *kind, int64_t *ret_issue,
	struct aw_error *err)
{
	struct aw_issue row;

	if (aw_issue_get(act, issue, &row, err) != AW_OK)
		return err->status;
	if (kind != NULL && strcmp(row.kind, kind) == 0)
		return aw_fail(err, AW_INVALID, "the issue is of this kind already");
	if (aw_text_eq(row.screen_result, "reclassified"))
		return aw_fail(err, AW_CONFLICT, "this issue was reclassified already");
	if (aw_issue_add(act, row.report_person, kind, ret_issue, err) != AW_OK)
		return err->status;
	return set_result(act, issue, "reclassified", 0, err);
}

/* -- state ------------------------------------------------------------------------------------ */

enum aw_status
aw_report_state_set(struct aw_act *act, int64_t report, const char *state, struct aw_error *err)
{
	static const char *const states[] = { "received", "screened", "dispatched", "closed" };
	struct aw_report row;
	size_t from = 0, to = 0;
	int64_t changed;

	if (!one_of(state, states, AW_COUNT(states)))
		return aw_fail(err, AW_INVALID,
			"a report is received, screened, dispatched or "
			"closed");
	if (aw_report_get(act, report, AW_REPORT_PLAIN, &row, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < AW_COUNT(states); i++) {
		from = strcmp(states[i], row.state) == 0 ? i : from;
		to = strcmp(states[i], state) == 0 ? i : to;
	}
	if (from == to)
		return AW_OK;
	if (to < from && !(from == 2 && to == 1)) /* a returned dispatch is screened again */
		return aw_fail(err, AW_CONFLICT, "a report that is %s does not become %s",
			states[from], state);
	if (sql_report_state_set(act->tx,
		    &(struct sql_report_state_set_in){
			    .id = report, .state = state, .from_state = row.state },
		    &changed, err) != AW_OK)
		return err->status;
	return changed == 1 ? AW_OK : aw_fail(err, AW_CONFLICT, "the report changed meanwhile");
}
