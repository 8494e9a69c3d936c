/* The decision who may see what: pure, over the policy and what the viewer is to the person. */
#include "guard/access.h"

#include <assert.h>

#include "guard/act.h"
#include "policy/policy.h"

static_assert(AW_CLASS_COUNT == AW_POLICY_CLASS_COUNT, "roles.yaml names the same classes");

/* What roles.yaml grants at each relation that holds. */
static uint32_t
granted(const struct aw_policy *policy, const struct aw_standing *s)
{
	const char *roles = s->roles;
	uint32_t classes = 0;

	if (s->serves)
		classes |= aw_policy_classes(policy, roles,
			s->on_protected ? AW_RELATION_SERVES_PROTECTED
					: AW_RELATION_SERVES_NEUTRAL);
	if (s->shielded) /* no role helps: only what a respondent's worker and an own client give */
		return classes | aw_policy_classes(policy, roles, AW_RELATION_SERVES_RESPONDENT);
	classes |= aw_policy_classes(policy, roles, AW_RELATION_NONE);
	if (s->screening)
		classes |= aw_policy_classes(policy, roles, AW_RELATION_SCREENING);
	if (s->opened)
		classes |= aw_policy_classes(policy, roles, AW_RELATION_BREAK_GLASS);
	if (s->unit_serves)
		classes |= aw_policy_classes(policy, roles, AW_RELATION_UNIT);
	return classes;
}

/* What no role can lift: the rules in access.h. */
static uint32_t
forbidden(const struct aw_standing *s)
{
	bool leads = (s->leads || s->unit_leads) && !s->on_respondent;
	uint32_t classes = 0;

	if (s->shielded)
		classes |= AW_CLASSES_SHIELDED | (s->serves ? 0 : AW_CLASS_BIT(AW_CLASS_EXISTENCE));
	if (!leads && !s->screening)
		classes |= AW_CLASSES_REPORTER;
	return classes;
}

/* What the purpose opens at most; nothing, when none of the roles may act for it (any more). */
static uint32_t
cap(const struct aw_policy *policy, const struct aw_standing *s)
{
	const struct aw_viewer viewer = { .roles = s->roles };
	const struct aw_purpose *purpose;

	if (s->purpose == NULL || !aw_access_may_purpose(policy, &viewer, s->purpose))
		return 0;
	purpose = aw_policy_purpose(policy, s->purpose);
	return purpose == NULL ? 0 : purpose->classes;
}

/* What some purpose that the viewer's roles may act for would open. */
static uint32_t
cap_of_any(const struct aw_policy *policy, const struct aw_standing *s)
{
	const struct aw_viewer viewer = { .roles = s->roles };
	uint32_t classes = 0;

	for (size_t i = 0; i < policy->purpose_count; i++)
		if (aw_access_may_purpose(policy, &viewer, policy->purposes[i].code))
			classes |= policy->purposes[i].classes;
	return classes;
}

/* What waits for a fresh proof of who the viewer is. */
static uint32_t
waits(const struct aw_policy *policy, const struct aw_standing *s)
{
	if (!s->stale)
		return 0;
	return (policy->step_up.classes |
		       (s->is_protected ? policy->step_up.protected_classes : 0)) &
	       ~AW_CLASS_BIT(AW_CLASS_OPEN);
}

void
aw_access_decide(const struct aw_policy *policy, const struct aw_standing *standing,
	struct aw_access *ret_access)
{
	uint32_t allowed = 0, now = 0, open = AW_CLASS_BIT(AW_CLASS_OPEN);
	uint32_t waiting = waits(policy, standing);

	if (!standing->anonymous) {
		allowed = granted(policy, standing) & ~forbidden(standing);
		now = allowed & cap(policy, standing);
	}
	*ret_access = (struct aw_access){
		.shown = (now & ~waiting) | open,
		.on_verify = now & waiting,
		.serves = standing->serves,
		.leads = standing->leads,
		.screens = standing->screening,
		.as_respondent = standing->on_respondent,
		.shielded = standing->shielded,
		.opened = standing->opened && !standing->shielded,
		.unit = standing->unit,
	};
	if ((allowed & ~now) != 0)
		ret_access->on_request = allowed & ~now & cap_of_any(policy, standing) & ~open;
}

