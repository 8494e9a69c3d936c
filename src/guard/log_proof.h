/**
 * guard/log_proof - a proof about the log that is checked without the database.
 * Layer: guard.  Threads: making one reads inside a unit of work; checking is pure.
 * Example: tests/guard/test_log_proof.c
 *
 * Two things are proven against a signed checkpoint: that an entry is in the log it covers
 * (inclusion, RFC 9162 2.1.3), and that this log grew out of an earlier one whose checkpoint somebody
 * kept (consistency, 2.1.4). A proof is a JSON object; hashes are hexadecimal:
 *
 *   {"kind": "inclusion", "leaf": 13, "leaf_hash": "...", "size": 40, "hashes": ["..."],
 *    "note": "<the signed checkpoint over 40 entries>"}
 *   {"kind": "consistency", "old": 24, "old_note": "<signed>", "size": 40, "hashes": ["..."],
 *    "note": "<signed>"}
 *
 * It holds no personal data: a leaf hash says nothing to whoever has not the entry.
 */
#ifndef AW_GUARD_LOG_PROOF_H
#define AW_GUARD_LOG_PROOF_H

#include "base/json.h"
#include "guard/log.h"

/** Which ranges of leaves a proof needs, filled from the log as it stands. Errors: AW_NOT_FOUND: the
 *  log is shorter; AW_CORRUPT: it has a gap. Cost: one scan of the hashes before `size`. */
AW_MUST_CHECK enum aw_status aw_log_prove_inclusion(struct aw_tx *tx, int64_t leaf, int64_t size,
	struct aw_proof *ret_proof, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_log_prove_growth(struct aw_tx *tx, int64_t old, int64_t size,
	struct aw_proof *ret_proof, struct aw_error *err);

/** The proof that entry `leaf` is in the log. size 0: the newest checkpoint. The caller owns
 *  *ret_json. Errors: AW_NOT_FOUND: no checkpoint is over so many entries, or none covers the leaf;
 *  AW_CORRUPT: what is there proves nothing, because the log is not what was signed. */
AW_MUST_CHECK enum aw_status aw_log_proof_inclusion(struct aw_tx *tx, struct aw_arena *arena,
	int64_t leaf, int64_t size, json_t **ret_json, struct aw_error *err);
/** The proof that the log grew out of the one of the checkpoint over `old` entries. */
AW_MUST_CHECK enum aw_status aw_log_proof_growth(struct aw_tx *tx, struct aw_arena *arena,
	int64_t old, int64_t size, json_t **ret_json, struct aw_error *err);

/* What a proof proves. */
struct aw_log_proven {
	bool good;
	bool kept; /* consistency: the old checkpoint is one of those the checker kept */
	int64_t leaf, old, size; /* leaf and old: -1 where the proof has none */
	char text[200];		 /* one sentence */
};

/**
 * Checks a proof by the log's key and, when it is about growth, by the notes somebody kept (witness,
 * empty: none): without those, the older log is only what the proof itself brings. A proof that does
 * not hold is a value. Errors: AW_INVALID: not a proof at all, or not a key.
 */
AW_MUST_CHECK enum aw_status aw_log_proof_check(const json_t *json, const char *verifier,
	struct aw_str witness, struct aw_log_proven *ret_proven, struct aw_error *err);

#endif
