#!/usr/bin/env python3
"""Makes C arrays of files, so that the program needs none of them beside it.

Usage: gen_embed.py ROOT OUT.c DEPFILE DIR...

Every file below ROOT/DIR goes into aw_embedded_files (page/embed.h), sorted by path, with the first
twelve digits of its SHA-256. The dep file names each file and folder, so that ninja sees new ones.
"""
import hashlib
import os
import sys


def files_below(root, folder):
    found, seen = [], []
    for top, dirs, names in os.walk(os.path.join(root, folder)):
        dirs.sort()
        seen.append(top)
        found += [os.path.join(top, name) for name in sorted(names) if not name.startswith(".")]
    return found, seen


def c_array(index, data):
    lines = [f"static const char file_{index}[] = {{"]
    for at in range(0, len(data), 24):
        lines.append("\t" + ",".join(str(b - 256 if b > 127 else b) for b in data[at:at + 24]) + ",")
    return lines + ["\t0", "};"]


def main():
    root, out, depfile, folders = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    paths, watched = [], []
    for folder in folders:
        found, seen = files_below(root, folder)
        if not found:
            sys.exit(f"gen_embed: nothing below {folder}")
        paths += found
        watched += seen
    lines = ["/* Made by tools/gen_embed.py; do not edit. */", '#include "page/embed.h"', ""]
    table = []
    for index, path in enumerate(sorted(paths)):
        with open(path, "rb") as file:
            data = file.read()
        name = os.path.relpath(path, root)
        digest = hashlib.sha256(data).hexdigest()[:12]
        lines += c_array(index, data)
        table.append(f'\t{{ "{name}", file_{index}, {len(data)}, "{digest}" }},')
    lines += ["", "const struct aw_embedded_file aw_embedded_files[] = {"] + table + ["};",
              f"const size_t aw_embedded_count = {len(table)};", ""]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    with open(depfile, "w", encoding="utf-8") as file:
        file.write(out + ": " + " ".join(sorted(paths + watched)) + "\n")


if __name__ == "__main__":
    main()
