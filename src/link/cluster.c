/* Links become clusters. */
#include "link/cluster.h"

#include <string.h>

#include "link/bridge.h"
#include "link/room.h"

enum refusal { JOINS, BY_NUMBER, BY_SOURCE, BY_FIELD, BY_PEOPLE, BY_SIZE };

struct apart {
	uint32_t a, b; /* a < b */
};

struct clustering {
	const struct aw_matcher *matcher;
	const struct aw_table *table;
	uint32_t *parent;
	uint32_t *next; /* members of a cluster, in a ring */
	uint32_t *size;
	struct apart *aparts; /* sorted */
	size_t apart_count, apart_room;
	bool *told; /* row stands in aparts */
};

static uint32_t
root_of(struct clustering *c, uint32_t row)
{
	while (c->parent[row] != row) {
		c->parent[row] = c->parent[c->parent[row]];
		row = c->parent[row];
	}
	return row;
}

static void
join(struct clustering *c, uint32_t a, uint32_t b)
{
	uint32_t after = c->next[a];

	if (c->size[a] < c->size[b]) {
		uint32_t swap = a;

		a = b;
		b = swap;
		after = c->next[a];
	}
	c->parent[b] = a;
	c->size[a] += c->size[b];
	c->next[a] = c->next[b];
	c->next[b] = after;
}

/* -- guards -------------------------------------------------------------------------------------- */

static int
by_rows(const void *a, const void *b)
{
	const struct apart *x = a, *y = b;

	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b ? 1 : 0;
}

static bool
told_apart(const struct clustering *c, uint32_t x, uint32_t y)
{
	struct apart wanted = { x < y ? x : y, x < y ? y : x };

	return c->told != NULL && c->told[x] && c->told[y] &&
	       bsearch(&wanted, c->aparts, c->apart_count, sizeof(wanted), by_rows) != NULL;
}

/* Numbers that both hold and are not one. */
static bool
two_numbers(const struct aw_column *column, uint32_t x, uint32_t y)
{
	const struct aw_link_form *a = &column->forms[x], *b = &column->forms[y];

	return x != y && (a->flags & b->flags & AW_FORM_NUMBER_CHECKED) != 0 &&
	       a->number != b->number;
}

static bool
one_source(const struct clustering *c, uint32_t x, uint32_t y)
{
	if (!c->matcher->spec->one_per_source)
		return false;
	if (c->table->sources != NULL)
		return c->table->sources[x] == c->table->sources[y];
	return (x < c->table->left_rows) == (y < c->table->left_rows);
}

static enum refusal
speaks_against(const struct clustering *c, uint32_t x, uint32_t y)
{
	const uint32_t *a = aw_table_row(c->table, x), *b = aw_table_row(c->table, y);
	const struct aw_link_spec *spec = c->matcher->spec;

	if (told_apart(c, x, y))
		return BY_PEOPLE;
	if (one_source(c, x, y))
		return BY_SOURCE;
	for (size_t f = 0; f < spec->field_count; f++) {
		const struct aw_comparator *comparator = &c->matcher->comparators[f];

		if (a[f] == 0 || b[f] == 0)
			continue;
		if (spec->fields[f].type == AW_TYPE_NATIONAL_ID &&
			two_numbers(comparator->column, a[f], b[f]))
			return BY_NUMBER;
		if ((spec->conflicts >> f & 1) != 0 &&
			aw_comparator_level(comparator, a[f], b[f]) == comparator->count - 1)
			return BY_FIELD;
	}
	return JOINS;
}

static enum refusal
may_join(struct clustering *c, uint32_t a, uint32_t b)
{
	uint32_t x = a, y = b;

	if (c->size[a] + c->size[b] > c->matcher->spec->cluster_limit)
		return BY_SIZE;
	do {
		do {
			enum refusal refusal = speaks_against(c, x, y);

			if (refusal != JOINS)
				return refusal;
			y = c->next[y];
		} while (y != b);
		x = c->next[x];
	} while (x != a);
	return JOINS;
}

/* -- what people decided ------------------------------------------------------------------------- */

static void
take_decisions(struct clustering *c, struct aw_clustered *ret)
{
	const struct aw_link_spec *spec = c->matcher->spec;

	for (size_t i = 0; i < spec->decision_count; i++) {
		const struct aw_spec_decision *decision = &spec->decisions[i];
		uint32_t a, b;

		if (!aw_table_decided(c->table, decision, &a, &b)) {
			ret->unknown_decisions++;
			continue;
		}
		if (decision->same) {
			a = root_of(c, a);
			b = root_of(c, b);
			if (a != b)
				join(c, a, b);
			continue;
		}
		if (c->told == NULL)
			c->told = aw_room_new(c->table->rows, sizeof(*c->told));
		c->told[a] = c->told[b] = true;
		*AW_ROOM_PUSH(c->aparts, c->apart_count, c->apart_room) =
			(struct apart){ a < b ? a : b, a < b ? b : a };
	}
	if (c->apart_count > 0)
		qsort(c->aparts, c->apart_count, sizeof(*c->aparts), by_rows);
}

/* -- the whole ----------------------------------------------------------------------------------- */

static void
count_refusal(struct aw_clustered *ret, enum refusal refusal)
{
	ret->refused_number += refusal == BY_NUMBER ? 1 : 0;
	ret->refused_source += refusal == BY_SOURCE ? 1 : 0;
	ret->refused_field += refusal == BY_FIELD ? 1 : 0;
	ret->refused_people += refusal == BY_PEOPLE ? 1 : 0;
	ret->refused_size += refusal == BY_SIZE ? 1 : 0;
}

static int
by_strength(const void *a, const void *b)
{
	const struct aw_link *x = a, *y = b;

	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b ? 1 : 0;
}

