/* No path from a respondent's worker to the protected side, over 20,000 random families.
 *
 * A family is made at random: people, households, relatives, the family's frame, reports with
 * sides, units with ties, workers with roles. Each worker then looks at everything a page can show
 * (person, household, case, timeline, who is serving, lists, reports), and collects what they learn. What
 * they must not learn is worked out from how the family was made, apart from the code under test.
 * Then the same is done with rules broken on purpose, and each breach must be found. */
#include "../guard/testpolicy.h"
#include "base/id.h"
#include "guard/act.h"
#include "testing.h"

enum {
	PEOPLE = 9,
	HOMES = 4,
	REPORTS = 3,
	TIES = 14,
	WORKERS = 5,
	UNITS = AW_COUNT(test_units),
	GRAPHS = 20000,
	PLANTED = 4000,
};

enum side { PROTECTED, RESPONDENT, NEUTRAL, ABSENT };
static const char *const side_names[] = { "protected", "respondent", "neutral" };
static const char *const tie_names[] = { "lead", "co", "context", "screening" };

struct tie {
	int unit, worker /* -1: nobody yet */, person;
	enum side side;
	int kind;
	int report;
};

struct family {
	int people;
	int home[PEOPLE];	     /* household they are registered in */
	int lives[PEOPLE];	     /* household whose address is theirs */
	bool framed[PEOPLE];	     /* in the family's frame */
	bool known[REPORTS][PEOPLE]; /* recognised in the report */
	enum side side[REPORTS][PEOPLE];
	struct aw_pair relatives[2 * PEOPLE];
	int relative_count;
	struct tie ties[TIES];
	int tie_count;
	struct {
		int unit;
		const char *roles, *purpose;
	} workers[WORKERS];
};

/* What a worker learned: whose secrets, and of which household the address. */
struct learned {
	bool address[PEOPLE], household[HOMES]; /* whose address; which household's */
	bool contact[PEOPLE], plan[PEOPLE], placement[PEOPLE], narrative[PEOPLE];
	bool served_by[UNITS][PEOPLE];
	bool file[PEOPLE]; /* that there is a file on them */
	bool reporter[REPORTS], story[REPORTS];
};

/* The rules under test, or broken ones. */
struct rules {
	void (*shield)(struct aw_arena *, const struct aw_shield_facts *, int64_t **, size_t *);
	void (*decide)(const struct aw_policy *, const struct aw_standing *, struct aw_access *);
	void (*join)(
		const struct aw_access *, const struct aw_access *, size_t, struct aw_access *);
	bool (*lists)(const struct aw_access *, enum aw_field_class, const char *);
};

static int
pick(struct aw_random *random, int below)
{
	return (int)aw_random_below(random, (uint64_t)below);
}

static bool
chance(struct aw_random *random, int percent)
{
	return pick(random, 100) < percent;
}

/* -- making families ---------------------------------------------------------------------------- */

static void
make_people(struct aw_random *random, struct family *f)
{
	f->people = 3 + pick(random, PEOPLE - 2);
	for (int i = 0; i < f->people; i++) {
		f->home[i] = f->lives[i] = pick(random, HOMES);
		f->framed[i] = chance(random, 50);
		if (i > 0 && chance(random, 60) && f->relative_count < 2 * PEOPLE)
			f->relatives[f->relative_count++] =
				chance(random, 50) ? (struct aw_pair){ i + 1, pick(random, i) + 1 }
						   : (struct aw_pair){ pick(random, i) + 1, i + 1 };
	}
}

static void
make_reports(struct aw_random *random, struct family *f)
{
	for (int r = 0; r < REPORTS; r++) {
		for (int i = 0; i < PEOPLE; i++)
			f->side[r][i] = ABSENT;
		for (int i = 0; i < f->people; i++) {
			int roll = pick(random, 10);

			if (r > 0 && chance(random, 40))
				continue;
			f->side[r][i] = roll < 3   ? PROTECTED
					: roll < 5 ? RESPONDENT
					: roll < 7 ? NEUTRAL
						   : ABSENT;
			f->known[r][i] = chance(random, 90);
		}
	}
}

/* Somebody who fled lives with a relative, or with somebody of the family's frame, while the
 * register still shows the old household. */
static void
flee(struct aw_random *random, struct family *f, int person)
{
	int to[2 * PEOPLE + PEOPLE], count = 0;

	for (int i = 0; i < f->relative_count; i++) {
		if (f->relatives[i].a == person + 1)
			to[count++] = (int)f->relatives[i].b - 1;
		if (f->relatives[i].b == person + 1)
			to[count++] = (int)f->relatives[i].a - 1;
	}
	for (int i = 0; i < f->people && f->framed[person]; i++)
		if (f->framed[i])
			to[count++] = i;
	if (count > 0)
		f->lives[person] = f->home[to[pick(random, count)]];
}

