/* tests/city/intake/ready - what is made ready before the unit of work, and receipts under derived keys. */
#include "intaketest.h"

#include "db/keyring.h"
#include "city/intake/older.sql.h"

#define TOLD "{'kind': 'suicide', 'incident': {'narrative': '說要跳下去'}}"

/* -- in two steps ----------------------------------------------------------------------------- */

struct steps {
	struct aw_report_ready *ready;
	struct aw_receipt receipt;
	bool fails; /* the unit comes to nothing behind the report */
};

static void
make_ready(struct room *room, struct steps *s)
{
	static const struct aw_viewer viewer = {
		.login = "hospital", .name = "", .title = "", .roles = ""
	};
	struct aw_act act = { .arena = &room->arena,
		.viewer = &viewer,
		.policy = room->policy,
		.keyring = room->db.keyring,
		.ids = &room->ids,
		.now_ms = room->now_ms,
		.real_ms = room->now_ms };
	struct aw_report_in *in = AW_NEW(&room->arena, struct aw_report_in);
	struct aw_report_problems problems = { 0 };
	struct aw_error err = { 0 };

	assert_ok(aw_report_from_json(
		&room->arena, quoted_json(&room->arena, TOLD), in, &problems, &err));
	in->sender = "hospital";
	in->idempotency_key = "k-1";
	assert_ok(aw_report_make_ready(&act, in, &s->ready, &problems, &err));
}

static enum aw_status
receive_ready(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct steps *s = arg;

	if (aw_report_receive_ready(act, s->ready, &s->receipt, err) != AW_OK)
		return err->status;
	return s->fails ? aw_fail(err, AW_BUSY, "the disk is full") : AW_OK;
}

static enum aw_status
count_reports(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct aw_report_filter filter = { .limit = 50 };
	struct aw_report_line *lines;
	size_t count;

	return aw_report_list(act, &filter, &lines, &count, arg, err);
}

static void
assert_reports(struct room *room, int64_t expected)
{
	struct aw_error err = { 0 };
	int64_t total = -1;

	assert_ok(room_as(room, 7, count_reports, &total, &err));
	assert_int_equal(total, expected);
}

static void
a_unit_that_is_run_again_stores_the_same_report_once(void **state)
{
	struct room *room = *state;
	struct steps s = { .fails = true };
	struct aw_error err = { 0 };
	int64_t report;

	make_ready(room, &s);
	assert_fails(room_as(room, 0, receive_ready, &s, &err), AW_BUSY, "disk is full");
	assert_reports(room, 0);
	report = s.receipt.report;
	s.fails = false;
	assert_ok(room_as(room, 0, receive_ready, &s, &err));
	assert_false(s.receipt.repeated);
	assert_int_equal(s.receipt.report, report);
	assert_ok(room_as(room, 0, receive_ready, &s, &err));
	assert_true(s.receipt.repeated);
	assert_reports(room, 1);
}

static void
its_times_and_its_number_are_of_when_it_was_made_ready(void **state)
{
	struct room *room = *state;
	struct steps s = { 0 };
	struct aw_error err = { 0 };
	int64_t then;

	/* the writer comes to it after midnight */
	assert_true(aw_instant_parse(aw_str("2021-12-06T23:59:59+08:00"), &room->now_ms));
	then = room->now_ms;
	make_ready(room, &s);
	room->now_ms += 5000;
	assert_ok(room_as(room, 0, receive_ready, &s, &err));
	assert_int_equal(s.receipt.received_at, then);
	assert_int_equal(strncmp(s.receipt.number, "RC1101206-", strlen("RC1101206-")), 0);
}

static enum aw_status
read_content(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct aw_report report;
	const struct steps *s = arg;

	if (aw_report_get(act, s->receipt.report, AW_REPORT_CONTENT | AW_REPORT_REPORTER, &report,
		    err) != AW_OK)
		return err->status;
	assert_string_equal(report.narrative, "說要跳下去");
	return AW_OK;
}

