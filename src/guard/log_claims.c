/* Reads checkpoints, and holds them against a growing tree. */
#include "guard/log_claims.h"

#include <stdlib.h>
#include <string.h>

#include "db/setting.h"
#include "guard/guard.sql.h"

static void
add(struct aw_log_claims *claims, struct aw_arena *arena, const struct aw_log_claim *claim)
{
	*AW_PUSH(arena, claims->at, claims->count, claims->room) = *claim;
}

/* Each stored checkpoint must be what its own note says. */
static enum aw_status
read_stored(struct aw_tx *tx, struct aw_arena *arena, struct aw_log_claims *claims,
	struct aw_error *err)
{
	struct sql_guard_checkpoint_last *rows = NULL;
	size_t count = 0;

	if (sql_guard_checkpoints(tx, arena, &rows, &count, err) != AW_OK)
		return err->status;
	claims->stored = (int64_t)count;
	for (size_t i = 0; i < count && claims->has_key; i++) {
		struct aw_log_claim claim = { .peaks = rows[i].peaks };
		struct aw_str text = aw_str(rows[i].note);

		if (!aw_note_read(&text, &claims->key, &claim.note) ||
			(int64_t)claim.note.size != rows[i].size ||
			rows[i].root.len != AW_HASH_BYTES ||
			memcmp(rows[i].root.at, claim.note.root.at, AW_HASH_BYTES) != 0 ||
			rows[i].peaks.len != aw_tree_peaks(claim.note.size) * AW_HASH_BYTES)
			claims->bad = true;
		else
			add(claims, arena, &claim);
	}
	return AW_OK;
}

static void
read_witness(struct aw_log_claims *claims, struct aw_arena *arena, struct aw_str witness)
{
	while (claims->has_key && aw_str_trim(witness).len > 0) {
		struct aw_log_claim claim = { .witness = true };

		if (aw_note_read(&witness, &claims->key, &claim.note))
			add(claims, arena, &claim);
		else
			claims->bad = true;
	}
}

static int
by_size(const void *a, const void *b)
{
	const struct aw_log_claim *x = a, *y = b;

	return (x->note.size > y->note.size) - (x->note.size < y->note.size);
}

enum aw_status
aw_log_claims_read(struct aw_tx *tx, struct aw_arena *arena, const char *verifier,
	struct aw_str witness, struct aw_log_claims *ret_claims, struct aw_error *err)
{
	struct aw_log_claims claims = { 0 };

	if (verifier == NULL && aw_setting_get(tx, arena, "log.verifier", &verifier, err) != AW_OK)
		return err->status;
	claims.has_key = verifier != NULL && aw_note_key_read(verifier, &claims.key);
	if (read_stored(tx, arena, &claims, err) != AW_OK)
		return err->status;
	read_witness(&claims, arena, witness);
	if (claims.count > 0)
		qsort(claims.at, claims.count, sizeof(*claims.at), by_size);
	*ret_claims = claims;
	return AW_OK;
}

/* The note of a witness is most often the stored one: those need one look. */
static bool
is_signed(struct aw_log_claims *claims, const struct aw_log_claim *claim)
{
	const struct aw_str *text = &claim->note.text;
	size_t index = (size_t)(claim - claims->at);
	bool again = index > 0 && claims->good == index &&
		     aw_str_eq(*text, claims->at[index - 1].note.text);

	if (!again && !aw_note_signed(&claim->note, &claims->key)) {
		claims->bad = true;
		return false;
	}
	claims->good = index + 1;
	if (claim->witness) {
		claims->witnessed++;
		claims->witnessed_size = (int64_t)claim->note.size; /* they come by size */
	}
	return true;
}

bool
aw_log_claims_agree(struct aw_log_claims *claims, const struct aw_tree *tree)
{
	struct aw_hash root;
	bool agree = true;

	if (claims->next == claims->count || claims->at[claims->next].note.size != tree->size)
		return true;
	root = aw_tree_root(tree);
	while (claims->next < claims->count && claims->at[claims->next].note.size == tree->size) {
		const struct aw_log_claim *claim = &claims->at[claims->next++];

		if (!is_signed(claims, claim))
			continue;
		agree = agree && memcmp(root.at, claim->note.root.at, AW_HASH_BYTES) == 0 &&
			(claim->peaks.at == NULL ||
				memcmp(claim->peaks.at, tree->peaks[0].at, claim->peaks.len) == 0);
	}
	return agree;
}

bool
aw_log_claims_beyond(struct aw_log_claims *claims, int64_t *ret_most)
{
	bool any = false;

	for (; claims->next < claims->count; claims->next++) {
		if (!is_signed(claims, &claims->at[claims->next]))
			continue;
		any = true;
		*ret_most = (int64_t)claims->at[claims->next].note.size;
	}
	return any;
}
