/* city/intake - what is wrong with a report, in words for senders' programs and the command line. */
#include <string.h>

#include "city/intake/inside.h"

/* The same keys stand in messages/, where pages take them from. */
static const char *const words[][2] = {
	{ "report.age_range", "an age is a number from 0 to 125" },
	{ "report.answer_unknown", "no form asks this question" },
	{ "report.check_digit", "the check digit does not hold; accepted as written" },
	{ "report.choice_unknown", "none of the choices; codes are in the policy" },
	{ "report.code_unknown", "no such code; codes are in the policy" },
	{ "report.csv_broken", "the quotes of this row do not match" },
	{ "report.csv_width", "this row has more fields than the head" },
	{ "report.date_future", "this date lies ahead" },
	{ "report.date_long_ago", "this date is too long ago" },
	{ "report.date_unreadable", "no such date; write 110-12-04, 1101204 or 2021-12-04" },
	{ "report.district_unknown", "the city has no such district" },
	{ "report.empty", "say at least what happened, where, or to whom" },
	{ "report.field_unknown", "a report has no such field" },
	{ "report.id_form", "not a number of the state's form; accepted as written" },
	{ "report.id_made_up", "a made-up number, accepted only in a demo" },
	{ "report.id_other_sex", "the number tells another sex; accepted as written" },
	{ "report.item_unknown", "the instrument has no such item" },
	{ "report.kind_missing", "say of which kind the report is" },
	{ "report.kind_unknown", "no such kind of report; kinds are in the policy's reports/" },
	{ "report.number_range", "the number is out of range" },
	{ "report.phone_form", "not a known form of telephone number; accepted as written" },
	{ "report.role_unknown", "this kind of report has no such role" },
	{ "report.time_unreadable", "no such time; write 2021-12-04T21:00:00+08:00" },
	{ "report.too_long", "too long" },
	{ "report.too_many", "too many" },
	{ "report.want_flag", "true or false is wanted; leave it out when it is not known" },
	{ "report.want_list", "a list is wanted" },
	{ "report.want_number", "a whole number is wanted" },
	{ "report.want_object", "an object is wanted" },
	{ "report.want_text", "text is wanted" },
};

const char *
aw_report_words(const char *message)
{
	for (size_t i = 0; i < AW_COUNT(words); i++)
		if (strcmp(words[i][0], message) == 0)
			return words[i][1];
	return message;
}
