/* Reads from the log what happened to an account at the login. */
#include "guard/signin.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "guard/guard.sql.h"

enum { IN_READ = 400, CHANGES_READ = 100, PLACE_BITS = 10 };

/* -- where it comes from -------------------------------------------------------------------------- */

/* The network's first bytes: 2 of IPv4, 4 of IPv6 (2 of an IPv4 address in one); 0: no address. */
static size_t
network_of(const char *address, uint8_t ret[4])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	uint8_t six[16];

	if (address == NULL)
		return 0;
	if (inet_pton(AF_INET, address, ret) == 1)
		return 2;
	if (inet_pton(AF_INET6, address, six) != 1)
		return 0;
	if (memcmp(six, mapped, sizeof(mapped)) == 0) {
		memcpy(ret, six + sizeof(mapped), 2);
		return 2;
	}
	memcpy(ret, six, 4);
	return 4;
}

static const char *
place_of(struct aw_arena *arena, int64_t account, const char *address)
{
	uint8_t network[4] = { 0 }, hash[32];
	size_t len = network_of(address, network);
	crypto_generichash_state state;

	if (len == 0)
		return "-";
	crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	crypto_generichash_update(&state, (const uint8_t *)&account, sizeof(account));
	crypto_generichash_update(&state, network, len);
	crypto_generichash_final(&state, hash, sizeof(hash));
	return aw_code32(arena, hash, PLACE_BITS);
}

struct word {
	const char *in, *code;
};

/* The first word of the list that the agent's name holds. */
static const char *
code_of(const char *agent, const struct word *words, size_t count)
{
	for (size_t i = 0; agent != NULL && i < count; i++)
		if (strstr(agent, words[i].in) != NULL)
			return words[i].code;
	return "other";
}

static const char *
system_of(const char *agent)
{
	static const struct word words[] = { { "Windows", "windows" }, { "Android", "android" },
		{ "iPhone", "ios" }, { "iPad", "ios" }, { "Macintosh", "macos" },
		{ "CrOS", "other" }, { "Linux", "linux" } };

	return code_of(agent, words, AW_COUNT(words));
}

/* Each browser names those that it is like behind itself. */
static const char *
browser_of(const char *agent)
{
	static const struct word words[] = { { "OPR/", "other" }, { "SamsungBrowser", "other" },
		{ "Edg", "edge" }, { "Firefox/", "firefox" }, { "FxiOS/", "firefox" },
		{ "CriOS/", "chrome" }, { "Chrome/", "chrome" }, { "Safari/", "safari" } };

	return code_of(agent, words, AW_COUNT(words));
}

struct aw_signin_codes
aw_signin_codes(struct aw_arena *arena, int64_t account, const struct aw_signin_from *from)
{
	return (struct aw_signin_codes){ .place = place_of(arena, account, from->address),
		.system = system_of(from->agent),
		.browser = browser_of(from->agent) };
}

const char *
aw_signin_detail(struct aw_arena *arena, const char *why, int64_t account,
	const struct aw_signin_from *from, bool asks)
{
	struct aw_signin_codes codes;

	if (from == NULL)
		return aw_arena_printf(arena, "{\"why\":\"%s\"}", why);
	codes = aw_signin_codes(arena, account, from);
	return aw_arena_printf(arena,
		"{\"why\":\"%s\",\"place\":\"%s\",\"system\":\"%s\",\"browser\":\"%s\"%s}", why,
		codes.place, codes.system, codes.browser, asks ? ",\"asks\":\"code\"" : "");
}

/* -- the lines ------------------------------------------------------------------------------------ */

struct lines {
	struct aw_arena *arena;
	struct aw_signin_event *at; /* newest first once sorted */
	size_t count, room;
	const struct aw_signin_event *own;  /* the present sign-in; NULL: it is not there */
	const struct aw_signin_event *last; /* the one before */
	const struct aw_signin_event *base; /* what is newer is to be told of */
};

