/* Makes the fold and sound tables of text/fold.c: gen_han VARIANTS READINGS OUT.
 * The one program of the house that knows OpenCC; it runs at build time. */
#include <opencc/opencc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum {
	FIRST = 0x3400,
	LAST = 0x9FFF,
	COUNT = LAST - FIRST + 1,
	EXTRA = 4096,
	SYLLABLES = 600,
	MORE = 512
};

struct tables {
	uint32_t fold[COUNT];
	uint32_t extra_from[EXTRA],
		extra_to[EXTRA]; /* characters behind the plane of FIRST..LAST */
	size_t extra_count;
	uint16_t sound[COUNT];
	char syllables[SYLLABLES][8];
	size_t syllable_count;
	uint32_t more_of[MORE]; /* characters with further readings */
	uint16_t more_sounds[MORE][2];
	size_t more_count;
};

static void
die(const char *what)
{
	fprintf(stderr, "gen_han: %s\n", what);
	exit(1);
}

static size_t
put_utf8(char *at, uint32_t c)
{
	if (c < 0x80) {
		at[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		at[0] = (char)(0xC0 | (c >> 6));
		at[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		at[0] = (char)(0xE0 | (c >> 12));
		at[1] = (char)(0x80 | ((c >> 6) & 0x3F));
		at[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	at[0] = (char)(0xF0 | (c >> 18));
	at[1] = (char)(0x80 | ((c >> 12) & 0x3F));
	at[2] = (char)(0x80 | ((c >> 6) & 0x3F));
	at[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

static uint32_t
get_utf8(const char **at)
{
	const unsigned char *s = (const unsigned char *)*at;
	uint32_t c = s[0];
	size_t more = c < 0x80 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;

	if (more > 0)
		c &= 0x3Fu >> more;
	for (size_t i = 1; i <= more; i++)
		c = (c << 6) | (s[i] & 0x3Fu);
	*at += more + 1;
	return c;
}

static uint32_t
fold_of(const struct tables *t, uint32_t c)
{
	if (c >= FIRST && c <= LAST)
		return t->fold[c - FIRST];
	for (size_t i = 0; i < t->extra_count; i++)
		if (t->extra_from[i] == c)
			return t->extra_to[i];
	return c;
}

static void
set_fold(struct tables *t, uint32_t from, uint32_t to)
{
	if (from >= FIRST && from <= LAST) {
		t->fold[from - FIRST] = to;
		return;
	}
	for (size_t i = 0; i < t->extra_count; i++) {
		if (t->extra_from[i] == from) {
			t->extra_to[i] = to;
			return;
		}
	}
	if (t->extra_count == EXTRA)
		die("too many characters outside the table");
	t->extra_from[t->extra_count] = from;
	t->extra_to[t->extra_count++] = to;
}

/* Characters one a line through OpenCC: no phrase spans a line. */
static void
fold_by_opencc(struct tables *t)
{
	opencc_t opencc = opencc_open("t2s.json");
	char *in = malloc((size_t)COUNT * 5), *out;
	size_t len = 0;
	const char *at;

	if (opencc == (opencc_t)-1 || in == NULL)
		die("OpenCC's t2s.json does not open");
	for (uint32_t c = FIRST; c <= LAST; c++) {
		len += put_utf8(in + len, c);
		in[len++] = '\n';
	}
	out = opencc_convert_utf8(opencc, in, len);
	if (out == NULL)
		die("OpenCC refused");
	at = out;
	for (uint32_t c = FIRST; c <= LAST; c++) {
		set_fold(t, c, get_utf8(&at));
		if (*at++ != '\n')
			die("OpenCC made two characters of one");
	}
	opencc_convert_utf8_free(out);
	opencc_close(opencc);
	free(in);
}

/* Follows a chain of folds to its end. */
static uint32_t
end_of(const struct tables *t, uint32_t c)
{
	for (int i = 0; i < 16; i++)
		c = fold_of(t, c);
	if (fold_of(t, c) != c)
		die("a circle of variants");
	return c;
}

/* variants.txt: each line a set; every member ends where the first ends. */
static void
fold_by_file(struct tables *t, const char *path)
{
	char line[512];
	FILE *file = fopen(path, "r");
	size_t sets = 0;

	if (file == NULL)
		die("the variant table does not open");
	while (fgets(line, sizeof(line), file) != NULL) {
		const char *at = line;
		uint32_t first = 0;

		for (; *at != '\0' && *at != '\n' && *at != '#';) {
			uint32_t c = get_utf8(&at);

			if (c == ' ' || c == '\t')
				continue;
			if (first == 0)
				first = c;
			else if (end_of(t, c) != end_of(t, first))
				set_fold(t, end_of(t, c), end_of(t, first));
			sets++;
		}
	}
	fclose(file);
	if (sets == 0)
		die("the variant table is empty");
}

/* Follows chains to their end, so that equal classes have one face. */
static void
close_chains(struct tables *t)
{
	for (uint32_t c = FIRST; c <= LAST; c++)
		t->fold[c - FIRST] = end_of(t, c);
	for (size_t e = 0; e < t->extra_count; e++)
		t->extra_to[e] = end_of(t, t->extra_from[e]);
}

/* As heard: zh=z ch=c sh=s, ng=n at the end, v for u with dots. */
static void
plain_sound(char *s)
{
	size_t len = strlen(s);

	if (len > 2 && s[1] == 'h' && (s[0] == 'z' || s[0] == 'c' || s[0] == 's')) {
		memmove(s + 1, s + 2, len - 1);
		len--;
	}
	if (len > 2 && s[len - 1] == 'g' && s[len - 2] == 'n' && s[len - 3] != 'a' &&
		s[len - 3] != 'o')
		s[len - 1] = '\0';
}

static uint16_t
syllable_index(struct tables *t, const char *s)
{
	for (size_t i = 0; i < t->syllable_count; i++)
		if (strcmp(t->syllables[i], s) == 0)
			return (uint16_t)(i + 1);
	if (t->syllable_count == SYLLABLES || strlen(s) >= sizeof(t->syllables[0]))
		die("too many syllables, or one too long");
	memcpy(t->syllables[t->syllable_count], s, strlen(s) + 1);
	return (uint16_t)(++t->syllable_count);
}

static void
sound_by_icu(struct tables *t)
{
	static const UChar id[] = u"Han-Latin; Latin-ASCII; Lower";
	UErrorCode code = U_ZERO_ERROR;
	UTransliterator *trans = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);

	if (U_FAILURE(code))
		die("ICU has no Han-Latin");
	for (uint32_t c = FIRST; c <= LAST; c++) {
		UChar text[64] = { (UChar)c, 0 };
		int32_t len = 1, limit = 1;
		char s[8] = "";

		utrans_transUChars(trans, text, &len, 64, 0, &limit, &code);
		if (U_FAILURE(code))
			die("ICU refused a character");
		if (len < 1 || len > 7)
			continue;
		for (int32_t i = 0; i < len; i++) {
			if (text[i] < 'a' || text[i] > 'z') {
				s[0] = '\0';
				break;
			}
			s[i] = (char)text[i];
		}
		if (s[0] == '\0')
			continue;
		plain_sound(s);
		t->sound[c - FIRST] = syllable_index(t, s);
	}
	utrans_close(trans);
}

/* A further reading, unless the character has it already. */
static void
add_reading(struct tables *t, uint32_t c, const char *reading)
{
	char s[8] = "";
	uint16_t sound;
	size_t at = t->more_count;

	if (strlen(reading) >= sizeof(s) || c < FIRST || c > LAST)
		die("a reading that is none");
	memcpy(s, reading, strlen(reading) + 1);
	plain_sound(s);
	sound = syllable_index(t, s);
	if (t->sound[c - FIRST] == 0)
		t->sound[c - FIRST] = sound;
	for (size_t i = 0; i < t->more_count; i++)
		at = t->more_of[i] == c ? i : at;
	if (sound == t->sound[c - FIRST] ||
		(at < t->more_count &&
			(t->more_sounds[at][0] == sound || t->more_sounds[at][1] == sound)))
		return;
	if (at == MORE || (at < t->more_count && t->more_sounds[at][1] != 0))
		die("too many readings");
	t->more_of[at] = c;
	t->more_sounds[at][t->more_sounds[at][0] != 0] = sound;
	t->more_count += at == t->more_count;
}

/* readings.txt: a character and how it is heard. */
static void
sound_by_file(struct tables *t, const char *path)
{
	char line[256];
	FILE *file = fopen(path, "r");

	if (file == NULL)
		die("the table of readings does not open");
	while (fgets(line, sizeof(line), file) != NULL) {
		const char *at = line;
		uint32_t c;

		if (*at == '#' || *at == '\n')
			continue;
		c = get_utf8(&at);
		for (char *word = strtok(line + (at - line), " \n"); word != NULL;
			word = strtok(NULL, " \n")) {
			add_reading(t, c, word);
			if (fold_of(t, c) != c) /* names are compared folded */
				add_reading(t, fold_of(t, c), word);
		}
	}
	fclose(file);
	if (t->more_count == 0)
		die("the table of readings is empty");
}

static bool
has_more(const struct tables *t, uint32_t c)
{
	for (size_t i = 0; i < t->more_count; i++)
		if (t->more_of[i] == c)
			return true;
	return false;
}

static void
write_tables(const struct tables *t, const char *path)
{
	FILE *out = fopen(path, "w");

	if (out == NULL)
		die("the output does not open");
	fprintf(out, "/* Made by gen_han.c from OpenCC, variants.txt and ICU. */\n"
		     "#include \"text/han_table.h\"\n\n");
	fprintf(out, "const uint16_t aw_han_fold[AW_HAN_COUNT] = {");
	for (uint32_t i = 0; i < COUNT; i++)
		fprintf(out, "%s%u,", i % 16 == 0 ? "\n" : "",
			t->fold[i] <= 0xFFFF ? t->fold[i] : FIRST + i);
	fprintf(out, "\n};\n\nconst uint16_t aw_han_sound[AW_HAN_COUNT] = {");
	for (uint32_t i = 0; i < COUNT; i++)
		fprintf(out, "%s%u%s,", i % 16 == 0 ? "\n" : "", t->sound[i],
			has_more(t, FIRST + i) ? " | AW_HAN_HEARD_MORE" : "");
	fprintf(out, "\n};\n\nconst struct aw_han_pair aw_han_extra[] = {\n");
	for (size_t i = 0; i < t->extra_count; i++)
		fprintf(out, "{ 0x%X, 0x%X },\n", t->extra_from[i], t->extra_to[i]);
	fprintf(out, "{ 0, 0 },\n};\nconst size_t aw_han_extra_count = %zu;\n", t->extra_count);
	fprintf(out, "\nconst struct aw_han_readings aw_han_more[] = {\n");
	for (size_t i = 0; i < t->more_count; i++)
		fprintf(out, "{ 0x%X, { %u, %u } },\n", t->more_of[i], t->more_sounds[i][0],
			t->more_sounds[i][1]);
	fprintf(out, "{ 0, { 0, 0 } },\n};\nconst size_t aw_han_more_count = %zu;\n",
		t->more_count);
	if (fclose(out) != 0)
		die("the output could not be written");
}

int
main(int argc, char **argv)
{
	struct tables *t = calloc(1, sizeof(*t));

	if (argc != 4 || t == NULL)
		die("usage: gen_han VARIANTS READINGS OUT");
	fold_by_opencc(t);
	fold_by_file(t, argv[1]);
	close_chains(t);
	sound_by_icu(t);
	sound_by_file(t, argv[2]);
	write_tables(t, argv[3]);
	free(t);
	return 0;
}
