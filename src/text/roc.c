/* Reads dates and times in every form in which Taiwan prints them. */
#include "text/roc.h"

#include <string.h>

#include "base/clock.h"
#include "text/fold.h"
#include "text/numeral.h"

enum {
	CHAR_LIMIT = 64,
	ROC_OFFSET = 1911,
	LEAST_YEAR = 1850,
	MOST_YEAR = 2200,
};

enum era { ERA_OPEN, ERA_ROC, ERA_BEFORE, ERA_CE };

/* The text as NFKC code points, and how far it was read. */
struct scan {
	uint32_t c[CHAR_LIMIT + 1]; /* ends in 0 */
	size_t len;
	size_t at;
};

static bool
scan_init(struct scan *scan, struct aw_str text)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_str plain;

	*scan = (struct scan){ 0 };
	if (text.len > CHAR_LIMIT * 4)
		return false;
	plain = aw_text_nfkc(&arena, text);
	for (size_t pos = 0; pos < plain.len;) {
		if (scan->len == CHAR_LIMIT)
			return false;
		scan->c[scan->len++] = aw_utf8_next(plain, &pos);
	}
	return true;
}

static bool
take(struct scan *scan, const char *word)
{
	struct aw_str w = aw_str(word);
	size_t at = scan->at;

	for (size_t pos = 0; pos < w.len; at++)
		if (scan->c[at] != aw_utf8_next(w, &pos))
			return false;
	scan->at = at;
	return true;
}

static bool
take_any(struct scan *scan, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (take(scan, words[i]))
			return true;
	return false;
}

static void
skip_spaces(struct scan *scan)
{
	while (scan->c[scan->at] == ' ')
		scan->at++;
}

static bool
take_figure(struct scan *scan, struct aw_figure *ret)
{
	return aw_figure_take(scan->c, &scan->at, ret);
}

static enum aw_status
refuse(struct aw_error *err)
{
	return aw_fail(err, AW_INVALID,
		"this is not a date: write 110/12/06, 1101206, 110年12月6日 or 2021-12-06");
}

static enum aw_status
refuse_twice(struct aw_error *err, const char *one, const char *two)
{
	return aw_fail(err, AW_INVALID,
		"this date can be read in two ways (%s, or %s): write it with 年月日, for example "
		"110年12月6日",
		one, two);
}

/* month and day: 0 when the text does not know them. */
static enum aw_status
date_of(enum era era, int32_t year, int32_t month, int32_t day, struct aw_roc_date *ret,
	struct aw_error *err)
{
	int32_t ce = year;

	if (era == ERA_BEFORE)
		ce = 1912 - year;
	else if (era == ERA_ROC || (era == ERA_OPEN && year < 1000))
		ce = year + ROC_OFFSET;
	if (year < 1 || ce < LEAST_YEAR || ce > MOST_YEAR)
		return aw_fail(err, AW_INVALID,
			"the year is not between 民國前61年 and 民國%d年: check its digits",
			MOST_YEAR - ROC_OFFSET);
	if (month <= 0) {
		if (day > 0)
			return aw_fail(err, AW_INVALID, "this date has a day but no month");
		*ret = (struct aw_roc_date){
			.from_day = aw_day_of_date((struct aw_date){ ce, 1, 1 }),
			.to_day = aw_day_of_date((struct aw_date){ ce, 12, 31 }),
			.precision = AW_PRECISION_YEAR,
		};
		return AW_OK;
	}
	if (month > 12)
		return aw_fail(
			err, AW_INVALID, "there is no month %d: check the date's digits", month);
	if (day <= 0) {
		*ret = (struct aw_roc_date){
			.from_day = aw_day_of_date((struct aw_date){ ce, month, 1 }),
			.to_day = aw_day_of_date(
				(struct aw_date){ ce, month, aw_month_days(ce, month) }),
			.precision = AW_PRECISION_MONTH,
		};
		return AW_OK;
	}
	if (!aw_date_valid(ce, month, day))
		return aw_fail(err, AW_INVALID, "month %d of that year has no day %d", month, day);
	ret->from_day = ret->to_day = aw_day_of_date((struct aw_date){ ce, month, day });
	ret->precision = AW_PRECISION_DAY;
	return AW_OK;
}

