/* city/dispatch/card - one report as a card of the board or a row of its list. */
#include "city/dispatch/card.h"

#include <stdlib.h>
#include <string.h>

#include "guard/access.h"

static const AW_VIEW_TYPE(person_view, "CardPerson", NULL, AW_FIELD_CODE("sex", RISK, "sex"),
	AW_FIELD("age", NUMBER, RISK), AW_FIELD("role", TEXT, RISK));

static const AW_VIEW_TYPE(words_view, "CardAnswer", NULL, AW_FIELD("unit", TEXT, OPEN),
	AW_FIELD("reason", TEXT, OPEN), AW_FIELD("note", TEXT, NARRATIVE),
	AW_FIELD("disputed", FLAG, OPEN));

const AW_VIEW_TYPE(aw_card_view, "Card", "dispatch/card", AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("path", LINK, OPEN), AW_FIELD("kind", TEXT, OPEN),
	AW_FIELD("kind_name", TEXT, OPEN), AW_FIELD_CODE("column", OPEN, "board.column"),
	AW_FIELD("sealed", FLAG, OPEN), AW_FIELD_OF("clock", OBJECT, OPEN, &aw_clock_view),
	AW_FIELD_OF("level", OBJECT, RISK, &aw_level_view), AW_FIELD("prior_urgent", FLAG, RISK),
	AW_FIELD("priority_name", TEXT, RISK), AW_FIELD("district", TEXT, OPEN),
	AW_FIELD_OF("people", LIST, RISK, &person_view), AW_FIELD("reported_urgent", FLAG, OPEN),
	AW_FIELD("may_go_urgent", FLAG, OPEN), AW_FIELD("urgent_at", INSTANT, OPEN),
	AW_FIELD("people_count", NUMBER, OPEN), AW_FIELD("known_count", NUMBER, OPEN),
	AW_FIELD("doubtful_count", NUMBER, OPEN), AW_FIELD("missing_count", NUMBER, OPEN),
	AW_FIELD("lead", TEXT, OPEN), AW_FIELD("lead_done", FLAG, OPEN),
	AW_FIELD("co_count", NUMBER, OPEN), AW_FIELD("waits_for", TEXT, OPEN),
	AW_FIELD("holder", TEXT, OPEN), AW_FIELD("mine", FLAG, OPEN),
	AW_FIELD("own_submission", FLAG, OPEN), AW_FIELD("may_claim", FLAG, OPEN),
	AW_FIELD("may_review", FLAG, OPEN), AW_FIELD("may_answer", FLAG, OPEN),
	AW_FIELD("assigned", FLAG, OPEN), AW_FIELD("received_at", INSTANT, OPEN),
	AW_FIELD("sent_at", INSTANT, OPEN), AW_FIELD_OF("answers", LIST, OPEN, &words_view),
	AW_FIELD_OF("priority_level", OBJECT, RISK, &aw_level_view));

enum aw_status
aw_account_line(const struct aw_act *act, struct aw_maybe account, const char **ret_line,
	struct aw_error *err)
{
	struct sql_account_name row;
	bool found = false;

	*ret_line = NULL;
	if (!account.known)
		return AW_OK;
	if (sql_account_name(act->tx, &(struct sql_account_name_in){ .id = account.v }, act->arena,
		    &row, &found, err) != AW_OK)
		return err->status;
	if (found)
		*ret_line = aw_arena_printf(act->arena, "%s %s", row.name, row.title);
	return AW_OK;
}

/* -- loading -------------------------------------------------------------------------------- */

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

static void
finish_card(const struct aw_policy *policy, struct aw_card *card)
{
	struct aw_clock_facts facts = { .kind = card->row.kind,
		.received_at = card->row.received_at,
		.dispatched_at = card->row.dispatched_at,
		.urgent_at = card->row.urgent_at,
		.review_due_at = card->row.review_due_at,
		.reviewed_at = card->row.reviewed_at };

	card->kind = aw_policy_kind(policy, card->row.kind);
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
	STRETCH(rows->answers, rows->answer_count, id, first, count);
	if (count != 0) {
		const struct sql_board_answers *last = &rows->answers[first + count - 1];
		card->came_back_at = AW_KNOWN(last->at);
		card->disputed = strcmp(last->kind, "disputed") == 0;
	}
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
		memset(card, 0, sizeof(*card));
		if (i < count) {
			card->row = reports[i];
			take_rows(&rows, card);
		} else if (load_accepted(act, accepted[i - count].report, card, err) != AW_OK) {
			return err->status;
		}
		finish_card(act->policy, card);
		if (find_access(act, card, &see, err) != AW_OK)
			return err->status;
		kept += see;
	}
	if (kept != 0)
		qsort(cards, kept, sizeof(*cards), by_time_left);
	*ret_cards = cards;
	*ret_count = kept;
	return AW_OK;
}

