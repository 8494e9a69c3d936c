/* Decision tables go out as sheets and come back: the same, edited, and with mistakes that are all told. */
#include "policy/sheet.h"

#include <stdlib.h>

#include "../folder.h"
#include "../testing.h"
#include "policy/place.h"
#include "policy/policy.h"

#define TODAY 18967 /* 110-12-06 */

struct city {
	struct aw_arena arena;
	struct aw_policy *policy;
	const struct aw_dmn_model *model;
	struct aw_str text;
};

static void
city_open(struct city *city, const char *name)
{
	struct aw_error err = { 0 };

	*city = (struct city){ 0 };
	assert_ok(aw_policy_load_dir(policy_dir(&city->arena, name), NULL, &city->policy, &err));
	city->model = aw_policy_triage(city->policy, TODAY)->model;
	city->text = aw_policy_triage(city->policy, TODAY)->text;
}

static void
city_close(struct city *city)
{
	aw_policy_free(city->policy);
	aw_arena_done(&city->arena);
}

static const struct aw_dmn_model *
model_of(struct aw_arena *arena, struct aw_str text)
{
	const struct aw_dmn_options options = { .file = "t.dmn", .lint = true };
	const struct aw_dmn_model *model;
	struct aw_error err = { 0 };

	assert_ok(aw_dmn_load(arena, text, &options, &model, &err));
	return model;
}

static struct aw_grid
sheet_of(struct aw_arena *arena, const struct aw_dmn_model *model, struct aw_str text,
	const char *decision)
{
	struct aw_grid grid = { .arena = arena };
	struct aw_error err = { 0 };

	assert_ok(aw_sheet_put(model, text, decision, NULL, &grid, &err));
	return grid;
}

static struct aw_sheet_applied
applied(const struct aw_dmn_model *model, struct aw_str text, const struct aw_grid *grid)
{
	struct aw_sheet_mistakes mistakes = { 0 };
	struct aw_sheet_applied applied;
	struct aw_error err = { 0 };

	if (aw_sheet_apply(model, text, grid, &mistakes, &applied, &err) != AW_OK)
		fail_msg("%s; first: row %zu, column %zu: %s", err.text,
			mistakes.count > 0 ? mistakes.at[0].row : 0,
			mistakes.count > 0 ? mistakes.at[0].column : 0,
			mistakes.count > 0 ? aw_sheet_mistake_text(grid->arena, &mistakes.at[0])
					   : "");
	return applied;
}

static bool
is_table(const struct aw_dmn_item *item)
{
	return item->kind == AW_DMN_DECISION && aw_model_table(item) != NULL;
}

/* Out as CSV or as ODS, in again. */
static struct aw_grid
travelled(const struct aw_grid *grid, bool ods)
{
	struct aw_grid back = { .arena = grid->arena };
	struct aw_buf csv = { .arena = grid->arena };
	struct aw_bytes bytes = { 0 };
	struct aw_error err = { 0 };

	if (ods)
		assert_ok(aw_grid_ods(grid, "t", AW_SHEET_HEADS, &bytes, &err));
	else
		aw_grid_csv(grid, &csv);
	assert_ok(aw_grid_read(ods ? (struct aw_str){ (const char *)bytes.at, bytes.len }
				   : (struct aw_str){ csv.at, csv.len },
		"t", &back, &err));
	return back;
}

static void
every_table_of_every_city_comes_back_the_same(void **state)
{
	static const char *const cities[] = { "keelung", "kaohsiung", "new-taipei" };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(cities); i++) {
		struct city city;
		size_t tables = 0;

		city_open(&city, cities[i]);
		for (size_t k = 0; k < city.model->item_count; k++) {
			const struct aw_dmn_item *item = city.model->items[k];

			for (int ods = 0; ods < 2 && is_table(item); ods++) {
				struct aw_grid out =
					sheet_of(&city.arena, city.model, city.text, item->id);
				struct aw_grid back = travelled(&out, ods == 1);
				struct aw_sheet_applied is = applied(city.model, city.text, &back);

				assert_ptr_equal(is.item, item);
				assert_false(is.stale);
				assert_int_equal(is.change_count, 0);
				assert_ptr_equal(is.model.at, city.text.at);
				tables++;
			}
		}
		assert_true(tables >= 8);
		city_close(&city);
	}
}

