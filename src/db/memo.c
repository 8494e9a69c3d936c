/* Answers in a table by their key, and in a list, newest first. */
#include "db/memo.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/engine.h"
#include "db/memo_keep.h"

#define KEPT_MOST_BYTES ((size_t)32 << 20)
/* of each person who works at once some, and of each indicator and period */
#define KEPT_MOST 8192
#define BUCKETS 2048

struct answer {
	struct answer *next;  /* older */
	struct answer *chain; /* of the same bucket */
	uint64_t stamp;
	char *key;
	uint8_t *data;
	size_t len;
};

/* On the stack of a thread that waits. */
struct waiter {
	struct waiter *next;
	uint64_t stamp;
};

/* Of a key that is being computed or waited for. */
struct aw_turn {
	struct aw_turn *next;
	char *key;
	bool taken;
	struct waiter *waiters;
};

struct aw_memo {
	pthread_mutex_t lock;
	pthread_cond_t ended; /* some turn */
	struct answer *first;
	struct answer *buckets[BUCKETS];
	struct aw_turn *turns;
	void (*on_wait)(bool waits);
	size_t computing, computing_most; /* readings that have turns */
	size_t count, bytes;
};

/* FNV-1a. */
static struct answer **
bucket_of(struct aw_memo *memo, const char *key)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *key != '\0'; key++)
		hash = (hash ^ (unsigned char)*key) * UINT64_C(1099511628211);
	return &memo->buckets[(hash ^ (hash >> 32)) % BUCKETS];
}

static void
answer_free(struct aw_memo *memo, struct answer *answer)
{
	struct answer **at = bucket_of(memo, answer->key);

	while (*at != answer)
		at = &(*at)->chain;
	*at = answer->chain;
	memo->count--;
	memo->bytes -= answer->len;
	free(answer->key);
	free(answer->data);
	free(answer);
}

bool
aw_memo_facts(const char *table)
{
	static const char *const bookkeeping[] = { "audit_entry", "audit_subject",
		"audit_checkpoint", "audit_stray", "change", "epoch_key", "migration", "notice",
		"session", "work_item", "counter", "setting", "account", "idempotency" };

	return !aw_text_in(table, bookkeeping, AW_COUNT(bookkeeping));
}

struct aw_memo *
aw_memo_new(void)
{
	struct aw_memo *memo = calloc(1, sizeof(*memo));
	long processors;

	if (memo == NULL)
		aw_die("no memory left for kept answers");
	pthread_mutex_init(&memo->lock, NULL);
	pthread_cond_init(&memo->ended, NULL);
	processors = sysconf(_SC_NPROCESSORS_ONLN);
	memo->computing_most = processors < 4 ? 1 : (size_t)processors / 2;
	return memo;
}

void
aw_memo_free(struct aw_memo *memo)
{
	if (memo == NULL)
		return;
	for (struct answer *answer = memo->first, *next; answer != NULL; answer = next) {
		next = answer->next;
		answer_free(memo, answer);
	}
	pthread_cond_destroy(&memo->ended);
	pthread_mutex_destroy(&memo->lock);
	free(memo);
}

/* Drops answers of older stamps, the key's own, and what is over the limits. */
static void
make_room(struct aw_memo *memo, uint64_t stamp, const char *key, size_t len)
{
	struct answer **at = &memo->first;
	size_t count = 0, bytes = len;

	while (*at != NULL) {
		struct answer *answer = *at;

		count++;
		bytes += answer->len;
		if (answer->stamp >= stamp && strcmp(answer->key, key) != 0 && count < KEPT_MOST &&
			bytes <= KEPT_MOST_BYTES) {
			at = &answer->next;
			continue;
		}
		*at = answer->next;
		count--;
		bytes -= answer->len;
		answer_free(memo, answer);
	}
}

/* The kept answer to a key whose stamp is in [from, to]. */
static const struct answer *
kept_answer(struct aw_memo *memo, const char *key, uint64_t from, uint64_t to)
{
	const struct answer *answer = *bucket_of(memo, key);

	while (answer != NULL &&
		(answer->stamp < from || answer->stamp > to || strcmp(answer->key, key) != 0))
		answer = answer->chain;
	return answer;
}

static struct aw_bytes
copied(struct aw_arena *arena, const struct answer *answer)
{
	return (struct aw_bytes){ .at = aw_arena_memdup(arena, answer->data, answer->len),
		.len = answer->len };
}

bool
aw_memo_find(struct aw_memo *memo, uint64_t stamp, const char *key, struct aw_arena *arena,
	struct aw_bytes *ret_data)
{
	const struct answer *answer;

	pthread_mutex_lock(&memo->lock);
	answer = kept_answer(memo, key, stamp, stamp);
	if (answer != NULL)
		*ret_data = copied(arena, answer);
	pthread_mutex_unlock(&memo->lock);
	return answer != NULL;
}

