/* city/triage/triage_view - a decision with its reasons, as a page shows it. */
#include "city/triage/triage_view.h"

#include <string.h>

#include "city/triage/fact_class.h"

static const AW_VIEW_TYPE(reason_view, "Because", NULL, AW_FIELD("words", TEXT, RISK),
	AW_FIELD("outcome", TEXT, RISK));

static const AW_VIEW_TYPE(head_view, "TableHead", NULL, AW_FIELD("text", TEXT, OPEN),
	AW_FIELD("value", TEXT, RISK), AW_FIELD_CODE("flag", RISK, "yesno"),
	AW_FIELD("unknown", FLAG, RISK), AW_FIELD_CODE("source", OPEN, "fact.source"));

static const AW_VIEW_TYPE(cell_view, "TableCell", NULL, AW_FIELD("text", TEXT, OPEN),
	AW_FIELD_CODE("flag", OPEN, "yesno"), AW_FIELD("any", FLAG, RISK),
	AW_FIELD("yes", FLAG, RISK), AW_FIELD("no", FLAG, RISK), AW_FIELD("unknown", FLAG, RISK));

static const AW_VIEW_TYPE(row_view, "TableRow", NULL, AW_FIELD("number", NUMBER, OPEN),
	AW_FIELD_OF("cells", LIST, OPEN, &cell_view), AW_FIELD_OF("outs", LIST, OPEN, &cell_view),
	AW_FIELD("note", TEXT, OPEN), AW_FIELD("fired", FLAG, RISK), AW_FIELD("used", FLAG, RISK),
	AW_FIELD("could_fire", FLAG, RISK), AW_FIELD("sealed", FLAG, OPEN),
	AW_FIELD("unverified", FLAG, OPEN));

static const AW_VIEW_TYPE(table_view, "DecisionTable", "triage/table",
	AW_FIELD("index", NUMBER, OPEN), AW_FIELD("title", TEXT, OPEN),
	AW_FIELD("hit_policy", TEXT, OPEN), AW_FIELD_OF("heads", LIST, OPEN, &head_view),
	AW_FIELD_OF("outs", LIST, OPEN, &head_view), AW_FIELD_OF("rows", LIST, OPEN, &row_view),
	AW_FIELD("other_rows", NUMBER, OPEN), AW_FIELD("sealed", FLAG, OPEN),
	AW_FIELD("result", TEXT, RISK), AW_FIELD("uncertain", FLAG, RISK));

static const AW_VIEW_TYPE(unknown_view, "UnknownFact", NULL, AW_FIELD("fact", TEXT, OPEN),
	AW_FIELD("table", TEXT, OPEN), AW_FIELD("row", NUMBER, OPEN), AW_FIELD("needs", TEXT, OPEN),
	AW_FIELD_CODE("needs_flag", OPEN, "yesno"), AW_FIELD("outcome", TEXT, RISK),
	AW_FIELD("changes", FLAG, RISK));

static const AW_VIEW_TYPE(
	named_view, "UnitToName", NULL, AW_FIELD("name", TEXT, OPEN), AW_FIELD("task", TEXT, OPEN));

const AW_VIEW_TYPE(aw_decision_view, "Decision", NULL, AW_FIELD("release", TEXT, OPEN),
	AW_FIELD("made_at", INSTANT, OPEN), AW_FIELD("overridden", TEXT, OPEN),
	AW_FIELD_OF("reasons", LIST, RISK, &reason_view), AW_FIELD("may_rise", FLAG, RISK),
	AW_FIELD("otherwise", FLAG, RISK), AW_FIELD("reference_only", FLAG, RISK),
	AW_FIELD_OF("tables", LIST, RISK, &table_view),
	AW_FIELD_OF("more_tables", LIST, RISK, &table_view),
	AW_FIELD_OF("unknowns", LIST, RISK, &unknown_view), AW_FIELD("unknown_count", NUMBER, RISK),
	AW_FIELD_OF("to_name", LIST, OPEN, &named_view));

/* Tables of up to so many rows are shown whole; of longer ones the rows that matter. */
enum { WHOLE_TABLE = 8 };

/* What of a table is hidden. */
struct seals {
	const char *const *hidden; /* the reason, one a column; NULL: it is seen */
	const char *reason;	   /* of a row that is sealed; NULL: none is */
};

struct fill {
	struct aw_arena *arena;
	const struct aw_policy *policy;
	const struct aw_decision *decision;
	struct aw_fact_eye eye;
	struct seals *seals; /* of each decision of the explanation */
	const char *language;
};

