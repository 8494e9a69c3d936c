/* Two identities side by side, for the pages. */
#include "city/person/evidence.h"

#include <inttypes.h>
#include <string.h>

#include "page/svg.h"
#include "text/roc.h"

enum { PIECES_MOST = 128 /* characters that are compared */ };

const AW_VIEW_TYPE(aw_text_piece_view, "TextPiece", NULL, AW_FIELD("text", TEXT, OPEN),
	AW_FIELD("differs", FLAG, OPEN));

const AW_VIEW_TYPE(aw_evidence_view, "Evidence", NULL, AW_FIELD_CODE("field", OPEN, "link.field"),
	AW_FIELD_CODE("level", OPEN, "link.level"), AW_FIELD("reported", TEXT, IDENTITY),
	AW_FIELD("registered", TEXT, IDENTITY),
	AW_FIELD_OF("reported_pieces", LIST, OPEN, &aw_text_piece_view),
	AW_FIELD_OF("registered_pieces", LIST, OPEN, &aw_text_piece_view),
	AW_FIELD_CODE("reported_sex", IDENTITY, "sex"),
	AW_FIELD_CODE("registered_sex", IDENTITY, "sex"), AW_FIELD("bits", TEXT, OPEN),
	AW_FIELD("for_it", FLAG, OPEN), AW_FIELD("against", FLAG, OPEN),
	AW_FIELD("missing", FLAG, OPEN), AW_FIELD("filled", NUMBER, OPEN),
	AW_FIELD("cells", RAW, OPEN), AW_FIELD("bar", RAW, OPEN));

const char *
aw_evidence_percent(struct aw_arena *arena, int64_t ppm)
{
	return aw_arena_printf(arena, "%" PRId64 ".%" PRId64 "%%", ppm / 10000, ppm / 1000 % 10);
}

const char *
aw_evidence_bits(struct aw_arena *arena, int32_t millibits)
{
	int32_t size = millibits < 0 ? -millibits : millibits;
	const char *sign = millibits < 0 ? "\u2212" : millibits > 0 ? "+" : "";

	return aw_arena_printf(arena, "%s%d.%d", sign, size / 1000, size / 100 % 10);
}

/* -- what differs ----------------------------------------------------------------------------------- */

struct characters {
	const char *at[PIECES_MOST + 1]; /* where each begins; the end behind the last */
	size_t count;
};

/* False when there are more than are compared. */
static bool
split(const char *text, struct characters *ret)
{
	const char *at = text;

	ret->count = 0;
	while (*at != '\0') {
		if (ret->count == PIECES_MOST)
			return false;
		ret->at[ret->count++] = at++;
		while (((unsigned char)*at & 0xc0) == 0x80)
			at++;
	}
	ret->at[ret->count] = at;
	return true;
}

static bool
same_character(const struct characters *a, size_t i, const struct characters *b, size_t k)
{
	size_t len = (size_t)(a->at[i + 1] - a->at[i]);

	return len == (size_t)(b->at[k + 1] - b->at[k]) && memcmp(a->at[i], b->at[k], len) == 0;
}

/* Which characters of a are in the longest common subsequence with b. */
static void
mark_common(struct aw_arena *arena, const struct characters *a, const struct characters *b,
	bool *common)
{
	size_t width = b->count + 1;
	uint16_t *best = AW_NEW_ARRAY(arena, uint16_t, (a->count + 1) * width);
	size_t i, k;

	for (i = a->count; i-- > 0;)
		for (k = b->count; k-- > 0;) {
			uint16_t down = best[(i + 1) * width + k], right = best[i * width + k + 1];

			best[i * width + k] =
				same_character(a, i, b, k)
					? (uint16_t)(best[(i + 1) * width + k + 1] + 1)
				: down > right ? down
					       : right;
		}
	for (i = 0, k = 0; i < a->count && k < b->count;) {
		if (same_character(a, i, b, k)) {
			common[i++] = true;
			k++;
		} else if (best[(i + 1) * width + k] >= best[i * width + k + 1]) {
			i++;
		} else {
			k++;
		}
	}
}

size_t
aw_text_pieces(struct aw_arena *arena, const char *text, const char *other,
	struct aw_text_piece **ret_pieces)
{
	struct characters a, b;
	bool common[PIECES_MOST] = { false };
	struct aw_text_piece *at;
	size_t count = 0, from = 0;

	*ret_pieces = NULL;
	if (text == NULL || text[0] == '\0')
		return 0;
	if (other == NULL || !split(text, &a) || !split(other, &b)) {
		at = AW_NEW(arena, struct aw_text_piece);
		*at = (struct aw_text_piece){ text, other != NULL && strcmp(text, other) != 0 };
		*ret_pieces = at;
		return 1;
	}
	mark_common(arena, &a, &b, common);
	at = AW_NEW_ARRAY(arena, struct aw_text_piece, a.count);
	for (size_t i = 1; i <= a.count; i++) {
		if (i < a.count && common[i] == common[from])
			continue;
		at[count++] = (struct aw_text_piece){ aw_arena_strndup(arena, a.at[from],
							      (size_t)(a.at[i] - a.at[from])),
			!common[from] };
		from = i;
	}
	*ret_pieces = at;
	return count;
}

