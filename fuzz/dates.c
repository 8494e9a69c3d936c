/* fuzz/dates - any bytes as a date, a moment, a period, a number, a phone; what is read reads back. */
#include <stdlib.h>
#include <string.h>

#include "text/idno.h"
#include "text/phone.h"
#include "text/roc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_str text = { (const char *)data, size };
	struct aw_error err = { 0 };
	struct aw_roc_date date, again;
	struct aw_period period, same;
	struct aw_idno idno;
	struct aw_phone phone;
	int64_t ms;

	if (aw_roc_read(text, &date, &err) == AW_OK) {
		if (date.from_day > date.to_day ||
			aw_roc_read(aw_str(aw_roc_date_text(&arena, &date)), &again, &err) !=
				AW_OK ||
			again.from_day != date.from_day || again.to_day != date.to_day)
			abort();
	}
	if (aw_roc_read_instant(text, &ms, &err) == AW_OK)
		(void)aw_roc_instant(&arena, ms);
	if (aw_period_read(text, &period, &err) == AW_OK) {
		if (aw_period_read(aw_str(aw_period_name(&arena, period)), &same, &err) != AW_OK ||
			same.from_day != period.from_day || same.to_day != period.to_day)
			abort();
		(void)aw_period_text(&arena, period);
	}
	if (aw_idno_read(text, &idno)) {
		char back[11];

		aw_idno_unpack(aw_idno_pack(idno.text), back);
		if (strcmp(back, idno.text) != 0 ||
			aw_idno_check(aw_idno_pack(idno.text)) != idno.check_ok)
			abort();
	}
	if (aw_phone_read(text, &phone)) {
		struct aw_phone twice;

		if (!aw_phone_read(aw_str(phone.e164), &twice) ||
			strcmp(twice.e164, phone.e164) != 0)
			abort();
		(void)aw_phone_text(&arena, phone.e164, phone.extension);
	}
	return 0;
}
