/* The log: what is appended verifies, whatever is done to it from outside is found. */
#include <fcntl.h>
#include <sqlite3.h>

#include "base/file.h"
#include "guard/account.h"
#include "guard/log_proof.h"
#include "testact.h"

enum { ENTRIES = 40 };

struct append {
	int64_t person, other;
	const char *outcome, *detail;
};

static enum aw_status
append_one(struct aw_act *act, void *arg, struct aw_error *err)
{
	const struct append *a = arg;

	aw_act_looked(act, a->person, BIT(IDENTITY));
	aw_act_looked(act, a->other, BIT(RISK));
	aw_act_looked(act, a->person, BIT(CONTACT));
	act->action = "person.view";
	act->object = "PC1101206-0001-1";
	return aw_log_append(act, a->outcome == NULL ? "ok" : a->outcome, a->detail, err);
}

static void
append_many(struct house *house, int count)
{
	struct aw_error err = { 0 };

	for (int i = 0; i < count; i++) {
		struct append a = { .person = i % 3 == 0 ? 0 : 100 + i % 7,
			.other = i % 5 == 0 ? 200 : 0,
			.outcome = i % 11 == 10 ? "denied" : NULL,
			.detail = i % 4 == 0 ? "{\"n\":1}" : NULL };

		house->viewer.account = i % 6;
		house->real_ms += 1000;
		assert_ok(write_act(house, append_one, &a, &err));
	}
	house->viewer.account = 1;
}

