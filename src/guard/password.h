/**
 * guard/password - compares a password with its hash.
 * Layer: guard, for guard alone.  Threads: any but the writer's.
 */
#ifndef AW_GUARD_PASSWORD_H
#define AW_GUARD_PASSWORD_H

#include <stdbool.h>

/** hash NULL: nobody's; false after the same time. */
bool aw_password_check(const char *hash, const char *password);

#endif
