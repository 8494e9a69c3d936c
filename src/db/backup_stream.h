/**
 * db/backup_stream - the sealed form of a backup: a preamble in plain, then frames.
 * Layer: db, inside it alone.  Threads: a stream belongs to one.  Example: tests/db/test_backup.c
 *
 *   "AWBACKUP" format(4) demo(1) schema(8) made_at(8) deployment(32 hexadecimal digits)
 *   stream key, wrapped (AW_CRYPT_WRAPPED)   secretstream header (24)
 *   frames: length(4) of what follows, then at most 64 KB sealed by libsodium's secretstream
 *           (XChaCha20-Poly1305, each frame bound to all before it); the last has the tag FINAL
 *
 * Numbers are big-endian. The stream key is random, one a backup, and wrapped under a key that is
 * derived from the root key (BLAKE2b-256 keyed by it, over a label): the root key itself is never in
 * a backup, and without it no byte opens. The wrapping is bound to the whole preamble, the frames to
 * one another: a changed, cut, repeated, reordered or appended part is found where it stands.
 */
#ifndef AW_DB_BACKUP_STREAM_H
#define AW_DB_BACKUP_STREAM_H

#include "db/backup.h"
#include "db/crypt.h"

#define AW_BACKUP_FORMAT 1u
#define AW_BACKUP_CHUNK ((size_t)64 << 10)
#define AW_BACKUP_FRAME (AW_BACKUP_CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES)
#define AW_BACKUP_PREAMBLE                                                                         \
	((size_t)8 + 4 + 1 + 8 + 8 + 32 + AW_CRYPT_WRAPPED +                                       \
		crypto_secretstream_xchacha20poly1305_HEADERBYTES)

struct aw_preamble {
	bool demo;
	int64_t schema;
	int64_t made_at; /* real time */
	char deployment[33];
};

struct aw_seal_out {
	crypto_secretstream_xchacha20poly1305_state state;
	const struct aw_backup_sink *sink;
	size_t used;
	int64_t bytes; /* given to the sink */
	uint8_t plain[AW_BACKUP_CHUNK];
	uint8_t frame[4 + AW_BACKUP_FRAME];
};

/** Writes the preamble with a new stream key. root: 32 bytes. */
AW_MUST_CHECK enum aw_status
aw_seal_out_begin(struct aw_seal_out *out, const struct aw_backup_sink *sink,
	const struct aw_preamble *preamble, const uint8_t *root, struct aw_error *err);
AW_MUST_CHECK enum aw_status
aw_seal_out_put(struct aw_seal_out *out, const void *data, size_t len, struct aw_error *err);
/** Writes the last frame. Wipes the keys, as does every failure before. */
AW_MUST_CHECK enum aw_status aw_seal_out_end(struct aw_seal_out *out, struct aw_error *err);

struct aw_seal_in {
	crypto_secretstream_xchacha20poly1305_state state;
	const struct aw_backup_source *source;
	size_t at, len; /* of plain */
	int64_t frame_number;
	int64_t bytes; /* taken from the source */
	bool last;     /* the frame in hand has the tag FINAL */
	uint8_t plain[AW_BACKUP_CHUNK];
	uint8_t frame[AW_BACKUP_FRAME];
};

/** Reads the preamble alone; nothing of it is proved yet. AW_INVALID: this is no backup, or of a
 *  newer form. */
AW_MUST_CHECK enum aw_status aw_preamble_read(const struct aw_backup_source *source,
	uint8_t raw[AW_BACKUP_PREAMBLE], struct aw_preamble *ret_preamble, struct aw_error *err);

/** Reads the preamble and opens the stream. AW_DENIED: root does not open it, or it was changed. */
AW_MUST_CHECK enum aw_status
aw_seal_in_begin(struct aw_seal_in *in, const struct aw_backup_source *source, const uint8_t *root,
	struct aw_preamble *ret_preamble, struct aw_error *err);
/** Exactly len bytes. AW_CORRUPT names the frame that does not open or is missing. */
AW_MUST_CHECK enum aw_status
aw_seal_in_take(struct aw_seal_in *in, void *ret_data, size_t len, struct aw_error *err);
/** The stream ends here: its last frame is used up and nothing stands behind it. */
AW_MUST_CHECK enum aw_status aw_seal_in_end(struct aw_seal_in *in, struct aw_error *err);

#endif
