/* policy/instrument - scores with what is not answered left open. */
#include "policy/instrument.h"

#include <string.h>

static const struct aw_named *
choice_of(const struct aw_instrument_item *item, const json_t *answer)
{
	const char *code = json_string_value(answer);

	for (size_t i = 0; code != NULL && i < item->choice_count; i++)
		if (strcmp(item->choices[i].code, code) == 0)
			return &item->choices[i];
	return NULL;
}

struct aw_item_score
aw_instrument_item_score(const struct aw_instrument_item *item, const json_t *answer)
{
	int64_t value = 0;

	if (item->choice_count > 0)
		return (struct aw_item_score){ .answered = choice_of(item, answer) != NULL };
	if (json_is_boolean(answer))
		value = json_is_true(answer) ? item->most : item->least;
	else if (json_is_integer(answer))
		value = json_integer_value(answer);
	else if (!json_is_string(answer) || !item->may_not_apply)
		return (struct aw_item_score){ item->least, item->most, false };
	return (struct aw_item_score){ value, value, true };
}

static const struct aw_band *
band_of(const struct aw_instrument *instrument, int64_t sum)
{
	for (size_t i = 0; i < instrument->band_count; i++)
		if (instrument->bands[i].least <= sum && sum <= instrument->bands[i].most)
			return &instrument->bands[i];
	return NULL;
}

bool
aw_instrument_score(
	const struct aw_instrument *instrument, const json_t *answers, struct aw_score *ret)
{
	struct aw_score score = { .items = instrument->item_count };

	if (json_is_integer(answers)) {
		score.least = score.most = json_integer_value(answers);
		score.answered = score.items;
	}
	for (size_t i = 0; !json_is_integer(answers) && i < instrument->item_count; i++) {
		const struct aw_instrument_item *item = &instrument->items[i];
		const json_t *answer = json_object_get(answers, item->code);
		struct aw_item_score one = aw_instrument_item_score(item, answer);

		score.answered += one.answered ? 1 : 0;
		score.least += item->counted ? one.least : 0;
		score.most += item->counted ? one.most : 0;
		if (item->alone_from > 0) {
			score.alone |= one.answered && one.least >= item->alone_from;
			score.may_alone |= !one.answered && one.most >= item->alone_from;
		}
		if (item->concludes)
			score.conclusion = choice_of(item, answer);
	}
	score.lightest = band_of(instrument, score.least);
	score.gravest = band_of(instrument, score.most);
	*ret = score;
	return score.answered > 0;
}

enum aw_applies
aw_instrument_applies(
	const struct aw_instrument *instrument, const char *subject_sex, const char *respondent_sex)
{
	const char *const wanted[] = { instrument->subject_sex, instrument->respondent_sex };
	const char *const got[] = { subject_sex, respondent_sex };
	enum aw_applies applies = AW_APPLIES_YES;

	for (size_t i = 0; i < AW_COUNT(wanted); i++) {
		if (wanted[i] == NULL)
			continue;
		if (got[i] != NULL && strcmp(got[i], wanted[i]) != 0)
			return AW_APPLIES_NO;
		if (got[i] == NULL)
			applies = AW_APPLIES_UNKNOWN;
	}
	return applies;
}
