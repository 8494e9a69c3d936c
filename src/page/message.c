/* page/message - compiling and writing ICU MessageFormat texts with named arguments. */
#include "page/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include "base/json.h"

#define MAX_DEPTH 6
#define MAX_KEYWORD 24

enum part_kind {
	PART_TEXT,
	PART_ARG,
	PART_NUMBER,
	PART_PLURAL,
	PART_ORDINAL,
	PART_SELECT,
	PART_HASH
};

struct branch {
	struct branch *next;
	struct aw_str selector; /* "one", "=0", a select's word */
	struct part *parts;
};

struct part {
	struct part *next;
	enum part_kind kind;
	struct aw_str text; /* TEXT; else the argument's name */
	struct branch *branches;
};

struct aw_message_entry {
	const char *key;
	struct part *parts;
};

struct parser {
	struct aw_arena *arena;
	struct aw_str text;
	size_t at;
	const char *key;
	const char *language;
};

static enum aw_status
fail_text(const struct parser *p, const char *what, struct aw_error *err)
{
	return aw_fail(err, AW_INVALID, "messages/%s.json: \"%s\": %s", p->language, p->key, what);
}

static void
skip_space(struct parser *p)
{
	while (p->at < p->text.len && (p->text.at[p->at] == ' ' || p->text.at[p->at] == '\n'))
		p->at++;
}

static struct aw_str
read_word(struct parser *p)
{
	size_t from;

	skip_space(p);
	from = p->at;
	while (p->at < p->text.len && strchr(" \n,{}#'", p->text.at[p->at]) == NULL)
		p->at++;
	return (struct aw_str){ p->text.at + from, p->at - from };
}

static bool
take(struct parser *p, char c)
{
	skip_space(p);
	if (p->at == p->text.len || p->text.at[p->at] != c)
		return false;
	p->at++;
	return true;
}

static enum aw_status
read_parts(struct parser *p, int depth, bool plural, struct part **ret_parts, struct aw_error *err);

static enum aw_status
read_branches(struct parser *p, int depth, struct part *part, struct aw_error *err)
{
	struct branch **tail = &part->branches;
	bool other = false;

	while (!take(p, '}')) {
		struct branch *branch = AW_NEW(p->arena, struct branch);

		branch->selector = read_word(p);
		if (branch->selector.len == 0 || branch->selector.len > MAX_KEYWORD ||
			!take(p, '{'))
			return fail_text(p, "a choice is: word {text}", err);
		other = other || aw_str_is(branch->selector, "other");
		if (read_parts(p, depth + 1, part->kind != PART_SELECT, &branch->parts, err) !=
			AW_OK)
			return err->status;
		if (!take(p, '}'))
			return fail_text(p, "a choice is not closed", err);
		*tail = branch;
		tail = &branch->next;
	}
	if (!other)
		return fail_text(p, "a choice lacks \"other\"", err);
	return AW_OK;
}

/* Behind the opening brace. */
static enum aw_status
read_argument(struct parser *p, int depth, struct part *part, struct aw_error *err)
{
	struct aw_str type;

	part->kind = PART_ARG;
	part->text = read_word(p);
	if (part->text.len == 0)
		return fail_text(p, "an argument has no name", err);
	if (take(p, '}'))
		return AW_OK;
	if (!take(p, ','))
		return fail_text(p, "an argument is {name} or {name, type}", err);
	type = read_word(p);
	if (aw_str_is(type, "number")) {
		part->kind = PART_NUMBER;
		return take(p, '}') ? AW_OK : fail_text(p, "{name, number} has no style", err);
	}
	if (aw_str_is(type, "plural"))
		part->kind = PART_PLURAL;
	else if (aw_str_is(type, "selectordinal"))
		part->kind = PART_ORDINAL;
	else if (aw_str_is(type, "select"))
		part->kind = PART_SELECT;
	else
		return fail_text(p, "the type is number, plural, selectordinal or select", err);
	if (!take(p, ','))
		return fail_text(p, "choices follow a comma", err);
	return read_branches(p, depth, part, err);
}

/* Text up to a brace (or # in a plural), with MessageFormat's apostrophes: '' is one, and one
 * before { } or # begins quoted text. */
static struct aw_str
read_text(struct parser *p, bool plural)
{
	struct aw_buf out = { .arena = p->arena };
	bool quoted = false;

	for (; p->at < p->text.len; p->at++) {
		char c = p->text.at[p->at];
		char after = p->at + 1 < p->text.len ? p->text.at[p->at + 1] : '\0';

		if (c == '\'' && after == '\'') {
			p->at++;
		} else if (c == '\'' &&
			   (quoted || after == '{' || after == '}' || (plural && after == '#'))) {
			quoted = !quoted;
			continue;
		} else if (!quoted && (c == '{' || c == '}' || (plural && c == '#'))) {
			break;
		}
		aw_buf_char(&out, c);
	}
	return (struct aw_str){ aw_buf_z(&out), out.len };
}

