#!/usr/bin/env python3
"""A second verifier of the log, written from the standards alone: RFC 6962 / RFC 9162 section 2.1
(the tree), RFC 8032 section 5.1 (Ed25519), C2SP signed-note and tlog-checkpoint, and the entry's
bytes as src/guard/log.h tells them. Plain and recursive, as the definitions are; Python's own library.

Usage: rfc6962.py trees FILE                  every tree of tests/guard/tree_say.c, worked out anew
       rfc6962.py log DATABASE KEY [WITNESS]  a whole log in an SQLite file
       rfc6962.py proof FILE KEY [WITNESS]    a proof of `anwang audit prove`
       rfc6962.py test TREE_SAY COUNT LOG_SAY  all of it, over COUNT random trees and a log, with controls
exit 0 it agrees, 1 it does not.
"""
import base64
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

# -- RFC 9162 2.1: the tree, from its definitions ----------------------------------------------------


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def split(n):
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(d):
    """MTH(D[n])."""
    if not d:
        return sha256(b"")
    if len(d) == 1:
        return leaf_hash(d[0])
    k = split(len(d))
    return node_hash(mth(d[:k]), mth(d[k:]))


def path(m, d):
    """PATH(m, D[n]): the inclusion proof of leaf m."""
    if len(d) == 1:
        return []
    k = split(len(d))
    if m < k:
        return path(m, d[:k]) + [mth(d[k:])]
    return path(m - k, d[k:]) + [mth(d[:k])]


def subproof(m, d, complete):
    """SUBPROOF(m, D[n], b)."""
    if m == len(d):
        return [] if complete else [mth(d)]
    k = split(len(d))
    if m <= k:
        return subproof(m, d[:k], complete) + [mth(d[k:])]
    return subproof(m - k, d[k:], False) + [mth(d[:k])]


def includes(leaf, index, size, proof, root):
    """2.1.3.2, step by step."""
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            if not fn & 1:
                while not fn & 1 and fn != 0:
                    fn >>= 1
                    sn >>= 1
        else:
            r = node_hash(r, p)
        fn >>= 1
        sn >>= 1
    return sn == 0 and r == root


def grew(first, first_hash, second, second_hash, proof):
    """2.1.4.2, step by step; equal sizes have equal roots and no proof."""
    if first == second:
        return not proof and first_hash == second_hash
    if not 0 < first < second:
        return False
    proof = list(proof)
    if first & (first - 1) == 0:
        proof.insert(0, first_hash)
    if not proof:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    fr = sr = proof[0]
    for c in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            if not fn & 1:
                while not fn & 1 and fn != 0:
                    fn >>= 1
                    sn >>= 1
        else:
            sr = node_hash(sr, c)
        fn >>= 1
        sn >>= 1
    return sn == 0 and fr == first_hash and sr == second_hash


# -- RFC 8032 5.1: Ed25519, verification -------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def point_add(a, b):
    """5.1.4, extended homogeneous coordinates."""
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    e, h, g, f = f - e, f + e, h + g, h - g
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def point_times(s, point):
    q = (0, 1, 1, 0)
    while s > 0:
        if s & 1:
            q = point_add(q, point)
        point = point_add(point, point)
        s >>= 1
    return q


