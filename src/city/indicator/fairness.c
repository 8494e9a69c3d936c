/* city/indicator/fairness - decisions by group, small counts hidden. */
#include "city/indicator/fairness.h"

#include <string.h>

#include "city/triage/made.h"

enum { WORDS = 12, BANDS_MOST = 16, TYPES_MOST = AW_SUPPRESS_SIDE, SHOWN_ALONE = 4 };

/* What the city's file says. */
struct rule {
	int64_t least;
	int64_t bands[BANDS_MOST]; /* first years */
	struct aw_label band_labels[BANDS_MOST];
	size_t band_count;
	struct aw_label words[WORDS];
};

/* Words that the file has. */
static const char *const words[WORDS] = { "F", "M", "yes", "no", "unknown", "few", "level", "unit",
	"level_1", "level_2", "level_3", "none" };

struct counting {
	struct aw_act *act;
	struct rule rule;
	enum aw_fair_by by;
	enum aw_fair_of of;
	const char *columns[TYPES_MOST];
	size_t column_count;
	size_t group_count;
	const char *codes[AW_SUPPRESS_SIDE];
	int64_t at[AW_SUPPRESS_SIDE][TYPES_MOST]; /* group, column */
};

const char *
aw_fair_by_code(enum aw_fair_by by)
{
	static const char *const codes[] = { "sex", "age", "district", "indigenous",
		"new_immigrant" };

	return codes[by];
}

const char *
aw_fair_of_code(enum aw_fair_of of)
{
	return of == AW_FAIR_LEVEL ? "level" : "unit";
}

/* -- the city's rule ----------------------------------------------------------------------------------- */

static void
read_bands(struct aw_yaml *yaml, struct rule *rule)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "age_bands", true);

	if (list->count < 1 || list->count > BANDS_MOST) {
		aw_yaml_mistake(yaml, list, "\"age_bands\" are 1 to %d", BANDS_MOST);
		return;
	}
	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		int64_t from = aw_yaml_need_int(yaml, item, "from", 0, 150);

		if (i == 0 ? from != 0 : from <= rule->bands[i - 1])
			aw_yaml_mistake(yaml, item,
				"\"age_bands\" begin with 0, each older than the one before");
		rule->bands[i] = from;
		rule->band_labels[i].zh = aw_yaml_text(yaml, item, "zh", true);
		rule->band_labels[i].en = aw_yaml_text(yaml, item, "en", true);
		aw_yaml_end(yaml, item);
	}
	rule->band_count = list->count;
}

static size_t
find(const char *const *codes, size_t count, const char *code)
{
	for (size_t i = 0; code != NULL && i < count; i++) {
		if (aw_text_eq(codes[i], code))
			return i;
	}
	return SIZE_MAX;
}

static void
read_words(struct aw_yaml *yaml, struct rule *rule)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "words", true);

	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		const char *code = aw_yaml_text(yaml, item, "code", true);
		size_t at = find(words, WORDS, code);
		struct aw_label label;

		label.zh = aw_yaml_text(yaml, item, "zh", true);
		label.en = aw_yaml_text(yaml, item, "en", true);
		aw_yaml_end(yaml, item);
		if (at == SIZE_MAX)
			aw_yaml_mistake(yaml, item, "nothing is called \"%s\" here",
				code == NULL ? "" : code);
		else
			rule->words[at] = label;
	}
	for (size_t i = 0; i < WORDS; i++) {
		if (rule->words[i].zh == NULL)
			aw_yaml_mistake(yaml, list, "\"words\" lack \"%s\"", words[i]);
	}
}

static void
read_rule(const struct aw_policy *policy, struct aw_arena *arena, struct aw_mistakes *mistakes,
	struct rule *rule)
{
	struct aw_yaml yaml;

