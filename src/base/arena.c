/* base/arena - blocks of doubling size up to 1 MiB; one malloc per item under AddressSanitizer. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ITEM_PER_MALLOC 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ITEM_PER_MALLOC 1
#endif
#endif
#ifndef ITEM_PER_MALLOC
#define ITEM_PER_MALLOC 0
#endif

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

struct aw_arena_block {
	struct aw_arena_block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char data[];
};

struct aw_arena_end {
	struct aw_arena_end *next;
	void (*fn)(void *arg);
	void *arg;
};

void
aw_arena_at_end(struct aw_arena *arena, void (*fn)(void *arg), void *arg)
{
	struct aw_arena_end *end = AW_NEW(arena, struct aw_arena_end);

	end->next = arena->ends;
	end->fn = fn;
	end->arg = arg;
	arena->ends = end;
}

static void
free_blocks(struct aw_arena_block *block)
{
	while (block != NULL) {
		struct aw_arena_block *next = block->next;
		free(block);
		block = next;
	}
}

/* Ends what asked for it, newest first. */
static void
end_all(struct aw_arena *arena)
{
	for (struct aw_arena_end *end = arena->ends; end != NULL; end = end->next)
		end->fn(end->arg);
	arena->ends = NULL;
	arena->used_bytes = 0;
}

void
aw_arena_done(struct aw_arena *arena)
{
	end_all(arena);
	free_blocks(arena->blocks);
	arena->blocks = NULL;
}

void
aw_arena_again(struct aw_arena *arena)
{
	if (ITEM_PER_MALLOC || arena->blocks == NULL) {
		aw_arena_done(arena);
		return;
	}
	end_all(arena);
	free_blocks(arena->blocks->next);
	arena->blocks->next = NULL;
	arena->blocks->used = 0;
}

static struct aw_arena_block *
add_block(struct aw_arena *arena, size_t size)
{
	struct aw_arena_block *block;

	if (size > SIZE_MAX - sizeof(*block))
		aw_die("an allocation is too large");
	block = malloc(sizeof(*block) + size);
	if (block == NULL)
		aw_die("out of memory");
	block->next = arena->blocks;
	block->size = size;
	block->used = 0;
	arena->blocks = block;
	return block;
}

void *
aw_arena_alloc(struct aw_arena *arena, size_t size_bytes)
{
	const size_t align = alignof(max_align_t);
	struct aw_arena_block *block = arena->blocks;
	size_t need;
	void *item;

	if (size_bytes > SIZE_MAX / 2)
		aw_die("an allocation is too large");
	need = ITEM_PER_MALLOC ? size_bytes : (size_bytes + align - 1) / align * align;
	if (ITEM_PER_MALLOC)
		block = add_block(arena, need);
	else if (block == NULL || block->size - block->used < need) {
		size_t size = block == NULL ? FIRST_BLOCK : block->size * 2;
		if (size > LARGEST_BLOCK)
			size = LARGEST_BLOCK;
		block = add_block(arena, need > size ? need : size);
	}
	item = block->data + block->used;
	block->used += need;
	arena->used_bytes += need;
	memset(item, 0, size_bytes);
	return item;
}

void *
aw_arena_array(struct aw_arena *arena, size_t count, size_t size_bytes)
{
	if (size_bytes != 0 && count > SIZE_MAX / size_bytes)
		aw_die("an allocation is too large");
	return aw_arena_alloc(arena, count * size_bytes);
}

void *
aw_arena_memdup(struct aw_arena *arena, const void *data, size_t len)
{
	void *copy = aw_arena_alloc(arena, len);

	if (len != 0)
		memcpy(copy, data, len);
	return copy;
}

char *
aw_arena_strndup(struct aw_arena *arena, const char *text, size_t len)
{
	char *copy = aw_arena_alloc(arena, len + 1);

	if (len != 0)
		memcpy(copy, text, len);
	return copy;
}

char *
aw_arena_strdup(struct aw_arena *arena, const char *text)
{
	return text == NULL ? NULL : aw_arena_strndup(arena, text, strlen(text));
}

char *
aw_arena_printf(struct aw_arena *arena, const char *fmt, ...)
{
	va_list ap, again;
	char *text;
	int len;

	va_start(ap, fmt);
	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		aw_die("a text could not be formatted");
	text = aw_arena_alloc(arena, (size_t)len + 1);
	(void)vsnprintf(text, (size_t)len + 1, fmt, again);
	va_end(again);
	return text;
}

void *
aw_arena_grow(struct aw_arena *arena, void *at, size_t count, size_t *room, size_t size_bytes)
{
	size_t want;
	void *grown;

	if (count < *room)
		return at != NULL ? at : aw_arena_alloc(arena, 0);
	want = *room == 0 ? 8 : *room * 2;
	if (want < *room)
		aw_die("an allocation is too large");
	grown = aw_arena_array(arena, want, size_bytes);
	if (count != 0)
		memcpy(grown, at, count * size_bytes);
	*room = want;
	return grown;
}
