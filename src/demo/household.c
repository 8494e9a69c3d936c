/* demo/household - kinds of households and the ages in them. */
#include "demo/household.h"

#include <string.h>

static int32_t
between(struct aw_random *random, int32_t least, int32_t most)
{
	return least + (int32_t)aw_random_below(random, (uint64_t)((int64_t)most - least + 1));
}

static bool
chance(struct aw_random *random, unsigned percent)
{
	return aw_random_below(random, 100) < percent;
}

/* Somebody who has completed `age` years on the day of the draft. */
static uint32_t
add(struct aw_demo_draft *draft, enum aw_demo_role role, char sex, int32_t age)
{
	struct aw_demo_person *person = &draft->at[draft->count];
	struct aw_date today = aw_date_of_day(draft->as_of_day);
	int32_t latest, earliest;

	memset(person, 0, sizeof(*person));
	latest = aw_add_months(draft->as_of_day, -12 * age);
	earliest = aw_add_months(draft->as_of_day, -12 * (age + 1)) + 1;
	if (today.month == 2 && today.day == 29)
		latest--;
	person->birth_day = between(draft->random, earliest, latest);
	person->sex = sex;
	person->role = (uint8_t)role;
	person->father = person->mother = person->spouse = person->twin = AW_DEMO_NOBODY;
	return draft->count++;
}

static int32_t
age_of(const struct aw_demo_draft *draft, uint32_t who)
{
	return aw_years_between(draft->at[who].birth_day, draft->as_of_day);
}

static void
marry(struct aw_demo_draft *draft, uint32_t a, uint32_t b)
{
	draft->at[a].spouse = b;
	draft->at[b].spouse = a;
}

/* A wife two or three years younger than her husband, as a rule. */
static int32_t
wife_age(struct aw_demo_draft *draft, int32_t husband_age, int32_t least)
{
	int32_t age = husband_age - between(draft->random, -3, 8);

	return age < least ? least : age;
}

static uint32_t
couple(struct aw_demo_draft *draft, int32_t age, int32_t least_wife)
{
	uint32_t husband = add(draft, AW_DEMO_HEAD, 'M', age);
	uint32_t wife = add(draft, AW_DEMO_SPOUSE, 'F', wife_age(draft, age, least_wife));

	marry(draft, husband, wife);
	return husband;
}

static void
child_of(struct aw_demo_draft *draft, uint32_t child, uint32_t father, uint32_t mother)
{
	draft->at[child].father = father;
	draft->at[child].mother = mother;
}

/* Children born when the mother (or the only parent) was between 19 and 43, at least 15 months
 * apart, or twins. `oldest` and `youngest` bound their ages today. Returns how many were born. */
static uint32_t
children(struct aw_demo_draft *draft, uint32_t father, uint32_t mother, uint32_t wanted,
	int32_t youngest, int32_t oldest)
{
	uint32_t parent = mother != AW_DEMO_NOBODY ? mother : father, born = 0;
	int32_t parent_age = age_of(draft, parent), first, last_day = 0;

	if (oldest > parent_age - 20)
		oldest = parent_age - 20;
	if (father != AW_DEMO_NOBODY && oldest > age_of(draft, father) - 20)
		oldest = age_of(draft, father) - 20;
	if (youngest < parent_age - 42)
		youngest = parent_age - 42;
	if (youngest < 0)
		youngest = 0;
	if (oldest < youngest)
		return 0;
	first = between(draft->random, youngest, oldest);
	for (uint32_t i = 0; i < wanted && draft->count < AW_DEMO_HOUSEHOLD_MOST; i++) {
		char sex = chance(draft->random, 52) ? 'M' : 'F';
		uint32_t child;
		if (i > 0 && last_day + 460 > draft->as_of_day)
			break;
		child = add(draft, AW_DEMO_CHILD, sex, i == 0 ? first : 0);
		if (i > 0)
			draft->at[child].birth_day =
				last_day + between(draft->random, 460, 460 + 1100);
		if (draft->at[child].birth_day > draft->as_of_day ||
			aw_years_between(draft->at[parent].birth_day, draft->at[child].birth_day) >
				44) {
			draft->count--;
			break;
		}
		child_of(draft, child, father, mother);
		last_day = draft->at[child].birth_day;
		born++;
		if (chance(draft->random, 2) && draft->count < AW_DEMO_HOUSEHOLD_MOST) {
			uint32_t twin =
				add(draft, AW_DEMO_CHILD, chance(draft->random, 70) ? sex : 'F', 0);
			draft->at[twin].birth_day = last_day;
			draft->at[twin].twin = child;
			draft->at[child].twin = twin;
			draft->at[twin].traits |= AW_TRAIT_TWIN;
			draft->at[child].traits |= AW_TRAIT_TWIN;
			child_of(draft, twin, father, mother);
			born++;
			i++;
		}
	}
	return born;
}

static uint32_t
how_many_children(struct aw_random *random)
{
	uint64_t drawn = aw_random_below(random, 100);

	return drawn < 38 ? 1 : drawn < 84 ? 2 : drawn < 97 ? 3 : 4;
}

static void
single_parent(struct aw_demo_draft *draft)
{
	bool mother = chance(draft->random, 74);
	uint32_t parent =
		add(draft, AW_DEMO_HEAD, mother ? 'F' : 'M', between(draft->random, 24, 58));

	(void)children(draft, mother ? AW_DEMO_NOBODY : parent, mother ? parent : AW_DEMO_NOBODY,
		chance(draft->random, 62) ? 1 : 2, 0, 24);
}

