/* An erased person is found by nobody and opens nowhere, in the pages' words and in a restored backup;
 * the log still verifies. The control: before, the same looks find them. */
#include <unistd.h>

#include "consolebench.h"
#include "base/file.h"
#include "city/intake/report.h"
#include "city/person/people.h"
#include "city/person/person.h"
#include "db/backup.h"
#include "net/console_guard.h"
#include "net/console_report.h"
#include "net/worker.h"

#define NAME "歐陽示範"
#define OTHER "陳示範"

struct bench {
	struct console_bench console;
	const char *alone, *shared; /* numbers of two reports */
	int64_t person;
	const char *number;
};

static void
run(struct bench *b, aw_console_fn *fn, const char *body, const char *const *pairs,
	struct aw_console *console, enum aw_status expected, struct aw_error *err)
{
	enum aw_status status = console_bench_run(&b->console, fn, body, pairs, console, err);

	if (status != expected)
		fail_msg("%d, not %d: %s", status, expected, err->text);
}
#define RUN(expected, fn, body, ...)                                                               \
	run(b, fn, body, (const char *const[]){ __VA_ARGS__, NULL }, &console, expected, &err)

#define VICTIM                                                                                     \
	"{\"role\": \"victim\", \"name\": \"" NAME "\", \"national_id\": \"A200000003\","          \
	" \"birth_date\": \"1990-02-03\", \"sex\": \"F\"}"
#define REPORT(persons)                                                                                       \
	"{\"kind\": \"adult_ipv\", \"channel\": \"police\","                                                  \
	" \"incident\": {\"narrative\": \"敘述示範\", \"address\": \"基隆市信義區東信路1號\"}," \
	" \"persons\": [" persons "], \"answers\": {\"tipvda\": 9, \"safety\": \"danger\"}}"

static const char *
receive(struct bench *b, const char *body)
{
	struct aw_console console;
	struct aw_error err = { 0 };
	json_t *json = NULL;

	RUN(AW_OK, aw_console_report, body, "file", "r.json");
	assert_ok(aw_json_parse(aw_str(aw_buf_z(&console.out)), NULL, &json, &err));
	json = aw_json_keep(&b->console.arena, json);
	return aw_json_string(json_object_get(json, "receipt"), "number");
}

struct look {
	struct bench *b;
	struct aw_act act;
	const char *number; /* of a report */
	struct aw_report report;
	struct aw_report_person *persons;
	size_t count;
	struct aw_person person;
	enum aw_status got; /* of the person */
};

static enum aw_status
look_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct look *look = arg;
	struct bench *b = look->b;
	struct aw_error none = { 0 };

	look->act = aw_house_act(&b->console.house, &b->console.arena, &b->console.viewer, "test");
	look->act.tx = tx;
	look->got = b->number == NULL
			    ? AW_OK
			    : aw_person_by_number(&look->act, b->number, &look->person, &none);
	if (aw_report_by_number(&look->act, look->number, AW_REPORT_CONTENT, &look->report, err) !=
		AW_OK)
		return err->status;
	return aw_report_persons(
		&look->act, look->report.id, AW_REPORT_CONTENT, &look->persons, &look->count, err);
}

static struct look
look_at(struct bench *b, const char *number)
{
	struct look look = { .b = b, .number = number };
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(b->console.house.db, look_in, &look, &err));
	return look;
}

