/* fuzz/link - any bytes as a spec of `anwang link`, and any as the table behind it: read, compared, written
 * by two threads. The input is both, cut at the first byte 0xFF. */
#include <stdlib.h>
#include <string.h>

#include "cli/link_spec.h"
#include "link/batch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char usual[] =
	"id: id\nfields:\n  - {column: n, type: name}\n  - {column: l, type: latin_name}\n"
	"  - {column: i, type: national_id}\n  - {column: d, type: date}\n"
	"  - {column: a, type: tw_address}\nblocks: [[d], [sound(n)], [first2(l)]]\n"
	"term_frequency: [n]\nblock_limit: 3\nwindow: 2\nreview: 0\n";

static enum aw_status
swallow(void *arg, struct aw_str text, struct aw_error *err)
{
	size_t *sum = arg;

	(void)err;
	*sum += text.len;
	return AW_OK;
}

static void
link_table(struct aw_arena *arena, const struct aw_link_spec *spec, struct aw_str table)
{
	size_t written = 0;
	struct aw_batch batch = { .spec = spec,
		.left = { table, "table" },
		.threads = 2,
		.folder = "/tmp",
		.write_pairs = swallow,
		.write_clusters = swallow,
		.write_arg = &written };
	struct aw_batch_report report;
	struct aw_error err = { 0 };

	if (aw_batch_run(&batch, arena, &report, &err) == AW_OK && written == 0)
		abort(); /* not even the header */
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const uint8_t *cut = size == 0 ? NULL : memchr(data, 0xFF, size);
	struct aw_str text = { (const char *)data, cut == NULL ? size : (size_t)(cut - data) };
	struct aw_str table = text;
	struct aw_link_spec spec;
	struct aw_link_paths paths;
	struct aw_error err = { 0 };

	if (cut != NULL)
		table = (struct aw_str){ (const char *)cut + 1, size - text.len - 1 };
	if (aw_link_spec_read(&arena, "fuzz/spec.yaml", text, false, &spec, &paths, &err) == AW_OK)
		link_table(&arena, &spec, table);
	if (aw_link_spec_read(&arena, "usual", aw_str(usual), false, &spec, &paths, &err) != AW_OK)
		abort();
	link_table(&arena, &spec, table);
	return 0;
}
