/* city/desk/review_pair - one proposed link: both sides, what speaks for it, and the answer. */
#include <string.h>

#include "city/desk/review_inner.h"
#include "city/person/evidence.h"
#include "city/person/page_rows.h"
#include "city/person/person.h"
#include "city/person/register.h"
#include "page/svg.h"

enum { OTHERS_MOST = 4, PPM_A_THOUSANDTH = 1000 };

static const AW_VIEW_TYPE(register_view, "LinkRegister", NULL, AW_FIELD("name", TEXT, OPEN),
	AW_FIELD_CODE("answer", OPEN, "register.answer"), AW_FIELD("as_of", DAY, OPEN));
static const AW_VIEW_TYPE(report_view, "LinkReport", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("path", LINK, OPEN), AW_FIELD("kind", TEXT, OPEN),
	AW_FIELD("received_at", INSTANT, OPEN));
static const AW_VIEW_TYPE(other_view, "LinkOther", NULL, AW_FIELD("name", TEXT, IDENTITY),
	AW_FIELD("number", TEXT, OPEN), AW_FIELD("path", LINK, OPEN),
	AW_FIELD("percent", TEXT, OPEN));
static const AW_VIEW_TYPE(doubt_view, "LinkDoubt", NULL, AW_FIELD("name", TEXT, OPEN),
	AW_FIELD("at", INSTANT, OPEN), AW_FIELD("words", TEXT, NARRATIVE));
static const AW_VIEW_TYPE(reason_view, "LinkReason", NULL, AW_FIELD("code", TEXT, OPEN),
	AW_FIELD("label", TEXT, OPEN));
static const AW_VIEW_TYPE(settled_view, "LinkSettled", NULL,
	AW_FIELD_CODE("state", OPEN, "link.state"), AW_FIELD("name", TEXT, OPEN),
	AW_FIELD("at", INSTANT, OPEN), AW_FIELD("reason", TEXT, OPEN),
	AW_FIELD("words", TEXT, NARRATIVE), AW_FIELD("by_program", FLAG, OPEN),
	AW_FIELD("undo", LINK, OPEN), AW_FIELD("second", LINK, OPEN),
	AW_FIELD("first_name", TEXT, OPEN), AW_FIELD("agreed", FLAG, OPEN));

const AW_VIEW_TYPE(aw_review_view, "LinkReview", "desk/review", AW_FIELD("path", LINK, OPEN),
	AW_FIELD("position", NUMBER, OPEN), AW_FIELD("total", NUMBER, OPEN),
	AW_FIELD("previous", LINK, OPEN), AW_FIELD("next", LINK, OPEN),
	AW_FIELD("waits", FLAG, OPEN), AW_FIELD("register", TEXT, OPEN),
	AW_FIELD("record_name", TEXT, IDENTITY),
	AW_FIELD_OF("record_pieces", LIST, IDENTITY, &aw_text_piece_view),
	AW_FIELD("extract_day", DAY, OPEN), AW_FIELD_CODE("record_status", OPEN, "register.answer"),
	AW_FIELD("record_unit", TEXT, OPEN), AW_FIELD("name", TEXT, IDENTITY),
	AW_FIELD_OF("name_pieces", LIST, IDENTITY, &aw_text_piece_view),
	AW_FIELD("number", TEXT, OPEN), AW_FIELD("person_path", LINK, OPEN),
	AW_FIELD_OF("fields", LIST, OPEN, &aw_evidence_view), AW_FIELD("sum", TEXT, OPEN),
	AW_FIELD("prior", TEXT, OPEN), AW_FIELD("total_bits", TEXT, OPEN),
	AW_FIELD("population", NUMBER, OPEN), AW_FIELD("percent", TEXT, OPEN),
	AW_FIELD("scale", RAW, OPEN), AW_FIELD("review_percent", TEXT, OPEN),
	AW_FIELD("link_percent", TEXT, OPEN), AW_FIELD("certain", FLAG, OPEN),
	AW_FIELD_OF("conflicts", LIST, OPEN, &aw_review_conflict_view),
	AW_FIELD_OF("registers", LIST, OPEN, &register_view),
	AW_FIELD_OF("reports", LIST, OPEN, &report_view),
	AW_FIELD_OF("others", LIST, OPEN, &other_view),
	AW_FIELD_OF("doubts", LIST, OPEN, &doubt_view),
	AW_FIELD_OF("reasons", LIST, OPEN, &reason_view),
	AW_FIELD_OF("settled", OBJECT, OPEN, &settled_view),
	AW_FIELD_OF("last_decision", OBJECT, OPEN, &aw_review_last_view));

