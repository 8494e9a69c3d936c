/* city/desk/my_work - 我的工作: what waits for this person, overdue first. */
#include <string.h>

#include "city/desk/desk.h"
#include "city/desk/tasks.h"
#include "city/dispatch/dispatch.h"
#include "city/intake/held.h"
#include "city/person/page_rows.h"
#include "city/person/person.h"
#include "db/memo.h"
#include "guard/access.h"

static const AW_VIEW_TYPE(task_view, "Task", NULL, AW_FIELD_CODE("act", OPEN, "task"),
	AW_FIELD_CODE("button", OPEN, "task.button"), AW_FIELD("title", TEXT, OPEN),
	AW_FIELD("number", TEXT, OPEN), AW_FIELD("path", LINK, OPEN), AW_FIELD("why", TEXT, OPEN),
	AW_FIELD("name", TEXT, IDENTITY), AW_FIELD_OF("level", OBJECT, RISK, &aw_level_view),
	AW_FIELD_OF("clock", OBJECT, OPEN, &aw_clock_view));

static const AW_VIEW_TYPE(group_view, "TaskGroup", NULL, AW_FIELD_CODE("code", OPEN, "task.group"),
	AW_FIELD("count", NUMBER, OPEN), AW_FIELD("over", FLAG, OPEN),
	AW_FIELD_OF("tasks", LIST, OPEN, &task_view), AW_FIELD("more", NUMBER, OPEN));

static const AW_VIEW_TYPE(assigned_view, "NewlyAssigned", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("path", LINK, OPEN), AW_FIELD("acknowledge_path", LINK, OPEN),
	AW_FIELD("kind_name", TEXT, OPEN), AW_FIELD("lead", FLAG, OPEN),
	AW_FIELD("task", TEXT, OPEN), AW_FIELD("assigned_at", INSTANT, OPEN),
	AW_FIELD_OF("clock", OBJECT, OPEN, &aw_clock_view));

static const AW_VIEW_TYPE(change_view, "FamilyChange", NULL, AW_FIELD("path", LINK, OPEN),
	AW_FIELD("family", TEXT, OPEN), AW_FIELD("name", TEXT, IDENTITY),
	AW_FIELD_CODE("what", OPEN, "moment"), AW_FIELD("kind_name", TEXT, RISK),
	AW_FIELD("at", INSTANT, RISK));

static const AW_VIEW_TYPE(wait_view, "WaitingFor", NULL, AW_FIELD("path", LINK, OPEN),
	AW_FIELD("number", TEXT, OPEN), AW_FIELD_CODE("what", OPEN, "waiting"),
	AW_FIELD("kind_name", TEXT, OPEN), AW_FIELD("since", INSTANT, OPEN));

const AW_VIEW_TYPE(aw_my_work_view, "MyWork", "desk/work", AW_FIELD("now", INSTANT, OPEN),
	AW_FIELD("total", NUMBER, OPEN), AW_FIELD("over_count", NUMBER, OPEN),
	AW_FIELD("over_longest", DURATION, OPEN), AW_FIELD("today_count", NUMBER, OPEN),
	AW_FIELD("week_count", NUMBER, OPEN), AW_FIELD("answer_count", NUMBER, OPEN),
	AW_FIELD("contact_count", NUMBER, OPEN), AW_FIELD("decide_count", NUMBER, OPEN),
	AW_FIELD("family_count", NUMBER, OPEN), AW_FIELD("next_due", INSTANT, OPEN),
	AW_FIELD_CODE("chosen", OPEN, NULL), AW_FIELD_OF("groups", LIST, OPEN, &group_view),
	AW_FIELD_OF("assigned", LIST, OPEN, &assigned_view),
	AW_FIELD("assigned_count", NUMBER, OPEN), AW_FIELD_OF("changes", LIST, OPEN, &change_view),
	AW_FIELD_OF("waits", LIST, OPEN, &wait_view), AW_FIELD("wait_count", NUMBER, OPEN),
	AW_FIELD("works_cases", FLAG, OPEN), AW_FIELD("screens", FLAG, OPEN));

enum group { GROUP_OVER, GROUP_TODAY, GROUP_WEEK, GROUP_LATER, GROUP_COUNT };
enum { GROUP_ROWS = 40, SIDE_ROWS = 8, CHANGE_DAYS = 14 };

