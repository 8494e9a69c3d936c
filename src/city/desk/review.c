/* city/desk/review - the queue of proposed links, as a list. */
#include "city/desk/review_inner.h"

#include <string.h>

#include "city/person/evidence.h"
#include "city/person/person.h"
#include "city/person/register.h"
#include "guard/handle.h"
#include "link/score.h"
#include "page/parts.h"

enum { PAGE_ROWS = 25, REPORTED_MOST = 50, FOUND_MOST = 200 };

const AW_VIEW_TYPE(aw_review_conflict_view, "LinkConflict", NULL,
	AW_FIELD_CODE("code", OPEN, "link.conflict"));

const AW_VIEW_TYPE(aw_review_last_view, "LinkDecision", NULL, AW_FIELD("path", LINK, OPEN),
	AW_FIELD("undo", LINK, OPEN), AW_FIELD("name", TEXT, IDENTITY),
	AW_FIELD("register", TEXT, OPEN), AW_FIELD_CODE("state", OPEN, "link.state"),
	AW_FIELD("at", INSTANT, OPEN));

static const AW_VIEW_TYPE(row_view, "QueuedLink", NULL, AW_FIELD("path", LINK, OPEN),
	AW_FIELD("name", TEXT, IDENTITY), AW_FIELD("record_name", TEXT, IDENTITY),
	AW_FIELD("number", TEXT, OPEN), AW_FIELD("register", TEXT, OPEN),
	AW_FIELD("percent", TEXT, OPEN), AW_FIELD("urgent", FLAG, OPEN),
	AW_FIELD("served", FLAG, OPEN), AW_FIELD("doubted", FLAG, OPEN),
	AW_FIELD("doubts", NUMBER, OPEN), AW_FIELD("since", INSTANT, OPEN),
	AW_FIELD_OF("conflicts", LIST, OPEN, &aw_review_conflict_view));

static const AW_VIEW_TYPE(reported_view, "ReportedUnknown", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("path", LINK, OPEN), AW_FIELD("kind", TEXT, OPEN),
	AW_FIELD("position", NUMBER, OPEN), AW_FIELD("role", TEXT, OPEN),
	AW_FIELD("percent", TEXT, OPEN), AW_FIELD("received_at", INSTANT, OPEN));

const AW_VIEW_TYPE(aw_review_queue_view, "LinkQueue", "desk/review_queue",
	AW_FIELD("total", NUMBER, OPEN), AW_FIELD("urgent", NUMBER, OPEN),
	AW_FIELD("barred", NUMBER, OPEN), AW_FIELD("doubted", NUMBER, OPEN),
	AW_FIELD("pairs", NUMBER, OPEN), AW_FIELD("agreed", NUMBER, OPEN),
	AW_FIELD("q", TEXT, OPEN), AW_FIELD("expired", FLAG, OPEN),
	AW_FIELD("filtered", FLAG, OPEN), AW_FIELD("register_code", TEXT, OPEN),
	AW_FIELD("why_code", TEXT, OPEN), AW_FIELD("search", TEXT, OPEN),
	AW_FIELD_OF("registers", LIST, OPEN, &aw_choice_view), AW_FIELD("why_all", LINK, OPEN),
	AW_FIELD("why_conflict", LINK, OPEN), AW_FIELD("why_doubtful", LINK, OPEN),
	AW_FIELD("conflict", FLAG, OPEN), AW_FIELD("doubtful", FLAG, OPEN),
	AW_FIELD_OF("rows", LIST, OPEN, &row_view), AW_FIELD("found", NUMBER, OPEN),
	AW_FIELD("first", NUMBER, OPEN), AW_FIELD("last", NUMBER, OPEN),
	AW_FIELD("previous", LINK, OPEN), AW_FIELD("next", LINK, OPEN),
	AW_FIELD_OF("last_decision", OBJECT, OPEN, &aw_review_last_view),
	AW_FIELD_OF("reported", LIST, OPEN, &reported_view));

/* -- the queue ------------------------------------------------------------------------------------- */

