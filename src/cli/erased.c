/* The list of erasures beside the root key. */
#include "cli/erased.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define LIST_MOST ((size_t)64 << 20)

const char *
aw_erased_path(struct aw_arena *arena, const char *key_path)
{
	const char *named = getenv("ANWANG_ERASED_FILE");

	return named != NULL && named[0] != '\0' ? aw_arena_strdup(arena, named)
						 : aw_arena_printf(arena, "%s.erased", key_path);
}

enum aw_status
aw_erased_read(struct aw_arena *arena, const char *path, bool named, struct aw_str *ret_lines,
	struct aw_error *err)
{
	enum aw_status status = aw_file_read(arena, path, LIST_MOST, ret_lines, err);

	if (status == AW_NOT_FOUND && !named) {
		*ret_lines = aw_str("");
		return AW_OK;
	}
	return status;
}

static bool
has_line(struct aw_str lines, struct aw_str wanted)
{
	while (lines.len > 0) {
		struct aw_str line = aw_str_cut(lines, '\n', &lines);

		if (line.len == wanted.len && memcmp(line.at, wanted.at, line.len) == 0)
			return true;
	}
	return false;
}

enum aw_status
aw_erased_add(struct aw_arena *arena, const char *path, struct aw_str lines, struct aw_error *err)
{
	struct aw_buf all = { .arena = arena };
	struct aw_str known;

	if (aw_erased_read(arena, path, false, &known, err) != AW_OK)
		return err->status;
	aw_buf_str(&all, known);
	while (lines.len > 0) {
		struct aw_str line = aw_str_cut(lines, '\n', &lines);

		if (line.len == 0 || has_line(known, line))
			continue;
		aw_buf_str(&all, line);
		aw_buf_char(&all, '\n');
	}
	if (aw_file_write(path, (struct aw_str){ aw_buf_z(&all), all.len }, 0600, err) != AW_OK)
		return aw_wrap(err,
			"the list of erasures was not written: run anwang person erased "
			"when that is mended");
	return AW_OK;
}

enum aw_status
aw_erased_writable(struct aw_arena *arena, const char *path, struct aw_error *err)
{
	if (aw_erased_add(arena, path, aw_str(""), err) == AW_OK)
		return AW_OK;
	return aw_fail(err, AW_IO,
		"nobody was erased: the list of erasures %s cannot be written; name another place "
		"in ANWANG_ERASED_FILE",
		path);
}
