/* Makes proofs out of the log, and checks them without it. */
#include "guard/log_proof.h"

#include <inttypes.h>
#include <string.h>

#include "db/setting.h"
#include "guard/guard.sql.h"
#include "guard/note.h"

/* -- making ------------------------------------------------------------------------------------- */

static enum aw_status
prove_row(const struct sql_guard_log_hashes *row, void *arg, struct aw_error *err)
{
	struct aw_prover *prover = arg;
	struct aw_hash hash;

	if (row->leaf != (int64_t)prover->next || row->hash.len != AW_HASH_BYTES)
		return aw_fail(err, AW_CORRUPT,
			"the log has a gap or a bad hash at leaf %lld: run anwang audit verify",
			(long long)prover->next);
	memcpy(hash.at, row->hash.at, AW_HASH_BYTES);
	aw_prover_leaf(prover, &hash);
	return AW_OK;
}

static enum aw_status
prove(struct aw_tx *tx, int64_t size, struct aw_proof *ret_proof, struct aw_error *err)
{
	struct aw_prover prover;

	aw_prover_begin(&prover, ret_proof);
	if (sql_guard_log_hashes(tx,
		    &(struct sql_guard_log_hashes_in){ .from_leaf = 0, .to_leaf = size }, prove_row,
		    &prover, err) != AW_OK)
		return err->status;
	if (prover.next != (uint64_t)size)
		return aw_fail(
			err, AW_NOT_FOUND, "the log has only %lld entries", (long long)prover.next);
	return AW_OK;
}

enum aw_status
aw_log_prove_inclusion(struct aw_tx *tx, int64_t leaf, int64_t size, struct aw_proof *ret_proof,
	struct aw_error *err)
{
	if (leaf < 0 || leaf >= size)
		return aw_fail(err, AW_NOT_FOUND, "leaf %lld is not in a log of %lld entries",
			(long long)leaf, (long long)size);
	aw_tree_inclusion((uint64_t)leaf, (uint64_t)size, ret_proof);
	return prove(tx, size, ret_proof, err);
}

enum aw_status
aw_log_prove_growth(struct aw_tx *tx, int64_t old, int64_t size, struct aw_proof *ret_proof,
	struct aw_error *err)
{
	if (old < 1 || old > size)
		return aw_fail(err, AW_NOT_FOUND, "a log of %lld entries did not grow from %lld",
			(long long)size, (long long)old);
	aw_tree_consistency((uint64_t)old, (uint64_t)size, ret_proof);
	return prove(tx, size, ret_proof, err);
}

static enum aw_status
find_checkpoint(struct aw_tx *tx, struct aw_arena *arena, int64_t size, const char **ret_note,
	int64_t *ret_size, struct aw_error *err)
{
	struct sql_guard_checkpoint_last row = { 0 };
	bool found = false;

	if ((size == 0 ? sql_guard_checkpoint_last(tx, arena, &row, &found, err)
		       : sql_guard_checkpoint_get(tx,
				 &(struct sql_guard_checkpoint_get_in){ .size = size }, arena, &row,
				 &found, err)) != AW_OK)
		return err->status;
	if (!found && size == 0)
		return aw_fail(err, AW_NOT_FOUND, "nothing of the log is signed yet");
	if (!found)
		return aw_fail(err, AW_NOT_FOUND,
			"there is no checkpoint over %" PRId64 " entries: those of the witness "
			"file can be proven",
			size);
	*ret_note = row.note;
	*ret_size = row.size;
	return AW_OK;
}

static void
put_hash(json_t *json, struct aw_arena *arena, const char *key, const struct aw_hash *hash)
{
	aw_json_put_text(json, key, aw_hex(arena, hash->at, AW_HASH_BYTES));
}

static void
put_proof(json_t *json, struct aw_arena *arena, const struct aw_proof *proof)
{
	json_t *list = json_array();

	for (size_t i = 0; i < proof->count; i++)
		aw_json_push(list, json_string(aw_hex(arena, proof->hashes[i].at, AW_HASH_BYTES)));
	aw_json_put(json, "hashes", list);
}

