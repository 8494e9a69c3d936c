/* city/intake/list - the list of reports: a page of it, newest first, and how many there are. */
#include <string.h>

#include "city/intake/inside.h"
#include "city/intake/intake.sql.h"
#include "db/memo.h"

static const char *
any(const char *text)
{
	return text != NULL ? text : "";
}

/* Behind every text that begins with the prefix. */
static const char *
end_of_prefix(struct aw_arena *arena, const char *prefix)
{
	return aw_arena_printf(arena, "%s\xf4\x8f\xbf\xbf", prefix);
}

static enum aw_status
rows_numbered(const struct aw_act *act, const struct sql_report_list_in *in, const char *number,
	struct sql_report_list **ret, size_t *ret_count, struct aw_error *err)
{
	return sql_report_list_numbered(act->tx,
		&(struct sql_report_list_numbered_in){
			.number = number,
			.number_end = end_of_prefix(act->arena, number),
			.state = in->state,
			.kind = in->kind,
			.district = in->district,
			.channel = in->channel,
			.from_at = in->from_at,
			.to_at = in->to_at,
			.before_id = in->before_id,
			.at_most = in->at_most,
		},
		act->arena, ret, ret_count, err);
}

/* How many there are in all; with a number prefix they are few and counted by listing them. */
static enum aw_status
count_all(const struct aw_act *act, struct sql_report_list_in in, const char *number,
	int64_t *ret_total, struct aw_error *err)
{
	struct sql_report_list_count total;
	struct sql_report_list *rows;
	size_t count = 0;
	bool found;

	in.before_id = INT64_MAX;
	in.at_most = AW_REPORT_COUNT_MOST + 1;
	if (number != NULL) {
		if (rows_numbered(act, &in, number, &rows, &count, err) != AW_OK)
			return err->status;
		*ret_total = (int64_t)count;
		return AW_OK;
	}
	if (sql_report_list_count(act->tx,
		    &(struct sql_report_list_count_in){ in.state, in.kind, in.district, in.channel,
			    in.from_at, in.to_at, in.at_most },
		    act->arena, &total, &found, err) != AW_OK)
		return err->status;
	*ret_total = found ? total.n : 0;
	return AW_OK;
}

/* Beginning with what goes on in the unit costs as much as there is of it; walking through all reports costs
 * the less the more of them are the unit's. With this many the two are near each other. */
enum { WALK_FROM = 1000 };

/* The list's filter, of one unit. */
static struct sql_report_list_unit_in
of_unit(const struct aw_act *act, const struct sql_report_list_in *in,
	const struct aw_report_filter *filter)
{
	return (struct sql_report_list_unit_in){
		.unit = filter->unit,
		.number = any(filter->number),
		.number_end = end_of_prefix(act->arena, any(filter->number)),
		.state = in->state,
		.kind = in->kind,
		.district = in->district,
		.channel = in->channel,
		.from_at = in->from_at,
		.to_at = in->to_at,
		.before_id = in->before_id,
		.at_most = in->at_most,
	};
}

/* What was sent to a unit, of which there are `total`. */
static enum aw_status
rows_of_unit(const struct aw_act *act, const struct sql_report_list_in *in,
	const struct aw_report_filter *filter, int64_t total, struct sql_report_list **ret,
	size_t *ret_count, struct aw_error *err)
{
	const struct sql_report_list_unit_in of = of_unit(act, in, filter);
	const struct sql_report_list_unit_newest_in newest = { of.unit, of.number, of.number_end,
		of.state, of.kind, of.district, of.channel, of.from_at, of.to_at, of.before_id,
		of.at_most };

	if (total >= WALK_FROM)
		return sql_report_list_unit_newest(
			act->tx, &newest, act->arena, ret, ret_count, err);
	return sql_report_list_unit(act->tx, &of, act->arena, ret, ret_count, err);
}

