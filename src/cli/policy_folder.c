/* cli/policy_folder - loading a folder and telling what is wrong with it. */
#include "cli/policy_folder.h"

#include <stdio.h>

#include "cli/options.h"

static void
print_mistake(const char *dir, const struct aw_mistake *mistake)
{
	fprintf(stderr, "%s/%s", dir, mistake->file);
	if (mistake->line != 0)
		fprintf(stderr, ":%u", mistake->line);
	if (mistake->column != 0)
		fprintf(stderr, ":%u", mistake->column);
	if (mistake->where != NULL)
		fprintf(stderr, ": %s", mistake->where);
	fprintf(stderr, ": %s\n", mistake->text);
}

int
aw_policy_folder_fail(const char *dir, const struct aw_mistakes *mistakes)
{
	for (size_t i = 0; i < mistakes->count; i++)
		print_mistake(dir, &mistakes->at[i]);
	if (mistakes->left_out > 0)
		fprintf(stderr, "and %zu more\n", mistakes->left_out);
	fprintf(stderr, "anwang policy: %zu mistakes in %s\n", mistakes->count + mistakes->left_out,
		dir);
	return 2;
}

int
aw_policy_folder_load(const char *dir, struct aw_mistakes *mistakes, struct aw_policy **ret_policy)
{
	struct aw_error err = { 0 };

	if (aw_policy_load_dir(dir, mistakes, ret_policy, &err) == AW_OK)
		return 0;
	return mistakes->count > 0 ? aw_policy_folder_fail(dir, mistakes)
				   : aw_command_failed("policy", &err);
}
