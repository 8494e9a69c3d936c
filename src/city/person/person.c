/* People: made, read, corrected, erased. */
#include "city/person/person.h"

#include <string.h>

#include "base/clock.h"
#include "city/person/form.h"
#include "city/person/people.h"
#include "city/person/person.sql.h"
#include "city/person/register.sql.h"
#include "db/change.h"
#include "policy/policy.h"

static struct aw_maybe
maybe_account(const struct aw_act *act)
{
	return act->viewer != NULL && act->viewer->account != 0 ? AW_KNOWN(act->viewer->account)
								: AW_UNKNOWN;
}

/* -- after the commit the index learns -------------------------------------------------------------- */

struct news {
	struct aw_people *people;
	int64_t person;
	struct aw_person_forms forms; /* none: remove */
};

static void
tell_index(void *arg)
{
	const struct news *news = arg;

	if (news->forms.count == 0)
		aw_people_remove(news->people, news->person);
	else
		aw_people_put_forms(news->people, news->person, &news->forms);
}

/* identity NULL: there is no such person any more. */
static enum aw_status
index_later(struct aw_act *act, int64_t person, const struct aw_identity *identity,
	struct aw_error *err)
{
	struct news *news;

	if (aw_change_note(act->tx, AW_PEOPLE_CHANGE, person, err) != AW_OK)
		return err->status;
	if (act->people == NULL)
		return AW_OK;
	news = AW_NEW(act->arena, struct news);
	news->people = act->people;
	news->person = person;
	if (identity != NULL)
		aw_person_forms_make(act->arena, identity, -1, 0, &news->forms);
	aw_tx_after_commit(act->tx, tell_index, news);
	return AW_OK;
}

/* -- what stands in plain ---------------------------------------------------------------------------- */

/* Code of the district where the person lives, when that is in this city. */
static const char *
district_of(const struct aw_act *act, const struct aw_identity *identity)
{
	const struct aw_identity_address *home = aw_identity_residence(identity);
	const struct aw_district *district;

	if (home == NULL || home->parts.district == NULL || act->policy == NULL ||
		(home->parts.county != NULL &&
			!aw_text_eq(home->parts.county, act->policy->city.label.zh)))
		return NULL;
	district = aw_policy_district(act->policy, home->parts.district);
	return district == NULL ? NULL : district->code;
}

static const char *
sex_text(struct aw_arena *arena, char sex)
{
	return sex == 0 ? NULL : aw_arena_strndup(arena, &sex, 1);
}

static struct aw_maybe
birth_year(const struct aw_identity *identity)
{
	return identity->birth_known ? AW_KNOWN(aw_date_of_day(identity->birth.from_day).year)
				     : AW_UNKNOWN;
}

static bool
identifies(const struct aw_identity *identity)
{
	return identity->name_count > 0 || identity->number_count > 0 || identity->birth_known;
}

enum aw_status
aw_person_create(struct aw_act *act, const struct aw_identity *identity, const char *source,
	int64_t *ret_person, const char **ret_number, struct aw_error *err)
{
	struct sql_person_insert_in in = { .id = aw_act_id(act), .key = aw_act_id(act) };
	struct aw_place place = { "person", "sealed", in.id, 1 };
	struct aw_key key = { 0 };
	char *number;

	if (!identifies(identity))
		return aw_fail(err, AW_INVALID,
			"nothing identifies this person: give a name, a number or a birth date");
	if (aw_key_make(act->tx, act->keyring, in.key, "person", &key, err) != AW_OK)
		return err->status;
	in.sealed = aw_seal(
		act->arena, act->keyring, &key, place, aw_identity_pack(act->arena, identity));
	aw_key_done(&key);
	if (aw_act_number(act, 'P', &number, err) != AW_OK)
		return err->status;
	in.number = number;
	in.sex = sex_text(act->arena, identity->sex);
	in.birth_year = birth_year(identity);
	in.district = district_of(act, identity);
	in.source = source;
	in.recorded_at = act->now_ms;
	in.recorded_by = maybe_account(act);
	if (sql_person_insert(act->tx, &in, err) != AW_OK)
		return aw_wrap(err, "making a person");
	if (index_later(act, in.id, identity, err) != AW_OK)
		return err->status;
	*ret_person = in.id;
	if (ret_number != NULL)
		*ret_number = number;
	return AW_OK;
}

/* -- read -------------------------------------------------------------------------------------------- */

static enum aw_status
read_row(struct aw_act *act, int64_t person, struct sql_person_get *row, struct aw_error *err)
{
	bool found = false;

	if (sql_person_get(act->tx, &(struct sql_person_get_in){ .id = person }, act->arena, row,
		    &found, err) != AW_OK)
		return err->status;
	return found ? AW_OK : aw_fail(err, AW_NOT_FOUND, "there is no such person");
}

static enum aw_status
open_identity(struct aw_act *act, const struct sql_person_get *row,
	struct aw_identity *ret_identity, struct aw_error *err)
{
	struct aw_place place = { "person", "sealed", row->id, row->version };
	AW_SCOPE(aw_key) key = { 0 };
	struct aw_str packed;

