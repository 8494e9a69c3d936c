/* text/csv_piece - where rows end. */
#include "text/csv_piece.h"

#include <string.h>

/* Behind the row that begins at `at`; SIZE_MAX when it does not end in these bytes. */
static size_t
end_of_row(struct aw_str bytes, size_t at)
{
	bool quoted = false, fresh = true; /* fresh: a value begins here */
	size_t line = SIZE_MAX, begin = at;

	for (; at < bytes.len; at++) {
		char c = bytes.at[at];

		if (c == '\n' && line == SIZE_MAX)
			line = at + 1;
		if (quoted && at - begin > AW_CSV_VALUE_LIMIT && line != SIZE_MAX)
			return line;
		if (quoted && c == '"') {
			if (at + 1 < bytes.len && bytes.at[at + 1] == '"')
				at++;
			else
				quoted = false;
		} else if (!quoted && c == '\n') {
			return at + 1;
		} else if (!quoted) {
			quoted = c == '"' && fresh;
			fresh = c == ',' || c == ';' || c == '\t';
			continue;
		}
		fresh = false;
	}
	return SIZE_MAX;
}

size_t
aw_csv_first_row(struct aw_str bytes, bool is_end)
{
	size_t end = end_of_row(bytes, 0);

	return end != SIZE_MAX ? end : is_end ? bytes.len : 0;
}

static uint32_t
count_lines(struct aw_str bytes, size_t len)
{
	uint32_t lines = 0;

	for (const char *at = bytes.at, *end = bytes.at + len;
		at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
		lines++;
	return lines;
}

size_t
aw_csv_piece(struct aw_str bytes, size_t most, bool is_end, uint32_t *ret_lines)
{
	size_t at = 0;

	while (at < bytes.len) {
		size_t end = end_of_row(bytes, at);

		if (end == SIZE_MAX && !is_end)
			break;
		end = end == SIZE_MAX ? bytes.len : end;
		if (at > 0 && end > most)
			break;
		at = end;
	}
	*ret_lines = count_lines(bytes, at);
	return at;
}
