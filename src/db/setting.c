/* Settings and counters. */
#include "db/setting.h"

#include "db/db.sql.h"

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

enum aw_status
aw_counter_next(
	struct aw_tx *tx, const char *name, int32_t day, int64_t *ret_count, struct aw_error *err)
{
	struct aw_arena arena = { 0 };
	struct sql_counter_get row = { 0 };
	bool found = false;
	enum aw_status status =
		sql_counter_get(tx, &(struct sql_counter_get_in){ .name = name, .day = day },
			&arena, &row, &found, err);

	aw_arena_done(&arena);
	/* read, then set: units of work run one after the other, and RETURNING costs more than both */
	if (status != AW_OK || sql_counter_set(tx,
				       &(struct sql_counter_set_in){
					       .name = name, .day = day, .last = row.last + 1 },
				       err) != AW_OK)
		return err->status;
	*ret_count = row.last + 1;
	return AW_OK;
}