def point_read(data):
    """5.1.3; None when it is no point."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P != 0:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P != 0 or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = point_read((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_verify(public, message, signature):
    a, r = point_read(public), point_read(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or len(signature) != 64:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = point_times(s, BASE), point_add(r, point_times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and \
        (left[1] * right[2] - right[1] * left[2]) % P == 0


# -- C2SP: keys, notes, checkpoints ------------------------------------------------------------------


def read_key(text):
    name, number, data = text.split("+", 2)
    data = base64.b64decode(data, validate=True)
    if data[0] != 1 or sha256(name.encode() + b"\n" + data)[:4].hex() != number:
        raise ValueError("this is not an Ed25519 verifier key")
    return name, bytes.fromhex(number), data[1:]


def read_note(text, key):
    """(size, root) of a checkpoint with the key's signature, None when it has none."""
    body, _, signatures = text.partition("\n\n")
    name, number, public = key
    lines = body.split("\n")
    for line in signatures.split("\n"):
        mark, _, rest = line.partition(" ")
        who, _, data = rest.partition(" ")
        if mark != "\u2014" or who != name:
            continue
        data = base64.b64decode(data, validate=True)
        if data[:4] == number and ed25519_verify(public, (body + "\n").encode(), data[4:]) and \
                lines[0] == name:
            return int(lines[1]), base64.b64decode(lines[2], validate=True)
    return None


def read_witness(path_, key):
    """{size: root} of the notes kept; a note without a signature is an error."""
    kept = {}
    with open(path_, encoding="utf-8") as file:
        text = file.read()
    blocks = [b for b in text.split("\n\n") if b.strip()]
    for body, signature in zip(blocks[::2], blocks[1::2]):
        note = read_note(body.strip("\n") + "\n\n" + signature.strip("\n") + "\n", key)
        if note is None:
            raise ValueError("a note in the witness file has no valid signature")
        kept[note[0]] = note[1]
    if len(blocks) % 2:
        raise ValueError("the witness file ends in half a note")
    return kept


# -- the log, from its description -------------------------------------------------------------------


def number_bytes(value):
    return (8).to_bytes(4, "big") + value.to_bytes(8, "big", signed=True)


def text_bytes(value):
    if value is None:
        return b"\xff\xff\xff\xff"
    value = value.encode()
    return len(value).to_bytes(4, "big") + value


def entry_bytes(row, subjects):
    """guard/log.h: every column with its length, then the subjects and how many they are."""
    leaf, at, account, *texts = row
    out = b"anwang log entry 1\n" + number_bytes(leaf) + number_bytes(at)
    out += text_bytes(None) if account is None else number_bytes(account)
    out += b"".join(map(text_bytes, texts)) + len(subjects).to_bytes(8, "big")
    for person, classes in subjects:
        out += number_bytes(person) + text_bytes(classes)
    return out


def check_log(database, key, witness):
    """What is wrong with a whole log, "" when nothing is."""
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    subjects = {}
    for leaf, person, classes in db.execute(
            "SELECT leaf, person, classes FROM audit_subject ORDER BY leaf, person"):
        subjects.setdefault(leaf, []).append((person, classes))
    entries = []
    for row in db.execute("SELECT leaf, at, account, actor, unit, purpose, action, object, outcome, "
                          "detail, hash FROM audit_entry ORDER BY leaf"):
        if row[0] != len(entries):
            return f"leaf {len(entries)} is missing"
        entries.append(entry_bytes(row[:-1], subjects.pop(row[0], [])))
        if leaf_hash(entries[-1]) != row[-1]:
            return f"leaf {row[0]} is not what was written"
    if subjects:
        return f"leaf {min(subjects)} has subjects and is not there"
    claims = dict(read_witness(witness, key)) if witness else {}
    for size, root, note in db.execute("SELECT size, root, note FROM audit_checkpoint"):
        if read_note(note, key) != (size, root):
            return f"the checkpoint over {size} entries is not signed"
        if claims.setdefault(size, root) != root:
            return f"there are two logs of {size} entries"
    for size, root in sorted(claims.items()):
        if size > len(entries):
            return f"{size} entries were signed and {len(entries)} are there"
        if mth(entries[:size]) != root:
            return f"the first {size} entries are not those that were signed"
    return ""


