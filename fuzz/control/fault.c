/* fuzz/control/fault - reads past its end when four bytes are right: the runner must find it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);
	volatile char beyond = 0;

	if (copy == NULL)
		return 0;
	memcpy(copy, data, size);
	copy[size] = '\0';
	if (size > 3 && copy[0] == 'n' && copy[1] == 'o' && copy[2] == 'd' && copy[3] == 'e')
		beyond = copy[size + 1];
	free(copy);
	(void)beyond;
	return 0;
}
