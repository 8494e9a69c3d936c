/* tests/policy/policy - Keelung's folder loads; each kind of mistake is named with file and line. */
#include "../testing.h"

#include "base/file.h"
#include "policy/policy.h"

static struct aw_policy *
keelung(void)
{
	struct aw_error err = { 0 };
	struct aw_policy *policy = NULL;
	char dir[512];

	(void)snprintf(dir, sizeof(dir), "%s/policy/keelung", source_dir());
	assert_ok(aw_policy_load_dir(dir, NULL, &policy, &err));
	return policy;
}

static int32_t
day(int32_t year, int32_t month, int32_t d)
{
	return aw_day_of_date((struct aw_date){ year, month, d });
}

static void
keelung_loads_whole(void **state)
{
	struct aw_policy *p = keelung();
	static const char *const kinds[] = { "child_protection", "adult_ipv", "adult_elder",
		"adult_disability", "adult_family_other", "sexual_assault",
		"child_sexual_exploitation", "vulnerable_family", "suicide" };

	(void)state;
	assert_int_equal(p->kind_count, AW_COUNT(kinds));
	for (size_t i = 0; i < AW_COUNT(kinds); i++) {
		assert_string_equal(p->kinds[i].code, kinds[i]);
		assert_true(p->kinds[i].need_count >= 6);
		assert_non_null(p->kinds[i].public_label.zh);
	}
	assert_true(aw_policy_kind(p, "adult_elder")->protective);
	assert_false(aw_policy_kind(p, "vulnerable_family")->protective);
	assert_true(aw_policy_kind(p, "sexual_assault")->sealed_in_lists);
	assert_int_equal(p->city.district_count, 7);
	assert_string_equal(aw_policy_text(p, "kind", "suicide", "zh-Hant-TW"), "自殺通報");
	assert_string_equal(aw_policy_text(p, "child_level", "first", "en"), "First level");
	assert_string_equal(aw_policy_text(p, "return", "not_this_area", "zh-Hant-TW"), "非本轄");
	assert_string_equal(
		aw_policy_text(p, "adult_ipv.injury", "minor", "zh-Hant-TW"), "輕傷（瘀青、擦傷）");
	assert_null(aw_policy_text(p, "kind", "nothing", "en"));
	aw_policy_free(p);
}

static void
a_bundle_gives_the_same_policy_and_hash(void **state)
{
	struct aw_policy *p = keelung(), *again = NULL;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_bytes bundle = aw_policy_pack(&arena, p), twice;

	(void)state;
	assert_ok(aw_policy_load_bundle(bundle, NULL, &again, &err));
	assert_string_equal(again->hash, p->hash);
	assert_int_equal(strlen(p->hash), 64);
	twice = aw_policy_pack(&arena, again);
	assert_int_equal(twice.len, bundle.len);
	assert_memory_equal(twice.at, bundle.at, bundle.len);
	aw_policy_free(again);
	aw_policy_free(p);
}

static void
a_broken_bundle_is_corrupt(void **state)
{
	struct aw_policy *p = keelung(), *again = NULL;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_bytes bundle = aw_policy_pack(&arena, p);
	struct aw_error err = { 0 };
	uint8_t *copy = aw_arena_memdup(&arena, bundle.at, bundle.len);

	(void)state;
	for (size_t len = 0; len < bundle.len; len += 997)
		assert_int_not_equal(aw_policy_load_bundle((struct aw_bytes){ bundle.at, len },
					     NULL, &again, &err),
			AW_OK);
	copy[23] = '9'; /* the first length */
	assert_fails(
		aw_policy_load_bundle((struct aw_bytes){ copy, bundle.len }, NULL, &again, &err),
		AW_CORRUPT, "breaks at its entry 1");
	assert_null(again);
	aw_policy_free(p);
}

/* -- mistakes --------------------------------------------------------------------------------- */

