/* city/triage/replay - decisions of a period, made again. */
#include "city/triage/replay.h"

#include <string.h>

#include "city/triage/outcome.h"
#include "city/triage/record.h"
#include "city/triage/triage.sql.h"
#include "policy/policy.h"

/* Outcomes under one policy; models may change by date within the period. */
struct side {
	const struct aw_policy *policy;
	const struct aw_triage *triage;
	struct aw_outcomes *outcomes;
};

struct replaying {
	struct aw_act *act;
	struct side draft, base; /* base: for co-units, which no column keeps */
	struct aw_replay *r;
	struct aw_arena scratch; /* of one decision */
};

/* -- sums -------------------------------------------------------------------------------------- */

static const char *
keep(struct replaying *p, const char *text)
{
	return text == NULL ? NULL : aw_arena_strdup(p->act->arena, text);
}

static void
add_pair(struct replaying *p, struct aw_replay_pairs *pairs, const char *from, const char *to)
{
	for (size_t i = 0; i < pairs->count; i++) {
		if (strcmp(pairs->at[i].from, from) == 0 && strcmp(pairs->at[i].to, to) == 0) {
			pairs->at[i].count++;
			return;
		}
	}
	*AW_PUSH(p->act->arena, pairs->at, pairs->count, pairs->room) =
		(struct aw_replay_pair){ keep(p, from), keep(p, to), 1 };
}

static struct aw_replay_load *
load_of(struct replaying *p, const char *type)
{
	struct aw_replay *r = p->r;

	for (size_t i = 0; i < r->load_count; i++) {
		if (strcmp(r->loads[i].type, type) == 0)
			return &r->loads[i];
	}
	struct aw_replay_load *load = AW_PUSH(p->act->arena, r->loads, r->load_count, r->load_room);

	*load = (struct aw_replay_load){ .type = keep(p, type) };
	return load;
}

static struct aw_replay_district *
district_of(struct replaying *p, const char *code)
{
	struct aw_replay *r = p->r;

	code = code == NULL ? "" : code;
	for (size_t i = 0; i < r->district_count; i++) {
		if (strcmp(r->districts[i].code, code) == 0)
			return &r->districts[i];
	}
	struct aw_replay_district *district =
		AW_PUSH(p->act->arena, r->districts, r->district_count, r->district_room);

	*district = (struct aw_replay_district){ .code = keep(p, code) };
	return district;
}

/* "vulnerability/high"; "none" for no grade. */
static const char *
level_text(struct aw_arena *arena, const char *scale, const char *level)
{
	if (scale == NULL || level == NULL || strcmp(scale, "none") == 0)
		return "none";
	return aw_arena_printf(arena, "%s/%s", scale, level);
}

/* Place on its scale, 0 the gravest; SIZE_MAX: no grade. */
static size_t
gravity(const struct aw_policy *policy, const char *scale, const char *level)
{
	const struct aw_scale *s = scale == NULL ? NULL : aw_policy_scale(policy, scale);

	for (size_t i = 0; s != NULL && level != NULL && i < s->level_count; i++) {
		if (strcmp(s->levels[i].code, level) == 0)
			return i;
	}
	return SIZE_MAX;
}

/* Graver or lighter on the same scale; another scale is neither. */
static void
count_gravity(
	struct replaying *p, const struct sql_decision_replay *row, const struct aw_outcome *now)
{
	size_t before = gravity(p->base.policy, row->scale, row->level);
	size_t after = gravity(p->draft.policy, now->scale, now->level);

	if (!aw_text_eq(row->scale, now->scale) || before == SIZE_MAX || after == SIZE_MAX)
		return;
	p->r->graver += after < before;
	p->r->lighter += after > before;
}

static void
add_change(struct replaying *p, const struct sql_decision_replay *row, const char *level_before,
	const struct aw_outcome *now, const char *level_now)
{
	struct aw_replay *r = p->r;

	*AW_PUSH(p->act->arena, r->changes, r->change_count, r->change_room) =
		(struct aw_replay_change){
			.report = keep(p, row->number),
			.day = row->received_day,
			.district = keep(p, row->district),
			.kind_before = keep(p, row->kind),
			.kind_now = keep(p, now->kind),
			.level_before = keep(p, level_before),
			.level_now = keep(p, level_now),
			.class_before = keep(p, row->child_class),
			.class_now = keep(p, now->child_class),
			.priority_before = keep(p, row->priority),
			.priority_now = keep(p, now->priority),
			.lead_before = keep(p, row->lead_type),
			.lead_now = keep(p, now->lead),
		};
}

