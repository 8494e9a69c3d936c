/* tests/link/test_cluster - what joins, and what speaks against it. */
#include "link/bridge.h"
#include "linking.h"

/* Six records in a chain of links that a model makes equally strong; each test adds what forbids. */
static const char model[] = "{\"prior\": 0.01, \"fields\": {\"key\": {\"exact\": {\"m\": 0.9, "
			    "\"u\": 0.0001}, \"osa<=1\": "
			    "{\"m\": 0.08, \"u\": 0.0001}, \"osa<=2\": {\"m\": 0.01, \"u\": 0.01}, "
			    "\"differs\": {\"m\": 0.01, "
			    "\"u\": 0.9898}}, \"number\": {\"same\": {\"m\": 0.9, \"u\": 0.5}, "
			    "\"other\": {\"m\": 0.1, \"u\": "
			    "0.5}}, \"day\": {\"exact\": {\"m\": 0.9, \"u\": 0.5}, \"differs\": "
			    "{\"m\": 0.1, \"u\": 0.5}}}}";
static const char *const number_levels[] = { "same" };
static const char *const day_levels[] = { "exact" };

static void
begin(struct linking *l, const char *rows)
{
	linking_begin(l, rows);
	linking_field(l, "key", AW_TYPE_CODE);
	linking_field(l, "number", AW_TYPE_NATIONAL_ID);
	linking_field(l, "day", AW_TYPE_DATE);
	l->spec.fields[1].levels = number_levels;
	l->spec.fields[2].levels = day_levels;
	l->spec.fields[1].level_count = l->spec.fields[2].level_count = 1;
	linking_block(l, "all");
	l->batch.model = aw_str(model);
	l->batch.model_file = "model.json";
}

static void
expect(struct linking *l, const char *clusters)
{
	struct aw_error err = { 0 };

	assert_ok(linking_run(l, &err));
	assert_string_equal(aw_buf_z(&l->clusters), clusters);
}

static void
links_join_and_strangers_stay_alone(void **state)
{
	struct linking l;

	(void)state;
	begin(&l,
		"id,key,number,day,all\nc,111111,,,1\na,111111,,,1\nb,111111,,,1\nz,999888,,,1\n");
	expect(&l, "id,cluster\na,a\nb,a\nc,a\nz,z\n");
	assert_int_equal(l.report.clustered.clusters, 1);
	assert_int_equal(l.report.clustered.largest, 3);
	aw_arena_done(&l.arena);
}

static void
two_valid_numbers_are_two_people(void **state)
{
	struct linking l;

	(void)state;
	/* b has no number: it joins one of them, and then the other may not come */
	begin(&l, "id,key,number,day,all\na,111111,A123456789,,1\nb,111111,,,1\n"
		  "c,111111,B212345670,,1\n");
	l.spec.threshold_ppm = 500000;
	expect(&l, "id,cluster\na,a\nb,a\nc,c\n");
	assert_true(l.report.clustered.refused_number > 0);
	aw_arena_done(&l.arena);
	/* a number that fails its check digit proves nothing */
	begin(&l, "id,key,number,day,all\na,111111,A123456789,,1\nb,111111,,,1\n"
		  "c,111111,A123456780,,1\n");
	l.spec.threshold_ppm = 500000;
	expect(&l, "id,cluster\na,a\nb,a\nc,a\n");
	aw_arena_done(&l.arena);
}

static void
sources_conflicts_sizes_and_people_forbid(void **state)
{
	static const char rows[] = "id,key,number,day,all\na,111111,,1990-01-02,1\n"
				   "b,111111,,,2\nc,111111,,1991-03-04,1\n";
	const struct aw_spec_decision apart = { AW_STR_LIT("c"), AW_STR_LIT("a"), false };
	struct linking l;

	(void)state;
	begin(&l, rows);
	l.spec.blocks[0].parts[0].column = "key";
	l.spec.threshold_ppm = 500000;
	expect(&l, "id,cluster\na,a\nb,a\nc,a\n");
	l.spec.conflicts = 1u << 2;
	expect(&l, "id,cluster\na,a\nb,a\nc,c\n");
	assert_true(l.report.clustered.refused_field > 0);
	l.spec.conflicts = 0;
	l.spec.source = "all";
	l.spec.one_per_source = true;
	expect(&l, "id,cluster\na,a\nb,a\nc,c\n");
	assert_true(l.report.clustered.refused_source > 0);
	l.spec.one_per_source = false;
	l.spec.cluster_limit = 2;
	expect(&l, "id,cluster\na,a\nb,a\nc,c\n");
	assert_true(l.report.clustered.refused_size > 0);
	l.spec.cluster_limit = 100;
	l.spec.decisions = &apart;
	l.spec.decision_count = 1;
	expect(&l, "id,cluster\na,a\nb,a\nc,c\n");
	assert_true(l.report.clustered.refused_people > 0);
	aw_arena_done(&l.arena);
}

static void
what_people_called_the_same_is_one_cluster(void **state)
{
	const struct aw_spec_decision decisions[] = { { AW_STR_LIT("a"), AW_STR_LIT("z"), true },
		{ AW_STR_LIT("a"), AW_STR_LIT("nobody"), true } };
	struct linking l;

	(void)state;
	begin(&l, "id,key,number,day,all\na,111111,,,1\nb,222333,,,1\nz,999888,,,1\n");
	l.spec.decisions = decisions;
	l.spec.decision_count = 2;
	expect(&l, "id,cluster\na,a\nz,a\nb,b\n");
	assert_int_equal(l.report.clustered.unknown_decisions, 1);
	aw_arena_done(&l.arena);
}

static void
a_weak_bridge_between_two_groups_goes(void **state)
{
	/* 0-1-2 and 3-4-5 are triangles, 2-3 alone holds them together; 6 hangs on 5 */
	const struct aw_link links[] = { { 9000, 0, 1 }, { 9000, 1, 2 }, { 9000, 3, 4 },
		{ 9000, 4, 5 }, { 8000, 0, 2 }, { 8000, 3, 5 }, { 5000, 2, 3 }, { 4000, 5, 6 } };
	const uint32_t roots[AW_COUNT(links)] = { 0 };
	bool cut[AW_COUNT(links)] = { false };

	(void)state;
	assert_int_equal(aw_bridges_cut(links, roots, AW_COUNT(links), 5000, 7, cut), 0);
	assert_int_equal(aw_bridges_cut(links, roots, AW_COUNT(links), 6000, 7, cut), 1);
	for (size_t i = 0; i < AW_COUNT(links); i++)
		assert_int_equal(cut[i], i == 6); /* 5-6 is weaker, and leaves one record alone */
	assert_int_equal(aw_bridges_cut(links, roots, AW_COUNT(links), 6000, 7, cut), 0);
}

AW_TESTS(cmocka_unit_test(links_join_and_strangers_stay_alone),
	cmocka_unit_test(two_valid_numbers_are_two_people),
	cmocka_unit_test(sources_conflicts_sizes_and_people_forbid),
	cmocka_unit_test(what_people_called_the_same_is_one_cluster),
	cmocka_unit_test(a_weak_bridge_between_two_groups_goes))
