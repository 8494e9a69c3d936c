#!/usr/bin/env python3
"""One small demo city on both engines counts the same; two servers work on the one in PostgreSQL.

Usage: postgres.py ANWANG FOLDER   exit 0 all right, 1 something differs. ANWANG_PG is the URL of an
empty PostgreSQL (tools/pg_cluster.sh with); FOLDER takes the SQLite city and all keys. Each server has a
folder of its own for its root key, as on two machines.
"""
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from urllib.parse import urlencode

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from counts import POLICY, PRINTED, count  # noqa: E402

SCALE = "0.03"
PASSWORD = "two servers and nobody else"
REPORT = {"kind": "adult_ipv", "channel": "police", "incident": {"narrative": "示範"},
          "persons": [{"role": "victim", "name": "林示惠", "sex": "F"}],
          "answers": {"tipvda": 9, "safety": "danger"}}


class Failure(Exception):
    """What is wrong, in a sentence."""


def run(anwang, *args, text=None, key=None, code=0):
    """What a command printed, and what it said; it must end with that code."""
    env = dict(os.environ, **({"ANWANG_KEY_FILE": key} if key else {}))
    done = subprocess.run([anwang, *args], input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, env=env)
    if done.returncode != code:
        raise Failure(f"anwang {args[0]} ended with {done.returncode}, not {code}: {done.stderr.strip()}")
    return done.stdout if code == 0 else done.stderr


class Server:
    """`anwang serve` on a free port."""

    def __init__(self, anwang, url, key):
        self.process = subprocess.Popen(
            [anwang, "serve", "--db", url, "--policy", POLICY, "--listen", "127.0.0.1:0"],
            stderr=subprocess.PIPE, text=True, env=dict(os.environ, ANWANG_KEY_FILE=key))
        self.port, self.key, said = None, key, ""
        while self.port is None:
            line = self.process.stderr.readline()
            said += line
            found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
            if not line:
                raise Failure(f"a server ended: {said}")
            self.port = found and int(found[1])
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def ask(self, method, path, form=None, cookie=None, body=None, headers=()):
        """(status, headers, body)"""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = dict(headers, **({"Cookie": cookie} if cookie else {}))
        if form is not None:
            headers["Content-Type"], body = "application/x-www-form-urlencoded", urlencode(form)
        link.request(method, path, body, headers)
        answer = link.getresponse()
        body = answer.read().decode()
        link.close()
        return answer.status, answer.headers, body

    def post(self, token, key, report=None):
        """A report by the systems' interface: status and body."""
        status, _, body = self.ask("POST", "/reports", body=json.dumps(report or REPORT), headers={
            "Authorization": "Bearer " + token, "Content-Type": "application/json", "Idempotency-Key": key})
        return status, body

    def send(self, token, key):
        """The number of a report that must be taken."""
        status, body = self.post(token, key)
        if status not in (200, 201):
            raise Failure(f"a report was refused: {status} {body}")
        return json.loads(body)["number"]

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
    # one character of it in sixteen is a 0 already: what is put in its place has to be another one
    forged = cookie[:-1] + ("4" if cookie[-1] == "0" else "0")
    if second.ask("GET", "/work", cookie=forged)[0] == 200:
        raise Failure("any cookie is a session")
    return cookie


def a_session_ended_on_one_is_over_on_the_other(first, second, login):
    here, there = ((server.ask("POST", "/login", {"login": login, "password": PASSWORD})[1].get("Set-Cookie") or "").split(";")[0]
                   for server in (first, second))
    csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', first.ask("GET", "/account/sessions", cookie=here)[2])
    listed = json.loads(first.ask("GET", "/account/sessions.json", cookie=there)[2])["sessions"]
    code = next(session["code"] for session in listed if session["present"])
    status = first.ask("POST", "/account/sessions/end", {"csrf": csrf[1], "session": code}, cookie=here)[0]
    if status != 303:
        raise Failure(f"a session of one's own is not ended: {status}")
    if second.ask("GET", "/account", cookie=there)[0] == 200:
        raise Failure("a session that was ended on one server goes on on the other")
    if second.ask("GET", "/account", cookie=here)[0] != 200:
        raise Failure("the session that ended another is over, too")


def until_shown(server, number, cookie, what):
    """Waits until a server shows a report with what is sealed in it."""
    end, body = time.monotonic() + 30, ""
    while time.monotonic() < end:
        status, _, body = server.ask("GET", f"/reports/{number}", cookie=cookie)
        if status == 200 and "林示惠" in body:
            return
        time.sleep(0.2)
    raise Failure(f"{what}: {number} is not shown")


