/* rule/cover - walking the combinations of classes. */
#include "rule/cover.h"

#include <string.h>

#include "rule/cover_column.h"

enum { SETS_MOST = 200000 };

struct walk {
	struct aw_cover_source source;
	struct aw_cover *cover;
	struct aw_cover_column *columns;
	size_t column_count, words, found;
	const struct aw_cover_class **path; /* one a column */
	size_t depth;
	aw_rule_set fires; /* rules that some combination makes fire and no earlier one hides */
	/* sets of rules that were looked at, each with its column: open addressing */
	aw_rule_set *seen;
	size_t seen_count, seen_room;
	struct pair *pairs; /* overlaps that were told */
	size_t pair_count, pair_room;
	bool untold;
};

struct pair {
	size_t a, b;
};

/* -- what is found ----------------------------------------------------------------------------- */

static struct aw_cover_finding *
add_finding(struct walk *w, enum aw_cover_kind kind, uint32_t line)
{
	struct aw_cover_finding *finding;

	if (w->found++ >= AW_COVER_MOST) {
		w->cover->left_out++;
		return NULL;
	}
	finding = AW_PUSH(w->source.arena, w->cover->at, w->cover->count, w->cover->room);
	*finding = (struct aw_cover_finding){ .kind = kind, .item = w->source.item, .line = line };
	return finding;
}

/* "kind is suicide and age is < 6": the columns that do not take all values. */
static const char *
path_text(const struct walk *w)
{
	const char *text = "";

	for (size_t i = 0; i < w->depth; i++) {
		const struct aw_table_input *in = &w->source.table->inputs[w->columns[i].input];

		if (w->columns[i].count > 1)
			text = aw_arena_printf(w->source.arena, "%s%s%.*s = %s", text,
				*text == '\0' ? "" : "; ", (int)in->expression.text.len,
				in->expression.text.at, w->path[i]->text);
	}
	return *text == '\0' ? "whatever the inputs" : text;
}

static bool
path_guessed(const struct walk *w)
{
	for (size_t i = 0; i < w->depth; i++) {
		if (w->path[i]->guessed)
			return true;
	}
	return false;
}

static bool
needs_rule(const struct aw_table *table)
{
	for (size_t i = 0; i < table->output_count; i++) {
		if (table->outputs[i].otherwise.node != NULL)
			return false;
	}
	return table->hit < AW_HIT_RULE_ORDER || table->hit == AW_HIT_SUM ||
	       table->hit == AW_HIT_MIN || table->hit == AW_HIT_MAX;
}

static void
tell_gap(struct walk *w)
{
	struct aw_cover_finding *finding;

	if (!needs_rule(w->source.table) || path_guessed(w))
		return;
	finding = add_finding(w, AW_COVER_GAP, w->source.table->line);
	if (finding != NULL)
		finding->text =
			aw_arena_printf(w->source.arena, "no rule fires for %s", path_text(w));
}

/* May two rules both stand? Outputs that are written alike give the same. */
static bool
agree(const struct aw_table *table, size_t a, size_t b)
{
	for (size_t i = 0; i < table->output_count; i++) {
		if (!aw_str_eq(table->rules[a].outputs[i].text, table->rules[b].outputs[i].text))
			return false;
	}
	return true;
}

static void
tell_overlap(struct walk *w, size_t a, size_t b)
{
	const struct aw_table *table = w->source.table;
	struct aw_cover_finding *finding;

	for (size_t i = 0; i < w->pair_count; i++) {
		if (w->pairs[i].a == a && w->pairs[i].b == b)
			return;
	}
	*AW_PUSH(w->source.arena, w->pairs, w->pair_count, w->pair_room) = (struct pair){ a, b };
	finding = add_finding(w, AW_COVER_OVERLAP, table->rules[b].line);
	if (finding == NULL)
		return;
	finding->rule = a + 1;
	finding->other = b + 1;
	finding->text = aw_arena_printf(w->source.arena,
		"rules %zu and %zu both fire for %s, in a table that is %s", a + 1, b + 1,
		path_text(w), table->hit == AW_HIT_UNIQUE ? "UNIQUE" : "ANY");
}

static void
tell_never(struct walk *w)
{
	const struct aw_table *table = w->source.table;

	for (size_t r = 0; r < table->rule_count; r++) {
		struct aw_cover_finding *finding;

		if (aw_rule_in(w->fires, r))
			continue;
		finding = add_finding(w, AW_COVER_NEVER, table->rules[r].line);
		if (finding == NULL)
			continue;
		finding->rule = r + 1;
		finding->text = aw_arena_printf(w->source.arena, "rule %zu can never fire%s", r + 1,
			table->hit == AW_HIT_FIRST ? ", or always behind others" : "");
	}
}

