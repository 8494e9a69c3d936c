/* city/desk/replay_page - a period's reports decided again: matrices, load, districts, what changes. */
#include "city/desk/replay_page.h"

#include <string.h>

#include "city/desk/draft_pages.h"
#include "city/indicator/pages.h"
#include "city/triage/replay.h"
#include "guard/access.h"
#include "policy/policy.h"

enum { ROWS_A_PAGE = 50 };

static const AW_VIEW_TYPE(
	word_view, "ReplayWord", NULL, AW_FIELD("text", TEXT, OPEN), AW_FIELD("none", FLAG, OPEN));

static const AW_VIEW_TYPE(count_view, "ReplayCount", NULL, AW_FIELD("count", NUMBER, OPEN),
	AW_FIELD("same", FLAG, OPEN));

static const AW_VIEW_TYPE(matrix_row_view, "ReplayMatrixRow", NULL,
	AW_FIELD_OF("from", OBJECT, OPEN, &word_view),
	AW_FIELD_OF("counts", LIST, OPEN, &count_view), AW_FIELD("total", NUMBER, OPEN));

static const AW_VIEW_TYPE(matrix_view, "ReplayMatrix", NULL,
	AW_FIELD_CODE("code", OPEN, "replay.matrix"), AW_FIELD("scale", TEXT, OPEN),
	AW_FIELD_OF("to", LIST, OPEN, &word_view),
	AW_FIELD_OF("rows", LIST, OPEN, &matrix_row_view), AW_FIELD("changed", NUMBER, OPEN));

static const AW_VIEW_TYPE(load_view, "ReplayLoad", NULL, AW_FIELD("unit", TEXT, OPEN),
	AW_FIELD("lead_before", NUMBER, OPEN), AW_FIELD("lead_now", NUMBER, OPEN),
	AW_FIELD("co_before", NUMBER, OPEN), AW_FIELD("co_now", NUMBER, OPEN),
	AW_FIELD("more", NUMBER, OPEN), AW_FIELD("fewer", NUMBER, OPEN));

static const AW_VIEW_TYPE(district_view, "ReplayDistrict", NULL, AW_FIELD("name", TEXT, OPEN),
	AW_FIELD("reports", NUMBER, OPEN), AW_FIELD("changed", NUMBER, OPEN),
	AW_FIELD("urgent_before", NUMBER, OPEN), AW_FIELD("urgent_now", NUMBER, OPEN));

static const AW_VIEW_TYPE(change_view, "ReplayChange", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("link", LINK, OPEN), AW_FIELD("day", DAY, OPEN), AW_FIELD("district", TEXT, OPEN),
	AW_FIELD("kind_before", TEXT, OPEN), AW_FIELD("kind_now", TEXT, OPEN),
	AW_FIELD("kind_changed", FLAG, OPEN), AW_FIELD("level_before", TEXT, OPEN),
	AW_FIELD("level_now", TEXT, OPEN), AW_FIELD("level_changed", FLAG, OPEN),
	AW_FIELD("priority_before", TEXT, OPEN), AW_FIELD("priority_now", TEXT, OPEN),
	AW_FIELD("priority_changed", FLAG, OPEN), AW_FIELD("lead_before", TEXT, OPEN),
	AW_FIELD("lead_now", TEXT, OPEN), AW_FIELD("lead_changed", FLAG, OPEN));

const AW_VIEW_TYPE(aw_replay_view, "PolicyReplay", "desk/policy_replay",
	AW_FIELD("number", NUMBER, OPEN), AW_FIELD("name", TEXT, OPEN),
	AW_FIELD("link", LINK, OPEN), AW_FIELD("bad", FLAG, OPEN), AW_FIELD("period", TEXT, OPEN),
	AW_FIELD("from", DAY, OPEN), AW_FIELD("to", DAY, OPEN), AW_FIELD("decisions", NUMBER, OPEN),
	AW_FIELD("unread", NUMBER, OPEN), AW_FIELD("changed", NUMBER, OPEN),
	AW_FIELD("graver", NUMBER, OPEN), AW_FIELD("lighter", NUMBER, OPEN),
	AW_FIELD("urgent_before", NUMBER, OPEN), AW_FIELD("urgent_now", NUMBER, OPEN),
	AW_FIELD_OF("matrices", LIST, OPEN, &matrix_view),
	AW_FIELD_OF("loads", LIST, OPEN, &load_view),
	AW_FIELD_OF("districts", LIST, OPEN, &district_view), AW_FIELD("may_rows", FLAG, OPEN),
	AW_FIELD_OF("rows", LIST, OPEN, &change_view), AW_FIELD("first", NUMBER, OPEN),
	AW_FIELD("last", NUMBER, OPEN), AW_FIELD("previous", LINK, OPEN),
	AW_FIELD("next", LINK, OPEN));