static void
add_up(struct replaying *p, const struct sql_decision_replay *row, const struct aw_outcome *now,
	const struct aw_outcome *base)
{
	struct aw_replay *r = p->r;
	struct aw_replay_district *district = district_of(p, row->district);
	const char *before = level_text(&p->scratch, row->scale, row->level);
	const char *after = level_text(&p->scratch, now->scale, now->level);
	bool was_urgent = strcmp(row->priority, "urgent") == 0;
	bool is_urgent = strcmp(now->priority, "urgent") == 0;
	bool changed = strcmp(before, after) != 0 ||
		       !aw_text_eq(row->child_class, now->child_class) ||
		       strcmp(row->priority, now->priority) != 0 ||
		       strcmp(row->lead_type, now->lead) != 0 || strcmp(row->kind, now->kind) != 0;

	add_pair(p, &r->levels, before, after);
	add_pair(p, &r->priorities, row->priority, now->priority);
	add_pair(p, &r->leads, row->lead_type, now->lead);
	load_of(p, row->lead_type)->lead_before++;
	load_of(p, now->lead)->lead_now++;
	for (size_t i = 0; i < base->co_count; i++)
		load_of(p, base->co[i])->co_before++;
	for (size_t i = 0; i < now->co_count; i++)
		load_of(p, now->co[i])->co_now++;
	district->reports++;
	district->changed += changed;
	district->urgent_before += was_urgent;
	district->urgent_now += is_urgent;
	r->urgent_before += was_urgent;
	r->urgent_now += is_urgent;
	r->changed += changed;
	count_gravity(p, row, now);
	if (changed)
		add_change(p, row, before, now, after);
}

/* -- one decision ------------------------------------------------------------------------------ */

/* The model of a day, compiled when it is another than the last one's. */
static enum aw_status
use_day(struct side *side, int32_t day, struct aw_error *err)
{
	const struct aw_triage *triage = aw_policy_triage(side->policy, day);

	if (triage == side->triage && triage != NULL)
		return AW_OK;
	if (triage == NULL)
		return aw_fail(err, AW_INVALID, "no decision model is in force on a day of it");
	aw_outcomes_free(side->outcomes);
	side->outcomes = NULL;
	side->triage = NULL;
	if (aw_outcomes_new(triage->model, &side->outcomes, err) != AW_OK)
		return aw_wrap(err, "%s", triage->path);
	side->triage = triage;
	return AW_OK;
}

static enum aw_status
open_facts(struct replaying *p, const struct sql_decision_replay *row,
	struct aw_triage_facts *ret_facts, struct aw_error *err)
{
	AW_SCOPED(json, json_t *) record = NULL;
	AW_SCOPE(aw_key) key = { 0 };
	struct aw_str text;

	if (aw_key_unwrap(p->act->keyring, row->key, row->epoch, row->wrapped, &key, err) !=
			AW_OK ||
		aw_unseal(&p->scratch, p->act->keyring, &key,
			(struct aw_place){ "decision", "sealed", row->id, 1 }, row->sealed, &text,
			err) != AW_OK ||
		aw_json_parse(text, "decision", &record, err) != AW_OK)
		return err->status;
	return aw_decision_read_facts(&p->scratch, record, ret_facts, err);
}

static enum aw_status
replay_row(const struct sql_decision_replay *row, void *arg, struct aw_error *err)
{
	struct replaying *p = arg;
	struct aw_triage_facts facts;
	struct aw_outcome now, base;
	enum aw_status status;

	if (p->scratch.used_bytes > (1 << 20))
		aw_arena_done(&p->scratch);
	p->r->decisions++;
	if (use_day(&p->draft, row->received_day, err) != AW_OK ||
		use_day(&p->base, row->received_day, err) != AW_OK ||
		open_facts(p, row, &facts, err) != AW_OK)
		return err->status;
	status = aw_outcomes_decide(
		p->draft.outcomes, &p->scratch, &facts, row->received_at, &now, err);
	if (status == AW_OK)
		status = aw_outcomes_decide(
			p->base.outcomes, &p->scratch, &facts, row->received_at, &base, err);
	if (status == AW_OK) {
		add_up(p, row, &now, &base);
		return AW_OK;
	}
	if (p->r->unread++ == 0)
		p->r->first_unread =
			aw_arena_printf(p->act->arena, "%s: %s", row->number, err->text);
	aw_error_clear(err);
	return AW_OK;
}

