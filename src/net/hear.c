/* Who may hear of which change: one reading for all who listen. */
#include "net/hear.h"

#include <string.h>

#include "base/clock.h"
#include "city/dispatch/heard.h"
#include "db/change.h"
#include "guard/access.h"

/* A note, and whose work it is once that was asked. */
struct news {
	struct aw_events_note note;
	bool asked;
	const char **units;
	size_t unit_count;
};

struct hearing {
	struct aw_events *events;
	struct aw_listener *const *listeners;
	size_t count;
	struct aw_arena arena;
	struct aw_tx *tx;
	int64_t now_us;
	uint64_t floor, upto;
	struct news *news; /* oldest first */
	size_t news_count;
};

static struct aw_act
act_of(const struct hearing *h, const struct aw_viewer *viewer, struct aw_arena *arena)
{
	struct aw_act act = aw_house_act(h->events->house, arena, viewer, "events");

	act.tx = h->tx;
	return act;
}

/* What was told up to what this reading sees: a later note is for the next one. */
static void
take_notes(struct hearing *h)
{
	struct aw_events *events = h->events;
	uint64_t sees = aw_tx_number(h->tx);

	pthread_mutex_lock(&events->lock);
	h->floor = events->floor;
	h->upto = events->number < sees ? events->number : sees;
	h->news = AW_NEW_ARRAY(&h->arena, struct news, events->note_count);
	for (size_t i = 0; i < events->note_count; i++) {
		const struct aw_events_note *note =
			&events->notes[(events->note_first + i) % AW_EVENTS_NOTES];

		if (note->number <= h->upto)
			h->news[h->news_count++].note = *note;
	}
	pthread_mutex_unlock(&events->lock);
}

/* What is wrong with one thing is no reason that nobody hears of any: that one is not heard of. A
 * database that is away is: what it did not tell is asked for again. */
static enum aw_status
settle(struct aw_error *err)
{
	if (err->status == AW_IO || err->status == AW_BUSY || err->status == AW_UNSURE)
		return err->status;
	aw_error_clear(err);
	return AW_OK;
}

static void
end_stream(struct aw_listener *l)
{
	pthread_mutex_lock(&l->events->lock);
	l->over = true;
	pthread_mutex_unlock(&l->events->lock);
}

/* Is the session still there, and what may its holder do now? */
static enum aw_status
check(struct hearing *h, struct aw_listener *l, bool *ret_over, struct aw_error *err)
{
	struct aw_house *house = h->events->house;
	const struct aw_policy *policy = aw_house_policy(house);
	struct aw_session session;
	bool found = false;

	aw_arena_done(&l->arena);
	l->arena = (struct aw_arena){ 0 };
	if (aw_session_again(h->tx, &l->arena, l->session, aw_clock_real_ms(&house->clock),
		    &session, &found, err) != AW_OK &&
		settle(err) != AW_OK)
		return err->status;
	*ret_over = !found || aw_session_state(policy, &session) != AW_SESSION_WHOLE;
	if (*ret_over) {
		end_stream(l);
		return AW_OK;
	}
	l->viewer = aw_account_viewer(&session.account, session.purpose);
	l->may = (aw_access_may_do(policy, &l->viewer, "dispatch.board") ? AW_TOPIC_BOARD : 0u) |
		 (aw_access_may_do(policy, &l->viewer, "desk.view") ? AW_TOPIC_WORK : 0u);
	l->checked_us = h->now_us;
	return AW_OK;
}

/* The report of the page, as long as its viewer may hear of it. */
static enum aw_status
find_report(
	struct hearing *h, const struct aw_listener *l, int64_t *ret_report, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_act act = act_of(h, &l->viewer, &arena);

	*ret_report = 0;
	if (!aw_access_may_do(act.policy, &l->viewer, "report.view") ||
		aw_report_heard(&act, l->number, ret_report, err) == AW_OK)
		return AW_OK;
	return settle(err);
}

