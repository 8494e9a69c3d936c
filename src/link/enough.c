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

int32_t
aw_search_best(const struct aw_search *s)
{
	const struct aw_found *best = best_of(s);
	int32_t stands = best == NULL ? 0 : best->total + s->scales[best->asked].prior_mbits;

	return stands > 0 ? stands : 0;
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

/* What the waves so far say of whoever they did not lead to. */
struct unseen {
	bool named;    /* has not the query's name, nor a variant of it */
	bool dated;    /* was not born on its day */
	bool born;     /* ... or has not its surname */
	bool numbered; /* has no number next to its number */
};

static struct unseen
unseen_before(const struct aw_search *s, const struct aw_link_form *asked, enum aw_wave wave)
{
	bool both = wave > AW_WAVE_WIDER, one = wave > AW_WAVE_NARROW;
	bool exact = asked->birth_day != AW_BIRTH_UNKNOWN && asked->birth_span == 0;

	return (struct unseen){
		.named = (both || (one && !s->days_first)) && is_plain(asked),
		.dated = (both || (one && s->days_first)) && exact && !s->days_left_out,
		.born = exact && is_plain(asked),
		.numbered = wave > AW_WAVE_NEAR,
	};
}

/* Whether names at this level can have different surnames. Where a name has too many bearers to be
 * followed, its sound and its characters have, too; a birth day has its own many. */
static bool
may_change_surname(size_t level)
{
	return level == AW_NAMES_MISSING || level == AW_NAMES_MASKED || level == AW_NAMES_SOUND ||
	       level == AW_NAMES_GIVEN || level == AW_NAMES_NONE;
}

static bool
can_be_unseen(const struct unseen *unseen, size_t name, size_t birth)
{
	bool same_name = name == AW_NAMES_EXACT || name == AW_NAMES_VARIANT;
	bool same_day = birth == AW_BIRTH_EXACT || birth == AW_BIRTH_NEW_YEAR;

	return !(unseen->named && same_name) && !(unseen->dated && same_day) &&
	       !(unseen->born && same_day && !may_change_surname(name));
}

/* The most that name and birth day together can weigh. */
static int32_t
most_of_both(const struct aw_link_scale *scale, const struct aw_link_form *asked,
	const struct unseen *unseen)
{
	size_t births =
		asked->birth_day == AW_BIRTH_UNKNOWN ? 1 : aw_link_level_count(AW_LINK_BIRTH);
	int32_t most = 0; /* both are missing */

	for (size_t n = 0; n < aw_link_level_count(AW_LINK_NAME); n++)
		for (size_t b = 0; b < births; b++) {
			int32_t both =
				scale->weight[AW_LINK_NAME][n] + scale->weight[AW_LINK_BIRTH][b];

			if (both > most && can_be_unseen(unseen, n, b))
				most = both;
		}
	return most;
}

/* The most that a field can weigh from a level on. */
static int32_t
most_from(const struct aw_link_scale *scale, enum aw_link_field field, size_t level)
{
	int32_t most = 0; /* missing */

	for (; level < aw_link_level_count(field); level++)
		if (scale->weight[field][level] > most)
			most = scale->weight[field][level];
	return most;
}

/* The most that somebody can reach who was not seen before this wave. */
static int32_t
most_unseen(const struct aw_search *s, enum aw_wave wave)
{
	int32_t best = INT32_MIN;

	for (size_t i = 0; i < s->asked_count; i++) {
		const struct aw_link_form *asked = &s->asked->forms[i];
		const struct aw_link_scale *scale = &s->scales[i];
		struct unseen unseen = unseen_before(s, asked, wave);
		int32_t total = most_of_both(scale, asked, &unseen) +
				most_from(scale, AW_LINK_ADDRESS, AW_PLACE_LANE);

		if (asked->number != 0)
			total += most_from(scale, AW_LINK_NUMBER,
				unseen.numbered ? AW_NUMBER_TWO : AW_NUMBER_SLIP);
		if (asked->sex != 0)
			total += most_from(scale, AW_LINK_SEX, AW_SEX_SAME);
		if ((asked->phone[0] | asked->phone[1]) != 0)
			total += most_from(scale, AW_LINK_PHONE, AW_PHONE_DIFFERS);
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
