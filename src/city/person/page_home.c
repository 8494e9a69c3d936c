/* Who may live with a person: the rows of their page, and the answer to one. */
#include "city/person/page_home.h"

#include <string.h>

#include "base/clock.h"
#include "city/person/home.h"
#include "city/person/page_rows.h"

const AW_VIEW_TYPE(aw_home_mate_view, "HomeMate", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("path", LINK, OPEN), AW_FIELD("answer", LINK, OPEN),
	AW_FIELD("name", TEXT, IDENTITY), AW_FIELD_CODE("sex", IDENTITY, "sex"),
	AW_FIELD("age", NUMBER, IDENTITY), AW_FIELD_CODE("place", ADDRESS, "home.place"),
	AW_FIELD_CODE("kin", IDENTITY, "kin"), AW_FIELD("surname", FLAG, IDENTITY),
	AW_FIELD_CODE("state", ADDRESS, "home.state"), AW_FIELD("proposed", FLAG, OPEN),
	AW_FIELD("together", FLAG, OPEN), AW_FIELD("decider", TEXT, OPEN),
	AW_FIELD("decided_at", INSTANT, OPEN), AW_FIELD("reason", TEXT, OPEN));

static bool
shows_address(const struct aw_access *access)
{
	return !access->shielded && aw_access_may(access, AW_CLASS_IDENTITY) &&
	       aw_access_may(access, AW_CLASS_ADDRESS) &&
	       aw_access_lists(access, AW_CLASS_ADDRESS, NULL);
}

static bool
may_decide(const struct aw_call *call, const struct aw_access *access)
{
	return shows_address(access) &&
	       aw_access_may_do(call->act.policy, call->act.viewer, "person.home");
}

static enum aw_status
put_mate(struct aw_call *call, const struct aw_person *person, const struct aw_home_mate *mate,
	struct aw_error *err)
{
	struct aw_access access;
	struct aw_person known;
	struct aw_view *item;

	if (aw_access_to(&call->act, mate->person, &access, err) != AW_OK ||
		aw_person_known(&call->act, mate->person, &known, err) != AW_OK)
		return err->status;
	if (!shows_address(&access) || known.erased)
		return AW_OK;
	item = aw_view_item(call->view, "mates");
	aw_view_allow_as(item, &access);
	aw_act_looked(&call->act, mate->person,
		AW_CLASS_BIT(AW_CLASS_IDENTITY) | AW_CLASS_BIT(AW_CLASS_ADDRESS));
	aw_view_text(item, "number", known.number);
	aw_view_text(item, "path", aw_arena_printf(call->act.arena, "/people/%s", known.number));
	aw_view_text(item, "answer",
		aw_arena_printf(call->act.arena, "/people/%s/home", person->number));
	aw_person_view_known(item, &known, aw_taipei_day(call->act.now_ms));
	aw_view_text(item, "place", mate->place);
	aw_view_text(item, "kin", mate->kin);
	aw_view_flag(item, "surname", mate->surname);
	aw_view_text(item, "state", mate->state);
	aw_view_flag(item, "proposed", mate->decision == 0);
	aw_view_flag(item, "together", strcmp(mate->state, "together") == 0);
	if (mate->decision == 0)
		return AW_OK;
	aw_view_text(item, "decider", mate->decider);
	aw_view_int(item, "decided_at", mate->decided_at);
	aw_view_text(item, "reason", aw_call_label(call, "link", mate->reason));
	return AW_OK;
}

enum aw_status
aw_person_home_fill(struct aw_call *call, const struct aw_person *person,
	const struct aw_access *access, struct aw_error *err)
{
	struct aw_home_mate *mates;
	size_t count;

	if (!may_decide(call, access))
		return AW_OK;
	if (aw_home_mates(&call->act, person, &mates, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (put_mate(call, person, &mates[i], err) != AW_OK)
			return err->status;
	return AW_OK;
}

enum aw_status
aw_person_home_answer(struct aw_call *call, const struct aw_person *person,
	const struct aw_access *access, struct aw_error *err)
{
	const char *choice = aw_call_value(call, "choice"), *typed = aw_call_value(call, "person");
	bool together = aw_text_eq(choice, "together"), undo = aw_text_eq(choice, "undo");
	struct aw_access other_access = { 0 };
	struct aw_person other;
	enum aw_status status;

	if (!together && !undo && !aw_text_eq(choice, "apart"))
		return aw_fail(err, AW_INVALID, "choose together, apart or undo");
	status = aw_person_by_number(&call->act, typed == NULL ? "" : typed, &other, err);
	if (status == AW_OK && aw_access_to(&call->act, other.id, &other_access, err) != AW_OK)
		return err->status;
	if (status != AW_OK && status != AW_NOT_FOUND)
		return status;
	/* whom one may not know of is like nobody */
	if (status == AW_NOT_FOUND || !may_decide(call, access) || !shows_address(&other_access))
		return aw_fail(err, AW_NOT_FOUND, "nobody of this number is proposed here");
	aw_act_looked(&call->act, person->id, AW_CLASS_BIT(AW_CLASS_EXISTENCE));
	aw_act_looked(&call->act, other.id, AW_CLASS_BIT(AW_CLASS_EXISTENCE));
	if (undo)
		return aw_home_undo(&call->act, person, other.id, err);
	return aw_home_decide(
		&call->act, person, other.id, together, aw_call_value(call, "reason"), err);
}
