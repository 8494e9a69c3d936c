/* demo/words - reports as they are written, and notes. */
#include "demo/words.h"

#include <stdio.h>
#include <string.h>

#include "demo/extract.h"

struct writing {
	struct aw_arena *arena;
	const struct aw_demo_plan *plan;
	const struct aw_demo_city *city;
	const struct aw_demo_report *report;
	const struct aw_kind *form;
	struct aw_random random;
	struct aw_demo_words *out;
	int32_t day;
	bool subject_known;	/* of the city */
	enum aw_demo_kind kind; /* what it is really about */
};

static bool
percent(struct writing *w, unsigned n)
{
	return aw_random_below(&w->random, 100) < n;
}

static const char *
pick(struct writing *w, const char *const *texts, size_t count)
{
	return texts[aw_random_below(&w->random, count)];
}
#define PICK(w, texts) pick((w), (texts), AW_COUNT(texts))

/* -- people ----------------------------------------------------------------------------------------- */

static const char *
birth_text(struct writing *w, struct aw_date date)
{
	return percent(w, 50) ? aw_arena_printf(w->arena, "%03d%02d%02d", date.year - 1911,
					date.month, date.day)
			      : aw_arena_printf(w->arena, "%d年%d月%d日", date.year - 1911,
					date.month, date.day);
}

/* Where a report-person code exists in the form; else the form's subject or a member. */
static const char *
role_in(const struct writing *w, const char *wanted, const char *otherwise)
{
	return aw_kind_role(w->form, wanted) != NULL ? wanted : otherwise;
}

static struct aw_report_person_in *
add(struct writing *w, uint32_t who, const char *role)
{
	size_t at = w->out->in.person_count;
	struct aw_report_person_in *person = &w->out->persons[at];

	w->out->who[at] = who;
	w->out->in.person_count++;
	person->role = role;
	return person;
}

/* Somebody the reporter can describe well: a client, a pupil, a patient. */
static void
describe(struct writing *w, struct aw_report_person_in *person, uint32_t who)
{
	struct aw_demo_typed t;

	aw_demo_type(w->city, who, &w->random, aw_demo_report_habits(), &t);
	person->name = aw_arena_strdup(w->arena, t.name);
	if (t.alias[0] != '\0' && percent(w, 40))
		person->alias = aw_arena_strdup(w->arena, t.alias);
	if (t.national_id[0] != '\0')
		person->national_id = aw_arena_strdup(w->arena, t.national_id);
	if (t.birth_known && aw_day_of_date(t.birth) <= w->day)
		person->birth_date = birth_text(w, t.birth);
	else
		person->age = AW_KNOWN(aw_demo_age(w->city, who, w->day));
	person->sex = t.sex == 'M' ? "M" : "F";
	person->address = aw_arena_strdup(w->arena, t.address);
	if (t.phone[0] != '\0') {
		person->phones[0] = aw_arena_strdup(w->arena, t.phone);
		person->phone_count = 1;
	}
	/* Nobody would be found by a name alone: without number and birth the age is known. */
	if (person->national_id == NULL && person->birth_date == NULL && !person->age.known)
		person->age = AW_KNOWN(aw_demo_age(w->city, who, w->day));
}

static const char *
relation_of(const struct writing *w, uint32_t subject, uint32_t other)
{
	const struct aw_demo_person *s = &w->city->people[subject], *o = &w->city->people[other];

	if (s->father == other)
		return "father";
	if (s->mother == other)
		return "mother";
	if (s->spouse == other)
		return "spouse";
	if (o->father == subject || o->mother == subject)
		return "child";
	if ((s->mother != AW_DEMO_NOBODY && s->mother == o->mother) ||
		(s->father != AW_DEMO_NOBODY && s->father == o->father))
		return "sibling";
	if (aw_demo_age(w->city, other, w->day) > aw_demo_age(w->city, subject, w->day) + 38)
		return "grandparent";
	return "household_member";
}

