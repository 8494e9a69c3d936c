/* The engine for any table. */
#include "link/batch.h"

#include <string.h>

#include "link/batch_write.h"
#include "link/room.h"
#include "link/sorted.h"

enum { OVERSIZED_TOLD = 10 };

static const size_t MEMORY_BYTES = (size_t)256 << 20;

/* -- the spec ------------------------------------------------------------------------------------ */

enum aw_status
aw_link_spec_check(const struct aw_link_spec *spec, bool two_tables, struct aw_error *err)
{
	if (spec->id == NULL || spec->id[0] == '\0')
		return aw_fail(err, AW_INVALID, "the spec names no id column");
	if (spec->field_count == 0)
		return aw_fail(err, AW_INVALID, "the spec names no field to compare");
	if (spec->block_count == 0)
		return aw_fail(err, AW_INVALID,
			"the spec names no block: without one every pair would be compared");
	for (size_t b = 0; b < spec->block_count; b++)
		if (spec->blocks[b].count == 0)
			return aw_fail(err, AW_INVALID, "a block names no column");
	for (size_t f = 0; f < spec->field_count; f++)
		for (size_t g = 0; g < f; g++)
			if (strcmp(spec->fields[f].column, spec->fields[g].column) == 0)
				return aw_fail(err, AW_INVALID, "the field \"%.60s\" stands twice",
					spec->fields[f].column);
	for (size_t i = 0; i < spec->own_count; i++) {
		size_t f = 0;

		while (f < spec->field_count && spec->owns[i].levels[f] == NULL)
			f++;
		if (f == spec->field_count)
			return aw_fail(err, AW_INVALID, "own: one of the list names no field");
	}
	if (spec->review_ppm < 0 || spec->threshold_ppm > 1000000 ||
		spec->review_ppm > spec->threshold_ppm)
		return aw_fail(err, AW_INVALID,
			"review and threshold are probabilities, review the smaller one");
	if (spec->mode == AW_MODE_DEDUPE && two_tables)
		return aw_fail(err, AW_INVALID,
			"link_type is dedupe, and there are two tables: write link or both");
	if (spec->mode != AW_MODE_DEDUPE && !two_tables)
		return aw_fail(err, AW_INVALID,
			"link_type is link or both, and there is one table: give --right");
	return AW_OK;
}

/* -- the run ------------------------------------------------------------------------------------- */

struct run {
	const struct aw_batch *batch;
	struct aw_arena *arena;
	struct aw_table table;
	struct aw_blocks blocks;
	struct aw_matcher matcher;
	struct aw_fit fit;
	struct aw_sorted sorted;
	uint32_t *ranks;
	struct aw_batch_report report;
};

static void
begin(const struct run *run, enum aw_batch_phase phase)
{
	if (run->batch->phase != NULL)
		run->batch->phase(run->batch->phase_arg, phase);
}

static const char *
key_text(const struct run *run, const struct aw_oversized *block)
{
	const struct aw_spec_block *key = &run->batch->spec->blocks[block->pass];
	struct aw_buf buf = { .arena = run->arena };

	for (size_t p = 0; p < key->count; p++) {
		const struct aw_column *column = aw_table_column(&run->table, key->parts[p].column);
		struct aw_str text =
			aw_column_text(column, column->numbers[block->row], run->arena);
		static const char *const kinds[] = { "", "first", "last", "sound", "year" };

		aw_buf_printf(&buf, "%s%s", p == 0 ? "" : ", ", kinds[key->parts[p].kind]);
		if (key->parts[p].count > 0)
			aw_buf_printf(&buf, "%u", key->parts[p].count);
		aw_buf_printf(&buf, key->parts[p].kind == AW_PART_WHOLE ? "%s=" : "(%s) of ",
			column->name);
		aw_buf_str(&buf, text);
	}
	return aw_arena_strdup(run->arena, aw_buf_z(&buf));
}

