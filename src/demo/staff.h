/**
 * demo/staff - the made-up people who work in the demo: who screens, reviews, serves, decides.
 * Layer: demo.  Threads: static data; accounts are made in a unit of work.
 * Example: tests/demo/test_staff.c
 *
 * Names hold a character of 例 示 範 擬 虛, so that nobody takes them for real. One password a
 * role, the same for every account of it: a demo database only, and the command prints it once.
 */
#ifndef AW_DEMO_STAFF_H
#define AW_DEMO_STAFF_H

#include "guard/act.h"

struct aw_demo_account {
	const char *login;
	const char *name;
	const char *title;
	const char *unit;
	const char *role; /* code of roles.yaml */
	const char *extension;
};

enum { AW_DEMO_STAFF_MOST = 128 };

/* Whoever screens, reviews, leads, serves or is a partner has times - 1 colleagues of the same unit and
 * role, so that a larger city's reports do not all lie on the same few desks. They stand behind the
 * city's own, in the order of these; only whose role grows has an entry of colleagues[] that counts. */
struct aw_demo_staff {
	const struct aw_demo_account *accounts;
	size_t count, own;
	uint32_t times;
	size_t colleagues[AW_DEMO_STAFF_MOST]; /* index of the first, by account of the own */
	int64_t *ids;			       /* by account, once they are made */
};

/* A password that opens every account of a role. Readable, of the role's name and a number drawn
 * from the seed. */
struct aw_demo_password {
	const char *role;
	const char *text;
	char hash[128];
};
enum { AW_DEMO_ROLES_MOST = 16 };
struct aw_demo_passwords {
	struct aw_demo_password at[AW_DEMO_ROLES_MOST];
	size_t count;
};

/** The table of accounts, in the arena, ids 0. times >= 1: how many people do the work of one. */
void aw_demo_staff(struct aw_arena *arena, uint32_t times, struct aw_demo_staff *ret);

/** The n-th of those who do the work of an account of the own: itself, its colleagues, and round again. */
size_t aw_demo_staff_colleague(const struct aw_demo_staff *staff, size_t account, uint32_t n);

/** Makes a password for each role and hashes it (cheaply: a demo's). Not on the writer's thread. */
AW_MUST_CHECK enum aw_status aw_demo_passwords(
	struct aw_arena *arena, uint64_t seed, struct aw_demo_passwords *ret, struct aw_error *err);

/** Makes every account; fills staff->ids. In a unit of work. */
AW_MUST_CHECK enum aw_status aw_demo_staff_make(struct aw_act *act, struct aw_demo_staff *staff,
	const struct aw_demo_passwords *passwords, struct aw_error *err);

/** The n-th account of a unit with a role, round and round; SIZE_MAX if the unit has none. */
size_t aw_demo_staff_find(
	const struct aw_demo_staff *staff, const char *unit, const char *role, uint32_t n);
/** Somebody who answers for a unit: its supervisor, else its partner. SIZE_MAX if it has neither. */
size_t aw_demo_staff_head(const struct aw_demo_staff *staff, const char *unit, uint32_t n);

/** The account as who acts, for a purpose. */
struct aw_viewer
aw_demo_viewer(const struct aw_demo_staff *staff, size_t account, const char *purpose);

#endif
