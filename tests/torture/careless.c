/* What the program asks of a PostgreSQL that is set carelessly, kept from it: in front of libpq, for the
 * controls of postgres.py and overheard.py. No option of the program could. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *asked, *instead;
} changes[] = {
	{ "'synchronous_commit', 'on'", "'synchronous_commit', 'off'" },
	{ "'log_parameter_max_length', '0'", "'log_parameter_max_length', '-1'" },
	{ "'auto_explain.log_min_duration', '-1'", "'auto_explain.log_min_duration', '0'" },
};

void *PQexec(void *conn, const char *query);

void *
PQexec(void *conn, const char *query)
{
	static void *(*real)(void *, const char *);
	char texts[2][2048];
	const char *text = query;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "PQexec");
	if (real == NULL)
		abort();
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		const char *at = strstr(text, changes[i].asked);
		char *changed = texts[i % 2];

		if (at == NULL)
			continue;
		if (snprintf(changed, sizeof(texts[0]), "%.*s%s%s", (int)(at - text), text,
			    changes[i].instead,
			    at + strlen(changes[i].asked)) >= (int)sizeof(texts[0]))
			abort();
		text = changed;
	}
	return real(conn, text);
}
