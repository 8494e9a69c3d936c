/* Links that alone hold two groups together. */
#include "link/bridge.h"

#include <string.h>

#include "link/room.h"

enum { DEEPEST = 10000 }; /* records of a cluster: more only where people joined them */

/* One cluster's links as a graph of its records; numbers from 0 in the order of first appearance. */
struct graph {
	const struct aw_link *links;
	const size_t *members; /* its links, strongest first */
	size_t member_count;
	bool *cut;
	uint32_t *number_of; /* by row, + 1; 0 = not seen */
	uint32_t *rows;
	size_t count;
	/* by record */
	uint32_t *entered, *lowest, *below;
	size_t *heads, *nexts; /* links of a record: 2 * member + side + 1, 0 = end */
	uint32_t clock;
	int32_t least;
	size_t best; /* the weakest bridge so far; SIZE_MAX none */
};

struct by_root {
	uint32_t root;
	size_t link;
};

static int
by_root(const void *a, const void *b)
{
	const struct by_root *x = a, *y = b;

	if (x->root != y->root)
		return x->root < y->root ? -1 : 1;
	return x->link < y->link ? -1 : 1;
}

static uint32_t
number_of(struct graph *g, uint32_t row)
{
	if (g->number_of[row] == 0) {
		g->rows[g->count++] = row;
		g->number_of[row] = (uint32_t)g->count;
	}
	return g->number_of[row] - 1;
}

static uint32_t
end_of(struct graph *g, size_t half)
{
	const struct aw_link *link = &g->links[g->members[half / 2]];

	return number_of(g, half % 2 == 0 ? link->b : link->a);
}

/* Depth first from a record; counts records below each, and takes note of bridges. Clusters are small
 * (the spec's limit), so is the depth. */
static uint32_t
visit(struct graph *g, uint32_t at, size_t came_by, uint32_t total)
{
	uint32_t size = 1;

	g->entered[at] = g->lowest[at] = ++g->clock;
	for (size_t half = g->heads[at]; half != 0; half = g->nexts[half]) {
		size_t member = (half - 1) / 2;
		uint32_t to = end_of(g, half - 1), below;

		if (member == came_by || g->cut[g->members[member]])
			continue;
		if (g->entered[to] != 0) {
			if (g->entered[to] < g->lowest[at])
				g->lowest[at] = g->entered[to];
			continue;
		}
		below = visit(g, to, member, total);
		size += below;
		if (g->lowest[to] < g->lowest[at])
			g->lowest[at] = g->lowest[to];
		if (g->lowest[to] > g->entered[at] && below >= 2 && total - below >= 2 &&
			g->links[g->members[member]].total < g->least &&
			(g->best == SIZE_MAX || member > g->best))
			g->best = member; /* links stand strongest first: a later one is weaker */
	}
	return size;
}

static uint32_t
component_size(struct graph *g, uint32_t at)
{
	uint32_t size = 1;

	g->entered[at] = 1;
	for (size_t half = g->heads[at]; half != 0; half = g->nexts[half]) {
		uint32_t to = end_of(g, half - 1);

		if (!g->cut[g->members[(half - 1) / 2]] && g->entered[to] == 0)
			size += component_size(g, to);
	}
	return size;
}

/* The weakest bridge of all components, or SIZE_MAX. */
static size_t
weakest(struct graph *g)
{
	uint32_t *sizes = g->below;

	memset(g->entered, 0, g->count * sizeof(*g->entered));
	memset(sizes, 0, g->count * sizeof(*sizes));
	for (uint32_t r = 0; r < g->count; r++)
		if (g->entered[r] == 0)
			sizes[r] = component_size(g, r);
	memset(g->entered, 0, g->count * sizeof(*g->entered));
	g->best = SIZE_MAX;
	g->clock = 0;
	for (uint32_t r = 0; r < g->count; r++)
		if (g->entered[r] == 0 && sizes[r] > 0)
			(void)visit(g, r, SIZE_MAX, sizes[r]);
	return g->best;
}

static size_t
cut_cluster(struct graph *g)
{
	size_t most = g->member_count * 2, cut = 0;

	g->count = 0;
	g->rows = aw_room_new(most, sizeof(*g->rows));
	g->heads = aw_room_new(most, sizeof(*g->heads));
	g->nexts = aw_room_new(most + 1, sizeof(*g->nexts));
	g->entered = aw_room_new(most, sizeof(*g->entered));
	g->lowest = aw_room_new(most, sizeof(*g->lowest));
	g->below = aw_room_new(most, sizeof(*g->below));
	for (size_t half = 0; half < most; half++) {
		uint32_t from = end_of(g, half ^ 1);

		g->nexts[half + 1] = g->heads[from];
		g->heads[from] = half + 1;
	}
	for (size_t member = g->count > DEEPEST ? SIZE_MAX : weakest(g); member != SIZE_MAX;
		member = weakest(g), cut++)
		g->cut[g->members[member]] = true;
	for (size_t r = 0; r < g->count; r++)
		g->number_of[g->rows[r]] = 0;
	free(g->rows);
	free(g->heads);
	free(g->nexts);
	free(g->entered);
	free(g->lowest);
	free(g->below);
	return cut;
}

size_t
aw_bridges_cut(const struct aw_link *links, const uint32_t *roots, size_t count, int32_t least,
	size_t rows, bool *cut)
{
	struct by_root *order = aw_room_new(count, sizeof(*order));
	size_t *members = aw_room_new(count, sizeof(*members));
	struct graph g = { .links = links, .cut = cut, .least = least };
	size_t n = 0, cuts = 0;

	for (size_t i = 0; i < count; i++)
		if (!cut[i])
			order[n++] = (struct by_root){ roots[i], i };
	if (n > 0)
		qsort(order, n, sizeof(*order), by_root);
	for (size_t i = 0; i < n; i++)
		members[i] = order[i].link;
	g.number_of = aw_room_new(rows, sizeof(*g.number_of));
	for (size_t i = 0; i < n;) {
		size_t k = i;

		while (k < n && order[k].root == order[i].root)
			k++;
		g.members = members + i;
		g.member_count = k - i;
		if (g.member_count >= 3)
			cuts += cut_cluster(&g);
		i = k;
	}
	free(g.number_of);
	free(members);
	free(order);
	return cuts;
}
