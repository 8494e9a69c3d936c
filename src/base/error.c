/* base/error - the one error idiom: fill the caller's error, return its status. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	int http;
	int exit;
} statuses[] = {
	[AW_OK] = { "ok", 200, 0 },
	[AW_INVALID] = { "invalid", 400, 2 },
	[AW_DENIED] = { "denied", 403, 3 },
	[AW_NOT_FOUND] = { "not_found", 404, 2 },
	[AW_CONFLICT] = { "conflict", 409, 1 },
	[AW_TOO_LARGE] = { "too_large", 413, 2 },
	[AW_BUSY] = { "busy", 503, 3 },
	[AW_UNSURE] = { "unsure", 503, 3 },
	[AW_IO] = { "io", 500, 3 },
	[AW_CORRUPT] = { "corrupt", 500, 1 },
	[AW_INTERNAL] = { "internal", 500, 1 },
};

void
aw_error_clear(struct aw_error *err)
{
	memset(err, 0, sizeof(*err));
}

enum aw_status
aw_fail(struct aw_error *err, enum aw_status status, const char *fmt, ...)
{
	va_list ap;

	aw_error_clear(err);
	err->status = status;
	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return status;
}

enum aw_status
aw_fail_at(struct aw_error *err, const char *file, uint32_t line, uint32_t column, const char *fmt,
	...)
{
	va_list ap;

	aw_error_clear(err);
	err->status = AW_INVALID;
	err->line = line;
	err->column = column;
	if (file != NULL)
		(void)snprintf(err->file, sizeof(err->file), "%s", file);
	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return AW_INVALID;
}

enum aw_status
aw_wrap(struct aw_error *err, const char *fmt, ...)
{
	char context[sizeof(err->text)];
	char text[sizeof(err->text)];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(context, sizeof(context), fmt, ap);
	va_end(ap);
	memcpy(text, err->text, sizeof(text));
	if (snprintf(err->text, sizeof(err->text), "%s: %s", context, text) < 0)
		memcpy(err->text, text, sizeof(text));
	return err->status;
}

void
aw_error_format(const struct aw_error *err, char *out, uint32_t size)
{
	char place[sizeof(err->file) + 32] = "";

	if (err->file[0] != '\0' && err->line != 0 && err->column != 0)
		(void)snprintf(
			place, sizeof(place), "%s:%u:%u: ", err->file, err->line, err->column);
	else if (err->file[0] != '\0' && err->line != 0)
		(void)snprintf(place, sizeof(place), "%s:%u: ", err->file, err->line);
	else if (err->file[0] != '\0')
		(void)snprintf(place, sizeof(place), "%s: ", err->file);
	else if (err->line != 0)
		(void)snprintf(place, sizeof(place), "line %u: ", err->line);
	(void)snprintf(out, size, "%s%s", place, err->text);
}

const char *
aw_status_name(enum aw_status status)
{
	return statuses[status].name;
}

int
aw_status_http(enum aw_status status)
{
	return statuses[status].http;
}

int
aw_status_exit(enum aw_status status)
{
	return statuses[status].exit;
}

_Noreturn void
aw_die(const char *what)
{
	(void)fprintf(stderr, "anwang: %s\n", what);
	_Exit(3);
}
