/* Extracts loaded, rows linked, decided and undone; what a person's context then says. */
#include "city/person/register.h"

#include "world.h"

#define COMMON                                                                                                                     \
	"資料編號,資料日期,姓名,別名,身分證號,出生日期,性別,戶籍地址,居住地址,電話,狀態,起日," \
	"迄日,"                                                                                                                  \
	"主責單位,承辦分機"

static const char base_rows[] =
	"戶號,稱謂,姓名,別名,身分證號,出生日期,性別,戶籍地址,居住地址,村里,電話,遷入日期\n"
	"H1,戶長,王大同,,C512345670,0700105,男,基隆市信義區東信路177巷12號,,東信里,0900011111,"
	"0900101\n"
	"H1,配偶,陳美玲,,C623456789,0720305,女,基隆市信義區東信路177巷12號,,東信里,0900011111,\n"
	"H1,子女,王小明,,C534567890,1010601,男,基隆市信義區東信路177巷12號,,東信里,0900011111,\n"
	"H1,子女,王小美,,C645678901,1060601,女,基隆市信義區東信路177巷12號,,東信里,0900011111,\n"
	"H2,戶長,林志豪,,C556789012,0550505,男,基隆市仁愛區仁一路1號3樓,,,0900022222,\n"
	"H2,父,林老先生,,C567890123,不是日期,男,,,,,\n";

static enum aw_status
load_text(struct world *w, const char *code, struct aw_str text, struct aw_import_counts *counts,
	struct aw_error *err)
{
	struct aw_import_options options = { .db = w->db.db,
		.keyring = w->db.keyring,
		.ids = &w->ids,
		.people = w->people,
		.policy = w->policy,
		.viewer = &w->viewer,
		.now_ms = w->now_ms,
		.real_ms = w->now_ms,
		.demo = true,
		.register_code = code,
		.file_name = "x.csv" };

	return aw_register_import(&options, text, counts, err);
}

static struct aw_import_counts
load(struct world *w, const char *code, const char *text)
{
	struct aw_import_counts counts = { 0 };
	struct aw_error err = { 0 };

	assert_ok(load_text(w, code, aw_str(text), &counts, &err));
	return counts;
}

static int64_t
who(struct world *w, const char *name)
{
	struct aw_search_hits hits;

	aw_people_search(w->people, &w->arena, name, 5, &hits);
	return hits.count == 0 ? 0 : hits.persons[0];
}

struct asked {
	int64_t person;
	struct aw_person_context context;
	struct aw_household home;
};

static enum aw_status
ask(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct asked *a = arg;

	if (aw_household_of(act, a->person, aw_taipei_day(act->now_ms), &a->home, err) != AW_OK)
		return err->status;
	return aw_person_context(act, a->person, 0, &a->context, err);
}

static struct asked
context_of(struct world *w, const char *name)
{
	struct asked a = { .person = who(w, name) };
	struct aw_error err = { 0 };

	assert_true(a.person != 0);
	assert_ok(world_read(w, ask, &a, &err));
	return a;
}

static const struct aw_register_answer *
answer(const struct asked *a, const char *code)
{
	for (size_t i = 0; i < a->context.answer_count; i++)
		if (strcmp(a->context.answers[i].register_code, code) == 0)
			return &a->context.answers[i];
	fail_msg("no answer of %s", code);
	return NULL;
}

static int64_t
fact(const struct asked *a, const char *name)
{
	const struct aw_person_fact *f = aw_person_fact(&a->context, name);

	return f == NULL ? -1 : f->number;
}

/* -- the base ---------------------------------------------------------------------------------------- */

