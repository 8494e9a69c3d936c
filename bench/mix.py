"""200 people at work: each looks at a page, reads it for a while, and goes on by a link they saw."""
import collections
import http.client
import json
import os
import random
import re
import subprocess
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
USERS, THINK_S, RUN_S, WARM_S = 200, 6.0, 60, 20
SURNAMES = "陳林黃張李王吳劉蔡楊"
# how often which page is looked at, by role; the ten commonest of all
WEIGHTS = {
    "screener": {"work": 4, "board": 5, "reports": 3, "report": 8, "person": 4, "search": 2, "policy": 1},
    "dispatch_reviewer": {"work": 4, "board": 6, "reports": 2, "report": 8, "person": 3, "policy": 1},
    "worker": {"work": 6, "report": 4, "family": 6, "person": 5, "search": 1},
    "supervisor": {"work": 6, "reports": 2, "report": 5, "family": 5, "person": 4, "search": 1, "indicators": 1},
    "planner": {"work": 1, "indicators": 5, "indicator": 8, "policy": 1},
}
FIXED = {"work": "/work", "board": "/board", "reports": "/reports", "indicators": "/indicators", "policy": "/policy"}
LINKS = {"report": r"/reports/R[^\"/?#]+", "person": r"/people/P[^\"/?#]+", "family": r"/families/F[^\"/?#]+",
         "indicator": r"/indicators/[A-Za-z][^\"/?#]+"}
KEPT_LINKS = 200


