#!/usr/bin/env python3
"""ThreadSanitizer over what has threads: unit tests of db, guard and net, and a served city under load.

Usage: check_threads.py [--seconds N]    how long the city is under load (30)

A planted race, tests/tools/race.c, must be found first. Then the tests; then a small demo city is served,
eight systems send reports, and people of each role sign in and read, all at once. Exit 0 no race and
no failure, 1 otherwise, 3 no build.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build-tsan")
SUITES = ["db", "guard", "net"]
WARNING = "WARNING: ThreadSanitizer"
PAGES = ["/work", "/board", "/reports", "/indicators", "/policy", "/log", "/accounts",
         "/operator", "/purpose"]
SEARCH = "a search for people"
os.environ["TSAN_OPTIONS"] = "second_deadlock_stack=1:exitcode=66:halt_on_error=0:die_after_fork=0"
os.environ["ANWANG"] = os.path.join(BUILD, "anwang")
sys.path.insert(0, os.path.join(ROOT, "tests", "torture"))
import city  # noqa: E402 -- it reads ANWANG


def run(command, timeout=1500, **more):
    done = subprocess.run(command, cwd=ROOT, check=False, text=True, errors="replace", timeout=timeout,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)
    return done.returncode, done.stdout


def programs():
    """name -> program of the tests of the suites that are programs of their own"""
    _, output = run(["meson", "introspect", "--tests", BUILD])
    return {test["name"]: os.path.relpath(test["cmd"][0], BUILD) for test in json.loads(output)
            if any(suite.split(":")[-1] in SUITES for suite in test["suite"])
            and test["cmd"][0].startswith(BUILD)}


def build():
    if not os.path.exists(os.path.join(BUILD, "build.ninja")):
        code, output = run(["meson", "setup", BUILD, "--buildtype=debugoptimized", "-Db_sanitize=thread",
                            "-Dtestdata=" + os.environ.get("ANWANG_TESTDATA", "")])
        if code != 0:
            print(output)
            return False
    code, output = run(["ninja", "-C", BUILD, "--quiet", "anwang", *sorted(set(programs().values()))])
    if code != 0:
        print(output[-4000:])
    return code == 0


def control():
    """The planted race is found."""
    with tempfile.TemporaryDirectory() as folder:
        race = os.path.join(folder, "race")
        code, output = run(["cc", "-O1", "-g", "-fsanitize=thread", "-pthread", "-o", race, "tests/tools/race.c"])
        if code == 0:
            code, output = run([race])
    if WARNING in output:
        return True
    print("FAIL the planted race was not found\n" + output)
    return False


def tests():
    """How many tests ran, and what was wrong."""
    _, output = run(["meson", "test", "-C", BUILD, "--no-rebuild", "--timeout-multiplier", "6", "-v",
                     *sorted(programs())], 3000)
    count = len(re.findall(r"^ok \d+ - |^.*\bok \d+ ", output, re.M)) or \
        sum(int(found) for found in re.findall(r"(\d+) subtests passed", output))
    wrong = [line for line in output.splitlines()
             if WARNING in line or re.search(r"\bnot ok \d+|\b(FAIL|ERROR|TIMEOUT)\b\s+[\d.]+s", line)]
    return count, wrong, output


class Readers:
    """People of each role, who read page after page."""

    def __init__(self, server, accounts):
        self.server, self.ending, self.pages, self.wrong = server, False, 0, []
        self.threads = [threading.Thread(target=self.read, args=account, daemon=True) for account in accounts]
        for thread in self.threads:
            thread.start()

    def read(self, login, password):
        cookie = self.server.login(login, password)
        token = self.server.form_token(cookie)
        while not self.ending:
            for page in [*PAGES, SEARCH]:
                try:
                    status = (self.server.search(cookie, token, "\u9673", timeout=60) if page == SEARCH else
                              self.server.ask("GET", page, headers={"Cookie": cookie}, timeout=60)[0])
                except OSError:
                    status = 0
                self.pages += 1
                if status not in (200, 303, 403, 503) and not (page == SEARCH and status == 429):
                    self.wrong.append(f"{page}: {status}")

    def end(self):
        self.ending = True
        for thread in self.threads:
            thread.join()


def served(seconds):
    """What a served city said under load: (counts, what was wrong)."""
    with tempfile.TemporaryDirectory(prefix="anwang-threads-") as folder:
        made = city.City(folder)
        made.run("key", "new", made.key, db=False)
        made.run("init", "--policy", city.POLICY)
        told = made.run("demo", "--policy", city.POLICY, "--scale", "0.01", timeout=1500)
        found = re.findall(r"^  ([a-z_]+) +([0-9A-Za-z-]{10,}) +(\S+)", told, re.M)
        if len(found) < 3:
            return "", ["the demo city names no accounts: " + told[-800:]]
        made.token = json.loads(made.run("user", "token", "precinct", "--unit", "police_1"))["token"]
        with city.Server(made, witness=os.path.join(folder, "witness"), wait_s=300) as server:
            if server.port is None:
                return "", ["the server did not start"] + server.said
            load = city.Load(8, "t")
            readers = Readers(server, [(login, password) for _, password, login in found])
            load.start(server)
            time.sleep(seconds)
            readers.end()
            load.end()
            code = server.stop()
        said = [line for line in server.said if WARNING in line]
        wrong = said + readers.wrong[:10] + ([f"the server ended with {code}"] if code != 0 else [])
        if wrong:
            print("\n".join(server.said[-120:]))
        if not load.acknowledged or readers.pages < len(found) * len(PAGES):
            wrong.append(f"too little was done: {len(load.acknowledged)} reports, {readers.pages} pages")
        return (f"{len(load.acknowledged)} reports, {readers.pages} pages by {len(found)} people "
                f"in {seconds} s"), wrong


def main():
    seconds = int(sys.argv[2]) if sys.argv[1:2] == ["--seconds"] else 30
    if not build():
        return 3
    if not control():
        return 1
    count, wrong, output = tests()
    print(f"{'FAIL' if wrong or not count else 'ok  '} {count} tests of {', '.join(SUITES)}")
    if wrong or not count:
        print("\n".join(wrong[:20]) + "\n" + output[-3000:])
    done, bad = served(seconds)
    print(f"{'FAIL' if bad else 'ok  '} a served city: {done}")
    print("\n".join(bad[:20]))
    return 1 if wrong or bad or not count else 0


if __name__ == "__main__":
    sys.exit(main())
