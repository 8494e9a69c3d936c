/**
 * page/parts - the small things that many pages show: clocks, levels, choices, states, flags,
 * people, steps, filters, numbers that are links.
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

/* The setters below set the OBJECT field, or add to the LIST field, `field` of `view`. */

/* A state as a pill. label is a whole message key ("dispatch.state.waiting"). */
enum aw_tone { AW_TONE_WAIT, AW_TONE_ON, AW_TONE_SENT, AW_TONE_OK, AW_TONE_BAD, AW_TONE_END };
extern const struct aw_view_type aw_pill_view;
void aw_pill_put(struct aw_view *view, const char *field, const char *label, enum aw_tone tone);

/* A flag: words, and whether it changes urgency (red) or guides (grey). */
extern const struct aw_view_type aw_flag_view;
void aw_flag_put(struct aw_view *view, const char *field, const char *text, bool urgent);

/* A person in one line. Class of name, sex and age is IDENTITY: use aw_view_allow first. */
extern const struct aw_view_type aw_person_view;
struct aw_person_line {
	const char *name;
	const char *sex;  /* code: message "sex.<code>"; NULL unknown */
	int64_t age;	  /* years; -1 unknown */
	const char *role; /* as shown; NULL none */
	const char *link; /* NULL none */
};
void aw_person_put(struct aw_view *view, const char *field, const struct aw_person_line *person);

/* A page of a longer list: first and last row shown (from 1), of how many, links to the others. */
extern const struct aw_view_type aw_pager_view;
void
aw_pager_put(struct aw_view *view, const char *field, int64_t first, int64_t last, int64_t total);

/* A number that is a link, in a tally. label, unit and hint are shown as they are. */
extern const struct aw_view_type aw_tally_view;
struct aw_tally {
	const char *label;  /* message key */
	const char *number; /* as shown */
	const char *unit;   /* message key or NULL */
	const char *hint;   /* as shown or NULL */
	const char *link;
	bool hot; /* overdue */
};
void aw_tally_put(struct aw_view *view, const char *field, const struct aw_tally *tally);

/* A filter above a list: what it filters by (message key), what is chosen, the choices as links. */
extern const struct aw_view_type aw_filter_view;
struct aw_view *
aw_filter_put(struct aw_view *view, const char *field, const char *label, const char *chosen);
void aw_filter_choice(struct aw_view *filter, const char *label, const char *link, bool current);

/* One step of a way: done (with its moment), now, or to come. label is a message key. */
extern const struct aw_view_type aw_step_view;
enum aw_step { AW_STEP_AHEAD, AW_STEP_NOW, AW_STEP_DONE };
void aw_step_put(struct aw_view *view, const char *field, const char *label, enum aw_step step,
	const char *at);

#endif
