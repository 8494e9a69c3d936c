/* city/person/home - who may live together: proposals from door and kinship, and the answers to them. */
#include "city/person/home.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "city/person/home.sql.h"
#include "city/person/people.h"
#include "link/form.h"
#include "policy/policy.h"

enum { DOOR_MOST = 64 };

static const char housemate[] = "housemate";

/* -- what speaks for it ------------------------------------------------------------------------------ */

/* Where somebody lives, if that may propose anything; NULL otherwise. */
static const struct aw_address *
home_address(const struct aw_act *act, const struct aw_identity *identity)
{
	const struct aw_identity_address *address = aw_identity_residence(identity);

	for (size_t i = 0; i < identity->address_count; i++)
		if (identity->addresses[i].protected_place)
			return NULL;
	if (address == NULL || address->parts.number == 0 ||
		aw_policy_place_at(act->policy, &address->parts) != NULL)
		return NULL;
	return &address->parts;
}

static struct aw_link_form
form_of(struct aw_arena *arena, const struct aw_identity *identity,
	const struct aw_address *address)
{
	struct aw_link_input input = { .name = aw_identity_name(identity),
		.birth_day = AW_BIRTH_UNKNOWN,
		.birth_last_day = AW_BIRTH_UNKNOWN,
		.address = address };
	struct aw_link_form form;
	struct aw_str other;

	aw_link_form_make(arena, &input, &form, &other);
	return form;
}

/* "floor", "door"; NULL: they live at different ones. */
static const char *
same_place(const struct aw_link_form *a, const struct aw_link_form *b)
{
	if (a->door == 0 || a->door != b->door)
		return NULL;
	if (a->floor != 0 && b->floor != 0)
		return a->floor == b->floor ? "floor" : NULL;
	return "door";
}

static bool
same_surname(const struct aw_link_form *a, const struct aw_link_form *b)
{
	struct aw_name_form one = { 0 };
	uint32_t count;

	memcpy(one.han, a->han, sizeof(one.han));
	while (one.count < AW_NAME_HAN_LIMIT && one.han[one.count] != 0)
		one.count++;
	count = aw_surname_count(&one);
	return count > 0 && memcmp(a->han, b->han, count * sizeof(a->han[0])) == 0;
}

static const char *
kin_of(const struct aw_relationship *relations, size_t count, int64_t person, int32_t today)
{
	for (size_t i = 0; i < count; i++)
		if (relations[i].other == person && strcmp(relations[i].kind, housemate) != 0 &&
			(!relations[i].to_day.known || relations[i].to_day.v > today))
			return relations[i].kind;
	return NULL;
}

/* -- proposed ---------------------------------------------------------------------------------------- */

struct mates {
	struct aw_act *act;
	const struct aw_person *person;
	struct aw_household home;
	struct aw_relationship *relations;
	size_t relation_count;
	int32_t today;
	struct aw_home_mate *at;
	size_t count, room;
};

static bool
is_told_already(const struct mates *m, int64_t person)
{
	for (size_t i = 0; i < m->home.member_count; i++)
		if (m->home.members[i].person == person)
			return true;
	for (size_t i = 0; i < m->count; i++)
		if (m->at[i].person == person)
			return true;
	return person == m->person->id;
}

/* Adds whoever of those at the door lives there too; whom the household tells already is none of them. */
static enum aw_status
propose(struct mates *m, const int64_t *persons, size_t count, const struct aw_link_form *own,
	struct aw_error *err)
{
	size_t before = m->count, kept, together = 1;

	for (size_t i = 0; i < count; i++) {
		struct aw_home_mate mate = { .person = persons[i], .state = "proposed" };
		const struct aw_address *address;
		struct aw_link_form form;
		struct aw_person known;
		enum aw_status status = aw_person_get(m->act, persons[i], &known, err);

		if (status == AW_NOT_FOUND) { /* erased meanwhile */
			aw_error_clear(err);
			continue;
		}
		if (status != AW_OK)
			return status;
		address = home_address(m->act, &known.identity);
		if (persons[i] == m->person->id || address == NULL)
			continue;
		form = form_of(m->act->arena, &known.identity, address);
		mate.place = same_place(own, &form);
		mate.kin = kin_of(m->relations, m->relation_count, persons[i], m->today);
		mate.surname = same_surname(own, &form);
		together += mate.place != NULL;
		if (mate.place == NULL || is_told_already(m, persons[i]))
			continue;
		if (mate.kin != NULL || mate.surname || strcmp(mate.place, "floor") == 0)
			*AW_PUSH(m->act->arena, m->at, m->count, m->room) = mate;
	}
	if (together <= AW_HOME_CROWD)
		return AW_OK;
	kept = before;
	for (size_t i = before; i < m->count; i++)
		if (m->at[i].kin != NULL)
			m->at[kept++] = m->at[i];
	m->count = kept;
	return AW_OK;
}

static int
by_evidence(const void *left, const void *right)
{
	const struct aw_home_mate *a = left, *b = right;
	bool a_floor = strcmp(a->place, "floor") == 0, b_floor = strcmp(b->place, "floor") == 0;

	if ((a->kin != NULL) != (b->kin != NULL))
		return a->kin != NULL ? -1 : 1;
	if (a_floor != b_floor)
		return a_floor ? -1 : 1;
	if (a->surname != b->surname)
		return a->surname ? -1 : 1;
	return a->person < b->person ? -1 : a->person > b->person;
}

