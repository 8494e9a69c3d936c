/* city/intake - a report made ready: all that can be done before its unit of work, which the one writer
 * runs, is done on the caller's thread. */
#include "city/intake/inside.h"

static struct aw_bytes
seal_text(struct aw_act *act, const struct aw_key *key, const char *table, const char *column,
	int64_t row, const char *text)
{
	struct aw_place place = { .table = table, .column = column, .row = row, .version = 1 };

	return aw_seal(act->arena, act->keyring, key, place, aw_str(text));
}

struct aw_bytes
aw_report_seal(struct aw_act *act, const struct aw_key *key, const char *table, const char *column,
	int64_t row, const json_t *json)
{
	return seal_text(act, key, table, column, row, aw_json_text(act->arena, json));
}

void
aw_report_person_ready(struct aw_act *act, const struct aw_key *key,
	const struct aw_report_person_in *person, struct aw_ready_person *ret)
{
	AW_SCOPED(json, json_t *) json = aw_report_person_json(person);

	ret->id = aw_act_id(act);
	ret->text = aw_json_text(act->arena, json);
	ret->sealed = seal_text(act, key, "report_person", "sealed", ret->id, ret->text);
}

/* The persons as sent. A report that names no subject is about somebody all the same: a person nobody
 * knows anything of yet. */
static void
ready_persons(struct aw_act *act, const struct aw_key *key, struct aw_report_ready *ready)
{
	const struct aw_report_in *in = ready->in;
	size_t subjects = 0;

	for (size_t i = 0; i < in->person_count; i++)
		subjects += aw_report_is_subject(ready->kind, in->persons[i].role);
	ready->person_count = in->person_count + (subjects == 0 ? 1 : 0);
	ready->persons = AW_NEW_ARRAY(act->arena, struct aw_ready_person, ready->person_count);
	ready->nobody.role = aw_kind_subject_role(ready->kind);
	for (size_t i = 0; i < ready->person_count; i++) {
		ready->persons[i].in = i < in->person_count ? &in->persons[i] : &ready->nobody;
		aw_report_person_ready(act, key, ready->persons[i].in, &ready->persons[i]);
	}
}

static const char *
missing_codes(struct aw_arena *arena, const struct aw_completeness *complete)
{
	struct aw_buf buf = { .arena = arena };

	for (size_t i = 0; i < complete->missing_count; i++)
		aw_buf_printf(&buf, "%s%s", i > 0 ? " " : "", complete->missing[i].need->code);
	return aw_buf_z(&buf);
}

static void
ready_cells(struct aw_act *act, struct aw_report_ready *ready)
{
	AW_SCOPE(aw_key) key = { 0 };
	AW_SCOPE(aw_key) reporter_key = { 0 };
	AW_SCOPED(json, json_t *) content = aw_report_content_json(ready->in);
	AW_SCOPED(json, json_t *) reporter = aw_report_reporter_json(ready->in);
	int64_t report = ready->receipt.report;

	aw_key_draw(act->keyring, aw_act_id(act), &key, &ready->key);
	aw_key_draw(act->keyring, aw_act_id(act), &reporter_key, &ready->reporter_key);
	ready->content_text = aw_json_text(act->arena, content);
	ready->reporter_text = aw_json_text(act->arena, reporter);
	ready->content = seal_text(act, &key, "report", "sealed", report, ready->content_text);
	ready->reporter = seal_text(
		act, &reporter_key, "report", "reporter_sealed", report, ready->reporter_text);
	ready_persons(act, &key, ready);
}

enum aw_status
aw_report_make_ready(struct aw_act *act, struct aw_report_in *in, struct aw_report_ready **ret,
	struct aw_report_problems *problems, struct aw_error *err)
{
	struct aw_report_ready *ready = AW_NEW(act->arena, struct aw_report_ready);
	struct aw_receipt *receipt = &ready->receipt;
	struct aw_report_problems warnings = { 0 };

	aw_report_check(act->policy, act->arena, act->now_ms, act->demo, in, problems, &warnings);
	if (problems->count > 0)
		return aw_report_refuse(problems, err);
	ready->in = in;
	ready->now_ms = act->now_ms;
	ready->kind = aw_policy_kind(act->policy, in->kind);
	receipt->report = aw_act_id(act);
	receipt->received_at = in->received_at != 0 ? in->received_at : act->now_ms;
	receipt->code = aw_lookup_code(act->arena);
	receipt->warnings = warnings.at;
	receipt->warning_count = warnings.count;
	aw_report_completeness(act->policy, act->arena, in, &receipt->complete);
	receipt->missing_codes = missing_codes(act->arena, &receipt->complete);
	ready_cells(act, ready);
	*ret = ready;
	return aw_again_ready(act, ready, err);
}
