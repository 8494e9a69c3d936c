/* rule/explain - what inputs and decisions may be worth, and expressions over them. */
#include "rule/explain_prospect.h"

bool
aw_prospect_uncertain(const struct aw_prospect *m)
{
	return m->anything || m->count != 1;
}

void
aw_prospect_add(struct aw_prospect *m, struct aw_value v)
{
	for (size_t i = 0; i < m->count; i++) {
		if (aw_value_equal(m->values[i], v) == AW_TRUE)
			return;
	}
	if (m->count == OTHERS_MOST)
		m->anything = true;
	else
		m->values[m->count++] = v;
}

static void
add_causes(const struct aw_explain_pass *p, struct aw_prospect *m, size_t word, uint64_t bits)
{
	if (m->causes == NULL)
		m->causes = AW_NEW_ARRAY(p->arena, uint64_t, p->words);
	m->causes[word] |= bits;
}

void
aw_prospect_add_causes(
	const struct aw_explain_pass *p, struct aw_prospect *m, const struct aw_prospect *from)
{
	for (size_t i = 0; from->causes != NULL && i < p->words; i++)
		add_causes(p, m, i, from->causes[i]);
}

struct aw_prospect *
aw_prospect_of(const struct aw_explain_pass *p, const struct aw_dmn_item *item)
{
	for (size_t i = 0; i < p->count; i++) {
		if (p->maybes[i].item == item)
			return &p->maybes[i];
	}
	return NULL;
}

/* -- inputs ------------------------------------------------------------------------------------ */

/* A closed range of few whole numbers. */
static bool
add_whole_numbers(struct aw_explain_pass *p, struct aw_prospect *m, const struct aw_node *test)
{
	int64_t low, high;

	if (test->op != AW_OP_RANGE || !test->low_closed || !test->high_closed)
		return false;
	struct aw_value a = aw_eval(&p->drg->run, NULL, test->kids[0]);
	struct aw_value b = aw_eval(&p->drg->run, NULL, test->kids[1]);

	if (a.kind != AW_VALUE_NUMBER || b.kind != AW_VALUE_NUMBER ||
		!aw_num_int64(a.u.number, &low) || !aw_num_int64(b.u.number, &high) ||
		high - low >= OTHERS_MOST)
		return false;
	for (int64_t i = low; i <= high; i++)
		aw_prospect_add(m, aw_value_int(i));
	return true;
}

/* Everything that a type allows, when that is a short list. */
static void
add_domain(struct aw_explain_pass *p, struct aw_prospect *m)
{
	const struct aw_type *type = aw_type_resolve(&m->item->model->types, m->item->type);
	const struct aw_node *allowed = type->allowed;

	if (type->kind == AW_TYPE_BASIC && type->basic == AW_VALUE_FLAG) {
		aw_prospect_add(m, aw_value_flag(true));
		aw_prospect_add(m, aw_value_flag(false));
		return;
	}
	m->anything = true;
	if (allowed == NULL || allowed->op != AW_OP_TESTS || allowed->negated ||
		type->kind == AW_TYPE_LIST)
		return;
	if (allowed->count == 1 && add_whole_numbers(p, m, allowed->kids[0])) {
		m->anything = false;
		return;
	}
	for (size_t i = 0; i < allowed->count; i++) {
		if (allowed->kids[i]->op != AW_OP_LITERAL)
			return;
		aw_prospect_add(m, allowed->kids[i]->value);
	}
	m->anything = m->count >= OTHERS_MOST;
}

void
aw_prospect_input(struct aw_explain_pass *p, struct aw_prospect *m, struct aw_value value)
{
	const struct aw_dmn_case *c = p->drg->the_case;

	for (size_t i = 0; i < c->input_count; i++) {
		if (!aw_str_is(m->item->name, c->inputs[i].name))
			continue;
		m->source = c->inputs[i].source;
		for (size_t k = 0; k < c->inputs[i].other_count; k++)
			aw_prospect_add(m, c->inputs[i].others[k]);
	}
	if (value.kind != AW_VALUE_NULL)
		aw_prospect_add(m, value);
	else if (m->count == 0)
		add_domain(p, m);
	size_t place = (size_t)(m - p->maybes);

	if (aw_prospect_uncertain(m))
		add_causes(p, m, place / 64, UINT64_C(1) << (place % 64));
}

/* -- expressions over what is uncertain -------------------------------------------------------- */

void
aw_roots_find(const struct aw_explain_pass *p, const struct aw_dmn_item *item,
	const struct aw_node *node, struct aw_roots *r)
{
	if (node->op == AW_OP_NAME) {
		for (size_t i = 0; i < item->needs.count; i++) {
			const struct aw_dmn_need *need = &item->needs.at[i];
			const struct aw_prospect *m = aw_prospect_of(p, need->item);
			bool named = aw_str_eq(need->item->name, node->text) ||
				     (need->import.len > 0 && aw_str_eq(need->import, node->text));

			if (m == NULL || !aw_prospect_uncertain(m) || !named)
				continue;
			bool there = false;

			for (size_t k = 0; k < r->count; k++)
				there = there || r->at[k] == m;
			if (!there && r->count < AW_COUNT(r->at))
				r->at[r->count++] = m;
			else if (!there)
				r->more = true;
		}
	}
	for (size_t i = 0; i < node->count; i++) {
		if (node->kids[i] != NULL)
			aw_roots_find(p, item, node->kids[i], r);
	}
}

void
aw_roots_try(struct aw_explain_pass *p, const struct aw_scope *scope, const struct aw_roots *roots,
	aw_way_fn *eval, const void *what, struct aw_prospect *ret)
{
	size_t ways = 1;

	for (size_t i = 0; i < roots->count; i++) {
		aw_prospect_add_causes(p, ret, roots->at[i]);
		ret->anything = ret->anything || roots->at[i]->anything;
		ways *= roots->at[i]->count == 0 ? 1 : roots->at[i]->count;
		if (ways > WAYS_MOST)
			ret->anything = true;
	}
	ret->anything = ret->anything || roots->more;
	for (size_t w = 0; w < ways && w < WAYS_MOST; w++) {
		struct aw_context *names = AW_NEW(p->arena, struct aw_context);
		struct aw_scope *inner =
			AW_NEW(p->arena, struct aw_scope); /* a function keeps it */
		size_t rest = w;

		*inner = (struct aw_scope){ scope, names };
		for (size_t i = 0; i < roots->count; i++) {
			const struct aw_prospect *m = roots->at[i];

			if (m->count == 0)
				continue;
			aw_context_put(p->arena, names, m->item->name, m->values[rest % m->count]);
			rest /= m->count;
		}
		aw_prospect_add(ret, eval(p, inner, what));
	}
}

struct aw_value
aw_way_column(struct aw_explain_pass *p, const struct aw_scope *scope, const void *what)
{
	const struct aw_table_input *in = what;
	struct aw_run *run = &p->drg->run;
	bool ok;

	return aw_type_coerce(
		run, run->types, in->type, aw_eval(run, scope, in->expression.node), &ok);
}

struct aw_value
aw_way_decision(struct aw_explain_pass *p, const struct aw_scope *scope, const void *what)
{
	const struct aw_dmn_item *item = what;
	struct aw_run *run = &p->drg->run;
	bool ok;

	return aw_type_coerce(run, run->types, item->type, aw_box_eval(run, scope, item->box), &ok);
}
