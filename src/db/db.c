/* An open database: its lock, its writer, and a reader a thread. */
#include "db/db.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "db/engine.h"
#include "db/follow.h"
#include "db/internal.h"
#include "db/last_keep.h"
#include "db/memo_keep.h"
#include "db/writer.h"

/* A reader's connection. It goes back to the idle ones when its thread ends. */
struct reader {
	struct aw_conn *conn;
	struct aw_db *db;
	struct aw_tx tx;
	struct aw_lasts lasts;
	unsigned depth; /* readings inside readings share the outer snapshot */
	struct reader *next_idle;
	struct reader *next; /* all of them, for closing */
};

struct aw_db {
	const struct aw_engine *engine;
	char *url;
	void *lock;
	struct aw_writer *writer;
	struct aw_memo *memo;
	struct aw_follow *follow; /* NULL where no other server can write */
	struct aw_ear ear;
	pthread_mutex_t duty_lock; /* one asks at a time */
	pthread_key_t mine;	   /* the thread's reader */
	pthread_mutex_t readers_lock;
	struct reader *idle, *all; /* guarded by readers_lock */
};

const struct aw_engine *
aw_engine_of(const char *url)
{
	if (strncmp(url, "sqlite:", 7) == 0)
		return &aw_engine_sqlite;
	if (strncmp(url, "postgres://", 11) == 0 || strncmp(url, "postgresql://", 13) == 0)
		return &aw_engine_pg;
	return NULL;
}

static void
reader_to_idle(void *arg)
{
	struct reader *reader = arg;
	struct aw_db *db = reader->db;

	pthread_mutex_lock(&db->readers_lock);
	reader->next_idle = db->idle;
	db->idle = reader;
	pthread_mutex_unlock(&db->readers_lock);
}

static enum aw_status
start_writer(struct aw_db *db, const struct aw_db_options *options, struct aw_error *err)
{
	struct aw_conn *conn = NULL, *checkpointer = NULL;

	if (db->engine->open(db->url, options->bulk ? AW_ROLE_BULK : AW_ROLE_WRITER, &conn, err) !=
		AW_OK)
		return err->status;
	if (db->engine->checkpoint != NULL && !options->bulk &&
		db->engine->open(db->url, AW_ROLE_CHECKPOINTER, &checkpointer, err) != AW_OK) {
		db->engine->close(conn);
		return err->status;
	}
	db->writer =
		aw_writer_start(conn, checkpointer, db->follow, &db->ear, options->queue_limit);
	return AW_OK;
}

enum aw_status
aw_db_open(const struct aw_db_options *options, struct aw_db **ret_db, struct aw_error *err)
{
	const struct aw_engine *engine = aw_engine_of(options->url);
	struct aw_db *db;

	if (engine == NULL)
		return aw_fail(err, AW_INVALID,
			"a database is named sqlite:PATH or postgres://..., not \"%.40s\"",
			options->url);
	db = calloc(1, sizeof(*db));
	if (db == NULL)
		aw_die("no memory left for a database");
	db->engine = engine;
	db->url = strdup(options->url);
	if (db->url == NULL || pthread_key_create(&db->mine, reader_to_idle) != 0)
		aw_die("no memory left for a database");
	pthread_mutex_init(&db->readers_lock, NULL);
	pthread_mutex_init(&db->duty_lock, NULL);
	pthread_mutex_init(&db->ear.lock, NULL);
	db->memo = aw_memo_new();
	if (engine->on_duty != NULL)
		db->follow = aw_follow_new(&db->ear);
	if (engine->lock(options, &db->lock, err) == AW_OK &&
		start_writer(db, options, err) == AW_OK) {
		*ret_db = db;
		return AW_OK;
	}
	aw_db_close(db);
	return err->status;
}

void
aw_db_on_wait(struct aw_db *db, void (*fn)(bool waits))
{
	aw_memo_on_wait(db->memo, fn);
}

void
aw_db_close(struct aw_db *db)
{
	if (db == NULL)
		return;
	pthread_key_delete(db->mine);
	for (struct reader *reader = db->all, *next; reader != NULL; reader = next) {
		next = reader->next;
		db->engine->close(reader->conn);
		free(reader);
	}
	if (db->writer != NULL)
		aw_writer_stop(db->writer);
	if (db->lock != NULL)
		db->engine->unlock(db->lock);
	pthread_mutex_destroy(&db->readers_lock);
	pthread_mutex_destroy(&db->duty_lock);
	pthread_mutex_destroy(&db->ear.lock);
	aw_memo_free(db->memo);
	aw_follow_free(db->follow);
	free(db->url);
	free(db);
}

/* This thread's reader: its own, an idle one, or a new one. */
static enum aw_status
my_reader(struct aw_db *db, struct reader **ret_reader, struct aw_error *err)
{
	struct reader *reader = pthread_getspecific(db->mine);

	if (reader != NULL) {
		*ret_reader = reader;
		return AW_OK;
	}
	pthread_mutex_lock(&db->readers_lock);
	reader = db->idle;
	if (reader != NULL)
		db->idle = reader->next_idle;
	pthread_mutex_unlock(&db->readers_lock);
	if (reader == NULL) {
		struct aw_conn *conn = NULL;
		if (db->engine->open(db->url, AW_ROLE_READER, &conn, err) != AW_OK)
			return err->status;
		reader = calloc(1, sizeof(*reader));
		if (reader == NULL)
			aw_die("no memory left for a reader");
		reader->conn = conn;
		reader->db = db;
		reader->tx.conn = conn;
		pthread_mutex_lock(&db->readers_lock);
		reader->next = db->all;
		db->all = reader;
		pthread_mutex_unlock(&db->readers_lock);
	}
	if (pthread_setspecific(db->mine, reader) != 0)
		aw_die("no memory left for a reader");
	*ret_reader = reader;
	return AW_OK;
}