/* Runs SQL behind the program's back. */
static void
meddle(struct house *house, const char *sql)
{
	sqlite3 *raw = NULL;
	char *why = NULL;

	assert_int_equal(sqlite3_open(house->db.url + strlen("sqlite:"), &raw), SQLITE_OK);
	(void)sqlite3_busy_timeout(raw, 5000);
	if (sqlite3_exec(raw, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	(void)sqlite3_close(raw);
}

static const char *
witness_path(struct house *house)
{
	return aw_arena_printf(&house->arena, "%s/witness", house->db.dir);
}

static void
sign(struct house *house, const char *witness)
{
	struct aw_error err = { 0 };
	AW_SCOPE(aw_log_key) key = { 0 };

	assert_ok(aw_log_key_open(house->db.db, house->db.keyring, &house->ids, &key, &err));
	assert_ok(aw_log_checkpoint(house->db.db, &key, witness, &house->arena, NULL, &err));
}

static struct aw_log_report
verify(struct house *house, const char *witness)
{
	struct aw_error err = { 0 };
	struct aw_log_report report;
	struct aw_str text;

	if (witness != NULL)
		assert_ok(aw_file_read(&house->arena, witness, 1 << 20, &text, &err));
	assert_ok(aw_log_verify(house->db.db, witness == NULL ? NULL : &text, NULL, &report, &err));
	return report;
}

static void
an_empty_log_is_sound(void **state)
{
	struct house house;
	struct aw_log_report report;

	(void)state;
	house_open(&house);
	report = verify(&house, NULL);
	assert_int_equal(report.fault, AW_LOG_SOUND);
	assert_int_equal(report.entries, 0);
	house_close(&house);
}

static void
a_log_as_it_was_written_is_sound_with_and_without_a_witness(void **state)
{
	struct house house;
	struct aw_log_report report;

	(void)state;
	house_open(&house);
	append_many(&house, ENTRIES);
	sign(&house, witness_path(&house));
	append_many(&house, 7);
	sign(&house, witness_path(&house));
	sign(&house, witness_path(&house)); /* nothing came: no new checkpoint, no second note */
	append_many(&house, 3);
	report = verify(&house, witness_path(&house));
	assert_int_equal(report.fault, AW_LOG_SOUND);
	assert_int_equal(report.entries, ENTRIES + 10);
	assert_int_equal(report.checkpoints, 2);
	assert_int_equal(report.witnessed, 2);
	assert_int_equal(report.witnessed_size, ENTRIES + 7);
	assert_int_equal(report.bad_leaf, -1);
	report = verify(&house, NULL);
	assert_int_equal(report.fault, AW_LOG_SOUND);
	assert_non_null(strstr(report.text, "without a witness"));
	house_close(&house);
}

static void
a_witness_file_that_missed_the_last_note_gets_it(void **state)
{
	struct house house;
	struct aw_log_report report;

	(void)state;
	house_open(&house);
	append_many(&house, 3);
	sign(&house, NULL);
	sign(&house, witness_path(&house));
	report = verify(&house, witness_path(&house));
	assert_int_equal(report.witnessed, 1);
	house_close(&house);
}

/* One way to change a log, and what verify must say of it. The log has ENTRIES entries, a
 * checkpoint over 24 and one over all. */
struct tamper {
	const char *sql;
	enum aw_log_fault fault;
	int64_t leaf; /* -2: any from 24 on */
	bool needs_witness;
};

#define RENUMBER                                                                                   \
	"UPDATE audit_entry SET leaf = -1 WHERE leaf = 5;"                                         \
	"UPDATE audit_entry SET leaf = 5 WHERE leaf = 6;"                                          \
	"UPDATE audit_entry SET leaf = 6 WHERE leaf = -1;"

static const struct tamper tampers[] = {
	/* edit: each column */
	{ "UPDATE audit_entry SET at = at + 1 WHERE leaf = 7", AW_LOG_CHANGED, 7, false },
	{ "UPDATE audit_entry SET account = 99 WHERE leaf = 7", AW_LOG_CHANGED, 7, false },
	{ "UPDATE audit_entry SET account = NULL WHERE leaf = 7", AW_LOG_CHANGED, 7, false },
	{ "UPDATE audit_entry SET actor = 'nobody' WHERE leaf = 8", AW_LOG_CHANGED, 8, false },
	{ "UPDATE audit_entry SET unit = NULL WHERE leaf = 9", AW_LOG_CHANGED, 9, false },
	{ "UPDATE audit_entry SET unit = '' WHERE leaf = 9", AW_LOG_CHANGED, 9, false },
	{ "UPDATE audit_entry SET purpose = 'screening' WHERE leaf = 0", AW_LOG_CHANGED, 0, false },
	{ "UPDATE audit_entry SET action = 'x' WHERE leaf = 39", AW_LOG_CHANGED, 39, false },
	{ "UPDATE audit_entry SET object = NULL WHERE leaf = 12", AW_LOG_CHANGED, 12, false },
	{ "UPDATE audit_entry SET outcome = 'ok' WHERE leaf = 10", AW_LOG_CHANGED, 10, false },
	{ "UPDATE audit_entry SET detail = '{}' WHERE leaf = 4", AW_LOG_CHANGED, 4, false },
	{ "UPDATE audit_entry SET hash = zeroblob(32) WHERE leaf = 4", AW_LOG_CHANGED, 4, false },
	{ "UPDATE audit_entry SET hash = x'00' WHERE leaf = 4", AW_LOG_CHANGED, 4, false },
	/* text moved from one column to its neighbour */
	{ "UPDATE audit_entry SET actor = 'hsud', unit = 'v' WHERE leaf = 11", AW_LOG_CHANGED, 11,
		false },
	/* subjects */
	{ "UPDATE audit_subject SET person = 999 WHERE leaf = 13", AW_LOG_CHANGED, 13, false },
	{ "UPDATE audit_subject SET classes = 'identity' WHERE leaf = 13", AW_LOG_CHANGED, 13,
		false },
	{ "DELETE FROM audit_subject WHERE leaf = 14", AW_LOG_CHANGED, 14, false },
	{ "INSERT INTO audit_subject VALUES (3, 5, 'identity')", AW_LOG_CHANGED, 3, false },
	/* delete, insert, reorder */
	{ "DELETE FROM audit_entry WHERE leaf = 20", AW_LOG_GAP, 20, false },
	{ "DELETE FROM audit_entry WHERE leaf = 0", AW_LOG_GAP, 0, false },
	{ "INSERT INTO audit_entry SELECT -3, at, account, actor, unit, purpose, action, object, "
	  "outcome, detail, hash FROM audit_entry WHERE leaf = 3",
		AW_LOG_CHANGED, -3, false },
	{ "INSERT INTO audit_entry SELECT 40, at, account, actor, unit, purpose, action, object, "
	  "outcome, detail, hash FROM audit_entry WHERE leaf = 3",
		AW_LOG_CHANGED, 40, false },
	{ RENUMBER, AW_LOG_CHANGED, 5, false },
	/* truncate: below the last checkpoint, and together with it */
	{ "DELETE FROM audit_entry WHERE leaf >= 30", AW_LOG_SHORT, 30, false },
	{ "DELETE FROM audit_entry WHERE leaf >= 30; DELETE FROM audit_subject WHERE leaf >= 30;"
	  "DELETE FROM audit_checkpoint WHERE size > 30",
		AW_LOG_SHORT, 30, true },
	{ "DELETE FROM audit_entry; DELETE FROM audit_subject; DELETE FROM audit_checkpoint",
		AW_LOG_SHORT, 0, true },
	/* subjects of entries that are not there: before, between and behind */
	{ "DELETE FROM audit_entry WHERE leaf >= 30; DELETE FROM audit_checkpoint WHERE size > 30",
		AW_LOG_CHANGED, 39, false },
	{ "INSERT INTO audit_subject VALUES (-1, 5, 'identity')", AW_LOG_CHANGED, -1, false },
	{ "INSERT INTO audit_subject VALUES (47, 5, 'identity')", AW_LOG_CHANGED, 47, false },
	/* checkpoints */
	{ "UPDATE audit_checkpoint SET root = zeroblob(32) WHERE size = 24", AW_LOG_SIGNATURE, -1,
		false },
	{ "UPDATE audit_checkpoint SET peaks = zeroblob(64) WHERE size = 24", AW_LOG_ROOT, 0,
		false },
	{ "UPDATE audit_checkpoint SET note = replace(note, 'A', 'B') WHERE size = 24",
		AW_LOG_SIGNATURE, -1, false },
	{ "DELETE FROM setting WHERE name = 'log.verifier'", AW_LOG_NO_KEY, -1, false },
};

static void
prepare(struct house *house)
{
	house_open(house);
	append_many(house, 24);
	sign(house, witness_path(house));
	append_many(house, ENTRIES - 24);
	sign(house, witness_path(house));
}

static void
each_kind_of_tampering_is_found_and_its_first_leaf_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < AW_COUNT(tampers); i++) {
		const struct tamper *t = &tampers[i];
		struct house house;
		struct aw_log_report report;

		prepare(&house);
		meddle(&house, "PRAGMA foreign_keys = OFF");
		meddle(&house, t->sql);
		report = verify(&house, t->needs_witness ? witness_path(&house) : NULL);
		if (report.fault != t->fault || report.bad_leaf != t->leaf)
			fail_msg("%s: %s at leaf %lld", t->sql, aw_log_fault_name(report.fault),
				(long long)report.bad_leaf);
		if (t->needs_witness) { /* without it nobody could know, and verify says so */
			report = verify(&house, NULL);
			assert_int_equal(report.fault, AW_LOG_SOUND);
			assert_non_null(strstr(report.text, "would not show"));
		}
		house_close(&house);
	}
}

