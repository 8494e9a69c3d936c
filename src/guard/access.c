/* What the viewer of an act is to people, read from the ledgers once and remembered. */
#include "guard/access.h"

#include <assert.h>
#include <string.h>

#include "guard/account.h"
#include "guard/glass.h"
#include "guard/guard.sql.h"
#include "guard/shield.h"
#include "policy/policy.h"

/* What was found out about the act's viewer. */
struct aw_known {
	bool supervises;
	int64_t *shielded; /* sorted */
	size_t shielded_count;
	struct aw_glass_now *open; /* in an emergency */
	size_t open_count;
	struct aw_access *people; /* answers given */
	size_t count, room;
};

static bool
is_anonymous(const struct aw_viewer *viewer)
{
	return viewer->account == 0;
}

/* Whoever assigns the work of a unit supervises it, and counts as serving whom the unit serves. */
static bool
supervises(const struct aw_act *act)
{
	return aw_access_may_do(act->policy, act->viewer, "dispatch.assign");
}

/* What the viewer opened in an emergency, without whom their unit's respondents are kept from. */
static enum aw_status
read_open(struct aw_act *act, struct aw_known *known, struct aw_error *err)
{
	int64_t *shielded = NULL;
	size_t shielded_count = 0, kept = 0;

	if (!aw_glass_may(act))
		return AW_OK;
	if (aw_glass_now(act, &known->open, &known->open_count, err) != AW_OK ||
		(known->open_count > 0 && aw_shield_of(act, act->viewer->account, act->viewer->unit,
						  &shielded, &shielded_count, err) != AW_OK))
		return err->status;
	for (size_t i = 0; i < known->open_count; i++)
		if (!aw_shield_has(shielded, shielded_count, known->open[i].person))
			known->open[kept++] = known->open[i];
	known->open_count = kept;
	return AW_OK;
}

static enum aw_status
get_known(struct aw_act *act, struct aw_known **ret_known, struct aw_error *err)
{
	const struct aw_viewer *viewer = act->viewer;
	struct aw_known *known = act->known;

	if (known == NULL) {
		known = AW_NEW(act->arena, struct aw_known);
		known->supervises = supervises(act);
		if (!is_anonymous(viewer) &&
			(aw_shield_of(act, viewer->account, known->supervises ? viewer->unit : NULL,
				 &known->shielded, &known->shielded_count, err) != AW_OK ||
				read_open(act, known, err) != AW_OK))
			return err->status;
		act->known = known;
	}
	*ret_known = known;
	return AW_OK;
}

bool
aw_access_stale(const struct aw_act *act)
{
	int64_t minutes = act->policy->step_up.minutes;

	return act->session != NULL && minutes > 0 &&
	       act->real_ms - act->session->proved_at >= minutes * AW_MINUTE_MS;
}

/* Only asked when something may have to wait. */
static enum aw_status
ask_protected(struct aw_act *act, int64_t person, bool *ret_protected, struct aw_error *err)
{
	struct sql_guard_respondents_against *rows = NULL;
	size_t count = 0;

	if (sql_guard_respondents_against(act->tx,
		    &(struct sql_guard_respondents_against_in){ .protected = person }, act->arena,
		    &rows, &count, err) != AW_OK)
		return err->status;
	*ret_protected = count > 0;
	return AW_OK;
}

/* Did the viewer open the person? Then the log says of this act that it looks under it. */
static bool
is_open(struct aw_act *act, const struct aw_known *known, int64_t person)
{
	for (size_t i = 0; i < known->open_count; i++) {
		if (known->open[i].person != person)
			continue;
		if (act->detail == NULL)
			act->detail = aw_arena_printf(
				act->arena, "{\"break_glass\":\"%s\"}", known->open[i].number);
		return true;
	}
	return false;
}

static enum aw_status
stand(struct aw_act *act, const struct aw_known *known, int64_t person,
	struct aw_standing *ret_standing, struct aw_error *err)
{
	const struct aw_viewer *viewer = act->viewer;
	struct sql_guard_ties_to *ties = NULL;
	size_t count = 0;
	struct aw_standing standing = {
		.roles = viewer->roles,
		.purpose = viewer->purpose,
		.unit = viewer->unit,
		.anonymous = is_anonymous(viewer),
		.stale = aw_access_stale(act),
	};

