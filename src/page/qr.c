/* A QR code as one path of an SVG: a stroke for each run of dark modules. */
#include "page/qr.h"

#include <qrencode.h>

#include "base/str.h"
#include "page/svg_text.h"

enum { QUIET = 4 };

static bool
is_dark(const QRcode *code, int x, int y)
{
	return (code->data[y * code->width + x] & 1) != 0;
}

static void
draw_row(struct aw_buf *out, const QRcode *code, int y)
{
	for (int x = 0; x < code->width; x++) {
		int from = x;

		while (x < code->width && is_dark(code, x, y))
			x++;
		if (x > from)
			aw_buf_printf(out, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from,
				x - from);
	}
}

const char *
aw_qr_svg(struct aw_arena *arena, const char *text, const char *title)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	struct aw_buf out = { .arena = arena };
	int size;

	if (code == NULL)
		return NULL;
	size = code->width + 2 * QUIET;
	aw_buf_printf(
		&out, "<svg class=\"qr\" viewBox=\"0 0 %d %d\" role=\"img\"><title>", size, size);
	aw_svg_escape(&out, title);
	aw_buf_printf(&out,
		"</title><path class=\"qr-0\" d=\"M0 0h%dv%dh-%dz\"/><path class=\"qr-1\" d=\"",
		size, size, size);
	for (int y = 0; y < code->width; y++)
		draw_row(&out, code, y);
	aw_buf_text(&out, "\"/></svg>");
	QRcode_free(code);
	return aw_arena_strdup(arena, aw_buf_z(&out));
}
