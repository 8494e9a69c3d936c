/* city/family/cell - text sealed under a person's own key. */
#include "city/family/cell.h"

#include <string.h>

#include "city/dispatch/dispatch.h"

enum { TEXT_LIMIT = 8000 };

enum aw_status
aw_cell_seal(struct aw_act *act, int64_t person, const char *table, int64_t row, const char *text,
	struct aw_cell *ret, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	struct sql_family_person_key owner;
	bool found;

	if (text == NULL)
		text = "";
	if (strlen(text) > TEXT_LIMIT)
		return aw_fail(err, AW_INVALID, "the text is longer than %d bytes", TEXT_LIMIT);
	if (sql_family_person_key(act->tx, &(struct sql_family_person_key_in){ .person = person },
		    act->arena, &owner, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "no such person");
	if (aw_key_get(act->tx, act->keyring, owner.key, &key, err) != AW_OK)
		return err->status;
	ret->key = key.id;
	ret->sealed = aw_seal(act->arena, act->keyring, &key,
		(struct aw_place){ table, "sealed", row, 1 }, aw_str(text));
	return AW_OK;
}

enum aw_status
aw_cell_open(const struct aw_act *act, int64_t key_id, const char *table, int64_t row,
	struct aw_bytes sealed, const char **ret_text, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	struct aw_str text;
	enum aw_status status = aw_key_get(act->tx, act->keyring, key_id, &key, err);

	if (status == AW_NOT_FOUND) {
		aw_error_clear(err);
		*ret_text = NULL;
		return AW_OK;
	}
	if (status != AW_OK ||
		aw_unseal(act->arena, act->keyring, &key,
			(struct aw_place){ table, "sealed", row, 1 }, sealed, &text, err) != AW_OK)
		return err->status;
	*ret_text = text.at;
	return AW_OK;
}

enum aw_status
aw_family_of_unit(const struct aw_act *act, const char *unit, struct aw_error *err)
{
	if (aw_dispatch_same_unit(act->policy, act->viewer->unit, unit))
		return AW_OK;
	return aw_fail(err, AW_DENIED, "only the unit that serves the family can do this");
}
