/* What the command prints: a table for eyes, CSV and JSON for programs. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "city/indicator/indicator.h"

/* One line: a total, or one group of it. */
struct line {
	const struct aw_indicator_result *result;
	const struct aw_indicator_group *group; /* NULL: the total */
	const struct aw_indicator_sum *sum;
};

struct printing {
	struct aw_act *act;
	const struct aw_indicator_query *query;
	enum aw_indicator_by by;
	enum aw_indicator_format format;
	struct line *lines;
	size_t count, room;
};

/* Hundredths of a percent, as a decimal number: 692 -> 6.92, 770 -> 7.7. */
static const char *
percent_text(struct aw_arena *arena, int64_t hundredths)
{
	if (hundredths % 100 == 0)
		return aw_arena_printf(arena, "%" PRId64, hundredths / 100);
	if (hundredths % 10 == 0)
		return aw_arena_printf(
			arena, "%" PRId64 ".%" PRId64, hundredths / 100, hundredths / 10 % 10);
	return aw_arena_printf(arena, "%" PRId64 ".%02" PRId64, hundredths / 100, hundredths % 100);
}

static const char *
target_text(struct aw_arena *arena, const struct aw_indicator_result *result)
{
	const char *sign = ">=";

	if (result->target == NULL)
		return "";
	if (result->indicator->direction == AW_INDICATOR_LOWER)
		sign = result->target->strict ? "<" : "<=";
	else if (result->target->strict)
		sign = ">";
	return aw_arena_printf(arena, "%s%s", sign, percent_text(arena, result->target->value));
}

static const char *
met_text(enum aw_indicator_met met)
{
	static const char *const texts[] = {
		[AW_INDICATOR_NO_TARGET] = "",
		[AW_INDICATOR_MET] = "yes",
		[AW_INDICATOR_MISSED] = "no",
	};

	return texts[met];
}

static const char *
unit_text(struct aw_arena *arena, const struct aw_indicator *indicator)
{
	if (aw_text_eq(indicator->numerator_unit.zh, indicator->denominator_unit.zh))
		return aw_arena_printf(arena, "%% (%s)", indicator->numerator_unit.zh);
	return aw_arena_printf(
		arena, "%% (%s/%s)", indicator->numerator_unit.zh, indicator->denominator_unit.zh);
}

/* -- JSON ---------------------------------------------------------------------------------- */

static json_t *
row_json(struct aw_arena *arena, const struct aw_indicator_row *row)
{
	json_t *json = json_object();

	aw_json_put_text(json, "number", row->number);
	aw_json_put_text(json, "person", row->person);
	aw_json_put(json, "position",
		row->position.known ? json_integer(row->position.v) : json_null());
	aw_json_put_text(json, "at", aw_instant_iso(arena, row->at));
	aw_json_put_text(json, "district", row->district);
	aw_json_put_text(json, "unit", row->unit);
	aw_json_put_text(json, "kind", row->kind);
	aw_json_put(json, "numerator", json_boolean(row->numerator));
	if (row->numerator_kind != NULL)
		aw_json_put_text(json, "numerator_kind", row->numerator_kind);
	aw_json_put_text(json, "prior", row->prior);
	aw_json_put(json, "value", row->value.known ? json_integer(row->value.v) : json_null());
	return json;
}

static json_t *
line_json(const struct printing *printing, const struct line *line)
{
	struct aw_arena *arena = printing->act->arena;
	const struct aw_indicator_result *result = line->result;
	json_t *json = json_object(), *rows;

	aw_json_put_text(json, "id", result->indicator->code);
	aw_json_put_text(json, "name", result->indicator->label.zh);
	aw_json_put_text(json, "definition", result->indicator->version);
	aw_json_put_text(json, "period", aw_period_name(arena, result->period));
	aw_json_put_text(json, "as_of", aw_day_iso(arena, result->as_of_day));
	if (line->group != NULL) {
		aw_json_put_text(json, "by", aw_indicator_by_code(printing->by));
		aw_json_put_text(json, "group", line->group->key);
		aw_json_put_text(json, "group_name", line->group->label.zh);
	}
	aw_json_put_int(json, "numerator", line->sum->numerator);
	aw_json_put_int(json, "denominator", line->sum->denominator);
	aw_json_put(json, "value",
		line->sum->value.known ? json_real((double)line->sum->value.v / 100.0)
				       : json_null());
	aw_json_put(json, "target",
		result->target != NULL ? json_real((double)result->target->value / 100.0)
				       : json_null());
	aw_json_put_text(json, "unit", unit_text(arena, result->indicator));
	aw_json_put(json, "met",
		line->sum->met == AW_INDICATOR_NO_TARGET
			? json_null()
			: json_boolean(line->sum->met == AW_INDICATOR_MET));
	if (!printing->query->rows)
		return json;
	rows = json_array();
	for (size_t i = 0; i < result->row_count; i++) {
		if (line->group == NULL ||
			strcmp(aw_indicator_row_key(arena, &result->rows[i], printing->by),
				line->group->key) == 0)
			aw_json_push(rows, row_json(arena, &result->rows[i]));
	}
	aw_json_put(json, "rows", rows);
	return json;
}

