/* policy/read - roles.yaml, deadlines.yaml, reasons.yaml. */
#include <string.h>

#include "policy/read.h"

static const char *const class_codes[AW_POLICY_CLASS_COUNT] = { "open", "existence", "identity",
	"number", "address", "contact", "narrative", "reporter", "reporter_name", "risk", "plan",
	"placement", "health", "sexual", "welfare" };
static const char *const relation_codes[AW_RELATION_COUNT] = { "none", "screening", "unit",
	"serves_protected", "serves_neutral", "serves_respondent", "break_glass" };
static const char *const reason_list_codes[AW_REASONS_COUNT] = { "screen", "return", "edit",
	"send_back", "settle", "open", "close", "no_contact", "factor_reset", "break_glass", "held",
	"link" };

const char *
aw_policy_class_code(size_t bit)
{
	return bit < AW_POLICY_CLASS_COUNT ? class_codes[bit] : NULL;
}

bool
aw_policy_class_find(const char *code, uint32_t *ret_bit)
{
	for (uint32_t bit = 0; bit < AW_POLICY_CLASS_COUNT; bit++) {
		if (aw_text_eq(class_codes[bit], code)) {
			*ret_bit = bit;
			return true;
		}
	}
	return false;
}

uint32_t
aw_read_class(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key,
	const char *otherwise)
{
	const char *code = aw_yaml_text(yaml, map, key, false);
	uint32_t bit = 0;

	if (!aw_policy_class_find(code == NULL ? otherwise : code, &bit))
		aw_yaml_mistake(
			yaml, aw_text_node(map, key, 0), "there is no field class \"%s\"", code);
	return bit;
}

const char *
aw_relation_code(enum aw_relation relation)
{
	return relation_codes[relation];
}

const char *
aw_reason_list_code(enum aw_reason_list list)
{
	return reason_list_codes[list];
}

/* -- roles.yaml ------------------------------------------------------------------------------- */

static uint32_t
read_classes(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, bool needed)
{
	size_t count;
	const char *const *texts = aw_yaml_texts(yaml, map, key, needed, &count);
	uint32_t bits = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t bit;

		if (aw_policy_class_find(texts[i], &bit))
			bits |= UINT32_C(1) << bit;
		else
			aw_yaml_mistake(yaml, aw_text_node(map, key, i),
				"there is no field class \"%s\"", texts[i]);
	}
	return bits;
}

/* Whoever serves a respondent gets none of these of the protected side: no file may say so. */
static void
check_respondent(struct aw_yaml *yaml, const struct aw_yaml_node *sees, uint32_t bits)
{
	static const char *const never[] = { "address", "contact", "plan", "placement", "reporter",
		"reporter_name", "narrative" };

	for (size_t i = 0; i < AW_COUNT(never); i++)
		for (size_t bit = 0; bit < AW_POLICY_CLASS_COUNT; bit++)
			if ((bits >> bit & 1) != 0 && strcmp(class_codes[bit], never[i]) == 0)
				aw_yaml_mistake(yaml, aw_text_node(sees, "serves_respondent", 0),
					"who serves the respondent never sees \"%s\" of the "
					"protected side",
					never[i]);
}

static void
check_codes(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key,
	const char *const *codes, size_t count, const struct aw_named *known, size_t known_count)
{
	for (size_t i = 0; i < count; i++)
		if (aw_named_find(known, known_count, codes[i]) == NULL)
			aw_yaml_mistake(yaml, aw_text_node(map, key, i),
				"\"%s\" in \"%s\" is not defined", codes[i], key);
}

static void
read_role(struct aw_loader *loader, struct aw_yaml *yaml, const struct aw_yaml_node *item,
	struct aw_role *role)
{
	static const char *const factors[] = { "optional", "required" };
	const struct aw_policy *policy = loader->policy;
	const struct aw_yaml_node *sees;

