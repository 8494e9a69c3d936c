/* One person: who they are, the household, what the registers say, who is serving. */
#include <string.h>

#include "base/clock.h"
#include "city/person/mapping.h"
#include "city/person/page_home.h"
#include "city/person/page_links.h"
#include "city/person/page_rows.h"
#include "city/person/pages.h"
#include "city/person/people.h"
#include "city/person/register.h"
#include "guard/access.h"
#include "guard/log.h"

enum { LOOK_DAYS = 30 };

AW_VIEW_TYPE(aw_person_row_view, "PersonRow", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("path", LINK, OPEN), AW_FIELD("name", TEXT, IDENTITY),
	AW_FIELD_CODE("sex", IDENTITY, "sex"), AW_FIELD("age", NUMBER, IDENTITY),
	AW_FIELD("birth_day", DAY, IDENTITY), AW_FIELD("district", TEXT, ADDRESS),
	AW_FIELD_CODE("role", IDENTITY, "kin"), AW_FIELD_CODE("relation", IDENTITY, "kin"),
	AW_FIELD("self", FLAG, OPEN));

static AW_VIEW_TYPE(name_view, "PersonName", NULL, AW_FIELD("text", TEXT, IDENTITY),
	AW_FIELD_CODE("kind", IDENTITY, "name.kind"));
static AW_VIEW_TYPE(number_view, "PersonNumber", NULL, AW_FIELD("text", TEXT, NUMBER),
	AW_FIELD_CODE("kind", NUMBER, "idno.kind"), AW_FIELD("mistyped", FLAG, NUMBER));
static AW_VIEW_TYPE(phone_view, "PersonPhone", NULL, AW_FIELD("text", TEXT, CONTACT),
	AW_FIELD("safe_from", TEXT, CONTACT), AW_FIELD("safe_to", TEXT, CONTACT),
	AW_FIELD("unsafe", FLAG, CONTACT));
static AW_VIEW_TYPE(address_view, "PersonAddress", NULL, AW_FIELD("text", TEXT, ADDRESS),
	AW_FIELD_CODE("kind", OPEN, "address.kind"));
static AW_VIEW_TYPE(register_view, "PersonRegister", NULL, AW_FIELD("name", TEXT, OPEN),
	AW_FIELD_CODE("answer", OPEN, "register.answer"), AW_FIELD("on", FLAG, OPEN),
	AW_FIELD("as_of", DAY, OPEN), AW_FIELD("unit", TEXT, OPEN));
static AW_VIEW_TYPE(prior_view, "Involvement", NULL, AW_FIELD("at", INSTANT, OPEN),
	AW_FIELD("number", TEXT, OPEN), AW_FIELD("path", LINK, OPEN), AW_FIELD("kind", TEXT, OPEN),
	AW_FIELD("unit", TEXT, OPEN), AW_FIELD("own", FLAG, OPEN), AW_FIELD("sealed", FLAG, OPEN),
	AW_FIELD("open", FLAG, OPEN));
static AW_VIEW_TYPE(choice_view, "PersonKindChoice", NULL, AW_FIELD("value", TEXT, OPEN),
	AW_FIELD("text", TEXT, OPEN));

AW_VIEW_TYPE(aw_person_page_view, "PersonPage", "person/person", AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("name", TEXT, IDENTITY), AW_FIELD_CODE("sex", IDENTITY, "sex"),
	AW_FIELD("age", NUMBER, IDENTITY), AW_FIELD("birth_day", DAY, IDENTITY),
	AW_FIELD("birth", TEXT, IDENTITY), AW_FIELD("district", TEXT, ADDRESS),
	AW_FIELD_OF("names", LIST, IDENTITY, &name_view),
	AW_FIELD_OF("numbers", LIST, NUMBER, &number_view),
	AW_FIELD_OF("phones", LIST, CONTACT, &phone_view),
	AW_FIELD_OF("addresses", LIST, ADDRESS, &address_view), AW_FIELD("household", TEXT, OPEN),
	AW_FIELD_OF("members", LIST, OPEN, &aw_person_row_view),
	AW_FIELD_OF("kin", LIST, OPEN, &aw_person_row_view),
	AW_FIELD_OF("mates", LIST, OPEN, &aw_home_mate_view),
	AW_FIELD_OF("registers", LIST, OPEN, &register_view),
	AW_FIELD_OF("links", LIST, OPEN, &aw_record_link_view), AW_FIELD("may_link", FLAG, OPEN),
	AW_FIELD_OF("reasons", LIST, OPEN, &choice_view),
	AW_FIELD_OF("home_reasons", LIST, OPEN, &choice_view),
	AW_FIELD_OF("sources", LIST, OPEN, &aw_best_source_view),
	AW_FIELD_OF("reports", LIST, RISK, &prior_view),
	AW_FIELD_OF("cases", LIST, RISK, &prior_view), AW_FIELD("prior_90", NUMBER, RISK),
	AW_FIELD("prior_365", NUMBER, RISK), AW_FIELD("looks", NUMBER, RISK),
	AW_FIELD("look_accounts", NUMBER, RISK), AW_FIELD("look_days", NUMBER, OPEN),
	AW_FIELD("log_link", LINK, OPEN), AW_FIELD("may_open", FLAG, OPEN),
	AW_FIELD_OF("kinds", LIST, OPEN, &choice_view));

