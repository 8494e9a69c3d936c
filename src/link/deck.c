/* What is compared of every row, in one line of the cache. */
#include "link/deck.h"

#include "base/parallel.h"
#include "link/room.h"

enum { LINE_WORDS = 16, ROW_STEP = 4096 };

struct dealing {
	const struct aw_matcher *matcher;
	struct aw_deck *deck;
	size_t blank; /* words behind the shapes */
	struct aw_shares shares;
};

static void
deal_row(const struct dealing *dealing, size_t row)
{
	const struct aw_deck *deck = dealing->deck;
	const struct aw_matcher *matcher = dealing->matcher;
	const uint32_t *cells = aw_table_row(matcher->table, row);
	uint32_t *card = aw_deck_card(deck, row);

	for (size_t f = 0; f < deck->fields; f++)
		*card++ = cells[f];
	for (size_t d = 0; d < deck->dear_count; d++) {
		size_t f = deck->dear[d];

		*card++ = matcher->comparators[f].shapes[cells[f]];
	}
	for (size_t w = 0; w < dealing->blank; w++)
		*card++ = 0;
}

static void
deal(void *arg, size_t thread)
{
	struct dealing *dealing = arg;
	size_t from, to;

	(void)thread;
	while (aw_share_take(&dealing->shares, &from, &to))
		for (size_t r = from; r < to; r++)
			deal_row(dealing, r);
}

/* Half a line, or whole ones: a card lies in as few lines as it can. */
static size_t
stride_for(size_t words)
{
	return words <= LINE_WORDS / 2 ? LINE_WORDS / 2
				       : (words + LINE_WORDS - 1) / LINE_WORDS * LINE_WORDS;
}

void
aw_deck_make(
	const struct aw_matcher *matcher, size_t passes, size_t threads, struct aw_deck *ret_deck)
{
	struct aw_deck *deck = ret_deck;
	struct dealing dealing = { .matcher = matcher, .deck = deck };

	*deck = (struct aw_deck){ .fields = matcher->spec->field_count };
	for (size_t k = 0; k < deck->fields; k++)
		if (matcher->comparators[matcher->order[k]].dear)
			deck->dear[deck->dear_count++] = matcher->order[k];
	deck->stride = stride_for(deck->fields + deck->dear_count + passes);
	dealing.blank = deck->stride - deck->fields - deck->dear_count;
	deck->at = aw_room_bare(matcher->table->rows * deck->stride, sizeof(*deck->at));
	dealing.shares = (struct aw_shares){ .total = matcher->table->rows, .step = ROW_STEP };
	aw_parallel(threads, deal, &dealing);
}

void
aw_deck_done(struct aw_deck *deck)
{
	free(deck->at);
	*deck = (struct aw_deck){ 0 };
}
