#!/usr/bin/env python3
"""Measures the program against what it promises, and beside the machine it runs on.

Usage: run.py [NAME...]    screen pages serve siege intake; when named: log, which fills 3 GB and takes a
                           quarter of an hour, and mix, on a city of 6 GB and, of PostgreSQL, a copy
       LOG_ENTRIES=1000000 run.py log    a smaller log
       ENGINES=sqlite run.py intake mix  on one engine
       MIX=taipei run.py mix             200 users on a city of New Taipei's size
       run.py link    any table linked, beside Splink in an environment of its own: link.py
       run.py live    recognition among millions: sizes and rivals in live.py

Every figure is printed with what it is compared to and their ratio (at most 1 is kept), and written to
bench/results/NAME.json. The disk is probed in the same run: a commit cannot be faster than fdatasync,
so a page's figure counts only where the bare fdatasync p99 is at most 5 ms, and is taken again (three
times at most) where it is not. The demo cities are made in var/bench and kept: a second run is short.
"""
import http.client
import json
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ANWANG = os.path.join(ROOT, "build", "anwang")
POLICY = os.path.join(ROOT, "policy", "keelung")
CITIES = os.path.join(ROOT, "var", "bench")
RESULTS = os.path.join(ROOT, "bench", "results")
PASSWORD = "bench and nothing else"
# ten times Keelung's reports; and New Taipei: 4 million people, 450,000 reports
CITY_OPTIONS = {"one": (), "ten": ("--reports", "10"), "taipei": ("--scale", "11", "--reports", "2.8"),
                "many": ("--scale", "0.1", "--reports", "50")}


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else 0.0


def fdatasync_ms(count=300):
    """p50 and p99 of a bare 4 KiB append with fdatasync, beside the databases."""
    os.makedirs(CITIES, exist_ok=True)
    times = []
    with tempfile.NamedTemporaryFile(dir=CITIES) as probe:
        block = os.urandom(4096)
        for _ in range(count):
            start = time.perf_counter()
            os.write(probe.fileno(), block)
            os.fdatasync(probe.fileno())
            times.append((time.perf_counter() - start) * 1000)
    return {"p50_ms": round(percentile(times, 50), 3), "p99_ms": round(percentile(times, 99), 3)}


class Bench:
    """The figures of one named measurement."""

    def __init__(self, name):
        self.name, self.figures, self.notes = name, [], {}
        print(f"== {name}")

    def figure(self, what, value, limit, unit, beside=""):
        kept = value <= limit
        self.figures.append({"what": what, "value": value, "limit": limit, "unit": unit,
                             "ratio": round(value / limit, 3), "kept": kept})
        print(f"{'kept' if kept else 'MISS'}  {what}: {value:g} {unit}, promised {limit:g} {unit}, "
              f"ratio {value / limit:.2f}{beside}", flush=True)

    def done(self):
        os.makedirs(RESULTS, exist_ok=True)
        with open(os.path.join(RESULTS, self.name + ".json"), "w", encoding="utf-8") as out:
            json.dump({"name": self.name, "machine": platform.platform(), "cpus": os.cpu_count(),
                       "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "figures": self.figures,
                       **self.notes}, out, ensure_ascii=False, indent=1)
        return all(figure["kept"] for figure in self.figures)


def city(name, *options):
    """The URL of a demo city, made on first use."""
    os.makedirs(CITIES, exist_ok=True)
    path = os.path.join(CITIES, name + ".db")
    if not os.path.exists(path + ".done"):
        for leftover in os.listdir(CITIES):
            if leftover.startswith(name + ".db"):
                os.unlink(os.path.join(CITIES, leftover))
        for command in (["init"], ["demo", *options]):
            subprocess.run([ANWANG, command[0], "--db", "sqlite:" + path, "--policy", POLICY,
                            *command[1:]], check=True, stdout=subprocess.DEVNULL)
        open(path + ".done", "w").close()
    return "sqlite:" + path