static void
seal(struct fill *fill)
{
	const struct aw_explain *explain = &fill->decision->explain;

	fill->seals = AW_NEW_ARRAY(fill->arena, struct seals, explain->decision_count + 1);
	for (size_t i = 0; i < explain->decision_count; i++) {
		const struct aw_explain_decision *table = &explain->decisions[i];
		struct seals *seals = &fill->seals[i];

		seals->hidden = aw_fact_columns(&fill->eye, table);
		for (size_t k = 0; k < table->row_count && seals->reason == NULL; k++) {
			if (aw_row_sealed(table, &table->rows[k], seals->hidden))
				seals->reason = aw_fact_first(table, seals->hidden);
		}
	}
}

static const struct seals *
seals_of(const struct fill *fill, const struct aw_explain_decision *table)
{
	return &fill->seals[table - fill->decision->explain.decisions];
}

/* FEEL text without its quotes; true and false are left to the code "yesno". */
static const char *
plain(const struct fill *fill, const char *feel)
{
	size_t len = feel == NULL ? 0 : strlen(feel);

	if (len >= 2 && feel[0] == '"' && feel[len - 1] == '"' &&
		memchr(feel + 1, '"', len - 2) == NULL)
		return aw_arena_strndup(fill->arena, feel + 1, len - 2);
	return feel;
}

static bool
yes_or_no(const char *feel, const char **ret_code)
{
	*ret_code = aw_text_eq(feel, "true") ? "yes" : "no";
	return aw_text_eq(feel, "true") || aw_text_eq(feel, "false");
}

/* A code in the reader's words: as a choice of the kind's question, a level of a scale, a type of
 * unit, a kind; else as it stands. */
static const char *
words(const struct fill *fill, const char *name, const char *feel)
{
	const char *code = plain(fill, feel), *text = NULL;
	const struct aw_kind *kind;

	if (code == NULL || code[0] == '\0' || code == feel)
		return code;
	if (name != NULL && fill->decision != NULL && fill->decision->kind != NULL) {
		kind = aw_policy_kind(fill->policy, fill->decision->kind);
		text = kind == NULL ? NULL : aw_policy_choice(kind, name, code, fill->language);
	}
	/* a table of several kinds asks what this kind's form does not */
	for (size_t i = 0; name != NULL && text == NULL && i < fill->policy->kind_count; i++)
		text = aw_policy_choice(&fill->policy->kinds[i], name, code, fill->language);
	if (text == NULL && aw_text_eq(name, "level") && fill->decision != NULL &&
		fill->decision->scale != NULL)
		text = aw_policy_text(fill->policy, fill->decision->scale, code, fill->language);
	if (text == NULL && name != NULL)
		text = aw_policy_text(fill->policy, name, code, fill->language);
	if (text == NULL)
		text = aw_policy_text(fill->policy, "unit_type", code, fill->language);
	if (text == NULL)
		text = aw_policy_text(fill->policy, "kind", code, fill->language);
	return text == NULL ? code : text;
}

/* ">= 2" as "≥ 2", "[6..7]" as "6–7": signs that need no language. */
static const char *
signs(const struct fill *fill, const char *entry)
{
	struct aw_str text = aw_str_trim(aw_str(entry));
	struct aw_str inner = { text.at + 1, text.len > 2 ? text.len - 2 : 0 };
	const char *dots = inner.len == 0 ? NULL : memmem(inner.at, inner.len, "..", 2);

	if (aw_str_starts(text, ">=") || aw_str_starts(text, "<="))
		return aw_arena_printf(fill->arena, "%s%.*s", text.at[0] == '>' ? "≥" : "≤",
			(int)(text.len - 2), text.at + 2);
	if (dots == NULL || text.at[0] != '[' || text.at[text.len - 1] != ']')
		return entry;
	return aw_arena_printf(fill->arena, "%.*s–%.*s", (int)(dots - inner.at), inner.at,
		(int)(inner.len - (size_t)(dots - inner.at) - 2), dots + 2);
}

/* "a","b" of a cell, each in the reader's words. */
static const char *
cell_words(const struct fill *fill, const char *name, const char *entry)
{
	struct aw_buf buf = { .arena = fill->arena };
	struct aw_str rest = aw_str(entry), part;

	if (entry == NULL || strchr(entry, '(') != NULL)
		return entry;
	if (strchr(entry, '"') == NULL)
		return signs(fill, entry);
	while (rest.at != NULL) {
		part = aw_str_trim(aw_str_cut(rest, ',', &rest));
		if (buf.len != 0)
			aw_buf_text(&buf, strcmp(fill->language, "en") == 0 ? ", " : "、");
		aw_buf_text(
			&buf, words(fill, name, aw_arena_strndup(fill->arena, part.at, part.len)));
	}
	return aw_buf_z(&buf);
}

