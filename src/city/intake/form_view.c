/* city/intake - what a step of the form shows. */
#include "city/intake/form_view.h"

#include <string.h>

#include "base/hash.h"
#include "city/intake/pages.h"

/* -- what a page of the form shows ------------------------------------------------------------ */

static const AW_VIEW_TYPE(step_view, "FormStep", NULL, AW_FIELD_CODE("code", OPEN, "report.step"),
	AW_FIELD("index", NUMBER, OPEN), AW_FIELD("done", FLAG, OPEN), AW_FIELD("now", FLAG, OPEN));

static const AW_VIEW_TYPE(kind_view, "FormKind", NULL, AW_FIELD("code", TEXT, OPEN),
	AW_FIELD("name", TEXT, OPEN), AW_FIELD("hint", TEXT, OPEN), AW_FIELD("chosen", FLAG, OPEN));

static const AW_VIEW_TYPE(card_view, "FormPerson", NULL, AW_FIELD("index", NUMBER, OPEN),
	AW_FIELD("prefix", TEXT, OPEN), AW_FIELD("role", TEXT, OPEN),
	AW_FIELD("role_name", TEXT, OPEN), AW_FIELD("subject", FLAG, OPEN),
	AW_FIELD("other_side", FLAG, OPEN), AW_FIELD("fixed", FLAG, OPEN),
	AW_FIELD("removable", FLAG, OPEN), AW_FIELD("name", TEXT, OPEN),
	AW_FIELD("born", TEXT, OPEN), AW_FIELD("national_id", TEXT, OPEN),
	AW_FIELD("phone", TEXT, OPEN), AW_FIELD("address", TEXT, OPEN),
	AW_FIELD("school", TEXT, OPEN), AW_FIELD("safe_call", TEXT, OPEN),
	AW_FIELD("note", TEXT, OPEN), AW_FIELD_OF("roles", LIST, OPEN, &aw_form_option_view),
	AW_FIELD_OF("sexes", LIST, OPEN, &aw_form_option_view),
	AW_FIELD_OF("relations", LIST, OPEN, &aw_form_option_view),
	AW_FIELD_OF("lives_with", LIST, OPEN, &aw_form_option_view));

static const AW_VIEW_TYPE(meter_view, "FormMeter", NULL, AW_FIELD("label", TEXT, OPEN),
	AW_FIELD("field", TEXT, OPEN), AW_FIELD_CODE("why", OPEN, "report.why"),
	AW_FIELD("have", FLAG, OPEN), AW_FIELD("must", FLAG, OPEN));

static const AW_VIEW_TYPE(carried_view, "FormCarried", NULL, AW_FIELD("name", TEXT, OPEN),
	AW_FIELD("value", TEXT, OPEN));

static const AW_VIEW_TYPE(line_view, "FormLine", NULL, AW_FIELD("label", TEXT, OPEN),
	AW_FIELD_CODE("label_code", OPEN, "report.field"), AW_FIELD("value", TEXT, OPEN));

