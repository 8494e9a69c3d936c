/* 指標: tiles, and one indicator with its target, years, groups, versions and notes. */
#include "city/indicator/pages.h"

#include <string.h>

#include "base/clock.h"
#include "city/indicator/charts.h"
#include "guard/access.h"
#include "page/svg.h"

static AW_VIEW_TYPE(choice_view, "IndicatorChoice", NULL, AW_FIELD("text", TEXT, OPEN),
	AW_FIELD_CODE("code", OPEN, "indicator.by"), AW_FIELD("link", LINK, OPEN),
	AW_FIELD("current", FLAG, OPEN));

static AW_VIEW_TYPE(tile_view, "IndicatorTile", "indicator/tile", AW_FIELD("code", TEXT, OPEN),
	AW_FIELD("name", TEXT, OPEN), AW_FIELD("period", TEXT, OPEN), AW_FIELD("link", LINK, OPEN),
	AW_FIELD("numerator", NUMBER, OPEN), AW_FIELD("denominator", NUMBER, OPEN),
	AW_FIELD("numerator_unit", TEXT, OPEN), AW_FIELD("denominator_unit", TEXT, OPEN),
	AW_FIELD("same_unit", FLAG, OPEN), AW_FIELD("value", PERCENT, OPEN),
	AW_FIELD("target", TEXT, OPEN), AW_FIELD("met", FLAG, OPEN), AW_FIELD("missed", FLAG, OPEN),
	AW_FIELD("spark", RAW, OPEN));

AW_VIEW_TYPE(aw_indicators_view, "Indicators", "indicator/list", AW_FIELD("period", TEXT, OPEN),
	AW_FIELD("asked_period", TEXT, OPEN), AW_FIELD_OF("periods", LIST, OPEN, &choice_view),
	AW_FIELD("aimed", NUMBER, OPEN), AW_FIELD("met", NUMBER, OPEN),
	AW_FIELD_OF("tiles", LIST, OPEN, &tile_view));

static AW_VIEW_TYPE(group_view, "IndicatorGroup", NULL, AW_FIELD("name", TEXT, OPEN),
	AW_FIELD("numerator", NUMBER, OPEN), AW_FIELD("denominator", NUMBER, OPEN),
	AW_FIELD("value", PERCENT, OPEN), AW_FIELD("bar", RAW, OPEN), AW_FIELD("met", FLAG, OPEN),
	AW_FIELD("missed", FLAG, OPEN), AW_FIELD("link", LINK, OPEN),
	AW_FIELD("numerator_link", LINK, OPEN));

static AW_VIEW_TYPE(version_view, "IndicatorVersion", NULL, AW_FIELD("version", TEXT, OPEN),
	AW_FIELD("name", TEXT, OPEN), AW_FIELD("draft", FLAG, OPEN),
	AW_FIELD("current", FLAG, OPEN), AW_FIELD("rule", TEXT, OPEN), AW_FIELD("from", DAY, OPEN),
	AW_FIELD("to", DAY, OPEN), AW_FIELD("numerator", NUMBER, OPEN),
	AW_FIELD("denominator", NUMBER, OPEN), AW_FIELD("value", PERCENT, OPEN),
	AW_FIELD("link", LINK, OPEN));

static AW_VIEW_TYPE(printed_view, "IndicatorPrinted", NULL, AW_FIELD("period", TEXT, OPEN),
	AW_FIELD("link", LINK, OPEN), AW_FIELD("numerator", NUMBER, OPEN),
	AW_FIELD("denominator", NUMBER, OPEN), AW_FIELD("value", PERCENT, OPEN),
	AW_FIELD("counted_numerator", NUMBER, OPEN), AW_FIELD("counted_denominator", NUMBER, OPEN),
	AW_FIELD("counted", PERCENT, OPEN), AW_FIELD("same", FLAG, OPEN),
	AW_FIELD("agrees", FLAG, OPEN), AW_FIELD("note", TEXT, OPEN));

static AW_VIEW_TYPE(note_view, "IndicatorNote", NULL, AW_FIELD("code", TEXT, OPEN),
	AW_FIELD("text", TEXT, OPEN));

