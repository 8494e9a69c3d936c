/* A sheet's rules in place of its table's: read, compared, checked. */
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "policy/place.h"
#include "policy/sheet_inner.h"

#define NONE SIZE_MAX

struct applying {
	struct aw_arena *arena;
	const struct aw_grid *grid;
	struct aw_sheet_mistakes *mistakes;
	struct sheet_table t;
	size_t head_rows[AW_SHEET_HEADS];
	size_t *columns; /* of the grid, by column of the table */
	struct sheet_rule *rules;
	size_t count, room;
	bool *kept; /* by rule of the table */
};

/* row and column from 0; NONE: as a whole */
static void
wrong(struct applying *a, const char *code, const char *detail, size_t row, size_t column)
{
	*AW_PUSH(a->arena, a->mistakes->at, a->mistakes->count, a->mistakes->room) =
		(struct aw_sheet_mistake){ code, detail == NULL ? "" : detail,
			row == NONE ? 0 : row + 1, column == NONE ? 0 : column + 1 };
}

const char *
aw_sheet_mistake_text(struct aw_arena *arena, const struct aw_sheet_mistake *mistake)
{
	static const char *const texts[][2] = {
		{ "no_table", "no decision of the model is a table of the id that #table names" },
		{ "head_missing", "there is no row with this in column A" },
		{ "head_unknown", "no row has this in column A" },
		{ "head_twice", "two rows have this in column A" },
		{ "head_changed", "heads are changed in the editor; in the model this is" },
		{ "column_unknown",
			"the table has no such column; columns are added in the editor" },
		{ "column_missing", "this column of the table is not in the sheet" },
		{ "no_rule", "the sheet has no rule" },
		{ "output_empty", "an output needs a value" },
		{ "cell", "this cell cannot be read" },
	};

	for (size_t i = 0; i < AW_COUNT(texts); i++)
		if (strcmp(mistake->code, texts[i][0]) == 0)
			return mistake->detail[0] == '\0' ? texts[i][1]
							  : aw_arena_printf(arena, "%s: %s",
								    texts[i][1], mistake->detail);
	return mistake->code;
}

/* -- cells --------------------------------------------------------------------------------------- */

/* FEEL as it was typed into a spreadsheet: typographic quotes stand in no name, and TRUE is how a
 * spreadsheet writes a truth that it took for one. */
static struct aw_str
feel_text(struct aw_arena *arena, const char *cell)
{
	struct aw_str text = aw_str_trim(aw_str(cell));
	struct aw_buf out = { .arena = arena };
	size_t at = 0;
	bool inside = false;

	if (text.len == 4 && strncasecmp(text.at, "true", 4) == 0)
		return AW_STR_LIT("true");
	if (text.len == 5 && strncasecmp(text.at, "false", 5) == 0)
		return AW_STR_LIT("false");
	while (at < text.len) {
		size_t from = at;
		uint32_t c = aw_utf8_next(text, &at);
		bool curly = c == 0x201c || c == 0x201d;

		if (inside && c == '\\' && at < text.len) {
			(void)aw_utf8_next(text, &at);
		} else if (c == '"' || (curly && (!inside || c == 0x201d))) {
			inside = !inside;
			if (curly) {
				aw_buf_char(&out, '"');
				continue;
			}
		}
		aw_buf_add(&out, text.at + from, at - from);
	}
	return (struct aw_str){ aw_buf_z(&out), out.len };
}

static struct aw_str
cell_of(const struct applying *a, size_t row, size_t column)
{
	const char *cell = aw_grid_at(a->grid, row, a->columns[column]);

	return sheet_is_note(&a->t, column) ? aw_str_trim(aw_str(cell)) : feel_text(a->arena, cell);
}

static bool
is_blank(const char *cell)
{
	return aw_str_trim(aw_str(cell)).len == 0;
}

/* -- heads --------------------------------------------------------------------------------------- */

static void
find_heads(struct applying *a)
{
	for (size_t h = 0; h < AW_SHEET_HEADS; h++)
		a->head_rows[h] = NONE;
	for (size_t r = 0; r < a->grid->count; r++) {
		struct aw_str code = aw_str_trim(aw_str(aw_grid_at(a->grid, r, 0)));
		size_t h = 0;

		if (!aw_str_starts(code, "#"))
			continue;
		while (h < AW_SHEET_HEADS &&
			!aw_str_is(code, sheet_head_code((enum aw_sheet_head)h)))
			h++;
		if (h == AW_SHEET_HEADS)
			wrong(a, "head_unknown", aw_grid_at(a->grid, r, 0), r, 0);
		else if (a->head_rows[h] != NONE)
			wrong(a, "head_twice", sheet_head_code((enum aw_sheet_head)h), r, 0);
		else
			a->head_rows[h] = r;
	}
	for (size_t h = 0; h < AW_SHEET_HEADS; h++)
		if (a->head_rows[h] == NONE)
			wrong(a, "head_missing", sheet_head_code((enum aw_sheet_head)h), NONE,
				NONE);
}