class Server:
    """anwang serve on a port of its own choice."""

    def __init__(self, url, *options, **environment):
        self.url = url
        start = time.perf_counter()
        self.process = subprocess.Popen(
            [ANWANG, "serve", "--db", url, "--policy", POLICY, "--listen", "127.0.0.1:0", *options],
            stderr=subprocess.PIPE, text=True, env=dict(os.environ, **environment))
        self.port = None
        for line in self.process.stderr:
            found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found[1])
                break
        if self.port is None:
            raise SystemExit("the server did not start")
        self.ready_s = time.perf_counter() - start
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def resident_mb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1]) / 1024

    def get(self, path, cookie=None):
        """(status, body, milliseconds) of one GET on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Accept": "text/html"}
        if cookie:
            headers["Cookie"] = cookie
        start = time.perf_counter()
        connection.request("GET", path, headers=headers)
        reply = connection.getresponse()
        body = reply.read()
        took = (time.perf_counter() - start) * 1000
        connection.close()
        return reply.status, body.decode("utf-8", "replace"), took

    def login(self, login, roles, unit):
        """The cookie of an account made for this run."""
        base = [ANWANG, "user"]
        tail = ["--db", self.url, "--policy", POLICY, "--password-file", "-"]
        made = subprocess.run([*base, "add", login, "--name", "量測", "--title", "社工", "--unit", unit,
                               "--roles", roles, *tail], input=PASSWORD, text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if made.returncode not in (0, 1):
            raise SystemExit(made.stderr)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", "/login", f"login={login}&password={PASSWORD.replace(' ', '+')}",
                           {"Content-Type": "application/x-www-form-urlencoded"})
        reply = connection.getresponse()
        reply.read()
        connection.close()
        cookie = reply.getheader("Set-Cookie")
        if reply.status != 303 or not cookie:
            raise SystemExit(f"the login of {login} was refused: {reply.status}")
        return cookie.split(";")[0]


def bench_serve():
    bench = Bench("serve")
    url = city("one")
    with Server(url) as server:
        status, _, _ = server.get("/healthz")
        assert status == 200
        for _ in range(20):
            server.get("/login")
        bench.figure("ready after", round(server.ready_s, 2), 5, "s")
        bench.figure("resident", round(server.resident_mb(), 1), 400, "MB")
    return bench.done()


def load(server, visits, rate, seconds):
    """Open loop: a visit each 1/rate s whatever the others do; ms of each from its due time."""
    times, errors, threads = [], [], []
    begin = time.perf_counter() + 0.2

    def visit(i):
        cookie, path = visits[i % len(visits)]
        due = begin + i / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        status, _, _ = server.get(path, cookie)
        times.append((path, (time.perf_counter() - due) * 1000))
        if status != 200:
            errors.append((path, status))

    for i in range(int(rate * seconds)):
        threads.append(threading.Thread(target=visit, args=(i,)))
    for i, thread in enumerate(threads):
        time.sleep(max(0.0, begin + i / rate - 0.05 - time.perf_counter()))
        thread.start()
    for thread in threads:
        thread.join()
    return times, errors


def pages_to_visit(server):
    """What people look at in a day, from the pages' own links: (cookie, path)."""
    screener = server.login("bench.screener", "screener", "centre")
    worker = server.login("bench.worker", "supervisor", "dv_adult")
    planner = server.login("bench.planner", "planner", "social_affairs")
    visits = [(screener, "/work"), (screener, "/board"), (screener, "/reports"), (worker, "/work"),
              (planner, "/indicators"), (screener, "/policy")]
    _, listing, _ = server.get("/reports", screener)
    for path in sorted(set(re.findall(r'href="(/reports/R[^"/?]+)"', listing)))[:6]:
        visits.append((screener, path))
    _, listing, _ = server.get("/indicators", planner)
    for path in sorted(set(re.findall(r'href="(/indicators/[^"?]+)"', listing)))[:4]:
        visits.append((planner, path))
    good = []
    for cookie, path in visits:
        status, _, _ = server.get(path, cookie)
        if status == 200:
            good.append((cookie, path))
        else:
            raise SystemExit(f"{path} answers {status}")
    return good