/* Somebody the reporter knows by name and place in the family. */
static void
mention(struct writing *w, struct aw_report_person_in *person, uint32_t subject, uint32_t who)
{
	const struct aw_demo_person *p = &w->city->people[who];

	person->name = p->name;
	person->sex = p->sex == 'M' ? "M" : "F";
	person->age = AW_KNOWN(aw_demo_age(w->city, who, w->day));
	person->relation = relation_of(w, subject, who);
	person->lives_with = AW_TRI_YES;
	if (percent(w, 35))
		person->birth_date = birth_text(w, aw_date_of_day(p->birth_day));
}

/* Somebody who is not of the city: a name, perhaps an age, perhaps a place elsewhere. */
static void
stranger(struct writing *w, struct aw_report_person_in *person, enum aw_demo_result result)
{
	static const char *const elsewhere[] = { "新北市汐止區大同路二段", "新北市瑞芳區明燈路三段",
		"臺北市內湖區康寧路三段", "桃園市桃園區中正路" };
	char given[AW_DEMO_NAME_SIZE];
	bool woman = percent(w, 55);

	aw_demo_given(&w->random, 1990, woman ? 'F' : 'M', given, sizeof(given));
	if (result == AW_DEMO_TEST) {
		person->name = "測試";
		return;
	}
	person->sex = woman ? "F" : "M";
	if (result == AW_DEMO_OTHER_CITY) {
		person->name =
			aw_arena_printf(w->arena, "%s%s", aw_demo_surname(&w->random), given);
		person->age = AW_KNOWN((int64_t)aw_random_below(&w->random, 60) + 8);
		person->address = aw_arena_printf(w->arena, "%s%u號", PICK(w, elsewhere),
			1 + (unsigned)aw_random_below(&w->random, 200));
		return;
	}
	person->name = aw_arena_printf(
		w->arena, "%s%s", aw_demo_surname(&w->random), woman ? "小姐" : "先生");
}

static void
add_household(struct writing *w, uint32_t subject)
{
	const struct aw_demo_household *home =
		&w->city->households[w->city->people[subject].household];

	for (uint32_t i = home->first; i < home->first + home->count; i++) {
		const struct aw_demo_report *r = w->report;
		bool there = i == r->respondent;
		bool young = aw_demo_age(w->city, i, w->day) < 18;
		struct aw_report_person_in *person;
		for (uint32_t k = r->first_issue; k < r->first_issue + r->issue_count; k++)
			there = there || w->plan->issues[k].subject == i;
		if (there || w->city->people[i].birth_day > w->day ||
			w->out->in.person_count >= AW_DEMO_PERSONS_MOST - 1 ||
			!percent(w, young ? 80 : 35))
			continue;
		person = add(
			w, i, young ? role_in(w, "child", "member") : role_in(w, "member", NULL));
		mention(w, person, subject, i);
	}
}

static void
add_people(struct writing *w)
{
	const struct aw_demo_report *r = w->report;
	uint32_t subject = w->plan->issues[r->first_issue].subject;
	const char *main_role = role_in(w, "victim", "subject");
	struct aw_report_person_in *person;

	if (!w->subject_known) {
		stranger(w, add(w, AW_DEMO_NOBODY, main_role),
			(enum aw_demo_result)w->plan->issues[r->first_issue].result);
		return;
	}
	for (uint32_t i = r->first_issue; i < r->first_issue + r->issue_count; i++)
		describe(w, add(w, w->plan->issues[i].subject, main_role),
			w->plan->issues[i].subject);
	if (r->respondent != AW_DEMO_NOBODY) {
		person = add(w, r->respondent, role_in(w, "respondent", "member"));
		mention(w, person, subject, r->respondent);
		if (w->kind == AW_DEMO_IPV && percent(w, 55))
			person->national_id = w->city->people[r->respondent].national_id;
	} else if (w->kind == AW_DEMO_SEXUAL && percent(w, 40)) {
		person = add(w, AW_DEMO_NOBODY, role_in(w, "respondent", "member"));
		person->name = "姓名不詳";
		person->sex = "M";
		person->relation = "acquaintance";
	}
	add_household(w, subject);
}

