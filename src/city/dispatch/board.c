/* city/dispatch/board - the board, its list, and the hand-over sheet. */
#include <string.h>

#include "city/dispatch/card.h"
#include "city/dispatch/pages.h"
#include "city/dispatch/report_page.h"
#include "city/dispatch/told.h"

static const AW_VIEW_TYPE(column_view, "BoardColumn", NULL,
	AW_FIELD_CODE("code", OPEN, "board.column"), AW_FIELD_CODE("hint", OPEN, "board.hint"),
	AW_FIELD("count", NUMBER, OPEN), AW_FIELD("more", NUMBER, OPEN),
	AW_FIELD("index", NUMBER, OPEN), AW_FIELD_OF("cards", LIST, OPEN, &aw_card_view));

const AW_VIEW_TYPE(aw_board_view, "Board", "dispatch/board", AW_FIELD("now", INSTANT, OPEN),
	AW_FIELD("received_today", NUMBER, OPEN), AW_FIELD("received_last_week", NUMBER, OPEN),
	AW_FIELD("sent_today", NUMBER, OPEN), AW_FIELD("month_received", NUMBER, OPEN),
	AW_FIELD("month_in_time", NUMBER, OPEN), AW_FIELD("month_sent", NUMBER, OPEN),
	AW_FIELD("month_percent", PERCENT, OPEN), AW_FIELD("over_count", NUMBER, OPEN),
	AW_FIELD("over_longest", DURATION, OPEN), AW_FIELD("as_list", FLAG, OPEN),
	AW_FIELD("chosen_kind", TEXT, OPEN), AW_FIELD("chosen_district", TEXT, OPEN),
	AW_FIELD("chosen_mine", FLAG, OPEN), AW_FIELD("chosen_urgent", FLAG, OPEN),
	AW_FIELD("filtered", FLAG, OPEN), AW_FIELD_OF("kinds", LIST, OPEN, &aw_choice_view),
	AW_FIELD_OF("districts", LIST, OPEN, &aw_choice_view), AW_FIELD("total", NUMBER, OPEN),
	AW_FIELD_OF("columns", LIST, OPEN, &column_view),
	AW_FIELD_OF("rows", LIST, OPEN, &aw_card_view));

static const AW_VIEW_TYPE(holder_view, "HandoverHolder", NULL, AW_FIELD("holder", TEXT, OPEN),
	AW_FIELD("count", NUMBER, OPEN), AW_FIELD_OF("cards", LIST, OPEN, &aw_card_view));

const AW_VIEW_TYPE(aw_handover_view, "Handover", "dispatch/handover",
	AW_FIELD("now", INSTANT, OPEN), AW_FIELD("by", TEXT, OPEN),
	AW_FIELD("open_count", NUMBER, OPEN), AW_FIELD("over_count", NUMBER, OPEN),
	AW_FIELD_OF("holders", LIST, OPEN, &holder_view));

/* Cards of a column that the board shows before "N more". */
enum { COLUMN_CARDS = 25 };

static bool
passes(const struct aw_call *call, const struct aw_card *card)
{
	const char *kind = aw_call_value(call, "kind"), *district = aw_call_value(call, "district");
	int64_t me = call->act.viewer->account;

	if (kind != NULL && strcmp(kind, card->row.kind) != 0)
		return false;
	if (district != NULL && !aw_text_eq(district, card->row.district))
		return false;
	if (aw_call_value(call, "urgent") != NULL &&
		(card->level == NULL || strcmp(card->level->priority, "urgent") != 0))
		return false;
	return aw_call_value(call, "mine") == NULL ||
	       (card->row.claimed_by.known && card->row.claimed_by.v == me) ||
	       (card->row.submitted_by.known && card->row.submitted_by.v == me);
}

static enum aw_status
count_received(
	const struct aw_act *act, int64_t from, int64_t to, int64_t *ret, struct aw_error *err)
{
	struct sql_board_received row;
	bool found;

	if (sql_board_received(act->tx,
		    &(struct sql_board_received_in){ .from_at = from, .to_at = to }, act->arena,
		    &row, &found, err) != AW_OK)
		return err->status;
	*ret = found ? row.received : 0;
	return AW_OK;
}

static enum aw_status
count_sent(const struct aw_act *act, int64_t from, int64_t to, int64_t *ret_sent, int64_t *ret_late,
	struct aw_error *err)
{
	struct sql_board_sent_of_received row;
	bool found;