static bool
is_protected(const struct family *f, int person, int respondent)
{
	for (int r = 0; r < REPORTS; r++)
		if (f->side[r][person] == PROTECTED && f->side[r][respondent] == RESPONDENT &&
			f->known[r][person] && f->known[r][respondent])
			return true;
	return false;
}

static void
make_ties(struct aw_random *random, struct family *f)
{
	f->tie_count = 4 + pick(random, TIES - 3);
	for (int t = 0; t < f->tie_count; t++) {
		struct tie *tie = &f->ties[t];

		*tie = (struct tie){ .worker = chance(random, 75) ? pick(random, WORKERS) : -1,
			.person = pick(random, f->people),
			.side = (enum side)pick(random, 3),
			.kind = chance(random, 80) ? pick(random, 2) : 2 + pick(random, 2),
			.report = pick(random, REPORTS) };
		tie->unit = tie->worker < 0 ? pick(random, UNITS) : f->workers[tie->worker].unit;
		if (f->side[tie->report][tie->person] == RESPONDENT && chance(random, 70))
			tie->side = RESPONDENT; /* mostly a unit on the respondent's own side */
	}
}

static void
make_family(struct aw_random *random, struct family *f)
{
	static const char *const roles[] = { "worker", "supervisor", "careless", "worker screener",
		"supervisor careless screener" };

	*f = (struct family){ 0 };
	make_people(random, f);
	make_reports(random, f);
	for (int w = 0; w < WORKERS; w++) {
		f->workers[w].unit = pick(random, UNITS);
		f->workers[w].roles = roles[pick(random, AW_COUNT(roles))];
		f->workers[w].purpose = chance(random, 80)   ? "casework"
					: chance(random, 50) ? "contact_reporter"
							     : "screening";
	}
	make_ties(random, f);
	for (int i = 0; i < f->people; i++)
		for (int x = 0; x < f->people; x++)
			if (is_protected(f, i, x) && chance(random, 30))
				flee(random, f, i);
}

/* -- looking ------------------------------------------------------------------------------------ */

struct look {
	const struct family *f;
	const struct rules *rules;
	int worker;
	struct aw_viewer viewer;
	bool supervises;
	struct aw_access access[PEOPLE];
	struct learned learned;
};

/* Everything the ledgers hold, in the order the code under test wants it. */
static void
shield_of(struct aw_arena *arena, struct look *look, int64_t **ret, size_t *ret_count)
{
	const struct family *f = look->f;
	int64_t respondents[TIES];
	struct aw_pair oppositions[PEOPLE * PEOPLE], homes[2 * PEOPLE];
	struct aw_shield_facts facts = { .respondents = respondents,
		.oppositions = oppositions,
		.relatives = f->relatives,
		.relative_count = (size_t)f->relative_count,
		.homes = homes };

	for (int t = 0; t < f->tie_count; t++) {
		const struct tie *tie = &f->ties[t];

		if (tie->kind < 2 && tie->side == RESPONDENT &&
			(tie->worker == look->worker ||
				(look->supervises && tie->unit == f->workers[look->worker].unit)))
			respondents[facts.respondent_count++] = tie->person + 1;
	}
	for (int i = 0; i < f->people; i++) {
		for (int x = 0; x < f->people; x++)
			if (i != x && is_protected(f, i, x))
				oppositions[facts.opposition_count++] =
					(struct aw_pair){ i + 1, x + 1 };
		homes[facts.home_count++] = (struct aw_pair){ i + 1, f->home[i] + 1 };
		if (f->framed[i])
			homes[facts.home_count++] = (struct aw_pair){ i + 1, -1 };
	}
	look->rules->shield(arena, &facts, ret, ret_count);
}

static void
stand(struct look *look, int person, const int64_t *shielded, size_t shielded_count)
{
	const struct family *f = look->f;
	struct aw_standing standing = { .roles = look->viewer.roles,
		.purpose = look->viewer.purpose,
		.unit = look->viewer.unit,
		.opened = true }; /* an emergency lifts none of the rules */

	for (int t = 0; t < f->tie_count; t++) {
		const struct tie *tie = &f->ties[t];

		if (tie->person == person &&
			(tie->worker == look->worker || tie->unit == f->workers[look->worker].unit))
			aw_standing_add(&standing, &look->viewer, look->supervises,
				&(struct aw_tie_seen){ .unit = test_units[tie->unit].code,
					.account = tie->worker + 1,
					.side = side_names[tie->side],
					.kind = tie_names[tie->kind] });
	}
	for (size_t i = 0; i < shielded_count; i++)
		standing.shielded |= shielded[i] == person + 1;
	look->rules->decide(&test_policy, &standing, &look->access[person]);
}

