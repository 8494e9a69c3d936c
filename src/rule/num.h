/**
 * rule/num - FEEL's numbers: IEEE 754-2008 decimal128, 34 digits.
 * Layer: rule.  Threads: plain data.  Example: tests/rule/test_num.c
 *
 * The type is opaque because only gcc knows decimal floating point: num.c alone is built by gcc,
 * everything else also by clang. The 16 bytes are the binary-integer encoding (BID) of x86-64.
 * A struct aw_num is always finite: operations that could leave the range answer false.
 */
#ifndef AW_RULE_NUM_H
#define AW_RULE_NUM_H

#include "base/str.h"

struct aw_num {
	uint64_t w[2];
};

enum aw_rounding {
	AW_ROUND_HALF_EVEN,
	AW_ROUND_UP,	    /* away from zero */
	AW_ROUND_DOWN,	    /* towards zero */
	AW_ROUND_HALF_UP,   /* halves away from zero */
	AW_ROUND_HALF_DOWN, /* halves towards zero */
	AW_ROUND_FLOOR,
	AW_ROUND_CEILING,
};

struct aw_num aw_num_int(int64_t value);
/** "12", "-.5", "1.2e-3", whole slice; false on anything else or out of range. */
bool aw_num_parse(struct aw_str text, struct aw_num *ret);
/** The shortest decimal text of a double that reads back as the same double. False: not finite. */
bool aw_num_of_double(double value, struct aw_num *ret);
double aw_num_double(struct aw_num a);

/** Plain digits without exponent or trailing zeros: "0.1", "1200", "-3". In the arena. */
char *aw_num_text(struct aw_arena *arena, struct aw_num a);
/** False when it is not whole or does not fit. */
bool aw_num_int64(struct aw_num a, int64_t *ret);
bool aw_num_is_whole(struct aw_num a);

int aw_num_compare(struct aw_num a, struct aw_num b); /* -1, 0, 1 */
int aw_num_sign(struct aw_num a);		      /* -1, 0, 1 */
struct aw_num aw_num_negate(struct aw_num a);

bool aw_num_add(struct aw_num a, struct aw_num b, struct aw_num *ret);
bool aw_num_sub(struct aw_num a, struct aw_num b, struct aw_num *ret);
bool aw_num_mul(struct aw_num a, struct aw_num b, struct aw_num *ret);
bool aw_num_div(struct aw_num a, struct aw_num b, struct aw_num *ret); /* false also for b = 0 */
bool aw_num_pow(struct aw_num a, struct aw_num b, struct aw_num *ret);
/** a - b * floor(a / b): the sign of b. False for b = 0. */
bool aw_num_modulo(struct aw_num a, struct aw_num b, struct aw_num *ret);

/** Rounds at 10^-scale. False when scale is beyond [-6111, 6176] or the result out of range. */
bool aw_num_round(struct aw_num a, int64_t scale, enum aw_rounding rounding, struct aw_num *ret);

bool aw_num_sqrt(struct aw_num a, struct aw_num *ret); /* false for a < 0 */
bool aw_num_exp(struct aw_num a, struct aw_num *ret);
bool aw_num_log(struct aw_num a, struct aw_num *ret); /* natural; false for a <= 0 */

#endif
