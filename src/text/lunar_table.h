/**
 * text/lunar_table - the months that gen_lunar.c makes at build time; text/lunar.c alone reads them.
 * Layer: text.
 */
#ifndef AW_TEXT_LUNAR_TABLE_H
#define AW_TEXT_LUNAR_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct aw_lunar_month {
	int32_t first_day; /* days since 1970-01-01 */
	int16_t year; /* of the common era in which the lunar year begins; 0: behind the last */
	int8_t month; /* 1 to 12 */
	int8_t leap;
};
extern const struct aw_lunar_month aw_lunar_months[]; /* ascending, with an end behind the last */
extern const size_t aw_lunar_month_count;

#endif
