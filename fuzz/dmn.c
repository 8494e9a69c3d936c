/* fuzz/dmn - any bytes as a model: loaded strictly and not, every decision made and explained. */
#include "rule/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
decide_all(struct aw_arena *arena, const struct aw_dmn_model *model)
{
	for (size_t i = 0; i < model->item_count && i < 8; i++) {
		struct aw_explain explain = { 0 };
		struct aw_dmn_case none = { 0 };
		struct aw_buf json = { .arena = arena };

		if (model->items[i]->kind != AW_DMN_DECISION)
			continue;
		(void)aw_dmn_decide(arena, model->items[i], &none, &explain);
		aw_explain_write(&explain, NULL, &json);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aw_str xml = { (const char *)data, size };

	if (size > 65536)
		return 0;
	for (int strict = 0; strict < 2; strict++) {
		struct aw_arena arena = { 0 };
		struct aw_error err = { 0 };
		struct aw_dmn_options options = { .file = "fuzz.dmn", .strict = strict == 1 };
		const struct aw_dmn_model *model = NULL;

		if (aw_dmn_load(&arena, xml, &options, &model, &err) == AW_OK)
			decide_all(&arena, model);
		aw_arena_done(&arena);
	}
	return 0;
}
