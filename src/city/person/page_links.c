/* The records of one person: linked, never merged; who said so, and what each field rests on. */
#include "city/person/page_links.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "city/person/evidence.h"
#include "city/person/mapping.h"
#include "link/compare.h"

static const AW_VIEW_TYPE(level_view, "RecordLevel", NULL,
	AW_FIELD_CODE("field", OPEN, "link.field"), AW_FIELD_CODE("level", OPEN, "link.level"));

static const AW_VIEW_TYPE(event_view, "RecordLinkEvent", NULL,
	AW_FIELD_CODE("state", OPEN, "link.state"), AW_FIELD("at", INSTANT, OPEN),
	AW_FIELD("decider", TEXT, OPEN), AW_FIELD("by_program", FLAG, OPEN),
	AW_FIELD("reason", TEXT, OPEN), AW_FIELD("words", TEXT, NARRATIVE),
	AW_FIELD("undone_at", INSTANT, OPEN), AW_FIELD("undoer", TEXT, OPEN),
	AW_FIELD("restored", FLAG, OPEN));

const AW_VIEW_TYPE(aw_record_link_view, "RecordLink", NULL, AW_FIELD("link", TEXT, OPEN),
	AW_FIELD("register", TEXT, OPEN), AW_FIELD("name", TEXT, OPEN),
	AW_FIELD_CODE("status", OPEN, "register.answer"),
	AW_FIELD_CODE("state", OPEN, "link.state"), AW_FIELD("percent", TEXT, OPEN),
	AW_FIELD("decided_at", INSTANT, OPEN), AW_FIELD("by_person", FLAG, OPEN),
	AW_FIELD("decider", TEXT, OPEN), AW_FIELD("reason", TEXT, OPEN),
	AW_FIELD("words", TEXT, NARRATIVE), AW_FIELD("proposed", FLAG, OPEN),
	AW_FIELD("confirmed", FLAG, OPEN), AW_FIELD("rejected", FLAG, OPEN),
	AW_FIELD_OF("levels", LIST, OPEN, &level_view),
	AW_FIELD_OF("history", LIST, OPEN, &event_view));

const AW_VIEW_TYPE(aw_best_source_view, "BestSource", NULL,
	AW_FIELD_CODE("field", OPEN, "link.field"), AW_FIELD("value", TEXT, OPEN),
	AW_FIELD_CODE("sex", IDENTITY, "sex"), AW_FIELD("source", TEXT, OPEN),
	AW_FIELD_CODE("made_by", OPEN, "person.source"), AW_FIELD("as_of", DAY, OPEN),
	AW_FIELD_CODE("why", OPEN, "person.source.why"), AW_FIELD("agree", NUMBER, OPEN),
	AW_FIELD("differ", NUMBER, OPEN));

static const char *const field_codes[] = { "name", "national_id", "birth_date", "sex", "address",
	"phone" };

/* -- links --------------------------------------------------------------------------------------------- */

static void
put_levels(struct aw_view *item, const char *levels)
{
	struct aw_link_levels read;

	aw_link_levels_read(aw_str(levels), &read);
	for (size_t f = 0; f < AW_LINK_FIELDS; f++) {
		struct aw_view *level;

		if (read.at[f] == 0)
			continue;
		level = aw_view_item(item, "levels");
		aw_view_text(level, "field", aw_link_field_code((enum aw_link_field)f));
		aw_view_text(level, "level", aw_link_level_code((enum aw_link_field)f, read.at[f]));
	}
}

static void
put_event(const struct aw_call *call, struct aw_view *item, const struct aw_link_event *event)
{
	struct aw_view *past = aw_view_item(item, "history");

	aw_view_text(past, "state", event->link.state);
	aw_view_int(past, "at", event->link.decided_at);
	aw_view_text(past, "decider", event->decider);
	aw_view_flag(past, "by_program", event->decider == NULL);
	aw_view_text(past, "reason", aw_call_label(call, "link", event->reason));
	if (event->words != NULL)
		aw_view_text(past, "words", event->words);
	if (event->link.undone_at.known)
		aw_view_int(past, "undone_at", event->link.undone_at.v);
	aw_view_text(past, "undoer", event->undoer);
	aw_view_flag(past, "restored", event->restored);
}

