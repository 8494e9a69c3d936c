/* policy/read - questions.yaml and reports/<kind>.yaml: what is asked for each kind, and why. */
#include <string.h>

#include "policy/read.h"

static const char *const question_types[] = { "flag", "choice", "choices", "number", "text",
	"instrument" };
static const char *const whys[] = { "dispatch", "urgency", "call" };

/* The items of an instrument, each to be ticked. */
static void
read_item_choices(struct aw_loader *loader, struct aw_yaml *yaml, const struct aw_yaml_node *item,
	struct aw_question *question)
{
	const char *code = aw_yaml_code(yaml, item, "instrument");
	const struct aw_instrument *instrument = NULL;
	struct aw_named *at;

	for (size_t i = 0; i < loader->instrument_count; i++)
		if (strcmp(loader->instruments[i].code, code) == 0)
			instrument = &loader->instruments[i];
	if (instrument == NULL) {
		aw_yaml_mistake(yaml, item, "there is no instrument \"%s\"", code);
		return;
	}
	at = AW_NEW_ARRAY(loader->arena, struct aw_named, instrument->item_count);
	for (size_t i = 0; i < instrument->item_count; i++)
		at[i] = (struct aw_named){ instrument->items[i].code, instrument->items[i].label };
	question->choices = at;
	question->choice_count = instrument->item_count;
}

/* choices: a list of {code, zh, en}, or choices_of: relations | factors | districts | instrument. */
static void
read_choices(struct aw_loader *loader, struct aw_yaml *yaml, const struct aw_yaml_node *item,
	struct aw_question *question)
{
	static const char *const lists[] = { "relations", "factors", "districts", "instrument",
		"none" };
	const struct aw_policy *policy = loader->policy;
	int of = aw_yaml_choice(yaml, item, "choices_of", lists, 4, 4);
	struct aw_named *at;

	if (of == 3) {
		read_item_choices(loader, yaml, item, question);
	} else if (of == 4) {
		question->choices =
			aw_read_named(loader, yaml, item, "choices", &question->choice_count);
	} else if (of == 0) {
		question->choices = policy->relations;
		question->choice_count = policy->relation_count;
	} else if (of == 1) { /* every code once; the form takes the words of the day */
		size_t count = 0;
		question->of_factors = true;
		at = AW_NEW_ARRAY(loader->arena, struct aw_named, policy->factor_count);
		for (size_t i = 0; i < policy->factor_count; i++)
			if (aw_named_find(at, count, policy->factors[i].code) == NULL)
				at[count++] = (struct aw_named){ policy->factors[i].code,
					policy->factors[i].label };
		question->choices = at;
		question->choice_count = count;
	} else {
		at = AW_NEW_ARRAY(loader->arena, struct aw_named, policy->city.district_count);
		for (size_t i = 0; i < policy->city.district_count; i++)
			at[i] = (struct aw_named){ policy->city.districts[i].code,
				policy->city.districts[i].label };
		question->choices = at;
		question->choice_count = policy->city.district_count;
	}
}

/* Where a decision is explained, whoever may see the level sees the answer too, unless it says otherwise:
 * of the whole answer, and of what a decision takes of it. */
static void
read_parts(struct aw_loader *loader, struct aw_yaml *yaml, const struct aw_yaml_node *item,
	struct aw_question *question)
{
	const struct aw_yaml_node *map = aw_yaml_map(yaml, item, "parts", false);
	struct aw_part_class *at = AW_NEW_ARRAY(loader->arena, struct aw_part_class, map->count);

	for (size_t i = 0; i < map->count; i++) {
		at[i].decision = map->keys[i];
		at[i].class_bit = aw_read_class(yaml, map, map->keys[i], "risk");
	}
	question->parts = at;
	question->part_count = map->count;
}

