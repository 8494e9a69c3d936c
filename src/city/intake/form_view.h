/**
 * city/intake/form_view - inside the room: what a step of the form shows.
 * Layer: city, room intake, for intake alone.  Threads: one call, one thread.
 */
#ifndef AW_CITY_INTAKE_FORM_VIEW_H
#define AW_CITY_INTAKE_FORM_VIEW_H

#include "city/intake/form.h"

enum aw_form_step { AW_STEP_KIND, AW_STEP_TELL, AW_STEP_CONTACT, AW_STEP_CHECK, AW_STEP_COUNT };

struct aw_form {
	struct aw_call *call;
	const struct aw_policy *policy;
	const struct aw_kind *kind; /* NULL: not chosen yet */
	const json_t *report;	    /* as typed */
	enum aw_form_step step;
	bool agency;
};

/** The form as the call's values have it, at the step they name. */
struct aw_form aw_form_open(struct aw_call *call, bool agency);
/** The next or previous step; the agencies' form has no step of its own for the contact. */
enum aw_form_step aw_form_move(const struct aw_form *form, enum aw_form_step step, int by);
/** The step on whose page a field stands. */
enum aw_form_step aw_form_step_of(const struct aw_form *form, const char *field);
/** The key that makes sending twice harmless: as the form carries it, or a new one. */
const char *aw_form_key(const struct aw_form *form);
/* -- parts of the form (form_questions.c) -- */

extern const struct aw_view_type aw_form_option_view;
extern const struct aw_view_type aw_form_question_view;
/** A label of the policy in the reader's language. */
const char *aw_form_label(const struct aw_form *form, struct aw_label label);
/** Adds a choice in the policy's words, or in the house's (message "report.word.<words>"). */
void aw_form_option(
	struct aw_view *view, const char *list, const char *code, const char *text, bool chosen);
void aw_form_word(
	struct aw_view *view, const char *list, const char *code, const char *words, bool chosen);
/** 「不知道」 was chosen: the field was sent, and empty. */
bool aw_form_said_unknown(const struct aw_form *form, const char *name);
void aw_form_yes_no(struct aw_view *view, const char *list, const json_t *answer, bool unknown);
/** One question as it is asked, with what was answered. */
void aw_form_question(
	const struct aw_form *form, const struct aw_question *question, struct aw_view *view);

/** Fills the view of the form's step. */
void aw_form_show(struct aw_form *form);

#endif
