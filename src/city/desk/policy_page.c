/* city/desk/policy_page - 政策: the policy in force, as tables, with its sources. */
#include <string.h>

#include "city/desk/desk.h"
#include "city/desk/draft_pages.h"
#include "city/desk/policy_tables.h"
#include "city/desk/proposal_pages.h"
#include "guard/access.h"
#include "policy/policy.h"
#include "policy/release.h"

static const AW_VIEW_TYPE(
	word_view, "PolicyWord", NULL, AW_FIELD_CODE("word", OPEN, "policy.word"));

/* Its text, or a word of the house (policy.word.<code>), perhaps with an amount before it. */
static const AW_VIEW_TYPE(cell_view, "PolicyCell", NULL, AW_FIELD("text", TEXT, OPEN),
	AW_FIELD("amount", NUMBER, OPEN), AW_FIELD_CODE("word", OPEN, "policy.word"),
	AW_FIELD_OF("words", LIST, OPEN, &word_view));

static const AW_VIEW_TYPE(row_view, "PolicyRow", NULL, AW_FIELD_OF("cells", LIST, OPEN, &cell_view),
	AW_FIELD("source", TEXT, OPEN), AW_FIELD("unverified", FLAG, OPEN),
	AW_FIELD("from", DAY, OPEN), AW_FIELD("to", DAY, OPEN));

static const AW_VIEW_TYPE(table_view, "PolicyTable", NULL, AW_FIELD("title", TEXT, OPEN),
	AW_FIELD_CODE("title_code", OPEN, "policy.table"), AW_FIELD("note", TEXT, OPEN),
	AW_FIELD("hit_policy", TEXT, OPEN), AW_FIELD_OF("heads", LIST, OPEN, &cell_view),
	AW_FIELD_OF("rows", LIST, OPEN, &row_view), AW_FIELD("decision", FLAG, OPEN));

static const AW_VIEW_TYPE(release_view, "Release", NULL, AW_FIELD("label", TEXT, OPEN),
	AW_FIELD("hash", TEXT, OPEN), AW_FIELD("released_at", INSTANT, OPEN),
	AW_FIELD("effective", DAY, OPEN), AW_FIELD("in_force", FLAG, OPEN),
	AW_FIELD("to_come", FLAG, OPEN), AW_FIELD("whole_hash", TEXT, OPEN));

static const AW_VIEW_TYPE(part_view, "PolicyPart", NULL, AW_FIELD_CODE("code", OPEN, "policy.part"),
	AW_FIELD("chosen", FLAG, OPEN));

const AW_VIEW_TYPE(aw_policy_view, "Policy", "desk/policy", AW_FIELD("label", TEXT, OPEN),
	AW_FIELD("hash", TEXT, OPEN), AW_FIELD("effective", DAY, OPEN),
	AW_FIELD_CODE("part", OPEN, "policy.part"), AW_FIELD_OF("parts", LIST, OPEN, &part_view),
	AW_FIELD_OF("tables", LIST, OPEN, &table_view), AW_FIELD("unverified_count", NUMBER, OPEN),
	AW_FIELD_OF("releases", LIST, OPEN, &release_view), AW_FIELD("may_release", FLAG, OPEN),
	AW_FIELD("has_folder", FLAG, OPEN), AW_FIELD("today", DAY, OPEN),
	AW_FIELD_OF("proposals", LIST, OPEN, &aw_proposal_item_view),
	AW_FIELD_OF("drafts", LIST, OPEN, &aw_draft_item_view));

static const char *const parts[] = { "decisions", "kinds", "deadlines", "units", "reasons", "roles",
	"scales", "instruments" };

/* -- building tables ------------------------------------------------------------------------ */

struct aw_view *
aw_policy_table(struct aw_call *call, const char *title_code, const char *title, const char *note)
{
	struct aw_view *table = aw_view_item(call->view, "tables");

	aw_view_text(table, "title_code", title_code);
	aw_view_text(table, "title", title);
	aw_view_text(table, "note", note);
	return table;
}

void
aw_policy_head(struct aw_view *table, const char *text)
{
	aw_view_text(aw_view_item(table, "heads"), "text", text);
}

