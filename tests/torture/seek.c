/* Where in many bytes one of many needles may begin: overheard.py asks for places whose next eight bytes
 * hash to a bit that is set, and looks there itself. A whole cluster's files are read in seconds. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { HASH_BITS = 24 };

static uint32_t
hash(const uint8_t *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return (uint32_t)((word * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - HASH_BITS));
}

/* Sets the bit of a needle's beginning. */
void
seek_add(uint8_t *bits, const uint8_t *beginning)
{
	uint32_t number = hash(beginning);

	bits[number >> 3] |= (uint8_t)(1u << (number & 7));
}

/* Fills out with up to `room` places from *from on; *from becomes where to go on, len at the end. */
size_t
seek_some(const uint8_t *data, size_t len, const uint8_t *bits, size_t *from, uint64_t *out,
	size_t room)
{
	size_t count = 0, at = *from;

	for (; at + sizeof(uint64_t) <= len && count < room; at++) {
		uint32_t number = hash(data + at);

		if (bits[number >> 3] & (1u << (number & 7)))
			out[count++] = at;
	}
	*from = at + sizeof(uint64_t) <= len ? at : len;
	return count;
}