static void
the_base_becomes_people_and_households(void **state)
{
	struct world *w = *state;
	struct aw_import_counts counts = load(w, "household_registration", base_rows);
	struct asked a;

	assert_int_equal(counts.rows, 6);
	assert_int_equal(counts.created, 5);
	assert_int_equal(counts.quarantined, 1);
	a = context_of(w, "王小明");
	assert_int_equal(a.home.member_count, 4);
	assert_string_equal(a.home.village, "東信里");
	assert_string_equal(a.home.district, "10017070");
	assert_string_equal(a.home.members[0].role, "head");
	assert_int_equal(fact(&a, "household_children"), 2);
	counts = load(w, "household_registration", base_rows);
	assert_int_equal(counts.same, 5);
	assert_int_equal(counts.created + counts.changed, 0);
	assert_int_equal(aw_people_count(w->people), 5);
}

static void
a_changed_name_and_a_move_are_taken_over(void **state)
{
	struct world *w = *state;
	struct aw_import_counts counts = load(w, "household_registration",
		"戶號,戶長關係,姓名,統一編號,出生年月日\n"
		"H2,戶長,林志豪,C556789012,0550505\n"
		"H2,子女,王大美,C645678901,1060601\n");
	struct asked a;

	assert_int_equal(counts.changed, 2);
	a = context_of(w, "王大美");
	assert_int_equal(a.home.member_count, 2);
	a = context_of(w, "王小明");
	assert_int_equal(a.home.member_count, 3);
}

/* -- a register ---------------------------------------------------------------------------------------- */

static const char protection_rows[] =
	COMMON ",案件類別,身分,兒少級別,開案,結案原因,高危機列管,保護令到期\n"
	       "P1,1101205,王小明,,C534567890,1010601,男,,,,在案,1101101,,家防中心,612,兒少保護,"
	       "被害人,第二級第一類,Y,,否,\n"
	       "P2,1101205,陳美玲,,C623456789,0720503,男,,,,曾在案,1091101,1100301,家防中心,612,"
	       "親密關係暴力,被害人,,Y,達成目標,否,1110101\n"
	       "P3,1101205,王大同,,C512345607,0700105,男,,,,在案,1101101,,家防中心,612,兒少保護,"
	       "行為人,,,,是,\n"
	       "P4,1101205,趙無人,,C589012345,0700105,男,,,,在案,1101101,,家防中心,612,兒少保護,"
	       "行為人,,,,是,\n"
	       "P5,1101205,王小明,,,,男,,,,在案,1101101,,家防中心,612,兒少保護,目睹兒少,,,,否,\n"
	       "P6,1101205,王小明,,,,男,,,,存查,1101101,,家防中心,612,兒少保護,目睹兒少,,,,否,\n"
	       "P7,1101205,王小明,,,,男,,,,在案,1101301,,家防中心,612,兒少保護,目睹兒少,,,,否,\n"
	       ",1101205,王小明,,,,男,,,,在案,1101101,,家防中心,612,兒少保護,目睹兒少,,,,否,\n"
	       "P9,\"壞\"掉,x\n";

static void
rows_are_linked_proposed_or_left_alone(void **state)
{
	struct world *w = *state;
	struct aw_import_counts counts = load(w, "protection", protection_rows);
	struct asked a;

	assert_int_equal(counts.rows, 9);
	assert_int_equal(counts.fresh, 5);
	assert_int_equal(counts.quarantined, 4);
	assert_int_equal(counts.linked, 3);
	assert_true(counts.proposed >= 1);
	assert_int_equal(aw_people_count(w->people), 5);
	a = context_of(w, "王小明");
	assert_string_equal(answer(&a, "protection")->answer, "open");
	assert_string_equal(answer(&a, "protection")->link_state, "confirmed");
	assert_string_equal(answer(&a, "protection")->unit, "dv_centre");
	assert_int_equal(answer(&a, "protection")->extract_day.v,
		aw_day_of_date((struct aw_date){ 2021, 12, 5 }));
	assert_string_equal(answer(&a, "drug")->answer, "none");
	assert_false(answer(&a, "drug")->extract_day.known);
	assert_int_equal(fact(&a, "open_protection"), 1);
	assert_int_equal(fact(&a, "high_risk_list"), 0);
	assert_int_equal(fact(&a, "drug_open"), -1);
	a = context_of(w, "陳美玲");
	assert_string_equal(answer(&a, "protection")->answer, "past");
	assert_int_equal(fact(&a, "order_in_force"), 1);
	assert_int_equal(fact(&a, "closed_within_365"), 1);
	assert_int_equal(fact(&a, "open_protection"), 0);
	a = context_of(w, "王大同");
	assert_int_equal(fact(&a, "high_risk_list"), 1);
	assert_int_equal(fact(&a, "open_protection"), 0);
}