/* -- answers ----------------------------------------------------------------------------------------- */

static void
answer(struct writing *w, const char *code, json_t *value)
{
	if (aw_kind_question(w->form, code) != NULL)
		aw_json_put(w->out->answers, code, value);
	else
		json_decref(value);
}

static void
answer_flag(struct writing *w, const char *code, unsigned yes_percent, unsigned known_percent)
{
	bool known = percent(w, known_percent), yes = percent(w, yes_percent);

	if (known)
		answer(w, code, json_boolean(yes));
}

static void
answer_text(struct writing *w, const char *code, const char *text)
{
	answer(w, code, json_string(text));
}

/* Fifteen items; grave ones reach eight. */
static void
answer_tipvda(struct writing *w, bool grave)
{
	json_t *items = json_object();

	for (int i = 1; i <= 15; i++) {
		bool known = percent(w, 90);
		if (known)
			aw_json_put(items, aw_arena_printf(w->arena, "%d", i),
				json_boolean(percent(w, grave ? 72 : 20)));
	}
	answer(w, "tipvda", items);
}

static void
answer_bsrs(struct writing *w, bool grave)
{
	static const char *const codes[] = { "sleep", "tense", "irritable", "low", "inferior",
		"suicide" };
	json_t *items = json_object();

	for (size_t i = 0; i < AW_COUNT(codes); i++)
		aw_json_put_int(
			items, codes[i], (int64_t)aw_random_below(&w->random, 3) + (grave ? 2 : 0));
	answer(w, "bsrs5", items);
}

static void
answer_factors(struct writing *w)
{
	static const char *const factors[] = { "VF1-1", "VF1-3", "VF1-2", "VF3-2", "VF3-1", "VF4-2",
		"VF5-1", "VF5-2", "VF5-3", "VF6-2" };
	json_t *list = json_array();
	size_t first = (size_t)aw_random_below(&w->random, AW_COUNT(factors));

	aw_json_push(list, json_string(factors[first]));
	if (percent(w, 45))
		aw_json_push(list, json_string(factors[(first + 3) % AW_COUNT(factors)]));
	answer(w, "vf_factors", list);
}

static bool
young_child_at_home(const struct writing *w, uint32_t subject, int32_t below)
{
	const struct aw_demo_household *home =
		&w->city->households[w->city->people[subject].household];

	for (uint32_t i = home->first; i < home->first + home->count; i++) {
		if (i != subject && w->city->people[i].birth_day <= w->day &&
			aw_demo_age(w->city, i, w->day) < below)
			return true;
	}
	return false;
}

static void
answer_about_home(struct writing *w)
{
	uint32_t subject = w->plan->issues[w->report->first_issue].subject;
	const struct aw_demo_household *home;

	if (!w->subject_known)
		return;
	home = &w->city->households[w->city->people[subject].household];
	if (percent(w, 85))
		answer(w, "child_in_home", json_boolean(young_child_at_home(w, subject, 18)));
	if (percent(w, 70))
		answer(w, "young_child_present", json_boolean(young_child_at_home(w, subject, 7)));
	if (percent(w, 80))
		answer(w, "lives_alone", json_boolean(home->count == 1));
	if ((w->city->people[subject].traits & AW_TRAIT_IMMIGRANT) != 0)
		answer(w, "new_immigrant", json_true());
	if ((w->city->people[subject].traits & AW_TRAIT_INDIGENOUS) != 0)
		answer(w, "indigenous", json_true());
	if (w->report->respondent != AW_DEMO_NOBODY) {
		answer_text(w, "relation", relation_of(w, subject, w->report->respondent));
		answer(w, "cohabiting", json_true());
	}
}

