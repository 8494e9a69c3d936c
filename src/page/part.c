/* page/part - the small things that many pages show. */
#include "page/part.h"

#include <string.h>

#include "base/clock.h"
#include "page/view_inner.h"

static const char *const weights[] = { "unknown", "low", "middle", "high" };
static const char *const tones[] = { "wait", "on", "sent", "ok", "bad", "end" };

AW_VIEW_TYPE(aw_level_view, "Level", "part/level", AW_FIELD_CODE("weight", OPEN, NULL),
	AW_FIELD("text", TEXT, OPEN), AW_FIELD("proposed", FLAG, OPEN));
AW_VIEW_TYPE(aw_clock_view, "Clock", "part/clock", AW_FIELD_CODE("name", OPEN, "clock.name"),
	AW_FIELD("named", FLAG, OPEN), AW_FIELD_CODE("state", OPEN, NULL),
	AW_FIELD("time", DURATION, OPEN), AW_FIELD("started", INSTANT, OPEN),
	AW_FIELD("due", INSTANT, OPEN), AW_FIELD("stopped", INSTANT, OPEN),
	AW_FIELD("ring", FLAG, OPEN), AW_FIELD("used", NUMBER, OPEN),
	AW_FIELD("unverified", FLAG, OPEN));
AW_VIEW_TYPE(aw_pill_view, "Pill", "part/pill", AW_FIELD_CODE("label", OPEN, ""),
	AW_FIELD_CODE("tone", OPEN, NULL));
AW_VIEW_TYPE(aw_flag_view, "Flag", "part/flag", AW_FIELD("text", TEXT, OPEN),
	AW_FIELD("urgent", FLAG, OPEN));
AW_VIEW_TYPE(aw_person_view, "PersonLine", "part/person", AW_FIELD("name", TEXT, IDENTITY),
	AW_FIELD_CODE("sex", IDENTITY, "sex"), AW_FIELD("age", NUMBER, IDENTITY),
	AW_FIELD("role", TEXT, OPEN), AW_FIELD("link", LINK, OPEN));
AW_VIEW_TYPE(aw_pager_view, "Pager", "part/pager", AW_FIELD("first", NUMBER, OPEN),
	AW_FIELD("last", NUMBER, OPEN), AW_FIELD("total", NUMBER, OPEN),
	AW_FIELD("previous", LINK, OPEN), AW_FIELD("next", LINK, OPEN));
AW_VIEW_TYPE(aw_tally_view, "Tally", "part/tally", AW_FIELD_CODE("label", OPEN, ""),
	AW_FIELD("number", TEXT, OPEN), AW_FIELD_CODE("unit", OPEN, ""),
	AW_FIELD("hint", TEXT, OPEN), AW_FIELD("link", LINK, OPEN), AW_FIELD("hot", FLAG, OPEN));
static AW_VIEW_TYPE(choice_view, "Choice", NULL, AW_FIELD("label", TEXT, OPEN),
	AW_FIELD("link", LINK, OPEN), AW_FIELD("current", FLAG, OPEN));
AW_VIEW_TYPE(aw_filter_view, "Filter", "part/filter", AW_FIELD_CODE("label", OPEN, ""),
	AW_FIELD("chosen", TEXT, OPEN), AW_FIELD_OF("options", LIST, OPEN, &choice_view));
AW_VIEW_TYPE(aw_step_view, "Step", "part/steps", AW_FIELD_CODE("label", OPEN, ""),
	AW_FIELD("done", FLAG, OPEN), AW_FIELD("now", FLAG, OPEN), AW_FIELD("at", TEXT, OPEN));

/* The inner view of an OBJECT field, a new item of a LIST field. */
static struct aw_view *
inner(struct aw_view *view, const char *field)
{
	const struct aw_view_field *found = aw_view_field(view->type, field, strlen(field));

	if (found != NULL && found->kind == AW_VIEW_LIST)
		return aw_view_item(view, field);
	return aw_view_object(view, field);
}

void
aw_view_level(struct aw_view *view, const char *field, enum aw_weight weight, const char *text,
	bool proposed)
{
	struct aw_view *level;

	if (text == NULL)
		return;
	level = inner(view, field);
	aw_view_text(level, "weight", weights[weight]);
	aw_view_text(level, "text", text);
	aw_view_flag(level, "proposed", proposed);
}

static int64_t
used_percent(const struct aw_clock_time *time, int64_t now_ms)
{
	int64_t whole = time->due_ms - time->started_ms;
	int64_t used = now_ms - time->started_ms;

	if (whole <= 0 || used >= whole)
		return 100;
	return used <= 0 ? 0 : used / (whole / 100 == 0 ? 1 : whole / 100);
}

