/* city/intake - the public form in four short steps, and the agencies' in three. */
#include <string.h>

#include "city/intake/form_view.h"
#include "city/intake/pages.h"

static enum aw_status
refuse(struct aw_form *f, const struct aw_report_problems *problems, struct aw_error *err)
{
	aw_form_problems(f->call, problems);
	f->step = aw_form_step_of(f, problems->at[0].field);
	aw_form_show(f);
	return aw_fail(err, AW_INVALID, "the report is not right");
}

/* Everything that is wrong so far, at the fields as they stand in the form. */
static bool
has_problems(struct aw_form *f, struct aw_report_in *in, struct aw_report_problems *problems)
{
	struct aw_report_problems warnings = { 0 };
	struct aw_error own = { 0 };

	if (aw_report_from_json(f->call->act.arena, f->report, in, problems, &own) == AW_OK) {
		if (in->channel == NULL)
			in->channel = f->agency ? "agency" : "public";
		aw_report_check(f->policy, f->call->act.arena, f->call->act.now_ms,
			f->call->act.demo, in, problems, &warnings);
	}
	return problems->count > 0;
}

static void
complete_sender(const struct aw_form *f, struct aw_report_in *in)
{
	const struct aw_viewer *viewer = f->call->act.viewer;
	const struct aw_unit *unit =
		viewer->unit != NULL ? aw_policy_unit(f->policy, viewer->unit) : NULL;

	in->channel = f->agency ? (in->channel != NULL ? in->channel : "agency") : "public";
	in->sender = f->agency ? viewer->login : "";
	in->idempotency_key = aw_form_key(f);
	in->held_source = f->agency ? NULL : f->call->crowd;
	if (!f->agency)
		return;
	if (in->reporter.unit == NULL && unit != NULL)
		in->reporter.unit = unit->label.zh;
	if (in->reporter.name == NULL)
		in->reporter.name = viewer->name;
	if (strcmp(in->channel, "outreach") == 0)
		in->outreach_unit = viewer->unit;
}

static enum aw_status
send_report(struct aw_form *f, struct aw_error *err)
{
	struct aw_report_problems problems = { 0 };
	struct aw_report_in in;
	struct aw_receipt receipt;
	struct aw_view *view = f->call->view;

	if (has_problems(f, &in, &problems))
		return refuse(f, &problems, err);
	if (aw_report_from_json(f->call->act.arena,
		    aw_form_without_blanks(f->call->act.arena, f->report), &in, &problems,
		    err) != AW_OK)
		return refuse(f, &problems, err);
	complete_sender(f, &in);
	if (aw_report_receive(&f->call->act, &in, &receipt, &problems, err) != AW_OK)
		return problems.count > 0 ? refuse(f, &problems, err) : err->status;
	aw_view_flag(view, "agency", f->agency);
	aw_view_flag(view, "sent", true);
	aw_view_text(view, "kind", in.kind);
	aw_receipt_fill(f->call, aw_view_object(view, "receipt"), &receipt);
	return AW_OK;
}

static enum aw_status
step(struct aw_call *call, bool agency, struct aw_error *err)
{
	struct aw_form f = aw_form_open(call, agency);
	const char *go = aw_call_value(call, "go");
	struct aw_report_problems problems = { 0 };
	struct aw_report_in in;

	if (f.kind == NULL) {
		if (aw_text_eq(go, "next") || aw_text_eq(go, "send"))
			aw_report_remark(
				call->act.arena, &problems, "kind", "report.kind_missing", NULL);
		if (problems.count > 0)
			return refuse(&f, &problems, err);
	}
	if (aw_text_eq(go, "send") && f.step == AW_STEP_CHECK)
		return send_report(&f, err);
	if (aw_text_eq(go, "back")) {
		f.step = aw_form_move(&f, f.step, -1);
	} else if (aw_text_eq(go, "edit")) {
		f.step = AW_STEP_TELL;
	} else if (aw_text_eq(go, "next")) {
		/* an empty report is seen at the end, when something could have been said */
		if (f.step != AW_STEP_KIND && has_problems(&f, &in, &problems) &&
			strcmp(problems.at[0].message, "report.empty") != 0)
			return refuse(&f, &problems, err);
		f.step = aw_form_move(&f, f.step, 1);
	}
	aw_form_show(&f);
	return AW_OK;
}

static enum aw_status
open_fresh(struct aw_call *call, bool agency)
{
	struct aw_form f = aw_form_open(call, agency);

	f.step = f.kind != NULL ? AW_STEP_TELL : AW_STEP_KIND;
	aw_form_show(&f);
	return AW_OK;
}

enum aw_status
aw_public_form_show(struct aw_call *call, struct aw_error *err)
{
	(void)err;
	return open_fresh(call, false);
}

enum aw_status
aw_public_form_step(struct aw_call *call, struct aw_error *err)
{
	return step(call, false, err);
}

enum aw_status
aw_agency_form_show(struct aw_call *call, struct aw_error *err)
{
	(void)err;
	return open_fresh(call, true);
}

enum aw_status
aw_agency_form_step(struct aw_call *call, struct aw_error *err)
{
	return step(call, true, err);
}
