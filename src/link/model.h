/**
 * link/model - m and u of every level: how often people and strangers agree like this.
 * Layer: link.  Threads: a model never changes after loading.  Example: tests/link/test_score.c
 *
 * m = P(level | the same person), u = P(level | two people). The weight of a level is log2(m/u)
 * (Fellegi and Sunter 1969), kept in thousandths of a bit so that the same input gives the same bytes
 * everywhere. For a name that agrees, for a phone and for a door, u is the value's own share in the
 * population (Winkler's term frequency): 陳怡君 says less than a rare name.
 * The defaults are learned from made-up records whose truth is known, see model.c.
 */
#ifndef AW_LINK_MODEL_H
#define AW_LINK_MODEL_H

#include "base/error.h"
#include "link/compare.h"

struct aw_link_model {
	double m[AW_LINK_FIELDS][AW_LINK_LEVEL_LIMIT]; /* 0 for the level "missing" */
	double u[AW_LINK_FIELDS][AW_LINK_LEVEL_LIMIT];
	int32_t weight[AW_LINK_FIELDS][AW_LINK_LEVEL_LIMIT]; /* thousandths of a bit */
	int32_t log_m[AW_LINK_FIELDS][AW_LINK_LEVEL_LIMIT];  /* the same of log2(m) */
};

void aw_link_model_default(struct aw_link_model *ret_model);

/** Reads {"name": {"exact": {"m": 0.9, "u": 0.00004}, ...}, ...}; what is not named keeps its default.
 *  Errors: AW_INVALID for an unknown field or level, or a probability not in (0, 1]. */
AW_MUST_CHECK enum aw_status aw_link_model_read(struct aw_str json, const char *file,
	struct aw_link_model *ret_model, struct aw_error *err);

/** log2 of a positive number in thousandths, rounded to nearest. */
int32_t aw_link_log2_mbits(double x);

#endif
