/* text/lunar - days and lunar dates. */
#include "text/lunar.h"

#include <stddef.h>

#include "base/clock.h"
#include "text/lunar_table.h"

bool
aw_lunar_of_day(int32_t day, struct aw_lunar_date *ret_date)
{
	size_t low = 0, high = aw_lunar_month_count;

	if (day < aw_lunar_months[0].first_day || day >= aw_lunar_months[high].first_day)
		return false;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (aw_lunar_months[middle].first_day <= day)
			low = middle;
		else
			high = middle;
	}
	*ret_date = (struct aw_lunar_date){ .year = aw_lunar_months[low].year,
		.month = aw_lunar_months[low].month,
		.day = day - aw_lunar_months[low].first_day + 1,
		.leap = aw_lunar_months[low].leap != 0 };
	return true;
}

bool
aw_lunar_to_day(const struct aw_lunar_date *date, int32_t *ret_day)
{
	for (size_t i = 0; aw_lunar_months[i].year != 0; i++) {
		const struct aw_lunar_month *m = &aw_lunar_months[i];
		int32_t length = aw_lunar_months[i + 1].first_day - m->first_day;

		if (m->year != date->year || m->month != date->month ||
			(m->leap != 0) != date->leap)
			continue;
		if (date->day < 1 || date->day > length)
			return false;
		*ret_day = m->first_day + date->day - 1;
		return true;
	}
	return false;
}

static bool
is_lunar_of(int32_t day, struct aw_date other)
{
	struct aw_lunar_date lunar;

	return aw_lunar_of_day(day, &lunar) && lunar.month == other.month &&
	       lunar.day == other.day && lunar.year == other.year;
}

bool
aw_lunar_mistaken(int32_t a, int32_t b)
{
	return a != b && (is_lunar_of(a, aw_date_of_day(b)) || is_lunar_of(b, aw_date_of_day(a)));
}
