/**
 * link/calibrate - probabilities brought into line with what people decided about pairs.
 * Layer: link.  Threads: pure.  Example: tests/link/test_calibrate.c
 *
 * m and u are estimated as if fields were independent, which they are not: people of one household share
 * address and phone, and a total is further from 0 than it should be. Where people have decided, their
 * verdicts say how far: log odds = shift + slope x (total in natural units), by logistic regression
 * (Platt 1999) with Newton's steps (Lin, Lin and Weng 2007). Before anything is decided slope is 1 and
 * shift 0; that is the prior, normal with deviations of 0.5 and 2, so that few verdicts move little. With
 * fewer than AW_CALIBRATE_LEAST of either verdict nothing is moved at all. The order of pairs never
 * changes: slope stays above 0.
 */
#ifndef AW_LINK_CALIBRATE_H
#define AW_LINK_CALIBRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AW_CALIBRATE_LEAST = 25 };

struct aw_calibration {
	double slope, shift;   /* shift in natural log odds */
	size_t same, not_same; /* verdicts it rests on; 0 and 0: nothing was moved */
};

#define AW_CALIBRATION_NONE ((struct aw_calibration){ .slope = 1.0 })

/* A pair that somebody decided about. */
struct aw_judged {
	int32_t total; /* thousandths of a bit, the prior included */
	bool same;
};

/** Fits; cost: some ten passes over judged. */
void
aw_calibrate(const struct aw_judged *judged, size_t count, struct aw_calibration *ret_calibration);

/** Millionths of a total weight, at most 999,999. */
int32_t aw_calibrated_ppm(const struct aw_calibration *calibration, int32_t total_mbits);
/** The least total weight that has at least that many millionths. */
int32_t aw_calibrated_least(const struct aw_calibration *calibration, int32_t ppm);

#endif
