/**
 * page/part - the small things that many pages show: levels, clocks, states, flags, people, steps,
 * filters, numbers that are links. Each is a view type with a setter and a template in
 * templates/part/, so that {{clock}} in a template shows a field "clock" of type aw_clock_view.
 * Layer: page.  Threads: as page/view.  Example: tests/page/test_part.c
 */
#ifndef AW_PAGE_PART_H
#define AW_PAGE_PART_H

#include "page/view.h"

/* A risk level: always the name of its scale and the step on it ("TIPVDA" "高度危險" as one
 * text), with the weight that decides fill and mark. */
enum aw_weight { AW_WEIGHT_UNKNOWN, AW_WEIGHT_LOW, AW_WEIGHT_MIDDLE, AW_WEIGHT_HIGH };
extern const struct aw_view_type aw_level_view;
/** Sets the OBJECT field, or adds to the LIST field, `field`. text NULL: nothing is set. */
void aw_view_level(struct aw_view *view, const char *field, enum aw_weight weight, const char *text,
	bool proposed);

/* A clock: what it times, from when to when. Text, ring and colour follow from the moments. */
struct aw_clock_time {
	int64_t started_ms; /* 0: has not begun */
	int64_t due_ms;	    /* 0: no limit */
	int64_t stopped_ms; /* 0: runs */
	bool unverified;    /* a limit that no source gives: 未確認 */
};
extern const struct aw_view_type aw_clock_view;
/** `code` names it (message "clock.name.<code>"): dispatch, accept, assign, late_review, first_visit,
 *  inquiry_report, settle, ... `named` prints the name before the time. */
void aw_view_clock(struct aw_view *view, const char *field, const char *code, bool named,
	const struct aw_clock_time *time, int64_t now_ms);

/* A state as a pill. label is a whole message key ("dispatch.state.waiting"). */
enum aw_tone { AW_TONE_WAIT, AW_TONE_ON, AW_TONE_SENT, AW_TONE_OK, AW_TONE_BAD, AW_TONE_END };
extern const struct aw_view_type aw_pill_view;
void aw_view_pill(struct aw_view *view, const char *field, const char *label, enum aw_tone tone);

/* A flag: words, and whether it changes urgency (red) or guides (grey). */
extern const struct aw_view_type aw_flag_view;
void aw_view_flagged(struct aw_view *view, const char *field, const char *text, bool urgent);

/* A person in one line. Class of name, sex and age is IDENTITY: use aw_view_allow first. */
extern const struct aw_view_type aw_person_view;
struct aw_person_line {
	const char *name;
	const char *sex;  /* code: message "sex.<code>"; NULL unknown */
	int64_t age;	  /* years; -1 unknown */
	const char *role; /* as shown; NULL none */
	const char *link; /* NULL none */
};
void aw_view_person(struct aw_view *view, const char *field, const struct aw_person_line *person);

/* A page of a longer list: first and last row shown (from 1), of how many, links to the others. */
extern const struct aw_view_type aw_pager_view;
void
aw_view_pager(struct aw_view *view, const char *field, int64_t first, int64_t last, int64_t total);

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
void aw_view_tally(struct aw_view *view, const char *field, const struct aw_tally *tally);

/* A filter above a list: what it filters by (message key), what is chosen, the choices as links. */
extern const struct aw_view_type aw_filter_view;
struct aw_view *
aw_view_filter(struct aw_view *view, const char *field, const char *label, const char *chosen);
void aw_view_choice(struct aw_view *filter, const char *label, const char *link, bool current);

/* One step of a way: done (with its moment), now, or to come. label is a message key. */
extern const struct aw_view_type aw_step_view;
enum aw_step { AW_STEP_AHEAD, AW_STEP_NOW, AW_STEP_DONE };
void aw_view_step(struct aw_view *view, const char *field, const char *label, enum aw_step step,
	const char *at);

#endif
