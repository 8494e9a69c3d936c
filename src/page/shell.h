/**
 * page/shell - what stands around every page: who looks, for what purpose, where one can go.
 * Layer: page.  Threads: plain data of one request.
 *
 * net/ fills one shell a request; templates read it as {{shell...}}.
 */
#ifndef AW_PAGE_SHELL_H
#define AW_PAGE_SHELL_H

#include <stdbool.h>
#include <stdint.h>

#include "page/message.h"
#include "page/view.h"

/* One entry of the left menu. Its words are the message "nav.<code>"; group and icon are the
 * house's (shell.c), unknown codes are our bug (assert). */
struct aw_nav_item {
	const char *code; /* "work", "reports", "board", "people", ... */
	const char *path; /* "/board" */
	int64_t count;	  /* waiting for this viewer; -1 = none shown */
	bool hot;	  /* overdue or due today among them: red */
};

/* Emergency access that the viewer has open: said on every page. */
struct aw_shell_open {
	const char *number; /* of the access */
	const char *person; /* public number */
	int64_t until_ms;
};

struct aw_shell {
	const char *city;   /* as shown */
	const char *centre; /* who receives reports, as the public page names it */
	bool signed_in;
	const char *name; /* of the viewer */
	const char *title;
	const char *unit;	       /* as shown */
	const char *purpose;	       /* code: message "purpose.<code>" */
	const char *csrf;	       /* token of this session; NULL without one */
	const char *path;	       /* as asked: decides which entry is current */
	const struct aw_nav_item *nav; /* those this viewer may use, in any order */
	size_t nav_count;
	int64_t unread;	   /* of the bell; -1 = no bell */
	bool demo;	   /* made-up people: said on every page */
	bool policy_stale; /* the last good policy stays in force after a failed load */
	const struct aw_shell_open *open;
	size_t open_count;
	bool verify;	    /* something on the page waits for a fresh proof of who looks */
	bool recorded;	    /* this look is in the log: said at the foot */
	const char *notice; /* message key of the toast; may be NULL */
	const char *undo;   /* path that takes it back; may be NULL */
	const char *theme;  /* "light", "dark", NULL = the reader's system */
	int64_t now_ms;	    /* business time */
	uint64_t change;    /* the last one the page holds (db/change.h) */
};

extern const struct aw_view_type aw_shell_view;

/** The shell as a view, for the templates. */
struct aw_view *aw_shell_as_view(
	struct aw_arena *arena, const struct aw_shell *shell, const struct aw_catalog *catalog);

#endif
