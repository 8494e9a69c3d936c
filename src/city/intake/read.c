/* city/intake - reading reports: one with its parts, its persons and issues, repeats. */
#include <string.h>

#include "city/intake/inside.h"
#include "city/intake/intake.sql.h"

/* -- one report ------------------------------------------------------------------------------- */

/* Supplements of a report, oldest first, opened. */
static enum aw_status
open_supplements(const struct aw_act *act, const struct aw_key *key, int64_t report,
	json_t ***ret_facts, size_t *ret_count, struct aw_error *err)
{
	struct sql_report_supplement_list *rows;
	json_t **facts;
	size_t count;

	if (sql_report_supplement_list(act->tx,
		    &(struct sql_report_supplement_list_in){ .report = report }, act->arena, &rows,
		    &count, err) != AW_OK)
		return err->status;
	facts = AW_NEW_ARRAY(act->arena, json_t *, count);
	for (size_t i = 0; i < count; i++)
		if (aw_report_unseal(act, key,
			    (struct aw_place){ "report_supplement", "sealed", rows[i].id, 1 },
			    rows[i].sealed, &facts[i], err) != AW_OK)
			return err->status;
	*ret_facts = facts;
	*ret_count = count;
	return AW_OK;
}

static enum aw_status
open_content(const struct aw_act *act, const struct sql_report_by_id *row, int parts,
	struct aw_report *report, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	json_t *content = NULL, *incident, **facts;
	size_t count;
	enum aw_status status = aw_key_get(act->tx, act->keyring, row->key, &key, err);

	if (status == AW_NOT_FOUND) {
		aw_error_clear(err);
		report->erased = true;
		report->answers = aw_json_keep(act->arena, json_object());
		return AW_OK;
	}
	if (status != AW_OK ||
		aw_report_unseal(act, &key, (struct aw_place){ "report", "sealed", row->id, 1 },
			row->sealed, &content, err) != AW_OK)
		return err->status;
	if ((parts & AW_REPORT_CENTRE) != 0)
		report->centre_only = aw_json_string(content, "centre_only");
	if ((parts & AW_REPORT_CONTENT) == 0)
		return AW_OK;
	if (open_supplements(act, &key, row->id, &facts, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		aw_supplement_lay(content, NULL, facts[i]);
	incident = json_object_get(content, "incident");
	report->incident_text = aw_json_string(incident, "at");
	report->address = aw_json_string(incident, "address");
	report->narrative = aw_json_string(incident, "narrative");
	report->answers = json_object_get(content, "answers");
	if (report->answers == NULL)
		report->answers = aw_json_keep(act->arena, json_object());
	return AW_OK;
}

static enum aw_status
open_reporter(const struct aw_act *act, const struct sql_report_by_id *row,
	struct aw_report *report, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	json_t *reporter = NULL;

	if (aw_key_get(act->tx, act->keyring, row->reporter_key, &key, err) != AW_OK ||
		aw_report_unseal(act, &key,
			(struct aw_place){ "report", "reporter_sealed", row->id, 1 },
			row->reporter_sealed, &reporter, err) != AW_OK)
		return err->status;
	report->reporter_name = aw_json_string(reporter, "name");
	report->reporter_phone = aw_json_string(reporter, "phone");
	return AW_OK;
}

static enum aw_status
fill(const struct aw_act *act, const struct sql_report_by_id *row, int parts, struct aw_report *ret,
	struct aw_error *err)
{
	struct aw_report report = {
		.id = row->id,
		.number = row->number,
		.kind = row->kind,
		.channel = row->channel,
		.reporter_role = row->reporter_role,
		.reporter_unit = row->reporter_unit,
		.sender = row->sender,
		.received_at = row->received_at,
		.received_day = row->received_day,
		.incident_at = row->incident_at,
		.district = row->district,
		.urgent = row->urgent,
		.complete_permille = row->complete_permille,
		.missing = row->missing,
		.state = row->state,
		.key = row->key,
	};

	if ((parts & (AW_REPORT_CONTENT | AW_REPORT_CENTRE)) != 0 &&
		open_content(act, row, parts, &report, err) != AW_OK)
		return err->status;
	if ((parts & AW_REPORT_REPORTER) != 0 && open_reporter(act, row, &report, err) != AW_OK)
		return err->status;
	*ret = report;
	return AW_OK;
}

enum aw_status
aw_report_get(const struct aw_act *act, int64_t id, int parts, struct aw_report *ret,
	struct aw_error *err)
{
	struct sql_report_by_id row;
	bool found;

	if (sql_report_by_id(act->tx, &(struct sql_report_by_id_in){ .id = id }, act->arena, &row,
		    &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no such report");
	return fill(act, &row, parts, ret, err);
}

enum aw_status
aw_report_by_number(const struct aw_act *act, const char *number, int parts, struct aw_report *ret,
	struct aw_error *err)
{
	struct sql_report_by_id row;
	bool found;

	if (sql_report_by_number(act->tx,
		    &(struct sql_report_by_number_in){ .number = number != NULL ? number : "" },
		    act->arena, &row, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no such report");
	return fill(act, &row, parts, ret, err);
}

/* -- persons and issues ----------------------------------------------------------------------- */

/* In the place of every person of a report that was erased. */
static json_t *
erased_persons(const struct aw_act *act, size_t count)
{
	json_t *persons = aw_json_keep(act->arena, json_array());

	for (size_t i = 0; i < count; i++) {
		json_t *person = json_object();

		aw_json_put(person, AW_REPORT_ERASED, json_true());
		aw_json_push(persons, person);
	}
	return persons;
}

/* The persons' JSON with what supplements added, in the order of the rows. */
static enum aw_status
open_persons(const struct aw_act *act, int64_t report, int64_t key_id,
	const struct sql_report_person_list *rows, size_t count, json_t **ret_persons,
	struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	json_t *persons = aw_json_keep(act->arena, json_array()), *nothing, **facts;
	size_t fact_count;
	enum aw_status status = aw_key_get(act->tx, act->keyring, key_id, &key, err);

	if (status == AW_NOT_FOUND) {
		aw_error_clear(err);
		*ret_persons = erased_persons(act, count);
		return AW_OK;
	}
	if (status != AW_OK)
		return status;
	for (size_t i = 0; i < count; i++) {
		json_t *person = NULL;
		if (aw_report_unseal(act, &key,
			    (struct aw_place){ "report_person", "sealed", rows[i].id, 1 },
			    rows[i].sealed, &person, err) != AW_OK)
			return err->status;
		aw_json_push(persons, json_incref(person));
	}
	if (open_supplements(act, &key, report, &facts, &fact_count, err) != AW_OK)
		return err->status;
	nothing = aw_json_keep(act->arena, json_object());
	for (size_t i = 0; i < fact_count; i++)
		aw_supplement_lay(nothing, persons, facts[i]);
	*ret_persons = persons;
	return AW_OK;
}

enum aw_status
aw_report_persons(const struct aw_act *act, int64_t report, int parts,
	struct aw_report_person **ret, size_t *ret_count, struct aw_error *err)
{
	struct sql_report_person_list *rows;
	struct aw_report_person *list;
	struct aw_report plain;
	json_t *persons = NULL;
	size_t count;

	if (aw_report_get(act, report, AW_REPORT_PLAIN, &plain, err) != AW_OK ||
		sql_report_person_list(act->tx,
			&(struct sql_report_person_list_in){ .report = report }, act->arena, &rows,
			&count, err) != AW_OK)
		return err->status;
	if ((parts & AW_REPORT_CONTENT) != 0 &&
		open_persons(act, report, plain.key, rows, count, &persons, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(act->arena, struct aw_report_person, count);
	for (size_t i = 0; i < count; i++) {
		list[i] = (struct aw_report_person){
			.id = rows[i].id,
			.report = rows[i].report,
			.position = rows[i].position,
			.role = rows[i].role,
			.sex = rows[i].sex,
			.age = rows[i].age,
			.person = rows[i].person,
			.link_state = rows[i].link_state,
			.probability_ppm = rows[i].probability_ppm,
			.levels = rows[i].levels,
			.recognised_at = rows[i].recognised_at,
			.json = json_array_get(persons, i),
		};
		if (list[i].json == NULL)
			continue;
		list[i].erased = aw_json_bool(list[i].json, AW_REPORT_ERASED, false);
		aw_report_person_read(act->arena, list[i].json, &list[i].as_reported);
		/* what came later may tell sex and age that the row could not */
		if (list[i].sex == NULL)
			list[i].sex = list[i].as_reported.sex;
		if (!list[i].age.known)
			list[i].age = list[i].as_reported.birth_day.known
					      ? AW_KNOWN(aw_years_between(
							(int32_t)list[i].as_reported.birth_day.v,
							plain.received_day))
					      : list[i].as_reported.age;
	}
	*ret = list;
	*ret_count = count;
	return AW_OK;
}

static struct aw_issue
issue_of(const struct sql_issue_list *row)
{
	return (struct aw_issue){ row->id, row->report, row->report_person, row->kind,
		row->screen_result, row->screened_at, row->screened_by, row->duplicate_of };
}

enum aw_status
aw_report_issues(const struct aw_act *act, int64_t report, struct aw_issue **ret, size_t *ret_count,
	struct aw_error *err)
{
	struct sql_issue_list *rows;
	struct aw_issue *list;
	size_t count;

	if (sql_issue_list(act->tx, &(struct sql_issue_list_in){ .report = report }, act->arena,
		    &rows, &count, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(act->arena, struct aw_issue, count);
	for (size_t i = 0; i < count; i++)
		list[i] = issue_of(&rows[i]);
	*ret = list;
	*ret_count = count;
	return AW_OK;
}

enum aw_status
aw_issue_get(const struct aw_act *act, int64_t issue, struct aw_issue *ret, struct aw_error *err)
{
	struct sql_issue_list row;
	bool found;

	if (sql_issue_get(act->tx, &(struct sql_issue_get_in){ .id = issue }, act->arena, &row,
		    &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no such issue");
	*ret = issue_of(&row);
	return AW_OK;
}

/* -- repeats ---------------------------------------------------------------------------------- */

/* Likelier: the same incident day, more people in common, later. */
static bool
likelier(const struct aw_repeat *a, const struct aw_repeat *b)
{
	if (a->same_day != b->same_day)
		return a->same_day;
	if (a->shared_persons != b->shared_persons)
		return a->shared_persons > b->shared_persons;
	return a->received_at > b->received_at;
}

enum aw_status
aw_report_repeats(const struct aw_act *act, int64_t report, int64_t days, struct aw_repeat **ret,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_report_repeats *rows;
	struct aw_repeat *list;
	struct aw_report self;
	size_t count;

	if (aw_report_get(act, report, AW_REPORT_PLAIN, &self, err) != AW_OK ||
		sql_report_repeats(act->tx,
			&(struct sql_report_repeats_in){ .report = report,
				.from_at = self.received_at - days * AW_DAY_MS,
				.to_at = self.received_at },
			act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(act->arena, struct aw_repeat, count);
	for (size_t i = 0; i < count; i++) {
		struct aw_repeat repeat = {
			.report = rows[i].report,
			.number = rows[i].number,
			.kind = rows[i].kind,
			.state = rows[i].state,
			.received_at = rows[i].received_at,
			.shared_persons = rows[i].shared_persons,
			.same_day = rows[i].incident_at.known && self.incident_at.known &&
				    aw_taipei_day(rows[i].incident_at.v) ==
					    aw_taipei_day(self.incident_at.v),
		};
		size_t at = i;
		for (; at > 0 && likelier(&repeat, &list[at - 1]); at--)
			list[at] = list[at - 1];
		list[at] = repeat;
	}
	*ret = list;
	*ret_count = count;
	return AW_OK;
}