static enum aw_status
read_parts(struct parser *p, int depth, bool plural, struct part **ret_parts, struct aw_error *err)
{
	struct part *first = NULL, **tail = &first;

	if (depth > MAX_DEPTH)
		return fail_text(p, "choices are nested too deep", err);
	while (p->at < p->text.len && p->text.at[p->at] != '}') {
		struct part *part = AW_NEW(p->arena, struct part);

		if (p->text.at[p->at] == '{') {
			p->at++;
			if (read_argument(p, depth, part, err) != AW_OK)
				return err->status;
		} else if (plural && p->text.at[p->at] == '#') {
			p->at++;
			part->kind = PART_HASH;
		} else {
			part->text = read_text(p, plural);
		}
		*tail = part;
		tail = &part->next;
	}
	*ret_parts = first;
	return AW_OK;
}

static enum aw_status
compile_text(struct aw_arena *arena, const char *language, const char *key, const char *text,
	struct part **ret_parts, struct aw_error *err)
{
	struct parser p = { .arena = arena,
		.text = aw_str(aw_arena_strdup(arena, text)),
		.key = key,
		.language = language };

	if (read_parts(&p, 0, false, ret_parts, err) != AW_OK)
		return err->status;
	if (p.at < p.text.len)
		return fail_text(&p, "a closing brace without its opening", err);
	return AW_OK;
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct aw_message_entry *)a)->key,
		((const struct aw_message_entry *)b)->key);
}

static enum aw_status
open_rules(struct aw_catalog *catalog, struct aw_error *err)
{
	UErrorCode code = U_ZERO_ERROR;

	catalog->cardinal = uplrules_open(catalog->language, &code);
	catalog->ordinal = uplrules_openForType(catalog->language, UPLURAL_TYPE_ORDINAL, &code);
	if (U_FAILURE(code)) {
		aw_catalog_done(catalog);
		return aw_fail(err, AW_IO, "ICU has no plural rules for %s: %s", catalog->language,
			u_errorName(code));
	}
	return AW_OK;
}

enum aw_status
aw_catalog_load(struct aw_arena *arena, const char *language, struct aw_str json,
	struct aw_catalog *ret_catalog, struct aw_error *err)
{
	AW_SCOPED(json, json_t *) root = NULL;
	struct aw_catalog catalog = { .language = aw_arena_strdup(arena, language) };
	const char *key;
	json_t *value;
	size_t i = 0;

	if (aw_json_parse(json, language, &root, err) != AW_OK)
		return err->status;
	if (!json_is_object(root))
		return aw_fail(err, AW_INVALID, "messages/%s.json is not an object", language);
	catalog.count = json_object_size(root);
	catalog.entries = AW_NEW_ARRAY(arena, struct aw_message_entry, catalog.count);
	json_object_foreach(root, key, value)
	{
		struct aw_message_entry *entry = &catalog.entries[i++];

		entry->key = aw_arena_strdup(arena, key);
		if (!json_is_string(value))
			return aw_fail(err, AW_INVALID, "messages/%s.json: \"%s\" is not a text",
				language, key);
		if (compile_text(arena, language, key, json_string_value(value), &entry->parts,
			    err) != AW_OK)
			return err->status;
	}
	qsort(catalog.entries, catalog.count, sizeof(*catalog.entries), by_key);
	if (open_rules(&catalog, err) != AW_OK)
		return err->status;
	*ret_catalog = catalog;
	return AW_OK;
}

void
aw_catalog_done(struct aw_catalog *catalog)
{
	if (catalog->cardinal != NULL)
		uplrules_close(catalog->cardinal);
	if (catalog->ordinal != NULL)
		uplrules_close(catalog->ordinal);
	catalog->cardinal = NULL;
	catalog->ordinal = NULL;
}

