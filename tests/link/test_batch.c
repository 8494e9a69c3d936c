/* tests/link/test_batch - the engine over whole tables: what it finds, what it refuses, byte for byte. */
#include "linking.h"

#include <math.h>

enum { PEOPLE = 1200 };

/* Links that are right (a person and its copy), and wrong ones. */
static void
judge(struct linking *l, size_t *ret_right, size_t *ret_wrong)
{
	struct aw_str rest = { l->pairs.at, l->pairs.len }, line;

	*ret_right = *ret_wrong = 0;
	(void)aw_str_cut(rest, '\n', &rest);
	while (rest.len > 0) {
		struct aw_str left, right;

		line = aw_str_cut(rest, '\n', &rest);
		left = aw_str_cut(line, ',', &line);
		right = aw_str_cut(line, ',', &line);
		if (strncmp(line.at, "0.9", 3) != 0)
			continue;
		if (right.len == left.len + 1 && strncmp(left.at, right.at, left.len) == 0)
			++*ret_right;
		else
			++*ret_wrong;
	}
}

static void
copies_with_slips_are_found_and_strangers_are_not(void **state)
{
	struct linking l;
	struct aw_error err = { 0 };
	struct aw_arena arena = { 0 };
	size_t right, wrong;

	(void)state;
	linking_usual(&l, linking_people(&arena, 5, PEOPLE));
	assert_ok(linking_run(&l, &err));
	judge(&l, &right, &wrong);
	assert_true(right > PEOPLE / 2 * 98 / 100);
	assert_true(wrong <= 1);
	assert_int_equal(l.report.left_rows, PEOPLE + PEOPLE / 2);
	assert_true(l.report.clustered.clusters > PEOPLE / 2 * 98 / 100);
	aw_arena_done(&l.arena);
	aw_arena_done(&arena);
}

static void
one_thread_and_five_write_the_same_bytes(void **state)
{
	static const size_t threads[] = { 1, 2, 5 };
	struct linking l[AW_COUNT(threads)];
	struct aw_error err = { 0 };
	struct aw_arena arena = { 0 };
	const char *people;

	(void)state;
	people = linking_people(&arena, 6, PEOPLE);
	for (size_t i = 0; i < AW_COUNT(threads); i++) {
		linking_usual(&l[i], people);
		l[i].batch.threads = threads[i];
		l[i].batch.memory_bytes = i == 0 ? 0 : 1; /* the others' pairs go to a file */
		l[i].spec.review_ppm = 0;		  /* every pair that is compared */
		assert_ok(linking_run(&l[i], &err));
		assert_true(l[i].report.pairs == l[i].report.compared.met);
		assert_true(l[i].report.pairs > PEOPLE / 2);
		assert_string_equal(aw_buf_z(&l[i].pairs), aw_buf_z(&l[0].pairs));
		assert_string_equal(aw_buf_z(&l[i].clusters), aw_buf_z(&l[0].clusters));
		assert_string_equal(l[i].report.model, l[0].report.model);
	}
	for (size_t i = 0; i < AW_COUNT(threads); i++)
		aw_arena_done(&l[i].arena);
	aw_arena_done(&arena);
}

/* Pairs come by falling probability, so those that reach 0.9 are where the list of all pairs begins. */
static void
no_pair_is_let_go_that_would_have_reached_the_least_weight(void **state)
{
	struct linking all, likely;
	struct aw_error err = { 0 };
	struct aw_arena arena = { 0 };
	const char *people;

	(void)state;
	people = linking_people(&arena, 12, PEOPLE);
	linking_usual(&all, people);
	linking_block(&all, "city");
	all.spec.review_ppm = 0;
	assert_ok(linking_run(&all, &err));
	linking_usual(&likely, people);
	linking_block(&likely, "city");
	likely.spec.review_ppm = likely.spec.threshold_ppm = 900000;
	assert_ok(linking_run(&likely, &err));
	assert_true(likely.report.pairs > PEOPLE / 3 && likely.report.pairs < all.report.pairs / 4);
	assert_true(likely.report.compared.met == all.report.compared.met);
	assert_memory_equal(aw_buf_z(&likely.pairs), aw_buf_z(&all.pairs), likely.pairs.len);
	assert_true(strncmp(all.pairs.at + likely.pairs.len, "r", 1) == 0);
	assert_null(strstr(all.pairs.at + likely.pairs.len, ",0.9"));
	aw_arena_done(&all.arena);
	aw_arena_done(&likely.arena);
	aw_arena_done(&arena);
}