/* A proof that proves nothing does not leave: somebody has been at the log. */
static enum aw_status
give_proof(struct aw_tx *tx, struct aw_arena *arena, json_t *json, json_t **ret_json,
	struct aw_error *err)
{
	struct aw_log_proven proven;
	const char *verifier = NULL;
	enum aw_status status = aw_setting_get(tx, arena, "log.verifier", &verifier, err);

	if (status == AW_OK)
		status = aw_log_proof_check(json, verifier, (struct aw_str){ 0 }, &proven, err);
	if (status == AW_OK && !proven.good)
		status = aw_fail(err, AW_CORRUPT, "%s: run anwang audit verify", proven.text);
	if (status != AW_OK) {
		json_decref(json);
		return status;
	}
	*ret_json = json;
	return AW_OK;
}

enum aw_status
aw_log_proof_inclusion(struct aw_tx *tx, struct aw_arena *arena, int64_t leaf, int64_t size,
	json_t **ret_json, struct aw_error *err)
{
	struct sql_guard_log_hash row = { 0 };
	struct aw_proof proof;
	struct aw_hash hash;
	const char *note = NULL;
	bool found = false;
	json_t *json;

	if (find_checkpoint(tx, arena, size, &note, &size, err) != AW_OK)
		return err->status;
	if (leaf >= size)
		return aw_fail(err, AW_NOT_FOUND,
			"the checkpoint covers %" PRId64 " entries, and so not leaf %" PRId64
			": the next one is signed within a minute",
			size, leaf);
	if (aw_log_prove_inclusion(tx, leaf, size, &proof, err) != AW_OK ||
		sql_guard_log_hash(tx, &(struct sql_guard_log_hash_in){ .leaf = leaf }, arena, &row,
			&found, err) != AW_OK)
		return err->status;
	if (!found || row.hash.len != AW_HASH_BYTES)
		return aw_fail(err, AW_CORRUPT, "leaf %" PRId64 " of the log has no hash", leaf);
	memcpy(hash.at, row.hash.at, AW_HASH_BYTES);
	json = json_object();
	aw_json_put_text(json, "kind", "inclusion");
	aw_json_put_int(json, "leaf", leaf);
	put_hash(json, arena, "leaf_hash", &hash);
	aw_json_put_int(json, "size", size);
	put_proof(json, arena, &proof);
	aw_json_put_text(json, "note", note);
	return give_proof(tx, arena, json, ret_json, err);
}

enum aw_status
aw_log_proof_growth(struct aw_tx *tx, struct aw_arena *arena, int64_t old, int64_t size,
	json_t **ret_json, struct aw_error *err)
{
	struct aw_proof proof;
	const char *note = NULL, *old_note = NULL;
	json_t *json;

	if (old < 1)
		return aw_fail(err, AW_INVALID, "an older log has at least one entry");
	if (find_checkpoint(tx, arena, size, &note, &size, err) != AW_OK ||
		find_checkpoint(tx, arena, old, &old_note, &old, err) != AW_OK ||
		aw_log_prove_growth(tx, old, size, &proof, err) != AW_OK)
		return err->status;
	json = json_object();
	aw_json_put_text(json, "kind", "consistency");
	aw_json_put_int(json, "old", old);
	aw_json_put_text(json, "old_note", old_note);
	aw_json_put_int(json, "size", size);
	put_proof(json, arena, &proof);
	aw_json_put_text(json, "note", note);
	return give_proof(tx, arena, json, ret_json, err);
}

/* -- checking ----------------------------------------------------------------------------------- */

static bool
read_hash(const char *text, struct aw_hash *ret_hash)
{
	return text != NULL && strlen(text) == 2 * (size_t)AW_HASH_BYTES &&
	       aw_unhex(text, ret_hash->at, AW_HASH_BYTES);
}

static bool
read_hashes(const json_t *list, struct aw_proof *ret_proof)
{
	*ret_proof = (struct aw_proof){ .count = json_array_size(list) };
	if (!json_is_array(list) || ret_proof->count > AW_COUNT(ret_proof->hashes))
		return false;
	for (size_t i = 0; i < ret_proof->count; i++)
		if (!read_hash(json_string_value(json_array_get(list, i)), &ret_proof->hashes[i]))
			return false;
	return true;
}