/* Digits without any separator. */
static enum aw_status
compact_date(enum era era, struct aw_figure f, struct aw_roc_date *ret, struct aw_error *err)
{
	int32_t year = f.value / 10000, month = f.value / 100 % 100, day = f.value % 100;

	switch (f.digits) {
	case 8:
		if (era == ERA_OPEN && year >= 1000)
			era = ERA_CE;
		return date_of(era, year, month, day, ret, err);
	case 7:
		return date_of(era == ERA_OPEN ? ERA_ROC : era, year, month, day, ret, err);
	case 6:
		if (era == ERA_OPEN && f.value >= 100000 && f.value < 200000)
			return refuse_twice(
				err, "year of two digits", "year 1xx and a short month or day");
		return date_of(era == ERA_OPEN ? ERA_ROC : era, year, month, day, ret, err);
	case 5:
		return refuse_twice(err, "a short month", "a short day");
	case 4:
		if (era != ERA_BEFORE && f.value >= LEAST_YEAR)
			return date_of(ERA_CE, f.value, 0, 0, ret, err);
		return refuse(err);
	default:
		if (era != ERA_OPEN)
			return date_of(era, f.value, 0, 0, ret, err);
		return aw_fail(err, AW_INVALID,
			"a number alone is not a date: write 年 behind a year, or the whole date");
	}
}

static bool
take_separator(struct scan *scan, uint32_t *used)
{
	uint32_t c = scan->c[scan->at];

	if (c != '/' && c != '.' && c != '-' && c != ' ' && c != ',' && c != 0x2010 &&
		c != 0x2011 && c != 0x2012 && c != 0x2013 && c != 0x2212 && c != 0x3001)
		return false;
	if (*used != 0 && *used != c)
		return false;
	*used = c;
	scan->at++;
	skip_spaces(scan);
	return true;
}

/* Year first, then what is written of month and day, with one kind of separator. */
static enum aw_status
separated_date(struct scan *scan, enum era era, struct aw_figure year, struct aw_roc_date *ret,
	struct aw_error *err)
{
	struct aw_figure month = { 0 }, day = { 0 };
	uint32_t separator = 0;
	bool has_day = false;

	if (!take_separator(scan, &separator) || !take_figure(scan, &month))
		return refuse(err);
	skip_spaces(scan);
	if (separator == ' ' ? scan->c[scan->at] != 0
			     : scan->c[scan->at] != 0 && take_separator(scan, &separator)) {
		if (!take_figure(scan, &day))
			return refuse(err);
		has_day = true;
	}
	if (has_day && (day.digits > 2 || day.value > 31))
		return aw_fail(err, AW_INVALID,
			"write the year first: 110/12/06, not the day or the month");
	if (era == ERA_OPEN && year.digits <= 2 && year.value <= 12)
		return refuse_twice(err, "the year first", "the month first");
	if (era == ERA_OPEN && year.digits == 4 && year.value >= 1000)
		era = ERA_CE;
	return date_of(era, year.value, month.value, has_day ? day.value : 0, ret, err);
}

/* 年 was just taken. */
static enum aw_status
worded_date(struct scan *scan, enum era era, struct aw_figure year, struct aw_roc_date *ret,
	struct aw_error *err)
{
	static const char *const month_ends[] = { "月份", "月" };
	static const char *const day_ends[] = { "日", "號", "号" };
	struct aw_figure month = { 0 }, day = { 0 };

