/* rule/cover: gaps, overlaps and rules that never fire, against trying every combination */
#include "rule/cover.h"

#include "ruling.h"

#define INPUTS                                                                                     \
	"<itemDefinition name=\"tColour\"><typeRef>string</typeRef><allowedValues><text>"          \
	"\"red\", \"green\", \"blue\"</text></allowedValues></itemDefinition>"                     \
	"<inputData id=\"n\" name=\"n\"><variable name=\"n\" typeRef=\"number\"/></inputData>"     \
	"<inputData id=\"f\" name=\"f\"><variable name=\"f\" typeRef=\"boolean\"/></inputData>"    \
	"<inputData id=\"c\" name=\"c\"><variable name=\"c\" typeRef=\"tColour\"/></inputData>"

#define COLUMN(name, type)                                                                         \
	"<input><inputExpression typeRef=\"" type "\"><text>" name "</text></inputExpression></"   \
	"input>"

static const char *
rule_text(struct aw_arena *arena, const char *n, const char *f, const char *c, const char *out)
{
	return aw_arena_printf(arena,
		"<rule><inputEntry><text>%s</text></inputEntry><inputEntry><text>%s</text>"
		"</inputEntry><inputEntry><text>%s</text></inputEntry><outputEntry><text>%s</text>"
		"</outputEntry></rule>",
		n, f, c, out);
}

static const struct aw_dmn_model *
load(struct aw_arena *arena, const char *hit, const char *rules)
{
	return load_table(arena, INPUTS,
		aw_arena_printf(arena,
			"<decision id=\"d\" name=\"d\">"
			"<informationRequirement><requiredInput "
			"href=\"#n\"/></informationRequirement>"
			"<informationRequirement><requiredInput "
			"href=\"#f\"/></informationRequirement>"
			"<informationRequirement><requiredInput "
			"href=\"#c\"/></informationRequirement>"
			"<decisionTable hitPolicy=\"%s\">" COLUMN("n", "number") COLUMN(
				"f", "boolean") COLUMN("c",
				"tColour") "<output name=\"o\"/>%s</decisionTable></decision>",
			hit, rules));
}

static const char *
findings(struct aw_arena *arena, const struct aw_dmn_model *model)
{
	struct aw_cover cover;
	const char *text = "";

	aw_dmn_cover(arena, model, NULL, 0, &cover);
	for (size_t i = 0; i < cover.count; i++)
		text = aw_arena_printf(arena, "%s%s%s", text, i > 0 ? " | " : "", cover.at[i].text);
	return text;
}

static void
a_finding_says_where_it_is(void **state)
{
	AW_SCOPE(aw_arena) a = { 0 };
	static const struct {
		const char *hit;
		const char *rules[4][4];
		const char *expected;
	} cases[] = {
		{ "UNIQUE", { { "-", "-", "-", "1" } }, "" },
		{ "UNIQUE", { { "&lt; 6", "-", "-", "1" }, { "&gt;= 6", "-", "-", "2" } },
			"no rule fires for n = unknown" },
		{ "UNIQUE",
			{ { "&lt; 6", "-", "-", "1" }, { "&gt; 6", "-", "-", "2" },
				{ "null", "-", "-", "3" } },
			"no rule fires for n = 6" },
		{ "FIRST",
			{ { "&lt;= 6", "-", "-", "1" }, { "[7..9]", "true", "-", "2" },
				{ "-", "false", "-", "3" }, { "null", "-", "-", "3" } },
			"no rule fires for n = (6..7), > 9; f = true, unknown | no rule fires for "
			"n = 7, (7..9), 9; f = unknown" },
		{ "UNIQUE",
			{ { "-", "-", "\"red\"", "1" }, { "-", "true", "-", "2" },
				{ "-", "-", "\"green\", \"blue\", null", "3" } },
			"rules 1 and 2 both fire for f = true; c = red, in a table that is UNIQUE "
			"| "
			"rules 2 and 3 both fire for f = true; c = green, blue, unknown, in a "
			"table "
			"that is UNIQUE" },
		{ "ANY",
			{ { "-", "-", "\"red\"", "1" }, { "-", "true", "-", "1" },
				{ "-", "-", "-", "2" } },
			"rules 1 and 3 both fire for f = false, unknown; c = red, in a table that "
			"is "
			"ANY | rules 2 and 3 both fire for f = true; c = red, in a table that is "
			"ANY" },
		{ "COLLECT", { { "&gt; 5", "-", "-", "1" } }, "" },
		{ "COLLECT", { { "-", "-", "\"yellow\"", "1" }, { "-", "-", "-", "1" } },
			"rule 1 can never fire" },
		{ "FIRST", { { "-", "-", "-", "1" }, { "5", "-", "-", "1" } },
			"rule 2 can never fire, or always behind others" },
		/* a cell that computes is a guess: it fires, and nothing is certain of it */
		{ "COLLECT", { { "&gt; string length(c)", "-", "-", "1" } }, "" },
	};

	(void)state;
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		const char *rules = "";

		for (size_t r = 0; r < 4 && cases[i].rules[r][0] != NULL; r++)
			rules = aw_arena_printf(&a, "%s%s", rules,
				rule_text(&a, cases[i].rules[r][0], cases[i].rules[r][1],
					cases[i].rules[r][2], cases[i].rules[r][3]));
		assert_string_equal(findings(&a, load(&a, cases[i].hit, rules)), cases[i].expected);
	}
}