void
aw_policy_head_code(struct aw_view *table, const char *code)
{
	aw_view_text(aw_view_item(table, "heads"), "word", code);
}

void
aw_policy_cell_word(struct aw_view *row, const char *word)
{
	aw_view_text(aw_view_item(row, "cells"), "word", word);
}

static void
cell_words(struct aw_view *row, const char *const *words, size_t count)
{
	struct aw_view *cell = aw_view_item(row, "cells");

	for (size_t i = 0; i < count; i++)
		aw_view_text(aw_view_item(cell, "words"), "word", words[i]);
}

void
aw_policy_cell(struct aw_view *row, const char *text)
{
	aw_view_text(aw_view_item(row, "cells"), "text", text);
}

struct aw_view *
aw_policy_row(struct aw_view *table, const struct aw_valid *valid)
{
	struct aw_view *row = aw_view_item(table, "rows");

	if (valid == NULL)
		return row;
	aw_view_text(row, "source", valid->source);
	aw_view_flag(row, "unverified", valid->unverified);
	aw_view_int(row, "from", valid->from_day);
	if (valid->to_day != AW_DAY_EVER)
		aw_view_int(row, "to", valid->to_day);
	return row;
}

static const char *
in_language(const struct aw_call *call, const struct aw_label *label)
{
	return aw_label_text(*label, call->language);
}

static const char *
label(const struct aw_call *call, const char *list, const char *code)
{
	const char *text = aw_call_label(call, list, code);

	return text == NULL ? code : text;
}

static const char *
joined(struct aw_call *call, const char *list, const char *const *codes, size_t count)
{
	struct aw_buf buf = { .arena = call->act.arena };

	for (size_t i = 0; i < count; i++) {
		if (i != 0)
			aw_buf_text(&buf, "、");
		aw_buf_text(&buf, list == NULL ? codes[i] : label(call, list, codes[i]));
	}
	return buf.len == 0 ? NULL : aw_buf_z(&buf);
}

/* -- the parts ------------------------------------------------------------------------------ */

static void
show_kinds(struct aw_call *call)
{
	const struct aw_policy *policy = call->act.policy;

	for (size_t i = 0; i < policy->kind_count; i++) {
		const struct aw_kind *kind = &policy->kinds[i];
		struct aw_view *table =
			aw_policy_table(call, "kind", in_language(call, &kind->label), kind->code);
		aw_policy_head_code(table, "need");
		aw_policy_head_code(table, "why");
		for (size_t k = 0; k < kind->need_count; k++) {
			const struct aw_need *need = &kind->needs[k];
			struct aw_view *row = aw_policy_row(table, k == 0 ? &kind->valid : NULL);
			aw_policy_cell(row, in_language(call, &need->label));
			aw_policy_cell(row, label(call, "why",
						    need->why == AW_WHY_DISPATCH  ? "dispatch"
						    : need->why == AW_WHY_URGENCY ? "urgency"
										  : "call"));
		}
	}
}

static void
cell_span(struct aw_view *row, const struct aw_deadline *deadline)
{
	static const char *const units[] = { [AW_TIME_HOURS] = "hours",
		[AW_TIME_WORKING_DAYS] = "working_days",
		[AW_TIME_CALENDAR_DAYS] = "days" };
	struct aw_view *cell = aw_view_item(row, "cells");

	aw_view_int(cell, "amount", deadline->amount);
	aw_view_text(cell, "word", units[deadline->unit]);
}

static void
show_deadlines(struct aw_call *call)
{
	struct aw_view *table = aw_policy_table(call, "deadlines", NULL, NULL);

	aw_policy_head_code(table, "deadline");
	aw_policy_head_code(table, "span");
	aw_policy_head_code(table, "kinds");
	aw_policy_head_code(table, "levels");
	for (size_t i = 0; i < call->act.policy->deadline_count; i++) {
		const struct aw_deadline *deadline = &call->act.policy->deadlines[i];
		struct aw_view *row = aw_policy_row(table, &deadline->valid);
		aw_policy_cell(row, in_language(call, &deadline->label));
		cell_span(row, deadline);
		aw_policy_cell(
			row, joined(call, "kind_short", deadline->kinds, deadline->kind_count));
		aw_policy_cell(row, joined(call, NULL, deadline->levels, deadline->level_count));
	}
}