/* The control of the test above: bytes that do depend on something are seen to differ. */
static void
another_seed_writes_other_weights(void **state)
{
	struct linking l;
	struct aw_error err = { 0 };
	struct aw_arena arena = { 0 };
	const char *first;

	(void)state;
	linking_usual(&l, linking_people(&arena, 6, PEOPLE));
	assert_ok(linking_run(&l, &err));
	first = aw_arena_strdup(&arena, l.report.model);
	l.batch.seed = 2;
	assert_ok(linking_run(&l, &err));
	assert_string_not_equal(first, l.report.model);
	aw_arena_done(&l.arena);
	aw_arena_done(&arena);
}

static void
pairs_are_sorted_and_each_stands_once(void **state)
{
	struct linking l;
	struct aw_error err = { 0 };
	struct aw_arena arena = { 0 };
	struct aw_str rest, last = { "", 0 };
	char last_p[16] = "1";

	(void)state;
	linking_usual(&l, linking_people(&arena, 7, PEOPLE));
	l.spec.review_ppm = 0;
	assert_ok(linking_run(&l, &err));
	rest = (struct aw_str){ l.pairs.at, l.pairs.len };
	(void)aw_str_cut(rest, '\n', &rest);
	while (rest.len > 0) {
		struct aw_str line = aw_str_cut(rest, '\n', &rest);
		const char *comma = memchr(line.at, ',', line.len);
		struct aw_str ids;
		char p[16] = "";

		comma = memchr(comma + 1, ',', line.len);
		ids = (struct aw_str){ line.at, (size_t)(comma - line.at) };
		memcpy(p, comma + 1, 8);
		assert_true(strcmp(p, last_p) <= 0);
		if (strcmp(p, last_p) == 0) {
			int order =
				memcmp(last.at, ids.at, last.len < ids.len ? last.len : ids.len);

			assert_true(order < 0 || (order == 0 && last.len < ids.len));
		}
		memcpy(last_p, p, sizeof(p));
		last = ids;
	}
	aw_arena_done(&l.arena);
	aw_arena_done(&arena);
}

static void
a_saved_model_gives_the_same_pairs_back(void **state)
{
	struct linking l;
	struct aw_error err = { 0 };
	struct aw_arena arena = { 0 };
	const char *first;

	(void)state;
	linking_usual(&l, linking_people(&arena, 8, 500));
	assert_ok(linking_run(&l, &err));
	first = aw_arena_strdup(&arena, aw_buf_z(&l.pairs));
	l.batch.model = aw_str(aw_arena_strdup(&arena, l.report.model));
	l.batch.model_file = "model.json";
	l.batch.seed = 99;
	assert_ok(linking_run(&l, &err));
	assert_false(l.report.was_trained);
	assert_true(strlen(first) > 1000);
	assert_string_equal(aw_buf_z(&l.pairs), first);
	l.batch.model = aw_str("{\"prior\": 0.5, \"fields\": {}}");
	assert_fails(linking_run(&l, &err), AW_INVALID, "the spec has 5 fields, the model 0");
	aw_arena_done(&l.arena);
	aw_arena_done(&arena);
}