/* Where others write, their changes come into memory first, and the last one's number is the stamp. */
static enum aw_status
follow_others(struct aw_db *db, struct reader *reader, struct aw_error *err)
{
	if (!aw_follow_started(db->follow))
		return AW_OK;
	reader->tx.memo = db->memo;
	return aw_follow_catch_up(db->follow, &reader->tx, &reader->tx.stamp, err);
}

enum aw_status
aw_db_read(struct aw_db *db, aw_work_fn *fn, void *arg, struct aw_error *err)
{
	struct aw_error ignored = { 0 };
	struct reader *reader = NULL;
	enum aw_status status;

	if (my_reader(db, &reader, err) != AW_OK)
		return err->status;
	if (reader->depth > 0)
		return fn(&reader->tx, arg, err);
	reader->tx.memo = db->follow == NULL ? db->memo : NULL;
	reader->tx.stamp = aw_writer_stamp(db->writer); /* before the snapshot: never newer */
	reader->tx.lasts = db->follow == NULL ? NULL : &reader->lasts;
	if (aw_lasts_begin(&reader->lasts, reader->conn, AW_STEP_BEGIN_READ, err) != AW_OK)
		return err->status;
	reader->depth++;
	status = db->follow == NULL ? AW_OK : follow_others(db, reader, err);
	if (status == AW_OK)
		status = fn(&reader->tx, arg, err);
	reader->depth--;
	if (db->engine->in_transaction(reader->conn))
		(void)db->engine->step(reader->conn, AW_STEP_ROLLBACK, &ignored);
	return status;
}

enum aw_status
aw_db_write(struct aw_db *db, aw_work_fn *fn, void *arg, struct aw_error *err)
{
	return aw_writer_submit(db->writer, fn, arg, err);
}

void
aw_db_write_later(
	struct aw_db *db, aw_work_fn *fn, void *const *args, struct aw_error *errs, size_t count)
{
	aw_writer_submit_later(db->writer, fn, args, errs, count);
}

enum aw_status
aw_db_scrub(struct aw_db *db, struct aw_error *err)
{
	struct aw_conn *conn = NULL;
	enum aw_status status = db->engine->open(db->url, AW_ROLE_WRITER, &conn, err);

	if (status != AW_OK)
		return status;
	status = db->engine->scrub(conn, err);
	db->engine->close(conn);
	return status;
}

enum aw_status
aw_db_doubts(struct aw_db *db, struct aw_arena *arena, const char **ret_text, struct aw_error *err)
{
	struct aw_conn *conn = NULL;
	enum aw_status status;

	*ret_text = NULL;
	if (db->engine->doubts == NULL)
		return AW_OK;
	if (db->engine->open(db->url, AW_ROLE_WRITER, &conn, err) != AW_OK)
		return err->status;
	status = db->engine->doubts(conn, arena, ret_text, err);
	db->engine->close(conn);
	return status;
}

struct following {
	struct aw_db *db;
	const char *kind;
	aw_change_fn *fn;
	void *arg;
};

static enum aw_status
follow_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const struct following *f = arg;

	return aw_follow_add(f->db->follow, tx, f->kind, f->fn, f->arg, err);
}

enum aw_status
aw_db_follow(struct aw_db *db, const char *kind, aw_change_fn *fn, void *arg, struct aw_error *err)
{
	struct following following = { .db = db, .kind = kind, .fn = fn, .arg = arg };

	return db->follow == NULL ? AW_OK : aw_db_read(db, follow_in, &following, err);
}

void
aw_db_follow_start(struct aw_db *db)
{
	if (db->follow != NULL)
		aw_follow_start(db->follow);
}

void
aw_db_listen(struct aw_db *db, aw_told_fn *fn, void *arg)
{
	pthread_mutex_lock(&db->ear.lock);
	db->ear.fn = fn;
	db->ear.arg = arg;
	pthread_mutex_unlock(&db->ear.lock);
}

uint64_t
aw_tx_number(const struct aw_tx *tx)
{
	return tx->stamp;
}

bool
aw_db_on_duty(struct aw_db *db)
{
	bool mine;

	if (db->engine->on_duty == NULL)
		return true;
	pthread_mutex_lock(&db->duty_lock);
	mine = db->engine->on_duty(db->lock);
	pthread_mutex_unlock(&db->duty_lock);
	return mine;
}

void
aw_tx_after_commit(struct aw_tx *tx, void (*fn)(void *arg), void *arg)
{
	struct aw_after *after = AW_NEW(&tx->arena, struct aw_after);

	after->fn = fn;
	after->arg = arg;
	*tx->after_end = after;
	tx->after_end = &after->next;
}

bool
aw_tx_dares(struct aw_tx *tx)
{
	tx->dared |= tx->bold;
	return tx->bold;
}

bool
aw_tx_writes(const struct aw_tx *tx)
{
	return tx->writes;
}

const struct aw_engine *
aw_db_engine(const struct aw_db *db)
{
	return db->engine;
}

const char *
aw_db_url(const struct aw_db *db)
{
	return db->url;
}
