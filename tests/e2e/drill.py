#!/usr/bin/env python3
"""The drill of docs/operations.md on a small demo city, once on each engine: back up while it serves,
rotate, erase, restore into both engines, and each thing that must be refused.

Usage: drill.py ANWANG POLICY   exit 0 all held. ANWANG_PG: URL of a PostgreSQL in which databases may
be made (tools/pg_cluster.sh with ...); without it the drill fails.
"""
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

REPORT = {"kind": "adult_ipv", "channel": "police",
          "incident": {"narrative": "示範", "address": "基隆市信義區東信路1號"},
          "persons": [{"role": "victim", "name": "林示範", "sex": "F"},
                      {"role": "respondent", "name": "陳示範", "relation": "spouse"}],
          "answers": {"tipvda": 9, "safety": "danger"}}


class Files:
    """Databases that are files in a folder."""

    name = "SQLite"

    def __init__(self, work):
        self.work = work

    def url(self, name):
        return f"sqlite:{self.work}/{name}.db"

    def rows(self, name, query):
        with sqlite3.connect(f"{self.work}/{name}.db") as conn:
            return conn.execute(query).fetchall()

    def untouched(self, name):
        """True if nothing is there."""
        return not os.path.exists(f"{self.work}/{name}.db")


class Cluster:
    """Databases of a PostgreSQL, made when they are first named."""

    name = "PostgreSQL"

    def __init__(self, url):
        self.first, self.made = url, set()

    def url(self, name):
        if name not in self.made:
            self.ask(self.first, f'CREATE DATABASE "{name}"')
            self.made.add(name)
        return self.first.replace("///anwang?", f"///{name}?")

    @staticmethod
    def ask(url, statement):
        done = subprocess.run(["psql", url, "-AtqF", "\x1f", "-c", statement], capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            sys.exit(done.stderr)
        return [tuple(int(cell) if cell.isdigit() else cell for cell in line.split("\x1f"))
                for line in done.stdout.splitlines()]

    def rows(self, name, query):
        return self.ask(self.url(name), query)

    def untouched(self, name):
        return self.rows(name, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


class Drill:
    """One folder with a city, and the program."""

    def __init__(self, anwang, policy, work, engine):
        self.anwang, self.policy, self.work, self.engine = anwang, policy, work, engine
        self.key = self.path("root.key")
        self.receipts, self.stop, self.failed = [], threading.Event(), []

    def path(self, name):
        return os.path.join(self.work, name)

    def db(self, name="city"):
        return self.engine.url(name)

    def run(self, *args, key=None, code=0, stdin=None):
        """(standard output, standard error) of a command that must end with that code."""
        env = dict(os.environ, ANWANG_KEY_FILE=key or self.key)
        done = subprocess.run([self.anwang, *args], capture_output=True, text=True, env=env,
                              input=stdin, timeout=300, check=False)
        if done.returncode != code:
            sys.exit(f"anwang {' '.join(args)}: exit {done.returncode}, not {code}\n"
                     f"{done.stdout}{done.stderr}")
        return done.stdout, done.stderr

    def expect(self, what, good):
        print(f"  {'held' if good else 'BROKEN'}: {self.engine.name}: {what}", flush=True)
        if not good:
            self.failed.append(f"{self.engine.name}: {what}")

    def serve(self, key=None):
        env = dict(os.environ, ANWANG_KEY_FILE=key or self.key)
        server = subprocess.Popen([self.anwang, "serve", "--db", self.db(), "--policy", self.policy,
                                   "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True,
                                  env=env)
        for line in server.stderr:
            if "serves http://" in line:
                threading.Thread(target=server.stderr.read, daemon=True).start()
                return server
        sys.exit("the server did not start")

    def keep_reporting(self):
        env = dict(os.environ, ANWANG_KEY_FILE=self.key)
        while not self.stop.is_set():
            done = subprocess.run([self.anwang, "report", "--db", self.db(), "--policy",
                                   self.policy, "-"], input=json.dumps(REPORT), text=True,
                                  capture_output=True, env=env, timeout=60, check=False)
            if done.returncode != 0:
                self.failed.append("a report was refused: " + done.stderr)
                return
            self.receipts.append(json.loads(done.stdout)["receipt"]["number"])

    def rows(self, name, query):
        return self.engine.rows(name, query)


def end(server):
    server.send_signal(signal.SIGTERM)
    server.wait(60)


def while_it_serves(d):
    """Backup, erasure and rotation beside reports that keep coming."""
    server = d.serve()
    reporter = threading.Thread(target=d.keep_reporting)
    reporter.start()
    while len(d.receipts) < 3:
        time.sleep(0.05)
    made = json.loads(d.run("backup", "--db", d.db(), "--out", d.path("first.bak"))[0])
    d.expect("the backup is its owner's alone",
             os.stat(d.path("first.bak")).st_mode & 0o777 == 0o600)
    checked = json.loads(d.run("backup", "--check", d.path("first.bak"))[0])
    d.expect("check reads the rows that were written", checked["tables"] == made["tables"])
    number, key_id = d.rows("city", "SELECT number, key FROM person WHERE id NOT IN (SELECT person "
                            "FROM involvement) ORDER BY id LIMIT 1")[0]
    d.expect("before an erasure there is a key",
             d.rows("city", f"SELECT COUNT(*) FROM data_key WHERE id = {key_id}") == [(1,)])
    d.run("person", "erase", number, "--db", d.db(), "--reason", "drill")
    d.expect("after it there is none",
             d.rows("city", f"SELECT COUNT(*) FROM data_key WHERE id = {key_id}") == [(0,)])
    d.run("person", "erase", number, "--db", d.db(), "--reason", "drill", code=2)
    d.run("key", "new", d.path("root.key.new"))
    before = len(d.receipts)
    d.run("key", "rotate", "--db", d.db(), "--root", d.path("root.key.new"))
    while len(d.receipts) < before + 3 and not d.failed:
        time.sleep(0.05)
    d.stop.set()
    reporter.join()
    end(server)
    print(f"  {len(d.receipts)} reports came in meanwhile", flush=True)
    kept = [n for (n,) in d.rows("city", "SELECT number FROM report")]
    d.expect("each report is there once", all(kept.count(n) == 1 for n in d.receipts))
    return number, key_id


def keys(d):
    """What a start says to a wrong, a missing and a readable key file."""
    serve = ["serve", "--db", d.db(), "--policy", d.policy, "--listen", "127.0.0.1:0"]
    shutil.copy2(d.key, d.path("alone.key"))
    d.expect("the old root key opens nothing any more",
             "name the key file that belongs to it" in d.run(*serve, key=d.path("alone.key"), code=1)[1])
    os.rename(d.path("root.key.new"), d.path("new.key"))
    d.expect("a missing key file says what to do",
             "ANWANG_KEY_FILE" in d.run(*serve, key=d.path("none.key"), code=2)[1])
    os.chmod(d.path("new.key"), 0o440)
    d.expect("a readable key file says what to do",
             "chmod 0400" in d.run(*serve, key=d.path("new.key"), code=3)[1])
    os.chmod(d.path("new.key"), 0o400)
    report = json.loads(d.run("key", "check", "--db", d.db(), key=d.path("new.key"))[0])
    d.expect("every key is under the new epoch", report["keys_current"] == report["keys"] and
             report["keys_broken"] == 0)


def restores(d, number, key_id):
    """The first backup under its own root key, and what must be refused."""
    said = d.run("restore", "--db", d.db("first"), d.path("first.bak"))[1]
    d.expect("who was erased since is erased again", "Erased again" in said and
             d.rows("first", f"SELECT COUNT(*) FROM data_key WHERE id = {key_id}") == [(0,)])
    d.run("person", "erase", number, "--db", d.db("first"), "--reason", "drill", code=2)
    log = json.loads(d.run("audit", "verify", "--db", d.db("first"))[0])
    d.expect("its log verifies", log["result"] == "sound")
    d.run("restore", "--db", d.db("first"), d.path("first.bak"), code=1)
    d.run("restore", "--db", d.db("x"), d.path("first.bak"), key=d.path("new.key"), code=3)
    with open(d.path("first.bak"), "rb") as whole:
        data = bytearray(whole.read())
    for name, harmed in (("cut.bak", data[:-1]),
                         ("changed.bak", data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])):
        with open(d.path(name), "wb") as out:
            out.write(harmed)
        d.run("restore", "--db", d.db("x"), d.path(name), code=1)
        d.run("backup", "--check", d.path(name), code=1)
    d.expect("a refused restore leaves no database", not os.path.exists(d.path("x")))


def engines(d, other):
    """The living city into the other engine and back: the same rows, but for what the log says of it."""
    new = d.path("new.key")
    here = json.loads(d.run("backup", "--db", d.db(), "--out", d.path("second.bak"), key=new)[0])
    d.run("restore", "--db", other.url("there"), d.path("second.bak"), key=new)
    there = json.loads(d.run("backup", "--db", other.url("there"), "--out", d.path("third.bak"), key=new)[0])
    d.run("restore", "--db", d.db("back"), d.path("third.bak"), key=new)
    back = json.loads(d.run("backup", "--db", d.db("back"), "--out", d.path("fourth.bak"),
                            key=new)[0])
    for made, hops in ((there, 1), (back, 2)):
        made["tables"]["audit_entry"] -= 2 * hops  # a restore and a backup each
        d.expect(f"equal counts after {hops} restores", made["tables"] == here["tables"])
    log = json.loads(d.run("audit", "verify", "--db", other.url("there"), key=new)[0])
    d.expect(f"the log verifies on {other.name}", log["result"] == "sound")


def drilled(anwang, policy, work, engine, other):
    """What did not hold."""
    os.makedirs(work)
    d = Drill(anwang, policy, work, engine)
    d.run("key", "new", d.key)
    for command in (["init"], ["demo", "--scale", "0.01"]):
        d.run(command[0], "--db", d.db(), "--policy", d.policy, *command[1:])
    number, key_id = while_it_serves(d)
    keys(d)
    restores(d, number, key_id)
    engines(d, other)
    return d.failed


def main():
    if len(sys.argv) != 3 or not os.environ.get("ANWANG_PG"):
        print(__doc__, file=sys.stderr)
        return 2
    anwang, policy = map(os.path.abspath, sys.argv[1:])
    cluster, failed = Cluster(os.environ["ANWANG_PG"]), []
    with tempfile.TemporaryDirectory(prefix="anwang-drill-") as work:
        files = Files(work)
        failed += drilled(anwang, policy, os.path.join(work, "sqlite"), files, cluster)
        files = Files(os.path.join(work, "postgres"))
        failed += drilled(anwang, policy, files.work, cluster, files)
    for what in failed:
        print("BROKEN: " + what)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
