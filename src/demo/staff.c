/* demo/staff - accounts of the demo and their passwords. */
#include "demo/staff.h"

#include <inttypes.h>
#include <string.h>

#include "guard/account.h"

static const struct aw_demo_account own[] = {
	/* the screening and dispatch centre */
	{ "screen1", "高例真", "社工", "centre", "screener", "501" },
	{ "screen2", "林範如", "社工", "centre", "screener", "502" },
	{ "screen3", "陳擬安", "社工", "centre", "screener", "503" },
	{ "review1", "羅擬芳", "督導", "centre", "dispatch_reviewer", "510" },
	{ "review2", "江示安", "督導", "centre", "dispatch_reviewer", "511" },
	/* the prevention centre */
	{ "adult.sup", "簡虛如", "督導", "dv_adult", "supervisor", "620" },
	{ "adult.w1", "蘇例婷", "社工", "dv_adult", "worker", "621" },
	{ "adult.w2", "游示君", "社工", "dv_adult", "worker", "622" },
	{ "adult.w3", "方擬文", "社工", "dv_adult", "worker", "623" },
	{ "adult.w4", "葉範宜", "社工", "dv_adult", "worker", "624" },
	{ "adult.w5", "何虛明", "社工", "dv_adult", "worker", "625" },
	{ "child.sup", "邱例儀", "督導", "dv_child", "supervisor", "610" },
	{ "child.w1", "郭示禮", "社工", "dv_child", "worker", "618" },
	{ "child.w2", "曾擬晴", "社工", "dv_child", "worker", "612" },
	{ "child.w3", "呂範瑄", "社工", "dv_child", "worker", "613" },
	{ "child.w4", "蕭例安", "社工", "dv_child", "worker", "614" },
	{ "sexual.sup", "盧示慧", "督導", "dv_sexual", "supervisor", "630" },
	{ "sexual.w1", "賴擬珊", "社工", "dv_sexual", "worker", "631" },
	{ "sexual.w2", "周虛雯", "社工", "dv_sexual", "worker", "632" },
	{ "sexual.w3", "徐範穎", "社工", "dv_sexual", "worker", "633" },
	/* the four family centres */
	{ "zhengyi.sup", "洪例明", "督導", "fc_zhengyi", "supervisor", "710" },
	{ "zhengyi.w1", "莊示筠", "社工", "fc_zhengyi", "worker", "711" },
	{ "zhengyi.w2", "彭擬凱", "社工", "fc_zhengyi", "worker", "712" },
	{ "zhengyi.w3", "沈虛庭", "社工", "fc_zhengyi", "worker", "713" },
	{ "renshan.sup", "蔡範文", "督導", "fc_renshan", "supervisor", "720" },
	{ "renshan.w1", "許示涵", "社工", "fc_renshan", "worker", "721" },
	{ "renshan.w2", "鍾例玲", "社工", "fc_renshan", "worker", "722" },
	{ "renshan.w3", "施擬廷", "社工", "fc_renshan", "worker", "723" },
	{ "anle.sup", "梁示萍", "督導", "fc_anle", "supervisor", "730" },
	{ "anle.w1", "顏範翔", "社工", "fc_anle", "worker", "731" },
	{ "anle.w2", "柯例珍", "社工", "fc_anle", "worker", "732" },
	{ "anle.w3", "翁虛惠", "社工", "fc_anle", "worker", "733" },
	{ "nuanqi.sup", "魏擬真", "督導", "fc_nuanqi", "supervisor", "740" },
	{ "nuanqi.w1", "孫示豪", "社工", "fc_nuanqi", "worker", "741" },
	{ "nuanqi.w2", "戴範怡", "社工", "fc_nuanqi", "worker", "742" },
	{ "nuanqi.w3", "宋例霖", "社工", "fc_nuanqi", "worker", "743" },
	/* the health bureau */
	{ "care.sup", "鄧示芬", "督導", "suicide_care", "supervisor", "810" },
	{ "care.w1", "杜擬慈", "關懷訪視員", "suicide_care", "worker", "811" },
	{ "care.w2", "傅範婷", "關懷訪視員", "suicide_care", "worker", "812" },
	{ "care.w3", "侯例恩", "關懷訪視員", "suicide_care", "worker", "813" },
	{ "mental.sup", "曹示儒", "督導", "mental_health", "supervisor", "820" },
	{ "mental.w1", "薛擬彤", "心衛社工", "mental_health", "worker", "821" },
	{ "mental.w2", "卓範安", "心衛社工", "mental_health", "worker", "822" },
	{ "drug.sup", "董例祥", "督導", "drug_centre", "supervisor", "830" },
	{ "drug.w1", "唐示欣", "個案管理師", "drug_centre", "worker", "831" },
	{ "ltc", "溫擬芳", "照管專員", "long_term_care", "partner", "840" },
	/* partners */
	{ "police1", "石範民", "家防官", "police_1", "partner", "911" },
	{ "police2", "古例雄", "家防官", "police_2", "partner", "912" },
	{ "police3", "紀示誠", "家防官", "police_3", "partner", "913" },
	{ "police4", "姚擬偉", "家防官", "police_4", "partner", "914" },
	{ "women", "連範嵐", "偵查佐", "police_women", "partner", "920" },
	{ "juvenile", "馮例宏", "輔導員", "juvenile_committee", "partner", "925" },
	{ "school", "張例文", "輔導主任", "school_demo", "partner", "12" },
	{ "counsel", "程示筠", "輔導員", "student_counselling", "partner", "330" },
	{ "education", "湯擬德", "科員", "education", "partner", "331" },
	{ "famedu", "田範雅", "輔導員", "family_education", "partner", "335" },
	{ "job", "康例杰", "就業服務員", "employment", "partner", "350" },
	{ "elder", "姜示蓮", "科員", "elder_welfare", "partner", "360" },
	{ "disability", "汪擬齡", "科員", "disability_welfare", "partner", "365" },
	{ "relief", "白範秋", "科員", "women_children_aid", "partner", "370" },
	{ "placement", "鄒例容", "社工", "placement", "partner", "375" },
	{ "immigrant", "尤示阮", "社工", "immigrant_centre", "partner", "380" },
	{ "indigenous", "巫擬娜", "社工", "indigenous_centre", "partner", "385" },
	{ "fire", "龔範勇", "隊員", "fire", "partner", "119" },
	{ "hospital", "嚴例心", "醫務社工", "hospital_keelung", "partner", "2101" },
	{ "cgmh", "韓示璇", "醫務社工", "hospital_cgmh", "partner", "2102" },
	/* above, beside and behind */
	{ "settler", "袁例衡", "參議", "city_office", "settler", "100" },
	{ "planner", "何擬文", "科員", "social_affairs", "planner", "200" },
	{ "reporter", "黎範禎", "導師", "school_demo", "reporter", "15" },
	{ "admin", "金示維", "系統管理師", "social_affairs", "administrator", "290" },
	{ "auditor", "陸擬清", "稽核", "city_office", "auditor", "130" },
};
_Static_assert(
	AW_COUNT(own) <= AW_DEMO_STAFF_MOST, "more accounts than struct aw_demo_staff holds");

