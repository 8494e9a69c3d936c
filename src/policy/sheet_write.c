/* A sheet's rules written into the model's tree: what is the same stays as it was, to the element. */
#include <string.h>

#include "policy/sheet_inner.h"

#define NONE SIZE_MAX

/* A rule with what stands before it: blanks and comments, which go where it goes. */
struct piece {
	xmlNode **nodes; /* the rule is the last */
	size_t count, room;
};

/* The ids of the file: a table as long as a power of two, at most half full. */
struct ids {
	const char **at;
	size_t size, count;
};

struct writing {
	struct aw_arena *arena;
	struct sheet_table *t;
	struct ids ids;
	size_t next; /* number for a new id */
};

static xmlNode *
element_in(const xmlNode *parent, const char *name)
{
	return xmlNewNode(parent->ns, (const xmlChar *)name);
}

/* -- ids ----------------------------------------------------------------------------------------- */

/* Where an id is, or would be. */
static const char **
place_of(const struct ids *ids, const char *id)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */
	size_t at;

	for (const char *c = id; *c != '\0'; c++)
		hash = (hash ^ (unsigned char)*c) * 1099511628211u;
	for (at = hash & (ids->size - 1); ids->at[at] != NULL && strcmp(ids->at[at], id) != 0;)
		at = (at + 1) & (ids->size - 1);
	return &ids->at[at];
}

/* False: there is one. */
static bool
take_id(struct writing *w, const char *id)
{
	struct ids *ids = &w->ids;
	const char **place;

	if (2 * (ids->count + 1) > ids->size) {
		const struct ids old = *ids;

		ids->size = old.size == 0 ? 1024 : old.size * 2;
		ids->at = AW_NEW_ARRAY(w->arena, const char *, ids->size);
		for (size_t i = 0; i < old.size; i++)
			if (old.at[i] != NULL)
				*place_of(ids, old.at[i]) = old.at[i];
	}
	place = place_of(ids, id);
	if (*place != NULL)
		return false;
	*place = id;
	ids->count++;
	return true;
}

static void
take_ids(struct writing *w, const xmlNode *node)
{
	for (; node != NULL; node = node->next) {
		const char *id;

		if (node->type != XML_ELEMENT_NODE)
			continue;
		id = aw_xml_attribute(w->arena, node, "id");
		if (id != NULL)
			(void)take_id(w, id);
		take_ids(w, node->children);
	}
}

/* The one that it has, when nothing else is called so; else the next of the table's. */
static const char *
new_id(struct writing *w, const char *own)
{
	if (xmlValidateNCName((const xmlChar *)own, 0) == 0 && take_id(w, own))
		return own;
	for (;;) {
		const char *id = aw_arena_printf(w->arena, "%s_%zu", w->t->item->id, ++w->next);

		if (take_id(w, id))
			return id;
	}
}

static void
set_id(struct writing *w, xmlNode *node, const char *id)
{
	if (take_id(w, id))
		xmlNewProp(node, (const xmlChar *)"id", (const xmlChar *)id);
}

/* -- cells --------------------------------------------------------------------------------------- */

static xmlNode *
entry_of(xmlNode *rule, const char *name, size_t n)
{
	for (xmlNode *kid = rule->children; kid != NULL; kid = kid->next)
		if (aw_xml_is(kid, name) && n-- == 0)
			return kid;
	return NULL;
}

static void
set_text(xmlNode *entry, const char *cell)
{
	xmlNode *text = entry_of(entry, "text", 0);

	if (text == NULL) {
		text = element_in(entry, "text");
		xmlAddChild(entry, text);
	}
	while (text->children != NULL) {
		xmlNode *kid = text->children;

		xmlUnlinkNode(kid);
		xmlFreeNode(kid);
	}
	xmlAddChild(text, xmlNewDocText(entry->doc, (const xmlChar *)cell));
}

static const char *
entry_name(const struct sheet_table *t, size_t column)
{
	return column < t->table->input_count ? "inputEntry"
	       : sheet_is_note(t, column)     ? "annotationEntry"
					      : "outputEntry";
}

/* Place of a column among those of its kind, from 0. */
static size_t
place_in_kind(const struct sheet_table *t, size_t column)
{
	return column < t->table->input_count ? column
	       : sheet_is_note(t, column) ? column - t->table->input_count - t->table->output_count
					  : column - t->table->input_count;
}

/* A file from elsewhere may have fewer annotations in a rule than its table has columns of them. */
static xmlNode *
entry_made(struct writing *w, xmlNode *rule, size_t column)
{
	const char *name = entry_name(w->t, column);
	size_t place = place_in_kind(w->t, column);

	while (entry_of(rule, name, place) == NULL)
		xmlAddChild(rule, element_in(rule, name));
	return entry_of(rule, name, place);
}

static void
change_rule(struct writing *w, xmlNode *rule, const struct sheet_rule *is)
{
	for (size_t c = 0; c < w->t->column_count; c++)
		if (!sheet_same(w->t, c, sheet_cell(w->t, is->old, c), aw_str(is->cells[c])))
			set_text(entry_made(w, rule, c), is->cells[c]);
}