	if (aw_key_get(act->tx, act->keyring, row->key, &key, err) != AW_OK ||
		aw_unseal(act->arena, act->keyring, &key, place, row->sealed, &packed, err) !=
			AW_OK)
		return err->status;
	return aw_identity_unpack(act->arena, packed, ret_identity, err);
}

enum aw_status
aw_person_known(
	struct aw_act *act, int64_t person, struct aw_person *ret_person, struct aw_error *err)
{
	struct aw_person made = { 0 };
	struct sql_person_get row;
	enum aw_status status;

	if (read_row(act, person, &row, err) != AW_OK)
		return err->status;
	status = open_identity(act, &row, &made.identity, err);
	made.erased = status == AW_NOT_FOUND;
	if (made.erased)
		aw_error_clear(err);
	else if (status != AW_OK)
		return status;
	made.id = row.id;
	made.number = row.number;
	made.district = row.district;
	made.source = row.source;
	made.version = row.version;
	made.recorded_at = row.recorded_at;
	*ret_person = made;
	return AW_OK;
}

enum aw_status
aw_person_get(
	struct aw_act *act, int64_t person, struct aw_person *ret_person, struct aw_error *err)
{
	struct aw_person known;

	if (aw_person_known(act, person, &known, err) != AW_OK)
		return err->status;
	if (known.erased)
		return aw_fail(err, AW_NOT_FOUND, "this person was erased");
	*ret_person = known;
	return AW_OK;
}

enum aw_status
aw_person_by_number(
	struct aw_act *act, const char *number, struct aw_person *ret_person, struct aw_error *err)
{
	struct sql_person_by_number row;
	bool found = false;

	if (sql_person_by_number(act->tx, &(struct sql_person_by_number_in){ .number = number },
		    act->arena, &row, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no person of this number");
	return aw_person_get(act, row.id, ret_person, err);
}

/* -- changed ------------------------------------------------------------------------------------------- */

enum aw_status
aw_person_correct(struct aw_act *act, int64_t person, int64_t version,
	const struct aw_identity *identity, struct aw_error *err)
{
	struct sql_person_superseded_insert_in old = { .person = person,
		.version = version,
		.superseded_at = act->now_ms,
		.superseded_by = maybe_account(act) };
	struct sql_person_update_in in = { .id = person, .version = version };
	struct aw_place place = { "person", "sealed", person, version + 1 };
	struct sql_person_get row;
	struct aw_key key = { 0 };
	int64_t changed = 0;

	if (!identifies(identity))
		return aw_fail(err, AW_INVALID,
			"nothing would identify this person: keep a name, a number or a birth "
			"date");
	if (read_row(act, person, &row, err) != AW_OK)
		return err->status;
	if (row.version != version)
		return aw_fail(err, AW_CONFLICT, "somebody else corrected this person meanwhile");
	if (aw_key_get(act->tx, act->keyring, row.key, &key, err) != AW_OK)
		return err->status;
	in.sealed = aw_seal(
		act->arena, act->keyring, &key, place, aw_identity_pack(act->arena, identity));
	aw_key_done(&key);
	in.sex = sex_text(act->arena, identity->sex);
	in.birth_year = birth_year(identity);
	in.district = district_of(act, identity);
	in.recorded_at = act->now_ms;
	in.recorded_by = maybe_account(act);
	if (sql_person_superseded_insert(act->tx, &old, err) != AW_OK ||
		sql_person_update(act->tx, &in, &changed, err) != AW_OK)
		return aw_wrap(err, "correcting a person");
	if (changed != 1)
		return aw_fail(err, AW_CONFLICT, "somebody else corrected this person meanwhile");
	return index_later(act, person, identity, err);
}

enum aw_status
aw_person_alias_add(struct aw_act *act, int64_t person, enum aw_name_kind kind, const char *name,
	const char *number, struct aw_error *err)
{
	struct aw_person known;
	size_t before;

	if (aw_person_get(act, person, &known, err) != AW_OK)
		return err->status;
	before = known.identity.name_count + known.identity.number_count;
	aw_identity_add_name(act->arena, &known.identity, kind, name);
	aw_identity_add_number(act->arena, &known.identity, number);
	if (known.identity.name_count + known.identity.number_count == before)
		return AW_OK;
	return aw_person_correct(act, person, known.version, &known.identity, err);
}

enum aw_status
aw_person_erase(struct aw_act *act, int64_t person, struct aw_person_erasure *ret_erasure,
	struct aw_error *err)
{
	struct aw_person_erasure erasure = { 0 };
	struct sql_records_of_person *records;
	struct aw_person known;
	struct sql_person_get row;
	size_t count;

	if (aw_person_get(act, person, &known, err) != AW_OK ||
		read_row(act, person, &row, err) != AW_OK ||
		aw_key_erase(act->tx, row.key, err) != AW_OK ||
		sql_records_of_person(act->tx,
			&(struct sql_records_of_person_in){ .person = person }, act->arena,
			&records, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(records[i].state, "confirmed") != 0)
			continue;
		if (aw_key_erase(act->tx, records[i].key, err) != AW_OK)
			return err->status;
		erasure.records++;
	}
	if (index_later(act, person, NULL, err) != AW_OK)
		return err->status;
	*ret_erasure = erasure;
	return AW_OK;
}
