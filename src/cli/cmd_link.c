/* anwang link: links the rows of one table or two. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/parallel.h"
#include "cli/commands.h"
#include "cli/link_spec.h"
#include "cli/options.h"
#include "cli/stream.h"
#include "link/batch.h"
#include "text/csv.h"
#include "text/table.h"

enum {
	SPEC_LIMIT = 1 << 20,
	MODEL_LIMIT = 1 << 22,
	DECISIONS_LIMIT = 1 << 30,
	THREADS_OTHERWISE = 2
};

struct linking {
	const char *spec_path, *left_path, *right_path, *out_path, *clusters_path, *threads_text,
		*seed_text, *save_path;
	int64_t threads, seed;
	struct aw_arena arena, tables; /* tables: what had to be decoded, as long as it is read */
	struct aw_mapped left, right, decisions;
	struct aw_link_spec spec;
	struct aw_batch batch;
	struct aw_batch_report report;
	struct aw_stream_out pairs, clusters;
	int64_t began_us[AW_BATCH_PHASES];
};

/* -- reading ------------------------------------------------------------------------------------- */

/* A file as UTF-8 CSV: as it stands where it is that already, else decoded or taken out of a sheet. */
static enum aw_status
open_table(struct linking *l, const char *path, struct aw_mapped *mapped, struct aw_input *ret,
	struct aw_error *err)
{
	const char *encoding;
	struct aw_str text;

	if (aw_file_map(path, mapped, err) != AW_OK)
		return err->status;
	if (aw_table_text(&l->tables, mapped->text, path, &text, err) != AW_OK)
		return err->status;
	if (!aw_utf8_valid(text) &&
		aw_text_decode(&l->tables, text, &text, &encoding, err) != AW_OK)
		return aw_wrap(err, "%s", path);
	*ret = (struct aw_input){ text, path };
	return AW_OK;
}

static enum aw_status
open_all(struct linking *l, struct aw_error *err)
{
	struct aw_link_paths paths;
	struct aw_str text;
	struct aw_input decisions;

	if (aw_file_read(&l->arena, l->spec_path, SPEC_LIMIT, &text, err) != AW_OK ||
		aw_link_spec_read(&l->arena, l->spec_path, text, l->right_path != NULL, &l->spec,
			&paths, err) != AW_OK)
		return err->status;
	if (paths.decisions != NULL &&
		(open_table(l, paths.decisions, &l->decisions, &decisions, err) != AW_OK ||
			aw_link_decisions_read(
				&l->arena, decisions.file, decisions.text, &l->spec, err) != AW_OK))
		return err->status;
	if (paths.model != NULL) {
		l->batch.model_file = paths.model;
		if (aw_file_read(&l->arena, paths.model, MODEL_LIMIT, &l->batch.model, err) !=
			AW_OK)
			return err->status;
	}
	if (open_table(l, l->left_path, &l->left, &l->batch.left, err) != AW_OK)
		return err->status;
	if (l->right_path != NULL)
		return open_table(l, l->right_path, &l->right, &l->batch.right, err);
	return AW_OK;
}

/* -- writing ------------------------------------------------------------------------------------- */

static enum aw_status
write_pairs(void *arg, struct aw_str text, struct aw_error *err)
{
	struct linking *l = arg;

	return l->pairs.sink.write(l->pairs.sink.arg, text.at, text.len, err);
}

static enum aw_status
write_clusters(void *arg, struct aw_str text, struct aw_error *err)
{
	struct linking *l = arg;

	return l->clusters.sink.write(l->clusters.sink.arg, text.at, text.len, err);
}

static const char *const phases[] = { "read", "block", "learn", "match", "write" };

/* Shows a phase on a terminal, and keeps when it began. */
static void
show_phase(void *arg, enum aw_batch_phase phase)
{
	struct linking *l = arg;

	l->began_us[phase] = aw_monotonic_us();
	if (isatty(STDERR_FILENO) != 0)
		fprintf(stderr, "\r\033[K%s ...", phases[phase]);
}

