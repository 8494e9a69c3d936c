/* One row of an extract, read by its register's mapping. */
#include "city/person/row.h"

#include <string.h>

#include "base/clock.h"
#include "text/fold.h"

enum aw_status
aw_row_header_read(const struct aw_register_map *map, const char *file,
	const struct aw_csv_row *row, struct aw_row_header *ret_header, struct aw_error *err)
{
	struct aw_row_header header = { .map = map, .count = row->count };
	AW_SCOPE(aw_arena) arena = { 0 };

	for (size_t i = 0; i < row->count; i++) {
		struct aw_str name = aw_text_nfkc(&arena, row->fields[i]);

		for (size_t c = 0; c < map->column_count && header.columns[i] == NULL; c++) {
			const struct aw_map_column *column = &map->columns[c];
			bool is = aw_str_is(name, column->column);

			for (size_t k = 0; k < column->also_count; k++)
				is |= aw_str_is(name, column->also[k]);
			if (is)
				header.columns[i] = column;
		}
		for (size_t k = 0; k < i; k++)
			if (header.columns[i] != NULL && header.columns[k] == header.columns[i])
				return aw_fail_at(err, file, row->line, 0,
					"two columns of the file are the column %s",
					header.columns[i]->column);
	}
	for (size_t c = 0; c < map->column_count; c++) {
		bool there = !map->columns[c].required;

		for (size_t i = 0; i < row->count; i++)
			there |= header.columns[i] == &map->columns[c];
		if (!there)
			return aw_fail_at(err, file, row->line, 0,
				"the column %s is missing: see the register's mapping",
				map->columns[c].column);
	}
	*ret_header = header;
	return AW_OK;
}

static bool
is_unknown(struct aw_str text)
{
	static const char *const words[] = { "不詳", "無", "-", "--", "未知", "N/A", "NULL", "null",
		"不明" };

	if (text.len == 0)
		return true;
	for (size_t i = 0; i < AW_COUNT(words); i++)
		if (aw_str_is(text, words[i]))
			return true;
	return false;
}

/* -- one value ---------------------------------------------------------------------------------------- */

struct reading {
	struct aw_arena *arena;
	const struct aw_policy *policy;
	const struct aw_register_map *map;
	struct aw_register_row row;
	json_t *json;
	const char *reason;
};

static bool
refuse(struct reading *r, const struct aw_map_column *column, const char *what)
{
	r->reason = aw_arena_printf(r->arena, "%s: %s", column->field, what);
	return false;
}

static bool
read_day(struct reading *r, const struct aw_map_column *column, const char *text,
	struct aw_maybe *ret)
{
	struct aw_error err;
	int32_t day;

	if (aw_roc_read_day(aw_str(text), &day, &err) != AW_OK)
		return refuse(r, column, "not a date");
	*ret = AW_KNOWN(day);
	aw_json_put_text(r->json, column->field, aw_day_iso(r->arena, day));
	return true;
}

static bool
read_flag(struct reading *r, const struct aw_map_column *column, const char *text)
{
	static const char *const yes[] = { "是", "Y", "y", "1", "true", "有", "V", "v", "O" };
	static const char *const no[] = { "否", "N", "n", "0", "false", "X", "x" };

	for (size_t i = 0; i < AW_COUNT(yes); i++) {
		if (strcmp(text, yes[i]) == 0) {
			aw_json_put(r->json, column->field, json_true());
			return true;
		}
	}
	for (size_t i = 0; i < AW_COUNT(no); i++) {
		if (strcmp(text, no[i]) == 0) {
			aw_json_put(r->json, column->field, json_false());
			return true;
		}
	}
	return refuse(r, column, "neither yes nor no");
}