static void
read_question(struct aw_loader *loader, struct aw_yaml *yaml, const struct aw_yaml_node *item,
	struct aw_question *question)
{
	question->code = aw_yaml_code(yaml, item, "code");
	question->label = aw_read_label(yaml, item);
	question->hint = aw_yaml_label(yaml, item, "hint", false);
	question->type = (enum aw_question_type)aw_yaml_choice(
		yaml, item, "type", question_types, AW_COUNT(question_types), -1);
	question->least = 0;
	question->most = INT32_MAX;
	if (question->type == AW_QUESTION_CHOICE || question->type == AW_QUESTION_CHOICES)
		read_choices(loader, yaml, item, question);
	if (question->type == AW_QUESTION_NUMBER) {
		question->least = aw_yaml_need_int(yaml, item, "least", INT32_MIN, INT32_MAX);
		question->most = aw_yaml_need_int(yaml, item, "most", question->least, INT32_MAX);
	}
	if (question->type == AW_QUESTION_INSTRUMENT)
		question->instrument = aw_yaml_code(yaml, item, "instrument");
	question->class_bit = aw_read_class(yaml, item, "class", "risk");
	read_parts(loader, yaml, item, question);
	question->valid = aw_read_valid(loader, yaml, item);
	aw_yaml_end(yaml, item);
}

void
aw_read_questions(struct aw_loader *loader, struct aw_yaml *yaml)
{
	struct aw_question_list *all = &loader->questions;
	const struct aw_yaml_node *list;

	aw_read_fallback(loader, yaml);
	list = aw_yaml_list(yaml, yaml->root, "questions", true);
	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		struct aw_question *question =
			AW_PUSH(loader->arena, all->at, all->count, all->room);
		read_question(loader, yaml, item, question);
		AW_READ_ONCE(yaml, item, all->at, all->count - 1, "question");
	}
	aw_yaml_end(yaml, yaml->root);
}

static const struct aw_question *
find_question(const struct aw_loader *loader, const char *code)
{
	for (size_t i = 0; i < loader->questions.count; i++)
		if (strcmp(loader->questions.at[i].code, code) == 0)
			return &loader->questions.at[i];
	return NULL;
}

/* -- one form --------------------------------------------------------------------------------- */

static void
read_roles(struct aw_loader *loader, struct aw_yaml *yaml, struct aw_kind *kind)
{
	static const char *const sides[] = { "protected", "respondent", "neutral" };
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "roles", true);
	struct aw_person_role *at = AW_NEW_ARRAY(loader->arena, struct aw_person_role, list->count);
	size_t subjects = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		at[i].code = aw_yaml_code(yaml, item, "code");
		at[i].label = aw_read_label(yaml, item);
		at[i].side = sides[aw_yaml_choice(yaml, item, "side", sides, AW_COUNT(sides), -1)];
		at[i].is_subject = aw_yaml_flag(yaml, item, "subject", false);
		at[i].needed = aw_yaml_flag(yaml, item, "needed", false);
		subjects += at[i].is_subject;
		AW_READ_ONCE(yaml, item, at, i, "role");
		aw_yaml_end(yaml, item);
	}
	if (list->kind == AW_YAML_LIST && subjects == 0)
		aw_yaml_mistake(yaml, list, "no role is the subject: one needs subject: true");
	kind->roles = at;
	kind->role_count = list->count;
}

/* ask_public and ask_agency: codes, or {code, zh, en} with words for this form. */
static void
read_asked(struct aw_loader *loader, struct aw_yaml *yaml, const char *key, bool is_public,
	struct aw_question *at, size_t *count)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, key, true);

	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *node = list->items[i];
		const struct aw_question *known;
		const char *code = node->text;
		if (node->kind == AW_YAML_MAP)
			code = aw_yaml_code(yaml, node, "code");
		known = code != NULL ? find_question(loader, code) : NULL;
		if (known == NULL) {
			aw_yaml_mistake(yaml, node, "questions.yaml has no question \"%s\"",
				code != NULL ? code : "");
			continue;
		}
		for (size_t k = 0; k < *count; k++)
			if (strcmp(at[k].code, code) == 0)
				aw_yaml_mistake(yaml, node, "\"%s\" is asked twice", code);
		at[*count] = *known;
		at[*count].is_public = is_public;
		if (node->kind == AW_YAML_MAP) {
			at[*count].label = aw_read_label(yaml, node);
			if (aw_yaml_get(yaml, node, "hint") != NULL)
				at[*count].hint = aw_yaml_label(yaml, node, "hint", false);
			aw_yaml_end(yaml, node);
		}
		(*count)++;
	}
}

