/* Says what the program's tree makes of random entries, for a verifier that is not ours:
 * tree_say SEED COUNT prints one JSON object a tree (tests/guard/rfc6962.py reads them). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "guard/tree.h"

enum { MOST = 130, ENTRY_MOST = 40 };

struct said {
	struct aw_arena arena;
	json_t *json;
	struct aw_hash leaves[MOST];
	size_t count;
};

static void
put_hex(struct said *s, const char *key, const struct aw_hash *hash)
{
	aw_json_put_text(s->json, key, aw_hex(&s->arena, hash->at, AW_HASH_BYTES));
}

static struct aw_hash
root_of(const struct said *s, size_t count)
{
	struct aw_tree tree = { 0 };

	for (size_t i = 0; i < count; i++)
		aw_tree_add(&tree, &s->leaves[i]);
	return aw_tree_root(&tree);
}

static void
fill(struct said *s, struct aw_proof *proof)
{
	struct aw_prover prover;

	aw_prover_begin(&prover, proof);
	for (size_t i = 0; i < s->count; i++)
		aw_prover_leaf(&prover, &s->leaves[i]);
	if (!aw_prover_done(&prover))
		abort();
}

static void
put_proof(struct said *s, const char *key, const struct aw_proof *proof)
{
	json_t *list = json_array();

	for (size_t i = 0; i < proof->count; i++)
		aw_json_push(
			list, json_string(aw_hex(&s->arena, proof->hashes[i].at, AW_HASH_BYTES)));
	aw_json_put(s->json, key, list);
}

/* Turns one bit of a proof over and says which. */
static void
flip(struct said *s, struct aw_random *random, const char *key, struct aw_proof *proof)
{
	size_t bit = proof->count == 0
			     ? 0
			     : (size_t)aw_random_below(random, (uint64_t)proof->count * 256);

	aw_json_put_int(s->json, key, (int64_t)bit);
	if (proof->count > 0)
		proof->hashes[bit / 256].at[bit % 256 / 8] ^= (uint8_t)(1 << (bit % 8));
}

static void
put_entries(struct said *s, struct aw_random *random)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->count; i++) {
		uint8_t entry[ENTRY_MOST];
		size_t len = (size_t)aw_random_below(random, ENTRY_MOST + 1);

		for (size_t k = 0; k < len; k++)
			entry[k] = (uint8_t)aw_random_next(random);
		s->leaves[i] = aw_tree_leaf(entry, len);
		aw_json_push(list, json_string(aw_hex(&s->arena, entry, len)));
	}
	aw_json_put(s->json, "entries", list);
}

static void
say(struct said *s, struct aw_random *random)
{
	size_t index = (size_t)aw_random_below(random, s->count);
	size_t old = 1 + (size_t)aw_random_below(random, s->count);
	struct aw_hash root, old_root;
	struct aw_proof in, grew;

	put_entries(s, random);
	root = root_of(s, s->count);
	old_root = root_of(s, old);
	aw_tree_inclusion(index, s->count, &in);
	aw_tree_consistency(old, s->count, &grew);
	fill(s, &in);
	fill(s, &grew);
	put_hex(s, "root", &root);
	put_hex(s, "old_root", &old_root);
	aw_json_put_int(s->json, "index", (int64_t)index);
	aw_json_put_int(s->json, "old", (int64_t)old);
	put_proof(s, "inclusion", &in);
	put_proof(s, "consistency", &grew);
#define INCLUDES aw_tree_includes(&s->leaves[index], index, s->count, &in, &root)
#define GREW aw_tree_grew(old, &old_root, s->count, &root, &grew)
	aw_json_put(s->json, "includes", json_boolean(INCLUDES));
	aw_json_put(s->json, "grew", json_boolean(GREW));
	flip(s, random, "inclusion_bit", &in);
	flip(s, random, "consistency_bit", &grew);
	aw_json_put(s->json, "includes_flipped", json_boolean(INCLUDES));
	aw_json_put(s->json, "grew_flipped", json_boolean(GREW));
}

int
main(int argc, char **argv)
{
	struct aw_random random;

	if (argc != 3) {
		(void)fputs("usage: tree_say SEED COUNT\n", stderr);
		return 2;
	}
	aw_random_seed(&random, strtoull(argv[1], NULL, 10));
	for (long i = 0; i < atol(argv[2]); i++) {
		struct said s = { .json = json_object(),
			.count = 1 + (size_t)aw_random_below(&random, i % 20 == 0 ? MOST : 30) };

		say(&s, &random);
		(void)printf("%s\n", aw_json_text(&s.arena, s.json));
		json_decref(s.json);
		aw_arena_done(&s.arena);
	}
	return 0;
}