/* -- a small table ------------------------------------------------------------------------------- */

static const char small[] =
	"<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"m\" name=\"m\" "
	"namespace=\"urn:m\">\n"
	"  <inputData id=\"in_score\" name=\"score\"><variable id=\"v1\" name=\"score\" "
	"typeRef=\"number\"/></inputData>\n"
	"  <inputData id=\"in_kind\" name=\"kind\"><variable id=\"v2\" name=\"kind\" "
	"typeRef=\"string\"/></inputData>\n"
	"  <decision id=\"level\" name=\"level\" label=\"Level\">\n"
	"    <variable id=\"v3\" name=\"level\" typeRef=\"string\"/>\n"
	"    <informationRequirement id=\"r1\"><requiredInput href=\"#in_score\"/>"
	"</informationRequirement>\n"
	"    <informationRequirement id=\"r2\"><requiredInput href=\"#in_kind\"/>"
	"</informationRequirement>\n"
	"    <decisionTable id=\"level_t\" hitPolicy=\"FIRST\">\n"
	"      <input id=\"i1\" label=\"Score\"><inputExpression id=\"e1\" typeRef=\"number\">"
	"<text>score</text></inputExpression></input>\n"
	"      <input id=\"i2\" label=\"Kind\"><inputExpression id=\"e2\" typeRef=\"string\">"
	"<text>kind</text></inputExpression></input>\n"
	"      <output id=\"o1\" typeRef=\"string\"/>\n"
	"      <annotation name=\"source\"/>\n"
	"      <!-- the first -->\n"
	"      <rule id=\"level_1\">\n"
	"        <inputEntry id=\"level_1_i1\"><text>&gt;= 8</text></inputEntry>\n"
	"        <inputEntry id=\"level_1_i2\"><text>\"a\"</text></inputEntry>\n"
	"        <outputEntry id=\"level_1_o1\"><text>\"high\"</text></outputEntry>\n"
	"        <annotationEntry><text>law</text></annotationEntry>\n"
	"      </rule>\n"
	"      <!-- the second -->\n"
	"      <rule id=\"level_2\">\n"
	"        <inputEntry id=\"level_2_i1\"><text>-</text></inputEntry>\n"
	"        <inputEntry id=\"level_2_i2\"><text>-</text></inputEntry>\n"
	"        <outputEntry id=\"level_2_o1\"><text>\"low\"</text></outputEntry>\n"
	"      </rule>\n"
	"    </decisionTable>\n"
	"  </decision>\n"
	"</definitions>\n";

enum { FIRST = AW_SHEET_HEADS, SECOND, SCORE = 2, KIND, LEVEL, SOURCE };

struct small {
	struct aw_arena arena;
	const struct aw_dmn_model *model;
	struct aw_grid grid;
};

static int
open_small(void **state)
{
	struct small *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->model = model_of(&s->arena, AW_STR_LIT(small));
	s->grid = sheet_of(&s->arena, s->model, AW_STR_LIT(small), "level");
	*state = s;
	return 0;
}

static int
close_small(void **state)
{
	struct small *s = *state;

	aw_arena_done(&s->arena);
	free(s);
	return 0;
}

static void
set(struct aw_grid *grid, size_t row, size_t column, const char *text)
{
	grid->rows[row].cells[column] = text;
}

static void
add_row(struct aw_grid *grid, const char *const *cells, size_t count)
{
	aw_grid_row(grid);
	for (size_t i = 0; i < count; i++)
		aw_grid_put(grid, aw_str(cells[i]));
}

static const struct aw_table *
small_table(struct small *s, const struct aw_sheet_applied *is)
{
	return aw_model_table(
		aw_dmn_find(model_of(&s->arena, is->model), AW_DMN_DECISION, "level"));
}