static void
loading_again_changes_nothing_and_a_change_is_seen(void **state)
{
	struct world *w = *state;
	struct aw_import_counts counts = load(w, "protection", protection_rows);
	struct asked a;

	assert_int_equal(counts.same, 5);
	assert_int_equal(counts.fresh + counts.changed + counts.linked + counts.proposed, 0);
	counts = load(w, "protection",
		COMMON
		",案件類別,身分\n"
		"P1,1101206,王小明,,C534567890,1010601,男,,,,曾在案,1101101,1101205,家防中心,612,"
		"兒少保護,被害人\n");
	assert_int_equal(counts.changed, 1);
	assert_int_equal(counts.linked, 1);
	a = context_of(w, "王小明");
	assert_string_equal(answer(&a, "protection")->answer, "past");
	assert_int_equal(answer(&a, "protection")->extract_day.v,
		aw_day_of_date((struct aw_date){ 2021, 12, 6 }));
	assert_int_equal(fact(&a, "closed_within_365"), 1);
}

struct rejected {
	int64_t extract;
	struct aw_buf out;
};

static enum aw_status
read_rejected(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct rejected *r = arg;

	r->out = (struct aw_buf){ .arena = act->arena };
	return aw_register_rejected(act, r->extract, &r->out, err);
}

static void
what_could_not_be_read_is_kept_sealed_with_its_place(void **state)
{
	struct world *w = *state;
	struct aw_import_counts counts = load(w, "suicide",
		COMMON ",通報日期,通報類別,訪視單位,最近聯繫日\n"
		       "S1,1101205,王小明,,C534567890,1010601,男,,,,在案,1101101,,自殺關懷,,"
		       "1101101,自殺意念,"
		       "衛生局,\n"
		       "S2,1101205,王小明,,C534567890,1010601,男,,,,在案,1101101,,自殺關懷,,"
		       "1101101,別的,衛生局,\n");
	struct rejected r = { .extract = counts.extract };
	struct aw_error err = { 0 };
	struct asked a;

	assert_int_equal(counts.quarantined, 1);
	assert_ok(world_read(w, read_rejected, &r, &err));
	assert_non_null(strstr(r.out.at, "\n3,class: not one of the values of the mapping,\"S2,"));
	a = context_of(w, "王小明");
	assert_string_equal(answer(&a, "suicide")->unit, "suicide_care");
	assert_int_equal(fact(&a, "suicide_open"), 1);
	assert_int_equal(fact(&a, "attempt_90d"), 0);
}

static void
big5_is_recognised(void **state)
{
	/* 資料編號,姓名,身分證號,狀態,福利類別 / W1,林志豪,C556789012,在案,低收入戶 */
	static const char text[] = "\xB8\xEA\xAE\xC6\xBD\x73\xB8\xB9,\xA9\x6D\xA6\x57,"
				   "\xA8\xAD\xA4\xC0\xC3\xD2\xB8\xB9,\xAA\xAC\xBA\x41,"
				   "\xBA\xD6\xA7\x51\xC3\xFE\xA7\x4F\r\nW1,"
				   "\xAA\x4C\xA7\xD3\xBB\xA8,C556789012,\xA6\x62\xAE\xD7,"
				   "\xA7\x43\xA6\xAC\xA4\x4A\xA4\xE1\r\n";
	struct world *w = *state;
	struct aw_import_counts counts = load(w, "welfare", text);
	struct asked a;

	assert_int_equal(counts.fresh, 1);
	assert_int_equal(counts.linked, 1);
	a = context_of(w, "林志豪");
	assert_string_equal(answer(&a, "welfare")->answer, "open");
	assert_int_equal(fact(&a, "low_income"), 1);
	assert_int_equal(fact(&a, "disability"), 0);
}