/* The one note that a text holds, if it is signed by the key and over that many entries. */
static bool
read_note(const char *text, const struct aw_note_key *key, int64_t size, struct aw_note *ret_note)
{
	struct aw_str rest = aw_str(text == NULL ? "" : text);

	return aw_note_next(&rest, key, ret_note) && aw_str_trim(rest).len == 0 &&
	       (int64_t)ret_note->size == size;
}

/* Does the witness hold a signed note that says the same? */
static bool
was_kept(struct aw_str witness, const struct aw_note_key *key, const struct aw_note *note)
{
	while (aw_str_trim(witness).len > 0) {
		struct aw_note kept;

		if (aw_note_read(&witness, key, &kept) && kept.size == note->size &&
			memcmp(kept.root.at, note->root.at, AW_HASH_BYTES) == 0 &&
			aw_note_signed(&kept, key))
			return true;
	}
	return false;
}

#define SAY(proven, ...) (void)snprintf((proven)->text, sizeof((proven)->text), __VA_ARGS__)

static void
check_inclusion(const json_t *json, const struct aw_note *note, const struct aw_proof *proof,
	struct aw_log_proven *p)
{
	struct aw_hash leaf;

	p->good = read_hash(aw_json_string(json, "leaf_hash"), &leaf) &&
		  aw_tree_includes(&leaf, (uint64_t)p->leaf, note->size, proof, &note->root);
	if (p->good)
		SAY(p, "leaf %" PRId64 " is in the log of %" PRId64 " entries that was signed",
			p->leaf, p->size);
	else
		SAY(p, "the hashes do not lead from leaf %" PRId64 " to the signed root", p->leaf);
}

static void
check_growth(const json_t *json, const struct aw_note_key *key, struct aw_str witness,
	const struct aw_note *note, const struct aw_proof *proof, struct aw_log_proven *p)
{
	struct aw_note old;

	if (!read_note(aw_json_string(json, "old_note"), key, p->old, &old)) {
		SAY(p, "the older checkpoint is not one of %" PRId64 " entries signed by this key",
			p->old);
		return;
	}
	p->kept = was_kept(witness, key, &old);
	p->good = (p->kept || witness.len == 0) &&
		  aw_tree_grew(old.size, &old.root, note->size, &note->root, proof);
	if (!p->kept && witness.len > 0)
		SAY(p, "the older checkpoint is none of those that were kept");
	else if (!p->good)
		SAY(p, "the log of %" PRId64 " entries did not grow out of the one of %" PRId64,
			p->size, p->old);
	else
		SAY(p, "the log of %" PRId64 " entries grew out of the one of %" PRId64 "%s",
			p->size, p->old,
			p->kept ? ", whose checkpoint was kept"
				: "; whether that one was kept is not known without a witness "
				  "file");
}

enum aw_status
aw_log_proof_check(const json_t *json, const char *verifier, struct aw_str witness,
	struct aw_log_proven *ret_proven, struct aw_error *err)
{
	struct aw_log_proven p = { .leaf = -1, .old = -1 };
	const char *kind = aw_json_string(json, "kind");
	bool inclusion = aw_text_eq(kind, "inclusion");
	struct aw_note_key key;
	struct aw_note note;
	struct aw_proof proof;

	if (verifier == NULL || !aw_note_key_read(verifier, &key))
		return aw_fail(err, AW_INVALID,
			"this is not a verifier key: it reads name+hash+key, as audit verify "
			"prints it");
	if ((!inclusion && !aw_text_eq(kind, "consistency")) ||
		!aw_json_int(json, inclusion ? "leaf" : "old", inclusion ? &p.leaf : &p.old) ||
		!aw_json_int(json, "size", &p.size) || p.size < 1 ||
		(inclusion ? p.leaf < 0 : p.old < 1) ||
		!read_hashes(json_object_get(json, "hashes"), &proof))
		return aw_fail(err, AW_INVALID,
			"this is not a proof as audit prove writes it: kind, leaf or old, size, "
			"hashes, note");
	if (!read_note(aw_json_string(json, "note"), &key, p.size, &note))
		SAY(&p, "the checkpoint is not one of %" PRId64 " entries signed by this key",
			p.size);
	else if (inclusion)
		check_inclusion(json, &note, &proof, &p);
	else
		check_growth(json, &key, witness, &note, &proof, &p);
	*ret_proven = p;
	return AW_OK;
}
