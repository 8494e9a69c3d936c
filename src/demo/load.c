/* demo/load - the fast path for the base population: many households a unit of work. */
#include "demo/load.h"

#include <string.h>

enum { CHUNK = 1000 }; /* households a unit of work */

struct chunk {
	const struct aw_demo_env *env;
	const struct aw_demo_city *city;
	uint32_t first, count;
	int64_t *people;
	struct aw_arena arena; /* lives until the commit, as what the index is told does */
};

static const struct aw_viewer registrar = {
	.login = "demo", .name = "demo", .title = "", .roles = "", .purpose = "administration"
};

/* In Latin letters, as a passport has it. */
static bool
latin(const char *name)
{
	return name[0] >= 'A' && name[0] <= 'Z';
}

static enum aw_name_kind
alias_kind(const struct aw_demo_person *person)
{
	if ((person->traits & AW_TRAIT_MARRIED_NAME) != 0)
		return AW_NAME_FORMER;
	return latin(person->alias) ? AW_NAME_LATIN : AW_NAME_TRADITIONAL;
}

static void
identity_of(
	const struct chunk *chunk, struct aw_arena *arena, uint32_t index, struct aw_identity *ret)
{
	const struct aw_demo_person *person = &chunk->city->people[index];
	const struct aw_demo_household *home = &chunk->city->households[person->household];
	struct aw_date birth = aw_date_of_day(person->birth_day);
	char sex[2] = { person->sex, '\0' };

	memset(ret, 0, sizeof(*ret));
	aw_identity_add_name(arena, ret, AW_NAME_CURRENT, person->name);
	aw_identity_add_name(arena, ret, alias_kind(person), person->alias);
	aw_identity_add_number(arena, ret, person->national_id);
	aw_identity_add_address(arena, ret, AW_ADDRESS_REGISTERED, home->address);
	if (person->role <= AW_DEMO_SPOUSE)
		aw_identity_add_phone(arena, ret, home->phone);
	(void)aw_identity_set_birth(arena, ret,
		aw_arena_printf(arena, "%03d%02d%02d", birth.year - 1911, birth.month, birth.day));
	aw_identity_set_sex(ret, sex);
}

/* `other` is the <kind> of `index`: told once a pair, by the younger or the wife. */
static enum aw_status
relate(struct chunk *chunk, struct aw_act *act, uint32_t index, uint32_t other, const char *kind,
	struct aw_maybe from_day, struct aw_error *err)
{
	if (other == AW_DEMO_NOBODY)
		return AW_OK;
	return aw_relationship_add(act, chunk->people[other], chunk->people[index], kind,
		"household_registration", from_day, err);
}

static enum aw_status
load_person(struct chunk *chunk, struct aw_act *act, int64_t household, uint32_t index,
	struct aw_error *err)
{
	const struct aw_demo_person *person = &chunk->city->people[index];
	struct aw_maybe born = AW_KNOWN(person->birth_day);
	bool child = person->role == AW_DEMO_CHILD || person->role == AW_DEMO_GRANDCHILD;
	struct aw_identity identity;
	const char *number;

	identity_of(chunk, act->arena, index, &identity);
	if (aw_person_create(act, &identity, "household_registration", &chunk->people[index],
		    &number, err) != AW_OK ||
		aw_membership_add(act, household, chunk->people[index],
			aw_demo_role_code((enum aw_demo_role)person->role),
			child ? born : AW_UNKNOWN, err) != AW_OK ||
		relate(chunk, act, index, person->father, "parent", born, err) != AW_OK ||
		relate(chunk, act, index, person->mother, "parent", born, err) != AW_OK)
		return err->status;
	if (person->spouse != AW_DEMO_NOBODY && person->spouse < index)
		return relate(chunk, act, index, person->spouse, "spouse", AW_UNKNOWN, err);
	return AW_OK;
}

static enum aw_status
load_chunk(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct chunk *chunk = arg;
	const struct aw_demo_city *city = chunk->city;

	for (uint32_t h = chunk->first; h < chunk->first + chunk->count; h++) {
		const struct aw_demo_household *home = &city->households[h];
		const struct aw_demo_district *district = &aw_demo_districts[home->district];
		struct aw_act act = { .tx = tx,
			.arena = &chunk->arena,
			.viewer = &registrar,
			.policy = chunk->env->policy,
			.keyring = chunk->env->keyring,
			.ids = chunk->env->ids,
			.people = chunk->env->people,
			.now_ms = aw_taipei_day_start_ms(
					  aw_day_of_date((struct aw_date){ 2018, 1, 1 })) +
				  h,
			.real_ms = chunk->env->real_ms,
			.demo = true,
			.action = "demo.load" };
		int64_t household;
		if (aw_household_create(&act, district->code, district->villages[home->village],
			    &household, err) != AW_OK)
			return err->status;
		for (uint32_t i = home->first; i < home->first + home->count; i++) {
			if (load_person(chunk, &act, household, i, err) != AW_OK)
				return aw_wrap(err, "person %u of the population", i);
		}
	}
	return AW_OK;
}

enum aw_status
aw_demo_load(const struct aw_demo_env *env, const struct aw_demo_city *city, int64_t *ret_people,
	struct aw_error *err)
{
	for (uint32_t first = 0; first < city->household_count; first += CHUNK) {
		uint32_t left = city->household_count - first;
		struct chunk chunk = { env, city, first, left < CHUNK ? left : CHUNK, ret_people,
			{ 0 } };
		enum aw_status status = aw_db_write(env->db, load_chunk, &chunk, err);
		aw_arena_done(&chunk.arena);
		if (status != AW_OK)
			return status;
		if (env->progress != NULL)
			env->progress(env->progress_arg, "people", city->households[first].first,
				city->people_count);
	}
	return AW_OK;
}
