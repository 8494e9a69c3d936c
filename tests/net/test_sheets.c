/* Decision tables of a draft through a spreadsheet: saved as files, compared, refused, kept. */
#include <sodium.h>

#include "demo_city.h"
#include "text/grid.h"

#define DRAFT "/policy/drafts/1"

struct bench {
	struct demo_city demo;
	const struct asker *planner, *screener;
};

static int
open_bench(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	demo_city_open(&b->demo, NULL, 0);
	demo_city_sign_everybody_in(&b->demo);
	b->planner = demo_city_asker(&b->demo, "planner");
	b->screener = demo_city_asker(&b->demo, "screener");
	*state = b;
	return 0;
}

static int
close_bench(void **state)
{
	struct bench *b = *state;

	demo_city_close(&b->demo);
	free(b);
	return 0;
}

static struct aw_reply
ask(struct bench *b, const struct asker *who, const char *method, const char *path,
	const char *body)
{
	return demo_city_ask(&b->demo, who, method, path, body);
}

/* A field of a form, each byte escaped. */
static const char *
field(struct bench *b, const char *before, const char *text)
{
	struct aw_buf form = { .arena = &b->demo.arena };

	aw_buf_text(&form, before);
	for (; *text != '\0'; text++)
		aw_buf_printf(&form, "%%%02X", (unsigned)(uint8_t)*text);
	return aw_buf_z(&form);
}

static const char *
says(struct bench *b, struct aw_reply reply, int status, const char *words)
{
	const char *text = city_body(&b->demo.arena, &reply);

	if (reply.status != status || strstr(text, words) == NULL)
		fail_msg("%d, and not %d with \"%s\"", reply.status, status, words);
	return text;
}

static const char *
replaced(struct bench *b, const char *text, const char *old, const char *now)
{
	const char *at = strstr(text, old);

	assert_non_null(at);
	return aw_arena_printf(
		&b->demo.arena, "%.*s%s%s", (int)(at - text), text, now, at + strlen(old));
}

static const char *
begin(struct bench *b)
{
	struct aw_reply reply = ask(b, b->planner, "POST", "/policy/drafts", "name=sheets");

	assert_int_equal(reply.status, 303);
	says(b, ask(b, b->planner, "GET", DRAFT "/sheets", NULL), 200, "sheets/tipvda.ods");
	reply = ask(b, b->planner, "GET", DRAFT "/sheets/tipvda.csv", NULL);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.content_type, "text/csv; charset=utf-8");
	assert_string_equal(
		city_header(&reply, "Content-Disposition"), "attachment; filename=\"tipvda.csv\"");
	return city_body(&b->demo.arena, &reply);
}

static void
an_edited_sheet_is_compared_and_then_kept(void **state)
{
	struct bench *b = *state;
	const char *csv = begin(b), *edited = replaced(b, csv, ">= 8", ">= 9");
	struct aw_reply reply;

	edited = replaced(b, edited, "[6..7]", "[6..8]");
	says(b, ask(b, b->planner, "POST", DRAFT "/sheets", field(b, "sheet=", csv)), 200,
		"沒有不同");
	says(b, ask(b, b->planner, "POST", DRAFT "/sheets", field(b, "sheet=", edited)), 200,
		"修改2列");
	/* it was looked at, not kept */
	says(b, ask(b, b->planner, "GET", DRAFT, NULL), 200, "第1版");
	reply = ask(
		b, b->planner, "POST", DRAFT "/sheets/keep", field(b, "version=1&sheet=", edited));
	assert_int_equal(reply.status, 303);
	assert_string_equal(city_header(&reply, "Location"), DRAFT);
	assert_non_null(city_last_of(&b->demo.city, &b->demo.arena, "policy.sheet_keep"));
	says(b, ask(b, b->planner, "GET", DRAFT, NULL), 200, "修改2列");
	/* what was looked at is another version now; and a sheet of the older one is known */
	says(b,
		ask(b, b->planner, "POST", DRAFT "/sheets/keep",
			field(b, "version=1&sheet=", edited)),
		422, "其他人已先儲存");
	says(b,
		ask(b, b->planner, "POST", DRAFT "/sheets",
			field(b, "sheet=", replaced(b, edited, ">= 9", ">= 7"))),
		200, "較早的版本");
}

static void
every_wrong_cell_is_told_and_the_draft_stays(void **state)
{
	struct bench *b = *state;
	const char *csv = begin(b), *bad, *text;

	bad = replaced(b, csv, ">= 8", ">= (");
	bad = replaced(b, bad, "[6..7]", "nobody_knows");
	text = says(b, ask(b, b->planner, "POST", DRAFT "/sheets", field(b, "sheet=", bad)), 422,
		"2項錯誤");
	assert_non_null(strstr(text, "第9列"));
	assert_non_null(strstr(text, "第10列"));
	assert_non_null(strstr(text, "D欄"));
	says(b, ask(b, b->planner, "POST", DRAFT "/sheets/keep", field(b, "version=1&sheet=", bad)),
		422, "沒有更動");
	says(b, ask(b, b->planner, "GET", DRAFT, NULL), 200, "第1版");
	says(b, ask(b, b->planner, "POST", DRAFT "/sheets", "sheet="), 422, "貼上工作表");
	says(b, ask(b, b->planner, "POST", DRAFT "/sheets", "file=not*base64"), 422, "讀不懂");
	says(b, ask(b, b->planner, "POST", DRAFT "/sheets", "file=UEsDBA"), 422, "讀不懂");
	assert_int_equal(ask(b, b->planner, "GET", DRAFT "/sheets/nothing.ods", NULL).status, 404);
	assert_int_equal(ask(b, b->planner, "GET", DRAFT "/sheets/tipvda", NULL).status, 404);
	assert_int_equal(ask(b, b->screener, "GET", DRAFT "/sheets/tipvda.csv", NULL).status, 403);
	assert_int_equal(ask(b, b->screener, "POST", DRAFT "/sheets", "sheet=a").status, 403);
}

/* As the page's script sends it. */
static void
a_spreadsheet_file_comes_in_a_field(void **state)
{
	struct bench *b = *state;
	struct aw_grid grid = { .arena = &b->demo.arena };
	struct aw_error err = { 0 };
	struct aw_bytes bytes;
	char *text;

	(void)begin(b);
	struct aw_reply reply = ask(b, b->planner, "GET", DRAFT "/sheets/tipvda.ods", NULL);

	assert_int_equal(reply.status, 200);
	assert_ok(aw_grid_read(reply.body, "x", &grid, &err));
	assert_string_equal(aw_grid_at(&grid, 8, 3), ">= 8");
	grid.rows[8].cells[3] = ">= 9";
	assert_ok(aw_grid_ods(&grid, "x", 8, &bytes, &err));
	text = aw_arena_alloc(&b->demo.arena,
		sodium_base64_ENCODED_LEN(bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING));
	sodium_bin2base64(text,
		sodium_base64_ENCODED_LEN(bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
		bytes.at, bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	says(b,
		ask(b, b->planner, "POST", DRAFT "/sheets",
			aw_arena_printf(&b->demo.arena, "file=%s", text)),
		200, "修改1列");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

AW_TESTS(TEST(an_edited_sheet_is_compared_and_then_kept),
	TEST(every_wrong_cell_is_told_and_the_draft_stays),
	TEST(a_spreadsheet_file_comes_in_a_field))