AW_VIEW_TYPE(aw_indicator_view, "Indicator", "indicator/one", AW_FIELD("code", TEXT, OPEN),
	AW_FIELD("name", TEXT, OPEN), AW_FIELD("strategy", TEXT, OPEN),
	AW_FIELD("owner", TEXT, OPEN), AW_FIELD("version", TEXT, OPEN),
	AW_FIELD("draft", FLAG, OPEN), AW_FIELD("unverified", FLAG, OPEN),
	AW_FIELD("source", TEXT, OPEN), AW_FIELD("period", TEXT, OPEN),
	AW_FIELD("asked_period", TEXT, OPEN), AW_FIELD_OF("periods", LIST, OPEN, &choice_view),
	AW_FIELD("as_of", DAY, OPEN), AW_FIELD("numerator_name", TEXT, OPEN),
	AW_FIELD("denominator_name", TEXT, OPEN), AW_FIELD("numerator_unit", TEXT, OPEN),
	AW_FIELD("denominator_unit", TEXT, OPEN), AW_FIELD("numerator", NUMBER, OPEN),
	AW_FIELD("denominator", NUMBER, OPEN), AW_FIELD("value", PERCENT, OPEN),
	AW_FIELD("target", TEXT, OPEN), AW_FIELD("met", FLAG, OPEN), AW_FIELD("missed", FLAG, OPEN),
	AW_FIELD("distance", PERCENT, OPEN), AW_FIELD("spare", NUMBER, OPEN),
	AW_FIELD("lacking", NUMBER, OPEN), AW_FIELD("may_rows", FLAG, OPEN),
	AW_FIELD("numerator_link", LINK, OPEN), AW_FIELD("denominator_link", LINK, OPEN),
	AW_FIELD("trend", RAW, OPEN), AW_FIELD("map", RAW, OPEN),
	AW_FIELD_OF("tabs", LIST, OPEN, &choice_view), AW_FIELD_CODE("by", OPEN, "indicator.by"),
	AW_FIELD_OF("groups", LIST, OPEN, &group_view), AW_FIELD("scale", NUMBER, OPEN),
	AW_FIELD("rule", TEXT, OPEN), AW_FIELD("scope", TEXT, OPEN), AW_FIELD("sql", TEXT, OPEN),
	AW_FIELD_OF("versions", LIST, OPEN, &version_view),
	AW_FIELD_OF("printed", LIST, OPEN, &printed_view), AW_FIELD("as_printed", FLAG, OPEN),
	AW_FIELD_OF("notes", LIST, OPEN, &note_view));

/* -- what both pages show ------------------------------------------------------------------- */

static void
put_sum(struct aw_view *view, const struct aw_indicator_sum *sum)
{
	aw_view_int(view, "numerator", sum->numerator);
	aw_view_int(view, "denominator", sum->denominator);
	if (sum->value.known)
		aw_view_int(view, "value", sum->value.v);
}

static void
put_met(struct aw_view *view, const struct aw_call *call,
	const struct aw_indicator_figures *figures)
{
	if (figures->target != NULL)
		aw_view_text(view, "target", aw_indicator_word(call, figures->target->printed));
	aw_view_flag(view, "met", figures->sum.met == AW_INDICATOR_MET);
	aw_view_flag(view, "missed", figures->sum.met == AW_INDICATOR_MISSED);
}

/* Periods that documents print, of all indicators, then the year that runs. */
static size_t
known_periods(const struct aw_call *call, const struct aw_indicator_asked *asked,
	struct aw_period *periods, size_t most)
{
	int32_t year = aw_date_of_day(aw_taipei_day(call->act.now_ms)).year;
	struct aw_period now = { aw_day_of_date((struct aw_date){ year, 1, 1 }),
		aw_day_of_date((struct aw_date){ year, 12, 31 }) };
	size_t count = 0;

	for (size_t i = 0; i <= asked->count; i++) {
		const struct aw_indicator *indicator = i < asked->count ? &asked->list[i] : NULL;
		size_t printed = indicator == NULL ? 1 : indicator->printed_count;

		for (size_t k = 0; k < printed && count < most; k++) {
			struct aw_period period =
				indicator == NULL ? now : indicator->printed[k].period;
			size_t at = 0;
			while (at < count && periods[at].from_day * 2 + periods[at].to_day <
						     period.from_day * 2 + period.to_day)
				at++;
			if (at < count && memcmp(&periods[at], &period, sizeof(period)) == 0)
				continue;
			memmove(&periods[at + 1], &periods[at], (count - at) * sizeof(*periods));
			periods[at] = period;
			count++;
		}
	}
	return count;
}

