/* Results as bytes for the memo, and back. Texts stand with their zero byte, so that reading copies
 * nothing. Bytes that this process wrote are trusted to be whole. */
#include "city/indicator/kept.h"

#include <string.h>

#include "db/memo.h"

#define NO_TEXT UINT32_MAX

static void
put_int(struct aw_buf *buf, int64_t number)
{
	aw_buf_add(buf, &number, sizeof(number));
}

static void
put_maybe(struct aw_buf *buf, struct aw_maybe maybe)
{
	put_int(buf, maybe.known ? 1 : 0);
	put_int(buf, maybe.v);
}

static void
put_text(struct aw_buf *buf, const char *text)
{
	uint32_t len = text == NULL ? NO_TEXT : (uint32_t)strlen(text);

	aw_buf_add(buf, &len, sizeof(len));
	if (text != NULL)
		aw_buf_add(buf, text, (size_t)len + 1);
}

static int64_t
get_int(const uint8_t **at)
{
	int64_t number;

	memcpy(&number, *at, sizeof(number));
	*at += sizeof(number);
	return number;
}

static struct aw_maybe
get_maybe(const uint8_t **at)
{
	struct aw_maybe maybe;

	maybe.known = get_int(at) != 0;
	maybe.v = get_int(at);
	return maybe;
}

static const char *
get_text(const uint8_t **at)
{
	const char *text;
	uint32_t len;

	memcpy(&len, *at, sizeof(len));
	*at += sizeof(len);
	if (len == NO_TEXT)
		return NULL;
	text = (const char *)*at;
	*at += (size_t)len + 1;
	return text;
}

static struct aw_bytes
bytes_of(const struct aw_buf *buf)
{
	return (struct aw_bytes){ .at = (const uint8_t *)aw_buf_z(buf), .len = buf->len };
}

/* What was asked, to the policy's hash: another release may count otherwise. */
static const char *
key_of(const struct aw_act *act, const char *what, const struct aw_indicator *indicator,
	struct aw_period period)
{
	return aw_arena_printf(act->arena, "indicator %s %s %s %s %d %d", what, act->policy->hash,
		indicator->code, indicator->version, period.from_day, period.to_day);
}

/* -- rows ---------------------------------------------------------------------------------- */

static void
put_row(struct aw_buf *buf, const struct aw_indicator_row *row)
{
	put_text(buf, row->number);
	put_text(buf, row->person);
	put_maybe(buf, row->position);
	put_int(buf, row->at);
	put_int(buf, row->day);
	put_text(buf, row->district);
	put_text(buf, row->unit);
	put_text(buf, row->kind);
	put_int(buf, row->numerator ? 1 : 0);
	put_text(buf, row->numerator_kind);
	put_text(buf, row->prior);
	put_maybe(buf, row->value);
	put_maybe(buf, row->age);
}

static void
get_row(const uint8_t **at, struct aw_indicator_row *row)
{
	row->number = get_text(at);
	row->person = get_text(at);
	row->position = get_maybe(at);
	row->at = get_int(at);
	row->day = (int32_t)get_int(at);
	row->district = get_text(at);
	row->unit = get_text(at);
	row->kind = get_text(at);
	row->numerator = get_int(at) != 0;
	row->numerator_kind = get_text(at);
	row->prior = get_text(at);
	row->value = get_maybe(at);
	row->age = get_maybe(at);
}

static void
read_rows(const struct aw_act *act, const uint8_t *at, struct aw_indicator_result *result)
{
	struct aw_indicator_row *rows;
	int64_t numerator = 0;

	result->as_of_day = (int32_t)get_int(&at);
	result->row_count = (size_t)get_int(&at);
	rows = AW_NEW_ARRAY(act->arena, struct aw_indicator_row, result->row_count);
	for (size_t i = 0; i < result->row_count; i++) {
		get_row(&at, &rows[i]);
		numerator += rows[i].numerator ? 1 : 0;
	}
	result->rows = rows;
	result->target = aw_indicator_target(result->indicator, result->period);
	result->sum = aw_indicator_sum_of(
		result->indicator, result->target, numerator, (int64_t)result->row_count);
}

