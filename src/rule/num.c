/* rule/num - decimal128 arithmetic by gcc's _Decimal128; text, rounding and roots of our own. */
#include "rule/num.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 u128;
/* NOLINTNEXTLINE(clang-diagnostic-error): clang knows no decimal128, gcc compiles and looks at it */
__extension__ typedef _Decimal128 d128;

enum { BIAS = 6176, EXPONENT_MOST = 12287, DIGITS = 34, SCALE_MOST = 6176, SCALE_LEAST = -6111 };

/* A finite decimal128 taken apart: (-1)^negative * coefficient * 10^exponent. */
struct parts {
	bool negative;
	u128 coefficient;
	int64_t exponent;
};

static d128
get(struct aw_num a)
{
	d128 d;

	memcpy(&d, &a, sizeof(d));
	return d;
}

static struct aw_num
put(d128 d)
{
	struct aw_num a;

	memcpy(&a, &d, sizeof(a));
	return a;
}

static bool
finite_of(d128 d, struct aw_num *ret)
{
	struct aw_num a = put(d);

	if ((a.w[1] >> 59 & 0xF) == 0xF) /* infinity or not a number */
		return false;
	*ret = a;
	return true;
}

static u128
ten_to(int64_t n)
{
	u128 p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

static struct parts
take_apart(struct aw_num a)
{
	struct parts p = { .negative = a.w[1] >> 63 != 0 };

	if ((a.w[1] >> 61 & 3) == 3) /* a coefficient beyond 34 digits: counts as zero */
		return p;
	p.exponent = (int64_t)(a.w[1] >> 49 & 0x3FFF) - BIAS;
	p.coefficient = (u128)(a.w[1] & UINT64_C(0x1FFFFFFFFFFFF)) << 64 | a.w[0];
	if (p.coefficient >= ten_to(DIGITS))
		p.coefficient = 0;
	return p;
}

/* Half-even to 34 digits. False when the exponent does not fit. */
static bool
put_together(struct parts p, struct aw_num *ret)
{
	const u128 most = ten_to(DIGITS);

	bool rest = false; /* something other than 0 was dropped before the last digit */
	uint64_t last = 0;

	while (p.coefficient >= most) {
		rest = rest || last != 0;
		last = (uint64_t)(p.coefficient % 10);
		p.coefficient /= 10;
		p.exponent++;
	}
	if (last > 5 || (last == 5 && (rest || p.coefficient % 2 == 1)))
		p.coefficient++; /* 10^34 at most: still its own exact value below */
	if (p.coefficient == most) {
		p.coefficient /= 10;
		p.exponent++;
	}
	if (p.coefficient == 0)
		p.exponent = 0;
	while (p.exponent + BIAS > EXPONENT_MOST && p.coefficient * 10 < most) {
		p.coefficient *= 10;
		p.exponent--;
	}
	while (p.exponent + BIAS < 0 && p.coefficient != 0) {
		p.coefficient /= 10;
		p.exponent++;
	}
	if (p.coefficient == 0)
		p.exponent = 0;
	if (p.exponent + BIAS > EXPONENT_MOST)
		return false;
	ret->w[1] = (uint64_t)(p.exponent + BIAS) << 49 | (uint64_t)(p.coefficient >> 64);
	ret->w[0] = (uint64_t)p.coefficient;
	if (p.negative && p.coefficient != 0)
		ret->w[1] |= UINT64_C(1) << 63;
	return true;
}

struct aw_num
aw_num_int(int64_t value)
{
	struct parts p = { .negative = value < 0 };
	struct aw_num a = { { 0 } };

	p.coefficient = value < 0 ? (u128)(uint64_t)(-(value + 1)) + 1 : (u128)(uint64_t)value;
	(void)put_together(p, &a);
	return a;
}

/* The exponent behind "e"; at `i`. False when it is not whole digits to the end. */
static bool
read_exponent(struct aw_str text, size_t i, int64_t *exponent)
{
	bool negative = false;
	int64_t e = 0;

	if (i < text.len && (text.at[i] == '+' || text.at[i] == '-'))
		negative = text.at[i++] == '-';
	if (i == text.len)
		return false;
	for (; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9' || e > 100000)
			return false;
		e = e * 10 + (text.at[i] - '0');
	}
	*exponent += negative ? -e : e;
	return true;
}

bool
aw_num_parse(struct aw_str text, struct aw_num *ret)
{
	struct parts p = { 0 };
	bool point = false, digit = false;
	size_t i = 0;

	if (i < text.len && (text.at[i] == '-' || text.at[i] == '+'))
		p.negative = text.at[i++] == '-';
	for (; i < text.len; i++) {
		char c = text.at[i];

		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		digit = true;
		if (p.coefficient < ten_to(DIGITS + 2))
			p.coefficient = p.coefficient * 10 + (u128)(uint64_t)(c - '0');
		else
			p.exponent++; /* beyond what is kept */
		p.exponent -= point ? 1 : 0;
	}
	if (!digit)
		return false;
	if (i < text.len && (text.at[i] == 'e' || text.at[i] == 'E')) {
		if (!read_exponent(text, i + 1, &p.exponent))
			return false;
	} else if (i < text.len) {
		return false;
	}
	return put_together(p, ret);
}

bool
aw_num_of_double(double value, struct aw_num *ret)
{
	char text[40];

	if (!isfinite(value))
		return false;
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*e", digits - 1, value);
		double back = strtod(text, NULL);

		if (!(back < value) && !(back > value))
			break;
	}
	return aw_num_parse(aw_str(text), ret);
}