def bench_pages():
    bench = Bench("pages")
    url = city("ten", *CITY_OPTIONS["ten"])
    with Server(url) as server:
        visits = pages_to_visit(server)
        for attempt in range(3):
            disk = fdatasync_ms()
            times, errors = load(server, visits, 20, 30)
            after = fdatasync_ms()
            disk["p99_ms"] = max(disk["p99_ms"], after["p99_ms"])
            if disk["p99_ms"] <= 5:
                break
            print(f"      fdatasync p99 {disk['p99_ms']} ms: measured again", flush=True)
        bench.notes["fdatasync"] = disk
        bench.notes["by_page"] = {
            path: round(percentile([ms for p, ms in times if p == path], 95), 2)
            for path in sorted({p for p, _ in times})}
        bench.figure("failed pages", len(errors), 0.5, "pages")
        bench.figure(f"p95 of {len(times)} pages at 20 a second",
                     round(percentile([ms for _, ms in times], 95), 2), 20, "ms",
                     f"; bare fdatasync p99 {disk['p99_ms']} ms in the same run")
        for path, ms in bench.notes["by_page"].items():
            print(f"      {ms:8.2f} ms  {path}")
    return bench.done()


def bench_screen():
    bench = Bench("screen")
    url = city("one")
    disk = fdatasync_ms()
    done = subprocess.run([os.path.join(ROOT, "build", "bench", "bench_screen"), url, POLICY],
                          check=True, text=True, stdout=subprocess.PIPE)
    figures = json.loads(done.stdout)
    bench.notes["fdatasync"] = disk
    bench.notes["screen"] = figures
    bench.figure(f"p99 of {figures['reports']} reports recognised, decided, proposed among "
                 f"{figures['people']:,} people", round(figures["p99_ms"], 2), 10, "ms",
                 f"; bare fdatasync p99 {disk['p99_ms']} ms in the same run")
    return bench.done()


def bench_log():
    """A log of ten million entries: verified whole, and asked what an auditor asks."""
    bench = Bench("log")
    os.makedirs(CITIES, exist_ok=True)
    entries = int(os.environ.get("LOG_ENTRIES", "10000000"))
    path = os.path.join(CITIES, f"log-{entries}.db")
    done = subprocess.run([os.path.join(ROOT, "build", "bench", "bench_log"), "sqlite:" + path,
                           str(entries)], check=True, text=True, stdout=subprocess.PIPE)
    figures = json.loads(done.stdout)
    bench.notes["log"] = figures
    bench.figure(f"{figures['entries']:,} entries and {figures['checkpoints']:,} checkpoints verified",
                 figures["verify_s"], 60 * figures["entries"] / 10_000_000, "s",
                 f"; {figures['verify_s'] / figures['bare_sha256_s']:.2f} times a bare SHA-256 of the "
                 f"same bytes, {figures['bare_sha256_s']:.1f} s in the same run")
    for name, figure in figures.items():
        if isinstance(figure, dict):
            bench.figure(f"{name}: p99 of {figure['asked']}, {figure['rows']} rows",
                         round(figure["p99_ms"] / 1000, 4), 5, "s",
                         f"; p50 {figure['p50_ms']} ms, worst {figure['max_ms']} ms")
    return bench.done()


def bench_siege():
    """The p99 of a receipt under 2,000 slow sockets, as a ratio of the quiet one in the same run."""
    sys.path.insert(0, os.path.join(ROOT, "tests", "torture"))
    import city as torture_city
    import door
    bench = Bench("siege")
    with tempfile.TemporaryDirectory(prefix="anwang-bench-") as folder:
        with torture_city.Server(torture_city.City.made(os.path.join(folder, "city"))) as server:
            side = [(server, torture_city.Load(name="siege"))]
            door.honest(side, 2)
            for kind in ("head", "body", "reader"):
                quiet_s = door.honest(side, 15)[0]
                siege, under_s, _, wrong = door.besiege(side, (kind,), 2000, 20, quiet_s)
                bench.notes[kind] = {"quiet_ms": round(quiet_s * 1000, 2), "cut": siege.cut, "wrong": wrong}
                bench.figure(f"p99 of a receipt under 2,000 slow {kind} sockets",
                             round(under_s / quiet_s, 2), 2, "x quiet",
                             f"; {under_s * 1000:.1f} ms, quiet {quiet_s * 1000:.1f} ms")
            bench.figure("receipts that did not come", len(side[0][1].unanswered), 0.5, "receipts")
    return bench.done()