const AW_VIEW_TYPE(aw_report_form_view, "ReportForm", "intake/form", AW_FIELD("agency", FLAG, OPEN),
	AW_FIELD("action", LINK, OPEN), AW_FIELD("step", TEXT, OPEN),
	AW_FIELD("step_kind", FLAG, OPEN), AW_FIELD("step_tell", FLAG, OPEN),
	AW_FIELD("step_contact", FLAG, OPEN), AW_FIELD("step_check", FLAG, OPEN),
	AW_FIELD("sent", FLAG, OPEN), AW_FIELD("key", TEXT, OPEN),
	AW_FIELD_OF("steps", LIST, OPEN, &step_view), AW_FIELD_OF("kinds", LIST, OPEN, &kind_view),
	AW_FIELD("kind", TEXT, OPEN), AW_FIELD("kind_name", TEXT, OPEN),
	AW_FIELD_OF("questions", LIST, OPEN, &aw_form_question_view),
	AW_FIELD("narrative", TEXT, OPEN), AW_FIELD("at_year", TEXT, OPEN),
	AW_FIELD("at_month", TEXT, OPEN), AW_FIELD("at_day", TEXT, OPEN),
	AW_FIELD_OF("times", LIST, OPEN, &aw_form_option_view),
	AW_FIELD_OF("districts", LIST, OPEN, &aw_form_option_view), AW_FIELD("address", TEXT, OPEN),
	AW_FIELD("place_unknown", FLAG, OPEN), AW_FIELD("urgent", FLAG, OPEN),
	AW_FIELD_OF("persons", LIST, OPEN, &card_view), AW_FIELD("may_add", FLAG, OPEN),
	AW_FIELD("centre_only", TEXT, OPEN), AW_FIELD("reporter_name", TEXT, OPEN),
	AW_FIELD("reporter_phone", TEXT, OPEN), AW_FIELD("reporter_unit", TEXT, OPEN),
	AW_FIELD_OF("reporter_roles", LIST, OPEN, &aw_form_option_view),
	AW_FIELD_OF("channels", LIST, OPEN, &aw_form_option_view), AW_FIELD("wanted", NUMBER, OPEN),
	AW_FIELD("held", NUMBER, OPEN), AW_FIELD("lacking", NUMBER, OPEN),
	AW_FIELD("can_dispatch", FLAG, OPEN), AW_FIELD_OF("meter", LIST, OPEN, &meter_view),
	AW_FIELD_OF("carried", LIST, OPEN, &carried_view),
	AW_FIELD_OF("summary", LIST, OPEN, &line_view),
	AW_FIELD_OF("receipt", OBJECT, OPEN, &aw_receipt_view));

/* -- steps ------------------------------------------------------------------------------------ */

static const char *const step_codes[AW_STEP_COUNT] = { "kind", "tell", "contact", "check" };

static const char *
value(const struct aw_form *f, const char *name)
{
	return aw_call_value(f->call, name);
}

static enum aw_form_step
asked_step(const struct aw_form *f)
{
	const char *text = value(f, "step");

	for (int i = 0; text != NULL && i < AW_STEP_COUNT; i++)
		if (strcmp(step_codes[i], text) == 0)
			return (enum aw_form_step)i;
	return AW_STEP_KIND;
}

/* The agencies' form has no step of its own for the contact. */
enum aw_form_step
aw_form_move(const struct aw_form *f, enum aw_form_step step, int by)
{
	int to = (int)step + by;

	if (f->agency && to == AW_STEP_CONTACT)
		to += by;
	return to < AW_STEP_KIND    ? AW_STEP_KIND
	       : to > AW_STEP_CHECK ? AW_STEP_CHECK
				    : (enum aw_form_step)to;
}

/* The step on whose page a field stands. */
enum aw_form_step
aw_form_step_of(const struct aw_form *f, const char *field)
{
	if (strcmp(field, "kind") == 0)
		return AW_STEP_KIND;
	if (strncmp(field, "reporter.", 9) == 0 || strcmp(field, "channel") == 0)
		return f->agency ? AW_STEP_TELL : AW_STEP_CONTACT;
	return AW_STEP_TELL;
}

static void
show_steps(const struct aw_form *f, struct aw_view *view)
{
	int64_t index = 0;

	for (int i = 0; i < AW_STEP_COUNT; i++) {
		struct aw_view *step;
		if (f->agency && i == AW_STEP_CONTACT)
			continue;
		step = aw_view_item(view, "steps");
		aw_view_text(step, "code", step_codes[i]);
		aw_view_int(step, "index", ++index);
		aw_view_flag(step, "done", i < (int)f->step);
		aw_view_flag(step, "now", i == (int)f->step);
	}
}

/* Hidden fields: everything typed that this step's page does not show. */
static void
show_carried(const struct aw_form *f, struct aw_view *view)
{
	static const char *const own[] = { "step", "go", "remove", "csrf", "idempotency_key",
		"kind" };

	for (size_t i = 0; i < f->call->value_count; i++) {
		const struct aw_form_value *typed = &f->call->values[i];
		struct aw_view *carried;
		bool skip = typed->value == NULL || typed->value[0] == '\0';
		for (size_t k = 0; k < AW_COUNT(own); k++)
			skip |= strcmp(typed->name, own[k]) == 0;
		if (skip || aw_form_step_of(f, typed->name) == f->step)
			continue;
		carried = aw_view_item(view, "carried");
		aw_view_text(carried, "name", typed->name);
		aw_view_text(carried, "value", typed->value);
	}
}

/* -- persons ---------------------------------------------------------------------------------- */

