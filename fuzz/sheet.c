/* fuzz/sheet - any bytes as the XML inside ODS and XLSX; the first byte says which part is meant. */
#include "text/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char shared_text[] = "<sst><si><t>a</t></si><si><r><t>b</t></r></si></sst>";
static const char styles_text[] =
	"<styleSheet><numFmts><numFmt numFmtId='164' formatCode='yyyy\\-mm'/></numFmts>"
	"<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/></cellXfs></styleSheet>";
static const char sheet_text[] =
	"<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' s='1'><v>44000</v>"
	"</c></row></sheetData></worksheet>";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_buf csv = { .arena = &arena };
	struct aw_error err = { 0 };
	struct aw_str text;

	if (size == 0 || size > 16384)
		return 0;
	text = (struct aw_str){ (const char *)data + 1, size - 1 };
	switch (data[0]) {
	case 'o':
		(void)!aw_sheet_ods(&arena, text, 1 << 20, &csv, &err);
		break;
	case 's':
		(void)!aw_sheet_xlsx(
			&arena, aw_str(sheet_text), text, aw_str(styles_text), 1 << 20, &csv, &err);
		break;
	case 'f':
		(void)!aw_sheet_xlsx(
			&arena, aw_str(sheet_text), aw_str(shared_text), text, 1 << 20, &csv, &err);
		break;
	default:
		(void)!aw_sheet_xlsx(&arena, text, aw_str(shared_text), aw_str(styles_text),
			1 << 20, &csv, &err);
		break;
	}
	return 0;
}