def what_one_takes_the_other_shows(anwang, url, first, second, cookie):
    said = run(anwang, "report", "--db", url, "--policy", POLICY, "-", text=json.dumps(REPORT), key=first.key)
    number = re.search(r"RC\d{7}-\d{4}-\d", said)
    if not number:
        raise Failure(f"no receipt: {said}")
    for server in (second, first):
        until_shown(server, number[0], cookie, "a report by command")


def a_release_is_followed(anwang, url, first, second, work):
    """Proposed by a command beside both, confirmed on the second: the first works by it, and nothing is
    started again."""
    folder = os.path.join(work, "next")
    for name in ("taiwan", "keelung"):
        shutil.copytree(os.path.join(os.path.dirname(POLICY), name), os.path.join(folder, name))
    path = os.path.join(folder, "keelung", "city.yaml")
    with open(path, encoding="utf-8") as file:
        text = re.sub("(?m)^version: .*$", "version: two servers", file.read())
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    run(anwang, "user", "add", "two.planner", "--name", "策例", "--title", "測試", "--unit", "social_affairs",
        "--roles", "planner", "--password-file", "-", "--db", url, "--policy", POLICY, text=PASSWORD)
    cookie = a_session_is_good_on_both(second, first, "two.planner")
    number = run(anwang, "policy", "propose", "--db", url, "--policy", POLICY, "--with",
                 os.path.join(folder, "keelung"), "--words", "another name").strip()
    for server in (first, second):
        _, _, page = server.ask("GET", "/policy", cookie=cookie)
        if f"/policy/proposals/{number}" not in page or "現行" not in page:
            raise Failure("a proposal by command is not on the page")
    csrf = re.search('name="csrf" value="([^"]+)"', page)[1]
    status, _, body = second.ask("POST", f"/policy/proposals/{number}/confirm", {"csrf": csrf}, cookie)
    if status != 303:
        raise Failure(f"the confirmation answers {status}: {body[-300:]}")
    for server in (second, first):
        _, _, page = server.ask("GET", "/policy", cookie=cookie)
        if "two servers" not in re.search('<p class="sub">(.*?)</p>', page, re.S)[1]:
            raise Failure("a server does not work by the release that was confirmed")


def waiting(url):
    done = subprocess.run(["psql", url, "-Atc", "SELECT count(*) FROM work_item WHERE state = 'waiting'"],
                          stdout=subprocess.PIPE, text=True, check=True)
    return int(done.stdout)


def the_root_key_changes_under_both(anwang, url, first, second, token, cookie):
    """By a command beside them, with the new key laid beside each server's old one."""
    new = first.key + ".new"
    run(anwang, "key", "new", new)
    shutil.copy2(new, second.key + ".new")
    old = first.send(token, "before the change")
    run(anwang, "key", "rotate", "--db", url, "--root", new, key=first.key)
    for server in (first, second):
        until_shown(server, old, cookie, "behind a change of root, what was sealed before")
    for name, one, other in (("first", first, second), ("second", second, first)):
        until_shown(other, one.send(token, f"changed {name}"), cookie, "behind a change of root")
    # the next epoch is made under the new root key, which each server has found by now
    run(anwang, "key", "rotate", "--db", url, key=first.key)
    for name, one, other in (("first", first, second), ("second", second, first)):
        until_shown(other, one.send(token, f"rotated {name}"), cookie, "in the epoch after")
    report = json.loads(run(anwang, "key", "check", "--db", url, key=second.key))
    if report["keys_broken"] or report["keys_current"] != report["keys"]:
        raise Failure(f"not every key stands under the last epoch: {report}")
    alone = first.key + ".alone"
    shutil.copy2(first.key, alone)
    said = run(anwang, "key", "check", "--db", url, key=alone, code=1)
    if "name the key file that belongs to it" not in said:
        raise Failure(f"the old root key is not refused: {said}")
    for server in (first, second):
        os.replace(server.key + ".new", server.key)


def the_work_goes_on_when_one_is_killed(url, first, second, token, cookie):
    """The first is on duty: what comes in behind its end is screened by the second."""
    first.process.kill()
    first.process.wait()
    number = second.send(token, "behind the end of the first")
    start = time.monotonic()
    while waiting(url) > 0:
        if time.monotonic() > start + 30:
            raise Failure("nobody does the work of the server that was killed")
        time.sleep(0.05)
    until_shown(second, number, cookie, "behind the end of the first")
    return time.monotonic() - start


