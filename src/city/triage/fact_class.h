/**
 * triage/fact_class - which facts of a decision a viewer may be told: a level is of the class risk, an
 * illness behind it is not.
 * Layer: city, room triage.  Threads: pure.  Example: tests/city/triage/test_fact_class.c
 *
 * A fact has the class of its question (questions.yaml) or of its register (registers/<code>.yaml), else
 * risk. A question may say which decisions take a part of its answer that is of another class: that somebody is poor,
 * of an answer that lists illnesses too. What a table of the triage model comes to is risk where it is a scale of the city, for that is shown as
 * the level; anything else has the classes of all that it is made of. What the model in force does not
 * know any more has every class: an old case is told too little rather than too much.
 *
 * A column is hidden from whoever lacks one of its classes. A row is sealed when no column that is seen
 * keeps it from firing, and a hidden one is looked at: to say that it fired, or that it did not, would tell the
 * hidden fact. So for two cases that differ in hidden facts alone and came to the same levels,
 * everything that is shown is the same; the test holds the page to that.
 */
#ifndef AW_CITY_TRIAGE_FACT_CLASS_H
#define AW_CITY_TRIAGE_FACT_CLASS_H

#include "city/triage/triage.h"
#include "guard/access.h"

struct aw_fact_eye {
	const struct aw_act *act;
	const struct aw_access *access;
	const struct aw_dmn_model *model; /* of the policy in force; NULL: every fact is hidden */
	bool all;			  /* every class is seen: nothing has to be looked up */
};

/** Looks with the access's classes at decisions made at that time; access NULL: for aw_row_classes() alone. */
struct aw_fact_eye
aw_fact_eye(const struct aw_act *act, const struct aw_access *access, int64_t at_ms);

/** Why what an expression looks at is hidden, as aw_view_hide() wants it; NULL: it may be told. */
const char *aw_fact_hidden(const struct aw_fact_eye *eye, const char *expression);

/** The same for each column of a table, in the act's arena. */
const char **
aw_fact_columns(const struct aw_fact_eye *eye, const struct aw_explain_decision *table);

/** The reason of the first hidden column; NULL: none is. */
const char *aw_fact_first(const struct aw_explain_decision *table, const char *const *hidden);

/** Would whether this row fired tell a hidden fact? hidden: of aw_fact_columns. */
bool aw_row_sealed(const struct aw_explain_decision *table, const struct aw_explain_row *row,
	const char *const *hidden);

/** Bits of the classes above risk that one has to see to be told what this row of a table brought about; of
 *  a table where the first row counts, those too that kept the rows before it from firing. 0: whoever may see
 *  the level may be told. Every class, where there is no such row. The eye's access is not read. */
uint32_t
aw_row_classes(const struct aw_fact_eye *eye, const struct aw_explain_decision *table, int64_t row);

#endif
