/* The ledger of what somebody is involved in: rooms to the right write, everybody may ask. */
#include <string.h>

#include "city/person/person.h"
#include "city/person/person.sql.h"

static struct aw_maybe
maybe(int64_t id)
{
	return id == 0 ? AW_UNKNOWN : AW_KNOWN(id);
}

enum aw_status
aw_involvement_add(
	struct aw_act *act, const struct aw_involvement *involvement, struct aw_error *err)
{
	struct sql_involvement_insert_in in = { .id = aw_act_id(act),
		.person = involvement->person,
		.kind = involvement->kind,
		.detail = involvement->detail,
		.role = involvement->role,
		.unit = involvement->unit,
		.account = maybe(involvement->account),
		.reference = involvement->reference,
		.number = involvement->number,
		.from_at = involvement->from_at,
		.to_at = involvement->to_at };

	return sql_involvement_insert(act->tx, &in, err);
}

enum aw_status
aw_involvement_end(
	struct aw_act *act, int64_t reference, int64_t person, int64_t at, struct aw_error *err)
{
	int64_t changed;

	if (person == 0)
		return sql_involvement_end(act->tx,
			&(struct sql_involvement_end_in){ .reference = reference, .at = at },
			&changed, err);
	return sql_involvement_end_person(act->tx,
		&(struct sql_involvement_end_person_in){
			.reference = reference, .person = person, .at = at },
		&changed, err);
}

enum aw_status
aw_involvement_assign(struct aw_act *act, int64_t reference, const char *unit, int64_t account,
	struct aw_error *err)
{
	int64_t changed;

	return sql_involvement_assign(act->tx,
		&(struct sql_involvement_assign_in){
			.reference = reference, .unit = unit, .account = maybe(account) },
		&changed, err);
}

enum aw_status
aw_involvement_of(struct aw_act *act, int64_t person, int64_t since_at,
	struct aw_involvement **ret_at, size_t *ret_count, struct aw_error *err)
{
	struct sql_involvement_of *rows;
	struct aw_involvement *at;
	size_t count = 0;

	if (sql_involvement_of(act->tx,
		    &(struct sql_involvement_of_in){ .person = person, .since_at = since_at },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	at = AW_NEW_ARRAY(act->arena, struct aw_involvement, count + 1);
	for (size_t i = 0; i < count; i++)
		at[i] = (struct aw_involvement){ .person = rows[i].person,
			.kind = rows[i].kind,
			.detail = rows[i].detail,
			.role = rows[i].role,
			.unit = rows[i].unit,
			.account = rows[i].account.known ? rows[i].account.v : 0,
			.reference = rows[i].reference,
			.number = rows[i].number,
			.from_at = rows[i].from_at,
			.to_at = rows[i].to_at };
	*ret_at = at;
	*ret_count = count;
	return AW_OK;
}
