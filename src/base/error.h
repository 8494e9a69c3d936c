/**
 * base/error - the one error idiom of the house.
 * Layer: base.  Threads: an error belongs to its caller, nothing is shared.  Example: tests/base/test_error.c
 *
 * A function that can fail returns an enum aw_status and takes, last, a caller-owned
 * struct aw_error (never NULL). On anything but AW_OK the error is filled and the outputs,
 * which are named ret_*, are untouched. Outcomes such as "no row" are values, not errors.
 * Only net/ and cli/ print or log an error, once. assert() is for our own bugs alone.
 */
#ifndef AW_BASE_ERROR_H
#define AW_BASE_ERROR_H

#include <stdint.h>

#define AW_MUST_CHECK __attribute__((warn_unused_result))
#define AW_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Each status has one HTTP code and one exit code: see aw_status_http(), aw_status_exit(). */
enum aw_status {
	AW_OK = 0,
	AW_INVALID,   /* bad input: says where and what to do      400, exit 2 */
	AW_DENIED,    /* may not                                   403, exit 3 */
	AW_NOT_FOUND, /* no such thing, or none this viewer may see 404, exit 2 */
	AW_CONFLICT,  /* the state does not allow it (any more)    409, exit 1 */
	AW_TOO_LARGE, /* over a stated limit                       413, exit 2 */
	AW_BUSY,      /* queue full, locked, try again             503, exit 3 */
	AW_UNSURE,    /* sent to be recorded, never confirmed      503, exit 3 */
	AW_IO,	      /* the surroundings failed                   500, exit 3 */
	AW_CORRUPT,   /* stored data is not what was stored        500, exit 1 */
	AW_INTERNAL,  /* our bug                                   500, exit 1 */
};

struct aw_error {
	enum aw_status status;
	uint32_t line;	 /* from 1; 0 = no place known */
	uint32_t column; /* from 1; 0 = not known */
	char file[96];	 /* file or input name; "" = none */
	char text[416];	 /* what happened and what to do; never personal data */
};

/** Clears an error for reuse. */
void aw_error_clear(struct aw_error *err);

/** Fills err and returns status, so that `return aw_fail(err, AW_INVALID, "...")` reads in one line. */
enum aw_status
aw_fail(struct aw_error *err, enum aw_status status, const char *fmt, ...) AW_PRINTF(3, 4);

/** As aw_fail with AW_INVALID and a place. file may be NULL (an unnamed input). */
enum aw_status aw_fail_at(struct aw_error *err, const char *file, uint32_t line, uint32_t column,
	const char *fmt, ...) AW_PRINTF(5, 6);

/** Puts "context: " before the text of an error that is already set; returns its status. */
enum aw_status aw_wrap(struct aw_error *err, const char *fmt, ...) AW_PRINTF(2, 3);

/** Writes "file:line:column: text" (parts that are unknown are left out) into out, cut to size. */
void aw_error_format(const struct aw_error *err, char *out, uint32_t size);

const char *aw_status_name(enum aw_status status); /* "invalid", "denied", ... for JSON */
int aw_status_http(enum aw_status status);
int aw_status_exit(enum aw_status status);

/** Ends the process with exit code 3 after one line on standard error: for exhausted memory alone. */
_Noreturn void aw_die(const char *what);

#endif
