/* tests/link/test_kernel - the kernels beside the plainest form of each, on random strings. */
#include "../testing.h"

#include "base/id.h"
#include "link/kernel.h"

enum { ROOM = 400, PAIRS = 300000 };

/* One string in both widths, with the padding that kernels ask for. */
struct text {
	uint32_t wide[ROOM + AW_UNITS_PAD];
	uint8_t narrow[ROOM + AW_UNITS_PAD];
	uint32_t count;
	bool is_wide;
};

static struct aw_units
units(const struct text *text)
{
	return (struct aw_units){ text->is_wide ? (const void *)text->wide : text->narrow,
		text->count, text->is_wide };
}

static void
set(struct text *text, uint32_t i, uint32_t c)
{
	text->wide[i] = c;
	text->narrow[i] = (uint8_t)c;
}

static void
make(struct aw_random *random, struct text *text, uint32_t most, uint32_t alphabet)
{
	text->count = (uint32_t)aw_random_below(random, most + 1);
	text->is_wide = aw_random_below(random, 3) == 0;
	for (uint32_t i = 0; i < text->count; i++)
		set(text, i, 'a' + (uint32_t)aw_random_below(random, alphabet));
}

/* A few edits of another: random strings alone would hardly ever be near. */
static void
edit(struct aw_random *random, const struct text *from, struct text *to)
{
	bool wide = to->is_wide;

	*to = *from;
	to->is_wide = wide;
	for (size_t n = aw_random_below(random, 4); n > 0 && to->count > 1; n--) {
		uint32_t at = (uint32_t)aw_random_below(random, to->count - 1), c = to->wide[at];

		switch (aw_random_below(random, 3)) {
		case 0:
			set(to, at, 'a' + (uint32_t)aw_random_below(random, 6));
			break;
		case 1:
			set(to, at, to->wide[at + 1]);
			set(to, at + 1, c);
			break;
		default:
			to->count--;
			for (uint32_t i = at; i < to->count; i++)
				set(to, i, to->wide[i + 1]);
			break;
		}
	}
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t
plain_distance(const struct text *a, const struct text *b, bool osa)
{
	static uint32_t d[ROOM + 1][ROOM + 1];

	for (uint32_t i = 0; i <= a->count; i++) {
		for (uint32_t j = 0; j <= b->count; j++) {
			uint32_t best;

			if (i == 0 || j == 0) {
				d[i][j] = i + j;
				continue;
			}
			best = d[i - 1][j - 1] + (a->wide[i - 1] != b->wide[j - 1] ? 1 : 0);
			best = least(best, least(d[i - 1][j], d[i][j - 1]) + 1);
			if (osa && i > 1 && j > 1 && a->wide[i - 1] == b->wide[j - 2] &&
				a->wide[i - 2] == b->wide[j - 1])
				best = least(best, d[i - 2][j - 2] + 1);
			d[i][j] = best;
		}
	}
	return d[a->count][b->count];
}

static double
plain_jaro(const struct text *a, const struct text *b)
{
	bool in_a[ROOM] = { false }, in_b[ROOM] = { false };
	int64_t longer = a->count > b->count ? a->count : b->count;
	int64_t reach = longer / 2 > 0 ? longer / 2 - 1 : 0;
	uint32_t matches = 0, moved = 0, j = 0;

	if (a->count == 0 || b->count == 0)
		return a->count == b->count ? 1.0 : 0.0;
	for (int64_t i = 0; i < a->count; i++) {
		for (int64_t k = i - reach; k <= i + reach; k++) {
			if (k < 0 || k >= b->count || in_b[k] || a->wide[i] != b->wide[k])
				continue;
			in_a[i] = in_b[k] = true;
			matches++;
			break;
		}
	}
	if (matches == 0)
		return 0.0;
	for (uint32_t i = 0; i < a->count; i++) {
		if (!in_a[i])
			continue;
		while (!in_b[j])
			j++;
		moved += a->wide[i] != b->wide[j++] ? 1 : 0;
	}
	return ((double)matches / a->count + (double)matches / b->count +
		       ((double)matches - moved / 2) / matches) /
	       3.0;
}

static double
plain_winkler(const struct text *a, const struct text *b)
{
	double jaro = plain_jaro(a, b);
	uint32_t prefix = 0;

	while (prefix < 4 && prefix < a->count && prefix < b->count &&
		a->wide[prefix] == b->wide[prefix])
		prefix++;
	return jaro > 0.7 ? jaro + prefix * 0.1 * (1.0 - jaro) : jaro;
}

static bool
same(double x, double y)
{
	return memcmp(&x, &y, sizeof(x)) == 0; /* to the last bit */
}

static void
compare_all(struct aw_random *random, uint32_t most_units, int pairs)
{
	static struct text a, b;
	size_t near = 0;

	for (int n = 0; n < pairs; n++) {
		uint32_t lev, osa, most = (uint32_t)aw_random_below(random, 5);

		make(random, &a, most_units, 6);
		make(random, &b, most_units, 6);
		if (n % 2 == 0)
			edit(random, &a, &b);
		lev = plain_distance(&a, &b, false);
		osa = plain_distance(&a, &b, true);
		near += osa > 0 && osa < 4 ? 1 : 0;
		assert_int_equal(aw_kernel_distance(units(&a), units(&b), false, ROOM), lev);
		assert_int_equal(aw_kernel_distance(units(&a), units(&b), true, ROOM), osa);
		assert_int_equal(aw_kernel_distance(units(&a), units(&b), true, most),
			osa <= most ? osa : most + 1);
		assert_true(same(aw_kernel_jaro(units(&a), units(&b)), plain_jaro(&a, &b)));
		assert_true(same(aw_kernel_jaro(units(&b), units(&a)), plain_jaro(&a, &b)));
		assert_true(
			same(aw_kernel_jaro_winkler(units(&a), units(&b)), plain_winkler(&a, &b)));
		assert_int_equal(aw_units_eq(units(&a), units(&b)), osa == 0);
	}
	assert_true(near > (size_t)pairs / 10);
}

static void
short_strings_come_out_as_the_plain_forms_say(void **state)
{
	struct aw_random random;

	(void)state;
	aw_random_seed(&random, 1);
	compare_all(&random, 12, PAIRS);
}

static void
strings_around_a_word_come_out_as_the_plain_forms_say(void **state)
{
	struct aw_random random;

	(void)state;
	aw_random_seed(&random, 2);
	compare_all(&random, 80, PAIRS / 100);
}

static void
strings_of_several_words_come_out_as_the_plain_forms_say(void **state)
{
	struct aw_random random;

	(void)state;
	aw_random_seed(&random, 3);
	compare_all(&random, ROOM - 1, 200);
}

static void
mismatch_masks_tell_one_slip_as_the_distance_does(void **state)
{
	struct aw_random random;
	size_t slips = 0;

	(void)state;
	aw_random_seed(&random, 4);
	for (int n = 0; n < PAIRS; n++) {
		struct text a = { .count = 1 + (uint32_t)aw_random_below(&random, 16) };
		struct text b = { .count = a.count };
		bool one;

		for (uint32_t i = 0; i < a.count; i++) {
			set(&a, i, '0' + (uint32_t)aw_random_below(&random, 3));
			set(&b, i, aw_random_below(&random, 6) == 0 ? '1' : a.wide[i]);
		}
		if (n % 4 == 0 && a.count > 1) {
			b = a;
			set(&b, 0, a.wide[1]);
			set(&b, 1, a.wide[0]);
		}
		one = plain_distance(&a, &b, true) == 1;
		slips += one ? 1 : 0;
		assert_int_equal(aw_kernel_one_slip(a.narrow, b.narrow, a.count), one);
	}
	assert_true(slips > PAIRS / 10);
}

static void
published_examples_come_out(void **state)
{
	static const struct {
		const char *a, *b;
		double likeness;
	} examples[] = { { "martha", "marhta", 0.9611 }, { "dwayne", "duane", 0.84 },
		{ "dixon", "dicksonx", 0.8133 } }; /* Winkler 1990 */

	(void)state;
	for (size_t i = 0; i < AW_COUNT(examples); i++) {
		struct text a = { 0 }, b = { 0 };
		double got;

		for (; examples[i].a[a.count] != '\0'; a.count++)
			set(&a, a.count, (uint8_t)examples[i].a[a.count]);
		for (; examples[i].b[b.count] != '\0'; b.count++)
			set(&b, b.count, (uint8_t)examples[i].b[b.count]);
		got = aw_kernel_jaro_winkler(units(&a), units(&b));
		assert_true(got > examples[i].likeness - 1e-4 && got < examples[i].likeness + 1e-4);
	}
}

AW_TESTS(cmocka_unit_test(short_strings_come_out_as_the_plain_forms_say),
	cmocka_unit_test(strings_around_a_word_come_out_as_the_plain_forms_say),
	cmocka_unit_test(strings_of_several_words_come_out_as_the_plain_forms_say),
	cmocka_unit_test(mismatch_masks_tell_one_slip_as_the_distance_does),
	cmocka_unit_test(published_examples_come_out))
