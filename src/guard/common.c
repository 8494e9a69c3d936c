/* Is a password made of what everybody tries first? */
#include <string.h>

#include "base/error.h"
#include "guard/account.h"
#include "guard/password.h"

/* made by tools/gen_words.py of common_passwords.txt */
extern const char aw_common_passwords[];
extern const size_t aw_common_passwords_bytes;

enum {
	PIECES_FEW = 3, /* of so many it is made of nothing but pieces, and guessed soon */
	WORD_LEAST = 4,
	WORD_MOST = 32,
	RUN_LEAST = 3,
	YEAR_DIGITS = 4,
};

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* What a digit or a sign stands for where it is put instead of a letter. */
static char
letter_of(char c)
{
	static const char signs[] = "@4310!$57", letters[] = "aaeloisst";
	const char *at = c == '\0' ? NULL : strchr(signs, c);

	return at == NULL ? c : letters[at - signs];
}

/* The line of the list that holds this byte of it: its first byte. */
static size_t
line_at(size_t at)
{
	while (aw_common_passwords[at - 1] != '\n')
		at--;
	return at;
}

static bool
is_listed(const char *word, size_t len)
{
	size_t low = 1, high = aw_common_passwords_bytes; /* of beginnings of lines */

	while (low < high) {
		size_t line = line_at(low + (high - low) / 2);
		const char *end = strchr(aw_common_passwords + line, '\n');
		size_t bytes = (size_t)(end - (aw_common_passwords + line));
		int order = memcmp(word, aw_common_passwords + line, len < bytes ? len : bytes);

		if (order == 0 && len == bytes)
			return true;
		if (order < 0 || (order == 0 && len < bytes))
			high = line;
		else
			low = line + bytes + 1;
	}
	return false;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The longest run from here on: one character again and again, or each the next of the one before. */
static size_t
run_at(const char *text, size_t len)
{
	size_t longest = 1;

	for (int step = -1; step <= 1; step++) {
		size_t run = 1;

		while (run < len && text[run] - text[run - 1] == step)
			run++;
		longest = run > longest ? run : longest;
	}
	return longest >= RUN_LEAST ? longest : 1;
}

/* True when so many bytes from here are one thing to a guesser. */
static bool
is_piece(const char *text, const char *letters, size_t len, const struct aw_password_of *of)
{
	if (len == 1 || run_at(text, len) == len)
		return true;
	if (len <= YEAR_DIGITS) {
		size_t digits = 0;

		while (digits < len && is_digit(text[digits]))
			digits++;
		if (digits == len)
			return true;
	}
	for (size_t i = 0; i < of->word_count; i++)
		if (strlen(of->words[i]) == len && strncasecmp(of->words[i], text, len) == 0)
			return true;
	return len >= WORD_LEAST && len <= WORD_MOST &&
	       (is_listed(text, len) || is_listed(letters, len));
}

/* Of how few pieces the text can be put together. */
static size_t
pieces_of(const char *text, const char *letters, size_t len, const struct aw_password_of *of)
{
	size_t fewest[AW_PASSWORD_MOST + 1] = { 0 };

	for (size_t end = 1; end <= len; end++) {
		fewest[end] = SIZE_MAX;
		for (size_t from = 0; from < end; from++)
			if (fewest[from] + 1 < fewest[end] && fewest[from] < PIECES_FEW &&
				is_piece(text + from, letters + from, end - from, of))
				fewest[end] = fewest[from] + 1;
	}
	return fewest[len];
}

/* The same few characters again and again. */
static bool
is_repeated(const char *text, size_t len)
{
	for (size_t period = 1; period < AW_PASSWORD_LEAST && period <= len / 2; period++)
		if (memcmp(text, text + period, len - period) == 0)
			return true;
	return false;
}

bool
aw_password_is_common(const char *password, const struct aw_password_of *of)
{
	char text[AW_PASSWORD_MOST + 1] = { 0 }, letters[AW_PASSWORD_MOST + 1] = { 0 };
	size_t len = strnlen(password, AW_PASSWORD_MOST);

	for (size_t i = 0; i < len; i++) {
		text[i] = lower(password[i]);
		letters[i] = letter_of(text[i]);
	}
	return is_repeated(text, len) || pieces_of(text, letters, len, of) <= PIECES_FEW;
}
