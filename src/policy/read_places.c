/* policy/read - places.yaml: addresses that many people share who have nothing to do with each other. */
#include <string.h>

#include "policy/read.h"

static const char *const kind_codes[] = { "institution", "shelter", "hospital", "correction",
	"office", "lodging" };

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The same door: what one of the two leaves out of county and village is taken as the same. */
static bool
same_door(const struct aw_address *a, const struct aw_address *b)
{
	if (a->county != NULL && b->county != NULL && strcmp(a->county, b->county) != 0)
		return false;
	return same_text(a->district, b->district) && same_text(a->road, b->road) &&
	       same_text(a->lane, b->lane) && same_text(a->alley, b->alley) &&
	       a->number == b->number && a->number_sub == b->number_sub;
}

const struct aw_place_rule *
aw_policy_place_at(const struct aw_policy *policy, const struct aw_address *address)
{
	if (address->number == 0)
		return NULL;
	for (size_t i = 0; i < policy->place_count; i++) {
		const struct aw_place_rule *place = &policy->places[i];

		if (same_door(&place->parts, address) &&
			(place->parts.floor == 0 || place->parts.floor == address->floor))
			return place;
	}
	return NULL;
}

static void
read_place(struct aw_loader *loader, struct aw_yaml *yaml, const struct aw_yaml_node *item,
	struct aw_place_rule *place)
{
	bool is_public;

	place->code = aw_yaml_code(yaml, item, "code");
	place->label = aw_read_label(yaml, item);
	place->kind = kind_codes[aw_yaml_choice(
		yaml, item, "kind", kind_codes, AW_COUNT(kind_codes), -1)];
	place->address = aw_yaml_text(yaml, item, "address", true);
	is_public = aw_yaml_flag(yaml, item, "public", false);
	place->valid = aw_read_valid(loader, yaml, item);
	aw_yaml_end(yaml, item);
	if (place->address == NULL)
		place->address = "";
	aw_address_read(loader->arena, aw_str(place->address), &place->parts);
	if (place->parts.district == NULL || place->parts.number == 0)
		aw_yaml_mistake(yaml, item,
			"the address needs a district and a number: one without would stop a "
			"street");
	else if (aw_policy_district(loader->policy, place->parts.district) == NULL)
		aw_yaml_mistake(
			yaml, item, "the city has no district \"%s\"", place->parts.district);
	/* a bundle is read by everybody who may see the policy */
	if (strcmp(place->kind, "shelter") == 0 && !is_public)
		aw_yaml_mistake(yaml, item,
			"the address of a shelter is told to nobody: leave it out and mark the "
			"records protected, or say public: true");
}

void
aw_read_places(struct aw_loader *loader, struct aw_yaml *yaml)
{
	const struct aw_yaml_node *list;
	struct aw_place_rule *at;

	aw_read_fallback(loader, yaml);
	list = aw_yaml_list(yaml, yaml->root, "places", true);
	at = AW_NEW_ARRAY(loader->arena, struct aw_place_rule, list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *item = aw_yaml_item(yaml, list, i);

		read_place(loader, yaml, item, &at[i]);
		AW_READ_ONCE(yaml, item, at, i, "place");
		for (size_t k = 0; k < i && at[i].parts.number != 0; k++)
			if (same_door(&at[k].parts, &at[i].parts) &&
				at[k].parts.floor == at[i].parts.floor)
				aw_yaml_mistake(yaml, item, "the address is that of \"%s\" as well",
					at[k].code);
	}
	loader->policy->places = at;
	loader->policy->place_count = list->count;
	aw_yaml_end(yaml, yaml->root);
}
