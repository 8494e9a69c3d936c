/**
 * bench/bare - the least that a group of durable reports costs an engine: their rows and a commit.
 * Threads: one at a time.
 */
#ifndef AW_BENCH_BARE_H
#define AW_BENCH_BARE_H

#include "record.h"

/* One connection. What fails ends the program with a line. */
struct bare_engine {
	void *(*open)(const char *url);
	void (*write)(
		void *conn, const struct bench_unit *const *units, size_t count); /* one commit */
	void (*checkpoint)(void *conn); /* on a second connection, each 200 ms; NULL: no need */
	void (*close)(void *conn);
};
extern const struct bare_engine bare_sqlite, bare_pg;

#endif
