/* When a search has found enough. */
#include "link/find_inner.h"

static const struct aw_found *
best_of(const struct aw_search *s)
{
	const struct aw_found *best = NULL;

	for (size_t i = 0; i < s->slots; i++)
		if (s->at[i].first != 0 && (best == NULL || s->at[i].total > best->total))
			best = &s->at[i];
	return best;
}

/* A name of which whoever has it is under its own key: not masked, not married, and Han. */
static bool
is_plain(const struct aw_link_form *asked)
{
	for (size_t i = 0; i < AW_NAME_HAN_LIMIT; i++)
		if (asked->han[i] == AW_NAME_MASK)
			return false;
	return asked->han[1] != 0 && !aw_name_married(asked->han);
}

/* The level from which on somebody can stand whom no key of the waves so far led to. Where a name has too
 * many bearers to be followed, its sound and its characters have, too; a birth day has its own many. */
static uint8_t
unseen_from(const struct aw_search *s, const struct aw_link_form *asked, size_t field,
	enum aw_wave wave)
{
	bool narrow = wave > AW_WAVE_NARROW, near = wave > AW_WAVE_NEAR;

	switch ((enum aw_link_field)field) {
	case AW_LINK_NUMBER:
		return near ? AW_NUMBER_TWO : AW_NUMBER_SLIP;
	case AW_LINK_NAME:
		return narrow && is_plain(asked) ? AW_NAMES_MASKED : AW_NAMES_EXACT;
	case AW_LINK_BIRTH:
		if (!narrow || asked->birth_span != 0 || s->days_left_out)
			return AW_BIRTH_EXACT;
		return near ? AW_BIRTH_ONE_DIGIT : AW_BIRTH_SWAPPED;
	case AW_LINK_PHONE:
		return AW_PHONE_DIFFERS;
	case AW_LINK_ADDRESS:
		return AW_PLACE_LANE;
	case AW_LINK_SEX:
	case AW_LINK_FIELDS:
	default:
		return AW_SEX_SAME;
	}
}

/* Whether the query says anything that could be compared. */
static bool
says(const struct aw_link_form *asked, size_t field)
{
	switch ((enum aw_link_field)field) {
	case AW_LINK_NUMBER:
		return asked->number != 0;
	case AW_LINK_BIRTH:
		return asked->birth_day != AW_BIRTH_UNKNOWN;
	case AW_LINK_SEX:
		return asked->sex != 0;
	case AW_LINK_PHONE:
		return (asked->phone[0] | asked->phone[1]) != 0;
	case AW_LINK_NAME:
	case AW_LINK_ADDRESS:
	case AW_LINK_FIELDS:
	default:
		return true;
	}
}

/* The most that somebody can reach who was not seen before this wave. */
static int32_t
most_unseen(const struct aw_search *s, enum aw_wave wave)
{
	int32_t best = INT32_MIN;

	for (size_t i = 0; i < s->asked_count; i++) {
		int32_t total = 0;

		for (size_t f = 0; f < AW_LINK_FIELDS; f++) {
			const int32_t *weights = s->scales[i].weight[f];
			size_t levels = aw_link_level_count((enum aw_link_field)f);
			int32_t most = 0; /* missing */

			if (!says(&s->asked->forms[i], f))
				continue;
			for (size_t l = unseen_from(s, &s->asked->forms[i], f, wave); l < levels;
				l++)
				most = weights[l] > most ? weights[l] : most;
			total += most;
		}
		best = total > best ? total : best;
	}
	return best;
}

bool
aw_search_is_settled(const struct aw_search *s, enum aw_wave wave)
{
	const struct aw_found *best = best_of(s);

	return best != NULL && best->total - most_unseen(s, wave) >= AW_FIND_CERTAIN;
}

bool
aw_search_is_certain(const struct aw_search *s)
{
	const struct aw_found *best = best_of(s);
	struct aw_link_levels levels;

	if (best == NULL || best->total + s->scales[best->asked].prior_mbits < AW_FIND_CERTAIN)
		return false;
	aw_found_levels(s, best, &levels);
	return aw_link_conflicts(&levels) == 0;
}
