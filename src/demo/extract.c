/* demo/extract - writes the seven registers' extracts. */
#include "demo/extract.h"

#include <stdio.h>
#include <string.h>

#include "demo/walk.h"

struct writer {
	const struct aw_demo_plan *plan;
	const struct aw_demo_city *city;
	const struct aw_demo_habits *habits;
	struct aw_random random;
	struct aw_buf csv;
	struct aw_demo_extract *out;
	struct aw_arena *arena;
	size_t people_count, people_room;
	int64_t as_of; /* the end of the extract's day */
	char dates;    /* how the register writes dates: '7' 0790101, '/' 79/01/01, '.' 79.1.1 */
};

const char *
aw_demo_register_code(enum aw_demo_register code)
{
	static const char *const codes[AW_DEMO_REGISTERS] = { "protection", "vulnerable",
		"placement", "psychiatric", "suicide", "drug", "welfare" };

	return codes[code];
}

/* Parts of 1,000 rows; each register's own habits, and those everybody has. All assumed. */
#define EVERYWHERE [AW_TYPO_VARIANT] = 60, [AW_TYPO_YEAR] = 8, [AW_TYPO_NUMBER] = 8
static const struct aw_demo_habits habits[AW_DEMO_REGISTERS] = {
	[AW_DEMO_REG_PROTECTION] = { { EVERYWHERE, [AW_TYPO_SEX] = 20, [AW_TYPO_DAY_MONTH] = 25,
		[AW_TYPO_NO_NUMBER] = 60, [AW_TYPO_LIKE_SOUND] = 20, [AW_TYPO_OLD_ADDRESS] = 50 } },
	[AW_DEMO_REG_VULNERABLE] = { { EVERYWHERE, [AW_TYPO_NO_BIRTH] = 15,
		[AW_TYPO_LIKE_SOUND] = 20, [AW_TYPO_CARER_NAME] = 20,
		[AW_TYPO_HEAD_PHONE] = 400 } },
	[AW_DEMO_REG_PLACEMENT] = { { EVERYWHERE, [AW_TYPO_CARER_NAME] = 60,
		[AW_TYPO_OLD_ADDRESS] = 300 } },
	[AW_DEMO_REG_PSYCHIATRIC] = { { EVERYWHERE, [AW_TYPO_OLD_NUMBER] = 40,
		[AW_TYPO_OLD_ADDRESS] = 80, [AW_TYPO_LIKE_SOUND] = 10 } },
	[AW_DEMO_REG_SUICIDE] = { { EVERYWHERE, [AW_TYPO_LATIN_NAME] = 25, [AW_TYPO_NO_NUMBER] = 80,
		[AW_TYPO_NO_BIRTH] = 40 } },
	[AW_DEMO_REG_DRUG] = { { EVERYWHERE, [AW_TYPO_ALIAS] = 70, [AW_TYPO_NO_NUMBER] = 30,
		[AW_TYPO_OLD_ADDRESS] = 120 } },
	[AW_DEMO_REG_WELFARE] = { { EVERYWHERE, [AW_TYPO_HEAD_PHONE] = 900 } },
};

const struct aw_demo_habits *
aw_demo_register_habits(enum aw_demo_register code)
{
	return &habits[code];
}

const struct aw_demo_habits *
aw_demo_report_habits(void)
{
	static const struct aw_demo_habits reports = { { EVERYWHERE, [AW_TYPO_SEX] = 6,
		[AW_TYPO_DAY_MONTH] = 10, [AW_TYPO_NO_NUMBER] = 330, [AW_TYPO_LIKE_SOUND] = 25,
		[AW_TYPO_NO_BIRTH] = 40, [AW_TYPO_OLD_ADDRESS] = 30 } };

	return &reports;
}

#define COMMON                                                                                                                     \
	"資料編號,資料日期,姓名,別名,身分證號,出生日期,性別,戶籍地址,居住地址,電話,狀態,起日," \
	"迄日,"                                                                                                                  \
	"主責單位,承辦分機"

