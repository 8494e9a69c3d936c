"""Durable intake: 8 systems send reports over HTTP, beside a bare writer of the same rows, and beside the
program without sealing and log; screening runs all the while."""
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build", "bench")
POLICY = os.path.join(ROOT, "policy", "keelung")
sys.path.insert(0, os.path.join(ROOT, "tests", "torture"))
import city as torture_city  # noqa: E402  pylint: disable=wrong-import-position
import cluster as torture_cluster  # noqa: E402  pylint: disable=wrong-import-position

CLIENTS, RECORDED = 8, 50000
RESTORE_S = 3600  # the longest a city of 20 GB may take
SURNAMES = "陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊呂江何蕭羅高"
GIVEN = "志明家豪淑芬雅婷怡君俊傑美玲建宏宗翰佳穎承恩冠宇詩涵宜庭子晴品妍柏翰"
ROADS = ("信義區東信路", "仁愛區愛三路", "中正區中正路", "安樂區基金一路", "七堵區明德一路", "暖暖區暖暖街", "中山區復興路")
TOLD = "鄰居聽見爭吵與哭聲，到場時雙方已分開，手臂有瘀青，表示不是第一次。家中另有未成年子女。"


def bodies(path, count=2000):
    """A file of made-up reports, a line each; the same ones every time."""
    chance = random.Random(7)

    def somebody(role, sex):
        return {"role": role, "sex": sex, "name": chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2)),
                "birth_date": f"{chance.randint(40, 105)}.{chance.randint(1, 12)}.{chance.randint(1, 28)}",
                "phones": [f"09{chance.randint(0, 99999999):08d}"],
                "address": f"基隆市{chance.choice(ROADS)}{chance.randint(1, 400)}號{chance.randint(2, 9)}樓"}
    with open(path, "w", encoding="utf-8") as out:
        for number in range(count):
            respondent = somebody("respondent", "M")
            respondent["relation"] = "spouse"
            out.write(json.dumps({
                "kind": torture_city.KINDS[number % len(torture_city.KINDS)], "channel": "police",
                "reporter": {"role": "police", "unit": "第一分局", "name": "量測員", "phone": "0224201122"},
                "incident": {"narrative": TOLD * chance.randint(1, 6), "district": "信義區",
                             "address": f"基隆市{chance.choice(ROADS)}{chance.randint(1, 400)}號"},
                "persons": [somebody("victim", "F"), respondent]}, ensure_ascii=False) + "\n")
    return path


class SqliteCity(torture_city.City):
    """A city in a file."""

    def __init__(self, folder, key=None, path=None):
        super().__init__(folder, key=key)
        self.path = path or self.path
        self.url = "sqlite:" + self.path

    def texts(self, statement):
        """Rows as they are."""
        return self.rows(statement)

    def anwang(self):
        return torture_city.ANWANG

    def new_token(self):
        return json.loads(self.run("user", "token", "precinct", "--unit", "police_1"))["token"]


