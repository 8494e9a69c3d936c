/**
 * text/name - a person's name in the form in which names are compared.
 * Layer: text.  Threads: any.  Example: tests/text/test_name.c
 *
 * Taiwan writes Han names of two to four characters (歐陽, 張簡 and other compound surnames; a married
 * name puts the spouse's surname first: 張王淑芬), names of indigenous peoples in Han with dots or in
 * Latin letters, passport names in either order. A masked character (陳○君, 陳*君) stands for any.
 */
#ifndef AW_TEXT_NAME_H
#define AW_TEXT_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum { AW_NAME_HAN_LIMIT = 4 };
#define AW_NAME_MASK 0xFFFFu /* stands for any one character */

struct aw_name_form {
	uint32_t han[AW_NAME_HAN_LIMIT]; /* NFKC, zero behind the end; all zero: not such a name */
	uint32_t count;			 /* characters in han */
	struct aw_str other; /* else: folded tokens with one space between; in the arena */
};

/** Reads a name. Spaces inside a Han name and dots around it are dropped. Empty text gives an empty
 *  form. */
void aw_name_read(struct aw_arena *arena, struct aw_str typed, struct aw_name_form *ret_form);

/** A typed name often holds two: 陳怡君 CHEN YI-CHUN, 陳小明（阿明）. Cuts it at the script or the
 *  bracket; *ret_second is empty when there is one. Both in the arena. */
void aw_name_split(struct aw_arena *arena, struct aw_str typed, struct aw_str *ret_first,
	struct aw_str *ret_second);

/** Is it a surname of one character, among those that most people of Taiwan have? */
bool aw_surname_single(uint32_t c);
/** Is it a surname of two characters? */
bool aw_surname_compound(uint32_t first, uint32_t second);
/** Characters of the surname in a Han name: 1 or 2. 0 for an empty one. */
uint32_t aw_surname_count(const struct aw_name_form *form);
/** 冠夫姓: four characters, the first two each a surname and not a compound one. */
bool aw_name_married(const uint32_t han[AW_NAME_HAN_LIMIT]);

/** Jaro-Winkler likeness of two texts by code points, in thousandths; 1000 = equal. At most 64
 *  characters of each are looked at. */
int32_t aw_name_likeness(struct aw_str a, struct aw_str b);

#endif
