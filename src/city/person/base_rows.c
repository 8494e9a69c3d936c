/* Rows of household registration become people, households and memberships. */
#include "city/person/base_rows.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "city/person/form.h"
#include "text/idno.h"

static void
digest_number(const char *number, int64_t extract, char ret_digest[33])
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *text = aw_arena_printf(&arena, "%lld %s", (long long)extract, number);

	(void)snprintf(ret_digest, 33, "%.32s", aw_sha256_hex(&arena, text, strlen(text)));
}

void
aw_base_carry(
	const struct aw_base_household *household, int64_t extract, char ret_carry[AW_CARRY_BYTES])
{
	char digest[33];

	digest_number(household->number, extract, digest);
	(void)snprintf(ret_carry, AW_CARRY_BYTES, "%s:%lld", digest, (long long)household->id);
}

bool
aw_base_carried(const char *carry, struct aw_base_household *ret_household)
{
	struct aw_base_household household = { 0 };
	size_t len = strlen(carry);

	if (len < 34 || carry[32] != ':' || strspn(carry, "0123456789abcdef") != 32 ||
		!aw_str_int64((struct aw_str){ carry + 33, len - 33 }, &household.id))
		return false;
	memcpy(household.carried, carry, 32);
	*ret_household = household;
	return true;
}

static void
begin_household(struct aw_base_household *household, const char *number, int64_t extract)
{
	int64_t same = 0;

	if (household->carried[0] != '\0') {
		char digest[33];

		digest_number(number, extract, digest);
		same = strcmp(digest, household->carried) == 0 ? household->id : 0;
	} else if (strncmp(household->number, number, sizeof(household->number) - 1) == 0) {
		return;
	}
	*household = (struct aw_base_household){ .id = same };
	(void)snprintf(household->number, sizeof(household->number), "%s", number);
}

static enum aw_status
make_household(struct aw_act *act, const struct aw_register_row *row,
	struct aw_base_household *household, struct aw_error *err)
{
	const struct aw_identity_address *home = aw_identity_residence(&row->identity);
	const struct aw_district *district = NULL;
	const char *village = row->village;

	if (home != NULL && home->parts.district != NULL)
		district = aw_policy_district(act->policy, home->parts.district);
	if (village == NULL && home != NULL)
		village = home->parts.village;
	return aw_household_create(
		act, district == NULL ? NULL : district->code, village, &household->id, err);
}

static enum aw_status
join(struct aw_act *act, const struct aw_register_row *row, struct aw_base_household *household,
	int64_t person, struct aw_error *err)
{
	if (household->id == 0 && make_household(act, row, household, err) != AW_OK)
		return err->status;
	return aw_membership_add(act, household->id, person, row->role, row->from_day, err);
}

/* Somebody known: corrected when the row says otherwise, moved when the household is another. */
static enum aw_status
take_known(struct aw_act *act, const struct aw_register_row *row,
	struct aw_base_household *household, int64_t person, enum aw_row_fate *fate,
	struct aw_error *err)
{
	int32_t today = aw_taipei_day(act->now_ms);
	struct aw_household home;
	struct aw_person known;

	if (aw_person_get(act, person, &known, err) != AW_OK ||
		aw_household_of(act, person, today, &home, err) != AW_OK)
		return err->status;
	*fate = AW_ROW_SAME;
	if (!aw_str_eq(aw_identity_pack(act->arena, &known.identity),
		    aw_identity_pack(act->arena, &row->identity))) {
		*fate = AW_ROW_CHANGED;
		if (aw_person_correct(act, person, known.version, &row->identity, err) != AW_OK)
			return err->status;
	}
	if (household->id == 0 && home.id != 0)
		household->id = home.id;
	if (home.id == household->id)
		return AW_OK;
	*fate = AW_ROW_CHANGED;
	if (home.id != 0 && aw_membership_end(act, home.id, person, today - 1, err) != AW_OK)
		return err->status;
	return join(act, row, household, person, err);
}

enum aw_status
aw_base_row_take(struct aw_act *act, const struct aw_register_row *row,
	struct aw_base_household *household, int64_t extract, enum aw_row_fate *ret_fate,
	struct aw_error *err)
{
	uint64_t number = aw_idno_pack(aw_identity_number(&row->identity));
	int64_t person =
		number == 0 || act->people == NULL ? 0 : aw_people_of_number(act->people, number);

	begin_household(household, row->household_no, extract);
	if (person != 0)
		return take_known(act, row, household, person, ret_fate, err);
	*ret_fate = AW_ROW_FRESH;
	if (aw_person_create(act, &row->identity, "household_registration", &person, NULL, err) !=
		AW_OK)
		return err->status;
	return join(act, row, household, person, err);
}
