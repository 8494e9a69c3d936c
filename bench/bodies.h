/**
 * bench/bodies - the reports that a measurement sends: a file of them, a line each (run.py makes it).
 * Threads: unchanging once read.
 */
#ifndef AW_BENCH_BODIES_H
#define AW_BENCH_BODIES_H

#include "base/arena.h"
#include "base/str.h"

struct bench_bodies {
	struct aw_str *lines;
	size_t count;
};

AW_MUST_CHECK enum aw_status bench_bodies_read(struct aw_arena *arena, const char *path,
	struct bench_bodies *ret_bodies, struct aw_error *err);

/** The body of a report: they come round again and again. */
struct aw_str bench_body(const struct bench_bodies *bodies, uint64_t number);

#endif
