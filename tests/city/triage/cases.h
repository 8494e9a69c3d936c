/**
 * tests/city/triage/cases - made-up facts for whatever a model asks, by a seed.
 *
 * One of eight is unknown, a score is sometimes between two values; texts are among those that the input's
 * type allows, codes among the model's own.
 */
#ifndef AW_TESTS_CITY_TRIAGE_CASES_H
#define AW_TESTS_CITY_TRIAGE_CASES_H

#include "city/triage/triage.h"
#include "rule/model.h"

static inline uint32_t
case_next(uint64_t *seed, uint32_t below)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33) % below;
}

static inline const char *
case_text(struct aw_arena *arena, struct aw_value v)
{
	return v.kind == AW_VALUE_TEXT ? aw_arena_strndup(arena, v.u.text.at, v.u.text.len) : NULL;
}

static inline void
case_list(struct aw_triage_facts *facts, const char *name, uint64_t *seed)
{
	static const char *const codes[] = { "VF1-1", "VF3-2", "VF4-1", "VF5-1", "VF5-3", "VF6-1" };
	static const char *const kinds[] = { "child_protection", "adult_ipv", "suicide" };

	if (strcmp(name, "other_kinds") == 0) {
		if (case_next(seed, 4) == 0)
			aw_fact_add(facts, name, kinds[case_next(seed, 3)], "issue");
		return;
	}
	for (uint32_t n = case_next(seed, 4); n > 0; n--)
		aw_fact_add(facts, name, codes[case_next(seed, 6)], "answer");
}

/* A fact for one input of the model. */
static inline void
case_fact(struct aw_triage_facts *facts, const struct aw_dmn_item *item, uint64_t *seed)
{
	const struct aw_type *type = aw_type_resolve(&item->model->types, item->type);
	const char *name = item->name.at;
	bool kind = strcmp(name, "kind") == 0;
	uint32_t number;

	if (case_next(seed, 8) == 0 && !kind)
		aw_fact_unknown(facts, name, "answer");
	else if (type->kind == AW_TYPE_LIST)
		case_list(facts, name, seed);
	else if (type->allowed != NULL && type->allowed->count > 1)
		aw_fact_text(facts, name,
			case_text(facts->arena,
				type->allowed->kids[case_next(seed, (uint32_t)type->allowed->count)]
					->value),
			kind ? "issue" : "answer");
	else if (type->kind == AW_TYPE_BASIC && type->basic == AW_VALUE_FLAG)
		aw_fact_flag(facts, name, case_next(seed, 4) == 0, "answer");
	else {
		number = case_next(seed, 16);
		aw_fact_between(facts, name, number,
			number + (case_next(seed, 8) == 0 ? case_next(seed, 5) : 0), "answer");
	}
}

/* A case with a fact for each input of the model. */
static inline struct aw_triage_facts
case_facts(struct aw_arena *arena, const struct aw_dmn_model *model, uint64_t *seed)
{
	struct aw_triage_facts facts = { .arena = arena };

	for (size_t i = 0; i < model->item_count; i++) {
		if (model->items[i]->kind == AW_DMN_INPUT)
			case_fact(&facts, model->items[i], seed);
	}
	return facts;
}

#endif
