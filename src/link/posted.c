/* Postings in one block, sorted by key. */
#include "link/posted.h"

#include <stdlib.h>
#include <string.h>

#include "link/keys.h"

enum { BUCKET_POSTINGS = 8, SMALL_BUCKET = 24, DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS };

void
aw_link_posted_done(struct aw_link_posted *posted)
{
	free(posted->starts);
	free(posted->at);
	*posted = (struct aw_link_posted){ 0 };
}

size_t
aw_link_posted_bytes(const struct aw_link_posted *posted)
{
	if (posted->bucket_count == 0)
		return 0;
	return (posted->bucket_count + 1) * sizeof(*posted->starts) +
	       posted->starts[posted->bucket_count] * sizeof(*posted->at);
}

static size_t
bucket_of(const struct aw_link_posted *posted, uint64_t hash)
{
	return (size_t)((hash >> 32) * posted->bucket_count >> 32);
}

/* The tag in a posting's place, the form's bits empty. */
static uint32_t
tag_of(const struct aw_link_posted *posted, uint64_t hash)
{
	return (uint32_t)hash << posted->form_bits;
}

/* -- sorted --------------------------------------------------------------------------------------- */

static void
sort_small(uint32_t *at, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		uint32_t one = at[i];
		size_t j = i;

		for (; j > 0 && at[j - 1] > one; j--)
			at[j] = at[j - 1];
		at[j] = one;
	}
}

/* By the tag's digits from the least: the forms of one tag stand in order already, and stay. */
static void
sort_large(uint32_t *at, size_t count, unsigned form_bits, uint32_t *spare)
{
	uint32_t *from = at, *to = spare, *swap;

	for (unsigned shift = form_bits; shift < 32; shift += DIGIT_BITS) {
		size_t starts[DIGITS + 1] = { 0 };

		for (size_t i = 0; i < count; i++)
			starts[((from[i] >> shift) & (DIGITS - 1)) + 1]++;
		for (size_t d = 0; d < DIGITS; d++)
			starts[d + 1] += starts[d];
		for (size_t i = 0; i < count; i++)
			to[starts[(from[i] >> shift) & (DIGITS - 1)]++] = from[i];
		swap = from;
		from = to;
		to = swap;
	}
	if (from != at)
		memcpy(at, from, count * sizeof(*at));
}

static void
sort_buckets(struct aw_link_posted *posted)
{
	uint32_t *spare = NULL;
	size_t most = 0;

	for (size_t b = 0; b < posted->bucket_count; b++)
		if (posted->starts[b + 1] - posted->starts[b] > most)
			most = posted->starts[b + 1] - posted->starts[b];
	spare = aw_link_resized(NULL, most, sizeof(*spare));
	for (size_t b = 0; b < posted->bucket_count; b++) {
		uint32_t *at = posted->at + posted->starts[b];
		size_t count = posted->starts[b + 1] - posted->starts[b];

		if (count <= SMALL_BUCKET)
			sort_small(at, count);
		else
			sort_large(at, count, posted->form_bits, spare);
	}
	free(spare);
}

/* -- made ----------------------------------------------------------------------------------------- */

/* Keys of a few forms at once: the memory they will be counted or written in is asked for before. */
enum { BATCH_FORMS = 16, BATCH_KEYS = BATCH_FORMS * AW_LINK_KEY_LIMIT };
struct batch {
	size_t buckets[BATCH_KEYS];
	uint32_t postings[BATCH_KEYS];
	size_t count;
};

static uint32_t
take_batch(const struct aw_link_posted *posted, const struct aw_link_shelf *shelf, uint32_t from,
	struct batch *batch)
{
	uint32_t at = from, end = (uint32_t)shelf->count;

	batch->count = 0;
	for (; at < end && at < from + BATCH_FORMS; at++) {
		const struct aw_link_form *form = &shelf->forms[at];
		struct aw_link_key keys[AW_LINK_KEY_LIMIT];
		size_t count;

		if (aw_link_shelf_is_dead(shelf->dead, at))
			continue;
		count = aw_link_keys(form, aw_link_shelf_other(shelf, form), keys);
		for (size_t k = 0; k < count; k++) {
			size_t bucket = bucket_of(posted, keys[k].hash);

			batch->buckets[batch->count] = bucket;
			batch->postings[batch->count++] = tag_of(posted, keys[k].hash) | at;
			__builtin_prefetch(&posted->starts[bucket], 1);
		}
	}
	return at;
}