static const char *const headers[AW_DEMO_REGISTERS] = {
	COMMON ",案件類別,身分,兒少級別,開案,結案原因,高危機列管,保護令到期\n",
	COMMON ",家庭編號,成員身分,脆弱面向,脆弱程度,最近聯繫日\n",
	COMMON ",安置類型,法定階段,期滿日,後續追蹤至\n",
	COMMON ",照護等級,最近訪視日,出院日,嚴重病人\n",
	COMMON ",通報日期,通報類別,訪視單位,最近聯繫日\n",
	COMMON ",個案來源,未滿18歲子女數,最近聯繫日\n",
	COMMON ",福利類別,核定起,核定迄,戶長姓名,溝通需求\n",
};

static uint32_t
below(struct writer *w, uint32_t n)
{
	return (uint32_t)aw_random_below(&w->random, n);
}

static void
add_date(struct writer *w, struct aw_date date)
{
	if (w->dates == '/')
		aw_buf_printf(&w->csv, "%d/%02d/%02d", date.year - 1911, date.month, date.day);
	else if (w->dates == '.')
		aw_buf_printf(&w->csv, "%d.%d.%d", date.year - 1911, date.month, date.day);
	else
		aw_buf_printf(&w->csv, "%03d%02d%02d", date.year - 1911, date.month, date.day);
}

/* A day in a column of its own; 0 = empty. */
static void
add_day(struct writer *w, int32_t day)
{
	aw_buf_char(&w->csv, ',');
	if (day != 0)
		add_date(w, aw_date_of_day(day));
}

static void
add_text(struct writer *w, const char *text)
{
	aw_buf_char(&w->csv, ',');
	aw_buf_text(&w->csv, text);
}

/* What a record says beside the person. */
struct record {
	bool open;
	int32_t from_day, to_day;
	const char *unit;
};

/* The common columns of one record; the caller adds its own and the line's end. */
static void
add_common(struct writer *w, uint32_t person, const struct record *record)
{
	struct aw_demo_typed t;

	aw_demo_type(w->city, person, &w->random, w->habits, &t);
	w->out->people = aw_arena_grow(
		w->arena, w->out->people, w->people_count, &w->people_room, sizeof(uint32_t));
	w->out->people[w->people_count++] = person;
	w->out->rows++;
	w->out->faultless += t.mistakes == 0;
	for (int i = 0; i < AW_TYPO_KINDS; i++)
		w->out->mistakes[i] += t.mistakes >> i & 1U;
	aw_buf_printf(&w->csv, "%c%07u,", "PVCMSDW"[w->habits - habits], w -> out -> rows);
	add_date(w, aw_date_of_day(w->city->as_of_day));
	add_text(w, t.name);
	add_text(w, t.alias);
	add_text(w, t.national_id);
	aw_buf_char(&w->csv, ',');
	if (t.birth_known)
		add_date(w, t.birth);
	add_text(w, t.sex == 'M' ? "男" : "女");
	add_text(w, w->city->households[w->city->people[person].household].address);
	add_text(w, t.address);
	add_text(w, t.phone);
	add_text(w, record->open ? "在案" : "曾在案");
	add_day(w, record->from_day);
	add_day(w, record->to_day);
	add_text(w, record->unit);
	aw_buf_printf(&w->csv, ",%u", 600 + below(w, 90));
}

/* -- protection ----------------------------------------------------------------------------------- */

static const char *const kind_names[AW_DEMO_KINDS] = { "親密關係暴力", "老人保護", "身心障礙者保護",
	"其他家庭成員暴力", "兒少保護", "性侵害", "兒少性剝削", "脆弱家庭", "自殺" };

static const struct aw_demo_case *
case_of(const struct writer *w, const struct aw_demo_issue *issue)
{
	if (issue->service_case == AW_DEMO_NOBODY || issue->decided_at > w->as_of)
		return NULL;
	return &w->plan->cases[issue->service_case];
}

