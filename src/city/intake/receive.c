/* city/intake - receiving a report: checked, sealed and stored whole, or not at all. */
#include <string.h>

#include "base/hash.h"
#include "city/intake/inside.h"
#include "city/intake/intake.sql.h"
#include "db/change.h"
#include "db/work.h"

enum { CODE_BITS = 80, SALT_BYTES = 32, RECEIPT_MS = 24 * 3600 * 1000 };

/* -- sealing ---------------------------------------------------------------------------------- */

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

static const char *
person_text(struct aw_arena *arena, const struct aw_report_person_in *person)
{
	AW_SCOPED(json, json_t *) json = aw_report_person_json(person);

	return aw_json_text(arena, json);
}

/* Stores a person; text is what is sealed of them. */
static enum aw_status
store_person(struct aw_act *act, const struct aw_key *key, const struct aw_report_seat *seat,
	const struct aw_report_person_in *person, const char *text, int64_t *ret_id,
	struct aw_error *err)
{
	int64_t id = aw_act_id(act);
	struct aw_maybe age = person->age;

	if (person->birth_day.known)
		age = AW_KNOWN(aw_years_between(
			(int32_t)person->birth_day.v, aw_taipei_day(seat->received_at)));
	if (sql_report_person_insert(act->tx,
		    &(struct sql_report_person_insert_in){
			    .id = id,
			    .report = seat->report,
			    .position = seat->position,
			    .role = person->role != NULL ? person->role : seat->default_role,
			    .sealed = seal_text(act, key, "report_person", "sealed", id, text),
			    .sex = person->sex,
			    .age = age,
		    },
		    err) != AW_OK)
		return err->status;
	*ret_id = id;
	return AW_OK;
}

enum aw_status
aw_report_person_store(struct aw_act *act, const struct aw_key *key,
	const struct aw_report_seat *seat, const struct aw_report_person_in *person,
	int64_t *ret_id, struct aw_error *err)
{
	return store_person(act, key, seat, person, person_text(act->arena, person), ret_id, err);
}

/* -- the same report sent twice --------------------------------------------------------------- */

/* What is sealed of a report, as JSON: made once, for the cells and for the hash. */
struct texts {
	const char *content, *reporter;
	const char **persons;
};

static void
make_texts(struct aw_arena *arena, const struct aw_report_in *in, struct texts *ret)
{
	AW_SCOPED(json, json_t *) content = aw_report_content_json(in);
	AW_SCOPED(json, json_t *) reporter = aw_report_reporter_json(in);

	ret->content = aw_json_text(arena, content);
	ret->reporter = aw_json_text(arena, reporter);
	ret->persons = AW_NEW_ARRAY(arena, const char *, in->person_count);
	for (size_t i = 0; i < in->person_count; i++)
		ret->persons[i] = person_text(arena, &in->persons[i]);
}

/* Hash of what was sent, salted with what only the sealed receipt holds: equal bodies are known
 * again, and the hash alone tells nothing of the body. */
static void
body_hash(struct aw_arena *arena, const struct aw_report_in *in, const struct texts *texts,
	const char *salt, uint8_t ret_hash[AW_SHA256_BYTES])
{
	const char *const parts[] = { salt, in->kind, in->channel, in->reporter.role,
		in->reporter.unit, in->urgent ? "1" : "0", texts->content, texts->reporter };
	struct aw_buf buf = { .arena = arena };

	for (size_t i = 0; i < AW_COUNT(parts); i++) {
		aw_buf_text(&buf, parts[i]);
		aw_buf_char(&buf, '\n');
	}
	for (size_t i = 0; i < in->person_count; i++) {
		aw_buf_text(&buf, texts->persons[i]);
		aw_buf_char(&buf, '\n');
	}
	aw_sha256(aw_buf_z(&buf), buf.len, ret_hash);
}

static json_t *
receipt_json(const struct aw_receipt *receipt, const char *salt)
{
	json_t *json = json_object();

	aw_json_put_text(json, "number", receipt->number);
	aw_json_put_text(json, "code", receipt->code);
	aw_json_put_int(json, "received_at", receipt->received_at);
	aw_json_put_text(json, "missing", receipt->missing_codes);
	aw_json_put_text(json, "salt", salt);
	return json;
}

