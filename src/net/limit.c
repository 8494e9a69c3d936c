/* How often one address may do something. */
#include "net/limit.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/id.h"

#define SLOTS 8192 /* a power of two */
#define WAYS 4

struct bucket {
	uint64_t key; /* 0 = empty */
	int64_t seen_us;
	int64_t microtokens; /* millionths */
};

struct aw_limit {
	pthread_mutex_t lock;
	int64_t a_minute, burst;
	uint8_t salt[32];
	struct bucket buckets[SLOTS];
};

struct aw_limit *
aw_limit_new(uint32_t a_minute, uint32_t burst)
{
	struct aw_limit *limit = calloc(1, sizeof(*limit));

	if (limit == NULL)
		aw_die("out of memory");
	pthread_mutex_init(&limit->lock, NULL);
	limit->a_minute = a_minute;
	limit->burst = burst;
	aw_random_bytes(limit->salt, sizeof(limit->salt));
	return limit;
}

void
aw_limit_free(struct aw_limit *limit)
{
	if (limit == NULL)
		return;
	pthread_mutex_destroy(&limit->lock);
	free(limit);
}

/* FNV-1a over the address, of IPv6 its network half; never 0. */
static uint64_t
key_of(const char *address)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	unsigned char six[16];
	const unsigned char *at = (const unsigned char *)address;
	size_t len = strlen(address);

	if (inet_pton(AF_INET6, address, six) == 1) {
		at = six;
		len = 8;
	}
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * UINT64_C(1099511628211);
	return hash == 0 ? 1 : hash;
}

static struct bucket *
bucket_of(struct aw_limit *limit, uint64_t key, int64_t now_us)
{
	struct bucket *set = &limit->buckets[(key % (SLOTS / WAYS)) * WAYS];
	struct bucket *oldest = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].seen_us < oldest->seen_us)
			oldest = &set[i];
	}
	*oldest = (struct bucket){
		.key = key, .seen_us = now_us, .microtokens = limit->burst * 1000000
	};
	return oldest;
}

bool
aw_limit_take(struct aw_limit *limit, const char *address, int64_t now_us)
{
	struct bucket *bucket;
	int64_t gained;
	bool taken;

	pthread_mutex_lock(&limit->lock);
	bucket = bucket_of(limit, key_of(address), now_us);
	/* a_minute tokens in 60 s are a_minute / 60 millionths a microsecond; an hour fills it */
	gained = now_us - bucket->seen_us;
	if (gained > INT64_C(3600000000))
		gained = INT64_C(3600000000);
	bucket->microtokens += gained * limit->a_minute / 60;
	if (bucket->microtokens > limit->burst * 1000000)
		bucket->microtokens = limit->burst * 1000000;
	bucket->seen_us = now_us;
	taken = bucket->microtokens >= 1000000;
	if (taken)
		bucket->microtokens -= 1000000;
	pthread_mutex_unlock(&limit->lock);
	return taken;
}

const char *
aw_limit_source(const struct aw_limit *limit, struct aw_arena *arena, const char *address)
{
	struct {
		uint8_t salt[32];
		uint64_t key;
	} bound = { .key = key_of(address) };
	uint8_t hash[AW_SHA256_BYTES];

	memcpy(bound.salt, limit->salt, sizeof(bound.salt));
	aw_sha256(&bound, sizeof(bound), hash);
	return aw_code32(arena, hash, 20);
}
