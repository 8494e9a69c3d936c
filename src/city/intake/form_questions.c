/* city/intake/form_questions - the questions of a form's step, instruments item by item. */
#include "city/intake/form_view.h"

#include <string.h>

#include "policy/policy.h"

/* A choice: in the policy's words (text) or the house's (word). */
const AW_VIEW_TYPE(aw_form_option_view, "FormOption", NULL, AW_FIELD("value", TEXT, OPEN),
	AW_FIELD("text", TEXT, OPEN), AW_FIELD_CODE("word", OPEN, "report.word"),
	AW_FIELD("chosen", FLAG, OPEN));

static const AW_VIEW_TYPE(item_view, "FormItem", NULL, AW_FIELD("name", TEXT, OPEN),
	AW_FIELD("label", TEXT, OPEN), AW_FIELD("part", TEXT, OPEN),
	AW_FIELD_OF("choices", LIST, OPEN, &aw_form_option_view));

/* One question: exactly one of is_radio, is_check, is_number, is_text, is_items. */
const AW_VIEW_TYPE(aw_form_question_view, "FormQuestion", NULL, AW_FIELD("name", TEXT, OPEN),
	AW_FIELD("label", TEXT, OPEN), AW_FIELD("hint", TEXT, OPEN),
	AW_FIELD("is_radio", FLAG, OPEN), AW_FIELD("is_check", FLAG, OPEN),
	AW_FIELD("is_number", FLAG, OPEN), AW_FIELD("is_text", FLAG, OPEN),
	AW_FIELD("is_items", FLAG, OPEN), AW_FIELD("is_long", FLAG, OPEN),
	AW_FIELD("value", TEXT, OPEN), AW_FIELD("note", TEXT, OPEN),
	AW_FIELD("unverified", FLAG, OPEN),
	AW_FIELD_OF("choices", LIST, OPEN, &aw_form_option_view),
	AW_FIELD_OF("items", LIST, OPEN, &item_view));

const char *
aw_form_label(const struct aw_form *f, struct aw_label label)
{
	return aw_label_text(label, f->call->language);
}

void
aw_form_option(
	struct aw_view *view, const char *list, const char *code, const char *text, bool chosen)
{
	struct aw_view *row = aw_view_item(view, list);

	aw_view_text(row, "value", code);
	aw_view_text(row, "text", text);
	aw_view_flag(row, "chosen", chosen);
}

void
aw_form_word(
	struct aw_view *view, const char *list, const char *code, const char *words, bool chosen)
{
	struct aw_view *row = aw_view_item(view, list);

	aw_view_text(row, "value", code);
	aw_view_text(row, "word", words);
	aw_view_flag(row, "chosen", chosen);
}

/* 「不知道」 was chosen: the field was sent, and empty. A question nobody answered shows nothing. */
bool
aw_form_said_unknown(const struct aw_form *f, const char *name)
{
	const char *typed = aw_call_value_at(f->call, name, 0);

	return typed != NULL && typed[0] == '\0';
}

void
aw_form_yes_no(struct aw_view *view, const char *list, const json_t *answer, bool unknown)
{
	aw_form_word(view, list, "yes", "yes", json_is_true(answer));
	aw_form_word(view, list, "no", "no", json_is_false(answer));
	aw_form_word(view, list, "", "unknown", unknown);
}

static bool
chosen(const json_t *answer, const char *code)
{
	for (size_t i = 0; json_is_array(answer) && i < json_array_size(answer); i++)
		if (aw_text_eq(json_string_value(json_array_get(answer, i)), code))
			return true;
	return json_is_string(answer) && strcmp(json_string_value(answer), code) == 0;
}

/* The head of a part stands over its first item. */
static const char *
part_before(const struct aw_form *f, const struct aw_instrument *instrument, size_t i)
{
	const struct aw_instrument_item *items = instrument->items;

	if (items[i].part == NULL || (i > 0 && aw_text_eq(items[i - 1].part, items[i].part)))
		return NULL;
	for (size_t p = 0; p < instrument->part_count; p++)
		if (strcmp(instrument->parts[p].code, items[i].part) == 0)
			return aw_form_label(f, instrument->parts[p].label);
	return NULL;
}

