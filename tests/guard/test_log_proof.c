/* Proofs as files: what was proven is checked by the key alone, and nothing else passes. */
#include <sqlite3.h>

#include "base/file.h"
#include "guard/log_proof.h"
#include "testact.h"

enum { ENTRIES = 40, OLD = 24 };

struct bench {
	struct house house;
	struct aw_log_key key;
	struct aw_str notes; /* of the witness */
	int64_t leaf, old, size;
	json_t *json;
};

static enum aw_status
append_one(struct aw_act *act, void *arg, struct aw_error *err)
{
	(void)arg;
	aw_act_looked(act, 100, BIT(IDENTITY));
	act->object = "PC1101206-0001-1";
	return aw_log_append(act, "ok", NULL, err);
}

static void
append_and_sign(struct bench *b, int count, const char *witness)
{
	struct aw_error err = { 0 };

	for (int i = 0; i < count; i++) {
		b->house.real_ms += 1000;
		assert_ok(write_act(&b->house, append_one, NULL, &err));
	}
	assert_ok(aw_log_checkpoint(b->house.db.db, &b->key, witness, &b->house.arena, NULL, &err));
}

static void
open_bench(struct bench *b)
{
	struct aw_error err = { 0 };
	const char *witness;

	*b = (struct bench){ 0 };
	house_open(&b->house);
	assert_ok(
		aw_log_key_open(b->house.db.db, b->house.db.keyring, &b->house.ids, &b->key, &err));
	witness = aw_arena_printf(&b->house.arena, "%s/witness", b->house.db.dir);
	append_and_sign(b, OLD, witness);
	append_and_sign(b, ENTRIES - OLD, witness);
	assert_ok(aw_file_read(&b->house.arena, witness, 1 << 20, &b->notes, &err));
}

static void
close_bench(struct bench *b)
{
	aw_log_key_done(&b->key);
	house_close(&b->house);
}

static enum aw_status
make(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct bench *b = arg;

	return b->old > 0 ? aw_log_proof_growth(act->tx, act->arena, b->old, b->size, &b->json, err)
			  : aw_log_proof_inclusion(
				    act->tx, act->arena, b->leaf, b->size, &b->json, err);
}

static enum aw_status
proof(struct bench *b, int64_t leaf, int64_t old, int64_t size, struct aw_error *err)
{
	b->leaf = leaf;
	b->old = old;
	b->size = size;
	return read_act(&b->house, make, b, err);
}

static struct aw_log_proven
check(struct bench *b, const json_t *json, struct aw_str witness)
{
	struct aw_log_proven proven;
	struct aw_error err = { 0 };

	assert_ok(aw_log_proof_check(json, b->key.verifier, witness, &proven, &err));
	return proven;
}

static void
every_entry_is_proven_against_each_checkpoint_that_covers_it(void **state)
{
	struct bench b;
	struct aw_error err = { 0 };

	(void)state;
	open_bench(&b);
	for (int64_t leaf = 0; leaf < ENTRIES; leaf++) {
		for (int64_t size = leaf < OLD ? OLD : ENTRIES; size <= ENTRIES;
			size += ENTRIES - OLD) {
			struct aw_log_proven proven;

			assert_ok(proof(&b, leaf, 0, size, &err));
			proven = check(&b, b.json, (struct aw_str){ 0 });
			assert_true(proven.good);
			assert_int_equal(proven.leaf, leaf);
			assert_int_equal(proven.size, size);
			json_decref(b.json);
		}
	}
	assert_fails(proof(&b, OLD, 0, OLD, &err), AW_NOT_FOUND, "not leaf 24");
	assert_fails(proof(&b, 3, 0, OLD + 1, &err), AW_NOT_FOUND, "no checkpoint over 25");
	close_bench(&b);
}

