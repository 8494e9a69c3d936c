/**
 * city/indicator/ask - what a page was asked for, and words in the reader's language.
 * Layer: city, room indicator, inside it alone.  Threads: a call's.
 */
#ifndef AW_CITY_INDICATOR_ASK_H
#define AW_CITY_INDICATOR_ASK_H

#include "city/indicator/kept.h"
#include "page/call.h"

struct aw_indicator_asked {
	const struct aw_indicator *list;
	size_t count;
	const struct aw_indicator *indicator; /* of {code} and definition */
	struct aw_period period;
	bool period_given;
	enum aw_indicator_by by;
};

/** Reads the definitions and the query. AW_NOT_FOUND: no such indicator or version; AW_INVALID: a
 *  period or a grouping that is none; a problem at the field tells of the period. */
AW_MUST_CHECK enum aw_status aw_indicator_asked(
	struct aw_call *call, struct aw_indicator_asked *ret_asked, struct aw_error *err);

/** The last period that a document prints for it, else the year before now. */
struct aw_period aw_indicator_last_period(const struct aw_indicator *indicator, int64_t now_ms);

/** A label in the call's language. */
const char *aw_indicator_word(const struct aw_call *call, struct aw_label label);
/** A period as shown in the call's language. */
const char *aw_indicator_period_word(const struct aw_call *call, struct aw_period period);

/** Path and query of a page of an indicator; NULL values are left out. page is "" or "/rows". */
struct aw_indicator_link {
	const char *page;
	const struct aw_indicator *indicator;
	struct aw_period period;
	enum aw_indicator_by by;
	const char *group; /* NULL: all */
	bool numerator;
	int64_t from; /* 0: the first */
};
const char *aw_indicator_link(struct aw_arena *arena, const struct aw_indicator_link *link);

#endif
