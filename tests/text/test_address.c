/* Addresses in their parts. */
#include "text/address.h"

#include "base/file.h"
#include "../testing.h"
#include "text/csv.h"

/* "county|district|village|neighbourhood|road|lane|alley|number-sub|floor-sub|room|rest". */
static const char *
parts(struct aw_arena *arena, const char *typed)
{
	struct aw_address a;

#define OR_NONE(text) ((text) == NULL ? "" : (text))
	aw_address_read(arena, aw_str(typed), &a);
	return aw_arena_printf(arena, "%s|%s|%s|%d|%s|%s|%s|%d-%d|%d-%d|%s|%s", OR_NONE(a.county),
		OR_NONE(a.district), OR_NONE(a.village), a.neighbourhood, OR_NONE(a.road),
		OR_NONE(a.lane), OR_NONE(a.alley), a.number, a.number_sub, a.floor, a.floor_sub,
		OR_NONE(a.room), OR_NONE(a.rest));
}

static void
addresses_come_apart(void **state)
{
	static const struct {
		const char *typed, *parts;
	} good[] = {
		{ "基隆市信義區東信里5鄰東信路177巷3弄12號之3五樓之1",
			"基隆市|信義區|東信里|5|東信路|177|3|12-3|5-1||" },
		{ "基隆市信義區東信路１７７巷３弄１２之３號５樓",
			"基隆市|信義區||0|東信路|177|3|12-3|5-0||" },
		{ "201基隆市信義區東信路177號", "基隆市|信義區||0|東信路|||177-0|0-0||" },
		{ "20145基隆市信義區東信路177號", "基隆市|信義區||0|東信路|||177-0|0-0||" },
		{ "基隆市安樂區安樂路二段164號3F", "基隆市|安樂區||0|安樂路二段|||164-0|3-0||" },
		{ "基隆市安樂區安樂路2段164號", "基隆市|安樂區||0|安樂路二段|||164-0|0-0||" },
		{ "基隆市中山區中山1路10號", "基隆市|中山區||0|中山一路|||10-0|0-0||" },
		{ "基隆市中山區中和里中和路168巷7弄67號",
			"基隆市|中山區|中和里|0|中和路|168|7|67-0|0-0||" },
		{ "臺北縣板橋市文化路一段188巷44號",
			"新北市|板橋區||0|文化路一段|188||44-0|0-0||" },
		{ "桃園縣中壢市中山路1號", "桃園市|中壢區||0|中山路|||1-0|0-0||" },
		{ "台北市大安區忠孝東路四段1號12樓之5室",
			"臺北市|大安區||0|忠孝東路四段|||1-0|12-5||" },
		{ "高雄市前鎮區中山二路2號", "高雄市|前鎮區||0|中山二路|||2-0|0-0||" },
		{ "桃園市平鎮區延平路1號", "桃園市|平鎮區||0|延平路|||1-0|0-0||" },
		{ "臺南市新市區中正路1號", "臺南市|新市區||0|中正路|||1-0|0-0||" },
		{ "南投縣埔里鎮中山路1號", "南投縣|埔里鎮||0|中山路|||1-0|0-0||" },
		{ "基隆市暖暖區外寮巷12號", "基隆市|暖暖區||0||外寮||12-0|0-0||" },
		{ "基隆信義區東信路5號", "基隆市|信義區||0|東信路|||5-0|0-0||" },
		{ "信義區東信路5號", "|信義區||0|東信路|||5-0|0-0||" },
		{ "東信路5號", "||||東信路|||5-0|0-0||" },
		{ "臺北市信義區基隆路一段1號", "臺北市|信義區||0|基隆路一段|||1-0|0-0||" },
		{ "基隆市仁愛區仁一路201號B1", "基隆市|仁愛區||0|仁一路|||201-0|-1-0||" },
		{ "基隆市仁愛區仁一路201號地下室", "基隆市|仁愛區||0|仁一路|||201-0|-1-0||" },
		{ "基隆市仁愛區仁一路201號3樓305室", "基隆市|仁愛區||0|仁一路|||201-0|3-0|305|" },
		{ "基隆市中正區八斗街10號旁鐵皮屋",
			"基隆市|中正區||0|八斗街|||10-0|0-0||旁鐵皮屋" },
		{ "基隆市七堵區瑪陵坑土地公廟旁", "基隆市|七堵區||0||||0-0|0-0||瑪陵坑土地公廟旁" },
		{ "台北市信義區市民大道六段5號", "臺北市|信義區||0|市民大道六段|||5-0|0-0||" },
		{ "基隆市七堵區工建南路1-2號", "基隆市|七堵區||0|工建南路|||1-2|0-0||" },
		{ "屏東縣三地門鄉中正路二段100號", "屏東縣|三地門鄉||0|中正路二段|||100-0|0-0||" },
		{ "", "||||||||||" },
	};
	(void)state;
	for (size_t i = 0; i < AW_COUNT(good); i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		const char *got = parts(&arena, good[i].typed);
		char expected[256];

		/* the two short forms stand for all zeroes */
		if (strcmp(good[i].parts, "||||||||||") == 0)
			snprintf(expected, sizeof(expected), "|||0||||0-0|0-0||");
		else if (strncmp(good[i].parts, "||||", 4) == 0)
			snprintf(expected, sizeof(expected), "|||0|%s", good[i].parts + 4);
		else
			snprintf(expected, sizeof(expected), "%s", good[i].parts);
		if (strcmp(got, expected) != 0)
			fail_msg("%s\n  expected %s\n  got      %s", good[i].typed, expected, got);
	}
}

