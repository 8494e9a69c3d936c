/* tests/base/hash - the vectors of FIPS 180-4. */
#include "../testing.h"

#include "base/hash.h"

static void
the_published_vectors_come_out(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };

	(void)state;
	assert_string_equal(aw_sha256_hex(&arena, "abc", 3),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_string_equal(aw_sha256_hex(&arena, NULL, 0),
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void
random_bytes_differ_from_call_to_call(void **state)
{
	uint8_t a[32] = { 0 }, b[32] = { 0 };

	(void)state;
	aw_random_bytes(a, sizeof(a));
	aw_random_bytes(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
}

static void
so_they_do_when_they_are_drawn_in_the_process(void **state)
{
	uint8_t drawn[64][16] = { 0 };

	(void)state;
	aw_random_in_process();
	for (size_t i = 0; i < AW_COUNT(drawn); i++) {
		aw_random_bytes(drawn[i], sizeof(drawn[i]));
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(drawn[k], drawn[i], sizeof(drawn[i]));
	}
}

AW_TESTS(cmocka_unit_test(the_published_vectors_come_out),
	cmocka_unit_test(random_bytes_differ_from_call_to_call),
	cmocka_unit_test(so_they_do_when_they_are_drawn_in_the_process))