static void
two_tables_are_linked_across(void **state)
{
	struct linking l;
	struct aw_error err = { 0 };
	struct aw_arena arena = { 0 };
	struct aw_buf left = { .arena = &arena }, right = { .arena = &arena };
	struct aw_str rest, header;

	(void)state;
	rest = aw_str(linking_people(&arena, 9, 1000));
	header = aw_str_cut(rest, '\n', &rest);
	aw_buf_printf(&left, "%.*s\n", (int)header.len, header.at);
	aw_buf_printf(&right, "%.*s\n", (int)header.len, header.at);
	while (rest.len > 0) {
		struct aw_str line = aw_str_cut(rest, '\n', &rest);

		aw_buf_printf(line.at[7] == 'x' ? &right : &left, "%.*s\n", (int)line.len, line.at);
	}
	linking_usual(&l, aw_buf_z(&left));
	l.spec.mode = AW_MODE_LINK;
	l.batch.right = (struct aw_input){ aw_str(aw_buf_z(&right)), "right.csv" };
	assert_ok(linking_run(&l, &err));
	assert_int_equal(l.report.right_rows, 500);
	assert_true(l.report.links > 480 && l.report.links <= 502);
	assert_non_null(strstr(aw_buf_z(&l.clusters), "id,cluster,table\n"));
	l.spec.mode = AW_MODE_DEDUPE;
	assert_fails(linking_run(&l, &err), AW_INVALID, "there are two tables");
	aw_arena_done(&l.arena);
	aw_arena_done(&arena);
}

/* Probability of a pair, in millionths; -1 when it was not written. */
static int
written(const struct linking *l, const char *pair)
{
	const char *at = strstr(l->pairs.at, pair);

	return at == NULL ? -1 : (int)lround(atof(at + strlen(pair) + 1) * 1e6);
}

/* One home, two names: what a home has in common makes no link, with or without the guard's control. */
static void
what_a_household_shares_links_nobody_where_the_spec_says_so(void **state)
{
	static const char table[] = "id,given,birth,home\na1,anna,1980,x\na2,anna,1980,x\n"
				    "b,berta,1980,x\nc,anna,,x\nd,anna,1950,x\n";
	static const char model[] = "{\"prior\": 0.01, \"fields\": {"
				    "\"given\": {\"exact\": {\"m\": 0.9, \"u\": 0.001}, "
				    "\"differs\": {\"m\": 0.1, \"u\": 0.999}}, "
				    "\"birth\": {\"exact\": {\"m\": 0.9, \"u\": 0.1}, "
				    "\"differs\": {\"m\": 0.1, \"u\": 0.9}}, "
				    "\"home\": {\"exact\": {\"m\": 0.99, \"u\": 0.000001}, "
				    "\"differs\": {\"m\": 0.01, \"u\": 0.999999}}}}";
	static const char *const exact[] = { "exact" };
	struct linking l;
	struct aw_error err = { 0 };

	(void)state;
	linking_begin(&l, table);
	linking_field(&l, "given", AW_TYPE_TEXT);
	linking_field(&l, "birth", AW_TYPE_TEXT);
	linking_field(&l, "home", AW_TYPE_TEXT);
	for (size_t f = 0; f < 3; f++) {
		l.spec.fields[f].levels = exact;
		l.spec.fields[f].level_count = 1;
	}
	linking_block(&l, "home");
	l.batch.model = aw_str(model);
	assert_ok(linking_run(&l, &err)); /* the control: all of them are one */
	assert_int_equal(l.report.pairs, 10);
	assert_int_equal(l.report.links, 10);
	assert_int_equal(l.report.held_back, 0);
	l.spec.own_count = 1;
	l.spec.owns[0].levels[0] = "exact";
	l.spec.owns[0].levels[1] = "exact or missing";
	assert_ok(linking_run(&l, &err));
	assert_int_equal(l.report.pairs, 10);
	assert_int_equal(l.report.links, 4);
	assert_int_equal(l.report.held_back, 6);
	assert_true(written(&l, "a1,a2") > 990000);
	assert_true(written(&l, "a1,c") > 990000);
	assert_true(written(&l, "c,d") > 990000); /* the birth is missing: nothing against it */
	assert_int_equal(written(&l, "a1,b"), AW_BATCH_EITHER_PPM);
	assert_int_equal(written(&l, "a1,d"), AW_BATCH_EITHER_PPM);
	l.spec.review_ppm = 600000;
	assert_ok(linking_run(&l, &err));
	assert_int_equal(l.report.pairs, 4);
	l.spec.owns[0].levels[0] = "differs";
	assert_fails(linking_run(&l, &err), AW_INVALID, "no level \"differs\" before its last one");
	l.spec.owns[0].levels[0] = l.spec.owns[0].levels[1] = NULL;
	assert_fails(linking_run(&l, &err), AW_INVALID, "names no field");
	aw_arena_done(&l.arena);
}

