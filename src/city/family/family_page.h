/**
 * city/family/family_page - the parts of the family's page that stand in files of their own.
 * Layer: city, inside room family.
 */
#ifndef AW_CITY_FAMILY_FAMILY_PAGE_H
#define AW_CITY_FAMILY_FAMILY_PAGE_H

#include "city/family/family.sql.h"
#include "guard/access.h"
#include "page/call.h"

/* Everything the page is made from. */
struct aw_family_page {
	struct sql_family_case_get row;
	struct sql_family_members *members;
	struct aw_access *access; /* one a member */
	size_t member_count;
	struct sql_service_cases_of_family *cases;
	size_t case_count;
	struct aw_view *view;
};

extern const struct aw_view_type aw_moment_view;

/** Fills moments, moment_count, hidden_moments, reports_90 and chosen. */
AW_MUST_CHECK enum aw_status
aw_family_moments(struct aw_call *call, struct aw_family_page *family, struct aw_error *err);

/** What the viewer may see of a member; NULL for somebody who is none. */
const struct aw_access *aw_family_access(const struct aw_family_page *family, int64_t person);
/** Is the case one of those on the page? A case is not that would tell by its name what is of a class that is not
 *  shown (aw_access_tells). */
bool aw_family_tells_case(const struct aw_family_page *family, int64_t service_case);
/** May it be told that a unit's record about a member exists? */
bool aw_family_may_tell(const struct aw_family_page *family, int64_t person,
	enum aw_field_class class, const char *unit);

#endif
