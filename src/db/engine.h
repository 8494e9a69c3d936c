/**
 * db/engine - the boundary between db/ and a database engine: a table of functions each.
 * Layer: db, inside it alone.  Threads: a connection belongs to one thread at a time.
 *
 * What an engine must do is little: open, transactions with savepoints, and running a described
 * statement with cells in and cells out. Types, structs and arenas are db/stmt.c's, for both.
 */
#ifndef AW_DB_ENGINE_H
#define AW_DB_ENGINE_H

#include "db/db.h"
#include "db/stmt.h"

/* More parameters or columns than this no statement may have; the generator refuses them too. */
#define AW_SQL_FIELDS_MAX 64

enum aw_cell_kind {
	AW_CELL_NULL,
	AW_CELL_INT,
	AW_CELL_TEXT,
	AW_CELL_BYTES,
	AW_CELL_OTHER, /* a type the house does not use: floats, numerics */
};

/* One value on its way in or out. Borrowed: out cells live until the row callback returns. */
struct aw_cell {
	enum aw_cell_kind kind;
	int64_t number;
	const void *at; /* text is NUL-terminated; never NULL for text and bytes */
	size_t len;
};

typedef enum aw_status
aw_cells_fn(const struct aw_cell *cells, uint32_t count, void *arg, struct aw_error *err);

enum aw_role {
	AW_ROLE_READER,
	AW_ROLE_WRITER,
	AW_ROLE_BULK,	      /* a writer that does not wait for the disk */
	AW_ROLE_CHECKPOINTER, /* moves the write-ahead log home */
};

enum aw_step {
	AW_STEP_BEGIN_READ,
	AW_STEP_BEGIN_WRITE,
	AW_STEP_COMMIT,
	AW_STEP_ROLLBACK,
	AW_STEP_SAVE,	 /* a savepoint; they do not nest */
	AW_STEP_RELEASE, /* keeps what was done since */
	AW_STEP_UNDO,	 /* undoes it and releases the savepoint */
	AW_STEPS,
};

/* Asks by statements of one row. */
typedef enum aw_status aw_asks_fn(void *arg, struct aw_error *err);

struct aw_engine;
struct aw_limits;
struct aw_conn {
	const struct aw_engine *engine; /* each engine's own struct begins with this one */
	bool ddl_allowed;		/* for the length of a migration */
	bool tells;			/* a writer beside which others may be: changes are noted */
	const struct aw_limits *limits; /* set: what runs is a policy's, see db/published.h */
};

struct aw_engine {
	const char *name; /* "sqlite", "postgres" */
	/* Makes what must exist beside connections. Where one process alone may write, takes that lock;
	 * elsewhere *ret_lock is what on_duty asks. It goes to unlock. */
	enum aw_status (*lock)(
		const struct aw_db_options *options, void **ret_lock, struct aw_error *err);
	void (*unlock)(void *lock);
	/* True for one process at a time: who does what is to be done once (net/worker.h). NULL: the
	 * lock says so already. One caller at a time. */
	bool (*on_duty)(void *lock);
	enum aw_status (*open)(const char *url, enum aw_role role, struct aw_conn **ret_conn,
		struct aw_error *err);
	void (*close)(struct aw_conn *conn);
	enum aw_status (*step)(struct aw_conn *conn, enum aw_step step, struct aw_error *err);
	/* A step that begins, and asks on the same journey: asks is called to send its questions, when each
	 * of them finds nothing, and once more to be answered. NULL: questions cost no journey. */
	enum aw_status (*begin_asking)(struct aw_conn *conn, enum aw_step step, aw_asks_fn *asks,
		void *arg, struct aw_error *err);
	/* False when the engine itself gave up the transaction (disk full, I/O error). */
	bool (*in_transaction)(struct aw_conn *conn);
	/* True if what is under way met another's change: it can only be run again as a whole. NULL
	 * where nobody else writes. */
	bool (*conflicted)(struct aw_conn *conn);
	enum aw_status (*run)(struct aw_conn *conn, const struct aw_sql *sql,
		const struct aw_cell *ins, aw_cells_fn *fn, void *arg, int64_t *ret_changed,
		struct aw_error *err);
	/* Runs one statement of a migration, in a transaction of a writer. */
	enum aw_status (*define)(struct aw_conn *conn, const char *text, struct aw_error *err);
	/* True if the transaction about to commit touched a table of facts (db/memo.h); asking may
	 * forget. */
	bool (*touched)(struct aw_conn *conn);
	/* True if a statement that may write ran since it was last asked, which asking forgets; also if
	 * one failed behind which the transaction takes no other. */
	bool (*wrote)(struct aw_conn *conn);
	/* Waits for what ran and is not answered yet: AW_OK says that all of it was done. NULL: what runs
	 * is answered at once. */
	enum aw_status (*arrive)(struct aw_conn *conn, struct aw_error *err);
	/* Moves finished log frames home; NULL where the engine does so itself. */
	enum aw_status (*checkpoint)(struct aw_conn *conn, struct aw_error *err);
	/* Leaves what a writer filled as it shall be found, when it ends. */
	enum aw_status (*settle)(struct aw_conn *conn, struct aw_error *err);
	const char *const
		*publish; /* defines what a policy sees (db/published.h), after migrations;
				     * NULL where the views themselves are looked at */
	/* Fills a table without an answer for each row: copy is its text for that. Between begin and end,
	 * which comes after an error too, nothing else runs on conn. NULL: rows are inserted one by one. */
	enum aw_status (*load_begin)(struct aw_conn *conn, const char *copy, struct aw_error *err);
	enum aw_status (*load_row)(struct aw_conn *conn, const struct aw_cell *cells,
		uint32_t count, struct aw_error *err);
	enum aw_status (*load_end)(struct aw_conn *conn, struct aw_error *err);
	/* See aw_db_scrub; conn is a writer of its own, outside a transaction. */
	enum aw_status (*scrub)(struct aw_conn *conn, struct aw_error *err);
	/* See aw_db_doubts; conn is a writer of its own. NULL: the engine's settings are all ours. */
	enum aw_status (*doubts)(struct aw_conn *conn, struct aw_arena *arena,
		const char **ret_text, struct aw_error *err);
	const char *const *(*migration)(size_t index); /* its words in aw_migrations[index] */
	const char *ledger; /* makes the table of migrations where there is none */
};

extern const struct aw_engine aw_engine_sqlite;
extern const struct aw_engine aw_engine_pg;

/** The engine of a url, NULL for an unknown one. */
const struct aw_engine *aw_engine_of(const char *url);

/* Work to do after a commit, oldest first. */
struct aw_after {
	void (*fn)(void *arg);
	void *arg;
	struct aw_after *next;
};

/* A change that a unit noted (db/change.h), oldest first. */
struct aw_note {
	const char *kind;
	int64_t reference;
	struct aw_note *next;
};

struct aw_memo;
struct aw_lasts;
struct aw_tx {
	struct aw_conn *conn;
	bool writes;
	struct aw_memo *memo;	/* NULL: nothing is kept */
	uint64_t stamp;		/* of the facts, not newer than the snapshot */
	uint32_t turns;		/* that it has, see aw_memo_take */
	int64_t noted;		/* rows of the table change */
	struct aw_lasts *lasts; /* NULL: nothing is counted on */
	bool bold, dared;	/* see aw_tx_dares */
	struct aw_arena arena;	/* of the lists below */
	struct aw_note *notes;
	struct aw_after *after;
	struct aw_after **after_end;
};

#endif
