/* demo/typo - typed with mistakes. */
#include "demo/typo.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "demo/identify.h"

const char *
aw_demo_typo_code(enum aw_demo_typo typo)
{
	static const char *const codes[AW_TYPO_KINDS] = { "sex", "day_month", "year", "number",
		"no_number", "old_number", "carer_name", "latin_name", "alias", "variant",
		"like_sound", "head_phone", "no_birth", "old_address" };

	return codes[typo];
}

/* Two ways to write one character, either of which may stand in a name or address. */
static const char *const variants[][2] = { { "峰", "峯" }, { "臺", "台" }, { "於", "于" },
	{ "溫", "温" }, { "黃", "黄" }, { "啟", "啓" }, { "群", "羣" }, { "彥", "彦" },
	{ "真", "眞" }, { "凃", "涂" }, { "鐘", "鍾" }, { "妍", "姸" }, { "勳", "勛" },
	{ "叡", "睿" } };

/* Characters of given names that sound alike. */
static const char *const sounds[][2] = { { "怡", "宜" }, { "婷", "庭" }, { "豪", "毫" },
	{ "偉", "瑋" }, { "佳", "家" }, { "君", "均" }, { "俊", "峻" }, { "志", "智" },
	{ "宇", "羽" }, { "翰", "漢" }, { "芬", "紛" }, { "惠", "慧" }, { "玲", "鈴" },
	{ "雯", "文" }, { "佩", "珮" }, { "廷", "庭" }, { "儀", "宜" }, { "華", "樺" },
	{ "明", "銘" }, { "珍", "真" }, { "恩", "思" } };

/* Readings of frequent characters, as passports have them (Wade-Giles without marks). */
static const char *const readings[][2] = { { "陳", "CHEN" }, { "林", "LIN" }, { "黃", "HUANG" },
	{ "張", "CHANG" }, { "李", "LEE" }, { "王", "WANG" }, { "吳", "WU" }, { "劉", "LIU" },
	{ "蔡", "TSAI" }, { "楊", "YANG" }, { "許", "HSU" }, { "鄭", "CHENG" }, { "謝", "HSIEH" },
	{ "洪", "HUNG" }, { "郭", "KUO" }, { "邱", "CHIU" }, { "曾", "TSENG" }, { "廖", "LIAO" },
	{ "賴", "LAI" }, { "徐", "HSU" }, { "周", "CHOU" }, { "葉", "YEH" }, { "蘇", "SU" },
	{ "莊", "CHUANG" }, { "怡", "YI" }, { "雅", "YA" }, { "婷", "TING" }, { "君", "CHUN" },
	{ "家", "CHIA" }, { "豪", "HAO" }, { "志", "CHIH" }, { "明", "MING" }, { "宇", "YU" },
	{ "美", "MEI" }, { "淑", "SHU" }, { "惠", "HUI" }, { "玲", "LING" }, { "俊", "CHUN" },
	{ "文", "WEN" }, { "冠", "KUAN" }, { "廷", "TING" }, { "承", "CHENG" }, { "恩", "EN" },
	{ "佳", "CHIA" }, { "宏", "HUNG" }, { "偉", "WEI" }, { "秀", "HSIU" }, { "麗", "LI" },
	{ "建", "CHIEN" }, { "國", "KUO" }, { "芬", "FEN" }, { "珍", "CHEN" }, { "華", "HUA" } };

static bool
roll(struct aw_random *random, const struct aw_demo_habits *habits, enum aw_demo_typo typo)
{
	return aw_random_below(random, 1000) < habits->permille[typo];
}

static void
copy(char *out, size_t size, const char *text)
{
	(void)snprintf(out, size, "%s", text);
}

/* Replaces the first occurrence of one side of a pair by the other; both have three bytes. */
static bool
swap_first(const char *text, const char *const pairs[][2], size_t count, char *out, size_t size)
{
	copy(out, size, text);
	for (char *at = out; *at != '\0'; at++) {
		for (size_t i = 0; i < count; i++) {
			for (int side = 0; side < 2; side++) {
				if (strncmp(at, pairs[i][side], 3) != 0)
					continue;
				memcpy(at, pairs[i][1 - side], 3);
				return true;
			}
		}
	}
	return false;
}

