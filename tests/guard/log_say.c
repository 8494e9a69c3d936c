/* Makes a log for a verifier that is not ours: log_say DIR leaves DIR/t.db, DIR/witness, and the proofs
 * DIR/inclusion.json and DIR/consistency.json, and prints the log's key (tests/guard/rfc6962.py). */
#include <stdio.h>

#include "base/file.h"
#include "db/migrate.h"
#include "guard/access.h"
#include "guard/log_proof.h"

enum { ENTRIES = 300, SIGNED = 64 };

struct said {
	struct aw_arena arena;
	struct aw_db *db;
	struct aw_keyring *keyring;
	struct aw_ids ids;
	struct aw_random random;
	struct aw_log_key key;
	const char *dir;
};

static const char *
in_dir(struct said *s, const char *name)
{
	return aw_arena_printf(&s->arena, "%s/%s", s->dir, name);
}

/* Entries of all shapes: without account, unit, purpose, object or detail; with up to three people. */
static enum aw_status
append(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct said *s = arg;
	uint64_t shape = aw_random_next(&s->random);
	struct aw_viewer viewer = { .account = (int64_t)(shape & 3),
		.login = (shape & 4) != 0 ? "許示涵" : "public",
		.unit = (shape & 8) != 0 ? "dv" : NULL,
		.purpose = (shape & 16) != 0 ? "casework" : NULL };
	struct aw_act act = { .tx = tx,
		.arena = &s->arena,
		.viewer = &viewer,
		.real_ms = INT64_C(1750000000000) + (int64_t)(shape >> 40),
		.action = "person.view",
		.object = (shape & 32) != 0 ? "PC1101206-0001-1" : NULL };

	for (uint64_t i = 0; i < (shape >> 8 & 3); i++)
		aw_act_looked(&act, (int64_t)(aw_random_next(&s->random) >> 1),
			(uint32_t)(shape >> 16 & 0x7fff) | 2);
	return aw_log_append(&act, (shape & 64) != 0 ? "ok" : "denied",
		(shape & 128) != 0 ? "{\"n\":1}" : NULL, err);
}

static enum aw_status
write_proofs(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct said *s = arg;
	AW_SCOPED(json, json_t *) in = NULL;
	AW_SCOPED(json, json_t *) grew = NULL;

	if (aw_log_proof_inclusion(tx, &s->arena, 77, 0, &in, err) != AW_OK ||
		aw_log_proof_growth(tx, &s->arena, 2 * SIGNED, 0, &grew, err) != AW_OK ||
		aw_file_write(in_dir(s, "inclusion.json"), aw_str(aw_json_pretty(&s->arena, in)),
			0644, err) != AW_OK)
		return err->status;
	return aw_file_write(
		in_dir(s, "consistency.json"), aw_str(aw_json_pretty(&s->arena, grew)), 0644, err);
}

static enum aw_status
make(struct said *s, struct aw_error *err)
{
	struct aw_db_options options = {
		.url = aw_arena_printf(&s->arena, "sqlite:%s/t.db", s->dir), .create = true
	};

	if (aw_db_open(&options, &s->db, err) != AW_OK ||
		aw_db_migrate(s->db, NULL, NULL, err) != AW_OK ||
		aw_root_key_make(in_dir(s, "root.key"), err) != AW_OK ||
		aw_keyring_open(s->db, in_dir(s, "root.key"), &s->keyring, err) != AW_OK ||
		aw_log_key_open(s->db, s->keyring, &s->ids, &s->key, err) != AW_OK)
		return err->status;
	for (int i = 1; i <= ENTRIES; i++) {
		if (aw_db_write(s->db, append, s, err) != AW_OK)
			return err->status;
		if ((i % SIGNED == 0 || i == ENTRIES) &&
			aw_log_checkpoint(s->db, &s->key, in_dir(s, "witness"), &s->arena, NULL,
				err) != AW_OK)
			return err->status;
	}
	return aw_db_read(s->db, write_proofs, s, err);
}

int
main(int argc, char **argv)
{
	struct said s = { .dir = argc == 2 ? argv[1] : NULL };
	struct aw_error err = { 0 };
	enum aw_status status;

	if (argc != 2) {
		(void)fputs("usage: log_say DIR\n", stderr);
		return 2;
	}
	aw_random_seed(&s.random, 6962);
	aw_ids_init(&s.ids, &s.random);
	status = make(&s, &err);
	if (status == AW_OK)
		(void)printf("%s\n", s.key.verifier);
	else
		(void)fprintf(stderr, "log_say: %s\n", err.text);
	aw_log_key_done(&s.key);
	aw_keyring_close(s.keyring);
	aw_db_close(s.db);
	aw_arena_done(&s.arena);
	return status == AW_OK ? 0 : 3;
}
