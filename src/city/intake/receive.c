/* city/intake - receiving a report: what was made ready is stored whole, or not at all. */
#include "city/intake/inside.h"
#include "city/intake/intake.sql.h"
#include "db/change.h"
#include "db/work.h"

enum aw_status
aw_report_unseal(const struct aw_act *act, const struct aw_key *key, struct aw_place place,
	struct aw_bytes cell, json_t **ret_json, struct aw_error *err)
{
	struct aw_str text;
	json_t *json;

	if (aw_unseal(act->arena, act->keyring, key, place, cell, &text, err) != AW_OK ||
		aw_json_parse(text, place.column, &json, err) != AW_OK)
		return err->status;
	*ret_json = aw_json_keep(act->arena, json);
	return AW_OK;
}

static enum aw_status
store_person(const struct aw_act *act, const struct aw_report_seat *seat,
	const struct aw_ready_person *ready, struct aw_error *err)
{
	const struct aw_report_person_in *person = ready->in;
	struct aw_maybe age = person->age;

	if (person->birth_day.known)
		age = AW_KNOWN(aw_years_between(
			(int32_t)person->birth_day.v, aw_taipei_day(seat->received_at)));
	return sql_report_person_insert(act->tx,
		&(struct sql_report_person_insert_in){
			.id = ready->id,
			.report = seat->report,
			.position = seat->position,
			.role = person->role != NULL ? person->role : seat->default_role,
			.sealed = ready->sealed,
			.sex = person->sex,
			.age = age,
		},
		err);
}

enum aw_status
aw_report_person_store(struct aw_act *act, const struct aw_key *key,
	const struct aw_report_seat *seat, const struct aw_report_person_in *person,
	int64_t *ret_id, struct aw_error *err)
{
	struct aw_ready_person ready = { .in = person };

	aw_report_person_ready(act, key, person, &ready);
	*ret_id = ready.id;
	return store_person(act, seat, &ready, err);
}

/* -- storing ---------------------------------------------------------------------------------- */

struct storing {
	struct aw_act *act;
	const struct aw_report_ready *ready;
	const struct aw_report_in *in;
	struct aw_receipt *receipt;
};

static struct aw_maybe
account_of(const struct aw_act *act)
{
	return act->viewer->account != 0 ? AW_KNOWN(act->viewer->account) : AW_UNKNOWN;
}

static enum aw_status
store_report(struct storing *s, struct aw_error *err)
{
	struct aw_act *act = s->act;
	const struct aw_report_in *in = s->in;
	const struct aw_report_ready *ready = s->ready;
	const struct aw_receipt *receipt = s->receipt;
	uint8_t lookup_hash[AW_SHA256_BYTES];

	if (aw_key_keep(act->tx, act->keyring, &ready->key, "report", err) != AW_OK ||
		aw_key_keep(act->tx, act->keyring, &ready->reporter_key, "reporter", err) != AW_OK)
		return err->status;
	aw_lookup_hash(act->arena, receipt->number, receipt->code, lookup_hash);
	return sql_report_insert(act->tx,
		&(struct sql_report_insert_in){
			.id = receipt->report,
			.number = receipt->number,
			.lookup_hash = { lookup_hash, sizeof(lookup_hash) },
			.kind = in->kind,
			.channel = in->channel,
			.reporter_role = in->reporter.role,
			.reporter_unit =
				in->outreach_unit != NULL ? in->outreach_unit : in->reporter.unit,
			.sender = in->sender,
			.received_at = receipt->received_at,
			.received_day = aw_taipei_day(receipt->received_at),
			.incident_at = in->incident.at,
			.district = in->incident.district,
			.urgent = in->urgent,
			.complete_permille = receipt->complete.permille,
			.missing = receipt->missing_codes,
			.key = ready->key.id,
			.sealed = ready->content,
			.reporter_key = ready->reporter_key.id,
			.reporter_sealed = ready->reporter,
			.state = in->held_source != NULL ? "held" : "received",
			.recorded_at = ready->now_ms,
			.recorded_by = account_of(act),
		},
		err);
}