bool
aw_demo_variant(const char *text, char *out, size_t size_bytes)
{
	return swap_first(text, variants, AW_COUNT(variants), out, size_bytes);
}

void
aw_demo_romanise(const char *name, char *out, size_t size_bytes)
{
	struct aw_str text = aw_str(name);
	size_t len = 0;

	out[0] = '\0';
	for (size_t at = 0; at < text.len;) {
		const char *here = text.at + at, *reading = "X";
		size_t wrote;
		(void)aw_utf8_next(text, &at);
		for (size_t i = 0; i < AW_COUNT(readings); i++) {
			if (strncmp(here, readings[i][0], 3) == 0)
				reading = readings[i][1];
		}
		wrote = (size_t)snprintf(out + len, size_bytes - len, "%s%s", reading,
			len == 0	? " "
			: at < text.len ? "-"
					: "");
		if (wrote >= size_bytes - len)
			return;
		len += wrote;
	}
}

static void
type_name(const struct aw_demo_city *city, uint32_t person, struct aw_random *random,
	const struct aw_demo_habits *habits, struct aw_demo_typed *t)
{
	const struct aw_demo_person *who = &city->people[person];
	uint32_t parent = who->mother != AW_DEMO_NOBODY ? who->mother : who->father;
	const char *name = who->name;

	copy(t->name, sizeof(t->name), name);
	if (parent != AW_DEMO_NOBODY && roll(random, habits, AW_TYPO_CARER_NAME)) {
		copy(t->name, sizeof(t->name), city->people[parent].name);
		t->mistakes |= 1U << AW_TYPO_CARER_NAME;
		return;
	}
	if (roll(random, habits, AW_TYPO_LATIN_NAME)) {
		if (who->alias[0] >= 'A' && who->alias[0] <= 'Z')
			copy(t->name, sizeof(t->name), who->alias);
		else
			aw_demo_romanise(name, t->name, sizeof(t->name));
		t->mistakes |= 1U << AW_TYPO_LATIN_NAME;
		return;
	}
	if (strlen(name) == 9 && roll(random, habits, AW_TYPO_ALIAS)) {
		(void)snprintf(t->name, sizeof(t->name), "阿%.3s", name + 6);
		t->mistakes |= 1U << AW_TYPO_ALIAS;
		return;
	}
	if (roll(random, habits, AW_TYPO_VARIANT) &&
		aw_demo_variant(name, t->name, sizeof(t->name)))
		t->mistakes |= 1U << AW_TYPO_VARIANT;
	else if (roll(random, habits, AW_TYPO_LIKE_SOUND) && strlen(name) > 3 &&
		 swap_first(name + 3, sounds, AW_COUNT(sounds), t->name + 3, sizeof(t->name) - 3))
		t->mistakes |= 1U << AW_TYPO_LIKE_SOUND;
	else
		copy(t->name, sizeof(t->name), name);
}

/* One digit off, or two neighbours swapped; never the letter or the demo's second character. */
static void
slip(struct aw_random *random, char number[11])
{
	size_t at = 2 + aw_random_below(random, 7);
	char here = number[at];

	if (aw_random_below(random, 3) == 0 && here != number[at + 1]) {
		number[at] = number[at + 1];
		number[at + 1] = here;
		return;
	}
	number[at] = (char)('0' + (here - '0' + 1 + (int)aw_random_below(random, 9)) % 10);
}

/* A number of the demo's range that the person had before: made of the present one, so that it is
 * the same one each time, and with a valid check digit. */
static void
earlier_number(char number[11])
{
	for (int i = 2; i < 9; i++)
		number[i] = (char)('0' + (number[i] - '0' + 3 * i + 1) % 10);
	number[9] = aw_demo_id_check(number);
}

