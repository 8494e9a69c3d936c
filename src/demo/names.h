/**
 * demo/names - made-up names that are as common as Taiwan's are.
 * Layer: demo.  Threads: pure over the caller's random.  Example: tests/demo/test_names.c
 *
 * Surnames follow the published shares of the Ministry of the Interior's name statistics (陳 11 %,
 * ten surnames more than half of all people); given names follow the fashion of the birth year.
 * The tables are our own: a few dozen well-known names and characters a generation, drawn with a
 * skew that makes same-name people as usual as they are.
 */
#ifndef AW_DEMO_NAMES_H
#define AW_DEMO_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/id.h"

enum { AW_DEMO_NAME_SIZE = 48 }; /* bytes of a name with its NUL */

enum aw_demo_origin {
	AW_ORIGIN_CHINA,
	AW_ORIGIN_VIETNAM,
	AW_ORIGIN_INDONESIA,
	AW_ORIGIN_PHILIPPINES,
	AW_ORIGIN_THAILAND,
	AW_ORIGIN_COUNT
};

/** A surname by its share. The text is static. */
const char *aw_demo_surname(struct aw_random *random);

/** A given name of one or two characters for somebody born in that year; out holds size bytes. */
void
aw_demo_given(struct aw_random *random, int32_t birth_year, char sex, char *out, size_t size_bytes);

/** A sibling's given name that shares the first character of `like`, as twins' names often do. */
void aw_demo_given_like(struct aw_random *random, const char *like, int32_t birth_year, char sex,
	char *out, size_t size_bytes);

/** A country of origin by the shares assumed for marriage immigrants in Keelung. */
enum aw_demo_origin aw_demo_origin(struct aw_random *random);

/** An immigrant's name: Han name as registered, and name in Latin letters as in the passport ("" for
 *  people from China). Both hold AW_DEMO_NAME_SIZE bytes. */
void aw_demo_foreign_name(
	struct aw_random *random, enum aw_demo_origin origin, char sex, char *han, char *latin);

/** A traditional Amis name, own name and father's: in Han characters with a middle dot, and in
 *  Latin letters. Both hold AW_DEMO_NAME_SIZE bytes. */
void aw_demo_amis_name(struct aw_random *random, char sex, char *han, char *latin);

#endif
