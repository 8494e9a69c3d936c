/**
 * guard/password - compares a password with its hash; how long guessing is held up.
 * Layer: guard, for guard alone.  Threads: any but the writer's.
 */
#ifndef AW_GUARD_PASSWORD_H
#define AW_GUARD_PASSWORD_H

#include <stdbool.h>

#include "db/db.h"

/** hash NULL: nobody's; false after the same time. */
bool aw_password_check(const char *hash, const char *password);

/** Until when nothing more is tried after so many failures in a row: 15 minutes after the third,
 *  twice as long after each further one, 4 hours at most. */
struct aw_maybe aw_locked_until(int64_t failed_count, int64_t now_ms);

#endif