static void
bad_tables_get_an_error_with_their_line(void **state)
{
	static const struct {
		const char *text, *words;
	} bad[] = {
		{ "", "is empty" },
		{ "\n\n", "is empty" },
		{ "id,given,surname,birth,code\n1,a,b,,\n", "no column \"city\"" },
		{ "id,given,surname,birth,code,city,city\n1,a,b,,,\n", "\"city\" twice" },
		{ "id,given,surname,birth,code,city\n", "no rows" },
		{ "id,given,surname,birth,code,city\n1,a,b,,,\n1,c,d,,,\n", "record 1" },
		{ "id,given,surname,birth,code,city\n1,a,b,,,\n ,c,d,,,\n", "has no id" },
		{ "id,given,surname,birth,code,city\n1,\"a,b,,,\n", "never closed" },
	};
	struct linking l;

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		struct aw_error err = { 0 };

		linking_usual(&l, bad[i].text);
		l.batch.threads = 2;
		assert_fails(linking_run(&l, &err), AW_INVALID, bad[i].words);
		assert_string_equal(err.file, "left.csv");
		assert_int_equal(l.pairs.len, 0);
		aw_arena_done(&l.arena);
	}
}

static void
odd_rows_are_kept_and_counted(void **state)
{
	struct linking l;
	struct aw_error err = { 0 };
	struct aw_buf text = { .arena = NULL };
	struct aw_arena arena = { 0 };

	(void)state;
	text.arena = &arena;
	aw_buf_text(&text, "id,given,surname,birth,code,city\nshort,ann\n"
			   "long,ann,lee,1990-01-02,77,x,y,z\n\"a,b\",ann,lee,1990-01-02,77,\n");
	aw_buf_add(&text, "nul,an\0n,lee,1990-01-02,77,\n", 28);
	aw_buf_text(&text, "private,\xEE\x80\x80\xEE\x80\x81,lee,1990-01-02,77,\nwide,");
	for (int i = 0; i < 200; i++)
		aw_buf_text(&text, "王");
	aw_buf_text(&text, ",lee,1990-01-02,77,\nhuge,");
	for (int i = 0; i < 30000; i++)
		aw_buf_text(&text, "ab");
	aw_buf_text(&text, ",lee,not a date,77,\n");
	linking_usual(&l, "");
	l.batch.left.text = (struct aw_str){ text.at, text.len };
	l.spec.review_ppm = 0;
	l.batch.threads = 3;
	assert_ok(linking_run(&l, &err));
	assert_int_equal(l.report.left_rows, 7);
	assert_int_equal(l.report.uneven_rows, 2);
	assert_int_equal(l.report.uneven_line, 2);
	assert_int_equal(l.report.compared.met, 15); /* all but `short` share the code */
	assert_non_null(strstr(aw_buf_z(&l.pairs), "\"a,b\""));
	aw_arena_done(&l.arena);
	aw_arena_done(&arena);
}

