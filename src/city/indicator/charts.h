/**
 * city/indicator/charts - the drawings of an indicator's pages, as markup for RAW fields.
 * Layer: city, room indicator, inside it alone.  Threads: a call's.
 */
#ifndef AW_CITY_INDICATOR_CHARTS_H
#define AW_CITY_INDICATOR_CHARTS_H

#include "city/indicator/ask.h"

/** The months of the period as a thumb-sized line; NULL for fewer than two. */
const char *aw_indicator_spark(struct aw_arena *arena, const struct aw_indicator_figures *figures);

/** The end of the bars' scale in hundredths: the least round one that holds everything. */
int64_t aw_indicator_scale(const struct aw_indicator_figures *figures, enum aw_indicator_by by);

/** A line over the periods that documents print, from the indicator it continues on, and the period
 *  asked for; NULL for a single point. */
AW_MUST_CHECK enum aw_status aw_indicator_trend(struct aw_call *call,
	const struct aw_indicator_asked *asked, const char **ret_svg, struct aw_error *err);

/** The districts as tiles; NULL when the policy has no map. */
AW_MUST_CHECK enum aw_status
aw_indicator_tiles(struct aw_call *call, const struct aw_indicator_asked *asked,
	const struct aw_indicator_figures *figures, const char **ret_svg, struct aw_error *err);

#endif
