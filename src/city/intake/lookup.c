/* city/intake - the code that a receipt shows once, and how far a report is for whoever has it. */
#include <string.h>

#include "city/intake/inside.h"
#include "city/intake/intake.sql.h"

enum { CODE_BITS = 80 };

const char *
aw_lookup_code(struct aw_arena *arena)
{
	uint8_t random[(CODE_BITS + 7) / 8];

	aw_random_bytes(random, sizeof(random));
	return aw_code32(arena, random, CODE_BITS);
}

/* Bound to the number, so that one table of guesses fits one report. */
static void
hash_code(struct aw_arena *arena, const char *number, const char *canonical,
	uint8_t ret_hash[AW_SHA256_BYTES])
{
	const char *text = aw_arena_printf(arena, "anwang lookup\n%s\n%s", number, canonical);

	aw_sha256(text, strlen(text), ret_hash);
}

void
aw_lookup_hash(struct aw_arena *arena, const char *number, const char *code,
	uint8_t ret_hash[AW_SHA256_BYTES])
{
	hash_code(arena, number, aw_code32_canonical(arena, code), ret_hash);
}

/* Equal in time that does not tell where they differ. */
static bool
same_hash(const uint8_t *a, const uint8_t *b, size_t len)
{
	volatile uint8_t different = 0;

	for (size_t i = 0; i < len; i++)
		different = (uint8_t)(different | (a[i] ^ b[i]));
	return different == 0;
}

enum aw_status
aw_report_status(const struct aw_act *act, const char *number, const char *code,
	const char **ret_status, struct aw_error *err)
{
	static const uint8_t absent[AW_SHA256_BYTES] = { 0 };
	const char *canonical = code != NULL ? aw_code32_canonical(act->arena, code) : NULL;
	char *given = aw_arena_strdup(act->arena, number != NULL ? number : "");
	uint8_t hash[AW_SHA256_BYTES];
	struct sql_report_lookup row = { 0 };
	const uint8_t *kept = absent;
	bool found, same;

	for (char *c = given; *c != '\0'; c++)
		*c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
	/* the same statement and hash whatever was given, so that the time tells nothing */
	hash_code(act->arena, given, canonical != NULL ? canonical : "", hash);
	if (sql_report_lookup(act->tx, &(struct sql_report_lookup_in){ .number = given },
		    act->arena, &row, &found, err) != AW_OK)
		return err->status;
	if (found && row.lookup_hash.len == sizeof(hash))
		kept = row.lookup_hash.at;
	same = same_hash(kept, hash, sizeof(hash));
	if (!same || kept == absent)
		*ret_status = NULL;
	else if (strcmp(row.state, "received") == 0 || strcmp(row.state, "held") == 0)
		*ret_status = "received";
	else
		*ret_status = strcmp(row.state, "closed") == 0 || strcmp(row.state, "refused") == 0
				      ? "closed"
				      : "working";
	return AW_OK;
}
