/* A backup's frames, sealed and opened. */
#include "db/backup_stream.h"

#include <inttypes.h>
#include <string.h>

#define TAG_MORE crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
#define TAG_LAST crypto_secretstream_xchacha20poly1305_TAG_FINAL
#define OVERHEAD crypto_secretstream_xchacha20poly1305_ABYTES

static const char magic[8] = "AWBACKUP";

enum { /* where the parts of the preamble stand */
	AT_FORMAT = 8,
	AT_DEMO = 12,
	AT_SCHEMA = 13,
	AT_MADE = 21,
	AT_DEPLOYMENT = 29,
	AT_KEY = 61,
	AT_HEADER = AT_KEY + AW_CRYPT_WRAPPED,
};

/* The key that stream keys are wrapped under, and what they are wrapped for. */
static void
wrapping(const uint8_t *root, const uint8_t *preamble, uint8_t under[AW_CRYPT_KEY],
	uint8_t context[32])
{
	static const char label[] = "anwang backup";

	(void)crypto_generichash(
		under, AW_CRYPT_KEY, (const uint8_t *)label, sizeof(label) - 1, root, AW_CRYPT_KEY);
	(void)crypto_generichash(context, 32, preamble, AT_KEY, NULL, 0);
}

/* -- writing ------------------------------------------------------------------------------------ */

static enum aw_status
give(struct aw_seal_out *out, const uint8_t *data, size_t len, struct aw_error *err)
{
	if (out->sink->write(out->sink->arg, data, len, err) != AW_OK)
		return err->status;
	out->bytes += (int64_t)len;
	return AW_OK;
}

enum aw_status
aw_seal_out_begin(struct aw_seal_out *out, const struct aw_backup_sink *sink,
	const struct aw_preamble *preamble, const uint8_t *root, struct aw_error *err)
{
	uint8_t raw[AW_BACKUP_PREAMBLE] = { 0 }, key[AW_CRYPT_KEY], under[AW_CRYPT_KEY];
	uint8_t context[32];

	if (strlen(preamble->deployment) != 32)
		return aw_fail(err, AW_CORRUPT, "the setting deployment is not 32 digits long");
	out->sink = sink;
	out->used = 0;
	out->bytes = 0;
	memcpy(raw, magic, sizeof(magic));
	aw_put_be(raw + AT_FORMAT, 4, AW_BACKUP_FORMAT);
	raw[AT_DEMO] = preamble->demo ? 1 : 0;
	aw_put_be(raw + AT_SCHEMA, 8, (uint64_t)preamble->schema);
	aw_put_be(raw + AT_MADE, 8, (uint64_t)preamble->made_at);
	memcpy(raw + AT_DEPLOYMENT, preamble->deployment, 32);
	wrapping(root, raw, under, context);
	randombytes_buf(key, sizeof(key));
	aw_wrap_key(key, under, context, raw + AT_KEY);
	(void)crypto_secretstream_xchacha20poly1305_init_push(&out->state, raw + AT_HEADER, key);
	sodium_memzero(key, sizeof(key));
	sodium_memzero(under, sizeof(under));
	return give(out, raw, sizeof(raw), err);
}

static enum aw_status
push(struct aw_seal_out *out, uint8_t tag, struct aw_error *err)
{
	unsigned long long len = 0;

	(void)crypto_secretstream_xchacha20poly1305_push(
		&out->state, out->frame + 4, &len, out->plain, out->used, NULL, 0, tag);
	aw_put_be(out->frame, 4, (uint32_t)len);
	out->used = 0;
	return give(out, out->frame, 4 + (size_t)len, err);
}

