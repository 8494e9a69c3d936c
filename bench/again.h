/**
 * bench/again - a report of the demo, to be received once more. Shared by benches.
 * Threads: as the act.
 */
#ifndef AW_BENCH_AGAIN_H
#define AW_BENCH_AGAIN_H

#include "city/intake/report.h"

static const struct aw_viewer bench_viewer = { .login = "console:bench",
	.name = "",
	.title = "",
	.roles = "console",
	.purpose = "screening" };

/* The report as it was written, to be received once more. */
static inline enum aw_status
again(struct aw_act *act, int64_t id, struct aw_report_in *ret, struct aw_error *err)
{
	struct aw_report report;
	struct aw_report_person *persons;
	struct aw_report_person_in *in;
	size_t count;

	if (aw_report_get(act, id, AW_REPORT_CONTENT, &report, err) != AW_OK ||
		aw_report_persons(act, id, AW_REPORT_CONTENT, &persons, &count, err) != AW_OK)
		return err->status;
	in = AW_NEW_ARRAY(act->arena, struct aw_report_person_in, count);
	for (size_t i = 0; i < count; i++)
		in[i] = persons[i].as_reported;
	*ret = (struct aw_report_in){ .kind = report.kind,
		.channel = report.channel,
		.sender = "bench",
		.urgent = report.urgent,
		.persons = in,
		.person_count = count,
		.answers = report.answers };
	ret->reporter.role = report.reporter_role;
	ret->reporter.unit = report.reporter_unit;
	ret->incident.at_text = report.incident_text;
	ret->incident.address = report.address;
	ret->incident.district = report.district;
	ret->incident.narrative = report.narrative;
	return AW_OK;
}

#endif
