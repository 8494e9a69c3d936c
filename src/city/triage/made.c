/* city/triage/made - stored decisions, opened one after the other. */
#include "city/triage/made.h"

#include "city/triage/record.h"
#include "city/triage/triage.sql.h"

enum { SCRATCH_BYTES = 1 << 18 };

enum aw_status
aw_made_facts(const struct aw_act *act, struct aw_arena *arena, const struct aw_made_sealed *s,
	struct aw_triage_facts *ret_facts, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	struct aw_str text;

	if (aw_key_unwrap(act->keyring, s->key, s->epoch, s->wrapped, &key, err) != AW_OK ||
		aw_unseal(arena, act->keyring, &key,
			(struct aw_place){ "decision", "sealed", s->decision, 1 }, s->sealed, &text,
			err) != AW_OK)
		return err->status;
	return aw_record_facts(arena, text, ret_facts, err);
}

struct reading {
	const struct aw_act *act;
	aw_made_fn *fn;
	void *arg;
	struct aw_arena scratch;
};

static enum aw_status
read_row(const struct sql_decision_made *row, void *arg, struct aw_error *err)
{
	struct reading *r = arg;
	struct aw_made made = { .number = row->number,
		.district = row->district,
		.received_at = row->received_at,
		.received_day = row->received_day,
		.kind = row->kind,
		.scale = row->scale,
		.level = row->level,
		.child_class = row->child_class,
		.priority = row->priority,
		.lead_type = row->lead_type,
		.changed = row->changed_at.known,
		.level_now = row->level_now,
		.class_now = row->class_now,
		.priority_now = row->priority_now,
		.reason = row->reason,
		.lead_unit = row->lead_unit,
		.lead_reason = row->lead_reason };

	if (r->scratch.used_bytes > SCRATCH_BYTES)
		aw_arena_again(&r->scratch);
	if (aw_made_facts(r->act, &r->scratch,
		    &(struct aw_made_sealed){
			    row->id, row->key, row->epoch, row->sealed, row->wrapped },
		    &made.facts, err) != AW_OK)
		return err->status;
	return r->fn(&made, &r->scratch, r->arg, err);
}

enum aw_status
aw_made_each(const struct aw_act *act, struct aw_period period, aw_made_fn *fn, void *arg,
	struct aw_error *err)
{
	struct reading r = { .act = act, .fn = fn, .arg = arg };
	enum aw_status status = sql_decision_made(act->tx,
		&(struct sql_decision_made_in){
			.from_day = period.from_day, .to_day = period.to_day },
		read_row, &r, err);

	aw_arena_done(&r.scratch);
	return status;
}
