/* Seven kinds of tampering, each a hundred times at random places, by four hands: one that edits rows
 * alone, one that mends the leaf hashes behind it, one that also takes away the checkpoints that say
 * otherwise, and one that holds the log's own key and signs anew. With the witness file all are
 * found. Without it the last two, and an older copy put back, cannot be known by anybody; the test
 * says how many those are and that verify calls them sound, which shows that it is the witness that
 * finds them. An untouched log is sound before each. */
#include <sqlite3.h>

#include "base/file.h"
#include "guard/log.h"
#include "guard/log_leaf.h"
#include "testact.h"

enum { TIMES = 100, ENTRIES = 60 };

static const int signed_at[] = { 7, 24, 40, ENTRIES };

enum hand {
	ROWS,	  /* edits rows */
	HASHES,	  /* and mends their leaf hashes */
	UNSIGNED, /* and removes the checkpoints over them */
	KEY,	  /* and signs again with the log's own key */
	HANDS,
};

struct bench {
	struct house house;
	struct aw_log_key key;
	struct aw_random random;
	sqlite3 *raw; /* behind the program's back */
	struct aw_str notes;
};

/* -- a log -------------------------------------------------------------------------------------- */

static enum aw_status
append_one(struct aw_act *act, void *arg, struct aw_error *err)
{
	const int *number = arg;

	if (*number % 3 != 0)
		aw_act_looked(act, 100 + *number % 7, BIT(IDENTITY));
	if (*number % 5 == 0)
		aw_act_looked(act, 200, BIT(RISK));
	act->action = "person.view";
	act->object = *number % 4 == 0 ? NULL : "PC1101206-0001-1";
	return aw_log_append(act, *number % 11 == 10 ? "denied" : "ok",
		*number % 4 == 0 ? "{\"n\":1}" : NULL, err);
}

static void
append_more(struct bench *b, int from, int to)
{
	struct aw_error err = { 0 };

	for (int i = from; i < to; i++) {
		b->house.viewer.account = i % 6;
		b->house.real_ms += 1000;
		assert_ok(write_act(&b->house, append_one, &i, &err));
	}
}

static void
sign(struct bench *b, const char *witness)
{
	struct aw_error err = { 0 };

	assert_ok(aw_log_checkpoint(b->house.db.db, &b->key, witness, &b->house.arena, NULL, &err));
}

