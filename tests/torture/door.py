"""Slow sockets by the thousand, while honest reports go on coming in.

Three kinds: a head of a byte every few seconds, a body of the same, and a reader that asks for much
and takes a byte now and then. Each socket that is cut is opened again, so that the siege holds. What
must hold: every honest report is acknowledged, their p99 stays within twice that of the quiet before
(in the short form: of a server beside it that nobody besieges), and no slow socket outlives its stage's limit. Control: the HTTP library alone, with its own time-out,
must leave slow sockets open.
"""
import json
import os
import select
import socket
import subprocess
import sys
import threading
import time

from city import ROOT, City, Load, Server

LIMITS_S = {"head": 5.0, "body": 30.0, "reader": 15.0}  # docs/operations.md
SLACK_S = 3.0    # the sweep, and a busy machine
NOISE_S = 0.030  # below this a p99 is the scheduler's


class Slow:
    """One slow socket."""

    def __init__(self, port, kind):
        self.kind, self.born = kind, time.monotonic()
        self.next = self.born
        self.socket = socket.socket()
        if kind == "reader":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self.socket.connect(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.socket.setblocking(False)
        self.socket.send({
            "head": b"GET / HTTP/1.1\r\nHost: h\r\nX-A: ",
            "body": b"POST /report HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    b"Content-Length: 5000\r\n\r\na=",
            "reader": b"GET /openapi.json HTTP/1.1\r\nHost: h\r\n\r\n" * 60,
        }[kind])

    def step(self, every_s):
        """One byte more, when it is time; False when the peer has cut it."""
        now = time.monotonic()
        try:
            if now >= self.next:
                self.next = now + every_s
                if self.kind == "reader":
                    return len(self.socket.recv(1)) > 0
                self.socket.send(b"a")
            if self.kind != "reader" and select.select([self.socket], [], [], 0)[0]:
                return len(self.socket.recv(4096)) > 0
        except BlockingIOError:
            pass
        except OSError:
            return False
        return True


def established(port):
    """The ports of clients whose connections the server's side still holds. A reader that does not read
    never hears of its reset: only the other end knows."""
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in list(table)[1:]]
    return {int(row[2].split(":")[1], 16) for row in rows
            if row[3] in ("01", "08") and int(row[1].split(":")[1], 16) == port}


def besiege_from_here(port, kinds, count, every_s):
    """Keeps up so many slow sockets until its input ends; prints "full" once they are all open, and at the
    end the longest life of each kind, how many were cut, and the ages of those still open."""
    lives, cut, sockets, told = {kind: 0.0 for kind in kinds}, 0, [], False
    held, looked = set(), 0.0
    while not select.select([sys.stdin], [], [], 0.05)[0]:
        kept = []
        if "reader" in kinds and time.monotonic() - looked > 0.5:
            looked, held = time.monotonic(), established(port)
        for slow in sockets:
            gone = slow.kind == "reader" and slow.born < looked and slow.port not in held
            if not gone and slow.step(every_s):
                kept.append(slow)
            else:
                slow.socket.close()
                cut += 1
            lives[slow.kind] = max(lives[slow.kind], time.monotonic() - slow.born)
        sockets = kept
        for _ in range(min(100, count - len(sockets))):
            try:
                sockets.append(Slow(port, kinds[len(sockets) % len(kinds)]))
            except OSError:
                break
        if len(sockets) >= count and not told:
            told = True
            print("full", flush=True)
    ages = [time.monotonic() - slow.born for slow in sockets]
    print(json.dumps({"lives": lives, "cut": cut, "ages": ages}), flush=True)