	role->code = aw_yaml_code(yaml, item, "code");
	role->label = aw_read_label(yaml, item);
	role->may = aw_yaml_texts(yaml, item, "may", true, &role->may_count);
	check_codes(yaml, item, "may", role->may, role->may_count, policy->permissions,
		policy->permission_count);
	role->purposes = aw_yaml_texts(yaml, item, "purposes", true, &role->purpose_count);
	for (size_t i = 0; i < role->purpose_count; i++)
		if (aw_policy_purpose(policy, role->purposes[i]) == NULL)
			aw_yaml_mistake(yaml, aw_text_node(item, "purposes", i),
				"there is no purpose \"%s\"", role->purposes[i]);
	sees = aw_yaml_map(yaml, item, "sees", true);
	for (size_t i = 0; sees->kind == AW_YAML_MAP && i < AW_RELATION_COUNT; i++)
		role->classes[i] =
			read_classes(yaml, sees, relation_codes[i], i != AW_RELATION_BREAK_GLASS) |
			1u;
	check_respondent(yaml, sees, role->classes[AW_RELATION_SERVES_RESPONDENT]);
	aw_yaml_end(yaml, sees);
	role->second_factor =
		aw_yaml_choice(yaml, item, "second_factor", factors, AW_COUNT(factors), 0) == 1;
	role->valid = aw_read_valid(loader, yaml, item);
	aw_yaml_end(yaml, item);
}

/* What waits for a fresh proof, and emergency access: absent in releases that knew neither. */
static void
read_proofs(struct aw_policy *policy, struct aw_yaml *yaml)
{
	const struct aw_yaml_node *map = aw_yaml_map(yaml, yaml->root, "step_up", false);

	if (map->kind == AW_YAML_MAP) {
		policy->step_up = (struct aw_step_up){
			.minutes = aw_yaml_need_int(yaml, map, "minutes", 1, 600),
			.classes = read_classes(yaml, map, "classes", true),
			.protected_classes = read_classes(yaml, map, "protected_classes", true),
		};
		aw_yaml_end(yaml, map);
	}
	map = aw_yaml_map(yaml, yaml->root, "break_glass", false);
	if (map->kind == AW_YAML_MAP) {
		policy->break_glass = (struct aw_break_glass){
			.minutes = aw_yaml_need_int(yaml, map, "minutes", 1, 1440),
			.review_days = aw_yaml_need_int(yaml, map, "review_days", 1, 90),
		};
		aw_yaml_end(yaml, map);
	}
}

/* When an account that nobody uses is disabled: never, in releases that did not know it. */
static void
read_idle(struct aw_loader *loader, struct aw_yaml *yaml)
{
	const struct aw_yaml_node *map = aw_yaml_map(yaml, yaml->root, "idle_accounts", false);

	if (map->kind != AW_YAML_MAP)
		return;
	loader->policy->idle = (struct aw_idle){ .days = aw_yaml_need_int(
							 yaml, map, "disable_after_days", 1, 3650),
		.valid = aw_read_valid(loader, yaml, map) };
	aw_yaml_end(yaml, map);
}

static void
read_purposes(struct aw_loader *loader, struct aw_yaml *yaml)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "purposes", true);
	struct aw_purpose *at = AW_NEW_ARRAY(loader->arena, struct aw_purpose, list->count);

	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		at[i].code = aw_yaml_code(yaml, item, "code");
		at[i].label = aw_read_label(yaml, item);
		at[i].classes = read_classes(yaml, item, "classes", true) | 1u;
		at[i].valid = aw_read_valid(loader, yaml, item);
		AW_READ_ONCE(yaml, item, at, i, "purpose");
		aw_yaml_end(yaml, item);
	}
	loader->policy->purposes = at;
	loader->policy->purpose_count = list->count;
}

/* "00:00" to "24:00" as minutes of the day; -1 for anything else. */
static int32_t
minute_of(const char *text)
{
	static const char digits[] = "0123456789";
	int32_t hour, minute;

	if (strlen(text) != 5 || strspn(text, digits) != 2 || text[2] != ':' ||
		strspn(text + 3, digits) != 2)
		return -1;
	hour = (text[0] - '0') * 10 + text[1] - '0';
	minute = (text[3] - '0') * 10 + text[4] - '0';
	return minute > 59 || hour * 60 + minute > 24 * 60 ? -1 : hour * 60 + minute;
}

