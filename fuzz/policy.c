/* fuzz/policy - one file of the city's policy is any bytes; the first line names the file. */
#include <string.h>

#include "city/intake/report.h"
#include "city/person/mapping.h"
#include "keelung.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct aw_policy_file *
with_file(struct aw_arena *arena, const struct aw_policy *policy, const char *path,
	struct aw_str text)
{
	struct aw_policy_file *files =
		aw_arena_memdup(arena, policy->files, policy->file_count * sizeof(*policy->files));

	for (size_t i = 0; i < policy->file_count; i++) {
		if (strcmp(files[i].path, path) == 0)
			files[i].text = text;
	}
	return files;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_mistakes mistakes = { .arena = &arena };
	struct aw_policy changed = *keelung(), *policy = NULL;
	struct aw_error err = { 0 };
	struct aw_registers registers;
	struct aw_str text, path;

	if (size > 16384)
		return 0;
	path = aw_str_cut((struct aw_str){ (const char *)data, size }, '\n', &text);
	changed.files =
		with_file(&arena, keelung(), aw_arena_strndup(&arena, path.at, path.len), text);
	if (aw_policy_load_bundle(aw_policy_pack(&arena, &changed), &mistakes, &policy, &err) !=
		AW_OK)
		return 0;
	aw_registers_read(policy, &arena, &mistakes, &registers);
	aw_policy_free(policy);
	return 0;
}
