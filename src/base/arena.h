/**
 * base/arena - memory with one lifetime: a request, a command, a chunk of a batch.
 * Layer: base.  Threads: an arena belongs to one thread at a time.  Example: tests/base/test_arena.c
 *
 * Nothing in an arena is freed by itself; all of it goes with aw_arena_done(). Allocation never
 * fails: when the machine has no memory left the process ends (exit 3), because a half-done unit
 * of work that limps on is worse than one that never happened. Under AddressSanitizer every item
 * is its own malloc, so an overrun of one byte is reported.
 * Secrets never live here: use libsodium's guarded memory.
 */
#ifndef AW_BASE_ARENA_H
#define AW_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/scope.h"

struct aw_arena_block;
struct aw_arena_end;

struct aw_arena {
	struct aw_arena_block *blocks; /* newest first */
	size_t used_bytes;	       /* handed out so far, for tests and limits */
	struct aw_arena_end *ends;     /* what aw_arena_at_end() asked for, newest first */
};

/** Frees everything; the arena may be used again. */
void aw_arena_done(struct aw_arena *arena);
/** The same, but the newest block stays for what comes next: for case after case. */
void aw_arena_again(struct aw_arena *arena);

/** Asks for fn(arg) when the arena is done, last asked first and before any memory goes: for a
 *  handle of another library that lives as long as the arena's data. */
void aw_arena_at_end(struct aw_arena *arena, void (*fn)(void *arg), void *arg);

/** Zeroed memory, aligned for any type. Returns non-NULL also for size 0. */
void *
aw_arena_alloc(struct aw_arena *arena, size_t size_bytes) __attribute__((returns_nonnull, malloc));

/** Zeroed array; ends the process when count * size does not fit in a size_t. */
void *aw_arena_array(struct aw_arena *arena, size_t count, size_t size_bytes)
	__attribute__((returns_nonnull, malloc));

/** A copy, NUL-terminated. text may be NULL: then the answer is NULL. */
char *aw_arena_strdup(struct aw_arena *arena, const char *text);
char *aw_arena_strndup(struct aw_arena *arena, const char *text, size_t len)
	__attribute__((returns_nonnull));
void *aw_arena_memdup(struct aw_arena *arena, const void *data, size_t len)
	__attribute__((returns_nonnull));
char *aw_arena_printf(struct aw_arena *arena, const char *fmt, ...) AW_PRINTF(2, 3)
	__attribute__((returns_nonnull));

#define AW_NEW(arena, type) ((type *)aw_arena_alloc((arena), sizeof(type)))
#define AW_NEW_ARRAY(arena, type, count) ((type *)aw_arena_array((arena), (count), sizeof(type)))

/* Growable arrays in an arena. `struct thing *at; size_t count, room;` and
 * AW_PUSH(arena, at, count, room) gives a pointer to a new zeroed last item. */
void *aw_arena_grow(struct aw_arena *arena, void *at, size_t count, size_t *room, size_t size_bytes)
	__attribute__((returns_nonnull));
#define AW_PUSH(arena, at, count, room)                                                            \
	((at) = aw_arena_grow((arena), (at), (count), &(room), sizeof(*(at))), &(at)[(count)++])

#endif
