/* Who may live together: what proposes it, what never does, who is told, and what an answer does. */
#include "city/person/home.h"

#include "city/person/page_home.h"
#include "city/person/pages.h"
#include "guard/access.h"
#include "guard/relation.h"
#include "../pagetest.h"
#include "world.h"

#define TOWER "基隆市信義區東信路177巷12號"

static struct made
make(struct world *w, const char *name, const char *address)
{
	struct made m = { name, NULL, "0700315", "M", NULL, address, 0, NULL };
	struct aw_error err = { 0 };

	assert_ok(world_write(w, world_make, &m, &err));
	return m;
}

/* -- what is proposed ------------------------------------------------------------------------------- */

struct asked {
	int64_t person;
	struct aw_home_mate *at;
	size_t count;
};

static enum aw_status
ask(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct asked *asked = arg;
	struct aw_person person;

	if (aw_person_get(act, asked->person, &person, err) != AW_OK)
		return err->status;
	return aw_home_mates(act, &person, &asked->at, &asked->count, err);
}

static struct asked
mates(struct world *w, int64_t person)
{
	struct asked asked = { .person = person };
	struct aw_error err = { 0 };

	assert_ok(world_read(w, ask, &asked, &err));
	return asked;
}

static const struct aw_home_mate *
mate(struct world *w, int64_t person, int64_t other)
{
	struct asked asked = mates(w, person);

	for (size_t i = 0; i < asked.count; i++)
		if (asked.at[i].person == other)
			return &asked.at[i];
	return NULL;
}

struct kin {
	int64_t person, other;
	const char *kind;
};

static enum aw_status
relate(struct aw_act *act, void *arg, struct aw_error *err)
{
	const struct kin *kin = arg;

	return aw_relationship_add(
		act, kin->person, kin->other, kin->kind, "report", AW_UNKNOWN, err);
}

static void
a_shared_floor_or_door_with_kinship_proposes_and_a_door_alone_does_not(void **state)
{
	struct world *w = *state;
	struct made own = make(w, "闕示山", TOWER "3樓"), floor = make(w, "苗示木", TOWER "3樓"),
		    above = make(w, "闕示海", TOWER "4樓"), door = make(w, "闕示川", TOWER),
		    neighbour = make(w, "苗示田", TOWER),
		    elsewhere = make(w, "闕示林", TOWER "之1");
	struct kin kin = { neighbour.id, own.id, "parent_in_law" };
	struct aw_error err = { 0 };

	assert_string_equal(mate(w, own.id, floor.id)->place, "floor");
	assert_string_equal(mate(w, own.id, floor.id)->state, "proposed");
	assert_false(mate(w, own.id, floor.id)->surname);
	assert_null(mate(w, own.id, above.id)); /* another floor */
	assert_string_equal(mate(w, own.id, door.id)->place, "door");
	assert_true(mate(w, own.id, door.id)->surname);
	assert_null(mate(w, own.id, neighbour.id)); /* the door of a tower says nothing */
	assert_null(mate(w, own.id, elsewhere.id));
	assert_null(mate(w, own.id, own.id));
	assert_non_null(mate(w, floor.id, own.id)); /* both ways */
	assert_ok(world_write(w, relate, &kin, &err));
	assert_string_equal(mate(w, own.id, neighbour.id)->kin, "parent_in_law");
	assert_int_equal(mates(w, own.id).at[0].person, neighbour.id); /* kin first */
}

struct registered {
	int64_t persons[2];
};

static enum aw_status
put_together(struct aw_act *act, void *arg, struct aw_error *err)
{
	const struct registered *r = arg;
	int64_t household;

	if (aw_household_create(act, NULL, NULL, &household, err) != AW_OK ||
		aw_membership_add(act, household, r->persons[0], "head", AW_UNKNOWN, err) != AW_OK)
		return err->status;
	return aw_membership_add(act, household, r->persons[1], "spouse", AW_UNKNOWN, err);
}

static void
one_registered_household_is_nothing_to_decide(void **state)
{
	struct world *w = *state;
	const char *address = "基隆市安樂區麥金路300號2樓";
	struct made one = make(w, "闕仁山", address), two = make(w, "闕仁海", address);
	struct registered r = { { one.id, two.id } };
	struct aw_error err = { 0 };

	assert_non_null(mate(w, one.id, two.id));
	assert_ok(world_write(w, put_together, &r, &err));
	assert_null(mate(w, one.id, two.id));
}