static void
type_number(struct aw_random *random, const struct aw_demo_habits *habits, struct aw_demo_typed *t)
{
	if (roll(random, habits, AW_TYPO_NO_NUMBER) || (t->mistakes & (1U << AW_TYPO_ALIAS)) != 0) {
		t->national_id[0] = '\0';
		t->mistakes |= 1U << AW_TYPO_NO_NUMBER;
	} else if (roll(random, habits, AW_TYPO_OLD_NUMBER)) {
		earlier_number(t->national_id);
		t->mistakes |= 1U << AW_TYPO_OLD_NUMBER;
	} else if (roll(random, habits, AW_TYPO_NUMBER)) {
		slip(random, t->national_id);
		t->mistakes |= 1U << AW_TYPO_NUMBER;
	}
}

static void
type_birth(struct aw_random *random, const struct aw_demo_habits *habits, struct aw_demo_typed *t,
	int32_t today)
{
	struct aw_date right = t->birth;
	uint32_t before = t->mistakes;

	t->birth_known = true;
	if (roll(random, habits, AW_TYPO_NO_BIRTH)) {
		t->birth_known = false;
		t->mistakes |= 1U << AW_TYPO_NO_BIRTH;
	} else if (t->birth.day <= 12 && t->birth.day != t->birth.month &&
		   roll(random, habits, AW_TYPO_DAY_MONTH)) {
		int32_t day = t->birth.day;
		t->birth.day = t->birth.month;
		t->birth.month = day;
		t->mistakes |= 1U << AW_TYPO_DAY_MONTH;
	} else if (roll(random, habits, AW_TYPO_YEAR)) {
		t->birth.year += aw_random_below(random, 2) == 0 ? 1 : -1;
		if (!aw_date_valid(t->birth.year, t->birth.month, t->birth.day))
			t->birth.day = 28;
		t->mistakes |= 1U << AW_TYPO_YEAR;
	}
	/* Nobody types a birth in the future. */
	if (aw_day_of_date(t->birth) > today) {
		t->birth = right;
		t->mistakes = before;
	}
}

void
aw_demo_type(const struct aw_demo_city *city, uint32_t person, struct aw_random *random,
	const struct aw_demo_habits *habits, struct aw_demo_typed *ret)
{
	const struct aw_demo_person *who = &city->people[person];
	const struct aw_demo_household *home = &city->households[who->household];
	char changed[AW_DEMO_ADDRESS_SIZE];

	memset(ret, 0, sizeof(*ret));
	copy(ret->alias, sizeof(ret->alias), who->alias);
	copy(ret->national_id, sizeof(ret->national_id), who->national_id);
	copy(ret->address, sizeof(ret->address), home->address);
	ret->sex = who->sex;
	ret->birth = aw_date_of_day(who->birth_day);
	type_name(city, person, random, habits, ret);
	type_number(random, habits, ret);
	type_birth(random, habits, ret, city->as_of_day);
	if (roll(random, habits, AW_TYPO_SEX)) {
		ret->sex = who->sex == 'M' ? 'F' : 'M';
		ret->mistakes |= 1U << AW_TYPO_SEX;
	}
	if (roll(random, habits, AW_TYPO_HEAD_PHONE) && home->phone[0] != '\0') {
		copy(ret->phone, sizeof(ret->phone), home->phone);
		if (who->role != AW_DEMO_HEAD)
			ret->mistakes |= 1U << AW_TYPO_HEAD_PHONE;
	} else if (who->role <= AW_DEMO_SPOUSE) {
		copy(ret->phone, sizeof(ret->phone), home->phone);
	}
	if (roll(random, habits, AW_TYPO_OLD_ADDRESS)) {
		aw_demo_address(
			random, home->district, home->village, ret->address, sizeof(ret->address));
		ret->mistakes |= 1U << AW_TYPO_OLD_ADDRESS;
	} else if (roll(random, habits, AW_TYPO_VARIANT) &&
		   aw_demo_variant(ret->address, changed, sizeof(changed))) {
		copy(ret->address, sizeof(ret->address), changed);
	}
}