/* What goes on in a unit is gathered whole to be counted; everybody in it asks for the same, on each page. */
static enum aw_status
count_of_unit(const struct aw_act *act, const struct sql_report_list_in *in,
	const struct aw_report_filter *filter, int64_t *ret_total, struct aw_error *err)
{
	const struct sql_report_list_unit_in of = of_unit(act, in, filter);
	const char *key = aw_arena_printf(act->arena, "report_count %s %s %s %s %s %lld %lld",
		of.unit, of.state, of.kind, of.district, of.channel, (long long)of.from_at,
		(long long)of.to_at);
	bool keeps = of.number[0] == '\0';
	struct sql_report_list_unit_count total;
	struct aw_bytes kept;
	bool found;

	if (keeps && aw_memo_get(act->tx, key, act->arena, &kept)) {
		memcpy(ret_total, kept.at, sizeof(*ret_total));
		return AW_OK;
	}
	if (sql_report_list_unit_count(act->tx,
		    &(struct sql_report_list_unit_count_in){ of.unit, of.number, of.number_end,
			    of.state, of.kind, of.district, of.channel, of.from_at, of.to_at,
			    AW_REPORT_COUNT_MOST + 1 },
		    act->arena, &total, &found, err) != AW_OK)
		return err->status;
	*ret_total = found ? total.n : 0;
	if (keeps)
		aw_memo_put(act->tx, key,
			(struct aw_bytes){ (const void *)ret_total, sizeof(*ret_total) });
	return AW_OK;
}

static struct aw_report_line
line_of(const struct sql_report_list *row)
{
	return (struct aw_report_line){
		.id = row->id,
		.number = row->number,
		.kind = row->kind,
		.channel = row->channel,
		.district = row->district,
		.state = row->state,
		.reporter_role = row->reporter_role,
		.received_at = row->received_at,
		.urgent = row->urgent,
		.complete_permille = row->complete_permille,
		.issue_count = row->issue_count,
		.person_count = row->person_count,
	};
}

enum aw_status
aw_report_list(const struct aw_act *act, const struct aw_report_filter *filter,
	struct aw_report_line **ret, size_t *ret_count, int64_t *ret_total, struct aw_error *err)
{
	struct sql_report_list_in in = {
		.state = any(filter->state),
		.kind = any(filter->kind),
		.district = any(filter->district),
		.channel = any(filter->channel),
		.from_at = filter->from_day.known
				   ? aw_taipei_day_start_ms((int32_t)filter->from_day.v)
				   : INT64_MIN,
		.to_at = filter->to_day.known
				 ? aw_taipei_day_start_ms((int32_t)filter->to_day.v + 1) - 1
				 : INT64_MAX,
		.before_id = INT64_MAX,
		.at_most = filter->limit < 1	 ? 1
			   : filter->limit > 200 ? 200
						 : filter->limit,
	};
	struct sql_report_list *rows;
	struct aw_report_line *list;
	enum aw_status status;
	size_t count;

	status = filter->unit != NULL ? count_of_unit(act, &in, filter, ret_total, err)
				      : count_all(act, in, filter->number, ret_total, err);
	if (status != AW_OK)
		return status;
	if (filter->before_at != 0 && filter->before_at <= in.to_at) {
		in.to_at = filter->before_at;
		in.before_id = filter->before_id;
	}
	if (filter->unit != NULL)
		status = rows_of_unit(act, &in, filter, *ret_total, &rows, &count, err);
	else if (filter->number != NULL)
		status = rows_numbered(act, &in, filter->number, &rows, &count, err);
	else
		status = sql_report_list(act->tx, &in, act->arena, &rows, &count, err);
	if (status != AW_OK)
		return status;
	list = AW_NEW_ARRAY(act->arena, struct aw_report_line, count);
	for (size_t i = 0; i < count; i++)
		list[i] = line_of(&rows[i]);
	*ret = list;
	*ret_count = count;
	return AW_OK;
}
