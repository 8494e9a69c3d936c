/* The queue of proposed links: who sees what of it, what an answer does, and how it is taken back. */
#include "city/desk/review.h"

#include "../pagetest.h"
#include "../person/world.h"
#include "city/person/register.h"

static enum aw_status
gate(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct request *r = arg;
	struct aw_call call = { .act = *act, .path_values = &r->path, .path_count = 1 };

	return aw_review_gate(&call, err);
}

static void
load(struct world *w, const char *code, const char *text, struct aw_import_counts *counts)
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
	struct aw_error err = { 0 };

	assert_ok(aw_register_import(&options, aw_str(text), counts, &err));
}

static json_t *
queue(struct world *w)
{
	struct request r = { .handler = aw_review_queue_show, .type = &aw_review_queue_view };
	struct aw_error err = { 0 };

	assert_ok(world_read(w, handle, &r, &err));
	return r.page;
}

static int64_t
total(struct world *w)
{
	return json_integer_value(json_object_get(queue(w), "total"));
}

/* The number in the path of a row of the queue. */
static const char *
link_of_row(struct world *w, const char *name)
{
	const json_t *rows = json_object_get(queue(w), "rows");

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);

		if (strcmp(aw_json_string(row, "name"), name) == 0)
			return aw_arena_strdup(
				&w->arena, aw_json_string(row, "path") + strlen("/links/"));
	}
	return NULL;
}

static struct made
doubtful(struct world *w, const char *register_code, const char *source_id, const char *name)
{
	struct made m = { name, NULL, "0700315", "M", "0900012345", "基隆市信義區東信路177巷12號",
		0, NULL };
	struct aw_import_counts counts = { 0 };
	struct aw_error err = { 0 };

	assert_ok(world_write(w, world_make, &m, &err));
	load(w, register_code,
		aw_arena_printf(&w->arena,
			"資料編號,姓名,出生日期,性別,狀態\n%s,%s,0700315,女,在案\n", source_id,
			name),
		&counts);
	assert_int_equal(counts.proposed, 1);
	return m;
}

static const struct aw_looked *
looked_at(const struct request *r, int64_t person)
{
	const struct aw_looked *at = r->call.act.looked;

	while (at != NULL && at->person != person)
		at = at->next;
	return at;
}

static void
a_pair_is_shown_to_who_settles_links_and_to_nobody_else(void **state)
{
	struct world *w = *state;
	struct made m;
	struct request r = { .handler = aw_review_show, .type = &aw_review_view };
	struct aw_error err = { 0 };
	const char *hidden;

	world_as(w, 1, "centre", "screener", "screening");
	m = doubtful(w, "vulnerable", "R1", "闕示山");
	assert_int_equal(total(w), 1);
	r.path = (struct aw_form_value){ "link", link_of_row(w, "闕示山") };
	assert_ok(world_read(w, handle, &r, &err));
	assert_string_equal(aw_json_string(r.page, "name"), "闕示山");
	assert_int_equal(json_array_size(json_object_get(r.page, "fields")), 6);
	assert_true(json_array_size(json_object_get(r.page, "conflicts")) > 0);
	/* looked at once, with the classes shown, and under the person's number */
	assert_non_null(looked_at(&r, m.id));
	assert_true(looked_at(&r, m.id)->classes & AW_CLASS_BIT(AW_CLASS_ADDRESS));
	assert_string_equal(r.call.act.object, m.public_number);

	/* a worker who settles no links: as if there were none */
	world_as(w, 2, "centre", "worker", "casework");
	assert_int_equal(total(w), 0);
	assert_fails(world_read(w, gate, &r, &err), AW_NOT_FOUND, "no such link");
	hidden = aw_arena_strdup(&w->arena, err.text);
	r.path.value = "424242";
	assert_fails(world_read(w, gate, &r, &err), AW_NOT_FOUND, "no such link");
	assert_string_equal(err.text, hidden);
	r.path.value = "nonsense";
	assert_fails(world_read(w, gate, &r, &err), AW_NOT_FOUND, "no such link");
	/* nor for another purpose, which opens nothing */
	world_as(w, 1, "centre", "screener", "casework");
	assert_int_equal(total(w), 0);
}

static void
a_register_of_a_sealed_class_is_not_in_the_queue_of_who_may_not_see_it(void **state)
{
	struct world *w = *state;

	world_as(w, 1, "centre", "screener", "screening");
	(void)doubtful(w, "psychiatric", "R2", "苗示木");
	assert_non_null(link_of_row(w, "苗示木")); /* a screener's role sees health in screening */
	world_as(w, 1, "centre", "supervisor", "casework");
	assert_null(link_of_row(w, "苗示木"));
}

static struct request
answer(struct world *w, const char *link, const char *choice, const char *reason)
{
	struct request r = { .handler = aw_review_answer,
		.type = &aw_review_view,
		.path = { "link", link },
		.values = { { "choice", choice }, { "reason", reason } },
		.value_count = 2 };
	struct aw_error err = { 0 };

	assert_ok(world_write(w, handle, &r, &err));
	return r;
}

