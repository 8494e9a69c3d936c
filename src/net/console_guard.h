/**
 * net/console_guard - the commands about who may come in, what was looked at, and keys.
 * Layer: net, private; listed in net/console.c.  Example: tests/net/test_console_guard.c
 *
 * Each reads "verb" first:
 *   user   add LOGIN, list, disable LOGIN, enable LOGIN, reset LOGIN (the body is a password; without
 *          one the program makes it and writes it out, once, as JSON); token SYSTEM, token-end SYSTEM
 *          (the system's name stands in "login" too).
 *   audit  verify (the body is the witness file; "witness" = "1" says that there is one), export.
 *   key    rotate, check.
 *   person erase NUMBER with "reason" ("open_too" = "1": although a case is open), erased: one line an
 *          erasure, number, instant and reason with tabs between.
 *   backup without a verb: notes in the log that a backup is made; answers {"demo": ...}.
 * What changes something and what leaves the program stands in the log as console:<user>.
 */
#ifndef AW_NET_CONSOLE_GUARD_H
#define AW_NET_CONSOLE_GUARD_H

#include "net/console.h"

enum aw_status aw_console_user(struct aw_console *console, struct aw_error *err);
enum aw_status aw_console_audit(struct aw_console *console, struct aw_error *err);
enum aw_status aw_console_backup(struct aw_console *console, struct aw_error *err);
enum aw_status aw_console_person(struct aw_console *console, struct aw_error *err);
enum aw_status aw_console_key(struct aw_console *console, struct aw_error *err);

/** Erases a person of the list of erasures in a database that was restored. ret_erased: false when
 *  the backup is older than the person, or younger than the erasure. */
enum aw_status aw_console_erase_again(struct aw_console *console, const char *number,
	const char *reason, bool *ret_erased, struct aw_error *err);

#endif
