/* The ends of many connections. */
#include "net/wheel.h"

#include <stddef.h>

void
aw_wheel_start(struct aw_wheel *wheel, int64_t now_us)
{
	for (size_t i = 0; i < AW_WHEEL_SLOTS; i++)
		wheel->slots[i].prev = wheel->slots[i].next = &wheel->slots[i];
	wheel->tick = now_us / AW_WHEEL_TICK_US;
}

void
aw_wheel_off(struct aw_alarm *alarm)
{
	if (alarm->next == NULL)
		return;
	alarm->prev->next = alarm->next;
	alarm->next->prev = alarm->prev;
	alarm->prev = alarm->next = NULL;
}

void
aw_wheel_set(struct aw_wheel *wheel, struct aw_alarm *alarm, int64_t end_us)
{
	int64_t tick = end_us / AW_WHEEL_TICK_US;
	struct aw_alarm *slot;

	aw_wheel_off(alarm);
	slot = &wheel->slots[(tick > wheel->tick ? tick : wheel->tick) % AW_WHEEL_SLOTS];
	alarm->end_us = end_us;
	alarm->next = slot;
	alarm->prev = slot->prev;
	slot->prev->next = alarm;
	slot->prev = alarm;
}

struct aw_alarm *
aw_wheel_due(struct aw_wheel *wheel, int64_t now_us)
{
	int64_t now = now_us / AW_WHEEL_TICK_US;

	if (wheel->tick < now - AW_WHEEL_SLOTS) /* the process stood still: each list once */
		wheel->tick = now - AW_WHEEL_SLOTS;
	while (true) {
		struct aw_alarm *slot = &wheel->slots[wheel->tick % AW_WHEEL_SLOTS];

		for (struct aw_alarm *alarm = slot->next; alarm != slot; alarm = alarm->next) {
			if (alarm->end_us <= now_us) {
				aw_wheel_off(alarm);
				return alarm;
			}
		}
		if (wheel->tick >= now) /* the tick that is not over yet is looked at again */
			return NULL;
		wheel->tick++;
	}
}
