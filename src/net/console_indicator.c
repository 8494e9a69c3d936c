/* Counting an indicator from the command line. */
#include "net/console_indicator.h"

#include "city/indicator/indicator.h"

struct counting {
	struct aw_act *act;
	struct aw_indicator_query query;
	struct aw_buf out;
};

static enum aw_status
count_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct counting *counting = arg;
	enum aw_status status;

	counting->act->tx = tx;
	counting->out = (struct aw_buf){ .arena = counting->act->arena };
	status = aw_indicator_print(counting->act, &counting->query, &counting->out, err);
	counting->act->tx = NULL;
	return status;
}

enum aw_status
aw_console_indicator(struct aw_console *console, struct aw_error *err)
{
	struct aw_act act =
		aw_house_act(console->house, console->arena, console->viewer, "indicator.count");
	struct counting counting = { .act = &act,
		.query = { .code = aw_console_value(console, "id"),
			.version = aw_console_value(console, "definition"),
			.period = aw_console_value(console, "period"),
			.by = aw_console_value(console, "by"),
			.as_of = aw_console_value(console, "as-of"),
			.format = aw_console_value(console, "format"),
			.rows = aw_console_value(console, "rows") != NULL } };

	act.object = counting.query.code;
	if (aw_db_read(console->house->db, count_in, &counting, err) != AW_OK ||
		aw_log_reads(console->house->db, &act, NULL, "ok", err) != AW_OK)
		return err->status;
	aw_buf_text(&console->out, aw_buf_z(&counting.out));
	return AW_OK;
}