static void
edits_are_taken_over_and_told_rule_by_rule(void **state)
{
	struct small *s = *state;
	struct aw_sheet_applied is;
	const struct aw_table *table;
	struct aw_grid_row row;

	set(&s->grid, FIRST, SCORE, ">= 9");
	set(&s->grid, SECOND, SOURCE, "  a <note> & \"more\" ");
	add_row(&s->grid, (const char *const[]){ "", "", "5", "", "\"middle\"", "" }, 6);
	/* copied: the second of an id is new */
	add_row(&s->grid, (const char *const[]){ "level_1", "1", "[6..7]", "\"a\"", "\"high\"" },
		5);
	row = s->grid.rows[SECOND]; /* ... and another order */
	s->grid.rows[SECOND] = s->grid.rows[SECOND + 1];
	s->grid.rows[SECOND + 1] = row;
	is = applied(s->model, AW_STR_LIT(small), &s->grid);
	assert_int_equal(is.change_count, 4);
	assert_int_equal(is.changes[0].what, AW_SHEET_CHANGED);
	assert_string_equal(is.changes[0].column, "Score");
	assert_string_equal(is.changes[0].was, ">= 8");
	assert_string_equal(is.changes[0].is, ">= 9");
	assert_int_equal(is.changes[0].row, FIRST + 1);
	assert_int_equal(is.changes[1].what, AW_SHEET_ADDED);
	assert_int_equal(is.changes[2].what, AW_SHEET_CHANGED);
	assert_int_equal(is.changes[3].what, AW_SHEET_ADDED);
	table = small_table(s, &is);
	assert_int_equal(table->rule_count, 4);
	assert_string_equal(table->rules[0].id, "level_1");
	assert_string_equal(table->rules[1].id, "level_3");
	assert_true(aw_str_is(table->rules[1].tests[1].text, "-"));
	assert_string_equal(table->rules[2].id, "level_2");
	assert_string_equal(table->rules[2].notes[0], "a <note> & \"more\"");
	assert_string_equal(table->rules[3].id, "level_4");
	/* what stands before a rule goes with it */
	assert_true(strstr(is.model.at, "the second") < strstr(is.model.at, "\"level_2\""));
	assert_true(strstr(is.model.at, "the second") > strstr(is.model.at, "\"level_3\""));
}

static void
a_rule_that_is_gone_and_another_order_are_told(void **state)
{
	struct small *s = *state;
	struct aw_grid_row row = s->grid.rows[FIRST];
	struct aw_sheet_applied is;

	s->grid.rows[FIRST] = s->grid.rows[SECOND];
	s->grid.rows[SECOND] = row;
	is = applied(s->model, AW_STR_LIT(small), &s->grid);
	assert_int_equal(is.change_count, 1);
	assert_int_equal(is.changes[0].what, AW_SHEET_MOVED);
	assert_string_equal(small_table(s, &is)->rules[0].id, "level_2");
	s->grid.count--;
	is = applied(s->model, AW_STR_LIT(small), &s->grid);
	assert_int_equal(is.change_count, 1);
	assert_int_equal(is.changes[0].what, AW_SHEET_REMOVED);
	assert_string_equal(is.changes[0].rule, "level_1");
	assert_int_equal(small_table(s, &is)->rule_count, 1);
	assert_null(memmem(is.model.at, is.model.len, "the first", 9));
}

/* Typographic quotes, truths that a spreadsheet took for its own, columns in another order. */
static void
what_a_spreadsheet_does_to_cells_is_undone(void **state)
{
	struct small *s = *state;
	struct aw_sheet_applied is;

	for (size_t r = 0; r < s->grid.count; r++) {
		const char *cell = s->grid.rows[r].cells[SCORE];

		if (r == AW_SHEET_TABLE || r == AW_SHEET_HIT)
			continue;
		s->grid.rows[r].cells[SCORE] = s->grid.rows[r].cells[KIND];
		s->grid.rows[r].cells[KIND] = cell;
	}
	assert_int_equal(applied(s->model, AW_STR_LIT(small), &s->grid).change_count, 0);
	set(&s->grid, FIRST, SCORE, "\u201ca\u201d, \u201cb \\\" \u201cc\u201d");
	is = applied(s->model, AW_STR_LIT(small), &s->grid);
	assert_int_equal(is.change_count, 1);
	assert_string_equal(is.changes[0].column, "Kind");
	assert_string_equal(is.changes[0].is, "\"a\", \"b \\\" \u201cc\"");
	set(&s->grid, FIRST, SCORE, "\"a\"");
	set(&s->grid, FIRST, LEVEL, "TRUE");
	is = applied(s->model, AW_STR_LIT(small), &s->grid);
	assert_string_equal(is.changes[0].is, "true");
}

