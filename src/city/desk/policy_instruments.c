/* city/desk/policy_instruments - 量表 on the policy page: items, answers, bands; the six dimensions. */
#include <string.h>

#include "city/desk/policy_tables.h"
#include "policy/policy.h"

static const char *
words(const struct aw_call *call, const struct aw_label *label)
{
	return aw_label_text(*label, call->language);
}

/* The choices of an item, or from least to most; NULL: yes, no, unknown. */
static const char *
answers_of(struct aw_call *call, const struct aw_instrument_item *item)
{
	struct aw_buf buf = { .arena = call->act.arena };

	for (size_t i = 0; i < item->choice_count; i++) {
		aw_buf_text(&buf, i == 0 ? "" : " / ");
		aw_buf_text(&buf, words(call, &item->choices[i].label));
	}
	if (item->choice_count == 0 && item->most > 1)
		aw_buf_printf(
			&buf, "%lld\u2011%lld", (long long)item->least, (long long)item->most);
	return buf.len == 0 ? NULL : aw_buf_z(&buf);
}

static const char *
part_of(const struct aw_call *call, const struct aw_instrument *instrument, const char *code)
{
	for (size_t i = 0; code != NULL && i < instrument->part_count; i++)
		if (strcmp(instrument->parts[i].code, code) == 0)
			return words(call, &instrument->parts[i].label);
	return NULL;
}

/* A row whose source stands in the row above already does not say it again. */
static struct aw_view *
row_of(struct aw_view *table, const struct aw_valid *valid, const struct aw_valid *above)
{
	struct aw_valid said = *valid;

	if (above != NULL && aw_text_eq(above->source, valid->source))
		said.source = NULL;
	return aw_policy_row(table, &said);
}

static void
show_items(struct aw_call *call, const struct aw_instrument *instrument)
{
	const char *title = words(call, &instrument->label);
	struct aw_view *table = aw_policy_table(call, "instrument",
		instrument->version == NULL
			? title
			: aw_arena_printf(call->act.arena, "%s %s", title, instrument->version),
		words(call, &instrument->note));

	if (instrument->part_count > 0)
		aw_policy_head_code(table, "part");
	aw_policy_head_code(table, "item");
	aw_policy_head_code(table, "answers");
	aw_policy_head_code(table, "limits");
	for (size_t i = 0; i < instrument->item_count; i++) {
		const struct aw_instrument_item *item = &instrument->items[i];
		struct aw_view *row = row_of(table, &item->valid, i > 0 ? &item[-1].valid : NULL);
		const char *answers = answers_of(call, item);

		if (instrument->part_count > 0)
			aw_policy_cell(row, i > 0 && aw_text_eq(item[-1].part, item->part)
						    ? NULL
						    : part_of(call, instrument, item->part));
		aw_policy_cell(row, words(call, &item->label));
		if (answers != NULL)
			aw_policy_cell(row, answers);
		else
			aw_policy_cell_word(row, "yes_no");
		aw_policy_cell_word(row, item->may_not_apply ? "not_apply"
					 : instrument->band_count > 0 && !item->counted
						 ? "not_counted"
						 : NULL);
	}
}

static void
show_bands(struct aw_call *call, const struct aw_instrument *instrument)
{
	struct aw_view *table;

	if (instrument->band_count == 0)
		return;
	table = aw_policy_table(call, "instrument", words(call, &instrument->label), NULL);
	aw_policy_head_code(table, "points");
	aw_policy_head_code(table, "band");
	aw_policy_head_code(table, "weight");
	for (size_t i = 0; i < instrument->band_count; i++) {
		const struct aw_band *band = &instrument->bands[i];
		struct aw_view *row =
			row_of(table, &instrument->valid, i > 0 ? &instrument->valid : NULL);

		aw_policy_cell(row, aw_arena_printf(call->act.arena, "%lld\u2011%lld",
					    (long long)band->least, (long long)band->most));
		aw_policy_cell(row, words(call, &band->label));
		aw_policy_cell_word(row, band->weight);
	}
}

static void
show_factors(struct aw_call *call, const struct aw_named *dimension)
{
	const struct aw_policy *policy = call->act.policy;
	struct aw_view *table =
		aw_policy_table(call, "dimension", words(call, &dimension->label), NULL);
	const struct aw_valid *above = NULL;

	aw_policy_head_code(table, "factor");
	aw_policy_head_code(table, "degree");
	for (size_t i = 0; i < policy->factor_count; i++) {
		const struct aw_factor *factor = &policy->factors[i];
		struct aw_view *row;

		if (strcmp(factor->dimension, dimension->code) != 0)
			continue;
		row = row_of(table, &factor->valid, above);
		above = &factor->valid;
		aw_policy_cell(row, words(call, &factor->label));
		aw_policy_cell_word(row, factor->degree);
	}
}

void
aw_policy_instruments(struct aw_call *call)
{
	const struct aw_policy *policy = call->act.policy;

	for (size_t i = 0; i < policy->instrument_count; i++) {
		show_items(call, &policy->instruments[i]);
		show_bands(call, &policy->instruments[i]);
	}
	for (size_t i = 0; i < policy->dimension_count; i++)
		show_factors(call, &policy->dimensions[i]);
}