	if (!aw_policy_yaml(policy, AW_FAIRNESS_FILE, arena, mistakes, &yaml))
		return;
	rule->least = aw_yaml_need_int(&yaml, yaml.root, "hide_below", 2, 100);
	(void)aw_yaml_text(&yaml, yaml.root, "source", true);
	(void)aw_yaml_flag(&yaml, yaml.root, "unverified", false);
	read_bands(&yaml, rule);
	read_words(&yaml, rule);
	aw_yaml_end(&yaml, yaml.root);
}

void
aw_fairness_check(
	const struct aw_policy *policy, struct aw_arena *arena, struct aw_mistakes *mistakes)
{
	struct rule rule = { 0 };

	if (aw_policy_file(policy, AW_FAIRNESS_FILE) != NULL)
		read_rule(policy, arena, mistakes, &rule);
}

/* -- groups and columns ---------------------------------------------------------------------------------- */

static void
list_groups(struct counting *c)
{
	static const char *const answers[] = { "yes", "no" }, *const sexes[] = { "F", "M" };
	const struct aw_policy *policy = c->act->policy;
	const char *const *two = c->by == AW_FAIR_SEX ? sexes : answers;

	if (c->by == AW_FAIR_AGE) {
		for (size_t i = 0; i < c->rule.band_count; i++)
			c->codes[c->group_count++] =
				aw_arena_printf(c->act->arena, "%lld", (long long)c->rule.bands[i]);
	} else if (c->by == AW_FAIR_DISTRICT) {
		for (size_t i = 0;
			i < policy->city.district_count && c->group_count < AW_SUPPRESS_SIDE - 1;
			i++)
			c->codes[c->group_count++] = policy->city.districts[i].code;
	} else {
		c->codes[c->group_count++] = two[0];
		c->codes[c->group_count++] = two[1];
	}
	c->codes[c->group_count++] = "";
}

static size_t
band_of(const struct rule *rule, const struct aw_fact *age)
{
	size_t i = 0;

	if (age == NULL || age->kind != AW_FACT_NUMBER)
		return SIZE_MAX;
	while (i + 1 < rule->band_count && rule->bands[i + 1] <= age->number)
		i++;
	return i;
}

/* The last group is of those of whom it is not known. */
static size_t
group_of(const struct counting *c, const struct aw_made *made)
{
	const struct aw_fact *fact;
	size_t found = SIZE_MAX;

	if (c->by == AW_FAIR_AGE) {
		found = band_of(&c->rule, aw_fact_find(&made->facts, "subject_age"));
	} else if (c->by == AW_FAIR_DISTRICT) {
		found = find(c->codes, c->group_count, made->district);
	} else if (c->by == AW_FAIR_SEX) {
		fact = aw_fact_find(&made->facts, "subject_sex");
		if (fact != NULL && fact->kind == AW_FACT_TEXT)
			found = find(c->codes, c->group_count, fact->text);
	} else {
		fact = aw_fact_find(&made->facts, aw_fair_by_code(c->by));
		if (fact != NULL && fact->kind == AW_FACT_FLAG)
			found = fact->flag ? 0 : 1;
	}
	return found == SIZE_MAX ? c->group_count - 1 : found;
}

/* A level by its place on its scale: "1" is the gravest; whatever is lighter than the third is with it. */
static const char *
place_of(const struct aw_policy *policy, const struct aw_made *made)
{
	static const char *const places[] = { "1", "2", "3" };
	const struct aw_scale *scale =
		made->scale == NULL ? NULL : aw_policy_scale(policy, made->scale);

	for (size_t i = 0; scale != NULL && made->level != NULL && i < scale->level_count; i++) {
		if (strcmp(scale->levels[i].code, made->level) == 0)
			return places[i < 2 ? i : 2];
	}
	return "none";
}