/* indicator NULL: links of the page of tiles. */
static void
put_periods(struct aw_call *call, const struct aw_indicator_asked *asked)
{
	struct aw_arena *arena = call->act.arena;
	struct aw_period periods[25];
	size_t count = known_periods(call, asked, periods, AW_COUNT(periods) - 1);

	for (size_t i = 0; i < count; i++) {
		struct aw_view *item = aw_view_item(call->view, "periods");
		const char *link =
			asked->indicator == NULL
				? aw_arena_printf(arena, "/indicators?period=%s",
					  aw_period_name(arena, periods[i]))
				: aw_indicator_link(arena, &(struct aw_indicator_link){ .page = "",
								   .indicator = asked->indicator,
								   .period = periods[i],
								   .by = asked->by });

		aw_view_text(item, "text", aw_indicator_period_word(call, periods[i]));
		aw_view_text(item, "link", link);
		aw_view_flag(item, "current",
			(asked->period_given || asked->indicator != NULL) &&
				memcmp(&periods[i], &asked->period, sizeof(asked->period)) == 0);
	}
}

/* -- the tiles ------------------------------------------------------------------------------ */

static enum aw_status
put_tile(struct aw_call *call, const struct aw_indicator *indicator, struct aw_period period,
	int64_t *aimed, int64_t *met, struct aw_error *err)
{
	struct aw_indicator_figures figures;
	struct aw_view *tile;

	if (aw_indicator_figures(&call->act, indicator, period, &figures, err) != AW_OK)
		return err->status;
	tile = aw_view_item(call->view, "tiles");
	aw_view_text(tile, "code", indicator->code);
	aw_view_text(tile, "name", aw_indicator_word(call, indicator->label));
	aw_view_text(tile, "period", aw_indicator_period_word(call, period));
	aw_view_text(tile, "link",
		aw_indicator_link(call->act.arena,
			&(struct aw_indicator_link){
				.page = "", .indicator = indicator, .period = period }));
	aw_view_text(tile, "numerator_unit", aw_indicator_word(call, indicator->numerator_unit));
	aw_view_text(
		tile, "denominator_unit", aw_indicator_word(call, indicator->denominator_unit));
	aw_view_flag(tile, "same_unit",
		aw_text_eq(indicator->numerator_unit.zh, indicator->denominator_unit.zh));
	put_sum(tile, &figures.sum);
	put_met(tile, call, &figures);
	aw_view_text(tile, "spark", aw_indicator_spark(call->act.arena, &figures));
	*aimed += figures.sum.met != AW_INDICATOR_NO_TARGET ? 1 : 0;
	*met += figures.sum.met == AW_INDICATOR_MET ? 1 : 0;
	return AW_OK;
}

/* Is it the version of its code to show: in force in the period asked for, or the latest. */
static bool
shown(const struct aw_call *call, const struct aw_indicator_asked *asked,
	const struct aw_indicator *indicator)
{
	int32_t day = asked->period_given ? asked->period.to_day : aw_taipei_day(call->act.now_ms);

	return !indicator->draft && (!asked->period_given || aw_valid_on(&indicator->valid, day)) &&
	       aw_indicator_find(asked->list, asked->count, indicator->code, NULL, day) ==
		       indicator;
}

enum aw_status
aw_indicators_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_indicator_asked asked;
	int64_t aimed = 0, met = 0;

	if (aw_indicator_asked(call, &asked, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < asked.count; i++) {
		struct aw_period period =
			asked.period_given
				? asked.period
				: aw_indicator_last_period(&asked.list[i], call->act.now_ms);
		if (shown(call, &asked, &asked.list[i]) &&
			put_tile(call, &asked.list[i], period, &aimed, &met, err) != AW_OK)
			return err->status;
	}
	if (asked.period_given) {
		aw_view_text(call->view, "period", aw_indicator_period_word(call, asked.period));
		aw_view_text(
			call->view, "asked_period", aw_period_name(call->act.arena, asked.period));
	}
	put_periods(call, &asked);
	aw_view_int(call->view, "aimed", aimed);
	aw_view_int(call->view, "met", met);
	return AW_OK;
}

/* -- one indicator -------------------------------------------------------------------------- */

static void
put_definition(struct aw_call *call, const struct aw_indicator *indicator)
{
	struct aw_view *view = call->view;

	aw_view_text(view, "code", indicator->code);
	aw_view_text(view, "name", aw_indicator_word(call, indicator->label));
	aw_view_text(view, "strategy", aw_indicator_word(call, indicator->strategy));
	aw_view_text(view, "owner", aw_indicator_word(call, indicator->owner));
	aw_view_text(view, "version", indicator->version);
	aw_view_flag(view, "draft", indicator->draft);
	aw_view_flag(view, "unverified", indicator->valid.unverified);
	aw_view_text(view, "source", indicator->valid.source);
	aw_view_text(view, "numerator_name", aw_indicator_word(call, indicator->numerator));
	aw_view_text(view, "denominator_name", aw_indicator_word(call, indicator->denominator));
	aw_view_text(view, "numerator_unit", aw_indicator_word(call, indicator->numerator_unit));
	aw_view_text(
		view, "denominator_unit", aw_indicator_word(call, indicator->denominator_unit));
	aw_view_text(view, "rule", aw_indicator_word(call, indicator->rule));
	aw_view_text(view, "scope", aw_indicator_word(call, indicator->scope));
	aw_view_text(view, "sql", indicator->sql);
	for (size_t i = 0; i < indicator->note_count; i++) {
		struct aw_view *note = aw_view_item(view, "notes");
		aw_view_text(note, "code", indicator->notes[i].code);
		aw_view_text(note, "text", aw_indicator_word(call, indicator->notes[i].text));
	}
}

