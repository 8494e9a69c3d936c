/* m, u and the prior learned from the tables themselves. */
#include "link/train.h"

#include <math.h>
#include <string.h>

#include "link/room.h"
#include "link/tally.h"

enum { ROUNDS_MOST = 200, PAIRS_LEAST = 30 };

static const double SETTLED = 1e-6, MATCHES_LEAST = 3.0, FIRST_SHARE = 0.01, MET_LEAST = 0.5;

/* -- m ------------------------------------------------------------------------------------------- */

/* Probability that a pair of this pattern is a match. */
static double
posterior(const struct aw_matcher *matcher, const struct aw_fit *fit, uint64_t pattern,
	uint64_t free, double share)
{
	uint8_t levels[AW_SPEC_FIELDS];
	double odds = share / (1.0 - share);

	aw_pattern_levels(matcher, pattern, levels);
	for (size_t f = 0; f < matcher->spec->field_count; f++) {
		uint8_t l = levels[f];

		if (l != 0 && (free >> f & 1) != 0)
			odds *= fmax(fit->m[f][l], AW_FIT_LEAST_M) /
				fmax(fit->u[f][l], AW_FIT_LEAST_U);
	}
	return isinf(odds) ? 1.0 : odds / (1.0 + odds);
}

/* One round: expected counts under the old m, then the new m. Returns the largest change. */
static double
em_round(const struct aw_matcher *matcher, const struct aw_pattern_count *counts, size_t count,
	uint64_t free, struct aw_fit *fit, double *share)
{
	double sums[AW_SPEC_FIELDS][AW_SPEC_LEVELS] = { 0 };
	double matches = 0.0, pairs = 0.0, change = 0.0;
	uint8_t levels[AW_SPEC_FIELDS];

	for (size_t i = 0; i < count; i++) {
		double n = (double)counts[i].all;
		double p = n * posterior(matcher, fit, counts[i].pattern, free, *share);

		matches += p;
		pairs += n;
		aw_pattern_levels(matcher, counts[i].pattern, levels);
		for (size_t f = 0; f < matcher->spec->field_count; f++)
			sums[f][levels[f]] += p;
	}
	for (size_t f = 0; f < matcher->spec->field_count; f++) {
		double all = matches - sums[f][0];

		for (size_t l = 1; (free >> f & 1) != 0 && l < matcher->comparators[f].count; l++) {
			double m = all > 0.0 ? sums[f][l] / all : fit->m[f][l];

			change = fmax(change, fabs(m - fit->m[f][l]));
			fit->m[f][l] = m;
		}
	}
	change = fmax(change, fabs(matches / pairs - *share));
	*share = fmin(fmax(matches / pairs, 1e-9), 1.0 - 1e-9);
	return change;
}

uint32_t
aw_train_em(const struct aw_matcher *matcher, const struct aw_pattern_count *counts, size_t count,
	uint64_t free, struct aw_fit *fit, double *share)
{
	uint32_t rounds = 0;
	double pairs = 0.0;

	for (size_t i = 0; i < count; i++)
		pairs += (double)counts[i].all;
	if (pairs < PAIRS_LEAST || free == 0)
		return 0;
	for (size_t f = 0; f < matcher->spec->field_count; f++)
		aw_fit_assume(fit, f, &matcher->comparators[f]);
	*share = FIRST_SHARE;
	while (rounds++ < ROUNDS_MOST)
		if (em_round(matcher, counts, count, free, fit, share) < SETTLED)
			break;
	return *share * pairs < MATCHES_LEAST ? 0 : rounds;
}

/* -- the whole ----------------------------------------------------------------------------------- */

struct training {
	const struct aw_matcher *matcher;
	const struct aw_blocks *blocks;
	struct aw_tally tallies[AW_SPEC_BLOCKS];
	struct aw_fit fit;
	struct aw_trained trained;
	double q[AW_SPEC_FIELDS][AW_SPEC_LEVELS]; /* u before the matches are taken out of it */
};

/* Fields that are no part of the pass's key. */
static uint64_t
free_fields(const struct aw_link_spec *spec, size_t pass)
{
	uint64_t free = 0;

	for (size_t f = 0; f < spec->field_count; f++) {
		bool used = false;

		for (size_t p = 0; p < spec->blocks[pass].count; p++)
			used |= strcmp(spec->blocks[pass].parts[p].column,
					spec->fields[f].column) == 0;
		free |= used ? 0 : UINT64_C(1) << f;
	}
	return free;
}

