/* The inverted index: what is filed, replaced and removed. */
#include "link/index.h"

#include <stdlib.h>

#include "link/index_inner.h"

enum { DUE_LEAST = 8192, DUE_PART = 8 };

static void *
made(size_t size_bytes)
{
	void *at = calloc(1, size_bytes);

	if (at == NULL)
		aw_die("no memory for the index of people");
	return at;
}

struct aw_link_index *
aw_link_index_new(const struct aw_link_model *model)
{
	struct aw_link_index *index = made(sizeof(*index));

	index->model = *model;
	index->base = made(sizeof(*index->base));
	index->delta = made(sizeof(*index->delta));
	return index;
}

void
aw_link_index_free(struct aw_link_index *index)
{
	if (index == NULL)
		return;
	aw_link_base_free(index->base);
	aw_link_delta_free(index->delta);
	aw_link_delta_free(index->frozen);
	aw_link_counts_done(&index->counts);
	free(index);
}

void
aw_link_index_reserve(struct aw_link_index *index, size_t forms)
{
	if (index->base->shelf.count > 0 || index->people > 0)
		return;
	aw_link_shelf_reserve(&index->base->shelf, forms);
	index->filling = true;
}

/* -- where somebody stands ------------------------------------------------------------------------ */

const struct aw_link_shelf *
aw_link_shelf_of(const struct aw_link_index *index, enum aw_link_shelf_kind kind)
{
	switch (kind) {
	case AW_SHELF_BASE:
		return &index->base->shelf;
	case AW_SHELF_FROZEN:
		return index->frozen == NULL ? NULL : &index->frozen->shelf;
	case AW_SHELF_DELTA:
	case AW_SHELVES:
	default:
		return &index->delta->shelf;
	}
}

