/* Counts by a definition's SQL, and sums its rows by group. */
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "city/indicator/kept.h"
#include "db/published.h"

/* What every definition's SQL gives, and what it may ask for. */
#define OUT(name, type, nullable)                                                                  \
	{                                                                                          \
#name, (uint32_t)offsetof(struct aw_indicator_row, name), AW_SQL_##type, nullable  \
	}
static const struct aw_sql_field outs[] = {
	OUT(number, TEXT, false),
	OUT(person, TEXT, true),
	OUT(position, INT64, true),
	OUT(at, INT64, false),
	OUT(day, DAY, false),
	OUT(district, TEXT, true),
	OUT(unit, TEXT, true),
	OUT(kind, TEXT, false),
	OUT(numerator, FLAG, false),
	OUT(numerator_kind, TEXT, true),
	OUT(prior, TEXT, true),
	OUT(value, INT64, true),
	OUT(age, INT64, true),
};

struct given {
	int64_t from_at, to_at, as_of;
	int32_t from_day, to_day;
};
#define IN(name, type)                                                                             \
	{                                                                                          \
#name, (uint32_t)offsetof(struct given, name), AW_SQL_##type, false                \
	}
static const struct aw_sql_field ins[] = {
	IN(from_at, INT64),
	IN(to_at, INT64),
	IN(as_of, INT64),
	IN(from_day, DAY),
	IN(to_day, DAY),
};

/* Of the largest city there is, one period with 400,000 reports in it takes ten seconds; what takes ten times
 * as long never ends. */
static const struct aw_limits limits = { .steps = 2000000000, .ms = 90000 };

/* numerator * 10000 / denominator, half up. Both come from counting rows: no overflow. */
struct aw_indicator_sum
aw_indicator_sum_of(const struct aw_indicator *indicator, const struct aw_indicator_target *target,
	int64_t numerator, int64_t denominator)
{
	struct aw_indicator_sum sum = { .numerator = numerator, .denominator = denominator };
	int64_t left = numerator * 10000, right;

	if (denominator == 0)
		return sum;
	sum.value = AW_KNOWN((left * 2 + denominator) / (denominator * 2));
	if (target == NULL)
		return sum;
	right = target->value * denominator;
	if (indicator->direction == AW_INDICATOR_HIGHER)
		sum.met = (target->strict ? left > right : left >= right) ? AW_INDICATOR_MET
									  : AW_INDICATOR_MISSED;
	else
		sum.met = (target->strict ? left < right : left <= right) ? AW_INDICATOR_MET
									  : AW_INDICATOR_MISSED;
	return sum;
}

enum aw_status
aw_indicator_eval(const struct aw_act *act, const struct aw_indicator *indicator,
	struct aw_period period, struct aw_maybe as_of_day, struct aw_indicator_result *ret_result,
	struct aw_error *err)
{
	struct aw_indicator_result result = { .indicator = indicator, .period = period };
	struct given given = { .from_at = aw_taipei_day_start_ms(period.from_day),
		.to_at = aw_taipei_day_start_ms(period.to_day + 1),
		.from_day = period.from_day,
		.to_day = period.to_day };
	struct aw_sql sql = { .name = indicator->code,
		.place = indicator->sql_path,
		.mode = AW_SQL_MANY,
		.sqlite = indicator->sql,
		.postgres = indicator->sql,
		.ins = ins,
		.in_count = AW_COUNT(ins),
		.in_size = sizeof(given),
		.outs = outs,
		.out_count = AW_COUNT(outs),
		.row_size = sizeof(struct aw_indicator_row) };
	void *rows = NULL;
	int64_t numerator = 0;

	result.as_of_day =
		as_of_day.known ? (int32_t)as_of_day.v : period.to_day + indicator->as_of_days;
	given.as_of = aw_taipei_day_start_ms(result.as_of_day + 1);
	if (aw_published_many(act->tx,
		    &(struct aw_published){ .sql = &sql, .in = &given, .limits = limits },
		    act->arena, &rows, &result.row_count, err) != AW_OK)
		return aw_wrap(err, "indicator %s", indicator->code);
	result.rows = rows;
	for (size_t i = 0; i < result.row_count; i++)
		numerator += result.rows[i].numerator ? 1 : 0;
	result.target = aw_indicator_target(indicator, period);
	result.sum =
		aw_indicator_sum_of(indicator, result.target, numerator, (int64_t)result.row_count);
	*ret_result = result;
	return AW_OK;
}

/* -- groups -------------------------------------------------------------------------------- */

static const char *const by_codes[AW_BY_COUNT] = { "", "district", "unit", "month", "kind" };

const char *
aw_indicator_by_code(enum aw_indicator_by by)
{
	return by_codes[by];
}

bool
aw_indicator_by_parse(const char *text, enum aw_indicator_by *ret_by)
{
	for (size_t i = 0; i < AW_BY_COUNT; i++) {
		if (strcmp(text == NULL ? "" : text, by_codes[i]) == 0) {
			*ret_by = (enum aw_indicator_by)i;
			return true;
		}
	}
	return false;
}