	if (sql_board_sent_of_received(act->tx,
		    &(struct sql_board_sent_of_received_in){
			    .from_at = from, .to_at = to, .within_ms = AW_DAY_MS },
		    act->arena, &row, &found, err) != AW_OK)
		return err->status;
	*ret_sent = found ? row.sent : 0;
	*ret_late = found ? row.late : 0;
	return AW_OK;
}

static enum aw_status
fill_tally(struct aw_call *call, const struct aw_card *cards, size_t count, struct aw_error *err)
{
	struct aw_act *act = &call->act;
	int32_t today = aw_taipei_day(act->now_ms);
	struct aw_date date = aw_date_of_day(today);
	int64_t midnight = aw_taipei_day_start_ms(today), received, last_week, sent, late, over = 0;
	int64_t month = aw_taipei_day_start_ms(today - date.day + 1), month_received, longest = 0;

	if (count_received(act, midnight, act->now_ms + 1, &received, err) != AW_OK ||
		count_received(act, midnight - 7 * AW_DAY_MS, act->now_ms - 7 * AW_DAY_MS,
			&last_week, err) != AW_OK ||
		count_sent(act, midnight, act->now_ms + 1, &sent, &late, err) != AW_OK)
		return err->status;
	aw_view_int(call->view, "received_today", received);
	aw_view_int(call->view, "received_last_week", last_week);
	aw_view_int(call->view, "sent_today", sent);
	if (count_received(act, month, act->now_ms + 1, &month_received, err) != AW_OK ||
		count_sent(act, month, act->now_ms + 1, &sent, &late, err) != AW_OK)
		return err->status;
	aw_view_int(call->view, "month_received", month_received);
	aw_view_int(call->view, "month_sent", sent);
	aw_view_int(call->view, "month_in_time", sent - late);
	if (sent != 0)
		aw_view_int(call->view, "month_percent", (sent - late) * 10000 / sent);
	for (size_t i = 0; i < count; i++) {
		if (aw_clock_state(&cards[i].clock, act->now_ms) != AW_CLOCK_OVER)
			continue;
		over++;
		if (act->now_ms - cards[i].clock.due_at.v > longest)
			longest = act->now_ms - cards[i].clock.due_at.v;
	}
	aw_view_int(call->view, "over_count", over);
	if (over != 0)
		aw_view_int(call->view, "over_longest", longest);
	return AW_OK;
}

static void
fill_filters(struct aw_call *call)
{
	const struct aw_policy *policy = call->act.policy;
	const char *kind = aw_call_value(call, "kind"), *district = aw_call_value(call, "district");

	for (size_t i = 0; i < policy->kind_count; i++)
		aw_choice_add(call->view, "kinds", policy->kinds[i].code,
			aw_label_text(policy->kinds[i].label, call->language),
			aw_text_eq(kind, policy->kinds[i].code));
	for (size_t i = 0; i < policy->city.district_count; i++)
		aw_choice_add(call->view, "districts", policy->city.districts[i].code,
			aw_label_text(policy->city.districts[i].label, call->language),
			aw_text_eq(district, policy->city.districts[i].code));
	aw_view_text(call->view, "chosen_kind", aw_call_label(call, "kind", kind));
	aw_view_text(call->view, "chosen_district", aw_call_label(call, "district", district));
	aw_view_flag(call->view, "chosen_mine", aw_call_value(call, "mine") != NULL);
	aw_view_flag(call->view, "chosen_urgent", aw_call_value(call, "urgent") != NULL);
	aw_view_flag(call->view, "filtered",
		kind != NULL || district != NULL || aw_call_value(call, "mine") != NULL ||
			aw_call_value(call, "urgent") != NULL);
}

