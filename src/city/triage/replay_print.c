/* city/triage/replay - what the command prints. */
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "city/triage/replay.h"
#include "policy/policy.h"

/* -- for eyes ---------------------------------------------------------------------------------- */

struct printing {
	const struct aw_policy *before, *now;
	struct aw_buf *out;
};

/* What a code is called, by the policy that used it: "vulnerability/high" is its scale's level. */
static const char *
words(const struct printing *p, const struct aw_policy *policy, const char *list, const char *code)
{
	const char *slash = strchr(code, '/'), *text;
	const struct aw_scale *scale;

	if (slash == NULL) {
		text = aw_policy_text(policy, list, code, NULL);
		return text == NULL ? code : text;
	}
	list = aw_arena_strndup(p->out->arena, code, (size_t)(slash - code));
	scale = aw_policy_scale(policy, list);
	text = aw_policy_text(policy, list, slash + 1, NULL);
	return scale == NULL || text == NULL
		       ? code
		       : aw_arena_printf(p->out->arena, "%s %s", scale->label.zh, text);
}

static void
print_pairs(const struct printing *p, const char *title, const char *list,
	const struct aw_replay_pairs *pairs)
{
	aw_buf_printf(p->out, "\n%s\tbefore\tnow\tdecisions\n", title);
	for (size_t i = 0; i < pairs->count; i++) {
		const struct aw_replay_pair *pair = &pairs->at[i];

		aw_buf_printf(p->out, "%s\t%s\t%s\t%" PRId64 "\n",
			strcmp(pair->from, pair->to) == 0 ? "" : "*",
			words(p, p->before, list, pair->from), words(p, p->now, list, pair->to),
			pair->count);
	}
}

static void
print_loads(const struct printing *p, const struct aw_replay *r)
{
	aw_buf_text(p->out, "\nunit\tlead before\tlead now\tjoins before\tjoins now\n");
	for (size_t i = 0; i < r->load_count; i++) {
		const struct aw_replay_load *load = &r->loads[i];

		aw_buf_printf(p->out, "%s\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\n",
			words(p, p->now, "unit_type", load->type), load->lead_before,
			load->lead_now, load->co_before, load->co_now);
	}
}

static void
print_districts(const struct printing *p, const struct aw_replay *r)
{
	aw_buf_text(p->out, "\ndistrict\treports\tchanged\turgent before\turgent now\n");
	for (size_t i = 0; i < r->district_count; i++) {
		const struct aw_replay_district *d = &r->districts[i];

		aw_buf_printf(p->out, "%s\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\n",
			*d->code == '\0' ? "-" : words(p, p->now, "district", d->code), d->reports,
			d->changed, d->urgent_before, d->urgent_now);
	}
}

static void
print_changes(const struct printing *p, const struct aw_replay *r)
{
	aw_buf_text(
		p->out, "\nreport\tlevel before\tnow\tpriority before\tnow\tunit before\tnow\n");
	for (size_t i = 0; i < r->change_count; i++) {
		const struct aw_replay_change *c = &r->changes[i];

		aw_buf_printf(p->out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", c->report,
			words(p, p->before, "", c->level_before),
			words(p, p->now, "", c->level_now),
			words(p, p->before, "priority", c->priority_before),
			words(p, p->now, "priority", c->priority_now),
			words(p, p->before, "unit_type", c->lead_before),
			words(p, p->now, "unit_type", c->lead_now));
	}
}

void
aw_replay_print(const struct aw_policy *policy, const struct aw_policy *draft,
	const struct aw_replay *r, bool rows, struct aw_buf *out)
{
	struct printing p = { policy, draft, out };

	aw_buf_printf(out,
		"%s under %s (%.12s)\n%" PRId64 " decisions, %" PRId64 " would change: %" PRId64
		" graver, %" PRId64 " lighter; urgent %" PRId64 " -> %" PRId64 "\n",
		aw_period_name(out->arena, r->period), draft->label, r->draft, r->decisions,
		r->changed, r->graver, r->lighter, r->urgent_before, r->urgent_now);
	if (r->unread > 0)
		aw_buf_printf(out, "%" PRId64 " could not be decided again, the first: %s\n",
			r->unread, r->first_unread);
	print_pairs(&p, "level", "", &r->levels);
	print_pairs(&p, "priority", "priority", &r->priorities);
	print_pairs(&p, "unit", "unit_type", &r->leads);
	print_loads(&p, r);
	print_districts(&p, r);
	if (rows)
		print_changes(&p, r);
}