	if (standing.stale && ask_protected(act, person, &standing.is_protected, err) != AW_OK)
		return err->status;
	if (!standing.anonymous) {
		if (sql_guard_ties_to(act->tx,
			    &(struct sql_guard_ties_to_in){ .person = person,
				    .account = viewer->account,
				    .unit = viewer->unit == NULL ? "" : viewer->unit },
			    act->arena, &ties, &count, err) != AW_OK)
			return err->status;
		for (size_t i = 0; i < count; i++)
			aw_standing_add(&standing, viewer, known->supervises,
				&(struct aw_tie_seen){ .unit = ties[i].unit,
					.account = ties[i].account.known ? ties[i].account.v : 0,
					.side = ties[i].side,
					.kind = ties[i].tie });
		standing.shielded = aw_shield_has(known->shielded, known->shielded_count, person);
		standing.opened = !standing.shielded && is_open(act, known, person);
	}
	*ret_standing = standing;
	return AW_OK;
}

enum aw_status
aw_access_to(struct aw_act *act, int64_t person, struct aw_access *ret_access, struct aw_error *err)
{
	struct aw_known *known = NULL;
	struct aw_standing standing;
	struct aw_access *access;

	assert(person != 0);
	if (get_known(act, &known, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < known->count; i++) {
		if (known->people[i].person == person) {
			*ret_access = known->people[i];
			return AW_OK;
		}
	}
	if (stand(act, known, person, &standing, err) != AW_OK)
		return err->status;
	access = AW_PUSH(act->arena, known->people, known->count, known->room);
	aw_access_decide(act->policy, &standing, access);
	access->person = person;
	*ret_access = *access;
	return AW_OK;
}

/* What the matter's own ties make of the viewer. */
static struct aw_standing
stand_in_matter(const struct aw_act *act, const struct aw_known *known,
	const struct aw_tie_seen *ties, size_t count)
{
	const struct aw_viewer *viewer = act->viewer;
	struct aw_standing standing = {
		.roles = viewer->roles,
		.purpose = viewer->purpose,
		.unit = viewer->unit,
		.anonymous = is_anonymous(viewer),
		.stale = aw_access_stale(act),
		.is_protected = true, /* who of the matter is, matters not: it errs on asking */
	};

	for (size_t i = 0; i < count && !standing.anonymous; i++)
		if (aw_text_eq(ties[i].unit, viewer->unit) || ties[i].account == viewer->account)
			aw_standing_add(&standing, viewer, known->supervises, &ties[i]);
	return standing;
}

enum aw_status
aw_access_of_matter(struct aw_act *act, const int64_t *persons, size_t count,
	const struct aw_tie_seen *ties, size_t tie_count, struct aw_access *ret_access,
	struct aw_error *err)
{
	struct aw_known *known = NULL;
	struct aw_standing standing;
	struct aw_access matter, *each;

	if (get_known(act, &known, err) != AW_OK)
		return err->status;
	standing = stand_in_matter(act, known, ties, tie_count);
	aw_access_decide(act->policy, &standing, &matter);
	each = AW_NEW_ARRAY(act->arena, struct aw_access, count);
	for (size_t i = 0; i < count; i++)
		if (aw_access_to(act, persons[i], &each[i], err) != AW_OK)
			return err->status;
	aw_access_join(&matter, each, count, ret_access);
	return AW_OK;
}

bool
aw_access_tells(const struct aw_policy *policy, const struct aw_access *access, const char *kind,
	const char *unit)
{
	uint32_t needed = aw_policy_told_classes(policy, kind, unit);

	return (access->shown & needed) == needed ||
	       (unit != NULL && access->unit != NULL && strcmp(unit, access->unit) == 0);
}

enum aw_status
aw_access_filter(struct aw_act *act, const int64_t *persons, size_t count,
	enum aw_field_class field_class, bool *ret_may, struct aw_error *err)
{
	uint32_t needed = AW_CLASS_BIT(AW_CLASS_EXISTENCE) | AW_CLASS_BIT(field_class);

	for (size_t i = 0; i < count; i++) {
		struct aw_access access;

		if (aw_access_to(act, persons[i], &access, err) != AW_OK)
			return err->status;
		ret_may[i] = (access.shown & needed) == needed;
	}
	return AW_OK;
}