static void
growth_is_proven_from_a_checkpoint_that_was_kept(void **state)
{
	struct bench b;
	struct aw_error err = { 0 };
	struct aw_log_proven proven;
	struct aw_str later;

	(void)state;
	open_bench(&b);
	assert_ok(proof(&b, 0, OLD, 0, &err));
	proven = check(&b, b.json, b.notes);
	assert_true(proven.good && proven.kept);
	proven = check(&b, b.json, (struct aw_str){ 0 });
	assert_true(proven.good && !proven.kept);
	assert_non_null(strstr(proven.text, "without a witness"));
	/* somebody who kept another checkpoint is not told that it is this one */
	later.at = strstr(b.notes.at + 1, b.key.origin);
	later.at = strstr(later.at + 1, "\n\n");
	later.at += 2;
	later.len = b.notes.len - (size_t)(later.at - b.notes.at);
	proven = check(&b, b.json, later);
	assert_false(proven.good);
	json_decref(b.json);
	assert_fails(proof(&b, 0, OLD + 1, 0, &err), AW_NOT_FOUND, "no checkpoint over 25");
	close_bench(&b);
}

/* Each text, number and hash of a proof, changed a little. */
static size_t
spoil_each(struct bench *b, json_t *good)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *key;
	json_t *value;
	size_t spoiled = 0;

	json_object_foreach(good, key, value)
	{
		AW_SCOPED(json, json_t *) bad = json_deep_copy(good);
		struct aw_log_proven proven = { .good = true };
		struct aw_error err = { 0 };

		if (strcmp(key, "kind") == 0)
			continue;
		if (json_is_integer(value)) {
			aw_json_put_int(bad, key, json_integer_value(value) + 1);
		} else if (json_is_array(value)) {
			char *hash = aw_arena_strdup(
				&arena, json_string_value(json_array_get(value, 0)));

			hash[7] = hash[7] == '0' ? '1' : '0';
			(void)json_array_set_new(json_object_get(bad, key), 0, json_string(hash));
		} else {
			char *text = aw_arena_strdup(&arena, json_string_value(value));
			size_t at = strlen(text) / 2;

			text[at] = text[at] == '0' ? '1' : '0';
			aw_json_put_text(bad, key, text);
		}
		if (aw_log_proof_check(bad, b->key.verifier, (struct aw_str){ 0 }, &proven, &err) ==
				AW_OK &&
			proven.good)
			fail_msg("%s was changed and the proof still holds", key);
		spoiled++;
	}
	return spoiled;
}

static void
a_proof_that_is_changed_anywhere_proves_nothing(void **state)
{
	struct bench b;
	struct aw_error err = { 0 };
	struct aw_log_proven proven;

	(void)state;
	open_bench(&b);
	assert_ok(proof(&b, 13, 0, 0, &err));
	assert_int_equal(spoil_each(&b, b.json), 5);
	assert_fails(aw_log_proof_check(b.json, "no key", (struct aw_str){ 0 }, &proven, &err),
		AW_INVALID, "not a verifier key");
	(void)json_object_del(b.json, "hashes");
	assert_fails(
		aw_log_proof_check(b.json, b.key.verifier, (struct aw_str){ 0 }, &proven, &err),
		AW_INVALID, "not a proof");
	json_decref(b.json);
	assert_ok(proof(&b, 0, OLD, 0, &err));
	assert_int_equal(spoil_each(&b, b.json), 5);
	json_decref(b.json);
	close_bench(&b);
}

static void
a_log_that_was_tampered_with_gives_no_proof(void **state)
{
	struct bench b;
	struct aw_error err = { 0 };
	sqlite3 *raw = NULL;

	(void)state;
	open_bench(&b);
	assert_int_equal(sqlite3_open(b.house.db.url + strlen("sqlite:"), &raw), SQLITE_OK);
	(void)sqlite3_busy_timeout(raw, 5000);
	assert_int_equal(
		sqlite3_exec(raw, "UPDATE audit_entry SET hash = zeroblob(32) WHERE leaf = 30",
			NULL, NULL, NULL),
		SQLITE_OK);
	(void)sqlite3_close(raw);
	assert_fails(proof(&b, 13, 0, 0, &err), AW_CORRUPT, "audit verify");
	assert_fails(proof(&b, 0, OLD, 0, &err), AW_CORRUPT, "audit verify");
	close_bench(&b);
}

AW_TESTS(cmocka_unit_test(every_entry_is_proven_against_each_checkpoint_that_covers_it),
	cmocka_unit_test(growth_is_proven_from_a_checkpoint_that_was_kept),
	cmocka_unit_test(a_proof_that_is_changed_anywhere_proves_nothing),
	cmocka_unit_test(a_log_that_was_tampered_with_gives_no_proof))
