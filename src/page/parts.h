/**
 * page/parts - views that many pages share: a clock, a level, a person's line.
 * Layer: page.  Threads: constant types; setters work on one request's view.
 * Example: tests/page/test_parts.c
 *
 * Templates: templates/part/<name>.mustache stands for {{x}} where x is one of these.
 */
#ifndef AW_PAGE_PARTS_H
#define AW_PAGE_PARTS_H

#include "db/db.h"
#include "page/view.h"
#include "policy/policy.h"

/* A clock that runs, is over, was stopped, or has not begun. Named: a page has several. */
struct aw_clock_face {
	const char *code; /* dispatch, review, post_review, accept, assign, first_contact, ... */
	struct aw_maybe started_at;
	struct aw_maybe due_at;
	struct aw_maybe stopped_at;
	bool unverified; /* no source gives the limit: 未確認 */
};

enum aw_clock_state {
	AW_CLOCK_IDLE, /* not begun, or without a limit */
	AW_CLOCK_RUNS,
	AW_CLOCK_SOON, /* the last quarter */
	AW_CLOCK_OVER,
	AW_CLOCK_STOPPED, /* in time or late: see late */
};
enum aw_clock_state aw_clock_state(const struct aw_clock_face *face, int64_t now_ms);
/** Used share in percent, 0 to 100. */
int64_t aw_clock_used(const struct aw_clock_face *face, int64_t now_ms);

/* Fields: code, idle/runs/soon/over/stopped (one flag is true), late, used_percent, left, past,
 * took (durations), started_at, due_at, stopped_at, unverified. */
extern const struct aw_view_type aw_clock_view;
void aw_clock_fill(struct aw_view *clock, const struct aw_clock_face *face, int64_t now_ms);

/* A level of a report or case, never of a person: names its scale. Fields: scale, text, high /
 * middle / low / unknown (one flag is true), proposed. */
extern const struct aw_view_type aw_level_view;
/** level NULL = not enough data. child_class NULL but on the child scale. */
void aw_level_fill(struct aw_view *level, const struct aw_policy *policy, const char *scale_code,
	const char *level_code, const char *child_class, const char *language);

/* A choice of a form: value, text, chosen. */
extern const struct aw_view_type aw_choice_view;
void aw_choice_add(
	struct aw_view *view, const char *list, const char *value, const char *text, bool chosen);

#endif
