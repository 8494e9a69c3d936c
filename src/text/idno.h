/**
 * text/idno - numbers that the state gives a person: national id and the two residence forms.
 * Layer: text.  Threads: any.  Example: tests/text/test_idno.c
 *
 * All have ten characters and one check rule: letter as two digits, weights 1,9 | 8,7,6,5,4,3,2,1 |
 * 1, sum divisible by 10; the second letter of an old residence number counts its units digit.
 * National ^[A-Z][12]\d{8}$ · residence since 110-01-02 ^[A-Z][89]\d{8}$ (8 male, 9 female) · old
 * residence ^[A-Z][A-D]\d{8}$ (A, C male; B, D female). Second character 5 or 6 stands for 1 or 2
 * in made-up people and is a number only in a demo database.
 * A number that fails its check is kept and compared all the same: reporters mistype.
 */
#ifndef AW_TEXT_IDNO_H
#define AW_TEXT_IDNO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum aw_idno_kind {
	AW_IDNO_NONE, /* not of this form: nothing, a passport number, 不明 */
	AW_IDNO_NATIONAL,
	AW_IDNO_RESIDENCE,     /* 新式統一證號 */
	AW_IDNO_RESIDENCE_OLD, /* 舊式統一證號 */
	AW_IDNO_DEMO,
};

struct aw_idno {
	char text[11]; /* upper case, half width, no spaces or dashes; "" for AW_IDNO_NONE */
	enum aw_idno_kind kind;
	bool check_ok;
	char sex; /* 'M', 'F'; 0 when the form does not tell */
};

/** Reads what was typed: folds width and case, drops spaces and dashes. False when it is not of
 *  the form (ret->kind is then AW_IDNO_NONE); a wrong check digit is still true. */
bool aw_idno_read(struct aw_str typed, struct aw_idno *ret);

/* Packed: six bits a character, so that one comparison finds every differing character. 0 = none. */
uint64_t aw_idno_pack(const char *text);
void aw_idno_unpack(uint64_t packed, char ret_text[11]);
bool aw_idno_check(uint64_t packed);

/* How two numbers of ten characters differ. */
enum aw_idno_gap {
	AW_IDNO_SAME,
	AW_IDNO_SLIP,  /* one character, or one swap of neighbours */
	AW_IDNO_TWO,   /* two characters */
	AW_IDNO_APART, /* more */
};
enum aw_idno_gap aw_idno_compare(uint64_t a, uint64_t b);

enum { AW_IDNO_NEAR_LIMIT = 128 };
/** Every number one slip away (substitutions, swaps of neighbours), whatever its check digit;
 *  returns how many. Cost: about 115 numbers. */
size_t aw_idno_near(uint64_t packed, uint64_t ret_near[AW_IDNO_NEAR_LIMIT]);

enum { AW_IDNO_VALID_LIMIT = 24 };
/** Those of them whose check digit holds: what a mistyped number may have been. At most 24, 11.6 on the
 *  average for a number that fails its check. */
size_t aw_idno_near_valid(uint64_t packed, uint64_t ret_near[AW_IDNO_VALID_LIMIT]);

#endif