class Siege:
    """Slow sockets in a process of their own: what it does with the processor is not the client's."""

    def __init__(self, port, kinds, count, every_s):
        self.process = subprocess.Popen([sys.executable, os.path.abspath(__file__), str(port), ",".join(kinds),
                                         str(count), str(every_s)], stdin=subprocess.PIPE,
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


def honest(sides, seconds, rate=20):
    """Reports at a steady pace to each of (server, load) in turn: p99 of a receipt, a side each."""
    times, threads = [[] for _ in sides], []

    def send(i):
        server, load = sides[i]
        start = time.monotonic()
        load.sent(server, load.next_mark())
        times[i].append(time.monotonic() - start)

    begin = time.monotonic()
    for n in range(int(seconds * rate) * len(sides)):
        time.sleep(max(0.0, begin + n / rate / len(sides) - time.monotonic()))
        threads.append(threading.Thread(target=send, args=(n % len(sides),), daemon=True))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return [p99(side) for side in times]


def besiege(sides, kinds, count, seconds, quiet_s):
    """(siege, p99 under it, p99 to compare with, what is wrong). A second side is not besieged: its p99 in
    the same seconds stands in for the quiet, on a machine that is busy with other things."""
    wrong = []
    siege = Siege(sides[0][0].port, kinds, count, 5.0)
    if not siege.wait_full():
        wrong.append(f"{count} slow sockets could not be opened")
    measured = honest(sides, seconds)
    siege.end()
    quiet_s = measured[1] if len(measured) > 1 else quiet_s
    if measured[0] > max(2 * quiet_s, NOISE_S):
        wrong.append(f"p99 of honest intake {measured[0] * 1000:.1f} ms, unbesieged {quiet_s * 1000:.1f} ms")
    for kind, life in siege.lives.items():
        if life > LIMITS_S[kind] + SLACK_S:
            wrong.append(f"a slow {kind} lived {life:.1f} s")
    if siege.cut == 0:
        wrong.append("no slow socket was cut, so nothing was tried")
    return siege, measured[0], quiet_s, wrong


def control_left(count, timeout_s, every_s, seconds):
    """How many slow heads the library alone leaves open past its own time-out."""
    made = os.path.join(ROOT, "build", "torture-stock")
    subprocess.run(["cc", "-std=c17", "-O2", "-Wall", "-Wextra", "-Werror", "-o", made,
                    os.path.join(os.path.dirname(os.path.abspath(__file__)), "stock.c"), "-lmicrohttpd"], check=True)
    with subprocess.Popen([made, str(timeout_s)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as stock:
        siege = Siege(int(stock.stdout.readline()), ["head"], count, every_s)
        time.sleep(seconds)
        siege.end()
        stock.stdin.close()
    return sum(age > timeout_s + 2 for age in siege.ages)


def torture(table):
    city = City.made(table.place())
    twin = city.copy(table.place())
    load, other = Load(name="door"), Load(name="twin")
    count = 200 if table.short else 2000
    sieges = [(("head", "body", "reader"), 35)] if table.short else [
        (("head",), 20), (("body",), 40), (("reader",), 25)]
    control = control_left(count, 2 if table.short else 10, 1 if table.short else 5, 8 if table.short else 20)
    with Server(city) as server, Server(twin) as beside:
        sides = [(server, load), (beside, other)] if table.short else [(server, load)]
        honest(sides, 2)
        for kinds, seconds in sieges:
            quiet_s = 0.0 if table.short else honest(sides, 15)[0]
            siege, besieged_s, quiet_s, wrong = besiege(sides, kinds, count, seconds, quiet_s)
            table.row(f"slow sockets: {', '.join(kinds)}", count, len(load.acknowledged), len(load.unanswered), 0,
                      wrong, control)
            table.note(f"p99 of a receipt: {besieged_s * 1000:.1f} ms, unbesieged {quiet_s * 1000:.1f} ms; "
                       f"{siege.cut} slow sockets cut, the longest lived "
                       + ", ".join(f"{kind} {life:.1f} s" for kind, life in siege.lives.items()))
        if server.stop() != 0 or beside.stop() != 0:
            table.row("slow sockets: the end", 1, wrong=["the server did not end well"])


if __name__ == "__main__":
    besiege_from_here(int(sys.argv[1]), sys.argv[2].split(","), int(sys.argv[3]), float(sys.argv[4]))
