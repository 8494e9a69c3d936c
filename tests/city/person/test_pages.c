/* The pages of people: whom one may not know of is nobody, what one may not see is hidden. */
#include "city/person/pages.h"

#include "city/person/register.h"
#include "guard/handle.h"
#include "guard/relation.h"
#include "../pagetest.h"
#include "world.h"

static const struct aw_session typed_in = { .handle_key = { 1, 2, 3 } };

/* What the URL of a search holds. */
static const char *
handle_of(struct world *w, const char *q)
{
	struct aw_error err = { 0 };
	const char *handle = NULL;

	assert_ok(aw_handle_make(&w->arena, &typed_in, "people", q, w->now_ms, &handle, &err));
	return handle;
}

static json_t *
search(struct world *w, const char *q)
{
	struct request r = { .handler = aw_people_show,
		.type = &aw_people_view,
		.session = &typed_in,
		.path = { "none", "" },
		.values = { { "search", handle_of(w, q) } },
		.value_count = 1 };
	struct aw_error err = { 0 };

	assert_ok(world_read(w, handle, &r, &err));
	return r.page;
}

static bool
is_hidden(const json_t *object, const char *field)
{
	return json_object_get(json_object_get(object, field), "hidden") != NULL;
}

static struct made
make(struct world *w, const char *name, const char *number)
{
	struct made m = { name, number, "0790305", "M", "0900012345", "基隆市信義區東信路177巷12號",
		0, NULL };
	struct aw_error err = { 0 };

	assert_ok(world_write(w, world_make, &m, &err));
	return m;
}

static void
a_search_lists_only_whom_the_viewer_may_know_of(void **state)
{
	struct world *w = *state;
	struct made m = make(w, "闕文山", "C512345670");
	json_t *page, *hit;

	world_as(w, 1, "centre", "screener", "screening");
	page = search(w, "闕文山");
	assert_int_equal(json_integer_value(json_object_get(page, "count")), 1);
	assert_true(json_is_true(json_object_get(page, "may_create")));
	hit = json_array_get(json_object_get(page, "hits"), 0);
	assert_string_equal(aw_json_string(hit, "number"), m.public_number);
	assert_string_equal(aw_json_string(hit, "name"), "闕文山");
	assert_true(is_hidden(hit, "district"));
	page = search(w, "闕文三");
	assert_true(json_is_true(json_object_get(page, "near")));
	assert_string_equal(aw_json_string(page, "how"), "name_near");
	world_as(w, 1, "centre", "reporter", "reporting");
	page = search(w, "闕文山");
	assert_int_equal(json_integer_value(json_object_get(page, "count")), 0);
	assert_int_equal(json_array_size(json_object_get(page, "hits")), 0);
	assert_false(json_is_true(json_object_get(page, "may_create")));
}

static void
a_handle_that_does_not_open_finds_nobody_and_says_so(void **state)
{
	struct world *w = *state;
	struct made m = make(w, "闕文川", NULL);
	char *changed = aw_arena_strdup(&w->arena, handle_of(w, m.name));
	struct request r = { .handler = aw_people_show,
		.type = &aw_people_view,
		.session = &typed_in,
		.path = { "none", "" },
		.values = { { "search", changed } },
		.value_count = 1 };
	struct aw_error err = { 0 };
	json_t *page;

	world_as(w, 1, "centre", "screener", "screening");
	changed[40] = changed[40] == 'A' ? 'B' : 'A';
	assert_ok(world_read(w, handle, &r, &err));
	page = r.page;
	assert_true(json_is_true(json_object_get(page, "expired")));
	assert_false(json_is_true(json_object_get(page, "asked")));
	assert_int_equal(json_array_size(json_object_get(page, "hits")), 0);
	assert_true(json_is_true(json_object_get(search(w, m.name), "asked")));
}

static void
a_public_number_leads_to_what_it_names(void **state)
{
	struct world *w = *state;
	struct made m = make(w, "鮑文海", NULL);
	struct request r = { .handler = aw_people_show,
		.type = &aw_people_view,
		.session = &typed_in,
		.path = { "none", "" },
		.values = { { "search", handle_of(w, m.public_number) } },
		.value_count = 1 };
	struct aw_error err = { 0 };

	world_as(w, 1, "centre", "screener", "screening");
	assert_ok(world_read(w, handle, &r, &err));
	assert_int_equal(r.call.answer, AW_ANSWER_REDIRECT);
	assert_string_equal(
		r.call.location, aw_arena_printf(&w->arena, "/people/%s", m.public_number));
}

static void
a_person_shows_what_the_role_opens_and_hides_the_rest(void **state)
{
	struct world *w = *state;
	struct made m = make(w, "裴文水", "C545678901");
	struct request r = { .handler = aw_person_show,
		.type = &aw_person_page_view,
		.session = &typed_in,
		.path = { "number", m.public_number } };
	struct aw_error err = { 0 };
	json_t *page;

	world_as(w, 1, "centre", "screener", "screening");
	assert_ok(world_read(w, handle, &r, &err));
	page = r.page;
	assert_string_equal(aw_json_string(page, "name"), "裴文水");
	assert_true(is_hidden(page, "numbers"));
	assert_true(is_hidden(page, "addresses"));
	assert_true(is_hidden(page, "phones"));
	assert_int_equal(json_array_size(json_object_get(page, "registers")), 7);
	assert_null(strstr(aw_json_text(&w->arena, page), "C545678901"));
	assert_null(strstr(aw_json_text(&w->arena, page), "東信路"));
	assert_string_equal(r.call.act.object, m.public_number);
	assert_non_null(r.call.act.looked);
	world_as(w, 1, "centre", "reporter", "reporting");
	assert_fails(world_read(w, handle, &r, &err), AW_NOT_FOUND, "no person");
	r.path.value = "PC1101206-9999-0";
	assert_fails(world_read(w, handle, &r, &err), AW_NOT_FOUND, "no person");
}

