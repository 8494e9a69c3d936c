/* An address of Taiwan in its parts: one pass from the county to the room. */
#include "text/address.h"

#include <string.h>

#include "text/fold.h"
#include "text/numeral.h"

enum { CHAR_LIMIT = 160 };

struct scan {
	struct aw_arena *arena;
	uint32_t c[CHAR_LIMIT + 1]; /* ends in 0 */
	size_t len;
	size_t at;
};

/* Counties and cities by today's names, and what they were called before 2010 and 2014. */
static const struct {
	const char *written, *today;
} counties[] = { { "基隆市", NULL }, { "臺北市", NULL }, { "新北市", NULL }, { "桃園市", NULL },
	{ "新竹市", NULL }, { "新竹縣", NULL }, { "苗栗縣", NULL }, { "臺中市", NULL },
	{ "彰化縣", NULL }, { "南投縣", NULL }, { "雲林縣", NULL }, { "嘉義市", NULL },
	{ "嘉義縣", NULL }, { "臺南市", NULL }, { "高雄市", NULL }, { "屏東縣", NULL },
	{ "宜蘭縣", NULL }, { "花蓮縣", NULL }, { "臺東縣", NULL }, { "澎湖縣", NULL },
	{ "金門縣", NULL }, { "連江縣", NULL }, { "臺北縣", "新北市" }, { "桃園縣", "桃園市" },
	{ "臺中縣", "臺中市" }, { "臺南縣", "臺南市" }, { "高雄縣", "高雄市" } };

static bool
one_of(uint32_t c, const char *set)
{
	struct aw_str all = aw_str(set);

	for (size_t pos = 0; pos < all.len;)
		if (aw_utf8_next(all, &pos) == c)
			return true;
	return false;
}

static char *
part(struct scan *scan, size_t from, size_t to)
{
	struct aw_buf buf = { .arena = scan->arena };

	for (size_t i = from; i < to; i++)
		aw_buf_utf8(&buf, scan->c[i]);
	return buf.len == 0 ? NULL : buf.at;
}

static bool
looks(const struct scan *scan, size_t at, const char *word)
{
	struct aw_str w = aw_str(word);

	for (size_t pos = 0; pos < w.len; at++)
		if (at > scan->len || scan->c[at] != aw_utf8_next(w, &pos))
			return false;
	return true;
}

static bool
take(struct scan *scan, const char *word)
{
	if (!looks(scan, scan->at, word))
		return false;
	scan->at += aw_utf8_count(aw_str(word));
	return true;
}

/* A figure right before one of the unit's characters; nothing is taken otherwise. */
static bool
take_counted(struct scan *scan, const char *unit, int32_t *ret)
{
	struct aw_figure figure;
	size_t at = scan->at;

	if (!aw_figure_take(scan->c, &at, &figure) || !one_of(scan->c[at], unit) ||
		figure.value <= 0)
		return false;
	scan->at = at + 1;
	*ret = figure.value;
	return true;
}

/* NFKC without spaces and commas; 台 before a place name is 臺. */
static void
load(struct scan *scan, struct aw_str typed)
{
	struct aw_str plain;

	if (typed.len > CHAR_LIMIT * 4)
		typed.len = CHAR_LIMIT * 4;
	plain = aw_text_nfkc(scan->arena, typed);
	for (size_t pos = 0; pos < plain.len && scan->len < CHAR_LIMIT;) {
		uint32_t c = aw_utf8_next(plain, &pos);

		if (c == ' ' || c == ',' || c == 0x3001 || c == 0x3002 || c == 0x3000)
			continue;
		if (c == 0x53F0 && scan->len < 8) /* 台 */
			c = 0x81FA;
		if (c == 0x2010 || c == 0x2013 || c == 0x2014 || c == 0x2212 || c == '~')
			c = '-';
		scan->c[scan->len++] = c;
	}
}

