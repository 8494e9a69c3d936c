/**
 * net/head - the bytes of an HTTP/1.1 request, read strictly: its head, and the chunks of its body.
 * Layer: net, private to net/loop.  Threads: pure over its arguments.  Example: tests/net/test_head.c
 *
 * RFC 9112 with every liberty taken out: what two programs could read in two ways is refused, so
 * that nothing in front of this server can be made to see another request than it does. Refused:
 * a bare CR or LF, NUL and other control characters, folded lines, white space before a colon,
 * Content-Length with Transfer-Encoding or twice, any coding but chunked, chunk extensions and
 * trailers, a missing or doubled Host, a target that is no path, and a second one of each header
 * that means one thing alone.
 */
#ifndef AW_NET_HEAD_H
#define AW_NET_HEAD_H

#include "base/arena.h"
#include "base/str.h"

#define AW_HEAD_MOST 16384     /* bytes of a head */
#define AW_HEAD_LINE_MOST 8192 /* bytes of the request line */
#define AW_HEADERS_MOST 100

struct aw_head_field {
	struct aw_str name, value; /* value trimmed; both borrowed from the bytes read */
};

struct aw_head {
	struct aw_str method; /* A-Z */
	struct aw_str target; /* begins with '/' */
	bool old;	      /* HTTP/1.0 */
	struct aw_head_field *fields;
	size_t field_count;
	uint64_t length; /* of the body, when it is not chunked */
	bool chunked;
	bool close;   /* the client will send nothing more */
	bool expects; /* waits for 100 Continue */
};

/* Why a request is no request. */
struct aw_refusal {
	int status;
	const char *why; /* a sentence */
};

enum aw_head_state {
	AW_HEAD_MORE, /* not all of it is here */
	AW_HEAD_WHOLE,
	AW_HEAD_BAD,
};

/**
 * Reads a head from the beginning of what has come in. WHOLE: *ret_head is filled (fields in the
 * arena, texts borrowed from bytes) and *ret_used says how many bytes it took. BAD: *ret_why.
 * need_host is false for the socket beside the database alone.
 */
enum aw_head_state aw_head_read(struct aw_arena *arena, struct aw_str bytes, bool need_host,
	struct aw_head *ret_head, size_t *ret_used, struct aw_refusal *ret_why);

/** The value of a field, NULL at when it is not there. Names are compared without case. */
struct aw_str aw_head_field(const struct aw_head *head, const char *name);

/* Where a chunked body stands; starts zeroed. */
struct aw_chunks {
	uint64_t left; /* data of the chunk under way */
	bool behind;   /* its data is over, its line end is not */
	bool ended;    /* the last chunk was seen */
};

/**
 * Takes the next piece of a chunked body from bytes: *ret_used bytes were framing and data, of
 * which *ret_data is data (perhaps none). WHOLE: the body ended with them; MORE: feed it again
 * when *ret_used > 0 or more has come in.
 */
enum aw_head_state aw_chunks_read(struct aw_chunks *chunks, struct aw_str bytes,
	struct aw_str *ret_data, size_t *ret_used, struct aw_refusal *ret_why);

#endif