static const char *
folder_of(struct aw_arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (strcmp(path, "-") == 0)
		return "/tmp";
	if (slash == NULL)
		return ".";
	return aw_arena_strndup(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

static enum aw_status
run(struct linking *l, struct aw_error *err)
{
	l->batch.spec = &l->spec;
	l->batch.threads = (size_t)l->threads;
	l->batch.seed = (uint64_t)l->seed;
	l->batch.folder = folder_of(&l->arena, l->out_path);
	l->batch.write_pairs = write_pairs;
	l->batch.write_arg = l;
	l->batch.phase = show_phase;
	l->batch.phase_arg = l;
	if (open_all(l, err) != AW_OK ||
		aw_stream_out_open(&l->arena, l->out_path, &l->pairs, err) != AW_OK)
		return err->status;
	if (l->clusters_path != NULL) {
		l->batch.write_clusters = write_clusters;
		if (aw_stream_out_open(&l->arena, l->clusters_path, &l->clusters, err) != AW_OK)
			return err->status;
	}
	if (aw_batch_run(&l->batch, &l->arena, &l->report, err) != AW_OK)
		return err->status;
	if (aw_stream_out_keep(&l->pairs, err) != AW_OK ||
		(l->clusters_path != NULL && aw_stream_out_keep(&l->clusters, err) != AW_OK))
		return err->status;
	if (l->save_path != NULL)
		return aw_file_write(l->save_path, aw_str(l->report.model), 0644, err);
	return AW_OK;
}

/* -- telling ------------------------------------------------------------------------------------- */

/* What the user should know, on standard error. */
static void
warn(const struct linking *l)
{
	const struct aw_batch_report *r = &l->report;

	if (isatty(STDERR_FILENO) != 0)
		fputs("\r\033[K", stderr);
	if (r->uneven_rows > 0)
		fprintf(stderr,
			"%s:%" PRIu32 ": %zu %s more or fewer values than the header; what is "
			"absent is missing, what is over is left out\n",
			r->uneven_side == 0 ? l->left_path : l->right_path, r->uneven_line,
			r->uneven_rows, r->uneven_rows == 1 ? "row has" : "rows have");
	for (size_t i = 0; i < r->empty_count; i++)
		fprintf(stderr, "column \"%s\" is empty in every row: it says nothing\n",
			r->empty_columns[i]);
	for (size_t i = 0; i < r->untrained_count; i++)
		fprintf(stderr,
			"field \"%s\": m could not be learned and is assumed; a block that leaves "
			"the field free would teach it\n",
			r->untrained[i]);
	for (size_t i = 0; i < r->oversized_count; i++)
		fprintf(stderr,
			"block %zu is too large: %s has %" PRIu32 " rows; split by %" PRIu32
			" more %s into parts of at most %" PRIu32 ", and windows\n",
			r->oversized[i].size.pass + 1, r->oversized[i].key,
			r->oversized[i].size.rows, r->oversized[i].size.fields,
			r->oversized[i].size.fields == 1 ? "field" : "fields",
			r->oversized[i].size.largest);
	if (r->oversized_all > r->oversized_count)
		fprintf(stderr, "and %zu more %s too large\n",
			r->oversized_all - r->oversized_count,
			r->oversized_all - r->oversized_count == 1 ? "block that is"
								   : "blocks that are");
	if (r->clustered.unknown_decisions > 0)
		fprintf(stderr, "%zu %s ids that are in no table\n", r->clustered.unknown_decisions,
			r->clustered.unknown_decisions == 1 ? "decision is about"
							    : "decisions are about");
}

static json_t *
clusters_json(const struct aw_clustered *c)
{
	json_t *json = json_object(), *refused = json_object();

	aw_json_put_int(json, "count", (int64_t)c->clusters);
	aw_json_put_int(json, "largest", (int64_t)c->largest);
	aw_json_put_int(json, "bridges_cut", (int64_t)c->bridges_cut);
	aw_json_put_int(refused, "number", (int64_t)c->refused_number);
	aw_json_put_int(refused, "source", (int64_t)c->refused_source);
	aw_json_put_int(refused, "field", (int64_t)c->refused_field);
	aw_json_put_int(refused, "people", (int64_t)c->refused_people);
	aw_json_put_int(refused, "size", (int64_t)c->refused_size);
	aw_json_put(json, "refused", refused);
	return json;
}

/* Milliseconds of each phase that there was, until the next one began. */
static json_t *
phases_json(const struct linking *l, int64_t end_us)
{
	json_t *json = json_object();

	for (size_t p = AW_BATCH_PHASES; p-- > 0;) {
		if (l->began_us[p] == 0)
			continue;
		aw_json_put_int(json, phases[p], (end_us - l->began_us[p]) / 1000);
		end_us = l->began_us[p];
	}
	return json;
}

static void
print_report(struct linking *l, int64_t start_us)
{
	int64_t end_us = aw_monotonic_us();
	AW_SCOPED(json, json_t *) json = json_object();
	const struct aw_batch_report *r = &l->report;

	aw_json_put_int(json, "left_rows", (int64_t)r->left_rows);
	aw_json_put_int(json, "right_rows", (int64_t)r->right_rows);
	aw_json_put_int(json, "compared", (int64_t)(r->compared.met + r->compared.windows));
	aw_json_put_int(json, "pairs", (int64_t)r->pairs);
	aw_json_put_int(json, "links", (int64_t)r->links);
	aw_json_put_int(json, "held_back", (int64_t)r->held_back);
	aw_json_put_int(json, "oversized_blocks", (int64_t)r->oversized_all);
	aw_json_put(json, "trained", json_boolean(r->was_trained));
	aw_json_put_int(
		json, "decisions", (int64_t)(r->calibration.same + r->calibration.not_same));
	aw_json_put_int(json, "milliseconds", (end_us - start_us) / 1000);
	aw_json_put(json, "phases", phases_json(l, end_us));
	if (l->clusters_path != NULL)
		aw_json_put(json, "clusters", clusters_json(&r->clustered));
	puts(aw_json_text(&l->arena, json));
}

static void
linking_done(struct linking *l)
{
	aw_stream_out_done(&l->pairs);
	aw_stream_out_done(&l->clusters);
	aw_mapped_done(&l->left);
	aw_mapped_done(&l->right);
	aw_mapped_done(&l->decisions);
	aw_arena_done(&l->tables);
	aw_arena_done(&l->arena);
}

static int
link_command(struct linking *l)
{
	struct aw_error err = { 0 };
	int64_t start = aw_monotonic_us();
	int code;

	if (aw_option_int("threads", l->threads_text, 1, AW_PARALLEL_MOST, &l->threads, &err) !=
			AW_OK ||
		aw_option_int("seed", l->seed_text, 0, INT64_MAX, &l->seed, &err) != AW_OK ||
		run(l, &err) != AW_OK)
		return aw_command_failed("link", &err);
	warn(l);
	if (strcmp(l->out_path, "-") != 0)
		print_report(l, start);
	code = aw_command_done("link");
	return code;
}

int
aw_cmd_link(int argc, char **argv)
{
	struct linking l = { .threads = THREADS_OTHERWISE,
		.seed = 1,
		.pairs = { .fd = -1 },
		.clusters = { .fd = -1 } };
	const struct aw_option options[] = {
		{ "spec", "FILE", "what is compared and how (YAML; docs/recognition.md)",
			&l.spec_path, NULL, true },
		{ "left", "FILE", "the table: CSV with a header, or a sheet", &l.left_path, NULL,
			true },
		{ "right", "FILE", "a second table to link with", &l.right_path, NULL, false },
		{ "out", "FILE", "where pairs go as CSV; - is standard output", &l.out_path, NULL,
			true },
		{ "clusters", "FILE", "where clusters go as CSV", &l.clusters_path, NULL, false },
		{ "threads", "N", "threads, 2 if not given", &l.threads_text, NULL, false },
		{ "seed", "N", "seed of the random pairs, 1 if not given", &l.seed_text, NULL,
			false },
		{ "save-model", "FILE", "where the m and u that were used go as JSON", &l.save_path,
			NULL, false },
	};
	const struct aw_usage usage = {
		.command = "link",
		.operands = "",
		.summary = "Finds the rows of one table, or of two, that are one person (or "
			   "thing): writes every\n"
			   "pair that is likely enough, with probability, weight and reason, and "
			   "clusters.\n"
			   "Without a model in the spec it learns from the tables themselves. The "
			   "same tables,\n"
			   "spec and seed give the same bytes, whatever the number of threads.",
		.options = options,
		.option_count = AW_COUNT(options),
	};
	struct aw_operands operands;
	int code = 0;

	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	code = link_command(&l);
	linking_done(&l);
	return code;
}
