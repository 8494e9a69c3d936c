/* city/intake - reports out of a sender's table, by a mapping of its columns. */
#include <string.h>

#include "base/file.h"
#include "city/intake/inside.h"
#include "text/csv.h"

enum { COLUMNS_MOST = AW_CSV_FIELD_LIMIT, ROWS_MOST = 100000, FILE_MOST = 1 << 20 };

enum column_type { COLUMN_TEXT, COLUMN_FLAG, COLUMN_NUMBER, COLUMN_LIST };

struct column {
	const char *name;
	const char *field; /* incident.at, persons.main.name, answers.injury, ... */
	enum column_type type;
	bool optional;		  /* the table may lack it */
	const char *const *words; /* values as written ... */
	const char *const *codes; /* ... and what they mean */
	size_t word_count;
	const char *const *yes, *const *no;
	size_t yes_count, no_count;
	const char *separator; /* LIST */
	uint32_t line;
};

struct aw_report_mapping {
	const char *file;
	const char *kind; /* the same for every row, or NULL: a column says it */
	const char *channel;
	char separator;
	struct column *columns;
	size_t column_count;
	const char *const *ignored;
	size_t ignored_count;
};

/* -- the mapping ------------------------------------------------------------------------------ */

/* A map of words to codes: {輕傷: minor}. */
static void
read_words(struct aw_yaml *yaml, const struct aw_yaml_node *item, struct column *column)
{
	const struct aw_yaml_node *map = aw_yaml_map(yaml, item, "values", false);
	const char **codes = AW_NEW_ARRAY(yaml->arena, const char *, map->count);

	for (size_t i = 0; i < map->count; i++)
		codes[i] = aw_yaml_code(yaml, map, map->keys[i]);
	aw_yaml_end(yaml, map);
	column->words = map->keys;
	column->codes = codes;
	column->word_count = map->count;
}

static bool
is_field(const char *field)
{
	static const char *const whole[] = { "kind", "received_at", "urgent", "centre_only",
		"idempotency_key", "reporter.role", "reporter.unit", "reporter.name",
		"reporter.phone", "incident.at", "incident.district", "incident.address",
		"incident.narrative" };
	static const char *const of_person[] = { "name", "alias", "national_id", "birth_date",
		"age", "sex", "phone", "address", "registered_address", "relation", "lives_with",
		"school", "nationality", "safe_call", "note" };
	const char *last = strrchr(field, '.');

	for (size_t i = 0; i < AW_COUNT(whole); i++)
		if (strcmp(whole[i], field) == 0)
			return true;
	if (strncmp(field, "answers.", 8) == 0)
		return field[8] != '\0' && field[8] != '.';
	if (strncmp(field, "persons.", 8) != 0 || last <= field + 8)
		return false;
	for (size_t i = 0; i < AW_COUNT(of_person); i++)
		if (strcmp(of_person[i], last + 1) == 0)
			return true;
	return false;
}

static void
read_column(struct aw_yaml *yaml, const struct aw_yaml_node *item, struct column *column)
{
	static const char *const types[] = { "text", "flag", "number", "list" };
	const char *separator;

	column->line = item->line;
	column->name = aw_yaml_text(yaml, item, "column", true);
	column->field = aw_yaml_text(yaml, item, "field", true);
	column->type = (enum column_type)aw_yaml_choice(
		yaml, item, "type", types, AW_COUNT(types), COLUMN_TEXT);
	column->optional = aw_yaml_flag(yaml, item, "optional", false);
	read_words(yaml, item, column);
	column->yes =
		aw_yaml_texts(yaml, item, "yes", column->type == COLUMN_FLAG, &column->yes_count);
	column->no =
		aw_yaml_texts(yaml, item, "no", column->type == COLUMN_FLAG, &column->no_count);
	separator = aw_yaml_text(yaml, item, "separator", false);
	column->separator = separator != NULL ? separator : "、";
	if (column->field != NULL && !is_field(column->field))
		aw_yaml_mistake(yaml, item, "a report has no field \"%.80s\"", column->field);
	aw_yaml_end(yaml, item);
}