/* -- a new rule ---------------------------------------------------------------------------------- */

/* The blanks before the first element in a node; what a rule's entries are set apart by. */
static const char *
blanks_before(const xmlNode *parent, const char *name, const char *otherwise)
{
	for (const xmlNode *kid = parent == NULL ? NULL : parent->children; kid != NULL;
		kid = kid->next)
		if (name == NULL ? kid->type == XML_ELEMENT_NODE : aw_xml_is(kid, name))
			return kid->prev != NULL && kid->prev->type == XML_TEXT_NODE &&
					       strchr((const char *)kid->prev->content, '\n') !=
						       NULL
				       ? (const char *)kid->prev->content
				       : otherwise;
	return otherwise;
}

static xmlNode *
make_rule(struct writing *w, const struct sheet_rule *is, const xmlNode *model, const char *end)
{
	xmlNode *rule = element_in(w->t->element, "rule");
	const char *id = new_id(w, is->id);
	const char *apart = blanks_before(model, NULL, "\n        ");

	xmlSetTreeDoc(rule, w->t->element->doc);
	xmlNewProp(rule, (const xmlChar *)"id", (const xmlChar *)id);
	for (size_t c = 0; c < w->t->column_count; c++) {
		xmlNode *entry = element_in(rule, entry_name(w->t, c));

		/* each on a line of its own: a mistake is found by its line */
		xmlAddChild(rule, xmlNewDocText(rule->doc, (const xmlChar *)apart));
		xmlAddChild(rule, entry);
		if (!sheet_is_note(w->t, c))
			set_id(w, entry,
				aw_arena_printf(w->arena, "%s_%c%zu", id,
					c < w->t->table->input_count ? 'i' : 'o',
					place_in_kind(w->t, c) + 1));
		set_text(entry, is->cells[c]);
	}
	xmlAddChild(rule, xmlNewDocText(rule->doc, (const xmlChar *)end));
	return rule;
}

/* -- all of them --------------------------------------------------------------------------------- */

/* By hand: libxml2 joins texts that come to stand side by side, and frees one. */
static xmlNode *
link_behind(xmlNode *parent, xmlNode *anchor, xmlNode *node)
{
	node->parent = parent;
	node->prev = anchor;
	node->next = anchor == NULL ? parent->children : anchor->next;
	if (node->next != NULL)
		node->next->prev = node;
	else
		parent->last = node;
	if (anchor != NULL)
		anchor->next = node;
	else
		parent->children = node;
	return node;
}

static struct piece
piece_of(struct writing *w, xmlNode *rule)
{
	struct piece piece = { 0 };
	xmlNode *at = rule;

	while (at->prev != NULL && at->prev->type != XML_ELEMENT_NODE)
		at = at->prev;
	for (;; at = at->next) {
		*AW_PUSH(w->arena, piece.nodes, piece.count, piece.room) = at;
		if (at == rule)
			return piece;
	}
}

/* Takes every rule out of the table; what they stood behind stays. */
static xmlNode *
take_out(struct writing *w, struct piece *pieces, size_t *ret_count)
{
	xmlNode *element = w->t->element, *anchor = xmlGetLastChild(element);
	size_t n = 0;

	for (xmlNode *kid = element->children; kid != NULL; kid = kid->next)
		if (aw_xml_is(kid, "rule") && n < w->t->table->rule_count)
			pieces[n++] = piece_of(w, kid);
	if (n > 0)
		anchor = pieces[0].nodes[0]->prev;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < pieces[i].count; k++)
			xmlUnlinkNode(pieces[i].nodes[k]);
	*ret_count = n;
	return anchor;
}

void
sheet_write(
	struct aw_arena *arena, struct sheet_table *t, const struct sheet_rule *rules, size_t count)
{
	struct writing w = { .arena = arena, .t = t, .next = t->table->rule_count };
	struct piece *pieces = AW_NEW_ARRAY(arena, struct piece, t->table->rule_count);
	bool *kept = AW_NEW_ARRAY(arena, bool, t->table->rule_count);
	const char *apart = aw_arena_strdup(arena, blanks_before(t->element, "rule", "\n      "));
	size_t n;
	xmlNode *anchor;

	take_ids(&w, xmlDocGetRootElement(t->element->doc));
	anchor = take_out(&w, pieces, &n);
	for (size_t i = 0; i < count; i++) {
		const struct piece *piece = rules[i].old == NONE ? NULL : &pieces[rules[i].old];

		if (piece == NULL) {
			anchor = link_behind(t->element, anchor,
				xmlNewDocText(t->element->doc, (const xmlChar *)apart));
			anchor = link_behind(t->element, anchor,
				make_rule(&w, &rules[i],
					n > 0 ? pieces[0].nodes[pieces[0].count - 1] : NULL,
					apart));
			continue;
		}
		change_rule(&w, piece->nodes[piece->count - 1], &rules[i]);
		kept[rules[i].old] = true;
		for (size_t k = 0; k < piece->count; k++)
			anchor = link_behind(t->element, anchor, piece->nodes[k]);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < pieces[i].count && !kept[i]; k++)
			xmlFreeNode(pieces[i].nodes[k]);
}
