/**
 * city/desk/tasks - one list of everything that waits for one person.
 * Layer: city, inside room desk.
 */
#ifndef AW_CITY_DESK_TASKS_H
#define AW_CITY_DESK_TASKS_H

#include "city/desk/desk.sql.h"
#include "city/dispatch/clocks.h"
#include "page/call.h"

/* One thing to do. Texts live in the act's arena. */
struct aw_task {
	const char *
		act; /* code: screen, review, accept, assign, contact, assess, decide, visit, goal, ... */
	const char *group;  /* filter: contact, decide, answer */
	const char *title;  /* kind or family, in the reader's language */
	const char *number; /* public number */
	const char *path;
	const char *why;   /* argument of the message "task.why.<act>"; may be NULL */
	int64_t subject;   /* person whose name stands beside it; 0 = none */
	const char *kind;  /* code; for the level's scale */
	const char *level; /* code; NULL = none */
	struct aw_clock_face clock;
};

/* With what of a worker was read for it, so that a page need not ask twice. */
struct aw_tasks {
	struct aw_task *at;
	size_t count, room;
	const struct sql_desk_assigned *assigned; /* dispatches in the viewer's hands */
	size_t assigned_count;
	size_t case_count; /* the viewer's open cases */
};

/** Everything that waits for the viewer, overdue first, then by time left. */
AW_MUST_CHECK enum aw_status
aw_tasks_load(struct aw_call *call, struct aw_tasks *ret_tasks, struct aw_error *err);

#endif