static struct aw_report_mapping *
read_mapping(struct aw_arena *arena, struct aw_yaml *yaml, const struct aw_policy *policy)
{
	struct aw_report_mapping *mapping = AW_NEW(arena, struct aw_report_mapping);
	const struct aw_yaml_node *root = yaml->root;
	const struct aw_yaml_node *list = aw_yaml_list(yaml, root, "columns", true);
	const char *separator = aw_yaml_text(yaml, root, "separator", false);
	bool has_kind = false;

	mapping->file = yaml->file;
	(void)aw_yaml_code(yaml, root, "code");
	(void)aw_yaml_text(yaml, root, "zh", true);
	(void)aw_yaml_text(yaml, root, "en", true);
	(void)aw_yaml_text(yaml, root, "source", false);
	mapping->kind = aw_yaml_text(yaml, root, "kind", false);
	mapping->channel = aw_yaml_text(yaml, root, "channel", false);
	if (mapping->kind != NULL && policy != NULL &&
		aw_policy_kind(policy, mapping->kind) == NULL)
		aw_yaml_mistake(yaml, root, "there is no kind of report \"%.60s\"", mapping->kind);
	if (separator != NULL && strlen(separator) != 1)
		aw_yaml_mistake(yaml, root, "\"separator\" must be one character");
	mapping->separator = separator != NULL ? separator[0] : ',';
	mapping->columns = AW_NEW_ARRAY(arena, struct column, list->count);
	mapping->column_count = list->count;
	for (size_t i = 0; i < list->count; i++) {
		read_column(yaml, aw_yaml_item(yaml, list, i), &mapping->columns[i]);
		has_kind |= aw_text_eq(mapping->columns[i].field, "kind");
	}
	if ((mapping->kind != NULL) == has_kind)
		aw_yaml_mistake(yaml, root,
			"a mapping has a \"kind\" for all rows, or a column "
			"with the field kind");
	mapping->ignored = aw_yaml_texts(yaml, root, "ignore", false, &mapping->ignored_count);
	aw_yaml_end(yaml, root);
	return mapping;
}

static enum aw_status
finish_mapping(struct aw_arena *arena, struct aw_yaml *yaml, bool parsed,
	const struct aw_policy *policy, struct aw_report_mapping **ret, struct aw_error *err)
{
	struct aw_report_mapping *mapping;

	if (!parsed)
		return aw_mistakes_error(yaml->mistakes, err);
	mapping = read_mapping(arena, yaml, policy);
	if (yaml->mistakes->count > 0)
		return aw_mistakes_error(yaml->mistakes, err);
	*ret = mapping;
	return AW_OK;
}

enum aw_status
aw_report_mapping_text(struct aw_arena *arena, const char *file, struct aw_str text,
	const struct aw_policy *policy, struct aw_report_mapping **ret, struct aw_error *err)
{
	struct aw_mistakes mistakes = { .arena = arena };
	struct aw_yaml yaml = { .mistakes = &mistakes };
	bool parsed = aw_yaml_parse(arena, file, text, &mistakes, &yaml);

	return finish_mapping(arena, &yaml, parsed, policy, ret, err);
}

enum aw_status
aw_report_mapping_read(struct aw_arena *arena, const char *path, const struct aw_policy *policy,
	struct aw_report_mapping **ret, struct aw_error *err)
{
	struct aw_mistakes mistakes = { .arena = arena };
	struct aw_yaml yaml = { .mistakes = &mistakes };
	const char *inside = aw_arena_printf(arena, "mappings/%s.yaml", path);
	struct aw_str text;
	bool parsed;

	if (policy != NULL && aw_policy_file(policy, inside) != NULL) {
		parsed = aw_policy_yaml(policy, inside, arena, &mistakes, &yaml);
		return finish_mapping(arena, &yaml, parsed, policy, ret, err);
	}
	if (aw_file_read(arena, path, FILE_MOST, &text, err) != AW_OK)
		return err->status;
	return aw_report_mapping_text(arena, path, text, policy, ret, err);
}

/* -- the head --------------------------------------------------------------------------------- */

struct table {
	struct aw_arena *arena;
	const struct aw_report_mapping *mapping;
	const struct column *at[COLUMNS_MOST]; /* by column of the table; NULL = ignored */
	size_t width;
};

static const struct column *
find_column(const struct aw_report_mapping *mapping, struct aw_str name, bool *ret_ignored)
{
	*ret_ignored = false;
	for (size_t i = 0; i < mapping->column_count; i++)
		if (aw_str_is(name, mapping->columns[i].name))
			return &mapping->columns[i];
	for (size_t i = 0; i < mapping->ignored_count; i++)
		*ret_ignored |= aw_str_is(name, mapping->ignored[i]);
	return NULL;
}