/* Gives back the receipt of an earlier sending of the same key. */
static enum aw_status
known_receipt(struct aw_act *act, const struct aw_report_in *in, const struct texts *texts,
	const struct sql_idempotency_get *row, struct aw_receipt *ret, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	uint8_t hash[AW_SHA256_BYTES];
	json_t *json = NULL;

	if (aw_key_get(act->tx, act->keyring, row->receipt_key, &key, err) != AW_OK ||
		aw_report_unseal(act, &key,
			(struct aw_place){ "idempotency", "receipt_sealed", row->report, 1 },
			row->receipt_sealed, &json, err) != AW_OK)
		return err->status;
	body_hash(act->arena, in, texts, aw_json_string(json, "salt"), hash);
	if (row->body_hash.len != sizeof(hash) ||
		memcmp(row->body_hash.at, hash, sizeof(hash)) != 0)
		return aw_fail(err, AW_CONFLICT,
			"this idempotency key was used within 24 hours for another report");
	ret->report = row->report;
	ret->number = aw_json_string(json, "number");
	ret->code = aw_json_string(json, "code");
	ret->missing_codes = aw_json_string(json, "missing");
	(void)aw_json_int(json, "received_at", &ret->received_at);
	ret->repeated = true;
	aw_report_completeness(act->policy, act->arena, in, &ret->complete);
	return AW_OK;
}