static void
answer_all(struct writing *w)
{
	static const char *const injuries[] = { "none", "minor", "minor", "moderate" };
	bool grave = w->report->urgent, attempt = grave || percent(w, 40);

	if (percent(w, 92))
		answer_text(w, "safety", grave ? "danger" : percent(w, 60) ? "worried" : "safe");
	if (percent(w, 85))
		answer_text(w, "injury",
			grave ? percent(w, 30) ? "severe" : "moderate" : PICK(w, injuries));
	answer_flag(w, "weapon", grave ? 60 : 8, 80);
	answer_flag(w, "injury_explained", 55, 60);
	answer_flag(w, "needs_doctor_now", grave ? 40 : 5, 70);
	answer_flag(w, "seen_doctor", 30, 60);
	answer_flag(w, "child_witness", 40, 60);
	answer_flag(w, "parent_victim", 25, 60);
	answer_flag(w, "protection_order", 12, 60);
	answer_flag(w, "respondent_mental", 12, 50);
	answer_flag(w, "respondent_addiction", 18, 55);
	answer_flag(w, "neglect", 45, 75);
	answer_flag(w, "abandoned", 4, 70);
	answer_flag(w, "care_need", 60, 80);
	answer_flag(w, "mental_disability", 20, 60);
	answer_flag(w, "uncared_danger", grave ? 40 : 4, 70);
	answer_flag(w, "left_alone", 12, 60);
	answer_flag(w, "event_within_72h", 45, 85);
	answer_flag(w, "rescued", 45, 90);
	answer_flag(w, "student", 60, 60);
	answer_flag(w, "child_at_risk", 5, 80);
	answer_flag(w, "poverty", 35, 60);
	answer_flag(w, "job_need", 30, 60);
	answer_flag(w, "violence_in_home", 8, 60);
	answer_text(w, "suicide_class", attempt ? "attempt" : "ideation");
	if (percent(w, 70))
		answer_text(w, "vf_degree",
			percent(w, 25)	 ? "high"
			: percent(w, 65) ? "middle"
					 : "low");
	answer_factors(w);
	if (percent(w, 75))
		answer_tipvda(w, grave);
	if (percent(w, 80))
		answer_bsrs(w, grave);
	answer_about_home(w);
}

/* -- who reports, where, what ---------------------------------------------------------------------------- */

struct source {
	const char *channel, *role, *unit;
};

static const struct source adult_sources[] = { { "police", "police", "第一分局 派出所" },
	{ "police", "police", "第二分局 派出所" }, { "police", "police", "第三分局 派出所" },
	{ "police", "police", "第四分局 派出所" }, { "agency", "medical", "部立基隆醫院 急診" },
	{ "hotline_113", "self", NULL }, { "public", "self", NULL }, { "public", "family", NULL } };
static const struct source child_sources[] = { { "agency", "teacher", "示範國小 輔導室" },
	{ "agency", "teacher", "示範國中 學務處" }, { "agency", "medical", "基隆長庚 急診" },
	{ "hotline_113", "neighbour", NULL }, { "agency", "childcare", "示範幼兒園" },
	{ "police", "police", "婦幼警察隊" }, { "public", "family", NULL } };
static const struct source family_sources[] = { { "agency", "borough_head", "里辦公處" },
	{ "agency", "teacher", "示範國小 輔導室" }, { "agency", "civil_officer", "區公所" },
	{ "agency", "social_worker", "民間團體" }, { "agency", "medical", "部立基隆醫院 社工室" },
	{ "public", "neighbour", NULL }, { "phone", "family", NULL } };
static const struct source health_sources[] = { { "agency", "medical", "部立基隆醫院 急診" },
	{ "agency", "medical", "基隆長庚 急診" }, { "agency", "firefighter", "消防局 救護隊" },
	{ "agency", "teacher", "示範高中 輔導室" }, { "police", "police", "第三分局 派出所" },
	{ "agency", "long_term_care", "居家服務單位" } };

