/* People, households, relationships, the ledger; found by recognition and by the search box. */
#include "city/person/person.h"

#include <pthread.h>

#include "world.h"

/* -- people --------------------------------------------------------------------------------------- */

struct got {
	int64_t id;
	const char *number;
	struct aw_person person;
};

static enum aw_status
get(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct got *g = arg;

	return g->number != NULL ? aw_person_by_number(act, g->number, &g->person, err)
				 : aw_person_get(act, g->id, &g->person, err);
}

static void
a_person_is_kept_sealed_and_read_by_id_and_number(void **state)
{
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct made m = { "王小明", "C512345678", "0790305", "M", "0900012345",
		"基隆市信義區東信路177巷12號", 0, NULL };
	struct got g = { 0 };

	assert_ok(world_write(w, world_make, &m, &err));
	assert_true(aw_public_number_valid(m.public_number, "PC"));
	g.id = m.id;
	assert_ok(world_read(w, get, &g, &err));
	assert_string_equal(aw_identity_name(&g.person.identity), "王小明");
	assert_string_equal(g.person.district, "10017070");
	assert_string_equal(g.person.source, "report");
	assert_int_equal(g.person.version, 1);
	g = (struct got){ .number = m.public_number };
	assert_ok(world_read(w, get, &g, &err));
	assert_int_equal(g.person.id, m.id);
	g = (struct got){ .number = "PC1101206-9999-9" };
	assert_fails(world_read(w, get, &g, &err), AW_NOT_FOUND, "no person");
	m = (struct made){ .phone = "0900012345" };
	assert_fails(world_write(w, world_make, &m, &err), AW_INVALID, "nothing identifies");
}

struct correction {
	int64_t id, version;
	const char *name;
};

static enum aw_status
correct(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct correction *c = arg;
	struct aw_identity identity = { 0 };

	aw_identity_add_name(act->arena, &identity, AW_NAME_CURRENT, c->name);
	return aw_person_correct(act, c->id, c->version, &identity, err);
}

static enum aw_status
add_alias(struct aw_act *act, void *arg, struct aw_error *err)
{
	return aw_person_alias_add(
		act, *(int64_t *)arg, AW_NAME_LATIN, "WANG HSIAO MING", "A800000014", err);
}

static enum aw_status
erase(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct aw_person_erasure erasure;

	return aw_person_erase(act, *(int64_t *)arg, &erasure, err);
}

static size_t
found(struct world *w, const char *name, int64_t *ret_first)
{
	struct aw_search_hits hits;

	aw_people_search(w->people, &w->arena, name, 10, &hits);
	if (hits.count > 0)
		*ret_first = hits.persons[0];
	return hits.count;
}

static void
a_correction_supersedes_and_the_index_follows(void **state)
{
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct made m = { .name = "趙錢孫" };
	struct correction c = { .name = "周吳鄭" };
	struct got g = { 0 };
	int64_t first = 0;

	assert_ok(world_write(w, world_make, &m, &err));
	assert_int_equal(found(w, "趙錢孫", &first), 1);
	assert_int_equal(first, m.id);
	c.id = g.id = m.id;
	c.version = 1;
	assert_ok(world_write(w, correct, &c, &err));
	assert_fails(world_write(w, correct, &c, &err), AW_CONFLICT, "meanwhile");
	assert_int_equal(found(w, "周吳鄭", &first), 1);
	assert_int_equal(found(w, "趙錢孫", &first), 0);
	assert_ok(world_read(w, get, &g, &err));
	assert_int_equal(g.person.version, 2);
	assert_ok(world_write(w, add_alias, &m.id, &err));
	assert_ok(world_write(w, add_alias, &m.id, &err));
	assert_ok(world_read(w, get, &g, &err));
	assert_int_equal(g.person.version, 3);
	assert_int_equal(g.person.identity.name_count, 2);
	assert_int_equal(found(w, "wang hsiao ming", &first), 1);
	assert_int_equal(found(w, "A800000014", &first), 1);
	assert_int_equal(first, m.id);
}

