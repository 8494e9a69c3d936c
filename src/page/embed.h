/**
 * page/embed - the templates, messages and assets as they stand in the binary.
 * Layer: page.  Made by tools/gen_embed.py; sorted by path.
 */
#ifndef AW_PAGE_EMBED_H
#define AW_PAGE_EMBED_H

#include <stddef.h>

struct aw_embedded_file {
	const char *path; /* "templates/dispatch/board.mustache" */
	const char *data; /* NUL behind the last byte */
	size_t len;
	const char *hash; /* first twelve digits of the SHA-256 */
};

extern const struct aw_embedded_file aw_embedded_files[];
extern const size_t aw_embedded_count;

#endif
