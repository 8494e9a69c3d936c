/* page/parts - the small things that many pages show. */
#include "page/parts.h"

#include <string.h>

#include "page/view_inner.h"

AW_VIEW_TYPE(aw_clock_view, "Clock", "part/clock", AW_FIELD_CODE("code", OPEN, "clock"),
	AW_FIELD("idle", FLAG, OPEN), AW_FIELD("runs", FLAG, OPEN), AW_FIELD("soon", FLAG, OPEN),
	AW_FIELD("over", FLAG, OPEN), AW_FIELD("stopped", FLAG, OPEN), AW_FIELD("late", FLAG, OPEN),
	AW_FIELD("used_percent", NUMBER, OPEN), AW_FIELD("left", DURATION, OPEN),
	AW_FIELD("past", DURATION, OPEN), AW_FIELD("took", DURATION, OPEN),
	AW_FIELD("started_at", INSTANT, OPEN), AW_FIELD("due_at", INSTANT, OPEN),
	AW_FIELD("stopped_at", INSTANT, OPEN), AW_FIELD("unverified", FLAG, OPEN));

AW_VIEW_TYPE(aw_level_view, "Level", "part/level", AW_FIELD("scale", TEXT, RISK),
	AW_FIELD("text", TEXT, RISK), AW_FIELD("high", FLAG, RISK), AW_FIELD("middle", FLAG, RISK),
	AW_FIELD("low", FLAG, RISK), AW_FIELD("unknown", FLAG, RISK),
	AW_FIELD("proposed", FLAG, OPEN));

AW_VIEW_TYPE(aw_choice_view, "Choice", NULL, AW_FIELD("value", TEXT, OPEN),
	AW_FIELD("text", TEXT, OPEN), AW_FIELD("chosen", FLAG, OPEN));

int64_t
aw_clock_used(const struct aw_clock_face *face, int64_t now_ms)
{
	int64_t whole, used;

	if (!face->started_at.known || !face->due_at.known)
		return 0;
	if (face->stopped_at.known)
		now_ms = face->stopped_at.v;
	whole = face->due_at.v - face->started_at.v;
	used = now_ms - face->started_at.v;
	if (used <= 0)
		return 0;
	return whole <= 0 || used >= whole ? 100 : used * 100 / whole;
}

enum aw_clock_state
aw_clock_state(const struct aw_clock_face *face, int64_t now_ms)
{
	if (face->stopped_at.known)
		return AW_CLOCK_STOPPED;
	if (!face->started_at.known || !face->due_at.known)
		return AW_CLOCK_IDLE;
	if (now_ms > face->due_at.v)
		return AW_CLOCK_OVER;
	return aw_clock_used(face, now_ms) >= 75 ? AW_CLOCK_SOON : AW_CLOCK_RUNS;
}

static void
put_maybe(struct aw_view *view, const char *name, struct aw_maybe value)
{
	if (value.known)
		aw_view_int(view, name, value.v);
}

void
aw_clock_fill(struct aw_view *clock, const struct aw_clock_face *face, int64_t now_ms)
{
	enum aw_clock_state state = aw_clock_state(face, now_ms);

	aw_view_text(clock, "code", face->code);
	aw_view_flag(clock, "idle", state == AW_CLOCK_IDLE);
	aw_view_flag(clock, "runs", state == AW_CLOCK_RUNS);
	aw_view_flag(clock, "soon", state == AW_CLOCK_SOON);
	aw_view_flag(clock, "over", state == AW_CLOCK_OVER);
	aw_view_flag(clock, "stopped", state == AW_CLOCK_STOPPED);
	aw_view_flag(clock, "late",
		state == AW_CLOCK_OVER || (face->stopped_at.known && face->due_at.known &&
						  face->stopped_at.v > face->due_at.v));
	aw_view_int(clock, "used_percent", aw_clock_used(face, now_ms));
	if (state == AW_CLOCK_RUNS || state == AW_CLOCK_SOON)
		aw_view_int(clock, "left", face->due_at.v - now_ms);
	if (state == AW_CLOCK_OVER)
		aw_view_int(clock, "past", now_ms - face->due_at.v);
	if (state == AW_CLOCK_STOPPED && face->started_at.known)
		aw_view_int(clock, "took", face->stopped_at.v - face->started_at.v);
	put_maybe(clock, "started_at", face->started_at);
	put_maybe(clock, "due_at", face->due_at);
	put_maybe(clock, "stopped_at", face->stopped_at);
	aw_view_flag(clock, "unverified", face->unverified);
}