static enum aw_signin_what
what_of(const char *action)
{
	static const struct {
		const char *action;
		enum aw_signin_what what;
	} known[] = {
		{ "login.ok", AW_SIGNIN_IN },
		{ "factor.ok", AW_SIGNIN_IN },
		{ "login.failed", AW_SIGNIN_WRONG },
		{ "factor.failed", AW_SIGNIN_WRONG_CODE },
		{ "account.password", AW_SIGNIN_PASSWORD },
		{ "user.reset", AW_SIGNIN_RESET },
		{ "factor.confirm", AW_SIGNIN_FACTOR_ON },
		{ "factor.codes", AW_SIGNIN_CODES },
		{ "factor.remove", AW_SIGNIN_FACTOR_OFF },
		{ "factor.reset", AW_SIGNIN_FACTOR_RESET },
		{ "account.disable", AW_SIGNIN_DISABLED },
		{ "user.disable", AW_SIGNIN_DISABLED },
		{ "account.enable", AW_SIGNIN_ENABLED },
		{ "user.enable", AW_SIGNIN_ENABLED },
		{ "account.until", AW_SIGNIN_UNTIL },
		{ "user.until", AW_SIGNIN_UNTIL },
		{ "account.idle", AW_SIGNIN_IDLE },
	};

	for (size_t i = 0; i < AW_COUNT(known); i++)
		if (strcmp(known[i].action, action) == 0)
			return known[i].what;
	return AW_SIGNIN_WHATS;
}

static const char *
text_in(struct aw_arena *arena, const json_t *json, const char *key)
{
	const char *text = aw_json_string(json, key);

	return text == NULL ? NULL : aw_arena_strdup(arena, text);
}

/* A right password that asks for a code is half a sign-in until the code comes. */
static void
add_line(struct lines *lines, const struct sql_guard_signins *row)
{
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_error ignored = { 0 };
	struct aw_signin_event line = { .leaf = row->leaf,
		.at = row->at,
		.what = what_of(row->action),
		.times = 1,
		.account = row->account,
		.by_code = strcmp(row->action, "factor.ok") == 0 };

	if (row->detail != NULL &&
		aw_json_parse(aw_str(row->detail), NULL, &json, &ignored) == AW_OK) {
		line.place = text_in(lines->arena, json, "place");
		line.system = text_in(lines->arena, json, "system");
		line.browser = text_in(lines->arena, json, "browser");
		if (line.what == AW_SIGNIN_IN && aw_json_string(json, "asks") != NULL)
			line.what = AW_SIGNIN_HALF;
	}
	if (line.what == AW_SIGNIN_IN && line.place == NULL)
		return; /* a proof in a session */
	*AW_PUSH(lines->arena, lines->at, lines->count, lines->room) = line;
}

static int
newest_first(const void *a, const void *b)
{
	const struct aw_signin_event *x = a, *y = b;

	return (x->leaf < y->leaf) - (x->leaf > y->leaf);
}

static enum aw_status
read_lines(struct aw_act *act, const char *login, struct lines *lines, bool *ret_tries_more,
	struct aw_error *err)
{
	struct sql_guard_signins *in, *tries, *changes;
	size_t in_count, try_count, change_count;