static void
tell_table(struct run *run)
{
	struct aw_batch_report *report = &run->report;
	const struct aw_table *table = &run->table;
	const char **empty = AW_NEW_ARRAY(run->arena, const char *, table->column_count);

	report->left_rows = table->left_rows;
	report->right_rows = table->rows - table->left_rows;
	report->uneven_rows = table->uneven_rows;
	report->uneven_line = table->uneven_line;
	report->uneven_side = table->uneven_side;
	for (size_t c = 0; c < table->column_count; c++)
		if (table->columns[c].count == 0)
			empty[report->empty_count++] = table->columns[c].name;
	report->empty_columns = empty;
}

static void
tell_oversized(struct run *run)
{
	size_t count = run->blocks.oversized_count;

	run->report.oversized_all = count;
	count = count < OVERSIZED_TOLD ? count : OVERSIZED_TOLD;
	run->report.oversized = aw_arena_array(run->arena, count, sizeof(*run->report.oversized));
	for (size_t i = 0; i < count; i++) {
		run->report.oversized[i].size = run->blocks.oversized[i];
		run->report.oversized[i].key = key_text(run, &run->blocks.oversized[i]);
	}
	run->report.oversized_count = count;
}

static enum aw_status
learn(struct run *run, struct aw_error *err)
{
	const struct aw_batch *batch = run->batch;
	size_t n = batch->spec->field_count;
	const char **untrained = AW_NEW_ARRAY(run->arena, const char *, n);

	if (batch->model.at != NULL) {
		if (aw_fit_read(batch->model, batch->model_file, run->matcher.comparators, n,
			    &run->fit, err) != AW_OK)
			return err->status;
		aw_fit_weigh(&run->fit, run->matcher.comparators);
	} else {
		begin(run, AW_BATCH_TRAIN);
		aw_train(&run->matcher, &run->blocks, batch->seed, batch->threads, &run->fit,
			&run->report.trained);
		run->fit.calibration = AW_CALIBRATION_NONE;
		run->report.was_trained = true;
	}
	for (size_t f = 0; f < n; f++)
		if (!run->fit.trained[f])
			untrained[run->report.untrained_count++] = run->table.columns[f].name;
	run->report.untrained = untrained;
	return AW_OK;
}

/* What people decided says what a total is worth. A model that was given keeps its own word unless they
 * decided enough here. */
static void
calibrate(struct run *run)
{
	const struct aw_link_spec *spec = run->batch->spec;
	struct aw_judged *judged = aw_room_new(spec->decision_count, sizeof(*judged));
	struct aw_calibration made;
	struct aw_memo memo;
	size_t count = 0;

	for (int side = 0; spec->decision_count > 0 && side < 2; side++)
		aw_dict_index(&run->table.ids[side]); /* decisions name ids */
	aw_memo_make(&run->matcher, &memo);
	for (size_t i = 0; i < spec->decision_count; i++) {
		uint8_t levels[AW_SPEC_FIELDS];
		uint32_t a, b;

		if (!aw_table_decided(&run->table, &spec->decisions[i], &a, &b))
			continue;
		aw_match_levels(&run->matcher, &memo, aw_table_row(&run->table, a),
			aw_table_row(&run->table, b), levels);
		judged[count++] = (struct aw_judged){
			aw_pattern_total(&run->matcher, aw_pattern(&run->matcher, levels), a, b),
			spec->decisions[i].same
		};
	}
	aw_memo_done(&memo);
	aw_calibrate(judged, count, &made);
	if (made.same > 0)
		run->fit.calibration = made;
	free(judged);
	run->report.calibration = run->fit.calibration;
	run->report.model = aw_fit_json(run->arena, &run->fit, run->matcher.comparators);
}

/* What a household has in common says of two records that they are of one house. When nothing agrees that
 * is a person's own, they may be twins, or parent and child, as well as one: people decide. */
static int32_t
probability_of(const struct run *run, const struct aw_hit *hit)
{
	int32_t ppm = aw_calibrated_ppm(&run->fit.calibration, hit->total);
	int32_t most = run->batch->spec->threshold_ppm - 1;

	if (aw_pattern_is_own(&run->matcher, hit->pattern))
		return ppm;
	most = most < 0 ? 0 : most < AW_BATCH_EITHER_PPM ? most : AW_BATCH_EITHER_PPM;
	return ppm < most ? ppm : most;
}