static void
show_item(const struct aw_form *f, const struct aw_instrument_item *item, const char *name,
	const json_t *said, struct aw_view *row)
{
	struct aw_arena *arena = f->call->act.arena;

	aw_view_text(row, "name", name);
	aw_view_text(row, "label", aw_form_label(f, item->label));
	for (size_t i = 0; i < item->choice_count; i++)
		aw_form_option(row, "choices", item->choices[i].code,
			aw_form_label(f, item->choices[i].label),
			chosen(said, item->choices[i].code));
	for (int64_t n = item->least; item->most > 1 && n <= item->most; n++)
		aw_form_option(row, "choices", aw_arena_printf(arena, "%lld", (long long)n),
			aw_arena_printf(arena, "%lld", (long long)n),
			json_is_integer(said) && json_integer_value(said) == n);
	if (item->choice_count > 0 || item->most > 1)
		aw_form_word(row, "choices", "", "unknown", aw_form_said_unknown(f, name));
	else
		aw_form_yes_no(row, "choices", said, aw_form_said_unknown(f, name));
	if (item->may_not_apply)
		aw_form_word(row, "choices", "na", "not_apply", chosen(said, "na"));
}

static void
show_items(const struct aw_form *f, const struct aw_question *question, const json_t *answer,
	struct aw_view *view)
{
	const struct aw_instrument *instrument = aw_policy_instrument(
		f->policy, question->instrument, aw_taipei_day(f->call->act.now_ms));

	if (instrument == NULL)
		return;
	for (size_t i = 0; i < instrument->item_count; i++) {
		const struct aw_instrument_item *item = &instrument->items[i];
		struct aw_view *row = aw_view_item(view, "items");

		aw_view_text(row, "part", part_before(f, instrument, i));
		show_item(f, item,
			aw_arena_printf(
				f->call->act.arena, "answers.%s.%s", question->code, item->code),
			json_object_get(answer, item->code), row);
	}
	if (instrument->note.zh != NULL)
		aw_view_text(view, "note", aw_form_label(f, instrument->note));
	aw_view_flag(view, "unverified", instrument->valid.unverified);
}

/* A factor in the words of the day; NULL: it is not in force. */
static const char *
choice_label(const struct aw_form *f, const struct aw_question *question, size_t i)
{
	const struct aw_factor *factor;

	if (!question->of_factors)
		return aw_form_label(f, question->choices[i].label);
	factor = aw_policy_factor(
		f->policy, question->choices[i].code, aw_taipei_day(f->call->act.now_ms));
	return factor == NULL ? NULL : aw_form_label(f, factor->label);
}

void
aw_form_question(const struct aw_form *f, const struct aw_question *question, struct aw_view *view)
{
	struct aw_arena *arena = f->call->act.arena;
	const json_t *answer =
		json_object_get(json_object_get(f->report, "answers"), question->code);
	bool many = question->type == AW_QUESTION_CHOICES;
	const char *name = aw_arena_printf(arena, "answers.%s", question->code);

	aw_view_text(view, "name", name);
	aw_view_text(view, "label", aw_form_label(f, question->label));
	if (question->hint.zh != NULL)
		aw_view_text(view, "hint", aw_form_label(f, question->hint));
	aw_view_flag(view, "is_radio",
		question->type == AW_QUESTION_FLAG || question->type == AW_QUESTION_CHOICE);
	aw_view_flag(view, "is_check", many);
	aw_view_flag(view, "is_number", question->type == AW_QUESTION_NUMBER);
	aw_view_flag(view, "is_text", question->type == AW_QUESTION_TEXT);
	aw_view_flag(view, "is_items", question->type == AW_QUESTION_INSTRUMENT);
	aw_view_flag(view, "is_long", question->choice_count > 8);
	if (question->type == AW_QUESTION_FLAG)
		aw_form_yes_no(view, "choices", answer, aw_form_said_unknown(f, name));
	if (question->type == AW_QUESTION_INSTRUMENT)
		show_items(f, question, answer, view);
	for (size_t i = 0; i < question->choice_count; i++) {
		const char *label = choice_label(f, question, i);

		if (label != NULL)
			aw_form_option(view, "choices", question->choices[i].code, label,
				chosen(answer, question->choices[i].code));
	}
	if (question->type == AW_QUESTION_CHOICE)
		aw_form_word(view, "choices", "", "unknown", aw_form_said_unknown(f, name));
	if (json_is_string(answer))
		aw_view_text(view, "value", json_string_value(answer));
	if (json_is_integer(answer))
		aw_view_text(view, "value",
			aw_arena_printf(arena, "%lld", (long long)json_integer_value(answer)));
}
