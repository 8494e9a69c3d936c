/* anwang report: each report received and screened in one unit of work, one JSON line out. */
#include "net/console_report.h"

#include <string.h>

#include "city/dispatch/dispatch.h"
#include "city/intake/report.h"
#include "city/person/person.h"
#include "city/triage/triage.h"
#include "guard/log.h"
#include "text/csv.h"
#include "text/roc.h"

/* -- one report ------------------------------------------------------------------------------- */

struct taking {
	struct aw_console *console;
	struct aw_arena *arena; /* of this report */
	struct aw_report_in in;
	struct aw_maybe at;
	struct aw_report_problems problems;
	json_t *line; /* kept in the arena */
};

static void
put_remarks(json_t *json, const char *key, const struct aw_report_remark *remarks, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *one = json_object();
		aw_json_put_text(one, "field", remarks[i].field);
		aw_json_put_text(one, "message", remarks[i].message);
		aw_json_put_text(one, "text", aw_report_words(remarks[i].message));
		if (remarks[i].detail != NULL)
			aw_json_put_text(one, "detail", remarks[i].detail);
		aw_json_push(list, one);
	}
	aw_json_put(json, key, list);
}

static json_t *
receipt_json(struct aw_arena *arena, const struct aw_receipt *receipt)
{
	json_t *json = json_object(), *missing = json_array();

	aw_json_put_text(json, "number", receipt->number);
	aw_json_put_text(json, "code", receipt->code);
	aw_json_put_text(json, "received_at", aw_instant_iso(arena, receipt->received_at));
	aw_json_put(json, "repeated", json_boolean(receipt->repeated));
	aw_json_put_int(json, "wanted", (int64_t)receipt->complete.wanted);
	aw_json_put_int(json, "held", (int64_t)receipt->complete.held);
	for (size_t i = 0; i < receipt->complete.missing_count; i++)
		aw_json_push(missing, json_string(receipt->complete.missing[i].need->code));
	aw_json_put(json, "missing", missing);
	put_remarks(json, "warnings", receipt->warnings, receipt->warning_count);
	return json;
}

/* People stand under their public numbers; internal ids do not leave. */
static enum aw_status
put_person(json_t *json, struct aw_act *act, int64_t person, struct aw_error *err)
{
	struct aw_person found;

	if (aw_person_known(act, person, &found, err) != AW_OK)
		return err->status;
	aw_json_put_text(json, "person", found.number);
	aw_act_looked(act, person, AW_CLASS_BIT(AW_CLASS_EXISTENCE));
	return AW_OK;
}

