/* Loads an extract: rows to records or people, a chunk a unit of work. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "city/person/base_rows.h"
#include "city/person/links.h"
#include "city/person/register.sql.h"

enum { CHUNK_ROWS = 500, DIGEST_INPUT_LIMIT = 1 << 20 };

/* What a chunk adds to, and carries to the next one. */
struct progress {
	struct aw_import_counts counts;
	struct aw_base_household household;
	int64_t quarantine_key; /* 0: none made yet */
};

/* One line of the file: a row, or what stood there and why it could not be read. */
struct line {
	struct aw_csv_row row;
	const char *reason; /* NULL: row was read as CSV */
};

struct import {
	const struct aw_import_options *options;
	const struct aw_register_map *map;
	struct aw_row_header header;
	struct aw_csv csv;
	int32_t extract_day;
	const char *sha256;
	struct progress done;
};

struct chunk {
	struct import *import;
	struct aw_arena *arena;
	struct line *lines;
	size_t count;
	struct progress progress; /* of the last run of the unit */
	bool first;
};

static struct aw_act
act_of(const struct chunk *chunk, struct aw_tx *tx)
{
	const struct aw_import_options *o = chunk->import->options;

	return (struct aw_act){ .tx = tx,
		.arena = chunk->arena,
		.viewer = o->viewer,
		.policy = o->policy,
		.keyring = o->keyring,
		.ids = o->ids,
		.people = o->people,
		.now_ms = o->now_ms,
		.real_ms = o->real_ms,
		.demo = o->demo,
		.action = "register.import" };
}

static struct aw_maybe
account_of(const struct aw_act *act)
{
	return act->viewer != NULL && act->viewer->account != 0 ? AW_KNOWN(act->viewer->account)
								: AW_UNKNOWN;
}

/* -- records ------------------------------------------------------------------------------------------- */

/* Keyed by the record's own key: nobody can try names against it without. */
static struct aw_bytes
digest_of(struct aw_arena *arena, const struct aw_key *key, const char *text)
{
	size_t len = strlen(text);
	uint8_t *in = aw_arena_alloc(arena, sizeof(key->secret) + len);
	uint8_t *digest = aw_arena_alloc(arena, AW_SHA256_BYTES);

	memcpy(in, key->secret, sizeof(key->secret));
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): bytes for a hash, not a text */
	memcpy(in + sizeof(key->secret), text, len);
	aw_sha256(in, sizeof(key->secret) + len, digest);
	explicit_bzero(in, sizeof(key->secret) + len);
	return (struct aw_bytes){ digest, AW_SHA256_BYTES };
}

static enum aw_status
add_record(struct aw_act *act, const struct import *import, const struct aw_register_row *row,
	struct progress *progress, struct aw_error *err)
{
	struct sql_record_insert_in in = { .id = aw_act_id(act),
		.register_code = import->map->code,
		.source_id = row->source_id,
		.extract = progress->counts.extract,
		.key = aw_act_id(act),
		.status = row->status,
		.unit = row->unit,
		.from_day = row->from_day,
		.to_day = row->to_day };
	struct aw_place place = { "register_record", "sealed", in.id, 1 };
	struct aw_key key = { 0 };

	if (aw_key_make(act->tx, act->keyring, in.key, "record", &key, err) != AW_OK)
		return err->status;
	in.sealed = aw_seal(act->arena, act->keyring, &key, place, aw_str(row->text));
	in.digest = digest_of(act->arena, &key, row->text);
	aw_key_done(&key);
	if (sql_record_insert(act->tx, &in, err) != AW_OK)
		return aw_wrap(err, "keeping a record");
	progress->counts.fresh++;
	return aw_record_recognise(act, in.id, import->map->code, &row->identity,
		&progress->counts.linked, &progress->counts.proposed, err);
}

static enum aw_status
change_record(struct aw_act *act, const struct import *import, const struct aw_register_row *row,
	const struct sql_record_by_source *old, struct progress *progress, struct aw_error *err)
{
	struct sql_record_update_in in = { .id = old->id,
		.version = old->version,
		.extract = progress->counts.extract,
		.status = row->status,
		.unit = row->unit,
		.from_day = row->from_day,
		.to_day = row->to_day };
	struct aw_place place = { "register_record", "sealed", old->id, old->version + 1 };
	struct aw_key key = { 0 };
	int64_t changed = 0;
	enum aw_status status = aw_key_get(act->tx, act->keyring, old->key, &key, err);

	if (status == AW_NOT_FOUND) { /* its person was erased: what the agency sends is not kept */
		aw_error_clear(err);
		progress->counts.same++;
		return AW_OK;
	}
	if (status != AW_OK)
		return status;
	in.digest = digest_of(act->arena, &key, row->text);
	if (in.digest.len == old->digest.len &&
		memcmp(in.digest.at, old->digest.at, in.digest.len) == 0) {
		aw_key_done(&key);
		progress->counts.same++;
		return AW_OK;
	}
	in.sealed = aw_seal(act->arena, act->keyring, &key, place, aw_str(row->text));
	aw_key_done(&key);
	if (sql_record_update(act->tx, &in, &changed, err) != AW_OK)
		return aw_wrap(err, "changing a record");
	progress->counts.changed++;
	return aw_record_recognise(act, old->id, import->map->code, &row->identity,
		&progress->counts.linked, &progress->counts.proposed, err);
}

