"""The power goes at any moment: what was acknowledged is there when the database is opened again.

The server runs with record.c before the C library. Each client notes how long the record was when its
receipt came: a cut at or after that moment must keep the report. The disk is played from the record
up to each cut (disk.py) and opened by the program itself. Control: SQLite's own synchronous=NORMAL
must lose some, and with synchronous=OFF a torn disk must be found broken.
"""
import os
import random
import shutil
import sqlite3

from city import POLICY, City, Found, Load, Server, not_whole, settled, shim
from disk import Disk, records


class Recorded:
    """A server that was loaded until it had acknowledged so many, and its record."""

    def __init__(self, base, table, most, clients=8, **setting):
        self.before = table.place(fast=True)
        city = base.copy(self.before)
        self.live = table.place(fast=True)
        self.city, self.log = city.copy(self.live), self.live + ".log"
        self.load = Load(clients)
        with open(self.log, "wb"):
            pass
        with Server(self.city, preload=shim("record"), TORTURE_DIR=self.live, TORTURE_LOG=self.log,
                    witness=os.path.join(self.live, "witness"), TORTURE_SYNC_US="500", **setting) as server:
            self.load.start(server, now=lambda: os.path.getsize(self.log), most=most)
            self.load.join()
            settled(self.city)
            server.stop()
        self.ends = [record[0] for record in records(self.log)]

    def disk(self):
        return Disk(self.live, self.before)

    def acknowledged(self, end):
        """Reports whose receipt was out when the record was so long."""
        return {mark: number for mark, number in self.load.acknowledged.items()
                if self.load.positions[mark] <= end}

    def forget(self):
        for path in (self.before, self.live):
            shutil.rmtree(path, ignore_errors=True)
        os.unlink(self.log)


class Look:
    """One opening of what a cut has left."""

    def __init__(self, table, recorded, disk, kind, chance, end):
        folder = table.place(fast=True)
        disk.build(folder, kind, chance)
        # the witness stands on another machine's disk, which has its power
        if "witness" in disk.now:
            with open(os.path.join(folder, "witness"), "wb") as file:
                file.write(disk.now["witness"].now)
        city = City(folder, token=recorded.city.token)
        self.acknowledged = recorded.acknowledged(end)
        self.lost, self.wrong = list(self.acknowledged), []
        witness = os.path.join(folder, "witness")
        done = city.command("audit", "verify", *(["--witness", witness] if os.path.exists(witness) else []))
        if done.returncode != 0:
            self.wrong.append(f"{kind}: verify: {(done.stdout + done.stderr).strip()[-300:]}")
        try:
            bad = city.rows("PRAGMA integrity_check")
            if bad != [("ok",)]:
                self.wrong.append(f"{kind}: {bad[0][0]}")
            self.wrong += [f"{kind}: {name}" for name in not_whole(city.rows)]
            found = Found(city.rows, self.acknowledged)
            self.lost = found.lost
            self.wrong += [f"{kind}: {mark} is doubled" for mark in found.doubled]
        except sqlite3.Error as broken:
            self.wrong.append(f"{kind}: {broken}")
        shutil.rmtree(folder)


class Glance:
    """The same for a control: SQLite opens it, the program does not."""

    def __init__(self, table, recorded, disk, kind, chance, end):
        folder = table.place(fast=True)
        disk.build(folder, kind, chance)
        self.acknowledged = recorded.acknowledged(end)
        self.wrong, found = opened(folder)
        self.lost = set(self.acknowledged) - found
        shutil.rmtree(folder)


class Sum:
    """What many looks found; a report that several cuts lost counts once a cut."""

    def __init__(self):
        self.trials, self.acknowledged, self.lost, self.wrong = 0, 0, 0, []

    def add(self, look):
        self.trials += 1
        self.acknowledged += len(look.acknowledged)
        self.lost += len(look.lost)
        self.wrong += look.wrong


def span(recorded, synchronous):
    """(first, last) length of the record between which the power is cut. NORMAL is cut before the last receipt,
    as after it a checkpoint syncs what no receipt had waited for. OFF is cut after it, when the closing
    checkpoint overwrites the database and drops the WAL: before that the WAL's checksums keep it whole."""
    receipts = recorded.load.positions.values()
    first = max(receipts) if synchronous == "OFF" else min(receipts)
    return first, max(receipts) if synchronous == "NORMAL" else recorded.ends[-1]