struct page {
	struct aw_call *call;
	struct aw_view *view;
	struct aw_person person;
	struct aw_access access;
	struct aw_person_context context;
};

void
aw_person_view_name(struct aw_view *item, const struct aw_person *known)
{
	if (known->erased)
		aw_view_hide(item, "name", "erased");
	else
		aw_view_text(item, "name", aw_identity_name(&known->identity));
}

void
aw_person_view_known(struct aw_view *item, const struct aw_person *known, int32_t on_day)
{
	const struct aw_identity *identity = &known->identity;

	aw_person_view_name(item, known);
	if (identity->birth_known)
		aw_view_int(item, "age", aw_identity_age(identity, on_day));
	if (identity->sex != 0)
		aw_view_text(item, "sex", aw_identity_sex(identity));
}

/* -- a row of a list -------------------------------------------------------------------------------- */

enum aw_status
aw_person_row_add(struct aw_call *call, struct aw_view *view, const char *list, int64_t person,
	const char *role, const char *relation, struct aw_error *err)
{
	int32_t today = aw_taipei_day(call->act.now_ms);
	struct aw_access access;
	struct aw_person known;
	struct aw_view *item;

	if (aw_person_get(&call->act, person, &known, err) != AW_OK ||
		aw_access_to(&call->act, person, &access, err) != AW_OK)
		return err->status;
	item = aw_view_item(view, list);
	aw_view_allow_as(item, &access);
	aw_act_looked(&call->act, person,
		access.shown & (AW_CLASS_BIT(AW_CLASS_IDENTITY) | AW_CLASS_BIT(AW_CLASS_ADDRESS)));
	aw_view_text(item, "number", known.number);
	aw_view_text(item, "path", aw_arena_printf(call->act.arena, "/people/%s", known.number));
	aw_view_text(item, "name", aw_identity_name(&known.identity));
	aw_view_text(item, "sex", aw_identity_sex(&known.identity));
	if (known.identity.birth_known)
		aw_view_int(item, "age", aw_identity_age(&known.identity, today));
	if (known.identity.birth_known && known.identity.birth.precision == AW_PRECISION_DAY)
		aw_view_int(item, "birth_day", known.identity.birth.from_day);
	aw_view_text(item, "district", aw_call_label(call, "district", known.district));
	aw_view_text(item, "role", role);
	aw_view_text(item, "relation", relation);
	return AW_OK;
}

/* -- who they are ----------------------------------------------------------------------------------- */