static enum aw_status
fill_columns(struct aw_call *call, const struct aw_card *cards, size_t count, struct aw_error *err)
{
	static const char *const codes[] = { "waiting", "review", "accept", "returned",
		"accepted" };
	struct aw_view *columns[AW_COLUMN_COUNT];
	int64_t counts[AW_COLUMN_COUNT] = { 0 };

	for (size_t c = 0; c < AW_COLUMN_COUNT; c++) {
		columns[c] = aw_view_item(call->view, "columns");
		aw_view_text(columns[c], "code", codes[c]);
		aw_view_text(columns[c], "hint", codes[c]);
		aw_view_int(columns[c], "index", (int64_t)c + 1);
	}
	for (size_t i = 0; i < count; i++) {
		enum aw_column c = cards[i].column;
		if (!passes(call, &cards[i]))
			continue;
		if (counts[c]++ < COLUMN_CARDS &&
			aw_card_fill(call, &cards[i], aw_view_item(columns[c], "cards"), err) !=
				AW_OK)
			return err->status;
	}
	for (size_t c = 0; c < AW_COLUMN_COUNT; c++) {
		aw_view_int(columns[c], "count", counts[c]);
		if (counts[c] > COLUMN_CARDS)
			aw_view_int(columns[c], "more", counts[c] - COLUMN_CARDS);
	}
	return AW_OK;
}

static enum aw_status
fill_rows(struct aw_call *call, const struct aw_card *cards, size_t count, struct aw_error *err)
{
	int64_t total = 0;

	for (size_t i = 0; i < count; i++) {
		if (!passes(call, &cards[i]))
			continue;
		total++;
		if (aw_card_fill(call, &cards[i], aw_view_item(call->view, "rows"), err) != AW_OK)
			return err->status;
	}
	aw_view_int(call->view, "total", total);
	return AW_OK;
}

static enum aw_status
show(struct aw_call *call, bool as_list, struct aw_error *err)
{
	int64_t midnight = aw_taipei_day_start_ms(aw_taipei_day(call->act.now_ms));
	struct aw_card *cards;
	size_t count;

	if (aw_cards_load(call, midnight, &cards, &count, err) != AW_OK ||
		fill_tally(call, cards, count, err) != AW_OK)
		return err->status;
	aw_view_int(call->view, "now", call->act.now_ms);
	aw_view_flag(call->view, "as_list", as_list);
	fill_filters(call);
	return as_list ? fill_rows(call, cards, count, err) : fill_columns(call, cards, count, err);
}

enum aw_status
aw_board_show(struct aw_call *call, struct aw_error *err)
{
	return show(call, false, err);
}

enum aw_status
aw_board_list(struct aw_call *call, struct aw_error *err)
{
	return show(call, true, err);
}

/* -- hand-over ------------------------------------------------------------------------------ */

/* Who holds a card now: the unit it waits for, else the screener, else nobody. */
static enum aw_status
holder_of(struct aw_call *call, const struct aw_card *card, const char **ret_holder,
	struct aw_error *err)
{
	struct aw_maybe account =
		card->column == AW_COLUMN_REVIEW ? card->row.submitted_by : card->row.claimed_by;

	if (card->waits_for != NULL) {
		*ret_holder =
			aw_told_unit(call->act.policy, card->waits_for, "unit", call->language);
		return AW_OK;
	}
	return aw_account_line(&call->act, account, ret_holder, err);
}

enum aw_status
aw_handover_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_arena *arena = call->act.arena;
	int64_t open = 0, over = 0;
	struct aw_card *cards;
	const char **holders;
	bool *done;
	size_t count;

	if (aw_cards_load(call, INT64_MAX, &cards, &count, err) != AW_OK)
		return err->status;
	holders = AW_NEW_ARRAY(arena, const char *, count);
	done = AW_NEW_ARRAY(arena, bool, count);
	for (size_t i = 0; i < count; i++) {
		if (holder_of(call, &cards[i], &holders[i], err) != AW_OK)
			return err->status;
		open++;
		over += aw_clock_state(&cards[i].clock, call->act.now_ms) == AW_CLOCK_OVER ? 1 : 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct aw_view *group;
		int64_t in_group = 0;
		if (done[i])
			continue;
		group = aw_view_item(call->view, "holders");
		aw_view_text(group, "holder", holders[i]);
		for (size_t k = i; k < count; k++) {
			if (done[k] || !aw_text_eq(holders[i], holders[k]))
				continue;
			done[k] = true;
			in_group++;
			if (aw_card_fill(call, &cards[k], aw_view_item(group, "cards"), err) !=
				AW_OK)
				return err->status;
		}
		aw_view_int(group, "count", in_group);
	}
	aw_view_int(call->view, "now", call->act.now_ms);
	aw_view_text(call->view, "by", call->act.viewer->name);
	aw_view_int(call->view, "open_count", open);
	aw_view_int(call->view, "over_count", over);
	return AW_OK;
}