def the_same_key_gives_the_same_receipt(first, second, token):
    """Sent again to either, one after the other and many at once, among others that are new."""
    number, said = first.send(token, "again"), []
    for server in (first, second):
        if server.send(token, "again") != number:
            raise Failure("the same key gives another number")
        status, body = server.post(token, "again", dict(REPORT, incident={"narrative": "另一件"}))
        if status != 409:
            raise Failure(f"a key is taken for another report: {status} {body}")

    def send(server, key):
        try:
            said.append((key, server.send(token, key)))
        except Failure as failure:
            said.append((key, str(failure)))
    senders = [threading.Thread(target=send, args=((first, second)[i % 2], f"many {i // 4}")) for i in range(48)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    if len(set(said)) != 12 or len({number for _, number in said}) != 12:
        raise Failure(f"12 keys, each sent four times, gave {sorted(set(said))}")


class Stream:
    """GET /events of a server, as a browser holds it open."""

    def __init__(self, server, cookie, last=None):
        self.link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        self.link.request("GET", "/events", headers={
            "Cookie": cookie, "Accept": "text/event-stream", **({"Last-Event-ID": last} if last else {})})
        self.answer = self.link.getresponse()
        if self.answer.status != 200:
            raise Failure(f"a stream is refused: {self.answer.status}")

    def until(self, topic, what):
        """The number of the next event of a topic."""
        number, end = None, time.monotonic() + 30
        while time.monotonic() < end:
            line = self.answer.readline().decode().rstrip("\n")
            number = line[4:] if line.startswith("id: ") else number
            if line == "event: " + topic:
                return number
        raise Failure(f"{what}: no event {topic}")

    def end(self):
        self.link.close()


def what_one_does_the_other_tells(url, first, second, token, cookie):
    """By the second's stream; also when all connections to PostgreSQL were lost meanwhile."""
    stream = Stream(second, cookie)
    first.send(token, "before it is lost")
    last = stream.until("board", "an act by the other server")
    subprocess.run(["psql", url, "-Atc", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"],
                   stdout=subprocess.PIPE, check=True)
    number, end = None, time.monotonic() + 30
    while number is None and time.monotonic() < end:
        try:
            number = first.send(token, "behind the loss")
        except Failure:
            time.sleep(0.3)
    if number is None:
        raise Failure("no report is taken behind a loss of connections")
    later = stream.until("board", "an act behind a loss of connections")
    if int(later) <= int(last):
        raise Failure(f"the numbers go back: {last}, {later}")
    stream.end()
    # a browser that moves to the other server hears there what it missed here
    stream = Stream(first, cookie, last)
    stream.until("board", "what was missed, at the other server")
    stream.end()


def main():
    anwang, folder = sys.argv[1], sys.argv[2]
    sqlite, postgres = f"sqlite:{folder}/small.db", os.environ["ANWANG_PG"]
    keys = [f"{folder}/{name}/root.key" for name in ("one", "two")]
    servers = []
    try:
        for key in keys:
            os.mkdir(os.path.dirname(key))
        os.environ.pop("ANWANG_KEY_FILE", None)
        run(anwang, "demo", "--db", sqlite, "--policy", POLICY, "--scale", SCALE)
        run(anwang, "demo", "--db", postgres, "--policy", POLICY, "--scale", SCALE, key=keys[0])
        shutil.copy2(keys[0], keys[1])
        compared = both_count_the_same(anwang, sqlite, postgres, keys[0])
        os.environ["ANWANG_KEY_FILE"] = keys[0]
        servers = [Server(anwang, postgres, key) for key in keys]
        run(anwang, "user", "add", "two.screener", "--name", "雙例", "--title", "測試", "--unit",
            "centre", "--roles", "screener", "--password-file", "-", "--db", postgres, "--policy",
            POLICY, text=PASSWORD)
        token = json.loads(run(anwang, "user", "token", "precinct", "--unit", "police_1", "--db", postgres))["token"]
        cookie = a_session_is_good_on_both(servers[0], servers[1], "two.screener")
        a_session_ended_on_one_is_over_on_the_other(servers[0], servers[1], "two.screener")
        what_one_takes_the_other_shows(anwang, postgres, servers[0], servers[1], cookie)
        what_one_does_the_other_tells(postgres, servers[0], servers[1], token, cookie)
        the_same_key_gives_the_same_receipt(servers[0], servers[1], token)
        a_release_is_followed(anwang, postgres, servers[0], servers[1], folder)
        the_root_key_changes_under_both(anwang, postgres, servers[0], servers[1], token, cookie)
        away = the_work_goes_on_when_one_is_killed(postgres, servers[0], servers[1], token, cookie)
        run(anwang, "audit", "verify", "--db", postgres)
    except Failure as failure:
        print(failure)
        return 1
    finally:
        for server in servers:
            server.end()
    print(f"{compared} figures are the same on both engines, two servers agree, also on a new root key, and tell each "
          f"other's acts; "
          f"the second took over in {away:.1f} s, the log verifies")
    return 0


if __name__ == "__main__":
    sys.exit(main())
