#!/usr/bin/env python3
"""The checkers of tools/ find what they are for, pass what is right, and fail when they saw nothing."""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FAILED = []


def write(top, files):
    for name, text in files.items():
        path = os.path.join(top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)


def expect(what, tool, files, code, words="", args=("src",)):
    """Runs a tool over made-up files: its exit code, and a text that it must print."""
    with tempfile.TemporaryDirectory() as top:
        write(top, files)
        done = subprocess.run([os.path.join(ROOT, "tools", tool), *args], cwd=top, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != code or words not in done.stdout:
        FAILED.append(what)
        print(f"FAIL {what}: exit {done.returncode}, not {code}\n{done.stdout}")
    else:
        print(f"ok   {what}")


def layers():
    good = {"src/base/a.c": '#include "base/a.h"\n#include <stdio.h>\n'}
    expect("layers: what is below passes", "check_layers.py", good, 0, "0 forbidden")
    for what, path, line, words in [
        ("a folder above", "src/base/a.c", '#include "net/http.h"', "base may not include net"),
        ("a room to the right", "src/city/intake/a.c", '#include "city/family/family.h"',
         "to its right"),
        ("a database driver", "src/city/intake/a.c", "#include <sqlite3.h>", "belongs to db"),
        ("the HTTP library", "src/page/a.c", "#include <microhttpd.h>", "belongs to tests"),
        ("a clock in a pure engine", "src/rule/a.c", "#include <time.h>", "rule is pure"),
        ("a folder without a place", "src/misc/a.c", "#include <stdio.h>", "has no place"),
        ("a path from nowhere", "src/net/a.c", '#include "a.h"', "not below src/"),
    ]:
        expect("layers: " + what + " is found", "check_layers.py", {path: line + "\n"}, 1, words)
    expect("layers: nothing seen fails", "check_layers.py", {"src/base/a.c": "int a;\n"}, 1,
           "nothing was checked")


def words():
    expect("words: plain C passes", "check_words.py",
           {"src/net/a.c": '/* 中文 <div> SELECT a FROM b */ const char *a = "plain";\n'}, 0,
           "0 forbidden")
    for what, text in [("SQL", '"SELECT a FROM b"'), ("HTML", '"<div class=x>"'),
                       ("Chinese", '"通報"')]:
        expect(f"words: {what} in a string is found", "check_words.py",
               {"src/net/a.c": f"\nconst char *a = {text};\n"}, 1, "src/net/a.c:2")
    expect("words: an element of another language than HTML passes", "check_words.py",
           {"src/text/a.c": 'const char *s = "<table:table-cell/>";\n'}, 0)
    expect("words: nothing seen fails", "check_words.py", {"src/net/a.c": "int a;\n"}, 1,
           "nothing was checked")


def form():
    style = {".clang-format": open(os.path.join(ROOT, ".clang-format"), encoding="utf-8").read()}
    expect("format: what is formatted passes", "check_format.sh",
           {**style, "src/a.c": "int a;\n"}, 0, "1 files", args=(".",))
    expect("format: what is not is found", "check_format.sh",
           {**style, "src/a.c": "int   a ;\n"}, 1, "src/a.c", args=(".",))
    expect("format: nothing seen fails", "check_format.sh", style, 1, "nothing was checked",
           args=(".",))


def evidence():
    """The project's own tables, spoilt in one place each."""
    docs = {}
    for name in ("docs/asvs.md", "docs/protection-baseline.md", "docs/security.md"):
        with open(os.path.join(ROOT, name), encoding="utf-8") as text:
            docs[name] = text.read()
    named = re.findall(r"`([A-Za-z0-9_.-]+/[A-Za-z0-9_./*-]+)`", "".join(docs.values()))
    tree = {path: "" for path in named if os.path.isfile(os.path.join(ROOT, path))}
    tree.update({os.path.join(path, "x"): "" for path in named if path.endswith("/")})
    row = next(line for line in docs["docs/asvs.md"].splitlines() if line.startswith("| 1.1.1 "))
    expect("evidence: the tables as they are pass", "check_evidence.py", {**tree, **docs}, 0, "0 wrong",
           args=(".",))
    for what, new, words in [
        ("a requirement left out", "", "1.1.1 is not in the table"),
        ("an unknown result", row.replace("| pass |", "| perhaps |"), "1.1.1 is"),
        ("a fail without what would mend it", row.replace("| pass |", "| fail |"), "mend"),
        ("a file that is gone", row.replace("form.h", "gone.h"), "src/net/gone.h"),
    ]:
        spoilt = {**docs, "docs/asvs.md": docs["docs/asvs.md"].replace(row, new)}
        expect(f"evidence: {what} is found", "check_evidence.py", {**tree, **spoilt}, 1, words,
               args=(".",))
    expect("evidence: nothing seen fails", "check_evidence.py", {"docs/asvs.md": ""}, 1, "0 files",
           args=(".",))


if __name__ == "__main__":
    layers()
    words()
    form()
    evidence()
    sys.exit(1 if FAILED else 0)