static void
a_file_that_cannot_be_read_as_a_whole_changes_nothing(void **state)
{
	struct world *w = *state;
	struct aw_import_counts counts = { .rows = 77 };
	struct aw_error err = { 0 };

	assert_fails(load_text(w, "drug", aw_str(""), &counts, &err), AW_INVALID, "header");
	assert_fails(
		load_text(w, "drug", aw_str("姓名,狀態\n"), &counts, &err), AW_INVALID, "資料編號");
	assert_int_equal(err.line, 1);
	assert_fails(load_text(w, "drug", aw_str("資料編號,資料編號,狀態\n"), &counts, &err),
		AW_INVALID, "two columns");
	assert_fails(load_text(w, "drug", AW_STR_LIT("\xFF\xFF\x80"), &counts, &err), AW_INVALID,
		"Big5");
	assert_fails(load_text(w, "dropout", aw_str(COMMON "\n"), &counts, &err), AW_CONFLICT,
		"legal basis");
	assert_fails(load_text(w, "weather", aw_str(COMMON "\n"), &counts, &err), AW_NOT_FOUND,
		"no register");
	assert_int_equal(counts.rows, 77);
	assert_ok(load_text(w, "drug", aw_str(COMMON "\n"), &counts, &err));
	assert_int_equal(counts.rows, 0);
	assert_true(counts.extract > 0);
}

/* -- links ---------------------------------------------------------------------------------------------- */

static const struct aw_link_why compared = { .reason = "compared" };

struct links {
	int64_t person, link, record, decision;
	struct aw_identity_link *at;
	size_t count;
	bool same;
	struct aw_link_event *events;
	size_t event_count;
	const struct aw_link_why *why; /* NULL: compared */
};

static enum aw_status
links_of(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct links *l = arg;

	if (l->person == 0)
		return aw_identity_links_waiting(act, 10, &l->at, &l->count, err);
	return aw_identity_links_of(act, l->person, &l->at, &l->count, err);
}

static enum aw_status
decide(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct links *l = arg;

	return aw_identity_link_decide(
		act, l->link, l->same, l->why == NULL ? &compared : l->why, &l->decision, err);
}

static enum aw_status
undo(struct aw_act *act, void *arg, struct aw_error *err)
{
	return aw_identity_link_undo(act, ((struct links *)arg)->link, err);
}

static enum aw_status
add_link(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct links *l = arg;

	return aw_identity_link_add(act, l->record, l->person, &compared, &l->link, err);
}

static enum aw_status
history_of(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct links *l = arg;

	return aw_identity_link_history(act, l->person, &l->events, &l->event_count, err);
}

static void
a_person_decides_a_doubtful_link_and_can_take_it_back(void **state)
{
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct links l = { 0 };

	w->viewer.account = 1;
	assert_ok(world_read(w, links_of, &l, &err));
	assert_true(l.count >= 1);
	assert_string_equal(l.at[0].state, "proposed");
	assert_string_equal(l.at[0].levels, "name=exact|sex=same");
	assert_false(l.at[0].decided_by.known);
	l.link = l.at[0].id;
	l.record = l.at[0].record;
	l.person = l.at[0].person;
	l.same = true;
	assert_ok(world_write(w, decide, &l, &err));
	assert_fails(world_write(w, decide, &l, &err), AW_CONFLICT, "undone");
	assert_ok(world_read(w, links_of, &l, &err));
	{
		size_t confirmed = 0;

		for (size_t i = 0; i < l.count; i++) {
			if (l.at[i].record != l.record)
				continue;
			confirmed++;
			assert_string_equal(l.at[i].state, "confirmed");
			assert_int_equal(l.at[i].decided_by.v, 1);
			l.link = l.at[i].id;
		}
		assert_int_equal(confirmed, 1);
	}
	assert_ok(world_write(w, undo, &l, &err));
	assert_fails(world_write(w, undo, &l, &err), AW_CONFLICT, "undone");
	assert_ok(world_read(w, links_of, &l, &err));
	{ /* it waits again, as the program's */
		size_t proposed = 0;

		for (size_t i = 0; i < l.count; i++)
			if (l.at[i].record == l.record) {
				assert_string_equal(l.at[i].state, "proposed");
				assert_false(l.at[i].decided_by.known);
				proposed++;
			}
		assert_int_equal(proposed, 1);
	}
	assert_ok(world_write(w, add_link, &l, &err));
	l.same = false;
	assert_ok(world_write(w, decide, &l, &err));
	assert_ok(world_read(w, links_of, &l, &err));
	for (size_t i = 0; i < l.count; i++)
		assert_true(l.at[i].record != l.record);
	assert_ok(world_read(w, history_of, &l, &err));
	assert_true(l.event_count >= 5);
	l.link = 424242;
	assert_fails(world_write(w, undo, &l, &err), AW_NOT_FOUND, "no such link");
}

