/* A policy's SQL on PostgreSQL: the words it may hold, and the statement run under limits.
 *
 * Two walls. Its words are looked at one by one: only the published functions may be called, and no
 * name may be a schema's or begin with pg_, so that it can only mean what the search path holds. And
 * the search path holds the schema `published` alone, in which there are the views v_... */
#include <ctype.h>
#include <string.h>

#include "db/pg_conn.h"
#include "db/published.h"

#define DEPTH_MOST 64

const char *const aw_pg_publish[] = {
	"DROP SCHEMA IF EXISTS published CASCADE",
	"CREATE SCHEMA published",
	"DO $do$ DECLARE v text; BEGIN"
	" FOR v IN SELECT viewname FROM pg_views WHERE schemaname = current_schema()"
	" AND viewname LIKE 'v\\_%' ORDER BY viewname LOOP"
	" EXECUTE format('CREATE VIEW published.%I AS SELECT * FROM %I.%I', v, current_schema(), "
	"v);"
	" END LOOP; END $do$",
	NULL,
};

/* Words that a parenthesis may follow without being called. */
static const char *const openers[] = { "in", "exists", "as", "values", "over", "select", "from",
	"where", "and", "or", "not", "on", "when", "then", "else", "case", "having", "by", "limit",
	"offset", "union", "all", "intersect", "except", "distinct", "filter", "any", "some",
	"between", "materialized", "cast", "join", "using", "with" };

struct scan {
	const struct aw_sql *sql;
	struct aw_buf out;	    /* the text with $1 for :name */
	const char *const *schemas; /* that no name may be */
	size_t schema_count;
	size_t depth;		    /* of parentheses */
	bool with_open[DEPTH_MOST]; /* between WITH and its SELECT: name (columns) AS (...) */
	char word[64];		    /* the last one */
	bool word_is_last;	    /* nothing but space came since */
	bool at_start;		    /* of the text, or of what a parenthesis holds */
	size_t words;
	bool ended;
};

static enum aw_status
refuse(const struct scan *scan, const char *what, struct aw_error *err)
{
	return aw_fail(err, AW_INVALID, "%s: %s", scan->sql->place, what);
}

