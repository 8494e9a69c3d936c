/* 公平性檢視: how grave and to whom, by who it is about, as table and picture. */
#include <string.h>

#include "base/clock.h"
#include "city/indicator/ask.h"
#include "city/indicator/fairness.h"
#include "city/indicator/pages.h"
#include "page/message.h"
#include "page/svg_shares.h"

enum { YEARS = 4 };

static AW_VIEW_TYPE(choice_view, "FairnessChoice", NULL, AW_FIELD("text", TEXT, OPEN),
	AW_FIELD_CODE("code", OPEN, "fairness"), AW_FIELD("link", LINK, OPEN),
	AW_FIELD("current", FLAG, OPEN));

static AW_VIEW_TYPE(column_view, "FairnessColumn", NULL, AW_FIELD("name", TEXT, OPEN),
	AW_FIELD("total", NUMBER, OPEN), AW_FIELD_CODE("shade", OPEN, NULL));

static AW_VIEW_TYPE(cell_view, "FairnessCell", NULL, AW_FIELD("column", TEXT, OPEN),
	AW_FIELD("count", NUMBER, OPEN), AW_FIELD("share", PERCENT, OPEN),
	AW_FIELD("few", FLAG, OPEN));

static AW_VIEW_TYPE(group_view, "FairnessGroup", NULL, AW_FIELD("name", TEXT, OPEN),
	AW_FIELD("total", NUMBER, OPEN), AW_FIELD_OF("cells", LIST, OPEN, &cell_view));

AW_VIEW_TYPE(aw_fairness_view, "Fairness", "indicator/fairness", AW_FIELD("period", TEXT, OPEN),
	AW_FIELD("year", NUMBER, OPEN), AW_FIELD_OF("years", LIST, OPEN, &choice_view),
	AW_FIELD_CODE("by", OPEN, "fairness.by"), AW_FIELD_OF("bys", LIST, OPEN, &choice_view),
	AW_FIELD_CODE("of", OPEN, "fairness.of"), AW_FIELD_OF("ofs", LIST, OPEN, &choice_view),
	AW_FIELD("total", NUMBER, OPEN), AW_FIELD("least", NUMBER, OPEN),
	AW_FIELD("any_hidden", FLAG, OPEN), AW_FIELD("picture", RAW, OPEN),
	AW_FIELD_OF("columns", LIST, OPEN, &column_view),
	AW_FIELD_OF("groups", LIST, OPEN, &group_view));

/* What was asked for. */
struct asked {
	int32_t year; /* of our era */
	enum aw_fair_by by;
	enum aw_fair_of of;
};

static enum aw_status
read_asked(struct aw_call *call, struct asked *ret_asked, struct aw_error *err)
{
	int32_t now = aw_date_of_day(aw_taipei_day(call->act.now_ms)).year;
	const char *by = aw_call_value(call, "by"), *of = aw_call_value(call, "of");
	struct asked asked = { .year = now - 1 };
	bool found = by == NULL;

	asked.year = (int32_t)aw_call_int(call, "year", 90, now - 1912, now - 1912) + 1911;
	for (int i = 0; by != NULL && i < AW_FAIR_BY_COUNT; i++) {
		if (strcmp(by, aw_fair_by_code((enum aw_fair_by)i)) != 0)
			continue;
		asked.by = (enum aw_fair_by)i;
		found = true;
	}
	if (!found || (of != NULL && strcmp(of, "level") != 0 && strcmp(of, "unit") != 0))
		return aw_fail(err, AW_INVALID,
			"by is sex, age, district, indigenous or new_immigrant; of is level or "
			"unit");
	asked.of = aw_text_eq(of, "unit") ? AW_FAIR_UNIT : AW_FAIR_LEVEL;
	*ret_asked = asked;
	return AW_OK;
}

static const char *
link_to(struct aw_call *call, int32_t year, enum aw_fair_by by, enum aw_fair_of of)
{
	return aw_arena_printf(call->act.arena, "/fairness?year=%d&by=%s&of=%s", year - 1911,
		aw_fair_by_code(by), aw_fair_of_code(of));
}

static struct aw_period
whole_year(int32_t year)
{
	return (struct aw_period){ aw_day_of_date((struct aw_date){ year, 1, 1 }),
		aw_day_of_date((struct aw_date){ year, 12, 31 }) };
}

