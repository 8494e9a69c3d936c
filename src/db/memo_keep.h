/**
 * db/memo_keep - the store behind db/memo, one an open database.
 * Layer: db, inside it alone.  Threads: any.
 */
#ifndef AW_DB_MEMO_KEEP_H
#define AW_DB_MEMO_KEEP_H

#include "db/memo.h"

struct aw_memo;

/** False for the house's own bookkeeping; every other table is a table of facts. */
bool aw_memo_facts(const char *table);

struct aw_memo *aw_memo_new(void);
void aw_memo_free(struct aw_memo *memo);
void aw_memo_on_wait(struct aw_memo *memo, void (*fn)(bool waits));
bool aw_memo_find(struct aw_memo *memo, uint64_t stamp, const char *key, struct aw_arena *arena,
	struct aw_bytes *ret_data);
void aw_memo_keep(struct aw_memo *memo, uint64_t stamp, const char *key, struct aw_bytes data);

#endif