static enum group
group_of(const struct aw_call *call, const struct aw_task *task)
{
	int32_t today = aw_taipei_day(call->act.now_ms), day;

	if (!task->clock.due_at.known || task->clock.stopped_at.known)
		return GROUP_LATER;
	if (task->clock.due_at.v < call->act.now_ms)
		return GROUP_OVER;
	day = aw_taipei_day(task->clock.due_at.v);
	return day <= today ? GROUP_TODAY : day <= today + 7 ? GROUP_WEEK : GROUP_LATER;
}

/* A name beside a task, as far as the viewer may see it. */
static enum aw_status
fill_name(struct aw_call *call, int64_t person, struct aw_view *item, struct aw_error *err)
{
	struct aw_access access;
	struct aw_person known;

	if (aw_access_to(&call->act, person, &access, err) != AW_OK)
		return err->status;
	aw_view_allow_as(item, &access);
	if (!aw_access_may(&access, AW_CLASS_IDENTITY)) {
		aw_view_hide(item, "name", aw_access_reason(&access, AW_CLASS_IDENTITY));
		return AW_OK;
	}
	if (aw_person_known(&call->act, person, &known, err) != AW_OK)
		return err->status;
	aw_act_looked(&call->act, person, AW_CLASS_BIT(AW_CLASS_IDENTITY));
	aw_person_view_name(item, &known);
	return AW_OK;
}

static enum aw_status
fill_task(struct aw_call *call, const struct aw_task *task, struct aw_view *item,
	struct aw_error *err)
{
	if (task->subject != 0 && fill_name(call, task->subject, item, err) != AW_OK)
		return err->status;
	aw_view_text(item, "act", task->act);
	aw_view_text(item, "button", task->act);
	aw_view_text(item, "title", task->title);
	aw_view_text(item, "number", task->number);
	aw_view_text(item, "path", task->path);
	aw_view_text(item, "why", task->why);
	if (task->level != NULL && task->kind != NULL)
		aw_level_fill(aw_view_object(item, "level"), call->act.policy, task->kind,
			task->level, NULL, call->language);
	aw_clock_fill(aw_view_object(item, "clock"), &task->clock, call->act.now_ms);
	return AW_OK;
}

static void
count_groups(struct aw_call *call, const struct aw_tasks *tasks)
{
	int64_t kinds[3] = { 0 }, times[GROUP_COUNT] = { 0 }, longest = 0;
	struct aw_maybe next = AW_UNKNOWN;

	for (size_t i = 0; i < tasks->count; i++) {
		const struct aw_task *task = &tasks->at[i];
		enum group group = group_of(call, task);
		times[group]++;
		kinds[strcmp(task->group, "contact") == 0    ? 0
			: strcmp(task->group, "decide") == 0 ? 1
							     : 2]++;
		if (group == GROUP_OVER && call->act.now_ms - task->clock.due_at.v > longest)
			longest = call->act.now_ms - task->clock.due_at.v;
		if (group == GROUP_TODAY && !next.known)
			next = task->clock.due_at;
	}
	aw_view_int(call->view, "total", (int64_t)tasks->count);
	aw_view_int(call->view, "over_count", times[GROUP_OVER]);
	if (longest != 0)
		aw_view_int(call->view, "over_longest", longest);
	aw_view_int(call->view, "today_count", times[GROUP_TODAY]);
	aw_view_int(call->view, "week_count", times[GROUP_WEEK]);
	if (next.known)
		aw_view_int(call->view, "next_due", next.v);
	aw_view_int(call->view, "contact_count", kinds[0]);
	aw_view_int(call->view, "decide_count", kinds[1]);
	aw_view_int(call->view, "answer_count", kinds[2]);
}

static enum aw_status
fill_groups(struct aw_call *call, const struct aw_tasks *tasks, struct aw_error *err)
{
	static const char *const codes[] = { "over", "today", "week", "later" };
	const char *show = aw_call_value(call, "show");

	for (int g = GROUP_OVER; g < GROUP_COUNT; g++) {
		struct aw_view *group = NULL;
		int64_t count = 0;
		for (size_t i = 0; i < tasks->count; i++) {
			const struct aw_task *task = &tasks->at[i];
			if ((int)group_of(call, task) != g ||
				(show != NULL && strcmp(show, "all") != 0 &&
					strcmp(show, task->group) != 0))
				continue;
			if (group == NULL) {
				group = aw_view_item(call->view, "groups");
				aw_view_text(group, "code", codes[g]);
				aw_view_flag(group, "over", g == GROUP_OVER);
			}
			if (count++ < GROUP_ROWS &&
				fill_task(call, task, aw_view_item(group, "tasks"), err) != AW_OK)
				return err->status;
		}
		if (group != NULL) {
			aw_view_int(group, "count", count);
			if (count > GROUP_ROWS)
				aw_view_int(group, "more", count - GROUP_ROWS);
		}
	}
	aw_view_text(call->view, "chosen", show == NULL ? "all" : show);
	return AW_OK;
}