static void
put_choices(struct aw_call *call, const struct asked *asked)
{
	struct aw_arena *arena = call->act.arena;
	int32_t now = aw_date_of_day(aw_taipei_day(call->act.now_ms)).year;

	for (int32_t year = now - 1; year >= now - YEARS; year--) {
		struct aw_view *item = aw_view_item(call->view, "years");

		aw_view_text(item, "text", aw_indicator_period_word(call, whole_year(year)));
		aw_view_text(item, "link", link_to(call, year, asked->by, asked->of));
		aw_view_flag(item, "current", year == asked->year);
	}
	for (int i = 0; i < AW_FAIR_BY_COUNT; i++) {
		enum aw_fair_by by = (enum aw_fair_by)i;
		struct aw_view *item = aw_view_item(call->view, "bys");

		aw_view_text(item, "code", aw_arena_printf(arena, "by.%s", aw_fair_by_code(by)));
		aw_view_text(item, "link", link_to(call, asked->year, by, asked->of));
		aw_view_flag(item, "current", by == asked->by);
	}
	for (int i = 0; i < AW_FAIR_OF_COUNT; i++) {
		enum aw_fair_of of = (enum aw_fair_of)i;
		struct aw_view *item = aw_view_item(call->view, "ofs");

		aw_view_text(item, "code", aw_arena_printf(arena, "of.%s", aw_fair_of_code(of)));
		aw_view_text(item, "link", link_to(call, asked->year, asked->by, of));
		aw_view_flag(item, "current", of == asked->of);
	}
}

/* -- the table and the picture ------------------------------------------------------------------------- */

static void
put_columns(struct aw_call *call, const struct aw_fairness *f)
{
	static const char *const shades[AW_FAIR_COLUMNS] = { "q5", "q4", "q3", "q2", "q1" };

	for (size_t k = 0; k < f->column_count; k++) {
		struct aw_view *item = aw_view_item(call->view, "columns");

		aw_view_text(item, "name", aw_indicator_word(call, f->column_labels[k]));
		aw_view_text(item, "shade", shades[k]);
		aw_view_int(item, "total", f->column_totals[k]);
	}
}

static void
put_groups(struct aw_call *call, const struct aw_fairness *f)
{
	for (size_t g = 0; g < f->group_count; g++) {
		const struct aw_fair_group *group = &f->groups[g];
		struct aw_view *item = aw_view_item(call->view, "groups");

		aw_view_text(item, "name", aw_indicator_word(call, group->label));
		aw_view_int(item, "total", group->total);
		for (size_t k = 0; k < f->column_count; k++) {
			struct aw_view *cell = aw_view_item(item, "cells");

			aw_view_text(cell, "column", aw_indicator_word(call, f->column_labels[k]));
			aw_view_flag(cell, "few", group->hidden[k]);
			if (group->hidden[k])
				continue;
			aw_view_int(cell, "count", group->cells[k]);
			if (group->total > 0)
				aw_view_int(cell, "share",
					(group->cells[k] * 20000 / group->total + 1) / 2);
		}
	}
}

/* Groups with their shares, as the table has them: what is hidden is left over. For a desk and for a
 * telephone; the style sheet shows one of the two. */
static const char *
picture(struct aw_call *call, const struct aw_fairness *f)
{
	struct aw_arena *arena = call->act.arena;
	struct aw_svg_share_row *rows =
		AW_NEW_ARRAY(arena, struct aw_svg_share_row, f->group_count);
	struct aw_buf desc = { .arena = arena }, both = { .arena = arena };
	size_t count = 0;

	for (size_t g = 0; g < f->group_count; g++) {
		const struct aw_fair_group *group = &f->groups[g];
		struct aw_buf total = { .arena = arena };

		if (group->total == 0)
			continue;
		aw_number_write(&total, group->total);
		rows[count].label = aw_indicator_word(call, group->label);
		rows[count].total = group->total;
		rows[count].total_text = aw_buf_z(&total);
		aw_buf_printf(&desc, "%s%s %s", count == 0 ? "" : "; ", rows[count].label,
			rows[count].total_text);
		for (size_t k = 0; k < f->column_count; k++)
			rows[count].parts[k] = group->hidden[k] ? 0 : group->cells[k];
		count++;
	}
	if (count == 0)
		return NULL;
	for (enum aw_svg_width width = AW_SVG_WIDE; width <= AW_SVG_NARROW; width++)
		aw_buf_text(&both, aw_svg_shares(arena, width, aw_indicator_word(call, f->title),
					   aw_buf_z(&desc), rows, count, f->column_count));
	return aw_buf_z(&both);
}

enum aw_status
aw_fairness_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_fairness fairness;
	struct asked asked;
	struct aw_period year;

	if (read_asked(call, &asked, err) != AW_OK)
		return err->status;
	year = whole_year(asked.year);
	if (aw_fairness_count(&call->act, year, asked.by, asked.of, &fairness, err) != AW_OK)
		return err->status;
	aw_view_text(call->view, "period", aw_indicator_period_word(call, year));
	aw_view_int(call->view, "year", asked.year - 1911);
	aw_view_text(call->view, "by", aw_fair_by_code(asked.by));
	aw_view_text(call->view, "of", aw_fair_of_code(asked.of));
	put_choices(call, &asked);
	aw_view_int(call->view, "total", fairness.total);
	aw_view_int(call->view, "least", fairness.least);
	aw_view_flag(call->view, "any_hidden", fairness.any_hidden);
	if (fairness.total == 0)
		return AW_OK;
	put_columns(call, &fairness);
	put_groups(call, &fairness);
	aw_view_text(call->view, "picture", picture(call, &fairness));
	return AW_OK;
}