enum aw_status
aw_indicator_count(const struct aw_act *act, const struct aw_indicator *indicator,
	struct aw_period period, struct aw_indicator_result *ret_result, struct aw_error *err)
{
	struct aw_indicator_result result = { .indicator = indicator, .period = period };
	const char *key = key_of(act, "rows", indicator, period);
	struct aw_buf buf = { .arena = act->arena };
	AW_SCOPE(aw_memo_turn) turn = { 0 };
	struct aw_bytes kept;

	if (aw_memo_take(act->tx, key, act->arena, &kept, &turn)) {
		read_rows(act, kept.at, &result);
		*ret_result = result;
		return AW_OK;
	}
	if (aw_indicator_eval(act, indicator, period, AW_UNKNOWN, &result, err) != AW_OK)
		return err->status;
	put_int(&buf, result.as_of_day);
	put_int(&buf, (int64_t)result.row_count);
	for (size_t i = 0; i < result.row_count; i++)
		put_row(&buf, &result.rows[i]);
	aw_memo_put(act->tx, key, bytes_of(&buf));
	*ret_result = result;
	return AW_OK;
}

/* -- figures ------------------------------------------------------------------------------- */

static void
read_figures(const struct aw_act *act, const uint8_t *at, struct aw_indicator_figures *figures)
{
	int64_t numerator, denominator;

	figures->as_of_day = (int32_t)get_int(&at);
	figures->target = aw_indicator_target(figures->indicator, figures->period);
	numerator = get_int(&at);
	denominator = get_int(&at);
	figures->sum =
		aw_indicator_sum_of(figures->indicator, figures->target, numerator, denominator);
	for (int by = 0; by < AW_BY_COUNT; by++) {
		size_t count = (size_t)get_int(&at);
		struct aw_indicator_group *groups =
			AW_NEW_ARRAY(act->arena, struct aw_indicator_group, count);

		for (size_t i = 0; i < count; i++) {
			groups[i].key = get_text(&at);
			groups[i].label = aw_indicator_group_label(
				act->policy, act->arena, (enum aw_indicator_by)by, groups[i].key);
			numerator = get_int(&at);
			denominator = get_int(&at);
			groups[i].sum = aw_indicator_sum_of(
				figures->indicator, figures->target, numerator, denominator);
		}
		figures->groups[by] = groups;
		figures->group_count[by] = count;
	}
}

static void
put_sum(struct aw_buf *buf, const struct aw_indicator_sum *sum)
{
	put_int(buf, sum->numerator);
	put_int(buf, sum->denominator);
}

enum aw_status
aw_indicator_figures(const struct aw_act *act, const struct aw_indicator *indicator,
	struct aw_period period, struct aw_indicator_figures *ret_figures, struct aw_error *err)
{
	struct aw_indicator_figures figures = { .indicator = indicator, .period = period };
	const char *key = key_of(act, "figures", indicator, period);
	struct aw_indicator_result result = { 0 };
	struct aw_buf buf = { .arena = act->arena };
	AW_SCOPE(aw_memo_turn) turn = { 0 };
	struct aw_bytes kept;

	if (aw_memo_take(act->tx, key, act->arena, &kept, &turn)) {
		read_figures(act, kept.at, &figures);
		*ret_figures = figures;
		return AW_OK;
	}
	if (aw_indicator_count(act, indicator, period, &result, err) != AW_OK)
		return err->status;
	put_int(&buf, result.as_of_day);
	put_sum(&buf, &result.sum);
	for (int by = 0; by < AW_BY_COUNT; by++) {
		struct aw_indicator_group *groups = NULL;
		size_t count = 0;

		aw_indicator_group(act->policy, act->arena, &result, (enum aw_indicator_by)by,
			&groups, &count);
		put_int(&buf, (int64_t)count);
		for (size_t i = 0; i < count; i++) {
			put_text(&buf, groups[i].key);
			put_sum(&buf, &groups[i].sum);
		}
	}
	aw_memo_put(act->tx, key, bytes_of(&buf));
	read_figures(act, bytes_of(&buf).at, &figures);
	*ret_figures = figures;
	return AW_OK;
}