static enum aw_status
count_one(const struct aw_made *made, struct aw_arena *scratch, void *arg, struct aw_error *err)
{
	struct counting *c = arg;
	const char *code =
		c->of == AW_FAIR_LEVEL ? place_of(c->act->policy, made) : made->lead_type;
	size_t column = find(c->columns, c->column_count, code);

	(void)scratch;
	if (column == SIZE_MAX) {
		if (c->column_count == TYPES_MOST)
			return aw_fail(err, AW_TOO_LARGE, "there are too many types of units");
		column = c->column_count++;
		c->columns[column] = aw_arena_strdup(c->act->arena, code);
	}
	c->at[group_of(c, made)][column]++;
	return AW_OK;
}

/* -- words ------------------------------------------------------------------------------------------------- */

static struct aw_label
word(const struct counting *c, const char *code)
{
	size_t at = find(words, WORDS, code);

	return at == SIZE_MAX ? (struct aw_label){ code, code } : c->rule.words[at];
}

/* In both languages: a code of the policy's list. */
static struct aw_label
policy_word(const struct counting *c, const char *list, const char *code)
{
	const char *zh = aw_policy_text(c->act->policy, list, code, "zh");

	return zh == NULL
		       ? (struct aw_label){ code, code }
		       : (struct aw_label){ zh, aw_policy_text(c->act->policy, list, code, "en") };
}

static struct aw_label
column_word(const struct counting *c, const char *code)
{
	if (strcmp(code, "*") == 0)
		return word(c, "few");
	if (c->of == AW_FAIR_UNIT)
		return policy_word(c, "unit_type", code);
	return word(c, strcmp(code, "none") == 0
			       ? code
			       : aw_arena_printf(c->act->arena, "level_%s", code));
}

static struct aw_label
group_word(const struct counting *c, size_t group)
{
	if (group == c->group_count - 1)
		return word(c, "unknown");
	if (c->by == AW_FAIR_AGE)
		return c->rule.band_labels[group];
	if (c->by == AW_FAIR_DISTRICT)
		return policy_word(c, "district", c->codes[group]);
	return word(c, c->codes[group]);
}

/* -- putting together and hiding --------------------------------------------------------------------------- */

/* Columns from the greatest on; levels stay in their order. */
static void
sort_columns(struct counting *c, const int64_t *totals, size_t *order)
{
	for (size_t i = 0; i < c->column_count; i++) {
		size_t k = i;

		for (; k > 0 && c->of == AW_FAIR_UNIT &&
			(totals[i] > totals[order[k - 1]] ||
				(totals[i] == totals[order[k - 1]] &&
					strcmp(c->columns[i], c->columns[order[k - 1]]) < 0));
			k--)
			order[k] = order[k - 1];
		order[k] = i;
	}
}

/* Which shown column each goes to: the greatest types alone, all others together, and what is too few with
 * them. */
static bool
choose_columns(struct counting *c, struct aw_fairness *f, size_t *shown)
{
	int64_t totals[TYPES_MOST] = { 0 }, few[AW_FAIR_COLUMNS] = { 0 };
	size_t order[TYPES_MOST], into[AW_FAIR_COLUMNS], target[AW_FAIR_COLUMNS] = { 0 };
	size_t most = SHOWN_ALONE, count;

	for (size_t g = 0; g < c->group_count; g++)
		for (size_t k = 0; k < c->column_count; k++)
			totals[k] += c->at[g][k];
	sort_columns(c, totals, order);
	count = c->column_count > most ? most + 1 : c->column_count;
	for (size_t i = 0; i < c->column_count; i++) {
		shown[order[i]] = i < most ? i : most;
		few[shown[order[i]]] += totals[order[i]];
	}
	if (!aw_suppress_merge(few, count, c->rule.least, into))
		return false;
	for (size_t i = 0; i < count; i++) {
		bool together = c->column_count > most && i == most;

		if (into[i] != i)
			continue;
		for (size_t k = 0; k < count; k++)
			together = together || (k != i && into[k] == i);
		target[i] = f->column_count;
		f->columns[f->column_count] = together ? "*" : c->columns[order[i]];
		f->column_labels[f->column_count] = column_word(c, f->columns[f->column_count]);
		f->column_count++;
	}
	for (size_t i = 0; i < c->column_count; i++)
		shown[i] = target[into[shown[i]]];
	return true;
}