/* A column is known by its kind and its expression or name; of two alike, the first is the first. */
static bool
is_column(const struct applying *a, size_t column, size_t at)
{
	static const enum aw_sheet_head keys[] = { AW_SHEET_KIND, AW_SHEET_EXPRESSION };

	for (size_t i = 0; i < AW_COUNT(keys); i++)
		if (!aw_str_eq(sheet_head_text(a->arena, &a->t, keys[i], column),
			    aw_str_trim(aw_str(aw_grid_at(a->grid, a->head_rows[keys[i]], at)))))
			return false;
	return true;
}

static size_t
widest(const struct aw_grid *grid)
{
	size_t columns = 0;

	for (size_t r = 0; r < grid->count; r++)
		columns = grid->rows[r].count > columns ? grid->rows[r].count : columns;
	return columns;
}

/* The first row in which a column of the grid says something; NONE: it is empty. */
static size_t
first_said(const struct aw_grid *grid, size_t column)
{
	for (size_t r = 0; r < grid->count; r++)
		if (!is_blank(aw_grid_at(grid, r, column)))
			return r;
	return NONE;
}

static void
match_columns(struct applying *a)
{
	size_t width = widest(a->grid);
	bool *taken = AW_NEW_ARRAY(a->arena, bool, width);

	a->columns = AW_NEW_ARRAY(a->arena, size_t, a->t.column_count);
	for (size_t c = 0; c < a->t.column_count; c++) {
		a->columns[c] = NONE;
		for (size_t at = SHEET_FIRST; at < width && a->columns[c] == NONE; at++)
			if (!taken[at] && is_column(a, c, at))
				a->columns[c] = at;
		if (a->columns[c] != NONE)
			taken[a->columns[c]] = true;
		else
			wrong(a, "column_missing", sheet_column_name(a->arena, &a->t, c),
				a->head_rows[AW_SHEET_EXPRESSION], NONE);
	}
	for (size_t at = SHEET_FIRST; at < width; at++) {
		size_t row = first_said(a->grid, at);

		/* the first rows have a few cells that belong to no column */
		while (row != NONE && row < a->grid->count &&
			(row == a->head_rows[AW_SHEET_TABLE] || row == a->head_rows[AW_SHEET_HIT] ||
				is_blank(aw_grid_at(a->grid, row, at))))
			row++;
		if (!taken[at] && row != NONE && row < a->grid->count)
			wrong(a, "column_unknown",
				aw_grid_at(a->grid, a->head_rows[AW_SHEET_EXPRESSION], at),
				a->head_rows[AW_SHEET_EXPRESSION], at);
	}
}

static void
compare_head(struct applying *a, enum aw_sheet_head head, struct aw_str says, size_t column)
{
	size_t row = a->head_rows[head];

	if (aw_str_eq(says, feel_text(a->arena, aw_grid_at(a->grid, row, column))))
		return;
	wrong(a, "head_changed",
		says.len == 0 ? "-" : aw_arena_strndup(a->arena, says.at, says.len), row, column);
}

/* What the heads say is not taken over, so that a change there is a mistake, not a silence. */
static void
compare_heads(struct applying *a, struct aw_str text)
{
	struct aw_grid own = { .arena = a->arena };
	struct aw_error err = { 0 };

	if (aw_sheet_put(a->t.model, text, a->t.item->id, NULL, &own, &err) != AW_OK)
		return;
	compare_head(
		a, AW_SHEET_HIT, aw_str(aw_grid_at(&own, AW_SHEET_HIT, SHEET_FIRST)), SHEET_FIRST);
	for (enum aw_sheet_head head = AW_SHEET_LABEL; head < AW_SHEET_HEADS; head++)
		for (size_t c = 0; c < a->t.column_count && head != AW_SHEET_EXPRESSION; c++)
			if (a->columns[c] != NONE)
				compare_head(a, head,
					feel_text(
						a->arena, aw_grid_at(&own, head, SHEET_FIRST + c)),
					a->columns[c]);
}

/* -- rules --------------------------------------------------------------------------------------- */

