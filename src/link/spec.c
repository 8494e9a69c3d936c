/* What the batch engine is asked. */
#include "link/spec.h"

#include <string.h>

static const char *const type_codes[AW_TYPES] = { "text", "name", "latin_name", "national_id",
	"date", "code", "phone", "tw_address", "postcode" };

void
aw_link_spec_default(struct aw_link_spec *ret_spec)
{
	*ret_spec = (struct aw_link_spec){ .threshold_ppm = 900000,
		.review_ppm = 200000,
		.block_limit = 2000,
		.window = 20,
		.cluster_limit = 100,
		.bridge_ppm = 990000 };
}

enum aw_field_type
aw_field_type_of(const char *code)
{
	size_t i = 0;

	while (i < AW_TYPES && strcmp(type_codes[i], code) != 0)
		i++;
	return (enum aw_field_type)i;
}

const char *
aw_field_type_code(enum aw_field_type type)
{
	return type < AW_TYPES ? type_codes[type] : "";
}

/* "first3" and "last4": a word and one or two digits. */
static bool
counted(struct aw_str word, const char *name, uint32_t *ret_count)
{
	size_t len = strlen(name);
	int64_t count;

	if (!aw_str_starts(word, name) ||
		!aw_str_int64((struct aw_str){ word.at + len, word.len - len }, &count) ||
		count < 1 || count > 99)
		return false;
	*ret_count = (uint32_t)count;
	return true;
}

enum aw_status
aw_spec_part_read(struct aw_arena *arena, const char *text, struct aw_spec_part *ret_part,
	struct aw_error *err)
{
	struct aw_spec_part part = { .kind = AW_PART_WHOLE };
	const char *open = strchr(text, '(');
	struct aw_str word, inner;
	size_t len = strlen(text);

	if (open == NULL || len == 0 || text[len - 1] != ')') {
		part.column = aw_arena_strdup(arena, text);
		*ret_part = part;
		return AW_OK;
	}
	word = (struct aw_str){ text, (size_t)(open - text) };
	inner = aw_str_trim((struct aw_str){ open + 1, len - word.len - 2 });
	if (counted(word, "first", &part.count))
		part.kind = AW_PART_FIRST;
	else if (counted(word, "last", &part.count))
		part.kind = AW_PART_LAST;
	else if (aw_str_is(word, "sound"))
		part.kind = AW_PART_SOUND;
	else if (aw_str_is(word, "year"))
		part.kind = AW_PART_YEAR;
	else
		return aw_fail(err, AW_INVALID,
			"\"%.60s\" is no part of a key: write a column, first3(column), "
			"last4(column), sound(column) or year(column)",
			text);
	part.column = aw_arena_strndup(arena, inner.at, inner.len);
	*ret_part = part;
	return AW_OK;
}