/* Keelung's files with one text of one file replaced. */
static struct aw_bytes
with_edit(struct aw_arena *arena, const struct aw_policy *p, const char *path, const char *find,
	const char *replace, uint32_t *ret_line)
{
	struct aw_policy_file *files =
		aw_arena_memdup(arena, p->files, p->file_count * sizeof(*files));
	struct aw_policy edited = { .files = files, .file_count = p->file_count };

	*ret_line = 0;
	for (size_t i = 0; i < p->file_count; i++) {
		struct aw_buf buf = { .arena = arena };
		const char *found;
		if (strcmp(files[i].path, path) != 0)
			continue;
		found = strstr(files[i].text.at, find);
		if (found == NULL)
			fail_msg("%s does not hold \"%s\"", path, find);
		aw_buf_add(&buf, files[i].text.at, (size_t)(found - files[i].text.at));
		*ret_line = 1;
		for (const char *c = buf.at; buf.len > 0 && *c != '\0'; c++)
			*ret_line += *c == '\n';
		aw_buf_text(&buf, replace);
		aw_buf_text(&buf, found + strlen(find));
		files[i].text = (struct aw_str){ aw_buf_z(&buf), buf.len };
	}
	if (*ret_line == 0)
		fail_msg("there is no file %s", path);
	return aw_policy_pack(arena, &edited);
}

struct edit {
	const char *path, *find, *replace, *words;
	bool elsewhere; /* the mistake shows at another line than the edit */
};

static void
check_edit(const struct aw_policy *p, const struct edit *edit)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_mistakes mistakes = { .arena = &arena };
	struct aw_policy *loaded = NULL;
	struct aw_error err = { 0 };
	uint32_t line;
	struct aw_bytes bundle = with_edit(&arena, p, edit->path, edit->find, edit->replace, &line);
	bool seen = false;

	if (aw_policy_load_bundle(bundle, &mistakes, &loaded, &err) != AW_INVALID)
		fail_msg("%s: \"%s\" was taken", edit->path, edit->replace);
	assert_null(loaded);
	for (size_t i = 0; i < mistakes.count; i++)
		seen |= strcmp(mistakes.at[i].file, edit->path) == 0 &&
			(edit->elsewhere || mistakes.at[i].line == line) &&
			strstr(mistakes.at[i].text, edit->words) != NULL;
	if (!seen)
		fail_msg("%s:%u \"%s\" was not named; first: %s:%u %s", edit->path, line,
			edit->words, mistakes.count > 0 ? mistakes.at[0].file : "none",
			mistakes.count > 0 ? mistakes.at[0].line : 0,
			mistakes.count > 0 ? mistakes.at[0].text : "");
}

static void
a_wrong_cell_is_named_with_decision_row_and_column(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_mistakes mistakes = { .arena = &arena };
	struct aw_policy *p = keelung(), *loaded = NULL;
	struct aw_error err = { 0 };
	uint32_t line;
	struct aw_bytes bundle = with_edit(&arena, p, "triage.dmn",
		"<inputEntry id=\"article_56_1_1_i2\"><text>true</text>",
		"<inputEntry id=\"article_56_1_1_i2\"><text>&gt;= (</text>", &line);

	(void)state;
	assert_int_equal(aw_policy_load_bundle(bundle, &mistakes, &loaded, &err), AW_INVALID);
	assert_int_equal(mistakes.count, 1);
	assert_int_equal(mistakes.at[0].line, line);
	assert_string_equal(mistakes.at[0].where, "article_56_1, row 1, uncared_danger");
	aw_policy_free(p);
}

