/* page/svg_shares - bars cut by share. */
#include "page/svg_shares.h"

#include <inttypes.h>

#include "page/svg_text.h"

enum { LEFT = 200, WIDTH = 440, ROW = 34, BAR = 22, RIGHT = 80, TEXT_LEAST = 36 };

static void
put_part(struct aw_buf *out, int64_t from, int64_t to, size_t row, int64_t shade, int64_t count)
{
	int64_t y = (int64_t)row * ROW;

	aw_buf_printf(out,
		"<rect class=\"q%" PRId64 "\" x=\"%" PRId64 "\" y=\"%" PRId64 "\" width=\"%" PRId64
		"\" height=\"%d\"/>",
		shade, LEFT + from, y + 4, to - from, BAR);
	if (shade > 0 && to - from >= TEXT_LEAST)
		aw_buf_printf(out,
			"<text class=\"c%s\" x=\"%" PRId64 "\" y=\"%" PRId64 "\">%" PRId64
			"</text>",
			shade >= 4 ? " w" : " d", LEFT + (from + to) / 2, y + 20, count);
}

static void
put_row(struct aw_buf *out, const struct aw_svg_share_row *row, size_t at, size_t part_count)
{
	int64_t sum = 0, from = 0;

	aw_buf_printf(out, "<text class=\"e\" x=\"%d\" y=\"%zu\">", LEFT - 10, at * ROW + 20);
	aw_svg_escape(out, row->label);
	aw_buf_text(out, "</text>");
	for (size_t i = 0; i < part_count && row->total > 0; i++) {
		int64_t to;

		sum += row->parts[i];
		to = sum * WIDTH / row->total;
		if (to > from)
			put_part(out, from, to, at, AW_SVG_SHARES_MOST - (int64_t)i, row->parts[i]);
		from = to;
	}
	if (row->total > 0 && from < WIDTH && sum < row->total)
		put_part(out, from, WIDTH, at, 0, 0);
	aw_buf_printf(out, "<text x=\"%d\" y=\"%zu\">", LEFT + WIDTH + 10, at * ROW + 20);
	aw_svg_escape(out, row->total_text);
	aw_buf_text(out, "</text>");
}

const char *
aw_svg_shares(struct aw_arena *arena, const char *title, const char *desc,
	const struct aw_svg_share_row *rows, size_t count, size_t part_count)
{
	struct aw_buf out = { .arena = arena };

	aw_buf_printf(&out, "<svg class=\"fig shares\" viewBox=\"0 0 %d %zu\" role=\"img\">",
		LEFT + WIDTH + RIGHT, count * ROW);
	aw_svg_titles(&out, title, desc);
	for (size_t i = 0; i < count; i++)
		put_row(&out, &rows[i], i, part_count);
	aw_buf_text(&out, "</svg>");
	return aw_buf_z(&out);
}