static enum aw_status
add_decisions(struct mates *m, struct aw_error *err)
{
	struct sql_home_decisions_of *rows;
	size_t count = 0;

	if (sql_home_decisions_of(m->act->tx,
		    &(struct sql_home_decisions_of_in){ .person = m->person->id }, m->act->arena,
		    &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		int64_t other = rows[i].person == m->person->id ? rows[i].other : rows[i].person;

		*AW_PUSH(m->act->arena, m->at, m->count, m->room) =
			(struct aw_home_mate){ .person = other,
				.state = rows[i].state,
				.place = rows[i].place,
				.kin = kin_of(m->relations, m->relation_count, other, m->today),
				.reason = rows[i].reason,
				.decider = rows[i].decider,
				.decision = rows[i].id,
				.decided_at = rows[i].decided_at };
	}
	return AW_OK;
}

enum aw_status
aw_home_mates(struct aw_act *act, const struct aw_person *person, struct aw_home_mate **ret_at,
	size_t *ret_count, struct aw_error *err)
{
	const struct aw_address *address = home_address(act, &person->identity);
	struct mates m = { .act = act, .person = person, .today = aw_taipei_day(act->now_ms) };
	struct aw_link_form own;
	int64_t *persons;
	size_t decided, count;

	if (aw_household_of(act, person->id, m.today, &m.home, err) != AW_OK ||
		aw_relationships_of(act, person->id, &m.relations, &m.relation_count, err) !=
			AW_OK ||
		add_decisions(&m, err) != AW_OK)
		return err->status;
	decided = m.count;
	if (address != NULL && act->people != NULL) {
		own = form_of(act->arena, &person->identity, address);
		count = aw_people_at_door(
			act->people, act->arena, own.door, own.floor, DOOR_MOST, &persons);
		/* more than that is a place where nobody's neighbour is family */
		if (count <= DOOR_MOST && propose(&m, persons, count, &own, err) != AW_OK)
			return err->status;
	}
	if (m.count > decided)
		qsort(m.at + decided, m.count - decided, sizeof(m.at[0]), by_evidence);
	*ret_at = m.at;
	*ret_count = m.count;
	return AW_OK;
}

/* -- decided ----------------------------------------------------------------------------------------- */

static enum aw_status
find_mate(struct aw_act *act, const struct aw_person *person, int64_t other,
	struct aw_home_mate *ret_mate, struct aw_error *err)
{
	struct aw_home_mate *at;
	size_t count;

	*ret_mate = (struct aw_home_mate){ 0 };
	if (aw_home_mates(act, person, &at, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (at[i].person == other)
			*ret_mate = at[i];
	return AW_OK;
}

static enum aw_status
check_reason(const struct aw_act *act, const char *code, struct aw_error *err)
{
	const struct aw_reason_code *reason =
		code == NULL ? NULL : aw_policy_reason(act->policy, AW_REASONS_LINK, code);

	if (act->policy->reason_count[AW_REASONS_LINK] > 0 &&
		(reason == NULL || reason->needs_note))
		return aw_fail(err, AW_INVALID,
			"a decision has a reason of reasons.yaml, link, that needs no words");
	return AW_OK;
}

enum aw_status
aw_home_decide(struct aw_act *act, const struct aw_person *person, int64_t other, bool together,
	const char *reason, struct aw_error *err)
{
	struct sql_home_decision_insert_in in = { .person = person->id < other ? person->id : other,
		.other = person->id < other ? other : person->id,
		.state = together ? "together" : "apart",
		.decided_at = act->now_ms };
	struct aw_home_mate mate;

	if (act->viewer == NULL || act->viewer->account == 0)
		return aw_fail(
			err, AW_DENIED, "only somebody with an account says who lives together");
	if (check_reason(act, reason, err) != AW_OK ||
		find_mate(act, person, other, &mate, err) != AW_OK)
		return err->status;
	if (mate.person == 0 || mate.decision != 0)
		return aw_fail(err, AW_CONFLICT, "the list changed meanwhile: look again");
	in.id = aw_act_id(act);
	in.place = mate.place;
	in.decided_by = act->viewer->account;
	if (act->policy->reason_count[AW_REASONS_LINK] > 0)
		in.reason = reason;
	if (sql_home_decision_insert(act->tx, &in, err) != AW_OK)
		return err->status;
	if (!together)
		return AW_OK;
	return aw_relationship_add(act, in.person, in.other, housemate, "decided",
		AW_KNOWN(aw_taipei_day(act->now_ms)), err);
}

enum aw_status
aw_home_undo(
	struct aw_act *act, const struct aw_person *person, int64_t other, struct aw_error *err)
{
	struct aw_home_mate mate;
	struct sql_home_decision_undo_in undo = { .undone_at = act->now_ms };
	struct sql_housemate_end_in end = { .person = person->id < other ? person->id : other,
		.other = person->id < other ? other : person->id,
		.to_day = aw_taipei_day(act->now_ms) };
	int64_t changed = 0;

	if (act->viewer == NULL || act->viewer->account == 0)
		return aw_fail(
			err, AW_DENIED, "only somebody with an account takes a decision back");
	if (find_mate(act, person, other, &mate, err) != AW_OK)
		return err->status;
	undo.id = mate.decision;
	undo.undone_by = act->viewer->account;
	if (sql_home_decision_undo(act->tx, &undo, &changed, err) != AW_OK)
		return err->status;
	if (changed != 1)
		return aw_fail(err, AW_CONFLICT, "the list changed meanwhile: look again");
	return sql_housemate_end(act->tx, &end, &changed, err);
}
