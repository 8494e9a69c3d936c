#!/usr/bin/env python3
"""Static analysis of src/: clang-tidy by .clang-tidy, and gcc -fanalyzer.

Usage: check_static.py [--tidy | --analyzer] [FILE...]     both over all of src/ when nothing is named

Reads the commands from the build of the fuzz targets (tools/fuzz.py makes it). Before anything is
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


def run(command):
    done = subprocess.run(command, cwd=ROOT, check=False, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout


def tidy(path, flags):
    # one file a process: several in one confuse the checker of va_list
    return run(["clang-tidy-14", "--quiet", path, "--", *flags])


def analyzer(path, flags):
    return run(["gcc", *flags, "-O1", "-fanalyzer", "-fdiagnostics-plain-output",
                "-fanalyzer-verbosity=0", "-c", path, "-o", "/dev/null"])


def findings(output):
    """(file, line, check, text) of what stands in our own files"""
    seen = {}
    for path, line, text, check in FOUND.findall(output):
        path = os.path.relpath(os.path.join(ROOT, path), ROOT)
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