/* -- the walk ---------------------------------------------------------------------------------- */

static size_t
first_of(const struct walk *w, const uint64_t *rules, size_t from)
{
	for (size_t r = from; r < w->source.table->rule_count; r++) {
		if (aw_rule_in(rules, r))
			return r;
	}
	return SIZE_MAX;
}

/* All columns are decided: these rules fire together. */
static void
look_at(struct walk *w, const uint64_t *rules)
{
	const struct aw_table *table = w->source.table;
	size_t first = first_of(w, rules, 0);

	for (size_t i = 0; i < w->words && table->hit != AW_HIT_FIRST; i++)
		w->fires[i] |= rules[i];
	w->fires[first / 64] |= UINT64_C(1) << (first % 64);
	if ((table->hit != AW_HIT_UNIQUE && table->hit != AW_HIT_ANY) || path_guessed(w))
		return;
	for (size_t a = first; a != SIZE_MAX; a = first_of(w, rules, a + 1)) {
		for (size_t b = first_of(w, rules, a + 1); b != SIZE_MAX;
			b = first_of(w, rules, b + 1)) {
			if (table->hit == AW_HIT_UNIQUE || !agree(table, a, b))
				tell_overlap(w, a, b);
		}
	}
}

static uint64_t
hash_set(const struct walk *w, const uint64_t *set)
{
	uint64_t h = UINT64_C(0x9E3779B97F4A7C15);

	for (size_t i = 0; i <= w->words; i++) {
		h = (h ^ set[i]) * UINT64_C(0xFF51AFD7ED558CCD);
		h ^= h >> 32;
	}
	return h;
}

static void
grow_seen(struct walk *w)
{
	size_t room = w->seen_room == 0 ? 1024 : w->seen_room * 2;
	aw_rule_set *old = w->seen;
	size_t old_room = w->seen_room;

	w->seen = AW_NEW_ARRAY(w->source.arena, aw_rule_set, room);
	w->seen_room = room;
	for (size_t i = 0; i < old_room; i++) {
		size_t at;

		if (old[i] == NULL)
			continue;
		for (at = hash_set(w, old[i]) & (room - 1); w->seen[at] != NULL;)
			at = (at + 1) & (room - 1);
		w->seen[at] = old[i];
	}
}

/* The word behind a set holds its column, and whether a guess led to it. */
static bool
was_seen(struct walk *w, const uint64_t *set)
{
	size_t bytes = (w->words + 1) * sizeof(uint64_t), at;

	if (w->seen_count * 2 >= w->seen_room)
		grow_seen(w);
	for (at = hash_set(w, set) & (w->seen_room - 1); w->seen[at] != NULL;) {
		if (memcmp(w->seen[at], set, bytes) == 0)
			return true;
		at = (at + 1) & (w->seen_room - 1);
	}
	w->seen[at] = aw_arena_memdup(w->source.arena, set, bytes);
	w->seen_count++;
	return false;
}

static bool
is_empty(const struct walk *w, const uint64_t *set)
{
	for (size_t i = 0; i < w->words; i++) {
		if (set[i] != 0)
			return false;
	}
	return true;
}

/* rules: those whose cells of the columns so far are met, never none. As deep as the table is wide. */
static void
walk(struct walk *w, const uint64_t *rules)
{
	const struct aw_cover_column *column = &w->columns[w->depth];
	struct aw_arena *arena = w->source.arena;
	struct aw_cover_class none = { 0 }; /* all classes that leave no rule */
	uint64_t *rest = AW_NEW_ARRAY(arena, uint64_t, w->words + 1);

	if (w->depth == w->column_count) {
		look_at(w, rules);
		return;
	}
	if (w->seen_count >= SETS_MOST) {
		w->untold = true;
		return;
	}
	for (size_t i = 0; i < column->count; i++) {
		const struct aw_cover_class *class = &column->classes[i];

		for (size_t k = 0; k < w->words; k++)
			rest[k] = rules[k] & class->rules[k];
		w->path[w->depth++] = class;
		rest[w->words] = w->depth * 2 + path_guessed(w);
		if (!is_empty(w, rest)) {
			if (!was_seen(w, rest))
				walk(w, rest);
		} else if (!class->guessed) {
			none.text = none.text == NULL ? class->text
						      : aw_arena_printf(arena, "%s, %s", none.text,
								class->text);
		}
		w->depth--;
	}
	if (none.text != NULL) {
		w->path[w->depth++] = &none;
		tell_gap(w);
		w->depth--;
	}
}

