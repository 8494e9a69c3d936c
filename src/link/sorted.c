/* Pairs in the order in which they are written. */
#include "link/sorted.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link/room.h"

enum { RUN_PAIRS = 1 << 16, READ_PAIRS = 4096 };

void
aw_sorted_make(
	size_t threads, size_t memory_bytes, const char *folder, struct aw_sorted *ret_sorted)
{
	*ret_sorted = (struct aw_sorted){
		.memory_bytes = memory_bytes, .folder = folder, .threads = threads, .fd = -1
	};
	ret_sorted->seats = aw_room_new(threads, sizeof(*ret_sorted->seats));
	if (pthread_mutex_init(&ret_sorted->lock, NULL) != 0)
		aw_die("a lock could not be made");
}

void
aw_sorted_done(struct aw_sorted *sorted)
{
	if (sorted->seats == NULL)
		return;
	for (size_t t = 0; t < sorted->threads; t++)
		free(sorted->seats[t].at);
	for (size_t r = 0; r < sorted->run_count; r++)
		free(sorted->runs[r].at);
	free(sorted->seats);
	free(sorted->runs);
	free(sorted->heap);
	if (sorted->fd >= 0)
		(void)close(sorted->fd);
	(void)pthread_mutex_destroy(&sorted->lock);
	*sorted = (struct aw_sorted){ .fd = -1 };
}

static inline int
order(const struct aw_pair *x, const struct aw_pair *y)
{
	if (x->unlike_ppm != y->unlike_ppm)
		return x->unlike_ppm < y->unlike_ppm ? -1 : 1;
	if (x->left != y->left)
		return x->left < y->left ? -1 : 1;
	return x->right < y->right ? -1 : x->right > y->right ? 1 : 0;
}

static int
by_order(const void *a, const void *b)
{
	return order(a, b);
}

/* -- storing ------------------------------------------------------------------------------------- */

static int
open_nameless(const char *folder)
{
	char path[4096];
	size_t len = strlen(folder);
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0 || len + sizeof("/pairs.XXXXXX") > sizeof(path))
		return fd;
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): the next copy ends it */
	memcpy(path, folder, len);
	memcpy(path + len, "/pairs.XXXXXX", sizeof("/pairs.XXXXXX"));
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		(void)unlink(path);
	return fd;
}

static bool
write_at(int fd, const void *data, size_t size, uint64_t offset)
{
	for (size_t done = 0; done < size;) {
		ssize_t n =
			pwrite(fd, (const char *)data + done, size - done, (off_t)(offset + done));

		if (n < 0 && errno != EINTR)
			return false;
		done += n < 0 ? 0 : (size_t)n;
	}
	return true;
}

/* Puts a sorted run into the file. */
static void
store(struct aw_sorted *sorted, struct aw_run *run)
{
	size_t size = run->count * sizeof(*run->at);

	if (sorted->fd < 0)
		sorted->fd = open_nameless(sorted->folder);
	if (sorted->fd < 0 || !write_at(sorted->fd, run->at, size, sorted->file_end)) {
		(void)aw_fail(&sorted->error, AW_IO, "cannot store pairs in %.200s: %s",
			sorted->folder, strerror(errno));
		return;
	}
	run->stored = true;
	run->offset = sorted->file_end;
	run->left = run->count;
	run->count = 0;
	sorted->file_end += size;
	free(run->at);
	run->at = NULL;
}

/* Sorts what a seat holds and puts it beside the other runs. */
static void
finish_run(struct aw_sorted *sorted, struct aw_run *seat)
{
	struct aw_run run = *seat;

	*seat = (struct aw_run){ 0 };
	qsort(run.at, run.count, sizeof(*run.at), by_order);
	(void)pthread_mutex_lock(&sorted->lock);
	if (sorted->held_bytes >= sorted->memory_bytes && sorted->error.status == AW_OK)
		store(sorted, &run);
	else
		sorted->held_bytes += RUN_PAIRS * sizeof(*run.at);
	*AW_ROOM_PUSH(sorted->runs, sorted->run_count, sorted->run_room) = run;
	(void)pthread_mutex_unlock(&sorted->lock);
}