static size_t
rule_of_id(const struct applying *a, struct aw_str id)
{
	for (size_t r = 0; id.len > 0 && r < a->t.table->rule_count; r++)
		if (!a->kept[r] && aw_str_is(id, sheet_rule_id(a->arena, &a->t, r)))
			return r;
	return NONE;
}

static bool
says_nothing(const struct applying *a, size_t row)
{
	for (size_t c = 0; c < a->t.column_count; c++)
		if (!is_blank(aw_grid_at(a->grid, row, a->columns[c])))
			return false;
	return is_blank(aw_grid_at(a->grid, row, 0));
}

static void
read_rule(struct applying *a, size_t row)
{
	struct aw_str id = aw_str_trim(aw_str(aw_grid_at(a->grid, row, 0)));
	struct sheet_rule *rule = AW_PUSH(a->arena, a->rules, a->count, a->room);

	rule->row = row;
	rule->id = aw_arena_strndup(a->arena, id.at == NULL ? "" : id.at, id.len);
	rule->old = rule_of_id(a, id);
	rule->cells = AW_NEW_ARRAY(a->arena, const char *, a->t.column_count);
	if (rule->old != NONE)
		a->kept[rule->old] = true;
	for (size_t c = 0; c < a->t.column_count; c++) {
		struct aw_str cell = cell_of(a, row, c);
		bool is_input = c < a->t.table->input_count;

		if (cell.len == 0 && is_input)
			cell = AW_STR_LIT("-");
		if (cell.len == 0 && !is_input && !sheet_is_note(&a->t, c) &&
			(rule->old == NONE || sheet_cell(&a->t, rule->old, c).len > 0))
			wrong(a, "output_empty", "", row, a->columns[c]);
		rule->cells[c] =
			aw_arena_strndup(a->arena, cell.at == NULL ? "" : cell.at, cell.len);
	}
}

static void
read_rules(struct applying *a)
{
	a->kept = AW_NEW_ARRAY(a->arena, bool, a->t.table->rule_count);
	for (size_t r = 0; r < a->grid->count; r++)
		if (!aw_str_starts(aw_str_trim(aw_str(aw_grid_at(a->grid, r, 0))), "#") &&
			!says_nothing(a, r))
			read_rule(a, r);
	if (a->count == 0)
		wrong(a, "no_rule", "", NONE, NONE);
}

/* -- what differs -------------------------------------------------------------------------------- */

static struct aw_sheet_change *
change(struct applying *a, struct aw_sheet_applied *ret, enum aw_sheet_what what, const char *rule,
	size_t row)
{
	struct aw_sheet_change *c =
		AW_PUSH(a->arena, ret->changes, ret->change_count, ret->change_room);

	*c = (struct aw_sheet_change){ .what = what, .rule = rule, .row = row };
	return c;
}

static void
compare_rule(struct applying *a, struct aw_sheet_applied *ret, const struct sheet_rule *rule)
{
	const char *id = sheet_rule_id(a->arena, &a->t, rule->old);

	for (size_t c = 0; c < a->t.column_count; c++) {
		struct aw_str was = sheet_cell(&a->t, rule->old, c);
		struct aw_sheet_change *changed;

		if (sheet_same(&a->t, c, was, aw_str(rule->cells[c])))
			continue;
		changed = change(a, ret, AW_SHEET_CHANGED, id, rule->row + 1);
		changed->column = sheet_column_name(a->arena, &a->t, c);
		changed->was = aw_arena_strndup(a->arena, was.at == NULL ? "" : was.at, was.len);
		changed->is = rule->cells[c];
	}
}

static void
compare_rules(struct applying *a, struct aw_sheet_applied *ret)
{
	size_t last = 0;

	for (size_t i = 0; i < a->count; i++) {
		const struct sheet_rule *rule = &a->rules[i];

		if (rule->old == NONE) {
			(void)change(a, ret, AW_SHEET_ADDED, rule->id, rule->row + 1);
			continue;
		}
		compare_rule(a, ret, rule);
		if (rule->old < last)
			(void)change(a, ret, AW_SHEET_MOVED,
				sheet_rule_id(a->arena, &a->t, rule->old), rule->row + 1);
		last = rule->old > last ? rule->old : last;
	}
	for (size_t r = 0; r < a->t.table->rule_count; r++)
		if (!a->kept[r])
			(void)change(
				a, ret, AW_SHEET_REMOVED, sheet_rule_id(a->arena, &a->t, r), 0);
}

/* -- taken over ---------------------------------------------------------------------------------- */

