/* Makes the table of text/lunar.c: gen_lunar OUT.
 * From ICU's Chinese calendar, which follows the astronomical rules of GB/T 33661-2017. Runs at build time. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unicode/ucal.h>

enum { FIRST = 1890, LAST = 2060 }; /* lunar years, by the year of the common era they begin in */
#define DAY_MS 86400000.0

static void
die(const char *what)
{
	fprintf(stderr, "gen_lunar: %s\n", what);
	exit(1);
}

struct month {
	int month, leap, day;
};

static struct month
lunar_of(UCalendar *calendar, double ms)
{
	UErrorCode code = U_ZERO_ERROR;
	struct month m;

	ucal_setMillis(calendar, ms, &code);
	m.month = ucal_get(calendar, UCAL_MONTH, &code);
	m.leap = ucal_get(calendar, UCAL_IS_LEAP_MONTH, &code);
	m.day = ucal_get(calendar, UCAL_DATE, &code);
	if (U_FAILURE(code))
		die("ICU refused a day");
	return m;
}

int
main(int argc, char **argv)
{
	UErrorCode code = U_ZERO_ERROR;
	/* noon in Taipei, whatever the machine's zone */
	UCalendar *calendar =
		ucal_open(u"Asia/Taipei", -1, "zh_TW@calendar=chinese", UCAL_TRADITIONAL, &code);
	FILE *out = NULL;
	int64_t day = -29200; /* 1890-01-20, before the first new year */
	int count = 0;

	if (U_FAILURE(code) || argc != 2)
		die("usage: gen_lunar OUT, with ICU's Chinese calendar");
	out = fopen(argv[1], "w");
	if (out == NULL)
		die("the output cannot be made");
	fprintf(out, "/* Made by gen_lunar.c from ICU. */\n#include \"text/lunar_table.h\"\n\n"
		     "const struct aw_lunar_month aw_lunar_months[] = {\n");
	for (int year = FIRST - 1; year <= LAST; day++) {
		struct month m = lunar_of(calendar, ((double)day + 0.5) * DAY_MS - 8 * 3600000.0);

		if (m.day != 1)
			continue;
		year += m.month == 0 && !m.leap;
		if (year < FIRST || year > LAST)
			continue;
		fprintf(out, "{ %lld, %d, %d, %d },%s", (long long)day, year, m.month + 1, m.leap,
			++count % 6 == 0 ? "\n" : " ");
	}
	fprintf(out, "{ %lld, 0, 0, 0 },\n};\nconst size_t aw_lunar_month_count = %d;\n",
		(long long)day - 1, count);
	ucal_close(calendar);
	if (fclose(out) != 0)
		die("the output could not be written");
	return 0;
}
