/* anwang audit: verifies the log, writes it out, and proves things about it. */
#include <inttypes.h>

#include "guard/log.h"
#include "guard/log_proof.h"
#include "net/console_guard.h"

enum { EXPORT_MOST = 1000000 };

static void
put_hash(json_t *json, struct aw_arena *arena, const char *key, const struct aw_hash *hash)
{
	aw_json_put_text(json, key, aw_hex(arena, hash->at, AW_HASH_BYTES));
}

static enum aw_status
verify(struct aw_console *console, struct aw_error *err)
{
	bool witnessed = aw_text_eq(aw_console_value(console, "witness"), "1");
	AW_SCOPED(json, json_t *) json = json_object();
	struct aw_log_report report;

	if (aw_log_verify(console->house->db, witnessed ? &console->body : NULL,
		    aw_console_value(console, "key"), &report, err) != AW_OK)
		return err->status;
	aw_json_put_text(json, "result", aw_log_fault_name(report.fault));
	aw_json_put_text(json, "text", report.text);
	aw_json_put_int(json, "entries", report.entries);
	aw_json_put_int(json, "checkpoints", report.checkpoints);
	if (witnessed) {
		aw_json_put_int(json, "witnessed", report.witnessed);
		aw_json_put_int(json, "witnessed_entries", report.witnessed_size);
	}
	if (report.bad_leaf >= 0)
		aw_json_put_int(json, "bad_leaf", report.bad_leaf);
	put_hash(json, console->arena, "root", &report.root);
	aw_json_put_text(json, "key", report.verifier[0] == '\0' ? NULL : report.verifier);
	aw_buf_printf(&console->out, "%s\n", aw_json_text(console->arena, json));
	console->failed = report.fault != AW_LOG_SOUND;
	return AW_OK;
}

struct writing {
	struct aw_console *console;
	int64_t from, most, count;
};

/* Internal ids do not leave: people stand under their public numbers. */
static json_t *
subjects_of(const struct aw_log_entry *entry)
{
	json_t *list = json_array();

	for (size_t i = 0; i < entry->subject_count; i++) {
		json_t *one = json_object();

		aw_json_put_text(one, "person", entry->subjects[i].number);
		aw_json_put_text(one, "classes", entry->subjects[i].classes);
		aw_json_push(list, one);
	}
	return list;
}

static enum aw_status
export_entry(const struct aw_log_entry *entry, void *arg, struct aw_error *err)
{
	struct writing *writing = arg;
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) json = json_object();

	(void)err;
	if (writing->count == writing->most)
		return AW_OK;
	writing->count++;
	aw_json_put_int(json, "leaf", entry->leaf);
	aw_json_put_text(json, "at", aw_instant_iso(&arena, entry->at));
	aw_json_put_text(json, "actor", entry->actor);
	aw_json_put_text(json, "unit", entry->unit);
	aw_json_put_text(json, "purpose", entry->purpose);
	aw_json_put_text(json, "action", entry->action);
	aw_json_put_text(json, "object", entry->object);
	aw_json_put_text(json, "outcome", entry->outcome);
	aw_json_put_text(json, "detail", entry->detail);
	aw_json_put(json, "subjects", subjects_of(entry));
	put_hash(json, &arena, "hash", &entry->hash);
	aw_buf_printf(&writing->console->out, "%s\n", aw_json_text(&arena, json));
	return AW_OK;
}

static enum aw_status
export_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct writing *writing = arg;

	return aw_log_each(tx, writing->from, export_entry, writing, err);
}

static enum aw_status
log_export(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct writing *writing = arg;
	struct aw_console *console = writing->console;
	struct aw_act act =
		aw_house_act(console->house, console->arena, console->viewer, "audit.export");

	act.tx = tx;
	return aw_log_append(&act, "ok",
		aw_arena_printf(console->arena, "{\"from\":%" PRId64 ",\"entries\":%" PRId64 "}",
			writing->from, writing->count),
		err);
}

static enum aw_status
number_of(const struct aw_console *console, const char *name, int64_t otherwise, int64_t *ret,
	struct aw_error *err)
{
	const char *text = aw_console_value(console, name);

	*ret = otherwise;
	if (text != NULL && (!aw_str_int64(aw_str(text), ret) || *ret < 0))
		return aw_fail(err, AW_INVALID, "--%s is not a whole number", name);
	return AW_OK;
}

static enum aw_status
write_out(struct aw_console *console, struct aw_error *err)
{
	struct writing writing = { .console = console };

	if (number_of(console, "from", 0, &writing.from, err) != AW_OK ||
		number_of(console, "most", 100000, &writing.most, err) != AW_OK)
		return err->status;
	if (writing.most > EXPORT_MOST)
		return aw_fail(err, AW_TOO_LARGE, "at most %d entries at once: go on with --from",
			EXPORT_MOST);
	if (aw_db_read(console->house->db, export_in, &writing, err) != AW_OK)
		return err->status;
	return aw_db_write(console->house->db, log_export, &writing, err);
}

struct proving {
	struct aw_console *console;
	int64_t leaf, old, size; /* leaf and old: -1 = not asked for */
	json_t *json;
};

static enum aw_status
prove_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct proving *p = arg;
	struct aw_arena *arena = p->console->arena;

	return p->leaf >= 0 ? aw_log_proof_inclusion(tx, arena, p->leaf, p->size, &p->json, err)
			    : aw_log_proof_growth(tx, arena, p->old, p->size, &p->json, err);
}

static enum aw_status
prove(struct aw_console *console, struct aw_error *err)
{
	struct proving p = { .console = console };

	if (number_of(console, "leaf", -1, &p.leaf, err) != AW_OK ||
		number_of(console, "old", -1, &p.old, err) != AW_OK ||
		number_of(console, "size", 0, &p.size, err) != AW_OK)
		return err->status;
	if ((p.leaf >= 0) == (p.old >= 0))
		return aw_fail(err, AW_INVALID,
			"audit prove takes --leaf (this entry is in the log) or --old (the log "
			"grew out of an older one)");
	if (aw_db_read(console->house->db, prove_in, &p, err) != AW_OK)
		return err->status;
	aw_buf_printf(&console->out, "%s\n", aw_json_pretty(console->arena, p.json));
	json_decref(p.json);
	return AW_OK;
}

enum aw_status
aw_console_audit(struct aw_console *console, struct aw_error *err)
{
	const char *verb = aw_console_value(console, "verb");

	if (aw_text_eq(verb, "verify"))
		return verify(console, err);
	if (aw_text_eq(verb, "export"))
		return write_out(console, err);
	if (aw_text_eq(verb, "prove"))
		return prove(console, err);
	return aw_fail(err, AW_INVALID,
		"audit does not know \"%.40s\": verify, prove, check, export",
		verb == NULL ? "" : verb);
}
