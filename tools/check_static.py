#!/usr/bin/env python3
"""Static analysis of src/: clang-tidy by .clang-tidy, and gcc -fanalyzer.

Usage: check_static.py [--tidy | --analyzer] [PATH...]    both over all of src/; PATH is a file or a folder

Has a build of its own, of which only what is generated is made. The house's idiom is "if
(f(..., err) != AW_OK) return err->status;" with outputs set on AW_OK alone, and no analyzer knows that
err->status is then not AW_OK. So each reads a copy in which the contract of base/error.h is spelled out:
err->status is returned as something that is not AW_OK, as are aw_fail() and aw_wrap().

A waiver stands at its place, for both tools alike: NOLINT(check): reason in a comment on the line, or
NOLINTNEXTLINE(check): reason in one that ends above it. One without a check or a reason is a mistake, and
so is one that covers nothing any more. The faults of tests/tools/planted.c go the same way as every file,
and must come out as wrong at the other end. What was looked at is not looked at again before it, a header
of ours, or the tool changes. Exit 0 nothing left, 1 something, 3 no build.
"""
import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build-static")
COPIES = os.path.join(BUILD, "copies")
SEEN = os.path.join(BUILD, "seen")
PLANTED = "tests/tools/planted.c"
PLANTED_FLAGS = ["-std=c17", "-D_GNU_SOURCE"]
FOUND = re.compile(r"^(\S+?):(\d+):\d+: (?:warning|error): (.*?) ?\[(?:CWE-\d+\] \[)?-?W?(?:error=)?"
                   r"([A-Za-z][\w.-]*)(?:,-warnings-as-errors)?\]", re.M)
OWN = re.compile(r"^(src|tests)/")
IDIOM = ("return err->status;", "return err->status != AW_OK ? err->status : AW_INTERNAL;")
WAIVER = re.compile(r"/\*\s*NOLINT(NEXTLINE)?\b(?:\(([^)]*)\))?(.*?)\*/", re.S)
TIMEOUT_S = 900
WORKERS = int(os.environ.get("AW_JOBS", "0")) or os.cpu_count()
CONTRACT = """\
#include "base/error.h"
#define aw_fail(...) ((void)!aw_fail(__VA_ARGS__), AW_INTERNAL)
#define aw_wrap(...) ((void)!aw_wrap(__VA_ARGS__), AW_INTERNAL)
"""


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as text:
        return text.read()


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(content)


def run(command):
    try:
        done = subprocess.run(command, cwd=ROOT, check=False, text=True, errors="replace",
                              timeout=TIMEOUT_S, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        return 1, f"not done after {TIMEOUT_S} s"
    return done.returncode, done.stdout


def build():
    """Sets the build up and makes what others include; True when that went well."""
    if not os.path.exists(os.path.join(BUILD, "build.ninja")):
        code, output = run(["meson", "setup", BUILD, "-Dtests=false"])
        if code != 0:
            print(output)
            return False
    code, output = run(["ninja", "-C", BUILD, "-t", "targets", "rule", "CUSTOM_COMMAND"])
    made = [name for name in output.split() if name.endswith(".h")]
    if code == 0 and made:
        code, output = run(["ninja", "-C", BUILD, "--quiet", *made])
    if code != 0 or not made:
        print(output[-4000:] or "nothing is generated any more?")
        return False
    return True


def commands():
    """file -> the flags that matter of its command"""
    found = {}
    with open(os.path.join(BUILD, "compile_commands.json"), encoding="utf-8") as text:
        for entry in json.load(text):
            path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), ROOT)
            if not path.startswith("src/"):
                continue
            flags = [word for word in shlex.split(entry["command"])
                     if re.match(r"-[ID]|-std=", word)]
            found[path] = ["-I" + os.path.join(COPIES, "src")] + [
                flag if not flag.startswith("-I") else
                "-I" + os.path.normpath(os.path.join(entry["directory"], flag[2:])) for flag in flags]
    return found


def copy(path):
    """Leaves a copy with the contract spelled out and no waiver, line for line; returns the waivers,
    line -> (checks, line of the comment), and what is wrong with them."""
    content, waived, wrong = read(path), {}, []
    for found in WAIVER.finditer(content):
        at = content.count("\n", 0, found.start()) + 1
        line = content.count("\n", 0, found.end()) + 2 if found.group(1) else at
        checks = re.findall(r"[\w.-]+", found.group(2) or "")
        waived[line] = (checks + waived.get(line, ([], 0))[0], at)
        if not checks or len(found.group(3).strip(": \n\t*")) < 10:
            wrong.append(f"{path}:{at}: a waiver names its check and gives a reason")
    write(os.path.join(COPIES, path), content.replace("NOLINT", "waived").replace(*IDIOM))
    return waived, wrong


def contract(path):
    """The options that spell out aw_fail and aw_wrap, but where they are made."""
    if not path.startswith("src/") or path == "src/base/error.c":
        return []
    return ["-include", os.path.join(COPIES, "contract.h")]


def tidy(path, flags):
    # one file a process: several in one confuse the checker of va_list
    return ["clang-tidy-14", "--quiet", "--config-file=.clang-tidy", os.path.join(COPIES, path), "--",
            *flags, *contract(path)]