static void
show_units(struct aw_call *call)
{
	struct aw_view *table = aw_policy_table(call, "units", NULL, NULL);

	aw_policy_head_code(table, "unit");
	aw_policy_head_code(table, "unit_type");
	aw_policy_head_code(table, "agency");
	aw_policy_head_code(table, "districts");
	for (size_t i = 0; i < call->act.policy->unit_count; i++) {
		const struct aw_unit *unit = &call->act.policy->units[i];
		struct aw_view *row = aw_policy_row(table, &unit->valid);
		aw_policy_cell(row, in_language(call, &unit->label));
		aw_policy_cell(row, label(call, "unit_type", unit->type));
		aw_policy_cell(row, label(call, "agency", unit->agency));
		aw_policy_cell(
			row, joined(call, "district", unit->districts, unit->district_count));
	}
}

static void
cell_limits(struct aw_view *row, const struct aw_reason_code *reason)
{
	const char *words[7];
	size_t count = 0;

	if (reason->not_protective)
		words[count++] = "not_protective";
	if (reason->lead_only)
		words[count++] = "lead_only";
	if (reason->needs_note)
		words[count++] = "needs_note";
	if (reason->needs_unit)
		words[count++] = "needs_unit";
	if (reason->needs_report)
		words[count++] = "needs_report";
	if (reason->needs_approval)
		words[count++] = "needs_approval";
	cell_words(row, words, count);
}

static void
show_reasons(struct aw_call *call)
{
	for (int list = 0; list < AW_REASONS_COUNT; list++) {
		struct aw_view *table = aw_policy_table(
			call, aw_reason_list_code((enum aw_reason_list)list), NULL, NULL);
		aw_policy_head_code(table, "reason");
		aw_policy_head_code(table, "kinds");
		aw_policy_head_code(table, "limits");
		for (size_t i = 0; i < call->act.policy->reason_count[list]; i++) {
			const struct aw_reason_code *reason = &call->act.policy->reasons[list][i];
			struct aw_view *row = aw_policy_row(table, &reason->valid);
			aw_policy_cell(row, in_language(call, &reason->label));
			aw_policy_cell(
				row, joined(call, "kind_short", reason->kinds, reason->kind_count));
			cell_limits(row, reason);
		}
	}
}

static void
show_roles(struct aw_call *call)
{
	const struct aw_policy *policy = call->act.policy;

	for (size_t i = 0; i < policy->role_count; i++) {
		const struct aw_role *role = &policy->roles[i];
		struct aw_view *table =
			aw_policy_table(call, "role", in_language(call, &role->label),
				joined(call, "permission", role->may, role->may_count));
		aw_policy_head_code(table, "relation");
		aw_policy_head_code(table, "classes");
		for (int relation = 0; relation < AW_RELATION_COUNT; relation++) {
			const char *codes[AW_POLICY_CLASS_COUNT];
			struct aw_view *row =
				aw_policy_row(table, relation == 0 ? &role->valid : NULL);
			size_t count = 0;
			for (size_t bit = 0; bit < AW_POLICY_CLASS_COUNT; bit++) {
				if (role->classes[relation] >> bit & 1U)
					codes[count++] = aw_policy_class_code(bit);
			}
			aw_policy_cell_word(row, aw_relation_code((enum aw_relation)relation));
			cell_words(row, codes, count);
		}
	}
}

static void
show_scales(struct aw_call *call)
{
	const struct aw_policy *policy = call->act.policy;

	for (size_t i = 0; i < policy->scale_count; i++) {
		const struct aw_scale *scale = &policy->scales[i];
		struct aw_view *table =
			aw_policy_table(call, "scale", in_language(call, &scale->label), NULL);
		aw_policy_head_code(table, "level");
		aw_policy_head_code(table, "weight");
		for (size_t k = 0; k < scale->level_count; k++) {
			struct aw_view *row = aw_policy_row(table, &scale->valid);
			aw_policy_cell(row, in_language(call, &scale->levels[k].label));
			aw_policy_cell_word(row, scale->levels[k].weight);
		}
	}
}