static enum aw_status
read_head(struct table *t, struct aw_csv *csv, struct aw_error *err)
{
	const struct aw_report_mapping *mapping = t->mapping;
	struct aw_csv_row row;
	bool more, ignored;

	if (aw_csv_next(csv, t->arena, &row, &more, err) != AW_OK)
		return err->status;
	if (!more || row.blank)
		return aw_fail_at(err, csv->file, 1, 0, "the first line must name the columns");
	if (row.count > COLUMNS_MOST)
		return aw_fail_at(err, csv->file, row.line, 0, "more than 256 columns");
	for (size_t i = 0; i < row.count; i++) {
		struct aw_str name = aw_str_trim(row.fields[i]);
		t->at[i] = find_column(mapping, name, &ignored);
		if (t->at[i] == NULL && !ignored)
			return aw_fail_at(err, csv->file, row.line, (uint32_t)i + 1,
				"the mapping does not know column %zu: map it, or name it in "
				"\"ignore\"",
				i + 1);
	}
	t->width = row.count;
	for (size_t k = 0; k < mapping->column_count; k++) {
		bool found = mapping->columns[k].optional;
		for (size_t i = 0; i < t->width; i++)
			found |= t->at[i] == &mapping->columns[k];
		if (!found)
			return aw_fail_at(err, csv->file, row.line, 0,
				"the table lacks the column \"%.100s\" of the mapping",
				mapping->columns[k].name);
	}
	return AW_OK;
}

/* -- one row ---------------------------------------------------------------------------------- */

/* The member of that name, made when it is not there. */
static json_t *
member(json_t *map, const char *key, size_t len, struct aw_arena *arena)
{
	const char *name = aw_arena_strndup(arena, key, len);
	json_t *value = json_object_get(map, name);

	if (value != NULL)
		return value;
	value = json_object();
	aw_json_put(map, name, value);
	return value;
}

/* The person of a role in this row: "persons.main.name", "persons.child#2.name". */
static json_t *
person_of(json_t *report, json_t *keys, const char *role, size_t len, struct aw_arena *arena)
{
	const char *key = aw_arena_strndup(arena, role, len);
	json_t *persons = json_object_get(report, "persons"), *person;
	struct aw_str rest;
	int64_t at;

	if (aw_json_int(keys, key, &at))
		return json_array_get(persons, (size_t)at);
	if (persons == NULL) {
		persons = json_array();
		aw_json_put(report, "persons", persons);
	}
	aw_json_put_int(keys, key, (int64_t)json_array_size(persons));
	person = json_object();
	aw_json_push(persons, person);
	rest = aw_str_cut(aw_str(key), '#', &rest);
	if (!aw_str_is(rest, "main")) /* whoever is the subject of the row's kind */
		aw_json_put(person, "role", json_stringn(rest.at, rest.len));
	return person;
}

static void
put_field(struct table *t, json_t *report, json_t *keys, const char *field, json_t *value)
{
	const char *dot = strchr(field, '.'), *last = strrchr(field, '.');

	if (dot == NULL) {
		aw_json_put(report, field, value);
	} else if (strncmp(field, "persons.", 8) == 0) {
		json_t *person =
			person_of(report, keys, field + 8, (size_t)(last - field - 8), t->arena);
		aw_json_put(person, last + 1, value);
	} else {
		json_t *map = member(report, field, (size_t)(dot - field), t->arena);
		if (last != dot) /* answers.tipvda.1 */
			map = member(map, dot + 1, (size_t)(last - dot - 1), t->arena);
		aw_json_put(map, last + 1, value);
	}
}

static bool
among(const char *const *list, size_t count, struct aw_str text)
{
	for (size_t i = 0; i < count; i++)
		if (aw_str_is(text, list[i]))
			return true;
	return false;
}

static const char *
translate(const struct column *column, struct aw_str text, struct aw_arena *arena)
{
	for (size_t i = 0; i < column->word_count; i++)
		if (aw_str_is(text, column->words[i]))
			return column->codes[i];
	return column->word_count == 0 ? aw_arena_strndup(arena, text.at, text.len) : NULL;
}

/* 「經濟、照顧」 as a list of codes; NULL with *ret_message when a word means nothing. */
static json_t *
list_value(
	struct table *t, const struct column *column, struct aw_str text, const char **ret_message)
{
	json_t *list = json_array();
	size_t step = strlen(column->separator);

