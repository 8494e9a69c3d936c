/* city/triage/fact_class - questions, registers and the graph of decisions, down to classes. */
#include "city/triage/fact_class.h"

#include <string.h>

#include "base/clock.h"
#include "city/person/mapping.h"
#include "policy/policy.h"
#include "rule/model.h"

#define EVERY_CLASS ((UINT32_C(1) << AW_CLASS_COUNT) - 1)

struct aw_fact_eye
aw_fact_eye(const struct aw_act *act, const struct aw_access *access, int64_t at_ms)
{
	const struct aw_triage *triage = aw_policy_triage(act->policy, aw_taipei_day(at_ms));

	struct aw_fact_eye eye = { .act = act,
		.access = access,
		.model = triage == NULL ? NULL : triage->model,
		.all = access != NULL };

	for (int class = AW_CLASS_RISK; eye.all && class < AW_CLASS_COUNT; class ++)
		eye.all &= aw_access_may(access, (enum aw_field_class) class);
	return eye;
}

/* "bsrs5_suicide" is an item of the instrument that the question bsrs5 asks with. */
static const struct aw_question *
question_of(const struct aw_kind *kind, const char *fact)
{
	for (size_t i = 0; i < kind->question_count; i++) {
		const struct aw_question *question = &kind->questions[i];
		size_t len = strlen(question->code);

		if (strncmp(question->code, fact, len) == 0 &&
			(fact[len] == '\0' ||
				(fact[len] == '_' && question->type == AW_QUESTION_INSTRUMENT)))
			return question;
	}
	return NULL;
}

/* Of what was asked, or of the register that says it. */
static uint32_t
classes_of_fact(const struct aw_fact_eye *eye, const char *name)
{
	const struct aw_policy *policy = eye->act->policy;
	const struct aw_registers *registers = aw_registers_of(eye->act);
	uint32_t classes = 0;

	for (size_t i = 0; i < policy->kind_count; i++) {
		const struct aw_question *question = question_of(&policy->kinds[i], name);

		if (question != NULL)
			classes |= AW_CLASS_BIT(question->class_bit);
	}
	for (size_t i = 0; i < registers->count; i++) {
		for (size_t k = 0; k < registers->at[i].fact_count; k++) {
			if (strcmp(registers->at[i].facts[k].fact, name) == 0)
				classes |= AW_CLASS_BIT(registers->at[i].class_bit);
		}
	}
	return classes == 0 ? AW_CLASS_BIT(AW_CLASS_RISK) : classes;
}

/* A decision that takes no more of an answer than its question says may be told. */
static bool
class_of_part(const struct aw_fact_eye *eye, const char *decision, uint32_t *ret_classes)
{
	const struct aw_policy *policy = eye->act->policy;

	for (size_t i = 0; i < policy->kind_count; i++) {
		const struct aw_kind *kind = &policy->kinds[i];

		for (size_t q = 0; q < kind->question_count; q++) {
			const struct aw_question *question = &kind->questions[q];

			for (size_t p = 0; p < question->part_count; p++) {
				if (!aw_text_eq(question->parts[p].decision, decision))
					continue;
				*ret_classes = AW_CLASS_BIT(question->parts[p].class_bit);
				return true;
			}
		}
	}
	return false;
}

static uint32_t
classes_of_item(const struct aw_fact_eye *eye, const struct aw_dmn_item *item, bool *seen)
{
	uint32_t classes = AW_CLASS_BIT(AW_CLASS_RISK);

	if (item->model != eye->model)
		return EVERY_CLASS; /* no city's triage imports another model */
	if (item->kind == AW_DMN_INPUT)
		return classes_of_fact(eye, item->name.at);
	if (seen[item->at] ||
		(item->id != NULL && (aw_policy_scale(eye->act->policy, item->id) != NULL ||
					     class_of_part(eye, item->id, &classes))))
		return classes;
	seen[item->at] = true;
	for (size_t i = 0; i < item->needs.count; i++)
		classes |= classes_of_item(eye, item->needs.at[i].item, seen);
	return classes;
}

