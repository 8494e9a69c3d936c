/**
 * link/score - from levels to a weight, a probability and a verdict that can be explained.
 * Layer: link.  Threads: pure.  Example: tests/link/test_score.c
 *
 * Posterior of one candidate among those found: odds 2^(prior + weight), and at most one of them is
 * the person: p = odds / (1 + sum of odds). Twins, namesakes and a household's shared phone so take from
 * each other what does not tell them apart.
 */
#ifndef AW_LINK_SCORE_H
#define AW_LINK_SCORE_H

#include "link/model.h"

/* What forbids linking without a person, whatever the probability. */
enum aw_conflict {
	AW_CONFLICT_NUMBER = 1u << 0, /* the numbers differ beyond a slip */
	AW_CONFLICT_NAME = 1u << 1,   /* the names have nothing in common */
	AW_CONFLICT_BIRTH = 1u << 2,  /* the birth days differ beyond a slip */
	AW_CONFLICT_SEX = 1u << 3,    /* the sexes differ and no number says otherwise */
	/* no number agrees, and the name does so nearly or by its sound alone: a sibling, a twin */
	AW_CONFLICT_NEAR = 1u << 4,
	/* no number agrees, nor a phone with name or birth day, nor the birth day with the place (the village
	 * at least) or with a number that is nearly right: one name and one birth day are common to people
	 * who never met */
	AW_CONFLICT_THIN = 1u << 5,
	AW_CONFLICT_RIVAL = 1u << 6, /* another candidate is nearly as good */
};

/* How common what the query says is; in forms, of which the candidate is one. 0 = not known. */
struct aw_link_frequency {
	uint32_t population;
	uint32_t name;	  /* forms with exactly this name */
	uint32_t variant; /* forms with a variant of it */
	uint32_t phone;	  /* forms with one of the phones */
	uint32_t door;	  /* forms with the door */
};

/* Weights of one comparison, thousandths of a bit. */
struct aw_link_weights {
	int32_t field[AW_LINK_FIELDS];
	int32_t total;
};

/* What does not change within one query: weights with the frequencies in them. */
struct aw_link_scale {
	int32_t weight[AW_LINK_FIELDS][AW_LINK_LEVEL_LIMIT];
	int32_t prior_mbits;
};

/** Population below this counts as this many: an empty register proves nobody. */
enum { AW_LINK_LEAST_POPULATION = 10000 };

void aw_link_scale_make(const struct aw_link_model *model,
	const struct aw_link_frequency *frequency, struct aw_link_scale *ret_scale);

static inline int32_t
aw_link_total(const struct aw_link_scale *scale, const struct aw_link_levels *levels)
{
	int32_t total = 0;

	for (size_t f = 0; f < AW_LINK_FIELDS; f++)
		total += scale->weight[f][levels->at[f]];
	return total;
}

void aw_link_weigh(const struct aw_link_scale *scale, const struct aw_link_levels *levels,
	struct aw_link_weights *ret_weights);

uint32_t aw_link_conflicts(const struct aw_link_levels *levels);

/** Probabilities of candidates that exclude each other, in millionths, at most 999,999. totals: as
 *  aw_link_total gives them. */
void
aw_link_probabilities(int32_t prior_mbits, const int32_t *totals, size_t count, int32_t *ret_ppm);

#endif