static void
an_erased_person_opens_for_nobody_and_is_not_found(void **state)
{
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct made m = { .name = "馮陳褚", .number = "C587654321" };
	struct got g = { 0 };
	int64_t first;

	assert_ok(world_write(w, world_make, &m, &err));
	assert_int_equal(found(w, "馮陳褚", &first), 1);
	assert_ok(world_write(w, erase, &m.id, &err));
	assert_int_equal(found(w, "馮陳褚", &first), 0);
	g.id = m.id;
	assert_int_equal(world_read(w, get, &g, &err), AW_NOT_FOUND);
}

static enum aw_status
make_and_fail(struct aw_act *act, void *arg, struct aw_error *err)
{
	if (world_make(act, arg, err) != AW_OK)
		return err->status;
	return aw_fail(err, AW_CONFLICT, "thought better of it");
}

static void
a_unit_that_rolls_back_leaves_nobody_in_the_index(void **state)
{
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct made m = { .name = "衛蔣沈" };
	size_t before = aw_people_count(w->people);
	int64_t first;

	assert_fails(world_write(w, make_and_fail, &m, &err), AW_CONFLICT, "better");
	assert_int_equal(aw_people_count(w->people), before);
	assert_int_equal(found(w, "衛蔣沈", &first), 0);
}

/* -- the index from the sealed people ----------------------------------------------------------------- */

static void
the_index_opens_from_the_sealed_people_as_it_was(void **state)
{
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct aw_people *again = NULL;
	struct made m = {
		.name = "韓楊朱", .number = "C598765432", .birth = "100/5/1", .phone = "0900066666"
	};
	struct aw_identity asked = { 0 };
	struct aw_person_query query = { .identity = &asked, .age = -1 };
	struct aw_candidates hits;

	assert_ok(world_write(w, world_make, &m, &err));
	assert_ok(aw_people_open(w->db.db, w->db.keyring, &again, &err));
	assert_int_equal(aw_people_count(again), aw_people_count(w->people));
	aw_identity_add_name(&w->arena, &asked, AW_NAME_CURRENT, "韓楊朱");
	assert_true(aw_identity_set_birth(&w->arena, &asked, "1000501"));
	aw_people_find(again, &w->arena, &query, 5, &hits);
	assert_int_equal(hits.count, 1);
	assert_int_equal(hits.at[0].person, m.id);
	assert_int_equal(hits.at[0].match, AW_MATCH_REVIEW); /* a namesake has as much */
	assert_string_equal(hits.at[0].levels, "name=exact|birth_date=exact");
	assert_true(hits.at[0].probability_ppm > 990000);
	assert_int_equal(hits.at[0].weight_mbits,
		hits.at[0].fields[1].weight_mbits + hits.at[0].fields[2].weight_mbits);
	aw_identity_add_phone(&w->arena, &asked, "0900066666");
	aw_people_find(again, &w->arena, &query, 5, &hits);
	assert_int_equal(hits.count, 1);
	assert_int_equal(hits.at[0].match, AW_MATCH_LINK);
	aw_people_close(again);
}

enum { CROWD = 12000 };

static void
name_of(size_t i, char ret[16])
{
	static const char *const digits[] = { "甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬",
		"癸" };

	(void)snprintf(
		ret, 16, "%s%s%s", digits[i / 100 % 10], digits[i / 10 % 10], digits[i % 10]);
}

struct asker {
	struct aw_people *people;
	_Atomic bool done;
	size_t asked, missed;
};