enum aw_status
aw_review_begin(struct aw_call *call, struct aw_review_pair *pair, struct aw_error *err)
{
	const char *typed = aw_call_path(call, "link");
	int64_t id = 0;
	bool may = false;
	enum aw_status status;

	if (typed == NULL || !aw_str_int64(aw_str(typed), &id))
		return aw_fail(err, AW_NOT_FOUND, "there is no such link");
	if (aw_identity_link_get(&call->act, id, &pair->link, err) != AW_OK ||
		aw_review_may_know(&call->act, &pair->link, &pair->access, &pair->map, &may, err) !=
			AW_OK)
		return err->status;
	status = may ? aw_person_get(&call->act, pair->link.person, &pair->person, err)
		     : AW_NOT_FOUND;
	if (status == AW_NOT_FOUND)
		return aw_fail(err, AW_NOT_FOUND, "there is no such link");
	if (status != AW_OK)
		return err->status;
	pair->waits = !pair->link.undone_at.known && strcmp(pair->link.state, "proposed") == 0;
	call->act.object = pair->person.number;
	return AW_OK;
}

enum aw_status
aw_review_gate(const struct aw_call *call, struct aw_error *err)
{
	struct aw_call probe = aw_call_probe(call);
	struct aw_review_pair pair = { 0 };

	return aw_review_begin(&probe, &pair, err);
}

static const char *
path_of(struct aw_call *call, int64_t link)
{
	return aw_arena_printf(call->act.arena, "/links/%lld", (long long)link);
}

/* -- what is compared -------------------------------------------------------------------------------- */

/* The person as the search finds them among all others, so that namesakes and twins count; alone when
 * the search does not find them any more. */
static bool
compare(struct aw_call *call, const struct aw_review_pair *pair, const struct aw_identity *record,
	struct aw_candidates *found, struct aw_candidate *ret_compared)
{
	struct aw_person_query query = {
		.identity = record, .age = -1, .policy = call->act.policy
	};

	*found = (struct aw_candidates){ 0 };
	if (call->act.people == NULL)
		return false;
	aw_people_find(call->act.people, call->act.arena, &query, OTHERS_MOST, found);
	for (size_t i = 0; i < found->count; i++)
		if (found->at[i].person == pair->link.person) {
			*ret_compared = found->at[i];
			return true;
		}
	return aw_people_compare(
		call->act.people, call->act.arena, &query, pair->link.person, ret_compared);
}

static void
put_scale(struct aw_call *call, const struct aw_review_pair *pair)
{
	struct aw_arena *arena = call->act.arena;
	const char *from = aw_evidence_percent(arena, AW_MATCH_REVIEW_PPM);
	const char *to = aw_evidence_percent(arena, AW_MATCH_LINK_PPM);

	aw_view_text(call->view, "percent", aw_evidence_percent(arena, pair->link.probability_ppm));
	aw_view_text(call->view, "review_percent", from);
	aw_view_text(call->view, "link_percent", to);
	aw_view_flag(call->view, "certain", pair->link.probability_ppm >= AW_MATCH_LINK_PPM);
	aw_view_text(call->view, "scale",
		aw_svg_zones(arena, pair->link.probability_ppm / PPM_A_THOUSANDTH,
			AW_MATCH_REVIEW_PPM / PPM_A_THOUSANDTH,
			AW_MATCH_LINK_PPM / PPM_A_THOUSANDTH, from, to));
}

static enum aw_status
put_others(struct aw_call *call, const struct aw_review_pair *pair,
	const struct aw_candidates *found, struct aw_error *err)
{
	for (size_t i = 0; i < found->count; i++) {
		struct aw_access access;
		struct aw_person known;
		struct aw_view *item;

		if (found->at[i].person == pair->link.person)
			continue;
		if (aw_access_to(&call->act, found->at[i].person, &access, err) != AW_OK ||
			aw_person_known(&call->act, found->at[i].person, &known, err) != AW_OK)
			return err->status;
		if (!aw_access_may(&access, AW_CLASS_IDENTITY) ||
			!aw_access_lists(&access, AW_CLASS_IDENTITY, NULL))
			continue;
		item = aw_view_item(call->view, "others");
		aw_view_allow_as(item, &access);
		aw_act_looked(&call->act, known.id, AW_CLASS_BIT(AW_CLASS_IDENTITY));
		aw_person_view_name(item, &known);
		aw_view_text(item, "number", known.number);
		aw_view_text(
			item, "path", aw_arena_printf(call->act.arena, "/people/%s", known.number));
		aw_view_text(item, "percent",
			aw_evidence_percent(call->act.arena, found->at[i].probability_ppm));
	}
	return AW_OK;
}

static void
put_pieces(struct aw_view *view, const char *list, const char *text, const char *other)
{
	struct aw_text_piece *pieces;
	size_t count = aw_text_pieces(aw_view_arena(view), text, other, &pieces);

	for (size_t i = 0; i < count; i++) {
		struct aw_view *item = aw_view_item(view, list);

		aw_view_text(item, "text", pieces[i].text);
		aw_view_flag(item, "differs", pieces[i].differs);
	}
}