/* -- words --------------------------------------------------------------------------------------- */

struct words {
	struct aw_call *call;
	const struct aw_policy *before, *now;
};

static const char *
code_text(const struct words *w, const char *list, const char *code)
{
	const char *text = aw_policy_text(w->now, list, code, w->call->language);

	if (text == NULL)
		text = aw_policy_text(w->before, list, code, w->call->language);
	return text == NULL ? code : text;
}

/* "child_level" of "child_level/first"; NULL: no grade. */
static const char *
scale_of(const struct words *w, const char *level)
{
	const char *slash = strchr(level, '/');

	return slash == NULL ? NULL
			     : aw_arena_strndup(w->call->act.arena, level, (size_t)(slash - level));
}

static const struct aw_scale *
find_scale(const struct words *w, const char *scale)
{
	const struct aw_scale *found = aw_policy_scale(w->now, scale);

	return found != NULL ? found : aw_policy_scale(w->before, scale);
}

/* "兒少 第一級" of "child_level/first"; NULL: no grade. */
static const char *
level_text(const struct words *w, const char *level)
{
	struct aw_arena *arena = w->call->act.arena;
	const char *slash = strchr(level, '/'), *scale = scale_of(w, level);
	const struct aw_scale *found;

	if (scale == NULL)
		return NULL;
	found = find_scale(w, scale);
	return found == NULL ? level
			     : aw_arena_printf(arena, "%s %s",
				       aw_label_text(found->label, w->call->language),
				       code_text(w, scale, slash + 1));
}

/* Which words the codes of a matrix have. */
enum matrix { LEVELS, PRIORITIES, LEADS };

static const char *
matrix_text(const struct words *w, enum matrix what, const char *code)
{
	switch (what) {
	case LEVELS:
		return level_text(w, code);
	case PRIORITIES:
		return code_text(w, "priority", code);
	case LEADS:
		break;
	}
	return code_text(w, "unit_type", code);
}

/* -- matrices ------------------------------------------------------------------------------------ */

/* The different codes of one side, in the order in which the pairs have them. */
struct codes {
	const char **at;
	size_t count;
};

static void
add_code(struct codes *codes, const char *code)
{
	for (size_t i = 0; i < codes->count; i++)
		if (strcmp(codes->at[i], code) == 0)
			return;
	codes->at[codes->count++] = code;
}

static int64_t
count_of(const struct aw_replay_pairs *pairs, const char *from, const char *to)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (strcmp(pairs->at[i].from, from) == 0 && strcmp(pairs->at[i].to, to) == 0)
			return pairs->at[i].count;
	return 0;
}

static void
put_word(struct aw_view *view, const char *text)
{
	aw_view_text(view, "text", text);
	aw_view_flag(view, "none", text == NULL);
}

static void
put_matrix_row(const struct words *w, struct aw_view *matrix, enum matrix what,
	const struct aw_replay_pairs *pairs, const struct codes *to, const char *from)
{
	struct aw_view *row = aw_view_item(matrix, "rows");
	int64_t total = 0;

	put_word(aw_view_object(row, "from"), matrix_text(w, what, from));
	for (size_t i = 0; i < to->count; i++) {
		struct aw_view *cell = aw_view_item(row, "counts");
		int64_t count = count_of(pairs, from, to->at[i]);

		aw_view_int(cell, "count", count);
		aw_view_flag(cell, "same", strcmp(from, to->at[i]) == 0);
		total += count;
	}
	aw_view_int(row, "total", total);
}

static void
put_matrix(const struct words *w, enum matrix what, const struct aw_replay_pairs *pairs,
	const char *scale)
{
	static const char *const titles[] = { "levels", "priorities", "leads" };
	struct aw_arena *arena = w->call->act.arena;
	struct aw_view *matrix = aw_view_item(w->call->view, "matrices");
	struct codes from = { AW_NEW_ARRAY(arena, const char *, 2 * pairs->count), 0 },
		     to = { AW_NEW_ARRAY(arena, const char *, 2 * pairs->count), 0 };
	int64_t changed = 0;

	aw_view_text(matrix, "code", titles[what]);
	aw_view_text(matrix, "scale", scale);
	for (size_t i = 0; i < pairs->count; i++) {
		add_code(&from, pairs->at[i].from);
		add_code(&to, pairs->at[i].from); /* the diagonal first, in the same order */
		if (strcmp(pairs->at[i].from, pairs->at[i].to) != 0)
			changed += pairs->at[i].count;
	}
	for (size_t i = 0; i < pairs->count; i++)
		add_code(&to, pairs->at[i].to);
	for (size_t i = 0; i < to.count; i++)
		put_word(aw_view_item(matrix, "to"), matrix_text(w, what, to.at[i]));
	for (size_t i = 0; i < from.count; i++)
		put_matrix_row(w, matrix, what, pairs, &to, from.at[i]);
	aw_view_int(matrix, "changed", changed);
}

