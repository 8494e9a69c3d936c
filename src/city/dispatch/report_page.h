/**
 * city/dispatch/report_page - one report on one page: content, people, reasons, units, clocks.
 * Layer: city, inside room dispatch.
 */
#ifndef AW_CITY_DISPATCH_REPORT_PAGE_H
#define AW_CITY_DISPATCH_REPORT_PAGE_H

#include "city/dispatch/card.h"
#include "guard/access.h"

/* Everything the page is made from, read once. */
struct aw_report_page {
	struct aw_way way;
	struct aw_report_person *persons;
	size_t person_count;
	struct aw_access access; /* to the report as a whole */
	bool apart; /* the viewer works for a respondent: other units' parts are not told */
	const struct aw_person_role *roles[AW_REPORT_PERSONS_MOST]; /* of persons; NULL = unknown */
};

/** Reads the report of {number}; AW_NOT_FOUND also where the viewer may not know of it. */
AW_MUST_CHECK enum aw_status
aw_report_page_load(struct aw_call *call, struct aw_report_page *ret, struct aw_error *err);

/* What was answered, instruments with what they come to. */
extern const struct aw_view_type aw_report_answer_view;
void aw_report_page_answers(
	struct aw_call *call, const struct aw_report_page *page, struct aw_view *view);

/* The people part: recognised, compared, with the registers' answers and earlier reports. */
extern const struct aw_view_type aw_match_view;
extern const struct aw_view_type aw_prior_view;
AW_MUST_CHECK enum aw_status aw_report_page_people(struct aw_call *call,
	const struct aw_report_page *page, struct aw_view *view, struct aw_error *err);

/** May the viewer be told what this unit was asked? A respondent's worker hears of their own alone. */
bool
aw_report_tells_of(const struct aw_call *call, const struct aw_report_page *page, const char *unit);

/* The units part. */
extern const struct aw_view_type aw_report_unit_view;
AW_MUST_CHECK enum aw_status aw_report_page_units(struct aw_call *call,
	const struct aw_report_page *page, struct aw_view *view, struct aw_error *err);
/** Adds the policy's reasons of a list as choices; kind NULL = of any kind. */
void aw_report_reasons(struct aw_call *call, enum aw_reason_list list, const struct aw_kind *kind,
	bool lead, struct aw_view *view, const char *name);

#endif
