/* Everything known of a person at a moment: household, earlier reports, open cases, registers, facts. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "city/person/facts.h"
#include "city/person/person.h"
#include "city/person/register.sql.h"

enum { DAYS_90 = 90, DAYS_365 = 365, CHILD_YEARS = 18 };

struct gathering {
	struct aw_act *act;
	int64_t person, except;
	struct aw_person_context context;
	size_t report_room, case_room, flag_room;
	bool open_protection, open_vulnerable, open_suicide, closed_protection; /* by the ledger */
	struct aw_fact_list facts;
};

/* -- the ledger ------------------------------------------------------------------------------------------ */

static bool
seen_before(const struct aw_prior *at, size_t count, int64_t reference)
{
	for (size_t i = 0; i < count; i++)
		if (at[i].involvement.reference == reference)
			return true;
	return false;
}

static void
take_report(struct gathering *g, const struct aw_prior *prior)
{
	struct aw_person_context *c = &g->context;
	int64_t age_ms = g->act->now_ms - prior->involvement.from_at;
	bool twice;

	if (age_ms < 0 || age_ms > DAYS_365 * AW_DAY_MS ||
		prior->involvement.reference == g->except)
		return;
	twice = seen_before(c->reports, c->report_count, prior->involvement.reference);
	if (prior->own) {
		for (size_t i = 0; i < c->report_count; i++)
			if (c->reports[i].own &&
				c->reports[i].involvement.reference == prior->involvement.reference)
				return;
		c->own_365++;
		c->own_90 += age_ms <= DAYS_90 * AW_DAY_MS ? 1 : 0;
	}
	if (twice)
		return;
	c->household_365++;
	c->household_90 += age_ms <= DAYS_90 * AW_DAY_MS ? 1 : 0;
	*AW_PUSH(g->act->arena, c->reports, c->report_count, g->report_room) = *prior;
}

/* What the ledger itself knows of the person's own cases, however new the extracts are. */
static void
note_case(struct gathering *g, const struct aw_involvement *i)
{
	const struct aw_kind *kind = aw_policy_kind(g->act->policy, i->detail);
	bool open = !i->to_at.known;

	if (strcmp(i->role, "respondent") == 0 || strcmp(i->kind, "service_case") != 0)
		return;
	if (kind != NULL && kind->protective) {
		g->open_protection |= open;
		g->closed_protection |=
			!open && g->act->now_ms - i->to_at.v <= DAYS_365 * AW_DAY_MS;
	}
	g->open_vulnerable |= open && strcmp(i->detail, "vulnerable_family") == 0;
	g->open_suicide |= open && strcmp(i->detail, "suicide") == 0;
}

static void
take_entry(struct gathering *g, const struct aw_involvement *involvement, bool own)
{
	const struct aw_kind *kind = aw_policy_kind(g->act->policy, involvement->detail);
	struct aw_prior prior = { .involvement = *involvement,
		.own = own,
		.sealed_kind = kind != NULL && kind->sealed_in_lists };
	struct aw_person_context *c = &g->context;

	if (own)
		note_case(g, involvement);
	if (strcmp(involvement->kind, "report") == 0) {
		take_report(g, &prior);
	} else if (involvement->to_at.known || involvement->reference == g->except) {
		return;
	} else if (strcmp(involvement->kind, "flag") == 0) {
		*AW_PUSH(g->act->arena, c->flags, c->flag_count, g->flag_room) = prior;
	} else {
		*AW_PUSH(g->act->arena, c->cases, c->case_count, g->case_room) = prior;
	}
}

