/* Recomputes the log from its rows and compares it with what was signed. */
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "db/setting.h"
#include "guard/guard.sql.h"
#include "guard/log_leaf.h"
#include "guard/note.h"

static const char *const fault_names[] = {
	[AW_LOG_SOUND] = "sound",
	[AW_LOG_GAP] = "gap",
	[AW_LOG_CHANGED] = "changed",
	[AW_LOG_ROOT] = "root",
	[AW_LOG_SIGNATURE] = "signature",
	[AW_LOG_SHORT] = "short",
	[AW_LOG_NO_KEY] = "no_key",
};

const char *
aw_log_fault_name(enum aw_log_fault fault)
{
	return fault_names[fault];
}

/* A checkpoint to compare with, stored or witnessed. */
struct claim {
	uint64_t size;
	struct aw_hash root;
	struct aw_bytes peaks; /* at NULL: a witness knows none */
};

struct verifying {
	struct aw_arena *arena;
	const char *verifier; /* NULL: take the database's */
	struct aw_str witness;
	bool has_witness;
	struct claim *claims; /* by size */
	size_t claim_count, claim_room, next_claim;
	bool bad_signature;
	struct aw_tree tree;
	struct aw_leaf leaf;
	bool open; /* a row is being read */
	struct aw_hash stored;
	struct aw_log_report report;
};

static void
fault(struct verifying *v, enum aw_log_fault kind, int64_t leaf)
{
	if (v->report.fault != AW_LOG_SOUND)
		return;
	v->report.fault = kind;
	v->report.bad_leaf = leaf;
}

static bool
equal(const struct aw_hash *a, const struct aw_hash *b)
{
	return memcmp(a->at, b->at, AW_HASH_BYTES) == 0;
}

/* Compares every claim about the size that the tree has now. */
static void
compare_claims(struct verifying *v)
{
	struct aw_hash root;

	while (v->next_claim < v->claim_count && v->claims[v->next_claim].size == v->tree.size) {
		const struct claim *claim = &v->claims[v->next_claim++];

		root = aw_tree_root(&v->tree);
		if (!equal(&root, &claim->root) ||
			(claim->peaks.at != NULL && memcmp(claim->peaks.at, v->tree.peaks[0].at,
							    claim->peaks.len) != 0)) {
			fault(v, AW_LOG_ROOT, v->report.sound_to);
			return;
		}
		if (v->report.fault == AW_LOG_SOUND)
			v->report.sound_to = (int64_t)v->tree.size;
	}
}

/* The row that was read is whole: its leaf, and what a checkpoint says behind it. */
static void
finish_row(struct verifying *v)
{
	struct aw_hash hash;

	if (!v->open)
		return;
	v->open = false;
	hash = aw_leaf_hash(&v->leaf);
	if (!equal(&hash, &v->stored))
		fault(v, AW_LOG_CHANGED, (int64_t)v->tree.size);
	aw_tree_add(&v->tree, &hash);
	compare_claims(v);
}

static enum aw_status
take_row(const struct sql_guard_log_scan *row, void *arg, struct aw_error *err)
{
	struct verifying *v = arg;
	bool again = v->open && row->leaf == (int64_t)v->tree.size;

	(void)err;
	if (!again) {
		finish_row(v);
		if (v->report.fault != AW_LOG_SOUND)
			return AW_OK;
		if (row->leaf != (int64_t)v->tree.size) {
			fault(v, row->leaf < 0 ? AW_LOG_CHANGED : AW_LOG_GAP,
				row->leaf < 0 ? row->leaf : (int64_t)v->tree.size);
			return AW_OK;
		}
		aw_leaf_begin(&v->leaf, &(struct aw_log_entry){ .leaf = row->leaf,
						.at = row->at,
						.account = row->account.known ? row->account.v : 0,
						.actor = row->actor,
						.unit = row->unit,
						.purpose = row->purpose,
						.action = row->action,
						.object = row->object,
						.outcome = row->outcome,
						.detail = row->detail });
		v->open = true;
		v->stored = (struct aw_hash){ 0 };
		if (row->hash.len == AW_HASH_BYTES)
			memcpy(v->stored.at, row->hash.at, AW_HASH_BYTES);
		else
			fault(v, AW_LOG_CHANGED, row->leaf);
	}
	if (row->person.known)
		aw_leaf_subject(&v->leaf, row->person.v, row->classes == NULL ? "" : row->classes);
	return AW_OK;
}