static enum aw_status
put_sides(struct aw_call *call, const struct aw_review_pair *pair, struct aw_error *err)
{
	struct aw_view *view = call->view;
	const struct aw_identity *registered = &pair->person.identity;
	struct aw_register_about about;
	struct aw_candidate compared;
	struct aw_candidates found;
	const char *left, *right = aw_identity_name(registered), *prior;

	if (aw_register_record_about(&call->act, pair->link.record, &about, err) != AW_OK)
		return err->status;
	left = aw_identity_name(&about.identity);
	aw_view_text(view, "register", aw_label_text(pair->map->short_label, call->language));
	aw_view_text(view, "record_name", left);
	put_pieces(view, "record_pieces", left, right);
	aw_view_int(view, "extract_day", about.extract_day);
	aw_view_text(view, "record_status", about.status);
	aw_view_text(view, "record_unit", aw_call_label(call, "unit_short", about.unit));
	aw_view_text(view, "name", right);
	put_pieces(view, "name_pieces", right, left);
	aw_view_text(view, "number", pair->person.number);
	aw_view_text(view, "person_path",
		aw_arena_printf(call->act.arena, "/people/%s", pair->person.number));
	if (!compare(call, pair, &about.identity, &found, &compared)) {
		aw_review_conflicts(view, aw_review_conflicts_of(pair->link.levels));
		return AW_OK;
	}
	aw_evidence_fill(
		view, &compared, &about.identity, registered, &pair->access, &pair->access);
	aw_view_text(view, "sum", aw_evidence_bits(call->act.arena, compared.weight_mbits));
	prior = aw_evidence_bits(call->act.arena, -compared.prior_mbits);
	aw_view_text(view, "prior", prior[0] == '+' ? prior + 1 : prior);
	aw_view_text(view, "total_bits",
		aw_evidence_bits(call->act.arena, compared.weight_mbits + compared.prior_mbits));
	aw_view_int(view, "population", (int64_t)aw_people_count(call->act.people));
	aw_review_conflicts(view, compared.conflicts);
	return put_others(call, pair, &found, err);
}

/* -- what stands behind it --------------------------------------------------------------------------- */