const char *
aw_triage_words(struct aw_arena *arena, const struct aw_policy *policy, const char *name,
	const char *entry, const char *language)
{
	const struct fill fill = { .arena = arena, .policy = policy, .language = language };

	return cell_words(&fill, name, entry);
}

static void
fill_heads(const struct fill *fill, const struct aw_explain_decision *table, struct aw_view *view)
{
	const char *const *hidden = seals_of(fill, table)->hidden;
	const char *code;

	for (size_t i = 0; i < table->input_count; i++) {
		const struct aw_explain_input *input = &table->inputs[i];
		struct aw_view *item = aw_view_item(view, "heads");
		aw_view_text(item, "text", input->label != NULL ? input->label : input->expression);
		if (hidden[i] != NULL) {
			aw_view_hide(item, "value", hidden[i]);
			continue;
		}
		aw_view_flag(item, "unknown", input->unknown);
		aw_view_text(item, "source", input->source);
		if (input->unknown)
			continue;
		if (yes_or_no(input->value, &code))
			aw_view_text(item, "flag", code);
		else
			aw_view_text(item, "value", words(fill, input->expression, input->value));
	}
	for (size_t i = 0; i < table->output_count; i++)
		aw_view_text(aw_view_item(view, "outs"), "text",
			aw_text_eq(table->output_labels[i], table->label)
				? NULL
				: table->output_labels[i]);
}

static void
fill_cell(const struct fill *fill, const char *name, const char *entry, enum aw_cell cell,
	bool told, struct aw_view *item)
{
	const char *code;

	aw_view_flag(item, "any", cell == AW_CELL_ANY);
	aw_view_flag(item, "yes", told && cell == AW_CELL_TRUE);
	aw_view_flag(item, "no", told && cell == AW_CELL_FALSE);
	aw_view_flag(item, "unknown", told && cell == AW_CELL_UNKNOWN);
	if (cell == AW_CELL_ANY)
		return;
	if (yes_or_no(entry, &code))
		aw_view_text(item, "flag", code);
	else
		aw_view_text(item, "text", cell_words(fill, name, entry));
}

/* 依據 of a row without 未確認, which is shown as a tag. */
static const char *
source_of(const struct fill *fill, const struct aw_explain_decision *table,
	const struct aw_explain_row *row)
{
	const char *source = table->note_count == 0 ? NULL : row->notes[0];
	const char *mark = source == NULL ? NULL : strstr(source, "未確認");

	if (mark == NULL || mark[strlen("未確認")] != '\0')
		return source;
	struct aw_str head = aw_str_trim((struct aw_str){ source, (size_t)(mark - source) });

	return aw_arena_strndup(fill->arena, head.at, head.len);
}

static void
fill_row(const struct fill *fill, const struct aw_explain_decision *table,
	const struct aw_explain_row *row, struct aw_view *item)
{
	const struct seals *seals = seals_of(fill, table);
	const char *note = source_of(fill, table, row);
	bool sealed = aw_row_sealed(table, row, seals->hidden);
	const char *code;

	aw_view_int(item, "number", row->number);
	aw_view_flag(item, "sealed", sealed);
	aw_view_flag(item, "fired", row->fired && !sealed);
	/* which of several that fired counts hangs on the sealed ones too */
	aw_view_flag(item, "used", row->used && seals->reason == NULL);
	aw_view_flag(item, "could_fire", row->could_fire && !sealed);
	aw_view_text(item, "note", note);
	for (size_t i = 0; i < table->note_count; i++) {
		if (row->notes[i] != NULL && strstr(row->notes[i], "未確認") != NULL)
			aw_view_flag(item, "unverified", true);
	}
	for (size_t i = 0; i < table->input_count; i++)
		fill_cell(fill, table->inputs[i].expression, row->entries[i], row->cells[i],
			seals->hidden[i] == NULL, aw_view_item(item, "cells"));
	for (size_t i = 0; i < table->output_count; i++) {
		struct aw_view *out = aw_view_item(item, "outs");
		const char *name = table->output_names[i];
		if (yes_or_no(row->outputs[i], &code))
			aw_view_text(out, "flag", code);
		else
			aw_view_text(out, "text", words(fill, name, row->outputs[i]));
	}
}