/* -- filling -------------------------------------------------------------------------------- */

static const char *const column_codes[] = { [AW_COLUMN_WAITING] = "waiting",
	[AW_COLUMN_REVIEW] = "review",
	[AW_COLUMN_ACCEPT] = "accept",
	[AW_COLUMN_RETURNED] = "returned",
	[AW_COLUMN_ACCEPTED] = "accepted" };

static int64_t
words_in(const char *text)
{
	int64_t count = 0;

	for (bool inside = false; *text != '\0'; text++) {
		if (*text != ' ' && !inside)
			count++;
		inside = *text != ' ';
	}
	return count;
}

static void
fill_people(struct aw_call *call, const struct aw_card *card, struct aw_view *view)
{
	for (size_t i = 0; i < card->people_count && i < 4; i++) {
		const struct aw_person_role *role = aw_kind_role(card->kind, card->people[i].role);
		struct aw_view *item = aw_view_item(view, "people");
		aw_view_text(item, "sex", card->people[i].sex == NULL ? "U" : card->people[i].sex);
		if (card->people[i].age.known)
			aw_view_int(item, "age", card->people[i].age.v);
		if (role != NULL)
			aw_view_text(item, "role", aw_label_text(role->label, call->language));
	}
}

static void
fill_level(struct aw_call *call, const struct aw_card *card, struct aw_view *view)
{
	const struct aw_policy *policy = call->act.policy;
	struct aw_view *level;

	if (card->level == NULL)
		return;
	if (card->level->scale != NULL && strcmp(card->level->scale, "none") != 0) {
		level = aw_view_object(view, "level");
		aw_level_fill(level, policy, card->level->scale, card->level->level,
			card->level->child_class, call->language);
		aw_view_flag(level, "proposed",
			card->column == AW_COLUMN_WAITING || card->column == AW_COLUMN_REVIEW);
	}
	aw_view_flag(view, "prior_urgent", strcmp(card->level->priority, "urgent") == 0);
	aw_view_text(view, "priority_name",
		aw_policy_text(policy, "priority", card->level->priority, call->language));
	aw_level_fill(aw_view_object(view, "priority_level"), policy, "priority",
		card->level->priority, NULL, call->language);
	aw_view_flag(
		view, "may_go_urgent", card->level->immediate && card->column == AW_COLUMN_WAITING);
}

/* Does the viewer's unit work here for a respondent? Then it is told of its own part alone. */
static bool
is_apart(const struct aw_call *call, const struct aw_card *card)
{
	for (size_t i = 0; i < card->dispatch_count; i++)
		if (strcmp(card->dispatches[i].side, "respondent") == 0 &&
			aw_text_eq(card->dispatches[i].unit, call->act.viewer->unit))
			return true;
	return false;
}

static void
fill_units(struct aw_call *call, const struct aw_card *card, struct aw_view *view)
{
	const struct aw_policy *policy = call->act.policy;
	bool apart = is_apart(call, card);
	int64_t co = 0;

	for (size_t i = 0; i < card->dispatch_count; i++) {
		const struct aw_dispatch *d = &card->dispatches[i];
		if (apart && !aw_text_eq(d->unit, call->act.viewer->unit))
			continue;
		if (strcmp(d->role, "lead") != 0) {
			co++;
			continue;
		}
		aw_view_text(view, "lead",
			aw_policy_text(policy, "unit_short", d->unit, call->language));
		aw_view_flag(view, "lead_done", d->accepted_at.known);
		aw_view_flag(view, "assigned", d->assigned_at.known);
	}
	aw_view_int(view, "co_count", co);
	if (card->waits_for != NULL &&
		(!apart || aw_text_eq(card->waits_for->unit, call->act.viewer->unit))) {
		aw_view_text(view, "waits_for",
			aw_policy_text(
				policy, "unit_short", card->waits_for->unit, call->language));
		aw_view_flag(view, "may_answer",
			aw_dispatch_same_unit(
				policy, call->act.viewer->unit, card->waits_for->unit));
	}
}

