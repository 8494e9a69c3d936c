/* base/id - ids given before insert, public numbers with check digit, codes for people. */
#include "base/id.h"

#include <string.h>
#include <sys/random.h>

#include "base/clock.h"

enum { LOW_BITS = 22 };

static uint64_t
splitmix(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void
aw_random_seed(struct aw_random *random, uint64_t seed)
{
	for (int i = 0; i < 4; i++)
		random->s[i] = splitmix(&seed);
}

static uint64_t
rotate(uint64_t x, unsigned by)
{
	return x << by | x >> (64 - by);
}

uint64_t
aw_random_next(struct aw_random *random)
{
	uint64_t *s = random->s;
	uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

uint64_t
aw_random_below(struct aw_random *random, uint64_t below)
{
	uint64_t reject = (UINT64_MAX - below + 1) % below, x;

	do
		x = aw_random_next(random);
	while (x < reject);
	return x % below;
}

double
aw_random_unit(struct aw_random *random)
{
	return (double)(aw_random_next(random) >> 11) * 0x1.0p-53;
}

void
aw_ids_init(struct aw_ids *ids, struct aw_random *random)
{
	memset(ids, 0, sizeof(*ids));
	if (pthread_mutex_init(&ids->lock, NULL) != 0)
		aw_die("a lock cannot be made");
	ids->random = random;
}

/* A played time comes back to a millisecond after others: there the count goes on, from a place of the seed's. */
static uint64_t
counted_part(const struct aw_ids *ids)
{
	uint64_t before = ids->last == 0 ? aw_random_next(ids->random) : (uint64_t)ids->last;

	return (before + 1) & ((UINT64_C(1) << LOW_BITS) - 1);
}

static uint64_t
low_part(void)
{
	uint64_t bits;

	if (getrandom(&bits, sizeof(bits), 0) != (ssize_t)sizeof(bits))
		aw_die("the kernel gives no random numbers");
	return bits & ((UINT64_C(1) << (LOW_BITS - 1)) - 1);
}

int64_t
aw_id_next(struct aw_ids *ids, int64_t now_ms)
{
	int64_t id;

	(void)pthread_mutex_lock(&ids->lock);
	id = (int64_t)((uint64_t)now_ms << LOW_BITS |
		       (ids->random != NULL ? counted_part(ids) : low_part()));
	if (ids->random == NULL && id <= ids->last)
		id = ids->last + 1;
	ids->last = id;
	(void)pthread_mutex_unlock(&ids->lock);
	return id;
}

int
aw_check_digit(const char *text)
{
	int p = 10;

	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			continue;
		p = (p + (*text - '0')) % 10;
		p = (p == 0 ? 10 : p) * 2 % 11;
	}
	return (11 - p) % 10;
}

char *
aw_public_number(struct aw_arena *arena, const char *prefix, int32_t day, int64_t count)
{
	struct aw_date date = aw_date_of_day(day);
	char *body = aw_arena_printf(arena, "%s%d%02d%02d-%04lld", prefix, date.year - 1911,
		date.month, date.day, (long long)count);

	return aw_arena_printf(arena, "%s-%d", body, aw_check_digit(body));
}

bool
aw_public_number_valid(const char *text, const char *prefix)
{
	size_t len = strlen(text), letters = 0, dashes = 0;
	char body[40];

	if (len >= sizeof(body) || strncmp(text, prefix, strlen(prefix)) != 0)
		return false;
	while (text[letters] >= 'A' && text[letters] <= 'Z')
		letters++;
	if (letters == 0 || letters > 3 || len < letters + 13 || text[len - 2] != '-')
		return false;
	for (size_t i = letters; i < len; i++) {
		if (text[i] == '-')
			dashes++;
		else if (text[i] < '0' || text[i] > '9')
			return false;
	}
	if (dashes != 2)
		return false;
	memcpy(body, text, len - 2);
	body[len - 2] = '\0';
	return aw_check_digit(body) == text[len - 1] - '0';
}

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char *
aw_code32(struct aw_arena *arena, const uint8_t *random, size_t bits)
{
	size_t chars = (bits + 4) / 5;
	char *text = aw_arena_alloc(arena, chars + chars / 4 + 1);
	size_t len = 0;

	for (size_t i = 0; i < chars; i++) {
		unsigned value = 0;
		for (size_t b = i * 5; b < i * 5 + 5; b++) {
			unsigned byte = b < bits ? random[b / 8] : 0;
			unsigned bit = byte >> (7 - b % 8) & 1U;
			value = value << 1 | bit;
		}
		if (i != 0 && i % 4 == 0)
			text[len++] = '-';
		text[len++] = crockford[value];
	}
	return text;
}

char *
aw_code32_canonical(struct aw_arena *arena, const char *typed)
{
	char *text = aw_arena_alloc(arena, strlen(typed) + 1);
	size_t len = 0;

	for (; *typed != '\0'; typed++) {
		char c = *typed;
		if (c == '-' || c == ' ')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c == 'O')
			c = '0';
		if (c == 'I' || c == 'L')
			c = '1';
		if (strchr(crockford, c) == NULL)
			return NULL;
		text[len++] = c;
	}
	return text;
}
