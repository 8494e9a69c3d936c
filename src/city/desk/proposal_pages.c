/* city/desk/proposal_pages - 政策提案: proposed by one person, answered by another. */
#include "city/desk/proposal_pages.h"

#include <stdlib.h>
#include <string.h>

#include "city/desk/policy_check.h"
#include "city/desk/policy_diff.h"
#include "guard/access.h"
#include "guard/account.h"
#include "policy/policy.h"
#include "text/roc.h"

enum { PROPOSALS_SHOWN = 12, MISTAKES_SHOWN = 20 };

#define PERMISSION "policy.release"
#define PROPOSAL_FIELDS                                                                            \
	AW_FIELD("number", NUMBER, OPEN), AW_FIELD("label", TEXT, OPEN),                           \
		AW_FIELD("hash", TEXT, OPEN), AW_FIELD("link", LINK, OPEN),                        \
		AW_FIELD("from", DAY, OPEN), AW_FIELD("words", TEXT, OPEN),                        \
		AW_FIELD("proposer", TEXT, OPEN), AW_FIELD("proposed_at", INSTANT, OPEN),          \
		AW_FIELD_CODE("state", OPEN, "policy.proposal"), AW_FIELD("answerer", TEXT, OPEN), \
		AW_FIELD("answered_at", INSTANT, OPEN), AW_FIELD("answer_words", TEXT, OPEN)

const AW_VIEW_TYPE(aw_proposal_item_view, "PolicyProposalItem", NULL, PROPOSAL_FIELDS);

const AW_VIEW_TYPE(aw_proposal_view, "PolicyProposal", "desk/policy_proposal", PROPOSAL_FIELDS,
	AW_FIELD("may_answer", FLAG, OPEN), AW_FIELD("may_withdraw", FLAG, OPEN),
	AW_FIELD("own", FLAG, OPEN), AW_FIELD("draft_link", LINK, OPEN),
	AW_FIELD_OF("diff", OBJECT, OPEN, &aw_policy_diff_view));

struct aw_proposal_by
aw_proposal_viewer(const struct aw_call *call)
{
	return (struct aw_proposal_by){ call->act.viewer->account, call->act.viewer->login };
}

static bool
may_release(const struct aw_call *call)
{
	return aw_access_may_do(call->act.policy, call->act.viewer, PERMISSION);
}

/* -- shown --------------------------------------------------------------------------------------- */

/* "王示例（planner）"; the login alone for the console, and for who has no account any more. */
static enum aw_status
name_of(struct aw_call *call, struct aw_maybe account, const char *login, const char **ret_name,
	struct aw_error *err)
{
	struct aw_account found;
	enum aw_status status;

	*ret_name = login;
	if (!account.known)
		return AW_OK;
	status = aw_account_get(call->act.tx, call->act.arena, account.v, &found, err);
	if (status == AW_NOT_FOUND) {
		aw_error_clear(err);
		return AW_OK;
	}
	if (status != AW_OK)
		return status;
	*ret_name = aw_arena_printf(call->act.arena, "%s %s (%s)", found.name, found.title, login);
	return AW_OK;
}

static enum aw_status
fill(struct aw_call *call, struct aw_view *view, const struct aw_proposal *p, struct aw_error *err)
{
	struct aw_arena *arena = call->act.arena;
	const char *proposer, *answerer = NULL;

	if (name_of(call, p->proposed_by, p->proposer, &proposer, err) != AW_OK ||
		(p->answer != NULL &&
			name_of(call, p->answered_by, p->answerer, &answerer, err) != AW_OK))
		return err->status;
	aw_view_int(view, "number", p->number);
	aw_view_text(view, "label", p->label);
	aw_view_text(view, "hash", aw_arena_strndup(arena, p->hash, 12));
	aw_view_text(view, "link",
		aw_arena_printf(arena, "/policy/proposals/%lld", (long long)p->number));
	aw_view_int(view, "from", p->from_day);
	aw_view_text(view, "words", p->words);
	aw_view_text(view, "proposer", proposer);
	aw_view_int(view, "proposed_at", p->proposed_at);
	aw_view_text(view, "state", p->answer != NULL ? p->answer : p->stale ? "stale" : "waits");
	aw_view_text(view, "answerer", answerer);
	if (p->answered_at.known)
		aw_view_int(view, "answered_at", p->answered_at.v);
	aw_view_text(view, "answer_words", p->answer_words);
	return AW_OK;
}