/* -- a row a field ------------------------------------------------------------------------------------ */

/* The four cells of agreement: 4 = the same, 0 = differs. */
static int64_t
filled_cells(const char *level, int32_t weight_mbits)
{
	static const char *const same[] = { "same", "exact" };

	for (size_t i = 0; i < AW_COUNT(same); i++) {
		if (strncmp(level, same[i], strlen(same[i])) == 0)
			return 4;
	}
	if (weight_mbits <= 0)
		return 0;
	return weight_mbits > 8000 ? 3 : weight_mbits > 3000 ? 2 : 1;
}

const char *
aw_evidence_value(struct aw_arena *arena, const struct aw_identity *identity, const char *field)
{
	const struct aw_identity_address *address;

	if (strcmp(field, "name") == 0)
		return aw_identity_name(identity);
	if (strcmp(field, "birth_date") == 0)
		return identity->birth_known ? aw_roc_date_text(arena, &identity->birth) : NULL;
	if (strcmp(field, "address") == 0) {
		address = aw_identity_residence(identity);
		return address == NULL ? NULL : address->raw;
	}
	if (strcmp(field, "sex") == 0)
		return NULL; /* a code: reported_sex, registered_sex */
	if (strcmp(field, "phone") == 0)
		return identity->phone_count == 0 ? NULL : identity->phones[0].raw;
	return aw_identity_number(identity);
}

enum aw_field_class
aw_evidence_class(const char *field)
{
	if (strcmp(field, "address") == 0)
		return AW_CLASS_ADDRESS;
	if (strcmp(field, "phone") == 0)
		return AW_CLASS_CONTACT;
	return strcmp(field, "national_id") == 0 ? AW_CLASS_NUMBER : AW_CLASS_IDENTITY;
}

struct side {
	const char *text, *pieces; /* fields of the view */
	const struct aw_access *access;
	const char *value, *other;
};

/* What differs is marked where both sides may be read: a mark alone would tell of the hidden one. */
static void
fill_side(struct aw_view *item, const struct side *side, enum aw_field_class class, bool both)
{
	struct aw_text_piece *pieces;
	size_t count;

	if (!aw_access_may(side->access, class)) {
		aw_view_hide(item, side->text, aw_access_reason(side->access, class));
		aw_view_hide(item, side->pieces, aw_access_reason(side->access, class));
		return;
	}
	aw_view_text(item, side->text, side->value);
	count = aw_text_pieces(
		aw_view_arena(item), side->value, both ? side->other : NULL, &pieces);
	for (size_t i = 0; i < count; i++) {
		struct aw_view *piece = aw_view_item(item, side->pieces);

		aw_view_text(piece, "text", pieces[i].text);
		aw_view_flag(piece, "differs", pieces[i].differs);
	}
}

static void
fill_field(struct aw_view *item, const struct aw_candidate_field *field,
	const struct aw_identity *left, const struct aw_identity *right,
	const struct aw_access *to_left, const struct aw_access *to_right)
{
	struct aw_arena *arena = aw_view_arena(item);
	enum aw_field_class class = aw_evidence_class(field->field);
	const char *a = aw_evidence_value(arena, left, field->field);
	const char *b = aw_evidence_value(arena, right, field->field);
	bool both = aw_access_may(to_left, class) && aw_access_may(to_right, class);
	bool missing = strcmp(field->level, "missing") == 0;
	int32_t bits = field->weight_mbits;
	int64_t filled = missing ? 0 : filled_cells(field->level, bits);

	aw_view_text(item, "field", field->field);
	aw_view_text(item, "level", field->level);
	fill_side(
		item, &(struct side){ "reported", "reported_pieces", to_left, a, b }, class, both);
	fill_side(item, &(struct side){ "registered", "registered_pieces", to_right, b, a }, class,
		both);
	if (strcmp(field->field, "sex") == 0) {
		aw_view_text(item, "reported_sex", aw_identity_sex(left));
		aw_view_text(item, "registered_sex", aw_identity_sex(right));
	}
	aw_view_text(item, "bits", aw_evidence_bits(arena, bits));
	aw_view_flag(item, "for_it", bits > 0);
	aw_view_flag(item, "against", bits < 0);
	aw_view_flag(item, "missing", missing);
	aw_view_int(item, "filled", filled);
	aw_view_text(item, "cells", aw_svg_cells(arena, missing ? -1 : (int32_t)filled));
	aw_view_text(item, "bar", aw_svg_evidence(arena, missing ? 0 : bits));
}

void
aw_evidence_fill(struct aw_view *view, const struct aw_candidate *candidate,
	const struct aw_identity *left, const struct aw_identity *right,
	const struct aw_access *to_left, const struct aw_access *to_right)
{
	for (size_t i = 0; i < AW_CANDIDATE_FIELDS; i++)
		fill_field(aw_view_item(view, "fields"), &candidate->fields[i], left, right,
			to_left, to_right);
}
