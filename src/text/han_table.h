/**
 * text/han_table - the tables that gen_han.c makes at build time; text/fold.c alone reads them.
 * Layer: text.
 */
#ifndef AW_TEXT_HAN_TABLE_H
#define AW_TEXT_HAN_TABLE_H

#include <stddef.h>
#include <stdint.h>

#define AW_HAN_FIRST 0x3400u
#define AW_HAN_COUNT 0x6C00u /* U+3400 to U+9FFF */

struct aw_han_pair {
	uint32_t from, to;
};
extern const uint16_t aw_han_fold[AW_HAN_COUNT];
extern const uint16_t aw_han_sound[AW_HAN_COUNT]; /* with a bit for who stands in aw_han_more */
#define AW_HAN_HEARD_MORE 0x8000u
extern const struct aw_han_pair aw_han_extra[]; /* few: searched in order */
extern const size_t aw_han_extra_count;

struct aw_han_readings {
	uint32_t of;
	uint16_t sounds[2]; /* beside aw_han_sound; 0 none */
};
extern const struct aw_han_readings aw_han_more[]; /* few: searched in order */
extern const size_t aw_han_more_count;

#endif