static void
each_kind_of_mistake_is_named_with_file_and_line(void **state)
{
	static const struct edit edits[] = {
		{ "city.yaml", "zh: 信義區, en", "en", "\"zh\" is missing", false },
		{ "city.yaml", "code: \"10017070\"", "code: \"10017010\"", "stands twice", false },
		{ "calendar.yaml", "  2018-04-05", "  2018-04-07", "Monday to Friday", false },
		{ "calendar.yaml", "  2020-09-26", "  2020-09-25", "Saturday or Sunday", false },
		{ "calendar.yaml", "  2022-04-05", "  2023-04-05", "outside the calendar", false },
		{ "city.yaml", "letter: C", "letter: CC", "one letter A to Z", false },
		{ "words.yaml", "{code: agency,", "{code: agencies,", "lacks \"agency\"", true },
		{ "units.yaml", "{code: fc_anle, zh", "{code: fc_anle, colour: red, zh",
			"\"colour\" means nothing", false },
		{ "units.yaml", "{code: dv_child, zh: 家防中心 兒少保護組",
			"{code: dv_adult, zh: 家防中心 兒少保護組", "stands twice", false },
		{ "units.yaml", "extension: \"1330\"", "extension: \"1330\", en: X",
			"stands here twice", false },
		{ "units.yaml", "districts: [\"10017060\"]", "districts: [\"10017099\"]",
			"no district \"10017099\"", false },
		{ "units.yaml", "settles: true, ", "", "no unit decides disputes", true },
		{ "units.yaml", "class: health, zh: 自殺", "class: healthy, zh: 自殺",
			"no field class \"healthy\"", false },
		{ "reports/suicide.yaml", "class: health", "class: ill", "no field class", false },
		{ "questions.yaml", "vf_2: risk", "vf_2: risky", "no field class", false },
		{ "units.yaml", "{code: dv_sexual, class: sexual,",
			"{code: dv_sexuel, class: sexual,", "no unit has this type", false },
		{ "scales.yaml", "weight: high}", "weight: grave}", "must be one of: high", false },
		{ "questions.yaml", "{code: weapon, type: flag", "{code: weapon, type: yesno",
			"must be one of: flag", false },
		{ "questions.yaml", "instrument: tipvda", "instrument: tipvdb",
			"no instrument is in force", false },
		{ "reports/adult_ipv.yaml", "  - weapon", "  - weapons", "no question \"weapons\"",
			false },
		{ "reports/adult_ipv.yaml", "{fact: injury,", "{fact: wound,",
			"neither asked by this form", false },
		{ "reports/adult_ipv.yaml", "why: call, zh: 安全", "why: maybe, zh: 安全",
			"must be one of: dispatch", false },
		{ "reports/adult_ipv.yaml", "scale: tipvda", "scale: tipvdb", "no scale", true },
		{ "reports/adult_ipv.yaml", "order: 2", "order: 3", "the same order", true },
		{ "reports/suicide.yaml", "subject: true, ", "", "no role is the subject", false },
		{ "instruments/tipvda.yaml", "least: 6, most: 7", "least: 6, most: 8",
			"without gap or overlap", false },
		{ "instruments/bsrs5.yaml", "counted: false", "counted: true", "cover 0 to 24",
			true },
		{ "instruments/vulnerability.yaml", "effective_to: 2025-06-30",
			"effective_to: 2025-12-31", "in force twice", true },
		{ "roles.yaml", "may: [report.send]", "may: [report.sent]",
			"\"report.sent\" in \"may\" is not defined", false },
		{ "roles.yaml", "classes: [existence, risk]", "classes: [existence, risks]",
			"no field class \"risks\"", false },
		{ "roles.yaml", "serves_respondent: []}", "serves_respondent: [address]}",
			"never sees \"address\"", false },
		{ "roles.yaml", "office_to: \"18:00\"", "office_to: six", "a time of the day",
			false },
		{ "roles.yaml", "office_to: \"18:00\"", "office_to: \"24:30\"", "a time of the day",
			false },
		{ "roles.yaml", "office_to: \"18:00\"", "office_to: \" 8:+5\"", "a time of the day",
			false },
		{ "roles.yaml", "disable_after_days: 90", "disable_after_days: 0",
			"disable_after_days", false },
		{ "roles.yaml", "within_days: 30}", "within_days: 30, within_hours: 1}",
			"one of \"within_minutes\"", false },
		{ "roles.yaml", "counts: refusals", "counts: refused", "must be one of: people",
			false },
		{ "deadlines/dispatch.yaml", "hours: 24, source", "hours: 24, days: 1, source",
			"one of \"hours\"", false },
		{ "deadlines.yaml", "clock: accept,", "clock: acceptance,",
			"the clock \"accept\" has no deadline", true },
		{ "deadlines.yaml", "levels: [first], source", "levels: [fourth], source",
			"no level", false },
		{ "deadlines.yaml", "effective_to: 2024-07-30", "effective_to: 2014-07-30",
			"later than effective_to", false },
		{ "deadlines.yaml", "unverified: true}", "unverified: false}",
			"needs a source, or unverified", false },
		{ "reasons.yaml", "{code: test,", "{code: trial,", "lacks \"test\"", true },
		{ "reasons.yaml", "outcome: S}", "outcome: T}", "must be one of: Y", false },
		{ "reasons.yaml", "kinds: [vulnerable_family]", "kinds: [vulnerable]",
			"no kind of report", false },
		{ "reasons.yaml", "  - {code: valid", "  - {code: [valid]",
			"must be a text, not a list", false },
		{ "places.yaml", "義一路1號}", "義一路}", "needs a district and a number", false },
		{ "places.yaml", "基隆市中正區", "基隆市大安區", "no district", false },
		{ "places.yaml", "{code: prison,", "{code: city_hall,", "stands twice", false },
		{ "places.yaml", "基隆市信義區東光路199號", "信義區信二路２６８號",
			"that of \"mohw_hospital\"", false },
		{ "places.yaml", "kind: correction", "kind: prison", "must be one of: institution",
			false },
		{ "places.yaml", "kind: office", "kind: shelter", "told to nobody", false },
	};
	struct aw_policy *p = keelung();

	(void)state;
	for (size_t i = 0; i < AW_COUNT(edits); i++)
		check_edit(p, &edits[i]);
	aw_policy_free(p);
}

