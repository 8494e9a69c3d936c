/* city/dispatch/card_load - the reports on the board, and of each what the viewer may be told. */
#include <stdlib.h>
#include <string.h>

#include "city/dispatch/card.h"
#include "city/dispatch/told.h"
#include "guard/access.h"

struct board_rows {
	struct aw_dispatch *dispatches;
	size_t dispatch_count;
	struct sql_board_levels *levels;
	size_t level_count;
	struct sql_board_people *people;
	size_t people_count;
	struct sql_board_recognised *recognised;
	size_t recognised_count;
	struct sql_board_answers *answers;
	size_t answer_count;
};

static enum aw_status
load_rows(struct aw_act *act, struct board_rows *rows, struct aw_error *err)
{
	struct sql_dispatch_get *raw;

	if (sql_board_dispatches(act->tx, act->arena, &raw, &rows->dispatch_count, err) != AW_OK ||
		sql_board_levels(act->tx, act->arena, &rows->levels, &rows->level_count, err) !=
			AW_OK ||
		sql_board_people(act->tx, act->arena, &rows->people, &rows->people_count, err) !=
			AW_OK ||
		sql_board_recognised(act->tx, act->arena, &rows->recognised,
			&rows->recognised_count, err) != AW_OK ||
		sql_board_answers(act->tx, act->arena, &rows->answers, &rows->answer_count, err) !=
			AW_OK)
		return err->status;
	rows->dispatches = AW_NEW_ARRAY(act->arena, struct aw_dispatch, rows->dispatch_count);
	for (size_t i = 0; i < rows->dispatch_count; i++)
		rows->dispatches[i] = aw_dispatch_of_row(&raw[i]);
	return AW_OK;
}

/* All lists are sorted by report: the stretch that belongs to one. */
#define STRETCH(list, count, id, ret_first, ret_count)                                             \
	do {                                                                                       \
		size_t low_ = 0, high_ = (count);                                                  \
		while (low_ < high_) {                                                             \
			size_t middle_ = low_ + (high_ - low_) / 2;                                \
			if ((list)[middle_].report < (id))                                         \
				low_ = middle_ + 1;                                                \
			else                                                                       \
				high_ = middle_;                                                   \
		}                                                                                  \
		(ret_first) = low_;                                                                \
		while (high_ < (count) && (list)[high_].report == (id))                            \
			high_++;                                                                   \
		(ret_count) = high_ - low_;                                                        \
	} while (0)

static enum aw_column
column_of(const struct aw_card *card)
{
	const char *state = card->row.state;

	if (strcmp(state, "waiting") == 0)
		return AW_COLUMN_WAITING;
	for (size_t i = 0; i < card->dispatch_count; i++) {
		const char *at = card->dispatches[i].state;
		if (strcmp(at, "returned") == 0 || strcmp(at, "disputed") == 0)
			return AW_COLUMN_RETURNED;
	}
	if (strcmp(state, "submitted") == 0 ||
		(card->row.urgent_at.known && !card->row.reviewed_at.known))
		return AW_COLUMN_REVIEW;
	return strcmp(state, "sent") == 0 ? AW_COLUMN_ACCEPT : AW_COLUMN_ACCEPTED;
}

/* The last answer of those that the viewer is told of. */
static void
find_answer(struct aw_card *card)
{
	for (size_t i = 0; i < card->answer_count; i++) {
		const struct sql_board_answers *answer = &card->answers[i];

		if (!aw_told_event(
			    card->dispatches, card->dispatch_count, AW_KNOWN(answer->dispatch)))
			continue;
		card->came_back_at = AW_KNOWN(answer->at);
		card->disputed = strcmp(answer->kind, "disputed") == 0;
	}
}

