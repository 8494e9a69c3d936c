/**
 * page/qr - a text as a QR code, drawn on the server.
 * Layer: page.  Threads: pure.  Example: tests/page/test_qr.c
 *
 * ISO/IEC 18004 by libqrencode: byte mode, error correction M, the smallest version that holds it.
 * An <svg class="qr"> of one path, with the four modules of quiet zone around it, <title> in it; no
 * style attribute and no outside reference. For AW_VIEW_RAW fields.
 */
#ifndef AW_PAGE_QR_H
#define AW_PAGE_QR_H

#include "base/arena.h"

/** In the arena; NULL when the text does not fit (2,331 bytes) or memory runs out. title: display
 *  text, escaped here. */
const char *aw_qr_svg(struct aw_arena *arena, const char *text, const char *title);

#endif
