/* tests/link/test_match_block - bounds that let pairs go: against the levels, and on any machine. */
#include "linking.h"

#include "link/match_block.h"

enum { PEOPLE = 700, LEAST_MBITS = 4000 };

/* Pairs that were handed out, as marks of row x row. */
struct left {
	struct aw_bout bout;
	struct aw_ring ring;
	bool *pairs;
	size_t rows, count;
	uint64_t met;
};

static void
take(void *arg, size_t thread, uint32_t a, uint32_t b)
{
	struct left *left = arg;

	(void)thread;
	assert_true(a < b);
	assert_false(left->pairs[a * left->rows + b]); /* a pair is handed out once */
	left->pairs[a * left->rows + b] = true;
	left->count++;
}

static void
against(void *arg, size_t thread, size_t pass, const uint32_t *rows, size_t count)
{
	struct left *left = arg;

	(void)thread;
	left->met += aw_bout_block(&left->bout, &left->ring, pass, rows, count, count);
}

struct given {
	struct linking l;
	struct aw_table table;
	struct aw_blocks blocks;
	struct aw_matcher matcher;
	struct aw_fit fit;
};

/* Fields of every kind: by form, by text, with a sound, with rare values that count for more. */
static void
prepare(struct aw_arena *arena, struct given *g)
{
	static const char *const heard[] = { "exact", "sound", "jaro_winkler>=0.9" };
	struct aw_trained trained;
	struct aw_error err = { 0 };

	linking_usual(&g->l, linking_people(arena, 21, PEOPLE));
	g->l.spec.fields[0].levels = heard;
	g->l.spec.fields[0].level_count = AW_COUNT(heard);
	linking_block(&g->l, "city");
	assert_ok(aw_table_read(
		&g->l.spec, g->l.batch.left, (struct aw_input){ 0 }, 1, &g->table, &err));
	aw_blocks_make(&g->l.spec, &g->table, 1, &g->blocks);
	aw_table_keep_fields(&g->table);
	assert_ok(aw_matcher_make(&g->l.spec, &g->table, &g->matcher, &err));
	aw_train(&g->matcher, &g->blocks, 1, 1, &g->fit, &trained);
	aw_matcher_weigh(&g->matcher, &g->fit, LEAST_MBITS);
}

static void
meet(struct given *g, bool plain, struct left *ret)
{
	*ret = (struct left){ .rows = g->table.rows };
	ret->pairs = calloc(ret->rows * ret->rows, sizeof(bool));
	assert_non_null(ret->pairs);
	aw_bout_make(&g->matcher, g->blocks.passes, 1, &ret->bout);
	ret->bout.plain |= plain;
	ret->bout.fn = take;
	ret->bout.arg = ret;
	for (size_t p = 0; p < g->blocks.passes; p++)
		aw_blocks_each(&g->blocks, p, 1, &(struct aw_block_visit){ against, NULL, ret });
	aw_ring_done(&ret->ring);
	aw_bout_done(&ret->bout);
}

static int32_t
weight_of(const struct given *g, struct aw_memo *memo, size_t a, size_t b)
{
	uint8_t levels[AW_SPEC_FIELDS];

	aw_match_levels(
		&g->matcher, memo, aw_table_row(&g->table, a), aw_table_row(&g->table, b), levels);
	return aw_pattern_total(&g->matcher, aw_pattern(&g->matcher, levels), a, b);
}

static void
done(struct given *g, struct aw_arena *arena)
{
	aw_matcher_done(&g->matcher);
	aw_blocks_done(&g->blocks);
	aw_table_done(&g->table);
	aw_arena_done(&g->l.arena);
	aw_arena_done(arena);
}

static void
pairs_that_reach_the_least_weight_are_all_left_and_few_others(void **state)
{
	struct aw_arena arena = { 0 };
	struct given g;
	struct left left;
	struct aw_memo memo;
	uint64_t met = 0, enough = 0;

	(void)state;
	prepare(&arena, &g);
	meet(&g, false, &left);
	aw_memo_make(&g.matcher, &memo);
	for (size_t a = 0; a < g.table.rows; a++) {
		for (size_t b = a + 1; b < g.table.rows; b++) {
			if (!aw_blocks_met(aw_blocks_keys(&g.blocks, a),
				    aw_blocks_keys(&g.blocks, b), g.blocks.passes)) {
				assert_false(left.pairs[a * left.rows + b]);
				continue;
			}
			met++;
			if (weight_of(&g, &memo, a, b) < LEAST_MBITS)
				continue;
			enough++;
			assert_true(left.pairs[a * left.rows + b]);
		}
	}
	assert_true(left.met == met); /* every pair that meets, once */
	assert_true(enough > PEOPLE / 3);
	assert_true(left.count < met / 3);
	aw_memo_done(&memo);
	free(left.pairs);
	done(&g, &arena);
}

static void
any_machine_leaves_the_same_pairs(void **state)
{
	struct aw_arena arena = { 0 };
	struct given g;
	struct left one, other;

	(void)state;
	prepare(&arena, &g);
	meet(&g, false, &one);
	meet(&g, true, &other);
	assert_true(one.met == other.met && one.count == other.count && one.count > 0);
	assert_memory_equal(one.pairs, other.pairs, one.rows * one.rows * sizeof(bool));
	free(one.pairs);
	free(other.pairs);
	done(&g, &arena);
}

AW_TESTS(cmocka_unit_test(pairs_that_reach_the_least_weight_are_all_left_and_few_others),
	cmocka_unit_test(any_machine_leaves_the_same_pairs))
