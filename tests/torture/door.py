"""Slow sockets by the thousand, while honest reports go on coming in.

Three kinds: a head of a byte every few seconds, a body of the same, and a reader that asks for much
and takes a byte now and then. Each socket that is cut is opened again, so that the siege holds. What
must hold: every honest report is acknowledged, their p99 stays within twice that of the quiet before,
and no slow socket outlives its stage's limit. Control: the HTTP library alone, with its own time-out,
must leave slow sockets open.
"""
import os
import select
import socket
import subprocess
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


class Siege:
    """So many slow sockets, kept up by a thread until told to end."""

    def __init__(self, port, kinds, count, every_s):
        self.port, self.kinds, self.count, self.every_s = port, kinds, count, every_s
        self.lives = {kind: 0.0 for kind in kinds}  # the longest
        self.cut, self.sockets, self.ending = 0, [], False
        self.full = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def open_some(self):
        for _ in range(min(100, self.count - len(self.sockets))):
            try:
                self.sockets.append(Slow(self.port, self.kinds[len(self.sockets) % len(self.kinds)]))
            except OSError:
                return

    def run(self):
        held, looked = set(), 0.0
        while not self.ending:
            kept = []
            if "reader" in self.kinds and time.monotonic() - looked > 0.5:
                looked, held = time.monotonic(), established(self.port)
            for slow in self.sockets:
                gone = slow.kind == "reader" and slow.born < looked and slow.port not in held
                if not gone and slow.step(self.every_s):
                    kept.append(slow)
                    life = time.monotonic() - slow.born
                else:
                    life = time.monotonic() - slow.born
                    slow.socket.close()
                    self.cut += 1
                self.lives[slow.kind] = max(self.lives[slow.kind], life)
            self.sockets = kept
            self.open_some()
            if len(self.sockets) >= self.count:
                self.full.set()
            time.sleep(0.05)
        for slow in self.sockets:
            slow.socket.close()

    def end(self):
        self.ending = True
        self.thread.join()


class Honest:
    """Reports at a steady pace, and how long each receipt took."""

    def __init__(self, server, load, rate):
        self.server, self.load, self.rate, self.times, self.lock = server, load, rate, [], threading.Lock()

    def send(self):
        start = time.monotonic()
        self.load.sent(self.server, self.load.next_mark())
        with self.lock:
            self.times.append(time.monotonic() - start)

    def run(self, seconds):
        """p99 over so many seconds."""
        self.times, threads = [], []
        begin = time.monotonic()
        for i in range(int(seconds * self.rate)):
            time.sleep(max(0.0, begin + i / self.rate - time.monotonic()))
            threads.append(threading.Thread(target=self.send, daemon=True))
            threads[-1].start()
        for thread in threads:
            thread.join()
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def besiege(server, load, kinds, count, seconds, quiet_s):
    """(siege, p99 under it, what is wrong)"""
    wrong = []
    siege = Siege(server.port, kinds, count, 5.0)
    if not siege.full.wait(30):
        wrong.append(f"only {len(siege.sockets)} of {count} slow sockets could be opened")
    p99 = Honest(server, load, 20).run(seconds)
    siege.end()
    if p99 > max(2 * quiet_s, NOISE_S):
        wrong.append(f"p99 of honest intake {p99 * 1000:.1f} ms, quiet {quiet_s * 1000:.1f} ms")
    for kind, life in siege.lives.items():
        if life > LIMITS_S[kind] + SLACK_S:
            wrong.append(f"a slow {kind} lived {life:.1f} s")
    if siege.cut == 0:
        wrong.append("no slow socket was cut, so nothing was tried")
    return siege, p99, wrong


def control_left(count, timeout_s, every_s, seconds):
    """How many slow heads the library alone leaves open past its own time-out."""
    made = os.path.join(ROOT, "build", "torture-stock")
    subprocess.run(["cc", "-std=c17", "-O2", "-Wall", "-Wextra", "-Werror", "-o", made,
                    os.path.join(os.path.dirname(os.path.abspath(__file__)), "stock.c"), "-lmicrohttpd"], check=True)
    with subprocess.Popen([made, str(timeout_s)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as stock:
        siege = Siege(int(stock.stdout.readline()), ["head"], count, every_s)
        time.sleep(seconds)
        left = sum(time.monotonic() - slow.born > seconds - 1.5 for slow in siege.sockets)
        siege.end()
        stock.stdin.close()
    return left


def torture(table):
    city = City.made(table.place())
    load = Load(name="door")
    count = 200 if table.short else 2000
    sieges = [(("head", "body", "reader"), 35)] if table.short else [
        (("head",), 20), (("body",), 40), (("reader",), 25)]
    control = control_left(count, 2 if table.short else 10, 1 if table.short else 5, 8 if table.short else 20)
    with Server(city) as server:
        Honest(server, load, 20).run(2)
        for kinds, seconds in sieges:
            quiet_s = Honest(server, load, 20).run(8 if table.short else 15)
            siege, p99, wrong = besiege(server, load, kinds, count, seconds, quiet_s)
            after_s = Honest(server, load, 20).run(3)
            table.row(f"slow sockets: {', '.join(kinds)}", count, len(load.acknowledged), len(load.unanswered), 0,
                      wrong, control)
            table.note(f"p99 of a receipt: quiet {quiet_s * 1000:.1f} ms, besieged {p99 * 1000:.1f} ms, after "
                       f"{after_s * 1000:.1f} ms; {siege.cut} slow sockets cut, the longest lived "
                       + ", ".join(f"{kind} {life:.1f} s" for kind, life in siege.lives.items()))
        if server.stop() != 0:
            table.row("slow sockets: the end", 1, wrong=["the server did not end well"])
