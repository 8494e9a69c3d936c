/* Packs an identity for sealing: one line a field, tabs between parts. */
#include <inttypes.h>
#include <string.h>

#include "city/person/identity.h"

enum { PART_LIMIT = 20, DAY_LIMIT = 1000000 };

/* Tabs and line ends cannot stand in a part; text that was read has none. */
static void
put_part(struct aw_buf *buf, const char *text)
{
	aw_buf_char(buf, '\t');
	for (const char *at = text; at != NULL && *at != '\0'; at++)
		aw_buf_char(buf, *at == '\t' || *at == '\n' ? ' ' : *at);
}

static void
put_int(struct aw_buf *buf, int64_t value)
{
	aw_buf_printf(buf, "\t%" PRId64, value);
}

static void
put_phone(struct aw_buf *buf, const struct aw_contact_phone *phone)
{
	aw_buf_char(buf, 'P');
	put_part(buf, phone->e164);
	put_part(buf, phone->extension);
	put_int(buf, phone->safe_from_min);
	put_int(buf, phone->safe_to_min);
	put_int(buf, phone->unsafe ? 1 : 0);
	put_part(buf, phone->raw);
	aw_buf_char(buf, '\n');
}

static void
put_address(struct aw_buf *buf, const struct aw_identity_address *address)
{
	const struct aw_address *a = &address->parts;

	aw_buf_char(buf, 'A');
	put_int(buf, (int64_t)address->kind);
	put_int(buf, address->protected_place ? 1 : 0);
	put_part(buf, a->county);
	put_part(buf, a->district);
	put_part(buf, a->village);
	put_int(buf, a->neighbourhood);
	put_part(buf, a->road);
	put_part(buf, a->lane);
	put_part(buf, a->alley);
	put_int(buf, a->number);
	put_int(buf, a->number_sub);
	put_int(buf, a->floor);
	put_int(buf, a->floor_sub);
	put_part(buf, a->room);
	put_part(buf, a->rest);
	put_part(buf, address->raw);
	aw_buf_char(buf, '\n');
}

struct aw_str
aw_identity_pack(struct aw_arena *arena, const struct aw_identity *identity)
{
	struct aw_buf buf = { .arena = arena };

	aw_buf_text(&buf, "1\n");
	for (size_t i = 0; i < identity->name_count; i++) {
		aw_buf_char(&buf, 'N');
		put_int(&buf, (int64_t)identity->names[i].kind);
		put_part(&buf, identity->names[i].text);
		aw_buf_char(&buf, '\n');
	}
	for (size_t i = 0; i < identity->number_count; i++) {
		aw_buf_char(&buf, 'I');
		put_int(&buf, (int64_t)identity->numbers[i].kind);
		put_int(&buf, identity->numbers[i].check_ok ? 1 : 0);
		put_part(&buf, identity->numbers[i].text);
		aw_buf_char(&buf, '\n');
	}
	if (identity->birth_known || identity->birth_raw != NULL) {
		aw_buf_char(&buf, 'B');
		put_int(&buf, identity->birth_known ? 1 : 0);
		put_int(&buf, identity->birth.from_day);
		put_int(&buf, identity->birth.to_day);
		put_int(&buf, (int64_t)identity->birth.precision);
		put_part(&buf, identity->birth_raw);
		aw_buf_char(&buf, '\n');
	}
	if (identity->sex != 0)
		aw_buf_printf(&buf, "S\t%c\n", identity->sex);
	for (size_t i = 0; i < identity->phone_count; i++)
		put_phone(&buf, &identity->phones[i]);
	for (size_t i = 0; i < identity->address_count; i++)
		put_address(&buf, &identity->addresses[i]);
	return (struct aw_str){ buf.at, buf.len };
}

/* -- the way back -------------------------------------------------------------------------------- */

/* One line's parts; text is copied once for the whole cell and cut in place. */
struct line {
	char tag;
	char *parts[PART_LIMIT];
	size_t count;
};

static bool
cut_line(char **rest, struct line *line)
{
	char *at = *rest, *end = strchr(at, '\n');

	if (end == NULL)
		return false;
	*end = '\0';
	*rest = end + 1;
	line->tag = at[0];
	line->count = 0;
	if (at[0] == '\0')
		return false;
	for (char *tab = at + 1; *tab == '\t'; tab = strchrnul(tab + 1, '\t')) {
		if (line->count == PART_LIMIT)
			return false;
		*tab = '\0';
		line->parts[line->count++] = tab + 1;
	}
	return true;
}

static const char *
text_part(const struct line *line, size_t i)
{
	return line->parts[i][0] == '\0' ? NULL : line->parts[i];
}

static bool
int_part(const struct line *line, size_t i, int64_t least, int64_t most, int32_t *ret)
{
	int64_t value;

	if (!aw_str_int64(aw_str(line->parts[i]), &value) || value < least || value > most)
		return false;
	*ret = (int32_t)value;
	return true;
}

static bool
take_name(struct aw_name *name, const struct line *line)
{
	int32_t kind;

	if (line->count != 2 || !int_part(line, 0, 0, AW_NAME_TRADITIONAL, &kind))
		return false;
	name->kind = (enum aw_name_kind)kind;
	name->text = line->parts[1];
	return true;
}