/* What stands of a person's links, in words; ids and undone rows are history. */
static const char *
standing_words(struct world *w, struct links *l)
{
	struct aw_buf out = { .arena = &w->arena };
	struct aw_error err = { 0 };

	assert_ok(world_read(w, history_of, l, &err));
	for (size_t i = 0; i < l->event_count; i++) {
		const struct aw_link_event *e = &l->events[i];

		if (e->link.undone_at.known)
			continue;
		aw_buf_printf(&out, "%lld %s %lld %s %lld %lld %s %s\n", (long long)e->link.record,
			e->link.state, (long long)e->link.probability_ppm, e->link.levels,
			(long long)e->link.decided_at,
			e->link.decided_by.known ? (long long)e->link.decided_by.v : 0LL,
			e->reason == NULL ? "-" : e->reason, e->words == NULL ? "-" : e->words);
	}
	return aw_buf_z(&out);
}

/* Three people of one name, born as the record says or not at all: two could be it, both are proposed. */
static void
taking_back_restores_what_stood_before_to_the_letter(void **state)
{
	static const struct aw_link_why told = { .reason = "other", .words = "電話問過媽媽" };
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct made a = { "巫雙雙", NULL, "0800101", "F", NULL, NULL, 0, NULL };
	struct made b = { "巫雙雙", NULL, "0800101", "F", NULL, NULL, 0, NULL };
	struct links first = { 0 }, second = { 0 };
	const char *before_a, *before_b, *between;

	assert_ok(world_write(w, world_make, &a, &err));
	assert_ok(world_write(w, world_make, &b, &err));
	assert_int_equal(load(w, "vulnerable",
				 "資料編號,姓名,出生日期,性別,狀態\nTW1,巫雙雙,0800101,女,在案\n")
				 .proposed,
		2);
	w->viewer.account = 1;
	first.person = a.id;
	second.person = b.id;
	before_a = standing_words(w, &first);
	before_b = standing_words(w, &second);
	assert_non_null(strstr(before_a, " proposed "));

	/* the same person: the other proposal makes way, and both come back */
	first.link = first.events[0].link.id;
	first.same = true;
	assert_ok(world_write(w, decide, &first, &err));
	assert_non_null(strstr(standing_words(w, &first), " confirmed "));
	assert_string_equal(standing_words(w, &second), "");
	first.link = first.decision;
	assert_ok(world_write(w, undo, &first, &err));
	assert_string_equal(standing_words(w, &first), before_a);
	assert_string_equal(standing_words(w, &second), before_b);

	/* un-linked with words, linked again, and each taken back in turn */
	first.link = first.events[0].link.id;
	for (size_t i = 0; i < first.event_count; i++)
		if (!first.events[i].link.undone_at.known)
			first.link = first.events[i].link.id;
	assert_ok(world_write(w, decide, &first, &err));
	between = standing_words(w, &first);
	first.link = first.decision;
	first.same = false;
	first.why = &told;
	assert_ok(world_write(w, decide, &first, &err));
	assert_non_null(strstr(standing_words(w, &first), "電話問過媽媽"));
	first.link = first.decision;
	first.same = true;
	first.why = NULL;
	assert_ok(world_write(w, decide, &first, &err));
	first.link = first.decision;
	assert_ok(world_write(
		w, undo, &first, &err)); /* "not the same" stands again, with its words */
	assert_non_null(strstr(standing_words(w, &first), "rejected"));
	assert_non_null(strstr(standing_words(w, &first), "電話問過媽媽"));
	for (size_t i = 0; i < first.event_count; i++)
		if (!first.events[i].link.undone_at.known)
			first.link = first.events[i].link.id;
	assert_ok(world_write(w, undo, &first, &err));
	assert_string_equal(standing_words(w, &first), between);
	assert_true(first.event_count > 6); /* nothing was lost */

	/* a reason that nobody knows, and one that wants words, change nothing */
	first.why = NULL;
	assert_fails(world_write(w, decide, &first, &err), AW_CONFLICT, "undone");
	first.why = &(struct aw_link_why){ .reason = "because" };
	for (size_t i = 0; i < first.event_count; i++)
		if (!first.events[i].link.undone_at.known)
			first.link = first.events[i].link.id;
	assert_fails(world_write(w, decide, &first, &err), AW_INVALID, "reasons.yaml");
	first.why = &(struct aw_link_why){ .reason = "other" };
	assert_fails(world_write(w, decide, &first, &err), AW_INVALID, "needs words");
	assert_string_equal(standing_words(w, &first), between);
}