static void
finish_card(const struct aw_policy *policy, struct aw_card *card)
{
	struct aw_clock_facts facts = { .kind = card->row.kind,
		.received_at = card->row.received_at,
		.dispatched_at = card->row.dispatched_at,
		.urgent_at = card->row.urgent_at,
		.review_due_at = card->row.review_due_at,
		.reviewed_at = card->row.reviewed_at };

	find_answer(card);
	card->column = column_of(card);
	card->clock = aw_clock_pressing(policy, &facts, card->row.state, card->dispatches,
		card->dispatch_count, &card->waits_for);
	if (card->column == AW_COLUMN_RETURNED)
		card->clock = aw_clock_came_back(
			policy, card->row.kind, card->disputed, card->came_back_at);
	if (card->column == AW_COLUMN_ACCEPTED && card->dispatch_count != 0) {
		card->waits_for = &card->dispatches[0];
		card->clock = aw_clock_accept(policy, card->waits_for);
	}
}

static void
take_rows(const struct board_rows *rows, struct aw_card *card)
{
	int64_t id = card->row.report;
	size_t first, count;

	STRETCH(rows->dispatches, rows->dispatch_count, id, first, card->dispatch_count);
	card->dispatches = rows->dispatches + first;
	STRETCH(rows->people, rows->people_count, id, first, card->people_count);
	card->people = rows->people + first;
	STRETCH(rows->levels, rows->level_count, id, first, count);
	card->level = count == 0 ? NULL : &rows->levels[first + count - 1];
	STRETCH(rows->recognised, rows->recognised_count, id, first, count);
	card->known = count == 0 ? 0 : rows->recognised[first].known;
	card->doubtful = count == 0 ? 0 : rows->recognised[first].doubtful;
	STRETCH(rows->answers, rows->answer_count, id, first, card->answer_count);
	card->answers = rows->answers + first;
}