static enum aw_status
protect(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct made *m = arg;
	struct aw_person person;

	if (aw_person_get(act, m->id, &person, err) != AW_OK)
		return err->status;
	person.identity.addresses[0].protected_place = true;
	return aw_person_correct(act, m->id, person.version, &person.identity, err);
}

static void
institutions_protected_addresses_and_crowds_propose_nobody(void **state)
{
	struct world *w = *state;
	const char *hospital = "基隆市信義區信二路268號", *flat = "基隆市七堵區明德一路5號6樓",
		   *dormitory = "基隆市中正區北寧路2號1樓";
	struct made one = make(w, "闕義山", hospital), two = make(w, "闕義海", hospital), first;
	struct kin kin = { two.id, one.id, "sibling" };
	struct aw_error err = { 0 };

	/* of places.yaml: not even kin */
	assert_ok(world_write(w, relate, &kin, &err));
	assert_int_equal(mates(w, one.id).count, 0);
	/* protected, on either side; the control before it */
	one = make(w, "闕禮山", flat);
	two = make(w, "闕禮海", flat);
	assert_non_null(mate(w, one.id, two.id));
	assert_ok(world_write(w, protect, &two, &err));
	assert_int_equal(mates(w, one.id).count, 0);
	assert_int_equal(mates(w, two.id).count, 0);
	/* one more than a crowd: kin alone */
	first = make(w, "闕智山", dormitory);
	for (int i = 1; i < AW_HOME_CROWD; i++)
		two = make(w, aw_arena_printf(&w->arena, "闕智%s", i % 2 ? "海" : "川"), dormitory);
	assert_int_equal(mates(w, first.id).count, AW_HOME_CROWD - 1);
	/* the floors of a tower are homes of their own, however many live in it */
	for (int i = 0; i < 6 * AW_HOME_CROWD; i++)
		(void)make(w, "游智田",
			aw_arena_printf(&w->arena, "基隆市中正區北寧路2號%d樓", i + 2));
	assert_int_equal(mates(w, first.id).count, AW_HOME_CROWD - 1);
	one = make(w, "闕智林", dormitory);
	assert_int_equal(mates(w, first.id).count, 0);
	kin = (struct kin){ one.id, first.id, "child" };
	assert_ok(world_write(w, relate, &kin, &err));
	assert_int_equal(mates(w, first.id).count, 1);
}

/* -- who is told ------------------------------------------------------------------------------------ */

static const json_t *
shown(struct world *w, const char *number)
{
	struct request r = { .handler = aw_person_show,
		.type = &aw_person_page_view,
		.path = { "number", number } };
	struct aw_error err = { 0 };

	assert_ok(world_read(w, handle, &r, &err));
	return json_object_get(r.page, "mates");
}

static enum aw_status
answer(struct world *w, const char *number, const char *other, const char *choice,
	const char *reason, struct aw_error *err)
{
	struct request r = { .handler = aw_person_home,
		.type = &aw_person_page_view,
		.path = { "number", number },
		.values = { { "person", other }, { "choice", choice }, { "reason", reason } },
		.value_count = 3 };

	return world_write(w, handle, &r, err);
}

/* A victim and a friend at one address; the respondent; each served by a unit of their own. */
struct tale {
	struct made victim, friend, respondent;
};

static enum aw_status
tell(struct aw_act *act, void *arg, struct aw_error *err)
{
	const struct tale *t = arg;
	const struct aw_tie ties[] = {
		{ "dv_adult", 1, t->victim.id, "protected", AW_TIE_LEAD, 71 },
		{ "dv_adult", 1, t->friend.id, "neutral", AW_TIE_CO, 72 },
		{ "mental_health", 2, t->respondent.id, "respondent", AW_TIE_LEAD, 73 },
		{ "mental_health", 2, t->friend.id, "neutral", AW_TIE_CO, 74 },
	};

	for (size_t i = 0; i < AW_COUNT(ties); i++)
		if (aw_relation_add(act, &ties[i], err) != AW_OK)
			return err->status;
	return aw_relation_oppose(act, t->victim.id, t->respondent.id, 71, err);
}

