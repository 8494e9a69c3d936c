/* Likeness of two strings, a machine word at a time. */
#include "link/kernel.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { WORD = 64, WORDS = AW_UNITS_LIMIT / WORD };

static const double WINKLER_FROM = 0.7, WINKLER_EACH = 0.1;

/* -- the equality matrix ------------------------------------------------------------------------- */

static inline uint64_t
low_bits(uint32_t count)
{
	return count >= WORD ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1;
}

/* Bits of the count units from `at` on that equal c; bits behind count are noise. */
static inline uint64_t
row_narrow(const uint8_t *at, uint32_t count, uint32_t c)
{
	uint64_t row = 0;

	if (c > UINT8_MAX)
		return 0;
#if defined(__SSE2__)
	for (uint32_t i = 0; i < count; i += 16) {
		__m128i chunk = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
		__m128i same = _mm_cmpeq_epi8(chunk, _mm_set1_epi8((char)c));

		row |= (uint64_t)(uint32_t)_mm_movemask_epi8(same) << i;
	}
#else
	for (uint32_t i = 0; i < count; i++)
		row |= (uint64_t)(at[i] == c) << i;
#endif
	return row;
}

static inline uint64_t
row_wide(const uint32_t *at, uint32_t count, uint32_t c)
{
	uint64_t row = 0;

#if defined(__SSE2__)
	for (uint32_t i = 0; i < count; i += 4) {
		__m128i chunk = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
		__m128i same = _mm_cmpeq_epi32(chunk, _mm_set1_epi32((int)c));

		row |= (uint64_t)(uint32_t)_mm_movemask_ps(_mm_castsi128_ps(same)) << i;
	}
#else
	for (uint32_t i = 0; i < count; i++)
		row |= (uint64_t)(at[i] == c) << i;
#endif
	return row;
}

/* The row of word `word` of the pattern, clean behind its end. */
static inline uint64_t
row_of(struct aw_units pattern, uint32_t word, uint32_t c)
{
	uint32_t from = word * WORD;
	uint32_t count = pattern.count - from < WORD ? pattern.count - from : WORD;
	uint64_t row = pattern.wide ? row_wide((const uint32_t *)pattern.at + from, count, c)
				    : row_narrow((const uint8_t *)pattern.at + from, count, c);

	return row & low_bits(count);
}

bool
aw_units_eq(struct aw_units a, struct aw_units b)
{
	if (a.count != b.count)
		return false;
	if (a.wide == b.wide)
		return memcmp(a.at, b.at, a.count * (a.wide ? sizeof(uint32_t) : 1)) == 0;
	for (uint32_t i = 0; i < a.count; i++)
		if (aw_unit_at(a, i) != aw_unit_at(b, i))
			return false;
	return true;
}

/* -- Jaro and Winkler ---------------------------------------------------------------------------- */

static double
jaro_of(double matches, double moved, struct aw_units a, struct aw_units b)
{
	return (matches / a.count + matches / b.count + (matches - moved) / matches) / 3.0;
}

/* Both of at most 64 units: flags are one word each. */
static double
jaro_short(struct aw_units a, struct aw_units b, uint32_t reach)
{
	uint64_t found_a = 0, found_b = 0;
	uint32_t matches = 0, moved = 0;

	for (uint32_t j = 0; j < b.count; j++) {
		uint32_t from = j > reach ? j - reach : 0;
		uint64_t row;

		if (from >= a.count)
			break;
		row = row_of(a, 0, aw_unit_at(b, j)) & ~found_a;
		row &= low_bits(j + reach + 1) & ~low_bits(from);
		if (row == 0)
			continue;
		found_a |= row & (0 - row);
		found_b |= UINT64_C(1) << j;
		matches++;
	}
	if (matches == 0)
		return 0.0;
	for (; found_b != 0; found_a &= found_a - 1, found_b &= found_b - 1) {
		uint32_t i = (uint32_t)__builtin_ctzll(found_a);
		uint32_t j = (uint32_t)__builtin_ctzll(found_b);

		moved += aw_unit_at(a, i) != aw_unit_at(b, j) ? 1 : 0;
	}
	moved /= 2; /* two that changed places are one */
	return jaro_of(matches, moved, a, b);
}