def check_proof(proof, key, witness):
    """What is wrong with a proof, "" when nothing is."""
    note = read_note(proof["note"], key)
    hashes = [bytes.fromhex(h) for h in proof["hashes"]]
    if note is None or note[0] != proof["size"]:
        return "the checkpoint is not signed"
    if proof["kind"] == "inclusion":
        good = includes(bytes.fromhex(proof["leaf_hash"]), proof["leaf"], *note[:1], hashes, note[1])
        return "" if good else "the leaf is not in the log"
    old = read_note(proof["old_note"], key)
    if old is None or old[0] != proof["old"]:
        return "the older checkpoint is not signed"
    if witness and read_witness(witness, key).get(old[0]) != old[1]:
        return "the older checkpoint was not kept"
    return "" if grew(*old, *note, hashes) else "the log did not grow out of the older one"


# -- random trees, against the program's own ---------------------------------------------------------


def flipped(hashes, bit):
    """The proof with one bit of it turned over."""
    at, bit = divmod(bit, 256)
    changed = bytearray(hashes[at])
    changed[bit // 8] ^= 1 << bit % 8
    return hashes[:at] + [bytes(changed)] + hashes[at + 1:]


def disagreements(tree):
    """Where this verifier and the program differ about one tree."""
    d = [bytes.fromhex(x) for x in tree["entries"]]
    n, index, old = len(d), tree["index"], tree["old"]
    root, old_root = mth(d), mth(d[:old])
    inclusion = [bytes.fromhex(x) for x in tree["inclusion"]]
    consistency = [bytes.fromhex(x) for x in tree["consistency"]]
    leaf = leaf_hash(d[index])
    found = []

    def must(what, holds):
        if not holds:
            found.append(what)

    must("root", root.hex() == tree["root"])
    must("old root", old_root.hex() == tree["old_root"])
    must("inclusion proof", path(index, d) == inclusion)
    must("consistency proof", subproof(old, d, True) == consistency)
    must("inclusion accepted", includes(leaf, index, n, inclusion, root) and tree["includes"])
    must("consistency accepted", grew(old, old_root, n, root, consistency) and tree["grew"])
    if inclusion:
        bad = flipped(inclusion, tree["inclusion_bit"])
        must("inclusion refused", not includes(leaf, index, n, bad, root)
             and not tree["includes_flipped"])
    if consistency:
        bad = flipped(consistency, tree["consistency_bit"])
        must("consistency refused", not grew(old, old_root, n, root, bad)
             and not tree["grew_flipped"])
    return found


def check_trees(lines):
    """(trees, hashes, flips refused by both, trees with a disagreement, what the first ones were)."""
    trees = hashes = flips = 0
    wrong, first = 0, []
    for line in lines:
        tree = json.loads(line)
        found = disagreements(tree)
        trees += 1
        hashes += len(tree["inclusion"]) + len(tree["consistency"])
        flips += bool(tree["inclusion"]) + bool(tree["consistency"])
        wrong += bool(found)
        if found and len(first) < 5:
            first.append(f"tree {trees} of {len(tree['entries'])}: {', '.join(found)}")
    return trees, hashes, flips, wrong, first


def spoil(line, how):
    """A tree as a program with a fault would tell it."""
    tree = json.loads(line)
    if how == "root":
        tree["root"] = sha256(bytes.fromhex(tree["root"])).hex()
    elif how == "order":
        tree["inclusion"] = tree["inclusion"][::-1]
    elif how == "accepts all":
        tree["includes_flipped"] = tree["grew_flipped"] = True
    elif how == "one entry changed":
        tree["entries"][0] = "ff" + tree["entries"][0]
    return json.dumps(tree)


class Tap:
    """One line a test."""

    def __init__(self, count):
        self.number, self.good = 0, True
        print(f"1..{count}")

    def line(self, good, text):
        self.number += 1
        self.good = self.good and good
        print(f"{'ok' if good else 'not ok'} {self.number} - {text}", flush=True)


def test_trees(tap, say, count):
    text = subprocess.run([say, "1", str(count)], check=True, stdout=subprocess.PIPE, text=True).stdout
    lines = text.splitlines()
    trees, hashes, flips, wrong, first = check_trees(lines)
    print(f"# {trees} random trees, {hashes} hashes of proofs, {flips} proofs with a bit turned over: "
          f"{wrong} disagreements")
    for text in first:
        print("# " + text)
    tap.line(trees == count and wrong == 0 and flips > count,
             "both verifiers agree on every tree and refuse the same")
    for how in ("root", "order", "accepts all", "one entry changed"):
        found = check_trees([spoil(line, how) for line in lines[:200]])[3]
        tap.line(found >= 100, f"control: {how} spoiled in 200 trees is seen in {found}")


def test_signatures(tap):
    key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb88215"
                              "90a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")
    tap.line(ed25519_verify(key, b"", signature) and not ed25519_verify(key, b"x", signature),
             "the first vector of RFC 8032 7.1 verifies, and not for another text")