static enum aw_status
take_record(struct aw_act *act, const struct import *import, const struct aw_register_row *row,
	struct progress *progress, struct aw_error *err)
{
	struct sql_record_by_source old;
	bool found = false;

	if (sql_record_by_source(act->tx,
		    &(struct sql_record_by_source_in){
			    .register_code = import->map->code, .source_id = row->source_id },
		    act->arena, &old, &found, err) != AW_OK)
		return err->status;
	return found ? change_record(act, import, row, &old, progress, err)
		     : add_record(act, import, row, progress, err);
}

static enum aw_status
take_base(struct aw_act *act, const struct aw_register_row *row, struct progress *progress,
	struct aw_error *err)
{
	enum aw_row_fate fate;

	if (aw_base_row_take(
		    act, row, &progress->household, progress->counts.extract, &fate, err) != AW_OK)
		return err->status;
	switch (fate) {
	case AW_ROW_FRESH:
		progress->counts.fresh++;
		progress->counts.created++;
		break;
	case AW_ROW_CHANGED:
		progress->counts.changed++;
		break;
	case AW_ROW_SAME:
	default:
		progress->counts.same++;
		break;
	}
	return AW_OK;
}

/* -- put aside ----------------------------------------------------------------------------------------- */

static enum aw_status
put_aside(struct aw_act *act, const struct line *line, const char *reason,
	struct progress *progress, struct aw_error *err)
{
	struct sql_quarantine_insert_in in = { .id = aw_act_id(act),
		.extract = progress->counts.extract,
		.line = line->row.line,
		.reason = reason };
	struct aw_place place = { "quarantine", "sealed", in.id, 1 };
	struct aw_key key = { 0 };

	if (progress->quarantine_key == 0) {
		progress->quarantine_key = aw_act_id(act);
		if (aw_key_make(act->tx, act->keyring, progress->quarantine_key, "record", &key,
			    err) != AW_OK)
			return err->status;
	} else if (aw_key_get(act->tx, act->keyring, progress->quarantine_key, &key, err) !=
		   AW_OK) {
		return err->status;
	}
	in.key = progress->quarantine_key;
	in.sealed = aw_seal(act->arena, act->keyring, &key, place, line->row.whole);
	aw_key_done(&key);
	progress->counts.quarantined++;
	return sql_quarantine_insert(act->tx, &in, err);
}

/* -- a chunk -------------------------------------------------------------------------------------------- */

static enum aw_status
take_line(struct aw_act *act, const struct import *import, const struct line *line,
	struct progress *progress, struct aw_error *err)
{
	struct aw_register_row row;
	const char *reason = line->reason;

	progress->counts.rows++;
	if (reason == NULL && aw_register_row_read(act->arena, act->policy, &import->header,
				      &line->row, &row, &reason))
		return import->map->base ? take_base(act, &row, progress, err)
					 : take_record(act, import, &row, progress, err);
	return put_aside(act, line, reason, progress, err);
}

/* The extract that a later piece names has to be one of this register. */
static enum aw_status
go_on(struct aw_act *act, const struct import *import, struct aw_error *err)
{
	struct sql_extract_going_on row;
	bool found = false;

	if (sql_extract_going_on(act->tx,
		    &(struct sql_extract_going_on_in){
			    .id = import->options->extract, .register_code = import->map->code },
		    act->arena, &row, &found, err) != AW_OK)
		return err->status;
	return found ? AW_OK : aw_fail(err, AW_NOT_FOUND, "there is no such extract to go on with");
}

static enum aw_status
begin_extract(struct aw_act *act, const struct import *import, struct progress *progress,
	struct aw_error *err)
{
	struct sql_extract_insert_in in = { .id = aw_act_id(act),
		.register_code = import->map->code,
		.extract_day = import->extract_day,
		.file = import->options->file_name,
		.sha256 = import->sha256,
		.loaded_at = act->now_ms,
		.loaded_by = account_of(act) };

	progress->counts.extract = in.id;
	return sql_extract_insert(act->tx, &in, err);
}

