"""Slow sockets by the thousand, while honest reports go on coming in.

Three kinds: a head of a byte every few seconds, a body of the same, and a reader that asks for much
and takes a byte now and then. Each socket that is cut is opened again, so that the siege holds. What
must hold: every honest report is acknowledged, their p99 stays within twice that of the quiet before
(in the short form: of a server beside it that nobody besieges, in one of three rounds), and no slow
socket outlives its stage's limit. Control: the HTTP library alone, with a time-out of its own, under
the same heads. It must keep honest requests waiting.
"""
import json
import os
import socket
import subprocess
import threading
import time

from city import ROOT, City, Load, Server

LIMITS_S = {"head": 5.0, "body": 30.0, "reader": 15.0}  # docs/operations.md
SLACK_S = 3.0  # a busy machine
WAITS_S = 1.0  # longer than a receipt may take
RATE = 50      # honest requests a second


def made(name, *libraries):
    """The path of a program that is built from NAME.c beside this."""
    path = os.path.join(ROOT, "build", "torture-" + name)
    subprocess.run(["cc", "-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", "-o", path,
                    os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".c"), *libraries], check=True)
    return path


class Siege:
    """Slow sockets in a process of their own (slow.c), so thin that it is not what anybody waits for."""

    def __init__(self, port, kinds, count, every_s):
        self.process = subprocess.Popen([made("slow"), str(port), ",".join(kinds), str(count),
                                         str(int(every_s * 1000))], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.full = False

    def wait_full(self):
        self.full = self.process.stdout.readline().strip() == "full"
        return self.full

    def end(self):
        self.process.stdin.close()
        said = [line for line in self.process.stdout if line.startswith("{")]
        self.process.wait()
        found = json.loads(said[-1])
        self.lives, self.cut, self.ages = found["lives"], found["cut"], found["ages"]


def p99(times):
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def honest(sends, seconds):
    """Calls each of `sends` at a steady pace, in turn: the times of each."""
    times, threads = [[] for _ in sends], []

    def one(i):
        start = time.monotonic()
        sends[i]()
        times[i].append(time.monotonic() - start)

    begin = time.monotonic()
    for n in range(int(seconds * RATE) * len(sends)):
        time.sleep(max(0.0, begin + n / RATE / len(sends) - time.monotonic()))
        threads.append(threading.Thread(target=one, args=(n % len(sends),), daemon=True))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return times


def reports(server, load):
    return lambda: load.sent(server, load.next_mark())


def besiege(server, sends, kinds, count, seconds):
    """(siege, times of each of sends under it, what is wrong)."""
    wrong = []
    siege = Siege(server.port, kinds, count, 5.0)
    if not siege.wait_full():
        wrong.append(f"{count} slow sockets could not be opened")
    times = honest(sends, seconds)
    siege.end()
    for kind, life in siege.lives.items():
        if life > LIMITS_S[kind] + SLACK_S:
            wrong.append(f"a slow {kind} lived {life:.1f} s")
    if siege.cut == 0:
        wrong.append("no slow socket was cut, so nothing was tried")
    return siege, times, wrong


def too_slow(besieged_s, quiet_s):
    """What is wrong, in a list, when honest reports wait more than twice as long as in the quiet."""
    if besieged_s <= 2 * quiet_s:
        return []
    return [f"p99 of honest intake {besieged_s * 1000:.1f} ms, unbesieged {quiet_s * 1000:.1f} ms"]


def told(table, besieged, quiet, siege):
    table.note(f"p99 of a receipt: {p99(besieged) * 1000:.1f} ms, unbesieged {p99(quiet) * 1000:.1f} ms "
               f"({len(besieged)} and {len(quiet)} reports); {siege.cut} slow sockets cut, the longest lived "
               + ", ".join(f"{kind} {life:.1f} s" for kind, life in siege.lives.items()))


def control_kept_waiting(table, count, seconds):
    """How many honest requests the library alone keeps waiting for more than a second under slow heads."""
    def ask():
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=WAITS_S) as one:
                one.settimeout(WAITS_S)
                one.sendall(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                answered.append(one.recv(16).startswith(b"HTTP/1.1 200"))
        except OSError:
            answered.append(False)

    with subprocess.Popen([made("stock", "-lmicrohttpd"), "10"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as stock:
        port, answered = int(stock.stdout.readline()), []
        quiet = honest([ask], 2)[0]
        if not all(answered):
            table.note("the library did not answer before it was besieged: its control says nothing")
            return 0
        siege, answered = Siege(port, ["head"], count, 5.0), []
        time.sleep(3)  # it is never full: those past what the library takes wait to be let in
        times = honest([ask], seconds)[0]
        siege.end()
        stock.stdin.close()
    table.note(f"the library alone: {answered.count(False)} of {len(answered)} honest requests kept waiting for more "
               f"than {WAITS_S:.0f} s; p99 {p99(times) * 1000:.1f} ms, unbesieged {p99(quiet) * 1000:.1f} ms")
    return answered.count(False)


def short_form(table, server, load, beside, other):
    """Beside a server that nobody besieges: what else is busy here slows both."""
    control = control_kept_waiting(table, 1200, 3)
    for _ in range(3):
        siege, (mine, twin), wrong = besiege(server, [reports(server, load), reports(beside, other)],
                                             ("head", "reader"), 1200, 17)
        slow = too_slow(p99(mine), max(p99(twin), 0.050))
        told(table, mine, twin, siege)
        if not slow:
            break
    table.row("slow sockets", 1200, len(load.acknowledged), len(load.unanswered), 0, wrong + slow, control)


def long_form(table, server, load, sieges=(("head", 20), ("body", 40), ("reader", 25)), control_s=10):
    control = control_kept_waiting(table, 2000, control_s)
    for kind, seconds in sieges:
        before = len(load.acknowledged)
        quiet = honest([reports(server, load)], 15)[0]
        siege, (times,), wrong = besiege(server, [reports(server, load)], (kind,), 2000, seconds)
        told(table, times, quiet, siege)
        table.row(f"slow sockets: {kind}", 2000, len(load.acknowledged) - before, len(load.unanswered), 0,
                  wrong + too_slow(p99(times), p99(quiet)), control)


def torture(table):
    city = City.made(table.place())
    twin = city.copy(table.place())
    load, other = Load(name="door"), Load(name="twin")
    with Server(city) as server, Server(twin) as beside:
        honest([reports(server, load), reports(beside, other)], 2)
        if table.short:
            short_form(table, server, load, beside, other)
        else:
            long_form(table, server, load)
        if server.stop() != 0 or beside.stop() != 0:
            table.row("slow sockets: the end", 1, wrong=["the server did not end well"])
