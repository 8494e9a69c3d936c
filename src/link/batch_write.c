/* Pairs and clusters as CSV. */
#include "link/batch_write.h"

#include <stdio.h>
#include <string.h>

#include "link/room.h"

enum { FLUSH_BYTES = 1 << 18, CACHE_SLOTS = 4096 };

/* -- text that grows and goes -------------------------------------------------------------------- */

struct out {
	char *at;
	size_t len, room;
	aw_batch_write_fn *write;
	void *arg;
};

static char *
room_for(struct out *out, size_t len)
{
	out->at = aw_room(out->at, out->len + len, &out->room, 1);
	return out->at + out->len;
}

static void
put(struct out *out, const char *at, size_t len)
{
	memcpy(room_for(out, len), at, len);
	out->len += len;
}

static enum aw_status
flush(struct out *out, size_t above, struct aw_error *err)
{
	struct aw_str text = { out->at, out->len };

	if (out->len <= above)
		return AW_OK;
	out->len = 0;
	return out->write(out->arg, text, err);
}

/* An id as CSV: quoted where it holds a comma, a quote or a line break, or blanks around it. */
static void
put_id(struct out *out, struct aw_str id)
{
	bool quote = false;

	for (size_t i = 0; i < id.len; i++)
		quote |= id.at[i] == ',' || id.at[i] == '"' || id.at[i] == '\n' || id.at[i] == '\r';
	if (!quote) {
		put(out, id.at, id.len);
		return;
	}
	put(out, "\"", 1);
	for (size_t i = 0; i < id.len; i++) {
		if (id.at[i] == '"')
			put(out, "\"", 1);
		put(out, id.at + i, 1);
	}
	put(out, "\"", 1);
}

/* ",0.123456" and ",-12.345": a whole number with that many decimals. */
static void
put_decimal(struct out *out, int32_t number, int decimals)
{
	char digits[24];
	uint32_t rest = number < 0 ? 0u - (uint32_t)number : (uint32_t)number;
	size_t at = sizeof(digits);

	for (int i = 0; i <= decimals || rest > 0; i++) {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
		if (i + 1 == decimals)
			digits[--at] = '.';
	}
	if (number < 0)
		digits[--at] = '-';
	put(out, ",", 1);
	put(out, digits + at, sizeof(digits) - at);
}

/* -- pairs --------------------------------------------------------------------------------------- */

/* Texts of patterns, of which there are far fewer than pairs. */
struct cache {
	struct aw_arena arena;
	struct {
		uint64_t pattern;
		const char *text;
		size_t len;
	} slots[CACHE_SLOTS];
};

static void
put_levels(struct out *out, struct cache *cache, const struct aw_matcher *matcher, uint64_t pattern)
{
	size_t at = aw_link_mix(pattern) % CACHE_SLOTS;

	if (cache->slots[at].text == NULL || cache->slots[at].pattern != pattern) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_str text = aw_str(aw_pattern_text(matcher, pattern, &arena));
		struct aw_str quoted;
		struct out one = { 0 };

		put_id(&one, text);
		quoted = (struct aw_str){ one.at, one.len };
		cache->slots[at].pattern = pattern;
		cache->slots[at].text = aw_arena_strndup(&cache->arena, quoted.at, quoted.len);
		cache->slots[at].len = quoted.len;
		free(one.at);
	}
	put(out, ",", 1);
	put(out, cache->slots[at].text, cache->slots[at].len);
	put(out, "\n", 1);
}

static uint32_t *
rows_by_rank(const uint32_t *ranks, size_t rows)
{
	uint32_t *by_rank = aw_room_new(rows, sizeof(*by_rank));

	for (uint32_t r = 0; r < rows; r++)
		by_rank[ranks[r]] = r;
	return by_rank;
}

struct pairs {
	const struct aw_batch *batch;
	const struct aw_matcher *matcher;
	const uint32_t *by_rank;
	struct aw_sorted *sorted;
	struct aw_written *written;
	const struct aw_calibration *calibration;
	struct out out;
	struct cache *cache;
};

/* Would its weight alone make it a link? */
static bool
is_held_back(const struct pairs *p, const struct aw_pair *pair)
{
	int32_t threshold = p->batch->spec->threshold_ppm;

	return (int32_t)(1000000 - pair->unlike_ppm) < threshold &&
	       aw_calibrated_ppm(p->calibration, pair->total) >= threshold;
}

