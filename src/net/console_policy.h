/**
 * net/console_policy - a policy's command that needs the city: replay.
 * Layer: net.  Example: tests/net/test_console_policy.c
 */
#ifndef AW_NET_CONSOLE_POLICY_H
#define AW_NET_CONSOLE_POLICY_H

#include "net/console.h"

/** anwang policy replay: the body is the draft, packed (aw_policy_pack). Values: period (default: the
 *  last 365 days), format table or json, rows. */
AW_MUST_CHECK enum aw_status aw_console_replay(struct aw_console *console, struct aw_error *err);

/** Proposals of policy: value "verb" propose (body: the packed policy; "from", "words"), confirm, refuse
 *  ("words"), withdraw ("number"), proposals. */
AW_MUST_CHECK enum aw_status aw_console_release(struct aw_console *console, struct aw_error *err);

#endif