/* May be run again: everything it changes is in chunk->progress, begun anew each time. */
static enum aw_status
load_chunk(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct chunk *chunk = arg;
	struct import *import = chunk->import;
	struct aw_act act = act_of(chunk, tx);
	struct progress now = import->done;
	int64_t changed = 0;

	if (chunk->first && begin_extract(&act, import, &now, err) != AW_OK)
		return err->status;
	if (import->options->extract != 0 && import->done.counts.rows == 0 &&
		go_on(&act, import, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < chunk->count; i++)
		if (take_line(&act, import, &chunk->lines[i], &now, err) != AW_OK)
			return aw_wrap(err, "line %u of %s", chunk->lines[i].row.line,
				import->options->file_name);
	if (sql_extract_count(tx,
		    &(struct sql_extract_count_in){ .id = now.counts.extract,
			    .rows = now.counts.rows - import->done.counts.rows,
			    .fresh = now.counts.fresh - import->done.counts.fresh,
			    .changed = now.counts.changed - import->done.counts.changed,
			    .same = now.counts.same - import->done.counts.same,
			    .quarantined =
				    now.counts.quarantined - import->done.counts.quarantined },
		    &changed, err) != AW_OK)
		return err->status;
	chunk->progress = now;
	return AW_OK;
}

/* Reads lines of the file until the chunk is full; false at the end of the file. */
static bool
fill_chunk(struct import *import, struct chunk *chunk)
{
	chunk->lines = AW_NEW_ARRAY(chunk->arena, struct line, CHUNK_ROWS);
	while (chunk->count < CHUNK_ROWS) {
		struct line *line = &chunk->lines[chunk->count];
		uint32_t at = import->csv.line;
		struct aw_error err;
		bool more = false;

		if (aw_csv_next(&import->csv, chunk->arena, &line->row, &more, &err) != AW_OK) {
			line->reason = aw_arena_printf(chunk->arena, "row: %s", err.text);
			line->row = (struct aw_csv_row){ .line = at };
			line->row.whole = aw_csv_skip(&import->csv);
			chunk->count++;
			continue;
		}
		if (!more)
			return false;
		if (!line->row.blank)
			chunk->count++;
	}
	return true;
}

/* -- the whole ------------------------------------------------------------------------------------------- */

static enum aw_status
begin_import(
	struct import *import, struct aw_arena *arena, struct aw_str table, struct aw_error *err)
{
	const struct aw_import_options *o = import->options;
	const struct aw_registers *registers = aw_people_registers(o->people, o->policy);
	const char *encoding;
	struct aw_csv_row row;
	struct aw_str text;
	bool more = false;

	import->map = aw_registers_find(registers, o->register_code);
	if (import->map == NULL)
		return aw_fail(err, AW_NOT_FOUND, "the policy has no register of that name");
	if (!import->map->enabled)
		return aw_fail(err, AW_CONFLICT,
			"this register is off in the policy: its legal basis is still to be "
			"supplied");
	if (aw_text_decode(arena, table, &text, &encoding, err) != AW_OK)
		return aw_wrap(err, "%s", o->file_name);
	import->csv = (struct aw_csv){ .text = text, .file = o->file_name };
	import->sha256 = o->sha256 != NULL ? o->sha256 : aw_sha256_hex(arena, table.at, table.len);
	if (aw_csv_next(&import->csv, arena, &row, &more, err) != AW_OK)
		return err->status;
	if (!more)
		return aw_fail_at(err, o->file_name, 1, 0, "the file is empty: a header is needed");
	if (aw_row_header_read(import->map, o->file_name, &row, &import->header, err) != AW_OK)
		return err->status;
	if (o->extract == 0)
		return AW_OK;
	import->csv.line = o->first_line;
	import->done.counts.extract = o->extract;
	if (o->carry != NULL && !aw_base_carried(o->carry, &import->done.household))
		return aw_fail(err, AW_INVALID, "this is not what the piece before answered");
	return AW_OK;
}

/* Of the first row that says one, unless the caller said. */
static void
find_extract_day(struct import *import)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_csv csv = import->csv;
	struct aw_error err;
	bool more = true;

	import->extract_day = aw_taipei_day(import->options->now_ms);
	if (import->options->extract_day.known) {
		import->extract_day = (int32_t)import->options->extract_day.v;
		return;
	}
	for (int tries = 0; tries < 20 && more; tries++) {
		struct aw_csv_row row;

		if (aw_csv_next(&csv, &arena, &row, &more, &err) != AW_OK || !more)
			return;
		for (size_t i = 0; i < row.count && i < import->header.count; i++)
			if (import->header.columns[i] != NULL &&
				import->header.columns[i]->place == AW_MAP_EXTRACT_DAY &&
				aw_roc_read_day(row.fields[i], &import->extract_day, &err) == AW_OK)
				return;
	}
}

enum aw_status
aw_register_import(const struct aw_import_options *options, struct aw_str table,
	struct aw_import_counts *ret_counts, struct aw_error *err)
{
	AW_SCOPE(aw_arena) whole = { 0 };
	struct import import = { .options = options };
	bool more = true;

	if (begin_import(&import, &whole, table, err) != AW_OK)
		return err->status;
	find_extract_day(&import);
	while (more) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct chunk chunk = {
			.import = &import, .arena = &arena, .first = import.done.counts.extract == 0
		};

		more = fill_chunk(&import, &chunk);
		if (chunk.count == 0 && !chunk.first)
			break;
		if (aw_db_write(options->db, load_chunk, &chunk, err) != AW_OK)
			return err->status;
		import.done = chunk.progress;
		if (options->progress != NULL)
			options->progress(
				options->progress_arg, import.csv.at, import.csv.text.len);
	}
	aw_base_carry(&import.done.household, import.done.counts.extract, import.done.counts.carry);
	*ret_counts = import.done.counts;
	return AW_OK;
}