/* The person's page, and every list, search or drawing in which the person stands. */
static void
look_at_person(struct look *look, int person)
{
	const struct family *f = look->f;
	const struct aw_access *access = &look->access[person];
	struct learned *l = &look->learned;

	l->file[person] |= aw_access_may(access, AW_CLASS_EXISTENCE);
	l->address[person] |= aw_access_may(access, AW_CLASS_ADDRESS);
	l->contact[person] |= aw_access_may(access, AW_CLASS_CONTACT);
	l->plan[person] |= aw_access_may(access, AW_CLASS_PLAN);
	l->placement[person] |= aw_access_may(access, AW_CLASS_PLACEMENT);
	l->narrative[person] |= aw_access_may(access, AW_CLASS_NARRATIVE);
	/* Timeline and "who is serving": a row of each unit that is tied to them. */
	for (int t = 0; t < f->tie_count; t++)
		if (f->ties[t].person == person && f->ties[t].kind < 2 &&
			look->rules->lists(access, AW_CLASS_RISK, test_units[f->ties[t].unit].code))
			l->served_by[f->ties[t].unit][person] = true;
}

/* The household's page shows its address where the viewer may see that of one of its members. */
static void
look_at_households(struct look *look)
{
	const struct family *f = look->f;

	for (int i = 0; i < f->people; i++)
		if (aw_access_may(&look->access[i], AW_CLASS_EXISTENCE) &&
			aw_access_may(&look->access[i], AW_CLASS_ADDRESS) &&
			f->lives[i] == f->home[i])
			look->learned.household[f->home[i]] = true;
}

/* The report's page: reporter and narrative, asked as aw_access_of_matter does. */
static void
look_at_report(struct look *look, int report)
{
	const struct family *f = look->f;
	struct aw_access each[PEOPLE], matter, all;
	struct aw_standing standing = { .roles = look->viewer.roles,
		.purpose = look->viewer.purpose,
		.unit = look->viewer.unit };
	size_t count = 0;

	for (int i = 0; i < f->people; i++)
		if (f->side[report][i] != ABSENT && f->known[report][i])
			each[count++] = look->access[i];
	for (int t = 0; t < f->tie_count; t++)
		if (f->ties[t].report == report &&
			(f->ties[t].worker == look->worker ||
				f->ties[t].unit == f->workers[look->worker].unit))
			aw_standing_add(&standing, &look->viewer, look->supervises,
				&(struct aw_tie_seen){ .unit = test_units[f->ties[t].unit].code,
					.account = f->ties[t].worker + 1,
					.side = side_names[f->ties[t].side],
					.kind = tie_names[f->ties[t].kind] });
	look->rules->decide(&test_policy, &standing, &matter);
	look->rules->join(&matter, each, count, &all);
	look->learned.reporter[report] |= (all.shown & AW_CLASSES_REPORTER) != 0;
	look->learned.story[report] |= aw_access_may(&all, AW_CLASS_NARRATIVE);
	for (int i = 0; i < f->people; i++)
		if (f->side[report][i] == PROTECTED && f->known[report][i])
			look->learned.narrative[i] |= aw_access_may(&all, AW_CLASS_NARRATIVE);
}

static void
look_at_everything(struct aw_arena *arena, struct look *look)
{
	int64_t *shielded = NULL;
	size_t count = 0;

	shield_of(arena, look, &shielded, &count);
	for (int i = 0; i < look->f->people; i++)
		stand(look, i, shielded, count);
	for (int i = 0; i < look->f->people; i++)
		look_at_person(look, i);
	look_at_households(look);
	for (int r = 0; r < REPORTS; r++)
		look_at_report(look, r);
}

/* -- what must not be learned ------------------------------------------------------------------- */

static bool
serves_as_respondent(const struct look *look, int person)
{
	const struct family *f = look->f;

	for (int t = 0; t < f->tie_count; t++)
		if (f->ties[t].person == person && f->ties[t].side == RESPONDENT &&
			f->ties[t].kind < 2 &&
			(f->ties[t].worker == look->worker ||
				(look->supervises &&
					f->ties[t].unit == f->workers[look->worker].unit)))
			return true;
	return false;
}

