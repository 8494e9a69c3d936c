/* The query of an indicator's page, and links that ask again. */
#include "city/indicator/ask.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"

const char *
aw_indicator_word(const struct aw_call *call, struct aw_label label)
{
	return aw_label_text(label, call->language);
}

const char *
aw_indicator_period_word(const struct aw_call *call, struct aw_period period)
{
	if (aw_text_eq(call->language, "en"))
		return aw_arena_printf(call->act.arena, "%s to %s",
			aw_day_iso(call->act.arena, period.from_day),
			aw_day_iso(call->act.arena, period.to_day));
	return aw_period_text(call->act.arena, period);
}

struct aw_period
aw_indicator_last_period(const struct aw_indicator *indicator, int64_t now_ms)
{
	struct aw_period period = { 0 };
	int32_t year;

	for (size_t i = 0; i < indicator->printed_count; i++) {
		if (indicator->printed[i].period.to_day > period.to_day)
			period = indicator->printed[i].period;
	}
	if (period.to_day != 0)
		return period;
	year = aw_date_of_day(aw_taipei_day(now_ms)).year - 1;
	return (struct aw_period){ aw_day_of_date((struct aw_date){ year, 1, 1 }),
		aw_day_of_date((struct aw_date){ year, 12, 31 }) };
}

/* Without a period: the last printed one of the version in force now, or of the version asked for,
 * or of the one beside a draft. */
static void
choose_period(const struct aw_call *call, struct aw_indicator_asked *asked)
{
	const struct aw_indicator *indicator = asked->indicator;

	if (indicator->printed_count == 0)
		indicator = aw_indicator_find(asked->list, asked->count, indicator->code, NULL,
			aw_taipei_day(call->act.now_ms));
	asked->period = aw_indicator_last_period(
		indicator != NULL ? indicator : asked->indicator, call->act.now_ms);
}

enum aw_status
aw_indicator_asked(struct aw_call *call, struct aw_indicator_asked *ret_asked, struct aw_error *err)
{
	struct aw_indicator_asked asked = { 0 };
	struct aw_indicator *list = NULL;
	const char *code = aw_call_path(call, "code");
	const char *period = aw_call_value(call, "period");
	int32_t day = aw_taipei_day(call->act.now_ms);

	if (aw_indicator_list(call->act.policy, call->act.arena, &list, &asked.count, err) != AW_OK)
		return err->status;
	asked.list = list;
	if (!aw_indicator_by_parse(aw_call_value(call, "by"), &asked.by))
		return aw_fail(err, AW_INVALID, "by is district, unit, month or kind");
	if (period != NULL && aw_period_read(aw_str(period), &asked.period, err) != AW_OK) {
		aw_call_problem(call, "period", "problem.period", NULL);
		return err->status;
	}
	if (period != NULL) {
		asked.period_given = true;
		day = asked.period.to_day;
	}
	if (code != NULL) {
		asked.indicator = aw_indicator_find(
			list, asked.count, code, aw_call_value(call, "definition"), day);
		if (asked.indicator == NULL)
			return aw_fail(err, AW_NOT_FOUND, "the policy has no such indicator");
		if (period == NULL)
			choose_period(call, &asked);
		call->act.object = asked.indicator->code;
	}
	*ret_asked = asked;
	return AW_OK;
}

const char *
aw_indicator_link(struct aw_arena *arena, const struct aw_indicator_link *link)
{
	struct aw_buf buf = { .arena = arena };

	aw_buf_printf(&buf, "/indicators/%s%s?period=%s&definition=%s", link->indicator->code,
		link->page, aw_period_name(arena, link->period), link->indicator->version);
	if (link->by != AW_BY_NOTHING)
		aw_buf_printf(&buf, "&by=%s", aw_indicator_by_code(link->by));
	if (link->group != NULL) /* codes and months: nothing to escape; "-" = unknown */
		aw_buf_printf(&buf, "&group=%s", link->group[0] == '\0' ? "-" : link->group);
	if (link->numerator)
		aw_buf_text(&buf, "&part=numerator");
	if (link->from > 1)
		aw_buf_printf(&buf, "&from=%" PRId64, link->from);
	return aw_buf_z(&buf);
}