double
aw_num_double(struct aw_num a)
{
	struct parts p = take_apart(a);
	char text[80], digits[48];
	size_t n = 0;

	do {
		digits[n++] = (char)('0' + (int)(p.coefficient % 10));
		p.coefficient /= 10;
	} while (p.coefficient != 0);
	for (size_t i = 0; i < n; i++)
		text[i] = digits[n - 1 - i];
	snprintf(text + n, sizeof(text) - n, "e%lld", (long long)p.exponent);
	double value = strtod(text, NULL);

	return p.negative ? -value : value;
}

char *
aw_num_text(struct aw_arena *arena, struct aw_num a)
{
	struct parts p = take_apart(a);
	struct aw_buf buf = { .arena = arena };
	char digits[48];
	int64_t n = 0;

	while (p.coefficient != 0 && p.coefficient % 10 == 0 && p.exponent < 0) {
		p.coefficient /= 10;
		p.exponent++;
	}
	for (u128 c = p.coefficient; c != 0; c /= 10)
		digits[n++] = (char)('0' + (int)(c % 10));
	if (n == 0)
		return aw_arena_strdup(arena, "0");
	if (p.negative)
		aw_buf_char(&buf, '-');
	int64_t whole = n + p.exponent; /* digits before the point */

	if (whole <= 0)
		aw_buf_text(&buf, "0.");
	for (int64_t i = whole; i < 0; i++)
		aw_buf_char(&buf, '0');
	for (int64_t i = 0; i < n; i++) {
		if (i == whole && i > 0)
			aw_buf_char(&buf, '.');
		aw_buf_char(&buf, digits[n - 1 - i]);
	}
	for (int64_t i = n; i < whole; i++)
		aw_buf_char(&buf, '0');
	return aw_arena_strdup(arena, aw_buf_z(&buf));
}

bool
aw_num_int64(struct aw_num a, int64_t *ret)
{
	struct parts p = take_apart(a);

	for (; p.exponent < 0 && p.coefficient != 0; p.exponent++) {
		if (p.coefficient % 10 != 0)
			return false;
		p.coefficient /= 10;
	}
	for (; p.exponent > 0 && p.coefficient != 0; p.exponent--) {
		if (p.coefficient > (u128)INT64_MAX)
			return false;
		p.coefficient *= 10;
	}
	if (p.coefficient > (u128)INT64_MAX)
		return false;
	*ret = p.negative ? -(int64_t)p.coefficient : (int64_t)p.coefficient;
	return true;
}

bool
aw_num_is_whole(struct aw_num a)
{
	struct parts p = take_apart(a);

	for (; p.exponent < 0 && p.coefficient != 0; p.exponent++) {
		if (p.coefficient % 10 != 0)
			return false;
		p.coefficient /= 10;
	}
	return true;
}

int
aw_num_compare(struct aw_num a, struct aw_num b)
{
	d128 x = get(a), y = get(b);

	return x < y ? -1 : x > y;
}

int
aw_num_sign(struct aw_num a)
{
	return aw_num_compare(a, aw_num_int(0));
}

struct aw_num
aw_num_negate(struct aw_num a)
{
	struct parts p = take_apart(a);

	p.negative = !p.negative;
	(void)put_together(p, &a);
	return a;
}

bool
aw_num_add(struct aw_num a, struct aw_num b, struct aw_num *ret)
{
	return finite_of(get(a) + get(b), ret);
}

bool
aw_num_sub(struct aw_num a, struct aw_num b, struct aw_num *ret)
{
	return finite_of(get(a) - get(b), ret);
}

bool
aw_num_mul(struct aw_num a, struct aw_num b, struct aw_num *ret)
{
	return finite_of(get(a) * get(b), ret);
}

bool
aw_num_div(struct aw_num a, struct aw_num b, struct aw_num *ret)
{
	return aw_num_sign(b) != 0 && finite_of(get(a) / get(b), ret);
}

static bool
goes_up(const struct parts *p, u128 rest, u128 half_twice, enum aw_rounding rounding)
{
	/* half_twice is 10^k; rest < 10^k: compares rest with its half without halving */
	int half = rest > half_twice - rest ? 1 : rest < half_twice - rest ? -1 : 0;

	if (rest == 0)
		return false;
	switch (rounding) {
	case AW_ROUND_UP:
		return true;
	case AW_ROUND_DOWN:
		return false;
	case AW_ROUND_FLOOR:
		return p->negative;
	case AW_ROUND_CEILING:
		return !p->negative;
	case AW_ROUND_HALF_UP:
		return half >= 0;
	case AW_ROUND_HALF_DOWN:
		return half > 0;
	case AW_ROUND_HALF_EVEN:
		break;
	}
	return half > 0 || (half == 0 && p->coefficient % 2 == 1);
}

