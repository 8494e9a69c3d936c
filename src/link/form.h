/**
 * link/form - one way a person is known, in 64 bytes that compare fast.
 * Layer: link.  Threads: plain data.  Example: tests/link/test_compare.c
 *
 * A person with two names, two numbers or two addresses has several forms; the best one counts. Phones
 * and places are kept as hashes: what is compared, not what is shown.
 */
#ifndef AW_LINK_FORM_H
#define AW_LINK_FORM_H

#include "text/address.h"
#include "text/name.h"

#define AW_BIRTH_UNKNOWN INT32_MIN

enum aw_form_flag {
	AW_FORM_NUMBER_CHECKED = 1u << 0, /* the check digit holds */
	AW_FORM_NUMBER_ALIAS = 1u << 1,	  /* not the number in use: an old residence number */
	AW_FORM_NAME_ALIAS = 1u << 2,
	AW_FORM_FOLLOWS = 1u << 3, /* set by the index: the form before is the same person's */
};

struct aw_link_form {
	uint32_t han[AW_NAME_HAN_LIMIT]; /* 0: no Han name */
	uint64_t number;		 /* aw_idno_pack; 0 none */
	int32_t birth_day;		 /* first day it can be; AW_BIRTH_UNKNOWN */
	uint16_t birth_span;		 /* days behind it that it can also be; 0 = exact */
	uint8_t sex;			 /* 'M', 'F', 'X' or 0 */
	uint8_t flags;
	uint32_t phone[2]; /* hashes, 0 none */
	uint32_t door;	   /* number of the house, all before it included */
	uint32_t lane;	   /* lane and alley */
	uint32_t road;
	uint16_t village;
	uint16_t district;
	uint32_t other; /* where the name that is not Han stands; 0 none */
	uint16_t floor; /* floor and room within the door; 0 unknown */
	uint16_t spare;
};
_Static_assert(sizeof(struct aw_link_form) == 64, "a form is one cache line");

/* What a form is made of; anything may be absent. */
struct aw_link_input {
	const char *name;
	const char *number;
	int32_t birth_day;
	int32_t birth_last_day; /* = birth_day when exact */
	char sex;		/* told by the number when 0 */
	const char *phones[2];	/* E.164 */
	const struct aw_address *address;
	uint8_t flags; /* AW_FORM_NUMBER_ALIAS, AW_FORM_NAME_ALIAS */
};

/** Makes a form. *ret_other is the name that is not Han (empty when it is), in the arena; ret_form->other
 *  is left 0. */
void aw_link_form_make(struct aw_arena *arena, const struct aw_link_input *input,
	struct aw_link_form *ret_form, struct aw_str *ret_other);

/** Hash that phones and places are kept as; never 0. */
uint32_t aw_link_hash32(const char *text, size_t len);
/** Every bit of x into every bit of what comes back; one to one, and 0 stays 0. (MurmurHash3's end.) */
static inline uint64_t
aw_link_mix(uint64_t x)
{
	x ^= x >> 33;
	x *= UINT64_C(0xff51afd7ed558ccd);
	x ^= x >> 33;
	x *= UINT64_C(0xc4ceb9fe1a85ec53);
	x ^= x >> 33;
	return x;
}

#endif
