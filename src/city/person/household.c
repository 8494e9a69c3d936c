/* Households, relationships, and somebody known only by their place in a family. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "city/person/people.h"
#include "city/person/person.h"
#include "city/person/person.sql.h"
#include "link/compare.h"
#include "text/fold.h"

enum { KIN_LIMIT = 64, LEAST_PPM = 50000, PPM = 1000000 };

enum aw_status
aw_household_create(struct aw_act *act, const char *district, const char *village,
	int64_t *ret_household, struct aw_error *err)
{
	struct sql_household_insert_in in = { .id = aw_act_id(act),
		.district = district,
		.village = village,
		.recorded_at = act->now_ms };
	char *number;

	if (aw_act_number(act, 'H', &number, err) != AW_OK)
		return err->status;
	in.number = number;
	if (sql_household_insert(act->tx, &in, err) != AW_OK)
		return aw_wrap(err, "making a household");
	*ret_household = in.id;
	return AW_OK;
}

enum aw_status
aw_membership_add(struct aw_act *act, int64_t household, int64_t person, const char *role,
	struct aw_maybe from_day, struct aw_error *err)
{
	struct sql_membership_insert_in in = { .id = aw_act_id(act),
		.household = household,
		.person = person,
		.role = role,
		.from_day = from_day };

	return sql_membership_insert(act->tx, &in, err);
}

enum aw_status
aw_membership_end(
	struct aw_act *act, int64_t household, int64_t person, int32_t to_day, struct aw_error *err)
{
	struct sql_membership_end_in in = { household, person, to_day };
	int64_t changed = 0;

	if (sql_membership_end(act->tx, &in, &changed, err) != AW_OK)
		return err->status;
	if (changed == 0)
		return aw_fail(err, AW_NOT_FOUND, "the person is no member of this household");
	return AW_OK;
}

enum aw_status
aw_household_of(struct aw_act *act, int64_t person, int32_t day, struct aw_household *ret_household,
	struct aw_error *err)
{
	struct sql_household_of row;
	struct sql_household_members *members;
	struct aw_household made = { 0 };
	size_t count = 0;
	bool found = false;

	if (sql_household_of(act->tx, &(struct sql_household_of_in){ person, day }, act->arena,
		    &row, &found, err) != AW_OK)
		return err->status;
	if (!found) {
		*ret_household = made;
		return AW_OK;
	}
	if (sql_household_members(act->tx, &(struct sql_household_members_in){ row.id, day },
		    act->arena, &members, &count, err) != AW_OK)
		return err->status;
	made.id = row.id;
	made.number = row.number;
	made.district = row.district;
	made.village = row.village;
	made.members = AW_NEW_ARRAY(act->arena, struct aw_member, count + 1);
	made.member_count = count;
	for (size_t i = 0; i < count; i++)
		made.members[i] = (struct aw_member){ members[i].person, members[i].role,
			members[i].from_day, members[i].to_day };
	*ret_household = made;
	return AW_OK;
}

/* -- relationships --------------------------------------------------------------------------------- */

enum aw_status
aw_relationship_add(struct aw_act *act, int64_t person, int64_t other, const char *kind,
	const char *source, struct aw_maybe from_day, struct aw_error *err)
{
	struct sql_relationship_insert_in in = { .id = aw_act_id(act),
		.person = person,
		.other = other,
		.kind = kind,
		.source = source,
		.from_day = from_day,
		.recorded_at = act->now_ms,
		.recorded_by = act->viewer != NULL && act->viewer->account != 0
				       ? AW_KNOWN(act->viewer->account)
				       : AW_UNKNOWN };

	if (person == other)
		return aw_fail(err, AW_INVALID, "nobody is related to themselves");
	return sql_relationship_insert(act->tx, &in, err);
}

/* The same relation seen from the other end. */
static const char *
turned(const char *kind)
{
	static const char *const pairs[][2] = { { "parent", "child" },
		{ "grandparent", "grandchild" }, { "guardian", "ward" }, { "carer", "cared_for" },
		{ "parent_in_law", "child_in_law" }, { "step_parent", "step_child" } };

	for (size_t i = 0; i < AW_COUNT(pairs); i++) {
		if (strcmp(kind, pairs[i][0]) == 0)
			return pairs[i][1];
		if (strcmp(kind, pairs[i][1]) == 0)
			return pairs[i][0];
	}
	return kind; /* spouse, partner, sibling, ...: the same both ways */
}