/* Looks for one who stays, again and again. */
static void *
ask_meanwhile(void *arg)
{
	struct asker *asker = arg;

	while (!asker->done) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_identity identity = { 0 };
		struct aw_person_query query = { .identity = &identity, .age = -1 };
		struct aw_candidates hits;

		aw_identity_add_name(&arena, &identity, AW_NAME_CURRENT, "呂施張");
		aw_identity_add_number(&arena, &identity, "C512345679");
		aw_people_find(asker->people, &arena, &query, 5, &hits);
		asker->asked++;
		asker->missed += hits.count == 1 && hits.at[0].person == 1 ? 0 : 1;
	}
	return NULL;
}

static void
everybody_is_found_while_the_changes_are_merged(void **state)
{
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct aw_identity stays = { 0 };
	struct aw_search_hits hits;
	struct asker asker = { 0 };
	size_t before;
	pthread_t thread;
	char name[16];

	assert_ok(aw_people_open(w->db.db, w->db.keyring, &asker.people, &err));
	aw_identity_add_name(&w->arena, &stays, AW_NAME_CURRENT, "呂施張");
	aw_identity_add_number(&w->arena, &stays, "C512345679");
	before = aw_people_count(asker.people);
	aw_people_put(asker.people, 1, &stays);
	assert_int_equal(pthread_create(&thread, NULL, ask_meanwhile, &asker), 0);
	for (size_t i = 0; i < CROWD; i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_identity identity = { 0 };

		name_of(i, name);
		aw_identity_add_name(&arena, &identity, AW_NAME_CURRENT, name);
		aw_people_put(asker.people, (int64_t)i + 2, &identity);
		if (i % 3 == 0)
			aw_people_remove(asker.people, (int64_t)i + 2);
	}
	asker.done = true;
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(asker.asked > 0);
	assert_int_equal(asker.missed, 0);
	assert_int_equal(aw_people_count(asker.people), before + 1 + CROWD * 2 / 3);
	for (size_t i = 0; i < 12; i++) { /* each name is that of twelve, four of whom left */
		name_of(i, name);
		aw_people_search(asker.people, &w->arena, name, 20, &hits);
		assert_int_equal(hits.count, 8);
	}
	aw_people_close(asker.people);
}

static void
a_birth_day_of_another_person_is_a_conflict_and_a_child_is_found_by_age(void **state)
{
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct made m = { "秦尤許", NULL, "101/6/1", "M", "0900055555", NULL, 0, NULL };
	struct aw_identity asked = { 0 };
	struct aw_person_query query = { .identity = &asked, .age = 9 };
	struct aw_candidate one;

	query.on_day = aw_day_of_date((struct aw_date){ 2021, 12, 6 });
	assert_ok(world_write(w, world_make, &m, &err));
	aw_identity_add_name(&w->arena, &asked, AW_NAME_CURRENT, "秦尤許");
	assert_true(aw_people_compare(w->people, &w->arena, &query, m.id, &one));
	assert_string_equal(one.levels, "name=exact|birth_date=within");
	assert_int_equal(one.match, AW_MATCH_REVIEW);
	query.age = 30;
	assert_true(aw_people_compare(w->people, &w->arena, &query, m.id, &one));
	assert_string_equal(one.levels, "name=exact|birth_date=differs");
	assert_false(aw_people_compare(w->people, &w->arena, &query, 12345, &one));
}

/* -- the search box ------------------------------------------------------------------------------------ */

static enum aw_search_how
how(struct world *w, const char *typed, size_t *count, int64_t *first)
{
	struct aw_search_hits hits;

	aw_people_search(w->people, &w->arena, typed, 10, &hits);
	*count = hits.count;
	*first = hits.count > 0 ? hits.persons[0] : 0;
	return hits.how;
}

