/**
 * demo/extract - the registers' extracts of the made-up city, as the agencies would send them.
 * Layer: demo.  Threads: pure; the same plan and seed give the same bytes.
 * Example: tests/demo/test_extract.c
 *
 * One CSV a register, dated 110-12-05, with the columns of policy/taiwan/registers/<code>.yaml. The
 * people in it are of the plan (reports, cases, families) and, for entitlements, mental health and
 * drugs, of the population; everybody is typed with the mistakes of the register's habits.
 */
#ifndef AW_DEMO_EXTRACT_H
#define AW_DEMO_EXTRACT_H

#include "demo/plan.h"
#include "demo/typo.h"

enum aw_demo_register {
	AW_DEMO_REG_PROTECTION,
	AW_DEMO_REG_VULNERABLE,
	AW_DEMO_REG_PLACEMENT,
	AW_DEMO_REG_PSYCHIATRIC,
	AW_DEMO_REG_SUICIDE,
	AW_DEMO_REG_DRUG,
	AW_DEMO_REG_WELFARE,
	AW_DEMO_REGISTERS
};
const char *aw_demo_register_code(enum aw_demo_register code); /* "protection", ... */
const struct aw_demo_habits *aw_demo_register_habits(enum aw_demo_register code);

/* What was planted: to be printed, and held against what recognition finds. */
struct aw_demo_extract {
	struct aw_str csv; /* UTF-8 with a header */
	uint32_t rows;
	uint32_t mistakes[AW_TYPO_KINDS];
	uint32_t faultless; /* rows without any */
	uint32_t *people;   /* who each row is about, in order: the truth, for measuring */
};

/** Writes the extract of one register into the arena. */
void aw_demo_extract(struct aw_arena *arena, const struct aw_demo_plan *plan, uint64_t seed,
	enum aw_demo_register code, struct aw_demo_extract *ret);

/** How often people mistype in reports (all habits of the registers, weaker). */
const struct aw_demo_habits *aw_demo_report_habits(void);

#endif
