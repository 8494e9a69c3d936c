/* 人與家庭: the search page, and a new person after a search. */
#include "city/person/pages.h"

#include <string.h>

#include "base/clock.h"
#include "city/person/page_rows.h"
#include "city/person/people.h"
#include "city/person/person.h"
#include "guard/handle.h"

enum { HIT_LIMIT = 50, ALIKE_LIMIT = 5 };

AW_VIEW_TYPE(aw_people_view, "People", "person/people", AW_FIELD("q", TEXT, OPEN),
	AW_FIELD("asked", FLAG, OPEN), AW_FIELD("expired", FLAG, OPEN),
	AW_FIELD_CODE("how", OPEN, "search.how"), AW_FIELD("near", FLAG, OPEN),
	AW_FIELD("count", NUMBER, OPEN), AW_FIELD("more", FLAG, OPEN),
	AW_FIELD_OF("hits", LIST, OPEN, &aw_person_row_view),
	AW_FIELD_OF("alike", LIST, OPEN, &aw_person_row_view), AW_FIELD("may_create", FLAG, OPEN),
	AW_FIELD("may_glass", FLAG, OPEN), AW_FIELD("new_name", TEXT, IDENTITY));

static bool
may(const struct aw_call *call, const char *permission)
{
	return aw_access_may_do(call->act.policy, call->act.viewer, permission);
}