static enum aw_status
put_candidates(json_t *json, struct aw_act *act, int64_t report_person, struct aw_error *err)
{
	struct aw_report_candidate *candidates;
	json_t *list = json_array();
	size_t count;

	aw_json_put(json, "candidates", list);
	if (aw_report_candidates(act, report_person, &candidates, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		json_t *one = json_object();
		aw_json_push(list, one);
		if (put_person(one, act, candidates[i].person, err) != AW_OK)
			return err->status;
		aw_json_put(
			one, "probability", json_real((double)candidates[i].probability_ppm / 1e6));
		aw_json_put_text(one, "levels", candidates[i].levels);
	}
	return AW_OK;
}

static enum aw_status
put_registers(json_t *json, struct aw_act *act, int64_t report_person, struct aw_error *err)
{
	struct aw_register_said *said;
	json_t *list = json_array();
	size_t count;

	aw_json_put(json, "registers", list);
	if (aw_register_answers(act, report_person, &said, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		json_t *one = json_object();
		aw_json_put_text(one, "register", said[i].register_code);
		aw_json_put_text(one, "as_of", aw_day_iso(act->arena, said[i].extract_day));
		aw_json_put_text(one, "answer", said[i].answer);
		aw_json_push(list, one);
	}
	return AW_OK;
}

static enum aw_status
put_persons(json_t *line, struct aw_act *act, int64_t report, struct aw_error *err)
{
	struct aw_report_person *persons;
	json_t *list = json_array();
	size_t count;

	aw_json_put(line, "persons", list);
	if (aw_report_persons(act, report, AW_REPORT_PLAIN, &persons, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		json_t *one = json_object();
		aw_json_push(list, one);
		aw_json_put_int(one, "position", persons[i].position);
		aw_json_put_text(one, "role", persons[i].role);
		aw_json_put_text(one, "link", persons[i].link_state);
		aw_json_put(one, "person", json_null());
		if (persons[i].person.known &&
			put_person(one, act, persons[i].person.v, err) != AW_OK)
			return err->status;
		if (persons[i].probability_ppm.known)
			aw_json_put(one, "probability",
				json_real((double)persons[i].probability_ppm.v / 1e6));
		if (persons[i].levels != NULL)
			aw_json_put_text(one, "levels", persons[i].levels);
		if (put_candidates(one, act, persons[i].id, err) != AW_OK ||
			put_registers(one, act, persons[i].id, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

/* -- the decision and the proposal ------------------------------------------------------------ */

static json_t *
fired_json(const struct aw_explain *explain)
{
	json_t *list = json_array();

	for (size_t i = 0; i < explain->decision_count; i++) {
		const struct aw_explain_decision *table = &explain->decisions[i];
		json_t *one = json_object(), *fired = json_array(), *used = json_array();
		for (size_t k = 0; k < table->row_count; k++) {
			if (table->rows[k].fired)
				aw_json_push(fired, json_integer(table->rows[k].number));
			if (table->rows[k].used)
				aw_json_push(used, json_integer(table->rows[k].number));
		}
		aw_json_put_text(one, "decision", table->id);
		aw_json_put(one, "fired", fired);
		aw_json_put(one, "used", used);
		aw_json_put_text(one, "result", table->result);
		aw_json_push(list, one);
	}
	return list;
}

static json_t *
unknowns_json(const struct aw_explain *explain)
{
	json_t *list = json_array();

	for (size_t i = 0; i < explain->unknown_count; i++) {
		const struct aw_explain_unknown *unknown = &explain->unknowns[i];
		json_t *one = json_object();
		aw_json_put_text(one, "input", unknown->input);
		aw_json_put_text(one, "decision", unknown->decision);
		if (unknown->decision != NULL) {
			aw_json_put_int(one, "row", unknown->row);
			aw_json_put_text(one, "needs", unknown->needs);
			aw_json_put_text(one, "outcome", unknown->outcome);
		}
		aw_json_push(list, one);
	}
	return list;
}

static json_t *
decision_json(const struct aw_decision *d)
{
	json_t *json = json_object(), *reasons = json_array();

	aw_json_put_text(json, "policy", d->release);
	aw_json_put_text(json, "kind", d->kind);
	aw_json_put_text(json, "scale", d->scale);
	aw_json_put_text(json, "level", d->level);
	aw_json_put_text(json, "child_class", d->child_class);
	aw_json_put_text(json, "priority", d->priority);
	aw_json_put(json, "immediate", json_boolean(d->immediate));
	aw_json_put(json, "may_rise", json_boolean(d->may_rise));
	for (size_t i = 0; i < d->reason_count; i++) {
		json_t *one = json_object();
		aw_json_put_text(one, "decision", d->reasons[i].decision);
		aw_json_put_text(one, "because", d->reasons[i].words);
		aw_json_put_text(one, "outcome", d->reasons[i].outcome);
		aw_json_push(reasons, one);
	}
	aw_json_put(json, "reasons", reasons);
	aw_json_put(json, "tables", fired_json(&d->explain));
	aw_json_put(json, "unknowns", unknowns_json(&d->explain));
	return json;
}

static enum aw_status
put_proposal(json_t *line, struct aw_act *act, int64_t report, struct aw_error *err)
{
	struct aw_dispatch *dispatches;
	json_t *list = json_array();
	size_t count;

	aw_json_put(line, "proposal", list);
	if (aw_dispatch_of_report(act, report, &dispatches, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		const struct aw_dispatch *d = &dispatches[i];
		json_t *one = json_object();
		aw_json_put_text(one, "role", d->role);
		aw_json_put_text(one, "unit", d->unit);
		aw_json_put_text(
			one, "name", aw_policy_text(act->policy, "unit", d->unit, "zh-Hant-TW"));
		aw_json_put_text(one, "task", d->task);
		aw_json_put_text(one, "basis", d->basis);
		aw_json_put_text(one, "state", d->state);
		aw_json_put_text(one, "first_contact_due_at",
			d->first_contact_due_at.known
				? aw_instant_iso(act->arena, d->first_contact_due_at.v)
				: NULL);
		aw_json_push(list, one);
	}
	return AW_OK;
}

static enum aw_status
describe(struct taking *taking, struct aw_act *act, const struct aw_receipt *receipt,
	struct aw_error *err)
{
	json_t *line = aw_json_keep(taking->arena, json_object());
	struct aw_decision decision;
	bool found;

	aw_json_put(line, "receipt", receipt_json(act->arena, receipt));
	if (put_persons(line, act, receipt->report, err) != AW_OK ||
		aw_triage_get(act, receipt->report, &decision, &found, err) != AW_OK)
		return err->status;
	aw_json_put(line, "decision", found ? decision_json(&decision) : json_null());
	if (put_proposal(line, act, receipt->report, err) != AW_OK)
		return err->status;
	taking->line = line;
	return AW_OK;
}

static enum aw_status
take_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct taking *taking = arg;
	struct aw_console *console = taking->console;
	struct aw_act act =
		aw_house_act(console->house, taking->arena, console->viewer, "report.receive");
	struct aw_report_in in = taking->in;
	struct aw_receipt receipt;

	act.tx = tx;
	if (taking->at.known)
		act.now_ms = taking->at.v;
	taking->problems = (struct aw_report_problems){ 0 };
	if (in.channel == NULL)
		in.channel = "console";
	in.sender = console->viewer->login;
	if (aw_report_receive(&act, &in, &receipt, &taking->problems, err) != AW_OK ||
		aw_dispatch_screen(&act, receipt.report, err) != AW_OK ||
		describe(taking, &act, &receipt, err) != AW_OK)
		return err->status;
	return aw_log_append(&act, "ok", NULL, err);
}

/* -- the input -------------------------------------------------------------------------------- */

struct input {
	struct aw_console *console;
	const char *file; /* may be NULL */
	struct aw_maybe at;
	bool single; /* one report: its refusal is the command's */
};

static void
put_line(struct input *input, uint32_t number, json_t *json)
{
	if (!input->single && number != 0)
		aw_json_put_int(json, "line", number);
	aw_buf_printf(&input->console->out, "%s\n", aw_json_text(input->console->arena, json));
}

/* A report that is not taken in: a line among others, or the command's own error. */
static enum aw_status
refused(struct input *input, uint32_t number, const struct aw_report_problems *problems,
	struct aw_error *err)
{
	AW_SCOPED(json, json_t *) json = json_object();

	if (input->single || err->status == AW_IO || err->status == AW_BUSY ||
		err->status == AW_CORRUPT || err->status == AW_INTERNAL) {
		if (input->file != NULL && err->file[0] == '\0')
			(void)snprintf(err->file, sizeof(err->file), "%s", input->file);
		if (err->line == 0)
			err->line = number;
		return err->status;
	}
	aw_json_put_text(json, "error", err->text);
	put_remarks(json, "problems", problems->at, problems->count);
	put_line(input, number, json);
	input->console->failed = true;
	aw_error_clear(err);
	return AW_OK;
}

static enum aw_status
take(struct input *input, uint32_t number, const struct aw_report_in *in, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct taking taking = {
		.console = input->console, .arena = &arena, .in = *in, .at = input->at
	};

	if (aw_db_write(input->console->house->db, take_in, &taking, err) != AW_OK)
		return refused(input, number, &taking.problems, err);
	put_line(input, number, taking.line);
	return AW_OK;
}

static enum aw_status
take_json(struct input *input, uint32_t number, const json_t *json, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_report_problems problems = { 0 };
	struct aw_report_in in;

	if (aw_report_from_json(&arena, json, &in, &problems, err) != AW_OK)
		return refused(input, number, &problems, err);
	return take(input, number, &in, err);
}

/* One JSON report a line; empty lines are passed over. */
static enum aw_status
take_lines(struct input *input, struct aw_str text, struct aw_error *err)
{
	struct aw_report_problems none = { 0 };
	uint32_t number = 0;

	while (text.at != NULL) {
		struct aw_str line = aw_str_trim(aw_str_cut(text, '\n', &text));
		AW_SCOPED(json, json_t *) json = NULL;
		enum aw_status status;
		number++;
		if (line.len == 0)
			continue;
		if (aw_json_parse(line, input->file, &json, err) != AW_OK) {
			err->line = number;
			status = refused(input, number, &none, err);
		} else {
			status = take_json(input, number, json, err);
		}
		if (status != AW_OK)
			return status;
	}
	return AW_OK;
}

static enum aw_status
take_table(struct input *input, const struct aw_report_mapping *mapping, struct aw_str text,
	struct aw_error *err)
{
	struct aw_report_row *rows;
	size_t count;

	if (aw_report_from_csv(
		    input->console->arena, mapping, text, input->file, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		enum aw_status status;
		if (rows[i].problems.count > 0) {
			(void)aw_fail(err, AW_INVALID, "%s: %s", rows[i].problems.at[0].field,
				aw_report_words(rows[i].problems.at[0].message));
			status = refused(input, rows[i].line, &rows[i].problems, err);
		} else {
			status = take(input, rows[i].line, &rows[i].in, err);
		}
		if (status != AW_OK)
			return status;
	}
	return AW_OK;
}

/* The mapping of the policy by its code, or the text that the body begins with. */
static enum aw_status
read_mapping(struct aw_console *console, const char *name, struct aw_str *body,
	struct aw_report_mapping **ret, struct aw_error *err)
{
	const char *bytes = aw_console_value(console, "mapping_bytes");
	struct aw_str text = { body->at, 0 };
	int64_t len;

	if (bytes == NULL)
		return aw_report_mapping_read(
			console->arena, name, aw_house_policy(console->house), ret, err);
	if (!aw_str_int64(aw_str(bytes), &len) || len < 0 || (size_t)len > body->len)
		return aw_fail(err, AW_INVALID, "mapping_bytes is not a length within the input");
	text.len = (size_t)len;
	body->at += len;
	body->len -= (size_t)len;
	return aw_report_mapping_text(
		console->arena, name, text, aw_house_policy(console->house), ret, err);
}

/* A whole JSON text if it is one; else lines of them. */
static enum aw_status
take_texts(struct input *input, struct aw_str text, struct aw_error *err)
{
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_str rest, first = aw_str_cut(aw_str_trim(text), '\n', &rest);
	struct aw_error line_err = { 0 };
	AW_SCOPED(json, json_t *) line = NULL;

	if (aw_json_parse(text, input->file, &json, err) == AW_OK) {
		input->single = !json_is_array(json);
		for (size_t i = 0; json_is_array(json) && i < json_array_size(json); i++)
			if (take_json(input, (uint32_t)i + 1, json_array_get(json, i), err) !=
				AW_OK)
				return err->status;
		return input->single ? take_json(input, 0, json, err) : AW_OK;
	}
	/* lines, when there are several and the first is a report by itself */
	if (rest.at == NULL || aw_json_parse(first, NULL, &line, &line_err) != AW_OK)
		return err->status;
	aw_error_clear(err);
	return take_lines(input, text, err);
}

enum aw_status
aw_console_report(struct aw_console *console, struct aw_error *err)
{
	const char *at = aw_console_value(console, "at");
	const char *mapping_name = aw_console_value(console, "mapping");
	struct input input = { .console = console, .file = aw_console_value(console, "file") };
	struct aw_report_mapping *mapping;
	struct aw_str body = console->body;
	const char *encoding;
	int64_t now = aw_business_ms(&console->house->clock), at_ms;

	if (at != NULL) {
		if (aw_roc_read_instant(aw_str(at), &at_ms, err) != AW_OK)
			return aw_wrap(err, "--at");
		if (at_ms > now + 5 * AW_MINUTE_MS)
			return aw_fail(err, AW_INVALID, "--at lies ahead of the city's clock (%s)",
				aw_instant_iso(console->arena, now));
		input.at = AW_KNOWN(at_ms);
	}
	if (mapping_name == NULL) {
		if (aw_text_decode(console->arena, body, &body, &encoding, err) != AW_OK)
			return aw_wrap(err, "%s", input.file != NULL ? input.file : "input");
		return take_texts(&input, body, err);
	}
	if (read_mapping(console, mapping_name, &body, &mapping, err) != AW_OK)
		return err->status;
	return take_table(&input, mapping, body, err);
}