static const struct aw_message_entry *
find_entry(const struct aw_catalog *catalog, struct aw_str key)
{
	size_t low = 0, high = catalog->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *at = catalog->entries[middle].key;
		int order = strncmp(at, key.at, key.len);

		if (order == 0 && at[key.len] == '\0')
			return &catalog->entries[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool
aw_catalog_has(const struct aw_catalog *catalog, const char *key)
{
	return find_entry(catalog, aw_str(key)) != NULL;
}

const char *
aw_catalog_key(const struct aw_catalog *catalog, size_t i)
{
	return i < catalog->count ? catalog->entries[i].key : NULL;
}

static void
list_arguments(const struct part *part, void (*fn)(void *user, struct aw_str name), void *user)
{
	for (; part != NULL; part = part->next) {
		if (part->kind != PART_TEXT && part->kind != PART_HASH)
			fn(user, part->text);
		for (const struct branch *b = part->branches; b != NULL; b = b->next)
			list_arguments(b->parts, fn, user);
	}
}

bool
aw_message_arguments(const struct aw_catalog *catalog, struct aw_str key,
	void (*fn)(void *user, struct aw_str name), void *user)
{
	const struct aw_message_entry *entry = find_entry(catalog, key);

	if (entry != NULL)
		list_arguments(entry->parts, fn, user);
	return entry != NULL;
}

void
aw_number_write(struct aw_buf *out, int64_t number)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%lld", (long long)number);

	for (int i = 0; i < len; i++) {
		aw_buf_char(out, digits[i]);
		if (digits[i] != '-' && i + 1 < len && (len - i - 1) % 3 == 0)
			aw_buf_char(out, ',');
	}
}

/* One message being written. */
struct writer {
	struct aw_buf *out;
	const struct aw_catalog *catalog;
	aw_message_arg_fn *fn;
	void *user;
};

static bool
ask(const struct writer *w, struct aw_str name, struct aw_message_arg *ret_arg)
{
	*ret_arg = (struct aw_message_arg){ 0 };
	return w->fn != NULL && w->fn(w->user, name, ret_arg);
}

static const char *
keyword_of(const struct UPluralRules *rules, int64_t number, char *out, size_t size)
{
	UChar wide[MAX_KEYWORD + 1];
	UErrorCode code = U_ZERO_ERROR;
	int32_t len = uplrules_select(rules, (double)number, wide, MAX_KEYWORD, &code);

	if (U_FAILURE(code) || len <= 0 || (size_t)len >= size)
		return "other";
	u_UCharsToChars(wide, out, len);
	out[len] = '\0';
	return out;
}

static const struct branch *
choose(const struct writer *w, const struct part *part, const struct aw_message_arg *arg)
{
	const struct branch *other = NULL;
	char keyword[MAX_KEYWORD + 1], exact[32];
	const char *word = arg->text == NULL ? "other" : arg->text;

	snprintf(exact, sizeof(exact), "=%lld", (long long)arg->number);
	if (part->kind != PART_SELECT)
		word = keyword_of(
			part->kind == PART_PLURAL ? w->catalog->cardinal : w->catalog->ordinal,
			arg->number, keyword, sizeof(keyword));
	else if (arg->text == NULL && arg->numeric)
		word = exact + 1;
	for (const struct branch *b = part->branches; b != NULL; b = b->next) {
		if (part->kind != PART_SELECT && aw_str_is(b->selector, exact))
			return b;
	}
	for (const struct branch *b = part->branches; b != NULL; b = b->next) {
		if (aw_str_is(b->selector, word))
			return b;
		if (aw_str_is(b->selector, "other"))
			other = b;
	}
	return other;
}

static void
write_parts(const struct writer *w, const struct part *part, const struct aw_message_arg *plural)
{
	struct aw_message_arg arg;

	for (; part != NULL; part = part->next) {
		if (part->kind == PART_TEXT) {
			aw_buf_str(w->out, part->text);
			continue;
		}
		if (part->kind == PART_HASH) {
			aw_number_write(w->out, plural == NULL ? 0 : plural->number);
			continue;
		}
		if (!ask(w, part->text, &arg)) {
			aw_buf_printf(w->out, "{%.*s}", (int)part->text.len, part->text.at);
		} else if (part->branches != NULL) {
			const struct branch *branch = choose(w, part, &arg);

			if (branch != NULL) /* parsing asks for "other" */
				write_parts(w, branch->parts,
					part->kind == PART_SELECT ? plural : &arg);
		} else if (arg.text != NULL) {
			aw_buf_text(w->out, arg.text);
		} else {
			aw_number_write(w->out, arg.number);
		}
	}
}

void
aw_message_write(struct aw_buf *out, const struct aw_catalog *catalog, struct aw_str key,
	aw_message_arg_fn *fn, void *user)
{
	const struct aw_message_entry *entry = find_entry(catalog, key);
	struct writer w = { out, catalog, fn, user };

	if (entry == NULL)
		aw_buf_printf(out, "\xe2\x9f\xa6%.*s\xe2\x9f\xa7", (int)key.len,
			key.len == 0 ? "" : key.at);
	else
		write_parts(&w, entry->parts, NULL);
}

struct given {
	const struct aw_message_arg *args;
	size_t count;
};

static bool
find_given(void *user, struct aw_str name, struct aw_message_arg *ret_arg)
{
	const struct given *given = user;

	for (size_t i = 0; i < given->count; i++) {
		if (aw_str_is(name, given->args[i].name)) {
			*ret_arg = given->args[i];
			return true;
		}
	}
	return false;
}

const char *
aw_message(struct aw_arena *arena, const struct aw_catalog *catalog, const char *key,
	const struct aw_message_arg *args, size_t count)
{
	struct given given = { args, count };
	struct aw_buf out = { .arena = arena };

	aw_message_write(&out, catalog, aw_str(key), find_given, &given);
	return aw_buf_z(&out);
}