/* Postal code and the country at the front. */
static void
skip_front(struct scan *scan)
{
	size_t digits = 0;

	while (scan->c[scan->at + digits] >= '0' && scan->c[scan->at + digits] <= '9')
		digits++;
	if (digits == 3 || digits == 5 || digits == 6) {
		if (!one_of(scan->c[scan->at + digits], "巷弄號鄰-之樓段"))
			scan->at += digits;
	}
	(void)take(scan, "中華民國");
	if (take(scan, "臺灣省") || take(scan, "福建省") || take(scan, "臺灣"))
		return;
}

/* Returns true when the county changed its name, and its towns became districts with it. */
static bool
take_county(struct scan *scan, struct aw_address *a)
{
	for (size_t i = 0; i < AW_COUNT(counties); i++) {
		if (!take(scan, counties[i].written))
			continue;
		a->county = counties[i].today != NULL ? counties[i].today : counties[i].written;
		return counties[i].today != NULL;
	}
	/* 基隆信義區: the city without its 市, if a district follows */
	for (size_t i = 0; i < AW_COUNT(counties); i++) {
		struct aw_str name = { counties[i].written, 6 };
		size_t at = scan->at, pos = 0;

		while (pos < name.len && scan->c[at] == aw_utf8_next(name, &pos))
			at++;
		if (at - scan->at == 2 && scan->c[at] != 0 && scan->c[at + 1] != 0 &&
			(one_of(scan->c[at + 1], "區") || one_of(scan->c[at + 2], "區"))) {
			scan->at = at;
			a->county =
				counties[i].today != NULL ? counties[i].today : counties[i].written;
			return false;
		}
	}
	return false;
}

static void
take_district(struct scan *scan, struct aw_address *a, bool renamed)
{
	for (size_t i = scan->at + 1; i < scan->at + 4 && i < scan->len; i++) {
		uint32_t next;

		if (one_of(scan->c[i], "路街段巷弄號") && !one_of(scan->c[i + 1], "區鄉鎮市"))
			return;
		if (!one_of(scan->c[i], "區鄉鎮市"))
			continue;
		if (i == scan->at + 1 && one_of(scan->c[i], "鎮市") && one_of(scan->c[i + 1], "區"))
			i++; /* 前鎮區, 新市區 */
		next = scan->c[i + 1];
		/* 新市街, 市民大道, 建市場 are no towns */
		if (next != 0 && !one_of(scan->c[i], "區") &&
			(one_of(next, "場街路") || looks(scan, i + 1, "民大道") ||
				looks(scan, i + 1, "府路")))
			return;
		if (renamed)
			scan->c[i] = 0x5340; /* 區 */
		a->district = part(scan, scan->at, i + 1);
		scan->at = i + 1;
		return;
	}
}

/* True when 里 or 村 at i ends a village: 八里路 and 仁里十一街 are roads. */
static bool
village_ends(const struct scan *scan, size_t i)
{
	struct aw_figure figure;
	size_t at = i + 1;

	if ((scan->c[at] != 0 && one_of(scan->c[at], "路街巷弄")) || looks(scan, at, "大道"))
		return false;
	if (aw_figure_take(scan->c, &at, &figure) && figure.digits == 0)
		return one_of(scan->c[at], "鄰號");
	return true;
}

static void
take_village(struct scan *scan, struct aw_address *a)
{
	for (size_t i = scan->at + 1; i < scan->at + 5 && i < scan->len; i++) {
		if (one_of(scan->c[i], "巷弄號段樓") || (scan->c[i] >= '0' && scan->c[i] <= '9'))
			return;
		if (!one_of(scan->c[i], "里村") || !village_ends(scan, i))
			continue;
		a->village = part(scan, scan->at, i + 1);
		scan->at = i + 1;
		return;
	}
}

static bool
is_numeral(uint32_t c)
{
	return (c >= '0' && c <= '9') || aw_chinese_digit(c) >= 0 || one_of(c, "十");
}

