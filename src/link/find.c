/* Finds who a query could be: which keys are asked, in which wave, and when it is enough. */

#include "base/clock.h"
#include "link/find_inner.h"
#include "text/idno.h"

enum {
	FAINT_MBITS =
		-20000, /* less than one in a million, by itself or beside the best: not kept */
};

/* -- how common the query's values are ------------------------------------------------------------ */

struct tally {
	struct aw_link_key key;
	uint32_t count;
};

static bool
tally_form(void *arg, int64_t person, const struct aw_link_form *form, struct aw_str other)
{
	struct tally *tally = arg;

	(void)person;
	(void)other;
	tally->count += aw_search_has_field(form, &tally->key) ? 1 : 0;
	return true;
}

static uint32_t
count_field(const struct aw_link_index *index, enum aw_link_family family, uint32_t value)
{
	struct tally tally = { .key = { aw_link_key(family, value), false, (uint8_t)family } };

	if (value != 0)
		aw_link_index_key(index, tally.key.hash, tally_form, &tally);
	return tally.count;
}

static void
scale_for(struct aw_search *s, size_t asked)
{
	const struct aw_link_index *index = s->index;
	const struct aw_link_form *form = &s->asked->forms[asked];
	struct aw_link_frequency frequency = { .population = (uint32_t)index->people };
	uint64_t name = aw_link_name_key(form, s->asked->others[asked]);
	uint64_t exact = aw_link_exact_key(form);

	if (name != 0)
		frequency.variant = aw_link_counts_of(&index->counts, name);
	frequency.name = exact == 0 ? frequency.variant : aw_link_counts_of(&index->counts, exact);
	for (size_t i = 0; i < 2; i++)
		frequency.phone += count_field(index, AW_KEY_PHONE, form->phone[i]);
	frequency.door = count_field(index, AW_KEY_DOOR, form->door);
	aw_link_scale_make(&index->model, &frequency, &s->scales[asked]);
	for (size_t l = 0; l < aw_link_level_count(AW_LINK_NAME); l++)
		if (s->scales[asked].weight[AW_LINK_NAME][l] > s->most_name[asked])
			s->most_name[asked] = s->scales[asked].weight[AW_LINK_NAME][l];
}

/* -- keys to ask ---------------------------------------------------------------------------------- */

/* A day next to the query's: with its surname, when it has one that can be looked up. Who bears another
 * surname, too, is so far off that nothing is lost. */
static void
follow_birth(struct aw_search *s, uint32_t asked, int32_t year, int32_t month, int32_t day)
{
	struct aw_link_key key = { .family = AW_KEY_BIRTH };
	uint64_t born[2];
	int32_t birth;
	size_t count;

	if (!aw_date_valid(year, month, day))
		return;
	birth = aw_day_of_date((struct aw_date){ year, month, day });
	count = aw_link_born_keys(&s->asked->forms[asked], birth, born);
	for (size_t i = 0; i < count; i++)
		aw_search_follow(s, asked, &(struct aw_link_key){ born[i], false, AW_KEY_BORN });
	key.hash = aw_link_key(AW_KEY_BIRTH, (uint32_t)birth);
	if (count == 0)
		aw_search_follow(s, asked, &key);
}

static void
ask_near_births(struct aw_search *s, uint32_t asked, int32_t day)
{
	struct aw_date date = aw_date_of_day(day);

	if (date.day != date.month)
		follow_birth(s, asked, date.year, date.day, date.month);
	for (int32_t years = -1; years <= 1; years += 2)
		follow_birth(s, asked, date.year + years, date.month, date.day);
}

static void
ask_near_numbers(struct aw_search *s, uint32_t asked, uint64_t number)
{
	uint64_t near[AW_IDNO_NEAR_LIMIT];
	size_t count = aw_idno_near(number, near);

	for (size_t i = 0; i < count; i++)
		aw_search_follow(s, asked,
			&(struct aw_link_key){
				aw_link_key(AW_KEY_NUMBER, near[i]), true, AW_KEY_NUMBER });
}