static int64_t
count_unverified(const struct aw_policy *policy)
{
	int64_t count = 0;

	for (size_t i = 0; i < policy->deadline_count; i++)
		count += policy->deadlines[i].valid.unverified ? 1 : 0;
	for (size_t i = 0; i < policy->unit_count; i++)
		count += policy->units[i].valid.unverified ? 1 : 0;
	for (size_t i = 0; i < policy->kind_count; i++)
		count += policy->kinds[i].valid.unverified ? 1 : 0;
	for (size_t i = 0; i < policy->factor_count; i++)
		count += policy->factors[i].valid.unverified ? 1 : 0;
	for (size_t i = 0; i < policy->instrument_count; i++)
		count += policy->instruments[i].valid.unverified ? 1 : 0;
	for (int list = 0; list < AW_REASONS_COUNT; list++) {
		for (size_t i = 0; i < policy->reason_count[list]; i++)
			count += policy->reasons[list][i].valid.unverified ? 1 : 0;
	}
	return count;
}

static enum aw_status
fill_releases(struct aw_call *call, struct aw_error *err)
{
	int32_t today = aw_taipei_day(call->act.now_ms);
	struct aw_release *list;
	bool found = false;
	size_t count;

	if (aw_release_list(call->act.tx, call->act.arena, &list, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		struct aw_view *item = aw_view_item(call->view, "releases");
		bool to_come = list[i].effective_day > today;
		bool in_force =
			!found && strcmp(list[i].hash, call->act.policy->hash) == 0 && !to_come;
		aw_view_text(item, "label", list[i].label);
		aw_view_text(item, "hash", aw_arena_strndup(call->act.arena, list[i].hash, 12));
		aw_view_text(item, "whole_hash", list[i].hash);
		aw_view_int(item, "released_at", list[i].released_at);
		aw_view_int(item, "effective", list[i].effective_day);
		aw_view_flag(item, "in_force", in_force);
		aw_view_flag(item, "to_come", to_come);
		if (in_force)
			aw_view_int(call->view, "effective", list[i].effective_day);
		found = found || in_force;
	}
	return AW_OK;
}

static void
show_part(struct aw_call *call, const char *code, bool chosen)
{
	struct aw_view *item = aw_view_item(call->view, "parts");

	aw_view_text(item, "code", code);
	aw_view_flag(item, "chosen", chosen);
}

/* GET /policy */
enum aw_status
aw_policy_show(struct aw_call *call, struct aw_error *err)
{
	const struct aw_policy *policy = call->act.policy;
	const char *part = aw_call_value(call, "part");
	bool may_release = aw_access_may_do(policy, call->act.viewer, "policy.release");

	if (part == NULL)
		part = parts[0];
	for (size_t i = 0; i < AW_COUNT(parts); i++)
		show_part(call, parts[i], strcmp(parts[i], part) == 0);
	aw_view_text(call->view, "label", policy->label);
	aw_view_text(call->view, "hash", policy->hash);
	aw_view_int(call->view, "effective", policy->effective_day);
	aw_view_text(call->view, "part", part);
	aw_view_int(call->view, "unverified_count", count_unverified(policy));
	if (strcmp(part, "kinds") == 0)
		show_kinds(call);
	else if (strcmp(part, "deadlines") == 0)
		show_deadlines(call);
	else if (strcmp(part, "units") == 0)
		show_units(call);
	else if (strcmp(part, "reasons") == 0)
		show_reasons(call);
	else if (strcmp(part, "roles") == 0)
		show_roles(call);
	else if (strcmp(part, "scales") == 0)
		show_scales(call);
	else if (strcmp(part, "instruments") == 0)
		aw_policy_instruments(call);
	else if (aw_policy_decisions(call, err) != AW_OK)
		return err->status;
	aw_view_flag(call->view, "may_release", may_release);
	if (may_release && aw_drafts_fill(call, err) != AW_OK)
		return err->status;
	aw_view_flag(call->view, "has_folder", aw_releases_folder(call->act.releases) != NULL);
	aw_view_int(call->view, "today", aw_taipei_day(call->act.now_ms));
	if (aw_proposals_fill(call, err) != AW_OK)
		return err->status;
	return fill_releases(call, err);
}