static void
put_current(const struct aw_call *call, struct aw_view *item, const struct aw_link_event *event)
{
	const struct aw_identity_link *link = &event->link;
	struct aw_arena *arena = call->act.arena;

	aw_view_text(item, "link", aw_arena_printf(arena, "%" PRId64, link->id));
	aw_view_text(item, "state", link->state);
	if (link->probability_ppm > 0)
		aw_view_text(item, "percent", aw_evidence_percent(arena, link->probability_ppm));
	aw_view_int(item, "decided_at", link->decided_at);
	aw_view_flag(item, "by_person", link->decided_by.known);
	aw_view_text(item, "decider", event->decider);
	aw_view_text(item, "reason", aw_call_label(call, "link", event->reason));
	if (event->words != NULL)
		aw_view_text(item, "words", event->words);
	aw_view_flag(item, "proposed", strcmp(link->state, "proposed") == 0);
	aw_view_flag(item, "confirmed", strcmp(link->state, "confirmed") == 0);
	aw_view_flag(item, "rejected", strcmp(link->state, "rejected") == 0);
	put_levels(item, link->levels);
}

/* The events of one record, newest first. What the program alone said and took back is no history: each
 * import looks anew. */
static enum aw_status
put_record(struct aw_call *call, const struct aw_register_map *map,
	const struct aw_link_event *events, size_t count, struct aw_error *err)
{
	const struct aw_link_event *current = NULL;
	struct aw_register_about about;
	struct aw_view *item;
	bool by_person = false;

	for (size_t i = 0; i < count; i++) {
		by_person |= events[i].decider != NULL;
		if (current == NULL && !events[i].link.undone_at.known)
			current = &events[i];
	}
	if (current == NULL && !by_person)
		return AW_OK;
	if (aw_register_record_about(&call->act, events[0].link.record, &about, err) != AW_OK)
		return err->status;
	item = aw_view_item(call->view, "links");
	aw_view_text(item, "register", map->code);
	aw_view_text(item, "name", aw_label_text(map->short_label, call->language));
	aw_view_text(item, "status", about.status);
	if (current != NULL)
		put_current(call, item, current);
	for (size_t i = 0; by_person && i < count; i++)
		if (&events[i] != current)
			put_event(call, item, &events[i]);
	return AW_OK;
}

/* -- sources ------------------------------------------------------------------------------------------- */

struct source {
	const struct aw_identity *identity;
	const struct aw_register_map *map; /* NULL: made here, see `made_by` */
	const char *made_by;
	int32_t day;
	bool base; /* household registration */
};

struct sources {
	struct source *at;
	size_t count, room;
};

static const char *
value_of(struct aw_arena *arena, const struct aw_identity *identity, const char *field)
{
	if (strcmp(field, "sex") == 0)
		return identity->sex == 0 ? NULL : aw_identity_sex(identity);
	return aw_evidence_value(arena, identity, field);
}

/* Where somebody lives and is called changes: the newest word counts. Who somebody is: household
 * registration, else what most sources say, else the newest of them. */
static const struct source *
best_source(struct aw_arena *arena, const struct sources *sources, const char *field,
	const char **ret_why)
{
	bool moves = strcmp(field, "address") == 0 || strcmp(field, "phone") == 0;
	const struct source *best = NULL;
	size_t most = 0, with = 0;

	for (size_t i = 0; i < sources->count; i++) {
		const struct source *one = &sources->at[i];
		const char *value = value_of(arena, one->identity, field);
		size_t same = 0;

		if (value == NULL)
			continue;
		with++;
		for (size_t k = 0; k < sources->count && !moves; k++)
			same += aw_text_eq(value, value_of(arena, sources->at[k].identity, field));
		if (one->base && !moves)
			same = SIZE_MAX;
		if (best == NULL || same > most || (same == most && one->day > best->day)) {
			best = one;
			most = same;
		}
	}
	*ret_why = with == 1 ? "only" : moves ? "newest" : most == SIZE_MAX ? "base" : "most";
	return best;
}

static void
put_source(struct aw_call *call, const struct sources *sources, const char *field,
	const struct aw_access *access)
{
	struct aw_arena *arena = call->act.arena;
	const char *why, *value;
	const struct source *best = best_source(arena, sources, field, &why);
	enum aw_field_class class = aw_evidence_class(field);
	int64_t agree = 0, differ = 0;
	struct aw_view *item;

	value = best == NULL ? NULL : value_of(arena, best->identity, field);
	if (value == NULL)
		return;
	item = aw_view_item(call->view, "sources");
	aw_view_text(item, "field", field);
	if (!aw_access_may(access, class)) {
		aw_view_hide(item, "value", aw_access_reason(access, class));
		return;
	}
	for (size_t i = 0; i < sources->count; i++) {
		const char *other = value_of(arena, sources->at[i].identity, field);

		agree += other != NULL && strcmp(other, value) == 0;
		differ += other != NULL && strcmp(other, value) != 0;
	}
	if (strcmp(field, "sex") == 0)
		aw_view_text(item, "sex", value);
	else
		aw_view_text(item, "value", value);
	if (best->map != NULL)
		aw_view_text(item, "source", aw_label_text(best->map->short_label, call->language));
	else
		aw_view_text(item, "made_by", best->made_by);
	aw_view_int(item, "as_of", best->day);
	aw_view_text(item, "why", why);
	aw_view_int(item, "agree", agree);
	aw_view_int(item, "differ", differ);
}