static bool
is_settled_long(const struct aw_act *act, const struct aw_identity_link *link)
{
	int64_t at = link->undone_at.known ? link->undone_at.v : link->decided_at;

	return (link->undone_at.known || strcmp(link->state, "proposed") != 0) &&
	       act->now_ms - at > AW_DAY_MS;
}

enum aw_status
aw_review_may_know(struct aw_act *act, const struct aw_identity_link *link,
	struct aw_access *ret_access, const struct aw_register_map **ret_map, bool *ret_may,
	struct aw_error *err)
{
	const struct aw_tie_seen tie = {
		.unit = act->viewer->unit, .side = "neutral", .kind = "screening"
	};
	bool in_hand = !is_settled_long(act, link) &&
		       aw_access_may_do(act->policy, act->viewer, "person.link");

	*ret_may = false;
	*ret_map = aw_registers_find(aw_registers_of(act), link->register_code);
	if (in_hand ? aw_access_of_matter(act, &link->person, 1, &tie, 1, ret_access, err) != AW_OK
		    : aw_access_to(act, link->person, ret_access, err) != AW_OK)
		return err->status;
	*ret_may = *ret_map != NULL && !ret_access->shielded &&
		   aw_access_may(ret_access, AW_CLASS_IDENTITY) &&
		   aw_access_may(ret_access, (enum aw_field_class)(*ret_map)->class_bit) &&
		   aw_register_told(act, ret_access, *ret_map, NULL);
	return AW_OK;
}

static struct aw_identity_link
link_of(const struct sql_review_queue *row)
{
	return (struct aw_identity_link){ .id = row->id,
		.record = row->record,
		.register_code = row->register_code,
		.person = row->person,
		.state = "proposed",
		.probability_ppm = row->probability_ppm,
		.levels = row->levels,
		.decided_at = row->decided_at };
}