static inline bool
bit_at(const uint64_t *bits, uint32_t i)
{
	return (bits[i / WORD] >> (i % WORD) & 1) != 0;
}

static double
jaro_long(struct aw_units a, struct aw_units b, uint32_t reach)
{
	uint64_t found_a[WORDS] = { 0 }, found_b[WORDS] = { 0 };
	uint32_t matches = 0, moved = 0, i = 0;

	for (uint32_t j = 0; j < b.count; j++) {
		uint32_t from = j > reach ? j - reach : 0, c = aw_unit_at(b, j);

		for (uint32_t k = from; k < a.count && k <= j + reach; k++) {
			if (bit_at(found_a, k) || aw_unit_at(a, k) != c)
				continue;
			found_a[k / WORD] |= UINT64_C(1) << (k % WORD);
			found_b[j / WORD] |= UINT64_C(1) << (j % WORD);
			matches++;
			break;
		}
	}
	if (matches == 0)
		return 0.0;
	for (uint32_t j = 0; j < b.count; j++) {
		if (!bit_at(found_b, j))
			continue;
		while (!bit_at(found_a, i))
			i++;
		moved += aw_unit_at(a, i++) != aw_unit_at(b, j) ? 1 : 0;
	}
	moved /= 2; /* two that changed places are one */
	return jaro_of(matches, moved, a, b);
}

double
aw_kernel_jaro(struct aw_units a, struct aw_units b)
{
	uint32_t longer = a.count > b.count ? a.count : b.count;
	uint32_t reach = longer / 2 > 0 ? longer / 2 - 1 : 0;

	if (a.count == 0 || b.count == 0)
		return a.count == b.count ? 1.0 : 0.0;
	return longer <= WORD ? jaro_short(a, b, reach) : jaro_long(a, b, reach);
}

double
aw_kernel_jaro_winkler(struct aw_units a, struct aw_units b)
{
	double jaro = aw_kernel_jaro(a, b);
	uint32_t prefix = 0;

	if (jaro <= WINKLER_FROM)
		return jaro;
	while (prefix < 4 && prefix < a.count && prefix < b.count &&
		aw_unit_at(a, prefix) == aw_unit_at(b, prefix))
		prefix++;
	return jaro + prefix * WINKLER_EACH * (1.0 - jaro);
}

/* -- distances ----------------------------------------------------------------------------------- */

/* One word of a column of Hyyrö's vectors, and what it had in the column before. */
struct column {
	uint64_t up, down; /* vertical differences: +1, -1 */
	uint64_t diagonal, row;
};

/* A step of one word; carries run from the word below. The new column's row and diagonal of the word
 * below (its last bits) come in `under_row` and `under_diagonal` for a swap over the border. */
struct carry {
	uint64_t up, down; /* horizontal differences that come in */
	uint64_t under_row, under_diagonal;
};

static inline void
step(struct column *at, struct carry *carry, uint64_t row, bool osa, uint64_t *ret_up,
	uint64_t *ret_down)
{
	uint64_t swap = 0, diagonal, in = row | carry->down, up, down;
	uint64_t was_diagonal = at->diagonal;

	if (osa)
		swap = (((~was_diagonal & row) << 1) |
			       ((~carry->under_diagonal & carry->under_row) >> (WORD - 1))) &
		       at->row;
	diagonal = (((in & at->up) + at->up) ^ at->up) | in | at->down | swap;
	up = at->down | ~(diagonal | at->up);
	down = diagonal & at->up;
	*ret_up = up;
	*ret_down = down;
	carry->under_row = row;
	carry->under_diagonal = was_diagonal;
	up = up << 1 | carry->up;
	down = down << 1 | carry->down;
	carry->up = *ret_up >> (WORD - 1);
	carry->down = *ret_down >> (WORD - 1);
	at->up = down | ~(diagonal | up);
	at->down = up & diagonal;
	at->diagonal = diagonal;
	at->row = row;
}

