"""The machine's clock is set a year ahead and a day back while the program runs.

Sessions go on, a key that is sent again finds its receipt, what is received bears the true time, work
items run, the log is moved home, and no clock of the 24 hours is missed or begins anew. Control: a
program that starts under the wrong clock, and so believes it.
"""
import datetime
import json
import os
import time

import page
from city import City, Found, Load, report, sending, settled, trouble

YEAR, DAY = 365 * 86400, 86400
JUMPS = (("as it is", 0), ("a year ahead", YEAR), ("a day back", -DAY), ("a day ahead", DAY), ("as it was", 0))


class Watch:
    """What must stay as it is whatever the machine's clock says."""

    def __init__(self, city, load, cookie):
        self.city, self.load, self.cookie = city, load, cookie
        self.first = load.acknowledged[min(load.acknowledged)]

    def wrong(self, server, what, mark):
        words, written = [], os.stat(self.city.path).st_mtime_ns
        if server.ask("GET", "/board", headers={"Cookie": self.cookie, "Accept": "text/html"})[0] != 200:
            words.append(f"{what}: the session is over")
        if server.send(min(self.load.acknowledged))[1] != self.first:
            words.append(f"{what}: a key that was sent again found no receipt")
        status, _, body = server.ask("POST", "/reports", report(mark), sending(self.city.token, mark))
        if status != 200:
            return words + [f"{what}: a report was refused with {status}"]
        receipt = json.loads(body)
        self.load.acknowledged[mark] = receipt["number"]
        received = datetime.datetime.fromisoformat(receipt["received_at"])
        if abs(received.timestamp() - time.time()) > 60:
            words.append(f"{what}: received at {receipt['received_at']}")
        if not settled(self.city, 20):
            words.append(f"{what}: work items wait")
        end = time.monotonic() + 5
        while os.stat(self.city.path).st_mtime_ns == written and time.monotonic() < end:
            time.sleep(0.05)
        if os.stat(self.city.path).st_mtime_ns == written:
            words.append(f"{what}: the write-ahead log is not moved home")
        if self.city.rows("SELECT count(*) FROM dispatch_event WHERE kind = 'escalated'")[0][0] != 0:
            words.append(f"{what}: a clock of the 24 hours was missed")
        return words


def torture(table):
    city, load, wrong = City.made(table.place(fast=True)), Load(1, "clock"), []
    login = city.account("screener", "screener", "centre")
    shared = page.page_of(city)
    with shared.server(city) as server:
        load.sent(server, load.next_mark())
        watch = Watch(city, load, server.login(*login))
        jumps = JUMPS[1:4] if table.short else JUMPS
        for number, (what, seconds) in enumerate(jumps):
            shared.clock(seconds)
            time.sleep(1 if table.short else 65)  # the sweep of the clocks comes each minute
            wrong += watch.wrong(server, what, f"jump-{number}")
        if not any("clock was set" in line for line in server.said):
            wrong.append("nobody was told that the clock was set")
        server.stop()
    found = Found(city.rows, load.acknowledged)
    wrong += trouble(city, load, "after all")
    copy = city.copy(table.place(fast=True))
    shared = page.page_of(copy)
    shared.clock(YEAR)
    with shared.server(copy) as server:
        time.sleep(1)
        control = len(Watch(copy, load, watch.cookie).wrong(server, "control", "jump-control"))
    table.counted("the clock is set while the program runs", len(jumps), load, found, wrong, control)

