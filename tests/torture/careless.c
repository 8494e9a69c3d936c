/* The control of postgres.py: the program asks of a PostgreSQL that is set to synchronous_commit=off to
 * wait for the disk, and this in front of libpq makes "off" of it. No option of the program could. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *PQexec(void *conn, const char *query);

void *
PQexec(void *conn, const char *query)
{
	static void *(*real)(void *, const char *);
	static const char asked[] = "'synchronous_commit', 'on'";
	const char *at = strstr(query, asked);
	char changed[1024];

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "PQexec");
	if (real == NULL)
		abort();
	if (at == NULL)
		return real(conn, query);
	if (snprintf(changed, sizeof(changed), "%.*s'synchronous_commit', 'off'%s",
		    (int)(at - query), query, at + sizeof(asked) - 1) >= (int)sizeof(changed))
		abort();
	return real(conn, changed);
}