enum aw_status
aw_seal_out_put(struct aw_seal_out *out, const void *data, size_t len, struct aw_error *err)
{
	const uint8_t *at = data;

	while (len > 0) {
		size_t piece = AW_BACKUP_CHUNK - out->used;

		piece = piece < len ? piece : len;
		memcpy(out->plain + out->used, at, piece);
		out->used += piece;
		at += piece;
		len -= piece;
		if (out->used == AW_BACKUP_CHUNK && push(out, TAG_MORE, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_seal_out_end(struct aw_seal_out *out, struct aw_error *err)
{
	enum aw_status status = push(out, TAG_LAST, err);

	sodium_memzero(&out->state, sizeof(out->state));
	return status;
}

/* -- reading ------------------------------------------------------------------------------------ */

/* Fills out, or says how much there was before the end. */
static enum aw_status
fetch(const struct aw_backup_source *source, uint8_t *out, size_t len, size_t *ret_got,
	struct aw_error *err)
{
	size_t got = 0, piece = 1;

	while (got < len && piece > 0) {
		if (source->read(source->arg, out + got, len - got, &piece, err) != AW_OK)
			return err->status;
		got += piece;
	}
	*ret_got = got;
	return AW_OK;
}

enum aw_status
aw_preamble_read(const struct aw_backup_source *source, uint8_t raw[AW_BACKUP_PREAMBLE],
	struct aw_preamble *ret_preamble, struct aw_error *err)
{
	struct aw_preamble preamble = { 0 };
	size_t got = 0;

	if (fetch(source, raw, AW_BACKUP_PREAMBLE, &got, err) != AW_OK)
		return err->status;
	if (got < AT_DEMO || memcmp(raw, magic, sizeof(magic)) != 0)
		return aw_fail(err, AW_INVALID, "this is not a backup made by anwang backup");
	if ((uint32_t)aw_get_be(raw + AT_FORMAT, 4) != AW_BACKUP_FORMAT)
		return aw_fail(err, AW_INVALID,
			"this backup has form %u, this program reads form %u: use a newer program",
			(unsigned)aw_get_be(raw + AT_FORMAT, 4), AW_BACKUP_FORMAT);
	if (got < AW_BACKUP_PREAMBLE)
		return aw_fail(err, AW_CORRUPT, "the backup is cut off in its first bytes");
	preamble.demo = raw[AT_DEMO] == 1;
	preamble.schema = (int64_t)aw_get_be(raw + AT_SCHEMA, 8);
	preamble.made_at = (int64_t)aw_get_be(raw + AT_MADE, 8);
	memcpy(preamble.deployment, raw + AT_DEPLOYMENT, 32);
	*ret_preamble = preamble;
	return AW_OK;
}

enum aw_status
aw_seal_in_begin(struct aw_seal_in *in, const struct aw_backup_source *source, const uint8_t *root,
	struct aw_preamble *ret_preamble, struct aw_error *err)
{
	uint8_t raw[AW_BACKUP_PREAMBLE], key[AW_CRYPT_KEY] = { 0 }, under[AW_CRYPT_KEY];
	uint8_t context[32];
	struct aw_preamble preamble;
	bool opened;

	if (aw_preamble_read(source, raw, &preamble, err) != AW_OK)
		return err->status;
	wrapping(root, raw, under, context);
	opened = aw_unwrap_key((struct aw_bytes){ raw + AT_KEY, AW_CRYPT_WRAPPED }, under, context,
			 key) &&
		 crypto_secretstream_xchacha20poly1305_init_pull(
			 &in->state, raw + AT_HEADER, key) == 0;
	sodium_memzero(key, sizeof(key));
	sodium_memzero(under, sizeof(under));
	if (!opened)
		return aw_fail(err, AW_DENIED,
			"the root key does not open this backup: name the one that was in use when "
			"it was made in ANWANG_KEY_FILE (or its first bytes were changed)");
	in->source = source;
	in->at = in->len = 0;
	in->frame_number = 0;
	in->bytes = AW_BACKUP_PREAMBLE;
	in->last = false;
	*ret_preamble = preamble;
	return AW_OK;
}

static enum aw_status
cut_off(const struct aw_seal_in *in, struct aw_error *err)
{
	return aw_fail(err, AW_CORRUPT,
		"the backup is cut off behind part %" PRId64 ": use another copy",
		in->frame_number);
}

static enum aw_status
pull(struct aw_seal_in *in, struct aw_error *err)
{
	unsigned long long plain = 0;
	uint8_t head[4], tag = 0;
	size_t got = 0, len;

	if (fetch(in->source, head, sizeof(head), &got, err) != AW_OK)
		return err->status;
	if (got < sizeof(head))
		return cut_off(in, err);
	len = (uint32_t)aw_get_be(head, 4);
	if (len < OVERHEAD || len > AW_BACKUP_FRAME)
		return aw_fail(err, AW_CORRUPT,
			"the backup is damaged at part %" PRId64 ": use another copy",
			in->frame_number + 1);
	if (fetch(in->source, in->frame, len, &got, err) != AW_OK)
		return err->status;
	if (got < len)
		return cut_off(in, err);
	if (crypto_secretstream_xchacha20poly1305_pull(
		    &in->state, in->plain, &plain, &tag, in->frame, len, NULL, 0) != 0)
		return aw_fail(err, AW_CORRUPT,
			"the backup was changed, or its parts stand in another order, at part "
			"%" PRId64 ": use another copy",
			in->frame_number + 1);
	in->frame_number++;
	in->bytes += (int64_t)(sizeof(head) + len);
	in->at = 0;
	in->len = (size_t)plain;
	in->last = tag == TAG_LAST;
	return AW_OK;
}

enum aw_status
aw_seal_in_take(struct aw_seal_in *in, void *ret_data, size_t len, struct aw_error *err)
{
	uint8_t *at = ret_data;

	while (len > 0) {
		size_t piece = in->len - in->at;

		if (piece == 0) {
			if (in->last)
				return aw_fail(
					err, AW_CORRUPT, "the backup ends in the middle of a row");
			if (pull(in, err) != AW_OK)
				return err->status;
			continue;
		}
		piece = piece < len ? piece : len;
		memcpy(at, in->plain + in->at, piece);
		in->at += piece;
		at += piece;
		len -= piece;
	}
	return AW_OK;
}

enum aw_status
aw_seal_in_end(struct aw_seal_in *in, struct aw_error *err)
{
	uint8_t more;
	size_t got = 0;

	while (!in->last && in->at == in->len) { /* the last frame may be empty */
		if (pull(in, err) != AW_OK)
			return err->status;
	}
	sodium_memzero(&in->state, sizeof(in->state));
	if (in->at != in->len)
		return aw_fail(err, AW_CORRUPT, "there is data behind the last row of the backup");
	if (fetch(in->source, &more, 1, &got, err) != AW_OK)
		return err->status;
	return got == 0 ? AW_OK
			: aw_fail(err, AW_CORRUPT, "there is data behind the end of the backup");
}