	while (text.len > 0) {
		const char *found =
			step > 0 ? memmem(text.at, text.len, column->separator, step) : NULL;
		size_t len = found != NULL ? (size_t)(found - text.at) : text.len;
		struct aw_str part = aw_str_trim((struct aw_str){ text.at, len });
		const char *code = translate(column, part, t->arena);
		if (code == NULL)
			*ret_message = "report.choice_unknown";
		else if (part.len > 0)
			aw_json_push(list, json_string(code));
		text.at += found != NULL ? len + step : len;
		text.len -= found != NULL ? len + step : len;
	}
	return list;
}

static json_t *
cell_value(
	struct table *t, const struct column *column, struct aw_str text, const char **ret_message)
{
	const char *code;
	int64_t number;

	switch (column->type) {
	case COLUMN_FLAG:
		if (among(column->yes, column->yes_count, text))
			return json_true();
		if (among(column->no, column->no_count, text))
			return json_false();
		*ret_message = "report.want_flag";
		return json_null();
	case COLUMN_NUMBER:
		if (aw_str_int64(text, &number))
			return json_integer(number);
		*ret_message = "report.want_number";
		return json_null();
	case COLUMN_LIST:
		return list_value(t, column, text, ret_message);
	case COLUMN_TEXT:
		break;
	}
	code = translate(column, text, t->arena);
	if (code != NULL)
		return json_string(code);
	*ret_message = "report.choice_unknown";
	return json_null();
}

static void
read_row(struct table *t, const struct aw_csv_row *csv_row, struct aw_report_row *row)
{
	json_t *report = aw_json_keep(t->arena, json_object());
	AW_SCOPED(json, json_t *) keys = json_object();
	struct aw_error own = { 0 };

	row->line = csv_row->line;
	if (csv_row->count > t->width) {
		aw_report_remark(t->arena, &row->problems, "", "report.csv_width", NULL);
		return;
	}
	if (t->mapping->kind != NULL)
		aw_json_put_text(report, "kind", t->mapping->kind);
	aw_json_put_text(
		report, "channel", t->mapping->channel != NULL ? t->mapping->channel : "file");
	for (size_t i = 0; i < csv_row->count; i++) {
		struct aw_str text = aw_str_trim(csv_row->fields[i]);
		const char *message = NULL;
		json_t *value;
		if (t->at[i] == NULL || text.len == 0)
			continue;
		value = cell_value(t, t->at[i], text, &message);
		put_field(t, report, keys, t->at[i]->field, value);
		if (message != NULL)
			aw_report_remark(t->arena, &row->problems, t->at[i]->field, message, NULL);
	}
	/* what is wrong stands in the row's problems: the other rows go on */
	if (row->problems.count == 0 &&
		aw_report_from_json(t->arena, report, &row->in, &row->problems, &own) != AW_OK)
		row->in = (struct aw_report_in){ 0 };
}

enum aw_status
aw_report_from_csv(struct aw_arena *arena, const struct aw_report_mapping *mapping,
	struct aw_str text, const char *file, struct aw_report_row **ret_rows, size_t *ret_count,
	struct aw_error *err)
{
	struct table *t = AW_NEW(arena, struct table);
	struct aw_csv csv = { .file = file, .line = 1, .separator = mapping->separator };
	struct aw_report_row *rows = NULL;
	struct aw_csv_row csv_row;
	const char *encoding;
	size_t count = 0, room = 0;
	bool more = true;

	*t = (struct table){ .arena = arena, .mapping = mapping };
	if (aw_text_decode(arena, text, &csv.text, &encoding, err) != AW_OK)
		return aw_wrap(err, "%s", file != NULL ? file : "input");
	if (read_head(t, &csv, err) != AW_OK)
		return err->status;
	while (more) {
		struct aw_error own = { 0 };
		uint32_t line = csv.line;
		enum aw_status status = aw_csv_next(&csv, arena, &csv_row, &more, &own);
		if (status == AW_OK && (!more || csv_row.blank))
			continue;
		if (count >= ROWS_MOST)
			return aw_fail_at(err, file, line, 0, "more than 100000 rows");
		(void)AW_PUSH(arena, rows, count, room);
		if (status == AW_OK) {
			read_row(t, &csv_row, &rows[count - 1]);
			continue;
		}
		rows[count - 1].line = own.line != 0 ? own.line : line;
		aw_report_remark(arena, &rows[count - 1].problems, "", "report.csv_broken", NULL);
		(void)aw_csv_skip(&csv);
	}
	*ret_rows = rows;
	*ret_count = count;
	return AW_OK;
}
