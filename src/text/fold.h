/**
 * text/fold - one form for what is the same: width and compatibility (NFKC), variant Han, sound.
 * Layer: text.  Threads: tables are constant.  Example: tests/text/test_fold.c
 *
 * Two steps that never mix: NFKC makes equal what only an encoding told apart, and is "exact";
 * folding makes equal what people write for each other (臺台, 峯峰, 於于, 温溫), which is a level of its
 * own, because it also makes some different surnames equal (于於, 余餘, 范範). The tables are made at
 * build time from OpenCC's traditional-to-simplified characters, text/variants.txt, and ICU's
 * Han-Latin; one load a character at run time.
 */
#ifndef AW_TEXT_FOLD_H
#define AW_TEXT_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/** NFKC, control characters dropped, inner white space made one space, trimmed. In the arena,
 *  NUL-terminated. Bad UTF-8 becomes U+FFFD. Plain Han and ASCII are copied without ICU. */
struct aw_str aw_text_nfkc(struct aw_arena *arena, struct aw_str text);

/** True for Han ideographs: unified, extensions, 〇 and 々, and private use (legacy 罕字). */
bool aw_char_is_han(uint32_t c);

/** One of each set of variants; itself when there are none. */
uint32_t aw_char_fold(uint32_t c);

/** A number for how a Han character is heard in Mandarin as spoken in Taiwan: no tone, zh=z, ch=c,
 *  sh=s, final ng=n. 0 when it is not known. */
uint32_t aw_char_sound(uint32_t c);

/** Could two characters be heard the same, by any of their readings (曾 is zeng and ceng)? False when one
 *  is not known. */
bool aw_char_heard_alike(uint32_t a, uint32_t b);

/** aw_char_fold over NFKC text; Latin lower-cased, without accents. In the arena. */
struct aw_str aw_text_fold(struct aw_arena *arena, struct aw_str nfkc);

#endif
