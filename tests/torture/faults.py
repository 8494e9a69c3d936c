"""The disk is full, or broken, at the k-th call, for every k: no false receipt, no half write, and on it
goes when the disk works again.

One server, one report after the other. Before each, the k-th call of a kind on the database's files is
told to fail; while it can, the report is sent and its work item runs. Afterwards the disk works, and
the same report is sent again with its key until there is a receipt. Control: a disk that says "done"
and writes nothing, so that receipts are false.
"""
import errno
import time

import page
from city import City, Found, Load, settled, trouble


ANY = page.READ | page.WRITE | page.SYNC | page.CUT | page.OPEN | page.UNLINK
CHANGES = page.WRITE | page.CUT | page.OPEN | page.UNLINK


class Trial:
    """A city under faults; what went wrong over all of them."""

    def __init__(self, base, table, name):
        self.city = base.copy(table.place(fast=True))
        self.page = page.page_of(self.city)
        self.load, self.wrong, self.name = Load(1, name), [], name
        self.server, self.refused, self.fired, self.trials, self.ended = None, 0, 0, 0, 0

    def serving(self):
        """The server, started again where a fault ended it; that must be with a word, and not by a signal."""
        if self.server is not None and not self.server.alive():
            self.ended += 1
            code = self.server.end()
            if code is None or code < 0:
                self.wrong.append(f"{self.name} {self.trials}: the server ended with {code}: {self.server.said[-2:]}")
            self.server = None
        if self.server is None:
            self.server = self.page.server(self.city)
            if self.server.port is None:
                raise SystemExit(f"the server does not start: {self.server.said}")
        return self.server

    def once(self, mask, nth, error, goes_on, wait_s):
        """One report while the nth call fails; True if it came to that call."""
        server, mark = self.serving(), self.load.next_mark()
        self.trials += 1
        self.page.arm(mask, nth, error, goes_on)
        if not self.load.sent(server, mark):
            self.refused += 1
        end = time.monotonic() + wait_s
        while self.page.get(page.FIRED) == 0 and time.monotonic() < end:
            time.sleep(0.02)
        fired = self.page.calm()
        self.fired += fired
        end = time.monotonic() + 20
        while mark not in self.load.acknowledged and time.monotonic() < end:
            if not self.load.sent(self.serving(), mark):
                time.sleep(0.05)
        if mark not in self.load.acknowledged:
            self.wrong.append(f"{self.name} {nth}: no receipt 20 s after the disk worked again: {server.said[-2:]}")
        self.load.unanswered.clear()
        return fired > 0

    def end(self, table, what, control="-"):
        server = self.serving()
        if not settled(self.city, 60):
            self.wrong.append("work items still wait a minute after the disk worked again")
        code = server.stop()
        if code != 0:
            self.wrong.append(f"the server ended with {code}: {server.said[-2:]}")
        found = Found(self.city.rows, self.load.acknowledged)
        self.wrong += trouble(self.city, self.load, what)
        table.counted(what, self.trials, self.load, found, self.wrong, control)
        table.note(f"{self.fired} calls failed, {self.refused} sendings were refused, "
                   f"the server ended {self.ended} times")


def each(table, base, what, mask, error, goes_on=False, step=1):
    """Every k, until the k-th call is not reached three times running; every step-th when short."""
    trial, misses, nth = Trial(base, table, f"f{mask}-{error}-{int(goes_on)}"), 0, 1
    while misses < 3 and nth <= (60 if table.short else 1000):
        if trial.once(mask, nth, error, goes_on, 0.4):
            misses = 0
        else:
            misses += 1
        nth += step if table.short else 1
    trial.end(table, what, liar(table, base))


def starts(table, base, what, error, step):
    """The k-th call of a start fails, and all after it: it ends with a word or serves; then it starts."""
    city, load, wrong = base.copy(table.place(fast=True)), Load(1, "start"), []
    shared, nth, trials, refused, reached = page.page_of(city), 1, 0, 0, True
    while reached:
        shared.arm(ANY, nth, error, True)
        with shared.server(city) as server:
            reached = shared.get(page.FIRED) > 0
            if server.port is None:
                refused += 1
                code = server.end()
                if code not in (1, 3) or not server.said or not server.said[-1].startswith("anwang"):
                    wrong.append(f"start {nth}: ended with {code}: {server.said[-1:]}")
            shared.calm()
            if server.port is not None and not load.sent(server, load.next_mark()):
                wrong.append(f"start {nth}: no receipt when the disk worked again: {server.said[-1:]}")
            server.stop()
        trials, nth = trials + 1, nth + (step if table.short else 1)
    with shared.server(city) as server:
        load.sent(server, load.next_mark())
        settled(city, 60)
        server.stop()
    found = Found(city.rows, load.acknowledged)
    wrong += trouble(city, load, what)
    table.counted(what, trials, load, found, wrong)
    table.note(f"{refused} starts were refused with a word, the others served when the disk worked again")


def liar(table, base):
    """The control: writes that say they are done and are not, then a kill. How many receipts were false."""
    trial = Trial(base, table, "liar")
    server = trial.serving()
    trial.page.arm(page.WRITE, 1, page.LIE, True)
    for _ in range(10):
        trial.load.sent(server, trial.load.next_mark())
    server.kill()
    trial.page.calm()
    trial.serving().stop()
    return len(Found(trial.city.rows, trial.load.acknowledged).lost)


def torture(table):
    base = City.made(table.place(fast=True))
    each(table, base, "disk full at the k-th write", page.WRITE, errno.ENOSPC, step=17)
    each(table, base, "EIO at the k-th sync", page.SYNC, errno.EIO)
    starts(table, base, "read-only from the k-th call of a start on", errno.EROFS, 17)
    if not table.short:
        each(table, base, "disk full from the k-th write on", page.WRITE, errno.ENOSPC, True)
        each(table, base, "EIO at the k-th write", page.WRITE, errno.EIO)
        each(table, base, "EIO from the k-th sync on", page.SYNC, errno.EIO, True)
        each(table, base, "read-only from the k-th change on", CHANGES, errno.EROFS, True)
        starts(table, base, "EIO from the k-th call of a start on", errno.EIO, 1)
        each(table, base, "EIO at the k-th read", page.READ, errno.EIO)
        each(table, base, "EIO at the k-th open, truncation or deletion",
             page.OPEN | page.CUT | page.UNLINK, errno.EIO)