/* -- beside the list ------------------------------------------------------------------------ */

static void
fill_assigned(struct aw_call *call, const struct aw_tasks *tasks)
{
	int64_t shown = 0;

	for (size_t i = 0; i < tasks->assigned_count; i++) {
		const struct sql_desk_assigned *row = &tasks->assigned[i];
		struct aw_clock_face face = { .code = "first_contact",
			.started_at = AW_KNOWN(row->received_at),
			.due_at = row->first_contact_due_at,
			.stopped_at = row->contacted_at };
		struct aw_view *item;
		if (row->acknowledged_at.known || shown >= SIDE_ROWS)
			continue;
		shown++;
		item = aw_view_item(call->view, "assigned");
		aw_view_text(item, "number", row->number);
		aw_view_text(item, "path",
			aw_arena_printf(call->act.arena, "/reports/%s/units/%s/work", row->number,
				row->unit));
		aw_view_text(item, "acknowledge_path",
			aw_arena_printf(call->act.arena, "/reports/%s/units/%s/acknowledge",
				row->number, row->unit));
		aw_view_text(item, "kind_name", aw_call_label(call, "kind", row->kind));
		aw_view_flag(item, "lead", strcmp(row->role, "lead") == 0);
		aw_view_text(item, "task", row->task[0] == '\0' ? NULL : row->task);
		if (row->assigned_at.known)
			aw_view_int(item, "assigned_at", row->assigned_at.v);
		aw_clock_fill(aw_view_object(item, "clock"), &face, call->act.now_ms);
	}
	aw_view_int(call->view, "assigned_count", shown);
}

