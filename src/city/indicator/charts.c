/* The drawings of an indicator's pages. */
#include "city/indicator/charts.h"

#include <string.h>

#include "guard/access.h"
#include "page/svg.h"

/* 1,460 */
static const char *
with_commas(struct aw_arena *arena, int64_t number)
{
	char *digits = aw_arena_printf(arena, "%lld", (long long)number);
	struct aw_buf buf = { .arena = arena };
	size_t len = strlen(digits);

	for (size_t i = 0; i < len; i++) {
		if (i != 0 && (len - i) % 3 == 0)
			aw_buf_char(&buf, ',');
		aw_buf_char(&buf, digits[i]);
	}
	return aw_buf_z(&buf);
}

static const char *
percent(struct aw_arena *arena, int64_t hundredths)
{
	return aw_arena_printf(
		arena, "%lld.%02lld%%", (long long)hundredths / 100, (long long)hundredths % 100);
}

const char *
aw_indicator_spark(struct aw_arena *arena, const struct aw_indicator_figures *figures)
{
	size_t count = figures->group_count[AW_BY_MONTH];
	int64_t *values = AW_NEW_ARRAY(arena, int64_t, count);

	if (count < 2)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		struct aw_maybe value = figures->groups[AW_BY_MONTH][i].sum.value;
		values[i] = value.known ? value.v : AW_SVG_NONE;
	}
	return aw_svg_spark(arena, values, count,
		figures->target != NULL ? figures->target->value : AW_SVG_NONE);
}

int64_t
aw_indicator_scale(const struct aw_indicator_figures *figures, enum aw_indicator_by by)
{
	static const int64_t ends[] = { 500, 1000, 2000, 4000, 6000, 8000 };
	int64_t most = figures->target != NULL ? figures->target->value : 0;

	for (size_t i = 0; i < figures->group_count[by]; i++) {
		struct aw_maybe value = figures->groups[by][i].sum.value;
		most = value.known && value.v > most ? value.v : most;
	}
	for (size_t i = 0; i < AW_COUNT(ends); i++) {
		if (most <= ends[i])
			return ends[i];
	}
	return most <= 10000 ? 10000 : most;
}

/* -- the years ------------------------------------------------------------------------------ */

struct trend {
	struct aw_svg_point points[24];
	struct aw_svg_target targets[24];
	size_t point_count, target_count;
	int64_t last_target;
	struct aw_buf desc;
};

static enum aw_status
add_point(struct aw_call *call, const struct aw_indicator *indicator, struct aw_period period,
	struct trend *trend, struct aw_error *err)
{
	struct aw_arena *arena = call->act.arena;
	struct aw_indicator_figures figures;
	struct aw_svg_point *point = &trend->points[trend->point_count];
	int64_t value;

	if (trend->point_count == AW_COUNT(trend->points))
		return AW_OK;
	if (aw_indicator_figures(&call->act, indicator, period, &figures, err) != AW_OK)
		return err->status;
	value = figures.sum.value.known ? figures.sum.value.v : AW_SVG_NONE;
	point->label = aw_indicator_period_word(call, period);
	point->below = aw_arena_printf(arena, "%s\xef\xbc\x8f%s",
		with_commas(arena, figures.sum.numerator),
		with_commas(arena, figures.sum.denominator));
	point->text = value == AW_SVG_NONE ? "" : percent(arena, value);
	point->value = value;
	point->part = period.to_day - period.from_day < 364;
	if (figures.target != NULL) {
		const char *text = aw_indicator_word(call, figures.target->printed);
		if (trend->target_count != 0 && trend->last_target == figures.target->value)
			trend->targets[trend->target_count - 1].to = trend->point_count;
		else
			trend->targets[trend->target_count++] =
				(struct aw_svg_target){ trend->point_count, trend->point_count,
					figures.target->value, text };
		trend->last_target = figures.target->value;
	}
	aw_buf_printf(&trend->desc, "%s%s %s", trend->point_count == 0 ? "" : "; ", point->label,
		point->text);
	trend->point_count++;
	return AW_OK;
}

static bool
same_period(struct aw_period a, struct aw_period b)
{
	return a.from_day == b.from_day && a.to_day == b.to_day;
}