enum aw_status
aw_relationships_of(struct aw_act *act, int64_t person, struct aw_relationship **ret_at,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_relationships_of *rows;
	struct aw_relationship *at;
	size_t count = 0;

	if (sql_relationships_of(act->tx, &(struct sql_relationships_of_in){ .person = person },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	at = AW_NEW_ARRAY(act->arena, struct aw_relationship, count + 1);
	for (size_t i = 0; i < count; i++) {
		bool is_other = rows[i].other == person; /* then person is the <kind> of them */

		at[i] = (struct aw_relationship){
			.other = is_other ? rows[i].person : rows[i].other,
			.kind = is_other ? rows[i].kind : turned(rows[i].kind),
			.source = rows[i].source,
			.from_day = rows[i].from_day,
			.to_day = rows[i].to_day,
		};
	}
	*ret_at = at;
	*ret_count = count;
	return AW_OK;
}

/* -- inferred ---------------------------------------------------------------------------------------- */

/* Generations above the household's head: what two members are to each other follows from it. */
static bool
generation_of(const char *role, int *ret)
{
	static const struct {
		const char *role;
		int generation;
	} known[] = { { "head", 0 }, { "spouse", 0 }, { "sibling", 0 }, { "parent", 1 },
		{ "child", -1 }, { "grandchild", -2 } };

	for (size_t i = 0; i < AW_COUNT(known); i++) {
		if (strcmp(role, known[i].role) == 0) {
			*ret = known[i].generation;
			return true;
		}
	}
	return false;
}

/* What `member` is to `self` in one household; "other" when the roles do not tell. */
static const char *
role_towards(const char *self, const char *member)
{
	int a, b;

	if (!generation_of(self, &a) || !generation_of(member, &b))
		return "other";
	if (b - a == 0) {
		bool couple = (strcmp(self, "head") == 0 && strcmp(member, "spouse") == 0) ||
			      (strcmp(self, "spouse") == 0 && strcmp(member, "head") == 0) ||
			      (strcmp(self, "parent") == 0 && strcmp(member, "parent") == 0);

		return couple ? "spouse" : "sibling";
	}
	switch (b - a) {
	case 1:
		return "parent";
	case -1:
		return "child";
	case 2:
		return "grandparent";
	case -2:
		return "grandchild";
	default:
		return "other";
	}
}

struct kin_list {
	struct aw_kin at[KIN_LIMIT];
	bool in_household[KIN_LIMIT];
	size_t count;
};

static void
add_kin(struct kin_list *list, int64_t person, const char *role, bool in_household)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->at[i].person != person)
			continue;
		/* a relationship that somebody recorded says more, but for one that says what the household does */
		if (strcmp(role, "housemate") != 0)
			list->at[i].role = role;
		return;
	}
	if (list->count == KIN_LIMIT)
		return;
	list->in_household[list->count] = in_household;
	list->at[list->count++] = (struct aw_kin){ .person = person, .role = role };
}

/* One fact of the query: how much it speaks for the member. */
static double
odds_of(const struct aw_arena *arena, struct aw_buf *levels, const char *field, int agreement)
{
	static const char *const codes[] = { "differs", "near", "same" };
	static const double odds[] = { 0.02, 0.5, 1.0 };

	(void)arena;
	aw_buf_printf(levels, "|%s=%s", field, codes[agreement]);
	return odds[agreement];
}

static int
name_agreement(struct aw_arena *arena, const char *asked, const struct aw_identity *identity)
{
	struct aw_str want = aw_text_fold(arena, aw_text_nfkc(arena, aw_str(asked)));
	struct aw_link_input left = { .name = asked, .birth_day = AW_BIRTH_UNKNOWN }, right = left;
	struct aw_link_levels levels;
	struct aw_link_form a, b;
	struct aw_str a_other, b_other;
	int best = 0;

	aw_link_form_make(arena, &left, &a, &a_other);
	for (size_t i = 0; i < identity->name_count; i++) {
		struct aw_str name = aw_text_fold(arena, aw_str(identity->names[i].text));

		if (want.len > 0 && memmem(name.at, name.len, want.at, want.len) != NULL)
			return 2;
		right.name = identity->names[i].text;
		aw_link_form_make(arena, &right, &b, &b_other);
		aw_link_compare(&a, a_other, &b, b_other, &levels);
		if (levels.at[AW_LINK_NAME] >= AW_NAMES_EXACT &&
			levels.at[AW_LINK_NAME] <= AW_NAMES_MARRIED)
			return 2;
		if (levels.at[AW_LINK_NAME] <= AW_NAMES_GIVEN &&
			levels.at[AW_LINK_NAME] != AW_NAMES_MISSING)
			best = 1;
	}
	return best;
}

