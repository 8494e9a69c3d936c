/**
 * guard/log_claims - what was signed about the log, in the database and in a witness file.
 * Layer: guard, for guard alone.  Threads: one at a time.  Example: tests/guard/test_log.c
 *
 * A claim is a checkpoint: at this size the root was that. Its signature is looked at when the tree
 * has grown to it, because a log of a year has half a million and each takes 100 us: that is done
 * where the leaves are hashed, beside the reading.
 */
#ifndef AW_GUARD_LOG_CLAIMS_H
#define AW_GUARD_LOG_CLAIMS_H

#include "guard/log.h"
#include "guard/note.h"

struct aw_log_claim {
	struct aw_note note;
	struct aw_bytes peaks; /* at NULL: a witness knows none */
	bool witness;
};

/* Starts zeroed. */
struct aw_log_claims {
	struct aw_note_key key;
	bool has_key;
	struct aw_log_claim *at; /* by size */
	size_t count, room, next;
	size_t good;	   /* one more than the last one whose signature was found valid */
	bool bad;	   /* something that should be a signed checkpoint is none */
	int64_t stored;	   /* checkpoints in the database */
	int64_t witnessed; /* notes in the witness file with a valid signature, as far as looked at */
	int64_t witnessed_size; /* of the greatest of those */
};

/** Reads what the database and the text of a witness file claim. verifier NULL: the database's own
 *  key; ret_claims->has_key is false when there is none. */
AW_MUST_CHECK enum aw_status
aw_log_claims_read(struct aw_tx *tx, struct aw_arena *arena, const char *verifier,
	struct aw_str witness, struct aw_log_claims *ret_claims, struct aw_error *err);

/** Takes every claim about the size a tree has now. False when a signed one says otherwise. */
bool aw_log_claims_agree(struct aw_log_claims *claims, const struct aw_tree *tree);

/** Looks at the claims about sizes that the log never came to; true when one of them is signed. */
bool aw_log_claims_beyond(struct aw_log_claims *claims, int64_t *ret_most);

#endif