/* Every pass's m, weighted together by the matches it found. */
static void
learn_m(struct training *t)
{
	const struct aw_link_spec *spec = t->matcher->spec;
	double sums[AW_SPEC_FIELDS][AW_SPEC_LEVELS] = { 0 }, weights[AW_SPEC_FIELDS] = { 0 };

	for (size_t p = 0; p < spec->block_count; p++) {
		struct aw_fit fit = t->fit;
		const struct aw_tally *tally = &t->tallies[p];
		uint64_t free = free_fields(spec, p);
		double share = 0.0;

		t->trained.passes[p].pairs = tally->looked;
		t->trained.passes[p].rounds =
			aw_train_em(t->matcher, tally->counts, tally->count, free, &fit, &share);
		t->trained.passes[p].matches = share * (double)tally->looked;
		if (t->trained.passes[p].rounds == 0)
			continue;
		for (size_t f = 0; f < spec->field_count; f++) {
			if ((free >> f & 1) == 0)
				continue;
			weights[f] += t->trained.passes[p].matches;
			for (size_t l = 1; l < t->matcher->comparators[f].count; l++)
				sums[f][l] += fit.m[f][l] * t->trained.passes[p].matches;
		}
	}
	for (size_t f = 0; f < spec->field_count; f++) {
		t->fit.trained[f] = weights[f] > 0.0;
		if (!t->fit.trained[f])
			aw_fit_assume(&t->fit, f, &t->matcher->comparators[f]);
		for (size_t l = 1; weights[f] > 0.0 && l < t->matcher->comparators[f].count; l++)
			t->fit.m[f][l] = sums[f][l] / weights[f];
	}
}

/* Share of the matches that at least one pass meets, as if fields failed by chance alone. */
static double
met_share(const struct training *t)
{
	const struct aw_link_spec *spec = t->matcher->spec;
	const struct aw_table *table = t->matcher->table;
	double missed = 1.0;

	for (size_t p = 0; p < spec->block_count; p++) {
		uint64_t used = ~free_fields(spec, p);
		double meets = 1.0;

		for (size_t f = 0; f < spec->field_count; f++) {
			double there =
				1.0 - (double)table->columns[f].frequency[0] / (double)table->rows;

			if ((used >> f & 1) != 0)
				meets *= t->fit.m[f][1] * there;
		}
		missed *= 1.0 - meets;
	}
	return fmax(1.0 - missed, MET_LEAST);
}

/* Expected matches among what the passes meet, all fields weighed, under its own prior: the prior that
 * gives itself back. */
static void
learn_prior(struct training *t)
{
	const struct aw_link_spec *spec = t->matcher->spec;
	double possible = aw_tally_possible(t->matcher), prior = 1.0 / (possible + 1.0);

	for (int round = 0; round < ROUNDS_MOST; round++) {
		double matches = 0.0, before = prior;

		for (size_t p = 0; p < spec->block_count; p++) {
			const struct aw_tally *tally = &t->tallies[p];
			double sum = 0.0;

			for (size_t i = 0; i < tally->count; i++)
				sum += (double)tally->counts[i].first *
				       posterior(t->matcher, &t->fit, tally->counts[i].pattern,
					       UINT64_MAX, before);
			if (tally->looked > 0)
				matches += sum * (double)tally->pairs / (double)tally->looked;
		}
		matches /= met_share(t);
		prior = fmin(fmax(matches / possible, 0.5 / (possible + 1.0)), 0.5);
		if (fabs(prior - before) <= SETTLED * before)
			break;
	}
	t->fit.prior = prior;
	t->trained.met_share = met_share(t);
}

/* u = (q - prior m) / (1 - prior): what random pairs show is a mixture. */
static void
take_matches_out(struct training *t)
{
	for (size_t f = 0; f < t->matcher->spec->field_count; f++) {
		double sum = 0.0;

		for (size_t l = 1; l < t->matcher->comparators[f].count; l++) {
			double u =
				(t->q[f][l] - t->fit.prior * t->fit.m[f][l]) / (1.0 - t->fit.prior);

			/* where nearly all that agree are matches, a rest stays: half a pair */
			u = fmax(u, 0.5 / aw_tally_possible(t->matcher));
			t->fit.u[f][l] = fmax(u, t->q[f][l] * 1e-3);
			sum += t->fit.u[f][l];
		}
		for (size_t l = 1; l < t->matcher->comparators[f].count; l++)
			t->fit.u[f][l] /= sum;
	}
}

void
aw_train(const struct aw_matcher *matcher, const struct aw_blocks *blocks, uint64_t seed,
	size_t threads, struct aw_fit *ret_fit, struct aw_trained *ret_trained)
{
	struct training *t = aw_room_new(1, sizeof(*t));

	t->matcher = matcher;
	t->blocks = blocks;
	t->fit.field_count = matcher->spec->field_count;
	aw_tally_random(matcher, seed, threads, &t->fit, &t->trained);
	memcpy(t->q, t->fit.u, sizeof(t->q));
	for (size_t p = 0; p < blocks->passes; p++)
		aw_tally_pass(matcher, blocks, p, seed, threads, &t->tallies[p]);
	for (int round = 0; round < 2; round++) {
		learn_m(t);
		learn_prior(t);
		take_matches_out(t);
	}
	aw_fit_weigh(&t->fit, matcher->comparators);
	for (size_t p = 0; p < blocks->passes; p++)
		aw_tally_done(&t->tallies[p]);
	*ret_fit = t->fit;
	*ret_trained = t->trained;
	free(t);
}