static void
begin_sources(struct aw_call *call, const struct aw_person *person, struct sources *sources)
{
	static const char *const here[] = { "report", "worker" };
	struct source own = { .identity = &person->identity,
		.map = aw_registers_find(aw_registers_of(&call->act), person->source),
		.made_by = "report",
		.day = aw_taipei_day(person->recorded_at) };

	own.base = own.map != NULL && own.map->base;
	for (size_t i = 0; i < AW_COUNT(here); i++)
		if (strcmp(person->source, here[i]) == 0)
			own.made_by = here[i];
	*AW_PUSH(call->act.arena, sources->at, sources->count, sources->room) = own;
}

static enum aw_status
add_source(struct aw_call *call, struct sources *sources, const struct aw_register_map *map,
	const struct aw_link_event *event, struct aw_error *err)
{
	struct aw_register_about *about = AW_NEW(call->act.arena, struct aw_register_about);

	if (event->link.undone_at.known || strcmp(event->link.state, "confirmed") != 0)
		return AW_OK;
	if (aw_register_record_about(&call->act, event->link.record, about, err) != AW_OK)
		return err->status;
	*AW_PUSH(call->act.arena, sources->at, sources->count, sources->room) = (struct source){
		.identity = &about->identity, .map = map, .day = about->extract_day
	};
	return AW_OK;
}

enum aw_status
aw_person_links_fill(struct aw_call *call, const struct aw_person *person,
	const struct aw_access *access, struct aw_error *err)
{
	const struct aw_registers *registers = aw_registers_of(&call->act);
	struct sources sources = { 0 };
	struct aw_link_event *events;
	size_t count, next;

	if (aw_identity_link_history(&call->act, person->id, &events, &count, err) != AW_OK)
		return err->status;
	begin_sources(call, person, &sources);
	for (size_t i = 0; i < count; i = next) {
		const struct aw_register_map *map =
			aw_registers_find(registers, events[i].link.register_code);

		for (next = i + 1;
			next < count && events[next].link.record == events[i].link.record;)
			next++;
		if (map == NULL || !aw_register_told(&call->act, access, map, NULL))
			continue;
		if (put_record(call, map, &events[i], next - i, err) != AW_OK)
			return err->status;
		for (size_t k = i; k < next; k++)
			if (add_source(call, &sources, map, &events[k], err) != AW_OK)
				return err->status;
	}
	for (size_t f = 0; f < AW_COUNT(field_codes); f++)
		put_source(call, &sources, field_codes[f], access);
	return AW_OK;
}

/* -- answered ------------------------------------------------------------------------------------------ */

enum aw_status
aw_person_links_answer(struct aw_call *call, const struct aw_person *person,
	const struct aw_access *access, struct aw_error *err)
{
	const char *choice = aw_call_value(call, "choice"), *typed = aw_call_value(call, "link");
	struct aw_link_why why = { aw_call_value(call, "reason"), aw_call_value(call, "words") };
	const struct aw_register_map *map;
	struct aw_identity_link link;
	int64_t id;

	if (typed == NULL || !aw_str_int64(aw_str(typed), &id))
		return aw_fail(err, AW_INVALID, "name the link");
	if (aw_identity_link_get(&call->act, id, &link, err) != AW_OK)
		return err->status;
	map = aw_registers_find(aw_registers_of(&call->act), link.register_code);
	if (link.person != person->id || map == NULL ||
		!aw_register_told(&call->act, access, map, NULL))
		return aw_fail(err, AW_NOT_FOUND, "there is no such link");
	if (link.undone_at.known)
		return aw_fail(err, AW_CONFLICT, "the list changed meanwhile: look again");
	if (aw_text_eq(choice, "undo"))
		return aw_identity_link_undo(&call->act, id, err);
	if (!aw_text_eq(choice, "same") && !aw_text_eq(choice, "other"))
		return aw_fail(err, AW_INVALID, "choose same, other or undo");
	return aw_identity_link_decide(&call->act, id, aw_text_eq(choice, "same"), &why, NULL, err);
}