static const struct aw_place_rule *
place_of(const struct aw_policy *p, struct aw_arena *arena, const char *typed)
{
	struct aw_address address;

	aw_address_read(arena, aw_str(typed), &address);
	return aw_policy_place_at(p, &address);
}

static void
an_address_that_is_nobodys_home_is_known_however_it_is_written(void **state)
{
	static const char *const same[] = { "基隆市信義區信二路268號", "信義區信二路２６８號",
		"基隆市信義區東信里3鄰信二路268號5樓" };
	static const char *const other[] = { "基隆市信義區信二路266號",
		"基隆市信義區信二路268號之1", "基隆市仁愛區信二路268號",
		"基隆市信義區信二路268巷1號", "臺北市信義區信二路268號", "基隆市信義區信二路", "" };
	struct aw_policy *p = keelung();
	AW_SCOPE(aw_arena) arena = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(same); i++)
		assert_string_equal(place_of(p, &arena, same[i])->code, "mohw_hospital");
	for (size_t i = 0; i < AW_COUNT(other); i++)
		assert_null(place_of(p, &arena, other[i]));
	aw_policy_free(p);
}

static void
a_missing_file_and_a_stray_one_are_named(void **state)
{
	struct aw_policy *p = keelung(), *loaded = NULL;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_mistakes mistakes = { .arena = &arena };
	struct aw_error err = { 0 };
	struct aw_policy less = { .files = p->files + 1, .file_count = p->file_count - 1 };

	(void)state;
	assert_string_equal(p->files[0].path, "calendar.yaml");
	assert_int_equal(
		aw_policy_load_bundle(aw_policy_pack(&arena, &less), &mistakes, &loaded, &err),
		AW_INVALID);
	assert_string_equal(mistakes.at[0].file, "calendar.yaml");
	assert_string_equal(mistakes.at[0].text, "this file is missing");
	assert_fails(
		aw_policy_load_dir("/nonexistent/policy", NULL, &loaded, &err), AW_NOT_FOUND, "");
	aw_policy_free(p);
}