static int
by_size(const void *a, const void *b)
{
	uint64_t x = ((const struct claim *)a)->size, y = ((const struct claim *)b)->size;

	return (x > y) - (x < y);
}

static void
add_claim(struct verifying *v, const struct aw_note *note, struct aw_bytes peaks)
{
	*AW_PUSH(v->arena, v->claims, v->claim_count, v->claim_room) =
		(struct claim){ .size = note->size, .root = note->root, .peaks = peaks };
}

/* What the database says was signed. Each stored checkpoint must be what its own note says. */
static enum aw_status
read_stored(
	struct aw_tx *tx, struct verifying *v, const struct aw_note_key *key, struct aw_error *err)
{
	struct sql_guard_checkpoint_last *rows = NULL;
	size_t count = 0;

	if (sql_guard_checkpoints(tx, v->arena, &rows, &count, err) != AW_OK)
		return err->status;
	v->report.checkpoints = (int64_t)count;
	for (size_t i = 0; i < count; i++) {
		struct aw_str text = aw_str(rows[i].note);
		struct aw_note note;

		if (key == NULL)
			continue;
		if (!aw_note_next(&text, key, &note) || (int64_t)note.size != rows[i].size ||
			rows[i].root.len != AW_HASH_BYTES ||
			memcmp(rows[i].root.at, note.root.at, AW_HASH_BYTES) != 0 ||
			rows[i].peaks.len != aw_tree_peaks(note.size) * AW_HASH_BYTES)
			v->bad_signature = true;
		else
			add_claim(v, &note, rows[i].peaks);
	}
	return AW_OK;
}

static void
read_witness(struct verifying *v, const struct aw_note_key *key)
{
	struct aw_str rest = v->witness;
	struct aw_note note;

	if (key == NULL)
		return;
	while (aw_str_trim(rest).len > 0) {
		if (!aw_note_next(&rest, key, &note)) {
			v->bad_signature = true;
			continue;
		}
		add_claim(v, &note, (struct aw_bytes){ 0 });
		v->report.witnessed++;
		if ((int64_t)note.size > v->report.witnessed_size)
			v->report.witnessed_size = (int64_t)note.size;
	}
}

static enum aw_status
find_key(struct aw_tx *tx, struct verifying *v, struct aw_note_key *ret_key, bool *ret_found,
	struct aw_error *err)
{
	if (v->verifier == NULL &&
		aw_setting_get(tx, v->arena, "log.verifier", &v->verifier, err) != AW_OK)
		return err->status;
	*ret_found = v->verifier != NULL && aw_note_key_read(v->verifier, ret_key);
	if (*ret_found)
		(void)snprintf(v->report.verifier, sizeof(v->report.verifier), "%s", v->verifier);
	return AW_OK;
}

static enum aw_status
verify(struct aw_tx *tx, struct verifying *v, struct aw_error *err)
{
	struct aw_note_key key = { 0 };
	bool has_key = false;

	if (find_key(tx, v, &key, &has_key, err) != AW_OK ||
		read_stored(tx, v, has_key ? &key : NULL, err) != AW_OK)
		return err->status;
	read_witness(v, has_key ? &key : NULL);
	if (v->claim_count > 0)
		qsort(v->claims, v->claim_count, sizeof(*v->claims), by_size);
	compare_claims(v);
	if (sql_guard_log_scan(tx, &(struct sql_guard_log_scan_in){ .from_leaf = INT64_MIN },
		    take_row, v, err) != AW_OK)
		return err->status;
	finish_row(v);
	v->report.entries = (int64_t)v->tree.size;
	v->report.root = aw_tree_root(&v->tree);
	if (v->next_claim < v->claim_count)
		fault(v, AW_LOG_SHORT, (int64_t)v->tree.size);
	if (v->bad_signature)
		fault(v, AW_LOG_SIGNATURE, -1);
	if (!has_key && (v->report.checkpoints > 0 || v->witness.len > 0))
		fault(v, AW_LOG_NO_KEY, -1);
	return AW_OK;
}