static void
wrong_at(const struct aw_sheet_mistakes *mistakes, const char *code, size_t row, size_t column)
{
	for (size_t i = 0; i < mistakes->count; i++)
		if (strcmp(mistakes->at[i].code, code) == 0 && mistakes->at[i].row == row &&
			mistakes->at[i].column == column)
			return;
	fail_msg("%s is not told at row %zu, column %zu", code, row, column);
}

static void
every_mistake_is_told_at_once_with_its_row_and_column(void **state)
{
	struct small *s = *state;
	struct aw_sheet_mistakes mistakes = { 0 }, heads = { 0 };
	struct aw_sheet_applied is = { .change_count = 77 };
	struct aw_error err = { 0 };

	set(&s->grid, FIRST, SCORE, ">= (");
	set(&s->grid, SECOND, SCORE, "> unknown");
	add_row(&s->grid, (const char *const[]){ "", "", "\"a\" 7", "-", "high" }, 5);
	assert_fails(aw_sheet_apply(s->model, AW_STR_LIT(small), &s->grid, &mistakes, &is, &err),
		AW_INVALID, "4 mistakes");
	wrong_at(&mistakes, "cell", FIRST + 1, SCORE + 1);
	wrong_at(&mistakes, "cell", SECOND + 1, SCORE + 1);
	wrong_at(&mistakes, "cell", SECOND + 2, SCORE + 1);
	wrong_at(&mistakes, "cell", SECOND + 2, LEVEL + 1);
	assert_int_equal(is.change_count, 77);
	set(&s->grid, SECOND, LEVEL, " ");
	set(&s->grid, AW_SHEET_HIT, SCORE, "UNIQUE");
	set(&s->grid, AW_SHEET_TYPE, SCORE, "string");
	aw_grid_put(&s->grid, (struct aw_str){ 0 });
	aw_grid_put(&s->grid, (struct aw_str){ 0 });
	aw_grid_put(&s->grid, AW_STR_LIT("in no column"));
	aw_error_clear(&err);
	assert_fails(aw_sheet_apply(s->model, AW_STR_LIT(small), &s->grid, &heads, &is, &err),
		AW_INVALID, "4 mistakes");
	wrong_at(&heads, "output_empty", SECOND + 1, LEVEL + 1);
	wrong_at(&heads, "head_changed", AW_SHEET_HIT + 1, SCORE + 1);
	wrong_at(&heads, "head_changed", AW_SHEET_TYPE + 1, SCORE + 1);
	wrong_at(&heads, "column_unknown", AW_SHEET_EXPRESSION + 1, 8);
}

static void
a_sheet_that_is_none_of_the_models_is_told(void **state)
{
	struct small *s = *state;
	struct aw_sheet_mistakes none = { 0 }, other = { 0 }, column = { 0 }, empty = { 0 };
	struct aw_grid bare = { .arena = &s->arena };
	struct aw_sheet_applied is;
	struct aw_error err = { 0 };

	assert_fails(aw_sheet_apply(s->model, AW_STR_LIT(small), &bare, &none, &is, &err),
		AW_INVALID, "8 mistakes");
	wrong_at(&none, "head_missing", 0, 0);
	aw_error_clear(&err);
	set(&s->grid, AW_SHEET_EXPRESSION, KIND, "age");
	assert_fails(aw_sheet_apply(s->model, AW_STR_LIT(small), &s->grid, &column, &is, &err),
		AW_INVALID, "2 mistakes");
	wrong_at(&column, "column_missing", AW_SHEET_EXPRESSION + 1, 0);
	wrong_at(&column, "column_unknown", AW_SHEET_EXPRESSION + 1, KIND + 1);
	aw_error_clear(&err);
	set(&s->grid, AW_SHEET_EXPRESSION, KIND, "kind");
	s->grid.count = FIRST;
	assert_fails(aw_sheet_apply(s->model, AW_STR_LIT(small), &s->grid, &empty, &is, &err),
		AW_INVALID, "1 mistakes");
	wrong_at(&empty, "no_rule", 0, 0);
	aw_error_clear(&err);
	set(&s->grid, AW_SHEET_TABLE, SCORE, "in_kind");
	assert_fails(aw_sheet_apply(s->model, AW_STR_LIT(small), &s->grid, &other, &is, &err),
		AW_INVALID, "1 mistakes");
	wrong_at(&other, "no_table", 1, SCORE + 1);
}