static enum aw_status
copy_row(const struct aw_log_entry *entry, void *arg, struct aw_error *err)
{
	struct aw_log_entry *copy = arg;

	(void)err;
	if (entry->leaf == copy->leaf)
		*copy = *entry; /* texts are gone later; only the hash is used */
	return AW_OK;
}

struct copying {
	struct aw_log_entry entry;
};

static enum aw_status
copy_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct copying *c = arg;

	return aw_log_each(tx, 0, copy_row, &c->entry, err);
}

static void
an_edit_that_also_mends_the_leaf_hash_is_found_by_the_root(void **state)
{
	struct house house, twin;
	struct copying c = { .entry.leaf = 30 };
	struct aw_error err = { 0 };
	struct aw_log_report report;

	(void)state;
	/* A log that differs in one outcome gives the hash which the forger writes. */
	prepare(&house);
	house_open(&twin);
	append_many(&twin, 30);
	twin.viewer.account = 0;
	twin.real_ms += 1000;
	assert_ok(write_act(
		&twin, append_one, &(struct append){ .other = 200, .outcome = "forged" }, &err));
	assert_ok(aw_db_read(twin.db.db, copy_in, &c, &err));
	meddle(&house,
		aw_arena_printf(&house.arena,
			"UPDATE audit_entry SET account = NULL, at = %lld, outcome = 'forged', "
			"detail = NULL, hash = x'%s' WHERE leaf = 30",
			(long long)twin.real_ms,
			aw_hex(&house.arena, c.entry.hash.at, AW_HASH_BYTES)));
	meddle(&house, "DELETE FROM audit_subject WHERE leaf = 30");
	meddle(&house, "INSERT INTO audit_subject VALUES (30, 200, 'risk')");
	report = verify(&house, NULL);
	assert_int_equal(report.fault, AW_LOG_ROOT);
	assert_int_equal(report.sound_to, 24);
	assert_int_equal(report.bad_leaf, 24);
	house_close(&twin);
	house_close(&house);
}