static bool
starts_word(char c)
{
	return isalpha((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static const char *
end_of_word(const char *at)
{
	while (starts_word(*at) || isdigit((unsigned char)*at))
		at++;
	return at;
}

/* Behind the comment that stands here (they nest), NULL if it has no end. */
static const char *
skip_comment(const char *at)
{
	int open = 0;

	if (at[0] == '-') {
		while (*at != '\0' && *at != '\n')
			at++;
		return at;
	}
	do {
		if (at[0] == '/' && at[1] == '*')
			open++, at += 2;
		else if (at[0] == '*' && at[1] == '/')
			open--, at += 2;
		else
			at++;
	} while (open > 0 && *at != '\0');
	return open == 0 ? at : NULL;
}

static enum aw_status
take_text(struct scan *scan, const char **at, struct aw_error *err)
{
	const char *end = *at + 1;

	while (*end != '\0' && (*end != '\'' || end[1] == '\''))
		end += *end == '\'' ? 2 : 1;
	if (*end == '\0')
		return refuse(scan, "a text has no end", err);
	aw_buf_add(&scan->out, *at, (size_t)(end + 1 - *at));
	*at = end + 1;
	return AW_OK;
}

static enum aw_status
take_word(struct scan *scan, const char **at, struct aw_error *err)
{
	const char *end = end_of_word(*at);
	size_t len = (size_t)(end - *at);

	if (len >= sizeof(scan->word))
		return refuse(scan, "a name is too long", err);
	if (*end == '\'' || *end == '"' || (*end == '&' && (end[1] == '\'' || end[1] == '"')))
		return refuse(scan, "texts are written '...' without a letter before", err);
	for (size_t i = 0; i < len; i++)
		scan->word[i] = (char)tolower((unsigned char)(*at)[i]);
	scan->word[len] = '\0';
	scan->word_is_last = true;
	if (scan->words++ == 0 && strcmp(scan->word, "select") != 0 &&
		strcmp(scan->word, "with") != 0)
		return refuse(scan, "a definition is a SELECT", err);
	if (strncmp(scan->word, "pg_", 3) == 0)
		return refuse(scan, "only the views v_... are published", err);
	if (strcmp(scan->word, "with") == 0 && scan->at_start)
		scan->with_open[scan->depth] = true;
	else if (strcmp(scan->word, "select") == 0)
		scan->with_open[scan->depth] = false;
	scan->at_start = false;
	aw_buf_add(&scan->out, *at, len);
	*at = end;
	return AW_OK;
}

static enum aw_status
take_parameter(struct scan *scan, const char **at, struct aw_error *err)
{
	const char *end = end_of_word(*at + 1);
	struct aw_str name = { *at + 1, (size_t)(end - *at - 1) };

	for (uint32_t i = 0; i < scan->sql->in_count; i++)
		if (aw_str_is(name, scan->sql->ins[i].name)) {
			aw_buf_printf(&scan->out, "$%u", (unsigned)i + 1);
			scan->word_is_last = false;
			*at = end;
			return AW_OK;
		}
	return refuse(scan, "a parameter :name is not one that is given", err);
}

static enum aw_status
take_open(struct scan *scan, struct aw_error *err)
{
	bool callee = scan->word_is_last && !aw_text_in(scan->word, openers, AW_COUNT(openers)) &&
		      !scan->with_open[scan->depth];

	if (callee && !aw_published_function(scan->word))
		return aw_fail(err, AW_INVALID, "%s: the function %s is not published",
			scan->sql->place, scan->word);
	if (++scan->depth == DEPTH_MOST)
		return refuse(scan, "too many parentheses in each other", err);
	scan->with_open[scan->depth] = false;
	return AW_OK;
}

static enum aw_status
take_sign(struct scan *scan, const char **at, struct aw_error *err)
{
	char c = **at;

	if (strchr("\"$\\{}", c) != NULL)
		return refuse(scan, "\", $, { and \\ are not used in definitions", err);
	if (c == ';') {
		scan->ended = true;
		++*at;
		return AW_OK;
	}
	if (c == '(' && take_open(scan, err) != AW_OK)
		return err->status;
	if (c == '.' && scan->word_is_last &&
		aw_text_in(scan->word, scan->schemas, scan->schema_count))
		return refuse(scan, "only the views v_... are published", err);
	if (c == ')' && scan->depth-- == 0)
		return refuse(scan, "a parenthesis is closed that was not opened", err);
	if (c == ':' && (*at)[1] == ':') {
		aw_buf_char(&scan->out, c);
		++*at;
	}
	aw_buf_char(&scan->out, c);
	scan->word_is_last = false;
	scan->at_start = c == '(';
	++*at;
	return AW_OK;
}

/* One piece of the text: space, comment, text, word, parameter or sign. */
static enum aw_status
take(struct scan *scan, const char **at, struct aw_error *err)
{
	const char *p = *at;

	if (isspace((unsigned char)*p)) {
		aw_buf_char(&scan->out, ' ');
		++*at;
		return AW_OK;
	}
	if ((p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*')) {
		*at = skip_comment(p);
		aw_buf_char(&scan->out, ' ');
		return *at != NULL ? AW_OK : refuse(scan, "a comment has no end", err);
	}
	if (scan->ended)
		return refuse(scan, "one statement only", err);
	if (*p == '\'') {
		scan->word_is_last = false;
		return take_text(scan, at, err);
	}
	if (starts_word(*p))
		return take_word(scan, at, err);
	if (*p == ':' && starts_word(p[1]))
		return take_parameter(scan, at, err);
	return take_sign(scan, at, err);
}

static enum aw_status
translate(struct scan *scan, struct aw_error *err)
{
	const char *at = scan->sql->postgres;

	while (*at != '\0')
		if (take(scan, &at, err) != AW_OK)
			return err->status;
	return scan->words > 0 ? AW_OK : refuse(scan, "holds no statement", err);
}

static enum aw_status
read_schemas(struct pg_conn *conn, struct aw_arena *arena, struct scan *scan, struct aw_error *err)
{
	AW_SCOPED(result, PGresult *) result = NULL;
	const char **names;

	if (aw_pg_send(conn,
		    "SELECT CAST(nspname AS text) FROM pg_namespace WHERE nspname <> 'published'"
		    " ORDER BY nspname",
		    "the schemas", err) != AW_OK ||
		aw_pg_collect(conn, &result, err) != AW_OK)
		return err->status;
	scan->schema_count = (size_t)PQntuples(result);
	names = AW_NEW_ARRAY(arena, const char *, scan->schema_count + 1);
	for (size_t i = 0; i < scan->schema_count; i++)
		names[i] = aw_arena_strdup(arena, PQgetvalue(result, (int)i, 0));
	scan->schemas = names;
	return AW_OK;
}

/* The engine's words for a mistake of the definition make it the definition's. */
static enum aw_status
blame(const struct pg_conn *conn, const struct aw_sql *sql, struct aw_error *err)
{
	if (strcmp(conn->state, "57014") == 0)
		return aw_fail(err, AW_TOO_LARGE, "%s: took more than its %lld ms", sql->place,
			(long long)conn->head.limits->ms);
	if (strncmp(conn->state, "42", 2) == 0 || strncmp(conn->state, "22", 2) == 0 ||
		strcmp(conn->state, "25006") == 0 || strcmp(conn->state, "3F000") == 0 ||
		strcmp(conn->state, "0A000") == 0 || strcmp(conn->state, "21000") == 0)
		err->status = AW_INVALID;
	return err->status;
}

static enum aw_status
run_text(struct pg_conn *conn, const char *text, const struct aw_sql *sql,
	const struct aw_cell *ins, aw_cells_fn *fn, void *arg, struct aw_error *err)
{
	AW_SCOPED(result, PGresult *) result = NULL;
	struct pg_values values;

	if (aw_pg_values(sql, ins, &values, err) != AW_OK)
		return err->status;
	if (aw_pg_send_params(conn, text, sql, &values, err) != AW_OK ||
		aw_pg_collect(conn, &result, err) != AW_OK)
		return blame(conn, sql, err);
	if (aw_pg_check_columns(sql, result, err) != AW_OK)
		return err->status = AW_INVALID;
	return aw_pg_rows(sql, result, fn, arg, err);
}

static enum aw_status
set_limits(struct pg_conn *conn, struct aw_arena *arena, struct aw_error *err)
{
	const char *const texts[] = { "SAVEPOINT policy",
		"SET LOCAL search_path = published, pg_temp",
		"SET LOCAL transaction_read_only = on",
		aw_arena_printf(arena, "SET LOCAL statement_timeout = %lld",
			(long long)conn->head.limits->ms) };

	for (size_t i = 0; i < AW_COUNT(texts); i++)
		if (aw_pg_send(conn, texts[i], "the limits of a definition", err) != AW_OK)
			return err->status;
	return aw_pg_collect(conn, NULL, err);
}

enum aw_status
aw_pg_run_published(struct pg_conn *conn, const struct aw_sql *sql, const struct aw_cell *ins,
	aw_cells_fn *fn, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct scan scan = { .sql = sql, .out.arena = &arena, .at_start = true };
	struct aw_error undo = { 0 };
	enum aw_status status;

	if (read_schemas(conn, &arena, &scan, err) != AW_OK || translate(&scan, err) != AW_OK ||
		set_limits(conn, &arena, err) != AW_OK)
		return err->status;
	status = run_text(conn, aw_buf_z(&scan.out), sql, ins, fn, arg, err);
	/* it only read: with its savepoint go the limits */
	if (aw_pg_send(conn, "ROLLBACK TO SAVEPOINT policy", "ROLLBACK", &undo) != AW_OK ||
		aw_pg_command(conn, "RELEASE SAVEPOINT policy", &undo) != AW_OK) {
		if (status == AW_OK)
			*err = undo;
		return err->status;
	}
	return status;
}
