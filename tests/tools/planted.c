/* Faults that tools/check_static.py must find before it is believed. It is never built into anything. */
#include <stdlib.h>
#include <string.h>

int planted(int which);

static int
null_dereference(int which)
{
	int *at = NULL;

	if (which > 1)
		at = &which;
	return *at;
}

static int
use_after_free(void)
{
	char *text = malloc(8);
	int first;

	if (text == NULL)
		return 0;
	text[0] = 1;
	free(text);
	first = text[0];
	return first;
}

static void
clears_too_little(char *text)
{
	memset(text, 0, sizeof(text));
}

int
planted(int which)
{
	char text[32] = "a";

	clears_too_little(text);
	return null_dereference(which) + use_after_free() + text[0];
}
