/* city/desk/draft_pages - 政策草案: the decision tables edited in the browser. */
#include "city/desk/draft_pages.h"

#include <string.h>

#include "city/desk/policy_check.h"
#include "city/desk/policy_diff.h"
#include "city/desk/proposal_pages.h"
#include "guard/account.h"
#include "policy/policy.h"

enum { DRAFTS_SHOWN = 20 };

const AW_VIEW_TYPE(aw_draft_item_view, "PolicyDraftItem", NULL, AW_DRAFT_FIELDS);

static const AW_VIEW_TYPE(version_view, "PolicyDraftVersion", NULL,
	AW_FIELD("version", NUMBER, OPEN), AW_FIELD("saved_by", TEXT, OPEN),
	AW_FIELD("saved_at", INSTANT, OPEN));

const AW_VIEW_TYPE(aw_draft_view, "PolicyDraft", "desk/policy_draft", AW_DRAFT_FIELDS,
	AW_FIELD("base", TEXT, OPEN), AW_FIELD("base_hash", TEXT, OPEN),
	AW_FIELD("stale", FLAG, OPEN), AW_FIELD("good", FLAG, OPEN),
	AW_FIELD("scenarios", NUMBER, OPEN), AW_FIELD("rules", NUMBER, OPEN),
	AW_FIELD("today", DAY, OPEN), AW_FIELD_OF("mistakes", LIST, OPEN, &aw_draft_mistake_view),
	AW_FIELD("left_out", NUMBER, OPEN), AW_FIELD_OF("diff", OBJECT, OPEN, &aw_policy_diff_view),
	AW_FIELD_OF("versions", LIST, OPEN, &version_view));

const AW_VIEW_TYPE(aw_draft_edit_view, "PolicyDraftEdit", "desk/policy_edit", AW_DRAFT_FIELDS,
	AW_FIELD("model", TEXT, OPEN), AW_FIELD("table", TEXT, OPEN));

/* -- shown --------------------------------------------------------------------------------------- */

static enum aw_status
name_of(struct aw_call *call, int64_t account, const char **ret_name, struct aw_error *err)
{
	struct aw_account found;
	enum aw_status status = aw_account_get(call->act.tx, call->act.arena, account, &found, err);

	*ret_name = NULL;
	if (status == AW_NOT_FOUND) {
		aw_error_clear(err);
		return AW_OK;
	}
	if (status == AW_OK)
		*ret_name = aw_arena_printf(call->act.arena, "%s %s", found.name, found.title);
	return status;
}

enum aw_status
aw_draft_fill(struct aw_call *call, struct aw_view *view, const struct aw_draft *draft,
	struct aw_error *err)
{
	const char *saved_by;

	if (name_of(call, draft->saved_by, &saved_by, err) != AW_OK)
		return err->status;
	aw_view_int(view, "number", draft->number);
	aw_view_text(view, "name", draft->name);
	aw_view_text(view, "link",
		aw_arena_printf(call->act.arena, "/policy/drafts/%lld", (long long)draft->number));
	aw_view_int(view, "version", draft->version);
	aw_view_text(view, "saved_by", saved_by);
	aw_view_int(view, "saved_at", draft->saved_at);
	aw_view_flag(view, "closed", draft->closed_at.known);
	return AW_OK;
}