/* Asked once a note, whoever listens. */
static enum aw_status
find_units(struct hearing *h, struct news *news, struct aw_error *err)
{
	struct aw_act act = act_of(h, NULL, &h->arena);
	struct aw_account account;
	enum aw_status status;

	if (news->asked)
		return AW_OK;
	if (!news->note.of_unit) {
		status = aw_report_heard_by(
			&act, news->note.reference, &news->units, &news->unit_count, err);
	} else {
		status = aw_account_get(h->tx, &h->arena, news->note.reference, &account, err);
		news->units = AW_NEW(&h->arena, const char *);
		news->units[0] = status == AW_OK ? account.unit : NULL;
		news->unit_count = status == AW_OK;
	}
	if (status != AW_OK && settle(err) != AW_OK)
		return err->status;
	news->asked = true;
	return AW_OK;
}

static enum aw_status
hear_one(struct hearing *h, struct news *news, const struct aw_listener *l, unsigned *bits,
	struct aw_error *err)
{
	unsigned topics =
		l->may & (news->note.of_unit ? AW_TOPIC_WORK : AW_TOPIC_WORK | AW_TOPIC_BOARD);

	if (!news->note.of_unit && l->report == news->note.reference)
		*bits |= AW_TOPIC_REPORT;
	if ((topics & ~*bits) == 0)
		return AW_OK;
	if (find_units(h, news, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < news->unit_count; i++)
		if (aw_text_eq(news->units[i], l->viewer.unit))
			*bits |= topics;
	return AW_OK;
}

/* The topics that moved behind what l has seen. Who missed very much missed everything. */
static enum aw_status
hear_news(struct hearing *h, const struct aw_listener *l, unsigned *ret_bits, struct aw_error *err)
{
	bool lost = l->seen < h->floor || l->seen > aw_tx_number(h->tx);
	size_t first = h->news_count;

	*ret_bits = 0;
	while (first > 0 && h->news[first - 1].note.number > l->seen)
		first--;
	if (lost || h->news_count - first > AW_EVENTS_NOTES_AT_ONCE) {
		*ret_bits = l->may | (l->report != 0 ? AW_TOPIC_REPORT : 0u);
		return AW_OK;
	}
	for (size_t i = first; i < h->news_count; i++)
		if (hear_one(h, &h->news[i], l, ret_bits, err) != AW_OK)
			return err->status;
	return AW_OK;
}

static enum aw_status
attend(struct hearing *h, struct aw_listener *l, struct aw_error *err)
{
	bool begins = l->checked_us == 0, over = false;
	unsigned bits;

	if ((begins || h->now_us - l->checked_us >= h->events->check_us) &&
		check(h, l, &over, err) != AW_OK)
		return err->status;
	if (over)
		return AW_OK;
	if (begins && l->number[0] != '\0' && find_report(h, l, &l->report, err) != AW_OK)
		return err->status;
	if (hear_news(h, l, &bits, err) != AW_OK)
		return err->status;
	/* may they hear of it still? */
	if ((bits & AW_TOPIC_REPORT) != 0 && find_report(h, l, &l->report, err) != AW_OK)
		return err->status;
	if (l->report == 0)
		bits &= ~(unsigned)AW_TOPIC_REPORT;
	l->seen = l->seen < h->upto || l->seen > aw_tx_number(h->tx) ? h->upto : l->seen;
	pthread_mutex_lock(&h->events->lock);
	l->pending |= bits;
	l->told = l->seen;
	pthread_mutex_unlock(&h->events->lock);
	return AW_OK;
}

static enum aw_status
hear(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct hearing *h = arg;

	h->tx = tx;
	take_notes(h);
	for (size_t i = 0; i < h->count; i++)
		if (attend(h, h->listeners[i], err) != AW_OK)
			return err->status;
	return AW_OK;
}

enum aw_status
aw_events_hear(struct aw_events *events, struct aw_listener *const *listeners, size_t count,
	struct aw_error *err)
{
	struct hearing h = { .events = events,
		.listeners = listeners,
		.count = count,
		.now_us = aw_monotonic_us() };
	enum aw_status status = aw_db_read(events->house->db, hear, &h, err);

	aw_arena_done(&h.arena);
	return status;
}