/* Does the viewer themself serve the person? Then that there is a file is no secret. */
static bool
is_own_client(const struct look *look, int person)
{
	const struct family *f = look->f;

	for (int t = 0; t < f->tie_count; t++)
		if (f->ties[t].person == person && f->ties[t].kind < 2 &&
			f->ties[t].worker == look->worker)
			return true;
	return false;
}

static bool
are_close(const struct family *f, int v, int q)
{
	for (int i = 0; i < f->relative_count; i++)
		if ((f->relatives[i].a == v + 1 && f->relatives[i].b == q + 1) ||
			(f->relatives[i].a == q + 1 && f->relatives[i].b == v + 1))
			return true;
	return v == q || (f->framed[v] && f->framed[q]);
}

/* Would the address of q, or of a household, tell where v lives? Of q: who is close to v, or is
 * registered where v lives. */
static bool
address_told(const struct look *look, int v)
{
	const struct family *f = look->f;

	for (int q = 0; q < f->people; q++)
		if (look->learned.address[q] && f->lives[q] == f->lives[v] &&
			(are_close(f, v, q) || f->home[q] == f->lives[v]))
			return true;
	return look->learned.household[f->lives[v]];
}

/* What leaked of v, who is protected from x, whose worker looks. NULL: nothing. */
static const char *
leak_of(const struct look *look, int v, int x)
{
	const struct family *f = look->f;
	const struct learned *l = &look->learned;

	/* Where x lives x's worker knows. */
	if (f->lives[v] != f->lives[x] && address_told(look, v))
		return "address";
	if (l->contact[v])
		return "contact";
	if (l->plan[v])
		return "plan";
	if (l->placement[v])
		return "placement";
	if (l->narrative[v])
		return "narrative";
	if (l->file[v] && !is_own_client(look, v))
		return "existence";
	for (int u = 0; u < (int)UNITS; u++)
		if (l->served_by[u][v] && u != f->workers[look->worker].unit)
			return "who is serving";
	return NULL;
}

static const char *
find_leak(const struct look *look)
{
	const struct family *f = look->f;

	for (int x = 0; x < f->people; x++) {
		if (!serves_as_respondent(look, x))
			continue;
		for (int v = 0; v < f->people; v++) {
			const char *leak =
				v != x && is_protected(f, v, x) ? leak_of(look, v, x) : NULL;

			if (leak != NULL)
				return leak;
		}
		for (int r = 0; r < REPORTS; r++) {
			/* also where no victim was recognised */
			if (f->side[r][x] != RESPONDENT || !f->known[r][x])
				continue;
			if (look->learned.reporter[r])
				return "reporter";
			if (look->learned.story[r])
				return "the report's narrative";
		}
	}
	return NULL;
}

struct tally {
	int64_t graphs, looks, respondent_looks, secrets, shown, leaks;
	const char *first;
};

static void
count_look(const struct look *look, struct tally *tally)
{
	const struct family *f = look->f;
	const char *leak = find_leak(look);
	bool serves = false;

	tally->looks++;
	for (int x = 0; x < f->people; x++) {
		serves |= serves_as_respondent(look, x);
		for (int v = 0; v < f->people; v++)
			tally->secrets +=
				v != x && serves_as_respondent(look, x) && is_protected(f, v, x);
	}
	for (int i = 0; i < f->people; i++)
		tally->shown += look->learned.contact[i];
	tally->respondent_looks += serves;
	if (leak != NULL && tally->leaks++ == 0)
		tally->first = leak;
}

static struct tally
try_families(const struct rules *rules, int graphs, uint64_t seed)
{
	struct aw_random random;
	struct tally tally = { .graphs = graphs };

	aw_random_seed(&random, seed);
	for (int g = 0; g < graphs; g++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct family f;

		make_family(&random, &f);
		for (int w = 0; w < WORKERS; w++) {
			struct look look = { .f = &f, .rules = rules, .worker = w };

			look.viewer = (struct aw_viewer){ .account = w + 1,
				.unit = test_units[f.workers[w].unit].code,
				.roles = f.workers[w].roles,
				.purpose = f.workers[w].purpose };
			look.supervises =
				aw_access_may_do(&test_policy, &look.viewer, "dispatch.assign");
			look_at_everything(&arena, &look);
			count_look(&look, &tally);
		}
	}
	return tally;
}

/* -- rules broken on purpose -------------------------------------------------------------------- */

static void
shield_without_homes(struct aw_arena *arena, const struct aw_shield_facts *facts, int64_t **ret,
	size_t *ret_count)
{
	struct aw_shield_facts less = *facts;

	less.home_count = 0;
	aw_shield(arena, &less, ret, ret_count);
}