uint32_t
aw_link_base_first(const struct aw_link_base *base, int64_t person)
{
	const int64_t *persons = base->shelf.persons;
	size_t low = 0, count = base->shelf.count;

	while (count > 0) {
		size_t half = count / 2;

		if (persons[low + half] < person) {
			low += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return low < base->shelf.count && persons[low] == person ? (uint32_t)low : UINT32_MAX;
}

static struct aw_link_shelf *
shelf_with(const struct aw_link_index *index, int64_t person, uint32_t *ret_first)
{
	*ret_first = aw_link_delta_first(index->delta, person);
	if (*ret_first != UINT32_MAX)
		return &index->delta->shelf;
	if (index->frozen != NULL)
		*ret_first = aw_link_delta_first(index->frozen, person);
	if (*ret_first != UINT32_MAX)
		return &index->frozen->shelf;
	*ret_first = aw_link_base_first(index->base, person);
	if (*ret_first != UINT32_MAX && !aw_link_shelf_is_dead(index->base->shelf.dead, *ret_first))
		return &index->base->shelf;
	return NULL;
}

struct aw_link_spot
aw_link_spot_of(const struct aw_link_index *index, int64_t person)
{
	struct aw_link_spot spot = { 0 };

	spot.shelf = shelf_with(index, person, &spot.at);
	return spot;
}

/* -- changed -------------------------------------------------------------------------------------- */

static void
count_form(struct aw_link_index *index, const struct aw_link_form *form, struct aw_str other,
	bool more)
{
	struct aw_link_key keys[AW_LINK_KEY_LIMIT];
	size_t count = aw_link_keys(form, other, keys);
	uint64_t exact = aw_link_exact_key(form);

	for (size_t i = 0; i < count; i++)
		if (aw_link_is_counted(keys[i].family))
			aw_link_counts_fetch(&index->counts, keys[i].hash);
	for (size_t i = 0; i < count; i++)
		if (aw_link_is_counted(keys[i].family))
			aw_link_counts_change(&index->counts, keys[i].hash, more);
	if (exact != 0)
		aw_link_counts_change(&index->counts, exact, more);
}

void
aw_link_index_remove(struct aw_link_index *index, int64_t person)
{
	uint32_t first;
	struct aw_link_shelf *shelf = shelf_with(index, person, &first);

	if (shelf == NULL)
		return;
	for (uint32_t at = first, end = aw_link_shelf_end(shelf, first); at < end; at++)
		count_form(index, &shelf->forms[at], aw_link_shelf_other(shelf, &shelf->forms[at]),
			false);
	aw_link_shelf_kill(shelf, first);
	index->people--;
	if (shelf == &index->delta->shelf)
		aw_link_delta_tidy(index->delta);
	else if (index->merge != NULL)
		aw_link_merge_note(index->merge, person);
}

void
aw_link_index_put(struct aw_link_index *index, int64_t person, const struct aw_link_form *forms,
	const struct aw_str *others, size_t count)
{
	struct aw_link_shelf *base = &index->base->shelf;
	bool appends =
		index->filling && (base->count == 0 || person > base->persons[base->count - 1]);

	if (!appends || index->delta->shelf.count > 0)
		aw_link_index_remove(index, person);
	if (count == 0)
		return;
	for (size_t i = 0; i < count; i++)
		count_form(index, &forms[i], others[i], true);
	if (appends)
		(void)aw_link_shelf_add(base, person, forms, others, count);
	else
		aw_link_delta_add(index->delta, person, forms, others, count);
	index->people++;
}

bool
aw_link_index_is_due(const struct aw_link_index *index)
{
	size_t changed = index->delta->shelf.count + index->base->shelf.dead_count;

	return index->merge == NULL && changed > DUE_LEAST &&
	       changed * DUE_PART > index->base->shelf.count;
}

/* -- told ----------------------------------------------------------------------------------------- */

size_t
aw_link_index_people(const struct aw_link_index *index)
{
	return index->people;
}

size_t
aw_link_index_forms(const struct aw_link_index *index)
{
	size_t forms = 0;

	for (int kind = 0; kind < AW_SHELVES; kind++) {
		const struct aw_link_shelf *shelf =
			aw_link_shelf_of(index, (enum aw_link_shelf_kind)kind);

		forms += shelf == NULL ? 0 : shelf->count - shelf->dead_count;
	}
	return forms;
}

size_t
aw_link_index_bytes(const struct aw_link_index *index)
{
	return sizeof(*index) + sizeof(*index->base) + aw_link_shelf_bytes(&index->base->shelf) +
	       aw_link_posted_bytes(&index->base->posted) + aw_link_delta_bytes(index->delta) +
	       (index->frozen == NULL ? 0 : aw_link_delta_bytes(index->frozen)) +
	       index->counts.room * sizeof(*index->counts.slots);
}

/* -- walks ---------------------------------------------------------------------------------------- */

void
aw_link_index_each(const struct aw_link_index *index, aw_link_each_fn *fn, void *arg)
{
	for (int kind = 0; kind < AW_SHELVES; kind++) {
		const struct aw_link_shelf *shelf =
			aw_link_shelf_of(index, (enum aw_link_shelf_kind)kind);

		for (uint32_t at = 0; shelf != NULL && at < shelf->count; at++)
			if (!aw_link_shelf_is_dead(shelf->dead, at) &&
				!fn(arg, shelf->persons[at], &shelf->forms[at],
					aw_link_shelf_other(shelf, &shelf->forms[at])))
				return;
	}
}

static bool
call(const struct aw_link_shelf *shelf, uint32_t at, aw_link_each_fn *fn, void *arg)
{
	return aw_link_shelf_is_dead(shelf->dead, at) ||
	       fn(arg, shelf->persons[at], &shelf->forms[at],
		       aw_link_shelf_other(shelf, &shelf->forms[at]));
}

static bool
call_chain(const struct aw_link_delta *delta, uint64_t hash, aw_link_each_fn *fn, void *arg)
{
	const struct aw_link_node *node =
		delta == NULL ? NULL : aw_link_delta_next(delta, hash, NULL);

	for (; node != NULL; node = aw_link_delta_next(delta, hash, node))
		for (uint32_t i = 0; i < node->count; i++)
			if (!call(&delta->shelf, aw_link_node_forms(node)[i], fn, arg))
				return false;
	return true;
}

void
aw_link_index_key(const struct aw_link_index *index, uint64_t hash, aw_link_each_fn *fn, void *arg)
{
	struct aw_link_run run = aw_link_posted_run(&index->base->posted, hash);

	for (size_t i = 0; i < run.count; i++)
		if (!call(&index->base->shelf, run.at[i] & run.mask, fn, arg))
			return;
	if (call_chain(index->frozen, hash, fn, arg))
		(void)call_chain(index->delta, hash, fn, arg);
}