void
aw_memo_keep(struct aw_memo *memo, uint64_t stamp, const char *key, struct aw_bytes data)
{
	struct answer *answer, **bucket;

	if (data.len > KEPT_MOST_BYTES / 2)
		return;
	answer = calloc(1, sizeof(*answer));
	if (answer == NULL)
		aw_die("no memory left for kept answers");
	answer->stamp = stamp;
	answer->key = strdup(key);
	answer->data = malloc(data.len == 0 ? 1 : data.len);
	answer->len = data.len;
	if (answer->key == NULL || answer->data == NULL)
		aw_die("no memory left for kept answers");
	if (data.len != 0)
		memcpy(answer->data, data.at, data.len);
	pthread_mutex_lock(&memo->lock);
	make_room(memo, stamp, key, data.len);
	bucket = bucket_of(memo, key);
	answer->chain = *bucket;
	*bucket = answer;
	answer->next = memo->first;
	memo->first = answer;
	memo->count++;
	memo->bytes += data.len;
	pthread_mutex_unlock(&memo->lock);
}

/* -- turns ----------------------------------------------------------------------------------------- */

static struct aw_turn *
turn_of(struct aw_memo *memo, const char *key)
{
	struct aw_turn *turn = memo->turns;

	while (turn != NULL && strcmp(turn->key, key) != 0)
		turn = turn->next;
	if (turn != NULL)
		return turn;
	turn = calloc(1, sizeof(*turn));
	if (turn == NULL || (turn->key = strdup(key)) == NULL)
		aw_die("no memory left for kept answers");
	turn->next = memo->turns;
	memo->turns = turn;
	return turn;
}

static void
drop_if_unused(struct aw_memo *memo, struct aw_turn *turn)
{
	struct aw_turn **at = &memo->turns;

	if (turn->taken || turn->waiters != NULL)
		return;
	while (*at != turn)
		at = &(*at)->next;
	*at = turn->next;
	free(turn->key);
	free(turn);
}

static bool
newest_of_all(const struct aw_turn *turn, uint64_t stamp)
{
	const struct waiter *waiter = turn->waiters;

	while (waiter != NULL && waiter->stamp <= stamp)
		waiter = waiter->next;
	return waiter == NULL;
}

void
aw_memo_on_wait(struct aw_memo *memo, void (*fn)(bool waits))
{
	memo->on_wait = fn;
}

static void
wait_for(struct aw_memo *memo, struct aw_turn *turn, uint64_t stamp)
{
	struct waiter me = { .next = turn->waiters, .stamp = stamp }, **at = &turn->waiters;

	turn->waiters = &me;
	if (memo->on_wait != NULL)
		memo->on_wait(true);
	pthread_cond_wait(&memo->ended, &memo->lock);
	if (memo->on_wait != NULL)
		memo->on_wait(false);
	while (*at != &me)
		at = &(*at)->next;
	*at = me.next;
}

/* Is it this reading's turn to compute? */
static bool
comes_next(const struct aw_memo *memo, const struct aw_turn *turn, const struct aw_tx *tx)
{
	return !turn->taken && newest_of_all(turn, tx->stamp) &&
	       (tx->turns > 0 || memo->computing < memo->computing_most);
}

bool
aw_memo_take(struct aw_tx *tx, const char *key, struct aw_arena *arena, struct aw_bytes *ret_data,
	struct aw_memo_turn *turn)
{
	struct aw_memo *memo = tx->memo;
	const struct answer *answer;
	struct aw_turn *mine;

	if (memo == NULL)
		return false;
	pthread_mutex_lock(&memo->lock);
	mine = turn_of(memo, key);
	while ((answer = kept_answer(memo, key, tx->stamp, UINT64_MAX)) == NULL &&
		!comes_next(memo, mine, tx))
		wait_for(memo, mine, tx->stamp);
	if (answer != NULL) {
		*ret_data = copied(arena, answer);
		drop_if_unused(memo, mine);
		pthread_cond_broadcast(&memo->ended); /* who left the turn to this thread */
	} else {
		mine->taken = true;
		memo->computing += tx->turns++ == 0 ? 1 : 0;
		*turn = (struct aw_memo_turn){ .memo = memo, .turn = mine, .tx = tx };
	}
	pthread_mutex_unlock(&memo->lock);
	return answer != NULL;
}

void
aw_memo_turn_done(struct aw_memo_turn *turn)
{
	if (turn->memo == NULL)
		return;
	pthread_mutex_lock(&turn->memo->lock);
	turn->turn->taken = false;
	turn->memo->computing -= --turn->tx->turns == 0 ? 1 : 0;
	drop_if_unused(turn->memo, turn->turn);
	pthread_cond_broadcast(&turn->memo->ended);
	pthread_mutex_unlock(&turn->memo->lock);
	*turn = (struct aw_memo_turn){ 0 };
}

/* -- in a reading ---------------------------------------------------------------------------------- */

bool
aw_memo_get(struct aw_tx *tx, const char *key, struct aw_arena *arena, struct aw_bytes *ret_data)
{
	return tx->memo != NULL && aw_memo_find(tx->memo, tx->stamp, key, arena, ret_data);
}

void
aw_memo_put(struct aw_tx *tx, const char *key, struct aw_bytes data)
{
	if (tx->memo != NULL)
		aw_memo_keep(tx->memo, tx->stamp, key, data);
}