	if (sql_guard_signins(act->tx,
		    &(struct sql_guard_signins_in){ .object = login, .row_limit = IN_READ },
		    act->arena, &in, &in_count, err) != AW_OK ||
		sql_guard_signin_tries(act->tx,
			&(struct sql_guard_signin_tries_in){
				.object = login, .row_limit = AW_SIGNIN_TRIES_READ },
			act->arena, &tries, &try_count, err) != AW_OK ||
		sql_guard_signin_changes(act->tx,
			&(struct sql_guard_signin_changes_in){
				.object = login, .row_limit = CHANGES_READ },
			act->arena, &changes, &change_count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < in_count; i++)
		add_line(lines, &in[i]);
	for (size_t i = 0; i < try_count; i++)
		add_line(lines, &tries[i]);
	for (size_t i = 0; i < change_count; i++)
		add_line(lines, &changes[i]);
	if (lines->count > 0)
		qsort(lines->at, lines->count, sizeof(*lines->at), newest_first);
	*ret_tries_more = try_count == AW_SIGNIN_TRIES_READ;
	return AW_OK;
}

/* A code makes the half before it whole: one line, of when the code came. */
static void
join_halves(struct lines *lines)
{
	size_t kept = 0;
	bool code = false; /* the sign-in that was kept last had one, and waits for its half */

	for (size_t i = 0; i < lines->count; i++) {
		const struct aw_signin_event line = lines->at[i];

		if (line.what == AW_SIGNIN_HALF && code) {
			code = false;
			continue;
		}
		if (line.what == AW_SIGNIN_IN || line.what == AW_SIGNIN_HALF)
			code = line.by_code;
		lines->at[kept++] = line;
	}
	lines->count = kept;
}

/* -- what is new about them ----------------------------------------------------------------------- */

static bool
same_client(const struct aw_signin_event *a, const struct aw_signin_event *b)
{
	return aw_text_eq(a->system, b->system) && aw_text_eq(a->browser, b->browser);
}

static bool
same_from(const struct aw_signin_event *a, const struct aw_signin_event *b)
{
	return aw_text_eq(a->place, b->place) && same_client(a, b);
}

/* The present sign-in, the last one, and the last one from here. */
static void
find_own(struct lines *lines, int64_t created_at)
{
	for (size_t i = 0; i < lines->count; i++) {
		struct aw_signin_event *line = &lines->at[i];

		if (line->what != AW_SIGNIN_IN || line->at > created_at)
			continue;
		if (lines->own == NULL) {
			lines->own = line;
			line->own = true;
		} else if (lines->last == NULL) {
			lines->last = lines->base = line;
		}
		if (lines->last != NULL && same_from(line, lines->own)) {
			lines->base = line;
			return;
		}
	}
}

/* Nothing is new about the first. */
static void
mark_new(const struct lines *lines, size_t i)
{
	struct aw_signin_event *line = &lines->at[i];
	bool place = false, client = false, any = false;

	for (size_t k = i + 1; k < lines->count && !(place && client); k++) {
		const struct aw_signin_event *before = &lines->at[k];

		if (before->what != AW_SIGNIN_IN)
			continue;
		any = true;
		place = place || aw_text_eq(before->place, line->place);
		client = client || same_client(before, line);
	}
	line->new_place = any && !place && !aw_text_eq(line->place, "-");
	line->new_client = any && !client;
}

static bool
is_try(const struct aw_signin_event *line)
{
	return line->what == AW_SIGNIN_WRONG || line->what == AW_SIGNIN_WRONG_CODE;
}

static bool
is_change(const struct aw_signin_event *line)
{
	return line->what >= AW_SIGNIN_PASSWORD;
}

/* Before the first sign-in an account is made, and its password handed over: no news but tries. */
static bool
is_since(const struct lines *lines, const struct aw_signin_event *line)
{
	if (lines->own == NULL)
		return false;
	return lines->base != NULL ? line->leaf > lines->base->leaf : !is_change(line);
}

static bool
is_slip(const struct lines *lines, const struct aw_signin_event *line)
{
	int64_t before_ms = lines->own->at - line->at;

	return line->place == NULL ||
	       (same_from(line, lines->own) && before_ms >= 0 && before_ms <= AW_SIGNIN_SLIP_MS);
}

static void
judge(const struct lines *lines, struct aw_signins *ret)
{
	for (size_t i = 0; i < lines->count; i++) {
		struct aw_signin_event *line = &lines->at[i];

		line->here = lines->own != NULL && aw_text_eq(line->place, lines->own->place);
		line->since = is_since(lines, line);
		if (line->what == AW_SIGNIN_IN)
			mark_new(lines, i);
		if (!line->since)
			continue;
		ret->tries += is_try(line);
		ret->half += line->what == AW_SIGNIN_HALF && !is_slip(lines, line);
		ret->changes += is_change(line);
		ret->new_place = ret->new_place || line->new_place;
		ret->new_client = ret->new_client || line->new_client;
		ret->tell = ret->tell || (is_try(line) && !is_slip(lines, line));
	}
	if (lines->own != NULL && lines->last != NULL) {
		ret->last_at = AW_KNOWN(lines->last->at);
		ret->absent = lines->own->at - lines->last->at >= AW_SIGNIN_ABSENT_MS;
	}
	ret->tries_more = ret->tries_more && ret->tries == AW_SIGNIN_TRIES_READ;
	ret->tell = ret->tell || ret->tries >= AW_LOGIN_FREE_TRIES || ret->half > 0 ||
		    ret->changes > 0 || ret->new_place || ret->new_client || ret->absent;
}

/* -- all ------------------------------------------------------------------------------------------ */

static void
join_tries(struct lines *lines, struct aw_signins *ret)
{
	size_t kept = 0;

	for (size_t i = 0; i < lines->count; i++) {
		const struct aw_signin_event line = lines->at[i];
		struct aw_signin_event *newer = kept == 0 ? NULL : &lines->at[kept - 1];

		if (newer != NULL && is_try(&line) && line.what == newer->what &&
			line.since == newer->since && same_from(&line, newer))
			newer->times++;
		else
			lines->at[kept++] = line;
	}
	ret->events = lines->at;
	ret->count = kept;
}

enum aw_status
aw_signins_read(struct aw_act *act, const struct aw_session *session, struct aw_signins *ret,
	struct aw_error *err)
{
	struct lines lines = { .arena = act->arena };
	struct aw_signins found = { 0 };

	if (read_lines(act, session->account.login, &lines, &found.tries_more, err) != AW_OK)
		return err->status;
	join_halves(&lines);
	find_own(&lines, session->created_at);
	judge(&lines, &found);
	join_tries(&lines, &found);
	*ret = found;
	return AW_OK;
}