static void
a_whole_log_forged_with_a_new_key_is_found_by_the_witness(void **state)
{
	struct house house, forged;
	struct aw_log_report report;
	const char *witness;

	(void)state;
	prepare(&house);
	witness = witness_path(&house);
	house_open(&forged);
	append_many(&forged, ENTRIES);
	sign(&forged, NULL);
	report = verify(&forged, NULL);
	assert_int_equal(report.fault, AW_LOG_SOUND);
	report = verify(&forged, witness);
	assert_int_equal(report.fault, AW_LOG_SIGNATURE);
	house_close(&forged);
	house_close(&house);
}

static void
a_witness_file_with_a_line_cut_off_does_not_pass(void **state)
{
	struct house house;
	struct aw_log_report report;
	struct aw_error err = { 0 };
	struct aw_str text;
	const char *path;

	(void)state;
	prepare(&house);
	path = witness_path(&house);
	assert_ok(aw_file_read(&house.arena, path, 1 << 20, &text, &err));
	text.len -= 20;
	assert_ok(aw_file_write(path, text, 0644, &err));
	report = verify(&house, path);
	assert_int_equal(report.fault, AW_LOG_SIGNATURE);
	assert_fails(aw_log_verify(house.db.db, NULL, "key", &report, &err), AW_INVALID,
		"not a verifier key");
	house_close(&house);
}

static void
the_key_stays_the_same_and_its_secret_is_not_in_the_database(void **state)
{
	struct house house;
	AW_SCOPE(aw_log_key) first = { 0 };
	AW_SCOPE(aw_log_key) second = { 0 };
	struct aw_error err = { 0 };
	struct aw_str bytes;
	const char *hex;

	(void)state;
	house_open(&house);
	assert_ok(aw_log_key_open(house.db.db, house.db.keyring, &house.ids, &first, &err));
	assert_ok(aw_log_key_open(house.db.db, house.db.keyring, &house.ids, &second, &err));
	assert_string_equal(first.verifier, second.verifier);
	assert_memory_equal(first.secret, second.secret, sizeof(first.secret));
	testdb_shut(&house.db);
	assert_ok(aw_file_read(
		&house.arena, house.db.url + strlen("sqlite:"), 1 << 26, &bytes, &err));
	hex = aw_hex(&house.arena, first.secret, 32);
	assert_null(memmem(bytes.at, bytes.len, first.secret, 32));
	assert_null(memmem(bytes.at, bytes.len, hex, strlen(hex)));
	hex = aw_hex(&house.arena, first.public_key, 4);
	assert_non_null(memmem(bytes.at, bytes.len, first.origin, strlen(first.origin)));
	testdb_reopen(&house.db);
	house_close(&house);
}

/* -- asking ------------------------------------------------------------------------------------- */

struct finding {
	struct aw_log_query query;
	struct aw_log_entry *entries;
	size_t count;
	bool more;
	int64_t looks, accounts;
	struct aw_proof proof;
	struct aw_hash root;
};

static enum aw_status
find(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct finding *f = arg;

	return aw_log_find(act->tx, act->arena, &f->query, &f->entries, &f->count, &f->more, err);
}

static enum aw_status
look(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct finding *f = arg;

	return aw_log_looks(act->tx, 101, 0, &f->looks, &f->accounts, err);
}

static void
who_saw_a_person_and_whom_an_account_saw_is_answered_page_by_page(void **state)
{
	struct house house;
	struct aw_error err = { 0 };
	struct finding f = { .query = { .person = 101, .limit = 2 } };
	int64_t last = INT64_MAX;
	size_t total = 0;

	(void)state;
	house_open(&house);
	append_many(&house, ENTRIES);
	do { /* i % 7 == 1 and i % 3 != 0: 1, 8, 22, 29 */
		assert_ok(read_act(&house, find, &f, &err));
		for (size_t i = 0; i < f.count; i++) {
			assert_true(f.entries[i].leaf < last);
			last = f.entries[i].leaf;
			assert_int_equal(f.entries[i].subjects[0].person, 101);
			assert_string_equal(f.entries[i].subjects[0].classes, "identity,contact");
		}
		total += f.count;
		f.query.before = last;
	} while (f.more);
	assert_int_equal(total, 4);
	assert_int_equal(last, 1);

	f.query = (struct aw_log_query){ .account = 5, .limit = 100 };
	assert_ok(read_act(&house, find, &f, &err));
	assert_int_equal(f.count, 6); /* 5, 11, ..., 35 */
	f.query.outcome = "denied";
	assert_ok(read_act(&house, find, &f, &err));
	assert_int_equal(f.count, 0);
	f.query = (struct aw_log_query){ .outcome = "denied", .action = "person.", .limit = 100 };
	assert_ok(read_act(&house, find, &f, &err));
	assert_int_equal(f.count, 3); /* 10, 21, 32 */
	f.query.action = "person.vie";
	assert_ok(read_act(&house, find, &f, &err));
	assert_int_equal(f.count, 0);
	f.query.action = "person.view";
	assert_ok(read_act(&house, find, &f, &err));
	assert_int_equal(f.count, 3);
	assert_ok(read_act(&house, look, &f, &err));
	assert_int_equal(f.looks, 4); /* by accounts 1, 2, 4, 5 */
	assert_int_equal(f.accounts, 4);
	house_close(&house);
}