static enum aw_status
store_issue(struct storing *s, int64_t report_person, struct aw_error *err)
{
	return sql_issue_insert(s->act->tx,
		&(struct sql_issue_insert_in){
			.id = aw_act_id(s->act),
			.report = s->receipt->report,
			.report_person = report_person,
			.kind = s->in->kind,
			.recorded_at = s->ready->now_ms,
		},
		err);
}

/* The persons, and an issue for each subject. */
static enum aw_status
store_persons(struct storing *s, struct aw_error *err)
{
	const struct aw_report_ready *ready = s->ready;

	for (size_t i = 0; i < ready->person_count; i++) {
		const struct aw_ready_person *person = &ready->persons[i];
		struct aw_report_seat seat = { .report = s->receipt->report,
			.position = (int64_t)i + 1,
			.received_at = s->receipt->received_at,
			.default_role = aw_kind_subject_role(ready->kind) };

		if (store_person(s->act, &seat, person, err) != AW_OK)
			return err->status;
		if (aw_report_is_subject(ready->kind, person->in->role) &&
			store_issue(s, person->id, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static enum aw_status
store_event(struct storing *s, struct aw_error *err)
{
	if (sql_report_event_insert(s->act->tx,
		    &(struct sql_report_event_insert_in){
			    .id = aw_act_id(s->act),
			    .report = s->receipt->report,
			    .kind = "received",
			    .at = s->receipt->received_at,
			    .account = account_of(s->act),
			    .unit = s->act->viewer->unit,
			    .code = s->in->channel,
		    },
		    err) != AW_OK)
		return err->status;
	return aw_change_note(s->act->tx, AW_REPORT_CHANGE, s->receipt->report, err);
}

/* What happens next: screening, or somebody looks whether it is a report at all. */
static enum aw_status
store_next(struct storing *s, struct aw_error *err)
{
	struct aw_act *act = s->act;

	if (s->in->held_source == NULL)
		return aw_work_enqueue(act->tx, aw_act_id(act), "screen_report", s->receipt->report,
			s->ready->now_ms, err);
	return sql_report_hold_insert(act->tx,
		&(struct sql_report_hold_insert_in){ .report = s->receipt->report,
			.source = s->in->held_source,
			.held_at = s->ready->now_ms },
		err);
}

/* Its number is of the day on which it was made ready, as its other times are. */
static enum aw_status
give_number(struct storing *s, struct aw_error *err)
{
	struct aw_act then = *s->act;
	char *number;

	then.now_ms = s->ready->now_ms;
	if (aw_act_number(&then, 'R', &number, err) != AW_OK)
		return err->status;
	s->receipt->number = number;
	return AW_OK;
}

enum aw_status
aw_report_receive_ready(struct aw_act *act, const struct aw_report_ready *ready,
	struct aw_receipt *ret, struct aw_error *err)
{
	struct aw_receipt receipt = ready->receipt;
	struct storing storing = {
		.act = act, .ready = ready, .in = ready->in, .receipt = &receipt
	};
	bool found;

	if (aw_again_find(act, ready, &receipt, &found, err) != AW_OK)
		return err->status;
	if (!found &&
		(give_number(&storing, err) != AW_OK || store_report(&storing, err) != AW_OK ||
			store_persons(&storing, err) != AW_OK ||
			store_event(&storing, err) != AW_OK || store_next(&storing, err) != AW_OK ||
			aw_again_keep(act, ready, err) != AW_OK))
		return err->status;
	act->object = receipt.number;
	*ret = receipt;
	return AW_OK;
}

enum aw_status
aw_report_receive(struct aw_act *act, struct aw_report_in *in, struct aw_receipt *ret,
	struct aw_report_problems *problems, struct aw_error *err)
{
	struct aw_report_ready *ready;

	if (aw_report_make_ready(act, in, &ready, problems, err) != AW_OK)
		return err->status;
	return aw_report_receive_ready(act, ready, ret, err);
}
