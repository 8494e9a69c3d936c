/**
 * guard/password - compares a password with its hash; how long guessing is held up.
 * Layer: guard, for guard alone.  Threads: any but the writer's.
 */
#ifndef AW_GUARD_PASSWORD_H
#define AW_GUARD_PASSWORD_H

#include <stdbool.h>

#include "db/db.h"
#include "guard/account.h"

/** hash NULL: nobody's; false after the same time. */
bool aw_password_check(const char *hash, const char *password);

/**
 * Made of what is tried first: of three pieces at most, each a word of common_passwords.txt (with
 * signs for letters, too), a word of whoever it belongs to, a run like 1234, up to four digits, or
 * one character; or of one short piece again and again. NIST SP 800-63B, section 5.1.1.2, and ASVS
 * 5.0, 6.2.4 and 6.2.11. A password of some random words is none: the blanks between them count.
 */
bool aw_password_is_common(const char *password, const struct aw_password_of *of);

/** Until when nothing more is tried after so many failures in a row: 15 minutes after the third,
 *  twice as long after each further one, 4 hours at most. */
struct aw_maybe aw_locked_until(int64_t failed_count, int64_t now_ms);

#endif
