/* Times a city's people in the database: loading household registration, opening the index, and
 * recognising with everything around it. bench_people DIR POLICY [PEOPLE] */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "../tests/link/synth.h"
#include "city/person/people.h"
#include "city/person/register.h"
#include "db/migrate.h"
#include "policy/policy.h"

enum { QUERIES = 5000 };

static double
seconds(void)
{
	return (double)aw_monotonic_us() / 1e6;
}

static void
must(enum aw_status status, const struct aw_error *err)
{
	char text[640];

	if (status == AW_OK)
		return;
	aw_error_format(err, text, sizeof(text));
	fprintf(stderr, "%s\n", text);
	exit(1);
}

static struct aw_str
table_of(struct aw_arena *arena, const struct synth_person *people, size_t count)
{
	struct aw_buf buf = { .arena = arena };

	aw_buf_text(&buf, "戶號,稱謂,姓名,身分證號,出生日期,性別,戶籍地址,村里,電話\n");
	for (size_t i = 0; i < count; i++) {
		struct aw_date d = aw_date_of_day(people[i].birth_day);
		bool head = i == 0 || people[i].household != people[i - 1].household;

		aw_buf_printf(&buf,
			"%u,%s,%s,%s,%04d-%02d-%02d,%s,基隆市信義區東信路%u巷%u號,東信里,0%s\n",
			people[i].household, head ? "戶長" : "其他", people[i].name,
			people[i].number, d.year, d.month, d.day,
			people[i].sex == 'M' ? "男" : "女", people[i].household / 900 + 1,
			people[i].household % 900 + 1, people[i].phone + 4);
	}
	return (struct aw_str){ buf.at, buf.len };
}

int
main(int argc, char **argv)
{
	size_t count = argc > 3 ? strtoull(argv[3], NULL, 10) : 364766;
	struct synth_person *people = calloc(count, sizeof(*people));
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_db *db = NULL;
	struct aw_keyring *keyring = NULL;
	struct aw_policy *policy = NULL;
	struct aw_people *index = aw_people_new(), *again = NULL;
	struct aw_viewer viewer = { .login = "bench", .name = "bench" };
	struct aw_import_counts counts = { 0 };
	struct aw_ids ids;
	struct rusage usage;
	double start;

	if (argc < 3) {
		fprintf(stderr, "usage: bench_people DIR POLICY [PEOPLE]\n");
		return 2;
	}
	must(aw_policy_load_dir(argv[2], NULL, &policy, &err), &err);
	must(aw_db_open(&(struct aw_db_options){ .url = aw_arena_printf(
							 &arena, "sqlite:%s/bench.db", argv[1]),
				.create = true,
				.bulk = true },
		     &db, &err),
		&err);
	must(aw_db_migrate(db, NULL, NULL, &err), &err);
	must(aw_root_key_make(aw_arena_printf(&arena, "%s/bench.key", argv[1]), &err), &err);
	must(aw_keyring_open(db, aw_arena_printf(&arena, "%s/bench.key", argv[1]), &keyring, &err),
		&err);
	aw_ids_init(&ids, NULL);
	synth_people(1, people, count);
	struct aw_import_options options = { .db = db,
		.keyring = keyring,
		.ids = &ids,
		.people = index,
		.policy = policy,
		.viewer = &viewer,
		.now_ms = aw_real_ms(),
		.real_ms = aw_real_ms(),
		.demo = true,
		.register_code = "household_registration",
		.file_name = "base.csv" };
	struct aw_str table = table_of(&arena, people, count);

	start = seconds();
	must(aw_register_import(&options, table, &counts, &err), &err);
	printf("loaded %ld people, %ld put aside, in %.1f s\n", (long)counts.created,
		(long)counts.quarantined, seconds() - start);
	start = seconds();
	must(aw_people_open(db, keyring, &again, &err), &err);
	getrusage(RUSAGE_SELF, &usage);
	printf("opened %zu people in %.2f s, %.1f bytes a person\n", aw_people_count(again),
		seconds() - start, (double)aw_people_bytes(again) / (double)count);
	aw_people_close(again);
	aw_people_close(index);
	aw_db_close(db);
	aw_keyring_close(keyring);
	aw_policy_free(policy);
	free(people);
	return 0;
}
