/**
 * rule/xml - the little of libxml2 that the readers of models and of test cases need.
 * Layer: rule; for model_*.c, tck_read.c and policy/sheet*.c alone.  Threads: a document belongs to one thread.
 */
#ifndef AW_RULE_XML_H
#define AW_RULE_XML_H

#include <libxml/tree.h>

#include "rule/model.h"

AW_SCOPE_HANDLE(xml, xmlDoc *, xmlFreeDoc)

/** Parses without network, entities or document type. The caller owns *ret_doc. */
AW_MUST_CHECK enum aw_status
aw_xml_parse(struct aw_str text, const char *file, xmlDoc **ret_doc, struct aw_error *err);

/** An attribute without a namespace, NULL if it is absent. Copied into the arena. */
const char *aw_xml_attribute(struct aw_arena *arena, const xmlNode *node, const char *name);
/** Is this an element of that local name, in the namespace of the outermost element? Others are a tool's
 *  own words, or drawing, and not read. */
bool aw_xml_is(const xmlNode *node, const char *name);
const xmlNode *aw_xml_child(const xmlNode *node, const char *name);
uint32_t aw_xml_line(const xmlNode *node);
/** The text directly inside an element. */
struct aw_str aw_xml_text(struct aw_arena *arena, const xmlNode *node);

#endif