	skip_spaces(scan);
	if (take_figure(scan, &month)) {
		skip_spaces(scan);
		if (!take_any(scan, month_ends, AW_COUNT(month_ends)))
			return refuse(err);
		skip_spaces(scan);
		if (take_figure(scan, &day)) {
			skip_spaces(scan);
			(void)take_any(scan, day_ends, AW_COUNT(day_ends));
		}
	}
	if (era == ERA_OPEN && year.value >= 1000)
		era = ERA_CE;
	return date_of(era, year.value, month.value, day.value, ret, err);
}

/* Reads a date from scan->at on; stops behind it. */
static enum aw_status
scan_date(struct scan *scan, struct aw_roc_date *ret, struct aw_error *err)
{
	static const char *const roc_words[] = { "中華民國", "中华民国", "民國", "民国", "ROC",
		"R.O.C.", "民" };
	static const char *const ce_words[] = { "西元", "公元", "西曆", "AD", "CE" };
	static const char *const birth_words[] = { "出生", "次", "生" };
	enum era era = ERA_OPEN;
	struct aw_figure year;
	enum aw_status status;
	size_t behind;

	skip_spaces(scan);
	if (take_any(scan, roc_words, AW_COUNT(roc_words)))
		era = take(scan, "前") ? ERA_BEFORE : ERA_ROC;
	else if (take_any(scan, ce_words, AW_COUNT(ce_words)))
		era = ERA_CE;
	skip_spaces(scan);
	if (!take_figure(scan, &year))
		return refuse(err);
	behind = scan->at;
	skip_spaces(scan);
	if (scan->c[scan->at] >= '0' && scan->c[scan->at] <= '9')
		scan->at = behind; /* the space is the separator: 110 12 6 */
	if (take(scan, "年"))
		status = worded_date(scan, era, year, ret, err);
	else if (scan->c[scan->at] == 0)
		status = compact_date(era, year, ret, err);
	else if (year.digits >= 6)
		status = refuse(err);
	else
		status = separated_date(scan, era, year, ret, err);
	if (status != AW_OK)
		return status;
	(void)take_any(scan, birth_words, AW_COUNT(birth_words));
	skip_spaces(scan);
	return AW_OK;
}

enum aw_status
aw_roc_read(struct aw_str text, struct aw_roc_date *ret_date, struct aw_error *err)
{
	struct aw_roc_date date;
	struct scan scan;

	if (!scan_init(&scan, text))
		return refuse(err);
	if (scan_date(&scan, &date, err) != AW_OK)
		return err->status;
	if (scan.c[scan.at] != 0)
		return aw_fail(err, AW_INVALID, "there is something behind the date");
	*ret_date = date;
	return AW_OK;
}

enum aw_status
aw_roc_read_day(struct aw_str text, int32_t *ret_day, struct aw_error *err)
{
	struct aw_roc_date date;

	if (aw_roc_read(text, &date, err) != AW_OK)
		return err->status;
	if (date.precision != AW_PRECISION_DAY)
		return aw_fail(err, AW_INVALID, "the day is missing: write the whole date");
	*ret_day = date.from_day;
	return AW_OK;
}

/* -- times -------------------------------------------------------------------------------------- */

/* Where the time of day begins: the word or the digits before the first ':' or 時 or 點. */
static size_t
time_start(const struct scan *scan)
{
	static const char *const words[] = { "上午", "下午", "凌晨", "清晨", "早上", "中午", "傍晚",
		"晚上", "AM", "PM", "am", "pm" };
	size_t mark = 0, start;

	for (size_t i = 0; i < scan->len && mark == 0; i++) {
		struct scan here = *scan;

		here.at = i;
		if (take_any(&here, words, AW_COUNT(words)))
			return i;
		if (scan->c[i] == ':' || scan->c[i] == 0x6642 || scan->c[i] == 0x65F6 ||
			scan->c[i] == 0x9EDE || scan->c[i] == 0x70B9)
			mark = i;
	}
	if (mark == 0)
		return 0;
	start = mark;
	while (start > 0 &&
		((scan->c[start - 1] >= '0' && scan->c[start - 1] <= '9') ||
			aw_chinese_digit(scan->c[start - 1]) >= 0 || scan->c[start - 1] == 0x5341))
		start--;
	return start;
}