static void
print_json(const struct printing *printing, struct aw_buf *out)
{
	json_t *list = json_array();

	for (size_t i = 0; i < printing->count; i++)
		aw_json_push(list, line_json(printing, &printing->lines[i]));
	aw_buf_text(out, aw_json_pretty(printing->act->arena, list));
	aw_buf_char(out, '\n');
	json_decref(list);
}

/* -- CSV ----------------------------------------------------------------------------------- */

/* A field of RFC 4180: quoted only where it must be. */
static void
csv_field(struct aw_buf *out, const char *text, bool first)
{
	if (!first)
		aw_buf_char(out, ',');
	if (text == NULL)
		return;
	if (strpbrk(text, ",\"\r\n") == NULL) {
		aw_buf_text(out, text);
		return;
	}
	aw_buf_char(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			aw_buf_char(out, '"');
		aw_buf_char(out, *text);
	}
	aw_buf_char(out, '"');
}

static void
csv_fields(struct aw_buf *out, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		csv_field(out, texts[i], i == 0);
	aw_buf_text(out, "\r\n");
}

static const char *
maybe_text(struct aw_arena *arena, struct aw_maybe maybe)
{
	return maybe.known ? aw_arena_printf(arena, "%" PRId64, maybe.v) : NULL;
}

static void
print_csv_rows(const struct printing *printing, struct aw_buf *out)
{
	static const char *const head[] = { "id", "definition", "period", "number", "person",
		"position", "at", "district", "unit", "kind", "numerator", "numerator_kind",
		"prior", "value" };
	struct aw_arena *arena = printing->act->arena;
	const struct aw_indicator_result *last = NULL;

	csv_fields(out, head, AW_COUNT(head));
	for (size_t i = 0; i < printing->count; i++) {
		const struct aw_indicator_result *result = printing->lines[i].result;

		if (result == last) /* groups share their total's rows */
			continue;
		last = result;
		for (size_t r = 0; r < result->row_count; r++) {
			const struct aw_indicator_row *row = &result->rows[r];
			const char *const texts[] = { result->indicator->code,
				result->indicator->version, aw_period_name(arena, result->period),
				row->number, row->person, maybe_text(arena, row->position),
				aw_instant_iso(arena, row->at), row->district, row->unit, row->kind,
				row->numerator ? "1" : "0", row->numerator_kind, row->prior,
				maybe_text(arena, row->value) };
			csv_fields(out, texts, AW_COUNT(texts));
		}
	}
}

static void
print_csv(const struct printing *printing, struct aw_buf *out)
{
	static const char *const head[] = { "id", "name", "definition", "period", "group",
		"group_name", "numerator", "denominator", "value", "target", "unit", "met" };
	struct aw_arena *arena = printing->act->arena;

	csv_fields(out, head, AW_COUNT(head));
	for (size_t i = 0; i < printing->count; i++) {
		const struct line *line = &printing->lines[i];
		const struct aw_indicator *indicator = line->result->indicator;
		const char *const texts[] = { indicator->code, indicator->label.zh,
			indicator->version, aw_period_name(arena, line->result->period),
			line->group != NULL ? line->group->key : NULL,
			line->group != NULL ? line->group->label.zh : NULL,
			aw_arena_printf(arena, "%" PRId64, line->sum->numerator),
			aw_arena_printf(arena, "%" PRId64, line->sum->denominator),
			line->sum->value.known ? percent_text(arena, line->sum->value.v) : NULL,
			line->result->target != NULL
				? percent_text(arena, line->result->target->value)
				: NULL,
			unit_text(arena, indicator), met_text(line->sum->met) };
		csv_fields(out, texts, AW_COUNT(texts));
	}
}

