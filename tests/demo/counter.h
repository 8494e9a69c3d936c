/**
 * tests/demo/counter - the indicator definitions once more, in plain C over a plan.
 *
 * Written from the definitions alone, apart from the program's own definition files: what the plan
 * promises is checked by somebody who did not make it.
 */
#ifndef AW_TESTS_DEMO_COUNTER_H
#define AW_TESTS_DEMO_COUNTER_H

#include "demo/plan.h"

struct counted {
	uint32_t numerator, denominator;
};

struct span {
	int32_t from_day, to_day;
};

struct span span_of(int32_t y1, int32_t m1, int32_t d1, int32_t y2, int32_t m2, int32_t d2);

/* P1-S2-1: reports of the child stream dispatched within 24 hours. */
struct counted count_within_24_hours(const struct aw_demo_plan *plan, struct span span);
/* P1-S2-2, P2-S2-1: re-reports after closing. district < 0: the whole city. */
struct counted count_re_reports(const struct aw_demo_plan *plan, struct span span, int district);
/* The draft beside P2-S2-1: any earlier valid issue within 365 days. */
struct counted count_earlier_issue(const struct aw_demo_plan *plan, struct span span);
/* P1-S2-4: distinct children opened by valid child issues. */
struct counted count_children_opened(const struct aw_demo_plan *plan, struct span span);
/* P1-S2-5: adult issues opened. */
struct counted count_adults_opened(const struct aw_demo_plan *plan, struct span span);
/* P2-S1-1: vulnerable cases past their 3-month day in which somebody was reported. */
struct counted
count_served_reported(const struct aw_demo_plan *plan, struct span span, uint32_t *ret_by_child);

#endif