/* Keelung's files and one more, in their order. */
static struct aw_bytes
with_file(struct aw_arena *arena, const struct aw_policy *p, const char *path, const char *text)
{
	struct aw_policy_file *files =
		AW_NEW_ARRAY(arena, struct aw_policy_file, p->file_count + 1);
	struct aw_policy more = { .files = files };

	for (size_t i = 0; i < p->file_count; i++) {
		bool last = more.file_count == i;
		if (last && strcmp(p->files[i].path, path) > 0)
			files[more.file_count++] =
				(struct aw_policy_file){ path, path, aw_str(text) };
		files[more.file_count++] = p->files[i];
	}
	if (more.file_count == p->file_count)
		files[more.file_count++] = (struct aw_policy_file){ path, path, aw_str(text) };
	return aw_policy_pack(arena, &more);
}

static void
a_decision_model_with_a_mistake_is_named(void **state)
{
	static const struct {
		const char *path, *text, *words;
		uint32_t line;
	} bad[] = {
		{ "triage-2021-13-01.dmn", "<definitions/>", "triage-YYYY-MM-DD.dmn", 0 },
		{ "triage-2021-07-01.dmn", "<definitions>\n<decision>\n", "", 3 },
		{ "triage-2021-07-01.dmn", "hello\n", "", 1 },
		{ "extra.dmn", "<definitions/>", "a decision model is", 0 },
	};
	struct aw_policy *p = keelung();

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_mistakes mistakes = { .arena = &arena };
		struct aw_policy *loaded = NULL;
		struct aw_error err = { 0 };
		bool seen = false;
		assert_int_equal(
			aw_policy_load_bundle(with_file(&arena, p, bad[i].path, bad[i].text),
				&mistakes, &loaded, &err),
			AW_INVALID);
		for (size_t k = 0; k < mistakes.count; k++)
			seen |= strcmp(mistakes.at[k].file, bad[i].path) == 0 &&
				mistakes.at[k].line == bad[i].line &&
				strstr(mistakes.at[k].text, bad[i].words) != NULL;
		if (!seen)
			fail_msg("%s: %s:%u %s", bad[i].words, mistakes.at[0].file,
				mistakes.at[0].line, mistakes.at[0].text);
	}
	aw_policy_free(p);
}

/* -- what a policy answers -------------------------------------------------------------------- */

static void
working_days_follow_the_calendar(void **state)
{
	struct aw_policy *p = keelung();
	const struct aw_deadline *three =
		aw_policy_clock(p, "first_contact", "adult_ipv", "potential", day(2021, 12, 6));
	int64_t from = aw_taipei_day_start_ms(day(2021, 12, 30)) + 10 * AW_HOUR_MS;

	(void)state;
	assert_true(aw_policy_working_day(p, day(2021, 12, 6)));
	assert_false(aw_policy_working_day(p, day(2021, 12, 5)));  /* Sunday */
	assert_false(aw_policy_working_day(p, day(2021, 12, 31))); /* for New Year's Day */
	assert_true(aw_policy_working_day(p, day(2021, 2, 20)));   /* Saturday made up */
	assert_int_equal(aw_policy_add_working_days(p, day(2021, 2, 9), 1), day(2021, 2, 17));
	assert_non_null(three);
	assert_int_equal(three->unit, AW_TIME_WORKING_DAYS);
	/* Thursday 30: Friday is off, then Monday 3, Tuesday 4, Wednesday 5 to its end */
	assert_int_equal(aw_policy_due(p, three, from), aw_taipei_day_start_ms(day(2022, 1, 6)));
	aw_policy_free(p);
}

