/**
 * tests/city/indicator/facts - a small city of facts to count: reports, issues, decisions, cases.
 *
 * Times are given as Taipei days and hours: at(2020, 3, 1, 9) is 109-03-01 09:00.
 */
#ifndef AW_TESTS_CITY_INDICATOR_FACTS_H
#define AW_TESTS_CITY_INDICATOR_FACTS_H

#include "base/clock.h"
#include "city/indicator/facts.sql.h"
#include "city/indicator/indicator.h"
#include "testdb.h"

struct facts {
	struct testdb db;
	struct aw_policy *policy;
	struct aw_indicator *list;
	size_t count;
	struct aw_arena arena;
	struct aw_tx *tx; /* inside facts_write */
	int64_t next;
};

/* A report to add. What is zero takes the plain course: valid, sent after five hours, decided Y. */
struct fact {
	const char *kind;
	int64_t received_at;
	int64_t person;		 /* of the first subject; 0 = a new one */
	int subjects;		 /* 0 = one */
	const char *result;	 /* screen result; NULL = valid */
	int64_t sent_after;	 /* ms; 0 = five hours; -1 = not sent */
	const char *outcome;	 /* NULL = Y; "" = none */
	const char *district;	 /* NULL = 仁愛 */
	const char *second_kind; /* a second issue about the first subject */
	int64_t joined_case;
	bool unlinked; /* the subject was recognised by nobody */
};

static inline int64_t
at(int32_t year, int32_t month, int32_t day, int32_t hour)
{
	return aw_taipei_day_start_ms(aw_day_of_date((struct aw_date){ year, month, day })) +
	       hour * AW_HOUR_MS;
}

static inline int64_t
fact_id(struct facts *facts)
{
	return ++facts->next;
}

static inline const char *
fact_number(struct facts *facts, const char *prefix, int64_t id)
{
	return aw_arena_printf(&facts->arena, "%s%06lld", prefix, (long long)id);
}

static inline int64_t
fact_person(struct facts *facts)
{
	struct aw_error err = { 0 };
	int64_t id = fact_id(facts);

	assert_ok(sql_fact_person(facts->tx,
		&(struct sql_fact_person_in){
			.id = id, .number = fact_number(facts, "P", id), .district = "10017040" },
		&err));
	return id;
}

static inline void
fact_issue(struct facts *facts, const struct fact *fact, int64_t report, int64_t subject,
	const char *kind, int64_t dispatch)
{
	struct aw_error err = { 0 };
	int64_t issue = fact_id(facts);
	const char *outcome = fact->outcome == NULL ? "Y" : fact->outcome;

	assert_ok(sql_fact_issue(facts->tx,
		&(struct sql_fact_issue_in){ .id = issue,
			.report = report,
			.report_person = subject,
			.kind = kind,
			.screen_result = fact->result == NULL ? "valid" : fact->result,
			.screened_at = fact->received_at + AW_HOUR_MS },
		&err));
	if (outcome[0] != '\0')
		assert_ok(sql_fact_open_decision(facts->tx,
			&(struct sql_fact_open_decision_in){ .id = fact_id(facts),
				.issue = issue,
				.dispatch = dispatch,
				.outcome = outcome,
				.decided_at = fact->received_at + 10 * AW_DAY_MS },
			&err));
}

/* Adds a report; returns the id of its first subject. */
static inline int64_t
fact_report(struct facts *facts, const struct fact *fact)
{
	struct aw_error err = { 0 };
	int64_t report = fact_id(facts), decision = fact_id(facts), dispatch = fact_id(facts);
	int64_t first = 0;
	struct aw_maybe sent = AW_UNKNOWN;

	if (fact->sent_after >= 0)
		sent = AW_KNOWN(fact->received_at +
				(fact->sent_after == 0 ? 5 * AW_HOUR_MS : fact->sent_after));
	assert_ok(sql_fact_report(facts->tx,
		&(struct sql_fact_report_in){ .id = report,
			.number = fact_number(facts, "R", report),
			.kind = fact->kind,
			.received_at = fact->received_at,
			.received_day = aw_taipei_day(fact->received_at),
			.district = fact->district == NULL ? "10017040" : fact->district },
		&err));
	assert_ok(sql_fact_screening(facts->tx,
		&(struct sql_fact_screening_in){ .report = report,
			.dispatched_at = sent,
			.joined_case =
				fact->joined_case == 0 ? AW_UNKNOWN : AW_KNOWN(fact->joined_case) },
		&err));
	assert_ok(sql_fact_decision(facts->tx,
		&(struct sql_fact_decision_in){
			.id = decision, .report = report, .kind = fact->kind },
		&err));
	assert_ok(sql_fact_dispatch(facts->tx,
		&(struct sql_fact_dispatch_in){ .id = dispatch,
			.report = report,
			.decision = decision,
			.unit = "dv_adult",
			.role = "lead",
			.state = sent.known ? "dispatched" : "proposed",
			.dispatched_at = sent },
		&err));
	for (int i = 0; i < (fact->subjects == 0 ? 1 : fact->subjects); i++) {
		int64_t person = i == 0 && fact->person != 0 ? fact->person : fact_person(facts);
		int64_t subject = fact_id(facts);

		assert_ok(sql_fact_report_person(facts->tx,
			&(struct sql_fact_report_person_in){ .id = subject,
				.report = report,
				.position = i + 1,
				.person = AW_KNOWN(person),
				.link_state = fact->unlinked ? "proposed" : "confirmed" },
			&err));
		fact_issue(facts, fact, report, subject, fact->kind, dispatch);
		if (i == 0 && fact->second_kind != NULL)
			fact_issue(facts, fact, report, subject, fact->second_kind, dispatch);
		first = i == 0 ? person : first;
	}
	return first;
}