static void
choose_source(struct writing *w)
{
	const struct source *list = adult_sources;
	size_t count = AW_COUNT(adult_sources);
	const struct source *source;

	if (w->kind == AW_DEMO_CHILD_PROTECTION || w->kind == AW_DEMO_EXPLOITATION ||
		w->kind == AW_DEMO_SEXUAL) {
		list = child_sources;
		count = AW_COUNT(child_sources);
	} else if (w->kind == AW_DEMO_VULNERABLE || w->kind == AW_DEMO_ELDER) {
		list = family_sources;
		count = AW_COUNT(family_sources);
	} else if (w->kind == AW_DEMO_SUICIDE) {
		list = health_sources;
		count = AW_COUNT(health_sources);
	}
	source = &list[aw_random_below(&w->random, count)];
	w->out->in.channel = source->channel;
	w->out->in.reporter.role = source->role;
	w->out->in.reporter.unit = source->unit;
	if (source->unit != NULL || percent(w, 60)) {
		static const char *const callers[] = { "陳擬群", "林示傑", "黃範玉", "張例華",
			"李虛成", "王擬珠", "吳示芸", "劉範倫" };
		w->out->in.reporter.name = PICK(w, callers);
		w->out->in.reporter.phone = aw_arena_printf(
			w->arena, "09000%05u", (unsigned)aw_random_below(&w->random, 100000));
	}
}

static const char *const stories[AW_DEMO_KINDS][4] = {
	{ "夫妻為金錢爭吵，相對人徒手毆打被害人臉部及手臂，鄰居聽到喊叫報警。",
		"被害人欲離家，相對人搶走手機並推倒被害人，手肘瘀青；孩子在房間裡。",
		"相對人酒後摔東西並揚言同歸於盡，被害人帶孩子躲到娘家。",
		"分居中，相對人到工作地點守候並辱罵，被害人擔心再發生。" },
	{ "長者獨自在家多日，家中無食物，子女表示工作忙無法返家。",
		"兒子索討金錢不成，推倒長者，腰部疼痛。",
		"居家服務員發現長者身上多處瘀青，長者不敢說原因。",
		"家屬將長者反鎖在房內，排泄物未清理。" },
	{ "照顧者情緒失控，以手拍打當事人頭部，當事人無法表達。",
		"當事人的補助被家人領走，三餐不繼。", "日間中心發現當事人手腕有綑綁痕跡。",
		"家人長期未帶當事人就醫，傷口感染。" },
	{ "成年兒子與父親口角，互相推擠，父親跌倒擦傷。",
		"兄弟為房產爭執，弟弟持椅子砸向被害人未中。",
		"婆媳衝突，媳婦遭言語羞辱並被推出門外。", "叔姪同住，酒後爭吵並毀損家具。" },
	{ "今天早上發現學生左手臂有一片瘀青，孩子說是被大人打的。",
		"孩子連續三天未到校，鄰居說晚上常聽到哭聲。",
		"父母吵架時孩子去拉，被抓傷；弟妹在旁邊一直哭。",
		"幼兒園發現孩子背部有條狀傷痕，家長說是跌倒。" },
	{ "被害人向老師說出遭熟人不當碰觸。", "被害人就醫時表示遭強迫發生性行為，已協助採證。",
		"網友約見面後發生，被害人情緒低落。", "家人發現被害人訊息內容異常，詢問後得知。" },
	{ "警方查獲少年在網路上被引誘拍攝私密影像。", "少年離家期間在不適當場所工作，由警方尋獲。",
		"少年私密影像遭散布，學校協助報案。", "社工發現少年以性換取住宿與金錢。" },
	{ "父親失業三個月，房租積欠兩期，家裡有兩名學齡子女。",
		"案主中風後由配偶一人照顧，配偶體力與情緒已難負荷。",
		"單親母親工作不穩定，孩子放學後無人照顧，想詢問補助。",
		"長輩過世後家庭收入中斷，手足關係緊張，需要有人協助安排。" },
	{ "當事人在家服用過量藥物，由家人送醫，目前清醒。",
		"當事人在頂樓徘徊，經員警勸下，表示活得很累。",
		"學生在週記中寫下不想活的想法，導師約談後通報。",
		"當事人久病厭世，向居服員表示想結束生命。" },
};

