/* Probabilities that people's decisions bring into line. */
#include "link/calibrate.h"

#include <math.h>

#include "linking.h"

enum { JUDGED = 20000, PEOPLE = 600 };

/* Verdicts of people to whom a total of w natural units says slope x w + shift. */
static void
judge_all(uint64_t seed, double slope, double shift, struct aw_judged *judged, size_t count)
{
	struct aw_random random;

	aw_random_seed(&random, seed);
	for (size_t i = 0; i < count; i++) {
		judged[i].total = (int32_t)aw_random_below(&random, 30000) - 15000;
		judged[i].same =
			aw_random_unit(&random) <
			1.0 / (1.0 + exp(-shift - slope * judged[i].total * log(2.0) / 1000.0));
	}
}

/* How far what is said lies from what happens: the mean over ten ranges of totals. */
static double
distance(const struct aw_calibration *calibration, const struct aw_judged *judged, size_t count)
{
	double said[10] = { 0 }, happened[10] = { 0 }, sum = 0;
	size_t n[10] = { 0 };

	for (size_t i = 0; i < count; i++) {
		size_t range = (size_t)(judged[i].total + 15000) / 3000;

		said[range] += aw_calibrated_ppm(calibration, judged[i].total) / 1e6;
		happened[range] += judged[i].same ? 1.0 : 0.0;
		n[range]++;
	}
	for (size_t r = 0; r < 10; r++)
		sum += fabs(said[r] - happened[r]) / (double)n[r];
	return sum / 10;
}

static void
many_verdicts_tell_slope_and_shift(void **state)
{
	static struct aw_judged judged[JUDGED], others[JUDGED];
	struct aw_calibration made, none = AW_CALIBRATION_NONE;

	(void)state;
	judge_all(1, 0.4, -1.0, judged, JUDGED);
	judge_all(2, 0.4, -1.0, others, JUDGED);
	aw_calibrate(judged, JUDGED, &made);
	assert_true(fabs(made.slope - 0.4) < 0.02 && fabs(made.shift + 1.0) < 0.1);
	assert_int_equal(made.same + made.not_same, JUDGED);
	print_message("# off by %.4f before and %.4f after\n", distance(&none, others, JUDGED),
		distance(&made, others, JUDGED));
	assert_true(distance(&none, others, JUDGED) > 0.08);
	assert_true(distance(&made, others, JUDGED) < 0.01);
}

static void
few_verdicts_move_little_or_nothing(void **state)
{
	struct aw_judged judged[2 * AW_CALIBRATE_LEAST];
	struct aw_calibration made;

	(void)state;
	for (size_t i = 0; i < AW_COUNT(judged); i++)
		judged[i] = (struct aw_judged){ i % 2 == 0 ? 9000 : -9000, i % 2 == 0 };
	aw_calibrate(judged, AW_COUNT(judged) - 1, &made);
	assert_true(fabs(made.slope - 1.0) + fabs(made.shift) < 1e-12 && made.same == 0);
	aw_calibrate(judged, AW_COUNT(judged), &made); /* all as the totals said */
	assert_true(made.slope > 0.9 && made.slope < 1.6 && fabs(made.shift) < 0.5);
	for (size_t i = 0; i < AW_COUNT(judged); i++)
		judged[i].same = !judged[i].same; /* all the other way round: the order stays */
	aw_calibrate(judged, AW_COUNT(judged), &made);
	assert_true(made.slope > 0.0 && made.slope < 0.1);
	aw_calibrate(NULL, 0, &made);
	assert_true(fabs(made.slope - 1.0) < 1e-12);
}

static void
the_least_total_is_the_first_that_has_the_probability(void **state)
{
	static const struct aw_calibration all[] = { { 1.0, 0.0, 0, 0 }, { 0.4, -1.0, 30, 30 },
		{ 1.5, 2.0, 30, 30 } };
	static const int32_t ppm[] = { 1, 4000, 200000, 500000, 900000, 999000, 999999, 1000000 };

	(void)state;
	for (size_t c = 0; c < AW_COUNT(all); c++)
		for (size_t i = 0; i < AW_COUNT(ppm); i++) {
			int32_t least = aw_calibrated_least(&all[c], ppm[i]);
			int32_t wanted = ppm[i] < 1000000 ? ppm[i] : 999999;

			assert_true(aw_calibrated_ppm(&all[c], least) >= wanted);
			assert_true(aw_calibrated_ppm(&all[c], least - 1) < wanted);
		}
	assert_true(aw_calibrated_least(&all[0], 0) < -1000000);
}

/* Decides about everybody and their copy, one in five against what the fields say, and everybody and the
 * next one. */
static size_t
decide_all(struct linking *l, struct aw_spec_decision *decisions)
{
	size_t count = 0;

	for (size_t n = 0; n + 2 < PEOPLE; n += 2) {
		struct aw_str who = aw_str(aw_arena_printf(&l->arena, "r%06zu", n));

		decisions[count++] = (struct aw_spec_decision){ who,
			aw_str(aw_arena_printf(&l->arena, "r%06zux", n)), n % 10 != 0 };
		decisions[count++] = (struct aw_spec_decision){ who,
			aw_str(aw_arena_printf(&l->arena, "r%06zu", n + 1)), false };
	}
	return count;
}

static void
decisions_change_what_is_said_of_pairs_and_are_kept_with_the_model(void **state)
{
	static struct aw_spec_decision decisions[PEOPLE];
	struct aw_arena arena = { 0 };
	struct linking l;
	struct aw_error err = { 0 };
	char *before, *decided;

	(void)state;
	linking_usual(&l, linking_people(&arena, 9, PEOPLE));
	assert_ok(linking_run(&l, &err));
	assert_int_equal(l.report.calibration.same, 0);
	before = aw_arena_strndup(&arena, l.pairs.at, l.pairs.len);
	l.spec.decisions = decisions;
	l.spec.decision_count = decide_all(&l, decisions);
	assert_ok(linking_run(&l, &err));
	assert_true(l.report.calibration.same >= AW_CALIBRATE_LEAST &&
		    l.report.calibration.not_same >= AW_CALIBRATE_LEAST);
	decided = aw_arena_strndup(&arena, l.pairs.at, l.pairs.len);
	assert_string_not_equal(before, decided);
	l.batch.model = aw_str(aw_arena_strdup(&arena, l.report.model));
	l.batch.model_file = "model.json";
	l.spec.decision_count = 0;
	assert_ok(linking_run(&l, &err));
	assert_string_equal(aw_arena_strndup(&arena, l.pairs.at, l.pairs.len), decided);
	aw_arena_done(&l.arena);
	aw_arena_done(&arena);
}

AW_TESTS(cmocka_unit_test(many_verdicts_tell_slope_and_shift),
	cmocka_unit_test(few_verdicts_move_little_or_nothing),
	cmocka_unit_test(the_least_total_is_the_first_that_has_the_probability),
	cmocka_unit_test(decisions_change_what_is_said_of_pairs_and_are_kept_with_the_model))