static void
take_hit(void *arg, size_t thread, const struct aw_hit *hit)
{
	struct run *run = arg;
	uint32_t left = run->ranks[hit->left], right = run->ranks[hit->right];
	struct aw_pair pair = { .unlike_ppm = (uint32_t)(1000000 - probability_of(run, hit)),
		.left = left,
		.right = right,
		.total = hit->total,
		.pattern = hit->pattern };

	if (left > right && run->batch->spec->mode != AW_MODE_LINK) {
		pair.left = right;
		pair.right = left;
	}
	if (1000000 - pair.unlike_ppm >= (uint32_t)run->batch->spec->review_ppm)
		aw_sorted_add(&run->sorted, thread, &pair);
}

static enum aw_status
prepare(struct run *run, struct aw_error *err)
{
	const struct aw_batch *batch = run->batch;

	begin(run, AW_BATCH_READ);
	if (aw_table_read(batch->spec, batch->left, batch->right, batch->threads, &run->table,
		    err) != AW_OK)
		return err->status;
	tell_table(run);
	begin(run, AW_BATCH_BLOCK);
	aw_blocks_make(batch->spec, &run->table, batch->threads, &run->blocks);
	tell_oversized(run);
	aw_table_keep_fields(&run->table);
	if (aw_matcher_make(batch->spec, &run->table, &run->matcher, err) != AW_OK)
		return err->status;
	return learn(run, err);
}

static enum aw_status
match_and_write(struct run *run, struct aw_error *err)
{
	const struct aw_batch *batch = run->batch;
	const struct aw_link_spec *spec = batch->spec;
	struct aw_written written = { 0 };
	enum aw_status status;

	begin(run, AW_BATCH_MATCH);
	aw_matcher_weigh(&run->matcher, &run->fit, INT32_MIN / 2);
	calibrate(run);
	run->matcher.least = aw_calibrated_least(&run->fit.calibration, spec->review_ppm);
	run->ranks = aw_table_ranks(&run->table);
	aw_sorted_make(batch->threads,
		batch->memory_bytes != 0 ? batch->memory_bytes : MEMORY_BYTES,
		batch->folder != NULL ? batch->folder : "/tmp", &run->sorted);
	aw_match_all(
		&run->matcher, &run->blocks, batch->threads, take_hit, run, &run->report.compared);
	begin(run, AW_BATCH_WRITE);
	status = aw_sorted_begin(&run->sorted, err);
	if (status == AW_OK)
		status = aw_batch_write_pairs(
			batch, &run->matcher, run->ranks, &run->sorted, &written, err);
	run->report.pairs = written.pairs;
	run->report.links = written.link_count;
	run->report.held_back = written.held_back;
	if (status == AW_OK && batch->write_clusters != NULL) {
		aw_cluster(&run->matcher, written.links, written.link_count, run->ranks,
			&run->report.clustered);
		status = aw_batch_write_clusters(
			batch, &run->table, run->ranks, &run->report.clustered, err);
	}
	free(written.links);
	return status;
}

enum aw_status
aw_batch_run(const struct aw_batch *batch, struct aw_arena *arena,
	struct aw_batch_report *ret_report, struct aw_error *err)
{
	struct run *run = aw_room_new(1, sizeof(*run));
	enum aw_status status = aw_link_spec_check(batch->spec, batch->right.text.at != NULL, err);

	run->batch = batch;
	run->arena = arena;
	run->sorted.fd = -1;
	if (status == AW_OK)
		status = prepare(run, err);
	if (status == AW_OK)
		status = match_and_write(run, err);
	aw_clustered_done(&run->report.clustered);
	if (status == AW_OK)
		*ret_report = run->report;
	aw_sorted_done(&run->sorted);
	aw_matcher_done(&run->matcher);
	aw_blocks_done(&run->blocks);
	aw_table_done(&run->table);
	free(run->ranks);
	free(run);
	return status;
}
