/**
 * link/kernel - likeness of two strings, worked out a machine word at a time.
 * Layer: link.  Threads: pure.  Example: tests/link/test_kernel.c (beside naive forms, a million pairs)
 *
 * A string is an array of units: bytes where all its characters are ASCII, else code points. The one
 * primitive is the row of the equality matrix: which of 64 units of a pattern equal one unit, by
 * vector compares and with no table to build. Jaro's matches, and Myers' and Hyyrö's bit vectors,
 * both feed on that row.
 * Sources: Jaro 1989 and Winkler 1990 (likeness; the common beginning counts only above 0.7, and half
 * the transpositions are rounded down, as in Winkler's own code); Myers 1999, Hyyrö 2003 (distances).
 */
#ifndef AW_LINK_KERNEL_H
#define AW_LINK_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AW_UNITS_LIMIT = 4096, AW_UNITS_PAD = 16 };

struct aw_units {
	const void *
		at; /* count bytes, or count uint32_t; AW_UNITS_PAD bytes behind them are readable */
	uint32_t count; /* at most AW_UNITS_LIMIT */
	bool wide;	/* uint32_t, aligned as such */
};

static inline uint32_t
aw_unit_at(struct aw_units units, uint32_t i)
{
	return units.wide ? ((const uint32_t *)units.at)[i] : ((const uint8_t *)units.at)[i];
}

bool aw_units_eq(struct aw_units a, struct aw_units b);

/** 0 to 1; symmetric; 1 for two empty strings. Cost: about 1 ns a unit up to 64 units. */
double aw_kernel_jaro(struct aw_units a, struct aw_units b);
double aw_kernel_jaro_winkler(struct aw_units a, struct aw_units b);

/** Insertions, deletions and substitutions; with `osa` swaps of neighbours too, each place touched once
 *  (optimal string alignment). `most` + 1 as soon as it is more than that. */
uint32_t aw_kernel_distance(struct aw_units a, struct aw_units b, bool osa, uint32_t most);

/** Which of the first 16 bytes differ, as bits: for numbers of equal length, where the mask tells one
 *  wrong digit (one bit) and a swap of neighbours (two bits beside each other, crosswise equal). */
uint32_t aw_kernel_mismatch(const void *a, const void *b, uint32_t count);
/** True when two byte strings of one length (at most 16) are one substitution or one swap apart. */
bool aw_kernel_one_slip(const uint8_t *a, const uint8_t *b, uint32_t count);

#endif
