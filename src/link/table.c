/* A table read by stream. */
#include "link/table.h"

#include <string.h>

#include "base/parallel.h"
#include "link/column.h"
#include "link/room.h"
#include "text/csv.h"

enum { BATCH = 256, COLUMNS_MOST = 64, ROWS_MOST = AW_DICT_MOST };

/* Columns that are read: 0 the id, then the table's columns, then the source. */
struct plan {
	const struct aw_link_spec *spec;
	struct aw_input inputs[2];
	const char *names[COLUMNS_MOST];
	size_t count;
	size_t positions[2][COLUMNS_MOST];
	size_t widths[2];		 /* values of the header */
	uint32_t *numbers[COLUMNS_MOST]; /* of the raw text, by row */
	size_t rooms[COLUMNS_MOST];
	struct aw_dict raw[COLUMNS_MOST]; /* [0] unused: ids have one a side */
	size_t threads;
	struct aw_table *table;
	struct aw_error errors[AW_PARALLEL_MOST];
	size_t rows[2];
	struct aw_shares shares;
};

/* -- which columns ------------------------------------------------------------------------------- */

static enum aw_status
add_column(struct plan *plan, const char *name, struct aw_error *err)
{
	if (plan->count == COLUMNS_MOST)
		return aw_fail(
			err, AW_TOO_LARGE, "a spec may name at most %d columns", COLUMNS_MOST - 2);
	plan->names[plan->count++] = name;
	return AW_OK;
}

static bool
has_column(const struct plan *plan, const char *name)
{
	for (size_t i = 1; i < plan->count; i++)
		if (strcmp(plan->names[i], name) == 0)
			return true;
	return false;
}

static enum aw_status
plan_columns(struct plan *plan, struct aw_error *err)
{
	const struct aw_link_spec *spec = plan->spec;

	if (add_column(plan, spec->id, err) != AW_OK)
		return err->status;
	for (size_t f = 0; f < spec->field_count; f++)
		if (add_column(plan, spec->fields[f].column, err) != AW_OK)
			return err->status;
	for (size_t b = 0; b < spec->block_count; b++) {
		for (size_t p = 0; p < spec->blocks[b].count; p++) {
			const char *name = spec->blocks[b].parts[p].column;

			if (!has_column(plan, name) && add_column(plan, name, err) != AW_OK)
				return err->status;
		}
	}
	if (spec->source != NULL)
		return add_column(plan, spec->source, err);
	return AW_OK;
}

static enum aw_status
find_positions(struct plan *plan, int side, const struct aw_csv_row *header, struct aw_error *err)
{
	const char *file = plan->inputs[side].file;

	for (size_t c = 0; c < plan->count; c++) {
		size_t found = SIZE_MAX;

		for (size_t i = 0; i < header->count; i++) {
			if (!aw_str_is(aw_str_trim(header->fields[i]), plan->names[c]))
				continue;
			if (found != SIZE_MAX)
				return aw_fail_at(err, file, header->line, 0,
					"the header has the column \"%.60s\" twice",
					plan->names[c]);
			found = i;
		}
		if (found == SIZE_MAX)
			return aw_fail_at(err, file, header->line, 0,
				"the header has no column \"%.60s\", which the spec names",
				plan->names[c]);
		plan->positions[side][c] = found;
	}
	plan->widths[side] = header->count;
	return AW_OK;
}

static enum aw_status
read_header(struct plan *plan, int side, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_csv csv = { .text = plan->inputs[side].text, .file = plan->inputs[side].file };
	struct aw_csv_row header;
	bool more;

	if (aw_csv_next(&csv, &arena, &header, &more, err) != AW_OK)
		return err->status;
	if (!more || header.blank)
		return aw_fail_at(err, csv.file, 1, 0,
			"the table is empty: its first line names the columns");
	return find_positions(plan, side, &header, err);
}

/* -- rows ---------------------------------------------------------------------------------------- */

