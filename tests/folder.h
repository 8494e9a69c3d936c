/**
 * tests/folder - copies of the policy's folders, for tests that plant a fault in one.
 */
#ifndef AW_TESTS_FOLDER_H
#define AW_TESTS_FOLDER_H

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "testing.h"

static inline const char *
policy_dir(struct aw_arena *arena, const char *city)
{
	return aw_arena_printf(arena, "%s/policy/%s", source_dir(), city);
}

/* Makes every folder that stands above a file. */
static inline void
folder_above(struct aw_arena *arena, const char *file)
{
	char *path = aw_arena_strdup(arena, file);

	for (char *p = path + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		(void)mkdir(path, 0700);
		*p = '/';
	}
}

/* Copies the files of one folder into another, less one. */
static inline void
folder_copy(struct aw_arena *arena, const char *from, const char *to, const char *except)
{
	struct aw_error err = { 0 };
	const char *const *paths;
	size_t count;

	assert_ok(aw_file_list(arena, from, "", &paths, &count, &err));
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++) {
		const char *rest = paths[i] + strlen(from) + 1;
		const char *target = aw_arena_printf(arena, "%s/%s", to, rest);
		struct aw_str text;

		if (aw_text_eq(rest, except))
			continue;
		folder_above(arena, target);
		assert_ok(aw_file_read(arena, paths[i], 1 << 22, &text, &err));
		assert_ok(aw_file_write(target, text, 0600, &err));
	}
}

/* Removes the files below a folder, the folders they stood in, and the folder. */
static inline void
folder_remove(struct aw_arena *arena, const char *dir)
{
	struct aw_error err = { 0 };
	const char *const *paths;
	size_t count;

	assert_ok(aw_file_list(arena, dir, "", &paths, &count, &err));
	for (size_t i = 0; i < count; i++)
		(void)unlink(paths[i]);
	for (size_t i = 0; i < count; i++) {
		char *path = aw_arena_strdup(arena, paths[i]);
		char *slash;

		while ((slash = strrchr(path, '/')) != NULL &&
			(size_t)(slash - path) > strlen(dir)) {
			*slash = '\0';
			(void)rmdir(path);
		}
	}
	assert_int_equal(rmdir(dir), 0);
}

#endif
