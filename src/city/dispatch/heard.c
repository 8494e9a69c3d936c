/* Who may hear that a report changed, before they look. */
#include "city/dispatch/heard.h"

#include <string.h>

#include "city/dispatch/dispatch.sql.h"
#include "city/dispatch/report_page.h"

enum aw_status
aw_report_heard(struct aw_act *act, const char *number, int64_t *ret_report, struct aw_error *err)
{
	const struct aw_form_value value = { "number", number };
	struct aw_call call = { .act = *act, .path_values = &value, .path_count = 1 };
	struct aw_call probe = aw_call_probe(&call);
	struct aw_report_page page;
	enum aw_status status = aw_report_page_load(&probe, &page, err);

	*ret_report = 0;
	if (status == AW_NOT_FOUND) {
		aw_error_clear(err);
		return AW_OK;
	}
	if (status == AW_OK && !page.apart)
		*ret_report = page.way.report.id;
	return status;
}

static bool
works(const struct sql_dispatch_get *d)
{
	return strcmp(d->side, "respondent") != 0 && strcmp(d->state, "proposed") != 0 &&
	       strcmp(d->state, "withdrawn") != 0;
}

enum aw_status
aw_report_heard_by(struct aw_act *act, int64_t report, const char ***ret_units, size_t *ret_count,
	struct aw_error *err)
{
	const struct aw_policy *policy = act->policy;
	struct sql_dispatch_get *rows;
	const char **units = NULL;
	size_t row_count, count = 0, room = 0;
	bool disputed = false;

	if (sql_dispatch_of_report(act->tx, &(struct sql_dispatch_of_report_in){ .report = report },
		    act->arena, &rows, &row_count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < row_count; i++) {
		disputed |= strcmp(rows[i].state, "disputed") == 0;
		if (works(&rows[i]))
			*AW_PUSH(act->arena, units, count, room) = rows[i].unit;
	}
	for (size_t i = 0; i < policy->unit_count; i++)
		if (policy->units[i].screens || (policy->units[i].settles && disputed))
			*AW_PUSH(act->arena, units, count, room) = policy->units[i].code;
	*ret_units = units;
	*ret_count = count;
	return AW_OK;
}
