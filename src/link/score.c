/* From levels to a weight, a probability and a verdict. */
#include "link/score.h"

#include <math.h>
#include <string.h>

enum { PPM = 1000000 };

/* A name's weight when its share in the population is known: log2(m) - log2(share). */
static void
scale_name(
	const struct aw_link_model *model, struct aw_link_scale *scale, uint8_t level, double share)
{
	int32_t weight = model->log_m[AW_LINK_NAME][level] - aw_link_log2_mbits(share);

	scale->weight[AW_LINK_NAME][level] = weight > 0 ? weight : 0;
}

/* A shared value's weight, never above the model's own. */
static void
scale_capped(const struct aw_link_model *model, struct aw_link_scale *scale, size_t field,
	uint8_t level, double share)
{
	int32_t weight = model->log_m[field][level] - aw_link_log2_mbits(share);

	if (weight < scale->weight[field][level])
		scale->weight[field][level] = weight > 0 ? weight : 0;
}

static double
share_of(uint32_t count, double population)
{
	double share = (double)(count == 0 ? 1 : count) / population;

	return share < 1.0 ? share : 1.0;
}

void
aw_link_scale_make(const struct aw_link_model *model, const struct aw_link_frequency *frequency,
	struct aw_link_scale *ret_scale)
{
	double population = frequency->population > AW_LINK_LEAST_POPULATION
				    ? (double)frequency->population
				    : (double)AW_LINK_LEAST_POPULATION;

	memcpy(ret_scale->weight, model->weight, sizeof(ret_scale->weight));
	ret_scale->prior_mbits = -aw_link_log2_mbits(population);
	scale_name(model, ret_scale, AW_NAMES_EXACT, share_of(frequency->name, population));
	scale_name(model, ret_scale, AW_NAMES_VARIANT, share_of(frequency->variant, population));
	scale_capped(model, ret_scale, AW_LINK_PHONE, AW_PHONE_SAME,
		share_of(frequency->phone, population));
	scale_capped(model, ret_scale, AW_LINK_ADDRESS, AW_PLACE_FLOOR,
		share_of(frequency->door, population));
	scale_capped(model, ret_scale, AW_LINK_ADDRESS, AW_PLACE_DOOR,
		share_of(frequency->door, population));
}

void
aw_link_weigh(const struct aw_link_scale *scale, const struct aw_link_levels *levels,
	struct aw_link_weights *ret_weights)
{
	ret_weights->total = 0;
	for (size_t f = 0; f < AW_LINK_FIELDS; f++) {
		ret_weights->field[f] = scale->weight[f][levels->at[f]];
		ret_weights->total += ret_weights->field[f];
	}
}

uint32_t
aw_link_conflicts(const struct aw_link_levels *levels)
{
	uint8_t number = levels->at[AW_LINK_NUMBER], name = levels->at[AW_LINK_NAME];
	uint8_t birth = levels->at[AW_LINK_BIRTH];
	bool number_agrees = number == AW_NUMBER_SAME || number == AW_NUMBER_ALIAS;
	bool number_near = number >= AW_NUMBER_SLIP && number <= AW_NUMBER_TWO;
	bool name_agrees =
		name == AW_NAMES_EXACT || name == AW_NAMES_VARIANT || name == AW_NAMES_MARRIED;
	bool birth_agrees = birth == AW_BIRTH_EXACT || birth == AW_BIRTH_NEW_YEAR;
	bool phone_agrees = levels->at[AW_LINK_PHONE] == AW_PHONE_SAME;
	bool place_agrees = levels->at[AW_LINK_ADDRESS] >= AW_PLACE_FLOOR &&
			    levels->at[AW_LINK_ADDRESS] <= AW_PLACE_VILLAGE;
	uint32_t conflicts = 0;

	if (number == AW_NUMBER_OTHER || number == AW_NUMBER_DIFFERS)
		conflicts |= AW_CONFLICT_NUMBER;
	if (name == AW_NAMES_NONE || name == AW_NAMES_SURNAME)
		conflicts |= AW_CONFLICT_NAME;
	if (birth == AW_BIRTH_DIFFERS || (birth == AW_BIRTH_NEAR && !number_agrees))
		conflicts |= AW_CONFLICT_BIRTH;
	if (levels->at[AW_LINK_SEX] == AW_SEX_DIFFERS && !number_agrees)
		conflicts |= AW_CONFLICT_SEX;
	if (!name_agrees && !number_agrees)
		conflicts |= AW_CONFLICT_NEAR;
	if (!number_agrees && !(phone_agrees && (name_agrees || birth_agrees)) &&
		!((place_agrees || number_near) && birth_agrees))
		conflicts |= AW_CONFLICT_THIN;
	return conflicts;
}

void
aw_link_probabilities(int32_t prior_mbits, const int32_t *totals, size_t count, int32_t *ret_ppm)
{
	double best = 0.0, sum; /* in bits: the "nobody of these" hypothesis stands at 0 */

	for (size_t i = 0; i < count; i++) {
		double bits = (double)(prior_mbits + totals[i]) / 1000.0;

		best = bits > best ? bits : best;
	}
	sum = exp2(-best);
	for (size_t i = 0; i < count; i++)
		sum += exp2((double)(prior_mbits + totals[i]) / 1000.0 - best);
	for (size_t i = 0; i < count; i++) {
		double p = exp2((double)(prior_mbits + totals[i]) / 1000.0 - best) / sum;
		int32_t ppm = (int32_t)lround(p * PPM);

		ret_ppm[i] = ppm < PPM ? ppm : PPM - 1;
	}
}
