/* city/desk/review - the answer to one proposed link, and taking it back. */
#include <string.h>

#include "city/desk/review_inner.h"

/* The pair behind this one, before it leaves the queue; 0: it was the last. */
static enum aw_status
find_next(struct aw_call *call, int64_t link, int64_t *ret_next, struct aw_error *err)
{
	struct aw_review_queue queue;

	*ret_next = 0;
	if (aw_review_queue_read(&call->act, &queue, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < queue.count; i++)
		if (queue.at[i].id == link && i + 1 < queue.count)
			*ret_next = queue.at[i + 1].id;
	if (*ret_next == 0 && queue.count > 0 && queue.at[0].id != link)
		*ret_next = queue.at[0].id;
	return AW_OK;
}

static void
check_form(struct aw_call *call, const char *choice, const struct aw_link_why *why)
{
	const struct aw_reason_code *reason =
		why->reason == NULL
			? NULL
			: aw_policy_reason(call->act.policy, AW_REASONS_LINK, why->reason);

	if (!aw_text_eq(choice, "same") && !aw_text_eq(choice, "other") &&
		!aw_text_eq(choice, "unsure"))
		aw_call_problem(call, "choice", "form.required", NULL);
	if (reason == NULL && !aw_text_eq(choice, "unsure") &&
		call->act.policy->reason_count[AW_REASONS_LINK] > 0)
		aw_call_problem(call, "reason", "form.required", NULL);
	if (reason != NULL && reason->needs_note && why->words == NULL)
		aw_call_problem(call, "words", "form.required", NULL);
	if (why->words != NULL && aw_utf8_count(aw_str(why->words)) > AW_LINK_WORDS_MOST)
		aw_call_problem(call, "words", "review.words_long", NULL);
}

bool
aw_review_second(const struct aw_call *call, const struct aw_identity_link *link)
{
	return link->decided_by.known && !link->undone_at.known && call->act.viewer != NULL &&
	       link->decided_by.v != call->act.viewer->account;
}

/* Somebody else's answer takes the place of the first, which is kept: whether they agree is counted. */
static enum aw_status
answer_second(struct aw_call *call, const struct aw_review_pair *pair, const char *choice,
	const struct aw_link_why *why, struct aw_error *err)
{
	int64_t decision;

	check_form(call, aw_text_eq(choice, "unsure") ? NULL : choice, why);
	if (call->problems != NULL)
		return aw_review_put(call, pair, err);
	if (aw_identity_link_decide(&call->act, pair->link.id, aw_text_eq(choice, "same"), why,
		    &decision, err) != AW_OK)
		return err->status;
	aw_call_redirect(call, "notice.link_second", "/links/%lld", (long long)decision);
	return AW_OK;
}

/* POST /links/{link} */
enum aw_status
aw_review_answer(struct aw_call *call, struct aw_error *err)
{
	const char *choice = aw_call_value(call, "choice");
	struct aw_link_why why = { aw_call_value(call, "reason"), aw_call_value(call, "words") };
	bool same = aw_text_eq(choice, "same"), unsure = aw_text_eq(choice, "unsure");
	struct aw_review_pair pair = { 0 };
	int64_t next = 0;

	if (aw_review_begin(call, &pair, err) != AW_OK)
		return err->status;
	if (!pair.waits && aw_review_second(call, &pair.link))
		return answer_second(call, &pair, choice, &why, err);
	if (!pair.waits) {
		aw_call_redirect(
			call, "notice.link_settled", "/links/%lld", (long long)pair.link.id);
		return AW_OK;
	}
	check_form(call, choice, &why);
	if (call->problems != NULL)
		return aw_review_put(call, &pair, err);
	if (find_next(call, pair.link.id, &next, err) != AW_OK)
		return err->status;
	if (unsure ? aw_identity_link_doubt(&call->act, pair.link.id, why.words, err) != AW_OK
		   : aw_identity_link_decide(&call->act, pair.link.id, same, &why, NULL, err) !=
				AW_OK)
		return err->status;
	if (next == 0)
		aw_call_redirect(call, unsure ? "notice.link_unsure" : "notice.linked", "/links");
	else
		aw_call_redirect(call, unsure ? "notice.link_unsure" : "notice.linked",
			"/links/%lld", (long long)next);
	return AW_OK;
}

/* What stands between the two after a decision was taken back: the pair to go on with. */
static enum aw_status
find_restored(struct aw_call *call, const struct aw_review_pair *pair, int64_t *ret_link,
	struct aw_error *err)
{
	struct aw_link_event *events;
	size_t count;

	*ret_link = pair->link.id;
	if (aw_identity_link_history(&call->act, pair->link.person, &events, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (events[i].link.record == pair->link.record && !events[i].link.undone_at.known)
			*ret_link = events[i].link.id;
	return AW_OK;
}

/* POST /links/{link}/undo */
enum aw_status
aw_review_undo(struct aw_call *call, struct aw_error *err)
{
	struct aw_review_pair pair = { 0 };
	int64_t restored;

	if (aw_review_begin(call, &pair, err) != AW_OK)
		return err->status;
	if (pair.link.undone_at.known) {
		aw_call_redirect(
			call, "notice.link_settled", "/links/%lld", (long long)pair.link.id);
		return AW_OK;
	}
	if (aw_identity_link_undo(&call->act, pair.link.id, err) != AW_OK ||
		find_restored(call, &pair, &restored, err) != AW_OK)
		return err->status;
	aw_call_redirect(call, "notice.link_undone", "/links/%lld", (long long)restored);
	return AW_OK;
}
