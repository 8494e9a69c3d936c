/* The reports that a measurement sends. */
#include "bodies.h"

#include "base/file.h"

#define FILE_MOST ((size_t)64 << 20)

enum aw_status
bench_bodies_read(struct aw_arena *arena, const char *path, struct bench_bodies *ret_bodies,
	struct aw_error *err)
{
	struct bench_bodies bodies = { 0 };
	struct aw_str rest;
	size_t room = 0;

	if (aw_file_read(arena, path, FILE_MOST, &rest, err) != AW_OK)
		return err->status;
	while (rest.at != NULL) {
		struct aw_str line = aw_str_cut(rest, '\n', &rest);

		if (line.len > 0)
			*AW_PUSH(arena, bodies.lines, bodies.count, room) = line;
	}
	if (bodies.count == 0)
		return aw_fail(err, AW_INVALID, "%s holds no report", path);
	*ret_bodies = bodies;
	return AW_OK;
}

struct aw_str
bench_body(const struct bench_bodies *bodies, uint64_t number)
{
	return bodies->lines[number % bodies->count];
}
