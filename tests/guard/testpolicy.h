/**
 * tests/guard/testpolicy - a policy with the roles, purposes and units that guard's tests need.
 *
 * Written out here, so that these tests do not change with a city's files; what a city's own
 * roles.yaml gives is printed and checked by test_matrix.c.
 */
#ifndef AW_TESTS_TESTPOLICY_H
#define AW_TESTS_TESTPOLICY_H

#include "guard/access.h"
#include "policy/policy.h"

#define EVERY ((UINT32_C(1) << AW_CLASS_COUNT) - 1)
#define BIT(name) AW_CLASS_BIT(AW_CLASS_##name)
#define KNOWN_OF (BIT(EXISTENCE) | BIT(IDENTITY) | BIT(RISK))

static const char *const test_casework[] = { "casework", "contact_reporter" };
static const char *const test_screening[] = { "screening", "contact_reporter" };
static const char *const test_audit[] = { "audit" };
static const char *const test_worker_may[] = { "family.work" };
static const char *const test_supervisor_may[] = { "family.work", "dispatch.assign" };
static const char *const test_screener_may[] = { "dispatch.screen" };
static const char *const test_auditor_may[] = { "audit.view" };

static const struct aw_role test_roles[] = {
	{ .code = "worker",
		.classes = { [AW_RELATION_UNIT] = KNOWN_OF,
			[AW_RELATION_SERVES_PROTECTED] = EVERY,
			[AW_RELATION_SERVES_NEUTRAL] = EVERY,
			[AW_RELATION_BREAK_GLASS] = EVERY & ~BIT(WELFARE) },
		.may = test_worker_may,
		.may_count = 1,
		.purposes = test_casework,
		.purpose_count = 2 },
	{ .code = "supervisor",
		.classes = { [AW_RELATION_UNIT] = EVERY,
			[AW_RELATION_SERVES_PROTECTED] = EVERY,
			[AW_RELATION_SERVES_NEUTRAL] = EVERY },
		.may = test_supervisor_may,
		.may_count = 2,
		.purposes = test_casework,
		.purpose_count = 2 },
	{ .code = "screener",
		.classes = { [AW_RELATION_NONE] = BIT(EXISTENCE) | BIT(IDENTITY),
			[AW_RELATION_SCREENING] = EVERY },
		.may = test_screener_may,
		.may_count = 1,
		.purposes = test_screening,
		.purpose_count = 2 },
	/* Grants everybody everything, as no city should: the rules over the roles must still hold. */
	{ .code = "careless",
		.classes = { EVERY, EVERY, EVERY, EVERY, EVERY, EVERY, EVERY },
		.may = test_worker_may,
		.may_count = 1,
		.purposes = test_casework,
		.purpose_count = 2 },
	{ .code = "auditor",
		.classes = { [AW_RELATION_NONE] = BIT(EXISTENCE) | BIT(IDENTITY) },
		.may = test_auditor_may,
		.may_count = 1,
		.purposes = test_audit,
		.purpose_count = 1 },
};

static const struct aw_purpose test_purposes[] = {
	{ .code = "casework", .classes = EVERY & ~BIT(REPORTER_NAME) },
	{ .code = "screening", .classes = EVERY & ~(BIT(REPORTER_NAME) | BIT(PLAN)) },
	{ .code = "contact_reporter",
		.classes = BIT(EXISTENCE) | BIT(REPORTER) | BIT(REPORTER_NAME) },
	{ .code = "audit", .classes = BIT(EXISTENCE) | BIT(IDENTITY) },
};

static const struct aw_unit test_units[] = {
	{ .code = "centre", .type = "dispatch_centre", .screens = true },
	{ .code = "dv", .type = "protection_centre" },
	{ .code = "health", .type = "mental_health" },
	{ .code = "family", .type = "family_centre" },
	{ .code = "school", .type = "school" },
};

static const struct aw_reason_code test_glass_reasons[] = { { .code = "night_duty" } };

static const struct aw_policy test_policy = {
	.break_glass = { .minutes = 60, .review_days = 3 },
	.reasons = { [AW_REASONS_BREAK_GLASS] = test_glass_reasons },
	.reason_count = { [AW_REASONS_BREAK_GLASS] = 1 },
	.city = { .code = "keelung", .letter = "C" },
	.roles = test_roles,
	.role_count = AW_COUNT(test_roles),
	.purposes = test_purposes,
	.purpose_count = AW_COUNT(test_purposes),
	.units = test_units,
	.unit_count = AW_COUNT(test_units),
};

#endif