/* Hours to add for 下午 and its kin; -1 when the hour does not go with the word. */
static int32_t
hour_with_word(int32_t hour, bool morning, bool evening)
{
	if (hour > 12 || (!morning && !evening))
		return hour;
	if (morning)
		return hour == 12 ? 0 : hour;
	return hour == 12 ? 12 : hour + 12;
}

static bool
take_minutes(struct scan *scan, struct aw_figure *minute, struct aw_figure *second)
{
	if (take(scan, ":")) {
		if (!take_figure(scan, minute) || minute->digits != 2)
			return false;
		return !take(scan, ":") || (take_figure(scan, second) && second->digits == 2);
	}
	if (!take(scan, "時") && !take(scan, "时") && !take(scan, "點") && !take(scan, "点"))
		return false;
	(void)take(scan, "許");
	skip_spaces(scan);
	if (take(scan, "半")) {
		minute->value = 30;
		return true;
	}
	if (take(scan, "整") || !take_figure(scan, minute))
		return true;
	if (!take(scan, "分"))
		return false;
	(void)take(scan, "許");
	if (take_figure(scan, second))
		return take(scan, "秒");
	return true;
}

static bool
scan_time(struct scan *scan, int64_t *ret_ms)
{
	static const char *const morning_words[] = { "上午", "凌晨", "清晨", "早上", "AM", "am" };
	static const char *const evening_words[] = { "下午", "中午", "傍晚", "晚上", "PM", "pm" };
	struct aw_figure hour, minute = { 0 }, second = { 0 };
	bool morning = take_any(scan, morning_words, AW_COUNT(morning_words));
	bool evening = !morning && take_any(scan, evening_words, AW_COUNT(evening_words));
	int32_t h;

	skip_spaces(scan);
	if (!take_figure(scan, &hour) || hour.value > 24 || !take_minutes(scan, &minute, &second))
		return false;
	skip_spaces(scan);
	if (!morning && !evening) {
		morning = take_any(scan, morning_words, AW_COUNT(morning_words));
		evening = !morning && take_any(scan, evening_words, AW_COUNT(evening_words));
	}
	skip_spaces(scan);
	h = hour_with_word(hour.value, morning, evening);
	if (scan->c[scan->at] != 0 || minute.value > 59 || second.value > 59 ||
		(h == 24 && (minute.value > 0 || second.value > 0)))
		return false;
	*ret_ms = h * AW_HOUR_MS + minute.value * AW_MINUTE_MS + second.value * AW_SECOND_MS;
	return true;
}

enum aw_status
aw_roc_read_instant(struct aw_str text, int64_t *ret_ms, struct aw_error *err)
{
	struct aw_roc_date date;
	struct scan scan, day;
	int64_t ms;
	size_t start, end;

	if (aw_instant_parse(aw_str_trim(text), ret_ms))
		return AW_OK;
	if (!scan_init(&scan, text))
		return refuse(err);
	start = time_start(&scan);
	end = start;
	while (end > 0 &&
		(scan.c[end - 1] == ' ' || scan.c[end - 1] == 'T' || scan.c[end - 1] == ','))
		end--;
	if (end == 0)
		return aw_fail(err, AW_INVALID,
			"date and time are needed: write 110/12/06 14:05 or 110年12月6日14時5分");
	day = scan;
	day.c[end] = 0;
	day.len = end;
	if (scan_date(&day, &date, err) != AW_OK)
		return err->status;
	if (day.c[day.at] != 0 || date.precision != AW_PRECISION_DAY)
		return aw_fail(err, AW_INVALID, "before the time a whole date is needed");
	scan.at = start;
	if (!scan_time(&scan, &ms))
		return aw_fail(err, AW_INVALID,
			"this is not a time of day: write 14:05, 下午2時5分 or 14時5分");
	*ret_ms = aw_taipei_day_start_ms(date.from_day) + ms;
	return AW_OK;
}