/* One sentence for people. */
static void
describe(struct verifying *v)
{
	struct aw_log_report *r = &v->report;
	char *text = r->text;
	size_t room = sizeof(r->text);

	switch (r->fault) {
	case AW_LOG_SOUND:
		(void)snprintf(text, room,
			"%" PRId64 " entries and %" PRId64 " checkpoints agree; %s", r->entries,
			r->checkpoints,
			v->has_witness ? "so do the notes in the witness file"
				       : "without a witness file, entries cut off at the end would "
					 "not show");
		break;
	case AW_LOG_GAP:
		(void)snprintf(text, room, "leaf %" PRId64 " is missing", r->bad_leaf);
		break;
	case AW_LOG_CHANGED:
		(void)snprintf(text, room, "leaf %" PRId64 " is not what was written", r->bad_leaf);
		break;
	case AW_LOG_ROOT:
		(void)snprintf(text, room,
			"the entries from leaf %" PRId64 " on are not those that were signed",
			r->bad_leaf);
		break;
	case AW_LOG_SIGNATURE:
		(void)snprintf(text, room, "a checkpoint is not signed by the log's key");
		break;
	case AW_LOG_SHORT:
		(void)snprintf(text, room,
			"the log ends at leaf %" PRId64 ", but %" PRIu64 " entries were signed",
			r->bad_leaf, v->claims[v->claim_count - 1].size);
		break;
	case AW_LOG_NO_KEY:
		(void)snprintf(text, room, "there is no key to check the checkpoints by");
		break;
	}
}

enum aw_status
aw_log_verify_in(struct aw_tx *tx, struct aw_arena *arena, const struct aw_str *witness,
	const char *verifier, struct aw_log_report *ret_report, struct aw_error *err)
{
	struct aw_note_key key;
	struct verifying v = {
		.arena = arena,
		.verifier = verifier,
		.witness = witness == NULL ? (struct aw_str){ 0 } : *witness,
		.has_witness = witness != NULL,
		.leaf = { .text.arena = arena, .subjects.arena = arena },
		.report = { .bad_leaf = -1 },
	};

	if (sodium_init() < 0)
		return aw_fail(err, AW_INTERNAL, "libsodium does not start");
	if (verifier != NULL && !aw_note_key_read(verifier, &key))
		return aw_fail(err, AW_INVALID,
			"this is not a verifier key: it reads name+hash+key, as audit verify "
			"prints it");
	if (verify(tx, &v, err) != AW_OK)
		return err->status;
	describe(&v);
	*ret_report = v.report;
	return AW_OK;
}

struct call {
	struct aw_arena *arena;
	const struct aw_str *witness;
	const char *verifier;
	struct aw_log_report *report;
};

static enum aw_status
verify_call(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct call *call = arg;

	return aw_log_verify_in(tx, call->arena, call->witness, call->verifier, call->report, err);
}

enum aw_status
aw_log_verify(struct aw_db *db, const struct aw_str *witness, const char *verifier,
	struct aw_log_report *ret_report, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct call call = { &arena, witness, verifier, ret_report };

	return aw_db_read(db, verify_call, &call, err);
}

bool
aw_log_entry_sound(struct aw_arena *arena, const struct aw_log_entry *entry)
{
	struct aw_leaf leaf = { .text.arena = arena, .subjects.arena = arena };
	struct aw_hash hash;

	aw_leaf_begin(&leaf, entry);
	for (size_t i = 0; i < entry->subject_count; i++)
		aw_leaf_subject(&leaf, entry->subjects[i].person, entry->subjects[i].classes);
	hash = aw_leaf_hash(&leaf);
	return equal(&hash, &entry->hash);
}