static void
fill_table(const struct fill *fill, const struct aw_explain_decision *table, int64_t index,
	struct aw_view *view)
{
	bool whole = table->row_count <= WHOLE_TABLE;
	const struct seals *seals = seals_of(fill, table);
	int64_t others = 0;

	aw_view_int(view, "index", index);
	aw_view_text(view, "title", table->label != NULL ? table->label : table->name);
	aw_view_text(view, "hit_policy", table->hit_policy);
	aw_view_flag(view, "sealed", seals->reason != NULL);
	if (seals->reason == NULL) {
		aw_view_text(view, "result", words(fill, table->id, table->result));
		aw_view_flag(view, "uncertain", table->possible_count != 0 || table->anything);
	}
	fill_heads(fill, table, view);
	for (size_t i = 0; i < table->row_count; i++) {
		const struct aw_explain_row *row = &table->rows[i];
		if (whole || row->fired || row->could_fire ||
			aw_row_sealed(table, row, seals->hidden))
			fill_row(fill, table, row, aw_view_item(view, "rows"));
		else
			others++;
	}
	aw_view_int(view, "other_rows", others);
}

/* Tables of other kinds have no row that fires or could: they are no part of the reasons. */
static bool
matters(const struct fill *fill, const struct aw_explain_decision *table)
{
	for (size_t i = 0; i < table->row_count; i++) {
		if (table->rows[i].fired || table->rows[i].could_fire)
			return table->hit_policy != NULL;
	}
	return table->hit_policy != NULL && seals_of(fill, table)->reason != NULL;
}

/* What officers call a fact: the column's label in a table that asks for it. */
static const char *
column_label(const struct fill *fill, const char *name)
{
	const struct aw_explain *explain = &fill->decision->explain;

	for (size_t i = 0; i < explain->decision_count; i++) {
		for (size_t k = 0; k < explain->decisions[i].input_count; k++) {
			if (aw_text_eq(explain->decisions[i].inputs[k].expression, name))
				return explain->decisions[i].inputs[k].label;
		}
	}
	return name;
}

static const char *
fact_label(const struct fill *fill, const char *name)
{
	const char *text = NULL;

	if (strcmp(fill->language, "en") == 0 && fill->decision->kind != NULL)
		text = aw_policy_text(fill->policy,
			aw_arena_printf(fill->arena, "%s.question", fill->decision->kind), name,
			fill->language);
	return text == NULL ? column_label(fill, name) : text;
}

/* Said once already: the same fact, in the same table, with the same outcome. */
static bool
repeated(const struct aw_explain *explain, size_t i)
{
	const struct aw_explain_unknown *u = &explain->unknowns[i];

	for (size_t k = 0; k < i; k++) {
		const struct aw_explain_unknown *v = &explain->unknowns[k];

		if (aw_text_eq(u->input, v->input) && aw_text_eq(u->decision, v->decision) &&
			aw_text_eq(u->outcome, v->outcome))
			return true;
	}
	return false;
}

/* A table of another kind, which matters only if the kind itself changes: that is said of the kind. */
static bool
of_another_kind(const struct aw_explain_decision *table)
{
	for (size_t i = 0; i < table->row_count; i++) {
		if (table->rows[i].fired)
			return false;
	}
	return table->input_count > 0 && table->inputs[0].unknown;
}

/* An outcome in the reader's words; a co-unit that would be added is its type of unit. */
static const char *
outcome_words(const struct fill *fill, const struct aw_explain_unknown *u)
{
	static const char head[] = "{type: \"";
	const char *type = u->outcome + strlen(head);

	if (strncmp(u->outcome, head, strlen(head)) != 0)
		return words(fill, u->decision, u->outcome);
	return words(fill, "unit_type",
		aw_arena_printf(fill->arena, "\"%.*s\"", (int)strcspn(type, "\""), type));
}

static void
fill_unknowns(const struct fill *fill, struct aw_view *view)
{
	const struct aw_explain *explain = &fill->decision->explain;
	const char *code;
	int64_t count = 0;

	for (size_t i = 0; i < explain->unknown_count; i++) {
		const struct aw_explain_unknown *unknown = &explain->unknowns[i];
		const struct aw_explain_decision *table =
			unknown->decision == NULL ? NULL
						  : aw_explain_find(explain, unknown->decision);
		struct aw_view *item;

		/* what could change a table of which something is sealed would tell what is in it */
		if (table == NULL || of_another_kind(table) || repeated(explain, i) ||
			seals_of(fill, table)->reason != NULL ||
			aw_fact_hidden(&fill->eye, unknown->input) != NULL)
			continue;
		item = aw_view_item(view, "unknowns");
		count++;
		aw_view_text(item, "fact", fact_label(fill, unknown->input));
		aw_view_flag(item, "changes", true);
		aw_view_text(item, "table", table->label != NULL ? table->label : table->name);
		aw_view_int(item, "row", unknown->row);
		if (yes_or_no(unknown->needs, &code))
			aw_view_text(item, "needs_flag", code);
		else
			aw_view_text(
				item, "needs", cell_words(fill, unknown->input, unknown->needs));
		aw_view_text(item, "outcome", outcome_words(fill, unknown));
	}
	aw_view_int(view, "unknown_count", count);
}