static bool
take_number(struct aw_id_number *number, const struct line *line)
{
	int32_t kind, check;

	if (line->count != 3 || !int_part(line, 0, 0, AW_IDNO_DEMO, &kind) ||
		!int_part(line, 1, 0, 1, &check))
		return false;
	number->kind = (enum aw_idno_kind)kind;
	number->check_ok = check == 1;
	number->text = line->parts[2];
	return true;
}

static bool
take_birth(struct aw_identity *identity, const struct line *line)
{
	int32_t known, precision;

	if (line->count != 5 || !int_part(line, 0, 0, 1, &known) ||
		!int_part(line, 1, -DAY_LIMIT, DAY_LIMIT, &identity->birth.from_day) ||
		!int_part(line, 2, -DAY_LIMIT, DAY_LIMIT, &identity->birth.to_day) ||
		!int_part(line, 3, 0, AW_PRECISION_YEAR, &precision))
		return false;
	identity->birth_known = known == 1;
	identity->birth.precision = (enum aw_precision)precision;
	identity->birth_raw = text_part(line, 4);
	return true;
}

static bool
take_phone(struct aw_contact_phone *phone, const struct line *line)
{
	int32_t from, to, unsafe;

	if (line->count != 6 || !int_part(line, 2, -1, 1440, &from) ||
		!int_part(line, 3, -1, 1440, &to) || !int_part(line, 4, 0, 1, &unsafe))
		return false;
	phone->e164 = text_part(line, 0);
	phone->extension = text_part(line, 1);
	phone->safe_from_min = (int16_t)from;
	phone->safe_to_min = (int16_t)to;
	phone->unsafe = unsafe == 1;
	phone->raw = text_part(line, 5);
	return true;
}

static bool
take_address(struct aw_identity_address *address, const struct line *line)
{
	struct aw_address *a = &address->parts;
	int32_t kind, guarded;

	if (line->count != 16 || !int_part(line, 0, 0, AW_ADDRESS_RESIDENCE, &kind) ||
		!int_part(line, 1, 0, 1, &guarded) ||
		!int_part(line, 5, 0, INT32_MAX, &a->neighbourhood) ||
		!int_part(line, 9, 0, INT32_MAX, &a->number) ||
		!int_part(line, 10, 0, INT32_MAX, &a->number_sub) ||
		!int_part(line, 11, INT32_MIN, INT32_MAX, &a->floor) ||
		!int_part(line, 12, 0, INT32_MAX, &a->floor_sub))
		return false;
	address->kind = (enum aw_address_kind)kind;
	address->protected_place = guarded == 1;
	a->county = text_part(line, 2);
	a->district = text_part(line, 3);
	a->village = text_part(line, 4);
	a->road = text_part(line, 6);
	a->lane = text_part(line, 7);
	a->alley = text_part(line, 8);
	a->room = text_part(line, 13);
	a->rest = text_part(line, 14);
	address->raw = text_part(line, 15);
	return true;
}

/* How many lines of each list there are, so that each is allocated once. */
static void
count_lines(const char *text, size_t counts[128])
{
	for (const char *at = text; at != NULL && *at != '\0';) {
		if ((unsigned char)*at < 128)
			counts[(unsigned char)*at]++;
		at = strchr(at, '\n');
		at = at == NULL ? NULL : at + 1;
	}
}

static bool
take_line(struct aw_identity *identity, const struct line *line)
{
	switch (line->tag) {
	case 'N':
		return take_name(&identity->names[identity->name_count++], line);
	case 'I':
		return take_number(&identity->numbers[identity->number_count++], line);
	case 'B':
		return take_birth(identity, line);
	case 'S':
		identity->sex = line->count == 1 ? line->parts[0][0] : '\0';
		return identity->sex == 'M' || identity->sex == 'F' || identity->sex == 'X';
	case 'P':
		return take_phone(&identity->phones[identity->phone_count++], line);
	case 'A':
		return take_address(&identity->addresses[identity->address_count++], line);
	default:
		return false;
	}
}

enum aw_status
aw_identity_unpack(struct aw_arena *arena, struct aw_str packed, struct aw_identity *ret_identity,
	struct aw_error *err)
{
	struct aw_identity identity = { 0 };
	char *text = aw_arena_strndup(arena, packed.len == 0 ? "" : packed.at, packed.len);
	size_t counts[128] = { 0 };
	struct line line;

	if (strncmp(text, "1\n", 2) != 0 || strlen(text) != packed.len)
		return aw_fail(err, AW_CORRUPT, "a person's cell is not an identity");
	text += 2;
	count_lines(text, counts);
	identity.names = AW_NEW_ARRAY(arena, struct aw_name, counts['N'] + 1);
	identity.numbers = AW_NEW_ARRAY(arena, struct aw_id_number, counts['I'] + 1);
	identity.phones = AW_NEW_ARRAY(arena, struct aw_contact_phone, counts['P'] + 1);
	identity.addresses = AW_NEW_ARRAY(arena, struct aw_identity_address, counts['A'] + 1);
	while (*text != '\0')
		if (!cut_line(&text, &line) || !take_line(&identity, &line))
			return aw_fail(err, AW_CORRUPT, "a person's cell has a bad line");
	*ret_identity = identity;
	return AW_OK;
}
