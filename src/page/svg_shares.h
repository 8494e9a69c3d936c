/**
 * page/svg_shares - groups as bars of equal length, each cut by what share goes where.
 * Layer: page.  Threads: pure.  Example: tests/page/test_svg.c
 *
 * As page/svg.h says of all drawings: classes alone, title and description, texts escaped here. The table
 * beside it holds the same numbers.
 */
#ifndef AW_PAGE_SVG_SHARES_H
#define AW_PAGE_SVG_SHARES_H

#include <stdint.h>

#include "base/arena.h"

enum {
	AW_SVG_SHARES_MOST = 5
}; /* parts of a bar: classes q5, q4, ... q1; what is left over is q0 */

struct aw_svg_share_row {
	const char *label;
	const char *total_text; /* behind the bar: 1,204 */
	int64_t total;		/* 0: no bar */
	int64_t parts[AW_SVG_SHARES_MOST];
};

/* Drawn for a width: text does not shrink with its picture. */
enum aw_svg_width {
	AW_SVG_WIDE,   /* labels before the bars */
	AW_SVG_NARROW, /* ... above them: a telephone's 340 px */
};

const char *aw_svg_shares(struct aw_arena *arena, enum aw_svg_width width, const char *title,
	const char *desc, const struct aw_svg_share_row *rows, size_t count, size_t part_count);

#endif