/* A sheet from another state of the model says so; what was done meanwhile is among the differences. */
static void
a_sheet_of_an_older_state_is_known(void **state)
{
	struct small *s = *state;
	struct aw_grid older = sheet_of(&s->arena, s->model, AW_STR_LIT(small), "level");
	struct aw_sheet_applied is, back;
	const struct aw_dmn_model *now;

	set(&s->grid, FIRST, SCORE, ">= 9");
	is = applied(s->model, AW_STR_LIT(small), &s->grid);
	assert_false(is.stale);
	now = model_of(&s->arena, is.model);
	back = applied(now, is.model, &older);
	assert_true(back.stale);
	assert_int_equal(back.change_count, 1);
	assert_string_equal(back.changes[0].is, ">= 8");
}

/* -- any edits ----------------------------------------------------------------------------------- */

static void
edit(struct aw_grid *grid)
{
	size_t rules = grid->count - AW_SHEET_HEADS, a = AW_SHEET_HEADS + (size_t)rand() % rules,
	       b = AW_SHEET_HEADS + (size_t)rand() % rules;
	struct aw_grid_row row = grid->rows[a];

	switch (rand() % 4) {
	case 0: /* a cell becomes another's of its column */
		set(grid, a, SCORE + (size_t)rand() % (row.count - SCORE), "null");
		break;
	case 1:
		grid->rows[a] = grid->rows[b];
		grid->rows[b] = row;
		break;
	case 2:
		if (rules > 1) {
			memmove(&grid->rows[a], &grid->rows[a + 1],
				(grid->count - a - 1) * sizeof(row));
			grid->count--;
		}
		break;
	default: /* copied to the end, with its id or without */
		aw_grid_row(grid);
		for (size_t i = 0; i < row.count; i++)
			aw_grid_put(grid, aw_str(i == 0 && rand() % 2 ? "" : row.cells[i]));
		break;
	}
}

/* Edits of a table go to a spreadsheet and back: the rules are what was typed, and all stays so. */
static void
edit_any(const struct aw_dmn_model *model, struct aw_str text, const char *decision)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_grid grid = sheet_of(&arena, model, text, decision), back, now;
	const struct aw_dmn_model *edited;
	struct aw_sheet_applied is;

	for (int n = rand() % 5; n >= 0; n--)
		edit(&grid);
	back = travelled(&grid, rand() % 2 == 0);
	is = applied(model, text, &back);
	edited = model_of(&arena, is.model);
	now = sheet_of(&arena, edited, is.model, decision);
	assert_int_equal(now.count, grid.count);
	for (size_t r = AW_SHEET_HEADS; r < grid.count; r++)
		for (size_t c = SCORE; c < grid.rows[r].count; c++)
			assert_string_equal(aw_grid_at(&now, r, c), aw_grid_at(&grid, r, c));
	assert_int_equal(applied(edited, is.model, &now).change_count, 0);
}

static void
any_edit_comes_out_as_it_was_made(void **state)
{
	struct small *s = *state;
	struct city city;

	srand(1101206);
	for (size_t round = 0; round < 300; round++)
		edit_any(s->model, AW_STR_LIT(small), "level");
	city_open(&city, "keelung");
	for (size_t i = 0; i < city.model->item_count; i += 1 + (size_t)rand() % 4)
		if (is_table(city.model->items[i]))
			edit_any(city.model, city.text, city.model->items[i]->id);
	city_close(&city);
}

#define SMALL(name) cmocka_unit_test_setup_teardown(name, open_small, close_small)

AW_TESTS(cmocka_unit_test(every_table_of_every_city_comes_back_the_same),
	SMALL(edits_are_taken_over_and_told_rule_by_rule),
	SMALL(a_rule_that_is_gone_and_another_order_are_told),
	SMALL(what_a_spreadsheet_does_to_cells_is_undone),
	SMALL(every_mistake_is_told_at_once_with_its_row_and_column),
	SMALL(a_sheet_that_is_none_of_the_models_is_told),
	SMALL(a_sheet_of_an_older_state_is_known), SMALL(any_edit_comes_out_as_it_was_made))