static void
the_search_box_takes_names_numbers_phones_and_days(void **state)
{
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct made a = { "溫峯豪", "C511112223", "079/3/5", "M", "0900077777", NULL, 0, NULL };
	struct made b = { "溫峰豪", NULL, "080/3/5", "M", NULL, NULL, 0, NULL };
	size_t n;
	int64_t first;

	assert_ok(world_write(w, world_make, &a, &err));
	assert_ok(world_write(w, world_make, &b, &err));
	assert_int_equal(how(w, "溫峯豪", &n, &first), AW_SEARCH_NAME);
	assert_int_equal(n, 2);
	assert_int_equal(first, a.id);
	assert_int_equal(how(w, " 温 峰 豪", &n, &first), AW_SEARCH_NAME);
	assert_int_equal(n, 2);
	assert_int_equal(how(w, "溫峰", &n, &first), AW_SEARCH_NAME);
	assert_int_equal(n, 2);
	assert_int_equal(how(w, "峰豪", &n, &first), AW_SEARCH_NAME);
	assert_int_equal(n, 2);
	assert_int_equal(how(w, "溫○豪", &n, &first), AW_SEARCH_NAME);
	assert_int_equal(n, 2);
	assert_int_equal(how(w, "溫峰毫", &n, &first), AW_SEARCH_NAME_NEAR);
	assert_int_equal(n, 2);
	assert_int_equal(how(w, "溫豪峰", &n, &first), AW_SEARCH_NAME_NEAR);
	assert_int_equal(n, 2);
	assert_int_equal(how(w, "c511112223", &n, &first), AW_SEARCH_NUMBER);
	assert_int_equal(first, a.id);
	assert_int_equal(how(w, "C511112232", &n, &first), AW_SEARCH_NUMBER_NEAR);
	assert_int_equal(first, a.id);
	assert_int_equal(how(w, "0900-077-777", &n, &first), AW_SEARCH_PHONE);
	assert_int_equal(first, a.id);
	assert_int_equal(how(w, "溫峰豪 80/3/5", &n, &first), AW_SEARCH_MIXED);
	assert_int_equal(n, 1);
	assert_int_equal(first, b.id);
	assert_int_equal(how(w, "80年3月5日", &n, &first), AW_SEARCH_MIXED);
	assert_int_equal(first, b.id);
	assert_int_equal(how(w, "溫", &n, &first), AW_SEARCH_NOTHING);
	assert_int_equal(how(w, "  ", &n, &first), AW_SEARCH_NOTHING);
	assert_int_equal(how(w, "闕樊魯", &n, &first), AW_SEARCH_NAME_NEAR);
	assert_int_equal(n, 0);
}

/* -- families -------------------------------------------------------------------------------------------- */

struct family {
	struct made people[5]; /* father, mother, boy, girl, grandmother */
	int64_t household;
};

