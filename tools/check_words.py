#!/usr/bin/env python3
"""Checks that C below a folder holds no SQL, no HTML and no Chinese text in its strings.

Usage: check_words.py SRC   exit 0 clean, 1 something found, or when it saw no string.

SQL stands in .sql files, HTML in templates/, what people read in messages/ or in the policy. The
engines that read such texts (names, addresses, dates, numbers) know Chinese by trade: see ALLOWED.
"""
import os
import re
import sys

# Where a word of the forbidden kind is the subject itself, and why.
ALLOWED = {
    "sql": ["db/"],            # how each engine begins, ends and locks
    "html": ["page/"],         # drawings and the escaped marks of mustache
    # what they read or make up; the three whys of a missing fact, which no city changes; the mark
    # 未確認 of a rule without a source, which is the policy's own word; months as the figures print
    "chinese": ["text/", "demo/", "link/", "rule/", "policy/text.c", "city/person/", "city/intake/",
                "city/triage/", "city/desk/policy_decisions.c", "city/indicator/eval.c",
                # `policy show` prints a city's rules in the words of its officers
                "cli/cmd_policy.c"],
}
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
KINDS = {
    "sql": re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|"
                      r"CREATE\s+TABLE|ALTER\s+TABLE)\b"),
    "html": re.compile(r"</?(?:div|span|p|a|table|tr|td|ul|li|form|input|button|html|body|svg|h[1-6])\b(?!:)"),
    # a character; the punctuation that joins a list is no text
    "chinese": re.compile("[\u2e80-\u2fff\u3400-\u9fff\uf900-\ufaff]"),
}


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else "src"
    seen, bad = 0, []
    for top, dirs, files in os.walk(root):
        dirs.sort()
        for name in sorted(files):
            if not name.endswith((".c", ".h")):
                continue
            path = os.path.join(top, name)
            inside = os.path.relpath(path, root).replace(os.sep, "/")
            with open(path, encoding="utf-8") as source:
                text = source.read()
            text = COMMENT.sub(lambda c: re.sub(r"[^\n]", " ", c[0]), text)
            for string in STRING.finditer(text):
                seen += 1
                for kind, pattern in KINDS.items():
                    if pattern.search(string[0]) and not inside.startswith(tuple(ALLOWED[kind])):
                        line = text.count("\n", 0, string.start()) + 1
                        bad.append(f"{path}:{line}: {kind} in a string: {string[0][:60]}")
    for line in bad:
        print(line)
    if seen == 0:
        print(f"no string seen below {root}: nothing was checked")
        return 1
    print(f"{seen} strings, {len(bad)} forbidden")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
