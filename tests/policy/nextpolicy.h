/* Another version of a policy. */
#ifndef AW_TESTS_POLICY_NEXTPOLICY_H
#define AW_TESTS_POLICY_NEXTPOLICY_H

#include "../testing.h"
#include "policy/policy.h"

/* The same policy but for a word behind city.yaml, so that its hash differs. */
static inline struct aw_policy *
next_policy(struct aw_arena *arena, const struct aw_policy *p, const char *word)
{
	struct aw_policy_file *files =
		aw_arena_memdup(arena, p->files, p->file_count * sizeof(*files));
	struct aw_policy edited = { .files = files, .file_count = p->file_count };
	struct aw_policy *policy = NULL;
	struct aw_error err = { 0 };
	struct aw_buf buf = { .arena = arena };

	assert_string_equal(files[1].path, "city.yaml");
	aw_buf_str(&buf, files[1].text);
	aw_buf_printf(&buf, "# %s\n", word);
	files[1].text = (struct aw_str){ aw_buf_z(&buf), buf.len };
	assert_ok(aw_policy_load_bundle(aw_policy_pack(arena, &edited), NULL, &policy, &err));
	return policy;
}

#endif