void
aw_sorted_add(struct aw_sorted *sorted, size_t thread, const struct aw_pair *pair)
{
	struct aw_run *seat = &sorted->seats[thread];

	if (seat->at == NULL)
		seat->at = aw_room_new(RUN_PAIRS, sizeof(*seat->at));
	seat->at[seat->count++] = *pair;
	if (seat->count == RUN_PAIRS)
		finish_run(sorted, seat);
}

/* -- merging ------------------------------------------------------------------------------------- */

/* Brings a stored run's next pairs into memory; a run that has no more stays empty. */
static enum aw_status
refill(struct aw_sorted *sorted, struct aw_run *run, struct aw_error *err)
{
	size_t count = run->left < READ_PAIRS ? (size_t)run->left : READ_PAIRS;
	size_t size = count * sizeof(*run->at), done = 0;

	run->next = run->count = 0;
	if (!run->stored || count == 0)
		return AW_OK;
	if (run->at == NULL)
		run->at = aw_room_new(READ_PAIRS, sizeof(*run->at));
	while (done < size) {
		ssize_t n = pread(sorted->fd, (char *)run->at + done, size - done,
			(off_t)(run->offset + done));

		if (n == 0 || (n < 0 && errno != EINTR))
			return aw_fail(err, AW_IO, "cannot read stored pairs: %s",
				n == 0 ? "the file ends" : strerror(errno));
		done += n < 0 ? 0 : (size_t)n;
	}
	run->offset += size;
	run->left -= count;
	run->count = count;
	return AW_OK;
}

static inline const struct aw_pair *
head(const struct aw_sorted *sorted, size_t at)
{
	const struct aw_run *run = &sorted->runs[sorted->heap[at]];

	return &run->at[run->next];
}

static void
sink_down(struct aw_sorted *sorted, size_t at)
{
	for (;;) {
		size_t child = 2 * at + 1;
		uint32_t run = sorted->heap[at];

		if (child >= sorted->heap_count)
			return;
		if (child + 1 < sorted->heap_count &&
			order(head(sorted, child + 1), head(sorted, child)) < 0)
			child++;
		if (order(head(sorted, at), head(sorted, child)) <= 0)
			return;
		sorted->heap[at] = sorted->heap[child];
		sorted->heap[child] = run;
		at = child;
	}
}

enum aw_status
aw_sorted_begin(struct aw_sorted *sorted, struct aw_error *err)
{
	for (size_t t = 0; t < sorted->threads; t++)
		if (sorted->seats[t].count > 0)
			finish_run(sorted, &sorted->seats[t]);
	if (sorted->error.status != AW_OK) {
		*err = sorted->error;
		return err->status;
	}
	sorted->heap = aw_room_new(sorted->run_count, sizeof(*sorted->heap));
	for (size_t r = 0; r < sorted->run_count; r++) {
		if (sorted->runs[r].stored && refill(sorted, &sorted->runs[r], err) != AW_OK)
			return err->status;
		sorted->heap[sorted->heap_count++] = (uint32_t)r;
	}
	for (size_t at = sorted->heap_count / 2; at-- > 0;)
		sink_down(sorted, at);
	return AW_OK;
}

enum aw_status
aw_sorted_next(
	struct aw_sorted *sorted, struct aw_pair *ret_pair, bool *ret_more, struct aw_error *err)
{
	struct aw_run *run;

	if (sorted->heap_count == 0) {
		*ret_more = false;
		return AW_OK;
	}
	run = &sorted->runs[sorted->heap[0]];
	*ret_pair = run->at[run->next++];
	*ret_more = true;
	if (run->next == run->count && refill(sorted, run, err) != AW_OK)
		return err->status;
	if (run->next == run->count)
		sorted->heap[0] = sorted->heap[--sorted->heap_count];
	sink_down(sorted, 0);
	return AW_OK;
}