/* Pattern of at most 64 units. */
static uint32_t
distance_short(struct aw_units pattern, struct aw_units text, bool osa, uint32_t most)
{
	struct column column = { ~UINT64_C(0), 0, 0, 0 };
	uint64_t last = UINT64_C(1) << (pattern.count - 1), up, down;
	uint32_t distance = pattern.count;

	for (uint32_t j = 0; j < text.count; j++) {
		struct carry carry = { 1, 0, 0, 0 };

		step(&column, &carry, row_of(pattern, 0, aw_unit_at(text, j)), osa, &up, &down);
		distance += (up & last) != 0 ? 1 : 0;
		distance -= (down & last) != 0 ? 1 : 0;
		if (distance > most + (text.count - 1 - j))
			return most + 1;
	}
	return distance;
}

static uint32_t
distance_long(struct aw_units pattern, struct aw_units text, bool osa, uint32_t most)
{
	struct column columns[WORDS];
	uint32_t words = (pattern.count + WORD - 1) / WORD, distance = pattern.count;
	uint64_t last = UINT64_C(1) << ((pattern.count - 1) % WORD), up = 0, down = 0;

	for (uint32_t w = 0; w < words; w++)
		columns[w] = (struct column){ ~UINT64_C(0), 0, 0, 0 };
	for (uint32_t j = 0; j < text.count; j++) {
		struct carry carry = { 1, 0, 0, 0 };
		uint32_t c = aw_unit_at(text, j);

		for (uint32_t w = 0; w < words; w++)
			step(&columns[w], &carry, row_of(pattern, w, c), osa, &up, &down);
		distance += (up & last) != 0 ? 1 : 0;
		distance -= (down & last) != 0 ? 1 : 0;
		if (distance > most + (text.count - 1 - j))
			return most + 1;
	}
	return distance;
}

uint32_t
aw_kernel_distance(struct aw_units a, struct aw_units b, bool osa, uint32_t most)
{
	struct aw_units shorter = a.count <= b.count ? a : b, longer = a.count <= b.count ? b : a;
	uint32_t distance;

	if (most >= AW_UNITS_LIMIT)
		most = AW_UNITS_LIMIT;
	if (longer.count - shorter.count > most)
		return most + 1;
	if (shorter.count == 0)
		return longer.count;
	distance = shorter.count <= WORD ? distance_short(shorter, longer, osa, most)
					 : distance_long(shorter, longer, osa, most);
	return distance <= most ? distance : most + 1;
}

/* -- numbers ------------------------------------------------------------------------------------- */

uint32_t
aw_kernel_mismatch(const void *a, const void *b, uint32_t count)
{
	uint32_t mask = 0;

#if defined(__SSE2__)
	__m128i x = _mm_loadu_si128(a), y = _mm_loadu_si128(b);

	mask = ~(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y));
#else
	for (uint32_t i = 0; i < count && i < 16; i++)
		mask |= (uint32_t)(((const uint8_t *)a)[i] != ((const uint8_t *)b)[i]) << i;
#endif
	return mask & (uint32_t)low_bits(count < 16 ? count : 16);
}

bool
aw_kernel_one_slip(const uint8_t *a, const uint8_t *b, uint32_t count)
{
	uint32_t mask = aw_kernel_mismatch(a, b, count), i;

	if (mask == 0 || (mask & (mask - 1)) == 0)
		return mask != 0;
	i = (uint32_t)__builtin_ctz(mask);
	return mask == UINT32_C(3) << i && a[i] == b[i + 1] && a[i + 1] == b[i];
}
