/* How often one address may do something. */
#include "net/limit.h"

#include "../testing.h"

static void
a_burst_is_allowed_and_then_the_steady_rate(void **state)
{
	struct aw_limit *limit = aw_limit_new(60, 3);
	int64_t now = 1000000000;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(aw_limit_take(limit, "192.0.2.1", now));
	assert_false(aw_limit_take(limit, "192.0.2.1", now));
	assert_false(aw_limit_take(limit, "192.0.2.1", now + 900000));
	assert_true(aw_limit_take(limit, "192.0.2.1", now + 1000000));
	assert_false(aw_limit_take(limit, "192.0.2.1", now + 1000000));
	now += INT64_C(999999999999);
	for (int i = 0; i < 3; i++)
		assert_true(aw_limit_take(limit, "192.0.2.1", now));
	assert_false(aw_limit_take(limit, "192.0.2.1", now));
	aw_limit_free(limit);
}

static void
addresses_do_not_share_but_one_ipv6_network_does(void **state)
{
	struct aw_limit *limit = aw_limit_new(60, 1);

	(void)state;
	assert_true(aw_limit_take(limit, "192.0.2.1", 5));
	assert_true(aw_limit_take(limit, "192.0.2.2", 5));
	assert_false(aw_limit_take(limit, "192.0.2.2", 5));
	assert_true(aw_limit_take(limit, "2001:db8::1", 5));
	assert_false(aw_limit_take(limit, "2001:db8:0:0:ffff::2", 5));
	assert_true(aw_limit_take(limit, "2001:db8:0:1::1", 5));
	aw_limit_free(limit);
}

static void
a_flood_of_addresses_takes_no_more_memory_and_still_limits(void **state)
{
	struct aw_limit *limit = aw_limit_new(60, 1);
	char address[32];

	(void)state;
	for (int i = 0; i < 100000; i++) {
		(void)snprintf(
			address, sizeof(address), "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
		assert_true(aw_limit_take(limit, address, i));
	}
	assert_false(aw_limit_take(limit, address, 100000));
	aw_limit_free(limit);
	aw_limit_free(NULL);
}

AW_TESTS(cmocka_unit_test(a_burst_is_allowed_and_then_the_steady_rate),
	cmocka_unit_test(addresses_do_not_share_but_one_ipv6_network_does),
	cmocka_unit_test(a_flood_of_addresses_takes_no_more_memory_and_still_limits))
