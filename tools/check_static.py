#!/usr/bin/env python3
"""Static analysis of src/: clang-tidy by .clang-tidy, and gcc -fanalyzer.

Usage: check_static.py [--tidy | --analyzer] [FILE...]     both over all of src/ when nothing is named

Reads the commands from the build of the fuzz targets (tools/fuzz.py makes it). The house's idiom is "if
(f(..., err) != AW_OK) return err->status;" with outputs set on AW_OK alone, and no analyzer knows that
err->status is then not AW_OK. So each reads a copy in which the contract of base/error.h is spelled out:
err->status is returned as something that is not AW_OK, as are aw_fail() and aw_wrap(). Before anything is
believed, each of the two must find the faults of tests/tools/planted.c. What is waived stands in
tools/static-waivers.txt, a line each: file, check, reason; a waiver that covers nothing any more is a
mistake too, when all files were looked at. Exit 0 nothing left, 1 something, 3 no build.
"""
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fuzz  # noqa: E402 -- the build is the same

ROOT = fuzz.ROOT
COPIES = os.path.join(fuzz.BUILD, "static")
WAIVERS = os.path.join(ROOT, "tools", "static-waivers.txt")
PLANTED = "tests/tools/planted.c"
FOUND = re.compile(r"^(\S+?):(\d+):\d+: (?:warning|error): (.*?) ?\[(?:CWE-\d+\] \[)?-?W?(?:error=)?"
                   r"([A-Za-z][\w.-]*)(?:,-warnings-as-errors)?\]", re.M)
OWN = re.compile(r"^(src|tests)/")


def commands():
    """file -> the flags that matter of its command"""
    found = {}
    with open(os.path.join(fuzz.BUILD, "compile_commands.json"), encoding="utf-8") as text:
        for entry in json.load(text):
            path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), ROOT)
            if not path.startswith("src/"):
                continue
            flags = [word for word in shlex.split(entry["command"])
                     if re.match(r"-[ID]|-std=", word)]
            found[path] = [flag if not flag.startswith("-I") else
                           "-I" + os.path.normpath(os.path.join(entry["directory"], flag[2:]))
                           for flag in flags]
    return found


CONTRACT = """\
#include "base/error.h"
#define aw_fail(...) ((void)!aw_fail(__VA_ARGS__), AW_INTERNAL)
#define aw_wrap(...) ((void)!aw_wrap(__VA_ARGS__), AW_INTERNAL)
"""


def copy_of(path):
    """The file with the contract spelled out; lines stay where they are."""
    copy = os.path.join(COPIES, path)
    os.makedirs(os.path.dirname(copy), exist_ok=True)
    with open(os.path.join(ROOT, path), encoding="utf-8") as text:
        spelled = text.read().replace(
            "return err->status;", "return err->status != AW_OK ? err->status : AW_INTERNAL;")
    with open(copy, "w", encoding="utf-8") as out:
        out.write(spelled)
    return copy


def contract(path):
    """The options that spell out aw_fail and aw_wrap, but where they are made."""
    if not path.startswith("src/") or path == "src/base/error.c":
        return []
    header = os.path.join(COPIES, "contract.h")
    with open(header, "w", encoding="utf-8") as out:
        out.write(CONTRACT)
    return ["-include", header]


def run(command):
    done = subprocess.run(command, cwd=ROOT, check=False, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout


def tidy(path, flags):
    # one file a process: several in one confuse the checker of va_list
    return run(["clang-tidy-14", "--quiet", "--config-file=.clang-tidy", copy_of(path), "--", *flags,
                *contract(path)])


def analyzer(path, flags):
    return run(["gcc", *flags, *contract(path), "-O1", "-fanalyzer", "-fdiagnostics-plain-output",
                "-fanalyzer-verbosity=0", "-c", copy_of(path), "-o", "/dev/null"])


def findings(output):
    """(file, line, check, text) of what stands in our own files"""
    seen = {}
    for path, line, text, check in FOUND.findall(output):
        path = os.path.relpath(os.path.join(ROOT, path), ROOT)
        path = path.removeprefix(os.path.relpath(COPIES, ROOT) + "/")
        if OWN.match(path):
            seen[(path, int(line), check)] = text
    return [(path, line, check, text) for (path, line, check), text in sorted(seen.items())]


def waivers():
    found = {}
    with open(WAIVERS, encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            if line.startswith("#") or not line.strip():
                continue
            path, check, reason = line.split(None, 2)
            found[(path, check)] = (number, reason)
    return found


def control(tools, flags):
    """Each tool finds the planted faults, or is blind."""
    blind = 0
    for name, tool, wanted in tools:
        checks = {check for _, _, check, _ in findings(tool(PLANTED, flags))}
        missed = [check for check in wanted if check not in checks]
        if missed:
            print(f"FAIL {name} does not find {', '.join(missed)} in {PLANTED}")
            blind += 1
    return blind


def main():
    names = [arg for arg in sys.argv[1:] if not arg.startswith("--")]
    tools = [("clang-tidy", tidy,
              ["clang-analyzer-core.NullDereference", "clang-analyzer-unix.Malloc"]),
             ("gcc -fanalyzer", analyzer,
              ["analyzer-use-after-free", "analyzer-null-dereference"])]
    if "--tidy" in sys.argv:
        tools = tools[:1]
    if "--analyzer" in sys.argv:
        tools = tools[1:]
    if not fuzz.build():
        return 3
    flags = commands()
    files = [path for path in sorted(flags) if not names or path in names]
    wrong = control(tools, ["-std=c17", "-D_GNU_SOURCE"])
    waived, used = waivers(), set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [(tool, path, flags[path]) for _, tool, _ in tools for path in files]
        seen = {}
        for output in pool.map(lambda job: job[0](job[1], job[2]), jobs):
            for path, line, check, text in findings(output):
                seen[(path, line, check)] = text
    for (path, line, check), text in sorted(seen.items()):
        covered = [key for key in ((path, check), ("*", check)) if key in waived]
        if covered:
            used.add(covered[0])
            continue
        wrong += 1
        print(f"{path}:{line}: {text} [{check}]")
    if not names and len(tools) == 2:
        for key, (number, _) in waived.items():
            if key not in used:
                wrong += 1
                print(f"tools/static-waivers.txt:{number}: covers nothing any more")
    print(f"{len(files)} files by {' and '.join(name for name, _, _ in tools)}: "
          f"{len(seen)} findings, {len(used)} waivers used, {wrong} wrong")
    return 0 if wrong == 0 and files else 1


if __name__ == "__main__":
    sys.exit(main())
