/* city/intake - what reports hold of a person who is erased: their own row, and reports about nobody
 * else as a whole. */
#include "city/intake/inside.h"
#include "city/intake/intake.sql.h"

/* In the place of what was reported. */
static json_t *
nothing_left(void)
{
	json_t *json = json_object();

	aw_json_put(json, AW_REPORT_ERASED, json_true());
	return json;
}

/* Takes a person's facts out. A further person whom a supplement named has a row of its own: the copy
 * goes too, whoever it was. */
static bool
strip(json_t *facts, int64_t position)
{
	json_t *list = json_object_get(facts, "persons");
	size_t before = json_array_size(list);

	for (size_t i = before; i-- > 0;) {
		int64_t at = 0;

		if (!aw_json_int(json_array_get(list, i), "position", &at) || at == position)
			(void)json_array_remove(list, i);
	}
	return json_array_size(list) != before;
}

/* What supplements said of the person at a position. */
static enum aw_status
strip_supplements(struct aw_act *act, const struct aw_key *key, int64_t report, int64_t position,
	struct aw_error *err)
{
	struct sql_report_supplement_list *rows;
	size_t count;

	if (sql_report_supplement_list(act->tx,
		    &(struct sql_report_supplement_list_in){ .report = report }, act->arena, &rows,
		    &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		json_t *facts = NULL;

		if (aw_report_unseal(act, key,
			    (struct aw_place){ "report_supplement", "sealed", rows[i].id, 1 },
			    rows[i].sealed, &facts, err) != AW_OK)
			return err->status;
		if (!strip(facts, position))
			continue;
		if (sql_report_supplement_replace(act->tx,
			    &(struct sql_report_supplement_replace_in){ .id = rows[i].id,
				    .sealed = aw_report_seal(act, key, "report_supplement",
					    "sealed", rows[i].id, facts) },
			    err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

/* A report that is about others too stays, without this person's row. */
static enum aw_status
blank(struct aw_act *act, const struct sql_report_person_of *row, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	AW_SCOPED(json, json_t *) json = nothing_left();

	if (aw_key_get(act->tx, act->keyring, row->key, &key, err) != AW_OK ||
		sql_report_person_replace(act->tx,
			&(struct sql_report_person_replace_in){ .id = row->id,
				.sealed = aw_report_seal(
					act, &key, "report_person", "sealed", row->id, json) },
			err) != AW_OK)
		return err->status;
	return strip_supplements(act, &key, row->report, row->position, err);
}

enum aw_status
aw_report_erase_person(struct aw_act *act, int64_t person, struct aw_report_erasure *ret_erasure,
	struct aw_error *err)
{
	struct aw_report_erasure erasure = { 0 };
	struct sql_report_person_of *rows;
	size_t count;

	if (sql_report_person_of(act->tx, &(struct sql_report_person_of_in){ .person = person },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (!rows[i].has_key.known)
			continue; /* gone with the report before */
		if (rows[i].others != 0) {
			if (blank(act, &rows[i], err) != AW_OK)
				return err->status;
			erasure.shared++;
		} else {
			if (aw_key_erase(act->tx, rows[i].key, err) != AW_OK)
				return err->status;
			erasure.whole++;
		}
	}
	*ret_erasure = erasure;
	return AW_OK;
}