static void AW_PRINTF(2, 3) run_sql(struct bench *b, const char *fmt, ...)
{
	char sql[600], *why = NULL;
	va_list args;

	va_start(args, fmt);
	assert_true(vsnprintf(sql, sizeof(sql), fmt, args) < (int)sizeof(sql));
	va_end(args);
	if (sqlite3_exec(b->raw, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
}

static void
open_bench(struct bench *b)
{
	struct aw_error err = { 0 };
	const char *witness;
	int at = 0;

	*b = (struct bench){ 0 };
	house_open(&b->house);
	aw_random_seed(&b->random, 62);
	assert_ok(
		aw_log_key_open(b->house.db.db, b->house.db.keyring, &b->house.ids, &b->key, &err));
	witness = aw_arena_printf(&b->house.arena, "%s/witness", b->house.db.dir);
	for (size_t i = 0; i < AW_COUNT(signed_at); i++) {
		append_more(b, at, signed_at[i]);
		sign(b, witness);
		at = signed_at[i];
	}
	assert_ok(aw_file_read(&b->house.arena, witness, 1 << 20, &b->notes, &err));
	assert_int_equal(sqlite3_open(b->house.db.url + strlen("sqlite:"), &b->raw), SQLITE_OK);
	(void)sqlite3_busy_timeout(b->raw, 5000);
	run_sql(b, "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;"
		   "ATTACH ':memory:' AS kept;"
		   "CREATE TABLE kept.e AS SELECT * FROM audit_entry;"
		   "CREATE TABLE kept.s AS SELECT * FROM audit_subject;"
		   "CREATE TABLE kept.c AS SELECT * FROM audit_checkpoint");
}

static void
close_bench(struct bench *b)
{
	(void)sqlite3_close(b->raw);
	aw_log_key_done(&b->key);
	house_close(&b->house);
}

/* As it was written. */
static void
put_back(struct bench *b)
{
	run_sql(b, "BEGIN; DELETE FROM audit_subject; DELETE FROM audit_entry;"
		   "DELETE FROM audit_checkpoint;"
		   "INSERT INTO audit_entry SELECT * FROM kept.e;"
		   "INSERT INTO audit_subject SELECT * FROM kept.s;"
		   "INSERT INTO audit_checkpoint SELECT * FROM kept.c; COMMIT");
}

static struct aw_log_report
verify(struct bench *b, bool witness)
{
	struct aw_log_report report;
	struct aw_error err = { 0 };

	assert_ok(aw_log_verify(
		b->house.db.db, witness ? &b->notes : NULL, b->key.verifier, &report, &err));
	return report;
}

/* -- what a forger can mend --------------------------------------------------------------------- */

static const char *
text_of(struct aw_arena *arena, sqlite3_stmt *row, int column)
{
	return aw_arena_strdup(arena, (const char *)sqlite3_column_text(row, column));
}

static void
take_subjects(struct bench *b, struct aw_arena *arena, struct aw_log_entry *entry)
{
	struct aw_log_subject *subjects = NULL;
	size_t room = 0;
	sqlite3_stmt *row = NULL;

	assert_int_equal(sqlite3_prepare_v2(b->raw,
				 "SELECT person, classes FROM audit_subject WHERE leaf = ?1 "
				 "ORDER BY person",
				 -1, &row, NULL),
		SQLITE_OK);
	(void)sqlite3_bind_int64(row, 1, entry->leaf);
	while (sqlite3_step(row) == SQLITE_ROW)
		*AW_PUSH(arena, subjects, entry->subject_count, room) =
			(struct aw_log_subject){ .person = sqlite3_column_int64(row, 0),
				.classes = text_of(arena, row, 1) };
	entry->subjects = subjects;
	(void)sqlite3_finalize(row);
}

static void
mend_row(struct bench *b, sqlite3_stmt *row)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_log_entry entry = { .leaf = sqlite3_column_int64(row, 0),
		.at = sqlite3_column_int64(row, 1),
		.account = sqlite3_column_int64(row, 2),
		.actor = text_of(&arena, row, 3),
		.unit = text_of(&arena, row, 4),
		.purpose = text_of(&arena, row, 5),
		.action = text_of(&arena, row, 6),
		.object = text_of(&arena, row, 7),
		.outcome = text_of(&arena, row, 8),
		.detail = text_of(&arena, row, 9) };
	struct aw_hash hash;

	take_subjects(b, &arena, &entry);
	hash = aw_leaf_hash(&arena, &entry);
	run_sql(b, "UPDATE audit_entry SET hash = x'%s' WHERE leaf = %lld",
		aw_hex(&arena, hash.at, AW_HASH_BYTES), (long long)entry.leaf);
}

static void
mend_hashes(struct bench *b, int from)
{
	sqlite3_stmt *row = NULL;

	assert_int_equal(sqlite3_prepare_v2(b->raw,
				 "SELECT leaf, at, account, actor, unit, purpose, action, object, "
				 "outcome, detail FROM audit_entry WHERE leaf >= ?1 ORDER BY leaf",
				 -1, &row, NULL),
		SQLITE_OK);
	(void)sqlite3_bind_int(row, 1, from);
	run_sql(b, "BEGIN");
	while (sqlite3_step(row) == SQLITE_ROW)
		mend_row(b, row);
	(void)sqlite3_finalize(row);
	run_sql(b, "COMMIT");
}

/* What each hand does behind an edit whose first leaf is `from`. */
static void
cover(struct bench *b, enum hand hand, int from)
{
	if (hand >= HASHES)
		mend_hashes(b, from);
	if (hand >= UNSIGNED)
		run_sql(b, "DELETE FROM audit_checkpoint WHERE size > %d", from);
	if (hand == KEY)
		sign(b, NULL);
}

/* -- the kinds ---------------------------------------------------------------------------------- */

static int
below(struct bench *b, int most)
{
	return (int)aw_random_below(&b->random, (uint64_t)most);
}

/* Numbers the leaves from `from` on anew, `by` further. */
static void
move(struct bench *b, int from, int by)
{
	static const char *const tables[] = { "audit_entry", "audit_subject" };

	for (size_t i = 0; i < AW_COUNT(tables); i++)
		run_sql(b,
			"UPDATE %s SET leaf = -(leaf + %d) - 1 WHERE leaf >= %d;"
			"UPDATE %s SET leaf = -leaf - 1 WHERE leaf < 0",
			tables[i], by, from, tables[i]);
}

static int
alter(struct bench *b, enum hand hand)
{
	static const char *const edits[] = { "at = at + 1", "account = coalesce(account, 0) + 1",
		"actor = actor || 'x'", "unit = coalesce(unit, '') || 'x'",
		"purpose = coalesce(purpose, '') || 'x'", "action = 'desk.work'",
		"object = coalesce(object, '') || 'x'", "outcome = outcome || '.'",
		"detail = coalesce(detail, '') || ' '" };
	int leaf = below(b, ENTRIES), edit = below(b, (int)AW_COUNT(edits) + 2);

	(void)hand;
	if (edit < (int)AW_COUNT(edits))
		run_sql(b, "UPDATE audit_entry SET %s WHERE leaf = %d", edits[edit], leaf);
	else if (edit == (int)AW_COUNT(edits))
		run_sql(b, "INSERT INTO audit_subject VALUES (%d, 5, 'identity')", leaf);
	else
		run_sql(b,
			"UPDATE audit_entry SET outcome = outcome || '.' WHERE leaf = %d;"
			"DELETE FROM audit_subject WHERE leaf = %d",
			leaf, leaf);
	return leaf;
}

static int
delete_one(struct bench *b, enum hand hand)
{
	int leaf = below(b, ENTRIES);

	run_sql(b,
		"DELETE FROM audit_subject WHERE leaf = %d; DELETE FROM audit_entry WHERE leaf = "
		"%d",
		leaf, leaf);
	if (hand != ROWS)
		move(b, leaf + 1, -1);
	return leaf;
}

static int
insert_one(struct bench *b, enum hand hand)
{
	int leaf = below(b, ENTRIES), like = below(b, ENTRIES);

	(void)hand;
	move(b, leaf, 1);
	run_sql(b,
		"INSERT INTO audit_entry SELECT %d, at, account, 'forged', unit, purpose, action, "
		"object, "
		"outcome, detail, hash FROM kept.e WHERE leaf = %d",
		leaf, like);
	return leaf;
}

static int
reorder(struct bench *b, enum hand hand)
{
	int one = below(b, ENTRIES - 1), other = one + 1 + below(b, ENTRIES - one - 1);
	static const char *const tables[] = { "audit_entry", "audit_subject" };

	(void)hand;
	for (size_t i = 0; i < AW_COUNT(tables); i++)
		run_sql(b,
			"UPDATE %s SET leaf = -1 WHERE leaf = %d;"
			"UPDATE %s SET leaf = %d WHERE leaf = %d;"
			"UPDATE %s SET leaf = %d WHERE leaf = -1",
			tables[i], one, tables[i], one, other, tables[i], other);
	return one;
}

static int
cut(struct bench *b, int leaf)
{
	run_sql(b,
		"DELETE FROM audit_subject WHERE leaf >= %d; DELETE FROM audit_entry WHERE leaf >= "
		"%d",
		leaf, leaf);
	return leaf;
}

static int
truncate_log(struct bench *b, enum hand hand)
{
	(void)hand;
	return cut(b, below(b, ENTRIES));
}

/* Another history from some leaf on, as long or longer. */
static int
fork_log(struct bench *b, enum hand hand)
{
	int leaf = below(b, ENTRIES), more = below(b, 5);

	(void)hand;
	run_sql(b, "UPDATE audit_entry SET actor = 'other', at = at + 60000 WHERE leaf >= %d",
		leaf);
	for (int i = 0; i < more; i++)
		run_sql(b,
			"INSERT INTO audit_entry SELECT %d, at, account, 'other', unit, purpose, "
			"action, object, outcome, detail, hash FROM kept.e WHERE leaf = %d",
			ENTRIES + i, i);
	return leaf;
}

/* The database of an earlier day; the last hand goes on working in it until it is longer. */
static int
put_old_copy(struct bench *b, enum hand hand)
{
	int leaf = hand == ROWS ? signed_at[below(b, (int)AW_COUNT(signed_at) - 1)]
				: 1 + below(b, ENTRIES - 1);

	cut(b, leaf);
	run_sql(b, "DELETE FROM audit_checkpoint WHERE size > %d", leaf);
	if (hand == KEY) {
		b->house.real_ms += 77;
		append_more(b, leaf, ENTRIES + below(b, 20));
	}
	return leaf;
}

static const struct kind {
	const char *name;
	int (*tamper)(struct bench *b, enum hand hand); /* the first leaf that it touched */
	bool shows_alone[HANDS];			/* without a witness */
} kinds[] = {
	{ "alteration", alter, { true, true, false, false } },
	{ "deletion", delete_one, { true, true, false, false } },
	{ "insertion", insert_one, { true, true, false, false } },
	{ "reordering", reorder, { true, true, false, false } },
	{ "truncation", truncate_log, { true, true, false, false } },
	{ "fork", fork_log, { true, true, false, false } },
	{ "an older copy put back", put_old_copy, { false, false, false, false } },
};

static void
must_be_sound(struct bench *b)
{
	for (int witness = 0; witness < 2; witness++) {
		struct aw_log_report report = verify(b, witness == 1);

		if (report.fault != AW_LOG_SOUND || report.entries != ENTRIES)
			fail_msg("an untouched log: %s", report.text);
	}
}

static void
try_kind(struct bench *b, const struct kind *kind)
{
	int found = 0, alone = 0, unknowable = 0;

	for (int i = 0; i < TIMES; i++) {
		enum hand hand = (enum hand)(i % HANDS);
		struct aw_log_report with, without;
		int leaf;

		put_back(b);
		must_be_sound(b);
		leaf = kind->tamper(b, hand);
		cover(b, hand, leaf);
		with = verify(b, true);
		without = verify(b, false);
		if (with.fault == AW_LOG_SOUND)
			fail_msg("%s at leaf %d by hand %d was not found", kind->name, leaf, hand);
		if (kind->shows_alone[hand] != (without.fault != AW_LOG_SOUND))
			fail_msg("%s at leaf %d by hand %d, without the witness: %s", kind->name,
				leaf, hand, without.text);
		if (without.fault == AW_LOG_SOUND)
			assert_non_null(strstr(without.text, "would not show"));
		found++;
		alone += without.fault != AW_LOG_SOUND;
		unknowable += without.fault == AW_LOG_SOUND;
	}
	assert_int_equal(found, TIMES);
	(void)printf("# %s: %d of %d found with the witness; without it %d found, %d that nobody "
		     "could know\n",
		kind->name, found, TIMES, alone, unknowable);
}

static void
each_kind_is_found_a_hundred_times_with_the_witness(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	for (size_t i = 0; i < AW_COUNT(kinds); i++)
		try_kind(&b, &kinds[i]);
	(void)printf(
		"# controls: an untouched log was sound %zu times with the witness and as often "
		"without\n",
		AW_COUNT(kinds) * TIMES);
	close_bench(&b);
}

static void
a_log_that_its_witness_knows_otherwise_is_not_signed_again(void **state)
{
	struct bench b;
	struct aw_error err = { 0 };
	struct aw_str notes;
	const char *witness;

	(void)state;
	open_bench(&b);
	witness = aw_arena_printf(&b.house.arena, "%s/witness", b.house.db.dir);
	(void)put_old_copy(&b, KEY);
	assert_fails(aw_log_checkpoint(b.house.db.db, &b.key, witness, &b.house.arena, NULL, &err),
		AW_CONFLICT, "never signed");
	assert_ok(aw_file_read(&b.house.arena, witness, 1 << 20, &notes, &err));
	assert_int_equal(notes.len, b.notes.len);
	put_back(&b); /* the right one again */
	append_more(&b, ENTRIES, ENTRIES + 3);
	sign(&b, witness);
	assert_ok(aw_file_read(&b.house.arena, witness, 1 << 20, &b.notes, &err));
	assert_int_equal(verify(&b, true).witnessed, AW_COUNT(signed_at) + 1);
	close_bench(&b);
}

AW_TESTS(cmocka_unit_test(each_kind_is_found_a_hundred_times_with_the_witness),
	cmocka_unit_test(a_log_that_its_witness_knows_otherwise_is_not_signed_again))