static void
show_card(const struct aw_form *f, const json_t *person, size_t i, struct aw_view *card)
{
	static const char *const texts[] = { "name", "national_id", "phone", "address", "school",
		"safe_call", "note" };
	static const char *const sexes[] = { "F", "M", "X" };
	struct aw_arena *arena = f->call->act.arena;
	const char *code = aw_json_string(person, "role"), *born;
	const struct aw_person_role *role = code != NULL ? aw_kind_role(f->kind, code) : NULL;
	int64_t age;

	aw_view_int(card, "index", (int64_t)i + 1);
	aw_view_text(card, "prefix", aw_arena_printf(arena, "persons.%zu", i));
	aw_view_text(card, "role", role != NULL ? role->code : NULL);
	aw_view_text(card, "role_name", role != NULL ? aw_form_label(f, role->label) : NULL);
	aw_view_flag(card, "subject", role != NULL && role->is_subject);
	aw_view_flag(card, "other_side", role != NULL && strcmp(role->side, "respondent") == 0);
	aw_view_flag(card, "fixed", role != NULL && role->needed && i < 2);
	aw_view_flag(card, "removable", i > 0);
	for (size_t k = 0; k < AW_COUNT(texts); k++)
		aw_view_text(card, texts[k], aw_json_string(person, texts[k]));
	born = aw_json_string(person, "birth_date");
	if (aw_json_int(person, "age", &age))
		born = aw_arena_printf(arena, "%lld歲", (long long)age);
	aw_view_text(card, "born", born);
	for (size_t k = 0; k < f->kind->role_count; k++)
		aw_form_option(card, "roles", f->kind->roles[k].code,
			aw_form_label(f, f->kind->roles[k].label), role == &f->kind->roles[k]);
	for (size_t k = 0; k < AW_COUNT(sexes); k++)
		aw_form_word(card, "sexes", sexes[k], sexes[k],
			aw_text_eq(aw_json_string(person, "sex"), sexes[k]));
	for (size_t k = 0; k < f->policy->relation_count; k++)
		aw_form_option(card, "relations", f->policy->relations[k].code,
			aw_form_label(f, f->policy->relations[k].label),
			aw_text_eq(
				aw_json_string(person, "relation"), f->policy->relations[k].code));
	aw_form_yes_no(card, "lives_with", json_object_get(person, "lives_with"),
		aw_form_said_unknown(f, aw_arena_printf(arena, "persons.%zu.lives_with", i)));
}

/* -- the steps' pages ------------------------------------------------------------------------- */

static void
show_kinds(const struct aw_form *f, struct aw_view *view)
{
	for (size_t i = 0; i < f->policy->kind_count; i++) {
		const struct aw_kind *kind = &f->policy->kinds[i];
		bool open = kind->public_label.zh != NULL && kind->public_label.zh[0] != '\0';
		struct aw_view *row;
		if (!f->agency && !open)
			continue;
		row = aw_view_item(view, "kinds");
		aw_view_text(row, "code", kind->code);
		aw_view_text(row, "name",
			aw_form_label(f, f->agency || !open ? kind->label : kind->public_label));
		if (kind->public_hint.zh != NULL)
			aw_view_text(row, "hint", aw_form_label(f, kind->public_hint));
		aw_view_flag(row, "chosen", kind == f->kind);
	}
}

static void
show_incident(const struct aw_form *f, struct aw_view *view)
{
	const struct aw_city *city = &f->policy->city;
	const char *time = value(f, "at_time"), *district = value(f, "incident.district");

	aw_view_text(view, "narrative", value(f, "incident.narrative"));
	aw_view_text(view, "at_year", value(f, "at_year"));
	aw_view_text(view, "at_month", value(f, "at_month"));
	aw_view_text(view, "at_day", value(f, "at_day"));
	for (size_t i = 0; i < AW_FORM_TIMES; i++)
		aw_form_word(view, "times", aw_form_times[i].code, aw_form_times[i].code,
			aw_text_eq(time, aw_form_times[i].code));
	for (size_t i = 0; i < city->district_count; i++)
		aw_form_option(view, "districts", city->districts[i].code,
			aw_form_label(f, city->districts[i].label),
			aw_text_eq(district, city->districts[i].code));
	aw_view_text(view, "address", value(f, "incident.address"));
	aw_view_flag(view, "place_unknown", value(f, "place_unknown") != NULL);
	aw_view_flag(view, "urgent", value(f, "urgent") != NULL);
	aw_view_text(view, "centre_only", value(f, "centre_only"));
}