static void
somebody_alike_is_shown_before_another_is_made(void **state)
{
	struct world *w = *state;
	size_t before;
	struct request r = { .handler = aw_person_new,
		.type = &aw_people_view,
		.session = &typed_in,
		.path = { "none", "" },
		.values = { { "name", "龔文石" }, { "birth_date", "79/3/5" }, { "sex", "M" } },
		.value_count = 3 };
	struct aw_error err = { 0 };
	json_t *page;

	make(w, "龔文石", "C578901234");
	before = aw_people_count(w->people);
	world_as(w, 1, "centre", "screener", "screening");
	assert_ok(world_write(w, handle, &r, &err));
	assert_non_null(r.call.problems);
	assert_string_equal(r.call.problems->message, "problem.person_alike");
	page = r.page;
	assert_int_equal(json_array_size(json_object_get(page, "alike")), 1);
	assert_int_equal(aw_people_count(w->people), before);
	r.values[r.value_count++] = (struct aw_form_value){ "sure", "1" };
	assert_ok(world_write(w, handle, &r, &err));
	assert_null(r.call.problems);
	assert_int_equal(r.call.answer, AW_ANSWER_REDIRECT);
	assert_int_equal(aw_people_count(w->people), before + 1);
	r.values[1].value = "79/13/5";
	assert_ok(world_write(w, handle, &r, &err));
	assert_string_equal(r.call.problems->field, "birth_date");
	r.values[1].value = "";
	r.values[0].value = " ";
	assert_ok(world_write(w, handle, &r, &err));
	assert_string_equal(r.call.problems->message, "problem.person_unnamed");
}

struct standing_links {
	int64_t person;
	struct aw_identity_link *at;
	size_t count;
};

static enum aw_status
read_links(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct standing_links *l = arg;

	return aw_identity_links_of(act, l->person, &l->at, &l->count, err);
}

/* A report with the person waits in the viewer's unit. */
static enum aw_status
screen(struct aw_act *act, void *arg, struct aw_error *err)
{
	return aw_relation_add(act,
		&(struct aw_tie){ .unit = "centre",
			.person = ((struct standing_links *)arg)->person,
			.side = "neutral",
			.kind = AW_TIE_SCREENING,
			.reference = 1 },
		err);
}

static void
a_link_is_decided_on_the_page_and_an_old_list_is_refused(void **state)
{
	char number[24];
	struct world *w = *state;
	struct made m = make(w, "苗文木", "C589012345");
	struct aw_import_counts counts;
	struct aw_import_options options = { .db = w->db.db,
		.keyring = w->db.keyring,
		.ids = &w->ids,
		.people = w->people,
		.policy = w->policy,
		.viewer = &w->viewer,
		.now_ms = w->now_ms,
		.real_ms = w->now_ms,
		.demo = true,
		.register_code = "vulnerable",
		.file_name = "v.csv" };
	struct request r = { .handler = aw_person_link,
		.type = &aw_person_page_view,
		.session = &typed_in,
		.path = { "number", m.public_number },
		.values = { { "link", "" }, { "choice", "other" }, { "reason", "namesake" } },
		.value_count = 3 };
	struct standing_links links = { .person = m.id };
	struct aw_error err = { 0 };

	world_as(w, 1, "centre", "screener", "screening");
	assert_ok(aw_register_import(&options,
		aw_str("資料編號,姓名,身分證號,狀態\nV1,苗文木,C589012345,在案\n"), &counts, &err));
	assert_int_equal(counts.linked, 1);
	assert_ok(world_read(w, read_links, &links, &err));
	assert_int_equal(links.count, 1);
	(void)snprintf(number, sizeof(number), "%lld", (long long)links.at[0].id);
	r.values[0].value = number;
	/* a register that the viewer may not know of: as if there were no link */
	assert_fails(world_write(w, handle, &r, &err), AW_NOT_FOUND, "no such link");
	assert_ok(world_write(w, screen, &links, &err));
	r.values[1].value = "perhaps";
	assert_fails(world_write(w, handle, &r, &err), AW_INVALID, "choose");
	r.values[1].value = "other";
	r.values[2].value = "because";
	assert_fails(world_write(w, handle, &r, &err), AW_INVALID, "reasons.yaml");
	r.values[2].value = "namesake";
	assert_ok(world_write(w, handle, &r, &err));
	assert_int_equal(r.call.answer, AW_ANSWER_REDIRECT);
	assert_fails(world_write(w, handle, &r, &err), AW_CONFLICT, "look again");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_search_lists_only_whom_the_viewer_may_know_of),
		cmocka_unit_test(a_handle_that_does_not_open_finds_nobody_and_says_so),
		cmocka_unit_test(a_public_number_leads_to_what_it_names),
		cmocka_unit_test(a_person_shows_what_the_role_opens_and_hides_the_rest),
		cmocka_unit_test(somebody_alike_is_shown_before_another_is_made),
		cmocka_unit_test(a_link_is_decided_on_the_page_and_an_old_list_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