/* Receipts older than a day go, with their keys: after that nobody can read a lookup code. */
static enum aw_status
forget_old(struct aw_act *act, struct aw_error *err)
{
	struct sql_idempotency_old *rows;
	size_t count;

	if (sql_idempotency_old(act->tx,
		    &(struct sql_idempotency_old_in){ .before_at = act->real_ms - RECEIPT_MS },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (aw_key_erase(act->tx, rows[i].receipt_key, err) != AW_OK ||
			sql_idempotency_delete(act->tx,
				&(struct sql_idempotency_delete_in){
					.sender = rows[i].sender, .key = rows[i].key },
				err) != AW_OK)
			return err->status;
	return AW_OK;
}

static const char *
sender_of(const struct aw_report_in *in)
{
	return in->sender != NULL ? in->sender : "";
}

static enum aw_status
find_receipt(struct aw_act *act, const struct aw_report_in *in, const struct texts *texts,
	struct aw_receipt *ret, bool *ret_found, struct aw_error *err)
{
	struct sql_idempotency_get row;

	*ret_found = false;
	if (in->idempotency_key == NULL)
		return AW_OK;
	if (forget_old(act, err) != AW_OK ||
		sql_idempotency_get(act->tx,
			&(struct sql_idempotency_get_in){
				.sender = sender_of(in), .key = in->idempotency_key },
			act->arena, &row, ret_found, err) != AW_OK)
		return err->status;
	return *ret_found ? known_receipt(act, in, texts, &row, ret, err) : AW_OK;
}

static enum aw_status
keep_receipt(struct aw_act *act, const struct aw_report_in *in, const struct texts *texts,
	const struct aw_receipt *receipt, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	AW_SCOPED(json, json_t *) json = NULL;
	uint8_t salt[SALT_BYTES], hash[AW_SHA256_BYTES];
	int64_t key_id = aw_act_id(act);

	if (in->idempotency_key == NULL)
		return AW_OK;
	aw_random_bytes(salt, sizeof(salt));
	json = receipt_json(receipt, aw_hex(act->arena, salt, sizeof(salt)));
	body_hash(act->arena, in, texts, aw_json_string(json, "salt"), hash);
	if (aw_key_make(act->tx, act->keyring, key_id, "receipt", &key, err) != AW_OK)
		return err->status;
	return sql_idempotency_insert(act->tx,
		&(struct sql_idempotency_insert_in){
			.sender = sender_of(in),
			.key = in->idempotency_key,
			.body_hash = { hash, sizeof(hash) },
			.report = receipt->report,
			.receipt_key = key_id,
			.receipt_sealed = aw_report_seal(
				act, &key, "idempotency", "receipt_sealed", receipt->report, json),
			.at = act->real_ms,
		},
		err);
}

/* -- storing ---------------------------------------------------------------------------------- */

struct storing {
	struct aw_act *act;
	const struct aw_report_in *in;
	const struct texts *texts;
	const struct aw_kind *kind;
	struct aw_receipt *receipt;
	struct aw_key key, reporter_key;
	uint8_t lookup_hash[AW_SHA256_BYTES];
};

/* The lookup code's hash is bound to the number, so that one table of guesses fits one report. */
static void
hash_code(struct aw_arena *arena, const char *number, const char *canonical,
	uint8_t ret_hash[AW_SHA256_BYTES])
{
	const char *text = aw_arena_printf(arena, "anwang lookup\n%s\n%s", number, canonical);

	aw_sha256(text, strlen(text), ret_hash);
}

static void
make_code(struct storing *s)
{
	uint8_t random[(CODE_BITS + 7) / 8];
	struct aw_arena *arena = s->act->arena;

	aw_random_bytes(random, sizeof(random));
	s->receipt->code = aw_code32(arena, random, CODE_BITS);
	hash_code(arena, s->receipt->number, aw_code32_canonical(arena, s->receipt->code),
		s->lookup_hash);
}

static const char *
missing_codes(struct aw_arena *arena, const struct aw_completeness *complete)
{
	struct aw_buf buf = { .arena = arena };

	for (size_t i = 0; i < complete->missing_count; i++)
		aw_buf_printf(&buf, "%s%s", i > 0 ? " " : "", complete->missing[i].need->code);
	return aw_buf_z(&buf);
}

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
	struct aw_receipt *receipt = s->receipt;
	int64_t key_id = aw_act_id(act), reporter_key_id = aw_act_id(act);

	if (aw_key_make(act->tx, act->keyring, key_id, "report", &s->key, err) != AW_OK ||
		aw_key_make(act->tx, act->keyring, reporter_key_id, "reporter", &s->reporter_key,
			err) != AW_OK)
		return err->status;
	return sql_report_insert(act->tx,
		&(struct sql_report_insert_in){
			.id = receipt->report,
			.number = receipt->number,
			.lookup_hash = { s->lookup_hash, sizeof(s->lookup_hash) },
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
			.key = key_id,
			.sealed = seal_text(act, &s->key, "report", "sealed", receipt->report,
				s->texts->content),
			.reporter_key = reporter_key_id,
			.reporter_sealed = seal_text(act, &s->reporter_key, "report",
				"reporter_sealed", receipt->report, s->texts->reporter),
			.state = in->held_source != NULL ? "held" : "received",
			.recorded_at = act->now_ms,
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
			.recorded_at = s->act->now_ms,
		},
		err);
}

/* The persons, and an issue for each subject. A report that names no subject is about somebody all
 * the same: a person nobody knows anything of yet. */
static enum aw_status
store_persons(struct storing *s, struct aw_error *err)
{
	const char *role = aw_kind_subject_role(s->kind);
	struct aw_report_person_in nobody = { .role = role };
	size_t subjects = 0, count = s->in->person_count;

	for (size_t i = 0; i < count; i++)
		subjects += aw_report_is_subject(s->kind, s->in->persons[i].role);
	for (size_t i = 0; i < count + (subjects == 0 ? 1 : 0); i++) {
		const struct aw_report_person_in *person = i < count ? &s->in->persons[i] : &nobody;
		struct aw_report_seat seat = { .report = s->receipt->report,
			.position = (int64_t)i + 1,
			.received_at = s->receipt->received_at,
			.default_role = role };
		int64_t id;

		if (store_person(s->act, &s->key, &seat, person,
			    i < count ? s->texts->persons[i] : person_text(s->act->arena, person),
			    &id, err) != AW_OK)
			return err->status;
		if (aw_report_is_subject(s->kind, person->role) && store_issue(s, id, err) != AW_OK)
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
			act->now_ms, err);
	return sql_report_hold_insert(act->tx,
		&(struct sql_report_hold_insert_in){ .report = s->receipt->report,
			.source = s->in->held_source,
			.held_at = act->now_ms },
		err);
}

static enum aw_status
store(struct storing *s, struct aw_error *err)
{
	struct aw_act *act = s->act;
	struct aw_receipt *receipt = s->receipt;
	char *number;

	if (aw_act_number(act, 'R', &number, err) != AW_OK)
		return err->status;
	receipt->report = aw_act_id(act);
	receipt->number = number;
	make_code(s);
	if (store_report(s, err) != AW_OK || store_persons(s, err) != AW_OK ||
		store_event(s, err) != AW_OK || store_next(s, err) != AW_OK)
		return err->status;
	act->object = receipt->number;
	return keep_receipt(act, s->in, s->texts, receipt, err);
}

enum aw_status
aw_report_receive(struct aw_act *act, struct aw_report_in *in, struct aw_receipt *ret,
	struct aw_report_problems *problems, struct aw_error *err)
{
	struct aw_report_problems warnings = { 0 };
	struct aw_receipt receipt = { 0 };
	struct texts texts;
	struct storing storing = { .act = act, .in = in, .texts = &texts, .receipt = &receipt };
	enum aw_status status;
	bool found;

	aw_report_check(act->policy, act->arena, act->now_ms, act->demo, in, problems, &warnings);
	if (problems->count > 0)
		return aw_report_refuse(problems, err);
	make_texts(act->arena, in, &texts);
	if (find_receipt(act, in, &texts, &receipt, &found, err) != AW_OK)
		return err->status;
	receipt.warnings = warnings.at;
	receipt.warning_count = warnings.count;
	if (found) {
		act->object = receipt.number;
		*ret = receipt;
		return AW_OK;
	}
	storing.kind = aw_policy_kind(act->policy, in->kind);
	receipt.received_at = in->received_at != 0 ? in->received_at : act->now_ms;
	aw_report_completeness(act->policy, act->arena, in, &receipt.complete);
	receipt.missing_codes = missing_codes(act->arena, &receipt.complete);
	status = store(&storing, err);
	aw_key_done(&storing.key);
	aw_key_done(&storing.reporter_key);
	if (status == AW_OK)
		*ret = receipt;
	return status;
}

/* -- the public status page ------------------------------------------------------------------- */

/* Equal in time that does not tell where they differ. */
static bool
same_hash(const uint8_t *a, const uint8_t *b, size_t len)
{
	volatile uint8_t different = 0;

	for (size_t i = 0; i < len; i++)
		different = (uint8_t)(different | (a[i] ^ b[i]));
	return different == 0;
}

enum aw_status
aw_report_status(const struct aw_act *act, const char *number, const char *code,
	const char **ret_status, struct aw_error *err)
{
	static const uint8_t absent[AW_SHA256_BYTES] = { 0 };
	const char *canonical = code != NULL ? aw_code32_canonical(act->arena, code) : NULL;
	char *given = aw_arena_strdup(act->arena, number != NULL ? number : "");
	uint8_t hash[AW_SHA256_BYTES];
	struct sql_report_lookup row = { 0 };
	const uint8_t *kept = absent;
	bool found, same;

	for (char *c = given; *c != '\0'; c++)
		*c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
	/* the same statement and hash whatever was given, so that the time tells nothing */
	hash_code(act->arena, given, canonical != NULL ? canonical : "", hash);
	if (sql_report_lookup(act->tx, &(struct sql_report_lookup_in){ .number = given },
		    act->arena, &row, &found, err) != AW_OK)
		return err->status;
	if (found && row.lookup_hash.len == sizeof(hash))
		kept = row.lookup_hash.at;
	same = same_hash(kept, hash, sizeof(hash));
	if (!same || kept == absent)
		*ret_status = NULL;
	else if (strcmp(row.state, "received") == 0 || strcmp(row.state, "held") == 0)
		*ret_status = "received";
	else
		*ret_status = strcmp(row.state, "closed") == 0 || strcmp(row.state, "refused") == 0
				      ? "closed"
				      : "working";
	return AW_OK;
}
