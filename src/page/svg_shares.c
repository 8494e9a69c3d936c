/* page/svg_shares - bars cut by share. */
#include "page/svg_shares.h"

#include <inttypes.h>

#include "page/svg_text.h"

enum { BAR = 22, TEXT_LEAST = 36 };

/* Where a row has its parts. */
struct shape {
	const char *name; /* class */
	int64_t whole, row;
	int64_t left, width, top; /* of the bar */
	const char *label;	  /* class */
	int64_t label_x, total_x, text_y;
	const char *total; /* class */
};

static const struct shape shapes[] = {
	[AW_SVG_WIDE] = { "wide", 720, 34, 200, 440, 4, "e", 190, 650, 20, "s" },
	[AW_SVG_NARROW] = { "narrow", 340, 50, 0, 340, 20, "s", 0, 340, 14, "e" },
};

static void
put_part(struct aw_buf *out, const struct shape *shape, int64_t from, int64_t to, int64_t y,
	int64_t shade, int64_t count)
{
	aw_buf_printf(out,
		"<rect class=\"q%" PRId64 "\" x=\"%" PRId64 "\" y=\"%" PRId64 "\" width=\"%" PRId64
		"\" height=\"%d\"/>",
		shade, shape->left + from, y, to - from, BAR);
	if (shade > 0 && to - from >= TEXT_LEAST)
		aw_buf_printf(out,
			"<text class=\"c%s\" x=\"%" PRId64 "\" y=\"%" PRId64 "\">%" PRId64
			"</text>",
			shade >= 4 ? " w" : " d", shape->left + (from + to) / 2, y + 16, count);
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
put_row(struct aw_buf *out, const struct shape *shape, const struct aw_svg_share_row *row,
	size_t at, size_t part_count)
{
	int64_t sum = 0, from = 0, y = (int64_t)at * shape->row;

	put_text(out, shape->label, shape->label_x, y + shape->text_y, row->label);
	for (size_t i = 0; i < part_count && row->total > 0; i++) {
		int64_t to;

		sum += row->parts[i];
		to = sum * shape->width / row->total;
		if (to > from)
			put_part(out, shape, from, to, y + shape->top,
				AW_SVG_SHARES_MOST - (int64_t)i, row->parts[i]);
		from = to;
	}
	if (row->total > 0 && from < shape->width && sum < row->total)
		put_part(out, shape, from, shape->width, y + shape->top, 0, 0);
	put_text(out, shape->total, shape->total_x, y + shape->text_y, row->total_text);
}

const char *
aw_svg_shares(struct aw_arena *arena, enum aw_svg_width width, const char *title, const char *desc,
	const struct aw_svg_share_row *rows, size_t count, size_t part_count)
{
	const struct shape *shape = &shapes[width];
	struct aw_buf out = { .arena = arena };

	aw_buf_printf(&out,
		"<svg class=\"fig shares %s\" viewBox=\"0 0 %" PRId64 " %" PRId64
		"\" role=\"img\">",
		shape->name, shape->whole, (int64_t)count * shape->row);
	aw_svg_titles(&out, title, desc);
	for (size_t i = 0; i < count; i++)
		put_row(&out, shape, &rows[i], i, part_count);
	aw_buf_text(&out, "</svg>");
	return aw_buf_z(&out);
}
