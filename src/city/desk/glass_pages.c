/* city/desk/glass_pages - 緊急調閱: opened with a reason, ended, and judged by somebody else. */
#include "city/desk/glass_pages.h"

#include <string.h>

#include "city/person/people.h"
#include "city/person/person.h"
#include "guard/access.h"
#include "guard/glass.h"
#include "policy/policy.h"

static const AW_VIEW_TYPE(reason_view, "GlassReason", NULL, AW_FIELD("code", TEXT, OPEN),
	AW_FIELD("label", TEXT, OPEN));

static const AW_VIEW_TYPE(glass_item, "EmergencyAccess", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("login", TEXT, OPEN), AW_FIELD("name", TEXT, OPEN), AW_FIELD("title", TEXT, OPEN),
	AW_FIELD("unit", TEXT, OPEN), AW_FIELD("person", TEXT, OPEN),
	AW_FIELD("person_link", LINK, OPEN), AW_FIELD("reason", TEXT, OPEN),
	AW_FIELD("words", TEXT, OPEN), AW_FIELD("opened_at", INSTANT, OPEN),
	AW_FIELD("until_at", INSTANT, OPEN), AW_FIELD("due_at", INSTANT, OPEN),
	AW_FIELD("open", FLAG, OPEN), AW_FIELD("overdue", FLAG, OPEN),
	AW_FIELD("reviewed", FLAG, OPEN), AW_FIELD("reviewed_at", INSTANT, OPEN),
	AW_FIELD("reviewer", TEXT, OPEN), AW_FIELD("justified", FLAG, OPEN),
	AW_FIELD("review", TEXT, OPEN), AW_FIELD("log_link", LINK, OPEN));

const AW_VIEW_TYPE(aw_glass_view, "BreakGlass", "desk/glass", AW_FIELD("minutes", NUMBER, OPEN),
	AW_FIELD("review_days", NUMBER, OPEN), AW_FIELD("asked", TEXT, OPEN),
	AW_FIELD("may", FLAG, OPEN), AW_FIELD_OF("reasons", LIST, OPEN, &reason_view),
	AW_FIELD_OF("own", LIST, OPEN, &glass_item));

const AW_VIEW_TYPE(aw_glass_review_view, "BreakGlassReview", "desk/glass_review",
	AW_FIELD("waiting", NUMBER, OPEN), AW_FIELD("overdue", NUMBER, OPEN),
	AW_FIELD("review_days", NUMBER, OPEN), AW_FIELD_OF("items", LIST, OPEN, &glass_item));

static void
show_item(struct aw_call *call, struct aw_view *item, const struct aw_glass *glass)
{
	struct aw_arena *arena = call->act.arena;
	bool may_log = aw_access_may_do(call->act.policy, call->act.viewer, "audit.view");

	aw_view_text(item, "number", glass->number);
	aw_view_text(item, "login", glass->login);
	aw_view_text(item, "name", glass->name);
	aw_view_text(item, "title", glass->title);
	aw_view_text(item, "unit", aw_call_label(call, "unit_short", glass->unit));
	aw_view_text(item, "person", glass->person_number);
	aw_view_text(item, "reason", aw_call_label(call, "break_glass", glass->reason));
	aw_view_text(item, "words", glass->words);
	aw_view_int(item, "opened_at", glass->opened_at);
	aw_view_int(item, "until_at", glass->until_at);
	aw_view_int(item, "due_at", glass->review_due_at);
	aw_view_flag(item, "open", glass->until_at > call->act.real_ms);
	aw_view_flag(item, "reviewed", glass->reviewed_at.known);
	aw_view_flag(item, "overdue",
		!glass->reviewed_at.known && glass->review_due_at < call->act.real_ms);
	if (may_log)
		aw_view_text(item, "log_link",
			aw_arena_printf(arena, "/log?login=%s&person=%s", glass->login,
				glass->person_number));
	if (!glass->reviewed_at.known)
		return;
	aw_view_int(item, "reviewed_at", glass->reviewed_at.v);
	aw_view_text(item, "reviewer", glass->reviewer);
	aw_view_flag(item, "justified", glass->justified.known && glass->justified.v != 0);
	aw_view_text(item, "review", glass->review);
}

static void
show_reasons(struct aw_call *call)
{
	const struct aw_policy *policy = call->act.policy;

	for (size_t i = 0; i < policy->reason_count[AW_REASONS_BREAK_GLASS]; i++) {
		const struct aw_reason_code *reason = &policy->reasons[AW_REASONS_BREAK_GLASS][i];
		struct aw_view *item = aw_view_item(call->view, "reasons");

		aw_view_text(item, "code", reason->code);
		aw_view_text(item, "label", aw_label_text(reason->label, call->language));
	}
}

/* GET /break-glass */
enum aw_status
aw_glass_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_glass *own;
	size_t count;

	if (aw_glass_own(&call->act, &own, &count, err) != AW_OK)
		return err->status;
	aw_view_int(call->view, "minutes", call->act.policy->break_glass.minutes);
	aw_view_int(call->view, "review_days", call->act.policy->break_glass.review_days);
	aw_view_text(call->view, "asked", aw_call_value(call, "person"));
	aw_view_flag(call->view, "may", aw_glass_may(&call->act));
	show_reasons(call);
	for (size_t i = 0; i < count; i++) {
		struct aw_view *item = aw_view_item(call->view, "own");

		show_item(call, item, &own[i]);
		aw_view_text(item, "person_link",
			aw_arena_printf(call->act.arena, "/people/%s", own[i].person_number));
	}
	return AW_OK;
}

