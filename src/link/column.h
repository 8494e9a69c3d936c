/**
 * link/column - a column's texts become values: normalised, numbered anew, counted.
 * Layer: link; inner to table.c.  Threads: one a column.
 */
#ifndef AW_LINK_COLUMN_H
#define AW_LINK_COLUMN_H

#include "link/table.h"

/** Takes the raw texts (the dictionary is given up) and the numbers that rows have in it; name, type and
 *  numbers of the column are set already, the rest is filled. */
void aw_column_make(struct aw_column *column, struct aw_dict *raw, size_t rows);

#endif
