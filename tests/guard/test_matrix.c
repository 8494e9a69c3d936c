/* Keelung's roles.yaml as a matrix: what each role may see at each relation, printed and checked. */
#include "guard/access.h"
#include "guard/act.h"
#include "policy/policy.h"
#include "testing.h"

#define BIT(name) AW_CLASS_BIT(AW_CLASS_##name)

static struct aw_policy *
load(void)
{
	struct aw_policy *policy = NULL;
	struct aw_error err = { 0 };
	char dir[512];

	(void)snprintf(dir, sizeof(dir), "%s/policy/keelung", source_dir());
	assert_ok(aw_policy_load_dir(dir, NULL, &policy, &err));
	return policy;
}

/* The standings that can be, by name. */
static const struct {
	const char *name;
	struct aw_standing standing;
} standings[] = {
	{ "none", { .unit = "u" } },
	{ "screening", { .screening = true } },
	{ "unit", { .unit_serves = true } },
	{ "unit leads", { .unit_serves = true, .unit_leads = true } },
	{ "co, neutral", { .serves = true } },
	{ "co, protected", { .serves = true, .on_protected = true } },
	{ "lead, neutral", { .serves = true, .leads = true } },
	{ "lead, protected", { .serves = true, .leads = true, .on_protected = true } },
	{ "serves respondent", { .serves = true, .leads = true, .on_respondent = true } },
	{ "shielded", { .shielded = true } },
	{ "shielded, screening", { .shielded = true, .screening = true } },
	{ "shielded, unit leads", { .shielded = true, .unit_serves = true, .unit_leads = true } },
	{ "shielded, serves",
		{ .shielded = true, .serves = true, .leads = true, .on_protected = true } },
};

/* What a role sees for the best of its purposes. */
static struct aw_access
see(const struct aw_policy *policy, const struct aw_role *role, const struct aw_standing *standing)
{
	struct aw_access best = { 0 };

	for (size_t i = 0; i < role->purpose_count; i++) {
		struct aw_standing one = *standing;
		struct aw_access access;

		one.roles = role->code;
		one.purpose = role->purposes[i];
		aw_access_decide(policy, &one, &access);
		best.shown |= access.shown;
		best.on_request |= access.on_request;
	}
	return best;
}

static void
print_row(const char *role, const char *standing, uint32_t shown)
{
	char cells[AW_CLASS_COUNT + 1] = { 0 };

	for (size_t bit = 0; bit < AW_CLASS_COUNT; bit++)
		cells[bit] = (shown & AW_CLASS_BIT(bit)) != 0 ? 'x' : '.';
	print_message("# %-18s %-22s %s %2d\n", role, standing, cells, __builtin_popcount(shown));
}

static void
every_role_gets_at_most_what_the_rules_over_the_roles_allow(void **state)
{
	struct aw_policy *policy = load();
	size_t cells = 0, shown = 0;

	(void)state;
	print_message(
		"# classes: open existence identity number address contact narrative reporter "
		"reporter_name risk plan placement health sexual welfare\n");
	for (size_t r = 0; r < policy->role_count; r++) {
		for (size_t s = 0; s < AW_COUNT(standings); s++) {
			const struct aw_standing *standing = &standings[s].standing;
			struct aw_access access = see(policy, &policy->roles[r], standing);

			print_row(policy->roles[r].code, standings[s].name, access.shown);
			cells += AW_CLASS_COUNT;
			shown += (size_t)__builtin_popcount(access.shown);
			assert_true((access.shown & BIT(OPEN)) != 0);
			if (standing->shielded)
				assert_int_equal(access.shown & AW_CLASSES_SHIELDED, 0);
			if (standing->shielded && !standing->serves)
				assert_int_equal(access.shown & BIT(EXISTENCE), 0);
			if (!standing->screening && !((standing->leads || standing->unit_leads) &&
							    !standing->on_respondent))
				assert_int_equal(access.shown & AW_CLASSES_REPORTER, 0);
		}
	}
	print_message("# %zu roles, %zu cells, %zu shown, %zu hidden\n", policy->role_count, cells,
		shown, cells - shown);
	assert_true(policy->role_count >= 8);
	assert_true(shown > cells / 10);
	aw_policy_free(policy);
}