/* The person whom the form names: 0 when that is nobody, or not exactly one. */
static enum aw_status
find_person(
	struct aw_call *call, int64_t *ret_person, const char **ret_number, struct aw_error *err)
{
	const char *typed = aw_call_value(call, "person");
	struct aw_search_hits hits = { 0 };
	struct aw_person person;
	enum aw_status status;

	*ret_person = 0;
	if (typed == NULL)
		return AW_OK;
	if (aw_public_number_valid(typed, "P")) {
		status = aw_person_by_number(&call->act, typed, &person, err);
	} else {
		if (call->act.people != NULL)
			aw_people_search(call->act.people, call->act.arena, typed, 2, &hits);
		if (hits.how != AW_SEARCH_NUMBER || hits.count != 1)
			return AW_OK;
		status = aw_person_get(&call->act, hits.persons[0], &person, err);
	}
	if (status == AW_NOT_FOUND) {
		aw_error_clear(err);
		return AW_OK;
	}
	if (status != AW_OK)
		return err->status;
	*ret_person = person.id;
	*ret_number = person.number;
	return AW_OK;
}

/* What is missing or wrong besides the person. */
static void
check_form(struct aw_call *call)
{
	const char *reason = aw_call_value(call, "reason"), *words = aw_call_value(call, "words");
	size_t count = words == NULL ? 0 : aw_utf8_count(aw_str(words));

	if (aw_call_value(call, "person") == NULL)
		aw_call_problem(call, "person", "form.required", NULL);
	if (reason == NULL ||
		aw_policy_reason(call->act.policy, AW_REASONS_BREAK_GLASS, reason) == NULL)
		aw_call_problem(call, "reason", "form.required", NULL);
	if (count < AW_GLASS_WORDS_LEAST || count > AW_GLASS_WORDS_MOST)
		aw_call_problem(call, "words", "glass.words_wrong", NULL);
}

/* POST /break-glass */
enum aw_status
aw_glass_start(struct aw_call *call, struct aw_error *err)
{
	const char *number = NULL, *glass;
	enum aw_status status;
	int64_t person;

	if (aw_access_stale(&call->act)) {
		aw_call_redirect(call, NULL, "/verify?next=/break-glass");
		return AW_OK;
	}
	check_form(call);
	if (call->problems != NULL)
		return AW_OK;
	if (find_person(call, &person, &number, err) != AW_OK)
		return err->status;
	status = person == 0 ? AW_NOT_FOUND
			     : aw_glass_open(&call->act, person, aw_call_value(call, "reason"),
				       aw_call_value(call, "words"), &glass, err);
	if (status == AW_NOT_FOUND || status == AW_CONFLICT) {
		aw_error_clear(err);
		aw_call_problem(call, "person",
			status == AW_CONFLICT ? "glass.has_already" : "glass.nobody", NULL);
		return AW_OK;
	}
	if (status != AW_OK)
		return err->status;
	call->act.object = number;
	aw_act_looked(&call->act, person, AW_CLASS_BIT(AW_CLASS_EXISTENCE));
	aw_call_redirect(call, "notice.glass_opened", "/people/%s", number);
	return AW_OK;
}

/* POST /break-glass/{number}/end */
enum aw_status
aw_glass_stop(struct aw_call *call, struct aw_error *err)
{
	const char *number = aw_call_path(call, "number");

	if (aw_glass_end(&call->act, number, err) != AW_OK)
		return err->status;
	call->act.object = number;
	aw_call_redirect(call, "notice.glass_ended", "/break-glass");
	return AW_OK;
}

/* GET /break-glass/review */
enum aw_status
aw_glass_list(struct aw_call *call, struct aw_error *err)
{
	int64_t waiting, overdue;
	struct aw_glass *items;
	size_t count;

	if (aw_glass_to_review(&call->act, &items, &count, err) != AW_OK ||
		aw_glass_counts(&call->act, &waiting, &overdue, err) != AW_OK)
		return err->status;
	aw_view_int(call->view, "waiting", waiting);
	aw_view_int(call->view, "overdue", overdue);
	aw_view_int(call->view, "review_days", call->act.policy->break_glass.review_days);
	for (size_t i = 0; i < count; i++) {
		show_item(call, aw_view_item(call->view, "items"), &items[i]);
		aw_act_looked(&call->act, items[i].person, AW_CLASS_BIT(AW_CLASS_EXISTENCE));
	}
	return AW_OK;
}

/* POST /break-glass/{number}/review */
enum aw_status
aw_glass_judge(struct aw_call *call, struct aw_error *err)
{
	const char *number = aw_call_path(call, "number");
	const char *answer = aw_call_value(call, "justified"),
		   *words = aw_call_value(call, "words");
	size_t count = words == NULL ? 0 : aw_utf8_count(aw_str(words));

	if (!aw_text_eq(answer, "yes") && !aw_text_eq(answer, "no"))
		aw_call_problem(call, "justified", "form.required", NULL);
	if (count < AW_GLASS_WORDS_LEAST || count > AW_GLASS_WORDS_MOST)
		aw_call_problem(call, "words", "glass.words_wrong", NULL);
	if (call->problems != NULL)
		return AW_OK;
	if (aw_glass_review(&call->act, number, strcmp(answer, "yes") == 0, words, err) != AW_OK)
		return err->status;
	call->act.object = number;
	aw_call_redirect(call, "notice.glass_reviewed", "/break-glass/review");
	return AW_OK;
}
