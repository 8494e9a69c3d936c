/* What is read around a worker's respondents gives the same shield as all facts of the city. */
#include <sqlite3.h>

#include "../guard/testact.h"
#include "guard/shield.h"

enum { GRAPHS = 300, PEOPLE = 12, HOMES = 6, FRAMES = 3, STEP = 1000 };

/* The facts of all families, which aw_shield() could be given whole. */
struct city {
	struct aw_random random;
	struct aw_pair oppositions[GRAPHS * PEOPLE], relatives[GRAPHS * PEOPLE],
		homes[GRAPHS * 2 * PEOPLE];
	int64_t respondents[GRAPHS][PEOPLE];
	size_t opposition_count, relative_count, home_count, respondent_count[GRAPHS];
	struct aw_buf sql;
	int64_t row;
};

static int64_t
somebody(struct city *city, int64_t base)
{
	return base + (int64_t)aw_random_below(&city->random, PEOPLE);
}

static bool
chance(struct city *city, uint64_t percent)
{
	return aw_random_below(&city->random, 100) < percent;
}

/* Ended rows stand in the tables and in none of the facts. */
static const char *
end_of(struct city *city, bool *ret_open)
{
	*ret_open = chance(city, 80);
	return *ret_open ? "NULL" : "5";
}

static void
add_person(struct city *city, int64_t base, int64_t person)
{
	int64_t home = base + 100 + (int64_t)aw_random_below(&city->random, HOMES);
	int64_t frame = base + 200 + (int64_t)aw_random_below(&city->random, FRAMES);
	bool open;

	aw_buf_printf(&city->sql,
		"INSERT INTO person VALUES (%lld, 'P%lld', 1, x'00', 1, 'F', 1980, NULL, 'report', "
		"1, "
		"NULL);",
		(long long)person, (long long)person);
	aw_buf_printf(&city->sql,
		"INSERT INTO membership VALUES (%lld, %lld, %lld, 'other', NULL, %s);",
		(long long)++city->row, (long long)home, (long long)person, end_of(city, &open));
	if (open)
		city->homes[city->home_count++] = (struct aw_pair){ person, home };
	if (!chance(city, 40))
		return;
	aw_buf_printf(&city->sql, "INSERT INTO family_member VALUES (%lld, %lld, 'other', 1, %s);",
		(long long)frame, (long long)person, end_of(city, &open));
	if (open)
		city->homes[city->home_count++] = (struct aw_pair){ person, -frame };
}

static void
add_pairs(struct city *city, int64_t base)
{
	for (int i = 0; i < PEOPLE / 2; i++) {
		int64_t a = somebody(city, base), b = somebody(city, base);
		bool open;

		if (a == b)
			continue;
		aw_buf_printf(&city->sql,
			"INSERT INTO relationship VALUES (%lld, %lld, %lld, 'sibling', 'report', "
			"NULL, "
			"%s, 1, NULL);",
			(long long)++city->row, (long long)a, (long long)b, end_of(city, &open));
		if (open)
			city->relatives[city->relative_count++] = (struct aw_pair){ a, b };
	}
	for (int i = 0; i < PEOPLE; i++) {
		int64_t a = somebody(city, base), b = somebody(city, base);
		bool open;

		if (a == b)
			continue;
		aw_buf_printf(&city->sql,
			"INSERT INTO opposition VALUES (%lld, %lld, %lld, 1, 1, %s);",
			(long long)++city->row, (long long)a, (long long)b, end_of(city, &open));
		if (open)
			city->oppositions[city->opposition_count++] = (struct aw_pair){ a, b };
	}
}

static void
add_ties(struct city *city, int graph, int64_t base)
{
	int count = 2 + (int)aw_random_below(&city->random, 3);

	for (int i = 0; i < count; i++) {
		int64_t person = somebody(city, base);
		bool respondent = chance(city, 75), open;

		aw_buf_printf(&city->sql,
			"INSERT INTO relation VALUES (%lld, 'health', %d, %lld, '%s', 'co', 1, 1, "
			"%s);",
			(long long)++city->row, graph + 1, (long long)person,
			respondent ? "respondent" : "neutral", end_of(city, &open));
		if (respondent && open)
			city->respondents[graph][city->respondent_count[graph]++] = person;
	}
}

static void
make_city(struct house *house, struct city *city)
{
	sqlite3 *raw = NULL;
	char *why = NULL;

	aw_random_seed(&city->random, 7);
	city->sql.arena = &house->arena;
	aw_buf_text(&city->sql, "PRAGMA foreign_keys = OFF; BEGIN;");
	for (int g = 0; g < GRAPHS; g++) {
		int64_t base = (int64_t)(g + 1) * STEP;

		for (int64_t p = 0; p < PEOPLE; p++)
			add_person(city, base, base + p);
		add_pairs(city, base);
		add_ties(city, g, base);
	}
	aw_buf_text(&city->sql, "COMMIT;");
	assert_int_equal(sqlite3_open(house->db.url + strlen("sqlite:"), &raw), SQLITE_OK);
	if (sqlite3_exec(raw, aw_buf_z(&city->sql), NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s", why);
	(void)sqlite3_close(raw);
}

struct comparing {
	const struct city *city;
	int64_t shielded;
	int64_t busy; /* workers with somebody to shield */
};

static enum aw_status
compare(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct comparing *c = arg;
	const struct city *city = c->city;
	struct aw_shield_facts facts = { .oppositions = city->oppositions,
		.opposition_count = city->opposition_count,
		.relatives = city->relatives,
		.relative_count = city->relative_count,
		.homes = city->homes,
		.home_count = city->home_count };

	for (int g = 0; g < GRAPHS; g++) {
		int64_t *read = NULL, *all = NULL;
		size_t read_count = 0, all_count = 0;

		facts.respondents = city->respondents[g];
		facts.respondent_count = city->respondent_count[g];
		aw_shield(act->arena, &facts, &all, &all_count);
		if (aw_shield_of(act, g + 1, NULL, &read, &read_count, err) != AW_OK)
			return err->status;
		assert_int_equal(read_count, all_count);
		for (size_t i = 0; i < read_count; i++)
			assert_int_equal(read[i], all[i]);
		c->shielded += (int64_t)read_count;
		c->busy += read_count > 0;
	}
	return AW_OK;
}

static void
the_facts_that_are_read_are_enough(void **state)
{
	struct house house;
	struct city *city = calloc(1, sizeof(*city));
	struct comparing c = { .city = city };
	struct aw_error err = { 0 };

	(void)state;
	assert_non_null(city);
	house_open(&house);
	make_city(&house, city);
	assert_ok(read_act(&house, compare, &c, &err));
	print_message("# %d workers, %lld with somebody to shield, %lld people shielded\n", GRAPHS,
		(long long)c.busy, (long long)c.shielded);
	assert_true(c.busy > GRAPHS / 4);
	house_close(&house);
	free(city);
}

AW_TESTS(cmocka_unit_test(the_facts_that_are_read_are_enough))