def change(database, sql):
    db = sqlite3.connect(database)
    db.executescript(sql)
    db.close()


def test_log(tap, say):
    """A log that the program wrote, and four that somebody changed behind it."""
    folder = tempfile.mkdtemp(prefix="anwang-test-")
    try:
        out = subprocess.run([say, folder], check=True, stdout=subprocess.PIPE, text=True).stdout
        key = read_key(out.strip())
        database, witness = os.path.join(folder, "t.db"), os.path.join(folder, "witness")
        wrong = check_log(database, key, witness)
        tap.line(not wrong, "the program's log holds for the other verifier " + wrong)
        for kind in ("inclusion", "consistency"):
            with open(os.path.join(folder, kind + ".json"), encoding="utf-8") as file:
                proof = json.load(file)
            wrong = check_proof(proof, key, witness)
            proof["hashes"] = flipped([bytes.fromhex(h) for h in proof["hashes"]], 77)
            proof["hashes"] = [h.hex() for h in proof["hashes"]]
            tap.line(not wrong and check_proof(proof, key, witness) != "",
                     f"the program's {kind} proof holds, and not with a bit turned over {wrong}")
        for sql in ("UPDATE audit_entry SET outcome = 'other' WHERE leaf = 200",
                    "DELETE FROM audit_subject WHERE leaf IN (SELECT MAX(leaf) FROM audit_subject)",
                    "DELETE FROM audit_subject WHERE leaf > 280; DELETE FROM audit_entry WHERE leaf > 280;"
                    "DELETE FROM audit_checkpoint WHERE size > 280",
                    "UPDATE audit_checkpoint SET note = replace(note, 'anwang', 'anwank')"):
            copy = os.path.join(folder, "copy.db")
            shutil.copy(database, copy)
            change(copy, sql)
            tap.line(check_log(copy, key, witness) != "",
                     f"control: {sql.split(';')[0]}: {check_log(copy, key, witness)}")
    finally:
        shutil.rmtree(folder)


def test(tree_say, count, log_say):
    tap = Tap(13)
    test_trees(tap, tree_say, count)
    test_signatures(tap)
    test_log(tap, log_say)
    return tap.good


def main(args):
    if len(args) == 2 and args[0] == "trees":
        with open(args[1], encoding="ascii") as file:
            trees, _, flips, wrong, first = check_trees(file)
        print("\n".join(first + [f"{trees} trees, {flips} flips, {wrong} disagreements"]))
        return 0 if trees > 0 and wrong == 0 else 1
    if len(args) == 4 and args[0] == "test":
        return 0 if test(args[1], int(args[2]), args[3]) else 1
    if len(args) in (3, 4) and args[0] in ("log", "proof"):
        key, witness = read_key(args[2]), args[3] if len(args) == 4 else None
        if args[0] == "log":
            wrong = check_log(args[1], key, witness)
        else:
            with open(args[1], encoding="utf-8") as file:
                wrong = check_proof(json.load(file), key, witness)
        print(wrong or "it holds")
        return 1 if wrong else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.setrecursionlimit(10000)
    sys.exit(main(sys.argv[1:]))