/* One thread's way through both inputs. It reads all of them and keeps every threads-th column: a row is
 * cheap to cut and dear to look up. Thread 0 has the ids, and finds every error that anyone finds. */
struct reader {
	struct plan *plan;
	size_t thread;
	int side;
	struct aw_arena arena;
	struct aw_csv csv;
	struct aw_str *texts; /* BATCH of each of its columns */
	struct aw_str fields[AW_CSV_FIELD_LIMIT];
	uint32_t lines[BATCH];
	size_t batch, rows; /* rows: of all sides, before this batch */
};

/* Ids that rise are new without being looked up; from the first that does not, all are. */
static bool
rises(const struct aw_dict *ids, struct aw_str id)
{
	struct aw_str last = aw_dict_text(ids, ids->count);
	int order = memcmp(last.at, id.at, last.len < id.len ? last.len : id.len);

	return ids->slot_count == 0 && ids->count < AW_DICT_MOST && id.len > 0 &&
	       (order < 0 || (order == 0 && last.len < id.len));
}

static enum aw_status
keep_ids(struct reader *r, const struct aw_str *texts, struct aw_error *err)
{
	struct aw_dict *ids = &r->plan->table->ids[r->side];

	for (size_t i = 0; i < r->batch; i++) {
		uint32_t number;
		bool is_new;

		if (rises(ids, texts[i])) {
			aw_dict_append(ids, texts[i]);
			continue;
		}
		aw_dict_index(ids);
		number = aw_dict_put(ids, texts[i], aw_dict_hash(texts[i]), &is_new);
		if (number == 0)
			return aw_fail_at(err, r->csv.file, r->lines[i], 0,
				"the row has no id in column \"%.60s\"", r->plan->spec->id);
		if (!is_new)
			return aw_fail_at(err, r->csv.file, r->lines[i], 0,
				"the row has the id of record %u: an id stands once in a table",
				number);
	}
	return AW_OK;
}

static void
keep_column(struct reader *r, size_t column, const struct aw_str *texts)
{
	struct plan *plan = r->plan;
	plan->numbers[column] = aw_room(
		plan->numbers[column], r->rows + r->batch, &plan->rooms[column], sizeof(uint32_t));
	aw_dict_put_all(&plan->raw[column], texts, r->batch, plan->numbers[column] + r->rows);
}

static enum aw_status
keep_batch(struct reader *r, struct aw_error *err)
{
	size_t own = 0;

	for (size_t c = r->thread; c < r->plan->count; c += r->plan->threads, own++) {
		const struct aw_str *texts = r->texts + own * BATCH;

		if (c == 0) {
			if (keep_ids(r, texts, err) != AW_OK)
				return err->status;
		} else {
			keep_column(r, c, texts);
		}
	}
	r->rows += r->batch;
	r->batch = 0;
	aw_arena_done(&r->arena);
	return AW_OK;
}

static void
note_uneven(struct reader *r, const struct aw_csv_row *row)
{
	struct aw_table *table = r->plan->table;

	if (r->thread != 0 || row->count == r->plan->widths[r->side])
		return;
	if (table->uneven_rows++ == 0) {
		table->uneven_line = row->line;
		table->uneven_side = r->side;
	}
}

/* Nearly no value has blanks around it, and most begin and end with a sign of ASCII. */
static inline struct aw_str
trimmed(struct aw_str text)
{
	const uint8_t *at = (const uint8_t *)text.at;

	if (text.len > 0 && at[0] > ' ' && at[0] < 0x80 && at[text.len - 1] > ' ' &&
		at[text.len - 1] < 0x80)
		return text;
	return aw_str_trim(text);
}

