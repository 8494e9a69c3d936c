/* page/svg - bars, sparklines, evidence, lines over the years, tiles, lanes. */
#include "page/svg.h"

#include <inttypes.h>

#include "base/str.h"
#include "page/svg_text.h"

static int64_t
clamp(int64_t value, int64_t least, int64_t most)
{
	return value < least ? least : value > most ? most : value;
}

/* Thousandths as a percentage with one place. */
static void
put_percent(struct aw_buf *out, int64_t thousandths)
{
	aw_buf_printf(out, "%" PRId64 ".%" PRId64 "%%", thousandths / 10, thousandths % 10);
}

static void
put_attribute(struct aw_buf *out, const char *name, int64_t thousandths)
{
	aw_buf_printf(out, " %s=\"", name);
	put_percent(out, thousandths);
	aw_buf_char(out, '"');
}

const char *
aw_svg_bar(struct aw_arena *arena, int64_t share, int64_t target, bool bad)
{
	struct aw_buf out = { .arena = arena };

	aw_buf_printf(&out,
		"<svg class=\"barc\" aria-hidden=\"true\"><rect class=\"%c\" x=\"0\" y=\"2\"",
		bad ? 'o' : 'p');
	put_attribute(&out, "width", clamp(share, 0, 1000));
	aw_buf_text(&out, " height=\"10\"/>");
	if (target != AW_SVG_NONE) {
		aw_buf_text(&out, "<line class=\"tg\" y1=\"0\" y2=\"14\"");
		put_attribute(&out, "x1", clamp(target, 0, 1000));
		put_attribute(&out, "x2", clamp(target, 0, 1000));
		aw_buf_text(&out, "/>");
	}
	aw_buf_text(&out, "</svg>");
	return aw_buf_z(&out);
}

/* y in tenths of a pixel, 30 (top) to 310, of a value between low and high. */
static int64_t
spark_y(int64_t value, int64_t low, int64_t high)
{
	return high == low ? 170
			   : 310 - (int64_t)((double)(value - low) * 280.0 / (double)(high - low));
}

const char *
aw_svg_spark(struct aw_arena *arena, const int64_t *values, size_t count, int64_t target)
{
	struct aw_buf out = { .arena = arena };
	int64_t low = INT64_MAX, high = INT64_MIN, x = 0, y = 0;

	for (size_t i = 0; i <= count; i++) {
		int64_t value = i < count ? values[i] : target;

		if (value == AW_SVG_NONE)
			continue;
		low = value < low ? value : low;
		high = value > high ? value : high;
	}
	aw_buf_text(&out,
		"<svg class=\"spark\" viewBox=\"0 0 100 34\" preserveAspectRatio=\"none\" "
		"aria-hidden=\"true\">");
	if (target != AW_SVG_NONE) {
		y = spark_y(target, low, high);
		aw_buf_printf(&out,
			"<line class=\"tg\" x1=\"0\" x2=\"100\" y1=\"%" PRId64 ".%d\" "
			"y2=\"%" PRId64 ".%d\"/>",
			y / 10, (int)(y % 10), y / 10, (int)(y % 10));
	}
	aw_buf_text(&out, "<polyline class=\"ln\" points=\"");
	for (size_t i = 0; i < count; i++) {
		if (values[i] == AW_SVG_NONE)
			continue;
		x = count < 2 ? 1000 : (int64_t)i * 1000 / (int64_t)(count - 1);
		y = spark_y(values[i], low, high);
		aw_buf_printf(&out, "%" PRId64 ".%d,%" PRId64 ".%d ", x / 10, (int)(x % 10), y / 10,
			(int)(y % 10));
	}
	aw_buf_text(&out, "\"/>");
	if (high != INT64_MIN && count > 0)
		aw_buf_printf(&out,
			"<line class=\"end\" x1=\"%" PRId64 "\" x2=\"%" PRId64 "\" y1=\"%" PRId64
			".%d\" y2=\"%" PRId64 ".%d\"/>",
			x / 10, x / 10, y / 10, (int)(y % 10), y / 10, (int)(y % 10));
	aw_buf_text(&out, "</svg>");
	return aw_buf_z(&out);
}

const char *
aw_svg_evidence(struct aw_arena *arena, int64_t millibits)
{
	struct aw_buf out = { .arena = arena };
	/* 14 bits fill the right side, 6 the left */
	int64_t width = millibits < 0 ? clamp(-millibits * 300 / 6000, 8, 300)
				      : clamp(millibits * 700 / 14000, 8, 700);

	aw_buf_text(&out, "<svg class=\"bits\" aria-hidden=\"true\">");
	if (millibits > 0) {
		aw_buf_text(&out, "<rect class=\"p\" x=\"30%\" y=\"1\" height=\"10\"");
		put_attribute(&out, "width", width);
		aw_buf_text(&out, "/>");
	} else if (millibits < 0) {
		aw_buf_text(&out, "<rect class=\"m\" y=\"2\" height=\"8\"");
		put_attribute(&out, "x", 300 - width);
		put_attribute(&out, "width", width);
		aw_buf_text(&out, "/>");
	}
	aw_buf_text(&out, "<line class=\"ax\" x1=\"30%\" x2=\"30%\" y1=\"0\" y2=\"12\"/></svg>");
	return aw_buf_z(&out);
}

