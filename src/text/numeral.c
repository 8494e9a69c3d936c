/* Whole numbers in Arabic or Chinese numerals. */
#include "text/numeral.h"

#include "base/str.h"

enum { HUNDRED = 0x767E, TEN = 0x5341, TWENTY = 0x5EFF, THIRTY = 0x5345 };

static const char *const digits[] = { "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九" };

int32_t
aw_chinese_digit(uint32_t c)
{
	static const uint16_t points[] = { 0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D,
		0x4E03, 0x516B, 0x4E5D };

	if (c == 0x96F6) /* 零 */
		return 0;
	if (c == 0x5143) /* 元: the first */
		return 1;
	for (int32_t i = 0; i < 10; i++)
		if (points[i] == c)
			return i;
	return -1;
}

static bool
take_chinese(const uint32_t *c, size_t *at, struct aw_figure *ret)
{
	int32_t total = 0, last = -1;
	size_t i = *at;

	for (;; i++) {
		int32_t digit = aw_chinese_digit(c[i]);

		if (digit >= 0) {
			last = last < 0 ? digit : last * 10 + digit;
			if (last > 9999)
				return false;
		} else if (c[i] == HUNDRED || c[i] == TEN) {
			total += (last < 0 ? 1 : last) * (c[i] == HUNDRED ? 100 : 10);
			last = -1;
		} else if (c[i] == TWENTY || c[i] == THIRTY) {
			total += c[i] == TWENTY ? 20 : 30;
			last = -1;
		} else {
			break;
		}
		if (total > 9999999)
			return false;
	}
	if (i == *at)
		return false;
	*at = i;
	*ret = (struct aw_figure){ .value = total + (last < 0 ? 0 : last) };
	return true;
}

bool
aw_figure_take(const uint32_t *c, size_t *at, struct aw_figure *ret)
{
	struct aw_figure figure = { 0 };
	size_t i = *at;

	while (c[i] >= '0' && c[i] <= '9') {
		if (figure.digits == 8)
			return false;
		figure.value = figure.value * 10 + (int32_t)(c[i++] - '0');
		figure.digits++;
	}
	if (figure.digits == 0)
		return take_chinese(c, at, ret);
	*at = i;
	*ret = figure;
	return true;
}

char *
aw_chinese_number(struct aw_arena *arena, int32_t value)
{
	if (value < 1 || value > 99)
		return aw_arena_printf(arena, "%d", value);
	return aw_arena_printf(arena, "%s%s%s", value >= 20 ? digits[value / 10] : "",
		value >= 10 ? "十" : "", value % 10 > 0 ? digits[value % 10] : "");
}
