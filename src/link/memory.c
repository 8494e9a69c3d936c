/* Arrays of the index. */
#include "link/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/error.h"

enum { LINE_BYTES = 64, HUGE_BYTES = 2 << 20 };

void *
aw_link_resized(void *at, size_t count, size_t size_bytes)
{
	void *made = reallocarray(at, count == 0 ? 1 : count, size_bytes);

	if (made == NULL)
		aw_die("no memory for the index of people");
	return made;
}

static void *
make(size_t count, size_t size_bytes, bool cleared)
{
	size_t bytes, align;
	void *made;

	if (__builtin_mul_overflow(count, size_bytes, &bytes) || bytes > SIZE_MAX - HUGE_BYTES)
		aw_die("no memory for the index of people");
	align = bytes >= 4 * (size_t)HUGE_BYTES ? HUGE_BYTES : LINE_BYTES;
	bytes = bytes == 0 ? align : (bytes + align - 1) / align * align;
	made = aligned_alloc(align, bytes);
	if (made == NULL)
		aw_die("no memory for the index of people");
	if (align == HUGE_BYTES)
		(void)madvise(made, bytes, MADV_HUGEPAGE); /* slower without, and as right */
	if (cleared)
		memset(made, 0, bytes);
	return made;
}

void *
aw_link_memory(size_t count, size_t size_bytes)
{
	return make(count, size_bytes, true);
}

void *
aw_link_memory_bare(size_t count, size_t size_bytes)
{
	return make(count, size_bytes, false);
}
