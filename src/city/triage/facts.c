/* city/triage/facts - a set of facts by name, each with its source; unknown is a value of its own. */
#include <string.h>

#include "city/triage/triage.h"

const struct aw_fact *
aw_fact_find(const struct aw_triage_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->count; i++) {
		if (strcmp(facts->at[i].name, name) == 0)
			return &facts->at[i];
	}
	return NULL;
}

/* The fact to write to; NULL when a known one stands and the new one is unknown. */
static struct aw_fact *
place_for(struct aw_triage_facts *facts, const char *name, const char *source, bool known)
{
	struct aw_fact *fact = NULL;

	for (size_t i = 0; i < facts->count && fact == NULL; i++) {
		if (strcmp(facts->at[i].name, name) == 0)
			fact = &facts->at[i];
	}
	if (fact != NULL && fact->kind != AW_FACT_UNKNOWN && !known)
		return NULL;
	if (fact == NULL)
		fact = AW_PUSH(facts->arena, facts->at, facts->count, facts->room);
	memset(fact, 0, sizeof(*fact));
	fact->name = aw_arena_strdup(facts->arena, name);
	fact->source = aw_arena_strdup(facts->arena, source);
	return fact;
}

void
aw_fact_unknown(struct aw_triage_facts *facts, const char *name, const char *source)
{
	(void)place_for(facts, name, source, false);
}

void
aw_fact_text(struct aw_triage_facts *facts, const char *name, const char *text, const char *source)
{
	struct aw_fact *fact;

	if (text == NULL || text[0] == '\0') {
		aw_fact_unknown(facts, name, source);
		return;
	}
	fact = place_for(facts, name, source, true);
	fact->kind = AW_FACT_TEXT;
	fact->text = aw_arena_strdup(facts->arena, text);
}

void
aw_fact_number(struct aw_triage_facts *facts, const char *name, int64_t number, const char *source)
{
	aw_fact_between(facts, name, number, number, source);
}

void
aw_fact_between(struct aw_triage_facts *facts, const char *name, int64_t least, int64_t most,
	const char *source)
{
	struct aw_fact *fact = place_for(facts, name, source, true);

	fact->kind = AW_FACT_NUMBER;
	fact->number = least;
	fact->most = most;
}

void
aw_fact_flag(struct aw_triage_facts *facts, const char *name, bool flag, const char *source)
{
	struct aw_fact *fact = place_for(facts, name, source, true);

	fact->kind = AW_FACT_FLAG;
	fact->flag = flag;
}

void
aw_fact_add(struct aw_triage_facts *facts, const char *name, const char *text, const char *source)
{
	const struct aw_fact *there = aw_fact_find(facts, name);
	struct aw_fact *fact;
	const char **list;
	size_t count = there == NULL || there->kind != AW_FACT_LIST ? 0 : there->list_count;

	list = AW_NEW_ARRAY(facts->arena, const char *, count + 1);
	for (size_t i = 0; i < count; i++)
		list[i] = there->list[i];
	list[count] = aw_arena_strdup(facts->arena, text);
	fact = place_for(facts, name, source, true);
	fact->kind = AW_FACT_LIST;
	fact->list = list;
	fact->list_count = count + 1;
}
