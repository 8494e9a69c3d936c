/* bench_rows N SEED: CSV of N made-up rows with ASCII names: four fifths are people, the others are second
 * records of some of them, with slips. `entity` says who is who; no engine is given that column.
 *
 * Error model of a second record: each of given name, surname, street and code has one slip (a letter
 * changed, two swapped, one lost) in one of 8; the birth day has one wrong digit in one of 20; a field
 * is missing in one of 30. Names are drawn with a skew (a square), so that some are common. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/id.h"

enum { GIVEN = 4000, SURNAMES = 30000, CITIES = 400, STREETS = 60000, FIELDS = 6, WIDTH = 24 };

static void
word(uint64_t kind, uint64_t which, size_t least, char *out)
{
	static const char vowels[] = "aeiou", others[] = "bcdfghjklmnprstvw";
	struct aw_random random;
	size_t len;

	aw_random_seed(&random, kind << 32 | which);
	len = least + aw_random_below(&random, 5);
	for (size_t i = 0; i < len; i++)
		out[i] = i % 2 == 0 ? others[aw_random_below(&random, 17)]
				    : vowels[aw_random_below(&random, 5)];
	out[len] = '\0';
}

static uint64_t
skewed(struct aw_random *random, uint64_t kinds)
{
	double u = aw_random_unit(random);

	return (uint64_t)(u * u * (double)kinds);
}

static void
person(uint64_t seed, uint64_t entity, char fields[FIELDS][WIDTH])
{
	struct aw_random random;
	uint64_t days;

	aw_random_seed(&random, seed * UINT64_C(1000003) + entity);
	word(1, skewed(&random, GIVEN), 3, fields[0]);
	word(2, skewed(&random, SURNAMES), 4, fields[1]);
	days = aw_random_below(&random, 80 * 336);
	snprintf(fields[2], WIDTH, "%04u%02u%02u", 1930 + (unsigned)(days / 336),
		1 + (unsigned)(days % 336 / 28), 1 + (unsigned)(days % 28));
	word(3, skewed(&random, CITIES), 5, fields[3]);
	word(4, aw_random_below(&random, STREETS), 6, fields[4]);
	snprintf(fields[5], WIDTH, "%09u", (unsigned)aw_random_below(&random, 1000000000));
}

static void
slip(struct aw_random *random, char *text)
{
	size_t len = strlen(text), at = aw_random_below(random, len - 1);
	char c = text[at], digit = (char)('0' + aw_random_below(random, 10));

	switch (aw_random_below(random, 3)) {
	case 0:
		text[at] = c <= '9' ? digit : (char)('a' + aw_random_below(random, 26));
		break;
	case 1:
		text[at] = text[at + 1];
		text[at + 1] = c;
		break;
	default:
		memmove(text + at, text + at + 1, len - at);
		break;
	}
}

static void
spoil(uint64_t seed, uint64_t entity, char fields[FIELDS][WIDTH])
{
	static const size_t slipping[] = { 0, 1, 4, 5 };
	struct aw_random random;

	aw_random_seed(&random, seed * UINT64_C(7919) + entity + 1);
	for (size_t i = 0; i < sizeof(slipping) / sizeof(slipping[0]); i++)
		if (aw_random_below(&random, 8) == 0)
			slip(&random, fields[slipping[i]]);
	if (aw_random_below(&random, 20) == 0)
		fields[2][7] = (char)('0' + aw_random_below(&random, 10));
	for (size_t f = 0; f < FIELDS; f++)
		if (aw_random_below(&random, 30) == 0)
			fields[f][0] = '\0';
}

int
main(int argc, char **argv)
{
	uint64_t rows = argc == 3 ? strtoull(argv[1], NULL, 10) : 0;
	uint64_t seed = argc == 3 ? strtoull(argv[2], NULL, 10) : 0, people = rows * 4 / 5;

	if (rows < 10 || rows > 99999999) {
		fputs("usage: bench_rows N SEED\n", stderr);
		return 2;
	}
	puts("id,entity,given_name,surname,birth,city,street,code");
	for (uint64_t r = 0; r < rows; r++) {
		char fields[FIELDS][WIDTH];
		/* second records in an order of their own: 7,919 is prime to the number of people */
		uint64_t entity = r < people ? r : (r - people) * 7919 % people;

		person(seed, entity, fields);
		if (r >= people)
			spoil(seed, entity + (r - people), fields);
		printf("r%08llu,%llu,%s,%s,%s,%s,%s,%s\n", (unsigned long long)r,
			(unsigned long long)entity, fields[0], fields[1], fields[2], fields[3],
			fields[4], fields[5]);
	}
	return 0;
}
