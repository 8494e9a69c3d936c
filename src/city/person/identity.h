/**
 * city/person/identity - what identifies a person, and how it is packed into the sealed cell.
 * Layer: city, room person.  Threads: plain data.  Example: tests/city/person/test_identity.c
 *
 * The same shape serves a person of the city (person.sealed), a person in a report as the reporter
 * wrote them, and a register's row: so that the three can be compared field by field. Everything
 * keeps its raw text; what could not be read has the raw text alone.
 */
#ifndef AW_CITY_PERSON_IDENTITY_H
#define AW_CITY_PERSON_IDENTITY_H

#include "base/json.h"
#include "text/address.h"
#include "text/idno.h"
#include "text/phone.h"
#include "text/roc.h"

enum aw_name_kind {
	AW_NAME_CURRENT,
	AW_NAME_ALIAS,	    /* 別名, how people call them */
	AW_NAME_FORMER,	    /* before a change of name */
	AW_NAME_LATIN,	    /* passport, romanised */
	AW_NAME_TRADITIONAL /* of an indigenous people */
};
struct aw_name {
	enum aw_name_kind kind;
	const char *text; /* as written, NFKC, trimmed */
};

struct aw_id_number {
	enum aw_idno_kind kind;
	const char *text; /* normalised; raw when kind is AW_IDNO_NONE (passport and the like) */
	bool check_ok;
};

struct aw_contact_phone {
	const char *e164; /* NULL when it could not be read */
	const char *extension;
	const char *raw;
	bool unsafe;	       /* never to be called */
	int16_t safe_from_min; /* Taipei minutes of the day when calling is safe; -1, -1 = any time */
	int16_t safe_to_min;
};

enum aw_address_kind { AW_ADDRESS_REGISTERED /* 戶籍 */, AW_ADDRESS_RESIDENCE /* 居住 */ };
struct aw_identity_address {
	enum aw_address_kind kind;
	struct aw_address parts;
	const char *raw;
	bool protected_place; /* shelter or confidential: never shown to the other side */
};

enum { AW_IDENTITY_LIST_LIMIT = 32 }; /* names, numbers, phones, addresses: each at most */

struct aw_identity {
	struct aw_name *names; /* the current one first; NULL when unknown */
	size_t name_count;
	struct aw_id_number *numbers;
	size_t number_count;
	struct aw_contact_phone *phones;
	size_t phone_count;
	struct aw_identity_address *addresses;
	size_t address_count;
	bool birth_known;
	struct aw_roc_date birth;
	const char *birth_raw;
	char sex; /* 'M', 'F', 'X'; 0 unknown */
};

/** First name of the kind CURRENT, else the first of any kind, else NULL. */
const char *aw_identity_name(const struct aw_identity *identity);
/** First state number, else NULL. */
const char *aw_identity_number(const struct aw_identity *identity);
/** Address where the person lives: residence, else registered, else NULL. */
const struct aw_identity_address *aw_identity_residence(const struct aw_identity *identity);
/** Completed years on a day; -1 when the birth is unknown. */
int32_t aw_identity_age(const struct aw_identity *identity, int32_t on_day);
/** Code of the list "sex": "M", "F", "X", and "U" when it is unknown. */
const char *aw_identity_sex(const struct aw_identity *identity);

/* Adding, all into the arena; typed text is read and normalised here. Over the limit of a list
 * nothing is added. Empty and NULL text adds nothing. */
void aw_identity_add_name(struct aw_arena *arena, struct aw_identity *identity,
	enum aw_name_kind kind, const char *typed);
void
aw_identity_add_number(struct aw_arena *arena, struct aw_identity *identity, const char *typed);
void aw_identity_add_phone(struct aw_arena *arena, struct aw_identity *identity, const char *typed);
void aw_identity_add_address(struct aw_arena *arena, struct aw_identity *identity,
	enum aw_address_kind kind, const char *typed);
/** False when the text is no readable date; the raw text is kept all the same. */
bool aw_identity_set_birth(struct aw_arena *arena, struct aw_identity *identity, const char *typed);
/** Reads M, F, X, 男, 女, 1, 2, male, female, 其他. Anything else is unknown. */
void aw_identity_set_sex(struct aw_identity *identity, const char *typed);

/* What could not be taken as written, for the completeness meter and for the page: never refuses. */
enum aw_identity_doubt {
	AW_DOUBT_NUMBER_FORM = 1u << 0,	 /* no number of the state's form */
	AW_DOUBT_NUMBER_CHECK = 1u << 1, /* check digit does not hold: mistyped? */
	AW_DOUBT_NUMBER_DEMO = 1u << 2,	 /* a made-up number outside a demo database */
	AW_DOUBT_BIRTH = 1u << 3,	 /* no readable date */
	AW_DOUBT_PHONE = 1u << 4,
	AW_DOUBT_SEX = 1u << 5, /* the number tells another sex */
};

/** A person of a report as JSON (name, alias, national_id, birth_date, sex, phones, phone, address,
 *  registered_address): see the least report of the command line. Unknown members are left alone. */
void aw_identity_from_json(struct aw_arena *arena, const json_t *person, bool demo,
	struct aw_identity *ret_identity, uint32_t *ret_doubts);
/** The age a report gives ("age": 9), -1 when it gives none. */
int32_t aw_identity_json_age(const json_t *person);

/** Packs for sealing: one line a field, tabs between parts; about 120 bytes. */
struct aw_str aw_identity_pack(struct aw_arena *arena, const struct aw_identity *identity);
/** Errors: AW_CORRUPT. */
AW_MUST_CHECK enum aw_status aw_identity_unpack(struct aw_arena *arena, struct aw_str packed,
	struct aw_identity *ret_identity, struct aw_error *err);

#endif