class User(threading.Thread):
    """One session that walks."""

    def __init__(self, port, number, login, role, password):
        super().__init__(daemon=True)
        self.port, self.login_name, self.role, self.password = port, login, role, password
        self.address = f"10.0.{number // 250}.{number % 250 + 1}"
        self.chance, self.cookie, self.end = random.Random(number), None, 0
        self.links = {kind: collections.deque(maxlen=KEPT_LINKS) for kind in LINKS}
        self.times, self.first, self.wrong, self.connection = [], [], [], None

    def ask(self, method, path, body=None, headers=None):
        """(status, headers, body); a connection that was idle too long is made anew."""
        headers = {"X-Forwarded-For": self.address, "Accept": "text/html", **(headers or {})}
        for attempt in range(2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                self.connection.request(method, path, body, headers)
                reply = self.connection.getresponse()
                return reply.status, reply.headers, reply.read().decode("utf-8", "replace")
            except (OSError, http.client.HTTPException):
                self.connection.close()
                self.connection = None
                if attempt == 1:
                    raise
        return None

    def sign_in(self):
        status, headers, _ = self.ask("POST", "/login", f"login={self.login_name}&password={self.password}",
                                      {"Content-Type": "application/x-www-form-urlencoded"})
        cookie = headers.get("Set-Cookie")
        if status != 303 or not cookie:
            raise SystemExit(f"the login of {self.login_name} was refused: {status}")
        self.cookie = cookie.split(";")[0]

    def choose(self):
        """(kind, path) of the next page: one there is a way to."""
        weights = {kind: weight for kind, weight in WEIGHTS[self.role].items() if kind not in LINKS or self.links[kind]}
        kind = self.chance.choices(list(weights), list(weights.values()))[0]
        if kind == "search":
            return kind, "/people?q=" + "".join(f"%{byte:02X}" for byte in self.chance.choice(SURNAMES).encode())
        return kind, FIXED[kind] if kind in FIXED else self.chance.choice(self.links[kind])

    def look(self, counted):
        kind, path = self.choose()
        begin = time.perf_counter()
        try:
            status, _, body = self.ask("GET", path, None, {"Cookie": self.cookie})
        except (OSError, http.client.HTTPException):
            status, body = 0, ""
        took = (time.perf_counter() - begin) * 1000
        (self.times if counted else self.first).append((kind, took))
        if counted and status != 200:
            self.wrong.append((kind, path, status))
        if status == 200:
            for other, pattern in LINKS.items():
                for found in re.findall(f'href="({pattern})[?#"]', body):
                    if found not in self.links[other]:
                        self.links[other].append(found)

    def run(self):
        begin = time.monotonic()
        time.sleep(self.chance.uniform(0, THINK_S))
        while time.monotonic() < self.end:
            self.look(time.monotonic() > begin + WARM_S)
            time.sleep(self.chance.expovariate(1 / THINK_S))


def staff(rows):
    """(login, role) of the accounts that walk, out of (login, roles): of many, evenly chosen."""
    walking = sorted((login, role) for login, roles in rows for role in roles.split(",") if role in WEIGHTS)
    return walking if len(walking) <= USERS else [walking[i * len(walking) // USERS] for i in range(USERS)]


def hire(anwang, url, environment, logins, password):
    """Gives the demo's accounts a password that is known."""
    for login in logins:
        subprocess.run([anwang, "user", "reset", login, "--db", url, "--password-file", "-"], input=password, text=True,
                       env=environment, check=True, stdout=subprocess.DEVNULL)


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else 0.0


def walk(port, people, password):
    """The figures of a run: {kind: (count, p50, p95, p99, worst)}, pages a second, what went wrong, and the ms of
    the pages of its start, when nothing was read yet and all come at once."""
    users = [User(port, i, *people[i % len(people)], password) for i in range(USERS)]
    threads = [threading.Thread(target=lambda part=part: [user.sign_in() for user in part], daemon=True)
               for part in (users[0::2], users[1::2])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for user in users:
        user.end = time.monotonic() + WARM_S + RUN_S
        user.start()
    for user in users:
        user.join()
    times = collections.defaultdict(list)
    for user in users:
        for kind, took in user.times:
            times[kind].append(took)
    wrong = [one for user in users for one in user.wrong]
    figures = {kind: {"pages": len(of), "p50_ms": round(percentile(of, 50), 1), "p95_ms": round(percentile(of, 95), 1),
                      "p99_ms": round(percentile(of, 99), 1), "worst_ms": round(max(of), 1)}
               for kind, of in sorted(times.items())}
    first = [took for user in users for _, took in user.first]
    return figures, sum(len(of) for of in times.values()) / RUN_S, wrong, first


def measure(bench, cities, server, probe):
    """One engine: the accounts of the demo, each with its own work, share 200 sessions."""
    try:
        city = cities.itself()
        people = staff(city.texts("SELECT login, roles FROM account WHERE disabled_at IS NULL"))
        before = probe()
        with server(city.url, "--behind-proxy", ANWANG_KEY_FILE=city.key) as served:
            hire(city.anwang(), city.url, city.environment(), [login for login, _ in people], "bench+and+nothing+else".replace("+", " "))
            figures, rate, wrong, first = walk(served.port, people, "bench+and+nothing+else")
            resident = round(served.resident_mb())
    finally:
        cities.done()
    size = f"{USERS} users, {THINK_S:g} s of thinking: {rate:.1f} pages a second; {resident} MB resident; bare fdatasync p99 {before['p99_ms']} ms"
    print(f"      {cities.name}: {size}", flush=True)
    start = {"pages": len(first), "p50_ms": round(percentile(first, 50), 1), "p95_ms": round(percentile(first, 95), 1),
             "worst_ms": round(max(first), 1)}
    bench.notes[cities.name] = {"start": start, "pages_a_second": round(rate, 1), "resident_mb": resident, "fdatasync": before,
                                "pages": figures, "wrong": wrong[:20]}
    for kind, of in figures.items():
        print(f"      {kind:12} {of['pages']:6} pages  p50 {of['p50_ms']:7} p95 {of['p95_ms']:7} p99 {of['p99_ms']:7} ms", flush=True)
    print(f"      the first {WARM_S} s, cold, all at once: {start['pages']} pages, p50 {start['p50_ms']} p95 {start['p95_ms']} "
          f"worst {start['worst_ms']} ms", flush=True)
    bench.figure(f"{cities.name}: pages that failed", len(wrong), 0.5, "pages", f"; {wrong[:3]}" if wrong else "")
    bench.figure(f"{cities.name}: p95 of the slowest page", max(of["p95_ms"] for of in figures.values()), 100, "ms")