/* -- table --------------------------------------------------------------------------------- */

/* Columns a text takes on a terminal: Chinese takes two. */
static size_t
width_of(const char *text)
{
	struct aw_str str = aw_str(text);
	size_t width = 0;

	for (size_t pos = 0; pos < str.len;)
		width += aw_utf8_next(str, &pos) >= 0x1100 ? 2 : 1;
	return width;
}

static void
pad(struct aw_buf *out, const char *text, size_t width, bool right)
{
	size_t own = width_of(text), space = own < width ? width - own : 0;

	for (size_t i = 0; right && i < space; i++)
		aw_buf_char(out, ' ');
	aw_buf_text(out, text);
	for (size_t i = 0; !right && i < space; i++)
		aw_buf_char(out, ' ');
}

static const char *
shown_group(const struct line *line)
{
	if (line->group == NULL)
		return "";
	return line->group->label.zh != NULL ? line->group->label.zh : "?";
}

static void
print_table_line(const struct printing *printing, const struct line *line, size_t name_width,
	size_t group_width, struct aw_buf *out)
{
	struct aw_arena *arena = printing->act->arena;
	const struct aw_indicator_result *result = line->result;
	const char *value =
		line->sum->value.known
			? aw_arena_printf(arena, "%s%%", percent_text(arena, line->sum->value.v))
			: "-";

	pad(out, result->indicator->code, 10, false);
	pad(out, result->indicator->label.zh, name_width + 2, false);
	pad(out, aw_period_name(arena, result->period), 8, false);
	if (printing->by != AW_BY_NOTHING)
		pad(out, shown_group(line), group_width + 2, false);
	pad(out, aw_arena_printf(arena, "%" PRId64, line->sum->numerator), 7, true);
	aw_buf_text(out, " / ");
	pad(out, aw_arena_printf(arena, "%" PRId64, line->sum->denominator), 7, false);
	pad(out, value, 8, true);
	aw_buf_text(out, "  ");
	pad(out, target_text(arena, result), 8, false);
	aw_buf_text(out, met_text(line->sum->met));
	aw_buf_char(out, '\n');
}

static void
print_table_rows(const struct printing *printing, const struct aw_indicator_result *result,
	struct aw_buf *out)
{
	struct aw_arena *arena = printing->act->arena;

	for (size_t i = 0; i < result->row_count; i++) {
		const struct aw_indicator_row *row = &result->rows[i];
		aw_buf_printf(out, "  %c %-20s %-20s %s  %-20s %-12s %s\n",
			row->numerator ? '+' : ' ', row->number,
			row->person != NULL ? row->person : "-", aw_instant_iso(arena, row->at),
			row->numerator_kind != NULL ? row->numerator_kind : row->kind,
			row->district != NULL ? row->district : "-",
			row->prior != NULL ? row->prior : "");
	}
}

static void
print_table(const struct printing *printing, struct aw_buf *out)
{
	size_t name_width = 0, group_width = 0;
	const struct aw_indicator_result *last = NULL;

	for (size_t i = 0; i < printing->count; i++) {
		size_t name = width_of(printing->lines[i].result->indicator->label.zh);
		size_t group = width_of(shown_group(&printing->lines[i]));
		name_width = name > name_width ? name : name_width;
		group_width = group > group_width ? group : group_width;
	}
	for (size_t i = 0; i < printing->count; i++) {
		const struct line *line = &printing->lines[i];
		print_table_line(printing, line, name_width, group_width, out);
		if (printing->query->rows && line->result != last)
			print_table_rows(printing, line->result, out);
		last = line->result;
	}
}

/* -- the query ----------------------------------------------------------------------------- */

static enum aw_status
read_query(struct printing *printing, struct aw_period *ret_period, struct aw_maybe *ret_as_of,
	struct aw_error *err)
{
	static const char *const formats[] = { "table", "csv", "json" };
	const struct aw_indicator_query *query = printing->query;
	const char *format = query->format == NULL ? "table" : query->format;
	int32_t day;
	size_t i = 0;

