/* city/indicator/suppress - hidden cells, and what can be worked out of them. */
#include "city/indicator/suppress.h"

#include <assert.h>
#include <string.h>

enum { NODES = 2 * AW_SUPPRESS_SIDE };

#define WITHOUT_BOUND (INT64_MAX / 4)

/* Rows, then columns. room[a][b]: how much may still be moved from a to b. */
struct net {
	size_t rows, nodes;
	int64_t room[NODES][NODES];
};

/* Along a hidden cell anything may be added, and taken away what is in it. */
static void
make_net(struct net *net, const int64_t *at, size_t rows, size_t columns, const bool *hidden,
	size_t but)
{
	memset(net, 0, sizeof(*net));
	net->rows = rows;
	net->nodes = rows + columns;
	for (size_t i = 0; i < rows * columns; i++) {
		size_t row = i / columns, column = rows + i % columns;

		if (!hidden[i] || i == but)
			continue;
		net->room[row][column] = WITHOUT_BOUND;
		net->room[column][row] = at[i];
	}
}

/* The shortest way by which something can be moved; false: none. */
static bool
find_way(const struct net *net, size_t from, size_t to, size_t *before)
{
	bool seen[NODES] = { [0] = false };
	size_t queue[NODES], first = 0, last = 0;

	seen[from] = true;
	queue[last++] = from;
	while (first < last) {
		size_t node = queue[first++];

		for (size_t next = 0; next < net->nodes; next++) {
			if (seen[next] || net->room[node][next] <= 0)
				continue;
			seen[next] = true;
			before[next] = node;
			queue[last++] = next;
		}
	}
	return seen[to];
}

static int64_t
flow(struct net *net, size_t from, size_t to)
{
	size_t before[NODES] = { 0 };
	int64_t total = 0;

	while (total < WITHOUT_BOUND && find_way(net, from, to, before)) {
		int64_t least = WITHOUT_BOUND;

		for (size_t node = to; node != from; node = before[node])
			least = net->room[before[node]][node] < least
					? net->room[before[node]][node]
					: least;
		for (size_t node = to; node != from; node = before[node]) {
			net->room[before[node]][node] -= least;
			net->room[node][before[node]] += least;
		}
		total += least;
	}
	return total;
}

/* What is put into the cell leaves its row and its column by other hidden cells. */
int64_t
aw_suppress_most(const int64_t *at, size_t rows, size_t columns, const bool *hidden, size_t cell)
{
	struct net net;

	make_net(&net, at, rows, columns, hidden, cell);
	return at[cell] + flow(&net, rows + cell % columns, cell / columns);
}

/* -- hiding ------------------------------------------------------------------------------------------ */

struct table {
	const int64_t *at;
	size_t rows, columns;
	int64_t least;
	bool *hidden;
};

static bool
is_small(const struct table *t, size_t cell)
{
	return t->at[cell] > 0 && t->at[cell] < t->least;
}

static bool
is_safe(const struct table *t, size_t cell)
{
	return aw_suppress_most(t->at, t->rows, t->columns, t->hidden, cell) >= t->least;
}

/* What hiding a cell costs: what it holds. Nobody is in an empty cell, but its emptiness tells the rest. */
static int64_t
cost(const struct table *t, size_t cell)
{
	return t->hidden[cell] ? 0 : t->at[cell] + 1;
}

/* The cheapest other row and column whose crossings with the cell's make it safe; false: none does. */
static bool
add_crossing(struct table *t, size_t cell)
{
	size_t row = cell / t->columns, column = cell % t->columns, best[3] = { 0 };
	int64_t best_cost = INT64_MAX;

	for (size_t i = 0; i < t->rows * t->columns; i++) {
		size_t r = i / t->columns, c = i % t->columns;
		size_t corners[3] = { row * t->columns + c, r * t->columns + column, i };
		int64_t moved, price = 0;

		if (r == row || c == column)
			continue;
		moved = t->at[corners[0]] < t->at[corners[1]] ? t->at[corners[0]]
							      : t->at[corners[1]];
		for (size_t k = 0; k < 3; k++)
			price += cost(t, corners[k]);
		if (t->at[cell] + moved < t->least || price >= best_cost)
			continue;
		best_cost = price;
		memcpy(best, corners, sizeof(best));
	}
	for (size_t k = 0; k < 3 && best_cost < INT64_MAX; k++)
		t->hidden[best[k]] = true;
	return best_cost < INT64_MAX;
}

/* Row and column of the cell, then everything: then it may be as much as the smaller of its sums. */
static void
add_lines(struct table *t, size_t cell)
{
	for (size_t i = 0; i < t->rows * t->columns; i++) {
		if (i / t->columns == cell / t->columns || i % t->columns == cell % t->columns)
			t->hidden[i] = true;
	}
	if (!is_safe(t, cell))
		memset(t->hidden, true, t->rows * t->columns * sizeof(*t->hidden));
}

void
aw_suppress(const int64_t *at, size_t rows, size_t columns, int64_t least, bool *ret_hidden)
{
	struct table t = { at, rows, columns, least, ret_hidden };

	assert(rows <= AW_SUPPRESS_SIDE && columns <= AW_SUPPRESS_SIDE);
	for (size_t i = 0; i < rows * columns; i++)
		ret_hidden[i] = is_small(&t, i);
	for (size_t i = 0; i < rows * columns; i++) {
		if (!is_small(&t, i) || is_safe(&t, i))
			continue;
		if (!add_crossing(&t, i) || !is_safe(&t, i))
			add_lines(&t, i);
	}
}

/* -- putting together ---------------------------------------------------------------------------------- */

/* The smallest that is left and not 0; SIZE_MAX: none. */
static size_t
smallest(const int64_t *totals, size_t count, const bool *taken)
{
	size_t found = SIZE_MAX;

	for (size_t i = 0; i < count; i++) {
		if (!taken[i] && totals[i] > 0 && (found == SIZE_MAX || totals[i] < totals[found]))
			found = i;
	}
	return found;
}

bool
aw_suppress_merge(const int64_t *totals, size_t count, int64_t least, size_t *into)
{
	bool taken[AW_SUPPRESS_SIDE] = { [0] = false };
	int64_t together = 0;
	size_t last = 0;

	assert(count <= AW_SUPPRESS_SIDE);
	for (size_t i = 0; i < count; i++)
		into[i] = i;
	for (;;) {
		size_t i = smallest(totals, count, taken);

		if (i == SIZE_MAX || (totals[i] >= least && (together == 0 || together >= least)))
			break;
		taken[i] = true;
		together += totals[i];
	}
	for (size_t i = 0; i < count; i++)
		last = taken[i] ? i : last;
	for (size_t i = 0; i < count; i++)
		into[i] = taken[i] ? last : i;
	return together == 0 || together >= least;
}