/* -- against all combinations --------------------------------------------------------------------- */

enum { RULES = 6 };

struct truth {
	bool gap, fires[RULES], overlap[RULES][RULES];
};

static void
try_all(struct aw_arena *arena, const struct aw_dmn_model *model, struct truth *ret)
{
	const struct aw_dmn_item *item = aw_dmn_find(model, AW_DMN_DECISION, "d");
	const struct aw_table *table = item->box->table;
	static const char *const colours[] = { "red", "green", "blue" };

	*ret = (struct truth){ 0 };
	for (int n = -1; n <= 21; n++) { /* 0 to 10 in halves, and unknown */
		for (int f = 0; f < 3; f++) {
			for (int c = 0; c < 4; c++) {
				struct aw_num half = aw_num_int(n);
				struct aw_value values[3] = { aw_null, aw_null, aw_null };
				struct aw_run run = { .arena = arena, .types = &model->types };
				size_t fired[RULES], count = 0;

				(void)aw_num_div(half, aw_num_int(2), &half);
				if (n < 21)
					values[0] = aw_value_number(half);
				if (f < 2)
					values[1] = aw_value_flag(f == 1);
				if (c < 3)
					values[2] = aw_value_text(aw_str(colours[c]));
				for (size_t r = 0; r < table->rule_count; r++) {
					bool met = true;

					for (size_t i = 0; i < 3; i++)
						met = met && aw_table_test(&run, NULL, table, r, i,
								     values[i]) == AW_TRUE;
					if (met)
						fired[count++] = r;
				}
				ret->gap = ret->gap || count == 0;
				for (size_t x = 0; x < count; x++) {
					ret->fires[fired[x]] |=
						table->hit != AW_HIT_FIRST || x == 0;
					for (size_t y = x + 1; y < count; y++)
						ret->overlap[fired[x]][fired[y]] = true;
				}
			}
		}
	}
}

static const char *
random_of(uint64_t *seed, const char *const *from, size_t count)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return from[(*seed >> 33) % count];
}