/* Grandparents, then the couple between them and the children. */
static void
three_generations(struct aw_demo_draft *draft)
{
	int32_t old = between(draft->random, 58, 86);
	uint32_t grandfather = AW_DEMO_NOBODY, grandmother = AW_DEMO_NOBODY, husband, wife;
	bool his = chance(draft->random, 82);

	if (chance(draft->random, 55))
		grandfather = add(draft, AW_DEMO_PARENT, 'M', old);
	if (grandfather == AW_DEMO_NOBODY || chance(draft->random, 70))
		grandmother = add(draft, AW_DEMO_PARENT, 'F', wife_age(draft, old, 54));
	if (grandfather != AW_DEMO_NOBODY && grandmother != AW_DEMO_NOBODY)
		marry(draft, grandfather, grandmother);
	old = age_of(draft, grandmother != AW_DEMO_NOBODY ? grandmother : grandfather);
	husband = add(draft, AW_DEMO_HEAD, 'M', between(draft->random, old - 34, old - 24));
	wife = add(draft, AW_DEMO_SPOUSE, 'F',
		between(draft->random, old - 34 < 21 ? 21 : old - 34, old - 24));
	marry(draft, husband, wife);
	child_of(draft, his ? husband : wife, grandfather, grandmother);
	(void)children(draft, husband, wife, how_many_children(draft->random), 0, 24);
}

static void
skipped_generation(struct aw_demo_draft *draft)
{
	int32_t age = between(draft->random, 57, 78), grandchild = between(draft->random, 3, 16);
	uint32_t grandfather = add(draft, AW_DEMO_HEAD, chance(draft->random, 45) ? 'M' : 'F', age);

	if (draft->at[grandfather].sex == 'M' && chance(draft->random, 75))
		marry(draft, grandfather,
			add(draft, AW_DEMO_SPOUSE, 'F', wife_age(draft, age, 50)));
	(void)add(draft, AW_DEMO_GRANDCHILD, chance(draft->random, 52) ? 'M' : 'F', grandchild);
	if (chance(draft->random, 35) && grandchild > 3)
		(void)add(draft, AW_DEMO_GRANDCHILD, chance(draft->random, 52) ? 'M' : 'F',
			grandchild - 2);
}

/* One or two old parents and the grown-up child who stayed. */
static void
adult_child(struct aw_demo_draft *draft)
{
	int32_t old = between(draft->random, 60, 90);
	bool mother = chance(draft->random, 68);
	uint32_t head = add(draft, AW_DEMO_HEAD, mother ? 'F' : 'M', old), spouse = AW_DEMO_NOBODY;

	if (!mother && chance(draft->random, 60)) {
		spouse = add(draft, AW_DEMO_SPOUSE, 'F', wife_age(draft, old, 55));
		marry(draft, head, spouse);
	}
	(void)children(draft, mother ? AW_DEMO_NOBODY : head, mother ? head : spouse,
		chance(draft->random, 80) ? 1 : 2, 22, 64);
}

static void
siblings(struct aw_demo_draft *draft)
{
	int32_t age = between(draft->random, 24, 66);

	(void)add(draft, AW_DEMO_HEAD, chance(draft->random, 55) ? 'M' : 'F', age);
	(void)add(draft, AW_DEMO_SIBLING, chance(draft->random, 50) ? 'M' : 'F', age - 3);
}

static void
family(struct aw_demo_draft *draft, int32_t least, int32_t most, int32_t youngest, int32_t oldest)
{
	uint32_t husband =
		couple(draft, between(draft->random, least, most), youngest < 18 ? 21 : 42);

	(void)children(draft, husband, draft->at[husband].spouse, how_many_children(draft->random),
		youngest, oldest);
}

void
aw_demo_household_compose(struct aw_demo_draft *draft, enum aw_demo_home home)
{
	struct aw_random *random = draft->random;
	char sex = chance(random, 54) ? 'M' : 'F';

	draft->count = 0;
	switch (home) {
	case AW_HOME_SINGLE:
		(void)add(draft, AW_DEMO_HEAD, sex, between(random, 24, 64));
		break;
	case AW_HOME_ELDER_ALONE: {
		/* The old are fewer the older they are. */
		int32_t age = 65 + between(random, 0, 30) * between(random, 0, 30) / 30;
		(void)add(draft, AW_DEMO_HEAD, chance(random, 60) ? 'F' : 'M', age);
		break;
	}
	case AW_HOME_ELDER_COUPLE:
		(void)couple(draft, 66 + between(random, 0, 24) * between(random, 8, 24) / 24, 60);
		break;
	case AW_HOME_COUPLE:
		(void)couple(draft, between(random, 27, 64), 22);
		break;
	case AW_HOME_NUCLEAR:
		family(draft, 27, 56, 0, 21);
		break;
	case AW_HOME_SINGLE_PARENT:
		single_parent(draft);
		break;
	case AW_HOME_THREE_GENERATIONS:
		three_generations(draft);
		break;
	case AW_HOME_SKIPPED_GENERATION:
		skipped_generation(draft);
		break;
	case AW_HOME_ADULT_CHILD:
		adult_child(draft);
		break;
	case AW_HOME_LATE_FAMILY:
		family(draft, 48, 70, 18, 40);
		break;
	case AW_HOME_SIBLINGS:
	case AW_HOME_COUNT:
		siblings(draft);
		break;
	}
}