static void
add_protection(struct writer *w, const struct aw_demo_issue *issue, uint32_t person, bool victim)
{
	const struct aw_demo_report *r = &w->plan->reports[issue->report];
	const struct aw_demo_case *c = case_of(w, issue);
	bool child = issue->kind == AW_DEMO_CHILD_PROTECTION, high = below(w, 100) < 3;
	bool decided = issue->decided_at <= w->as_of;
	bool open = !decided || (c != NULL && c->closed_at > w->as_of);
	int32_t from = aw_taipei_day(r->received_at);
	struct record record = { open, from,
		open	    ? 0
		: c != NULL ? aw_taipei_day(c->closed_at)
			    : aw_taipei_day(issue->decided_at),
		"家防中心" };

	add_common(w, person, &record);
	add_text(w, kind_names[issue->kind]);
	add_text(w, victim ? "被害人" : child ? "行為人" : "相對人");
	add_text(w, !child ? "" : below(w, 100) < 12 ? "第一級第一類" : "第二級第一類");
	aw_buf_char(&w->csv, ',');
	if (decided && issue->outcome != 0)
		aw_buf_char(&w->csv, issue->outcome);
	add_text(w, c != NULL && !open ? "達成目標" : "");
	add_text(w, open && high ? "是" : "否");
	add_day(w, issue->kind == AW_DEMO_IPV && below(w, 100) < 14
			   ? from + 20 + (int32_t)below(w, 700)
			   : 0);
	aw_buf_char(&w->csv, '\n');
}

static void
write_protection(struct writer *w)
{
	for (uint32_t i = 0; i < w->plan->report_count; i++) {
		const struct aw_demo_report *r = &w->plan->reports[w->plan->order[i]];
		if (r->received_at > w->as_of || r->live)
			continue;
		for (uint32_t k = r->first_issue; k < r->first_issue + r->issue_count; k++) {
			const struct aw_demo_issue *issue = &w->plan->issues[k];
			if (issue->result != AW_DEMO_VALID ||
				!aw_demo_protective((enum aw_demo_kind)issue->kind))
				continue;
			add_protection(w, issue, issue->subject, true);
			if (r->respondent != AW_DEMO_NOBODY && k == r->first_issue)
				add_protection(w, issue, r->respondent, false);
		}
	}
}

/* -- vulnerable families ------------------------------------------------------------------------------ */

static const char *const centres[AW_DEMO_DISTRICTS] = { "正義館", "暖七館", "暖七館", "仁山館",
	"仁山館", "安樂館", "正義館" };
static const char *const role_names[] = { "戶長", "配偶", "子女", "父母", "手足", "孫子女",
	"其他" };

static void
write_vulnerable(struct writer *w)
{
	static const char *const dimensions[] = { "經濟陷困需要接受協助", "家庭遭逢變故",
		"家庭成員關係衝突或疏離", "兒少發展不利處境", "因傷病或失能致家庭成員需要照顧",
		"個人生活適應困難" };
	static const char *const degrees[] = { "高", "中", "中", "低" };

	for (uint32_t i = 0; i < w->plan->case_count; i++) {
		const struct aw_demo_case *c = &w->plan->cases[i];
		const struct aw_demo_household *home =
			&w->city->households[w->city->people[c->subject].household];
		const char *dimension, *degree;
		bool open = c->closed_at > w->as_of;
		int32_t last;
		if (c->kind != AW_DEMO_VULNERABLE || c->opened_at > w->as_of)
			continue;
		dimension = dimensions[below(w, AW_COUNT(dimensions))];
		degree = degrees[below(w, AW_COUNT(degrees))];
		last = aw_taipei_day(open ? w->as_of : c->closed_at) - (int32_t)below(w, 25);
		if (last < aw_taipei_day(c->opened_at))
			last = aw_taipei_day(c->opened_at);
		for (uint32_t k = home->first; k < home->first + home->count; k++) {
			struct record record = { open, aw_taipei_day(c->opened_at),
				open ? 0 : aw_taipei_day(c->closed_at), centres[home->district] };
			add_common(w, k, &record);
			aw_buf_printf(&w->csv, ",VF%06u,%s,%s,%s", i + 1,
				k == c->subject ? "案主" : role_names[w->city->people[k].role],
				dimension, degree);
			add_day(w, last);
			aw_buf_char(&w->csv, '\n');
		}
	}
}

/* -- registers drawn from the population -------------------------------------------------------------- */

static uint32_t
of_city(const struct writer *w, uint32_t count)
{
	return (uint32_t)((uint64_t)count * w->city->people_count / 364766);
}