static void
show_contact(const struct aw_form *f, struct aw_view *view)
{
	static const char *const channels[] = { "agency", "phone", "hotline_113", "police",
		"transfer", "outreach" };
	const struct aw_policy *p = f->policy;
	const char *role = value(f, "reporter.role"), *channel = value(f, "channel");

	aw_view_text(view, "reporter_name", value(f, "reporter.name"));
	aw_view_text(view, "reporter_phone", value(f, "reporter.phone"));
	aw_view_text(view, "reporter_unit", value(f, "reporter.unit"));
	for (size_t i = 0; i < p->reporter_role_count; i++)
		aw_form_option(view, "reporter_roles", p->reporter_roles[i].code,
			aw_form_label(f, p->reporter_roles[i].label),
			aw_text_eq(role, p->reporter_roles[i].code));
	for (size_t i = 0; f->agency && i < AW_COUNT(channels); i++) {
		const char *name = aw_policy_text(p, "channel", channels[i], f->call->language);
		if (name != NULL)
			aw_form_option(view, "channels", channels[i], name,
				channel == NULL ? i == 0 : strcmp(channel, channels[i]) == 0);
	}
}

static void
show_tell(const struct aw_form *f, struct aw_view *view)
{
	const json_t *persons = json_object_get(f->report, "persons");

	for (size_t i = 0; i < f->kind->question_count; i++)
		if (f->agency || f->kind->questions[i].is_public)
			aw_form_question(
				f, &f->kind->questions[i], aw_view_item(view, "questions"));
	show_incident(f, view);
	for (size_t i = 0; i < json_array_size(persons); i++)
		show_card(f, json_array_get(persons, i), i, aw_view_item(view, "persons"));
	aw_view_flag(view, "may_add", json_array_size(persons) < AW_REPORT_PERSONS_MOST);
	if (f->agency)
		show_contact(f, view);
}

/* -- the meter, the last look ----------------------------------------------------------------- */

static bool
is_missing(
	const struct aw_completeness *complete, const struct aw_need *need, const char **ret_field)
{
	for (size_t i = 0; i < complete->missing_count; i++)
		if (complete->missing[i].need == need) {
			*ret_field = complete->missing[i].field;
			return true;
		}
	return false;
}

static void
show_meter(const struct aw_form *f, const struct aw_report_in *in, struct aw_view *view)
{
	struct aw_completeness complete;
	int64_t lacking = 0;

	aw_report_completeness(f->policy, f->call->act.arena, in, &complete);
	for (int have = 0; have <= 1; have++) /* what is missing first */
		for (size_t i = 0; i < f->kind->need_count; i++) {
			const struct aw_need *need = &f->kind->needs[i];
			const char *field = NULL;
			struct aw_view *row;
			if (is_missing(&complete, need, &field) == (have == 1))
				continue;
			row = aw_view_item(view, "meter");
			aw_view_text(row, "label", aw_form_label(f, need->label));
			aw_view_text(row, "field", field);
			aw_view_text(row, "why", aw_why_code(need->why));
			aw_view_flag(row, "have", have == 1);
			aw_view_flag(row, "must", have == 0 && need->why == AW_WHY_DISPATCH);
			lacking += have == 0 && need->why == AW_WHY_DISPATCH;
		}
	aw_view_int(view, "wanted", (int64_t)complete.wanted);
	aw_view_int(view, "held", (int64_t)complete.held);
	aw_view_int(view, "lacking", lacking);
	aw_view_flag(view, "can_dispatch", complete.can_dispatch);
}

static void
add_line(struct aw_view *view, const char *code, const char *label, const char *text)
{
	struct aw_view *line;

	if (text == NULL || text[0] == '\0')
		return;
	line = aw_view_item(view, "summary");
	if (code != NULL)
		aw_view_text(line, "label_code", code);
	if (label != NULL)
		aw_view_text(line, "label", label);
	aw_view_text(line, "value", text);
}