static enum aw_status
fill_changes(struct aw_call *call, struct aw_error *err)
{
	struct sql_desk_changes *rows;
	int64_t shown = 0;
	size_t count;

	if (sql_desk_changes(call->act.tx,
		    &(struct sql_desk_changes_in){ .worker = call->act.viewer->account,
			    .since = call->act.now_ms - CHANGE_DAYS * AW_DAY_MS },
		    call->act.arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count && shown < SIDE_ROWS; i++) {
		const struct aw_kind *kind = aw_policy_kind(call->act.policy, rows[i].detail);
		bool sexual = kind != NULL && kind->sealed_in_lists;
		struct aw_access access;
		struct aw_view *item;
		if (i > 0 && strcmp(rows[i].number, rows[i - 1].number) == 0)
			continue;
		if (aw_access_to(&call->act, rows[i].person, &access, err) != AW_OK)
			return err->status;
		if (!aw_access_lists(&access, sexual ? AW_CLASS_SEXUAL : AW_CLASS_RISK, NULL) ||
			!aw_access_tells(call->act.policy, &access, rows[i].detail, NULL))
			continue;
		shown++;
		item = aw_view_item(call->view, "changes");
		if (fill_name(call, rows[i].person, item, err) != AW_OK)
			return err->status;
		aw_view_text(item, "path",
			aw_arena_printf(call->act.arena, "/families/%s", rows[i].family_number));
		aw_view_text(item, "family", rows[i].family_number);
		aw_view_text(
			item, "what", strcmp(rows[i].kind, "report") == 0 ? "report" : "opened");
		aw_view_text(item, "kind_name", aw_call_label(call, "kind", rows[i].detail));
		aw_view_int(item, "at", rows[i].from_at);
	}
	return AW_OK;
}

static void
add_wait(struct aw_call *call, const char *what, const char *number, const char *kind,
	const char *path, struct aw_maybe since)
{
	struct aw_view *item = aw_view_item(call->view, "waits");

	aw_view_text(item, "what", what);
	aw_view_text(item, "number", number);
	aw_view_text(item, "kind_name", aw_call_label(call, "kind", kind));
	aw_view_text(item, "path", path);
	if (since.known)
		aw_view_int(item, "since", since.v);
}

static enum aw_status
fill_waits(struct aw_call *call, struct aw_error *err)
{
	struct sql_desk_asked_closings *closings;
	struct sql_desk_asked_supplements *asked;
	size_t closing_count, asked_count;
	int64_t total = 0;

	if (sql_desk_asked_closings(call->act.tx,
		    &(struct sql_desk_asked_closings_in){ .worker = call->act.viewer->account },
		    call->act.arena, &closings, &closing_count, err) != AW_OK ||
		sql_desk_asked_supplements(call->act.tx,
			&(struct sql_desk_asked_supplements_in){
				.account = call->act.viewer->account },
			call->act.arena, &asked, &asked_count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < closing_count && total < SIDE_ROWS; i++, total++)
		add_wait(call, "closing", closings[i].number, closings[i].kind,
			aw_arena_printf(call->act.arena, "/families/%s", closings[i].family_number),
			closings[i].close_asked_at);
	for (size_t i = 0; i < asked_count && total < SIDE_ROWS; i++, total++)
		add_wait(call, asked[i].answered_at.known ? "answered" : "supplement",
			asked[i].number, asked[i].kind,
			aw_arena_printf(call->act.arena, "/reports/%s", asked[i].number),
			AW_KNOWN(asked[i].asked_at));
	aw_view_int(call->view, "wait_count", total);
	return AW_OK;
}

/* -- the menu's numbers ---------------------------------------------------------------------- */

/* They stand on every page and cost as much as the list itself: they are kept until a fact changes, or the
 * minute by which something may have become late. */
static const char *
counts_key(const struct aw_act *act)
{
	const struct aw_viewer *viewer = act->viewer;

	return aw_arena_printf(act->arena, "desk_counts %lld %s %s %s %s %lld",
		(long long)viewer->account, viewer->unit == NULL ? "" : viewer->unit,
		viewer->roles == NULL ? "" : viewer->roles,
		viewer->purpose == NULL ? "" : viewer->purpose, act->policy->hash,
		(long long)(act->now_ms / AW_MINUTE_MS));
}

/* Counts what was loaded, and keeps it. */
static enum aw_status
count_tasks(const struct aw_call *call, const struct aw_tasks *tasks,
	struct aw_desk_counts *ret_counts, struct aw_error *err)
{
	const struct aw_act *act = &call->act;
	struct aw_desk_counts counts;
	struct aw_held_counts held;
	struct sql_desk_counts row;
	bool found;

	if (aw_held_count(act, &held, err) != AW_OK ||
		sql_desk_counts(act->tx, act->arena, &row, &found, err) != AW_OK)
		return err->status;
	memset(&counts, 0, sizeof(counts)); /* what is kept is bytes, the gaps among them */
	for (size_t i = 0; i < tasks->count; i++) {
		enum group group = group_of(call, &tasks->at[i]);
		if (group == GROUP_LATER)
			continue;
		counts.work++;
		counts.work_hot = counts.work_hot || group != GROUP_WEEK;
	}
	counts.waiting = found ? row.waiting : 0;
	counts.submitted = found ? row.submitted : 0;
	counts.held = held.held;
	aw_memo_put(act->tx, counts_key(act),
		(struct aw_bytes){ (const void *)&counts, sizeof(counts) });
	*ret_counts = counts;
	return AW_OK;
}

enum aw_status
aw_desk_counts(struct aw_act *act, struct aw_desk_counts *ret_counts, struct aw_error *err)
{
	struct aw_call call = { .act = *act, .language = "zh-Hant-TW" };
	struct aw_tasks tasks;
	struct aw_bytes kept;

	if (aw_memo_get(act->tx, counts_key(act), act->arena, &kept) &&
		kept.len == sizeof(*ret_counts)) {
		memcpy(ret_counts, kept.at, sizeof(*ret_counts));
		return AW_OK;
	}
	if (aw_tasks_load(&call, &tasks, err) != AW_OK)
		return err->status;
	return count_tasks(&call, &tasks, ret_counts, err);
}

/* GET /work. The menu beside it finds its numbers kept. */
enum aw_status
aw_my_work_show(struct aw_call *call, struct aw_error *err)
{
	const struct aw_policy *policy = call->act.policy;
	struct aw_desk_counts menu;
	struct aw_tasks tasks;

	if (aw_tasks_load(call, &tasks, err) != AW_OK || fill_groups(call, &tasks, err) != AW_OK ||
		fill_changes(call, err) != AW_OK || fill_waits(call, err) != AW_OK ||
		count_tasks(call, &tasks, &menu, err) != AW_OK)
		return err->status;
	fill_assigned(call, &tasks);
	count_groups(call, &tasks);
	aw_view_int(call->view, "family_count", (int64_t)tasks.case_count);
	aw_view_flag(call->view, "works_cases",
		aw_access_may_do(policy, call->act.viewer, "family.work"));
	aw_view_flag(call->view, "screens",
		aw_access_may_do(policy, call->act.viewer, "dispatch.screen"));
	aw_view_int(call->view, "now", call->act.now_ms);
	return AW_OK;
}
