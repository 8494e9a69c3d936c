/**
 * tests/link/synth - made-up people of a Taiwanese city and the slips reporters make, by seed.
 * Surnames and given characters follow the published shape (ten surnames for half of the people, a
 * few given names very common); households share surname, door and phone; twins share the birth day
 * and have neighbouring numbers. Numbers have second character 5 or 6: nobody real.
 */
#ifndef AW_TESTS_LINK_SYNTH_H
#define AW_TESTS_LINK_SYNTH_H

#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "link/index.h"
#include "text/idno.h"

struct synth_person {
	char name[20], number[11], phone[16];
	int32_t birth_day;
	char sex;
	uint32_t household;
	bool twin; /* of the person before */
};

static const char *const synth_surnames[] = { "陳", "林", "黃", "張", "李", "王", "吳", "劉", "蔡",
	"楊", "許", "鄭", "謝", "郭", "洪", "邱", "曾", "廖", "賴", "徐", "周", "葉", "蘇", "莊",
	"呂", "江", "何", "蕭", "羅", "高", "潘", "簡", "朱", "鍾", "游", "彭", "詹", "胡", "施",
	"沈", "余", "盧", "梁", "趙", "顏", "柯", "翁", "魏", "孫", "戴" };
static const char *const synth_given[] = { "怡", "淑", "雅", "美", "秀", "惠", "玉", "麗", "志",
	"家", "俊", "建", "文", "明", "宏", "偉", "冠", "宇", "承", "柏", "宗", "佳", "欣", "君",
	"芬", "玲", "珍", "華", "娟", "慧", "豪", "傑", "廷", "翰", "穎", "婷", "萱", "瑜", "如",
	"雯", "琪", "芳", "英", "蘭", "香", "月", "春", "金", "國", "正", "德", "信", "義", "仁",
	"源", "榮", "祥", "生", "安", "平", "東", "成", "昌", "輝", "龍", "武", "勇", "強", "峰",
	"嘉", "瑋", "晴", "恩", "語", "品", "睿", "妍", "彤", "涵", "芸" };

static inline size_t
synth_skewed(struct aw_random *random, size_t n)
{
	double u = aw_random_unit(random);

	return (size_t)(u * u * (double)n);
}

static inline void
synth_number(struct aw_random *random, char sex, uint32_t serial, char ret[11])
{
	snprintf(ret, 11, "%c%c%07u0", (char)('A' + (int)aw_random_below(random, 3)),
		sex == 'M' ? '5' : '6', serial % 10000000);
	while (!aw_idno_check(aw_idno_pack(ret)))
		ret[9]++;
}

static inline void
synth_name(struct aw_random *random, const char *surname, char ret[20])
{
	snprintf(ret, 20, "%s%s%s", surname,
		synth_given[synth_skewed(random, AW_COUNT(synth_given))],
		aw_random_below(random, 60) == 0
			? ""
			: synth_given[synth_skewed(random, AW_COUNT(synth_given))]);
}

/* Fills `count` people, household after household. */
static inline void
synth_people(uint64_t seed, struct synth_person *people, size_t count)
{
	struct aw_random random;
	uint32_t household = 0;
	size_t i = 0;

	aw_random_seed(&random, seed);
	while (i < count) {
		const char *surname =
			synth_surnames[synth_skewed(&random, AW_COUNT(synth_surnames))];
		size_t members = 1 + aw_random_below(&random, 5);
		char phone[16];

		household++;
		snprintf(phone, sizeof(phone), "+88690%07u", household % 10000000);
		for (size_t m = 0; m < members && i < count; m++, i++) {
			struct synth_person *p = &people[i];

			p->sex = aw_random_below(&random, 2) == 0 ? 'M' : 'F';
			p->household = household;
			p->birth_day = (int32_t)aw_random_below(&random, 32000) - 13000;
			p->twin = m > 0 && aw_random_below(&random, 100) == 0;
			if (p->twin) {
				p->birth_day = people[i - 1].birth_day;
				p->sex = people[i - 1].sex;
			}
			do
				synth_name(&random, surname, p->name);
			while (p->twin && strcmp(p->name, people[i - 1].name) == 0);
			synth_number(&random, p->sex, (uint32_t)(i * 7 + 1000000), p->number);
			if (p->twin) { /* registered together: the serial is one more */
				memcpy(p->number, people[i - 1].number, 9);
				p->number[8] = (char)('0' + (p->number[8] - '0' + 1) % 10);
				for (p->number[9] = '0'; !aw_idno_check(aw_idno_pack(p->number));
					p->number[9]++)
					;
			}
			memcpy(p->phone, phone, sizeof(phone));
		}
	}
}

static inline void
synth_form(struct aw_arena *arena, const struct synth_person *p, struct aw_link_form *form,
	struct aw_str *other)
{
	struct aw_address address = { .county = "基隆市",
		.district = p->household % 2 == 0 ? "信義區" : "仁愛區",
		.road = "東信路",
		.number = (int32_t)(p->household % 900 + 1),
		.lane = aw_arena_printf(arena, "%u", p->household / 900 + 1),
		.floor = (int32_t)(p->household % 5 + 1) };
	struct aw_link_input input = { .name = p->name,
		.number = p->number,
		.birth_day = p->birth_day,
		.birth_last_day = p->birth_day,
		.sex = p->sex,
		.phones = { p->phone, NULL },
		.address = &address };

	aw_link_form_make(arena, &input, form, other);
}

/* One slip of a reporter; `kind` from 0 to 5. */
static inline void
synth_slip(struct aw_random *random, struct synth_person *p, int kind)
{
	struct aw_date date = aw_date_of_day(p->birth_day);
	size_t at = 2 + aw_random_below(random, 7);
	char swap;

	switch (kind) {
	case 0: /* one digit of the number */
		p->number[at] =
			(char)('0' +
				(p->number[at] - '0' + 1 + (int)aw_random_below(random, 9)) % 10);
		break;
	case 1: /* two neighbours of the number swapped */
		swap = p->number[at];
		p->number[at] = p->number[at - 1];
		p->number[at - 1] = swap;
		break;
	case 2: /* last character of the name heard or written otherwise */
		memcpy(p->name + strlen(p->name) - 3,
			synth_given[aw_random_below(random, AW_COUNT(synth_given))], 3);
		break;
	case 3: /* month and day, or the year */
		if (date.day <= 12)
			p->birth_day =
				aw_day_of_date((struct aw_date){ date.year, date.day, date.month });
		else if (aw_date_valid(date.year + 1, date.month, date.day))
			p->birth_day = aw_day_of_date(
				(struct aw_date){ date.year + 1, date.month, date.day });
		break;
	case 4: /* no number */
		p->number[0] = '\0';
		break;
	default: /* no phone */
		p->phone[0] = '\0';
		break;
	}
}

#endif
