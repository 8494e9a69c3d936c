/**
 * link/value - one value in the form in which values of its type are compared.
 * Layer: link.  Threads: pure.  Example: tests/link/test_level.c
 *
 * text: NFKC, case and variants folded. latin_name: the same, apostrophes and dots gone, hyphens are
 * spaces. name: the Han characters, or the folded tokens of another script. national_id, code,
 * postcode: capital letters and digits alone. date: 20011206 where a day can be read from it, else
 * its digits. phone: E.164, else its digits. tw_address: its parts in the usual order.
 */
#ifndef AW_LINK_VALUE_H
#define AW_LINK_VALUE_H

#include "link/form.h"
#include "link/spec.h"

/** Does the type have a form (parts that are compared, and not the text)? */
bool aw_value_has_form(enum aw_field_type type);
/** Normalises a text; *ret_text (in the arena) is empty when nothing is left: the value is missing.
 *  *ret_form is filled when the type has one. */
void aw_value_read(struct aw_arena *arena, enum aw_field_type type, struct aw_str typed,
	struct aw_str *ret_text, struct aw_link_form *ret_form);

/** Soundex of Latin letters (Russell 1918, as the National Archives count it), or one sound a Han
 *  character; equal numbers are heard alike; 0 when nothing is heard. */
uint64_t aw_value_sound(struct aw_str text);

#endif
