/**
 * text/roc - dates and times as Taiwan writes them: read in every printed form, shown in one.
 * Layer: text.  Threads: any.  Example: tests/text/test_roc.c
 *
 * ROC year = CE year - 1911; 民國前n年 = 1912 - n. Read: 110年12月6日, 民國110年12月6日, 110/12/06,
 * 110.12.6, 110-12-06, 110 12 6, 1101206, 0790101, 790101, 79/1/1, 民國前3年5月1日, 一百一十年十二月六日,
 * 1990-01-01, 1990/1/1, 19900101, 西元1990年1月1日; full-width digits and signs are the same as
 * half-width ones. A month or a day may be missing (110年12月, 79年): the precision says so. What can
 * be read in two ways (110126 without separators, 01/02/03) is AW_INVALID and the text says which
 * two: a wrong birth date finds the wrong person.
 */
#ifndef AW_TEXT_ROC_H
#define AW_TEXT_ROC_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

enum aw_precision { AW_PRECISION_DAY, AW_PRECISION_MONTH, AW_PRECISION_YEAR };

struct aw_roc_date {
	int32_t from_day; /* first day it can be; the day itself when precise */
	int32_t to_day;	  /* last day it can be */
	enum aw_precision precision;
};

/** Reads a date. Errors: AW_INVALID with what to write instead; never quotes the input. */
AW_MUST_CHECK enum aw_status
aw_roc_read(struct aw_str text, struct aw_roc_date *ret_date, struct aw_error *err);
/** As aw_roc_read, but a month or a year alone is refused. */
AW_MUST_CHECK enum aw_status
aw_roc_read_day(struct aw_str text, int32_t *ret_day, struct aw_error *err);
/** A date with a time: 110年12月6日14時5分, 110/12/06 14:05, 110/12/6 下午2:05, RFC 3339. A zone is
 *  read where written, else Taipei's. A date alone is AW_INVALID. */
AW_MUST_CHECK enum aw_status
aw_roc_read_instant(struct aw_str text, int64_t *ret_ms, struct aw_error *err);

/* Shown forms, in the arena. */
char *aw_roc_day(struct aw_arena *arena, int32_t day);		/* 110年12月6日 */
char *aw_roc_day_week(struct aw_arena *arena, int32_t day);	/* 110年12月6日（一） */
char *aw_roc_day_short(struct aw_arena *arena, int32_t day);	/* 12月6日 */
char *aw_roc_day_slash(struct aw_arena *arena, int32_t day);	/* 110/12/06 */
char *aw_roc_month(struct aw_arena *arena, int32_t day);	/* 110年12月 */
char *aw_roc_instant(struct aw_arena *arena, int64_t ms);	/* 110年12月6日（一）14:05 */
char *aw_roc_instant_short(struct aw_arena *arena, int64_t ms); /* 12月6日 14:05 */
char *aw_roc_time(struct aw_arena *arena, int64_t ms);		/* 14:05 */
/** A date as precisely as it is known: 79年1月1日, 79年1月, 79年. */
char *aw_roc_date_text(struct aw_arena *arena, const struct aw_roc_date *date);
/** A length of time, two units at most, rounded down: 3時40分, 1日4時, 5分, 0分. Sign left out. */
char *aw_roc_duration(struct aw_arena *arena, int64_t ms);
/** 一 to 日. weekday as aw_weekday(): 0 = Monday. */
const char *aw_roc_weekday(int32_t weekday);

/* A period as people ask for it: 109, 110H1, 110Q2, 110-01, 110-01..110-06, and the same with CE
 * years or ISO days (2021-01-01..2021-06-30). Both ends belong to it. */
struct aw_period {
	int32_t from_day;
	int32_t to_day;
};
AW_MUST_CHECK enum aw_status
aw_period_read(struct aw_str text, struct aw_period *ret_period, struct aw_error *err);
/** The shortest name that aw_period_read reads back: "110H1", "109", "110-02", "2021-01-03..2021-06-30". */
char *aw_period_name(struct aw_arena *arena, struct aw_period period);
/** As shown: 109年, 110年1–6月, 110年2月, 110年1月3日–6月30日. */
char *aw_period_text(struct aw_arena *arena, struct aw_period period);

#endif