/* A card of a report that left the board today: read by itself. */
static enum aw_status
load_accepted(struct aw_act *act, int64_t report, struct aw_card *card, struct aw_error *err)
{
	struct sql_board_people *people;
	struct aw_dispatch *list;
	bool found;

	if (sql_board_report(act->tx, &(struct sql_board_report_in){ .report = report }, act->arena,
		    &card->row, &found, err) != AW_OK ||
		sql_report_people(act->tx, &(struct sql_report_people_in){ .report = report },
			act->arena, &people, &card->people_count, err) != AW_OK ||
		aw_dispatch_of_report(act, report, &list, &card->dispatch_count, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "no such report");
	card->people = people;
	card->dispatches = list;
	return AW_OK;
}

static int64_t
due_of(const struct aw_card *card)
{
	return card->clock.due_at.known ? card->clock.due_at.v : INT64_MAX;
}

static int
by_time_left(const void *a, const void *b)
{
	const struct aw_card *left = a, *right = b;

	if (left->column != right->column)
		return left->column < right->column ? -1 : 1;
	if (due_of(left) != due_of(right))
		return due_of(left) < due_of(right) ? -1 : 1;
	return left->row.report < right->row.report ? -1 : left->row.report > right->row.report;
}

/* Whoever screens or settles has the whole board, a unit what it was asked. */
static bool
is_asked(const struct aw_act *act, const struct aw_card *card)
{
	const struct aw_unit *unit =
		act->viewer->unit == NULL ? NULL : aw_policy_unit(act->policy, act->viewer->unit);

	if (unit == NULL)
		return false;
	if (unit->screens || unit->settles)
		return true;
	for (size_t i = 0; i < card->dispatch_count; i++) {
		const struct aw_dispatch *d = &card->dispatches[i];
		if (strcmp(d->state, "proposed") != 0 && strcmp(d->state, "withdrawn") != 0 &&
			aw_dispatch_same_unit(act->policy, unit->code, d->unit))
			return true;
	}
	return false;
}

/* Of that, what the viewer's role and purpose may know of. */
static enum aw_status
find_access(struct aw_act *act, struct aw_card *card, bool *ret_see, struct aw_error *err)
{
	const struct sql_screening_get s = { .state = card->row.state,
		.urgent_at = card->row.urgent_at,
		.reviewed_at = card->row.reviewed_at };
	struct aw_tie_seen *ties;
	size_t count;

	*ret_see = false;
	if (card->kind == NULL || !is_asked(act, card))
		return AW_OK;
	if (aw_way_ties(act, card->dispatches, card->dispatch_count, &s, &ties, &count, err) !=
			AW_OK ||
		aw_access_of_matter(act, NULL, 0, ties, count, &card->access, err) != AW_OK)
		return err->status;
	*ret_see = aw_access_may(&card->access, AW_CLASS_EXISTENCE);
	return AW_OK;
}

/* Of what the viewer may know of, leaves of the card what they may be told. *ret_done: it waits on the board
 * for others alone, and is to the viewer like one that is done. */
static enum aw_status
keep_told(struct aw_act *act, struct aw_card *card, bool *ret_see, bool *ret_done,
	struct aw_error *err)
{
	const struct sql_screening_get s = { .state = card->row.state,
		.urgent_at = card->row.urgent_at,
		.reviewed_at = card->row.reviewed_at };

	*ret_done = false;
	card->kind = aw_policy_kind(act->policy, card->row.kind);
	if (find_access(act, card, ret_see, err) != AW_OK)
		return err->status;
	if (!*ret_see)
		return AW_OK;
	card->dispatch_count =
		aw_told_dispatches(act, &card->access, card->dispatches, card->dispatch_count);
	card->row.state = aw_told_state(&s, card->dispatches, card->dispatch_count);
	*ret_done = strcmp(card->row.state, s.state) != 0;
	return AW_OK;
}

static bool
taken_since(const struct aw_card *card, int64_t since_at)
{
	for (size_t i = 0; i < card->dispatch_count; i++) {
		const struct aw_dispatch *d = &card->dispatches[i];

		if (strcmp(d->role, "lead") == 0 && d->accepted_at.known &&
			d->accepted_at.v >= since_at)
			return true;
	}
	return false;
}

/* A card of a report that left the board today; with `see` false the viewer may not know of it. */
static enum aw_status
load_done(struct aw_act *act, int64_t report, struct aw_card *card, bool *ret_see,
	struct aw_error *err)
{
	bool done;

	memset(card, 0, sizeof(*card));
	if (load_accepted(act, report, card, err) != AW_OK)
		return err->status;
	return keep_told(act, card, ret_see, &done, err);
}

static enum aw_status
load_card(struct aw_act *act, const struct sql_board_reports *row, const struct board_rows *rows,
	int64_t since_at, struct aw_card *card, bool *ret_see, struct aw_error *err)
{
	bool done;

	memset(card, 0, sizeof(*card));
	card->row = *row;
	take_rows(rows, card);
	if (keep_told(act, card, ret_see, &done, err) != AW_OK)
		return err->status;
	if (!done)
		return AW_OK;
	*ret_see = taken_since(card, since_at);
	return *ret_see ? load_done(act, row->report, card, ret_see, err) : AW_OK;
}

enum aw_status
aw_cards_load(struct aw_call *call, int64_t since_at, struct aw_card **ret_cards, size_t *ret_count,
	struct aw_error *err)
{
	struct aw_act *act = &call->act;
	struct sql_board_reports *reports;
	struct sql_board_accepted *accepted;
	struct board_rows rows = { 0 };
	struct aw_card *cards;
	size_t count, more, kept = 0;

	if (sql_board_reports(act->tx, act->arena, &reports, &count, err) != AW_OK ||
		sql_board_accepted(act->tx, &(struct sql_board_accepted_in){ .since = since_at },
			act->arena, &accepted, &more, err) != AW_OK ||
		load_rows(act, &rows, err) != AW_OK)
		return err->status;
	cards = AW_NEW_ARRAY(act->arena, struct aw_card, count + more);
	for (size_t i = 0; i < count + more; i++) {
		struct aw_card *card = &cards[kept];
		bool see;

		if ((i < count ? load_card(act, &reports[i], &rows, since_at, card, &see, err)
			       : load_done(act, accepted[i - count].report, card, &see, err)) !=
			AW_OK)
			return err->status;
		if (!see)
			continue;
		finish_card(act->policy, card);
		kept++;
	}
	if (kept != 0)
		qsort(cards, kept, sizeof(*cards), by_time_left);
	*ret_cards = cards;
	*ret_count = kept;
	return AW_OK;
}