static const struct aw_dmn_item *
find_item(const struct aw_dmn_model *model, const char *name)
{
	const struct aw_dmn_item *item = aw_dmn_find(model, AW_DMN_DECISION, name);

	return item != NULL ? item : aw_dmn_find(model, AW_DMN_INPUT, name);
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

/* Every name in an expression. A function's is followed by its arguments; another that the model does
 * not know is reason enough to hide. */
static uint32_t
classes_of(const struct aw_fact_eye *eye, const char *expression)
{
	uint32_t classes = AW_CLASS_BIT(AW_CLASS_RISK);
	const struct aw_dmn_item *item;
	const char *at = expression;

	if (eye->model == NULL || expression == NULL)
		return EVERY_CLASS;
	while (*at != '\0') {
		const char *start = at;

		if (!is_letter(*at)) {
			at++;
			continue;
		}
		while (is_letter(*at) || (*at >= '0' && *at <= '9'))
			at++;
		item = find_item(
			eye->model, aw_arena_strndup(eye->act->arena, start, (size_t)(at - start)));
		if (item != NULL)
			classes |= classes_of_item(eye, item,
				AW_NEW_ARRAY(eye->act->arena, bool, eye->model->item_count + 1));
		else if (*at != '(')
			return EVERY_CLASS;
	}
	return classes;
}

const char *
aw_fact_hidden(const struct aw_fact_eye *eye, const char *expression)
{
	uint32_t classes = eye->all ? 0 : classes_of(eye, expression);

	for (int class = AW_CLASS_RISK; class < AW_CLASS_COUNT; class ++) {
		if ((classes & AW_CLASS_BIT(class)) != 0 &&
			!aw_access_may(eye->access, (enum aw_field_class) class))
			return aw_access_reason(eye->access, (enum aw_field_class) class);
	}
	return NULL;
}

const char **
aw_fact_columns(const struct aw_fact_eye *eye, const struct aw_explain_decision *table)
{
	const char **hidden = AW_NEW_ARRAY(eye->act->arena, const char *, table->input_count + 1);

	for (size_t i = 0; i < table->input_count; i++)
		hidden[i] = aw_fact_hidden(eye, table->inputs[i].expression);
	return hidden;
}

const char *
aw_fact_first(const struct aw_explain_decision *table, const char *const *hidden)
{
	for (size_t i = 0; i < table->input_count; i++) {
		if (hidden[i] != NULL)
			return hidden[i];
	}
	return NULL;
}

bool
aw_row_sealed(const struct aw_explain_decision *table, const struct aw_explain_row *row,
	const char *const *hidden)
{
	bool looks = false;

	for (size_t i = 0; i < table->input_count; i++) {
		if (hidden[i] != NULL)
			looks |= row->cells[i] != AW_CELL_ANY;
		else if (row->cells[i] == AW_CELL_FALSE)
			return false;
	}
	return looks;
}

/* Of the columns that a row looks at. */
static uint32_t
classes_looked_at(const struct aw_explain_row *row, size_t count, const uint32_t *columns)
{
	uint32_t classes = 0;

	for (size_t i = 0; i < count; i++)
		classes |= row->cells[i] == AW_CELL_ANY ? 0 : columns[i];
	return classes;
}

/* Is the row ruled out by what whoever sees no more than the level may see? */
static bool
ruled_out_openly(const struct aw_explain_row *row, size_t count, const uint32_t *columns)
{
	for (size_t i = 0; i < count; i++)
		if (row->cells[i] == AW_CELL_FALSE && columns[i] == 0)
			return true;
	return false;
}

uint32_t
aw_row_classes(const struct aw_fact_eye *eye, const struct aw_explain_decision *table, int64_t row)
{
	const uint32_t open = AW_CLASS_BIT(AW_CLASS_OPEN) | AW_CLASS_BIT(AW_CLASS_RISK);
	bool first = aw_text_eq(table->hit_policy, "F");
	uint32_t *columns = AW_NEW_ARRAY(eye->act->arena, uint32_t, table->input_count + 1);
	uint32_t classes = 0;

	for (size_t i = 0; i < table->input_count; i++)
		columns[i] = classes_of(eye, table->inputs[i].expression) & ~open;
	for (size_t r = 0; r < table->row_count; r++) {
		const struct aw_explain_row *at = &table->rows[r];

		if (at->number == row)
			return classes | classes_looked_at(at, table->input_count, columns);
		if (first && !ruled_out_openly(at, table->input_count, columns))
			classes |= classes_looked_at(at, table->input_count, columns);
	}
	return EVERY_CLASS & ~open;
}
