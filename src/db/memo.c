/* A list of answers, newest first; small enough to be walked. */
#include "db/memo.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "db/engine.h"
#include "db/memo_keep.h"

#define KEPT_MOST_BYTES ((size_t)32 << 20)
#define KEPT_MOST 256

struct answer {
	struct answer *next;
	uint64_t stamp;
	char *key;
	uint8_t *data;
	size_t len;
};

struct aw_memo {
	pthread_mutex_t lock;
	struct answer *first;
	size_t count, bytes;
};

static void
answer_free(struct aw_memo *memo, struct answer *answer)
{
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

	if (memo == NULL)
		aw_die("no memory left for kept answers");
	pthread_mutex_init(&memo->lock, NULL);
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

bool
aw_memo_find(struct aw_memo *memo, uint64_t stamp, const char *key, struct aw_arena *arena,
	struct aw_bytes *ret_data)
{
	bool found = false;

	pthread_mutex_lock(&memo->lock);
	for (struct answer *answer = memo->first; answer != NULL && !found; answer = answer->next) {
		found = answer->stamp == stamp && strcmp(answer->key, key) == 0;
		if (found)
			*ret_data = (struct aw_bytes){ .at = aw_arena_memdup(
							       arena, answer->data, answer->len),
				.len = answer->len };
	}
	pthread_mutex_unlock(&memo->lock);
	return found;
}

void
aw_memo_keep(struct aw_memo *memo, uint64_t stamp, const char *key, struct aw_bytes data)
{
	struct answer *answer;

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
	answer->next = memo->first;
	memo->first = answer;
	memo->count++;
	memo->bytes += data.len;
	pthread_mutex_unlock(&memo->lock);
}

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