/* How far from the target: in points, and in things of the numerator that it can still take
 * (lower is better: each is also one of the denominator), or still needs. */
static void
put_distance(struct aw_view *view, const struct aw_indicator_figures *figures)
{
	const struct aw_indicator_target *target = figures->target;
	int64_t n = figures->sum.numerator, d = figures->sum.denominator, step = 0, away;

	if (target == NULL || !figures->sum.value.known)
		return;
	away = figures->sum.value.v - target->value;
	aw_view_int(view, "distance", away < 0 ? -away : away);
	if (figures->indicator->direction == AW_INDICATOR_LOWER) {
		if (figures->sum.met != AW_INDICATOR_MET)
			return;
		do
			step++;
		while (step < 100000 &&
			aw_indicator_sum_of(figures->indicator, target, n + step, d + step).met ==
				AW_INDICATOR_MET);
		aw_view_int(view, "spare", step);
	} else if (figures->sum.met == AW_INDICATOR_MISSED) {
		do
			step++;
		while (n + step < d &&
			aw_indicator_sum_of(figures->indicator, target, n + step, d).met ==
				AW_INDICATOR_MISSED);
		aw_view_int(view, "lacking", step);
	}
}

/* -- groups, versions, printed figures ------------------------------------------------------ */

static void
put_groups(struct aw_call *call, const struct aw_indicator_asked *asked,
	const struct aw_indicator_figures *figures)
{
	enum aw_indicator_by by = asked->by == AW_BY_NOTHING ? AW_BY_DISTRICT : asked->by;
	int64_t scale = aw_indicator_scale(figures, by);
	int64_t target =
		figures->target != NULL ? figures->target->value * 1000 / scale : AW_SVG_NONE;
	struct aw_indicator_link link = {
		.page = "/rows", .indicator = asked->indicator, .period = asked->period, .by = by
	};

	aw_view_text(call->view, "by", aw_indicator_by_code(by));
	aw_view_int(call->view, "scale", scale / 100);
	for (size_t i = 0; i < figures->group_count[by]; i++) {
		const struct aw_indicator_group *group = &figures->groups[by][i];
		struct aw_view *item = aw_view_item(call->view, "groups");
		bool missed = group->sum.met == AW_INDICATOR_MISSED;

		aw_view_text(item, "name", aw_indicator_word(call, group->label));
		put_sum(item, &group->sum);
		if (group->sum.value.known)
			aw_view_text(item, "bar",
				aw_svg_bar(call->act.arena, group->sum.value.v * 1000 / scale,
					target, missed));
		aw_view_flag(item, "met", group->sum.met == AW_INDICATOR_MET);
		aw_view_flag(item, "missed", missed);
		link.group = group->key;
		link.numerator = false;
		aw_view_text(item, "link", aw_indicator_link(call->act.arena, &link));
		link.numerator = true;
		aw_view_text(item, "numerator_link", aw_indicator_link(call->act.arena, &link));
	}
	for (int tab = AW_BY_DISTRICT; tab < AW_BY_COUNT; tab++) {
		struct aw_view *item = aw_view_item(call->view, "tabs");
		aw_view_text(item, "code", aw_indicator_by_code((enum aw_indicator_by)tab));
		aw_view_text(item, "link",
			aw_indicator_link(
				call->act.arena, &(struct aw_indicator_link){ .page = "",
							 .indicator = asked->indicator,
							 .period = asked->period,
							 .by = (enum aw_indicator_by)tab }));
		aw_view_flag(item, "current", tab == (int)by);
	}
}

