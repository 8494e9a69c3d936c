/**
 * text/numeral - whole numbers in Arabic or Chinese numerals within code points.
 * Layer: text; shared by roc.c and address.c.  Threads: any.
 */
#ifndef AW_TEXT_NUMERAL_H
#define AW_TEXT_NUMERAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct aw_figure {
	int32_t value;
	size_t digits; /* as written in Arabic digits; 0 = Chinese numerals */
};

/** Value of one Chinese digit (〇零元一 to 九), -1 for any other character. */
int32_t aw_chinese_digit(uint32_t c);
/** Reads 177, 一百一十, 二十三, 十, 廿五, 三〇 from c[*at]; c ends in 0. False (and *at untouched) when
 *  there is none, or more than 8 digits. */
bool aw_figure_take(const uint32_t *c, size_t *at, struct aw_figure *ret);
/** 1 to 99 in Chinese numerals: 一, 十, 二十三. Others in digits. In the arena. */
char *aw_chinese_number(struct aw_arena *arena, int32_t value);

#endif
