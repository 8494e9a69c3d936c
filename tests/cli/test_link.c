/* tests/cli/test_link - the spec of `anwang link` read, each mistake with its line. */
#include "cli/link_spec.h"

#include "../testing.h"

static const char good[] = "id: rec_id\n"
			   "fields:\n"
			   "  - {column: given_name, type: latin_name}\n"
			   "  - {column: birth, type: date}\n"
			   "blocks:\n"
			   "  - [birth]\n"
			   "  - [first3(given_name), year(birth)]\n"
			   "levels: {birth: [exact, swapped]}\n"
			   "term_frequency: [given_name]\n"
			   "own: [{given_name: swapped, birth: exact or missing}, {birth: exact}]\n"
			   "conflicts: [birth]\n"
			   "model: model.json\n"
			   "threshold: 0.95\n"
			   "block_limit: 50\n";

static enum aw_status
read_spec(struct aw_arena *arena, const char *text, bool two, struct aw_link_spec *ret_spec,
	struct aw_error *err)
{
	struct aw_link_paths paths;

	return aw_link_spec_read(
		arena, "specs/spec.yaml", aw_str(text), two, ret_spec, &paths, err);
}

static void
a_spec_is_read_whole(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_link_spec spec;
	struct aw_link_paths paths;
	struct aw_error err = { 0 };

	(void)state;
	assert_ok(aw_link_spec_read(
		&arena, "specs/spec.yaml", aw_str(good), false, &spec, &paths, &err));
	assert_string_equal(spec.id, "rec_id");
	assert_int_equal(spec.field_count, 2);
	assert_int_equal(spec.fields[1].type, AW_TYPE_DATE);
	assert_int_equal(spec.fields[1].level_count, 2);
	assert_true(spec.fields[0].term_frequency && !spec.fields[1].term_frequency);
	assert_int_equal(spec.block_count, 2);
	assert_int_equal(spec.blocks[1].parts[0].kind, AW_PART_FIRST);
	assert_int_equal(spec.blocks[1].parts[0].count, 3);
	assert_int_equal(spec.blocks[1].parts[1].kind, AW_PART_YEAR);
	assert_int_equal(spec.conflicts, 2);
	assert_int_equal(spec.own_count, 2);
	assert_string_equal(spec.owns[0].levels[0], "swapped");
	assert_string_equal(spec.owns[0].levels[1], "exact or missing");
	assert_null(spec.owns[1].levels[0]);
	assert_int_equal(spec.threshold_ppm, 950000);
	assert_int_equal(spec.review_ppm, 200000);
	assert_int_equal(spec.block_limit, 50);
	assert_int_equal(spec.mode, AW_MODE_DEDUPE);
	assert_string_equal(paths.model, "specs/model.json");
	assert_null(paths.decisions);
	assert_ok(read_spec(&arena, good, true, &spec, &err));
	assert_int_equal(spec.mode, AW_MODE_LINK);
	aw_arena_done(&arena);
}

static void
mistakes_are_named_with_their_line(void **state)
{
	static const struct {
		const char *text, *words;
		uint32_t line;
	} bad[] = {
		{ "fields: [{column: a, type: text}]\nblocks: [[a]]\n", "id", 1 },
		{ "id: i\nfields:\n  - {column: a, type: txet}\nblocks: [[a]]\n", "must be one of",
			3 },
		{ "id: i\nfields:\n  - {column: a, type: text}\n  - {column: a, type: "
		  "text}\nblocks: [[a]]\n",
			"stands twice", 4 },
		{ "id: i\nfields: [{column: a, type: text}]\nblocks:\n  - [frist3(a)]\n",
			"no part of a key", 4 },
		{ "id: i\nfields: [{column: a, type: text}]\nblocks: [[a]]\nlevels: {b: [exact]}\n",
			"b", 4 },
		{ "id: i\nfields: [{column: a, type: text}]\nblocks: [[a]]\nthreshold: 7\n",
			"from 0 to 1", 0 },
		{ "id: i\nfields: [{column: a, type: text}]\nblocks: [[a]]\ntreshold: 0.7\n",
			"treshold", 4 },
		{ "id: i\nfields: [{column: a, type: text}]\nblocks: [[a]]\nterm_frequency: [c]\n",
			"no field", 0 },
		{ "id: i\nfields: [{column: a, type: text}]\nblocks: [[a]]\nown: [{b: exact}]\n",
			"b", 4 },
	};
	struct aw_arena arena = { 0 };
	struct aw_link_spec spec;

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		struct aw_error err = { 0 };

		assert_fails(read_spec(&arena, bad[i].text, false, &spec, &err), AW_INVALID,
			bad[i].words);
		assert_string_equal(err.file, "specs/spec.yaml");
		if (bad[i].line != 0)
			assert_int_equal(err.line, bad[i].line);
	}
	aw_arena_done(&arena);
}

static void
decisions_are_read_and_bad_verdicts_refused(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_link_spec spec = { 0 };
	struct aw_error err = { 0 };

	(void)state;
	assert_ok(aw_link_decisions_read(&arena, "d.csv",
		aw_str("left,right,verdict\na,b,same\n\"c,d\",e,not_same\n"), &spec, &err));
	assert_int_equal(spec.decision_count, 2);
	assert_true(spec.decisions[0].same && !spec.decisions[1].same);
	assert_true(aw_str_is(spec.decisions[1].left, "c,d"));
	assert_fails(aw_link_decisions_read(&arena, "d.csv",
			     aw_str("left,right,verdict\na,b,perhaps\n"), &spec, &err),
		AW_INVALID, "same or not_same");
	assert_int_equal(err.line, 2);
	assert_fails(aw_link_decisions_read(&arena, "d.csv", aw_str("a,b\n"), &spec, &err),
		AW_INVALID, "left,right,verdict");
	aw_arena_done(&arena);
}

AW_TESTS(cmocka_unit_test(a_spec_is_read_whole),
	cmocka_unit_test(mistakes_are_named_with_their_line),
	cmocka_unit_test(decisions_are_read_and_bad_verdicts_refused))