enum aw_status
aw_review_queue_read(struct aw_act *act, struct aw_review_queue *ret_queue, struct aw_error *err)
{
	struct sql_review_queue *rows;
	size_t count = 0, kept = 0;

	if (sql_review_queue(act->tx, &(struct sql_review_queue_in){ .most = AW_REVIEW_MOST },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		struct aw_identity_link link = link_of(&rows[i]);
		const struct aw_register_map *map;
		struct aw_access access;
		bool may;

		if (aw_review_may_know(act, &link, &access, &map, &may, err) != AW_OK)
			return err->status;
		if (may)
			rows[kept++] = rows[i];
	}
	*ret_queue = (struct aw_review_queue){ rows, kept };
	return AW_OK;
}

enum aw_status
aw_review_counts(
	struct aw_act *act, int64_t *ret_waiting, int64_t *ret_urgent, struct aw_error *err)
{
	struct aw_review_queue queue;

	*ret_urgent = 0;
	if (aw_review_queue_read(act, &queue, err) != AW_OK)
		return err->status;
	*ret_waiting = (int64_t)queue.count;
	for (size_t i = 0; i < queue.count; i++)
		*ret_urgent += queue.at[i].urgency == 0;
	return AW_OK;
}

/* -- conflicts ------------------------------------------------------------------------------------- */

static const struct {
	uint32_t bit;
	const char *code;
} conflicts_known[] = {
	{ AW_CONFLICT_NUMBER, "number" },
	{ AW_CONFLICT_NAME, "name" },
	{ AW_CONFLICT_BIRTH, "birth" },
	{ AW_CONFLICT_SEX, "sex" },
	{ AW_CONFLICT_NEAR, "near" },
	{ AW_CONFLICT_THIN, "thin" },
	{ AW_CONFLICT_RIVAL, "rival" },
};

void
aw_review_conflicts(struct aw_view *view, uint32_t conflicts)
{
	for (size_t i = 0; i < AW_COUNT(conflicts_known); i++)
		if (conflicts & conflicts_known[i].bit)
			aw_view_text(
				aw_view_item(view, "conflicts"), "code", conflicts_known[i].code);
}

uint32_t
aw_review_conflicts_of(const char *levels)
{
	struct aw_link_levels read;

	aw_link_levels_read(aw_str(levels), &read);
	return aw_link_conflicts(&read);
}

/* -- what was decided last ------------------------------------------------------------------------- */

enum aw_status
aw_review_last_put(struct aw_call *call, struct aw_view *view, struct aw_error *err)
{
	const struct aw_register_map *map;
	struct aw_identity_link last;
	struct aw_access access;
	struct aw_person known;
	struct aw_view *item;
	bool found, may;

	if (aw_identity_link_last(&call->act, &last, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return AW_OK;
	if (aw_review_may_know(&call->act, &last, &access, &map, &may, err) != AW_OK ||
		aw_person_known(&call->act, last.person, &known, err) != AW_OK)
		return err->status;
	if (!may || known.erased)
		return AW_OK;
	item = aw_view_object(view, "last_decision");
	aw_view_allow_as(item, &access);
	aw_act_looked(&call->act, last.person, AW_CLASS_BIT(AW_CLASS_IDENTITY));
	aw_view_text(
		item, "path", aw_arena_printf(call->act.arena, "/links/%lld", (long long)last.id));
	aw_view_text(item, "undo",
		aw_arena_printf(call->act.arena, "/links/%lld/undo", (long long)last.id));
	aw_view_text(item, "name", aw_identity_name(&known.identity));
	aw_view_text(item, "register", aw_label_text(map->short_label, call->language));
	aw_view_text(item, "state", last.state);
	aw_view_int(item, "at", last.decided_at);
	return AW_OK;
}

/* -- the list ---------------------------------------------------------------------------------------- */

struct filter {
	const char *register_code, *why, *handle, *q;
	int64_t page;
	struct aw_search_hits hits;
};

/* false when the page of the search cannot be opened any more. */
static bool
read_filter(struct aw_call *call, struct filter *f)
{
	f->register_code = aw_call_value(call, "register");
	f->why = aw_call_value(call, "why");
	f->handle = aw_call_value(call, "search");
	f->page = aw_call_int(call, "page", 1, AW_REVIEW_MOST, 1);
	f->q = f->handle == NULL ? NULL
				 : aw_handle_open(call->act.arena, call->act.session, "people",
					   f->handle, call->act.real_ms);
	if (f->q != NULL && call->act.people != NULL)
		aw_people_search(call->act.people, call->act.arena, f->q, FOUND_MOST, &f->hits);
	return f->handle == NULL || f->q != NULL;
}

static bool
is_barred(const struct sql_review_queue *row)
{
	return row->probability_ppm >= AW_MATCH_LINK_PPM ||
	       aw_review_conflicts_of(row->levels) != 0;
}

static bool
passes(const struct filter *f, const struct sql_review_queue *row)
{
	bool found = f->q == NULL;

	for (size_t i = 0; i < f->hits.count; i++)
		found |= f->hits.persons[i] == row->person;
	if (f->register_code != NULL && strcmp(f->register_code, row->register_code) != 0)
		return false;
	if (f->why != NULL && is_barred(row) != (strcmp(f->why, "conflict") == 0))
		return false;
	return found;
}

/* This list with another `why` or page. */
static const char *
link_to(struct aw_call *call, const struct filter *f, const char *why, int64_t page)
{
	struct aw_buf out = { .arena = call->act.arena };
	char sign = '?';

	aw_buf_text(&out, "/links");
	if (f->register_code != NULL) {
		aw_buf_printf(&out, "%cregister=%s", sign, f->register_code);
		sign = '&';
	}
	if (why != NULL) {
		aw_buf_printf(&out, "%cwhy=%s", sign, why);
		sign = '&';
	}
	if (f->handle != NULL) {
		aw_buf_printf(&out, "%csearch=%s", sign, f->handle);
		sign = '&';
	}
	if (page > 1)
		aw_buf_printf(&out, "%cpage=%lld", sign, (long long)page);
	return aw_buf_z(&out);
}

static enum aw_status
add_row(struct aw_call *call, const struct sql_review_queue *row, struct aw_error *err)
{
	struct aw_identity_link link = link_of(row);
	const struct aw_register_map *map;
	struct aw_register_about about;
	struct aw_access access;
	struct aw_person known;
	struct aw_view *item;
	bool may;

	if (aw_review_may_know(&call->act, &link, &access, &map, &may, err) != AW_OK ||
		aw_person_known(&call->act, row->person, &known, err) != AW_OK ||
		aw_register_record_about(&call->act, row->record, &about, err) != AW_OK)
		return err->status;
	item = aw_view_item(call->view, "rows");
	aw_view_allow_as(item, &access);
	aw_act_looked(&call->act, row->person, AW_CLASS_BIT(AW_CLASS_IDENTITY));
	aw_view_text(
		item, "path", aw_arena_printf(call->act.arena, "/links/%lld", (long long)row->id));
	aw_view_text(item, "name", aw_identity_name(&known.identity));
	aw_view_text(item, "record_name", aw_identity_name(&about.identity));
	aw_view_text(item, "number", known.number);
	aw_view_text(item, "register", aw_label_text(map->short_label, call->language));
	aw_view_text(item, "percent", aw_evidence_percent(call->act.arena, row->probability_ppm));
	aw_view_flag(item, "urgent", row->urgency == 0);
	aw_view_flag(item, "served", row->urgency == 1);
	aw_view_flag(item, "doubted", row->doubts > 0);
	aw_view_int(item, "doubts", row->doubts);
	aw_view_int(item, "since", row->decided_at);
	aw_review_conflicts(item, aw_review_conflicts_of(row->levels));
	return AW_OK;
}

/* The registers that have something in the queue. */
static void
add_registers(struct aw_call *call, const struct aw_review_queue *queue, const struct filter *f)
{
	const struct aw_registers *registers = aw_registers_of(&call->act);

	for (size_t r = 0; r < registers->count; r++) {
		const struct aw_register_map *map = &registers->at[r];
		const char *name = aw_label_text(map->short_label, call->language);
		long long count = 0;

		for (size_t i = 0; i < queue->count; i++)
			count += strcmp(queue->at[i].register_code, map->code) == 0;
		if (count == 0 && !aw_text_eq(f->register_code, map->code))
			continue;
		aw_choice_add(call->view, "registers", map->code,
			aw_arena_printf(call->act.arena, "%s %lld", name, count),
			aw_text_eq(f->register_code, map->code));
	}
}

static enum aw_status
add_page(struct aw_call *call, const struct aw_review_queue *queue, const struct filter *f,
	struct aw_error *err)
{
	int64_t from = (f->page - 1) * PAGE_ROWS, found = 0, shown = 0;

	for (size_t i = 0; i < queue->count; i++) {
		if (!passes(f, &queue->at[i]))
			continue;
		if (found >= from && shown < PAGE_ROWS) {
			if (add_row(call, &queue->at[i], err) != AW_OK)
				return err->status;
			shown++;
		}
		found++;
	}
	aw_view_int(call->view, "found", found);
	aw_view_int(call->view, "first", shown == 0 ? 0 : from + 1);
	aw_view_int(call->view, "last", from + shown);
	if (f->page > 1)
		aw_view_text(call->view, "previous", link_to(call, f, f->why, f->page - 1));
	if (from + shown < found)
		aw_view_text(call->view, "next", link_to(call, f, f->why, f->page + 1));
	return AW_OK;
}

/* Whom a waiting report names is decided on the report's own page. */
static enum aw_status
add_reported(struct aw_call *call, struct aw_error *err)
{
	struct sql_review_reported *rows;
	size_t count = 0;

	if (!aw_access_may_do(call->act.policy, call->act.viewer, "dispatch.screen"))
		return AW_OK;
	if (sql_review_reported(call->act.tx,
		    &(struct sql_review_reported_in){ .most = REPORTED_MOST }, call->act.arena,
		    &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		const struct aw_kind *kind = aw_policy_kind(call->act.policy, rows[i].kind);
		const struct aw_person_role *role =
			kind == NULL ? NULL : aw_kind_role(kind, rows[i].role);
		struct aw_access access;
		struct aw_view *item;

		if (!rows[i].person.known)
			continue;
		if (aw_access_to(&call->act, rows[i].person.v, &access, err) != AW_OK)
			return err->status;
		if (!aw_access_lists(&access, AW_CLASS_EXISTENCE, NULL))
			continue;
		item = aw_view_item(call->view, "reported");
		aw_view_text(item, "number", rows[i].number);
		aw_view_text(item, "path",
			aw_arena_printf(call->act.arena, "/reports/%s#p%lld", rows[i].number,
				(long long)rows[i].position));
		aw_view_text(item, "kind", aw_call_label(call, "kind", rows[i].kind));
		aw_view_int(item, "position", rows[i].position);
		if (role != NULL)
			aw_view_text(item, "role", aw_label_text(role->label, call->language));
		if (rows[i].probability_ppm.known)
			aw_view_text(item, "percent",
				aw_evidence_percent(call->act.arena, rows[i].probability_ppm.v));
		aw_view_int(item, "received_at", rows[i].received_at);
	}
	return AW_OK;
}

static void
add_counts(struct aw_call *call, const struct aw_review_queue *queue)
{
	int64_t urgent = 0, barred = 0, doubted = 0;

	for (size_t i = 0; i < queue->count; i++) {
		urgent += queue->at[i].urgency == 0;
		barred += is_barred(&queue->at[i]);
		doubted += queue->at[i].doubts > 0;
	}
	aw_view_int(call->view, "total", (int64_t)queue->count);
	aw_view_int(call->view, "urgent", urgent);
	aw_view_int(call->view, "barred", barred);
	aw_view_int(call->view, "doubted", doubted);
}

/* How often two people said the same: a figure of the house, without anybody in it. */
static enum aw_status
add_agreement(struct aw_call *call, struct aw_error *err)
{
	struct sql_review_agreement row;
	bool found = false;

	if (sql_review_agreement(call->act.tx, call->act.arena, &row, &found, err) != AW_OK)
		return err->status;
	aw_view_int(call->view, "pairs", found ? row.pairs : 0);
	aw_view_int(call->view, "agreed", found ? row.agreed : 0);
	return AW_OK;
}

/* GET /links */
enum aw_status
aw_review_queue_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_review_queue queue;
	struct filter f = { 0 };

	aw_view_flag(call->view, "expired", !read_filter(call, &f));
	if (aw_review_queue_read(&call->act, &queue, err) != AW_OK)
		return err->status;
	add_counts(call, &queue);
	if (add_agreement(call, err) != AW_OK)
		return err->status;
	add_registers(call, &queue, &f);
	aw_view_text(call->view, "q", f.q);
	aw_view_text(call->view, "register_code", f.register_code);
	aw_view_text(call->view, "why_code", f.why);
	aw_view_text(call->view, "search", f.q == NULL ? NULL : f.handle);
	aw_view_flag(call->view, "filtered",
		f.register_code != NULL || f.why != NULL || f.handle != NULL);
	aw_view_flag(call->view, "conflict", aw_text_eq(f.why, "conflict"));
	aw_view_flag(call->view, "doubtful", aw_text_eq(f.why, "doubtful"));
	aw_view_text(call->view, "why_all", link_to(call, &f, NULL, 1));
	aw_view_text(call->view, "why_conflict", link_to(call, &f, "conflict", 1));
	aw_view_text(call->view, "why_doubtful", link_to(call, &f, "doubtful", 1));
	if (add_page(call, &queue, &f, err) != AW_OK || add_reported(call, err) != AW_OK)
		return err->status;
	return aw_review_last_put(call, call->view, err);
}

/* GET /links/next */
enum aw_status
aw_review_next(struct aw_call *call, struct aw_error *err)
{
	struct aw_review_queue queue;

	if (aw_review_queue_read(&call->act, &queue, err) != AW_OK)
		return err->status;
	if (queue.count == 0)
		aw_call_redirect(call, NULL, "/links");
	else
		aw_call_redirect(call, NULL, "/links/%lld", (long long)queue.at[0].id);
	return AW_OK;
}