def cuts(table, recorded, synchronous, count, chance, sums):
    """Cuts the power at so many moments; at each, once for every kind of disk."""
    first, last = span(recorded, synchronous)
    look = Look if synchronous == "FULL" else Glance
    moments = [number for number, end in enumerate(recorded.ends) if first <= end <= last]
    at = set(chance.sample(moments, min(count, len(moments))))
    disk = recorded.disk()
    for number, record in enumerate(records(recorded.log)):
        disk.play(record)
        if number in at:
            for kind in sums:
                sums[kind].add(look(table, recorded, disk, kind, chance, record[0]))


def random_cuts(table, base, chance):
    runs, most, count = (1, 40, 3) if table.short else (8, 300, 20)
    sums = {"strict": Sum(), "torn": Sum()}
    failing = {"strict": Sum()}
    normal = {"strict": Sum(), "torn": Sum()}
    off = {"torn": Sum()}
    receipts = after_failures = 0
    for _ in range(runs):
        for into, synchronous, setting in ((sums, "FULL", {}), (failing, "FULL", {"TORTURE_SYNC_FAILS": "5"}),
                                           (normal, "NORMAL", {}), (off, "OFF", {})):
            recorded = Recorded(base, table, most, TORTURE_SYNCHRONOUS=synchronous, **setting)
            receipts += len(recorded.load.acknowledged) if into is sums else 0
            after_failures += len(recorded.load.acknowledged) if into is failing else 0
            cuts(table, recorded, synchronous, count if synchronous == "FULL" else 2 * count + 12, chance, into)
            recorded.forget()
    words = {"strict": "power cut, only what was synced is kept", "torn": "power cut, sectors torn and reordered"}
    for kind, total in sums.items():
        table.row(words[kind], total.trials, receipts, total.lost, "-", total.wrong, normal[kind].lost)
        table.note(f"{total.acknowledged:,} receipts were looked for, over all cuts; with NORMAL "
                   f"{normal[kind].lost:,} of {normal[kind].acknowledged:,} were lost")
    total = failing["strict"]
    table.row("power cut where one sync in five had failed", total.trials, after_failures, total.lost, "-", total.wrong,
              normal["strict"].lost)
    broken = len(off["torn"].wrong)
    if broken == 0:
        table.bad.append("power cut: a torn disk without any sync was never found broken, so it is blind")
    table.note(f"without any sync (OFF) {broken} findings on {off['torn'].trials} torn disks")


def opened(folder, whole=True):
    """(what is wrong, marks that are there) when SQLite opens what is left. whole: every page is looked at."""
    connection = sqlite3.connect(os.path.join(folder, "city.db"))
    try:
        marks = {mark for mark, in connection.execute("SELECT reporter_unit FROM report")}
        if not whole:
            return [], marks
        bad = connection.execute("PRAGMA quick_check").fetchall()
        half = not_whole(lambda statement: connection.execute(statement).fetchall())
        return ([] if bad == [("ok",)] else [bad[0][0]]) + half, marks
    except sqlite3.Error as broken:
        return [str(broken)], set()
    finally:
        connection.close()


def new_city(table, chance):
    """A key that was just made, then a database: each has ended and is on the disk, names too."""
    keys, live, trials, wrong = table.place(fast=True), table.place(fast=True), 0, []
    city = City(live, key=os.path.join(keys, "root.key"))
    for folder, line in ((keys, ("key", "new", city.key)), (live, ("init", "--policy", POLICY))):
        os.makedirs(folder)
        log, empty = folder + ".log", folder + ".before"
        os.makedirs(empty)
        city.run(*line, db=line[0] == "init", LD_PRELOAD=shim("record"), TORTURE_DIR=folder, TORTURE_LOG=log)
        disk = Disk(os.path.realpath(folder), empty)
        for record in records(log):
            disk.play(record)
        for kind in ("strict", "torn", "torn", "torn"):
            trials += 1
            left = table.place(fast=True)
            disk.build(left, kind, chance)
            if line[0] == "key":
                if os.listdir(left) != ["root.key"] or os.path.getsize(os.path.join(left, "root.key")) != 32:
                    wrong.append(f"{kind}: the root key is gone")
                continue
            done = City(left, key=city.key).command("key", "check")
            if done.returncode != 0:
                wrong.append(f"{kind}: {done.stderr.strip()}")
    table.row("power cut when a key and a city were just made", trials, wrong=wrong)


def torture(table):
    chance = random.Random(1101206)
    base = City.made(table.place(fast=True))
    new_city(table, chance)
    random_cuts(table, base, chance)
