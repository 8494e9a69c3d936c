/**
 * city/indicator/suppress - which cells of a table of counts must not be shown.
 * Layer: city, room indicator.  Threads: pure.  Example: tests/city/indicator/test_suppress.c
 *
 * A count of 1 to least - 1 might tell who it is. Hiding it alone is not enough: whoever reads the sums of
 * rows and columns works it out. So more cells are hidden, as few and as small as found, until whoever
 * knows all sums and all shown cells, and that counts are whole and not negative, cannot say of any such
 * cell that it is below `least`. What a reader may still think is worked out exactly: a table of hidden
 * cells with its sums is a network, and the most that a cell may be is a maximal flow in it.
 */
#ifndef AW_CITY_INDICATOR_SUPPRESS_H
#define AW_CITY_INDICATOR_SUPPRESS_H

#include <stdbool.h>

#include "base/arena.h"

enum { AW_SUPPRESS_SIDE = 48 }; /* most rows, and most columns */

/** Puts groups whose total is 1 to least - 1 together, with the next smaller ones, until what they make up
 *  is enough. into[i]: the group that i goes to, itself or the last one of those put together. Totals of
 *  0 stay alone. False: all of them together are too few to show anything. */
bool aw_suppress_merge(const int64_t *totals, size_t count, int64_t least, size_t *into);

/** at: rows x columns, row by row; rows' and columns' sums are 0 or at least `least`. Sets hidden. */
void aw_suppress(const int64_t *at, size_t rows, size_t columns, int64_t least, bool *ret_hidden);

/** The most that a hidden cell may be, for whoever sees all the rest. */
int64_t
aw_suppress_most(const int64_t *at, size_t rows, size_t columns, const bool *hidden, size_t cell);

#endif
