/* Telephone numbers of Taiwan. */
#include "text/phone.h"

#include <string.h>

enum { DIGITS = 24 };

/* Area codes without the leading 0, longest first, with the digits behind them. */
static const struct {
	const char *code;
	size_t least, most;
} areas[] = { { "826", 5, 5 }, { "836", 5, 5 }, { "82", 6, 6 }, { "89", 6, 6 }, { "37", 6, 6 },
	{ "49", 7, 7 }, { "2", 8, 8 }, { "3", 7, 7 }, { "4", 7, 8 }, { "5", 7, 7 }, { "6", 7, 7 },
	{ "7", 7, 7 }, { "8", 7, 7 } };

struct scan {
	char digits[DIGITS + 1];
	size_t count;
	char extension[9];
	size_t extension_count;
	bool plus;
};

static bool
is_extension_mark(struct aw_str text, size_t pos, size_t *len)
{
	static const char *const marks[] = { "分機", "轉", "＃", "#", "ext.", "ext", "EXT", "Ext",
		"x" };

	for (size_t i = 0; i < AW_COUNT(marks); i++) {
		*len = strlen(marks[i]);
		if (pos + *len <= text.len && memcmp(text.at + pos, marks[i], *len) == 0)
			return true;
	}
	return false;
}

/* Digits before and behind the mark of an extension; false on too many or on other letters. */
static bool
scan_text(struct aw_str text, struct scan *scan)
{
	bool extension = false;

	for (size_t pos = 0; pos < text.len;) {
		size_t mark_len;
		uint32_t c;

		if (!extension && is_extension_mark(text, pos, &mark_len)) {
			extension = true;
			pos += mark_len;
			continue;
		}
		c = aw_utf8_next(text, &pos);
		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFEE0;
		if (c == '+' && scan->count == 0)
			scan->plus = true;
		if (c < '0' || c > '9') {
			if (c < 0x80 && strchr(" -()+.:/", (int)c) == NULL)
				return false;
			continue; /* 、（電話） and the like */
		}
		if (extension) {
			if (scan->extension_count == sizeof(scan->extension) - 1)
				return false;
			scan->extension[scan->extension_count++] = (char)c;
		} else {
			if (scan->count == DIGITS)
				return false;
			scan->digits[scan->count++] = (char)c;
		}
	}
	return scan->count > 0;
}

/* Local digits without the leading 0. */
static bool
is_taiwan(const char *local, bool *mobile)
{
	size_t len = strlen(local);

	*mobile = local[0] == '9';
	if (*mobile)
		return len == 9;
	for (size_t i = 0; i < AW_COUNT(areas); i++) {
		size_t code_len = strlen(areas[i].code);

		if (strncmp(local, areas[i].code, code_len) == 0 &&
			len - code_len >= areas[i].least && len - code_len <= areas[i].most)
			return true;
	}
	return false;
}

bool
aw_phone_read(struct aw_str typed, struct aw_phone *ret)
{
	struct scan scan = { 0 };
	const char *local;

	*ret = (struct aw_phone){ 0 };
	if (!scan_text(typed, &scan))
		return false;
	local = scan.digits;
	if (strncmp(local, "00886", 5) == 0 || (strncmp(local, "002886", 6) == 0))
		local += local[2] == '2' ? 6 : 5;
	else if (strncmp(local, "886", 3) == 0 && (scan.plus || strlen(local) > 10))
		local += 3;
	else if (scan.plus) {
		if (scan.count < 8 || scan.count > 15)
			return false;
		ret->e164[0] = '+';
		memcpy(ret->e164 + 1, scan.digits, scan.count);
		return true;
	} else if (local[0] != '0') {
		return false; /* no area code: whose it is cannot be known */
	}
	if (local[0] == '0')
		local++;
	if (!is_taiwan(local, &ret->mobile)) {
		ret->mobile = false;
		return false;
	}
	memcpy(ret->e164, "+886", 4);
	memcpy(ret->e164 + 4, local, strlen(local) + 1);
	memcpy(ret->extension, scan.extension, sizeof(ret->extension));
	return true;
}

char *
aw_phone_text(struct aw_arena *arena, const char *e164, const char *extension)
{
	const char *mark = extension != NULL && extension[0] != '\0' ? " #" : "";
	const char *local = e164 + 4;
	size_t area_len = 1;

	if (extension == NULL)
		extension = "";
	if (strncmp(e164, "+886", 4) != 0 || strlen(local) < 6)
		return aw_arena_printf(arena, "%s%s%s", e164, mark, extension);
	if (local[0] == '9' && strlen(local) == 9)
		return aw_arena_printf(
			arena, "0%.3s-%.3s-%s%s%s", local, local + 3, local + 6, mark, extension);
	for (size_t i = 0; i < AW_COUNT(areas); i++) {
		size_t len = strlen(areas[i].code);

		if (strncmp(local, areas[i].code, len) == 0 &&
			strlen(local) - len >= areas[i].least &&
			strlen(local) - len <= areas[i].most) {
			area_len = len;
			break;
		}
	}
	if (strlen(local) - area_len == 8)
		return aw_arena_printf(arena, "0%.*s-%.4s-%s%s%s", (int)area_len, local,
			local + area_len, local + area_len + 4, mark, extension);
	return aw_arena_printf(arena, "0%.*s-%.*s-%s%s%s", (int)area_len, local,
		(int)(strlen(local) - area_len - 4), local + area_len, local + strlen(local) - 4,
		mark, extension);
}
