/* Signs and reads checkpoints as C2SP signed notes. */
#include "guard/note.h"

#include <sodium.h>
#include <string.h>

#include "guard/log.h"

#define DASH "\xe2\x80\x94 " /* U+2014 and a space, as the format wants */
#define BASE64 sodium_base64_VARIANT_ORIGINAL

enum { SIGNED_BYTES = 4 + crypto_sign_BYTES, ED25519 = 1 };

static uint32_t
key_hash(const char *name, const uint8_t public_key[32])
{
	const uint8_t middle[2] = { '\n', ED25519 };
	crypto_hash_sha256_state state;
	uint8_t hash[32];

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const uint8_t *)name, strlen(name));
	crypto_hash_sha256_update(&state, middle, sizeof(middle));
	crypto_hash_sha256_update(&state, public_key, 32);
	crypto_hash_sha256_final(&state, hash);
	return (uint32_t)aw_get_be(hash, 4);
}

void
aw_note_verifier(const char *name, const uint8_t public_key[32], char *ret, size_t room)
{
	uint8_t key[33] = { ED25519 };
	char base64[sodium_base64_ENCODED_LEN(33, BASE64)];

	memcpy(key + 1, public_key, 32);
	sodium_bin2base64(base64, sizeof(base64), key, sizeof(key), BASE64);
	(void)snprintf(ret, room, "%s+%08x+%s", name, key_hash(name, public_key), base64);
}

/* Exactly `len` bytes out of base 64. */
static bool
unbase64(struct aw_str text, uint8_t *ret, size_t len)
{
	const char *end = NULL;
	size_t got = 0;

	return sodium_base642bin(ret, len, text.at, text.len, NULL, &got, &end, BASE64) == 0 &&
	       got == len && end == text.at + text.len;
}

bool
aw_note_key_read(const char *verifier, struct aw_note_key *ret_key)
{
	struct aw_str rest = aw_str(verifier);
	struct aw_str name = aw_str_cut(rest, '+', &rest), hash = { 0 };
	struct aw_note_key key = { 0 };
	uint8_t bytes[33], four[4];
	char hex[9] = { 0 };

	if (name.len == 0 || name.len >= sizeof(key.name) || rest.at == NULL)
		return false;
	memcpy(key.name, name.at, name.len);
	hash = aw_str_cut(rest, '+', &rest); /* base 64 may hold a + of its own */
	if (hash.len != 8 || rest.at == NULL || !unbase64(rest, bytes, sizeof(bytes)))
		return false;
	memcpy(hex, hash.at, 8);
	if (!aw_unhex(hex, four, sizeof(four)) || bytes[0] != ED25519)
		return false;
	memcpy(key.public_key, bytes + 1, 32);
	key.hash = (uint32_t)aw_get_be(four, 4);
	if (key.hash != key_hash(key.name, key.public_key))
		return false;
	*ret_key = key;
	return true;
}

char *
aw_note_sign(struct aw_arena *arena, const struct aw_log_key *key, uint64_t size,
	const struct aw_hash *root)
{
	char root64[sodium_base64_ENCODED_LEN(AW_HASH_BYTES, BASE64)];
	char signed64[sodium_base64_ENCODED_LEN(SIGNED_BYTES, BASE64)];
	uint8_t bytes[SIGNED_BYTES];
	char *text;

	aw_put_be(bytes, 4, key_hash(key->origin, key->public_key));
	sodium_bin2base64(root64, sizeof(root64), root->at, AW_HASH_BYTES, BASE64);
	text = aw_arena_printf(
		arena, "%s\n%llu\n%s\n", key->origin, (unsigned long long)size, root64);
	crypto_sign_detached(bytes + 4, NULL, (const uint8_t *)text, strlen(text), key->secret);
	sodium_bin2base64(signed64, sizeof(signed64), bytes, sizeof(bytes), BASE64);
	return aw_arena_printf(arena, "%s\n" DASH "%s %s\n", text, key->origin, signed64);
}

/* One line without its end; false when there is no whole line. */
static bool
line(struct aw_str *rest, struct aw_str *ret_line)
{
	struct aw_str after = { 0 };
	const char *end = rest->len == 0 ? NULL : memchr(rest->at, '\n', rest->len);

	if (end == NULL)
		return false;
	*ret_line = (struct aw_str){ rest->at, (size_t)(end - rest->at) };
	after.at = end + 1;
	after.len = rest->len - ret_line->len - 1;
	*rest = after;
	return true;
}

/* Is this signature line the key's own, and good? */
static bool
signed_by(struct aw_str signature, const struct aw_note_key *key, struct aw_str text)
{
	struct aw_str rest = { signature.at + strlen(DASH), signature.len - strlen(DASH) };
	struct aw_str name = aw_str_cut(rest, ' ', &rest);
	uint8_t bytes[SIGNED_BYTES];

	return aw_str_is(name, key->name) && unbase64(rest, bytes, sizeof(bytes)) &&
	       (uint32_t)aw_get_be(bytes, 4) == key->hash &&
	       crypto_sign_verify_detached(
		       bytes + 4, (const uint8_t *)text.at, text.len, key->public_key) == 0;
}

/* The three lines that every checkpoint begins with. */
static bool
read_checkpoint(struct aw_str text, const struct aw_note_key *key, struct aw_note *ret_note)
{
	struct aw_str origin, size, root;
	int64_t number = 0;

	if (!line(&text, &origin) || !line(&text, &size) || !line(&text, &root))
		return false;
	if (!aw_str_is(origin, key->name) || !aw_str_int64(size, &number) || number < 0 ||
		size.at[0] == '+' || (size.len > 1 && size.at[0] == '0'))
		return false;
	ret_note->size = (uint64_t)number;
	return unbase64(root, ret_note->root.at, AW_HASH_BYTES);
}

bool
aw_note_read(struct aw_str *rest, const struct aw_note_key *key, struct aw_note *ret_note)
{
	struct aw_note note = { 0 };
	struct aw_str one = { 0 };
	size_t signatures = 0;

	while (rest->len > 0 && rest->at[0] == '\n')
		*rest = (struct aw_str){ rest->at + 1, rest->len - 1 };
	note.text.at = note.signed_text.at = rest->at;
	while (line(rest, &one) && one.len > 0)
		note.signed_text.len += one.len + 1;
	if (one.len > 0 || note.signed_text.len == 0) { /* the text ends before the empty line */
		*rest = (struct aw_str){ rest->at, 0 };
		return false;
	}
	while (aw_str_starts(*rest, DASH) && line(rest, &one))
		signatures++;
	note.text.len = (size_t)(rest->at - note.text.at);
	if (signatures == 0 || !read_checkpoint(note.signed_text, key, &note))
		return false;
	*ret_note = note;
	return true;
}

bool
aw_note_signed(const struct aw_note *note, const struct aw_note_key *key)
{
	size_t signatures = note->signed_text.len + 1; /* behind the empty line */
	struct aw_str rest = { note->text.at + signatures, note->text.len - signatures };
	struct aw_str one = { 0 };

	while (line(&rest, &one))
		if (signed_by(one, key, note->signed_text))
			return true;
	return false;
}

bool
aw_note_next(struct aw_str *rest, const struct aw_note_key *key, struct aw_note *ret_note)
{
	struct aw_note note;

	if (!aw_note_read(rest, key, &note) || !aw_note_signed(&note, key))
		return false;
	*ret_note = note;
	return true;
}