static int32_t
read_minute(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key)
{
	const char *text = aw_yaml_text(yaml, map, key, true);
	int32_t minute;

	if (text == NULL || text[0] == '\0') /* named already */
		return 0;
	minute = minute_of(text);
	if (minute < 0)
		aw_yaml_mistake(yaml, aw_yaml_get(yaml, map, key),
			"\"%s\" is a time of the day: \"08:00\"", key);
	return minute < 0 ? 0 : minute;
}

/* Exactly one of within_minutes, within_hours, within_days. */
static int64_t
read_within(struct aw_yaml *yaml, const struct aw_yaml_node *item)
{
	static const struct {
		const char *key;
		int64_t ms;
	} units[] = { { "within_minutes", 60000 }, { "within_hours", 3600000 },
		{ "within_days", 86400000 } };
	int64_t within = 0;
	size_t given = 0;

	for (size_t i = 0; i < AW_COUNT(units); i++) {
		int64_t amount = aw_yaml_int(yaml, item, units[i].key, 1, 10000, -1);

		if (amount < 0)
			continue;
		given++;
		within = amount * units[i].ms;
	}
	if (given != 1 && item->kind == AW_YAML_MAP)
		aw_yaml_mistake(yaml, item,
			"it has one of \"within_minutes\", \"within_hours\", \"within_days\"");
	return within;
}

/* What is unusual in the log; a policy may have none of it. */
static void
read_watch(struct aw_loader *loader, struct aw_yaml *yaml)
{
	static const char *const counts[] = { "people", "days", "accounts", "refusals" };
	const struct aw_yaml_node *map = aw_yaml_map(yaml, yaml->root, "unusual", false), *list;
	struct aw_watch *watch = &loader->policy->watch;
	struct aw_unusual *at;

	if (map->kind != AW_YAML_MAP)
		return;
	watch->tie_lasts_ms = aw_yaml_need_int(yaml, map, "tie_lasts_days", 0, 3650) * 86400000;
	watch->from_min = read_minute(yaml, map, "office_from");
	watch->to_min = read_minute(yaml, map, "office_to");
	list = aw_yaml_list(yaml, map, "rules", true);
	at = AW_NEW_ARRAY(loader->arena, struct aw_unusual, list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);

		at[i].code = aw_yaml_code(yaml, item, "code");
		at[i].label = aw_read_label(yaml, item);
		at[i].counts = (enum aw_unusual_counts)aw_yaml_choice(
			yaml, item, "counts", counts, AW_COUNT(counts), 0);
		at[i].at_least = aw_yaml_need_int(yaml, item, "at_least", 1, 100000);
		at[i].within_ms = read_within(yaml, item);
		at[i].off_hours = aw_yaml_flag(yaml, item, "off_hours", false);
		at[i].valid = aw_read_valid(loader, yaml, item);
		AW_READ_ONCE(yaml, item, at, i, "rule");
		aw_yaml_end(yaml, item);
	}
	watch->rules = at;
	watch->rule_count = list->count;
	aw_yaml_end(yaml, map);
}

void
aw_read_roles(struct aw_loader *loader, struct aw_yaml *yaml)
{
	struct aw_policy *policy = loader->policy;
	const struct aw_yaml_node *list;
	struct aw_role *at;

	aw_read_fallback(loader, yaml);
	policy->permissions =
		aw_read_named(loader, yaml, yaml->root, "permissions", &policy->permission_count);
	read_purposes(loader, yaml);
	list = aw_yaml_list(yaml, yaml->root, "roles", true);
	at = AW_NEW_ARRAY(loader->arena, struct aw_role, list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		read_role(loader, yaml, item, &at[i]);
		AW_READ_ONCE(yaml, item, at, i, "role");
	}
	policy->roles = at;
	policy->role_count = list->count;
	read_proofs(policy, yaml);
	read_idle(loader, yaml);
	read_watch(loader, yaml);
	aw_yaml_end(yaml, yaml->root);
}

/* -- deadlines/, deadlines.yaml --------------------------------------------------------------------------- */

