/* Names in the form in which they are compared. */
#include "text/name.h"

#include <string.h>

#include "text/fold.h"

enum { LIKENESS_LIMIT = 64 };

/* Surnames of one character: the hundred that 96 of a hundred people have, and some more. */
static const char singles[] =
	"陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊呂江何蕭羅高潘簡朱鍾游彭詹胡施沈余盧梁趙顏"
	"柯翁魏孫"
	"戴范方宋鄧杜傅侯曹薛丁卓馬阮董溫唐藍蔣石古紀姚連馮歐程湯黎田康姜白汪鄒尤巫鐘龔嚴韓袁金童陸"
	"夏柳凃涂"
	"邵錢伍倪溫于譚駱熊任甘秦顧毛章史官萬俞雷粘饒闕凌尹孔辛歐武辜陶段易龍韋葛池孟褚殷賀麥莫文管"
	"關向包梅"
	"利裴左樊魯常賈伊鮑華房裘常喬嚴耿焦沙車查司竺花苗危祝解欒戚繆冉應宗宣成芮符艾臧臺柴桂狄";

static const char *const compounds[] = { "歐陽", "張簡", "范姜", "司徒", "司馬", "上官", "諸葛",
	"皇甫", "尉遲", "公孫", "夏侯", "令狐", "東方", "慕容", "長孫", "宇文", "端木", "西門",
	"南宮", "獨孤", "司空", "申屠", "澹臺", "百里", "呼延", "鍾離", "軒轅", "第五", "張廖",
	"張許", "葉劉", "周黃", "郭李", "陳黃", "江謝", "劉王", "王曹", "翁林", "曾吳", "吳鄭",
	"李陳" };
/* 張廖 and those behind it are double surnames by descent, kept by a family; a married name of the
 * same two characters cannot be told from them, so only the first 29 bar the married reading. */
enum { COMPOUND_SURE = 29 };

static bool
is_mask(uint32_t c)
{
	return c == 0x25CB || c == 0x25EF || c == 0x3007 || c == 0x25A1 || c == 0x25A0 ||
	       c == '*' || c == '?' || c == 0x25CF || c == 0x2B55 || c == 'O' || c == 'o' ||
	       c == '0' || c == 'X' || c == 'x' || (c >= 0xE000 && c <= 0xF8FF);
}

static bool
is_dot(uint32_t c)
{
	return c == 0xB7 || c == 0x2027 || c == 0x2022 || c == 0x30FB || c == '.' || c == 0x2219 ||
	       c == 0x22C5 || c == '-' || c == '\'' || c == '`' || c == 0x2019 || c == 0x2018 ||
	       c == 0xB4 || c == 0x02BC || c == 0x2010 || c == 0x2013 || c == ',' || c == 0x3001;
}

static bool
is_joiner(uint32_t c) /* dropped without making a new token: glottal stops */
{
	return c == '\'' || c == '`' || c == 0x2019 || c == 0x2018 || c == 0xB4 || c == 0x02BC;
}

/* Two to four Han characters with masks among them; dots or letters make it another name. */
static bool
read_han(struct aw_str nfkc, struct aw_name_form *form)
{
	uint32_t count = 0, han = 0;

	for (size_t pos = 0; pos < nfkc.len;) {
		uint32_t c = aw_utf8_next(nfkc, &pos);

		if (c == ' ')
			continue;
		if (count == AW_NAME_HAN_LIMIT)
			return false;
		if (is_mask(c)) {
			form->han[count++] = AW_NAME_MASK;
		} else if (aw_char_is_han(c)) {
			form->han[count++] = c;
			han++;
		} else {
			return false;
		}
	}
	form->count = count;
	return han > 0;
}

/* NFKC takes an acute accent that stands alone apart into a space and a mark; it stands for a glottal
 * stop. */
static struct aw_str
plain_stops(struct aw_arena *arena, struct aw_str typed)
{
	static const char acute[] = "\xC2\xB4";
	char *copy, *at;

	if (typed.len == 0 || memmem(typed.at, typed.len, acute, 2) == NULL)
		return typed;
	copy = aw_arena_strndup(arena, typed.at, typed.len);
	while ((at = strstr(copy, acute)) != NULL) {
		*at = '\'';
		memmove(at + 1, at + 2, strlen(at + 2) + 1);
	}
	return aw_str(copy);
}

void
aw_name_read(struct aw_arena *arena, struct aw_str typed, struct aw_name_form *ret_form)
{
	struct aw_str nfkc = aw_text_nfkc(arena, plain_stops(arena, typed)), folded;
	struct aw_buf buf = { .arena = arena };
	struct aw_name_form form = { 0 };
	bool gap = false;

	if (read_han(nfkc, &form)) {
		*ret_form = form;
		return;
	}
	form = (struct aw_name_form){ 0 };
	folded = aw_text_fold(arena, nfkc);
	for (size_t pos = 0; pos < folded.len;) {
		uint32_t c = aw_utf8_next(folded, &pos);

		if (is_joiner(c))
			continue;
		if (c == ' ' || is_dot(c)) {
			gap = true;
			continue;
		}
		if (gap && buf.len > 0)
			aw_buf_char(&buf, ' ');
		gap = false;
		aw_buf_utf8(&buf, c);
	}
	form.other = (struct aw_str){ aw_buf_z(&buf), buf.len };
	*ret_form = form;
}