/* Those whom the viewer may know of, in the order given. */
static enum aw_status
list_people(struct aw_call *call, const char *list, const int64_t *persons, size_t count,
	int64_t *ret_listed, struct aw_error *err)
{
	bool *shown = AW_NEW_ARRAY(call->act.arena, bool, count + 1);

	*ret_listed = 0;
	if (count == 0)
		return AW_OK;
	if (aw_access_filter(&call->act, persons, count, AW_CLASS_IDENTITY, shown, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		enum aw_status status;

		if (!shown[i])
			continue;
		status = aw_person_row_add(call, call->view, list, persons[i], NULL, NULL, err);
		if (status == AW_NOT_FOUND) /* erased meanwhile */
			continue;
		if (status != AW_OK)
			return status;
		++*ret_listed;
	}
	return AW_OK;
}

/* A public number goes where it leads; false when the text is none. */
static bool
follow_number(struct aw_call *call, const char *q)
{
	static const struct {
		char kind;
		const char *path;
	} kinds[] = { { 'P', "/people" }, { 'R', "/reports" }, { 'F', "/families" },
		{ 'S', "/cases" } };
	char *upper = aw_arena_strdup(call->act.arena, q);

	for (char *at = upper; *at != '\0'; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 32);
	for (size_t i = 0; i < AW_COUNT(kinds); i++) {
		const char prefix[] = { kinds[i].kind, '\0' };

		if (aw_public_number_valid(upper, prefix)) {
			aw_call_redirect(call, NULL, "%s/%s", kinds[i].path, upper);
			return true;
		}
	}
	return false;
}

static const char *
how_code(enum aw_search_how how)
{
	static const char *const codes[] = { "nothing", "name", "name_near", "number",
		"number_near", "phone", "mixed" };

	return codes[how];
}

static enum aw_status
search(struct aw_call *call, const char *q, struct aw_error *err)
{
	struct aw_search_hits hits;
	int64_t listed;

	aw_people_search(call->act.people, call->act.arena, q, HIT_LIMIT, &hits);
	if (list_people(call, "hits", hits.persons, hits.count, &listed, err) != AW_OK)
		return err->status;
	if (listed == 0 && (hits.how == AW_SEARCH_NAME || hits.how == AW_SEARCH_NUMBER)) {
		/* whom one may not know of is like nobody: what is nearly so is looked for, too */
		aw_people_search_near(call->act.people, call->act.arena, q, HIT_LIMIT, &hits);
		if (list_people(call, "hits", hits.persons, hits.count, &listed, err) != AW_OK)
			return err->status;
	}
	aw_view_flag(call->view, "asked", true);
	aw_view_text(call->view, "how", how_code(hits.how));
	aw_view_flag(call->view, "near",
		hits.how == AW_SEARCH_NAME_NEAR || hits.how == AW_SEARCH_NUMBER_NEAR);
	aw_view_int(call->view, "count", listed);
	aw_view_flag(call->view, "more", hits.more && listed > 0);
	aw_view_flag(call->view, "may_create",
		hits.how != AW_SEARCH_NOTHING && may(call, "person.link"));
	aw_view_flag(call->view, "may_glass", may(call, "person.break_glass"));
	if (hits.how == AW_SEARCH_NAME || hits.how == AW_SEARCH_NAME_NEAR)
		aw_view_text(call->view, "new_name", q);
	return AW_OK;
}

enum aw_status
aw_people_show(struct aw_call *call, struct aw_error *err)
{
	const char *handle = aw_call_value(call, "search");
	const char *q = handle == NULL ? NULL
				       : aw_handle_open(call->act.arena, call->act.session,
						 "people", handle, call->act.real_ms);

	aw_view_flag(call->view, "expired", handle != NULL && q == NULL);
	if (q != NULL && follow_number(call, q))
		return AW_OK;
	aw_view_text(call->view, "q", q);
	if (q == NULL) {
		aw_view_flag(call->view, "asked", false);
		return AW_OK;
	}
	return search(call, q, err);
}

/* -- a new person ---------------------------------------------------------------------------------- */

static void
read_form(struct aw_call *call, struct aw_identity *identity)
{
	struct aw_arena *arena = call->act.arena;
	const char *birth = aw_call_value(call, "birth_date");
	struct aw_idno idno;

	aw_identity_set_sex(identity, aw_call_value(call, "sex"));
	aw_identity_add_name(arena, identity, AW_NAME_CURRENT, aw_call_value(call, "name"));
	aw_identity_add_number(arena, identity, aw_call_value(call, "national_id"));
	aw_identity_add_phone(arena, identity, aw_call_value(call, "phone"));
	aw_identity_add_address(
		arena, identity, AW_ADDRESS_RESIDENCE, aw_call_value(call, "address"));
	if (birth != NULL && !aw_identity_set_birth(arena, identity, birth))
		aw_call_problem(call, "birth_date", "problem.date", NULL);
	if (identity->name_count == 0 && identity->number_count == 0)
		aw_call_problem(call, "name", "problem.person_unnamed", NULL);
	if (!call->act.demo && aw_idno_read(aw_str(aw_identity_number(identity)), &idno) &&
		idno.kind == AW_IDNO_DEMO)
		aw_call_problem(call, "national_id", "problem.demo_number", NULL);
}

/* People like the one that was typed, whom somebody should look at before making another. */
static enum aw_status
show_alike(struct aw_call *call, const struct aw_identity *identity, bool *ret_any,
	struct aw_error *err)
{
	struct aw_person_query query = { .identity = identity,
		.age = -1,
		.on_day = aw_taipei_day(call->act.now_ms),
		.policy = call->act.policy };
	int64_t persons[ALIKE_LIMIT], listed;
	struct aw_candidates found;

	aw_people_find(call->act.people, call->act.arena, &query, ALIKE_LIMIT, &found);
	for (size_t i = 0; i < found.count; i++)
		persons[i] = found.at[i].person;
	if (list_people(call, "alike", persons, found.count, &listed, err) != AW_OK)
		return err->status;
	*ret_any = listed > 0;
	return AW_OK;
}

enum aw_status
aw_person_new(struct aw_call *call, struct aw_error *err)
{
	struct aw_identity identity = { 0 };
	const char *number;
	int64_t person;
	bool alike = false;

	read_form(call, &identity);
	if (call->problems == NULL && aw_call_value(call, "sure") == NULL &&
		show_alike(call, &identity, &alike, err) != AW_OK)
		return err->status;
	if (alike)
		aw_call_problem(call, "", "problem.person_alike", NULL);
	if (call->problems != NULL) {
		aw_view_flag(call->view, "asked", true);
		aw_view_flag(call->view, "may_create", true);
		return AW_OK;
	}
	if (aw_person_create(&call->act, &identity, "worker", &person, &number, err) != AW_OK)
		return err->status;
	call->act.object = number;
	aw_act_looked(&call->act, person,
		AW_CLASS_BIT(AW_CLASS_IDENTITY) | AW_CLASS_BIT(AW_CLASS_NUMBER) |
			AW_CLASS_BIT(AW_CLASS_ADDRESS) | AW_CLASS_BIT(AW_CLASS_CONTACT));
	aw_call_redirect(call, "notice.person_created", "/people/%s", number);
	return AW_OK;
}
