/**
 * rule/feel_read - inside the reader of FEEL: tokens, and the parser's state.
 * Layer: rule; for feel_lex.c and feel_parse*.c alone.
 */
#ifndef AW_RULE_FEEL_READ_H
#define AW_RULE_FEEL_READ_H

#include "rule/feel.h"
#include "rule/type.h"

enum aw_token { AW_TOKEN_END, AW_TOKEN_NUMBER, AW_TOKEN_TEXT, AW_TOKEN_NAME, AW_TOKEN_SIGN };

struct aw_reader {
	struct aw_arena *arena;
	struct aw_str text;
	struct aw_names *names;
	struct aw_error *err; /* err->status says that reading has failed */
	size_t start;	      /* of the token */
	size_t next;	      /* behind the token */
	enum aw_token token;
	struct aw_str word; /* the name, as it is called; the text, unescaped; the digits */
	uint32_t sign;	    /* one or two characters: AW_SIGN2('*', '*') */
	int depth;
	bool at_end; /* reading the end of a range: [ closes it */
};

#define AW_SIGN2(a, b) ((uint32_t)(a) | (uint32_t)(b) << 8)

/** Reads the next token. */
void aw_reader_step(struct aw_reader *r);
/** Moves back to a token that began at `start`. */
void aw_reader_back(struct aw_reader *r, size_t start);
/** Notes an error at a place, once. */
void aw_reader_fail(struct aw_reader *r, size_t at, const char *fmt, ...) AW_PRINTF(3, 4);
static inline bool
aw_reader_failed(const struct aw_reader *r)
{
	return r->err->status != AW_OK;
}
static inline bool
aw_reader_at_sign(const struct aw_reader *r, uint32_t sign)
{
	return r->token == AW_TOKEN_SIGN && r->sign == sign;
}
bool aw_reader_at_word(const struct aw_reader *r, const char *word);
/** Steps over a sign or word if it is the token. */
bool aw_reader_take_sign(struct aw_reader *r, uint32_t sign);
bool aw_reader_take_word(struct aw_reader *r, const char *word);
void aw_reader_need_sign(struct aw_reader *r, uint32_t sign);
void aw_reader_need_word(struct aw_reader *r, const char *word);

/** The raw name that begins at the token and ends before one of `stops` (or the word `word`, may
 *  be NULL), left as the token. False: there is none, and the reader has not moved. */
bool aw_reader_raw_name(
	struct aw_reader *r, const char *stops, const char *word, struct aw_str *ret_name);

struct aw_node *aw_node_new(struct aw_reader *r, enum aw_op op, size_t at);
void aw_node_add(struct aw_reader *r, struct aw_node *node, struct aw_node *kid);
void aw_node_name(struct aw_reader *r, struct aw_node *node, struct aw_str name);

/** A whole expression. NULL after an error, as for all of these. */
struct aw_node *aw_read_expression(struct aw_reader *r);
/** The level of + and -: what stands on either side of a comparison. */
struct aw_node *aw_read_sum(struct aw_reader *r);
/** if, for, some, every, function, and primaries. */
struct aw_node *aw_read_primary(struct aw_reader *r);
/** One test: "< 5", "[1..2]", an expression. */
struct aw_node *aw_read_test(struct aw_reader *r);
/** What stands behind "in". */
struct aw_node *aw_read_in(struct aw_reader *r);
const struct aw_type *aw_read_type(struct aw_reader *r);
/** The comparison operator at the token; AW_OP_LITERAL if it is none. */
enum aw_op aw_read_compare_op(const struct aw_reader *r);

#endif
