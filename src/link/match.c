/* Pairs of rows compared. */
#include "link/match.h"

#include <string.h>

#include "link/model.h"
#include "link/room.h"

enum { VALUE_BITS = 28, MEMO_VALUES = 2000 };

/* -- the matcher --------------------------------------------------------------------------------- */

/* The level of a field that an own names: "swapped", "near or missing". */
static enum aw_status
read_own(struct aw_matcher *matcher, size_t f, const char *text, struct aw_own *own,
	struct aw_error *err)
{
	static const char or_missing[] = " or missing";
	const struct aw_comparator *comparator = &matcher->comparators[f];
	struct aw_str code = aw_str(text);
	size_t l = 1;

	own->or_missing[f] = aw_str_ends(code, or_missing);
	code.len -= own->or_missing[f] ? sizeof(or_missing) - 1 : 0;
	while (l + 1 < comparator->count && !aw_str_is(code, comparator->levels[l].code))
		l++;
	if (l + 1 >= comparator->count)
		return aw_fail(err, AW_INVALID,
			"own: the field %.60s has no level \"%.40s\" before its last one",
			matcher->spec->fields[f].column, text);
	own->least[f] = (uint8_t)l;
	return AW_OK;
}

static enum aw_status
read_owns(struct aw_matcher *matcher, struct aw_error *err)
{
	const struct aw_link_spec *spec = matcher->spec;

	for (size_t i = 0; i < spec->own_count; i++)
		for (size_t f = 0; f < spec->field_count; f++)
			if (spec->owns[i].levels[f] != NULL &&
				read_own(matcher, f, spec->owns[i].levels[f], &matcher->owns[i],
					err) != AW_OK)
				return err->status;
	return AW_OK;
}

enum aw_status
aw_matcher_make(const struct aw_link_spec *spec, const struct aw_table *table,
	struct aw_matcher *ret_matcher, struct aw_error *err)
{
	struct aw_matcher matcher = { .spec = spec, .table = table };
	uint64_t radix = 1;

	for (size_t f = 0; f < spec->field_count; f++) {
		if (aw_comparator_make(&spec->fields[f], &table->columns[f],
			    &matcher.comparators[f], err) != AW_OK) {
			aw_matcher_done(&matcher);
			return err->status;
		}
		matcher.radix[f] = radix;
		if (radix > UINT64_MAX / 2 / matcher.comparators[f].count) {
			aw_matcher_done(&matcher);
			return aw_fail(err, AW_TOO_LARGE,
				"the fields have too many levels together: name fewer fields, or "
				"fewer levels of them");
		}
		radix *= matcher.comparators[f].count;
	}
	if (read_owns(&matcher, err) != AW_OK) {
		aw_matcher_done(&matcher);
		return err->status;
	}
	*ret_matcher = matcher;
	return AW_OK;
}

void
aw_matcher_done(struct aw_matcher *matcher)
{
	for (size_t f = 0; f < AW_SPEC_FIELDS; f++) {
		aw_comparator_done(&matcher->comparators[f]);
		free(matcher->rarity[f]);
		matcher->rarity[f] = NULL;
	}
}

/* Winkler's adjustment: for values that agree exactly u is the value's own share, so that the weight
 * changes by log2(u / share). A value seen once counts as seen twice: the pair itself has two. */
static void
fill_rarity(struct aw_matcher *matcher, size_t f)
{
	const struct aw_column *column = &matcher->table->columns[f];
	double u = matcher->fit->u[f][1];
	double rows = (double)(matcher->table->rows - column->frequency[0]);

	if (matcher->rarity[f] == NULL)
		matcher->rarity[f] = aw_room_new((size_t)column->count + 1, sizeof(int32_t));
	for (uint32_t v = 1; v <= column->count; v++) {
		double seen = column->frequency[v] < 2 ? 2.0 : (double)column->frequency[v];

		matcher->rarity[f][v] = rows < 2.0 ? 0 : aw_link_log2_mbits(u / (seen / rows));
	}
}

static int32_t
most_of(const struct aw_matcher *matcher, size_t f)
{
	const struct aw_column *column = &matcher->table->columns[f];
	int32_t most = 0, rare = 0;

	for (size_t l = 1; l < matcher->comparators[f].count; l++)
		most = matcher->fit->weight[f][l] > most ? matcher->fit->weight[f][l] : most;
	if (matcher->rarity[f] != NULL)
		for (uint32_t v = 1; v <= column->count; v++)
			rare = matcher->rarity[f][v] > rare ? matcher->rarity[f][v] : rare;
	return most + rare;
}

/* What a field is worth to be asked early: how much it can take away, against what asking costs. */
static int64_t
urgency(const struct aw_matcher *matcher, size_t f)
{
	const struct aw_comparator *comparator = &matcher->comparators[f];
	int64_t last = matcher->fit->weight[f][comparator->count - 1];
	int64_t range = most_of(matcher, f) - last;

	return comparator->by_form ? range / 2 : range;
}

void
aw_matcher_weigh(struct aw_matcher *matcher, const struct aw_fit *fit, int32_t least)
{
	size_t n = matcher->spec->field_count;
	int32_t rest = 0;

	matcher->fit = fit;
	matcher->least = least;
	for (size_t f = 0; f < n; f++) {
		size_t k = f;

		if (matcher->spec->fields[f].term_frequency)
			fill_rarity(matcher, f);
		for (; k > 0 && urgency(matcher, matcher->order[k - 1]) < urgency(matcher, f); k--)
			matcher->order[k] = matcher->order[k - 1];
		matcher->order[k] = (uint8_t)f;
	}
	for (size_t k = n; k-- > 0;) {
		rest += most_of(matcher, matcher->order[k]);
		matcher->remaining[k] = rest;
	}
}

