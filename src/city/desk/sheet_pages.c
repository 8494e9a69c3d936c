/* city/desk/sheet_pages - decision tables of a draft through a spreadsheet. */
#include "city/desk/sheet_pages.h"

#include <string.h>

#include "base/base64.h"
#include "city/desk/draft_pages.h"
#include "city/desk/policy_check.h"
#include "city/desk/policy_diff.h"
#include "policy/place.h"
#include "policy/policy.h"
#include "policy/sheet.h"

#define ODS ".ods"
#define CSV ".csv"

static const AW_VIEW_TYPE(sheet_table_view, "PolicySheetTable", NULL, AW_FIELD("id", TEXT, OPEN),
	AW_FIELD("label", TEXT, OPEN), AW_FIELD("rules", NUMBER, OPEN), AW_FIELD("ods", LINK, OPEN),
	AW_FIELD("csv", LINK, OPEN));

static const AW_VIEW_TYPE(sheet_wrong_view, "PolicySheetMistake", NULL,
	AW_FIELD("row", NUMBER, OPEN), AW_FIELD("column", TEXT, OPEN),
	AW_FIELD_CODE("code", OPEN, "sheet.wrong"), AW_FIELD("detail", TEXT, OPEN));

const AW_VIEW_TYPE(aw_sheets_view, "PolicySheets", "desk/policy_sheets", AW_DRAFT_FIELDS,
	AW_FIELD_OF("tables", LIST, OPEN, &sheet_table_view), AW_FIELD("read", FLAG, OPEN),
	AW_FIELD("table", TEXT, OPEN), AW_FIELD("none", FLAG, OPEN), AW_FIELD("stale", FLAG, OPEN),
	AW_FIELD("sheet", TEXT, OPEN), AW_FIELD_OF("faults", LIST, OPEN, &sheet_wrong_view),
	AW_FIELD_OF("mistakes", LIST, OPEN, &aw_draft_mistake_view),
	AW_FIELD_OF("diff", OBJECT, OPEN, &aw_policy_diff_view));

/* A draft with its model as far as it can be read: a draft may have mistakes. */
struct drafted {
	struct aw_draft draft;
	struct aw_str text;
	const struct aw_dmn_model *model; /* NULL: it is not to be read at all */
};

static enum aw_status
open_drafted(struct aw_call *call, struct drafted *d, struct aw_error *err)
{
	struct aw_arena *arena = call->act.arena;
	struct aw_dmn_options options = { .lint = true };
	struct aw_error own = { 0 };

	*d = (struct drafted){ 0 };
	if (aw_draft_get(call->act.tx, arena, aw_call_path_number(call, "number"), &d->draft,
		    err) != AW_OK ||
		aw_draft_model(call->act.tx, arena, d->draft.number, d->draft.version, &d->text,
			err) != AW_OK)
		return err->status;
	options.file = d->draft.path;
	if (aw_dmn_load(arena, d->text, &options, &d->model, &own) != AW_OK)
		d->model = NULL;
	return AW_OK;
}

/* -- out ----------------------------------------------------------------------------------------- */

static enum aw_status
fill_page(struct aw_call *call, const struct drafted *d, struct aw_error *err)
{
	if (aw_draft_fill(call, call->view, &d->draft, err) != AW_OK)
		return err->status;
	for (size_t i = 0; d->model != NULL && i < d->model->item_count; i++) {
		const struct aw_dmn_item *item = d->model->items[i];
		struct aw_view *view;

		if (item->kind != AW_DMN_DECISION || item->id == NULL ||
			aw_model_table(item) == NULL)
			continue;
		view = aw_view_item(call->view, "tables");
		aw_view_text(view, "id", item->id);
		aw_view_text(view, "label", item->label);
		aw_view_int(view, "rules", (int64_t)aw_model_table(item)->rule_count);
		aw_view_text(view, "ods",
			aw_arena_printf(call->act.arena, "/policy/drafts/%lld/sheets/%s" ODS,
				(long long)d->draft.number, item->id));
		aw_view_text(view, "csv",
			aw_arena_printf(call->act.arena, "/policy/drafts/%lld/sheets/%s" CSV,
				(long long)d->draft.number, item->id));
	}
	return AW_OK;
}