static void
take_row(struct reader *r, const struct aw_csv_row *row)
{
	size_t own = 0;

	for (size_t c = r->thread; c < r->plan->count; c += r->plan->threads, own++) {
		size_t at = r->plan->positions[r->side][c];

		r->texts[own * BATCH + r->batch] =
			at < row->count ? trimmed(row->fields[at]) : (struct aw_str){ "", 0 };
	}
	r->lines[r->batch++] = row->line;
	note_uneven(r, row);
}

static enum aw_status
read_side(struct reader *r, struct aw_error *err)
{
	bool more = true, header = true;
	size_t before = r->rows;

	r->csv = (struct aw_csv){ .text = r->plan->inputs[r->side].text,
		.file = r->plan->inputs[r->side].file };
	while (more) {
		struct aw_csv_row row;

		if (!aw_csv_plain(&r->csv, r->fields, &row) &&
			aw_csv_next(&r->csv, &r->arena, &row, &more, err) != AW_OK)
			return err->status;
		if (!more || row.blank || header) {
			header = false;
			continue;
		}
		if (r->rows + r->batch == ROWS_MOST)
			return aw_fail(err, AW_TOO_LARGE, "more than %d rows", ROWS_MOST);
		take_row(r, &row);
		if (r->batch == BATCH && keep_batch(r, err) != AW_OK)
			return err->status;
	}
	if (keep_batch(r, err) != AW_OK)
		return err->status;
	if (r->thread == 0)
		r->plan->rows[r->side] = r->rows - before;
	return AW_OK;
}

static void
read_all(void *arg, size_t thread)
{
	struct plan *plan = arg;
	struct reader r = { .plan = plan, .thread = thread };
	size_t own = plan->count / plan->threads + 1;

	r.texts = aw_room_new(own * BATCH, sizeof(*r.texts));
	for (r.side = 0; r.side < 2; r.side++)
		if (plan->inputs[r.side].text.at != NULL &&
			read_side(&r, &plan->errors[thread]) != AW_OK)
			break;
	aw_arena_done(&r.arena);
	free(r.texts);
}

/* -- columns ------------------------------------------------------------------------------------- */

static void
make_columns(void *arg, size_t thread)
{
	struct plan *plan = arg;
	const struct aw_link_spec *spec = plan->spec;
	size_t from, to;

	(void)thread;
	while (aw_share_take(&plan->shares, &from, &to)) {
		struct aw_column *column = &plan->table->columns[from];

		column->name = plan->names[from + 1];
		column->type = from < spec->field_count ? spec->fields[from].type : AW_TYPE_TEXT;
		column->numbers = plan->numbers[from + 1];
		plan->numbers[from + 1] = NULL;
		aw_column_make(column, &plan->raw[from + 1], plan->table->rows);
	}
}

static void
fill_cells(void *arg, size_t thread)
{
	struct plan *plan = arg;
	struct aw_table *table = plan->table;
	size_t from, to, width = table->field_count;

	(void)thread;
	while (aw_share_take(&plan->shares, &from, &to))
		for (size_t f = 0; f < width; f++)
			for (size_t r = from; r < to; r++)
				table->cells[r * width + f] = table->columns[f].numbers[r];
}

/* -- the whole ----------------------------------------------------------------------------------- */

static enum aw_status
read_rows(struct plan *plan, struct aw_error *err)
{
	struct aw_table *table = plan->table;

	aw_parallel(plan->threads, read_all, plan);
	for (size_t t = 0; t < plan->threads; t++) {
		if (plan->errors[t].status != AW_OK) {
			*err = plan->errors[t];
			return err->status;
		}
	}
	for (int side = 0; side < 2; side++)
		if (plan->inputs[side].text.at != NULL && plan->rows[side] == 0)
			return aw_fail_at(err, plan->inputs[side].file, 1, 0,
				"the table has a header and no rows");
	table->left_rows = plan->rows[0];
	table->rows = plan->rows[0] + plan->rows[1];
	return AW_OK;
}