/* -- order ------------------------------------------------------------------------------------- */

/* Scales as the policy lists them, each from grave to light. */
static size_t
level_order(const struct aw_policy *policy, const char *level)
{
	const char *slash = strchr(level, '/');

	for (size_t s = 0; slash != NULL && s < policy->scale_count; s++) {
		const struct aw_scale *scale = &policy->scales[s];

		if (strncmp(scale->code, level, (size_t)(slash - level)) != 0 ||
			scale->code[slash - level] != '\0')
			continue;
		return s * 100 + gravity(policy, scale->code, slash + 1) % 100;
	}
	return SIZE_MAX;
}

static int
compare_codes(const struct aw_policy *policy, const char *a, const char *b)
{
	size_t x = level_order(policy, a), y = level_order(policy, b);

	return x != y ? (x < y ? -1 : 1) : strcmp(a, b);
}

/* Insertion sorts: there are tens of them. */
static void
sort_pairs(const struct aw_policy *policy, struct aw_replay_pairs *pairs)
{
	for (size_t i = 1; i < pairs->count; i++) {
		struct aw_replay_pair pair = pairs->at[i];
		size_t k = i;

		for (; k > 0; k--) {
			int order = compare_codes(policy, pair.from, pairs->at[k - 1].from);

			if (order > 0 || (order == 0 && compare_codes(policy, pair.to,
								pairs->at[k - 1].to) > 0))
				break;
			pairs->at[k] = pairs->at[k - 1];
		}
		pairs->at[k] = pair;
	}
}

static void
sort_loads(struct aw_replay *r)
{
	for (size_t i = 1; i < r->load_count; i++) {
		struct aw_replay_load load = r->loads[i];
		size_t k = i;

		for (; k > 0 && strcmp(load.type, r->loads[k - 1].type) < 0; k--)
			r->loads[k] = r->loads[k - 1];
		r->loads[k] = load;
	}
}

static int32_t
district_order(const struct aw_policy *policy, const char *code)
{
	const struct aw_district *district = aw_policy_district(policy, code);

	return district == NULL ? INT32_MAX : district->order;
}

static void
sort_districts(const struct aw_policy *policy, struct aw_replay *r)
{
	for (size_t i = 1; i < r->district_count; i++) {
		struct aw_replay_district district = r->districts[i];
		int32_t order = district_order(policy, district.code);
		size_t k = i;

		for (; k > 0 && order < district_order(policy, r->districts[k - 1].code); k--)
			r->districts[k] = r->districts[k - 1];
		r->districts[k] = district;
	}
}

enum aw_status
aw_triage_replay(struct aw_act *act, const struct aw_policy *draft, struct aw_period period,
	struct aw_replay *ret_replay, struct aw_error *err)
{
	struct aw_replay replay = { .period = period,
		.draft = aw_arena_strdup(act->arena, draft->hash) };
	struct replaying p = { .act = act,
		.draft = { .policy = draft },
		.base = { .policy = act->policy },
		.r = &replay };
	enum aw_status status = sql_decision_replay(act->tx,
		&(struct sql_decision_replay_in){
			.from_day = period.from_day, .to_day = period.to_day },
		replay_row, &p, err);

	aw_outcomes_free(p.draft.outcomes);
	aw_outcomes_free(p.base.outcomes);
	aw_arena_done(&p.scratch);
	if (status != AW_OK)
		return status;
	sort_pairs(draft, &replay.levels);
	sort_pairs(draft, &replay.priorities);
	sort_pairs(draft, &replay.leads);
	sort_loads(&replay);
	sort_districts(draft, &replay);
	*ret_replay = replay;
	return AW_OK;
}