/* -- colleagues ------------------------------------------------------------------------------------- */

/* Those whose work grows with the reports; the others answer for the city, however large it is. */
static bool
grows(const char *role)
{
	static const char *const roles[] = { "screener", "dispatch_reviewer", "supervisor",
		"worker", "partner" };

	return aw_text_in(role, roles, AW_COUNT(roles));
}

/* Three characters: another's family name, one that marks a made-up person, the last of a third. */
static const char *
colleague_name(struct aw_arena *arena, size_t i, size_t k)
{
	static const char *const marks[] = { "例", "示", "範", "擬", "虛" };
	const char *family = own[(i + k * 7) % AW_COUNT(own)].name;
	const char *given = own[(i * 3 + k * 11) % AW_COUNT(own)].name;

	return aw_arena_printf(
		arena, "%.3s%s%s", family, marks[(i + k) % AW_COUNT(marks)], given + 6);
}

void
aw_demo_staff(struct aw_arena *arena, uint32_t times, struct aw_demo_staff *ret)
{
	struct aw_demo_account *list;
	size_t count = AW_COUNT(own);

	for (size_t i = 0; i < AW_COUNT(own); i++)
		count += grows(own[i].role) ? times - 1 : 0;
	list = AW_NEW_ARRAY(arena, struct aw_demo_account, count);
	*ret = (struct aw_demo_staff){ .accounts = list,
		.count = AW_COUNT(own),
		.own = AW_COUNT(own),
		.times = times,
		.ids = AW_NEW_ARRAY(arena, int64_t, count) };
	memcpy(list, own, sizeof(own));
	for (size_t i = 0; i < AW_COUNT(own); i++) {
		ret->colleagues[i] = ret->count;
		for (uint32_t k = 1; k < times && grows(own[i].role); k++) {
			struct aw_demo_account *one = &list[ret->count++];

			*one = own[i];
			one->login = aw_arena_printf(arena, "%s.%" PRIu32, own[i].login, k + 1);
			one->name = colleague_name(arena, i, k);
		}
	}
}