const char *
aw_svg_cells(struct aw_arena *arena, int32_t filled)
{
	static const char *const at[] = { "0", "7.6", "15.2", "22.8" };
	struct aw_buf out = { .arena = arena };

	aw_buf_text(&out, "<svg viewBox=\"0 0 30 9\" aria-hidden=\"true\">");
	for (int32_t i = 0; i < 4 && filled != 0; i++)
		aw_buf_printf(&out,
			"<rect class=\"%s\" x=\"%s\" y=\"0\" width=\"6.4\" height=\"9\" rx=\"1\"/>",
			i < filled ? "on" : "off", at[i]);
	if (filled == 0)
		aw_buf_text(&out, "<path class=\"no\" d=\"M1 1 8 8M8 1 1 8\"/>");
	aw_buf_text(&out, "</svg>");
	return aw_buf_z(&out);
}

static void
put_zone(struct aw_buf *out, const char *class_name, int64_t from, int64_t to)
{
	aw_buf_printf(out, "<rect class=\"%s\" y=\"18\" height=\"14\"", class_name);
	put_attribute(out, "x", from);
	put_attribute(out, "width", to - from);
	aw_buf_text(out, "/>");
}

static void
put_limit(struct aw_buf *out, int64_t x, const char *anchor, const char *text)
{
	aw_buf_text(out, "<text");
	put_attribute(out, "x", x);
	aw_buf_printf(out, " y=\"13\" text-anchor=\"%s\">", anchor);
	aw_svg_escape(out, text);
	aw_buf_text(out, "</text>");
}

const char *
aw_svg_zones(struct aw_arena *arena, int64_t at, int64_t from, int64_t to, const char *from_text,
	const char *to_text)
{
	struct aw_buf out = { .arena = arena };

	from = clamp(from, 0, 1000);
	to = clamp(to, from, 1000);
	at = clamp(at, 0, 1000);
	aw_buf_text(&out, "<svg class=\"zones\" aria-hidden=\"true\">");
	put_zone(&out, "z1", 0, from);
	put_zone(&out, "z2", from, to);
	put_zone(&out, "z3", to, 1000);
	aw_buf_text(&out, "<line class=\"pin\" y1=\"10\" y2=\"40\"");
	put_attribute(&out, "x1", at);
	put_attribute(&out, "x2", at);
	aw_buf_text(&out, "/><circle class=\"pinc\" cy=\"8\" r=\"5\"");
	put_attribute(&out, "cx", at);
	aw_buf_text(&out, "/>");
	put_limit(&out, from, "middle", from_text);
	put_limit(&out, to, "end", to_text);
	aw_buf_text(&out, "</svg>");
	return aw_buf_z(&out);
}

/* ---- tiles ---- */

static void
put_hexagon(struct aw_buf *out, const char *class_name, int64_t x, int64_t y, int64_t size)
{
	/* corners of a hexagon standing on its point: 56 high to a corner, 48.5 wide to a side */
	int64_t wide = 485 * size / 1000, tall = 560 * size / 1000, half = 280 * size / 1000;
	const int64_t corners[6][2] = { { x, y - tall }, { x + wide, y - half },
		{ x + wide, y + half }, { x, y + tall }, { x - wide, y + half },
		{ x - wide, y - half } };

	aw_buf_printf(out, "<polygon class=\"%s\" points=\"", class_name);
	for (size_t i = 0; i < 6; i++)
		aw_buf_printf(out, "%s%s%" PRId64 ".%d,%" PRId64 ".%d", i == 0 ? "" : " ",
			corners[i][0] < 0 ? "-" : "",
			corners[i][0] < 0 ? -corners[i][0] / 10 : corners[i][0] / 10,
			(int)(corners[i][0] < 0 ? -corners[i][0] % 10 : corners[i][0] % 10),
			corners[i][1] / 10, (int)(corners[i][1] % 10));
	aw_buf_text(out, "\"/>");
}

static void
put_tile(struct aw_buf *out, const struct aw_svg_tile *tile)
{
	int64_t x = 500 + tile->column_half * 500, y = 620 + tile->row * 870;
	char class_name[8] = "q0";

	class_name[1] = (char)('0' + clamp(tile->step, 0, 5));
	if (tile->link != NULL) {
		aw_buf_text(out, "<a href=\"");
		aw_svg_escape(out, tile->link);
		aw_buf_text(out, "\">");
	}
	put_hexagon(out, class_name, x, y, 1000);
	if (tile->worst)
		put_hexagon(out, "hot", x, y, 946);
	aw_buf_printf(out, "<text class=\"n%s\" x=\"%" PRId64 "\" y=\"%" PRId64 "\">",
		tile->step >= 4 ? " w" : "", x / 10, y / 10 - 1);
	aw_svg_escape(out, tile->name);
	aw_buf_printf(out, "</text><text class=\"val%s\" x=\"%" PRId64 "\" y=\"%" PRId64 "\">%s",
		tile->step >= 4 ? " w" : "", x / 10, y / 10 + 18,
		tile->worst ? "\xe2\x96\xb2 " : "");
	aw_svg_escape(out, tile->text);
	aw_buf_text(out, "</text>");
	if (tile->link != NULL)
		aw_buf_text(out, "</a>");
}