/* The last quarter is soon. */
static const char *
clock_state(const struct aw_clock_time *time, int64_t now_ms)
{
	if (time->started_ms == 0)
		return "idle";
	if (time->stopped_ms != 0)
		return "stop";
	if (time->due_ms == 0)
		return "run";
	if (now_ms > time->due_ms)
		return "over";
	return used_percent(time, now_ms) >= 75 ? "soon" : "run";
}

void
aw_view_clock(struct aw_view *view, const char *field, const char *code, bool named,
	const struct aw_clock_time *time, int64_t now_ms)
{
	struct aw_view *clock = inner(view, field);
	const char *state = clock_state(time, now_ms);
	bool ring = strcmp(state, "over") != 0 && strcmp(state, "stop") != 0;

	aw_view_text(clock, "name", code);
	aw_view_flag(clock, "named", named);
	aw_view_text(clock, "state", state);
	aw_view_flag(clock, "ring", ring);
	aw_view_flag(clock, "unverified", time->unverified);
	if (time->due_ms != 0)
		aw_view_int(clock, "due", time->due_ms);
	if (time->started_ms == 0)
		return;
	aw_view_int(clock, "started", time->started_ms);
	if (time->stopped_ms != 0) {
		aw_view_int(clock, "stopped", time->stopped_ms);
		aw_view_int(clock, "time", time->stopped_ms - time->started_ms);
	} else if (time->due_ms != 0) {
		aw_view_int(clock, "time",
			now_ms > time->due_ms ? now_ms - time->due_ms : time->due_ms - now_ms);
	} else {
		aw_view_int(clock, "time", now_ms - time->started_ms);
	}
	if (ring && time->due_ms != 0)
		aw_view_int(clock, "used", used_percent(time, now_ms));
}

void
aw_view_pill(struct aw_view *view, const char *field, const char *label, enum aw_tone tone)
{
	struct aw_view *pill = inner(view, field);

	aw_view_text(pill, "label", label);
	aw_view_text(pill, "tone", tones[tone]);
}

void
aw_view_flagged(struct aw_view *view, const char *field, const char *text, bool urgent)
{
	struct aw_view *flag = inner(view, field);

	aw_view_text(flag, "text", text);
	aw_view_flag(flag, "urgent", urgent);
}

void
aw_view_person(struct aw_view *view, const char *field, const struct aw_person_line *person)
{
	struct aw_view *line = inner(view, field);

	aw_view_text(line, "name", person->name);
	aw_view_text(line, "sex", person->sex);
	if (person->age >= 0)
		aw_view_int(line, "age", person->age);
	aw_view_text(line, "role", person->role);
	aw_view_text(line, "link", person->link);
}

void
aw_view_pager(struct aw_view *view, const char *field, int64_t first, int64_t last, int64_t total)
{
	struct aw_view *pager = inner(view, field);

	aw_view_int(pager, "first", first);
	aw_view_int(pager, "last", last);
	aw_view_int(pager, "total", total);
}

void
aw_view_tally(struct aw_view *view, const char *field, const struct aw_tally *tally)
{
	struct aw_view *cell = inner(view, field);

	aw_view_text(cell, "label", tally->label);
	aw_view_text(cell, "number", tally->number);
	aw_view_text(cell, "unit", tally->unit);
	aw_view_text(cell, "hint", tally->hint);
	aw_view_text(cell, "link", tally->link);
	aw_view_flag(cell, "hot", tally->hot);
}

struct aw_view *
aw_view_filter(struct aw_view *view, const char *field, const char *label, const char *chosen)
{
	struct aw_view *filter = inner(view, field);

	aw_view_text(filter, "label", label);
	aw_view_text(filter, "chosen", chosen);
	return filter;
}

void
aw_view_choice(struct aw_view *filter, const char *label, const char *link, bool current)
{
	struct aw_view *choice = aw_view_item(filter, "options");

	aw_view_text(choice, "label", label);
	aw_view_text(choice, "link", link);
	aw_view_flag(choice, "current", current);
}

void
aw_view_step(struct aw_view *view, const char *field, const char *label, enum aw_step step,
	const char *at)
{
	struct aw_view *item = inner(view, field);

	aw_view_text(item, "label", label);
	aw_view_flag(item, "done", step == AW_STEP_DONE);
	aw_view_flag(item, "now", step == AW_STEP_NOW);
	aw_view_text(item, "at", at);
}