static enum aw_status
make_family(struct aw_act *act, void *arg, struct aw_error *err)
{
	static const char *const roles[] = { "head", "spouse", "child", "child", "parent" };
	struct family *f = arg;

	if (aw_household_create(act, "10017070", "東信里", &f->household, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < 5; i++)
		if (world_make(act, &f->people[i], err) != AW_OK ||
			aw_membership_add(act, f->household, f->people[i].id, roles[i], AW_UNKNOWN,
				err) != AW_OK)
			return err->status;
	return aw_relationship_add(
		act, f->people[1].id, f->people[2].id, "parent", "report", AW_UNKNOWN, err);
}

struct asked_kin {
	int64_t person;
	struct aw_kin_query query;
	struct aw_kin *at;
	size_t count;
	struct aw_household home;
	struct aw_relationship *relations;
	size_t relation_count;
};

static enum aw_status
ask_kin(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct asked_kin *a = arg;

	if (aw_household_of(act, a->person, aw_taipei_day(act->now_ms), &a->home, err) != AW_OK ||
		aw_relationships_of(act, a->person, &a->relations, &a->relation_count, err) !=
			AW_OK)
		return err->status;
	return aw_household_infer(act, a->person, &a->query, &a->at, &a->count, err);
}

static enum aw_status
move_out(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct family *f = arg;

	return aw_membership_end(
		act, f->household, f->people[3].id, aw_taipei_day(act->now_ms) - 1, err);
}

static void
a_sister_of_four_is_found_through_her_brothers_household(void **state)
{
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct family f = { .people = { { .name = "游大明", .birth = "70/1/5", .sex = "M" },
				    { .name = "江美美", .birth = "72/1/5", .sex = "F" },
				    { .name = "游小弟", .birth = "101/6/1", .sex = "M" },
				    { .name = "游小妹", .birth = "106/6/1", .sex = "F" },
				    { .name = "林阿嬤", .birth = "42/6/1", .sex = "F" } } };
	struct asked_kin a = { .query = { "sibling", 'F', 4, NULL } };

	assert_ok(world_write(w, make_family, &f, &err));
	a.person = f.people[2].id;
	assert_ok(world_read(w, ask_kin, &a, &err));
	assert_int_equal(a.home.member_count, 5);
	assert_string_equal(a.home.village, "東信里");
	assert_int_equal(a.relation_count, 1);
	assert_string_equal(a.relations[0].kind, "parent");
	assert_int_equal(a.relations[0].other, f.people[1].id);
	assert_true(a.count >= 1);
	assert_int_equal(a.at[0].person, f.people[3].id);
	assert_true(a.at[0].probability_ppm > 850000);
	assert_string_equal(a.at[0].levels, "household=same|role=same|age=same|sex=same");
	a.query = (struct aw_kin_query){ "parent", 0, -1, "大明" };
	assert_ok(world_read(w, ask_kin, &a, &err));
	assert_int_equal(a.at[0].person, f.people[0].id);
	a.query = (struct aw_kin_query){ "grandparent", 'F', -1, NULL };
	assert_ok(world_read(w, ask_kin, &a, &err));
	assert_int_equal(a.at[0].person, f.people[4].id);
	a.person = f.people[1].id;
	assert_ok(world_read(w, ask_kin, &a, &err));
	assert_string_equal(a.relations[0].kind, "child");
	assert_ok(world_write(w, move_out, &f, &err));
	a.person = f.people[2].id;
	a.query = (struct aw_kin_query){ "sibling", 'F', 4, NULL };
	assert_ok(world_read(w, ask_kin, &a, &err));
	assert_int_equal(a.home.member_count, 4);
	for (size_t i = 0; i < a.count; i++)
		assert_true(a.at[i].person != f.people[3].id);
	assert_fails(world_write(w, move_out, &f, &err), AW_NOT_FOUND, "no member");
}

static enum aw_status
relate_to_self(struct aw_act *act, void *arg, struct aw_error *err)
{
	(void)arg;
	return aw_relationship_add(act, 1, 1, "parent", "report", AW_UNKNOWN, err);
}

static void
nobody_is_related_to_themselves(void **state)
{
	struct aw_error err = { 0 };

	assert_fails(world_write(*state, relate_to_self, NULL, &err), AW_INVALID, "themselves");
}

/* -- the ledger ------------------------------------------------------------------------------------------ */

struct ledger {
	int64_t person, reference;
	struct aw_involvement *at;
	size_t count;
};

static enum aw_status
write_ledger(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct ledger *l = arg;
	struct aw_involvement report = { .person = l->person,
		.kind = "report",
		.detail = "adult_ipv",
		.role = "victim",
		.reference = 1,
		.number = "RC1090101-0001-1",
		.from_at = act->now_ms - 400 * AW_DAY_MS,
		.to_at = AW_KNOWN(act->now_ms - 400 * AW_DAY_MS) };
	struct aw_involvement service = { .person = l->person,
		.kind = "service_case",
		.detail = "adult_ipv",
		.role = "subject",
		.unit = "dv_adult",
		.reference = l->reference,
		.number = "SC1090102-0001-1",
		.from_at = act->now_ms - 399 * AW_DAY_MS };

	if (aw_involvement_add(act, &report, err) != AW_OK ||
		aw_involvement_add(act, &service, err) != AW_OK)
		return err->status;
	return aw_involvement_assign(act, l->reference, "dv_child", 77, err);
}

static enum aw_status
read_ledger(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct ledger *l = arg;

	return aw_involvement_of(
		act, l->person, act->now_ms - 365 * AW_DAY_MS, &l->at, &l->count, err);
}

static enum aw_status
end_ledger(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct ledger *l = arg;

	return aw_involvement_end(act, l->reference, l->person, act->now_ms - 366 * AW_DAY_MS, err);
}

static void
the_ledger_tells_what_is_open_and_what_began_since(void **state)
{
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct made m = { .name = "鄒喻柏" };
	struct ledger l = { .reference = 4242 };

	assert_ok(world_write(w, world_make, &m, &err));
	l.person = m.id;
	assert_ok(world_write(w, write_ledger, &l, &err));
	assert_ok(world_read(w, read_ledger, &l, &err));
	assert_int_equal(l.count, 1);
	assert_string_equal(l.at[0].kind, "service_case");
	assert_string_equal(l.at[0].unit, "dv_child");
	assert_int_equal(l.at[0].account, 77);
	assert_false(l.at[0].to_at.known);
	assert_ok(world_write(w, end_ledger, &l, &err));
	assert_ok(world_read(w, read_ledger, &l, &err));
	assert_int_equal(l.count, 0);
}

/* Registered at a hospital: the door says nothing of who it is. The same two at a home are likelier. */
static void
an_address_of_places_yaml_is_no_agreement(void **state)
{
	static const char *const doors[] = { "基隆市信義區信二路268號", "基隆市信義區信二路266號" };
	struct world *w = *state;
	struct aw_error err = { 0 };

	for (size_t i = 0; i < AW_COUNT(doors); i++) {
		struct made m = { i == 0 ? "闞示甲" : "闞示乙", NULL, "0660606", "F", NULL,
			doors[i], 0, NULL };
		struct aw_identity asked = { 0 };
		struct aw_person_query query = {
			.identity = &asked, .age = -1, .policy = w->policy
		};
		struct aw_candidate with, without;

		assert_ok(world_write(w, world_make, &m, &err));
		aw_identity_add_name(&w->arena, &asked, AW_NAME_CURRENT, m.name);
		aw_identity_add_address(&w->arena, &asked, AW_ADDRESS_RESIDENCE, doors[i]);
		assert_true(aw_people_compare(w->people, &w->arena, &query, m.id, &with));
		query.policy = NULL;
		assert_true(aw_people_compare(w->people, &w->arena, &query, m.id, &without));
		assert_non_null(strstr(without.levels, "address="));
		if (i == 0) {
			assert_null(strstr(with.levels, "address="));
			assert_true(with.weight_mbits < without.weight_mbits);
		} else {
			assert_string_equal(with.levels, without.levels);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_of_places_yaml_is_no_agreement),
		cmocka_unit_test(a_person_is_kept_sealed_and_read_by_id_and_number),
		cmocka_unit_test(a_correction_supersedes_and_the_index_follows),
		cmocka_unit_test(an_erased_person_opens_for_nobody_and_is_not_found),
		cmocka_unit_test(a_unit_that_rolls_back_leaves_nobody_in_the_index),
		cmocka_unit_test(the_index_opens_from_the_sealed_people_as_it_was),
		cmocka_unit_test(everybody_is_found_while_the_changes_are_merged),
		cmocka_unit_test(
			a_birth_day_of_another_person_is_a_conflict_and_a_child_is_found_by_age),
		cmocka_unit_test(the_search_box_takes_names_numbers_phones_and_days),
		cmocka_unit_test(a_sister_of_four_is_found_through_her_brothers_household),
		cmocka_unit_test(nobody_is_related_to_themselves),
		cmocka_unit_test(the_ledger_tells_what_is_open_and_what_began_since),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
