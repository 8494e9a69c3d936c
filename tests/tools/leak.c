/* A leak that LeakSanitizer must find before a suite without one is believed. */
#include <stdlib.h>
#include <string.h>

static char *volatile lost;

int
main(void)
{
	lost = malloc(100);
	if (lost != NULL)
		memset(lost, 1, 100);
	lost = NULL;
	return 0;
}
