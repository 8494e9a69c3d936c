/* A QR code is the library's modules, drawn once, with nothing a page may not hold. */
#include "page/qr.h"

#include <qrencode.h>
#include <string.h>

#include "../testing.h"

/* Is the module at (x, y) covered by a run of the path? */
static bool
is_drawn(const char *svg, int x, int y)
{
	const char *path = strstr(svg, "qr-1\" d=\"");

	assert_non_null(path);
	for (const char *at = path; (at = strchr(at, 'M')) != NULL; at++) {
		int from, row, width;

		if (sscanf(at, "M%d %dh%d", &from, &row, &width) == 3 && row == y && x >= from &&
			x < from + width)
			return true;
	}
	return false;
}

static void
every_dark_module_is_drawn_and_no_light_one(void **state)
{
	static const char text[] =
		"otpauth://totp/Anwang:hsu?secret=JBSWY3DPEHPK3PXP&issuer=Anwang";
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *svg = aw_qr_svg(&arena, text, "hsu");
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

	(void)state;
	assert_non_null(svg);
	for (int y = 0; y < code->width; y++)
		for (int x = 0; x < code->width; x++)
			assert_int_equal(
				is_drawn(svg, x + 4, y + 4), code->data[y * code->width + x] & 1);
	assert_false(is_drawn(svg, 3, 4) || is_drawn(svg, 4, 3)); /* the quiet zone */
	QRcode_free(code);
}

static void
its_title_is_escaped_and_it_holds_no_style(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *svg = aw_qr_svg(&arena, "x", "a<b>&\"");

	(void)state;
	assert_non_null(strstr(svg, "<title>a&lt;b&gt;&amp;&quot;</title>"));
	assert_null(strstr(svg, "style"));
	assert_null(strstr(svg, "href"));
}

static void
what_does_not_fit_is_no_code(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	char *long_text = aw_arena_alloc(&arena, 4001);

	(void)state;
	memset(long_text, 'a', 4000);
	long_text[4000] = '\0';
	assert_null(aw_qr_svg(&arena, long_text, "x"));
}

AW_TESTS(cmocka_unit_test(every_dark_module_is_drawn_and_no_light_one),
	cmocka_unit_test(its_title_is_escaped_and_it_holds_no_style),
	cmocka_unit_test(what_does_not_fit_is_no_code))