/* One matrix for each scale that reports were graded on before: what came of those. */
static void
put_levels(const struct words *w, const struct aw_replay_pairs *all)
{
	struct aw_arena *arena = w->call->act.arena;
	struct codes scales = { AW_NEW_ARRAY(arena, const char *, all->count), 0 };

	for (size_t i = 0; i < all->count; i++) {
		const char *scale = scale_of(w, all->at[i].from);

		add_code(&scales, scale == NULL ? "" : scale);
	}
	for (size_t s = 0; s < scales.count; s++) {
		struct aw_replay_pairs of = { 0 };
		const struct aw_scale *scale = find_scale(w, scales.at[s]);

		for (size_t i = 0; i < all->count; i++) {
			const char *own = scale_of(w, all->at[i].from);

			if (strcmp(own == NULL ? "" : own, scales.at[s]) == 0)
				*AW_PUSH(arena, of.at, of.count, of.room) = all->at[i];
		}
		put_matrix(w, LEVELS, &of,
			scale == NULL ? NULL : aw_label_text(scale->label, w->call->language));
	}
}

/* -- sums ---------------------------------------------------------------------------------------- */

static void
put_sums(const struct words *w, const struct aw_replay *r)
{
	struct aw_view *view = w->call->view;

	aw_view_int(view, "decisions", r->decisions);
	aw_view_int(view, "unread", r->unread);
	aw_view_int(view, "changed", r->changed);
	aw_view_int(view, "graver", r->graver);
	aw_view_int(view, "lighter", r->lighter);
	aw_view_int(view, "urgent_before", r->urgent_before);
	aw_view_int(view, "urgent_now", r->urgent_now);
	for (size_t i = 0; i < r->load_count; i++) {
		const struct aw_replay_load *load = &r->loads[i];
		struct aw_view *item = aw_view_item(view, "loads");
		int64_t more = load->lead_now + load->co_now - load->lead_before - load->co_before;

		aw_view_text(item, "unit", code_text(w, "unit_type", load->type));
		aw_view_int(item, "lead_before", load->lead_before);
		aw_view_int(item, "lead_now", load->lead_now);
		aw_view_int(item, "co_before", load->co_before);
		aw_view_int(item, "co_now", load->co_now);
		aw_view_int(item, more >= 0 ? "more" : "fewer", more >= 0 ? more : -more);
	}
	for (size_t i = 0; i < r->district_count; i++) {
		const struct aw_replay_district *district = &r->districts[i];
		struct aw_view *item = aw_view_item(view, "districts");

		if (district->code[0] != '\0')
			aw_view_text(item, "name", code_text(w, "district", district->code));
		aw_view_int(item, "reports", district->reports);
		aw_view_int(item, "changed", district->changed);
		aw_view_int(item, "urgent_before", district->urgent_before);
		aw_view_int(item, "urgent_now", district->urgent_now);
	}
}

/* -- what changes -------------------------------------------------------------------------------- */

struct side_words {
	const char *before, *now, *changed; /* names of fields */
};

static void
put_pair(struct aw_view *item, const struct side_words *names, const char *before, const char *now)
{
	aw_view_text(item, names->before, before);
	aw_view_text(item, names->now, now);
	aw_view_flag(item, names->changed, !aw_text_eq(before, now));
}

/* A level, with the class of a child case. */
static const char *
whole_level(const struct words *w, const char *level, const char *child_class)
{
	const char *text = level_text(w, level);

	return text == NULL || child_class == NULL
		       ? text
		       : aw_arena_printf(w->call->act.arena, "%s %s", text,
				 code_text(w, "child_class", child_class));
}

static enum aw_status
put_change(const struct words *w, const struct aw_replay_change *c, bool may_open,
	struct aw_error *err)
{
	static const struct side_words kind = { "kind_before", "kind_now", "kind_changed" },
				       level = { "level_before", "level_now", "level_changed" },
				       priority = { "priority_before", "priority_now",
					       "priority_changed" },
				       lead = { "lead_before", "lead_now", "lead_changed" };
	const struct aw_indicator_thing thing = {
		.number = c->report, .kind = c->kind_before, .risk = true
	};
	struct aw_view *item = aw_view_item(w->call->view, "rows");
	bool may = false;

