/**
 * net/csp - what browsers say that a page's Content-Security-Policy kept out.
 * Layer: net.  Threads: shared.  Example: tests/net/test_csp.c
 *
 * POST /csp-report takes what a browser sends by `report-uri` (application/csp-report) and by `report-to`
 * (application/reports+json). It is a stranger's word: at most 16 KiB, so many a minute from one address and from
 * all together, read by the JSON parser that everything is read by, and of it nothing is kept but two words of this
 * file's own: which directive, and what kind of thing was kept out (inline, eval, data, self, other). No address,
 * page, script, sample or session: the pages' URLs hold public numbers, and what was kept out may hold anything.
 *
 * The counts stand in memory. A pair is written to the log (action csp.report, actor "public", the detail holds both
 * words and how often) when it is first seen and then once an hour at most: so that whoever reads the log
 * sees that a page was tampered with, and nobody can fill it.
 */
#ifndef AW_NET_CSP_H
#define AW_NET_CSP_H

#include "base/json.h"

struct aw_csp; /* opaque */

enum { AW_CSP_BODY_MOST = 16 * 1024, AW_CSP_A_BODY = 20 /* reports taken of one body */ };

/* A pair that is to be written, and how often it came since it last was. */
struct aw_csp_due {
	const char *directive, *blocked;
	uint64_t times;
};

struct aw_csp *aw_csp_new(void) __attribute__((returns_nonnull));
void aw_csp_free(struct aw_csp *csp); /* NULL is fine */

/** May the address send one now? */
bool aw_csp_take(struct aw_csp *csp, const char *address, int64_t now_us);

/** Counts what a body reports; ret_due has room for AW_CSP_A_BODY. false: it is no report. */
bool aw_csp_count(struct aw_csp *csp, const json_t *body, int64_t now_us,
	struct aw_csp_due *ret_due, size_t *ret_count);

/** All that was counted since the start. */
uint64_t aw_csp_total(struct aw_csp *csp);

#endif
