/* city/dispatch/told - of which units on a report a viewer may be told. */
#include "city/dispatch/told.h"

#include <string.h>

#define TELLING                                                                                    \
	(AW_CLASS_BIT(AW_CLASS_HEALTH) | AW_CLASS_BIT(AW_CLASS_SEXUAL) |                           \
		AW_CLASS_BIT(AW_CLASS_WELFARE))

/* Its own part, or its branch's; who screens or settles stands above every unit, and is none of them. */
static bool
is_own(const struct aw_act *act, const struct aw_unit *own, const struct aw_dispatch *d)
{
	if (own == NULL)
		return false;
	if (own->screens || own->settles)
		return strcmp(own->code, d->unit) == 0;
	return aw_dispatch_same_unit(act->policy, own->code, d->unit);
}

/* What may be told to whoever does not see its classes. false: nothing. */
static bool
leave_open(const struct aw_act *act, struct aw_dispatch *d)
{
	bool lead = strcmp(d->role, "lead") == 0;

	if (!d->classes.known) { /* an old one: its name may say something, its task may */
		if (aw_policy_told_classes(act->policy, NULL, d->unit) == 0)
			d->open_basis = "";
		d->open_due_at = d->first_contact_due_at;
	}
	if (d->open_basis == NULL && !lead)
		return false;
	d->veiled = d->open_basis == NULL;
	d->basis = d->veiled ? "" : d->open_basis;
	d->task = d->veiled || d->open_task == NULL ? "" : d->open_task;
	/* when the lead has to have been there follows from level and kind */
	if (!lead)
		d->first_contact_due_at = d->open_due_at;
	if (d->veiled)
		d->worker = AW_UNKNOWN;
	return true;
}

size_t
aw_told_dispatches(const struct aw_act *act, const struct aw_access *access,
	struct aw_dispatch *list, size_t count)
{
	const struct aw_unit *own =
		act->viewer->unit == NULL ? NULL : aw_policy_unit(act->policy, act->viewer->unit);
	size_t told = 0;

	for (size_t i = 0; i < count; i++) {
		struct aw_dispatch d = list[i];
		uint32_t needed = d.classes.known ? (uint32_t)d.classes.v : TELLING;

		if ((access->shown & needed) != needed && !is_own(act, own, &d) &&
			!(own != NULL && own->settles && strcmp(d.state, "disputed") == 0) &&
			!leave_open(act, &d))
			continue;
		list[told++] = d;
	}
	return told;
}

bool
aw_told_event(const struct aw_dispatch *list, size_t count, struct aw_maybe dispatch)
{
	for (size_t i = 0; i < count && dispatch.known; i++)
		if (list[i].id == dispatch.v)
			return true;
	return !dispatch.known;
}

const char *
aw_told_state(const struct sql_screening_get *s, const struct aw_dispatch *list, size_t count)
{
	if (count == 0 || (s->urgent_at.known && !s->reviewed_at.known))
		return s->state;
	return aw_way_state(s->state, list, count);
}

const char *
aw_told_unit(const struct aw_policy *policy, const struct aw_dispatch *d, const char *list,
	const char *language)
{
	const struct aw_unit *unit = d->veiled ? aw_policy_unit(policy, d->unit) : NULL;

	if (unit != NULL)
		return aw_policy_text(policy, "agency", unit->agency, language);
	return aw_policy_text(policy, list, d->unit, language);
}
