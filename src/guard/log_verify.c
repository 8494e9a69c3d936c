/* Recomputes the log from its rows and compares it with what was signed: one thread reads, one
 * hashes, each with a batch of its own. */
#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "guard/log_batch.h"
#include "guard/log_claims.h"
#include "guard/log_leaf.h"

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

enum { BATCHES = 2 };

struct verifying {
	struct aw_log_claims claims;
	struct aw_tree tree;
	struct aw_log_report report;
	bool has_witness;

	/* between the two threads */
	pthread_mutex_t lock; /* guards what follows, but for the batches themselves */
	pthread_cond_t turned;
	uint64_t read, hashed; /* batches so far: at most BATCHES lie between */
	bool last;	       /* nothing more will be read */
	bool stopped;	       /* nothing more need be read */
	struct aw_log_batch *batches;
};

static void
fault(struct verifying *v, enum aw_log_fault kind, int64_t leaf)
{
	if (v->report.fault != AW_LOG_SOUND)
		return;
	v->report.fault = kind;
	v->report.bad_leaf = leaf;
}

/* -- hashing ------------------------------------------------------------------------------------ */

static void
compare_claims(struct verifying *v)
{
	size_t before = v->claims.next;

	if (!aw_log_claims_agree(&v->claims, &v->tree))
		fault(v, AW_LOG_ROOT, v->report.sound_to);
	else if (v->claims.next != before && v->claims.good == v->claims.next)
		v->report.sound_to = (int64_t)v->tree.size;
}

static void
hash_batch(struct verifying *v, const struct aw_log_batch *batch)
{
	int64_t missing = batch->first + (int64_t)batch->count;
	size_t from = 0;

	for (size_t i = 0; i < batch->count && v->report.fault == AW_LOG_SOUND; i++) {
		struct aw_hash hash = aw_tree_leaf(
			(const uint8_t *)batch->bytes.at + from, batch->ends[i] - from);

		if (memcmp(hash.at, batch->stored[i].at, AW_HASH_BYTES) != 0)
			fault(v, AW_LOG_CHANGED, batch->first + (int64_t)i);
		from = batch->ends[i];
		aw_tree_add(&v->tree, &hash);
		compare_claims(v);
	}
	v->report.bytes += (int64_t)from;
	/* of an entry that is missing, the subjects may have stayed behind */
	if (batch->gap && (batch->stray < 0 || batch->stray >= missing))
		fault(v, AW_LOG_GAP, missing);
	if (batch->stray >= 0)
		fault(v, AW_LOG_CHANGED, batch->stray);
}

static void *
hash_all(void *arg)
{
	struct verifying *v = arg;

	pthread_mutex_lock(&v->lock);
	for (;;) {
		while (v->hashed == v->read && !v->last)
			pthread_cond_wait(&v->turned, &v->lock);
		if (v->hashed == v->read)
			break;
		pthread_mutex_unlock(&v->lock);
		hash_batch(v, &v->batches[v->hashed % BATCHES]);
		pthread_mutex_lock(&v->lock);
		v->hashed++;
		v->stopped = v->stopped || v->report.fault != AW_LOG_SOUND;
		pthread_cond_signal(&v->turned);
	}
	pthread_mutex_unlock(&v->lock);
	return NULL;
}

/* -- reading ------------------------------------------------------------------------------------ */

/* Waits for a batch to fill; false when there is no need to. */
static bool
may_read(struct verifying *v)
{
	bool stopped;

	pthread_mutex_lock(&v->lock);
	while (v->read - v->hashed == BATCHES)
		pthread_cond_wait(&v->turned, &v->lock);
	stopped = v->stopped;
	pthread_mutex_unlock(&v->lock);
	return !stopped;
}

static void
tell(struct verifying *v, uint64_t batches, bool last)
{
	pthread_mutex_lock(&v->lock);
	v->read += batches;
	v->last = v->last || last;
	pthread_cond_signal(&v->turned);
	pthread_mutex_unlock(&v->lock);
}

