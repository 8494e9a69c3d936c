/* Settings and counters. */
#include "db/setting.h"

#include "db/db.sql.h"
#include "db/last.h"

enum aw_status
aw_setting_get(struct aw_tx *tx, struct aw_arena *arena, const char *name, const char **ret_value,
	struct aw_error *err)
{
	struct sql_setting_get row = { 0 };
	bool found = false;

	if (sql_setting_get(tx, &(struct sql_setting_get_in){ .name = name }, arena, &row, &found,
		    err) != AW_OK)
		return err->status;
	*ret_value = found ? row.value : NULL;
	return AW_OK;
}

enum aw_status
aw_setting_put(struct aw_tx *tx, const char *name, const char *value, struct aw_error *err)
{
	int64_t changed = 0;

	if (value == NULL)
		return sql_setting_delete(
			tx, &(struct sql_setting_delete_in){ .name = name }, &changed, err);
	return sql_setting_put(
		tx, &(struct sql_setting_put_in){ .name = name, .value = value }, err);
}

static enum aw_status
ask_last(struct aw_tx *tx, const char *name, int32_t day, int64_t *ret_last, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct sql_counter_get row = { 0 };
	bool found = false;

	if (sql_counter_get(tx, &(struct sql_counter_get_in){ .name = name, .day = day }, &arena,
		    &row, &found, err) != AW_OK)
		return err->status;
	if (found)
		*ret_last = row.last;
	return AW_OK;
}

/* Read, then set: units of work run one after the other, and RETURNING costs more than both. */
enum aw_status
aw_counter_next(
	struct aw_tx *tx, const char *name, int32_t day, int64_t *ret_count, struct aw_error *err)
{
	int64_t last = 0;

	if (aw_last_get(tx, name, day, ask_last, &last, err) != AW_OK ||
		sql_counter_set(tx,
			&(struct sql_counter_set_in){ .name = name, .day = day, .last = last + 1 },
			err) != AW_OK)
		return err->status;
	aw_last_given(tx, name, day, last + 1);
	*ret_count = last + 1;
	return AW_OK;
}
