/* The program with sealing and the log of changes switched off: what they cost is what it is faster by.
 * Its calls of them come here instead (--wrap, see meson.build). What was sealed before still opens. A
 * database that it wrote to is of no further use. */
#include <string.h>

#include "db/seal.h"
#include "guard/log.h"

/* The linker's names of the real ones, and of what stands in their place. */
enum aw_status __real_aw_key_get(struct aw_tx *tx, struct aw_keyring *keyring, int64_t key_id,
	struct aw_key *ret_key, struct aw_error *err);
enum aw_status
__real_aw_unseal(struct aw_arena *arena, struct aw_keyring *keyring, const struct aw_key *key,
	struct aw_place place, struct aw_bytes cell, struct aw_str *ret_text, struct aw_error *err);
struct aw_bytes __wrap_aw_seal(struct aw_arena *arena, struct aw_keyring *keyring,
	const struct aw_key *key, struct aw_place place, struct aw_str text);
enum aw_status
__wrap_aw_unseal(struct aw_arena *arena, struct aw_keyring *keyring, const struct aw_key *key,
	struct aw_place place, struct aw_bytes cell, struct aw_str *ret_text, struct aw_error *err);
enum aw_status __wrap_aw_key_make(struct aw_tx *tx, struct aw_keyring *keyring, int64_t key_id,
	const char *holder, struct aw_key *ret_key, struct aw_error *err);
void __wrap_aw_key_draw(struct aw_keyring *keyring, int64_t key_id, struct aw_key *ret_key,
	struct aw_key_row *ret_row);
enum aw_status __wrap_aw_key_keep(struct aw_tx *tx, struct aw_keyring *keyring,
	const struct aw_key_row *row, const char *holder, struct aw_error *err);
enum aw_status __wrap_aw_key_derive(struct aw_keyring *keyring, int64_t epoch, const char *purpose,
	int64_t key_id, struct aw_key *ret_key, int64_t *ret_epoch, struct aw_error *err);
enum aw_status __wrap_aw_key_get(struct aw_tx *tx, struct aw_keyring *keyring, int64_t key_id,
	struct aw_key *ret_key, struct aw_error *err);
enum aw_status __wrap_aw_log_append(
	struct aw_act *act, const char *outcome, const char *detail, struct aw_error *err);

struct aw_bytes
__wrap_aw_seal(struct aw_arena *arena, struct aw_keyring *keyring, const struct aw_key *key,
	struct aw_place place, struct aw_str text)
{
	(void)keyring, (void)key, (void)place;
	return (struct aw_bytes){ .at = aw_arena_memdup(arena, text.at, text.len),
		.len = text.len };
}

enum aw_status
__wrap_aw_unseal(struct aw_arena *arena, struct aw_keyring *keyring, const struct aw_key *key,
	struct aw_place place, struct aw_bytes cell, struct aw_str *ret_text, struct aw_error *err)
{
	static const uint8_t none[sizeof(key->secret)] = { 0 };

	if (memcmp(key->secret, none, sizeof(none)) != 0)
		return __real_aw_unseal(arena, keyring, key, place, cell, ret_text, err);
	*ret_text = (struct aw_str){ .at = aw_arena_strndup(arena, (const char *)cell.at, cell.len),
		.len = cell.len };
	return AW_OK;
}

enum aw_status
__wrap_aw_key_make(struct aw_tx *tx, struct aw_keyring *keyring, int64_t key_id, const char *holder,
	struct aw_key *ret_key, struct aw_error *err)
{
	(void)tx, (void)keyring, (void)holder, (void)err;
	*ret_key = (struct aw_key){ .id = key_id };
	return AW_OK;
}

void
__wrap_aw_key_draw(struct aw_keyring *keyring, int64_t key_id, struct aw_key *ret_key,
	struct aw_key_row *ret_row)
{
	(void)keyring;
	*ret_key = (struct aw_key){ .id = key_id };
	ret_row->id = key_id;
}

enum aw_status
__wrap_aw_key_keep(struct aw_tx *tx, struct aw_keyring *keyring, const struct aw_key_row *row,
	const char *holder, struct aw_error *err)
{
	(void)tx, (void)keyring, (void)row, (void)holder, (void)err;
	return AW_OK;
}

enum aw_status
__wrap_aw_key_derive(struct aw_keyring *keyring, int64_t epoch, const char *purpose, int64_t key_id,
	struct aw_key *ret_key, int64_t *ret_epoch, struct aw_error *err)
{
	(void)keyring, (void)purpose, (void)err;
	*ret_key = (struct aw_key){ .id = key_id };
	if (ret_epoch != NULL)
		*ret_epoch = epoch;
	return AW_OK;
}

enum aw_status
__wrap_aw_key_get(struct aw_tx *tx, struct aw_keyring *keyring, int64_t key_id,
	struct aw_key *ret_key, struct aw_error *err)
{
	if (__real_aw_key_get(tx, keyring, key_id, ret_key, err) != AW_NOT_FOUND)
		return err->status;
	aw_error_clear(err);
	*ret_key = (struct aw_key){ .id = key_id };
	return AW_OK;
}

enum aw_status
__wrap_aw_log_append(
	struct aw_act *act, const char *outcome, const char *detail, struct aw_error *err)
{
	(void)act, (void)outcome, (void)detail, (void)err;
	return AW_OK;
}
