/* city/family/timeline - one timeline over all units, from what the viewer may be told. */
#include <stdlib.h>
#include <string.h>

#include "city/family/cell.h"
#include "city/family/family_page.h"
#include "city/person/person.h"
#include "policy/policy.h"

enum { MOMENTS_SHOWN = 60 };

const AW_VIEW_TYPE(aw_moment_view, "TimelineEntry", NULL, AW_FIELD("at", INSTANT, OPEN),
	AW_FIELD_CODE("what", OPEN, "moment"), AW_FIELD("title", TEXT, OPEN),
	AW_FIELD("number", TEXT, OPEN), AW_FIELD("path", LINK, OPEN), AW_FIELD("who", TEXT, OPEN),
	AW_FIELD("unit", TEXT, OPEN), AW_FIELD("reason", TEXT, OPEN),
	AW_FIELD("text", TEXT, NARRATIVE), AW_FIELD_CODE("form", OPEN, "contact.form"),
	AW_FIELD_CODE("outcome", OPEN, "contact.outcome"), AW_FIELD("hot", FLAG, OPEN));

/* One entry of the timeline before it is sorted. */
struct moment {
	int64_t at;
	const char *what, *title, *number, *path, *who, *unit, *reason, *text, *form, *outcome;
	int64_t person;
	bool hot;
};

struct moments {
	struct moment *at;
	size_t count, room;
	bool hidden; /* some may be known to exist, no more */
};

static struct moment *
add_moment(struct aw_call *call, struct moments *list, int64_t at, const char *what, int64_t person)
{
	struct moment *moment = AW_PUSH(call->act.arena, list->at, list->count, list->room);

	moment->at = at;
	moment->what = what;
	moment->person = person;
	return moment;
}

static enum aw_status
add_reports(struct aw_call *call, const struct aw_family_page *family, struct moments *list,
	struct aw_error *err)
{
	int64_t seen[256], in_90 = 0;
	size_t seen_count = 0;

	for (size_t i = 0; i < family->member_count; i++) {
		struct aw_involvement *entries;
		size_t count;
		if (aw_involvement_of(&call->act, family->members[i].person, 0, &entries, &count,
			    err) != AW_OK)
			return err->status;
		for (size_t k = 0; k < count; k++) {
			const struct aw_involvement *entry = &entries[k];
			const struct aw_kind *kind =
				aw_policy_kind(call->act.policy, entry->detail);
			bool sexual = kind != NULL && kind->sealed_in_lists, again = false;
			const struct aw_access *access;
			struct moment *moment;
			if (strcmp(entry->kind, "report") != 0)
				continue;
			for (size_t s = 0; s < seen_count; s++)
				again = again || seen[s] == entry->reference;
			access = aw_family_access(family, entry->person);
			if (again || (access != NULL && !aw_access_tells(call->act.policy, access,
								entry->detail, NULL)))
				continue;
			if (!aw_family_may_tell(family, entry->person,
				    sexual ? AW_CLASS_SEXUAL : AW_CLASS_RISK, NULL)) {
				list->hidden =
					list->hidden || aw_family_may_tell(family, entry->person,
								AW_CLASS_EXISTENCE, NULL);
				continue;
			}
			if (seen_count < AW_COUNT(seen))
				seen[seen_count++] = entry->reference;
			if (entry->from_at > call->act.now_ms - 90 * AW_DAY_MS)
				in_90++;
			moment = add_moment(call, list, entry->from_at, "report", entry->person);
			moment->title = aw_call_label(call, "kind", entry->detail);
			moment->number = entry->number;
			moment->path =
				aw_arena_printf(call->act.arena, "/reports/%s", entry->number);
			moment->hot = true;
		}
	}
	aw_view_int(family->view, "reports_90", in_90);
	return AW_OK;
}

static enum aw_status
add_contacts(struct aw_call *call, const struct aw_family_page *family, struct moments *list,
	struct aw_error *err)
{
	struct sql_contacts_of_family *rows;
	size_t count;