bool
aw_num_round(struct aw_num a, int64_t scale, enum aw_rounding rounding, struct aw_num *ret)
{
	struct parts p = take_apart(a);

	if (scale < SCALE_LEAST || scale > SCALE_MOST)
		return false;
	if (p.exponent >= -scale) {
		*ret = a;
		return true;
	}
	int64_t drop = -scale - p.exponent;
	u128 unit = ten_to(drop > 36 ? 36 : drop);
	u128 rest = drop > 36 ? (p.coefficient != 0) : p.coefficient % unit;

	p.coefficient = drop > 36 ? 0 : p.coefficient / unit;
	p.exponent = -scale;
	if (goes_up(&p, rest, unit, rounding))
		p.coefficient++;
	return put_together(p, ret);
}

bool
aw_num_modulo(struct aw_num a, struct aw_num b, struct aw_num *ret)
{
	struct aw_num q;

	if (!aw_num_div(a, b, &q) || !aw_num_round(q, 0, AW_ROUND_FLOOR, &q))
		return false;
	return finite_of(get(a) - get(b) * get(q), ret);
}

bool
aw_num_sqrt(struct aw_num a, struct aw_num *ret)
{
	struct parts p = take_apart(a);

	if (p.coefficient == 0) {
		*ret = aw_num_int(0);
		return true;
	}
	if (p.negative)
		return false;
	if (p.exponent % 2 != 0) {
		p.coefficient *= 10;
		p.exponent--;
	}
	int64_t half = p.exponent / 2;
	struct aw_num c, guess, scale;
	struct parts one = { .coefficient = 1, .exponent = half };

	p.exponent = 0;
	if (!put_together(p, &c) || !put_together(one, &scale) ||
		!aw_num_of_double(sqrt(aw_num_double(c)), &guess))
		return false;
	d128 x = get(guess);

	for (int i = 0; i < 3; i++) /* Newton: 16 digits, then 32, then all */
		x = (x + get(c) / x) / (d128)2;
	return finite_of(x * get(scale), ret);
}

static d128
ln_ten(void)
{
	struct aw_num a = { { 0 } };

	(void)aw_num_parse(AW_STR_LIT("2.302585092994045684017991454684364207601"), &a);
	return get(a);
}

bool
aw_num_exp(struct aw_num a, struct aw_num *ret)
{
	struct aw_num n;
	int64_t power;

	if (!aw_num_round(put(get(a) / ln_ten()), 0, AW_ROUND_HALF_EVEN, &n) ||
		!aw_num_int64(n, &power) || power > 6144)
		return false;
	if (power < -6176) {
		*ret = aw_num_int(0);
		return true;
	}
	d128 r = (get(a) - get(n) * ln_ten()) / (d128)16, term = (d128)1, sum = (d128)1;

	for (int i = 1; i <= 20; i++) {
		term = term * r / (d128)i;
		sum += term;
	}
	for (int i = 0; i < 4; i++)
		sum *= sum;
	struct parts scale = { .coefficient = 1, .exponent = power };
	struct aw_num s;

	return put_together(scale, &s) && finite_of(sum * get(s), ret);
}

bool
aw_num_log(struct aw_num a, struct aw_num *ret)
{
	struct parts p = take_apart(a);
	struct aw_num c, y, e;

	if (p.negative || p.coefficient == 0)
		return false;
	int64_t exponent = p.exponent;

	p.exponent = 0;
	if (!put_together(p, &c) || !aw_num_of_double(log(aw_num_double(c)), &y))
		return false;
	for (int i = 0; i < 2; i++) { /* Halley on e^y = c: triples the digits */
		if (!aw_num_exp(y, &e))
			return false;
		y = put(get(y) + (d128)2 * (get(c) - get(e)) / (get(c) + get(e)));
	}
	return finite_of(get(y) + get(aw_num_int(exponent)) * ln_ten(), ret);
}

static bool
pow_whole(d128 base, uint64_t n, struct aw_num *ret)
{
	d128 result = (d128)1;

	for (; n != 0; n >>= 1) {
		if (n & 1)
			result *= base;
		base *= base;
	}
	return finite_of(result, ret);
}

bool
aw_num_pow(struct aw_num a, struct aw_num b, struct aw_num *ret)
{
	int64_t n;
	struct aw_num log_a;

	if (aw_num_int64(b, &n) && n > INT64_MIN) {
		struct aw_num p;

		if (n >= 0)
			return pow_whole(get(a), (uint64_t)n, ret);
		return pow_whole(get(a), (uint64_t)-n, &p) && aw_num_div(aw_num_int(1), p, ret);
	}
	if (!aw_num_log(a, &log_a))
		return false;
	return aw_num_exp(put(get(log_a) * get(b)), ret);
}