/* -- models ------------------------------------------------------------------------------------ */

/* What is known of decisions: may they come out null? */
struct nulls {
	struct aw_arena *arena;
	const char *const *certain; /* inputs that are never unknown */
	size_t certain_count;
	struct known {
		const struct aw_dmn_item *decision;
		bool null;
	} * at;
	size_t count, room;
};

static bool item_may_be_null(void *arg, const struct aw_dmn_item *item);

static void
cover_table(struct nulls *nulls, const struct aw_dmn_item *item, const struct aw_table *table,
	struct aw_cover *cover)
{
	struct aw_arena *arena = nulls->arena;
	struct walk w = { .cover = cover,
		.source = { arena, item, table, item_may_be_null, nulls } };
	aw_rule_set all;

	w.words = aw_rule_words(table);
	w.columns = aw_cover_columns(&w.source, &w.column_count);
	w.path = AW_NEW_ARRAY(arena, const struct aw_cover_class *, w.column_count + 1);
	w.fires = AW_NEW_ARRAY(arena, uint64_t, w.words + 1);
	all = AW_NEW_ARRAY(arena, uint64_t, w.words + 1);
	for (size_t r = 0; r < table->rule_count; r++)
		all[r / 64] |= UINT64_C(1) << (r % 64);
	if (table->rule_count > 0)
		walk(&w, all);
	cover->tables++;
	if (w.untold) {
		struct aw_cover_finding *finding = add_finding(&w, AW_COVER_UNTOLD, table->line);

		if (finding != NULL)
			finding->text = "the table has too many combinations to be looked at whole";
	} else {
		tell_never(&w);
	}
}

static bool
is_certain(const struct nulls *nulls, const struct aw_dmn_item *input)
{
	for (size_t i = 0; i < nulls->certain_count; i++) {
		if (aw_str_is(input->name, nulls->certain[i]))
			return true;
	}
	return false;
}

static bool
table_may_be_null(struct nulls *nulls, const struct aw_dmn_item *decision)
{
	struct aw_cover own = { 0 };
	struct aw_cover_source source = { nulls->arena, decision, decision->box->table,
		item_may_be_null, nulls };

	if (aw_cover_tells_null(&source))
		return true;
	cover_table(nulls, decision, decision->box->table, &own);
	for (size_t i = 0; i < own.count; i++) {
		if (own.at[i].kind != AW_COVER_NEVER)
			return true;
	}
	return false;
}

/* A decision without a table may be null; so may one whose table has a gap, or says null. */
static bool
item_may_be_null(void *arg, const struct aw_dmn_item *item)
{
	struct nulls *nulls = arg;
	size_t at = nulls->count;

	if (item->kind == AW_DMN_INPUT)
		return !is_certain(nulls, item);
	if (item->kind != AW_DMN_DECISION || item->box == NULL || item->box->kind != AW_BOX_TABLE)
		return true;
	for (size_t i = 0; i < nulls->count; i++) {
		if (nulls->at[i].decision == item)
			return nulls->at[i].null;
	}
	/* until it is known, so that a decision that requires itself comes to an end */
	*AW_PUSH(nulls->arena, nulls->at, nulls->count, nulls->room) = (struct known){ item, true };
	nulls->at[at].null = table_may_be_null(nulls, item);
	return nulls->at[at].null;
}

static void
cover_box(struct nulls *nulls, const struct aw_dmn_item *item, const struct aw_box *box,
	struct aw_cover *cover)
{
	if (box == NULL)
		return;
	if (box->kind == AW_BOX_TABLE)
		cover_table(nulls, item, box->table, cover);
	for (size_t i = 0; i < box->count; i++)
		cover_box(nulls, item, box->kids[i], cover);
}

void
aw_dmn_cover(struct aw_arena *arena, const struct aw_dmn_model *model, const char *const *certain,
	size_t certain_count, struct aw_cover *ret_cover)
{
	struct nulls nulls = { .arena = arena, .certain = certain, .certain_count = certain_count };

	*ret_cover = (struct aw_cover){ 0 };
	for (size_t i = 0; i < model->item_count; i++)
		cover_box(&nulls, model->items[i], model->items[i]->box, ret_cover);
}
