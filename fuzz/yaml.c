/* fuzz/yaml - any bytes as a policy file: read as every typed reader would, and as a bundle. */
#include "policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_node(struct aw_yaml *yaml, const struct aw_yaml_node *node)
{
	size_t count;

	if (node->kind != AW_YAML_MAP)
		return;
	for (size_t i = 0; i < node->count; i++) {
		const char *key = node->keys[i];
		const struct aw_yaml_node *list = aw_yaml_list(yaml, node, key, true);
		(void)aw_yaml_text(yaml, node, key, true);
		(void)aw_yaml_code(yaml, node, key);
		(void)aw_yaml_texts(yaml, node, key, true, &count);
		(void)aw_yaml_int(yaml, node, key, -100, 100, 0);
		(void)aw_yaml_number(yaml, node, key, 0);
		(void)aw_yaml_flag(yaml, node, key, false);
		(void)aw_yaml_day(yaml, node, key, 0);
		for (size_t k = 0; k < list->count; k++)
			read_node(yaml, aw_yaml_item(yaml, list, k));
		read_node(yaml, aw_yaml_map(yaml, node, key, false));
	}
	aw_yaml_end(yaml, node);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_mistakes mistakes = { .arena = &arena };
	struct aw_policy *policy = NULL;
	struct aw_error err = { 0 };
	struct aw_yaml yaml;

	if (aw_yaml_parse(&arena, "fuzz.yaml", (struct aw_str){ (const char *)data, size },
		    &mistakes, &yaml))
		read_node(&yaml, yaml.root);
	if (aw_policy_load_bundle((struct aw_bytes){ data, size }, NULL, &policy, &err) == AW_OK)
		aw_policy_free(policy);
	return 0;
}
