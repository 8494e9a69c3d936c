/* fuzz/mustache - any bytes as a template, rendered against a context that answers every name. */
#include <stddef.h>
#include <stdint.h>

#include "page/mustache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct aw_mustache_source any_source;

/* A name's first letter decides what it is. */
static bool
any_lookup(
	struct aw_mustache *m, const void *self, struct aw_str name, struct aw_mustache_value *ret)
{
	(void)m;
	(void)self;
	*ret = (struct aw_mustache_value){
		.kind = AW_MUSTACHE_VALUE, .text = name, .source = &any_source
	};
	if (name.len == 0 || name.at[0] == 'm')
		return false;
	if (name.at[0] == 'n')
		ret->kind = AW_MUSTACHE_NOTHING;
	if (name.at[0] == 'l') {
		ret->kind = AW_MUSTACHE_LIST;
		ret->count = 2;
	}
	if (name.at[0] == 'f')
		ret->kind = AW_MUSTACHE_LAMBDA;
	if (name.at[0] == 'p')
		ret->part = "self";
	return true;
}

static void
any_item(struct aw_mustache *m, const void *self, size_t i, struct aw_mustache_value *ret)
{
	(void)m;
	(void)self;
	(void)i;
	*ret = (struct aw_mustache_value){
		.kind = AW_MUSTACHE_VALUE, .text = AW_STR_LIT("<i>"), .source = &any_source
	};
}

static enum aw_status
any_section(struct aw_mustache *m, const void *self, struct aw_str inner, struct aw_error *err)
{
	(void)self;
	(void)err;
	aw_mustache_escape(m, inner);
	return AW_OK;
}

static const struct aw_mustache_source any_source = {
	.lookup = any_lookup, .item = any_item, .section = any_section
};

static const struct aw_mustache_template *
find_self(void *user, struct aw_str name)
{
	return name.len > 0 && name.at[0] == 's' ? user : NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_mustache m = { .out = { .arena = &arena }, .partial = find_self };
	struct aw_mustache_value root = { .kind = AW_MUSTACHE_VALUE, .source = &any_source };
	struct aw_mustache_template *template;
	struct aw_error err = { 0 };

	if (size > 4096 ||
		aw_mustache_compile(&arena, "fuzz", (struct aw_str){ (const char *)data, size },
			&template, &err) != AW_OK)
		return 0;
	m.user = template;
	aw_mustache_push(&m, &root);
	(void)aw_mustache_render(&m, template, &err);
	return 0;
}
