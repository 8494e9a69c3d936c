/**
 * demo/play - plays a schedule: each step is a use case of a room, at its own moment, by the
 * account whose work it is.
 * Layer: demo, for fill.c and play*.c alone.  Threads: one.
 */
#ifndef AW_DEMO_PLAY_H
#define AW_DEMO_PLAY_H

#include "demo/fill.h"
#include "demo/schedule.h"
#include "demo/words.h"

/* What became of the plan's things: ids by their index in the plan; 0 = not yet. */
struct aw_demo_player {
	const struct aw_demo_env *env;
	const struct aw_demo_plan *plan;
	const struct aw_demo_staff *staff;
	const int64_t *people;	/* by person of the city */
	int64_t *reports;	/* by report */
	int64_t *leads;		/* lead dispatch, by report */
	uint32_t *workers;	/* account of the lead's worker, by report */
	int64_t *issues;	/* by issue */
	int64_t *decisions;	/* open decision, by issue */
	int64_t *cases;		/* by case */
	uint32_t *case_workers; /* account, by case */
};

struct aw_demo_player *aw_demo_player_make(struct aw_arena *arena, const struct aw_demo_env *env,
	const struct aw_demo_plan *plan, const struct aw_demo_staff *staff, const int64_t *people);

/** Plays the steps [from, to) of a schedule, a chunk a unit of work. */
AW_MUST_CHECK enum aw_status aw_demo_play(struct aw_demo_player *player,
	const struct aw_demo_schedule *schedule, size_t from, size_t to, struct aw_error *err);

/* -- play_report.c, play_case.c: single acts. act has the moment; its viewer is set by them. ------ */

AW_MUST_CHECK enum aw_status aw_demo_play_report(struct aw_demo_player *player, struct aw_act *act,
	const struct aw_demo_step *step, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_demo_play_case(struct aw_demo_player *player, struct aw_act *act,
	const struct aw_demo_step *step, struct aw_error *err);

/** An account of a unit, or of one above or below it, with a role; SIZE_MAX if there is none. */
size_t aw_demo_of_unit(
	const struct aw_demo_player *player, const char *unit, const char *role, uint32_t n);
/** Supervisor, else partner, of a unit. */
size_t aw_demo_head_of(const struct aw_demo_player *player, const char *unit, uint32_t n);

#endif
