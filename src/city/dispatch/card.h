/**
 * city/dispatch/card - one report as a card of the board or a row of its list.
 * Layer: city, inside room dispatch.
 */
#ifndef AW_CITY_DISPATCH_CARD_H
#define AW_CITY_DISPATCH_CARD_H

#include "city/dispatch/clocks.h"
#include "city/dispatch/way.h"
#include "page/call.h"

enum aw_column { /* in the board's order */
	AW_COLUMN_WAITING,
	AW_COLUMN_REVIEW,
	AW_COLUMN_ACCEPT,
	AW_COLUMN_RETURNED,
	AW_COLUMN_ACCEPTED,
	AW_COLUMN_COUNT
};

/* A report with all that its card shows. */
struct aw_card {
	struct sql_board_reports row;
	const struct aw_kind *kind;
	enum aw_column column;
	struct aw_dispatch *dispatches; /* those that the viewer may be told of */
	size_t dispatch_count;
	const struct sql_board_answers *answers; /* returned and disputed, oldest first */
	size_t answer_count;
	const struct sql_board_levels *level; /* NULL: no decision yet */
	const struct sql_board_people *people;
	size_t people_count;
	int64_t known, doubtful;
	struct aw_maybe came_back_at; /* returned or disputed, and still so */
	bool disputed;
	struct aw_clock_face clock;
	const struct aw_dispatch *waits_for; /* whose clock it is; NULL = the report's */
	struct aw_access access;	     /* what the viewer's unit has to do with it gives */
};

extern const struct aw_view_type aw_card_view;

/** Puts the reports on the board into columns, those with the least time left first. since_at:
 *  midnight; what a lead accepted since then is the last column. */
AW_MUST_CHECK enum aw_status aw_cards_load(struct aw_call *call, int64_t since_at,
	struct aw_card **ret_cards, size_t *ret_count, struct aw_error *err);

AW_MUST_CHECK enum aw_status aw_card_fill(struct aw_call *call, const struct aw_card *card,
	struct aw_view *view, struct aw_error *err);

/** "王小明 督導", NULL for nobody. */
AW_MUST_CHECK enum aw_status aw_account_line(const struct aw_act *act, struct aw_maybe account,
	const char **ret_line, struct aw_error *err);

#endif