static void
write_placement(struct writer *w)
{
	static const char *const kinds[] = { "寄養家庭", "機構安置", "機構安置", "親屬安置",
		"團體家庭" };
	static const char *const stages[] = { "緊急安置", "繼續安置", "延長安置", "委託安置" };
	struct aw_demo_walk walk = aw_demo_walk(&w->random, w->plan->case_count);
	uint32_t placed = of_city(w, 127), after = of_city(w, 85), index;

	while (placed + after > 0 && aw_demo_walk_next(&walk, &index)) {
		const struct aw_demo_case *c = &w->plan->cases[index];
		int32_t start = aw_taipei_day(c->opened_at) + (int32_t)below(w, 60);
		bool now = placed > 0 && c->closed_at > w->as_of - 200 * AW_DAY_MS;
		struct record record = { now, start, now ? 0 : start + 150, "兒少安置" };
		if (c->kind != AW_DEMO_CHILD_PROTECTION || start + 150 > w->city->as_of_day ||
			(!now && after == 0) || aw_demo_age(w->city, c->subject, start) > 17)
			continue;
		now ? placed-- : after--;
		add_common(w, c->subject, &record);
		add_text(w, kinds[below(w, AW_COUNT(kinds))]);
		add_text(w, now ? stages[below(w, AW_COUNT(stages))] : "");
		add_day(w, now ? w->city->as_of_day + 10 + (int32_t)below(w, 80) : 0);
		add_day(w, now ? 0 : w->city->as_of_day + 30 + (int32_t)below(w, 300));
		aw_buf_char(&w->csv, '\n');
	}
}

static void
write_psychiatric(struct writer *w)
{
	struct aw_demo_walk walk = aw_demo_walk(&w->random, w->city->people_count);
	uint32_t now = of_city(w, 2994), past = of_city(w, 1900), person;

	while (now + past > 0 && aw_demo_walk_next(&walk, &person)) {
		int32_t age = aw_demo_age(w->city, person, w->city->as_of_day);
		int32_t start = w->city->as_of_day - 30 - (int32_t)below(w, 2500);
		bool open = now > 0;
		struct record record = { open, start,
			open ? 0 : start + (w->city->as_of_day - start) / 2, "心衛中心" };
		if (age < 18 || age > 85)
			continue;
		open ? now-- : past--;
		add_common(w, person, &record);
		aw_buf_printf(&w->csv, ",%u", 1 + below(w, 5));
		add_day(w, open ? w->city->as_of_day - (int32_t)below(w, 90) : record.to_day);
		add_day(w,
			open && below(w, 100) < 4 ? w->city->as_of_day - (int32_t)below(w, 40) : 0);
		add_text(w, below(w, 100) < 3 ? "是" : "否");
		aw_buf_char(&w->csv, '\n');
	}
}

static void
write_suicide(struct writer *w)
{
	for (uint32_t i = 0; i < w->plan->report_count; i++) {
		const struct aw_demo_report *r = &w->plan->reports[w->plan->order[i]];
		const struct aw_demo_issue *issue = &w->plan->issues[r->first_issue];
		const struct aw_demo_case *c = case_of(w, issue);
		bool open = issue->decided_at > w->as_of || (c != NULL && c->closed_at > w->as_of);
		int32_t from = aw_taipei_day(r->received_at);
		struct record record = { open, from,
			open	    ? 0
			: c != NULL ? aw_taipei_day(c->closed_at)
				    : from + 20,
			"自殺關懷" };
		if (issue->kind != AW_DEMO_SUICIDE || issue->result != AW_DEMO_VALID ||
			r->received_at > w->as_of || r->live)
			continue;
		add_common(w, issue->subject, &record);
		add_day(w, from);
		add_text(w, below(w, 100) < 45 ? "自殺企圖" : "自殺意念");
		add_text(w, "衛生局 自殺關懷訪視");
		add_day(w, open ? w->city->as_of_day - (int32_t)below(w, 14) : record.to_day);
		aw_buf_char(&w->csv, '\n');
	}
}

