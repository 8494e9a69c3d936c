/* Signed notes: what is signed reads back, and nothing else does. */
#include <sodium.h>

#include "base/id.h"
#include "guard/log.h"
#include "guard/note.h"
#include "testing.h"

static void
make_key(struct aw_log_key *key, uint8_t seed_byte)
{
	uint8_t seed[32];

	memset(seed, seed_byte, sizeof(seed));
	*key = (struct aw_log_key){ .origin = "anwang/0123456789abcdef" };
	crypto_sign_seed_keypair(key->public_key, key->secret, seed);
	aw_note_verifier(key->origin, key->public_key, key->verifier, sizeof(key->verifier));
}

static void
a_verifier_key_is_the_one_that_c2sp_prints(void **state)
{
	/* Of golang.org/x/mod/sumdb/note: PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW */
	static const char text[] =
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
	struct aw_note_key key;
	char again[128];

	(void)state;
	assert_true(aw_note_key_read(text, &key));
	assert_string_equal(key.name, "PeterNeumann");
	assert_int_equal(key.hash, 0xc74f20a3);
	aw_note_verifier(key.name, key.public_key, again, sizeof(again));
	assert_string_equal(again, text);
}

static void
verifier_keys_with_a_mistake_are_refused(void **state)
{
	static const char *const bad[] = { "", "name", "name+c74f20a3", "+c74f20a3+AR",
		"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAA" };
	struct aw_note_key key;

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++)
		assert_false(aw_note_key_read(bad[i], &key));
}

static void
what_is_signed_reads_back_one_after_the_other(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_buf file = { .arena = &arena };
	struct aw_log_key key;
	struct aw_note_key verifier;
	struct aw_str rest;
	uint64_t sizes[] = { 1, 256, 5000000000 };

	(void)state;
	make_key(&key, 7);
	assert_true(aw_note_key_read(key.verifier, &verifier));
	for (size_t i = 0; i < AW_COUNT(sizes); i++) {
		struct aw_hash root = aw_tree_leaf(&sizes[i], sizeof(sizes[i]));

		aw_buf_printf(&file, "%s\n", aw_note_sign(&arena, &key, sizes[i], &root));
	}
	rest = aw_str(aw_buf_z(&file));
	for (size_t i = 0; i < AW_COUNT(sizes); i++) {
		struct aw_hash root = aw_tree_leaf(&sizes[i], sizeof(sizes[i]));
		struct aw_note note;

		assert_true(aw_note_next(&rest, &verifier, &note));
		assert_int_equal(note.size, sizes[i]);
		assert_memory_equal(note.root.at, root.at, 32);
	}
	assert_string_equal(rest.at, "\n");
}

static void
no_note_with_a_byte_changed_is_accepted(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_log_key key;
	struct aw_note_key verifier;
	struct aw_hash root = aw_tree_leaf("x", 1);
	char *text;
	size_t len;

	(void)state;
	make_key(&key, 8);
	assert_true(aw_note_key_read(key.verifier, &verifier));
	text = aw_note_sign(&arena, &key, 1234, &root);
	len = strlen(text);
	for (size_t i = 0; i < len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			struct aw_str rest = { text, len };
			struct aw_note note;

			text[i] = (char)(text[i] ^ (1 << bit));
			if (aw_note_next(&rest, &verifier, &note))
				fail_msg("byte %zu bit %d", i, bit);
			text[i] = (char)(text[i] ^ (1 << bit));
		}
	}
}

static void
another_key_s_note_is_refused_and_the_next_one_still_read(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_log_key key, other;
	struct aw_note_key verifier;
	struct aw_hash root = aw_tree_leaf("x", 1);
	struct aw_str rest;
	struct aw_note note;

	(void)state;
	make_key(&key, 9);
	make_key(&other, 10);
	assert_true(aw_note_key_read(key.verifier, &verifier));
	rest = aw_str(aw_arena_printf(&arena, "%s\n%s", aw_note_sign(&arena, &other, 5, &root),
		aw_note_sign(&arena, &key, 6, &root)));
	assert_false(aw_note_next(&rest, &verifier, &note));
	assert_true(aw_note_next(&rest, &verifier, &note));
	assert_int_equal(note.size, 6);
	assert_int_equal(rest.len, 0);
}

AW_TESTS(cmocka_unit_test(a_verifier_key_is_the_one_that_c2sp_prints),
	cmocka_unit_test(verifier_keys_with_a_mistake_are_refused),
	cmocka_unit_test(what_is_signed_reads_back_one_after_the_other),
	cmocka_unit_test(no_note_with_a_byte_changed_is_accepted),
	cmocka_unit_test(another_key_s_note_is_refused_and_the_next_one_still_read))