enum aw_status
aw_indicator_trend(struct aw_call *call, const struct aw_indicator_asked *asked,
	const char **ret_svg, struct aw_error *err)
{
	const struct aw_indicator *indicator = asked->indicator, *before = NULL;
	struct trend trend = { .desc = { .arena = call->act.arena } };
	size_t break_before = 0;
	bool asked_is_in = false;

	if (indicator->continues != NULL)
		before =
			aw_indicator_find(asked->list, asked->count, indicator->continues, NULL, 0);
	for (size_t i = 0; before != NULL && i < before->printed_count; i++) {
		asked_is_in |= same_period(before->printed[i].period, asked->period);
		if (add_point(call, before, before->printed[i].period, &trend, err) != AW_OK)
			return err->status;
	}
	break_before = trend.point_count;
	for (size_t i = 0; i < indicator->printed_count; i++) {
		asked_is_in |= same_period(indicator->printed[i].period, asked->period);
		if (add_point(call, indicator, indicator->printed[i].period, &trend, err) != AW_OK)
			return err->status;
	}
	if (!asked_is_in && add_point(call, indicator, asked->period, &trend, err) != AW_OK)
		return err->status;
	*ret_svg = NULL;
	if (trend.point_count > 1)
		*ret_svg = aw_svg_trend(call->act.arena,
			&(struct aw_svg_trend){ .title = aw_indicator_word(call, indicator->label),
				.desc = aw_buf_z(&trend.desc),
				.points = trend.points,
				.point_count = trend.point_count,
				.targets = trend.targets,
				.target_count = trend.target_count,
				.break_before = break_before,
				.break_text = break_before == 0
						      ? NULL
						      : aw_indicator_word(
								call, indicator->continues_note),
				.percent = true });
	return AW_OK;
}

/* -- the districts -------------------------------------------------------------------------- */

static const struct aw_indicator_group *
group_of(const struct aw_indicator_figures *figures, const char *district)
{
	for (size_t i = 0; i < figures->group_count[AW_BY_DISTRICT]; i++) {
		if (aw_text_eq(figures->groups[AW_BY_DISTRICT][i].key, district))
			return &figures->groups[AW_BY_DISTRICT][i];
	}
	return NULL;
}

/* How bad a value is: larger is worse, whatever the direction. */
static int64_t
badness(const struct aw_indicator_figures *figures, const struct aw_indicator_group *group)
{
	return figures->indicator->direction == AW_INDICATOR_LOWER ? group->sum.value.v
								   : -group->sum.value.v;
}

/* Shades 1 to 3 from the best to the worst that meets the target (or of all, without one); 5 misses
 * it; 0 has no value. */
static int32_t
shade_of(const struct aw_indicator_figures *figures, const struct aw_indicator_group *group,
	int64_t best, int64_t worst)
{
	if (group == NULL || !group->sum.value.known)
		return 0;
	if (group->sum.met == AW_INDICATOR_MISSED)
		return 5;
	if (worst <= best)
		return 2;
	return 1 + (int32_t)((badness(figures, group) - best) * 3 / (worst - best + 1));
}

enum aw_status
aw_indicator_tiles(struct aw_call *call, const struct aw_indicator_asked *asked,
	const struct aw_indicator_figures *figures, const char **ret_svg, struct aw_error *err)
{
	struct aw_arena *arena = call->act.arena;
	struct aw_indicator_tile *places = NULL;
	struct aw_svg_tile *tiles;
	struct aw_buf desc = { .arena = arena };
	int64_t best = INT64_MAX, worst = INT64_MIN, worst_of_all = INT64_MIN;
	bool may_rows = aw_access_may_do(call->act.policy, call->act.viewer, "indicator.rows");
	size_t count = 0;

	*ret_svg = NULL;
	if (aw_indicator_map(call->act.policy, arena, &places, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		const struct aw_indicator_group *group = group_of(figures, places[i].district);
		int64_t bad;

		if (group == NULL || !group->sum.value.known)
			continue;
		bad = badness(figures, group);
		worst_of_all = bad > worst_of_all ? bad : worst_of_all;
		if (group->sum.met == AW_INDICATOR_MISSED)
			continue;
		best = bad < best ? bad : best;
		worst = bad > worst ? bad : worst;
	}
	tiles = AW_NEW_ARRAY(arena, struct aw_svg_tile, count);
	for (size_t i = 0; i < count; i++) {
		const struct aw_indicator_group *group = group_of(figures, places[i].district);
		bool known = group != NULL && group->sum.value.known;

		tiles[i] = (struct aw_svg_tile){ .name = aw_indicator_word(call, places[i].label),
			.text = known ? percent(arena, group->sum.value.v) : "",
			.column_half = places[i].column_half,
			.row = places[i].row,
			.step = shade_of(figures, group, best, worst),
			.worst = known && badness(figures, group) == worst_of_all };
		if (known && may_rows)
			tiles[i].link = aw_indicator_link(
				arena, &(struct aw_indicator_link){ .page = "/rows",
					       .indicator = asked->indicator,
					       .period = asked->period,
					       .by = AW_BY_DISTRICT,
					       .group = places[i].district });
		aw_buf_printf(&desc, "%s%s %s", i == 0 ? "" : "; ", tiles[i].name, tiles[i].text);
	}
	if (count != 0)
		*ret_svg = aw_svg_tiles(arena, aw_indicator_word(call, figures->indicator->label),
			aw_buf_z(&desc), tiles, count);
	return AW_OK;
}
