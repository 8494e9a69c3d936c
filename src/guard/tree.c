/* The Merkle tree of RFC 6962 and its proofs. */
#include "guard/tree.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

struct aw_hash
aw_tree_leaf(const void *entry, size_t len)
{
	crypto_hash_sha256_state state;
	struct aw_hash hash;
	const uint8_t zero = 0;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, &zero, 1);
	if (len > 0)
		crypto_hash_sha256_update(&state, entry, len);
	crypto_hash_sha256_final(&state, hash.at);
	return hash;
}

static struct aw_hash
node(const struct aw_hash *left, const struct aw_hash *right)
{
	uint8_t both[1 + 2 * AW_HASH_BYTES];
	struct aw_hash hash;

	both[0] = 1;
	memcpy(both + 1, left->at, AW_HASH_BYTES);
	memcpy(both + 1 + AW_HASH_BYTES, right->at, AW_HASH_BYTES);
	crypto_hash_sha256(hash.at, both, sizeof(both));
	return hash;
}

static bool
same(const struct aw_hash *a, const struct aw_hash *b)
{
	return memcmp(a->at, b->at, AW_HASH_BYTES) == 0;
}

size_t
aw_tree_peaks(uint64_t size)
{
	return (size_t)__builtin_popcountll(size);
}

void
aw_tree_add(struct aw_tree *tree, const struct aw_hash *leaf)
{
	size_t count = aw_tree_peaks(tree->size);
	struct aw_hash hash = *leaf;

	/* As a binary counter carries: two equal subtrees become one. */
	for (uint64_t size = tree->size; (size & 1) != 0; size >>= 1)
		hash = node(&tree->peaks[--count], &hash);
	assert(count < AW_TREE_DEPTH);
	tree->peaks[count] = hash;
	tree->size++;
}

struct aw_hash
aw_tree_root(const struct aw_tree *tree)
{
	size_t count = aw_tree_peaks(tree->size);
	struct aw_hash root;

	if (count == 0) {
		crypto_hash_sha256(root.at, NULL, 0);
		return root;
	}
	root = tree->peaks[--count];
	while (count > 0)
		root = node(&tree->peaks[--count], &root);
	return root;
}

/* The largest power of two below n; n >= 2. */
static uint64_t
half(uint64_t n)
{
	return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

static void
add_range(struct aw_proof *proof, uint64_t from, uint64_t to)
{
	proof->ranges[proof->count++] = (struct aw_range){ from, to };
}

/* Ranges are found from the root down, and a proof names them from the leaf up. */
static void
turn_round(struct aw_proof *proof)
{
	for (size_t i = 0, j = proof->count; i + 1 < j; i++) {
		struct aw_range first = proof->ranges[i];

		proof->ranges[i] = proof->ranges[--j];
		proof->ranges[j] = first;
	}
}

void
aw_tree_inclusion(uint64_t index, uint64_t size, struct aw_proof *ret_proof)
{
	uint64_t from = 0, to = size;

	assert(index < size);
	*ret_proof = (struct aw_proof){ 0 };
	while (to - from > 1) {
		uint64_t middle = from + half(to - from);

		if (index < middle) {
			add_range(ret_proof, middle, to);
			to = middle;
		} else {
			add_range(ret_proof, from, middle);
			from = middle;
		}
	}
	turn_round(ret_proof);
}

void
aw_tree_consistency(uint64_t old, uint64_t size, struct aw_proof *ret_proof)
{
	uint64_t from = 0, to = size;

	assert(old > 0 && old <= size);
	*ret_proof = (struct aw_proof){ 0 };
	while (to != old) {
		uint64_t middle = from + half(to - from);

		if (old <= middle) {
			add_range(ret_proof, middle, to);
			to = middle;
		} else {
			add_range(ret_proof, from, middle);
			from = middle;
		}
	}
	if (from != 0) /* else the verifier holds it: it is the old root */
		add_range(ret_proof, from, to);
	turn_round(ret_proof);
}

void
aw_prover_begin(struct aw_prover *prover, struct aw_proof *proof)
{
	*prover = (struct aw_prover){ .proof = proof };
	for (size_t i = 0; i < proof->count; i++) {
		size_t j = i;

		for (; j > 0 && proof->ranges[prover->order[j - 1]].from > proof->ranges[i].from;
			j--)
			prover->order[j] = prover->order[j - 1];
		prover->order[j] = (uint8_t)i;
	}
}

void
aw_prover_leaf(struct aw_prover *prover, const struct aw_hash *leaf)
{
	uint64_t index = prover->next++;
	size_t number;

	if (aw_prover_done(prover))
		return;
	number = prover->order[prover->at];
	if (index < prover->proof->ranges[number].from)
		return;
	aw_tree_add(&prover->tree, leaf);
	if (index + 1 == prover->proof->ranges[number].to) {
		prover->proof->hashes[number] = aw_tree_root(&prover->tree);
		prover->tree.size = 0;
		prover->at++;
	}
}

bool
aw_prover_done(const struct aw_prover *prover)
{
	return prover->at == prover->proof->count;
}

bool
aw_tree_includes(const struct aw_hash *leaf, uint64_t index, uint64_t size,
	const struct aw_proof *proof, const struct aw_hash *root)
{
	struct aw_hash hash = *leaf;
	uint64_t fn = index, sn = size - 1;

	if (index >= size)
		return false;
	for (size_t i = 0; i < proof->count; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) != 0 || fn == sn) {
			hash = node(&proof->hashes[i], &hash);
			for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
				sn >>= 1;
		} else {
			hash = node(&hash, &proof->hashes[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && same(&hash, root);
}

bool
aw_tree_grew(uint64_t old, const struct aw_hash *old_root, uint64_t size,
	const struct aw_hash *root, const struct aw_proof *proof)
{
	bool power = (old & (old - 1)) == 0;
	uint64_t fn = old - 1, sn = size - 1;
	struct aw_hash fr, sr;
	size_t i = 0;

	if (old == 0 || old > size)
		return false;
	if (old == size)
		return proof->count == 0 && same(old_root, root);
	if (!power && proof->count == 0)
		return false;
	for (; (fn & 1) != 0; fn >>= 1)
		sn >>= 1;
	fr = sr = power ? *old_root : proof->hashes[i++];
	for (; i < proof->count; i++) {
		const struct aw_hash *c = &proof->hashes[i];

		if (sn == 0)
			return false;
		if ((fn & 1) != 0 || fn == sn) {
			fr = node(c, &fr);
			sr = node(c, &sr);
			for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
				sn >>= 1;
		} else {
			sr = node(&sr, c);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && same(&fr, old_root) && same(&sr, root);
}
