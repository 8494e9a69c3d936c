/**
 * base/id - ids that the program gives before it inserts, public numbers, and codes for people.
 * Layer: base.  Threads: an id source is guarded by its owner (the demo's), or shared and locked
 * (aw_ids_real). Example: tests/base/test_id.c
 *
 * An internal id is a positive 63-bit number that grows with time: 41 bits of milliseconds since
 * 1970, 22 bits of random low part that is counted up within one millisecond (a deterministic source's is
 * counted up all the time). Internal ids never leave the program;
 * people and other systems see public numbers, which carry a check digit.
 */
#ifndef AW_BASE_ID_H
#define AW_BASE_ID_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* Deterministic numbers by seed for the demo, for tests and for sampling (xoshiro256** seeded by
 * splitmix64, Blackman and Vigna 2018). Never for secrets: those come from libsodium. */
struct aw_random {
	uint64_t s[4];
};
void aw_random_seed(struct aw_random *random, uint64_t seed);
uint64_t aw_random_next(struct aw_random *random);
/** Uniform in [0, below), without modulo bias; below must not be 0. */
uint64_t aw_random_below(struct aw_random *random, uint64_t below);
double aw_random_unit(struct aw_random *random); /* [0, 1) */

struct aw_ids {
	pthread_mutex_t lock;
	int64_t last;
	struct aw_random *random; /* NULL = real: the low bits come from the kernel */
};

/** An id source. random NULL for a real one; else deterministic and borrowed. */
void aw_ids_init(struct aw_ids *ids, struct aw_random *random);
/** The next id for something that happens at now_ms. Never repeats within a real source; a deterministic one,
 *  whose now_ms may go back, repeats none of its last four million. */
int64_t aw_id_next(struct aw_ids *ids, int64_t now_ms);

/**
 * Public numbers: kind letter and city code, ROC day, the day's count, check digit:
 * "RC1101206-0005-3" is a report (R) of Keelung (C).
 * The check digit is ISO 7064 MOD 11,10 over all digits before it: it finds every single wrong
 * digit and every swap of neighbours.
 */
char *aw_public_number(struct aw_arena *arena, const char *prefix, int32_t day, int64_t count);
/** True if text is well-formed, begins with prefix ("" accepts any) and its check digit holds. */
bool aw_public_number_valid(const char *text, const char *prefix);
/** ISO 7064 MOD 11,10 over the digits in text, other characters passed over. Returns 0-9. */
int aw_check_digit(const char *text);

/** Crockford base 32 of `bits` random bits from `random` bytes, in groups of four: "7K3M-Q2XP-...". */
char *aw_code32(struct aw_arena *arena, const uint8_t *random, size_t bits);
/** Canonical form of a typed code: upper case, O->0, I/L->1, no dashes or spaces; NULL if a
 *  character does not belong. */
char *aw_code32_canonical(struct aw_arena *arena, const char *typed);

#endif
