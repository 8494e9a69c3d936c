/* city/intake - the same report sent twice: for a day its sender's own key gives the same receipt. */
#include <string.h>

#include "city/intake/inside.h"
#include "city/intake/intake.sql.h"

#define PURPOSE "receipts" /* of the key: see aw_key_derive */

enum { SALT_BYTES = 32, RECEIPT_MS = 24 * 3600 * 1000 };

/* Hash of what was sent, salted with what only the sealed receipt holds: equal bodies are known
 * again, and the hash alone tells nothing of the body. */
static void
body_hash(struct aw_arena *arena, const struct aw_report_ready *ready, const char *salt,
	uint8_t ret_hash[AW_SHA256_BYTES])
{
	const struct aw_report_in *in = ready->in;
	const char *const parts[] = { salt, in->kind, in->channel, in->reporter.role,
		in->reporter.unit, in->urgent ? "1" : "0", ready->content_text,
		ready->reporter_text };
	struct aw_buf buf = { .arena = arena };

	for (size_t i = 0; i < AW_COUNT(parts); i++) {
		aw_buf_text(&buf, parts[i]);
		aw_buf_char(&buf, '\n');
	}
	for (size_t i = 0; i < in->person_count; i++) {
		aw_buf_text(&buf, ready->persons[i].text);
		aw_buf_char(&buf, '\n');
	}
	aw_sha256(aw_buf_z(&buf), buf.len, ret_hash);
}

static const char *
sender_of(const struct aw_report_in *in)
{
	return in->sender != NULL ? in->sender : "";
}

/* The number is not in it: it is given when the report is stored, and stands in its row. */
static json_t *
receipt_json(const struct aw_receipt *receipt, const char *salt)
{
	json_t *json = json_object();

	aw_json_put_text(json, "code", receipt->code);
	aw_json_put_int(json, "received_at", receipt->received_at);
	aw_json_put_text(json, "missing", receipt->missing_codes);
	aw_json_put_text(json, "salt", salt);
	return json;
}

enum aw_status
aw_again_ready(struct aw_act *act, struct aw_report_ready *ready, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	AW_SCOPED(json, json_t *) json = NULL;
	uint8_t salt[SALT_BYTES];

	if (ready->in->idempotency_key == NULL)
		return AW_OK;
	if (aw_key_derive(act->keyring, 0, PURPOSE, ready->receipt.report, &key,
		    &ready->receipt_epoch, err) != AW_OK)
		return err->status;
	aw_random_bytes(salt, sizeof(salt));
	json = receipt_json(&ready->receipt, aw_hex(act->arena, salt, sizeof(salt)));
	body_hash(act->arena, ready, aw_json_string(json, "salt"), ready->body_hash);
	ready->receipt_cell = aw_report_seal(
		act, &key, "idempotency", "receipt_sealed", ready->receipt.report, json);
	return AW_OK;
}

enum aw_status
aw_again_keep(const struct aw_act *act, const struct aw_report_ready *ready, struct aw_error *err)
{
	const struct aw_report_in *in = ready->in;

	if (in->idempotency_key == NULL)
		return AW_OK;
	return sql_idempotency_insert(act->tx,
		&(struct sql_idempotency_insert_in){
			.sender = sender_of(in),
			.key = in->idempotency_key,
			.body_hash = { ready->body_hash, sizeof(ready->body_hash) },
			.report = ready->receipt.report,
			.receipt_epoch = ready->receipt_epoch,
			.receipt_sealed = ready->receipt_cell,
			.at = act->real_ms,
		},
		err);
}

/* A version before this sealed each under a key of its own. Where the epoch was destroyed within the day
 * the receipt cannot be given again, but neither is the report taken a second time. */
static enum aw_status
receipt_key(struct aw_act *act, const struct sql_idempotency_get *row, struct aw_key *ret_key,
	struct aw_error *err)
{
	if (!row->receipt_epoch.known)
		return aw_key_get(act->tx, act->keyring, row->receipt_key, ret_key, err);
	if (aw_key_derive(act->keyring, row->receipt_epoch.v, PURPOSE, row->report, ret_key, NULL,
		    err) == AW_OK)
		return AW_OK;
	return aw_fail(err, AW_CONFLICT,
		"this idempotency key was used within 24 hours, and its receipt went with the "
		"keys of its time");
}

/* Gives back the receipt of an earlier sending of the same key. */
static enum aw_status
known_receipt(struct aw_act *act, const struct aw_report_ready *ready,
	const struct sql_idempotency_get *row, struct aw_receipt *ret, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	uint8_t hash[AW_SHA256_BYTES];
	json_t *json = NULL;

	if (receipt_key(act, row, &key, err) != AW_OK ||
		aw_report_unseal(act, &key,
			(struct aw_place){ "idempotency", "receipt_sealed", row->report, 1 },
			row->receipt_sealed, &json, err) != AW_OK)
		return err->status;
	body_hash(act->arena, ready, aw_json_string(json, "salt"), hash);
	if (row->body_hash.len != sizeof(hash) ||
		memcmp(row->body_hash.at, hash, sizeof(hash)) != 0)
		return aw_fail(err, AW_CONFLICT,
			"this idempotency key was used within 24 hours for another report");
	*ret = (struct aw_receipt){ .report = row->report,
		.number = row->number,
		.code = aw_json_string(json, "code"),
		.missing_codes = aw_json_string(json, "missing"),
		.repeated = true,
		.complete = ready->receipt.complete,
		.warnings = ready->receipt.warnings,
		.warning_count = ready->receipt.warning_count };
	(void)aw_json_int(json, "received_at", &ret->received_at);
	return AW_OK;
}

/* A receipt goes, with its key if it has one: after that nobody can read its lookup code. */
static enum aw_status
forget(const struct aw_act *act, const char *sender, const char *key, int64_t receipt_key,
	struct aw_error *err)
{
	if (receipt_key != 0 && aw_key_erase(act->tx, receipt_key, err) != AW_OK)
		return err->status;
	return sql_idempotency_delete(
		act->tx, &(struct sql_idempotency_delete_in){ .sender = sender, .key = key }, err);
}

enum aw_status
aw_receipts_forget(const struct aw_act *act, size_t *ret_count, struct aw_error *err)
{
	struct sql_idempotency_old *rows;
	size_t count;

	if (sql_idempotency_old(act->tx,
		    &(struct sql_idempotency_old_in){ .before_at = act->real_ms - RECEIPT_MS,
			    .at_most = AW_RECEIPTS_AT_ONCE },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (forget(act, rows[i].sender, rows[i].key, rows[i].receipt_key, err) != AW_OK)
			return err->status;
	*ret_count = count;
	return AW_OK;
}

enum aw_status
aw_again_find(struct aw_act *act, const struct aw_report_ready *ready, struct aw_receipt *ret,
	bool *ret_found, struct aw_error *err)
{
	const struct aw_report_in *in = ready->in;
	struct sql_idempotency_get row;
	bool found;

	*ret_found = false;
	/* a key that is taken lets no second row in: most are new, and are not asked for first */
	if (in->idempotency_key == NULL || aw_tx_dares(act->tx))
		return AW_OK;
	if (sql_idempotency_get(act->tx,
		    &(struct sql_idempotency_get_in){
			    .sender = sender_of(in), .key = in->idempotency_key },
		    act->arena, &row, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return AW_OK;
	if (row.at < act->real_ms - RECEIPT_MS)
		return forget(act, sender_of(in), in->idempotency_key, row.receipt_key, err);
	*ret_found = true;
	return known_receipt(act, ready, &row, ret, err);
}