static void
an_epoch_that_begins_in_between_is_the_keys_epoch(void **state)
{
	struct room *room = *state;
	struct aw_keyring_report report;
	struct steps s = { 0 };
	struct aw_error err = { 0 };
	int64_t count;

	make_ready(room, &s);
	assert_ok(aw_keyring_rotate(room->db.db, room->db.keyring, &count, &err));
	assert_ok(room_as(room, 0, receive_ready, &s, &err));
	assert_ok(aw_keyring_check(room->db.db, room->db.keyring, &report, &err));
	assert_int_equal(report.keys, 2); /* the report's and the reporter's */
	assert_int_equal(report.keys_current, report.keys);
	/* the rotation has ended: nobody would have carried them on */
	assert_ok(aw_keyring_retire(room->db.db, room->db.keyring, INT64_MAX, &count, &err));
	assert_int_equal(count, 1);
	assert_ok(room_as(room, 7, read_content, &s, &err));
}

static void
an_epoch_that_is_gone_already_refuses_the_report(void **state)
{
	struct room *room = *state;
	struct steps s = { 0 };
	struct aw_error err = { 0 };
	int64_t count;

	make_ready(room, &s);
	assert_ok(aw_keyring_rotate(room->db.db, room->db.keyring, &count, &err));
	assert_ok(aw_keyring_retire(room->db.db, room->db.keyring, INT64_MAX, &count, &err));
	assert_int_equal(count, 1);
	assert_fails(room_as(room, 0, receive_ready, &s, &err), AW_BUSY, "keys are being changed");
	assert_reports(room, 0);
	/* sent again it is made ready again */
	make_ready(room, &s);
	assert_ok(room_as(room, 0, receive_ready, &s, &err));
	assert_reports(room, 1);
}

/* -- receipts --------------------------------------------------------------------------------- */

static void
a_receipt_goes_with_its_epoch_and_no_report_is_taken_twice(void **state)
{
	struct room *room = *state;
	struct receiving a = { .json = TOLD, .key = "k-1", .sender = "hospital" }, b = a;
	struct aw_error err = { 0 };
	int64_t count;

	assert_ok(room_as(room, 0, receive, &a, &err));
	assert_ok(aw_keyring_rotate(room->db.db, room->db.keyring, &count, &err));
	assert_ok(room_as(room, 0, receive, &b, &err));
	assert_true(b.receipt.repeated);
	assert_string_equal(b.receipt.number, a.receipt.number);
	assert_string_equal(b.receipt.code, a.receipt.code);
	assert_ok(aw_keyring_retire(room->db.db, room->db.keyring, INT64_MAX, &count, &err));
	assert_int_equal(count, 1);
	assert_fails(room_as(room, 0, receive, &b, &err), AW_CONFLICT, "keys of its time");
	assert_reports(room, 1);
}

static enum aw_status
make_older(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct sql_older_receipt row = { 0 };
	struct aw_key now = { 0 }, own = { 0 };
	struct aw_place place = {
		.table = "idempotency", .column = "receipt_sealed", .version = 1
	};
	struct aw_str text;
	bool found = false;
	int64_t own_id = aw_act_id(act);

	*(int64_t *)arg = own_id;
	if (sql_older_receipt(act->tx, act->arena, &row, &found, err) != AW_OK)
		return err->status;
	assert_true(found && row.receipt_epoch.known);
	place.row = row.report;
	if (aw_key_derive(act->keyring, row.receipt_epoch.v, "receipts", row.report, &now, NULL,
		    err) != AW_OK ||
		aw_unseal(act->arena, act->keyring, &now, place, row.receipt_sealed, &text, err) !=
			AW_OK ||
		aw_key_make(act->tx, act->keyring, own_id, "receipt", &own, err) != AW_OK)
		return err->status;
	return sql_older_receipt_put(act->tx,
		&(struct sql_older_receipt_put_in){ .receipt_key = own_id,
			.receipt_sealed = aw_seal(act->arena, act->keyring, &own, place, text) },
		err);
}

static enum aw_status
get_key(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct aw_key key = { 0 };
	enum aw_status status = aw_key_get(act->tx, act->keyring, *(const int64_t *)arg, &key, err);

	aw_key_done(&key);
	return status;
}

static void
a_receipt_of_an_older_version_is_known_and_goes_with_its_key(void **state)
{
	struct room *room = *state;
	struct receiving a = { .json = TOLD, .key = "k-1", .sender = "hospital" }, b = a;
	struct aw_error err = { 0 };
	int64_t own_id = 0;

	assert_ok(room_as(room, 0, receive, &a, &err));
	assert_ok(room_as(room, 0, make_older, &own_id, &err));
	assert_ok(room_as(room, 0, receive, &b, &err));
	assert_true(b.receipt.repeated);
	assert_string_equal(b.receipt.number, a.receipt.number);
	assert_string_equal(b.receipt.code, a.receipt.code);
	assert_ok(room_as(room, 0, get_key, &own_id, &err));
	room->now_ms += 25 * AW_HOUR_MS;
	assert_ok(room_as(room, 0, receive, &b, &err));
	assert_false(b.receipt.repeated);
	assert_fails(room_as(room, 0, get_key, &own_id, &err), AW_NOT_FOUND, "erased");
}