/* -- for programs ------------------------------------------------------------------------------ */

static json_t *
pairs_json(const struct aw_replay_pairs *pairs)
{
	json_t *list = json_array();

	for (size_t i = 0; i < pairs->count; i++) {
		json_t *pair = json_object();

		aw_json_put_text(pair, "before", pairs->at[i].from);
		aw_json_put_text(pair, "now", pairs->at[i].to);
		aw_json_put_int(pair, "count", pairs->at[i].count);
		aw_json_push(list, pair);
	}
	return list;
}

static json_t *
loads_json(const struct aw_replay *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->load_count; i++) {
		json_t *load = json_object();

		aw_json_put_text(load, "unit_type", r->loads[i].type);
		aw_json_put_int(load, "lead_before", r->loads[i].lead_before);
		aw_json_put_int(load, "lead_now", r->loads[i].lead_now);
		aw_json_put_int(load, "joins_before", r->loads[i].co_before);
		aw_json_put_int(load, "joins_now", r->loads[i].co_now);
		aw_json_push(list, load);
	}
	return list;
}

static json_t *
districts_json(const struct aw_replay *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->district_count; i++) {
		json_t *district = json_object();

		aw_json_put_text(district, "district", r->districts[i].code);
		aw_json_put_int(district, "reports", r->districts[i].reports);
		aw_json_put_int(district, "changed", r->districts[i].changed);
		aw_json_put_int(district, "urgent_before", r->districts[i].urgent_before);
		aw_json_put_int(district, "urgent_now", r->districts[i].urgent_now);
		aw_json_push(list, district);
	}
	return list;
}

static json_t *
change_json(const struct aw_replay_change *c)
{
	json_t *change = json_object();

	aw_json_put_text(change, "report", c->report);
	aw_json_put_text(change, "kind_before", c->kind_before);
	aw_json_put_text(change, "kind_now", c->kind_now);
	aw_json_put_text(change, "level_before", c->level_before);
	aw_json_put_text(change, "level_now", c->level_now);
	aw_json_put_text(change, "class_before", c->class_before);
	aw_json_put_text(change, "class_now", c->class_now);
	aw_json_put_text(change, "priority_before", c->priority_before);
	aw_json_put_text(change, "priority_now", c->priority_now);
	aw_json_put_text(change, "unit_before", c->lead_before);
	aw_json_put_text(change, "unit_now", c->lead_now);
	return change;
}

void
aw_replay_json(const struct aw_replay *r, bool rows, struct aw_buf *out)
{
	AW_SCOPED(json, json_t *) json = json_object();
	json_t *list = json_array();

	aw_json_put_text(json, "period", aw_period_name(out->arena, r->period));
	aw_json_put_text(json, "draft", r->draft);
	aw_json_put_int(json, "decisions", r->decisions);
	aw_json_put_int(json, "undecided", r->unread);
	aw_json_put_int(json, "changed", r->changed);
	aw_json_put_int(json, "graver", r->graver);
	aw_json_put_int(json, "lighter", r->lighter);
	aw_json_put_int(json, "urgent_before", r->urgent_before);
	aw_json_put_int(json, "urgent_now", r->urgent_now);
	aw_json_put(json, "levels", pairs_json(&r->levels));
	aw_json_put(json, "priorities", pairs_json(&r->priorities));
	aw_json_put(json, "units", pairs_json(&r->leads));
	aw_json_put(json, "load", loads_json(r));
	aw_json_put(json, "districts", districts_json(r));
	for (size_t i = 0; rows && i < r->change_count; i++)
		aw_json_push(list, change_json(&r->changes[i]));
	if (rows)
		aw_json_put(json, "reports", list);
	else
		json_decref(list);
	aw_buf_text(out, aw_json_compact(out->arena, json));
	aw_buf_char(out, '\n');
}