size_t
aw_demo_staff_colleague(const struct aw_demo_staff *staff, size_t account, uint32_t n)
{
	uint32_t k = n % staff->times;

	if (k == 0 || !grows(staff->accounts[account].role))
		return account;
	return staff->colleagues[account] + k - 1;
}

static struct aw_demo_password *
password_of(struct aw_demo_passwords *passwords, const char *role)
{
	for (size_t i = 0; i < passwords->count; i++) {
		if (strcmp(passwords->at[i].role, role) == 0)
			return &passwords->at[i];
	}
	return NULL;
}

enum aw_status
aw_demo_passwords(
	struct aw_arena *arena, uint64_t seed, struct aw_demo_passwords *ret, struct aw_error *err)
{
	struct aw_demo_passwords made = { .count = 0 };
	struct aw_random random;

	aw_random_seed(&random, seed ^ UINT64_C(0x70617373));
	for (size_t i = 0; i < AW_COUNT(own); i++) {
		struct aw_demo_password *password;
		if (password_of(&made, own[i].role) != NULL)
			continue;
		if (made.count == AW_DEMO_ROLES_MOST)
			return aw_fail(err, AW_INTERNAL, "more roles than passwords");
		password = &made.at[made.count++];
		password->role = own[i].role;
		password->text = aw_arena_printf(arena, "demo-%s-%04u",
			strcmp(password->role, "dispatch_reviewer") == 0 ? "reviewer"
									 : password->role,
			(unsigned)aw_random_below(&random, 10000));
		if (aw_password_hash(password->text, true, password->hash, err) != AW_OK)
			return err->status;
	}
	*ret = made;
	return AW_OK;
}

enum aw_status
aw_demo_staff_make(struct aw_act *act, struct aw_demo_staff *staff,
	const struct aw_demo_passwords *passwords, struct aw_error *err)
{
	for (size_t i = 0; i < staff->count; i++) {
		const struct aw_demo_account *a = &staff->accounts[i];
		const char *hash = NULL;
		for (size_t k = 0; k < passwords->count; k++) {
			if (strcmp(passwords->at[k].role, a->role) == 0)
				hash = passwords->at[k].hash;
		}
		if (hash == NULL)
			return aw_fail(err, AW_INTERNAL, "role %s has no password", a->role);
		if (aw_account_add(act,
			    &(struct aw_account_in){ .login = a->login,
				    .name = a->name,
				    .title = a->title,
				    .unit = a->unit,
				    .roles = a->role,
				    .extension = a->extension,
				    .password_hash = hash },
			    &staff->ids[i], err) != AW_OK)
			return aw_wrap(err, "account %s", a->login);
	}
	return AW_OK;
}

size_t
aw_demo_staff_find(
	const struct aw_demo_staff *staff, const char *unit, const char *role, uint32_t n)
{
	size_t found[AW_DEMO_STAFF_MOST], count = 0;

	for (size_t i = 0; i < staff->own; i++) {
		if (strcmp(staff->accounts[i].unit, unit) == 0 &&
			strcmp(staff->accounts[i].role, role) == 0)
			found[count++] = i;
	}
	return count == 0 ? SIZE_MAX
			  : aw_demo_staff_colleague(staff, found[n % count], n / (uint32_t)count);
}

size_t
aw_demo_staff_head(const struct aw_demo_staff *staff, const char *unit, uint32_t n)
{
	size_t head = aw_demo_staff_find(staff, unit, "supervisor", n);

	return head != SIZE_MAX ? head : aw_demo_staff_find(staff, unit, "partner", n);
}

struct aw_viewer
aw_demo_viewer(const struct aw_demo_staff *staff, size_t account, const char *purpose)
{
	const struct aw_demo_account *a = &staff->accounts[account];

	return (struct aw_viewer){ .account = staff->ids[account],
		.login = a->login,
		.name = a->name,
		.title = a->title,
		.unit = a->unit,
		.roles = a->role,
		.purpose = purpose };
}