static bool
read_own(struct reading *r, const struct aw_map_column *column, const char *text)
{
	struct aw_maybe day;
	int64_t number;

	switch (column->kind) {
	case AW_MAP_DAY:
		return read_day(r, column, text, &day);
	case AW_MAP_FLAG:
		return read_flag(r, column, text);
	case AW_MAP_COUNT:
		if (!aw_str_int64(aw_str(text), &number))
			return refuse(r, column, "not a whole number");
		aw_json_put_int(r->json, column->field, number);
		return true;
	case AW_MAP_CODE:
		for (size_t i = 0; i < column->value_count; i++) {
			if (strcmp(text, column->values[i].written) == 0) {
				aw_json_put_text(r->json, column->field, column->values[i].code);
				return true;
			}
		}
		return refuse(r, column, "not one of the values of the mapping");
	case AW_MAP_TEXT:
	default:
		aw_json_put_text(r->json, column->field, text);
		return true;
	}
}

static bool
read_status(struct reading *r, const struct aw_map_column *column, const char *text)
{
	for (size_t i = 0; i < r->map->open_count; i++)
		if (strcmp(text, r->map->open_words[i]) == 0)
			r->row.status = "open";
	for (size_t i = 0; i < r->map->past_count; i++)
		if (strcmp(text, r->map->past_words[i]) == 0)
			r->row.status = "past";
	if (r->row.status == NULL)
		return refuse(r, column, "not one of the statuses of the mapping");
	aw_json_put_text(r->json, column->field, r->row.status);
	return true;
}

/* The code of a unit by its name, short name or that of its type; the text itself when none fits. */
static const char *
unit_code(const struct reading *r, const char *text)
{
	const struct aw_policy *policy = r->policy;

	for (size_t i = 0; i < r->map->unit_count; i++)
		if (strcmp(text, r->map->units[i].written) == 0)
			return r->map->units[i].code;
	for (size_t i = 0; i < policy->unit_count; i++)
		if (aw_text_eq(text, policy->units[i].label.zh) ||
			aw_text_eq(text, policy->units[i].short_zh) ||
			aw_text_eq(text, policy->units[i].code))
			return policy->units[i].code;
	for (size_t i = 0; i < policy->unit_type_count; i++)
		if (aw_text_eq(text, policy->unit_types[i].label.zh))
			return policy->unit_types[i].code;
	return text;
}

static bool
read_birth(struct reading *r, const struct aw_map_column *column, const char *text)
{
	if (!aw_identity_set_birth(r->arena, &r->row.identity, text))
		return refuse(r, column, "not a date");
	aw_json_put_text(r->json, column->field,
		r->row.identity.birth.precision == AW_PRECISION_DAY
			? aw_day_iso(r->arena, r->row.identity.birth.from_day)
			: text);
	return true;
}

/* Not of the record: the same row in a later extract is the same. */
static bool
read_extract_day(struct reading *r, const struct aw_map_column *column, const char *text)
{
	struct aw_error err;
	int32_t day;

	if (aw_roc_read_day(aw_str(text), &day, &err) != AW_OK)
		return refuse(r, column, "not a date");
	r->row.extract_day = AW_KNOWN(day);
	return true;
}

static bool
read_role(struct reading *r, const struct aw_map_column *column, const char *text)
{
	if (!read_own(r, column, text))
		return false;
	r->row.role = aw_arena_strdup(
		r->arena, json_string_value(json_object_get(r->json, column->field)));
	return true;
}

/* What identifies somebody, but the birth; false: the column is about something else. */
static bool
put_identity(struct aw_arena *arena, struct aw_identity *identity,
	const struct aw_map_column *column, const char *text)
{
	if (column->place == AW_MAP_NAME)
		aw_identity_add_name(arena, identity, AW_NAME_CURRENT, text);
	else if (column->place == AW_MAP_ALIAS)
		aw_identity_add_name(arena, identity,
			(text[0] & 0x80) == 0 ? AW_NAME_LATIN : AW_NAME_ALIAS, text);
	else if (column->place == AW_MAP_NUMBER || column->place == AW_MAP_OLD_NUMBER)
		aw_identity_add_number(arena, identity, text);
	else if (column->place == AW_MAP_SEX)
		aw_identity_set_sex(identity, text);
	else if (column->place == AW_MAP_REGISTERED_ADDRESS)
		aw_identity_add_address(arena, identity, AW_ADDRESS_REGISTERED, text);
	else if (column->place == AW_MAP_RESIDENCE)
		aw_identity_add_address(arena, identity, AW_ADDRESS_RESIDENCE, text);
	else if (column->place == AW_MAP_PHONE)
		aw_identity_add_phone(arena, identity, text);
	else
		return false;
	return true;
}