static enum aw_status
put_behind(struct aw_call *call, const struct aw_review_pair *pair, struct aw_error *err)
{
	struct aw_identity_link *links;
	struct sql_review_reports *reports;
	size_t count = 0;

	if (aw_identity_links_of(&call->act, pair->link.person, &links, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		const struct aw_register_map *map =
			aw_registers_find(aw_registers_of(&call->act), links[i].register_code);
		struct aw_register_about about;
		struct aw_view *item;

		if (links[i].record == pair->link.record || map == NULL ||
			strcmp(links[i].state, "confirmed") != 0 ||
			!aw_access_may(&pair->access, (enum aw_field_class)map->class_bit) ||
			!aw_register_told(&call->act, &pair->access, map, NULL))
			continue;
		if (aw_register_record_about(&call->act, links[i].record, &about, err) != AW_OK)
			return err->status;
		item = aw_view_item(call->view, "registers");
		aw_view_text(item, "name", aw_label_text(map->short_label, call->language));
		aw_view_text(item, "answer", about.status);
		aw_view_int(item, "as_of", about.extract_day);
	}
	if (!aw_access_lists(&pair->access, AW_CLASS_RISK, NULL) ||
		!aw_access_may(&pair->access, AW_CLASS_RISK))
		return AW_OK;
	if (sql_review_reports(call->act.tx,
		    &(struct sql_review_reports_in){ .person = pair->link.person }, call->act.arena,
		    &reports, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		const struct aw_kind *kind = aw_policy_kind(call->act.policy, reports[i].kind);
		struct aw_view *item = aw_view_item(call->view, "reports");

		aw_view_int(item, "received_at", reports[i].received_at);
		if (kind != NULL && kind->sealed_in_lists &&
			!aw_access_may(&pair->access, AW_CLASS_SEXUAL))
			continue;
		aw_view_text(item, "number", reports[i].number);
		aw_view_text(item, "path",
			aw_arena_printf(call->act.arena, "/reports/%s", reports[i].number));
		aw_view_text(item, "kind", aw_call_label(call, "kind", reports[i].kind));
	}
	return AW_OK;
}

static enum aw_status
put_doubts(struct aw_call *call, const struct aw_review_pair *pair, struct aw_error *err)
{
	struct aw_link_doubt *doubts;
	size_t count;

	if (aw_identity_link_doubts(&call->act, pair->link.id, &doubts, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		struct aw_view *item = aw_view_item(call->view, "doubts");

		aw_view_text(item, "name", doubts[i].name);
		aw_view_int(item, "at", doubts[i].at);
		if (doubts[i].words != NULL)
			aw_view_text(item, "words", doubts[i].words);
	}
	return AW_OK;
}

/* Whose answer this one took the place of, when it was somebody else's; NULL: nobody's. */
static const struct aw_link_event *
first_answer(const struct aw_link_event *events, size_t count, const struct aw_link_event *now)
{
	for (size_t i = 0; i < count; i++) {
		const struct aw_link_event *event = &events[i];

		if (event->link.record == now->link.record && event->decider != NULL &&
			now->decider != NULL && !now->restored &&
			event->link.decided_by.v != now->link.decided_by.v &&
			event->link.undone_at.known &&
			event->link.undone_at.v == now->link.decided_at)
			return event;
	}
	return NULL;
}

/* Who answered, when it does not wait any more. */
static enum aw_status
put_settled(struct aw_call *call, const struct aw_review_pair *pair, struct aw_error *err)
{
	const struct aw_link_event *first;
	struct aw_link_event *events;
	size_t count;

	if (aw_identity_link_history(&call->act, pair->link.person, &events, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		const struct aw_link_event *event = &events[i];
		struct aw_view *item;

		if (event->link.record != pair->link.record || event->link.undone_at.known)
			continue;
		item = aw_view_object(call->view, "settled");
		aw_view_text(item, "state", event->link.state);
		aw_view_text(item, "name", event->decider);
		aw_view_int(item, "at", event->link.decided_at);
		aw_view_text(item, "reason", aw_call_label(call, "link", event->reason));
		if (event->words != NULL)
			aw_view_text(item, "words", event->words);
		aw_view_flag(item, "by_program", event->decider == NULL);
		if (event->link.decided_by.known)
			aw_view_text(item, "undo",
				aw_arena_printf(call->act.arena, "/links/%lld/undo",
					(long long)event->link.id));
		if (aw_review_second(call, &event->link))
			aw_view_text(item, "second", path_of(call, event->link.id));
		first = first_answer(events, count, event);
		if (first != NULL) {
			aw_view_text(item, "first_name", first->decider);
			aw_view_flag(
				item, "agreed", strcmp(first->link.state, event->link.state) == 0);
		}
		return AW_OK;
	}
	/* the record is somebody else's by now, or nobody's */
	(void)aw_view_object(call->view, "settled");
	return AW_OK;
}

static enum aw_status
put_place(struct aw_call *call, const struct aw_review_pair *pair, struct aw_error *err)
{
	struct aw_review_queue queue;

	if (aw_review_queue_read(&call->act, &queue, err) != AW_OK)
		return err->status;
	aw_view_int(call->view, "total", (int64_t)queue.count);
	if (!pair->waits && queue.count > 0)
		aw_view_text(call->view, "next", path_of(call, queue.at[0].id));
	for (size_t i = 0; i < queue.count; i++) {
		if (queue.at[i].id != pair->link.id)
			continue;
		aw_view_int(call->view, "position", (int64_t)i + 1);
		if (i > 0)
			aw_view_text(call->view, "previous", path_of(call, queue.at[i - 1].id));
		if (i + 1 < queue.count)
			aw_view_text(call->view, "next", path_of(call, queue.at[i + 1].id));
	}
	return AW_OK;
}

static void
put_reasons(struct aw_call *call)
{
	const struct aw_policy *policy = call->act.policy;

	for (size_t i = 0; i < policy->reason_count[AW_REASONS_LINK]; i++) {
		const struct aw_reason_code *reason = &policy->reasons[AW_REASONS_LINK][i];
		struct aw_view *item = aw_view_item(call->view, "reasons");

		aw_view_text(item, "code", reason->code);
		aw_view_text(item, "label", aw_label_text(reason->label, call->language));
	}
}

enum aw_status
aw_review_put(struct aw_call *call, const struct aw_review_pair *pair, struct aw_error *err)
{
	struct aw_view *view = call->view;

	aw_view_allow_as(view, &pair->access);
	aw_act_looked(&call->act, pair->link.person, pair->access.shown);
	aw_view_text(view, "path", path_of(call, pair->link.id));
	aw_view_flag(view, "waits", pair->waits);
	put_scale(call, pair);
	put_reasons(call);
	if (put_sides(call, pair, err) != AW_OK || put_behind(call, pair, err) != AW_OK ||
		put_doubts(call, pair, err) != AW_OK || put_place(call, pair, err) != AW_OK)
		return err->status;
	if (!pair->waits && put_settled(call, pair, err) != AW_OK)
		return err->status;
	return aw_review_last_put(call, view, err);
}

/* GET /links/{link} */
enum aw_status
aw_review_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_review_pair pair = { 0 };

	if (aw_review_begin(call, &pair, err) != AW_OK)
		return err->status;
	return aw_review_put(call, &pair, err);
}
