#!/usr/bin/env python3
"""One small demo city on both engines counts the same; two servers work on the one in PostgreSQL.

Usage: postgres.py ANWANG FOLDER   exit 0 all right, 1 something differs. ANWANG_PG is the URL of an
empty PostgreSQL (tools/pg_cluster.sh with); FOLDER takes the SQLite city and both keys. The city in
PostgreSQL stays for what runs after it, its key is FOLDER/pg.key.
"""
import http.client
import json
import os
import re
import subprocess
import sys
import time
from urllib.parse import urlencode

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from counts import POLICY, PRINTED, count  # noqa: E402

SCALE = "0.03"
PASSWORD = "two servers and nobody else"


class Failure(Exception):
    """What is wrong, in a sentence."""


def run(anwang, *args, text=None):
    done = subprocess.run([anwang, *args], input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True)
    if done.returncode != 0:
        raise Failure(f"anwang {args[0]}: {done.stderr.strip()}")
    return done.stdout


class Server:
    """`anwang serve` on a free port."""

    def __init__(self, anwang, url):
        self.process = subprocess.Popen(
            [anwang, "serve", "--db", url, "--policy", POLICY, "--listen", "127.0.0.1:0"],
            stderr=subprocess.PIPE, text=True)
        self.port, said = None, ""
        while self.port is None:
            line = self.process.stderr.readline()
            said += line
            found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
            if not line:
                raise Failure(f"a server ended: {said}")
            self.port = found and int(found[1])

    def ask(self, method, path, form=None, cookie=None):
        """(status, headers, body)"""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": cookie} if cookie else {}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        link.request(method, path, urlencode(form) if form is not None else None, headers)
        answer = link.getresponse()
        body = answer.read().decode()
        link.close()
        return answer.status, answer.headers, body

    def end(self):
        self.process.terminate()
        self.process.wait(60)


def both_count_the_same(anwang, sqlite, postgres, key):
    """How many figures were compared."""
    compared = rows = 0
    for code, period, _, _ in PRINTED:
        for more in ((), ("--by", "district"), ("--by", "month")):
            os.environ.pop("ANWANG_KEY_FILE", None)
            one = count(anwang, sqlite, code, period, *more)
            os.environ["ANWANG_KEY_FILE"] = key
            other = count(anwang, postgres, code, period, *more)
            if one != other:
                raise Failure(f"{code} {period} {' '.join(more)}: {one} on SQLite, {other} on PostgreSQL")
            compared += 1
            rows += sum(group["denominator"] for group in one)
    if rows == 0:
        raise Failure("nothing was counted")
    return compared


def a_session_is_good_on_both(first, second, login):
    status, headers, _ = first.ask("POST", "/login", {"login": login, "password": PASSWORD})
    cookie = (headers.get("Set-Cookie") or "").split(";")[0]
    if status != 303 or not cookie:
        raise Failure(f"the login answers {status}")
    for server in (first, second):
        if server.ask("GET", "/work", cookie=cookie)[0] != 200:
            raise Failure("a session of one server is not known to the other")
    if second.ask("GET", "/work", cookie=cookie[:-1] + "0")[0] == 200:
        raise Failure("any cookie is a session")
    return cookie


def what_one_takes_the_other_shows(anwang, url, first, second, cookie):
    report = {"kind": "adult_ipv", "channel": "police", "incident": {"narrative": "示範"},
              "persons": [{"role": "victim", "name": "林示惠", "sex": "F"}],
              "answers": {"tipvda": 9, "safety": "danger"}}
    said = run(anwang, "report", "--db", url, "--policy", POLICY, "-", text=json.dumps(report))
    number = re.search(r"RC\d{7}-\d{4}-\d", said)
    if not number:
        raise Failure(f"no receipt: {said}")
    for server in (second, first):
        until = time.monotonic() + 20
        while server.ask("GET", f"/reports/{number[0]}", cookie=cookie)[0] != 200:
            if time.monotonic() > until:
                raise Failure(f"a server does not show {number[0]}")
            time.sleep(0.2)


def main():
    anwang, folder = sys.argv[1], sys.argv[2]
    sqlite, postgres = f"sqlite:{folder}/small.db", os.environ["ANWANG_PG"]
    key = f"{folder}/pg.key"
    servers = []
    try:
        os.environ.pop("ANWANG_KEY_FILE", None)
        run(anwang, "demo", "--db", sqlite, "--policy", POLICY, "--scale", SCALE)
        os.environ["ANWANG_KEY_FILE"] = key
        run(anwang, "demo", "--db", postgres, "--policy", POLICY, "--scale", SCALE)
        compared = both_count_the_same(anwang, sqlite, postgres, key)
        servers = [Server(anwang, postgres), Server(anwang, postgres)]
        run(anwang, "user", "add", "two.screener", "--name", "雙例", "--title", "測試", "--unit",
            "centre", "--roles", "screener", "--password-file", "-", "--db", postgres, "--policy",
            POLICY, text=PASSWORD)
        cookie = a_session_is_good_on_both(servers[0], servers[1], "two.screener")
        what_one_takes_the_other_shows(anwang, postgres, servers[0], servers[1], cookie)
        run(anwang, "audit", "verify", "--db", postgres)
    except Failure as failure:
        print(failure)
        return 1
    finally:
        for server in servers:
            server.end()
    print(f"{compared} figures are the same on both engines, two servers agree, the log verifies")
    return 0


if __name__ == "__main__":
    sys.exit(main())
