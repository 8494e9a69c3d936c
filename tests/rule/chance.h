/**
 * tests/rule/chance - any values for the inputs of any model, by a seed, and models from files.
 */
#ifndef AW_TESTS_RULE_CHANCE_H
#define AW_TESTS_RULE_CHANCE_H

#include <dirent.h>

#include "base/file.h"
#include "ruling.h"

static inline uint32_t
next(uint64_t *seed, uint32_t below)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33) % below;
}

/* Constants of a model: what its cells and types name is what tells cases apart. */
struct constants {
	struct aw_arena *arena;
	struct aw_value *at;
	size_t count, room;
};

static inline void
add_constants(struct constants *c, const struct aw_node *node)
{
	if (node == NULL)
		return;
	if (node->op == AW_OP_LITERAL)
		*AW_PUSH(c->arena, c->at, c->count, c->room) = node->value;
	for (size_t i = 0; i < node->count; i++)
		add_constants(c, node->kids[i]);
}

static inline void
add_box(struct constants *c, const struct aw_box *box)
{
	if (box == NULL)
		return;
	add_constants(c, box->node);
	for (size_t i = 0; i < box->count; i++)
		add_box(c, box->kids[i]);
	for (size_t r = 0; box->table != NULL && r < box->table->rule_count; r++) {
		for (size_t i = 0; i < box->table->input_count; i++)
			add_constants(c, box->table->rules[r].tests[i].node);
	}
}

static inline struct constants
constants_of(struct aw_arena *arena, const struct aw_dmn_model *model)
{
	struct constants c = { .arena = arena };

	*AW_PUSH(arena, c.at, c.count, c.room) = aw_value_text(AW_STR_LIT("nobody's"));
	for (size_t i = 0; i < model->item_count; i++) {
		const struct aw_type *type = aw_type_resolve(&model->types, model->items[i]->type);

		add_box(&c, model->items[i]->box);
		add_constants(&c, type->allowed);
	}
	return c;
}

static inline struct aw_value
any_value(struct aw_arena *arena, const struct constants *c, uint64_t *seed)
{
	struct aw_value v = c->at[next(seed, (uint32_t)c->count)];
	struct aw_list *list;

	switch (next(seed, 10)) {
	case 0:
		return aw_null;
	case 1:
		return aw_value_flag(next(seed, 2) == 0);
	case 2:
		return aw_value_int((int64_t)next(seed, 25) - 3);
	case 3:
		list = AW_NEW(arena, struct aw_list);
		for (uint32_t n = next(seed, 4); n > 0; n--)
			aw_list_add(arena, list, c->at[next(seed, (uint32_t)c->count)]);
		return aw_value_list(list);
	case 4:
		if (v.kind == AW_VALUE_NUMBER)
			(void)aw_num_add(v.u.number, aw_num_int(1), &v.u.number);
		return v;
	default:
		return v;
	}
}

/* A value that the input's type allows, if that is easily said. */
static inline struct aw_value
fitting_value(struct aw_arena *arena, const struct aw_dmn_item *item, const struct constants *all,
	uint64_t *seed)
{
	const struct aw_type *type = aw_type_resolve(&item->model->types, item->type);
	struct constants own = { .arena = arena };
	struct aw_list *list;

	add_constants(&own, type->allowed);
	if (own.count > 0 && own.at[0].kind == AW_VALUE_TEXT)
		return own.at[next(seed, (uint32_t)own.count)];
	if (type->kind == AW_TYPE_BASIC && type->basic == AW_VALUE_FLAG)
		return aw_value_flag(next(seed, 2) == 0);
	if (type->kind == AW_TYPE_BASIC && type->basic == AW_VALUE_TEXT)
		return all->at[next(seed, (uint32_t)all->count)];
	if (own.count == 2 && own.at[0].kind == AW_VALUE_NUMBER) /* [0..4] */
		return own.at[next(seed, 2)];
	if (type->kind != AW_TYPE_LIST)
		return aw_value_int(next(seed, 20));
	list = AW_NEW(arena, struct aw_list);
	for (uint32_t n = next(seed, 4); n > 0; n--) {
		struct aw_value v = all->at[next(seed, (uint32_t)all->count)];

		if (v.kind == AW_VALUE_TEXT)
			aw_list_add(arena, list, v);
	}
	return aw_value_list(list);
}

/* The same three of four times. */
static inline struct aw_value
input_value(struct aw_arena *arena, const struct aw_dmn_item *item, const struct constants *all,
	uint64_t *seed)
{
	return next(seed, 4) == 0 ? any_value(arena, all, seed)
				  : fitting_value(arena, item, all, seed);
}

static inline const struct aw_dmn_model *
load_file(struct aw_arena *arena, const char *path)
{
	const struct aw_dmn_model *model = NULL;
	struct aw_dmn_options options = { .file = path };
	struct aw_error err = { 0 };
	struct aw_str xml;

	if (aw_file_read(arena, path, AW_DMN_SIZE_LIMIT, &xml, &err) != AW_OK ||
		aw_dmn_load(arena, xml, &options, &model, &err) != AW_OK)
		return NULL;
	return model;
}

/* Every model below a folder that can be loaded. */
static inline void
each_model(const char *dir, void (*look)(const struct aw_dmn_model *model, void *arg), void *arg)
{
	DIR *open = opendir(dir);
	struct dirent *entry;

	if (open == NULL)
		return;
	while ((entry = readdir(open)) != NULL) {
		AW_SCOPE(aw_arena) a = { 0 };
		const char *path = aw_arena_printf(&a, "%s/%s", dir, entry->d_name);

		if (entry->d_name[0] == '.')
			continue;
		if (aw_str_ends(aw_str(path), ".dmn")) {
			const struct aw_dmn_model *model = load_file(&a, path);

			if (model != NULL)
				look(model, arg);
		} else if (strchr(entry->d_name, '.') == NULL) {
			each_model(path, look, arg);
		}
	}
	closedir(open);
}

#endif