static void
an_answer_leads_to_the_next_and_is_taken_back_by_one_key(void **state)
{
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct request r;
	int64_t before;
	const char *first;
	json_t *last;

	world_as(w, 1, "centre", "screener", "screening");
	before = total(w);
	first = link_of_row(w, "闕示山");
	r = answer(w, first, "same", "because");
	assert_string_equal(r.call.problems->field, "reason");
	r = answer(w, first, "perhaps", "compared");
	assert_string_equal(r.call.problems->field, "choice");
	assert_int_equal(total(w), before);
	r = answer(w, first, "other", "sibling");
	assert_int_equal(r.call.answer, AW_ANSWER_REDIRECT);
	assert_non_null(strstr(r.call.location, "/links/"));
	assert_string_equal(r.call.notice, "notice.linked");
	assert_int_equal(total(w), before - 1);

	/* whoever answers the same pair afterwards learns that it was settled, and changes nothing */
	world_as(w, 2, "centre", "dispatch_reviewer", "screening");
	r = answer(w, first, "same", "compared");
	assert_string_equal(r.call.notice, "notice.link_settled");
	r = (struct request){
		.handler = aw_review_show, .type = &aw_review_view, .path = { "link", first }
	};
	assert_ok(world_read(w, handle, &r, &err));
	assert_string_equal(
		aw_json_string(json_object_get(r.page, "settled"), "state"), "rejected");

	/* taken back by who gave it: it waits again */
	world_as(w, 1, "centre", "screener", "screening");
	last = json_object_get(queue(w), "last_decision");
	assert_string_equal(aw_json_string(last, "state"), "rejected");
	r = (struct request){ .handler = aw_review_undo,
		.type = &aw_review_view,
		.path = { "link", aw_arena_strdup(&w->arena,
					  aw_json_string(last, "path") + strlen("/links/")) } };
	assert_ok(world_write(w, handle, &r, &err));
	assert_int_equal(total(w), before);
	assert_ok(world_write(w, handle, &r, &err));
	assert_string_equal(r.call.notice, "notice.link_settled");
	assert_true(json_is_null(json_object_get(queue(w), "last_decision")));
}

/* The standing decision of a pair, as its page shows it. */
static const json_t *
settled(struct world *w, const char *link)
{
	struct request r = {
		.handler = aw_review_show, .type = &aw_review_view, .path = { "link", link }
	};
	struct aw_error err = { 0 };

	assert_ok(world_read(w, handle, &r, &err));
	return json_object_get(r.page, "settled");
}

static const char *
second_of(struct world *w, const char *link)
{
	const char *path = aw_json_string(settled(w, link), "second");

	return path == NULL ? NULL : aw_arena_strdup(&w->arena, path + strlen("/links/"));
}

static int64_t
figure(struct world *w, const char *name)
{
	return json_integer_value(json_object_get(queue(w), name));
}

static void
two_people_judge_a_pair_and_whether_they_agree_is_counted(void **state)
{
	struct world *w = *state;
	struct aw_error err = { 0 };
	struct request r;
	const char *link, *second;

	world_as(w, 1, "centre", "screener", "screening");
	(void)doubtful(w, "vulnerable", "R3", "宓示江");
	link = link_of_row(w, "宓示江");
	r = answer(w, link, "other", "namesake");
	assert_string_equal(r.call.notice, "notice.linked");
	assert_null(second_of(w, link)); /* nobody is their own second */
	assert_int_equal(figure(w, "pairs"), 0);

	world_as(w, 2, "centre", "dispatch_reviewer", "screening");
	second = second_of(w, link);
	assert_non_null(second);
	r = answer(w, second, "unsure", NULL);
	assert_string_equal(r.call.problems->field, "choice");
	r = answer(w, second, "other", "compared");
	assert_string_equal(r.call.notice, "notice.link_second");
	assert_int_equal(figure(w, "pairs"), 1);
	assert_int_equal(figure(w, "agreed"), 1);
	assert_null(second_of(w, link));
	r = answer(w, second, "same", "compared"); /* an old page changes nothing */
	assert_string_equal(r.call.notice, "notice.link_settled");

	world_as(w, 1, "centre", "screener", "screening");
	w->now_ms += 1000;
	second = second_of(w, link);
	r = answer(w, second, "same", "documents");
	assert_string_equal(aw_json_string(settled(w, link), "state"), "confirmed");
	assert_int_equal(figure(w, "pairs"), 2);
	assert_int_equal(figure(w, "agreed"), 1);
	/* taken back, it is no judgement */
	r = (struct request){ .handler = aw_review_undo,
		.type = &aw_review_view,
		.path = { "link", strrchr(r.call.location, '/') + 1 } };
	assert_ok(world_write(w, handle, &r, &err));
	assert_int_equal(figure(w, "pairs"), 1);
	assert_string_equal(aw_json_string(settled(w, link), "state"), "rejected");
}

static void
what_nobody_could_tell_waits_behind_the_others(void **state)
{
	struct world *w = *state;
	struct request r;
	const json_t *rows;
	const char *first;
	size_t count;

	world_as(w, 1, "centre", "screener", "screening");
	rows = json_object_get(queue(w), "rows");
	count = json_array_size(rows);
	assert_true(count >= 2);
	first = aw_arena_strdup(
		&w->arena, aw_json_string(json_array_get(rows, 0), "path") + strlen("/links/"));
	r = answer(w, first, "unsure", NULL);
	assert_string_equal(r.call.notice, "notice.link_unsure");
	rows = json_object_get(queue(w), "rows");
	assert_int_equal(json_array_size(rows), count);
	assert_string_equal(
		aw_json_string(json_array_get(rows, count - 1), "path") + strlen("/links/"), first);
	assert_true(json_is_true(json_object_get(json_array_get(rows, count - 1), "doubted")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pair_is_shown_to_who_settles_links_and_to_nobody_else),
		cmocka_unit_test(
			a_register_of_a_sealed_class_is_not_in_the_queue_of_who_may_not_see_it),
		cmocka_unit_test(an_answer_leads_to_the_next_and_is_taken_back_by_one_key),
		cmocka_unit_test(two_people_judge_a_pair_and_whether_they_agree_is_counted),
		cmocka_unit_test(what_nobody_could_tell_waits_behind_the_others),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