static void
ask(struct aw_search *s, uint32_t asked, enum aw_wave wave)
{
	const struct aw_link_form *form = &s->asked->forms[asked];
	const struct aw_link_key *keys = s->keys[asked];

	for (size_t i = 0; i < s->key_counts[asked]; i++)
		if (aw_wave_of(s, &keys[i]) == wave)
			aw_search_follow(s, asked, &keys[i]);
	if (wave != AW_WAVE_NEAR)
		return;
	if (form->number != 0)
		ask_near_numbers(s, asked, form->number);
	if (form->birth_day != AW_BIRTH_UNKNOWN && form->birth_span == 0)
		ask_near_births(s, asked, form->birth_day);
}

/* Whether the query's birth days lead to fewer people than its names. */
static bool
are_days_fewer(const struct aw_search *s)
{
	uint64_t days = 0, names = 0;

	for (size_t i = 0; i < s->asked_count; i++) {
		const struct aw_link_key *keys = s->keys[i];

		for (size_t k = 0; k < s->key_counts[i]; k++) {
			uint64_t many =
				!aw_link_is_counted(keys[k].family)
					? 0
					: aw_link_counts_of(&s->index->counts, keys[k].hash);

			days += keys[k].family == AW_KEY_BIRTH ? many : 0;
			names += keys[k].family == AW_KEY_NAME ? many : 0;
		}
	}
	return days < names;
}

static void
begin(struct aw_search *s, const struct aw_link_index *index, struct aw_arena *arena,
	const struct aw_link_asked *asked)
{
	*s = (struct aw_search){
		.index = index, .arena = arena, .asked = asked, .least = FAINT_MBITS
	};
	s->asked_count = asked->count < AW_FIND_ASKED ? asked->count : AW_FIND_ASKED;
	for (size_t i = 0; i < s->asked_count; i++) {
		s->key_counts[i] = aw_link_keys(&asked->forms[i], asked->others[i], s->keys[i]);
		for (size_t k = 0; k < s->key_counts[i]; k++)
			aw_link_posted_fetch(&index->base->posted, s->keys[i][k].hash);
	}
	for (size_t i = 0; i < s->asked_count; i++)
		scale_for(s, i);
	s->days_first = are_days_fewer(s);
}

void
aw_link_index_find(const struct aw_link_index *index, struct aw_arena *arena,
	const struct aw_link_asked *asked, struct aw_link_hits *ret_hits)
{
	struct aw_search s;

	*ret_hits = (struct aw_link_hits){ 0 };
	begin(&s, index, arena, asked);
	for (enum aw_wave wave = AW_WAVE_SHARP; wave < AW_WAVES; wave++) {
		if (wave > AW_WAVE_SHARP &&
			(aw_search_is_settled(&s, wave) ||
				(wave > AW_WAVE_WIDER && aw_search_is_certain(&s))))
			break;
		s.least = FAINT_MBITS + aw_search_best(&s);
		for (uint32_t i = 0; i < s.asked_count; i++)
			ask(&s, i, wave);
		aw_search_look(&s);
	}
	aw_search_answer(&s, ret_hits);
}

bool
aw_link_index_compare(const struct aw_link_index *index, struct aw_arena *arena,
	const struct aw_link_asked *asked, int64_t person, struct aw_link_hit *ret_hit)
{
	struct aw_link_spot spot = aw_link_spot_of(index, person);
	struct aw_link_hit best = { .weights.total = INT32_MIN };
	struct aw_search s;

	if (spot.shelf == NULL || asked->count == 0)
		return false;
	begin(&s, index, arena, asked);
	for (size_t i = 0; i < s.asked_count; i++) {
		uint32_t end = aw_link_shelf_end(spot.shelf, spot.at);

		for (uint32_t at = spot.at; at < end; at++) {
			const struct aw_link_form *form = &spot.shelf->forms[at];
			struct aw_link_hit hit = { .person = person,
				.prior_mbits = s.scales[i].prior_mbits };

			aw_link_compare(&asked->forms[i], asked->others[i], form,
				aw_link_shelf_other(spot.shelf, form), &hit.levels);
			aw_link_weigh(&s.scales[i], &hit.levels, &hit.weights);
			if (hit.weights.total > best.weights.total)
				best = hit;
		}
	}
	best.conflicts = aw_link_conflicts(&best.levels);
	aw_link_probabilities(best.prior_mbits, &best.weights.total, 1, &best.ppm);
	*ret_hit = best;
	return true;
}