/* A person confirms who the victims of both reports are. */
static enum aw_status
settle_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct bench *b = arg;
	struct look look = { .b = b };
	const char *const numbers[] = { b->alone, b->shared };
	struct aw_identity identity = { 0 };

	look.act = aw_house_act(&b->console.house, &b->console.arena, &b->console.viewer, "test");
	look.act.tx = tx;
	aw_identity_add_name(&b->console.arena, &identity, AW_NAME_CURRENT, NAME);
	aw_identity_add_number(&b->console.arena, &identity, "A200000003");
	if (aw_person_create(&look.act, &identity, "report", &b->person, &b->number, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < AW_COUNT(numbers); i++) {
		look.number = numbers[i];
		if (aw_report_by_number(
			    &look.act, numbers[i], AW_REPORT_PLAIN, &look.report, err) != AW_OK ||
			aw_report_persons(&look.act, look.report.id, AW_REPORT_PLAIN, &look.persons,
				&look.count, err) != AW_OK ||
			aw_report_person_set_link(&look.act,
				&(struct aw_report_link){ .report_person = look.persons[0].id,
					.person = b->person,
					.state = "confirmed" },
				err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static size_t
found(struct bench *b)
{
	struct aw_search_hits hits;

	aw_people_search(b->console.house.people, &b->console.arena, NAME, 10, &hits);
	return hits.count;
}

static int
bench_open(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct aw_error err = { 0 };

	assert_non_null(b);
	console_bench_open(&b->console, AW_HOUSE_ALL);
	b->alone = receive(b, REPORT(VICTIM));
	b->shared = receive(b, REPORT(VICTIM ", {\"role\": \"respondent\", \"name\": \"" OTHER
					     "\", \"relation\": \"spouse\"}"));
	assert_ok(aw_db_write(b->console.house.db, settle_in, b, &err));
	*state = b;
	return 0;
}

static int
bench_close(void **state)
{
	struct bench *b = *state;

	console_bench_close(&b->console);
	free(b);
	return 0;
}

static void
expect_there(struct bench *b)
{
	struct look look = look_at(b, b->alone);

	assert_true(found(b) > 0);
	assert_int_equal(look.got, AW_OK);
	assert_false(look.report.erased);
	assert_string_equal(look.report.narrative, "敘述示範");
	assert_string_equal(look.persons[0].as_reported.name, NAME);
	look = look_at(b, b->shared);
	assert_string_equal(look.persons[0].as_reported.name, NAME);
}

static void
expect_gone(struct bench *b)
{
	struct look look = look_at(b, b->alone);
	struct aw_log_report report;
	struct aw_error err = { 0 };

	assert_int_equal(found(b), 0);
	assert_int_equal(look.got, AW_NOT_FOUND);
	assert_true(look.report.erased);
	assert_null(look.report.narrative);
	assert_true(look.persons[0].erased);
	assert_null(look.persons[0].as_reported.name);
	look = look_at(b, b->shared); /* it is the other one's too */
	assert_false(look.report.erased);
	assert_string_equal(look.report.narrative, "敘述示範");
	assert_true(look.persons[0].erased);
	assert_null(look.persons[0].as_reported.name);
	assert_null(look.persons[0].as_reported.national_id);
	assert_false(look.persons[1].erased);
	assert_string_equal(look.persons[1].as_reported.name, OTHER);
	assert_ok(aw_log_verify(b->console.house.db, NULL, NULL, &report, &err));
	assert_int_equal(report.fault, AW_LOG_SOUND);
}

static void
an_erased_person_is_found_nowhere_and_the_log_verifies(void **state)
{
	struct bench *b = *state;
	struct aw_console console;
	struct aw_error err = { 0 };

	expect_there(b);
	RUN(AW_OK, aw_console_person, "", "verb", "erase", "number", b->number, "reason",
		"當事人請求", "open_too", "1");
	assert_non_null(strstr(aw_buf_z(&console.out), "\"reports\":1"));
	assert_non_null(strstr(aw_buf_z(&console.out), "\"shared_reports\":1"));
	expect_gone(b);
	/* after a start too, when the index is built from what opens */
	aw_house_done(&b->console.house);
	console_bench_house(&b->console, b->console.db.url, AW_HOUSE_ALL);
	expect_gone(b);
	RUN(AW_NOT_FOUND, aw_console_person, "", "verb", "erase", "number", b->number, "reason",
		"again", "open_too", "1");
	RUN(AW_OK, aw_console_person, "", "verb", "erased");
	assert_non_null(strstr(aw_buf_z(&console.out), b->number));
	assert_non_null(strstr(aw_buf_z(&console.out), "\t當事人請求\n"));
	assert_null(strstr(aw_buf_z(&console.out), NAME));
}

static void
an_erasure_says_why_without_naming_anybody_and_waits_for_open_cases(void **state)
{
	struct bench *b = *state;
	struct aw_console console;
	struct aw_error err = { 0 };

	RUN(AW_INVALID, aw_console_person, "", "verb", "erase", "number", b->number);
	RUN(AW_INVALID, aw_console_person, "", "verb", "erase", "number", b->number, "reason",
		"刪除" NAME "的資料");
	RUN(AW_NOT_FOUND, aw_console_person, "", "verb", "erase", "number", "PC1100101-0001-1",
		"reason", "x");
	RUN(AW_INVALID, aw_console_person, "", "verb", "forget");
	expect_there(b);
}

/* -- a backup from before ---------------------------------------------------------------------------- */

struct memory {
	uint8_t at[4 << 20];
	size_t len, pos;
};

static enum aw_status
put(void *arg, const void *data, size_t len, struct aw_error *err)
{
	struct memory *m = arg;

	(void)err;
	assert_true(m->len + len <= sizeof(m->at));
	memcpy(m->at + m->len, data, len);
	m->len += len;
	return AW_OK;
}

static enum aw_status
get(void *arg, void *data, size_t len, size_t *ret_got, struct aw_error *err)
{
	struct memory *m = arg;

	(void)err;
	*ret_got = m->len - m->pos < len ? m->len - m->pos : len;
	memcpy(data, m->at + m->pos, *ret_got);
	m->pos += *ret_got;
	return AW_OK;
}

static enum aw_status
to_start(void *arg, struct aw_error *err)
{
	(void)err;
	((struct memory *)arg)->pos = 0;
	return AW_OK;
}

static enum aw_status
describe(struct aw_tx *tx, struct aw_arena *arena, int64_t *ret_size, const char **ret_note,
	struct aw_error *err)
{
	struct aw_checkpoint checkpoint;

	*ret_note = "";
	return aw_log_state(tx, arena, &checkpoint, ret_size, err);
}

static void
a_backup_from_before_is_erased_again_and_opens_no_more_under_another_root(void **state)
{
	struct bench *b = *state;
	struct memory *m = calloc(1, sizeof(*m));
	struct aw_backup_options options = { .root_key_path = b->console.db.key_path,
		.describe_log = describe };
	struct aw_backup_sink sink = { put, m };
	struct aw_backup_source source = { get, to_start, m };
	struct aw_backup_info info;
	struct aw_console console;
	struct aw_error err = { 0 };
	struct aw_db *db = NULL;
	char url[128], other[128];
	bool erased = false;

	assert_non_null(m);
	assert_ok(aw_backup_write(
		b->console.db.url, &options, &sink, &b->console.arena, &info, &err));
	RUN(AW_OK, aw_console_person, "", "verb", "erase", "number", b->number, "reason", "request",
		"open_too", "1");
	aw_house_done(&b->console.house);
	(void)snprintf(url, sizeof(url), "%s.restored", b->console.db.url);
	assert_ok(aw_db_open(&(struct aw_db_options){ .url = url, .create = true }, &db, &err));
	assert_ok(aw_restore(db, &source, &options, &b->console.arena, &info, &err));
	aw_db_close(db);
	console_bench_house(&b->console, url, AW_HOUSE_ALL);
	expect_there(b); /* the backup is from before: this is why there is a list */
	console = (struct aw_console){
		.house = &b->console.house, .arena = &b->console.arena, .viewer = &b->console.viewer
	};
	assert_ok(aw_console_erase_again(&console, b->number, "request", &erased, &err));
	assert_true(erased);
	expect_gone(b);
	assert_ok(aw_console_erase_again(&console, b->number, "request", &erased, &err));
	assert_false(erased);
	/* past the horizon: the root key of its time is destroyed, the new one does not open it */
	(void)snprintf(other, sizeof(other), "%s/new.key", b->console.db.dir);
	assert_ok(aw_root_key_make(other, &err));
	options.root_key_path = other;
	m->pos = 0;
	assert_fails(aw_backup_check(&source, &options, &b->console.arena, &info, &err), AW_DENIED,
		"does not open this backup");
	free(m);
}

#define BENCH_TEST(test) cmocka_unit_test_setup_teardown(test, bench_open, bench_close)
AW_TESTS(BENCH_TEST(an_erased_person_is_found_nowhere_and_the_log_verifies),
	BENCH_TEST(an_erasure_says_why_without_naming_anybody_and_waits_for_open_cases),
	BENCH_TEST(a_backup_from_before_is_erased_again_and_opens_no_more_under_another_root))