/* GET /policy/drafts/{number}/sheets */
enum aw_status
aw_sheets_show(struct aw_call *call, struct aw_error *err)
{
	struct drafted d;

	return open_drafted(call, &d, err) == AW_OK ? fill_page(call, &d, err) : err->status;
}

/* GET /policy/drafts/{number}/sheets/{file} */
enum aw_status
aw_sheet_file(struct aw_call *call, struct aw_error *err)
{
	struct aw_str name = aw_str(aw_call_path(call, "file"));
	bool ods = aw_str_ends(name, ODS);
	struct aw_grid grid = { .arena = call->act.arena };
	struct aw_buf csv = { .arena = call->act.arena };
	struct drafted d;
	struct aw_bytes bytes;
	const char *table;

	if (name.len <= strlen(ODS) || (!ods && !aw_str_ends(name, CSV)))
		return aw_fail(
			err, AW_NOT_FOUND, "a sheet is called after its table, .ods or .csv");
	table = aw_arena_strndup(call->act.arena, name.at, name.len - strlen(ODS));
	if (open_drafted(call, &d, err) != AW_OK)
		return err->status;
	if (d.model == NULL)
		return aw_fail(err, AW_NOT_FOUND, "the draft's model cannot be read");
	if (aw_sheet_put(d.model, d.text, table, NULL, &grid, err) != AW_OK)
		return err->status;
	if (ods) {
		if (aw_grid_ods(&grid, table, AW_SHEET_HEADS, &bytes, err) != AW_OK)
			return err->status;
		aw_call_answer_file(call, name.at, "application/vnd.oasis.opendocument.spreadsheet",
			(struct aw_str){ (const char *)bytes.at, bytes.len });
		return AW_OK;
	}
	aw_grid_csv(&grid, &csv);
	aw_call_answer_file(call, name.at, "text/csv; charset=utf-8",
		(struct aw_str){ aw_buf_z(&csv), csv.len });
	return AW_OK;
}

/* -- in ------------------------------------------------------------------------------------------ */

/* The sheet that was sent: a file, else text. False: a problem is noted. */
static bool
read_sent(struct aw_call *call, struct aw_grid *grid)
{
	const char *file = aw_call_value(call, "file"), *text = aw_call_value(call, "sheet");
	struct aw_str bytes = aw_str(text);
	struct aw_error own = { 0 };

	if (file != NULL && !aw_base64url_read(call->act.arena, aw_str(file), &bytes)) {
		aw_call_problem(call, "", "sheet.unreadable", "base64url");
		return false;
	}
	if (bytes.len == 0) {
		aw_call_problem(call, "sheet", "sheet.empty", NULL);
		return false;
	}
	if (aw_grid_read(bytes, "sheet", grid, &own) == AW_OK)
		return true;
	aw_call_problem(call, "", "sheet.unreadable", own.text);
	return false;
}

static void
tell_wrong(struct aw_call *call, const struct aw_sheet_mistakes *mistakes)
{
	for (size_t i = 0; call->view != NULL && i < mistakes->count; i++) {
		const struct aw_sheet_mistake *m = &mistakes->at[i];
		struct aw_view *item = aw_view_item(call->view, "faults");

		aw_view_text(item, "code", m->code);
		aw_view_text(item, "detail", m->detail);
		if (m->row > 0)
			aw_view_int(item, "row", (int64_t)m->row);
		if (m->column > 0)
			aw_view_text(
				item, "column", aw_grid_column(call->act.arena, m->column - 1));
	}
	aw_call_problem(call, "", "sheet.is_wrong", NULL);
}

/* The draft's model with the sheet that was sent. False: a problem is noted, or err is set. */
static bool
take_sent(struct aw_call *call, const struct drafted *d, struct aw_grid *grid,
	struct aw_sheet_applied *ret_applied, struct aw_error *err)
{
	struct aw_sheet_mistakes mistakes = { 0 };
	struct aw_error own = { 0 };

