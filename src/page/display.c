/* page/display - dates, durations and numbers as people read them. */
#include "page/display.h"

#include "base/clock.h"

#define ROC_OFFSET 1911

static const char *
form_message(struct aw_arena *arena, const struct aw_catalog *catalog, const char *key,
	struct aw_date date, int32_t weekday, const char *time)
{
	const struct aw_message_arg args[] = {
		AW_ARG_TEXT("roc", aw_arena_printf(arena, "%d", date.year - ROC_OFFSET)),
		AW_ARG_TEXT("year", aw_arena_printf(arena, "%d", date.year)),
		AW_ARG_INT("month", date.month),
		AW_ARG_INT("day", date.day),
		AW_ARG_INT("weekday", weekday),
		AW_ARG_TEXT("time", time),
	};

	return aw_message(arena, catalog, key, args, AW_COUNT(args));
}

/* The message of a form: "display.<what>.<form>". */
static const char *
form_key(enum aw_display form, bool is_day, bool same_year, bool today)
{
	switch (form) {
	case AW_DISPLAY_FULL:
		return is_day ? "display.day.full" : "display.instant.full";
	case AW_DISPLAY_PLAIN:
		return is_day ? "display.day.plain" : "display.instant.plain";
	case AW_DISPLAY_DATE:
		return "display.day.plain";
	case AW_DISPLAY_DAY:
		return same_year ? "display.day.short" : "display.day.plain";
	case AW_DISPLAY_TIME:
		return "display.instant.time";
	case AW_DISPLAY_NEAR:
		if (today)
			return is_day ? "display.day.today" : "display.instant.today";
		break;
	case AW_DISPLAY_SHORT:
		break;
	}
	if (!same_year)
		return is_day ? "display.day.plain" : "display.instant.plain";
	return is_day ? "display.day.short" : "display.instant.short";
}

static const char *
display(struct aw_arena *arena, const struct aw_catalog *catalog, enum aw_display form, int32_t day,
	const char *time, int64_t now_ms)
{
	int32_t today = aw_taipei_day(now_ms);
	struct aw_date date = aw_date_of_day(day);
	const char *key = form_key(
		form, time[0] == '\0', date.year == aw_date_of_day(today).year, day == today);

	return form_message(arena, catalog, key, date, aw_weekday(day), time);
}

const char *
aw_display_instant(struct aw_arena *arena, const struct aw_catalog *catalog, enum aw_display form,
	int64_t ms, int64_t now_ms)
{
	int32_t minute = aw_taipei_minute(ms);

	return display(arena, catalog, form, aw_taipei_day(ms),
		aw_arena_printf(arena, "%02d:%02d", minute / 60, minute % 60), now_ms);
}

const char *
aw_display_day(struct aw_arena *arena, const struct aw_catalog *catalog, enum aw_display form,
	int32_t day, int64_t now_ms)
{
	return display(arena, catalog, form, day, "", now_ms);
}

const char *
aw_display_duration(struct aw_arena *arena, const struct aw_catalog *catalog, int64_t ms)
{
	int64_t minutes = ms < 0 ? -(ms / AW_MINUTE_MS) : ms / AW_MINUTE_MS;
	int64_t hours = minutes / 60, days = hours / 24;
	const struct aw_message_arg args[] = {
		AW_ARG_INT("days", days),
		AW_ARG_INT("hours", days > 0 ? hours % 24 : hours),
		AW_ARG_TEXT("minutes", aw_arena_printf(arena, "%02d", (int)(minutes % 60))),
		AW_ARG_INT("total_minutes", minutes),
	};
	const char *key = "display.duration.minutes";

	if (days > 0)
		key = hours % 24 == 0 ? "display.duration.days" : "display.duration.days_hours";
	else if (hours > 0)
		key = minutes % 60 == 0 ? "display.duration.hours"
					: "display.duration.hours_minutes";
	return aw_message(arena, catalog, key, args, AW_COUNT(args));
}

const char *
aw_display_number(struct aw_arena *arena, int64_t number)
{
	struct aw_buf out = { .arena = arena };

	aw_number_write(&out, number);
	return aw_buf_z(&out);
}

const char *
aw_display_percent(struct aw_arena *arena, int64_t hundredths)
{
	struct aw_buf out = { .arena = arena };
	int64_t fraction = hundredths % 100;

	if (hundredths < 0 && hundredths > -100)
		aw_buf_char(&out, '-');
	aw_number_write(&out, hundredths / 100);
	fraction = fraction < 0 ? -fraction : fraction;
	if (fraction != 0)
		aw_buf_printf(&out, ".%02d", (int)fraction);
	aw_buf_char(&out, '%');
	return aw_buf_z(&out);
}