static enum aw_status
forget(struct aw_act *act, void *arg, struct aw_error *err)
{
	return aw_receipts_forget(act, arg, err);
}

/* Whether a key is free is asked without that: a unit finds what was forgotten gone, not too old. */
static void
a_receipt_is_forgotten_with_its_key_a_day_later_and_no_sooner(void **state)
{
	struct room *room = *state;
	struct receiving a = { .json = TOLD, .key = "k-1", .sender = "hospital" },
			 b = { .json = TOLD, .key = "k-2", .sender = "hospital" };
	struct aw_error err = { 0 };
	int64_t own_id = 0;
	size_t count = 9;

	assert_ok(room_as(room, 0, receive, &a, &err));
	assert_ok(room_as(room, 0, make_older, &own_id, &err));
	room->now_ms += 23 * AW_HOUR_MS;
	assert_ok(room_as(room, 0, forget, &count, &err));
	assert_int_equal(count, 0);
	assert_ok(room_as(room, 0, get_key, &own_id, &err));
	assert_ok(room_as(room, 0, receive, &b, &err));
	room->now_ms += 2 * AW_HOUR_MS;
	assert_ok(room_as(room, 0, forget, &count, &err));
	assert_int_equal(count, 1);
	assert_fails(room_as(room, 0, get_key, &own_id, &err), AW_NOT_FOUND, "erased");
	assert_ok(room_as(room, 0, receive, &b, &err));
	assert_true(b.receipt.repeated);
	room->now_ms -= 2 * AW_HOUR_MS; /* when it was not too old yet */
	assert_ok(room_as(room, 0, receive, &a, &err));
	assert_false(a.receipt.repeated);
}

static void
a_derived_key_is_of_one_use_one_row_and_one_epoch(void **state)
{
	struct room *room = *state;
	struct aw_keyring *keyring = room->db.keyring;
	struct aw_key key = { 0 }, same = { 0 }, row = { 0 }, use = { 0 }, later = { 0 };
	struct aw_error err = { 0 };
	int64_t epoch = 0, count;

	assert_ok(aw_key_derive(keyring, 0, "receipts", 5, &key, &epoch, &err));
	assert_ok(aw_key_derive(keyring, epoch, "receipts", 5, &same, NULL, &err));
	assert_ok(aw_key_derive(keyring, epoch, "receipts", 6, &row, NULL, &err));
	assert_ok(aw_key_derive(keyring, epoch, "receipt2", 5, &use, NULL, &err));
	assert_memory_equal(key.secret, same.secret, sizeof(key.secret));
	assert_memory_not_equal(key.secret, row.secret, sizeof(key.secret));
	assert_memory_not_equal(key.secret, use.secret, sizeof(key.secret));
	assert_ok(aw_keyring_rotate(room->db.db, keyring, &count, &err));
	assert_ok(aw_key_derive(keyring, 0, "receipts", 5, &later, NULL, &err));
	assert_memory_not_equal(key.secret, later.secret, sizeof(key.secret));
	assert_fails(aw_key_derive(keyring, 99, "receipts", 5, &key, NULL, &err), AW_NOT_FOUND,
		"with its epoch");
}

AW_TESTS(ROOM_TEST(a_unit_that_is_run_again_stores_the_same_report_once),
	ROOM_TEST(its_times_and_its_number_are_of_when_it_was_made_ready),
	ROOM_TEST(an_epoch_that_begins_in_between_is_the_keys_epoch),
	ROOM_TEST(an_epoch_that_is_gone_already_refuses_the_report),
	ROOM_TEST(a_receipt_goes_with_its_epoch_and_no_report_is_taken_twice),
	ROOM_TEST(a_receipt_of_an_older_version_is_known_and_goes_with_its_key),
	ROOM_TEST(a_receipt_is_forgotten_with_its_key_a_day_later_and_no_sooner),
	ROOM_TEST(a_derived_key_is_of_one_use_one_row_and_one_epoch))
