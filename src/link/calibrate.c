/* Probabilities in line with what people decided. */
#include "link/calibrate.h"

#include <math.h>

enum { PPM = 1000000, STEPS = 50, LEAST_TOTAL = -100000, MOST_TOTAL = 200000 };

static const double LN2 = 0.693147180559945309417;
static const double SLOPE_DEVIATION = 0.5, SHIFT_DEVIATION = 2.0, LEAST_SLOPE = 0.05;
static const double NEAR_ENOUGH = 1e-10;

static double
natural(int32_t total_mbits)
{
	return (double)total_mbits / 1000.0 * LN2;
}

static double
probability(double log_odds)
{
	return 1.0 / (1.0 + exp(-log_odds));
}

/* What is to be made small: the verdicts' surprise, and the way from the prior. */
static double
cost(const struct aw_judged *judged, size_t count, double slope, double shift)
{
	double a = (slope - 1.0) / SLOPE_DEVIATION, b = shift / SHIFT_DEVIATION;
	double sum = (a * a + b * b) / 2.0;

	for (size_t i = 0; i < count; i++) {
		double z = shift + slope * natural(judged[i].total);
		double off = judged[i].same ? -z : z;

		sum += off > 0.0 ? off + log1p(exp(-off)) : log1p(exp(off));
	}
	return sum;
}

/* First and second derivatives of the cost. */
struct bend {
	double slope, shift, slope2, both, shift2;
};

static struct bend
bend_at(const struct aw_judged *judged, size_t count, double slope, double shift)
{
	double a2 = SLOPE_DEVIATION * SLOPE_DEVIATION, b2 = SHIFT_DEVIATION * SHIFT_DEVIATION;
	struct bend bend = { (slope - 1.0) / a2, shift / b2, 1.0 / a2, 0.0, 1.0 / b2 };

	for (size_t i = 0; i < count; i++) {
		double x = natural(judged[i].total), p = probability(shift + slope * x);
		double off = p - (judged[i].same ? 1.0 : 0.0), weight = p * (1.0 - p);

		bend.slope += off * x;
		bend.shift += off;
		bend.slope2 += weight * x * x;
		bend.both += weight * x;
		bend.shift2 += weight;
	}
	return bend;
}

/* One step down, halved until it goes down; false when there is nowhere to go. */
static bool
step(const struct aw_judged *judged, size_t count, double *slope, double *shift)
{
	struct bend bend = bend_at(judged, count, *slope, *shift);
	double room = bend.slope2 * bend.shift2 - bend.both * bend.both;
	double by_slope = (bend.shift2 * bend.slope - bend.both * bend.shift) / room;
	double by_shift = (bend.slope2 * bend.shift - bend.both * bend.slope) / room;
	double now = cost(judged, count, *slope, *shift), part = 1.0;

	while (part > NEAR_ENOUGH) {
		double a = *slope - part * by_slope, b = *shift - part * by_shift;
		double then = cost(judged, count, a, b);

		if (then < now) {
			*slope = a;
			*shift = b;
			return now - then > NEAR_ENOUGH * now;
		}
		part /= 2.0;
	}
	return false;
}

void
aw_calibrate(const struct aw_judged *judged, size_t count, struct aw_calibration *ret_calibration)
{
	struct aw_calibration made = AW_CALIBRATION_NONE;
	size_t same = 0;

	for (size_t i = 0; i < count; i++)
		same += judged[i].same ? 1 : 0;
	if (same >= AW_CALIBRATE_LEAST && count - same >= AW_CALIBRATE_LEAST) {
		for (int i = 0; i < STEPS && step(judged, count, &made.slope, &made.shift); i++)
			continue;
		made.slope = made.slope > LEAST_SLOPE ? made.slope : LEAST_SLOPE;
		made.same = same;
		made.not_same = count - same;
	}
	*ret_calibration = made;
}

int32_t
aw_calibrated_ppm(const struct aw_calibration *calibration, int32_t total_mbits)
{
	double z = calibration->shift + calibration->slope * natural(total_mbits);
	int32_t ppm = (int32_t)lround(probability(z) * PPM);

	return ppm < PPM ? ppm : PPM - 1;
}

int32_t
aw_calibrated_least(const struct aw_calibration *calibration, int32_t ppm)
{
	int32_t low = LEAST_TOTAL, high = MOST_TOTAL;

	if (ppm <= 0)
		return INT32_MIN / 2;
	ppm = ppm < PPM ? ppm : PPM - 1;
	while (low < high) {
		int32_t middle = low + (high - low) / 2;

		if (aw_calibrated_ppm(calibration, middle) < ppm)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
