/**
 * cli/sandbox - what a server gives up for good once it runs: files, programs, other sockets.
 * Layer: cli.  Threads: the main one.  Example: tests/cli/test_sandbox.c
 *
 * Two steps, because the kernel binds the first to threads that are not there yet:
 *   - aw_sandbox_files() before anything is opened (Landlock): from then on the process and every
 *     thread it starts reach the paths that were named and the system's libraries and resolver
 *     files, and nothing else; no abstract sockets, no signals to others;
 *   - aw_sandbox_calls() when all is listening (seccomp, all threads at once): the system calls that
 *     serving needs. No program is started, no process traced or made, nothing bound or listened
 *     on anew, no socket but TCP, UDP and unix. A call that is not on the list fails with EPERM.
 *
 * A kernel that lacks one of the two is told: the server then does not start.
 */
#ifndef AW_CLI_SANDBOX_H
#define AW_CLI_SANDBOX_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

enum { AW_SANDBOX_PATHS_MOST = 16 };

/* Paths the server needs beside the system's own; files or folders that exist. */
struct aw_sandbox {
	const char *reads[AW_SANDBOX_PATHS_MOST];
	size_t read_count;
	const char *writes[AW_SANDBOX_PATHS_MOST];
	size_t write_count;
};

/** Adds a path; NULL adds nothing. */
void aw_sandbox_read(struct aw_sandbox *sandbox, const char *path);
void aw_sandbox_write(struct aw_sandbox *sandbox, const char *path);
/** Adds the folder in which a file is or will be; NULL adds nothing. */
void aw_sandbox_read_beside(struct aw_sandbox *sandbox, struct aw_arena *arena, const char *file);
void aw_sandbox_write_beside(struct aw_sandbox *sandbox, struct aw_arena *arena, const char *file);

/** AW_DENIED when the kernel cannot; then nothing was given up. */
AW_MUST_CHECK enum aw_status
aw_sandbox_files(const struct aw_sandbox *sandbox, struct aw_error *err);

/** AW_DENIED when the kernel cannot; then nothing was given up. */
AW_MUST_CHECK enum aw_status aw_sandbox_calls(struct aw_error *err);

#endif
