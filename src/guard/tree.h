/**
 * guard/tree - the Merkle tree of RFC 6962 (RFC 9162 §2.1) over SHA-256, and its proofs.
 * Layer: guard.  Threads: pure.  Example: tests/guard/test_tree.c
 *
 *   leaf  = SHA-256(0x00 || entry)      node = SHA-256(0x01 || left || right)
 * The root of no leaves is SHA-256 of nothing.
 */
#ifndef AW_GUARD_TREE_H
#define AW_GUARD_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AW_HASH_BYTES = 32, AW_TREE_DEPTH = 63 };

struct aw_hash {
	uint8_t at[AW_HASH_BYTES];
};

/* A growing tree as the roots of its perfect subtrees, largest first: all that is needed to add
 * leaves and to know the root. Starts zeroed. */
struct aw_tree {
	uint64_t size;
	struct aw_hash peaks[AW_TREE_DEPTH];
};

struct aw_hash aw_tree_leaf(const void *entry, size_t len);
/** Adds the hash of a leaf. */
void aw_tree_add(struct aw_tree *tree, const struct aw_hash *leaf);
struct aw_hash aw_tree_root(const struct aw_tree *tree);
/** Number of peaks of a tree of that size. */
size_t aw_tree_peaks(uint64_t size);

/* A proof: the roots of these half-open ranges of leaves, in this order. */
struct aw_range {
	uint64_t from, to;
};
struct aw_proof {
	size_t count;
	struct aw_range ranges[2 * AW_TREE_DEPTH];
	struct aw_hash hashes[2 * AW_TREE_DEPTH];
};

/** Which ranges prove that leaf `index` is in the tree of `size` leaves (index < size). */
void aw_tree_inclusion(uint64_t index, uint64_t size, struct aw_proof *ret_proof);
/** Which ranges prove that the tree of `size` leaves grew out of the one of `old` (0 < old <= size). */
void aw_tree_consistency(uint64_t old, uint64_t size, struct aw_proof *ret_proof);

/* Fills the hashes of a proof from leaf hashes given in order from leaf 0: one pass over a log. */
struct aw_prover {
	struct aw_proof *proof;
	uint64_t next; /* leaf that comes next */
	size_t at;     /* range that is being filled, in the order of leaves */
	uint8_t order[2 * AW_TREE_DEPTH];
	struct aw_tree tree; /* of that range */
};
void aw_prover_begin(struct aw_prover *prover, struct aw_proof *proof);
void aw_prover_leaf(struct aw_prover *prover, const struct aw_hash *leaf);
/** True when every range has its hash: enough leaves came. */
bool aw_prover_done(const struct aw_prover *prover);

/** True if the proof's hashes lead from this leaf to this root (RFC 9162 §2.1.3.2). */
bool aw_tree_includes(const struct aw_hash *leaf, uint64_t index, uint64_t size,
	const struct aw_proof *proof, const struct aw_hash *root);
/** True if the proof's hashes lead from the old root to the new one (RFC 9162 §2.1.4.2). */
bool aw_tree_grew(uint64_t old, const struct aw_hash *old_root, uint64_t size,
	const struct aw_hash *root, const struct aw_proof *proof);

#endif
