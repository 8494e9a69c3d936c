/* anwang person: erases a person, and lists who was erased. */
#include <inttypes.h>
#include <string.h>

#include "city/intake/report.h"
#include "city/person/person.h"
#include "guard/log.h"
#include "net/console_guard.h"

enum { REASON_MOST = 200, PAGE = 500 };

#define ACTION "person.erase"

struct erasing {
	struct aw_console *console;
	struct aw_act act;
	const char *number, *reason;
	bool open_too; /* an open case does not stop it */
	struct aw_person_erasure person;
	struct aw_report_erasure reports;
};

/* Who serves somebody needs to know who it is: what is open is closed first. */
static enum aw_status
check_open(struct erasing *e, int64_t person, struct aw_error *err)
{
	struct aw_involvement *entries;
	size_t count;

	if (aw_involvement_of(&e->act, person, INT64_MAX, &entries, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count && !e->open_too; i++) {
		if (!entries[i].to_at.known && strcmp(entries[i].kind, "flag") != 0)
			return aw_fail(err, AW_CONFLICT,
				"%s is still open for this person: close it first, or say "
				"--open-too",
				entries[i].number);
	}
	return AW_OK;
}

/* The log is read by others than those who may know the person. */
static enum aw_status
check_reason(const struct erasing *e, const struct aw_identity *identity, struct aw_error *err)
{
	bool told = false;

	if (e->reason == NULL || e->reason[0] == '\0' || strlen(e->reason) > REASON_MOST)
		return aw_fail(err, AW_INVALID,
			"an erasure needs --reason, of at most %d bytes: it stands in the log",
			REASON_MOST);
	for (size_t i = 0; i < identity->name_count; i++)
		told = told || strstr(e->reason, identity->names[i].text) != NULL;
	for (size_t i = 0; i < identity->number_count; i++)
		told = told || strstr(e->reason, identity->numbers[i].text) != NULL;
	return told ? aw_fail(err, AW_INVALID,
			      "the reason names the person, and it stands in the log: say why "
			      "alone")
		    : AW_OK;
}

static enum aw_status
log_erasure(struct erasing *e, int64_t person, struct aw_error *err)
{
	AW_SCOPED(json, json_t *) json = json_object();

	aw_json_put_text(json, "reason", e->reason);
	aw_json_put_int(json, "records", e->person.records);
	aw_json_put_int(json, "reports", e->reports.whole);
	aw_json_put_int(json, "shared_reports", e->reports.shared);
	e->act.object = e->number;
	aw_act_looked(&e->act, person, AW_CLASS_BIT(AW_CLASS_EXISTENCE));
	return aw_log_append(&e->act, "ok", aw_json_text(e->act.arena, json), err);
}

static enum aw_status
erase_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct erasing *e = arg;
	struct aw_person known;

	e->act = aw_house_act(e->console->house, e->console->arena, e->console->viewer, ACTION);
	e->act.tx = tx;
	if (aw_person_by_number(&e->act, e->number, &known, err) != AW_OK ||
		check_reason(e, &known.identity, err) != AW_OK ||
		check_open(e, known.id, err) != AW_OK ||
		aw_person_erase(&e->act, known.id, &e->person, err) != AW_OK ||
		aw_report_erase_person(&e->act, known.id, &e->reports, err) != AW_OK)
		return err->status;
	return log_erasure(e, known.id, err);
}

/* -- again, after a restore ------------------------------------------------------------------------ */

enum aw_status
aw_console_erase_again(struct aw_console *console, const char *number, const char *reason,
	bool *ret_erased, struct aw_error *err)
{
	struct erasing e = {
		.console = console, .number = number, .reason = reason, .open_too = true
	};
	enum aw_status status = aw_db_write(console->house->db, erase_in, &e, err);

	*ret_erased = status == AW_OK;
	if (status != AW_NOT_FOUND)
		return status;
	aw_error_clear(err); /* younger than the backup, or erased in it already */
	return AW_OK;
}

/* -- the list ---------------------------------------------------------------------------------------- */

/* One line an erasure, oldest last: number, instant, reason. */
static enum aw_status
list_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct aw_console *console = arg;
	struct aw_log_query query = { .action = ACTION, .outcome = "ok", .limit = PAGE };
	bool more = true;

	console->out.len = 0;
	while (more) {
		struct aw_log_entry *entries = NULL;
		size_t count = 0;

		if (aw_log_find(tx, console->arena, &query, &entries, &count, &more, err) != AW_OK)
			return err->status;
		for (size_t i = 0; i < count; i++) {
			AW_SCOPED(json, json_t *) json = NULL;

			if (entries[i].object == NULL || entries[i].detail == NULL ||
				aw_json_parse(aw_str(entries[i].detail), "detail", &json, err) !=
					AW_OK)
				return aw_fail(err, AW_CORRUPT,
					"entry %" PRId64 " of the log is no erasure",
					entries[i].leaf);
			aw_buf_printf(&console->out, "%s\t%s\t%s\n", entries[i].object,
				aw_instant_iso(console->arena, entries[i].at),
				aw_json_string(json, "reason"));
			query.before = entries[i].leaf;
		}
	}
	return AW_OK;
}

/* -- the command ------------------------------------------------------------------------------------- */

static enum aw_status
erase(struct aw_console *console, struct aw_error *err)
{
	AW_SCOPED(json, json_t *) json = json_object();
	struct erasing e = { .console = console,
		.number = aw_console_value(console, "number"),
		.reason = aw_console_value(console, "reason"),
		.open_too = aw_text_eq(aw_console_value(console, "open_too"), "1") };

	if (e.number == NULL)
		return aw_fail(err, AW_INVALID, "person erase needs the number of a person");
	if (aw_db_write(console->house->db, erase_in, &e, err) != AW_OK)
		return err->status;
	if (aw_db_scrub(console->house->db, err) != AW_OK)
		return aw_wrap(err, "the key is destroyed, a copy may still stand in the "
				    "write-ahead log for a while");
	aw_json_put_text(json, "person", e.number);
	aw_json_put_int(json, "records", e.person.records);
	aw_json_put_int(json, "reports", e.reports.whole);
	aw_json_put_int(json, "shared_reports", e.reports.shared);
	aw_buf_printf(&console->out, "%s\n", aw_json_text(console->arena, json));
	return AW_OK;
}

enum aw_status
aw_console_person(struct aw_console *console, struct aw_error *err)
{
	const char *verb = aw_console_value(console, "verb");

	if (aw_text_eq(verb, "erase"))
		return erase(console, err);
	if (aw_text_eq(verb, "erased"))
		return aw_db_read(console->house->db, list_in, console, err);
	return aw_fail(err, AW_INVALID, "person does not know \"%.40s\": erase, erased",
		verb == NULL ? "" : verb);
}
