/* One's own open sessions: listed and ended. */
#include "guard/own_session.h"

#include <sodium.h>
#include <string.h>

#include "guard/guard.sql.h"

typedef struct sql_guard_sessions_open open_row;

enum { HASH_BYTES = 32, CODE_BITS = 60 };

/* Of the hash that the table has, another hash: one's page need not say how the table looks. */
static const char *
code_of(struct aw_arena *arena, const uint8_t hash[HASH_BYTES])
{
	static const char use[] = "anwang own session";
	uint8_t code[HASH_BYTES];

	crypto_generichash(
		code, sizeof(code), (const uint8_t *)use, sizeof(use) - 1, hash, HASH_BYTES);
	return aw_code32(arena, code, CODE_BITS);
}

static enum aw_status
read_open(struct aw_act *act, const struct aw_session *session, open_row **ret_rows,
	size_t *ret_count, struct aw_error *err)
{
	if (sql_guard_sessions_open(act->tx,
		    &(struct sql_guard_sessions_open_in){ .account = session->account.id,
			    .seen_after = act->real_ms - AW_SESSION_IDLE_MS,
			    .created_after = act->real_ms - AW_SESSION_LIMIT_MS },
		    act->arena, ret_rows, ret_count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < *ret_count; i++)
		if ((*ret_rows)[i].token_hash.len != HASH_BYTES)
			return aw_fail(err, AW_CORRUPT, "a session's hash is not 32 bytes long");
	return AW_OK;
}

static bool
is_present(const struct aw_session *session, const open_row *row)
{
	return memcmp(row->token_hash.at, session->hash, HASH_BYTES) == 0;
}

static struct aw_own_session
shown(struct aw_act *act, const struct aw_session *session, const open_row *row, const char *place)
{
	return (struct aw_own_session){ .code = code_of(act->arena, row->token_hash.at),
		.created_at = row->created_at,
		.seen_at = row->seen_at,
		.system = row->system,
		.browser = row->browser,
		.has_place = row->place != NULL && place != NULL,
		.here = aw_text_eq(row->place, place),
		.half = session->has_factor && !row->factor_at.known,
		.present = is_present(session, row) };
}

enum aw_status
aw_own_sessions(struct aw_act *act, const struct aw_session *session,
	struct aw_own_session **ret_list, size_t *ret_count, struct aw_error *err)
{
	struct aw_own_session *list;
	const char *place = NULL;
	size_t count, filled = 0;
	open_row *rows;

	if (read_open(act, session, &rows, &count, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(act->arena, struct aw_own_session, count);
	for (size_t i = 0; i < count; i++) {
		if (!is_present(session, &rows[i]))
			continue;
		place = rows[i].place;
		list[filled++] = shown(act, session, &rows[i], place);
	}
	for (size_t i = 0; i < count; i++)
		if (!is_present(session, &rows[i]))
			list[filled++] = shown(act, session, &rows[i], place);
	*ret_list = list;
	*ret_count = filled;
	return AW_OK;
}

enum aw_status
aw_own_session_end(struct aw_act *act, const struct aw_session *session, const char *code,
	struct aw_error *err)
{
	open_row *rows;
	size_t count;

	if (read_open(act, session, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (!aw_text_eq(code_of(act->arena, rows[i].token_hash.at), code))
			continue;
		if (is_present(session, &rows[i]))
			return aw_fail(err, AW_CONFLICT, "this is the present session: log out");
		return sql_guard_session_end(act->tx,
			&(struct sql_guard_session_end_in){
				.token_hash = rows[i].token_hash, .ended_at = act->real_ms },
			err);
	}
	return aw_fail(err, AW_NOT_FOUND, "the account has no open session of that code");
}