static void
put_places(struct applying *a, struct aw_sheet_applied *ret)
{
	size_t *rows = AW_NEW_ARRAY(a->arena, size_t, a->count);
	size_t *columns = AW_NEW_ARRAY(a->arena, size_t, a->t.column_count);

	for (size_t i = 0; i < a->count; i++)
		rows[i] = a->rules[i].row + 1;
	for (size_t c = 0; c < a->t.column_count; c++)
		columns[c] = a->columns[c] + 1;
	ret->rows = rows;
	ret->row_count = a->count;
	ret->columns = columns;
	ret->column_count = a->t.table->input_count + a->t.table->output_count;
}

/* What cannot be read in the new model, where its row stands in the sheet. */
static enum aw_status
check_cells(struct applying *a, const struct aw_sheet_applied *ret, struct aw_error *err)
{
	const struct aw_dmn_options options = { .file = a->t.model->file, .lint = true };
	const struct aw_dmn_model *model = NULL;

	if (aw_dmn_load(a->arena, ret->model, &options, &model, err) != AW_OK)
		return err->status;
	for (const struct aw_dmn_problem *p = model->problems; p != NULL; p = p->next) {
		struct aw_model_place place = aw_model_place_of(model, p->line);

		if (place.item == NULL || !aw_text_eq(place.item->id, a->t.item->id) ||
			place.row == 0 || place.column == NONE)
			continue;
		wrong(a, "cell", p->text, a->rules[place.row - 1].row, a->columns[place.column]);
	}
	return AW_OK;
}

static enum aw_status
apply(struct applying *a, struct aw_sheet_applied *ret, xmlDoc *doc, struct aw_error *err)
{
	xmlChar *bytes = NULL;
	int len = 0;

	compare_rules(a, ret);
	put_places(a, ret);
	if (ret->change_count == 0)
		return AW_OK;
	sheet_write(a->arena, &a->t, a->rules, a->count);
	xmlDocDumpMemoryEnc(doc, &bytes, &len, "UTF-8");
	if (bytes == NULL)
		return aw_fail(err, AW_INTERNAL, "the model cannot be written");
	ret->model = (struct aw_str){ aw_arena_strndup(a->arena, (const char *)bytes, (size_t)len),
		(size_t)len };
	xmlFree(bytes);
	return check_cells(a, ret, err);
}

static enum aw_status
read_sheet(struct applying *a, const struct aw_dmn_model *model, xmlDoc *doc, struct aw_str text,
	struct aw_error *err)
{
	find_heads(a);
	if (a->mistakes->count > 0)
		return AW_OK;
	if (sheet_table_of(model, doc,
		    aw_grid_at(a->grid, a->head_rows[AW_SHEET_TABLE], SHEET_FIRST), &a->t,
		    err) != AW_OK) {
		aw_error_clear(err);
		wrong(a, "no_table", aw_grid_at(a->grid, a->head_rows[AW_SHEET_TABLE], SHEET_FIRST),
			a->head_rows[AW_SHEET_TABLE], SHEET_FIRST);
		return AW_OK;
	}
	match_columns(a);
	compare_heads(a, text);
	for (size_t c = 0; c < a->t.column_count; c++)
		if (a->columns[c] == NONE)
			return AW_OK;
	read_rules(a);
	return AW_OK;
}

enum aw_status
aw_sheet_apply(const struct aw_dmn_model *model, struct aw_str text, const struct aw_grid *grid,
	struct aw_sheet_mistakes *mistakes, struct aw_sheet_applied *ret_applied,
	struct aw_error *err)
{
	AW_SCOPED(xml, xmlDoc *) doc = NULL;
	struct applying a = { .arena = grid->arena, .grid = grid, .mistakes = mistakes };
	struct aw_sheet_applied applied = { .model = text };
	size_t before = mistakes->count;

	if (aw_xml_parse(text, model->file, &doc, err) != AW_OK ||
		read_sheet(&a, model, doc, text, err) != AW_OK)
		return err->status;
	if (mistakes->count == before) {
		const char *made = aw_grid_at(grid, a.head_rows[AW_SHEET_TABLE], SHEET_FIRST + 2);

		applied.item = a.t.item;
		applied.stale = strncmp(made, aw_sha256_hex(a.arena, text.at, text.len), 12) != 0;
		if (apply(&a, &applied, doc, err) != AW_OK)
			return err->status;
	}
	if (mistakes->count > before)
		return aw_fail(
			err, AW_INVALID, "the sheet has %zu mistakes", mistakes->count - before);
	*ret_applied = applied;
	return AW_OK;
}