void
aw_standing_add(struct aw_standing *standing, const struct aw_viewer *viewer, bool supervises,
	const struct aw_tie_seen *tie)
{
	bool own = tie->account != 0 && tie->account == viewer->account;
	bool lead = aw_text_eq(tie->kind, "lead");
	bool serving = lead || aw_text_eq(tie->kind, "co");
	bool respondent = aw_text_eq(tie->side, "respondent");

	if (aw_text_eq(tie->kind, "screening")) {
		standing->screening |= aw_text_eq(tie->unit, viewer->unit);
		return;
	}
	standing->on_respondent |= serving && respondent && (own || supervises);
	if (own && serving) {
		standing->serves = true;
		standing->leads |= lead;
		standing->on_protected |= aw_text_eq(tie->side, "protected");
		return;
	}
	standing->unit_serves = true;
	standing->unit_leads |= lead && !respondent;
}

void
aw_access_join(const struct aw_access *matter, const struct aw_access *each, size_t count,
	struct aw_access *ret_access)
{
	struct aw_access all = *matter;

	for (size_t i = 0; i < count; i++) {
		all.shown |= each[i].shown & ~AW_CLASSES_REPORTER;
		all.on_request |= each[i].on_request & ~AW_CLASSES_REPORTER;
		all.on_verify |= each[i].on_verify & ~AW_CLASSES_REPORTER;
		all.serves |= each[i].serves;
		all.as_respondent |= each[i].as_respondent;
		all.shielded |= each[i].shielded;
		all.opened |= each[i].opened;
	}
	if (all.shielded || all.as_respondent) {
		all.shown &= ~AW_CLASSES_SHIELDED;
		all.on_request &= ~AW_CLASSES_SHIELDED;
		all.on_verify &= ~AW_CLASSES_SHIELDED;
	}
	all.shown &= ~all.on_verify; /* what waits for one of them waits for all */
	all.on_request &= ~(all.shown | all.on_verify);
	*ret_access = all;
}

bool
aw_access_may(const struct aw_access *access, enum aw_field_class field_class)
{
	return (access->shown & AW_CLASS_BIT(field_class)) != 0;
}

bool
aw_access_lists(const struct aw_access *access, enum aw_field_class field_class, const char *unit)
{
	if (!aw_access_may(access, AW_CLASS_EXISTENCE) || !aw_access_may(access, field_class))
		return false;
	if (!access->shielded)
		return true;
	return unit != NULL && aw_text_eq(unit, access->unit) &&
	       (AW_CLASS_BIT(field_class) & AW_CLASSES_SHIELDED) == 0;
}

const char *
aw_access_reason(const struct aw_access *access, enum aw_field_class field_class)
{
	if (aw_access_may(access, field_class))
		return NULL;
	if ((access->on_verify & AW_CLASS_BIT(field_class)) != 0)
		return "verify";
	return (access->on_request & AW_CLASS_BIT(field_class)) != 0 ? "request" : "confidential";
}

bool
aw_access_may_do(
	const struct aw_policy *policy, const struct aw_viewer *viewer, const char *permission)
{
	if (permission == NULL)
		return true;
	return viewer->account != 0 && aw_policy_may(policy, viewer->roles, permission);
}

/* Is the word one of the words separated by spaces? */
static bool
has_word(const char *words, const char *word)
{
	struct aw_str rest = aw_str(words);

	while (rest.at != NULL) {
		struct aw_str part = aw_str_cut(rest, ' ', &rest);

		if (part.len > 0 && aw_str_is(part, word))
			return true;
	}
	return false;
}

bool
aw_access_may_purpose(
	const struct aw_policy *policy, const struct aw_viewer *viewer, const char *purpose)
{
	for (size_t i = 0; i < policy->role_count; i++) {
		const struct aw_role *role = &policy->roles[i];

		for (size_t j = 0; j < role->purpose_count; j++)
			if (aw_text_eq(role->purposes[j], purpose) &&
				has_word(viewer->roles, role->code))
				return true;
	}
	return false;
}

char *
aw_classes_text(struct aw_arena *arena, uint32_t classes)
{
	struct aw_buf text = { .arena = arena };

	for (size_t bit = 0; bit < AW_CLASS_COUNT; bit++) {
		if ((classes & AW_CLASS_BIT(bit)) == 0)
			continue;
		if (text.len > 0)
			aw_buf_char(&text, ',');
		aw_buf_text(&text, aw_policy_class_code(bit));
	}
	return aw_arena_strdup(arena, aw_buf_z(&text));
}

uint32_t
aw_classes_of_text(const char *text)
{
	struct aw_str rest = aw_str(text);
	uint32_t classes = 0;

	while (rest.at != NULL) {
		struct aw_str part = aw_str_cut(rest, ',', &rest);

		for (size_t bit = 0; bit < AW_CLASS_COUNT; bit++)
			if (aw_str_is(part, aw_policy_class_code(bit)))
				classes |= AW_CLASS_BIT(bit);
	}
	return classes;
}