/* A service case; closed 0 = open. Returns its id. family 0 = a family of its own. */
static inline int64_t
fact_case(struct facts *facts, const char *kind, int64_t subject, int64_t family, int64_t opened,
	int64_t closed)
{
	struct aw_error err = { 0 };
	int64_t id = fact_id(facts);

	if (family == 0) {
		family = fact_id(facts);
		assert_ok(sql_fact_family_case(facts->tx,
			&(struct sql_fact_family_case_in){
				.id = family, .number = fact_number(facts, "F", family) },
			&err));
		assert_ok(sql_fact_family_member(facts->tx,
			&(struct sql_fact_family_member_in){
				.family_case = family, .person = subject, .from_at = 0 },
			&err));
	}
	assert_ok(sql_fact_service_case(facts->tx,
		&(struct sql_fact_service_case_in){ .id = id,
			.number = fact_number(facts, "S", id),
			.family_case = family,
			.unit = "dv_adult",
			.kind = kind,
			.subject = subject,
			.side = "protected",
			.opened_at = opened,
			.opened_day = aw_taipei_day(opened),
			.closed_at = closed == 0 ? AW_UNKNOWN : AW_KNOWN(closed),
			.closed_day = closed == 0 ? AW_UNKNOWN : AW_KNOWN(aw_taipei_day(closed)) },
		&err));
	return id;
}

struct facts_run {
	struct facts *facts;
	void (*fn)(struct facts *facts, void *arg);
	void *arg;
};

static inline enum aw_status
facts_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct facts_run *run = arg;

	(void)err;
	run->facts->tx = tx;
	run->fn(run->facts, run->arg);
	run->facts->tx = NULL;
	return AW_OK;
}

static inline void
facts_write(struct facts *facts, void (*fn)(struct facts *facts, void *arg), void *arg)
{
	struct aw_error err = { 0 };

	assert_ok(aw_db_write(facts->db.db, facts_in, &(struct facts_run){ facts, fn, arg }, &err));
}

static inline void
facts_release(struct facts *facts, void *arg)
{
	struct aw_error err = { 0 };

	(void)arg;
	assert_ok(sql_fact_release(facts->tx, &err));
}

static inline int
facts_setup(void **state)
{
	struct facts *facts = calloc(1, sizeof(*facts));
	struct aw_error err = { 0 };
	char dir[1024];

	assert_non_null(facts);
	testdb_open(&facts->db);
	(void)snprintf(dir, sizeof(dir), "%s/policy/keelung", source_dir());
	assert_ok(aw_policy_load_dir(dir, NULL, &facts->policy, &err));
	assert_ok(
		aw_indicator_list(facts->policy, &facts->arena, &facts->list, &facts->count, &err));
	facts_write(facts, facts_release, NULL);
	*state = facts;
	return 0;
}

static inline int
facts_teardown(void **state)
{
	struct facts *facts = *state;

	aw_policy_free(facts->policy);
	aw_arena_done(&facts->arena);
	testdb_close(&facts->db);
	free(facts);
	return 0;
}

/* -- counting ------------------------------------------------------------------------------ */

struct count {
	struct facts *facts;
	const char *code, *version, *period, *as_of;
	struct aw_indicator_result result;
};

static inline enum aw_status
count_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct count *count = arg;
	struct aw_act act = {
		.tx = tx, .arena = &count->facts->arena, .policy = count->facts->policy
	};
	struct aw_period period;
	const struct aw_indicator *indicator;
	struct aw_maybe as_of = AW_UNKNOWN;
	int32_t day = 0;

	if (aw_period_read(aw_str(count->period), &period, err) != AW_OK)
		return err->status;
	if (count->as_of != NULL && aw_day_parse_iso(aw_str(count->as_of), &day))
		as_of = AW_KNOWN(day);
	indicator = aw_indicator_find(count->facts->list, count->facts->count, count->code,
		count->version, period.to_day);
	assert_non_null(indicator);
	return aw_indicator_eval(&act, indicator, period, as_of, &count->result, err);
}

/* Counts an indicator; the result's rows live in facts->arena. */
static inline struct aw_indicator_result
count_of(struct facts *facts, const char *code, const char *period)
{
	struct count count = { .facts = facts, .code = code, .period = period };
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(facts->db.db, count_in, &count, &err));
	return count.result;
}

#endif
