/* The tree against RFC 6962 as it is written: recursion over whole lists. */
#include <sodium.h>

#include "base/id.h"
#include "guard/tree.h"
#include "testing.h"

enum { MOST = 300 };

static struct aw_hash leaves[MOST];

static void
fill_leaves(struct aw_random *random, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t word = aw_random_next(random);

		leaves[i] = aw_tree_leaf(&word, sizeof(word));
	}
}

static struct aw_hash
naive_node(struct aw_hash left, struct aw_hash right)
{
	uint8_t both[65] = { 1 };
	struct aw_hash hash;

	memcpy(both + 1, left.at, 32);
	memcpy(both + 33, right.at, 32);
	crypto_hash_sha256(hash.at, both, sizeof(both));
	return hash;
}

static size_t
naive_half(size_t n)
{
	size_t k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

/* MTH(D[n]), RFC 6962 §2.1. */
static struct aw_hash
mth(const struct aw_hash *d, size_t n)
{
	struct aw_hash hash;
	size_t k;

	if (n == 0) {
		crypto_hash_sha256(hash.at, NULL, 0);
		return hash;
	}
	if (n == 1)
		return d[0];
	k = naive_half(n);
	return naive_node(mth(d, k), mth(d + k, n - k));
}

/* PATH(m, D[n]), §2.1.1. */
static size_t
path(size_t m, const struct aw_hash *d, size_t n, struct aw_hash *out)
{
	size_t k, count;

	if (n == 1)
		return 0;
	k = naive_half(n);
	if (m < k) {
		count = path(m, d, k, out);
		out[count] = mth(d + k, n - k);
	} else {
		count = path(m - k, d + k, n - k, out);
		out[count] = mth(d, k);
	}
	return count + 1;
}

/* SUBPROOF(m, D[n], b), §2.1.2. */
static size_t
subproof(size_t m, const struct aw_hash *d, size_t n, bool whole, struct aw_hash *out)
{
	size_t k, count;

	if (m == n) {
		if (!whole)
			out[0] = mth(d, n);
		return whole ? 0 : 1;
	}
	k = naive_half(n);
	if (m <= k) {
		count = subproof(m, d, k, whole, out);
		out[count] = mth(d + k, n - k);
	} else {
		count = subproof(m - k, d + k, n - k, false, out);
		out[count] = mth(d, k);
	}
	return count + 1;
}

static void
assert_same(const struct aw_hash *a, const struct aw_hash *b)
{
	assert_memory_equal(a->at, b->at, 32);
}

static void
prove(struct aw_proof *proof, size_t size)
{
	struct aw_prover prover;

	aw_prover_begin(&prover, proof);
	for (size_t i = 0; i < size; i++)
		aw_prover_leaf(&prover, &leaves[i]);
	assert_true(aw_prover_done(&prover));
}

static void
the_roots_of_known_trees_are_those_of_the_published_vectors(void **state)
{
	/* The eight inputs of certificate-transparency's reference tests, and roots of 1, 2, 3, 8. */
	static const struct {
		const char *hex;
		const char *root;
	} vectors[] = {
		{ "", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
		{ "00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
		{ "10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
		{ "2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
		{ "3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4" },
		{ "40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef" },
		{ "5051525354555657",
			"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
		{ "606162636465666768696a6b6c6d6e6f",
			"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
	};
	struct aw_tree tree = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(vectors); i++) {
		uint8_t bytes[16], root[32];
		size_t len = strlen(vectors[i].hex) / 2;
		struct aw_hash leaf, got;

		assert_true(aw_unhex(vectors[i].hex, bytes, len));
		assert_true(aw_unhex(vectors[i].root, root, 32));
		leaf = aw_tree_leaf(bytes, len);
		aw_tree_add(&tree, &leaf);
		got = aw_tree_root(&tree);
		assert_memory_equal(got.at, root, 32);
	}
}

static void
the_growing_tree_has_the_root_of_the_whole_list(void **state)
{
	struct aw_tree tree = { 0 };
	struct aw_random random;
	struct aw_hash root = aw_tree_root(&tree), naive = mth(leaves, 0);

	(void)state;
	aw_random_seed(&random, 1);
	fill_leaves(&random, MOST);
	assert_same(&root, &naive);
	for (size_t n = 1; n <= MOST; n++) {
		aw_tree_add(&tree, &leaves[n - 1]);
		root = aw_tree_root(&tree);
		naive = mth(leaves, n);
		assert_same(&root, &naive);
		assert_int_equal(tree.size, n);
	}
}

static void
inclusion_proofs_are_the_rfc_s_and_hold_for_their_leaf_alone(void **state)
{
	struct aw_random random;
	struct aw_hash naive[64];

	(void)state;
	aw_random_seed(&random, 2);
	fill_leaves(&random, MOST);
	for (int trial = 0; trial < 2000; trial++) {
		size_t n = 1 + (size_t)aw_random_below(&random, MOST);
		size_t m = (size_t)aw_random_below(&random, n);
		struct aw_hash root = mth(leaves, n), other;
		struct aw_proof proof;
		size_t count = path(m, leaves, n, naive);

		aw_tree_inclusion(m, n, &proof);
		prove(&proof, n);
		assert_int_equal(proof.count, count);
		for (size_t i = 0; i < count; i++)
			assert_same(&proof.hashes[i], &naive[i]);
		assert_true(aw_tree_includes(&leaves[m], m, n, &proof, &root));
		other = leaves[(m + 1) % MOST];
		assert_false(aw_tree_includes(&other, m, n, &proof, &root));
		assert_false(aw_tree_includes(&leaves[m], n, n, &proof, &root));
		if (n > 1)
			assert_false(aw_tree_includes(&leaves[m], (m + 1) % n, n, &proof, &root));
	}
}

static void
consistency_proofs_are_the_rfc_s_and_refuse_another_past(void **state)
{
	struct aw_random random;
	struct aw_hash naive[64];

	(void)state;
	aw_random_seed(&random, 3);
	fill_leaves(&random, MOST);
	for (int trial = 0; trial < 2000; trial++) {
		size_t n = 1 + (size_t)aw_random_below(&random, MOST);
		size_t m = 1 + (size_t)aw_random_below(&random, n);
		struct aw_hash root = mth(leaves, n), old = mth(leaves, m), forged = old;
		struct aw_proof proof;
		size_t count = subproof(m, leaves, n, true, naive);

		aw_tree_consistency(m, n, &proof);
		prove(&proof, n);
		assert_int_equal(proof.count, count);
		for (size_t i = 0; i < count; i++)
			assert_same(&proof.hashes[i], &naive[i]);
		assert_true(aw_tree_grew(m, &old, n, &root, &proof));
		forged.at[trial % 32] ^= 1;
		assert_false(aw_tree_grew(m, &forged, n, &root, &proof));
		assert_false(aw_tree_grew(m, &old, n, &forged, &proof));
	}
}

static void
a_proof_with_any_bit_changed_proves_nothing(void **state)
{
	struct aw_random random;
	size_t tried = 0;

	(void)state;
	aw_random_seed(&random, 4);
	fill_leaves(&random, MOST);
	for (int trial = 0; trial < 60; trial++) {
		size_t n = 2 + (size_t)aw_random_below(&random, MOST - 1);
		size_t m = (size_t)aw_random_below(&random, n);
		size_t old = 1 + (size_t)aw_random_below(&random, n - 1);
		struct aw_hash root = mth(leaves, n), old_root = mth(leaves, old);
		struct aw_proof in, grew;

		aw_tree_inclusion(m, n, &in);
		prove(&in, n);
		aw_tree_consistency(old, n, &grew);
		prove(&grew, n);
		for (size_t bit = 0; bit < 256; bit += 5) {
			size_t at = bit % in.count;

			in.hashes[at].at[bit / 8] ^= (uint8_t)(1 << (bit % 8));
			assert_false(aw_tree_includes(&leaves[m], m, n, &in, &root));
			in.hashes[at].at[bit / 8] ^= (uint8_t)(1 << (bit % 8));
			at = bit % grew.count;
			grew.hashes[at].at[bit / 8] ^= (uint8_t)(1 << (bit % 8));
			assert_false(aw_tree_grew(old, &old_root, n, &root, &grew));
			grew.hashes[at].at[bit / 8] ^= (uint8_t)(1 << (bit % 8));
			tried++;
		}
		in.count--;
		assert_false(aw_tree_includes(&leaves[m], m, n, &in, &root));
		grew.count--;
		assert_false(aw_tree_grew(old, &old_root, n, &root, &grew));
	}
	assert_true(tried > 3000);
}

AW_TESTS(cmocka_unit_test(the_roots_of_known_trees_are_those_of_the_published_vectors),
	cmocka_unit_test(the_growing_tree_has_the_root_of_the_whole_list),
	cmocka_unit_test(inclusion_proofs_are_the_rfc_s_and_hold_for_their_leaf_alone),
	cmocka_unit_test(consistency_proofs_are_the_rfc_s_and_refuse_another_past),
	cmocka_unit_test(a_proof_with_any_bit_changed_proves_nothing))
