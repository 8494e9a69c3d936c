/**
 * rule/model_read - the reader of models: its state.
 * Layer: rule; for model.c, model_read.c and model_box.c alone.
 */
#ifndef AW_RULE_MODEL_READ_H
#define AW_RULE_MODEL_READ_H

#include "rule/xml.h"

struct aw_model_reader {
	struct aw_arena *arena;
	struct aw_dmn_model *model;
	const struct aw_dmn_options *options;
	struct aw_error *err; /* status other than AW_OK: stop */
	struct aw_dmn_problem **last_problem;
};

static inline bool
aw_model_failed(const struct aw_model_reader *r)
{
	return r->err->status != AW_OK;
}

/** Parses what stands in <text> (or in the element itself); empty is a NULL node. */
struct aw_cell_text aw_model_cell(struct aw_model_reader *r, const xmlNode *element, bool tests);
/** The type of an element's typeRef, NULL if it says none. */
const struct aw_type *aw_model_type_ref(struct aw_model_reader *r, const char *type_ref);
/** The boxed expression that is a child of an element; NULL if there is none. */
struct aw_box *aw_model_box_in(struct aw_model_reader *r, const xmlNode *element);
/** A boxed expression at its own element; NULL if the element is not one. */
struct aw_box *aw_model_box(struct aw_model_reader *r, const xmlNode *element);
/** Adds to the known names all that the file declares below an element. */
void aw_model_names(struct aw_model_reader *r, const xmlNode *element);
void aw_model_box_name(struct aw_model_reader *r, struct aw_box *box, struct aw_str name);
void aw_model_box_type(struct aw_model_reader *r, struct aw_box *box, const struct aw_type *type);

/** Checks, in a strict model, that every name in tables and literal expressions is one in scope. */
void aw_model_lint(struct aw_model_reader *r);

/** Notes what breaks the model whole: a problem where all that is wrong is wanted, else the first is an
 *  error. With a problem, what is wrong is left out of the model. */
__attribute__((format(printf, 3, 4))) void
aw_model_mistake(struct aw_model_reader *r, uint32_t line, const char *format, ...);
/** Notes that an expression does not parse: an error when strict, else a problem. */
void aw_model_problem(struct aw_model_reader *r, uint32_t line, uint32_t column, const char *text);

#endif
