/**
 * net/wheel - the ends of many connections: set, moved and found when they come, each in O(1).
 * Layer: net, private to net/loop.  Threads: the loop's alone.  Example: tests/net/test_wheel.c
 *
 * A hashed timing wheel (Varghese and Lauck 1987, scheme 6): a ring of lists, one a tick of 100 ms.
 * An end that is more than a turn away stays in its list and is passed over until its turn has come.
 * It gives back what it was given: an alarm is a part of what it wakes.
 */
#ifndef AW_NET_WHEEL_H
#define AW_NET_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

enum {
	AW_WHEEL_TICK_US = 100 * 1000,
	AW_WHEEL_SLOTS = 512, /* a turn is 51.2 s: longer than every usual limit */
};

/* In no list while next is NULL; begins zeroed. */
struct aw_alarm {
	struct aw_alarm *prev, *next;
	int64_t end_us;
};

struct aw_wheel {
	struct aw_alarm slots[AW_WHEEL_SLOTS]; /* heads of circles */
	int64_t tick;			       /* the earliest that may still hold what has come */
};

void aw_wheel_start(struct aw_wheel *wheel, int64_t now_us);
/** Sets or moves an alarm. What lies in the past comes at once. */
void aw_wheel_set(struct aw_wheel *wheel, struct aw_alarm *alarm, int64_t end_us);
/** Takes an alarm off; it may be off already. */
void aw_wheel_off(struct aw_alarm *alarm);
/** Takes off one alarm whose end has come; NULL when there is none. */
struct aw_alarm *aw_wheel_due(struct aw_wheel *wheel, int64_t now_us);

#endif
