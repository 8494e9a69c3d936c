/**
 * tests/link/linking - a table and a spec in a few lines, and the engine run over them.
 */
#ifndef AW_TESTS_LINK_LINKING_H
#define AW_TESTS_LINK_LINKING_H

#include "../testing.h"

#include "base/id.h"
#include "link/batch.h"

/* What a run wrote. */
struct linking {
	struct aw_arena arena;
	struct aw_buf pairs, clusters;
	struct aw_link_spec spec;
	struct aw_batch batch;
	struct aw_batch_report report;
};

static inline enum aw_status
linking_take_pairs(void *arg, struct aw_str text, struct aw_error *err)
{
	struct linking *l = arg;

	(void)err;
	aw_buf_str(&l->pairs, text);
	return AW_OK;
}

static inline enum aw_status
linking_take_clusters(void *arg, struct aw_str text, struct aw_error *err)
{
	struct linking *l = arg;

	(void)err;
	aw_buf_str(&l->clusters, text);
	return AW_OK;
}

static inline void
linking_begin(struct linking *l, const char *left)
{
	*l = (struct linking){ 0 };
	l->pairs.arena = l->clusters.arena = &l->arena;
	aw_link_spec_default(&l->spec);
	l->spec.id = "id";
	l->batch = (struct aw_batch){ .left = { aw_str(left), "left.csv" },
		.threads = 1,
		.seed = 1,
		.folder = "/tmp",
		.write_pairs = linking_take_pairs,
		.write_clusters = linking_take_clusters,
		.write_arg = l };
}

static inline void
linking_field(struct linking *l, const char *column, enum aw_field_type type)
{
	l->spec.fields[l->spec.field_count++] =
		(struct aw_spec_field){ .column = column, .type = type };
}

/* A block of one part, "surname" or "first3(surname)"; and one more part of the last block. */
static inline void
linking_part(struct linking *l, const char *part)
{
	struct aw_spec_block *block = &l->spec.blocks[l->spec.block_count - 1];
	struct aw_error err = { 0 };

	assert_ok(aw_spec_part_read(&l->arena, part, &block->parts[block->count], &err));
	block->count++;
}

static inline void
linking_block(struct linking *l, const char *part)
{
	l->spec.block_count++;
	linking_part(l, part);
}

static inline enum aw_status
linking_run(struct linking *l, struct aw_error *err)
{
	l->batch.spec = &l->spec;
	l->pairs = (struct aw_buf){ .arena = &l->arena };
	l->clusters = (struct aw_buf){ .arena = &l->arena };
	return aw_batch_run(&l->batch, &l->arena, &l->report, err);
}

/* -- made-up rows of ASCII names ------------------------------------------------------------------ */

static inline void
linking_word(struct aw_random *random, char *out, size_t least, size_t kinds)
{
	static const char vowels[] = "aeiou", others[] = "bcdfgklmnprst";
	uint64_t which = aw_random_below(random, kinds);
	struct aw_random word;
	size_t len;

	aw_random_seed(&word, which + 77);
	len = least + aw_random_below(&word, 5);
	for (size_t i = 0; i < len; i++)
		out[i] = i % 2 == 0 ? others[aw_random_below(&word, 13)]
				    : vowels[aw_random_below(&word, 5)];
	out[len] = '\0';
}

/* One slip: a letter changed, two swapped, or one lost. */
static inline void
linking_slip(struct aw_random *random, char *text)
{
	size_t len = strlen(text), at = aw_random_below(random, len - 1);
	char c = text[at];

	switch (aw_random_below(random, 3)) {
	case 0:
		text[at] = (char)(text[at] == '7' ? '3' : text[at] >= 'a' ? 'x' : '7');
		break;
	case 1:
		text[at] = text[at + 1];
		text[at + 1] = c;
		break;
	default:
		memmove(text + at, text + at + 1, len - at);
		break;
	}
}

/* CSV of `people` people, every second one twice, the second time with slips: id,given,surname,birth,code,
 * city. Ids: r000001 ..., a copy's id is its person's with an x behind. */
static inline const char *
linking_people(struct aw_arena *arena, uint64_t seed, size_t people)
{
	struct aw_buf buf = { .arena = arena };
	struct aw_random random;

	aw_random_seed(&random, seed);
	aw_buf_text(&buf, "id,given,surname,birth,code,city\n");
	for (size_t n = 0; n < people; n++) {
		char text[5][40];

		linking_word(&random, text[0], 3, 400);
		linking_word(&random, text[1], 4, 900);
		snprintf(text[2], sizeof(text[2]), "%04d-%02d-%02d",
			1930 + (int)aw_random_below(&random, 80),
			1 + (int)aw_random_below(&random, 12),
			1 + (int)aw_random_below(&random, 28));
		snprintf(
			text[3], sizeof(text[3]), "%08d", (int)aw_random_below(&random, 100000000));
		linking_word(&random, text[4], 4, 30);
		aw_buf_printf(&buf, "r%06zu,%s,%s,%s,%s,%s\n", n, text[0], text[1], text[2],
			text[3], text[4]);
		if (n % 2 != 0)
			continue;
		for (size_t f = 0; f < 5; f++)
			if (f != 2 && aw_random_below(&random, 6) == 0)
				linking_slip(&random, text[f]);
		if (aw_random_below(&random, 10) == 0)
			text[aw_random_below(&random, 5)][0] = '\0';
		aw_buf_printf(&buf, "r%06zux,%s,%s,%s,%s,%s\n", n, text[0], text[1], text[2],
			text[3], text[4]);
	}
	return aw_buf_z(&buf);
}

/* A run over such people with the usual spec. */
static inline void
linking_usual(struct linking *l, const char *left)
{
	linking_begin(l, left);
	linking_field(l, "given", AW_TYPE_LATIN_NAME);
	linking_field(l, "surname", AW_TYPE_LATIN_NAME);
	linking_field(l, "birth", AW_TYPE_DATE);
	linking_field(l, "code", AW_TYPE_CODE);
	linking_field(l, "city", AW_TYPE_TEXT);
	l->spec.fields[1].term_frequency = true;
	linking_block(l, "birth");
	linking_block(l, "given");
	linking_part(l, "surname");
	linking_block(l, "code");
}

#endif