	if (d->model == NULL)
		aw_call_problem(call, "", "policy.draft_no_model", NULL);
	if (d->draft.closed_at.known)
		aw_call_problem(call, "", "policy.draft_conflict", NULL);
	if (call->problems != NULL || !read_sent(call, grid))
		return false;
	if (aw_sheet_apply(d->model, d->text, grid, &mistakes, ret_applied, &own) == AW_OK)
		return true;
	if (own.status == AW_INVALID && mistakes.count > 0)
		tell_wrong(call, &mistakes);
	else
		*err = own;
	return false;
}

/* What the sheet makes otherwise, table by table; what keeps it from being kept is a problem. */
static enum aw_status
show_applied(struct aw_call *call, const struct drafted *d, const struct aw_sheet_applied *applied,
	struct aw_error *err)
{
	int32_t today = aw_taipei_day(call->act.now_ms);
	struct aw_mistakes mistakes = { .arena = call->act.arena };
	struct aw_policy *policy = NULL;
	struct aw_policy_checked checked;
	struct aw_draft_open open;
	enum aw_status status;

	if (aw_draft_open(call, &open, err) != AW_OK)
		return err->status;
	status = aw_draft_policy(&d->draft, open.base, applied->model, &mistakes, &policy, err);
	if (status != AW_OK && status != AW_INVALID)
		return status;
	aw_error_clear(err);
	if (policy != NULL) {
		aw_policy_free_with(policy, call->act.arena);
		/* mistakes here do not keep it from being kept, as they do not in the editor */
		aw_policy_check(policy, today, &mistakes, &checked);
		aw_policy_diff(call, aw_view_object(call->view, "diff"),
			open.policy != NULL ? open.policy : open.base, policy, today);
	} else {
		aw_call_problem(call, "", "policy.draft_bad", NULL);
	}
	aw_draft_mistakes(call, &d->draft, applied->model, &mistakes);
	return AW_OK;
}

/* POST /policy/drafts/{number}/sheets */
enum aw_status
aw_sheet_read_post(struct aw_call *call, struct aw_error *err)
{
	struct aw_grid grid = { .arena = call->act.arena };
	struct aw_buf csv = { .arena = call->act.arena };
	struct aw_sheet_applied applied;
	struct drafted d;

	if (open_drafted(call, &d, err) != AW_OK || fill_page(call, &d, err) != AW_OK)
		return err->status;
	if (!take_sent(call, &d, &grid, &applied, err))
		return err->status;
	aw_view_flag(call->view, "read", true);
	aw_view_text(call->view, "table", applied.item->label);
	aw_view_flag(call->view, "none", applied.change_count == 0);
	aw_view_flag(call->view, "stale", applied.stale);
	if (applied.change_count == 0)
		return AW_OK;
	aw_grid_csv(&grid, &csv);
	aw_view_text(call->view, "sheet", aw_buf_z(&csv));
	return show_applied(call, &d, &applied, err);
}

/* POST /policy/drafts/{number}/sheets/keep */
enum aw_status
aw_sheet_keep_post(struct aw_call *call, struct aw_error *err)
{
	int64_t from = aw_call_int(call, "version", 1, INT64_MAX, 0);
	struct aw_grid grid = { .arena = call->act.arena };
	struct aw_sheet_applied applied;
	struct drafted d;

	if (open_drafted(call, &d, err) != AW_OK)
		return err->status;
	/* first, or a sheet would be compared with what nobody looked at */
	if (d.draft.version != from)
		aw_call_problem(call, "", "policy.draft_conflict", NULL);
	if (call->problems != NULL || !take_sent(call, &d, &grid, &applied, err))
		return err->status;
	return aw_draft_changed(call,
		aw_draft_save(call->act.tx, d.draft.number, from, applied.model,
			call->act.viewer->account, call->act.now_ms, err),
		"notice.draft_saved", err);
}
