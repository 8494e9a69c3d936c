/**
 * text/phone - telephone numbers of Taiwan: E.164, extension, and the text as written.
 * Layer: text.  Threads: any.  Example: tests/text/test_phone.c
 *
 * Mobile 09 and 8 digits; 02 and 8 digits; other areas 03 037 04 049 05 06 07 08 082 0826 0836 089.
 * Extension behind 分機, 轉, #, ext. +886 and 886 prefixes are read; other countries with + are kept.
 */
#ifndef AW_TEXT_PHONE_H
#define AW_TEXT_PHONE_H

#include <stdbool.h>

#include "base/str.h"

struct aw_phone {
	char e164[17]; /* "+886900012345"; "" when it is no number */
	char extension[9];
	bool mobile;
};

/** Reads one number; false when there is none of a known length and area in the text. */
bool aw_phone_read(struct aw_str typed, struct aw_phone *ret);
/** As shown in Taiwan: 0900-012-345, 02-2420-1122 #305. In the arena. */
char *aw_phone_text(struct aw_arena *arena, const char *e164, const char *extension);

#endif
