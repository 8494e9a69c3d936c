/* page/svg - a line over the years. */
#include <assert.h>
#include <inttypes.h>

#include "page/svg.h"
#include "page/svg_text.h"

#define MOST_POINTS 24
#define LEFT 44 /* of the plot, in pixels of the view box */
#define RIGHT 660
#define TOP 42
#define BOTTOM 270

/* The scale: from 0 to a round number above everything, in four or five steps. */
struct scale {
	int64_t top;
	int64_t step;
};

static struct scale
make_scale(const struct aw_svg_trend *trend)
{
	static const int64_t rounds[] = { 1, 2, 4, 5, 10 };
	int64_t most = 100, step = 1;

	for (size_t i = 0; i < trend->point_count; i++) {
		if (trend->points[i].value != AW_SVG_NONE && trend->points[i].value > most)
			most = trend->points[i].value;
	}
	for (size_t i = 0; i < trend->target_count; i++)
		most = trend->targets[i].value > most ? trend->targets[i].value : most;
	for (int64_t ten = 1;; ten *= 10) {
		for (size_t i = 0; i < sizeof(rounds) / sizeof(rounds[0]); i++) {
			step = rounds[i] * ten;
			if (step * 4 >= most)
				return (struct scale){ (most + step - 1) / step * step, step };
		}
	}
}

static int64_t
x_of(const struct aw_svg_trend *trend, size_t i)
{
	int64_t room = RIGHT - LEFT - 60;

	if (trend->point_count < 2)
		return (LEFT + RIGHT) / 2;
	return LEFT + 30 + room * (int64_t)i / (int64_t)(trend->point_count - 1);
}

static int64_t
y_of(const struct scale *scale, int64_t value)
{
	return BOTTOM - (int64_t)((double)value * (BOTTOM - TOP) / (double)scale->top);
}

static void
put_text(struct aw_buf *out, const char *class_name, int64_t x, int64_t y, const char *text)
{
	aw_buf_printf(
		out, "<text class=\"%s\" x=\"%" PRId64 "\" y=\"%" PRId64 "\">", class_name, x, y);
	aw_svg_escape(out, text);
	aw_buf_text(out, "</text>");
}

static void
put_axis(struct aw_buf *out, const struct aw_svg_trend *trend, const struct scale *scale)
{
	for (int64_t value = 0; value <= scale->top; value += scale->step) {
		int64_t y = y_of(scale, value);

		aw_buf_printf(out,
			"<line class=\"gl\" x1=\"%d\" x2=\"%d\" y1=\"%" PRId64 "\" y2=\"%" PRId64
			"\"/><text class=\"e\" x=\"%d\" y=\"%" PRId64 "\">%" PRId64,
			LEFT, RIGHT, y, y, LEFT - 8, y + 4, value / 100);
		if (value % 100 != 0)
			aw_buf_printf(out, ".%02d", (int)(value % 100));
		aw_buf_printf(out, "%s</text>", trend->percent ? "%" : "");
	}
}

static void
put_break(struct aw_buf *out, const struct aw_svg_trend *trend)
{
	int64_t x;

	if (trend->break_before == 0 || trend->break_before >= trend->point_count)
		return;
	x = (x_of(trend, trend->break_before) + x_of(trend, trend->break_before - 1)) / 2;
	aw_buf_printf(out,
		"<line class=\"vr\" x1=\"%" PRId64 "\" x2=\"%" PRId64 "\" y1=\"16\" y2=\"274\"/>",
		x, x);
	if (trend->break_text != NULL)
		put_text(out, "s", x + 8, 26, trend->break_text);
}

static void
put_targets(struct aw_buf *out, const struct aw_svg_trend *trend, const struct scale *scale)
{
	for (size_t i = 0; i < trend->target_count; i++) {
		const struct aw_svg_target *target = &trend->targets[i];
		int64_t y = y_of(scale, target->value);
		int64_t x1 = x_of(trend, target->from) - 28, x2 = x_of(trend, target->to) + 28;

		aw_buf_printf(out,
			"<path class=\"tg\" d=\"M%" PRId64 " %" PRId64 " H%" PRId64 "\"/>", x1, y,
			x2);
		put_text(out, "tt e", x2, y - 7, target->text);
	}
}

/* The stretch between two known points: dotted across a changed definition. */
static void
put_lines(struct aw_buf *out, const struct aw_svg_trend *trend, const struct scale *scale)
{
	size_t last = SIZE_MAX;

	for (size_t i = 0; i < trend->point_count; i++) {
		if (trend->points[i].value == AW_SVG_NONE)
			continue;
		if (last != SIZE_MAX)
			aw_buf_printf(out,
				"<line class=\"ln\"%s x1=\"%" PRId64 "\" y1=\"%" PRId64
				"\" x2=\"%" PRId64 "\" y2=\"%" PRId64 "\"/>",
				trend->break_before > last && trend->break_before <= i
					? " stroke-dasharray=\"2 4\""
					: "",
				x_of(trend, last), y_of(scale, trend->points[last].value),
				x_of(trend, i), y_of(scale, trend->points[i].value));
		last = i;
	}
}

/* A value stands above its point; below it behind a fall, and on the far side of a target that runs
 * close by, so that the two texts keep apart. */
static bool
stands_below(const struct aw_svg_trend *trend, const struct scale *scale, size_t i)
{
	int64_t here = trend->points[i].value, y = y_of(scale, here);

	for (size_t t = 0; t < trend->target_count; t++) {
		const struct aw_svg_target *target = &trend->targets[t];
		int64_t apart = y - y_of(scale, target->value);

		if (target->from <= i && i <= target->to && apart > -36 && apart < 36)
			return apart >= 0;
	}
	return i > 0 && trend->points[i - 1].value != AW_SVG_NONE &&
	       trend->points[i - 1].value > here;
}

static void
put_points(struct aw_buf *out, const struct aw_svg_trend *trend, const struct scale *scale)
{
	for (size_t i = 0; i < trend->point_count; i++) {
		const struct aw_svg_point *point = &trend->points[i];
		int64_t x = x_of(trend, i), y;

		put_text(out, "c", x, 300, point->label);
		if (point->below != NULL)
			put_text(out, "c", x, 319, point->below);
		if (point->value == AW_SVG_NONE)
			continue;
		y = y_of(scale, point->value);
		aw_buf_printf(out,
			"<circle class=\"%s\" cx=\"%" PRId64 "\" cy=\"%" PRId64 "\" r=\"5.5\"/>",
			point->part ? "ptf" : "pt", x, y);
		put_text(out, "b c", x, stands_below(trend, scale, i) ? y + 24 : y - 13,
			point->text);
	}
}

const char *
aw_svg_trend(struct aw_arena *arena, const struct aw_svg_trend *trend)
{
	struct aw_buf out = { .arena = arena };
	struct scale scale = make_scale(trend);

	assert(trend->point_count <= MOST_POINTS);
	aw_buf_text(&out, "<svg class=\"fig\" viewBox=\"0 0 680 330\" role=\"img\">");
	aw_svg_titles(&out, trend->title, trend->desc);
	put_axis(&out, trend, &scale);
	put_break(&out, trend);
	put_targets(&out, trend, &scale);
	put_lines(&out, trend, &scale);
	put_points(&out, trend, &scale);
	aw_buf_text(&out, "</svg>");
	return aw_buf_z(&out);
}