static enum aw_status
read_all(struct aw_tx *tx, struct verifying *v, int64_t last, struct aw_error *err)
{
	enum aw_status status = AW_OK;

	for (int64_t leaf = 0; leaf <= last && status == AW_OK && may_read(v);
		leaf += AW_BATCH_LEAVES) {
		status = aw_log_batch_read(tx, &v->batches[v->read % BATCHES], leaf, last, err);
		if (status == AW_OK)
			tell(v, 1, false);
	}
	tell(v, 0, true);
	return status;
}

static enum aw_status
scan(struct aw_tx *tx, struct verifying *v, int64_t last, struct aw_error *err)
{
	pthread_t hasher;
	enum aw_status status;
	int code;

	pthread_mutex_init(&v->lock, NULL);
	pthread_cond_init(&v->turned, NULL);
	code = pthread_create(&hasher, NULL, hash_all, v);
	if (code == 0) {
		status = read_all(tx, v, last, err);
		pthread_join(hasher, NULL);
	} else {
		status = aw_fail(err, AW_IO, "a thread cannot be started: %s", strerror(code));
	}
	pthread_cond_destroy(&v->turned);
	pthread_mutex_destroy(&v->lock);
	return status;
}

/* Entries and subjects that stand outside the leaves 0 to last. */
static void
check_span(struct verifying *v, const struct aw_log_span *span)
{
	if (span->first < 0)
		fault(v, AW_LOG_CHANGED, span->first);
	if (span->first_subject < 0)
		fault(v, AW_LOG_CHANGED, span->first_subject);
}

static enum aw_status
verify(struct aw_tx *tx, struct verifying *v, struct aw_arena *arena, struct aw_error *err)
{
	struct aw_log_span span;
	int64_t most = 0;

	if (aw_log_span(tx, arena, &span, err) != AW_OK)
		return err->status;
	check_span(v, &span);
	compare_claims(v); /* of an empty log */
	if (v->report.fault == AW_LOG_SOUND && scan(tx, v, span.last, err) != AW_OK)
		return err->status;
	v->report.entries = (int64_t)v->tree.size;
	v->report.root = aw_tree_root(&v->tree);
	if (v->report.fault == AW_LOG_SOUND && aw_log_claims_beyond(&v->claims, &most)) {
		fault(v, AW_LOG_SHORT, (int64_t)v->tree.size);
		v->report.signed_size = most;
	}
	if (span.last_subject > span.last)
		fault(v, AW_LOG_CHANGED, span.last_subject);
	if (v->claims.bad)
		fault(v, AW_LOG_SIGNATURE, -1);
	if (!v->claims.has_key && (v->claims.stored > 0 || v->has_witness))
		fault(v, AW_LOG_NO_KEY, -1);
	v->report.checkpoints = v->claims.stored;
	v->report.witnessed = v->claims.witnessed;
	v->report.witnessed_size = v->claims.witnessed_size;
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
			"the log ends at leaf %" PRId64 ", but %" PRId64 " entries were signed",
			r->bad_leaf, r->signed_size);
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
	struct aw_str notes = witness == NULL ? (struct aw_str){ 0 } : *witness;
	struct verifying v = { .has_witness = witness != NULL && notes.len > 0,
		.report = { .bad_leaf = -1 } };
	struct aw_note_key key;
	enum aw_status status;

	if (sodium_init() < 0)
		return aw_fail(err, AW_INTERNAL, "libsodium does not start");
	if (verifier != NULL && !aw_note_key_read(verifier, &key))
		return aw_fail(err, AW_INVALID,
			"this is not a verifier key: it reads name+hash+key, as audit verify "
			"prints it");
	if (aw_log_claims_read(tx, arena, verifier, notes, &v.claims, err) != AW_OK)
		return err->status;
	if (v.claims.has_key)
		aw_note_verifier(v.claims.key.name, v.claims.key.public_key, v.report.verifier,
			sizeof(v.report.verifier));
	v.batches = AW_NEW_ARRAY(arena, struct aw_log_batch, BATCHES);
	status = verify(tx, &v, arena, err);
	for (size_t i = 0; i < BATCHES; i++)
		aw_log_batch_done(&v.batches[i]);
	if (status != AW_OK)
		return status;
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
	struct aw_hash hash = aw_leaf_hash(arena, entry);

	return memcmp(hash.at, entry->hash.at, AW_HASH_BYTES) == 0;
}
