/**
 * base/json - jansson with our limits and our errors.
 * Layer: base.  Threads: a json_t belongs to one thread.  Example: tests/base/test_json.c
 *
 * jansson is the one packaged parser that refuses bad UTF-8 and, asked to, doubled keys.
 * AW_SCOPED(json, json_t *) j = NULL;  releases the value at the end of its block.
 */
#ifndef AW_BASE_JSON_H
#define AW_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

AW_SCOPE_HANDLE(json, json_t *, json_decref)

/** Parses one JSON text whole: nothing behind it, no doubled keys, nested at most 32 deep.
 *  file names the input in errors, may be NULL. The caller owns *ret_json. */
AW_MUST_CHECK enum aw_status
aw_json_parse(struct aw_str text, const char *file, json_t **ret_json, struct aw_error *err);

/* Why a text was refused. */
enum aw_json_fault {
	AW_JSON_SYNTAX, /* it is no JSON */
	AW_JSON_LIMIT, /* JSON, but more than is read here: depth, a doubled key, U+0000 in a key, a
			   number that fits nowhere */
};

/** The same, and which of the two it was. *ret_fault is set when AW_INVALID comes back. */
AW_MUST_CHECK enum aw_status aw_json_read(struct aw_str text, const char *file, json_t **ret_json,
	enum aw_json_fault *ret_fault, struct aw_error *err);

/** Gives the value to the arena: it lives as long. Returns json, which may be NULL. */
json_t *aw_json_keep(struct aw_arena *arena, json_t *json);

/** Compact text with keys sorted, so that equal values are equal bytes. In the arena. */
char *aw_json_text(struct aw_arena *arena, const json_t *json);
/** Compact text with keys as they were set: half the time of aw_json_text, for what is never compared. */
char *aw_json_compact(struct aw_arena *arena, const json_t *json);
char *aw_json_pretty(struct aw_arena *arena, const json_t *json);
/** Adds a text as aw_json_compact() writes it, quotes and all; NULL as null. For what is written too often
 *  to be made a tree of first. */
void aw_buf_json(struct aw_buf *buf, const char *text);
/** The same of a slice, which may hold NUL. */
void aw_buf_json_str(struct aw_buf *buf, struct aw_str text);

/** Member of an object as text, NULL if it is absent, null or not a string. Borrowed. */
const char *aw_json_string(const json_t *object, const char *key);
/** Member as a whole number; false if it is absent or not one, then *ret is untouched. */
bool aw_json_int(const json_t *object, const char *key, int64_t *ret);
/** Member as true or false; `otherwise` if it is absent or neither. */
bool aw_json_bool(const json_t *object, const char *key, bool otherwise);

/** Sets a member; NULL text sets JSON null. Ends the process when memory is exhausted. */
void aw_json_put(json_t *object, const char *key, json_t *value); /* takes value */
void aw_json_put_text(json_t *object, const char *key, const char *text);
void aw_json_put_int(json_t *object, const char *key, int64_t value);
void aw_json_push(json_t *array, json_t *value); /* takes value */

#endif
