/**
 * page/svg - charts as SVG text, made on the server.
 * Layer: page.  Threads: pure.  Example: tests/page/test_svg.c
 *
 * What they hold: no style attribute, no script, no outside reference (the strict policy of the
 * pages holds for them); colours by class from the style sheet; every drawing that carries data has
 * <title> and <desc>, and the page beside it holds the same numbers as text. All texts given are
 * display texts in the reader's language and are escaped here.
 * The answers go into AW_VIEW_RAW fields.
 */
#ifndef AW_PAGE_SVG_H
#define AW_PAGE_SVG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

#define AW_SVG_NONE INT64_MIN /* no value */

/* A bar of one row: its share of the scale, and where the target stands. In thousandths. */
const char *aw_svg_bar(struct aw_arena *arena, int64_t share, int64_t target, bool bad);

/* The last periods in a thumb's size: values on their own scale, target dashed, last one dotted. */
const char *
aw_svg_spark(struct aw_arena *arena, const int64_t *values, size_t count, int64_t target);

/* Evidence for (right, solid) or against (left, hollow), thousandths of a bit; 0: none. */
const char *aw_svg_evidence(struct aw_arena *arena, int64_t millibits);
/* Agreement as four cells: 4 = the same ... 1; 0 differs (a cross); negative: cannot compare. */
const char *aw_svg_cells(struct aw_arena *arena, int32_t filled);

/** A probability on its scale of three zones: not the same, to be judged from `from` on, the same from
 *  `to` on. In thousandths; the two texts stand at the limits. The page says the rest in words. */
const char *aw_svg_zones(struct aw_arena *arena, int64_t at, int64_t from, int64_t to,
	const char *from_text, const char *to_text);

/* A line over the years: values written on it, targets with their words, a rule and a dotted
 * stretch where the definition changed. */
struct aw_svg_point {
	const char *label; /* 108年 */
	const char *below; /* 169／1,460; NULL none */
	const char *text;  /* 11.58% */
	int64_t value;	   /* hundredths; AW_SVG_NONE = a gap */
	bool part;	   /* of a period that still runs: filled dot */
};
struct aw_svg_target {
	size_t from, to; /* over these points */
	int64_t value;
	const char *text;
};
struct aw_svg_trend {
	const char *title, *desc;
	const struct aw_svg_point *points;
	size_t point_count; /* at most 24 */
	const struct aw_svg_target *targets;
	size_t target_count;
	size_t break_before; /* the point from which another definition counts; 0 = none */
	const char *break_text;
	bool percent; /* axis labels end in % */
};
const char *aw_svg_trend(struct aw_arena *arena, const struct aw_svg_trend *trend);

/* Districts as tiles of equal size in true neighbourhood. */
struct aw_svg_tile {
	const char *name;
	const char *text;    /* 6.57% */
	const char *link;    /* NULL none */
	int32_t column_half; /* in half tiles from the left */
	int32_t row;
	int32_t step; /* 1 (lightest) to 5; 0 = no value */
	bool worst;   /* outline and mark */
};
const char *aw_svg_tiles(struct aw_arena *arena, const char *title, const char *desc,
	const struct aw_svg_tile *tiles, size_t count);

/* Services over the last twelve months: the axis, and one row a unit. In thousandths of the span. */
struct aw_svg_tick {
	int64_t at;
	const char *label; /* NULL: a line alone */
};
enum aw_svg_lane { AW_LANE_LEAD, AW_LANE_CO, AW_LANE_CLOSED, AW_LANE_HIDDEN };
const char *aw_svg_axis(struct aw_arena *arena, const struct aw_svg_tick *ticks, size_t count,
	const char *now_label);
/** HIDDEN covers the whole width, whatever from and to say: dates are not shown. */
const char *aw_svg_lane(struct aw_arena *arena, const struct aw_svg_tick *ticks, size_t count,
	enum aw_svg_lane kind, int64_t from, int64_t to, const char *label);

#endif