static bool
choose_groups(struct counting *c, const size_t *shown, struct aw_fairness *f)
{
	int64_t totals[AW_SUPPRESS_SIDE] = { 0 };
	size_t into[AW_SUPPRESS_SIDE];

	for (size_t g = 0; g < c->group_count; g++)
		for (size_t k = 0; k < c->column_count; k++)
			totals[g] += c->at[g][k];
	if (!aw_suppress_merge(totals, c->group_count, c->rule.least, into))
		return false;
	f->groups = AW_NEW_ARRAY(c->act->arena, struct aw_fair_group, c->group_count);
	for (size_t g = 0; g < c->group_count; g++) {
		struct aw_fair_group *group = &f->groups[f->group_count];
		bool together = false;

		if (into[g] != g)
			continue;
		for (size_t from = 0; from < c->group_count; from++) {
			if (into[from] != g)
				continue;
			together = together || from != g;
			group->total += totals[from];
			for (size_t k = 0; k < c->column_count; k++)
				group->cells[shown[k]] += c->at[from][k];
		}
		group->code = together ? "*" : c->codes[g];
		group->label = together ? word(c, "few") : group_word(c, g);
		f->group_count++;
	}
	return true;
}

static void
hide(const struct counting *c, struct aw_fairness *f)
{
	size_t cells = f->group_count * f->column_count;
	int64_t *at = AW_NEW_ARRAY(c->act->arena, int64_t, cells + 1);
	bool *hidden = AW_NEW_ARRAY(c->act->arena, bool, cells + 1);

	for (size_t i = 0; i < cells; i++)
		at[i] = f->groups[i / f->column_count].cells[i % f->column_count];
	aw_suppress(at, f->group_count, f->column_count, f->least, hidden);
	for (size_t i = 0; i < cells; i++) {
		struct aw_fair_group *group = &f->groups[i / f->column_count];

		group->hidden[i % f->column_count] = hidden[i];
		f->any_hidden = f->any_hidden || hidden[i];
		f->column_totals[i % f->column_count] += at[i];
		f->total += at[i];
	}
}

enum aw_status
aw_fairness_count(struct aw_act *act, struct aw_period year, enum aw_fair_by by, enum aw_fair_of of,
	struct aw_fairness *ret_fairness, struct aw_error *err)
{
	static const char *const places[] = { "1", "2", "3", "none" };
	struct counting *c = AW_NEW(act->arena, struct counting);
	struct aw_mistakes mistakes = { .arena = act->arena };
	struct aw_fairness fairness = { 0 };
	size_t shown[TYPES_MOST] = { 0 };

	c->act = act;
	c->by = by;
	c->of = of;
	if (aw_policy_file(act->policy, AW_FAIRNESS_FILE) == NULL)
		return aw_fail(err, AW_NOT_FOUND, "the policy has no %s", AW_FAIRNESS_FILE);
	read_rule(act->policy, act->arena, &mistakes, &c->rule);
	if (aw_mistakes_error(&mistakes, err) != AW_OK)
		return err->status;
	list_groups(c);
	for (size_t i = 0; of == AW_FAIR_LEVEL && i < AW_COUNT(places); i++)
		c->columns[c->column_count++] = places[i];
	if (aw_made_each(act, year, count_one, c, err) != AW_OK)
		return err->status;
	fairness.least = c->rule.least;
	fairness.title = word(c, aw_fair_of_code(of));
	if (choose_columns(c, &fairness, shown) && choose_groups(c, shown, &fairness))
		hide(c, &fairness);
	*ret_fairness = fairness;
	return AW_OK;
}
