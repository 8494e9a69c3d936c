/* Finds looks that need an explanation, and counts them by the rules of roles.yaml. */
#include "guard/unusual.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/setting.h"
#include "guard/guard.sql.h"
#include "guard/unusual.sql.h"
#include "policy/policy.h"

#define CURSOR "audit.watched" /* setting: entries looked through so far */

typedef struct sql_unusual_strays_of stray;

struct watching {
	struct aw_act *act;
	const struct aw_watch *watch;
	int64_t from, to; /* leaves */
	struct aw_watched done;
};

/* -- what a rule counts ------------------------------------------------------------------------- */

static bool
in_office_hours(const struct watching *w, int64_t at)
{
	int32_t minute = aw_taipei_minute(at);

	return aw_policy_working_day(w->act->policy, aw_taipei_day(at)) &&
	       minute >= w->watch->from_min && minute < w->watch->to_min;
}

static bool
matters(const struct watching *w, const struct aw_unusual *rule, const stray *now, const stray *s)
{
	if (s->at < now->at - rule->within_ms || s->person.known != now->person.known)
		return false;
	if (rule->off_hours && in_office_hours(w, s->at))
		return false;
	return rule->counts != AW_UNUSUAL_DAYS || s->person.v == now->person.v;
}

static int64_t
counted_thing(const struct aw_unusual *rule, const stray *s)
{
	switch (rule->counts) {
	case AW_UNUSUAL_PEOPLE:
		return s->person.v;
	case AW_UNUSUAL_DAYS:
		return aw_taipei_day(s->at);
	case AW_UNUSUAL_ACCOUNTS:
		return s->account;
	case AW_UNUSUAL_REFUSALS:
		break;
	}
	return s->leaf;
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

struct counted {
	int64_t things, looks;
	const stray *first; /* NULL: none */
};

static struct counted
count(const struct watching *w, const struct aw_unusual *rule, const stray *now, const stray *rows,
	size_t row_count)
{
	int64_t *things = AW_NEW_ARRAY(w->act->arena, int64_t, row_count);
	struct counted c = { 0 };

	for (size_t i = 0; i < row_count; i++) {
		if (!matters(w, rule, now, &rows[i]))
			continue;
		if (c.first == NULL)
			c.first = &rows[i];
		things[c.looks++] = counted_thing(rule, &rows[i]);
	}
	if (c.looks > 0)
		qsort(things, (size_t)c.looks, sizeof(*things), by_value);
	for (int64_t i = 0; i < c.looks; i++)
		c.things += i == 0 || things[i] != things[i - 1];
	return c;
}

/* -- notices ------------------------------------------------------------------------------------ */

static enum aw_status
raise_notice(struct watching *w, const struct aw_unusual *rule, const stray *now,
	const struct counted *c, struct aw_error *err)
{
	bool many_people = rule->counts == AW_UNUSUAL_PEOPLE || rule->counts == AW_UNUSUAL_REFUSALS;
	struct sql_unusual_notice_add_in in = { .rule = rule->code,
		.account =
			rule->counts == AW_UNUSUAL_ACCOUNTS ? AW_UNKNOWN : AW_KNOWN(now->account),
		.person = many_people ? AW_UNKNOWN : now->person,
		.first_leaf = c->first->leaf,
		.last_leaf = now->leaf,
		.first_at = c->first->at,
		.last_at = now->at,
		.looks = c->looks,
		.counted = c->things,
		.raised_at = w->act->real_ms };
	struct sql_unusual_notice_find open = { 0 };
	bool found = false;

	if (sql_unusual_notice_find(w->act->tx,
		    &(struct sql_unusual_notice_find_in){ .rule = in.rule,
			    .account = in.account,
			    .person = in.person,
			    .since = now->at - rule->within_ms },
		    w->act->arena, &open, &found, err) != AW_OK)
		return err->status;
	if (found)
		return sql_unusual_notice_grow(w->act->tx,
			&(struct sql_unusual_notice_grow_in){ .number = open.number,
				.last_leaf = now->leaf,
				.last_at = now->at,
				.counted = c->things },
			err);
	if (aw_counter_next(w->act->tx, "notice", 0, &in.number, err) != AW_OK)
		return err->status;
	w->done.raised++;
	return sql_unusual_notice_add(w->act->tx, &in, err);
}

static enum aw_status
read_rows(struct watching *w, const struct aw_unusual *rule, const stray *now, stray **ret_rows,
	size_t *ret_count, struct aw_error *err)
{
	int64_t from_at = now->at - rule->within_ms;

	if (rule->counts != AW_UNUSUAL_ACCOUNTS)
		return sql_unusual_strays_of(w->act->tx,
			&(struct sql_unusual_strays_of_in){
				.account = now->account, .from_at = from_at, .to_leaf = now->leaf },
			w->act->arena, ret_rows, ret_count, err);
	return sql_unusual_strays_at(w->act->tx,
		&(struct sql_unusual_strays_at_in){
			.person = now->person.v, .from_at = from_at, .to_leaf = now->leaf },
		w->act->arena, ret_rows, ret_count, err);
}

static enum aw_status
apply(struct watching *w, const struct aw_unusual *rule, const stray *now, struct aw_error *err)
{
	bool refusals = rule->counts == AW_UNUSUAL_REFUSALS;
	stray *rows = NULL;
	size_t row_count = 0;
	struct counted c;

	if (refusals == now->person.known || (rule->off_hours && in_office_hours(w, now->at)))
		return AW_OK;
	if (read_rows(w, rule, now, &rows, &row_count, err) != AW_OK)
		return err->status;
	c = count(w, rule, now, rows, row_count);
	return c.first == NULL || c.things < rule->at_least ? AW_OK
							    : raise_notice(w, rule, now, &c, err);
}

/* -- looking through ---------------------------------------------------------------------------- */

static enum aw_status
take(struct watching *w, const stray *now, struct aw_error *err)
{
	if (sql_unusual_stray_add(w->act->tx,
		    &(struct sql_unusual_stray_add_in){ .leaf = now->leaf,
			    .at = now->at,
			    .account = now->account,
			    .person = now->person },
		    err) != AW_OK)
		return err->status;
	w->done.strays++;
	for (size_t i = 0; i < w->watch->rule_count; i++) {
		const struct aw_unusual *rule = &w->watch->rules[i];

		if (!aw_valid_on(&rule->valid, aw_taipei_day(w->act->now_ms)))
			continue;
		if (apply(w, rule, now, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static int
by_leaf(const void *a, const void *b)
{
	return by_value(&((const stray *)a)->leaf, &((const stray *)b)->leaf);
}

static enum aw_status
look_through(struct watching *w, struct aw_error *err)
{
	struct aw_act *act = w->act;
	struct sql_unusual_stray_looks *looks = NULL;
	struct sql_unusual_stray_refusals *refusals = NULL;
	size_t look_count = 0, refusal_count = 0, n = 0;
	stray *all;

	if (sql_unusual_stray_looks(act->tx,
		    &(struct sql_unusual_stray_looks_in){ .from_leaf = w->from,
			    .to_leaf = w->to,
			    .offset_ms = act->now_ms - act->real_ms,
			    .lasts_ms = w->watch->tie_lasts_ms },
		    act->arena, &looks, &look_count, err) != AW_OK ||
		sql_unusual_stray_refusals(act->tx,
			&(struct sql_unusual_stray_refusals_in){
				.from_leaf = w->from, .to_leaf = w->to },
			act->arena, &refusals, &refusal_count, err) != AW_OK)
		return err->status;
	all = AW_NEW_ARRAY(act->arena, stray, look_count + refusal_count);
	for (size_t i = 0; i < look_count; i++)
		all[n++] = (stray){ looks[i].leaf, looks[i].at, looks[i].account,
			AW_KNOWN(looks[i].person) };
	for (size_t i = 0; i < refusal_count; i++)
		all[n++] = (stray){ refusals[i].leaf, refusals[i].at, refusals[i].account,
			AW_UNKNOWN };
	if (n > 0)
		qsort(all, n, sizeof(*all), by_leaf);
	for (size_t i = 0; i < n; i++)
		if (take(w, &all[i], err) != AW_OK)
			return err->status;
	return AW_OK;
}

static enum aw_status
find_span(struct watching *w, int64_t most, struct aw_error *err)
{
	struct sql_guard_log_last last = { 0 };
	const char *text = NULL;
	bool found = false;

	if (aw_setting_get(w->act->tx, w->act->arena, CURSOR, &text, err) != AW_OK ||
		sql_guard_log_last(w->act->tx, w->act->arena, &last, &found, err) != AW_OK)
		return err->status;
	if (text != NULL && !aw_str_int64(aw_str(text), &w->from))
		return aw_fail(err, AW_CORRUPT, "the setting " CURSOR " is not a number");
	w->to = found ? last.leaf + 1 : 0;
	w->done.more = w->to - w->from > most;
	if (w->done.more)
		w->to = w->from + most;
	return AW_OK;
}

enum aw_status
aw_unusual_watch(
	struct aw_act *act, int64_t most, struct aw_watched *ret_watched, struct aw_error *err)
{
	struct watching w = { .act = act, .watch = &act->policy->watch };

	*ret_watched = w.done;
	if (w.watch->rule_count == 0)
		return AW_OK;
	if (find_span(&w, most, err) != AW_OK)
		return err->status;
	if (w.to <= w.from)
		return AW_OK;
	if (look_through(&w, err) != AW_OK ||
		aw_setting_put(act->tx, CURSOR, aw_arena_printf(act->arena, "%" PRId64, w.to),
			err) != AW_OK)
		return err->status;
	w.done.entries = w.to - w.from;
	*ret_watched = w.done;
	return AW_OK;
}

/* -- for the auditors --------------------------------------------------------------------------- */

enum aw_status
aw_notices(struct aw_tx *tx, struct aw_arena *arena, bool answered, int64_t most,
	struct aw_notice **ret_notices, size_t *ret_count, struct aw_error *err)
{
	struct sql_unusual_notices_open *rows = NULL;
	struct aw_notice *notices;
	size_t n = 0;

	if ((answered ? sql_unusual_notices_answered(tx,
				&(struct sql_unusual_notices_answered_in){ .most = most }, arena,
				&rows, &n, err)
		      : sql_unusual_notices_open(tx,
				&(struct sql_unusual_notices_open_in){ .most = most }, arena, &rows,
				&n, err)) != AW_OK)
		return err->status;
	notices = AW_NEW_ARRAY(arena, struct aw_notice, n);
	for (size_t i = 0; i < n; i++)
		notices[i] = (struct aw_notice){ .number = rows[i].number,
			.rule = rows[i].rule,
			.account = rows[i].account,
			.person = rows[i].person,
			.person_number = rows[i].person_number,
			.first_leaf = rows[i].first_leaf,
			.last_leaf = rows[i].last_leaf,
			.first_at = rows[i].first_at,
			.last_at = rows[i].last_at,
			.looks = rows[i].looks,
			.counted = rows[i].counted,
			.raised_at = rows[i].raised_at,
			.answered_at = rows[i].answered_at,
			.answered_by = rows[i].answered_by,
			.finding = rows[i].finding };
	*ret_notices = notices;
	*ret_count = n;
	return AW_OK;
}

enum aw_status
aw_notice_answer(struct aw_act *act, int64_t number, const char *finding, struct aw_error *err)
{
	struct sql_unusual_notice_state row = { 0 };
	bool found = false;

	if (!aw_text_eq(finding, "explained") && !aw_text_eq(finding, "pursued"))
		return aw_fail(err, AW_INVALID, "a finding is \"explained\" or \"pursued\"");
	if (sql_unusual_notice_state(act->tx,
		    &(struct sql_unusual_notice_state_in){ .number = number }, act->arena, &row,
		    &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no notice %" PRId64, number);
	if (row.answered_at.known)
		return aw_fail(err, AW_CONFLICT, "notice %" PRId64 " is answered already", number);
	act->object = aw_arena_printf(act->arena, "notice-%" PRId64, number);
	return sql_unusual_notice_answer(act->tx,
		&(struct sql_unusual_notice_answer_in){ .number = number,
			.answered_at = act->real_ms,
			.answered_by = act->viewer->account == 0 ? AW_UNKNOWN
								 : AW_KNOWN(act->viewer->account),
			.finding = finding },
		err);
}