/* -- patterns ------------------------------------------------------------------------------------ */

uint64_t
aw_pattern(const struct aw_matcher *matcher, const uint8_t levels[AW_SPEC_FIELDS])
{
	uint64_t pattern = 0;

	for (size_t f = 0; f < matcher->spec->field_count; f++)
		pattern += levels[f] * matcher->radix[f];
	return pattern;
}

void
aw_pattern_levels(
	const struct aw_matcher *matcher, uint64_t pattern, uint8_t ret_levels[AW_SPEC_FIELDS])
{
	for (size_t f = 0; f < matcher->spec->field_count; f++) {
		ret_levels[f] = (uint8_t)(pattern % matcher->comparators[f].count);
		pattern /= matcher->comparators[f].count;
	}
}

static bool
agrees(const struct aw_matcher *matcher, const struct aw_own *own, const uint8_t *levels)
{
	for (size_t f = 0; f < matcher->spec->field_count; f++)
		if (own->least[f] != 0 &&
			(levels[f] > own->least[f] || (levels[f] == 0 && !own->or_missing[f])))
			return false;
	return true;
}

bool
aw_pattern_is_own(const struct aw_matcher *matcher, uint64_t pattern)
{
	size_t count = matcher->spec->own_count, i = 0;
	uint8_t levels[AW_SPEC_FIELDS];

	aw_pattern_levels(matcher, pattern, levels);
	while (i < count && !agrees(matcher, &matcher->owns[i], levels))
		i++;
	return count == 0 || i < count;
}

char *
aw_pattern_text(const struct aw_matcher *matcher, uint64_t pattern, struct aw_arena *arena)
{
	struct aw_buf buf = { .arena = arena };
	uint8_t levels[AW_SPEC_FIELDS];

	aw_pattern_levels(matcher, pattern, levels);
	for (size_t f = 0; f < matcher->spec->field_count; f++)
		aw_buf_printf(&buf, "%s%s=%s", f == 0 ? "" : "|", matcher->table->columns[f].name,
			matcher->comparators[f].levels[levels[f]].code);
	return aw_arena_strdup(arena, aw_buf_z(&buf));
}

/* -- one pair ------------------------------------------------------------------------------------ */

void
aw_memo_make(const struct aw_matcher *matcher, struct aw_memo *ret_memo)
{
	*ret_memo = (struct aw_memo){ 0 };
	for (size_t f = 0; f < matcher->spec->field_count; f++)
		if (matcher->comparators[f].dear && matcher->table->columns[f].count <= MEMO_VALUES)
			ret_memo->slots[f] =
				aw_room_new((size_t)1 << AW_MEMO_BITS, sizeof(uint64_t));
}

void
aw_memo_done(struct aw_memo *memo)
{
	for (size_t f = 0; f < AW_SPEC_FIELDS; f++)
		free(memo->slots[f]);
	*memo = (struct aw_memo){ 0 };
}

static uint8_t
remembered(const struct aw_matcher *matcher, struct aw_memo *memo, size_t f, uint32_t a, uint32_t b)
{
	uint64_t low = a < b ? a : b, high = a < b ? b : a;
	uint64_t key = (low << VALUE_BITS | high) << 8, hash = key * UINT64_C(0x9E3779B97F4A7C15);
	uint64_t *slot = &memo->slots[f][hash >> (64 - AW_MEMO_BITS)];
	uint8_t level;

	if (*slot >> 8 == key >> 8)
		return (uint8_t)*slot;
	level = aw_comparator_level(&matcher->comparators[f], (uint32_t)low, (uint32_t)high);
	*slot = key | level;
	return level;
}

uint8_t
aw_match_level(
	const struct aw_matcher *matcher, struct aw_memo *memo, size_t f, uint32_t a, uint32_t b)
{
	const struct aw_comparator *comparator = &matcher->comparators[f];

	if (a == 0 || b == 0)
		return 0;
	if (comparator->by_form)
		return aw_comparator_level(comparator, a, b);
	if (a == b)
		return comparator->equal;
	if (memo->slots[f] != NULL)
		return remembered(matcher, memo, f, a, b);
	return aw_comparator_level(comparator, a, b);
}

void
aw_match_levels(const struct aw_matcher *matcher, struct aw_memo *memo, const uint32_t *a,
	const uint32_t *b, uint8_t ret_levels[AW_SPEC_FIELDS])
{
	for (size_t f = 0; f < matcher->spec->field_count; f++)
		ret_levels[f] = aw_match_level(matcher, memo, f, a[f], b[f]);
}

int32_t
aw_pattern_total(const struct aw_matcher *matcher, uint64_t pattern, size_t a, size_t b)
{
	const uint32_t *x = aw_table_row(matcher->table, a), *y = aw_table_row(matcher->table, b);
	uint8_t levels[AW_SPEC_FIELDS];
	int32_t total = matcher->fit->prior_mbits;

	aw_pattern_levels(matcher, pattern, levels);
	for (size_t f = 0; f < matcher->spec->field_count; f++)
		total += aw_match_weight(matcher, f, levels[f], x[f], y[f]);
	return total;
}
