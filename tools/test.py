#!/usr/bin/env python3
"""Runs every test of the project: what `make test` does after it installed what is missing.

Usage: test.py [--only NAME...]   exit 0 all passed, 1 something failed

Builds with AddressSanitizer and UBSan, runs the unit tests (each TAP line counts), the checkers with
a test that each of them fails, the short tortures, the demo's counts and the browser's way of one
report on the release binary, both on SQLite and on PostgreSQL, and two servers on one PostgreSQL. The last line is "N passed, N failed". ANWANG_TESTDATA names the folder
of the test data.
"""
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as xml

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build-test")
RELEASE = os.path.join(ROOT, "build")


class Score:
    """What passed and what failed, told as it happens."""

    def __init__(self):
        self.passed, self.failed = 0, []

    def add(self, name, good, seconds=None, output=""):
        took = "" if seconds is None else f"  ({seconds:.1f} s)"
        print(f"{'ok  ' if good else 'FAIL'} {name}{took}", flush=True)
        if good:
            self.passed += 1
            return
        self.failed.append(name)
        for line in output.strip().splitlines()[-60:]:
            print("     | " + line)


def run(command, timeout=1200, env=None, cwd=ROOT):
    """(exit code, everything it printed)"""
    try:
        done = subprocess.run(command, cwd=cwd, env=env, timeout=timeout, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace")
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        return 124, (late.stdout or b"").decode("utf-8", "replace") + f"\nstopped after {timeout} s"
    except FileNotFoundError as none:
        return 127, str(none)


def step(score, name, command, timeout=1200, env=None, cwd=ROOT):
    start = time.monotonic()
    code, output = run(command, timeout, env, cwd)
    score.add(name, code == 0, time.monotonic() - start, output)
    return code == 0


def build(score):
    """Both builds; without them there is nothing to test."""
    step(score, "the editor of decision tables", ["tools/get_editor.sh"], 300)
    if not os.path.exists(os.path.join(BUILD, "build.ninja")):
        data = os.environ.get("ANWANG_TESTDATA", "")
        setup = ["meson", "setup", BUILD, "--buildtype=debug", "-Dwerror=true",
                 "-Db_sanitize=address,undefined", "-Dtestdata=" + data]
        if not step(score, "meson setup with sanitizers", setup):
            return False
    good = step(score, "build with ASan and UBSan, warnings as errors",
                ["ninja", "-C", BUILD, "--quiet"], 1500)
    return step(score, "release build", ["make", "-s", "build"], 1500) and good


def leak_control(score, work):
    """LeakSanitizer is awake here: a planted leak is found. (Under a tracer it sleeps, and says so.)"""
    leak = os.path.join(work, "leak")
    code, output = run(["cc", "-g", "-fsanitize=address", "-o", leak, "tests/tools/leak.c"])
    if code == 0:
        code, output = run([leak])
    score.add("a planted leak is found", code != 0 and "LeakSanitizer" in output, None, output)


def unit_tests(score):
    """Every TAP line of every executable; an executable that printed none fails."""
    start = time.monotonic()
    _, output = run(["meson", "test", "-C", BUILD, "--no-rebuild", "--timeout-multiplier", "3"], 1500)
    path = os.path.join(BUILD, "meson-logs", "testlog.junit.xml")
    if not os.path.exists(path):
        score.add("unit tests", False, time.monotonic() - start, output)
        return
    count = 0
    for suite in xml.parse(path).getroot().iter("testsuite"):
        cases = list(suite.iter("testcase"))
        bad = [c for c in cases if c.find("failure") is not None or c.find("error") is not None]
        broken = suite.find("system-err") is not None and not cases
        count += len(cases)
        text = "".join((suite.findtext(tag) or "") for tag in ("system-out", "system-err"))
        errors = int(suite.get("errors", 0)) + int(suite.get("failures", 0))
        if cases and not bad and not broken and errors == 0:
            score.passed += len(cases)
            continue
        for case in bad:
            score.add(f"{suite.get('name')}: {case.get('name')}", False)
        if not bad:
            score.add(f"{suite.get('name')}: did not end well", False, None, text)
        else:
            print("     | " + "\n     | ".join(text.strip().splitlines()[-40:]))
        score.passed += len(cases) - len(bad)
    print(f"     {count} unit tests in {time.monotonic() - start:.0f} s", flush=True)
    if count == 0:
        score.add("unit tests were seen", False, None, output)


def checkers(score):
    step(score, "layers", ["tools/check_layers.py", "src"])
    step(score, "pages, messages, colours", ["tools/check_pages.py", ROOT])
    step(score, "C holds no SQL and no HTML", ["tools/check_words.py", "src"])
    step(score, "format", ["tools/check_format.sh"])
    step(score, "evidence for every requirement", ["tools/check_evidence.py"])
    step(score, "the checkers fail when they should", ["tests/tools/test_checkers.py"])
    step(score, "the systemd unit's exposure", ["tests/tools/test_unit.py"])


def fuzzing(score):
    """clang builds all of it without a warning; every parser's kept inputs; the fuzzer's controls."""
    start = time.monotonic()
    code, output = run(["tools/fuzz.py", "--corpus"], 1500)
    targets = re.findall(r"^(ok  |FAIL) (\w+): (.*)$", output, re.M)
    for word, name, what in targets:
        score.add(f"fuzz target {name}: {what.strip()}", word == "ok  ")
    score.add("clang builds all without a warning; fuzz controls", code == 0 and bool(targets),
              time.monotonic() - start, output)


def browser(score):
    step(score, "browser: playwright-core", ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
         300, cwd=os.path.join(ROOT, "tests/e2e"))


def browser_way(score, env, name):
    """The way of one report, and a change of policy."""
    browser_script(score, env, name, "way.mjs", "the way of one report")
    browser_script(score, env, name, "policy.mjs", "a change of policy")


def browser_script(score, env, name, script, what):
    """Every TAP line of a script; one that printed none fails."""
    folder = os.path.join(ROOT, "tests/e2e")
    start = time.monotonic()
    code, output = run(["node", script], 900, env, folder)
    results = re.findall(r"^(ok|not ok) \d+ - (.*)$", output, re.M)
    for word, line in results:
        score.add(f"{name}: {line}", word == "ok")
    if code != 0 or not results:
        score.add(f"{name}: {what}", False, time.monotonic() - start, output)


@contextlib.contextmanager
def cluster(score, work, name):
    """The URL of an empty PostgreSQL; None, and a failure, when there is none."""
    folder = os.path.join(work, name)
    os.chmod(work, 0o711)  # PostgreSQL runs as nobody's root
    code, url = run(["tools/pg_cluster.sh", "start", folder], 120)
    if code != 0:
        score.add("a PostgreSQL cluster", False, None, url)
    try:
        yield url.strip() if code == 0 else None
    finally:
        run(["tools/pg_cluster.sh", "stop", folder], 120)


def demo_on_postgres(score, anwang, url, backup, key):
    """The same city by its backup: the same published figures, and the same way, in the sandbox."""
    env = dict(os.environ, ANWANG=anwang, ANWANG_DB=url or "", ANWANG_KEY_FILE=key, ANWANG_SANDBOX="1")
    if url is None or not step(score, "PostgreSQL: the demo city restored",
                               [anwang, "restore", "--db", url, backup], 900, env):
        return
    step(score, "PostgreSQL: published figures by counting", ["tests/e2e/counts.py", anwang, url], 300, env)
    browser_way(score, env, "browser on PostgreSQL")
    step(score, "PostgreSQL: the log verifies", [anwang, "audit", "verify", "--db", url], 300, env)


def demo(score, work):
    """The demo city at full scale on the release binary: counts, log, way in the browser."""
    anwang = os.path.join(RELEASE, "anwang")
    database = f"sqlite:{work}/demo.db"
    city = ["--db", database, "--policy", "policy/keelung"]
    if not (step(score, "init", [anwang, "init", *city]) and
            step(score, "demo city", [anwang, "demo", *city], 1800)):
        return
    step(score, "published figures by counting", ["tests/e2e/counts.py", anwang, database], 300)
    backup = os.path.join(work, "demo.bak")
    step(score, "backup of the demo city", [anwang, "backup", "--db", database, "--out", backup], 300)
    browser(score)
    browser_way(score, dict(os.environ, ANWANG=anwang, ANWANG_DB=database), "browser")
    step(score, "the log verifies", [anwang, "audit", "verify", "--db", database], 300)
    with cluster(score, work, "demo-cluster") as url:
        demo_on_postgres(score, anwang, url, backup, os.path.join(work, "demo.db.key"))
    step(score, "backup, keys, erasure and restore as in docs/operations.md",
         ["tools/pg_cluster.sh", "with", os.path.join(ROOT, "tests/e2e/drill.py"), anwang,
          os.path.join(ROOT, "policy/keelung")], 600)


def torture(score):
    """The short forms of `make torture`: a row of each that lost, or whose control did not, fails."""
    start = time.monotonic()
    code, output = run(["tests/torture/run.py", "--short"], 900)
    rows = re.findall(r"^\| ((?!torture )[^|]+) \|", output, re.M)
    bad = re.findall(r"^failed: ([^:\n]+)", output, re.M)
    for name in rows:
        score.add("torture: " + name, name not in bad)
    if code != 0 or not rows:
        score.add("nothing lost under torture", False, time.monotonic() - start, output)


def postgres(score, work):
    """A small city in PostgreSQL: it counts as on SQLite, two servers share it; one in its sandbox."""
    fenced = os.path.join(work, "fenced")
    os.mkdir(fenced)
    os.chmod(work, 0o711)  # PostgreSQL runs as nobody's root
    step(score, "PostgreSQL: reached over TCP from the sandbox",
         ["tests/e2e/fenced.py", os.path.join(RELEASE, "anwang"), fenced], 300)
    with cluster(score, work, "cluster") as url:
        if url is not None:
            step(score, "PostgreSQL: same figures, two servers, another root key",
                 ["tests/e2e/postgres.py", os.path.join(RELEASE, "anwang"), work], 900,
                 dict(os.environ, ANWANG_PG=url))


def main():
    only = sys.argv[2:] if sys.argv[1:2] == ["--only"] else []
    score = Score()
    work = tempfile.mkdtemp(prefix="anwang-test-")
    start = time.monotonic()
    os.environ.setdefault("ASAN_OPTIONS", "detect_stack_use_after_return=1")
    os.environ.setdefault("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1")
    try:
        parts = {"leak": lambda: leak_control(score, work), "unit": lambda: unit_tests(score),
                 "check": lambda: checkers(score), "fuzz": lambda: fuzzing(score),
                 "torture": lambda: torture(score), "demo": lambda: demo(score, work),
                 "postgres": lambda: postgres(score, work)}
        if build(score):
            for name, part in parts.items():
                if not only or name in only:
                    part()
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"{(time.monotonic() - start) / 60:.1f} minutes")
    for name in score.failed:
        print("failed: " + name)
    print(f"{score.passed} passed, {len(score.failed)} failed")
    return 1 if score.failed or score.passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
