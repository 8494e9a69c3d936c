"""Memory runs out at the n-th allocation: the program ends with a word, or answers; it never limps.

For each of a few requests its allocations are counted, and then for n after n the n-th fails: once, or
with all after it. The program must end with exit code 3 and a line, or answer something; what it had
acknowledged is there after the next start. Control: a program that is killed by a signal in the middle
(by the same means) must be seen as not clean.
"""
import errno
import time

import page
from city import City, Found, Load, settled, trouble


class Endpoint:
    """A request that is asked again and again."""

    def __init__(self, name, ask):
        self.name, self.ask = name, ask


def endpoints(city, load, login, cookie):
    def intake(server):
        load.sent(server, load.next_mark())

    def sign_in(server):
        server.ask("POST", "/login", f"login={login[0]}&password={login[1]}".replace(" ", "+"),
                   {"Content-Type": "application/x-www-form-urlencoded"})

    def page_of(path):
        return lambda server: server.ask("GET", path, headers={"Cookie": cookie, "Accept": "text/html"})

    number = load.acknowledged[min(load.acknowledged)]
    return [Endpoint("intake", intake), Endpoint("board", page_of("/board")),
            Endpoint("a report's page", page_of("/reports/" + number)), Endpoint("login", sign_in)]


class Trials:
    def __init__(self, table):
        self.city = City.made(table.place(fast=True))
        self.login = self.city.account("screener", "screener", "centre")
        self.page, self.load = page.page_of(self.city), Load(1, "memory")
        self.server, self.wrong, self.ended, self.answered, self.count = None, [], 0, 0, 0

    def serving(self):
        if self.server is None or not self.server.alive():
            self.server = self.page.server(self.city)
            if self.server.port is None:
                raise SystemExit(f"the server does not start: {self.server.said}")
        return self.server

    def allocations(self, endpoint):
        server = self.serving()
        endpoint.ask(server)
        self.page.arm(page.ALLOC, 1 << 40, errno.ENOMEM)
        endpoint.ask(server)
        seen = self.page.get(page.SEEN)
        self.page.calm()
        return seen

    def once(self, endpoint, nth, goes_on, error=errno.ENOMEM):
        """What is wrong with how it ended, in words; None when all is well."""
        server = self.serving()
        self.count += 1
        self.page.arm(page.ALLOC, nth, error, goes_on)
        try:
            endpoint.ask(server)
            self.answered += 1
        except OSError:
            pass
        end = time.monotonic() + 0.1
        while server.alive() and time.monotonic() < end:
            time.sleep(0.01)
        self.page.calm()
        if server.alive():
            return None
        code = server.end()
        self.ended += 1
        if code == 3 and server.said and server.said[-1].startswith("anwang: "):
            return None
        return f"{endpoint.name}, allocation {nth}: ended with {code}: {server.said[-1:]}"


def torture(table):
    trials = Trials(table)
    city, load = trials.city, trials.load
    server = trials.serving()
    load.sent(server, load.next_mark())
    cookie = server.login(*trials.login)
    most = 3 if table.short else 100
    for endpoint in endpoints(city, load, trials.login, cookie):
        seen = trials.allocations(endpoint)
        for goes_on in (False, True):
            for nth in range(1, seen + 1, max(1, seen // most)):
                words = trials.once(endpoint, nth, goes_on)
                trials.wrong += [words] if words else []
        table.note(f"{endpoint.name}: {seen} allocations, every {max(1, seen // most)}th of them failed")
    control = trials.once(Endpoint("control", lambda server: server.ask("GET", "/healthz")), 1, False, page.KILL)
    server = trials.serving()
    while load.unanswered:
        load.sent(server, load.next_mark())
    if not settled(city):
        trials.wrong.append("work items still wait")
    server.stop()
    found = Found(city.rows, load.acknowledged)
    trials.wrong += trouble(city, load, "after all")
    table.counted("memory runs out at the n-th allocation", trials.count, load, found, trials.wrong,
                  int(control is not None))
    table.note(f"it ended {trials.ended} times with a word, and answered {trials.answered} times")
