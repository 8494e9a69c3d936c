/**
 * link/batch - the engine for any table: two tables in, pairs and clusters out.
 * Layer: link.  Threads: the caller's and as many more as asked for.  Example: tests/link/test_batch.c
 *
 * Reads (link/table.h), blocks (link/block.h), trains (link/train.h) or takes a model (link/fit.h),
 * compares (link/match.h), writes sorted pairs (link/sorted.h) and clusters (link/cluster.h). The bytes
 * written depend on tables, spec, model and seed alone, never on the number of threads.
 *
 * Pairs, CSV: left,right,probability,weight,levels. probability has six decimals, at most 0.999999;
 * weight is the log2 odds, the prior included and before people's decisions are reckoned with
 * (link/calibrate.h), with three decimals. Sorted by probability descending, then by the
 * bytes of left and right. Within one table left is the id that comes first. Ids are written as
 * they came, quoted where CSV asks for it: they are joined again, not read in a spreadsheet.
 * Clusters, CSV: id,cluster, and `table` behind them when there are two; cluster is the id of its
 * record that comes first; every record has a line, by cluster and id.
 */
#ifndef AW_LINK_BATCH_H
#define AW_LINK_BATCH_H

#include "link/block.h"
#include "link/cluster.h"
#include "link/train.h"

/* Takes text that is written. */
typedef enum aw_status aw_batch_write_fn(void *arg, struct aw_str text, struct aw_error *err);

/** Probability of a pair at most, where nothing agrees that is a person's own (struct aw_spec_own). */
enum { AW_BATCH_EITHER_PPM = 500000 };

enum aw_batch_phase {
	AW_BATCH_READ,
	AW_BATCH_BLOCK,
	AW_BATCH_TRAIN,
	AW_BATCH_MATCH,
	AW_BATCH_WRITE,
	AW_BATCH_PHASES
};
/* Told when a phase begins. */
typedef void aw_batch_phase_fn(void *arg, enum aw_batch_phase phase);

struct aw_batch {
	const struct aw_link_spec *spec;
	struct aw_input left, right; /* right.text.at NULL: one table */
	struct aw_str model;	     /* JSON of link/fit.h; at NULL: train */
	const char *model_file;	     /* for errors */
	size_t threads;
	uint64_t seed;
	size_t memory_bytes; /* for pairs before they go to a file; 0 = 256 MiB */
	const char *folder;  /* of that file */
	aw_batch_write_fn *write_pairs, *write_clusters; /* the latter NULL: no clusters */
	void *write_arg;
	aw_batch_phase_fn *phase; /* may be NULL */
	void *phase_arg;
};

/* What was done. Texts are in the arena given. */
struct aw_batch_report {
	size_t left_rows, right_rows, uneven_rows;
	uint32_t uneven_line;
	int uneven_side;
	const char *const *empty_columns; /* of fields and keys that no row has */
	size_t empty_count;
	struct aw_match_count compared;
	uint64_t pairs, links; /* written; of them at or above the threshold */
	uint64_t
		held_back; /* written, and no link only because nothing that is a person's own agrees */
	struct aw_trained trained;
	bool was_trained;
	const char *const *untrained; /* fields whose m had to be assumed */
	size_t untrained_count;
	struct aw_calibration calibration; /* by people's decisions */
	const char *model;		   /* JSON of what was used */
	struct {
		const char *key; /* "surname=陳, year(birth)=1990" */
		struct aw_oversized size;
	} * oversized; /* largest first, at most 10 */
	size_t oversized_count, oversized_all;
	struct aw_clustered clustered; /* first is NULL */
};

/** Runs it. Errors: those of the parts, of writing, AW_INVALID for a spec that makes no sense. */
AW_MUST_CHECK enum aw_status aw_batch_run(const struct aw_batch *batch, struct aw_arena *arena,
	struct aw_batch_report *ret_report, struct aw_error *err);

/** Checks a spec for what can be seen without a table: an id, fields and blocks named, no field twice,
 *  thresholds in order. Errors: AW_INVALID. */
AW_MUST_CHECK enum aw_status
aw_link_spec_check(const struct aw_link_spec *spec, bool two_tables, struct aw_error *err);

#endif