static void
show_check(const struct aw_form *f, const struct aw_report_in *in, struct aw_view *view)
{
	struct aw_arena *arena = f->call->act.arena;
	const char *district = in->incident.district;

	add_line(view, "narrative", NULL, in->incident.narrative);
	add_line(view, "at", NULL, in->incident.at_text);
	if (district != NULL)
		district = aw_policy_text(f->policy, "district", district, f->call->language);
	add_line(view, "place", NULL,
		district == NULL
			? in->incident.address
			: aw_arena_printf(arena, "%s %s", district,
				  in->incident.address != NULL ? in->incident.address : ""));
	for (size_t i = 0; i < in->person_count; i++) {
		const struct aw_report_person_in *p = &in->persons[i];
		const struct aw_person_role *role = aw_kind_role(f->kind, p->role);
		struct aw_buf text = { .arena = arena };
		aw_buf_text(&text, p->name);
		if (p->age.known)
			aw_buf_printf(
				&text, "%s%lld歲", text.len > 0 ? "，" : "", (long long)p->age.v);
		if (p->birth_date != NULL)
			aw_buf_printf(&text, "%s%s", text.len > 0 ? "，" : "", p->birth_date);
		add_line(view, NULL, role != NULL ? aw_form_label(f, role->label) : "",
			aw_buf_z(&text));
	}
	add_line(view, "centre_only", NULL, in->centre_only);
	add_line(view, "reporter", NULL, in->reporter.name);
	add_line(view, "reporter_phone", NULL, in->reporter.phone);
}

/* Whatever can be read of what was typed so far, for the meter and the last look. */
static void
read_loosely(const struct aw_form *f, struct aw_report_in *ret_in)
{
	struct aw_report_problems ignored = { 0 };
	struct aw_error own = { 0 };

	*ret_in = (struct aw_report_in){ .kind = f->kind->code };
	if (aw_report_from_json(f->call->act.arena,
		    aw_form_without_blanks(f->call->act.arena, f->report), ret_in, &ignored,
		    &own) == AW_OK)
		aw_report_check(f->policy, f->call->act.arena, f->call->act.now_ms,
			f->call->act.demo, ret_in, &ignored, &ignored);
}

const char *
aw_form_key(const struct aw_form *f)
{
	const char *key = value(f, "idempotency_key");
	uint8_t random[16];

	if (key != NULL && strlen(key) >= 32)
		return key;
	aw_random_bytes(random, sizeof(random));
	return aw_hex(f->call->act.arena, random, sizeof(random));
}

void
aw_form_show(struct aw_form *f)
{
	struct aw_view *view = f->call->view;
	struct aw_report_in in;

	if (f->kind == NULL)
		f->step = AW_STEP_KIND;
	aw_view_flag(view, "agency", f->agency);
	aw_view_text(view, "action", f->agency ? "/reports/new" : "/report");
	aw_view_text(view, "step", step_codes[f->step]);
	aw_view_flag(view, "step_kind", f->step == AW_STEP_KIND);
	aw_view_flag(view, "step_tell", f->step == AW_STEP_TELL);
	aw_view_flag(view, "step_contact", f->step == AW_STEP_CONTACT);
	aw_view_flag(view, "step_check", f->step == AW_STEP_CHECK);
	aw_view_text(view, "key", aw_form_key(f));
	show_steps(f, view);
	show_carried(f, view);
	if (f->step == AW_STEP_KIND)
		show_kinds(f, view);
	if (f->kind == NULL)
		return;
	aw_view_text(view, "kind", f->kind->code);
	aw_view_text(view, "kind_name",
		aw_form_label(f, !f->agency && f->kind->public_label.zh != NULL
					 ? f->kind->public_label
					 : f->kind->label));
	read_loosely(f, &in);
	if (f->step == AW_STEP_TELL)
		show_tell(f, view);
	if (f->step == AW_STEP_CONTACT)
		show_contact(f, view);
	if (f->step == AW_STEP_CHECK)
		show_check(f, &in, view);
	show_meter(f, &in, view);
}

struct aw_form
aw_form_open(struct aw_call *call, bool agency)
{
	struct aw_form f = { .call = call, .policy = call->act.policy, .agency = agency };
	const char *kind = aw_call_value(call, "kind");

	f.kind = kind != NULL ? aw_policy_kind(f.policy, kind) : NULL;
	f.report = aw_form_report(call, f.kind);
	f.step = asked_step(&f);
	return f;
}