	if (sql_contacts_of_family(call->act.tx,
		    &(struct sql_contacts_of_family_in){ .family_case = family->row.id },
		    call->act.arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		const struct sql_contacts_of_family *row = &rows[i];
		const struct aw_access *access = aw_family_access(family, row->person);
		struct moment *moment;
		if (!aw_family_tells_case(family, row->service_case))
			continue;
		if (!aw_family_may_tell(family, row->person, AW_CLASS_PLAN, row->unit)) {
			list->hidden = list->hidden || aw_family_may_tell(family, row->person,
							       AW_CLASS_EXISTENCE, row->unit);
			continue;
		}
		moment = add_moment(call, list, row->at, "contact", row->person);
		moment->form = row->form;
		moment->outcome = row->outcome;
		moment->who = row->name;
		moment->unit = aw_call_label(call, "unit_short", row->unit);
		if (access != NULL && aw_access_may(access, AW_CLASS_NARRATIVE) &&
			aw_cell_open(&call->act, row->key, "contact", row->id, row->sealed,
				&moment->text, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static void
add_openings(struct aw_call *call, const struct aw_family_page *family, struct moments *list)
{
	for (size_t i = 0; i < family->case_count; i++) {
		const struct sql_service_cases_of_family *row = &family->cases[i];
		struct moment *moment;
		if (!aw_family_may_tell(family, row->subject, AW_CLASS_PLAN, row->unit))
			continue;
		moment = add_moment(call, list, row->opened_at, "opened", row->subject);
		moment->title = aw_call_label(call, "kind", row->kind);
		moment->number = row->number;
		moment->who = row->worker_name;
		moment->unit = aw_call_label(call, "unit_short", row->unit);
		if (!row->closed_at.known)
			continue;
		moment = add_moment(call, list, row->closed_at.v, "closed", row->subject);
		moment->title = aw_call_label(call, "kind", row->kind);
		moment->number = row->number;
		moment->reason = aw_call_label(call, "close", row->close_reason);
		moment->unit = aw_call_label(call, "unit_short", row->unit);
	}
}

static enum aw_status
add_decisions(struct aw_call *call, const struct aw_family_page *family, struct moments *list,
	struct aw_error *err)
{
	struct sql_decisions_of_family *rows;
	size_t count;

	if (sql_decisions_of_family(call->act.tx,
		    &(struct sql_decisions_of_family_in){ .family_case = family->row.id },
		    call->act.arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		struct moment *moment;
		if (strcmp(rows[i].outcome, "Y") == 0 || /* told by the opening */
			!aw_family_may_tell(family, rows[i].subject, AW_CLASS_RISK, rows[i].unit) ||
			!aw_access_tells(call->act.policy,
				aw_family_access(family, rows[i].subject), rows[i].kind,
				rows[i].unit))
			continue;
		moment = add_moment(call, list, rows[i].decided_at, "not_opened", rows[i].subject);
		moment->title = aw_call_label(call, "kind", rows[i].kind);
		moment->number = rows[i].report_number;
		moment->path =
			aw_arena_printf(call->act.arena, "/reports/%s", rows[i].report_number);
		moment->reason = aw_call_label(call, "open", rows[i].reason);
		moment->who = rows[i].name;
		moment->unit = aw_call_label(call, "unit_short", rows[i].unit);
	}
	return AW_OK;
}

static int
newest_first(const void *a, const void *b)
{
	const struct moment *left = a, *right = b;

	return left->at > right->at ? -1 : left->at < right->at;
}

static bool
wanted(const char *show, const char *what)
{
	if (show == NULL || strcmp(show, "all") == 0)
		return true;
	if (strcmp(show, "reports") == 0)
		return strcmp(what, "report") == 0 || strcmp(what, "not_opened") == 0;
	if (strcmp(show, "contacts") == 0)
		return strcmp(what, "contact") == 0;
	return strcmp(what, "opened") == 0 || strcmp(what, "closed") == 0;
}

enum aw_status
aw_family_moments(struct aw_call *call, struct aw_family_page *family, struct aw_error *err)
{
	const char *show = aw_call_value(call, "show");
	struct moments list = { 0 };
	int64_t shown = 0;

	if (add_reports(call, family, &list, err) != AW_OK ||
		add_contacts(call, family, &list, err) != AW_OK ||
		add_decisions(call, family, &list, err) != AW_OK)
		return err->status;
	add_openings(call, family, &list);
	if (list.count != 0)
		qsort(list.at, list.count, sizeof(*list.at), newest_first);
	for (size_t i = 0; i < list.count && shown < MOMENTS_SHOWN; i++) {
		const struct moment *moment = &list.at[i];
		const struct aw_access *access = aw_family_access(family, moment->person);
		struct aw_view *item;
		if (!wanted(show, moment->what))
			continue;
		item = aw_view_item(family->view, "moments");
		aw_view_allow_as(item, access);
		aw_view_int(item, "at", moment->at);
		aw_view_text(item, "what", moment->what);
		aw_view_text(item, "title", moment->title);
		aw_view_text(item, "number", moment->number);
		aw_view_text(item, "path", moment->path);
		aw_view_text(item, "who", moment->who);
		aw_view_text(item, "unit", moment->unit);
		aw_view_text(item, "reason", moment->reason);
		aw_view_text(item, "text", moment->text);
		aw_view_text(item, "form", moment->form);
		aw_view_text(item, "outcome", moment->outcome);
		aw_view_flag(item, "hot", moment->hot);
		shown++;
	}
	aw_view_int(family->view, "moment_count", (int64_t)list.count);
	aw_view_flag(family->view, "hidden_moments", list.hidden);
	aw_view_text(family->view, "chosen", show == NULL ? "all" : show);
	return AW_OK;
}
