/* city/dispatch/report_answers - what a report's form was answered, and what instruments come to. */
#include <string.h>

#include "city/dispatch/report_page.h"
#include "policy/instrument.h"

static const AW_VIEW_TYPE(chosen_view, "ReportChoice", NULL, AW_FIELD("text", TEXT, NARRATIVE));

/* What an instrument comes to: a sum, or from least to most while items are open. */
static const AW_VIEW_TYPE(score_view, "InstrumentScore", NULL,
	AW_FIELD("answered", NUMBER, NARRATIVE), AW_FIELD("items", NUMBER, NARRATIVE),
	AW_FIELD("sum", TEXT, NARRATIVE), AW_FIELD("sum_most", TEXT, NARRATIVE),
	AW_FIELD("band", TEXT, NARRATIVE), AW_FIELD("band_most", TEXT, NARRATIVE),
	AW_FIELD("conclusion", TEXT, NARRATIVE), AW_FIELD("alone", FLAG, NARRATIVE),
	AW_FIELD("may_alone", FLAG, NARRATIVE), AW_FIELD("reference_only", FLAG, NARRATIVE),
	AW_FIELD("unverified", FLAG, OPEN));

const AW_VIEW_TYPE(aw_report_answer_view, "ReportAnswer", NULL, AW_FIELD("question", TEXT, OPEN),
	AW_FIELD("answer", TEXT, NARRATIVE), AW_FIELD_CODE("flag", NARRATIVE, "yesno"),
	AW_FIELD_OF("chosen", LIST, NARRATIVE, &chosen_view),
	AW_FIELD_OF("score", OBJECT, NARRATIVE, &score_view));

/* The sex of the subject, or of whoever stands on the respondent's side; NULL: unknown. */
static const char *
sex_of(const struct aw_report_page *page, bool subject)
{
	for (size_t i = 0; i < page->person_count; i++) {
		const struct aw_person_role *role = page->roles[i];

		if (role != NULL &&
			(subject ? role->is_subject : strcmp(role->side, "respondent") == 0))
			return page->persons[i].sex;
	}
	return NULL;
}

static const char *
number(struct aw_call *call, int64_t n)
{
	return aw_arena_printf(call->act.arena, "%lld", (long long)n);
}

static const char *
words(const struct aw_call *call, const struct aw_label *label)
{
	return aw_label_text(*label, call->language);
}

static void
fill_score(struct aw_call *call, const struct aw_report_page *page,
	const struct aw_question *question, const json_t *value, struct aw_view *item)
{
	const struct aw_instrument *instrument = aw_policy_instrument(
		call->act.policy, question->instrument, page->way.report.received_day);
	struct aw_view *view;
	struct aw_score score;

	if (instrument == NULL || !aw_instrument_score(instrument, value, &score))
		return;
	view = aw_view_object(item, "score");
	aw_view_int(view, "answered", (int64_t)score.answered);
	aw_view_int(view, "items", (int64_t)score.items);
	if (instrument->band_count > 0) {
		aw_view_text(view, "sum", number(call, score.least));
		if (score.most != score.least)
			aw_view_text(view, "sum_most", number(call, score.most));
		if (score.lightest != NULL)
			aw_view_text(view, "band", words(call, &score.lightest->label));
		if (score.gravest != NULL && score.gravest != score.lightest)
			aw_view_text(view, "band_most", words(call, &score.gravest->label));
	}
	if (score.conclusion != NULL)
		aw_view_text(view, "conclusion", words(call, &score.conclusion->label));
	aw_view_flag(view, "alone", score.alone);
	aw_view_flag(view, "may_alone", !score.alone && score.may_alone);
	aw_view_flag(view, "reference_only",
		aw_instrument_applies(instrument, sex_of(page, true), sex_of(page, false)) ==
			AW_APPLIES_NO);
	aw_view_flag(view, "unverified", instrument->valid.unverified);
}

static const char *
choice_text(
	struct aw_call *call, const struct aw_kind *kind, const char *question, const char *code)
{
	char *list = aw_arena_printf(call->act.arena, "%s.%s", kind->code, question);
	const char *text = aw_call_label(call, list, code);

	return text != NULL ? text : code;
}

/* An answer is the report's words; one of health or sexual life is for whoever sees that class, too. */
static bool
may_tell(const struct aw_report_page *page, const struct aw_question *question)
{
	return question->class_bit == AW_CLASS_RISK ||
	       aw_access_may(&page->access, (enum aw_field_class)question->class_bit);
}

static void
add_answer(struct aw_call *call, const struct aw_report_page *page, const char *code,
	const json_t *value, struct aw_view *view)
{
	const struct aw_kind *kind = page->way.kind;
	const struct aw_question *question = aw_kind_question(kind, code);
	struct aw_view *item;
	const char *label;

	if (question == NULL || json_is_null(value) || !may_tell(page, question))
		return;
	item = aw_view_item(view, "answers");
	label = aw_call_label(
		call, aw_arena_printf(call->act.arena, "%s.question", kind->code), code);
	aw_view_text(item, "question", label == NULL ? code : label);
	if (question->type == AW_QUESTION_INSTRUMENT)
		fill_score(call, page, question, value, item);
	else if (json_is_boolean(value))
		aw_view_text(item, "flag", json_is_true(value) ? "yes" : "no");
	else if (json_is_string(value))
		aw_view_text(
			item, "answer", choice_text(call, kind, code, json_string_value(value)));
	else if (json_is_integer(value))
		aw_view_text(item, "answer", number(call, json_integer_value(value)));
	for (size_t i = 0; json_is_array(value) && i < json_array_size(value); i++) {
		const char *chosen = json_string_value(json_array_get(value, i));

		if (chosen != NULL)
			aw_view_text(aw_view_item(item, "chosen"), "text",
				choice_text(call, kind, code, chosen));
	}
}

void
aw_report_page_answers(
	struct aw_call *call, const struct aw_report_page *page, struct aw_view *view)
{
	const char *code;
	json_t *value;

	json_object_foreach(page->way.report.answers, code, value)
	{
		add_answer(call, page, code, value, view);
	}
}