/* What keelung.md and domain.md §8 say, case by case. */
static const struct {
	const char *role;
	size_t standing;
	uint32_t must, must_not;
} words[] = {
	{ "screener", 1,
		BIT(IDENTITY) | BIT(NARRATIVE) | BIT(REPORTER) | BIT(REPORTER_NAME) | BIT(RISK),
		BIT(PLAN) | BIT(PLACEMENT) },
	{ "screener", 0, BIT(EXISTENCE), BIT(ADDRESS) | BIT(CONTACT) | BIT(NARRATIVE) | BIT(PLAN) },
	{ "worker", 7, BIT(ADDRESS) | BIT(CONTACT) | BIT(PLAN) | BIT(REPORTER) | BIT(PLACEMENT),
		0 },
	{ "worker", 5, BIT(ADDRESS) | BIT(PLAN), BIT(REPORTER) | BIT(REPORTER_NAME) },
	{ "worker", 2, BIT(EXISTENCE), BIT(ADDRESS) | BIT(CONTACT) | BIT(PLAN) | BIT(NARRATIVE) },
	{ "worker", 0, 0, (UINT32_C(1) << AW_CLASS_COUNT) - 2 },
	{ "supervisor", 3, BIT(IDENTITY) | BIT(PLAN) | BIT(REPORTER), 0 },
	{ "planner", 0, 0,
		BIT(IDENTITY) | BIT(NUMBER) | BIT(ADDRESS) | BIT(CONTACT) | BIT(NARRATIVE) },
	{ "administrator", 0, 0, (UINT32_C(1) << AW_CLASS_COUNT) - 2 },
	{ "auditor", 0, BIT(IDENTITY), BIT(ADDRESS) | BIT(NARRATIVE) | BIT(PLAN) | BIT(SEXUAL) },
};

static void
keelungs_roles_say_what_was_decided_for_them(void **state)
{
	struct aw_policy *policy = load();

	(void)state;
	for (size_t i = 0; i < AW_COUNT(words); i++) {
		const struct aw_role *role = aw_policy_role(policy, words[i].role);
		struct aw_access access;

		if (role == NULL)
			fail_msg("no role %s", words[i].role);
		access = see(policy, role, &standings[words[i].standing].standing);
		if ((access.shown & words[i].must) != words[i].must)
			fail_msg("%s, %s: too little: %x", role->code,
				standings[words[i].standing].name, access.shown);
		if ((access.shown & words[i].must_not) != 0)
			fail_msg("%s, %s: too much: %x", role->code,
				standings[words[i].standing].name, access.shown);
	}
	aw_policy_free(policy);
}

static void
the_reporters_name_needs_its_own_purpose(void **state)
{
	struct aw_policy *policy = load();
	struct aw_standing standing = { .roles = "worker",
		.purpose = "casework",
		.serves = true,
		.leads = true,
		.on_protected = true };
	struct aw_access access;

	(void)state;
	aw_access_decide(policy, &standing, &access);
	assert_false(aw_access_may(&access, AW_CLASS_REPORTER_NAME));
	assert_string_equal(aw_access_reason(&access, AW_CLASS_REPORTER_NAME), "request");
	standing.purpose = "contact_reporter";
	aw_access_decide(policy, &standing, &access);
	assert_true(aw_access_may(&access, AW_CLASS_REPORTER_NAME));
	standing.leads = false; /* a co-unit may not even ask */
	standing.purpose = "casework";
	aw_access_decide(policy, &standing, &access);
	assert_string_equal(aw_access_reason(&access, AW_CLASS_REPORTER_NAME), "confidential");
	aw_policy_free(policy);
}

static void
every_permission_is_held_by_somebody_and_none_by_the_public(void **state)
{
	struct aw_policy *policy = load();
	const struct aw_viewer nobody = { .login = "public", .roles = "administrator" };
	size_t held = 0;

	(void)state;
	for (size_t p = 0; p < policy->permission_count; p++) {
		const char *code = policy->permissions[p].code;
		size_t roles = 0;

		for (size_t r = 0; r < policy->role_count; r++) {
			const struct aw_viewer viewer = { .account = 1,
				.roles = policy->roles[r].code };

			roles += aw_access_may_do(policy, &viewer, code);
		}
		if (roles == 0)
			fail_msg("nobody holds %s", code);
		held += roles;
		assert_false(aw_access_may_do(policy, &nobody, code));
	}
	print_message("# %zu permissions x %zu roles, %zu held\n", policy->permission_count,
		policy->role_count, held);
	assert_true(aw_access_may_do(policy, &nobody, NULL));
	assert_false(aw_access_may_do(
		policy, &(struct aw_viewer){ .account = 1, .roles = "worker" }, "account.manage"));
	aw_policy_free(policy);
}

AW_TESTS(cmocka_unit_test(every_role_gets_at_most_what_the_rules_over_the_roles_allow),
	cmocka_unit_test(keelungs_roles_say_what_was_decided_for_them),
	cmocka_unit_test(the_reporters_name_needs_its_own_purpose),
	cmocka_unit_test(every_permission_is_held_by_somebody_and_none_by_the_public))