static void
fill_lists(struct page *page)
{
	static const char *const name_kinds[] = { "current", "alias", "former", "latin",
		"traditional" };
	static const char *const idno_kinds[] = { "other", "national", "residence", "residence_old",
		"demo" };
	const struct aw_identity *identity = &page->person.identity;
	struct aw_arena *arena = page->call->act.arena;

	for (size_t i = 0; i < identity->name_count; i++) {
		struct aw_view *item = aw_view_item(page->view, "names");

		aw_view_text(item, "text", identity->names[i].text);
		aw_view_text(item, "kind", name_kinds[identity->names[i].kind]);
	}
	for (size_t i = 0; i < identity->number_count; i++) {
		struct aw_view *item = aw_view_item(page->view, "numbers");

		aw_view_text(item, "text", identity->numbers[i].text);
		aw_view_text(item, "kind", idno_kinds[identity->numbers[i].kind]);
		aw_view_flag(item, "mistyped",
			identity->numbers[i].kind != AW_IDNO_NONE &&
				!identity->numbers[i].check_ok);
	}
	for (size_t i = 0; i < identity->phone_count; i++) {
		const struct aw_contact_phone *phone = &identity->phones[i];
		struct aw_view *item = aw_view_item(page->view, "phones");

		aw_view_text(item, "text",
			phone->e164 == NULL ? phone->raw
					    : aw_phone_text(arena, phone->e164, phone->extension));
		aw_view_flag(item, "unsafe", phone->unsafe);
		if (phone->safe_from_min < 0)
			continue;
		aw_view_text(item, "safe_from",
			aw_arena_printf(arena, "%02d:%02d", phone->safe_from_min / 60,
				phone->safe_from_min % 60));
		aw_view_text(item, "safe_to",
			aw_arena_printf(arena, "%02d:%02d", phone->safe_to_min / 60,
				phone->safe_to_min % 60));
	}
	for (size_t i = 0; i < identity->address_count; i++) {
		struct aw_view *item = aw_view_item(page->view, "addresses");

		aw_view_text(item, "text", identity->addresses[i].raw);
		aw_view_text(item, "kind",
			identity->addresses[i].kind == AW_ADDRESS_REGISTERED ? "registered"
									     : "residence");
	}
}

static void
fill_person(struct page *page)
{
	const struct aw_identity *identity = &page->person.identity;
	struct aw_call *call = page->call;

	aw_view_text(page->view, "number", page->person.number);
	aw_view_text(page->view, "name", aw_identity_name(identity));
	aw_view_text(page->view, "sex", aw_identity_sex(identity));
	if (identity->birth_known) {
		aw_view_int(page->view, "age",
			aw_identity_age(identity, aw_taipei_day(call->act.now_ms)));
		if (identity->birth.precision == AW_PRECISION_DAY)
			aw_view_int(page->view, "birth_day", identity->birth.from_day);
		aw_view_text(
			page->view, "birth", aw_roc_date_text(call->act.arena, &identity->birth));
	}
	aw_view_text(
		page->view, "district", aw_call_label(call, "district", page->person.district));
	fill_lists(page);
}

/* -- family ------------------------------------------------------------------------------------------- */

/* A relation that somebody recorded, and that goes on; NULL: none. */
static const char *
relation_to(const struct aw_relationship *relations, size_t count, int64_t person, int32_t today)
{
	for (size_t i = 0; i < count; i++)
		if (relations[i].other == person &&
			(!relations[i].to_day.known || relations[i].to_day.v > today))
			return relations[i].kind;
	return NULL;
}

/* Somebody of the family whom the viewer may know of. */
static enum aw_status
add_relative(struct page *page, const char *list, int64_t person, const char *role,
	const char *relation, struct aw_error *err)
{
	struct aw_access access;
	enum aw_status status;

	if (aw_access_to(&page->call->act, person, &access, err) != AW_OK)
		return err->status;
	if (person != page->person.id && !aw_access_may(&access, AW_CLASS_EXISTENCE))
		return AW_OK;
	status = aw_person_row_add(page->call, page->view, list, person, role, relation, err);
	if (status != AW_NOT_FOUND)
		return status;
	aw_error_clear(err); /* erased */
	return AW_OK;
}

static bool
is_member(const struct aw_household *home, int64_t person)
{
	for (size_t i = 0; i < home->member_count; i++)
		if (home->members[i].person == person)
			return true;
	return false;
}

