/* tests/demo/staff - everybody's unit and role is of the policy, and each serving unit has people. */
#include "../testing.h"

#include "demo/staff.h"
#include "policy/policy.h"

static struct aw_policy *
keelung(struct aw_arena *arena)
{
	struct aw_error err = { 0 };
	struct aw_policy *policy;

	assert_ok(aw_policy_load_dir(
		aw_arena_printf(arena, "%s/policy/keelung", source_dir()), NULL, &policy, &err));
	return policy;
}

static void
units_and_roles_are_of_the_policy_and_logins_are_given_once(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_policy *policy = keelung(&arena);
	struct aw_demo_staff staff;

	(void)state;
	aw_demo_staff(&arena, 31, &staff);
	for (size_t i = 0; i < staff.count; i++) {
		const struct aw_demo_account *a = &staff.accounts[i];
		if (aw_policy_unit(policy, a->unit) == NULL ||
			aw_policy_role(policy, a->role) == NULL)
			fail_msg("%s: no unit %s or role %s", a->login, a->unit, a->role);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(staff.accounts[k].login, a->login);
	}
	aw_policy_free(policy);
}

static void
each_unit_that_leads_has_a_supervisor_and_workers(void **state)
{
	static const char *const units[] = { "dv_adult", "dv_child", "dv_sexual", "fc_zhengyi",
		"fc_renshan", "fc_anle", "fc_nuanqi", "suicide_care", "mental_health" };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_staff staff;

	(void)state;
	aw_demo_staff(&arena, 1, &staff);
	for (size_t i = 0; i < AW_COUNT(units); i++) {
		size_t head = aw_demo_staff_head(&staff, units[i], 0);
		size_t one = aw_demo_staff_find(&staff, units[i], "worker", 0);
		size_t two = aw_demo_staff_find(&staff, units[i], "worker", 1);
		assert_true(head != SIZE_MAX && one != SIZE_MAX && one != two);
		assert_string_equal(staff.accounts[head].role, "supervisor");
	}
	assert_true(aw_demo_staff_find(&staff, "centre", "screener", 0) != SIZE_MAX);
	assert_true(aw_demo_staff_find(&staff, "centre", "dispatch_reviewer", 1) != SIZE_MAX);
}

/* What keeps a made-up colleague from being taken for a real one. */
static void
every_name_shows_that_it_is_an_example(void **state)
{
	static const char *const marks[] = { "例", "示", "範", "擬", "虛" };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_staff staff;

	(void)state;
	aw_demo_staff(&arena, 31, &staff);
	for (size_t i = 0; i < staff.count; i++) {
		bool marked = false;
		for (size_t k = 0; k < AW_COUNT(marks); k++)
			marked = marked || strstr(staff.accounts[i].name, marks[k]) != NULL;
		if (!marked)
			fail_msg("%s looks real", staff.accounts[i].login);
		assert_int_equal(strlen(staff.accounts[i].name), 9);
	}
}

static void
a_larger_city_has_colleagues_who_share_the_work_evenly(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_staff one, ten;
	size_t served[1000] = { 0 }, share = 0, seen = 0;

	(void)state;
	aw_demo_staff(&arena, 1, &one);
	aw_demo_staff(&arena, 10, &ten);
	assert_int_equal(one.count, one.own);
	assert_true(ten.own == one.own && ten.count > 9 * one.count && ten.count < 1000);
	for (uint32_t n = 0; n < 4000; n++) {
		size_t worker = aw_demo_staff_find(&ten, "dv_child", "worker", n);

		assert_true(worker < ten.count);
		assert_string_equal(ten.accounts[worker].unit, "dv_child");
		assert_string_equal(ten.accounts[worker].role, "worker");
		served[worker]++;
	}
	for (size_t i = 0; i < ten.count; i++) {
		share = served[i] > share ? served[i] : share;
		seen += served[i] != 0;
	}
	assert_int_equal(seen, 40);
	assert_int_equal(share, 100);
	/* who answers for the whole city is one person in any city */
	assert_int_equal(aw_demo_staff_find(&ten, "city_office", "settler", 7),
		aw_demo_staff_find(&one, "city_office", "settler", 0));
}

static void
one_password_a_role_that_is_allowed_and_of_the_seed(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_passwords a, b, c;
	struct aw_error err = { 0 };
	bool differs = false;

	(void)state;
	assert_ok(aw_demo_passwords(&arena, 1, &a, &err));
	assert_ok(aw_demo_passwords(&arena, 1, &b, &err));
	assert_ok(aw_demo_passwords(&arena, 2, &c, &err));
	assert_true(a.count >= 8);
	for (size_t i = 0; i < a.count; i++) {
		assert_true(strlen(a.at[i].text) >= 10);
		assert_string_equal(a.at[i].text, b.at[i].text);
		differs = differs || strcmp(a.at[i].text, c.at[i].text) != 0;
	}
	assert_true(differs);
}

AW_TESTS(cmocka_unit_test(units_and_roles_are_of_the_policy_and_logins_are_given_once),
	cmocka_unit_test(each_unit_that_leads_has_a_supervisor_and_workers),
	cmocka_unit_test(every_name_shows_that_it_is_an_example),
	cmocka_unit_test(a_larger_city_has_colleagues_who_share_the_work_evenly),
	cmocka_unit_test(one_password_a_role_that_is_allowed_and_of_the_seed))
