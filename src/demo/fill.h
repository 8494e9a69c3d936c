/**
 * demo/fill - fills an empty database with the made-up city, by the rooms' own use cases.
 * Layer: demo.  Threads: one; writes through the database's writer, chunk by chunk.
 * Example: tests/demo/test_fill.c
 *
 * Order: people and households, accounts of staff, history up to the evening before the demo's
 * first day, registers' extracts (loaded as an agency's file is: written, read, removed), the last
 * days. Nothing is written beside the rooms: what the demo holds is what the program writes.
 */
#ifndef AW_DEMO_FILL_H
#define AW_DEMO_FILL_H

#include "city/person/register.h"
#include "demo/extract.h"
#include "demo/staff.h"

/* An open database made for the demo, already migrated, its policy released. */
struct aw_demo_env {
	struct aw_db *db;
	struct aw_keyring *keyring;
	struct aw_ids *ids;
	struct aw_people *people;
	const struct aw_policy *policy;
	int64_t real_ms;
	/* Told now and then what is being done; may be NULL. */
	void (*progress)(void *arg, const char *what, size_t done, size_t total);
	void *progress_arg;
};

struct aw_demo_options {
	uint64_t seed;
	double scale;		  /* (0, 12] */
	double reports;		  /* 1 = as published; more: additional ones (demo/plan.h) */
	const char *extracts_dir; /* keeps the extracts there; NULL: a temporary folder, removed */
};

/* What was made, to be printed. Text in the arena. */
struct aw_demo_filled {
	struct aw_demo_staff staff;
	struct aw_demo_passwords passwords;
	uint32_t people, households, reports, issues, cases;
	size_t acts;
	struct aw_demo_extract extracts[AW_DEMO_REGISTERS];
	struct aw_import_counts imports[AW_DEMO_REGISTERS];
};

/** Fills. On an error the database is half filled and of no use: the text says what failed. */
AW_MUST_CHECK enum aw_status aw_demo_fill(const struct aw_demo_env *env, struct aw_arena *arena,
	const struct aw_demo_options *options, struct aw_demo_filled *ret, struct aw_error *err);

#endif