static const char *
weight_of(const struct aw_scale *scale, const char *level)
{
	for (size_t i = 0; scale != NULL && i < scale->level_count; i++) {
		if (aw_text_eq(scale->levels[i].code, level))
			return scale->levels[i].weight;
	}
	return NULL;
}

void
aw_level_fill(struct aw_view *level, const struct aw_policy *policy, const char *scale_code,
	const char *level_code, const char *child_class, const char *language)
{
	const struct aw_scale *scale =
		scale_code == NULL ? NULL : aw_policy_scale(policy, scale_code);
	const char *weight = level_code == NULL ? NULL : weight_of(scale, level_code);
	const char *text = level_code == NULL || scale == NULL
				   ? NULL
				   : aw_policy_text(policy, scale_code, level_code, language);
	const char *class_text =
		child_class == NULL ? NULL
				    : aw_policy_text(policy, "child_class", child_class, language);

	if (scale != NULL)
		aw_view_text(level, "scale", aw_label_text(scale->label, language));
	aw_view_text(level, "text", text);
	if (text != NULL && class_text != NULL) {
		char *both = aw_arena_printf(aw_view_arena(level), "%s%s", text, class_text);
		aw_view_text(level, "text", both);
	}
	aw_view_flag(level, "high", aw_text_eq(weight, "high"));
	aw_view_flag(level, "middle", aw_text_eq(weight, "middle"));
	aw_view_flag(level, "low", aw_text_eq(weight, "low"));
	aw_view_flag(level, "unknown", weight == NULL);
}

void
aw_choice_add(
	struct aw_view *view, const char *list, const char *value, const char *text, bool chosen)
{
	struct aw_view *item = aw_view_item(view, list);

	aw_view_text(item, "value", value);
	aw_view_text(item, "text", text);
	aw_view_flag(item, "chosen", chosen);
}

/* ---- states, flags, people, lists ---- */

static const char *const tones[] = { "wait", "on", "sent", "ok", "bad", "end" };

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
static AW_VIEW_TYPE(filter_choice_view, "FilterChoice", NULL, AW_FIELD("label", TEXT, OPEN),
	AW_FIELD("link", LINK, OPEN), AW_FIELD("current", FLAG, OPEN));
AW_VIEW_TYPE(aw_filter_view, "Filter", "part/filter", AW_FIELD_CODE("label", OPEN, ""),
	AW_FIELD("chosen", TEXT, OPEN), AW_FIELD_OF("options", LIST, OPEN, &filter_choice_view));
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
aw_pill_put(struct aw_view *view, const char *field, const char *label, enum aw_tone tone)
{
	struct aw_view *pill = inner(view, field);

	aw_view_text(pill, "label", label);
	aw_view_text(pill, "tone", tones[tone]);
}

void
aw_flag_put(struct aw_view *view, const char *field, const char *text, bool urgent)
{
	struct aw_view *flag = inner(view, field);

	aw_view_text(flag, "text", text);
	aw_view_flag(flag, "urgent", urgent);
}

void
aw_person_put(struct aw_view *view, const char *field, const struct aw_person_line *person)
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
aw_pager_put(struct aw_view *view, const char *field, int64_t first, int64_t last, int64_t total)
{
	struct aw_view *pager = inner(view, field);

	aw_view_int(pager, "first", first);
	aw_view_int(pager, "last", last);
	aw_view_int(pager, "total", total);
}

void
aw_tally_put(struct aw_view *view, const char *field, const struct aw_tally *tally)
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
aw_filter_put(struct aw_view *view, const char *field, const char *label, const char *chosen)
{
	struct aw_view *filter = inner(view, field);

	aw_view_text(filter, "label", label);
	aw_view_text(filter, "chosen", chosen);
	return filter;
}

void
aw_filter_choice(struct aw_view *filter, const char *label, const char *link, bool current)
{
	struct aw_view *choice = aw_view_item(filter, "options");

	aw_view_text(choice, "label", label);
	aw_view_text(choice, "link", link);
	aw_view_flag(choice, "current", current);
}

void
aw_step_put(struct aw_view *view, const char *field, const char *label, enum aw_step step,
	const char *at)
{
	struct aw_view *item = inner(view, field);

	aw_view_text(item, "label", label);
	aw_view_flag(item, "done", step == AW_STEP_DONE);
	aw_view_flag(item, "now", step == AW_STEP_NOW);
	aw_view_text(item, "at", at);
}