static enum aw_status
fill_answers(struct aw_call *call, const struct aw_card *card, struct aw_view *view,
	struct aw_error *err)
{
	struct aw_act *act = &call->act;
	struct sql_dispatch_events *events;
	bool apart = is_apart(call, card);
	size_t count;

	if (sql_dispatch_events(act->tx,
		    &(struct sql_dispatch_events_in){ .report = card->row.report }, act->arena,
		    &events, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		bool disputed = strcmp(events[i].kind, "disputed") == 0;
		struct aw_view *item;
		const char *note;
		if ((strcmp(events[i].kind, "returned") != 0 && !disputed) ||
			(apart && !aw_text_eq(events[i].unit, act->viewer->unit)))
			continue;
		if (aw_way_note(act, events[i].id, events[i].key.v, events[i].sealed, &note, err) !=
			AW_OK)
			return err->status;
		item = aw_view_item(view, "answers");
		if (events[i].unit != NULL)
			aw_view_text(item, "unit",
				aw_policy_text(
					act->policy, "unit_short", events[i].unit, call->language));
		if (events[i].code != NULL)
			aw_view_text(item, "reason",
				aw_policy_text(
					act->policy, "return", events[i].code, call->language));
		aw_view_text(item, "note", note);
		aw_view_flag(item, "disputed", disputed);
	}
	return AW_OK;
}

static bool
is_me(const struct aw_call *call, struct aw_maybe account)
{
	return account.known && account.v == call->act.viewer->account;
}

static bool
receives(const struct aw_call *call, const struct aw_card *card)
{
	for (size_t i = 0; i < card->dispatch_count; i++) {
		if (aw_dispatch_same_unit(
			    call->act.policy, call->act.viewer->unit, card->dispatches[i].unit))
			return true;
	}
	return false;
}

enum aw_status
aw_card_fill(struct aw_call *call, const struct aw_card *card, struct aw_view *view,
	struct aw_error *err)
{
	const struct sql_board_reports *row = &card->row;
	const struct aw_policy *policy = call->act.policy;
	bool own = is_me(call, row->submitted_by);
	const char *holder;

	aw_view_allow_as(view, &card->access);
	aw_view_text(view, "number", row->number);
	aw_view_text(view, "path", aw_arena_printf(call->act.arena, "/reports/%s", row->number));
	aw_view_text(view, "kind", row->kind);
	aw_view_text(view, "kind_name", aw_policy_text(policy, "kind", row->kind, call->language));
	aw_view_text(view, "column", column_codes[card->column]);
	aw_view_flag(view, "sealed", card->kind->sealed_in_lists);
	aw_clock_fill(aw_view_object(view, "clock"), &card->clock, call->act.now_ms);
	if (row->district != NULL)
		aw_view_text(view, "district",
			aw_policy_text(policy, "district", row->district, call->language));
	if (!card->kind->sealed_in_lists) {
		fill_level(call, card, view);
		fill_people(call, card, view);
	}
	fill_units(call, card, view);
	aw_view_flag(view, "reported_urgent", row->urgent);
	if (row->urgent_at.known)
		aw_view_int(view, "urgent_at", row->urgent_at.v);
	if (row->dispatched_at.known)
		aw_view_int(view, "sent_at", row->dispatched_at.v);
	aw_view_int(view, "received_at", row->received_at);
	aw_view_int(view, "people_count", (int64_t)card->people_count);
	aw_view_int(view, "known_count", card->known);
	aw_view_int(view, "doubtful_count", card->doubtful);
	aw_view_int(view, "missing_count", words_in(row->missing));
	if (aw_account_line(&call->act,
		    card->column == AW_COLUMN_WAITING ? row->claimed_by : row->submitted_by,
		    &holder, err) != AW_OK)
		return err->status;
	aw_view_text(view, "holder", holder);
	aw_view_flag(view, "mine", is_me(call, row->claimed_by));
	aw_view_flag(view, "own_submission", own);
	aw_view_flag(view, "may_claim",
		card->column == AW_COLUMN_WAITING && !row->claimed_by.known &&
			aw_access_may_do(policy, call->act.viewer, "dispatch.screen"));
	aw_view_flag(view, "may_review",
		card->column == AW_COLUMN_REVIEW && !own && !receives(call, card) &&
			aw_access_may_do(policy, call->act.viewer, "dispatch.review"));
	if (card->column == AW_COLUMN_RETURNED)
		return fill_answers(call, card, view, err);
	return AW_OK;
}
