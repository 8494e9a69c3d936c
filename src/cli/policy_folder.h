/**
 * cli/policy_folder - a policy's folder for a command: loaded, or its mistakes printed.
 * Layer: cli.  Threads: the main one.
 */
#ifndef AW_CLI_POLICY_FOLDER_H
#define AW_CLI_POLICY_FOLDER_H

#include "policy/policy.h"

/** Prints every mistake on standard error, one a line with the folder's path before it; returns 2. */
int aw_policy_folder_fail(const char *dir, const struct aw_mistakes *mistakes);

/** 0 and *ret_policy set, or the exit code when the mistakes are printed. */
int
aw_policy_folder_load(const char *dir, struct aw_mistakes *mistakes, struct aw_policy **ret_policy);

#endif
