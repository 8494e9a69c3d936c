/* tests/city/intake/door - tables by mapping: every row a report, or a line with what is wrong. */
#include "intaketest.h"

#include "base/file.h"

#define HEAD "通報類型,通報人身分,通報單位,案情,當事人姓名,相對人姓名,是否同住,傷勢,備註\n"

static struct aw_report_mapping *
agency(struct room *room)
{
	struct aw_report_mapping *mapping = NULL;
	struct aw_error err = { 0 };

	assert_ok(aw_report_mapping_read(&room->arena, "agency_csv", room->policy, &mapping, &err));
	return mapping;
}

static size_t
read_table(struct room *room, const char *text, struct aw_report_row **ret_rows)
{
	struct aw_error err = { 0 };
	size_t count = 0;

	assert_ok(aw_report_from_csv(
		&room->arena, agency(room), aw_str(text), "t.csv", ret_rows, &count, &err));
	return count;
}

static void
a_row_becomes_a_report(void **state)
{
	struct room *room = *state;
	struct aw_report_row *rows;
	size_t count = read_table(room,
		"\xef\xbb\xbf" HEAD
		"兒少保護,教師,示範國小,\"手臂瘀青，\n他說是爸爸\",陳範安,陳例峯,是,輕,不看\r\n"
		"\n"
		"自殺,警察,第二分局,看板後方,王示範,,,,\n",
		&rows);

	assert_int_equal(count, 2);
	assert_int_equal(rows[0].problems.count, 0);
	assert_int_equal(rows[0].line, 2);
	assert_string_equal(rows[0].in.kind, "child_protection");
	assert_string_equal(rows[0].in.channel, "file");
	assert_string_equal(rows[0].in.reporter.role, "teacher");
	assert_string_equal(rows[0].in.incident.narrative, "手臂瘀青，\n他說是爸爸");
	assert_int_equal(rows[0].in.person_count, 2);
	assert_string_equal(rows[0].in.persons[1].role, "respondent");
	assert_int_equal(rows[0].in.persons[1].lives_with, AW_TRI_YES);
	assert_string_equal(aw_json_string(rows[0].in.answers, "injury"), "minor");
	assert_int_equal(rows[1].line, 5);
	assert_int_equal(rows[1].in.person_count, 1); /* empty cells make nobody */
	assert_null(rows[1].in.answers);
}

static void
big5_is_recognised(void **state)
{
	struct room *room = *state;
	/* 通報類型,通報人身分,通報單位,案情,當事人姓名 / 自殺,警察,甲,乙,丙 */
	static const char big5[] =
		"\xb3\x71\xb3\xf8\xc3\xfe\xab\xac,\xb3\x71\xb3\xf8\xa4\x48\xa8\xad\xa4\xc0,"
		"\xb3\x71\xb3\xf8\xb3\xe6\xa6\xec,\xae\xd7\xb1\xa1,"
		"\xb7\xed\xa8\xc6\xa4\x48\xa9\x6d\xa6\x57\r\n"
		"\xa6\xdb\xb1\xfe,\xc4\xb5\xb9\xee,\xa5\xd2,\xa4\x41,\xa4\xfe\r\n";
	struct aw_report_row *rows;

	assert_int_equal(read_table(room, big5, &rows), 1);
	assert_int_equal(rows[0].problems.count, 0);
	assert_string_equal(rows[0].in.kind, "suicide");
	assert_string_equal(rows[0].in.incident.narrative, "乙");
	assert_string_equal(rows[0].in.persons[0].name, "丙");
	assert_null(rows[0].in.persons[0].role); /* the kind's own subject */
}

static void
a_bad_row_is_named_and_the_others_go_on(void **state)
{
	struct room *room = *state;
	struct aw_report_row *rows;
	size_t count = read_table(room,
		HEAD "竊盜,教師,示範國小,甲,乙,,,,\n"
		     "兒少保護,教師,示範國小,甲,乙,丙,也許,輕,\n"
		     "兒少保護,教師,示範國小,甲,\"乙\"丙,,,,\n"
		     "兒少保護,教師,示範國小,甲,乙,,,,,多,餘\n"
		     "兒少保護,教師,示範國小,甲,乙,,,,\n",
		&rows);

	assert_int_equal(count, 5);
	assert_string_equal(rows[0].problems.at[0].field, "kind");
	assert_string_equal(rows[0].problems.at[0].message, "report.choice_unknown");
	assert_string_equal(rows[1].problems.at[0].field, "persons.respondent.lives_with");
	assert_string_equal(rows[1].problems.at[0].message, "report.want_flag");
	assert_int_equal(rows[2].line, 4);
	assert_string_equal(rows[2].problems.at[0].message, "report.csv_broken");
	assert_string_equal(rows[3].problems.at[0].message, "report.csv_width");
	assert_int_equal(rows[4].problems.count, 0);
	assert_int_equal(rows[4].line, 6);
}

static void
a_table_that_does_not_fit_is_refused_as_a_whole(void **state)
{
	static const struct {
		const char *text, *words;
		uint32_t line;
	} bad[] = {
		{ "", "name the columns", 1 },
		{ "通報類型,星座\n", "does not know column 2", 1 },
		{ "通報類型,通報人身分,通報單位,案情\n", "lacks the column", 1 },
		{ HEAD "\xff\xfe\xff", "", 0 },
	};
	struct room *room = *state;

	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		struct aw_report_row *rows;
		struct aw_error err = { 0 };
		size_t count;
		assert_fails(aw_report_from_csv(&room->arena, agency(room), aw_str(bad[i].text),
				     "t.csv", &rows, &count, &err),
			AW_INVALID, bad[i].words);
		assert_true(bad[i].line == 0 || err.line == bad[i].line);
	}
}

static void
a_mapping_with_a_mistake_names_its_line(void **state)
{
	static const struct {
		const char *text, *words;
		uint32_t line;
	} bad[] = {
		{ "code: x\nzh: 甲\nen: A\nkind: suicide\ncolumns:\n"
		  "  - {column: a, field: persons.name}\n",
			"no field \"persons.name\"", 6 },
		{ "code: x\nzh: 甲\nen: A\nkind: theft\ncolumns: []\n", "no kind of report", 1 },
		{ "code: x\nzh: 甲\nen: A\ncolumns: []\n", "a mapping has a \"kind\"", 1 },
		{ "code: x\nzh: 甲\nen: A\nkind: suicide\ncolumns:\n"
		  "  - {column: a, field: answers.student, type: flag}\n",
			"\"yes\" is missing", 6 },
		{ "code: x\nzh: 甲\nen: A\nkind: suicide\ncolums: []\n", "\"columns\" is missing",
			1 },
	};
	struct room *room = *state;
	const char *path = aw_arena_printf(&room->arena, "%s/m.yaml", room->db.dir);

	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		struct aw_report_mapping *mapping = NULL;
		struct aw_error err = { 0 };
		assert_ok(aw_file_write(path, aw_str(bad[i].text), 0600, &err));
		assert_fails(
			aw_report_mapping_read(&room->arena, path, room->policy, &mapping, &err),
			AW_INVALID, bad[i].words);
		assert_int_equal(err.line, bad[i].line);
	}
}

AW_TESTS(ROOM_TEST(a_row_becomes_a_report), ROOM_TEST(big5_is_recognised),
	ROOM_TEST(a_bad_row_is_named_and_the_others_go_on),
	ROOM_TEST(a_table_that_does_not_fit_is_refused_as_a_whole),
	ROOM_TEST(a_mapping_with_a_mistake_names_its_line))