/* Index behind the road's name, 0 when there is none before a lane or a number. */
static size_t
road_end(const struct scan *scan)
{
	size_t end = 0;

	for (size_t i = scan->at; i < scan->len && i < scan->at + 16; i++) {
		if (one_of(scan->c[i], "巷弄號鄰") || scan->c[i] == '-')
			break;
		if (i > scan->at && one_of(scan->c[i], "樓") && is_numeral(scan->c[i - 1]))
			break;
		if (end > 0 && (scan->c[i] >= '0' && scan->c[i] <= '9'))
			break;
		if (end > 0 && i > end + 3)
			break;
		if (i > scan->at && one_of(scan->c[i], "路街"))
			end = i + 1;
		else if (looks(scan, i, "大道") && i > scan->at)
			end = i + 2;
	}
	return end;
}

/* The name with Arabic digits inside in Chinese numerals: 中山1路 -> 中山一路. */
static char *
road_name(struct scan *scan, size_t end)
{
	struct aw_buf buf = { .arena = scan->arena };

	while (scan->at < end) {
		struct aw_figure figure;

		if (scan->c[scan->at] >= '0' && scan->c[scan->at] <= '9' &&
			aw_figure_take(scan->c, &scan->at, &figure))
			aw_buf_text(&buf, aw_chinese_number(scan->arena, figure.value));
		else
			aw_buf_utf8(&buf, scan->c[scan->at++]);
	}
	return buf.at;
}

static void
take_road(struct scan *scan, struct aw_address *a)
{
	size_t end = road_end(scan);
	int32_t section;

	if (end == 0)
		return;
	a->road = road_name(scan, end);
	if (take_counted(scan, "段", &section))
		a->road = aw_arena_printf(
			scan->arena, "%s%s段", a->road, aw_chinese_number(scan->arena, section));
	for (size_t i = 1; i <= 2; i++) { /* 西段, 新興段 */
		if (scan->at + i < scan->len && one_of(scan->c[scan->at + i], "段") &&
			!is_numeral(scan->c[scan->at]) && !is_numeral(scan->c[scan->at + i - 1])) {
			a->road = aw_arena_printf(scan->arena, "%s%s", a->road,
				part(scan, scan->at, scan->at + i + 1));
			scan->at += i + 1;
			return;
		}
	}
}

/* 177巷, 外寮巷, 177之1巷; a named one only right here. */
static const char *
take_lane(struct scan *scan, const char *unit)
{
	size_t i;

	for (i = scan->at; i < scan->len && i < scan->at + 8; i++) {
		if (i > scan->at && one_of(scan->c[i], unit)) {
			struct aw_figure figure;
			size_t from = scan->at, at = scan->at;

			scan->at = i + 1;
			if (aw_figure_take(scan->c, &at, &figure) && at == i)
				return aw_arena_printf(scan->arena, "%d", figure.value);
			return part(scan, from, i);
		}
		if (one_of(scan->c[i], "路街段巷弄衖號樓鄰里村"))
			return NULL;
	}
	return NULL;
}

/* 之3 or -3; 0 when there is none. */
static int32_t
take_sub(struct scan *scan)
{
	struct aw_figure figure;
	size_t at = scan->at;

	if (scan->c[at] != '-' && scan->c[at] != 0x4E4B) /* 之 */
		return 0;
	at++;
	if (!aw_figure_take(scan->c, &at, &figure))
		return 0;
	scan->at = at;
	return figure.value;
}

static void
take_number(struct scan *scan, struct aw_address *a)
{
	struct aw_figure figure;
	size_t start = scan->at;
	int32_t sub;

	(void)take(scan, "臨");
	if (!aw_figure_take(scan->c, &scan->at, &figure)) {
		scan->at = start;
		return;
	}
	sub = take_sub(scan);
	if (!take(scan, "號") && !take(scan, "号") && scan->c[scan->at] != 0) {
		scan->at = start;
		return;
	}
	if (sub == 0)
		sub = take_sub(scan);
	a->number = figure.value;
	a->number_sub = sub;
}

