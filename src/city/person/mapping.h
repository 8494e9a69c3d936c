/**
 * city/person/mapping - registers/<code>.yaml as read: columns, what may be shown, facts.
 * Layer: city, inner to the room person; other rooms see register.h.  Threads: never changes.
 * Example: tests/city/person/test_mapping.c.  The form of the files is written at the top of
 * policy/taiwan/registers/household_registration.yaml.
 */
#ifndef AW_CITY_PERSON_MAPPING_H
#define AW_CITY_PERSON_MAPPING_H

#include "city/person/register.h"
#include "guard/access.h"
#include "policy/policy.h"

/* Fields that every register has, by what is done with them; OWN is the register's own. */
enum aw_map_field {
	AW_MAP_OWN,
	AW_MAP_SOURCE_ID,
	AW_MAP_EXTRACT_DAY,
	AW_MAP_NAME,
	AW_MAP_ALIAS,
	AW_MAP_NUMBER,
	AW_MAP_OLD_NUMBER,
	AW_MAP_BIRTH,
	AW_MAP_SEX,
	AW_MAP_REGISTERED_ADDRESS,
	AW_MAP_RESIDENCE,
	AW_MAP_PHONE,
	AW_MAP_STATUS,
	AW_MAP_FROM_DAY,
	AW_MAP_TO_DAY,
	AW_MAP_UNIT,
	AW_MAP_EXTENSION,
	AW_MAP_HOUSEHOLD_NO,
	AW_MAP_ROLE, /* of the base */
	AW_MAP_VILLAGE,
};
enum aw_map_kind { AW_MAP_TEXT, AW_MAP_DAY, AW_MAP_FLAG, AW_MAP_COUNT, AW_MAP_CODE };

struct aw_map_value {
	const char *written, *code;
};

struct aw_map_column {
	const char *column;
	const char *const *also;
	size_t also_count;
	enum aw_map_field place;
	const char *field; /* our name */
	enum aw_map_kind kind;
	struct aw_map_value *values;
	size_t value_count;
	bool required, shown;
	struct aw_label label;
};

enum aw_map_test {
	AW_MAP_IS,	 /* one of the words */
	AW_MAP_NOT_PAST, /* today or later */
	AW_MAP_WITHIN,	 /* at most n days back, not in the future */
	AW_MAP_MONTHS,	 /* n calendar months ago or more */
	AW_MAP_ABOVE,
};
struct aw_map_condition {
	const char *field;
	enum aw_map_test test;
	int64_t n;
	const char *const *words;
	size_t word_count;
};

struct aw_map_fact {
	const char *fact;
	const char *take; /* field; NULL */
	bool count;
	struct aw_map_condition *when;
	size_t when_count;
};

struct aw_register_map {
	const char *code;
	struct aw_label label, short_label, owner;
	int32_t order;
	bool base, enabled;
	const char *legal_basis;
	uint32_t class_bit; /* enum aw_field_class, as a bit number */
	bool detail;	    /* else existence alone */
	struct aw_valid valid;
	struct aw_map_column *columns;
	size_t column_count;
	const char *const *open_words;
	size_t open_count;
	const char *const *past_words;
	size_t past_count;
	struct aw_map_value *units;
	size_t unit_count;
	struct aw_map_fact *facts;
	size_t fact_count;
};

struct aw_registers {
	struct aw_register_map *at; /* by order; the base first */
	size_t count;
};

/** Reads every file below registers/ of a policy into the arena; mistakes are noted. */
void aw_registers_read(const struct aw_policy *policy, struct aw_arena *arena,
	struct aw_mistakes *mistakes, struct aw_registers *ret_registers);

const struct aw_register_map *
aw_registers_find(const struct aw_registers *registers, const char *code);

/** May it be told that a record of this register, made by unit, exists? 保密 and 無 look alike to whoever
 *  may not know. unit NULL: no unit's own. */
bool aw_register_told(const struct aw_act *act, const struct aw_access *access,
	const struct aw_register_map *map, const char *unit);

/** The registers of the act's policy: read once and kept beside the index of people. */
const struct aw_registers *aw_registers_of(const struct aw_act *act);
/** The same without an act. */
const struct aw_registers *
aw_people_registers(struct aw_people *people, const struct aw_policy *policy);

#endif