static bool
is_latin(uint32_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= 0xC0 && c < 0x250);
}

void
aw_name_split(struct aw_arena *arena, struct aw_str typed, struct aw_str *ret_first,
	struct aw_str *ret_second)
{
	struct aw_str nfkc = aw_text_nfkc(arena, typed), first = nfkc, second = { "", 0 };
	const char *open = memchr(nfkc.at, '(', nfkc.len);
	uint32_t before = 0;

	if (open != NULL && open > nfkc.at) {
		first.len = (size_t)(open - nfkc.at);
		second = (struct aw_str){ open + 1, nfkc.len - first.len - 1 };
		if (second.len > 0 && second.at[second.len - 1] == ')')
			second.len--;
	} else {
		for (size_t pos = 0; pos < nfkc.len;) {
			size_t at = pos;
			uint32_t c = aw_utf8_next(nfkc, &pos);

			if (is_latin(c) && (aw_char_is_han(before) || before == ' ') && at >= 6 &&
				pos < nfkc.len && is_latin((uint32_t)(unsigned char)nfkc.at[pos])) {
				first.len = at;
				second = (struct aw_str){ nfkc.at + at, nfkc.len - at };
				break;
			}
			if (is_latin(c))
				break; /* begins in Latin: one name */
			before = c;
		}
	}
	first = aw_str_trim(first);
	second = aw_str_trim(second);
	*ret_first = (struct aw_str){ aw_arena_strndup(arena, first.at, first.len), first.len };
	*ret_second = (struct aw_str){ aw_arena_strndup(arena, second.at, second.len), second.len };
}

bool
aw_surname_single(uint32_t c)
{
	struct aw_str all = AW_STR_LIT(singles);

	for (size_t pos = 0; pos < all.len;)
		if (aw_utf8_next(all, &pos) == c)
			return true;
	return false;
}

static bool
in_compounds(uint32_t first, uint32_t second, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t pos = 0;
		struct aw_str both = aw_str(compounds[i]);

		if (aw_utf8_next(both, &pos) == first && aw_utf8_next(both, &pos) == second)
			return true;
	}
	return false;
}

bool
aw_surname_compound(uint32_t first, uint32_t second)
{
	return in_compounds(first, second, AW_COUNT(compounds));
}

uint32_t
aw_surname_count(const struct aw_name_form *form)
{
	if (form->count == 0)
		return 0;
	return form->count >= 3 && in_compounds(form->han[0], form->han[1], COMPOUND_SURE) ? 2 : 1;
}

bool
aw_name_married(const uint32_t han[AW_NAME_HAN_LIMIT])
{
	return han[3] != 0 && aw_surname_single(han[0]) && aw_surname_single(han[1]) &&
	       !in_compounds(han[0], han[1], COMPOUND_SURE);
}

static size_t
points_of(struct aw_str text, uint32_t points[LIKENESS_LIMIT])
{
	size_t count = 0;

	for (size_t pos = 0; pos < text.len && count < LIKENESS_LIMIT;)
		points[count++] = aw_utf8_next(text, &pos);
	return count;
}

/* Winkler 1990: Jaro's likeness, raised for a common beginning of up to four characters. */
int32_t
aw_name_likeness(struct aw_str a, struct aw_str b)
{
	uint32_t x[LIKENESS_LIMIT], y[LIKENESS_LIMIT];
	bool taken[LIKENESS_LIMIT] = { false }, found[LIKENESS_LIMIT] = { false };
	size_t nx = points_of(a, x), ny = points_of(b, y);
	size_t longer = nx > ny ? nx : ny, reach = longer / 2 > 0 ? longer / 2 - 1 : 0;
	size_t matches = 0, moved = 0, prefix = 0, j = 0;
	double jaro;

	if (nx == 0 || ny == 0)
		return nx == ny ? 1000 : 0;
	for (size_t i = 0; i < nx; i++) {
		size_t from = i > reach ? i - reach : 0;

		for (size_t k = from; k < ny && k <= i + reach; k++) {
			if (!taken[k] && x[i] == y[k]) {
				taken[k] = found[i] = true;
				matches++;
				break;
			}
		}
	}
	if (matches == 0)
		return 0;
	for (size_t i = 0; i < nx; i++) {
		if (!found[i])
			continue;
		while (!taken[j])
			j++;
		moved += x[i] != y[j] ? 1 : 0;
		j++;
	}
	while (prefix < 4 && prefix < nx && prefix < ny && x[prefix] == y[prefix])
		prefix++;
	jaro = ((double)matches / (double)nx + (double)matches / (double)ny +
		       ((double)matches - (double)moved / 2.0) / (double)matches) /
	       3.0;
	return (int32_t)((jaro + (double)prefix * 0.1 * (1.0 - jaro)) * 1000.0 + 0.5);
}
