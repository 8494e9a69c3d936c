/**
 * cli/link_spec - the spec of `anwang link` read from YAML.
 * Layer: cli.  Threads: any.  Example: tests/cli/test_link.c
 *
 * Names every mistake's line. Paths inside (model, decisions) are meant from the spec's own folder.
 */
#ifndef AW_CLI_LINK_SPEC_H
#define AW_CLI_LINK_SPEC_H

#include "link/spec.h"

struct aw_link_paths {
	const char *model; /* NULL: train */
	const char *decisions;
};

/** Reads a spec. two_tables decides what link_type is when the spec does not say. file: for errors and
 *  for the paths. Everything is in the arena. Errors: AW_INVALID with file, line and column. */
AW_MUST_CHECK enum aw_status
aw_link_spec_read(struct aw_arena *arena, const char *file, struct aw_str text, bool two_tables,
	struct aw_link_spec *ret_spec, struct aw_link_paths *ret_paths, struct aw_error *err);

/** Reads what people decided: CSV with left,right,verdict (same or not_same). Errors: AW_INVALID. */
AW_MUST_CHECK enum aw_status aw_link_decisions_read(struct aw_arena *arena, const char *file,
	struct aw_str text, struct aw_link_spec *spec, struct aw_error *err);

#endif
