"""kill -9 of PostgreSQL's postmaster under load: what was acknowledged is there when it is back.

A cluster of its own, with the disk's guarantees. The server stays up: it must refuse while there is no
database, and go on when there is. Control: synchronous_commit=off, and a log that is written each ten
seconds, must lose.
"""
import glob
import os
import random
import signal
import subprocess
import time

from city import City, Found, Load, POLICY, Server, settled, trouble

USER = "postgres"  # postgres refuses to run as root
OPTIONS = ("listen_addresses=", "max_connections=40", "fsync=on")
CARELESS = ("synchronous_commit=off", "wal_writer_delay=10s", "wal_writer_flush_after=0", "wal_buffers=64MB")


class Cluster:
    """A private PostgreSQL on a socket in a folder."""

    def __init__(self, folder, options=()):
        self.folder, self.options = folder, OPTIONS + tuple(options)
        self.data, self.bin = os.path.join(folder, "data"), sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        os.makedirs(folder)
        os.chmod(folder, 0o711)
        os.chmod(os.path.dirname(folder), 0o711)
        if os.getuid() == 0:
            subprocess.run(["chown", USER, folder], check=True)
        self.run("initdb", "-D", self.data, "-U", "anwang", "-A", "trust", "-E", "UTF8", "--locale=C")
        self.start()
        self.run("createdb", "-h", folder, "-U", "anwang", "anwang")

    def run(self, tool, *words, check=True):
        line = [os.path.join(self.bin, tool), *words]
        if os.getuid() == 0:
            line = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", *line]
        return subprocess.run(line, check=check, cwd="/", stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode

    def start(self):
        words = " ".join(["-k", self.folder] + [f"-c {option}" for option in self.options])
        end = time.monotonic() + 60
        # the killed one's processes must have gone first
        while self.run("pg_ctl", "-D", self.data, "-l", os.path.join(self.data, "log"), "-w", "-s", "-o", words,
                       "start", check=False) != 0:
            if time.monotonic() > end:
                raise SystemExit("PostgreSQL does not start")
            time.sleep(0.2)

    def kill(self):
        with open(os.path.join(self.data, "postmaster.pid"), encoding="ascii") as file:
            os.kill(int(file.readline()), signal.SIGKILL)

    def stop(self):
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "-s", "stop", check=False)


class PgCity(City):
    """A city in a cluster; its key beside."""

    def __init__(self, folder, cluster):
        os.makedirs(folder)
        super().__init__(folder)
        self.cluster = cluster
        self.url = f"postgresql:///anwang?host={cluster.folder}&user=anwang"
        self.run("key", "new", self.key, db=False)
        self.run("init", "--policy", POLICY)
        self.token = self.new_token()

    def rows(self, statement):
        done = subprocess.run(["psql", "-h", self.cluster.folder, "-U", "anwang", "-d", "anwang", "-At", "-F", "\x1f",
                               "-c", statement], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise SystemExit(done.stderr)
        return [tuple(int(cell) if cell.isdigit() else cell for cell in line.split("\x1f"))
                for line in done.stdout.splitlines()]


def rounds(city, load, trials, each, chance, started_anew):
    """Kills the postmaster as often as told under one server; what is wrong, and how long it was away.
    A server that does not find its database again within 20 s is started anew, and told of."""
    wrong, away, server = [], [], Server(city)
    try:
        for trial in range(trials):
            until = len(load.acknowledged) + chance.randint(1, 2 * each)
            load.start(server)
            end = time.monotonic() + 60
            while len(load.acknowledged) < until and server.alive() and time.monotonic() < end:
                time.sleep(0.001)
            city.cluster.kill()
            time.sleep(chance.uniform(0, 0.5))
            load.end()
            city.cluster.start()
            begin = time.monotonic()
            while server.alive() and time.monotonic() < begin + 20 and not load.sent(server, load.next_mark()):
                time.sleep(0.05)
            away.append(time.monotonic() - begin)
            if not server.alive() or away[-1] > 19:
                started_anew.append(trial)
                server.kill()
                server = Server(city)
        while load.unanswered:
            load.sent(server, load.next_mark())
        if not settled(city):
            wrong.append("work items still wait")
        if server.stop() != 0:
            wrong.append(f"the server did not end well: {server.said[-2:]}")
    finally:
        server.kill()
    return wrong, away


def control_lost(table):
    cluster = Cluster(table.place(), CARELESS)
    try:
        city, load = PgCity(table.place(), cluster), Load(8)
        with Server(city) as server:
            load.start(server)
            end = time.monotonic() + 60
            while len(load.acknowledged) < 60 and server.alive() and time.monotonic() < end:
                time.sleep(0.001)
            cluster.kill()
            load.end()
            server.kill()
        cluster.start()
        return len(Found(city.rows, load.acknowledged).lost)
    finally:
        cluster.stop()


def torture(table):
    chance = random.Random(1101206)
    cluster = Cluster(table.place())
    try:
        city, load = PgCity(table.place(), cluster), Load(8)
        trials, each = (1, 20) if table.short else (25, 80)
        anew = []
        wrong, away = rounds(city, load, trials, each, chance, anew)
        found = Found(city.rows, load.acknowledged)
        wrong += trouble(city, load, "after all")
        table.counted("kill -9 of the postmaster", trials, load, found, wrong, control_lost(table))
        table.note(f"answers: {dict(load.statuses)}; a receipt again {max(away):.1f} s after PostgreSQL was back, "
                   f"at most; the server was started anew {len(anew)} times")
    finally:
        cluster.stop()