static void
read_asks(struct aw_loader *loader, struct aw_yaml *yaml, struct aw_kind *kind)
{
	size_t most = aw_yaml_list(yaml, yaml->root, "ask_public", true)->count +
		      aw_yaml_list(yaml, yaml->root, "ask_agency", true)->count;
	struct aw_question *at = AW_NEW_ARRAY(loader->arena, struct aw_question, most);
	size_t count = 0;

	read_asked(loader, yaml, "ask_public", true, at, &count);
	read_asked(loader, yaml, "ask_agency", false, at, &count);
	kind->questions = at;
	kind->question_count = count;
}

static void
read_needs(struct aw_loader *loader, struct aw_yaml *yaml, struct aw_kind *kind)
{
	const struct aw_yaml_node *list = aw_yaml_list(yaml, yaml->root, "needs", true);
	struct aw_need *at = AW_NEW_ARRAY(loader->arena, struct aw_need, list->count);

	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);
		const struct aw_question *question;
		const struct aw_named *fact;
		at[i].code = aw_yaml_code(yaml, item, "fact");
		at[i].why =
			(enum aw_why)aw_yaml_choice(yaml, item, "why", whys, AW_COUNT(whys), -1);
		at[i].line = item->line;
		question = aw_kind_question(kind, at[i].code);
		fact = aw_named_find(loader->facts, loader->fact_count, at[i].code);
		if (aw_yaml_get(yaml, item, "zh") != NULL)
			at[i].label = aw_read_label(yaml, item);
		else if (fact != NULL)
			at[i].label = fact->label;
		else if (question != NULL)
			at[i].label = question->label;
		if (fact == NULL && question == NULL && at[i].code[0] != '\0')
			aw_yaml_mistake(yaml, item,
				"\"%s\" is neither asked by this form nor a fact of words.yaml",
				at[i].code);
		aw_yaml_end(yaml, item);
	}
	kind->needs = at;
	kind->need_count = list->count;
}

void
aw_read_kind(struct aw_loader *loader, struct aw_yaml *yaml)
{
	const struct aw_yaml_node *root = yaml->root;
	struct aw_kind *kind =
		AW_PUSH(loader->arena, loader->kinds, loader->kind_count, loader->kind_room);
	const char *group;

	aw_read_fallback(loader, yaml);
	kind->code = aw_yaml_code(yaml, root, "code");
	kind->label = aw_read_label(yaml, root);
	kind->short_label = aw_yaml_label(yaml, root, "short", true);
	kind->public_label = aw_yaml_label(yaml, root, "public", false);
	kind->public_hint = aw_yaml_label(yaml, root, "public_hint", false);
	group = aw_yaml_text(yaml, root, "group", true);
	kind->group = group != NULL ? group : "";
	kind->scale = aw_yaml_text(yaml, root, "scale", false);
	kind->protective = aw_yaml_flag(yaml, root, "protective", false);
	kind->sealed_in_lists = aw_yaml_flag(yaml, root, "sealed_in_lists", false);
	kind->class_bit = aw_read_class(yaml, root, "class", "open");
	kind->order = (int32_t)aw_yaml_need_int(yaml, root, "order", 1, 1000);
	kind->valid = aw_read_valid(loader, yaml, root);
	read_roles(loader, yaml, kind);
	read_asks(loader, yaml, kind);
	read_needs(loader, yaml, kind);
	aw_yaml_end(yaml, root);
	for (size_t i = 0; i + 1 < loader->kind_count; i++)
		if (strcmp(loader->kinds[i].code, kind->code) == 0)
			aw_yaml_mistake(yaml, root, "the kind \"%s\" has two files", kind->code);
}