static enum aw_status
write_all(struct pairs *p, struct aw_error *err)
{
	uint32_t link = (uint32_t)(1000000 - p->batch->spec->threshold_ppm);
	bool more = true;

	for (;;) {
		struct aw_pair pair;
		uint32_t a, b;

		if (aw_sorted_next(p->sorted, &pair, &more, err) != AW_OK)
			return err->status;
		if (!more)
			break;
		a = p->by_rank[pair.left];
		b = p->by_rank[pair.right];
		put_id(&p->out, aw_table_id(p->matcher->table, a));
		put(&p->out, ",", 1);
		put_id(&p->out, aw_table_id(p->matcher->table, b));
		put_decimal(&p->out, (int32_t)(1000000 - pair.unlike_ppm), 6);
		put_decimal(&p->out, pair.total, 3);
		put_levels(&p->out, p->cache, p->matcher, pair.pattern);
		p->written->pairs++;
		p->written->held_back += is_held_back(p, &pair) ? 1 : 0;
		if (pair.unlike_ppm <= link)
			*AW_ROOM_PUSH(p->written->links, p->written->link_count,
				p->written->link_room) = (struct aw_link){ pair.total, a, b };
		if (flush(&p->out, FLUSH_BYTES, err) != AW_OK)
			return err->status;
	}
	return flush(&p->out, 0, err);
}

enum aw_status
aw_batch_write_pairs(const struct aw_batch *batch, const struct aw_matcher *matcher,
	const uint32_t *ranks, struct aw_sorted *sorted, struct aw_written *written,
	struct aw_error *err)
{
	static const char header[] = "left,right,probability,weight,levels\n";
	uint32_t *by_rank = rows_by_rank(ranks, matcher->table->rows);
	struct pairs p = { .batch = batch,
		.matcher = matcher,
		.by_rank = by_rank,
		.sorted = sorted,
		.written = written,
		.calibration = &matcher->fit->calibration,
		.out = { .write = batch->write_pairs, .arg = batch->write_arg } };
	enum aw_status status;

	p.cache = aw_room_new(1, sizeof(*p.cache));
	put(&p.out, header, sizeof(header) - 1);
	status = write_all(&p, err);
	aw_arena_done(&p.cache->arena);
	free(p.cache);
	free(p.out.at);
	free(by_rank);
	return status;
}

/* -- clusters ------------------------------------------------------------------------------------ */

struct member {
	uint32_t cluster, rank; /* ranks of the cluster's first record, and of the record */
};

static int
by_cluster(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->cluster != y->cluster)
		return x->cluster < y->cluster ? -1 : 1;
	return x->rank < y->rank ? -1 : 1;
}

enum aw_status
aw_batch_write_clusters(const struct aw_batch *batch, const struct aw_table *table,
	const uint32_t *ranks, const struct aw_clustered *clustered, struct aw_error *err)
{
	bool two = table->rows > table->left_rows;
	uint32_t *by_rank = rows_by_rank(ranks, table->rows);
	struct member *members = aw_room_new(table->rows, sizeof(*members));
	struct out out = { .write = batch->write_clusters, .arg = batch->write_arg };
	enum aw_status status = AW_OK;

	for (uint32_t r = 0; r < table->rows; r++)
		members[r] = (struct member){ ranks[clustered->first[r]], ranks[r] };
	qsort(members, table->rows, sizeof(*members), by_cluster);
	put(&out, "id,cluster", 10);
	put(&out, two ? ",table\n" : "\n", two ? 7 : 1);
	for (size_t i = 0; i < table->rows && status == AW_OK; i++) {
		uint32_t row = by_rank[members[i].rank];

		put_id(&out, aw_table_id(table, row));
		put(&out, ",", 1);
		put_id(&out, aw_table_id(table, by_rank[members[i].cluster]));
		if (two)
			put(&out, row < table->left_rows ? ",left" : ",right",
				row < table->left_rows ? 5 : 6);
		put(&out, "\n", 1);
		status = flush(&out, FLUSH_BYTES, err);
	}
	if (status == AW_OK)
		status = flush(&out, 0, err);
	free(out.at);
	free(members);
	free(by_rank);
	return status;
}
