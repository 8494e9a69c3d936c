/* Writes the made-up Taiwan as records with their truth, or tells how often names stand in it.
 * bench_synth csv RECORDS [SEED]      CSV on standard output
 * bench_synth shares PEOPLE [SEED]    beside what is published, of 23.5 million
 *
 * Columns: record_id; entity_id, the truth; half, 0 to tune on and 1 to report on; twin and namesake, the
 * entity it must not be taken for; then what the record says. Somebody has one record, one in five a
 * second, and one in twenty a third: the first is as registered, the others have the slips of the
 * error model (bench/taiwan.h). Records stand in an order that looks random. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench/taiwan.h"
#include "demo/walk.h"

enum { RECORDS_MOST = 3, SCALE = 23500000 };

static void
put_text(const char *text)
{
	bool quoted = strpbrk(text, ",\"") != NULL;

	putchar(',');
	if (!quoted) {
		fputs(text, stdout);
		return;
	}
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

static int64_t
twin_of(const struct tw_household *home, const struct tw_person *person)
{
	return person->twin < 0 ? 0 : home->members[person->twin].id;
}

static int64_t
namesake_of(uint64_t seed, const struct tw_household *home, const struct tw_person *person)
{
	struct tw_household other;

	if (!person->namesake)
		return 0;
	tw_household_make(seed, tw_namesake_of(home->serial), &other);
	return other.members[0].id;
}

static void
put_id(int64_t id)
{
	if (id == 0)
		putchar(',');
	else
		printf(",%" PRId64, id);
}

static void
put_record(uint64_t seed, const struct tw_household *home, const struct tw_person *person,
	int64_t record, const struct tw_known *known)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	char sex[2] = { known->sex, '\0' };
	char *address = tw_known_address(&arena, known);

	printf("%" PRId64 ",%" PRId64 ",%d", record, person->id, home->half);
	put_id(twin_of(home, person));
	put_id(namesake_of(seed, home, person));
	put_text(known->name);
	put_text(known->number);
	put_text(known->birth_known ? aw_day_iso(&arena, known->birth_day) : "");
	put_text(sex);
	put_text(known->phone);
	put_text(address == NULL ? "" : address);
	putchar('\n');
}

/* How many records somebody has: the same whenever it is asked. */
static int
records_of(struct aw_random *random)
{
	uint64_t drawn = aw_random_below(random, 100);

	return drawn < 5 ? RECORDS_MOST : drawn < 25 ? 2 : 1;
}

static void
write_home(uint64_t seed, uint64_t serial, size_t *left)
{
	struct tw_household home;
	struct aw_random random;

	tw_household_make(seed, serial, &home);
	aw_random_seed(&random, seed ^ aw_link_mix(serial + 31));
	for (size_t i = 0; i < home.count; i++) {
		const struct tw_person *person = &home.members[i];
		int count = records_of(&random);

		for (int r = 0; r<count && * left> 0; r++, --*left) {
			struct tw_known known;

			if (r == 0)
				tw_known_make(&home, person, &known);
			else
				(void)tw_record(&random, &home, person, &known);
			put_record(seed, &home, person, person->id * RECORDS_MOST + r, &known);
		}
	}
}

static int
write_csv(size_t records, uint64_t seed)
{
	struct aw_random random;
	/* a household has 2.3 people and 3 records; the last ones drawn are left out */
	struct aw_demo_walk walk;
	uint32_t serial;
	size_t left = records;

	aw_random_seed(&random, seed);
	walk = aw_demo_walk(&random, records / 2 + 1);
	puts("record_id,entity_id,half,twin,namesake,name,national_id,birth_date,sex,phone,"
	     "address");
	while (left > 0 && aw_demo_walk_next(&walk, &serial))
		write_home(seed, serial, &left);
	return ferror(stdout) != 0 || left > 0 ? 1 : 0;
}

/* -- how often -------------------------------------------------------------------------------------- */

/* Published by the Ministry of the Interior, as named in docs/recognition.md: bearers of 23.5 million. */
static struct anchor {
	const char *what, *given, *full;
	double published;
	size_t seen;
} anchors[] = { { "淑芬", "淑芬", NULL, 31923, 0 }, { "淑惠", "淑惠", NULL, 29947, 0 },
	{ "美玲", "美玲", NULL, 27355, 0 }, { "家豪", "家豪", NULL, 14208, 0 },
	{ "志明", "志明", NULL, 13375, 0 }, { "陳怡君", NULL, "陳怡君", 5925, 0 },
	{ "陳冠宇", NULL, "陳冠宇", 4017, 0 } };

static int
print_shares(size_t people, uint64_t seed)
{
	size_t seen = 0, single = 0, chen = 0;

	for (uint64_t serial = 0; seen < people; serial++) {
		struct tw_household home;

		tw_household_make(seed, serial, &home);
		for (size_t i = 0; i < home.count; i++) {
			const char *name = home.members[i].name;
			size_t len = strlen(name);

			seen++;
			single += len == 6 ? 1 : 0;
			chen += strncmp(name, "陳", 3) == 0 ? 1 : 0;
			for (size_t a = 0; a < AW_COUNT(anchors); a++)
				anchors[a].seen +=
					(anchors[a].given != NULL && len == 9 &&
						strcmp(name + 3, anchors[a].given) == 0) ||
							(anchors[a].full != NULL &&
								strcmp(name, anchors[a].full) == 0)
						? 1
						: 0;
		}
	}
	printf("%-28s %10s %10s\n", "", "published", "here");
	for (size_t a = 0; a < AW_COUNT(anchors); a++)
		printf("%-28s %10.0f %10.0f\n", anchors[a].what, anchors[a].published,
			(double)anchors[a].seen * SCALE / (double)seen);
	printf("%-28s %10.2f %10.2f\n", "given name of one, %", 1.67,
		100.0 * (double)single / (double)seen);
	printf("%-28s %10.2f %10.2f\n", "surname 陳, %", 11.1, 100.0 * (double)chen / (double)seen);
	return 0;
}

int
main(int argc, char **argv)
{
	size_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
	uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;

	tw_begin();
	if (count > 0 && count <= UINT32_MAX / 4 && strcmp(argv[1], "csv") == 0)
		return write_csv(count, seed);
	if (count > 0 && strcmp(argv[1], "shares") == 0)
		return print_shares(count, seed);
	fprintf(stderr,
		"usage: bench_synth csv RECORDS [SEED] | bench_synth shares PEOPLE [SEED]\n");
	return 2;
}