void
aw_register_row_identity(struct aw_arena *arena, const struct aw_register_map *map,
	const json_t *row, struct aw_identity *ret_identity)
{
	*ret_identity = (struct aw_identity){ 0 };
	for (size_t i = 0; i < map->column_count; i++) {
		const struct aw_map_column *column = &map->columns[i];
		const char *text = json_string_value(json_object_get(row, column->field));

		if (text == NULL)
			continue;
		text = aw_arena_strdup(arena, text);
		if (column->place == AW_MAP_BIRTH)
			(void)aw_identity_set_birth(arena, ret_identity, text);
		else
			(void)put_identity(arena, ret_identity, column, text);
	}
}

static bool
read_place(struct reading *r, const struct aw_map_column *column, const char *text)
{
	if (put_identity(r->arena, &r->row.identity, column, text)) {
		aw_json_put_text(r->json, column->field, text);
		return true;
	}
	switch (column->place) {
	case AW_MAP_SOURCE_ID:
		r->row.source_id = text;
		break;
	case AW_MAP_EXTRACT_DAY:
		return read_extract_day(r, column, text);
	case AW_MAP_BIRTH:
		return read_birth(r, column, text);
	case AW_MAP_STATUS:
		return read_status(r, column, text);
	case AW_MAP_FROM_DAY:
		return read_day(r, column, text, &r->row.from_day);
	case AW_MAP_TO_DAY:
		return read_day(r, column, text, &r->row.to_day);
	case AW_MAP_UNIT:
		r->row.unit = text = unit_code(r, text);
		break;
	case AW_MAP_HOUSEHOLD_NO:
		r->row.household_no = text;
		break;
	case AW_MAP_ROLE:
		return read_role(r, column, text);
	case AW_MAP_VILLAGE:
		r->row.village = text;
		break;
	case AW_MAP_NAME:
	case AW_MAP_ALIAS:
	case AW_MAP_NUMBER:
	case AW_MAP_OLD_NUMBER:
	case AW_MAP_SEX:
	case AW_MAP_REGISTERED_ADDRESS:
	case AW_MAP_RESIDENCE:
	case AW_MAP_PHONE: /* taken above */
	case AW_MAP_EXTENSION:
	case AW_MAP_OWN:
	default:
		return read_own(r, column, text);
	}
	aw_json_put_text(r->json, column->field, text);
	return true;
}

static bool
read_columns(struct reading *r, const struct aw_row_header *header, const struct aw_csv_row *row)
{
	for (size_t i = 0; i < header->count; i++) {
		const struct aw_map_column *column = header->columns[i];
		struct aw_str text;

		if (column == NULL)
			continue;
		text = aw_text_nfkc(r->arena, row->fields[i]);
		if (is_unknown(text)) {
			if (column->required)
				return refuse(r, column, "missing");
			continue;
		}
		if (!read_place(r, column, text.at))
			return false;
	}
	return true;
}

bool
aw_register_row_read(struct aw_arena *arena, const struct aw_policy *policy,
	const struct aw_row_header *header, const struct aw_csv_row *row,
	struct aw_register_row *ret_row, const char **ret_reason)
{
	AW_SCOPED(json, json_t *) json = json_object();
	struct reading r = { .arena = arena, .policy = policy, .map = header->map, .json = json };

	if (json == NULL)
		aw_die("no memory for a row");
	if (row->count != header->count) {
		*ret_reason = aw_arena_printf(
			arena, "row: %zu values, the header has %zu", row->count, header->count);
		return false;
	}
	if (!read_columns(&r, header, row)) {
		*ret_reason = r.reason;
		return false;
	}
	if (r.row.identity.name_count == 0 && r.row.identity.number_count == 0) {
		*ret_reason = "name: neither a name nor a number";
		return false;
	}
	r.row.text = aw_json_text(arena, json);
	*ret_row = r.row;
	return true;
}