static void
shield_without_relatives(struct aw_arena *arena, const struct aw_shield_facts *facts, int64_t **ret,
	size_t *ret_count)
{
	struct aw_shield_facts less = *facts;

	less.relative_count = 0;
	aw_shield(arena, &less, ret, ret_count);
}

static void
shield_of_the_first_respondent_alone(struct aw_arena *arena, const struct aw_shield_facts *facts,
	int64_t **ret, size_t *ret_count)
{
	struct aw_shield_facts less = *facts;

	less.respondent_count = facts->respondent_count > 1 ? 1 : facts->respondent_count;
	aw_shield(arena, &less, ret, ret_count);
}

static void
decide_without_shield(
	const struct aw_policy *policy, const struct aw_standing *standing, struct aw_access *ret)
{
	struct aw_standing open = *standing;

	open.shielded = false;
	aw_access_decide(policy, &open, ret);
}

static void
decide_that_trusts_who_serves_both(
	const struct aw_policy *policy, const struct aw_standing *standing, struct aw_access *ret)
{
	struct aw_standing open = *standing;

	open.shielded = standing->shielded && !standing->serves;
	aw_access_decide(policy, &open, ret);
}

static void
join_that_forgets_the_respondent(const struct aw_access *matter, const struct aw_access *each,
	size_t count, struct aw_access *ret)
{
	struct aw_access some[PEOPLE], own = *matter;

	memcpy(some, each, count * sizeof(*each));
	own.as_respondent = false;
	for (size_t i = 0; i < count; i++)
		some[i].as_respondent = false;
	aw_access_join(&own, some, count, ret);
}

static bool
lists_whatever_exists(
	const struct aw_access *access, enum aw_field_class field_class, const char *unit)
{
	(void)field_class;
	(void)unit;
	return aw_access_may(access, AW_CLASS_EXISTENCE);
}

static const struct rules sound = { aw_shield, aw_access_decide, aw_access_join, aw_access_lists };

static void
no_path_leads_from_a_respondents_worker_to_the_protected_side(void **state)
{
	struct tally tally = try_families(&sound, GRAPHS, 20211206);

	(void)state;
	print_message(
		"# %lld families, %lld workers, %lld of them serve a respondent, %lld secrets, "
		"%lld contacts shown to those who may\n",
		(long long)tally.graphs, (long long)tally.looks, (long long)tally.respondent_looks,
		(long long)tally.secrets, (long long)tally.shown);
	if (tally.leaks > 0)
		fail_msg("%lld leaks, the first of %s", (long long)tally.leaks, tally.first);
	assert_true(tally.graphs >= 10000);
	assert_true(tally.respondent_looks > tally.graphs); /* else nothing was tested */
	assert_true(tally.secrets > tally.graphs);
	assert_true(tally.shown > tally.graphs); /* hiding everything is no answer */
}

static void
each_planted_leak_is_found(void **state)
{
	static const struct {
		const char *what;
		struct rules rules;
	} broken[] = {
		{ "a shield that forgets who lives together",
			{ shield_without_homes, aw_access_decide, aw_access_join,
				aw_access_lists } },
		{ "a shield that forgets relatives", { shield_without_relatives, aw_access_decide,
							     aw_access_join, aw_access_lists } },
		{ "a shield for the first respondent alone",
			{ shield_of_the_first_respondent_alone, aw_access_decide, aw_access_join,
				aw_access_lists } },
		{ "a decision without the shield",
			{ aw_shield, decide_without_shield, aw_access_join, aw_access_lists } },
		{ "a decision that trusts who serves both sides",
			{ aw_shield, decide_that_trusts_who_serves_both, aw_access_join,
				aw_access_lists } },
		{ "a report that forgets whom its reader serves",
			{ aw_shield, aw_access_decide, join_that_forgets_the_respondent,
				aw_access_lists } },
		{ "lists that show whatever exists",
			{ aw_shield, aw_access_decide, aw_access_join, lists_whatever_exists } },
	};

	(void)state;
	for (size_t i = 0; i < AW_COUNT(broken); i++) {
		struct tally tally = try_families(&broken[i].rules, PLANTED, 20211206);

		if (tally.leaks == 0)
			fail_msg("%s was not found", broken[i].what);
		print_message("# %s: %lld leaks in %lld families, the first of %s\n",
			broken[i].what, (long long)tally.leaks, (long long)tally.graphs,
			tally.first);
	}
}

AW_TESTS(cmocka_unit_test(no_path_leads_from_a_respondents_worker_to_the_protected_side),
	cmocka_unit_test(each_planted_leak_is_found))