/* However surely the program could say so afterwards: loaded again, changed, and with a number. */
static void
not_the_same_outlives_every_import(void **state)
{
	static const char *const rows[] = {
		"TN1,宓如初,,0690909,女,在案\n",
		"TN1,宓如初,C234567891,0690909,女,在案\n",
		"TN1,宓如初,C234567891,0690909,女,曾在案\n",
	};
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct made m = { "宓如初", "C234567891", "0690909", "F", NULL, NULL, 0, NULL };
	struct links l = { 0 };

	assert_ok(world_write(w, world_make, &m, &err));
	w->viewer.account = 1;
	for (size_t i = 0; i < AW_COUNT(rows); i++) {
		struct aw_import_counts counts = load(w, "vulnerable",
			aw_arena_printf(&w->arena, "資料編號,姓名,身分證號,出生日期,性別,狀態\n%s",
				rows[i]));

		assert_int_equal(counts.quarantined, 0);
		l.person = m.id;
		assert_ok(world_read(w, links_of, &l, &err));
		if (i == 0) {
			assert_int_equal(l.count, 1);
			l.link = l.at[0].id;
			l.same = false;
			assert_ok(world_write(w, decide, &l, &err));
		} else {
			assert_int_equal(counts.changed, 1);
			assert_int_equal(l.count, 0);
		}
	}
	/* and where nobody said so, the same row is linked: the test can fail */
	assert_int_equal(load(w, "vulnerable",
				 "資料編號,姓名,身分證號,出生日期,性別,狀態\n"
				 "TN2,宓如初,C234567891,0690909,女,在案\n")
				 .linked,
		1);
}

static void
what_a_person_rejected_is_not_proposed_again(void **state)
{
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct aw_import_counts counts = load(w, "protection",
		COMMON ",案件類別,身分\n"
		       "P5,1101207,王小明,,,,男,,,,在案,1101102,,家防中心,612,兒少保護,目睹兒少\n");
	struct links l = { 0 };

	assert_int_equal(counts.changed, 1);
	assert_int_equal(counts.proposed + counts.linked, 0);
	assert_ok(world_read(w, links_of, &l, &err));
	assert_int_equal(l.count, 0);
}

/* -- the ledger in the context --------------------------------------------------------------------------- */

struct told {
	int64_t boy, mother;
};

