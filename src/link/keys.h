/**
 * link/keys - the keys a form is filed under and looked for by.
 * Layer: link.  Threads: pure.
 */
#ifndef AW_LINK_KEYS_H
#define AW_LINK_KEYS_H

#include "link/form.h"

enum aw_link_family {
	AW_KEY_NUMBER = 1,
	AW_KEY_NAME,
	AW_KEY_SOUND,
	AW_KEY_BIRTH,
	AW_KEY_PHONE,
	AW_KEY_DOOR,
	AW_KEY_TOKEN,
	AW_KEY_FIRST, /* surname and first given character */
	AW_KEY_LAST,  /* surname and last given character */
	AW_KEY_GIVEN, /* given name of two characters */
	AW_KEY_BORN,  /* birth day and surname, of married names either */
	AW_KEY_EXACT, /* the name as it is written: counted, nobody is filed under it */
};

struct aw_link_key {
	uint64_t hash;
	bool broad; /* asked only when nothing certain was found */
	uint8_t family;
};

enum { AW_LINK_KEY_LIMIT = 24 };

/** How many forms a key of the family may have to be followed when somebody is looked for: with more it
 *  tells too little for what it costs. UINT32_MAX where lists are always followed, and not counted. */
uint32_t aw_link_family_limit(uint8_t family);
/** AW_KEY_NUMBER: packed number; AW_KEY_BIRTH: (uint32_t)day; AW_KEY_PHONE and AW_KEY_DOOR: hash. */
uint64_t aw_link_key(enum aw_link_family family, uint64_t value);
/** AW_KEY_FIRST, AW_KEY_LAST, AW_KEY_GIVEN of two folded characters; 0 when one is masked. */
uint64_t aw_link_pair_key(enum aw_link_family family, uint32_t a, uint32_t b);
/** Key of a whole name, variants folded; 0 when it cannot be looked up (masked, one character). */
uint64_t aw_link_name_key(const struct aw_link_form *form, struct aw_str other);
/** Key of a Han name as it is written, for counting; 0 when it has none. */
uint64_t aw_link_exact_key(const struct aw_link_form *form);
/** Key of how a Han name is heard; 0 when it has none. */
uint64_t aw_link_sound_key(const struct aw_link_form *form);
/** Keys of a birth day and the surnames of a form's Han name, AW_KEY_BORN; returns how many of the two,
 *  0 when the name has none that can be looked up. */
size_t aw_link_born_keys(const struct aw_link_form *form, int32_t day, uint64_t ret_keys[2]);
/** Keys a form is filed under; returns how many. */
size_t aw_link_keys(const struct aw_link_form *form, struct aw_str other,
	struct aw_link_key ret_keys[AW_LINK_KEY_LIMIT]);

#endif