static void
write_drug(struct writer *w)
{
	static const char *const sources[] = { "矯正機關出監", "緩起訴處分", "三四級毒品講習",
		"自行求助", "戒治所出所", "保護管束", "網絡轉介" };
	struct aw_demo_walk walk = aw_demo_walk(&w->random, w->city->people_count);
	uint32_t left = of_city(w, 860), person;

	while (left > 0 && aw_demo_walk_next(&walk, &person)) {
		const struct aw_demo_person *who = &w->city->people[person];
		const struct aw_demo_household *home = &w->city->households[who->household];
		int32_t age = aw_demo_age(w->city, person, w->city->as_of_day);
		int32_t start = w->city->as_of_day - 20 - (int32_t)below(w, 1300);
		bool open = start > w->city->as_of_day - 730;
		struct record record = { open, start, open ? 0 : start + 730, "毒防中心" };
		uint32_t minors = 0;
		if (age < 19 || age > 62 || (who->sex == 'F' && below(w, 100) < 80))
			continue;
		left--;
		for (uint32_t i = home->first; i < home->first + home->count; i++)
			minors += (w->city->people[i].father == person ||
					  w->city->people[i].mother == person) &&
				  aw_demo_age(w->city, i, w->city->as_of_day) < 18;
		add_common(w, person, &record);
		aw_buf_printf(&w->csv, ",%s,%u", sources[below(w, AW_COUNT(sources))], minors);
		add_day(w, open ? w->city->as_of_day - (int32_t)below(w, 60) : record.to_day);
		aw_buf_char(&w->csv, '\n');
	}
}

static void
add_welfare(struct writer *w, uint32_t person, const char *kind, bool communication)
{
	const struct aw_demo_household *home =
		&w->city->households[w->city->people[person].household];
	int32_t start = w->city->as_of_day - 60 - (int32_t)below(w, 1500);
	int32_t until = w->city->as_of_day + 26 + (int32_t)below(w, 3) * 365;
	struct record record = { true, start, 0, "婦幼及救助科" };

	add_common(w, person, &record);
	add_text(w, kind);
	add_day(w, start);
	add_day(w, until);
	add_text(w, w->city->people[home->first].name);
	add_text(w, communication ? "手語或易讀" : "");
	aw_buf_char(&w->csv, '\n');
}

static void
write_welfare(struct writer *w)
{
	/* Near-low-income and special-circumstance families are not printed: assumed. */
	uint32_t special = of_city(w, 420);

	for (uint32_t h = 0; h < w->city->household_count; h++) {
		const struct aw_demo_household *home = &w->city->households[h];
		const struct aw_demo_person *head = &w->city->people[home->first];
		bool low = (head->traits & AW_TRAIT_LOW_INCOME) != 0;
		bool near = !low && below(w, 1000) < 17;
		bool alone = head->spouse == AW_DEMO_NOBODY && home->count > 1 &&
			     w->city->people[home->first + 1].mother == home->first;
		for (uint32_t i = home->first; i < home->first + home->count; i++) {
			if (low || near)
				add_welfare(w, i, low ? "低收入戶" : "中低收入戶", false);
			if ((w->city->people[i].traits & AW_TRAIT_DISABLED) != 0)
				add_welfare(w, i, "身心障礙證明", below(w, 100) < 9);
		}
		if (alone && special > 0 && below(w, 100) < 9) {
			add_welfare(w, home->first, "特殊境遇家庭", false);
			special--;
		}
	}
}

void
aw_demo_extract(struct aw_arena *arena, const struct aw_demo_plan *plan, uint64_t seed,
	enum aw_demo_register code, struct aw_demo_extract *ret)
{
	static void (*const writers[AW_DEMO_REGISTERS])(struct writer *) = { write_protection,
		write_vulnerable, write_placement, write_psychiatric, write_suicide, write_drug,
		write_welfare };
	static const char dates[AW_DEMO_REGISTERS] = { '7', '/', '7', '.', '/', '7', '7' };
	struct writer w = { .plan = plan,
		.city = plan->city,
		.habits = &habits[code],
		.csv = { .arena = arena },
		.out = ret,
		.arena = arena,
		.as_of = aw_taipei_day_start_ms(plan->city->as_of_day + 1) - 1,
		.dates = dates[code] };

	memset(ret, 0, sizeof(*ret));
	aw_random_seed(&w.random, seed ^ (UINT64_C(0x65787472) + (uint64_t)code));
	aw_buf_text(&w.csv, headers[code]);
	writers[code](&w);
	ret->csv = aw_str(aw_buf_z(&w.csv));
}
