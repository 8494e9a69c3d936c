/* city/triage/replay - decisions of a period, made again. */
#include "city/triage/replay.h"

#include <string.h>

#include "base/parallel.h"
#include "city/triage/made.h"
#include "city/triage/outcome.h"
#include "city/triage/triage.sql.h"
#include "policy/policy.h"

enum { THREADS = 2, BATCH = 1024, STEP = 32 };

/* Outcomes under one policy; models may change by date within the period. */
struct side {
	const struct aw_policy *policy;
	const struct aw_triage *triage;
	struct aw_outcomes *outcomes;
};

/* What one thread works with. */
struct hand {
	struct side draft, base; /* base: for co-units, which no column keeps */
	struct aw_arena arena;	 /* of the batch */
};

/* A decision, and what comes of it. */
struct task {
	struct sql_decision_replay row;
	struct aw_outcome now, base;
	enum aw_status status; /* INVALID: a policy cannot decide it */
	bool unread;
	const char *why;
};

struct replaying {
	struct aw_act *act;
	const struct aw_policy *draft;
	struct aw_replay *r;
	struct task
		*tasks; /* a batch: rows are read, decided by all threads, and added up in order */
	size_t count;
	struct aw_arena rows; /* of the batch */
	struct hand hands[THREADS];
	struct aw_shares shares;
	struct aw_arena scratch;
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
	size_t before = gravity(p->act->policy, row->scale, row->level);
	size_t after = gravity(p->draft, now->scale, now->level);

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
decide(const struct aw_act *act, struct hand *h, struct task *t, struct aw_error *err)
{
	const struct sql_decision_replay *row = &t->row;
	struct aw_triage_facts facts;

	if (use_day(&h->draft, row->received_day, err) != AW_OK ||
		use_day(&h->base, row->received_day, err) != AW_OK ||
		aw_made_facts(act, &h->arena,
			&(struct aw_made_sealed){
				row->id, row->key, row->epoch, row->sealed, row->wrapped },
			&facts, err) != AW_OK)
		return err->status;
	t->unread = aw_outcomes_decide(h->draft.outcomes, &h->arena, &facts, row->received_at,
			    &t->now, err) != AW_OK ||
		    aw_outcomes_decide(h->base.outcomes, &h->arena, &facts, row->received_at,
			    &t->base, err) != AW_OK;
	return t->unread ? err->status : AW_OK;
}

static void
work(void *arg, size_t thread)
{
	struct replaying *p = arg;
	struct hand *h = &p->hands[thread];
	size_t from, to;

	while (aw_share_take(&p->shares, &from, &to)) {
		for (size_t i = from; i < to; i++) {
			struct task *t = &p->tasks[i];
			struct aw_error err = { 0 };

			t->status = decide(p->act, h, t, &err);
			if (t->status != AW_OK)
				t->why = aw_arena_strdup(&h->arena, err.text);
		}
	}
}

/* Decides the batch and adds it up, in the order of its rows. */
static enum aw_status
end_batch(struct replaying *p, struct aw_error *err)
{
	p->shares = (struct aw_shares){ .total = p->count, .step = STEP };
	aw_parallel(p->count > STEP ? THREADS : 1, work, p);
	for (size_t i = 0; i < p->count; i++) {
		const struct task *t = &p->tasks[i];

		p->r->decisions++;
		if (t->status == AW_OK)
			add_up(p, &t->row, &t->now, &t->base);
		else if (!t->unread)
			return aw_fail(err, t->status, "%s", t->why);
		else if (p->r->unread++ == 0)
			p->r->first_unread =
				aw_arena_printf(p->act->arena, "%s: %s", t->row.number, t->why);
	}
	p->count = 0;
	aw_arena_again(&p->rows);
	aw_arena_again(&p->scratch);
	for (size_t i = 0; i < THREADS; i++)
		aw_arena_again(&p->hands[i].arena);
	return AW_OK;
}

static struct aw_bytes
keep_bytes(struct aw_arena *arena, struct aw_bytes bytes)
{
	return (struct aw_bytes){ aw_arena_memdup(arena, bytes.at, bytes.len), bytes.len };
}

static enum aw_status
replay_row(const struct sql_decision_replay *row, void *arg, struct aw_error *err)
{
	struct replaying *p = arg;
	struct task *t = &p->tasks[p->count++];

	memset(t, 0, sizeof(*t));
	t->row = *row;
	t->row.number = aw_arena_strdup(&p->rows, row->number);
	t->row.district = aw_arena_strdup(&p->rows, row->district);
	t->row.kind = aw_arena_strdup(&p->rows, row->kind);
	t->row.scale = aw_arena_strdup(&p->rows, row->scale);
	t->row.level = aw_arena_strdup(&p->rows, row->level);
	t->row.child_class = aw_arena_strdup(&p->rows, row->child_class);
	t->row.priority = aw_arena_strdup(&p->rows, row->priority);
	t->row.lead_type = aw_arena_strdup(&p->rows, row->lead_type);
	t->row.sealed = keep_bytes(&p->rows, row->sealed);
	t->row.wrapped = keep_bytes(&p->rows, row->wrapped);
	return p->count == BATCH ? end_batch(p, err) : AW_OK;
}

static void
let_go(struct replaying *p)
{
	for (size_t i = 0; i < THREADS; i++) {
		aw_outcomes_free(p->hands[i].draft.outcomes);
		aw_outcomes_free(p->hands[i].base.outcomes);
		aw_arena_done(&p->hands[i].arena);
	}
	aw_arena_done(&p->rows);
	aw_arena_done(&p->scratch);
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
	struct replaying p = { .act = act, .draft = draft, .r = &replay };
	enum aw_status status;

	p.tasks = AW_NEW_ARRAY(act->arena, struct task, BATCH);
	for (size_t i = 0; i < THREADS; i++) {
		p.hands[i].draft.policy = draft;
		p.hands[i].base.policy = act->policy;
	}
	status = sql_decision_replay(act->tx,
		&(struct sql_decision_replay_in){
			.from_day = period.from_day, .to_day = period.to_day },
		replay_row, &p, err);
	if (status == AW_OK)
		status = end_batch(&p, err);
	let_go(&p);
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
