/**
 * demo/target - how much happened in each period of the made-up history.
 * Layer: demo.  Threads: static data.
 *
 * What is printed in the source documents is printed here and nothing else is claimed to be: the
 * sums of issues a year, late dispatches, re-reports, openings. The splits below those sums, all of
 * 107 and 110H2, and everything about suicide and reports that turned out not to be valid are
 * invented, and marked so.
 */
#ifndef AW_DEMO_TARGET_H
#define AW_DEMO_TARGET_H

#include <stdint.h>

#include "demo/streets.h"

enum { AW_DEMO_PERIODS = 5, AW_DEMO_SIBLINGS = 3 };

struct aw_demo_target {
	const char *name;
	int32_t from[3], to[3]; /* year, month, day; both ends belong to it */
	/* valid issues */
	uint32_t ipv, elder, disability, family_other; /* sum printed, split invented */
	uint32_t child_reports[AW_DEMO_SIBLINGS];      /* with one, two, three children */
	uint32_t sexual, exploitation;		       /* sum printed, split invented */
	uint32_t vulnerable;			       /* reports, one issue each */
	uint32_t suicide;			       /* invented */
	uint32_t invalid;			       /* reports with no valid issue, invented */
	/* of these */
	uint32_t re_reports;	 /* after a closing within 365 days */
	uint32_t adult_open;	 /* issues decided Y */
	uint32_t children_open;	 /* distinct children decided Y */
	uint32_t late;		 /* child and vulnerable reports dispatched after 24 hours */
	uint32_t in_case;	 /* on a subject with an open case of the kind, invented */
	uint32_t repeated;	 /* after an earlier issue that was not opened, invented */
	uint32_t found;		 /* vulnerable cases with no report behind them, invented */
	uint32_t in_service[2];	 /* P2-S1-1: child, adult issues in families served 3 months */
	uint32_t beside_service; /* such issues before the 3-month day or after closing, invented */
	uint32_t served;	 /* P2-S1-1: vulnerable cases open past their 3-month day */
};

extern const struct aw_demo_target aw_demo_targets[AW_DEMO_PERIODS];

/* 107 to 110 whole: when additional reports come in a city that is not of Keelung's size. */
extern const struct aw_demo_target aw_demo_target_all;

/* Valid protective issues and re-reports by district in 110H1, in the order of aw_demo_districts;
 * invented (the mock of the indicator page shows them), used as shares in other periods. */
extern const uint32_t aw_demo_issue_share[AW_DEMO_DISTRICTS];
extern const uint32_t aw_demo_re_report_share[AW_DEMO_DISTRICTS];

#endif