/* Every version of the indicator, and of the one it goes on from, counted for the same period. */
static enum aw_status
put_versions(struct aw_call *call, const struct aw_indicator_asked *asked, struct aw_error *err)
{
	for (size_t i = 0; i < asked->count; i++) {
		const struct aw_indicator *other = &asked->list[i];
		struct aw_indicator_figures figures;
		struct aw_view *item;

		if (!aw_text_eq(other->code, asked->indicator->code) &&
			!aw_text_eq(other->code, asked->indicator->continues))
			continue;
		if (aw_indicator_figures(&call->act, other, asked->period, &figures, err) != AW_OK)
			return err->status;
		item = aw_view_item(call->view, "versions");
		aw_view_text(item, "version", other->version);
		aw_view_text(item, "name", aw_indicator_word(call, other->label));
		aw_view_flag(item, "draft", other->draft);
		aw_view_flag(item, "current", other == asked->indicator);
		aw_view_text(item, "rule", aw_indicator_word(call, other->rule));
		aw_view_int(item, "from", other->valid.from_day);
		if (other->valid.to_day != AW_DAY_EVER)
			aw_view_int(item, "to", other->valid.to_day);
		put_sum(item, &figures.sum);
		aw_view_text(item, "link",
			aw_indicator_link(call->act.arena, &(struct aw_indicator_link){ .page = "",
								   .indicator = other,
								   .period = asked->period,
								   .by = asked->by }));
	}
	return AW_OK;
}

/* What documents print, beside what is counted. */
static enum aw_status
put_printed(struct aw_call *call, const struct aw_indicator *indicator, struct aw_period period,
	struct aw_error *err)
{
	for (size_t i = 0; i < indicator->printed_count; i++) {
		const struct aw_indicator_printed *printed = &indicator->printed[i];
		struct aw_indicator_figures figures;
		struct aw_view *item;
		bool same;

		if (aw_indicator_figures(&call->act, indicator, printed->period, &figures, err) !=
			AW_OK)
			return err->status;
		item = aw_view_item(call->view, "printed");
		aw_view_text(item, "period", aw_indicator_period_word(call, printed->period));
		aw_view_text(item, "link",
			aw_indicator_link(call->act.arena, &(struct aw_indicator_link){ .page = "",
								   .indicator = indicator,
								   .period = printed->period }));
		aw_view_int(item, "numerator", printed->numerator);
		aw_view_int(item, "denominator", printed->denominator);
		aw_view_int(item, "value", printed->value);
		aw_view_int(item, "counted_numerator", figures.sum.numerator);
		aw_view_int(item, "counted_denominator", figures.sum.denominator);
		if (figures.sum.value.known)
			aw_view_int(item, "counted", figures.sum.value.v);
		same = figures.sum.numerator == printed->numerator &&
		       figures.sum.denominator == printed->denominator;
		aw_view_flag(item, "same", same);
		if (printed->period.from_day == period.from_day &&
			printed->period.to_day == period.to_day)
			aw_view_flag(call->view, "as_printed", same);
		aw_view_flag(item, "agrees", printed->agrees);
		aw_view_text(item, "note", aw_indicator_word(call, printed->note));
	}
	return AW_OK;
}

enum aw_status
aw_indicator_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_indicator_figures figures;
	struct aw_indicator_asked asked;
	struct aw_indicator_link link = { .page = "/rows" };
	const char *trend = NULL, *map = NULL;

	if (aw_indicator_asked(call, &asked, err) != AW_OK ||
		aw_indicator_figures(&call->act, asked.indicator, asked.period, &figures, err) !=
			AW_OK)
		return err->status;
	put_definition(call, asked.indicator);
	aw_view_text(call->view, "period", aw_indicator_period_word(call, asked.period));
	aw_view_text(call->view, "asked_period", aw_period_name(call->act.arena, asked.period));
	aw_view_int(call->view, "as_of", figures.as_of_day);
	put_sum(call->view, &figures.sum);
	put_met(call->view, call, &figures);
	put_distance(call->view, &figures);
	link.indicator = asked.indicator;
	link.period = asked.period;
	aw_view_text(call->view, "denominator_link", aw_indicator_link(call->act.arena, &link));
	link.numerator = true;
	aw_view_text(call->view, "numerator_link", aw_indicator_link(call->act.arena, &link));
	aw_view_flag(call->view, "may_rows",
		aw_access_may_do(call->act.policy, call->act.viewer, "indicator.rows"));
	put_periods(call, &asked);
	put_groups(call, &asked, &figures);
	if (aw_indicator_trend(call, &asked, &trend, err) != AW_OK ||
		aw_indicator_tiles(call, &asked, &figures, &map, err) != AW_OK)
		return err->status;
	aw_view_text(call->view, "trend", trend);
	aw_view_text(call->view, "map", map);
	if (put_versions(call, &asked, err) != AW_OK)
		return err->status;
	return put_printed(call, asked.indicator, asked.period, err);
}
