/**
 * guard/note - C2SP signed notes that hold a checkpoint of the log.
 * Layer: guard.  Threads: pure.  Example: tests/guard/test_note.c
 *
 * Formats: C2SP signed-note and tlog-checkpoint, Ed25519 (algorithm byte 1). A note is
 *
 *   <origin>\n<size>\n<base64 root>\n\n— <key name> <base64 of key hash (4) and signature (64)>\n
 *
 * and a verifier key is <name>+<key hash, hexadecimal>+<base64 of 0x01 and the public key>. Further
 * lines behind the root and further signatures are allowed; who co-signs is not checked here.
 */
#ifndef AW_GUARD_NOTE_H
#define AW_GUARD_NOTE_H

#include "base/arena.h"
#include "base/str.h"
#include "guard/tree.h"

struct aw_log_key;

struct aw_note_key {
	char name[96];
	uint32_t hash;
	uint8_t public_key[32];
};

struct aw_note {
	uint64_t size;
	struct aw_hash root;
	struct aw_str text;	   /* the whole note in what was read */
	struct aw_str signed_text; /* what in it is signed */
};

/** The verifier text of a key; ret has room for `room` bytes. */
void aw_note_verifier(const char *name, const uint8_t public_key[32], char *ret, size_t room);

/** Reads a verifier text; false when it is not one. */
bool aw_note_key_read(const char *verifier, struct aw_note_key *ret_key);

/** A signed note over a checkpoint, in the arena. */
char *aw_note_sign(struct aw_arena *arena, const struct aw_log_key *key, uint64_t size,
	const struct aw_hash *root);

/** Takes the next note out of *rest, which moves behind it, and reads what it says: nothing about
 *  its signature. False when what stands there is not a checkpoint of a log of this key's name; *rest
 *  then moves behind the bad note, so that the next call goes on. At the end of the text rest->len
 *  is 0. */
bool aw_note_read(struct aw_str *rest, const struct aw_note_key *key, struct aw_note *ret_note);

/** True if a note that was read has a valid signature of the key. Cost: 100 us and more. */
bool aw_note_signed(const struct aw_note *note, const struct aw_note_key *key);

/** aw_note_read() and aw_note_signed(). */
bool aw_note_next(struct aw_str *rest, const struct aw_note_key *key, struct aw_note *ret_note);

#endif
