/* rule/regex - the classes of characters that have names, by ranges of the Unicode table. */
#include <string.h>

#include "rule/regex_code.h"

static const struct aw_regex_named named_sets[] = {
	{ "d", { { '0', '9' } } },
	{ "s", { { 9, 10 }, { 13, 13 }, { 32, 32 } } },
	{ "w", { { '$', '$' }, { '+', '+' }, { '0', '9' }, { '<', '>' }, { 'A', 'Z' }, { '^', '^' },
		       { '`', 'z' }, { '|', 0x10FFFF } } },
	{ "i", { { ':', ':' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' }, { 0xC0, 0x10FFFF } } },
	{ "c", { { '-', '.' }, { '0', ':' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' },
		       { 0xB7, 0x10FFFF } } },
	{ "L", { { 'A', 'Z' }, { 'a', 'z' }, { 0xAA, 0xAA }, { 0xC0, 0xD6 }, { 0xD8, 0xF6 },
		       { 0xF8, 0x2FF }, { 0x370, 0x1FFF }, { 0x2C00, 0x10FFFF } } },
	{ "Lu", { { 'A', 'Z' }, { 0xC0, 0xD6 }, { 0xD8, 0xDE }, { 0x391, 0x3A9 },
			{ 0x400, 0x42F } } },
	{ "Ll", { { 'a', 'z' }, { 0xDF, 0xF6 }, { 0xF8, 0xFF }, { 0x3B1, 0x3C9 },
			{ 0x430, 0x45F } } },
	{ "N", { { '0', '9' }, { 0xB2, 0xB3 }, { 0xB9, 0xB9 }, { 0xBC, 0xBE }, { 0x660, 0x669 },
		       { 0x2070, 0x2089 } } },
	{ "Nd", { { '0', '9' }, { 0x660, 0x669 }, { 0x966, 0x96F }, { 0xFF10, 0xFF19 } } },
	{ "P", { { '!', '#' }, { '%', '*' }, { ',', '/' }, { ':', ';' }, { '?', '@' }, { '[', ']' },
		       { '_', '_' }, { 0x3001, 0x3003 } } },
	{ "S", { { '$', '$' }, { '+', '+' }, { '<', '>' }, { '^', '^' }, { '`', '`' }, { '|', '|' },
		       { '~', '~' }, { 0x20A0, 0x20CF } } },
	{ "Z", { { 32, 32 }, { 0xA0, 0xA0 }, { 0x2000, 0x200A }, { 0x2028, 0x2029 },
		       { 0x3000, 0x3000 } } },
	{ "IsBasicLatin", { { 0, 0x7F } } },
	{ "IsLatin-1Supplement", { { 0x80, 0xFF } } },
	{ "IsGreek", { { 0x370, 0x3FF } } },
	{ "IsCyrillic", { { 0x400, 0x4FF } } },
	{ "IsCJKUnifiedIdeographs", { { 0x4E00, 0x9FFF } } },
};

const struct aw_regex_named *
aw_regex_named(const char *name)
{
	for (size_t i = 0; i < AW_COUNT(named_sets); i++) {
		if (strcmp(named_sets[i].name, name) == 0)
			return &named_sets[i];
	}
	return NULL;
}