static void
count_postings(const struct aw_link_shelf *shelf, struct aw_link_posted *posted)
{
	struct batch batch;
	uint64_t total = 0;

	for (uint32_t at = 0; at < shelf->count;) {
		at = take_batch(posted, shelf, at, &batch);
		for (size_t i = 0; i < batch.count; i++)
			posted->starts[batch.buckets[i]]++;
	}
	for (size_t b = 0; b <= posted->bucket_count; b++) {
		uint32_t count = posted->starts[b];

		posted->starts[b] = (uint32_t)total;
		total += count;
	}
	if (total > UINT32_MAX)
		aw_die("the index of people is full");
}

/* While it is filled, starts[b] is where the bucket's next posting goes; at last it is the end of b,
 * which is the start of the next one. */
static void
fill_postings(const struct aw_link_shelf *shelf, struct aw_link_posted *posted)
{
	struct batch batch;

	for (uint32_t at = 0; at < shelf->count;) {
		at = take_batch(posted, shelf, at, &batch);
		for (size_t i = 0; i < batch.count; i++)
			__builtin_prefetch(&posted->at[posted->starts[batch.buckets[i]]], 1);
		for (size_t i = 0; i < batch.count; i++)
			posted->at[posted->starts[batch.buckets[i]]++] = batch.postings[i];
	}
	memmove(posted->starts + 1, posted->starts, posted->bucket_count * sizeof(*posted->starts));
	posted->starts[0] = 0;
}

void
aw_link_posted_make(const struct aw_link_shelf *shelf, struct aw_link_posted *ret_posted)
{
	struct aw_link_posted made = { .form_bits = 1 };
	size_t living = shelf->count - shelf->dead_count;

	if (living == 0) {
		*ret_posted = (struct aw_link_posted){ 0 };
		return;
	}
	while ((shelf->count - 1) >> made.form_bits != 0)
		made.form_bits++;
	made.bucket_count = living * 9 / BUCKET_POSTINGS + 1;
	made.starts = aw_link_memory(made.bucket_count + 1, sizeof(*made.starts));
	count_postings(shelf, &made);
	made.at = aw_link_memory(made.starts[made.bucket_count], sizeof(*made.at));
	fill_postings(shelf, &made);
	sort_buckets(&made);
	*ret_posted = made;
}

/* -- read ----------------------------------------------------------------------------------------- */

/* The first of a sorted bucket that is not below. */
static size_t
lower(const uint32_t *at, size_t count, uint64_t below)
{
	size_t low = 0;

	while (count > 0) {
		size_t half = count / 2;

		if (at[low + half] < below) {
			low += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return low;
}

struct aw_link_run
aw_link_posted_run(const struct aw_link_posted *posted, uint64_t hash)
{
	struct aw_link_run run = { 0 };
	uint32_t tag;
	size_t bucket, count, low;

	if (posted->bucket_count == 0)
		return run;
	bucket = bucket_of(posted, hash);
	tag = tag_of(posted, hash);
	run.at = posted->at + posted->starts[bucket];
	count = posted->starts[bucket + 1] - posted->starts[bucket];
	low = lower(run.at, count, tag);
	run.at += low;
	run.count = lower(run.at, count - low, (uint64_t)tag + (UINT64_C(1) << posted->form_bits));
	run.mask = (uint32_t)((UINT64_C(1) << posted->form_bits) - 1);
	return run;
}

void
aw_link_posted_fetch(const struct aw_link_posted *posted, uint64_t hash)
{
	if (posted->bucket_count > 0)
		__builtin_prefetch(&posted->starts[bucket_of(posted, hash)]);
}

void
aw_link_posted_fetch_run(const struct aw_link_posted *posted, uint64_t hash)
{
	if (posted->bucket_count > 0)
		__builtin_prefetch(posted->at + posted->starts[bucket_of(posted, hash)]);
}