static void
choose_incident(struct writing *w)
{
	struct aw_report_in *in = &w->out->in;
	int64_t at = w->report->received_at -
		     (int64_t)(30 + aw_random_below(&w->random, 40 * 60)) * AW_MINUTE_MS;

	in->incident.narrative = stories[w->kind][aw_random_below(&w->random, 4)];
	if (percent(w, 88)) {
		in->incident.at = AW_KNOWN(at);
		in->incident.at_text = aw_instant_iso(w->arena, at);
	}
	if (!w->subject_known)
		return;
	in->incident.district =
		aw_demo_districts[w->city->households[w->report->household].district].code;
	if (percent(w, 85))
		in->incident.address = w->city->households[w->report->household].address;
	if (percent(w, 12))
		in->centre_only = "當事人希望不要讓對方知道有人通報。";
}

void
aw_demo_words_report(struct aw_arena *arena, const struct aw_demo_plan *plan,
	const struct aw_policy *policy, uint32_t report, struct aw_demo_words *ret)
{
	const struct aw_demo_report *r = &plan->reports[report];
	const struct aw_demo_issue *issue = &plan->issues[r->first_issue];
	struct writing w = { .arena = arena,
		.plan = plan,
		.city = plan->city,
		.report = r,
		.form = aw_policy_kind(policy, aw_demo_kind_code((enum aw_demo_kind)r->kind)),
		.out = ret,
		.day = aw_taipei_day(r->received_at),
		.subject_known = issue->subject != AW_DEMO_NOBODY,
		.kind = (enum aw_demo_kind)issue->kind };

	memset(ret, 0, sizeof(*ret));
	aw_random_seed(&w.random, r->seed);
	ret->answers = json_object();
	ret->in.kind = aw_demo_kind_code((enum aw_demo_kind)r->kind);
	ret->in.sender = "";
	ret->in.received_at = r->received_at;
	ret->in.urgent = r->urgent;
	choose_source(&w);
	add_people(&w);
	answer_all(&w);
	choose_incident(&w);
	ret->in.persons = ret->persons;
	ret->in.answers = ret->answers;
}

/* -- notes -------------------------------------------------------------------------------------------------- */

static const char *const notes[AW_NOTES][3] = {
	[AW_NOTE_SUBMIT] = { "人別已核對，分級依政策建議。", "已與通報人通話，補充現況如通報內容。",
		"同址前案一併檢視，建議如系統所列。" },
	[AW_NOTE_REVIEW] = { "同意。", "同意，請主責先確認現場安全。",
		"同意，協力單位請同步聯繫。" },
	[AW_NOTE_RETURN] = { "經查案家已遷居他區，非本館轄區。", "居住地屬他館，請改派。",
		"案家實際居住地址不在本轄。" },
	[AW_NOTE_DISPUTE] = { "戶籍雖在他區，實際居住地仍在貴轄，請承接。",
		"已電話確認居住現址，應由原單位承辦。", "依居住地原則，仍屬原受派單位。" },
	[AW_NOTE_INVALID] = { "去電確認後為誤會，通報人同意撤回。", "查無此人，補件後仍無法辨識。",
		"居住及事發地均在外縣市，已轉當地主管機關。" },
	[AW_NOTE_ASSESSMENT] = { "當事人可清楚說明經過，支持系統有限，需持續協助。",
		"家庭互動緊張，已討論安全計畫，家人願意配合。",
		"經濟與照顧壓力為主因，連結資源後可望改善。" },
	[AW_NOTE_CONTACT] = { "當事人情緒平穩，已說明服務內容。",
		"討論近況與孩子照顧安排，約定下次時間。", "家人表示近期無新事件，提醒求助管道。" },
	[AW_NOTE_GOAL] = { "當事人與孩子在家安全", "經濟與居住穩定", "照顧分工與支持建立" },
	[AW_NOTE_STEP] = { "完成安全計畫並每月檢視", "協助申請補助與就業轉介",
		"安排喘息與課後照顧" },
};

const char *
aw_demo_note(enum aw_demo_note note, enum aw_demo_kind kind, uint32_t n)
{
	return notes[note][(n + (uint32_t)kind) % 3];
}