	while (i < AW_COUNT(formats) && strcmp(formats[i], format) != 0)
		i++;
	if (i == AW_COUNT(formats))
		return aw_fail(
			err, AW_INVALID, "--format is table, csv or json, not \"%.20s\"", format);
	printing->format = (enum aw_indicator_format)i;
	if (!aw_indicator_by_parse(query->by, &printing->by))
		return aw_fail(err, AW_INVALID,
			"--by is district, unit, month or kind, not \"%.20s\"", query->by);
	if (query->as_of != NULL) {
		if (!aw_day_parse_iso(aw_str(query->as_of), &day))
			return aw_fail(err, AW_INVALID, "--as-of is a day like 2021-07-31");
		*ret_as_of = AW_KNOWN(day);
	}
	if (query->period == NULL)
		return aw_fail(err, AW_INVALID, "--period is missing, such as 109 or 110H1");
	return aw_period_read(aw_str(query->period), ret_period, err);
}

static enum aw_status
count_one(struct printing *printing, const struct aw_indicator *indicator, struct aw_period period,
	struct aw_maybe as_of, struct aw_error *err)
{
	struct aw_arena *arena = printing->act->arena;
	struct aw_indicator_result *result = AW_NEW(arena, struct aw_indicator_result);
	struct aw_indicator_group *groups = NULL;
	size_t count = 0;

	if (aw_indicator_eval(printing->act, indicator, period, as_of, result, err) != AW_OK)
		return err->status;
	if (printing->by == AW_BY_NOTHING) {
		*AW_PUSH(arena, printing->lines, printing->count, printing->room) =
			(struct line){ result, NULL, &result->sum };
		return AW_OK;
	}
	aw_indicator_group(printing->act->policy, arena, result, printing->by, &groups, &count);
	for (size_t i = 0; i < count; i++)
		*AW_PUSH(arena, printing->lines, printing->count, printing->room) =
			(struct line){ result, &groups[i], &groups[i].sum };
	return AW_OK;
}

/* Without an id: every indicator that has a version in force at the period's end. */
static enum aw_status
count_all(struct printing *printing, const struct aw_indicator *list, size_t count,
	struct aw_period period, struct aw_maybe as_of, struct aw_error *err)
{
	const struct aw_indicator_query *query = printing->query;

	for (size_t i = 0; i < count; i++) {
		bool wanted = query->version != NULL ? strcmp(list[i].version, query->version) == 0
						     : !list[i].draft && aw_valid_on(&list[i].valid,
										 period.to_day);
		if (wanted && count_one(printing, &list[i], period, as_of, err) != AW_OK)
			return err->status;
	}
	return printing->count != 0
		       ? AW_OK
		       : aw_fail(err, AW_NOT_FOUND, "no indicator is defined for this period%s",
				 query->version != NULL ? " in this version" : "");
}

enum aw_status
aw_indicator_print(struct aw_act *act, const struct aw_indicator_query *query, struct aw_buf *out,
	struct aw_error *err)
{
	struct printing printing = { .act = act, .query = query };
	struct aw_indicator *list = NULL;
	struct aw_period period = { 0 };
	struct aw_maybe as_of = AW_UNKNOWN;
	size_t count = 0;

	if (read_query(&printing, &period, &as_of, err) != AW_OK ||
		aw_indicator_list(act->policy, act->arena, &list, &count, err) != AW_OK)
		return err->status;
	if (query->code != NULL) {
		const struct aw_indicator *indicator =
			aw_indicator_find(list, count, query->code, query->version, period.to_day);
		if (indicator == NULL)
			return aw_fail(err, AW_NOT_FOUND,
				"the policy has no indicator %.40s%s%.20s", query->code,
				query->version != NULL ? " in version " : "",
				query->version != NULL ? query->version : "");
		if (count_one(&printing, indicator, period, as_of, err) != AW_OK)
			return err->status;
	} else if (count_all(&printing, list, count, period, as_of, err) != AW_OK) {
		return err->status;
	}
	switch (printing.format) {
	case AW_FORMAT_TABLE:
		print_table(&printing, out);
		break;
	case AW_FORMAT_CSV:
		if (query->rows)
			print_csv_rows(&printing, out);
		else
			print_csv(&printing, out);
		break;
	case AW_FORMAT_JSON:
		print_json(&printing, out);
		break;
	}
	return AW_OK;
}