/* Units that only a person can name (which school, which hospital). */
static void
fill_to_name(const struct fill *fill, struct aw_view *view)
{
	for (size_t i = 0; i < fill->decision->co_count; i++) {
		const struct aw_proposed_unit *unit = &fill->decision->co_units[i];
		const struct aw_unit_type *type = aw_policy_unit_type(fill->policy, unit->type);
		struct aw_view *item;
		if (type == NULL || type->choice != AW_UNIT_NAMED)
			continue;
		item = aw_view_item(view, "to_name");
		aw_view_text(item, "name", aw_label_text(type->label, fill->language));
		aw_view_text(item, "task", unit->task);
	}
}

/* The reason "priority" covers priority_child and the like. */
static bool
covers(const char *reason, const char *table)
{
	size_t len = reason == NULL ? 0 : strlen(reason);

	return len > 0 && strncmp(table, reason, len) == 0 &&
	       (table[len] == '\0' || table[len] == '_');
}

/* A table that the sentence rests on is shown; what leads to it, and who goes, opens on demand. */
static bool
is_reason(const struct aw_decision *decision, const char *table)
{
	for (size_t i = 0; i < decision->reason_count; i++) {
		if (covers(decision->reasons[i].decision, table))
			return true;
	}
	return false;
}

/* Why the words of a reason are hidden; NULL: they may be told. */
static const char *
why_hidden(const struct fill *fill, const char *reason)
{
	const struct aw_explain *explain = &fill->decision->explain;

	for (size_t i = 0; i < explain->decision_count; i++) {
		if (fill->seals[i].reason != NULL && covers(reason, explain->decisions[i].id))
			return fill->seals[i].reason;
	}
	return NULL;
}

void
aw_decision_fill(struct aw_view *view, const struct aw_act *act, const struct aw_access *access,
	const struct aw_decision *decision, const char *language)
{
	const struct aw_policy *policy = act->policy;
	struct fill fill = { .arena = aw_view_arena(view),
		.policy = policy,
		.decision = decision,
		.eye = aw_fact_eye(act, access, decision->made_at),
		.language = language };
	int64_t index = 0;

	seal(&fill);

	aw_view_text(view, "release",
		aw_text_eq(decision->release, policy->hash)
			? policy->label
			: aw_arena_strndup(fill.arena, decision->release, 12));
	aw_view_int(view, "made_at", decision->made_at);
	if (decision->override_reason != NULL)
		aw_view_text(view, "overridden",
			aw_policy_text(policy, "edit", decision->override_reason, language));
	aw_view_flag(view, "may_rise", decision->may_rise);
	aw_view_flag(view, "otherwise", decision->otherwise);
	aw_view_flag(view, "reference_only", decision->reference_only);
	for (size_t i = 0; i < decision->reason_count; i++) {
		struct aw_view *item = aw_view_item(view, "reasons");
		const struct aw_because *because = &decision->reasons[i];
		const char *quoted = aw_arena_printf(fill.arena, "\"%s\"", because->outcome),
			   *hidden;
		hidden = why_hidden(&fill, because->decision);
		if (hidden == NULL)
			aw_view_text(item, "words", because->words);
		else
			aw_view_hide(item, "words", hidden);
		aw_view_text(item, "outcome", words(&fill, because->decision, quoted));
	}
	for (size_t i = 0; i < decision->explain.decision_count; i++) {
		const struct aw_explain_decision *table = &decision->explain.decisions[i];
		if (matters(&fill, table) && is_reason(decision, table->id))
			fill_table(&fill, table, ++index, aw_view_item(view, "tables"));
	}
	for (size_t i = 0; i < decision->explain.decision_count; i++) {
		const struct aw_explain_decision *table = &decision->explain.decisions[i];
		if (matters(&fill, table) && !is_reason(decision, table->id))
			fill_table(&fill, table, ++index, aw_view_item(view, "more_tables"));
	}
	fill_unknowns(&fill, view);
	fill_to_name(&fill, view);
}