static void
one_line_reads_back_to_the_same_parts(void **state)
{
	static const char *const lines[] = { "基隆市信義區東信里5鄰東信路177巷3弄12號之3五樓之1",
		"基隆市仁愛區仁一路201號地下一樓", "基隆市仁愛區仁一路201號三樓305室",
		"新北市板橋區文化路一段188巷44號", "基隆市暖暖區外寮巷12號" };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(lines); i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_address a;

		aw_address_read(&arena, aw_str(lines[i]), &a);
		assert_string_equal(aw_address_text(&arena, &a), lines[i]);
	}
}

static bool
is_road_name(struct aw_str road)
{
	return aw_str_ends(road, "路") || aw_str_ends(road, "街") || aw_str_ends(road, "段") ||
	       aw_str_ends(road, "大道");
}

/* Every road of the country with its county and district, as an address with a lane, a number and
 * a floor: the parts must come back. */
static void
every_road_of_the_country_is_found_in_its_district(void **state)
{
	AW_SCOPE(aw_arena) whole = { 0 };
	struct aw_error err = { 0 };
	struct aw_str text = { 0 };
	struct aw_csv csv = { 0 };
	size_t all = 0, right = 0, keelung = 0, keelung_right = 0;
	bool more = true;

	(void)state;
	assert_ok(aw_file_read(&whole,
		aw_arena_printf(&whole, "%s/tw-roads/roads.csv", testdata_dir()), 8u << 20, &text,
		&err));
	csv.text = text;
	for (;;) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_csv_row row;
		struct aw_address a, wanted;
		bool good;

		assert_ok(aw_csv_next(&csv, &arena, &row, &more, &err));
		if (!more)
			break;
		if (row.line == 1 || row.count != 4 || !is_road_name(row.fields[3]))
			continue;
		aw_address_read(&arena,
			aw_str(aw_arena_printf(&arena, "%.*s%.*s%.*s7巷8弄9號之2三樓",
				(int)row.fields[0].len, row.fields[0].at, (int)row.fields[1].len,
				row.fields[1].at, (int)row.fields[3].len, row.fields[3].at)),
			&a);
		aw_address_read(&arena,
			aw_str(aw_arena_printf(&arena, "%.*s%.*s", (int)row.fields[0].len,
				row.fields[0].at, (int)row.fields[1].len, row.fields[1].at)),
			&wanted);
		good = a.road != NULL &&
		       (a.village == NULL || aw_str_starts(row.fields[3], a.village)) &&
		       aw_text_eq(a.lane, "7") && aw_text_eq(a.alley, "8") && a.number == 9 &&
		       a.number_sub == 2 && a.floor == 3 && aw_text_eq(a.county, wanted.county) &&
		       aw_text_eq(a.district, wanted.district) && a.district != NULL;
		all++;
		right += good ? 1 : 0;
		if (!good && getenv("AW_VERBOSE") != NULL)
			fprintf(stderr, "%.*s -> %s %s %s %s\n", (int)row.whole.len, row.whole.at,
				a.district, a.village, a.road, a.lane);
		if (!aw_str_is(row.fields[0], "基隆市"))
			continue;
		keelung++;
		keelung_right += good ? 1 : 0;
		if (!good)
			fail_msg("Keelung: %.*s", (int)row.whole.len, row.whole.at);
	}
	assert_true(keelung > 200);
	assert_int_equal(keelung_right, keelung);
	assert_true(all > 30000);
	printf("# %zu of %zu roads in their place\n", right, all);
	assert_true(right * 1000 >= all * 995);
}

AW_TESTS(cmocka_unit_test(addresses_come_apart),
	cmocka_unit_test(one_line_reads_back_to_the_same_parts),
	cmocka_unit_test(every_road_of_the_country_is_found_in_its_district))
