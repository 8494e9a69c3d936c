/* city/dispatch/card - one report as a card of the board or a row of its list. */
#include "city/dispatch/card.h"

#include <string.h>

#include "city/dispatch/told.h"
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
		aw_view_text(view, "lead", aw_told_unit(policy, d, "unit_short", call->language));
		aw_view_flag(view, "lead_done", d->accepted_at.known);
		aw_view_flag(view, "assigned", d->assigned_at.known);
	}
	aw_view_int(view, "co_count", co);
	if (card->waits_for != NULL &&
		(!apart || aw_text_eq(card->waits_for->unit, call->act.viewer->unit))) {
		aw_view_text(view, "waits_for",
			aw_told_unit(policy, card->waits_for, "unit_short", call->language));
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
			!aw_told_event(
				card->dispatches, card->dispatch_count, events[i].dispatch) ||
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
