/* What an act keeps: whom it looked at, and the public numbers it gives. */
#include "guard/act.h"

#include "db/setting.h"
#include "policy/policy.h"

void
aw_act_looked(struct aw_act *act, int64_t person, uint32_t classes)
{
	struct aw_looked **at = &act->looked;

	if (person == 0 || classes == 0)
		return;
	/* Sorted by person, which is the order that the log hashes them in. */
	while (*at != NULL && (*at)->person < person)
		at = &(*at)->next;
	if (*at == NULL || (*at)->person != person) {
		struct aw_looked *looked = AW_NEW(act->arena, struct aw_looked);

		*looked = (struct aw_looked){ .next = *at, .person = person };
		*at = looked;
	}
	(*at)->classes |= classes;
}

enum aw_status
aw_act_number(const struct aw_act *act, char kind, char **ret_number, struct aw_error *err)
{
	const struct aw_city *city = &act->policy->city;
	const char name[] = { 'n', 'u', 'm', 'b', 'e', 'r', '.', kind, '\0' };
	int32_t day = aw_taipei_day(act->now_ms);
	int64_t count = 0;

	if (aw_counter_next(act->tx, name, day, &count, err) != AW_OK)
		return err->status;
	*ret_number = aw_public_number(
		act->arena, aw_arena_printf(act->arena, "%c%s", kind, city->letter), day, count);
	return AW_OK;
}