enum aw_status
aw_drafts_fill(struct aw_call *call, struct aw_error *err)
{
	struct aw_draft *list;
	size_t count;

	if (aw_draft_list(call->act.tx, call->act.arena, DRAFTS_SHOWN, &list, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (aw_draft_fill(call, aw_view_item(call->view, "drafts"), &list[i], err) != AW_OK)
			return err->status;
	return AW_OK;
}

/* The release that a draft is made on. */
static enum aw_status
base_of(struct aw_call *call, const struct aw_draft *draft, const struct aw_policy **ret_base,
	struct aw_error *err)
{
	struct aw_policy *loaded = NULL;

	*ret_base = call->act.policy;
	if (strcmp(draft->base, call->act.policy->hash) == 0)
		return AW_OK;
	if (call->act.releases != NULL)
		return aw_releases_get(
			call->act.releases, call->act.tx, draft->base, ret_base, err);
	if (aw_release_read(call->act.tx, draft->base, &loaded, err) != AW_OK)
		return err->status;
	aw_policy_free_with(loaded, call->act.arena);
	*ret_base = loaded;
	return AW_OK;
}

enum aw_status
aw_draft_open(struct aw_call *call, struct aw_draft_open *ret_open, struct aw_error *err)
{
	struct aw_draft_open open = { .mistakes = { .arena = call->act.arena } };
	struct aw_policy *policy = NULL;
	enum aw_status status;

	if (aw_draft_get(call->act.tx, call->act.arena, aw_call_path_number(call, "number"),
		    &open.draft, err) != AW_OK ||
		base_of(call, &open.draft, &open.base, err) != AW_OK ||
		aw_draft_model(call->act.tx, call->act.arena, open.draft.number, open.draft.version,
			&open.model, err) != AW_OK)
		return err->status;
	status = aw_draft_policy(&open.draft, open.base, open.model, &open.mistakes, &policy, err);
	if (status != AW_OK && status != AW_INVALID)
		return status;
	aw_error_clear(err);
	if (policy != NULL)
		aw_policy_free_with(policy, call->act.arena);
	open.policy = policy;
	*ret_open = open;
	return AW_OK;
}

static enum aw_status
fill_versions(struct aw_call *call, const struct aw_draft *draft, struct aw_error *err)
{
	struct aw_draft_version *list;
	size_t count;

	if (aw_draft_versions(call->act.tx, call->act.arena, draft->number, &list, &count, err) !=
		AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		struct aw_view *item = aw_view_item(call->view, "versions");
		const char *saved_by;

		if (name_of(call, list[i].saved_by, &saved_by, err) != AW_OK)
			return err->status;
		aw_view_int(item, "version", list[i].version);
		aw_view_text(item, "saved_by", saved_by);
		aw_view_int(item, "saved_at", list[i].saved_at);
	}
	return AW_OK;
}

/* What the check found, and what is different from the policy in force. */
static void
fill_checked(struct aw_call *call, struct aw_draft_open *open)
{
	int32_t today = aw_taipei_day(call->act.now_ms);
	struct aw_policy_checked checked;

	if (open->policy != NULL) {
		aw_policy_check(open->policy, today, &open->mistakes, &checked);
		aw_view_int(call->view, "scenarios", (int64_t)checked.scenarios.count);
		aw_view_int(call->view, "rules", (int64_t)checked.scenarios.rules);
		aw_policy_diff(call, aw_view_object(call->view, "diff"), call->act.policy,
			open->policy, today);
	}
	aw_view_flag(call->view, "good", open->mistakes.count == 0);
	aw_view_int(call->view, "left_out", (int64_t)open->mistakes.left_out);
	aw_draft_mistakes(call, &open->draft, open->model, &open->mistakes);
}

/* GET /policy/drafts/{number} */
enum aw_status
aw_draft_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_draft_open open;

	if (aw_draft_open(call, &open, err) != AW_OK ||
		aw_draft_fill(call, call->view, &open.draft, err) != AW_OK)
		return err->status;
	aw_view_text(call->view, "base", open.base->label);
	aw_view_text(
		call->view, "base_hash", aw_arena_strndup(call->act.arena, open.draft.base, 12));
	aw_view_flag(call->view, "stale", strcmp(open.draft.base, call->act.policy->hash) != 0);
	aw_view_int(call->view, "today", aw_taipei_day(call->act.now_ms));
	fill_checked(call, &open);
	return fill_versions(call, &open.draft, err);
}

/* GET /policy/drafts/{number}/edit */
enum aw_status
aw_draft_edit_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_draft draft;
	struct aw_str model;

	if (aw_draft_get(call->act.tx, call->act.arena, aw_call_path_number(call, "number"), &draft,
		    err) != AW_OK ||
		aw_draft_model(call->act.tx, call->act.arena, draft.number, draft.version, &model,
			err) != AW_OK)
		return err->status;
	aw_view_text(call->view, "model", aw_arena_strndup(call->act.arena, model.at, model.len));
	aw_view_text(call->view, "table", aw_call_value(call, "table"));
	return aw_draft_fill(call, call->view, &draft, err);
}