class SqliteCities:
    """Copies of a ready city, one for each side of the measurement."""

    name = "SQLite"

    def __init__(self, ready, folder):
        self.ready, self.folder = ready, folder
        os.makedirs(folder, exist_ok=True)

    def copy(self, name):
        place = os.path.join(self.folder, name)
        os.makedirs(place)
        city = SqliteCity(place, key=os.path.join(place, "city.db.key"))
        subprocess.run(["cp", "--reflink=auto", self.ready, city.path], check=True)
        subprocess.run(["cp", self.ready + ".key", city.key], check=True)
        city.token = city.new_token()
        os.sync()  # or what is measured waits for the copy
        return city

    def itself(self):
        """The ready city, for whoever adds nothing to it but sessions and looks."""
        return SqliteCity(os.path.dirname(self.ready), key=self.ready + ".key", path=self.ready)

    def bare(self):
        """(the city to record in, the url to write to)"""
        city = self.copy("bare")
        return city, city.url

    def done(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class PgCity(SqliteCity):
    """A city in a database of a cluster."""

    def __init__(self, folder, key, cluster, name):
        super().__init__(folder, key=key)
        self.cluster, self.name = cluster, name
        self.url = f"postgresql:///{name}?host={cluster.folder}&user=anwang"

    def texts(self, statement):
        done = subprocess.run(["psql", self.url, "-At", "-c", statement], text=True, check=True, stdout=subprocess.PIPE)
        return [tuple(line.split("|")) for line in done.stdout.splitlines()]

    def rows(self, statement):
        return [tuple(int(cell) for cell in row) for row in self.texts(statement)]


class PgCities(SqliteCities):
    """The same in a private cluster with the disk's guarantees, on the same disk."""

    name = "PostgreSQL"

    def __init__(self, ready, folder, recorded=True):
        super().__init__(ready, folder)
        self.cluster = torture_cluster.Cluster(os.path.join(folder, "pg"))
        try:
            self.recorder = super().copy("recorded") if recorded else super().itself()
            backup = os.path.join(folder, "backup")
            self.recorder.run("backup", backup, timeout=RESTORE_S)
            self.whole = PgCity(folder, self.recorder.key, self.cluster, "anwang")
            self.whole.run("restore", backup, timeout=RESTORE_S)
            os.unlink(backup)
        except BaseException:
            self.done()
            raise

    def itself(self):
        return self.whole

    def database(self, name):
        self.cluster.run("createdb", "-h", self.cluster.folder, "-U", "anwang", "-T", "anwang", name)
        return PgCity(self.folder, self.recorder.key, self.cluster, name)

    def copy(self, name):
        city = self.database(name)
        city.token = city.new_token()
        os.sync()
        return city

    def bare(self):
        """The log goes on where that of the recorded city does: what restoring added is taken away."""
        city, entries = self.database("bare"), self.recorder.rows("SELECT count(*) FROM audit_entry")[0][0]
        subprocess.run(["psql", city.url, "-q", "-c", f"DELETE FROM audit_entry WHERE leaf >= {entries}"], check=True)
        return self.recorder, city.url

    def done(self):
        self.cluster.stop()
        super().done()


class Bare:
    """The bare writer, which writes for as long as it is told to."""

    def __init__(self, cities, reports):
        city, target = cities.bare()
        self.process = subprocess.Popen(
            [os.path.join(BUILD, "bench_bare"), city.url, POLICY, reports, str(RECORDED), str(CLIENTS), target],
            env=city.environment(), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdout.readline()

    def round(self, seconds):
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def done(self):
        self.process.stdin.close()
        self.process.wait(60)


class Side:
    """A program that serves a city of its own."""

    def __init__(self, city, program=None):
        self.city, self.rounds = city, 0
        kept, torture_city.ANWANG = torture_city.ANWANG, program or torture_city.ANWANG
        self.server = torture_city.Server(city)
        torture_city.ANWANG = kept

    def waiting(self):
        return self.city.rows("SELECT count(*) FROM work_item WHERE state = 'waiting'")[0][0]

    def round(self, seconds, reports):
        """Sends for so many seconds; then the program stands still, so that others are measured alone."""
        self.rounds += 1
        self.server.process.send_signal(signal.SIGCONT)
        done = subprocess.run([os.path.join(BUILD, "bench_client"), str(self.server.port), self.city.token, reports,
                               str(seconds), str(CLIENTS), f"r{self.rounds}"], check=True, text=True,
                              stdout=subprocess.PIPE)
        self.server.process.send_signal(signal.SIGSTOP)
        return {**json.loads(done.stdout), "backlog": self.waiting()}

    def why(self):
        """What is known of the items that wait."""
        return self.city.texts("SELECT kind, attempts, COALESCE(max(last_error), ''), count(*) FROM work_item"
                               " WHERE state = 'waiting' GROUP BY kind, attempts")

    def drain(self, most_s):
        """(seconds until all is screened, reports a second, what is left)"""
        begin, first = time.monotonic(), self.waiting()
        self.server.process.send_signal(signal.SIGCONT)
        left = first
        while left > 0 and time.monotonic() < begin + most_s:
            time.sleep(0.1)
            left = self.waiting()
        took = time.monotonic() - begin
        return round(took, 2), (first - left) / took, left

    def stop(self):
        self.server.process.send_signal(signal.SIGCONT)
        self.server.stop()


def client_limit(reports):
    """What the client and the program's HTTP manage when nothing is done with a report."""
    done = subprocess.run([os.path.join(BUILD, "bench_client"), "--limit", reports, "3", str(CLIENTS)], check=True,
                          text=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


SEND_S, ROUNDS, PAIRS = 1, 6, 20
RUN_S = 60  # a run's length: what was sent in it is screened when it is over
OPEN = os.path.join(BUILD, "bench_open")


def mean(rounds):
    """The rate over all rounds of a side."""
    done = sum(one.get("acknowledged", one.get("written")) for one in rounds)
    return done / sum(one["seconds"] for one in rounds)


def told(bench, name, kind, one):
    bench.notes.setdefault(f"{name} {kind}", []).append(one)
    return one


def spread(rounds):
    """Median, and least and most, of the rates of a side's rounds."""
    rates = sorted(one["rate"] for one in rounds)
    return f"median {statistics.median(rates):.0f}, {rates[0]:.0f} to {rates[-1]:.0f}"


def beside_bare(bench, cities, reports):
    """Intake with screening beside it, and the bare writer, in turn; then the backlog."""
    bare, side = Bare(cities, reports), Side(cities.copy("served"))
    served, written = [], []
    try:
        for _ in range(ROUNDS):
            served.append(told(bench, cities.name, "intake", side.round(SEND_S, reports)))
            written.append(told(bench, cities.name, "bare", bare.round(SEND_S)))
        took_s, screened, left = side.drain(RUN_S)
        if left > 0:
            print(f"      of those left: {side.why()}", flush=True)
    finally:
        bare.done()
        side.stop()
    sent, waited = sum(one["acknowledged"] for one in served), served[-1]["backlog"]
    bench.figure(f"{cities.name}: a bare group-commit writer's rate over intake's", round(mean(written) / mean(served), 3),
                 2.5, "x", f"; intake {mean(served):.0f} a second ({spread(served)}), bare {mean(written):.0f} ({spread(written)})")
    bench.figure(f"{cities.name}: refused", sum(one["refused"] for one in served), 0.5, "reports")
    bench.figure(f"{cities.name}: {sent} reports sent in {ROUNDS * SEND_S} s, all screened after",
                 ROUNDS * SEND_S + took_s, RUN_S, "s", f"; {sent - waited} of them beside the sending, then {screened:.0f} "
                 f"a second; {left} left")


def beside_open(bench, cities, reports):
    """The whole program, and the same with sealing and log switched off, in turn."""
    sides = {"whole": Side(cities.copy("whole")), "without sealing and log": Side(cities.copy("open"), OPEN)}
    rates = {name: [] for name in sides}
    try:
        for side in sides.values():
            side.server.process.send_signal(signal.SIGSTOP)
        for pair in range(-2, PAIRS):  # the first two warm up
            for name in list(sides)[::1 if pair % 2 else -1]:
                one = sides[name].round(SEND_S, reports)
                if pair >= 0:
                    rates[name].append(told(bench, cities.name, name, one))
    finally:
        for side in sides.values():
            side.server.kill()
    whole, opened = (statistics.median(one["rate"] for one in rounds) for rounds in rates.values())
    costs = sorted(100 * (1 - one["rate"] / other["rate"]) for one, other in zip(*rates.values()))
    bench.figure(f"{cities.name}: sealing and log cost", round(100 * (1 - whole / opened), 1), 15, "%",
                 f"; with: {spread(rates['whole'])} reports a second, without: {spread(rates['without sealing and log'])};"
                 f" of {PAIRS} pairs median {statistics.median(costs):.1f} %, the middle half"
                 f" {costs[PAIRS // 4]:.1f} to {costs[-PAIRS // 4]:.1f} %")


def clear(folder):
    """Ends what a run that was killed has left there. A cluster whose folder goes under it ends by itself within
    a minute, and takes the socket of the next one, at the same place, with it."""
    kept = os.path.join(folder, PgCities.name, "pg", "data", "postmaster.pid")
    try:
        with open(kept, encoding="ascii") as file:
            master = int(file.readline())
        with open(f"/proc/{master}/cmdline", encoding="utf-8", errors="replace") as file:
            left = folder in file.read()
        if left:
            os.kill(master, signal.SIGQUIT)
        while left and os.path.exists(f"/proc/{master}"):
            time.sleep(0.1)
    except (FileNotFoundError, ProcessLookupError):
        pass
    shutil.rmtree(folder, ignore_errors=True)


def run(bench, kinds, ready, folder):
    """Measures on each kind of cities; bench is run.py's."""
    clear(folder)
    os.makedirs(folder)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # what was started ends too
    reports = bodies(os.path.join(folder, "reports.jsonl"))
    limit = client_limit(reports)
    bench.notes["client"] = limit
    print(f"      the client alone, against a handler that only answers: {limit['rate']:.0f} a second", flush=True)
    for kind in kinds:
        cities = kind(ready, os.path.join(folder, kind.name))
        try:
            beside_bare(bench, cities, reports)
            beside_open(bench, cities, reports)
        finally:
            cities.done()
    shutil.rmtree(folder, ignore_errors=True)
