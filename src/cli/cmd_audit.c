/* anwang audit: verifies and exports the log, makes proofs about it and checks them. */
#include <stdio.h>

#include "base/file.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "guard/log_proof.h"

enum { PROOF_MOST = 64 << 10 };

struct audit {
	const char *url, *witness, *key, *from, *most, *leaf, *old, *size;
};

static int
run(const struct audit *audit, const char *verb)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	const char *const pairs[][2] = { { "verb", verb },
		{ "witness", audit->witness == NULL ? NULL : "1" }, { "key", audit->key },
		{ "from", audit->from }, { "most", audit->most }, { "leaf", audit->leaf },
		{ "old", audit->old }, { "size", audit->size } };
	struct aw_form_value values[AW_COUNT(pairs)];
	struct aw_client_work work = { .command = "audit", .url = audit->url, .values = values };

	for (size_t i = 0; i < AW_COUNT(pairs); i++)
		if (pairs[i][1] != NULL)
			values[work.value_count++] =
				(struct aw_form_value){ pairs[i][0], pairs[i][1] };
	/* read here: the server may not be allowed to */
	if (audit->witness != NULL && aw_file_read(&arena, audit->witness, AW_CONSOLE_BODY_MOST,
					      &work.body, &err) != AW_OK)
		return aw_command_failed("audit", &err);
	return aw_client_run(&work);
}

/* Needs no database: whoever keeps a proof and the key can do it anywhere. */
static enum aw_status
check(const struct audit *audit, const char *path, bool *ret_good, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) proof = NULL;
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_str text, witness = { 0 };
	struct aw_log_proven proven;

	if (aw_file_read(&arena, path, PROOF_MOST, &text, err) != AW_OK ||
		aw_json_parse(text, path, &proof, err) != AW_OK)
		return err->status;
	if (audit->witness != NULL &&
		aw_file_read(&arena, audit->witness, AW_CONSOLE_BODY_MOST, &witness, err) != AW_OK)
		return err->status;
	if (aw_log_proof_check(proof, audit->key, witness, &proven, err) != AW_OK)
		return err->status;
	json = json_object();
	aw_json_put_text(json, "result", proven.good ? "proven" : "not_proven");
	aw_json_put_text(json, "text", proven.text);
	if (proven.old >= 0)
		aw_json_put(json, "kept", json_boolean(proven.kept));
	(void)printf("%s\n", aw_json_text(&arena, json));
	*ret_good = proven.good;
	return AW_OK;
}

static int
check_proof(const struct audit *audit, const struct aw_operands *operands)
{
	struct aw_error err = { 0 };
	bool good = false;
	int code;

	if (operands->count != 2 || audit->key == NULL) {
		(void)aw_fail(&err, AW_INVALID, "audit check takes --key KEY and the proof's FILE");
		return aw_command_failed("audit", &err);
	}
	if (check(audit, operands->at[1], &good, &err) != AW_OK)
		return aw_command_failed("audit", &err);
	code = aw_command_done("audit");
	return code != 0 ? code : good ? 0 : 1;
}

static const char summary[] =
	"verify recomputes every entry and every signed checkpoint and names the first entry\n"
	"that is not what was written (exit 1). prove writes a proof as JSON: that an entry is in\n"
	"the log (--leaf), or that the log grew out of an older one (--old). check takes such a\n"
	"proof without a database, by --key and the checkpoints kept in --witness (exit 1 when it\n"
	"proves nothing). export writes the log as JSON lines, people under their public numbers.";

int
aw_cmd_audit(int argc, char **argv)
{
	struct audit audit = { 0 };
	const struct aw_option options[] = {
		{ "db", "URL", "the database: sqlite:PATH or postgres://...; not for check",
			&audit.url, NULL, false },
		{ "witness", "FILE",
			"verify, check: checkpoints kept outside the database by serve --witness",
			&audit.witness, NULL, false },
		{ "key", "KEY",
			"verify, check: the log's key (name+hash+key), kept elsewhere; without it, "
			"verify takes the\none in the database",
			&audit.key, NULL, false },
		{ "leaf", "LEAF", "prove: that this entry is in the log", &audit.leaf, NULL,
			false },
		{ "old", "N", "prove: that the log grew out of the checkpoint over N entries",
			&audit.old, NULL, false },
		{ "size", "N", "prove: against the checkpoint over N entries; else the newest",
			&audit.size, NULL, false },
		{ "from", "LEAF", "export: begin with this entry", &audit.from, NULL, false },
		{ "most", "N", "export: at most so many entries; 100000 when not given",
			&audit.most, NULL, false },
	};
	const struct aw_usage usage = {
		.command = "audit",
		.operands = "verify | prove | check FILE | export",
		.summary = summary,
		.options = options,
		.option_count = AW_COUNT(options),
		.least_operands = 1,
		.most_operands = 2,
	};
	struct aw_operands operands;
	struct aw_error err = { 0 };
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	if (aw_text_eq(operands.at[0], "check"))
		return check_proof(&audit, &operands);
	if (audit.url != NULL && operands.count == 1)
		return run(&audit, operands.at[0]);
	(void)aw_fail(&err, AW_INVALID, "audit takes verify, prove or export with --db URL");
	return aw_command_failed("audit", &err);
}