const char *
aw_svg_tiles(struct aw_arena *arena, const char *title, const char *desc,
	const struct aw_svg_tile *tiles, size_t count)
{
	struct aw_buf out = { .arena = arena };
	int32_t columns = 0, rows = 0;

	for (size_t i = 0; i < count; i++) {
		columns = tiles[i].column_half > columns ? tiles[i].column_half : columns;
		rows = tiles[i].row > rows ? tiles[i].row : rows;
	}
	aw_buf_printf(&out, "<svg class=\"map\" viewBox=\"-4 0 %d %d\" role=\"img\">",
		108 + columns * 50, 124 + rows * 87);
	aw_svg_titles(&out, title, desc);
	for (size_t i = 0; i < count; i++) {
		if (!tiles[i].worst)
			put_tile(&out, &tiles[i]);
	}
	for (size_t i = 0; i < count; i++) { /* on top: their outline is whole */
		if (tiles[i].worst)
			put_tile(&out, &tiles[i]);
	}
	aw_buf_text(&out, "</svg>");
	return aw_buf_z(&out);
}

/* ---- lanes ---- */

static void
put_rules(struct aw_buf *out, const struct aw_svg_tick *ticks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		aw_buf_text(out, "<line class=\"gl\" y1=\"0\" y2=\"100%\"");
		put_attribute(out, "x1", clamp(ticks[i].at, 0, 1000));
		put_attribute(out, "x2", clamp(ticks[i].at, 0, 1000));
		aw_buf_text(out, "/>");
	}
}

const char *
aw_svg_axis(struct aw_arena *arena, const struct aw_svg_tick *ticks, size_t count,
	const char *now_label)
{
	struct aw_buf out = { .arena = arena };

	aw_buf_text(&out, "<svg aria-hidden=\"true\">");
	for (size_t i = 0; i < count; i++) {
		if (ticks[i].label == NULL)
			continue;
		aw_buf_text(&out, "<text y=\"16\"");
		put_attribute(&out, "x", clamp(ticks[i].at, 0, 1000));
		aw_buf_char(&out, '>');
		aw_svg_escape(&out, ticks[i].label);
		aw_buf_text(&out, "</text>");
	}
	aw_buf_text(&out, "<text class=\"nt\" x=\"100%\" y=\"16\" text-anchor=\"end\">");
	aw_svg_escape(&out, now_label);
	aw_buf_text(&out, "</text></svg>");
	return aw_buf_z(&out);
}

const char *
aw_svg_lane(struct aw_arena *arena, const struct aw_svg_tick *ticks, size_t count,
	enum aw_svg_lane kind, int64_t from, int64_t to, const char *label)
{
	static const char *const bars[] = { "k", "c", "e", "v" };
	static const char *const words[] = { "nt", "ct", "ct", "vt" };
	struct aw_buf out = { .arena = arena };
	bool inside;

	from = kind == AW_LANE_HIDDEN ? 0 : clamp(from, 0, 998);
	to = kind == AW_LANE_HIDDEN ? 998 : clamp(to, from, 998);
	/* the words stand in the bar when it begins in the first half, else to its left; a solid bar
	 * has dark ground, so they keep outside of it */
	inside = from < 500 && kind != AW_LANE_LEAD;
	aw_buf_text(&out, "<svg role=\"img\"><title>");
	aw_svg_escape(&out, label);
	aw_buf_text(&out, "</title>");
	put_rules(&out, ticks, count);
	aw_buf_printf(&out, "<rect class=\"%s\" y=\"7\" height=\"26\" rx=\"3\"", bars[kind]);
	put_attribute(&out, "x", from);
	put_attribute(&out, "width", to - from < 4 ? 4 : to - from);
	if (kind == AW_LANE_LEAD && from < 500) {
		aw_buf_text(&out, "/><text class=\"kt\" y=\"24.5\"");
		put_attribute(&out, "x", from + 9);
	} else {
		aw_buf_printf(&out, "/><text class=\"%s\" y=\"24.5\"", words[kind]);
		put_attribute(&out, "x", inside ? from + 9 : from - 9);
		if (!inside)
			aw_buf_text(&out, " text-anchor=\"end\"");
	}
	aw_buf_char(&out, '>');
	aw_svg_escape(&out, label);
	aw_buf_text(&out,
		"</text><line class=\"now\" x1=\"99.8%\" x2=\"99.8%\" y1=\"0\" y2=\"100%\"/>"
		"</svg>");
	return aw_buf_z(&out);
}
