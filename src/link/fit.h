/**
 * link/fit - m and u of every level of every field of a spec, and the weights they come to.
 * Layer: link.  Threads: never changes once made.  Example: tests/link/test_batch.c
 *
 * m = P(level | the same person), u = P(level | two people), both among pairs where the field is there on
 * both sides (Fellegi and Sunter 1969). A pair's weight is the prior's log odds and its levels' log2(m/u),
 * in thousandths of a bit, so that sums are exact and the same on every machine and thread.
 * Levels run from strong to weak, and so must their weights: neighbours that do not are pooled.
 */
#ifndef AW_LINK_FIT_H
#define AW_LINK_FIT_H

#include "link/calibrate.h"
#include "link/level.h"

struct aw_fit {
	size_t field_count;
	double prior; /* P(two records are one person) before anything is compared */
	double m[AW_SPEC_FIELDS][AW_SPEC_LEVELS];
	double u[AW_SPEC_FIELDS][AW_SPEC_LEVELS];
	bool trained[AW_SPEC_FIELDS]; /* false: m is the one that is assumed */
	int32_t prior_mbits;
	int32_t weight[AW_SPEC_FIELDS][AW_SPEC_LEVELS]; /* [0] is 0: missing */
	struct aw_calibration calibration;
};

/* Floors: no level is impossible (a level never seen would decide alone). */
#define AW_FIT_LEAST_M 1e-4
#define AW_FIT_LEAST_U 1e-9

/** m as it is assumed before training: 0.9 for the first level, the rest shared out, less and less. */
void aw_fit_assume(struct aw_fit *fit, size_t field, const struct aw_comparator *comparator);

/** Weights from prior, m and u: floors, then monotone levels. */
void aw_fit_weigh(struct aw_fit *fit, const struct aw_comparator *comparators);

/** {"prior": p, "fields": {"surname": {"exact": {"m": 0.9, "u": 0.01}, ...}}}, keys sorted; and
 *  "calibration": {"slope": 0.8, "shift": -0.3, "same": 60, "not_same": 40} where people decided. */
char *aw_fit_json(
	struct aw_arena *arena, const struct aw_fit *fit, const struct aw_comparator *comparators);
/** Reads it; every field and level of the comparators must be there (a field's "missing" has none).
 *  Errors: AW_INVALID naming what is absent, unknown, or no probability. */
AW_MUST_CHECK enum aw_status
aw_fit_read(struct aw_str json, const char *file, const struct aw_comparator *comparators,
	size_t count, struct aw_fit *ret_fit, struct aw_error *err);

#endif