/* Exactly one of hours, working_days, days. */
static void
read_amount(struct aw_yaml *yaml, const struct aw_yaml_node *item, struct aw_deadline *deadline)
{
	static const char *const keys[] = { "hours", "working_days", "days" };
	size_t given = 0;

	for (size_t i = 0; i < AW_COUNT(keys); i++) {
		int64_t amount = aw_yaml_int(yaml, item, keys[i], 0, 10000, -1);
		if (amount < 0)
			continue;
		given++;
		deadline->unit = (enum aw_time_unit)i;
		deadline->amount = amount;
	}
	if (given != 1 && item->kind == AW_YAML_MAP)
		aw_yaml_mistake(
			yaml, item, "a deadline has one of \"hours\", \"working_days\", \"days\"");
}

void
aw_read_deadlines(struct aw_loader *loader, struct aw_yaml *yaml)
{
	struct aw_policy *policy = loader->policy;
	const struct aw_yaml_node *list;

	aw_read_fallback(loader, yaml);
	list = aw_yaml_list(yaml, yaml->root, "deadlines", true);
	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		struct aw_deadline *at = AW_PUSH(loader->arena, loader->deadlines,
			policy->deadline_count, loader->deadline_room);
		at->code = aw_yaml_code(yaml, item, "code");
		at->clock = aw_yaml_code(yaml, item, "clock");
		at->label = aw_read_label(yaml, item);
		at->from = aw_yaml_code(yaml, item, "from");
		at->until = aw_yaml_code(yaml, item, "until");
		read_amount(yaml, item, at);
		at->kinds = aw_yaml_texts(yaml, item, "kinds", false, &at->kind_count);
		at->levels = aw_yaml_texts(yaml, item, "levels", false, &at->level_count);
		at->valid = aw_read_valid(loader, yaml, item);
		AW_READ_ONCE(yaml, item, loader->deadlines, policy->deadline_count - 1, "deadline");
		aw_yaml_end(yaml, item);
	}
	policy->deadlines = loader->deadlines;
	aw_yaml_end(yaml, yaml->root);
}

/* -- reasons.yaml ----------------------------------------------------------------------------- */

static void
read_reason(struct aw_loader *loader, struct aw_yaml *yaml, const struct aw_yaml_node *item,
	enum aw_reason_list list, struct aw_reason_code *reason)
{
	static const char *const outcomes[] = { "Y", "N", "S", "M" };

	reason->code = aw_yaml_code(yaml, item, "code");
	reason->label = aw_read_label(yaml, item);
	if (list == AW_REASONS_OPEN)
		reason->outcome = outcomes[aw_yaml_choice(
			yaml, item, "outcome", outcomes, AW_COUNT(outcomes), -1)];
	reason->kinds = aw_yaml_texts(yaml, item, "kinds", false, &reason->kind_count);
	reason->not_protective = aw_yaml_flag(yaml, item, "not_protective", false);
	reason->lead_only = aw_yaml_flag(yaml, item, "lead_only", false);
	reason->needs_note = aw_yaml_flag(yaml, item, "needs_note", false);
	reason->needs_unit = aw_yaml_flag(yaml, item, "needs_unit", false);
	reason->needs_report = aw_yaml_flag(yaml, item, "needs_report", false);
	reason->needs_approval = aw_yaml_flag(yaml, item, "needs_approval", false);
	reason->valid = aw_read_valid(loader, yaml, item);
	aw_yaml_end(yaml, item);
}

void
aw_read_reasons(struct aw_loader *loader, struct aw_yaml *yaml)
{
	struct aw_policy *policy = loader->policy;

	aw_read_fallback(loader, yaml);
	for (size_t l = 0; l < AW_REASONS_COUNT; l++) {
		const struct aw_yaml_node *list = aw_yaml_list(
			yaml, yaml->root, reason_list_codes[l], l < AW_REASONS_FACTOR_RESET);
		struct aw_reason_code *at =
			AW_NEW_ARRAY(loader->arena, struct aw_reason_code, list->count);
		for (size_t i = 0; i < list->count; i++) {
			const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
			read_reason(loader, yaml, item, (enum aw_reason_list)l, &at[i]);
			AW_READ_ONCE(yaml, item, at, i, "reason");
		}
		policy->reasons[l] = at;
		policy->reason_count[l] = list->count;
	}
	aw_yaml_end(yaml, yaml->root);
}
