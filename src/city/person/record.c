/* Records as they were imported, what was put aside, and what may be shown. */
#include <inttypes.h>

#include "city/person/mapping.h"
#include "city/person/register.sql.h"
#include "city/person/row.h"
#include "text/csv.h"

enum aw_status
aw_register_rejected(struct aw_act *act, int64_t extract, struct aw_buf *out, struct aw_error *err)
{
	struct sql_quarantine_of *rows;
	size_t count = 0;

	if (sql_quarantine_of(act->tx, &(struct sql_quarantine_of_in){ .extract = extract },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	aw_buf_text(out, "line,reason,row\n");
	for (size_t i = 0; i < count; i++) {
		struct aw_place place = { "quarantine", "sealed", rows[i].id, 1 };
		struct aw_key key = { 0 };
		struct aw_str whole;
		enum aw_status status;

		if (aw_key_get(act->tx, act->keyring, rows[i].key, &key, err) != AW_OK)
			return err->status;
		status = aw_unseal(
			act->arena, act->keyring, &key, place, rows[i].sealed, &whole, err);
		aw_key_done(&key);
		if (status != AW_OK)
			return status;
		aw_buf_printf(out, "%" PRId64, rows[i].line);
		aw_csv_put(out, rows[i].reason, false);
		aw_csv_put(out, whole.at, false);
		aw_buf_char(out, '\n');
	}
	return AW_OK;
}

enum aw_status
aw_register_record_get(struct aw_act *act, int64_t record, const char **ret_register,
	json_t **ret_row, struct aw_error *err)
{
	struct aw_place place = { "register_record", "sealed", record, 0 };
	struct sql_record_get row;
	struct aw_key key = { 0 };
	struct aw_str text;
	enum aw_status status;
	bool found = false;

	if (sql_record_get(act->tx, &(struct sql_record_get_in){ .id = record }, act->arena, &row,
		    &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no such record");
	if (aw_key_get(act->tx, act->keyring, row.key, &key, err) != AW_OK)
		return err->status;
	place.version = row.version;
	status = aw_unseal(act->arena, act->keyring, &key, place, row.sealed, &text, err);
	aw_key_done(&key);
	if (status != AW_OK || aw_json_parse(text, "record", ret_row, err) != AW_OK)
		return err->status;
	*ret_register = row.register_code;
	return AW_OK;
}

enum aw_status
aw_register_record_about(struct aw_act *act, int64_t record, struct aw_register_about *ret_about,
	struct aw_error *err)
{
	AW_SCOPED(json, json_t *) row = NULL;
	struct sql_record_about about;
	const struct aw_register_map *map;
	bool found = false;

	*ret_about = (struct aw_register_about){ 0 };
	if (aw_register_record_get(act, record, &ret_about->register_code, &row, err) != AW_OK ||
		sql_record_about(act->tx, &(struct sql_record_about_in){ .id = record }, act->arena,
			&about, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no such record");
	ret_about->status = about.status;
	ret_about->unit = about.unit;
	ret_about->extract_day = about.extract_day;
	map = aw_registers_find(aw_registers_of(act), ret_about->register_code);
	if (map != NULL)
		aw_register_row_identity(act->arena, map, row, &ret_about->identity);
	return AW_OK;
}
