#!/usr/bin/env python3
"""Checks that each folder of src/ includes only what is below it, that drivers stay home, and that the
tests which headers name are there.

Usage: check_layers.py [SRC]   exit 0 clean, 1 a forbidden include, a test that is not there, or no
include seen at all. Tests are looked for beside SRC.

The order below is the architecture; docs/architecture.md draws it.
"""
import os
import re
import sys

# A folder may include its own headers and those of the folders named behind it.
BELOW = {
    "base": "",
    "text": "base",
    "db": "base",
    "link": "base text",
    "rule": "base text",
    "policy": "base text db rule link",
    "guard": "base text db policy",
    "page": "base text policy guard db",
    "city": "base text db link rule policy guard page",
    "net": "base text db link rule policy guard page city",
    "demo": "base text db link rule policy guard page city",
    "cli": "base text db link rule policy guard page city net demo",
}
# Rooms of city/, left to right: a room includes only rooms to its left.
ROOMS = ["person", "intake", "triage", "dispatch", "family", "network", "programme", "staff",
         "indicator", "desk"]
# Headers of other people's libraries that only one folder may know.
HOME = {
    "sqlite3.h": "db", "libpq-fe.h": "db", "microhttpd.h": "tests", "seccomp.h": "cli", "yaml.h": "policy",
    "libxml/": "rule text", "unicode/": "text page", "opencc": "text", "sodium.h": "db guard base",
    "xlsxwriter.h": "page", "zip.h": "text",
}
# Engines are pure: no SQL, no HTTP, no clock.
PURE = {"link": ["time.h", "sys/time.h"], "rule": ["time.h", "sys/time.h"]}
TEST = re.compile(r"\btests/[\w/]+\.\w+")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def place(path):
    """("city", "intake") for city/intake/x.c; ("db", None) for db/x.c."""
    parts = path.split("/")
    return parts[0], parts[1] if parts[0] == "city" and len(parts) > 2 else None


def refuse_own(folder, room, target):
    to_folder, to_room = place(target)
    if to_folder not in BELOW:
        return f'"{target}" is not below src/: write "folder/file.h"'
    if to_folder != folder:
        if to_folder in BELOW[folder].split():
            return None
        return f"{folder} may not include {to_folder}"
    if room and to_room and room != to_room and ROOMS.index(to_room) > ROOMS.index(room):
        return f"room {room} may not include {to_room}, which is to its right"
    return None


def refuse_system(folder, header):
    for name, homes in HOME.items():
        if header.startswith(name) and folder not in homes.split():
            return f"<{header}> belongs to {homes}"
    if header in PURE.get(folder, []):
        return f"{folder} is pure: no <{header}>"
    return None


def refuse_example(text):
    """A header says which test is its example; without "Example:" it says nothing."""
    named = re.search(r"\bExample:\s*(?:\* )?([^\n]*)", text)
    return None if named is None or TEST.match(named[1]) else f'the example "{named[1].strip()}" is no test'


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else "src"
    seen, bad = 0, []
    for top, dirs, files in os.walk(root):
        dirs.sort()
        for name in sorted(files):
            if not name.endswith((".c", ".h")):
                continue
            path = os.path.join(top, name)
            folder, room = place(os.path.relpath(path, root))
            if folder not in BELOW or (room and room not in ROOMS):
                bad.append(f"{path}: the folder has no place in the order of tools/check_layers.py")
                continue
            with open(path, encoding="utf-8") as file:
                text = file.read()
                why = refuse_example(text) if name.endswith(".h") else None
                bad += [f"{path}:1: {why}"] if why else []
                for number, line in enumerate(text.splitlines(), 1):
                    bad += [f"{path}:{number}: there is no {test}" for test in TEST.findall(line)
                            if not os.path.exists(os.path.join(root, "..", test))]
                    found = INCLUDE.match(line)
                    if not found:
                        continue
                    seen += 1
                    why = (refuse_own(folder, room, found[2]) if found[1] == '"'
                           else refuse_system(folder, found[2]))
                    if why:
                        bad.append(f"{path}:{number}: {why}")
    for line in bad:
        print(line)
    if seen == 0:
        print(f"no include seen below {root}: nothing was checked")
        return 1
    print(f"{seen} includes, {len(bad)} forbidden")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