	if (aw_indicator_may_tell(&w->call->act, &thing, &may, err) != AW_OK)
		return err->status;
	aw_view_int(item, "day", c->day);
	if (!may) {
		aw_view_hide(item, "number", "confidential");
		return AW_OK;
	}
	aw_view_text(item, "number", c->report);
	if (may_open)
		aw_view_text(item, "link",
			aw_arena_printf(w->call->act.arena, "/reports/%s", c->report));
	if (c->district != NULL)
		aw_view_text(item, "district", code_text(w, "district", c->district));
	put_pair(item, &kind, code_text(w, "kind_short", c->kind_before),
		code_text(w, "kind_short", c->kind_now));
	put_pair(item, &level, whole_level(w, c->level_before, c->class_before),
		whole_level(w, c->level_now, c->class_now));
	put_pair(item, &priority, code_text(w, "priority", c->priority_before),
		code_text(w, "priority", c->priority_now));
	put_pair(item, &lead, code_text(w, "unit_type", c->lead_before),
		code_text(w, "unit_type", c->lead_now));
	return AW_OK;
}

static void
put_pager(struct aw_call *call, const char *period, int64_t first, int64_t shown, int64_t total)
{
	struct aw_arena *arena = call->act.arena;
	int64_t before = first > ROWS_A_PAGE ? first - ROWS_A_PAGE : 1, after = first + shown;

	if (shown > 0) {
		aw_view_int(call->view, "first", first);
		aw_view_int(call->view, "last", first + shown - 1);
	}
	if (first > 1)
		aw_view_text(call->view, "previous",
			aw_arena_printf(arena, "%s?period=%s&first=%lld", call->path, period,
				(long long)before));
	if (after <= total)
		aw_view_text(call->view, "next",
			aw_arena_printf(arena, "%s?period=%s&first=%lld", call->path, period,
				(long long)after));
}

static enum aw_status
put_changes(const struct words *w, const struct aw_replay *r, const char *period, int64_t first,
	struct aw_error *err)
{
	struct aw_call *call = w->call;
	bool may_rows = aw_access_may_do(call->act.policy, call->act.viewer, "indicator.rows");
	bool may_open = aw_access_may_do(call->act.policy, call->act.viewer, "report.view");
	int64_t shown = 0;

	aw_view_flag(call->view, "may_rows", may_rows);
	if (!may_rows)
		return AW_OK;
	for (size_t i = (size_t)first - 1; i < r->change_count && shown < ROWS_A_PAGE; i++, shown++)
		if (put_change(w, &r->changes[i], may_open, err) != AW_OK)
			return err->status;
	put_pager(call, period, first, shown, (int64_t)r->change_count);
	return AW_OK;
}

/* -- the page ------------------------------------------------------------------------------------ */

/* The period asked for; the last 365 days when none is, or what is asked is none (a problem is noted). */
static struct aw_period
period_asked(struct aw_call *call)
{
	const char *text = aw_call_value(call, "period");
	int32_t today = aw_taipei_day(call->act.now_ms);
	struct aw_period period = { today - 364, today };
	struct aw_error own = { 0 };

	if (text != NULL && aw_period_read(aw_str(text), &period, &own) != AW_OK) {
		aw_call_problem(call, "period", "replay.period_wrong", NULL);
		period = (struct aw_period){ today - 364, today };
	}
	return period;
}

/* GET /policy/drafts/{number}/replay */
enum aw_status
aw_replay_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_period period = period_asked(call);
	const char *name = aw_period_name(call->act.arena, period);
	int64_t first = aw_call_int(call, "first", 1, 100000000, 1);
	struct aw_draft_open open;
	struct aw_replay replay;

	if (aw_draft_open(call, &open, err) != AW_OK)
		return err->status;
	aw_view_int(call->view, "number", open.draft.number);
	aw_view_text(call->view, "name", open.draft.name);
	aw_view_text(call->view, "link",
		aw_arena_printf(
			call->act.arena, "/policy/drafts/%lld", (long long)open.draft.number));
	aw_view_text(call->view, "period", name);
	aw_view_int(call->view, "from", period.from_day);
	aw_view_int(call->view, "to", period.to_day);
	aw_view_flag(call->view, "bad", open.policy == NULL);
	if (open.policy == NULL)
		return AW_OK;
	call->act.object = aw_arena_strndup(call->act.arena, open.policy->hash, 12);
	if (aw_triage_replay(&call->act, open.policy, period, &replay, err) != AW_OK)
		return err->status;
	call->act.detail = aw_arena_printf(call->act.arena,
		"{\"draft\":%lld,\"decisions\":%lld,\"changed\":%lld}",
		(long long)open.draft.number, (long long)replay.decisions,
		(long long)replay.changed);

	const struct words words = { call, call->act.policy, open.policy };

	put_sums(&words, &replay);
	put_levels(&words, &replay.levels);
	put_matrix(&words, PRIORITIES, &replay.priorities, NULL);
	put_matrix(&words, LEADS, &replay.leads, NULL);
	return put_changes(&words, &replay, name, first < 1 ? 1 : first, err);
}
