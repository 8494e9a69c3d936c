/**
 * page/display - dates, durations and numbers as people read them.
 * Layer: page.  Threads: pure.  Example: tests/page/test_display.c
 *
 * The forms are messages ("display.*"), so that a language decides them: 110年12月6日（一）14:05 in
 * Traditional Chinese (ROC years), 6 Dec 2021 14:05 in English. Reading dates is text/'s work.
 */
#ifndef AW_PAGE_DISPLAY_H
#define AW_PAGE_DISPLAY_H

#include "page/message.h"

enum aw_display {
	AW_DISPLAY_FULL,  /* 110年12月6日（一）14:05; a day: 110年12月6日（一） */
	AW_DISPLAY_PLAIN, /* 110年12月6日 14:05; a day: 110年12月6日 */
	AW_DISPLAY_SHORT, /* 12月6日 14:05, with the year when it is not now's; a day: 12月6日 */
	AW_DISPLAY_NEAR,  /* 今日 14:05, else as SHORT; a day: 今日 12月6日 */
	AW_DISPLAY_DATE,  /* of an instant: its day, PLAIN */
	AW_DISPLAY_DAY,	  /* of an instant: its day, SHORT */
	AW_DISPLAY_TIME,  /* 14:05 */
};

const char *aw_display_instant(struct aw_arena *arena, const struct aw_catalog *catalog,
	enum aw_display form, int64_t ms, int64_t now_ms);
const char *aw_display_day(struct aw_arena *arena, const struct aw_catalog *catalog,
	enum aw_display form, int32_t day, int64_t now_ms);
/** 3時40分, 1日4時, 40分; the sign is dropped. */
const char *
aw_display_duration(struct aw_arena *arena, const struct aw_catalog *catalog, int64_t ms);
/** 1,344 */
const char *aw_display_number(struct aw_arena *arena, int64_t number);
/** Hundredths of a percent: 692 is 6.92%, 10000 is 100%. */
const char *aw_display_percent(struct aw_arena *arena, int64_t hundredths);

#endif