static void
the_most_specific_deadline_in_force_holds(void **state)
{
	struct aw_policy *p = keelung();
	int32_t today = day(2021, 12, 6);

	(void)state;
	assert_string_equal(aw_policy_clock(p, "first_contact", "adult_ipv", "high", today)->code,
		"contact_ipv_high");
	assert_string_equal(
		aw_policy_clock(p, "first_contact", "adult_ipv", NULL, today)->code, "contact_ipv");
	assert_string_equal(aw_policy_clock(p, "assessment", "child_protection", NULL, today)->code,
		"assess_child");
	assert_string_equal(
		aw_policy_clock(p, "assessment", "child_protection", "first", day(2025, 1, 1))
			->code,
		"assess_child_annex");
	assert_null(aw_policy_clock(p, "nothing", "adult_ipv", NULL, today));
	aw_policy_free(p);
}

static void
units_are_found_by_district(void **state)
{
	struct aw_policy *p = keelung();
	int32_t today = day(2021, 12, 6);

	(void)state;
	assert_string_equal(
		aw_policy_unit_for(p, "family_centre", aw_policy_district(p, "暖暖")->code, today)
			->code,
		"fc_nuanqi");
	assert_string_equal(
		aw_policy_unit_for(p, "family_centre", aw_policy_district(p, "信義區")->code, today)
			->code,
		"fc_zhengyi");
	assert_null(aw_policy_unit_for(p, "family_centre", NULL, today));
	assert_string_equal(aw_policy_unit_for(p, "dv_child", NULL, today)->code, "dv_child");
	assert_null(aw_policy_unit_for(p, "school", "10017010", today)); /* a person chooses */
	assert_null(aw_policy_district(p, "板橋區"));
	aw_policy_free(p);
}

static void
protective_kinds_refuse_some_returns(void **state)
{
	struct aw_policy *p = keelung();
	const struct aw_kind *child = aw_policy_kind(p, "child_protection");
	const struct aw_kind *family = aw_policy_kind(p, "vulnerable_family");
	const struct aw_reason_code *not_reached =
		aw_policy_reason(p, AW_REASONS_RETURN, "not_reached");

	(void)state;
	assert_false(aw_reason_allowed(not_reached, child, true));
	assert_true(aw_reason_allowed(not_reached, family, true));
	assert_true(aw_reason_allowed(
		aw_policy_reason(p, AW_REASONS_RETURN, "not_this_area"), child, true));
	aw_policy_free(p);
}

static void
roles_grant_classes_and_permissions(void **state)
{
	struct aw_policy *p = keelung();
	uint32_t worker = aw_policy_classes(p, "worker planner", AW_RELATION_SERVES_PROTECTED);

	(void)state;
	assert_true(worker >> 4 & 1); /* address */
	assert_int_equal(
		aw_policy_classes(p, "worker supervisor", AW_RELATION_SERVES_RESPONDENT), 1);
	assert_int_equal(aw_policy_classes(p, "nobody", AW_RELATION_SERVES_PROTECTED), 0);
	assert_true(aw_policy_may(p, "planner worker", "family.work"));
	assert_false(aw_policy_may(p, "planner", "family.work"));
	assert_false(aw_policy_may(p, "", "family.work"));
	aw_policy_free(p);
}

AW_TESTS(cmocka_unit_test(keelung_loads_whole),
	cmocka_unit_test(a_bundle_gives_the_same_policy_and_hash),
	cmocka_unit_test(a_broken_bundle_is_corrupt),
	cmocka_unit_test(a_wrong_cell_is_named_with_decision_row_and_column),
	cmocka_unit_test(each_kind_of_mistake_is_named_with_file_and_line),
	cmocka_unit_test(an_address_that_is_nobodys_home_is_known_however_it_is_written),
	cmocka_unit_test(a_missing_file_and_a_stray_one_are_named),
	cmocka_unit_test(a_decision_model_with_a_mistake_is_named),
	cmocka_unit_test(working_days_follow_the_calendar),
	cmocka_unit_test(the_most_specific_deadline_in_force_holds),
	cmocka_unit_test(units_are_found_by_district),
	cmocka_unit_test(protective_kinds_refuse_some_returns),
	cmocka_unit_test(roles_grant_classes_and_permissions))