/* The household with what each is to the person, then relatives who live elsewhere. */
static enum aw_status
fill_family(struct page *page, struct aw_error *err)
{
	const struct aw_household *home = &page->context.household;
	int32_t today = aw_taipei_day(page->call->act.now_ms);
	struct aw_relationship *relations;
	size_t count;

	aw_view_text(page->view, "household", home->id == 0 ? NULL : home->number);
	if (aw_relationships_of(&page->call->act, page->person.id, &relations, &count, err) !=
		AW_OK)
		return err->status;
	for (size_t i = 0; i < home->member_count; i++)
		if (add_relative(page, "members", home->members[i].person, home->members[i].role,
			    relation_to(relations, count, home->members[i].person, today),
			    err) != AW_OK)
			return err->status;
	for (size_t i = 0; i < count; i++) {
		bool told = is_member(home, relations[i].other) ||
			    (relations[i].to_day.known && relations[i].to_day.v <= today);

		if (!told && add_relative(page, "kin", relations[i].other, relations[i].kind, NULL,
				     err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

/* -- registers ------------------------------------------------------------------------------------------ */

static const char *
register_name(const struct aw_call *call, const struct aw_register_map *map)
{
	return aw_label_text(map->short_label, call->language);
}

static void
fill_registers(struct page *page)
{
	const struct aw_registers *registers = aw_registers_of(&page->call->act);

	for (size_t i = 0; i < page->context.answer_count; i++) {
		const struct aw_register_answer *answer = &page->context.answers[i];
		const struct aw_register_map *map =
			aw_registers_find(registers, answer->register_code);
		struct aw_view *item = aw_view_item(page->view, "registers");

		aw_view_text(item, "name", register_name(page->call, map));
		if (answer->extract_day.known)
			aw_view_int(item, "as_of", answer->extract_day.v);
		if (!aw_register_told(&page->call->act, &page->access, map, answer->unit)) {
			aw_view_hide(item, "answer", "confidential");
			continue;
		}
		aw_view_text(
			item, "answer", answer->extract_day.known ? answer->answer : "unasked");
		aw_view_flag(item, "on", strcmp(answer->answer, "none") != 0);
		if (answer->unit != NULL)
			aw_view_text(item, "unit",
				aw_call_label(page->call, "unit_short", answer->unit));
	}
}

static void
add_reason(const struct page *page, const char *list, const struct aw_reason_code *reason)
{
	struct aw_view *item = aw_view_item(page->view, list);

	aw_view_text(item, "value", reason->code);
	aw_view_text(item, "text", aw_label_text(reason->label, page->call->language));
}

/* Who lives together is said without words of one's own. */
static void
fill_reasons(struct page *page)
{
	const struct aw_policy *policy = page->call->act.policy;
	bool may = aw_access_may_do(policy, page->call->act.viewer, "person.link");
	bool says = aw_access_may_do(policy, page->call->act.viewer, "person.home");

	aw_view_flag(page->view, "may_link", may);
	for (size_t i = 0; i < policy->reason_count[AW_REASONS_LINK]; i++) {
		const struct aw_reason_code *reason = &policy->reasons[AW_REASONS_LINK][i];

		if (may)
			add_reason(page, "reasons", reason);
		if (says && !reason->needs_note)
			add_reason(page, "home_reasons", reason);
	}
}

/* -- what happened ---------------------------------------------------------------------------------------- */

/* *ret_told: false when the viewer may not know of it. */
static enum aw_status
add_prior(struct page *page, const char *list, const struct aw_prior *prior, bool *ret_told,
	struct aw_error *err)
{
	const struct aw_involvement *entry = &prior->involvement;
	struct aw_access access = page->access;
	struct aw_view *item;

	if (!prior->own && aw_access_to(&page->call->act, entry->person, &access, err) != AW_OK)
		return err->status;
	*ret_told = aw_access_lists(&access, AW_CLASS_RISK, entry->unit) &&
		    (prior->sealed_kind || aw_access_tells(page->call->act.policy, &access,
						   entry->detail, entry->unit));
	if (!*ret_told)
		return AW_OK;
	item = aw_view_item(page->view, list);
	aw_view_int(item, "at", entry->from_at);
	aw_view_flag(item, "own", prior->own);
	aw_view_flag(item, "sealed", prior->sealed_kind);
	aw_view_flag(item, "open", !entry->to_at.known);
	aw_view_text(item, "unit", aw_call_label(page->call, "unit_short", entry->unit));
	if (prior->sealed_kind && !aw_access_may(&access, AW_CLASS_SEXUAL))
		return AW_OK;
	aw_view_text(item, "number", entry->number);
	aw_view_text(item, "path",
		aw_arena_printf(page->call->act.arena, "%s/%s",
			strcmp(entry->kind, "service_case") == 0 ? "/cases" : "/reports",
			entry->number));
	aw_view_text(item, "kind", aw_call_label(page->call, "kind", entry->detail));
	return AW_OK;
}

/* Counts are made of what is told alone: where something is hidden, of the rows on the page. */
static enum aw_status
fill_priors(struct page *page, struct aw_error *err)
{
	const struct aw_person_context *c = &page->context;
	int64_t now = page->call->act.now_ms, in_90 = 0, in_365 = 0;
	bool told, all = true;

	for (size_t i = 0; i < c->report_count; i++) {
		int64_t ago = now - c->reports[i].involvement.from_at;

		if (add_prior(page, "reports", &c->reports[i], &told, err) != AW_OK)
			return err->status;
		in_90 += told && ago <= 90 * AW_DAY_MS;
		in_365 += told && ago <= 365 * AW_DAY_MS;
		all = all && told;
	}
	for (size_t i = 0; i < c->case_count; i++)
		if (strcmp(c->cases[i].involvement.kind, "service_case") == 0 &&
			add_prior(page, "cases", &c->cases[i], &told, err) != AW_OK)
			return err->status;
	aw_view_int(page->view, "prior_90", all ? c->household_90 : in_90);
	aw_view_int(page->view, "prior_365", all ? c->household_365 : in_365);
	return AW_OK;
}

static void
fill_kinds(struct page *page)
{
	const struct aw_policy *policy = page->call->act.policy;
	bool open = aw_access_may_do(policy, page->call->act.viewer, "family.work");

	aw_view_flag(page->view, "may_open", open && !page->access.shielded);
	for (size_t i = 0; open && i < policy->kind_count; i++) {
		struct aw_view *item = aw_view_item(page->view, "kinds");

		aw_view_text(item, "value", policy->kinds[i].code);
		aw_view_text(
			item, "text", aw_label_text(policy->kinds[i].label, page->call->language));
	}
}

static enum aw_status
begin(struct page *page, struct aw_call *call, struct aw_error *err)
{
	const char *number = aw_call_path(call, "number");

	page->call = call;
	page->view = call->view;
	if (aw_person_by_number(&call->act, number == NULL ? "" : number, &page->person, err) !=
			AW_OK ||
		aw_access_to(&call->act, page->person.id, &page->access, err) != AW_OK)
		return err->status;
	/* whom one may not know of is like nobody */
	if (!aw_access_may(&page->access, AW_CLASS_EXISTENCE))
		return aw_fail(err, AW_NOT_FOUND, "there is no person of this number");
	call->act.object = page->person.number;
	return AW_OK;
}

/* How often they were looked at: it would tell of matters, so it is shown to whom those are. */
static enum aw_status
fill_looks(struct page *page, struct aw_error *err)
{
	struct aw_act *act = &page->call->act;
	int64_t looks, accounts;

	if (aw_log_looks(act->tx, page->person.id, act->real_ms - LOOK_DAYS * AW_DAY_MS, &looks,
		    &accounts, err) != AW_OK)
		return err->status;
	aw_view_int(page->view, "looks", looks);
	aw_view_int(page->view, "look_accounts", accounts);
	aw_view_int(page->view, "look_days", LOOK_DAYS);
	if (aw_access_may_do(act->policy, act->viewer, "audit.view"))
		aw_view_text(page->view, "log_link",
			aw_arena_printf(act->arena, "/log?person=%s", page->person.number));
	return AW_OK;
}

enum aw_status
aw_person_gate(const struct aw_call *call, struct aw_error *err)
{
	struct aw_call probe = aw_call_probe(call);
	struct page page = { 0 };

	return begin(&page, &probe, err);
}

enum aw_status
aw_person_show(struct aw_call *call, struct aw_error *err)
{
	struct page page = { 0 };

	if (begin(&page, call, err) != AW_OK)
		return err->status;
	aw_view_allow_as(call->view, &page.access);
	aw_act_looked(&call->act, page.person.id, page.access.shown);
	if (aw_person_context(&call->act, page.person.id, 0, &page.context, err) != AW_OK)
		return err->status;
	fill_person(&page);
	fill_registers(&page);
	fill_kinds(&page);
	fill_reasons(&page);
	if (fill_family(&page, err) != AW_OK ||
		aw_person_home_fill(call, &page.person, &page.access, err) != AW_OK ||
		aw_person_links_fill(call, &page.person, &page.access, err) != AW_OK ||
		fill_looks(&page, err) != AW_OK)
		return err->status;
	return fill_priors(&page, err);
}

enum aw_status
aw_person_link(struct aw_call *call, struct aw_error *err)
{
	struct page page = { 0 };

	if (begin(&page, call, err) != AW_OK ||
		aw_person_links_answer(call, &page.person, &page.access, err) != AW_OK)
		return err->status;
	aw_call_redirect(call, "notice.linked", "/people/%s", page.person.number);
	return AW_OK;
}

enum aw_status
aw_person_home(struct aw_call *call, struct aw_error *err)
{
	struct page page = { 0 };

	if (begin(&page, call, err) != AW_OK ||
		aw_person_home_answer(call, &page.person, &page.access, err) != AW_OK)
		return err->status;
	aw_call_redirect(call, "notice.home", "/people/%s", page.person.number);
	return AW_OK;
}
