/**
 * link/spec - what the batch engine is asked: fields, blocks, thresholds; plain data.
 * Layer: link.  Threads: plain data.  Example: tests/link/test_batch.c
 *
 * Whoever reads a spec from a file makes this struct (cli/link_spec.h). Texts are borrowed for as long
 * as the engine runs.
 */
#ifndef AW_LINK_SPEC_H
#define AW_LINK_SPEC_H

#include "base/error.h"
#include "base/str.h"

enum {
	AW_SPEC_FIELDS = 24,
	AW_SPEC_BLOCKS = 32,
	AW_SPEC_PARTS = 6,   /* of one block's key */
	AW_SPEC_OWNS = 8,    /* ways in which a person's own may agree */
	AW_SPEC_LEVELS = 14, /* of one field, "missing" and "differs" included */
};

enum aw_field_type {
	AW_TYPE_TEXT,
	AW_TYPE_NAME,
	AW_TYPE_LATIN_NAME,
	AW_TYPE_NATIONAL_ID,
	AW_TYPE_DATE,
	AW_TYPE_CODE,
	AW_TYPE_PHONE,
	AW_TYPE_TW_ADDRESS,
	AW_TYPE_POSTCODE,
	AW_TYPES
};

enum aw_link_mode {
	AW_MODE_DEDUPE, /* pairs within one table */
	AW_MODE_LINK,	/* pairs of a left and a right row */
	AW_MODE_BOTH,	/* all pairs of both */
};

struct aw_spec_field {
	const char *column;
	enum aw_field_type type;
	const char *const *levels; /* link/level.h; NULL = those of the type */
	size_t level_count;
	bool term_frequency; /* agreement on a rare value says more */
};

enum aw_part_kind {
	AW_PART_WHOLE,
	AW_PART_FIRST, /* first3(column): that many characters */
	AW_PART_LAST,  /* last4(column) */
	AW_PART_SOUND, /* sound(column): how each Han character is heard; Soundex of Latin letters */
	AW_PART_YEAR,  /* year(column) of a date; of anything else its first four characters */
};

struct aw_spec_part {
	const char *column;
	enum aw_part_kind kind;
	uint32_t count;
};

struct aw_spec_block {
	struct aw_spec_part parts[AW_SPEC_PARTS];
	size_t count;
};

/* What tells one of a household from the others: every field named is at its level or a stronger one.
 * "swapped", or "near or missing" where the field may be missing; NULL = not named. */
struct aw_spec_own {
	const char *levels[AW_SPEC_FIELDS];
};

/* Two records that people decided about, by their ids. */
struct aw_spec_decision {
	struct aw_str left, right;
	bool same;
};

struct aw_link_spec {
	const char *id; /* column */
	struct aw_spec_field fields[AW_SPEC_FIELDS];
	size_t field_count;
	struct aw_spec_block blocks[AW_SPEC_BLOCKS];
	size_t block_count;
	struct aw_spec_own owns[AW_SPEC_OWNS]; /* a link needs one of them, if there is one */
	size_t own_count;
	enum aw_link_mode mode;
	int32_t threshold_ppm; /* of a link */
	int32_t review_ppm;    /* above this a pair is given out */
	uint32_t block_limit;  /* rows of a block above which it is split */
	uint32_t window;       /* neighbours that a row of a split block still meets */
	/* clusters */
	const char *source;  /* column of the register a record is from; NULL = the two tables */
	bool one_per_source; /* no cluster holds two records of one source */
	uint32_t cluster_limit;
	int32_t bridge_ppm; /* a link alone between two groups holds from this on */
	uint64_t conflicts; /* bit f: a field whose "differs" forbids one cluster */
	const struct aw_spec_decision *decisions;
	size_t decision_count;
};

/** The defaults: review 0.2, threshold 0.9, blocks of 2,000 rows and windows of 20, clusters of 100,
 *  bridges of 0.99. */
void aw_link_spec_default(struct aw_link_spec *ret_spec);

/** "date", "tw_address", ...; AW_TYPES when it is none. */
enum aw_field_type aw_field_type_of(const char *code);
const char *aw_field_type_code(enum aw_field_type type);

/** Reads one part of a block's key, "surname" or "first3(given_name)"; column is in the arena.
 *  Errors: AW_INVALID, naming what may stand there. */
AW_MUST_CHECK enum aw_status aw_spec_part_read(struct aw_arena *arena, const char *text,
	struct aw_spec_part *ret_part, struct aw_error *err);

#endif