static void
a_block_of_65000_is_named_split_and_still_searched(void **state)
{
	struct linking l;
	struct aw_error err = { 0 };
	struct aw_arena arena = { 0 };
	struct aw_buf text = { .arena = &arena };
	struct aw_random random;
	enum { ROWS = 65000 };
	static const char level[] =
		"{\"exact\": {\"m\": 0.9, \"u\": 0.001}, \"osa<=1\": {\"m\": 0.05, "
		"\"u\": 0.001}, \"osa<=2\": {\"m\": 0.03, \"u\": 0.01}, "
		"\"differs\": {\"m\": 0.02, \"u\": 0.988}}";
	const char *model;

	(void)state;
	model = aw_arena_printf(&arena,
		"{\"prior\": 0.0001, \"fields\": {\"given\": %s, \"surname\": %s}}", level, level);
	aw_random_seed(&random, 11);
	aw_buf_text(&text, "id,given,surname,birth,code,city\n");
	for (int i = 0; i < ROWS; i++) {
		char surname[24], given[24];

		linking_word(&random, surname, 4, 4000);
		linking_word(&random, given, 3, 4000);
		aw_buf_printf(&text, "r%05d,%s,%s,,%05d,same\n", i, given, surname, i);
	}
	aw_buf_text(&text, "twin1,unheard,of,,99998,same\ntwin2,unheard,of,,99999,same\n");
	linking_begin(&l, aw_buf_z(&text));
	linking_field(&l, "given", AW_TYPE_CODE);
	linking_field(&l, "surname", AW_TYPE_CODE);
	linking_block(&l, "city");
	l.batch.threads = 2;
	l.batch.model = aw_str(model);
	l.batch.write_clusters = NULL;
	assert_ok(linking_run(&l, &err));
	assert_int_equal(l.report.oversized_all, 1);
	assert_int_equal(l.report.oversized[0].size.rows, ROWS + 2);
	assert_string_equal(l.report.oversized[0].key, "city=same");
	assert_true(l.report.oversized[0].size.largest <= l.spec.block_limit);
	assert_true(l.report.compared.windows > ROWS);
	assert_true(l.report.compared.met + l.report.compared.windows < (uint64_t)ROWS * 300);
	assert_non_null(strstr(aw_buf_z(&l.pairs), "twin1,twin2,"));
	aw_arena_done(&l.arena);
	aw_arena_done(&arena);
}

static void
columns_without_a_value_are_named_and_weigh_nothing(void **state)
{
	struct linking l;
	struct aw_error err = { 0 };

	(void)state;
	linking_usual(&l, "id,given,surname,birth,code,city\n1,,,,77,\n2,,,,77,\n");
	l.spec.review_ppm = 0;
	assert_ok(linking_run(&l, &err));
	assert_int_equal(l.report.empty_count, 4);
	assert_string_equal(l.report.empty_columns[0], "given");
	assert_int_equal(l.report.pairs, 1);
	assert_non_null(strstr(aw_buf_z(&l.pairs), "given=missing|surname=missing"));
	aw_arena_done(&l.arena);
}

static void
a_spec_that_makes_no_sense_is_refused(void **state)
{
	struct linking l;
	struct aw_error err = { 0 };
	const char *const levels[] = { "exact", "jaro_winkler>=1.5" };

	(void)state;
	linking_usual(&l, "id,given,surname,birth,code,city\n1,a,b,,,\n");
	l.spec.fields[0].levels = levels;
	l.spec.fields[0].level_count = 2;
	assert_fails(linking_run(&l, &err), AW_INVALID, "no level \"jaro_winkler>=1.5\"");
	l.spec.fields[0].level_count = 1;
	l.spec.fields[1].column = "given";
	assert_fails(linking_run(&l, &err), AW_INVALID, "stands twice");
	l.spec.field_count = 0;
	assert_fails(linking_run(&l, &err), AW_INVALID, "no field");
	l.spec.field_count = 1;
	l.spec.block_count = 0;
	assert_fails(linking_run(&l, &err), AW_INVALID, "no block");
	aw_arena_done(&l.arena);
}

AW_TESTS(cmocka_unit_test(copies_with_slips_are_found_and_strangers_are_not),
	cmocka_unit_test(one_thread_and_five_write_the_same_bytes),
	cmocka_unit_test(no_pair_is_let_go_that_would_have_reached_the_least_weight),
	cmocka_unit_test(another_seed_writes_other_weights),
	cmocka_unit_test(pairs_are_sorted_and_each_stands_once),
	cmocka_unit_test(a_saved_model_gives_the_same_pairs_back),
	cmocka_unit_test(two_tables_are_linked_across),
	cmocka_unit_test(what_a_household_shares_links_nobody_where_the_spec_says_so),
	cmocka_unit_test(bad_tables_get_an_error_with_their_line),
	cmocka_unit_test(odd_rows_are_kept_and_counted),
	cmocka_unit_test(a_block_of_65000_is_named_split_and_still_searched),
	cmocka_unit_test(columns_without_a_value_are_named_and_weigh_nothing),
	cmocka_unit_test(a_spec_that_makes_no_sense_is_refused))