static enum aw_status
prove(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct finding *f = arg;
	struct aw_checkpoint checkpoint;
	int64_t size;

	if (aw_log_state(act->tx, act->arena, &checkpoint, &size, err) != AW_OK ||
		aw_log_prove_inclusion(act->tx, 13, checkpoint.size, &f->proof, err) != AW_OK)
		return err->status;
	f->root = checkpoint.root;
	f->query = (struct aw_log_query){ .before = 14, .limit = 1 };
	return find(act, f, err);
}

static void
an_entry_can_be_proven_against_a_checkpoint(void **state)
{
	struct house house;
	struct aw_error err = { 0 };
	struct finding f = { 0 };

	(void)state;
	prepare(&house);
	assert_ok(read_act(&house, prove, &f, &err));
	assert_int_equal(f.entries[0].leaf, 13);
	assert_true(aw_log_entry_sound(&house.arena, &f.entries[0]));
	f.entries[0].outcome = "denied";
	assert_false(aw_log_entry_sound(&house.arena, &f.entries[0]));
	assert_true(aw_tree_includes(&f.entries[0].hash, 13, ENTRIES, &f.proof, &f.root));
	assert_false(aw_tree_includes(&f.entries[0].hash, 12, ENTRIES, &f.proof, &f.root));
	house_close(&house);
}

/* -- no look without its entry ------------------------------------------------------------------ */

static void
a_look_that_cannot_be_logged_is_busy_and_leaves_nothing(void **state)
{
	struct house house;
	struct aw_error err = { 0 };
	struct aw_act act;
	struct aw_log_report report;

	(void)state;
	house_open(&house);
	act = house_act(&house);
	aw_act_looked(&act, 7, BIT(IDENTITY));
	assert_ok(aw_log_reads(house.db.db, &act, NULL, "ok", &err));
	meddle(&house, "CREATE TRIGGER broken BEFORE INSERT ON audit_subject BEGIN "
		       "SELECT RAISE(ABORT, 'disk'); END");
	assert_int_equal(aw_log_reads(house.db.db, &act, NULL, "ok", &err), AW_BUSY);
	meddle(&house, "DROP TRIGGER broken");
	assert_ok(aw_log_reads(house.db.db, &act, NULL, "ok", &err));
	report = verify(&house, NULL);
	assert_int_equal(report.fault, AW_LOG_SOUND);
	assert_int_equal(report.entries, 2);
	house_close(&house);
}

AW_TESTS(cmocka_unit_test(an_empty_log_is_sound),
	cmocka_unit_test(a_log_as_it_was_written_is_sound_with_and_without_a_witness),
	cmocka_unit_test(a_witness_file_that_missed_the_last_note_gets_it),
	cmocka_unit_test(each_kind_of_tampering_is_found_and_its_first_leaf_named),
	cmocka_unit_test(an_edit_that_also_mends_the_leaf_hash_is_found_by_the_root),
	cmocka_unit_test(a_whole_log_forged_with_a_new_key_is_found_by_the_witness),
	cmocka_unit_test(a_witness_file_with_a_line_cut_off_does_not_pass),
	cmocka_unit_test(the_key_stays_the_same_and_its_secret_is_not_in_the_database),
	cmocka_unit_test(who_saw_a_person_and_whom_an_account_saw_is_answered_page_by_page),
	cmocka_unit_test(an_entry_can_be_proven_against_a_checkpoint),
	cmocka_unit_test(a_look_that_cannot_be_logged_is_busy_and_leaves_nothing))