static void
build(struct plan *plan)
{
	struct aw_table *table = plan->table;
	bool sourced = plan->spec->source != NULL;

	table->field_count = plan->spec->field_count;
	table->column_count = plan->count - 1;
	table->columns = aw_room_new(table->column_count, sizeof(*table->columns));
	plan->shares = (struct aw_shares){ .total = table->column_count, .step = 1 };
	aw_parallel(plan->threads, make_columns, plan);
	table->cells = aw_room_new(table->rows * table->field_count, sizeof(uint32_t));
	plan->shares = (struct aw_shares){ .total = table->rows, .step = 4096 };
	aw_parallel(plan->threads, fill_cells, plan);
	if (sourced) {
		table->sources = table->columns[table->column_count - 1].numbers;
		table->columns[table->column_count - 1].numbers = NULL;
	}
}

enum aw_status
aw_table_read(const struct aw_link_spec *spec, struct aw_input left, struct aw_input right,
	size_t threads, struct aw_table *ret_table, struct aw_error *err)
{
	struct aw_table table = { 0 };
	struct plan *plan = aw_room_new(1, sizeof(*plan));
	enum aw_status status;

	plan->spec = spec;
	plan->inputs[0] = left;
	plan->inputs[1] = right;
	plan->threads = threads;
	plan->table = &table;
	status = plan_columns(plan, err);
	for (int side = 0; side < 2 && status == AW_OK; side++)
		if (plan->inputs[side].text.at != NULL)
			status = read_header(plan, side, err);
	if (status == AW_OK)
		status = read_rows(plan, err);
	if (status == AW_OK)
		build(plan);
	for (size_t c = 0; c < COLUMNS_MOST; c++) {
		aw_dict_done(&plan->raw[c]);
		free(plan->numbers[c]);
	}
	free(plan);
	if (status == AW_OK)
		*ret_table = table;
	else
		aw_table_done(&table);
	return status;
}

void
aw_table_keep_fields(struct aw_table *table)
{
	for (size_t c = 0; c < table->column_count; c++) {
		free(table->columns[c].numbers);
		table->columns[c].numbers = NULL;
	}
}

void
aw_table_done(struct aw_table *table)
{
	aw_table_keep_fields(table);
	for (size_t c = 0; c < table->column_count; c++) {
		free(table->columns[c].at);
		free(table->columns[c].store);
		free(table->columns[c].frequency);
		free(table->columns[c].forms);
	}
	free(table->columns);
	free(table->cells);
	free(table->sources);
	aw_dict_done(&table->ids[0]);
	aw_dict_done(&table->ids[1]);
	*table = (struct aw_table){ 0 };
}

struct aw_str
aw_table_id(const struct aw_table *table, size_t row)
{
	return row < table->left_rows
		       ? aw_dict_text(&table->ids[0], (uint32_t)(row + 1))
		       : aw_dict_text(&table->ids[1], (uint32_t)(row - table->left_rows + 1));
}

const struct aw_column *
aw_table_column(const struct aw_table *table, const char *name)
{
	for (size_t c = 0; c < table->column_count; c++)
		if (strcmp(table->columns[c].name, name) == 0)
			return &table->columns[c];
	return NULL;
}

/* Row of an id on one side; false when there is none. */
static bool
find_row(const struct aw_table *table, struct aw_str id, int side, uint32_t *ret_row)
{
	uint32_t number = aw_dict_find(&table->ids[side], id);

	if (number == 0)
		return false;
	*ret_row = number - 1 + (side == 1 ? (uint32_t)table->left_rows : 0);
	return true;
}

bool
aw_table_decided(const struct aw_table *table, const struct aw_spec_decision *decision,
	uint32_t *ret_left, uint32_t *ret_right)
{
	int right = table->rows > table->left_rows ? 1 : 0;

	return find_row(table, decision->left, 0, ret_left) &&
	       (find_row(table, decision->right, right, ret_right) ||
		       find_row(table, decision->right, 0, ret_right));
}
