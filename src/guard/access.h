/**
 * guard/access - who may see which class of field of whom.
 * Layer: guard.  Threads: pure over its arguments.  Example: tests/guard/test_access.c
 *
 * Access is (viewer, person, side): roles.yaml gives role x relation x class; the relation ledger
 * gives the relation. Whoever serves a respondent gets nothing of class ADDRESS, CONTACT, PLAN,
 * PLACEMENT or REPORTER of the protected side, whatever else their roles allow, and no existence
 * of what would let it be inferred.
 */
#ifndef AW_GUARD_ACCESS_H
#define AW_GUARD_ACCESS_H

#include <stdint.h>

/* Field classes, as bit numbers. Decided from reference data on what each register and step holds
 * (policy roles.yaml names the same codes in lower case). */
enum aw_field_class {
	AW_CLASS_OPEN = 0,	/* needs no right: codes, numbers, clocks */
	AW_CLASS_EXISTENCE,	/* that a record exists at all */
	AW_CLASS_IDENTITY,	/* name, sex, age, birth date */
	AW_CLASS_NUMBER,	/* national id and other identity numbers */
	AW_CLASS_ADDRESS,	/* residence, registered address, whereabouts */
	AW_CLASS_CONTACT,	/* phones, safe-call window, contact times */
	AW_CLASS_NARRATIVE,	/* what was reported and found */
	AW_CLASS_REPORTER,	/* reporter's agency and post */
	AW_CLASS_REPORTER_NAME, /* reporter's name and phone */
	AW_CLASS_RISK,		/* levels, instruments, decision */
	AW_CLASS_PLAN,		/* goals, visits planned and made, notes of visits */
	AW_CLASS_PLACEMENT,	/* where a child or victim was brought */
	AW_CLASS_HEALTH,  /* mental health, suicide, drugs: existence and unit at most in hits */
	AW_CLASS_SEXUAL,  /* anything of sexual assault and exploitation */
	AW_CLASS_WELFARE, /* entitlements */
	AW_CLASS_COUNT
};
#define AW_CLASS_BIT(class) (UINT32_C(1) << (class))

#endif