static void
take_floor(struct scan *scan, struct aw_address *a)
{
	struct aw_figure figure;
	size_t start = scan->at;
	bool below = take(scan, "地下") || take(scan, "B") || take(scan, "b");

	if (below && (take(scan, "室") || take(scan, "樓"))) {
		a->floor = -1;
		return;
	}
	if (!aw_figure_take(scan->c, &scan->at, &figure) || figure.value <= 0) {
		scan->at = start;
		return;
	}
	if (!take(scan, "樓") && !take(scan, "楼") && !take(scan, "層") && !take(scan, "F") &&
		!take(scan, "f") && !(below && scan->c[scan->at] == 0)) {
		scan->at = start;
		return;
	}
	a->floor = below ? -figure.value : figure.value;
	a->floor_sub = take_sub(scan);
}

static void
take_room(struct scan *scan, struct aw_address *a)
{
	for (size_t i = scan->at; i < scan->len && i < scan->at + 8; i++) {
		if (!one_of(scan->c[i], "室房"))
			continue;
		a->room = part(scan, scan->at, i);
		scan->at = i + 1;
		return;
	}
}

void
aw_address_read(struct aw_arena *arena, struct aw_str typed, struct aw_address *ret_address)
{
	struct scan scan = { .arena = arena };
	struct aw_address a = { 0 };
	bool renamed;

	load(&scan, typed);
	skip_front(&scan);
	renamed = take_county(&scan, &a);
	take_district(&scan, &a, renamed);
	take_village(&scan, &a);
	(void)take_counted(&scan, "鄰", &a.neighbourhood);
	take_road(&scan, &a);
	a.lane = take_lane(&scan, "巷");
	a.alley = take_lane(&scan, "弄");
	if (a.alley != NULL) {
		const char *sub = take_lane(&scan, "衖");

		if (sub != NULL)
			a.alley = aw_arena_printf(arena, "%s-%s", a.alley, sub);
	}
	take_number(&scan, &a);
	take_floor(&scan, &a);
	take_room(&scan, &a);
	a.rest = part(&scan, scan.at, scan.len);
	*ret_address = a;
}

char *
aw_address_text(struct aw_arena *arena, const struct aw_address *a)
{
	struct aw_buf buf = { .arena = arena };

	aw_buf_text(&buf, a->county);
	aw_buf_text(&buf, a->district);
	aw_buf_text(&buf, a->village);
	if (a->neighbourhood > 0)
		aw_buf_printf(&buf, "%d鄰", a->neighbourhood);
	aw_buf_text(&buf, a->road);
	if (a->lane != NULL)
		aw_buf_printf(&buf, "%s巷", a->lane);
	if (a->alley != NULL) {
		const char *dash = strchr(a->alley, '-');

		if (dash != NULL)
			aw_buf_printf(
				&buf, "%.*s弄%s衖", (int)(dash - a->alley), a->alley, dash + 1);
		else
			aw_buf_printf(&buf, "%s弄", a->alley);
	}
	if (a->number > 0)
		aw_buf_printf(&buf, "%d號", a->number);
	if (a->number_sub > 0)
		aw_buf_printf(&buf, "之%d", a->number_sub);
	if (a->floor < 0)
		aw_buf_printf(&buf, "地下%s樓", aw_chinese_number(arena, -a->floor));
	else if (a->floor > 0)
		aw_buf_printf(&buf, "%s樓", aw_chinese_number(arena, a->floor));
	if (a->floor_sub > 0)
		aw_buf_printf(&buf, "之%d", a->floor_sub);
	if (a->room != NULL)
		aw_buf_printf(&buf, "%s室", a->room);
	aw_buf_text(&buf, a->rest);
	return buf.len == 0 ? aw_arena_strndup(arena, "", 0) : buf.at;
}
