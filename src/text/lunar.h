/**
 * text/lunar - the lunar calendar 農曆, by which elders tell their birthdays.
 * Layer: text.  Threads: the table is constant.  Example: tests/text/test_lunar.c
 *
 * A register that wrote down a lunar birthday as if it were solar holds the same month and day numbers
 * of another calendar. Years 1890 to 2060; the table comes from ICU's Chinese calendar at build time.
 */
#ifndef AW_TEXT_LUNAR_H
#define AW_TEXT_LUNAR_H

#include <stdbool.h>
#include <stdint.h>

struct aw_lunar_date {
	int32_t year; /* of the common era in which the lunar year begins */
	int32_t month;
	int32_t day;
	bool leap; /* the second month of the number: 閏四月 */
};

/** False outside the table. Cost: a binary search over 2,100 months. */
bool aw_lunar_of_day(int32_t day, struct aw_lunar_date *ret_date);
/** The solar day of a lunar date; false when there is no such date. */
bool aw_lunar_to_day(const struct aw_lunar_date *date, int32_t *ret_day);

/** Is one of two days the other's lunar date read as a solar one? */
bool aw_lunar_mistaken(int32_t a, int32_t b);

#endif
