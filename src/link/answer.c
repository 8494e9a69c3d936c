/* The best ones found, with their reasons. */
#include <stdlib.h>

#include "link/find_inner.h"

void
aw_found_levels(
	const struct aw_search *s, const struct aw_found *found, struct aw_link_levels *levels)
{
	const struct aw_link_shelf *shelf = aw_spot_shelf(s, found->spot);
	const struct aw_link_form *form = &shelf->forms[aw_spot_place(found->spot)];

	aw_link_compare(&s->asked->forms[found->asked], s->asked->others[found->asked], form,
		aw_link_shelf_other(shelf, form), levels);
}

struct ranked {
	const struct aw_found *found;
	int64_t person;
};

static int
by_total(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->found->total != b->found->total)
		return a->found->total > b->found->total ? -1 : 1;
	return a->person < b->person ? -1 : a->person > b->person;
}

static void
make_hit(const struct aw_search *s, const struct ranked *ranked, int32_t ppm,
	struct aw_link_hit *hit)
{
	const struct aw_link_scale *scale = &s->scales[ranked->found->asked];

	hit->person = ranked->person;
	aw_found_levels(s, ranked->found, &hit->levels);
	aw_link_weigh(scale, &hit->levels, &hit->weights);
	hit->prior_mbits = scale->prior_mbits;
	hit->ppm = ppm;
	hit->conflicts = aw_link_conflicts(&hit->levels);
}

static struct ranked *
rank(const struct aw_search *s)
{
	struct ranked *ranked = AW_NEW_ARRAY(s->arena, struct ranked, s->count + 1);
	size_t count = 0;

	for (size_t i = 0; i < s->slots; i++) {
		const struct aw_found *found = &s->at[i];

		if (found->first != 0)
			ranked[count++] = (struct ranked){
				found,
				aw_spot_shelf(s, found->spot)->persons[aw_spot_place(found->spot)]
			};
	}
	qsort(ranked, count, sizeof(*ranked), by_total);
	return ranked;
}

void
aw_search_answer(struct aw_search *s, struct aw_link_hits *hits)
{
	struct ranked *ranked = rank(s);
	int32_t *totals = AW_NEW_ARRAY(s->arena, int32_t, s->count + 1);
	int32_t *ppm = AW_NEW_ARRAY(s->arena, int32_t, s->count + 1);
	size_t count = 0, rivals = 0;

	for (size_t i = 0; i < s->count; i++)
		totals[i] = ranked[i].found->total;
	if (s->count > 0)
		aw_link_probabilities(s->scales[0].prior_mbits, totals, s->count, ppm);
	while (count < s->count && ppm[count] >= s->asked->least_ppm)
		count++;
	while (rivals < count && (int64_t)ppm[rivals] * 8 >= ppm[0])
		rivals++;
	hits->compared = s->compared;
	hits->count = count < s->asked->limit ? count : s->asked->limit;
	hits->at = AW_NEW_ARRAY(s->arena, struct aw_link_hit, hits->count + 1);
	for (size_t i = 0; i < hits->count; i++) {
		make_hit(s, &ranked[i], ppm[i], &hits->at[i]);
		if (rivals > 1 && i < rivals)
			hits->at[i].conflicts |= AW_CONFLICT_RIVAL;
	}
}
