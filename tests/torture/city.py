"""A small city to torture: made once, copied for each trial, served, loaded over HTTP, looked into."""
import collections
import http.client
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ANWANG = os.environ.get("ANWANG", os.path.join(ROOT, "build", "anwang"))
POLICY = os.path.join(ROOT, "policy", "keelung")
SHIMS = {}  # name: path, once built


def shim(name):
    """The path of a library that is loaded before the program's own; built from NAME.c beside this."""
    if name not in SHIMS:
        made = os.path.join(ROOT, "build", f"torture-{name}.so")
        subprocess.run(["cc", "-std=c17", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", made,
                        os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".c")], check=True)
        SHIMS[name] = made
    return SHIMS[name]


class City:
    """A folder with a database, its root key and the token of a system that sends reports."""

    def __init__(self, folder, key=None, token=None):
        self.folder, self.token = os.path.realpath(folder), token
        self.key = key or os.path.join(self.folder, "root.key")
        self.path = os.path.join(self.folder, "city.db")
        self.url = "sqlite:" + self.path

    @classmethod
    def made(cls, folder):
        """A new city without people: what a first day looks like."""
        return cls(folder).make()

    def make(self, **more):
        """Its folder, key, database and token; more: of the environment."""
        os.makedirs(self.folder)
        self.run("key", "new", self.key, db=False)
        self.run("init", "--policy", POLICY, **more)
        self.token = json.loads(self.run("user", "token", "precinct", "--unit", "police_1", **more))["token"]
        return self

    def copy(self, folder):
        """The same city in another folder."""
        shutil.copytree(self.folder, folder)
        return City(folder, token=self.token)

    def environment(self, **more):
        return dict(os.environ, ANWANG_KEY_FILE=self.key, **more)

    def command(self, *words, db=True, timeout=300, **more):
        """What a command of the program did: a CompletedProcess."""
        line = [ANWANG, *words] + (["--db", self.url] if db else [])
        return subprocess.run(line, env=self.environment(**more), text=True, timeout=timeout,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *words, **more):
        """What a command printed; it must do its work."""
        done = self.command(*words, **more)
        if done.returncode != 0:
            raise SystemExit(f"anwang {' '.join(words)}: {done.stderr}")
        return done.stdout

    def account(self, login, roles, unit, password="torture and nothing else"):
        done = subprocess.run([ANWANG, "user", "add", login, "--name", "試驗", "--title", "社工",
                               "--unit", unit, "--roles", roles, "--password-file", "-",
                               "--db", self.url], input=password, text=True, env=self.environment(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise SystemExit(done.stderr)
        return login, password

    def verified(self):
        """None when the log is what was written; else what verify said."""
        done = self.command("audit", "verify")
        return None if done.returncode == 0 else (done.stdout + done.stderr).strip()

    def change(self, statement):
        """Changes the database by hand, when no server holds it."""
        connection = sqlite3.connect(self.path)
        with connection:
            connection.execute(statement)
        connection.close()

    def rows(self, statement):
        """Rows of a statement on the database file, beside a server or without one."""
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=30)
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()


class Server:
    """anwang serve over a city, on a port of its own choice."""

    def __init__(self, city, preload=None, witness=None, wait_s=30, words=(), policy=POLICY, **more):
        line = [ANWANG, "serve", "--db", city.url, "--policy", policy, "--listen", "127.0.0.1:0", *words]
        if witness:
            line += ["--witness", witness]
        if preload:
            more["LD_PRELOAD"] = preload
        self.city, self.port, self.said = city, None, []
        self.process = subprocess.Popen(line, env=city.environment(**more), text=True,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.ready = threading.Event()
        self.reader = threading.Thread(target=self.listen, daemon=True)
        self.reader.start()
        end = time.monotonic() + wait_s
        while not self.ready.wait(0.02) and self.process.poll() is None and time.monotonic() < end:
            pass

    def listen(self):
        for line in self.process.stderr:
            self.said.append(line.rstrip())
            found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found[1])
                self.ready.set()
        self.process.stderr.close()

    def alive(self):
        return self.process.poll() is None

    def kill(self):
        self.process.kill()
        return self.end()

    def stop(self):
        """Ends it as an operator does; its exit code."""
        if self.alive():
            self.process.send_signal(signal.SIGTERM)
        return self.end()

    def end(self, timeout=60):
        """Waits for its end; the exit code, negative for a signal."""
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            self.said.append("did not end in time")
            code = None
        self.reader.join(10)
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.alive():
            self.process.kill()
        self.end()

    def ask(self, method, path, body=None, headers=None, timeout=30):
        """(status, headers, body) on a connection of its own; OSError when there is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            reply = connection.getresponse()
            return reply.status, reply.headers, reply.read()
        except http.client.HTTPException as broken:
            raise OSError(str(broken)) from broken
        finally:
            connection.close()

    def login(self, login, password):
        """The cookie of a session."""
        status, headers, _ = self.ask("POST", "/login", f"login={login}&password={password}".replace(" ", "+"),
                                      {"Content-Type": "application/x-www-form-urlencoded"})
        cookie = headers.get("Set-Cookie")
        if status != 303 or not cookie:
            raise SystemExit(f"the login of {login} was refused: {status}")
        return cookie.split(";")[0]

    def form_token(self, cookie):
        """The token that the forms of a session hold."""
        _, _, page = self.ask("GET", "/purpose", headers={"Cookie": cookie})
        return re.search(rb'name="csrf" value="([0-9a-f]+)"', page)[1].decode()

    def search(self, cookie, token, typed, timeout=30):
        """Searches people as the box above each page does: the status of the page of who was found."""
        body = urllib.parse.urlencode({"csrf": token, "q": typed})
        status, headers, _ = self.ask("POST", "/people/search", body, {
            "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}, timeout)
        if status != 303:
            return status
        return self.ask("GET", headers["Location"], headers={"Cookie": cookie}, timeout=timeout)[0]

    def send(self, mark, key=None, timeout=30):
        """Sends the report of a mark; (status, number or None). OSError when no answer came."""
        status, _, body = self.ask("POST", "/reports", report(mark), sending(self.city.token, key or mark), timeout)
        if status not in (200, 201):
            return status, None
        return status, json.loads(body)["number"]


def sending(token, key):
    return {"Authorization": "Bearer " + token, "Content-Type": "application/json", "Idempotency-Key": key}


KINDS = ("adult_ipv", "child_protection", "adult_family_other", "adult_disability", "adult_elder")


def report(mark):
    """The body of a report. Its mark stands in the reporter's post, which is not sealed: so that it is
    counted in the tables by what was sent, and not by what the program says it received."""
    n = sum(mark.encode())
    return json.dumps({
        "kind": KINDS[n % len(KINDS)], "channel": "police",
        "reporter": {"role": "police", "unit": mark, "name": "試驗員"},
        "incident": {"narrative": f"試驗 {mark} " + "說明" * (n % 60), "address": f"基隆市信義區東信路{n % 90 + 1}號"},
        "persons": [{"role": "victim", "name": "林試驗", "sex": "F"},
                    {"role": "respondent", "name": "陳試驗", "relation": "spouse"}],
    })


class Load:
    """Clients that send reports until told to end. What is unanswered is sent again, with its key."""

    def __init__(self, clients=8, name="m"):
        self.clients, self.name, self.lock = clients, name, threading.Lock()
        self.acknowledged = {}  # mark: number
        self.positions = {}     # mark: what now() said when the answer was there
        self.unanswered = collections.deque()
        self.wrong = []         # answers that contradict an earlier one
        self.statuses = collections.Counter()
        self.count, self.ending, self.threads = 0, False, []

    def next_mark(self):
        with self.lock:
            if self.unanswered:
                return self.unanswered.popleft()
            self.count += 1
            return f"{self.name}-{self.count:06d}"

    def sent(self, server, mark, now=None):
        """One sending; True when it was acknowledged."""
        try:
            status, number = server.send(mark)
        except (OSError, ValueError):
            status, number = 0, None
        with self.lock:
            self.statuses[status] += 1
            if number is None:
                self.unanswered.append(mark)
                return False
            if self.acknowledged.setdefault(mark, number) != number:
                self.wrong.append(f"{mark}: {self.acknowledged[mark]} and then {number}")
            if now is not None:
                self.positions[mark] = now()
            return True

    def run(self, server, now, most):
        while not self.ending and server.alive() and len(self.acknowledged) < most:
            if not self.sent(server, self.next_mark(), now):
                time.sleep(0.01)

    def start(self, server, now=None, most=1 << 30):
        self.ending = False
        self.threads = [threading.Thread(target=self.run, args=(server, now, most), daemon=True)
                        for _ in range(self.clients)]
        for thread in self.threads:
            thread.start()

    def join(self):
        for thread in self.threads:
            thread.join()

    def end(self):
        self.ending = True
        self.join()


def settled(city, timeout=120):
    """Waits beside a running server until no work item waits; False when it takes too long."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if city.rows("SELECT count(*) FROM work_item WHERE state = 'waiting'")[0][0] == 0:
            return True
        time.sleep(0.1)
    return False


class Found:
    """What the tables hold of the reports that were acknowledged."""

    def __init__(self, rows, acknowledged):
        numbers = collections.defaultdict(list)
        for mark, number in rows("SELECT reporter_unit, number FROM report"):
            numbers[mark].append(number)
        self.count = len(numbers)
        self.lost = [m for m, number in acknowledged.items() if number not in numbers.get(m, ())]
        self.doubled = [m for m, found in numbers.items() if len(found) != 1]


# every one of these must find nothing: what a half written report or a half done work item would leave
WHOLE = {
    "a report without its work item": "SELECT r.id FROM report r LEFT JOIN work_item w ON w.reference = r.id "
                                      "AND w.kind = 'screen_report' GROUP BY r.id HAVING count(w.id) <> 1",
    "a report without persons": "SELECT id FROM report WHERE id NOT IN (SELECT report FROM report_person)",
    "a report without an issue": "SELECT id FROM report WHERE id NOT IN (SELECT report FROM issue)",
    "a report not received once": "SELECT r.id FROM report r LEFT JOIN dispatch_event e ON e.report = r.id AND "
                                  "e.kind = 'received' GROUP BY r.id HAVING count(e.id) <> 1",
    "a report not in the log": "SELECT number FROM report WHERE number NOT IN (SELECT object FROM audit_entry "
                               "WHERE action = 'report.send' AND outcome = 'ok' AND object IS NOT NULL)",
    "a screening without its decision": "SELECT w.id FROM work_item w LEFT JOIN decision d ON d.report = "
                                        "w.reference WHERE w.state = 'done' GROUP BY w.id HAVING count(d.id) <> 1",
    "a decision without a screening": "SELECT report FROM decision WHERE report NOT IN (SELECT reference FROM "
                                      "work_item WHERE state = 'done')",
    "a unit proposed twice": "SELECT report FROM dispatch GROUP BY report, unit HAVING count(*) <> 1",
    "a screening not once in the log": "SELECT w.id FROM work_item w LEFT JOIN report r ON r.id = w.reference "
                                       "LEFT JOIN audit_entry a ON a.object = r.number AND a.action = "
                                       "'report.screen' AND a.outcome = 'ok' WHERE w.state = 'done' "
                                       "GROUP BY w.id HAVING count(a.leaf) <> 1",
    "a work item that was given up": "SELECT id FROM work_item WHERE state = 'failed'",
}


def not_whole(rows):
    """Names of what WHOLE finds."""
    return [name for name, statement in WHOLE.items() if rows(statement + " LIMIT 1")]


def trouble(city, load, what):
    """Everything that is wrong with a city after a trial, in words."""
    words = [f"{what}: {name}" for name in not_whole(city.rows)]
    said = city.verified()
    if said is not None:
        words.append(f"{what}: the log does not verify: {said}")
    return words + [f"{what}: another number for one key: {w}" for w in load.wrong]
