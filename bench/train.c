/* Learns m and u of link/model.h from one half of the made-up Taiwan, by counting pairs whose truth is
 * known, and prints them as a model file. bench_train [PAIRS] [SEED]
 *
 * m: records with slips against how the same person is registered, the best of their forms. u: records
 * against strangers, drawn at random. Not learned: u of the levels of the number, which follow from how
 * numbers are made; u of an equal name, which the population tells at every search; and u of phone and
 * place, which are caps and not shares, because a household has both in common (link/model.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/taiwan_index.h"

enum { POOL = 30000, HOUSEHOLDS = 1000000, STRANGERS_A_PAIR = 20 };

struct side {
	struct aw_link_form form;
	struct aw_str other;
};

struct counts {
	uint64_t at[AW_LINK_FIELDS][AW_LINK_LEVEL_LIMIT];
};

static void
count(struct counts *counts, const struct aw_link_levels *levels)
{
	for (size_t f = 0; f < AW_LINK_FIELDS; f++)
		counts->at[f][levels->at[f]]++;
}

/* The levels of the form that speaks most for the person. */
static void
compare_best(const struct aw_link_model *model, const struct side *record,
	const struct aw_link_form *forms, const struct aw_str *others, size_t form_count,
	struct aw_link_levels *ret)
{
	int64_t most = INT64_MIN;

	for (size_t i = 0; i < form_count; i++) {
		struct aw_link_levels levels;
		int64_t total = 0;

		aw_link_compare(&record->form, record->other, &forms[i], others[i], &levels);
		for (size_t f = 0; f < AW_LINK_FIELDS; f++)
			total += model->weight[f][levels.at[f]];
		if (total > most)
			*ret = levels;
		most = total > most ? total : most;
	}
}

static void
count_matches(const struct aw_link_model *model, uint64_t seed, size_t pairs, struct counts *counts,
	struct side *pool, struct aw_arena *kept)
{
	struct aw_random random;

	aw_random_seed(&random, seed + 101);
	for (size_t i = 0; i < pairs; i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct tw_household home;
		const struct tw_person *person = tw_draw(&random, seed, HOUSEHOLDS, 0, &home);
		struct aw_link_form forms[TW_FORMS];
		struct aw_str others[TW_FORMS];
		struct aw_link_levels levels;
		struct tw_known known;
		struct side record;
		size_t form_count;

		(void)tw_record(&random, &home, person, &known);
		tw_known_form(&arena, &known, &record.form, &record.other);
		form_count = tw_forms(&arena, &home, person, forms, others);
		compare_best(model, &record, forms, others, form_count, &levels);
		count(counts, &levels);
		if (i < POOL) { /* records, and how others are registered */
			struct side *side = &pool[2 * i];

			side[0] = record;
			side[1] = (struct side){ forms[0], others[0] };
			for (int s = 0; s < 2; s++)
				side[s].other.at =
					aw_arena_strndup(kept, side[s].other.at, side[s].other.len);
		}
	}
}

static void
count_strangers(uint64_t seed, size_t pairs, const struct side *pool, struct counts *counts)
{
	struct aw_random random;

	aw_random_seed(&random, seed + 102);
	for (size_t i = 0; i < pairs; i++) {
		size_t a = aw_random_below(&random, POOL), b = aw_random_below(&random, POOL);
		struct aw_link_levels levels;

		if (a == b)
			continue;
		aw_link_compare(&pool[2 * a].form, pool[2 * a].other, &pool[2 * b + 1].form,
			pool[2 * b + 1].other, &levels);
		count(counts, &levels);
	}
}

/* Nothing is impossible because it was not seen: half a pair more for each level. */
static double
share(const struct counts *counts, size_t field, size_t level)
{
	size_t levels = aw_link_level_count((enum aw_link_field)field);
	double sum = 0.5 * (double)(levels - 1);

	for (size_t l = 1; l < levels; l++)
		sum += (double)counts->at[field][l];
	return ((double)counts->at[field][level] + 0.5) / sum;
}

/* Births known to the day and those known by an age are two kinds of comparison, each with shares of its
 * own; ages are not in these records, and keep their m and u. */
static bool
is_learned(size_t field, size_t level, bool of_u)
{
	if (field == AW_LINK_BIRTH && (level == AW_BIRTH_WITHIN || level == AW_BIRTH_NEAR))
		return false;
	if (field == AW_LINK_NAME && level == AW_NAMES_MASKED)
		return false;
	if (!of_u)
		return true;
	if (field == AW_LINK_NUMBER || field == AW_LINK_PHONE || field == AW_LINK_ADDRESS)
		return false;
	return !(field == AW_LINK_NAME && (level == AW_NAMES_EXACT || level == AW_NAMES_VARIANT));
}

static void
print_model(const struct aw_link_model *model, const struct counts *matches,
	const struct counts *strangers)
{
	printf("{");
	for (size_t f = 0; f < AW_LINK_FIELDS; f++) {
		printf("%s\"%s\": {", f == 0 ? "" : ",\n ",
			aw_link_field_code((enum aw_link_field)f));
		for (size_t l = 1; l < aw_link_level_count((enum aw_link_field)f); l++)
			printf("%s\"%s\": {\"m\": %.3g, \"u\": %.3g}", l == 1 ? "" : ",\n   ",
				aw_link_level_code((enum aw_link_field)f, (uint8_t)l),
				is_learned(f, l, false) ? share(matches, f, l) : model->m[f][l],
				is_learned(f, l, true) ? share(strangers, f, l) : model->u[f][l]);
		printf("}");
	}
	printf("}\n");
}

int
main(int argc, char **argv)
{
	size_t pairs = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	struct side *pool = calloc(2 * (size_t)POOL, sizeof(*pool));
	struct counts matches = { 0 }, strangers = { 0 };
	AW_SCOPE(aw_arena) kept = { 0 };
	struct aw_link_model model;

	if (pool == NULL || pairs < POOL) {
		fprintf(stderr, "usage: bench_train [PAIRS, %d at least] [SEED]\n", POOL);
		return 2;
	}
	tw_begin();
	aw_link_model_default(&model);
	count_matches(&model, seed, pairs, &matches, pool, &kept);
	count_strangers(seed, pairs * STRANGERS_A_PAIR, pool, &strangers);
	print_model(&model, &matches, &strangers);
	free(pool);
	return 0;
}