/* -- changed ------------------------------------------------------------------------------------- */

static void
to_draft(struct aw_call *call, const char *notice, int64_t number)
{
	call->act.detail = aw_arena_printf(call->act.arena, "{\"draft\":%lld}", (long long)number);
	aw_call_redirect(call, notice, "/policy/drafts/%lld", (long long)number);
}

enum aw_status
aw_draft_changed(
	struct aw_call *call, enum aw_status status, const char *notice, struct aw_error *err)
{
	const char *message = status == AW_CONFLICT    ? "policy.draft_conflict"
			      : status == AW_TOO_LARGE ? "policy.draft_large"
			      : status == AW_INVALID   ? "policy.draft_no_model"
						       : NULL;

	if (message != NULL) {
		aw_error_clear(err);
		aw_call_problem(call, "", message, NULL);
		return AW_OK;
	}
	if (status == AW_OK)
		to_draft(call, notice, aw_call_path_number(call, "number"));
	return status;
}

/* POST /policy/drafts */
enum aw_status
aw_draft_new_post(struct aw_call *call, struct aw_error *err)
{
	struct aw_draft_in in = { .name = aw_call_value(call, "name"),
		.day = aw_taipei_day(call->act.now_ms),
		.account = call->act.viewer->account,
		.now_ms = call->act.now_ms };
	int64_t number = 0;
	enum aw_status status = aw_draft_new(call->act.tx, &in, call->act.policy, &number, err);

	if (status == AW_INVALID) {
		aw_error_clear(err);
		aw_call_problem(call, "name", "policy.draft_name_wrong", NULL);
		return AW_OK;
	}
	if (status == AW_OK)
		to_draft(call, "notice.draft_made", number);
	return status;
}

/* POST /policy/drafts/{number}/save */
enum aw_status
aw_draft_save_post(struct aw_call *call, struct aw_error *err)
{
	const char *model = aw_call_value(call, "model");
	int64_t from = aw_call_int(call, "version", 1, INT64_MAX, 0);

	if (call->problems != NULL)
		return AW_OK;
	return aw_draft_changed(call,
		aw_draft_save(call->act.tx, aw_call_path_number(call, "number"), from,
			aw_str(model == NULL ? "" : model), call->act.viewer->account,
			call->act.now_ms, err),
		"notice.draft_saved", err);
}

/* POST /policy/drafts/{number}/rebase */
enum aw_status
aw_draft_rebase_post(struct aw_call *call, struct aw_error *err)
{
	return aw_draft_changed(call,
		aw_draft_rebase(call->act.tx, aw_call_path_number(call, "number"), call->act.policy,
			aw_taipei_day(call->act.now_ms), err),
		"notice.draft_rebased", err);
}

/* POST /policy/drafts/{number}/close */
enum aw_status
aw_draft_close_post(struct aw_call *call, struct aw_error *err)
{
	int64_t number = aw_call_path_number(call, "number");
	struct aw_draft draft;

	if (aw_draft_get(call->act.tx, call->act.arena, number, &draft, err) != AW_OK)
		return err->status;
	if (aw_draft_changed(call, aw_draft_close(call->act.tx, number, call->act.now_ms, err),
		    "notice.draft_closed", err) != AW_OK)
		return err->status;
	if (call->problems == NULL)
		aw_call_redirect(call, "notice.draft_closed", "/policy");
	return AW_OK;
}

/* POST /policy/drafts/{number}/propose */
enum aw_status
aw_draft_propose_post(struct aw_call *call, struct aw_error *err)
{
	struct aw_draft_open open;
	int64_t number = 0;

	if (aw_draft_open(call, &open, err) != AW_OK)
		return err->status;
	if (open.policy == NULL || open.draft.closed_at.known) {
		aw_call_problem(call, "",
			open.policy == NULL ? "policy.draft_bad" : "policy.draft_conflict", NULL);
		return AW_OK;
	}
	if (aw_propose(call, open.policy, open.draft.base, open.draft.number, &number, err) !=
		AW_OK)
		return err->status;
	if (number != 0)
		aw_call_redirect(call, "notice.policy_proposed", "/policy/proposals/%lld",
			(long long)number);
	return AW_OK;
}
