/* rule/model - reading the XML: elements to items, boxed expressions, tables, item definitions. */
#include "rule/xml.h"

#include <libxml/parser.h>
#include <string.h>

const char *
aw_xml_attribute(struct aw_arena *arena, const xmlNode *node, const char *name)
{
	for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
		if (a->ns == NULL && strcmp((const char *)a->name, name) == 0) {
			xmlChar *value = xmlNodeListGetString(node->doc, a->children, 1);
			const char *copy = value == NULL
						   ? aw_arena_strdup(arena, "")
						   : aw_arena_strdup(arena, (const char *)value);

			xmlFree(value);
			return copy;
		}
	}
	return NULL;
}

bool
aw_xml_is(const xmlNode *node, const char *name)
{
	const xmlNode *root;

	if (node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, name) != 0)
		return false;
	root = xmlDocGetRootElement(node->doc);
	return node->ns == root->ns || (node->ns != NULL && root->ns != NULL &&
					       xmlStrEqual(node->ns->href, root->ns->href));
}

const xmlNode *
aw_xml_child(const xmlNode *node, const char *name)
{
	for (const xmlNode *kid = node->children; kid != NULL; kid = kid->next) {
		if (aw_xml_is(kid, name))
			return kid;
	}
	return NULL;
}

uint32_t
aw_xml_line(const xmlNode *node)
{
	long line = xmlGetLineNo(node);

	return line > 0 ? (uint32_t)line : 0;
}

struct aw_str
aw_xml_text(struct aw_arena *arena, const xmlNode *node)
{
	struct aw_buf buf = { .arena = arena };

	for (const xmlNode *kid = node->children; kid != NULL; kid = kid->next) {
		if (kid->type == XML_TEXT_NODE || kid->type == XML_CDATA_SECTION_NODE)
			aw_buf_text(&buf, (const char *)kid->content);
	}
	return (struct aw_str){ aw_arena_strndup(arena, aw_buf_z(&buf), buf.len), buf.len };
}

static enum aw_status
xml_failed(xmlParserCtxt *parser, const char *file, struct aw_error *err)
{
	const xmlError *error = xmlCtxtGetLastError(parser);
	char text[200] = "not well-formed XML";

	if (error != NULL && error->message != NULL) {
		snprintf(text, sizeof(text), "not well-formed XML: %s", error->message);
		text[strcspn(text, "\n")] = '\0';
	}
	return aw_fail_at(err, file, error == NULL || error->line < 0 ? 0 : (uint32_t)error->line,
		0, "%s", text);
}

enum aw_status
aw_xml_parse(struct aw_str text, const char *file, xmlDoc **ret_doc, struct aw_error *err)
{
	enum aw_status status = AW_OK;

	if (text.len > AW_DMN_SIZE_LIMIT)
		return aw_fail(
			err, AW_TOO_LARGE, "%s: larger than 8 MiB", file == NULL ? "" : file);
	xmlParserCtxt *parser = xmlNewParserCtxt();

	if (parser == NULL)
		aw_die("no memory for reading XML");
	xmlDoc *doc = xmlCtxtReadMemory(parser, text.at == NULL ? "" : text.at, (int)text.len, file,
		NULL,
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);

	if (doc == NULL)
		status = xml_failed(parser, file, err);
	else if (doc->intSubset != NULL || doc->extSubset != NULL)
		status = aw_fail_at(err, file, 1, 0, "a document type is not allowed here");
	xmlFreeParserCtxt(parser);
	if (status == AW_OK)
		*ret_doc = doc;
	else if (doc != NULL)
		xmlFreeDoc(doc);
	return status;
}
