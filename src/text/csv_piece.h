/**
 * text/csv_piece - a long CSV cut into pieces at the ends of rows, before anything is decoded.
 * Layer: text.  Threads: any.  Example: tests/text/test_csv_piece.c
 *
 * Works on bytes of UTF-8 and Big5 alike: in both, a quote, a comma and a line break are bytes of their own
 * and never part of a longer character. Quotes count as in text/csv.h: at the beginning of a value, and
 * doubled inside one. A quote that is never closed would make the rest of the file one row; past
 * AW_CSV_VALUE_LIMIT bytes the row is taken to end with its first line, as the reader does.
 */
#ifndef AW_TEXT_CSV_PIECE_H
#define AW_TEXT_CSV_PIECE_H

#include "text/csv.h"

/** Bytes of the first row, its line break included; 0 when there is none yet and more may come. */
size_t aw_csv_first_row(struct aw_str bytes, bool is_end);

/**
 * Bytes from the beginning that end with a row, at most `most` unless the first row alone is longer;
 * *ret_lines: line breaks among them. 0 when no row ends here and more may come (is_end false).
 */
size_t aw_csv_piece(struct aw_str bytes, size_t most, bool is_end, uint32_t *ret_lines);

#endif