def analyzer(path, flags):
    return ["gcc", *flags, *contract(path), "-O1", "-fanalyzer", "-fdiagnostics-plain-output",
            "-fanalyzer-verbosity=0", "-c", os.path.join(COPIES, path), "-o", "/dev/null"]


TOOLS = {
    "clang-tidy": (tidy, ["clang-analyzer-core.NullDereference", "clang-analyzer-unix.Malloc"]),
    "gcc -fanalyzer": (analyzer, ["analyzer-use-after-free", "analyzer-null-dereference"]),
}


def findings(output):
    """(file, line, check, text) of what stands in our own files"""
    seen = {}
    for path, line, text, check in FOUND.findall(output):
        path = os.path.relpath(os.path.join(ROOT, path), ROOT)
        path = path.removeprefix(os.path.relpath(COPIES, ROOT) + "/")
        if OWN.match(path):
            seen[(path, int(line), check)] = text
    return [(path, line, check, text) for (path, line, check), text in sorted(seen.items())]


def bases():
    """tool -> what all its answers hang on"""
    checks = re.sub(r"^#.*\n", "", read(".clang-tidy"), flags=re.M)
    return {"clang-tidy": run(["clang-tidy-14", "--version"])[1] + checks,
            "gcc -fanalyzer": run(["gcc", "--version"])[1]}


def state(path, flags, base):
    """What the answer about a file hangs on besides: itself and our headers, as hash."""
    code, output = run(["gcc", *flags, *contract(path), "-MM", os.path.join(COPIES, path)])
    if code != 0:
        return None
    whole = hashlib.sha256((base + " ".join(flags).replace(ROOT, "")).encode())
    for name in output.replace("\\\n", " ").split()[1:]:
        with open(os.path.join(ROOT, name), "rb") as file:
            whole.update(file.read())
    return whole.hexdigest()


def look(name, path, flags, base):
    """(findings, whether it was looked at anew) of a tool about a file"""
    now = state(path, flags, base)
    memory = os.path.join(SEEN, name.split()[0], path + ".json")
    if now and os.path.exists(memory):
        with open(memory, encoding="utf-8") as text:
            then = json.load(text)
        if then["state"] == now:
            return [tuple(each) for each in then["findings"]], False
    code, output = run(TOOLS[name][0](path, flags))
    found = findings(output)
    if code != 0 and not found:
        return [(path, 0, "no-answer", f"{name} did not end well: {output[-400:].strip()}")], True
    write(memory, json.dumps({"state": now, "findings": found}))
    return found, True


def headers():
    return [os.path.relpath(os.path.join(top, name), ROOT)
            for top, _, names in os.walk(os.path.join(ROOT, "src")) for name in names
            if name.endswith(".h")]


def blind(tools, wrong):
    """The faults that were planted and did not come out."""
    seen = {check for path, _, check, _ in wrong if path == PLANTED}
    return [f"{name} does not find {check} in {PLANTED}" for name in tools for check in TOOLS[name][1]
            if check not in seen]


def judge(found, waived):
    """(what no waiver covers, the waivers that cover something)"""
    wrong, used = [], set()
    for path, line, check, text in sorted(set(found)):
        if check in waived.get(path, {}).get(line, ((), 0))[0]:
            used.add((path, line, check))
        else:
            wrong.append((path, line, check, text))
    return wrong, used


def unused(waived, used):
    return [f"{path}:{at}: NOLINT({check}) covers nothing" for path, lines in waived.items()
            for line, (checks, at) in lines.items() for check in checks
            if (path, line, check) not in used]


def main():
    if set(arg for arg in sys.argv[1:] if arg.startswith("-")) - {"--tidy", "--analyzer"}:
        print(__doc__.strip())
        return 2
    named = [arg.rstrip("/") for arg in sys.argv[1:] if not arg.startswith("--")]
    tools = [name for name, option in zip(TOOLS, ["--analyzer", "--tidy"]) if option not in sys.argv]
    if not build():
        return 3
    start, flags = time.monotonic(), commands()
    files = [path for path in sorted(flags, key=lambda path: -os.path.getsize(os.path.join(ROOT, path)))
             if not named or any(path == name or path.startswith(name + "/") for name in named)]
    write(os.path.join(COPIES, "contract.h"), CONTRACT)
    waived, said = {}, []
    for path in [*files, *headers(), PLANTED]:
        waived[path], wrong = copy(path)
        said += wrong
    base, found, anew = bases(), [], 0
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        jobs = [pool.submit(look, name, path, flags.get(path, PLANTED_FLAGS), base[name])
                for path in [PLANTED, *files] for name in tools]
        for job in concurrent.futures.as_completed(jobs):
            found += job.result()[0]
            anew += job.result()[1]
    wrong, used = judge(found, waived)
    said += blind(tools, wrong)
    said += [f"{path}:{line}: {text} [{check}]" for path, line, check, text in wrong if path != PLANTED]
    if not named and len(tools) == len(TOOLS):
        said += unused(waived, used)
    print("\n".join(said + [
        f"{len(files)} files by {' and '.join(tools)} in {time.monotonic() - start:.0f} s, {anew} of "
        f"{len(jobs)} looks anew: {len(used)} waived, {len(said)} wrong"]))
    return 0 if files and not said else 1


if __name__ == "__main__":
    sys.exit(main())
