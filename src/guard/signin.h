/**
 * guard/signin - what happened to an account at the login, as its holder is told.
 * Layer: guard.  Threads: inside a reading; the words of an entry anywhere.
 * Example: tests/guard/test_signin.c
 *
 * There is no mail here: whoever signs in is led to what they should know (ASVS 5.0, 6.3.5 and 6.3.7), and
 * finds it on their account's page at any time. All of it stands in the log already; this reads it. Told are
 * tries with a wrong password or code; a right password that no code followed; a sign-in from a network or
 * with a kind of program that the account did not come with before, or after a long absence; and each change
 * of password, second factor or account, by whomever. (A login cannot be changed, and there is no address of
 * mail.)
 *
 * "Since" counts from one's last sign-in with the same kind of program from the same network: whoever came in
 * with a stolen password from elsewhere cannot read the news away.
 *
 * One's own slips are no news: fewer than three tries, all from here in the ten minutes before one's own
 * sign-in, or in a session. They are in the list.
 *
 * Where a sign-in comes from is kept in the log as codes alone: the system and the browser, each of a short
 * list, and ten bits of a hash of the account and its network (IPv4 /16, IPv6 /32): enough to say "not the
 * same as before", and some 64 networks have each. No address and no word of the browser's own is kept.
 */
#ifndef AW_GUARD_SIGNIN_H
#define AW_GUARD_SIGNIN_H

#include "guard/account.h"

#define AW_SIGNIN_ABSENT_MS (30 * AW_DAY_MS)
#define AW_SIGNIN_SLIP_MS (10 * AW_MINUTE_MS)

enum { AW_SIGNIN_TRIES_READ = 500 }; /* so many, and what came before is no longer counted */

/* What net/ knows of who signs in. Either may be NULL. */
struct aw_signin_from {
	const char *address;
	const char *agent; /* User-Agent */
};

/* The codes of it. */
struct aw_signin_codes {
	const char *place, *system, *browser;
};

/** In the arena, or constant. */
struct aw_signin_codes
aw_signin_codes(struct aw_arena *arena, int64_t account, const struct aw_signin_from *from);

/** The detail of an entry: why, and the codes of where it came from (NULL: of no sign-in, but of a proof in
 *  a session). asks: a code has to follow. In the arena. */
const char *aw_signin_detail(struct aw_arena *arena, const char *why, int64_t account,
	const struct aw_signin_from *from, bool asks);

enum aw_signin_what {
	AW_SIGNIN_IN,
	AW_SIGNIN_HALF, /* the right password, and no code after it */
	AW_SIGNIN_WRONG,
	AW_SIGNIN_WRONG_CODE,
	AW_SIGNIN_PASSWORD,
	AW_SIGNIN_RESET,
	AW_SIGNIN_FACTOR_ON,
	AW_SIGNIN_CODES,
	AW_SIGNIN_FACTOR_OFF,
	AW_SIGNIN_FACTOR_RESET,
	AW_SIGNIN_DISABLED,
	AW_SIGNIN_ENABLED,
	AW_SIGNIN_UNTIL, /* the account's last day */
	AW_SIGNIN_IDLE,	 /* disabled by the program, as nobody used it */
	AW_SIGNIN_WHATS,
};

/* One line. Alike tries that follow each other are one. */
struct aw_signin_event {
	int64_t leaf, at; /* of the newest */
	enum aw_signin_what what;
	int64_t times;
	struct aw_maybe account; /* who did it; unknown: by the command at the machine */
	const char *system;  /* windows, macos, linux, android, ios, other; NULL: in a session */
	const char *browser; /* chrome, edge, firefox, safari, other */
	const char *place;   /* the network's code; "-": of no network */
	bool new_place, new_client; /* IN: none before it came so */
	bool by_code;		    /* IN: with a code */
	bool here;		    /* the same network as the present sign-in */
	bool since;		    /* to be told of */
	bool own;		    /* the present sign-in */
};

struct aw_signins {
	struct aw_signin_event *events; /* newest first */
	size_t count;
	struct aw_maybe last_at; /* the sign-in before the present one; unknown: there is none */
	int64_t tries;		 /* wrong ones since */
	bool tries_more;	 /* at least so many */
	int64_t half;		 /* since */
	int64_t changes;	 /* since */
	bool new_place, new_client, absent;
	bool tell; /* something of it is to be looked at */
};

/** What the log says of a session's account, as its holder sees it. The session needs its account and
 *  created_at. In the act's arena. Cost: three statements by the log's index of objects. */
AW_MUST_CHECK enum aw_status aw_signins_read(struct aw_act *act, const struct aw_session *session,
	struct aw_signins *ret, struct aw_error *err);

#endif