static enum aw_status
tell(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct told *t = arg;
	struct aw_involvement one = { .kind = "report",
		.detail = "child_protection",
		.role = "victim",
		.reference = 501,
		.number = "RC1101101-0001-1" };
	struct aw_involvement service = { .person = t->mother,
		.kind = "service_case",
		.detail = "adult_ipv",
		.role = "subject",
		.unit = "dv_adult",
		.reference = 601,
		.number = "SC1101101-0001-1",
		.from_at = act->now_ms - 30 * AW_DAY_MS };

	one.person = t->boy;
	one.from_at = act->now_ms - 40 * AW_DAY_MS;
	one.to_at = AW_KNOWN(one.from_at);
	if (aw_involvement_add(act, &one, err) != AW_OK)
		return err->status;
	one.person = t->mother; /* the same report names the mother */
	one.role = "caregiver";
	if (aw_involvement_add(act, &one, err) != AW_OK)
		return err->status;
	one.person = t->boy;
	one.reference = 502;
	one.detail = "sexual_assault";
	one.from_at = act->now_ms - 200 * AW_DAY_MS;
	one.to_at = AW_KNOWN(one.from_at);
	if (aw_involvement_add(act, &one, err) != AW_OK)
		return err->status;
	one.reference = 503;
	one.from_at = act->now_ms - 366 * AW_DAY_MS;
	one.to_at = AW_KNOWN(one.from_at);
	if (aw_involvement_add(act, &one, err) != AW_OK)
		return err->status;
	return aw_involvement_add(act, &service, err);
}

static enum aw_status
ask_without_501(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct asked *a = arg;

	return aw_person_context(act, a->person, 501, &a->context, err);
}

static void
earlier_reports_of_the_household_count_once_each(void **state)
{
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct told t = { who(w, "王小明"), who(w, "陳美玲") };
	struct asked a;

	assert_ok(world_write(w, tell, &t, &err));
	a = context_of(w, "王小明");
	assert_int_equal(a.context.own_90, 1);
	assert_int_equal(a.context.own_365, 2);
	assert_int_equal(a.context.household_90, 1);
	assert_int_equal(a.context.household_365, 2);
	assert_int_equal(a.context.report_count, 2);
	assert_int_equal(a.context.reports[0].involvement.reference, 501);
	assert_true(a.context.reports[0].own);
	assert_true(a.context.reports[1].sealed_kind);
	assert_int_equal(a.context.case_count, 1);
	assert_false(a.context.cases[0].own);
	assert_int_equal(fact(&a, "prior_90"), 1);
	assert_int_equal(fact(&a, "prior_365"), 2);
	a = context_of(w, "陳美玲");
	assert_int_equal(a.context.own_90, 1);
	assert_int_equal(a.context.household_365, 2);
	assert_int_equal(fact(&a, "open_protection"), 1);
	a.person = t.boy;
	assert_ok(world_read(w, ask_without_501, &a, &err));
	assert_int_equal(a.context.household_90, 0);
	assert_int_equal(a.context.household_365, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_base_becomes_people_and_households),
		cmocka_unit_test(a_changed_name_and_a_move_are_taken_over),
		cmocka_unit_test(rows_are_linked_proposed_or_left_alone),
		cmocka_unit_test(loading_again_changes_nothing_and_a_change_is_seen),
		cmocka_unit_test(what_could_not_be_read_is_kept_sealed_with_its_place),
		cmocka_unit_test(big5_is_recognised),
		cmocka_unit_test(a_file_that_cannot_be_read_as_a_whole_changes_nothing),
		cmocka_unit_test(a_person_decides_a_doubtful_link_and_can_take_it_back),
		cmocka_unit_test(taking_back_restores_what_stood_before_to_the_letter),
		cmocka_unit_test(not_the_same_outlives_every_import),
		cmocka_unit_test(what_a_person_rejected_is_not_proposed_again),
		cmocka_unit_test(earlier_reports_of_the_household_count_once_each),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