enum aw_status
aw_proposals_fill(struct aw_call *call, struct aw_error *err)
{
	struct aw_proposal *list;
	size_t count;

	if (aw_proposal_list(call->act.tx, call->act.arena, PROPOSALS_SHOWN, call->act.now_ms,
		    &list, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (fill(call, aw_view_item(call->view, "proposals"), &list[i], err) != AW_OK)
			return err->status;
	return AW_OK;
}

/* The differences from the policy in force; nothing of them is left of what was refused. */
static enum aw_status
fill_diff(struct aw_call *call, const struct aw_proposal *p, struct aw_error *err)
{
	struct aw_policy *policy = NULL;
	enum aw_status status = aw_proposal_policy(call->act.tx, p, &policy, err);

	if (status == AW_NOT_FOUND) {
		aw_error_clear(err);
		return AW_OK;
	}
	if (status != AW_OK)
		return status;
	aw_policy_free_with(policy, call->act.arena);
	aw_policy_diff(
		call, aw_view_object(call->view, "diff"), call->act.policy, policy, p->from_day);
	return AW_OK;
}

/* GET /policy/proposals/{number} */
enum aw_status
aw_proposal_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_proposal_by by = aw_proposal_viewer(call);
	struct aw_proposal p;
	bool waits;

	if (aw_proposal_get(call->act.tx, call->act.arena, aw_call_path_number(call, "number"),
		    call->act.now_ms, &p, err) != AW_OK ||
		fill(call, call->view, &p, err) != AW_OK)
		return err->status;
	call->act.object = aw_arena_strndup(call->act.arena, p.hash, 12);
	waits = p.answer == NULL && may_release(call);
	aw_view_flag(call->view, "own", waits && aw_proposal_is_own(&p, &by));
	aw_view_flag(call->view, "may_withdraw", waits && aw_proposal_is_own(&p, &by));
	aw_view_flag(call->view, "may_answer", waits && aw_proposal_may_answer(&p, &by));
	if (p.draft.known)
		aw_view_text(call->view, "draft_link",
			aw_arena_printf(
				call->act.arena, "/policy/drafts/%lld", (long long)p.draft.v));
	return fill_diff(call, &p, err);
}

/* -- the first person ---------------------------------------------------------------------------- */

static void
note_mistakes(struct aw_call *call, const struct aw_mistakes *mistakes)
{
	for (size_t i = 0; i < mistakes->count && i < MISTAKES_SHOWN; i++) {
		const struct aw_mistake *m = &mistakes->at[i];

		aw_call_problem(call, "", "policy.mistake",
			aw_arena_printf(call->act.arena, "%s:%u:%u: %s", m->file, m->line,
				m->column, m->text));
	}
}

/* The form's first day; a problem is noted when it is none. */
static int32_t
day_asked(struct aw_call *call)
{
	const char *from = aw_call_value(call, "from");
	int32_t today = aw_taipei_day(call->act.now_ms), day = today;
	struct aw_error own = { 0 };

	if (from != NULL && aw_roc_read_day(aw_str(from), &day, &own) != AW_OK)
		aw_call_problem(call, "from", "problem.date", NULL);
	else if (day < today)
		aw_call_problem(call, "from", "policy.day_over", NULL);
	return day;
}

static void
check_words(struct aw_call *call)
{
	const char *words = aw_call_value(call, "words");
	size_t count = words == NULL ? 0 : aw_utf8_count(aw_str(words));

	if (count < AW_PROPOSAL_WORDS_LEAST || count > AW_PROPOSAL_WORDS_MOST)
		aw_call_problem(call, "words", "policy.words_wrong", NULL);
}

enum aw_status
aw_propose(struct aw_call *call, const struct aw_policy *policy, const char *base, int64_t draft,
	int64_t *ret_number, struct aw_error *err)
{
	struct aw_mistakes mistakes = { .arena = call->act.arena };
	struct aw_proposal_in in = { .policy = policy,
		.base = base,
		.draft = draft,
		.from_day = day_asked(call),
		.words = aw_call_value(call, "words"),
		.by = aw_proposal_viewer(call) };
	struct aw_policy_checked checked;
	enum aw_status status;

	*ret_number = 0;
	check_words(call);
	if (call->problems != NULL)
		return AW_OK;
	aw_policy_check(policy, in.from_day, &mistakes, &checked);
	note_mistakes(call, &mistakes);
	if (call->problems != NULL)
		return AW_OK;
	status = aw_proposal_make(call->act.tx, &in, call->act.now_ms, ret_number, err);
	if (status == AW_CONFLICT) {
		aw_error_clear(err);
		aw_call_problem(call, "", "policy.not_proposed", NULL);
		return AW_OK;
	}
	if (status != AW_OK)
		return status;
	call->act.object = aw_arena_strndup(call->act.arena, policy->hash, 12);
	call->act.detail = aw_arena_printf(call->act.arena, "{\"proposal\":%lld,\"from_day\":%d}",
		(long long)*ret_number, (int)in.from_day);
	return AW_OK;
}

/* The folder's policy, or the former release that the form names. NULL: a problem is noted. */
static enum aw_status
policy_asked(struct aw_call *call, struct aw_policy **ret_policy, struct aw_error *err)
{
	struct aw_mistakes mistakes = { .arena = call->act.arena };
	const char *release = aw_call_value(call, "release");
	const char *folder = aw_releases_folder(call->act.releases);
	enum aw_status status;

	*ret_policy = NULL;
	if (release != NULL) {
		status = aw_release_read(call->act.tx, release, ret_policy, err);
	} else if (folder == NULL) {
		status = aw_fail(err, AW_NOT_FOUND, "the server has no folder");
	} else {
		status = aw_policy_load_dir(folder, &mistakes, ret_policy, err);
		note_mistakes(call, &mistakes);
	}
	if (status == AW_OK)
		return AW_OK;
	if (status != AW_NOT_FOUND && status != AW_INVALID)
		return status;
	aw_error_clear(err);
	if (call->problems == NULL)
		aw_call_problem(call, "", "policy.no_such", NULL);
	return AW_OK;
}

/* POST /policy/propose */
enum aw_status
aw_policy_propose(struct aw_call *call, struct aw_error *err)
{
	struct aw_policy *policy;
	int64_t number = 0;
	enum aw_status status;

	if (policy_asked(call, &policy, err) != AW_OK)
		return err->status;
	if (policy == NULL)
		return AW_OK;
	status = aw_propose(call, policy, NULL, 0, &number, err);
	aw_policy_free(policy);
	if (status == AW_OK && number != 0)
		aw_call_redirect(call, "notice.policy_proposed", "/policy/proposals/%lld",
			(long long)number);
	return status;
}

/* -- the second ---------------------------------------------------------------------------------- */

/* What came of an answer: a conflict is told on the page, which says what it is. */
static enum aw_status
answered(struct aw_call *call, enum aw_status status, const char *notice, struct aw_error *err)
{
	int64_t number = aw_call_path_number(call, "number");
	struct aw_proposal p;

	if (status == AW_CONFLICT) {
		aw_error_clear(err);
		aw_call_problem(call, "", "policy.not_answered", NULL);
		return AW_OK;
	}
	if (status != AW_OK || aw_proposal_get(call->act.tx, call->act.arena, number,
				       call->act.now_ms, &p, err) != AW_OK)
		return err->status;
	call->act.object = aw_arena_strndup(call->act.arena, p.hash, 12);
	call->act.detail =
		aw_arena_printf(call->act.arena, "{\"proposal\":%lld}", (long long)number);
	aw_call_redirect(call, notice, "/policy/proposals/%lld", (long long)number);
	return AW_OK;
}

/* POST /policy/proposals/{number}/confirm */
enum aw_status
aw_proposal_confirm_post(struct aw_call *call, struct aw_error *err)
{
	struct aw_proposal_by by = aw_proposal_viewer(call);

	return answered(call,
		aw_proposal_confirm(call->act.tx, call->act.releases,
			aw_call_path_number(call, "number"), &by, call->act.viewer->roles,
			call->act.now_ms, err),
		"notice.policy_confirmed", err);
}

/* POST /policy/proposals/{number}/refuse */
enum aw_status
aw_proposal_refuse_post(struct aw_call *call, struct aw_error *err)
{
	struct aw_proposal_by by = aw_proposal_viewer(call);

	check_words(call);
	if (call->problems != NULL)
		return AW_OK;
	return answered(call,
		aw_proposal_refuse(call->act.tx, aw_call_path_number(call, "number"), &by,
			aw_call_value(call, "words"), call->act.now_ms, err),
		"notice.policy_refused", err);
}

/* POST /policy/proposals/{number}/withdraw */
enum aw_status
aw_proposal_withdraw_post(struct aw_call *call, struct aw_error *err)
{
	struct aw_proposal_by by = aw_proposal_viewer(call);

	return answered(call,
		aw_proposal_withdraw(call->act.tx, aw_call_path_number(call, "number"), &by,
			call->act.now_ms, err),
		"notice.policy_withdrawn", err);
}