static void
name_clusters(struct clustering *c, const uint32_t *ranks, struct aw_clustered *ret)
{
	size_t rows = c->table->rows;

	for (uint32_t r = 0; r < rows; r++) {
		uint32_t root = root_of(c, r);

		if (ranks[r] < ranks[ret->first[root]])
			ret->first[root] = r;
		if (root == r && c->size[r] > 1) {
			ret->clusters++;
			ret->largest = c->size[r] > ret->largest ? c->size[r] : ret->largest;
		}
	}
	for (uint32_t r = 0; r < rows; r++) {
		uint32_t root = root_of(c, r);

		if (root != r)
			ret->first[r] = ret->first[root];
	}
}

/* Clusters anew from what the bridges left: edges alone, which were all allowed before. */
static void
join_kept(struct clustering *c, const struct aw_link *links, size_t count, const bool *cut)
{
	for (uint32_t r = 0; r < c->table->rows; r++) {
		c->parent[r] = c->next[r] = r;
		c->size[r] = 1;
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t a = root_of(c, links[i].a), b = root_of(c, links[i].b);

		if (!cut[i] && a != b)
			join(c, a, b);
	}
}

/* Marks links between two clusters as cut, then the bridges. */
static void
cut_links(struct clustering *c, const struct aw_link *links, size_t count, bool *cut,
	struct aw_clustered *ret)
{
	uint32_t *roots = aw_room_new(count, sizeof(*roots));

	for (size_t i = 0; i < count; i++) {
		roots[i] = root_of(c, links[i].a);
		cut[i] = roots[i] != root_of(c, links[i].b);
	}
	ret->bridges_cut = aw_bridges_cut(links, roots, count,
		aw_calibrated_least(&c->matcher->fit->calibration, c->matcher->spec->bridge_ppm),
		c->table->rows, cut);
	free(roots);
}

void
aw_cluster(const struct aw_matcher *matcher, struct aw_link *links, size_t count,
	const uint32_t *ranks, struct aw_clustered *ret_clustered)
{
	struct clustering c = { .matcher = matcher, .table = matcher->table };
	struct aw_clustered ret = { 0 };
	bool *cut = aw_room_new(count, sizeof(*cut));
	size_t rows = c.table->rows;

	c.parent = aw_room_new(rows, sizeof(*c.parent));
	c.next = aw_room_new(rows, sizeof(*c.next));
	c.size = aw_room_new(rows, sizeof(*c.size));
	ret.first = aw_room_new(rows, sizeof(*ret.first));
	for (uint32_t r = 0; r < rows; r++) {
		c.parent[r] = c.next[r] = ret.first[r] = r;
		c.size[r] = 1;
	}
	if (count > 0)
		qsort(links, count, sizeof(*links), by_strength);
	take_decisions(&c, &ret);
	for (size_t i = 0; i < count; i++) {
		uint32_t a = root_of(&c, links[i].a), b = root_of(&c, links[i].b);
		enum refusal refusal = a == b ? JOINS : may_join(&c, a, b);

		if (a != b && refusal == JOINS)
			join(&c, a, b);
		count_refusal(&ret, refusal);
	}
	cut_links(&c, links, count, cut, &ret);
	if (ret.bridges_cut > 0) {
		struct aw_clustered ignored = { 0 };

		join_kept(&c, links, count, cut);
		c.apart_count = 0;
		take_decisions(&c, &ignored);
	}
	name_clusters(&c, ranks, &ret);
	free(c.parent);
	free(c.next);
	free(c.size);
	free(c.aparts);
	free(c.told);
	free(cut);
	*ret_clustered = ret;
}

void
aw_clustered_done(struct aw_clustered *clustered)
{
	free(clustered->first);
	clustered->first = NULL;
}

/* -- ranks --------------------------------------------------------------------------------------- */

struct ranked {
	uint64_t front; /* first eight bytes, the first one greatest */
	uint32_t row;
	const struct aw_table *table;
};

static int
compare_ids(struct aw_str x, struct aw_str y)
{
	int order = memcmp(x.at, y.at, x.len < y.len ? x.len : y.len);

	return order != 0 ? order : x.len < y.len ? -1 : x.len > y.len ? 1 : 0;
}

static int
by_id(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int order;

	if (x->front != y->front)
		return x->front < y->front ? -1 : 1;
	order = compare_ids(aw_table_id(x->table, x->row), aw_table_id(y->table, y->row));
	return order != 0 ? order : x->row < y->row ? -1 : 1;
}

static uint64_t
front_of(struct aw_str id)
{
	uint64_t front = 0;

	for (size_t i = 0; i < 8; i++)
		front = front << 8 | (i < id.len ? (uint8_t)id.at[i] : 0);
	return front;
}

uint32_t *
aw_table_ranks(const struct aw_table *table)
{
	uint32_t *ranks = aw_room_new(table->rows, sizeof(*ranks));
	struct ranked *rows;
	size_t r = 1;

	while (r < table->rows &&
		compare_ids(aw_table_id(table, r - 1), aw_table_id(table, r)) <= 0)
		r++;
	if (r >= table->rows) { /* in order as they came */
		for (uint32_t i = 0; i < table->rows; i++)
			ranks[i] = i;
		return ranks;
	}
	rows = aw_room_new(table->rows, sizeof(*rows));
	for (uint32_t i = 0; i < table->rows; i++)
		rows[i] = (struct ranked){ front_of(aw_table_id(table, i)), i, table };
	qsort(rows, table->rows, sizeof(*rows), by_id);
	for (uint32_t i = 0; i < table->rows; i++)
		ranks[rows[i].row] = i;
	free(rows);
	return ranks;
}