static void
a_respondents_worker_learns_nothing_and_an_answer_shields_whoever_lives_there(void **state)
{
	struct world *w = *state;
	const char *hidden = "基隆市暖暖區過港路9號2樓";
	struct tale t = { make(w, "闕信山", hidden), make(w, "苗信木", hidden),
		make(w, "游信田", "基隆市仁愛區愛三路11號") };
	struct aw_error err = { 0 };
	const json_t *list;

	assert_ok(world_write(w, tell, &t, &err));
	/* whoever serves the victim, and sees both addresses */
	world_as(w, 1, "dv_adult", "worker", "casework");
	list = shown(w, t.victim.public_number);
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(
		aw_json_string(json_array_get(list, 0), "number"), t.friend.public_number);
	/* whoever serves the respondent, and the friend in another matter, sees the friend's page without a
	 * word of her, and is answered as about nobody */
	world_as(w, 2, "mental_health", "worker", "casework");
	assert_int_equal(json_array_size(shown(w, t.friend.public_number)), 0);
	assert_fails(answer(w, t.friend.public_number, t.victim.public_number, "together",
			     "documents", &err),
		AW_NOT_FOUND, "nobody of this number");
	assert_fails(answer(w, t.friend.public_number, "PC0000000-0000-0", "together", "documents",
			     &err),
		AW_NOT_FOUND, "nobody of this number");
	/* whoever may not see where they live */
	world_as(w, 3, "city_office", "auditor", "audit");
	assert_int_equal(json_array_size(shown(w, t.victim.public_number)), 0);

	/* confirmed: from now on the friend is shielded from the respondent's worker as well */
	world_as(w, 1, "dv_adult", "worker", "casework");
	assert_fails(answer(w, t.victim.public_number, t.friend.public_number, "perhaps",
			     "documents", &err),
		AW_INVALID, "together, apart or undo");
	assert_fails(answer(w, t.victim.public_number, t.friend.public_number, "together", "other",
			     &err),
		AW_INVALID, "needs no words");
	assert_ok(answer(
		w, t.victim.public_number, t.friend.public_number, "together", "documents", &err));
	list = shown(w, t.victim.public_number);
	assert_string_equal(aw_json_string(json_array_get(list, 0), "state"), "together");
	assert_fails(answer(w, t.victim.public_number, t.friend.public_number, "apart", "documents",
			     &err),
		AW_CONFLICT, "look again");
	world_as(w, 2, "mental_health", "worker", "casework");
	{
		struct request r = { .handler = aw_person_show,
			.type = &aw_person_page_view,
			.path = { "number", t.friend.public_number } };

		assert_ok(
			world_read(w, handle, &r, &err)); /* served: known, and no more than that */
		assert_non_null(json_object_get(json_object_get(r.page, "addresses"), "hidden"));
		assert_int_equal(json_array_size(json_object_get(r.page, "kin")), 0);
	}
}

/* -- taken back -------------------------------------------------------------------------------------- */

static void
an_answer_is_taken_back_and_a_refusal_is_not_proposed_again(void **state)
{
	struct world *w = *state;
	const char *flat = "基隆市中山區復興路20號3樓";
	struct made one = make(w, "闕忠山", flat), two = make(w, "闕忠海", flat);
	struct tale t = { one, two, make(w, "游忠田", "基隆市仁愛區愛三路12號") };
	struct aw_error err = { 0 };
	const struct aw_home_mate *found;

	assert_ok(world_write(w, tell, &t, &err));
	world_as(w, 1, "dv_adult", "worker", "casework");
	assert_ok(answer(w, one.public_number, two.public_number, "apart", "person_asked", &err));
	found = mate(w, two.id, one.id);
	assert_string_equal(found->state, "apart");
	assert_string_equal(found->reason, "person_asked");
	assert_int_equal(mates(w, one.id).count, 1);
	assert_ok(answer(w, two.public_number, one.public_number, "undo", NULL, &err));
	assert_string_equal(mate(w, one.id, two.id)->state, "proposed");
	assert_fails(answer(w, one.public_number, two.public_number, "undo", NULL, &err),
		AW_CONFLICT, "look again");
	/* together and taken back: the relationship ends with it */
	assert_ok(answer(w, one.public_number, two.public_number, "together", "compared", &err));
	assert_null(mate(w, one.id, two.id)->kin);
	assert_ok(answer(w, one.public_number, two.public_number, "undo", NULL, &err));
	found = mate(w, one.id, two.id);
	assert_string_equal(found->state, "proposed");
	assert_null(found->kin);
	assert_ok(answer(w, two.public_number, one.public_number, "together", "compared", &err));
	assert_string_equal(mate(w, one.id, two.id)->state, "together");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_shared_floor_or_door_with_kinship_proposes_and_a_door_alone_does_not),
		cmocka_unit_test(one_registered_household_is_nothing_to_decide),
		cmocka_unit_test(institutions_protected_addresses_and_crowds_propose_nobody),
		cmocka_unit_test(
			a_respondents_worker_learns_nothing_and_an_answer_shields_whoever_lives_there),
		cmocka_unit_test(an_answer_is_taken_back_and_a_refusal_is_not_proposed_again),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