static void
nothing_differs_from_trying_all_combinations(void **state)
{
	static const char *const numbers[] = { "-", "-", "&lt; 3", "&lt;= 3", "&gt; 3", "&gt;= 7",
		"[3..7]", "(3..7)", "3", "not(7)", "&lt; 3, &gt; 7", "null" };
	static const char *const flags[] = { "-", "-", "-", "true", "false", "null" };
	static const char *const colours[] = { "-", "-", "\"red\"", "\"red\", \"blue\"",
		"not(\"green\")", "null" };
	static const char *const hits[] = { "UNIQUE", "FIRST" };
	uint64_t seed = 1101206;
	size_t gaps = 0, overlaps = 0, nevers = 0;

	(void)state;
	for (int trial = 0; trial < 400; trial++) {
		AW_SCOPE(aw_arena) a = { 0 };
		const char *rules = "";
		struct aw_cover cover;
		struct truth truth, found = { 0 };

		for (size_t r = 0; r < RULES; r++) {
			const char *n = random_of(&seed, numbers, AW_COUNT(numbers));
			const char *f = random_of(&seed, flags, AW_COUNT(flags));
			const char *c = random_of(&seed, colours, AW_COUNT(colours));

			rules = aw_arena_printf(&a, "%s%s", rules, rule_text(&a, n, f, c, "1"));
		}
		const struct aw_dmn_model *model = load(&a, hits[trial % 2], rules);

		try_all(&a, model, &truth);
		aw_dmn_cover(&a, model, NULL, 0, &cover);
		memset(found.fires, true, sizeof(found.fires));
		for (size_t i = 0; i < cover.count; i++) {
			const struct aw_cover_finding *at = &cover.at[i];

			found.gap = found.gap || at->kind == AW_COVER_GAP;
			if (at->kind == AW_COVER_NEVER)
				found.fires[at->rule - 1] = false;
			if (at->kind == AW_COVER_OVERLAP)
				found.overlap[at->rule - 1][at->other - 1] = true;
		}
		assert_int_equal(cover.left_out, 0);
		assert_int_equal(found.gap, truth.gap);
		for (size_t r = 0; r < RULES; r++) {
			assert_int_equal(found.fires[r], truth.fires[r]);
			nevers += !truth.fires[r];
			for (size_t k = 0; k < RULES && trial % 2 == 0; k++) {
				assert_int_equal(found.overlap[r][k], truth.overlap[r][k]);
				overlaps += truth.overlap[r][k];
			}
		}
		gaps += truth.gap;
	}
	/* the tables were of all sorts */
	assert_in_range(gaps, 50, 350);
	assert_in_range(overlaps, 100, 100000);
	assert_in_range(nevers, 20, 2000);
}

static void
a_decision_is_null_only_when_its_table_may_be(void **state)
{
	AW_SCOPE(aw_arena) a = { 0 };
	static const char above[] =
		"<decision id=\"u\" name=\"u\"><informationRequirement><requiredInput href=\"#n\"/>"
		"</informationRequirement><decisionTable hitPolicy=\"FIRST\">" COLUMN("n",
			"number") "<output name=\"o\" "
				  "typeRef=\"string\"/><rule><inputEntry><text>&lt; 6</text>"
				  "</inputEntry><outputEntry><text>\"young\"</text></outputEntry></"
				  "rule>%s"
				  "</decisionTable></decision>"
				  "<decision id=\"d\" "
				  "name=\"d\"><informationRequirement><requiredDecision "
				  "href=\"#u\"/></informationRequirement><decisionTable "
				  "hitPolicy=\"UNIQUE\">" COLUMN("u",
					  "string") "<output "
						    "name=\"o\"/"
						    "><rule><inputEntry><text>\"young\"</text></"
						    "inputEntry>"
						    "<outputEntry><text>1</text></outputEntry></"
						    "rule><rule><inputEntry><text>\"old\""
						    "</text></inputEntry><outputEntry><text>2</"
						    "text></outputEntry></rule>"
						    "</decisionTable></decision>";
	static const char rest[] =
		"<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>\"old\"</text>"
		"</outputEntry></rule>";

	(void)state;
	assert_string_equal(
		findings(&a, load_table(&a, INPUTS, aw_arena_printf(&a, above, rest))), "");
	assert_string_equal(findings(&a, load_table(&a, INPUTS, aw_arena_printf(&a, above, ""))),
		"no rule fires for n = 6, > 6, unknown | no rule fires for u = unknown | "
		"rule 2 can never fire");
}

AW_TESTS(cmocka_unit_test(a_finding_says_where_it_is),
	cmocka_unit_test(nothing_differs_from_trying_all_combinations),
	cmocka_unit_test(a_decision_is_null_only_when_its_table_may_be))
