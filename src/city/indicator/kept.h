/**
 * city/indicator/kept - counting through the database's memo: what was counted stays until a fact
 * changes.
 * Layer: city, room indicator, inside it alone.  Threads: an act's.
 */
#ifndef AW_CITY_INDICATOR_KEPT_H
#define AW_CITY_INDICATOR_KEPT_H

#include "city/indicator/indicator.h"

/* A result without its rows: the total and all groups. */
struct aw_indicator_figures {
	const struct aw_indicator *indicator;
	struct aw_period period;
	int32_t as_of_day;
	const struct aw_indicator_target *target;
	struct aw_indicator_sum sum;
	struct aw_indicator_group *groups[AW_BY_COUNT];
	size_t group_count[AW_BY_COUNT];
};

/** As aw_indicator_eval as of the definition's own day, but kept. */
AW_MUST_CHECK enum aw_status
aw_indicator_count(const struct aw_act *act, const struct aw_indicator *indicator,
	struct aw_period period, struct aw_indicator_result *ret_result, struct aw_error *err);

/** Total and groups; kept apart from the rows, so that a page of totals reads no rows. */
AW_MUST_CHECK enum aw_status
aw_indicator_figures(const struct aw_act *act, const struct aw_indicator *indicator,
	struct aw_period period, struct aw_indicator_figures *ret_figures, struct aw_error *err);

/** The sum of a numerator and a denominator against the indicator's target. */
struct aw_indicator_sum aw_indicator_sum_of(const struct aw_indicator *indicator,
	const struct aw_indicator_target *target, int64_t numerator, int64_t denominator);

/** A group's name in both languages; zh NULL = unknown. */
struct aw_label aw_indicator_group_label(const struct aw_policy *policy, struct aw_arena *arena,
	enum aw_indicator_by by, const char *key);

#endif