static double
weigh_kin(struct aw_act *act, const struct aw_kin_query *query, struct aw_kin *kin,
	const struct aw_identity *identity, bool in_household)
{
	struct aw_buf levels = { .arena = act->arena };
	double odds = 1.0;

	aw_buf_printf(&levels, "household=%s", in_household ? "same" : "other");
	if (query->role != NULL) {
		bool same = aw_text_eq(query->role, kin->role);

		odds *= odds_of(act->arena, &levels, "role",
			same				 ? 2
			: aw_text_eq(kin->role, "other") ? 1
							 : 0);
	}
	if (query->age >= 0 && identity->birth_known) {
		int32_t age = aw_identity_age(identity, aw_taipei_day(act->now_ms));
		int32_t off = age > query->age ? age - query->age : query->age - age;

		odds *= odds_of(act->arena, &levels, "age", off == 0 ? 2 : off == 1 ? 1 : 0);
	}
	if (query->sex != 0 && identity->sex != 0)
		odds *= odds_of(act->arena, &levels, "sex", query->sex == identity->sex ? 2 : 0);
	if (query->name != NULL && query->name[0] != '\0')
		odds *= odds_of(act->arena, &levels, "name",
			name_agreement(act->arena, query->name, identity));
	kin->levels = levels.at;
	return odds;
}

static int
by_probability(const void *left, const void *right)
{
	const struct aw_kin *a = left, *b = right;

	if (a->probability_ppm != b->probability_ppm)
		return a->probability_ppm > b->probability_ppm ? -1 : 1;
	return a->person < b->person ? -1 : a->person > b->person;
}

static enum aw_status
gather(struct aw_act *act, int64_t person, struct kin_list *list, struct aw_error *err)
{
	struct aw_relationship *relations;
	struct aw_household home;
	const char *self = NULL;
	size_t count;

	if (aw_household_of(act, person, aw_taipei_day(act->now_ms), &home, err) != AW_OK ||
		aw_relationships_of(act, person, &relations, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < home.member_count; i++)
		if (home.members[i].person == person)
			self = home.members[i].role;
	for (size_t i = 0; i < home.member_count; i++)
		if (home.members[i].person != person)
			add_kin(list, home.members[i].person,
				self == NULL ? "other" : role_towards(self, home.members[i].role),
				true);
	for (size_t i = 0; i < count; i++)
		if (!relations[i].to_day.known)
			add_kin(list, relations[i].other, relations[i].kind, false);
	return AW_OK;
}

enum aw_status
aw_household_infer(struct aw_act *act, int64_t person, const struct aw_kin_query *query,
	struct aw_kin **ret_at, size_t *ret_count, struct aw_error *err)
{
	struct kin_list list = { 0 };
	double odds[KIN_LIMIT] = { 0 }, sum = 0.1; /* that it is nobody the city knows */
	size_t kept = 0;

	if (gather(act, person, &list, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < list.count; i++) {
		struct aw_person known;
		enum aw_status status = aw_person_get(act, list.at[i].person, &known, err);

		if (status == AW_NOT_FOUND) /* erased */
			continue;
		if (status != AW_OK)
			return status;
		odds[i] = weigh_kin(act, query, &list.at[i], &known.identity, list.in_household[i]);
		sum += odds[i];
	}
	for (size_t i = 0; i < list.count; i++) {
		list.at[i].probability_ppm = (int32_t)(odds[i] / sum * PPM + 0.5);
		if (list.at[i].probability_ppm >= LEAST_PPM)
			list.at[kept++] = list.at[i];
	}
	qsort(list.at, kept, sizeof(list.at[0]), by_probability);
	*ret_at = aw_arena_memdup(act->arena, list.at, kept * sizeof(list.at[0]));
	*ret_count = kept;
	return AW_OK;
}
