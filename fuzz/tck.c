/* fuzz/tck - any bytes as a file of the conformance kit's cases. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rule/tck_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_tck_cases cases = { 0 };
	struct aw_error err = { 0 };
	char path[32];

	if (size > 65536)
		return 0;
	if (fd < 0)
		fd = memfd_create("cases", MFD_CLOEXEC);
	if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (aw_tck_read(&arena, path, &cases, &err) != AW_OK)
		return 0;
	for (size_t i = 0; i < cases.count; i++) {
		for (size_t k = 0; k < cases.at[i].result_count; k++)
			(void)aw_value_print(&arena, cases.at[i].results[k].value);
	}
	return 0;
}
