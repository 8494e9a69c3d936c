#!/usr/bin/env python3
"""Makes one C text of a list of words, for a search by halves.

Usage: gen_words.py LIST.txt OUT.c NAME

The words, a line each and sorted by their bytes, become `const char NAME[]` with a line feed before
and behind each, and `const size_t NAME_bytes`. Lines that begin with "# " and "#" alone are remarks.
"""
import sys


def main():
    path, out, name = sys.argv[1:]
    with open(path, "rb") as file:
        lines = [line for line in file.read().split(b"\n") if line and line != b"#" and not line.startswith(b"# ")]
    if not lines or lines != sorted(set(lines)):
        sys.exit(f"gen_words: {path} is empty, or not sorted, or holds a word twice")
    data = b"\n" + b"\n".join(lines) + b"\n"
    with open(out, "w", encoding="ascii") as file:
        file.write(f"/* Made by tools/gen_words.py of {len(lines)} words; do not edit. */\n#include <stddef.h>\n\n")
        file.write(f"extern const char {name}[];\nextern const size_t {name}_bytes;\n")
        file.write(f"const size_t {name}_bytes = {len(data)};\nconst char {name}[] = {{\n")
        for at in range(0, len(data), 24):
            file.write("\t" + ",".join(str(b) for b in data[at:at + 24]) + ",\n")
        file.write("\t0\n};\n")


if __name__ == "__main__":
    main()