def bench_intake():
    """Durable intake beside a bare writer, and beside itself without sealing and log, on both engines."""
    import intake
    bench = Bench("intake")
    bench.notes["fdatasync"] = fdatasync_ms()
    kinds = {"sqlite": intake.SqliteCities, "postgres": intake.PgCities}
    chosen = os.environ.get("ENGINES", "sqlite postgres").split()
    intake.run(bench, [kinds[name] for name in chosen], city("one")[len("sqlite:"):], os.path.join(CITIES, "intake"))
    return bench.done()


def bench_mix():
    """200 users of all roles on a city of ten times Keelung's reports, or the one that MIX names."""
    import intake
    import mix
    bench = Bench("mix")
    name = os.environ.get("MIX", "ten")
    path = city(name, *CITY_OPTIONS[name])[len("sqlite:"):]
    folder = os.path.join(CITIES, "mix")
    intake.clear(folder)
    for engine in os.environ.get("ENGINES", "sqlite postgres").split():
        place = os.path.join(folder, intake.PgCities.name if engine == "postgres" else intake.SqliteCities.name)
        cities = intake.PgCities(path, place, recorded=False) if engine == "postgres" else intake.SqliteCities(path, place)
        mix.measure(bench, cities, Server, fdatasync_ms)
    intake.clear(folder)
    return bench.done()


def bench_live():
    """Lookup among millions, twins, registration, SQLite and DuckDB beside: see live.py."""
    import live
    bench = Bench("live")
    live.measure(bench)
    return bench.done()


def bench_replay():
    """Every decision of some 60,000 reports again under a draft, from the database to the matrix."""
    bench = Bench("replay")
    path = os.environ.get("REPLAY", "")
    url = "sqlite:" + path if path else city("many", *CITY_OPTIONS["many"])
    command = [ANWANG, "policy", "replay", "--db", url, "--policy", POLICY, "--with", POLICY,
               "--period", "2018-01-01..2021-12-31", "--format", "json"]
    times = []
    with Server(url):
        for _ in range(3):
            start = time.perf_counter()
            done = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE)
            times.append(time.perf_counter() - start)
    figures = json.loads(done.stdout)
    bench.notes["seconds"] = [round(each, 3) for each in times]
    bench.figure(f"{figures['decisions']:,} decisions made again", round(sorted(times)[1], 2),
                 3 * figures["decisions"] / 60_000, "s", f"; {sorted(times)[1] / figures['decisions'] * 1e6:.0f} us each, "
                 f"with sending the draft and reading it; the middle one of {len(times)}")
    return bench.done()


def bench_link():
    """The engine for any table beside Splink: see link.py, which installs the rival by itself."""
    return subprocess.run([sys.executable, os.path.join(ROOT, "bench", "link.py")]).returncode == 0


def main():
    names = sys.argv[1:] or ["screen", "pages", "serve", "siege", "intake"]
    benches = {"screen": bench_screen, "pages": bench_pages, "serve": bench_serve, "siege": bench_siege,
               "log": bench_log, "intake": bench_intake, "mix": bench_mix, "live": bench_live,
               "link": bench_link, "replay": bench_replay}
    unknown = [name for name in names if name not in benches]
    if unknown:
        print("there is no measurement " + ", ".join(unknown), file=sys.stderr)
        return 2
    subprocess.run(["ninja", "-C", os.path.join(ROOT, "build"), "--quiet"], check=True)
    kept = [benches[name]() for name in names]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