static enum aw_status
gather_ledger(struct gathering *g, int64_t person, struct aw_error *err)
{
	struct aw_involvement *at;
	size_t count = 0;
	/* the person's own cases may have begun long before they closed */
	int64_t since = person == g->person ? INT64_MIN : g->act->now_ms - DAYS_365 * AW_DAY_MS;

	if (aw_involvement_of(g->act, person, since, &at, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		take_entry(g, &at[i], person == g->person);
	return AW_OK;
}

static int
newest_first(const void *left, const void *right)
{
	const struct aw_prior *a = left, *b = right;

	if (a->involvement.from_at != b->involvement.from_at)
		return a->involvement.from_at > b->involvement.from_at ? -1 : 1;
	return a->involvement.reference < b->involvement.reference
		       ? -1
		       : a->involvement.reference > b->involvement.reference;
}

/* -- registers --------------------------------------------------------------------------------------------- */

struct said {
	struct sql_records_of_person *rows;
	size_t count;
	struct sql_extract_latest *extracts;
	size_t extract_count;
};

static struct aw_maybe
extract_day_of(const struct said *said, const char *code)
{
	for (size_t i = 0; i < said->extract_count; i++)
		if (strcmp(said->extracts[i].register_code, code) == 0)
			return AW_KNOWN(said->extracts[i].extract_day);
	return AW_UNKNOWN;
}

/* The record that answers best: confirmed before proposed, open before past, then the latest. */
static const struct sql_records_of_person *
best_record(const struct said *said, const char *code)
{
	const struct sql_records_of_person *best = NULL;
	int best_rank = -1;

	for (size_t i = 0; i < said->count; i++) {
		const struct sql_records_of_person *row = &said->rows[i];
		int rank = (strcmp(row->state, "confirmed") == 0 ? 2 : 0) +
			   (strcmp(row->status, "open") == 0 ? 1 : 0);

		if (strcmp(row->register_code, code) == 0 && rank > best_rank) {
			best = row;
			best_rank = rank;
		}
	}
	return best;
}

static void
answer_of(const struct said *said, const struct aw_register_map *map,
	struct aw_register_answer *answer)
{
	const struct sql_records_of_person *row = best_record(said, map->code);

	*answer = (struct aw_register_answer){ .register_code = map->code,
		.answer = "none",
		.extract_day = extract_day_of(said, map->code) };
	if (row == NULL)
		return;
	answer->answer = row->status;
	answer->record = row->record;
	answer->link = row->link;
	answer->link_state = row->state;
	answer->unit = row->unit;
	answer->from_day = row->from_day;
	answer->to_day = row->to_day;
}

static enum aw_status
open_record(struct gathering *g, const struct sql_records_of_person *row, json_t **ret_json,
	struct aw_error *err)
{
	struct aw_place place = { "register_record", "sealed", row->record, row->version };
	struct aw_key key = { 0 };
	struct aw_str text;
	enum aw_status status;

	if (aw_key_get(g->act->tx, g->act->keyring, row->key, &key, err) != AW_OK)
		return err->status;
	status = aw_unseal(g->act->arena, g->act->keyring, &key, place, row->sealed, &text, err);
	aw_key_done(&key);
	return status == AW_OK ? aw_json_parse(text, "record", ret_json, err) : status;
}

static enum aw_status
facts_of(struct gathering *g, const struct said *said, const struct aw_register_map *map,
	int32_t extract_day, struct aw_error *err)
{
	struct aw_fact_record *records =
		AW_NEW_ARRAY(g->act->arena, struct aw_fact_record, said->count + 1);
	json_t **rows = AW_NEW_ARRAY(g->act->arena, json_t *, said->count + 1);
	enum aw_status status = AW_OK;
	size_t count = 0;

	for (size_t i = 0; i < said->count && status == AW_OK; i++) {
		if (strcmp(said->rows[i].register_code, map->code) != 0)
			continue;
		status = open_record(g, &said->rows[i], &rows[count], err);
		if (status == AW_NOT_FOUND) { /* erased */
			status = AW_OK;
			continue;
		}
		if (status != AW_OK)
			break;
		records[count].row = rows[count];
		records[count].confirmed = strcmp(said->rows[i].state, "confirmed") == 0;
		count++;
	}
	if (status == AW_OK)
		aw_facts_of_register(
			&g->facts, map, records, count, extract_day, aw_taipei_day(g->act->now_ms));
	for (size_t i = 0; i < count; i++)
		json_decref(rows[i]);
	return status;
}

static enum aw_status
gather_registers(struct gathering *g, struct aw_error *err)
{
	const struct aw_registers *registers = aw_registers_of(g->act);
	struct aw_person_context *c = &g->context;
	struct said said = { 0 };

	if (sql_records_of_person(g->act->tx,
		    &(struct sql_records_of_person_in){ .person = g->person }, g->act->arena,
		    &said.rows, &said.count, err) != AW_OK ||
		sql_extract_latest(g->act->tx, g->act->arena, &said.extracts, &said.extract_count,
			err) != AW_OK)
		return err->status;
	c->answers = AW_NEW_ARRAY(g->act->arena, struct aw_register_answer, registers->count + 1);
	for (size_t i = 0; i < registers->count; i++) {
		const struct aw_register_map *map = &registers->at[i];
		struct aw_maybe day = extract_day_of(&said, map->code);

		if (map->base || !map->enabled)
			continue;
		answer_of(&said, map, &c->answers[c->answer_count++]);
		if (day.known && facts_of(g, &said, map, (int32_t)day.v, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

/* -- facts ---------------------------------------------------------------------------------------------------- */

static struct aw_person_fact *
find(struct aw_fact_list *facts, const char *name)
{
	for (size_t i = 0; i < facts->count; i++)
		if (strcmp(facts->at[i].name, name) == 0)
			return &facts->at[i];
	return NULL;
}

static void
put_number(struct gathering *g, const char *name, int64_t number)
{
	aw_fact_put(&g->facts, &(struct aw_person_fact){ .name = name,
				       .kind = AW_PERSON_FACT_NUMBER,
				       .number = number,
				       .source = "ledger",
				       .as_of_day = AW_KNOWN(aw_taipei_day(g->act->now_ms)) });
}

/* The ledger's own "yes" beats an older extract's "no"; its silence says nothing. */
static void
put_yes(struct gathering *g, const char *name, bool yes)
{
	struct aw_person_fact fact = { .name = name,
		.kind = AW_PERSON_FACT_FLAG,
		.number = 1,
		.source = "ledger",
		.as_of_day = AW_KNOWN(aw_taipei_day(g->act->now_ms)) };
	struct aw_person_fact *known = find(&g->facts, name);

	if (!yes || (known != NULL && known->number == 1))
		return;
	if (known != NULL)
		*known = fact;
	else
		aw_fact_put(&g->facts, &fact);
}

static enum aw_status
count_children(struct gathering *g, struct aw_error *err)
{
	const struct aw_household *home = &g->context.household;
	int32_t today = aw_taipei_day(g->act->now_ms);
	int64_t children = 0;

	for (size_t i = 0; i < home->member_count; i++) {
		struct aw_person known;
		enum aw_status status = aw_person_get(g->act, home->members[i].person, &known, err);
		int32_t age;

		if (status == AW_NOT_FOUND) /* erased */
			continue;
		if (status != AW_OK)
			return status;
		age = aw_identity_age(&known.identity, today);
		children += age >= 0 && age < CHILD_YEARS ? 1 : 0;
	}
	if (home->id != 0)
		put_number(g, "household_children", children);
	return AW_OK;
}

static enum aw_status
gather_facts(struct gathering *g, struct aw_error *err)
{
	put_number(g, "prior_90", g->context.household_90);
	put_number(g, "prior_365", g->context.household_365);
	put_yes(g, "open_protection", g->open_protection);
	put_yes(g, "closed_within_365", g->closed_protection);
	put_yes(g, "open_vulnerable", g->open_vulnerable);
	put_yes(g, "suicide_open", g->open_suicide);
	return count_children(g, err);
}

enum aw_status
aw_person_context(struct aw_act *act, int64_t person, int64_t except_reference,
	struct aw_person_context *ret_context, struct aw_error *err)
{
	struct gathering g = { .act = act,
		.person = person,
		.except = except_reference,
		.facts = { .arena = act->arena } };
	struct aw_household *home = &g.context.household;

	if (aw_household_of(act, person, aw_taipei_day(act->now_ms), home, err) != AW_OK ||
		gather_ledger(&g, person, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < home->member_count; i++)
		if (home->members[i].person != person &&
			gather_ledger(&g, home->members[i].person, err) != AW_OK)
			return err->status;
	if (g.context.report_count > 1)
		qsort(g.context.reports, g.context.report_count, sizeof(*g.context.reports),
			newest_first);
	if (gather_registers(&g, err) != AW_OK || gather_facts(&g, err) != AW_OK)
		return err->status;
	g.context.facts = g.facts.at;
	g.context.fact_count = g.facts.count;
	*ret_context = g.context;
	return AW_OK;
}

const struct aw_person_fact *
aw_person_fact(const struct aw_person_context *context, const char *name)
{
	for (size_t i = 0; i < context->fact_count; i++)
		if (strcmp(context->facts[i].name, name) == 0)
			return &context->facts[i];
	return NULL;
}