static const char *
month_of(struct aw_arena *arena, int32_t day)
{
	struct aw_date date = aw_date_of_day(day);

	return aw_arena_printf(arena, "%04d-%02d", date.year, date.month);
}

const char *
aw_indicator_row_key(
	struct aw_arena *arena, const struct aw_indicator_row *row, enum aw_indicator_by by)
{
	const char *key = "";

	switch (by) {
	case AW_BY_NOTHING:
		break;
	case AW_BY_DISTRICT:
		key = row->district;
		break;
	case AW_BY_UNIT:
		key = row->unit;
		break;
	case AW_BY_MONTH:
		key = month_of(arena, row->day);
		break;
	case AW_BY_KIND:
		key = row->kind;
		break;
	}
	return key == NULL ? "" : key;
}

struct groups {
	struct aw_arena *arena;
	struct aw_indicator_group *at;
	size_t count, room;
};

static struct aw_indicator_group *
group_of(struct groups *groups, const char *key)
{
	struct aw_indicator_group *group;

	for (size_t i = 0; i < groups->count; i++) {
		if (strcmp(groups->at[i].key, key) == 0)
			return &groups->at[i];
	}
	group = AW_PUSH(groups->arena, groups->at, groups->count, groups->room);
	group->key = key;
	return group;
}

/* Groups that are there before any row, in their order. */
static void
expect(const struct aw_policy *policy, const struct aw_indicator_result *result,
	enum aw_indicator_by by, struct groups *groups)
{
	if (by == AW_BY_DISTRICT) {
		for (size_t i = 0; i < policy->city.district_count; i++)
			(void)group_of(groups, policy->city.districts[i].code);
	} else if (by == AW_BY_MONTH) {
		struct aw_date date = aw_date_of_day(result->period.from_day);
		int32_t day = aw_day_of_date((struct aw_date){ date.year, date.month, 1 });
		for (; day <= result->period.to_day; day = aw_add_months(day, 1))
			(void)group_of(groups, month_of(groups->arena, day));
	} else if (by == AW_BY_KIND) {
		for (size_t i = 0; i < policy->kind_count; i++)
			(void)group_of(groups, policy->kinds[i].code);
	}
}

static int
by_key(const void *a, const void *b)
{
	const struct aw_indicator_group *x = a, *y = b;

	if (x->key[0] == '\0' || y->key[0] == '\0') /* unknown comes last */
		return (x->key[0] == '\0' ? 1 : 0) - (y->key[0] == '\0' ? 1 : 0);
	return strcmp(x->key, y->key);
}

struct aw_label
aw_indicator_group_label(const struct aw_policy *policy, struct aw_arena *arena,
	enum aw_indicator_by by, const char *key)
{
	static const char *const lists[AW_BY_COUNT] = { NULL, "district", "unit", NULL,
		"kind_short" };
	struct aw_label label = { 0 };

	if (key[0] == '\0')
		return label;
	if (by == AW_BY_MONTH) {
		int32_t year = (int32_t)strtol(key, NULL, 10);
		label.zh = aw_arena_printf(
			arena, "%d年%d月", year - 1911, (int)strtol(key + 5, NULL, 10));
		label.en = key;
	} else if (lists[by] != NULL) {
		label.zh = aw_policy_text(policy, lists[by], key, "zh-Hant-TW");
		label.en = aw_policy_text(policy, lists[by], key, "en");
	}
	if (label.zh == NULL) /* a code of an older policy */
		label.zh = label.en = key;
	return label;
}

void
aw_indicator_group(const struct aw_policy *policy, struct aw_arena *arena,
	const struct aw_indicator_result *result, enum aw_indicator_by by,
	struct aw_indicator_group **ret_groups, size_t *ret_count)
{
	struct groups groups = { .arena = arena };
	size_t kept = 0;

	expect(policy, result, by, &groups);
	for (size_t i = 0; i < result->row_count; i++) {
		const struct aw_indicator_row *row = &result->rows[i];
		const char *key = aw_indicator_row_key(arena, row, by);

		group_of(&groups, key)->sum.denominator++;
		if (!row->numerator)
			continue;
		if (by == AW_BY_KIND && row->numerator_kind != NULL)
			key = row->numerator_kind;
		group_of(&groups, key)->sum.numerator++;
	}
	if (by == AW_BY_UNIT && groups.count > 1)
		qsort(groups.at, groups.count, sizeof(*groups.at), by_key);
	for (size_t i = 0; i < groups.count; i++) {
		struct aw_indicator_group group = groups.at[i];

		/* a kind that the indicator is not about is no row of its table */
		if (by == AW_BY_KIND && group.sum.denominator == 0 && group.sum.numerator == 0)
			continue;
		group.label = aw_indicator_group_label(policy, arena, by, group.key);
		group.sum = aw_indicator_sum_of(result->indicator, result->target,
			group.sum.numerator, group.sum.denominator);
		groups.at[kept++] = group;
	}
	*ret_groups = groups.at;
	*ret_count = kept;
}
